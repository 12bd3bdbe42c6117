package mysql

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/sqlayer-go/sqlayer/dialect"
)

const (
	defaultPort      = 3306
	defaultCache     = 256
	defaultConnect   = 10 * time.Second
	defaultPacket    = 64 << 20
	maxAllowedPacket = 1 << 30
)

// settings are what a URL and a ConnectConfig come to.
type settings struct {
	hosts   []*mysql.Config // one for each host, in order
	address string
	loc     *time.Location
	cache   int
	timeout time.Duration
	// resettle is what sets the session up again after it was reset;
	// empty where a reset cannot be asked for.
	resettle []string
}

// read makes settings of a URL and a ConnectConfig, and reports all mistakes.
func read(d dialect.Dialect, u *dialect.URL, conf dialect.ConnectConfig) (*settings, error) {
	if conf.Driver != nil {
		return adopt(d, conf)
	}
	if u == nil {
		return nil, dialect.Errorf(dialect.ErrURL, "mysql: there is neither a URL nor a driver configuration")
	}
	s := &settings{}
	r := dialect.ReadOptions(u)
	base := mysql.NewConfig()
	base.Logger = &mysql.NopLogger{}
	base.ParseTime = !r.Bool("strict_dates", false)
	base.ClientFoundRows = true
	base.User = u.Username
	base.Passwd, _ = u.Password()
	base.DBName = u.Database
	base.TLSConfig = r.Choice("tls", "false", "false", "true", "skip-verify", "preferred")
	base.ReadTimeout = r.Duration("read_timeout", 0)
	base.WriteTimeout = r.Duration("write_timeout", 0)
	base.MaxAllowedPacket = r.Int("max_allowed_packet", defaultPacket, 0, maxAllowedPacket)
	base.AllowCleartextPasswords = r.Bool("allow_cleartext_passwords", false)
	base.RejectReadOnly = r.Bool("reject_read_only", false)
	s.timeout = r.Duration("connect_timeout", defaultConnect)
	s.cache = r.Int("statement_cache", defaultCache, 0, 1<<14)
	compress := r.Bool("compress", false)
	names := session(r, base, s)
	addresses := hosts(r, u)
	if err := r.Err(); err != nil {
		return nil, err
	}
	if err := base.Apply(mysql.EnableCompression(compress)); err != nil {
		return nil, err
	}
	apply(base, conf)
	if base.TLS == nil && base.TLSConfig == "false" && !compress && base.DBName != "" {
		w := dialect.NewWriter(d)
		w.WriteString("USE ")
		w.Ident(base.DBName)
		if err := w.Err(); err != nil {
			return nil, err
		}
		set := "SET " + names
		for name, value := range base.Params {
			set += ", " + name + " = " + value
		}
		s.resettle = []string{w.Text(), set}
	}
	for _, a := range addresses {
		c := base.Clone()
		c.Net, c.Addr = "tcp", a
		if strings.HasPrefix(a, "/") {
			c.Net = "unix"
		}
		s.hosts = append(s.hosts, c)
	}
	s.address = strings.Join(addresses, ",")
	return s, nil
}

// adopt takes a ready configuration of the driver. Only what SQLayer's
// promises need is changed, in a copy.
func adopt(d dialect.Dialect, conf dialect.ConnectConfig) (*settings, error) {
	given, ok := conf.Driver.(*mysql.Config)
	if !ok {
		return nil, dialect.Errorf(dialect.ErrURL, "%s: ConnectConfig.Driver is a %T; this dialect takes a *mysql.Config of github.com/go-sql-driver/mysql",
			d.Name(), conf.Driver)
	}
	if given == nil {
		return nil, dialect.Errorf(dialect.ErrURL, "%s: ConnectConfig.Driver is a nil *mysql.Config", d.Name())
	}
	c := given.Clone()
	c.ClientFoundRows = true
	if c.Loc == nil {
		c.Loc = time.UTC
	}
	if c.Logger == nil || c.Logger == mysql.NewConfig().Logger { // the one that writes to the standard error
		c.Logger = &mysql.NopLogger{}
	}
	apply(c, conf)
	s := &settings{hosts: []*mysql.Config{c}, loc: c.Loc, cache: defaultCache, address: c.Addr}
	if s.address == "" {
		s.address = "127.0.0.1:3306"
	}
	return s, nil
}

// apply puts what the program gave in the place of what the URL says.
func apply(c *mysql.Config, conf dialect.ConnectConfig) {
	if conf.TLS != nil {
		c.TLS, c.TLSConfig = conf.TLS.Clone(), ""
	}
	c.DialFunc = dialer(conf.Dial, c)
	if conf.Password != nil {
		// The option returns no error: it only sets the function.
		_ = c.Apply(mysql.BeforeConnect(func(ctx context.Context, c *mysql.Config) error {
			p, err := conf.Password(ctx)
			if err != nil {
				return fmt.Errorf("the password function: %w", err)
			}
			c.Passwd = p
			return nil
		}))
	}
}

