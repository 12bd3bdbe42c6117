//go:build !race

package sqlite

import (
	"context"
	"testing"
	"time"
)

// The race detector changes what is allocated, so these count without it.

func TestAllocRows(t *testing.T) {
	c := dial(t, open1(t, fileURL(t)))
	fillUsers(t, c)
	var u user
	dst := u.pointers()
	comp := compile(t, "SELECT id, name, email, age, score, active, created, note FROM users")
	got := testing.AllocsPerRun(3, func() {
		if n := readUsers(t, c, comp, &u, dst); n != usersRows {
			t.Fatal(n)
		}
	})
	if per := got / usersRows; per > 4.1 {
		t.Errorf("%.2f allocations a row, want at most 4.1: two strings, a *string and its text", per)
	}
}

func TestAllocRowByKey(t *testing.T) {
	c := dial(t, open1(t, fileURL(t)))
	fillUsers(t, c)
	var u user
	dst := u.pointers()
	comp := compile(t, "SELECT id, name, email, age, score, active, created, note FROM users WHERE id = ?", 77)
	if got := testing.AllocsPerRun(100, func() { readUsers(t, c, comp, &u, dst) }); got > 5 {
		t.Errorf("%v allocations for a row by key, want at most 5: the row's four and the Rows", got)
	}
}

func TestAllocExec(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c REAL, d BOOLEAN, e TIMESTAMP, f BLOB)")
	comp := compile(t, "INSERT INTO t (b, c, d, e, f) VALUES (?, ?, ?, ?, ?)", "text", 1.5, true, time.Now(), []byte("blob"))
	if got := testing.AllocsPerRun(100, func() {
		if _, err := c.Exec(context.Background(), comp); err != nil {
			t.Fatal(err)
		}
	}); got > 0 {
		t.Errorf("%v allocations for an insert, want none", got)
	}
}

func TestAllocContext(t *testing.T) {
	c := memory(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	comp := compile(t, "SELECT 1")
	if got := testing.AllocsPerRun(100, func() {
		if _, err := c.Exec(ctx, comp); err != nil {
			t.Fatal(err)
		}
	}); got > 0 {
		t.Errorf("%v allocations for watching a context, want none", got)
	}
}
