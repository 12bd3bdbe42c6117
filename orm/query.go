package orm

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Query finds objects of type T. Each method returns a new Query and leaves the
// one it was called on as it is, so a Query may be kept and extended in different
// ways, by many goroutines. Mistakes made on the way are reported when it
// runs. The zero Query is such a mistake.
//
// What runs it is a [Session], which makes the objects its own, or any other
// Runner, whose objects are nobody's. A Query is a dialect.Statement too: the
// SELECT of all of T's columns.
type Query[T any] struct{ q *query }

// query is what a Query consists of. It is not changed once it has been made.
type query struct {
	ent      *entity
	roles    []role
	joins    []joined
	conds    []expr.Cond
	order    []expr.Term
	paths    []*loadNode
	limit    int64 // -1: none
	offset   int64 // -1: none
	distinct bool
	locks    int // 0: none, 1: update, 2: share
	lockOpts []expr.LockOption
	errs     []error
	stmt     atomic.Pointer[expr.SelectStmt]
}

type joined struct {
	table expr.Table
	left  bool
	on    expr.Cond
}

var _ dialect.Statement = Query[struct{}]{}

// Select begins a query for objects of type T. u is a prototype from [Ref] or
// [Alias].
func Select[T any](u *T) Query[T] {
	q := &query{limit: -1, offset: -1}
	p, err := protoOf(u)
	if err != nil {
		q.errs = append(q.errs, err)
		return Query[T]{q}
	}
	q.ent = p.ent
	q.roles = []role{newRole(p)}
	return Query[T]{q}
}

func newRole(p *proto) role {
	name := p.alias
	if name == "" {
		name = p.ent.tableName
	}
	return role{p, p.ent.tableAs(p.alias), name}
}

var errZeroQuery = mistake("a zero Query selects nothing: begin with orm.Select")

// with returns a copy that f has changed.
func (q Query[T]) with(f func(*query)) Query[T] {
	n := &query{limit: -1, offset: -1, errs: []error{errZeroQuery}}
	if q.q != nil {
		old := q.q
		*n = query{ent: old.ent, roles: old.roles, joins: old.joins, conds: old.conds, order: old.order, paths: old.paths,
			limit: old.limit, offset: old.offset, distinct: old.distinct, locks: old.locks, lockOpts: old.lockOpts, errs: old.errs}
	}
	f(n)
	return Query[T]{n}
}

func (q *query) fail(err error) { q.errs = append(slices.Clip(q.errs), err) }

// Where keeps the objects that meet all conditions, those of earlier calls
// included.
func (q Query[T]) Where(conds ...expr.Cond) Query[T] {
	return q.with(func(n *query) { n.conds = append(slices.Clip(n.conds), conds...) })
}

// OrderBy adds terms to the order of the objects.
func (q Query[T]) OrderBy(terms ...expr.Term) Query[T] {
	return q.with(func(n *query) { n.order = append(slices.Clip(n.order), terms...) })
}

// Limit gives at most n objects; a negative number is a mistake.
func (q Query[T]) Limit(n int) Query[T] {
	return q.with(func(c *query) {
		if n < 0 {
			c.fail(mistake("Limit(%d): the number is negative", n))
		}
		c.limit = int64(n)
	})
}

// Offset leaves out the first n objects; a negative number is a mistake.
func (q Query[T]) Offset(n int) Query[T] {
	return q.with(func(c *query) {
		if n < 0 {
			c.fail(mistake("Offset(%d): the number is negative", n))
		}
		c.offset = int64(n)
	})
}

// Distinct gives each object once, however many rows of a Join lead to it. With a
// Limit or an Offset as well, order by columns of T alone: what comes first of
// several rows for one object is not defined, and PostgreSQL refuses it.
func (q Query[T]) Distinct() Query[T] { return q.with(func(n *query) { n.distinct = true }) }

// ForUpdate locks the rows until the transaction ends; see
// expr.SelectStmt.ForUpdate.
func (q Query[T]) ForUpdate(opts ...expr.LockOption) Query[T] {
	return q.with(func(n *query) { n.locks, n.lockOpts = 1, opts })
}

// ForShare locks the rows against writers until the transaction ends.
func (q Query[T]) ForShare(opts ...expr.LockOption) Query[T] {
	return q.with(func(n *query) { n.locks, n.lockOpts = 2, opts })
}

