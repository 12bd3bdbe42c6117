package orm

import (
	"errors"
	"reflect"
	"slices"
	"unsafe"
)

// undo is something that a Flush has changed, as it was before: a field of an
// object, or a state.
type undo struct {
	st *state

	field unsafe.Pointer // nil: it is about the state
	typ   reflect.Type
	old   reflect.Value // invalid: the zero value
	keep  bool          // the program has changed the field since: what is older is not restored

	snap   snapshot
	key    key
	loaded uint64
	status status
}

// saveField keeps the value of a field that is about to be changed.
func (s *Session) saveField(p unsafe.Pointer, t reflect.Type) {
	u := undo{field: p, typ: t}
	if v := reflect.NewAt(t, p).Elem(); !v.IsZero() {
		u.old = reflect.New(t).Elem()
		u.old.Set(v)
	}
	s.undo = append(s.undo, u)
}

// keepChanges marks the fields that the program has changed since the last Flush
// of the transaction, so that revert leaves them as they are.
func (s *Session) keepChanges() {
	if len(s.undo) == 0 {
		return
	}
	keep := func(p unsafe.Pointer) { s.undo = append(s.undo, undo{field: p, keep: true}) }
	for _, st := range s.id.all {
		if st.snap.shadow == nil {
			continue
		}
		for i := range st.ent.cols {
			c := &st.ent.cols[i]
			if changed, err := c.changed(st.obj, &st.snap); err == nil && changed {
				keep(c.at(st.obj))
			}
		}
		for _, r := range st.ent.rels {
			if r.differs(st) {
				keep(r.at(st.obj))
			}
		}
	}
}

// saveState keeps a state that is about to be changed.
func (s *Session) saveState(st *state) {
	s.undo = append(s.undo, undo{st: st, snap: st.snap, key: st.key, loaded: st.loaded, status: st.status})
}

// revert undoes what the flushes of the transaction have changed in memory.
func (s *Session) revert() {
	var kept map[unsafe.Pointer]bool
	for i := len(s.undo) - 1; i >= 0; i-- {
		u := &s.undo[i]
		if u.keep {
			if kept == nil {
				kept = map[unsafe.Pointer]bool{}
			}
			kept[u.field] = true
			continue
		}
		if u.field != nil {
			if kept[u.field] {
				continue
			}
			f := reflect.NewAt(u.typ, u.field).Elem()
			if u.old.IsValid() {
				f.Set(u.old)
			} else {
				f.SetZero()
			}
			continue
		}
		st, store := u.st, s.id.store(u.st.ent)
		again := store.byObj[st.obj] // the object's other state, if it was deleted, flushed, and added again
		if again == st || again != nil && again.status != pending {
			again = nil
		}
		if u.status == pending && (st.status == removed || again != nil) {
			store.drop(st) // added, flushed, and deleted since: there is nothing to insert or to delete
			continue
		}
		store.unindex(st)
		delete(store.dead, st.obj)
		if st.status == gone && !slices.Contains(store.list, st) {
			store.list = append(store.list, st)
		}
		st.snap, st.key, st.loaded, st.status = u.snap, u.key, u.loaded, u.status
		if again != nil && st.status == removed {
			store.drop(again) // as Add of what is to be deleted
			st.status = persistent
		}
		switch st.status {
		case persistent, removed:
			store.index(st)
			fallthrough
		case pending:
			if store.byObj != nil {
				store.byObj[st.obj] = st
			}
		}
	}
	clear(s.undo)
	s.undo = s.undo[:0]
	for store, st := range s.id.all {
		if st.status == pending && !st.explicit {
			store.drop(st)
		}
	}
	s.compact()
}

func (s *Session) compact() {
	for _, store := range s.id.order {
		store.compact()
	}
}

// restore gives up what is not in the database: new objects, deletions, and
// changes of objects.
func (s *Session) restore() error {
	var errs []error
	for store, st := range s.id.all {
		switch st.status {
		case pending:
			store.drop(st)
			continue
		case removed:
			st.status = persistent
		}
		for i := range st.ent.cols {
			c := &st.ent.cols[i]
			changed, err := c.changed(st.obj, &st.snap)
			if err != nil || changed {
				err = c.restore(st.obj, &st.snap)
			}
			if err != nil {
				errs = append(errs, mistake("%s.%s: the value cannot be restored: %w", st.ent.name, c.field, err))
			}
		}
		for _, r := range st.ent.rels {
			if r.kind != hasMany {
				if to := r.one(st.snap.shadow); to != r.one(st.obj) {
					r.setOne(st.obj, to)
				}
				continue
			}
			if was := r.many(st.snap.shadow); !slices.Equal(was, r.many(st.obj)) {
				r.setMany(st.obj, slices.Clone(was))
			}
		}
	}
	s.compact()
	return errors.Join(errs...)
}
