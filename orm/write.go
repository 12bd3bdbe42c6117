package orm

import (
	"cmp"
	"reflect"
	"slices"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// write sends the statements.
func (f *flush) write() error {
	r := f.s.id.rank(f.entities())
	groups, err := f.insertGroups(r)
	if err != nil {
		return err
	}
	first := f.makeRoom()
	dels, broken, err := f.deleteGroups(r)
	if err != nil {
		return err
	}
	if err := f.begin(); err != nil {
		return err
	}
	for _, k := range f.freed {
		if err := f.cut(k); err != nil {
			return err
		}
	}
	for _, g := range first {
		if err := f.delete(g); err != nil {
			return err
		}
	}
	for _, g := range groups {
		if err := f.insert(g); err != nil {
			return err
		}
	}
	for _, k := range f.links { // keys that the INSERTs have made
		if k.child.status == persistent && !f.agrees(k) {
			if err := f.apply(k); err != nil {
				return err
			}
			f.update(k.child)
		}
	}
	if err := f.updateAll(r); err != nil {
		return err
	}
	for _, n := range f.nulled {
		if err := f.setNull(n); err != nil {
			return err
		}
	}
	for _, k := range broken {
		if err := f.cut(k); err != nil {
			return err
		}
	}
	for _, g := range dels {
		if err := f.delete(g); err != nil {
			return err
		}
	}
	return f.read()
}

// makeRoom takes out of the deletions what a has-one led to, and returns it: a
// foreign key that is unique is free for another row only after that. Rows of a
// table that others refer to wait for their turn.
func (f *flush) makeRoom() [][]*state {
	if len(f.ousted) == 0 {
		return nil
	}
	ents := f.entities()
	var rows []*state
	for _, st := range f.ousted {
		refers := func(e *entity) bool { return depends(e, st.ent) }
		if st.status == removed && !slices.Contains(rows, st) && !slices.ContainsFunc(ents, refers) {
			rows = append(rows, st)
		}
	}
	f.deletes = slices.DeleteFunc(f.deletes, func(st *state) bool { return slices.Contains(rows, st) })
	return byEntity(rows, ents)
}

// rank returns the order of the entities, which is made again when there are
// new ones.
func (m *identity) rank(ents []*entity) ranking {
	if len(m.ranks.of) != len(ents) {
		m.ranks = rank(ents)
	}
	return m.ranks
}

// insert inserts new rows of one table.
func (f *flush) insert(rows []*state) error {
	e := rows[0].ent
	for _, st := range rows {
		for i := range e.cols {
			k := f.linkOf[linkKey{st, i}]
			if k == nil {
				continue
			}
			if k.late {
				c := &e.cols[i]
				if !c.isNull(c.at(st.obj)) {
					f.s.saveField(c.make(st.obj), c.typ)
					c.setNull(st.obj)
				}
				continue
			}
			if err := f.apply(k); err != nil {
				return err
			}
		}
		if e.version >= 0 {
			if c := &e.cols[e.version]; c.kind.zero(c.at(st.obj)) {
				f.s.saveField(c.make(st.obj), c.typ)
				c.kind.setInt(c.make(st.obj), 1)
			}
		}
	}
	// Rows that leave out the same columns make one statement.
	for len(rows) > 0 {
		omit := e.omitted(rows[0].obj)
		var same, rest []*state
		for _, st := range rows {
			if slices.Equal(e.omitted(st.obj), omit) {
				same = append(same, st)
			} else {
				rest = append(rest, st)
			}
		}
		if err := f.insertSame(e, same, omit); err != nil {
			return err
		}
		rows = rest
	}
	return nil
}

// omitted returns the columns that an INSERT of the object leaves to the
// database: an identity that is not set, what is never written, and columns with a
// default whose field is NULL or the zero time.
func (e *entity) omitted(base unsafe.Pointer) []int {
	var out []int
	for i := range e.cols {
		c := &e.cols[i]
		p := c.at(base)
		if !c.written() || c.auto && c.kind.zero(p) ||
			c.hasDefault && (c.isNull(p) || c.form == formPlain && c.kind == kindTime && c.kind.zero(p)) {
			out = append(out, i)
		}
	}
	return out
}

// insertSame inserts rows that leave out the same columns.
func (f *flush) insertSame(e *entity, rows []*state, omit []int) error {
	var cols []int
	for i := range e.cols {
		if !slices.Contains(omit, i) {
			cols = append(cols, i)
		}
	}
	ft := f.tx.Dialect().Features()
	returning := ft.ReturningInsert && ft.Returning != dialect.NoReturning
	switch {
	case len(cols) == 0: // one row at a time has defaults alone
		for i := range rows {
			if err := f.insertReturning(e, rows[i:i+1], cols, omit); err != nil {
				return err
			}
		}
		return nil
	case e.auto >= 0 && slices.Contains(omit, e.auto), len(omit) > 0 && returning && len(rows) == 1:
		return f.insertReturning(e, rows, cols, omit)
	}
	stmt, err := e.insertStatement(rows, cols)
	if err != nil {
		return err
	}
	if _, err := dialect.RunScript(f.ctx, f.tx, stmt.Batches(nil)); err != nil {
		return err
	}
	if len(omit) > 0 {
		f.reread = append(f.reread, rows...)
	}
	return f.inserted(rows)
}

func (e *entity) insertStatement(rows []*state, cols []int) (expr.InsertStmt, error) {
	stmt := expr.Insert(e.table)
	if len(cols) == 0 {
		return stmt.DefaultValues(), nil
	}
	columns := make([]expr.AnyColumn, len(cols))
	for i, c := range cols {
		columns[i] = expr.ColumnAt(e.table, c)
	}
	values := make([]any, 0, len(rows)*len(cols))
	for _, st := range rows {
		for _, i := range cols {
			c := &e.cols[i]
			v, err := c.value(c.at(st.obj))
			if err != nil {
				return stmt, mistake("%s.%w", e.name, err)
			}
			values = append(values, v)
		}
	}
	return stmt.Columns(columns...).Flat(values), nil
}

// insertReturning inserts rows and reads what the database has made of each.
func (f *flush) insertReturning(e *entity, rows []*state, cols, omit []int) error {
	stmt, err := e.insertStatement(rows, cols)
	if err != nil {
		return err
	}
	made := make([]expr.Any, len(omit))
	for i, c := range omit {
		made[i] = expr.ColumnAt(e.table, c)
	}
	n := 0
	sc := newScanner(e, omit)
	_, err = dialect.RunScript(f.ctx, f.tx, stmt.Returning(made...).InOrder(func(row int, scan func([]any) error) error {
		if row >= len(rows) {
			return mistake("INSERT into %s gave back more rows than were inserted", e.tableName)
		}
		n++
		for _, i := range omit {
			f.s.saveField(e.cols[i].make(rows[row].obj), e.cols[i].typ)
		}
		after := sc.point(rows[row].obj)
		return sc.scanned(scan(sc.dst), after)
	}))
	if err == nil && n != len(rows) {
		err = mistake("INSERT into %s gave back %d rows of %d", e.tableName, n, len(rows))
	}
	if err != nil {
		return err
	}
	return f.inserted(rows)
}

// inserted makes new rows persistent.
func (f *flush) inserted(rows []*state) error {
	store := f.s.id.store(rows[0].ent)
	f.written = append(f.written, rows...)
	for _, st := range rows {
		f.s.saveState(st)
		k, ok := st.ent.key(st.obj)
		if !ok {
			return mistake("%s has a primary key with NULL in it", st)
		}
		if other := store.lookup(k); other != nil && other != st {
			return mistake("%s is in the session already, as another object", st)
		}
		st.key, st.status = k, persistent
		store.index(st)
		st.flushed = f.number
		if err := store.capture(st); err != nil {
			return err
		}
		for _, r := range st.ent.rels { // a row that is new has no others than these
			if r.kind != belongsTo || r.one(st.obj) != nil {
				st.loaded |= 1 << r.index
			}
		}
	}
	return nil
}

// keyConds are the conditions that find a row as it was read.
func (st *state) keyConds() ([]expr.Cond, error) {
	e := st.ent
	conds := make([]expr.Cond, 0, 2)
	for _, i := range e.pk {
		v, err := st.was(i)
		if err != nil {
			return nil, err
		}
		conds = append(conds, expr.ColumnAt(e.table, i).Eq(v))
	}
	if e.version >= 0 {
		v, err := st.was(e.version)
		if err != nil {
			return nil, err
		}
		conds = append(conds, expr.ColumnAt(e.table, e.version).Eq(v))
	}
	return conds, nil
}

// was returns what the database has in a column.
func (st *state) was(i int) (any, error) {
	c := &st.ent.cols[i]
	if c.extra >= 0 {
		return st.snap.extra[c.extra], nil
	}
	return c.value(c.at(st.snap.shadow))
}

// updateAll writes the changed columns of objects, table by table and in the
// order of their keys, so that two sessions do not lock each other's rows
// crosswise.
func (f *flush) updateAll(r ranking) error {
	slices.SortStableFunc(f.updates, func(a, b *state) int {
		return cmp.Or(cmp.Compare(r.of[a.ent], r.of[b.ent]), cmp.Compare(a.ent.tableName, b.ent.tableName),
			cmp.Compare(a.key.n, b.key.n), cmp.Compare(a.key.s, b.key.s))
	})
	for _, st := range f.updates {
		if st.status == persistent {
			if err := f.updateOne(st); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *flush) updateOne(st *state) error {
	e := st.ent
	var sets []expr.Assignment
	for i := range e.cols {
		c := &e.cols[i]
		if !c.written() || i == e.version {
			continue
		}
		changed, err := c.changed(st.obj, &st.snap)
		if err != nil {
			return mistake("%s.%w", e.name, err)
		}
		if !changed {
			continue
		}
		v, err := c.value(c.at(st.obj))
		if err != nil {
			return mistake("%s.%w", e.name, err)
		}
		if v == nil {
			sets = append(sets, expr.ColumnAt(e.table, i).SetNull())
		} else {
			sets = append(sets, expr.ColumnAt(e.table, i).Set(v))
		}
	}
	if len(sets) == 0 {
		return nil
	}
	conds, err := st.keyConds()
	if err != nil {
		return mistake("%s.%w", e.name, err)
	}
	if e.version >= 0 {
		c := &e.cols[e.version]
		f.s.saveField(c.make(st.obj), c.typ)
		next := c.kind.int(c.at(st.snap.shadow)) + 1
		if !c.kind.setInt(c.make(st.obj), next) {
			return mistake("%s.%s: version %d does not fit into %s", e.name, c.field, next, c.typ)
		}
		sets = append(sets, expr.ColumnAt(e.table, e.version).Set(c.kind.box(c.at(st.obj))))
	}
	res, err := f.tx.Run(f.ctx, expr.Update(e.table).Set(sets...).Where(conds...), nil)
	if err != nil {
		return err
	}
	if n := res.RowsAffected(); n >= 0 && n != 1 {
		return stale("UPDATE", []*state{st}, n)
	}
	f.written = append(f.written, st)
	st.flushed = 0 // the snapshot is made again
	if len(e.computed) > 0 {
		f.reread = append(f.reread, st)
	}
	return nil
}

// setNull makes the foreign keys of deleted rows' children NULL.
func (f *flush) setNull(n nulling) error {
	e := n.l.target
	col := expr.ColumnAt(e.table, n.l.remote)
	var keys []any
	for _, st := range n.parents {
		v, err := st.was(n.l.local)
		if err != nil {
			return err
		}
		if v != nil {
			keys = append(keys, v)
		}
	}
	return chunks(len(keys), chunkOf(f.tx.Dialect().Features()), func(from, to int) error {
		_, err := f.tx.Run(f.ctx, expr.Update(e.table).Set(col.SetNull()).Where(col.In(keys[from:to]...)), nil)
		return err
	})
}

// cut makes the foreign key of a row that is about to be deleted NULL, since
// the row that it refers to has to go first.
func (f *flush) cut(k linkKey) error {
	conds, err := k.st.keyConds()
	if err != nil {
		return err
	}
	e := k.st.ent
	res, err := f.tx.Run(f.ctx, expr.Update(e.table).Set(expr.ColumnAt(e.table, k.col).SetNull()).Where(conds...), nil)
	if err != nil {
		return err
	}
	if n := res.RowsAffected(); n >= 0 && n != 1 {
		return stale("UPDATE", []*state{k.st}, n)
	}
	return nil
}

// delete deletes rows of one table.
func (f *flush) delete(rows []*state) error {
	e := rows[0].ent
	slices.SortStableFunc(rows, func(a, b *state) int {
		return cmp.Or(cmp.Compare(a.key.n, b.key.n), cmp.Compare(a.key.s, b.key.s))
	})
	ft := f.tx.Dialect().Features()
	size := chunkOf(ft)
	single := len(e.pk) == 1 && e.version < 0
	if !single {
		size = max(1, min(maxConds, size/(len(e.pk)+1)))
	}
	err := chunks(len(rows), size, func(from, to int) error {
		some := rows[from:to]
		var where []expr.Cond
		if single {
			col := expr.ColumnAt(e.table, e.pk[0])
			keys := make([]any, len(some))
			for i, st := range some {
				v, err := st.was(e.pk[0])
				if err != nil {
					return err
				}
				keys[i] = v
			}
			if len(keys) == 1 {
				where = append(where, col.Eq(keys[0]))
			} else {
				where = append(where, col.In(padded(keys, size)...))
			}
		} else {
			var each []expr.Cond
			for _, st := range some {
				conds, err := st.keyConds()
				if err != nil {
					return err
				}
				each = append(each, expr.And(conds...))
			}
			where = append(where, expr.Or(each...))
		}
		res, err := f.tx.Run(f.ctx, expr.Delete(e.table).Where(where...), nil)
		if err != nil {
			return err
		}
		if n := res.RowsAffected(); n >= 0 && n != int64(len(some)) {
			return stale("DELETE", some, n)
		}
		return nil
	})
	if err != nil {
		return err
	}
	store := f.s.id.store(e)
	if err := f.leaveCollections(rows); err != nil {
		return err
	}
	for _, st := range rows {
		f.s.saveState(st)
		store.bury(st)
	}
	return nil
}

// read reads the columns that the database has made, where the statement that
// made them could not give them back.
func (f *flush) read() error {
	for _, rows := range byEntity(f.reread, f.entities()) {
		e := rows[0].ent
		var cols []int
		for i := range e.cols {
			if c := &e.cols[i]; !c.pk && (!c.written() || c.hasDefault) {
				cols = append(cols, i)
			}
		}
		if len(cols) == 0 {
			continue
		}
		if err := f.fetch(e, rows, cols); err != nil {
			return err
		}
	}
	return nil
}

// fetch reads columns of rows again, into their objects.
func (f *flush) fetch(e *entity, rows []*state, cols []int) error {
	return chunks(len(rows), e.chunkOf(f.tx.Dialect().Features()), func(from, to int) error {
		stmt, err := e.selectKeys(rows[from:to])
		if err != nil {
			return err
		}
		left := map[key]*state{}
		for _, st := range rows[from:to] {
			k, _ := e.key(st.obj)
			left[k] = st
		}
		_, err = f.tx.Run(f.ctx, stmt, func(res dialect.Rows) error {
			sc := newScanner(e, nil)
			for res.Next() {
				obj := e.new()
				if err := sc.scan(res, obj); err != nil {
					return err
				}
				k, _ := e.key(obj)
				st := left[k]
				if st == nil {
					continue
				}
				delete(left, k)
				st.flushed = 0
				for _, i := range cols {
					c := &e.cols[i]
					f.s.saveField(c.make(st.obj), c.typ)
					reflect.NewAt(c.typ, c.make(st.obj)).Elem().Set(reflect.NewAt(c.typ, c.at(obj)).Elem())
				}
			}
			return res.Err()
		})
		if err != nil {
			return err
		}
		for _, st := range left {
			return noSuchRow(st)
		}
		return nil
	})
}

// selectKeys is the SELECT of the objects' rows, by the keys they have now.
func (e *entity) selectKeys(rows []*state) (expr.SelectStmt, error) {
	var each []expr.Cond
	var keys []any
	for _, st := range rows {
		var conds []expr.Cond
		for _, i := range e.pk {
			c := &e.cols[i]
			v, err := c.value(c.at(st.obj))
			if err != nil {
				return expr.SelectStmt{}, mistake("%s.%w", e.name, err)
			}
			keys = append(keys, v)
			conds = append(conds, expr.ColumnAt(e.table, i).Eq(v))
		}
		if len(e.pk) > 1 {
			each = append(each, expr.And(conds...))
		}
	}
	if len(e.pk) == 1 {
		return e.selectAll().Where(expr.ColumnAt(e.table, e.pk[0]).In(keys...)), nil
	}
	return e.selectAll().Where(expr.Or(each...)), nil
}
