package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var (
	byCategory = expr.PartitionBy(Products.CategoryID).OrderBy(Products.Price)
	byUser     = expr.PartitionBy(Orders.UserID).OrderBy(Orders.PlacedAt)
	wholly     = expr.Window{}
)

// A share of nothing would be a division by zero.
func init() {
	before["window/expression-1"] = func(target) []dialect.Statement {
		return []dialect.Statement{expr.Update(Orders).Set(Orders.Total.Set("1")).Where(Orders.Total.Eq("0"))}
	}
	noRows["window/expression-1"] = "a quotient of decimals has as many digits as the database gives it"
	noRows["window/order-by-window-1"] = "products of different categories have equal numbers"
}

var windowCases = cases{
	"row-number-1": same(expr.Select(Orders.ID, expr.RowNumber().Over(wholly.OrderBy(Orders.Total.Desc())).As("rn")).From(Orders)),
	"rank-1": same(expr.Select(Products.ID, expr.Rank().Over(byCategory).As("r"), expr.DenseRank().Over(byCategory).As("dr")).
		From(Products)),
	"empty-1": same(expr.Select(Users.ID, expr.CountAll().Over(wholly).As("total_rows")).From(Users)),
	"rows-1": same(expr.Select(expr.Avg(Orders.Total).Over(wholly.OrderBy(Orders.PlacedAt).
		Rows(expr.Preceding(2), expr.CurrentRow())).As("ma")).From(Orders)),
	"rows-3": same(expr.Select(expr.Max(Products.Price).Over(wholly.OrderBy(Products.ID).
		Rows(expr.Following(1), expr.Following(3))).As("m")).From(Products)),
	"range-1": same(expr.Select(expr.SumOf(Orders.Total).Over(wholly.OrderBy(Orders.UserID).
		Range(expr.UnboundedPreceding(), expr.CurrentRow())).As("s")).From(Orders)),
	"groups-1": same(expr.Select(expr.CountAll().Over(wholly.OrderBy(Users.Age).
		Groups(expr.Preceding(1), expr.Following(1))).As("g")).From(Users)),
	"lag-1": same(expr.Select(Orders.ID, expr.LagBy(Orders.Total, 1, dec(0)).Over(byUser).As("prev_total"),
		expr.Lead(Orders.Total).Over(byUser).As("next_total")).From(Orders)),
	"ntile-1": same(expr.Select(Products.ID, expr.Ntile(4).Over(wholly.OrderBy(Products.Price.Desc())).As("quartile")).From(Products)),
	"expression-1": by(func(on target) dialect.Statement {
		sum := expr.Expr[number](expr.SumOf(Orders.Total).Over(expr.PartitionBy(Orders.UserID)))
		if on.is("postgresql", "mssql") {
			sum = expr.Cast[number](sum, dialect.Type{Kind: dialect.Native, Name: "NUMERIC(12, 2)"})
		}
		return expr.Select(expr.Div(Orders.Total, sum).As("share")).From(Orders)
	}),
	"top-n-1": by(func(target) dialect.Statement {
		ranked := expr.Select(Orders.UserID, Orders.ID, expr.RowNumber().Over(expr.PartitionBy(Orders.UserID).OrderBy(Orders.Total.Desc())).As("rn")).
			From(Orders).As("ranked")
		return expr.Select(expr.C[int64](ranked, "user_id"), id(ranked)).From(ranked).Where(expr.C[int64](ranked, "rn").Eq(1))
	}),
	"sum-1": same(expr.Select(Orders.ID, expr.SumOf(Orders.Total).Over(expr.PartitionBy(Orders.UserID).OrderBy(Orders.PlacedAt, Orders.ID)).As("running")).
		From(Orders)),
	"filter-1": same(expr.Select(expr.CountAll().Filter(Orders.Status.Eq("paid")).Over(expr.PartitionBy(Orders.UserID)).As("paid_n")).
		From(Orders)),
	"order-by-window-1": same(expr.Select(Products.ID).From(Products).
		OrderBy(expr.RowNumber().Over(expr.PartitionBy(Products.CategoryID).OrderBy(Products.ID)))),
}
