package dialecttest

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var (
	withCTE   = feature("CTE", func(f *dialect.Features) bool { return f.CTE })
	cteWrites = feature("CTEUpdate", func(f *dialect.Features) bool { return f.CTE && f.CTEUpdate })
	cteScalar = feature("CTEUpdate or CTENested", func(f *dialect.Features) bool { return f.CTE && (f.CTEUpdate || f.CTENested) })
)

var cteCases = []testCase{
	{name: "an INSERT of the rows of one", needs: withCTE, run: cteInsert},
	{name: "an UPDATE beside one", needs: cteWrites, run: cteUpdate},
	{name: "a DELETE beside one", needs: cteWrites, run: cteDelete},
	{name: "a DELETE by a scalar query of one", needs: cteScalar, run: cteDeleteScalar},
	{name: "rows of values", needs: withCTE, run: cteValues},
	{name: "an UPDATE beside one is refused before sending where there is none",
		needs: without("CTEUpdate", func(f *dialect.Features) bool { return !f.CTEUpdate }), run: cteRefused},
}

// tree is a table (id, name, parent) whose rows are below each other.
type tree struct {
	expr.Table
	id, parent expr.Col[int64]
	name       expr.Col[string]
}

// trees makes the tree 1, 2 and 3 below 1, 4 and 5 below 3, called d1 to d5; a
// copy of it; and the common table of its rows 2 to 4.
func (t *T) trees() (from, to *tree, cte expr.Table, c dialect.Conn) {
	t.Helper()
	columns := []col{key, {"name", varchar, ""}, {"parent", integer, ""}}
	one := func() *tree {
		table := tableOf(t.table(columns[0], columns[1], columns[2]), columns...)
		return &tree{table, expr.C[int64](table, "id"), expr.C[int64](table, "parent"), expr.C[string](table, "name")}
	}
	from, to, c = one(), one(), t.conn()
	for _, table := range []*tree{from, to} {
		t.insertMany(table, []expr.AnyColumn{table.id, table.name, table.parent},
			[]any{1, "d1", nil}, []any{2, "d2", 1}, []any{3, "d3", 1}, []any{4, "d4", 3}, []any{5, "d5", 3})
	}
	cte = expr.CTE("some_rows", expr.Select(from.id, from.name, from.parent).From(from).Where(from.name.In("d2", "d3", "d4")))
	return from, to, cte, c
}

func (r *tree) all() expr.SelectStmt {
	return expr.Select(r.id, r.name, r.parent).From(r).OrderBy(r.id.Asc())
}

func cteInsert(t *T) {
	_, to, cte, c := t.trees()
	t.exec(c, expr.Delete(to).EveryRow())
	t.exec(c, expr.Insert(to).With(cte).Columns(to.id, to.name, to.parent).FromSelect(expr.Select(expr.Columns(cte)...).From(cte)))
	t.wantLines(c, to.all(), "2 d2 1; 3 d3 1; 4 d4 3")
}

func besideCTE(to *tree, cte expr.Table) expr.UpdateStmt {
	return expr.Update(to).With(cte).Set(to.parent.Set(5)).From(cte).Where(expr.Eq(to.name, expr.C[string](cte, "name")))
}

func cteUpdate(t *T) {
	_, to, cte, c := t.trees()
	t.exec(c, besideCTE(to, cte))
	t.wantLines(c, to.all(), "1 d1 NULL; 2 d2 5; 3 d3 5; 4 d4 5; 5 d5 3")
}

func cteRefused(t *T) {
	_, to, cte, c := t.trees()
	_, err := t.tryExec(t.ctx, c, besideCTE(to, cte))
	t.wantKind(err, dialect.ErrUnsupported)
	t.wantLines(c, to.all(), "1 d1 NULL; 2 d2 1; 3 d3 1; 4 d4 3; 5 d5 3")
}

func cteDelete(t *T) {
	_, to, cte, c := t.trees()
	t.exec(c, expr.Delete(to).With(cte).Using(cte).Where(expr.Eq(to.name, expr.C[string](cte, "name"))))
	t.wantLines(c, to.all(), "1 d1 NULL; 5 d5 3")
}

func cteDeleteScalar(t *T) {
	_, to, cte, c := t.trees()
	name := expr.Scalar[string](expr.Select(expr.C[string](cte, "name")).From(cte).Where(expr.Eq(expr.C[int64](cte, "id"), to.id)))
	t.exec(c, expr.Delete(to).With(cte).Where(expr.Eq[string](to.name, name)))
	t.wantLines(c, to.all(), "1 d1 NULL; 5 d5 3")
}

func cteValues(t *T) {
	c := t.conn()
	columns := []expr.ColumnDef{expr.Def[string]("col1"), expr.Def[int64]("col2")}
	rows := expr.Values(columns, []any{"a", 2}, []any{"b", 3})
	named := rows.As("some_name")
	for _, cte := range []expr.Table{
		expr.CTE("cte1", rows),
		expr.CTE("cte1", rows, "col1", "col2"),
		expr.CTE("cte1", expr.Select(expr.Columns(named)...).From(named)),
		expr.CTE("cte1", expr.UnionAll(expr.Select(expr.Literal("a").As("col1"), expr.Literal(int64(2)).As("col2")),
			expr.Select(expr.Literal("b").As("col1"), expr.Literal(int64(3)).As("col2")))),
	} {
		a, b := expr.C[string](cte, "col1"), expr.C[int64](cte, "col2")
		t.wantLines(c, expr.Select(a, b).From(cte).With(cte).OrderBy(a.Asc()), "a 2; b 3")
	}
}
