package orm

import (
	"context"
	"errors"
	"slices"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/engine"
)

// flush is one Flush: it finds out what has to be written, in what order, and
// writes it.
type flush struct {
	s      *Session
	ctx    context.Context
	tx     *engine.Tx
	number uint64

	work    []*state    // objects of the session, as they are discovered
	dirty   []relChange // relations that are not what they were
	links   []*fkLink   // foreign keys that follow from relations
	linkOf  map[linkKey]*fkLink
	clears  []relChange // belongs-to that lead to nothing now
	orphans []orphan
	inserts []*state
	updates []*state
	queued  map[*state]bool // among updates
	deletes []*state
	nulled  []nulling
	ousted  []*state  // taken out of a has-one, to be deleted
	freed   []linkKey // foreign keys of what was taken out of a has-one, to be NULL
	reread  []*state  // rows whose columns the database has made
	written []*state  // rows that were inserted or updated
	errs    []error
}

// relChange is a relation of an object that is not what its snapshot says.
type relChange struct {
	st  *state
	rel *relation
	l   *link
}

// linkKey is a foreign key column of an object.
type linkKey struct {
	st  *state
	col int
}

// fkLink says that a foreign key is to be the key of another object.
type fkLink struct {
	child     *state
	col       int
	parent    *state
	parentCol int
	by        *relation
	late      bool // set by an UPDATE after the INSERT, since the rows refer to each other
}

// orphan is an object that was taken out of a relation.
type orphan struct {
	child, parent *state
	rel           *relation
	l             *link
}

// nulling is an UPDATE that makes the foreign keys of deleted rows' children
// NULL.
type nulling struct {
	rel     *relation
	l       *link
	parents []*state
}

func (f *flush) fail(format string, args ...any) { f.errs = append(f.errs, mistake(format, args...)) }

// run does it all. On an error the caller reverts.
func (f *flush) run() error {
	if err := f.discover(); err != nil {
		return err
	}
	if err := f.loadReplaced(); err != nil {
		return err
	}
	f.relations()
	f.settleOrphans()
	if err := errors.Join(f.errs...); err != nil {
		return err
	}
	if err := f.cascadeDeletes(); err != nil {
		return err
	}
	for _, k := range f.links {
		if k.parent.status >= removed && k.child.status < removed {
			f.fail("%s: %s refers to %s, which is deleted with what it belongs to", k.by, k.child, k.parent)
		}
	}
	if err := errors.Join(f.errs...); err != nil {
		return err
	}
	for _, st := range f.work {
		if st.status == pending {
			f.inserts = append(f.inserts, st)
		}
	}
	f.deletes = f.deletes[:0]
	for _, st := range f.s.id.all {
		if st.status == removed {
			f.deletes = append(f.deletes, st)
		}
	}
	for _, k := range f.links {
		if err := f.apply(k); err != nil {
			return err
		}
	}
	f.switchRows()
	if err := f.findUpdates(); err != nil {
		return err
	}
	if err := errors.Join(f.errs...); err != nil {
		return err
	}
	if len(f.inserts)+len(f.updates)+len(f.deletes)+len(f.nulled) > 0 {
		if err := f.write(); err != nil {
			return err
		}
	}
	return f.settle()
}

// begin makes sure that there is a transaction.
func (f *flush) begin() (err error) {
	if f.tx == nil {
		f.tx, err = f.s.begun(f.ctx)
	}
	return err
}

// discover walks all objects, and what is new among those that they are
// related to becomes the session's.
func (f *flush) discover() error {
	for _, st := range f.s.id.all {
		f.work = append(f.work, st)
	}
	var one [1]unsafe.Pointer
	for i := 0; i < len(f.work); i++ {
		st := f.work[i]
		if st.status == removed || st.status == gone {
			continue
		}
		for _, r := range st.ent.rels {
			if !r.differs(st) {
				continue
			}
			l, err := r.link()
			if err != nil {
				return err
			}
			f.dirty = append(f.dirty, relChange{st, r, l})
			store := f.s.id.store(l.target)
			for j, p := range r.members(st.obj, &one) {
				if p == nil {
					f.fail("%s of %s: element %d is nil", r, st, j)
					continue
				}
				if store.find(p) != nil {
					continue
				}
				if store.expunged && r.kind == hasMany && slices.Contains(r.known(st), p) {
					continue // it was there before, and has been expunged since
				}
				if r.cascade&cascadeSave == 0 {
					f.fail("%s of %s leads to %s, which is not the session's: Add it (the relation has cascade:none)", r, st, describe(l.target, p))
					continue
				}
				if store.dead[p] {
					f.fail("%s of %s leads to %s, whose row the session has deleted: Add it to insert it again", r, st, describe(l.target, p))
					continue
				}
				n := store.newState(p)
				n.status = pending
				f.work = append(f.work, n)
			}
		}
	}
	return errors.Join(f.errs...)
}

