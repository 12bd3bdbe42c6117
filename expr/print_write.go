package expr

import (
	"github.com/sqlayer-go/sqlayer/dialect"
)

// CompileSQL implements dialect.Statement.
func (s UpdateStmt) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	s.print(p)
	return p.done()
}

func (s UpdateStmt) print(p *printer) {
	p.c.Writes = true
	p.update(s.c)
}

// CompileSQL implements dialect.Statement.
func (s DeleteStmt) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	s.print(p)
	return p.done()
}

func (s DeleteStmt) print(p *printer) {
	p.c.Writes = true
	p.delete(s.c)
}

// targetOf returns the table that a statement writes; nil, once reported,
// where it has none.
func (p *printer) targetOf(items []item, verb string) *source {
	p.in(verb)
	for i := range items {
		if items[i].clause != clauseTarget {
			continue
		}
		if items[i].n == nil {
			return nil // reported by enter
		}
		s := items[i].n.ext.(*source)
		switch {
		case s.kind != tableSource:
			p.fail("%s is no table", s.name)
		case s.alias != "":
			p.fail("%s has another name here; write to the table itself", s)
		default:
			return s
		}
		return nil
	}
	p.fail("no table")
	return nil
}

// every checks that a statement without WHERE means it.
func (p *printer) every(items []item, s *parts, verb string) {
	if s.is(clauseEvery) {
		return
	}
	for i := range items {
		if it := &items[i]; it.clause == clauseWhere && (it.n == nil || it.n.op != opNothing) {
			return
		}
	}
	p.w.Failf("expr: %s without WHERE; say EveryRow where every row is meant", verb)
}

func (p *printer) update(c clauses) {
	items := c.items()
	var s parts
	p.collect(items, &s)
	if s.is(clauseWith) {
		if !p.f.CTEUpdate {
			p.unsupported("WITH before an UPDATE", "use the query where its name stands, as a derived table")
		}
		p.with(items, false)
	}
	t := p.targetOf(items, "UPDATE")
	if t == nil {
		return
	}
	p.every(items, &s, "UPDATE")
	p.str("UPDATE ")
	p.tableName(t)
	joined := s.is(clauseFrom) && p.f.UpdateJoin && !p.f.UpdateFrom
	if joined {
		p.others(items, &s, ", ")
	} else if s.is(clauseFrom) && !p.f.UpdateFrom {
		p.unsupported("UPDATE … FROM", "set the columns to scalar queries, and find the rows with EXISTS or IN")
	}
	p.in("SET")
	p.str(" SET ")
	p.qualify = joined // or the column might be that of another table
	if !p.assignments(items, t, clauseSet, "=") && !s.is(clauseHint) {
		p.fail("empty SET")
	}
	p.qualify = false
	r := p.returningForm(&s, p.f.ReturningUpdate, "an UPDATE")
	if r == dialect.OutputClause {
		p.output(c, t, "inserted")
	}
	if !joined {
		p.others(items, &s, " FROM ")
	}
	p.where(items, clauseWhere, " WHERE ", "WHERE")
	p.returning(c, r)
}

func (p *printer) delete(c clauses) {
	items := c.items()
	var s parts
	p.collect(items, &s)
	if s.is(clauseWith) {
		if !p.f.CTEUpdate {
			p.unsupported("WITH before a DELETE", "use the query where its name stands, as a derived table")
		}
		p.with(items, false)
	}
	t := p.targetOf(items, "DELETE")
	if t == nil {
		return
	}
	p.every(items, &s, "DELETE")
	p.str("DELETE FROM ")
	p.tableName(t)
	r := p.returningForm(&s, p.f.ReturningDelete, "a DELETE")
	if r == dialect.OutputClause {
		p.output(c, t, "deleted")
	}
	switch {
	case !s.is(clauseFrom):
	case p.f.DeleteFrom:
		p.others(items, &s, " FROM ")
	case p.f.DeleteUsing && p.f.UpdateJoin: // there, the tables that are read are all named after USING
		if r != dialect.NoReturning {
			p.unsupported("RETURNING of a DELETE with Using", "find the rows with EXISTS or IN")
		}
		p.str(" USING ")
		p.tableName(t)
		p.others(items, &s, ", ")
	case p.f.DeleteUsing:
		p.others(items, &s, " USING ")
	default:
		p.unsupported("DELETE … USING", "find the rows with EXISTS or IN")
	}
	p.where(items, clauseWhere, " WHERE ", "WHERE")
	p.returning(c, r)
}

// others writes the tables that an UPDATE or DELETE reads beside its own, after
// a word.
func (p *printer) others(items []item, s *parts, word string) {
	p.in("FROM")
	from := s.of(items, clauseFrom)
	for i := range from {
		if it := &from[i]; it.clause == clauseFrom && it.n != nil {
			p.str(word)
			p.relation(it.n.ext.(*source))
			word = ", "
		}
	}
}

// assignments writes column = value pairs and reports whether there were any.
func (p *printer) assignments(items []item, t *source, cl clause, equals string) bool {
	first := true
	for i := range items {
		it := &items[i]
		if it.clause != cl {
			continue
		}
		if !first {
			p.str(", ")
		}
		first = false
		c := p.targetColumn(it.n, t)
		if c == nil {
			continue
		}
		for j := range i {
			if o := &items[j]; o.clause == cl && o.n == it.n {
				p.fail("column %s is assigned twice", describe(it.n))
			}
		}
		if p.qualify {
			p.column(c)
		} else {
			p.ident(&c.bare, c.name)
		}
		p.str(equals)
		p.assigned(it.on, c)
	}
	return !first
}

// assigned writes the value for a column.
func (p *printer) assigned(n *node, c *column) {
	switch n = p.settle(n); {
	case n == nil:
		p.fail("%s: nil operand", describe(&c.node))
	case n.op == opDefault:
		if !p.f.DefaultInValues {
			p.unsupported("DEFAULT as an assigned value", "give the value itself")
		}
		p.str("DEFAULT")
	default:
		p.expr(n, precLow)
	}
}

// targetColumn returns the column n if it belongs to the table that is
// written.
func (p *printer) targetColumn(n *node, t *source) *column {
	c := p.columnOf(n, "the assigned column")
	if c != nil && c.src != t {
		p.fail("column %s is not one of %s", describe(&c.node), t)
		return nil
	}
	return c
}

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

// output writes OUTPUT, whose columns come from the row before or after.
func (p *printer) output(c clauses, t *source, row string) {
	p.in("OUTPUT")
	p.result(c, clauseReturning)
	p.str(" OUTPUT ")
	p.prefix, p.target = row, t
	p.returned(c.items(), true)
	p.prefix, p.target = "", nil
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

// returning writes the RETURNING clause at a statement's end.
func (p *printer) returning(c clauses, r dialect.Returning) {
	if r == dialect.NoReturning || r == dialect.OutputClause {
		return
	}
	p.in("RETURNING")
	if r == dialect.ReturningInto {
		p.describeResult(c, clauseReturning) // each has an argument
	} else {
		p.result(c, clauseReturning)
	}
	p.str(" RETURNING ")
	p.returned(c.items(), r == dialect.ReturningClause)
	if r != dialect.ReturningInto {
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
