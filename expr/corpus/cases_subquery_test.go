package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var subqueryCases = cases{
	"scalar-1": same(expr.Select(Users.Name,
		expr.Scalar[int64](expr.Select(expr.CountAll()).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID))).As("order_count")).
		From(Users)),
	"scalar-2": by(func(target) dialect.Statement {
		p2 := schema.As(Products, "p2")
		return expr.Select(Products.ID).From(Products).
			Where(expr.Gt(Products.Price, expr.Scalar[number](expr.Select(expr.Avg(p2.Price)).From(p2))))
	}),
	"scalar-4": same(expr.Select(Users.ID).From(Users).
		OrderBy(expr.Scalar[number](expr.Select(expr.Max(Orders.Total)).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID))).Desc())),
	"exists-1": same(expr.Select(Users.ID).From(Users).
		Where(expr.Exists(expr.Select(Orders.ID).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID))))),
	"exists-2": same(expr.Select(Users.ID).From(Users).
		Where(expr.Not(expr.Exists(expr.Select(expr.Star()).From(Addresses).
			Where(expr.Eq(Addresses.UserID, Users.ID), Addresses.Kind.Eq("work")))))),
	"any-1": same(expr.Select(Products.ID).From(Products).
		Where(expr.Gt(Products.Price, expr.AnyRow[number](expr.Select(OrderItems.UnitPrice).From(OrderItems))))),
	"derived-1": by(func(target) dialect.Statement {
		s := expr.Select(Addresses.City, expr.CountAll().As("n")).From(Addresses).GroupBy(Addresses.City).As("by_city")
		return expr.Select(expr.Columns(s)...).From(s).Where(expr.C[int64](s, "n").Gt(1))
	}),
	"derived-2": by(func(target) dialect.Statement {
		s := expr.Select(Users.ID, Users.Name).From(Users).Where(Users.Age.Gt(18)).As("anon_1")
		return expr.Select(expr.Columns(s)...).From(s)
	}),
	"correlate-1": same(expr.Select(Users.ID).From(Users).
		Where(expr.Eq(Users.ID, expr.Scalar[int64](expr.Select(Orders.UserID).From(Orders).
			Where(expr.Eq(Orders.UserID, Users.ID), Orders.Status.Eq("new")))))),
	"correlate-2": same(expr.Select(Users.ID).From(Users).
		Where(expr.Eq(Users.Age, expr.Scalar[int64](expr.Select(expr.Max(Users.Age)).From(Users).Uncorrelated())))),
	"in-nested-1": same(expr.Select(Users.Name).From(Users).
		Where(expr.In(Users.ID, expr.Select(Orders.UserID).From(Orders).
			Where(expr.In(Orders.ID, expr.Select(OrderItems.OrderID).From(OrderItems).Where(OrderItems.ProductID.Eq(9))))))),
}
