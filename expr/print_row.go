package expr

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// rowsFit checks that two rows have the same width, and that no value is nil.
func (p *printer) rowsFit(left, right []*node, what string) bool {
	if len(left) == 0 {
		p.fail("%s: a row of nothing", what)
		return false
	}
	if len(left) != len(right) {
		p.fail("%s: a row of %d against one of %d", what, len(left), len(right))
		return false
	}
	for i, n := range right {
		if n != nil && n.op == opBind && isNil(n.ext) {
			p.fail("%s: value %d of the row is nil, which NULL never equals; use IsNull beside it", what, i+1)
			return false
		}
	}
	return true
}

// rowPart writes one operand of a row on the right, as one that meets left.
func (p *printer) rowPart(n, left *node, around int) {
	p.orderedBeside(n, left, p.kindOf(left), around)
}

// alikePart is alike for a part of a row, which may be a value.
func (p *printer) alikePart(left, n *node) {
	left, n = p.settle(left), p.settle(n)
	if n != nil && n.op == opBind && exprIn(n.ext) == nil {
		p.alikeValue(left, n.ext)
		return
	}
	p.alike(left, n)
}

// row writes (a, b); left is nil, or the row whose types its values take.
func (p *printer) row(ns, left []*node) {
	p.w.WriteByte('(')
	for i, n := range ns {
		if i > 0 {
			p.str(", ")
		}
		if left == nil {
			p.sought(p.settle(n), p.kindOf(n))
		} else {
			p.rowPart(n, left[i], precLow)
		}
	}
	p.w.WriteByte(')')
}

func (p *printer) rowCompare(n *node, around int) {
	rows, o := n.ext.(*rowPair), op(n.aux)
	if !p.rowsFit(rows.left, rows.right, opNames[o]) {
		return
	}
	for i, l := range rows.left {
		p.alikePart(l, rows.right[i])
	}
	if !p.f.RowValues {
		p.rowTerms(rows.left, rows.right, o, around)
		return
	}
	open := p.open(precCmp, around)
	p.row(rows.left, nil)
	p.str(compareWords[o])
	p.row(rows.right, rows.left)
	p.close(open)
}

// rowTerms writes the comparison of two rows as comparisons of their parts.
func (p *printer) rowTerms(left, right []*node, o op, around int) {
	term := func(i int, o op, around int) {
		open := p.open(precCmp, around)
		p.ordered(left[i], precCmp+1)
		p.str(compareWords[o])
		p.rowPart(right[i], left[i], precCmp+1)
		p.close(open)
	}
	if len(left) == 1 {
		term(0, o, around)
		return
	}
	if o == opEq || o == opNe {
		prec, word := precAnd, " AND "
		if o == opNe {
			prec, word = precOr, " OR "
		}
		open := p.open(prec, around)
		for i := range left {
			if i > 0 {
				p.str(word)
			}
			term(i, o, prec)
		}
		p.close(open)
		return
	}
	strict := o // what decides before the last part
	switch o {
	case opLe:
		strict = opLt
	case opGe:
		strict = opGt
	}
	open := p.open(precOr, around)
	term(0, strict, precOr)
	p.str(" OR ")
	term(0, opEq, precAnd)
	p.str(" AND ")
	p.rowTerms(left[1:], right[1:], o, precAnd)
	p.close(open)
}

func (p *printer) rowIn(n *node, around int) {
	l, o := n.ext.(*rowList), op(n.aux)
	word := opNames[o]
	if len(l.left) == 0 {
		p.fail("%s: a row of nothing", word)
		return
	}
	if l.query != nil {
		p.rowInQuery(l, o, around)
		return
	}
	if l.param != nil {
		q, _ := p.paramValue(l.param)
		if q == nil {
			return
		}
		list, ok := p.paramList(q)
		if !ok {
			return
		}
		l = &rowList{left: l.left, rows: rowsOf(l.of(list.Interface()))}
	}
	for _, r := range l.rows {
		if !p.rowsFit(l.left, r, word) {
			return
		}
		for i, part := range l.left {
			p.alikePart(part, r[i])
		}
	}
	if len(l.rows) == 0 {
		p.constant(o == opNotIn)
		return
	}
	if p.longList(len(l.rows)*len(l.left)) && p.rowsAsOne(l, o, around) {
		return
	}
	if p.f.RowIn == dialect.NoRowIn {
		p.rowsInTerms(l, o, around)
		return
	}
	if p.f.RowIn == dialect.RowInValues && !p.valuesOnly(l.rows) {
		p.rowsInTerms(l, o, around)
		return
	}
	size, prec, between := p.chunks(len(l.rows), o)
	open := p.open(prec, around)
	for from := 0; from < len(l.rows); from += size {
		if from > 0 {
			p.str(between)
		}
		p.row(l.left, nil)
		p.str(" " + word + " (")
		if p.f.RowIn == dialect.RowInValues {
			p.str("VALUES ")
		}
		for i, r := range l.rows[from:min(from+size, len(l.rows))] {
			if i > 0 {
				p.str(", ")
			}
			p.row(r, l.left)
		}
		p.w.WriteByte(')')
	}
	p.close(open)
}

