package expr

import (
	"github.com/sqlayer-go/sqlayer/dialect"
)

// Query is a statement that gives rows and may stand within another one: a
// [SelectStmt] or a [SetStmt].
type Query interface {
	dialect.Statement
	outputs() []*node
	clauses() clauses
}

// SelectStmt is a SELECT. Each method returns a new statement and leaves the
// one it was called on as it is, so a statement may be kept in a variable,
// extended in different ways and used by many goroutines. The zero SelectStmt
// has no columns, which is a mistake.
type SelectStmt struct{ c clauses }

// Select begins a SELECT of the given columns. [Columns] gives those of a
// table.
func Select(columns ...Any) SelectStmt {
	return SelectStmt{newClauses(len(columns)).exprs(clauseColumn, columns)}
}

func (s SelectStmt) clauses() clauses { return s.c }

func (s SelectStmt) outputs() []*node {
	var ns []*node
	for _, it := range s.c.items() {
		if it.clause == clauseColumn {
			ns = append(ns, it.n)
		}
	}
	return ns
}

// Columns adds columns to the result.
func (s SelectStmt) Columns(columns ...Any) SelectStmt {
	return SelectStmt{s.c.exprs(clauseColumn, columns)}
}

// From names the tables that rows come from. Several stand for their product.
func (s SelectStmt) From(tables ...Relation) SelectStmt { return SelectStmt{s.c.from(tables)} }

func (c clauses) from(tables []Relation) clauses {
	c, slots := c.grow(len(tables))
	for i, t := range tables {
		slots[i] = item{clause: clauseFrom, n: sourceNode(t)}
	}
	return c
}

// The kinds of joins.
const (
	innerJoin uint8 = iota
	leftJoin
	rightJoin
	fullJoin
	crossJoin
	lateralJoin
	leftLateralJoin
)

func (s SelectStmt) join(kind uint8, r Relation, on *node) SelectStmt {
	return SelectStmt{s.c.with(item{clause: clauseJoin, flag: kind, n: sourceNode(r), on: on})}
}

// Join adds the rows of r that meet the condition.
func (s SelectStmt) Join(r Relation, on Cond) SelectStmt { return s.join(innerJoin, r, on.n) }

// LeftJoin is Join, and keeps rows for which r has none: r's columns are then
// NULL.
func (s SelectStmt) LeftJoin(r Relation, on Cond) SelectStmt { return s.join(leftJoin, r, on.n) }

// RightJoin is Join, and keeps the rows of r for which there are none before
// it.
func (s SelectStmt) RightJoin(r Relation, on Cond) SelectStmt { return s.join(rightJoin, r, on.n) }

// FullJoin is Join, and keeps the rows of both sides.
func (s SelectStmt) FullJoin(r Relation, on Cond) SelectStmt { return s.join(fullJoin, r, on.n) }

// CrossJoin adds every row of r to every row before it.
func (s SelectStmt) CrossJoin(r Relation) SelectStmt { return s.join(crossJoin, r, nil) }

// LateralJoin adds, to every row before it, the rows that a query gives for that
// row: the query of the derived table may name the tables before it, and so
// give the three latest orders of each user. There is no condition beside the
// query's own. It is LATERAL, or CROSS APPLY.
func (s SelectStmt) LateralJoin(query Table) SelectStmt { return s.join(lateralJoin, query, nil) }

// LeftLateralJoin is LateralJoin, and keeps rows for which the query gives
// none: its columns are then NULL.
func (s SelectStmt) LeftLateralJoin(query Table) SelectStmt {
	return s.join(leftLateralJoin, query, nil)
}

// Where keeps the rows that meet all conditions, those of earlier calls
// included.
func (s SelectStmt) Where(conds ...Cond) SelectStmt {
	return SelectStmt{s.c.conds(clauseWhere, conds)}
}

// GroupBy makes one row of those that agree in the expressions.
func (s SelectStmt) GroupBy(es ...Any) SelectStmt { return SelectStmt{s.c.exprs(clauseGroup, es)} }

// Having keeps the groups that meet all conditions.
func (s SelectStmt) Having(conds ...Cond) SelectStmt {
	return SelectStmt{s.c.conds(clauseHaving, conds)}
}

// OrderBy adds terms to the order of the rows. A labelled expression that is a
// column of the result is named by its label.
func (s SelectStmt) OrderBy(terms ...Term) SelectStmt { return SelectStmt{s.c.order(terms)} }

func (c clauses) order(terms []Term) clauses {
	c, slots := c.grow(len(terms))
	for i, t := range terms {
		slots[i] = item{clause: clauseOrder, n: termOf(t)}
	}
	return c
}

// Limit gives at most n rows. The last call counts; a negative number is a
// mistake.
func (s SelectStmt) Limit(n int64) SelectStmt {
	return SelectStmt{s.c.with(item{clause: clauseLimit, num: n})}
}

// Offset leaves out the first n rows. The last call counts; a negative number
// is a mistake. Without OrderBy, which rows these are is the database's choice.
func (s SelectStmt) Offset(n int64) SelectStmt {
	return SelectStmt{s.c.with(item{clause: clauseOffset, num: n})}
}

// Distinct drops rows that are the same in all columns.
func (s SelectStmt) Distinct() SelectStmt { return SelectStmt{s.c.with(item{clause: clauseDistinct})} }

