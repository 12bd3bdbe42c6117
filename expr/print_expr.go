package expr

import (
	"math"
	"reflect"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// How tightly operators bind, from the loosest. Databases differ in the middle
// of the table (|| above all), so what they disagree about gets parentheses.
const (
	precLow = iota
	precOr
	precAnd
	precNot
	precCmp
	precConcat
	precAdd
	precMul
	precNeg
	precAtom
)

var opPrec = [...]uint8{
	opEq: precCmp, opNe: precCmp, opLt: precCmp, opLe: precCmp, opGt: precCmp, opGe: precCmp,
	opLike: precCmp, opNotLike: precCmp, opILike: precCmp, opNotILike: precCmp,
	opDistinct: precCmp, opNotDistinct: precCmp, opIsNull: precCmp, opIsNotNull: precCmp,
	opIn: precCmp, opNotIn: precCmp, opBetween: precCmp, opNotBetween: precCmp,
	opRegexp: precCmp, opNotRegexp: precCmp, opAny: precCmp, opNone: precCmp, opInParam: precCmp, opNotInParam: precCmp,
	opParam: precAtom, opCollate: precAtom, opReplace: precAtom, opGrouping: precAtom,
	opExists: precAtom, opNotExists: precNot, opTrue: precCmp, opFalse: precNot,
	opAnd: precAnd, opOr: precOr, opNot: precNot, opTextCond: precLow,
	opColumn: precAtom, opBind: precAtom, opLiteral: precAtom, opNull: precAtom, opDefault: precAtom,
	opText: precLow, opName: precAtom, opAdd: precAdd, opSub: precAdd, opMul: precMul, opDiv: precMul, opMod: precMul,
	opNeg: precNeg, opConcat: precConcat, opCall: precAtom, opCast: precAtom, opCase: precAtom, opScalar: precAtom,
	opInserted: precAtom, opOver: precAtom, opFilter: precAtom, opCustom: precAtom, opTemplate: precLow, opTemplateCond: precLow, opJSONCond: precCmp, opExtreme: precAtom, opTryCast: precAtom, opJSON: precConcat,
	opStar: precAtom, opQuant: precAtom, opMistake: precAtom, opNothing: precAtom, opSource: precAtom,
}

// maxNest bounds how deep expressions go, so that none overflows the stack.
const maxNest = 10_000

// expr writes n as a value. around is how tightly what stands around it binds.
func (p *printer) expr(n *node, around int) {
	if n != nil && n.op == opColumn {
		p.column(n.ext.(*column))
		return
	}
	if n = p.settle(n); n == nil {
		p.fail("nil operand%s", p.held())
		return
	}
	if n.isCond() {
		p.condAsValue(n, around)
		return
	}
	if p.nest++; p.nest > maxNest {
		if p.nest == maxNest+1 {
			p.fail("expressions are nested more than %d deep", maxNest)
		}
		p.nest--
		return
	}
	before, holder := p.w.Mistakes(), p.holder
	p.holder = n
	p.value(n, around)
	p.holder = holder
	if p.w.Mistakes() != before {
		p.examine(n)
	}
	p.nest--
}

// held names the expression that a missing operand is missing in.
func (p *printer) held() string {
	if p.holder == nil {
		return ""
	}
	return " in " + describe(p.holder)
}

func (p *printer) value(n *node, around int) {
	switch n.op {
	case opColumn:
		p.column(n.ext.(*column))
	case opBind:
		if e := exprIn(n.ext); e != nil {
			p.expr(e, around)
			return
		}
		p.bind(n, n.ext, n.typ)
	case opLiteral:
		p.literal(n, around)
	case opNull:
		p.str("NULL")
	case opDefault:
		p.fail("DEFAULT stands only in SET and VALUES")
	case opName:
		p.w.Ident(n.name)
	case opLabel:
		p.expr(n.l, around)
	case opStar:
		p.fail("* stands for columns in Select alone")
	case opQuant:
		p.fail("%s (query) stands at the right of a comparison alone: expr.Gt(x, expr.AnyRow(query))", quantWords[n.aux])
	case opText:
		p.text(n, around)
	case opAdd, opSub, opMul:
		p.infix(n, opNames[n.op], int(opPrec[n.op]), around)
	case opDiv:
		p.operator(n, p.division(n), precMul, around)
	case opMod:
		p.operator(n, p.remainder(n), precMul, around)
	case opNeg:
		open := p.open(precNeg, around)
		p.str("-")
		p.typed(n.l, precAtom)
		p.close(open)
	case opConcat:
		p.concat(n, around)
	case opCall:
		p.plainCall(n)
	case opCast:
		p.cast(n)
	case opTryCast:
		p.tryCast(n)
	case opTemplate:
		p.filled(n, around)
	case opExtreme:
		p.extreme(n, around)
	case opJSON:
		p.json(n, around)
	case opCase:
		p.caseOf(n.ext.(*caseData))
	case opScalar:
		p.subquery(n.r, 1, scalarSubquery)
	case opInserted:
		p.inserted(n)
	case opOver:
		p.over(n)
	case opFilter:
		p.filter(n)
	case opCustom:
		c := n.ext.(*custom)
		open := p.open(precLow, around)
		start := p.w.Len()
		c.print(p.w, func(i int) {
			if i < 0 || i >= len(c.children) {
				p.fail("%s has no child %d", n.name, i)
				return
			}
			p.expr(c.children[i], precCmp)
		})
		p.custom(start)
		p.close(open)
	case opParam:
		p.param(n)
	case opCollate:
		p.collate(n)
	case opReplace:
		p.regexpReplace(n)
	case opGrouping:
		p.grouping(n)
	case opMistake:
		p.mistake(n)
	case opOrder:
		p.fail("a direction (Asc, Desc) stands only in ORDER BY: %s", describe(n))
	default:
		p.fail("%s is not a value", describe(n))
	}
}

// ordered writes a value that is compared or sorted: decimals that are stored
// as text become numbers.
func (p *printer) ordered(n *node, around int) {
	if p.f.DecimalNumber == "" {
		p.expr(n, around)
		return
	}
	n = p.settle(n)
	if !p.textDecimal(n) {
		p.expr(n, around)
		return
	}
	p.w.Template(p.f.DecimalNumber, func(int) { p.expr(n, precLow) })
}

// textDecimal reports whether n is a decimal that the database has as text.
func (p *printer) textDecimal(n *node) bool {
	return p.f.DecimalNumber != "" && n != nil && p.decimalOf(n) && storedText(n)
}

// storedText reports whether a decimal comes as it is stored, and not out of
// a calculation.
func storedText(n *node) bool {
	switch n.op {
	case opColumn, opInserted, opScalar, opExtreme, opCase, opName:
		return true
	case opOver, opLabel:
		return n.l != nil && storedText(n.l)
	case opCall:
		switch n.name {
		case "sum", "avg", "min", "max", "abs":
			return false
		}
		return true
	}
	return false
}

// mistake reports a mistake that was made while the statement was composed.
func (p *printer) mistake(n *node) {
	err := n.ext.(error)
	p.w.Fail(dialect.Errorf(dialect.ErrStatement, "%w", p.Place(stripped{err, strings.TrimPrefix(err.Error(), "expr: ")})))
}

// stripped is an error under a shorter text.
type stripped struct {
	error
	text string
}

func (s stripped) Error() string { return s.text }
func (s stripped) Unwrap() error { return s.error }

// open writes a parenthesis if what has precedence prec stands in something
// that binds as tightly or more.
func (p *printer) open(prec, around int) bool {
	if prec >= around {
		return false
	}
	p.w.WriteByte('(')
	return true
}

func (p *printer) close(open bool) {
	if open {
		p.w.WriteByte(')')
	}
}

// right writes the right operand of a binary node.
func (p *printer) right(n, left *node, around int) {
	t := p.kindOf(left)
	if n.flag&flagImm == 0 {
		p.orderedBeside(n.r, left, t, around)
		return
	}
	if e := exprIn(n.ext); e != nil {
		p.orderedBeside(e, left, t, around)
		return
	}
	p.compared(left, t, n.ext, func() { p.bind(n, n.ext, t) })
}

// rightNode is the expression that is the right operand of a binary node; nil
// where that is a value.
func rightNode(n *node) *node {
	if n.flag&flagImm == 0 {
		return n.r
	}
	return exprIn(n.ext)
}

// calculated writes the right operand of a binary node that calculates.
func (p *printer) calculated(n, left *node, around int) {
	t := p.kindOf(left)
	if r := rightNode(n); r != nil || n.flag&flagImm == 0 {
		p.beside(r, t, around)
		return
	}
	p.exact(n.ext, t, func() { p.bind(n, n.ext, t) })
}

// calculatedLeft writes the left operand of a binary node that calculates.
func (p *printer) calculatedLeft(n, left *node, around int) {
	switch {
	case p.untyped(n, left):
		p.typed(left, around)
	case p.unsaid(left) || p.decimalValue(left):
		p.beside(left, p.kindOf(rightNode(n)), around)
	default:
		p.expr(left, around)
	}
}

// exprIn returns the node of an expression that was given as a value of an
// untyped column; nil for an ordinary value.
func exprIn(v any) *node {
	switch v := v.(type) {
	case nil, string, int64, int, int32, bool, float64, []byte:
		return nil
	case Any:
		return operand(v)
	case Query:
		return &node{op: opScalar, r: queryNode(v)}
	}
	return nil
}

// infix writes l op r, left-associative.
func (p *printer) infix(n *node, op string, prec, around int) {
	open := p.open(prec, around)
	left := p.settle(n.l)
	p.calculatedLeft(n, left, prec)
	p.str(" ")
	p.str(op)
	p.str(" ")
	p.calculated(n, left, prec+1)
	p.close(open)
}

// operator writes an operator that a dialect may say otherwise.
func (p *printer) operator(n *node, op string, prec, around int) {
	t, ok := p.f.Operators[op]
	if !ok {
		if op == "div" {
			op = "/"
		}
		p.infix(n, op, prec, around)
		return
	}
	if t == "" {
		p.unsupported("the operator "+op, "")
		return
	}
	left := p.settle(n.l)
	p.template(t, prec, around, func(hole, around int) {
		if hole != 0 {
			p.calculated(n, left, around)
			return
		}
		p.calculatedLeft(n, left, around)
	})
}

// template writes a dialect's way to say an operator. One that begins or ends with an
// operand is infix, and its operands and itself need parentheses by prec; any other
// is closed by itself.
func (p *printer) template(t string, prec, around int, part func(hole, around int)) {
	inner := p.holeContext(t)
	open := false
	if strings.HasPrefix(t, "{") || strings.HasSuffix(t, "}") {
		inner = prec + 1
		open = p.open(prec, around)
	}
	p.w.Template(t, func(hole int) { part(hole, inner) })
	p.close(open)
}

func (p *printer) literal(n *node, around int) {
	negative := false
	switch v := reflect.ValueOf(n.ext); {
	case v.CanInt():
		negative = v.Int() < 0
	case v.CanFloat():
		negative = math.Signbit(v.Float())
	}
	open := negative && p.open(precNeg, around)
	p.w.Literal(n.ext, n.typ)
	p.close(open)
}

// text writes a raw text with its holes filled.
func (p *printer) text(n *node, around int) {
	prec := precLow
	switch {
	case plainText(n.name):
		prec = precAtom
	case n.op == opTextCond && around <= precAnd && wholeText(n.name):
		prec = precAnd
	}
	open := p.open(prec, around)
	p.fill(n)
	p.close(open)
}

// fill writes a raw text with its holes or names filled.
func (p *printer) fill(n *node) {
	p.leaves(n.name)
	if named, ok := n.ext.(dialect.Named); ok {
		for name, v := range named {
			if _, ok := v.(Any); ok {
				p.fail("text %q: :%s is an expression, which goes into a hole {0}", n.name, name)
				return
			}
		}
		p.w.NamedText(n.name, named)
		return
	}
	list, _ := n.ext.([]*node)
	p.w.Template(n.name, func(hole int) {
		if hole == dialect.AllParts {
			p.list(list)
			return
		}
		inner := precAtom // whatever stands around the hole
		p.expr(list[hole], inner)
	})
}

// leaves marks the session where a raw text calls a function that leaves
// something on it.
func (p *printer) leaves(text string) {
	if p.f.Lexical.Leaves(text) {
		p.c.Session = true
	}
}

// custom does so for what a custom node has written from start on.
func (p *printer) custom(start int) {
	if len(p.f.Lexical.SessionCalls) == 0 || p.c.Session {
		return
	}
	text := p.w.Cut(start)
	p.leaves(text)
	p.str(text)
}

// wholeText reports whether a text holds together beside an AND: it has nothing
// that binds less, no comment and no quote that could hide one.
func wholeText(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '|', '^', '&', '-', '/', '#', ';', '\'', '"', '`', '[', '(', ')', '\\', '\n', '\r', '$':
			return false
		}
	}
	open := 0 // BETWEEN without its AND
	for _, word := range strings.Fields(s) {
		switch strings.ToUpper(word) {
		case "OR", "XOR":
			return false
		case "BETWEEN":
			open++
		case "AND":
			open--
		}
	}
	return open == 0
}

