package mssql

import (
	"context"
	"database/sql/driver"
	"fmt"
	"net"
	"sync"
	"time"

	mssqldb "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// cachedTexts is how many texts a connection keeps the description of the result
// for, where the URL does not say.
const cachedTexts = 256

// OpenConnector makes the driver's configuration of u and cfg; doc.go lists
// the options. [dialect.ConnectConfig.Driver] may be a msdsn.Config, a pointer to
// one, or a *mssql.Connector of the driver (without its "guid conversion").
func (d *sqlServer) OpenConnector(u *dialect.URL, cfg dialect.ConnectConfig) (dialect.Connector, error) {
	c := &connector{dial: cfg.Dial, password: cfg.Password, settings: settings{texts: cachedTexts}}
	switch given := cfg.Driver.(type) {
	case nil:
		if u == nil {
			return nil, dialect.Errorf(dialect.ErrURL, "mssql: no URL")
		}
		var err error
		if c.config, c.settings, err = config(u, cfg); err != nil {
			return nil, err
		}
	case msdsn.Config:
		c.config = given
	case *msdsn.Config:
		if given == nil {
			return nil, dialect.Errorf(dialect.ErrURL, "mssql: the driver's configuration is a nil *msdsn.Config")
		}
		c.config = *given
	case *mssqldb.Connector:
		if given == nil {
			return nil, dialect.Errorf(dialect.ErrURL, "mssql: the driver's configuration is a nil *mssql.Connector")
		}
		if cfg.TLS != nil || cfg.Dial != nil || cfg.Password != nil {
			return nil, dialect.Errorf(dialect.ErrURL, "mssql: a *mssql.Connector has its own TLS, dialer and password; give a msdsn.Config to set them here")
		}
		return adapt(cfg.DialectOr(d), readyConnector{given}, "the server of the given connector", cachedTexts), nil
	default:
		return nil, dialect.Errorf(dialect.ErrURL, "mssql: the driver's configuration is a %T; give a msdsn.Config or a *mssql.Connector", cfg.Driver)
	}
	if cfg.Driver != nil {
		if cfg.TLS != nil {
			c.config.TLSConfig = cfg.TLS
			if c.config.Encryption != msdsn.EncryptionStrict {
				c.config.Encryption = msdsn.EncryptionRequired
			}
		}
		if len(c.config.Protocols) == 0 {
			c.config.Protocols = []string{"tcp"}
		}
		if c.config.Host == "" {
			c.config.Host = "localhost"
		}
		c.config.DisableRetry = true
		c.config.Encoding.GuidConversion = false // done here, both ways
	}
	if c.settings.accessToken && c.password == nil {
		if c.config.Password == "" {
			return nil, dialect.Errorf(dialect.ErrURL, "mssql: auth=access_token needs a function that gives the token (ConnectConfig.Password)")
		}
		token := c.config.Password
		c.password = func(context.Context) (string, error) { return token, nil }
	}
	return adapt(cfg.DialectOr(d), c, address(&c.config), c.settings.texts), nil
}

// adapt puts the adapter over a driver's connector.
func adapt(d dialect.Dialect, raw driver.Connector, where string, texts int) dialect.Connector {
	return sqldriver.NewConnector(raw, where, &sqldriver.Config{
		Dialect:        d,
		Prepare:        sqldriver.Always, // texts are kept here, and not on the server
		StatementCache: texts,
		Bind:           bind,
		Copy:           bulkCopy,
		Pooling:        dialect.Pooling{PingIdle: 30 * time.Second}, // the driver does not look
		ArgName:        func(_ int, a *dialect.Arg) string { return a.Name },
		Column:         column,
		Decoder:        decoder,
		Reset:          reset,
		Lost:           func(err error) bool { e := describe(err); return e.Lost },
		NotSent:        notSent,
	})
}

// decoder says how the values of a column are read.
func decoder(col *dialect.Column) sqldriver.Decoder {
	switch col.DatabaseType {
	case "UNIQUEIDENTIFIER":
		return decodeUUID
	case "DECIMAL", "MONEY", "SMALLMONEY":
		return decodeDecimal
	}
	return nil
}

// reset rolls back whatever is open, begun by the engine or by text, and has
// the next request reset the session.
func reset(ctx context.Context, c *sqldriver.Conn) error {
	if c.InTx() {
		if err := c.Rollback(ctx); err != nil {
			return err
		}
	}
	if err := c.Text(ctx, "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION"); err != nil {
		return err
	}
	return c.ResetSession(ctx)
}

// notSent reports that the driver found the connection broken before it wrote.
func notSent(err error) bool { return err == driver.ErrBadConn }

// readyConnector is a driver's connector that the program made.
type readyConnector struct{ *mssqldb.Connector }

func (r readyConnector) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := r.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return wrap(c)
}

