package expr

import (
	"iter"

	"github.com/sqlayer-go/sqlayer/dialect"
)

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
		a := b.s.apart()
		size := 0
		if a.total > 1 && a.plain { // what is uneven is reported by the whole
			size = batchSize(d.Features(), a.perRow, b.beside(d, a.head, a.rows, a.perRow), len(a.returned) > 0)
		}
		if a.total <= size || size == 0 {
			yield(dialect.Step{Statement: b.s, Rows: b.each}, nil)
			return
		}
		for from := 0; from < a.total; from += size {
			to := min(from+size, a.total)
			if !yield(dialect.Step{Statement: b.part(a.head, a.rows, a.perRow, from, to), Rows: b.each}, nil) {
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
	c, slots := clauses{}.grow(len(head))
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
	if size == 1 && f.MaxSelectRows > 0 {
		size = f.MaxSelectRows
	}
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
