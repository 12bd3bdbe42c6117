package dialecttest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var reflectKeyCases = []testCase{
	{name: "primary keys", needs: reflects, run: keyPrimary},
	{name: "primary keys of names that need quotes", needs: reflects, run: keyPrimaryOdd},
	{name: "primary keys in bulk", needs: reflects, run: inBulk(primaryOf)},
	{name: "a primary key's columns in its own order", needs: reflects, run: keyPrimaryOrder},
	{name: "foreign keys", needs: reflects, run: keyForeign},
	{name: "foreign keys of names that need quotes", needs: reflects, run: keyForeignOdd},
	{name: "foreign keys between schemas", needs: inSchema, run: keyForeignSchemas},
	{name: "foreign keys in bulk", needs: reflects, run: inBulk(func(i *dialect.TableInfo) any { return i.ForeignKeys })},
	{name: "a foreign key's columns in its own order", needs: reflects, run: keyForeignOrder},
	{name: "a foreign key that names a column twice", needs: both(reflects, feature("DDL.RepeatedForeign", func(f *dialect.Features) bool { return f.DDL.RepeatedForeign })), run: keyForeignRepeated},
	{name: "what a foreign key does when its target goes", needs: reflects, run: keyForeignActions},
	{name: "foreign keys to odd names lead there", needs: reflects, run: keyForeignBizarre},
	{name: "unique keys", needs: reflects, run: keyUnique},
	{name: "unique keys of names that need quotes", needs: reflects, run: keyUniqueOdd},
	{name: "unique keys of a temporary table", needs: ofTemporaries, run: keyUniqueTemporary},
	{name: "unique keys in bulk", needs: reflects, run: inBulk(func(i *dialect.TableInfo) any { return i.Unique })},
	{name: "a table without checks has none", needs: reflects, run: checkNone},
	{name: "a check of a column", needs: reflects, run: checkInline},
	{name: "a check of a table", needs: reflects, run: checkTable},
	{name: "checks of columns and of the table", needs: reflects, run: checkMixed},
	{name: "parentheses and quotes within checks stay whole", needs: reflects, run: checkParentheses},
	{name: "checks of names that need quotes", needs: reflects, run: checkOdd},
	{name: "checks in bulk", needs: reflects, run: inBulk(func(i *dialect.TableInfo) any { return i.Checks })},
}

// inBulk checks a part of what is read of many tables at once.
func inBulk(part func(*dialect.TableInfo) any) func(t *T) {
	return func(t *T) {
		t.estate(func(i *schema.Inspector, parent, child, view string) { t.wantBulk(i, part, parent, child, view) })
	}
}

func primaryOf(i *dialect.TableInfo) any {
	if i.PrimaryKey == nil {
		return nil
	}
	return *i.PrimaryKey
}

func keyPrimary(t *T) {
	t.estate(func(i *schema.Inspector, parent, child, view string) {
		for _, n := range []string{parent, child} {
			if k := t.info(i, n).PrimaryKey; k == nil || !slices.Equal(k.Columns, []string{"id"}) {
				t.Errorf("%s: the primary key is %+v", n, k)
			}
		}
		if k := t.info(i, view).PrimaryKey; k != nil {
			t.Errorf("a view has the primary key %+v", k)
		}
	})
	name := t.newName()
	t.defined(name, schema.Integer("id"), schema.Integer("n"), schema.PrimaryKey("id").Named(name+"_pk"))
	if k := t.info(t.inspect(), name).PrimaryKey; k == nil || k.Name != name+"_pk" && k.Name != "" {
		t.Errorf("the primary key is %+v", k)
	}
}

// quotedTables makes a table for each name that holds quotes, with a key, a
// unique key, a check, an index, a reference and a view, and check the info of each.
func (t *T) quotedTables(check func(name string, info, view *dialect.TableInfo)) {
	t.Helper()
	target := t.newName()
	t.simple(target)
	for _, odd := range []string{"quote ' one", `quote " two`} {
		name := t.newName() + odd
		table := t.defined(name, schema.Integer("id").PrimaryKey(), schema.Integer("ref").Null(), schema.Varchar("n", 20).Null(),
			schema.Unique("n").Named(name+" uq"), schema.CheckText("id > 0").Named(name+" ck"), schema.IndexOn(name+" ix", "ref", "n"),
			schema.References([]string{"ref"}, target, []string{"id"}).Named(name+" fk"), schema.Comment("about "+odd))
		t.view(name+" v", table)
		check(name, t.info(t.inspect(), name), t.info(t.inspect(), name+" v"))
	}
}

