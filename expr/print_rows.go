package expr

import "github.com/sqlayer-go/sqlayer/dialect"

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

	bySelect bool // the rows are written as queries
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
		outs := r.query.ext.(Query).outputs()
		if len(outs) != k {
			return fail("FromSelect: the query has %d columns, and %d are inserted", len(outs), k)
		}
		for i, out := range outs {
			p.storable(p.settle(out), r.cols[i])
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
		p.assigned(n, c)
		return
	}
	if p.merging && isNil(v) {
		p.nullCell(c)
		return
	}
	p.w.BindArg(dialect.Arg{Value: v, Type: c.typ, Column: c.name})
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
		p.unsupported("DEFAULT in the rows of an upsert or of a query", "leave the column out")
	}
	if !p.f.DefaultInValues {
		p.unsupported("DEFAULT in VALUES", "leave the column out")
	}
	p.str("DEFAULT")
}

// Default is the column's default, as a value of [InsertStmt.Rows] and
// [InsertStmt.Flat].
func Default() Any { return Expr[any]{defaultNode} }
