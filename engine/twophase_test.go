package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

func TestTwoPhase(t *testing.T) {
	ctx := context.Background()
	begin := func(t *testing.T, c *engine.Conn) *engine.Tx {
		t.Helper()
		tx, err := c.BeginTwoPhase(ctx, "x1")
		check(t, err)
		_, err = tx.Exec(ctx, "INSERT")
		check(t, err)
		return tx
	}
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, c *engine.Conn, db *fakedb.DB)
		log  []string
	}{
		{"prepared and committed", func(t *testing.T, c *engine.Conn, _ *fakedb.DB) {
			tx := begin(t, c)
			check(t, tx.Prepare(ctx))
			_, err := tx.Exec(ctx, "UPDATE")
			wantError(t, err, engine.ErrInUse, `"x1" is prepared`)
			wantError(t, tx.Prepare(ctx), engine.ErrInUse, "is prepared")
			_, err = c.Exec(ctx, "UPDATE")
			wantError(t, err, engine.ErrInUse, "a transaction is open")
			check(t, tx.Commit(ctx))
			wantError(t, tx.Commit(ctx), engine.ErrClosed)
		}, []string{"PREPARE x1", "COMMIT PREPARED x1"}},
		{"prepared and rolled back", func(t *testing.T, c *engine.Conn, _ *fakedb.DB) {
			tx := begin(t, c)
			check(t, tx.Prepare(ctx))
			check(t, tx.Rollback(ctx))
			check(t, tx.Rollback(ctx))
		}, []string{"PREPARE x1", "ROLLBACK PREPARED x1"}},
		{"one phase", func(t *testing.T, c *engine.Conn, _ *fakedb.DB) { check(t, begin(t, c).Commit(ctx)) }, []string{"COMMIT"}},
		{"Close before it is prepared", func(t *testing.T, c *engine.Conn, _ *fakedb.DB) { begin(t, c) }, []string{"ROLLBACK"}},
		{"Close when it is prepared", func(t *testing.T, c *engine.Conn, _ *fakedb.DB) { check(t, begin(t, c).Prepare(ctx)) },
			[]string{"PREPARE x1", "ROLLBACK PREPARED x1"}},
		{"Prepare fails", func(t *testing.T, c *engine.Conn, db *fakedb.DB) {
			db.FailPrepares(&fakedb.Error{Kind: dialect.ErrForeignKeyViolation, Message: "deferred"})
			tx := begin(t, c)
			wantError(t, tx.Prepare(ctx), engine.ErrForeignKeyViolation)
			wantError(t, tx.Commit(ctx), engine.ErrTransactionAborted, "roll back first")
			check(t, tx.Rollback(ctx))
		}, []string{"PREPARE x1", "ROLLBACK"}},
		{"Commit again", func(t *testing.T, c *engine.Conn, db *fakedb.DB) {
			db.FailCommits(&fakedb.Error{Kind: dialect.ErrOther, Message: "not now"})
			tx := begin(t, c)
			check(t, tx.Prepare(ctx))
			wantError(t, tx.Commit(ctx), nil, "not now")
			check(t, tx.Commit(ctx))
		}, []string{"PREPARE x1", "COMMIT PREPARED x1", "COMMIT PREPARED x1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, db := open(t)
			c, err := e.Connect(ctx)
			check(t, err)
			tt.do(t, c, db)
			check(t, c.Close())
			wantLog(t, db, append([]string{"BEGIN", "INSERT"}, tt.log...)...)
			ids, err := e.Prepared(ctx)
			check(t, err)
			if len(ids) != 0 {
				t.Errorf("left prepared: %v", ids)
			}
		})
	}
}

