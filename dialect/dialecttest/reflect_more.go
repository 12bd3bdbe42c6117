package dialecttest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var (
	comments    = both(reflects, feature("Comments", func(f *dialect.Features) bool { return f.Comments != dialect.NoComments }))
	expressions = both(reflects, feature("DDL.IndexExpression", func(f *dialect.Features) bool { return f.DDL.IndexExpression != "" }))
	includes    = both(reflects, feature("DDL.IndexInclude", func(f *dialect.Features) bool { return f.DDL.IndexInclude }))
)

var indexCases = []testCase{
	{name: "indexes", needs: reflects, run: indexAll},
	{name: "an index in descending order", needs: reflects, run: indexDesc},
	{name: "indexes of names that need quotes", needs: reflects, run: indexOdd},
	{name: "indexes of a temporary table", needs: ofTemporaries, run: indexTemporary},
	{name: "indexes in bulk", needs: reflects, run: inBulk(func(i *dialect.TableInfo) any { return i.Indexes })},
	{name: "an index's columns in its own order", needs: reflects, run: indexOrder},
	{name: "indexes of expressions", needs: expressions, run: indexExpressions},
	{name: "columns that an index holds beside its key", needs: includes, run: indexInclude},
}

var commentCases = []testCase{
	{name: "comments of tables and columns", needs: comments, run: func(t *T) { commentAll(t, "") }},
	{name: "comments in a schema of its own", needs: both(comments, inSchema), run: func(t *T) { commentAll(t, string(t.schema())) }},
	{name: "comments of odd names", needs: comments, run: commentOdd},
	{name: "a comment of a table whose name holds quotes", needs: comments, run: commentQuoted},
	{name: "comments of a temporary table", needs: both(comments, ofTemporaries), run: commentTemporary},
	{name: "comments in bulk", needs: comments, run: inBulk(func(i *dialect.TableInfo) any { return i.Comment })},
	{name: "comments beyond ASCII", needs: comments, run: func(t *T) { commentText(t, "é試蛇ẟΩ") }},
	{name: "comments with quotes, backslashes and pictures", needs: both(comments, without("DDL.ShortComments", func(f *dialect.Features) bool { return !f.DDL.ShortComments })),
		run: func(t *T) { commentText(t, "it's \"a\" `comment` \\ 100% :name ? 🐍") }},
	{name: "comments that the database would spoil are refused before sending", needs: both(comments, feature("DDL.ShortComments", func(f *dialect.Features) bool { return f.DDL.ShortComments })), run: commentRefused},
}

var kindCases = []testCase{
	{name: "what a table and a view are said to be", needs: reflects, run: kindsOf},
	{name: "what they are in bulk", needs: reflects, run: inBulk(func(i *dialect.TableInfo) any { return i.Schema + " " + i.Kind.String() })},
	{name: "what the tables are in bulk, without the views", needs: reflects, run: kindsOfTables},
	{name: "what a table of a name with quotes is", needs: reflects, run: kindsQuoted},
	{name: "the definition of a view", needs: reflects, run: viewDefinition},
	{name: "the definition of a view of a name with quotes", needs: reflects, run: viewDefinitionQuoted},
	{name: "the definition of a view that is not there", needs: reflects, run: viewDefinitionNone},
	{name: "columns of a table of a name with quotes", needs: reflects, run: columnsQuoted},
}

// indexText is an index as text.
func indexText(x dialect.IndexInfo) string {
	var parts []string
	for _, c := range x.Columns {
		p := c.Name
		if c.Name == "" {
			p = "=" + strings.ToLower(c.Expression)
		}
		if c.Desc {
			p += " desc"
		}
		parts = append(parts, p)
	}
	s := x.Name + "(" + strings.Join(parts, ",") + ")"
	if x.Unique {
		s += " unique"
	}
	return s
}

func indexTexts(info *dialect.TableInfo) []string {
	var list []string
	for _, x := range info.Indexes {
		list = append(list, indexText(x))
	}
	slices.Sort(list)
	return list
}

