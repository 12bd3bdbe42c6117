package dialecttest

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var (
	reflects      = need{"dialect.Inspector", func(tg *target) bool { _, ok := dialect.As[dialect.Inspector](tg.d); return ok }}
	inSchema      = both(reflects, makesSchemas)
	makesSchemas  = feature("DDL.CreateSchema", func(f *dialect.Features) bool { return f.DDL.CreateSchema })
	ofTemporaries = both(reflects, feature("DDL.TemporarySchema", func(f *dialect.Features) bool { return f.DDL.TemporarySchema != "" }))
)

var namesCases = []testCase{
	{name: "a table is there, and others are not", needs: reflects, run: reflectHas},
	{name: "several names at once", needs: reflects, run: reflectHasSeveral},
	{name: "a cached answer stays until it is cleared", needs: reflects, run: reflectHasCached},
	{name: "a table in a schema of its own", needs: inSchema, run: reflectHasInSchema},
	{name: "several names in a schema of its own", needs: inSchema, run: reflectHasSeveralInSchema},
	{name: "a schema that is not there has no tables", needs: inSchema, run: reflectNoSchema},
	{name: "a view is found by its name", needs: reflects, run: reflectHasView},
	{name: "a temporary table is found by its name", needs: ofTemporaries, run: reflectHasTemporary},
	{name: "a temporary view is found by its name", needs: both(ofTemporaries, feature("DDL.TemporaryViews", func(f *dialect.Features) bool { return f.DDL.TemporaryViews })), run: reflectHasTemporaryView},
	{name: "a view in a schema of its own", needs: inSchema, run: reflectHasViewInSchema},
	{name: "an index is found by its table and name", needs: reflects, run: reflectHasIndex},
	{name: "an index in a schema of its own", needs: inSchema, run: reflectHasIndexInSchema},
	{name: "schemas are listed", needs: inSchema, run: reflectSchemas},
	{name: "a schema is there or not", needs: inSchema, run: reflectHasSchema},
	{name: "schemas are listed as they are where statements name others", needs: inSchema, run: reflectSchemasReplaced},
	{name: "a schema is there as it is where statements name others", needs: inSchema, run: reflectHasSchemaReplaced},
	{name: "a cached list of schemas stays until it is cleared", needs: inSchema, run: reflectSchemasCached},
	{name: "the first question on a new Engine is answered", needs: reflects, run: reflectFresh},
	{name: "the session's own schema", needs: reflects, run: reflectDefaultSchema},
	{name: "names of tables are in order, without views", needs: reflects, run: reflectTableNames},
	{name: "names of views are in order, without tables", needs: reflects, run: reflectViewNames},
	{name: "names of temporary tables", needs: ofTemporaries, run: reflectTemporaryNames},
	{name: "names of temporary views", needs: both(ofTemporaries, feature("DDL.TemporaryViews", func(f *dialect.Features) bool { return f.DDL.TemporaryViews })), run: reflectTemporaryViewNames},
	{name: "a table that is not there is an error that names it", needs: reflects, run: reflectMissing},
	{name: "what is no table is not taken for one", needs: reflects, run: reflectNoTable},
	{name: "tables and views become tables of statements", needs: reflects, run: reflectMetadata},
	{name: "a name in lower case that needs quotes keeps them", needs: both(reflects, feature("FoldUpper", func(f *dialect.Features) bool { return f.FoldUpper })), run: reflectForcedLower},
	{name: "names in lower case are listed as they are", needs: both(reflects, feature("FoldUpper", func(f *dialect.Features) bool { return f.FoldUpper })), run: reflectLowerNames},
}

// inspect is an Inspector of the session's own schema.
func (t *T) inspect() *schema.Inspector { return schema.NewInspector(t.shared()) }

// defined makes a table and drops it in the end. A name may have a schema
// before it.
func (t *T) defined(name string, parts ...schema.Part) *schema.Dynamic {
	t.Helper()
	table := schema.New(name, parts...)
	for i, s := range t.creating(table) {
		t.exec(t.adminConn(), s)
		if i == 0 {
			t.drops = append(t.drops, schema.DropTable(table))
		}
	}
	return table
}