// DistinctOn keeps the first row, in the order of OrderBy, of those that agree
// in the expressions. PostgreSQL has it.
func (s SelectStmt) DistinctOn(es ...Any) SelectStmt {
	return SelectStmt{s.c.exprs(clauseDistinctOn, es)}
}

// With brings in common table expressions, see [CTE].
func (s SelectStmt) With(ctes ...Table) SelectStmt { return SelectStmt{s.c.ctes(ctes)} }

func (c clauses) ctes(ctes []Table) clauses {
	c, slots := c.grow(len(ctes))
	for i, t := range ctes {
		slots[i] = item{clause: clauseWith, n: sourceNode(t)}
	}
	return c
}

// LockOption says more about a lock: [NoWait], [SkipLocked], [LockOf].
type LockOption struct {
	bits int64
	of   Relation
}

const (
	lockNoWait int64 = 1 << iota
	lockSkip
)

const (
	lockUpdate uint8 = iota
	lockShare
)

// NoWait fails at once where a row is locked, instead of waiting.
func NoWait() LockOption { return LockOption{bits: lockNoWait} }

// SkipLocked leaves out rows that are locked.
func SkipLocked() LockOption { return LockOption{bits: lockSkip} }

// LockOf locks the rows of this table only.
func LockOf(r Relation) LockOption { return LockOption{of: r} }

// ForUpdate locks the rows until the transaction ends, as if they were about
// to be written. SQLite, which lets one transaction write at a time, has
// nothing to lock and runs the plain SELECT.
func (s SelectStmt) ForUpdate(opts ...LockOption) SelectStmt { return s.lock(lockUpdate, opts) }

// ForShare locks the rows against writers until the transaction ends. Oracle
// has no such lock and takes that of ForUpdate.
func (s SelectStmt) ForShare(opts ...LockOption) SelectStmt { return s.lock(lockShare, opts) }

func (s SelectStmt) lock(kind uint8, opts []LockOption) SelectStmt {
	it := item{clause: clauseLock, flag: kind}
	for _, o := range opts {
		it.num |= o.bits
	}
	c := s.c.with(it)
	for _, o := range opts {
		if o.bits == 0 {
			c = c.with(item{clause: clauseLockOf, n: sourceNode(o.of)})
		}
	}
	return SelectStmt{c}
}

// As makes the query a derived table: a relation whose columns are the
// query's, to be had with [C].
func (s SelectStmt) As(name string) Table { return Table{derived(derivedSource, s, name, nil)} }

// SetStmt is a UNION, INTERSECT or EXCEPT of queries. It is immutable in the
// way of a [SelectStmt]; the zero SetStmt is a mistake.
type SetStmt struct{ c clauses }

const (
	setFirst uint8 = iota
	setUnion
	setUnionAll
	setIntersect
	setIntersectAll
	setExcept
	setExceptAll
)

var setWords = [...]string{setUnion: "UNION", setUnionAll: "UNION ALL", setIntersect: "INTERSECT",
	setIntersectAll: "INTERSECT ALL", setExcept: "EXCEPT", setExceptAll: "EXCEPT ALL"}

func setOp(kind uint8, qs []Query) SetStmt {
	c, slots := newClauses(len(qs)).grow(len(qs))
	for i, q := range qs {
		slots[i] = item{clause: clauseSetOp, flag: kind, n: queryNode(q)}
		if i == 0 {
			slots[i].flag = setFirst
		}
	}
	return SetStmt{c}
}

// Union is the rows of all queries, each once.
func Union(qs ...Query) SetStmt { return setOp(setUnion, qs) }

// UnionAll is the rows of all queries.
func UnionAll(qs ...Query) SetStmt { return setOp(setUnionAll, qs) }

// Intersect is the rows that all queries have, each once.
func Intersect(qs ...Query) SetStmt { return setOp(setIntersect, qs) }

// IntersectAll is Intersect that counts how often a row comes.
func IntersectAll(qs ...Query) SetStmt { return setOp(setIntersectAll, qs) }

// Except is the rows of the first query that the others don't have, each once.
func Except(qs ...Query) SetStmt { return setOp(setExcept, qs) }

// ExceptAll is Except that counts how often a row comes.
func ExceptAll(qs ...Query) SetStmt { return setOp(setExceptAll, qs) }

func (s SetStmt) clauses() clauses { return s.c }

func (s SetStmt) outputs() []*node {
	for _, it := range s.c.items() {
		if it.clause == clauseSetOp {
			if it.n != nil {
				return it.n.ext.(Query).outputs()
			}
			break
		}
	}
	return nil
}

// OrderBy orders the whole by columns of its result: by those of the first
// query, or by [Name].
func (s SetStmt) OrderBy(terms ...Term) SetStmt { return SetStmt{s.c.order(terms)} }

// Limit gives at most n rows of the whole.
func (s SetStmt) Limit(n int64) SetStmt {
	return SetStmt{s.c.with(item{clause: clauseLimit, num: n})}
}

// Offset leaves out the first n rows of the whole.
func (s SetStmt) Offset(n int64) SetStmt {
	return SetStmt{s.c.with(item{clause: clauseOffset, num: n})}
}

// With brings in common table expressions.
func (s SetStmt) With(ctes ...Table) SetStmt { return SetStmt{s.c.ctes(ctes)} }

// As makes the whole a derived table.
func (s SetStmt) As(name string) Table { return Table{derived(derivedSource, s, name, nil)} }
