package engine_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

func insert(tx *engine.Tx) error {
	_, err := tx.Exec(context.Background(), "INSERT INTO t")
	return err
}

func TestTransact(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	type transact func(context.Context, func(*engine.Tx) error, ...engine.TransactOption) error
	for name, do := range map[string]transact{"engine": e.Transact, "conn": c.Transact} {
		t.Run(name, func(t *testing.T) {
			db.ClearLog()
			check(t, do(t.Context(), insert))
			wantLog(t, db, "BEGIN", "INSERT INTO t", "COMMIT")

			db.ClearLog()
			err := do(t.Context(), func(tx *engine.Tx) error { return errors.Join(insert(tx), errBoom) })
			wantError(t, err, errBoom)
			wantLog(t, db, "BEGIN", "INSERT INTO t", "ROLLBACK")

			db.ClearLog()
			func() {
				defer func() {
					if recover() != errBoom {
						t.Error("the panic did not go on")
					}
				}()
				_ = do(t.Context(), func(tx *engine.Tx) error { panic(errBoom) })
			}()
			wantLog(t, db, "BEGIN", "ROLLBACK")

			wantError(t, do(t.Context(), nil), engine.ErrArguments)
			wantError(t, do(t.Context(), insert, nil), engine.ErrArguments, "nil transaction option")
		})
	}
	if s := e.Stats(); s.Leased != 1 {
		t.Errorf("%v", s)
	}
}

func TestTransactGoexit(t *testing.T) {
	e, db := open(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = e.Transact(context.Background(), func(*engine.Tx) error {
			runtime.Goexit()
			return nil
		})
	}()
	<-done
	wantLog(t, db, "BEGIN", "ROLLBACK")
}

func TestTransactEndsItsTransactionItself(t *testing.T) {
	e, db := open(t)
	err := e.Transact(t.Context(), func(tx *engine.Tx) error {
		wantError(t, tx.Rollback(t.Context()), engine.ErrInUse, "return nil to commit")
		return tx.Commit(t.Context())
	})
	wantError(t, err, engine.ErrInUse, "Transact ends this transaction")
	wantLog(t, db, "BEGIN", "ROLLBACK")
}

func TestTransactWithRowsOpen(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(3))
	err := e.Transact(t.Context(), func(tx *engine.Tx) error {
		rows, err := tx.Query(t.Context(), "SELECT n")
		check(t, err)
		rows.Next()
		return nil
	})
	wantError(t, err, engine.ErrInUse, "rows of [SELECT n] are open")
	wantLog(t, db, "BEGIN", "SELECT n", "ROLLBACK")
}

