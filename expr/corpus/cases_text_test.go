package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var textCases = cases{
	"statement-1": same(dialect.Text("SELECT id FROM users WHERE age > :low AND name = :who", dialect.Named{"low": 21, "who": "Ada"})),
	"where-1": same(expr.Select(Users.ID).From(Users).
		Where(expr.TextCond("users.age BETWEEN :lo AND :hi", dialect.Named{"lo": 20, "hi": 30})).
		Where(Users.Name.Eq("Bob"))),
	"order-1": same(expr.Select(Users.ID, expr.Text("upper(name) AS shout")).From(Users).OrderBy(expr.Text("shout DESC"))),
	"escape-1": by(func(on target) dialect.Statement {
		text := "SELECT '12:30' AS t"
		if on.name == "oracle" { // a text is for one database, and 19c wants a FROM
			text += " FROM DUAL"
		}
		return dialect.Text(text, dialect.Named{})
	}),
	"columns-1": by(func(target) dialect.Statement {
		t := expr.TextQuery("SELECT id, name FROM users WHERE age > :a", dialect.Named{"a": 30}).
			Columns(expr.Name[int64]("id"), expr.Name[string]("name")).As("t")
		return expr.Select(expr.C[string](t, "name")).From(t).Where(expr.C[int64](t, "id").Lt(10))
	}),
	"literal-column-1": same(expr.Select(expr.Text("stock + 0").As("s")).From(Products).
		Where(expr.Typed[int64](expr.Text("1")).Eq(1))),
	"in-expanding-1": same(dialect.Text("SELECT id FROM users WHERE id IN (:ids)", dialect.Named{"ids": []int{4, 5, 6}})),
}