func keyPrimaryOdd(t *T) {
	t.quotedTables(func(name string, info, _ *dialect.TableInfo) {
		if k := info.PrimaryKey; k == nil || !slices.Equal(k.Columns, []string{"id"}) {
			t.Errorf("%s: the primary key is %+v", name, k)
		}
	})
}

// composite makes two tables with keys in an order that is not their columns'.
func (t *T) composite() (a, b string) {
	t.Helper()
	a, b = t.newName(), t.newName()
	t.defined(a, schema.Integer("id"), schema.Integer("attr"), schema.Varchar("name", 20), schema.PrimaryKey("name", "id", "attr").Named(a+"_pk"))
	t.defined(b, schema.Integer("id").PrimaryKey(), schema.Integer("pid").Null(), schema.Integer("pattr").Null(), schema.Varchar("pname", 20).Null(),
		schema.References([]string{"pname", "pid", "pattr"}, a, []string{"name", "id", "attr"}).Named(b+"_fk"))
	return a, b
}

func keyPrimaryOrder(t *T) {
	a, _ := t.composite()
	if k := t.info(t.inspect(), a).PrimaryKey; k == nil || !slices.Equal(k.Columns, []string{"name", "id", "attr"}) {
		t.Errorf("the primary key is %+v", k)
	}
}

func (t *T) wantForeign(what string, got []dialect.ForeignKeyInfo, columns, refTable, refColumns string) *dialect.ForeignKeyInfo {
	t.Helper()
	if len(got) != 1 || strings.Join(got[0].Columns, " ") != columns || got[0].RefTable != refTable || strings.Join(got[0].RefColumns, " ") != refColumns {
		t.Fatalf("%s: the foreign keys are %+v", what, got)
	}
	return &got[0]
}

func keyForeign(t *T) {
	t.estate(func(i *schema.Inspector, parent, child, view string) {
		info := t.info(i, child)
		k := t.wantForeign(child, info.ForeignKeys, "parent_id", parent, "id")
		if k.RefSchema != info.Schema || k.Name != child+"_fk" && k.Name != "" || k.OnDelete != "CASCADE" || k.OnUpdate != "" {
			t.Errorf("the foreign key is %+v", k)
		}
		for _, n := range []string{parent, view} {
			if keys := t.info(i, n).ForeignKeys; len(keys) != 0 {
				t.Errorf("%s has the foreign keys %+v", n, keys)
			}
		}
	})
}

func keyForeignOdd(t *T) {
	t.quotedTables(func(name string, info, _ *dialect.TableInfo) {
		if k := info.ForeignKeys; len(k) != 1 || !slices.Equal(k[0].Columns, []string{"ref"}) || !slices.Equal(k[0].RefColumns, []string{"id"}) || k[0].Name != name+" fk" {
			t.Errorf("%s: the foreign keys are %+v", name, k)
		}
	})
}

func keyForeignSchemas(t *T) {
	home := string(t.schema())
	there, here, back := t.newName(), t.newName(), t.newName()
	t.defined(home+"."+there, schema.Integer("id").PrimaryKey())
	t.defined(here, schema.Integer("id").PrimaryKey(), schema.Integer("ref").Null(), schema.References([]string{"ref"}, home+"."+there, []string{"id"}))
	own := t.info(t.inspect(), here)
	if k := t.wantForeign("to the schema", own.ForeignKeys, "ref", there, "id"); k.RefSchema != home {
		t.Errorf("the foreign key leads to the schema %q", k.RefSchema)
	}
	t.defined(home+"."+back, schema.Integer("id").PrimaryKey(), schema.Integer("ref").Null(), schema.References([]string{"ref"}, own.Schema+"."+here, []string{"id"}))
	if k := t.wantForeign("from the schema", t.info(t.inspect().In(home), back).ForeignKeys, "ref", here, "id"); k.RefSchema != own.Schema {
		t.Errorf("the foreign key leads to the schema %q", k.RefSchema)
	}
}