// After a decision to commit, nothing rolls back by itself: what cannot be
// committed now stays prepared, whoever closes the connection is told, and
// another connection settles it.
func TestTwoPhaseStaysPrepared(t *testing.T) {
	ctx := t.Context()
	for _, kind := range []dialect.Kind{dialect.ErrOther, dialect.ErrConnectionLost} {
		for _, commit := range []bool{true, false} {
			t.Run(fmt.Sprintf("%v %v", kind, commit), func(t *testing.T) {
				e, db := open(t)
				db.FailCommits(&fakedb.Error{Kind: kind, Message: "no", Lost: kind == dialect.ErrConnectionLost})
				c, err := e.Connect(ctx)
				check(t, err)
				tx, err := c.BeginTwoPhase(ctx, "x1")
				check(t, err)
				check(t, tx.Prepare(ctx))
				wantError(t, tx.Commit(ctx), kind)
				wantError(t, c.Close(), engine.ErrInUse, `"x1" stays prepared`, "Engine.CommitPrepared")
				check(t, c.Close())
				ids, err := e.Prepared(ctx)
				check(t, err)
				if !slices.Equal(ids, []string{"x1"}) {
					t.Fatalf("prepared: %v", ids)
				}
				settle := e.RollbackPrepared
				if commit {
					settle = e.CommitPrepared
				}
				check(t, settle(ctx, "x1"))
				wantError(t, settle(ctx, "x1"), engine.ErrUndefined)
			})
		}
	}
}

// Rollback cannot reach what was prepared over a connection that is lost, and says so.
func TestTwoPhaseRollbackOfALostConnection(t *testing.T) {
	ctx := t.Context()
	e, db := open(t)
	db.FailRollbacks(&fakedb.Error{Kind: dialect.ErrConnectionLost, Message: "gone", Lost: true})
	db.FailPrepares(nil, &fakedb.Error{Kind: dialect.ErrConnectionLost, Message: "gone", Lost: true, MayHaveRun: true})
	c, err := e.Connect(ctx)
	check(t, err)
	tx, err := c.BeginTwoPhase(ctx, "x1")
	check(t, err)
	check(t, tx.Prepare(ctx))
	wantError(t, tx.Rollback(ctx), engine.ErrConnectionLost, `"x1" stays prepared`)
	check(t, c.Close())

	c, err = e.Connect(ctx)
	check(t, err)
	tx, err = c.BeginTwoPhase(ctx, "x2")
	check(t, err)
	wantError(t, tx.Prepare(ctx), engine.ErrConnectionLost, "may have been executed")
	wantError(t, tx.Rollback(ctx), engine.ErrConnectionLost, `"x2" may be prepared`)
	check(t, c.Close())
	check(t, e.RollbackPrepared(ctx, "x1"))
}

func TestTwoPhaseIsRefused(t *testing.T) {
	ctx := t.Context()
	e, db := open(t)
	c := connect(t, e)
	for id, part := range map[string]string{"": "needs an id", strings.Repeat("x", 21): "longer than 20 bytes", "a\x00b": "not text", "\xff": "not text"} {
		_, err := c.BeginTwoPhase(ctx, id)
		wantError(t, err, engine.ErrArguments, part)
		wantError(t, e.CommitPrepared(ctx, id), engine.ErrArguments, part)
	}
	_, err := c.BeginTwoPhase(ctx, "x", engine.Isolation(engine.Autocommit))
	wantError(t, err, engine.ErrArguments, "AUTOCOMMIT")
	_, err = c.BeginTwoPhase(ctx, "x", engine.Isolation(engine.Snapshot))
	wantError(t, err, engine.ErrUnsupported, "SNAPSHOT", "READ COMMITTED")
	tx, err := c.Begin(ctx)
	check(t, err)
	wantError(t, tx.Prepare(ctx), engine.ErrArguments, "Conn.BeginTwoPhase")
	check(t, tx.Rollback(ctx))
	wantLog(t, db, "BEGIN", "ROLLBACK")
	for _, name := range []string{"sqlite", "sqlserver", "oracle"} {
		if d, err := dialect.Lookup(name); err == nil {
			wantError(t, dialect.CheckPreparedID(d, "x"), engine.ErrUnsupported, "a two-phase transaction is not supported by", "an outbox")
		}
	}
}

