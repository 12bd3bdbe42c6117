package expr

import (
	"fmt"
	"strings"
)

// opNames are the words for ops in messages, and the operators themselves.
var opNames = [...]string{
	opEq: "=", opNe: "!=", opLt: "<", opLe: "<=", opGt: ">", opGe: ">=",
	opLike: "LIKE", opNotLike: "NOT LIKE", opILike: "ILIKE", opNotILike: "NOT ILIKE",
	opDistinct: "IS DISTINCT FROM", opNotDistinct: "IS NOT DISTINCT FROM",
	opIsNull: "IS NULL", opIsNotNull: "IS NOT NULL", opIn: "IN", opNotIn: "NOT IN",
	opRegexp: "matches", opNotRegexp: "does not match", opAny: "= ANY", opNone: "!= ALL", opInParam: "IN", opNotInParam: "NOT IN",
	opIsTrue: "IS TRUE", opIsNotTrue: "IS NOT TRUE", opIsFalse: "IS FALSE", opIsNotFalse: "IS NOT FALSE",
	opAlways: "TRUE", opNever: "FALSE", opCollate: "COLLATE", opReplace: "RegexpReplace", opGroups: "GROUPING SETS", opGrouping: "GROUPING",
	opBetween: "BETWEEN", opNotBetween: "NOT BETWEEN", opExists: "EXISTS", opNotExists: "NOT EXISTS",
	opTrue: "is true", opFalse: "is false", opAnd: "AND", opOr: "OR", opNot: "NOT",
	opAdd: "+", opSub: "-", opMul: "*", opDiv: "/", opMod: "%", opNeg: "-", opConcat: "||",
	opCast: "CAST", opCase: "CASE", opScalar: "subquery", opInserted: "Inserted", opOver: "OVER", opFilter: "FILTER", opTryCast: "TRY_CAST",
	opOrder: "ORDER BY", opLabel: "AS",
}

// opName is the op in words; StartsWith and its like by their own names.
func (n *node) opName() string {
	switch n.aux {
	case likeStarts:
		if n.op == opLike {
			return "StartsWith"
		} else if n.op == opILike {
			return "IStartsWith"
		}
	case likeEnds:
		if n.op == opLike {
			return "EndsWith"
		} else if n.op == opILike {
			return "IEndsWith"
		}
	case likeContains:
		if n.op == opLike {
			return "Contains"
		} else if n.op == opILike {
			return "IContains"
		}
	}
	if int(n.op) < len(opNames) && opNames[n.op] != "" {
		return opNames[n.op]
	}
	return "expression"
}

// describe says what n is, for messages: short, and without any value.
func describe(n *node) string {
	var b strings.Builder
	n.describe(&b, 3)
	return b.String()
}

func (n *node) describe(b *strings.Builder, depth int) {
	if n == nil {
		b.WriteString("nil")
		return
	}
	if depth == 0 {
		b.WriteString("…")
		return
	}
	operand := func(o *node) { o.describe(b, depth-1) }
	switch n.op {
	case opColumn:
		c := n.ext.(*column)
		b.WriteString(c.src.label() + "." + c.name)
	case opBind, opLiteral:
		b.WriteByte('?')
	case opNull:
		b.WriteString("NULL")
	case opDefault:
		b.WriteString("DEFAULT")
	case opText, opTextCond:
		fmt.Fprintf(b, "text %q", n.name)
	case opName:
		b.WriteString(n.name)
	case opLabel:
		operand(n.l)
		b.WriteString(" AS " + n.name)
	case opTemplate, opTemplateCond, opExtreme:
		b.WriteString(n.name)
	case opJSON, opJSONCond:
		b.WriteString("a path in JSON")
	case opCall, opCustom:
		b.WriteString(n.name + "(")
		if n.flag&flagStar != 0 && n.op == opCall {
			b.WriteString("*")
		}
		if n.l != nil {
			operand(n.l)
		}
		b.WriteString(")")
	case opParam:
		b.WriteString("parameter " + n.ext.(*param).name)
	case opCollate:
		operand(n.l)
		b.WriteString(" COLLATE " + n.name)
	case opAlways, opNever, opGroups, opGrouping, opReplace:
		b.WriteString(n.opName())
	case opRowCompare:
		b.WriteString("(…) " + opNames[n.aux] + " (…)")
	case opRowIn:
		b.WriteString("(…) " + opNames[n.aux] + " (…)")
	case opRef:
		fmt.Fprintf(b, "reference (%T)", n.ext)
	case opOrder, opOver, opFilter:
		operand(n.l)
	case opExists, opNotExists, opScalar, opCase, opCast, opTryCast, opInserted:
		b.WriteString(n.opName() + "(…)")
	case opMistake:
		b.WriteString("a mistake")
	case opAnd, opOr, opConcat:
		list := n.ext.([]*node)
		for i, o := range list {
			if i > 0 {
				b.WriteString(" " + n.opName() + " ")
			}
			o.describe(b, depth-1)
		}
	case opNot, opNeg:
		b.WriteString(n.opName() + " ")
		operand(n.l)
	case opIsNull, opIsNotNull, opTrue, opFalse, opIsTrue, opIsNotTrue, opIsFalse, opIsNotFalse:
		operand(n.l)
		b.WriteString(" " + n.opName())
	default:
		if n.l == nil && n.r == nil && n.ext == nil {
			b.WriteString("nil " + n.opName())
			return
		}
		operand(n.l)
		b.WriteString(" " + n.opName() + " ")
		if n.r != nil || n.flag&flagImm == 0 && n.ext == nil {
			operand(n.r)
		} else {
			b.WriteByte('?')
		}
	}
}
