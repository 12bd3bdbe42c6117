package expr

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// comments writes the comments of a whole statement.
func (p *printer) comments(c clauses) {
	if !c.has(clauseComment) {
		return
	}
	p.in("comment")
	for _, it := range c.items() {
		if it.clause != clauseComment {
			continue
		}
		text := it.n.name
		if strings.Contains(text, "*/") || strings.Contains(text, "/*") || strings.ContainsRune(text, 0) || strings.HasSuffix(text, "*") {
			p.fail("%q would not stay within a comment", text)
			return
		}
		p.str(" /* ")
		p.str(text)
		p.str(" */")
	}
}

// sample writes a sample of a table.
func (p *printer) sample(t SampleTable, s *source, table func()) {
	switch {
	case !(t.percent >= 0 && t.percent <= 100):
		p.fail("Sample of %s: %v per cent; give 0 to 100", s, t.percent)
		return
	case s.kind != tableSource:
		p.fail("Sample of %s, which is not a table", s)
		return
	}
	number := func(v any) { p.w.Literal(v, nil) }
	switch p.f.Sample {
	case dialect.TableSample:
		table()
		if t.pages {
			p.str(" TABLESAMPLE system(")
		} else {
			p.str(" TABLESAMPLE bernoulli(")
		}
		if whole := int64(t.percent); float64(whole) == t.percent {
			p.w.Bind(whole, typeBigInt)
		} else {
			p.w.Bind(t.percent, typeDouble)
		}
		p.str(")")
		if t.seeded {
			p.str(" REPEATABLE (")
			p.w.Bind(t.seed, typeBigInt)
			p.str(")")
		}
	case dialect.PageSample:
		if !t.pages {
			p.unsupported("a sample of rows", "draw Pages")
			return
		}
		table()
		p.str(" TABLESAMPLE SYSTEM (")
		number(t.percent)
		p.str(" PERCENT)")
		if t.seeded {
			p.str(" REPEATABLE (")
			number(t.seed)
			p.str(")")
		}
	case dialect.SampleClause:
		p.tableName(s)
		p.str(" SAMPLE ")
		if t.pages {
			p.str("BLOCK ")
		}
		p.str("(")
		number(t.percent)
		p.str(")")
		if t.seeded {
			p.str(" SEED (")
			number(t.seed)
			p.str(")")
		}
		if s.alias != "" {
			p.str(aliasWord(p.f))
			p.w.Ident(s.alias)
		}
	default:
		p.unsupported("a sample of a table", "order by random() and Limit, or compare random() with a part")
	}
}

// hints writes the hints of a kind that are for a table, or with nil for the
// whole SELECT, between begin and end.
func (p *printer) hints(items []item, kind dialect.HintSet, table *node, begin, between, end string) {
	if !p.f.Hints.Has(kind) {
		return
	}
	first := true
	for i := range items {
		it := &items[i]
		if it.clause != clauseAdvice || it.n == nil || it.n.op != opHint {
			continue
		}
		h := it.n.ext.(*hint)
		if h.kind != kind || h.table != table {
			continue
		}
		if first {
			p.str(begin)
		} else {
			p.str(between)
		}
		first = false
		h.print(p.w)
	}
	if !first {
		p.str(end)
	}
}

// checkHints reports mistakes in hints, whether or not the database takes them.
func (p *printer) checkHints(items []item, at place) {
	p.in("hint")
	for i := range items {
		it := &items[i]
		switch {
		case it.clause != clauseAdvice:
		case it.n == nil:
			p.fail("zero Hint")
		case it.n.op == opMistake:
			p.mistake(it.n)
		default:
			h := it.n.ext.(*hint)
			if h.table != nil && p.find(h.table.ext.(*source)) < p.base {
				p.fail("table %s is not in FROM or a join", h.table.ext.(*source))
			}
			if !p.f.Hints.Has(h.kind) { // its mistakes are mistakes everywhere
				w := dialect.NewWriter(p.w.Dialect())
				h.print(w)
				p.w.Fail(w.Err())
			}
			if h.kind == dialect.QueryOptions && at != asStatement {
				p.fail("an option of the whole statement stands in a query within it")
			}
		}
	}
}

// hintsBefore writes the hints that stand after the word SELECT.
func (p *printer) hintsBefore(items []item) {
	p.hints(items, dialect.OracleHints, nil, " /*+ ", " ", " */")
	p.hints(items, dialect.OptimizerHints, nil, " /*+ ", " ", " */")
}

// tableHints writes the hints for a table, and its lock where that is one.
func (p *printer) tableHints(items []item, s *parts, src *source, lock bool) {
	if s.is(clauseAdvice) {
		p.hints(items, dialect.IndexedBy, &src.node, " ", " ", "")
		p.hints(items, dialect.IndexHints, &src.node, " ", " ", "")
	}
	lock = lock && src.kind == tableSource && p.locked(items, src)
	if lock {
		p.tableHint(s.lock)
	}
	switch {
	case lock && s.is(clauseAdvice):
		p.hints(items, dialect.TableHints, &src.node, ", ", ", ", "")
	case s.is(clauseAdvice):
		p.hints(items, dialect.TableHints, &src.node, " WITH (", ", ", ")")
	}
	if lock {
		p.str(")")
	}
}

// sourceName writes a table as FROM has it, with what stands around its name.
func (p *printer) sourceName(items []item, s *parts, src *source) {
	switch {
	case src.kind == joinedSource:
		p.tree(src, fromClause{items, s, false}, true)
		return
	case !s.is(clauseModify):
		p.relation(src)
		return
	}
	p.modified(items, s, src, p.relation)
}

// targetName writes the table that a statement writes to, in the same way.
func (p *printer) targetName(items []item, s *parts, t *source) {
	if !s.is(clauseModify) {
		p.tableName(t)
		return
	}
	p.modified(items, s, t, p.tableName)
}

// modified writes a table's name with what stands around it.
func (p *printer) modified(items []item, s *parts, src *source, name func(*source)) {
	print := func() { name(src) }
	mods := s.of(items, clauseModify)
	for i := range mods {
		it := &mods[len(mods)-1-i]
		if it.clause == clauseModify && it.n == &src.node {
			around, inner := it.on.ext.(*modification), print
			print = func() { around.print(p, src, inner) }
		}
	}
	print()
}
