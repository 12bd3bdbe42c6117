package expr

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Where rows are grouped, a column that is neither grouped by nor within an
// aggregate has several values in a group. What is not known to be one is left to the
// database: a column in a text, in a custom node, in a function that may be an
// aggregate, and in what may be the same as an expression that is grouped by.

// grouping is what a query is grouped by.
type grouping struct {
	p        *printer
	by       []*node // without references and labels
	made     bool    // one of them is no column
	subquery bool    // what is looked at is within a query in the query
	reported []*column
}

// rowwise are the functions that are called the same on all databases and are no
// aggregates; [dialect.Features.Functions] has the others.
var rowwise = map[string]bool{
	"coalesce": true, "nullif": true, "lower": true, "upper": true, "abs": true, "floor": true, "sqrt": true, "exp": true,
	"sign": true, "replace": true, "ltrim": true, "rtrim": true,
}

// checkUngrouped refuses columns that are not grouped by beside groups and
// aggregates, where the database does.
func (p *printer) checkUngrouped(items []item, s *parts) {
	g := grouping{p: p}
	columns := s.of(items, clauseColumn)
	if s.is(clauseGroup) && !g.group(s.of(items, clauseGroup), columns) {
		return
	}
	said := p.f.Ungrouped == dialect.UngroupedSaid
	if said && !g.results(columns) {
		return
	}
	before := p.clause
	for _, c := range [...]struct {
		clause clause
		name   string
	}{{clauseColumn, "SELECT"}, {clauseHaving, "HAVING"}, {clauseOrder, "ORDER BY"}} {
		if !s.is(c.clause) || said && c.clause != clauseHaving || c.clause == clauseOrder && len(g.by) == 0 && p.f.Ungrouped == dialect.UngroupedOrder {
			continue
		}
		p.in(c.name)
		list := s.of(items, c.clause)
		for i := range list {
			if list[i].clause == c.clause {
				g.look(list[i].n)
			}
		}
	}
	p.in(before)
}

// group adds what the query is grouped by, and reports whether that is known.
func (g *grouping) group(items, columns []item) bool {
	for i := range items {
		if items[i].clause == clauseGroup && !g.add(items[i].n, columns) {
			return false
		}
	}
	return true
}

func (g *grouping) add(n *node, columns []item) bool {
	n = g.p.settle(n)
	if n != nil && n.op == opName {
		n = g.p.settle(outputOf(columns, n.name))
	}
	if n != nil && n.op == opLabel {
		n = g.p.settle(n.l)
	}
	if n == nil {
		return false
	}
	switch n.op {
	case opColumn:
	case opText, opTextCond, opCustom, opLiteral, opName, opStar, opMistake: // which may be the number of a column
		return false
	case opGroups:
		for _, set := range n.ext.([][]*node) {
			for _, e := range set {
				if !g.add(e, columns) {
					return false
				}
			}
		}
		return true
	default:
		n, g.made = g.p.resolved(n), true
	}
	g.by = append(g.by, n)
	return true
}

// results adds the columns of the result, where HAVING knows these and those that are
// grouped by alone, and reports whether they are known.
func (g *grouping) results(items []item) bool {
	g.made = false // columns, and nothing that is made of them
	for i := range items {
		if items[i].clause != clauseColumn {
			continue
		}
		n := g.p.settle(items[i].n)
		if n != nil && n.op == opLabel {
			n = g.p.settle(n.l)
		}
		switch {
		case n == nil || n.op == opStar || n.op == opText || n.op == opCustom:
			return false
		case n.op == opColumn:
			g.by = append(g.by, n)
		}
	}
	return true
}

// look looks for columns that are not grouped by in an expression.
func (g *grouping) look(n *node) {
	if g.subquery && n != nil && (n.op == opRef || n.op == opDefer) {
		return // which a Resolver of that query knows
	}
	if n = g.p.settle(n); n == nil {
		return
	}
	switch n.op {
	case opColumn:
		g.column(n)
		return
	case opLabel, opOrder:
		g.look(n.l)
		return
	case opBind:
		if e := exprIn(n.ext); e != nil {
			g.look(e)
		}
		return
	case opLiteral, opNull, opParam, opName, opStar, opText, opTextCond, opCustom, opMistake, opFilter, opNothing:
		return
	case opQuery:
		g.query(n.ext.(Query))
		return
	case opOver:
		g.over(n)
		return
	case opCall:
		if n.aggregates() || !g.known(n.name) {
			return
		}
	case opTemplate, opTemplateCond:
		if t := n.ext.(*filled).t; t == nil || t.Has != nil || t.of != nil || len(t.For) > 0 || strings.Contains(t.Text, "(") {
			return
		}
	}
	if g.made && g.same(n) {
		return
	}
	m := mapper{node: func(c *node) *node { g.look(c); return c }}
	m.each(n)
}

