package engine

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/pool"
)

// Engine is a database: its dialect, a pool of connections, and the settings.
// It is safe for concurrent use, and meant to live as long as the program. The
// zero Engine cannot be used; [Open] makes one.
type Engine struct {
	*core
	settings
	db *sql.DB // made by DB; guarded by core.dbMu
}

// core is what an Engine has in common with those made by its With.
type core struct {
	connector dialect.Connector
	pool      *pool.Pool[dialect.Conn]
	server    atomic.Pointer[dialect.Dialect] // settled on the first connection
	onConnect []func(context.Context, dialect.Conn) error
	copied    copiedColumns

	closeConnector sync.Once

	adopted bool // of a *sql.DB

	dbMu     sync.Mutex
	dbs      map[*sql.DB]*Engine
	dbClosed bool
}

var (
	_ dialect.Runner = (*Engine)(nil)
	_ dialect.Leaser = (*Engine)(nil)
	_ io.Closer      = (*Engine)(nil)
)

// Open returns an Engine for the database that url names, as
// [dialect.ParseURL] reads it. The dialect's package must have been imported.
// Open checks the URL, its options and opts, reports all mistakes at once, and
// dials nothing; [Engine.Ping] finds out whether the server is there.
func Open(url string, opts ...Option) (*Engine, error) {
	cfg, err := configure(url, opts)
	if err != nil {
		return nil, err
	}
	return start(cfg)
}

// start makes an Engine of its settings.
func start(cfg *config) (*Engine, error) {
	e := &Engine{core: &core{connector: cfg.connector, onConnect: cfg.onConnect}, settings: cfg.settings}
	d := cfg.connector.Dialect()
	e.server.Store(&d)
	cfg.pool.Dial = connecting(cfg.hooks, cfg.connector.Address(), cfg.connector.Connect)
	cfg.pool.Close = dialect.Conn.Close
	cfg.pool.Ping = func(ctx context.Context, c dialect.Conn) error { return c.Ping(ctx) }
	cfg.pool.Reset = e.reset
	cfg.pool.ResetTimeout = cfg.closeTimeout
	cfg.pool.Usable = dialect.Conn.Usable
	cfg.pool.Events.FirstConnect = e.settle
	if len(e.onConnect) > 0 {
		cfg.pool.Events.Connect = e.greet
	}
	var err error
	if e.pool, err = pool.New(cfg.pool); err != nil {
		return nil, err
	}
	return e, nil
}