// creating are the statements that make a table with its indexes and comments.
func (t *T) creating(table *schema.Dynamic) []dialect.Statement {
	t.Helper()
	list, err := schema.CreateStatements(schema.NewMetadata(table), t.d)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return list
}

// simple makes a table (id, data) of that name.
func (t *T) simple(name string) *schema.Dynamic {
	t.Helper()
	return t.defined(name, schema.Integer("id").PrimaryKey(), schema.Varchar("data", 50).Null())
}

// view makes a view of all columns of a table.
func (t *T) view(name string, table *schema.Dynamic) {
	t.Helper()
	t.exec(t.adminConn(), schema.CreateView(name, expr.Select(expr.Columns(table)...).From(table)))
	t.drops = append(t.drops, schema.DropView(name))
}

// info reads a table or a view.
func (t *T) info(i *schema.Inspector, name string) *dialect.TableInfo {
	t.Helper()
	info, err := i.Table(t.ctx, name)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return info
}

// wantTables checks which names an Inspector finds.
func (t *T) wantTables(i *schema.Inspector, want map[string]bool) {
	t.Helper()
	for name, there := range want {
		if got, err := i.HasTable(t.ctx, name); err != nil || got != there {
			t.Errorf("the table %q is there: %v instead of %v (%v)", name, got, there, err)
		}
	}
}

// mine are the names among list that this run has made, in their order.
func (t *T) mine(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(n string) bool { return !strings.HasPrefix(n, t.prefix) })
}

// wantNames checks a list of names, of which those of others do not count.
func (t *T) wantNames(what string, got []string, err error, want ...string) {
	t.Helper()
	slices.Sort(want)
	if list := t.mine(got); err != nil || !slices.Equal(list, want) {
		t.Errorf("%s: %v instead of %v (%v)", what, list, want, err)
	}
}

func reflectHas(t *T) {
	name := t.newName()
	t.simple(name)
	t.wantTables(t.inspect(), map[string]bool{name: true, name + "s": false, "nonexistent_table": false})
}

func reflectHasSeveral(t *T) {
	a, b, c := t.newName(), t.newName(), t.newName()
	t.simple(a)
	t.simple(c)
	t.wantTables(t.inspect().Cached(), map[string]bool{a: true, b: false, c: true, "nonexistent_table": false})
}

func reflectHasCached(t *T) {
	a, b := t.newName(), t.newName()
	t.simple(a)
	i := t.inspect().Cached()
	t.wantTables(i, map[string]bool{a: true, b: false})
	t.simple(b)
	t.wantTables(i, map[string]bool{a: true, b: false})
	i.Clear()
	t.wantTables(i, map[string]bool{a: true, b: true})
}

func reflectHasInSchema(t *T) {
	home, here, there := string(t.schema()), t.newName(), t.newName()
	t.simple(here)
	t.simple(home + "." + there)
	t.wantTables(t.inspect().In(home), map[string]bool{here: false, there: true, "nonexistent_table": false})
	t.wantTables(t.inspect(), map[string]bool{here: true, there: false})
}

func reflectHasSeveralInSchema(t *T) {
	home, here, there := string(t.schema()), t.newName(), t.newName()
	t.simple(here)
	t.simple(home + "." + there)
	t.wantTables(t.inspect().Cached().In(home), map[string]bool{here: false, there: true, "nonexistent_table": false})
}

func reflectNoSchema(t *T) {
	name, nowhere := t.newName(), t.newName()
	t.simple(name)
	i := t.inspect().In(nowhere)
	t.wantTables(i, map[string]bool{name: false})
	if list, err := i.TableNames(t.ctx); err != nil || len(list) != 0 {
		t.Errorf("a schema that is not there has the tables %v (%v)", list, err)
	}
	_, err := i.Table(t.ctx, name)
	t.wantKind(err, dialect.ErrUndefinedTable)
}

