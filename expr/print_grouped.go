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

// checkAggregate refuses an aggregate where there are no groups yet, which all
// databases do. One of columns that the queries around this one have alone
// is an aggregate of theirs (SQL:2016, 6.9 <set function specification>).
func (p *printer) checkAggregate(n *node) {
	if !ungrouped[p.clause] || !n.aggregates() {
		return
	}
	columns, own := p.columnsIn(n)
	if columns == 0 || own > 0 {
		p.fail("the aggregate %s stands where rows are not grouped yet; compare it in Having, or make it a subquery", describe(n))
	}
}

// checkOver refuses a function over a window where the window's rows are not
// known yet.
func (p *printer) checkOver(n *node) bool {
	if ungrouped[p.clause] || p.clause == "HAVING" {
		p.fail("%s over a window is known only when its rows are; select it in a derived table, and use it there", describe(n.l))
		return false
	}
	return true
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
