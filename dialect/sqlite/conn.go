package sqlite

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	lib "modernc.org/sqlite/lib"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var (
	_ dialect.Conn    = (*conn)(nil)
	_ dialect.Dirtier = (*conn)(nil)
	_ dialect.RawConn = (*conn)(nil)
)

// conn is one connection. It is used by one goroutine at a time; SQLite's own
// mutex is off.
type conn struct {
	connector *connector
	d         dialect.Dialect
	h         Handle

	// The statement that runs.
	ctx       context.Context
	done      <-chan struct{} // of ctx
	cancelled bool            // a callback has seen done
	watching  bool            // the progress handler is set
	stepping  uintptr         // the sqlite3_stmt that SQLite is working on
	busySince time.Time
	active    *rows // the rows that are open
	inserting *stmt // an INSERT that runs
	inserted  bool  // it has inserted something

	inTx     bool // Begin was called
	readOnly bool // the transaction is
	closed   bool
	broken   bool

	cache cache
	fixed map[string]*stmt // BEGIN, COMMIT …

	bounds    []bound // for bind
	times     []byte
	arena     uintptr
	arenaSize int

	patterns map[string]*regexp.Regexp // see pattern

	settings []pragma // as they were when the connection was made
	likes    string   // 'a' LIKE 'A', likewise
}

func newConn(cn *connector, h Handle) *conn {
	c := &conn{connector: cn, d: cn.d, h: h, ctx: context.Background(), fixed: map[string]*stmt{}}
	c.cache.size = cn.cfg.cacheSize
	register(c)
	lib.Xsqlite3_busy_handler(h.TLS, h.DB, callback(onBusy), h.DB)
	lib.Xsqlite3_update_hook(h.TLS, h.DB, callback(onUpdate), h.DB)
	return c
}

// Raw returns SQLite's own connection, a [Handle].
func (c *conn) Raw() any { return c.h }

// enter makes ctx the one that stops what runs next. A context that cannot
// end costs nothing; for the others SQLite looks at the context between
// instructions, without a goroutine.
func (c *conn) enter(ctx context.Context) {
	c.ctx, c.done, c.cancelled = ctx, ctx.Done(), false
	if c.done != nil && !c.watching {
		c.watching = true
		lib.Xsqlite3_progress_handler(c.h.TLS, c.h.DB, progressSteps, callback(onProgress), c.h.DB)
	}
}

func (c *conn) leave() {
	c.ctx, c.done = context.Background(), nil
}

// waitBusy waits before another attempt to get a lock, unless the time for
// that is over or the context ends.
func (c *conn) waitBusy(count int) bool {
	now := time.Now()
	if count == 0 {
		c.busySince = now
	}
	return c.pause(c.connector.cfg.busy-now.Sub(c.busySince), count)
}

// pause waits for the delay that is due after count attempts, left at most.
func (c *conn) pause(left time.Duration, count int) bool {
	if left <= 0 {
		return false
	}
	delay := min(left, busyDelays[min(count, len(busyDelays)-1)])
	if c.done == nil {
		time.Sleep(delay)
		return true
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.done:
		c.cancelled = true
		return false
	}
}

// explain is err, or the end of the context where that has caused it.
func (c *conn) explain(err error) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	if breaks(e.Code) {
		c.broken = true
	}
	if primary := e.Code & 0xff; c.cancelled && (primary == lib.SQLITE_INTERRUPT || primary == lib.SQLITE_BUSY || primary == lib.SQLITE_LOCKED) {
		return interrupted(c.ctx)
	}
	return err
}

func (c *conn) failure(rc int32) error { return c.explain(c.h.failure(rc)) }

// ready returns why nothing can run now.
func (c *conn) ready(ctx context.Context) error {
	switch {
	case c.closed:
		return dialect.Errorf(dialect.ErrClosed, "sqlite: the connection is closed")
	case c.active != nil:
		return dialect.Errorf(dialect.ErrInUse, "sqlite: the rows of another statement are open on this connection; close them first: %s", shorten(c.active.st.text))
	case c.inTx && c.autocommit():
		return dialect.Errorf(dialect.ErrTransactionAborted,
			"sqlite: the transaction is over: SQLite has rolled it back after an error, or a statement has ended it; roll back to begin another")
	case ctx.Err() != nil:
		return interrupted(ctx)
	}
	return nil
}

