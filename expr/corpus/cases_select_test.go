package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var selectCases = cases{
	"columns-1": same(expr.Select(Users.ID, Users.Name).From(Users)),
	"columns-2": same(expr.Select(expr.Columns(Users)...).From(Users)),
	"label-1":   same(expr.Select(Users.Name.As("customer"), Users.Email.As("contact_address")).From(Users)),
	"label-2": by(func(on target) dialect.Statement {
		value := expr.Mul(Products.Price, expr.Typed[number](Products.Stock))
		v := value.As("stock_value")
		order := v.Desc()
		if on.is("oracle") { // where the corpus orders by the expression
			order = value.Desc()
		}
		return expr.Select(Products.ID, v).From(Products).OrderBy(order)
	}),
	"label-3": same(expr.Select(Users.ID.As("users_id"), Orders.ID.As("orders_id")).
		From(Users).Join(Orders, expr.Eq(Users.ID, Orders.UserID))),
	"distinct-1": same(expr.Select(Addresses.Country).From(Addresses).Distinct().OrderBy(Addresses.Country)),
	"distinct-on-1": same(expr.Select(Orders.UserID, Orders.ID, Orders.PlacedAt).From(Orders).
		DistinctOn(Orders.UserID).OrderBy(Orders.UserID, Orders.PlacedAt.Desc())),
	"no-from-1": same(expr.Select(expr.Value(1).As("one"))),
	"no-from-3": same(expr.Select(expr.Literal(true).As("yes"), expr.Literal(false).As("no"))),
	"alias-1": by(func(target) dialect.Statement {
		u := schema.As(Users, "u")
		return expr.Select(u.Name, u.Email).From(u).Where(u.Age.Ge(18))
	}),
	"scalar-exists-1": same(expr.Select(expr.Exists(expr.Select(Orders.ID).From(Orders).Where(Orders.Status.Eq("new"))).As("has_new"))),
	"star-1":          same(expr.Select(expr.Star()).From(Products)),
	"from-multiple-1": same(expr.Select(Users.Name, Products.Name.As("product")).From(Users, Products).
		Where(expr.Eq(Users.Age, Products.Stock))),
	"count-star-1": same(expr.Select(expr.CountAll().As("n")).From(Orders)),
}
