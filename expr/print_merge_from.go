package expr

import "strconv"

// mergeSourceName is what the other tables of an UPDATE are called where they
// are the one source of a MERGE.
const mergeSourceName = "merge_source"

// oneSource makes the other tables of an UPDATE one: a derived table of their
// columns that the statement names, with the conditions that are about them
// alone. It reports false, once it has said why, where that cannot be done.
func (p *printer) oneSource(c clauses, s *parts, t *source) (clauses, bool) {
	items := c.items()
	others := map[*source]bool{}
	var bring func(n *node)
	bring = func(n *node) {
		if n == nil {
			return
		}
		src := n.ext.(*source)
		if src.kind != joinedSource {
			others[src] = true
			return
		}
		for _, it := range src.joins.items() {
			bring(it.n)
		}
	}
	for _, it := range s.of(items, clauseFrom) {
		if it.clause == clauseFrom {
			bring(it.n)
		}
	}

	// The columns, in the order in which they are named, and whether a text might name more.
	var named []*node
	place := map[*node]int{}
	text, own := "", false
	look := newRewriter()
	look.replace = func(n *node) (*node, bool) {
		switch n.op {
		case opRef, opDefer:
			return look.rewrite(p.settle(n)), true
		case opText, opTextCond:
			text = n.name
		case opColumn:
			switch src := n.ext.(*column).src; {
			case src == t:
				own = true
			case others[src]:
				if _, seen := place[n]; !seen {
					place[n] = len(named)
					named = append(named, n)
				}
			}
			return n, true
		}
		return n, false
	}
	query, inside := newClauses(len(items)), make([]bool, len(items))
	conds := 0
	for i, it := range items {
		if it.n == nil {
			continue
		}
		before := len(named)
		switch own = false; it.clause {
		case clauseWhere:
			look.nodes = map[*node]*node{} // what stands in two conditions counts in both
			look.rewrite(it.n)
			if conds++; !own && text == "" && it.n.op != opNothing {
				inside[i] = true
				for _, n := range named[before:] {
					delete(place, n)
				}
				named = named[:before]
			}
		case clauseSet:
			look.child(it.on)
		}
	}
	if text != "" {
		p.unsupported("UPDATE … FROM of more than one table, with the text "+strconv.Quote(text), "join the tables in a derived table, and name its columns in the text")
		return c, false
	}

	for i, it := range items {
		switch {
		case it.clause == clauseFrom, inside[i], it.clause == clauseModify && it.n != &t.node:
			query = query.with(it)
		}
	}
	for _, n := range named {
		query = query.with(item{clause: clauseColumn, n: n})
	}
	if len(named) == 0 {
		query = query.with(item{clause: clauseColumn, n: Literal(1).As("one").n})
	}
	one := derived(derivedSource, SelectStmt{query}, mergeSourceName, nil)
	rename := newRewriter()
	rename.replace = func(n *node) (*node, bool) {
		switch n.op {
		case opRef, opDefer:
			return rename.rewrite(p.settle(n)), true
		case opColumn:
			if i, ok := place[n]; ok {
				return &one.cols[i].node, true
			}
			return n, true
		}
		return n, false
	}
	out, first := newClauses(len(items)), true
	for i, it := range items {
		switch {
		case it.clause == clauseFrom && !first, inside[i], it.clause == clauseModify && it.n != &t.node:
			continue
		case it.clause == clauseFrom:
			it.n, first = &one.node, false
		case it.clause == clauseWhere && it.n != nil:
			it.n = rename.rewrite(it.n)
		case it.clause == clauseSet:
			it.on = rename.child(it.on)
		}
		out = out.with(it)
	}
	return out, true
}
