package engine

import (
	"context"
	"strconv"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Tx is a transaction, or a savepoint within one: it ends with Commit or
// Rollback, or with the function given to Transact. It is for one goroutine at
// a time, as its connection is. While a savepoint is open, what is outside of it
// cannot be used.
//
// When the connection is lost or a commit fails, every use gives the same
// error, of kind [ErrTransactionAborted] and wrapping the cause, until the Tx is
// rolled back.
type Tx struct {
	c       *Conn
	parent  *Tx
	name    string // the savepoint's; empty for a transaction
	managed bool   // Transact ends it
	auto    bool   // of isolation level AUTOCOMMIT: there is no transaction
	ownsC   bool   // the Conn goes with it

	// Guarded by Conn.mu.
	state txState
	cause error // what every use says once it has failed
	two   twoPhase

	failure    error // by which it failed
	onCommit   []func(context.Context)
	onRollback []func(context.Context, error)
	after      func(committed bool, err error)
}

type txState uint8

const (
	txOpen txState = iota
	txFailed
	txPrepared
	txCommitted
	txRolledBack
	txGone // its connection was closed, or what it is within was rolled back
)

var (
	_ dialect.Runner = (*Tx)(nil)
	_ dialect.Lease  = (*Tx)(nil)
	_ dialect.Leaser = (*Tx)(nil)
)

// kind is what the Tx is, for messages.
func (t *Tx) kind() string {
	if t.name != "" {
		return "savepoint " + t.name
	}
	return "transaction"
}

// ended reports whether nothing can be done with t any more. Conn.mu is held.
func (t *Tx) ended() bool { return t.state >= txCommitted }

// gone is the error for the use of a Tx that has ended. Conn.mu is held.
func (t *Tx) gone() error {
	how := "was rolled back when its connection was closed or the transaction around it ended"
	switch t.state {
	case txCommitted:
		how = "was committed already"
	case txRolledBack:
		how = "was rolled back already"
	}
	return dialect.Errorf(ErrClosed, "engine: the %s %s", t.kind(), how)
}

// fail makes every further use say that t has to be rolled back. Conn.mu is held.
func (t *Tx) fail(cause error) {
	if t.state == txOpen {
		t.state, t.failure = txFailed, cause
		t.cause = dialect.Errorf(ErrTransactionAborted, "engine: the %s has failed: roll back first: %w", t.kind(), cause)
	}
}

// begin begins a transaction on the connection.
func (c *Conn) begin(ctx context.Context, o dialect.TxOptions, managed bool) (*Tx, error) {
	if o.Isolation == Autocommit {
		return c.beginNone(ctx, o, managed)
	}
	return c.beginBy(ctx, o, managed, twoPhase{}, func(ctx context.Context) error { return c.conn.Begin(ctx, o) })
}

func (c *Conn) beginBy(ctx context.Context, o dialect.TxOptions, managed bool, two twoPhase, begin func(context.Context) error) (*Tx, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	seq, err := c.enter(nil, "BEGIN")
	if err != nil {
		return nil, err
	}
	after := c.eng.beforeTransaction(ctx, o)
	if begin != nil {
		err = c.round(ctx, "BEGIN", begin)
	}
	if err != nil {
		if e, ok := err.(*Error); ok && e.MayHaveRun {
			harmless := *e // nothing of the transaction has been sent
			harmless.MayHaveRun = false
			err = &harmless
		}
		lost, all := isLost(err)
		if !lost {
			c.leave(seq, nil, false)
		} else {
			c.leave(seq, err, all)
		}
		if after != nil {
			after(false, err)
		}
		return nil, err
	}
	t := &Tx{c: c, managed: managed, after: after, two: two}
	c.mu.Lock()
	c.top, c.savepoints = t, 0
	c.mu.Unlock()
	c.leave(seq, nil, false)
	return t, nil
}

// savepoint sets a savepoint within t.
func (t *Tx) savepoint(ctx context.Context, managed bool) (*Tx, error) {
	c := t.c
	if t.auto {
		return nil, errAutoSavepoint
	}
	f := c.d.Features()
	if f.Savepoint == "" {
		return nil, dialect.Unsupported(c.d, "a savepoint", "begin one transaction only")
	}
	c.mu.Lock()
	name := "sp_" + strconv.Itoa(c.savepoints+1)
	c.mu.Unlock()
	if _, err := c.exec(ctx, t, savepointText{f.Savepoint, name}); err != nil {
		return nil, err
	}
	sp := &Tx{c: c, parent: t, name: name, managed: managed}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.top != t || c.closed {
		return nil, t.gone()
	}
	c.top = sp
	c.savepoints++
	return sp, nil
}

// savepointText is a statement about a savepoint, from Features.
type savepointText struct{ template, name string }

func (s savepointText) CompileSQL(c *dialect.Compiled) error {
	c.Template(s.template, func(int) { c.Ident(s.name) })
	return nil
}

// Commit commits the transaction, or releases the savepoint. When that fails,
// the transaction is not committed, unless the error says that it may have
// been ([Error].MayHaveRun), and Rollback has to follow. A second Commit is an
// [ErrClosed]. Within Transact it is an error: that commits by itself.
func (t *Tx) Commit(ctx context.Context) error {
	if t.managed {
		return errManaged
	}
	end, err := t.commit(ctx)
	if err == nil {
		t.done()
		end.run(ctx, true, nil)
	}
	return err
}

var errManaged = dialect.Errorf(ErrInUse, "engine: Transact ends this transaction: return nil to commit it, an error to roll it back")

// commit commits. What it returns is to be run when the connection was given
// back.
func (t *Tx) commit(ctx context.Context) (end *ending, err error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	c := t.c
	if t.name != "" {
		return nil, t.release(ctx)
	}
	seq, prepared, err := t.enterCommit()
	if err != nil {
		return nil, err
	}
	if !t.auto {
		err = c.round(ctx, "COMMIT", c.conn.Commit)
	}
	c.mu.Lock()
	switch {
	case err != nil && prepared:
		t.state = txPrepared // Commit may be called again
	case err != nil:
		t.fail(err)
	default:
		t.state, c.top = txCommitted, nil
		end = t.kept()
	}
	c.mu.Unlock()
	if lost, all := isLost(err); lost {
		c.leave(seq, err, all)
	} else {
		c.leave(seq, nil, false)
	}
	return end, err
}

// release ends a savepoint and keeps its work.
func (t *Tx) release(ctx context.Context) error {
	c := t.c
	if f := c.d.Features(); f.Release != "" {
		if _, err := c.exec(ctx, t, savepointText{f.Release, t.name}); err != nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.top == t {
				t.fail(err)
			}
			return err
		}
	} else {
		seq, err := c.enter(t, "release "+t.name)
		if err != nil {
			return err
		}
		c.leave(seq, nil, false)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t.state, c.top = txCommitted, t.parent
	t.inherit()
	return nil
}

// Rollback undoes the transaction, or what was done since the savepoint. It
// does nothing once the Tx has ended, so it can be deferred. Rows that are open
// are closed, and open savepoints within go with it. It works under
// [WithCloseTimeout] if ctx has ended. When it fails the connection is
// discarded, which undoes the work too. Within Transact it is an error: that
// rolls back by itself.
func (t *Tx) Rollback(ctx context.Context) error {
	if t.managed {
		return errManaged
	}
	end, err := t.rollback(ctx, nil)
	if end != nil {
		t.done()
		end.run(ctx, false, err)
	}
	return err
}

// rollback undoes t, because of cause. What it returns, nil if t had ended or is
// in use, is to be run when the connection was given back.
func (t *Tx) rollback(ctx context.Context, cause error) (*ending, error) {
	c := t.c
	if ctx == nil {
		return nil, errNilContext
	}
	c.mu.Lock()
	if t.ended() {
		c.mu.Unlock()
		return nil, nil
	}
	if err := c.closeRows("a Conn or Tx is for one goroutine at a time"); err != nil {
		c.mu.Unlock()
		return nil, err
	}
	end := &ending{cause: cause}
	for in := c.top; in != nil && in != t; in = in.parent {
		in.state = txGone
		in.undone(end)
	}
	t.undone(end)
	t.state, c.top = txRolledBack, t.parent
	if c.lost != nil {
		for p := t.parent; p != nil; p = p.parent {
			p.fail(c.lost)
		}
		var left error
		if t.two.preparing {
			left = t.left(c.lost)
		}
		c.mu.Unlock()
		return end, left
	}
	seq := c.seq.Add(1)
	c.what = "ROLLBACK"
	c.mu.Unlock()

	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), c.eng.closeTimeout)
		defer cancel()
	}
	err := t.undo(ctx)
	// A connection whose transaction could not be ended is of no use.
	_, all := isLost(err)
	c.leave(seq, err, all)
	return end, err
}

