package engine

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/pool"
)

// DefaultCloseTimeout bounds what is done without a context of the caller's; see
// [WithCloseTimeout].
const DefaultCloseTimeout = 5 * time.Second

// Option is a setting of [Open].
type Option interface{ open(*config) }

// DefaultOption is a setting that does not concern the connections, so that
// [Engine.With] can change it.
type DefaultOption interface {
	Option
	with(*config)
}

type openOption func(*config)

func (o openOption) open(c *config) { o(c) }

type defaultOption func(*config)

func (o defaultOption) open(c *config) { o(c) }
func (o defaultOption) with(c *config) { o(c) }

// settings are what an Engine and those made by its With can have different.
type settings struct {
	logger       *slog.Logger
	logArgs      bool
	slow         time.Duration
	showArgs     bool
	closeTimeout time.Duration
	tx           dialect.TxOptions
	hooks        []*Hooks
	tags         []queryTag
	tagger       func(context.Context) map[string]string
	timeout      time.Duration
	schemas      map[string]string
}

type config struct {
	settings
	pool        pool.Config[dialect.Conn]
	sized       bool
	overflowSet bool
	recycleSet  bool
	idleSet     bool
	connect     dialect.ConnectConfig
	connectSet  bool
	connector   dialect.Connector
	onConnect   []func(context.Context, dialect.Conn) error
	errs        []error
}

func (c *config) bad(format string, args ...any) {
	c.errs = append(c.errs, dialect.Errorf(ErrArguments, "engine: "+format, args...))
}

// positive checks a duration.
func (c *config) positive(option string, d time.Duration) bool {
	if d <= 0 {
		c.bad("%s(%v): the duration must be positive", option, d)
		return false
	}
	return true
}

// WithPoolSize sets how many connections are kept, and without
// [WithOverflow] how many there can be. The default is what the database's
// dialect advises, else [pool.DefaultSize].
func WithPoolSize(n int) Option {
	return openOption(func(c *config) {
		if n < 1 {
			c.bad("WithPoolSize(%d): the size must be at least 1", n)
			return
		}
		c.pool.Size, c.sized = n, true
	})
}

// WithOverflow sets how many connections beyond the pool's size may be open at
// once; [pool.Unlimited] sets no bound.
func WithOverflow(n int) Option {
	return openOption(func(c *config) {
		if n < pool.Unlimited {
			c.bad("WithOverflow(%d): it must be at least 0, or -1 for no bound", n)
			return
		}
		c.pool.Overflow, c.overflowSet = n, true
	})
}

// WithPoolTimeout bounds the wait for a connection, beside the caller's
// context; the error is an [ErrPoolTimeout]. A negative one sets no bound. The
// default is [pool.DefaultTimeout].
func WithPoolTimeout(d time.Duration) Option {
	return openOption(func(c *config) {
		if d == 0 {
			c.bad("WithPoolTimeout(0): give a positive duration, or a negative one for no bound")
			return
		}
		c.pool.Timeout = d
	})
}

// WithDialTimeout bounds the opening of a connection. The default is
// [pool.DefaultDialTimeout].
func WithDialTimeout(d time.Duration) Option {
	return openOption(func(c *config) {
		if c.positive("WithDialTimeout", d) {
			c.pool.DialTimeout = d
		}
	})
}

// WithPingTimeout bounds the pings of [WithPrePing] and [WithPingIdle]; a
// connection that has not answered by then is replaced. The default is
// [pool.DefaultPingTimeout].
func WithPingTimeout(d time.Duration) Option {
	return openOption(func(c *config) {
		if c.positive("WithPingTimeout", d) {
			c.pool.PingTimeout = d
		}
	})
}

// WithRecycle sets the age from which a connection is replaced. The default is
// never, unless the dialect advises otherwise.
func WithRecycle(d time.Duration) Option {
	return openOption(func(c *config) {
		if c.positive("WithRecycle", d) {
			c.pool.Recycle, c.recycleSet = d, true
		}
	})
}

// WithIdleLimit sets the time without use after which a connection is closed.
// The default is never, unless the dialect advises otherwise.
func WithIdleLimit(d time.Duration) Option {
	return openOption(func(c *config) {
		if c.positive("WithIdleLimit", d) {
			c.pool.IdleLimit, c.idleSet = d, true
		}
	})
}

// WithPrePing pings a connection each time it is taken from the pool, and
// replaces one that does not answer.
func WithPrePing() Option {
	return openOption(func(c *config) { c.pool.PrePing = true })
}

