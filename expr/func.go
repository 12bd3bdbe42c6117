package expr

import (
	"math"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// call makes a function call.
func call(name string, typ *dialect.Type, args []Any) *node {
	n := &node{op: opCall, name: name, typ: typ}
	switch len(args) {
	case 1:
		n.l = operand(args[0])
	case 2:
		n.l, n.r = operand(args[0]), operand(args[1])
	default:
		list := make([]*node, len(args))
		for i, a := range args {
			list[i] = operand(a)
		}
		n.ext = list
	}
	return n
}

// operand is e's node; a mistake for a nil operand, where nil means that there
// is none.
func operand(e Any) *node {
	if n := nodeOf(e); n != nil {
		return n
	}
	return mistake("nil operand")
}

// args returns the operands of a call.
func (n *node) args(buf []*node) []*node {
	if list, ok := n.ext.([]*node); ok {
		return list
	}
	if n.l != nil {
		buf = append(buf, n.l)
	}
	if n.r != nil {
		buf = append(buf, n.r)
	}
	return buf
}

func typeOf(e Any) *dialect.Type {
	if n := nodeOf(e); n != nil {
		return n.typ
	}
	return nil
}

// Func calls a function of the database by its name. A dialect may have
// another way to say a name that SQLayer knows (Features.Functions); every
// other name is written as it stands, so it must be an identifier, perhaps with
// a schema.
func Func[T any](name string, args ...Any) Expr[T] {
	return Expr[T]{call(name, typeFor[T](), args)}
}

// Count is the number of rows where e is not NULL.
func Count(e Any) Expr[int64] {
	return Expr[int64]{&node{op: opCall, name: "count", typ: typeBigInt, l: operand(e)}}
}

// CountDistinct is the number of different values of e, without NULL.
func CountDistinct(e Any) Expr[int64] {
	return Expr[int64]{&node{op: opCall, flag: flagDistinct, name: "count", typ: typeBigInt, l: operand(e)}}
}

// CountAll is count(*), the number of rows.
func CountAll() Expr[int64] { return countAll }

var countAll = Expr[int64]{&node{op: opCall, flag: flagStar, name: "count", typ: typeBigInt}}

// Integer is the whole numbers of Go.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// Sum is the sum of whole numbers, as an int64: NULL where there are none.
// For other numbers see [SumOf].
func Sum[T Integer](e Of[T]) Expr[int64] {
	return Expr[int64]{&node{op: opCall, name: "sum", typ: typeBigInt, l: operand(e)}}
}

// SumOf is the sum of numbers of any type, in that type: decimals, floats, an
// untyped column.
func SumOf[T any](e Of[T]) Expr[T] {
	return Expr[T]{&node{op: opCall, name: "sum", typ: typeOf(e), l: operand(e)}}
}

// Avg is the mean. On SQL Server, the mean of whole numbers is a whole number.
func Avg(e Any) Expr[float64] {
	return Expr[float64]{&node{op: opCall, name: "avg", l: operand(e)}}
}

// Min is the least value.
func Min[T any](e Of[T]) Expr[T] {
	return Expr[T]{&node{op: opCall, name: "min", typ: typeOf(e), l: operand(e)}}
}

// Max is the greatest value.
func Max[T any](e Of[T]) Expr[T] {
	return Expr[T]{&node{op: opCall, name: "max", typ: typeOf(e), l: operand(e)}}
}

// Coalesce is the first of its operands that is not NULL.
func Coalesce[T any](es ...Of[T]) Expr[T] {
	if len(es) == 0 {
		return Expr[T]{mistake("COALESCE of nothing")}
	}
	args := make([]Any, len(es))
	for i, e := range es {
		args[i] = e
	}
	return Expr[T]{call("coalesce", typeOf(es[0]), args)}
}

// NullIf is NULL where a = b, and a otherwise.
func NullIf[T any](a, b Of[T]) Expr[T] { return Expr[T]{call("nullif", typeOf(a), []Any{a, b})} }

// Lower is e in lower case.
func Lower(e Of[string]) Expr[string] { return Func[string]("lower", e) }

// Upper is e in upper case.
func Upper(e Of[string]) Expr[string] { return Func[string]("upper", e) }

// Length is the number of characters in e.
func Length(e Of[string]) Expr[int64] { return Func[int64]("length", e) }

// Trim is e without spaces at its ends.
func Trim(e Of[string]) Expr[string] { return Func[string]("trim", e) }

// Abs is e without its sign.
func Abs[T any](e Of[T]) Expr[T] { return Expr[T]{call("abs", typeOf(e), []Any{e})} }

// Now is the time of the transaction or of the statement, as the database has
// it.
func Now() Expr[any] { return now }

var now = Expr[any]{&node{op: opCall, name: "now", typ: &dialect.Type{Kind: dialect.TimestampTZ}}}

// Concat joins texts. Operands that are no texts are converted as the database
// does it.
func Concat(es ...Any) Expr[string] {
	if len(es) == 0 {
		return Expr[string]{mistake("|| of nothing")}
	}
	var parts []*node
	for _, e := range es {
		n := operand(e)
		if n.op == opConcat {
			parts = append(parts, n.ext.([]*node)...)
			continue
		}
		parts = append(parts, n)
	}
	return Expr[string]{&node{op: opConcat, typ: typeVarchar, ext: parts}}
}

func arith[T any](o op, a, b Of[T]) Expr[T] {
	n := binary(o, a, b)
	n.typ = typeOf(a)
	if !isNumber[T]() {
		n = mistake("%s: %s is not a number", n.opName(), describe(n.l))
	}
	return Expr[T]{n}
}

// Add is a + b.
func Add[T any](a, b Of[T]) Expr[T] { return arith(opAdd, a, b) }

// Sub is a - b.
func Sub[T any](a, b Of[T]) Expr[T] { return arith(opSub, a, b) }

// Mul is a * b.
func Mul[T any](a, b Of[T]) Expr[T] { return arith(opMul, a, b) }

// Div is a / b. Between whole numbers it drops the fraction, on every database.
func Div[T any](a, b Of[T]) Expr[T] {
	e := arith(opDiv, a, b)
	if isWhole[T]() {
		e.n.aux = wholeDiv
	}
	return e
}

const wholeDiv = 1

// Mod is the remainder of a / b.
func Mod[T any](a, b Of[T]) Expr[T] { return arith(opMod, a, b) }

// Neg is -e.
func Neg[T any](e Of[T]) Expr[T] {
	return Expr[T]{&node{op: opNeg, typ: typeOf(e), l: nodeOf(e)}}
}

// RowNumber numbers the rows of a window from 1.
func RowNumber() Expr[int64] { return Func[int64]("row_number") }

// Rank numbers the rows of a window, equal ones alike, with gaps.
func Rank() Expr[int64] { return Func[int64]("rank") }

// DenseRank numbers the rows of a window, equal ones alike, without gaps.
func DenseRank() Expr[int64] { return Func[int64]("dense_rank") }

// Window is what a function is computed over: the rows of one partition, in
// an order. The zero Window is all rows. It is immutable.
type Window struct {
	partition, order []*node
	frame            frame
}

// PartitionBy returns a window of the rows that agree in the expressions.
func PartitionBy(es ...Any) Window { return Window{}.PartitionBy(es...) }

// PartitionBy returns w with its rows parted by the expressions.
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
	from, to Bound
}

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
	w.frame = frame{rowsFrame, from, to}
	return w
}