// noTwoPhase reports whether the server takes no prepared transactions now.
func noTwoPhase(t *testing.T, e *engine.Engine) bool {
	t.Helper()
	if e.Dialect().Features().PreparedID == 0 {
		c := connect(t, e)
		_, err := c.BeginTwoPhase(t.Context(), "x")
		wantError(t, err, engine.ErrUnsupported, "a two-phase transaction", e.Dialect().Name(), "an outbox")
		_, err = e.Prepared(t.Context())
		wantError(t, err, engine.ErrUnsupported, "a two-phase transaction")
		return true
	}
	if e.Dialect().Name() != "postgres" {
		return false
	}
	most, err := engine.Scalar[string](t.Context(), e, engine.Text("SHOW max_prepared_transactions"))
	check(t, err)
	return most == "0"
}

func TestLiveTwoPhase(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		if noTwoPhase(t, e) {
			t.Log("not run: the server has no prepared transactions")
			return
		}
		ctx := t.Context()
		unique := strings.TrimPrefix(table, "engine_live_")
		prepare := func(c *engine.Conn, id string, row int, opts ...engine.TxOption) *engine.Tx {
			t.Helper()
			tx, err := c.BeginTwoPhase(ctx, id, opts...)
			check(t, err)
			check(t, put(ctx, tx, table, row, "it's", nil))
			check(t, tx.Transact(ctx, func(sp *engine.Tx) error { return put(ctx, sp, table, row+100, "savepoint", nil) }))
			check(t, tx.Prepare(ctx))
			return tx
		}
		is := func(id string, want bool) {
			t.Helper()
			ids, err := e.Prepared(ctx)
			check(t, err)
			if slices.Contains(ids, id) != want {
				t.Errorf("prepared are %q; %q among them: want %v", ids, id, want)
			}
		}
		c := connect(t, e)
		id := `it's "` + unique + "` \\"
		tx := prepare(c, id, 1, engine.Isolation(engine.Serializable))
		is(id, true)
		if n := count(t, e, table); n != 0 {
			t.Errorf("%d rows before the commit", n)
		}
		other := connect(t, e)
		_, err := other.BeginTwoPhase(ctx, id)
		if err == nil { // PostgreSQL finds out later
			check(t, other.Close())
		} else {
			wantError(t, err, engine.ErrDuplicateObject)
		}
		check(t, tx.Commit(ctx))
		is(id, false)
		if n := count(t, e, table); n != 2 {
			t.Errorf("%d rows after the commit", n)
		}
		check(t, prepare(c, id, 2).Rollback(ctx))
		is(id, false)

		// one phase, and a rollback before Prepare, on the same connection
		tx, err = c.BeginTwoPhase(ctx, id)
		check(t, err)
		check(t, put(ctx, tx, table, 3, "x", nil))
		check(t, tx.Commit(ctx))
		tx, err = c.BeginTwoPhase(ctx, id, engine.ReadOnly())
		check(t, err)
		wantError(t, put(ctx, tx, table, 4, "x", nil), engine.ErrReadOnly)
		check(t, tx.Rollback(ctx))
		if n := count(t, c, table); n != 3 {
			t.Errorf("%d rows", n)
		}

		// Close rolls back what was prepared and not decided
		left, err := e.Connect(ctx)
		check(t, err)
		prepare(left, id, 5)
		check(t, left.Close())
		is(id, false)

		// a program that has crashed
		lone, err := e.Connect(ctx)
		check(t, err)
		prepare(lone, id, 6)
		abandon(t, lone)
		is(id, true)
		wantError(t, e.RollbackPrepared(ctx, id+"x"), engine.ErrUndefined)
		for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
			// the server notices after a moment that its connection has gone
			if err = e.CommitPrepared(ctx, id); err == nil || time.Now().After(end) {
				break
			}
		}
		check(t, err)
		is(id, false)
		wantError(t, e.CommitPrepared(ctx, id), engine.ErrUndefined)
		if n := count(t, e, table); n != 5 {
			t.Errorf("%d rows", n)
		}
	})
}

// abandon ends the connection of c as a crash does: the driver's own is closed.
func abandon(t *testing.T, c *engine.Conn) {
	t.Helper()
	check(t, c.Conn().Close())
	if err := c.Close(); err == nil || !errors.Is(err, engine.ErrInUse) && !errors.Is(err, engine.ErrClosed) {
		t.Errorf("closing the Conn of a crashed connection: %v", err)
	}
}
