package engine

import (
	"context"
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// OnCommit has f called once the outermost transaction is committed, and its
// connection given back where the transaction has brought it; never if t, or
// what it is within, is rolled back. Functions are called in the order in which
// they were given, with the values of Commit's context but not its end. A panic
// of one keeps the rest from being called. It is an error once t has ended.
func (t *Tx) OnCommit(f func(ctx context.Context)) error {
	return t.hook(func() { t.onCommit = append(t.onCommit, f) }, f == nil)
}

// OnRollback has f called when t has been rolled back: by itself, with what it
// is within, or because its connection was closed. cause is why: the error
// given to Transact or by Commit, nil for a plain Rollback. After a Commit
// whose outcome is not known ([Error].MayHaveRun) the transaction may have been
// committed even so. Functions are called in reverse order. It is an error once
// t has ended.
func (t *Tx) OnRollback(f func(ctx context.Context, cause error)) error {
	return t.hook(func() { t.onRollback = append(t.onRollback, f) }, f == nil)
}

func (t *Tx) hook(add func(), missing bool) error {
	if missing {
		return dialect.Errorf(ErrArguments, "engine: OnCommit and OnRollback need a function")
	}
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	if t.ended() {
		return t.gone()
	}
	add()
	return nil
}

// ending is what is called after a transaction or savepoint has ended.
type ending struct {
	commit   []func(context.Context)
	rollback []func(context.Context, error)
	cause    error
	after    []func(committed bool, err error)
}

// kept takes what is called for a commit of t. Conn.mu is held.
func (t *Tx) kept() *ending {
	e := &ending{commit: t.onCommit}
	if t.after != nil {
		e.after = append(e.after, t.after)
	}
	t.onCommit, t.onRollback, t.after = nil, nil, nil
	return e
}

// undone adds to e what is called for the end of t without a commit. Conn.mu is held.
func (t *Tx) undone(e *ending) {
	slices.Reverse(t.onRollback)
	e.rollback = append(e.rollback, t.onRollback...)
	if t.after != nil {
		e.after = append(e.after, t.after)
	}
	if e.cause == nil {
		e.cause = t.failure
	}
	t.onCommit, t.onRollback, t.after = nil, nil, nil
}

// inherit gives a released savepoint's functions to what it is within. Conn.mu is held.
func (t *Tx) inherit() {
	t.parent.onCommit = append(t.parent.onCommit, t.onCommit...)
	t.parent.onRollback = append(t.parent.onRollback, t.onRollback...)
	t.onCommit, t.onRollback = nil, nil
}

// run calls the functions. err is that of ROLLBACK.
func (e *ending) run(ctx context.Context, committed bool, err error) {
	if e == nil {
		return
	}
	for _, f := range e.after {
		f(committed, join(e.cause, err))
	}
	if e.commit == nil && e.rollback == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	if committed {
		for _, f := range e.commit {
			f(ctx)
		}
		return
	}
	for _, f := range e.rollback {
		f(ctx, e.cause)
	}
}
