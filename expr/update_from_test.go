package expr_test

import (
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/expr"
)

// An UPDATE with several tables, where it is a MERGE, has one source of what
// it names of them.
func TestUpdateFromSeveral(t *testing.T) {
	ora19 := oracle.Dialect(oracle.Version(19))
	on := expr.Eq(Orders.UserID, Users.ID)
	up := expr.Update(Users).Set(expr.Set(Users.Name, Orders.Status), expr.Set(Users.Age, expr.Add(Users.Age, Items.Quantity)))
	const head = "MERGE INTO users USING (SELECT "
	told(t, "two tables", up.From(Orders, Items).Where(on, expr.Eq(Items.OrderID, Orders.ID), Items.Quantity.Gt(3)), says{
		ora19: head + "orders.status AS status, items.quantity AS quantity, orders.user_id AS user_id FROM orders, items WHERE items.order_id = orders.id AND items.quantity > :1) merge_source " +
			"ON (merge_source.user_id = users.id) WHEN MATCHED THEN UPDATE SET name = merge_source.status, age = (users.age + merge_source.quantity)",
		pgd: "UPDATE users SET name=orders.status, age=(users.age + items.quantity) FROM orders, items WHERE orders.user_id = users.id AND items.order_id = orders.id AND items.quantity > $1"})
	told(t, "a join", up.From(expr.Joined(Orders).LeftJoin(Items, expr.Eq(Items.OrderID, Orders.ID))).Where(on, Users.Age.Gt(5)), says{
		ora19: head + "orders.status AS status, items.quantity AS quantity, orders.user_id AS user_id FROM orders LEFT OUTER JOIN items ON items.order_id = orders.id) merge_source " +
			"ON (merge_source.user_id = users.id) WHEN MATCHED THEN UPDATE SET name = merge_source.status, age = (users.age + merge_source.quantity) WHERE users.age > :1"})
	told(t, "two columns of a name", expr.Update(Users).Set(Users.Age.Set(1)).From(Orders, Items).Where(on, expr.Eq(Users.ID, expr.Add(Items.ID, Orders.ID))), says{
		ora19: head + "orders.user_id AS user_id, items.id AS id, orders.id AS id_1 FROM orders, items) merge_source ON (merge_source.user_id = users.id AND users.id = merge_source.id + merge_source.id_1) WHEN MATCHED THEN UPDATE SET age = :1"})
	told(t, "nothing of them", expr.Update(Users).Set(Users.Age.Set(1)).From(Orders, Items).Where(Users.ID.Eq(1), expr.Eq(Items.OrderID, Orders.ID)), says{
		ora19: head + "1 AS one FROM orders, items WHERE items.order_id = orders.id) merge_source ON (users.id = :1) WHEN MATCHED THEN UPDATE SET age = :2"})
	told(t, "a query within", expr.Update(Users).Set(Users.Age.Set(1)).From(Orders, Items).Where(on, expr.Exists(expr.Select(Hits.Path).From(Hits).Where(expr.Eq(Hits.Hits, Items.Quantity), expr.Eq(Hits.Path, Users.Name)))), says{
		ora19: head + "orders.user_id AS user_id, items.quantity AS quantity FROM orders, items) merge_source ON (merge_source.user_id = users.id AND EXISTS (SELECT page_hits.path FROM page_hits WHERE page_hits.hits = merge_source.quantity AND page_hits.path = users.name)) WHEN MATCHED THEN UPDATE SET age = :1"})
	told(t, "a text", up.From(Orders, Items).Where(on, expr.TextCond("items.quantity > 1")), says{ora19: "! join the tables in a derived table"})
	_, _, err := expr.SQL(up.From(Orders, nil).Where(on), ora19)
	if err == nil || !strings.Contains(err.Error(), "nil table") {
		t.Errorf("no table: %v", err)
	}
	if _, _, err = expr.SQL(up.From(Orders, Hits).Where(on), ora19); err == nil || !strings.Contains(err.Error(), "items.quantity: table items is not in FROM") {
		t.Errorf("a column of no table: %v", err)
	}
}
