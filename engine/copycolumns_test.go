package engine_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

// What the columns of a table are is asked once on MySQL, where that takes
// long, and again when they have changed, by whomever.
func TestCopyKnowsTheColumns(t *testing.T) {
	address := testenv.MySQL(t)
	other, err := engine.Open(address)
	check(t, err)
	t.Cleanup(func() { check(t, other.Close()) })
	p, through := wireproxy.Between(t, address)
	e, err := engine.Open(through, engine.WithPoolSize(1))
	check(t, err)
	t.Cleanup(func() { check(t, e.Close()) })
	table := fmt.Sprintf("engine_columns_%d", time.Now().UnixNano())
	do := func(text string) {
		t.Helper()
		if _, err := other.Exec(context.Background(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	do("CREATE TABLE " + table + " (id BIGINT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(10), mood ENUM('glad', 'sad'), part DECIMAL(10, 2))")
	t.Cleanup(func() { do("DROP TABLE " + table) })
	copyRow := func(into string, row ...any) func() error {
		return func() error {
			_, err := engine.Copy(t.Context(), e, into, slices.Values([][]any{row}), engine.CopyColumns("name", "mood", "part"))
			return err
		}
	}
	row := copyRow(table, "long enough"[:10], "glad", "1.25")
	check(t, e.Ping(t.Context()))         // dials
	trips(t, p, "the first copy", 7, row) // BEGIN, the definition, the columns, the definition again, the INSERT prepared and run, COMMIT
	trips(t, p, "the second", 4, row)
	trips(t, p, "the third", 4, row)
	for _, tc := range []struct {
		change, says string
		row          []any
	}{
		{"MODIFY name VARCHAR(3)", `column "name"`, []any{"long", "glad", nil}},
		{"MODIFY mood ENUM('glad', 'bad')", `column "mood"`, []any{"abc", "sad", nil}},
		{"MODIFY part DECIMAL(10, 1)", `column "part"`, []any{"abc", "glad", "1.25"}},
	} {
		do("DELETE FROM " + table)
		do("ALTER TABLE " + table + " " + tc.change)
		if err := copyRow(table, tc.row...)(); !errors.Is(err, engine.ErrData) || !strings.Contains(err.Error(), tc.says) || !strings.Contains(err.Error(), "row 1") {
			t.Errorf("after %s: %v", tc.change, err)
		}
	}
	do("ALTER TABLE " + table + " MODIFY name VARCHAR(20)")
	check(t, copyRow(table, "longer than ten", "glad", "1.5")())
	view := table + "_v"
	do("CREATE VIEW " + view + " AS SELECT * FROM " + table)
	t.Cleanup(func() { do("DROP VIEW " + view) })
	check(t, copyRow(view, "longer than ten", "glad", "1.5")())
	do("DELETE FROM " + table)
	do("ALTER TABLE " + table + " MODIFY name VARCHAR(3)")
	if err := copyRow(view, "long", "glad", nil)(); !errors.Is(err, engine.ErrTooLong) {
		t.Errorf("into a view of a table that has changed: %v", err)
	}
}

// Whoever may insert and see no definition is none the worse.
func TestCopyWithoutTheRightToRead(t *testing.T) {
	address := testenv.MySQL(t)
	root, err := engine.Open(address)
	check(t, err)
	t.Cleanup(func() { check(t, root.Close()) })
	u, err := url.Parse(address)
	check(t, err)
	name := fmt.Sprintf("writer%d", time.Now().UnixNano()%1e9)
	table := "engine_" + name
	for _, text := range []string{
		"CREATE TABLE " + table + " (id INT PRIMARY KEY, name VARCHAR(3))",
		"CREATE USER " + name + " IDENTIFIED BY 'x'",
		"GRANT INSERT ON " + table + " TO " + name,
	} {
		_, err := root.Exec(t.Context(), text)
		check(t, err)
	}
	t.Cleanup(func() {
		for _, text := range []string{"DROP TABLE " + table, "DROP USER " + name} {
			if _, err := root.Exec(context.Background(), text); err != nil {
				t.Error(err)
			}
		}
	})
	u.User = url.UserPassword(name, "x")
	e, err := engine.Open(u.String())
	check(t, err)
	t.Cleanup(func() { check(t, e.Close()) })
	for i := range 3 {
		_, err := engine.Copy(t.Context(), e, table, slices.Values([][]any{{i, "abc"}}), engine.CopyColumns("id", "name"))
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = engine.Copy(t.Context(), e, table, slices.Values([][]any{{9, "abc "}}), engine.CopyColumns("id", "name"))
	if !errors.Is(err, engine.ErrTooLong) {
		t.Errorf("a text that is too long: %v", err)
	}
}

// bigText is more than a server takes, which nobody sees before it is sent.
type bigText int

func (n bigText) Value() (driver.Value, error) { return strings.Repeat("x", int(n)), nil }

// A value beyond the packet's limit is refused with its row, and one that the
// server refuses does not spoil the statement that the connection keeps.
func TestCopyOfTooLongValues(t *testing.T) {
	e, err := engine.Open(testenv.MySQL(t), engine.WithPoolSize(1))
	check(t, err)
	t.Cleanup(func() { check(t, e.Close()) })
	table := fmt.Sprintf("engine_long_%d", time.Now().UnixNano())
	_, err = e.Exec(t.Context(), "CREATE TABLE "+table+" (id INT, text LONGTEXT)")
	check(t, err)
	t.Cleanup(func() {
		if _, err := e.Exec(context.Background(), "DROP TABLE "+table); err != nil {
			t.Error(err)
		}
	})
	most := e.Dialect().Features().Limits.MaxValue
	if most <= 0 || most > 1<<26 {
		t.Skipf("not run: the server takes %d bytes", most)
	}
	into := func(values ...any) error {
		var rows [][]any
		for i, v := range values {
			rows = append(rows, []any{i, v})
		}
		_, err := engine.Copy(t.Context(), e, table, slices.Values(rows), engine.CopyColumns("id", "text"))
		return err
	}
	if err := into("a", strings.Repeat("x", most)); !errors.Is(err, engine.ErrTooLong) || !strings.Contains(err.Error(), "row 2") || !strings.Contains(err.Error(), `column "text"`) {
		t.Errorf("a value that is too long: %v", err)
	}
	check(t, into("a", "b"))
	if err := into("a", bigText(most+1)); err == nil {
		t.Error("no error of the server")
	}
	check(t, into("a", "b"))
	check(t, into("a", strings.Repeat("x", most/2)))
}
