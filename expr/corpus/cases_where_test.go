package corpus

import (
	"time"

	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/pg"
)

// usersWhere selects the ids of users that meet conditions, and the like.
func usersWhere(conds ...expr.Cond) builder {
	return same(expr.Select(Users.ID).From(Users).Where(conds...))
}

func productsWhere(conds ...expr.Cond) builder {
	return same(expr.Select(Products.ID).From(Products).Where(conds...))
}

func ordersWhere(conds ...expr.Cond) builder {
	return same(expr.Select(Orders.ID).From(Orders).Where(conds...))
}

func init() {
	noRows["where/like-1"] = "LIKE of SQLite and MariaDB ignores case"
	noRows["where/contains-4"] = noRows["where/like-1"]
	noRows["where/regexp-1"] = "REGEXP of MariaDB goes by the collation, which ignores case"
}

var minAge = expr.Param[int64]("min_age", 33)

var whereCases = cases{
	"eq-1":      usersWhere(Users.Name.Eq("Ada")),
	"ne-1":      ordersWhere(Orders.Status.Ne("cancelled")),
	"compare-1": same(expr.Select(Products.ID).From(Products).Where(Products.Price.Gt("9.99")).Where(Products.Price.Le("100"))),
	"compare-3": usersWhere(Users.Age.Gt(21)),
	"and-or-1":  usersWhere(expr.And(expr.Or(Users.Age.Lt(18), Users.Age.Gt(65)), expr.True(Users.IsActive))),
	"and-or-2":  usersWhere(expr.Or(expr.And(Users.Age.Gt(18), Users.Name.Eq("Ada")), Users.Nickname.Eq("bob"))),
	"and-or-4": productsWhere(expr.And(Products.Stock.Gt(0), expr.Lt(Products.Price, expr.Typed[number](expr.Value(5)))).
		Or(Products.Stock.Gt(100).And(expr.Not(expr.True(Products.Discontinued))))),
	"and-or-5": usersWhere(expr.And(expr.And(Users.Age.Gt(1), Users.Age.Gt(2)), expr.And(Users.Age.Gt(3), Users.Age.Gt(4)))),

	"true-false-1": usersWhere(expr.And(expr.Never(), Users.Age.Gt(30))),
	"and-empty-1":  usersWhere(expr.And(expr.Always(), Users.Age.Gt(30))),
	"or-empty-1":   usersWhere(expr.Or(expr.Never(), Users.Age.Gt(30), Users.Name.Eq("Cleo"))),

	"bool-column-1": usersWhere(expr.True(Users.IsActive)),
	"bool-column-2": productsWhere(expr.Not(expr.True(Products.Discontinued))),
	"bool-column-3": usersWhere(expr.IsTrue(Users.IsActive), Users.ID.Gt(5)),

	"not-1": usersWhere(expr.Not(expr.And(Users.Age.Gt(18), Users.Name.Eq("Bob")))),
	"not-3": usersWhere(expr.Not(Users.Age.Eq(40))),
	"not-4": usersWhere(expr.Not(Users.Age.Between(20, 30)), expr.Not(Users.Age.Gt(50))),

	"in-1": usersWhere(Users.Age.In(20, 30, 40)),
	"in-2": ordersWhere(Orders.Status.NotIn("new", "paid")),
	"in-3": usersWhere(Users.Age.In()),
	"in-5": usersWhere(expr.In(Users.ID, expr.Select(Orders.UserID).From(Orders).
		Where(expr.Gt(Orders.Total, expr.Typed[number](expr.Value(500)))))),
	"in-7": usersWhere(expr.InList(Users.Nickname, expr.Value("a"), expr.ValuePtr[string](nil))),
	"in-8": usersWhere(Users.Age.Add(1).In(19, 20)),

	"between-1": productsWhere(Products.Price.Between("5", "10")),
	"between-3": usersWhere(pg.BetweenSymmetric(Users.Age, 60, 20)),

	"like-1":       usersWhere(Users.Name.Like("A%")),
	"like-3":       productsWhere(Products.SKU.LikeEscape("A^_%", '^')),
	"ilike-1":      usersWhere(Users.Name.ILike("ada%")),
	"startswith-1": usersWhere(Users.Name.StartsWith("Al")),
	"startswith-2": productsWhere(Products.SKU.StartsWith("50%_off/x")),
	"contains-1":   productsWhere(Products.Name.ContainsEscape("100%", '#')),
	"contains-3":   productsWhere(Products.Name.IContains("Tea")),
	"contains-4":   usersWhere(expr.Like(Users.Name, expr.Concat(expr.Literal("%"), Users.Nickname, expr.Literal("%")))),

	"null-1":          usersWhere(Users.Nickname.IsNull()),
	"distinct-from-1": usersWhere(Users.Nickname.IsDistinctFrom("x")),
	"distinct-from-3": ordersWhere(expr.IsDistinctFrom(Orders.ShippedAt, expr.Null[time.Time]())),
	"regexp-1":        usersWhere(Users.Name.RegexpMatch("^[AB].*")),
	"regexp-3":        same(expr.Select(expr.RegexpReplace(Users.Name, "[0-9]+", "#").As("masked")).From(Users)),
	"collate-1":       same(expr.Select(Users.ID).From(Users).OrderBy(expr.Collate(Users.Name, "C"))),
	"date-1":          usersWhere(Users.BirthDate.Ge(time.Date(1990, 5, 17, 0, 0, 0, 0, time.UTC))),

	"bind-expanding-1":  usersWhere(expr.InParam(Users.ID, "ids", 7, 8, 9)),
	"bind-named-1":      usersWhere(expr.Gt(Users.Age, minAge), expr.Lt(Users.Age, minAge.Add(10))),
	"literal-execute-1": usersWhere(expr.Eq(Users.Age, expr.Literal[int64](30))),
	"filter-by-1": same(expr.Select(Orders.ID, Orders.Total).From(Orders).
		Where(expr.FilterBy(Orders, "status", "paid", "user_id", 3))),
}