func keyForeignOrder(t *T) {
	a, b := t.composite()
	t.wantForeign(b, t.info(t.inspect(), b).ForeignKeys, "pname pid pattr", a, "name id attr")
}

func keyForeignRepeated(t *T) {
	name := ident(t.newName())
	t.create(name, col{"id", integer, "NOT NULL"}, col{"cid", integer, "NOT NULL"}, say{"PRIMARY KEY (id)"}, say{"UNIQUE (id, cid)"},
		say{"CONSTRAINT ", ident(t.newName()), " FOREIGN KEY (cid, cid) REFERENCES ", name, " (id, cid)"})
	t.wantForeign("twice", t.info(t.inspect(), string(name)).ForeignKeys, "cid cid", string(name), "id cid")
}

func keyForeignActions(t *T) {
	target := t.newName()
	t.simple(target)
	actions := []schema.Action{schema.NoAction, schema.Cascade, schema.SetNull}
	if !t.f.NoRestrict {
		actions = append(actions, schema.Restrict)
	}
	for _, a := range actions {
		want := a.String()
		if a == schema.NoAction {
			want = ""
		}
		name := t.newName()
		t.defined(name, schema.Integer("id").PrimaryKey(), schema.Integer("ref").Null(), schema.References([]string{"ref"}, target, []string{"id"}, schema.OnDelete(a)))
		// RESTRICT and NO ACTION are one thing to a database that checks at once.
		same := func(got string) bool {
			return got == want || strings.Trim(got+want, " ") == "RESTRICT" && t.f.DDL.RestrictIsNoAction
		}
		if k := t.wantForeign(name, t.info(t.inspect(), name).ForeignKeys, "ref", target, "id"); !same(k.OnDelete) || !same(k.OnUpdate) && k.OnUpdate != "" {
			t.Errorf("ON DELETE %s was read as %+v", a, k)
		}
		if t.f.NoOnUpdate {
			continue
		}
		name = t.newName()
		t.defined(name, schema.Integer("id").PrimaryKey(), schema.Integer("ref").Null(), schema.References([]string{"ref"}, target, []string{"id"}, schema.OnUpdate(a)))
		if k := t.wantForeign(name, t.info(t.inspect(), name).ForeignKeys, "ref", target, "id"); !same(k.OnUpdate) || !same(k.OnDelete) && k.OnDelete != "" {
			t.Errorf("ON UPDATE %s was read as %+v", a, k)
		}
	}
}

func keyForeignBizarre(t *T) {
	for _, odd := range oddTables {
		for _, column := range oddColumns {
			for _, two := range []bool{false, true} {
				target, name := t.newName()+odd, t.newName()
				parts := []schema.Part{schema.Integer(column), schema.Integer("id2"), schema.PrimaryKey(column)}
				columns, refs := []string{"ref"}, []string{column}
				if two {
					parts[2] = schema.PrimaryKey(column, "id2")
					columns, refs = []string{"ref", "ref2"}, []string{column, "id2"}
				}
				t.defined(target, parts...)
				t.defined(name, schema.Integer("id").PrimaryKey(), schema.Integer("ref").Null(), schema.Integer("ref2").Null(), schema.References(columns, target, refs))
				t.wantForeign(odd, t.info(t.inspect(), name).ForeignKeys, strings.Join(columns, " "), target, strings.Join(refs, " "))
			}
		}
	}
}

