package expr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/pg"
)

// page is a program's own statement around one of this package.
type page struct {
	expr.SelectStmt
	Size int
}

type pagePtr struct{ *expr.SelectStmt }

func tenant(t expr.Table) expr.Cond { return expr.C[int64](t, "id").Eq(7) }

// A condition for every table reaches the statement in whatever form it is
// given, and never leaves it as it was.
func TestFilterTablesKeepsTheForm(t *testing.T) {
	plain := expr.Select(Users.ID).From(Users)
	typed := expr.Select1(Users.ID).From(Users)
	const want = "SELECT users.id FROM users WHERE users.id = $1"
	check := func(name string, stmt dialect.Statement) {
		t.Helper()
		if text, _, err := expr.SQL(stmt, postgres.Dialect()); err != nil || text != want {
			t.Errorf("%s: %s %v", name, text, err)
		}
	}
	check("a value", expr.FilterTables(plain, tenant))
	check("a pointer", expr.FilterTables(&plain, tenant))
	check("a typed statement", expr.FilterTables(typed, tenant))
	check("a pointer to one", expr.FilterTables(&typed, tenant))
	check("an interface", expr.FilterTables(expr.Tree(plain), tenant))
	check("a pointer in one", expr.FilterTables(expr.Query(&plain), tenant))
	check("a struct", expr.FilterTables(page{plain, 3}, tenant))
	check("a pointer to a struct", expr.FilterTables(&page{plain, 3}, tenant))
	check("a struct in an interface", expr.FilterTables(expr.Query(page{plain, 3}), tenant))
	check("a struct with a pointer", expr.FilterTables(pagePtr{&plain}, tenant))
	if got := expr.FilterTables(page{plain, 3}, tenant); got.Size != 3 {
		t.Errorf("what stands beside the statement is lost: %v", got.Size)
	}
	if got := mustSQL(t, plain); got != "SELECT users.id FROM users" {
		t.Errorf("the statement itself became %s", got)
	}
}

// Nothing to look into, and no function, are no reason to panic.
func TestTreesOfNothing(t *testing.T) {
	q := expr.Select(Users.ID).From(Users)
	var none *expr.SelectStmt
	count := 0
	for range expr.Nodes(none) {
		count++
	}
	expr.Walk(q, nil)
	expr.Walk(nil, func(expr.Node) bool { count++; return true })
	if count != 0 {
		t.Errorf("%d nodes of nothing", count)
	}
	if expr.Rewrite(none, nil) != nil || expr.FilterTables(none, tenant) != nil || expr.ReplaceTable[expr.Tree](nil, Users, Orders) != nil {
		t.Error("something is made of nothing")
	}
	if !expr.Equal(none, nil) || expr.Equal(none, q) || !expr.Equal(&q, q) || !expr.Equal(&q, &q) {
		t.Error("Equal of pointers")
	}
	for name, stmt := range map[string]dialect.Statement{
		"Rewrite: nil function":              expr.Rewrite(q, nil),
		"FilterTables: nil function":         expr.FilterTables(q, nil),
		"ReplaceTable of no table":           expr.ReplaceTable(q, nil, Users),
		"ReplaceTable by no table":           expr.ReplaceTable(q, Users, nil),
		"ReplaceTable by table users with":   expr.ReplaceTable(q, Users, expr.Sample(Users, 10)),
		"AnyOf: a list is replaced by a int": expr.Rewrite(q.Where(Users.ID.AnyOf([]int64{1})), hide(5)),
	} {
		if text, _, err := expr.SQL(stmt, postgres.Dialect()); !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %s %v", name, text, err)
		}
	}
	if got := expr.Debug(none, postgres.Dialect()); !strings.Contains(got, "nil statement") {
		t.Error(got)
	}
}

// hide puts v in the place of every value.
func hide(v any) func(expr.Node) (expr.Any, bool) {
	return func(n expr.Node) (expr.Any, bool) { return expr.Value(v), n.Kind() == expr.ValueNode }
}

// The lists of AnyOf and InParam are values like any other.
func TestListsAreWalked(t *testing.T) {
	q := expr.Select(Users.ID).From(Users).Where(Users.ID.AnyOf([]int64{3, 4}), expr.InParam(Users.ID, "ids", 5, 6))
	var lists [][]int64
	for n := range expr.Nodes(q) {
		if v, ok := n.Value(); ok {
			lists = append(lists, v.([]int64))
		}
	}
	if len(lists) != 2 || lists[0][1] != 4 || lists[1][1] != 6 {
		t.Errorf("%v", lists)
	}
	hidden := expr.Rewrite(expr.Select(Users.ID).From(Users).Where(Users.ID.AnyOf([]int64{3, 4})), hide([]int64{0}))
	for _, d := range dialects {
		if _, args, err := expr.SQL(hidden, d); err != nil || len(args) != 1 || strings.Contains(expr.Debug(hidden, d), "3") {
			t.Errorf("%s: %v %v", d.Name(), args, err)
		}
	}
}

