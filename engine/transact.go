package engine

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// The pauses between attempts: the first is about retryPause, each further one
// about twice as long, none longer than retryPauseMax.
const (
	retryPause    = 5 * time.Millisecond
	retryPauseMax = time.Second
)

// Begin takes a connection from the pool and begins a transaction on it. The
// connection goes back when the Tx is committed or rolled back: one of them must
// be called.
func (e *Engine) Begin(ctx context.Context, opts ...TxOption) (*Tx, error) {
	o, err := e.txOptions(opts)
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
	cfg, err := e.transactOptions(opts)
	if err != nil {
		return err
	}
	if f == nil {
		return errNilFunc
	}
	return retry(ctx, cfg.retries, func() error {
		c, err := e.Connect(ctx)
		if err != nil {
			return err
		}
		defer c.free()
		return c.transact(ctx, f, cfg.tx)
	})
}

var errNilFunc = dialect.Errorf(ErrArguments, "engine: Transact needs a function")

// Begin begins a transaction. Until it is committed or rolled back, the
// connection can be used through it only. Closing the Conn rolls it back.
func (c *Conn) Begin(ctx context.Context, opts ...TxOption) (*Tx, error) {
	o, err := c.eng.txOptions(opts)
	if err != nil {
		return nil, err
	}
	return c.begin(ctx, o, false)
}

// Transact is [Engine.Transact] on this connection.
func (c *Conn) Transact(ctx context.Context, f func(*Tx) error, opts ...TransactOption) error {
	cfg, err := c.eng.transactOptions(opts)
	if err != nil {
		return err
	}
	if f == nil {
		return errNilFunc
	}
	return retry(ctx, cfg.retries, func() error { return c.transact(ctx, f, cfg.tx) })
}

func (c *Conn) transact(ctx context.Context, f func(*Tx) error, o dialect.TxOptions) error {
	t, err := c.begin(ctx, o, true)
	if err != nil {
		return err
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
	return sp.call(ctx, f)
}

// call calls f with t and ends t.
func (t *Tx) call(ctx context.Context, f func(*Tx) error) error {
	returned := false
	defer func() {
		if returned {
			return
		}
		// a panic or Goexit: it goes on, so this error has nowhere to go
		if err := t.rollback(ctx); err != nil {
			t.c.eng.warn("rolling back after a panic", err)
		}
	}()
	err := f(t)
	if err == nil {
		err = t.commit(ctx)
	}
	returned = true
	if err == nil {
		return nil
	}
	return join(err, t.rollback(ctx))
}

// retry calls once until it succeeds, fails for good, or has been called n
// times more than once.
func retry(ctx context.Context, n int, once func() error) error {
	for attempt := 1; ; attempt++ {
		err := once()
		if err == nil {
			return nil
		}
		if n == 0 || !retryable(err) {
			if attempt > 1 {
				err = &RetryError{attempt, err}
			}
			return err
		}
		if attempt > n {
			return &RetryError{attempt, err}
		}
		pause := min(retryPauseMax, retryPause<<min(attempt-1, 10))
		pause = pause/2 + rand.N(pause)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return &RetryError{attempt, join(err, alive(ctx))}
		}
	}
}
