package orm

import (
	"reflect"
	"slices"
	"unsafe"
)

// status is what a session knows of an object.
type status uint8

const (
	pending    status = iota // to be inserted
	persistent               // a row of the database
	removed                  // a row, to be deleted
	gone                     // not the session's any more
)

// state is an object in an identity map.
type state struct {
	ent      *entity
	obj      unsafe.Pointer
	snap     snapshot // of what the database has; its relations as they were last known
	key      key      // under which it is indexed, if it is persistent or removed
	loaded   uint64   // relations whose contents are complete in snap
	flushed  uint64   // the Flush that made snap; 0: none
	status   status
	explicit bool // given to Add, and not found through a relation
}

func (st *state) knows(r *relation) bool { return st.loaded&(1<<r.index) != 0 }

// identity is an identity map: one object a row.
type identity struct {
	stores map[*entity]*store
	order  []*store // as they came
	track  bool     // snapshots are kept
	ranks  ranking  // of order
}

// store is the identity map of one entity.
type store struct {
	ent      *entity
	track    bool
	ints     map[int64]*state
	strs     map[string]*state
	list     []*state
	byObj    map[unsafe.Pointer]*state // made when a look-up by key fails
	dead     map[unsafe.Pointer]bool   // objects whose rows the session has deleted
	expunged bool                      // some objects have been
	states   []state                   // room for states and
	shadows  unsafe.Pointer            // for shadows, of which
	left     int                       // so many are left
	chunk    int
	extras   []any
}

func (m *identity) store(e *entity) *store {
	if s, ok := m.stores[e]; ok {
		return s
	}
	if m.stores == nil {
		m.stores = map[*entity]*store{}
	}
	s := &store{ent: e, track: m.track}
	m.stores[e] = s
	m.order = append(m.order, s)
	return s
}

// maxChunk bounds how many states and shadows are allocated together.
const maxChunk = 128

// newState returns a state for an object that is not in the store yet.
func (s *store) newState(obj unsafe.Pointer) *state {
	if len(s.states) == 0 {
		s.chunk = min(max(1, s.chunk*2), maxChunk)
		s.states = make([]state, s.chunk)
	}
	st := &s.states[0]
	s.states = s.states[1:]
	st.ent, st.obj = s.ent, obj
	s.list = append(s.list, st)
	if s.byObj != nil {
		s.byObj[obj] = st
	}
	return st
}

// newSnapshot returns an empty snapshot.
func (s *store) newSnapshot() snapshot {
	if s.left == 0 {
		s.left = max(1, s.chunk)
		s.shadows = reflect.MakeSlice(reflect.SliceOf(s.ent.typ), s.left, s.left).UnsafePointer()
	}
	s.left--
	sn := snapshot{shadow: unsafe.Add(s.shadows, uintptr(s.left)*s.ent.typ.Size())}
	if n := s.ent.extras; n > 0 {
		if len(s.extras) < n {
			s.extras = make([]any, n*max(1, s.chunk))
		}
		sn.extra, s.extras = s.extras[:n:n], s.extras[n:]
	}
	return sn
}

// lookup returns the persistent object of a key, or nil.
func (s *store) lookup(k key) *state {
	if k.s == "" {
		return s.ints[k.n]
	}
	return s.strs[k.s]
}

func (s *store) index(st *state) {
	if st.key.s == "" {
		if s.ints == nil {
			s.ints = map[int64]*state{}
		}
		s.ints[st.key.n] = st
		return
	}
	if s.strs == nil {
		s.strs = map[string]*state{}
	}
	s.strs[st.key.s] = st
}

// unindex takes st out of the index, if it is still the one there.
func (s *store) unindex(st *state) {
	if s.lookup(st.key) != st {
		return
	}
	if st.key.s == "" {
		delete(s.ints, st.key.n)
	} else {
		delete(s.strs, st.key.s)
	}
}

// find returns the state of an object, or nil.
func (s *store) find(obj unsafe.Pointer) *state {
	if k, ok := s.ent.key(obj); ok {
		if st := s.lookup(k); st != nil && st.obj == obj {
			return st
		}
	}
	if s.byObj == nil {
		s.byObj = make(map[unsafe.Pointer]*state, len(s.list))
		for _, st := range s.list {
			if st.status != gone {
				s.byObj[st.obj] = st
			}
		}
	}
	return s.byObj[obj]
}

// bury drops st, whose row is deleted.
func (s *store) bury(st *state) {
	s.drop(st)
	if s.dead == nil {
		s.dead = map[unsafe.Pointer]bool{}
	}
	s.dead[st.obj] = true
}

// drop takes st out of the store. The list keeps it until compact.
func (s *store) drop(st *state) {
	s.unindex(st)
	st.status = gone
	if s.byObj[st.obj] == st {
		delete(s.byObj, st.obj)
	}
}

func (s *store) compact() {
	s.list = slices.DeleteFunc(s.list, func(st *state) bool { return st.status == gone })
}

// capture makes the snapshot of st's columns what the object has now.
// Relations keep what the old snapshot says of them.
func (s *store) capture(st *state) error {
	old := st.snap
	sn := s.newSnapshot()
	for i := range s.ent.cols {
		if err := s.ent.cols[i].snap(st.obj, &sn); err != nil {
			return mistake("%s.%w", s.ent.name, err)
		}
	}
	if old.shadow != nil {
		for _, r := range s.ent.rels {
			r.copyField(sn.shadow, old.shadow)
		}
	}
	st.snap = sn
	return nil
}

// copyField copies the relation's field as it is.
func (r *relation) copyField(dst, src unsafe.Pointer) {
	if r.kind == hasMany {
		if list := r.many(src); list != nil {
			r.setMany(dst, list)
		}
		return
	}
	if p := r.one(src); p != nil {
		r.setOne(dst, p)
	}
}

// remember makes the snapshot of a relation what the object has now.
func (st *state) remember(r *relation) {
	if st.snap.shadow == nil {
		return
	}
	if r.kind != hasMany {
		st.forget(r, r.one(st.obj))
		return
	}
	now := r.many(st.obj)
	if slices.Equal(now, r.many(st.snap.shadow)) {
		return
	}
	r.setMany(st.snap.shadow, slices.Clone(now))
}

// forget sets the snapshot of a relation to one object.
func (st *state) forget(r *relation, to unsafe.Pointer) {
	if to != nil || r.one(st.snap.shadow) != nil {
		r.setOne(st.snap.shadow, to)
	}
}

// all yields the states of every store that are not gone.
func (m *identity) all(yield func(*store, *state) bool) {
	for i := 0; i < len(m.order); i++ { // stores may come while one goes on
		s := m.order[i]
		for j := 0; j < len(s.list); j++ {
			if st := s.list[j]; st.status != gone && !yield(s, st) {
				return
			}
		}
	}
}