// rowsInTerms writes (a, b) IN (…) as comparisons.
func (p *printer) rowsInTerms(l *rowList, o op, around int) {
	prec, join, each := precOr, " OR ", opEq
	if o == opNotIn {
		prec, join, each = precAnd, " AND ", opNe
	}
	open := len(l.rows) > 1 && p.open(prec, around)
	inner := around
	if len(l.rows) > 1 {
		inner = prec
	}
	for i, r := range l.rows {
		if i > 0 {
			p.str(join)
		}
		p.rowTerms(l.left, r, each, inner)
	}
	p.close(open)
}

// valuesOnly reports whether rows hold columns and values alone: VALUES is a query
// of its own, to which an aggregate in it would belong.
func (p *printer) valuesOnly(rows [][]*node) bool {
	for _, r := range rows {
		for _, n := range r {
			switch n = p.settle(n); {
			case n == nil:
			case n.op == opBind && exprIn(n.ext) == nil, n.op == opParam, n.op == opLiteral, n.op == opNull, n.op == opColumn:
			default:
				return false
			}
		}
	}
	return true
}

// chunks says how an IN over so many items is parted where the database limits
// a list: the items of each part, how tightly the whole binds, and what stands
// between the parts.
func (p *printer) chunks(n int, o op) (size, prec int, between string) {
	most := p.f.MaxInList
	switch {
	case most <= 0 || n <= most:
		return n, precCmp, ""
	case o == opNotIn:
		return most, precAnd, " AND "
	}
	return most, precOr, " OR "
}

// rowInQuery writes (a, b) IN (SELECT …), or as EXISTS over the query as a
// derived table.
func (p *printer) rowInQuery(l *rowList, o op, around int) {
	word := opNames[o]
	if p.f.RowIn != dialect.NoRowIn {
		open := p.open(precCmp, around)
		p.row(l.left, nil)
		p.str(" " + word + " ")
		p.soughtRows(l.query, len(l.left), word)
		p.close(open)
		return
	}
	q := l.query.ext.(Query)
	if have := len(q.outputs()); have != len(l.left) {
		p.fail("%s: the query has %d columns, and %d is due", word, have, len(l.left))
		return
	}
	for _, n := range l.left {
		if p.summed(n) {
			p.unsupported(word+" of a row with "+describe(p.settle(n)), "compare the columns of a derived table that has it")
			return
		}
	}
	name := p.freeName("rows_in")
	open := p.existing(o, around)
	perhaps := p.perhaps(o)
	p.str("EXISTS (SELECT 1 FROM (")
	p.query(q, asLateral)
	p.str(")" + aliasWord(p.f) + name)
	var own namer
	for i, out := range q.outputs() {
		if i == 0 {
			p.str(" WHERE ")
		} else {
			p.str(" AND ")
		}
		col := own.next(nameOf(p.settle(out)))
		column := func() {
			p.str(name + ".")
			p.w.Ident(col)
		}
		if perhaps {
			p.w.WriteByte('(')
		}
		column()
		p.str(" = ")
		p.ordered(l.left[i], precCmp+1)
		if perhaps {
			p.str(" OR ")
			column()
			p.str(" IS NULL OR ")
			p.expr(l.left[i], precCmp+1)
			p.str(" IS NULL)")
		}
	}
	p.w.WriteByte(')')
	p.close(open)
}

// existing begins an EXISTS that stands for IN or NOT IN.
func (p *printer) existing(o op, around int) (open bool) {
	if o == opNotIn {
		open = p.open(precNot, around)
		p.str("NOT ")
	}
	return open
}

// perhaps reports whether an EXISTS in the place of IN or NOT IN is to find rows
// that may be equal but for a NULL, too. IN is neither true nor false for them and
// EXISTS always one of the two, so that it depends on which of them the clause
// takes for the unknown.
func (p *printer) perhaps(o op) bool { return (o == opNotIn) != (p.denied%2 == 1) }

// freeName is a name for a derived table that hides none of those around it.
func (p *printer) freeName(name string) string {
	free := name
	for i := 2; slices.ContainsFunc(p.scope, func(in inScope) bool { return strings.EqualFold(in.src.label(), free) }); i++ {
		free = name + strconv.Itoa(i)
	}
	return free
}

// summed reports whether n has what cannot stand within a query that n's own
// is around: count(*) would count the rows of that one, and a window is none of
// WHERE.
func (p *printer) summed(n *node) (found bool) {
	if n = p.settle(n); n == nil || n.op == opScalar {
		return false
	}
	if n.op == opOver || n.op == opCall && n.flag&flagStar != 0 {
		return true
	}
	m := mapper{node: func(c *node) *node {
		found = found || p.summed(c)
		return c
	}}
	m.each(n)
	return found
}
