package dialecttest

import (
	"regexp"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var (
	ifNotExists = feature("IfNotExists", func(f *dialect.Features) bool { return f.IfNotExists })
	ifExists    = feature("IfExists", func(f *dialect.Features) bool { return f.IfExists })
	indexIf     = feature("DDL.IfNotExists of indexes", func(f *dialect.Features) bool { return f.DDL.IfNotExists&dialect.IndexObject != 0 })
	indexIfDrop = feature("DDL.IfExists of indexes", func(f *dialect.Features) bool { return f.DDL.IfExists&dialect.IndexObject != 0 })
)

var ddlCases = []testCase{
	{name: "a table is created", run: func(t *T) { ddlCreate(t, "") }},
	{name: "a table is created in a schema", needs: makesSchemas, run: func(t *T) { ddlCreate(t, string(t.schema())+".") }},
	{name: "a table is dropped", run: ddlDrop},
	{name: "names that begin with an underscore", run: ddlUnderscore},
	{name: "a comment is added to a table", needs: comments, run: ddlComment},
	{name: "a comment is taken from a table", needs: comments, run: ddlNoComment},
	{name: "a table is created if it is not there", needs: ifNotExists, run: ddlIfNotExists},
	{name: "a set of tables creates what is not there", run: ddlCreateAll},
	{name: "an index is created if it is not there", needs: indexIf, run: ddlIndexIfNotExists},
	{name: "a table is dropped if it is there", needs: ifExists, run: ddlIfExists},
	{name: "a set of tables drops what is there", run: ddlDropAll},
	{name: "an index is dropped if it is there", needs: indexIfDrop, run: ddlIndexIfExists},
	{name: "names by a convention that are too long are cut, each in its own way", needs: reflects, run: ddlLongNames},
	{name: "what cannot be said to be there or not is refused", run: ddlRefused},
}

// holds checks that a table takes a row and gives it back.
func (t *T) holds(table *schema.Dynamic) {
	t.Helper()
	c := t.conn()
	id, data := schema.C[int64](table, "id"), schema.C[string](table, table.Info().Columns[1].Name)
	t.exec(c, expr.Insert(table).Values(id.Set(1), data.Set("some data")))
	t.wantLines(c, expr.Select(id, data).From(table), "1 some data")
}

// gone checks that a table is not there any more.
func (t *T) gone(table *schema.Dynamic) {
	t.Helper()
	_, err := t.tryExec(t.ctx, t.conn(), expr.Delete(table).EveryRow())
	t.wantKind(err, dialect.ErrUndefinedTable)
}

func (t *T) plan(name string) *schema.Dynamic {
	return schema.New(name, schema.Integer("id").PrimaryKey(), schema.Varchar("data", 50).Null())
}

func ddlCreate(t *T, home string) { t.holds(t.simple(home + t.newName())) }

func ddlDrop(t *T) {
	table := t.plan(t.newName())
	t.exec(t.adminConn(), schema.CreateTable(table))
	t.exec(t.adminConn(), schema.DropTable(table))
	t.gone(table)
}

func ddlUnderscore(t *T) {
	table := schema.New("_"+t.newName(), schema.Integer("id").PrimaryKey(), schema.Varchar("_data", 50).Null())
	t.exec(t.adminConn(), schema.CreateTable(table))
	t.drops = append(t.drops, schema.DropTable(table))
	t.holds(table)
}

func ddlComment(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("id").PrimaryKey(), schema.Varchar("data", 50).Null(), schema.Comment("a comment"))
	if c := t.info(t.inspect(), name).Comment; c != "a comment" {
		t.Errorf("the comment is %q", c)
	}
}

// ddlNoComment: a table that is made anew without a comment has none.
func ddlNoComment(t *T) {
	name := t.newName()
	with := schema.New(name, schema.Integer("id").PrimaryKey(), schema.Comment("a comment"))
	for _, s := range t.creating(with) {
		t.exec(t.adminConn(), s)
	}
	t.exec(t.adminConn(), schema.DropTable(with))
	t.defined(name, schema.Integer("id").PrimaryKey())
	if c := t.info(t.inspect(), name).Comment; c != "" {
		t.Errorf("the comment is %q", c)
	}
}

func ddlIfNotExists(t *T) {
	table := t.plan(t.newName())
	for range 2 {
		t.exec(t.adminConn(), schema.CreateTable(table, schema.IfNotExists))
	}
	t.drops = append(t.drops, schema.DropTable(table))
	t.holds(table)
	_, err := t.tryExec(t.ctx, t.conn(), schema.CreateTable(table))
	if err == nil {
		t.Errorf("a table is created twice")
	}
}

// pairOfTables is a set of two tables, one of which refers to the other, and indexes.
func (t *T) pairOfTables() (meta *schema.Metadata, parent, child *schema.Dynamic) {
	parent = t.plan(t.newName())
	child = schema.New(t.newName(), schema.Integer("id").PrimaryKey(), schema.Varchar("data", 50).Null().Index(), schema.Integer("ref").Null().References(parent.Info().Name+".id"))
	return schema.NewMetadata(child, parent), parent, child
}

func ddlCreateAll(t *T) {
	meta, parent, child := t.pairOfTables()
	t.exec(t.adminConn(), schema.CreateTable(parent))
	t.drops = append(t.drops, schema.DropTable(parent), schema.DropTable(child))
	for range 2 {
		if err := meta.CreateAll(t.ctx, t.shared()); err != nil {
			t.Fatalf("%v", err)
		}
	}
	t.holds(parent)
	t.holds(child)
}