func (g *grouping) known(name string) bool {
	if rowwise[name] {
		return true
	}
	_, ok := g.p.f.Functions[name]
	return ok
}

// over looks at a function over a window, whose rows are the groups.
func (g *grouping) over(n *node) {
	fn := g.p.settle(n.l)
	m := mapper{node: func(c *node) *node { g.look(c); return c }}
	if fn != nil && fn.op == opFilter {
		g.look(fn.r)
		fn = g.p.settle(fn.l)
	}
	if fn != nil && fn.op == opCall {
		m.each(fn)
	}
	m.ext(n, nil)
}

// query looks at what a query within the query takes from it.
func (g *grouping) query(q Query) {
	if q.clauses().has(clauseUncorrelated) {
		return
	}
	before := g.subquery
	g.subquery = true
	m := mapper{node: func(c *node) *node {
		if c.op != opSource { // whose queries do not see it
			g.look(c)
		}
		return c
	}}
	q.mapped(&m)
	g.subquery = before
}

// column reports a column of the query that is not grouped by.
func (g *grouping) column(n *node) {
	p := g.p
	c := n.ext.(*column)
	if p.find(c.src) < p.base || p.f.Ungrouped == dialect.UngroupedOfKey && g.keyed(c.src) {
		return
	}
	for _, b := range g.by {
		if b == n || b.op == opColumn && b.ext.(*column).src == c.src && b.ext.(*column).pos == c.pos && b.name == n.name {
			return
		}
	}
	for _, r := range g.reported {
		if r == c {
			return
		}
	}
	g.reported = append(g.reported, c)
	if p.f.Ungrouped == dialect.UngroupedSaid {
		p.unsupported("the column "+describe(n)+" in HAVING, which is neither grouped by itself nor in the result,", "select it, or select what is made of it under a label and compare that (Name)")
		return
	}
	p.unsupported("the column "+describe(n)+" in "+p.clause+", which is neither grouped by nor within an aggregate,", "group by it too, or take one of its values with Min, Max or AnyValue")
}

// keyed reports whether a table's primary key is grouped by, or may be, so that its
// other columns have one value in a group.
func (g *grouping) keyed(s *source) bool {
	if s.kind != tableSource {
		return false
	}
	key, grouped, any := 0, 0, false
	for i := range s.cols {
		c := &s.cols[i]
		is := false
		for _, b := range g.by {
			is = is || b == &c.node
		}
		any = any || is
		if c.def.PrimaryKey {
			key++
			if is {
				grouped++
			}
		}
	}
	if key == 0 {
		return any // which may be the key
	}
	return key == grouped
}

// same reports whether n is an expression that is grouped by, or one of the same
// columns, which may be written differently.
func (g *grouping) same(n *node) bool {
	if g.subquery {
		return true // hardly ever
	}
	columns, known := columnsOf(g.p.resolved(n))
	for _, b := range g.by {
		if b.op == opColumn {
			continue
		}
		others, all := columnsOf(b)
		if !known || !all {
			return true
		}
		if sameColumns(columns, others) && sameColumns(others, columns) {
			return true
		}
	}
	return false
}

func sameColumns(a, b []*column) bool {
	for _, c := range a {
		found := false
		for _, o := range b {
			found = found || o.src == c.src && o.pos == c.pos && o.name == c.name
		}
		if !found {
			return false
		}
	}
	return true
}

// columnsOf are the columns in an expression; all is false where it may have others.
func columnsOf(n *node) (columns []*column, all bool) {
	all = true
	m := mapper{}
	m.node = func(n *node) *node {
		switch n.op {
		case opColumn:
			columns = append(columns, n.ext.(*column))
		case opText, opTextCond, opCustom, opQuery, opRef, opDefer:
			all = false
		default:
			m.each(n)
		}
		return n
	}
	m.node(n)
	return columns, all
}
