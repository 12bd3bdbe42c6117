package corpus

import "github.com/sqlayer-go/sqlayer/expr"

var newOrders = expr.Select(Orders.ID).From(Orders).Where(Orders.Status.Eq("new"))

var lockCases = cases{
	"update-1":      same(expr.Select(Products.ID, Products.Stock).From(Products).Where(Products.ID.Eq(5)).ForUpdate()),
	"nowait-1":      same(newOrders.ForUpdate(expr.NoWait())),
	"skip-locked-1": same(newOrders.OrderBy(Orders.ID).Limit(1).ForUpdate(expr.SkipLocked())),
	"share-1":       same(expr.Select(Users.ID).From(Users).Where(Users.ID.Eq(2)).ForShare()),
	"of-1": same(expr.Select(Orders.ID, Users.Name).From(Orders).Join(Users, expr.Eq(Orders.UserID, Users.ID)).
		ForUpdate(expr.LockOf(Orders))),
	"key-share-1": same(expr.Select(Users.ID).From(Users).Where(Users.ID.Eq(1)).ForNoKeyUpdate()),
}
