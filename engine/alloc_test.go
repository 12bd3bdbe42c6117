//go:build !race

package engine_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

// wide is a row of eight columns, four of which need an allocation of their own.
type wide struct {
	ID      int64
	Name    string
	Email   string
	Age     int
	Score   float64
	Active  bool
	Created time.Time
	Note    *string
}

// filled returns an Engine on an in-memory database with a table of n rows.
func filled(tb testing.TB, n int) *engine.Engine {
	tb.Helper()
	e, err := engine.Open("sqlite://")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := e.Close(); err != nil {
			tb.Error(err)
		}
	})
	ctx := tb.Context()
	if _, err := e.Exec(ctx, `CREATE TABLE wide (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL,
		age INTEGER NOT NULL, score REAL NOT NULL, active BOOLEAN NOT NULL, created TIMESTAMP NOT NULL, note TEXT)`); err != nil {
		tb.Fatal(err)
	}
	err = e.Transact(ctx, func(tx *engine.Tx) error {
		for i := range n {
			if _, err := tx.Exec(ctx, "INSERT INTO wide VALUES (?, ?, ?, ?, ?, ?, ?, ?)", i+1, fmt.Sprintf("name %d", i),
				fmt.Sprintf("n%d@example.com", i), i%90, float64(i)/3, i%2 == 0, time.Unix(int64(i)*1000, 0).UTC(), "a note"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func TestAllocationsPerRow(t *testing.T) {
	const n = 10_000
	e := filled(t, n)
	stmt := engine.Text("SELECT id, name, email, age, score, active, created, note FROM wide")
	allocs := testing.AllocsPerRun(3, func() {
		rows, err := engine.All[wide](t.Context(), e, stmt)
		if err != nil || len(rows) != n {
			t.Fatal(len(rows), err)
		}
	})
	if per := allocs / n; per > 4.1 {
		t.Errorf("%.2f allocations a row; at most 4.1 (three texts and a pointer's target)", per)
	}
}

// A result that is as long as the last one finds its room soon; one that is
// much shorter than that takes no more than it needs, or eight times that.
func TestRoomForAsManyRowsAsLastTime(t *testing.T) {
	db := fakedb.New()
	e := on(t, db)
	db.On("SELECT 'many'", numbers(10_000))
	db.On("SELECT 'few'", numbers(20))
	lengths := func(text string) (int, int) {
		got, err := engine.All[int64](t.Context(), e, engine.Text(text))
		if err != nil {
			t.Fatal(err)
		}
		return len(got), cap(got)
	}
	lengths("SELECT 'many'")
	if n, c := lengths("SELECT 'many'"); n != 10_000 || c > 10_000*9/8 {
		t.Errorf("%d rows in a slice of %d", n, c)
	}
	if n, c := lengths("SELECT 'few'"); n != 20 || c > 8*20 {
		t.Errorf("%d rows in a slice of %d", n, c)
	}
	if n, c := lengths("SELECT 'many'"); n != 10_000 || c > 2*10_000 {
		t.Errorf("%d rows in a slice of %d, after a short result", n, c)
	}
}

func TestAllocationsPerStatement(t *testing.T) {
	e := filled(t, 10)
	stmt := engine.Text("SELECT id, name, email, age, score, active, created, note FROM wide WHERE id = ?", 7)
	allocs := testing.AllocsPerRun(200, func() {
		if _, err := engine.One[wide](t.Context(), e, stmt); err != nil {
			t.Fatal(err)
		}
	})
	if allocs > 5 {
		t.Errorf("%v allocations for one row by key; at most 5 (three texts, a pointer's target, the rows)", allocs)
	}
	t.Logf("%v allocations for one row by key", allocs)
}

func TestScanningAllocatesNothingOfItsOwn(t *testing.T) {
	db := fakedb.New()
	e := on(t, db)
	type row struct {
		A int64
		B bool
		C float64
	}
	few, many := fakedb.Rows([]string{"a", "b", "c"}), fakedb.Rows([]string{"a", "b", "c"})
	values := []any{int64(1), true, 1.5}
	for i := range 1000 {
		if i < 10 {
			few.Rows = append(few.Rows, values)
		}
		many.Rows = append(many.Rows, values)
	}
	db.On("SELECT 'few'", few)
	db.On("SELECT 'many'", many)
	each := func(text string) float64 {
		stmt := engine.Text(text)
		return testing.AllocsPerRun(20, func() {
			for _, err := range engine.Each[row](t.Context(), e, stmt) {
				if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	// the fake's log grows now and then
	if a, b := each("SELECT 'few'"), each("SELECT 'many'"); b > a+1 {
		t.Errorf("%v allocations for 10 rows, %v for 1000", a, b)
	}
}

// The values of a copy's rows are boxed many at a time, and sent as they are:
// what it allocates does not grow with the rows.
func TestAllocationsOfCopy(t *testing.T) {
	copyInto(t, func(t *testing.T, e *engine.Engine, table string) {
		mail, at := "m@example.com", time.Date(2024, 2, 29, 1, 2, 3, 456789000, time.UTC)
		n := 0
		copyRows := func(rows int) func() {
			list := make([]copied, rows)
			return func() {
				for i := range list {
					n++
					list[i] = copied{ID: int64(n), Name: "name", Mail: &mail, Score: 0.5, Active: true, At: at}
				}
				if _, err := engine.Copy(t.Context(), e, table, slices.Values(list), engine.CopyOmit("data", "photo")); err != nil {
					t.Fatal(err)
				}
			}
		}
		copyRows(1000)()
		few, many := testing.AllocsPerRun(5, copyRows(1000)), testing.AllocsPerRun(5, copyRows(3000))
		t.Logf("%s: %v allocations for 1,000 rows, %v for 3,000", e.Dialect().Name(), few, many)
		if per := (many - few) / 2000; per > 0.2 { // a statement of 50 rows has some
			t.Errorf("%.2f allocations a row", per)
		}
	})
}
