package expr

import "github.com/sqlayer-go/sqlayer/dialect"

// Tree is a statement of this package that [Walk], [Rewrite] and their like
// look into: every one but those that [WithValues] has given values.
type Tree interface {
	dialect.Statement
	mapped(m *mapper) Tree
}

// mapper applies a function to the children of nodes and statements. What did
// not change is shared: the same node, the same statement comes back. It is
// the one place that knows where nodes have their children.
type mapper struct {
	node  func(*node) *node
	items func(Tree, []item) []item // what becomes of a statement's items; nil: they stay
}

func (m *mapper) child(n *node) *node {
	if n == nil {
		return nil
	}
	return m.node(n)
}

// list maps a list, which it copies when the first of its nodes changes.
func (m *mapper) list(ns []*node) ([]*node, bool) {
	var own []*node
	for i, n := range ns {
		if c := m.child(n); c != n && own == nil {
			own = append([]*node(nil), ns...)
			own[i] = c
		} else if own != nil {
			own[i] = c
		}
	}
	if own == nil {
		return ns, false
	}
	return own, true
}

func (m *mapper) lists(ls [][]*node) ([][]*node, bool) {
	changed := false
	own := make([][]*node, len(ls))
	for i, l := range ls {
		c, is := m.list(l)
		own[i], changed = c, changed || is
	}
	if !changed {
		return ls, false
	}
	return own, true
}

// operand maps what is a Go value or an expression: values are seen as nodes
// too.
func (m *mapper) operand(v any, t *dialect.Type) (any, bool) {
	n, isNode := v.(*node)
	switch {
	case isNode:
	case exprIn(v) != nil:
		n = exprIn(v)
	default:
		n = &node{op: opBind, typ: t, ext: v}
	}
	c := m.child(n)
	switch {
	case c == n:
		return v, false
	case isNode:
		return c, true
	case c.op == opBind && exprIn(v) == nil:
		return c.ext, true
	}
	return Expr[any]{c}, true
}

func (m *mapper) operands(vs []any, t *dialect.Type) ([]any, bool) {
	var own []any
	for i, v := range vs {
		c, changed := m.operand(v, t)
		if changed && own == nil {
			own = append([]any(nil), vs...)
		}
		if changed {
			own[i] = c
		}
	}
	if own == nil {
		return vs, false
	}
	return own, true
}

// each is n with its children mapped, or n itself.
func (m *mapper) each(n *node) *node {
	l, r := m.child(n.l), m.child(n.r)
	changed := l != n.l || r != n.r
	var t *dialect.Type
	if n.l != nil {
		t = n.l.typ
	}
	if n.flag&flagImm != 0 && n.op != opOrder && n.op != opCall {
		ext, is := m.operand(n.ext, t)
		if !changed && !is {
			return n
		}
		c := *n
		c.l, c.r, c.ext = l, r, ext
		if e, ok := ext.(Expr[any]); ok && is {
			c.flag, c.r, c.ext = c.flag&^flagImm, e.n, nil
		}
		return &c
	}
	switch x := n.ext.(type) {
	case *values: // the node lies within it
		list, is := m.operands(x.list, t)
		if !changed && !is {
			return n
		}
		v := &values{node: *n, list: list}
		v.l, v.r, v.ext = l, r, v
		return &v.node
	case *labelNode:
		if !changed {
			return n
		}
		return Expr[any]{l}.As(n.name).n
	}
	ext, is := m.ext(n, t)
	if !changed && !is {
		return n
	}
	c := *n
	c.l, c.r, c.ext = l, r, ext
	return &c
}

