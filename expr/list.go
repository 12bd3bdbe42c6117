package expr

import "sync/atomic"

// clause says which clause of its statement an item belongs to.
type clause uint8

const (
	clauseColumn clause = iota // a column of the result, or of an INSERT
	clauseDistinct
	clauseDistinctOn
	clauseWith
	clauseFrom
	clauseJoin // n: source, on: condition, flag: joinKind
	clauseWhere
	clauseGroup
	clauseHaving
	clauseOrder
	clauseReorder // the terms before it count no more
	clauseLimit   // num, or n: an expression; flag: limitPercent, limitFetch
	clauseOffset
	clauseTies // WITH TIES
	clauseUncorrelated
	clauseLock // flag: lockKind, num: lock options
	clauseLockOf
	clauseResolver // n.ext: Resolver
	clauseTarget   // the table that is written
	clauseSet      // n: column, on: value
	clauseRow      // begins a row of VALUES; its assignments follow as clauseSet
	clauseFlat     // n.ext: [][]any or []any
	clauseSelect   // INSERT … SELECT
	clauseDefaults
	clauseReturning // flag returnKey: the generated key
	clauseConflict  // n: column; num -1: no column, -2: the constraint n.name
	clauseUpdateSet // DO UPDATE SET
	clauseNothing   // DO NOTHING
	clauseDoWhere
	clauseEvery         // EveryRow
	clauseSetOp         // a query and, in flag, how it goes to the one before
	clauseHint          // a mistake that belongs to the statement: n
	clausePrefix        // n.name: a word after the verb; flag 1: only where it is known
	clauseConflictWhere // the predicate of a partial index
	clauseOn            // ON of a MERGE
	clauseWhen          // flag: whenKind, num: mergeAction; what follows belongs to it
	clauseWhenCond
	clauseWhenSet
	clauseWindow  // n: the name, and in ext *Window
	clauseModify  // n: a source of FROM or a join, on: what its name takes with it
	clauseAdvice  // n: a hint
	clauseComment // n: a comment, in name
	clauseOwn     // n: a clause of a database's own, ext *custom; flag: its place
	numClauses
)

// item is one entry of a statement.
type item struct {
	n, on  *node
	num    int32
	clause clause
	flag   uint8
}

// counting is the item of a number of rows. One that num has no room for stands
// in on, as a literal.
func counting(c clause, flag uint8, n int64) item {
	if num := int32(n); int64(num) == n {
		return item{clause: c, flag: flag, num: num}
	}
	return item{clause: c, flag: flag, on: &node{op: opLiteral, typ: typeBigInt, ext: n}}
}

// count is the number of rows of such an item.
func (it *item) count() int64 {
	if it.on != nil {
		return it.on.ext.(int64)
	}
	return int64(it.num)
}

// list is an append-only vector of items that statements share. A statement
// sees the first n items of its list. The first to append at the end claims
// the slots there; one that comes later, from the same statement, copies.
// Nothing that some statement sees is ever written again.
type list struct {
	used  int64  // atomic, once others may have the list
	items []item // len is the capacity
	cols  atomic.Pointer[resultColumns]
	buf   [listSize]item
}

// listSize is the number of items that the first allocation holds.
const listSize = 14

// clauses is a statement's part of a list: 16 bytes that are copied by value.
type clauses struct {
	l *list
	n int
}

func newClauses(room int) clauses {
	l := &list{}
	l.items = l.buf[:]
	if room > listSize {
		l.items = make([]item, room+8)
	}
	return clauses{l: l}
}

// grow returns c with k more items, which are zero, and which the caller fills: they
// belong to nobody else. (Field by field: while the collector runs, a whole item
// costs more.)
func (c clauses) grow(k int) (clauses, []item) {
	end := c.n + k
	if c.l == nil { // nobody else has the list yet
		c = newClauses(k)
		c.l.used = int64(k)
		return clauses{c.l, k}, c.l.items[:k]
	}
	if end <= len(c.l.items) && atomic.CompareAndSwapInt64(&c.l.used, int64(c.n), int64(end)) {
		return clauses{c.l, end}, c.l.items[c.n:end:end]
	}
	l := &list{}
	l.items = l.buf[:]
	if end > listSize {
		l.items = make([]item, end+c.n)
	}
	copy(l.items, c.l.items[:c.n])
	l.used = int64(end)
	return clauses{l, end}, l.items[c.n:end:end]
}

// with returns c with one more item.
func (c clauses) with(it item) clauses {
	c, slots := c.grow(1)
	s := &slots[0]
	s.n, s.on, s.num, s.clause, s.flag = it.n, it.on, it.num, it.clause, it.flag
	return c
}

// items are what the statement consists of.
func (c clauses) items() []item {
	if c.l == nil {
		return nil
	}
	return c.l.items[:c.n]
}

// conds returns c with conditions of a clause.
func (c clauses) conds(cl clause, conds []Cond) clauses {
	c, slots := c.grow(len(conds))
	for i := range conds {
		slots[i].clause, slots[i].n = cl, conds[i].n
	}
	return c
}

// exprs returns c with expressions of a clause.
func (c clauses) exprs(cl clause, es []Any) clauses {
	c, slots := c.grow(len(es))
	for i := range es {
		slots[i].clause, slots[i].n = cl, nodeOf(es[i])
	}
	return c
}

// has reports whether any item belongs to the clause.
func (c clauses) has(cl clause) bool {
	for i := range c.items() {
		if c.l.items[i].clause == cl {
			return true
		}
	}
	return false
}
