package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

func dec(v any) expr.Expr[number] { return expr.Typed[number](expr.Value(v)) }

func id(t expr.Relation) expr.Column { return expr.C[any](t, "id") }

var cteCases = cases{
	"plain-1": by(func(target) dialect.Statement {
		big := expr.CTE("big", expr.Select(Orders.ID, Orders.UserID).From(Orders).Where(expr.Gt(Orders.Total, dec(1000))))
		return expr.Select(Users.Name, id(big)).From(Users).Join(big, expr.Eq(expr.C[int64](big, "user_id"), Users.ID)).With(big)
	}),
	"multiple-1": by(func(target) dialect.Statement {
		a := expr.CTE("a", expr.Select(Users.ID, Users.Name).From(Users).Where(Users.Age.Gt(30)))
		b := expr.CTE("b", expr.Select(Orders.UserID, expr.CountAll().As("n")).From(Orders).GroupBy(Orders.UserID))
		return expr.Select(expr.C[string](a, "name"), expr.C[int64](b, "n")).From(a).
			Join(b, expr.Eq(expr.C[int64](a, "id"), expr.C[int64](b, "user_id"))).With(a, b)
	}),
	"chained-1": by(func(target) dialect.Statement {
		t1 := expr.CTE("t1", expr.Select(Products.ID, Products.Price).From(Products).Where(Products.Stock.Gt(5)))
		price := expr.C[number](t1, "price")
		t2 := expr.CTE("t2", expr.Select(expr.Avg(price).As("mean")).From(t1))
		return expr.Select(id(t1)).From(t1, t2).Where(expr.Gt(price, expr.C[number](t2, "mean"))).With(t1, t2)
	}),
	"recursive-1": by(func(target) dialect.Statement {
		c := schema.As(Categories, "c")
		tree := expr.Recursive("tree", nil, expr.Select(Categories.ID, Categories.ParentID, Categories.Name).From(Categories).Where(Categories.ParentID.IsNull()),
			func(tree expr.Table) expr.Query {
				return expr.Select(c.ID, c.ParentID, c.Name).From(c).Join(tree, expr.Eq(c.ParentID, expr.C[int64](tree, "id")))
			})
		name := expr.C[string](tree, "name")
		return expr.Select(id(tree), name).From(tree).OrderBy(name).With(tree)
	}),
	"recursive-2": by(func(target) dialect.Statement {
		nums := expr.Recursive("nums", nil, expr.Select(expr.Literal[int64](1).As("n")), func(nums expr.Table) expr.Query {
			n := expr.C[int64](nums, "n")
			return expr.Select(n.Add(1)).From(nums).Where(n.Lt(5))
		})
		return expr.Select(expr.C[int64](nums, "n")).From(nums).With(nums)
	}),
	"materialized-1": by(func(target) dialect.Statement {
		heavy := expr.CTE("heavy", expr.Select(Products.ID).From(Products).Where(Products.Weight.Gt(10.5)))
		return expr.Select(expr.CountAll().As("n")).From(heavy).With(expr.Materialized(heavy))
	}),
	"insert-1": by(func(target) dialect.Statement {
		gone := expr.CTE("gone", expr.Select(Users.ID, Users.Name).From(Users).Where(expr.Eq(Users.IsActive, expr.Literal(false))))
		return expr.Insert(LogEntries).Columns(LogEntries.ID, LogEntries.Action).
			FromSelect(expr.Select(id(gone), expr.C[string](gone, "name")).From(gone)).With(gone)
	}),
	"update-1": by(func(target) dialect.Statement {
		low := expr.CTE("low", expr.Select(Inventory.ProductID).From(Inventory).Where(Inventory.Quantity.Lt(3)))
		return expr.Update(Products).Set(Products.Stock.Set(0)).
			Where(expr.In(Products.ID, expr.Select(expr.C[int64](low, "product_id")).From(low))).With(low)
	}),
	"dml-1": by(func(target) dialect.Statement {
		moved := expr.WriteCTE("moved", expr.Delete(PageHits).Where(PageHits.Hits.Eq(0)).Returning(PageHits.Path))
		return expr.Select(expr.C[string](moved, "path")).From(moved).With(moved)
	}),
	"plain-3": by(func(target) dialect.Statement {
		cheap := expr.CTE("cheap", expr.Select(Products.ID, Products.Name, Products.Price).From(Products).Where(expr.Lt(Products.Price, dec(10))))
		name := expr.C[string](cheap, "name")
		return expr.Select(name).From(cheap).Where(name.Like("S%")).OrderBy(expr.C[number](cheap, "price")).Limit(3).With(cheap)
	}),
	"nesting-1": by(func(target) dialect.Statement {
		i := expr.CTE("i", expr.Select(Users.ID).From(Users).Where(Users.Age.Gt(40)))
		o := expr.CTE("o", expr.Select(id(i)).From(i).With(i))
		return expr.Select(id(o)).From(o).With(o)
	}),
	"columns-1": by(func(target) dialect.Statement {
		people := expr.CTE("people", expr.Union(expr.Select(Users.Name).From(Users), expr.Select(Categories.Name).From(Categories)))
		name := expr.C[string](people, "name")
		return expr.Select(name).From(people).OrderBy(name).With(people)
	}),
}
