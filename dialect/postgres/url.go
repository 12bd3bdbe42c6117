package postgres

import (
	"cmp"
	"errors"
	"os"
	"os/user"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sqlayer-go/sqlayer/dialect"
)

const (
	defaultStatements    = 256
	maxStatements        = 1 << 16
	defaultConnect       = 10 * time.Second
	defaultCancelTimeout = 2 * time.Second
)

// defaultPorts are the ports of the schemes.
var defaultPorts = map[string]int{productCockroach: 26257, productYugabyte: 5433}

const defaultPort = 5432 // of all others

// settings is what a URL says beside what pgx takes.
type settings struct {
	statements int
	mode       queryMode
	cancel     time.Duration
}

var modes = map[string]queryMode{"cache": modeCache, "describe": modeDescribe, "exec": modeExec, "simple": modeSimple}

// runtimeOptions are the options that are parameters of the session by the same name.
var runtimeOptions = []string{"application_name", "search_path", "timezone", "options", "client_encoding"}

// timeoutOptions are such parameters that take a duration, which the server wants in
// milliseconds.
var timeoutOptions = []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"}

// parseURL makes pgx's configuration for u. The environment (PGHOST, PGUSER …)
// and the files below the home directory do not count.
func parseURL(u *dialect.URL) (*pgx.ConnConfig, settings, error) {
	r := dialect.ReadOptions(u)
	var s settings
	s.statements = r.Int("statement_cache", defaultStatements, 0, maxStatements)
	s.mode = modes[r.Choice("query_mode", "cache", "cache", "describe", "exec", "simple")]
	s.cancel = r.Duration("cancel_timeout", defaultCancelTimeout)
	timeout := r.Duration("connect_timeout", defaultConnect)

	username := u.Username
	if username == "" {
		if osUser, err := user.Current(); err == nil {
			username = osUser.Username
		}
	}
	hosts, err := hostsOf(u, r)
	if err != nil {
		return nil, s, err
	}
	var names, ports []string
	for _, h := range hosts {
		names = append(names, h.Name)
		port := h.Port
		if port == 0 {
			port = cmp.Or(defaultPorts[u.Scheme], defaultPort)
		}
		ports = append(ports, strconv.Itoa(port))
	}

	// Every parameter that pgconn would otherwise take from the environment
	// is given, so that a URL means the same everywhere.
	kv := []dialect.Option{
		{Name: "host", Value: strings.Join(names, ",")}, {Name: "port", Value: strings.Join(ports, ",")},
		{Name: "user", Value: username}, {Name: "database", Value: u.Database},
		{Name: "password", Value: ""}, {Name: "connect_timeout", Value: "0"},
		{Name: "servicefile", Value: ""}, {Name: "timezone", Value: ""}, {Name: "application_name", Value: ""}, {Name: "options", Value: ""},
		{Name: "sslpassword", Value: ""},
		{Name: "passfile", Value: r.String("passfile", "")},
		{Name: "sslmode", Value: r.Choice("sslmode", "prefer", "disable", "allow", "prefer", "require", "verify-ca", "verify-full")},
		{Name: "sslrootcert", Value: r.String("sslrootcert", "")},
		{Name: "sslcert", Value: r.String("sslcert", "")},
		{Name: "sslkey", Value: r.String("sslkey", "")},
		{Name: "sslcertmode", Value: r.Choice("sslcertmode", "allow", "disable", "allow", "require")},
		{Name: "sslsni", Value: r.Choice("sslsni", "1", "0", "1")},
		{Name: "sslnegotiation", Value: r.Choice("sslnegotiation", "postgres", "postgres", "direct")},
		{Name: "channel_binding", Value: r.Choice("channel_binding", "prefer", "disable", "prefer", "require")},
		{Name: "require_auth", Value: r.String("require_auth", "")},
		{Name: "min_protocol_version", Value: "3.0"}, {Name: "max_protocol_version", Value: "3.0"},
		{Name: "target_session_attrs", Value: r.Choice("target_session_attrs", "any",
			"any", "read-write", "read-only", "primary", "standby", "prefer-standby")},
	}
	params := map[string]string{}
	for _, name := range runtimeOptions {
		if v := r.String(name, ""); v != "" {
			params[name] = v
		}
	}
	for _, name := range timeoutOptions {
		if r.Has(name) {
			d := r.Duration(name, 0)
			if d > 0 && d < time.Millisecond {
				r.Fail(name, d.String(), "a duration of a millisecond or more")
			}
			params[name] = strconv.FormatInt(d.Milliseconds(), 10)
		}
	}
	for _, o := range r.Rest("set.") {
		name := strings.TrimPrefix(o.Name, "set.")
		if name == "" || strings.ContainsRune(name+o.Value, 0) {
			r.Fail(o.Name, o.Value, "a parameter of the session")
			continue
		}
		params[name] = o.Value
	}
	if err := r.Err(); err != nil {
		return nil, s, err
	}
	if username == "" {
		return nil, s, dialect.Errorf(dialect.ErrURL, "postgres URL: no user: write postgres://user@host/database")
	}

	cfg, err := pgx.ParseConfig(keywords(kv))
	if err != nil {
		return nil, s, configError(err)
	}
	if password, ok := u.Password(); ok {
		cfg.Password = password // not in the text above, which errors repeat
	}
	cfg.RuntimeParams = params
	cfg.ConnectTimeout = timeout
	return cfg, s, nil
}

