package dialecttest

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var viewCases = []testCase{
	{name: "a table and a view of a query, also in a schema", run: viewPlain},
	{name: "tables and views of a query are created and dropped with their source", run: viewWithSource},
	{name: "labels become columns", run: viewLabels},
	{name: "a table of a query if it is not there", needs: feature("IfNotExists without DDL.SelectInto", func(f *dialect.Features) bool { return f.IfNotExists && !f.DDL.SelectInto }), run: viewIfNotExists},
	{name: "a view in the place of another", needs: feature("DDL.ReplaceView", func(f *dialect.Features) bool { return f.DDL.ReplaceView != "" }), run: viewReplaced},
	{name: "a materialized view", needs: feature("DDL.MaterializedViews", func(f *dialect.Features) bool { return f.DDL.MaterializedViews }), run: viewMaterialized},
	{name: "values within the query become literals", run: viewLiterals},
	{name: "values of every kind within the query", run: viewValues},
	{name: "a union", run: viewUnion},
	{name: "a view of a view, made and dropped in order", run: viewOfView},
}

// source makes a table with three rows.
func (t *T) source(home string) (table *schema.Dynamic, id expr.Col[int64], name expr.Col[string], value expr.Col[int64]) {
	t.Helper()
	table = t.defined(home+t.newName(), schema.Integer("id").PrimaryKey(), schema.Varchar("name", 50).Null(), schema.Integer("value").Null())
	id, name, value = schema.C[int64](table, "id"), schema.C[string](table, "name"), schema.C[int64](table, "value")
	t.insertMany(table, []expr.AnyColumn{id, name, value}, []any{1, "alice", 100}, []any{2, "bob", 200}, []any{3, "charlie", 300})
	return table, id, name, value
}

// derived makes a table and a view of a query and checks what they hold.
func (t *T) derived(home string, q expr.Query, columns, want string) {
	t.Helper()
	for _, view := range []bool{false, true} {
		name := t.newName()
		if view {
			t.exec(t.adminConn(), schema.CreateView(home+name, q))
			t.drops = append(t.drops, schema.DropView(home+name))
		} else {
			t.exec(t.adminConn(), schema.CreateTableAs(home+name, q))
			t.drops = append(t.drops, schema.DropTable(schema.New(home+name, schema.Integer("x"))))
		}
		var cols []expr.Any
		made := made(home+name, strings.Fields(columns)...)
		for _, c := range strings.Fields(columns) {
			cols = append(cols, made.Col(c))
		}
		t.wantLines(t.conn(), expr.Select(cols...).From(made).OrderBy(made.Col(strings.Fields(columns)[0]).Asc()), want)
		if i, ok := dialect.As[dialect.Inspector](t.d); ok && i != nil {
			var names []string
			for _, c := range t.info(t.inspect().In(strings.TrimSuffix(home, ".")), name).Columns {
				names = append(names, c.Name)
			}
			if got := strings.Join(names, " "); got != columns {
				t.Errorf("the columns are %q instead of %q", got, columns)
			}
		}
	}
}

// made is a table of those columns, of any types.
func made(name string, columns ...string) *schema.Dynamic {
	var parts []schema.Part
	for _, c := range columns {
		parts = append(parts, schema.NewColumn(c, dialect.Type{Kind: dialect.Native, Name: "x"}).Null())
	}
	return schema.New(name, parts...)
}

func viewPlain(t *T) {
	homes := []string{""}
	if t.f.DDL.CreateSchema {
		homes = append(homes, string(t.schema())+".")
	}
	for _, home := range homes {
		table, id, name, value := t.source(home)
		t.derived(home, expr.Select(id, name).From(table).Where(value.Gt(100)), "id name", "2 bob; 3 charlie")
	}
}

