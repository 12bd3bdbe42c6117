package expr_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

func TestTryCast(t *testing.T) {
	pg15 := postgres.Dialect(postgres.Version(15))
	try := func(typ dialect.Type) expr.SelectStmt {
		return expr.Select(expr.TryCast[any](Users.Name, typ)).From(Users)
	}
	whole := dialect.Type{Kind: dialect.Integer}
	told(t, "a whole number", try(whole), says{
		pgd:   "SELECT CAST(CASE WHEN PG_INPUT_IS_VALID(CAST(users.name AS TEXT), 'INTEGER') THEN CAST(users.name AS TEXT) END AS INTEGER) FROM users",
		pg15:  "SELECT CAST(CASE WHEN CAST(users.name AS TEXT) ~ '^[[:space:]]*[+-]?[0-9]+[[:space:]]*$' THEN CASE WHEN CAST(CAST(users.name AS TEXT) AS NUMERIC) BETWEEN -2147483648 AND 2147483647 THEN CAST(users.name AS TEXT) END END AS INTEGER) FROM users",
		myd:   "SELECT CASE WHEN CAST(users.name AS CHAR) REGEXP '^ *[+-]?[0-9]{1,60} *$' AND CAST(TRIM(users.name) AS DECIMAL(65)) BETWEEN -2147483648 AND 2147483647 THEN CAST(TRIM(users.name) AS SIGNED) END FROM users",
		lited: "SELECT CASE WHEN CAST(users.name AS INTEGER) = CAST(users.name AS TEXT) AND CAST(users.name AS TEXT) NOT GLOB '*[.eE]*' THEN CAST(users.name AS INTEGER) END FROM users",
		msd:   "SELECT TRY_CAST(users.name AS INTEGER) FROM users",
		orad:  "! TRY_CAST to a whole number",

		oracle.Dialect(oracle.Version(12, 1)): "! TRY_CAST to integer"})
	told(t, "a decimal", try(dialect.Type{Kind: dialect.Decimal, Precision: 5, Scale: 2}), says{
		pg15: "SELECT CAST(CASE WHEN CAST(users.name AS TEXT) ~ '^[[:space:]]*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)[[:space:]]*$' THEN CASE WHEN ABS(ROUND(CAST(CAST(users.name AS TEXT) AS NUMERIC), 2)) <= 999.99 THEN CAST(users.name AS TEXT) END END AS NUMERIC(5,2)) FROM users",
		myd:  "SELECT CASE WHEN CAST(users.name AS CHAR) REGEXP '^ *[+-]?([0-9]{1,30}[.]?[0-9]{0,30}|[.][0-9]{1,30}) *$' AND ABS(ROUND(CAST(TRIM(users.name) AS DECIMAL(65, 30)), 2)) <= 999.99 THEN CAST(TRIM(users.name) AS DECIMAL(5, 2)) END FROM users"})
	told(t, "decimals without end", try(dialect.Type{Kind: dialect.Decimal}), says{pg15: "! give the decimal a precision", myd: "! give the decimal a precision"})
	told(t, "a text", try(dialect.Type{Kind: dialect.Varchar, Length: 3}), says{
		pgd: "SELECT CAST(users.name AS VARCHAR(3)) FROM users", pg15: "SELECT CAST(users.name AS VARCHAR(3)) FROM users", myd: "SELECT CAST(users.name AS CHAR(3)) FROM users"})
	told(t, "a time", try(dialect.Type{Kind: dialect.Timestamp}), says{
		pg15: "! TRY_CAST to timestamp is not supported", myd: "! check the text with a CASE before the CAST", lited: "! TRY_CAST to timestamp"})
	told(t, "a number without a sign", try(dialect.Type{Kind: dialect.BigInt, Unsigned: true}), says{myd: "! TRY_CAST to bigint"})
}

// Every text that has a form in the type is that value, and every other NULL,
// as a column and as a parameter.
func TestLiveTryCast(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		whole, long := dialect.Type{Kind: dialect.Integer}, dialect.Type{Kind: dialect.BigInt}
		money, date := dialect.Type{Kind: dialect.Decimal, Precision: 5, Scale: 2}, dialect.Type{Kind: dialect.Date}
		for _, test := range []struct {
			text string
			typ  dialect.Type
			want string
			not  string // a database that says otherwise, since its types have no limits
		}{
			{"12", whole, "12", ""}, {"-7", whole, "-7", ""}, {"+7", whole, "7", ""}, {" 5 ", whole, "5", ""}, {"007", whole, "7", ""},
			{"", whole, "NULL", ""}, {"abc", whole, "NULL", ""}, {"12abc", whole, "NULL", ""}, {"1.5", whole, "NULL", ""}, {"1 2", whole, "NULL", ""},
			{"1.0", whole, "NULL", ""}, {"1e2", whole, "NULL", ""},
			{"-", whole, "NULL", ""}, {"3000000000", whole, "NULL", "sqlite"}, {"3000000000", long, "3000000000", ""},
			{"9223372036854775807", long, "9223372036854775807", ""}, {"-9223372036854775808", long, "-9223372036854775808", ""},
			{"9223372036854775808", long, "NULL", ""}, {"99999999999999999999999", long, "NULL", ""},
			{"1.5", money, "1.50", ""}, {".25", money, "0.25", ""}, {"999.994", money, "999.99", "sqlite"}, {"999.995", money, "NULL", "sqlite"},
			{"-1000", money, "NULL", "sqlite"}, {"x", money, "NULL", ""}, {"1.2.3", money, "NULL", ""},
			{"2024-02-29", date, "2024-02-29", ""}, {"2024-02-30", date, "NULL", ""}, {"now", date, "NULL", "postgres"}, {"2024-02-29x", date, "NULL", ""},
		} {
			v := expr.Values([]expr.ColumnDef{expr.Def[string]("s")}, []any{test.text}).As("v")
			for name, q := range map[string]dialect.Statement{
				"column":    expr.Select(expr.TryCast[any](expr.C[string](v, "s"), test.typ).As("n")).From(v),
				"parameter": expr.Select(expr.TryCast[any](expr.Value(test.text), test.typ).As("n")),
			} {
				if _, _, err := expr.SQL(q, l.d); err != nil {
					if test.typ.Kind != dialect.Date || l.d.Name() == "sqlite" {
						t.Errorf("%q as %v: %v", test.text, &test.typ, err)
					}
					continue
				}
				got := l.all(q)
				if l.d.Name() == test.not {
					continue
				}
				if len(got) != 1 || got[0] != test.want && !sameDecimal(got[0], test.want) && !sameDay(got[0], test.want) {
					text, _, _ := expr.SQL(q, l.d)
					t.Errorf("%s %q as %v: got %q, want %s\n%s", name, test.text, &test.typ, got, test.want, text)
				}
			}
		}
	})
}

// sameDecimal compares numbers that differ in zeros at their ends.
func sameDecimal(a, b string) bool {
	x, err := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err == nil && err2 == nil && strings.Contains(b, ".") && x == y
}

func sameDay(a, b string) bool {
	day, err := time.Parse(time.DateOnly, b)
	return err == nil && len(a) >= 10 && a[:10] == day.Format(time.DateOnly)
}
