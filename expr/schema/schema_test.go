package schema_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var update = flag.Bool("update", false, "write the golden files")

var dialects = []dialect.Dialect{postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect()}

type users struct {
	schema.Table `db:"users,comment:'who may, or may not'"`
	ID           schema.Col[int64]     `db:",pk,identity"`
	Name         schema.Col[string]    `db:",type:varchar(50),comment:'it''s a name'"`
	Email        schema.Col[string]    `db:",null,unique,size:120"`
	Balance      schema.Col[string]    `db:",type:decimal(12,2),default:0.00"`
	Active       schema.Col[bool]      `db:",default:true"`
	Kind         schema.Col[string]    `db:",size:10,default:'a, b',check:kind <> ''"`
	BossID       schema.Col[int64]     `db:",null,fk:users.id,index"`
	CreatedAt    schema.Col[time.Time] `db:",default:now()"`
	Notes        string                `db:"-"`
}

type stamps struct {
	MadeBy schema.Col[int64] `db:",fk:users.ID"`
}

type Line struct {
	schema.Table `db:",check:quantity > 0"`
	OrderID      schema.Col[int64]  `db:",pk,fk:orders.id,ondelete:cascade"`
	No           schema.Col[int32]  `db:",pk,index:ix_no"`
	Sku          schema.Col[string] `db:",size:32,unique:uq_sku,index:ix_no"`
	Lot          schema.Col[string] `db:",size:32,unique:uq_sku"`
	Quantity     schema.Col[int32]
	stamps
}

type orders struct {
	schema.Table `db:"orders"`
	ID           schema.Col[int64] `db:",pk,identity"`
	UserID       schema.Col[int64] `db:",fk:users.id"`
}

var (
	Users  = schema.Define[users]()
	Lines  = schema.Define[Line]()
	Orders = schema.Define[orders]()
)

// Two tables that refer to each other, and one that refers to both.
var (
	eggs    = schema.New("eggs", schema.BigInt("id").PrimaryKey(), schema.BigInt("hen_id").Null().References("hens.id"))
	hens    = schema.New("hens", schema.BigInt("id").PrimaryKey(), schema.BigInt("egg_id").Null().References("eggs.id", schema.OnDelete(schema.SetNull)))
	feeders = schema.New("feeders", schema.BigInt("hen_id").PrimaryKey().References("hens.id"), schema.BigInt("egg_id").Unique().References("eggs.id"))
)

func TestDefinition(t *testing.T) {
	d := schema.Info(Lines)
	if d.Name != "lines" || d.GoName != "Line" || d.FullName() != "lines" || !reflect.DeepEqual(d.PrimaryKey(), []string{"order_id", "no"}) {
		t.Errorf("%+v", d)
	}
	var names []string
	for _, c := range d.Columns {
		names = append(names, c.Name)
		if c.Null {
			t.Errorf("column %s is NULL without saying so", c.Name)
		}
	}
	if got := fmt.Sprint(names); got != "[order_id no sku lot quantity made_by]" {
		t.Error(got)
	}
	if len(d.Unique) != 1 || fmt.Sprint(d.Unique[0].Columns) != "[sku lot]" || len(d.Indexes) != 1 || d.Indexes[0].Columns[0].Name+d.Indexes[0].Columns[1].Name != "nosku" {
		t.Errorf("keys %v, indexes %v", d.Unique, d.Indexes)
	}
	u := schema.Info(Users)
	if c := u.Column("email"); c == nil || !c.Null || c.Type.Length != 120 {
		t.Errorf("%+v", c)
	}
	if c := u.Column("created_at"); c.Type.Kind != dialect.TimestampTZ || !c.Default.Now {
		t.Errorf("%+v", c)
	}
	if u.Column("notes") != nil {
		t.Error("an excluded field is a column")
	}
	for _, table := range []expr.Relation{Users, Lines, Orders, eggs, hens, feeders} {
		if err := schema.Validate(table); err != nil {
			t.Error(err)
		}
	}
}