func TestContextEndsInTransact(t *testing.T) {
	e, db := open(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	err := e.Transact(ctx, func(tx *engine.Tx) error { cancel(errBoom); return nil })
	wantError(t, err, engine.ErrCancelled)
	wantError(t, err, errBoom)
	wantLog(t, db, "BEGIN", "ROLLBACK")
	if db.Counts().Closes != 0 {
		t.Error("the connection was thrown away")
	}
}

func TestNested(t *testing.T) {
	e, db := open(t)
	check(t, e.Transact(t.Context(), func(tx *engine.Tx) error {
		check(t, tx.Transact(t.Context(), insert))
		wantError(t, tx.Transact(t.Context(), func(sp *engine.Tx) error {
			inTheWay(t, tx, engine.ErrInUse, "savepoint sp_2 is open")
			wantError(t, tx.Commit(t.Context()), engine.ErrInUse)
			return sp.Transact(t.Context(), func(*engine.Tx) error { return errBoom })
		}), errBoom)
		return insert(tx)
	}))
	wantLog(t, db, "BEGIN", "SAVEPOINT sp_1", "INSERT INTO t", "RELEASE SAVEPOINT sp_1",
		"SAVEPOINT sp_2", "SAVEPOINT sp_3", "ROLLBACK TO SAVEPOINT sp_3", "ROLLBACK TO SAVEPOINT sp_2",
		"INSERT INTO t", "COMMIT")
	if c := db.Counts(); c.Resets != 0 {
		t.Error("savepoints made the session dirty")
	}
}

func TestNestedOptionsAreRefused(t *testing.T) {
	e, db := open(t)
	check(t, e.Transact(t.Context(), func(tx *engine.Tx) error {
		wantError(t, tx.Transact(t.Context(), insert, engine.Retry(3)), engine.ErrUnsupported, "outermost")
		_, err := tx.Begin(t.Context(), engine.ReadOnly())
		wantError(t, err, engine.ErrUnsupported, "outermost")
		return nil
	}))
	wantLog(t, db, "BEGIN", "COMMIT")
}

func TestNoSavepoints(t *testing.T) {
	db := fakedb.New()
	db.SetFeatures(func(f *dialect.Features) { f.Savepoint = "" })
	e := on(t, db)
	check(t, e.Transact(t.Context(), func(tx *engine.Tx) error {
		_, err := tx.Begin(t.Context())
		wantError(t, err, engine.ErrUnsupported, "savepoint", "fakeserver")
		return nil
	}))
}

func TestSavepointWithoutRelease(t *testing.T) {
	db := fakedb.New()
	db.SetFeatures(func(f *dialect.Features) {
		f.Savepoint, f.Release, f.RollbackTo = "SAVE TRANSACTION {0}", "", "ROLLBACK TRANSACTION {0}"
	})
	e := on(t, db)
	check(t, e.Transact(t.Context(), func(tx *engine.Tx) error {
		check(t, tx.Transact(t.Context(), insert))
		wantError(t, tx.Transact(t.Context(), func(*engine.Tx) error { return errBoom }), errBoom)
		return insert(tx)
	}))
	wantLog(t, db, "BEGIN", "SAVE TRANSACTION sp_1", "INSERT INTO t", "SAVE TRANSACTION sp_2", "ROLLBACK TRANSACTION sp_2",
		"INSERT INTO t", "COMMIT")
}

func TestBegin(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	tx, err := c.Begin(t.Context())
	check(t, err)
	inTheWay(t, c, engine.ErrInUse, "transaction is open")
	wantError(t, c.Ping(t.Context()), engine.ErrInUse)
	check(t, insert(tx))
	check(t, tx.Commit(t.Context()))
	check(t, tx.Rollback(t.Context())) // as a deferred one does
	wantError(t, tx.Commit(t.Context()), engine.ErrClosed, "committed already")
	inTheWay(t, tx, engine.ErrClosed, "transaction was committed already")
	_, err = c.Exec(t.Context(), "UPDATE x")
	check(t, err)

	tx, err = c.Begin(t.Context())
	check(t, err)
	check(t, tx.Rollback(t.Context()))
	check(t, tx.Rollback(t.Context()))
	inTheWay(t, tx, engine.ErrClosed, "transaction was rolled back already")
	wantLog(t, db, "BEGIN", "INSERT INTO t", "COMMIT", "UPDATE x", "BEGIN", "ROLLBACK")
}

func TestEngineBegin(t *testing.T) {
	e, db := open(t)
	for _, end := range []func(*engine.Tx) error{
		func(tx *engine.Tx) error { return tx.Commit(t.Context()) },
		func(tx *engine.Tx) error { return tx.Rollback(t.Context()) },
	} {
		tx, err := e.Begin(t.Context())
		check(t, err)
		if e.Stats().Leased != 1 {
			t.Error("no connection")
		}
		check(t, end(tx))
		if e.Stats().Leased != 0 {
			t.Error("the connection was not given back")
		}
	}
	db.FailBegins(&fakedb.Error{Kind: dialect.ErrTooManyConnections, Message: "no"})
	_, err := e.Begin(t.Context())
	wantError(t, err, engine.ErrTooManyConnections, "[BEGIN]")
	if e.Stats().Leased != 0 {
		t.Error("the connection was not given back")
	}
	_, err = e.Begin(t.Context(), nil)
	wantError(t, err, engine.ErrArguments)
}

func TestRollbackEndsWhatIsWithin(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(3))
	tx, err := e.Begin(t.Context())
	check(t, err)
	sp, err := tx.Begin(t.Context())
	check(t, err)
	rows, err := sp.Query(t.Context(), "SELECT n")
	check(t, err)
	rows.Next()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	check(t, tx.Rollback(ctx)) // under a bound of its own
	wantError(t, rows.Scan(new(int)), engine.ErrClosed)
	wantError(t, rows.Close(), engine.ErrClosed)
	_, err = sp.Exec(t.Context(), "UPDATE x")
	wantError(t, err, engine.ErrClosed, "savepoint sp_1", "transaction around it ended")
	check(t, sp.Rollback(t.Context()))
	wantLog(t, db, "BEGIN", "SAVEPOINT sp_1", "SELECT n", "ROLLBACK")
}

