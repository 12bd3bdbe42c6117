package expr

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// MergeStmt is a MERGE: it compares the rows of a table with those of a source
// and changes, deletes or inserts rows by what it finds. It is immutable in the
// way of a [SelectStmt]; the zero MergeStmt is a mistake.
//
//	expr.Merge(Stock).
//		Using(Delivery, expr.Eq(Stock.Item, Delivery.Item)).
//		WhenMatched(Delivery.Quantity.Eq(0)).Delete().
//		WhenMatched().Update(expr.Set(Stock.Quantity, expr.Add(Stock.Quantity, Delivery.Quantity))).
//		WhenNotMatched().Insert(expr.Set(Stock.Item, Delivery.Item), expr.Set(Stock.Quantity, Delivery.Quantity))
//
// The first clause whose condition a row meets says what becomes of it.
// PostgreSQL 15, SQL Server and Oracle have MERGE, each only in part; what is
// missing is refused. Oracle deletes only what the same MERGE updates: a Delete
// is written so there, with the row as it is, which triggers of updates see;
// [github.com/sqlayer-go/sqlayer/expr/ora] has its own form, which looks at the row
// as the update leaves it.
// For "insert, or update what is there" on every database see
// [InsertStmt.OnConflict].
type MergeStmt struct{ c clauses }

// Merge begins a MERGE into a table.
func Merge(t Relation) MergeStmt {
	return MergeStmt{target(t)}
}

// Using names the source, a table or a query under a name, and says which of
// its rows match one of the target: those that meet all conditions.
func (s MergeStmt) Using(r Relation, on ...Cond) MergeStmt {
	c := s.c.with(item{clause: clauseFrom, n: sourceNode(r)}).conds(clauseOn, on)
	return MergeStmt{c.plain(r, "MERGE takes no sample and nothing else around its name; give it a query under a name")}
}

// The clauses of a MERGE, and what they do.
const (
	whenMatched uint8 = iota
	whenNotMatched
	whenNotMatchedBySource
)

const (
	mergeNothing int32 = iota
	mergeUpdate
	mergeDelete
	mergeInsert
)

// WhenMatched is for rows of the target that match a row of the source and
// meet the conditions.
func (s MergeStmt) WhenMatched(conds ...Cond) MergeChange {
	return MergeChange{s.c, whenMatched, slices.Clone(conds)}
}

// WhenNotMatchedBySource is for rows of the target that match no row of the
// source and meet the conditions.
func (s MergeStmt) WhenNotMatchedBySource(conds ...Cond) MergeChange {
	return MergeChange{s.c, whenNotMatchedBySource, slices.Clone(conds)}
}

// WhenNotMatched is for rows of the source that match none of the target and
// meet the conditions.
func (s MergeStmt) WhenNotMatched(conds ...Cond) MergeNew {
	return MergeNew{s.c, slices.Clone(conds)}
}

// MergeChange is a clause of a MERGE about rows of the target. Its methods say
// what is done with them.
type MergeChange struct {
	c     clauses
	kind  uint8
	conds []Cond
}

// Update changes the row. Expressions may name the columns of both tables; in a
// WhenNotMatchedBySource, those of the target.
func (m MergeChange) Update(as ...Assignment) MergeStmt {
	return when(m.c, m.kind, mergeUpdate, m.conds, as)
}

// Delete deletes the row.
func (m MergeChange) Delete() MergeStmt { return when(m.c, m.kind, mergeDelete, m.conds, nil) }

// DoNothing leaves the row as it is, and keeps later clauses from it.
func (m MergeChange) DoNothing() MergeStmt { return when(m.c, m.kind, mergeNothing, m.conds, nil) }

// MergeNew is a clause of a MERGE about rows that the target lacks. Its methods
// say what is done with them.
type MergeNew struct {
	c     clauses
	conds []Cond
}

// Insert inserts a row. Its expressions may name the columns of the source.
func (m MergeNew) Insert(as ...Assignment) MergeStmt {
	return when(m.c, whenNotMatched, mergeInsert, m.conds, as)
}

// DoNothing inserts nothing, and keeps later clauses from the row.
func (m MergeNew) DoNothing() MergeStmt {
	return when(m.c, whenNotMatched, mergeNothing, m.conds, nil)
}

func when(c clauses, kind uint8, action int32, conds []Cond, as []Assignment) MergeStmt {
	c = c.with(item{clause: clauseWhen, flag: kind, num: action}).conds(clauseWhenCond, conds)
	c, slots := c.grow(len(as))
	for i, a := range as {
		slots[i] = item{clause: clauseWhenSet, n: a.col, on: a.val}
	}
	return MergeStmt{c}
}

// Returning gives columns of the rows that were changed, as they are
// afterwards, and of those inserted. On SQL Server, what was deleted gives
// NULLs.
func (s MergeStmt) Returning(es ...Any) MergeStmt {
	return MergeStmt{s.c.exprs(clauseReturning, es)}
}

// With brings in common table expressions.
func (s MergeStmt) With(ctes ...Table) MergeStmt { return MergeStmt{s.c.ctes(ctes)} }

// CompileSQL implements dialect.Statement.
func (s MergeStmt) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	s.print(p)
	return p.done()
}

func (s MergeStmt) print(p *printer) {
	p.c.Writes = true
	p.merge(s.c)
}
