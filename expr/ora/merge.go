package ora

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// DeleteWhere is DELETE WHERE of a MERGE: of the rows that its
// WhenMatched().Update(…) has changed, those that meet all conditions as they
// are afterwards are deleted. A MERGE without such an update is refused, and so is one
// with a Delete of its own, which looks at the row as it was and which every
// database has that has MERGE. (Oracle SQL Language Reference, MERGE,
// merge_update_clause.)
//
//	expr.Merge(Stock).
//		Using(Delivery, expr.Eq(Stock.Item, Delivery.Item)).
//		WhenMatched().Update(expr.Set(Stock.Quantity, expr.Sub(Stock.Quantity, Delivery.Quantity))).
//		Clause(ora.DeleteWhere(Stock.Quantity.Eq(0)))
func DeleteWhere(conds ...expr.Cond) expr.Clause {
	return expr.NewClause(expr.ClauseDef{Name: "DELETE WHERE", Own: own.Key("DELETE WHERE"), Place: expr.AfterUpdate,
		Instead: "use WhenMatched with the condition and Delete, before the update",
		Print: func(w *dialect.Writer, part func(int)) {
			w.WriteString("DELETE WHERE ")
			part(0)
		}}, expr.And(conds...))
}