func TestTxOptions(t *testing.T) {
	e, db := open(t, engine.WithDefaultTx(engine.ReadOnly(), engine.Isolation(engine.ReadCommitted)))
	check(t, e.Transact(t.Context(), insert))
	check(t, e.Transact(t.Context(), insert, engine.Isolation(engine.Serializable), engine.Deferrable(), engine.Retry(2)))
	tx, err := e.Begin(t.Context(), engine.ReadWrite())
	check(t, err)
	check(t, tx.Rollback(t.Context()))
	got := db.TxOptions()
	want := []dialect.TxOptions{
		{Isolation: engine.ReadCommitted, ReadOnly: true},
		{Isolation: engine.Serializable, ReadOnly: true, Deferrable: true},
		{Isolation: engine.ReadCommitted},
	}
	for i, w := range want {
		if got[i] != w {
			t.Errorf("transaction %d: %+v, want %+v", i, got[i], w)
		}
	}
	db.ClearLog()
	err = e.Transact(t.Context(), insert, engine.Isolation(engine.Snapshot))
	wantError(t, err, engine.ErrUnsupported, "SNAPSHOT", "READ COMMITTED")
	wantLog(t, db)
}

func TestCommitFails(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	db.FailCommits(&fakedb.Error{Kind: dialect.ErrForeignKeyViolation, Message: "deferred"})
	tx, err := c.Begin(t.Context())
	check(t, err)
	first := tx.Commit(t.Context())
	wantError(t, first, engine.ErrForeignKeyViolation, "[COMMIT]")
	inTheWay(t, tx, engine.ErrTransactionAborted, "roll back first", "deferred")
	wantError(t, tx.Commit(t.Context()), engine.ErrTransactionAborted, "roll back first")
	inTheWay(t, c, engine.ErrInUse)
	check(t, tx.Rollback(t.Context()))
	_, err = c.Exec(t.Context(), "UPDATE x")
	check(t, err)

	db.FailCommits(&fakedb.Error{Kind: dialect.ErrForeignKeyViolation, Message: "deferred"})
	db.ClearLog()
	wantError(t, c.Transact(t.Context(), insert), engine.ErrForeignKeyViolation)
	wantLog(t, db, "BEGIN", "INSERT INTO t", "COMMIT", "ROLLBACK")
}

func TestConnectionLostInTransaction(t *testing.T) {
	e, db := open(t)
	db.On("UPDATE lost", fakedb.Reply{Drop: fakedb.During})
	c := connect(t, e)
	tx, err := c.Begin(t.Context())
	check(t, err)
	sp, err := tx.Begin(t.Context())
	check(t, err)
	_, err = sp.Exec(t.Context(), "UPDATE lost")
	wantError(t, err, engine.ErrConnectionLost, "may have been executed")
	inTheWay(t, sp, engine.ErrTransactionAborted, "savepoint sp_1 has failed: roll back first", "connection dropped")
	inTheWay(t, tx, engine.ErrTransactionAborted, "transaction has failed: roll back first", "connection dropped")
	wantError(t, tx.Commit(t.Context()), engine.ErrConnectionLost)
	check(t, sp.Rollback(t.Context()))
	inTheWay(t, tx, engine.ErrTransactionAborted, "roll back first")
	check(t, tx.Rollback(t.Context()))
	inTheWay(t, c, engine.ErrConnectionLost, "close it and connect again")
	wantLog(t, db, "BEGIN", "SAVEPOINT sp_1", "UPDATE lost")

	err = e.Transact(t.Context(), func(tx *engine.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE lost")
		return err
	})
	wantError(t, err, engine.ErrConnectionLost)
	wantError(t, e.Transact(t.Context(), func(tx *engine.Tx) error {
		_, _ = tx.Exec(t.Context(), "UPDATE lost")
		return nil // forgets the error
	}), engine.ErrTransactionAborted, "roll back first")
}

func TestRollbackFails(t *testing.T) {
	e, db := open(t)
	db.FailRollbacks(&fakedb.Error{Kind: dialect.ErrOther, Message: "cannot"})
	err := e.Transact(t.Context(), func(*engine.Tx) error { return errBoom })
	wantError(t, err, errBoom, "cannot")
	if db.Counts().Closes != 1 && !fakedb.Poll(func() bool { return db.Counts().Closes == 1 }) {
		t.Error("a connection in an unknown transaction was kept")
	}
	db.On("ROLLBACK TO", fakedb.Fail(dialect.ErrOther, "no such savepoint"))
	err = e.Transact(t.Context(), func(tx *engine.Tx) error {
		err := tx.Transact(t.Context(), func(*engine.Tx) error { return errBoom })
		wantError(t, err, errBoom, "no such savepoint")
		inTheWay(t, tx, engine.ErrTransactionAborted, "roll back first")
		return err
	})
	wantError(t, err, errBoom)
}

