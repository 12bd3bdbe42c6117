package pg

import (
	"strconv"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var arrays = family{" of arrays", func(f *dialect.Features) bool { return f.Arrays }, "keep the elements in a table of their own, or as JSON"}

var (
	contains    = arrays.alike("@>")
	containedBy = arrays.alike("<@")
	overlaps    = arrays.alike("&&")
	concat      = arrays.alike("||")
	index       = arrays.template("a subscript", "{0}[{1}]", expr.BindsClosed)
	indexed     = shown(arrays.template("a subscript", "({0})[{1}]", expr.BindsClosed))
	slice       = arrays.template("a slice", "{0}[{1}:{2}]", expr.BindsClosed)
	sliced      = shown(arrays.template("a slice", "({0})[{1}:{2}]", expr.BindsClosed))
	anyOf       = map[bool]string{true: "ANY", false: "ALL"}
	appendTo    = arrays.typed("array_append({0}, {1})")
	prependTo   = arrays.typed("array_prepend({1}, {0})")
	remove      = arrays.typed("array_remove({0}, {1})")
	replace     = arrays.typed("array_replace({0}, {1}, {2})")
	position    = arrays.typed("array_position({0}, {1})")
	cardinality = arrays.typed("cardinality({0})")
	toText      = arrays.typed("array_to_string({0}, {1})")
	unnest      = arrays.typed("unnest({0})")
	arrayAgg    = arrays.typed("array_agg({0})")
	split       = arrays.function("string_to_array({0}, {1})")
	positions   = arrays.typed("array_positions({0}, {1})")
	arrayOf     = &expr.Template{Name: "ARRAY[…]", Text: "ARRAY[{*}]", Precedence: expr.BindsClosed, Has: arrays.has, Instead: arrays.instead, Typed: 1}
	// The element of an array, which is of a type even where a parameter is not.
	fill       = shown(own.Function("array_fill((ARRAY[{0}])[1], ARRAY[CAST({1} AS INTEGER)])", "make the list in the program"))
	trimmed    = shown(own.Function("trim_array({0}, {1})", "use Slice"))
	emptyArray = "'{}'"
)

// ArrayContains holds where a has every element of b.
func ArrayContains[T any](a, b expr.Of[[]T]) expr.Cond { return expr.FillCond(contains, a, b) }

// ArrayContainedBy holds where b has every element of a.
func ArrayContainedBy[T any](a, b expr.Of[[]T]) expr.Cond { return expr.FillCond(containedBy, a, b) }

// ArrayOverlaps holds where a and b have an element in common.
func ArrayOverlaps[T any](a, b expr.Of[[]T]) expr.Cond { return expr.FillCond(overlaps, a, b) }

// ArrayConcat is the elements of a, then those of b.
func ArrayConcat[T any](a, b expr.Of[[]T]) expr.Expr[[]T] { return expr.Fill[[]T](concat, a, b) }

// Array is ARRAY[…] of its elements. With none it is an empty array.
func Array[T any](es ...expr.Of[T]) expr.Expr[[]T] {
	if len(es) == 0 {
		return expr.Fill[[]T](arrays.template("an empty array", emptyArray, expr.BindsClosed))
	}
	args := make([]expr.Any, len(es))
	for i, e := range es {
		args[i] = e
	}
	return expr.Fill[[]T](arrayOf, args...)
}

// Values is [Array] of Go values, each of which is a parameter. To send all of
// them as one parameter, give expr.Value the slice.
func Values[T any](vs ...T) expr.Expr[[]T] {
	es := make([]expr.Of[T], len(vs))
	for i, v := range vs {
		es[i] = expr.Value(v)
	}
	return Array(es...)
}

// Any holds where the comparison of x with at least one element of the array
// holds; op is =, <, LIKE and so on.
func Any[T any](x expr.Of[T], op string, array expr.Of[[]T]) expr.Cond {
	return quantified(x, op, true, array)
}

// All holds where the comparison of x with every element of the array holds; op
// is as for [Any].
func All[T any](x expr.Of[T], op string, array expr.Of[[]T]) expr.Cond {
	return quantified(x, op, false, array)
}

// comparisons are the operators that Any and All take.
var comparisons = map[string]bool{"=": true, "<>": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true,
	"LIKE": true, "NOT LIKE": true, "ILIKE": true, "NOT ILIKE": true, "~": true, "~*": true, "!~": true, "!~*": true}

func quantified[T any](x expr.Of[T], op string, some bool, array expr.Of[[]T]) expr.Cond {
	if !comparisons[op] {
		return expr.OpCond(x, "\x00"+op, array) // which says that it is none
	}
	return expr.FillCond(&expr.Template{Name: anyOf[some] + " of an array", Text: "{1} " + op + " " + anyOf[some] + " ({0})",
		Precedence: expr.BindsAsComparison, Has: arrays.has, Instead: "use In", Alike: true}, array, x)
}

// column reports whether e is a column, which takes a subscript as it is.
func column(e expr.Any) bool {
	_, ok := e.(expr.AnyColumn)
	return ok
}

// Index is the i-th element, counted from 1; NULL where there is none.
func Index[T any](array expr.Of[[]T], i int) expr.Expr[T] {
	return IndexExpr(array, expr.Value(int32(i)))
}

// IndexExpr is [Index] with an expression.
func IndexExpr[T any, N expr.Integer](array expr.Of[[]T], i expr.Of[N]) expr.Expr[T] {
	if column(array) {
		return expr.Fill[T](index, array, i)
	}
	return expr.Fill[T](indexed, array, i)
}

// Slice is the elements from one to another, both included.
func Slice[T any](array expr.Of[[]T], from, to int) expr.Expr[[]T] {
	t := sliced
	if column(array) {
		t = slice
	}
	return expr.Fill[[]T](t, array, expr.Value(int32(from)), expr.Value(int32(to)))
}

// Append is the array with an element after it.
func Append[T any](array expr.Of[[]T], v T) expr.Expr[[]T] {
	return expr.Fill[[]T](appendTo, array, expr.Value(v))
}

// Prepend is the array with an element before it.
func Prepend[T any](v T, array expr.Of[[]T]) expr.Expr[[]T] {
	return expr.Fill[[]T](prependTo, array, expr.Value(v))
}

// Remove is the array without the elements that are v.
func Remove[T any](array expr.Of[[]T], v T) expr.Expr[[]T] {
	return expr.Fill[[]T](remove, array, expr.Value(v))
}

// Replace is the array with new for every element that is old.
func Replace[T any](array expr.Of[[]T], old, new T) expr.Expr[[]T] {
	return expr.Fill[[]T](replace, array, expr.Value(old), expr.Value(new))
}

// Fill is an array of n elements that are all v. A negative n is an error of the
// database's.
func Fill[T any](v T, n int) expr.Expr[[]T] {
	return expr.Fill[[]T](fill, expr.Value(v), expr.Value(int32(n)))
}

// Trim is the array without its last n elements. To ask for more than there are is
// an error of the database's. (PostgreSQL 14.)
func Trim[T any](array expr.Of[[]T], n int) expr.Expr[[]T] {
	return expr.Fill[[]T](trimmed, array, expr.Value(int32(n)))
}

// Position is where v stands first in the array, counted from 1; NULL where it
// does not.
func Position[T any](array expr.Of[[]T], v T) expr.Expr[int64] {
	return expr.Fill[int64](position, array, expr.Value(v))
}

// Cardinality is the number of elements.
func Cardinality[T any](array expr.Of[[]T]) expr.Expr[int64] {
	return expr.Fill[int64](cardinality, array)
}

// ToString joins the elements as texts, without the NULLs.
func ToString[T any](array expr.Of[[]T], separator string) expr.Expr[string] {
	return expr.Fill[string](toText, array, expr.Value(separator))
}

// Split is the parts of a text between delimiters.
func Split(s expr.Of[string], delimiter string) expr.Expr[[]string] {
	return expr.Fill[[]string](split, s, expr.Value(delimiter))
}

// Positions is where v stands in the array, each place, counted from 1.
func Positions[T any](array expr.Of[[]T], v T) expr.Expr[[]int64] {
	return expr.Fill[[]int64](positions, array, expr.Value(v))
}

// ArrayAgg is an array of the values of all rows, NULLs among them.
func ArrayAgg[T any](e expr.Of[T]) expr.Expr[[]T] { return expr.Fill[[]T](arrayAgg, e) }

// Unnest gives the elements of an array as rows for FROM, under an alias, and
// the element as a column:
//
//	tags, tag := pg.Unnest("tag", Docs.Tags)
//	expr.Select(Docs.ID, tag).From(Docs, tags).Where(tag.Ne("b"))
func Unnest[T any](alias string, array expr.Of[[]T]) (expr.Table, expr.Col[T]) {
	return expr.ValueFunc[T](alias, expr.Fill[T](unnest, array))
}

// UnnestWithOrdinality is [Unnest] with the number of the element, from 1, in a
// column called ordinality. The element is in a column of the alias's name.
func UnnestWithOrdinality[T any](alias string, array expr.Of[[]T]) expr.Table {
	return expr.TableFunc(alias, expr.FuncTable{Call: expr.Fill[T](unnest, array),
		Columns: []expr.ColumnDef{{Name: alias, Null: true}}, ColumnList: true, Ordinality: "ordinality"})
}

// GenerateSeries gives the whole numbers from one to another, both included, as
// rows for FROM, under an alias, and the number as a column.
func GenerateSeries(alias string, from, to int64) (expr.Table, expr.Col[int64]) {
	t := arrays.function("generate_series(" + strconv.FormatInt(from, 10) + ", " + strconv.FormatInt(to, 10) + ")")
	return expr.ValueFunc[int64](alias, expr.Fill[int64](t))
}

// SetIndex assigns a value to one element of an array, counted from 1:
//
//	expr.Update(Docs).Set(pg.SetIndex(Docs.Scores, 2, 9))
func SetIndex[T any](array expr.Col[[]T], i int, v T) expr.Assignment {
	return expr.SetElement(array, i, expr.Value(v))
}
