package expr_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
)

// TestRowInParam: a list of rows that is given by its name.
func TestRowInParam(t *testing.T) {
	base := expr.Select(Users.ID).From(Users)
	row := expr.RowOf2(Users.ID, Users.Name)
	pairs := []expr.Tuple2[int64, string]{{A: 1, B: "a"}, {A: 2, B: "b"}}
	for _, x := range []struct {
		name string
		d    dialect.Dialect
		stmt dialect.Statement
		want string
		args []any
	}{
		{"given", postgres.Dialect(), expr.WithValues(base.Where(row.InParam("p")), dialect.Named{"p": pairs}), "WHERE (users.id, users.name) IN (($1, $2), ($3, $4))", []any{int64(1), "a", int64(2), "b"}},
		{"a pointer", postgres.Dialect(), expr.WithValues(base.Where(row.InParam("p")), dialect.Named{"p": &pairs}), "IN (($1, $2), ($3, $4))", []any{int64(1), "a", int64(2), "b"}},
		{"by itself", postgres.Dialect(), base.Where(row.InParam("p", pairs[1])), "IN (($1, $2))", []any{int64(2), "b"}},
		{"another one", postgres.Dialect(), expr.WithValues(base.Where(row.InParam("p", pairs...)), dialect.Named{"p": pairs[:1]}), "IN (($1, $2))", []any{int64(1), "a"}},
		{"empty", postgres.Dialect(), expr.WithValues(base.Where(row.InParam("p")), dialect.Named{"p": pairs[:0]}), "WHERE false", nil},
		{"not", postgres.Dialect(), base.Where(expr.Not(row.InParam("p", pairs[0]))), "NOT IN (($1, $2))", []any{int64(1), "a"}},
		{"SQLite", sqlite.Dialect(), base.Where(row.InParam("p", pairs...)), "IN (VALUES (?, ?), (?, ?))", []any{int64(1), "a", int64(2), "b"}},
		{"written out", mssql.Dialect(), base.Where(row.InParam("p", pairs[0])), "WHERE users.id = @p1 AND users.name = @p2", []any{int64(1), "a"}},
		{"without types", postgres.Dialect(), base.Where(expr.Row(Users.ID, Users.Name).InParam("p", []any{1, "a"})), "IN (($1, $2))", []any{1, "a"}},
		{"three", postgres.Dialect(), base.Where(expr.RowOf3(Users.ID, Users.Name, Users.Age).InParam("p", expr.Tuple3[int64, string, int]{A: 1, B: "a", C: 2})), "IN (($1, $2, $3))", []any{int64(1), "a", 2}},
	} {
		text, args, err := expr.SQL(x.stmt, x.d)
		if err != nil || !strings.Contains(text, x.want) || !reflect.DeepEqual(args, x.args) && len(args)+len(x.args) > 0 {
			t.Errorf("%s: %s %v %v", x.name, text, args, err)
		}
	}
	for _, x := range []struct {
		name string
		stmt dialect.Statement
		want string
	}{
		{"no value", base.Where(row.InParam("p")), "no value for parameter p"},
		{"no name", base.Where(row.InParam("")), "without a name"},
		{"nil", expr.WithValues(base.Where(row.InParam("p")), dialect.Named{"p": nil}), "nil is not a list"},
		{"another type", expr.WithValues(base.Where(row.InParam("p")), dialect.Named{"p": []int{1}}), "parameter p is a []expr.Tuple2"},
		{"another width", base.Where(expr.Row(Users.ID, Users.Name).InParam("p", []any{1})), "a row of 2 against one of 1"},
	} {
		if _, _, err := expr.SQL(x.stmt, postgres.Dialect()); !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	list := base.Where(row.InParam("p"))
	if !expr.Equal(list, base.Where(row.InParam("p"))) || expr.Equal(list, base.Where(row.InParam("q"))) || expr.Equal(list, base.Where(row.InParam("p", pairs...))) {
		t.Errorf("lists are equal by their names and values")
	}
	other := expr.As(Users, "u")
	moved := expr.ReplaceTable(list, Users, other)
	text, _, err := expr.SQL(expr.WithValues(moved, dialect.Named{"p": pairs[:1]}), postgres.Dialect())
	if err != nil || !strings.Contains(text, "WHERE (u.id, u.name) IN (($1, $2))") {
		t.Errorf("for another role of the table: %s %v", text, err)
	}
}

// What counts the rows of its own query cannot stand in another's condition.
func TestRowThatCountsInQuery(t *testing.T) {
	q := expr.Select(Users.ID).From(Users).GroupBy(Users.ID).Having(expr.Row(Users.ID, expr.CountAll()).InQuery(expr.Select(Orders.ID, Orders.UserID).From(Orders)))
	for _, d := range dialects {
		text, _, err := expr.SQL(q, d)
		switch refused := errors.Is(err, dialect.ErrUnsupported) && strings.Contains(err.Error(), "IN of a row with count(") && strings.Contains(err.Error(), "derived table"); {
		case d.Features().RowIn == dialect.NoRowIn && !refused, d.Features().RowIn != dialect.NoRowIn && err != nil:
			t.Errorf("%s: %s %v", d.Name(), text, err)
		}
	}
}
