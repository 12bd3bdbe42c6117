package expr_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Which tables does a statement read?
func ExampleNodes() {
	big := expr.Select(Orders.UserID).From(Orders).Where(Orders.Status.Eq("paid"))
	q := expr.Select(Users.Name).From(Users).Where(expr.In(Users.ID, big))
	for n := range expr.Nodes(q) {
		switch n.Kind() {
		case expr.TableNode:
			fmt.Println("table", n.Name())
		case expr.ValueNode:
			v, _ := n.Value()
			fmt.Println("value", v)
		}
	}
	// Output:
	// table users
	// table orders
	// value paid
}

// A query that was written for a table is used for another role of it.
func ExampleReplaceTable() {
	adults := expr.Select(Users.ID).From(Users).Where(Users.Age.Ge(18))
	text, _, err := expr.SQL(expr.ReplaceTable(adults, Users, schema.As(Users, "boss")), postgres.Dialect())
	fmt.Println(text, err)
	// Output:
	// SELECT boss.id FROM users AS boss WHERE boss.age >= $1 <nil>
}

// Every table is cut down to the rows of one tenant, wherever it stands.
func ExampleFilterTables() {
	q := expr.Select(Users.ID, expr.Count(Orders.ID)).From(Users).
		LeftJoin(Orders, expr.Eq(Orders.UserID, Users.ID)).
		Where(expr.Exists(expr.Select(expr.Literal(1)).From(Items))).
		GroupBy(Users.ID)
	mine := expr.FilterTables(q, func(t expr.Table) expr.Cond {
		return expr.C[any](t, "id").Gt(100) // tenant_id = …
	})
	text, args, err := expr.SQL(mine, postgres.Dialect())
	fmt.Println(strings.ReplaceAll(text, " WHERE", "\nWHERE"))
	fmt.Println(args, err)
	// Output:
	// SELECT users.id, count(orders.id) FROM users LEFT OUTER JOIN orders ON orders.user_id = users.id AND orders.id > $1
	// WHERE EXISTS (SELECT 1 FROM items
	// WHERE items.id > $2) AND users.id > $3 GROUP BY users.id
	// [100 100 100] <nil>
}

// Values are replaced where they stand.
func ExampleRewrite() {
	q := expr.Select(Users.ID).From(Users).Where(Users.Name.Eq("secret"), Users.Age.In(1, 2))
	hidden := expr.Rewrite(q, func(n expr.Node) (expr.Any, bool) {
		if v, ok := n.Value(); ok && v == "secret" {
			return expr.Value("***"), true
		}
		return nil, false
	})
	fmt.Println(expr.Debug(hidden, postgres.Dialect()))
	// Output:
	// /* for debugging, not to be run */ SELECT users.id FROM users WHERE users.name = '***' AND users.age IN (1, 2)
}

func TestDebug(t *testing.T) {
	q := expr.Select(Users.ID).From(Users).Where(Users.Name.Eq("it's */"), Orders.ID.Eq(1)).Limit(3)
	got := expr.Debug(q, postgres.Dialect())
	for _, want := range []string{"/* for debugging", "'it''s */'", "LIMIT 3", "/* mistakes: ", "table orders is not in FROM"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\ndoes not have %s", got, want)
		}
	}
	if got := expr.Debug(dialect.Text("SELECT 1"), mysql.Dialect()); got != "/* for debugging, not to be run */ SELECT 1" {
		t.Error(got)
	}
	if got := expr.Debug(nil, nil); !strings.Contains(got, "mistakes") {
		t.Error(got)
	}
}

// filtered is the text of a statement with a condition on each table.
func filtered[S expr.Tree](stmt S, only ...string) string {
	f := expr.FilterTables(stmt, func(t expr.Table) expr.Cond {
		for n := range expr.Nodes(expr.Select(expr.Literal(1)).From(t)) {
			if len(only) > 0 && n.Kind() == expr.TableNode && !slices.Contains(only, n.Name()) {
				return expr.When(false, expr.Cond{})
			}
		}
		return expr.C[any](t, "id").Gt(0)
	})
	text, _, err := expr.SQL(f, postgres.Dialect())
	if err != nil {
		return err.Error()
	}
	return text
}