// plainText reports whether a text is a name, so that it needs no parentheses.
func plainText(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.') {
			return false
		}
	}
	return true
}

// list writes expressions separated by commas.
func (p *printer) list(ns []*node) {
	for i, n := range ns {
		if i > 0 {
			p.str(", ")
		}
		p.expr(n, precLow)
	}
}

func (p *printer) concat(n *node, around int) {
	parts := n.ext.([]*node)
	t, ok := p.f.Operators["||"]
	switch {
	case !ok || t == "{0} || {1}":
		open := p.open(precCmp, around)
		for i, part := range parts {
			if i > 0 {
				p.str(" || ")
			}
			p.expr(part, precAtom)
		}
		p.close(open)
	case strings.Contains(t, "{*}"):
		p.w.Template(t, func(int) { p.list(parts) })
	default:
		p.concatWith(t, parts, around)
	}
}

// concatWith joins the parts from the left by a template for two.
func (p *printer) concatWith(t string, parts []*node, around int) {
	last := len(parts) - 1
	if last == 0 {
		p.expr(parts[0], around)
		return
	}
	left, right := parts[:last], parts[last]
	if strings.HasPrefix(t, "{0}") { // infix
		open := p.open(precCmp, around)
		p.w.Template(t, func(hole int) {
			if hole == 0 {
				p.concatWith(t, left, precCmp)
			} else {
				p.expr(right, precAtom)
			}
		})
		p.close(open)
		return
	}
	if name, ok := strings.CutSuffix(t, "({0}, {1})"); ok && !strings.ContainsAny(name, "{(") && last > 1 && strings.EqualFold(name, "concat") {
		p.str(name + "(")
		p.list(parts)
		p.str(")")
		return
	}
	p.w.Template(t, func(hole int) {
		if hole == 0 {
			p.concatWith(t, left, precLow)
		} else {
			p.expr(right, precLow)
		}
	})
}

// inserted writes the value that the row of an upsert was to have.
func (p *printer) inserted(n *node) {
	c := p.columnOf(n.l, "Inserted")
	if c == nil {
		return
	}
	if p.clause != "DO UPDATE" || p.f.InsertedRow == "" {
		p.fail("Inserted stands only in DoUpdate")
		return
	}
	t := p.f.InsertedRow
	if p.f.UpsertAlias != "" && p.alias == "" {
		t = "VALUES({0})" // as before rows had names
	}
	if strings.Contains(t, "{0}") {
		p.w.Template(t, func(int) { p.ident(c) })
		return
	}
	p.str(p.f.InsertedRow)
	p.str(".")
	p.ident(c)
}

// columnOf returns the column that n is, or reports what it is instead.
func (p *printer) columnOf(n *node, what string) *column {
	n = p.settle(n)
	switch {
	case n == nil:
		p.fail("%s: zero column", what)
	case n.op == opMistake:
		p.mistake(n)
	case n.op != opColumn:
		p.fail("%s: %s is not a column", what, describe(n))
	default:
		return n.ext.(*column)
	}
	return nil
}
