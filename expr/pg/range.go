package pg

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var ranges = family{" of ranges", func(f *dialect.Features) bool { return f.Ranges }, "keep the two ends in columns of their own"}

var (
	rangeContains    = ranges.op("@>")
	rangeContainedBy = ranges.op("<@")
	rangeOverlaps    = ranges.op("&&")
	rangeBefore      = ranges.op("<<")
	rangeAfter       = ranges.op(">>")
	rangeNotAfter    = ranges.op("&<")
	rangeNotBefore   = ranges.op("&>")
	rangeAdjacent    = ranges.op("-|-")
	rangeUnion       = ranges.template("the union of ranges", "{0} + {1}", expr.BindsAsSum)
	rangeMinus       = ranges.template("the difference of ranges", "{0} - {1}", expr.BindsAsSum)
	rangeIntersect   = ranges.template("the intersection of ranges", "{0} * {1}", expr.BindsAsProduct)
	lower            = ranges.function("lower({0})")
	upper            = ranges.function("upper({0})")
	isEmpty          = ranges.function("isempty({0})")
)

// RangeContains holds where r has v in it, which is an element or a range.
func RangeContains(r, v expr.Any) expr.Cond { return expr.FillCond(rangeContains, r, v) }

// RangeContainedBy holds where v, an element or a range, is within r.
func RangeContainedBy(v, r expr.Any) expr.Cond { return expr.FillCond(rangeContainedBy, v, r) }

// RangeOverlaps holds where a and b have something in common.
func RangeOverlaps(a, b expr.Any) expr.Cond { return expr.FillCond(rangeOverlaps, a, b) }

// RangeBefore holds where all of a is before b.
func RangeBefore(a, b expr.Any) expr.Cond { return expr.FillCond(rangeBefore, a, b) }

// RangeAfter holds where all of a is after b.
func RangeAfter(a, b expr.Any) expr.Cond { return expr.FillCond(rangeAfter, a, b) }

// RangeNotAfter holds where a does not reach beyond the end of b.
func RangeNotAfter(a, b expr.Any) expr.Cond { return expr.FillCond(rangeNotAfter, a, b) }

// RangeNotBefore holds where a does not begin before b.
func RangeNotBefore(a, b expr.Any) expr.Cond { return expr.FillCond(rangeNotBefore, a, b) }

// RangeAdjacent holds where one ends where the other begins.
func RangeAdjacent(a, b expr.Any) expr.Cond { return expr.FillCond(rangeAdjacent, a, b) }

// RangeUnion is what is in a or b, which must overlap or be adjacent.
func RangeUnion[T any](a, b expr.Of[T]) expr.Expr[T] { return expr.Fill[T](rangeUnion, a, b) }

// RangeMinus is what is in a and not in b, which must be in one piece.
func RangeMinus[T any](a, b expr.Of[T]) expr.Expr[T] { return expr.Fill[T](rangeMinus, a, b) }

// RangeIntersect is what is in a and in b.
func RangeIntersect[T any](a, b expr.Of[T]) expr.Expr[T] { return expr.Fill[T](rangeIntersect, a, b) }

// Lower is where a range begins; NULL where it has no beginning.
func Lower[T any](r expr.Any) expr.Expr[T] { return expr.Fill[T](lower, r) }

// Upper is where a range ends; NULL where it has no end.
func Upper[T any](r expr.Any) expr.Expr[T] { return expr.Fill[T](upper, r) }

// IsEmpty holds for a range with nothing in it.
func IsEmpty(r expr.Any) expr.Cond { return expr.FillCond(isEmpty, r) }

// Range makes a range of a type of PostgreSQL's: expr "int4range", "tstzrange". The
// bounds are "[)", which is usual, "[]", "(]" or "()".
func Range[T, E any](kind string, from, to expr.Of[E], bounds string) expr.Expr[T] {
	switch bounds {
	case "[)", "[]", "(]", "()":
	default:
		kind = "bounds " + bounds // no name of a function, which is reported
	}
	switch kind {
	case "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange":
	default:
		return expr.Func[T](kind+"?", from, to)
	}
	return expr.Fill[T](ranges.function(kind+"({0}, {1}, '"+bounds+"')"), from, to)
}

var (
	lowerInc   = ranges.function("lower_inc({0})")
	upperInc   = ranges.function("upper_inc({0})")
	lowerInf   = ranges.function("lower_inf({0})")
	upperInf   = ranges.function("upper_inf({0})")
	rangeMerge = ranges.function("range_merge({0}, {1})")
)

// LowerIncluded holds where a range has its lower bound in it.
func LowerIncluded(r expr.Any) expr.Cond { return expr.FillCond(lowerInc, r) }

// UpperIncluded holds where a range has its upper bound in it.
func UpperIncluded(r expr.Any) expr.Cond { return expr.FillCond(upperInc, r) }

// LowerInfinite holds where a range has no beginning.
func LowerInfinite(r expr.Any) expr.Cond { return expr.FillCond(lowerInf, r) }

// UpperInfinite holds where a range has no end.
func UpperInfinite(r expr.Any) expr.Cond { return expr.FillCond(upperInf, r) }

// RangeMerge is the least range that a and b are in, be there a gap between them
// or not.
func RangeMerge[T any](a, b expr.Of[T]) expr.Expr[T] { return expr.Fill[T](rangeMerge, a, b) }

const noRangeAgg = "put the ranges together in the program"

var (
	rangeAgg     = own.Function("range_agg({0})", noRangeAgg)
	intersectAgg = own.Function("range_intersect_agg({0})", noRangeAgg)
)

// RangeAgg is what is in any of the ranges of all rows, a multirange: it may have
// gaps. NULL where there are none. (PostgreSQL 14.)
func RangeAgg(r expr.Any) expr.Expr[any] { return expr.Fill[any](rangeAgg, r) }

// RangeIntersectAgg is what is in the ranges of all rows. NULL where there are
// none. (PostgreSQL 14.)
func RangeIntersectAgg[T any](r expr.Of[T]) expr.Expr[T] { return expr.Fill[T](intersectAgg, r) }
