package mysql_test

import (
	"context"
	"errors"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// The server rolls a transaction back for a deadlock and goes on as if there
// had been none: what follows would be committed by itself, and the
// transaction's Commit would say that all is well.
func TestDeadlockEndsTheTransaction(t *testing.T) {
	a, b := open(t, testenv.MySQL(t)), open(t, testenv.MySQL(t))
	a.table("sqlayer_my_dead", "id INT PRIMARY KEY, v INT")
	a.exec("INSERT INTO sqlayer_my_dead VALUES (1, 0), (2, 0), (3, 0), (4, 0)")
	for _, c := range []*client{a, b} {
		if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Rollback(context.Background()) }) // or the table cannot be dropped
	}
	// The transaction that has changed less is the victim.
	for _, id := range []int{1, 3, 4} {
		a.exec("UPDATE sqlayer_my_dead SET v = 1 WHERE id = ?", id)
	}
	b.exec("UPDATE sqlayer_my_dead SET v = 2 WHERE id = 2")
	done := make(chan error, 1)
	go func() {
		q, err := dialect.Compile(a.d, statement{text: "UPDATE sqlayer_my_dead SET v = 1 WHERE id = 2"})
		if err == nil {
			_, err = a.Exec(context.Background(), q)
		}
		done <- err
	}()
	_, err := b.try(t.Context(), "UPDATE sqlayer_my_dead SET v = 2 WHERE id = 1")
	first := <-done
	if e := b.d.Classify(err); e == nil || e.Kind != dialect.ErrDeadlock || first != nil {
		t.Fatalf("the deadlock ends as %v and %v", err, first)
	}
	if err := a.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = b.try(t.Context(), "INSERT INTO sqlayer_my_dead VALUES (5, 5)")
	if e := b.d.Classify(err); e == nil || e.Kind != dialect.ErrTransactionAborted || !errors.Is(e, dialect.ErrTransactionAborted) {
		t.Errorf("what follows a deadlock ends as %v", err)
	}
	if e := b.d.Classify(b.Commit(t.Context())); e == nil || e.Kind != dialect.ErrTransactionAborted {
		t.Errorf("a commit after a deadlock ends as %v", e)
	}
	if err := b.Rollback(t.Context()); err != nil {
		t.Error(err)
	}
	if err := b.Begin(t.Context(), dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	b.exec("UPDATE sqlayer_my_dead SET v = 9 WHERE id = 4")
	if err := b.Commit(t.Context()); err != nil {
		t.Error(err)
	}
	var n, sum int
	if err := b.row([]any{&n, &sum}, "SELECT COUNT(*), SUM(v) FROM sqlayer_my_dead WHERE id > ?", 0); err != nil || n != 4 || sum != 1+1+1+9 {
		t.Errorf("%d rows, %d together (%v)", n, sum, err)
	}
}

// A lock timeout undoes the statement alone, unless the server is set up
// otherwise, which it is asked for.
func TestLockTimeoutKeepsTheTransaction(t *testing.T) {
	a, b := open(t, testenv.MySQL(t)), open(t, with(testenv.MySQL(t), "set.innodb_lock_wait_timeout=1"))
	a.table("sqlayer_my_waits", "id INT PRIMARY KEY, v INT")
	a.exec("INSERT INTO sqlayer_my_waits VALUES (1, 0), (2, 0)")
	for _, c := range []*client{a, b} {
		if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Rollback(context.Background()) }) // or the table cannot be dropped
	}
	a.exec("UPDATE sqlayer_my_waits SET v = 1 WHERE id = 1")
	b.exec("UPDATE sqlayer_my_waits SET v = 2 WHERE id = 2")
	_, err := b.try(t.Context(), "UPDATE sqlayer_my_waits SET v = 2 WHERE id = 1")
	if e := b.d.Classify(err); e == nil || e.Kind != dialect.ErrLockTimeout {
		t.Fatalf("waiting for a lock ends as %v", err)
	}
	if err := errors.Join(b.Commit(t.Context()), a.Rollback(t.Context())); err != nil {
		t.Error(err)
	}
	var sum int
	if err := a.row([]any{&sum}, "SELECT SUM(v) FROM sqlayer_my_waits WHERE id > ?", 0); err != nil || sum != 2 {
		t.Errorf("the rows have %d together (%v)", sum, err)
	}
}
