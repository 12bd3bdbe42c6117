package expr

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// aggregate writes a function that takes its rows in an order. where is the
// condition of a FILTER, or nil; over says that OVER follows.
func (p *printer) aggregate(n *node, where *node, over bool) {
	a := n.ext.(*aggregate)
	plain := *n
	plain.ext = a.args
	if a.within {
		p.withinGroup(&plain, a, where, over)
		return
	}
	if n.flag&flagDistinct != 0 && len(a.args) > 0 {
		if a = p.distinctOrder(n.name, a, where); a == nil {
			return
		}
		plain.ext, where = a.args, nil
	}
	if strings.EqualFold(n.name, "string_agg") && len(a.args) == 2 {
		p.stringAgg(&plain, a, where)
		return
	}
	if !p.f.AggregateOrder {
		p.unsupported("an order of the rows of "+n.name, "order them in the program")
		return
	}
	p.called(&plain, where)
	if p.w.Err() != nil {
		return
	}
	if p.w.Cut(p.w.Len()-1) != ")" {
		p.fail("%s takes no order here", n.name)
	}
	p.str(" ORDER BY ")
	p.terms(a.order)
	p.str(")")
}

// distinctOrder is an aggregate with DISTINCT whose order is by the value itself,
// the same node, so that parameters in it are the same too; a condition is put
// into it. It is nil, once reported, where the order is by something else: values
// that are the same may have several of those.
func (p *printer) distinctOrder(name string, a *aggregate, where *node) *aggregate {
	value := p.settle(a.args[0])
	own := &aggregate{args: slices.Clone(a.args), order: make([]*node, len(a.order))}
	own.args[0] = value
	if where != nil && value != nil {
		own.args[0] = &node{op: opCase, typ: value.typ, ext: &caseData{whens: []branch{{where, value}}}}
	}
	var eq equality
	for i, term := range a.order {
		term = p.settle(term)
		by := term
		if by != nil && by.op == opOrder {
			by = p.settle(by.l)
		}
		switch {
		case by == nil || by.op == opMistake:
			own.order[i] = term // reported
			continue
		case !eq.nodes(by, value):
			p.fail("%s(DISTINCT …) is ordered by %s; only its own value, %s, is one for each", name, describe(by), describe(value))
			return nil
		}
		own.order[i] = own.args[0]
		if term.op == opOrder {
			o := *term
			o.l = own.args[0]
			own.order[i] = &o
		}
	}
	return own
}

// stringAgg writes string_agg with an order.
func (p *printer) stringAgg(n *node, a *aggregate, where *node) {
	t := p.f.StringAggOrdered
	if t == "" {
		p.unsupported("an order of the rows of string_agg", "order them in the program")
		return
	}
	if !p.distinctAggregate(n) {
		return
	}
	p.w.Template(t, func(hole int) {
		switch hole {
		case 0:
			p.distinctWord(n)
			if where != nil {
				p.filtered(n, a.args, where)
			} else {
				p.expr(a.args[0], precLow)
			}
		case 1:
			p.expr(a.args[1], precLow)
		case 2:
			p.nullsSaid = true
			p.terms(a.order)
			p.nullsSaid = false
		}
	})
}

// distinctAggregate refuses DISTINCT where string_agg does not take it.
func (p *printer) distinctAggregate(n *node) bool {
	if n.flag&flagDistinct != 0 && strings.EqualFold(n.name, "string_agg") && !p.f.StringAggDistinct {
		p.unsupported("string_agg(DISTINCT …)", "aggregate the distinct rows of a derived table")
		return false
	}
	return true
}

func (p *printer) distinctWord(n *node) {
	if n.flag&flagDistinct != 0 {
		p.str("DISTINCT ")
	}
}

