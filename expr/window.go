package expr

import (
	"math"
	"reflect"
)

// RowNumber numbers the rows of a window from 1.
func RowNumber() Expr[int64] { return Func[int64]("row_number") }

// PercentRank is the rank of a row relative to the others of its window, from 0
// to 1.
func PercentRank() Expr[float64] { return Func[float64]("percent_rank") }

// CumeDist is the fraction of the window's rows that come before a row or are
// equal to it in the window's order.
func CumeDist() Expr[float64] { return Func[float64]("cume_dist") }

// Ntile divides the rows of a window into n groups of about the same size,
// numbered from 1.
func Ntile(n int64) Expr[int64] { return Func[int64]("ntile", Value(n)) }

// Lag is the value of e in the row before, in the order of the window; NULL in
// the first.
func Lag[T any](e Of[T]) Expr[T] { return Expr[T]{call("lag", typeOf(e), []Any{e})} }

// LagBy is the value of e in the row n before, and that of otherwise where there is
// none; a nil otherwise is NULL. MariaDB has no otherwise.
func LagBy[T any](e Of[T], n int64, otherwise Of[T]) Expr[T] { return shift("lag", e, n, otherwise) }

// Lead is the value of e in the next row, in the order of the window; NULL in
// the last.
func Lead[T any](e Of[T]) Expr[T] { return Expr[T]{call("lead", typeOf(e), []Any{e})} }

// LeadBy is the value of e in the row n further on; see [LagBy].
func LeadBy[T any](e Of[T], n int64, otherwise Of[T]) Expr[T] {
	return shift("lead", e, n, otherwise)
}

func shift[T any](name string, e Of[T], n int64, otherwise Of[T]) Expr[T] {
	args := []Any{e, Value(n)}
	if otherwise != nil {
		args = append(args, otherwise)
	}
	if n < 0 {
		return Expr[T]{mistake("%s: a distance of %d", name, n)}
	}
	return Expr[T]{call(name, typeOf(e), args)}
}

// FirstValue is the value of e in the first row of the frame.
func FirstValue[T any](e Of[T]) Expr[T] { return Expr[T]{call("first_value", typeOf(e), []Any{e})} }

// LastValue is the value of e in the last row of the frame, which without more
// is the current row.
func LastValue[T any](e Of[T]) Expr[T] { return Expr[T]{call("last_value", typeOf(e), []Any{e})} }

// NthValue is the value of e in row n of the frame, counted from 1. SQL Server
// does not have it.
func NthValue[T any](e Of[T], n int64) Expr[T] {
	return Expr[T]{call("nth_value", typeOf(e), []Any{e, Value(n)})}
}

// Rank numbers the rows of a window, equal ones alike, with gaps.
func Rank() Expr[int64] { return Func[int64]("rank") }

// DenseRank numbers the rows of a window, equal ones alike, without gaps.
func DenseRank() Expr[int64] { return Func[int64]("dense_rank") }

// Window is what a function is computed over: the rows of one partition, in
// an order. The zero Window is all rows. It is immutable.
type Window struct {
	name             string // of the window that it is, or adds to
	partition, order []*node
	frame            frame
}

// WindowNamed is the window that the SELECT gives a name to by
// [SelectStmt.Window]. What is added to it, an order or a frame, must not be
// part of it already.
func WindowNamed(name string) Window { return Window{name: name} }

// Window gives a window a name, by which [WindowNamed] has it:
//
//	w := expr.PartitionBy(Orders.UserID).OrderBy(Orders.PlacedAt)
//	expr.Select(expr.Rank().Over(expr.WindowNamed("w")), expr.SumOf(Orders.Total).Over(expr.WindowNamed("w"))).
//		From(Orders).Window("w", w)
//
// Where a database has no names for windows, the window is written wherever it
// is named.
func (s SelectStmt) Window(name string, w Window) SelectStmt {
	return SelectStmt{s.c.with(item{clause: clauseWindow, n: &node{name: name, ext: &w}})}
}

// PartitionBy returns a window of the rows that agree in the expressions.
func PartitionBy(es ...Any) Window { return Window{}.PartitionBy(es...) }

// PartitionBy returns w with its rows partitioned by the expressions.
func (w Window) PartitionBy(es ...Any) Window {
	w.partition = w.partition[:len(w.partition):len(w.partition)]
	for _, e := range es {
		w.partition = append(w.partition, operand(e))
	}
	return w
}

// OrderBy returns w with its rows ordered.
func (w Window) OrderBy(terms ...Term) Window {
	w.order = w.order[:len(w.order):len(w.order)]
	for _, t := range terms {
		n := termOf(t)
		if n == nil {
			n = mistake("nil operand")
		}
		w.order = append(w.order, n)
	}
	return w
}

