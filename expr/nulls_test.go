package expr_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

func TestIgnoreNulls(t *testing.T) {
	pg19, mad := postgres.Dialect(postgres.Version(19)), mysql.Dialect(mysql.MariaDB(11, 4))
	ms15, orad := mssql.Dialect(mssql.Version(15)), oracle.Dialect(oracle.Version(19))
	w := expr.PartitionBy(Users.Active).OrderBy(Users.ID)
	all := w.Rows(expr.UnboundedPreceding(), expr.UnboundedFollowing())
	from := func(e expr.Expr[int]) expr.SelectStmt { return expr.Select(e).From(Users) }
	const part, whole = "PARTITION BY users.active ORDER BY ", "users.id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM users"

	lag := "SELECT lag(users.age) IGNORE NULLS OVER (PARTITION BY users.active ORDER BY users.id) FROM users"
	no := "! IGNORE NULLS of lag is not supported"
	told(t, "lag", from(expr.Lag(Users.Age).IgnoreNulls().Over(w)), says{orad: lag, msd: lag, pg19: lag,
		pgd: no, myd: no, mad: no, lited: no, ms15: no})
	plain := "SELECT lag(users.age) OVER (PARTITION BY users.active ORDER BY users.id) FROM users"
	told(t, "nothing is passed over", from(expr.Lag(Users.Age).RespectNulls().Over(w)), says{
		orad: strings.Replace(plain, ") OVER", ") RESPECT NULLS OVER", 1), pgd: plain, myd: plain, mad: plain, lited: plain, ms15: plain})
	told(t, "the last word counts", from(expr.Lag(Users.Age).IgnoreNulls().RespectNulls().Over(w)), says{lited: plain})
	told(t, "a distance", from(expr.LeadBy(Users.Age, 2, expr.Value(0)).IgnoreNulls().Over(w)), says{
		orad: "SELECT lead(users.age, :1, :2) IGNORE NULLS OVER (PARTITION BY users.active ORDER BY users.id) FROM users", pgd: "! IGNORE NULLS of lead"})
	told(t, "the first of all", from(expr.FirstValue(Users.Age).IgnoreNulls().Over(all)), says{
		orad: "SELECT first_value(users.age) IGNORE NULLS OVER (" + part + whole,
		pgd:  "SELECT first_value(users.age) OVER (" + part + "CASE WHEN (users.age IS NULL) THEN 1 ELSE 0 END, " + whole,
		ms15: "SELECT first_value(users.age) OVER (" + part + "CASE WHEN (users.age IS NULL) THEN 1 ELSE 0 END, " + whole})
	told(t, "the last of all", from(expr.LastValue(Users.Age).IgnoreNulls().Over(all)), says{
		myd: "SELECT last_value(users.age) OVER (" + part + "CASE WHEN (users.age IS NULL) THEN 0 ELSE 1 END, " + whole})
	named := expr.Select(expr.NthValue(Users.Age, 2).IgnoreNulls().Over(expr.WindowNamed("w").Rows(expr.UnboundedPreceding(), expr.UnboundedFollowing()))).From(Users).Window("w", w)
	told(t, "the second of a window with a name", named, says{
		pgd:  "SELECT nth_value(users.age, $1) OVER (" + part + "CASE WHEN (users.age IS NULL) THEN 1 ELSE 0 END, " + strings.TrimSuffix(whole, " FROM users") + " FROM users WINDOW w AS (PARTITION BY users.active ORDER BY users.id)",
		orad: "SELECT nth_value(users.age, :1) IGNORE NULLS OVER (" + part + whole, msd: "! nth_value is not supported"})
	told(t, "a name alone", expr.Select(expr.FirstValue(Users.Age).IgnoreNulls().Over(expr.WindowNamed("w"))).From(Users).Window("w", all), says{
		lited: "SELECT first_value(users.age) OVER (" + part + "CASE WHEN (users.age IS NULL) THEN 1 ELSE 0 END, " + whole + " WINDOW w AS (" + part + strings.TrimSuffix(whole, " FROM users")})
	told(t, "up to the current row", from(expr.LastValue(Users.Age).IgnoreNulls().Over(w)), says{
		orad: "SELECT last_value(users.age) IGNORE NULLS OVER (PARTITION BY users.active ORDER BY users.id) FROM users",
		pgd:  "! say Rows(UnboundedPreceding(), UnboundedFollowing())", lited: "! a frame that is not the whole partition", ms15: "! IGNORE NULLS of last_value"})

	for _, test := range []struct {
		name string
		stmt dialect.Statement
		want string
	}{
		{"after another function", expr.Select(expr.RowNumber().IgnoreNulls().Over(w)).From(Users), "IGNORE NULLS stands between Lag"},
		{"after Over", from(expr.Lag(Users.Age).Over(w).IgnoreNulls()), "and its Over, not after lag(users.age)"},
		{"of nothing", from(expr.Expr[int]{}.RespectNulls()), "RESPECT NULLS: nil operand"},
		{"without Over", from(expr.Lag(Users.Age).IgnoreNulls()), "stand before Over, which lag lacks"},
		{"with a filter", from(expr.Lag(Users.Age).IgnoreNulls().Filter(Users.ID.Gt(1)).Over(w)), "FILTER stands after an aggregate, not after lag(users.age)"},
		{"of an unknown window", from(expr.FirstValue(Users.Age).IgnoreNulls().Over(expr.WindowNamed("v"))), `no window is called "v"`},
		{"of rows in no order", from(expr.FirstValue(Users.Age).IgnoreNulls().Over(expr.Window{}.Rows(expr.UnboundedPreceding(), expr.UnboundedFollowing()))), "the window has no OrderBy"},
	} {
		for _, d := range dialects {
			if text, _, err := expr.SQL(test.stmt, d); err == nil || !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s, %s: %s %v\nwant an error that says %q", test.name, d.Name(), text, err, test.want)
			}
		}
	}
	if expr.Equal(from(expr.Lag(Users.Age).IgnoreNulls().Over(w)), from(expr.Lag(Users.Age).Over(w))) {
		t.Error("a function is the same with IGNORE NULLS and without")
	}
}