func (p *printer) withinGroup(n *node, a *aggregate, where *node, over bool) {
	forms := p.f.OrderedSets
	switch {
	case forms == dialect.NoOrderedSet:
		p.unsupported(n.name+" WITHIN GROUP", "number the rows with row_number(), and take the one that is due")
		return
	case over && forms == dialect.OrderedSetAggregate:
		p.unsupported(n.name+" WITHIN GROUP over a window", "group in a derived table and join it")
		return
	case !over && forms == dialect.OrderedSetWindow:
		p.unsupported(n.name+" WITHIN GROUP as an aggregate", "compute it Over a window, and take the rows once with Distinct")
		return
	case where != nil:
		p.unsupported("FILTER of "+n.name, "filter the rows in a derived table")
		return
	}
	if forms == dialect.OrderedSetWindow { // there, a constant
		args := make([]*node, len(a.args))
		for i, arg := range a.args {
			if args[i] = arg; arg.op == opBind {
				args[i] = &node{op: opLiteral, typ: arg.typ, ext: arg.ext}
			}
		}
		n.ext = args
	}
	p.called(n, nil)
	p.str(" WITHIN GROUP (ORDER BY ")
	p.terms(a.order)
	p.str(")")
}

// groupBy writes the expressions of GROUP BY; columns are the query's, which is
// ordered or not.
func (p *printer) groupBy(items, columns []item, ordered bool) {
	count := 0
	for i := range items {
		if items[i].clause == clauseGroup {
			count++
		}
	}
	first := true
	for i := range items {
		if items[i].clause != clauseGroup {
			continue
		}
		if !first {
			p.str(", ")
		}
		first = false
		n := p.settle(items[i].n)
		switch {
		case n != nil && n.op == opGroups && ordered && p.f.RollupUnordered:
			p.unsupported("ROLLUP with ORDER BY", "order it as a derived table")
		case n != nil && n.op == opGroups:
			p.groups(n, count == 1)
		case n != nil && n.op == opName && !p.f.GroupByLabels:
			p.labelled(n.name, columns)
		default:
			p.groupTerm(n, columns)
		}
	}
}

// labelled writes the column of the result that has a label.
func (p *printer) labelled(label string, columns []item) {
	for i := range columns {
		if n := columns[i].n; columns[i].clause == clauseColumn && n != nil && n.op == opLabel && n.name == label {
			p.expr(n.l, precLow)
			return
		}
	}
	p.fail("no column of the result has the label %s", label)
}

// groups writes the subtotals of a GROUP BY.
func (p *printer) groups(n *node, alone bool) {
	sets := n.ext.([][]*node)
	word := groupsWords[n.aux]
	switch {
	case p.f.GroupSets == dialect.GroupSets:
	case p.f.GroupSets == dialect.WithRollup && n.aux == groupsRollup && alone:
		p.list(sets[0])
		p.str(" WITH ROLLUP")
		return
	case p.f.GroupSets == dialect.WithRollup && n.aux == groupsRollup:
		p.unsupported("ROLLUP beside other expressions of GROUP BY", "join queries, each with its GROUP BY, by UNION ALL")
		return
	default:
		p.unsupported(word[:len(word)-1], "join queries, each with its GROUP BY, by UNION ALL")
		return
	}
	p.str(word)
	if n.aux != groupsSets {
		p.list(sets[0])
	} else {
		for i, set := range sets {
			if i > 0 {
				p.str(", ")
			}
			if len(set) == 1 && set[0].op == opGroups {
				p.groups(set[0], false)
				continue
			}
			p.str("(")
			p.list(set)
			p.str(")")
		}
	}
	p.str(")")
}

func (p *printer) grouping(n *node) {
	list := n.ext.([]*node)
	t := p.f.Grouping
	if len(list) > 1 {
		t = p.f.GroupingSeveral
	}
	if t == "" {
		p.unsupported("GROUPING", "join queries, each with its GROUP BY, by UNION ALL")
		return
	}
	if !p.within.groups {
		p.fail("GROUPING stands beside GROUP BY, and tells which of its expressions a row is of")
		return
	}
	p.w.Template(t, func(hole int) {
		if hole == dialect.AllParts {
			p.list(list)
		} else {
			p.expr(list[hole], precLow)
		}
	})
}
