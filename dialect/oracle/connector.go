package oracle

import (
	"context"
	"crypto/tls"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	go_ora "github.com/sijms/go-ora/v2"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// cachedTexts is how many texts a connection keeps the description of the result
// for, where the URL does not say.
const cachedTexts = 256

// OpenConnector makes the driver's URL of u and cfg; doc.go lists the
// options. [dialect.ConnectConfig.Driver] may be a URL of the driver's own (a
// string) or a *go_ora.OracleConnector, whose "SERVER LOCATION" is then to be
// UTC, since the driver takes a time without a time zone for one of that place.
func (d *oracle) OpenConnector(u *dialect.URL, cfg dialect.ConnectConfig) (dialect.Connector, error) {
	c := &connector{tls: cfg.TLS, dial: cfg.Dial, password: cfg.Password}
	where := ""
	switch given := cfg.Driver.(type) {
	case nil:
		if u == nil {
			return nil, dialect.Errorf(dialect.ErrURL, "oracle: no URL")
		}
		var err error
		if c.settings, err = readURL(u, cfg); err != nil {
			return nil, err
		}
		where = c.settings.address()
	case string:
		if cfg.Password != nil {
			return nil, dialect.Errorf(dialect.ErrURL, "oracle: a URL of the driver's own holds its password; give a SQLayer URL for one that changes")
		}
		parsed, err := go_ora.ParseConfig(given)
		if err != nil {
			return nil, dialect.Errorf(dialect.ErrURL, "oracle: the driver's URL: %w", withoutSecret(given, err))
		}
		if cfg.TLS != nil && !parsed.SSL {
			return nil, dialect.Errorf(dialect.ErrURL, "oracle: the driver's URL needs ssl=true for the TLS configuration")
		}
		hosts := make([]string, len(parsed.Servers))
		for i := range parsed.Servers {
			hosts[i] = parsed.Servers[i].NetworkAddr()
		}
		where = strings.Join(hosts, ",")
		if c.ready = given; parsed.Location == "" {
			c.ready += map[bool]string{true: "&", false: "?"}[strings.Contains(given, "?")] + "SERVER%20LOCATION=UTC"
		}
		c.settings = &settings{texts: cachedTexts, initSQL: sessionSQL(dialect.ReadOptions(dialect.NewURL("oracle")))}
	case *go_ora.OracleConnector:
		if given == nil {
			return nil, dialect.Errorf(dialect.ErrURL, "oracle: the driver's configuration is a nil *go_ora.OracleConnector")
		}
		if cfg.TLS != nil || cfg.Dial != nil || cfg.Password != nil {
			return nil, dialect.Errorf(dialect.ErrURL, "oracle: a *go_ora.OracleConnector has its own TLS, dialer and password; give a URL to set them here")
		}
		where = "the server of the given connector"
		c.given = given
		c.settings = &settings{texts: cachedTexts, initSQL: sessionSQL(dialect.ReadOptions(dialect.NewURL("oracle")))}
	default:
		return nil, dialect.Errorf(dialect.ErrURL, "oracle: the driver's configuration is a %T; give a URL (string) or a *go_ora.OracleConnector", cfg.Driver)
	}
	return sqldriver.NewConnector(c, where, adapterConfig(cfg.DialectOr(d), c.settings.texts)), nil
}

// adapterConfig says how the adapter uses the driver.
func adapterConfig(d dialect.Dialect, texts int) *sqldriver.Config {
	return &sqldriver.Config{
		Dialect:        d,
		Prepare:        sqldriver.Always, // texts are kept here, and not on the server
		StatementCache: texts,
		Bind:           bind,
		Copy:           arrayCopy,
		Pooling:        dialect.Pooling{PingIdle: 30 * time.Second}, // the driver looks at a flag of its own only
		ArgName:        func(_ int, a *dialect.Arg) string { return a.Name },
		Out:            outArg,
		Column:         column,
		Decoder:        decoder,
		Lost:           func(err error) bool { return describe(err).Lost },
		Cancelled:      cancelled,
		CancelLoses:    true,
	}
}

// connector connects with a driver's connector of its own for each
// connection, since the password may be another one each time.
type connector struct {
	settings *settings
	ready    string                  // a URL of the driver's, instead
	given    *go_ora.OracleConnector // a connector of the program's, instead
	tls      *tls.Config
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	password func(ctx context.Context) (string, error)
}

// Driver returns the driver.
func (c *connector) Driver() driver.Driver { return go_ora.NewDriver() }

// Connect dials, logs in and sets the session up.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	if t := c.settings.timeout; t > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, t, fmt.Errorf("connect_timeout of %v passed: %w", t, context.DeadlineExceeded))
		defer cancel()
	}
	d := &dialer{dial: c.dial}
	raw := c.given
	dsn := c.ready
	if raw == nil {
		if dsn == "" {
			password := c.settings.password
			if c.password != nil {
				p, err := c.password(ctx)
				if err != nil {
					return nil, fmt.Errorf("oracle: the password function: %w", err)
				}
				password = p
			}
			dsn = c.settings.url(password)
		}
		var ok bool
		if raw, ok = go_ora.NewConnector(dsn).(*go_ora.OracleConnector); !ok {
			return nil, errors.New("oracle: the driver's connector is of another type")
		}
		raw.Dialer(d)
		if c.tls != nil {
			raw.WithTLSConfig(c.tls.Clone()) // the driver writes to it
		}
	}
	w, err := c.login(ctx, raw, d)
	if err != nil {
		d.close()
		err = withoutSecret(dsn, err)
		if ctx.Err() != nil {
			return nil, errors.Join(context.Cause(ctx), err)
		}
		return nil, err
	}
	return w, nil
}

