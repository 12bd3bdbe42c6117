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
	opExists: precAtom, opNotExists: precNot, opTrue: precCmp, opFalse: precNot,
	opAnd: precAnd, opOr: precOr, opNot: precNot, opTextCond: precLow,
	opColumn: precAtom, opBind: precAtom, opLiteral: precAtom, opNull: precAtom, opDefault: precAtom,
	opText: precLow, opName: precAtom, opAdd: precAdd, opSub: precAdd, opMul: precMul, opDiv: precMul, opMod: precMul,
	opNeg: precNeg, opConcat: precConcat, opCall: precAtom, opCast: precAtom, opCase: precAtom, opScalar: precAtom,
	opInserted: precAtom, opOver: precAtom, opFilter: precAtom, opCustom: precAtom,
	opMistake: precAtom, opNothing: precAtom, opSource: precAtom,
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
		p.fail("nil operand")
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
	p.value(n, around)
	p.nest--
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
	case opText:
		p.text(n, around)
	case opAdd, opSub, opMul:
		p.infix(n, opNames[n.op], int(opPrec[n.op]), around)
	case opDiv:
		op := "/"
		if n.aux == wholeDiv {
			op = "div"
		}
		p.operator(n, op, precMul, around)
	case opMod:
		p.operator(n, "%", precMul, around)
	case opNeg:
		open := p.open(precNeg, around)
		p.str("-")
		p.expr(n.l, precAtom)
		p.close(open)
	case opConcat:
		p.concat(n, around)
	case opCall:
		p.call(n, nil)
	case opCast:
		p.cast(n)
	case opCase:
		p.caseOf(n.ext.(*caseData))
	case opScalar:
		p.subquery(n.r, 1, "a scalar subquery")
	case opInserted:
		p.inserted(n)
	case opOver:
		p.over(n)
	case opFilter:
		p.filter(n)
	case opCustom:
		c := n.ext.(*custom)
		open := p.open(precLow, around)
		c.print(p.w, func(i int) {
			if i < 0 || i >= len(c.children) {
				p.fail("%s has no child %d", n.name, i)
				return
			}
			p.expr(c.children[i], precCmp)
		})
		p.close(open)
	case opMistake:
		p.mistake(n)
	case opOrder:
		p.fail("a direction (Asc, Desc) stands only in ORDER BY: %s", describe(n))
	default:
		p.fail("%s is no value", describe(n))
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
	return p.f.DecimalNumber != "" && n != nil && n.typ != nil && n.typ.Kind == dialect.Decimal && storedText(n)
}

