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
