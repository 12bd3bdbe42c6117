package expr

import (
	"slices"
	"strconv"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// CompileSQL implements dialect.Statement.
func (s InsertStmt) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	s.print(p)
	return p.done()
}

func (s InsertStmt) print(p *printer) {
	p.c.Writes = true
	p.insert(s.c)
	p.comments(s.c)
}

func (p *printer) insert(c clauses) {
	items := c.items()
	var s parts
	p.collect(items, &s)
	t := p.targetOf(items, "INSERT")
	if t == nil {
		p.examineInsert(items, &s, t)
		return
	}
	r, ok := p.rowsOf(items, t)
	if !ok {
		p.examineInsert(items, &s, t)
		return
	}
	p.in("INSERT")
	form := p.insertForm(items, &s, t, &r)
	p.outputTable(c, t, form)
	p.identityInsert(t, &r)
	switch {
	case s.is(clauseConflict) && p.f.Upsert == dialect.Merge:
		p.upsertByMerge(c, &s, t, &r, form)
	default:
		p.insertInto(c, &s, t, &r, form)
	}
	p.outputRows()
	p.keys(t, &r, &s, form)
}

// insertInto writes an INSERT proper.
func (p *printer) insertInto(c clauses, s *parts, t *source, r *rowSet, form dialect.Returning) {
	items := c.items()
	if s.is(clauseWith) && p.f.CTEInsert {
		p.with(items, false)
	}
	most := p.f.MaxInsertRows
	if most == 1 && r.n > most && p.f.MaxSelectRows > 0 {
		most, r.bySelect = p.f.MaxSelectRows, true
	}
	if most == 1 && r.n > most {
		p.unsupported("an INSERT of several rows", "send them with Batches")
	} else if most > 0 && r.n > most {
		p.unsupported("an INSERT of more than "+strconv.Itoa(most)+" rows", "send them with Batches")
	}
	p.insertVerb(items, s)
	p.prefixed(items, s, dialect.InsertVerb)
	p.str(" INTO ")
	p.tableName(t)
	if form == dialect.ReturningInto && (r.n > 1 || r.query != nil) {
		p.unsupported("RETURNING of an INSERT of several rows", "insert them one at a time (Batches and InOrder do)")
	}
	if r.defaults {
		p.defaultRow(c, t, form)
	} else {
		p.rows(c, t, r, form)
	}
	if s.is(clauseConflict) {
		if p.f.UpsertAlias != "" && r.query == nil && t.name != p.f.UpsertAlias {
			p.alias = p.f.UpsertAlias
			p.str(" AS ")
			p.w.Ident(p.alias)
		}
		p.conflict(items, s, t, r)
	}
	p.returning(c, t, form, false)
}

// insertForm says how the INSERT gives rows back. A generated key alone, of one
// row, comes with the Result where the database gives it there.
func (p *printer) insertForm(items []item, s *parts, t *source, r *rowSet) dialect.Returning {
	if !s.is(clauseReturning) {
		return dialect.NoReturning
	}
	if r.n == 1 && p.f.InsertID != dialect.NoInsertID && !s.is(clauseConflict) && keyOnly(s.of(items, clauseReturning)) && r.generated(t) != nil {
		return dialect.NoReturning
	}
	return p.returningForm(s, p.f.ReturningInsert, "an INSERT")
}

// keyOnly reports whether ReturningKey alone asks for rows.
func keyOnly(items []item) bool {
	for i := range items {
		if items[i].clause == clauseReturning && items[i].flag != returnKey {
			return false
		}
	}
	return true
}

// generated is the column whose values the database generates for the rows.
func (r *rowSet) generated(t *source) *column {
	for i := range t.cols {
		if c := &t.cols[i]; c.def.Generated && (!r.has(c) || r.n == 1 && r.null(c)) {
			return c
		}
	}
	return nil
}

// null reports whether the first row has NULL for a column that it has: a database
// that takes NULL for a generated key then makes one.
func (r *rowSet) null(c *column) bool {
	i := slices.Index(r.cols, c)
	switch {
	case r.assigned != nil:
		it := valueFor(r.assigned[0], c, i)
		return it != nil && it.on != nil && (it.on.op == opNull || it.on.op == opBind && isNil(it.on.ext))
	case r.flat != nil:
		return isNil(r.flat[i])
	case r.rows != nil:
		return isNil(r.rows[0][i])
	}
	return false
}

