package schema_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// backends are those at hand, by the names of their dialects.
func backends(t *testing.T) map[string]func(*testing.T) *lease {
	all := map[string]func(*testing.T) *lease{}
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		name := live(t, b).d.Name()
		all[name] = func(t *testing.T) *lease {
			if name == "sqlite" {
				b.URL = testenv.SQLite(t)
			}
			return live(t, b)
		}
	})
	return all
}

// A table that was read from one database is made in another, or refused
// before anything is sent: no text of one comes to the other that it takes for a mistake.
func TestElsewhere(t *testing.T) {
	all := backends(t)
	for from, source := range all {
		for to, target := range all {
			if from == to || len(copied[from]) == 0 {
				continue
			}
			t.Run(from+" to "+to, func(t *testing.T) {
				there := target(t)
				made, refused := 0, 0
				for _, tc := range copied[from] {
					here := source(t)
					here.exec(tc.making...)
					meta, err := schema.Reflect(t.Context(), here)
					if err != nil {
						t.Fatal(err)
					}
					for _, d := range meta.Tables() {
						alone := *d
						alone.ForeignKeys = nil // to tables that may not be there
						m := schema.NewMetadata(schema.Build(&alone))
						for _, d := range []dialect.Dialect{mssql.Dialect(), oracle.Dialect(), mysql.Dialect()} {
							if texts, err := schema.CreateSQL(m, d); err != nil && !refusal(err) {
								t.Errorf("%s: %s for %s: %q, %v", tc.name, d.Name(), alone.Name, texts, err)
							}
						}
						switch err := m.CreateAll(t.Context(), there); {
						case err == nil:
							made++
							if err := m.DropAll(t.Context(), there); err != nil {
								t.Errorf("%s: %v", tc.name, err)
							}
						case refusal(err):
							refused++
							if testing.Verbose() {
								t.Logf("%s: %s: %v", tc.name, alone.Name, err)
							}
						default:
							t.Errorf("%s: table %s: %v", tc.name, alone.Name, err)
						}
					}
				}
				if made == 0 || refused == 0 {
					t.Errorf("%d tables were made, and %d refused", made, refused)
				}
				t.Logf("%d tables were made, and %d refused", made, refused)
			})
		}
	}
}

// refusal reports whether each part of an error is of this library, which said
// it before anything was sent.
func refusal(err error) bool {
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range list.Unwrap() {
			if !refusal(e) {
				return false
			}
		}
		return true
	}
	var sent *dialect.Error // what a database or its driver said
	return !errors.As(err, &sent) && (errors.Is(err, dialect.ErrUnsupported) || errors.Is(err, dialect.ErrStatement))
}

