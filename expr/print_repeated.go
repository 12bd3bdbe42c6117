package expr

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// An expression of GROUP BY, or of ORDER BY beside DISTINCT or groups, that is also in
// the result has the same parameters as there, or else a database takes it for another
// one: salary > $1 and salary > $2 (PostgreSQL 7.2.3 GROUP BY; T-SQL error 8120;
// MySQL errors 1055 and 3065; ORA-00979, ORA-01791). Where a placeholder may stand
// twice it does. Where none may, the place of the column in the result stands for
// it, and its values are literals where GROUP BY takes no places.

// groupTerm writes an expression of GROUP BY.
func (p *printer) groupTerm(n *node, columns []item) {
	if p.sameForAll(n) {
		return
	}
	c, at := p.selected(n, columns)
	switch {
	case at == 0 || p.f.ReusePlaceholders || !p.repeats():
		p.expr(c, precLow)
	case p.f.GroupByOrdinals:
		p.w.WriteInt(int64(at))
	default:
		p.inLiterals(func() { p.expr(c, precLow) })
	}
}

// sameForAll reports a term that is the same for every row. PostgreSQL refuses one,
// and a whole number is to every database the place of a column, to MySQL and
// MariaDB a parameter too.
func (p *printer) sameForAll(n *node) bool {
	n = p.settle(n)
	if n != nil && n.op == opOrder {
		n = p.settle(n.l)
	}
	if n == nil {
		return false
	}
	switch n.op {
	case opLiteral, opNull, opParam:
	case opBind:
		if exprIn(n.ext) != nil {
			return false
		}
	default:
		return false
	}
	p.fail("%s is the same for every row; a column, or Name of a label, is what the rows differ in", describe(n))
	return true
}

// orderValue writes an expression of ORDER BY.
func (p *printer) orderValue(n *node, items []item) {
	c, at := p.selected(n, items)
	if at > 0 && p.repeats() && p.within.alone {
		p.w.WriteInt(int64(at))
		return
	}
	p.ordered(c, precLow)
}

// repeats reports whether the database compares expressions beside groups and
// DISTINCT by their texts, with the placeholders in them.
func (p *printer) repeats() bool {
	return !p.f.ReusePlaceholders && p.f.Ungrouped != dialect.UngroupedAny
}

// inLiterals has print write values as literals.
func (p *printer) inLiterals(print func()) {
	before := p.w.Literals(true)
	print()
	p.w.Literals(before)
}

// groupedValues reports whether a column of the result has to have its values as
// literals, because it is grouped by.
func (p *printer) groupedValues(n *node) bool {
	if !p.repeats() || p.f.GroupByOrdinals || !holdsBind(n) {
		return false
	}
	for _, it := range p.within.by {
		g := p.settle(it.n)
		if g != nil && g.op == opLabel {
			g = p.settle(g.l)
		}
		if g != nil && g.op == n.op {
			p.looked() // it depends on the values
			if (&equality{}).nodes(g, n) {
				return true
			}
		}
	}
	return false
}

// selected is n, or the column of the result that is equal to it and has parameters,
// and the place of that in the result, from 1; 0 where there is none, or a * before it.
func (p *printer) selected(n *node, columns []item) (*node, int) {
	inner := n
	if n != nil && n.op == opLabel {
		inner = p.settle(n.l)
	}
	if p.f.Ungrouped == dialect.UngroupedAny || inner == nil || !holdsBind(inner) {
		return n, 0
	}
	at, star := 0, false
	for i := range columns {
		if columns[i].clause != clauseColumn {
			continue
		}
		at++
		c := p.settle(columns[i].n)
		if c != nil && c.op == opLabel {
			c = p.settle(c.l)
		}
		if c == nil || c.op != inner.op {
			star = star || c != nil && c.op == opStar
			continue
		}
		p.looked() // it depends on the values
		if c == inner || (&equality{}).nodes(c, inner) {
			if star {
				at = 0
			}
			return c, at
		}
	}
	return n, 0
}

// holdsBind reports whether there is a parameter in n, outside of queries.
func holdsBind(n *node) bool {
	switch {
	case n == nil || n.op == opColumn:
		return false
	case n.op == opBind:
		return true
	}
	if _, query := n.ext.(Tree); query {
		return false
	}
	return slices.ContainsFunc(childrenOf(n), holdsBind)
}