// Join brings in the table that a relation leads to, for conditions and order:
// Join(&u.Addresses) the table of orm.Ref[Address](), Join(&u.Boss, boss) the
// role that an [Alias] stands for. A table that is there already needs an Alias.
// All then gives an object for each row, so one with three addresses comes three
// times, unless the query is Distinct; to filter without that, see [Has].
func (q Query[T]) Join(relation any, role ...any) Query[T] { return q.join(false, relation, role) }

// LeftJoin is Join, and keeps objects whose relation leads to nothing.
func (q Query[T]) LeftJoin(relation any, role ...any) Query[T] {
	return q.join(true, relation, role)
}

func (q Query[T]) join(left bool, relation any, as []any) Query[T] {
	return q.with(func(n *query) {
		if len(n.roles) == 0 {
			return
		}
		s := &scope{roles: n.roles}
		from, rel, err := s.relationAt(relation)
		if err != nil {
			n.fail(err)
			return
		}
		to, err := s.bring(rel, as)
		if err != nil {
			n.fail(err)
			return
		}
		on, err := rel.condition(from.table, to.table)
		if err != nil {
			n.fail(err)
			return
		}
		n.roles = append(slices.Clip(n.roles), to)
		n.joins = append(slices.Clip(n.joins), joined{to.table, left, on})
	})
}

// bring makes the role for the other side of a relation: the one given, or
// that of Ref.
func (s *scope) bring(rel *relation, as []any) (role, error) {
	l, err := rel.link()
	if err != nil {
		return role{}, err
	}
	if len(as) > 1 {
		return role{}, mistake("%s leads to one table, and %d roles are given", rel, len(as))
	}
	p := refProto(rel.other)
	if len(as) == 1 {
		if p, err = protoOf(as[0]); err != nil {
			return role{}, err
		}
		if p.typ != rel.other {
			return role{}, mistake("%s leads to %s, and the role given is one of %s", rel, l.target.name, p.typ.Name())
		}
	}
	r := newRole(p)
	for _, o := range s.roles {
		if o.name == r.name && (o.proto.alias != "" || r.proto.alias != "" || o.proto.ent.schema == r.proto.ent.schema) {
			return role{}, mistake("%s leads to %s, which the query has already: give the other role a name, with orm.Alias[%s](%q)",
				rel, r.name, l.target.name, tagSnake(rel.field))
		}
	}
	return r, nil
}

// condition joins the two sides of a relation.
func (r *relation) condition(from, to expr.Table) (expr.Cond, error) {
	l, err := r.link()
	if err != nil {
		return expr.Cond{}, err
	}
	a, b := expr.ColumnAt(from, l.local), expr.ColumnAt(to, l.remote)
	if r.kind == belongsTo {
		a, b = b, a
	}
	return expr.Eq[any](b, a), nil
}

// With also loads what a relation leads to: With(&u.Addresses) loads the addresses of
// all objects that are found, with one query for all of them (more where the
// keys are too many for one). Several relations are a path: With(&u.Addresses,
// &a.Street) loads the streets of these addresses too. A relation that an object has
// loaded already is left as it is, unless it is a belongs-to and its foreign key has
// been set since.
func (q Query[T]) With(path ...any) Query[T] {
	return q.with(func(n *query) {
		if len(n.roles) == 0 {
			return
		}
		rels, err := resolvePath(&scope{roles: n.roles[:1]}, n.ent, path)
		if err != nil {
			n.fail(err)
			return
		}
		n.paths = addPath(cloneNodes(n.paths), rels)
	})
}

func cloneNodes(nodes []*loadNode) []*loadNode {
	out := make([]*loadNode, len(nodes))
	for i, n := range nodes {
		out[i] = &loadNode{n.rel, cloneNodes(n.next)}
	}
	return out
}

// resolvePath finds the relations of a path that begins at e.
func resolvePath(s *scope, e *entity, path []any) ([]*relation, error) {
	if len(path) == 0 {
		return nil, mistake("which relation? Give its address, as in &u.Addresses")
	}
	rels := make([]*relation, len(path))
	for i, ptr := range path {
		var rel *relation
		var err error
		if i == 0 && s != nil {
			if v := reflect.ValueOf(ptr); v.Kind() == reflect.Pointer && !v.IsNil() {
				if _, _, ok := s.owner(v.UnsafePointer()); ok {
					_, rel, err = s.relationAt(ptr)
				}
			}
		}
		if rel == nil && err == nil {
			rel, err = relationOf(ptr)
		}
		if err != nil {
			return nil, err
		}
		if rel.ent != e {
			return nil, mistake("%s is not a relation of %s", rel, e.name)
		}
		l, err := rel.link()
		if err != nil {
			return nil, err
		}
		rels[i], e = rel, l.target
	}
	return rels, nil
}

