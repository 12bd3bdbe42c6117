package corpus

import "github.com/sqlayer-go/sqlayer/expr"

var setopCases = cases{
	"union-1": same(expr.Union(expr.Select(Users.Name).From(Users), expr.Select(Categories.Name).From(Categories))),
	"union-order-1": same(expr.Union(expr.Select(Users.Name).From(Users), expr.Select(Products.Name).From(Products)).
		OrderBy(Users.Name).Limit(5)),
	"union-all-1": same(expr.UnionAll(
		expr.Select(Users.ID, Users.Name).From(Users).Where(Users.Age.Lt(20)),
		expr.Select(Products.ID, Products.Name).From(Products).Where(Products.Price.Gt("99.5")))),
	"intersect-1": same(expr.Intersect(expr.Select(Orders.UserID).From(Orders), expr.Select(Addresses.UserID).From(Addresses))),
	"intersect-2": same(expr.IntersectAll(expr.Select(Inventory.ProductID).From(Inventory),
		expr.Select(OrderItems.ProductID).From(OrderItems).Where(OrderItems.Quantity.Gt(2)))),
	"except-1": same(expr.Except(expr.Select(Users.ID).From(Users), expr.Select(Orders.UserID).From(Orders))),
	"nested-1": same(expr.Except(expr.Union(expr.Select(Users.ID).From(Users), expr.Select(Products.ID).From(Products)),
		expr.Select(Orders.UserID).From(Orders))),
	"branch-limit-1": same(expr.UnionAll(
		expr.Select(Users.Name).From(Users).OrderBy(Users.Age).Limit(1),
		expr.Select(Products.Name).From(Products).OrderBy(Products.Price).Limit(2))),
	"three-way-1": same(expr.Union(expr.Select(Addresses.City).From(Addresses),
		expr.Select(Categories.Name).From(Categories).Where(Categories.Position.Eq(1)),
		expr.Select(expr.Value("Nowhere")))),
	"method-1": same(expr.Select(Users.ID).From(Users).Where(Users.Age.Gt(60)).
		UnionAll(expr.Select(Orders.UserID).From(Orders).Where(expr.Gt(Orders.Total, expr.Typed[number](expr.Value(900))))).
		OrderBy(expr.Name[int64]("id"))),
}
