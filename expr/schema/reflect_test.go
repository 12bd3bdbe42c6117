package schema_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// goldenJSON compares v with the golden file of that name.
func goldenJSON(t *testing.T, name string, v any) {
	t.Helper()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), want) {
		t.Errorf("%s: got\n%s", name, out.Bytes())
	}
}

// kept is a type's name as the catalogue has it, where it has another.
func (l *lease) kept(name string) string {
	short := strings.ToLower(strings.ReplaceAll(name, " ", ""))
	if same, ok := l.d.Features().DDL.SameTypes[short]; ok {
		return same
	}
	return short
}

// Tables that were created from definitions come back as they were, as far as
// the database keeps it.
func TestReflectCreated(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		f := l.d.Features()
		parents := schema.New("parents", schema.BigInt("id").PrimaryKey().Identity(), schema.Varchar("code", 20).Unique(), schema.Comment("whose"))
		_, err := l.d.TypeName(&dialect.Type{Kind: dialect.Time})
		clock := schema.Time("clock").Null()
		if err != nil { // the database has none
			clock = schema.Varchar("clock", 20).Null()
		}
		parts := []schema.Part{
			schema.BigInt("a").PrimaryKey(), schema.Integer("b").PrimaryKey(),
			schema.Boolean("ok"), schema.SmallInt("small").Null(), schema.Double("ratio"), schema.Real("single").Null(),
			schema.Decimal("price", 12, 2).Null(), schema.Char("iso", 2), schema.Varchar("name", 50).Comment("it's a name"),
			schema.Text("note").Null(), schema.Blob("data").Null(), schema.Date("day").Null(), clock,
			schema.NewColumn("made", dialect.Type{Kind: dialect.Timestamp, Precision: 3}).Null(), schema.JSON("doc").Null(),
			schema.UUID("uid").Null(), schema.BigInt("parent_id").Null().References("parents.id", schema.OnDelete(schema.Cascade)).Index(),
			schema.Integer("twice").Null().ComputedText("b * 2", f.ComputedStored != ""),
			schema.Unique("name", "iso"), schema.IndexOn("ix_made_day", "made", "day"),
		}
		children := schema.New("children", parts...)
		meta := schema.NewMetadata(children, parents)
		if err := meta.CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		got, err := schema.Reflect(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		if n := got.Notes(); n != nil {
			t.Errorf("notes: %q", n)
		}
		if n := len(got.Tables()); n != 2 {
			t.Errorf("%d tables", n)
		}
		for _, want := range meta.Tables() {
			table := got.Table(want.Name)
			if table == nil {
				t.Fatalf("no %s", want.Name)
			}
			have := table.Info()
			if want.Comment != have.Comment && f.Comments != dialect.NoComments {
				t.Errorf("%s: comment %q", want.Name, have.Comment)
			}
			if len(have.Columns) != len(want.Columns) {
				t.Fatalf("%s: %d columns of %d", want.Name, len(have.Columns), len(want.Columns))
			}
			for i, w := range want.Columns {
				h := have.Columns[i]
				if h.Name != w.Name || h.Null != w.Null || h.PrimaryKey != w.PrimaryKey || (h.Identity == nil) != (w.Identity == nil) ||
					h.Comment != w.Comment && f.Comments != dialect.NoComments || (h.Computed == nil) != (w.Computed == nil) || h.Computed != nil && h.Computed.Stored != w.Computed.Stored {
					t.Errorf("%s.%s: %+v", want.Name, w.Name, *h)
				}
				name, err := l.d.TypeName(&h.Type)
				if err != nil {
					t.Error(err)
				}
				made, err := l.d.TypeName(&w.Type)
				same := l.kept(name) == l.kept(made)
				if err != nil || !same && w.Identity == nil {
					t.Errorf("%s.%s: %s came back as %s (%v)", want.Name, w.Name, made, name, err)
				}
				if h.Type.Kind != w.Type.Kind && !(same && len(f.DDL.SameTypes) > 0) {
					t.Errorf("%s.%s: %s came back as %s", want.Name, w.Name, &w.Type, &h.Type)
				}
			}
			keys := func(d *schema.Definition) string {
				var list []string
				for _, k := range d.Unique {
					list = append(list, fmt.Sprint("unique", k.Columns))
				}
				for _, k := range d.ForeignKeys {
					list = append(list, fmt.Sprint("references", k.Columns, k.RefSchema, k.RefTable, k.RefColumns, k.OnDelete, k.OnUpdate))
				}
				for _, x := range d.Indexes {
					list = append(list, fmt.Sprint("index", x.Columns, x.Unique))
				}
				slices.Sort(list)
				return strings.Join(list, "\n")
			}
			if h, w := keys(have), keys(want); h != w {
				t.Errorf("%s: got\n%s\nwant\n%s", want.Name, h, w)
			}
		}
		// What was read makes the same tables, and works in statements.
		if err := got.DropAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		if err := got.CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		again, err := schema.Reflect(t.Context(), l, "children", "parents")
		if err != nil {
			t.Fatal(err)
		}
		ddl := func(m *schema.Metadata) string {
			var stmts []string
			for step, err := range m.Create().Steps(l.d) {
				if err != nil {
					t.Fatal(err)
				}
				c, err := dialect.Compile(l.d, step.Statement)
				if err != nil {
					t.Fatal(err)
				}
				stmts = append(stmts, c.Text())
				c.Release()
			}
			return strings.Join(stmts, "\n")
		}
		if a, b := ddl(got), ddl(again); a != b {
			t.Errorf("created from what was read:\n%s\nwant\n%s", b, a)
		}
		p := again.Table("parents")
		id, code := schema.C[int64](p, "id"), schema.C[string](p, "code")
		if _, err := l.Run(t.Context(), expr.Insert(p).Values(code.Set("x")), nil); err != nil {
			t.Error(err)
		}
		var n int64
		if _, err := l.Run(t.Context(), expr.Select(id).From(p).Where(code.Eq("x")), func(r dialect.Rows) error {
			for r.Next() {
				if err := r.ScanRow([]any{&n}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil || n != 1 {
			t.Errorf("id %d, %v", n, err)
		}
	})
}

// Hand-written DDL with everything that the database has.
func TestInspect(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		text, err := os.ReadFile(filepath.Join("testdata", "inspect_"+l.d.Name()+".sql"))
		if errors.Is(err, os.ErrNotExist) {
			t.Skipf("testdata has no tables in the words of %s", l.d.Name())
		}
		if err != nil {
			t.Fatal(err)
		}
		for stmt := range strings.SplitSeq(string(text), ";\n") {
			if strings.TrimSpace(stmt) != "" {
				l.exec(stmt)
			}
		}
		c := &dialect.Catalog{}
		parts := dialect.InspectTables | dialect.InspectViews | dialect.InspectDetails | dialect.InspectSequences | dialect.InspectEnums
		if _, err := dialect.RunScript(t.Context(), l, l.d.(dialect.Inspector).Inspect(dialect.Inspection{Parts: parts}, c)); err != nil {
			t.Fatal(err)
		}
		if c.Schema != l.name || c.Default != l.name {
			t.Errorf("schema %q, default %q, not %q", c.Schema, c.Default, l.name)
		}
		for _, table := range c.Tables {
			if table.Schema != l.name {
				t.Errorf("%s is in %s", table.Name, table.Schema)
			}
			table.Schema = ""
			for i := range table.ForeignKeys {
				if k := &table.ForeignKeys[i]; k.RefSchema == l.name {
					k.RefSchema = ""
				}
			}
			if table.Definition = strings.ReplaceAll(table.Definition, l.name, "{schema}"); table.Definition != "" && b.Name != "sqlite" {
				if !strings.Contains(strings.ToUpper(table.Definition), "SELECT") {
					t.Errorf("%s: %s", table.Name, table.Definition)
				}
				table.Definition = "a query in the server's words"
			}
			for i := range table.Columns {
				col := &table.Columns[i]
				if col.Type.Kind == dialect.NoType {
					continue
				}
				name, err := l.d.TypeName(&col.Type)
				if err != nil {
					t.Errorf("%s.%s: %v", table.Name, col.Name, err)
				}
				if table.Kind == dialect.BaseTable && col.Computed == "" { // its name makes the same type again
					l.exec("CREATE TABLE same (x " + name + ")")
					again, err := schema.NewInspector(l).Table(t.Context(), "same")
					if err != nil {
						t.Fatal(err)
					}
					got := again.Columns[0].Type
					got.Collation = col.Type.Collation
					if g, w := got.String(), col.Type.String(); g != w {
						t.Errorf("%s.%s: %s made %s", table.Name, col.Name, w, g)
					}
					l.exec("DROP TABLE same")
				}
			}
		}
		for i := range c.Sequences {
			c.Sequences[i].Schema = ""
		}
		for i := range c.Enums {
			c.Enums[i].Schema = ""
		}
		goldenJSON(t, "inspect_"+l.d.Name()+".json", map[string]any{"tables": c.Tables, "sequences": c.Sequences, "enums": c.Enums})

		meta, err := schema.Reflect(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		goldenJSON(t, "inspect_"+l.d.Name()+"_notes.json", meta.Notes())
	})
}

// A schema of many tables takes as many statements as one of two.
func TestReflectMany(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		tables := 2000
		if testing.Short() || b.Name != "sqlite" {
			tables = 200
		}
		fill := func(from, to int) {
			if b.Name == "sqlite" {
				l.exec("BEGIN")
			}
			for i := from; i < to; i++ {
				l.exec(fmt.Sprintf("CREATE TABLE t%d (id INTEGER NOT NULL PRIMARY KEY, up INTEGER, name VARCHAR(20) UNIQUE, FOREIGN KEY (up) REFERENCES t%d (id))", i, max(i-1, 0)))
			}
			if b.Name == "sqlite" {
				l.exec("COMMIT")
			}
		}
		count := func(want int) int {
			l.sent = 0
			start := time.Now()
			meta, err := schema.Reflect(t.Context(), l)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d tables in %v", want, time.Since(start))
			if n := len(meta.Tables()); n != want {
				t.Errorf("%d tables of %d", n, want)
			}
			d := meta.Table(fmt.Sprintf("t%d", want-1)).Info()
			if len(d.Columns) != 3 || len(d.ForeignKeys) != 1 || len(d.Unique) != 1 || len(d.PrimaryKey()) != 1 {
				t.Errorf("%+v", d)
			}
			return l.sent
		}
		fill(0, 2)
		few := count(2)
		fill(2, tables)
		many := count(tables)
		if few != many || many > 10 {
			t.Errorf("%d statements for two tables, %d for %d", few, many, tables)
		}
		// So many names that a statement does not take them.
		names := make([]string, tables/2)
		for i := range names {
			names[i] = fmt.Sprintf("t%d", i)
		}
		l.sent = 0
		meta, err := schema.Reflect(t.Context(), l, names...)
		if err != nil || len(meta.Tables()) != len(names) || l.sent > many {
			t.Errorf("%d tables of %d with %d statements: %v", len(meta.Tables()), len(names), l.sent, err)
		}
	})
}

