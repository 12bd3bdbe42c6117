package dialecttest

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var selectCases = []testCase{
	{name: "a join on a key", run: func(t *T) { joined5(t, 0) }},
	{name: "a join on what is always true", run: func(t *T) { joined5(t, 1) }},
	{name: "a join on what is never true", run: func(t *T) { joined5(t, 2) }},
	{name: "an outer join on what is never true", run: func(t *T) { joined5(t, 3) }},
	{name: "an outer join on a key", run: func(t *T) { joined5(t, 4) }},
	{name: "EXISTS where there is a row", run: func(t *T) { existsRow(t, "two", "1; 2") }},
	{name: "EXISTS where there is none", run: func(t *T) { existsRow(t, "none", "") }},
	{name: "an order by another collation", needs: feature("ByteCollation", func(f *dialect.Features) bool { return f.ByteCollation != "" }), run: selectCollate},
	{name: "a union, and a query of it", run: selectUnion},
	{name: "IS DISTINCT FROM and its opposite", run: selectDistinctFrom},
}

func joined5(t *T, which int) {
	a, c := t.stock()
	t.wantLines(c, a.all(), "1 one 10; 2 two 20")
	b := expr.As(a, "b")
	bid := expr.C[int64](b, "id")
	key := expr.Eq(a.id, bid)
	q := expr.Select(a.id, bid).From(a)
	second := expr.And(key, bid.Eq(2))
	stmts := []expr.SelectStmt{q.Join(b, key), q.Join(b, expr.Always()), q.Join(b, expr.Never()), q.LeftJoin(b, expr.Never()), q.LeftJoin(b, second)}
	want := []string{"1 1; 2 2", "1 1; 1 2; 2 1; 2 2", "", "1 NULL; 2 NULL", "1 NULL; 2 2"}
	t.wantLines(c, stmts[which].OrderBy(a.id.Asc(), bid.Asc()), want[which])
}

func existsRow(t *T, name, want string) {
	a, c := t.stock()
	t.wantLines(c, a.all(), "1 one 10; 2 two 20")
	b := expr.As(a, "b")
	q := expr.Exists(expr.Select(expr.C[int64](b, "id")).From(b).Where(expr.C[string](b, "name").Eq(name)))
	t.wantLines(c, expr.Select(a.id).From(a).Where(q).OrderBy(a.id.Asc()), want)
}

func selectCollate(t *T) {
	s := t.shelfOf(varchar, "b", "A", "a", "B")
	table := s.exprTable()
	v := expr.C[string](table, "v")
	t.wantLines(s.c, expr.Select(v).From(table).OrderBy(expr.Collate(v, "C").Asc()), "A; B; a; b")
}

func selectUnion(t *T) {
	a, c := t.stock()
	part := func(id int64) expr.SelectStmt { return expr.Select(a.id, a.name).From(a).Where(a.id.Eq(id)) }
	u := expr.Union(part(1), part(2))
	t.wantLines(c, u.OrderBy(expr.Name[int64]("id").Asc()), "1 one; 2 two")
	from := u.As("u")
	id := expr.C[int64](from, "id")
	t.wantLines(c, expr.Select(id).From(from).OrderBy(id.Desc()), "2; 1")
}

func selectDistinctFrom(t *T) {
	table := t.table(key, col{"a", integer, ""}, col{"b", integer, ""})
	c := t.conn()
	t.insert(c, table, []string{"id", "a", "b"}, []any{1, 5, 5}, []any{2, 5, 6}, []any{3, 5, nil}, []any{4, nil, nil})
	from := tableOf(table, key, col{"a", integer, ""}, col{"b", integer, ""})
	id, a, b := expr.C[int64](from, "id"), expr.C[int64](from, "a"), expr.C[int64](from, "b")
	t.wantLines(c, expr.Select(id).From(from).Where(expr.IsDistinctFrom(a, b)).OrderBy(id.Asc()), "2; 3")
	t.wantLines(c, expr.Select(id).From(from).Where(expr.IsNotDistinctFrom(a, b)).OrderBy(id.Asc()), "1; 4")
}
