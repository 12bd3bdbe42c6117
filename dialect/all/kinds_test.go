package all_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// kindDatabases are the columns of the table of kinds, with the dialect that
// classifies each one's errors.
var kindDatabases = map[string]dialect.Dialect{
	"sqlite":   sqlite.Dialect(),
	"postgres": postgres.Dialect(),
	"mariadb":  mysql.Dialect(mysql.MariaDB(11, 4)),
	"mysql":    mysql.Dialect(),
	"mssql":    mssql.Dialect(),
	"oracle":   oracle.Dialect(),
}

// kindServed are those of them that tests have a server of.
var kindServed = []string{"sqlite", "postgres", "mariadb"}

// kindRow is one kind of error. A portable provocation is for every live
// database that has none of its own.
type kindRow struct {
	kind     dialect.Kind
	portable provocation
	on       map[string]kindCell
}

// kindCell says what a database does of a kind: it is made to raise it, or real
// errors are classified, or it never raises it.
type kindCell struct {
	provoke provocation
	// about is what the provoked error says: Kind, where it is another one, Code, Table, Column, Constraint. What is empty is not
	// looked at.
	about  dialect.Error
	values []kindValue
	never  string // why the database cannot raise it
	// why is why a database with a server is not made to raise it, or raises another kind.
	why string
}

// kindValue is an error of a driver as it comes from a server, and what is read from it.
type kindValue struct {
	err  error
	want dialect.Error
}

// kindsElsewhere are the kinds below [dialect.ErrUnsupported] that have no row, with what tests them.
var kindsElsewhere = map[dialect.Kind]string{
	dialect.ErrIntegrityViolation: "a group", dialect.ErrData: "a group", dialect.ErrUndefined: "a group",
	dialect.ErrDuplicateObject:    "cases of the conformance suite",
	dialect.ErrBusy:               "SQLite's lock time-out",
	dialect.ErrConnect:            "each dialect's tests of connecting",
	dialect.ErrTransactionAborted: "cases of the conformance suite",
	dialect.ErrStalePlan:          "each dialect's tests of kept statements",
}

// errNotHere is what a provocation gives that needs more than there is.
var errNotHere = errors.New("not here")

// TestKinds holds the table of kinds of errors by databases: a kind is provoked
// on each live database that raises it, its real errors are classified for the
// others, or there is a reason why it never comes.
func TestKinds(t *testing.T) {
	live := map[string]*bench{}
	for _, b := range testenv.Backends(t) {
		if k := newBench(t, b); k != nil {
			live[k.column] = k
		}
	}
	provoked, classified, never, notHere := map[string]int{}, map[string]int{}, 0, []string{}
	seen := map[dialect.Kind]bool{}
	for _, row := range kindTable {
		if seen[row.kind] {
			t.Errorf("%v stands twice", row.kind)
		}
		seen[row.kind] = true
		for _, db := range slices.Sorted(maps.Keys(kindDatabases)) {
			cell, ok := row.on[db]
			provoke := cell.provoke
			if provoke == nil {
				provoke = row.portable
			}
			served := slices.Contains(kindServed, db)
			switch {
			case !ok:
				t.Errorf("%v on %s: a gap: no cell", row.kind, db)
				continue
			case cell.never != "":
				if cell.provoke != nil || cell.values != nil {
					t.Errorf("%v on %s: never raised (%s), and yet it is", row.kind, db, cell.never)
				}
				never++
				continue
			case served && (provoke == nil || cell.why != "" && cell.provoke == nil):
				if cell.why == "" {
					t.Errorf("%v on %s: there is a server, and neither a provocation nor why there is none", row.kind, db)
				}
				provoke = nil
			}
			done := false
			if k := live[db]; k != nil && provoke != nil {
				t.Run(fmt.Sprintf("%v/%s", row.kind, db), func(t *testing.T) {
					err := provoke(&provoking{T: t, bench: k})
					if errors.Is(err, errNotHere) {
						notHere = append(notHere, fmt.Sprintf("%v on %s: %v", row.kind, db, err))
						t.Skip(err)
					}
					done = true
					want := cell.about
					if want.Kind == dialect.ErrOther {
						want.Kind = row.kind
					}
					checkKind(t, err, want, "provoked")
				})
			}
			for _, v := range cell.values {
				if v.want.Kind == dialect.ErrOther {
					v.want.Kind = row.kind
				}
				checkKind(t, kindDatabases[db].Classify(fmt.Errorf("around it: %w", v.err)), v.want, db)
			}
			switch {
			case done:
				provoked[db]++
			case len(cell.values) > 0:
				classified[db]++
			case provoke != nil && live[db] == nil && served:
				notHere = append(notHere, fmt.Sprintf("%v on %s: no server", row.kind, db))
			default:
				t.Errorf("%v on %s: a gap: neither provoked nor classified from a real error", row.kind, db)
			}
		}
		for db := range row.on {
			if kindDatabases[db] == nil {
				t.Errorf("%v: %q is no database", row.kind, db)
			}
		}
	}
	for k := dialect.ErrIntegrityViolation; k < dialect.ErrUnsupported; k++ {
		if _, elsewhere := kindsElsewhere[k]; seen[k] == elsewhere {
			t.Errorf("%v: a row (%v) or a reason (%v), one of the two", k, seen[k], elsewhere)
		}
	}
	total := func(m map[string]int) (n int, by string) {
		var parts []string
		for _, db := range slices.Sorted(maps.Keys(m)) {
			n += m[db]
			parts = append(parts, fmt.Sprintf("%s %d", db, m[db]))
		}
		return n, strings.Join(parts, ", ")
	}
	p, byP := total(provoked)
	c, byC := total(classified)
	testenv.Report(t, "error kinds: %d kinds x %d databases: %d provoked (%s), %d classified from the drivers' errors (%s), %d never raised, %d not run",
		len(kindTable), len(kindDatabases), p, byP, c, byC, never, len(notHere))
	for _, s := range notHere {
		t.Logf("not run: %s", s)
	}
}

// checkKind compares an error with what it should say.
func checkKind(t *testing.T, err error, want dialect.Error, what string) {
	t.Helper()
	e, ok := errors.AsType[*dialect.Error](err)
	if !ok {
		t.Errorf("%s: %v is no *dialect.Error, where %v is due", what, err, want.Kind)
		return
	}
	if e.Kind != want.Kind {
		t.Errorf("%s: %v is due, not %v: %v", what, want.Kind, e.Kind, e)
	}
	for _, f := range []struct{ name, got, want string }{
		{"code", e.Code, want.Code}, {"schema", e.Schema, want.Schema}, {"table", e.Table, want.Table},
		{"column", e.Column, want.Column}, {"constraint", e.Constraint, want.Constraint},
	} {
		if f.want != "" && !strings.EqualFold(f.got, f.want) {
			t.Errorf("%s: the %s is %q, not %q: %v", what, f.name, f.got, f.want, e)
		}
	}
	if want.Lost && !e.Lost {
		t.Errorf("%s: the error does not say that the connection is lost: %v", what, e)
	}
	if e.Message == "" && e.Err == nil {
		t.Errorf("%s: no message: %#v", what, e)
	}
}