// storedText reports whether a decimal comes as it is stored, and not out of
// a calculation.
func storedText(n *node) bool {
	switch n.op {
	case opColumn, opInserted, opScalar:
		return true
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
	text := strings.TrimPrefix(err.Error(), "expr: ")
	p.w.Fail(dialect.Errorf(dialect.ErrStatement, "expr: %s: %w", p.clause, stripped{err, text}))
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
	if n.flag&flagImm == 0 {
		p.ordered(n.r, around)
		return
	}
	var t *dialect.Type
	if left != nil {
		t = left.typ
	}
	if e := exprIn(n.ext); e != nil {
		p.ordered(e, around)
		return
	}
	p.bind(n, n.ext, t)
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
	p.expr(left, prec)
	p.str(" ")
	p.str(op)
	p.str(" ")
	p.right(n, left, prec+1)
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
		if hole == 0 {
			p.expr(left, around)
		} else {
			p.right(n, left, around)
		}
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
	if plainText(n.name) {
		prec = precAtom
	}
	open := p.open(prec, around)
	list, _ := n.ext.([]*node)
	p.w.Template(n.name, func(hole int) {
		if hole == dialect.AllParts {
			p.list(list)
			return
		}
		inner := precAtom // whatever stands around the hole
		p.expr(list[hole], inner)
	})
	p.close(open)
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
		open := p.open(precConcat, around)
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
		open := p.open(precConcat, around)
		p.w.Template(t, func(hole int) {
			if hole == 0 {
				p.concatWith(t, left, precConcat)
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

// call writes a function call; where is the condition of a FILTER, or nil.
func (p *printer) call(n, where *node) {
	var buf [2]*node
	args := n.args(buf[:0])
	if n.flag&flagStar != 0 && where == nil {
		p.str("count(*)")
		return
	}
	name := n.name
	t, ok := p.f.Functions[name]
	if !ok {
		if lower := strings.ToLower(name); lower != name {
			t, ok = p.f.Functions[lower]
		}
	}
	if ok {
		if t == "" {
			p.unsupported("the function "+name, "")
			return
		}
		if n := holes(t); n < len(args) {
			p.fail("the function %s takes %d arguments here, not %d", name, n, len(args))
			return
		}
		if where != nil && !p.filterable(name, args) {
			return
		}
		p.w.Template(t, func(hole int) {
			switch {
			case hole == dialect.AllParts:
				if where == nil {
					p.list(args)
					return
				}
				p.filtered(n, args, where)
				if len(args) > 1 {
					p.str(", ")
					p.list(args[1:])
				}
			case hole == 0 && where != nil:
				p.filtered(n, args, where)
			case hole < len(args):
				p.expr(args[hole], p.holeContext(t))
			default:
				p.fail("the function %s takes more than %d arguments", name, len(args))
			}
		})
		return
	}
	switch name { // what every database can say has the standard's way
	case "now":
		p.str("CURRENT_TIMESTAMP")
		return
	}
	if !functionName(name) {
		p.fail("%q is no name of a function", name)
		return
	}
	if (name == "min" || name == "max") && p.f.DecimalNumber != "" && len(args) == 1 && where == nil {
		p.str(name)
		p.str("(")
		p.ordered(args[0], precLow)
		p.str(")")
		return
	}
	p.str(name)
	p.str("(")
	if n.flag&flagDistinct != 0 {
		p.str("DISTINCT ")
	}
	if where == nil {
		p.list(args)
	} else if n.flag&flagStar != 0 || p.filterable(name, args) {
		p.filtered(n, args, where)
		if len(args) > 1 {
			p.str(", ")
			p.list(args[1:])
		}
	}
	p.str(")")
}

// filterable reports whether a FILTER of the function can be a CASE around its
// first argument.
func (p *printer) filterable(name string, args []*node) bool {
	if len(args) == 1 || len(args) == 2 && (strings.EqualFold(name, "string_agg") || strings.EqualFold(name, "group_concat")) {
		return true
	}
	p.unsupported("FILTER of "+name+" with its arguments", "write the CASE yourself")
	return false
}

// filtered writes the first argument as a CASE in place of a FILTER: what the
// condition leaves out is NULL, which aggregates leave out too.
func (p *printer) filtered(n *node, args []*node, where *node) {
	p.str("CASE WHEN ")
	p.cond(where, precLow)
	p.str(" THEN ")
	switch {
	case n.flag&flagStar != 0 || len(args) == 0:
		p.str("1")
	case n.name == "min" || n.name == "max":
		p.ordered(args[0], precLow)
	default:
		p.expr(args[0], precLow)
	}
	p.str(" END")
}

// holes is how many arguments a template has room for.
func holes(t string) int {
	n := 0
	for t != "" {
		var hole int
		if _, hole, t = dialect.NextPart(t); hole < 0 {
			break
		}
		n = max(n, hole+1)
	}
	return n
}

// holeContext is how tightly a function's template binds its holes: templates
// that are calls separate them by commas, others are taken for operators.
func (p *printer) holeContext(t string) int {
	if strings.ContainsAny(t, "+-*/|%=<>") {
		return precAtom
	}
	return precLow
}

// functionName reports whether s may be written as a function's name.
func functionName(s string) bool {
	first := true // a part begins
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_':
			first = false
		case ('0' <= c && c <= '9' || c == '$') && !first:
		case c == '.' && !first:
			first = true
		default:
			return false
		}
	}
	return !first
}

func (p *printer) cast(n *node) {
	d := p.w.Dialect()
	var name string
	var err error
	if n.typ.Collation != "" {
		p.fail("CAST to %s takes no collation; write it with Text around the CAST", n.typ)
	}
	if cn, ok := d.(dialect.CastNamer); ok {
		name, err = cn.CastName(n.typ)
	} else {
		name, err = d.TypeName(n.typ)
	}
	if err != nil {
		p.w.Fail(err)
		return
	}
	p.str("CAST(")
	p.expr(n.l, precLow)
	p.str(" AS ")
	p.str(name)
	p.str(")")
}

func (p *printer) caseOf(d *caseData) {
	if len(d.whens) == 0 {
		p.fail("CASE without WHEN")
		return
	}
	p.str("CASE")
	for _, b := range d.whens {
		p.str(" WHEN ")
		p.cond(b.cond, precLow)
		p.str(" THEN ")
		p.expr(b.then, precLow)
	}
	if d.or != nil {
		p.str(" ELSE ")
		p.expr(d.or, precLow)
	}
	p.str(" END")
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
		p.w.Template(t, func(int) { p.ident(&c.bare, c.name) })
		return
	}
	p.str(p.f.InsertedRow)
	p.str(".")
	p.ident(&c.bare, c.name)
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
		p.fail("%s: %s is no column", what, describe(n))
	default:
		return n.ext.(*column)
	}
	return nil
}