// dialer returns the function that dials: the program's, that of the driver's
// configuration, or net.Dialer's. The connection is also noted in the context's
// wire, if it has one. It is nil where the driver has a network of its own
// (mysql.RegisterDialContext).
func dialer(given func(ctx context.Context, network, address string) (net.Conn, error), c *mysql.Config) func(ctx context.Context, network, address string) (net.Conn, error) {
	dial := given
	if dial == nil {
		dial = c.DialFunc
	}
	if dial == nil {
		switch c.Net {
		case "", "tcp", "tcp4", "tcp6", "unix":
			dial = dialNet
		default:
			return nil
		}
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if w, ok := ctx.Value(wireKey{}).(*wire); ok && err == nil {
			w.conn = conn
		}
		return conn, err
	}
}

// dialNet dials, by the name or, for a kill, by the address that the name had before.
func dialNet(ctx context.Context, network, address string) (net.Conn, error) {
	if a, ok := ctx.Value(sameServer{}).(string); ok && strings.HasPrefix(network, "tcp") {
		address = a
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// hosts returns the addresses to dial, in order.
func hosts(r *dialect.OptionReader, u *dialect.URL) []string {
	if socket := r.String("socket", ""); r.Has("socket") {
		if len(u.Hosts) > 0 {
			r.Fail("socket", socket, "to be given together with a host")
		}
		if !strings.HasPrefix(socket, "/") {
			r.Fail("socket", socket, "the absolute path of a unix socket")
		}
		return []string{socket}
	}
	port := defaultPort
	if u.Scheme == "tidb" {
		port = 4000
	}
	var list []string
	for _, h := range u.Hosts {
		if h.Name == "" {
			h.Name = "127.0.0.1"
		}
		list = append(list, h.Address(port))
	}
	if list == nil {
		list = []string{dialect.Host{Name: "127.0.0.1"}.Address(port)}
	}
	return list
}

var (
	wordForm   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	numberForm = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	offsetForm = regexp.MustCompile(`^[+-](0[0-9]|1[0-4]):[0-5][0-9]$`)
)

// session reads the options that are settings of the session, and returns
// the NAMES part of a SET.
func session(r *dialect.OptionReader, c *mysql.Config, s *settings) (names string) {
	c.Params = map[string]string{}
	charset := r.Choice("charset", "utf8mb4", "utf8mb4", "utf8")
	names = "NAMES " + charset
	collation := r.String("collation", "")
	if collation != "" && !wordForm.MatchString(collation) {
		r.Fail("collation", collation, "the name of a collation")
	} else if collation != "" {
		names += " COLLATE " + collation
	}
	switch {
	case charset != "utf8mb4" || collation != "":
		_ = c.Apply(mysql.Charset(charset, collation)) // only sets two fields
	default: // what the driver asks for when it connects; NAMES alone takes the server's default
		names += " COLLATE utf8mb4_general_ci"
	}

	zone := r.String("time_zone", "UTC")
	loc, sent, err := timeZone(zone)
	if err != nil {
		r.Fail("time_zone", zone, "UTC, an offset such as +02:00, or the name of a time zone such as Europe/Berlin")
		loc = time.UTC
	}
	c.Loc, s.loc = loc, loc
	set := func(option, name, value string) {
		v, err := settingValue(value)
		if err != nil {
			r.Fail(option, value, err.Error())
		}
		c.Params[name] = v
	}
	set("time_zone", "time_zone", sent)
	if r.Has("sql_mode") {
		set("sql_mode", "sql_mode", r.String("sql_mode", ""))
	}
	for _, o := range r.Rest("set.") {
		name := strings.TrimPrefix(o.Name, "set.")
		switch {
		case !wordForm.MatchString(name):
			r.Fail(o.Name, o.Value, "for a session variable's name after set.")
		case strings.EqualFold(name, "time_zone"), strings.EqualFold(name, "sql_mode"):
			r.Fail(o.Name, o.Value, "the way to set it; use the option "+strings.ToLower(name))
		default:
			set(o.Name, name, o.Value)
		}
	}
	return names
}

// timeZone returns a zone for Go and for the server.
func timeZone(name string) (*time.Location, string, error) {
	if strings.EqualFold(name, "utc") {
		return time.UTC, "+00:00", nil
	}
	if offsetForm.MatchString(name) {
		t, err := time.Parse("-07:00", name)
		if err != nil {
			return nil, "", err
		}
		_, seconds := t.Zone()
		return time.FixedZone(name, seconds), name, nil
	}
	if name == "" || name == "Local" {
		return nil, "", errors.New("not a name that the server knows")
	}
	loc, err := time.LoadLocation(name)
	return loc, name, err
}

// settingValue writes a value of a session variable: a number as it is,
// anything else as text.
func settingValue(v string) (string, error) {
	if numberForm.MatchString(v) || strings.EqualFold(v, "DEFAULT") {
		return v, nil
	}
	if strings.ContainsAny(v, "\\\x00") {
		return "", errors.New("possible: it holds a backslash or a NUL")
	}
	return "'" + strings.ReplaceAll(v, "'", "''") + "'", nil
}