// What stands for IGNORE NULLS passes over them.
func TestLiveIgnoreNulls(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		if err := schema.NewMetadata(Users).CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		l.exec(expr.Insert(Users).Columns(Users.ID, Users.Name, Users.Active, Users.Age).Flat([]any{
			1, "a", true, nil, 2, "b", true, 20, 3, "c", true, nil, 4, "d", true, 40, 5, "e", true, nil, 6, "f", false, nil}))
		all := expr.PartitionBy(Users.Active).OrderBy(Users.ID).Rows(expr.UnboundedPreceding(), expr.UnboundedFollowing())
		got := l.all(expr.Select(Users.ID, expr.FirstValue(Users.Age).IgnoreNulls().Over(all), expr.LastValue(Users.Age).IgnoreNulls().Over(all),
			expr.NthValue(Users.Age, 2).IgnoreNulls().Over(all), expr.NthValue(Users.Age, 3).IgnoreNulls().Over(all), expr.FirstValue(Users.Age).RespectNulls().Over(all)).
			From(Users).OrderBy(Users.ID))
		want := []string{"1 20 40 40 NULL NULL", "2 20 40 40 NULL NULL", "3 20 40 40 NULL NULL", "4 20 40 40 NULL NULL", "5 20 40 40 NULL NULL", "6 NULL NULL NULL NULL NULL"}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// NULLs come where they are said to within an aggregate too: MariaDB takes them
// for zeros there.
func TestLiveNullsInAnOrderOfTexts(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		if l.d.Features().StringAggOrdered == "" {
			t.Skip("no order of the rows of string_agg")
		}
		fillLots(t, l) // the numbers 7, -7, 12, NULL
		ids := expr.Cast[string](Lots.ID, dialect.Type{Kind: dialect.Varchar, Length: 9})
		for _, tt := range []struct {
			order expr.Order
			want  string
		}{
			{Lots.N.Asc().NullsFirst(), "4213"},
			{Lots.N.Asc().NullsLast(), "2134"},
			{Lots.N.Desc().NullsFirst(), "4312"},
			{Lots.N.Desc().NullsLast(), "3124"},
		} {
			stmt := expr.Select(expr.StringAgg(ids, "").OrderedBy(tt.order)).From(Lots)
			if got := l.all(stmt); len(got) != 1 || got[0] != tt.want {
				t.Errorf("got %q, want %s\n%s", got, tt.want, l.last())
			}
		}
	})
}
