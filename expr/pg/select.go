package pg

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Only is a table without those that inherit from it, to select from, to update,
// to delete from or to merge into: FROM ONLY t, UPDATE ONLY t. Its columns are those
// of the table. (PostgreSQL 15 manual, SELECT, FROM clause; UPDATE; DELETE; MERGE.)
func Only(t expr.Relation) expr.Relation {
	return expr.CustomTarget(t, func(w *dialect.Writer, table func()) {
		if !w.Features().Only {
			w.Unsupported("ONLY", "name the table without it, where no other inherits from it")
		}
		w.WriteString("ONLY ")
		table()
	})
}

// BetweenSymmetric is e BETWEEN SYMMETRIC a AND b: between the two, whichever
// is less. (PostgreSQL 15 manual, 9.2 Comparison Functions and Operators.)
func BetweenSymmetric[T any](e expr.Of[T], a, b T) expr.Cond {
	return between(" BETWEEN SYMMETRIC ", e, a, b)
}

// NotBetweenSymmetric is the opposite of [BetweenSymmetric].
func NotBetweenSymmetric[T any](e expr.Of[T], a, b T) expr.Cond {
	return between(" NOT BETWEEN SYMMETRIC ", e, a, b)
}

func between[T any](word string, e expr.Of[T], a, b T) expr.Cond {
	return expr.True(expr.Custom[bool]("BETWEEN SYMMETRIC", func(w *dialect.Writer, part func(int)) {
		if !w.Features().BetweenSymmetric {
			w.Unsupported("BETWEEN SYMMETRIC", "use Between with the lesser value first")
		}
		part(0)
		w.WriteString(word)
		part(1)
		w.WriteString(" AND ")
		part(2)
	}, e, expr.Value(a), expr.Value(b)))
}