func TestReleaseFails(t *testing.T) {
	e, db := open(t)
	db.On("RELEASE", fakedb.Fail(dialect.ErrOther, "cannot release"))
	tx, err := e.Begin(t.Context())
	check(t, err)
	sp, err := tx.Begin(t.Context())
	check(t, err)
	wantError(t, sp.Commit(t.Context()), nil, "cannot release")
	inTheWay(t, sp, engine.ErrTransactionAborted, "roll back first")
	check(t, sp.Rollback(t.Context()))
	check(t, insert(tx))
	check(t, tx.Commit(t.Context()))
}

func TestBeginFails(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	db.FailBegins(&fakedb.Error{Kind: dialect.ErrBusy, Message: "locked"})
	_, err := c.Begin(t.Context())
	wantError(t, err, engine.ErrBusy)
	_, err = c.Exec(t.Context(), "UPDATE x")
	check(t, err)
	db.FailBegins(fakedb.ErrDropped)
	_, err = c.Begin(t.Context())
	wantError(t, err, engine.ErrConnectionLost)
	inTheWay(t, c, engine.ErrConnectionLost)
}

var serialization = &fakedb.Error{Kind: dialect.ErrSerialization, Code: "40001", Message: "try again"}

func TestRetry(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	type transact func(context.Context, func(*engine.Tx) error, ...engine.TransactOption) error
	for name, do := range map[string]transact{"engine": e.Transact, "conn": c.Transact} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			db.FailCommits(serialization, &fakedb.Error{Kind: dialect.ErrDeadlock, Message: "dead"}, nil)
			check(t, do(t.Context(), func(*engine.Tx) error { calls++; return nil }, engine.Retry(5)))
			if calls != 3 {
				t.Errorf("called %d times", calls)
			}

			calls = 0
			db.FailCommits(serialization, serialization, serialization)
			err := do(t.Context(), func(*engine.Tx) error { calls++; return nil }, engine.Retry(2))
			wantError(t, err, engine.ErrSerialization, "after 3 attempts", "40001")
			if r, ok := errors.AsType[*engine.RetryError](err); calls != 3 || !ok || r.Attempts != 3 {
				t.Errorf("called %d times: %v", calls, err)
			}

			calls = 0
			err = do(t.Context(), func(*engine.Tx) error { calls++; return errBoom }, engine.Retry(5))
			if calls != 1 || err != errBoom {
				t.Errorf("an error that no retry can heal: %d calls, %v", calls, err)
			}

			calls = 0
			db.FailCommits(serialization)
			err = do(t.Context(), func(*engine.Tx) error { calls++; return nil })
			if _, ok := errors.AsType[*engine.RetryError](err); ok || calls != 1 {
				t.Errorf("retried without Retry: %v", err)
			}
			wantError(t, do(t.Context(), insert, engine.Retry(-1)), engine.ErrArguments, "Retry(-1)")
		})
	}
}

func TestNoRetryOfWhatMayHaveRun(t *testing.T) {
	e, db := open(t)
	db.FailCommits(&fakedb.Error{Kind: dialect.ErrSerialization, Message: "?", MayHaveRun: true, Lost: true})
	calls := 0
	err := e.Transact(t.Context(), func(*engine.Tx) error { calls++; return nil }, engine.Retry(5))
	wantError(t, err, engine.ErrSerialization)
	if calls != 1 {
		t.Errorf("called %d times", calls)
	}
}

func TestRetryEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, db := open(t)
		for range 100 {
			db.FailCommits(serialization)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		err := e.Transact(ctx, func(*engine.Tx) error { return nil }, engine.Retry(100))
		wantError(t, err, context.DeadlineExceeded, "attempts")
		if db.Counts().Commits > 10 {
			t.Errorf("%d attempts in 30 ms: no pause", db.Counts().Commits)
		}
	})
}

func TestRetryIsNoOptionOfBegin(t *testing.T) {
	if _, ok := engine.Retry(1).(engine.TxOption); ok {
		t.Error("Begin(ctx, engine.Retry(1)) compiles")
	}
}