func shorten(s string) string {
	const most = 100
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// autocommit reports whether SQLite has no transaction open.
func (c *conn) autocommit() bool { return lib.Xsqlite3_get_autocommit(c.h.TLS, c.h.DB) != 0 }

// step runs st to its next row. It ends the run, but for the reset, unless there is one.
func (c *conn) step(st *stmt) (bool, error) {
	c.stepping = st.p
	rc := lib.Xsqlite3_step(c.h.TLS, st.p)
	c.stepping = 0
	switch rc {
	case lib.SQLITE_ROW:
		return true, nil
	case lib.SQLITE_DONE:
		return false, nil
	default:
		return false, c.failure(rc)
	}
}

// allowed refuses a write in a read-only transaction. PRAGMA query_only would do the
// same, and would make SQLite compile all statements anew each time.
func (c *conn) allowed(st *stmt) error {
	if c.readOnly && !st.readOnly {
		return &Error{Code: lib.SQLITE_READONLY, Message: "attempt to write in a read-only transaction"}
	}
	return nil
}

// begun is what was so before a statement ran.
type begun struct{ changes int64 }

func (c *conn) begin(st *stmt) begun {
	if st.insert {
		c.inserting, c.inserted = st, false
	}
	if st.readOnly {
		return begun{}
	}
	return begun{lib.Xsqlite3_total_changes64(c.h.TLS, c.h.DB)}
}

// result is what a statement did. SQLite's own counters keep their values
// over statements that change nothing, so they count only if something changed.
func (c *conn) result(st *stmt, before begun) dialect.Result {
	inserting := c.inserting == st
	c.inserting = nil
	if st.readOnly || lib.Xsqlite3_total_changes64(c.h.TLS, c.h.DB) == before.changes {
		return dialect.NewResult(0)
	}
	r := dialect.NewResult(lib.Xsqlite3_changes64(c.h.TLS, c.h.DB))
	if inserting && c.inserted {
		r = r.WithInsertID(lib.Xsqlite3_last_insert_rowid(c.h.TLS, c.h.DB))
	}
	return r
}

// Query implements [dialect.Conn]. The statement runs to its first row, so
// that its errors are Query's.
func (c *conn) Query(ctx context.Context, comp *dialect.Compiled) (dialect.Rows, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	c.enter(ctx)
	st, err := c.prepareOne(comp.Text())
	if err != nil {
		c.leave()
		return nil, err
	}
	r := &rows{c: c, st: st}
	if err = c.allowed(st); err == nil {
		err = c.bind(st, comp.Args())
	}
	if err == nil {
		r.before = c.begin(st)
		r.ahead, err = c.step(st)
	}
	if err != nil {
		c.inserting = nil
		c.reset(st)
		c.leave()
		return nil, err
	}
	c.describe(st)
	r.columns, r.classes = st.columns, st.classes
	c.active = r
	return r, nil
}

// prepareOne prepares a text that is one statement.
func (c *conn) prepareOne(text string) (*stmt, error) {
	st, rest, err := c.statement(text)
	switch {
	case err != nil:
		return nil, err
	case st == nil:
		return nil, dialect.Errorf(dialect.ErrStatement, "sqlite: the text has no statement")
	case rest != "":
		c.finalize(st)
		return nil, dialect.Unsupported(c.d, "a query of several statements", "run them one by one; Exec runs several: "+shorten(strings.TrimSpace(rest)))
	}
	return st, nil
}

// Exec implements [dialect.Conn]. A text of several statements without
// arguments runs them all, each for itself unless a transaction is open;
// RowsAffected is their sum.
func (c *conn) Exec(ctx context.Context, comp *dialect.Compiled) (dialect.Result, error) {
	if err := c.ready(ctx); err != nil {
		return dialect.Result{}, err
	}
	c.enter(ctx)
	defer c.leave()
	text, args := comp.Text(), comp.Args()
	st, rest, err := c.statement(text)
	if err != nil {
		return dialect.Result{}, err
	}
	if rest == "" {
		if st == nil {
			return dialect.NewResult(0), nil
		}
		return c.run(st, args)
	}
	if len(args) > 0 {
		c.finalize(st)
		return dialect.Result{}, dialect.Unsupported(c.d, "a text of several statements with arguments", "run them one by one")
	}
	return c.runAll(st, text, rest)
}

// runAll runs the statements of text, of which the first one is prepared.
func (c *conn) runAll(st *stmt, text, rest string) (dialect.Result, error) {
	var total int64
	var last dialect.Result
	for {
		var err error
		if last, err = c.run(st, nil); err != nil {
			return dialect.Result{}, err
		}
		total += last.RowsAffected()
		if rest == "" {
			break
		}
		if c.ctx.Err() != nil { // statements that are too short to notice it
			return dialect.Result{}, interrupted(c.ctx)
		}
		from := len(text) - len(rest)
		if st, rest, err = c.statement(rest); err != nil {
			if e, ok := err.(*Error); ok && e.Position > 0 {
				e.Position += utf8.RuneCountInString(text[:from])
			}
			return dialect.Result{}, err
		}
	}
	r := dialect.NewResult(total)
	if id, err := last.LastInsertID(); err == nil {
		r = r.WithInsertID(id)
	}
	return r, nil
}

// run runs st to its end, and drops its rows.
func (c *conn) run(st *stmt, args []dialect.Arg) (dialect.Result, error) {
	defer c.reset(st)
	if err := c.allowed(st); err != nil {
		return dialect.Result{}, err
	}
	if err := c.bind(st, args); err != nil {
		return dialect.Result{}, err
	}
	before := c.begin(st)
	for {
		row, err := c.step(st)
		if err != nil {
			c.inserting = nil
			return dialect.Result{}, err
		}
		if !row {
			return c.result(st, before), nil
		}
	}
}

// command runs one of the connection's own statements, which are kept apart
// from the program's.
func (c *conn) command(text string) error {
	st := c.fixed[text]
	if st == nil {
		p, _, err := c.h.prepare(text, true)
		if err != nil {
			return c.explain(err)
		}
		st = &stmt{p: p, text: text, kept: true}
		c.fixed[text] = st
	}
	defer c.reset(st)
	for {
		if row, err := c.step(st); err != nil || !row {
			return err
		}
	}
}

// Begin implements [dialect.Conn]. A write transaction takes the lock at once
// (BEGIN IMMEDIATE, unless the URL's txlock says otherwise), so that it waits
// in the beginning and does not fail in the middle; a read-only one is
// deferred.
func (c *conn) Begin(ctx context.Context, opts dialect.TxOptions) error {
	if err := dialect.CheckTx(c.d, opts); err != nil {
		return err
	}
	if err := c.ready(ctx); err != nil {
		return err
	}
	if c.inTx || !c.autocommit() {
		return dialect.Errorf(dialect.ErrInUse, "sqlite: a transaction is open already on this connection; use a savepoint")
	}
	c.enter(ctx)
	defer c.leave()
	text := c.connector.cfg.txBegin
	if opts.ReadOnly || c.connector.cfg.mode == "ro" {
		text = "BEGIN DEFERRED"
	}
	if err := c.command(text); err != nil {
		return err
	}
	c.inTx, c.readOnly = true, opts.ReadOnly
	return nil
}

// Commit implements [dialect.Conn]. After an error the transaction is still
// open, unless SQLite itself has rolled it back.
func (c *conn) Commit(ctx context.Context) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	if !c.inTx {
		return dialect.Errorf(dialect.ErrTransactionAborted, "sqlite: no transaction to commit")
	}
	c.enter(ctx)
	defer c.leave()
	if err := c.command("COMMIT"); err != nil {
		return err
	}
	c.inTx, c.readOnly = false, false
	return nil
}

