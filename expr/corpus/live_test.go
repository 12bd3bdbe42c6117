package corpus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	_ "github.com/sqlayer-go/sqlayer/dialect/all"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// A backend is a live database with the tables and rows of the corpus.
type backend struct {
	on    target
	eng   *engine.Engine
	conn  *engine.Conn
	admin *engine.Conn // of a server
	fresh int
}

// before has statements that make what a case needs beside the tables, by id.
// They are undone with the case.
var before = map[string]func(on target) []dialect.Statement{}

// noRows are cases whose rows differ by nature: a time, a random number.
var noRows = map[string]string{}

// unordered are cases whose rows the databases order otherwise, by nature.
var unordered = map[string]string{
	"select/label-2":    "NULLs come first or last",
	"subquery/scalar-4": "NULLs come first or last",
}

// backends opens the live databases, each with a name of the corpus. The
// namespaces go when the test ends.
func backends(t *testing.T) []*backend {
	t.Helper()
	var list []*backend
	for _, b := range testenv.Backends(t) {
		if !slices.Contains([]string{"sqlite", "postgres", "mysql"}, b.Name) {
			continue
		}
		list = append(list, open(t, b))
	}
	return list
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// namespace is a name for what this run makes.
func namespace() string { return "sqlayer_corpus_" + strconv.Itoa(os.Getpid()) }

func open(t *testing.T, known testenv.Backend) *backend {
	t.Helper()
	ctx := t.Context()
	b := &backend{}
	at := known.URL
	if known.Name != "sqlite" {
		var err error
		b.admin, err = engine.Connect(ctx, known.URL)
		must(t, err)
		t.Cleanup(func() { closed(t, b.admin.Close()) })
		b.exec(t, b.admin, "CREATE DATABASE "+namespace())
		t.Cleanup(func() { b.exec(t, b.admin, "DROP DATABASE "+namespace()) })
		u, err := url.Parse(known.URL)
		must(t, err)
		u.Path = "/" + namespace()
		at = u.String()
	}
	var err error
	b.eng, err = engine.Open(at)
	must(t, err)
	t.Cleanup(func() { closed(t, b.eng.Close()) })
	b.conn, err = b.eng.Connect(ctx)
	must(t, err)
	t.Cleanup(func() { closed(t, b.conn.Close()) })
	b.on = target{map[string]string{"sqlite": "sqlite", "postgres": "postgresql", "mysql": "mysql", "mariadb": "mariadb"}[b.conn.Dialect().Name()], b.conn.Dialect()}
	switch {
	case b.on.is("sqlite"):
		b.exec(t, b.conn, "ATTACH DATABASE ':memory:' AS audit")
	case b.on.is("postgresql"):
		b.exec(t, b.conn, "CREATE SCHEMA audit")
	default:
		// The corpus calls a database by a fixed name, so one test at a time has it.
		if got, err := engine.Scalar[int64](ctx, b.admin, dialect.Text("SELECT GET_LOCK('sqlayer_corpus', 120)")); err != nil || got != 1 {
			t.Fatalf("GET_LOCK: %d, %v", got, err)
		}
		b.exec(t, b.admin, "CREATE DATABASE audit")
		t.Cleanup(func() { b.exec(t, b.admin, "DROP DATABASE audit") })
	}
	b.fill(t)
	return b
}

func closed(t *testing.T, err error) {
	if err != nil {
		t.Error(err)
	}
}

// fill makes the tables and rows.
func (b *backend) fill(t *testing.T) {
	t.Helper()
	must(t, tablesOn(b.on).CreateAll(t.Context(), b.conn))
	for _, s := range seed(b.on) {
		_, err := b.conn.Run(t.Context(), s, nil)
		must(t, err)
	}
}

func (b *backend) exec(t *testing.T, r dialect.Runner, text string) {
	if _, err := r.Run(context.WithoutCancel(t.Context()), dialect.Text(text), nil); err != nil {
		t.Errorf("%s: %v", text, err)
	}
}

// try runs a case, and undoes it. The rows are those of its last statement,
// one text a row.
func (b *backend) try(t *testing.T, s *statement, stmts []dialect.Statement) (rows []string, err error) {
	if prepare := before[s.ID]; prepare != nil {
		stmts = append(prepare(b.on), stmts...)
	}
	if s.Kind == "ddl" && b.on.is("mysql") { // where DDL ends a transaction
		b.fresh++
		name := fmt.Sprintf("%s_%d", namespace(), b.fresh)
		b.exec(t, b.admin, "CREATE DATABASE "+name)
		defer b.exec(t, b.admin, "DROP DATABASE "+name)
		own := *b
		own.conn, err = b.eng.Connect(t.Context())
		must(t, err)
		defer func() { err = errors.Join(err, own.conn.Close()) }()
		b.exec(t, own.conn, "USE "+name)
		must(t, tablesOn(b.on).CreateAll(t.Context(), own.conn))
		for _, x := range stmts {
			if rows, err = read(t.Context(), own.conn, x); err != nil {
				return nil, err
			}
		}
		return rows, nil
	}
	tx, err := b.conn.Begin(t.Context())
	must(t, err)
	defer func() { err = errors.Join(err, tx.Rollback(t.Context())) }()
	for _, x := range stmts {
		if rows, err = read(t.Context(), tx, x); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// read runs a statement and returns its rows in a form that all databases
// share.
func read(ctx context.Context, r dialect.Runner, s dialect.Statement) ([]string, error) {
	var list []string
	_, err := r.Run(ctx, s, func(rows dialect.Rows) error {
		values := make([]any, len(rows.Columns()))
		cells := make([]any, len(values))
		for i := range values {
			cells[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.ScanRow(cells); err != nil {
				return err
			}
			row := make([]string, len(values))
			for i, v := range values {
				row[i] = cell(v)
			}
			list = append(list, strings.Join(row, " | "))
		}
		return rows.Err()
	})
	return list, err
}

// cell writes a value alike whatever the database's type for it is.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case bool:
		if v {
			return "1"
		}
		return "0"
	case time.Time:
		if v.Hour() == 0 && v.Minute() == 0 && v.Second() == 0 {
			return v.Format(time.DateOnly)
		}
		return v.UTC().Format(time.DateTime)
	case []byte:
		return cell(string(v))
	case string:
		if r, ok := new(big.Rat).SetString(v); ok && !strings.ContainsAny(v, "/eE_") {
			f, _ := r.Float64()
			return strconv.FormatFloat(f, 'g', 6, 64)
		}
		for _, layout := range []string{"2006-01-02 15:04:05.999999", time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", time.DateOnly} {
			if at, err := time.Parse(layout, v); err == nil {
				return cell(at)
			}
		}
		var j any
		if (strings.HasPrefix(v, "{") || strings.HasPrefix(v, "[")) && json.Unmarshal([]byte(v), &j) == nil {
			b, err := json.Marshal(j)
			if err == nil {
				return string(b)
			}
		}
		return v
	}
	return cell(fmt.Sprint(v))
}

// ordered reports whether a text has an ORDER BY of its own.
func ordered(text string) bool {
	depth := 0
	list := tokens(text)
	for i, x := range list {
		switch {
		case x == "(":
			depth++
		case x == ")":
			depth--
		case depth == 0 && x == "ORDER" && i+1 < len(list) && list[i+1] == "BY":
			return true
		}
	}
	return false
}

// live runs every case on the databases that are there, and compares the rows.
func (r *run) live(t *testing.T, all []*statement, tallies map[string]*tally) {
	type result struct {
		on   target
		rows []string
		text string
	}
	results := map[string][]result{}
	for _, b := range backends(t) {
		n := tallies[b.on.name]
		n.ran = true
		for _, s := range all {
			build := builders[s.Category][s.name()]
			if build == nil {
				continue
			}
			t.Run("live "+b.on.name+"/"+s.ID, func(t *testing.T) {
				list, err := compile(b.on, build)
				if errors.Is(err, dialect.ErrUnsupported) {
					return
				}
				must(t, err)
				stmts, err := build(b.on)
				must(t, err)
				rows, err := b.try(t, s, stmts)
				if err != nil {
					n.rejected++
					if !b.on.is("mariadb") || s.Dialects["mysql"].MariaDBRejects == "" {
						t.Errorf("%v\n%s\n%v", err, list[len(list)-1].text, list[len(list)-1].args)
					}
					return
				}
				if _, skip := noRows[s.ID]; !skip && s.Kind != "ddl" {
					results[s.ID] = append(results[s.ID], result{b.on, rows, list[len(list)-1].text})
				}
			})
		}
	}
	for _, s := range all {
		for _, other := range results[s.ID][min(1, len(results[s.ID])):] {
			first := results[s.ID][0]
			if _, free := unordered[s.ID]; free || !ordered(first.text) {
				slices.Sort(first.rows)
				slices.Sort(other.rows)
			}
			if !slices.Equal(first.rows, other.rows) {
				t.Errorf("%s: the rows differ\n%s: %s\n%s\n%s: %s\n%s", s.ID, first.on.name, first.text, strings.Join(first.rows, "\n"),
					other.on.name, other.text, strings.Join(other.rows, "\n"))
			}
		}
	}
}
