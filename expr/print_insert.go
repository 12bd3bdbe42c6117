package expr

import (
	"iter"
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
}

// rowSet is the rows of an INSERT: assignments, or values for named columns.
type rowSet struct {
	cols []*column
	n    int
	// One of these has the rows.
	assigned [][]item
	flat     []any
	rows     [][]any
	query    *node
	defaults bool
}

// rowsOf reads the rows of an INSERT. ok is false when a mistake was reported.
func (p *printer) rowsOf(items []item, t *source) (r rowSet, ok bool) {
	p.in("VALUES")
	ok = true
	kinds := 0
	for i := range items {
		it := &items[i]
		switch it.clause {
		case clauseColumn:
			c := p.targetColumn(it.n, t)
			if c == nil {
				ok = false
				continue
			}
			r.cols = append(r.cols, c)
		case clauseRow:
			if r.assigned == nil {
				kinds++
			}
			r.assigned = append(r.assigned, items[i+1:i+1+int(it.num)])
			r.n++
		case clauseFlat:
			kinds++
			if flat, is := it.n.ext.([]any); is {
				r.flat = flat
			} else {
				r.rows, _ = it.n.ext.([][]any)
			}
		case clauseSelect:
			kinds++
			if r.query = it.n; it.n == nil {
				p.fail("FromSelect: nil query")
				ok = false
			}
		case clauseDefaults:
			kinds++
			r.defaults = true
		}
	}
	if !ok {
		return r, false
	}
	fail := func(format string, args ...any) (rowSet, bool) {
		p.fail(format, args...)
		return r, false
	}
	switch {
	case kinds == 0:
		return fail("no rows; use DefaultValues for a row of defaults")
	case kinds > 1:
		return fail("rows are given in more than one way")
	case r.assigned != nil && r.cols != nil:
		return fail("Columns goes with Rows, Flat and FromSelect; Values names its columns itself")
	case r.defaults:
		if r.cols != nil {
			return fail("DefaultValues takes no columns")
		}
		r.n = 1
		return r, true
	case r.assigned != nil:
		return r, p.assignedColumns(&r, t)
	case r.cols == nil:
		return fail("no columns; name them with Columns")
	}
	for i, c := range r.cols {
		for _, o := range r.cols[:i] {
			if o == c {
				return fail("column %s stands twice", describe(&c.node))
			}
		}
	}
	k := len(r.cols)
	switch {
	case r.flat != nil:
		if len(r.flat)%k != 0 || len(r.flat) == 0 {
			return fail("%d values for rows of %d columns", len(r.flat), k)
		}
		r.n = len(r.flat) / k
	case r.query != nil:
		if have := len(r.query.ext.(Query).outputs()); have != k {
			return fail("FromSelect: the query has %d columns, and %d are inserted", have, k)
		}
	default:
		r.n = len(r.rows)
		if r.n == 0 {
			return fail("no rows")
		}
		for i, row := range r.rows {
			if len(row) != k {
				return fail("row %d has %d values for %d columns", i+1, len(row), k)
			}
		}
	}
	p.w.GrowArgs(r.n * k)
	return r, true
}

// assignedColumns takes the columns of the first row, and checks that every
// row has them.
func (p *printer) assignedColumns(r *rowSet, t *source) bool {
	first := r.assigned[0]
	if len(first) == 0 {
		p.fail("row 1 is empty; use DefaultValues for a row of defaults")
		return false
	}
	ok := true
	r.cols = make([]*column, 0, len(first))
	for i := range first {
		c := p.targetColumn(first[i].n, t)
		if c == nil {
			ok = false
			continue
		}
		for _, o := range r.cols {
			if o == c {
				p.fail("column %s is assigned twice", describe(&c.node))
				ok = false
			}
		}
		r.cols = append(r.cols, c)
	}
	for j, row := range r.assigned[1:] {
		if len(row) != len(first) {
			p.fail("row %d assigns %d columns, and the first %d", j+2, len(row), len(first))
			ok = false
			continue
		}
		for i := range row {
			if c := p.targetColumn(row[i].n, t); c == nil {
				ok = false
			} else if valueFor(row, c, i) == nil {
				p.fail("row %d assigns %s twice", j+2, describe(&c.node))
				ok = false
			}
		}
		if !ok {
			continue
		}
		for i, c := range r.cols {
			if valueFor(row, c, i) == nil {
				p.fail("row %d has no value for %s, which the first row has", j+2, describe(&c.node))
				ok = false
			}
		}
	}
	return ok
}