// loadReplaced loads what has-one relations led to that were set without having
// been loaded: it is an orphan now.
func (f *flush) loadReplaced() error {
	var rels []*relation
	unknown := map[*relation][]*state{}
	for _, d := range f.dirty {
		if d.rel.kind == hasOne && d.st.status == persistent && !d.st.knows(d.rel) {
			if unknown[d.rel] == nil {
				rels = append(rels, d.rel)
			}
			unknown[d.rel] = append(unknown[d.rel], d.st)
		}
	}
	if rels == nil {
		return nil
	}
	if err := f.begin(); err != nil {
		return err
	}
	ld := &loader{f.tx, &f.s.id}
	for _, r := range rels {
		if err := ld.fill(f.ctx, unknown[r], []*loadNode{{rel: r}}); err != nil {
			return err
		}
	}
	at := make(map[*state]bool, len(f.work))
	for _, st := range f.work {
		at[st] = true
	}
	for _, st := range f.s.id.all {
		if !at[st] {
			f.work = append(f.work, st)
		}
	}
	return nil
}

// differs reports whether a relation is not what the snapshot says.
func (r *relation) differs(st *state) bool {
	if r.kind != hasMany {
		return r.one(st.obj) != r.only(st)
	}
	return !slices.Equal(r.many(st.obj), r.known(st))
}

// known returns what the snapshot has for a has-many.
func (r *relation) known(st *state) []unsafe.Pointer {
	if st.snap.shadow == nil {
		return nil
	}
	return r.many(st.snap.shadow)
}

// relations finds the foreign keys that follow from changed relations.
func (f *flush) relations() {
	var one [1]unsafe.Pointer
	for _, d := range f.dirty {
		store := f.s.id.store(d.l.target)
		if d.rel.kind == belongsTo {
			to := d.rel.one(d.st.obj)
			if to == nil {
				f.clears = append(f.clears, d)
				continue
			}
			f.link(d.st, d.l.local, store.find(to), d.l.remote, d.rel)
			continue
		}
		var before []unsafe.Pointer
		if d.rel.kind == hasMany {
			before = d.rel.known(d.st)
		} else if p := d.rel.only(d.st); p != nil {
			before = []unsafe.Pointer{p}
		}
		now := d.rel.members(d.st.obj, &one)
		added, gone := difference(now, before)
		for _, p := range added {
			if child := store.find(p); child.status != removed {
				f.link(child, d.l.remote, d.st, d.l.local, d.rel)
			}
		}
		for _, p := range gone {
			if child := store.find(p); child != nil && child.status == persistent {
				f.orphans = append(f.orphans, orphan{child, d.st, d.rel, d.l})
			}
		}
	}
}

// difference returns what is only in a, and what is only in b.
func difference(a, b []unsafe.Pointer) (onlyA, onlyB []unsafe.Pointer) {
	if len(b) == 0 {
		return a, nil
	}
	inA, inB := make(map[unsafe.Pointer]bool, len(a)), make(map[unsafe.Pointer]bool, len(b))
	for _, p := range a {
		inA[p] = true
	}
	for _, p := range b {
		inB[p] = true
	}
	for _, p := range a {
		if !inB[p] {
			onlyA = append(onlyA, p)
		}
	}
	for _, p := range b {
		if !inA[p] {
			onlyB = append(onlyB, p)
		}
	}
	return onlyA, onlyB
}

// link records that a foreign key is to be another object's key.
func (f *flush) link(child *state, col int, parent *state, parentCol int, by *relation) {
	if parent.status == removed {
		f.fail("%s: %s refers to %s, which is deleted", by, child, parent)
		return
	}
	k := linkKey{child, col}
	if old := f.linkOf[k]; old != nil {
		if old.parent != parent {
			f.fail("%s of %s is to be %s by %s and %s by %s: which one?", child.ent.cols[col].field, child, old.parent, old.by, parent, by)
		}
		return
	}
	n := &fkLink{child: child, col: col, parent: parent, parentCol: parentCol, by: by}
	if f.setByHand(child, col) && !f.agrees(n) {
		c := &child.ent.cols[col]
		f.fail("%s of %s was set to %v, and %s says %s: set only one of them", c.field, child, c.show(child.obj), by, parent)
		return
	}
	if f.linkOf == nil {
		f.linkOf = map[linkKey]*fkLink{}
	}
	f.linkOf[k] = n
	f.links = append(f.links, n)
}