// What is lost during COMMIT leaves the transaction to be rolled back, which
// sends nothing any more.
func TestConnectionLostInCommit(t *testing.T) {
	e, db := open(t)
	db.FailCommits(fakedb.ErrDroppedLate)
	c := connect(t, e)
	tx, err := c.Begin(t.Context())
	check(t, err)
	err = tx.Commit(t.Context())
	wantError(t, err, engine.ErrConnectionLost, "may have been executed")
	inTheWay(t, tx, engine.ErrTransactionAborted, "transaction has failed: roll back first")
	inTheWay(t, c, engine.ErrInUse, "a transaction is open")
	check(t, tx.Rollback(t.Context()))
	inTheWay(t, tx, engine.ErrClosed, "rolled back already")
	inTheWay(t, c, engine.ErrConnectionLost, "close it and connect again")
	wantLog(t, db, "BEGIN", "COMMIT")
}

func TestStatementsBeginNoTransaction(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	for range 2 {
		_, err := c.Exec(t.Context(), "INSERT INTO t")
		check(t, err)
	}
	check(t, c.Close())
	wantLog(t, db, "INSERT INTO t", "INSERT INTO t")
	if n := db.Counts().Begins + db.Counts().Rollbacks; n != 0 {
		t.Errorf("%d transactions", n)
	}
	for _, r := range []any{e, c} {
		if _, ok := r.(interface{ Commit(context.Context) error }); ok {
			t.Errorf("a %T can be committed", r)
		}
		if _, ok := r.(interface{ Rollback(context.Context) error }); ok {
			t.Errorf("a %T can be rolled back", r)
		}
	}
}