// Names, views, other schemas, and what does not exist.
func TestInspector(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		ctx := t.Context()
		other := "other"
		if b.Name == "sqlite" {
			l.exec("ATTACH DATABASE ':memory:' AS other")
		} else {
			other = "other_" + strings.ToLower(b.Name) + "_reflect"
			l.space.Beside(t, other)
		}
		l.exec("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20))",
			"CREATE VIEW names AS SELECT name FROM users", "CREATE TABLE "+other+".log (id INTEGER NOT NULL PRIMARY KEY)",
			"CREATE TABLE "+other+".users (id INTEGER NOT NULL PRIMARY KEY)")
		ins := schema.NewInspector(l)
		tables, err := ins.TableNames(ctx)
		if err != nil || !slices.Equal(tables, []string{"users"}) {
			t.Errorf("%q, %v", tables, err)
		}
		views, err := ins.Views(ctx)
		if err != nil || len(views) != 1 || views[0].Name != "names" || len(views[0].Columns) != 1 || !strings.Contains(strings.ToUpper(views[0].Definition), "SELECT") {
			t.Errorf("%+v, %v", views, err)
		}
		if s, err := ins.DefaultSchema(ctx); err != nil || s != l.name {
			t.Errorf("%q, %v", s, err)
		}
		schemas, err := ins.Schemas(ctx)
		if err != nil || !slices.Contains(schemas, other) || !slices.Contains(schemas, l.name) {
			t.Errorf("%q, %v", schemas, err)
		}
		if tables, err = ins.In(other).TableNames(ctx); err != nil || !slices.Equal(tables, []string{"log", "users"}) {
			t.Errorf("%q, %v", tables, err)
		}
		if has, err := ins.HasTable(ctx, "log"); has || err != nil {
			t.Errorf("log: %v, %v", has, err)
		}

		_, err = ins.Table(ctx, "user")
		if !errors.Is(err, dialect.ErrUndefinedTable) || !strings.Contains(err.Error(), `"users"`) {
			t.Errorf("got %v", err)
		}
		if _, err = schema.Reflect(ctx, l, "users", "nothing", other+".nor_this"); !errors.Is(err, dialect.ErrUndefinedTable) ||
			!strings.Contains(err.Error(), "nothing") || !strings.Contains(err.Error(), "nor_this") {
			t.Errorf("got %v", err)
		}
		meta, err := schema.Reflect(ctx, l, "users", "names", other+".users")
		if err != nil {
			t.Fatal(err)
		}
		if a, b := meta.Table("users").Info(), meta.Table(other+".users").Info(); len(a.Columns) != 2 || len(b.Columns) != 1 || b.Schema != other || a.Schema != "" {
			t.Errorf("%+v, %+v", a, b)
		}

		// A cache answers without the database, until it is cleared.
		kept := ins.Cached()
		for range 2 {
			if _, err := kept.Table(ctx, "users"); err != nil {
				t.Error(err)
			}
		}
		l.sent = 0
		l.exec("CREATE TABLE late (id INTEGER)")
		if has, err := kept.HasTable(ctx, "late"); has || err != nil || l.sent != 1 {
			t.Errorf("late: %v, %v after %d statements", has, err, l.sent)
		}
		kept.Clear()
		if has, err := kept.HasTable(ctx, "late"); !has || err != nil {
			t.Errorf("late: %v, %v", has, err)
		}
	})
}

