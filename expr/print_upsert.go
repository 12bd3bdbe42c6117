package expr

import (
	"github.com/sqlayer-go/sqlayer/dialect"
)

// conflictColumns are the columns of OnConflict.
func (p *printer) conflictColumns(items []item, t *source) []*column {
	p.in("ON CONFLICT")
	var cols []*column
	for i := range items {
		if it := &items[i]; it.clause == clauseConflict && it.num >= 0 {
			if c := p.targetColumn(it.n, t); c != nil {
				cols = append(cols, c)
			}
		}
	}
	return cols
}

// conflict writes what to do with rows that exist.
func (p *printer) conflict(items []item, s *parts, t *source, r *rowSet) {
	keys := p.conflictColumns(items, t)
	update := s.is(clauseUpdateSet)
	constraint := p.conflictConstraint(items)
	if update && len(keys) == 0 && constraint == "" && !p.f.UpdateAnyKey {
		p.unsupported("an upsert that updates and names no key", "name the columns of the conflict")
	}
	p.conflictMistakes(items, s, len(keys))
	switch p.f.Upsert {
	case dialect.OnConflict:
		if r.query != nil && p.endsInFrom(r.query.ext.(Query)) {
			p.str(" WHERE 1 = 1") // or SQLite takes ON for a join's
		}
		p.str(" ON CONFLICT")
		switch {
		case constraint != "":
			if !p.f.ConflictConstraint {
				p.unsupported("ON CONFLICT ON CONSTRAINT", "name the constraint's columns with OnConflict")
			}
			p.str(" ON CONSTRAINT ")
			p.w.Ident(constraint)
		case len(keys) > 0:
			p.names(keys)
		}
		if s.is(clauseConflictWhere) {
			if !p.f.ConflictWhere {
				p.unsupported("ON CONFLICT … WHERE", "leave the predicate out")
			}
			p.target = t // its columns are not qualified
			p.where(items, clauseConflictWhere, " WHERE ", "ON CONFLICT WHERE")
			p.target = nil
			p.in("ON CONFLICT")
		}
		if !update {
			p.str(" DO NOTHING")
			return
		}
		p.str(" DO UPDATE SET ")
		p.in("DO UPDATE")
		p.assignments(items, t, clauseUpdateSet, " = ")
		p.where(items, clauseDoWhere, " WHERE ", "DO UPDATE")
	case dialect.OnDuplicateKey:
		p.notPartial(s, constraint)
		p.str(" ON DUPLICATE KEY UPDATE ")
		p.c.Counted = -1 // inserted and left alone is 1, changed is 2
		if update && r.query == nil {
			p.c.Counted = int64(max(r.n, 1)) // each is one or the other
		}
		p.in("DO UPDATE")
		if update {
			p.assignments(items, t, clauseUpdateSet, " = ")
			if s.is(clauseDoWhere) {
				p.unsupported("DO UPDATE … WHERE", "make the values depend on the condition with a CASE")
				p.where(items, clauseDoWhere, " WHERE ", "DO UPDATE")
			}
			return
		}
		// IGNORE would hide other errors too: a column set to itself does not.
		c := &t.cols[0]
		if len(keys) > 0 {
			c = keys[0]
		} else if len(r.cols) > 0 {
			c = r.cols[0]
		}
		p.ident(c)
		p.str(" = ")
		p.column(c)
	default:
		p.unsupported("an upsert", "look for the row first, in a serializable transaction")
		p.examineUpsert(items)
	}
}

// endsInFrom reports whether a query's last clause is its FROM.
func (p *printer) endsInFrom(q Query) bool {
	items := q.clauses().items()
	has := func(cl clause) bool {
		for i := range items {
			if it := &items[i]; it.clause == cl && (it.n == nil || it.n.op != opNothing) {
				return true
			}
		}
		return false
	}
	if has(clauseOrder) || has(clauseLimit) || has(clauseOffset) {
		return false
	}
	if isSet(q) {
		for i := range items {
			it := &items[len(items)-1-i]
			if it.clause != clauseSetOp {
				continue
			}
			if it.n == nil {
				return false
			}
			last := it.n.ext.(Query)
			if ownClauses(last) || isSet(last) {
				return p.f.NoSetParens // a derived table
			}
			return p.endsInFrom(last)
		}
		return false
	}
	if has(clauseWhere) || has(clauseGroup) || has(clauseHaving) || has(clauseLock) && p.f.Locking.Update != "" {
		return false
	}
	return has(clauseFrom)
}

// conflictConstraint is the name of the constraint of OnConstraint, or "".
func (p *printer) conflictConstraint(items []item) string {
	for i := range items {
		if it := &items[i]; it.clause == clauseConflict && it.num == -2 {
			if it.n.name == "" {
				p.in("ON CONFLICT")
				p.fail("the constraint has no name")
			}
			return it.n.name
		}
	}
	return ""
}

