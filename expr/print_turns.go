package expr

import "slices"

// inTurn is the assignments of a clause in an order in which each expression
// reads columns as they were. Where a database makes one assignment after the
// other, an expression sees the new values of those before it: what reads a column
// then stands before what changes it.
func (p *printer) inTurn(items []item, cl clause) []item {
	if !p.f.SetInTurn {
		return items
	}
	var list []item
	calculated := false
	for i := range items {
		if items[i].clause == cl {
			list = append(list, items[i])
			calculated = calculated || !isPlain(items[i].on)
		}
	}
	if !calculated || len(list) < 2 {
		return items
	}
	sorted := make([]item, 0, len(list))
	for len(list) > 0 {
		next := slices.IndexFunc(list, func(it item) bool {
			return !slices.ContainsFunc(list, func(o item) bool { return o.n != it.n && !isPlain(o.on) && p.reads(o.on, it.n) })
		})
		if next < 0 {
			p.unsupported("an assignment of columns to each other", "update twice, or join the table under another name (From) and read from that")
			return items
		}
		sorted = append(sorted, list[next])
		list = slices.Delete(list, next, next+1)
	}
	return sorted
}

func isPlain(n *node) bool {
	switch {
	case n == nil:
		return true
	case n.op == opBind:
		return exprIn(n.ext) == nil
	}
	return n.op == opParam || n.op == opLiteral || n.op == opNull || n.op == opDefault || n.op == opInserted
}

// reads reports whether a value names a column of the row as it was.
func (p *printer) reads(n, col *node) bool {
	found := false
	w := walker{seen: map[*source]bool{}}
	w.f = func(x Node) bool {
		switch {
		case x.n.op == opInserted: // the row that was to be inserted
			return false
		case x.n.op == opRef, x.n.op == opDefer:
			found = found || p.reads(p.settle(x.n), col)
			return false
		case x.n == col:
			found = true
		}
		return !found
	}
	w.m.node = w.visit
	w.m.child(n)
	return found
}
