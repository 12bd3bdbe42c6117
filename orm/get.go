package orm

import (
	"context"
	"reflect"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Get returns the object with a primary key, whose parts are given in the order
// of the fields. An object that the session has is returned as it is, without a
// query. A row that is not there, or an object that is to be deleted, is
// engine.ErrNoRows.
func Get[T any](ctx context.Context, r dialect.Runner, pk ...any) (*T, error) {
	e, err := entityFor(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	probe := e.new()
	if err := e.setKey(probe, pk); err != nil {
		return nil, err
	}
	if s, ok := r.(*Session); ok {
		if err := s.enter("Get"); err != nil {
			return nil, err
		}
		k, _ := e.key(probe)
		st := s.id.store(e).lookup(k)
		s.leave()
		if st != nil && st.status == removed {
			return nil, engine.ErrNoRows
		}
		if st != nil {
			return (*T)(st.obj), nil
		}
	}
	ld, done, err := open(ctx, r, "Get")
	if err != nil {
		return nil, err
	}
	defer done()
	stmt := e.selectAll()
	for _, i := range e.pk {
		c := &e.cols[i]
		v, err := c.value(c.at(probe))
		if err != nil {
			return nil, mistake("Get: %s.%w", e.name, err)
		}
		stmt = stmt.Where(expr.ColumnAt(e.table, i).Eq(v))
	}
	var found unsafe.Pointer
	err = ld.each(ctx, stmt, e, -1, func(st *state, _ key) error {
		found = st.obj
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case found == nil:
		return nil, engine.ErrNoRows
	}
	return (*T)(found), nil
}

// setKey makes the primary key of the object at base the given values.
func (e *entity) setKey(base unsafe.Pointer, vs []any) error {
	if len(vs) != len(e.pk) {
		names := make([]string, len(e.pk))
		for i, pk := range e.pk {
			names[i] = e.cols[pk].field
		}
		return mistake("Get[%s]: %d values for the primary key, which is %v", e.name, len(vs), names)
	}
	for i, pk := range e.pk {
		c := &e.cols[pk]
		if err := c.setGiven(base, vs[i]); err != nil {
			return mistake("Get[%s]: %s is %s: %w", e.name, c.field, c.typ, err)
		}
	}
	return nil
}

// setGiven stores a value that the program gave, which must be of the
// column's own family of types.
func (c *column) setGiven(base unsafe.Pointer, v any) error {
	p := c.make(base)
	rv := reflect.ValueOf(v)
	if !rv.IsValid() {
		return plain("nil is not a key")
	}
	if rv.Type() == c.typ {
		reflect.NewAt(c.typ, p).Elem().Set(rv)
		return nil
	}
	mismatch := plain("%v (%T) is no such value", v, v)
	switch {
	case c.kind.integer():
		switch {
		case rv.CanInt():
			if !c.kind.setInt(p, rv.Int()) {
				return plain("%d does not fit", rv.Int())
			}
		case rv.CanUint():
			return dialect.AssignUint64(c.kind.pointerTo(p), rv.Uint())
		default:
			return mismatch
		}
		return nil
	case c.kind == kindString:
		if rv.Kind() != reflect.String {
			return mismatch
		}
		*(*string)(p) = rv.String()
		return nil
	case rv.Kind() == reflect.Array && rv.CanConvert(c.typ): // [16]byte for a uuid.UUID
		reflect.NewAt(c.typ, p).Elem().Set(rv.Convert(c.typ))
		return nil
	case c.form == formOther:
		return c.assign(p, v)
	}
	if rv.CanConvert(c.typ) && rv.Kind() == c.typ.Kind() {
		reflect.NewAt(c.typ, p).Elem().Set(rv.Convert(c.typ))
		return nil
	}
	return mismatch
}

// states returns the states of objects: a pointer to a mapped struct, or a
// slice of such pointers.
func (s *Session) states(obj any) ([]*state, error) {
	var objs []any
	if v := reflect.ValueOf(obj); v.Kind() == reflect.Slice {
		for i := range v.Len() {
			objs = append(objs, v.Index(i).Interface())
		}
	} else {
		objs = []any{obj}
	}
	var out []*state
	for _, o := range objs {
		e, p, err := objectOf(o)
		if err != nil {
			return nil, err
		}
		st := s.id.store(e).find(p)
		if st == nil {
			return nil, mistake("the session does not know %s", describe(e, p))
		}
		if st.status == pending {
			return nil, mistake("%s is not in the database yet: Flush first", st)
		}
		if len(out) > 0 && out[0].ent != e {
			return nil, mistake("objects of two types, %s and %s", out[0].ent.name, e.name)
		}
		out = append(out, st)
	}
	return out, nil
}

// Load loads what the relations of an object lead to, if they are not loaded yet:
// sess.Load(ctx, ada, &u.Addresses), where u is orm.Ref[User](). Several
// relations are a path, as in [Query.With]. For many objects, give a slice of
// pointers: there is still one query for each relation. What the program has
// appended to a collection before stays in it. A belongs-to whose foreign key the
// program has set since is loaded anew.
func (s *Session) Load(ctx context.Context, obj any, path ...any) error {
	if err := s.enter("Load"); err != nil {
		return err
	}
	defer s.leave()
	states, err := s.states(obj)
	if err != nil || len(states) == 0 {
		return err
	}
	rels, err := resolvePath(nil, states[0].ent, path)
	if err != nil {
		return err
	}
	if _, err := s.begun(ctx); err != nil {
		return err
	}
	ld := &loader{s.tx, &s.id}
	return ld.fill(ctx, states, addPath(nil, rels))
}

// Refresh reads the rows of objects (a pointer, or a slice of pointers) again.
// Changes that have not been flushed are lost, and relations count as not loaded
// and become nil. An object whose row is gone is an [ErrStale].
func (s *Session) Refresh(ctx context.Context, obj any) error {
	if err := s.enter("Refresh"); err != nil {
		return err
	}
	defer s.leave()
	states, err := s.states(obj)
	if err != nil || len(states) == 0 {
		return err
	}
	tx, err := s.begun(ctx)
	if err != nil {
		return err
	}
	e := states[0].ent
	store := s.id.store(e)
	size := e.chunkOf(tx.Dialect().Features())
	return chunks(len(states), size, func(from, to int) error {
		left := map[key]*state{}
		var each []expr.Cond
		var keys []any
		for _, st := range states[from:to] {
			left[st.key] = st
			var conds []expr.Cond
			for _, i := range e.pk {
				v, err := st.was(i)
				if err != nil {
					return err
				}
				keys = append(keys, v)
				conds = append(conds, expr.ColumnAt(e.table, i).Eq(v))
			}
			each = append(each, expr.And(conds...))
		}
		stmt := e.selectAll().Where(expr.Or(each...))
		if len(e.pk) == 1 {
			stmt = e.selectAll().Where(expr.ColumnAt(e.table, e.pk[0]).In(padded(keys, size)...))
		}
		_, err := tx.Run(ctx, stmt, func(rows dialect.Rows) error {
			sc := newScanner(e, nil)
			for rows.Next() {
				obj := sc.next()
				if err := sc.scan(rows, obj); err != nil {
					return err
				}
				sc.spare = nil
				k, _ := e.key(obj)
				st := left[k]
				if st == nil {
					continue
				}
				delete(left, k)
				for i := range e.cols {
					c := &e.cols[i]
					reflect.NewAt(c.typ, c.make(st.obj)).Elem().Set(reflect.NewAt(c.typ, c.at(obj)).Elem())
				}
				st.snap, st.loaded = snapshot{}, 0
				for _, r := range e.rels {
					if r.kind == hasMany && r.many(st.obj) != nil {
						r.setMany(st.obj, nil)
					} else if r.kind != hasMany && r.one(st.obj) != nil {
						r.setOne(st.obj, nil)
					}
				}
				if err := store.capture(st); err != nil {
					return err
				}
			}
			return rows.Err()
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