// Outside of a transaction every statement stands by itself.
func TestLiveStatementsStand(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		c := connect(t, e)
		check(t, put(t.Context(), c, table, 1, "stands", nil))
		wantError(t, put(t.Context(), c, table, 1, "twice", nil), engine.ErrUniqueViolation)
		check(t, c.Close())
		if n := count(t, e, table); n != 1 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestSavepointsInSavepoints(t *testing.T) {
	e, db := open(t)
	begin := func() (tx, one, two *engine.Tx) {
		t.Helper()
		var errs [3]error
		tx, errs[0] = e.Begin(t.Context())
		one, errs[1] = tx.Begin(t.Context())
		two, errs[2] = one.Begin(t.Context())
		check(t, errors.Join(errs[:]...))
		return tx, one, two
	}
	// what is kept in two goes with one
	tx, one, two := begin()
	check(t, insert(two))
	check(t, two.Commit(t.Context()))
	inTheWay(t, two, engine.ErrClosed, "savepoint sp_2 was committed already")
	inTheWay(t, tx, engine.ErrInUse, "savepoint sp_1 is open")
	check(t, insert(one))
	check(t, one.Rollback(t.Context()))
	inTheWay(t, one, engine.ErrClosed, "savepoint sp_1 was rolled back already")
	check(t, insert(tx))
	check(t, tx.Commit(t.Context()))
	wantLog(t, db, "BEGIN", "SAVEPOINT sp_1", "SAVEPOINT sp_2", "INSERT INTO t", "RELEASE SAVEPOINT sp_2", "INSERT INTO t",
		"ROLLBACK TO SAVEPOINT sp_1", "INSERT INTO t", "COMMIT")

	// both go with the transaction
	db.ClearLog()
	tx, one, two = begin()
	check(t, tx.Rollback(t.Context()))
	inTheWay(t, two, engine.ErrClosed, "transaction around it ended")
	inTheWay(t, one, engine.ErrClosed, "transaction around it ended")
	wantLog(t, db, "BEGIN", "SAVEPOINT sp_1", "SAVEPOINT sp_2", "ROLLBACK")

	// both are kept, and the transaction is still open
	db.ClearLog()
	tx, one, two = begin()
	check(t, two.Commit(t.Context()))
	check(t, one.Commit(t.Context()))
	check(t, insert(tx))
	check(t, tx.Rollback(t.Context()))
	wantLog(t, db, "BEGIN", "SAVEPOINT sp_1", "SAVEPOINT sp_2", "RELEASE SAVEPOINT sp_2", "RELEASE SAVEPOINT sp_1", "INSERT INTO t", "ROLLBACK")
}

func TestReleaseFailsInTransact(t *testing.T) {
	e, db := open(t)
	db.On("RELEASE", fakedb.Fail(dialect.ErrDiskFull, "cannot release"))
	check(t, e.Transact(t.Context(), func(tx *engine.Tx) error {
		err := tx.Transact(t.Context(), insert)
		wantError(t, err, engine.ErrDiskFull, "cannot release", "[RELEASE SAVEPOINT sp_1]")
		return insert(tx)
	}))
	wantLog(t, db, "BEGIN", "SAVEPOINT sp_1", "INSERT INTO t", "RELEASE SAVEPOINT sp_1", "ROLLBACK TO SAVEPOINT sp_1",
		"INSERT INTO t", "COMMIT")
}

// The error of a COMMIT that was given up is what the caller sees; nothing is
// sent over it.
func TestCancelledCommitIsWhatIsSeen(t *testing.T) {
	e, db := open(t)
	db.FailCommits(&fakedb.Error{Kind: dialect.ErrCancelled, Message: "given up", Lost: true, MayHaveRun: true})
	err := e.Transact(t.Context(), insert)
	wantError(t, err, engine.ErrCancelled, "given up", "[COMMIT]", "may have been executed")
	if _, ok := errors.AsType[*engine.Error](err); !ok || errors.Is(err, engine.ErrTransactionAborted) {
		t.Errorf("%#v", err)
	}
	wantLog(t, db, "BEGIN", "INSERT INTO t", "COMMIT")
	check(t, e.Ping(t.Context()))
	if n := db.Counts().Dials; n != 2 {
		t.Errorf("%d dials", n)
	}
}

func TestFailedStatementEndsNoTransaction(t *testing.T) {
	e, db := open(t)
	db.On("UPDATE", fakedb.Fail(engine.ErrCheckViolation, "no"))
	tx, err := e.Begin(t.Context())
	check(t, err)
	_, err = tx.Exec(t.Context(), "UPDATE t")
	wantError(t, err, engine.ErrCheckViolation)
	check(t, insert(tx))
	check(t, tx.Commit(t.Context()))
	wantLog(t, db, "BEGIN", "UPDATE t", "INSERT INTO t", "COMMIT")
}

func TestIsolationIsNoOptionOfAStatement(t *testing.T) {
	for _, o := range []any{engine.Isolation(engine.Serializable), engine.ReadOnly(), engine.Deferrable()} {
		if _, ok := o.(engine.CallOption); ok {
			t.Errorf("%T is an option of a statement", o)
		}
	}
}

// A text that ends the transaction behind the Tx would leave what follows to be
// committed by itself, so it is refused before it is sent.
func TestTextThatEndsTheTransaction(t *testing.T) {
	ctx := t.Context()
	e, db := open(t)
	tx, err := e.Begin(ctx)
	check(t, err)
	sp, err := tx.Begin(ctx)
	check(t, err)
	for text, word := range map[string]string{
		"COMMIT": "COMMIT", "rollback work": "ROLLBACK", "BEGIN": "BEGIN", "START TRANSACTION": "START TRANSACTION", "END": "END",
		"INSERT INTO t; COMMIT; INSERT INTO t": "COMMIT",
	} {
		_, err = sp.Exec(ctx, text)
		wantError(t, err, engine.ErrStatement, word+" in the text", "call its Commit or Rollback")
		_, err = sp.Query(ctx, text)
		wantError(t, err, engine.ErrStatement, word+" in the text")
		var b engine.Batch
		b.Exec(text)
		_, err = b.Run(ctx, sp)
		wantError(t, err, engine.ErrStatement, word+" in the text")
	}
	_, err = sp.Exec(ctx, "ROLLBACK TO SAVEPOINT sp_1")
	check(t, err)
	check(t, sp.Commit(ctx))
	check(t, insert(tx))
	check(t, tx.Commit(ctx))
	wantLog(t, db, "BEGIN", "SAVEPOINT sp_1", "ROLLBACK TO SAVEPOINT sp_1", "RELEASE SAVEPOINT sp_1", "INSERT INTO t", "COMMIT", "RESET")

	// Where there is no Tx, or one that is no transaction, they are the program's own.
	db.ClearLog()
	c := connect(t, e)
	_, err = c.Exec(ctx, "BEGIN")
	check(t, err)
	_, err = c.Exec(ctx, "COMMIT")
	check(t, err)
	check(t, c.Transact(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, "COMMIT")
		return err
	}, engine.Isolation(engine.Autocommit)))
	wantLog(t, db, "BEGIN", "COMMIT", "COMMIT")

	// A hook may make such a text.
	rewriting, _ := open(t, engine.WithHooks(engine.Hooks{Rewrite: func(_ context.Context, r *engine.Request) error {
		r.Text = "COMMIT"
		return nil
	}}))
	wantError(t, rewriting.Transact(ctx, insert), engine.ErrStatement, "COMMIT in the text")
}
