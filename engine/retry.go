package engine

import (
	"context"
	"errors"
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

// retrying says which transactions are run again, and how.
type retrying struct {
	n           int
	lockTimeout bool
	first, most time.Duration
}

// RetryOption is an option of [Retry].
type RetryOption interface{ retry(*transactConfig) }

type retrySetting func(*transactConfig)

func (o retrySetting) retry(c *transactConfig) { o(c) }

// OnLockTimeout has [Retry] run a transaction again after an [ErrLockTimeout]
// too. Waiting once more is not always wanted: the lock may be held for long.
func OnLockTimeout() RetryOption {
	return retrySetting(func(c *transactConfig) { c.retry.lockTimeout = true })
}

// Pauses sets how long [Retry] waits: about first before the second attempt,
// twice as long before each further one, and never longer than limit. The
// default is 5 milliseconds, up to a second.
func Pauses(first, limit time.Duration) RetryOption {
	return retrySetting(func(c *transactConfig) {
		if first <= 0 || limit < first {
			c.errs = append(c.errs, dialect.Errorf(ErrArguments, "engine: Pauses(%v, %v): the first must be positive, and the limit at least as long", first, limit))
			return
		}
		c.retry.first, c.retry.most = first, limit
	})
}

type retryOption struct {
	n    int
	opts []RetryOption
}

func (r retryOption) transact(c *transactConfig) {
	if r.n < 0 {
		c.errs = append(c.errs, dialect.Errorf(ErrArguments, "engine: Retry(%d): it must be at least 0", r.n))
		return
	}
	c.retry = retrying{n: r.n, first: retryPause, most: retryPauseMax}
	for _, o := range r.opts {
		if o == nil {
			c.errs = append(c.errs, errNilOption)
			continue
		}
		o.retry(c)
	}
}

// Retry runs the whole transaction again, at most n times, when it fails by a
// serialization failure, a deadlock, or a locked SQLite database
// ([Error.Retryable]), with a growing, random pause in between that ends with
// the context. The function must be safe to call again. What may have been
// committed is not run again. When all attempts have failed the error is a
// [RetryError]. Only the outermost transaction can be retried, and Begin takes
// no Retry: nothing could be run again.
func Retry(n int, opts ...RetryOption) TransactOption { return retryOption{n, opts} }

// again reports whether a transaction that failed with err may succeed when it
// is run again.
func (r *retrying) again(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.MayHaveRun {
		return false
	}
	return e.Retryable() || r.lockTimeout && e.Kind == ErrLockTimeout
}

// pause is how long to wait after an attempt: between half and one and a half
// of what is due.
func (r *retrying) pause(attempt int) time.Duration {
	due := r.most
	if shift := attempt - 1; shift < 30 && r.first<<shift>>shift == r.first {
		due = min(r.most, r.first<<shift)
	}
	return due/2 + rand.N(due)
}

// run calls once until it succeeds, fails for good, or has been called n
// times more than once.
func (r *retrying) run(ctx context.Context, once func() error) error {
	for attempt := 1; ; attempt++ {
		err := once()
		if err == nil {
			return nil
		}
		if r.n == 0 || !r.again(err) {
			if attempt > 1 {
				err = &RetryError{attempt, err}
			}
			return err
		}
		if attempt > r.n {
			return &RetryError{attempt, err}
		}
		timer := time.NewTimer(r.pause(attempt))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return &RetryError{attempt, join(err, alive(ctx))}
		}
	}
}
