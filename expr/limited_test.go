package expr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Where the rows that are compared with may have no limit (MySQL error 1235), a
// query with one is put into a derived table, which cannot see the query around it.
func TestLimitedRows(t *testing.T) {
	u := schema.As(Users, "u")
	first := expr.Select(u.Age).From(u).OrderBy(u.ID).Limit(2)
	of := func(c expr.Cond) dialect.Statement { return expr.Select(Users.ID).From(Users).Where(c) }
	for _, test := range []struct {
		name string
		stmt dialect.Statement
		want says
	}{
		{"in", of(expr.In(Users.Age, first)), says{
			dialects[0]: "SELECT users.id FROM users WHERE users.age IN (SELECT u.age FROM users AS u ORDER BY u.id LIMIT $1)",
			dialects[1]: "SELECT users.id FROM users WHERE users.age IN (SELECT * FROM (SELECT u.age AS age FROM users AS u ORDER BY u.id LIMIT ?) AS limited)",
			dialects[2]: "SELECT users.id FROM users WHERE users.age IN (SELECT u.age FROM users AS u ORDER BY u.id LIMIT ?)",
		}},
		{"not in", of(expr.NotIn(Users.Age, first)), says{
			dialects[1]: "SELECT users.id FROM users WHERE (users.age NOT IN (SELECT * FROM (SELECT u.age AS age FROM users AS u ORDER BY u.id LIMIT ?) AS limited))",
		}},
		{"any", of(expr.Gt(Users.Age, expr.AnyRow[int](first))), says{
			dialects[1]: "SELECT users.id FROM users WHERE users.age > ANY (SELECT * FROM (SELECT u.age AS age FROM users AS u ORDER BY u.id LIMIT ?) AS limited)",
		}},
		{"a union", of(expr.In(Users.Age, expr.Union(expr.Select(u.Age).From(u), expr.Select(expr.Value(7))).Limit(2))), says{
			dialects[1]: "SELECT users.id FROM users WHERE users.age IN (SELECT * FROM (SELECT u.age AS age FROM users AS u UNION SELECT ? AS column_1 LIMIT ?) AS limited)",
		}},
		{"a scalar query", of(expr.Eq(Users.Age, expr.Scalar[int](first.Limit(1)))), says{
			dialects[1]: "SELECT users.id FROM users WHERE users.age = (SELECT u.age FROM users AS u ORDER BY u.id LIMIT ?)",
		}},
	} {
		told(t, test.name, test.stmt, test.want)
	}
	own := of(expr.In(Users.Age, first.Where(expr.Eq(u.Name, Users.Name))))
	for _, d := range dialects {
		text, _, err := expr.SQL(own, d)
		var unsupported *dialect.UnsupportedError
		if d.Name() != "mysql" {
			if err != nil {
				t.Errorf("%s: %v", d.Name(), err)
			}
		} else if !errors.As(err, &unsupported) || !strings.Contains(err.Error(), "a limit in the query of IN that has columns of the query around it") {
			t.Errorf("%s: %s %v", d.Name(), text, err)
		}
	}
	if _, _, err := expr.SQL(of(expr.In(Users.Age, expr.Select(u.Age, u.ID).From(u).Limit(2))), dialects[1]); err == nil || !strings.Contains(err.Error(), "IN: the query has 2 columns, and 1 is due") {
		t.Errorf("two columns: %v", err)
	}
}

// An order within a value or a list of them needs a cut on Oracle (ORA-00907), as in any
// query within another on SQL Server (1033): one that cuts nothing.
func TestOrderedValues(t *testing.T) {
	u := schema.As(Users, "u")
	ms, ora := dialects[3], dialects[4]
	ages := expr.Select(u.Age).From(u).OrderBy(u.ID)
	of := func(c expr.Cond) dialect.Statement { return expr.Select(Users.ID).From(Users).Where(c) }
	told(t, "in", of(expr.In(Users.Age, ages)), says{
		ms:  "SELECT users.id FROM users WHERE users.age IN (SELECT u.age FROM users AS u ORDER BY u.id OFFSET @p1 ROWS)",
		ora: "SELECT users.id FROM users WHERE users.age IN (SELECT u.age FROM users u ORDER BY u.id OFFSET 0 ROWS)",
	})
	told(t, "a limit", of(expr.In(Users.Age, ages.Limit(2))), says{
		ora: "SELECT users.id FROM users WHERE users.age IN (SELECT u.age FROM users u ORDER BY u.id FETCH FIRST 2 ROWS ONLY)",
	})
	told(t, "a derived table", expr.Select(expr.Star()).From(ages.As("d")), says{
		ora: "SELECT * FROM (SELECT u.age AS age FROM users u ORDER BY u.id) d",
	})
}
