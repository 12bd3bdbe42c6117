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
	"github.com/sqlayer-go/sqlayer/internal/testspace"
)

// A backend is a live database with the tables and rows of the corpus.
type backend struct {
	known testenv.Backend
	on    target
	eng   *engine.Engine
	conn  *engine.Conn
	admin *engine.Conn // nil where none is needed

	seeded []string // the contents of the tables
}

// before has statements that make what a case needs beside the tables, by id.
// They are undone with the case.
var before = map[string]func(on target) []dialect.Statement{}

// noRows are cases whose rows differ by nature: a time, a random number.
var noRows = map[string]string{}

// unordered are cases whose rows the databases order otherwise, by nature.
var unordered = map[string]string{
	"select/label-2":    "NULLs come first or last",
	"agg/group-by-2":    "the order of cities of one country is open",
	"cte/columns-1":     "the order goes by the database's collation",
	"expr/case-4":       "the order of names is by a collation of the database's own",
	"subquery/scalar-4": "NULLs come first or last",
}

// empty are cases that find or change nothing in the tables, whatever they hold, or
// with more rows than these alone.
var empty = map[string]bool{
	"array/update-1":      true, // documents are on one database alone
	"insert/defaults-1":   true, // into a table of its own
	"order/limit-2":       true,
	"order/slice-1":       true,
	"text/where-1":        true,
	"upsert/do-nothing-1": true,
	"where/in-3":          true,
	"where/true-false-1":  true,
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// database is a name for the database that this run makes on PostgreSQL.
func database() string { return "sqlayer_corpus_" + strconv.Itoa(os.Getpid()) }

// corpusName is what the corpus calls a dialect.
var corpusName = map[string]string{"sqlite": "sqlite", "postgres": "postgresql", "cockroachdb": "postgresql", "yugabytedb": "postgresql",
	"mysql": "mysql", "tidb": "mysql", "mariadb": "mariadb", "mssql": "mssql", "oracle": "oracle"}

// open opens a live database, with the tables and rows in a namespace of its
// own, which goes when the test ends. The corpus calls one schema by a fixed name, so
// where schemas are the server's, one run at a time has it.
func open(t *testing.T, known testenv.Backend) *backend {
	t.Helper()
	b := &backend{known: known}
	switch known.Name {
	case "postgres", "cockroachdb": // where a schema is the database's
		b.exec(t, b.asAdmin(t), "CREATE DATABASE "+database())
		t.Cleanup(func() { b.exec(t, b.admin, "DROP DATABASE "+database()) })
		u, err := url.Parse(known.URL)
		must(t, err)
		u.Path = "/" + database()
		b.enter(t, u.String())
		b.exec(t, b.conn, "CREATE SCHEMA audit")
	case "mysql", "tidb":
		if got, err := engine.Scalar[int64](t.Context(), b.asAdmin(t), dialect.Text("SELECT GET_LOCK('sqlayer_corpus', 120)")); err != nil || got != 1 {
			t.Fatalf("GET_LOCK: %d, %v", got, err)
		}
		fallthrough
	case "mssql", "oracle":
		s := testspace.New(t, known)
		s.Beside(t, "audit")
		b.enter(t, s.URL)
	default:
		b.enter(t, known.URL)
		b.exec(t, b.conn, "ATTACH DATABASE ':memory:' AS audit")
	}
	must(t, tablesOn(b.on).CreateAll(t.Context(), b.conn))
	for _, s := range seed(b.on) {
		_, err := b.conn.Run(t.Context(), s, nil)
		must(t, err)
	}
	var err error
	b.seeded, err = b.contents(t.Context(), b.conn)
	must(t, err)
	return b
}

// asAdmin opens a connection outside of the namespace.
func (b *backend) asAdmin(t *testing.T) *engine.Conn {
	t.Helper()
	var err error
	b.admin, err = engine.Connect(t.Context(), b.known.URL, bounded)
	must(t, err)
	t.Cleanup(func() { closed(t, b.admin.Close()) })
	return b.admin
}

// enter opens a connection inside.
func (b *backend) enter(t *testing.T, at string) {
	t.Helper()
	var err error
	b.eng, err = engine.Open(at, bounded)
	must(t, err)
	t.Cleanup(func() { closed(t, b.eng.Close()) })
	b.conn, err = b.eng.Connect(t.Context())
	must(t, err)
	t.Cleanup(func() { closed(t, b.conn.Close()) })
	d := b.conn.Dialect()
	b.on = target{corpusName[d.Name()], d}
	if b.on.name == "" {
		t.Fatalf("the corpus knows no %s", d.Name())
	}
}

// bounded has a statement end that the server does not answer.
var bounded = engine.WithStatementTimeout(testspace.Limit)

func closed(t *testing.T, err error) {
	if err != nil {
		t.Error(err)
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
	if s.Kind == "ddl" && !b.on.d.Features().TransactionalDDL { // it would stay
		space := testspace.New(t, b.known)
		space.Reach(t)
		own := &backend{known: b.known}
		own.enter(t, space.URL)
		must(t, tablesOn(b.on).CreateAll(t.Context(), own.conn))
		for _, x := range stmts {
			if rows, err = read(t.Context(), own.conn, x); err != nil {
				return nil, err
			}
		}
		return rows, nil
	}
	tx, err := b.conn.Begin(t.Context())
	if errors.Is(err, engine.ErrConnectionLost) && b.known.Name != "sqlite" { // by the case before
		closed(t, b.conn.Close())
		b.conn, err = b.eng.Connect(t.Context())
		must(t, err)
		tx, err = b.conn.Begin(t.Context())
	}
	must(t, err)
	defer func() { err = errors.Join(err, tx.Rollback(t.Context())) }()
	for _, x := range stmts {
		if rows, err = read(t.Context(), tx, x); err != nil {
			return nil, err
		}
	}
	if s.Kind == "insert" || s.Kind == "update" || s.Kind == "delete" {
		after, err := b.contents(t.Context(), tx)
		return append(rows, written(b.seeded, after)...), err
	}
	return rows, nil
}

// written are the rows that have come, +, and those that have gone, -. The key
// that a database has generated for a new one is left out: a sequence does not roll back.
func written(before, after []string) (list []string) {
	for _, row := range before {
		if !slices.Contains(after, row) {
			list = append(list, "- "+row)
		}
	}
	for _, row := range after {
		if slices.Contains(before, row) {
			continue
		}
		table, cells, _ := strings.Cut(row, ": ")
		if key, rest, _ := strings.Cut(cells, " | "); table == "users" && !slices.ContainsFunc(before, func(s string) bool { return strings.HasPrefix(s, "users: "+key+" | ") }) {
			row = table + ": new | " + rest
		}
		list = append(list, "+ "+row)
	}
	return list
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

// contents are the rows of all tables, for what a statement has written.
func (b *backend) contents(ctx context.Context, r dialect.Runner) (list []string, err error) {
	for _, table := range tablesOn(b.on).Tables() {
		if table.Name == "documents" { // on one database alone
			continue
		}
		w := dialect.NewWriter(b.on.d)
		w.Qualified(table.Schema, table.Name)
		rows, err := read(ctx, r, dialect.Text("SELECT * FROM "+w.Text()))
		if err != nil {
			return nil, err
		}
		slices.Sort(rows)
		for _, row := range rows {
			list = append(list, table.Name+": "+row)
		}
	}
	return list, nil
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
			return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(f, 'f', 5, 64), "0"), ".") // as many digits as MariaDB gives a quotient of prices
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

// result is what a case comes to on a database.
type result struct {
	on   target
	rows []string
	text string
}

// live runs every case on each database, and compares the rows.
func (r *run) live(t *testing.T, all []*statement, tallies map[string]*tally) {
	results := map[string][]result{}
	for _, known := range testenv.All() {
		t.Run("live "+known.Name, func(t *testing.T) {
			b := open(t, testenv.Backend{Name: known.Name, URL: testenv.Suite(t, "corpus rows", known.Name)})
			n := &tally{}
			if slices.Contains([]string{"sqlite", "postgres", "mysql"}, known.Name) {
				n = tallies[b.on.name]
				n.ran = true
			}
			before, cases := n.rejected, 0
			for _, s := range all {
				if build := builders[s.Category][s.name()]; build != nil {
					t.Run(s.ID, func(t *testing.T) {
						got, err := r.liveCase(t, b, s, build)
						if err == nil && got == nil {
							return // refused, or of no rows to compare
						}
						cases++
						switch _, skip := noRows[s.ID]; {
						case err != nil:
							n.rejected++
						case !skip && s.Kind != "ddl":
							results[s.ID] = append(results[s.ID], *got)
						}
					})
				}
			}
			testenv.Report(t, "corpus rows %s %s: %d cases, %d rejected", b.on.d.Name(), b.on.d.Features().Version, cases, n.rejected-before)
		})
	}
	for _, s := range all {
		if rs := results[s.ID]; len(rs) > 0 {
			switch found := slices.ContainsFunc(rs, func(r result) bool { return len(r.rows) > 0 }); {
			case !found && !empty[s.ID]:
				t.Errorf("%s: no database gives or writes a row, so nothing is compared", s.ID)
			case found && empty[s.ID]:
				t.Errorf("%s: there are rows, and it stands in the list of cases without", s.ID)
			}
		}
		for _, other := range results[s.ID][min(1, len(results[s.ID])):] {
			first := results[s.ID][0]
			_, free := unordered[s.ID]
			a, b := alike(first, other, free || !ordered(first.text))
			if !slices.Equal(a, b) {
				t.Errorf("%s: the rows differ\n%s: %s\n%s\n%s: %s\n%s", s.ID, first.on.name, first.text, strings.Join(a, "\n"),
					other.on.name, other.text, strings.Join(b, "\n"))
			}
		}
	}
}

// liveCase runs a case, or returns nil where it is refused before anything is sent. An
// error has been reported, but for one that is known.
func (r *run) liveCase(t *testing.T, b *backend, s *statement, build builder) (*result, error) {
	list, err := compile(b.on, build)
	if errors.Is(err, dialect.ErrUnsupported) {
		if r.texts[key{s.ID, b.on.name}] != nil && s.Kind != "ddl" {
			t.Errorf("refused for the live server, and not for the corpus's: %v", err)
		}
		return nil, nil
	}
	must(t, err)
	stmts, err := build(b.on)
	must(t, err)
	rows, err := b.try(t, s, stmts)
	last := list[len(list)-1]
	if err != nil && (!b.on.is("mariadb") || s.Dialects["mysql"].MariaDBRejects == "") {
		t.Errorf("%v\n%s\n%v", err, last.text, last.args)
	}
	return &result{b.on, rows, last.text}, err
}

// alike are the rows of two databases in a form in which equal ones are equal.
func alike(first, other result, sorted bool) (a, b []string) {
	a, b = slices.Clone(first.rows), slices.Clone(other.rows)
	if first.on.d.Features().EmptyIsNull || other.on.d.Features().EmptyIsNull {
		for _, rows := range [][]string{a, b} {
			for i, row := range rows {
				cells := strings.Split(row, " | ")
				for j, c := range cells {
					if c == "" {
						cells[j] = "NULL"
					}
				}
				rows[i] = strings.Join(cells, " | ")
			}
		}
	}
	if sorted {
		slices.Sort(a)
		slices.Sort(b)
	}
	return a, b
}