// conflictMistakes reports what is amiss on every database.
func (p *printer) conflictMistakes(items []item, s *parts, keys int) {
	p.in("ON CONFLICT")
	targets := 0
	for i := range items {
		if it := &items[i]; it.clause == clauseConflict && it.num < 0 {
			targets++
		}
	}
	if targets > 1 {
		p.fail("a second conflict; an INSERT has one")
	}
	if !s.is(clauseUpdateSet) && !s.is(clauseNothing) && !s.is(clauseHint) {
		p.fail("neither DoUpdate nor DoNothing")
	}
	if s.is(clauseUpdateSet) && s.is(clauseNothing) {
		p.fail("both DoUpdate and DoNothing")
	}
	if s.is(clauseConflictWhere) && keys == 0 {
		p.fail("Where is the predicate of an index and needs the index's columns")
	}
}

// notPartial refuses what names one of a table's keys in a way that the
// database cannot say.
func (p *printer) notPartial(s *parts, constraint string) {
	if constraint != "" {
		p.unsupported("a conflict with a constraint by its name", "name the constraint's columns with OnConflict")
	}
	if s.is(clauseConflictWhere) {
		p.unsupported("a conflict with a partial index", "leave the predicate out, if the index is not partial here")
	}
}

// upsertByMerge lets the dialect write the whole upsert.
func (p *printer) upsertByMerge(c clauses, s *parts, t *source, r *rowSet, form dialect.Returning) {
	items := c.items()
	before := p.w.Mistakes()
	defer func() {
		if p.w.Mistakes() != before { // it may not have been written
			p.examineInsert(items, s, t)
		}
	}()
	uw, ok := dialect.As[dialect.UpsertWriter](p.w.Dialect())
	if !ok {
		p.unsupported("an upsert", "look for the row first, in a serializable transaction")
		return
	}
	if r.query != nil || r.defaults {
		p.unsupported("an upsert from a query or of defaults", "insert values")
		return
	}
	keys := p.conflictColumns(items, t)
	update := s.is(clauseUpdateSet)
	constraint := p.conflictConstraint(items)
	p.conflictMistakes(items, s, len(keys))
	p.notPartial(s, constraint)
	switch {
	case constraint != "":
		return
	case update && len(keys) == 0:
		p.unsupported("an upsert that updates and names no key", "name the columns of the conflict")
		return
	case len(keys) == 0:
		for i := range t.cols {
			if t.cols[i].def.PrimaryKey {
				keys = append(keys, &t.cols[i])
			}
		}
		if len(keys) == 0 {
			p.fail("DoNothing needs the columns of the conflict: table %s has no primary key", t)
		}
	}
	u := &dialect.Upsert{
		Table: func(*dialect.Writer) { p.tableName(t) },
		Rows:  r.n,
		Value: func(_ *dialect.Writer, row, col int) {
			p.merging = true
			p.cell(r, row, col)
			p.merging = false
		},
	}
	given := map[*column]bool{}
	for _, c := range r.cols {
		u.Columns = append(u.Columns, c.name)
		given[c] = true
	}
	for _, k := range keys {
		if !given[k] {
			p.fail("the conflict's column %s has no value in the insert", describe(&k.node))
		}
		u.Keys = append(u.Keys, k.name)
	}
	p.in("DO UPDATE")
	var sets []*item
	plain := true
	for i := range items {
		it := &items[i]
		if it.clause != clauseUpdateSet {
			continue
		}
		c := p.targetColumn(it.n, t)
		if c == nil {
			continue
		}
		u.Set = append(u.Set, c.name)
		sets = append(sets, it)
		if it.on == nil || it.on.op != opInserted || it.on.l != it.n || !given[c] {
			plain = false
		}
	}
	if !plain {
		u.SetTo = func(_ *dialect.Writer, i int) {
			p.in("DO UPDATE")
			p.assigned(sets[i].on, sets[i].n.ext.(*column))
		}
	}
	if s.is(clauseDoWhere) {
		u.Where = func(*dialect.Writer) { p.where(items, clauseDoWhere, "", "DO UPDATE") }
	}
	if form != dialect.NoReturning {
		p.describeResult(c, clauseReturning)
		for i := range items {
			if items[i].clause == clauseReturning {
				p.in("RETURNING")
				p.columnOf(items[i].n, "RETURNING of an upsert")
			}
		}
		u.Returning = p.c.Columns
		if p.outputs > 0 {
			u.Into = outputVariable
		}
	}
	if len(u.Keys) == 0 || len(u.Columns) == 0 {
		return
	}
	if s.is(clauseWith) {
		if !p.f.CTEInsert {
			p.unsupported("WITH before an upsert", "use the query where its name stands, as a derived table")
		}
		p.with(items, false)
	}
	p.ended = p.f.Merging.End != ""
	if err := uw.WriteUpsert(p.w, u); err != nil {
		p.w.Fail(err)
	}
}