// With returns an Engine that shares e's pool and has other defaults; e stays
// as it is. The options given take the place of e's, those not given are e's.
// Both Engines use the same connections: Close and Shutdown of either close the
// pool for both.
//
//	reports, err := eng.With(engine.WithDefaultTx(engine.ReadOnly()), engine.WithSlowThreshold(time.Minute))
func (e *Engine) With(opts ...DefaultOption) (*Engine, error) {
	c := &config{settings: e.settings}
	for _, o := range opts {
		if o == nil {
			c.bad("nil option")
			continue
		}
		o.with(c)
	}
	for _, h := range c.hooks[len(e.hooks):] {
		if h.Connect != nil {
			c.bad("With: the pool is shared, so a Connect hook has no place: give it to Open")
		}
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := checkTx(e.Dialect(), c.tx); err != nil {
		return nil, err
	}
	return &Engine{core: e.core, settings: c.settings}, nil
}

// Connect opens an Engine of one connection and returns that. Closing the Conn
// closes the Engine: it is for a script that wants one connection and nothing
// else.
func Connect(ctx context.Context, url string, opts ...Option) (*Conn, error) {
	e, err := Open(url, append([]Option{WithPoolSize(1)}, opts...)...)
	if err != nil {
		return nil, err
	}
	c, err := e.Connect(ctx)
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	c.ownsEngine = true
	return c, nil
}

// settle finds out, on the first connection, what the server is. The pool calls
// it once, and again only after it failed.
func (e *core) settle(ctx context.Context, r *pool.Record[dialect.Conn]) error {
	d, err := (*e.server.Load()).ForServer(ctx, r.Conn())
	if err != nil {
		return err
	}
	e.server.Store(&d)
	return nil
}

func (e *core) greet(ctx context.Context, r *pool.Record[dialect.Conn]) error {
	return e.setUp(ctx, r.Conn())
}

// setUp makes a session what the program wants it to be.
func (e *core) setUp(ctx context.Context, c dialect.Conn) error {
	for _, f := range e.onConnect {
		if err := f(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// reset undoes what a lease has left on its session, which undoes what setUp
// did as well.
func (e *core) reset(ctx context.Context, c dialect.Conn) error {
	if err := c.Reset(ctx); err != nil {
		return err
	}
	return e.setUp(ctx, c)
}

// Dialect returns the dialect: that of the server once a connection was made,
// before that what is known without one.
func (e *Engine) Dialect() dialect.Dialect { return *e.server.Load() }

// Stats returns the state of the pool of connections, and its counters.
func (e *Engine) Stats() pool.Stats { return e.pool.Stats() }

// String returns Stats as JSON, so that an Engine is an expvar.Var:
// expvar.Publish("database", eng) shows it under /debug/vars.
func (e *Engine) String() string { return e.pool.String() }

// Holders returns who has a connection, for how long and from where, the
// longest first. It is nil without [WithTrackLeases].
func (e *Engine) Holders() []pool.Holder { return e.pool.Holders() }

// acquire leases a connection.
func (e *Engine) acquire(ctx context.Context) (pool.Lease[dialect.Conn], error) {
	if ctx == nil {
		return pool.Lease[dialect.Conn]{}, errNilContext
	}
	l, err := e.pool.Acquire(ctx)
	if err != nil {
		return l, e.noConnection(err)
	}
	return l, nil
}

// release gives a connection back. What goes wrong there concerns nobody who
// could do something about it: the connection was discarded.
func (e *Engine) release(l pool.Lease[dialect.Conn], conn dialect.Conn) error {
	if d, ok := conn.(dialect.Dirtier); ok && d.Dirty() {
		l.MarkDirty()
	}
	return l.Release()
}

// Connect takes a connection from the pool. It must be closed. opts are the
// defaults of the transactions that are begun on it, on top of the Engine's
// ([WithDefaultTx]).
func (e *Engine) Connect(ctx context.Context, opts ...TxOption) (*Conn, error) {
	tx, err := defaultTx(e.tx).with(opts)
	if err != nil {
		return nil, err
	}
	l, err := e.acquire(ctx)
	if err != nil {
		return nil, err
	}
	c := &Conn{eng: e, lease: l, conn: l.Conn(), d: e.Dialect(), tx: defaultTx(tx)}
	if len(opts) > 0 {
		if err := checkTx(c.d, tx); err != nil {
			c.free()
			return nil, err
		}
	}
	return c, nil
}

// Ping takes a connection and makes one round trip on it.
func (e *Engine) Ping(ctx context.Context) error {
	c, err := e.Connect(ctx)
	if err != nil {
		return err
	}
	defer c.free()
	return c.Ping(ctx)
}

// Run runs a statement on a connection of the pool, which is held until rows
// returns. It implements [dialect.Runner].
func (e *Engine) Run(ctx context.Context, s Statement, rows func(dialect.Rows) error) (Result, error) {
	if rows == nil {
		return e.exec(ctx, s)
	}
	cu := &cursor{}
	if err := e.start(ctx, s, cu); err != nil {
		return Result{}, err
	}
	return cu.each(rows)
}

// exec runs a statement whose rows are not wanted.
func (e *Engine) exec(ctx context.Context, s Statement) (Result, error) {
	var cu cursor
	if err := e.take(ctx, &cu); err != nil {
		return Result{}, err
	}
	defer cu.abandon()
	if err := cu.compile(s); err != nil {
		return Result{}, err
	}
	return cu.exec()
}

// start runs a statement on a connection of the pool. On an error, nothing has
// to be closed.
func (e *Engine) start(ctx context.Context, s Statement, cu *cursor) error {
	if err := e.take(ctx, cu); err != nil {
		return err
	}
	ok := false
	defer func() {
		if !ok {
			cu.abandon()
		}
	}()
	if err := cu.compile(s); err != nil {
		return err
	}
	if err := cu.query(); err != nil {
		return err
	}
	ok = true
	return nil
}

// take leases a connection for cu.
func (e *Engine) take(ctx context.Context, cu *cursor) error {
	l, err := e.acquire(ctx)
	if err != nil {
		return err
	}
	cu.eng, cu.ctx, cu.lease, cu.conn, cu.d = e, ctx, l, l.Conn(), e.Dialect()
	return nil
}

// Exec runs SQL text on a connection of the pool and drops the rows that it may
// give. See [dialect.Text] for args.
func (e *Engine) Exec(ctx context.Context, sql string, args ...any) (Result, error) {
	return e.exec(ctx, dialect.Text(sql, args...))
}

// Query runs SQL text on a connection of the pool, which is held until the
// Rows are closed or read to their end. See [dialect.Text] for args.
func (e *Engine) Query(ctx context.Context, sql string, args ...any) (*Rows, error) {
	r := &Rows{}
	if err := e.start(ctx, dialect.Text(sql, args...), &r.cu); err != nil {
		return nil, err
	}
	r.cu.using = &r.using
	r.columns = r.cu.rows.Columns()
	return r, nil
}

// WithLease takes a connection from the pool, calls f with it, and gives it
// back. It implements [dialect.Leaser].
func (e *Engine) WithLease(ctx context.Context, f func(dialect.Lease) error) error {
	c, err := e.Connect(ctx)
	if err != nil {
		return err
	}
	defer c.free()
	return f(c)
}

// Close closes the Engine: idle connections at once, leased ones when they are
// given back. From now on nothing can be run ([ErrClosed]). A second Close does
// nothing. [Engine.Shutdown] also waits for the leased ones. With
// [WithTrackLeases] the error is a [pool.LeakError] that names the leased ones;
// the Engine is closed even so.
func (e *Engine) Close() error {
	err := join(e.closeDBs(), e.pool.Close())
	if _, ok := e.connector.(io.Closer); !ok {
		return err
	}
	if s := e.pool.Stats(); s.Leased+s.Opening+s.Closing == 0 {
		return errors.Join(err, e.finish())
	}
	go func() { // the connector goes after its last connection
		if err := e.pool.Shutdown(context.Background()); err != nil {
			e.warn("closing the pool", err)
		}
		if err := e.finish(); err != nil {
			e.warn("closing the connector", err)
		}
	}()
	return err
}

// Shutdown closes the Engine and waits until every connection was given back
// and closed. When ctx ends before that, the error says how many are still out,
// and the Engine is closed even so; Shutdown can be called again to go on
// waiting.
func (e *Engine) Shutdown(ctx context.Context) error {
	if ctx == nil {
		return errNilContext
	}
	if err := join(e.closeDBs(), e.pool.Shutdown(ctx)); err != nil {
		if s := e.pool.Stats(); s.Leased+s.Opening+s.Closing > 0 {
			return errors.Join(err, e.Close())
		}
		return errors.Join(err, e.finish())
	}
	return e.finish()
}

// finish closes what the connector holds of its own.
func (e *core) finish() (err error) {
	e.closeConnector.Do(func() {
		if c, ok := e.connector.(io.Closer); ok {
			err = c.Close()
		}
	})
	return err
}