func reflectHasView(t *T) {
	name, v := t.newName(), t.newName()
	t.view(v, t.simple(name))
	t.wantTables(t.inspect(), map[string]bool{name: true, v: true})
	if info := t.info(t.inspect(), v); !info.Kind.IsView() {
		t.Errorf("the view is a %s", info.Kind)
	}
}

// temporary makes a temporary table on a connection of its own and gives an
// Inspector of it.
func (t *T) temporary(f func(c *engine.Conn, i *schema.Inspector, table *schema.Dynamic), parts ...schema.Part) {
	t.Helper()
	name := t.newName()
	if p := t.f.DDL.TemporaryPrefix; p != "" {
		name = p + name
	}
	parts = append([]schema.Part{schema.Temporary(), schema.Integer("id").PrimaryKey(), schema.Varchar("name", 50).Null()}, parts...)
	table := schema.New(name, parts...)
	t.on(t.engine(engine.WithPoolSize(1)), func(c *engine.Conn) {
		for _, s := range t.creating(table) {
			t.run2(c, s)
		}
		f(c, schema.NewInspector(c).In(t.f.DDL.TemporarySchema), table)
	})
}

func reflectHasTemporary(t *T) {
	t.temporary(func(_ *engine.Conn, i *schema.Inspector, table *schema.Dynamic) {
		name := table.Info().Name
		t.wantTables(i, map[string]bool{name: true, name + "x": false})
		t.wantTables(t.inspect(), map[string]bool{name: false})
	})
}

// temporaryView makes a view of a temporary table.
func (t *T) temporaryView(c *engine.Conn, table *schema.Dynamic) string {
	t.Helper()
	v := t.newName()
	t.run2(c, say{"CREATE " + t.f.DDL.Temporary + " VIEW ", ident(v), " AS SELECT * FROM ", ident(table.Info().Name)})
	return v
}

func reflectHasTemporaryView(t *T) {
	t.temporary(func(c *engine.Conn, i *schema.Inspector, table *schema.Dynamic) {
		v := t.temporaryView(c, table)
		t.wantTables(i, map[string]bool{v: true})
		if info := t.info(i, v); !info.Kind.IsView() {
			t.Errorf("the view is a %s", info.Kind)
		}
	})
}

func reflectHasViewInSchema(t *T) {
	home, name, v := string(t.schema()), t.newName(), t.newName()
	t.view(home+"."+v, t.simple(home+"."+name))
	t.wantTables(t.inspect().In(home), map[string]bool{v: true, name: true})
	t.wantTables(t.inspect(), map[string]bool{v: false, name: false})
}

// hasIndex reports whether a table has an index of that name.
func (t *T) hasIndex(i *schema.Inspector, table, index string) bool {
	t.Helper()
	info, err := i.Table(t.ctx, table)
	if err != nil {
		t.wantKind(err, dialect.ErrUndefinedTable)
		return false
	}
	return slices.ContainsFunc(info.Indexes, func(x dialect.IndexInfo) bool { return x.Name == index })
}

func (t *T) wantIndexes(i *schema.Inspector, home string) {
	t.Helper()
	name, idx, later := t.newName(), t.newName(), t.newName()
	table := t.defined(home+name, schema.Integer("id").PrimaryKey(), schema.Varchar("data", 50).Null(), schema.Varchar("data2", 50).Null(), schema.IndexOn(idx, "data"))
	for _, x := range []struct {
		table, index string
		want         bool
	}{{name, idx, true}, {name, idx + "s", false}, {"nonexistent_table", idx, false}, {name, later, false}} {
		if got := t.hasIndex(i, x.table, x.index); got != x.want {
			t.Errorf("the index %q of %q is there: %v", x.index, x.table, got)
		}
	}
	cached := i.Cached()
	if t.hasIndex(cached, name, later) {
		t.Errorf("an index is there before it was made")
	}
	t.exec(t.adminConn(), schema.CreateIndex(table, schema.IndexOn(later, "data2")))
	if t.hasIndex(cached, name, later) || !t.hasIndex(i, name, later) {
		t.Errorf("a cached answer changes by itself, or another one does not")
	}
	cached.Clear()
	if !t.hasIndex(cached, name, later) {
		t.Errorf("a cached answer does not change when it is cleared")
	}
}

