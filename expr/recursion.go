package expr

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// RecursiveOption adds a column to a [Recursive] common table expression that
// says how its rows were reached. The column is one of the table, and not of
// what the query for more rows sees. The zero RecursiveOption is a mistake.
type RecursiveOption struct {
	kind    recursionKind
	name    string
	columns []string
}

type recursionKind uint8

const (
	noRecursion recursionKind = iota
	depthFirst
	breadthFirst
	markCycle
)

// DepthFirst adds a column to order by, so that a row comes before those that
// were reached from it, and these before its next sibling; siblings are ordered by
// columns. The column is for OrderBy alone: its type is the database's.
//
//	tree := expr.Recursive("tree", nil, roots, children, expr.DepthFirst("place", "id"))
//	expr.Select(expr.Columns(tree)...).From(tree).OrderBy(expr.C[any](tree, "place")).With(tree)
//
// PostgreSQL, from version 14 on, and Oracle have it. (PostgreSQL manual,
// 7.8.2.1 Search Order; Oracle SQL Language Reference, SELECT, search_clause.)
func DepthFirst(name string, columns ...string) RecursiveOption {
	return RecursiveOption{depthFirst, name, slices.Clone(columns)}
}

// BreadthFirst is [DepthFirst] with siblings before the rows that were reached
// from them.
func BreadthFirst(name string, columns ...string) RecursiveOption {
	return RecursiveOption{breadthFirst, name, slices.Clone(columns)}
}

// MarkCycle adds a column that is true for a row whose values in columns were
// met on the way to it: no more rows are reached from that one, so that the
// query ends in a graph with cycles. The column is a boolean on PostgreSQL, and
// the text 1 or 0 on Oracle. PostgreSQL, from version 14 on, and Oracle have
// it. (PostgreSQL manual, 7.8.2.2 Cycle Detection; Oracle SQL Language
// Reference, SELECT, cycle_clause.)
func MarkCycle(name string, columns ...string) RecursiveOption {
	return RecursiveOption{markCycle, name, slices.Clone(columns)}
}

// withOptions is a recursive common table expression with the columns of its
// options; what its own query sees lacks them.
func (s *source) withOptions(options []RecursiveOption) *source {
	if len(options) == 0 {
		return s
	}
	defs := make([]ColumnDef, len(s.cols), len(s.cols)+len(options))
	for i := range s.cols {
		defs[i] = s.cols[i].def
	}
	t := s.copy()
	t.base, t.recursion = s, slices.Clone(options)
	fail := func(format string, args ...any) {
		if t.err == nil {
			t.err = dialect.Errorf(dialect.ErrStatement, "expr: %s: "+format, append([]any{s.name}, args...)...)
		}
	}
	kinds := map[bool]bool{} // whether it marks cycles
	for _, o := range options {
		if o.kind == noRecursion {
			fail("zero RecursiveOption")
			continue
		}
		word := recursionWords[o.kind]
		switch {
		case o.name == "":
			fail("%s: a column without a name", word)
		case len(o.columns) == 0:
			fail("%s: no columns", word)
		case kinds[o.kind == markCycle]:
			fail("%s: one order and one mark of cycles at most", word)
		case slices.ContainsFunc(defs, func(d ColumnDef) bool { return d.Name == o.name }):
			fail("%s: there is a column %q already", word, o.name)
		}
		kinds[o.kind == markCycle] = true
		for _, c := range o.columns {
			if s.find(c) == nil {
				fail("%s: no column is called %q", word, c)
			}
		}
		defs = append(defs, ColumnDef{Name: o.name})
	}
	t.setColumns(defs)
	return t
}

var recursionWords = [...]string{depthFirst: "SEARCH DEPTH FIRST", breadthFirst: "SEARCH BREADTH FIRST", markCycle: "CYCLE"}

// recursion writes what follows the query of a recursive common table
// expression. The order comes first.
func (p *printer) recursion(s *source) {
	for _, cycle := range [...]bool{false, true} {
		for _, o := range s.recursion {
			if o.kind == noRecursion || (o.kind == markCycle) != cycle {
				continue
			}
			word := recursionWords[o.kind]
			switch {
			case cycle && p.f.RecursiveCycle == "":
				p.unsupported("CYCLE of a recursive WITH", "carry the path in a column, and stop where it holds the row; or use RecursiveDistinct")
				continue
			case !cycle && !p.f.RecursiveSearch:
				p.unsupported(word+" of a recursive WITH", "carry the path or the depth in a column, and order by it")
				continue
			}
			p.str(" " + word)
			if !cycle {
				p.str(" BY")
			}
			for i, c := range o.columns {
				if i > 0 {
					p.str(",")
				}
				p.str(" ")
				p.w.Ident(c)
			}
			p.str(" ")
			if !cycle {
				p.str("SET ")
				p.w.Ident(o.name)
				continue
			}
			p.w.Template(p.f.RecursiveCycle, func(hole int) {
				name := o.name
				if hole > 0 {
					name += "_path"
				}
				p.w.Ident(name)
			})
		}
	}
}
