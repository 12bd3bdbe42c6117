package orm

import (
	"context"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// loader reads objects through a Runner into an identity map: a session's, or
// one that lives as long as the call.
type loader struct {
	run dialect.Runner
	id  *identity
}

// open returns a loader for r, and a function that ends its use.
func open(ctx context.Context, r dialect.Runner, what string) (*loader, func(), error) {
	switch r := r.(type) {
	case nil:
		return nil, nil, mistake("%s: the Runner is nil; give a Session, Engine, Conn or Tx", what)
	case *Session:
		if err := r.enter(what); err != nil {
			return nil, nil, err
		}
		tx, err := r.begun(ctx)
		if err != nil {
			r.leave()
			return nil, nil, err
		}
		return &loader{tx, &r.id}, r.leave, nil
	}
	return &loader{r, &identity{}}, func() {}, nil
}

// features returns what the database's SQL can express, as far as r says.
func features(r dialect.Runner) *dialect.Features {
	if d, ok := r.(interface{ Dialect() dialect.Dialect }); ok {
		return d.Dialect().Features()
	}
	return &dialect.Features{MaxParams: 999}
}

// each runs a statement that gives all columns of e, and calls f for each row's
// object. fk is what the row has in column at.
func (ld *loader) each(ctx context.Context, stmt dialect.Statement, e *entity, at int, f func(st *state, fk key) error) error {
	s := ld.id.store(e)
	_, err := ld.run.Run(ctx, stmt, func(rows dialect.Rows) error {
		sc := newScanner(e, nil)
		for rows.Next() {
			st, fk, err := sc.row(rows, s, at)
			if err != nil {
				return err
			}
			if err := f(st, fk); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return err
}

// selectAll is a SELECT of all columns of e's table.
func (e *entity) selectAll() expr.SelectStmt {
	return expr.Select(e.columns...).From(e.table)
}

// byKeys orders by the primary key.
func (e *entity) byKeys() []expr.Term {
	terms := make([]expr.Term, len(e.pk))
	for i, pk := range e.pk {
		terms[i] = expr.ColumnAt(e.table, pk)
	}
	return terms
}

// maxKeys bounds the keys of one query where the database sets no bound.
const maxKeys = 10000

// chunkOf returns how many keys one query may have.
func chunkOf(f *dialect.Features) int {
	n := maxKeys
	if f.MaxInList > 0 {
		n = min(n, f.MaxInList)
	}
	if f.MaxParams > 0 {
		n = min(n, f.MaxParams)
	}
	return n
}

// maxConds bounds the conditions that one query joins by OR: a database has a
// bound on how deep an expression is, which on SQLite is 1,000.
const maxConds = 500

// chunkOf returns how many rows one query may ask for by their primary keys.
func (e *entity) chunkOf(f *dialect.Features) int {
	if len(e.pk) == 1 {
		return chunkOf(f)
	}
	return max(1, min(maxConds, chunkOf(f)/len(e.pk)))
}

// padded repeats the last of many keys, so that a number of keys that differs
// from call to call does not make another statement, to be prepared, for each:
// beyond 8 there are four lengths up to each power of two. At most limit are
// returned.
func padded(keys []any, limit int) []any {
	n := len(keys)
	if n <= 8 {
		return keys
	}
	step := 1 << (bits.Len(uint(n-1)) - 3)
	to := min((n+step-1)/step*step, max(n, limit))
	keys = keys[:n:n]
	for len(keys) < to {
		keys = append(keys, keys[n-1])
	}
	return keys
}

// chunks calls f with n numbers at a time.
func chunks(total, n int, f func(from, to int) error) error {
	for from := 0; from < total; from += n {
		if err := f(from, min(total, from+n)); err != nil {
			return err
		}
	}
	return nil
}

// loadNode is a relation to load, and what to load from there.
type loadNode struct {
	rel  *relation
	next []*loadNode
}

// addPath adds a path of relations to a tree.
func addPath(nodes []*loadNode, path []*relation) []*loadNode {
	if len(path) == 0 {
		return nodes
	}
	for _, n := range nodes {
		if n.rel == path[0] {
			n.next = addPath(n.next, path[1:])
			return nodes
		}
	}
	return append(nodes, &loadNode{path[0], addPath(nil, path[1:])})
}

// fill loads relations of objects of one type, each with one query for all of
// them (more where the keys are too many for one).
func (ld *loader) fill(ctx context.Context, states []*state, nodes []*loadNode) error {
	for _, n := range nodes {
		if len(states) == 0 {
			return nil
		}
		l, err := n.rel.link()
		if err != nil {
			return err
		}
		if n.rel.kind == belongsTo {
			err = ld.loadParents(ctx, states, n.rel, l)
		} else {
			err = ld.loadChildren(ctx, states, n.rel, l)
		}
		if err != nil || n.next == nil {
			if err != nil {
				return err
			}
			continue
		}
		if err := ld.fill(ctx, ld.reached(states, n.rel, l), n.next); err != nil {
			return err
		}
	}
	return nil
}

// reached returns the objects that a relation leads to, each once.
func (ld *loader) reached(states []*state, r *relation, l *link) []*state {
	s := ld.id.store(l.target)
	seen := map[*state]bool{}
	var out []*state
	var one [1]unsafe.Pointer
	for _, st := range states {
		for _, p := range r.members(st.obj, &one) {
			if p == nil {
				continue
			}
			if to := s.find(p); to != nil && !seen[to] && to.status != pending {
				seen[to] = true
				out = append(out, to)
			}
		}
	}
	return out
}

// loadParents loads a belongs-to. What the identity map has is not asked for.
func (ld *loader) loadParents(ctx context.Context, states []*state, r *relation, l *link) error {
	local := &r.ent.cols[l.local]
	target := ld.id.store(l.target)
	type waiting struct {
		st *state
		k  key
	}
	var wait []waiting
	found := map[key]unsafe.Pointer{}
	var asked []any
	for _, st := range states {
		if (st.knows(r) || r.one(st.obj) != nil) && !r.keyMoved(st, local) {
			continue
		}
		k, ok := local.key(local.at(st.obj))
		if !ok {
			st.set(r, nil)
			continue
		}
		if r.byKey(l) {
			if to := target.lookup(k); to != nil {
				st.set(r, to.obj)
				continue
			}
		}
		wait = append(wait, waiting{st, k})
		if _, ok := found[k]; !ok {
			v, err := local.value(local.at(st.obj))
			if err != nil {
				return mistake("%s.%w", r.ent.name, err)
			}
			found[k] = nil
			asked = append(asked, v)
		}
	}
	remote := expr.ColumnAt(l.target.table, l.remote)
	size := chunkOf(features(ld.run))
	err := chunks(len(asked), size, func(from, to int) error {
		stmt := l.target.selectAll().Where(remote.In(padded(asked[from:to], size)...))
		return ld.each(ctx, stmt, l.target, l.remote, func(st *state, fk key) error {
			if _, ok := found[fk]; !ok {
				return notAsked(r, l)
			}
			found[fk] = st.obj
			return nil
		})
	})
	if err != nil {
		return err
	}
	for _, w := range wait {
		w.st.set(r, found[w.k])
	}
	return nil
}

// notAsked is for a row that the database takes for an answer and Go does not:
// 'ADA' where 'ada' was asked for.
func notAsked(r *relation, l *link) error {
	return mistake("%s: a row of %s came back for a key that was not asked for: the database compares the two columns less strictly "+
		"than Go does (a collation that ignores case?); store the same text in both, or give them a binary collation", r, l.target.tableName)
}

// keyMoved reports whether the program has set the foreign key of a belongs-to,
// and not its pointer, since it was loaded.
func (r *relation) keyMoved(st *state, fk *column) bool {
	if st.snap.shadow == nil || r.one(st.obj) != r.only(st) {
		return false
	}
	changed, err := fk.changed(st.obj, &st.snap)
	return err == nil && changed
}

// set makes a relation to one object what was loaded.
func (st *state) set(r *relation, to unsafe.Pointer) {
	if to != nil || r.one(st.obj) != nil {
		r.setOne(st.obj, to)
	}
	st.loaded |= 1 << r.index
	if st.snap.shadow != nil {
		st.forget(r, to)
	}
}

// loadChildren loads a has-many or has-one.
func (ld *loader) loadChildren(ctx context.Context, states []*state, r *relation, l *link) error {
	local := &r.ent.cols[l.local]
	type group struct {
		of    []*state
		child []unsafe.Pointer
	}
	var groups []group
	byKey := map[key]int{}
	var asked []any
	seen := map[*state]bool{}
	for _, st := range states {
		if st.knows(r) || seen[st] {
			continue
		}
		seen[st] = true
		at := local.at(st.snap.base(st.obj, local)) // what the database has
		k, ok := local.key(at)
		if !ok {
			continue
		}
		i, ok := byKey[k]
		if !ok {
			v, err := local.value(at)
			if err != nil {
				return mistake("%s.%w", r.ent.name, err)
			}
			i = len(groups)
			byKey[k] = i
			groups = append(groups, group{})
			asked = append(asked, v)
		}
		groups[i].of = append(groups[i].of, st)
	}
	remote := expr.ColumnAt(l.target.table, l.remote)
	order := append(l.orders[:len(l.orders):len(l.orders)], l.target.byKeys()...)
	type hit struct {
		group int
		obj   unsafe.Pointer
	}
	var hits []hit
	counts := make([]int, len(groups))
	size := chunkOf(features(ld.run))
	err := chunks(len(asked), size, func(from, to int) error {
		stmt := l.target.selectAll().Where(remote.In(padded(asked[from:to], size)...)).OrderBy(order...)
		return ld.each(ctx, stmt, l.target, l.remote, func(st *state, fk key) error {
			i, ok := byKey[fk]
			if !ok {
				return notAsked(r, l)
			}
			counts[i]++
			hits = append(hits, hit{i, st.obj})
			return nil
		})
	})
	if err != nil {
		return err
	}
	for i := range groups {
		groups[i].child = make([]unsafe.Pointer, 0, counts[i])
	}
	for _, h := range hits {
		groups[h.group].child = append(groups[h.group].child, h.obj)
	}
	for i := range groups {
		g := &groups[i]
		for j, st := range g.of {
			if r.kind == hasOne {
				if err := st.setOnly(r, g.child); err != nil {
					return err
				}
				continue
			}
			list := g.child
			if j > 0 {
				list = append(make([]unsafe.Pointer, 0, len(list)), list...)
			}
			st.setList(r, list)
		}
	}
	return nil
}

// setOnly is set for a has-one.
func (st *state) setOnly(r *relation, list []unsafe.Pointer) error {
	switch {
	case len(list) > 1:
		return mistake("%s is has-one, and the database has %d rows for %s", r, len(list), st)
	case r.one(st.obj) != nil && r.one(st.obj) != r.only(st): // the program's own, not flushed yet
		to := r.one(st.obj)
		st.set(r, first(list))
		r.setOne(st.obj, to)
	default:
		st.set(r, first(list))
	}
	return nil
}

func first(list []unsafe.Pointer) unsafe.Pointer {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// only returns what the snapshot has for a relation to one object.
func (r *relation) only(st *state) unsafe.Pointer {
	if st.snap.shadow == nil {
		return nil
	}
	return r.one(st.snap.shadow)
}

// setList makes a has-many what was loaded. Objects that the program has
// appended before that stay, at the end; those that it has taken out stay out.
func (st *state) setList(r *relation, list []unsafe.Pointer) {
	had := r.many(st.obj)
	out, _ := difference(r.known(st), had) // what was known before, and the program has taken out
	st.loaded |= 1 << r.index
	if st.snap.shadow != nil {
		r.setMany(st.snap.shadow, append(make([]unsafe.Pointer, 0, len(list)), list...))
	}
	if len(out) > 0 {
		list = slices.DeleteFunc(slices.Clone(list), func(p unsafe.Pointer) bool { return slices.Contains(out, p) })
	}
	if len(had) > 0 {
		in := make(map[unsafe.Pointer]bool, len(list))
		for _, p := range list {
			in[p] = true
		}
		for _, p := range had {
			if !in[p] {
				list = append(list, p)
			}
		}
	}
	r.setMany(st.obj, list)
}