func TestAs(t *testing.T) {
	boss := schema.As(Users, "boss")
	if boss.Name == Users.Name || schema.Info(boss) != schema.Info(Users) {
		t.Error("another role shares the table's columns, or not its definition")
	}
	text, _, err := expr.SQL(expr.Select(Users.Name, boss.Name).From(Users).LeftJoin(boss, expr.Eq(Users.BossID, boss.ID)), postgres.Dialect())
	if want := "SELECT users.name, boss.name FROM users LEFT OUTER JOIN users AS boss ON users.boss_id = boss.id"; err != nil || text != want {
		t.Errorf("%s %v", text, err)
	}
	if text, _, err = expr.SQL(expr.Select(schema.As(eggs, "e").Col("id")).From(eggs), postgres.Dialect()); err == nil {
		t.Errorf("a column of another role is accepted: %s", text)
	}
	var none *users
	if _, _, err = expr.SQL(expr.Select(Users.ID).From(schema.As(none, "x")), postgres.Dialect()); err == nil {
		t.Error("a role of nil is accepted")
	}
}

func TestTypeOf(t *testing.T) {
	type kind string
	for v, want := range map[any]string{
		true: "boolean", int(1): "bigint", int32(1): "integer", int16(1): "smallint", uint8(1): "smallint", 1.5: "double precision",
		float32(1): "real", "": "varchar", kind(""): "varchar", time.Time{}: "timestamp with time zone", [16]byte{}: "uuid", [4]byte{}: "binary(4)",
	} {
		if got, ok := schema.TypeOf(reflect.TypeOf(v)); !ok || got.String() != want {
			t.Errorf("%T is %s, want %s", v, got.String(), want)
		}
	}
	for _, v := range []any{struct{}{}, []int{}, map[string]int{}, make(chan int)} {
		if got, ok := schema.TypeOf(reflect.TypeOf(v)); ok {
			t.Errorf("%T is %s", v, got.String())
		}
	}
}

