package expr

import "github.com/sqlayer-go/sqlayer/dialect"

// aggregates are the functions, as this package and the databases name them,
// that make one value of many rows.
var aggregates = map[string]bool{
	"count": true, "sum": true, "avg": true, "min": true, "max": true, "string_agg": true, "any_value": true,
	"stddev": true, "variance": true, "stddev_samp": true, "stddev_pop": true, "var_samp": true, "var_pop": true,
	"bool_and": true, "bool_or": true, "array_agg": true, "json_agg": true, "json_object_agg": true,
	"percentile_cont": true, "percentile_disc": true,
}

// aggregates reports whether n makes one value of many rows.
func (n *node) aggregates() bool {
	if n.op != opCall || !aggregates[n.name] {
		return false
	}
	var buf [2]*node
	return n.name != "min" && n.name != "max" || len(n.args(buf[:0])) < 2 // which are the least and the greatest of several values on SQLite
}

// ungrouped are the clauses that are reckoned row by row, before there are
// groups, and the rows of a window.
var ungrouped = map[string]bool{
	"WHERE": true, "ON": true, "GROUP BY": true, "SET": true, "VALUES": true, "DO UPDATE": true, "RETURNING": true, "OUTPUT": true,
}

// within is what stands around an operand in the query that is written.
type within struct {
	by        []item // its GROUP BY
	alone     bool   // it is ordered by what its result has, grouped or made distinct
	aggregate *node  // whose operands or condition are written
	nested    bool   // it stands within another one (Oracle)
	window    *node  // the function over a window, or its window
	over      *node  // the function that is over it, before it is written
	summed    bool   // the operands of an aggregate are written, over a window or not
	groups    bool   // the query has a GROUP BY
	grouped   bool   // an aggregate of the query was written
}

// calls looks at a function that is about to be written, and notes what it is
// to its operands: an aggregate or not.
func (p *printer) calls(n *node) {
	if n == p.within.over {
		p.within.over, p.within.summed = nil, n.aggregates() // over a window, it takes aggregates
		return
	}
	if !n.aggregates() || p.outer(n) {
		return
	}
	around := p.within.aggregate
	switch {
	case ungrouped[p.clause]:
		p.fail("the aggregate %s stands where rows are not grouped yet; compare it in Having, or make it a subquery", describe(n))
	case around != nil && !(p.f.NestedAggregates && p.within.groups && !p.within.nested && (p.clause == "SELECT" || p.clause == "ORDER BY")):
		p.unsupported("the aggregate "+describe(n)+" within another, "+describe(around)+",", "select it in a derived table, and aggregate its column")
	}
	p.within.nested = around != nil
	p.within.aggregate, p.within.summed, p.within.grouped = n, true, true
}

// outer reports whether an aggregate is one of the queries around: of columns that they
// have alone (SQL:2016, 6.9 <set function specification>).
func (p *printer) outer(n *node) bool {
	if p.floor >= p.base {
		return false // none is to be seen
	}
	columns, own := p.columnsIn(n)
	return columns > 0 && own == 0
}

// checkOver refuses a function over a window where the window's rows are not
// known yet, and where it stands within an aggregate or another one.
func (p *printer) checkOver(n *node) bool {
	const instead = "select it in a derived table, and use it there"
	switch {
	case ungrouped[p.clause] || p.clause == "HAVING":
		p.fail("%s over a window is known only when its rows are; "+instead, describe(n.l))
	case p.within.aggregate != nil:
		p.fail("%s over a window stands within the aggregate %s; "+instead, describe(n.l), describe(p.within.aggregate))
	case p.within.window != nil:
		p.fail("%s over a window stands within another, %s; "+instead, describe(n.l), describe(p.within.window))
	default:
		return true
	}
	return false
}

// checkQuery refuses a query in an aggregate and in GROUP BY where the database
// has none there.
func (p *printer) checkQuery(scalar bool) {
	const instead = "select it in a derived table, or join its tables, and use the column"
	switch {
	case p.clause == "GROUP BY" && (!p.f.AggregateQuery || scalar && !p.f.GroupByQuery):
		p.unsupported("a query in GROUP BY", instead)
	case p.within.summed && !p.f.AggregateQuery:
		p.unsupported("a query within an aggregate", instead)
	}
}

// columnsIn counts the columns in an expression, and those of them that are
// of the current query.
func (p *printer) columnsIn(n *node) (all, own int) {
	var m mapper
	m.node = func(n *node) *node {
		s := p.settle(n)
		if s == nil {
			return n
		}
		if s.op == opColumn {
			all++
			if p.find(s.ext.(*column).src) >= p.base {
				own++
			}
		}
		m.each(s)
		return n
	}
	m.node(n)
	return all, own
}

// checkDistinctOrder refuses an order by what a SELECT DISTINCT has not in its
// result: of rows that are the same there, another column may have several values.
func (p *printer) checkDistinctOrder(orders, columns []item) {
	var results []*node
	for i := range columns {
		if it := &columns[i]; it.clause == clauseColumn && it.n != nil {
			n := p.resolved(it.n)
			if n.op == opStar || n.op == opText {
				return // which may be anything
			}
			if n.op == opLabel {
				n = n.l
			}
			results = append(results, n)
		}
	}
	for i := range orders {
		if orders[i].clause != clauseOrder || orders[i].n == nil {
			continue
		}
		n := p.resolved(orders[i].n)
		if n.op == opOrder {
			n = n.l
		}
		if n != nil && n.op == opLabel {
			n = n.l
		}
		if n == nil || n.op == opMistake || p.inResult(n, results) {
			continue
		}
		p.unsupported("ORDER BY "+describe(n)+", which SELECT DISTINCT has not in its result,", "select it too, or group by the columns and order by an aggregate")
	}
}

// resolved is n without references, but for those in queries.
func (p *printer) resolved(n *node) *node {
	var m mapper
	m.node = func(n *node) *node {
		if n = p.settle(n); n == nil {
			return mistake("nil operand")
		}
		if _, query := n.ext.(Tree); query {
			return n
		}
		return m.each(n)
	}
	return m.node(n)
}

// inResult reports whether an order may go by n beside DISTINCT.
func (p *printer) inResult(n *node, results []*node) bool {
	for _, r := range results {
		if (&equality{}).nodes(n, r) {
			if n != r && n.op != opColumn {
				p.looked() // it depends on the values
			}
			return true
		}
	}
	if _, own := p.columnsIn(n); own == 0 || p.f.DistinctOrder == dialect.DistinctOrderSame {
		return own == 0
	}
	within := n.op != opColumn
	m := mapper{}
	m.node = func(n *node) *node {
		if _, query := n.ext.(Tree); query {
			return n
		}
		within = within && (n.op != opColumn || p.inResult(n, results))
		return m.each(n)
	}
	m.each(n)
	return within
}
