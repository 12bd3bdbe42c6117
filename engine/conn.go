package engine

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/pool"
)

// Conn is one connection, from [Engine.Connect] until Close. It is for one
// goroutine at a time. Use by two goroutines at once, while its rows are open,
// or while its transaction is, is an error of kind [ErrInUse] that says what
// is in the way; nothing is sent then.
type Conn struct {
	eng        *Engine
	lease      pool.Lease[dialect.Conn]
	conn       dialect.Conn
	d          dialect.Dialect
	ownsEngine bool
	tx         defaultTx
	detached   *pool.Detached[dialect.Conn] // in place of lease, once it was detached

	// seq counts the uses; an odd number is one that goes on. A cursor whose
	// number is not the current one has lost its rows.
	seq atomic.Uint64

	// busy is set while somebody reads or closes the rows that are open. It
	// keeps Close and Rollback off rows that another goroutine is reading.
	busy atomic.Bool

	mu         sync.Mutex // guards what follows
	what       string     // the statement that runs or whose rows are open
	rows       dialect.Rows
	top        *Tx // the innermost open transaction
	savepoints int // made in this transaction, for their names
	lost       error
	all        bool
	closed     bool
	ending     bool // Close was called while a statement ran
}

var (
	_ dialect.Runner = (*Conn)(nil)
	_ dialect.Lease  = (*Conn)(nil)
	_ dialect.Leaser = (*Conn)(nil)
	_ io.Closer      = (*Conn)(nil)
)

// enter begins a use of the connection: by scope, which is nil for the Conn
// itself. It returns the number of the use, or says what is in the way.
func (c *Conn) enter(scope *Tx, what string) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.check(scope); err != nil {
		return 0, err
	}
	c.what = what
	return c.seq.Add(1), nil
}

// check says why scope may not use the connection now. mu is held.
func (c *Conn) check(scope *Tx) error {
	switch {
	case scope != nil && scope.ended():
		return scope.gone()
	case c.closed:
		return errConnClosed()
	case scope != nil && scope.state == txFailed:
		return scope.cause
	case scope != nil && scope.state == txPrepared:
		return scope.errPrepared()
	case c.seq.Load()&1 == 1 && c.rows != nil:
		return dialect.Errorf(ErrInUse, "engine: the rows of [%s] are open on this connection: close them first", brief(c.what))
	case c.seq.Load()&1 == 1:
		return dialect.Errorf(ErrInUse, "engine: another goroutine is running [%s] on this connection: "+
			"a Conn or Tx is for one goroutine at a time", brief(c.what))
	case c.top != scope && scope == nil && c.top.parent == nil:
		return dialect.Errorf(ErrInUse, "engine: a transaction is open on this connection: use its Tx until that is committed or rolled back")
	case c.top != scope:
		return dialect.Errorf(ErrInUse, "engine: savepoint %s is open: use its Tx until that is committed or rolled back", c.top.name)
	case c.lost != nil:
		return dialect.Errorf(ErrConnectionLost, "engine: the connection was lost: close it and connect again: %w", c.lost)
	}
	return nil
}

// reading says that the statement of a use has given rows.
func (c *Conn) reading(seq uint64, rows dialect.Rows) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seq.Load() == seq {
		c.rows = rows
	}
}

// leave ends a use. lost is the error by which the connection was lost in it.
func (c *Conn) leave(seq uint64, lost error, all bool) { c.leaveRows(seq, lost, all, false) }

// leaveAfter is leave for a use that came to err, which it returns.
func (c *Conn) leaveAfter(seq uint64, err error) error {
	if lost, all := isLost(err); lost {
		c.leave(seq, err, all)
	} else {
		c.leave(seq, nil, false)
	}
	return err
}

// leaveRows is leave; held says that busy is set for this use's rows.
func (c *Conn) leaveRows(seq uint64, lost error, all, held bool) {
	c.mu.Lock()
	if held {
		c.busy.Store(false)
	}
	if c.seq.Load() != seq {
		c.mu.Unlock()
		return
	}
	c.seq.Add(1)
	c.what, c.rows = "", nil
	if lost != nil && c.lost == nil {
		c.lost, c.all = lost, all
		for t := c.top; t != nil; t = t.parent {
			t.fail(lost)
		}
	}
	ending := c.ending
	c.mu.Unlock()
	if ending {
		if err := c.Close(); err != nil {
			c.eng.warn("closing a connection", err)
		}
	}
}