func viewWithSource(t *T) {
	source := schema.New(t.newName(), schema.Integer("id").PrimaryKey(), schema.Varchar("name", 50).Null())
	meta := schema.NewMetadata(source)
	if err := meta.CreateAll(t.ctx, t.shared()); err != nil {
		t.Fatalf("%v", err)
	}
	v, copied := t.newName(), t.newName()
	q := expr.Select(expr.Columns(source)...).From(source)
	t.exec(t.adminConn(), schema.CreateView(v, q))
	t.exec(t.adminConn(), schema.CreateTableAs(copied, q))
	for _, n := range []string{v, copied} {
		table := made(n, "id")
		t.wantLines(t.conn(), expr.Select(table.Col("id")).From(table), "")
	}
	t.exec(t.adminConn(), schema.DropView(v))
	t.exec(t.adminConn(), schema.DropTable(made(copied, "id")))
	if err := meta.DropAll(t.ctx, t.shared()); err != nil {
		t.Fatalf("%v", err)
	}
	for _, n := range []string{source.Info().Name, copied} {
		t.gone(made(n, "id"))
	}
	err := t.drain(t.ctx, t.conn(), say{"SELECT * FROM ", ident(v)})
	t.wantKind(err, dialect.ErrUndefinedTable)
}

func viewLabels(t *T) {
	table, id, name, _ := t.source("")
	t.derived("", expr.Select(id.As("user_id"), name.As("user_name")).From(table).Where(id.Eq(1)), "user_id user_name", "1 alice")
}

func viewIfNotExists(t *T) {
	table, id, name, _ := t.source("")
	dest := t.newName()
	for _, want := range []int64{1, 2} {
		t.exec(t.adminConn(), schema.CreateTableAs(dest, expr.Select(id, name).From(table).Where(id.Eq(want)), schema.IfNotExists))
	}
	d := made(dest, "id", "name")
	t.drops = append(t.drops, schema.DropTable(d))
	t.wantLines(t.conn(), expr.Select(d.Col("id"), d.Col("name")).From(d), "1 alice")
}

func viewReplaced(t *T) {
	table, id, name, value := t.source("")
	v := t.newName()
	t.drops = append(t.drops, schema.DropView(v))
	d := made(v, "id", "name")
	for _, x := range []struct {
		min  int64
		want string
	}{{0, "1 alice; 2 bob; 3 charlie"}, {250, "3 charlie"}} {
		t.exec(t.adminConn(), schema.CreateView(v, expr.Select(id, name).From(table).Where(value.Gt(x.min)), schema.OrReplace))
		t.wantLines(t.conn(), expr.Select(d.Col("id"), d.Col("name")).From(d).OrderBy(d.Col("id").Asc()), x.want)
	}
}

func viewMaterialized(t *T) {
	table, id, name, value := t.source("")
	v := t.newName()
	t.exec(t.adminConn(), schema.CreateMaterializedView(v, expr.Select(id, name).From(table).Where(value.Gt(100))))
	d := made(v, "id", "name")
	t.exec(t.adminConn(), expr.Delete(table).Where(id.Eq(3)))
	t.wantLines(t.conn(), expr.Select(d.Col("id"), d.Col("name")).From(d).OrderBy(d.Col("id").Asc()), "2 bob; 3 charlie")
	t.exec(t.adminConn(), schema.DropMaterializedView(v))
	t.gone(d)
}

func viewLiterals(t *T) {
	table, id, name, value := t.source("")
	q := expr.Select(id, name, expr.Value("it's % \\ :x ?").As("status"), value.Add(7).As("more")).From(table).Where(name.Eq("bob"))
	t.derived("", q, "id name status more", "2 bob it's % \\ :x ? 207")
}

func viewValues(t *T) {
	table, id, name, value := t.source("")
	q := expr.Select(id, name).From(table).Where(value.Between(150, 250), name.In("bob", "it's"), name.Contains("o"))
	t.derived("", q, "id name", "2 bob")
}

func viewUnion(t *T) {
	table, id, name, _ := t.source("")
	part := func(n int64) expr.SelectStmt { return expr.Select(id, name).From(table).Where(id.Eq(n)) }
	t.derived("", expr.Union(part(1), part(3)), "id name", "1 alice; 3 charlie")
}

func viewOfView(t *T) {
	table, id, name, value := t.source("")
	first, second := t.newName(), t.newName()
	t.exec(t.adminConn(), schema.CreateView(first, expr.Select(id, name, value).From(table).Where(value.Gt(100))))
	t.drops = append(t.drops, schema.DropView(first))
	v := made(first, "id", "name", "value")
	t.exec(t.adminConn(), schema.CreateView(second, expr.Select(v.Col("id"), v.Col("name")).From(v).Where(expr.C[int64](v, "value").Gt(200))))
	t.drops = append(t.drops, schema.DropView(second))
	w := made(second, "id", "name")
	t.wantLines(t.conn(), expr.Select(w.Col("id"), w.Col("name")).From(w), "3 charlie")
}
