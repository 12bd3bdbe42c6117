package dialecttest

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var (
	computes = feature("Computed or ComputedStored", func(f *dialect.Features) bool { return f.Computed != "" || f.ComputedStored != "" })
	counts   = feature("DDL.Counting with words or a pair", func(f *dialect.Features) bool {
		return f.DDL.Counting == dialect.CountingWords || f.DDL.Counting == dialect.CountingPair
	})
	noColumns = both(reflects, feature("DDL.NoColumns", func(f *dialect.Features) bool { return f.DDL.NoColumns }))
)

var columnsCases = []testCase{
	{name: "columns of tables and views, in order, with types and NULL", needs: reflects, run: columnsAll},
	{name: "a temporary table becomes a table of statements", needs: ofTemporaries, run: columnsTemporaryTable},
	{name: "columns of a temporary table", needs: ofTemporaries, run: columnsTemporary},
	{name: "columns of a temporary view", needs: both(ofTemporaries, feature("DDL.TemporaryViews", func(f *dialect.Features) bool { return f.DDL.TemporaryViews })), run: columnsTemporaryView},
	{name: "columns in bulk are those of each table", needs: reflects, run: columnsBulk},
	{name: "a collation that is not the usual one", needs: both(reflects, feature("ByteCollation", func(f *dialect.Features) bool { return f.ByteCollation != "" })), run: columnsCollation},
	{name: "which column counts by itself", needs: reflects, run: columnsCounting},
	{name: "decimals keep precision and scale", needs: reflects, run: columnsDecimal},
	{name: "texts keep their length", needs: reflects, run: columnsLength},
	{name: "what may be NULL", needs: reflects, run: columnsNull},
	{name: "defaults of the database", needs: reflects, run: columnsDefault},
	{name: "a table without columns is read as one", needs: noColumns, run: columnsNone},
	{name: "a table without columns has an empty list of them", needs: noColumns, run: columnsNoneList},
	{name: "a table without columns is among the others", needs: noColumns, run: columnsNoneAmong},
	{name: "a view without columns is read as one", needs: noColumns, run: columnsNoneView},
	{name: "a view without columns has an empty list of them", needs: noColumns, run: columnsNoneViewList},
	{name: "a computed column has no default", needs: both(reflects, computes), run: computedDefault},
	{name: "a computed column gives its expression", needs: both(reflects, computes), run: computedText},
	{name: "a computed column says whether it is stored", needs: both(reflects, computes), run: func(t *T) { computedStored(t, "") }},
	{name: "a computed column says so in a schema of its own", needs: both(inSchema, computes), run: func(t *T) { computedStored(t, string(t.schema())) }},
	{name: "an identity says how it counts", needs: both(reflects, counts), run: identityCounts},
	{name: "an identity says how it counts in a schema of its own", needs: both(inSchema, counts), run: identityInSchema},
	{name: "an identity of a temporary table", needs: both(ofTemporaries, counts), run: identityTemporary},
	{name: "identities of odd names", needs: both(reflects, counts), run: identityOdd},
}

func columnsAll(t *T) {
	name, v := t.newName(), t.newName()
	table := t.defined(name, schema.Integer("user_id"), schema.Char("test1", 5), schema.Double("test2"), schema.Decimal("n", 12, 3).Null(),
		schema.Text("body").Null(), schema.Timestamp("at").Null(), schema.Date("day").Null(), schema.Varchar("Mixed Case", 20).Null())
	t.view(v, table)
	want := "user_id:integer:false test1:char(5):false test2:double precision:false n:decimal(12,3):true body:text:true at:timestamp:true day:date:true Mixed Case:varchar(20):true"
	for _, n := range []string{name, v} {
		info := t.info(t.inspect(), n)
		var got []string
		for i, c := range info.Columns {
			typ := c.Type
			if typ.Kind == dialect.Timestamp {
				typ.Precision = 0
			}
			null := fmt.Sprint(c.Nullable)
			if n == v { // whether a view's column may be NULL is not known everywhere
				null = fmt.Sprint(table.Info().Columns[i].Null)
			}
			got = append(got, c.Name+":"+t.plainType(typ)+":"+null)
			if c.Position != i+1 || c.DatabaseType == "" {
				t.Errorf("%s: column %d is %+v", n, i+1, c)
			}
		}
		if list := strings.Join(got, " "); list != want {
			t.Errorf("%s has the columns\n%s\ninstead of\n%s", n, list, want)
		}
	}
}

