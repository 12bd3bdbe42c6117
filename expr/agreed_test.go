package expr_test

import (
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
)

// What package agree found, as texts: also for databases that are not there to be asked.
func TestAgreed(t *testing.T) {
	pots := schema.New("pots", schema.BigInt("id").PrimaryKey(), schema.BigInt("a"), schema.BigInt("b"), schema.Integer("small"),
		schema.Boolean("on").Null(), schema.Decimal("price", 12, 4))
	a, b := expr.C[int64](pots, "a"), expr.C[int64](pots, "b")
	on, price, small := expr.C[bool](pots, "on"), expr.C[string](pots, "price"), expr.C[int64](pots, "small")
	where := func(c expr.Cond) expr.SelectStmt { return expr.Select(a).From(pots).Where(c) }
	number := func(s string) expr.Expr[string] { return expr.ValueOf(s, dialect.Type{Kind: dialect.Decimal}) }
	denied := where(expr.Not(expr.And(expr.IsTrue(on), a.Gt(1))))
	for _, tt := range []struct {
		d    dialect.Dialect
		stmt dialect.Statement
		part string
	}{
		// NULL is not true, and NOT of that is true.
		{mssql.Dialect(), denied, "NOT (pots.[on] = 1 AND pots.[on] IS NOT NULL AND pots.a > @p1)"},
		{oracle.Dialect(oracle.Version(19)), denied, `NOT (pots."on" = 1 AND pots."on" IS NOT NULL AND pots.a > :1)`},
		{mssql.Dialect(), where(expr.IsTrue(on)), "WHERE pots.[on] = 1"},
		// Texts of one number may differ.
		{sqlite.Dialect(), expr.Select(expr.NullIf(price, number("1.50"))).From(pots), "CASE WHEN CAST(pots.price AS NUMERIC) = ? THEN NULL ELSE pots.price END"},
		{sqlite.Dialect(), expr.Select(expr.Greatest(expr.Mul(price, price), number("1.50"))).From(pots), "CAST(? AS NUMERIC)"},
		{sqlite.Dialect(), where(expr.InList(number("1.50"), price, price)), "CAST(? AS NUMERIC) IN ("},
		{sqlite.Dialect(), expr.Union(expr.Select(price).From(pots), expr.Select(price).From(pots)).OrderBy(price),
			"SELECT * FROM (SELECT pots.price FROM pots UNION SELECT pots.price FROM pots) ORDER BY CAST(price AS NUMERIC)"},
		// A parameter that is a decimal is a text there.
		{mysql.Dialect(), where(expr.Lt(number("9.5"), number("10"))), "CAST(? AS DECIMAL(65, 1)) < CAST(? AS DECIMAL(65, 0))"},
		{mysql.Dialect(), expr.Select(expr.If(on.Eq(true), number("9.5"), price)).From(pots), "THEN CAST(? AS DECIMAL(65, 1)) ELSE pots.price END"},
		// A shift of 32 bits loses those above.
		{postgres.Dialect(), expr.Select(expr.ShiftLeft(small, 40)).From(pots), "CAST(pots.small AS BIGINT) << $1"},
		{postgres.Dialect(), expr.Select(expr.BitAnd(expr.Sum(a), expr.Literal[int64](7))).From(pots), "CAST(sum(pots.a) AS BIGINT) & 7"},
		{postgres.Dialect(), expr.Update(pots).Set(expr.Set(a, expr.BitNot(b))).EveryRow(), "a=(~pots.b)"},
	} {
		text, _, err := expr.SQL(tt.stmt, tt.d)
		if err != nil || !strings.Contains(text, tt.part) {
			t.Errorf("%s: %v\n%s\nhas no %s", tt.d.Name(), err, text, tt.part)
		}
	}
}
