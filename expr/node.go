package expr

import (
	"reflect"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// op says what a node is.
type op uint8

// The kinds of nodes. Binary comparisons come first, in pairs with their
// opposites, so that NOT is a table look-up.
const (
	// Conditions.
	opEq op = iota + 1
	opNe
	opLt
	opLe
	opGt
	opGe
	opLike // flag flagEscape: with ESCAPE
	opNotLike
	opILike
	opNotILike
	opDistinct
	opNotDistinct
	opIsNull
	opIsNotNull
	opIn // ext: *values, or r: a query
	opNotIn
	opBetween // ext: *[2]any
	opNotBetween
	opRegexp // l, and r or ext: the pattern
	opNotRegexp
	opAny // ext: *anyOf
	opNone
	opInParam // ext: *param
	opNotInParam
	opIsTrue // l: a boolean value; never NULL
	opIsNotTrue
	opIsFalse
	opIsNotFalse
	opAlways
	opNever
	opRowCompare // ext: *rowPair, aux: the comparison
	opRowIn      // ext: *rowList, aux: opIn or opNotIn
	opExists
	opNotExists
	opTrue // a boolean value as a condition
	opFalse
	opAnd // ext: []*node
	opOr
	opNot
	opNothing      // expr.When(false, …)
	opTemplateCond // ext: *filled
	opJSONCond     // ext: *jsonPath
	opTextCond     // a text as a condition

	// Values.
	opColumn  // ext: *column
	opRef     // ext: the key of a column that a Resolver knows
	opDefer   // ext: func(Resolver) (Any, error)
	opBind    // ext: the value
	opLiteral // ext: the value
	opNull
	opDefault
	opText // name: the text with holes, ext: []*node
	opName // name: a column of the result by its label
	opLabel
	opAdd
	opSub
	opMul
	opDiv
	opMod
	opNeg
	opConcat   // ext: []*node
	opCall     // name, l, r or ext: []*node; flagDistinct, flagStar
	opCast     // l, typ
	opCase     // ext: *caseData
	opScalar   // ext: query
	opInserted // l: a column
	opOver     // l: a function, ext: *window
	opFilter   // l: an aggregate, r: a condition
	opCustom   // ext: *custom
	opTemplate // ext: *filled
	opExtreme  // name: greatest or least, ext: []*node
	opTryCast  // l, typ
	opJSON     // ext: *jsonPath
	opParam    // ext: *param
	opCollate  // l, name
	opReplace  // ext: []*node, the operands of a regular expression's replacement
	opGroups   // of GROUP BY: ext: [][]*node, aux: groupsKind
	opGrouping // ext: []*node
	opStar     // every column
	opQuant    // r: query; aux: quantAny or quantAll

	// What is no expression by itself.
	opElement // of an array, that is assigned: l a column, r the index
	opOrder   // l, flags
	opSource  // ext: *source
	opQuery   // ext: query
	opHint    // ext: *hint
	opMistake // ext: error
)

// Flags of nodes.
const (
	flagImm        uint8 = 1 << iota // the right operand is the value in ext
	flagEscape                       // LIKE … ESCAPE
	flagDistinct                     // count(DISTINCT …)
	flagStar                         // count(*)
	flagAsc                          // ORDER BY: ASC is written
	flagDesc                         //
	flagNullsFirst                   //
	flagNullsLast                    //
)

// Flags of LIKE: how the value becomes a pattern.
const (
	likePattern uint16 = iota // it is one
	likeStarts
	likeEnds
	likeContains
)

// node is one node of a statement's tree. It is not changed once it has been
// made, so that any number of statements may share it. What an op keeps in
// which field stands with the op.
type node struct {
	op   op
	flag uint8
	aux  uint16
	typ  *dialect.Type // of the value; nil where it is not known
	l, r *node
	name string
	ext  any
}

// values is the list of an IN.
type values struct {
	node
	list []any
	buf  [2]any
}

// Any is any expression: a [Col], an [Expr], a [Cond] or something that was
// given a label. Its methods are unexported: programs make expressions of their
// own with [Template] and [Custom].
type Any interface {
	expr() *node
}

// Of is an expression whose value has type T, whether or not it may be NULL.
type Of[T any] interface {
	Any
	value(T)
}

// Term is what ORDER BY takes: an expression, or one with a direction.
type Term interface {
	term() *node
}

// nodeOf returns e's node; nil for a nil interface and for a zero handle.
func nodeOf(e Any) *node {
	if e == nil {
		return nil
	}
	if v := reflect.ValueOf(e); v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	return e.expr()
}

// termOf is nodeOf for a term of ORDER BY.
func termOf(t Term) *node {
	if t == nil {
		return nil
	}
	if v := reflect.ValueOf(t); v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	return t.term()
}

// mistake makes a node that reports err when its statement is compiled.
func mistake(format string, args ...any) *node {
	return &node{op: opMistake, ext: dialect.Errorf(dialect.ErrStatement, "expr: "+format, args...)}
}

func isMistake(n *node) bool { return n.op == opMistake }

// isCond reports whether n is a condition and not a value.
func (n *node) isCond() bool { return n.op >= opEq && n.op <= opTextCond }

// opposites are the pairs that NOT swaps.
var opposites = [...]op{
	opEq: opNe, opNe: opEq, opLt: opGe, opGe: opLt, opLe: opGt, opGt: opLe,
	opLike: opNotLike, opNotLike: opLike, opILike: opNotILike, opNotILike: opILike,
	opDistinct: opNotDistinct, opNotDistinct: opDistinct, opIsNull: opIsNotNull, opIsNotNull: opIsNull,
	opIn: opNotIn, opNotIn: opIn, opBetween: opNotBetween, opNotBetween: opBetween,
	opRegexp: opNotRegexp, opNotRegexp: opRegexp, opAny: opNone, opNone: opAny,
	opInParam: opNotInParam, opNotInParam: opInParam, opIsTrue: opIsNotTrue, opIsNotTrue: opIsTrue,
	opIsFalse: opIsNotFalse, opIsNotFalse: opIsFalse, opAlways: opNever, opNever: opAlways,
	opExists: opNotExists, opNotExists: opExists, opTrue: opFalse, opFalse: opTrue,
	opTemplateCond: 0, opJSONCond: 0, opTextCond: 0,
}

func (n *node) isComparison() bool { return n.op >= opEq && n.op <= opGe }

// mayQuantify reports whether n is written by the caller and may be an ANY or ALL:
// of a comparison with one the opposite is another.
func (n *node) mayQuantify() bool {
	switch n.op {
	case opCustom:
		return true
	case opCall:
		return quantifies(n.name)
	case opTemplate:
		t := n.ext.(*filled).t
		if t == nil {
			return false
		}
		for _, text := range t.For {
			if quantifies(firstWord(text)) {
				return true
			}
		}
		return quantifies(firstWord(t.Text))
	}
	return false
}

func quantifies(name string) bool {
	return strings.EqualFold(name, "any") || strings.EqualFold(name, "all") || strings.EqualFold(name, "some")
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, "(")
	return strings.TrimSpace(word)
}

