package expr

import (
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
	for i := range items {
		it := &items[i]
		if it.clause != clauseWith {
			continue
		}
		if it.n == nil {
			p.fail("nil table")
			continue
		}
		s := it.n.ext.(*source)
		if s.kind != cteSource && s.kind != recursiveSource {
			p.fail("%s is no common table expression; make one with expr.CTE", s)
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
			for j := range s.cols {
				if j > 0 {
					p.str(", ")
				}
				p.ident(&s.cols[j].bare, s.cols[j].name)
			}
			p.str(")")
		}
		p.str(" AS (")
		if s.kind == recursiveSource {
			p.ctes = append(p.ctes, root)
		}
		body := asTable
		if s.names != nil {
			body = asBody
		}
		p.query(s.query, body)
		if s.kind != recursiveSource {
			p.ctes = append(p.ctes, root)
		}
		p.str(")")
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
		p.w.InsertAt(0, "WITH "+b.String()+" ")
	}
}
