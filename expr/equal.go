package expr

import (
	"cmp"
	"reflect"
	"slices"
)

// Equal reports whether two statements are composed of the same nodes and
// values, so that they compile to the same text and arguments for every
// database. The order of calls makes no difference to a SELECT where it makes
// none to its text. What holds a function of the program ([Custom], a hint,
// [Defer]) is equal to itself alone.
func Equal(a, b Tree) bool {
	a, b = valueTree(a), valueTree(b)
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	e := &equality{}
	return e.trees(a, b)
}

type equality struct {
	assumed map[[2]*source]bool // that a recursive query leads back to
	// scope has the tables of the statements around, from without: a column of
	// one is that of the other only if both name the same table of them. apart
	// counts those that are two tables; where there are none, a node that both
	// have is equal.
	scope [][2]*source
	apart int
}

// enter brings the tables of two statements into scope, and leave takes them out.
func (e *equality) enter(x, y []item) (leave func()) {
	before, apart := len(e.scope), e.apart
	e.pair(x, y)
	return func() { e.scope, e.apart = e.scope[:before], apart }
}

func (e *equality) pair(x, y []item) {
	for i := range min(len(x), len(y)) {
		switch x[i].clause {
		case clauseWith, clauseFrom, clauseJoin, clauseTarget:
		default:
			continue
		}
		if x[i].n == nil || y[i].n == nil {
			continue
		}
		a, ok := x[i].n.ext.(*source)
		b, ok2 := y[i].n.ext.(*source)
		if !ok || !ok2 {
			continue
		}
		if a.kind == joinedSource && b.kind == joinedSource {
			e.pair(a.joins.items(), b.joins.items())
			continue
		}
		e.scope = append(e.scope, [2]*source{a, b})
		if a != b {
			e.apart++
		}
	}
}

// known reports whether a table is one of the scope, and whether two are the
// same one of it.
func (e *equality) known(a, b *source) (known, same bool) {
	for i := range e.scope {
		if p := e.scope[len(e.scope)-1-i]; p[0] == a || p[1] == b {
			return true, p[0] == a && p[1] == b
		}
	}
	return false, false
}

// plainTree is a statement without the type of its rows.
func plainTree(t Tree) Tree {
	switch t := valueTree(t).(type) {
	case interface{ untyped() SelectStmt }:
		return t.untyped()
	case Upserted:
		return t.InsertStmt
	}
	return t
}

func (e *equality) trees(a, b Tree) bool {
	a, b = plainTree(a), plainTree(b)
	if reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false
	}
	switch x := a.(type) {
	case ValuesStmt:
		y := b.(ValuesStmt)
		if x.v == nil || y.v == nil {
			return x.v == y.v
		}
		return reflect.DeepEqual(x.v.cols, y.v.cols) && len(x.v.rows) == len(y.v.rows) &&
			slices.EqualFunc(x.v.rows, y.v.rows, func(r, s []*node) bool { return slices.EqualFunc(r, s, e.nodes) })
	case TextSelect:
		y := b.(TextSelect)
		return e.nodes(x.n, y.n) && slices.EqualFunc(x.columns, y.columns, e.nodes)
	}
	x, ok := a.(interface{ parts() clauses })
	y, ok2 := b.(interface{ parts() clauses })
	if !ok || !ok2 {
		return false
	}
	return e.items(x.parts(), y.parts(), queryTree(a))
}

// queryTree reports whether the clauses of a statement may come in any order.
func queryTree(t Tree) bool {
	switch t.(type) {
	case SelectStmt, SetStmt:
		return true
	}
	return false
}

func (e *equality) items(a, b clauses, sorted bool) bool {
	x, y := a.items(), b.items()
	if sorted {
		byClause := func(a, b item) int { return cmp.Compare(a.clause, b.clause) }
		x, y = slices.Clone(x), slices.Clone(y)
		if !a.has(clauseReorder) && !b.has(clauseReorder) {
			slices.SortStableFunc(x, byClause)
			slices.SortStableFunc(y, byClause)
		}
	}
	defer e.enter(x, y)()
	return slices.EqualFunc(x, y, func(a, b item) bool {
		return a.clause == b.clause && a.flag == b.flag && a.num == b.num && e.nodes(a.n, b.n) && e.nodes(a.on, b.on)
	})
}

func (e *equality) nodes(a, b *node) bool {
	if a == b && e.apart == 0 || a == nil || b == nil {
		return a == b
	}
	if a.op != b.op || a.flag != b.flag || a.aux != b.aux || a.name != b.name || !reflect.DeepEqual(a.typ, b.typ) {
		return false
	}
	switch x := a.ext.(type) {
	case *source:
		y, ok := b.ext.(*source)
		return ok && e.sources(x, y)
	case *column:
		y, ok := b.ext.(*column)
		if !ok || x.name != y.name || x.pos != y.pos {
			return false
		}
		if known, same := e.known(x.src, y.src); known {
			return same
		}
		return e.sources(x.src, y.src)
	case Tree:
		y, ok := b.ext.(Tree)
		return ok && e.trees(x, y)
	}
	return sameShape(a, b) && slices.EqualFunc(childrenOf(a), childrenOf(b), e.nodes)
}

