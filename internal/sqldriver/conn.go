package sqldriver

import (
	"context"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/recycle"
	"github.com/sqlayer-go/sqlayer/internal/sqltext"
)

// closeTimeout bounds Close, which has no context.
const closeTimeout = 5 * time.Second

// Conn is one connection of a driver as a [dialect.Conn]. Like that, it is
// used by one goroutine at a time.
type Conn struct {
	// Aux is the dialect's own, for its hooks.
	Aux any

	cfg *Config
	raw driver.Conn

	// What the driver offers, found once.
	queryer   driver.QueryerContext
	execer    driver.ExecerContext
	preparer  driver.ConnPrepareContext
	checker   driver.NamedValueChecker
	validator driver.Validator
	resetter  driver.SessionResetter

	cache cache
	rows  *rows // open rows
	named []driver.NamedValue
	last  time.Time // end of the last statement, where IdleCheck is set
	inTx  bool
	tx    driver.Tx // nil where the transaction was begun by text
	ended error     // by which the server has rolled the transaction back
	doubt error     // after which it has to be asked whether it has
	two   twoPhase
	// refused says that the driver's last Commit failed. What that left on the
	// server is not known, so the session counts as dirty.
	refused bool
	txCtx   txContext
	broken  bool
	closed  bool
}

var (
	_ dialect.Conn    = (*Conn)(nil)
	_ dialect.Dirtier = (*Conn)(nil)
	_ dialect.RawConn = (*Conn)(nil)
)

// New returns a Conn over a driver's connection, which is its own from then on.
func New(raw driver.Conn, cfg *Config) *Conn {
	c := &Conn{cfg: cfg, raw: raw}
	c.cache.limit = cfg.StatementCache
	c.queryer, _ = raw.(driver.QueryerContext)
	c.execer, _ = raw.(driver.ExecerContext)
	if q, ok := raw.(queryer); ok && c.queryer == nil {
		c.queryer = oldQueryer{q}
	}
	if e, ok := raw.(execer); ok && c.execer == nil {
		c.execer = oldExecer{e}
	}
	c.preparer, _ = raw.(driver.ConnPrepareContext)
	c.checker, _ = raw.(driver.NamedValueChecker)
	c.validator, _ = raw.(driver.Validator)
	c.resetter, _ = raw.(driver.SessionResetter)
	if cfg.IdleCheck > 0 {
		c.last = time.Now()
	}
	return c
}

// Raw returns the driver's connection. A connection that a dialect wraps gives
// the driver's own by an Unwrap method.
func (c *Conn) Raw() any {
	if w, ok := c.raw.(interface{ Unwrap() driver.Conn }); ok {
		return w.Unwrap()
	}
	return c.raw
}

// InTx reports whether a transaction is open that Begin began.
func (c *Conn) InTx() bool { return c.inTx }

// Dirty reports whether a transaction is open or failed to commit, or the
// driver's connection says by a Dirty method that its session needs a reset.
func (c *Conn) Dirty() bool {
	if d, ok := c.raw.(dialect.Dirtier); ok && d.Dirty() {
		return true
	}
	return c.inTx || c.refused
}

// Usable is false once the connection has broken or was closed.
func (c *Conn) Usable() bool { return !c.closed && !c.broken && !c.invalid() }

// Broken books the loss of the connection, for hooks that find it out.
func (c *Conn) Broken() { c.broken = true }

// invalid asks the driver whether the connection is of no use any more. While
// rows are open a driver may say so of a connection that is merely busy.
func (c *Conn) invalid() bool {
	return c.rows == nil && c.validator != nil && !c.validator.IsValid()
}

// ready says why no statement may be run now; nil is the common case.
func (c *Conn) ready(ctx context.Context) error {
	switch {
	case c.closed:
		return dialect.Errorf(dialect.ErrClosed, "the connection is closed")
	case c.rows != nil:
		return dialect.Errorf(dialect.ErrInUse, "rows are open on the connection; close them first")
	case c.broken:
		return &Failure{Err: driver.ErrBadConn, Lost: true}
	}
	if err := ended(ctx); err != nil {
		return err
	}
	if c.inTx && (c.ended != nil || c.doubt != nil) {
		return c.over(ctx)
	}
	if c.cfg.IdleCheck > 0 && c.resetter != nil && time.Since(c.last) >= c.cfg.IdleCheck {
		if err := c.resetter.ResetSession(ctx); err != nil {
			return c.fail(ctx, err, before)
		}
	}
	return nil
}

// used books the end of a statement.
func (c *Conn) used() {
	if c.cfg.IdleCheck > 0 {
		c.last = time.Now()
	}
}

