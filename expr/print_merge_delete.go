package expr

// deleteAfter makes one clause WHEN MATCHED of all those of a MERGE, for a
// database whose DELETE goes with an UPDATE and sees the rows as they are after it
// (Oracle SQL Language Reference, MERGE, merge_update_clause). The rows that are to
// be deleted keep their values until then, so that no check of the table minds.
// It reports false where there is nothing to delete, and nil, once it has said why,
// where it cannot be done.
func (p *printer) deleteAfter(list []whenClause, items []item, t *source) ([]whenClause, bool) {
	var change, remove *whenClause
	deleteFirst := false
	n := 0
	for i := range list {
		w := &list[i]
		if w.kind != whenMatched {
			continue
		}
		if w.action == mergeNothing { // the last of them, and not written
			continue
		}
		n++
		switch {
		case w.action == mergeDelete && remove == nil:
			remove, deleteFirst = w, change == nil
		case w.action == mergeUpdate && change == nil:
			change = w
		default:
			n += 2
		}
	}
	if remove == nil {
		return list, false
	}
	const own = "delete those rows with a DELETE of its own, in the same transaction"
	p.in(whenWords[whenMatched])
	if n > 2 {
		p.unsupported("a MERGE with a DELETE and so many clauses WHEN MATCHED", own)
		return nil, true
	}
	var conds []item
	one := &whenClause{kind: whenMatched, action: mergeUpdate}
	gone := condOf(remove)
	if change == nil {
		c := p.keptColumn(items, t)
		if c == nil {
			p.unsupported("DELETE in a MERGE that names every column of the table in ON", own)
			return nil, true
		}
		if gone != nil {
			conds = append(conds, item{clause: clauseWhenCond, n: gone})
		}
		one.items = append(conds, item{clause: clauseWhenSet, n: &c.node, on: &c.node})
		one.remove = &node{op: opAlways}
		return withMatched(list, one), true
	}
	changed := condOf(change)
	for i := range change.items {
		it := &change.items[i]
		if it.clause != clauseWhenSet {
			continue
		}
		if gone.mentions(it.n) || changed.mentions(it.n) && !deleteFirst {
			p.unsupported("DELETE in a MERGE by the column "+describe(it.n)+", which the MERGE sets", own)
			return nil, true
		}
		if v := p.settle(it.on); v != nil && v.op == opDefault {
			p.unsupported("DEFAULT in a MERGE with a DELETE", "give the value itself")
			return nil, true
		}
	}
	// Who comes first takes the row.
	first, last := gone, changed
	if !deleteFirst {
		first, last = changed, gone
	}
	if first == nil { // reported: the other one is never reached
		return list, false
	}
	if last != nil {
		conds = append(conds, item{clause: clauseWhenCond, n: Or(Cond{first}, Cond{last}).n})
	}
	one.items = conds
	for _, it := range change.items {
		if it.clause != clauseWhenSet {
			continue
		}
		when, then, otherwise := first, it.n, it.on
		if !deleteFirst {
			then, otherwise = otherwise, then
		}
		if v := p.settle(it.on); v != nil && v.op == opBind && v.typ == nil && it.n != nil { // it takes the column's type
			b := *v
			b.typ = it.n.typ
			if deleteFirst {
				otherwise = &b
			} else {
				then = &b
			}
		}
		it.on = &node{op: opCase, typ: it.n.typ, ext: &caseData{whens: []branch{{when, then}}, or: otherwise}}
		one.items = append(one.items, it)
	}
	one.remove = gone
	switch {
	case !deleteFirst: // whoever is not changed, be it for a NULL
		number := func(v int64) *node { return &node{op: opLiteral, ext: v} }
		kept := &node{op: opCase, typ: typeBigInt, ext: &caseData{whens: []branch{{first, number(0)}}, or: number(1)}}
		one.remove = &node{op: opEq, l: kept, r: number(1)}
		if last != nil {
			one.remove = And(Cond{last}, Cond{one.remove}).n
		}
	}
	return withMatched(list, one), true
}

// condOf is the condition of a clause; nil where it has none.
func condOf(w *whenClause) *node {
	var conds []Cond
	for i := range w.items {
		if it := &w.items[i]; it.clause == clauseWhenCond && (it.n == nil || it.n.op != opNothing) {
			conds = append(conds, Cond{it.n})
		}
	}
	switch len(conds) {
	case 0:
		return nil
	case 1:
		return conds[0].n
	}
	return And(conds...).n
}

// withMatched is a list of clauses with one in the place of those WHEN MATCHED.
func withMatched(list []whenClause, one *whenClause) []whenClause {
	out, done := make([]whenClause, 0, len(list)), false
	for _, w := range list {
		switch {
		case w.kind != whenMatched:
			out = append(out, w)
		case !done:
			out, done = append(out, *one), true
		}
	}
	return out
}

// keptColumn is a column that a MERGE may set to what it is; nil where ON names
// all of them.
func (p *printer) keptColumn(items []item, t *source) *column {
	for i := range t.cols {
		c := &t.cols[i]
		free := !c.def.Generated && !c.def.Computed && !c.def.PrimaryKey
		for k := range items {
			if items[k].clause == clauseOn && items[k].n.mentions(&c.node) {
				free = false
			}
		}
		if free {
			return c
		}
	}
	return nil
}
