package expr

import "github.com/sqlayer-go/sqlayer/dialect"

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
	switch list := n.ext.(type) {
	case []*node:
		return list
	case *aggregate:
		return list.args
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

// typeOfAny is the type of the first operand that says more of it than that it is
// a text, as a decimal in Go is; otherwise, what the first one says.
func typeOfAny(ns ...*node) *dialect.Type {
	for _, n := range ns {
		if n != nil && n.typ != nil && n.typ != typeVarchar {
			return n.typ
		}
	}
	if len(ns) > 0 && ns[0] != nil {
		return ns[0].typ
	}
	return nil
}

// Func calls a function of the database by its name. A dialect may have
// another way to say a name that SQLayer knows (Features.Functions); every
// other name is written as it stands, so it must be an identifier, perhaps with
// a schema; there, a part that is a reserved word gets quotes.
func Func[T any](name string, args ...Any) Expr[T] {
	return Expr[T]{call(name, typeFor[T](), args)}
}

// Count is the number of rows where e is not NULL.
func Count(e Any) Expr[int64] {
	n := operand(e)
	c := columnOf(n)
	if c == nil {
		return Expr[int64]{&node{op: opCall, name: "count", typ: typeBigInt, l: n}}
	}
	if c.counted.Load() == nil {
		c.counted.CompareAndSwap(nil, &node{op: opCall, name: "count", typ: typeBigInt, l: n})
	}
	return Expr[int64]{c.counted.Load()}
}

// countOf is the column of which n is the count that is kept, or nil.
func countOf(n *node) *column {
	if c := columnOf(n.l); c != nil && c.counted.Load() == n {
		return c
	}
	return nil
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

// Avg is the mean. Of whole numbers it has four digits behind the point on MySQL
// and MariaDB, and none on SQL Server; a [Cast] to a float has them all.
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
	if len(args) == 1 { // which is not enough for the function on most databases
		return Expr[T]{operand(args[0])}
	}
	n := call("coalesce", nil, args)
	n.typ = typeOfAny(n.args(nil)...)
	return Expr[T]{n}
}

// NullIf is NULL where a = b, and a otherwise.
func NullIf[T any](a, b Of[T]) Expr[T] { return Expr[T]{call("nullif", typeOf(a), []Any{a, b})} }

// Lower is e in lower case; on SQLite, the letters of ASCII alone.
func Lower(e Of[string]) Expr[string] { return Func[string]("lower", e) }

// Upper is e in upper case; on SQLite, the letters of ASCII alone.
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
	if !isNumber[T]() && !isDecimal(n.typ) && !isDecimal(typeOf(b)) {
		n = noNumber[T](n)
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
// By zero it is NULL on SQLite, MySQL and MariaDB and an error elsewhere; divide by
// [NullIf](b, 0) for NULL everywhere.
func Div[T any](a, b Of[T]) Expr[T] {
	e := arith(opDiv, a, b)
	if isWhole[T]() {
		e.n.aux = wholeDiv
	}
	return e
}

const wholeDiv = 1

// Mod is the remainder of a / b; for zero see [Div], but on Oracle it is a.
func Mod[T any](a, b Of[T]) Expr[T] { return arith(opMod, a, b) }

// Neg is -e.
func Neg[T any](e Of[T]) Expr[T] {
	n := &node{op: opNeg, typ: typeOf(e), l: nodeOf(e)}
	if !isNumber[T]() && !isDecimal(n.typ) {
		n = noNumber[T](n)
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
	of    *node // CASE of it WHEN …; nil: the branches have conditions
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
	return Expr[T]{&node{op: opCase, typ: d.typ(typeFor[T]()), ext: &d}}
}

// typ is the type of a CASE, of which Go says no more than t: that of its branches
// where that is nothing, or that it is a text.
func (d *caseData) typ(t *dialect.Type) *dialect.Type {
	if t != nil && t != typeVarchar {
		return t
	}
	for _, b := range d.whens {
		if b.then != nil && b.then.typ != nil && b.then.typ != typeVarchar {
			return b.then.typ
		}
	}
	if d.or != nil && d.or.typ != nil {
		return d.or.typ
	}
	return t
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
