package sqldriver

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// connector is a driver's connector as a [dialect.Connector].
type connector struct {
	raw     driver.Connector
	address string
	cfg     *Config
}

// NewConnector returns a Connector over a driver's. address is for messages
// and holds no secret. Where raw is an io.Closer, so is the Connector. The
// Config's Dialect is the Connector's.
func NewConnector(raw driver.Connector, address string, cfg *Config) dialect.Connector {
	c := &connector{raw: raw, address: address, cfg: cfg}
	closer, closes := raw.(io.Closer)
	switch advises := cfg.Pooling != (dialect.Pooling{}); {
	case closes && advises:
		return &closingAdviser{advisingConnector{c}, closer}
	case closes:
		return &closingConnector{c, closer}
	case advises:
		return advisingConnector{c}
	}
	return c
}

type advisingConnector struct{ *connector }

// Pooling implements [dialect.PoolAdviser].
func (c advisingConnector) Pooling() dialect.Pooling { return c.cfg.Pooling }

type closingAdviser struct {
	advisingConnector
	io.Closer
}

type closingConnector struct {
	*connector
	io.Closer
}

var (
	_ dialect.Connector   = (*connector)(nil)
	_ dialect.PoolAdviser = advisingConnector{}
)

func (c *connector) Dialect() dialect.Dialect { return c.cfg.Dialect }
func (c *connector) Address() string          { return c.address }

// Connect dials. Its errors are [*Failure] with the address.
func (c *connector) Connect(ctx context.Context) (dialect.Conn, error) {
	if c.cfg.Connecting != nil {
		ctx = c.cfg.Connecting(ctx)
	}
	raw, err := c.raw.Connect(ctx)
	if err != nil {
		return nil, c.fail(ctx, err)
	}
	conn := New(raw, c.cfg)
	if c.cfg.OnConnect != nil {
		if err := c.cfg.OnConnect(ctx, conn); err != nil {
			return nil, errors.Join(c.fail(ctx, err), conn.Close())
		}
	}
	if c.cfg.Copy != nil {
		return copyConn{conn}, nil
	}
	return conn, nil
}

func (c *connector) fail(ctx context.Context, err error) error {
	f := &Failure{Err: err, Address: c.address, Lost: true}
	if f.Address == "" {
		f.Address = "server"
	}
	if ctx.Err() != nil {
		f.Cause = context.Cause(ctx)
	}
	return f
}
