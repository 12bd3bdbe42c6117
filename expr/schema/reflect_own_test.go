package schema_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/lite"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// What only one database has of a table comes back from its catalogue, and a
// copy that is made of it has it too, or the notes say what it has not.
func TestReflectOwn(t *testing.T) {
	for _, tc := range []struct {
		db     string
		making []string
		want   map[string][]string // by table, in the JSON of its TableInfo
		notes  []string
	}{
		{"postgres", []string{
			`CREATE TABLE kept (a int, b int, t text, j jsonb, UNIQUE NULLS NOT DISTINCT (a), UNIQUE (a, b))`,
			`CREATE INDEX kept_class ON kept (t text_pattern_ops DESC, (lower(t)) varchar_pattern_ops, a)`,
			`CREATE INDEX kept_gin ON kept USING gin (j jsonb_path_ops)`,
			`CREATE INDEX kept_hash ON kept USING hash (a)`,
			`CREATE UNIQUE INDEX kept_nulls ON kept (b DESC NULLS LAST) INCLUDE (t) NULLS NOT DISTINCT WHERE a > 0`,
			`CREATE TABLE refs (id int PRIMARY KEY DEFERRABLE, a int, b int,
 CONSTRAINT refs_full FOREIGN KEY (a, b) REFERENCES kept (a, b) MATCH FULL ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED)`,
			`CREATE UNLOGGED TABLE quick (n int GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 5 MAXVALUE 1000 CYCLE) PRIMARY KEY, "odd type" interval day to second(2))`,
		}, map[string][]string{
			"kept": {`"OpClass":"text_pattern_ops"`, `"OpClass":"varchar_pattern_ops"`, `"OpClass":"jsonb_path_ops"`, `"Method":"hash"`, `"NullsNotDistinct":true`,
				`"Include":["t"]`, `"Where":"a > 0"`},
			"refs":  {`"MatchFull":true`, `"OnUpdate":"SET NULL"`, `"InitiallyDeferred":true`},
			"quick": {`"Options":["UNLOGGED"]`, `"Start":100`, `"Increment":5`, `"Cycle":true`, `"Name":"interval day to second(2)"`},
		}, nil},
		{"postgres", []string{
			`CREATE TABLE days (day date NOT NULL, n int NOT NULL, PRIMARY KEY (day, n)) PARTITION BY RANGE (day)`,
			`CREATE TABLE days_old PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY HASH (n)`,
			`CREATE TABLE days_old_0 PARTITION OF days_old FOR VALUES WITH (MODULUS 2, REMAINDER 0)`,
			`CREATE TABLE root (id int, extra int, PRIMARY KEY (id) INCLUDE (extra), CONSTRAINT own CHECK (id > 0) NO INHERIT)`,
			`CREATE TABLE leaf (x int CONSTRAINT late CHECK (x > 1), ref int) INHERITS (root)`,
			`ALTER TABLE leaf ADD CONSTRAINT lazy FOREIGN KEY (ref) REFERENCES root (id) NOT VALID`,
			`CREATE TABLE own_refs (day date, n int, CONSTRAINT partly FOREIGN KEY (day, n) REFERENCES days ON DELETE SET NULL (n))`,
			`CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
			`CREATE TRIGGER fires BEFORE INSERT ON own_refs FOR EACH ROW EXECUTE FUNCTION nothing()`,
			`CREATE VIEW old_days AS SELECT day FROM days_old`,
		}, map[string][]string{
			"days":       {`"PartitionBy":"RANGE (day)"`, `"PartitionOf":null`},
			"days_old":   {`"PartitionBy":"HASH (n)"`, `"Table":"days"`, `FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')`, `"Options":null`},
			"days_old_0": {`"PartitionBy":""`, `"Table":"days_old"`},
			"root":       {`"Include":["extra"]`, `"NoInherit":true`},
			"leaf":       {`"Options":["INHERITS (`},
			"own_refs":   {`"OnDelete":"SET NULL"`, `"OnDeleteColumns":["n"]`, `"Triggers":true`},
			"old_days":   {`"Kind":1`, `"Name":"day"`},
		}, []string{
			"table leaf: the foreign key lazy was not checked for the rows from before it",
			"table leaf: is made with INHERITS (SCHEMA.root)",
			"table own_refs: ON DELETE SET NULL of the foreign key partly is for n alone",
			"table root: the check own is not one of the tables that inherit from it",
		}},
		{"mariadb", []string{
			`CREATE TABLE texts (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, body TEXT, at POINT NOT NULL, FULLTEXT KEY words (body), SPATIAL KEY place (at)) ENGINE=Aria`,
			`CREATE TABLE others (a VARCHAR(9), b VARCHAR(9) COLLATE utf8mb4_bin, INDEX pre (a(3), b)) COLLATE=latin1_swedish_ci`,
		}, map[string][]string{
			"texts":  {`"Method":"FULLTEXT"`, `"Method":"SPATIAL"`, `"Options":["ENGINE=Aria"]`, `"Unsigned":true`},
			"others": {`"Options":["COLLATE=latin1_swedish_ci"]`, `"Collation":"utf8mb4_bin"`, `"Length":3`},
		}, nil},
		{"mariadb", []string{
			`CREATE TABLE parts (id INT NOT NULL, v INT GENERATED ALWAYS AS (id + 1) VIRTUAL, PRIMARY KEY (id)) PARTITION BY HASH (id) PARTITIONS 3`,
			`CREATE TABLE hist (id INT PRIMARY KEY) WITH SYSTEM VERSIONING`,
			`CREATE TRIGGER fires BEFORE INSERT ON hist FOR EACH ROW SET NEW.id = NEW.id + 1`,
			`CREATE VIEW all_parts AS SELECT id FROM parts`,
		}, map[string][]string{
			"parts":     {"\"PartitionBy\":\"HASH (`id`) PARTITIONS 3\"", `"Stored":false`, `"Options":null`},
			"hist":      {`"Options":["WITH SYSTEM VERSIONING"]`, `"Triggers":true`},
			"all_parts": {`"Kind":1`, `"Options":null`},
		}, []string{"table hist: is made with WITH SYSTEM VERSIONING"}},
		{"sqlite", []string{
			`CREATE TABLE pairs (a TEXT NOT NULL COLLATE NOCASE, b INTEGER NOT NULL, c INTEGER AS (b * 2) STORED, PRIMARY KEY (b, a)) STRICT, WITHOUT  ROWID`,
			`CREATE TABLE [odd "name] ("a""b" INTEGER PRIMARY KEY AUTOINCREMENT, 'q' TEXT, [d"e] CHAR(3)) `,
			`CREATE INDEX part ON pairs (c DESC, lower(a)) WHERE c > 1`,
		}, map[string][]string{
			"pairs":      {`"Options":["STRICT","WITHOUT ROWID"]`, `"Collation":"NOCASE"`, `"Stored":true`},
			"odd \"name": {`"Autoincrement":true`, `"Name":"a\"b"`},
		}, nil},
		{"sqlite", []string{
			`CREATE TABLE pairs (a TEXT)`,
			`CREATE VIRTUAL TABLE found USING fts5(title, body)`,
			`CREATE VIEW shown AS SELECT a FROM pairs`,
			`CREATE TRIGGER fires INSTEAD OF INSERT ON shown BEGIN SELECT 1; END`,
		}, map[string][]string{
			"found": {`"Options":["VIRTUAL USING fts5(title, body)"]`},
			"shown": {`"Triggers":true`},
		}, []string{"table found: is made with VIRTUAL USING fts5(title, body)"}},
	} {
		t.Run(tc.db, func(t *testing.T) {
			ctx := t.Context()
			b := testenv.Backend{Name: tc.db}
			switch tc.db {
			case "sqlite":
				b.URL = testenv.SQLite(t)
			case "postgres":
				b.URL = testenv.Postgres(t)
			default:
				b = testenv.Backend{Name: "mysql", URL: testenv.MySQL(t)}
			}
			l := live(t, b)
			if tc.db == "mariadb" && l.d.Name() != "mariadb" {
				t.Skip("MariaDB's own")
			}
			l.exec(tc.making...)
			read := func() (*schema.Metadata, map[string]string) {
				t.Helper()
				i := schema.NewInspector(l)
				tables, err := i.Tables(ctx)
				if err != nil {
					t.Fatal(err)
				}
				views, err := i.Views(ctx)
				if err != nil {
					t.Fatal(err)
				}
				texts := map[string]string{}
				for _, info := range append(tables, views...) {
					text, err := json.Marshal(info)
					if err != nil {
						t.Fatal(err)
					}
					texts[info.Name] = string(text)
				}
				meta, err := schema.Reflect(ctx, l)
				if err != nil {
					t.Fatal(err)
				}
				return meta, texts
			}
			meta, first := read()
			for name, want := range tc.want {
				for _, w := range want {
					if !strings.Contains(first[name], unescaped(t, w)) {
						t.Errorf("%s: no %s in %s", name, w, first[name])
					}
				}
			}
			var notes []string
			for _, n := range meta.Notes() {
				notes = append(notes, strings.ReplaceAll(n, l.name, "SCHEMA"))
			}
			slices.Sort(notes)
			slices.Sort(tc.notes)
			if !slices.Equal(notes, tc.notes) {
				t.Errorf("notes:\n%s\nwant:\n%s", strings.Join(notes, "\n"), strings.Join(tc.notes, "\n"))
			}
			if diff, err := schema.Compare(ctx, l, meta); err != nil || len(diff) > 0 {
				t.Errorf("what was read is not what is there: %v, %v", diff, err)
			}
			if len(tc.notes) > 0 {
				return
			}
			if err := meta.DropAll(ctx, l); err != nil {
				t.Fatal(err)
			}
			if err := meta.CreateAll(ctx, l); err != nil {
				t.Fatal(err)
			}
			_, second := read()
			for name, text := range first {
				if second[name] != text {
					t.Errorf("%s was\n%s\nand its copy is\n%s", name, text, second[name])
				}
			}
			// Elsewhere, indexes of kinds that are not there are left out.
			for _, d := range dialects {
				if tc.db != "postgres" {
					break
				}
				texts, err := schema.CreateSQL(meta, d)
				if text := strings.Join(texts, "\n"); err == nil && (strings.Contains(text, "kept_gin") != (d.Name() == "postgres")) {
					t.Errorf("%s: %s", d.Name(), text)
				}
			}
		})
	}
}

