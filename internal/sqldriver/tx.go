package sqldriver

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// levels maps isolation levels to those of database/sql.
var levels = map[dialect.Isolation]sql.IsolationLevel{
	dialect.DefaultIsolation: sql.LevelDefault,
	dialect.ReadUncommitted:  sql.LevelReadUncommitted,
	dialect.ReadCommitted:    sql.LevelReadCommitted,
	dialect.RepeatableRead:   sql.LevelRepeatableRead,
	dialect.Snapshot:         sql.LevelSnapshot,
	dialect.Serializable:     sql.LevelSerializable,
}

// Begin starts a transaction. A connection has one at a time.
func (c *Conn) Begin(ctx context.Context, o dialect.TxOptions) error {
	if err := c.mayBegin(ctx, o); err != nil {
		return err
	}
	if c.cfg.Begin != nil {
		texts, err := c.cfg.Begin(o)
		if err != nil {
			return err
		}
		return c.beginBy(ctx, texts)
	}
	c.txCtx.set(ctx)
	tx, err := c.startTx(&c.txCtx, o)
	c.txCtx.set(context.Background())
	c.used()
	if err != nil {
		return c.fail(ctx, err, before)
	}
	c.inTx, c.tx, c.refused = true, tx, false
	c.ended, c.doubt = nil, nil
	return nil
}

// mayBegin says why no transaction can be begun.
func (c *Conn) mayBegin(ctx context.Context, o dialect.TxOptions) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	if c.inTx {
		return dialect.Errorf(dialect.ErrInUse, "a transaction is open on the connection already; use a savepoint")
	}
	if c.cfg.Dialect == nil {
		return nil
	}
	return dialect.CheckTx(c.cfg.Dialect, o)
}

// beginBy begins a transaction by texts.
func (c *Conn) beginBy(ctx context.Context, texts []string) error {
	for i, text := range texts {
		if err := c.text(ctx, text); err != nil {
			c.broken = c.broken || i > 0 // a setting for the next transaction is left over
			return err
		}
	}
	c.inTx, c.tx = true, nil
	c.ended, c.doubt = nil, nil
	return nil
}

// judge books what the failure of a statement has done to the transaction
// around it.
func (c *Conn) judge(err error) {
	if !c.inTx || c.cfg.Ends == nil || c.two.id != "" { // of two phases, the server holds it until it is told
		return
	}
	switch c.cfg.Ends(err) {
	case Ended:
		c.ended = err
	case MayEnd:
		c.doubt = err
	}
}

// over says that the server has ended the transaction, where it has.
func (c *Conn) over(ctx context.Context) error {
	if err := c.doubt; err != nil && c.ended == nil {
		c.doubt = nil
		open, e := c.cfg.Open(ctx, c, err)
		if e != nil {
			c.doubt = err
			return e
		}
		if open {
			return nil
		}
		c.ended = err
	}
	return &dialect.Error{Kind: dialect.ErrTransactionAborted, Err: c.ended, Message: "the server has rolled it back after an error: " + c.ended.Error()}
}

func (c *Conn) startTx(ctx context.Context, o dialect.TxOptions) (driver.Tx, error) {
	if c.cfg.StartTx != nil {
		return c.cfg.StartTx(ctx, c.raw, o)
	}
	if b, ok := c.raw.(driver.ConnBeginTx); ok {
		return b.BeginTx(ctx, driver.TxOptions{Isolation: driver.IsolationLevel(levels[o.Isolation]), ReadOnly: o.ReadOnly})
	}
	if o != (dialect.TxOptions{}) {
		return nil, dialect.Errorf(dialect.ErrUnsupported, "the driver begins transactions without options only")
	}
	//lint:ignore SA1019 drivers from before contexts are served too
	return c.raw.Begin()
}

// Commit ends the transaction and keeps its changes.
func (c *Conn) Commit(ctx context.Context) error { return c.end(ctx, "COMMIT") }

// Rollback ends the transaction and drops its changes.
func (c *Conn) Rollback(ctx context.Context) error { return c.end(ctx, "ROLLBACK") }

func (c *Conn) end(ctx context.Context, text string) error {
	if text == "ROLLBACK" {
		c.ended, c.doubt = nil, nil
	}
	if err := c.ready(ctx); err != nil {
		return err
	}
	if c.refused && text == "ROLLBACK" {
		return nil // the driver takes the transaction for ended
	}
	if !c.inTx {
		return dialect.Errorf(dialect.ErrStatement, "%s: no transaction is open", text)
	}
	if c.two.id != "" {
		return c.endTwoPhase(ctx, text == "COMMIT")
	}
	tx := c.tx
	if tx == nil {
		// after a failed COMMIT the transaction may be open still: a ROLLBACK
		// has to follow, and does no harm where there is none
		err := c.text(ctx, text)
		c.inTx = err != nil
		return err
	}
	c.inTx, c.tx = false, nil
	c.txCtx.set(ctx)
	defer c.txCtx.set(context.Background())
	defer c.used()
	var err error
	if t, ok := tx.(contextTx); ok {
		if text == "COMMIT" {
			err = t.CommitContext(ctx)
		} else {
			err = t.RollbackContext(ctx)
		}
	} else if text == "COMMIT" {
		err = tx.Commit()
	} else {
		err = tx.Rollback()
	}
	c.refused = err != nil && text == "COMMIT"
	return c.fail(ctx, err, running)
}

// contextTx is a driver.Tx that takes a context.
type contextTx interface {
	CommitContext(ctx context.Context) error
	RollbackContext(ctx context.Context) error
}

// txContext is the context that a driver gets for a transaction. Some drivers
// keep it and use it again for the commit, when the context of Begin may have
// ended long ago; so it stands for the context of the call that is under way,
// and for one that never ends between calls.
type txContext struct {
	mu  sync.Mutex
	cur context.Context
}

func (t *txContext) set(ctx context.Context) {
	t.mu.Lock()
	t.cur = ctx
	t.mu.Unlock()
}

func (t *txContext) get() context.Context {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cur == nil {
		return context.Background()
	}
	return t.cur
}

func (t *txContext) Deadline() (time.Time, bool) { return t.get().Deadline() }
func (t *txContext) Done() <-chan struct{}       { return t.get().Done() }
func (t *txContext) Err() error                  { return t.get().Err() }
func (t *txContext) Value(key any) any           { return t.get().Value(key) }