// An upsert changes only rows that meet the condition.
func TestFilterTablesOfUpserts(t *testing.T) {
	ins := expr.Insert(Users).Values(Users.ID.Set(1), Users.Name.Set("x")).OnConflict(Users.ID)
	text, args, err := expr.SQL(expr.FilterTables(ins.DoUpdate(Users.Name.Set("y")).Where(Users.Age.Gt(3)), tenant), postgres.Dialect())
	if want := "DO UPDATE SET name = $3 WHERE users.age > $4 AND users.id = $5"; err != nil || !strings.HasSuffix(text, want) || len(args) != 5 {
		t.Errorf("%s %v %v", text, args, err)
	}
	for _, d := range dialects {
		text, _, err := expr.SQL(expr.FilterTables(ins.DoUpdate(Users.Name.Set("y")), tenant), d)
		if errors.Is(err, dialect.ErrUnsupported) {
			continue
		}
		if err != nil || !strings.Contains(text, "users.id = "+placeholder(d, text)) {
			t.Errorf("%s: %s %v", d.Name(), text, err)
		}
	}
	if text, _, err := expr.SQL(expr.FilterTables(ins.DoNothing(), tenant), postgres.Dialect()); err != nil || strings.Contains(text, "WHERE") {
		t.Errorf("%s %v", text, err)
	}
}

// placeholder is what a parameter begins with.
func placeholder(d dialect.Dialect, text string) string {
	for _, begin := range []string{"$", "@p", ":", "?"} {
		if strings.Contains(text, begin) {
			return begin
		}
	}
	return ""
}

// What stands around a table's name is written or refused, and never dropped.
func TestModifiedTables(t *testing.T) {
	on := expr.Eq(Orders.UserID, Users.ID)
	sample, only := expr.Sample(Users, 10), pg.Only(Users)
	for name, test := range map[string]struct {
		stmt dialect.Statement
		want string
	}{
		"FROM":              {expr.Select(Users.ID).From(sample), "FROM users TABLESAMPLE bernoulli($1)"},
		"only":              {expr.Select(Users.ID).From(only), "FROM ONLY users"},
		"a joined table":    {expr.Select(Users.ID).From(expr.Joined(sample).Join(Orders, on)), "FROM users TABLESAMPLE bernoulli($1) JOIN orders ON"},
		"joined to one":     {expr.Select(Users.ID).From(expr.Joined(Orders).Join(sample, on)), "FROM orders JOIN users TABLESAMPLE bernoulli($1) ON"},
		"joined in one":     {expr.Select(Users.ID).From(Items).CrossJoin(expr.Joined(Orders).Join(expr.Joined(only), on)), "CROSS JOIN (orders JOIN ONLY users ON"},
		"UPDATE FROM":       {expr.Update(Orders).Set(Orders.Status.Set("x")).From(sample).Where(on), "FROM users TABLESAMPLE bernoulli($2)"},
		"UPDATE FROM joins": {expr.Update(Items).Set(Items.Quantity.Set(1)).From(expr.Joined(sample).Join(Orders, on)).EveryRow(), "FROM (users TABLESAMPLE bernoulli($2) JOIN orders ON"},
		"DELETE USING":      {expr.Delete(Orders).Using(only).Where(on), "USING ONLY users"},
		"filtered":          {expr.FilterTables(expr.Select(Users.ID).From(expr.Joined(sample).LeftJoin(Orders, on)), tenant), "FROM users TABLESAMPLE bernoulli($1) LEFT OUTER JOIN orders ON"},
		"INSERT":            {expr.Insert(sample).Values(Users.Name.Set("x")), "writes to the table itself"},
		"UPDATE":            {expr.Update(only).Set(Users.Name.Set("x")).EveryRow(), "UPDATE ONLY users SET"},
		"DELETE":            {expr.Delete(sample).EveryRow(), "writes to the table itself"},
		"MERGE":             {expr.Merge(sample).Using(Orders, on).WhenMatched().Delete(), "writes to the table itself"},
		"MERGE USING":       {expr.Merge(Orders).Using(sample, on).WhenMatched().Delete(), "table users: MERGE takes no sample"},
		"MERGE USING joins": {expr.Merge(Orders).Using(expr.Joined(sample), on).WhenMatched().Delete(), "MERGE takes no sample"},
		"As":                {expr.Select(expr.Literal(1)).From(expr.As(sample, "s")), `As("s") of table users`},
	} {
		text, _, err := expr.SQL(test.stmt, postgres.Dialect())
		if err != nil {
			text = err.Error()
		}
		if !strings.Contains(text, test.want) {
			t.Errorf("%s: %s\nhas no %s", name, text, test.want)
		}
	}
	a, b := expr.Select(Users.ID).From(expr.Sample(Users, 10).Seed(1)), expr.Select(Users.ID).From(expr.Sample(Users, 10).Seed(1))
	if !expr.Equal(a, b) || expr.Equal(a, expr.Select(Users.ID).From(expr.Sample(Users, 10).Seed(2))) || expr.Equal(a, expr.Select(Users.ID).From(Users)) {
		t.Error("Equal of samples")
	}
}
