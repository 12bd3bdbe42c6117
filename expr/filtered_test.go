package expr

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
)

// open makes the shop's tables in a database in memory, with the rows of the
// tenants. Rows refer to those of others too.
func (s *shop) open(t *testing.T, tenants ...int64) *engine.Engine {
	t.Helper()
	eng, err := engine.Open("sqlite://")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { eng.Close() })
	run := func(st dialect.Statement) {
		if _, err := eng.Run(t.Context(), st, nil); err != nil {
			t.Fatal(err)
		}
	}
	run(dialect.Text("CREATE TABLE users (id INTEGER PRIMARY KEY, tenant INT, name TEXT, age INT, active INT, doc TEXT, born TEXT)"))
	run(dialect.Text("CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant INT, user_id INT, total INT, status TEXT)"))
	run(dialect.Text("CREATE TABLE items (id INTEGER PRIMARY KEY, tenant INT, order_id INT, label TEXT)"))
	users, orders, items := Insert(s.users).Columns(), Insert(s.orders), Insert(s.items)
	cols := func(r Relation, names ...string) (list []AnyColumn) {
		for _, n := range names {
			list = append(list, C[any](r, n))
		}
		return list
	}
	users = users.Columns(cols(s.users, "id", "tenant", "name", "age", "active", "doc")...)
	orders = orders.Columns(cols(s.orders, "id", "tenant", "user_id", "total", "status")...)
	items = items.Columns(cols(s.items, "id", "tenant", "order_id", "label")...)
	number := func(k, n int64) any { // some are NULL
		if k%7 == 3 {
			return nil
		}
		return 6980 + k*37%n
	}
	for k := range int64(160) {
		tenant := k*k%3%2 + 1
		if !slices.Contains(tenants, tenant) {
			continue
		}
		id := 6970 + k*2
		if k < 80 {
			run(users.Rows([]any{id, tenant, fmt.Sprint("n", k%9), number(k, 211), k % 2, `{"r7": [1, 2, 8000]}`}))
		}
		run(orders.Rows([]any{id + 1, tenant, 6970 + k*13%160, number(k+1, 307), fmt.Sprint("s", k%4)}))
		run(items.Rows([]any{id, tenant, 6971 + k*29%320, "l"}))
	}
	return eng
}

// rowsOf runs a statement and returns its rows as sorted texts.
func (s *shop) rowsOf(t *testing.T, eng *engine.Engine, stmt dialect.Statement) ([]string, error) {
	var rows []string
	_, err := eng.Run(t.Context(), stmt, func(r dialect.Rows) error {
		cells := make([]any, len(r.Columns()))
		for i := range cells {
			cells[i] = new(*string)
		}
		for r.Next() {
			if err := r.ScanRow(cells); err != nil {
				return err
			}
			var row []string
			for _, c := range cells {
				if p := *c.(**string); p != nil {
					row = append(row, *p)
				} else {
					row = append(row, "NULL")
				}
			}
			rows = append(rows, strings.Join(row, " "))
		}
		return r.Err()
	})
	slices.Sort(rows)
	return rows, err
}

// With a condition for one tenant on every table, each statement of the
// catalogue gives and changes what it would if there were no other tenant.
func TestFilteredIsAsIfAlone(t *testing.T) {
	s := newShop("")
	mine := func(r Table) Cond { return C[int64](r, "tenant").Eq(1) }
	apart := map[string]string{
		"INSERT": "writes rows of no tenant", "INSERT of rows": "writes rows of no tenant", "INSERT of flat rows": "writes rows of no tenant",
		"INSERT of a query": "writes rows of no tenant", "INSERT of a query WITH": "writes rows of no tenant", "INSERT of defaults": "writes rows of no tenant",
		"upsert": "below", "upsert of nothing": "writes a row of no tenant",
	}
	all, alone := s.open(t, 1, 2), s.open(t, 1)
	content := func(eng *engine.Engine, tenant int64) []string {
		var list []string
		for _, r := range []Table{s.users, s.orders, s.items} {
			rows, err := s.rowsOf(t, eng, Select(Columns(r)...).From(r).Where(C[int64](r, "tenant").Eq(tenant)))
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, append(rows, "-")...)
		}
		return list
	}
	compared, found := 0, 0
	for _, e := range s.catalogue() {
		if apart[e.name] != "" {
			continue
		}
		filtered := FilterTables(e.stmt, mine)
		if _, writes := e.stmt.(Writing); writes {
			all, alone = s.open(t, 1, 2), s.open(t, 1)
		}
		before := content(all, 2)
		got, err := s.rowsOf(t, all, WithValues(filtered, given(filtered)))
		want, err2 := s.rowsOf(t, alone, WithValues(e.stmt, given(e.stmt)))
		switch {
		case err2 != nil: // SQLite does not have it
			continue
		case errors.Is(err, dialect.ErrStatement) && strings.Contains(err.Error(), "has no place"):
			continue
		case err != nil:
			t.Errorf("%s: %v", e.name, err)
		}
		compared++
		found += len(want)
		if !slices.Equal(got, want) {
			text, _, _ := SQL(filtered, fiveDialects[2])
			t.Errorf("%s: %d rows, and alone %d\n%s\n%.300v\n%.300v", e.name, len(got), len(want), text, got, want)
		}
		if !slices.Equal(content(all, 1), content(alone, 1)) {
			t.Errorf("%s: the rows of the tenant are others", e.name)
		}
		if !slices.Equal(content(all, 2), before) {
			t.Errorf("%s: the rows of another tenant have changed", e.name)
		}
	}
	if compared < 50 || found < 1000 {
		t.Errorf("only %d statements and %d rows compared", compared, found)
	}

	all = s.open(t, 1, 2)
	before := content(all, 2)
	id, total := C[int64](s.orders, "id"), C[int64](s.orders, "total")
	changed := 0
	for k := range int64(160) {
		up := Insert(s.orders).Values(id.Set(6971+2*k), total.Set(1)).OnConflict(id).DoUpdate(Set(total, Inserted(total)))
		r, err := all.Run(t.Context(), FilterTables(up, mine), nil)
		if err != nil {
			t.Fatal(err)
		}
		n := r.RowsAffected()
		changed += int(n)
	}
	if !slices.Equal(content(all, 2), before) {
		t.Error("an upsert has changed the rows of another tenant")
	}
	if changed == 0 || changed == 160 {
		t.Errorf("%d rows changed", changed)
	}
}
