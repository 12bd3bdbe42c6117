package expr

import (
	"slices"

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
	p.write(s.c, dialect.UpdateVerb)
	p.comments(s.c)
}

// CompileSQL implements dialect.Statement.
func (s DeleteStmt) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	s.print(p)
	return p.done()
}

func (s DeleteStmt) print(p *printer) {
	p.c.Writes = true
	p.write(s.c, dialect.DeleteVerb)
	p.comments(s.c)
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
			p.fail("%s is not a table", s.name)
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

// beside is how an UPDATE or DELETE brings in other tables.
type beside uint8

const (
	besideNone   beside = iota
	besideFrom          // in a FROM of its own
	besideTarget        // behind the table that is written (MySQL)
	besideUsing         // in USING
	besideBoth          // in USING, behind the table that is written once more (MySQL)
	besideMerge         // as the source of a MERGE
	besideExists        // in an EXISTS
)

// besideForm says how the other tables of a statement are brought in.
func (p *printer) besideForm(s *parts, verb dialect.Verbs) beside {
	switch f := p.f; {
	case !s.is(clauseFrom):
		return besideNone
	case verb == dialect.UpdateVerb && f.UpdateFrom, verb == dialect.DeleteVerb && f.DeleteFrom:
		return besideFrom
	case verb == dialect.UpdateVerb && f.UpdateJoin:
		return besideTarget
	case verb == dialect.UpdateVerb && f.Merging.Statement:
		return besideMerge
	case verb == dialect.UpdateVerb:
		p.unsupported("UPDATE … FROM", "set the columns to scalar queries, and find the rows with EXISTS or IN")
		return besideNone
	case f.DeleteUsing && f.UpdateJoin:
		return besideBoth
	case f.DeleteUsing:
		return besideUsing
	}
	return besideExists
}

// write writes an UPDATE or a DELETE.
func (p *printer) write(c clauses, verb dialect.Verbs) {
	word, what, row, can := "UPDATE", "an UPDATE", "inserted", p.f.ReturningUpdate
	if verb == dialect.DeleteVerb {
		word, what, row, can = "DELETE", "a DELETE", "deleted", p.f.ReturningDelete
	}
	items := c.items()
	var s parts
	p.collect(items, &s)
	t := p.targetOf(items, word)
	form := dialect.NoReturning
	if t != nil {
		form = p.returningForm(&s, can, what)
		p.outputTable(c, t, form)
	}
	others := p.besideForm(&s, verb)
	if s.is(clauseWith) {
		switch {
		case !p.f.CTEUpdate && p.f.CTENested && others == besideNone:
			p.carried = s.of(items, clauseWith)
		case !p.f.CTEUpdate || others == besideMerge:
			p.unsupported("WITH before "+what, "use the query where its name stands, as a derived table")
		default:
			p.with(items, false)
		}
	}
	p.every(items, &s, word)
	if t == nil {
		p.examineItems(items, "SET")
		return
	}
	if others == besideMerge {
		p.updateByMerge(c, &s, t)
		return
	}
	p.str(word)
	p.prefixed(items, &s, verb)
	if verb == dialect.DeleteVerb {
		p.str(" FROM ")
	} else {
		p.str(" ")
	}
	p.targetName(items, &s, t)
	if others == besideTarget {
		p.others(items, &s, ", ")
	}
	if verb == dialect.UpdateVerb {
		p.in("SET")
		p.str(" SET ")
		p.qualify = others == besideTarget // or the column might be that of another table
		if !p.assignments(items, t, clauseSet, "=") && !s.is(clauseHint) {
			p.fail("empty SET")
		}
		p.qualify = false
	}
	if form == dialect.OutputClause {
		p.output(c, t, row)
	}
	p.besideAfter(items, &s, t, others, form)
	p.rowsToWrite(items, &s, t, others, what)
	p.returning(c, t, form, others == besideExists)
	p.outputRows()
}

// besideAfter writes the other tables that stand behind SET.
func (p *printer) besideAfter(items []item, s *parts, t *source, others beside, form dialect.Returning) {
	word := ""
	switch others {
	case besideFrom:
		word = " FROM "
	case besideTarget:
		if form != dialect.NoReturning {
			p.unsupported("RETURNING of an UPDATE with From", "find the rows with EXISTS or IN")
		}
		return
	case besideBoth:
		if form != dialect.NoReturning {
			p.unsupported("RETURNING of a DELETE with Using", "find the rows with EXISTS or IN")
		}
		word = " USING "
	case besideUsing:
		word = " USING "
	default:
		return
	}
	if others == besideBoth || others == besideFrom && p.f.FromTarget {
		p.str(word)
		p.tableName(t)
		word = ", "
	}
	p.others(items, s, word)
}

// rowsToWrite writes WHERE and, with a limit, what cuts the rows.
func (p *printer) rowsToWrite(items []item, s *parts, t *source, others beside, what string) {
	cut := s.limit.is() || s.is(clauseOrder)
	switch {
	case cut && others != besideNone:
		p.unsupported("ORDER BY and LIMIT of "+what+" with other tables", "find the rows by their keys, in a derived table")
	case cut && !p.f.UpdateLimit:
		p.cutByKey(items, s, t, what)
		return
	case others == besideExists:
		p.str(" WHERE EXISTS (SELECT 1")
		p.others(items, s, " FROM ")
		p.where(items, clauseWhere, " WHERE ", "WHERE")
		p.str(")")
		return
	}
	p.where(items, clauseWhere, " WHERE ", "WHERE")
	if s.is(clauseOrder) {
		p.in("ORDER BY")
		p.str(" ORDER BY ")
		p.order(items, nil)
	}
	if s.limit.is() {
		p.str(" LIMIT ")
		p.number(s.limit, "LIMIT", false)
	}
}

// cutByKey finds the rows by their primary key in a query that cuts them.
func (p *printer) cutByKey(items []item, s *parts, t *source, what string) {
	if !s.limit.is() {
		p.unsupported("ORDER BY of "+what+" without a limit", "leave it out: the order makes no difference here")
		p.where(items, clauseWhere, " WHERE ", "WHERE")
		return
	}
	var keys []*column
	for i := range t.cols {
		if t.cols[i].def.PrimaryKey {
			keys = append(keys, &t.cols[i])
		}
	}
	if len(keys) == 0 || len(keys) > 1 && !p.f.RowValues {
		p.unsupported("LIMIT of "+what, "find the rows in a derived table, by columns that tell them apart")
		p.where(items, clauseWhere, " WHERE ", "WHERE")
		return
	}
	q := newClauses(len(items) + len(keys) + 1)
	for _, k := range keys {
		q = q.with(item{clause: clauseColumn, n: &k.node})
	}
	q = q.with(item{clause: clauseFrom, n: &t.node})
	for i := range items {
		switch items[i].clause {
		case clauseWhere, clauseOrder, clauseLimit, clauseModify:
			q = q.with(items[i])
		}
	}
	p.str(" WHERE ")
	if len(keys) > 1 {
		p.str("(")
	}
	for i, k := range keys {
		if i > 0 {
			p.str(", ")
		}
		p.column(k)
	}
	if len(keys) > 1 {
		p.str(")")
	}
	p.str(" IN (")
	p.sub(q, false, asBody)
	p.str(")")
}

// others writes the tables that an UPDATE or DELETE reads beside its own, after
// a word.
func (p *printer) others(items []item, s *parts, word string) {
	p.in("FROM")
	from := s.of(items, clauseFrom)
	for i := range from {
		if it := &from[i]; it.clause == clauseFrom && it.n != nil {
			p.str(word)
			p.sourceName(items, s, it.n.ext.(*source))
			word = ", "
		}
	}
}

// prefixed writes the words after a verb, each with a space before it.
func (p *printer) prefixed(items []item, s *parts, verb dialect.Verbs) {
	if !s.is(clausePrefix) {
		return
	}
	list := s.of(items, clausePrefix)
	group := map[uint8]string{}
	for _, known := range p.f.Prefixes {
		if known.Verbs&verb == 0 {
			continue
		}
		for i := range list {
			it := &list[i]
			if it.clause != clausePrefix || it.n == nil || it.n.name != known.Word {
				continue
			}
			if other, taken := group[known.Group]; taken && other != known.Word {
				p.fail("%s and %s exclude each other", other, known.Word)
			} else if !taken && !known.InPlace {
				p.str(" ")
				p.str(known.Word)
			}
			group[known.Group] = known.Word
		}
	}
	for i := range list {
		it := &list[i]
		if it.clause != clausePrefix {
			continue
		}
		if it.n == nil {
			p.fail("zero Prefix")
			continue
		}
		if it.flag == 0 && !p.hasPrefix(it.n.name, verb) {
			p.unsupported("the prefix "+it.n.name, "say IfKnown where the statement is right without it")
		}
	}
}

// insertVerb writes INSERT, or the word that a prefix has in its place.
func (p *printer) insertVerb(items []item, s *parts) {
	if s.is(clausePrefix) {
		list := s.of(items, clausePrefix)
		has := func(word string) bool {
			return slices.ContainsFunc(list, func(it item) bool {
				return it.clause == clausePrefix && it.n != nil && it.n.name == word
			})
		}
		for _, known := range p.f.Prefixes {
			if known.InPlace && has(known.Word) {
				if s.is(clauseConflict) {
					p.fail("%s and OnConflict exclude each other", known.Word)
				}
				if has(known.Without) {
					p.fail("%s and %s exclude each other", known.Word, known.Without)
				}
				p.str(known.Word)
				return
			}
		}
	}
	p.str("INSERT")
}

func (p *printer) hasPrefix(word string, verb dialect.Verbs) bool {
	for _, known := range p.f.Prefixes {
		if known.Word == word && known.Verbs&verb != 0 {
			return true
		}
	}
	return false
}

// assignments writes column = value pairs and reports whether there were any.
func (p *printer) assignments(items []item, t *source, cl clause, equals string) bool {
	first := true
	items = p.inTurn(items, cl)
	for i := range items {
		it := &items[i]
		if it.clause != cl {
			continue
		}
		if !first {
			p.str(", ")
		}
		first = false
		c := p.targetColumn(elementOf(it.n), t)
		if c == nil {
			continue
		}
		for j := range i {
			if o := &items[j]; o.clause == cl && o.n == it.n {
				p.fail("column %s is assigned twice", describe(it.n))
				break
			}
		}
		if p.qualify {
			p.column(c)
		} else {
			p.ident(c)
		}
		if it.n.op == opElement {
			p.subscript(it.n.r)
		}
		p.str(equals)
		if it.n.op == opElement { // of the array, not the array
			p.element(it.on, c)
			continue
		}
		p.assigned(it.on, c)
	}
	return !first
}

// assigned writes the value for a column. A plain value is checked against the
// column's type.
func (p *printer) assigned(n *node, c *column) {
	n = p.settle(n)
	if bareParam(n) {
		p.storing = c
	} else {
		p.storable(n, c)
	}
	if n != nil && n.op == opLiteral && p.f.DecimalNumber != "" && isDecimal(c.typ) { // a text, which is kept as the column's are
		n = &node{op: opLiteral, typ: c.typ, ext: n.ext}
	}
	p.element(n, c)
	p.storing = nil
}

// element is assigned for a value that is not of the column's type.
func (p *printer) element(n *node, c *column) {
	switch n = p.settle(n); {
	case n == nil:
		p.fail("%s: nil operand", describe(&c.node))
	case n.op == opDefault:
		if !p.f.DefaultInValues {
			p.unsupported("DEFAULT as an assigned value", "give the value itself")
		}
		p.str("DEFAULT")
	default:
		p.assignedValue(n)
	}
}

// assignedValue writes a value that is assigned: an operator stands in
// parentheses, apart from the = and the commas around it.
func (p *printer) assignedValue(n *node) {
	n = p.settle(n)
	around := precLow
	if n != nil {
		switch n.op {
		case opAdd, opSub, opMul, opDiv, opMod, opConcat, opTemplate:
			around = precNeg
		default:
			if n.isCond() {
				around = precNeg
			}
		}
	}
	p.expr(n, around)
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
