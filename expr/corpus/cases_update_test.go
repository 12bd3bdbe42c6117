package corpus

import (
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var updateCases = cases{
	"basic-1": same(expr.Update(Users).Set(Users.Nickname.Set("adz")).Where(Users.ID.Eq(1))),
	"basic-2": same(expr.Update(Orders).
		Set(Orders.Status.Set("shipped"), Orders.ShippedAt.Set(time.Date(2024, 7, 1, 9, 30, 0, 0, time.UTC))).
		Where(Orders.Status.Eq("paid"), expr.Typed[int64](Orders.Total).Gt(20))),
	"expr-1": same(expr.Update(Products).
		Set(expr.Set(Products.Price, Products.Price.Mul("1.1")), expr.Set(Products.Stock, Products.Stock.Sub(1))).
		Where(Products.ID.Eq(3))),
	"case-1": same(expr.Update(Products).
		Set(expr.Set(Products.Discontinued, expr.Case[bool]().
			WhenExpr(Products.Stock.Eq(0), expr.Literal(true)).ElseExpr(expr.Literal(false)).End())).
		Where(Products.CategoryID.Eq(4))),
	"ordered-1": same(expr.Update(Inventory).
		Set(expr.Set(Inventory.Reserved, Inventory.Quantity), Inventory.Quantity.Set(0)).
		Where(Inventory.WarehouseID.Eq(2))),
	"subquery-1": same(expr.Update(Users).
		Set(expr.Set(Users.Balance, expr.Scalar[number](expr.
			Select(expr.Coalesce[number](expr.SumOf(Orders.Total), expr.Typed[number](expr.Value[int64](0)))).
			From(Orders).Where(expr.Eq(Orders.UserID, Users.ID))))).
		Where(Users.Age.Gt(18))),
	"from-1": same(expr.Update(Products).
		Set(expr.Set(Products.Name, Categories.Name)).
		From(Categories).
		Where(expr.Eq(Products.CategoryID, Categories.ID), Categories.Position.Eq(1))),
	"from-3": by(func(target) dialect.Statement {
		sold := expr.Select(OrderItems.ProductID, expr.Sum(OrderItems.Quantity).As("q")).From(OrderItems).
			GroupBy(OrderItems.ProductID).As("sold")
		return expr.Update(Inventory).
			Set(expr.Set(Inventory.Reserved, expr.C[int64](sold, "q"))).
			From(sold).
			Where(expr.Eq(Inventory.ProductID, expr.C[int64](sold, "product_id")))
	}),
	"returning-1": same(expr.Update(PageHits).Set(expr.Set(PageHits.Hits, PageHits.Hits.Add(1))).Where(PageHits.Path.Eq("/")).
		Returning(PageHits.Hits)),
	"limit-1":  same(expr.Update(PageHits).Set(PageHits.Hits.Set(0)).Where(PageHits.Hits.Gt(10)).Limit(100)),
	"schema-1": same(expr.Update(LogEntries).Set(LogEntries.Detail.Set("seen")).Where(LogEntries.Action.Eq("login"))),
}