// plainType is a type without what the database adds by itself.
func (t *T) plainType(typ dialect.Type) string {
	typ.Collation, typ.National = "", false
	return typ.String()
}

func columnsTemporaryTable(t *T) {
	t.temporary(func(c *engine.Conn, _ *schema.Inspector, table *schema.Dynamic) {
		name := table.Info().Name
		meta, err := schema.Reflect(t.ctx, c, t.f.DDL.TemporarySchema+"."+name)
		if err != nil {
			t.Fatalf("%v", err)
		}
		read := meta.Tables()
		if len(read) != 1 || len(read[0].Columns) != 2 || read[0].Columns[1].Name != "name" || read[0].Columns[1].Type.Length != 50 {
			t.Errorf("the table was read as %+v", read)
		}
	})
}

func columnsTemporary(t *T) {
	t.temporary(func(_ *engine.Conn, i *schema.Inspector, table *schema.Dynamic) {
		t.columnNames(t.info(i, table.Info().Name), "id, name varchar(50)")
	})
}

func columnsTemporaryView(t *T) {
	t.temporary(func(c *engine.Conn, i *schema.Inspector, table *schema.Dynamic) {
		t.columnNames(t.info(i, t.temporaryView(c, table)), "id, name varchar(50)")
	})
}

// columnNames checks names and types.
func (t *T) columnNames(info *dialect.TableInfo, want string) {
	t.Helper()
	var got []string
	for _, c := range info.Columns {
		if c.Name == "id" { // which whole number a key is differs
			got = append(got, c.Name)
			continue
		}
		got = append(got, c.Name+" "+t.plainType(c.Type))
	}
	if list := strings.Join(got, ", "); list != want {
		t.Errorf("%s has the columns %q instead of %q", info.Name, list, want)
	}
}

