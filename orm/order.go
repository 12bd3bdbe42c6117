package orm

import (
	"slices"
	"strings"
	"unsafe"
)

// depends reports whether rows of e may refer to rows of o.
func depends(e, o *entity) bool {
	for i := range e.cols {
		if ref := e.cols[i].ref; ref != nil && ref.names(o) {
			return true
		}
	}
	for _, r := range e.rels {
		if r.kind == belongsTo && r.other == o.typ {
			return true
		}
	}
	for _, r := range o.rels {
		if r.kind != belongsTo && r.other == e.typ {
			return true
		}
	}
	return false
}

// ranking is the order of tables: what is referred to comes first. Entities
// that refer to each other, or to themselves, share a rank that is cyclic.
type ranking struct {
	of     map[*entity]int
	cyclic []bool
}

// rows are those of list whose tables have rank n.
func (r ranking) rows(list []*state, n int) (rows []*state) {
	for _, st := range list {
		if r.of[st.ent] == n {
			rows = append(rows, st)
		}
	}
	return rows
}

// rank orders entities, by Tarjan's algorithm for strongly connected
// components: a component comes after all that it refers to.
func rank(ents []*entity) ranking {
	r := ranking{of: map[*entity]int{}}
	n := len(ents)
	refs := make([][]int, n)
	for i, e := range ents {
		for j, o := range ents {
			if depends(e, o) {
				refs[i] = append(refs[i], j)
			}
		}
	}
	index, low := make([]int, n), make([]int, n)
	on := make([]bool, n)
	var stack []int
	next := 1
	var visit func(int)
	visit = func(v int) {
		index[v], low[v] = next, next
		next++
		stack = append(stack, v)
		on[v] = true
		for _, w := range refs[v] {
			if index[w] == 0 {
				visit(w)
				low[v] = min(low[v], low[w])
			} else if on[w] {
				low[v] = min(low[v], index[w])
			}
		}
		if low[v] != index[v] {
			return
		}
		size := 0
		for {
			w := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			on[w] = false
			r.of[ents[w]] = len(r.cyclic)
			size++
			if w == v {
				break
			}
		}
		r.cyclic = append(r.cyclic, size > 1 || slices.Contains(refs[v], v))
	}
	for v := range n {
		if index[v] == 0 {
			visit(v)
		}
	}
	return r
}

// wait says that a row has to be written after another one, because of a
// foreign key: of the row that waits, or (in deletes) of the other.
type wait struct {
	of        int // the row's number
	breakable bool
	k         linkKey
}

// levels puts rows into an order: each level after those that it waits for.
// Where rows wait for each other, waits that can be broken are, and returned.
// ok is false where none can; stuck are then the rows of the circle.
func levels(waits [][]wait) (out [][]int, broken []linkKey, stuck []int, ok bool) {
	n := len(waits)
	level := make([]int, n)
	for i := range level {
		level[i] = -1
	}
	cut := map[linkKey]bool{}
	open := func(w wait) bool { return level[w.of] < 0 && !cut[w.k] }
	left := n
	for left > 0 {
		var ready []int
		for i := range n {
			if level[i] < 0 && !slices.ContainsFunc(waits[i], open) {
				ready = append(ready, i)
			}
		}
		if len(ready) == 0 {
			i, w := breakOne(waits, open, level)
			if i < 0 {
				for i := range n {
					if level[i] < 0 {
						stuck = append(stuck, i)
					}
				}
				return nil, nil, stuck, false
			}
			cut[w.k] = true
			broken = append(broken, w.k)
			continue
		}
		for _, i := range ready {
			level[i] = len(out)
		}
		left -= len(ready)
		out = append(out, ready)
	}
	return out, broken, nil, true
}

// breakOne finds a wait that is part of a circle and can be broken.
func breakOne(waits [][]wait, open func(wait) bool, level []int) (int, wait) {
	for i := range waits {
		if level[i] >= 0 {
			continue
		}
		for _, w := range waits[i] {
			if w.breakable && open(w) && reaches(waits, open, w.of, i, make([]bool, len(waits))) {
				return i, w
			}
		}
	}
	return -1, wait{}
}