func TestFilterTables(t *testing.T) {
	on, on2 := expr.Eq(Orders.UserID, Users.ID), expr.Eq(Items.OrderID, Orders.ID)
	one := expr.Select(expr.Literal(1))
	cte := expr.CTE("c", expr.Select(Users.ID).From(Users))
	tree := expr.Recursive("r", []string{"id"}, expr.Select(Users.ID).From(Users), func(self expr.Table) expr.Query {
		return expr.Select(Orders.UserID).From(Orders).Join(self, expr.Eq(Orders.ID, expr.C[int64](self, "id")))
	})
	tests := []struct{ got, want string }{
		{filtered(one.From(Users).RightJoin(Orders, on)), "SELECT 1 FROM users RIGHT OUTER JOIN orders ON orders.user_id = users.id AND users.id > $1 WHERE orders.id > $2"},
		{filtered(one.From(Users).Join(Orders, on).LeftJoin(Items, on2)),
			"SELECT 1 FROM users JOIN orders ON orders.user_id = users.id LEFT OUTER JOIN items ON items.order_id = orders.id AND items.id > $1 WHERE users.id > $2 AND orders.id > $3"},
		{filtered(one.From(Users).LeftJoin(expr.Joined(Orders).LeftJoin(Items, on2), on)),
			"SELECT 1 FROM users LEFT OUTER JOIN (orders LEFT OUTER JOIN items ON items.order_id = orders.id AND items.id > $1) ON orders.user_id = users.id AND orders.id > $2 WHERE users.id > $3"},
		{filtered(one.From(Users).FullJoin(Orders, on)), "FULL JOIN has no place"},
		{filtered(one.From(Users).FullJoin(Orders, on), "none"), "SELECT 1 FROM users FULL OUTER JOIN orders ON orders.user_id = users.id"},
		{filtered(one.From(cte).With(cte)), "WITH c AS (SELECT users.id AS id FROM users WHERE users.id > $1) SELECT 1 FROM c"},
		{filtered(expr.Select(expr.C[int64](tree, "id")).From(tree).With(tree)), "WITH RECURSIVE r(id) AS (SELECT users.id FROM users WHERE users.id > $1 UNION ALL SELECT orders.user_id FROM orders JOIN r ON orders.id = r.id WHERE orders.id > $2) SELECT r.id FROM r"},
		{filtered(expr.Union(expr.Select(Users.ID).From(Users), expr.Select(Orders.ID).From(Orders))), "SELECT users.id FROM users WHERE users.id > $1 UNION SELECT orders.id FROM orders WHERE orders.id > $2"},
		{filtered(expr.Update(Users).Set(Users.Age.Set(1)).EveryRow()), "UPDATE users SET age=$1 WHERE users.id > $2"},
		{filtered(expr.Delete(Users)), "DELETE without WHERE"},
		{filtered(expr.Delete(Users).Where(expr.When(false, Users.ID.Eq(1)))), "DELETE without WHERE"},
		{filtered(expr.Delete(Users).Where(Users.Age.Eq(1))), "DELETE FROM users WHERE users.age = $1 AND users.id > $2"},
		{filtered(expr.Insert(Users).Columns(Users.Name).FromSelect(expr.Select(Orders.Status).From(Orders))), "INSERT INTO users (name) SELECT orders.status FROM orders WHERE orders.id > $1"},
		{filtered(expr.Merge(Users).Using(Orders, on).WhenMatched().Delete()), "MERGE has no place"},
		{filtered(expr.Select2(u.ID, u.Name).From(u)), "SELECT u.id, u.name FROM users AS u WHERE u.id > $1"},
	}
	for _, test := range tests {
		if test.got != test.want && !(strings.Contains(test.got, test.want) && !strings.HasPrefix(test.want, "SELECT")) {
			t.Errorf("got  %s\nwant %s", test.got, test.want)
		}
	}
	if _, _, err := expr.SQL(expr.FilterTables(one.From(Users), func(expr.Table) expr.Cond { return expr.Cond{} }), postgres.Dialect()); err == nil {
		t.Error("a zero Cond is taken for none")
	}
}

