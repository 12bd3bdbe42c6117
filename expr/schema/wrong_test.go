package schema_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/ms"
	"github.com/sqlayer-go/sqlayer/expr/my"
	"github.com/sqlayer-go/sqlayer/expr/ora"
	"github.com/sqlayer-go/sqlayer/expr/pg"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/sends"
)

// ddlMistake is what is wrong with a table or a statement of DDL.
type ddlMistake struct {
	name string
	make func() []expr.Relation // tables of one Metadata
	stmt func() dialect.Statement
	says []string
	not  string // dialects where it is none
}

func tables(list ...expr.Relation) func() []expr.Relation {
	return func() []expr.Relation { return list }
}

// ddlMistakes are the mistakes of declarations.
func ddlMistakes() []ddlMistake {
	long, nul := strings.Repeat("x", 200), "a\x00b"
	id, name := schema.BigInt("id").PrimaryKey(), schema.Varchar("name", 20)
	good := schema.New("good", id, name)
	table := func(name string, says string, parts ...schema.Part) ddlMistake {
		return ddlMistake{name: name, make: tables(schema.New("t", parts...)), says: []string{"table t", says}}
	}
	stmt := func(name string, f func() dialect.Statement, says ...string) ddlMistake {
		return ddlMistake{name: name, stmt: f, says: says}
	}
	not := func(m ddlMistake, dialects string) ddlMistake {
		m.not = dialects
		return m
	}
	of := func(m ddlMistake, says ...string) ddlMistake {
		m.says = says
		return m
	}
	return []ddlMistake{
		{name: "a table without a name", make: tables(schema.New("", id)), says: []string{"no name"}},
		table("a table without columns", "no columns"),
		table("a column without a name", "a column without a name", id, schema.BigInt("")),
		table("a column that stands twice", `column "name" stands twice`, id, name, name),
		table("two primary keys", "two primary keys", id, schema.PrimaryKey("id"), schema.PrimaryKey("id")),
		table("a key of an unknown column", `"nam", which it does not have`, name, schema.PrimaryKey("nam")),
		table("a key that may be NULL", "cannot be NULL", schema.BigInt("id").Null().PrimaryKey()),
		table("a key without columns", "no columns", id, schema.PrimaryKey()),
		table("a unique key of an unknown column", `"nam", which it does not have`, id, name, schema.Unique("nam")),
		table("a unique key without columns", "no columns", id, schema.Unique()),
		table("an index of an unknown column", `"nam", which it does not have`, id, name, schema.IndexOn("ix", "nam")),
		table("an index without columns", "an index has no columns", id, schema.IndexOn("ix")),
		table("two identities", "two identities", id.Identity(), schema.BigInt("b").Identity()),
		table("an identity of texts", "an identity is a whole number", schema.Varchar("id", 9).PrimaryKey().Identity()),
		table("an identity with a default", "another source of its value", schema.BigInt("id").PrimaryKey().Identity().Default(1)),
		table("a computed column with a default", "computed and has a default", id, schema.BigInt("b").ComputedText("1", true).Default(1)),
		table("a column computed from nothing", "computed from nothing", id, schema.BigInt("b").ComputedText("", true)),
		table("a check without a condition", "check without a condition", id, schema.CheckText("")),
		of(table("a check with the zero Cond", "", id, schema.Check("ck", expr.Cond{})), "table t: check ck: nil operand"),
		of(table("a check of another table's column", "", id, schema.Check("ck", good.Col("name").Eq("x"))), "column good.name is not of the table t"),
		table("a default of another type", `column "id"`, schema.BigInt("id").PrimaryKey().Default("x")),
		table("a default that is not a text", `column "b"`, id, schema.Varchar("b", 5).Default(7)),
		table("a default that is not a boolean", `column "b"`, id, schema.Boolean("b").Default("maybe")),
		table("a default that is too long", `column "b"`, id, schema.Varchar("b", 3).Default("four")),
		table("a length below zero", `column "b"`, id, schema.Varchar("b", -1)),
		table("a precision below zero", `column "b"`, id, schema.Decimal("b", -3, 0)),
		table("an enumeration without values", "an enumeration without values", id, schema.Enum("b", "mood")),
		table("a foreign key of an unknown column", `"nam", which it does not have`, id, name, schema.References([]string{"nam"}, "good", []string{"id"})),
		table("a foreign key of unlike columns", "has 2 columns and refers to 1", id, name, schema.References([]string{"id", "name"}, "good", []string{"id"})),
		table("a foreign key to no table", "refers to no table", id, schema.References([]string{"id"}, "", []string{"id"})),
		{name: "a foreign key to an unknown column", make: tables(good, schema.New("t", id, schema.BigInt("good_id").References("good.idd"))), says: []string{"table t", "idd"}},
		{name: "a foreign key of another type", make: tables(good, schema.New("t", id, schema.Varchar("good_id", 9).References("good.id"))), says: []string{"table t", "good_id", "bigint"}},
		{name: "a foreign key with no such action", make: tables(good, schema.New("t", id, schema.BigInt("good_id").References("good.id", schema.OnDelete(schema.Action(99))))), says: []string{"there is no such action"}},
		{name: "two tables of one name", make: tables(good, schema.New("good", id)), says: []string{"two tables are called good"}},
		{name: "two indexes of one name", make: tables(schema.New("t", id, name, schema.IndexOn("ix", "name"), schema.IndexOn("ix", "id"))), says: []string{"table t", "two indexes are called ix"}},
		{name: "two constraints of one name", make: tables(schema.New("t", id, name, schema.Unique("name").Named("k"), schema.Unique("id").Named("k"))), says: []string{"table t", "two unique keys are called k"}},
		{name: "no table", make: tables(nil), says: []string{"not a table of this package"}},

		table("a column computed from itself", `column "b" is computed from itself`, id, schema.BigInt("b").Computed(schema.Self[int64]("b").Add(1), schema.Stored)),
		table("columns computed from one another", `column "b" is computed from itself`, id, schema.BigInt("b").Computed(schema.Self[int64]("c").Add(1), schema.Stored),
			schema.BigInt("c").Computed(expr.Add(schema.Self[int64]("b"), schema.Self[int64]("id")), schema.Stored)),
		table("a column of no type", `column "b"`, id, schema.NewColumn("b", dialect.Type{})),
		table("a column of an unknown type", `column "b"`, id, schema.NewColumn("b", dialect.Type{Kind: 200})),
		not(table("an array", `column "b"`, id, schema.NewColumn("b", pg.ArrayOf(dialect.Type{Kind: dialect.Integer}))), "postgres"),
		not(table("an array of another database's type", `column "b"`, id, schema.NewColumn("b", pg.ArrayOf(ms.Money))), "postgres"),
		not(table("a time of day", `column "b"`, id, schema.NewColumn("b", dialect.Type{Kind: dialect.Time})), "postgres mysql sqlite mssql"),
		not(table("a type of PostgreSQL alone", `column "b"`, id, schema.NewColumn("b", pg.Int4Range)), "postgres"),
		not(table("a type of MySQL alone", `column "b"`, id, schema.NewColumn("b", my.MediumInt)), "mysql"),
		not(table("a type of SQL Server alone", `column "b"`, id, schema.NewColumn("b", ms.HierarchyID)), "mssql"),
		not(table("a type of Oracle alone", `column "b"`, id, schema.NewColumn("b", ora.BinaryFloat)), "oracle"),

		not(table("a reference of its own that cascades", "ON DELETE that comes back to the table t (t → t.up)", id, schema.BigInt("up").Null().References("t.id", schema.OnDelete(schema.Cascade))), "postgres mysql sqlite oracle"),
		not(ddlMistake{name: "a cycle that cascades", says: []string{"ON DELETE that comes back to the table a (a → b.up → a.up)"}, make: tables(
			schema.New("a", id, schema.BigInt("up").Null().References("b.id", schema.OnDelete(schema.Cascade))),
			schema.New("b", id, schema.BigInt("up").Null().References("a.id", schema.OnDelete(schema.Cascade))))}, "postgres mysql sqlite oracle"),
		not(ddlMistake{name: "two ways of a cascade", says: []string{
			"ON DELETE that reaches the table lines in two ways (orders → lines.order_id; orders → parcels.order_id → lines.parcel_id)",
			"ON UPDATE that reaches the table lines in two ways (people → lines.packer; people → lines.checker)", "leave one of its keys at NO ACTION"}, make: tables(
			schema.New("people", id),
			schema.New("orders", id, schema.BigInt("seller").References("people.id", schema.OnDelete(schema.Cascade))),
			schema.New("parcels", id, schema.BigInt("order_id").References("orders.id", schema.OnDelete(schema.Cascade))),
			schema.New("lines", id, schema.BigInt("order_id").References("orders.id", schema.OnDelete(schema.Cascade)), schema.BigInt("parcel_id").Null().References("parcels.id", schema.OnDelete(schema.SetNull)),
				schema.BigInt("packer").References("people.id", schema.OnUpdate(schema.Cascade)), schema.BigInt("checker").References("people.id", schema.OnUpdate(schema.Cascade))))}, "postgres mysql sqlite oracle"),
		not(table("a reference that becomes its default", "ON DELETE SET DEFAULT of a foreign key", id, schema.BigInt("up").Null().References("good.id", schema.OnDelete(schema.SetDefault))), "postgres sqlite mssql"),

		of(table("NUL in a column's name", "", id, schema.BigInt(nul)), "table t: a column", "NUL"),
		of(table("NUL in a constraint's name", "", id, name, schema.Unique("name").Named(nul)), "table t: a unique key", "NUL"),
		of(table("NUL in an index's name", "", id, name, schema.IndexOn(nul, "name")), "table t: an index", "NUL"),
		of(table("NUL in a check's name", "", id, name, schema.CheckText("id > 0").Named(nul)), "table t: a check", "NUL"),
		of(table("NUL in a foreign key's name", "", id, schema.References([]string{"id"}, "good", []string{"id"}).Named(nul)), "table t: a foreign key", "NUL"),
		of(table("NUL in a default", "", id, schema.Varchar("b", 20).Default(nul)), `table t: column "b"`, "NUL"),
		not(of(table("NUL in a comment", "", id, schema.Comment(nul)), "table t: the comment", "NUL"), "sqlite"), // which keeps none
		not(of(table("NUL in a column's comment", "", id, schema.BigInt("b").Comment(nul)), "table t", `column "b"`, "NUL"), "sqlite"),
		{name: "NUL in a table's name", make: tables(schema.New(nul, id)), says: []string{"CREATE TABLE", "NUL"}},
		not(of(table("a column's name over the limit", "", id, schema.BigInt(long)), "table t: a column", "longer than the limit"), "sqlite"),
		not(of(table("a constraint's name over the limit", "", id, name, schema.Unique("name").Named(long)), "table t: a unique key", "longer than the limit"), "sqlite"),
		not(of(table("an index's name over the limit", "", id, name, schema.IndexOn(long, "name")), "table t: an index", "longer than the limit"), "sqlite"),
		not(ddlMistake{name: "a table's name over the limit", make: tables(schema.New(long, id)), says: []string{"CREATE TABLE", "longer than the limit"}}, "sqlite"),

		stmt("CREATE TABLE of nothing", func() dialect.Statement { return schema.CreateTable(nil) }, "not a table of this package"),
		stmt("CREATE TABLE with a flag of others", func() dialect.Statement { return schema.CreateTable(good, schema.OrReplace) }, "does not take OrReplace"),
		stmt("CREATE INDEX of an unknown column", func() dialect.Statement { return schema.CreateIndex(good, schema.IndexOn("ix", "nam")) }, "table good", `"nam"`),
		stmt("CREATE INDEX of nothing", func() dialect.Statement { return schema.CreateIndex(good, schema.IndexOn("ix")) }, "table good: index ix: no columns"),
		stmt("ADD COLUMN that it has not", func() dialect.Statement { return schema.AddColumn(good, "nam") }, `table good has no column "nam"`),
		stmt("DROP COLUMN of no table", func() dialect.Statement { return schema.DropColumn(nil, "nam") }, "not a table of this package"),
		stmt("ADD CONSTRAINT of an unknown column", func() dialect.Statement { return schema.AddConstraint(good, schema.Unique("nam")) }, "table good", `"nam"`),
		stmt("ADD CONSTRAINT that is none", func() dialect.Statement { return schema.AddConstraint(good, schema.Comment("x")) }, "a part that is not a constraint"),
		stmt("DROP CONSTRAINT without a name", func() dialect.Statement { return schema.DropConstraint(good, "") }, "table good", "DROP CONSTRAINT: no name"),
		stmt("CREATE VIEW of no query", func() dialect.Statement { return schema.CreateView("v", nil) }, "a view of no query"),
		stmt("CREATE VIEW without a name", func() dialect.Statement { return schema.CreateView("", expr.Select(expr.Literal(1).As("x"))) }, "CREATE VIEW", "empty"),
		stmt("CREATE VIEW of a wrong query", func() dialect.Statement { return schema.CreateView("v", expr.Select(good.Col("id"))) }, "not in FROM"),
		stmt("CREATE VIEW with a parameter", func() dialect.Statement { return schema.CreateView("v", expr.Select(expr.Param[int64]("p").As("x"))) }, "no value for parameter p"),
		stmt("CREATE TABLE AS of no query", func() dialect.Statement { return schema.CreateTableAs("c", nil) }, "no query"),
		stmt("CREATE SEQUENCE of nothing", func() dialect.Statement { return schema.CreateSequence(nil) }, "no sequence"),
		stmt("CREATE SCHEMA without a name", func() dialect.Statement { return schema.CreateSchema("") }, "CREATE SCHEMA", "empty"),
		stmt("CREATE TYPE without a name", func() dialect.Statement { return schema.CreateEnum("", "a") }, "CREATE TYPE", "empty"),
		stmt("CREATE SEQUENCE without a name", func() dialect.Statement { return schema.CreateSequence(schema.NewSequence("")) }, "CREATE SEQUENCE", "empty"),
		stmt("CREATE TABLE AS without a name", func() dialect.Statement { return schema.CreateTableAs("", expr.Select(expr.Literal(1).As("x"))) }, "CREATE TABLE AS", "empty"),
		stmt("DROP VIEW without a name", func() dialect.Statement { return schema.DropView("") }, "DROP VIEW", "empty"),
		stmt("ALTER TABLE with NUL in a name", func() dialect.Statement { return schema.DropColumn(good, "a\x00b") }, "table good: DROP COLUMN", "NUL"),
		stmt("DROP TABLE of nothing", func() dialect.Statement { return schema.DropTable(nil) }, "not a table of this package"),
	}
}

