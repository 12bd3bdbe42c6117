package corpus

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/lite"
	"github.com/sqlayer-go/sqlayer/expr/ms"
	"github.com/sqlayer-go/sqlayer/expr/my"
	"github.com/sqlayer-go/sqlayer/expr/ora"
	"github.com/sqlayer-go/sqlayer/expr/pg"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var ddlCases = cases{
	"table-basic-1": createdOn("notes", func(on target) []schema.Part {
		return []schema.Part{serial(on), textOf(on, "title", 80), text(on, "body").Null()}
	}),
	"table-bigpk-1": createdOn("readings", func(on target) []schema.Part {
		return []schema.Part{bigSerial(on), named(on, "value", schema.Double("value"), "mssql DOUBLE PRECISION, oracle DOUBLE PRECISION").Null()}
	}),

	"types-numeric-1": createdOn("num_types", func(on target) []schema.Part {
		return []schema.Part{schema.Integer("a").Null(), schema.BigInt("b").Null(), schema.SmallInt("c").Null(),
			named(on, "d", schema.NewColumn("d", lite.Numeric(10, 2)), "mysql NUMERIC(10, 2)").Null(),
			named(on, "e", schema.Double("e"), "postgresql FLOAT, mysql FLOAT, sqlite FLOAT, mssql FLOAT, oracle FLOAT").Null(),
			named(on, "f", schema.Double("f"), "postgresql FLOAT(53), mysql FLOAT(53), sqlite FLOAT, mssql FLOAT(53), oracle FLOAT(53)").Null(),
			named(on, "g", schema.Double("g"), "mssql DOUBLE PRECISION, sqlite DOUBLE, oracle DOUBLE PRECISION").Null(),
			named(on, "h", schema.NewColumn("h", lite.Numeric(0, 0)), "mysql NUMERIC, mssql NUMERIC").Null(),
			named(on, "i", schema.Decimal("i", 6, 0), "postgresql DECIMAL(6, 0), mysql DECIMAL(6, 0), sqlite DECIMAL(6, 0), mssql DECIMAL(6, 0), oracle DECIMAL(6, 0)").Null()}
	}),
	"types-string-1": createdOn("str_types", func(on target) []schema.Part {
		return []schema.Part{textOf(on, "a", 40).Null(), text(on, "b").Null(),
			named(on, "c", schema.NewColumn("c", dialect.Type{Kind: dialect.Varchar, Length: 40, National: true}), "sqlite VARCHAR(40), oracle VARCHAR2(40 CHAR)").Null(),
			named(on, "d", schema.NewColumn("d", dialect.Type{Kind: dialect.Clob, National: true}), "mysql TEXT, oracle CLOB").Null(),
			named(on, "e", schema.Char("e", 3), "mssql CHAR(3), oracle CHAR(3)").Null()}
	}),
	"types-datetime-1": by(func(on target) dialect.Statement {
		return schema.CreateTable(schema.New("time_types", schema.Date("a").Null(),
			named(on, "b", schema.Time("b"), "postgresql TIME WITHOUT TIME ZONE, mysql TIME").Null(), dateTime(on, "c").Null(),
			named(on, "d", schema.TimestampTZ("d"), "mysql DATETIME, sqlite DATETIME").Null(),
			named(on, "e", schema.Time("e"), "postgresql TIME WITH TIME ZONE, mysql TIME").Null(),
			named(on, "f", schema.TimestampTZ("f"), "sqlite TIMESTAMP").Null()))
	}),
	"types-binary-1": createdOn("bin_types", func(on target) []schema.Part {
		return []schema.Part{named(on, "a", schema.Blob("a"), "mysql BLOB").Null(),
			named(on, "b", schema.Varbinary("b", 200), "mysql BLOB(200), sqlite BLOB, oracle BLOB").Null(), uuidOf(on, "c").Null(),
			named(on, "d", schema.Boolean("d"), "oracle SMALLINT").Null(), named(on, "e", schema.JSON("e"), "postgresql JSON, sqlite JSON, oracle BLOB").Null()}
	}),
	"types-interval-1": createdOn("spans", func(on target) []schema.Part {
		return []schema.Part{named(on, "gap", schema.Interval("gap"), "mysql DATETIME, sqlite DATETIME, mssql DATETIME").Null()}
	}),
	"types-enum-1": createdOn("shirts", func(on target) []schema.Part {
		return []schema.Part{named(on, "size", schema.Enum("size", "shirt_size", "s", "m", "l"), "sqlite VARCHAR(1), mssql VARCHAR(1), oracle VARCHAR(1 CHAR)")}
	}),
	"types-enum-script-1": all(func(on target) []expr.Relation {
		return []expr.Relation{schema.New("mood_log", serial(on),
			named(on, "mood", schema.Enum("mood", "mood", "ok", "bad"), "sqlite VARCHAR(3), mssql VARCHAR(3), oracle VARCHAR(3 CHAR)").Null())}
	}),
	"types-bool-1": createdOn("flags", func(on target) []schema.Part {
		if on.is("oracle") { // where a boolean of ours is NUMBER(1)
			return []schema.Part{named(on, "on_off", schema.Boolean("on_off"), "oracle SMALLINT"),
				schema.Check("ck_on_off", schema.Self[int]("on_off").In(0, 1))}
		}
		return []schema.Part{schema.Boolean("on_off").Checked("ck_on_off")}
	}),
	"types-array-1": created("pg_types", schema.NewColumn("a", pg.ArrayOf(dialect.Type{Kind: dialect.Integer})).Null(),
		schema.NewColumn("b", pg.ArrayOf(pg.ArrayOf(dialect.Type{Kind: dialect.Clob}))).Null(), schema.NewColumn("c", pg.JSONB).Null(),
		schema.NewColumn("d", pg.Inet).Null(), schema.NewColumn("e", pg.Int4Range).Null(), schema.NewColumn("f", pg.Bit(8)).Null(),
		schema.NewColumn("g", pg.TSVector).Null()),
	"types-mysql-1": created("my_types", schema.NewColumn("a", my.Unsigned(dialect.Integer)).Null(), schema.NewColumn("b", my.TinyIntOf(1)).Null(),
		schema.NewColumn("c", my.MediumText).Null(), schema.NewColumn("d", my.LongBlob).Null(), schema.NewColumn("e", my.Year).Null(),
		schema.NewColumn("f", my.Set("x", "y")).Null(), schema.NewColumn("g", my.DateTime(6)).Null(),
		my.Engine("InnoDB"), my.Charset("utf8mb4")),
	"types-mssql-1": created("ms_types", schema.NewColumn("a", ms.DateTime2(3)).Null(), schema.NewColumn("b", ms.DateTimeOffset).Null(),
		schema.NewColumn("c", ms.Money).Null(), schema.NewColumn("d", ms.UniqueIdentifier).Null(), schema.NewColumn("e", ms.NVarcharMax).Null(),
		schema.NewColumn("f", ms.VarbinaryMax).Null(), schema.NewColumn("g", ms.XML).Null(), schema.NewColumn("h", ms.SmallDateTime).Null()),
	"types-oracle-1": created("ora_types", schema.NewColumn("a", ora.Number(9)).Null(), schema.NewColumn("b", ora.Number(12, 3)).Null(),
		schema.NewColumn("c", ora.Varchar2(30)).Null(), schema.NewColumn("d", ora.NClob).Null(), schema.NewColumn("e", ora.Raw(16)).Null(),
		schema.NewColumn("f", ora.BinaryDouble).Null(), schema.NewColumn("g", ora.LocalTimestamp).Null(), schema.NewColumn("h", ora.DaySecond(2, 6)).Null()),

	"pk-composite-1": createdOn("seats", func(on target) []schema.Part {
		return []schema.Part{schema.Integer("room"), schema.Integer("number"), textOf(on, "label", 10).Null(),
			schema.PrimaryKey("room", "number").Named("pk_seats")}
	}),
	"unique-1": createdOn("accounts", func(on target) []schema.Part {
		return []schema.Part{schema.Unique("region", "slot").Named("uq_region_slot"), serial(on),
			textOf(on, "login", 30).Unique(), schema.Integer("region").Null(), schema.Integer("slot").Null()}
	}),
	"check-1": createdOn("ratings", func(on target) []schema.Part {
		return []schema.Part{serial(on), schema.Integer("stars"), schema.Check("ck_stars", schema.Self[int]("stars").Between(1, 5))}
	}),
	"fk-1": createdOn("comments", func(on target) []schema.Part {
		return []schema.Part{serial(on), schema.Integer("user_id").References("users.id", schema.OnDelete(schema.Cascade)), text(on, "text").Null()}
	}),
	"fk-2": createdOn("shipments", func(on target) []schema.Part {
		return []schema.Part{serial(on), schema.Integer("order_id").Null(), schema.Integer("line_no").Null(),
			schema.References([]string{"order_id", "line_no"}, "order_items", []string{"order_id", "line_no"},
				schema.OnDelete(schema.SetNull), schema.OnUpdate(schema.Cascade)).Named("fk_ship_item")}
	}),
	"fk-4": createdOn("nodes", func(on target) []schema.Part {
		return []schema.Part{serial(on), schema.Integer("parent_id").Null().References("nodes.id")}
	}),
	"naming-1": naming(schema.Naming{PrimaryKey: "pk_{table}", Unique: "uq_{table}_{column}", ForeignKey: "fk_{table}_{column}_{ref_table}",
		Check: "ck_{table}_{name}", Index: "ix_{table}_{column}"},
		func(on target) expr.Relation {
			return schema.New("badges", serial(on), schema.Integer("user_id").Null().References("users.id"), textOf(on, "code", 20).Null().Unique(),
				schema.Integer("level").Null(), schema.Check("positive", schema.Self[int]("level").Gt(0)))
		}),
	"add-constraint-1": same(schema.AddConstraint(Products, schema.Unique("name").Named("uq_products_name"))),
	"exclude-1": created("bookings", schema.Integer("room").Null(), schema.NewColumn("during", pg.TSRange).Null(),
		pg.Exclude("no_overlap", "gist", pg.With(schema.Self[any]("during"), "&&"))),

	"defaults-1": createdOn("prefs", func(on target) []schema.Part {
		madeAt := dateTime(on, "made_at").Null()
		switch { // DefaultNow is in UTC there
		case on.is("mssql"):
			madeAt = madeAt.DefaultExpr(ms.CurrentTimestamp())
		case on.is("oracle"):
			madeAt = madeAt.DefaultExpr(expr.CurrentTimestamp())
		default:
			madeAt = madeAt.DefaultNow()
		}
		return []schema.Part{textOf(on, "theme", 10).Default("dark"), schema.Integer("size").Null().Default(12),
			madeAt, named(on, "flag", schema.Boolean("flag"), "oracle SMALLINT").Null().Default(false)}
	}),
	"identity-1": createdOn("tickets2", func(on target) []schema.Part {
		return []schema.Part{schema.Integer("id").PrimaryKey().Identity(schema.Identity{Always: true,
			Counting: dialect.Counting{Start: 100, Increment: 5}}), textOf(on, "note", 20).Null()}
	}),
	"computed-1": createdOn("boxes", func(on target) []schema.Part {
		return []schema.Part{serial(on), schema.Integer("w").Null(), schema.Integer("h").Null(),
			schema.Integer("area").Null().Computed(expr.Mul(schema.Self[int]("w"), schema.Self[int]("h")), schema.Stored)}
	}),
	"comment-1": all(func(on target) []expr.Relation {
		return []expr.Relation{schema.New("glossary", serial(on), textOf(on, "term", 30).Null().Comment("The entry's headword"),
			schema.Comment("Terms we use"))}
	}),
	"schema-table-1": createdOn("audit.visits", func(on target) []schema.Part {
		return []schema.Part{serial(on), schema.BigInt("log_id").Null().References("audit.log_entries.id")}
	}),
	"if-not-exists-1": by(func(on target) dialect.Statement {
		return schema.CreateTable(schema.New("cache_rows", schema.Varchar("k", 50).PrimaryKey(),
			named(on, "v", schema.Blob("v"), "mysql BLOB").Null()), schema.IfNotExists)
	}),
	"temporary-1":      created("scratch", schema.Integer("n").Null(), schema.Temporary()),
	"partition-1":      created("metrics", schema.Date("at"), schema.Integer("value").Null(), pg.PartitionBy("RANGE", schema.Self[any]("at"))),
	"sqlite-options-1": created("kv", schema.Varchar("k", 20).PrimaryKey(), schema.Integer("v").Null(), lite.WithoutRowid()),
	"drop-1":           same(schema.DropTable(schema.New("notes", schema.Integer("id")))),
	"sort-1": all(func(on target) []expr.Relation {
		return []expr.Relation{schema.New("child", serial(on), schema.Integer("parent_id").Null().References("parent.id")),
			schema.New("parent", serial(on))}
	}),

	"index-1":       same(schema.CreateIndex(parts, schema.IndexOn("ix_parts_name", "name"))),
	"index-2":       same(schema.CreateIndex(parts, schema.IndexOn("ux_parts").On(parts.Col("bin"), parts.Col("name").Desc()).Unique())),
	"index-expr-1":  same(schema.CreateIndex(parts, schema.IndexOn("ix_parts_lower").On(expr.Lower(schema.C[string](parts, "name"))))),
	"index-using-1": same(schema.CreateIndex(parts, schema.IndexOn("ix_parts_meta", "name").With(schema.Maybe(pg.Using("hash")), schema.Maybe(my.Using("btree"))))),
	"index-ops-1": same(schema.CreateIndex(parts, schema.IndexOn("ix_parts_pat").
		Parts(schema.By(parts.Col("name")).With(pg.OpClass("varchar_pattern_ops"))).With(pg.Using("btree"), pg.IndexWith("fillfactor", 70)))),
	"index-mysql-1": same(schema.CreateIndex(parts, schema.IndexOn("ix_parts_short").Parts(schema.By(parts.Col("meta")).Prefix(20)))),
	"index-drop-1":  same(schema.DropIndex(parts, schema.IndexOn("ix_parts_name", "name"))),

	"sequence-1": same(schema.CreateSequence(schema.NewSequence("order_no",
		dialect.Counting{Start: 1000, Increment: 10, Max: "99999", Cycle: true}))),
	"sequence-3":      same(expr.Select(schema.Next(schema.NewSequence("order_no")))),
	"create-schema-1": same(schema.CreateSchema("warehouse")),
	"drop-schema-1":   same(schema.DropSchema("warehouse", schema.IfExists|schema.Cascading)),

	"view-1": same(schema.CreateView("active_users",
		expr.Select(Users.ID, Users.Name).From(Users).Where(expr.True(Users.IsActive), Users.Age.Gt(18)))),
	"view-3": same(schema.CreateMaterializedView("order_totals",
		expr.Select(Orders.UserID, expr.SumOf(Orders.Total).As("spent")).From(Orders).GroupBy(Orders.UserID))),
	"ctas-1": same(schema.CreateTableAs("big_orders", expr.Select(Orders.ID, Orders.Total).From(Orders).Where(Orders.Total.Gt("100")))),
}

