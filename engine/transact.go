package engine

import (
	"context"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Begin takes a connection from the pool and begins a transaction on it. The
// connection goes back when the Tx is committed or rolled back: one of them must
// be called.
func (e *Engine) Begin(ctx context.Context, opts ...TxOption) (*Tx, error) {
	o, err := defaultTx(e.tx).with(opts)
	if err != nil {
		return nil, err
	}
	c, err := e.Connect(ctx)
	if err != nil {
		return nil, err
	}
	t, err := c.begin(ctx, o, false)
	if err != nil {
		c.free()
		return nil, err
	}
	t.ownsC = true
	return t, nil
}

// Transact calls f with a transaction on a connection of the pool. It commits
// if f returns nil, and rolls back if f returns an error, panics or ends its
// goroutine. The rollback works under [WithCloseTimeout] if ctx has ended.
// With [Retry], f may be called several times.
func (e *Engine) Transact(ctx context.Context, f func(*Tx) error, opts ...TransactOption) error {
	cfg, err := defaultTx(e.tx).transact(opts)
	if err != nil {
		return err
	}
	if f == nil {
		return errNilFunc
	}
	return cfg.retry.run(ctx, func() (err error) {
		c, err := e.Connect(ctx)
		if err != nil {
			return err
		}
		var end func()
		func() {
			defer c.free()
			end, err = c.transact(ctx, f, cfg.tx)
		}()
		end()
		return err
	})
}

var errPanicked = dialect.Errorf(ErrOther, "engine: the function given to Transact did not return")

var errNilFunc = dialect.Errorf(ErrArguments, "engine: Transact needs a function")

// Begin begins a transaction. Until it is committed or rolled back, the
// connection can be used through it only. Closing the Conn rolls it back.
func (c *Conn) Begin(ctx context.Context, opts ...TxOption) (*Tx, error) {
	o, err := c.tx.with(opts)
	if err != nil {
		return nil, err
	}
	return c.begin(ctx, o, false)
}

// Transact is [Engine.Transact] on this connection.
func (c *Conn) Transact(ctx context.Context, f func(*Tx) error, opts ...TransactOption) error {
	cfg, err := c.tx.transact(opts)
	if err != nil {
		return err
	}
	if f == nil {
		return errNilFunc
	}
	return cfg.retry.run(ctx, func() error {
		end, err := c.transact(ctx, f, cfg.tx)
		end()
		return err
	})
}

// transact is one attempt. end is to be called when the connection was given
// back.
func (c *Conn) transact(ctx context.Context, f func(*Tx) error, o dialect.TxOptions) (end func(), err error) {
	t, err := c.begin(ctx, o, true)
	if err != nil {
		return func() {}, err
	}
	return t.call(ctx, f)
}

// Transact calls f with a savepoint: its work is kept if f returns nil, and
// undone if it returns an error or panics. It takes no options: those belong to
// the outermost transaction.
func (t *Tx) Transact(ctx context.Context, f func(*Tx) error, opts ...TransactOption) error {
	if len(opts) > 0 {
		return errNested
	}
	if f == nil {
		return errNilFunc
	}
	sp, err := t.savepoint(ctx, true)
	if err != nil {
		return err
	}
	end, err := sp.call(ctx, f)
	end()
	return err
}

// call calls f with t and ends t. end calls the functions for that.
func (t *Tx) call(ctx context.Context, f func(*Tx) error) (end func(), err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		// a panic or Goexit: it goes on, so this error has nowhere to go
		end, err := t.rollback(ctx, errPanicked)
		if err != nil {
			t.c.eng.warn("rolling back after a panic", err)
		}
		end.run(ctx, false, err)
	}()
	err = f(t)
	var kept *ending
	if err == nil {
		kept, err = t.commit(ctx)
	}
	returned = true
	if err == nil {
		return func() { kept.run(ctx, true, nil) }, nil
	}
	undone, rerr := t.rollback(ctx, err)
	return func() { undone.run(ctx, false, rerr) }, join(err, rerr)
}
