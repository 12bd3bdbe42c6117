package expr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// cond writes n as a condition.
func (p *printer) cond(n *node, around int) {
	if n = p.settle(n); n == nil {
		p.fail("zero Cond%s; an optional filter is expr.When(ok, cond)", p.held())
		return
	}
	if p.nest++; p.nest > maxNest {
		if p.nest == maxNest+1 {
			p.fail("conditions are nested more than %d deep", maxNest)
		}
		p.nest--
		return
	}
	before, holder := p.w.Mistakes(), p.holder
	p.holder = n
	p.condition(n, around)
	p.holder = holder
	if p.w.Mistakes() != before {
		p.examine(n)
	}
	p.nest--
}

func (p *printer) condition(n *node, around int) {
	switch n.op {
	case opEq, opNe, opLt, opLe, opGt, opGe:
		if n.flag&flagImm != 0 && isNil(n.ext) {
			p.fail("%s: compared with nil, which NULL never equals; use IsNull or IsNotNull", describe(n))
			return
		}
		open := p.open(precCmp, around)
		left := p.settle(n.l)
		if p.untyped(n, left) {
			p.typed(left, precCmp+1)
		} else {
			p.orderedBeside(left, rightNode(n), p.kindOf(rightNode(n)), precCmp+1)
		}
		p.str(compareWords[n.op])
		if n.r != nil && n.r.op == opQuant {
			p.quantified(n.r)
			if q := n.r.r; q != nil {
				p.alikeQuery([]*node{left}, q.ext.(Query))
			}
			p.close(open)
			return
		}
		p.meet(n, left)
		p.right(n, left, precCmp+1)
		p.close(open)
	case opLike, opNotLike, opILike, opNotILike:
		p.like(n, around)
	case opDistinct, opNotDistinct:
		p.distinct(n, around)
	case opIsNull, opIsNotNull:
		open := p.open(precCmp, around)
		p.typedText(n.l, precCmp+1)
		p.w.WriteByte(' ')
		p.str(opNames[n.op])
		p.close(open)
	case opIn, opNotIn:
		p.inList(n, around)
	case opBetween, opNotBetween:
		p.between(n, around)
	case opExists, opNotExists:
		open := n.op == opNotExists && p.open(precNot, around)
		if n.op == opNotExists {
			p.str("NOT (")
		}
		p.str("EXISTS ")
		p.subquery(n.r, 0, "EXISTS")
		if n.op == opNotExists {
			p.str(")")
		}
		p.close(open)
	case opTrue, opFalse:
		p.truth(n, around)
	case opIsTrue, opIsNotTrue, opIsFalse, opIsNotFalse:
		p.isBool(n, around)
	case opAlways, opNever:
		p.constant(n.op == opAlways)
	case opRegexp, opNotRegexp:
		p.regexp(n, around)
	case opAny, opNone:
		p.anyOf(n, around)
	case opInParam, opNotInParam:
		p.inParam(n, around)
	case opRowCompare:
		p.rowCompare(n, around)
	case opRowIn:
		p.rowIn(n, around)
	case opAnd, opOr:
		prec := int(opPrec[n.op])
		open := p.open(prec, around)
		for i, part := range n.ext.([]*node) {
			if i > 0 {
				p.w.WriteByte(' ')
				p.str(opNames[n.op])
				p.w.WriteByte(' ')
			}
			p.cond(part, prec)
		}
		p.close(open)
	case opNot:
		open := p.open(precNot, around)
		p.str("NOT ")
		p.denied++
		p.cond(n.l, precCmp)
		p.denied--
		p.close(open)
	case opTextCond:
		p.text(n, around)
	case opTemplateCond:
		p.filled(n, around)
	case opJSONCond:
		p.json(n, around)
	case opNothing:
		p.fail("expr.When gives no condition here, and one is needed")
	case opMistake:
		p.mistake(n)
	default: // a boolean value
		p.truth(&node{op: opTrue, l: n}, around)
	}
}

// compareWords are the comparisons between their operands.
var compareWords = [...]string{opEq: " = ", opNe: " != ", opLt: " < ", opLe: " <= ", opGt: " > ", opGe: " >= "}