// valueFor returns the assignment to c in a row, which is probably the i-th.
func valueFor(row []item, c *column, i int) *item {
	if i < len(row) && row[i].n == &c.node {
		return &row[i]
	}
	for j := range row {
		if row[j].n == &c.node {
			return &row[j]
		}
	}
	return nil
}

// cell writes the value of a row's column.
func (p *printer) cell(r *rowSet, row, col int) {
	c := r.cols[col]
	var v any
	switch {
	case r.assigned != nil:
		it := valueFor(r.assigned[row], c, col)
		if it == nil {
			p.fail("row %d has no value for %s", row+1, describe(&c.node))
			return
		}
		n := p.settle(it.on)
		if n != nil && n.op == opDefault {
			p.defaultCell()
			return
		}
		if n != nil && n.op == opNull {
			p.nullCell(c)
			return
		}
		if n == nil || n.op != opBind || exprIn(n.ext) != nil {
			p.assigned(n, c)
			return
		}
		v = n.ext
	case r.flat != nil:
		v = r.flat[row*len(r.cols)+col]
	default:
		v = r.rows[row][col]
	}
	if n := exprIn(v); n != nil {
		if n.op == opDefault {
			p.defaultCell()
			return
		}
		p.expr(n, precLow)
		return
	}
	if p.merging && isNil(v) {
		p.nullCell(c)
		return
	}
	p.w.Bind(v, c.typ)
}

// nullCell writes NULL. In the rows of a MERGE, where nothing else says of what
// type a column of NULLs is, it says so.
func (p *printer) nullCell(c *column) {
	if !p.merging || c.typ == nil {
		p.str("NULL")
		return
	}
	t := *c.typ
	t.Collation = ""
	p.cast(&node{op: opCast, l: nullNode, typ: &t})
}

func (p *printer) defaultCell() {
	if p.merging {
		p.unsupported("DEFAULT in the rows of an upsert", "leave the column out")
	}
	if !p.f.DefaultInValues {
		p.unsupported("DEFAULT in VALUES", "leave the column out")
	}
	p.str("DEFAULT")
}

// Default is the column's default, as a value of [InsertStmt.Rows] and
// [InsertStmt.Flat].
func Default() Any { return Expr[any]{defaultNode} }

func (p *printer) insert(c clauses) {
	items := c.items()
	var s parts
	p.collect(items, &s)
	t := p.targetOf(items, "INSERT")
	if t == nil {
		return
	}
	r, ok := p.rowsOf(items, t)
	if !ok {
		return
	}
	p.in("INSERT")
	upsert := s.is(clauseConflict)
	if upsert && p.f.Upsert == dialect.Merge {
		p.merge(c, &s, t, &r)
		return
	}
	if s.is(clauseWith) && p.f.CTEInsert {
		p.with(items, false)
	}
	if most := p.f.MaxInsertRows; most == 1 && r.n > most {
		p.unsupported("an INSERT of several rows", "send them with Batches")
	} else if most > 0 && r.n > most {
		p.unsupported("an INSERT of more than "+strconv.Itoa(most)+" rows", "send them with Batches")
	}
	p.str("INSERT INTO ")
	p.tableName(t)
	form := p.returningForm(&s, p.f.ReturningInsert, "an INSERT")
	if form == dialect.ReturningInto && (r.n > 1 || r.query != nil) {
		p.unsupported("RETURNING of an INSERT of several rows", "insert them one at a time (Batches does)")
	}
	if r.defaults {
		p.defaultRow(c, t, form)
	} else {
		p.rows(c, t, &r, form)
	}
	if upsert {
		if p.f.UpsertAlias != "" && r.query == nil && t.name != p.f.UpsertAlias {
			p.alias = p.f.UpsertAlias
			p.str(" AS ")
			p.w.Ident(p.alias)
		}
		p.conflict(items, &s, t, &r)
	}
	p.returning(c, form)
	p.keys(t, &r, form)
}

