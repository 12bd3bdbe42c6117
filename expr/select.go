package expr

// Query is a statement that gives rows and may stand within another one: a
// [SelectStmt], a [SetStmt], a [ValuesStmt] or a [TextSelect].
type Query interface {
	Tree
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
	return SelectStmt{clauses{}.exprs(clauseColumn, columns)}
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
		slots[i].clause, slots[i].n = clauseFrom, sourceNode(t)
	}
	for _, t := range tables {
		c = c.modify(t)
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
	return SelectStmt{s.c.with(item{clause: clauseJoin, flag: kind, n: sourceNode(r), on: on}).modify(r)}
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
		slots[i].clause, slots[i].n = clauseOrder, termOf(t)
	}
	return c
}

// Distinct drops rows that are the same in all columns.
func (s SelectStmt) Distinct() SelectStmt { return SelectStmt{s.c.with(item{clause: clauseDistinct})} }

// Reorder is OrderBy that first drops the terms of earlier calls; with no terms,
// the rows have no order.
func (s SelectStmt) Reorder(terms ...Term) SelectStmt {
	return SelectStmt{s.c.with(item{clause: clauseReorder}).order(terms)}
}

// Uncorrelated says that the query, where it stands within another one, names
// none of the tables around it. It may then have those tables itself; otherwise
// a table that stands in both is a mistake, since it is not clear which of them a column
// belongs to.
func (s SelectStmt) Uncorrelated() SelectStmt {
	return SelectStmt{s.c.with(item{clause: clauseUncorrelated})}
}

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
		slots[i] = item{clause: clauseWith, flag: uint8(t.hint), n: sourceNode(t)}
	}
	return c
}

// As makes the query a derived table: a relation whose columns are the query's;
// [C] returns them.
func (s SelectStmt) As(name string) Table { return Table{s: derived(derivedSource, s, name, nil)} }

// Lateral makes the query a derived table that may name the tables that stand
// before it in FROM: Join it with a condition, or see [SelectStmt.LateralJoin].
func (s SelectStmt) Lateral(name string) Table {
	t := derived(derivedSource, s, name, nil)
	t.lateral = true
	return Table{s: t}
}

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
	c, slots := clauses{}.grow(len(qs))
	for i, q := range qs {
		slots[i] = item{clause: clauseSetOp, flag: kind, n: queryNode(q)}
		if i == 0 {
			slots[i].flag = setFirst
		}
	}
	return SetStmt{c}
}

// Union is the rows of all queries without duplicates.
func Union(qs ...Query) SetStmt { return setOp(setUnion, qs) }

// UnionAll is the rows of all queries, duplicates included.
func UnionAll(qs ...Query) SetStmt { return setOp(setUnionAll, qs) }

// Intersect is the rows that all queries have, without duplicates.
func Intersect(qs ...Query) SetStmt { return setOp(setIntersect, qs) }

// IntersectAll is [Intersect] with duplicates: a row comes as often as in the
// query that has it least often.
func IntersectAll(qs ...Query) SetStmt { return setOp(setIntersectAll, qs) }

// Except is the rows of the first query that the others don't have, without
// duplicates.
func Except(qs ...Query) SetStmt { return setOp(setExcept, qs) }

// ExceptAll is [Except] with duplicates: each row of the others takes one equal
// row away.
func ExceptAll(qs ...Query) SetStmt { return setOp(setExceptAll, qs) }

// Union is the rows of s and of the queries, without duplicates.
func (s SelectStmt) Union(qs ...Query) SetStmt { return Union(append([]Query{s}, qs...)...) }

// UnionAll is the rows of s and of the queries, duplicates included.
func (s SelectStmt) UnionAll(qs ...Query) SetStmt { return UnionAll(append([]Query{s}, qs...)...) }

// Intersect is the rows of s that all queries have, without duplicates.
func (s SelectStmt) Intersect(qs ...Query) SetStmt { return Intersect(append([]Query{s}, qs...)...) }

// Except is the rows of s that the queries don't have, without duplicates.
func (s SelectStmt) Except(qs ...Query) SetStmt { return Except(append([]Query{s}, qs...)...) }

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

// Reorder is OrderBy that first drops the terms of earlier calls.
func (s SetStmt) Reorder(terms ...Term) SetStmt {
	return SetStmt{s.c.with(item{clause: clauseReorder}).order(terms)}
}

// OrderBy orders the whole by columns of its result: by those of the first
// query, or by [Name].
func (s SetStmt) OrderBy(terms ...Term) SetStmt { return SetStmt{s.c.order(terms)} }

// With brings in common table expressions.
func (s SetStmt) With(ctes ...Table) SetStmt { return SetStmt{s.c.ctes(ctes)} }

// As makes the whole a derived table.
func (s SetStmt) As(name string) Table { return Table{s: derived(derivedSource, s, name, nil)} }
