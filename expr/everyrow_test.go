package expr_test

import (
	"errors"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
)

// A WHERE whose conditions are all left out is none, in whatever way they are
// left out.
func TestEveryRowIsSaid(t *testing.T) {
	off := expr.When(false, Users.ID.Eq(1))
	later := func(c expr.Cond) expr.Cond {
		return expr.DeferCond(func(expr.Resolver) (expr.Cond, error) { return c, nil })
	}
	for _, d := range []dialect.Dialect{postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect()} {
		for what, conds := range map[string][]expr.Cond{
			"none":               {},
			"one left out":       {off},
			"two left out":       {off, off},
			"an AND of none":     {expr.And(off, off)},
			"one left out later": {later(off)},
			"and later again":    {later(later(off)), off},
			"an AND of later":    {expr.And(later(off), later(off))},
		} {
			for verb, stmt := range map[string]dialect.Statement{
				"UPDATE": expr.Update(Users).Set(Users.Name.Set("x")).Where(conds...),
				"DELETE": expr.Delete(Users).Where(conds...),
			} {
				text, _, err := expr.SQL(stmt, d)
				if !errors.Is(err, dialect.ErrStatement) {
					t.Errorf("%s: %s, %s: %q, %v", d.Name(), verb, what, text, err)
				}
			}
		}
		if _, _, err := expr.SQL(expr.Delete(Users).Where(off, later(Users.ID.Eq(1))), d); err != nil {
			t.Errorf("%s: a condition that comes later: %v", d.Name(), err)
		}
	}
}
