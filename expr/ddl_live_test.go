package expr_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// Every kind of column and constraint is created, holds what it says, and is dropped.
func TestLiveDDL(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		collation := map[string]string{"postgres": "C", "mysql": "utf8mb4_bin", "mariadb": "utf8mb4_bin", "sqlite": "NOCASE", "tidb": "utf8mb4_bin"}[l.d.Name()]
		digits := func(name string, k dialect.TypeKind, n int) schema.ColumnPart {
			return schema.NewColumn(name, dialect.Type{Kind: k, Precision: n}).DefaultNow()
		}
		kinds := schema.New("kinds",
			schema.BigInt("id").PrimaryKey().Identity(),
			schema.NewColumn("low", dialect.Type{Kind: dialect.Varchar, Length: 20, Collation: collation}).Default("it's \\ here").Index(),
			schema.NewColumn("calc", dialect.Type{Kind: dialect.Varchar, Length: 40, Collation: collation}).Null().ComputedText("upper(low)", true),
			schema.Integer("twice").ComputedText("n * 2", true),
			schema.Integer("n").Default(-1).Comment("it's \\ n"),
			schema.Text("txt").Default("long 'text'"),
			schema.Boolean("ok").Default(true),
			schema.Decimal("price", 10, 2).Default("1.50"),
			schema.Double("f").Default(1.5),
			schema.Date("d").DefaultNow(),
			digits("t3", dialect.Timestamp, 3), digits("t0", dialect.TimestampTZ, -1), digits("t6", dialect.TimestampTZ, 0),
			schema.Integer("sum").DefaultText("1 + 2"),
			schema.Comment("it's \\ a table"))
		log := schema.New("log", schema.BigInt("part").PrimaryKey(), schema.BigInt("id").PrimaryKey().Identity(), schema.Integer("x"))
		if _, err := l.d.TypeName(&dialect.Type{Kind: dialect.Time}); err == nil {
			d := *schema.Info(kinds)
			d.Columns = append(slices.Clip(d.Columns), schema.Info(schema.New("more", schema.Time("clock").DefaultNow())).Columns...)
			kinds = schema.Build(&d)
		}
		meta := schema.NewMetadata(kinds)
		if l.d.Features().IdentityType == "" { // elsewhere an identity is the whole key
			meta.Add(log)
		}
		if err := meta.CreateAll(t.Context(), l); err != nil {
			t.Fatal(err, l.last())
		}
		l.exec(expr.Insert(kinds).Values(kinds.Col("n").Set(4)))
		today := time.Now().UTC().Format("2006-01-02")
		got := l.all(expr.Select(kinds.Col("low"), kinds.Col("calc"), kinds.Col("twice"), kinds.Col("txt"), kinds.Col("f"), kinds.Col("sum")).From(kinds))
		if want := `it's \ here IT'S \ HERE 8 long 'text' 1.5 3`; len(got) != 1 || got[0] != want {
			t.Errorf("got %q, want %q", got, want)
		}
		err := func() error {
			_, err := l.Run(t.Context(), expr.Select(kinds.Col("d"), kinds.Col("t3"), kinds.Col("t0"), kinds.Col("t6"), kinds.Col("ok"), kinds.Col("price")).From(kinds), func(r dialect.Rows) error {
				var d, t3, t0, t6 time.Time
				var ok bool
				var price string
				for r.Next() {
					if err := r.ScanRow([]any{&d, &t3, &t0, &t6, &ok, &price}); err != nil {
						return err
					}
					if d.Format("2006-01-02") != today || !d.Equal(d.Truncate(24*time.Hour)) || time.Since(t0).Abs() > time.Minute || time.Since(t6).Abs() > time.Minute || !ok || strings.TrimSuffix(price, "0") != "1.5" {
						t.Errorf("defaults: %v %v %v %v %v %v", d, t3, t0, t6, ok, price)
					}
				}
				return r.Err()
			})
			return err
		}()
		if err != nil {
			t.Error(err)
		}
		if collation != "" {
			sorted := map[bool]string{true: "a B c", false: "B a c"}[l.d.Name() == "sqlite"]
			l.exec(expr.Delete(kinds).EveryRow())
			for _, s := range []string{"c", "B", "a"} {
				l.exec(expr.Insert(kinds).Values(kinds.Col("n").Set(1), kinds.Col("low").Set(s)))
			}
			if got := strings.Join(l.all(expr.Select(kinds.Col("low")).From(kinds).OrderBy(kinds.Col("low"))), " "); got != sorted {
				t.Errorf("sorted as %s, want %s", got, sorted)
			}
		}
		if err := meta.DropAll(t.Context(), l); err != nil {
			t.Error(err)
		}
	})
}