// Bound is where the frame of a window begins or ends, see [Window.Rows]. The
// zero Bound is the current row.
type Bound struct {
	n         int64
	unbounded bool
	by        *node // a distance in values
}

// Preceding is n rows (or groups of them) before the current one.
func Preceding(n int64) Bound {
	if n < 0 {
		return Bound{n: badBound}
	}
	return Bound{n: -n}
}

// Following is n rows (or groups of them) after the current one.
func Following(n int64) Bound {
	if n < 0 {
		return Bound{n: badBound}
	}
	return Bound{n: n}
}

// PrecedingBy is a distance in values before the current row, for
// [Window.Range]: a number, an expression, or a time.Duration where rows are
// ordered by a time. Databases that have no such distance refuse it: SQL
// Server, and MariaDB and SQLite in time.
func PrecedingBy(distance any) Bound { return distanceBound(-1, distance) }

// FollowingBy is a distance in values behind the current row; see
// [PrecedingBy].
func FollowingBy(distance any) Bound { return distanceBound(1, distance) }

func distanceBound(n int64, distance any) Bound {
	if e := exprIn(distance); e != nil {
		return Bound{n: n, by: e}
	}
	if distance == nil {
		return Bound{n: n, by: mistake("a frame's distance is nil")}
	}
	d := &node{op: opLiteral, ext: distance}
	switch v := reflect.ValueOf(distance); {
	case v.CanInt() && v.Int() < 0, v.CanFloat() && !(v.Float() >= 0):
		d = mistake("a frame's distance of %v, below zero", distance)
	case v.CanInt() || v.CanUint() || v.CanFloat():
	default:
		d = mistake("a frame's distance is a number, a time.Duration or an expression, not a %T", distance)
	}
	return Bound{n: n, by: d}
}

// CurrentRow is the current row; in a frame of RANGE or GROUPS, with those that
// are equal to it in the window's order.
func CurrentRow() Bound { return Bound{} }

// UnboundedPreceding is the first row of the partition.
func UnboundedPreceding() Bound { return Bound{n: -1, unbounded: true} }

// UnboundedFollowing is the last row of the partition.
func UnboundedFollowing() Bound { return Bound{n: 1, unbounded: true} }

// badBound is a number of rows below zero.
const badBound = math.MinInt64

type frame struct {
	kind     frameKind
	exclude  Exclusion
	from, to Bound
}

// Exclusion is what a frame leaves out, see [Window.Exclude].
type Exclusion uint8

// What a frame leaves out.
const (
	ExcludeNoOthers   Exclusion = iota
	ExcludeCurrentRow           // the row that the function is computed for
	ExcludeGroup                // that row, and those equal to it in the order
	ExcludeTies                 // those equal to it, and not itself
)

var exclusionWords = [...]string{ExcludeCurrentRow: " EXCLUDE CURRENT ROW", ExcludeGroup: " EXCLUDE GROUP", ExcludeTies: " EXCLUDE TIES"}

type frameKind uint8

const (
	noFrame frameKind = iota
	rowsFrame
	rangeFrame
	groupsFrame
)

var frameWords = [...]string{rowsFrame: "ROWS", rangeFrame: "RANGE", groupsFrame: "GROUPS"}

// Rows returns w with the function computed over the rows from one to another,
// counted from the current one: a moving average is
// expr.Avg(x).Over(w.Rows(expr.Preceding(6), expr.CurrentRow())).
func (w Window) Rows(from, to Bound) Window {
	w.frame = frame{rowsFrame, w.frame.exclude, from, to}
	return w
}

// Range is [Window.Rows] where rows that are equal in the window's order count
// as one. Its bounds are the current row, the unbounded ones, and distances in
// values ([PrecedingBy]), for which the window is ordered by one expression.
func (w Window) Range(from, to Bound) Window {
	w.frame = frame{rangeFrame, w.frame.exclude, from, to}
	return w
}

// Groups is [Window.Rows] counted in groups of rows that are equal in the
// window's order. PostgreSQL and SQLite have it, and Oracle from version 21 on.
func (w Window) Groups(from, to Bound) Window {
	w.frame = frame{groupsFrame, w.frame.exclude, from, to}
	return w
}

// Exclude returns w with rows left out of its frame, the one of [Window.Rows],
// [Window.Range] or [Window.Groups]. PostgreSQL and SQLite have it, and Oracle
// from version 21 on.
func (w Window) Exclude(e Exclusion) Window {
	w.frame.exclude = e
	return w
}

// Over computes a function over a window for each row.
func (e Expr[T]) Over(w Window) Expr[T] {
	n := &node{op: opOver, l: e.n, ext: &w}
	if e.n != nil {
		n.typ = e.n.typ
	}
	return Expr[T]{n}
}