// WithPingIdle is WithPrePing for connections that have been idle for at least
// this long. The default is the dialect's advice: 30 seconds on PostgreSQL, SQL
// Server and Oracle, whose drivers find a dead connection only by using it, and
// never on MySQL, whose driver looks at the socket, and on SQLite.
func WithPingIdle(d time.Duration) Option {
	return openOption(func(c *config) {
		if c.positive("WithPingIdle", d) {
			c.pool.PingIdle = d
		}
	})
}

// WithFIFO takes the connection that has been idle longest. The default takes
// the one returned last, so that those not needed can age out.
func WithFIFO() Option {
	return openOption(func(c *config) { c.pool.FIFO = true })
}

// WithTrackLeases has each connection that is taken remember when and where
// that was, to find those that are not given back: [Engine.Holders] lists them,
// errors of waiting in vain name them, and [Engine.Close] returns a
// [pool.LeakError] for those that are still out. It costs about a microsecond
// and an allocation each time a connection is taken.
func WithTrackLeases() Option {
	return openOption(func(c *config) { c.pool.TrackLeases = true })
}

// WithMinIdle has n connections kept open and idle: from the first use of the
// Engine on they are opened in the background, and again when some were taken.
// n is at most the pool's size. The default is none.
func WithMinIdle(n int) Option {
	return openOption(func(c *config) {
		if n < 1 {
			c.bad("WithMinIdle(%d): it must be at least 1", n)
			return
		}
		c.pool.MinIdle = n
	})
}

// WithMaxDials bounds how many connections are being opened at once, to spare a
// server that has just come back. The default is no limit but the pool's.
func WithMaxDials(n int) Option {
	return openOption(func(c *config) {
		if n < 1 {
			c.bad("WithMaxDials(%d): it must be at least 1", n)
			return
		}
		c.pool.MaxDials = n
	})
}

// WithBackoff sets a delay after a connection could not be opened: of about
// first, doubled with each further failure, up to limit. Meanwhile callers wait
// for the connections that there are; where there is none they get the error of
// the last attempt at once, which is then a [pool.BackoffError] too. The
// default is to try again for each caller.
func WithBackoff(first, limit time.Duration) Option {
	return openOption(func(c *config) {
		switch {
		case first <= 0:
			c.bad("WithBackoff(%v, %v): the first delay must be positive", first, limit)
		case limit < first:
			c.bad("WithBackoff(%v, %v): the limit must be at least the first delay", first, limit)
		default:
			c.pool.Backoff, c.pool.BackoffLimit = first, limit
		}
	})
}

// WithLogger logs every statement at level Debug, with its duration and its
// number of rows, and without the values of its arguments. What goes wrong out
// of the caller's sight is logged at level Warn. Errors that are returned are
// not logged at a higher level: the caller has them. Nil logs nothing.
func WithLogger(l *slog.Logger) DefaultOption {
	return defaultOption(func(c *config) { c.logger = l })
}

// WithLogArgs adds the values of arguments to what is logged.
func WithLogArgs() DefaultOption {
	return defaultOption(func(c *config) { c.logArgs = true })
}

// WithSlowThreshold logs statements that take at least d at level Warn. It needs
// [WithLogger].
func WithSlowThreshold(d time.Duration) DefaultOption {
	return defaultOption(func(c *config) {
		if c.positive("WithSlowThreshold", d) {
			c.slow = d
		}
	})
}

// WithShowArgs adds the values of arguments to errors ([Error].Args and its
// text). They may be secrets, so they are not there otherwise.
func WithShowArgs() DefaultOption {
	return defaultOption(func(c *config) { c.showArgs = true })
}

// WithTLS takes the place of what the URL's options say about TLS.
func WithTLS(t *tls.Config) Option {
	return openOption(func(c *config) {
		if t == nil {
			c.bad("WithTLS(nil): give a *tls.Config")
		}
		c.connect.TLS, c.connectSet = t, true
	})
}

// WithDialer opens the network connections in place of net.Dialer.
func WithDialer(dial func(ctx context.Context, network, address string) (net.Conn, error)) Option {
	return openOption(func(c *config) {
		if dial == nil {
			c.bad("WithDialer(nil): give a function")
		}
		c.connect.Dial, c.connectSet = dial, true
	})
}

