package expr

// soughtRows writes the query whose rows IN, ANY or ALL compare with. Where it must
// have no limit, one that has is a derived table within it, which sees nothing of
// the queries around it.
func (p *printer) soughtRows(n *node, columns int, word string) {
	if p.f.LimitedRows || n == nil || !limitsRows(n.ext.(Query)) {
		p.subquery(n, columns, word)
		return
	}
	q := n.ext.(Query)
	if p.correlated(q) {
		p.unsupported("a limit in the query of "+word+" that has columns of the query around it", "use Exists, or number the rows with RowNumber in a lateral join")
		return
	}
	if have := len(q.outputs()); have != columns {
		p.fail("%s: the query has %d columns, and %d is due", word, have, columns)
	}
	p.str("(SELECT * FROM (")
	p.query(q, asTable)
	p.str(") AS limited)")
}

func limitsRows(q Query) bool {
	c := q.clauses()
	return c.has(clauseLimit) || c.has(clauseOffset)
}

// correlated reports whether a query has columns of those around it: of a table
// that none of its own FROM has.
func (p *printer) correlated(q Query) bool {
	own := map[*source]bool{}
	for n := range Nodes(q) {
		if t, ok := n.Table(); ok && n.Kind() == TableNode {
			own[t.s] = true
		}
	}
	for n := range Nodes(q) {
		if t, ok := n.Table(); ok && !own[t.s] && p.find(t.s) >= 0 {
			return true
		}
	}
	return false
}
