package expr

import "iter"

// Node is one node of a statement: an expression, a condition, a value, a
// table, a query within it. See [Nodes]. The zero Node is none of these: an
// ExprNode with no name.
type Node struct{ n *node }

// node is n's node; that of the zero Node has nothing.
func (n Node) node() *node {
	if n.n == nil {
		return &node{}
	}
	return n.n
}

// NodeKind says what a [Node] is.
type NodeKind uint8

// The kinds of nodes.
const (
	ExprNode   NodeKind = iota // any other expression: an operator, a CASE, a label …
	ColumnNode                 // a column of a table: [Node.Column]
	ValueNode                  // a parameter or a literal: [Node.Value]
	CallNode                   // a call of a function: [Node.Name]
	CondNode                   // a condition
	OrderNode                  // a term of ORDER BY with its direction
	TableNode                  // a table, another role of one, a derived table, a common table expression: [Node.Table]
	QueryNode                  // a query within the statement: [Node.Query]
	HintNode                   // a hint
)

// Kind says what the node is.
func (n Node) Kind() NodeKind {
	at := n.node()
	switch {
	case at.isCond():
		return CondNode
	case at.op == opColumn:
		return ColumnNode
	case at.op == opBind, at.op == opLiteral, at.op == opNull, at.op == opParam:
		return ValueNode
	case at.op == opCall:
		return CallNode
	case at.op == opOrder:
		return OrderNode
	case at.op == opSource:
		return TableNode
	case at.op == opQuery:
		return QueryNode
	case at.op == opHint:
		return HintNode
	}
	return ExprNode
}

// Name is the name of a column, a table, a function, a label or a parameter;
// empty for what has none.
func (n Node) Name() string {
	switch x := n.node().ext.(type) {
	case *source:
		return x.label()
	case *param:
		return x.name
	case *rowList:
		if x.param != nil {
			return x.param.name
		}
	}
	switch n.node().op {
	case opColumn, opName, opLabel, opCall, opTemplate, opTemplateCond, opCustom:
		return n.node().name
	}
	return ""
}

// Column is the node as a column; ok is false where it is none.
func (n Node) Column() (c Column, ok bool) {
	return Column{Expr[any](n)}, n.node().op == opColumn
}

// Table is the table that the node is, or that the column it is belongs to; ok
// is false for anything else.
func (n Node) Table() (t Table, ok bool) {
	switch x := n.node().ext.(type) {
	case *source:
		return Table{s: x}, true
	case *column:
		return Table{s: x.src}, true
	}
	return Table{}, false
}

// Is reports whether the node is the table r itself, or a column of it.
func (n Node) Is(r Relation) bool {
	t, ok := n.Table()
	return ok && t.s == sourceOf(r)
}

// Value is the value of a parameter or a literal, nil for NULL, a slice for the list of
// [Expr.AnyOf] or of [InParam]; ok is false for
// anything else, and for a parameter that has only a name.
func (n Node) Value() (v any, ok bool) {
	switch n.node().op {
	case opBind, opLiteral:
		return n.node().ext, exprIn(n.node().ext) == nil
	case opNull:
		return nil, true
	}
	switch x := n.node().ext.(type) {
	case *param:
		return x.value, x.given
	case *rowList:
		if x.param != nil {
			return x.param.value, x.param.given
		}
	}
	return nil, false
}

// Query is the query that the node is; ok is false for anything else.
func (n Node) Query() (q Query, ok bool) {
	q, ok = n.node().ext.(Query)
	return q, ok && n.node().op == opQuery
}

// Expr is the node as an expression; nil for tables, queries, hints and terms
// of ORDER BY.
func (n Node) Expr() Any {
	switch n.Kind() {
	case OrderNode, TableNode, QueryNode, HintNode:
		return nil
	}
	return Expr[any](n)
}

// String describes the node in a few words, without values. It is for messages.
func (n Node) String() string {
	if s, ok := n.node().ext.(*source); ok {
		return "table " + s.String()
	}
	return describe(n.node())
}

// Walk calls f for every node of a statement, those of queries within it
// included, in the order in which they were composed, each before what it
// consists of. Where f returns false, what the node consists of is left out. A
// table's query is gone through where the table stands first. A nil statement has no
// nodes, and a nil f is not called.
func Walk(stmt Tree, f func(Node) bool) {
	w := walker{f: f, seen: map[*source]bool{}}
	w.m.node = w.visit
	if stmt = valueTree(stmt); stmt != nil && f != nil {
		stmt.mapped(&w.m)
	}
}

type walker struct {
	m    mapper
	f    func(Node) bool
	seen map[*source]bool
}

// visit changes nothing.
func (w *walker) visit(n *node) *node {
	if n.op != 0 && !w.f(Node{n}) {
		return n
	}
	if s, ok := n.ext.(*source); ok {
		w.source(s)
		return n
	}
	if n.op != opColumn {
		w.m.each(n)
	}
	return n
}

func (w *walker) source(s *source) {
	if w.seen[s] {
		return
	}
	w.seen[s] = true
	if s.base != nil {
		w.source(s.base)
		return
	}
	w.m.child(s.call)
	w.m.clauses(nil, s.joins)
	if t, ok := s.query.(Tree); ok {
		t.mapped(&w.m)
	}
	if t, ok := s.write.(Tree); ok {
		t.mapped(&w.m)
	}
}

// Nodes iterates over all nodes of a statement; see [Walk].
//
//	for n := range expr.Nodes(stmt) {
//		if n.Kind() == expr.TableNode { … }
//	}
func Nodes(stmt Tree) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		done := false
		Walk(stmt, func(n Node) bool {
			done = done || !yield(n)
			return !done
		})
	}
}
