package dialecttest

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var limitCases = []testCase{
	{name: "a limited scalar query stands twice", run: limitTwice},
	{name: "a slice from the beginning", run: limitFirst},
	{name: "a slice from within", run: limitSlice},
	{name: "a limit without an order", run: limitUnordered},
	{name: "a limit and an offset as literals", run: limitLiteral},
	{name: "a slice of a union as literals", run: limitUnionLiteral},
	{name: "a limit given by name", run: limitNamed},
	{name: "an offset given by name", run: limitNamedOffset},
	{name: "a limit and an offset given by name", run: limitNamedBoth},
	{name: "an offset that is calculated", needs: limitExprs, run: limitOffsetExpr},
	{name: "a limit that is calculated", needs: limitExprs, run: limitExpr},
	{name: "a limit and an offset that are calculated", needs: limitExprs, run: limitBothExpr},
	{name: "calculated from parameters", needs: limitExprs, run: limitCalculated},
	{name: "a limit, and an offset that is calculated", needs: limitExprs, run: limitPlainOffsetExpr},
	{name: "a limit that is calculated, and an offset", needs: limitExprs, run: limitExprPlainOffset},
	{name: "ties with the last row", needs: limitTies, run: limitWithTies},
	{name: "ties after an offset", needs: both(limitTies, tiesAfter), run: limitTiesOffset},
	{name: "no ties after an offset", needs: both(limitTies, tiesAfter), run: limitNoTies},
	{name: "a share of the rows", needs: limitShares, run: limitPercent},
	{name: "a share of the rows after an offset", needs: both(limitShares, tiesAfter), run: limitPercentOffset},
	{name: "a share of the rows with ties", needs: both(limitShares, limitTies), run: limitPercentTies},
	{name: "a share of the rows with ties after an offset", needs: both(both(limitShares, limitTies), tiesAfter), run: limitPercentTiesOffset},
	{name: "a limit that is calculated is refused where it is a number", needs: without("PlainLimit", func(f *dialect.Features) bool { return f.PlainLimit }), run: limitExprRefused},
	{name: "ties are refused where there are none", needs: without("WithTies", func(f *dialect.Features) bool { return !f.WithTies }), run: limitTiesRefused},
	{name: "a share of the rows is refused where there is none", needs: without("LimitPercent", func(f *dialect.Features) bool { return !f.LimitPercent }), run: limitPercentRefused},
	{name: "ties after an offset are refused where TOP has them", needs: without("Paging with TOP", func(f *dialect.Features) bool { return f.WithTies && f.Paging == dialect.TopOffsetFetch }), run: limitTopRefused},
}

var (
	limitExprs  = feature("PlainLimit being off", func(f *dialect.Features) bool { return !f.PlainLimit })
	limitTies   = feature("WithTies", func(f *dialect.Features) bool { return f.WithTies })
	limitShares = feature("LimitPercent", func(f *dialect.Features) bool { return f.LimitPercent })
	tiesAfter   = feature("Paging without TOP", func(f *dialect.Features) bool { return f.Paging != dialect.TopOffsetFetch })
)

// tied is a table of five rows, the last two of which are equal in x.
func (t *T) tied() *quads {
	t.Helper()
	q := t.quads()
	t.exec(q.c, expr.Insert(q).Values(q.id.Set(5), q.x.Set(4), q.y.Set(6)))
	return q
}

// rows is a statement over all of the table.
func (q *quads) rows() expr.SelectStmt { return expr.Select(q.id, q.x, q.y).From(q) }

// ordered is the same in the order of its key.
func (q *quads) ordered() expr.SelectStmt { return q.rows().OrderBy(q.id.Asc()) }

// wantSet checks which rows come, in any order, by their first column.
func (t *T) wantSet(c dialect.Conn, s dialect.Statement, want ...int64) {
	t.Helper()
	got := column[int64](t, c, s)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s\ngives the rows %v instead of %v", t.text(s), got, want)
	}
}

// unbound checks that a statement is sent without parameters.
func (t *T) unbound(s dialect.Statement) {
	t.Helper()
	q, err := dialect.Compile(t.d, s)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer q.Release()
	if n := len(q.Args()); n != 0 {
		t.Errorf("%s\nhas %d parameters", q.Text(), n)
	}
}

func limitTwice(t *T) {
	q := t.tied()
	first := expr.Scalar[int64](expr.Select(q.id).From(q).OrderBy(q.id.Asc()).Limit(1))
	both := expr.Union(expr.Select(first.As("n")), expr.Select(first.As("n"))).As("u")
	t.wantLines(q.c, expr.Select(expr.C[int64](both, "n")).From(both), "1")
	again := expr.UnionAll(expr.Select(first.As("n")), expr.Select(first.As("n"))).As("u")
	t.wantLines(q.c, expr.Select(expr.C[int64](again, "n")).From(again), "1; 1")
}

