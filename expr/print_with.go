package expr

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// hoisted is a common table expression of a query within the statement, for
// a database that takes WITH only where the statement begins.
type hoisted struct {
	root *source
	text string
}

// with writes the common table expressions of a statement and brings them in.
// Where those of an inner query are to stand at the statement's beginning,
// hoist puts them there in the end.
func (p *printer) with(items []item, inner bool) {
	p.in("WITH")
	into := p.into // it is of the query that follows
	p.into = nil
	defer func() { p.into = into }()
	if !p.f.CTE {
		p.unsupported("WITH", "use derived tables")
		return
	}
	apart := inner && !p.f.CTENested
	if apart && p.f.Placeholder == dialect.Question {
		p.unsupported("WITH within a statement", "bring it in with the With of the whole statement")
		apart = false
	}
	recursive := false
	for i := range items {
		if it := &items[i]; it.clause == clauseWith && it.n != nil && it.n.ext.(*source).kind == recursiveSource {
			recursive = true
		}
	}
	if !apart {
		p.str("WITH ")
		if recursive && p.f.RecursiveWord {
			p.str("RECURSIVE ")
		}
	}
	first := true
	coming := len(p.coming)
	for i := range items {
		if it := &items[i]; it.clause == clauseWith && it.n != nil {
			p.coming = append(p.coming, it.n.ext.(*source).root())
		}
	}
	later := p.coming[coming:]
	p.coming = p.coming[:coming]
	defer func() { p.coming = p.coming[:coming] }()
	for i := range items {
		it := &items[i]
		if it.clause != clauseWith {
			continue
		}
		if it.n != nil {
			later = later[1:]
		}
		p.coming = append(p.coming[:coming:coming], later...)
		if it.n == nil {
			p.fail("nil table")
			continue
		}
		s := it.n.ext.(*source)
		if s.kind != cteSource && s.kind != recursiveSource {
			p.fail("%s is not a common table expression; make one with expr.CTE", s)
			continue
		}
		if s.err != nil {
			p.w.Fail(s.err)
			continue
		}
		root := s.root()
		for _, other := range p.ctes {
			if other.name == s.name {
				p.fail("two common table expressions are called %s", s.name)
			}
		}
		if p.isHoisted(root) {
			p.ctes = append(p.ctes, root)
			continue
		}
		if !first && !apart {
			p.str(", ")
		}
		first = false
		begin, before := p.w.Len(), len(p.hoisted)
		p.w.Ident(s.name)
		if s.names != nil {
			p.str("(")
			for j := range root.cols {
				if j > 0 {
					p.str(", ")
				}
				p.ident(&root.cols[j])
			}
			p.str(")")
		}
		p.str(" AS ")
		if p.f.CTEMaterialized {
			p.str(materializeWords[it.flag])
		}
		p.str("(")
		if s.kind == recursiveSource {
			p.ctes = append(p.ctes, root)
		}
		p.writing = append(p.writing, root)
		body := asTable
		if s.names != nil && !s.labelled {
			body = asBody
		}
		switch {
		case s.write != nil:
			if inner {
				p.fail("%s writes, and stands only in the With of the whole statement", s.name)
			}
			p.writeWithin(s.write)
		default:
			if set, ok := s.query.(SetStmt); ok && s.kind == recursiveSource && !p.f.RecursiveDistinct && set.distinct() {
				p.unsupported("a recursive WITH of distinct rows", "use expr.Recursive, and end it by a condition, such as a depth")
			}
			if s.kind == recursiveSource {
				p.shown.how = showFirst
			}
			p.query(s.query, body)
			p.shown = shown{}
		}
		p.writing = p.writing[:len(p.writing)-1]
		if s.kind != recursiveSource {
			p.ctes = append(p.ctes, root)
		}
		p.str(")")
		p.recursion(s)
		switch {
		case apart:
			p.hoisted = append(p.hoisted, hoisted{root, p.w.Cut(begin)})
		case len(p.hoisted) > before: // what its own query brings in stands before it
			for _, h := range p.hoisted[before:] {
				p.w.InsertAt(begin, h.text+", ")
				begin += len(h.text) + 2
			}
			for k := range p.hoisted[before:] {
				p.hoisted[before+k].text = ""
			}
		}
	}
	if apart {
		return
	}
	if first {
		p.fail("WITH of nothing")
	}
	if !inner {
		p.withEnd = p.w.Len()
	}
	p.str(" ")
}