// Names of all kinds are found, and limit what is read to just these tables.
func TestReflectNames(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		names := []string{"(2)", "per % cent", "[brackets]", "col%p", "it's", "quo\"te", "back`tick", "select", "Mixed_Case", "_under", "größe", "user:name", "?", "$1"}
		names = slices.DeleteFunc(names, func(name string) bool { // what no identifier of the database can hold
			w := dialect.NewWriter(l.d)
			w.Ident(name)
			return w.Err() != nil
		})
		meta := schema.NewMetadata()
		for i, name := range names {
			parts := []schema.Part{schema.BigInt("id").PrimaryKey(), schema.Varchar(name, 20).Null().Unique(), schema.BigInt("up").Null()}
			if i > 0 {
				parts = append(parts, schema.References([]string{"up"}, names[i-1], []string{"id"}))
			}
			meta.Add(schema.New(name, parts...))
		}
		if err := meta.CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		for i, name := range names {
			got, err := schema.Reflect(t.Context(), l, name)
			if err != nil {
				t.Fatal(err)
			}
			d := schema.Info(got.Table(name))
			if len(got.Tables()) != 1 || d.Column(name) == nil || len(d.Unique) != 1 || d.Unique[0].Columns[0] != name ||
				i > 0 && (len(d.ForeignKeys) != 1 || d.ForeignKeys[0].RefTable != names[i-1]) {
				t.Errorf("%s: %+v", name, d)
			}
		}
		all, err := schema.Reflect(t.Context(), l)
		if err != nil || len(all.Tables()) != len(names) {
			t.Errorf("%d tables, %v", len(all.Tables()), err)
		}
	})
}

