package expr_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testspace"
)

// lease runs statements on one connection.
type lease struct {
	t    *testing.T
	d    dialect.Dialect
	c    dialect.Conn
	sent []string

	space *testspace.Space
}

func (l *lease) Dialect() dialect.Dialect { return l.d }
func (l *lease) Conn() dialect.Conn       { return l.c }

func (l *lease) Run(ctx context.Context, s dialect.Statement, rows func(dialect.Rows) error) (dialect.Result, error) {
	res, text, err := testspace.Run(ctx, l.d, l.c, s, rows)
	if text != "" {
		l.sent = append(l.sent, text)
	}
	return res, err
}

// all returns the rows of a statement as text.
func (l *lease) all(s dialect.Statement) []string {
	l.t.Helper()
	var list []string
	_, err := l.Run(l.t.Context(), s, func(r dialect.Rows) error {
		cells := make([]any, len(r.Columns()))
		for i := range cells {
			cells[i] = new(*string)
		}
		for r.Next() {
			if err := r.ScanRow(cells); err != nil {
				return err
			}
			var row []string
			for _, c := range cells {
				if p := *c.(**string); p != nil {
					row = append(row, *p)
				} else {
					row = append(row, "NULL")
				}
			}
			list = append(list, strings.Join(row, " "))
		}
		return r.Err()
	})
	if err != nil {
		l.t.Errorf("%s: %v\n%s", l.d.Name(), err, l.last())
	}
	return list
}

// last is the last text that was sent.
func (l *lease) last() string {
	if len(l.sent) == 0 {
		return "nothing was sent"
	}
	return l.sent[len(l.sent)-1]
}

func (l *lease) exec(s dialect.Statement) {
	l.t.Helper()
	if _, err := l.Run(l.t.Context(), s, nil); err != nil {
		l.t.Fatalf("%s: %v", l.d.Name(), err)
	}
}

// live connects to a backend, in a namespace of its own.
func live(t *testing.T, b testenv.Backend) *lease {
	t.Helper()
	l := &lease{t: t, space: testspace.New(t, b)}
	l.c, l.d = testspace.Connect(t, l.space.URL)
	return l
}

// Every database accepts what is rendered for it.
func TestLiveTour(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		meta := schema.NewMetadata(Items, Orders, Users, Hits)
		if err := meta.CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		refused := 0
		for _, s := range tour() {
			if s.name == "raw" { // its text is PostgreSQL's
				continue
			}
			if err := l.c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
				t.Fatal(err)
			}
			_, err := l.Run(t.Context(), s.stmt, func(dialect.Rows) error { return nil })
			switch {
			case errors.Is(err, dialect.ErrUnsupported):
				refused++
			case l.d.Classify(orNone(err)).Kind.In(dialect.ErrIntegrityViolation): // understood, and stopped by the data
			case err != nil:
				text, _, _ := expr.SQL(s.stmt, l.d)
				t.Errorf("%s: %v\n%s", s.name, err, text)
			}
			if err := l.c.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%s %s: %d statements, %d refused", l.d.Name(), l.d.Features().Version, len(tour()), refused)
		if refused > 12 {
			t.Errorf("%d statements are refused", refused)
		}
	})
}

func orNone(err error) error {
	if err == nil {
		return errors.New("none")
	}
	return err
}

