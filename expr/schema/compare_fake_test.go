package schema_test

import (
	"iter"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// catalogued is a dialect whose catalogue is known without a server.
type catalogued struct {
	dialect.Dialect
	fill func(q *dialect.Inspection, c *dialect.Catalog)
}

// Inspect implements dialect.Inspector.
func (d catalogued) Inspect(q dialect.Inspection, c *dialect.Catalog) dialect.Script {
	d.fill(&q, c)
	return nothing{}
}

// nothing is a script without steps.
type nothing struct{}

// Steps implements dialect.Script.
func (nothing) Steps(dialect.Dialect) iter.Seq2[dialect.Step, error] {
	return func(func(dialect.Step, error) bool) {}
}

// ParseType implements dialect.TypeParser.
func (d catalogued) ParseType(text string) (dialect.Type, error) {
	return d.Dialect.(dialect.TypeParser).ParseType(text)
}

// SQL Server and Oracle keep what was declared in words of their own; these
// are theirs.
func TestCompareCatalogues(t *testing.T) {
	stars := schema.Self[int]("stars")
	table := func() *schema.Metadata {
		return schema.NewMetadata(schema.New("ratings", schema.Integer("id").PrimaryKey().Identity(),
			schema.Integer("stars").Default(3), schema.Varchar("kind", 10).Null().Default("a"), schema.Boolean("shown").Default(true),
			schema.Integer("twice").Null().Computed(expr.Mul(stars, schema.Self[int]("stars"))),
			schema.BigInt("boss_id").Null().References("ratings.id", schema.OnDelete(schema.Restrict)),
			schema.SmallInt("small"), schema.Timestamp("made").DefaultNow(),
			schema.Check("ck_stars", stars.Between(1, 5)), schema.Check("ck_kind", schema.Self[string]("kind").In("a", "b")),
			schema.Unique("kind", "stars").Named("uq_kind"), schema.IndexOn("ix_stars").On(stars.Desc())))
	}
	type column struct{ name, typ, def, computed string }
	made := func(d dialect.Dialect, columns []column, starsCheck, kindCheck string) dialect.Dialect {
		return catalogued{d, func(q *dialect.Inspection, c *dialect.Catalog) {
			c.Schema, c.Default = "app", "app"
			t := &dialect.TableInfo{Schema: "app", Name: "ratings", PrimaryKey: &dialect.KeyInfo{Name: "PK__1", Columns: []string{"id"}},
				Unique:      []dialect.KeyInfo{{Name: "uq_kind", Columns: []string{"kind", "stars"}}},
				ForeignKeys: []dialect.ForeignKeyInfo{{Name: "FK__1", Columns: []string{"boss_id"}, RefSchema: "app", RefTable: "ratings", RefColumns: []string{"id"}}},
				Checks:      []dialect.CheckInfo{{Name: "ck_stars", SQL: starsCheck}, {Name: "ck_kind", SQL: kindCheck}},
				Indexes:     []dialect.IndexInfo{{Name: "ix_stars", Columns: []dialect.IndexColumn{{Name: "stars", Desc: true}}}}}
			for i, col := range columns {
				typ, err := d.(dialect.TypeParser).ParseType(col.typ)
				if err != nil {
					panic(err)
				}
				in := dialect.ColumnInfo{Name: col.name, Position: i + 1, Type: typ, DatabaseType: col.typ, Default: col.def, Computed: col.computed,
					Nullable: col.name == "kind" || col.name == "twice" || col.name == "boss_id"}
				if col.name == "id" {
					in.Identity = &dialect.IdentityInfo{}
				}
				t.Columns = append(t.Columns, in)
			}
			c.Add(q, t)
		}}
	}
	for name, test := range map[string]dialect.Dialect{
		"mssql": made(mssql.Dialect(), []column{{"id", "int", "", ""}, {"stars", "int", "((3))", ""}, {"kind", "nvarchar(10)", "(N'a')", ""},
			{"shown", "bit", "((1))", ""}, {"twice", "int", "", "([stars]*[stars])"}, {"boss_id", "bigint", "", ""}, {"small", "smallint", "", ""}, {"made", "datetime2(7)", "(sysutcdatetime())", ""}},
			"([stars]>=(1) AND [stars]<=(5))", "([kind]=N'b' OR [kind]=N'a')"),
		"oracle": made(oracle.Dialect(oracle.Version(19)), []column{{"id", "NUMBER(*,0)", "", ""}, {"stars", "NUMBER(*,0)", "3", ""},
			{"kind", "VARCHAR2(10 CHAR)", "'a'", ""}, {"shown", "NUMBER(1)", "1", ""}, {"twice", "NUMBER(*,0)", "", `"STARS"*"STARS"`},
			{"boss_id", "NUMBER(19)", "", ""}, {"small", "NUMBER(*,0)", "", ""}, {"made", "TIMESTAMP(6)", "(SYSTIMESTAMP AT TIME ZONE 'UTC')", ""}}, "stars BETWEEN 1 AND 5", "kind IN ('a', 'b')"),
	} {
		l := &lease{t: t, d: test}
		diff, err := schema.Compare(t.Context(), l, table())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(diff) > 0 {
			t.Errorf("%s:\n%s", name, diff)
		}
		other := schema.NewMetadata(schema.New("ratings", schema.Integer("id").PrimaryKey(), schema.Integer("stars").Null(),
			schema.Varchar("kind", 20).Null(), schema.Check("ck_stars", stars.Gt(1))))
		diff, err = schema.Compare(t.Context(), l, other)
		kinds := map[string]int{}
		for _, d := range diff {
			kinds[d.Kind.String()+" "+d.Object]++
		}
		if err != nil || kinds["changed column"] < 4 || kinds["extra column"] != 5 || kinds["changed check"] != 1 || kinds["extra check"] != 1 ||
			kinds["extra unique key"] != 1 || kinds["extra foreign key"] != 1 || kinds["extra index"] != 1 {
			t.Errorf("%s: %v (%v)\n%s", name, kinds, err, diff)
		}
	}
}

// What SQL Server keeps in the order of an index is made so again from what was
// reflected, and is nothing to databases that have no such thing.
func TestReflectedClusters(t *testing.T) {
	integer := dialect.Type{Kind: dialect.Integer}
	d := catalogued{mssql.Dialect(), func(q *dialect.Inspection, c *dialect.Catalog) {
		c.Schema, c.Default = "dbo", "dbo"
		c.Add(q, &dialect.TableInfo{Schema: "dbo", Name: "events", PrimaryKey: &dialect.KeyInfo{Name: "pk_events", Columns: []string{"id"}, Clustered: dialect.No},
			Columns: []dialect.ColumnInfo{{Name: "id", Type: integer}, {Name: "day", Type: integer}},
			Unique:  []dialect.KeyInfo{{Name: "uq_day", Columns: []string{"day"}, Clustered: dialect.No}},
			Indexes: []dialect.IndexInfo{{Name: "ix_both", Columns: []dialect.IndexColumn{{Name: "day"}, {Name: "id"}}, Clustered: dialect.Yes},
				{Name: "ix_id", Columns: []dialect.IndexColumn{{Name: "id"}}, Clustered: dialect.No}}})
		c.Add(q, &dialect.TableInfo{Schema: "dbo", Name: "logs", PrimaryKey: &dialect.KeyInfo{Name: "pk_logs", Columns: []string{"id"}, Clustered: dialect.No},
			Columns: []dialect.ColumnInfo{{Name: "id", Type: integer}, {Name: "day", Type: integer}},
			Unique:  []dialect.KeyInfo{{Name: "uq_logs", Columns: []string{"day"}, Clustered: dialect.Yes}}})
	}}
	meta, err := schema.Reflect(t.Context(), &lease{t: t, d: d})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		s    dialect.Statement
		d    dialect.Dialect
		want string
	}{
		{schema.CreateTable(meta.Table("events")), mssql.Dialect(),
			"CREATE TABLE events (id INTEGER NOT NULL, day INTEGER NOT NULL, CONSTRAINT pk_events PRIMARY KEY NONCLUSTERED (id), CONSTRAINT uq_day UNIQUE (day))"},
		{schema.CreateTable(meta.Table("logs")), mssql.Dialect(),
			"CREATE TABLE logs (id INTEGER NOT NULL, day INTEGER NOT NULL, CONSTRAINT pk_logs PRIMARY KEY NONCLUSTERED (id), CONSTRAINT uq_logs UNIQUE CLUSTERED (day))"},
		{schema.CreateTable(meta.Table("logs")), oracle.Dialect(),
			"CREATE TABLE logs (id INTEGER NOT NULL, day INTEGER NOT NULL, CONSTRAINT pk_logs PRIMARY KEY (id), CONSTRAINT uq_logs UNIQUE (day))"},
		{schema.CreateIndexes(meta.Table("events"))[0], mssql.Dialect(), "CREATE CLUSTERED INDEX ix_both ON events (day, id)"},
		{schema.CreateIndexes(meta.Table("events"))[1], mssql.Dialect(), "CREATE INDEX ix_id ON events (id)"},
		{schema.CreateIndexes(meta.Table("events"))[0], oracle.Dialect(), "CREATE INDEX ix_both ON events (day, id)"},
	} {
		text, _, err := expr.SQL(tc.s, tc.d)
		if err != nil || text != tc.want {
			t.Errorf("%s\n%s (%v)", text, tc.want, err)
		}
	}
}