// not returns the negation of a condition.
func not(n *node) *node {
	switch {
	case n == nil:
		return mistake("NOT: zero Cond")
	case n.op == opNothing || n.op == opMistake:
		return n
	case n.op == opNot:
		return n.l
	case n.op == opRowCompare || n.op == opRowIn:
		m := *n
		m.aux = uint16(opposites[n.aux])
		return &m
	case n.isComparison() && n.r != nil && n.r.op == opQuant: // what is not true for any is false for all
		m, q := *n, *n.r
		q.aux = quantAny + quantAll - q.aux
		m.op, m.r = opposites[n.op], &q
		return &m
	case (n.isComparison() || n.op >= opLike && n.op <= opNotILike) && n.r != nil && n.r.mayQuantify():
		return &node{op: opNot, l: n}
	case int(n.op) < len(opposites) && opposites[n.op] != 0:
		if v, ok := n.ext.(*values); ok { // the node lies within its values
			w := &values{node: *n, list: v.list}
			w.op, w.ext = opposites[n.op], w
			return &w.node
		}
		m := *n
		m.op = opposites[n.op]
		return &m
	}
	return &node{op: opNot, l: n}
}

// typeFor returns the column type that goes with a Go type; nil where none
// does by itself.
func typeFor[T any]() *dialect.Type {
	switch any((*T)(nil)).(type) {
	case *int64, *int, *uint32:
		return typeBigInt
	case *int32, *uint16:
		return typeInteger
	case *int16, *int8, *uint8:
		return typeSmallInt
	case *float64:
		return typeDouble
	case *float32:
		return typeReal
	case *bool:
		return typeBoolean
	case *string:
		return typeVarchar
	}
	if t, ok := dialect.DecoratedType(reflect.TypeFor[T]()); ok {
		return &t
	}
	if isUUID(reflect.TypeFor[T]()) {
		return typeUUID
	}
	return nil
}

var (
	typeBigInt   = &dialect.Type{Kind: dialect.BigInt}
	typeInteger  = &dialect.Type{Kind: dialect.Integer}
	typeSmallInt = &dialect.Type{Kind: dialect.SmallInt}
	typeDouble   = &dialect.Type{Kind: dialect.Double}
	typeReal     = &dialect.Type{Kind: dialect.Real}
	typeBoolean  = &dialect.Type{Kind: dialect.Boolean}
	typeVarchar  = &dialect.Type{Kind: dialect.Varchar}
)