// WithPassword asks f for the password at each dial, for tokens that expire.
func WithPassword(f func(context.Context) (string, error)) Option {
	return openOption(func(c *config) {
		if f == nil {
			c.bad("WithPassword(nil): give a function")
		}
		c.connect.Password, c.connectSet = f, true
	})
}

// WithDriverConfig gives the driver's own configuration (*pgx.ConnConfig,
// *mysql.Config …), which takes the place of the URL but for its scheme.
func WithDriverConfig(cfg any) Option {
	return openOption(func(c *config) {
		if cfg == nil {
			c.bad("WithDriverConfig(nil): give the driver's configuration")
		}
		c.connect.Driver, c.connectSet = cfg, true
	})
}

// WithConnector takes a connector that is made already. The URL must then be
// empty.
func WithConnector(con dialect.Connector) Option {
	return openOption(func(c *config) {
		if con == nil {
			c.bad("WithConnector(nil): give a dialect.Connector")
		}
		c.connector = con
	})
}

// WithOnConnect calls f for each new connection before anybody gets it, to set
// up its session, and again after the session of one that came back dirty was
// reset, which undid what f had done. When f fails the connection is closed, and
// whoever waits for a new one gets the error. Several are called in order.
func WithOnConnect(f func(ctx context.Context, conn dialect.Conn) error) Option {
	return openOption(func(c *config) {
		if f == nil {
			c.bad("WithOnConnect(nil): give a function")
			return
		}
		c.onConnect = append(c.onConnect, f)
	})
}

// WithCloseTimeout bounds what is done when the caller's context has ended or
// there is none: rolling back, resetting a connection on its return. The
// default is [DefaultCloseTimeout].
func WithCloseTimeout(d time.Duration) DefaultOption {
	return defaultOption(func(c *config) {
		if c.positive("WithCloseTimeout", d) {
			c.closeTimeout = d
		}
	})
}

// WithDefaultTx sets the options that transactions begin with. Those given to
// Begin, Transact or Connect are added to them and come first.
func WithDefaultTx(opts ...TxOption) DefaultOption {
	return defaultOption(func(c *config) {
		for _, o := range opts {
			if o == nil {
				c.bad("WithDefaultTx: nil option")
				continue
			}
			o.tx(&c.tx)
		}
	})
}

// configure applies opts, then what the connector advises.
func configure(url string, opts []Option) (*config, error) {
	c := &config{settings: settings{closeTimeout: DefaultCloseTimeout}}
	for _, o := range opts {
		if o == nil {
			c.bad("nil option")
			continue
		}
		o.open(c)
	}
	switch {
	case c.connector != nil && url != "":
		c.bad("a URL and WithConnector: give one of them")
	case c.connector != nil && c.connectSet:
		c.bad("WithConnector brings its own configuration: leave out WithTLS, WithDialer, WithPassword and WithDriverConfig")
	case c.connector == nil:
		if err := c.open(url); err != nil {
			c.errs = append(c.errs, err)
		}
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if a, ok := c.connector.(dialect.PoolAdviser); ok {
		c.advise(a.Pooling())
	}
	size := c.pool.Size
	if size == 0 {
		size = pool.DefaultSize
	}
	if c.pool.MinIdle > size {
		c.bad("WithMinIdle(%d): the pool keeps %d connections; raise that by WithPoolSize", c.pool.MinIdle, size)
		return nil, c.check()
	}
	if err := checkTx(c.connector.Dialect(), c.tx); err != nil {
		return nil, err
	}
	return c, nil
}

// check reports all mistakes.
func (c *config) check() error {
	if c.logger == nil && (c.slow > 0 || c.logArgs) {
		c.bad("WithSlowThreshold and WithLogArgs need WithLogger")
	}
	return errors.Join(c.errs...)
}

func (c *config) open(url string) error {
	u, err := dialect.ParseURL(url)
	if err != nil {
		return err
	}
	d, err := dialect.Lookup(u.Scheme)
	if err != nil {
		return err
	}
	c.connector, err = d.OpenConnector(u, c.connect)
	return err
}

func (c *config) advise(p dialect.Pooling) {
	if !c.sized {
		c.pool.Size = p.Size
		if !c.overflowSet {
			c.pool.Overflow = p.Overflow
		}
	}
	if !c.recycleSet {
		c.pool.Recycle = p.Recycle
	}
	if !c.idleSet {
		c.pool.IdleLimit = p.IdleLimit
	}
	if c.pool.PingIdle == 0 {
		c.pool.PingIdle = p.PingIdle
	}
}