// Tables that refer to each other are dropped with the rows that do.
func TestLiveDropCycle(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		eggs := schema.New("eggs", schema.BigInt("id").PrimaryKey(), schema.BigInt("hen_id").Null().References("hens.id"))
		hens := schema.New("hens", schema.BigInt("id").PrimaryKey(), schema.BigInt("egg_id").Null().References("eggs.id"))
		meta := schema.NewMetadata(eggs, hens)
		if err := meta.CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		l.exec(expr.Insert(eggs).Values(eggs.Col("id").Set(1)))
		l.exec(expr.Insert(hens).Values(hens.Col("id").Set(1), hens.Col("egg_id").Set(1)))
		l.exec(expr.Update(eggs).Set(eggs.Col("hen_id").Set(1)).EveryRow())
		if err := meta.DropAll(t.Context(), l); err != nil {
			t.Error(err)
		}
		if err := meta.CreateAll(t.Context(), l); err != nil {
			t.Error(err)
		}
		if got := l.all(expr.Select(expr.CountAll()).From(eggs)); !slices.Equal(got, []string{"0"}) {
			t.Errorf("eggs are left: %q", got)
		}
	})
}

// Names with a schema work in every statement.
func TestLiveSchemaNames(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		space := "other_" + strings.ToLower(b.Name) + "_ddl"
		if b.Name == "sqlite" {
			l.exec(dialect.Text("ATTACH DATABASE ':memory:' AS " + space))
		} else {
			l.space.Beside(t, space)
		}
		pairs := schema.New(space+".pairs", schema.BigInt("id").PrimaryKey(), schema.Varchar("name", 20).Index().Comment("a name"))
		notes := schema.New(space+".notes", schema.BigInt("id").PrimaryKey(), schema.BigInt("pair_id").References(space+".pairs.id"))
		plain := schema.New("pairs", schema.BigInt("id").PrimaryKey(), schema.Varchar("name", 20))
		meta := schema.NewMetadata(notes, pairs, plain)
		for range 2 {
			if err := meta.CreateAll(t.Context(), l); err != nil {
				t.Fatal(err, l.last())
			}
		}
		id, name := schema.C[int64](pairs, "id"), schema.C[string](pairs, "name")
		up := expr.Insert(pairs).Values(id.Set(1), name.Set("a")).OnConflict(id).DoUpdate(expr.Set(name, expr.Concat(name, expr.Inserted(name))))
		l.exec(up)
		l.exec(up)
		l.exec(expr.Insert(plain).Values(plain.Col("id").Set(1), plain.Col("name").Set("p")))
		l.exec(expr.Insert(notes).Values(notes.Col("id").Set(1), notes.Col("pair_id").Set(1)))
		if _, _, err := expr.SQL(expr.Select(name).From(pairs, plain), l.d); err == nil {
			t.Error("two tables of one name, of which one has no schema, are no mistake")
		}
		plain = plain.As("plain")
		if got := l.all(expr.Select(name, plain.Col("name")).From(pairs).Join(plain, expr.Eq(expr.Typed[int64](plain.Col("id")), id)).OrderBy(name)); !slices.Equal(got, []string{"aa p"}) {
			t.Errorf("got %q", got)
		}
		l.exec(expr.Update(pairs).Set(expr.Set(name, expr.Upper(name))).Where(id.Eq(1)))
		l.exec(expr.Delete(notes).Where(notes.Col("id").Eq(1)))
		if err := meta.DropAll(t.Context(), l); err != nil {
			t.Error(err)
		}
	})
}