func limitFirst(t *T) {
	q := t.tied()
	t.wantLines(q.c, q.ordered().Slice(0, 2), "1 1 2; 2 2 3")
	t.wantLines(q.c, q.ordered().Slice(0, 3), "1 1 2; 2 2 3; 3 3 4")
}

func limitSlice(t *T) {
	q := t.tied()
	t.wantLines(q.c, q.ordered().Slice(1, 3), "2 2 3; 3 3 4")
	t.wantLines(q.c, q.ordered().Slice(2, 5), "3 3 4; 4 4 5; 5 4 6")
	t.wantLines(q.c, q.ordered().Slice(4, 9), "5 4 6")
}

func limitUnordered(t *T) {
	q := t.tied()
	t.wantSet(q.c, q.rows().Limit(10), 1, 2, 3, 4, 5)
	t.wantSet(q.c, q.rows().Limit(10).Offset(0), 1, 2, 3, 4, 5)
	if got := column[int64](t, q.c, q.rows().Limit(2)); len(got) != 2 || got[0] == got[1] {
		t.Errorf("a limit of 2 gives the rows %v", got)
	}
}

// number is a number in the text of a statement.
func number(n int64) expr.Expr[int64] { return expr.Literal(n) }

// sum is a calculation in the text of a statement.
func sum(a, b int64) expr.Expr[int64] { return expr.Add(number(a), number(b)) }

func limitLiteral(t *T) {
	q := t.tied()
	s := q.ordered().LimitExpr(number(2)).OffsetExpr(number(1))
	t.unbound(s)
	t.wantLines(q.c, s, "2 2 3; 3 3 4")
}

func limitUnionLiteral(t *T) {
	q := t.tied()
	part := func(n int64) expr.SelectStmt { return expr.Select(q.id).From(q).Where(expr.Ge(q.id, number(n))) }
	s := expr.Union(part(2), part(4)).OrderBy(expr.Name[int64]("id").Asc()).LimitExpr(number(2)).OffsetExpr(number(1))
	t.unbound(s)
	t.wantLines(q.c, s, "3; 4")
}

func limitNamed(t *T) {
	q := t.tied()
	s := q.ordered().LimitExpr(expr.Param[int64]("l"))
	t.wantLines(q.c, expr.WithValues(s, dialect.Named{"l": 2}), "1 1 2; 2 2 3")
	t.wantLines(q.c, expr.WithValues(s, dialect.Named{"l": 3}), "1 1 2; 2 2 3; 3 3 4")
}

func limitNamedOffset(t *T) {
	q := t.tied()
	s := q.ordered().OffsetExpr(expr.Param[int64]("o"))
	t.wantLines(q.c, expr.WithValues(s, dialect.Named{"o": 2}), "3 3 4; 4 4 5; 5 4 6")
	t.wantLines(q.c, expr.WithValues(s, dialect.Named{"o": 1}), "2 2 3; 3 3 4; 4 4 5; 5 4 6")
}

func limitNamedBoth(t *T) {
	q := t.tied()
	s := q.ordered().LimitExpr(expr.Param[int64]("l")).OffsetExpr(expr.Param[int64]("o"))
	t.wantLines(q.c, expr.WithValues(s, dialect.Named{"l": 2, "o": 1}), "2 2 3; 3 3 4")
	t.wantLines(q.c, expr.WithValues(s, dialect.Named{"l": 3, "o": 2}), "3 3 4; 4 4 5; 5 4 6")
}

func limitOffsetExpr(t *T) {
	q := t.tied()
	t.wantLines(q.c, q.ordered().OffsetExpr(sum(1, 2)), "4 4 5; 5 4 6")
}

func limitExpr(t *T) {
	q := t.tied()
	t.wantLines(q.c, q.ordered().LimitExpr(sum(1, 2)), "1 1 2; 2 2 3; 3 3 4")
}

func limitBothExpr(t *T) {
	q := t.tied()
	t.wantLines(q.c, q.ordered().LimitExpr(sum(1, 1)).OffsetExpr(sum(1, 1)), "3 3 4; 4 4 5")
}

func limitCalculated(t *T) {
	q := t.tied()
	n := expr.Param[int64]("n")
	s := q.ordered().LimitExpr(expr.Add(n, number(1))).OffsetExpr(expr.Mul(n, number(2)))
	t.wantLines(q.c, expr.WithValues(s, dialect.Named{"n": 1}), "3 3 4; 4 4 5")
	t.wantLines(q.c, expr.WithValues(s, dialect.Named{"n": 2}), "5 4 6")
}

