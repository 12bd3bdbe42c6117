package fakedb

import (
	"context"
	"errors"
	"io"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Error is an error of the fake server.
type Error struct {
	Kind       dialect.Kind
	Code       string
	Message    string
	Constraint string
	Lost       bool
	MayHaveRun bool
}

// Error returns the message.
func (e *Error) Error() string { return "fakedb: " + e.Message }

// ErrDropped is what a connection gives that dropped before anything was sent.
var ErrDropped = &Error{Kind: dialect.ErrConnectionLost, Message: "connection dropped", Lost: true}

// ErrDroppedLate is what it gives when the statement may have been executed.
var ErrDroppedLate = &Error{Kind: dialect.ErrConnectionLost, Message: "connection dropped", Lost: true, MayHaveRun: true}

// Dialect is the dialect of a DB.
type Dialect struct {
	db       *DB
	features *dialect.Features
	server   bool
}

var (
	_ dialect.Dialect     = (*Dialect)(nil)
	_ dialect.Connector   = (*connector)(nil)
	_ dialect.PoolAdviser = (*connector)(nil)
	_ io.Closer           = (*connector)(nil)
)

// Dialect returns the dialect as it is without a server.
func (db *DB) Dialect() dialect.Dialect { return db.dialect }

// Connector returns a connector to db.
func (db *DB) Connector() dialect.Connector { return &connector{db} }

// Name is "fake", and "fakeserver" once a server was asked.
func (d *Dialect) Name() string {
	if d.server {
		return "fakeserver"
	}
	return "fake"
}

// Features returns what the DB was given.
func (d *Dialect) Features() *dialect.Features { return d.features }

// OpenConnector takes the options "size" (a number) and "mode" (fast, safe).
func (d *Dialect) OpenConnector(u *dialect.URL, cfg dialect.ConnectConfig) (dialect.Connector, error) {
	r := dialect.ReadOptions(u)
	r.Int("size", 1, 0, 100)
	r.Choice("mode", "fast", "fast", "safe")
	if err := r.Err(); err != nil {
		return nil, err
	}
	if cfg.TLS != nil {
		return nil, dialect.Unsupported(d, "TLS", "it has no network")
	}
	return d.db.Connector(), nil
}

// ForServer returns a dialect with version 1.2.
func (d *Dialect) ForServer(ctx context.Context, c dialect.Conn) (dialect.Dialect, error) {
	if err := d.db.next(&d.db.forSrv, &d.db.counts.Servers, ""); err != nil {
		return nil, err
	}
	f := *d.features
	f.Version = dialect.Version{Major: 1, Minor: 2}
	return &Dialect{db: d.db, features: &f, server: true}, nil
}

// TypeName is the type in SQL's words.
func (d *Dialect) TypeName(t *dialect.Type) (string, error) { return t.String(), nil }

// Classify reads an Error.
func (d *Dialect) Classify(err error) *dialect.Error {
	var de *dialect.Error
	if errors.As(err, &de) {
		return de
	}
	out := &dialect.Error{Err: err}
	var e *Error
	switch {
	case errors.As(err, &e):
		out.Kind, out.Code, out.Message, out.Constraint = e.Kind, e.Code, e.Message, e.Constraint
		out.Lost, out.MayHaveRun = e.Lost, e.MayHaveRun
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		out.Kind = dialect.ErrCancelled
	}
	return out
}

type connector struct{ db *DB }

func (c *connector) Dialect() dialect.Dialect { return c.db.dialect }
func (c *connector) Address() string          { return "fake:0" }

func (c *connector) Pooling() dialect.Pooling {
	if c.db.pooling != nil {
		return *c.db.pooling
	}
	return dialect.Pooling{}
}

func (c *connector) Close() error {
	c.db.mu.Lock()
	defer c.db.mu.Unlock()
	c.db.closed++
	return nil
}

func (c *connector) Connect(ctx context.Context) (dialect.Conn, error) {
	db := c.db
	db.mu.Lock()
	hang := db.dialHang
	db.mu.Unlock()
	if hang {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	tries := 0
	if err := db.next(&db.dials, &tries, ""); err != nil {
		db.mu.Lock()
		db.counts.DialErrors++
		db.mu.Unlock()
		return nil, err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.counts.Dials++
	db.counts.Open++
	n := &conn{db: db, number: db.counts.Dials}
	db.conns[n] = struct{}{}
	return n, nil
}
