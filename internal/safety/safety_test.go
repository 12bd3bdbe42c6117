package safety

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
)

// reader is a dialect and the language of a server that reads its texts.
type reader struct {
	name string
	d    dialect.Dialect
}

func readers() []reader {
	return []reader{
		{"postgres", postgres.Dialect()},
		{"postgres+escapes", postgres.Dialect()}, // a session may say so at any time
		{"mysql", mysql.Dialect()},
		{"mysql", mysql.Dialect(mysql.MariaDB(10, 11))},
		{"mysql+ansi", mysql.Dialect(mysql.ANSIQuotes())},
		{"mysql+plain", mysql.Dialect(mysql.NoBackslashEscapes())},
		{"sqlite", sqlite.Dialect()},
		{"mssql", mssql.Dialect()},
		{"oracle", oracle.Dialect()},
		{"oracle", oracle.Dialect(oracle.Version(19, 0))},
	}
}

func checkAll(t *testing.T, s string) {
	t.Helper()
	for _, r := range readers() {
		for _, p := range Places() {
			if err := p.Check(r.d, Languages[r.name], s); err != nil {
				t.Errorf("%s (%s): %s: %q: %v", r.name, r.d.Name(), p.Name, s, err)
			}
		}
	}
}

// No string leaves its place, on any dialect.
func TestShapes(t *testing.T) {
	list := append(Strings(), Generated(60, 1)...)
	for _, s := range list {
		checkAll(t, s)
	}
	t.Logf("%d strings in %d places of %d dialects", len(list), len(Places()), len(readers()))
}

func FuzzShapes(f *testing.F) {
	for _, s := range Strings() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkAll(t, s) })
}

// The tokenizer sees what has left its place.
func TestCompare(t *testing.T) {
	for _, tt := range []struct{ language, harmless, hostile, h, s string }{
		{"mysql", "SELECT 'harm less'", `SELECT '\''`, "harm less", `\'`},
		{"postgres+escapes", "SELECT 'harm less' FROM t", `SELECT '\' FROM t`, "harm less", `\`},
		{"mssql", "SELECT [harm less]", "SELECT [a]b]", "harm less", "a]b"},
		{"mssql", "SELECT N'harm less'", "SELECT N'a\\\nb'", "harm less", "a\\\nb"},
		{"sqlite", "SELECT 1 /* harm less */", "SELECT 1 /* */ x */", "harm less", "*/ x"},
		{"oracle", "SELECT 'harm less'", "SELECT ''''", "harm less", "''"},
	} {
		if Languages[tt.language].Compare(tt.harmless, tt.hostile, tt.h, tt.s) == nil {
			t.Errorf("%s: %s passes", tt.language, tt.hostile)
		}
	}
}