func reaches(waits [][]wait, open func(wait) bool, from, to int, seen []bool) bool {
	if from == to {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	for _, w := range waits[from] {
		if open(w) && reaches(waits, open, w.of, to, seen) {
			return true
		}
	}
	return false
}

// entitiesOf returns the entities of rows, in the order of the session's
// stores.
func (f *flush) entities() []*entity {
	ents := make([]*entity, len(f.s.id.order))
	for i, s := range f.s.id.order {
		ents[i] = s.ent
	}
	return ents
}

// byEntity splits rows by entity, in the given order of entities.
func byEntity(rows []*state, ents []*entity) [][]*state {
	var out [][]*state
	for _, e := range ents {
		var group []*state
		for _, st := range rows {
			if st.ent == e {
				group = append(group, st)
			}
		}
		if group != nil {
			out = append(out, group)
		}
	}
	return out
}

// names lists objects for messages.
func names(rows []*state, which []int) string {
	var parts []string
	for _, i := range which {
		parts = append(parts, rows[i].String())
		if len(parts) == 5 && len(which) > 5 {
			parts = append(parts, "…")
			break
		}
	}
	return strings.Join(parts, ", ")
}

// insertGroups puts new rows into groups of one table each, every group after
// those that it refers to. Links between rows that refer to each other become
// late.
func (f *flush) insertGroups(r ranking) ([][]*state, error) {
	ents := f.entities()
	var groups [][]*state
	for n := range r.cyclic {
		rows := r.rows(f.inserts, n)
		if len(rows) == 0 {
			continue
		}
		if !r.cyclic[n] {
			groups = append(groups, rows)
			continue
		}
		at := make(map[*state]int, len(rows))
		keyed := map[*entity]map[key]int{} // rows whose key is known
		for i, st := range rows {
			at[st] = i
			if k, ok := st.ent.key(st.obj); ok && !st.ent.unset(st.obj) {
				if keyed[st.ent] == nil {
					keyed[st.ent] = map[key]int{}
				}
				keyed[st.ent][k] = i
			}
		}
		waits := make([][]wait, len(rows))
		for i, st := range rows {
			for j := range st.ent.cols {
				c := &st.ent.cols[j]
				k := linkKey{st, j}
				if l := f.linkOf[k]; l != nil {
					if p, ok := at[l.parent]; ok && (p != i || st.ent.unset(st.obj)) {
						waits[i] = append(waits[i], wait{p, c.null, k})
					}
					continue
				}
				if c.ref == nil {
					continue
				}
				for e, keys := range keyed {
					if p, ok := f.rowOf(c, st.obj, e, keys); ok && p != i {
						waits[i] = append(waits[i], wait{p, false, k})
					}
				}
			}
		}
		order, broken, stuck, ok := levels(waits)
		if !ok {
			return nil, mistake("these new objects refer to each other in a circle, and no foreign key of it can be NULL: %s", names(rows, stuck))
		}
		for _, k := range broken {
			if l := f.linkOf[k]; l != nil {
				l.late = true
			}
		}
		for _, level := range order {
			var states []*state
			for _, i := range level {
				states = append(states, rows[i])
			}
			groups = append(groups, byEntity(states, ents)...)
		}
	}
	return groups, nil
}

// rowOf finds the row of e that a foreign key refers to.
func (f *flush) rowOf(c *column, base unsafe.Pointer, e *entity, keys map[key]int) (int, bool) {
	if !c.ref.names(e) || len(e.pk) != 1 {
		return 0, false
	}
	if to := c.ref.columnOf(e); to == nil || to.index != e.pk[0] {
		return 0, false
	}
	k, ok := c.key(c.at(base))
	if !ok {
		return 0, false
	}
	i, ok := keys[k]
	return i, ok
}

// deleteGroups puts rows to be deleted into groups of one table each, every
// group after those that refer to it. broken are foreign keys that have to
// become NULL before.
func (f *flush) deleteGroups(r ranking) (groups [][]*state, broken []linkKey, err error) {
	ents := f.entities()
	slices.Reverse(ents)
	for n := len(r.cyclic) - 1; n >= 0; n-- {
		rows := r.rows(f.deletes, n)
		if len(rows) == 0 {
			continue
		}
		if !r.cyclic[n] {
			groups = append(groups, rows)
			continue
		}
		keyed := map[*entity]map[key]int{}
		for i, st := range rows {
			if keyed[st.ent] == nil {
				keyed[st.ent] = map[key]int{}
			}
			keyed[st.ent][st.key] = i
		}
		waits := make([][]wait, len(rows)) // of a row for those that refer to it
		for i, st := range rows {
			for j := range st.ent.cols {
				c := &st.ent.cols[j]
				if c.ref == nil {
					continue
				}
				for e, keys := range keyed {
					p, ok := f.rowOf(c, st.snap.base(st.obj, c), e, keys)
					switch {
					case ok && p != i:
						waits[p] = append(waits[p], wait{i, c.null, linkKey{st, j}})
					case ok && c.null: // InnoDB does not delete a row that refers to itself
						broken = append(broken, linkKey{st, j})
					}
				}
			}
		}
		order, cut, stuck, ok := levels(waits)
		if !ok {
			return nil, nil, mistake("these deleted objects refer to each other in a circle, and no foreign key of it can be NULL: %s", names(rows, stuck))
		}
		broken = append(broken, cut...)
		for _, level := range order {
			var states []*state
			for _, i := range level {
				states = append(states, rows[i])
			}
			groups = append(groups, byEntity(states, ents)...)
		}
	}
	return groups, broken, nil
}
