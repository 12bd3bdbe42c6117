package orm

import (
	"slices"
	"strings"
	"unsafe"
)

// cascadeDeletes follows deletions to what they mean for others: children are
// deleted too, or their foreign keys become NULL.
func (f *flush) cascadeDeletes() error {
	var wave []*state
	for _, st := range f.s.id.all {
		if st.status == removed {
			wave = append(wave, st)
		}
	}
	for len(wave) > 0 {
		var next []*state
		for len(wave) > 0 {
			e := wave[0].ent
			var parents, rest []*state
			for _, st := range wave {
				if st.ent == e {
					parents = append(parents, st)
				} else {
					rest = append(rest, st)
				}
			}
			for _, r := range e.rels {
				if r.kind == belongsTo {
					continue
				}
				more, err := f.follow(parents, r)
				if err != nil {
					return err
				}
				next = append(next, more...)
			}
			wave = rest
		}
		wave = next
	}
	return nil
}

// ondelete reports whether the database itself does something to the foreign
// key's rows.
func (c *column) ondelete(action string) bool {
	v, _ := c.tag.Get("ondelete")
	return strings.EqualFold(strings.NewReplacer("-", " ", "_", " ").Replace(v), action)
}

// follow does what the deletion of parents means for one of their relations,
// and returns the rows that are deleted with them.
func (f *flush) follow(parents []*state, r *relation) ([]*state, error) {
	l, err := r.link()
	if err != nil {
		return nil, err
	}
	fk := &l.target.cols[l.remote]
	deletes := r.cascade&cascadeDelete != 0
	if !deletes && !fk.null {
		return nil, nil // the database refuses it, if there are any
	}
	var unknown []*state
	for _, st := range parents {
		if !st.knows(r) && st.status == removed {
			unknown = append(unknown, st)
		}
	}
	switch {
	case len(unknown) == 0:
	case deletes && !fk.ondelete("cascade"):
		if err := f.begin(); err != nil {
			return nil, err
		}
		ld := &loader{f.tx, &f.s.id}
		if err := ld.fill(f.ctx, unknown, []*loadNode{{rel: r}}); err != nil {
			return nil, err
		}
	case !deletes && !fk.ondelete("set null"):
		f.nulled = append(f.nulled, nulling{r, l, unknown})
	}
	var out []*state
	children, keys := f.children(parents, r, l)
	for _, child := range children {
		k := f.linkOf[linkKey{child, fk.index}]
		switch {
		case k != nil && k.parent.status < removed:
			continue // moved
		case child.status == pending:
			if k != nil && deletes && !child.explicit { // else it is a mistake, which run reports
				f.s.saveState(child)
				f.s.id.store(l.target).drop(child)
				out = append(out, child)
			}
		case child.status != persistent || k == nil && f.setByHand(child, fk.index):
		case !fk.among(child.obj, keys): // it belongs to another since the relation was loaded
		case deletes:
			child.mark(f)
			out = append(out, child)
		default:
			f.detach(child, fk, "")
			if in := l.inverse; in != nil && in.one(child.obj) != nil {
				f.s.saveField(in.at(child.obj), in.typ)
				in.setOne(child.obj, nil)
				f.dirty = append(f.dirty, relChange{child, in, nil})
			}
		}
	}
	return out, nil
}

// among reports whether the column of the object at base is one of some keys.
func (c *column) among(base unsafe.Pointer, keys map[key]bool) bool {
	k, ok := c.key(c.at(base))
	return ok && keys[k]
}

// children returns the objects of the session that a relation of some parents
// leads to, or led to when it was loaded, and the keys of the parents.
func (f *flush) children(parents []*state, r *relation, l *link) (out []*state, keys map[key]bool) {
	store := f.s.id.store(l.target)
	seen := map[*state]bool{}
	add := func(st *state) {
		if st != nil && !seen[st] {
			seen[st] = true
			out = append(out, st)
		}
	}
	var one [1]unsafe.Pointer
	keys = map[key]bool{}
	local, fk := &r.ent.cols[l.local], &l.target.cols[l.remote]
	for _, st := range parents {
		for _, p := range r.members(st.obj, &one) {
			if p != nil {
				add(store.find(p))
			}
		}
		if st.snap.shadow == nil { // it was new
			continue
		}
		for _, p := range r.members(st.snap.shadow, &one) {
			add(store.find(p))
		}
		if k, ok := local.key(local.at(st.snap.base(st.obj, local))); ok {
			keys[k] = true
		}
	}
	for _, st := range store.list { // what was loaded by itself
		if st.status == persistent {
			if fk.among(st.obj, keys) {
				add(st)
			}
		}
	}
	return out, keys
}

// base is where to read a column of what the database has: the shadow, or the
// object where the shadow does not hold the column.
func (s *snapshot) base(obj unsafe.Pointer, c *column) unsafe.Pointer {
	if s.shadow == nil || c.form == formOther || c.form == formJSON {
		return obj
	}
	return s.shadow
}

// leaveCollections takes deleted objects of one type out of what the session's
// objects have loaded.
func (f *flush) leaveCollections(rows []*state) error {
	e := rows[0].ent
	out := make(map[unsafe.Pointer]bool, len(rows))
	for _, st := range rows {
		out[st.obj] = true
	}
	left := func(p unsafe.Pointer) bool { return out[p] }
	for _, store := range f.s.id.order {
		for _, r := range store.ent.rels {
			if r.kind == belongsTo || r.other != e.typ {
				continue
			}
			l, err := r.link()
			if err != nil {
				return err
			}
			if len(store.ent.pk) != 1 || l.local != store.ent.pk[0] {
				continue
			}
			fk := &e.cols[l.remote]
			seen := map[*state]bool{}
			for _, st := range rows {
				k, ok := fk.key(fk.at(st.snap.base(st.obj, fk)))
				if !ok {
					continue
				}
				parent := store.lookup(k)
				if parent == nil || parent.status != persistent || seen[parent] {
					continue
				}
				seen[parent] = true
				f.leave(parent, r, l, left)
			}
		}
	}
	return nil
}

// leave takes what left says out of a parent's relation.
func (f *flush) leave(parent *state, r *relation, l *link, left func(unsafe.Pointer) bool) {
	if r.kind == hasOne {
		if left(r.one(parent.obj)) {
			f.s.saveField(r.at(parent.obj), r.typ)
			r.setOne(parent.obj, nil)
			f.dirty = append(f.dirty, relChange{parent, r, l})
		}
		return
	}
	list := r.many(parent.obj)
	if !slices.ContainsFunc(list, left) {
		if slices.ContainsFunc(r.known(parent), left) {
			f.dirty = append(f.dirty, relChange{parent, r, l})
		}
		return
	}
	f.s.saveField(r.at(parent.obj), r.typ)
	r.setMany(parent.obj, slices.DeleteFunc(slices.Clone(list), left)) // a new one: the program may hold the old
	f.dirty = append(f.dirty, relChange{parent, r, l})
}