// statements are what a mistake is reported by, each of them.
func (m ddlMistake) run(t *testing.T, e *engine.Engine) map[string]error {
	errs := map[string]error{}
	if m.stmt != nil {
		_, errs["statement"] = e.Run(t.Context(), m.stmt(), nil)
		return errs
	}
	list := m.make()
	errs["CreateAll"] = schema.NewMetadata(list...).CreateAll(t.Context(), e)
	_, errs["CreateSQL"] = schema.CreateSQL(schema.NewMetadata(list...), e.Dialect())
	return errs
}

// Every mistake of a declaration is reported on every database, with the table
// and what is wrong, and nothing is sent. testdata/wrong.golden has the messages.
func TestWrongDDL(t *testing.T) {
	var out bytes.Buffer
	for _, m := range ddlMistakes() {
		fmt.Fprintf(&out, "-- %s\n", m.name)
		said := map[string][]string{}
		var order []string
		for _, d := range dialects {
			if strings.Contains(m.not, d.Name()) {
				continue
			}
			c := sends.New(d)
			e, err := engine.Open("", engine.WithConnector(c))
			if err != nil {
				t.Fatal(err)
			}
			for by, err := range m.run(t, e) {
				switch {
				case err == nil || errors.Is(err, sends.Err):
					t.Errorf("%s: %s: %s: no mistake: %v", m.name, d.Name(), by, err)
					continue
				case !errors.Is(err, dialect.ErrStatement) && !errors.Is(err, dialect.ErrUnsupported):
					t.Errorf("%s: %s: %s: no ErrStatement: %v", m.name, d.Name(), by, err)
				}
				unsupported := errors.Is(err, dialect.ErrUnsupported)
				for _, part := range m.says {
					if !strings.Contains(err.Error(), part) && !unsupported {
						t.Errorf("%s: %s: %s: no %q in: %v", m.name, d.Name(), by, part, err)
					}
				}
				if by == "CreateSQL" {
					continue
				}
				text := err.Error()
				if said[text] == nil {
					order = append(order, text)
				}
				said[text] = append(said[text], d.Name())
			}
			if c.Sent() != 0 {
				t.Errorf("%s: %s: %d statements are sent", m.name, d.Name(), c.Sent())
			}
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		}
		for _, text := range order {
			on := strings.Join(said[text], " ")
			if len(said[text]) == len(dialects) {
				on = "all"
			}
			fmt.Fprintf(&out, "%s: %s\n", on, strings.ReplaceAll(text, "\n", "\n\t"))
		}
	}
	golden(t, "wrong", out.Bytes())
}
