package expr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// What is given nothing, and what lacks the part that makes it whole, says so
// on every database.
func TestNothingGiven(t *testing.T) {
	around := func(w *dialect.Writer, name func()) { name() }
	from := func(r expr.Relation) dialect.Statement { return expr.Select(expr.Star()).From(r) }
	item := func(e expr.Any) dialect.Statement { return expr.Select(e).From(Users) }
	for _, test := range []struct {
		name string
		stmt dialect.Statement
		want string
	}{
		{"an alias of nothing", from(expr.As(nil, "x")), `As("x") of no table`},
		{"an alias of the zero Table", from(expr.As(expr.Table{}, "x")), `As("x") of no table`},
		{"a custom table of nothing", from(expr.CustomTable(nil, around)), "CustomTable of no table or with no function"},
		{"a custom table without a function", from(expr.CustomTable(Users, nil)), "CustomTable of no table or with no function"},
		{"a custom target of nothing", from(expr.CustomTarget(nil, nil)), "CustomTable of no table or with no function"},
		{"a suffix of nothing", from(expr.TableSuffix(nil, around)), "TableSuffix of no table or with no function"},
		{"the zero Prepared", new(expr.Prepared).With(), "a Prepared that Prepare did not make"},
		{"row_number alone", item(expr.RowNumber()), "row_number() is computed over a window, which it lacks: Over("},
		{"rank alone", item(expr.Rank().As("r")), "SELECT: rank() is computed over a window"},
		{"ntile in an order", expr.Select(Users.ID).From(Users).OrderBy(expr.Ntile(4).Desc()), "ORDER BY: ntile(?) is computed over a window"},
		{"lag within a sum", item(expr.Add(Users.Age, expr.Lag(Users.Age))), "SELECT: lag(users.age) is computed over a window"},
		{"its name in capitals", item(expr.Func[int64]("CUME_DIST")), "is computed over a window"},
		{"a filter of row_number", item(expr.RowNumber().Filter(Users.ID.Gt(1))), "FILTER stands after an aggregate, not after row_number()"},
		{"a filtered row_number over a window", item(expr.RowNumber().Filter(Users.ID.Gt(1)).Over(expr.Window{})), "FILTER stands after an aggregate, not after row_number()"},
		{"a percentile of nothing", item(expr.PercentileCont(0.5)), "percentile_cont(?) is of values in an order, which it lacks: WithinGroup("},
		{"a filtered percentile of nothing", item(expr.PercentileDisc[int](0.5).Filter(Users.ID.Gt(1))), "percentile_disc(?) is of values in an order"},
	} {
		for _, d := range dialects {
			text, _, err := expr.SQL(test.stmt, d)
			if !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s, %s: %s %v\nwant one error that says %q", test.name, d.Name(), text, err, test.want)
			}
		}
	}
}

// The zero Node is nothing, and says so of itself.
func TestZeroNode(t *testing.T) {
	var n expr.Node
	_, column := n.Column()
	_, table := n.Table()
	_, value := n.Value()
	_, query := n.Query()
	if n.Kind() != expr.ExprNode || n.Name() != "" || column || table || value || query || n.Is(Users) || n.String() == "" {
		t.Errorf("the zero Node is %s: a column %v, a table %v, a value %v, a query %v", n, column, table, value, query)
	}
	if _, _, err := expr.SQL(expr.Select(n.Expr()).From(Users), dialects[0]); !errors.Is(err, dialect.ErrStatement) {
		t.Errorf("the expression of the zero Node: %v", err)
	}
}
