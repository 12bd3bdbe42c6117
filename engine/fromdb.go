package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
	"github.com/sqlayer-go/sqlayer/pool"
)

// FromDB returns an Engine on a *sql.DB that exists already, for a program that
// moves over step by step or gets its DB from elsewhere. d says what is at
// the other end (postgres.Dialect(), for example). opts are as for [Open].
//
// The DB stays the pool: a connection is taken from it for each lease and goes
// back with it, so that all of its settings hold, and the Engine's pool only
// counts; [WithPoolSize] bounds how many it takes at once; the default is no
// limit but the DB's. Closing the Engine does not close the DB. What a program
// left on a session cannot be undone here as it can with a dialect's own
// connections: such a connection ([dialect.Compiled].Session) is closed instead
// of going back.
//
// A database that lives in its connection is tied to it: with a driver for
// SQLite, each connection to :memory: is a database of its own, and ends with
// it. The Engine takes as many connections as are needed at once, and each
// finds another database, unless db.SetMaxOpenConns(1) has everybody wait for
// the one that there is; even then a session that was changed (a PRAGMA, a
// temporary table) takes its database along. Share it by
// file:NAME?mode=memory&cache=shared, or open it by [Open] with sqlite://,
// where all connections have one database.
//
// Values go through the DB's driver, by its configuration: times come as it
// gives them, and rows affected are what it counts (with go-sql-driver/mysql,
// parseTime=true and clientFoundRows=true give what Open gives; with
// interpolateParams=true, the first run of a query with a FLOAT is an error,
// because a text has six digits of it). What only a dialect's own connections
// can do (batches in one round trip, COPY, deferrable transactions) is not
// available.
func FromDB(db *sql.DB, d dialect.Dialect, opts ...Option) (*Engine, error) {
	if db == nil || d == nil {
		return nil, dialect.Errorf(ErrArguments, "engine: FromDB needs a *sql.DB and its dialect")
	}
	a := &adopter{db: db, cfg: &sqldriver.Config{Dialect: d}}
	if by, ok := dialect.As[sqldriver.Adopter](d); ok {
		by.Adopt(a.cfg)
	}
	c := &config{}
	for _, o := range opts {
		if o != nil {
			o.open(c)
		}
	}
	switch {
	case c.connector != nil:
		return nil, dialect.Errorf(ErrArguments, "engine: FromDB and WithConnector: use one of them")
	case c.onConnect != nil:
		return nil, dialect.Errorf(ErrArguments, "engine: FromDB: the *sql.DB opens the connections, so WithOnConnect has no place: set sessions up in its driver.Connector")
	case c.pool.PrePing || c.pool.PingIdle > 0 || c.pool.Recycle > 0 || c.pool.IdleLimit > 0 || c.pool.FIFO ||
		c.pool.MinIdle > 0 || c.pool.MaxDials > 0 || c.pool.Backoff > 0:
		return nil, dialect.Errorf(ErrArguments, "engine: FromDB: the *sql.DB keeps the connections: use its SetConnMaxLifetime, SetConnMaxIdleTime and "+
			"SetMaxIdleConns, and leave out WithPrePing, WithPingIdle, WithRecycle, WithIdleLimit, WithFIFO, WithMinIdle, WithMaxDials and WithBackoff")
	}
	c, err := configure("", append([]Option{WithConnector(a)}, opts...))
	if err != nil {
		return nil, err
	}
	c.pool.Kind = pool.Null
	if !c.sized && !c.overflowSet {
		c.pool.Overflow = pool.Unlimited
	}
	e, err := start(c)
	if err == nil {
		e.adopted = true
	}
	return e, err
}

// adopter takes connections from a *sql.DB.
type adopter struct {
	db  *sql.DB
	cfg *sqldriver.Config
}

var (
	_ dialect.Connector = (*adopter)(nil)
	_ dialect.Conn      = (*adopted)(nil)
	_ dialect.Dirtier   = (*adopted)(nil)
	_ dialect.RawConn   = (*adopted)(nil)
	_ discarder         = (*adopted)(nil)
)

func (a *adopter) Dialect() dialect.Dialect { return a.cfg.Dialect }
func (a *adopter) Address() string          { return "adopted *sql.DB" }

func (a *adopter) Connect(ctx context.Context) (dialect.Conn, error) {
	held, err := a.db.Conn(ctx)
	if err != nil {
		f := &sqldriver.Failure{Err: err, Address: a.Address(), Lost: true}
		if ctx.Err() != nil {
			f.Cause = context.Cause(ctx)
		}
		return nil, f
	}
	var raw driver.Conn
	err = held.Raw(func(dc any) (err error) {
		var ok bool
		if raw, ok = dc.(driver.Conn); !ok {
			err = dialect.Errorf(ErrUnsupported, "engine: the connections of the *sql.DB are a %T and not a driver.Conn", dc)
		}
		return err
	})
	if err != nil {
		return nil, join(err, held.Close())
	}
	// The DB's connection is used beside it until Close. The DB itself does
	// not touch it while it is lent to held.
	return &adopted{Conn: sqldriver.New(raw, a.cfg), held: held}, nil
}

// adopted is a connection of a *sql.DB.
type adopted struct {
	*sqldriver.Conn
	held *sql.Conn
	bad  bool // not to go back
	done bool
}

// Begin refuses what database/sql cannot ask of a driver.
func (a *adopted) Begin(ctx context.Context, o dialect.TxOptions) error {
	if o.Deferrable {
		return &dialect.UnsupportedError{Construct: "a deferrable transaction",
			Dialect: "an adopted *sql.DB", Instead: "open the database by its URL"}
	}
	return a.Conn.Begin(ctx, o)
}

// Reset ends a transaction, and keeps a session that was changed from going
// back.
func (a *adopted) Reset(ctx context.Context) error {
	a.bad = true
	if a.InTx() {
		return a.Rollback(ctx)
	}
	return nil
}

// discard keeps the connection from going back.
func (a *adopted) discard() { a.bad = true }

// Usable is false once the connection has broken or was given back.
func (a *adopted) Usable() bool { return !a.done && a.Conn.Usable() }

// Close gives the connection back to the DB, or has the DB close it.
func (a *adopted) Close() error {
	if a.done {
		return nil
	}
	usable := a.Conn.Usable()
	a.done = true
	if usable && !a.bad {
		return a.held.Close()
	}
	// this is how database/sql is told; its answer is that error again
	_ = a.held.Raw(func(any) error { return driver.ErrBadConn })
	if err := a.held.Close(); err != nil && err != sql.ErrConnDone {
		return err
	}
	return nil
}

// discarder is a connection that does not really end with its Close.
type discarder interface{ discard() }

// invalidate gives back a connection that is of no use.
func (c *core) invalidate(l pool.Lease[dialect.Conn], conn dialect.Conn, lost error, all bool) error {
	if d, ok := conn.(discarder); ok {
		d.discard()
	}
	if all {
		return l.InvalidateAll(lost)
	}
	return l.Invalidate(lost)
}

// classify describes an error of a connection.
func (c *core) classify(d dialect.Dialect, err error) *Error {
	if !c.adopted {
		return d.Classify(err)
	}
	return sqldriver.Classify(err, func(err error) dialect.Error { return *d.Classify(err) })
}