func (t *T) wantIndexTexts(info *dialect.TableInfo, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := indexTexts(info); !slices.Equal(got, want) {
		t.Errorf("%s has the indexes %q instead of %q", info.Name, got, want)
	}
}

func indexAll(t *T) {
	t.estate(func(i *schema.Inspector, parent, child, view string) {
		want := []string{child + "_ix(code,parent_id)"}
		if t.f.DDL.ForeignKeyIndex {
			want = append(want, child+"_fk(parent_id)")
		}
		t.wantIndexTexts(t.info(i, child), want...)
		t.wantIndexTexts(t.info(i, parent))
		t.wantIndexTexts(t.info(i, view))
	})
	name := t.newName()
	t.defined(name, schema.Integer("id").PrimaryKey(), schema.Varchar("a", 20).Null(), schema.Varchar("b", 20).Null(),
		schema.IndexOn(name+"_u", "a", "b").Unique(), schema.IndexOn(name+"_i", "b"))
	info := t.info(t.inspect(), name)
	if uniques(info) == name+"_u(a,b)" { // a unique index is a constraint to the database
		t.wantIndexTexts(info, name+"_i(b)")
		return
	}
	t.wantIndexTexts(info, name+"_i(b)", name+"_u(a,b) unique")
}

func indexDesc(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("id").PrimaryKey(), schema.Varchar("a", 20).Null(), schema.Varchar("b", 20).Null(),
		schema.IndexOn(name+"_d").On(schema.Self[string]("a").Desc(), schema.Self[string]("b").Asc()))
	got := indexTexts(t.info(t.inspect(), name))
	if want := name + "_d(a desc,b)"; t.f.DDL.IndexDesc && !slices.Equal(got, []string{want}) || !t.f.DDL.IndexDesc && !slices.Equal(got, []string{name + "_d(a,b)"}) {
		t.Errorf("the indexes are %v", got)
	}
}

func indexOdd(t *T) {
	t.quotedTables(func(name string, info, _ *dialect.TableInfo) { t.wantIndexTexts(info, name+" ix(ref,n)") })
}

func indexTemporary(t *T) {
	name := t.newName()
	t.temporary(func(_ *engine.Conn, i *schema.Inspector, table *schema.Dynamic) {
		t.wantIndexTexts(t.info(i, table.Info().Name), name+"(name)")
	}, schema.IndexOn(name, "name"))
}

func indexOrder(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("Column1").PrimaryKey(), schema.Integer("Column2").Null(), schema.Integer("Column3").Null(),
		schema.IndexOn(name+"_Ix", "Column3", "Column1", "Column2"))
	t.wantIndexTexts(t.info(t.inspect(), name), name+"_Ix(Column3,Column1,Column2)")
}

func indexExpressions(t *T) {
	name := t.newName()
	x, y, z := schema.Self[string]("x"), schema.Self[string]("y"), schema.Self[string]("z")
	long := strings.Repeat("long string ", 40)
	t.defined(name, schema.Integer("id").PrimaryKey(), schema.Varchar("x", 30).Null(), schema.Varchar("y", 30).Null(), schema.Varchar("z", 30).Null(),
		schema.IndexOn(name+"_e").On(expr.Lower(x).Asc(), z.Asc(), expr.Lower(y).Asc()),
		schema.IndexOn(name+"_l").On(expr.Coalesce[string](x, expr.Literal(long)).Asc()), schema.IndexOn(name+"_p", "x"))
	list := t.info(t.inspect(), name).Indexes
	if len(list) != 3 {
		t.Fatalf("the indexes are %v", indexTexts(t.info(t.inspect(), name)))
	}
	for _, i := range list {
		switch i.Name {
		case name + "_e":
			if len(i.Columns) != 3 || i.Columns[1].Name != "z" {
				t.Errorf("the index is %+v", i)
				continue
			}
			for at, column := range map[int]string{0: "x", 2: "y"} {
				if e := strings.ToLower(i.Columns[at].Expression); i.Columns[at].Name != "" || !strings.Contains(e, "lower") || !strings.Contains(e, column) {
					t.Errorf("part %d of the index is %+v", at+1, i.Columns[at])
				}
			}
		case name + "_l":
			if e := i.Columns[0].Expression; !strings.Contains(strings.ToLower(e), "coalesce") || !strings.Contains(e, long) {
				t.Errorf("the index is %+v", i)
			}
		case name + "_p":
			if indexText(i) != name+"_p(x)" {
				t.Errorf("the index is %+v", i)
			}
		}
	}
	meta, err := schema.Reflect(t.ctx, t.shared(), name)
	if err != nil || meta.Table(name).Info() == nil {
		t.Errorf("a table with an index of an expression is not read (%v)", err)
	}
}

