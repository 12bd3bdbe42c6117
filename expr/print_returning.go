package expr

import (
	"github.com/sqlayer-go/sqlayer/dialect"
)

// returnKey marks what ReturningKey asks for.
const returnKey uint8 = 1

// returningForm says how the statement gives rows back; it refuses what the
// database does not have.
func (p *printer) returningForm(s *parts, can bool, what string) dialect.Returning {
	if !s.is(clauseReturning) {
		return dialect.NoReturning
	}
	if p.f.Returning == dialect.NoReturning || !can {
		p.unsupported("RETURNING of "+what, "read the rows with a SELECT in the same transaction")
		return dialect.NoReturning
	}
	return p.f.Returning
}

// outputVariable holds the rows that a statement gives back from a table with
// triggers, where OUTPUT is refused without INTO (SQL Server, error 334).
const outputVariable = "@output"

// outputTable declares outputVariable if the statement needs it.
func (p *printer) outputTable(c clauses, t *source, form dialect.Returning) {
	if form != dialect.OutputClause || !t.triggers {
		return
	}
	p.describeResult(c, clauseReturning)
	p.declareOutput(p.c.Columns)
}

func (p *printer) declareOutput(cols []dialect.Column) {
	p.in("OUTPUT")
	p.str("DECLARE " + outputVariable + " TABLE (")
	var names namer
	for i := range cols {
		if i > 0 {
			p.str(", ")
		}
		name := names.next(cols[i].Name)
		p.w.Ident(name)
		p.str(" ")
		if cols[i].Type == nil {
			p.unsupported("OUTPUT of "+name+", whose type is not known, from a table with triggers", "give it a type with Cast")
			continue
		}
		t, err := p.w.Dialect().TypeName(cols[i].Type)
		if err != nil {
			p.w.Fail(err)
		}
		p.str(t)
		p.str(" NULL")
	}
	p.str("); ")
	p.start = p.w.Len()
	p.outputs = len(cols)
}

// outputInto follows the columns of OUTPUT.
func (p *printer) outputInto() {
	if p.outputs > 0 {
		p.str(" INTO " + outputVariable)
	}
}

// outputRows reads the rows of outputVariable, once the statement is complete.
func (p *printer) outputRows() {
	if p.outputs == 0 {
		return
	}
	p.next("; SELECT ")
	var names namer
	for i := range p.c.Columns {
		if i > 0 {
			p.str(", ")
		}
		p.w.Ident(names.next(p.c.Columns[i].Name))
	}
	p.str(" FROM " + outputVariable)
	p.outputs = 0
}

// next begins another statement of the same text, after the semicolon that
// may be there.
func (p *printer) next(text string) {
	if n := p.w.Len(); n > 0 && p.ended {
		p.w.Cut(n - 1)
		p.ended = false
	}
	p.str(text)
}

// output writes OUTPUT, whose columns come from the row before or after.
func (p *printer) output(c clauses, t *source, row string) {
	p.in("OUTPUT")
	if p.outputs == 0 {
		p.result(c, clauseReturning)
	}
	p.str(" OUTPUT ")
	p.prefix, p.target = row, t
	p.returned(c.items(), p.outputs == 0)
	p.prefix, p.target = "", nil
	p.outputInto()
}

// returned writes the columns of RETURNING.
func (p *printer) returned(items []item, labels bool) {
	first := true
	for i := range items {
		it := &items[i]
		if it.clause != clauseReturning {
			continue
		}
		if !first {
			p.str(", ")
		}
		first = false
		n := p.settle(it.n)
		if n == nil {
			p.fail("nil column")
			continue
		}
		p.expr(n, precLow)
		if n.op == opLabel && labels {
			p.str(" AS ")
			p.w.Ident(n.name)
		}
	}
}

// returning writes the RETURNING clause at a statement's end. alone says that
// only the table that is written is to be seen.
func (p *printer) returning(c clauses, t *source, form dialect.Returning, alone bool) {
	if form == dialect.NoReturning && p.w.Mistakes() > 0 {
		p.examineReturning(c.items())
	}
	if form == dialect.NoReturning || form == dialect.OutputClause {
		return
	}
	p.in("RETURNING")
	if form == dialect.ReturningInto {
		p.describeResult(c, clauseReturning) // each has an argument
	} else {
		p.result(c, clauseReturning)
	}
	p.str(" RETURNING ")
	if p.f.ReturningTarget {
		p.target, alone = t, true
	}
	if alone {
		p.alone = t
	}
	p.returned(c.items(), form == dialect.ReturningClause)
	p.target, p.alone = nil, nil
	if form != dialect.ReturningInto {
		return
	}
	p.str(" INTO ")
	for i, col := range p.c.Columns {
		if i > 0 {
			p.str(", ")
		}
		p.w.BindArg(dialect.Arg{Type: col.Type, Name: col.Name, Out: true})
	}
}
