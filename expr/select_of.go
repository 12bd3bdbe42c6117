package expr

import (
	"github.com/sqlayer-go/sqlayer/dialect"
)

// SelectOf is a [SelectStmt] whose rows have a Go type: a [Tuple2] to [Tuple8],
// or the type of a single column. engine.AllOf and its like read them without a
// type argument and without a struct:
//
//	q := expr.Select2(Users.ID, Users.Name).From(Users).OrderBy(Users.ID)
//	for row, err := range engine.EachOf(ctx, eng, q) {
//		id, name := row.Values()
//	}
//
// Its methods are those of SelectStmt and keep the type; [SelectStmt.Columns],
// which would change it, gives a plain SelectStmt. A column that may be NULL is
// read through [Nullable]. The zero SelectOf has no columns, which is a mistake.
type SelectOf[R any] struct{ SelectStmt }

// RowType implements dialect.Typed.
func (SelectOf[R]) RowType(R) {}

// untyped is the statement without its type.
func (q SelectOf[R]) untyped() SelectStmt { return q.SelectStmt }

var _ dialect.Typed[int] = SelectOf[int]{}

// Nullable is e as an expression of *T, which reads NULL as nil.
func Nullable[T any](e Of[T]) Expr[*T] { return Expr[*T]{nodeOf(e)} }

// Select1 begins a SELECT of one column, whose rows are values of its type.
func Select1[A any](a Of[A]) SelectOf[A] { return SelectOf[A]{Select(a)} }

// Select2 begins a SELECT of two columns, whose rows are a [Tuple2].
func Select2[A, B any](a Of[A], b Of[B]) SelectOf[Tuple2[A, B]] {
	return SelectOf[Tuple2[A, B]]{Select(a, b)}
}

// Select3 begins a SELECT of three columns, whose rows are a [Tuple3].
func Select3[A, B, C any](a Of[A], b Of[B], c Of[C]) SelectOf[Tuple3[A, B, C]] {
	return SelectOf[Tuple3[A, B, C]]{Select(a, b, c)}
}

// Select4 begins a SELECT of four columns, whose rows are a [Tuple4].
func Select4[A, B, C, D any](a Of[A], b Of[B], c Of[C], d Of[D]) SelectOf[Tuple4[A, B, C, D]] {
	return SelectOf[Tuple4[A, B, C, D]]{Select(a, b, c, d)}
}

// Select5 begins a SELECT of five columns, whose rows are a [Tuple5].
func Select5[A, B, C, D, E any](a Of[A], b Of[B], c Of[C], d Of[D], e Of[E]) SelectOf[Tuple5[A, B, C, D, E]] {
	return SelectOf[Tuple5[A, B, C, D, E]]{Select(a, b, c, d, e)}
}

// Select6 begins a SELECT of six columns, whose rows are a [Tuple6].
func Select6[A, B, C, D, E, F any](a Of[A], b Of[B], c Of[C], d Of[D], e Of[E], f Of[F]) SelectOf[Tuple6[A, B, C, D, E, F]] {
	return SelectOf[Tuple6[A, B, C, D, E, F]]{Select(a, b, c, d, e, f)}
}

// Select7 begins a SELECT of seven columns, whose rows are a [Tuple7].
func Select7[A, B, C, D, E, F, G any](a Of[A], b Of[B], c Of[C], d Of[D], e Of[E], f Of[F], g Of[G]) SelectOf[Tuple7[A, B, C, D, E, F, G]] {
	return SelectOf[Tuple7[A, B, C, D, E, F, G]]{Select(a, b, c, d, e, f, g)}
}

// Select8 begins a SELECT of eight columns, whose rows are a [Tuple8].
func Select8[A, B, C, D, E, F, G, H any](a Of[A], b Of[B], c Of[C], d Of[D], e Of[E], f Of[F], g Of[G], h Of[H]) SelectOf[Tuple8[A, B, C, D, E, F, G, H]] {
	return SelectOf[Tuple8[A, B, C, D, E, F, G, H]]{Select(a, b, c, d, e, f, g, h)}
}
