package expr_test

import (
	"slices"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// A value that stands alone in a result is what Go says that it is, also where a
// parameter has no type: it is ordered, compared and calculated with as such.
func TestLiveValuesOfAResult(t *testing.T) {
	v := expr.Value[int64]
	n := func(r expr.Relation) expr.Col[int64] { return expr.C[int64](r, "n") }
	derived := expr.Select(v(10).As("n")).As("d")
	cte := expr.CTE("c", expr.UnionAll(expr.Select(v(10).As("n")), expr.Select(v(9).As("n"))))
	counted := expr.Recursive("counted", []string{"n"}, expr.Select(v(1)), func(self expr.Table) expr.Query {
		return expr.Select(n(self).Add(1)).From(self).Where(n(self).Lt(12))
	})
	later := expr.Value(time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC))
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		fillLots(t, l)
		for _, tt := range []struct {
			name string
			stmt dialect.Statement
			want []string
		}{
			{"ordered", expr.Union(expr.Select(v(10).As("n")), expr.Select(v(9).As("n")), expr.Select(v(100).As("n"))).OrderBy(expr.Name[int64]("n")),
				[]string{"9", "10", "100"}},
			{"of a derived table", expr.Select(n(derived).Add(1)).From(derived).Where(n(derived).Gt(9)), []string{"11"}},
			{"of a common table expression", expr.Select(expr.Max(n(cte)), expr.Sum(n(cte))).From(cte).With(cte), []string{"10 19"}},
			{"of a recursion", expr.Select(expr.Max(n(counted))).From(counted).With(counted), []string{"12"}},
			{"of a scalar query", expr.Select(Lots.ID).From(Lots).Where(expr.Gt(Lots.N, expr.Scalar[int64](expr.Select(v(7))))), []string{"3"}},
			{"beside a column", expr.Select(Lots.N).From(Lots).Where(Lots.ID.Eq(3)).Union(expr.Select(v(7))).OrderBy(expr.Name[int64]("n")), []string{"7", "12"}},
			{"before a column", expr.Select(v(7).As("n")).Union(expr.Select(Lots.N).From(Lots).Where(Lots.ID.Eq(3))).OrderBy(expr.Name[int64]("n")), []string{"7", "12"}},
		} {
			if got := l.all(tt.stmt); !slices.Equal(got, tt.want) {
				t.Errorf("%s: got %q, want %q\n%s", tt.name, got, tt.want, l.last())
			}
		}
		l.exec(expr.Insert(Lots).Columns(Lots.ID, Lots.N, Lots.At).FromSelect(expr.Select(v(9), v(90), later)))
		if got := l.all(expr.Select(Lots.ID).From(Lots).Where(Lots.N.Eq(90), expr.Eq(Lots.At, later))); !slices.Equal(got, []string{"9"}) {
			t.Errorf("a time that was inserted by a query: got %q", got)
		}
	})
}

// A type is shown once, and not where there is one already: the rows of an INSERT
// go into columns, and a query beside has columns.
func TestValuesOfAResultShowTheirTypes(t *testing.T) {
	v := expr.Value[int64]
	for _, tt := range []struct{ got, want string }{
		{text(t, expr.Select(v(1), v(2).As("two"), expr.Value("x"))), "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT) AS two, $3"},
		{text(t, expr.Union(expr.Select(v(1)), expr.Select(v(2)), expr.Select(v(3)))), "SELECT CAST($1 AS BIGINT) UNION SELECT $2 UNION SELECT $3"},
		{text(t, expr.Union(expr.Select(v(1)), expr.Select(Users.ID).From(Users))), "SELECT $1 UNION SELECT users.id FROM users"},
		{text(t, expr.Insert(Users).Columns(Users.ID).FromSelect(expr.Select(v(1)))), "INSERT INTO users (id) SELECT $1"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %s, want %s", tt.got, tt.want)
		}
	}
}

func text(t *testing.T, s dialect.Statement) string {
	t.Helper()
	text, _, err := expr.SQL(s, postgres.Dialect())
	if err != nil {
		t.Error(err)
	}
	return text
}

// Equal decimals are one, however they are written.
func TestLiveEqualDecimalsAreOne(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		fillLots(t, l) // 7.5, 10.25, -9.5, NULL; four digits after the point
		l.exec(expr.Insert(Lots).Columns(Lots.ID, Lots.Price).Rows([]any{5, "7.500"}, []any{6, "+10.2500"}, []any{7, expr.Value("-09.5")}))
		l.exec(expr.Update(Lots).Set(Lots.Price.Set("7.50")).Where(Lots.ID.Eq(1)))
		l.exec(expr.Insert(Lots).Values(Lots.ID.Set(8), expr.Set(Lots.Price, expr.Literal("7.5"))))
		count := func(want string, s dialect.Statement) {
			t.Helper()
			if got := l.all(s); !slices.Equal(got, []string{want}) {
				t.Errorf("got %q, want %s\n%s", got, want, l.last())
			}
		}
		count("3", expr.Select(expr.CountDistinct(Lots.Price)).From(Lots))
		count("3", expr.Select(expr.CountAll()).From(expr.Select(Lots.Price).From(Lots).Where(Lots.Price.IsNotNull()).GroupBy(Lots.Price).As("g")))
		other := expr.As(Lots, "other")
		count("3", expr.Select(expr.CountAll()).From(expr.Union(expr.Select(Lots.Price).From(Lots).Where(Lots.ID.In(1, 2, 3)),
			expr.Select(expr.C[string](other, "price")).From(other).Where(expr.C[int64](other, "id").In(5, 6, 7))).As("u")))
		count("3", expr.Select(expr.CountAll()).From(Lots).Where(Lots.Price.Eq("7.5")))
	})
}