// truth writes a boolean value as a condition.
func (p *printer) truth(n *node, around int) {
	left := p.settle(n.l)
	if left != nil && left.isCond() {
		if n.op == opFalse {
			left = not(left)
		}
		p.cond(left, around)
		return
	}
	switch {
	case p.f.BoolIsNumber && left != nil && left.op == opColumn && left.ext.(*column).src != p.target: // an index's predicate, of its table alone, stays as declared
		open := p.open(precCmp, around)
		p.expr(left, precCmp+1)
		if n.op == opTrue {
			p.str(" = 1")
		} else {
			p.str(" = 0")
		}
		p.close(open)
	case p.f.BoolAsCondition && n.op == opTrue:
		p.expr(left, around)
	case p.f.BoolAsCondition:
		open := p.open(precNot, around)
		p.str("NOT ")
		p.expr(left, precCmp+1)
		p.close(open)
	default:
		open := p.open(precCmp, around)
		p.expr(left, precCmp+1)
		p.str(" = ")
		p.w.Bool(n.op == opTrue)
		p.close(open)
	}
}

// condAsValue writes a condition where a value is due.
func (p *printer) condAsValue(n *node, around int) {
	if p.f.ConditionAsValue && !(p.f.RowIn == dialect.NoRowIn && exists(n)) {
		p.cond(n, around)
		return
	}
	const most = 12 // a condition in one in one … is written twice each time
	if p.twice == most {
		p.unsupported(fmt.Sprintf("a condition as a value, more than %d deep in others", most), "select an inner one as a column of a derived table")
		return
	}
	p.twice++
	p.str("CASE WHEN ")
	p.test(n, precLow)
	p.str(" THEN ")
	p.w.Bool(true)
	if neverNull(n) {
		p.str(" ELSE ")
	} else {
		p.str(" WHEN ")
		p.test(p.opposite(n), precLow)
		p.str(" THEN ")
	}
	p.w.Bool(false)
	p.str(" END")
	p.twice--
}

// opposite is the negation of a condition, the same node each time where that means the
// same parameters.
func (p *printer) opposite(n *node) *node {
	if !p.f.ReusePlaceholders {
		return not(n)
	}
	const most = 64 // see bind
	for i := range p.opposed {
		if p.opposed[i][0] == n {
			return p.opposed[i][1]
		}
	}
	o := not(n)
	if len(p.opposed) < most {
		p.opposed = append(p.opposed, [2]*node{n, o})
	}
	return o
}

// test writes a condition where it only counts whether it is met, whatever is
// around that.
func (p *printer) test(n *node, around int) {
	denied := p.denied
	p.denied = 0
	p.cond(n, around)
	p.denied = denied
}

// exists reports whether a condition has one of rows that EXISTS may stand for,
// which is true or false and not right as a value; see perhaps.
func exists(n *node) bool {
	switch n.op {
	case opRowIn:
		return true
	case opNot:
		return n.l != nil && exists(n.l)
	case opAnd, opOr:
		return slices.ContainsFunc(n.ext.([]*node), func(c *node) bool { return c != nil && exists(c) })
	}
	return false
}

// neverNull reports whether a condition is true or false and never unknown.
func neverNull(n *node) bool {
	switch n.op {
	case opExists, opNotExists, opIsNull, opIsNotNull, opDistinct, opNotDistinct, opIsTrue, opIsNotTrue, opIsFalse, opIsNotFalse:
		return true
	case opNot:
		return n.l != nil && neverNull(n.l)
	}
	return false
}

// escapeWith is the character that takes its meaning from the one after it in
// LIKE. It is none that a database reads specially in a literal.
const escapeWith = '/'

