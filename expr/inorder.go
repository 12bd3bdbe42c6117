package expr

import (
	"iter"
	"math"
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// InOrder is the INSERT as a Script that gives what Returning or ReturningKey
// asks for, row by row: each is called with the number of a row, from 0 in the
// order of Values, Rows or Flat, and scans its columns, as [dialect.Rows]'
// ScanRow does. It is for keys, and whatever else the database makes of a row.
// Run it in a transaction where all rows or none are wanted.
//
// SQL promises no order of the rows that an INSERT gives back, so each database
// has its way to tell which is which, within the limits of one statement:
//
//   - SQL Server: a MERGE that gives the number of each row back.
//   - PostgreSQL, SQLite, MariaDB: one INSERT … RETURNING. Generated keys count
//     upwards in the order of VALUES; should they not come back that way, it
//     is an error, and nothing is paired wrongly.
//   - MySQL: one INSERT, whose keys are the first one (LAST_INSERT_ID) and
//     those after it in steps of auto_increment_increment: an INSERT whose number of
//     rows is known gets consecutive keys in every innodb_autoinc_lock_mode (MySQL
//     8.0 Reference Manual, 17.6.1.6 AUTO_INCREMENT Handling in InnoDB). Other
//     columns are read by these keys.
//   - Oracle, and wherever nothing tells the rows apart (no generated key, an
//     upsert, DEFAULT among the values on SQL Server): one INSERT a row.
//
// An upsert that leaves a row alone gives nothing for it. The rows of a query
// (FromSelect) are numbered as they come.
func (s InsertStmt) InOrder(each func(row int, scan func(dst []any) error) error) dialect.Script {
	return &inOrder{batches{s: s}, each}
}

type inOrder struct {
	batches
	each func(row int, scan func(dst []any) error) error
}

// insertParts is an INSERT taken apart.
type insertParts struct {
	head, rows []item // what every statement has, and the rows
	perRow     int
	total      int
	table      *source
	returned   []*node
	keyOnly    bool // ReturningKey alone
	upsert     bool
	plain      bool // rows of equal shape
	defaults   bool // DEFAULT is among the values
	given      []*node
}

func (s InsertStmt) apart() (a insertParts) {
	a.keyOnly = true
	for _, it := range s.c.items() {
		switch it.clause {
		case clauseRow, clauseFlat, clauseSet:
			a.rows = append(a.rows, it)
			continue
		case clauseColumn:
			a.perRow++
			a.given = append(a.given, it.n)
		case clauseReturning:
			a.returned = append(a.returned, it.n)
			a.keyOnly = a.keyOnly && it.flag == returnKey
		case clauseConflict:
			a.upsert = true
		case clauseDefaults:
			a.total = 1
		case clauseTarget:
			if it.n != nil {
				a.table = it.n.ext.(*source)
			}
		}
		a.head = append(a.head, it)
	}
	if len(a.rows) == 0 {
		return a
	}
	switch it := a.rows[0]; {
	case it.clause == clauseRow:
		a.perRow = int(it.num)
		a.total = len(a.rows) / (a.perRow + 1)
		for _, it := range a.rows[1:min(1+a.perRow, len(a.rows))] {
			a.given = append(a.given, it.n)
		}
	case it.n != nil:
		switch v := it.n.ext.(type) {
		case []any:
			a.total = len(v) / max(a.perRow, 1)
		case [][]any:
			a.total = len(v)
		}
	}
	a.plain = even(a.rows, a.perRow)
	a.defaults = a.hasDefault()
	return a
}

// hasDefault reports whether DEFAULT is among the values.
func (a *insertParts) hasDefault() bool {
	among := func(vs []any) bool {
		return slices.ContainsFunc(vs, func(v any) bool {
			n := exprIn(v)
			return n != nil && n.op == opDefault
		})
	}
	for i := range a.rows {
		it := &a.rows[i]
		if it.on != nil && it.on.op == opDefault {
			return true
		}
		if it.clause != clauseFlat || it.n == nil {
			continue
		}
		switch v := it.n.ext.(type) {
		case []any:
			if among(v) {
				return true
			}
		case [][]any:
			if slices.ContainsFunc(v, among) {
				return true
			}
		}
	}
	return false
}

// generated is the column whose values the database generates; nil for none.
func (a *insertParts) generated() *column {
	if a.table == nil {
		return nil
	}
	for i := range a.table.cols {
		if c := &a.table.cols[i]; c.def.Generated && !slices.Contains(a.given, &c.node) {
			return c
		}
	}
	return nil
}

// Steps implements dialect.Script.
func (o *inOrder) Steps(d dialect.Dialect) iter.Seq2[dialect.Step, error] {
	return func(yield func(dialect.Step, error) bool) {
		a := o.s.apart()
		f := d.Features()
		returning := f.ReturningInsert && f.Returning != dialect.NoReturning
		switch {
		case len(a.returned) == 0:
			yield(dialect.Step{}, dialect.Errorf(dialect.ErrStatement, "expr: InOrder: the INSERT returns nothing; say Returning or ReturningKey"))
		case a.total <= 1 && returning || a.table == nil || len(a.rows) > 0 && !a.plain:
			yield(dialect.Step{Statement: o.rows(o.s, a.keyOnly), Rows: o.numbered(0)}, nil) // it reports what is amiss
		case !returning:
			o.byID(d, &a, yield)
		case a.upsert || f.Returning == dialect.ReturningInto:
			o.batched(d, &a, 1, yield, o.oneByOne)
		case f.Returning == dialect.OutputClause && f.Merging.SourceRows && !a.defaults:
			o.batched(d, &a, 0, yield, o.byOrdinal)
		case f.Returning == dialect.ReturningClause && a.generated() != nil:
			o.batched(d, &a, 0, yield, o.ascending)
		default:
			o.batched(d, &a, 1, yield, o.oneByOne)
		}
	}
}

// batched cuts the rows into statements of at most size rows; 0 is the
// database's own limit.
func (o *inOrder) batched(d dialect.Dialect, a *insertParts, size int, yield func(dialect.Step, error) bool,
	step func(a *insertParts, s InsertStmt, from, to int) dialect.Step) {
	if size == 0 {
		if size = batchSize(d.Features(), a.perRow, o.beside(d, a.head, a.rows, a.perRow), true); size == 0 {
			size = a.total
		}
	}
	for from := 0; from < a.total; from += size {
		to := min(from+size, a.total)
		if !yield(step(a, o.part(a.head, a.rows, a.perRow, from, to), from, to), nil) {
			return
		}
	}
}

// rows makes ReturningKey ask for rows, whatever the database prefers.
func (o *inOrder) rows(s InsertStmt, key bool) InsertStmt {
	if !key {
		return s
	}
	c := clausesOf(s.c.items())
	for i := range c.items() {
		if it := &c.items()[i]; it.clause == clauseReturning {
			it.flag = 0
		}
	}
	return InsertStmt{c}
}

// clausesOf is a list of its own of those items.
func clausesOf(items []item) clauses {
	c, slots := clauses{}.grow(len(items))
	copy(slots, items)
	return c
}

func (o *inOrder) oneByOne(a *insertParts, s InsertStmt, from, _ int) dialect.Step {
	return dialect.Step{Statement: o.rows(s, a.keyOnly), Rows: o.numbered(from)}
}

// numbered gives the rows numbers as they come.
func (o *inOrder) numbered(row int) func(dialect.Rows) error {
	return func(r dialect.Rows) error {
		for ; r.Next(); row++ {
			if err := o.each(row, r.ScanRow); err != nil {
				return err
			}
		}
		return r.Err()
	}
}

// byOrdinal sends a MERGE whose result begins with the number of the row.
func (o *inOrder) byOrdinal(_ *insertParts, s InsertStmt, from, to int) dialect.Step {
	return dialect.Step{Statement: ordinalInsert{o.rows(s, true)}, Rows: func(r dialect.Rows) error {
		if len(r.Columns()) == 0 { // a trigger or a proxy took the result away
			return o.complete(r.Err(), 0, to-from)
		}
		seen := make([]bool, to-from)
		var n int64
		var all []any
		var scanned error
		scan := func(dst []any) error {
			all = append(append(all[:0], nil), dst...)
			scanned = r.ScanRow(all)
			return scanned
		}
		count := 0
		one := []any{&n}
		one = append(one, make([]any, len(r.Columns())-1)...)
		for r.Next() {
			if err := r.ScanRow(one); err != nil {
				return err
			}
			if n < 0 || n >= int64(len(seen)) || seen[n] {
				return dialect.Errorf(dialect.ErrStatement, "expr: InOrder: a row came back with the number %d", n)
			}
			seen[n] = true
			count++
			if err := o.each(from+int(n), scan); err != nil {
				return err
			}
		}
		return o.complete(r.Err(), count, to-from)
	}}
}

// ascending sends an INSERT whose generated keys tell the order.
func (o *inOrder) ascending(a *insertParts, s InsertStmt, from, to int) dialect.Step {
	key := a.generated()
	at := slices.Index(a.returned, &key.node)
	s = o.rows(s, true)
	if at < 0 {
		s = InsertStmt{s.c.with(item{clause: clauseReturning, n: &key.node})}
	}
	return dialect.Step{Statement: s, Rows: func(r dialect.Rows) error {
		last, id, n := int64(math.MinInt64), int64(0), 0
		scan := r.ScanRow
		one := make([]any, len(r.Columns()))
		if len(one) <= max(at, 0) {
			return o.complete(r.Err(), 0, to-from)
		}
		if at < 0 {
			all := make([]any, len(one))
			scan = func(dst []any) error {
				if len(dst) != len(all)-1 {
					return dialect.Errorf(dialect.ErrStatement, "expr: InOrder: %d destinations for %d columns", len(dst), len(all)-1)
				}
				copy(all, dst)
				return r.ScanRow(all)
			}
			one[len(one)-1] = &id
		} else {
			one[at] = &id
		}
		for r.Next() {
			if err := r.ScanRow(one); err != nil {
				return err
			}
			if n > 0 && id <= last {
				return dialect.Errorf(dialect.ErrStatement, "expr: InOrder: the generated keys of %s did not come back in ascending order (%d after %d), "+
					"so it is not known which row has which; let its identity count upwards, or insert row by row", a.table, id, last)
			}
			if n == to-from {
				return o.complete(nil, n+1, to-from)
			}
			last = id
			if err := o.each(from+n, scan); err != nil {
				return err
			}
			n++
		}
		return o.complete(r.Err(), n, to-from)
	}}
}

// complete checks that each row came back once.
func (o *inOrder) complete(err error, got, want int) error {
	if err == nil && got != want {
		err = dialect.Errorf(dialect.ErrStatement, "expr: InOrder: %d rows were inserted, and %d came back", want, got)
	}
	return err
}

// byID inserts where there is no RETURNING: keys come with the result, and
// other columns are read by them.
func (o *inOrder) byID(d dialect.Dialect, a *insertParts, yield func(dialect.Step, error) bool) {
	f := d.Features()
	key := a.generated()
	if key == nil || f.InsertID == dialect.NoInsertID || a.upsert || a.total == 0 {
		yield(dialect.Step{Statement: o.rows(o.s, a.keyOnly)}, nil) // refused, with what to do instead
		return
	}
	step, size := int64(1), 1
	bare := o.bare(a.head)
	if a.total > 1 && f.InsertIDStep != "" && !a.defaults {
		size = batchSize(f, a.perRow, o.beside(d, bare, a.rows, a.perRow), false)
		if size == 0 {
			size = a.total
		}
		if !yield(dialect.Step{Statement: dialect.Text(f.InsertIDStep), Rows: func(r dialect.Rows) error {
			if !r.Next() {
				return o.complete(r.Err(), 0, 1)
			}
			return r.ScanRow([]any{&step})
		}}, nil) {
			return
		}
	}
	for from := 0; from < a.total; from += size {
		to := min(from+size, a.total)
		var first int64
		var stmt InsertStmt
		if len(a.rows) == 0 {
			stmt = InsertStmt{clausesOf(bare)} // of defaults
		} else {
			stmt = o.part(bare, a.rows, a.perRow, from, to)
		}
		insert := dialect.Step{Statement: stmt, Done: func(res dialect.Result) (err error) {
			if first, err = res.LastInsertID(); err == nil && f.InsertID == dialect.LastInsertID {
				first -= step * int64(to-from-1)
			}
			if err == nil && len(a.returned) == 1 && a.returned[0] == &key.node {
				err = o.keys(from, to, first, step)
			}
			return err
		}}
		if !yield(insert, nil) {
			return
		}
		if len(a.returned) == 1 && a.returned[0] == &key.node {
			continue
		}
		ids := make([]any, to-from)
		for i := range ids {
			ids[i] = first + step*int64(i)
		}
		col := Column{Expr[any]{&key.node}}
		q := SelectStmt{newClauses(len(a.returned) + 4)}
		for _, n := range a.returned {
			q = SelectStmt{q.c.with(item{clause: clauseColumn, n: n})}
		}
		q = SelectStmt{q.c.with(item{clause: clauseFrom, n: &a.table.node})}.Where(col.In(ids...)).OrderBy(col)
		if !yield(dialect.Step{Statement: q, Rows: func(r dialect.Rows) error {
			n := 0
			for ; r.Next(); n++ {
				if err := o.each(from+n, r.ScanRow); err != nil {
					return err
				}
			}
			return o.complete(r.Err(), n, to-from)
		}}, nil) {
			return
		}
	}
}

// bare is the head of an INSERT that returns nothing.
func (o *inOrder) bare(head []item) []item {
	return slices.DeleteFunc(slices.Clone(head), func(it item) bool { return it.clause == clauseReturning })
}

// keys gives generated keys as rows of one column.
func (o *inOrder) keys(from, to int, first, step int64) error {
	id := first
	scan := func(dst []any) error {
		if len(dst) != 1 {
			return dialect.Errorf(dialect.ErrStatement, "expr: InOrder: %d destinations for 1 column", len(dst))
		}
		if dst[0] == nil {
			return nil
		}
		return dialect.AssignInt64(dst[0], id)
	}
	for row := from; row < to; row++ {
		if err := o.each(row, scan); err != nil {
			return err
		}
		id += step
	}
	return nil
}

// ordinalInsert is an INSERT written as a MERGE that gives the number of each
// row before what it returns.
type ordinalInsert struct{ s InsertStmt }

// CompileSQL implements dialect.Statement.
func (o ordinalInsert) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	o.print(p)
	return p.done()
}