// Rollback implements [dialect.Conn]. It closes rows that are open, waits for
// nothing, and so is not stopped by ctx.
func (c *conn) Rollback(context.Context) error {
	if c.closed {
		return dialect.Errorf(dialect.ErrClosed, "sqlite: the connection is closed")
	}
	if c.active != nil {
		c.active.end()
	}
	c.inTx, c.readOnly = false, false
	if c.autocommit() {
		return nil // SQLite has done it
	}
	return c.command("ROLLBACK")
}

// Ping implements [dialect.Conn]. There is no server to ask: it runs a
// statement.
func (c *conn) Ping(ctx context.Context) error {
	switch {
	case c.closed:
		return dialect.Errorf(dialect.ErrClosed, "sqlite: the connection is closed")
	case ctx.Err() != nil:
		return interrupted(ctx)
	case c.active != nil:
		return dialect.Errorf(dialect.ErrInUse, "sqlite: rows are open on this connection")
	}
	c.enter(ctx)
	defer c.leave()
	return c.command("SELECT 1")
}

// Usable implements [dialect.Conn].
func (c *conn) Usable() bool { return !c.closed && !c.broken }

// Dirty reports whether a transaction is open.
func (c *conn) Dirty() bool { return !c.closed && (c.inTx || !c.autocommit()) }

// Close implements [dialect.Conn].
func (c *conn) Close() error {
	if c.closed {
		return nil
	}
	if c.active != nil {
		c.active.end()
	}
	c.closed = true
	c.cache.clear(c)
	for _, st := range c.fixed {
		c.finalize(st)
	}
	c.h.free(c.arena)
	c.arena = 0
	db := c.h.DB
	err := c.h.close()
	unregister(c, db)
	return err
}
