package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var joinCases = cases{
	"inner-1": same(expr.Select(Users.Name, Orders.ID).From(Users).Join(Orders, expr.Eq(Users.ID, Orders.UserID))),
	"inner-2": same(expr.Select(Orders.ID, Products.Name).From(Orders).
		Join(OrderItems, expr.Eq(Orders.ID, OrderItems.OrderID)).
		Join(Products, expr.Eq(Products.ID, OrderItems.ProductID))),
	"inner-3": same(expr.Select(Addresses.City).From(Users).Join(Addresses, expr.Eq(Users.ID, Addresses.UserID))),
	"left-1": same(expr.Select(Users.ID, Orders.ID.As("order_id")).From(Users).
		LeftJoin(Orders, expr.Eq(Orders.UserID, Users.ID)).Where(Orders.ID.IsNull())),
	"full-1": same(expr.Select(Users.ID, Addresses.ID.As("address_id")).From(Users).
		FullJoin(Addresses, expr.Eq(Users.ID, Addresses.UserID))),
	"cross-1": same(expr.Select(Categories.Name, Products.Name.As("product_name")).From(Categories).Join(Products, expr.Always())),
	"self-1": by(func(target) dialect.Statement {
		c, p := schema.As(Categories, "c"), schema.As(Categories, "p")
		return expr.Select(c.Name, p.Name.As("parent_name")).From(c).Join(p, expr.Eq(c.ParentID, p.ID))
	}),
	"alias-anon-1": by(func(target) dialect.Statement {
		a := schema.As(Users, "users_1")
		return expr.Select(a.ID).From(a).Where(a.Age.Gt(20))
	}),
	"subquery-1": by(func(target) dialect.Statement {
		s := expr.Select(Orders.UserID, expr.SumOf(Orders.Total).As("amount")).From(Orders).GroupBy(Orders.UserID).As("spent")
		return expr.Select(Users.Name, expr.C[number](s, "amount")).From(Users).
			Join(s, expr.Eq(expr.C[int64](s, "user_id"), Users.ID))
	}),
	"lateral-1": by(func(target) dialect.Statement {
		b := expr.Select(Orders.ID, Orders.Total).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID)).
			OrderBy(Orders.Total.Desc()).Limit(2).Lateral("best")
		return expr.Select(Users.Name, expr.C[number](b, "total")).From(Users).Join(b, expr.Always())
	}),
	"multi-from-1": same(expr.Select(Users.ID, Categories.ID.As("cid")).
		From(expr.Joined(Users).Join(Orders, expr.Eq(Users.ID, Orders.UserID)), Categories).
		Where(expr.Eq(Categories.Position, Orders.ID))),
	"nested-1": same(expr.Select(Users.ID, OrderItems.LineNo).From(Users).
		LeftJoin(expr.Joined(Orders).Join(OrderItems, expr.Eq(Orders.ID, OrderItems.OrderID)), expr.Eq(Users.ID, Orders.UserID))),
}