// hostsOf is where to connect to: the URL's hosts, or those of the options host
// and port, or the unix socket of the option socket. None is libpq's default:
// the server's socket where its directory exists, or localhost.
func hostsOf(u *dialect.URL, r *dialect.OptionReader) ([]dialect.Host, error) {
	hosts := u.Hosts
	host, socket := r.String("host", ""), r.String("socket", "")
	port := r.Int("port", 0, 1, 65535)
	if host != "" && socket != "" || len(hosts) > 0 && (host != "" || socket != "") {
		return nil, dialect.Errorf(dialect.ErrURL, "postgres URL: the server is named twice: by the host of the URL, by host= or by socket=")
	}
	if socket != "" {
		if !strings.HasPrefix(socket, "/") {
			return nil, dialect.Errorf(dialect.ErrURL, "postgres URL: option socket=%q is not an absolute path", socket)
		}
		host = socket
	}
	if host != "" {
		for name := range strings.SplitSeq(host, ",") {
			hosts = append(hosts, dialect.Host{Name: name})
		}
	}
	if len(hosts) == 0 {
		hosts = []dialect.Host{{}}
	}
	out := make([]dialect.Host, len(hosts))
	for i, h := range hosts {
		if h.Port == 0 {
			h.Port = port
		}
		// The path of the socket itself, as in /run/postgresql/.s.PGSQL.5432.
		if dir, file := path.Split(h.Name); strings.HasPrefix(h.Name, "/") {
			if n, ok := strings.CutPrefix(file, ".s.PGSQL."); ok {
				p, err := strconv.Atoi(n)
				if err != nil || h.Port != 0 && h.Port != p {
					return nil, dialect.Errorf(dialect.ErrURL, "postgres URL: the socket %s and the port %d do not agree", h.Name, h.Port)
				}
				h.Name, h.Port = path.Clean(dir), p
			}
		}
		if strings.ContainsAny(h.Name, ",") {
			return nil, dialect.Errorf(dialect.ErrURL, "postgres URL: host %q holds a comma", h.Name)
		}
		out[i] = h
	}
	return out, nil
}

// keywords writes settings as libpq's keyword/value text.
func keywords(kv []dialect.Option) string {
	var b strings.Builder
	esc := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	for _, o := range kv {
		b.WriteString(o.Name + "='" + esc.Replace(o.Value) + "' ")
	}
	return b.String()
}

// configError leaves out of pgconn's error the settings that it repeats.
func configError(err error) error {
	var pe *pgconn.ParseConfigError
	if errors.As(err, &pe) {
		if inner := pe.Unwrap(); inner != nil {
			err = inner
		}
	}
	if service := os.Getenv("PGSERVICE"); service != "" {
		return dialect.Errorf(dialect.ErrURL, "postgres URL: %w (the environment sets PGSERVICE=%s, which is not used: unset it)", err, service)
	}
	return dialect.Errorf(dialect.ErrURL, "postgres URL: %w", err)
}
