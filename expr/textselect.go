package expr

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqltext"
)

// TextSelect is a whole query as raw text, for use where a query stands: in
// FROM, after WITH, in IN and EXISTS, as an operand of UNION. It is immutable and safe
// for concurrent use; the zero TextSelect is a mistake.
type TextSelect struct {
	n       *node // opText
	columns []*node
}

// TextQuery is a query as raw text; see [Text] for its arguments. The columns
// of its result are those of [TextSelect.Columns].
//
//	t := expr.TextQuery("SELECT id, name FROM users WHERE age > :a", dialect.Named{"a": 30}).
//		Columns(expr.Name[int64]("id"), expr.Name[string]("name")).As("t")
//	stmt := expr.Select(expr.C[string](t, "name")).From(t)
func TextQuery(sql string, args ...any) TextSelect { return TextSelect{n: text(opText, sql, args)} }

// Columns says which columns the text gives, in their order: names with their
// types, see [Name].
func (s TextSelect) Columns(names ...Any) TextSelect {
	s.columns = make([]*node, len(names))
	for i, e := range names {
		s.columns[i] = nodeOf(e)
	}
	return s
}

// As makes the query a derived table.
func (s TextSelect) As(name string) Table { return Table{s: derived(derivedSource, s, name, nil)} }

func (s TextSelect) outputs() []*node { return s.columns }
func (s TextSelect) clauses() clauses { return clauses{} }

// CompileSQL implements dialect.Statement.
func (s TextSelect) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	s.print(p)
	return p.done()
}

func (s TextSelect) print(p *printer) {
	if s.n != nil {
		class := sqltext.Classify(&p.f.Lexical, s.n.name)
		p.c.Writes, p.c.Session = class.Writes, class.Session
	}
	p.textSelect(s)
}

func (p *printer) textSelect(s TextSelect) {
	switch {
	case s.n == nil:
		p.fail("zero TextSelect; TextQuery makes one")
	case s.n.op == opMistake:
		p.mistake(s.n)
	default:
		for _, n := range s.columns {
			if n == nil || n.op != opName {
				p.fail("text %q: Columns takes names (expr.Name), not %s", s.n.name, describe(n))
			}
		}
		p.fill(s.n)
	}
}