// closeRows closes rows that are open, so that what follows can use the
// connection: the rollback of their transaction, or Close. It is an error while
// another goroutine uses the connection. mu is held.
func (c *Conn) closeRows(then string) error {
	if c.seq.Load()&1 == 0 {
		return nil
	}
	if c.rows == nil || !c.busy.CompareAndSwap(false, true) {
		return dialect.Errorf(ErrInUse, "engine: another goroutine is running [%s] on this connection: %s", brief(c.what), then)
	}
	rows := c.rows
	c.rows, c.what = nil, ""
	c.seq.Add(1)
	var err error
	if u, ok := rows.(dialect.UndoneRows); ok {
		err = u.CloseUndone()
	} else {
		err = rows.Close()
	}
	c.busy.Store(false)
	if err != nil {
		err = c.eng.describe(context.Background(), c.d, err, nil)
		if lost, all := isLost(err); lost && c.lost == nil {
			c.lost, c.all = err, all
		}
		c.eng.warn("closing rows", err)
	}
	return nil
}

// open prepares cu for a statement in scope.
func (c *Conn) open(ctx context.Context, scope *Tx, s Statement, cu *cursor) error {
	if err := alive(ctx); err != nil {
		return err
	}
	*cu = cursor{eng: c.eng, ctx: ctx, conn: c.conn, d: c.d, owner: c, scope: scope, state: ended}
	if err := cu.compile(s); err != nil {
		return err
	}
	seq, err := c.enter(scope, cu.c.Text())
	if err != nil {
		cu.c.Release()
		return err
	}
	cu.seq, cu.state = seq, idle
	return nil
}

func (c *Conn) start(ctx context.Context, scope *Tx, s Statement, cu *cursor) error {
	if err := c.open(ctx, scope, s, cu); err != nil {
		return err
	}
	ok := false
	defer func() {
		if !ok {
			cu.abandon()
		}
	}()
	err := cu.query()
	ok = err == nil
	return err
}

func (c *Conn) exec(ctx context.Context, scope *Tx, s Statement) (Result, error) {
	var cu cursor
	if err := c.open(ctx, scope, s, &cu); err != nil {
		return Result{}, err
	}
	defer cu.abandon()
	return cu.exec()
}

func (c *Conn) run(ctx context.Context, scope *Tx, s Statement, rows func(dialect.Rows) error) (Result, error) {
	if rows == nil {
		return c.exec(ctx, scope, s)
	}
	cu := &cursor{}
	if err := c.start(ctx, scope, s, cu); err != nil {
		return Result{}, err
	}
	return cu.each(rows)
}

func (c *Conn) query(ctx context.Context, scope *Tx, s Statement) (*Rows, error) {
	r := &Rows{}
	if err := c.start(ctx, scope, s, &r.cu); err != nil {
		return nil, err
	}
	r.columns = r.cu.rows.Columns()
	return r, nil
}

// round makes a round trip that is not a statement of the user's: BEGIN, a
// ping. text is what the log and errors say.
func (c *Conn) round(ctx context.Context, text string, f func(context.Context) error) error {
	var start time.Time
	if c.eng.logs(ctx) {
		start = time.Now()
	}
	returned := false
	defer func() {
		if !returned {
			c.interrupted()
		}
	}()
	err := f(ctx)
	if err != nil {
		err = c.eng.describe(ctx, c.d, err, nil)
		if e, ok := err.(*Error); ok && e.Statement == "" {
			e.Statement = text
		}
	}
	if !start.IsZero() {
		c.eng.log(ctx, start, text, nil, -1, err)
	}
	returned = true
	return err
}

// interrupted ends the use that goes on after a panic within the driver.
func (c *Conn) interrupted() {
	c.mu.Lock()
	seq := c.seq.Load()
	if c.lost == nil {
		c.lost = errInterrupted
		for t := c.top; t != nil; t = t.parent {
			t.fail(errInterrupted)
		}
	}
	c.mu.Unlock()
	if seq&1 == 1 {
		c.leave(seq, errInterrupted, false)
	}
}

// Run runs a statement. It implements [dialect.Runner].
func (c *Conn) Run(ctx context.Context, s Statement, rows func(dialect.Rows) error) (Result, error) {
	return c.run(ctx, nil, s, rows)
}

// Exec runs SQL text and drops the rows that it may give. See [dialect.Text]
// for args.
func (c *Conn) Exec(ctx context.Context, sql string, args ...any) (Result, error) {
	return c.exec(ctx, nil, dialect.Text(sql, args...))
}

