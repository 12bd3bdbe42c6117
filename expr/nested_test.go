package expr_test

import (
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// A mistake deep within an expression is looked for once, and not again from each
// expression around it: the text that is written meanwhile stays in proportion.
func TestMistakesInDeepExpressions(t *testing.T) {
	const deep = 4000
	cond, value, tooDeep := expr.Cond{}, expr.Expr[int64]{}, Users.ID.Eq(0)
	for range deep {
		cond = expr.Not(expr.And(cond, Users.Age.Eq(1)))
		value = expr.Add(value, Users.ID)
	}
	for range 3 * deep {
		tooDeep = expr.Not(expr.And(tooDeep, Users.Age.Eq(1)))
	}
	from := expr.Select(Users.ID).From(Users)
	for say, stmt := range map[string]dialect.Statement{
		"zero Cond": from.Where(cond), "nil operand": from.OrderBy(value), "nested more than": from.Where(tooDeep),
	} {
		for _, d := range dialects {
			if _, _, err := expr.SQL(stmt, d); err == nil || !strings.Contains(err.Error(), say) {
				t.Errorf("%s: %v", d.Name(), err)
			}
			if n := len(expr.Debug(stmt, d)); n > 100*3*deep {
				t.Errorf("%s: %s: %d bytes were written", d.Name(), say, n)
			}
		}
	}
}

// Where a condition is no value, one in another in another would be written 2, 4, 8 …
// times: there is an end to it, which is refused.
func TestConditionsAsValuesInOthers(t *testing.T) {
	cond := func(n int) dialect.Statement {
		c := Users.ID.Eq(0)
		for range n {
			c = expr.Eq(c.As("c"), Users.Active)
		}
		return expr.Select(Users.ID).From(Users).Where(c)
	}
	for _, d := range dialects {
		if _, _, err := expr.SQL(cond(5), d); err != nil {
			t.Errorf("%s: %v", d.Name(), err)
		}
		_, _, err := expr.SQL(cond(200), d)
		if d.Features().ConditionAsValue != (err == nil) || err != nil && !strings.Contains(err.Error(), "12 deep in others") {
			t.Errorf("%s: %v", d.Name(), err)
		}
	}
}