// Query runs a statement that gives rows.
func (c *Conn) Query(ctx context.Context, q *dialect.Compiled) (dialect.Rows, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	text, args := q.Sent(), q.Args()
	if hasOut(args) {
		_, read, err := c.exec(ctx, q, text, args)
		if err != nil {
			return nil, err
		}
		return newOutRows(c.cfg, q, read)
	}
	if !c.prepares(args) && c.queryer != nil {
		if err := c.unbound(text, args); err != nil {
			return nil, err
		}
		w := asText
		switch x := c.cfg.Inexact; {
		case x == nil:
		case len(args) == 0:
			w = x.way(q, text)
		case x.known(text) == prepared:
			w = prepared
		}
		if w != prepared {
			query := c.queryText
			if w == unknown {
				query = c.queryNew
			}
			rows, err := query(ctx, q, text, args)
			if err != driver.ErrSkip {
				return rows, err
			}
		}
	}
	st, err := c.prepare(ctx, text)
	if err != nil {
		if x := c.cfg.Inexact; x != nil && c.queryer != nil && x.Unprepared(err) {
			return c.queryText(ctx, q, text, args)
		}
		return nil, err
	}
	named, _, err := c.bind(args, st)
	if err != nil {
		c.release(st)
		return nil, err
	}
	dr, err := st.query(ctx, named)
	c.keep(named, err)
	if err != nil {
		return nil, c.failStmt(ctx, st, err)
	}
	return c.open(ctx, dr, st, q)
}

// queryText gives a text to the driver. Its error is driver.ErrSkip where the
// text has to be prepared.
func (c *Conn) queryText(ctx context.Context, q *dialect.Compiled, text string, args []dialect.Arg) (dialect.Rows, error) {
	named, _, err := c.bind(args, nil)
	if err != nil {
		return nil, err
	}
	dr, err := c.queryer.QueryContext(ctx, text, named)
	c.keep(named, err)
	if err == driver.ErrSkip {
		return nil, err
	}
	if err != nil {
		return nil, c.fail(ctx, err, running)
	}
	return c.open(ctx, dr, nil, q)
}

// queryNew prepares a text without arguments, of which it is not known yet
// whether it has an inexact column. The statement is kept if it has one.
func (c *Conn) queryNew(ctx context.Context, q *dialect.Compiled, text string, args []dialect.Arg) (dialect.Rows, error) {
	x := c.cfg.Inexact
	st, err := c.openRoom(ctx, text)
	if err != nil {
		if x.Unprepared(err) {
			x.learn(text, asText)
			return c.queryText(ctx, q, text, args)
		}
		return nil, err
	}
	dr, err := st.query(ctx, nil)
	if err != nil {
		return nil, c.failStmt(ctx, st, err)
	}
	r, err := c.open(ctx, dr, st, q)
	if err != nil {
		return nil, err
	}
	w := asText
	if x.has(st.shape.cols) {
		w = prepared
		c.rows.keep = c.keepable(text)
	}
	x.learn(text, w)
	return r, nil
}

// Exec runs a statement to its end.
func (c *Conn) Exec(ctx context.Context, q *dialect.Compiled) (dialect.Result, error) {
	if err := c.ready(ctx); err != nil {
		return dialect.Result{}, err
	}
	res, _, err := c.exec(ctx, q, q.Sent(), q.Args())
	if err != nil {
		return dialect.Result{}, err
	}
	if c.cfg.Result != nil {
		r, err := c.cfg.Result(res, q)
		return r, c.fail(ctx, err, reading)
	}
	if q.Counted != 0 {
		return dialect.NewResult(q.Counted), nil
	}
	return dialect.NewResult(affected(res)), nil
}

// affected is the number of rows of res, -1 where the driver does not say.
func affected(res driver.Result) int64 {
	if res == nil {
		return -1
	}
	n, err := res.RowsAffected()
	if err != nil {
		return -1
	}
	return n
}

// outcome is what an Exec left in its Out parameters.
type outcome struct {
	outs     outs
	affected int64
}

func (c *Conn) exec(ctx context.Context, q *dialect.Compiled, text string, args []dialect.Arg) (driver.Result, outcome, error) {
	if !c.prepares(args) && c.execer != nil {
		if err := c.unbound(text, args); err != nil {
			return nil, outcome{}, err
		}
		named, read, err := c.bind(args, nil)
		if err != nil {
			return nil, outcome{}, err
		}
		res, err := c.execer.ExecContext(ctx, text, named)
		c.keep(named, err)
		if err == nil {
			c.used()
			return res, outcome{read, affected(res)}, nil
		}
		if err != driver.ErrSkip {
			return nil, outcome{}, c.fail(ctx, err, running)
		}
	}
	st, err := c.prepare(ctx, text)
	if err != nil {
		return nil, outcome{}, err
	}
	named, read, err := c.bind(args, st)
	if err != nil {
		c.release(st)
		return nil, outcome{}, err
	}
	res, err := st.exec(ctx, named)
	c.keep(named, err)
	if err != nil {
		return nil, outcome{}, c.failStmt(ctx, st, err)
	}
	c.used()
	return res, outcome{read, affected(res)}, c.fail(ctx, c.release(st), reading)
}

// prepares reports whether a statement with these arguments is prepared
// without the driver being asked to run it as text.
func (c *Conn) prepares(args []dialect.Arg) bool {
	return c.cfg.Prepare == Always || c.cfg.Prepare == WithArgs && len(args) > 0
}