// serial is the key that the database generates, as SQLAlchemy does: on
// PostgreSQL a SERIAL and no identity, and on Oracle, where it leaves that to the program, a
// plain one.
func serial(on target) schema.ColumnPart {
	switch {
	case on.is("oracle"):
		return schema.Integer("id").PrimaryKey()
	case on.is("postgresql"):
		return schema.NewColumn("id", pg.Serial).PrimaryKey()
	}
	return schema.Integer("id").PrimaryKey().Identity()
}

// textOf and text are SQLAlchemy's String and Text, which on SQL Server are
// of the code page: ours are Unicode unless they say that.
func textOf(on target, name string, n int) schema.ColumnPart {
	if on.is("mssql") {
		return schema.NewColumn(name, ms.Varchar(n))
	}
	return schema.Varchar(name, n)
}

func text(on target, name string) schema.ColumnPart {
	return named(on, name, schema.Text(name), "mssql VARCHAR(max), mysql TEXT")
}

// named is a column whose type has the name that the corpus gives it on some
// databases: "mysql TEXT, oracle CLOB". A type without a name is the dialect's.
func named(on target, column string, c schema.ColumnPart, names string) schema.ColumnPart {
	for database, name := range typesIn(names) {
		if on.is(database) {
			return schema.NewColumn(column, dialect.Type{Kind: dialect.Native, Name: name})
		}
	}
	return c
}

