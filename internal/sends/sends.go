package sends

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Err is what every statement that is sent gets for an answer.
var Err = errors.New("sent")

// Counter is the connector. It is safe for concurrent use.
type Counter struct {
	dialect.Connector // none
	d                 dialect.Dialect
	sent              atomic.Int64
}

// New returns a connector to a server of d.
func New(d dialect.Dialect) *Counter { return &Counter{d: d} }

// Sent is the number of statements so far.
func (c *Counter) Sent() int64 { return c.sent.Load() }

// Dialect implements dialect.Connector: the dialect without what it asks of a
// server.
func (c *Counter) Dialect() dialect.Dialect { return asked{c.d} }

// Address implements dialect.Connector.
func (c *Counter) Address() string { return "sends:0" }

// Connect implements dialect.Connector.
func (c *Counter) Connect(context.Context) (dialect.Conn, error) { return &conn{c: c}, nil }

type asked struct{ dialect.Dialect }

func (d asked) ForServer(context.Context, dialect.Conn) (dialect.Dialect, error) {
	return d.Dialect, nil
}

type conn struct {
	dialect.Conn // none
	c            *Counter
}

func (c *conn) Query(context.Context, *dialect.Compiled) (dialect.Rows, error) {
	c.c.sent.Add(1)
	return nil, Err
}

func (c *conn) Exec(context.Context, *dialect.Compiled) (dialect.Result, error) {
	c.c.sent.Add(1)
	return dialect.Result{}, Err
}

func (c *conn) Begin(context.Context, dialect.TxOptions) error { return nil }
func (c *conn) Commit(context.Context) error                   { return nil }
func (c *conn) Rollback(context.Context) error                 { return nil }

func (c *conn) Ping(context.Context) error  { return nil }
func (c *conn) Reset(context.Context) error { return nil }
func (c *conn) Usable() bool                { return true }
func (c *conn) Close() error                { return nil }
