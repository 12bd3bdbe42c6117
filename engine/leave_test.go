package engine_test

import (
	"context"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/engine"
)

// On PostgreSQL a transaction outlives rows that are left early in it; outside of one
// the query is stopped, also one that is slow and not large; and what is rolled back or closed
// anyway does not wait for its rows.
func TestLivePostgresLeavesRows(t *testing.T) {
	const endless = "SELECT i FROM (SELECT generate_series(1, 100000000000) AS i) AS s"
	// eight kilobytes at once, and then a row a second
	const slow = "SELECT repeat('x', 9000) FROM (SELECT generate_series(1, 1000) AS i) AS s WHERE i = 1 OR pg_sleep(1) IS NOT NULL"
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		if e.Dialect().Name() != "postgres" {
			t.Skip("not run: of PostgreSQL only")
		}
		ctx := t.Context()
		pid := func(r engine.Runner) int {
			n, err := engine.Scalar[int](ctx, r, engine.Text("SELECT pg_backend_pid()"))
			check(t, err)
			return n
		}
		first := pid(e)
		leave := func(r engine.Runner, text string) {
			t.Helper()
			start := time.Now()
			for _, err := range engine.Each[any](ctx, r, engine.Text(text)) {
				check(t, err)
				break
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("left after %v", took)
			}
		}
		leave(e, endless)
		leave(e, slow)

		check(t, e.Transact(ctx, func(tx *engine.Tx) error {
			check(t, put(ctx, tx, table, 1, "x", nil))
			leave(tx, "SELECT repeat('x', 1000) FROM (SELECT generate_series(1, 20000) AS i) AS s")
			leave(tx, "SELECT repeat('x', 9000) FROM (SELECT generate_series(1, 4) AS i) AS s WHERE i = 1 OR pg_sleep(0.2) IS NOT NULL")
			return put(ctx, tx, table, 2, "x", nil)
		}))
		if n := count(t, e, table); n != 2 {
			t.Errorf("%d rows were put", n)
		}

		open := func(tx *engine.Tx, text string) {
			t.Helper()
			rows, err := tx.Query(ctx, text)
			check(t, err)
			if !rows.Next() {
				t.Fatal(rows.Err())
			}
		}
		tx, err := e.Begin(ctx)
		check(t, err)
		check(t, put(ctx, tx, table, 3, "x", nil))
		sp, err := tx.Begin(ctx)
		check(t, err)
		open(sp, slow)
		check(t, sp.Rollback(ctx))
		check(t, put(ctx, tx, table, 4, "x", nil))
		open(tx, endless)
		check(t, tx.Rollback(ctx))
		c, err := e.Connect(ctx)
		check(t, err)
		tx, err = c.Begin(ctx)
		check(t, err)
		open(tx, endless)
		check(t, c.Close())
		if n := count(t, e, table); n != 2 {
			t.Errorf("%d rows after the rollbacks", n)
		}

		// what writes is not stopped, nor in a transaction that undoes nothing
		put2 := "WITH w AS (INSERT INTO " + table + " (id, name) SELECT 100 + i, 'y' FROM generate_series(1, 3) AS i RETURNING id) " +
			"SELECT repeat('x', 9000) FROM w WHERE id = 101 OR pg_sleep(0.2) IS NOT NULL"
		none, err := e.Begin(ctx, engine.Isolation(engine.Autocommit))
		check(t, err)
		open(none, put2)
		check(t, none.Rollback(ctx))
		if n := count(t, e, table); n != 5 {
			t.Errorf("%d rows after a write was left", n)
		}
		if last := pid(e); last != first {
			t.Error("the connection was given up")
		}

		// a context bounds it in a transaction
		err = e.Transact(ctx, func(tx *engine.Tx) error {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			for _, err := range engine.Each[any](ctx, tx, engine.Text(slow)) {
				check(t, err)
				time.AfterFunc(50*time.Millisecond, cancel) // the rows take minutes
				break
			}
			return put(t.Context(), tx, table, 5, "x", nil)
		})
		wantError(t, err, engine.ErrTransactionAborted)
	}, engine.WithPoolSize(1))
}
