package expr

import "slices"

// Rewrite is stmt with expressions of it replaced: f is asked about every node
// before what it consists of (see [Walk]), and gives what is to stand there,
// and true. What it gives is not gone through again. A nil expression is a
// mistake that the statement reports. The statement itself stays as it is.
func Rewrite[S Tree](stmt S, f func(Node) (Any, bool)) S {
	r := newRewriter()
	r.replace = func(n *node) (*node, bool) {
		if k := (Node{n}).Kind(); k == OrderNode || k == TableNode || k == QueryNode || k == HintNode {
			return nil, false
		}
		e, ok := f(Node{n})
		if !ok {
			return nil, false
		}
		return operand(e), true
	}
	return as[S](stmt.mapped(&r.mapper), stmt)
}

// ReplaceTable is stmt with another table in the place of one: another role of
// it, a table of the same shape, a query. Columns go by their names; one that
// the other table lacks is a mistake that the statement reports.
func ReplaceTable[S Tree](stmt S, from, to Relation) S {
	s, t := sourceOf(from), sourceOf(to)
	if t == nil {
		t = &source{node: node{op: opSource}, err: mistake("ReplaceTable by no table").ext.(error)}
		t.setColumns(nil)
	}
	r := newRewriter()
	r.tables = map[*source]*source{s: t}
	return as[S](stmt.mapped(&r.mapper), stmt)
}

// FilterTables is stmt with a condition on every table that it reads, changes
// or deletes from, in queries within it too: f gives it, and When(false, …) for
// tables that have none. It keeps other rows out before anything else does: on
// a table that a join may leave out it becomes part of the join's condition.
//
// What an INSERT writes is not looked at, nor tables that raw text names. An UPDATE or DELETE without WHERE
// stays one, and is refused unless it says EveryRow. A table of a FULL JOIN and
// of a MERGE has no place for a condition; there it is a mistake that the
// statement reports, and the way out is a query under a name.
func FilterTables[S Tree](stmt S, f func(Table) Cond) S {
	r := newRewriter()
	r.items = func(t Tree, items []item) []item {
		if t == nil { // of a joined table: with those of its statement
			return items
		}
		return filterItems(t, items, f)
	}
	return as[S](stmt.mapped(&r.mapper), stmt)
}

// as keeps the type of the statement that was given.
func as[S Tree](t Tree, old S) S {
	if s, ok := t.(S); ok {
		return s
	}
	return old
}

func filterItems(t Tree, items []item, f func(Table) Cond) []item {
	switch t.(type) {
	case SetStmt, InsertStmt, Upserted:
		return items
	case UpdateStmt, DeleteStmt:
		guarded := func(it item) bool {
			return it.clause == clauseEvery || it.clause == clauseWhere && (it.n == nil || it.n.op != opNothing)
		}
		if !slices.ContainsFunc(items, guarded) {
			return items // it is refused
		}
	}
	var where []*node
	cond := func(s *source) *node {
		if s.kind != tableSource {
			return nil
		}
		c := f(Table{s: s})
		if c.n != nil && c.n.op == opNothing {
			return nil
		}
		if c.n == nil {
			return mistake("FilterTables: zero Cond for table %s; where there is none it is expr.When(false, …)", s)
		}
		return c.n
	}
	if _, merge := t.(MergeStmt); merge {
		for _, it := range items {
			if (it.clause == clauseTarget || it.clause == clauseFrom) && it.n != nil {
				if s := it.n.ext.(*source); cond(s) != nil {
					where = append(where, mistake("FilterTables: MERGE has no place for a condition on table %s; give it a query under a name, or UPDATE and INSERT", s))
				}
			}
		}
		for _, n := range where {
			items = append(items, item{clause: clauseHint, n: n})
		}
		return items
	}
	where = filterJoins(items, cond)
	for _, n := range where {
		if n.op == opMistake {
			items = append(items, item{clause: clauseHint, n: n})
			continue
		}
		items = append(items, item{clause: clauseWhere, n: n})
	}
	return items
}

// filterJoins puts conditions into those of outer joins, and returns the ones
// that belong to what is around the joins.
func filterJoins(items []item, cond func(*source) *node) []*node {
	var open []*node // of the tables so far
	add := func(it *item) []*node {
		s, ok := it.n.ext.(*source)
		if !ok {
			return nil
		}
		if s.kind == joinedSource {
			own := append([]item(nil), s.joins.items()...)
			rest := filterJoins(own, cond)
			c, slots := newClauses(len(own)).grow(len(own))
			copy(slots, own)
			it.n = &joined(c).s.node
			return rest
		}
		if n := cond(s); n != nil {
			return []*node{n}
		}
		return nil
	}
	for i := range items {
		if it := &items[i]; it.n != nil && (it.clause == clauseFrom || it.clause == clauseTarget) {
			open = append(open, add(it)...)
		}
	}
	for i := range items {
		it := &items[i]
		if it.clause != clauseJoin || it.n == nil {
			continue
		}
		right := add(it)
		switch it.flag {
		case leftJoin:
			it.on = allOf(it.on, right)
		case rightJoin:
			it.on = allOf(it.on, open)
			open = right
		case fullJoin:
			if len(open)+len(right) > 0 {
				open = append(open, mistake("FilterTables: a FULL JOIN has no place for the condition on one of its tables; join queries under names"))
			}
		default:
			open = append(open, right...)
		}
	}
	return open
}

// allOf is a condition together with others.
func allOf(on *node, more []*node) *node {
	if len(more) == 0 || on == nil {
		return on
	}
	conds := []Cond{{on}}
	for _, n := range more {
		conds = append(conds, Cond{n})
	}
	return And(conds...).n
}