// notYet reports a common table expression that stands where it has not been
// brought in.
func (p *printer) notYet(s *source) {
	for _, w := range p.writing {
		if w == s {
			p.fail("%s names itself; make it with expr.Recursive", s.name)
			return
		}
	}
	if !slices.Contains(p.coming, s) {
		p.fail("%s is a common table expression that no With brings in", s.name)
		return
	}
	for _, w := range p.writing {
		if s.reaches(w) {
			p.fail("a cycle of common table expressions: %s needs %s, and %s needs %s; a recursive one names itself alone", w.name, s.name, s.name, w.name)
			return
		}
	}
	p.fail("%s comes later in With; it stands before those that need it", s.name)
}

// reaches reports whether the query of a common table expression names another
// one, or one that does.
func (s *source) reaches(other *source) bool {
	found := false
	look := func(t any) {
		if tree, ok := t.(Tree); ok {
			Walk(tree, func(n Node) bool {
				if x, ok := n.n.ext.(*source); ok && n.n.op == opSource && x.root() == other {
					found = true
				}
				return !found
			})
		}
	}
	look(s.query)
	look(s.write)
	return found
}

// carry writes a subquery of an UPDATE or DELETE, and brings the common table
// expressions of that in with it if it names one of them: the statement itself
// takes no WITH. Whether it does is seen when it has been written.
func (p *printer) carry(c clauses, set bool, at place) {
	carried := p.carried
	body := func() {
		if set {
			p.setStmt(c, at)
		} else {
			p.selectStmt(c, at)
		}
	}
	scope, ctes, resolvers, named := len(p.scope), len(p.ctes), len(p.resolvers), len(p.named)
	begin := p.w.Mark()
	p.lent = false
	body()
	if p.lent {
		p.w.Rewind(begin)
		p.scope, p.ctes, p.resolvers, p.named = p.scope[:scope], p.ctes[:ctes], p.resolvers[:resolvers], p.named[:named]
		p.carried = nil
		if c.has(clauseWith) {
			p.unsupported("WITH of a subquery beside that of the UPDATE or DELETE", "bring all in with the With of the subquery")
		} else {
			p.with(carried, true)
		}
		body()
	}
	p.carried, p.lent = carried, false
}

// materializeWords stand before the query of a common table expression.
var materializeWords = [...]string{materializeAny: "", materialized: "MATERIALIZED ", notMaterialized: "NOT MATERIALIZED "}

// distinct reports whether the first operator of a set operation drops rows
// that are there already.
func (s SetStmt) distinct() bool {
	for _, it := range s.c.items() {
		if it.clause == clauseSetOp && it.flag != setFirst {
			return it.flag == setUnion
		}
	}
	return false
}

// writeWithin writes a statement that writes as a common table expression.
func (p *printer) writeWithin(w Writing) {
	if !p.f.CTEWrites {
		p.unsupported("a common table expression that writes", "run it as a statement of its own, in the same transaction")
		return
	}
	columns, keys := p.c.Columns, p.c.Keys
	scope, floor, base, ctes, resolvers := len(p.scope), p.floor, p.base, len(p.ctes), len(p.resolvers)
	clause := p.clause
	p.base, p.floor = scope, scope
	w.nested(p)
	p.c.Writes = true
	p.c.Columns, p.c.Keys = columns, keys
	p.scope, p.floor, p.base, p.ctes, p.resolvers = p.scope[:scope], floor, base, p.ctes[:ctes], p.resolvers[:resolvers]
	p.clause = clause
}

// isHoisted reports whether the common table expression has been written for
// the beginning of the statement, and refuses another one of its name.
func (p *printer) isHoisted(root *source) bool {
	for _, h := range p.hoisted {
		if h.root == root {
			return true
		}
		if h.root.name == root.name {
			p.fail("two common table expressions are called %s", root.name)
		}
	}
	return false
}

// hoist puts the common table expressions of inner queries at the statement's
// beginning.
func (p *printer) hoist() {
	var b strings.Builder
	for _, h := range p.hoisted {
		if h.text != "" {
			if b.Len() > 0 || p.withEnd > 0 {
				b.WriteString(", ")
			}
			b.WriteString(h.text)
		}
	}
	switch {
	case b.Len() == 0:
	case p.withEnd > 0:
		p.w.InsertAt(p.withEnd, b.String())
	default:
		p.w.InsertAt(p.start, "WITH "+b.String()+" ")
	}
}
