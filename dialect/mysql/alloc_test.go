//go:build !race

package mysql_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// wide makes a table of n rows of 8 columns, of which the last is NULL in
// every other row.
func wide(c *client, name string, n int) {
	c.table(name, `id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255) NOT NULL, email VARCHAR(255) NOT NULL, age INTEGER NOT NULL,
		score DOUBLE NOT NULL, active BOOLEAN NOT NULL, created_at DATETIME(6) NOT NULL, note VARCHAR(255)`)
	row := strings.Repeat("(?, 'Ada Lovelace', 'ada@example.com', 36, 98.6, 1, '2024-01-02 03:04:05.678901', ?), ", 100)
	for i := 0; i < n; i += 100 {
		vals := make([]any, 0, 200)
		for j := range 100 {
			var note any
			if j%2 == 1 {
				note = "first"
			}
			vals = append(vals, i+j+1, note)
		}
		c.exec("INSERT INTO "+name+" VALUES "+strings.TrimSuffix(row, ", "), vals...)
	}
}

type person struct {
	id          int64
	age         int
	name, email string
	score       float64
	active      bool
	created     time.Time
	note        *string
}

func (p *person) dst() []any {
	return []any{&p.id, &p.name, &p.email, &p.age, &p.score, &p.active, &p.created, &p.note}
}

func (c *client) people(text string, vals ...any) (n int) {
	q := c.compile(text, vals...)
	defer q.Release()
	rows, err := c.Query(context.Background(), q)
	if err != nil {
		c.t.Fatal(err)
	}
	var p person
	dst := p.dst()
	for rows.Next() {
		if err := rows.ScanRow(dst); err != nil {
			c.t.Fatal(err)
		}
		n++
	}
	if err := rows.Err(); err != nil {
		c.t.Fatal(err)
	}
	if err := rows.Close(); err != nil {
		c.t.Fatal(err)
	}
	if p.name != "Ada Lovelace" || !p.active || p.note == nil || *p.note != "first" || p.created.Nanosecond() != 678901000 {
		c.t.Fatalf("%+v", p)
	}
	return n
}

func TestAllocationsOfRows(t *testing.T) {
	const n, goal = 10000, 9.0
	c := open(t, testenv.MySQL(t))
	wide(c, "sqlayer_my_alloc", n)
	read := func() {
		if got := c.people("SELECT * FROM sqlayer_my_alloc WHERE id > ?", 0); got != n {
			t.Fatalf("%d rows", got)
		}
	}
	read()
	perRow := testing.AllocsPerRun(3, read) / n
	t.Logf("%.2f allocations a row", perRow)
	if perRow > goal {
		t.Errorf("%.2f allocations a row, at most %.1f", perRow, goal)
	}
}

func TestAllocationsOfOneRow(t *testing.T) {
	const goal = 24
	c := open(t, testenv.MySQL(t))
	wide(c, "sqlayer_my_alloc1", 100)
	read := func() { c.people("SELECT * FROM sqlayer_my_alloc1 WHERE id = ?", 100) }
	read()
	n := testing.AllocsPerRun(200, read)
	t.Logf("%.0f allocations", n)
	if n > goal {
		t.Errorf("%.0f allocations, at most %d", n, goal)
	}
}