// Query runs SQL text that gives rows, which must be closed before anything
// else runs on the connection. See [dialect.Text] for args.
func (c *Conn) Query(ctx context.Context, sql string, args ...any) (*Rows, error) {
	return c.query(ctx, nil, dialect.Text(sql, args...))
}

// Ping makes a round trip.
func (c *Conn) Ping(ctx context.Context) error {
	if err := alive(ctx); err != nil {
		return err
	}
	seq, err := c.enter(nil, "ping")
	if err != nil {
		return err
	}
	err = c.round(ctx, "ping", c.conn.Ping)
	return c.leaveAfter(seq, err)
}

// Dialect returns the dialect of the server at the other end. It implements
// [dialect.Lease].
func (c *Conn) Dialect() dialect.Dialect { return c.d }

// Conn returns the connection itself, for its capabilities. It must not be
// used while rows are open or after Close. It implements [dialect.Lease].
func (c *Conn) Conn() dialect.Conn { return c.conn }

// Raw calls f with the driver's own connection, which f must not keep. The
// session counts as dirty afterwards: it is reset when the Conn is closed. A
// dialect that has none to lend is an [ErrUnsupported].
func (c *Conn) Raw(f func(driverConn any) error) error {
	seq, err := c.enter(nil, "Raw")
	if err != nil {
		return err
	}
	defer c.leave(seq, nil, false)
	raw, ok := c.conn.(dialect.RawConn)
	if !ok {
		return dialect.Unsupported(c.d, "the driver's own connection", "")
	}
	c.lease.MarkDirty()
	return f(raw.Raw())
}

// WithLease calls f with the connection. It implements [dialect.Leaser].
func (c *Conn) WithLease(_ context.Context, f func(dialect.Lease) error) error { return f(c) }

// Close gives the connection back, clean for its next user: open rows are
// closed, an open transaction is rolled back, a session that was changed is
// reset. An error in doing so is returned; the connection is then discarded, as
// it is after [Conn.Invalidate], [Conn.Retire] and [Conn.Detach]. A second
// Close does nothing. While another goroutine runs a statement or reads its
// rows, Close returns an [ErrInUse], and the connection is closed when that
// ends.
func (c *Conn) Close() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil
	}
	if err := c.closeRows("it is closed when that ends"); err != nil {
		c.ending = true
		c.mu.Unlock()
		return err
	}
	top := c.top
	var outermost *Tx
	for t := top; t != nil; t = t.parent {
		outermost = t
	}
	c.closed = true
	var left error // of a transaction that stays prepared
	if outermost != nil && outermost.two.preparing && (c.lost != nil || outermost.two.decided) {
		left = outermost.left(c.lost)
		if c.lost == nil {
			c.lost = left
		}
	}
	var end *ending
	if top != nil {
		end = &ending{}
	}
	for t := top; t != nil; t = t.parent {
		t.state = txGone
		t.undone(end)
	}
	c.top = nil
	c.mu.Unlock()

	var err, rerr error
	returned := false
	defer func() {
		if !returned { // a panic within the driver
			if c.lost == nil {
				c.lost = errInterrupted
			}
			if err := c.giveBack(); err != nil && err != pool.ErrReleased {
				c.eng.warn("giving back a connection", err)
			}
		}
		end.run(context.Background(), false, rerr)
	}()
	if outermost != nil && c.lost == nil {
		ctx, cancel := context.WithTimeout(context.Background(), c.eng.closeTimeout)
		defer cancel()
		if rerr = outermost.undo(ctx); rerr != nil {
			c.lost = rerr
		}
		err = rerr
	}
	err = join(err, c.giveBack())
	if c.ownsEngine {
		err = join(err, c.eng.Close())
	}
	returned = true
	return join(left, err)
}

// usable reports whether the connection can be used further.
func (c *Conn) usable() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lost == nil && !c.closed && c.conn.Usable()
}

// clean makes the session clean while the Conn is kept.
func (c *Conn) clean(ctx context.Context) error {
	seq, err := c.enter(nil, "reset")
	if err != nil {
		return err
	}
	err = c.round(ctx, "reset", c.conn.Reset)
	return c.leaveAfter(seq, err)
}

// free is Close for a Conn that the caller's caller does not see.
func (c *Conn) free() {
	if err := c.Close(); err != nil {
		c.eng.warn("giving back a connection", err)
	}
}