// unbound refuses a text with placeholders and no arguments, of which the
// server would only say that it is no SQL.
func (c *Conn) unbound(text string, args []dialect.Arg) error {
	if c.cfg.Prepare != WithArgs || len(args) > 0 || c.cfg.Dialect == nil || strings.IndexByte(text, '?') < 0 {
		return nil
	}
	f := c.cfg.Dialect.Features()
	if f.Placeholder != dialect.Question {
		return nil
	}
	_, marks := sqltext.Params(&f.Lexical, text)
	n := 0
	for _, m := range marks {
		if m == "?" {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return dialect.Errorf(dialect.ErrArguments, "the statement has %d parameters, and no arguments were given", n)
}

// keep keeps the slice of driver arguments for the next statement, without
// what it held.
func (c *Conn) keep(named []driver.NamedValue, err error) {
	if cap(named) > usualArgs {
		if err == nil { // a driver that has given up may still look at them
			manyArgs.Put(named)
		}
		return
	}
	clear(named)
	c.named = named[:0]
}

// usualArgs is how many arguments a connection keeps room for at most; that of
// statements with more is in manyArgs.
const usualArgs = 1 << 8

var manyArgs recycle.Slices[driver.NamedValue]

// room returns an empty slice for the arguments of a statement.
func (c *Conn) room(n int) []driver.NamedValue {
	if n > usualArgs {
		return manyArgs.Get(n)
	}
	return slices.Grow(c.named[:0], n)
}

// failStmt describes an error of a prepared statement, and gives it back.
func (c *Conn) failStmt(ctx context.Context, st *stmt, err error) error {
	stale := c.cfg.Stale != nil && c.cfg.Stale(err)
	err = c.fail(ctx, err, running)
	if stale {
		c.cache.forget(st)
	}
	if c.broken {
		return err
	}
	if e := c.release(st); e != nil {
		return errors.Join(err, e)
	}
	return err
}

// Text runs a text without arguments and without preparing it, for settings
// and transactions.
func (c *Conn) Text(ctx context.Context, text string) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	return c.text(ctx, text)
}

func (c *Conn) text(ctx context.Context, text string) error {
	if c.execer != nil {
		_, err := c.execer.ExecContext(ctx, text, nil)
		if err != driver.ErrSkip {
			c.used()
			return c.fail(ctx, err, running)
		}
	}
	st, err := c.open1(ctx, text)
	if err != nil {
		return c.fail(ctx, err, before)
	}
	_, err = st.exec(ctx, nil)
	c.used()
	if err != nil {
		return c.failStmt(ctx, st, err)
	}
	return c.fail(ctx, c.release(st), reading)
}

// Ping makes a round trip.
func (c *Conn) Ping(ctx context.Context) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	if c.cfg.Ping != "" {
		return c.text(ctx, c.cfg.Ping)
	}
	p, ok := c.raw.(driver.Pinger)
	if !ok {
		return dialect.Errorf(dialect.ErrUnsupported, "the driver has no Ping")
	}
	err := p.Ping(ctx)
	c.used()
	return c.fail(ctx, err, before)
}

// Reset undoes what a user may have left on the session.
func (c *Conn) Reset(ctx context.Context) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	c.refused = false
	if c.cfg.Reset != nil {
		return c.fail(ctx, c.cfg.Reset(ctx, c), before)
	}
	if c.inTx {
		if err := c.Rollback(ctx); err != nil {
			return err
		}
	}
	return c.ResetSession(ctx)
}

// ResetSession calls the driver's method of that name, if it has one.
func (c *Conn) ResetSession(ctx context.Context) error {
	if c.resetter == nil {
		return nil
	}
	return c.fail(ctx, c.resetter.ResetSession(ctx), before)
}

// Forget closes all kept statements that are not in use.
func (c *Conn) Forget() error { return c.cache.clear() }

// Abandon books that the server has forgotten the session: there is no
// transaction, and the kept statements are dropped without being closed.
func (c *Conn) Abandon() {
	c.inTx, c.tx, c.two = false, nil, twoPhase{}
	c.ended, c.doubt = nil, nil
	c.cache.drop()
}

// Close ends the connection. It waits for the driver for at most 5 seconds.
func (c *Conn) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	if c.rows != nil {
		c.rows.orphan()
	}
	done := make(chan error, 1)
	go func() { done <- c.raw.Close() }()
	timer := time.NewTimer(closeTimeout)
	defer timer.Stop()
	select {
	case err := <-done:
		if err == nil || c.broken || errors.Is(err, driver.ErrBadConn) || Broken(err) || c.cfg.Lost != nil && c.cfg.Lost(err) {
			return nil // it was gone already
		}
		return err
	case <-timer.C:
		return dialect.Errorf(dialect.ErrConnectionLost, "the driver did not close the connection within %v", closeTimeout)
	}
}

func hasOut(args []dialect.Arg) bool {
	for i := range args {
		if args[i].Out {
			return true
		}
	}
	return false
}
