package engine

import (
	"context"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// twoPhase is how far a transaction of BeginTwoPhase has come. Conn.mu guards it.
type twoPhase struct {
	id        string
	preparing bool // Prepare was sent
	prepared  bool // and has succeeded
	decided   bool // Commit was sent after that
}

// BeginTwoPhase begins a transaction that can be committed in two phases
// together with those of other databases. id names it in all of them, and must
// be unique to it:
//
//	tx, err := conn.BeginTwoPhase(ctx, id)
//	… // statements
//	err = tx.Prepare(ctx) // from now on it survives this program and the server
//	… // once all have prepared, and that was written down
//	err = tx.Commit(ctx)
//
// Commit without Prepare is an ordinary commit, and Rollback works at any time.
// Closing the Conn rolls back, also what was prepared, unless Commit was
// called: then the transaction stays prepared, and Close says so. What a
// program that has crashed left behind is found by [Engine.Prepared] and ended
// by [Engine.CommitPrepared] or [Engine.RollbackPrepared]; until then its locks
// are held.
//
// PostgreSQL (where max_prepared_transactions is not 0), MySQL and MariaDB have
// this; it is an [ErrUnsupported] elsewhere.
func (c *Conn) BeginTwoPhase(ctx context.Context, id string, opts ...TxOption) (*Tx, error) {
	o, err := c.tx.with(opts)
	if err != nil {
		return nil, err
	}
	if err := dialect.CheckPreparedID(c.d, id); err != nil {
		return nil, err
	}
	if o.Isolation == Autocommit {
		return nil, dialect.Errorf(ErrArguments, "engine: a two-phase transaction cannot be one of isolation level AUTOCOMMIT")
	}
	conn, err := c.twoPhaser()
	if err != nil {
		return nil, err
	}
	return c.beginBy(ctx, o, false, twoPhase{id: id}, func(ctx context.Context) error { return conn.BeginTwoPhase(ctx, id, o) })
}

func (c *Conn) twoPhaser() (dialect.TwoPhaser, error) {
	conn, ok := c.conn.(dialect.TwoPhaser)
	if !ok {
		return nil, dialect.Unsupported(c.d, "a two-phase transaction on this connection", "open the Engine by a URL")
	}
	return conn, nil
}

// Prepare ends the statements of a transaction of [Conn.BeginTwoPhase] and
// makes it durable: only Commit and Rollback are left. When it fails the
// transaction has to be rolled back. Where the error says that it may have run
// ([Error].MayHaveRun), [Engine.Prepared] tells whether it has.
func (t *Tx) Prepare(ctx context.Context) error {
	if err := alive(ctx); err != nil {
		return err
	}
	c := t.c
	if t.two.id == "" {
		return dialect.Errorf(ErrArguments, "engine: only a transaction of Conn.BeginTwoPhase can be prepared, not this %s", t.kind())
	}
	conn, err := c.twoPhaser()
	if err != nil {
		return err
	}
	seq, err := c.enter(t, "PREPARE TRANSACTION")
	if err != nil {
		return err
	}
	c.mu.Lock()
	t.two.preparing = true
	c.mu.Unlock()
	err = c.round(ctx, "PREPARE TRANSACTION", conn.Prepare)
	c.mu.Lock()
	if err != nil {
		t.fail(err)
	} else {
		t.state, t.two.prepared = txPrepared, true
	}
	c.mu.Unlock()
	return c.leaveAfter(seq, err)
}

// enterCommit begins the use that commits t, which may be prepared.
func (t *Tx) enterCommit() (seq uint64, prepared bool, err error) {
	c := t.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if prepared = t.state == txPrepared; prepared {
		t.state = txOpen
	}
	if err = c.check(t); err != nil {
		if prepared {
			t.state = txPrepared
		}
		return 0, prepared, err
	}
	t.two.decided = t.two.decided || prepared
	c.what = "COMMIT"
	return c.seq.Add(1), prepared, nil
}

// errPrepared is for the use of a transaction that is prepared.
func (t *Tx) errPrepared() error {
	return dialect.Errorf(ErrInUse, "engine: the transaction %q is prepared: commit it or roll it back", t.two.id)
}

// left says that a transaction stays prepared on the server.
func (t *Tx) left(why error) error {
	stays := "stays prepared"
	if !t.two.prepared {
		stays = "may be prepared"
	}
	text := "engine: the transaction %q " + stays + " and holds its locks: end it by Engine.CommitPrepared or Engine.RollbackPrepared"
	if why == nil {
		return dialect.Errorf(ErrInUse, text, t.two.id)
	}
	return dialect.Errorf(ErrInUse, text+": %w", t.two.id, why)
}

// Prepared lists the two-phase transactions that are prepared in the database
// and wait for [Engine.CommitPrepared] or [Engine.RollbackPrepared], those of
// other programs among them, and those that are about to be committed by their
// own. MySQL wants the privilege XA_RECOVER_ADMIN, and lists those of the whole server.
func (e *Engine) Prepared(ctx context.Context) (ids []string, err error) {
	err = e.settling(ctx, "list", "prepared transactions", func(ctx context.Context, conn dialect.TwoPhaser) (err error) {
		ids, err = conn.Prepared(ctx)
		return err
	})
	return ids, err
}

// CommitPrepared commits a two-phase transaction that was prepared, perhaps by
// a program that has ended since. An id that is not known is an [ErrUndefined].
func (e *Engine) CommitPrepared(ctx context.Context, id string) error {
	return e.settling(ctx, id, "COMMIT PREPARED", func(ctx context.Context, conn dialect.TwoPhaser) error { return conn.Settle(ctx, id, true) })
}

// RollbackPrepared undoes a two-phase transaction that was prepared; see
// [Engine.CommitPrepared].
func (e *Engine) RollbackPrepared(ctx context.Context, id string) error {
	return e.settling(ctx, id, "ROLLBACK PREPARED", func(ctx context.Context, conn dialect.TwoPhaser) error { return conn.Settle(ctx, id, false) })
}

// settling makes a round trip about prepared transactions, on a connection of the pool.
func (e *Engine) settling(ctx context.Context, id, text string, f func(context.Context, dialect.TwoPhaser) error) error {
	if err := alive(ctx); err != nil {
		return err
	}
	c, err := e.Connect(ctx)
	if err != nil {
		return err
	}
	defer c.free()
	if err := dialect.CheckPreparedID(c.d, id); err != nil {
		return err
	}
	conn, err := c.twoPhaser()
	if err != nil {
		return err
	}
	seq, err := c.enter(nil, text)
	if err != nil {
		return err
	}
	err = c.round(ctx, text, func(ctx context.Context) error { return f(ctx, conn) })
	return c.leaveAfter(seq, err)
}
