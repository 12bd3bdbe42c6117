package expr

import (
	"reflect"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Expr is an expression with a value of type T. T is the type of the value
// where it is not NULL; whether it may be NULL is a fact of the expression
// and not of its type.
//
// An Expr is immutable, small, and safe to share. The zero Expr is a mistake
// that is reported when the statement is compiled. Its methods take Go values,
// which become parameters; the functions of the same name ([Eq], [Add], …)
// take two expressions of one type.
type Expr[T any] struct{ n *node }

// Col is a column of a table: an Expr that can also be written to. Columns are
// made by package schema, or by [C] from a table that is known at run time.
type Col[T any] struct{ Expr[T] }

// Column is a column whose Go type is not known when the program is compiled.
// It compares with values of any type.
type Column = Col[any]

func (e Expr[T]) expr() *node { return e.n }
func (e Expr[T]) term() *node { return e.n }
func (e Expr[T]) value(T)     {}

// compare makes a comparison with a value.
func (e Expr[T]) compare(o op, v T) Cond {
	return Cond{&node{op: o, flag: flagImm, l: e.n, ext: v}}
}

// Eq is e = v. With a nil value it is a mistake: nothing equals NULL, see
// [Expr.IsNull]. Whether case and blanks at the end count in a text is for the
// column's collation to say (docs/texts.md).
func (e Expr[T]) Eq(v T) Cond { return e.compare(opEq, v) }

// Ne is e != v.
func (e Expr[T]) Ne(v T) Cond { return e.compare(opNe, v) }

// Lt is e < v.
func (e Expr[T]) Lt(v T) Cond { return e.compare(opLt, v) }

// Le is e <= v.
func (e Expr[T]) Le(v T) Cond { return e.compare(opLe, v) }

// Gt is e > v.
func (e Expr[T]) Gt(v T) Cond { return e.compare(opGt, v) }

// Ge is e >= v.
func (e Expr[T]) Ge(v T) Cond { return e.compare(opGe, v) }

// IsDistinctFrom is e != v where NULL is a value like any other.
func (e Expr[T]) IsDistinctFrom(v T) Cond { return e.compare(opDistinct, v) }

// IsNotDistinctFrom is e = v where NULL is a value like any other.
func (e Expr[T]) IsNotDistinctFrom(v T) Cond { return e.compare(opNotDistinct, v) }

// IsNull is e IS NULL.
func (e Expr[T]) IsNull() Cond { return Cond{&node{op: opIsNull, l: e.n}} }

// IsNotNull is e IS NOT NULL.
func (e Expr[T]) IsNotNull() Cond { return Cond{&node{op: opIsNotNull, l: e.n}} }

// In is e IN (vs…). An empty list matches nothing. The values are copied. A
// list that is longer than the database's lists is written in parts, joined by
// OR. One that is longer than a statement may have parameters is one parameter
// on PostgreSQL, as by [Expr.AnyOf], and, as JSON, on SQLite and, for whole
// numbers, on MySQL 8, MariaDB 10.6 and SQL Server 2016 (OPENJSON asks for
// compatibility level 130). Texts would compare by another collation than the
// column's there, and Oracle's limit is for documents too: for these, compiling
// it is an error that names the limit.
func (e Expr[T]) In(vs ...T) Cond { return e.in(opIn, vs) }

// NotIn is e NOT IN (vs…). An empty list matches every row.
func (e Expr[T]) NotIn(vs ...T) Cond { return e.in(opNotIn, vs) }

func (e Expr[T]) in(o op, vs []T) Cond {
	v := &values{node: node{op: o, l: e.n}}
	v.list = v.buf[:0]
	if len(vs) > len(v.buf) {
		v.list = make([]any, 0, len(vs))
	}
	for _, x := range vs {
		v.list = append(v.list, x)
	}
	v.ext = v
	return Cond{&v.node}
}

// Between is e BETWEEN lo AND hi, both included.
func (e Expr[T]) Between(lo, hi T) Cond {
	return Cond{&node{op: opBetween, l: e.n, ext: &[2]any{lo, hi}}}
}

// NotBetween is e NOT BETWEEN lo AND hi.
func (e Expr[T]) NotBetween(lo, hi T) Cond {
	return Cond{&node{op: opNotBetween, l: e.n, ext: &[2]any{lo, hi}}}
}

// Like is e LIKE pattern, where % stands for any characters and _ for one.
// Whether case counts is for the column's collation to say, and a backslash
// escapes on PostgreSQL, MySQL and MariaDB alone (docs/texts.md): [Expr.ILike]
// and [Expr.LikeEscape] mean the same everywhere. On an expression that is no
// text it is a mistake.
func (e Expr[T]) Like(pattern string) Cond { return e.like(opLike, likePattern, pattern) }

// NotLike is e NOT LIKE pattern.
func (e Expr[T]) NotLike(pattern string) Cond { return e.like(opNotLike, likePattern, pattern) }

// ILike is LIKE without regard to case: ILIKE, or LOWER on both sides.
func (e Expr[T]) ILike(pattern string) Cond { return e.like(opILike, likePattern, pattern) }

// NotILike is the opposite of ILike.
func (e Expr[T]) NotILike(pattern string) Cond { return e.like(opNotILike, likePattern, pattern) }

// StartsWith finds texts that begin with s, whose characters stand for
// themselves, also % and _.
func (e Expr[T]) StartsWith(s string) Cond { return e.like(opLike, likeStarts, s) }

// EndsWith finds texts that end in s, whose characters stand for themselves.
func (e Expr[T]) EndsWith(s string) Cond { return e.like(opLike, likeEnds, s) }

// Contains finds texts that hold s, whose characters stand for themselves.
func (e Expr[T]) Contains(s string) Cond { return e.like(opLike, likeContains, s) }

// IStartsWith is StartsWith without regard to case.
func (e Expr[T]) IStartsWith(s string) Cond { return e.like(opILike, likeStarts, s) }

// IEndsWith is EndsWith without regard to case.
func (e Expr[T]) IEndsWith(s string) Cond { return e.like(opILike, likeEnds, s) }

// IContains is Contains without regard to case.
func (e Expr[T]) IContains(s string) Cond { return e.like(opILike, likeContains, s) }

func (e Expr[T]) like(o op, form uint16, s string) Cond {
	n := &node{op: o, flag: flagImm, aux: form, l: e.n, ext: s}
	if form != likePattern {
		n.flag |= flagEscape
	}
	return textCond[T](n)
}

// textCond is a condition on texts, and a mistake where values of type T are none.
func textCond[T any](n *node) Cond {
	if !isText[T]() {
		return Cond{mistake("%s: %s is not text, but %s", n.opName(), describe(n.l), reflect.TypeFor[T]())}
	}
	return Cond{n}
}

// isText reports whether values of type T are text, or may be.
func isText[T any]() bool {
	switch any((*T)(nil)).(type) {
	case *string, *any:
		return true
	case *int64, *int, *bool, *float64:
		return false
	}
	t := reflect.TypeFor[T]()
	switch t.Kind() {
	case reflect.String, reflect.Struct, reflect.Interface: // a struct may be a text of its own (citext, an enum)
		return t != timeType
	}
	return false
}

// Add is e + v.
func (e Expr[T]) Add(v T) Expr[T] { return e.arith(opAdd, v) }

// Sub is e - v.
func (e Expr[T]) Sub(v T) Expr[T] { return e.arith(opSub, v) }

// Mul is e * v.
func (e Expr[T]) Mul(v T) Expr[T] { return e.arith(opMul, v) }

// Div is e / v. Between whole numbers it drops the fraction, on every database.
func (e Expr[T]) Div(v T) Expr[T] { return e.arith(opDiv, v) }

// Mod is the remainder of e / v.
func (e Expr[T]) Mod(v T) Expr[T] { return e.arith(opMod, v) }

func (e Expr[T]) arith(o op, v T) Expr[T] {
	n := &node{op: o, flag: flagImm, l: e.n, ext: v}
	if e.n != nil {
		n.typ = e.n.typ
	}
	if o == opDiv && isWhole[T]() {
		n.aux = wholeDiv
	}
	if !isNumber[T]() && !isDecimal(n.typ) {
		n = noNumber[T](n)
	}
	return Expr[T]{n}
}

// noNumber is the mistake of calculating with values of type T.
func noNumber[T any](n *node) *node {
	t := reflect.TypeFor[T]()
	switch {
	case n.op == opAdd && t.Kind() == reflect.String:
		return mistake("+: %s is not a number, but %s; expr.Concat joins texts", describe(n.l), t)
	case t == timeType:
		return mistake("%s: %s is not a number, but %s; expr.DateAdd and expr.DateDiff calculate with times", n.opName(), describe(n.l), t)
	}
	return mistake("%s: %s is not a number, but %s", n.opName(), describe(n.l), t)
}

// isNumber reports whether one may calculate with values of type T, as far as
// Go's type says it.
func isNumber[T any]() bool {
	switch reflect.TypeFor[T]().Kind() {
	case reflect.String, reflect.Bool, reflect.Slice, reflect.Map:
		return false
	}
	return reflect.TypeFor[T]() != timeType
}

// isDecimal reports whether a type is a decimal, whose values may be texts in Go.
func isDecimal(t *dialect.Type) bool { return t != nil && t.Kind == dialect.Decimal }

// isWhole reports whether T is a type of whole numbers.
func isWhole[T any]() bool {
	k := reflect.TypeFor[T]().Kind()
	return k >= reflect.Int && k <= reflect.Uint64
}

// As gives the expression a label, by which the result's column is known and
// ORDER BY can name it.
func (e Expr[T]) As(label string) Expr[T] { return Expr[T]{&newLabel(e.n, label).node} }

// newLabel makes a label. A column and a count of it nearly always have the same
// one, so that the first is kept with the column.
func newLabel(of *node, label string) *labelNode {
	if of != nil && of.op == opLabel { // one label, the last
		of = of.l
	}
	c := columnOf(of)
	if of != nil && of.op == opCall {
		c = countOf(of)
	}
	if c != nil {
		if n := c.labelled.Load(); n != nil && n.l == of && n.name == label {
			return n
		}
	}
	n := &labelNode{node: node{op: opLabel, l: of, name: label}}
	if of != nil {
		n.typ = of.typ
	}
	n.desc = node{op: opOrder, flag: flagDesc, l: &n.node}
	n.ext = n
	if c != nil && c.labelled.Load() == nil {
		if n.outline = c.about(opLabel); !c.labelled.CompareAndSwap(nil, n) {
			n.outline = 0 // it is another one that is kept
		}
	}
	return n
}

// labelNode is a label, and the order by it that is usual: what counts most
// comes first.
type labelNode struct {
	node
	desc    node
	outline uint64 // as that of a column, of the one that is kept
}

// ordering is the term that orders by n. That of a column or a label is part
// of it.
func ordering(n *node, flag uint8) *node {
	if n != nil && (flag == flagAsc || flag == flagDesc) {
		switch x := n.ext.(type) {
		case *column:
			if n.op == opColumn {
				return &x.order[flag/flagDesc]
			}
		case *labelNode:
			if n.op == opLabel && flag == flagDesc {
				return &x.desc
			}
		}
	}
	return &node{op: opOrder, flag: flag, l: n}
}

// Asc orders by e, with the word ASC.
func (e Expr[T]) Asc() Order { return Order{ordering(e.n, flagAsc)} }

// Desc orders by e, downwards.
func (e Expr[T]) Desc() Order { return Order{ordering(e.n, flagDesc)} }

// NullsFirst orders by e, NULLs before all values.
func (e Expr[T]) NullsFirst() Order { return Order{ordering(e.n, flagNullsFirst)} }

// NullsLast orders by e, NULLs after all values.
func (e Expr[T]) NullsLast() Order { return Order{ordering(e.n, flagNullsLast)} }

// Order is a term of ORDER BY. The zero Order is a mistake.
type Order struct{ n *node }

func (o Order) term() *node { return o.n }

// NullsFirst puts NULLs before all values.
func (o Order) NullsFirst() Order { return o.nulls(flagNullsFirst) }

// NullsLast puts NULLs after all values.
func (o Order) NullsLast() Order { return o.nulls(flagNullsLast) }

func (o Order) nulls(flag uint8) Order {
	if o.n == nil {
		return o
	}
	n := *o.n
	n.flag = n.flag&^(flagNullsFirst|flagNullsLast) | flag
	return Order{&n}
}

// Assignment is a column and the value that INSERT or UPDATE gives it. The
// zero Assignment is a mistake.
type Assignment struct{ col, val *node }

// Set gives the column a value, which becomes a parameter. A nil value of an
// untyped [Column] is NULL.
func (c Col[T]) Set(v T) Assignment {
	n := &node{op: opBind, ext: v}
	if c.n != nil {
		n.typ = c.n.typ
	}
	return Assignment{c.n, n}
}

// SetPtr gives the column the value that v points to, or NULL.
func (c Col[T]) SetPtr(v *T) Assignment {
	if v == nil {
		return c.SetNull()
	}
	return c.Set(*v)
}

// SetNull makes the column NULL.
func (c Col[T]) SetNull() Assignment { return Assignment{c.n, nullNode} }

// SetDefault gives the column its default.
func (c Col[T]) SetDefault() Assignment { return Assignment{c.n, defaultNode} }

// Set gives a column the value of an expression: expr.Set(Users.Name,
// expr.Upper(Users.Name)).
func Set[T any](c Col[T], e Of[T]) Assignment { return Assignment{c.n, nodeOf(e)} }

var (
	nullNode    = &node{op: opNull}
	defaultNode = &node{op: opDefault}
)

// Null is NULL, as an expression of any type.
func Null[T any]() Expr[T] { return Expr[T]{nullNode} }

// Value is a Go value as an expression: a parameter.
func Value[T any](v T) Expr[T] { return Expr[T]{&node{op: opBind, typ: typeFor[T](), ext: v}} }

// ValueOf is a Go value as a parameter of a given type, where the Go type
// alone does not say it: a date, an interval.
func ValueOf[T any](v T, t dialect.Type) Expr[T] {
	return Expr[T]{&node{op: opBind, typ: &t, ext: v}}
}

// Literal is a Go value written into the text, quoted so that it can be
// nothing else. It is for constants of the program; whatever comes from
// outside is a [Value]. A value without a literal form is a mistake.
func Literal[T any](v T) Expr[T] { return Expr[T]{&node{op: opLiteral, typ: typeFor[T](), ext: v}} }

// Name is a column of the statement's own result by its label, for ORDER BY
// of a set operation, and a column of a [TextQuery].
func Name[T any](label string) Expr[T] {
	return Expr[T]{&node{op: opName, name: label, typ: typeFor[T]()}}
}

// Star is every column of a query, in the order of the database: SELECT *. A
// query that is a table names its columns instead; see [Columns].
func Star() Any { return star }

var star = Expr[any]{&node{op: opStar}}

// Typed is an expression with another Go type. The SQL is the same.
func Typed[T any](e Any) Expr[T] { return Expr[T]{nodeOf(e)} }

// Cast is CAST(e AS t). The Go type is the caller's to choose.
//
// A number with a fraction that becomes a whole one is rounded. Of a date, a
// time or a boolean, where the database has no such type, CAST is what has the
// same value. Text that is no number is the database's to judge: an error on
// PostgreSQL, SQL Server and Oracle, the number that it begins with, or 0, on
// SQLite, MySQL and MariaDB; [TryCast] gives NULL on all.
func Cast[T any](e Any, t dialect.Type) Expr[T] {
	return Expr[T]{&node{op: opCast, l: operand(e), typ: &t}}
}

// TryCast is a [Cast] that gives NULL where the value has no form in the type.
// SQL Server, Oracle and PostgreSQL from version 16 on have it for every type.
// Elsewhere the text is looked at first, for whole numbers and decimals, and on
// SQLite for binary numbers and dates too; other types are refused.
// Oracle's whole numbers would be rounded, and be no error however large, so that
// there the type is another.
func TryCast[T any](e Any, t dialect.Type) Expr[T] {
	return Expr[T]{&node{op: opTryCast, l: operand(e), typ: &t}}
}
