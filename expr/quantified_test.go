package expr_test

import (
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
)

// What is not true for any row is false for all of them, and the other way
// round: the opposite comparison alone would say something else.
func TestNotOfAnyAndAll(t *testing.T) {
	q := expr.Select(Orders.UserID).From(Orders)
	any, all := expr.AnyRow[int64](q), expr.AllRows[int64](q)
	for _, test := range []struct {
		c    expr.Cond
		want string
	}{
		{expr.Eq(Users.ID, any), "users.id != ALL (q)"},
		{expr.Ne(Users.ID, any), "users.id = ALL (q)"},
		{expr.Ge(Users.ID, any), "users.id < ALL (q)"},
		{expr.Le(Users.ID, all), "users.id > ANY (q)"},
		{expr.Not(expr.Gt(Users.ID, all)), "users.id > ALL (q)"},
		{expr.Eq(Users.ID, expr.Func[int64]("any", expr.Text("a"))), "NOT users.id = any(a)"},
		{expr.Not(expr.Lt(Users.ID, expr.Func[int64]("ALL", expr.Text("a")))), "users.id < ALL(a)"},
		{expr.Eq(Users.ID, expr.Func[int64]("abs", Users.ID)), "users.id != abs(users.id)"},
		{expr.Eq(Users.ID, expr.Fill[int64](&expr.Template{Name: "any", Text: "ANY ({0})", Precedence: expr.BindsClosed}, expr.Text("a"))), "NOT users.id = ANY (a)"},
		{expr.Like(Users.Name, expr.Func[string]("any", expr.Text("a"))), "NOT users.name LIKE any(a)"},
	} {
		text, _, err := expr.SQL(expr.Select(Users.ID).From(Users).Where(expr.Not(test.c)), postgres.Dialect())
		if err != nil {
			t.Fatal(err)
		}
		got := strings.ReplaceAll(strings.TrimPrefix(text, "SELECT users.id FROM users WHERE "), "SELECT orders.user_id FROM orders", "q")
		if got != test.want {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}
