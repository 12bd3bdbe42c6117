package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var orderCases = cases{
	"basic-1": same(expr.Select(Users.ID).From(Users).OrderBy(Users.Name, Users.Age.Desc(), Users.ID.Asc())),
	"label-1": same(expr.Select(expr.Mul(Products.Price, expr.Typed[number](expr.Value(2))).As("dbl")).From(Products).
		OrderBy(expr.Name[number]("dbl").Desc())),
	"nulls-1": same(expr.Select(Users.ID).From(Users).OrderBy(Users.Nickname.NullsFirst())),
	"limit-1": same(expr.Select(Users.ID).From(Users).OrderBy(Users.ID).Limit(10)),
	"limit-2": same(expr.Select(Users.ID).From(Users).OrderBy(Users.ID).Limit(10).Offset(20)),
	"limit-3": same(expr.Select(Users.ID).From(Users).OrderBy(Users.ID).Offset(5)),
	"limit-5": same(expr.Select(Products.Name).From(Products).Limit(3).Offset(4)),
	"limit-7": same(expr.Select(Users.ID).From(Users).OrderBy(Users.ID).
		LimitExpr(expr.Add(expr.Value(2), expr.Value(3))).OffsetExpr(expr.Value(4))),
	"limit-8": same(expr.Select(Users.ID).From(Users).Where(Users.Age.Gt(30)).OrderBy(Users.ID).Limit(1)),
	"fetch-1": same(expr.Select(Orders.ID).From(Orders).OrderBy(Orders.Total.Desc()).Fetch(5)),
	"fetch-2": same(expr.Select(Orders.ID).From(Orders).OrderBy(Orders.Total.Desc()).Limit(3).WithTies()),
	"slice-1": same(expr.Select(Users.ID).From(Users).OrderBy(Users.ID).Slice(10, 15)),
	"limit-subquery-1": by(func(target) dialect.Statement {
		t := expr.Select(Products.Name, Products.Price).From(Products).OrderBy(Products.Price.Desc()).Limit(3).As("top3")
		name := expr.C[string](t, "name")
		return expr.Select(name).From(t).OrderBy(name)
	}),
	"reset-1": same(expr.Select(Users.ID).From(Users).OrderBy(Users.Name).Reorder(Users.Age)),
}