// escaped is a text with what is special in a pattern escaped, and whether
// there is any.
func (p *printer) escaped(s, with string) (string, bool) {
	special := p.wildcards()
	if !strings.ContainsAny(s, special) && !strings.Contains(s, `\`) { // the backslash escapes by itself on some
		return s, false
	}
	var b strings.Builder
	b.Grow(len(s) + 4)
	for i := 0; i < len(s); i++ {
		if strings.HasPrefix(s[i:], with) || strings.IndexByte(special, s[i]) >= 0 {
			b.WriteString(with)
		}
		b.WriteByte(s[i])
	}
	return b.String(), true
}

// wildcards are the characters with a meaning in LIKE.
func (p *printer) wildcards() string {
	if p.f.LikeWildcards != "" {
		return p.f.LikeWildcards
	}
	return "%_"
}

func (p *printer) like(n *node, around int) {
	left := p.settle(n.l)
	negative := n.op == opNotLike || n.op == opNotILike
	sensitive := n.op == opLike || n.op == opNotLike
	folded := !sensitive && p.f.ILike == ""
	escape := ""
	if n.flag&flagEscape != 0 {
		if escape = n.name; escape == "" {
			escape = string(escapeWith)
		}
	}

	// what the pattern is made of, and whether it is put together
	var value any
	joined := n.aux != likePattern
	switch r := p.settle(n.r); {
	case n.flag&flagImm != 0:
		value = n.ext
		if s, ok := n.ext.(string); ok && joined {
			var special bool
			if value, special = p.escaped(s, escape); !special {
				escape = ""
			}
		}
	case !joined:
		joined = r != nil && r.op == opConcat
	}

	prec := precCmp
	if joined {
		prec = precNot // a pattern of several parts is told from what follows it
	}
	open := p.open(prec, around)
	if joined && !open {
		p.str("(")
		open = true
	}
	lower := func(part func(int)) {
		t, ok := p.f.Functions["lower"]
		if !ok {
			t = "lower({0})"
		}
		p.w.Template(t, func(int) { part(precLow) })
	}
	operand := func(around int) {
		write := func(around int) {
			switch {
			case n.flag&flagImm != 0:
				p.bind(n, value, typeVarchar)
			case n.aux != likePattern:
				p.escapedText(n.r)
			default:
				p.expr(n.r, around)
			}
		}
		if folded {
			lower(write)
			return
		}
		write(around)
	}
	right := func(int) {
		switch {
		case n.aux != likePattern:
			p.likeParts(n.aux, operand)
		case joined && !folded:
			operand(precCmp)
		default:
			operand(precCmp + 1)
		}
	}
	if !sensitive && !folded {
		t := p.f.ILike
		if negative {
			t = strings.Replace(t, " ILIKE ", " NOT ILIKE ", 1)
		}
		if negative && t == p.f.ILike {
			p.str("NOT (")
			defer p.str(")")
		}
		p.w.Template(t, func(hole int) {
			if hole == 0 {
				p.expr(left, precCmp+1)
			} else {
				right(0)
			}
		})
	} else {
		if folded {
			lower(func(around int) { p.expr(left, around) })
		} else {
			p.expr(left, precCmp+1)
		}
		if negative {
			p.str(" NOT LIKE ")
		} else {
			p.str(" LIKE ")
		}
		right(0)
	}
	if escape != "" {
		p.str(" ESCAPE ")
		p.w.StringLiteral(escape)
	}
	p.close(open)
}

func (p *printer) distinct(n *node, around int) {
	t := p.f.IsDistinctFrom
	negate := false
	if n.op == opNotDistinct {
		t = p.f.IsNotDistinctFrom
		if t == "" {
			t, negate = p.f.IsDistinctFrom, true
		}
	}
	if t == "" {
		p.unsupported(n.opName(), "compare with Eq and IsNull")
		return
	}
	prec := precCmp
	if negate || strings.HasPrefix(t, "NOT ") {
		prec = precNot
	}
	open := p.open(prec, around)
	if negate {
		p.str("NOT (")
	}
	left := p.settle(n.l)
	p.meet(n, left)
	p.w.Template(t, func(hole int) {
		if hole == 0 {
			if p.untyped(n, left) {
				p.typedText(left, precCmp+1)
				return
			}
			p.orderedBeside(left, rightNode(n), p.kindOf(rightNode(n)), precCmp+1)
			return
		}
		if n.flag&flagImm != 0 && isNil(n.ext) {
			p.str("NULL")
			return
		}
		p.right(n, left, precCmp+1)
	})
	if negate {
		p.str(")")
	}
	p.close(open)
}

func (p *printer) between(n *node, around int) {
	open := p.open(precCmp, around)
	left := p.settle(n.l)
	ends := n.ext.(*[2]any)
	t := p.kindOf(left)
	if p.unsaid(left) {
		var around []*node
		for _, end := range ends {
			if e, ok := end.(*node); ok {
				around = append(around, e)
			}
		}
		if near := p.kindOfAny(around); near != nil {
			t = near
		}
	}
	if p.f.UntypedParams && bareParam(left) { // with a parameter alone it would be a text
		p.typed(left, precCmp+1)
	} else {
		p.orderedBeside(left, nil, t, precCmp+1)
	}
	p.w.WriteByte(' ')
	p.str(opNames[n.op])
	p.w.WriteByte(' ')
	for i := range ends {
		if i > 0 {
			p.str(" AND ")
		}
		if e, ok := ends[i].(*node); ok {
			p.alike(left, e)
			p.orderedBeside(e, left, t, precCmp+1)
			continue
		}
		if isNil(ends[i]) {
			p.fail("%s: a bound is nil", describe(n))
			continue
		}
		if e := exprIn(ends[i]); e != nil {
			p.alike(left, e)
			p.orderedBeside(e, left, t, precCmp+1)
			continue
		}
		if left != nil {
			p.alikeValue(left, ends[i])
			p.compared(left, t, ends[i], func() {
				p.note(n, i, t)
				p.w.Bind(ends[i], t)
			})
		}
	}
	p.close(open)
}

// inList writes x IN (…), in several parts where the database limits the list.
func (p *printer) inList(n *node, around int) {
	left := p.settle(n.l)
	word := " IN "
	if n.op == opNotIn {
		word = " NOT IN "
	}
	v, ok := n.ext.(*values)
	if !ok {
		if n.op == opNotIn {
			around = precAtom
		}
		open := p.open(precCmp, around)
		t := p.kindOf(left)
		if p.unsaid(left) && n.r != nil {
			if outs := n.r.ext.(Query).outputs(); len(outs) == 1 {
				t = p.kindOf(outs[0])
			}
		}
		p.sought(left, t)
		p.str(word)
		p.soughtRows(n.r, 1, strings.TrimSpace(word))
		if n.r != nil {
			p.alikeQuery([]*node{left}, n.r.ext.(Query))
		}
		p.close(open)
		return
	}
	if len(v.list) == 0 {
		p.emptyIn(n, left, around)
		return
	}
	if p.longList(len(v.list)) && p.listAsOne(left, v.list, n.op, around) {
		return
	}
	size, prec, between := p.chunks(len(v.list), n.op)
	t := p.kindOf(left)
	if p.unsaid(left) { // what it is looked for in says what it is
		var items []*node
		for _, x := range v.list {
			if e := exprIn(x); e != nil {
				items = append(items, e)
			}
		}
		if near := p.kindOfAny(items); near != nil {
			t = near
		}
	}
	open := p.open(prec, around)
	if !open && n.op == opNotIn {
		p.str("(")
		open = true
	}
	for from := 0; from < len(v.list); from += size {
		if from > 0 {
			p.str(between)
		}
		p.sought(left, t)
		p.str(word)
		p.w.WriteByte('(')
		for i, x := range v.list[from:min(from+size, len(v.list))] {
			if i > 0 {
				p.str(", ")
			}
			if e := exprIn(x); e != nil {
				p.alike(left, e)
				p.orderedBeside(e, left, t, precLow)
				continue
			}
			if isNil(x) {
				p.fail("%s%s(…): an item is nil, which NULL never equals; use IsNull beside it", describe(n.l), word)
				continue
			}
			if left != nil {
				p.alikeValue(left, x)
				p.compared(left, t, x, func() {
					p.note(n, from+i, t)
					p.w.Bind(x, t)
				})
			}
		}
		p.w.WriteByte(')')
	}
	p.close(open)
}

// sought writes what IN looks for, which is of type t: of a value, nothing that
// it is looked for in says its type to the database.
func (p *printer) sought(left *node, t *dialect.Type) {
	switch {
	case left == nil || left.op != opBind && left.op != opParam:
		p.ordered(left, precCmp+1)
	case p.f.UntypedParams:
		p.typed(left, precCmp+1)
	case p.f.DecimalNumber != "" && isDecimal(t) && !t.Inexact:
		p.w.Template(p.f.DecimalNumber, func(int) { p.beside(left, t, precLow) })
	default:
		p.beside(left, t, precCmp+1)
	}
}

// emptyIn writes IN or NOT IN with no values, in a form that every database
// takes and that is true or false for NULL as well.
func (p *printer) emptyIn(n, left *node, around int) {
	prec, word := precAnd, " IN (NULL) AND (1 != 1)"
	if n.op == opNotIn {
		prec, word = precOr, " NOT IN (NULL) OR (1 = 1)"
	}
	open := p.open(prec, around)
	p.expr(left, precCmp+1)
	p.str(word)
	p.close(open)
}

// subquery writes a query in parentheses, which has the given number of
// columns unless that is 0.
func (p *printer) subquery(n *node, columns int, what string) {
	if n == nil {
		p.fail("%s: nil query", what)
		return
	}
	q := n.ext.(Query)
	if have := len(q.outputs()); columns > 0 && have != columns {
		p.fail("%s: the query has %d columns, and %d is due", what, have, columns)
	}
	p.checkQuery(columns == 1 && what == scalarSubquery)
	p.w.WriteByte('(')
	p.query(q, asValue)
	p.w.WriteByte(')')
}

const scalarSubquery = "a scalar subquery"
