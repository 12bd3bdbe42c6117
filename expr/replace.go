package expr

import (
	"reflect"
	"slices"
)

// Rewrite is stmt with expressions of it replaced: f is asked about every node
// before what it consists of (see [Walk]), and gives what is to stand there,
// and true. What it gives is not gone through again. A nil expression is a
// mistake that the statement reports, and so is a nil function. The statement
// itself stays as it is.
func Rewrite[S Tree](stmt S, f func(Node) (Any, bool)) S {
	r := newRewriter()
	r.replace = func(n *node) (*node, bool) {
		switch {
		case Node{n}.Expr() == nil:
			return nil, false
		case f == nil:
			return mistake("Rewrite: nil function"), true
		}
		e, ok := f(Node{n})
		if !ok {
			return nil, false
		}
		return operand(e), true
	}
	return mapTree(stmt, &r.mapper)
}

// ReplaceTable is stmt with another table in the place of one: another role of
// it, a table of the same shape, a query. Columns go by their names; one that
// the other table lacks is a mistake that the statement reports, and so is no table.
func ReplaceTable[S Tree](stmt S, from, to Relation) S {
	s, t := sourceOf(from), sourceOf(to)
	if t == nil {
		t = noSource("ReplaceTable by no table")
	} else if _, around := to.(modifier); around {
		t = noSource("ReplaceTable by table %s with something around its name", t)
	}
	r := newRewriter()
	r.tables = map[*source]*source{s: t}
	if s == nil {
		r.replace = func(n *node) (*node, bool) { return mistake("ReplaceTable of no table"), Node{n}.Expr() != nil }
	}
	return mapTree(stmt, &r.mapper)
}

// FilterTables is stmt with a condition on every table that it reads, changes
// or deletes from, in queries within it too: f gives it, and When(false, …) for
// tables that have none. It keeps other rows out before anything else does: on
// a table that a join may leave out it becomes part of the join's condition.
//
// What an INSERT writes is not looked at, but the row that an upsert changes
// has to meet the condition (DO UPDATE … WHERE); nor are tables that raw text
// names. An UPDATE or DELETE without WHERE stays one, and is refused unless it
// says EveryRow. A table of a FULL JOIN and of a MERGE has no place for a
// condition; there it is a mistake that the statement reports, and the way out
// is a query under a name.
func FilterTables[S Tree](stmt S, f func(Table) Cond) S {
	r := newRewriter()
	r.items = func(t Tree, items []item) []item {
		if t == nil { // of a joined table: with those of its statement
			return items
		}
		return filterItems(t, items, f)
	}
	return mapTree(stmt, &r.mapper)
}

// mapTree is stmt mapped, in the type that was given: a pointer to a statement,
// and a struct that embeds one, stay what they are. Nil stays nil.
func mapTree[S Tree](stmt S, m *mapper) S {
	if valueTree(stmt) == nil {
		return stmt
	}
	t := stmt.mapped(m)
	if s, ok := t.(S); ok {
		return s
	}
	v := reflect.New(reflect.TypeFor[S]()).Elem()
	v.Set(reflect.ValueOf(&stmt).Elem())
	if !put(v, reflect.ValueOf(t)) {
		v.SetZero() // a mistake; never the statement as it was
	}
	return v.Interface().(S)
}

// put stores a statement where dst has the one that it was made of, in a copy
// of whatever lies behind pointers.
func put(dst, t reflect.Value) bool {
	switch {
	case dst.Type() == t.Type():
		dst.Set(t)
		return true
	case dst.Kind() == reflect.Interface && !dst.IsNil():
		own := reflect.New(dst.Elem().Type()).Elem()
		own.Set(dst.Elem())
		if put(own, t) {
			dst.Set(own)
			return true
		}
	case dst.Kind() == reflect.Pointer && !dst.IsNil():
		own := reflect.New(dst.Type().Elem())
		own.Elem().Set(dst.Elem())
		if put(own.Elem(), t) {
			dst.Set(own)
			return true
		}
	case dst.Kind() == reflect.Struct:
		for i := range dst.NumField() {
			if f := dst.Type().Field(i); f.Anonymous && f.IsExported() && put(dst.Field(i), t) {
				return true
			}
		}
	}
	return false
}

// valueTree is a statement without pointers around it; nil for a nil one.
func valueTree(t Tree) Tree {
	for {
		v := reflect.ValueOf(t)
		if t == nil || v.Kind() != reflect.Pointer {
			return t
		}
		if v.IsNil() {
			return nil
		}
		value, ok := v.Elem().Interface().(Tree)
		if !ok {
			return t
		}
		t = value
	}
}

func filterItems(t Tree, items []item, f func(Table) Cond) []item {
	switch t.(type) {
	case SetStmt:
		return items
	case InsertStmt:
		return filterUpsert(items, f)
	case UpdateStmt, DeleteStmt:
		guarded := func(it item) bool {
			return it.clause == clauseEvery || it.clause == clauseWhere && (it.n == nil || it.n.op != opNothing)
		}
		if !slices.ContainsFunc(items, guarded) {
			return items // it is refused
		}
	}
	var where []*node
	cond := func(s *source) *node { return filterOf(s, f) }
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

// filterOf is the condition on a table; nil where it has none.
func filterOf(s *source, f func(Table) Cond) *node {
	if s.kind != tableSource {
		return nil
	}
	if f == nil {
		return mistake("FilterTables: nil function")
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

// filterUpsert puts the condition on the row that an upsert changes.
func filterUpsert(items []item, f func(Table) Cond) []item {
	if !slices.ContainsFunc(items, func(it item) bool { return it.clause == clauseUpdateSet }) {
		return items
	}
	for _, it := range items {
		if it.clause != clauseTarget || it.n == nil {
			continue
		}
		if n := filterOf(it.n.ext.(*source), f); n != nil {
			items = append(items, item{clause: clauseDoWhere, n: n})
		}
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
			c, slots := clauses{}.grow(len(own))
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