// unescaped is a text as JSON writes it.
func unescaped(t *testing.T, s string) string {
	t.Helper()
	return strings.NewReplacer(">", `\u003e`, "<", `\u003c`).Replace(s)
}

// AUTOINCREMENT stands with the column, whose key it is, and nowhere else.
func TestAutoincrement(t *testing.T) {
	made := func(parts ...schema.Part) schema.Definition { return *schema.New("t", parts...).Info() }
	id := schema.BigInt("id").PrimaryKey().Identity().With(lite.Autoincrement())
	for _, tc := range []struct {
		d     schema.Definition
		on    dialect.Dialect
		want  string
		wrong string
	}{
		{made(id, schema.Text("x")), sqlite.Dialect(), "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, x TEXT NOT NULL)", ""},
		{made(id, schema.PrimaryKey("id").Named("pk t")), sqlite.Dialect(), `CREATE TABLE t (id INTEGER NOT NULL CONSTRAINT "pk t" PRIMARY KEY AUTOINCREMENT)`, ""},
		{made(schema.BigInt("id").PrimaryKey().Identity().With(schema.Maybe(lite.Autoincrement()))), postgres.Dialect(),
			"CREATE TABLE t (id BIGINT GENERATED BY DEFAULT AS IDENTITY, PRIMARY KEY (id))", ""},
		{made(id), postgres.Dialect(), "", "autoincrement"},
		{made(schema.BigInt("id").PrimaryKey().With(lite.Autoincrement())), sqlite.Dialect(), "", "whole primary key"},
		{made(schema.BigInt("id").With(lite.Autoincrement())), sqlite.Dialect(), "", "whole primary key"},
	} {
		text, _, err := expr.SQL(schema.CreateTable(schema.Build(&tc.d)), tc.on)
		if tc.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), tc.wrong) {
				t.Errorf("%s: %q, %v", tc.on.Name(), text, err)
			}
		} else if err != nil || text != tc.want {
			t.Errorf("%s: %s, %v, not %s", tc.on.Name(), text, err, tc.want)
		}
	}
}

// A reflected table of SQL Server that has triggers gives its rows back by way of a
// table variable: OUTPUT alone is refused there.
func TestReflectedTriggers(t *testing.T) {
	for _, triggers := range []bool{false, true} {
		d := catalogued{mssql.Dialect(), func(q *dialect.Inspection, c *dialect.Catalog) {
			c.Schema, c.Default = "dbo", "dbo"
			c.Add(q, &dialect.TableInfo{Schema: "dbo", Name: "audited", Triggers: triggers,
				Columns: []dialect.ColumnInfo{{Name: "id", Type: dialect.Type{Kind: dialect.Integer}}}})
		}}
		meta, err := schema.Reflect(t.Context(), &lease{t: t, d: d}, "audited")
		if err != nil {
			t.Fatal(err)
		}
		table := meta.Table("audited")
		text, _, err := expr.SQL(expr.Insert(table).Values(table.Col("id").Set(1)).Returning(table.Col("id")), mssql.Dialect())
		if err != nil || strings.Contains(text, "INTO @") != triggers {
			t.Errorf("triggers %v: %s, %v", triggers, text, err)
		}
	}
}