// typesIn are the databases and types of such a list.
func typesIn(names string) map[string]string {
	types, last := map[string]string{}, ""
	for part := range strings.SplitSeq(names, ", ") {
		database, name, ok := strings.Cut(part, " ")
		if !ok || '0' <= part[0] && part[0] <= '9' { // NUMERIC(10, 2)
			types[last] += ", " + part
			continue
		}
		types[database], last = name, database
	}
	return types
}

// uuidOf is SQLAlchemy's Uuid, which is 32 characters where it knows of no type.
func uuidOf(on target, name string) schema.ColumnPart {
	if on.name == "mariadb" {
		return schema.UUID(name)
	}
	return named(on, name, schema.UUID(name), "mysql CHAR(32), sqlite CHAR(32), oracle CHAR(32)")
}

// dateTime is SQLAlchemy's DateTime.
func dateTime(on target, name string) schema.ColumnPart {
	return named(on, name, schema.Timestamp(name), "postgresql TIMESTAMP WITHOUT TIME ZONE, mysql DATETIME, sqlite DATETIME, mssql DATETIME, oracle DATE")
}

// parts is the table of the indexes.
var parts = schema.New("parts", schema.Integer("id").PrimaryKey(), schema.Varchar("name", 60).Null(), schema.Integer("bin").Null(), schema.Text("meta").Null())