func (r *rowSet) has(c *column) bool {
	for _, o := range r.cols {
		if o == c {
			return true
		}
	}
	return false
}

// identityInsert lets values be given for a generated column, where the
// database wants to be told.
func (p *printer) identityInsert(t *source, r *rowSet) {
	if p.f.IdentityInsertOn == "" || p.c.Before != "" {
		return
	}
	around := func(template string) string {
		n := p.w.Len()
		p.w.Template(template, func(int) { p.tableName(t) })
		return p.w.Cut(n)
	}
	for _, c := range r.cols {
		if c.def.Generated {
			p.c.Before, p.c.After = around(p.f.IdentityInsertOn), around(p.f.IdentityInsertOff)
			return
		}
	}
}

// keys says where the generated keys of the rows come from.
func (p *printer) keys(t *source, r *rowSet, s *parts, form dialect.Returning) {
	switch {
	case form != dialect.NoReturning:
		p.c.Keys = dialect.KeysFromRows
	case p.f.InsertID != dialect.NoInsertID && !s.is(clauseConflict) && r.generated(t) != nil:
		p.c.Keys = dialect.KeysFromResult
	}
}

func (p *printer) defaultRow(c clauses, t *source, form dialect.Returning) {
	if form == dialect.OutputClause {
		p.output(c, t, "inserted")
	}
	p.str(" ")
	switch {
	case p.f.NoDefaultUpsert && c.has(clauseConflict):
		p.unsupported("an upsert of defaults", "give a value for one column")
	case p.f.DefaultRow != "":
		p.str(p.f.DefaultRow)
	case p.f.DefaultInValues && len(t.cols) > 0:
		p.str("(")
		p.ident(&t.cols[0])
		p.str(") VALUES (DEFAULT)")
	default:
		p.unsupported("an INSERT of defaults alone", "give a value for one column")
	}
}

// names writes the columns' list.
func (p *printer) names(cols []*column) {
	p.str(" (")
	for i, c := range cols {
		if i > 0 {
			p.str(", ")
		}
		p.ident(c)
	}
	p.str(")")
}

// rows writes the columns and VALUES, or the query.
func (p *printer) rows(c clauses, t *source, r *rowSet, form dialect.Returning) {
	p.names(r.cols)
	if form == dialect.OutputClause {
		p.output(c, t, "inserted")
	}
	// The table that is written is no source of what is inserted.
	floor := p.floor
	p.floor = len(p.scope)
	defer func() { p.floor = floor }()
	if has := c.has(clauseWith) && !p.f.CTEInsert; has && r.query == nil {
		p.unsupported("WITH before an INSERT of values", "insert from a query")
	} else if has {
		if r.query.ext.(Query).clauses().has(clauseWith) {
			p.unsupported("WITH before an INSERT whose query has one", "give all to the query's With")
		}
		p.str(" ")
		p.with(c.items(), false)
		p.w.Cut(p.w.Len() - 1) // one space is enough
	}
	if r.query != nil {
		p.in("SELECT")
		p.str(" ")
		p.query(r.query.ext.(Query), asSource)
		return
	}
	p.in("VALUES")
	if r.bySelect {
		p.rowsBySelect(r)
		return
	}
	p.str(" VALUES ")
	for row := range r.n {
		if row > 0 {
			p.str(", ")
		}
		p.str("(")
		for col := range r.cols {
			if col > 0 {
				p.str(", ")
			}
			p.cell(r, row, col)
		}
		p.str(")")
	}
}

// rowsBySelect writes the rows as a union of queries.
func (p *printer) rowsBySelect(r *rowSet) {
	p.merging = true
	for row := range r.n {
		if row > 0 {
			p.str(" UNION ALL")
		}
		p.str(" SELECT ")
		for col := range r.cols {
			if col > 0 {
				p.str(", ")
			}
			p.cell(r, row, col)
		}
		if p.f.Dual != "" {
			p.str(" FROM ")
			p.str(p.f.Dual)
		}
	}
	p.merging = false
}
