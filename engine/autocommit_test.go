package engine_test

import (
	"context"
	"errors"
	"testing"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

// With isolation level AUTOCOMMIT nothing is begun: Begin, Commit and Rollback
// are there for the program alone.
func TestAutocommit(t *testing.T) {
	ctx := t.Context()
	e, db := open(t)
	auto, err := e.With(engine.WithDefaultTx(engine.Isolation(engine.Autocommit)))
	check(t, err)
	var ended []string
	check(t, auto.Transact(ctx, func(tx *engine.Tx) error {
		check(t, tx.OnCommit(func(context.Context) { ended = append(ended, "committed") }))
		_, err := tx.Exec(ctx, "VACUUM")
		return err
	}))
	wantError(t, auto.Transact(ctx, func(tx *engine.Tx) error {
		check(t, tx.OnRollback(func(context.Context, error) { ended = append(ended, "rolled back") }))
		_, err := tx.Exec(ctx, "INSERT")
		check(t, err)
		return errBoom
	}), errBoom)
	if len(ended) != 2 || ended[0] != "committed" || ended[1] != "rolled back" {
		t.Errorf("told: %v", ended)
	}

	c, err := e.Connect(ctx, engine.Isolation(engine.Autocommit))
	check(t, err)
	tx, err := c.Begin(ctx)
	check(t, err)
	_, err = c.Exec(ctx, "SELECT 1")
	wantError(t, err, engine.ErrInUse, "use its Tx")
	_, err = tx.Exec(ctx, "SELECT 2")
	check(t, err)
	wantError(t, tx.Transact(ctx, func(*engine.Tx) error { return nil }), engine.ErrUnsupported, "no savepoints")
	check(t, tx.Rollback(ctx))
	_, err = tx.Exec(ctx, "SELECT 3")
	wantError(t, err, engine.ErrClosed, "rolled back already")

	// another level for one transaction
	check(t, c.Transact(ctx, func(*engine.Tx) error { return nil }, engine.Isolation(engine.Serializable)))
	_, err = c.Begin(ctx)
	check(t, err)
	check(t, c.Close())
	wantLog(t, db, "VACUUM", "INSERT", "SELECT 2", "BEGIN", "COMMIT")
}

func TestAutocommitTakesNoOptions(t *testing.T) {
	ctx := t.Context()
	e, db := open(t)
	auto := engine.Isolation(engine.Autocommit)
	_, err := e.With(engine.WithDefaultTx(auto, engine.ReadOnly()))
	wantError(t, err, engine.ErrArguments, "read-only")
	_, err = e.Begin(ctx, auto, engine.Deferrable())
	wantError(t, err, engine.ErrArguments, "deferrable")
	_, err = e.Connect(ctx, auto, engine.ReadOnly())
	wantError(t, err, engine.ErrArguments, "read-only")
	none := func(*engine.Tx) error { return errors.New("called") }
	wantError(t, e.Transact(ctx, none, auto, engine.Retry(1)), engine.ErrArguments, "takes no Retry")
	wantError(t, e.Transact(ctx, none, engine.Retry(1), auto), engine.ErrArguments, "takes no Retry")
	wantLog(t, db)
}

// A connection that is lost in it fails it, as any other Tx.
func TestAutocommitConnectionLost(t *testing.T) {
	ctx := t.Context()
	e, db := open(t)
	db.On("INSERT", fakedb.Reply{Drop: fakedb.During})
	c := connect(t, e)
	tx, err := c.Begin(ctx, engine.Isolation(engine.Autocommit))
	check(t, err)
	_, err = tx.Exec(ctx, "INSERT")
	wantError(t, err, engine.ErrConnectionLost)
	_, err = tx.Exec(ctx, "INSERT")
	wantError(t, err, engine.ErrTransactionAborted, "roll back first")
	check(t, tx.Rollback(ctx))
}

// A level that the database does not have is refused with those that it has,
// wherever it is given, before anything is sent.
func TestLevelsAreListed(t *testing.T) {
	ctx := t.Context()
	e, db := open(t)
	for _, level := range []engine.IsolationLevel{engine.Snapshot, engine.IsolationLevel(99)} {
		o := engine.Isolation(level)
		_, begin := e.Begin(ctx, o)
		_, connect := e.Connect(ctx, o)
		_, with := e.With(engine.WithDefaultTx(o))
		for _, err := range []error{begin, connect, with, e.Transact(ctx, func(*engine.Tx) error { return nil }, o)} {
			wantError(t, err, engine.ErrUnsupported, "isolation level "+level.String(), "READ COMMITTED, REPEATABLE READ, SERIALIZABLE, or AUTOCOMMIT")
		}
	}
	wantLog(t, db)
}

// What no transaction may hold runs in Transact, and a rollback undoes nothing.
func TestLiveAutocommit(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		auto := engine.Isolation(engine.Autocommit)
		wantError(t, e.Transact(ctx, func(tx *engine.Tx) error {
			check(t, put(ctx, tx, table, 1, "x", nil))
			return errBoom
		}, auto), errBoom)
		if n := count(t, e, table); n != 1 {
			t.Errorf("%d rows", n)
		}
		if name := e.Dialect().Name(); name == "postgres" || name == "sqlite" {
			vacuum := func(tx *engine.Tx) error {
				_, err := tx.Exec(ctx, "VACUUM")
				return err
			}
			check(t, e.Transact(ctx, vacuum, auto))
			if e.Transact(ctx, vacuum) == nil {
				t.Error("VACUUM ran in a transaction")
			}
		}
		// the next user of the connection has transactions
		wantError(t, e.Transact(ctx, func(tx *engine.Tx) error {
			check(t, put(ctx, tx, table, 2, "x", nil))
			return errBoom
		}), errBoom)
		if n := count(t, e, table); n != 1 {
			t.Errorf("%d rows", n)
		}
	}, engine.WithPoolSize(1))
}