// keys says where the generated keys of the rows come from.
func (p *printer) keys(t *source, r *rowSet, form dialect.Returning) {
	switch {
	case form != dialect.NoReturning:
		p.c.Keys = dialect.KeysFromRows
	case p.f.InsertID != dialect.NoInsertID:
		for i := range t.cols {
			if !t.cols[i].def.Generated {
				continue
			}
			for _, c := range r.cols {
				if c == &t.cols[i] {
					return
				}
			}
			p.c.Keys = dialect.KeysFromResult
		}
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
		p.ident(&t.cols[0].bare, t.cols[0].name)
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
		p.ident(&c.bare, c.name)
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
	if update && len(keys) == 0 {
		p.fail("DoUpdate needs the columns of the conflict")
	}
	if !update && !s.is(clauseNothing) && !s.is(clauseHint) {
		p.fail("neither DoUpdate nor DoNothing")
	}
	switch p.f.Upsert {
	case dialect.OnConflict:
		if r.query != nil && p.endsInFrom(r.query.ext.(Query)) {
			p.str(" WHERE 1 = 1") // or SQLite takes ON for a join's
		}
		p.str(" ON CONFLICT")
		if len(keys) > 0 {
			p.names(keys)
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
		p.str(" ON DUPLICATE KEY UPDATE ")
		p.in("DO UPDATE")
		if update {
			p.assignments(items, t, clauseUpdateSet, " = ")
			if s.is(clauseDoWhere) {
				p.unsupported("DO UPDATE … WHERE", "make the values depend on the condition with a CASE")
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
		p.ident(&c.bare, c.name)
		p.str(" = ")
		p.column(c)
	default:
		p.unsupported("an upsert", "look for the row first, in a serializable transaction")
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

// merge lets the dialect write the whole upsert.
func (p *printer) merge(c clauses, s *parts, t *source, r *rowSet) {
	items := c.items()
	uw, ok := p.w.Dialect().(dialect.UpsertWriter)
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
	switch {
	case !update && !s.is(clauseNothing) && !s.is(clauseHint):
		p.fail("neither DoUpdate nor DoNothing")
	case update && len(keys) == 0:
		p.fail("DoUpdate needs the columns of the conflict")
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
	if form := p.returningForm(s, p.f.ReturningInsert, "an INSERT"); form != dialect.NoReturning {
		p.describeResult(c, clauseReturning)
		for i := range items {
			if items[i].clause == clauseReturning {
				p.in("RETURNING")
				p.columnOf(items[i].n, "RETURNING of an upsert")
			}
		}
		u.Returning = p.c.Columns
		p.c.Keys = dialect.KeysFromRows
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
	if err := uw.WriteUpsert(p.w, u); err != nil {
		p.w.Fail(err)
	}
}

// Batches is the INSERT as a Script of several: as many as the database's
// limits on rows and parameters ask for, in the order of the rows. Rows that
// are returned go to each, one call a statement; it may be nil. An INSERT of a query or
// of defaults is one statement. Run it in a transaction where all rows or none
// are wanted.
func (s InsertStmt) Batches(each func(dialect.Rows) error) dialect.Script { return &batches{s, each} }

type batches struct {
	s    InsertStmt
	each func(dialect.Rows) error
}

// Steps implements dialect.Script.
func (b *batches) Steps(d dialect.Dialect) iter.Seq2[dialect.Step, error] {
	return func(yield func(dialect.Step, error) bool) {
		var head, rows []item // what every statement has, and the rows
		returning, perRow := false, 0
		for _, it := range b.s.c.items() {
			switch it.clause {
			case clauseRow, clauseFlat, clauseSet:
				rows = append(rows, it)
				continue
			case clauseColumn:
				perRow++
			case clauseReturning:
				returning = true
			}
			head = append(head, it)
		}
		total := 0
		if len(rows) > 0 {
			switch it := rows[0]; {
			case it.clause == clauseRow:
				perRow = int(it.num)
				total = len(rows) / (perRow + 1)
			case it.n != nil:
				switch v := it.n.ext.(type) {
				case []any:
					total = len(v) / max(perRow, 1)
				case [][]any:
					total = len(v)
				}
			}
		}
		size := 0
		if total > 1 && even(rows, perRow) { // what is uneven is reported by the whole
			size = batchSize(d.Features(), perRow, b.beside(d, head, rows, perRow), returning)
		}
		if total <= size || size == 0 {
			yield(dialect.Step{Statement: b.s, Rows: b.each}, nil)
			return
		}
		for from := 0; from < total; from += size {
			to := min(from+size, total)
			if !yield(dialect.Step{Statement: b.part(head, rows, perRow, from, to), Rows: b.each}, nil) {
				return
			}
		}
	}
}

// even reports whether rows are of one kind and all have perRow values.
func even(rows []item, perRow int) bool {
	if rows[0].clause == clauseRow {
		if len(rows)%(perRow+1) != 0 {
			return false
		}
		for i := 0; i < len(rows); i += perRow + 1 {
			if rows[i].clause != clauseRow || int(rows[i].num) != perRow {
				return false
			}
		}
		return true
	}
	if len(rows) != 1 || perRow == 0 {
		return false
	}
	flat, ok := rows[0].n.ext.([]any)
	return !ok || len(flat)%perRow == 0
}

// part is the INSERT with some of its rows, from 0.
func (b *batches) part(head, rows []item, perRow, from, to int) InsertStmt {
	c, slots := newClauses(len(head)).grow(len(head))
	copy(slots, head)
	if rows[0].clause == clauseRow {
		part := rows[from*(perRow+1) : to*(perRow+1)]
		c, slots = c.grow(len(part))
		copy(slots, part)
	} else if v, ok := rows[0].n.ext.([]any); ok {
		c = c.with(item{clause: clauseFlat, n: &node{ext: v[from*perRow : to*perRow]}})
	} else {
		c = c.with(item{clause: clauseFlat, n: &node{ext: rows[0].n.ext.([][]any)[from:to]}})
	}
	return InsertStmt{c}
}

// beside is the number of parameters that an INSERT has beside those of its
// rows: in WITH, and in what an upsert sets.
func (b *batches) beside(d dialect.Dialect, head, rows []item, perRow int) int {
	extra := false
	for i := range head {
		switch head[i].clause {
		case clauseWith, clauseUpdateSet, clauseDoWhere, clauseReturning:
			extra = true
		}
	}
	if !extra || d.Features().MaxParams == 0 {
		return 0
	}
	_, one, err1 := SQL(b.part(head, rows, perRow, 0, 1), d)
	_, two, err2 := SQL(b.part(head, rows, perRow, 0, 2), d)
	if err1 != nil || err2 != nil {
		return 0 // the statement reports it, or has one row
	}
	return max(2*len(one)-len(two), 0)
}

// batchSize is the number of rows that one INSERT may have; 0 is no limit.
func batchSize(f *dialect.Features, perRow, beside int, returning bool) int {
	size := f.MaxInsertRows
	if returning && f.Returning == dialect.ReturningInto {
		size = 1
	}
	if f.MaxParams > 0 && perRow > 0 {
		if n := max((f.MaxParams-beside)/perRow, 1); size == 0 || n < size {
			size = n
		}
	}
	return size
}