// connector connects with a configuration of its own for each connection, since
// the password may be another one each time.
type connector struct {
	config   msdsn.Config
	settings settings
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	password func(ctx context.Context) (string, error)
}

// Driver returns the driver.
func (c *connector) Driver() driver.Driver { return &mssqldb.Driver{} }

// Connect dials and logs in. The driver looks at the context only while it
// dials, so the end of the context also ends what the login waits for.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	if t := c.settings.connectTimeout; t > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, t, fmt.Errorf("connect_timeout of %v passed: %w", t, context.DeadlineExceeded))
		defer cancel()
	}
	config := c.config
	var raw *mssqldb.Connector
	switch {
	case c.settings.accessToken:
		var err error
		if raw, err = mssqldb.NewSecurityTokenConnector(config, c.password); err != nil {
			return nil, err
		}
	case c.password != nil:
		p, err := c.password(ctx)
		if err != nil {
			return nil, fmt.Errorf("mssql: the password function: %w", err)
		}
		config.Password = p
		fallthrough
	default:
		raw = mssqldb.NewConnectorConfig(config)
	}
	d := &dialer{dial: c.dial, host: config.Host}
	if d.dial == nil {
		d.dial = (&net.Dialer{KeepAlive: config.KeepAlive}).DialContext
	}
	raw.Dialer = d
	if !config.MultiSubnetFailover {
		raw.Dialer = hostDialer{d} // which resolves names itself, under the context
	}
	stop := context.AfterFunc(ctx, d.interrupt)
	conn, err := raw.Connect(ctx)
	if !stop() && err == nil { // the context ended just now, and the connection has a deadline in the past
		return nil, joined(context.Cause(ctx), conn.Close())
	}
	if err != nil {
		if ctx.Err() != nil {
			return nil, joined(context.Cause(ctx), err)
		}
		return nil, err
	}
	w, err := wrap(conn)
	if err != nil || c.settings.initSQL == "" {
		return w, err
	}
	w.initSQL = c.settings.initSQL
	if _, err := w.ExecContext(ctx, w.initSQL, nil); err != nil {
		return nil, joined(err, w.Close())
	}
	return w, nil
}

func wrap(c driver.Conn) (*conn, error) {
	raw, ok := c.(*mssqldb.Conn)
	if !ok {
		return nil, joined(fmt.Errorf("mssql: the driver's connection is a %T", c), c.Close())
	}
	return &conn{Conn: raw}, nil
}

// dialer keeps the connections of one login at hand, so that it can be interrupted.
type dialer struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	host string

	mu    sync.Mutex
	conns []net.Conn
	ended bool
}

// DialContext dials.
func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := d.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended {
		return nil, joined(context.Canceled, c.Close())
	}
	d.conns = append(d.conns, c)
	return c, nil
}

// interrupt ends what waits for the network.
func (d *dialer) interrupt() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = true
	for _, c := range d.conns {
		if err := c.SetDeadline(time.Unix(1, 0)); err != nil {
			c.Close()
		}
	}
}

// hostDialer tells the driver to leave the names of hosts to the dialer.
type hostDialer struct{ *dialer }

// HostName is asked by the driver.
func (h hostDialer) HostName() string { return h.host }