func ddlDropAll(t *T) {
	meta, parent, child := t.pairOfTables()
	t.exec(t.adminConn(), schema.CreateTable(parent))
	for range 2 {
		if err := meta.DropAll(t.ctx, t.shared()); err != nil {
			t.Fatalf("%v", err)
		}
	}
	t.gone(parent)
	t.gone(child)
}

func ddlIndexIfNotExists(t *T) {
	name := t.newName()
	table := t.simple(name)
	for range 2 {
		t.exec(t.adminConn(), schema.CreateIndex(table, schema.IndexOn(name+"_ix", "data"), schema.IfNotExists))
	}
	if !t.hasIndex(t.inspect(), name, name+"_ix") {
		t.Errorf("the index is not there")
	}
}

func ddlIfExists(t *T) {
	table := t.plan(t.newName())
	t.exec(t.adminConn(), schema.CreateTable(table))
	for range 2 {
		t.exec(t.adminConn(), schema.DropTable(table, schema.IfExists))
	}
	t.gone(table)
	_, err := t.tryExec(t.ctx, t.conn(), schema.DropTable(table))
	t.wantKind(err, dialect.ErrUndefinedTable)
}

func ddlIndexIfExists(t *T) {
	name := t.newName()
	ix := schema.IndexOn(name+"_ix", "data")
	table := t.simple(name)
	t.exec(t.adminConn(), schema.CreateIndex(table, ix))
	for range 2 {
		t.exec(t.adminConn(), schema.DropIndex(table, ix, schema.IfExists))
	}
	if t.hasIndex(t.inspect(), name, name+"_ix") {
		t.Errorf("the index is still there")
	}
}

// ddlLongNames: the names of a convention may be longer than the database takes.
// What it gets is cut in a way that keeps them apart, and the same each time.
func ddlLongNames(t *T) {
	long := strings.Repeat("a_long_name_", 3)
	parentName, name := t.newName(), t.newName()
	parent := schema.New(parentName, schema.Integer("id").PrimaryKey())
	table := schema.New(name, schema.Integer("id"), schema.Integer(long+"ref").Null(), schema.Integer(long+"u1"[:2]).Null(), schema.Integer(long+"u2").Null(),
		schema.PrimaryKey("id"), schema.Unique(long+"u1"[:2]), schema.Unique(long+"u2"), schema.IndexOn("", long+"u2", long+"ref"),
		schema.CheckText("id > 0").Named("c"), schema.References([]string{long + "ref"}, parentName, []string{"id"}))
	pad := strings.Repeat("x", 270)
	meta := schema.NewMetadata(parent, table).Name(schema.Naming{
		PrimaryKey: "pk_{table}_" + pad, Unique: "uq_{table}_{columns}_" + pad, Check: "ck_{table}_{name}_" + pad, Index: "ix_{table}_{columns}_" + pad, ForeignKey: "fk_{table}_{columns}_" + pad,
	})
	if err := meta.CreateAll(t.ctx, t.shared()); err != nil {
		t.Fatalf("%v", err)
	}
	t.drops = append(t.drops, schema.DropTable(parent), schema.DropTable(table))
	again, err := schema.CreateSQL(meta, t.d)
	if err != nil {
		t.Fatalf("%v", err)
	}
	text := strings.Join(again, "\n")
	info := t.info(t.inspect(), name)
	names := map[string]bool{}
	given := func(what, n string) {
		if n == "" { // the database keeps no name
			return
		}
		if t.f.MaxIdent > 0 && t.f.IdentLen(n) > t.f.MaxIdent || names[n] || !wholeName(text, n) {
			t.Errorf("the %s has the name %q, which is too long, taken, or not the one that is written: %s", what, n, text)
		}
		names[n] = true
	}
	given("primary key", info.PrimaryKey.Name)
	for _, k := range info.Unique {
		given("unique key", k.Name)
	}
	for _, k := range info.ForeignKeys {
		given("foreign key", k.Name)
	}
	for _, k := range info.Checks {
		given("check", k.Name)
	}
	for _, x := range info.Indexes {
		if !t.f.DDL.ForeignKeyIndex || strings.HasPrefix(x.Name, "ix_") {
			given("index", x.Name)
		}
	}
	if len(names) < 4 {
		t.Errorf("only %d names: %+v", len(names), info)
	}
}

// wholeName reports whether a text has a name, and not only one that begins with it.
func wholeName(text, name string) bool {
	return regexp.MustCompile(regexp.QuoteMeta(name) + `([^A-Za-z0-9_]|$)`).MatchString(text)
}

func ddlRefused(t *T) {
	table := t.plan(t.newName())
	ix := schema.IndexOn("x", "data")
	for _, x := range []struct {
		has bool
		s   dialect.Statement
	}{
		{t.f.IfNotExists, schema.CreateTable(table, schema.IfNotExists)}, {t.f.IfExists, schema.DropTable(table, schema.IfExists)},
		{t.f.DDL.IfNotExists&dialect.IndexObject != 0, schema.CreateIndex(table, ix, schema.IfNotExists)},
		{t.f.DDL.IfExists&dialect.IndexObject != 0, schema.DropIndex(table, ix, schema.IfExists)},
		{t.f.DDL.MaterializedViews, schema.DropMaterializedView("x")}, {t.f.DDL.NextValue != "", schema.DropSequence(schema.NewSequence("x"))},
		{t.f.DDL.CreateSchema, schema.CreateSchema("x")},
	} {
		q, err := dialect.Compile(t.d, x.s)
		if err == nil {
			q.Release()
		}
		if x.has != (err == nil) {
			t.Errorf("Features says %v, and it compiles with %v", x.has, err)
		} else if err != nil {
			t.wantKind(err, dialect.ErrUnsupported)
		}
	}
	t.gone(table)
}