// A view that has lost its table does not stand in the way of the tables.
func TestReflectBrokenView(t *testing.T) {
	l := live(t, testenv.Backend{Name: "sqlite", URL: testenv.SQLite(t)})
	l.exec("CREATE TABLE gone (id INTEGER)", "CREATE TABLE here (id INTEGER)", "CREATE VIEW broken AS SELECT id FROM gone", "DROP TABLE gone")
	meta, err := schema.Reflect(t.Context(), l)
	if err != nil || len(meta.Tables()) != 1 || meta.Table("here") == nil {
		t.Errorf("%v, %v", meta, err)
	}
	if _, err := schema.NewInspector(l).Table(t.Context(), "broken"); err == nil {
		t.Error("the columns of a broken view are known")
	}
}

// without is a dialect that cannot read its catalogue.
type without struct{ dialect.Dialect }

// A dialect that cannot, a runner that cannot keep a connection, and none, are
// mistakes that say so.
func TestReflectRunner(t *testing.T) {
	l := live(t, testenv.Backend{Name: "sqlite", URL: testenv.SQLite(t)})
	l.d = without{l.d}
	if _, err := schema.Reflect(t.Context(), l); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
	if _, err := schema.Reflect(t.Context(), nil); err == nil {
		t.Error("no runner is no mistake")
	}
	if _, err := schema.Reflect(t.Context(), nil, "audit."); !errors.Is(err, dialect.ErrArguments) {
		t.Errorf("got %v", err)
	}
}
