package dialecttest

import (
	"fmt"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var pagingCases = []testCase{
	{name: "a limit", run: pagingLimit},
	{name: "an offset", run: pagingOffset},
	{name: "a limit and an offset", run: pagingBoth},
	{name: "beyond the end, and nothing at all", run: pagingEdges},
	{name: "pages cover all rows, each once", run: pagingCover},
	{name: "the same statement gives other pages", run: pagingAgain},
	{name: "a limit within a derived table", run: pagingDerived},
	{name: "a limit on a union", run: pagingUnion},
	{name: "a limit with DISTINCT and GROUP BY", run: pagingGrouped},
}

// page is a statement over a table of the numbers 1 to 9.
func (t *T) page() (c dialect.Conn, id expr.Col[int64], base expr.SelectStmt) {
	t.Helper()
	c, table, id := t.nine()
	return c, id, expr.Select(id).From(table).OrderBy(id.Asc())
}

// nine is the table.
func (t *T) nine() (c dialect.Conn, table expr.Table, id expr.Col[int64]) {
	t.Helper()
	c = t.conn()
	table = expr.NewTable(expr.TableDef{Name: string(t.numbers(c, 9)), Columns: []expr.ColumnDef{{Name: "id", Type: &integer, PrimaryKey: true}}})
	return c, table, expr.C[int64](table, "id")
}

func pagingLimit(t *T) {
	c, _, s := t.page()
	t.wantLines(c, s.Limit(3), "1; 2; 3")
}

func pagingOffset(t *T) {
	c, _, s := t.page()
	t.wantLines(c, s.Offset(6), "7; 8; 9")
	t.wantLines(c, s.Offset(0), "1; 2; 3; 4; 5; 6; 7; 8; 9")
}

func pagingBoth(t *T) {
	c, id, s := t.page()
	t.wantLines(c, s.Limit(2).Offset(3), "4; 5")
	t.wantLines(c, s.Limit(2).Offset(0), "1; 2")
	t.wantLines(c, s.Where(id.Gt(4)).Limit(2).Offset(1), "6; 7")
}

func pagingEdges(t *T) {
	c, _, s := t.page()
	t.wantLines(c, s.Limit(100), "1; 2; 3; 4; 5; 6; 7; 8; 9")
	t.wantLines(c, s.Limit(2).Offset(8), "9")
	t.wantLines(c, s.Limit(2).Offset(9), "")
	t.wantLines(c, s.Offset(100), "")
	t.wantLines(c, s.Limit(0), "")
}

func pagingCover(t *T) {
	c, _, s := t.page()
	var got []string
	for from := int64(0); from < 9; from += 4 {
		got = append(got, t.lines(c, s.Limit(4).Offset(from)))
	}
	if all := strings.Join(got, "; "); all != "1; 2; 3; 4; 5; 6; 7; 8; 9" {
		t.Errorf("the pages have %s", all)
	}
}

func pagingAgain(t *T) {
	c, _, s := t.page()
	for i := int64(1); i <= 9; i++ {
		t.wantLines(c, s.Limit(1).Offset(i-1), fmt.Sprint(i))
	}
}

func pagingDerived(t *T) {
	c, _, s := t.page()
	first := s.Limit(3).As("first")
	id := expr.C[int64](first, "id")
	t.wantLines(c, expr.Select(id).From(first).OrderBy(id.Desc()), "3; 2; 1")
	t.wantLines(c, expr.Select(id).From(first).OrderBy(id.Desc()).Limit(1), "3")
}

func pagingUnion(t *T) {
	c, table, id := t.nine()
	part := func(cond expr.Cond) expr.SelectStmt { return expr.Select(id).From(table).Where(cond) }
	u := expr.UnionAll(part(id.Le(3)), part(id.Ge(8)))
	t.wantLines(c, u.OrderBy(expr.Name[int64]("id").Desc()).Limit(3), "9; 8; 3")
	t.wantLines(c, u.OrderBy(expr.Name[int64]("id").Asc()).Limit(2).Offset(2), "3; 8")
}

func pagingGrouped(t *T) {
	c, table, id := t.nine()
	rest := id.Mod(3)
	q := expr.Select(rest.As("rest"), expr.Count(id).As("n")).From(table).GroupBy(rest).OrderBy(expr.Name[int64]("rest").Asc())
	t.wantLines(c, q, "0 3; 1 3; 2 3")
	t.wantLines(c, q.Limit(2).Offset(1), "1 3; 2 3")
	t.wantLines(c, expr.Select(rest.As("rest")).From(table).Distinct().OrderBy(expr.Name[int64]("rest").Asc()).Limit(2), "0; 1")
}
