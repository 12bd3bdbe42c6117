package corpus

import (
	"time"

	"github.com/google/uuid"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// tablesOn are the tables that a database has.
func tablesOn(on target) *schema.Metadata {
	m := schema.NewMetadata(Users, Addresses, Categories, Products, Orders, OrderItems, Inventory, PageHits, Events, LogEntries, Group)
	if on.is("postgresql") {
		m.Add(Documents)
	}
	return m
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func moment(y int, m time.Month, d, hour, minute int) time.Time {
	return time.Date(y, m, d, hour, minute, 0, 0, time.UTC)
}

// seed is the rows that the statements find. Generated keys count from 1, and
// no two rows of a table agree in a number or a name that statements order by.
func seed(on target) []dialect.Statement {
	list := []dialect.Statement{
		expr.Insert(Users).Columns(Users.Name, Users.Nickname, Users.Email, Users.Age, Users.IsActive, Users.Balance, Users.Score, Users.BirthDate, Users.CreatedAt, Users.ReferrerID).Rows(
			[]any{"Ada", "ada", "ada@example.org", 36, true, "120.50", 4.5, day(1985, 12, 10), moment(2024, 1, 31, 12, 0), nil},
			[]any{"Bob", nil, "bob@example.com", 17, true, "0.00", 2.25, day(2007, 3, 1), moment(2024, 2, 1, 9, 30), 1},
			[]any{"Cy_d", "cy%", "cyd@example.net", 61, false, "-5.25", nil, day(1963, 5, 20), moment(2023, 12, 24, 18, 0), 1},
			[]any{"Ann Lee", "annie", "ann@example.org", 25, true, nil, 1.5, nil, nil, 2},
			[]any{"Emile", "bob", "emile@example.fr", 19, false, "75.00", 3.75, day(2005, 7, 7), moment(2024, 3, 3, 3, 3), 4},
			[]any{"Zoe", "zz", "zoe@example.org", 42, true, "9.99", 0.5, day(1982, 2, 28), moment(2024, 4, 4, 4, 4), nil},
			[]any{"Alma", "a", "alma@example.org", 30, true, "12.30", 5.5, day(1990, 6, 1), moment(2024, 3, 1, 8, 30), 6}),
		expr.Insert(Addresses).Columns(Addresses.UserID, Addresses.Kind, Addresses.Street, Addresses.City, Addresses.PostalCode, Addresses.Country).Rows(
			[]any{1, "home", "1 High St", "London", "N1", "GB"},
			[]any{1, "work", "2 Rue X", "Paris", "75001", "FR"},
			[]any{2, "home", nil, "Oslo", "0150", "NO"},
			[]any{3, "home", "Main 5", "Berlin", nil, "DE"},
			[]any{4, "work", "K 9", "Lyon", "69001", "FR"},
			[]any{5, "void", "Nowhere", "Null", nil, "XX"},
			[]any{6, "home", "S 1", "Oslo", "0151", "NO"}),
		expr.Insert(Categories).Columns(Categories.ParentID, Categories.Name, Categories.Position).Rows(
			[]any{nil, "Kitchen", 1}, []any{1, "Cups", 2}, []any{1, "Pans", 3}, []any{nil, "Garden", 4}, []any{3, "Woks", nil}),
		expr.Insert(Products).Columns(Products.CategoryID, Products.SKU, Products.Name, Products.Description, Products.Price, Products.Weight, Products.Stock, Products.Discontinued, Products.AddedOn).Rows(
			[]any{2, "C-1", "Mug", "A mug", "9.99", 0.5, 36, false, day(2023, 1, 15)},
			[]any{2, "C-2", "Teacup", nil, "4.50", 0.25, 17, false, day(2023, 2, 20)},
			[]any{3, "P-1", "Pan", "Cast iron", "49.90", 2.5, 3, false, day(2024, 5, 6)},
			[]any{4, "G-1", "Spade", "100% steel", "19.00", 1.75, 0, true, day(2022, 8, 8)},
			[]any{4, "G-2", "Mower", "Loud_one", "299.00", 25.5, 2, nil, nil},
			[]any{nil, "X-1", "Gift card", nil, "25.00", nil, nil, false, day(2024, 1, 1)},
			[]any{2, "A_1", "Juice 100%", nil, "6.00", 0.75, 12, false, day(2024, 2, 2)},
			[]any{3, "50%_off/x9", "Sieve", nil, "8.00", 1.25, 9, false, day(2024, 2, 3)},
			[]any{1, "K-9", "Kettle", nil, "42.00", 1.125, 5, false, day(2024, 2, 4)}),
		expr.Insert(Orders).Columns(Orders.UserID, Orders.ShipAddressID, Orders.Status, Orders.Total, Orders.PlacedAt, Orders.ShippedAt).Rows(
			[]any{1, 1, "paid", "59.89", moment(2024, 1, 31, 12, 0), nil},
			[]any{1, 2, "shipped", "1299.00", moment(2024, 2, 10, 8, 0), moment(2024, 2, 12, 16, 30)},
			[]any{2, 3, "new", "4.50", moment(2024, 3, 1, 10, 15), nil},
			[]any{3, nil, "void", "0.00", moment(2023, 11, 5, 23, 59), nil},
			[]any{4, 5, "paid", "523.10", moment(2024, 6, 30, 6, 0), moment(2024, 7, 1, 9, 30)},
			[]any{1, 1, "new", "19.00", moment(2024, 7, 4, 14, 0), nil},
			[]any{6, nil, "shipped", "75.25", moment(2024, 5, 5, 5, 5), moment(2024, 5, 6, 6, 6)},
			[]any{3, nil, "paid", "12.00", moment(2024, 8, 1, 8, 0), nil}),
		expr.Insert(OrderItems).Columns(OrderItems.OrderID, OrderItems.LineNo, OrderItems.ProductID, OrderItems.Quantity, OrderItems.UnitPrice, OrderItems.Discount).Rows(
			[]any{1, 1, 1, 1, "9.99", nil}, []any{1, 2, 3, 2, "49.90", "5.00"}, []any{2, 1, 5, 4, "299.00", nil},
			[]any{3, 1, 2, 1, "4.50", nil}, []any{4, 1, 4, 3, "19.00", "10.00"}, []any{5, 1, 5, 1, "299.00", "1.50"}, []any{6, 1, 4, 1, "19.00", nil}, []any{7, 1, 9, 1, "42.00", nil}),
		expr.Insert(Inventory).Columns(Inventory.WarehouseID, Inventory.ProductID, Inventory.Quantity, Inventory.Reserved, Inventory.UpdatedAt).Rows(
			[]any{1, 1, 30, 2, moment(2024, 1, 1, 0, 0)}, []any{1, 2, 17, nil, moment(2024, 1, 2, 0, 0)}, []any{2, 1, 6, 1, nil},
			[]any{2, 3, 1, 0, moment(2024, 1, 3, 0, 0)}, []any{3, 5, 2, 2, moment(2024, 1, 4, 0, 0)}),
		expr.Insert(PageHits).Columns(PageHits.Path, PageHits.Hits, PageHits.LastSeen).Rows(
			[]any{"/", 100, moment(2024, 5, 1, 0, 0)}, []any{"/home", 7, nil}, []any{"/a_b", 1, moment(2024, 4, 1, 0, 0)}, []any{"/none", 0, nil}),
		expr.Insert(Events).Columns(Events.UserID, Events.Kind, Events.Payload, Events.OccurredAt).Rows(
			[]any{1, "login", `{"plan": "pro", "seats": 3, "tags": ["a", "b"], "user": {"city": "Oslo"}}`, moment(2024, 1, 1, 1, 0)},
			[]any{2, "signup", `{"plan": "free", "seats": 1}`, moment(2024, 1, 2, 2, 0)},
			[]any{nil, "ping", nil, nil},
			[]any{3, "click", `{"ip": "10.0.0.1", "meta": {"tries": 3, "device": "phone"}, "ok": true, "score": 2.5}`, moment(2024, 1, 3, 3, 0)}),
		expr.Insert(LogEntries).Columns(LogEntries.UserID, LogEntries.Action, LogEntries.Detail, LogEntries.LoggedAt).Rows(
			[]any{1, "login", "ok", moment(2024, 1, 1, 1, 0)}, []any{4, "logout", nil, moment(2024, 1, 2, 1, 0)}),
		expr.Insert(Group).Columns(Group.Select, Group.Order, Group.DisplayName, Group.UnitPrice, Group.Plain).Rows(
			[]any{"a", 1, "One", "1.50", 0}, []any{"b", 2, "Two", "3.25", 0}, []any{nil, 3, nil, "2.75", 5}, []any{"d", 4, "Four", "9.00", 7}),
	}
	if on.is("postgresql") {
		list = append(list, expr.Insert(Documents).Columns(Documents.Title, Documents.Tags, Documents.Scores, Documents.Attrs, Documents.Ref).Rows(
			[]any{"First", []string{"a", "b"}, []int64{1, 2, 3}, `{"a": {"b": "x"}, "k": 1}`, uuid.MustParse("6f1c1e0e-3a55-4c0b-8f5a-0d3b6f2a9c11")},
			[]any{"Second", []string{"c"}, []int64{9}, `{"k": 2}`, nil},
			[]any{"Third", []string{"d"}, []int64{4}, `{"k": "v"}`, nil}))
	}
	return list
}
