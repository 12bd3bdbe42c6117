package expr

import "strings"

// cond writes n as a condition.
func (p *printer) cond(n *node, around int) {
	if n = p.settle(n); n == nil {
		p.fail("zero Cond; an optional filter is expr.When(ok, cond)")
		return
	}
	if p.nest++; p.nest > maxNest {
		if p.nest == maxNest+1 {
			p.fail("conditions are nested more than %d deep", maxNest)
		}
		p.nest--
		return
	}
	p.condition(n, around)
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
		p.ordered(left, precCmp+1)
		p.str(compareWords[n.op])
		p.right(n, left, precCmp+1)
		p.close(open)
	case opLike, opNotLike, opILike, opNotILike:
		p.like(n, around)
	case opDistinct, opNotDistinct:
		p.distinct(n, around)
	case opIsNull, opIsNotNull:
		open := p.open(precCmp, around)
		p.expr(n.l, precCmp+1)
		p.w.WriteByte(' ')
		p.str(opNames[n.op])
		p.close(open)
	case opIn, opNotIn:
		p.inList(n, around)
	case opBetween, opNotBetween:
		p.between(n, around)
	case opExists, opNotExists:
		open := n.op == opNotExists && p.open(precNot, around)
		p.str(opNames[n.op])
		p.w.WriteByte(' ')
		p.subquery(n.r, 0, "EXISTS")
		p.close(open)
	case opTrue, opFalse:
		p.truth(n, around)
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
		p.cond(n.l, precCmp)
		p.close(open)
	case opTextCond:
		p.text(n, around)
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
	if p.f.ConditionAsValue {
		p.cond(n, around)
		return
	}
	p.str("CASE WHEN ")
	p.cond(n, precLow)
	p.str(" THEN ")
	p.w.Bool(true)
	p.str(" WHEN ")
	p.cond(not(n), precLow)
	p.str(" THEN ")
	p.w.Bool(false)
	p.str(" END")
}

// escapeWith is the character that takes its meaning from the one after it in
// LIKE. It is none that a database reads specially in a literal.
const escapeWith = '/'

// pattern makes the value of a LIKE out of a text that stands for itself.
func (p *printer) pattern(form uint16, s string) string {
	if form == likePattern {
		return s
	}
	special := p.f.LikeWildcards
	if special == "" {
		special = "%_"
	}
	var b strings.Builder
	b.Grow(len(s) + 4)
	if form != likeStarts {
		b.WriteByte('%')
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c == escapeWith || strings.IndexByte(special, c) >= 0 {
			b.WriteByte(escapeWith)
		}
		b.WriteByte(s[i])
	}
	if form != likeEnds {
		b.WriteByte('%')
	}
	return b.String()
}

func (p *printer) like(n *node, around int) {
	open := p.open(precCmp, around)
	left := p.settle(n.l)
	negative := n.op == opNotLike || n.op == opNotILike
	right := func(around int) {
		if n.flag&flagImm == 0 {
			p.expr(n.r, around)
			return
		}
		s, ok := n.ext.(string)
		if !ok || n.aux == likePattern {
			p.bind(n, n.ext, typeVarchar)
			return
		}
		p.bind(n, p.pattern(n.aux, s), typeVarchar)
	}
	switch {
	case n.op == opLike || n.op == opNotLike:
		p.expr(left, precCmp+1)
		if negative {
			p.str(" NOT LIKE ")
		} else {
			p.str(" LIKE ")
		}
		right(precCmp + 1)
	case p.f.ILike != "":
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
				right(precCmp + 1)
			}
		})
	default:
		lower := func(part func(int)) {
			t, ok := p.f.Functions["lower"]
			if !ok {
				t = "lower({0})"
			}
			p.w.Template(t, func(int) { part(precLow) })
		}
		lower(func(around int) { p.expr(left, around) })
		if negative {
			p.str(" NOT LIKE ")
		} else {
			p.str(" LIKE ")
		}
		lower(right)
	}
	if n.flag&flagEscape != 0 {
		p.str(" ESCAPE '/'")
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
	p.w.Template(t, func(hole int) {
		if hole == 0 {
			p.ordered(left, precCmp+1)
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
	p.ordered(left, precCmp+1)
	p.w.WriteByte(' ')
	p.str(opNames[n.op])
	p.w.WriteByte(' ')
	ends := n.ext.(*[2]any)
	for i := range ends {
		if i > 0 {
			p.str(" AND ")
		}
		if e, ok := ends[i].(*node); ok {
			p.ordered(e, precCmp+1)
			continue
		}
		if isNil(ends[i]) {
			p.fail("%s: a bound is nil", describe(n))
			continue
		}
		if e := exprIn(ends[i]); e != nil {
			p.ordered(e, precCmp+1)
			continue
		}
		if left != nil {
			p.w.Bind(ends[i], left.typ)
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
		open := p.open(precCmp, around)
		p.ordered(left, precCmp+1)
		p.str(word)
		p.subquery(n.r, 1, strings.TrimSpace(word))
		p.close(open)
		return
	}
	if len(v.list) == 0 {
		p.emptyIn(n, left, around)
		return
	}
	chunk := len(v.list)
	if most := p.f.MaxInList; most > 0 && chunk > most {
		chunk = most
	}
	prec, between := precCmp, ""
	if chunk < len(v.list) {
		if prec, between = precOr, " OR "; n.op == opNotIn {
			prec, between = precAnd, " AND "
		}
	}
	open := p.open(prec, around)
	for from := 0; from < len(v.list); from += chunk {
		if from > 0 {
			p.str(between)
		}
		p.ordered(left, precCmp+1)
		p.str(word)
		p.w.WriteByte('(')
		for i, x := range v.list[from:min(from+chunk, len(v.list))] {
			if i > 0 {
				p.str(", ")
			}
			if e := exprIn(x); e != nil {
				p.ordered(e, precLow)
				continue
			}
			if isNil(x) {
				p.fail("%s%s(…): an item is nil, which NULL never equals; use IsNull beside it", describe(n.l), word)
				continue
			}
			if left != nil {
				p.w.Bind(x, left.typ)
			}
		}
		p.w.WriteByte(')')
	}
	p.close(open)
}

// emptyIn writes IN or NOT IN with no values.
func (p *printer) emptyIn(n, left *node, around int) {
	t, plain := p.f.EmptyIn, "1 = 0"
	if n.op == opNotIn {
		t, plain = p.f.EmptyNotIn, "1 = 1"
	}
	prec := precCmp
	if strings.Contains(t, " OR ") || strings.Contains(t, " AND ") {
		prec = precOr
	}
	open := p.open(prec, around)
	if t == "" {
		p.str(plain)
	} else {
		p.expr(left, precCmp+1)
		p.w.WriteByte(' ')
		p.str(t)
	}
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
	p.w.WriteByte('(')
	p.query(q, asValue)
	p.w.WriteByte(')')
}