func (t *Tx) undo(ctx context.Context) error {
	c := t.c
	switch {
	case t.auto:
		return nil
	case t.name == "":
		err := c.round(ctx, "ROLLBACK", c.conn.Rollback)
		if err != nil && t.two.preparing {
			err = t.left(err)
		}
		return err
	}
	s, err := dialect.Compile(c.d, savepointText{c.d.Features().RollbackTo, t.name})
	if err != nil {
		return err
	}
	defer s.Release()
	return c.round(ctx, s.Text(), func(ctx context.Context) error {
		_, err := c.conn.Exec(ctx, s)
		return err
	})
}

// done gives back the connection of a Tx that has brought its own.
func (t *Tx) done() {
	if t.ownsC {
		t.c.free()
	}
}

// Run runs a statement. It implements [dialect.Runner].
func (t *Tx) Run(ctx context.Context, s Statement, rows func(dialect.Rows) error) (Result, error) {
	return t.c.run(ctx, t, s, rows)
}

// Exec runs SQL text and drops the rows that it may give. See [dialect.Text]
// for args.
func (t *Tx) Exec(ctx context.Context, sql string, args ...any) (Result, error) {
	return t.c.exec(ctx, t, dialect.Text(sql, args...))
}

// Query runs SQL text that gives rows, which must be closed before anything
// else runs in the transaction. See [dialect.Text] for args.
func (t *Tx) Query(ctx context.Context, sql string, args ...any) (*Rows, error) {
	return t.c.query(ctx, t, dialect.Text(sql, args...))
}

// Begin sets a savepoint. What is outside of it cannot be used until it is
// committed or rolled back. A savepoint has no options: any are an
// [ErrUnsupported].
func (t *Tx) Begin(ctx context.Context, opts ...TxOption) (*Tx, error) {
	if len(opts) > 0 {
		return nil, errNested
	}
	return t.savepoint(ctx, false)
}

var errNested = dialect.Errorf(ErrUnsupported, "engine: options belong to the outermost transaction: a savepoint has none")

// Dialect returns the dialect of the server at the other end. It implements
// [dialect.Lease].
func (t *Tx) Dialect() dialect.Dialect { return t.c.d }

// Conn returns the connection itself, for its capabilities. It must not be used
// while rows are open or after the Tx has ended. It implements [dialect.Lease].
func (t *Tx) Conn() dialect.Conn { return t.c.conn }

// WithLease calls f with the transaction. It implements [dialect.Leaser].
func (t *Tx) WithLease(_ context.Context, f func(dialect.Lease) error) error { return f(t) }
