package expr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
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