// Range is [Window.Rows] where rows that are equal in the window's order count
// as one. Its bounds are the current row and the unbounded ones; a distance in
// values is not to be had on all databases, and takes [Text].
func (w Window) Range(from, to Bound) Window {
	w.frame = frame{rangeFrame, from, to}
	return w
}

// Groups is [Window.Rows] counted in groups of rows that are equal in the
// window's order. PostgreSQL and SQLite have it, and Oracle from version 21 on.
func (w Window) Groups(from, to Bound) Window {
	w.frame = frame{groupsFrame, from, to}
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

// Filter makes an aggregate take only the rows that meet the condition. Where
// a database has no FILTER clause, it is a CASE within the aggregate.
func (e Expr[T]) Filter(cond Cond) Expr[T] {
	n := &node{op: opFilter, l: e.n, r: cond.n}
	if e.n != nil {
		n.typ = e.n.typ
	}
	return Expr[T]{n}
}

// caseData are the branches of a CASE.
type caseData struct {
	whens []branch
	or    *node // ELSE
}

type branch struct{ cond, then *node }

// CaseExpr is a CASE under construction; each method returns a new one. End
// makes it an expression.
type CaseExpr[T any] struct{ d caseData }

// Case begins a CASE whose branches have values of type T:
//
//	expr.Case[string]().When(Users.Age.Lt(18), "minor").Else("adult").End()
func Case[T any]() CaseExpr[T] { return CaseExpr[T]{} }

// When adds a branch that gives a Go value, which becomes a parameter.
func (c CaseExpr[T]) When(cond Cond, v T) CaseExpr[T] { return c.WhenExpr(cond, Value(v)) }

// WhenExpr adds a branch that gives an expression.
func (c CaseExpr[T]) WhenExpr(cond Cond, e Of[T]) CaseExpr[T] {
	w := c.d.whens
	c.d.whens = append(w[:len(w):len(w)], branch{cond.n, nodeOf(e)})
	return c
}

// Else says what the CASE gives when no branch does; otherwise it is NULL.
func (c CaseExpr[T]) Else(v T) CaseExpr[T] { return c.ElseExpr(Value(v)) }

// ElseExpr is Else with an expression.
func (c CaseExpr[T]) ElseExpr(e Of[T]) CaseExpr[T] {
	c.d.or = operand(e)
	return c
}

// End is the CASE as an expression.
func (c CaseExpr[T]) End() Expr[T] {
	d := c.d
	return Expr[T]{&node{op: opCase, typ: typeFor[T](), ext: &d}}
}

// Inserted is, in an upsert's DoUpdate, the value that the row would have been
// inserted with: excluded.name, VALUES(name), or the source row of a MERGE.
func Inserted[T any](c Col[T]) Expr[T] {
	n := &node{op: opInserted, l: c.n}
	if c.n != nil {
		n.typ = c.n.typ
	}
	return Expr[T]{n}
}
