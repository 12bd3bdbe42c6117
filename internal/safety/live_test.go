package safety

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testspace"
)

// session is a connection with settings that change how texts are read.
type session struct {
	name, backend string
	set           string
}

var sessions = []session{
	{"sqlite", "sqlite", ""},
	{"postgres", "postgres", ""},
	{"postgres with escapes", "postgres", "SET standard_conforming_strings = off"},
	{"mariadb", "mysql", ""},
	{"mariadb ANSI_QUOTES", "mysql", "SET sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'"},
	{"mariadb NO_BACKSLASH_ESCAPES", "mysql", "SET sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'"},
	{"mssql", "mssql", ""},
	{"mssql QUOTED_IDENTIFIER OFF", "mssql", "SET QUOTED_IDENTIFIER OFF"},
	{"oracle", "oracle", ""},
	{"cockroachdb", "cockroachdb", ""},
	{"tidb", "tidb", ""},
}

// lease runs statements on one connection.
type lease struct {
	d    dialect.Dialect
	c    dialect.Conn
	sent int

	space *testspace.Space
}

func (l *lease) Dialect() dialect.Dialect { return l.d }
func (l *lease) Conn() dialect.Conn       { return l.c }

func (l *lease) Run(ctx context.Context, s dialect.Statement, rows func(dialect.Rows) error) (dialect.Result, error) {
	res, text, err := testspace.Run(ctx, l.d, l.c, s, rows)
	if text != "" {
		l.sent++
		err = within(err, text)
	}
	return res, err
}

func within(err error, text string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w\n%s", err, text)
}

// open connects, in a namespace of its own.
func open(t testing.TB, s session) (*lease, error) {
	t.Helper()
	space := testspace.New(t, testenv.Backend{Name: s.backend, URL: testenv.URL(t, s.backend)})
	c, d := testspace.Dial(t, space.URL)
	l := &lease{d: d, c: c, space: space}
	exec := func(text string) {
		if _, err := l.Run(context.Background(), dialect.Text(text), nil); err != nil {
			t.Error(err)
		}
	}
	if s.set != "" {
		exec(s.set)
	}
	own, err := l.d.ForServer(t.Context(), c)
	if err == nil {
		l.d = own
	}
	return l, err
}

// refusal reports whether err says that nothing was sent, for a string.
func (l *lease) refusal(err error, sent int) bool {
	return l.sent == sent && (errors.Is(err, dialect.ErrStatement) || errors.Is(err, dialect.ErrUnsupported) || errors.Is(err, dialect.ErrArguments))
}

// row reads one row of texts.
func (l *lease) row(t *testing.T, q dialect.Statement) (names, cells []string, err error) {
	_, err = l.Run(t.Context(), q, func(r dialect.Rows) error {
		for _, c := range r.Columns() {
			names = append(names, c.Name)
		}
		n := 0
		for r.Next() {
			n++
			cells = make([]string, len(names))
			dst := make([]any, len(names))
			for i := range dst {
				dst[i] = &cells[i]
			}
			if err := r.ScanRow(dst); err != nil {
				return err
			}
		}
		if n != 1 {
			return fmt.Errorf("%d rows", n)
		}
		return r.Err()
	})
	return names, cells, err
}

// values writes and reads s as a value in every way.
func (l *lease) values(t *testing.T, s string) {
	if s == "" && l.d.Features().EmptyIsNull {
		return // what comes back is NULL, by nature
	}
	parts := []schema.Part{schema.BigInt("id").PrimaryKey(), schema.Varchar("v", 400).Null(), schema.Varchar("d", max(400, len(s))).Default(s)}
	tbl := schema.New("vals", parts...)
	meta := schema.NewMetadata(tbl)
	broken := strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s)
	if _, err := schema.CreateSQL(meta, l.d); err != nil {
		if !broken || wrongKind(err) != nil {
			t.Errorf("a default of %q: %v", s, err)
		}
		return
	}
	if err := meta.CreateAll(t.Context(), l); err != nil {
		t.Errorf("a default of %q: %v", s, err)
		return
	}
	defer func() {
		if err := meta.DropAll(context.Background(), l); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}()
	v, d := expr.C[string](tbl, "v"), expr.C[string](tbl, "d")
	if _, err := l.Run(t.Context(), expr.Insert(tbl).Columns(expr.C[int64](tbl, "id"), v).Flat([]any{1, s}), nil); err != nil {
		t.Errorf("%q as a value: %v", s, err)
		return
	}
	bin := func(e expr.Of[string]) expr.Expr[string] { return expr.Concat(expr.Literal("<"), e, expr.Literal(">")) }
	_, cells, err := l.row(t, expr.Select(v, d, expr.Literal(s).As("l"), expr.Typed[string](expr.Cast[string](expr.Value(s), dialect.Type{Kind: dialect.Varchar, Length: 400})).As("b"), bin(v).As("c")).From(tbl).
		Where(v.Eq(s), v.In(s, "other"), expr.Eq(v, expr.Literal(s)), v.StartsWith(s), v.EndsWith(s), v.Contains(s),
			expr.TextCond("vals.v = :p", dialect.Named{"p": s}), expr.Not(v.NotIn(s))).Comment("a comment"))
	if err != nil {
		t.Errorf("%q: %v", s, err)
		return
	}
	for i, got := range cells {
		if i == 4 {
			got = strings.TrimSuffix(strings.TrimPrefix(got, "<"), ">")
		}
		if got != s {
			t.Errorf("%q comes back as %q from column %d", s, got, i)
		}
	}
}