// ext maps what a node has beside its operands.
func (m *mapper) ext(n *node, t *dialect.Type) (ext any, changed bool) {
	switch x := n.ext.(type) {
	case *[2]any:
		lo, a := m.operand(x[0], t)
		hi, b := m.operand(x[1], t)
		if a || b {
			return &[2]any{lo, hi}, true
		}
	case []*node:
		return extOf(m.list(x))
	case [][]*node:
		return extOf(m.lists(x))
	case []any: // rows of an INSERT
		return extOf(m.operands(x, nil))
	case [][]any:
		own := make([][]any, len(x))
		for i, row := range x {
			list, is := m.operands(row, nil)
			own[i], changed = list, changed || is
		}
		if changed {
			return own, true
		}
	case *aggregate:
		args, a := m.list(x.args)
		order, b := m.list(x.order)
		if a || b {
			return &aggregate{args, order, x.within}, true
		}
	case *caseData:
		d := &caseData{of: m.child(x.of), whens: make([]branch, len(x.whens))}
		changed = d.of != x.of
		for i, w := range x.whens {
			d.whens[i] = branch{m.child(w.cond), m.child(w.then)}
			changed = changed || d.whens[i] != w
		}
		d.or = m.child(x.or)
		if changed || d.or != x.or {
			return d, true
		}
	case *rowPair:
		left, a := m.list(x.left)
		right, b := m.list(x.right)
		if a || b {
			return &rowPair{left, right}, true
		}
	case *rowList:
		left, a := m.list(x.left)
		rows, b := m.lists(x.rows)
		query := m.child(x.query)
		if a || b || query != x.query {
			return &rowList{left, rows, query, x.param, x.of}, true
		}
	case *filled:
		if args, is := m.list(x.args); is {
			return &filled{x.t, args}, true
		}
	case *custom:
		if children, is := m.list(x.children); is {
			return &custom{x.print, children, x.own, x.instead}, true
		}
	case *jsonPath:
		doc, value := m.child(x.doc), m.child(x.value)
		steps, moved := x.steps, false
		for i, s := range x.steps {
			if b := m.child(s.bind); b != s.bind {
				if !moved {
					steps, moved = append([]jsonStep(nil), x.steps...), true
				}
				if key, ok := b.ext.(string); ok && b.op == opBind {
					steps[i].key, steps[i].bind = key, b
				} else {
					steps[i].bind = mistake("JSON: a key is a text, not %s", describe(b))
				}
			}
		}
		if moved || doc != x.doc || value != x.value {
			return &jsonPath{doc: doc, steps: steps, as: x.as, value: value}, true
		}
	case *jsonBuild:
		if list, is := m.list(x.values); is {
			return &jsonBuild{x.object, x.keys, list}, true
		}
	case *hint:
		if table := m.child(x.table); table != x.table {
			return &hint{x.kind, table, x.print}, true
		}
	case *Window:
		if w, is := m.window(x); is {
			return w, true
		}
	case Tree: // a query
		if q := x.mapped(m); q != nil && !sameTree(q, x) {
			return q, true
		}
	case *anyOf:
		if list, is := m.operand(x.slice, arrayOf(t)); is {
			return x.replaced(list), true
		}
	case Any, *source, *column, *param: // a source is the rewriter's, the others have no children
		if n.op == opBind {
			return m.operand(x, n.typ)
		}
	}
	return n.ext, false
}

// extOf keeps the type of what it is given.
func extOf[T any](v T, changed bool) (any, bool) { return v, changed }

func (m *mapper) window(w *Window) (*Window, bool) {
	partition, a := m.list(w.partition)
	order, b := m.list(w.order)
	from, to := m.child(w.frame.from.by), m.child(w.frame.to.by)
	if !a && !b && from == w.frame.from.by && to == w.frame.to.by {
		return w, false
	}
	own := *w
	own.partition, own.order, own.frame.from.by, own.frame.to.by = partition, order, from, to
	return &own, true
}

// clauses maps the items of a statement.
func (m *mapper) clauses(t Tree, c clauses) clauses {
	items := c.items()
	var own []item
	for i, it := range items {
		n, on := m.child(it.n), it.on
		if it.clause != clauseLimit && it.clause != clauseOffset { // where it is a number; see counting
			on = m.child(on)
		}
		if (n != it.n || on != it.on) && own == nil {
			own = append([]item(nil), items...)
		}
		if own != nil {
			own[i].n, own[i].on = n, on
		}
	}
	if m.items != nil {
		if own == nil {
			own = append([]item(nil), items...)
		}
		own = m.items(t, own)
	}
	if own == nil {
		return c
	}
	c, slots := clauses{}.grow(len(own))
	copy(slots, own)
	return c
}

// sameTree reports whether two statements are one and the same.
func sameTree(a, b Tree) bool {
	switch a := a.(type) {
	case ValuesStmt:
		b, ok := b.(ValuesStmt)
		return ok && a.v == b.v
	case TextSelect:
		b, ok := b.(TextSelect)
		return ok && a.n == b.n
	}
	x, ok := a.(interface{ parts() clauses })
	y, ok2 := b.(interface{ parts() clauses })
	return ok && ok2 && x.parts() == y.parts()
}

func (s SelectStmt) parts() clauses { return s.c }
func (s SetStmt) parts() clauses    { return s.c }
func (s MergeStmt) parts() clauses  { return s.c }

func (s SelectStmt) mapped(m *mapper) Tree { return SelectStmt{m.clauses(s, s.c)} }
func (s SetStmt) mapped(m *mapper) Tree    { return SetStmt{m.clauses(s, s.c)} }
func (s InsertStmt) mapped(m *mapper) Tree { return InsertStmt{m.clauses(s, s.c)} }
func (s UpdateStmt) mapped(m *mapper) Tree { return UpdateStmt{m.clauses(s, s.c)} }
func (s DeleteStmt) mapped(m *mapper) Tree { return DeleteStmt{m.clauses(s, s.c)} }
func (s MergeStmt) mapped(m *mapper) Tree  { return MergeStmt{m.clauses(s, s.c)} }

