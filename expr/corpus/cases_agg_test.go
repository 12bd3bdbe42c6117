package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var (
	places = expr.Count(Addresses.ID).As("n")
	rows   = expr.CountAll().As("n")
)

var aggCases = cases{
	"basic-1": same(expr.Select(expr.Min(Products.Price).As("lo"), expr.Max(Products.Price).As("hi"),
		expr.Avg(Products.Price).As("mean"), expr.SumOf(Products.Price).As("total")).From(Products)),
	"distinct-1": same(expr.Select(expr.CountDistinct(Orders.UserID).As("buyers")).From(Orders)),
	"filter-1":   same(expr.Select(rows, expr.SumOf(Orders.Total).Filter(Orders.Status.Eq("paid")).As("paid_total")).From(Orders)),
	"group-by-1": same(expr.Select(Orders.UserID, rows).From(Orders).GroupBy(Orders.UserID)),
	"group-by-2": by(func(on target) dialect.Statement {
		order := places.Desc()
		if on.is("oracle") { // where the corpus orders by the expression
			order = expr.Count(Addresses.ID).Desc()
		}
		return expr.Select(Addresses.Country, Addresses.City, places).From(Addresses).
			GroupBy(Addresses.Country, Addresses.City).OrderBy(order, Addresses.Country)
	}),
	"group-by-4": same(expr.Select(expr.Upper(Addresses.Country).As("cc"), rows).From(Addresses).GroupBy(expr.Name[string]("cc"))),
	"having-1": same(expr.Select(Orders.UserID, expr.SumOf(Orders.Total).As("spent")).From(Orders).
		Where(Orders.Status.Ne("cancelled")).GroupBy(Orders.UserID).Having(expr.Gt(expr.SumOf(Orders.Total), dec(100)))),
	"rollup-1": same(expr.Select(Addresses.Country, Addresses.City, rows).From(Addresses).
		GroupBy(expr.Rollup(Addresses.Country, Addresses.City))),
	"grouping-sets-1": same(expr.Select(Orders.Status, Orders.UserID, rows).From(Orders).
		GroupBy(expr.GroupingSets([]expr.Any{Orders.Status, Orders.UserID}, []expr.Any{Orders.Status}))),
	"string-agg-1": same(expr.Select(Addresses.Country, expr.StringAgg(Addresses.City, ", ").As("cities")).From(Addresses).
		GroupBy(Addresses.Country)),
	"within-group-1": same(expr.Select(expr.PercentileCont(0.5).WithinGroup(Orders.Total).As("median")).From(Orders)),
}