func TestReplaceTable(t *testing.T) {
	d := expr.Select(Users.ID, Users.Name).From(Users).Where(Users.Age.Gt(3)).As("d")
	q := expr.Select(expr.C[int64](d, "id").As("x")).From(d).Where(expr.Exists(expr.Select(Orders.ID).From(Orders).Where(expr.Eq(Orders.UserID, expr.C[int64](d, "id"))))).
		OrderBy(expr.C[string](d, "name").Desc())
	before := mustSQL(t, q)
	const want = "SELECT d.id AS x FROM (SELECT v.id AS id, v.name AS name FROM users AS v WHERE v.age > $1) AS d " +
		"WHERE EXISTS (SELECT orders.id FROM orders WHERE orders.user_id = d.id) ORDER BY d.name DESC"
	if got := mustSQL(t, expr.ReplaceTable(q, Users, schema.As(Users, "v"))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := mustSQL(t, q); got != before {
		t.Errorf("the statement itself became %s", got)
	}
	for _, to := range []expr.Relation{Hits, nil} {
		if text, _, err := expr.SQL(expr.ReplaceTable(q, Users, to), postgres.Dialect()); err == nil {
			t.Errorf("%s", text)
		}
	}
	up := expr.Update(Users).Set(Users.Age.Set(3)).Where(Users.ID.Eq(1))
	other := schema.New("staff", schema.BigInt("id").PrimaryKey(), schema.Integer("age"))
	if text, _, err := expr.SQL(expr.ReplaceTable(up, Users, other), postgres.Dialect()); err != nil || text != "UPDATE staff SET age=$1 WHERE staff.id = $2" {
		t.Error(text, err)
	}
}

func TestEqual(t *testing.T) {
	build := func(name string, v int) expr.SelectStmt {
		n := expr.Count(Orders.ID).As("n")
		cte := expr.CTE("c", expr.Select(Users.ID).From(Users).Where(Users.Name.Like(name)))
		return expr.Select(expr.C[int64](cte, "id"), n, expr.Case[int]().When(Orders.Status.Eq("a"), v).Else(2).End()).
			With(cte).From(cte).Join(Orders, expr.Eq(Orders.UserID, expr.C[int64](cte, "id"))).
			Where(expr.RowOf2(Orders.UserID, Orders.ID).In(expr.Tuple2[int64, int64]{A: 1, B: 2}), Orders.ID.Between(1, int64(v)), Orders.ID.In(1, 2, int64(v)), Orders.ID.AnyOf([]int64{4})).
			GroupBy(expr.C[int64](cte, "id")).OrderBy(n.Desc().NullsLast()).Limit(3)
	}
	a, b := build("x", 5), build("x", 5)
	if !expr.Equal(a, b) {
		t.Error("equal queries are not")
	}
	for _, d := range dialects {
		x, args, err := expr.SQL(a, d)
		y, args2, err2 := expr.SQL(b, d)
		if x != y || fmt.Sprint(args) != fmt.Sprint(args2) || fmt.Sprint(err) != fmt.Sprint(err2) {
			t.Errorf("%s: %s\n%s", d.Name(), x, y)
		}
	}
	from := expr.Select(Users.ID).From(Users)
	if !expr.Equal(from.Where(Users.ID.Eq(1)).OrderBy(Users.ID).Limit(1), from.Limit(1).OrderBy(Users.ID).Where(Users.ID.Eq(1))) {
		t.Error("the order of clauses counts")
	}
	for i, other := range []expr.Tree{build("y", 5), build("x", 6), build("x", 5).Limit(4), build("x", 5).Distinct(), expr.Union(a, b), nil,
		expr.Rewrite(a, func(n expr.Node) (expr.Any, bool) { return expr.Value(int64(9)), n.Kind() == expr.ValueNode })} {
		if expr.Equal(a, other) || other != nil && expr.Equal(other, a) {
			t.Errorf("%d: different queries are equal", i)
		}
	}
	if !expr.Equal(nil, nil) {
		t.Error("nil")
	}
}