func limitPlainOffsetExpr(t *T) {
	q := t.tied()
	t.wantLines(q.c, q.ordered().Limit(2).OffsetExpr(sum(1, 1)), "3 3 4; 4 4 5")
	t.wantLines(q.c, q.ordered().Limit(3).OffsetExpr(sum(1, 1)), "3 3 4; 4 4 5; 5 4 6")
}

func limitExprPlainOffset(t *T) {
	q := t.tied()
	t.wantLines(q.c, q.ordered().LimitExpr(sum(1, 1)).Offset(2), "3 3 4; 4 4 5")
	t.wantLines(q.c, q.ordered().LimitExpr(sum(1, 1)).Offset(1), "2 2 3; 3 3 4")
}

func limitWithTies(t *T) {
	q := t.tied()
	t.wantSet(q.c, q.rows().OrderBy(q.x.Desc()).Limit(1).WithTies(), 4, 5)
	t.wantSet(q.c, q.rows().OrderBy(q.x.Desc()).Limit(3).WithTies(), 3, 4, 5)
}

func limitTiesOffset(t *T) {
	q := t.tied()
	s := q.rows().OrderBy(q.x.Asc()).Limit(2).Offset(2).WithTies()
	t.wantSet(q.c, s, 3, 4, 5)
	if got := column[int64](t, q.c, s); len(got) == 0 || got[0] != 3 {
		t.Errorf("the rows come in the order %v", got)
	}
}

func limitNoTies(t *T) {
	q := t.tied()
	t.wantLines(q.c, q.rows().OrderBy(q.x.Asc()).Limit(2).Offset(1).WithTies(), "2 2 3; 3 3 4")
	t.wantSet(q.c, q.rows().OrderBy(q.x.Asc()).Limit(3).Offset(3).WithTies(), 4, 5)
}

func limitPercent(t *T) {
	q := t.tied()
	t.wantLines(q.c, q.ordered().LimitPercent(20), "1 1 2")
	t.wantLines(q.c, q.ordered().LimitPercent(21), "1 1 2; 2 2 3")
}

func limitPercentOffset(t *T) {
	q := t.tied()
	t.wantLines(q.c, q.ordered().LimitPercent(40).Offset(1), "2 2 3; 3 3 4")
}

func limitPercentTies(t *T) {
	q := t.tied()
	t.wantSet(q.c, q.rows().OrderBy(q.x.Desc()).LimitPercent(20).WithTies(), 4, 5)
}

func limitPercentTiesOffset(t *T) {
	q := t.tied()
	s := q.rows().OrderBy(q.x.Asc()).LimitPercent(40).Offset(2).WithTies()
	t.wantSet(q.c, s, 3, 4, 5)
	if got := column[int64](t, q.c, s); len(got) == 0 || got[0] != 3 {
		t.Errorf("the rows come in the order %v", got)
	}
}

// refuses checks that statements are refused before anything is sent.
func (t *T) refuses(c dialect.Conn, list ...dialect.Statement) {
	t.Helper()
	for _, s := range list {
		if q, err := dialect.Compile(t.d, s); err == nil {
			t.Errorf("%s\nis sent, where it must be refused", q.Text())
			q.Release()
			continue
		}
		_, err := t.tryExec(t.ctx, c, s)
		t.wantKind(err, dialect.ErrUnsupported)
	}
}

func limitExprRefused(t *T) {
	q := t.tied()
	t.refuses(q.c, q.ordered().LimitExpr(sum(1, 1)), q.ordered().Limit(2).OffsetExpr(sum(1, 1)), q.ordered().LimitExpr(expr.Add(expr.Param("n", int64(1)), number(1))))
}

func limitTiesRefused(t *T) {
	q := t.tied()
	t.refuses(q.c, q.rows().OrderBy(q.x.Desc()).Limit(1).WithTies(), q.rows().OrderBy(q.x.Desc()).Limit(1).Offset(1).WithTies())
}

func limitPercentRefused(t *T) {
	q := t.tied()
	t.refuses(q.c, q.ordered().LimitPercent(20), q.ordered().LimitPercent(20).Offset(1))
}

func limitTopRefused(t *T) {
	q := t.tied()
	t.refuses(q.c, q.ordered().Limit(2).Offset(2).WithTies(), q.ordered().LimitPercent(40).Offset(1), q.ordered().LimitPercent(40).Offset(2).WithTies())
}