// The same statements give the same rows everywhere.
func TestLiveRows(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		if err := schema.NewMetadata(Orders, Users, Hits).CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		when := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
		l.exec(expr.Insert(Users).Columns(Users.ID, Users.Name, Users.Email, Users.Age, Users.Active, Users.CreatedAt).Rows(
			[]any{1, "Ada", "ada@x", 36, true, when}, []any{2, "bob_50%", nil, 17, false, when}, []any{3, "Cyd", "c/d\\[x]", nil, true, when}))
		l.exec(expr.Insert(Orders).Columns(Orders.UserID, Orders.Status, Orders.Total).Flat([]any{1, "paid", "10.50", 1, "new", "2.25", 2, "paid", nil}))
		want := func(name string, q dialect.Statement, rows ...string) {
			t.Helper()
			if got := l.all(q); !slices.Equal(got, rows) {
				text, _, _ := expr.SQL(q, l.d)
				t.Errorf("%s: got %q, want %q\n%s", name, got, rows, text)
			}
		}
		names := func(conds ...expr.Cond) expr.SelectStmt {
			return expr.Select(Users.Name).From(Users).Where(conds...).OrderBy(Users.ID)
		}
		want("all", names(), "Ada", "bob_50%", "Cyd")
		want("starts", names(Users.Name.StartsWith("bob_")), "bob_50%")
		want("wildcards stand for themselves", names(Users.Name.StartsWith("bob%")))
		want("contains a percent", names(Users.Name.Contains("50%")), "bob_50%")
		want("ends", names(Users.Name.EndsWith("%")), "bob_50%")
		want("slash, backslash and bracket", names(Users.Email.Contains(`/d\[x`)), "Cyd")
		want("ilike", names(Users.Name.ILike("aDA")), "Ada")
		want("icontains", names(Users.Name.IContains("YD")), "Cyd")
		want("empty in", names(Users.ID.In()))
		want("empty not in", names(Users.ID.NotIn()), "Ada", "bob_50%", "Cyd")
		want("empty in or", names(expr.Or(Users.ID.In(), Users.ID.Eq(3))), "Cyd")
		want("empty not in of NULL", names(Users.Age.NotIn()), "Ada", "bob_50%", "Cyd")
		want("distinct from", names(Users.Email.IsDistinctFrom("ada@x")), "bob_50%", "Cyd")
		want("not distinct from", names(expr.IsNotDistinctFrom(Users.Email, expr.Null[string]())), "bob_50%")
		want("true", names(expr.True(Users.Active)), "Ada", "Cyd")
		want("not true", names(expr.Not(expr.True(Users.Active))), "bob_50%")
		want("nulls last", expr.Select(Users.ID).From(Users).OrderBy(Users.Age.Asc().NullsLast()), "2", "1", "3")
		want("nulls first, down", expr.Select(Users.ID).From(Users).OrderBy(Users.Age.Desc().NullsFirst()), "3", "1", "2")
		want("nulls last, down", expr.Select(Users.ID).From(Users).OrderBy(Users.Age.Desc().NullsLast()), "1", "2", "3")
		want("page", names().Limit(1).Offset(1), "bob_50%")
		want("offset", names().Offset(2), "Cyd")
		want("limit 0", names().Limit(0))
		want("whole division", expr.Select(expr.Div(Users.ID.Add(4), expr.Value[int64](2)), Users.ID.Add(4).Div(2), Users.ID.Mod(2)).From(Users).OrderBy(Users.ID),
			"2 2 1", "3 3 0", "3 3 1")
		want("precedence", expr.Select(expr.Sub(Users.ID, expr.Sub(Users.ID, expr.Mul(Users.ID.Add(1), expr.Value[int64](2))))).From(Users).OrderBy(Users.ID), "4", "6", "8")
		want("concat", expr.Select(expr.Concat(Users.Name, expr.Value("-"), expr.Lower(Users.Name))).From(Users).Where(Users.ID.Eq(1)), "Ada-ada")
		want("case", expr.Select(expr.Case[string]().When(Users.Age.Lt(18), "minor").When(Users.Age.IsNull(), "unknown").Else("adult").End()).From(Users).OrderBy(Users.ID),
			"adult", "minor", "unknown")
		n := expr.Count(Orders.ID).As("n")
		want("groups", expr.Select(Users.ID, n, expr.Count(Orders.ID).Filter(Orders.Status.Eq("paid"))).From(Users).LeftJoin(Orders, expr.Eq(Orders.UserID, Users.ID)).
			GroupBy(Users.ID).OrderBy(n.Desc()), "1 2 1", "2 1 1", "3 0 0")
		want("exists", names(expr.Not(expr.Exists(expr.Select(expr.Literal(1)).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID))))), "Cyd")
		want("decimals sort as numbers", expr.Select(Orders.ID).From(Orders).Where(Orders.Total.IsNotNull()).OrderBy(Orders.Total.Desc()), "1", "2")
		want("decimals compare as numbers", expr.Select(Orders.ID).From(Orders).Where(Orders.Total.Between("2.250", "9"), Orders.Total.In("2.2500"), Orders.Total.Eq("2.250")), "2")
		want("in query", names(expr.In(Users.ID, expr.Select(Orders.UserID).From(Orders).Where(Orders.Total.Gt("5")))), "Ada")
		sub := expr.Select(Orders.UserID, expr.CountAll().As("n")).From(Orders).GroupBy(Orders.UserID).As("per_user")
		want("derived", expr.Select(Users.Name, expr.C[int64](sub, "n")).From(Users).Join(sub, expr.Eq(expr.C[int64](sub, "user_id"), Users.ID)).OrderBy(Users.ID),
			"Ada 2", "bob_50% 1")
		want("union of pages", expr.Union(names().Limit(1), names(Users.ID.Eq(3))).OrderBy(expr.Name[string]("name")), "Ada", "Cyd")
		want("except", expr.Except(expr.Select(Users.ID).From(Users), expr.Select(Orders.UserID).From(Orders)), "3")
		want("row number", expr.Select(Orders.ID, expr.RowNumber().Over(expr.PartitionBy(Orders.UserID).OrderBy(Orders.ID.Desc()))).From(Orders).OrderBy(Orders.ID), "1 2", "2 1", "3 1")

		// Writing.
		up := expr.Insert(Hits).Values(Hits.Path.Set("/"), Hits.Hits.Set(5)).OnConflict(Hits.Path).
			DoUpdate(expr.Set(Hits.Hits, expr.Add(Hits.Hits, expr.Inserted(Hits.Hits))))
		l.exec(up)
		l.exec(up)
		l.exec(expr.Insert(Hits).Values(Hits.Path.Set("/"), Hits.Hits.Set(7)).OnConflict(Hits.Path).DoNothing())
		want("upserts", expr.Select(Hits.Path, Hits.Hits).From(Hits), "/ 10")
		l.exec(expr.Update(Hits).Set(expr.Set(Hits.Hits, Hits.Hits.Sub(1))).Where(Hits.Path.Eq("/")))
		want("update", expr.Select(Hits.Hits).From(Hits), "9")
		l.exec(expr.Delete(Hits).EveryRow())
		want("delete", expr.Select(expr.CountAll()).From(Hits), "0")

		// An insert over the limits of one statement, in several.
		flat := make([]any, 0, 2*40_000)
		for k := range 40_000 {
			flat = append(flat, fmt.Sprint(k), k)
		}
		r, err := dialect.RunScript(t.Context(), l, expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).Flat(flat).Batches(nil))
		if err != nil || r.RowsAffected() != 40_000 {
			t.Errorf("batches: %d rows, %v", r.RowsAffected(), err)
		}
	})
}