// childrenOf are the nodes that a node consists of.
func childrenOf(n *node) []*node {
	var list []*node
	m := &mapper{node: func(c *node) *node { list = append(list, c); return c }}
	m.each(n)
	return list
}

// sameShape compares what two nodes of one kind have beside their children.
func sameShape(a, b *node) bool {
	if a == b {
		return true
	}
	if a.flag&flagImm != 0 && a.op != opOrder && a.op != opCall {
		return true // the value is a child
	}
	if reflect.TypeOf(a.ext) != reflect.TypeOf(b.ext) || (a.l == nil) != (b.l == nil) || (a.r == nil) != (b.r == nil) {
		return false
	}
	return reflect.DeepEqual(shape(a.ext), shape(b.ext))
}

// shape is what is to be equal of the ext of a node, without the children.
func shape(ext any) any {
	switch x := ext.(type) {
	case *values, *labelNode, *[2]any, *rowPair, []any:
		return nil
	case []*node:
		return len(x)
	case [][]*node:
		return lengths(x)
	case [][]any:
		return lengths(x)
	case *aggregate:
		return [...]any{len(x.args), x.within}
	case *caseData:
		return [...]any{x.of != nil, len(x.whens), x.or != nil}
	case *rowList:
		if x.param != nil {
			return [...]any{len(x.left), len(x.rows), shape(x.param)}
		}
		return [...]any{len(x.left), lengths(x.rows), x.query != nil}
	case *filled:
		return x.t.comparable()
	case *jsonPath:
		steps := slices.Clone(x.steps)
		for i := range steps {
			steps[i].bind = nil
		}
		return [...]any{steps, x.as}
	case *jsonBuild:
		return [...]any{x.object, x.keys}
	case *Window:
		f := x.frame
		f.from.by, f.to.by = nil, nil
		return [...]any{x.name, len(x.partition), len(x.order), f}
	case *param:
		return [...]any{x.name, x.value, x.given, x.list, x.goTyp}
	case *anyOf:
		return x.slice
	case *custom, *hint:
		return identity{x}
	case *modification:
		if x.what != nil {
			return x.what
		}
		return identity{x}
	case error:
		return x.Error()
	}
	return ext // a value; functions are never equal
}

// identity is equal to that of the same pointer alone. What it holds has a
// function, which DeepEqual takes for no other's equal.
type identity struct{ p any }

func lengths[T any](ls [][]T) []int {
	ns := make([]int, len(ls))
	for i, l := range ls {
		ns[i] = len(l)
	}
	return ns
}

// comparable is what makes two templates the same.
func (t *Template) comparable() any {
	if t.of != nil || t.Has != nil {
		return reflect.ValueOf(t).Pointer()
	}
	return *t
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func (e *equality) sources(a, b *source) bool {
	if a == b && e.apart == 0 {
		return true
	}
	if a.kind != b.kind || a.schema != b.schema || a.name != b.name || a.alias != b.alias || a.lateral != b.lateral ||
		a.quote != b.quote || a.scalar != b.scalar || a.list != b.list || a.ordinality != b.ordinality || a.triggers != b.triggers ||
		a.labelled != b.labelled || !slices.Equal(a.names, b.names) || message(a.err) != message(b.err) || len(a.cols) != len(b.cols) || !reflect.DeepEqual(a.recursion, b.recursion) {
		return false
	}
	for i := range a.cols {
		x, y := &a.cols[i].def, &b.cols[i].def
		if x.Name != y.Name || x.Quote != y.Quote || x.Null != y.Null || x.PrimaryKey != y.PrimaryKey || x.Generated != y.Generated || !reflect.DeepEqual(x.Type, y.Type) {
			return false
		}
	}
	if a.kind == cteSource || a.kind == recursiveSource { // of which With brings in one
		if known, same := e.known(a, b); known && !same {
			return false
		}
	}
	pair := [2]*source{a, b}
	if e.assumed[pair] {
		return true
	}
	if e.assumed == nil {
		e.assumed = map[[2]*source]bool{}
	}
	e.assumed[pair] = true
	tree := func(x, y any) bool {
		a, _ := x.(Tree)
		b, _ := y.(Tree)
		return a == nil && b == nil || a != nil && b != nil && e.trees(a, b)
	}
	same := (a.base == nil) == (b.base == nil) && (a.base == nil || e.sources(a.base, b.base)) && e.nodes(a.call, b.call) &&
		tree(a.query, b.query) && tree(a.write, b.write) && e.items(a.joins, b.joins, false)
	e.assumed[pair] = same
	return same
}