func indexInclude(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("id").PrimaryKey(), schema.Varchar("x", 30).Null(), schema.Varchar("y", 30).Null(), schema.IndexOn(name+"_i", "x").Include("y"))
	info := t.info(t.inspect(), name)
	t.wantIndexTexts(info, name+"_i(x)")
	if len(info.Indexes) == 1 && !slices.Equal(info.Indexes[0].Include, []string{"y"}) {
		t.Errorf("the index holds %v", info.Indexes[0].Include)
	}
}

func commentAll(t *T, home string) {
	dot := ""
	if home != "" {
		dot = home + "."
	}
	name, plain := t.newName(), t.newName()
	t.defined(dot+name, schema.Comment("the test % ' \" \\ table comment"), schema.Integer("id").PrimaryKey().Comment("id comment"),
		schema.Varchar("data", 20).Null().Comment("data % comment"), schema.Varchar("d2", 20).Null())
	t.defined(dot+plain, schema.Integer("id").PrimaryKey())
	info := t.info(t.inspect().In(home), name)
	got := []string{info.Comment, info.Column("id").Comment, info.Column("data").Comment, info.Column("d2").Comment}
	if want := []string{"the test % ' \" \\ table comment", "id comment", "data % comment", ""}; !slices.Equal(got, want) {
		t.Errorf("the comments are %q instead of %q", got, want)
	}
	if c := t.info(t.inspect().In(home), plain).Comment; c != "" {
		t.Errorf("a table without a comment has %q", c)
	}
}

func commentOdd(t *T) {
	for _, table := range oddTables {
		for _, column := range oddColumns {
			name := t.newName() + table
			t.defined(name, schema.Integer(column).PrimaryKey().Comment("column "+column), schema.Comment("table "+table))
			info := t.info(t.inspect(), name)
			if info.Comment != "table "+table || info.Columns[0].Comment != "column "+column {
				t.Errorf("%s, %s: the comments are %q and %q", table, column, info.Comment, info.Columns[0].Comment)
			}
		}
	}
}

func commentQuoted(t *T) {
	t.quotedTables(func(name string, info, _ *dialect.TableInfo) {
		if !strings.HasPrefix(info.Comment, "about quote") {
			t.Errorf("%s: the comment is %q", name, info.Comment)
		}
	})
}

func commentTemporary(t *T) {
	about := []schema.Part{schema.Comment("of a temporary table"), schema.Integer("about").Null().Comment("of a column")}
	if t.f.Comments == dialect.ExtendedProperty { // which tables of another database do not have
		for _, part := range about {
			_, err := schema.CreateSQL(schema.NewMetadata(schema.New(t.f.DDL.TemporaryPrefix+t.newName(), schema.Temporary(), schema.Integer("id"), part)), t.d)
			t.wantKind(err, dialect.ErrUnsupported)
		}
		return
	}
	t.temporary(func(_ *engine.Conn, i *schema.Inspector, table *schema.Dynamic) {
		info := t.info(i, table.Info().Name)
		if c := info.Column("about"); info.Comment != "of a temporary table" || c == nil || c.Comment != "of a column" {
			t.Errorf("the comments are %q and %+v", info.Comment, c)
		}
	}, about...)
}