func (q *query) err() error {
	if q == nil {
		return errZeroQuery
	}
	return errors.Join(q.errs...)
}

// from adds everything but the columns.
func (q *query) from(s expr.SelectStmt) expr.SelectStmt {
	s = s.From(q.roles[0].table)
	for _, j := range q.joins {
		if j.left {
			s = s.LeftJoin(j.table, j.on)
		} else {
			s = s.Join(j.table, j.on)
		}
	}
	if len(q.conds) > 0 {
		s = s.Where(q.conds...)
	}
	return s.Resolve(&scope{roles: q.roles})
}

// page adds the order and the limits.
func (q *query) page(s expr.SelectStmt) expr.SelectStmt {
	if len(q.order) > 0 {
		s = s.OrderBy(q.order...)
	}
	if q.limit >= 0 {
		s = s.Limit(q.limit)
	}
	if q.offset >= 0 {
		s = s.Offset(q.offset)
	}
	switch q.locks {
	case 1:
		s = s.ForUpdate(q.lockOpts...)
	case 2:
		s = s.ForShare(q.lockOpts...)
	}
	return s
}

// sqlDistinct reports whether DISTINCT is the database's task: it has to come
// before the limits; without a Join there is nothing to do. Elsewhere rows are
// dropped as they are read, which works with any order and any type of column.
func (q *query) sqlDistinct() bool {
	return q.distinct && len(q.joins) > 0 && (q.limit >= 0 || q.offset > 0)
}

// statement returns the SELECT, which is made once.
func (q *query) statement() (expr.SelectStmt, error) {
	if err := q.err(); err != nil {
		return expr.SelectStmt{}, err
	}
	if s := q.stmt.Load(); s != nil {
		return *s, nil
	}
	s := q.from(expr.Select(expr.Columns(q.roles[0].table)...))
	if q.sqlDistinct() {
		s = s.Distinct()
	}
	s = q.page(s)
	q.stmt.Store(&s)
	return s, nil
}

// Stmt returns the SELECT of all of T's columns, to be extended or to stand
// within another statement. Mistakes come with it.
func (q Query[T]) Stmt() expr.SelectStmt {
	s, err := q.q.statement()
	if err != nil {
		return expr.Select(expr.Defer[any](func(expr.Resolver) (expr.Any, error) { return nil, err }))
	}
	return s
}

// CompileSQL implements dialect.Statement.
func (q Query[T]) CompileSQL(c *dialect.Compiled) error {
	s, err := q.q.statement()
	if err != nil {
		return err
	}
	return s.CompileSQL(c)
}

// All returns the objects that are found, an empty slice where there are none.
// A row that the session has an object for gives that object, as it is.
func (q Query[T]) All(ctx context.Context, r dialect.Runner) ([]*T, error) {
	stmt, err := q.q.statement()
	if err != nil {
		return nil, err
	}
	ld, done, err := open(ctx, r, "Select")
	if err != nil {
		return nil, err
	}
	defer done()
	return collect[T](ctx, ld, q.q, stmt)
}

