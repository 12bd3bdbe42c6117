package dialecttest

import "github.com/sqlayer-go/sqlayer/expr"

// operandCases are set operations of queries that have clauses of their own.
var operandCases = []testCase{
	{name: "operands with a limit", run: operandLimits},
	{name: "operands with an order", run: operandOrders},
	{name: "operands with DISTINCT", run: operandDistinct},
	{name: "a derived table of operands with a limit", run: operandDerived},
	{name: "operands from derived tables with a limit", run: operandFromDerived},
}

// byID orders a set operation.
func byID() expr.Term { return expr.Name[int64]("id").Asc() }

// from are the rows from a number on, in descending order: which of them a limit keeps
// shows whether the order is the operand's own.
func (q *quads) from(n int64) expr.SelectStmt {
	return expr.Select(q.id, q.x, q.y).From(q).Where(q.id.Ge(n)).OrderBy(q.id.Desc())
}

func operandLimits(t *T) {
	q := t.quads()
	first := q.ordered().Where(q.id.Ge(2)).Limit(1)
	u := expr.Union(first, q.from(1).Limit(1), q.ordered().Limit(1))
	t.wantLines(q.c, u.OrderBy(byID()), "1 1 2; 2 2 3; 4 4 5")
	t.wantLines(q.c, u.OrderBy(byID()).Limit(2), "1 1 2; 2 2 3")
	t.wantLines(q.c, expr.UnionAll(q.from(1).Limit(1).Offset(1), first).OrderBy(byID()), "2 2 3; 3 3 4")
}

func operandOrders(t *T) {
	q := t.quads()
	part := func(n int64) expr.SelectStmt { return q.ordered().Where(q.id.Eq(n)) }
	u := expr.Union(part(2), part(3))
	t.wantLines(q.c, u.OrderBy(byID()), "2 2 3; 3 3 4")
	t.wantLines(q.c, u.OrderBy(byID()).Limit(1), "2 2 3")
}

func operandDistinct(t *T) {
	q := t.quads()
	t.exec(q.c, q.twice())
	part := func(n int64) expr.SelectStmt { return expr.Select(q.x, q.y).From(q).Where(q.x.Eq(n)).Distinct() }
	order := expr.Name[int64]("x").Asc()
	t.wantLines(q.c, expr.Union(part(2), part(3)).OrderBy(order).Limit(2), "2 3; 3 4")
	t.wantLines(q.c, expr.UnionAll(part(2), part(2), part(3)).OrderBy(order), "2 3; 2 3; 3 4")
}

// twice inserts a row that is like another one but for its key.
func (q *quads) twice() expr.InsertStmt {
	return expr.Insert(q).Values(q.id.Set(5), q.x.Set(2), q.y.Set(3))
}

func operandDerived(t *T) {
	q := t.quads()
	u := expr.Union(q.from(1).Limit(1), q.ordered().Where(q.id.Ge(2)).Limit(1)).As("u")
	id, x := expr.C[int64](u, "id"), expr.C[int64](u, "x")
	t.wantLines(q.c, expr.Select(id, x).From(u).OrderBy(id.Asc()).Limit(2), "2 2; 4 4")
	t.wantLines(q.c, expr.Select(id, x).From(u).OrderBy(id.Desc()).Limit(1), "4 4")
}

func operandFromDerived(t *T) {
	q := t.quads()
	part := func(name string, s expr.SelectStmt) expr.SelectStmt {
		d := s.Limit(1).As(name)
		return expr.Select(expr.C[int64](d, "id"), expr.C[int64](d, "y")).From(d)
	}
	u := expr.Union(part("a", q.from(1)), part("b", q.ordered().Where(q.id.Ge(2))))
	t.wantLines(q.c, u.OrderBy(byID()).Limit(2), "2 3; 4 5")
}