// bulk reads all tables or views and gives those that this run has made.
func (t *T) bulk(i *schema.Inspector, views bool) map[string]*dialect.TableInfo {
	t.Helper()
	read := i.Tables
	if views {
		read = i.Views
	}
	list, err := read(t.ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	mine := map[string]*dialect.TableInfo{}
	for _, info := range list {
		if strings.HasPrefix(info.Name, t.prefix) {
			mine[info.Name] = info
		}
	}
	return mine
}

// inJSON is a value as text, with what its pointers lead to.
func inJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// wantBulk checks that what comes in bulk is what comes one by one.
func (t *T) wantBulk(i *schema.Inspector, part func(*dialect.TableInfo) any, names ...string) {
	t.Helper()
	for _, views := range []bool{false, true} {
		for name, info := range t.bulk(i, views) {
			if got, want := inJSON(part(info)), inJSON(part(t.info(i, name))); got != want {
				t.Errorf("%s: %s in bulk, and %s alone", name, got, want)
			}
		}
	}
	all := t.bulk(i, false)
	maps.Copy(all, t.bulk(i, true))
	for _, n := range names {
		if all[n] == nil {
			t.Errorf("%s is not there in bulk", n)
		}
	}
	if len(all) != len(names) {
		t.Errorf("%d tables in bulk instead of %d", len(all), len(names))
	}
}

// estate makes tables that refer to each other, and a view, in the session's
// own schema and, where the database has schemas, in another one; each runs
// with what it has made.
func (t *T) estate(check func(i *schema.Inspector, parent, child, view string)) {
	t.Helper()
	homes := []string{""}
	if t.f.DDL.CreateSchema {
		homes = append(homes, string(t.schema()))
	}
	for _, home := range homes {
		parent, child, view := t.newName(), t.newName(), t.newName()
		dot := ""
		if home != "" {
			dot = home + "."
		}
		t.defined(dot+parent, schema.Integer("id").PrimaryKey(), schema.Varchar("name", 50), schema.Varchar("area", 20).Null(), schema.Comment("the parent table"),
			schema.Unique("name").Named(parent+"_uq"), schema.CheckText("id > 0").Named(parent+"_ck"))
		c := t.defined(dot+child, schema.Integer("id").PrimaryKey(), schema.Integer("parent_id").Null().Comment("the child's parent"), schema.Varchar("code", 10).Null(),
			schema.References([]string{"parent_id"}, dot+parent, []string{"id"}, schema.OnDelete(schema.Cascade)).Named(child+"_fk"),
			schema.IndexOn(child+"_ix", "code", "parent_id"))
		t.view(dot+view, c)
		check(t.inspect().In(home), parent, child, view)
	}
}

func columnsBulk(t *T) {
	t.estate(func(i *schema.Inspector, parent, child, view string) {
		t.wantBulk(i, func(info *dialect.TableInfo) any { return info.Columns }, parent, child, view)
	})
}

func columnsCollation(t *T) {
	name := t.newName()
	typ := dialect.Type{Kind: dialect.Varchar, Length: 20, Collation: t.f.ByteCollation}
	t.defined(name, schema.Integer("id").PrimaryKey(), schema.NewColumn("a", typ), schema.Varchar("b", 20))
	info := t.info(t.inspect(), name)
	if a, b := info.Column("a"), info.Column("b"); a == nil || b == nil || !strings.EqualFold(a.Type.Collation, typ.Collation) || b.Type.Collation == a.Type.Collation {
		t.Errorf("the columns are %+v and %+v", a, b)
	}
	meta, err := schema.Reflect(t.ctx, t.shared(), name)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if got := meta.Table(name).Info().Column("a").Type.Collation; !strings.EqualFold(got, typ.Collation) {
		t.Errorf("the collation was read as %q", got)
	}
}

func columnsCounting(t *T) {
	counting, plain, pair, text := t.newName(), t.newName(), t.newName(), t.newName()
	t.defined(counting, schema.Integer("id").PrimaryKey().Identity(), schema.Integer("n").Null())
	t.defined(plain, schema.Decimal("id", 10, 0).PrimaryKey(), schema.Integer("n").Null())
	t.defined(pair, schema.Integer("id1"), schema.Integer("id2"), schema.PrimaryKey("id1", "id2"))
	t.defined(text, schema.Varchar("id", 20).PrimaryKey(), schema.Integer("n").Null())
	for name, want := range map[string]string{counting: "id", plain: "", pair: "", text: ""} {
		got := ""
		for _, c := range t.info(t.inspect(), name).Columns {
			if c.Identity != nil {
				got += c.Name
				if c.Default != "" {
					t.Errorf("%s.%s counts and has the default %s", name, c.Name, c.Default)
				}
			}
		}
		if got != want {
			t.Errorf("%s: the columns %q count by themselves, instead of %q", name, got, want)
		}
	}
}

func columnsDecimal(t *T) {
	name := t.newName()
	t.defined(name, schema.Decimal("a", 18, 5), schema.Decimal("b", 7, 0))
	info := t.info(t.inspect(), name)
	t.columnNames(info, "a decimal(18,5), b decimal(7,0)")
}

func columnsLength(t *T) {
	name := t.newName()
	national := func(n string, k dialect.TypeKind) schema.Part {
		return schema.NewColumn(n, dialect.Type{Kind: k, Length: 52, National: true})
	}
	t.defined(name, schema.Varchar("a", 52), schema.Char("b", 52), national("c", dialect.Varchar), national("d", dialect.Char))
	t.columnNames(t.info(t.inspect(), name), "a varchar(52), b char(52), c varchar(52), d char(52)")
}

func columnsNull(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("a").Null(), schema.Integer("b"))
	info := t.info(t.inspect(), name)
	if !info.Columns[0].Nullable || info.Columns[1].Nullable {
		t.Errorf("the columns are %+v", info.Columns)
	}
}

