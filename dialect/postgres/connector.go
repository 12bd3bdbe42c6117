package postgres

import (
	"context"
	"crypto/tls"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// connector implements [dialect.Connector].
type connector struct {
	d        dialect.Dialect
	cfg      *pgx.ConnConfig // not changed; copied for each dial
	s        settings
	password func(ctx context.Context) (string, error)
	address  string
}

var _ dialect.Connector = (*connector)(nil)

// OpenConnector implements [dialect.Dialect].
func (s *server) OpenConnector(u *dialect.URL, cc dialect.ConnectConfig) (dialect.Connector, error) {
	c := &connector{d: cc.DialectOr(s), password: cc.Password}
	if cc.Driver != nil {
		cfg, ok := cc.Driver.(*pgx.ConnConfig)
		if !ok {
			return nil, dialect.Errorf(dialect.ErrURL, "postgres: the driver configuration is a %T and must be a *pgx.ConnConfig", cc.Driver)
		}
		if cfg == nil || cfg.BuildFrontend == nil {
			return nil, dialect.Errorf(dialect.ErrURL, "postgres: the *pgx.ConnConfig was not made by pgx.ParseConfig")
		}
		c.cfg = cfg.Copy()
		c.s = settings{statements: cfg.StatementCacheCapacity, cancel: defaultCancelTimeout}
		switch cfg.DefaultQueryExecMode {
		case pgx.QueryExecModeCacheDescribe:
			c.s.mode, c.s.statements = modeDescribe, cfg.DescriptionCacheCapacity
		case pgx.QueryExecModeDescribeExec:
			c.s.mode, c.s.statements = modeDescribe, 0
		case pgx.QueryExecModeExec:
			c.s.mode = modeExec
		case pgx.QueryExecModeSimpleProtocol:
			c.s.mode = modeSimple
		}
		c.s.statements = max(c.s.statements, 0)
	} else {
		if u == nil {
			return nil, dialect.Errorf(dialect.ErrURL, "postgres: neither a URL nor a driver configuration")
		}
		var err error
		if c.cfg, c.s, err = parseURL(u); err != nil {
			return nil, err
		}
	}
	if cc.TLS != nil {
		useTLS(c.cfg, cc.TLS)
	}
	if cc.Dial != nil {
		c.cfg.DialFunc = pgconn.DialFunc(cc.Dial)
		// the dialer gets the name, which it may be the only one to know
		c.cfg.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil }
	}
	c.address = addressOf(c.cfg)
	return c, nil
}

// useTLS makes every network connection use t, with no way back to plain text.
// Unix sockets stay without TLS, as they do with libpq.
func useTLS(cfg *pgx.ConnConfig, t *tls.Config) {
	all := append([]*pgconn.FallbackConfig{{Host: cfg.Host, Port: cfg.Port}}, cfg.Fallbacks...)
	var kept []*pgconn.FallbackConfig
	for _, f := range all {
		if n := len(kept); n > 0 && kept[n-1].Host == f.Host && kept[n-1].Port == f.Port {
			continue // the same server, with the URL's second choice about TLS
		}
		k := &pgconn.FallbackConfig{Host: f.Host, Port: f.Port}
		if !strings.HasPrefix(f.Host, "/") {
			k.TLSConfig = t.Clone()
			if k.TLSConfig.ServerName == "" && !k.TLSConfig.InsecureSkipVerify {
				k.TLSConfig.ServerName = f.Host
			}
		}
		kept = append(kept, k)
	}
	cfg.Host, cfg.Port, cfg.TLSConfig = kept[0].Host, kept[0].Port, kept[0].TLSConfig
	cfg.Fallbacks = kept[1:]
}

// addressOf lists the servers.
func addressOf(cfg *pgx.ConnConfig) string {
	var list []string
	add := func(host string, port uint16) {
		_, a := pgconn.NetworkAddress(host, port)
		if len(list) == 0 || list[len(list)-1] != a {
			list = append(list, a)
		}
	}
	add(cfg.Host, cfg.Port)
	for _, f := range cfg.Fallbacks {
		add(f.Host, f.Port)
	}
	return strings.Join(list, ",")
}

// Address implements [dialect.Connector].
func (c *connector) Address() string { return c.address }

// Dialect implements [dialect.Connector].
func (c *connector) Dialect() dialect.Dialect { return c.d }

// Connect implements [dialect.Connector]. Several hosts are tried in order.
func (c *connector) Connect(ctx context.Context) (dialect.Conn, error) {
	cfg := c.cfg.Copy()
	if c.password != nil {
		p, err := c.password(ctx)
		if err != nil {
			return nil, &dialect.Error{Kind: dialect.ErrConnect, Message: "the password function failed for " + c.address, Err: err}
		}
		cfg.Password = p
	}
	var watch *canceller
	cfg.BuildContextWatcherHandler = func(pg *pgconn.PgConn) ctxwatch.Handler {
		watch = &canceller{pg: pg, wait: c.s.cancel}
		return watch
	}
	px, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		e := c.d.Classify(err)
		if ctx.Err() != nil && e.Code == "" {
			e.Kind, e.Cause = dialect.ErrCancelled, context.Cause(ctx)
		} else if e.Kind == dialect.ErrCancelled || e.Kind == dialect.ErrOther {
			e.Kind, e.Cause = dialect.ErrConnect, nil // the connect timeout
		}
		if !strings.Contains(e.Message, c.address) {
			e.Message = c.address + ": " + e.Message
		}
		e.MayHaveRun = false
		return nil, e
	}
	return &Conn{
		d: c.d, px: px, pg: px.PgConn(), types: px.TypeMap(), watch: watch,
		mode: c.s.mode, cache: newStmtCache(c.s.statements),
	}, nil
}

// Pooling implements [dialect.PoolAdviser]: a long-lived backend keeps what it
// has learnt of the catalogue, so one is replaced in time; and pgx does not
// look whether an idle one is still there.
func (c *connector) Pooling() dialect.Pooling {
	return dialect.Pooling{Recycle: time.Hour, PingIdle: 30 * time.Second}
}

var _ dialect.PoolAdviser = (*connector)(nil)
