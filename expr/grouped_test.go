package expr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// What stands beside groups and DISTINCT is refused for the databases that
// refuse it, and for no other.
func TestBesideGroups(t *testing.T) {
	byAge := expr.Select(Users.Name).Distinct().From(Users).OrderBy(Users.Age)
	lower := expr.Lower(Users.Name)
	inner := expr.Select(Orders.ID).From(Orders).Where(expr.Lt(Orders.UserID, expr.Max(Users.ID)))
	for _, tc := range []struct {
		name    string
		stmt    dialect.Statement
		refused string // by these dialects
		words   string
	}{
		{"DISTINCT by another column", byAge, "postgres mysql mssql oracle", "ORDER BY users.age, which SELECT DISTINCT has not in its result"},
		{"DISTINCT by what is made of a column", expr.Select(Users.Name).Distinct().From(Users).OrderBy(lower), "postgres mssql", "ORDER BY lower(users.name)"},
		{"DISTINCT by its column", expr.Select(Users.Name).Distinct().From(Users).OrderBy(Users.Name.Desc()), "", ""},
		{"DISTINCT by its expression", expr.Select(lower.As("low")).Distinct().From(Users).OrderBy(lower), "", ""},
		{"DISTINCT by its label", expr.Select(lower.As("low")).Distinct().From(Users).OrderBy(expr.Name[string]("low")), "", ""},
		{"lock of an aggregate", expr.Select(expr.Count(Users.ID)).From(Users).ForUpdate(), "postgres oracle", "a lock of rows that are grouped"},
		{"lock of groups", expr.Select(Users.Name).From(Users).GroupBy(Users.Name).ForUpdate(), "postgres oracle", "a lock of rows that are grouped"},
		{"lock of distinct rows", expr.Select(Users.Name).Distinct().From(Users).ForUpdate(), "postgres oracle", "a lock of rows that are grouped"},
		{"lock beside an aggregate of a subquery", expr.Select(Users.ID, expr.Scalar[int64](expr.Select(expr.Max(Orders.ID)).From(Orders)).As("m")).From(Users).ForUpdate(), "", ""},
		{"aggregate of the query around", expr.Select(Users.Name).From(Users).GroupBy(Users.Name).Having(expr.Exists(inner)), "", ""},
		{"aggregate in HAVING beside a subquery", expr.Select(Users.Name).From(Users).GroupBy(Users.Name).
			Having(expr.Exists(expr.Select(Orders.ID).From(Orders).Where(Orders.ID.Gt(1))), expr.Count(Users.ID).Gt(1)), "", ""},
		{"aggregate of a subquery in WHERE", expr.Select(Users.Name).From(Users).Where(expr.In(Users.ID, expr.Select(expr.Max(Orders.UserID)).From(Orders))), "", ""},
	} {
		for _, d := range dialects {
			_, _, err := expr.SQL(tc.stmt, d)
			if !strings.Contains(tc.refused, d.Name()) {
				if err != nil {
					t.Errorf("%s: %s: %v", tc.name, d.Name(), err)
				}
				continue
			}
			if !errors.Is(err, dialect.ErrUnsupported) || !strings.Contains(err.Error(), tc.words) {
				t.Errorf("%s: %s: %v", tc.name, d.Name(), err)
			}
		}
	}
}

type idOnly struct{}

func (idOnly) Resolve(any) (expr.Any, error) { return Users.ID, nil }