func (q SelectOf[R]) mapped(m *mapper) Tree {
	return SelectOf[R]{q.SelectStmt.mapped(m).(SelectStmt)}
}
func (u Upserted) mapped(m *mapper) Tree { return Upserted{u.InsertStmt.mapped(m).(InsertStmt)} }

func (s ValuesStmt) mapped(m *mapper) Tree {
	if s.v == nil {
		return s
	}
	rows, changed := m.lists(s.v.rows)
	if !changed {
		return s
	}
	v := *s.v
	v.rows = rows
	return ValuesStmt{&v}
}

func (s TextSelect) mapped(m *mapper) Tree {
	s.n = m.child(s.n)
	return s
}

// rewriter replaces nodes and tables in statements. What it has replaced once
// it replaces everywhere, so that a column stays one of the table that stands
// in FROM.
type rewriter struct {
	mapper
	replace func(*node) (*node, bool)
	tables  map[*source]*source // that are replaced by the caller
	nodes   map[*node]*node
	sources map[*source]*source
}

func newRewriter() *rewriter {
	r := &rewriter{nodes: map[*node]*node{}, sources: map[*source]*source{}}
	r.mapper.node = r.rewrite
	return r
}

func (r *rewriter) rewrite(n *node) *node {
	if c, ok := r.nodes[n]; ok {
		return c
	}
	if r.replace != nil && n.op != 0 {
		if c, ok := r.replace(n); ok {
			r.nodes[n] = c
			return c
		}
	}
	c := n
	switch x := n.ext.(type) {
	case *source:
		c = &r.source(x).node
	case *column:
		c = r.column(x)
	default:
		c = r.each(n)
	}
	r.nodes[n] = c
	return c
}

func (r *rewriter) column(c *column) *node {
	s := r.source(c.src)
	if s == c.src {
		return &c.node
	}
	if c.pos < 0 {
		return pseudo(s, c.own, c.def.Name, c.typ)
	}
	if t, ok := r.tables[c.src]; ok {
		return C[any](Table{s: t}, c.name).n
	}
	if c.pos < len(s.cols) {
		return &s.cols[c.pos].node
	}
	return mistake("table %s has no column %d any more", s, c.pos+1)
}

// source is what stands for s.
func (r *rewriter) source(s *source) *source {
	if t, ok := r.tables[s]; ok {
		return t
	}
	if t, ok := r.sources[s]; ok {
		return t
	}
	t := s
	switch {
	case s.base != nil && s.recursion != nil:
		if base := r.source(s.base); base != s.base {
			t = s.copy()
			t.base, t.query = base, base.query
		}
	case s.base != nil:
		if base := r.source(s.base); base != s.base {
			t = As(Table{s: base}, s.alias).s
		}
	case s.kind == recursiveSource: // its query names it
		t = s.copy()
		r.sources[s] = t
		if q, ok := s.query.(Tree); ok {
			t.query = q.mapped(&r.mapper).(Query)
		}
	case s.kind == funcSource:
		if call := r.child(s.call); call != s.call {
			t = s.copy()
			t.call = call
		}
	case s.kind == joinedSource:
		if joins := r.clauses(nil, s.joins); joins != s.joins {
			t = joined(joins).s
		}
	case s.write != nil:
		if w := s.write.(Tree).mapped(&r.mapper); !sameTree(w, s.write.(Tree)) {
			t = WriteCTE(s.name, w.(Writing)).s
		}
	case s.query != nil:
		if q := s.query.(Tree).mapped(&r.mapper); !sameTree(q, s.query.(Tree)) {
			t = derived(s.kind, q.(Query), s.name, s.names)
			t.lateral = s.lateral
		}
	}
	r.sources[s] = t
	return t
}

// copy is another source with the same columns.
func (s *source) copy() *source {
	t := &source{kind: s.kind, schema: s.schema, name: s.name, alias: s.alias, info: s.info, triggers: s.triggers,
		err: s.err, query: s.query, write: s.write, call: s.call, scalar: s.scalar, list: s.list, ordinality: s.ordinality,
		lateral: s.lateral, joins: s.joins, base: s.base, names: s.names, labelled: s.labelled, recursion: s.recursion, quote: s.quote}
	defs := make([]ColumnDef, len(s.cols))
	for i := range s.cols {
		defs[i] = s.cols[i].def
	}
	t.setColumns(defs)
	return t
}