// CreateAll leaves what exists, and DropAll what does not.
func TestLiveCreateAll(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		eggs := schema.New("eggs", schema.BigInt("id").PrimaryKey(), schema.BigInt("hen_id").Null().References("hens.id"))
		hens := schema.New("hens", schema.BigInt("id").PrimaryKey(), schema.BigInt("egg_id").Null().References("eggs.id").Index().Comment("it's where she came from"))
		meta := schema.NewMetadata(Items, eggs, Orders, hens, Users)
		for range 2 {
			if err := meta.CreateAll(t.Context(), l); err != nil {
				t.Fatal(err)
			}
		}
		creates := 0
		for _, text := range l.sent {
			if strings.HasPrefix(text, "CREATE TABLE") {
				creates++
			}
		}
		if creates != 5 {
			t.Errorf("%d tables were created, want 5: %q", creates, l.sent)
		}
		l.exec(expr.Insert(Users).Values(Users.Name.Set("ada")))
		if got := l.all(expr.Select(Users.Active, Users.CreatedAt.IsNotNull().As("stamped")).From(Users)); len(got) != 1 || strings.Contains(got[0], "NULL") {
			t.Errorf("defaults: %q", got)
		}
		l.exec(schema.DropTable(Items))
		if err := meta.CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		l.all(expr.Select(Items.ID).From(Items))
		if _, err := l.Run(t.Context(), expr.Insert(Orders).Values(Orders.UserID.Set(77), Orders.Status.Set("x")), nil); l.d.Classify(orNone(err)).Kind != dialect.ErrForeignKeyViolation {
			t.Errorf("an order of nobody: %v", err)
		}
		if _, err := l.Run(t.Context(), expr.Insert(eggs).Values(eggs.Col("id").Set(1), eggs.Col("hen_id").Set(5)), nil); l.d.Classify(orNone(err)).Kind != dialect.ErrForeignKeyViolation {
			t.Errorf("an egg of no hen: %v", err)
		}
		for range 2 {
			if err := meta.DropAll(t.Context(), l); err != nil {
				t.Fatal(err)
			}
		}
		if err := meta.CreateAll(t.Context(), l); err != nil {
			t.Errorf("after DropAll: %v", err)
		}
		if err := meta.DropAll(t.Context(), l); err != nil {
			t.Error(err)
		}
	})
}