// login connects and sets the session up. The driver watches a context from
// another goroutine, which reads what the login writes (v2.9.0): it gets one
// that does not end, and the end of ctx closes the network connection under
// it. A connector of the program's dials by itself, and gets ctx.
func (c *connector) login(ctx context.Context, raw *go_ora.OracleConnector, d *dialer) (_ *conn, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	inner := ctx
	if c.given == nil {
		d.ctx, inner = ctx, context.WithoutCancel(ctx)
		stop := context.AfterFunc(ctx, d.close)
		defer func() {
			if !stop() && err == nil {
				err = ctx.Err()
			}
		}()
	}
	dc, err := raw.Connect(inner)
	if err != nil {
		return nil, err
	}
	oc, ok := dc.(*go_ora.Connection)
	if !ok {
		return nil, errors.Join(fmt.Errorf("oracle: the driver's connection is a %T", dc), dc.Close())
	}
	w := &conn{Connection: oc, net: d.last(), initSQL: c.settings.initSQL}
	if _, err := w.ExecContext(inner, w.initSQL, nil); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// withoutSecret keeps the driver's URL, with its password, out of an error.
func withoutSecret(dsn string, err error) error {
	err = plain(err)
	if u, e := url.Parse(dsn); e == nil && u.User != nil {
		if p, ok := u.User.Password(); ok && p != "" && strings.Contains(err.Error(), p) {
			return errors.New("the driver's message holds the password and is not shown")
		}
	}
	return err
}

// dialer keeps the network connections of one login at hand.
type dialer struct {
	ctx  context.Context // the login's, which the driver does not get
	dial func(ctx context.Context, network, address string) (net.Conn, error)

	mu     sync.Mutex
	conns  []net.Conn
	closed bool
}

// DialContext dials. A listener may send the client elsewhere, which dials again.
func (d *dialer) DialContext(_ context.Context, network, address string) (net.Conn, error) {
	dial := d.dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	c, err := dial(d.ctx, network, address)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, errors.Join(context.Cause(d.ctx), c.Close())
	}
	d.conns = append(d.conns, c)
	return c, nil
}

// last is the connection that the login ended on.
func (d *dialer) last() net.Conn {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.conns) == 0 {
		return nil
	}
	return d.conns[len(d.conns)-1]
}

// close closes all of them: the driver leaves some open after a failed login.
func (d *dialer) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	for _, c := range d.conns {
		c.Close()
	}
}
