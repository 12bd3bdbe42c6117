package schema_test

import (
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// rich is a schema with all that a database can have. Its two tables that refer
// to each other do so with one action only: SQL Server takes none that could
// come back to where it began (Transact-SQL, error 1785).
func rich(f *dialect.Features) *schema.Metadata {
	var more []schema.Part
	count := schema.NewSequence("rich_numbers", dialect.Counting{Start: 1000, Increment: 10})
	number := schema.BigInt("number").Null()
	if f.DDL.NextValue != "" {
		number = number.DefaultExpr(schema.Next(count))
	}
	code := schema.Self[string]("code")
	price := schema.Self[float64]("price")
	if f.DDL.IndexWhere {
		more = append(more, schema.IndexOn("ix_open", "code").Where(expr.And(price.Gt(10), code.In("a", "b"))))
	}
	if f.DDL.IndexExpression != "" {
		more = append(more, schema.IndexOn("ix_lower").On(expr.Lower(code), price.Desc()))
	}
	if f.DDL.IndexInclude {
		more = append(more, schema.IndexOn("ix_held", "code").Include("note"))
	}
	if f.DDL.DeferKeys {
		more = append(more, schema.Unique("code", "note").Named("uq_later").InitiallyDeferred())
	}
	if f.ComputedStored != "" {
		more = append(more, schema.Double("total").Null().Computed(expr.Mul(price, schema.Self[float64]("amount")), schema.Stored))
	}
	parents := schema.New("rich_parents", schema.BigInt("id").PrimaryKey().Identity(), schema.Varchar("name", 40).Default("it's"),
		schema.BigInt("favourite_id").Null().References("rich_items.id"), schema.Comment("whose"))
	items := schema.New("rich_items", append([]schema.Part{
		schema.BigInt("id").PrimaryKey().Identity(schema.Identity{Counting: dialect.Counting{Start: 100}}), number,
		schema.BigInt("parent_id").References("rich_parents.id", schema.OnDelete(schema.Cascade)).Index(),
		schema.Varchar("code", 20).Comment("it's a code"), schema.Varchar("note", 50).Null().Default("-"),
		schema.Double("price").Default(1.5), schema.Double("amount").Default(-1), schema.Decimal("tax", 6, 2).Null().Default("0.10"),
		schema.Boolean("active").Default(true).Checked("ck_active"), schema.Timestamp("made").DefaultNow(), schema.Date("day").Null(),
		schema.UUID("uid").Null(), schema.JSON("doc").Null(), schema.Enum("mood", "rich_mood", "good", "it's bad"),
		schema.Interval("gap").Null(), schema.Blob("data").Null(),
		schema.Check("range", price.Between(0, 1000)), schema.Check("codes", expr.Or(code.NotIn("x", "y"), schema.Self[string]("note").IsNotNull())),
		schema.Check("like", expr.Not(code.Like("z%"))), schema.Check("sum", expr.Gt(expr.Add(price, schema.Self[float64]("amount")), expr.Literal(-5.0))),
		schema.Unique("parent_id", "code").Named("uq_code"), schema.IndexOn("", "made", "day"), schema.IndexOn("ux_uid", "uid").Unique(),
	}, more...)...)
	seats := schema.New("rich_seats", schema.Integer("a"), schema.Integer("b"), schema.BigInt("item_id").Null(),
		schema.PrimaryKey("b", "a"), schema.References([]string{"item_id"}, "rich_items", []string{"id"}, schema.OnDelete(schema.SetNull)).Named("fk_seat_item"))
	meta := schema.NewMetadata(parents, items, seats).Name(schema.Naming{PrimaryKey: "pk_{table}", Unique: "uq_{table}_{columns}",
		ForeignKey: "fk_{table}_{columns}_{ref_table}", Check: "ck_{table}_{name}"})
	if f.DDL.NextValue != "" {
		meta.AddSequences(count)
	}
	return meta
}

func TestCompare(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		f := l.d.Features()
		meta := rich(f)
		same := func(when string, m *schema.Metadata) {
			t.Helper()
			diff, err := schema.Compare(t.Context(), l, m)
			if err != nil {
				t.Fatalf("%s: %v", when, err)
			}
			if len(diff) > 0 {
				t.Errorf("%s:\n%s", when, diff)
			}
		}
		lacks, err := schema.Compare(t.Context(), l, meta)
		if err != nil || !strings.Contains(lacks.String(), "missing table rich_items") {
			t.Errorf("nothing is there:\n%s (%v)", lacks, err)
		}
		if err := meta.CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		same("as it was created", meta)
		if err := meta.CreateAll(t.Context(), l); err != nil { // skips all
			t.Fatal(err)
		}
		read, err := schema.Reflect(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		same("as it was read", read)

		// What changes is found.
		items := meta.Table("rich_items")
		for _, change := range []struct {
			do   dialect.Statement
			want string
		}{
			{schema.CreateIndex(items, schema.IndexOn("ix_more", "day")), "extra index ix_more of rich_items: (day)"},
			{schema.DropIndex(items, schema.IndexOn("ix_more", "day")), ""},
			{schema.AddColumn(schema.New("rich_items", schema.Integer("more").Null()), "more"), "extra column more of rich_items"},
			{schema.DropColumn(items, "more"), ""},
			{schema.CreateTable(schema.New("rich_more", schema.Integer("id"))), "extra table rich_more"},
			{schema.DropTable(schema.New("rich_more", schema.Integer("id"))), ""},
		} {
			if _, err := l.Run(t.Context(), change.do, nil); err != nil {
				t.Fatal(err)
			}
			diff, err := schema.Compare(t.Context(), l, meta)
			if err != nil || diff.String() != change.want {
				t.Errorf("got %s (%v), want %s", diff, err, change.want)
			}
		}
		other := rich(f)
		d := schema.Info(other.Table("rich_items"))
		d.Column("code").Type.Length = 30
		d.Column("note").Null = false
		d.Column("price").Default = &schema.Default{Value: 2.5}
		d.Checks[0] = schema.CheckDef{Name: "range", SQL: "price > 7"}
		diff, err := schema.Compare(t.Context(), l, other)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"changed column code of rich_items: type", "changed column note of rich_items: null is NULL, not NOT NULL",
			"changed column price of rich_items: default", "changed check ck_rich_items_range of rich_items: condition"} {
			if !strings.Contains(diff.String(), want) {
				t.Errorf("no %q in\n%s", want, diff)
			}
		}
		if len(diff) != 4 {
			t.Errorf("%d differences:\n%s", len(diff), diff)
		}
		if err := meta.DropAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		if again, err := schema.Compare(t.Context(), l, meta); err != nil || again.String() != lacks.String() {
			t.Errorf("after DropAll:\n%s (%v)", again, err)
		}
	})
}
