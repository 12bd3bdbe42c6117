package corpus

import (
	"github.com/sqlayer-go/sqlayer/expr"
)

var deleteCases = cases{
	"basic-1": same(expr.Delete(Addresses).Where(Addresses.Country.Eq("XX"))),
	"subquery-1": same(expr.Delete(OrderItems).
		Where(expr.In(OrderItems.OrderID, expr.Select(Orders.ID).From(Orders).Where(Orders.Status.Eq("void"))))),
	"using-1": same(expr.Delete(OrderItems).Using(Orders).
		Where(expr.Eq(OrderItems.OrderID, Orders.ID), Orders.Status.Eq("void"))),
	"returning-1": same(expr.Delete(PageHits).Where(PageHits.Hits.Lt(2)).Returning(PageHits.Path, PageHits.Hits)),
	"limit-1":     same(expr.Delete(PageHits).Where(PageHits.Hits.Eq(0)).Limit(50)),
	"tuple-1": same(expr.Delete(OrderItems).
		Where(expr.RowOf2(OrderItems.OrderID, OrderItems.LineNo).In(expr.Tuple2[int64, int64]{A: 1, B: 2}, expr.Tuple2[int64, int64]{A: 4, B: 1}))),
}