// What a database takes of DISTINCT, orders and aggregates is not refused.
func TestBesideGroupsTaken(t *testing.T) {
	id := func() expr.Expr[int64] { return expr.Ref[int64]("id") }
	most := func() expr.Expr[int64] {
		o := expr.As(Orders, "o")
		return expr.Scalar[int64](expr.Select(expr.Max(expr.C[int64](o, "id"))).From(o))
	}
	for _, tc := range []struct {
		name string
		stmt expr.SelectStmt
	}{
		{"a subquery that is made twice", expr.Select(most().As("m")).Distinct().From(Users).OrderBy(most())},
		{"an order that counts no more", expr.Select(Users.Name).Distinct().From(Users).OrderBy(Users.Age).Reorder(Users.Name)},
		{"a labelled reference", expr.Select(id().As("n")).Distinct().From(Users).OrderBy(id())},
		{"a column of the query around", expr.Select(expr.Scalar[int64](expr.Select(Orders.UserID).Distinct().From(Orders).OrderBy(Users.ID).Limit(1))).From(Users)},
		{"an aggregate of a reference to the query around", expr.Select(Users.Name).From(Users).GroupBy(Users.Name).
			Having(expr.Exists(expr.Select(Orders.ID).From(Orders).Where(expr.Lt(Orders.UserID, expr.Max(id())))))},
		{"the greatest of three values", expr.Select(Users.Name).From(Users).Where(expr.Func[int64]("max", Users.ID, Users.Age, Users.ID).Gt(2))},
	} {
		for _, d := range dialects {
			if _, _, err := expr.SQL(tc.stmt.Resolve(idOnly{}), d); err != nil {
				t.Errorf("%s: %s: %v", tc.name, d.Name(), err)
			}
		}
	}
	other := expr.Select(Users.Name).Distinct().From(Users).OrderBy(expr.Neg(id())).Resolve(idOnly{})
	if _, _, err := expr.SQL(other, dialects[0]); dialects[0].Name() == "postgres" && err == nil {
		t.Error("DISTINCT by what is made of a reference is not refused")
	}
}

// An order that is one of the result's for its value alone is looked at each time.
func TestDistinctOrderOfValues(t *testing.T) {
	q := func(a, b int64) expr.SelectStmt {
		return expr.Select(Users.ID.Gt(a)).Distinct().From(Users).OrderBy(Users.ID.Gt(b))
	}
	for _, d := range dialects {
		_, _, before := expr.SQL(q(1, 2), d)
		for range 4 {
			if _, _, err := expr.SQL(q(1, 1), d); err != nil {
				t.Fatal(d.Name(), err)
			}
		}
		if _, _, after := expr.SQL(q(1, 2), d); (before == nil) != (after == nil) {
			t.Errorf("%s: %v, and then %v", d.Name(), before, after)
		}
	}
}

// An expression that is built twice has its parameters once where a database numbers
// them, which else takes it for two expressions, one of them not grouped.
func TestGroupedBySelectedValues(t *testing.T) {
	pgd, msd := postgres.Dialect(), mssql.Dialect()
	older := func(than int) expr.Expr[bool] { return Users.Age.Gt(than).As("older") }
	q := func(a, b, c int) dialect.Statement {
		return expr.Select(older(a), expr.CountAll()).From(Users).GroupBy(older(b)).OrderBy(older(c).Desc())
	}
	sum := func(n int64) expr.Expr[int64] { return expr.Mul(Users.ID, expr.Add(Users.ID, expr.Value(n))) }
	distinct := func(a, b int64) dialect.Statement {
		return expr.Select(sum(a)).Distinct().From(Users).OrderBy(sum(b))
	}
	for range 4 { // what is kept of one is not for the other
		for _, test := range []struct {
			stmt dialect.Statement
			d    dialect.Dialect
			want string
			args int
		}{
			{q(1, 1, 1), pgd, "SELECT users.age > $1 AS older, count(*) FROM users GROUP BY users.age > $1 ORDER BY users.age > $1 DESC", 1},
			{q(1, 2, 1), pgd, "SELECT users.age > $1 AS older, count(*) FROM users GROUP BY users.age > $2 ORDER BY users.age > $1 DESC", 2},
			{q(1, 1, 1), msd, "SELECT CASE WHEN users.age > @p1 THEN 1 WHEN users.age <= @p2 THEN 0 END AS older, count(*) FROM users" +
				" GROUP BY CASE WHEN users.age > @p1 THEN 1 WHEN users.age <= @p2 THEN 0 END ORDER BY CASE WHEN users.age > @p1 THEN 1 WHEN users.age <= @p2 THEN 0 END DESC", 2},
			{distinct(1, 1), pgd, "SELECT DISTINCT users.id * (users.id + $1) FROM users ORDER BY users.id * (users.id + $1)", 1},
		} {
			if text, args, err := expr.SQL(test.stmt, test.d); err != nil || text != test.want || len(args) != test.args {
				t.Errorf("%s:\n got %s %v %v\nwant %s", test.d.Name(), text, args, err, test.want)
			}
		}
	}
}

