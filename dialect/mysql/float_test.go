package mysql_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

// seven has more than the six digits that the server writes into a text.
const seven = float32(16777.219)

// A FLOAT comes back whole whether or not the statement has arguments, in as
// many round trips as before but for the first one of a text.
func TestFloatsKeepTheirDigits(t *testing.T) {
	p, url := wireproxy.Between(t, testenv.MySQL(t))
	connector := connector(t, url, dialect.ConnectConfig{})
	a, b := connect(t, connector), connect(t, connector)
	a.table("sqlayer_my_float", "id INT PRIMARY KEY, f FLOAT, n INT")
	a.exec("INSERT INTO sqlayer_my_float VALUES (1, ?, 7)", seven)
	floats := func(c *client, text string) func() error {
		return func() error {
			var f float32
			if err := c.row([]any{&f}, text); err != nil {
				return err
			}
			if f != seven {
				t.Errorf("%s: read as %v, not %v", text, f, seven)
			}
			return nil
		}
	}
	numbers := func(c *client, text string) func() error {
		return func() error {
			var n int
			return c.row([]any{&n}, text)
		}
	}
	const of, with, max = "SELECT f FROM sqlayer_my_float", "WITH x AS (SELECT f FROM sqlayer_my_float) SELECT f FROM x", "SELECT MAX(f) FROM sqlayer_my_float"
	const number, count, none, call = "SELECT n FROM sqlayer_my_float", "SELECT COUNT(*) FROM sqlayer_my_float", "SELECT 1", "SELECT ABS(-1)"
	for _, tc := range []struct {
		name string
		want int
		do   func() error
	}{
		{"a text with a FLOAT, at first", 2, floats(a, of)},
		{"then it is prepared, and kept", 1, floats(a, of)},
		{"which the other connection knows", 2, floats(b, of)},
		{"and keeps too", 1, floats(b, of)},
		{"behind WITH", 2, floats(a, with)},
		{"a function of it", 2, floats(a, max)},
		{"a text without one, at first", 2, numbers(a, number)},
		{"then it is a text", 1, numbers(a, number)},
		{"on the other connection too", 1, numbers(b, number)},
		{"a count", 2, numbers(b, count)},
		{"then", 1, numbers(a, count)},
		{"no table", 1, numbers(a, none)},
		{"no table, and a function", 2, numbers(a, call)},
		{"what cannot be prepared", 1, func() error { var n any; return a.row([]any{nil, &n}, "SHOW VARIABLES LIKE 'max_allowed_packet'") }},
	} {
		p.Reset()
		if err := tc.do(); err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if n := p.Count(); n != tc.want {
			t.Errorf("%s: %d round trips, not %d: %v", tc.name, n, tc.want, p.Messages())
		}
	}
}

// A table that changes behind a text that was known to have no FLOAT gives an
// error, once, and no other number.
func TestFloatBehindAKnownText(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	c.table("sqlayer_my_changed", "v INT")
	c.exec("INSERT INTO sqlayer_my_changed VALUES (1)")
	const text = "SELECT v FROM sqlayer_my_changed"
	var v float32
	for range 2 {
		if err := c.row([]any{&v}, text); err != nil || v != 1 {
			t.Fatal(v, err)
		}
	}
	c.exec("ALTER TABLE sqlayer_my_changed MODIFY v FLOAT")
	c.exec("UPDATE sqlayer_my_changed SET v = ?", seven)
	if err := c.row([]any{&v}, text); !errors.Is(err, dialect.ErrScan) {
		t.Errorf("a FLOAT that came as text is read as %v (%v)", v, err)
	}
	if err := c.row([]any{&v}, text); err != nil || v != seven {
		t.Errorf("read again as %v (%v)", v, err)
	}
}

func TestFloatsOfProceduresAndReturning(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	c.table("sqlayer_my_returned", "id INT PRIMARY KEY AUTO_INCREMENT, f FLOAT")
	c.exec("DROP PROCEDURE IF EXISTS sqlayer_my_floats")
	c.exec("CREATE PROCEDURE sqlayer_my_floats() SELECT CAST(16777.219 AS FLOAT) AS f")
	t.Cleanup(func() {
		if _, err := c.try(context.Background(), "DROP PROCEDURE sqlayer_my_floats"); err != nil {
			t.Error(err)
		}
	})
	texts := []string{"CALL sqlayer_my_floats()"}
	if c.d.Features().ReturningInsert { // MariaDB: no text of MySQL's, so that its grammar is not asked
		texts = append(texts, strings.Join([]string{"INSERT INTO sqlayer_my_returned (f) VALUES (16777.219)", "RETURNING f"}, " "))
	}
	for _, text := range texts {
		for range 2 {
			var f float32
			if err := c.row([]any{&f}, text); err != nil || f != seven {
				t.Errorf("%s: %v (%v)", text, f, err)
			}
		}
	}
}