func commentText(t *T, text string) {
	name := t.newName()
	t.defined(name, schema.Integer("id").PrimaryKey().Comment(text), schema.Integer("emoji").Null().Comment(text+text), schema.Comment(text))
	info := t.info(t.inspect(), name)
	if info.Comment != text || info.Columns[0].Comment != text || info.Columns[1].Comment != text+text {
		t.Errorf("the comments are %q, %q and %q", info.Comment, info.Columns[0].Comment, info.Columns[1].Comment)
	}
}

func commentRefused(t *T) {
	for _, part := range []schema.Part{schema.Comment("a 🐍"), schema.Integer("n").Comment("a 🐍")} {
		_, err := t.tryExec(t.ctx, t.conn(), schema.CreateTable(schema.New(t.newName(), schema.Integer("id").PrimaryKey(), part)))
		t.wantKind(err, dialect.ErrStatement, dialect.ErrUnsupported)
	}
	commentText(t, "it's \"a\" `comment` \\ 100% :name ?")
}

func kindsOf(t *T) {
	t.estate(func(i *schema.Inspector, parent, child, view string) {
		for name, want := range map[string]string{parent: "table", child: "table", view: "view"} {
			if info := t.info(i, name); info.Kind.String() != want || info.Name != name || info.Schema == "" {
				t.Errorf("%s is a %s of the schema %q", info.Name, info.Kind, info.Schema)
			}
		}
	})
}

func kindsOfTables(t *T) {
	t.estate(func(i *schema.Inspector, parent, child, view string) {
		tables, views := t.bulk(i, false), t.bulk(i, true)
		if len(tables) != 2 || tables[parent] == nil || tables[child] == nil || len(views) != 1 || views[view] == nil {
			t.Errorf("the tables are %v, and the views %v", tables, views)
		}
	})
}

func kindsQuoted(t *T) {
	t.quotedTables(func(name string, info, view *dialect.TableInfo) {
		if info.Kind != dialect.BaseTable || info.Name != name || view.Kind != dialect.View || view.Name != name+" v" {
			t.Errorf("%q is a %s, and %q a %s", info.Name, info.Kind, view.Name, view.Kind)
		}
	})
}

func viewDefinition(t *T) {
	t.estate(func(i *schema.Inspector, parent, child, view string) {
		if d := t.info(i, view).Definition; !strings.Contains(strings.ToUpper(d), "SELECT") || !strings.Contains(strings.ToLower(d), "parent_id") || !strings.Contains(d, child) {
			t.Errorf("the definition is %q", d)
		}
		if d := t.info(i, parent).Definition; d != "" {
			t.Errorf("a table has the definition %q", d)
		}
	})
}

func viewDefinitionQuoted(t *T) {
	t.quotedTables(func(name string, _, view *dialect.TableInfo) {
		if !strings.Contains(strings.ToUpper(view.Definition), "SELECT") {
			t.Errorf("%s: the definition of its view is %q", name, view.Definition)
		}
	})
}

func viewDefinitionNone(t *T) {
	_, err := t.inspect().Table(t.ctx, t.newName())
	t.wantKind(err, dialect.ErrUndefinedTable)
	if views, err := t.inspect().ViewNames(t.ctx); err != nil || len(t.mine(views)) != 0 {
		t.Errorf("there are the views %v (%v)", t.mine(views), err)
	}
}

func columnsQuoted(t *T) {
	t.quotedTables(func(name string, info, view *dialect.TableInfo) {
		for _, i := range []*dialect.TableInfo{info, view} {
			var names []string
			for _, c := range i.Columns {
				names = append(names, c.Name)
			}
			if got := fmt.Sprint(names); got != "[id ref n]" {
				t.Errorf("%s has the columns %s", i.Name, got)
			}
		}
	})
}