// What another database's checks and defaults become.
func TestCarried(t *testing.T) {
	for _, tc := range []struct {
		from dialect.Dialect
		to   dialect.Dialect
		typ  dialect.Type
		sql  string
		want string // empty: refused
		def  bool
	}{
		{postgres.Dialect(), sqlite.Dialect(), text, `((a)::text = ANY ((ARRAY['x'::character varying, 'it''s'::character varying(3)])::text[]))`, `((a) IN ('x', 'it''s'))`, false},
		{postgres.Dialect(), mysql.Dialect(), whole, `a = ANY (ARRAY[1, 2])`, "a IN (1, 2)", false},
		{postgres.Dialect(), mysql.Dialect(), text, `("a" <> 'a\b'::text) AND a IS NOT NULL`, `(a <> 'a\\b') AND a IS NOT NULL`, false},
		{postgres.Dialect(), sqlite.Dialect(), whole, `a > (0)::numeric`, "a > (0)", false},
		{postgres.Dialect(), sqlite.Dialect(), whole, `a::integer > 1`, "", false},
		{postgres.Dialect(), sqlite.Dialect(), whole, `a / 2 > 1`, "", false},
		{postgres.Dialect(), sqlite.Dialect(), whole, `a % 2 = 1`, "", false},
		{postgres.Dialect(), mysql.Dialect(), text, `a || 'x' <> ''`, "", false},
		{postgres.Dialect(), mysql.Dialect(), text, `a ~~ 'x%'::text`, "", false},
		{postgres.Dialect(), mysql.Dialect(), text, `length(a) > 1`, "", false},
		{postgres.Dialect(), mysql.Dialect(), text, `b = 'x'`, "", false},
		{postgres.Dialect(), mysql.Dialect(), text, `upper = lower(a)`, "", false},
		{postgres.Dialect(), mysql.Dialect(), text, `lower(a) = upper('x') /* why */`, "", false},
		{postgres.Dialect(), mysql.Dialect(), text, `(lower(a) = COALESCE(upper(a), 'x'::text))`, "(LOWER(a) = COALESCE(UPPER(a), 'x'))", false},
		{postgres.Dialect(), mysql.Dialect(), dialect.Type{Kind: dialect.Boolean}, `a`, "", false},
		{mysql.Dialect(), postgres.Dialect(), text, "`a` in ('x','it\\'s',_utf8mb4'ü') and `a` <> 'b\\\\'", `a IN ('x', 'it''s', 'ü') AND a <> E'b\\'`, false},
		{mysql.Dialect(), postgres.Dialect(), text, "`a` <> '\\0'", "", false},
		{mysql.Dialect(), oracle.Dialect(), text, "`a` between 1 and 1e9", "", false},
		{mssql.Dialect(), sqlite.Dialect(), whole, "([a]>=(0) AND [a]<(9))", "(a >= (0) AND a < (9))", false},
		{oracle.Dialect(), postgres.Dialect(), whole, `"A" > 1 OR A < 0`, "a > 1 OR a < 0", false},
		{sqlite.Dialect(), postgres.Dialect(), text, "'unended", "", false},
		{sqlite.Dialect(), postgres.Dialect(), text, "", "", false},

		{postgres.Dialect(), sqlite.Dialect(), text, `'it''s'::character varying(9)`, `('it''s')`, true},
		{postgres.Dialect(), mysql.Dialect(), dialect.Type{Kind: dialect.Varchar, Length: 9}, `'x'::character varying`, `'x'`, true},
		{postgres.Dialect(), mysql.Dialect(), whole, `'-1'::integer`, `-1`, true},
		{postgres.Dialect(), mysql.Dialect(), whole, `(-7)`, `-7`, true},
		{postgres.Dialect(), mysql.Dialect(), dialect.Type{Kind: dialect.Boolean}, `true`, `true`, true},
		{mysql.Dialect(), postgres.Dialect(), dialect.Type{Kind: dialect.Boolean}, `1`, `true`, true},
		{mssql.Dialect(), postgres.Dialect(), dialect.Type{Kind: dialect.Boolean}, `((0))`, `false`, true},
		{mssql.Dialect(), mysql.Dialect(), dialect.Type{Kind: dialect.Varchar, Length: 9}, `(N'x')`, `'x'`, true},
		{mysql.Dialect(), postgres.Dialect(), dialect.Type{Kind: dialect.Timestamp, Precision: 3}, `current_timestamp(3)`, `CURRENT_TIMESTAMP`, true},
		{postgres.Dialect(), sqlite.Dialect(), dialect.Type{Kind: dialect.Date}, `CURRENT_DATE`, "(CURRENT_DATE)", true},
		{postgres.Dialect(), sqlite.Dialect(), text, `CURRENT_USER`, "", true},
		{postgres.Dialect(), mysql.Dialect(), text, `now()`, "", true},
		{postgres.Dialect(), mysql.Dialect(), dialect.Type{Kind: dialect.Interval}, `'1 day'::interval`, "", true},
		{postgres.Dialect(), mysql.Dialect(), whole, `(1 + 2)`, "(1 + 2)", true},
	} {
		info := &dialect.TableInfo{Name: "t", Columns: []dialect.ColumnInfo{{Name: "a", Type: tc.typ}}}
		if tc.def {
			info.Columns[0].Default = tc.sql
		} else {
			info.Checks = []dialect.CheckInfo{{SQL: tc.sql}}
		}
		d := catalogued{tc.from, func(q *dialect.Inspection, c *dialect.Catalog) { c.Add(q, info) }}
		meta, err := schema.Reflect(t.Context(), &lease{t: t, d: d}, "t")
		if err != nil {
			if tc.sql == "" { // a check of nothing is a mistake by itself
				continue
			}
			t.Fatal(err)
		}
		sql, _, err := expr.SQL(schema.CreateTable(meta.Table("t")), tc.to)
		word, after := "CHECK (", "))"
		if tc.def {
			word, after = "DEFAULT ", ""
		}
		switch {
		case tc.want == "" && (err == nil || !errors.Is(err, dialect.ErrUnsupported)):
			t.Errorf("%s of %s for %s: %s, %v", tc.sql, tc.from.Name(), tc.to.Name(), sql, err)
		case tc.want != "" && (err != nil || !strings.Contains(sql, word+tc.want+after)):
			t.Errorf("%s of %s for %s: %s, not %s, %v", tc.sql, tc.from.Name(), tc.to.Name(), sql, tc.want, err)
		}
	}
}

var (
	text  = dialect.Type{Kind: dialect.Clob}
	whole = dialect.Type{Kind: dialect.Integer}
)