func columnsDefault(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("id").PrimaryKey(), schema.Integer("n").Default(10), schema.Boolean("b").Default(true), schema.Integer("sum").DefaultText("(3 + 5)"),
		schema.Varchar("s", 20).Default("it's"), schema.Timestamp("at").DefaultNow(), schema.Integer("none").Null())
	info := t.info(t.inspect(), name)
	for column, want := range map[string]string{"id": "^$", "n": `^10$`, "b": `^(1|true)$`, "sum": `^3\+5$`, "s": `^'it''s'`, "at": `current_timestamp|now|getdate|sys`, "none": "^(null)?$"} {
		got := info.Column(column).Default
		plain := regexp.MustCompile(`[() ]`).ReplaceAllString(got, "")
		if !regexp.MustCompile("(?i)" + want).MatchString(plain) {
			t.Errorf("the default of %s is %q", column, got)
		}
	}
	meta, err := schema.Reflect(t.ctx, t.shared(), name)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if d := meta.Table(name).Info().Column("n").Default; d == nil {
		t.Errorf("the default of n is lost")
	}
}

// without makes a table without columns.
func (t *T) without() (name, view string) {
	t.Helper()
	table := ident(t.newName())
	t.exec(t.adminConn(), say{"CREATE TABLE ", table, " ()"})
	t.drops = append(t.drops, say{"DROP TABLE ", table})
	v := ident(t.newName())
	t.exec(t.adminConn(), say{"CREATE VIEW ", v, " AS SELECT * FROM ", table})
	t.drops = append(t.drops, say{"DROP VIEW ", v})
	return string(table), string(v)
}

func columnsNone(t *T) {
	name, _ := t.without()
	if info := t.info(t.inspect(), name); len(info.Columns) != 0 || info.Name != name {
		t.Errorf("the table was read as %+v", info)
	}
}

func columnsNoneList(t *T) {
	name, _ := t.without()
	info := t.bulk(t.inspect(), false)[name]
	if info == nil || len(info.Columns) != 0 || info.PrimaryKey != nil {
		t.Errorf("in bulk, the table was read as %+v", info)
	}
}

func columnsNoneAmong(t *T) {
	name, _ := t.without()
	t.wantTables(t.inspect(), map[string]bool{name: true})
	list, err := t.inspect().TableNames(t.ctx)
	t.wantNames("the tables", list, err, name)
	_, err = schema.Reflect(t.ctx, t.shared(), name) // no statement could name it
	t.wantKind(err, dialect.ErrUndefinedColumn)
}

func columnsNoneView(t *T) {
	_, v := t.without()
	if info := t.info(t.inspect(), v); len(info.Columns) != 0 || !info.Kind.IsView() {
		t.Errorf("the view was read as %+v", info)
	}
}

func columnsNoneViewList(t *T) {
	_, v := t.without()
	if info := t.bulk(t.inspect(), true)[v]; info == nil || len(info.Columns) != 0 {
		t.Errorf("in bulk, the view was read as %+v", info)
	}
}

// computing makes a table with computed columns of the kinds that there are.
func (t *T) computing(home string) (name string, parts map[string]bool) {
	t.Helper()
	name = t.newName()
	dot := ""
	if home != "" {
		dot = home + "."
	}
	normal := schema.Self[int64]("normal")
	columns := []schema.Part{schema.Integer("id").PrimaryKey(), schema.Integer("normal"), schema.Integer("with_default").Default(42)}
	parts = map[string]bool{}
	if t.f.Computed != "" {
		columns, parts["virt"] = append(columns, schema.Integer("virt").Null().Computed(normal.Add(42))), false
	}
	if t.f.ComputedStored != "" {
		columns, parts["kept"] = append(columns, schema.Integer("kept").Null().Computed(normal.Add(42), schema.Stored)), true
	}
	t.defined(dot+name, columns...)
	return name, parts
}

func computedDefault(t *T) {
	name, parts := t.computing("")
	info := t.info(t.inspect(), name)
	if d := info.Column("with_default").Default; !strings.Contains(d, "42") {
		t.Errorf("the default is %q", d)
	}
	parts["normal"] = false
	for column := range parts {
		if d := info.Column(column).Default; d != "" {
			t.Errorf("%s has the default %q", column, d)
		}
	}
}