// created is the CREATE TABLE of a table.
func created(name string, ps ...schema.Part) builder {
	return same(schema.CreateTable(schema.New(name, ps...)))
}

// createdOn is the CREATE TABLE of a table whose columns differ by database.
func createdOn(name string, ps func(on target) []schema.Part) builder {
	return by(func(on target) dialect.Statement { return schema.CreateTable(schema.New(name, ps(on)...)) })
}

// bigSerial is serial in 64 bits.
func bigSerial(on target) schema.ColumnPart {
	switch {
	case on.is("oracle"):
		return schema.BigInt("id").PrimaryKey()
	case on.is("postgresql"):
		return schema.NewColumn("id", pg.BigSerial).PrimaryKey()
	}
	return schema.BigInt("id").PrimaryKey().Identity()
}

// all are the statements that create tables and what belongs to them.
func all(tables func(on target) []expr.Relation) builder {
	return func(on target) ([]dialect.Statement, error) {
		return schema.CreateStatements(schema.NewMetadata(tables(on)...), on.d)
	}
}

// naming is a table whose constraints are named by a convention.
func naming(n schema.Naming, table func(on target) expr.Relation) builder {
	return func(on target) ([]dialect.Statement, error) {
		return schema.CreateStatements(schema.NewMetadata(table(on)).Name(n), on.d)
	}
}

// What some statements need: the tables of indexes and of DROP TABLE, a
// sequence.
func init() {
	needs := func(ids []string, stmts ...dialect.Statement) {
		for _, id := range ids {
			before["ddl/"+id] = func(target) []dialect.Statement { return stmts }
		}
	}
	table := schema.CreateTable(parts)
	needs([]string{"index-1", "index-2", "index-expr-1", "index-using-1", "index-ops-1", "index-mysql-1"}, table)
	needs([]string{"index-drop-1"}, table, schema.CreateIndex(parts, schema.IndexOn("ix_parts_name", "name")))
	needs([]string{"drop-1"}, schema.CreateTable(schema.New("notes", schema.Integer("id"))))
	needs([]string{"sequence-3"}, schema.CreateSequence(schema.NewSequence("order_no")))
	needs([]string{"types-enum-1"}, schema.CreateEnum("shirt_size", "s", "m", "l"))
	enum := before["ddl/types-enum-1"]
	before["ddl/types-enum-1"] = func(on target) []dialect.Statement {
		if !on.is("postgresql") {
			return nil
		}
		return enum(on)
	}
}