func TestLiveGroupedBySelectedValues(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		table := schema.New("grouped_values", schema.BigInt("id").PrimaryKey())
		id := schema.C[int64](table, "id")
		l.exec(schema.CreateTable(table))
		l.exec(expr.Insert(table).Columns(id).Rows([]any{1}, []any{2}, []any{3}))
		part := func() expr.Expr[int64] { return expr.Mod(id, expr.Value[int64](2)).As("part") }
		for name, q := range map[string]expr.Query{
			"grouped":  expr.Select(part(), expr.CountAll()).From(table).GroupBy(part()).OrderBy(part()),
			"distinct": expr.Select(part()).Distinct().From(table).OrderBy(part()),
		} {
			got, err := l.rowsOf(q)
			if want := map[string]string{"grouped": "0 1 1 2", "distinct": "0 1"}[name]; !refused(err) && (err != nil || strings.Join(got, " ") != want) {
				t.Errorf("%s: %q %v\n%s", name, got, err, l.last())
			}
		}
	})
}

// Where no placeholder stands twice, the place in the result stands for what is
// built twice, and beside the groups of Oracle, which takes no places, literals.
func TestGroupedByPlaces(t *testing.T) {
	my, ora, lite := dialects[1], dialects[4], dialects[2]
	older := func(than int64) expr.Expr[int64] { return expr.Mod(Users.ID, expr.Value(than)) }
	grouped := func(a, b int64) dialect.Statement {
		return expr.Select(Users.Name, older(a), expr.CountAll()).From(Users).GroupBy(Users.Name, older(b)).OrderBy(older(a).Desc())
	}
	for range 3 { // what is kept of one is not for the other
		told(t, "grouped", grouped(2, 2), says{
			my:   "SELECT users.name, users.id % ?, count(*) FROM users GROUP BY users.name, 2 ORDER BY 2 DESC",
			ora:  "SELECT users.name, mod(users.id, 2), count(*) FROM users GROUP BY users.name, mod(users.id, 2) ORDER BY 2 DESC",
			lite: "SELECT users.name, users.id % ?, count(*) FROM users GROUP BY users.name, users.id % ? ORDER BY users.id % ? DESC",
		})
	}
	told(t, "distinct", expr.Select(older(2)).Distinct().From(Users).OrderBy(older(2)), says{
		my:  "SELECT DISTINCT users.id % ? FROM users ORDER BY 1",
		ora: "SELECT DISTINCT mod(users.id, :1) FROM users ORDER BY 1",
	})
	told(t, "the rows themselves", expr.Select(older(2)).From(Users).OrderBy(older(2)), says{
		my: "SELECT users.id % ? FROM users ORDER BY users.id % ?",
	})
}

// What is the same for every row neither groups nor orders: a whole number would be
// taken for the place of a column.
func TestConstantTerms(t *testing.T) {
	from := expr.Select(Users.ID).From(Users)
	for name, test := range map[string]struct {
		stmt dialect.Statement
		want string // empty: it is right
	}{
		"a value":             {from.OrderBy(expr.Value(1)), "ORDER BY: ? is the same for every row"},
		"a value, descending": {from.OrderBy(Users.ID, expr.Value(0).Desc()), "ORDER BY: ? is the same for every row"},
		"a literal":           {from.OrderBy(expr.Literal("x")), "ORDER BY: ? is the same for every row"},
		"NULL":                {from.OrderBy(expr.Null[int]()), "ORDER BY: NULL is the same for every row"},
		"a named value":       {from.GroupBy(expr.Param("p", 1)), "GROUP BY: parameter p is the same for every row"},
		"a group":             {expr.Select(expr.CountAll()).From(Users).GroupBy(expr.Value(true)), "GROUP BY: ? is the same for every row"},
		"grouping by nothing": {expr.Select(expr.Grouping(Users.ID)).From(Users), "GROUPING stands beside GROUP BY"},
		"a label of a value":  {expr.Select(Users.ID, expr.Value(1).As("one")).From(Users).OrderBy(expr.Name[int]("one")), ""},
		"a query":             {from.OrderBy(expr.Scalar[int64](expr.Select(expr.Max(Orders.ID)).From(Orders))), ""},
		"a window's order":    {expr.Select(expr.RowNumber().Over(expr.Window{}.OrderBy(Users.ID))).From(Users), ""},
	} {
		for _, d := range dialects {
			_, _, err := expr.SQL(test.stmt, d)
			if d == dialects[2] && name == "grouping by nothing" {
				continue // SQLite has no GROUPING
			}
			if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%s, %s: %v\nwant %q", name, d.Name(), err, test.want)
			}
		}
	}
}