func computedText(t *T) {
	name, parts := t.computing("")
	info := t.info(t.inspect(), name)
	for column := range parts {
		got := regexp.MustCompile("[()\\[\\]\"` ]").ReplaceAllString(info.Column(column).Computed, "")
		if !strings.EqualFold(got, "normal+42") {
			t.Errorf("%s is computed from %q", column, info.Column(column).Computed)
		}
	}
	for _, column := range []string{"id", "normal", "with_default"} {
		if c := info.Column(column); c.Computed != "" || c.Stored {
			t.Errorf("%s is said to be computed", column)
		}
	}
}

func computedStored(t *T, home string) {
	name, parts := t.computing(home)
	info := t.info(t.inspect().In(home), name)
	for column, stored := range parts {
		if c := info.Column(column); c.Stored != stored || c.Computed == "" {
			t.Errorf("%s: %+v", column, c)
		}
	}
}

// identity makes a table with an identity and reads how it counts.
func (t *T) identity(home, name, column string, how ...schema.Identity) *dialect.IdentityInfo {
	t.Helper()
	dot := ""
	if home != "" {
		dot = home + "."
	}
	t.defined(dot+name, schema.Integer(column).PrimaryKey().Identity(how...), schema.Integer("normal").Null())
	info := t.info(t.inspect().In(home), name)
	if c := info.Column("normal"); c == nil || c.Identity != nil {
		t.Errorf("a plain column counts: %+v", c)
	}
	c := info.Column(column)
	if c == nil || c.Identity == nil || c.Default != "" {
		t.Fatalf("the identity is read as %+v", c)
	}
	return c.Identity
}

func identityCounts(t *T) {
	got := t.identity("", t.newName(), "id1")
	if got.Start != 1 || got.Increment != 1 || got.Cycle || got.Always != (t.f.Identity == "" || strings.Contains(t.f.Identity, "ALWAYS") || t.f.IdentityInsertOn != "") {
		t.Errorf("a plain identity is %+v", got)
	}
	how := schema.Identity{Counting: dialect.Counting{Start: 2, Increment: 3}}
	if t.f.DDL.Counting == dialect.CountingWords {
		how.Min, how.Max, how.Cycle, how.Cache, how.Always = "-2", "42", true, 4, t.f.DDL.IdentityAlways != ""
	}
	got = t.identity("", t.newName(), "id2", how)
	if got.Start != 2 || got.Increment != 3 {
		t.Errorf("the identity counts from %d by %d", got.Start, got.Increment)
	}
	if t.f.DDL.Counting == dialect.CountingWords && (got.Min != "-2" || got.Max != "42" || !got.Cycle || got.Cache != 4 || got.Always != how.Always) {
		t.Errorf("the identity is %+v", got)
	}
}

func identityInSchema(t *T) {
	got := t.identity(string(t.schema()), t.newName(), "id1", schema.Identity{Counting: dialect.Counting{Start: 20}})
	if got.Start != 20 || got.Increment != 1 {
		t.Errorf("the identity is %+v", got)
	}
}

func identityTemporary(t *T) {
	t.temporary(func(_ *engine.Conn, i *schema.Inspector, table *schema.Dynamic) {
		c := t.info(i, table.Info().Name).Column("n")
		if c == nil || c.Identity == nil || c.Identity.Start != 7 {
			t.Errorf("the identity is read as %+v", c)
		}
	}, schema.Integer("n").Identity(schema.Identity{Counting: dialect.Counting{Start: 7}}))
}

// oddTables and oddColumns are names that a catalogue's text could be misread for.
var (
	oddTables  = []string{"plain", "(2)", "per % cent", "[brackets]"}
	oddColumns = []string{"plainname", "(3)", "col%p", "[brack]"}
)

func identityOdd(t *T) {
	for _, table := range oddTables {
		for _, column := range oddColumns {
			if got := t.identity("", t.newName()+table, column); got.Start != 1 || got.Increment != 1 {
				t.Errorf("%s, %s: the identity is %+v", table, column, got)
			}
		}
	}
}
