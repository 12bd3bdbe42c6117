package corpus

import (
	"time"

	"github.com/sqlayer-go/sqlayer/expr"
)

var tupleCases = cases{
	"in-1": same(expr.Select(OrderItems.OrderID).From(OrderItems).
		Where(expr.RowOf2(OrderItems.OrderID, OrderItems.LineNo).In(expr.Tuple2[int64, int64]{A: 1, B: 1}, expr.Tuple2[int64, int64]{A: 2, B: 3}))),
	"eq-1": same(expr.Select(OrderItems.OrderID).From(OrderItems).
		Where(expr.RowOf2(OrderItems.OrderID, OrderItems.LineNo).Eq(2, 1))),
	"compare-1": same(expr.Select(Orders.ID).From(Orders).
		Where(expr.RowOf2(Orders.PlacedAt, Orders.ID).Gt(time.Date(2024, 1, 31, 12, 0, 0, 0, time.UTC), 500)).
		OrderBy(Orders.PlacedAt, Orders.ID).Limit(20)),
}
