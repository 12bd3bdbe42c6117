package schema_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// A name that is given and too long is an error; one that a convention makes
// is cut, the same way each time, and comes back from the database.
func TestLongNames(t *testing.T) {
	long := strings.Repeat("long_", 11)
	table := schema.New("t_"+long, schema.BigInt("id").PrimaryKey(), schema.Varchar("c_"+long, 9).Unique(), schema.Varchar("ä_"+long, 9).Index())
	for _, d := range dialects {
		given := schema.AddConstraint(table, schema.Unique("c_"+long).Named(strings.Repeat("x", 129)))
		if most := d.Features().MaxIdent; most > 0 {
			if text, _, err := expr.SQL(given, d); err == nil {
				t.Errorf("%s: %s", d.Name(), text)
			}
		}
		m := func() []string {
			texts, err := schema.CreateSQL(schema.NewMetadata(table).Name(schema.Standard), d)
			if err != nil {
				t.Errorf("%s: %v", d.Name(), err)
			}
			return texts
		}
		first, second := strings.Join(m(), "\n"), strings.Join(m(), "\n")
		if first != second {
			t.Errorf("%s: not the same twice:\n%s\n%s", d.Name(), first, second)
		}
		for _, word := range strings.FieldsFunc(first, func(r rune) bool { return strings.ContainsRune(" ()\",`[]\n", r) }) {
			n := len(word)
			if d.Features().IdentLimitRunes {
				n = utf8.RuneCountInString(word)
			}
			if most := d.Features().MaxIdent; most > 0 && n > most {
				t.Errorf("%s: %s has a length of %d", d.Name(), word, n)
			}
		}
	}
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		meta := schema.NewMetadata(table).Name(schema.Standard)
		if err := meta.CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		if diff, err := schema.Compare(t.Context(), l, meta); err != nil || len(diff) > 0 {
			t.Errorf("%s (%v)", diff, err)
		}
	})
}

// What a database does not have is refused, or left out where that is said.
func TestOptionsOfOneDatabase(t *testing.T) {
	pg, lite := dialects[0], dialects[2]
	for _, test := range []struct {
		stmt     dialect.Statement
		pg, lite string // "!" where it is refused
	}{
		{schema.CreateTable(schema.New("t", schema.Integer("a"), schema.NewOption("create.unlogged"))), "CREATE UNLOGGED TABLE t (a INTEGER NOT NULL)", "!"},
		{schema.CreateTable(schema.New("t", schema.Integer("a"), schema.Maybe(schema.NewOption("create.unlogged")))), "CREATE UNLOGGED TABLE t (a INTEGER NOT NULL)", "CREATE TABLE t (a INTEGER NOT NULL)"},
		{schema.CreateTable(schema.New("t", schema.NewColumn("a", schema.OwnType("INET")))), "CREATE TABLE t (a INET NOT NULL)", "!"},
		{schema.CreateTable(schema.New("t", schema.Integer("a"), schema.NewOption("table.tablespace", schema.Name("a b")))), `CREATE TABLE t (a INTEGER NOT NULL) TABLESPACE "a b"`, "!"},
		{schema.CreateTable(schema.New("t", schema.Integer("a"), schema.NewOption("indexon.method", schema.Word("gin")))), "!", "!"},
		{schema.CreateTable(schema.New("t", schema.Integer("a"), schema.NewOption("table.access_method", schema.Word("x; DROP TABLE t")))), "!", "!"},
		{schema.AddConstraint(schema.New("t", schema.Integer("a")), schema.Check("c", schema.Self[int]("b").Gt(1))), "!", "!"},
		{schema.CreateView("v", nil), "!", "!"},
	} {
		for d, want := range map[dialect.Dialect]string{pg: test.pg, lite: test.lite} {
			text, _, err := expr.SQL(test.stmt, d)
			if want == "!" && err == nil || want != "!" && (err != nil || text != want) {
				t.Errorf("%s: got %s %v\nwant %s", d.Name(), text, err, want)
			}
		}
	}
}
