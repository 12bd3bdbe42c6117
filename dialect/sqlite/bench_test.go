package sqlite

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	_ "modernc.org/sqlite"
)

type user struct {
	id          int64
	name, email string
	age         int
	score       float64
	active      bool
	created     time.Time
	note        *string
}

const usersTable = `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, age INTEGER NOT NULL,
	score REAL NOT NULL, active BOOLEAN NOT NULL, created TIMESTAMP NOT NULL, note TEXT)`

const usersRows = 10000

func fillUsers(t testing.TB, c *conn) {
	t.Helper()
	exec(t, c, usersTable)
	exec(t, c, `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO users SELECT i, 'name ' || i, 'user' || i || '@example.com', i % 90, i / 7.0, i % 2,
		strftime('%Y-%m-%d %H:%M:%S', 1700000000 + i, 'unixepoch') || '.123456', 'a note for ' || i FROM n`, usersRows)
}

// readUsers reads all rows of a query; it returns how many there were.
func readUsers(t testing.TB, c *conn, comp *dialect.Compiled, u *user, dst []any) int {
	rows, err := c.Query(context.Background(), comp)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for rows.Next() {
		if err := rows.ScanRow(dst); err != nil {
			t.Fatal(err)
		}
		n++
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	return n
}

func (u *user) pointers() []any {
	return []any{&u.id, &u.name, &u.email, &u.age, &u.score, &u.active, &u.created, &u.note}
}

// BenchmarkRead compares reading through this package with hand-written
// database/sql on the same engine: one row by key, 100 and 10,000 rows.
func BenchmarkRead(b *testing.B) {
	url := fileURL(b)
	c := dial(b, open1(b, url))
	fillUsers(b, c)
	path := c.connector.cfg.path
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path)+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)&_time_format=sqlite")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	const columns = "SELECT id, name, email, age, score, active, created, note FROM users "
	for _, w := range []struct {
		name, text string
		arg        int64
		rows       int
	}{
		{"W1", columns + "WHERE id = ?", 4711, 1},
		{"W2", columns + "WHERE id <= ? ORDER BY id", 100, 100},
		{"W3", columns + "WHERE id <= ? ORDER BY id", usersRows, usersRows},
	} {
		b.Run(w.name+"/sqlayer", func(b *testing.B) {
			var u user
			dst := u.pointers()
			comp := compile(b, w.text, w.arg)
			b.ReportAllocs()
			for b.Loop() {
				if n := readUsers(b, c, comp, &u, dst); n != w.rows {
					b.Fatal(n)
				}
			}
		})
		b.Run(w.name+"/sql", func(b *testing.B) {
			var u user
			b.ReportAllocs()
			for b.Loop() {
				rows, err := db.QueryContext(context.Background(), w.text, w.arg)
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for rows.Next() {
					if err := rows.Scan(&u.id, &u.name, &u.email, &u.age, &u.score, &u.active, &u.created, &u.note); err != nil {
						b.Fatal(err)
					}
					n++
				}
				if err := rows.Close(); err != nil || n != w.rows {
					b.Fatal(n, err)
				}
			}
		})
	}
}

// BenchmarkInsert compares inserting one row and getting its key back.
func BenchmarkInsert(b *testing.B) {
	url := fileURL(b) + "?synchronous=off"
	c := dial(b, open1(b, url))
	exec(b, c, usersTable)
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(c.connector.cfg.path)+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_pragma=busy_timeout(5000)&_time_format=sqlite")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	const text = "INSERT INTO users (name, email, age, score, active, created, note) VALUES (?, ?, ?, ?, ?, ?, ?)"
	now := time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)
	args := []any{"ada", "ada@example.com", 36, 1.5, true, now, "a note"}
	b.Run("sqlayer", func(b *testing.B) {
		b.ReportAllocs()
		comp := compile(b, text, args...)
		for b.Loop() {
			r, err := c.Exec(context.Background(), comp)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := r.LastInsertID(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sql", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r, err := db.ExecContext(context.Background(), text, args...)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := r.LastInsertId(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