func (o ordinalInsert) print(p *printer) {
	p.c.Writes = true
	p.insertWithOrdinal(o.s.c)
}

// insertWithOrdinal writes the MERGE. Its condition is false, so that every row
// is inserted, and OUTPUT may name the source's columns, as that of an INSERT
// may not.
func (p *printer) insertWithOrdinal(c clauses) {
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
	p.describeResult(c, clauseReturning)
	cols := append([]dialect.Column{{Name: "ordinal", Type: typeInteger, Nullable: dialect.No}}, p.c.Columns...)
	p.c.Columns = cols
	if t.triggers {
		p.declareOutput(cols)
	}
	p.identityInsert(t, &r)
	if s.is(clauseWith) {
		p.with(items, false)
	}
	if s.is(clausePrefix) {
		p.prefixed(items, &s, dialect.InsertVerb)
	}
	const source = "source"
	var names namer
	p.str("MERGE INTO ")
	p.tableName(t)
	p.str(" USING (VALUES ")
	p.in("VALUES")
	floor := p.floor
	p.floor = len(p.scope)
	p.merging = true
	for row := range r.n {
		if row > 0 {
			p.str(", ")
		}
		p.str("(")
		for col := range r.cols {
			p.cell(&r, row, col)
			p.str(", ")
		}
		p.w.WriteInt(int64(row))
		p.str(")")
	}
	p.merging = false
	p.floor = floor
	p.str(") AS " + source)
	p.str(" (")
	for _, col := range r.cols {
		p.w.Ident(names.next(col.name))
		p.str(", ")
	}
	ordinal := names.next("ordinal")
	p.w.Ident(ordinal)
	p.str(") ON 1 = 0 WHEN NOT MATCHED THEN INSERT")
	p.names(r.cols)
	p.str(" VALUES (")
	for i, col := range r.cols {
		if i > 0 {
			p.str(", ")
		}
		p.str(source + ".")
		p.ident(col)
	}
	p.in("OUTPUT")
	p.str(") OUTPUT " + source + ".")
	p.w.Ident(ordinal)
	p.str(", ")
	p.prefix, p.target = "inserted", t
	p.returned(items, p.outputs == 0)
	p.prefix, p.target = "", nil
	p.outputInto()
	p.str(p.f.Merging.End)
	p.ended = p.f.Merging.End != ""
	p.outputRows()
	p.c.Keys = dialect.KeysFromRows
}