// uniques lists the unique keys as text.
func uniques(info *dialect.TableInfo) string {
	var list []string
	for _, k := range info.Unique {
		list = append(list, k.Name+"("+strings.Join(k.Columns, ",")+")")
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func keyUnique(t *T) {
	t.estate(func(i *schema.Inspector, parent, child, _ string) {
		if got := uniques(t.info(i, parent)); got != parent+"_uq(name)" {
			t.Errorf("the unique keys are %s", got)
		}
		if got := uniques(t.info(i, child)); got != "" {
			t.Errorf("a table without unique keys has %s", got)
		}
	})
	name := t.newName()
	t.defined(name, schema.Integer("a"), schema.Integer("b"), schema.Integer("c"), schema.Unique("a").Named(name+"_1"), schema.Unique("c", "b").Named(name+"_2"), schema.Unique("b", "c").Named(name+"_3"))
	if got, want := uniques(t.info(t.inspect(), name)), fmt.Sprintf("%s_1(a) %[1]s_2(c,b) %[1]s_3(b,c)", name); got != want {
		t.Errorf("the unique keys are %s instead of %s", got, want)
	}
}

func keyUniqueOdd(t *T) {
	t.quotedTables(func(name string, info, _ *dialect.TableInfo) {
		if got := uniques(info); got != name+" uq(n)" {
			t.Errorf("the unique keys are %s", got)
		}
	})
}

func keyUniqueTemporary(t *T) {
	name := t.newName()
	t.temporary(func(_ *engine.Conn, i *schema.Inspector, table *schema.Dynamic) {
		if got := uniques(t.info(i, table.Info().Name)); got != name+"(name)" {
			t.Errorf("the unique keys are %s", got)
		}
	}, schema.Unique("name").Named(name))
}

// checksOf are checks by name, reduced to words and signs that a database keeps
// when it writes a condition anew.
func checksOf(info *dialect.TableInfo) map[string]string {
	list := map[string]string{}
	for _, c := range info.Checks {
		list[c.Name] = strings.Join(regexp.MustCompile(`\b(and|or|a|b|c)\b|\d+|[<>=]+`).FindAllString(strings.ToLower(c.SQL), -1), " ")
	}
	return list
}

func (t *T) wantChecks(i *schema.Inspector, name string, want ...string) {
	t.Helper()
	var got []string
	for _, text := range checksOf(t.info(i, name)) {
		got = append(got, text)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the checks are %q instead of %q", got, want)
	}
}

func checkNone(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("a").Null())
	t.wantChecks(t.inspect(), name)
}

func checkInline(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("id").PrimaryKey(), schema.Integer("a").Null().CheckText("a > 1 AND a < 5"))
	t.wantChecks(t.inspect(), name, "a > 1 and a < 5")
}

func checkTable(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("a").Null(), schema.CheckText("a = 1 OR (a > 2 AND a < 5)").Named(name+"_Ck"))
	t.wantChecks(t.inspect(), name, "a = 1 or a > 2 and a < 5")
	if c := checksOf(t.info(t.inspect(), name)); c[name+"_Ck"] == "" {
		t.Errorf("the names of the checks are %v", c)
	}
}

func checkMixed(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("a").Null().CheckText("a > 1 AND a < 5"), schema.Integer("b").Null(), schema.Integer("c").Null(), schema.Varchar("data", 50).Null(),
		schema.Unique("data").Named(name+"_uq"), schema.CheckText("b > 1 AND b < 5").Named(name+"_b"), schema.CheckText("c > 1 AND c < 5").Named(name+"_c"))
	t.wantChecks(t.inspect(), name, "a > 1 and a < 5", "b > 1 and b < 5", "c > 1 and c < 5")
}

func checkParentheses(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("a").Null(), schema.Integer("b").Null(), schema.Varchar("d", 50).Null(),
		schema.CheckText("(a > 1) AND (b < 5 OR (a < 9))").Named(name+"_1"), schema.CheckText("d <> ')' AND d <> 'it''s ((' AND a > 7").Named(name+"_2"),
		schema.CheckText("(a < 3)").Named(name+"_3"))
	info := t.info(t.inspect(), name)
	if len(info.Checks) != 3 {
		t.Fatalf("the checks are %+v", info.Checks)
	}
	for _, c := range info.Checks {
		text := regexp.MustCompile(`'([^'\\]|''|\\.)*'`).ReplaceAllString(c.SQL, "")
		if strings.Count(text, "(") != strings.Count(text, ")") {
			t.Errorf("a check's parentheses do not match: %s", c.SQL)
		}
		// It says the same when it is written again.
		again := t.newName()
		t.defined(again, schema.Integer("a").Null(), schema.Integer("b").Null(), schema.Varchar("d", 50).Null(), schema.CheckText(c.SQL))
		if got := t.info(t.inspect(), again).Checks; len(got) != 1 || got[0].SQL != c.SQL {
			t.Errorf("%s becomes %+v when it is written again", c.SQL, got)
		}
	}
}

func checkOdd(t *T) {
	t.quotedTables(func(name string, info, _ *dialect.TableInfo) {
		if len(info.Checks) != 1 || info.Checks[0].Name != name+" ck" {
			t.Errorf("%s: the checks are %+v", name, info.Checks)
		}
	})
}