// show is the column's value for messages.
func (c *column) show(base unsafe.Pointer) any {
	v, err := c.value(c.at(base))
	if err != nil {
		return err
	}
	if v == nil {
		return "NULL"
	}
	return v
}

// setByHand reports whether the program has set a foreign key itself, to
// something.
func (f *flush) setByHand(st *state, col int) bool {
	c := &st.ent.cols[col]
	p := c.inner(c.at(st.obj))
	if p == nil || c.kind != kindOther && c.kind.zero(p) || c.kind == kindOther && c.isZero(p) {
		return false
	}
	if st.status == pending {
		return true
	}
	changed, err := c.changed(st.obj, &st.snap)
	return err == nil && changed
}

// agrees reports whether the foreign key is the parent's key already.
func (f *flush) agrees(k *fkLink) bool {
	c, pc := &k.child.ent.cols[k.col], &k.parent.ent.cols[k.parentCol]
	if pc.auto && k.parent.ent.unset(k.parent.obj) {
		return false
	}
	a, ok := c.key(c.at(k.child.obj))
	b, ok2 := pc.key(pc.at(k.parent.obj))
	return ok && ok2 && a == b
}

// settleOrphans decides what becomes of what was taken out of relations.
func (f *flush) settleOrphans() {
	for _, d := range f.clears {
		c := &d.st.ent.cols[d.l.local]
		if f.linkOf[linkKey{d.st, c.index}] != nil || f.setByHand(d.st, c.index) || d.st.status != persistent {
			continue
		}
		f.detach(d.st, c, d.rel.String()+" is nil")
	}
	for _, o := range f.orphans {
		c := &o.child.ent.cols[o.l.remote]
		if o.child.status != persistent || f.linkOf[linkKey{o.child, c.index}] != nil || f.setByHand(o.child, c.index) {
			continue // deleted, or moved elsewhere
		}
		if !f.leadsTo(o.child, c, o.parent, o.l.local) {
			continue // moved elsewhere since the relation was loaded
		}
		if o.rel.cascade&cascadeOrphan != 0 {
			o.child.mark(f)
			if o.rel.kind == hasOne {
				f.ousted = append(f.ousted, o.child)
			}
			continue
		}
		f.detach(o.child, c, "it was taken out of "+o.rel.String())
		if o.rel.kind == hasOne {
			f.freed = append(f.freed, linkKey{o.child, c.index})
		}
		if in := o.l.inverse; in != nil && in.one(o.child.obj) == o.parent.obj {
			f.s.saveField(in.at(o.child.obj), in.typ)
			in.setOne(o.child.obj, nil)
			f.dirty = append(f.dirty, relChange{o.child, in, nil})
		}
	}
}

// leadsTo reports whether a foreign key is the key of an object.
func (f *flush) leadsTo(child *state, fk *column, parent *state, parentCol int) bool {
	pc := &parent.ent.cols[parentCol]
	a, ok := fk.key(fk.at(child.snap.base(child.obj, fk)))
	b, ok2 := pc.key(pc.at(parent.snap.base(parent.obj, pc)))
	return ok && ok2 && a == b
}

// mark makes a row one to be deleted.
func (st *state) mark(f *flush) {
	f.s.saveState(st)
	st.status = removed
}

// detach makes a foreign key NULL.
func (f *flush) detach(st *state, c *column, why string) {
	if !c.null {
		f.fail("%s: %s, and its %s cannot be NULL: delete it, give it to another, or let the relation say cascade:all+delete-orphan",
			st, why, c.field)
		return
	}
	if c.isNull(c.at(st.obj)) {
		return
	}
	f.s.saveField(c.make(st.obj), c.typ)
	c.setNull(st.obj)
}

// apply sets the foreign key of a link as far as the other key is known.
func (f *flush) apply(k *fkLink) error {
	pc, c := &k.parent.ent.cols[k.parentCol], &k.child.ent.cols[k.col]
	if pc.auto && k.parent.ent.unset(k.parent.obj) || k.parent.status == pending && f.linkOf[linkKey{k.parent, k.parentCol}] != nil {
		return nil // after its INSERT
	}
	if f.agrees(k) {
		return nil
	}
	f.s.saveField(c.make(k.child.obj), c.typ)
	if err := c.setKeyFrom(k.child.obj, pc, k.parent.obj); err != nil {
		return mistake("%s of %s cannot refer to %s: %w", c.field, k.child, k.parent, err)
	}
	return nil
}

