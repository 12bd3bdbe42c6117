package expr

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// CTE is a common table expression: a query under a name, which statements
// bring in with their With. Its columns are called as the query's, or as
// columns says.
func CTE(name string, q Query, columns ...string) Table {
	names := slices.Clone(columns)
	if n := queryNode(q); n != nil && len(names) == 0 {
		if v, ok := n.ext.(ValuesStmt); ok { // which names none itself
			names = v.names()
		}
	}
	return Table{s: derived(cteSource, q, name, names)}
}

// Recursive is a recursive common table expression: first gives its first
// rows, and next, given the expression itself, a query for more of them, until
// there are none. The columns are named by columns, or after first. Options add
// columns that say how rows were reached: [DepthFirst], [BreadthFirst],
// [MarkCycle].
func Recursive(name string, columns []string, first Query, next func(self Table) Query, options ...RecursiveOption) Table {
	return recursive(name, columns, first, next, UnionAll, options)
}

// RecursiveDistinct is [Recursive] that keeps each row once, and so ends in a
// graph with cycles. SQL Server and Oracle have none.
func RecursiveDistinct(name string, columns []string, first Query, next func(self Table) Query, options ...RecursiveOption) Table {
	return recursive(name, columns, first, next, Union, options)
}

func recursive(name string, columns []string, first Query, next func(self Table) Query, union func(...Query) SetStmt, options []RecursiveOption) Table {
	if queryNode(first) == nil || next == nil {
		return Table{s: derived(recursiveSource, nil, name, nil)}
	}
	names := columns
	if names == nil {
		var own namer
		for _, n := range first.outputs() {
			names = append(names, own.next(nameOf(n)))
		}
	}
	s := derived(recursiveSource, first, name, slices.Clone(names))
	s.labelled = columns == nil
	s.query = union(first, next(Table{s: s}))
	return Table{s: s.withOptions(options)}
}

// materialize is advice on a common table expression.
type materialize uint8

const (
	materializeAny materialize = iota
	materialized
	notMaterialized
)

// Materialized is, in With, advice to compute a common table expression once
// and by itself. Databases that take no such advice do as they see fit.
func Materialized(cte Table) Table {
	cte.hint = materialized
	return cte
}

// NotMaterialized is, in With, advice to compute a common table expression as a
// part of what reads it; see [Materialized].
func NotMaterialized(cte Table) Table {
	cte.hint = notMaterialized
	return cte
}

// Writing is a statement that writes: an [InsertStmt], an [UpdateStmt] or a
// [DeleteStmt].
type Writing interface {
	Tree
	printable
	parts() clauses
	nested(p *printer)
}

func (s InsertStmt) parts() clauses { return s.c }
func (s UpdateStmt) parts() clauses { return s.c }
func (s DeleteStmt) parts() clauses { return s.c }

func (s InsertStmt) nested(p *printer) { p.insert(s.c) }
func (s UpdateStmt) nested(p *printer) { p.write(s.c, dialect.UpdateVerb) }
func (s DeleteStmt) nested(p *printer) { p.write(s.c, dialect.DeleteVerb) }

// WriteCTE is a common table expression of a statement that writes: its rows
// are those of Returning. It is run once, whether or not they are read.
// PostgreSQL has it.
//
//	moved := expr.WriteCTE("moved", expr.Delete(Inbox).Where(old).Returning(expr.Columns(Inbox)...))
//	expr.Insert(Archive).Columns(…).FromSelect(expr.Select(expr.Columns(moved)...).From(moved)).With(moved)
func WriteCTE(name string, w Writing) Table {
	s := &source{kind: cteSource, name: name}
	switch {
	case w == nil:
		s.err = dialect.Errorf(dialect.ErrStatement, "expr: %s: nil statement", name)
		s.setColumns(nil)
		return Table{s: s}
	case name == "":
		s.err = dialect.Errorf(dialect.ErrStatement, "expr: a common table expression needs a name")
	}
	s.write = w
	var own namer
	var defs []ColumnDef
	for _, it := range w.parts().items() {
		if it.clause != clauseReturning {
			continue
		}
		d := ColumnDef{Name: own.next(nameOf(it.n)), Null: true}
		if it.n != nil {
			d.Type = it.n.typ
			if c, ok := it.n.ext.(*column); ok {
				d.Null = c.def.Null
			}
		}
		defs = append(defs, d)
	}
	s.setColumns(defs)
	return Table{s: s}
}
