package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// idleCheck is how long a connection may be idle before the driver looks,
// without a round trip, whether the server has closed it.
const idleCheck = time.Second

// OpenConnector checks the URL and the configuration; it dials nothing.
func (s *server) OpenConnector(u *dialect.URL, conf dialect.ConnectConfig) (dialect.Connector, error) {
	set, err := read(s, u, conf)
	if err != nil {
		return nil, err
	}
	d := &dialers{timeout: set.timeout}
	for _, c := range set.hosts {
		c.DialFunc = greetings(c.DialFunc)
		raw, err := mysql.NewConnector(c)
		if err != nil {
			return nil, dialect.Errorf(dialect.ErrURL, "%s: %w", s.Name(), err)
		}
		d.each = append(d.each, raw)
		d.addresses = append(d.addresses, c.Addr)
	}
	return sqldriver.NewConnector(d, set.address, adapter(conf.DialectOr(s), set, d)), nil
}

// adapter says how the driver is used.
func adapter(s dialect.Dialect, set *settings, d *dialers) *sqldriver.Config {
	v := values{set.loc}
	return &sqldriver.Config{
		Dialect:        s,
		Prepare:        sqldriver.WithArgs,
		StatementCache: set.cache,
		Inexact:        inexact(&s.Features().Lexical),
		Bind:           v.bind,
		AsIs:           true,
		Decoder:        v.decoder,
		Result:         result,
		Begin:          begin,
		Ends:           ends,
		Open:           open,
		TwoPhase:       twoPhase,
		Copy:           v.load,
		IdleCheck:      idleCheck,
		Lost:           lost,
		NotSent:        notSent,
		CancelLoses:    true,
		Kill:           d.kill,
		Stop:           d.stop,
		HangUp:         hangUp,
		Stopped:        func(err error) bool { return number(err) == 1317 },
		Stale:          stale,
		Full:           func(err error) bool { return number(err) == 1461 },
		Reset:          func(ctx context.Context, c *sqldriver.Conn) error { return reset(ctx, c, set.resettle) },
		Connecting: func(ctx context.Context) context.Context {
			return context.WithValue(ctx, wireKey{}, &wire{})
		},
		OnConnect: func(ctx context.Context, c *sqldriver.Conn) error {
			c.Aux = ctx.Value(wireKey{})
			return nil
		},
	}
}

// Adopt says of connections that somebody else has opened what the protocol
// and the server do to values and transactions.
func (s *server) Adopt(cfg *sqldriver.Config) {
	cfg.Inexact, cfg.Ends, cfg.Open = inexact(&s.Features().Lexical), ends, open
}

// dialers tries several hosts in their order.
type dialers struct {
	each      []driver.Connector
	addresses []string
	timeout   time.Duration
}

func (d *dialers) Connect(ctx context.Context) (driver.Conn, error) {
	var errs []error
	for i, c := range d.each {
		conn, err := d.connect(ctx, c)
		if err == nil {
			if w, ok := ctx.Value(wireKey{}).(*wire); ok {
				w.host = i
			}
			return conn, nil
		}
		if len(d.each) == 1 {
			return nil, err
		}
		errs = append(errs, fmt.Errorf("%s: %w", d.addresses[i], err))
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(errs...)
}

// connect bounds the whole of a connect, of which the driver's own limit
// covers the dial only.
func (d *dialers) connect(ctx context.Context, c driver.Connector) (driver.Conn, error) {
	if d.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.timeout)
		defer cancel()
	}
	return c.Connect(ctx)
}

func (d *dialers) Driver() driver.Driver { return &mysql.MySQLDriver{} }

// begin returns the texts that begin a transaction. An isolation level is for
// the next transaction only, so it stands before it.
func begin(o dialect.TxOptions) ([]string, error) {
	start := "START TRANSACTION"
	if o.ReadOnly {
		start += " READ ONLY"
	}
	if o.Isolation == dialect.DefaultIsolation {
		return []string{start}, nil
	}
	return []string{"SET TRANSACTION ISOLATION LEVEL " + o.Isolation.String(), start}, nil
}

// result reads the driver's. The server gives the id 0 where it generated none.
func result(r driver.Result, c *dialect.Compiled) (dialect.Result, error) {
	n, err := r.RowsAffected()
	if err != nil {
		return dialect.Result{}, err
	}
	if c.Counted != 0 {
		n = c.Counted
	}
	res := dialect.NewResult(n)
	id, err := r.LastInsertId()
	if err != nil {
		return dialect.Result{}, err
	}
	if id != 0 {
		res = res.WithInsertID(id)
	}
	return res, nil
}

// wire is the network connection under a connection of the driver, and the
// host that it goes to.
type wire struct {
	conn     net.Conn
	greeting *greeting
	host     int
}

type wireKey struct{}

// comResetConnection is the request to reset a session, which the driver does
// not have.
const comResetConnection = 0x1f

// reset makes the session what it was after connecting. The driver is idle
// meanwhile, with nothing in its buffers, so the request may pass it by.
func reset(ctx context.Context, c *sqldriver.Conn, resettle []string) error {
	w, ok := c.Aux.(*wire)
	if !ok || w.conn == nil || resettle == nil {
		return dialect.Errorf(dialect.ErrUnsupported, "mysql: the session cannot be reset on this connection (TLS, compression, "+
			"no database in the URL, or a driver configuration); it is replaced by a new one")
	}
	if err := exchange(ctx, w.conn, comResetConnection); err != nil {
		c.Broken()
		return err
	}
	c.Abandon()
	for _, text := range resettle {
		if err := c.Text(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// exchange sends a command without arguments and reads the one packet that answers it.
func exchange(ctx context.Context, conn net.Conn, command byte) error {
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := conn.Write([]byte{1, 0, 0, 0, command}); err != nil {
		return err
	}
	var head [4]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return err
	}
	body := make([]byte, int(head[0])|int(head[1])<<8|int(head[2])<<16)
	if _, err := io.ReadFull(conn, body); err != nil {
		return err
	}
	if len(body) == 0 || body[0] != 0 {
		return dialect.Errorf(dialect.ErrUnsupported, "mysql: the server refuses to reset the session")
	}
	if !stop() {
		return ctx.Err()
	}
	return conn.SetDeadline(time.Time{})
}