func reflectHasIndex(t *T) { t.wantIndexes(t.inspect(), "") }

func reflectHasIndexInSchema(t *T) {
	home := string(t.schema())
	t.wantIndexes(t.inspect().In(home), home+".")
}

func reflectSchemas(t *T) {
	home := string(t.schema())
	list, err := t.inspect().Schemas(t.ctx)
	t.wantNames("the schemas", list, err, home)
	if own := t.sessionSchema(t.shared()); own != "" && !slices.Contains(list, own) {
		t.Errorf("the session's own schema %q is not among %v", own, list)
	}
	if slices.Contains(list, "information_schema") || slices.Contains(list, "INFORMATION_SCHEMA") || slices.Contains(list, "pg_catalog") {
		t.Errorf("the database's own schemas are among %v", list)
	}
}

func (t *T) hasSchema(i *schema.Inspector, name string) bool {
	t.Helper()
	list, err := i.Schemas(t.ctx)
	if err != nil {
		t.Errorf("%v", err)
	}
	return slices.Contains(list, name)
}

func reflectHasSchema(t *T) {
	home, nowhere := string(t.schema()), t.newName()
	if !t.hasSchema(t.inspect(), home) || t.hasSchema(t.inspect(), nowhere) {
		t.Errorf("a schema is not there, or one is that should not be")
	}
}

// replacing is an Engine whose statements say one schema for another.
func (t *T) replacing(from, to string) *engine.Engine {
	t.Helper()
	e, err := t.shared().With(engine.Schemas(map[string]string{from: to}))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return e
}

func reflectSchemasReplaced(t *T) {
	home := string(t.schema())
	e := t.replacing("", home)
	list, err := schema.NewInspector(e).Schemas(t.ctx)
	t.wantNames("the schemas", list, err, home)
}

func reflectHasSchemaReplaced(t *T) {
	home, nowhere := string(t.schema()), t.newName()
	i := schema.NewInspector(t.replacing(nowhere, home))
	if !t.hasSchema(i, home) || t.hasSchema(i, nowhere) {
		t.Errorf("a question about a schema is answered for another one")
	}
	// A table that is made under the replaced name is in the other schema.
	name := t.newName()
	e := t.replacing(nowhere, home)
	table := schema.New(nowhere+"."+name, schema.Integer("id").PrimaryKey())
	t.run2(e, schema.CreateTable(table))
	t.drops = append(t.drops, schema.DropTable(schema.New(home+"."+name, schema.Integer("id").PrimaryKey())))
	t.wantTables(t.inspect().In(home), map[string]bool{name: true})
}

func reflectSchemasCached(t *T) {
	i := t.inspect().Cached()
	before := string(t.schema())
	if !t.hasSchema(i, before) {
		t.Errorf("the schema is not there")
	}
	later := string(t.schema())
	if t.hasSchema(i, later) {
		t.Errorf("a cached list changes by itself")
	}
	i.Clear()
	if !t.hasSchema(i, later) {
		t.Errorf("a cached list does not change when it is cleared")
	}
}

func reflectFresh(t *T) {
	name := t.newName()
	t.simple(name)
	t.wantTables(schema.NewInspector(t.engine()), map[string]bool{name: true})
}

func reflectDefaultSchema(t *T) {
	name := t.newName()
	t.simple(name)
	own := t.sessionSchema(t.shared())
	if own == "" {
		t.Fatalf("the session has no schema of its own")
	}
	t.wantTables(t.inspect().In(own), map[string]bool{name: true})
	if info := t.info(t.inspect(), name); info.Schema != own {
		t.Errorf("the table is in %q instead of %q", info.Schema, own)
	}
}

func reflectTableNames(t *T) {
	a, b, v := t.newName(), t.newName(), t.newName()
	t.view(v, t.simple(b))
	t.simple(a)
	list, err := t.inspect().TableNames(t.ctx)
	t.wantNames("the tables", list, err, a, b)
	if !slices.IsSorted(t.mine(list)) {
		t.Errorf("the names are not in order: %v", list)
	}
}