func TestGolden(t *testing.T) {
	for _, d := range dialects {
		t.Run(d.Name(), func(t *testing.T) {
			var b bytes.Buffer
			say := func(title string, texts []string, err error) {
				fmt.Fprintf(&b, "-- %s\n", title)
				if err != nil {
					fmt.Fprintf(&b, "! %s\n", strings.ReplaceAll(err.Error(), "\n", "\n! "))
				}
				for _, text := range texts {
					fmt.Fprintln(&b, text)
				}
				fmt.Fprintln(&b)
			}
			all := func(title string, tables ...expr.Relation) {
				m := schema.NewMetadata(tables...)
				texts, err := schema.CreateSQL(m, d)
				say(title, texts, err)
				texts, err = schema.DropSQL(m, d)
				say("drop "+title, texts, err)
			}
			all("tables in order of dependency", Lines, Orders, Users)
			all("a cycle", feeders, eggs, hens)
			all("every type", schema.New("kinds",
				schema.Boolean("a").Default(false), schema.SmallInt("b").Default(-1), schema.Integer("c"), schema.Real("d"), schema.Double("e").Default(1.5),
				schema.Decimal("f", 10, 2), schema.Char("g", 3), schema.Varchar("h", 20).Default("it's"), schema.Text("i"),
				schema.Varbinary("j", 16), schema.Blob("k"), schema.Date("l"), schema.Time("m"), schema.Timestamp("n").DefaultNow(),
				schema.TimestampTZ("o"), schema.UUID("p"), schema.JSON("q").Null()))
			all("constraints", schema.New("audit.entries", schema.Integer("a").PrimaryKey(), schema.Integer("b").CheckText("b > 0"),
				schema.Integer("order").Null().Index(), schema.Unique("a", "b"), schema.IndexOn("", "b", "order"), schema.CheckText("a < b"),
				schema.References([]string{"a", "b"}, "audit.pairs", []string{"x", "y"}, schema.OnDelete(schema.Cascade)), schema.Comment("who did what")))
			all("computed, stored", schema.New("boxes", schema.Integer("w"), schema.Integer("area").ComputedText("w * w", true)))
			all("computed", schema.New("boxes", schema.Integer("w"), schema.Integer("area").Null().ComputedText("w * w", false)))
			all("actions", schema.New("t", schema.BigInt("id").PrimaryKey(),
				schema.BigInt("up").References("t.id", schema.OnDelete(schema.Restrict), schema.OnUpdate(schema.Cascade))))
			all("an identity beside another key", schema.New("t", schema.BigInt("id").PrimaryKey().Identity(), schema.BigInt("part").PrimaryKey()))
			golden(t, d.Name(), b.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; make it with -update", err)
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("%s:%d:\n got %s\nwant %s", file, i+1, g[i], w[i])
		}
	}
	if len(g) != len(w) {
		t.Fatalf("%s: %d lines, want %d", file, len(g), len(w))
	}
}

func TestOrder(t *testing.T) {
	names := func(m *schema.Metadata) string {
		var list []string
		for _, d := range m.Tables() {
			list = append(list, d.Name)
		}
		return strings.Join(list, " ")
	}
	if got := names(schema.NewMetadata(Lines, Orders, Users)); got != "users orders lines" {
		t.Error(got)
	}
	// feeders waits for the cycle and is no part of it
	if got := names(schema.NewMetadata(feeders, eggs, hens)); got != "eggs hens feeders" {
		t.Error(got)
	}
	m := schema.NewMetadata(Users, schema.As(Users, "u"), Users)
	if got := names(m); got != "users" {
		t.Errorf("another role is another table: %s", got)
	}
	if u := m.Table("users"); u == nil || m.Table("nothing") != nil {
		t.Error("Table does not find by name")
	} else if text, _, err := expr.SQL(expr.Select(u.Col("id")).From(u), postgres.Dialect()); err != nil || text != "SELECT users.id FROM users" {
		t.Error(text, err)
	}
}

// A foreign key by Go names finds the table, whatever it is called.
func TestForeignKeyByGoName(t *testing.T) {
	people := schema.Build(&schema.Definition{Name: "people", GoName: "Person", Columns: []*schema.ColumnDef{
		{Name: "nr", GoName: "ID", Type: dialect.Type{Kind: dialect.BigInt}, PrimaryKey: true}}})
	pets := schema.New("pets", schema.BigInt("owner_id").References("Person.ID"))
	texts, err := schema.CreateSQL(schema.NewMetadata(pets, people), postgres.Dialect())
	if err != nil || len(texts) != 2 || !strings.Contains(texts[1], "REFERENCES people (nr)") {
		t.Errorf("%q %v", texts, err)
	}
	_, err = schema.CreateSQL(schema.NewMetadata(schema.New("pets", schema.BigInt("owner_id").References("Persom.ID")), people), postgres.Dialect())
	if err == nil || !strings.Contains(err.Error(), `did you mean "Person"`) {
		t.Error(err)
	}
}

type (
	noTable struct {
		schema.Table
		ID schema.Col[struct{ X int }]
	}
	twice struct {
		schema.Table
		A schema.Col[int] `db:"x"`
		B schema.Col[int] `db:"x"`
	}
	noColumn struct {
		schema.Table
		A schema.Col[int]
		B int
	}
	badDefault struct {
		schema.Table
		A schema.Col[int] `db:",default:seven"`
	}
	badSize struct {
		schema.Table
		A schema.Col[int] `db:",size:3"`
	}
	badKey struct {
		schema.Table
		A schema.Col[int] `db:",fk:users"`
	}
	badAction struct {
		schema.Table
		A schema.Col[int] `db:",fk:users.id,ondelete:explode"`
	}
	action struct {
		schema.Table
		A schema.Col[int] `db:",ondelete:cascade"`
	}
	badOption struct {
		schema.Table `db:"t,pk"`
		A            schema.Col[int]
	}
	textIdentity struct {
		schema.Table
		A schema.Col[string] `db:",pk,identity"`
	}
)

func TestMistakes(t *testing.T) {
	tests := []struct {
		table expr.Relation
		want  string
	}{
		{schema.Define[noTable](), "no column type goes with struct"},
		{schema.Define[twice](), `fields A and B both stand for column "x"`},
		{schema.Define[noColumn](), "B is a int and not a Col"},
		{schema.Define[badDefault](), `default "seven" is not of type bigint`},
		{schema.Define[badSize](), "size is for texts and bytes"},
		{schema.Define[badKey](), "fk:users does not name a table and a column"},
		{schema.Define[badAction](), `unknown action "explode"`},
		{schema.Define[action](), "ondelete without fk"},
		{schema.Define[badOption](), `option "pk" is not for tables`},
		{schema.Define[textIdentity](), "an identity is a whole number"},
		{schema.New("t"), "no columns"},
		{schema.New("", schema.BigInt("a")), "no name"},
		{schema.New("t", schema.BigInt("a"), schema.BigInt("a")), `column "a" stands twice`},
		{schema.New("t", schema.BigInt("a").PrimaryKey().Null()), "cannot be NULL"},
		{schema.New("t", schema.BigInt("a"), schema.Unique("b")), `names the column "b"`},
		{schema.New("t", schema.BigInt("a").References("b")), "does not name a table and a column"},
		{schema.New("t", schema.BigInt("a"), schema.References([]string{"a"}, "b", nil)), "has 1 columns and refers to 0"},
	}
	for _, test := range tests {
		for what, err := range map[string]error{
			"Validate": schema.Validate(test.table),
			"a statement": func() error {
				_, _, err := expr.SQL(expr.Select(expr.Literal(1)).From(test.table), postgres.Dialect())
				return err
			}(),
			"CreateTable": func() error { _, _, err := expr.SQL(schema.CreateTable(test.table), postgres.Dialect()); return err }(),
			"Metadata":    schema.NewMetadata(test.table).Err(),
		} {
			if err == nil || !strings.Contains(err.Error(), test.want) || !errors.Is(err, dialect.ErrStatement) {
				t.Errorf("%s: error %v, want one that says %q", what, err, test.want)
			}
		}
	}
	m := schema.NewMetadata(Users, schema.New("users", schema.BigInt("id")))
	if err := m.Err(); err == nil || !strings.Contains(err.Error(), "two tables are called users") {
		t.Error(err)
	}
	if err := schema.NewMetadata(nil).Err(); err == nil {
		t.Error("nil is a table")
	}
	unlike := schema.New("unlike", schema.Varchar("user_id", 9).References("users.id"))
	if err := schema.NewMetadata(Users, unlike).Err(); err == nil ||
		!strings.Contains(err.Error(), "table unlike: the foreign key user_id is varchar(9), and users.id, which it refers to, is bigint") {
		t.Error(err)
	}
	for _, d := range dialects {
		odd := schema.New("odd", schema.BigInt("id").References("users.id", schema.OnDelete(77)))
		if text, _, err := expr.SQL(schema.CreateTable(odd), d); err == nil || !strings.Contains(err.Error(), "ON DELETE Action(77)") {
			t.Errorf("%s: %s %v", d.Name(), text, err)
		}
	}
	orphan := schema.New("orphans", schema.BigInt("id").References("users.nr"))
	if err := schema.NewMetadata(Users, orphan).Err(); err == nil || !strings.Contains(err.Error(), "has no such column") {
		t.Error(err)
	}
}

func TestSingleStatements(t *testing.T) {
	for _, test := range []struct {
		stmt dialect.Statement
		want string
	}{
		{schema.CreateTable(Orders), "CREATE TABLE orders (id BIGINT GENERATED BY DEFAULT AS IDENTITY, user_id BIGINT NOT NULL, " +
			"PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES users (id))"},
		{schema.DropTable(Orders), "DROP TABLE orders"},
		{schema.CreateIndexes(Lines)[0], "CREATE INDEX ix_no ON lines (no, sku)"},
	} {
		text, args, err := expr.SQL(test.stmt, postgres.Dialect())
		if err != nil || text != test.want || args != nil {
			t.Errorf("got  %s %v\nwant %s", text, err, test.want)
		}
	}
	if n := len(schema.CreateIndexes(Orders)); n != 0 {
		t.Errorf("%d indexes of a table without any", n)
	}
	long := schema.New(strings.Repeat("t", 40), schema.BigInt(strings.Repeat("c", 40)).Index())
	text, _, err := expr.SQL(schema.CreateIndexes(long)[0], postgres.Dialect())
	if err != nil || !slices.ContainsFunc(strings.Fields(text), func(w string) bool { return len(w) == 63 }) {
		t.Errorf("a generated name does not keep within the limit: %s %v", text, err)
	}
}

// What a column says beside its type is written, or refused.
func TestColumnForms(t *testing.T) {
	pg, my, lite, ms, ora := dialects[0], dialects[1], dialects[2], dialects[3], dialects[4]
	maria := mysql.Dialect(mysql.MariaDB(10, 11))
	column := func(c schema.ColumnPart) expr.Relation { return schema.New("t", c) }
	text := dialect.Type{Kind: dialect.Varchar, Length: 9, Collation: "my_coll"}
	odd := text
	odd.Collation = `x"; --`
	at := func(k dialect.TypeKind, precision int) expr.Relation {
		return column(schema.NewColumn("c", dialect.Type{Kind: k, Precision: precision}).DefaultNow())
	}
	for _, test := range []struct {
		table expr.Relation
		want  map[dialect.Dialect]string // "! …" for what an error says
	}{
		{column(schema.NewColumn("c", text)), map[dialect.Dialect]string{
			pg: "c VARCHAR(9) COLLATE my_coll NOT NULL", my: "c VARCHAR(9) COLLATE my_coll NOT NULL", lite: "COLLATE my_coll", ms: "COLLATE my_coll", ora: "COLLATE my_coll"}},
		{column(schema.NewColumn("c", odd)), map[dialect.Dialect]string{
			pg: `COLLATE "x""; --"`, my: "COLLATE `x\"; --`", lite: `COLLATE "x""; --"`, ms: `COLLATE [x"; --]`, ora: `! the mark " in the identifier`}},
		{column(schema.NewColumn("c", text).ComputedText("upper(d)", true)), map[dialect.Dialect]string{
			pg: "VARCHAR(9) COLLATE my_coll GENERATED ALWAYS AS", my: "VARCHAR(9) COLLATE my_coll GENERATED ALWAYS AS", ms: "! the collation of a computed column"}},
		{column(schema.NewColumn("c", dialect.Type{Kind: dialect.BigInt, Collation: "x"})), map[dialect.Dialect]string{pg: "! a collation is for texts", ms: "! a collation is for texts"}},
		{column(schema.Integer("c").ComputedText("d * 2", true)), map[dialect.Dialect]string{my: "STORED NOT NULL", maria: "STORED) DEFAULT"}},
		{at(dialect.Timestamp, 3), map[dialect.Dialect]string{my: "DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)", pg: "DEFAULT CURRENT_TIMESTAMP"}},
		{at(dialect.TimestampTZ, -1), map[dialect.Dialect]string{my: "DATETIME(0) NOT NULL DEFAULT CURRENT_TIMESTAMP(0)"}},
		{at(dialect.Timestamp, 0), map[dialect.Dialect]string{my: "DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)"}},
		{at(dialect.Date, 0), map[dialect.Dialect]string{my: "DEFAULT (CURRENT_DATE)", lite: "DEFAULT (CURRENT_DATE)", ora: "DEFAULT (TRUNC(CURRENT_DATE))", ms: "DEFAULT (CAST(SYSUTCDATETIME() AS DATE))"}},
		{column(schema.Text("c").Default("x")), map[dialect.Dialect]string{my: "LONGTEXT NOT NULL DEFAULT ('x')", pg: "DEFAULT ('x')"}},
		{column(schema.Integer("c").DefaultText("1 + 2")), map[dialect.Dialect]string{my: "DEFAULT (1 + 2)", lite: "DEFAULT (1 + 2)"}},
		{column(schema.Integer("c").DefaultText("(1) + (2)")), map[dialect.Dialect]string{lite: "DEFAULT ((1) + (2))"}},
		{column(schema.Integer("c").DefaultText("(1 + 2)")), map[dialect.Dialect]string{lite: "DEFAULT (1 + 2)"}},
		{column(schema.Integer("c").DefaultText("CURRENT_USER")), map[dialect.Dialect]string{pg: "DEFAULT CURRENT_USER"}},
		{column(schema.Varchar("c", 40).Default("a'); DROP TABLE t; --\\")), map[dialect.Dialect]string{pg: `DEFAULT E'a''); DROP TABLE t; --\\'`, my: `DEFAULT 'a''); DROP TABLE t; --\\'`}},
		{column(schema.NewColumn("c", dialect.Type{Kind: dialect.Native, Name: "int); DROP TABLE t; --"})), map[dialect.Dialect]string{pg: "! int); DROP", my: "! int); DROP", lite: "! int); DROP", ms: "! int); DROP", ora: "! int); DROP"}},
		{schema.New("t", schema.BigInt("part").PrimaryKey(), schema.BigInt("id").PrimaryKey().Identity()), map[dialect.Dialect]string{
			my: "PRIMARY KEY (part, id), UNIQUE (id)", pg: "PRIMARY KEY (part, id))"}},
		{schema.New("a.t", schema.BigInt("id").References("b.u.id")), map[dialect.Dialect]string{lite: "! a foreign key from a.t to b.u", pg: "REFERENCES b.u (id)"}},
		{schema.New("t", schema.BigInt(strings.Repeat("c", 129))), map[dialect.Dialect]string{pg: "! longer than the limit", my: "! longer than the limit", ms: "! longer than the limit", ora: "! longer than the limit"}},
	} {
		for d, want := range test.want {
			text, _, err := expr.SQL(schema.CreateTable(test.table), d)
			if say, bad := strings.CutPrefix(want, "! "); bad {
				if err == nil || !strings.Contains(err.Error(), say) {
					t.Errorf("%s: got %s %v\nwant an error that says %q", d.Name(), text, err, say)
				}
			} else if err != nil || !strings.Contains(text, want) {
				t.Errorf("%s: got %s %v\nwant %s", d.Name(), text, err, want)
			}
		}
	}
}

// A table found by its name has the columns of the one that was added.
func TestMetadataTable(t *testing.T) {
	m := schema.NewMetadata(Users, Orders)
	q := expr.Select(Users.ID, m.Table("users").Col("name")).From(m.Table("users")).Join(Orders, expr.Eq(Orders.UserID, Users.ID))
	if text, _, err := expr.SQL(q, postgres.Dialect()); err != nil || text != "SELECT users.id, users.name FROM users JOIN orders ON orders.user_id = users.id" {
		t.Error(text, err)
	}
}

// A key finds the table that it names, not the first that it may mean.
func TestForeignKeySchema(t *testing.T) {
	near := schema.New("audit.users", schema.BigInt("id").PrimaryKey())
	far := schema.New("users", schema.BigInt("id").PrimaryKey())
	notes := schema.New("audit.notes", schema.BigInt("user_id").References("users.id"))
	for _, tables := range [][]expr.Relation{{near, far, notes}, {far, near, notes}, {near, notes}} {
		texts, err := schema.CreateSQL(schema.NewMetadata(tables...), postgres.Dialect())
		want := "REFERENCES users (id)"
		if len(tables) == 2 {
			want = "REFERENCES audit.users (id)"
		}
		if err != nil || !strings.Contains(texts[len(texts)-1], want) {
			t.Errorf("%q %v, want %s", texts, err, want)
		}
	}
}