// switchRows turns a deleted row and a new one of the same key into one row
// that is updated.
func (f *flush) switchRows() {
	kept := f.inserts[:0]
	for _, st := range f.inserts {
		k, ok := st.ent.key(st.obj)
		if !ok || st.ent.unset(st.obj) {
			kept = append(kept, st)
			continue
		}
		store := f.s.id.store(st.ent)
		old := store.lookup(k)
		switch {
		case old == nil:
			kept = append(kept, st)
		case old.status == removed:
			f.s.saveState(old)
			f.s.saveState(st)
			store.drop(old)
			st.snap, st.key, st.status, st.loaded = old.snap, k, persistent, 0
			store.index(st)
			f.deletes = slices.DeleteFunc(f.deletes, func(d *state) bool { return d == old })
		default:
			f.fail("%s is in the session already, as another object", st)
		}
	}
	f.inserts = kept
}

// findUpdates finds the objects with changed columns.
func (f *flush) findUpdates() error {
	f.queued = map[*state]bool{}
	for _, st := range f.work {
		if st.status != persistent {
			continue
		}
		if st.ent.unset(st.obj) && !st.ent.unset(st.snap.shadow) {
			c := &st.ent.cols[st.ent.auto]
			f.fail("%s of %s was set to zero: a row keeps its key; for a new row Add a copy with %s zero, or Expunge this object first",
				c.field, describe(st.ent, st.snap.shadow), c.field)
			continue
		}
		for i := range st.ent.cols {
			c := &st.ent.cols[i]
			changed, err := c.changed(st.obj, &st.snap)
			if err != nil {
				return mistake("%s.%w", st.ent.name, err)
			}
			if changed && c.written() {
				f.update(st)
				break
			}
		}
	}
	return nil
}

// update makes st one of those that are looked at for an UPDATE.
func (f *flush) update(st *state) {
	if !f.queued[st] {
		f.queued[st] = true
		f.updates = append(f.updates, st)
	}
}

// settle makes the snapshots of what was written, and of relations, what the
// objects are now.
func (f *flush) settle() error {
	renew := func(st *state) error {
		if st.flushed == f.number {
			return nil
		}
		f.s.saveState(st)
		st.flushed = f.number
		return f.s.id.store(st.ent).capture(st)
	}
	for _, st := range f.written {
		if st.status == gone {
			continue
		}
		if err := renew(st); err != nil {
			return err
		}
		if err := f.point(st); err != nil {
			return err
		}
	}
	for _, d := range f.dirty {
		if d.st.status != persistent {
			continue
		}
		if err := renew(d.st); err != nil {
			return err
		}
		d.st.remember(d.rel)
		if d.rel.kind != hasMany {
			d.st.loaded |= 1 << d.rel.index
		}
	}
	return f.rekey()
}

// point corrects a pointer to an object that the foreign key does not lead to
// any more: it leads to the object that it names, or is nil where the session has
// none.
func (f *flush) point(st *state) error {
	for _, r := range st.ent.rels {
		if r.kind != belongsTo {
			continue
		}
		to := r.one(st.obj)
		if to == nil && !st.knows(r) {
			continue
		}
		l, err := r.link()
		if err != nil {
			return err
		}
		local, remote := &st.ent.cols[l.local], &l.target.cols[l.remote]
		a, ok := local.key(local.at(st.obj))
		if to == nil {
			if ok { // it was known to lead to nothing
				st.loaded &^= 1 << r.index
			}
			continue
		}
		b, ok2 := remote.key(remote.at(to))
		if ok && ok2 && a == b {
			continue
		}
		var right unsafe.Pointer
		if ok && r.byKey(l) {
			if o := f.s.id.store(l.target).lookup(a); o != nil {
				right = o.obj
			}
		}
		f.s.saveField(r.at(st.obj), r.typ)
		r.setOne(st.obj, right)
		st.forget(r, right)
		if right == nil && ok {
			st.loaded &^= 1 << r.index
		}
	}
	return nil
}

// rekey indexes objects whose primary key has changed under the new one.
func (f *flush) rekey() error {
	var moved []*state
	for _, st := range f.written {
		if st.status != persistent {
			continue
		}
		if k, _ := st.ent.key(st.obj); k != st.key {
			moved = append(moved, st)
		}
	}
	for _, st := range moved {
		f.s.id.store(st.ent).unindex(st)
	}
	for _, st := range moved {
		store := f.s.id.store(st.ent)
		st.key, _ = st.ent.key(st.obj)
		if other := store.lookup(st.key); other != nil && other != st {
			return mistake("%s is in the session already, as another object", st)
		}
		store.index(st)
	}
	return nil
}