func reflectViewNames(t *T) {
	a, v, w := t.newName(), t.newName(), t.newName()
	table := t.simple(a)
	t.view(w, table)
	t.view(v, table)
	list, err := t.inspect().ViewNames(t.ctx)
	t.wantNames("the views", list, err, v, w)
}

func reflectTemporaryNames(t *T) {
	t.temporary(func(_ *engine.Conn, i *schema.Inspector, table *schema.Dynamic) {
		list, err := i.TableNames(t.ctx)
		t.wantNames("the temporary tables", list, err, table.Info().Name)
	})
}

func reflectTemporaryViewNames(t *T) {
	t.temporary(func(c *engine.Conn, i *schema.Inspector, table *schema.Dynamic) {
		v := t.temporaryView(c, table)
		list, err := i.ViewNames(t.ctx)
		t.wantNames("the temporary views", list, err, v)
	})
}

func reflectMissing(t *T) {
	name := t.newName()
	t.simple(name)
	missing := name + "y"
	_, err := t.inspect().Table(t.ctx, missing)
	t.wantKind(err, dialect.ErrUndefinedTable)
	if err != nil && (!strings.Contains(err.Error(), missing) || !strings.Contains(err.Error(), name)) {
		t.Errorf("the error names neither the table nor the nearest: %v", err)
	}
	_, err = schema.Reflect(t.ctx, t.shared(), name, missing)
	t.wantKind(err, dialect.ErrUndefinedTable)
}

// reflectNoTable: an index has a name among the tables in some catalogues, and
// is no table.
func reflectNoTable(t *T) {
	name, idx := t.newName(), t.newName()
	t.defined(name, schema.Integer("id").PrimaryKey(), schema.Varchar("data", 50).Null(), schema.IndexOn(idx, "data"))
	t.wantTables(t.inspect(), map[string]bool{name: true, idx: false})
	for _, wrong := range []string{idx, "", " ", "a\x00b", strings.Repeat("x", 300)} {
		if _, err := t.inspect().Table(t.ctx, wrong); err == nil {
			t.Errorf("%q is a table", shown(wrong))
		}
	}
	t.wantTables(t.inspect(), map[string]bool{name: true})
}

func reflectMetadata(t *T) {
	name, v := t.newName(), t.newName()
	table := t.simple(name)
	t.view(v, table)
	c := t.conn()
	t.exec(c, expr.Insert(table).Values(schema.C[int64](table, "id").Set(1), schema.C[string](table, "data").Set("d1")))
	meta, err := schema.Reflect(t.ctx, t.shared(), name, v)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, n := range []string{name, v} {
		read := meta.Table(n)
		if read.Info() == nil || len(read.Info().Columns) != 2 {
			t.Errorf("%s was read as %+v", n, read.Info())
			continue
		}
		t.wantLines(c, expr.Select(read.Col("id"), schema.C[string](read, "data")).From(read), "1 d1")
	}
	if key := meta.Table(name).Info().PrimaryKey(); !slices.Equal(key, []string{"id"}) {
		t.Errorf("the key is %v", key)
	}
}

// forced makes two tables whose names are in lower case and need quotes.
func (t *T) forced() (a, b string) {
	t.Helper()
	a, b = t.newName()+" t1", t.newName()+" t2"
	t.simple(a)
	t.defined(b, schema.Integer("id").PrimaryKey(), schema.Integer("t1id").Null().References(a+".id"))
	return a, b
}

func reflectForcedLower(t *T) {
	a, b := t.forced()
	info := t.info(t.inspect(), b)
	if len(info.ForeignKeys) != 1 || info.ForeignKeys[0].RefTable != a {
		t.Errorf("the foreign key is %+v", info.ForeignKeys)
	}
}

func reflectLowerNames(t *T) {
	a, b := t.forced()
	list, err := t.inspect().TableNames(t.ctx)
	t.wantNames("the tables", list, err, a, b)
}