// names makes and reads a table, columns and comments of that name.
func (l *lease) names(t *testing.T, s string) {
	if s == "" || s == "id" {
		return
	}
	d := *schema.Info(schema.New("t", schema.BigInt("id").PrimaryKey(), schema.Varchar(s, 100)))
	d.Name = s
	d.Unique = []schema.Key{{Name: s + "1", Columns: []string{s}}}
	tbl := schema.Build(&d)
	col := expr.C[string](tbl, s)
	meta := schema.NewMetadata(tbl)
	if _, err := schema.CreateSQL(meta, l.d); err != nil {
		if wrongKind(err) != nil {
			t.Errorf("the name %q: %v", s, err)
		}
		return
	}
	if err := meta.CreateAll(t.Context(), l); err != nil {
		t.Errorf("the name %q: %v", s, err)
		return
	}
	defer func() {
		if err := meta.DropAll(context.Background(), l); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}()
	if _, err := l.Run(t.Context(), expr.Insert(tbl).Columns(expr.C[int64](tbl, "id"), col).Flat([]any{1, "v"}), nil); err != nil {
		t.Errorf("%q: %v", s, err)
		return
	}
	role := expr.As(tbl, s)
	cte := expr.CTE(s+"2", expr.Select(expr.C[string](role, s).As(s)).From(role))
	for _, q := range []dialect.Statement{
		expr.Select(col).From(tbl).OrderBy(col),
		expr.Select(expr.C[string](role, s).As(s)).From(role),
		expr.Select(expr.C[string](cte, s)).From(cte).With(cte),
		expr.Select(expr.Max(col).Over(expr.WindowNamed(s)).As(s)).From(tbl).Window(s, expr.PartitionBy(col)),
	} {
		sent := l.sent
		names, cells, err := l.row(t, q)
		if err != nil {
			if !l.refusal(err, sent) {
				t.Errorf("the name %q: %v", s, err)
			}
			continue
		}
		if names[0] != s || cells[0] != "v" {
			t.Errorf("%q comes back as the name %q of %q", s, names[0], cells[0])
		}
	}
	if strings.Contains(s, ".") {
		return // Reflect takes what stands before a dot for a schema
	}
	found, err := schema.Reflect(t.Context(), l, s)
	if err != nil {
		t.Errorf("the name %q: %v", s, err)
		return
	}
	if got := schema.Info(found.Table(s)); got.Name != s || got.Columns[1].Name != s {
		t.Errorf("%q comes back as the table %q with the column %q", s, got.Name, got.Columns[1].Name)
	}
}

// What comes back from a database is the very string that went in.
func TestLive(t *testing.T) {
	for _, s := range sessions {
		t.Run(s.name, func(t *testing.T) {
			l, err := open(t, s)
			if err != nil {
				t.Fatal(err)
			}
			list := append(Strings(), Generated(5, 2)...)
			for i, text := range list {
				l.values(t, text)
				l.names(t, text)
				if s.set == "" || strings.ContainsAny(text, "\\'\"`") {
					l.details(t, text)
				}
				if i%4 == 0 { // these cost a directory on the server
					l.spaces(t, text)
				}
			}
			t.Logf("%d strings, %d statements", len(list), l.sent)
		})
	}
}

// A connection that would misread texts is refused.
func TestLiveGBK(t *testing.T) {
	for _, set := range []session{{"gbk", "mysql", "SET NAMES gbk"}, {"gbk", "postgres", "SET client_encoding TO GBK"}} {
		t.Run(set.backend, func(t *testing.T) {
			if _, err := open(t, set); !errors.Is(err, dialect.ErrConnect) || !strings.Contains(strings.ToLower(err.Error()), "gbk") {
				t.Errorf("%v", err)
			}
		})
	}
}

func fuzzLive(f *testing.F, s session) {
	if flag.Lookup("test.fuzz").Value.String() == "" {
		f.Skip("not run: TestLive has the seeds; -fuzz runs it")
	}
	for _, text := range Strings() {
		f.Add(text)
	}
	l, err := open(f, s) // by each worker, under its own number
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 100 {
			t.Skip("longer than a column")
		}
		l.values(t, text)
		l.names(t, text)
		l.details(t, text)
		l.spaces(t, text)
	})
}

func FuzzSQLite(f *testing.F)            { fuzzLive(f, sessions[0]) }
func FuzzPostgres(f *testing.F)          { fuzzLive(f, sessions[1]) }
func FuzzPostgresEscapes(f *testing.F)   { fuzzLive(f, sessions[2]) }
func FuzzMariaDB(f *testing.F)           { fuzzLive(f, sessions[3]) }
func FuzzMariaDBANSIQuotes(f *testing.F) { fuzzLive(f, sessions[4]) }
func FuzzMariaDBPlain(f *testing.F)      { fuzzLive(f, sessions[5]) }
func FuzzSQLServer(f *testing.F)         { fuzzLive(f, sessions[6]) }
func FuzzOracle(f *testing.F)            { fuzzLive(f, sessions[8]) }