func collect[T any](ctx context.Context, ld *loader, q *query, stmt dialect.Statement) ([]*T, error) {
	out := []*T{}
	var states []*state
	var seen map[*state]bool
	if q.distinct {
		seen = map[*state]bool{}
	}
	err := ld.each(ctx, stmt, q.ent, -1, func(st *state, _ key) error {
		if seen != nil {
			if seen[st] {
				return nil
			}
			seen[st] = true
		}
		out = append(out, (*T)(st.obj))
		if q.paths != nil {
			states = append(states, st)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := ld.fill(ctx, states, q.paths); err != nil {
		return nil, err
	}
	return out, nil
}

// One returns the only object that is found. None is engine.ErrNoRows, more
// than one row engine.ErrMultipleRows.
func (q Query[T]) One(ctx context.Context, r dialect.Runner) (*T, error) {
	if q.q != nil && q.q.limit < 0 && q.q.locks == 0 && (!q.q.distinct || len(q.q.joins) == 0) {
		q = q.Limit(2)
	}
	list, err := q.All(ctx, r)
	switch {
	case err != nil:
		return nil, err
	case len(list) == 0:
		return nil, engine.ErrNoRows
	case len(list) > 1:
		return nil, engine.ErrMultipleRows
	}
	return list[0], nil
}

// First returns the first object, in the query's order, or else by primary
// key. None is engine.ErrNoRows.
func (q Query[T]) First(ctx context.Context, r dialect.Runner) (*T, error) {
	if q.q != nil && q.q.ent != nil {
		if len(q.q.order) == 0 {
			for _, pk := range q.q.ent.pk {
				q = q.OrderBy(expr.ColumnAt(q.q.roles[0].table, pk))
			}
		}
		if q.q.limit < 0 || q.q.limit > 1 {
			q = q.Limit(1)
		}
	}
	list, err := q.All(ctx, r)
	switch {
	case err != nil:
		return nil, err
	case len(list) == 0:
		return nil, engine.ErrNoRows
	}
	return list[0], nil
}

// keys is the SELECT of the primary key alone.
func (q *query) keys() expr.SelectStmt {
	cols := make([]expr.Any, len(q.ent.pk))
	for i, pk := range q.ent.pk {
		cols[i] = expr.ColumnAt(q.roles[0].table, pk)
	}
	return q.from(expr.Select(cols...))
}

// Count returns how many objects All would return.
func (q Query[T]) Count(ctx context.Context, r dialect.Runner) (int64, error) {
	if err := q.q.err(); err != nil {
		return 0, err
	}
	var stmt expr.SelectStmt
	if n := q.q; n.limit < 0 && n.offset < 0 && !(n.distinct && len(n.joins) > 0) {
		stmt = n.from(expr.Select(expr.CountAll()))
	} else {
		sub := n.keys()
		if n.distinct {
			sub = sub.Distinct()
		}
		if n.limit >= 0 {
			sub = sub.Limit(n.limit)
		}
		if n.offset >= 0 {
			sub = sub.Offset(n.offset)
		}
		stmt = expr.Select(expr.CountAll()).From(sub.As("found"))
	}
	ld, done, err := open(ctx, r, "Count")
	if err != nil {
		return 0, err
	}
	defer done()
	return engine.Scalar[int64](ctx, ld.run, stmt)
}

// Exists reports whether All would return anything.
func (q Query[T]) Exists(ctx context.Context, r dialect.Runner) (bool, error) {
	if err := q.q.err(); err != nil {
		return false, err
	}
	stmt := q.q.keys()
	if q.q.sqlDistinct() {
		stmt = stmt.Distinct()
	}
	if q.q.limit != 0 {
		stmt = stmt.Limit(1)
	} else {
		stmt = stmt.Limit(0)
	}
	if q.q.offset >= 0 {
		stmt = stmt.Offset(q.q.offset)
	}
	ld, done, err := open(ctx, r, "Exists")
	if err != nil {
		return false, err
	}
	defer done()
	found := false
	_, err = ld.run.Run(ctx, stmt, func(rows dialect.Rows) error {
		found = rows.Next()
		return rows.Err()
	})
	return found, err
}

// Each yields the objects one by one, while the rows are read: the Runner is in
// use until the loop ends, and break ends it. After an error, which is yielded
// with a nil object, the loop ends. Relations are not loaded: With is a mistake. In
// a session the objects become its own; with another Runner nothing is kept
// of them.
func (q Query[T]) Each(ctx context.Context, r dialect.Runner) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		stmt, err := q.q.statement()
		if err == nil && q.q.paths != nil {
			err = mistake("Each loads no relations, since it runs no other query while rows are read: use All in place of With")
		}
		if err != nil {
			yield(nil, err)
			return
		}
		ld, done, err := open(ctx, r, "Each")
		if err != nil {
			yield(nil, err)
			return
		}
		defer done()
		stopped := false
		seen := map[key]bool{}
		_, err = ld.run.Run(ctx, stmt, func(rows dialect.Rows) error {
			sc := newScanner(q.q.ent, nil)
			for rows.Next() {
				var obj unsafe.Pointer
				var k key
				if ld.id.track {
					st, _, err := sc.row(rows, ld.id.store(q.q.ent), -1)
					if err != nil {
						return err
					}
					obj, k = st.obj, st.key
				} else {
					obj = q.q.ent.new()
					if err := sc.scan(rows, obj); err != nil {
						return err
					}
					k, _ = q.q.ent.key(obj)
				}
				if q.q.distinct {
					if seen[k] {
						continue
					}
					seen[k] = true
				}
				if !yield((*T)(obj), nil) {
					stopped = true
					return nil
				}
			}
			return rows.Err()
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}
