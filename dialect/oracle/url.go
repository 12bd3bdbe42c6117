package oracle

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	go_ora "github.com/sijms/go-ora/v2"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// defaultPort is where Oracle's listener listens.
const defaultPort = 1521

// settings are what a URL says, in the driver's terms but for the password.
type settings struct {
	user     string
	password string
	servers  []string // host:port
	service  string
	options  url.Values
	initSQL  string
	timeout  time.Duration // for a connect as a whole
	texts    int           // that a connection keeps
	ssl      bool
	unix     string
}

// readURL makes settings of a URL.
func readURL(u *dialect.URL, cfg dialect.ConnectConfig) (*settings, error) {
	r := dialect.ReadOptions(u)
	s := &settings{user: u.Username, service: u.Database, options: url.Values{}}
	s.password, _ = u.Password()
	for _, h := range u.Hosts {
		if strings.HasPrefix(h.Name, "/") {
			if len(u.Hosts) > 1 {
				return nil, dialect.Errorf(dialect.ErrURL, "oracle: a unix socket is the only host of a URL")
			}
			s.unix = h.Name
			s.options.Set("UNIX SOCKET", h.Name)
			continue
		}
		if h.Name == "" {
			h.Name = "localhost"
		}
		s.servers = append(s.servers, h.Address(defaultPort))
	}
	if len(s.servers) == 0 {
		s.servers = []string{net.JoinHostPort("localhost", strconv.Itoa(defaultPort))}
	}
	text := func(option, name string) {
		if v := r.String(option, ""); v != "" {
			s.options.Set(name, v)
		}
	}
	text("sid", "SID")
	text("instance_name", "INSTANCE NAME")
	text("connect_descriptor", "connStr")
	text("wallet", "WALLET")
	text("wallet_password", "WALLET PASSWORD")
	text("os_user", "OS USER")
	text("os_password", "OS PASSWORD")
	text("domain", "DOMAIN")
	text("proxy_client_name", "PROXY CLIENT NAME")
	text("program", "PROGRAM")
	text("language", "LANGUAGE")
	text("territory", "TERRITORY")
	text("client_charset", "CLIENT CHARSET")
	text("trace_file", "TRACE FILE")
	choice := func(option, name string, values ...string) {
		if v := r.Choice(option, "", values...); v != "" {
			s.options.Set(name, strings.ToUpper(v))
		}
	}
	choice("auth", "AUTH TYPE", "normal", "os", "kerberos", "tcps")
	choice("dba_privilege", "DBA PRIVILEGE", "sysdba", "sysoper", "sysasm", "sysbackup", "sysdg", "syskm", "sysrac")
	choice("encryption", "ENCRYPTION", "accepted", "rejected", "requested", "required")
	choice("data_integrity", "DATA INTEGRITY", "accepted", "rejected", "requested", "required")
	choice("lob_fetch", "LOB FETCH", "pre", "post")
	s.ssl = r.Bool("ssl", cfg.TLS != nil)
	s.options.Set("SSL", truth(s.ssl))
	s.options.Set("SSL VERIFY", truth(r.Bool("ssl_verify", true)))
	if cfg.TLS != nil && !s.ssl {
		r.Fail("ssl", "false", "possible with a TLS configuration")
	}
	if r.Bool("oob", false) {
		s.options.Set("ENABLE_OOB", "true")
	}
	if n := r.Int("prefetch_rows", 0, 1, 1<<20); n > 0 {
		s.options.Set("PREFETCH_ROWS", strconv.Itoa(n))
	}
	if t := r.Duration("read_timeout", 0); t > 0 {
		if t < time.Second {
			r.Fail("read_timeout", t.String(), "a whole number of seconds")
		}
		s.options.Set("TIMEOUT", strconv.Itoa(int(t/time.Second)))
	}
	s.timeout = r.Duration("connect_timeout", 30*time.Second)
	s.texts = r.Int("statement_cache", cachedTexts, 0, 1<<14)
	// The driver takes a time without a time zone for one of the server's.
	s.options.Set("SERVER LOCATION", "UTC")
	s.initSQL = sessionSQL(r)
	if s.service == "" && s.options.Get("SID") == "" && s.options.Get("connStr") == "" {
		r.Fail("sid", "", "given, and neither is a service: oracle://user@host/service")
	}
	if d := s.options.Get("connStr"); d != "" && (len(u.Hosts) > 0 || u.Database != "") {
		r.Fail("connect_descriptor", d, "possible beside a host or a service: oracle://user@/?connect_descriptor=…")
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	// The driver's own look, with a password that cannot be in its error.
	if _, err := go_ora.ParseConfig(s.url("secret")); err != nil {
		return nil, dialect.Errorf(dialect.ErrURL, "oracle URL: %w", plain(err))
	}
	return s, nil
}

func truth(b bool) string {
	if b {
		return "TRUE"
	}
	return "FALSE"
}

// url is the driver's URL.
func (s *settings) url(password string) string {
	q := url.Values{}
	for k, v := range s.options {
		q[k] = v
	}
	for _, server := range s.servers[1:] {
		q.Add("SERVER", server)
	}
	u := url.URL{Scheme: "oracle", Host: s.servers[0], Path: "/" + s.service, RawQuery: q.Encode()}
	switch {
	case password != "":
		u.User = url.UserPassword(s.user, password)
	case s.user != "":
		u.User = url.User(s.user)
	}
	return u.String()
}

// address says where it dials.
func (s *settings) address() string {
	if s.unix != "" {
		return s.unix
	}
	if d := s.options.Get("connStr"); d != "" {
		return d
	}
	return strings.Join(s.servers, ",")
}

// sessionSQL makes the one statement that sets up a session: times in UTC, as they are in
// columns without a time zone; numbers as text with a point; and set.NAME=value.
func sessionSQL(r *dialect.OptionReader) string {
	b := strings.Builder{}
	b.WriteString("ALTER SESSION SET")
	names := map[string]string{"TIME_ZONE": "'+00:00'", "NLS_NUMERIC_CHARACTERS": "'.,'"}
	order := []string{"TIME_ZONE", "NLS_NUMERIC_CHARACTERS"}
	for _, o := range r.Rest("set.") {
		name := strings.ToUpper(strings.TrimPrefix(o.Name, "set."))
		if name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
			r.Fail(o.Name, o.Value, "a parameter of ALTER SESSION: its name has letters, digits and underscores only")
			continue
		}
		if strings.ContainsAny(o.Value, "\x00\r\n") || o.Value == "" {
			r.Fail(o.Name, o.Value, "a value of one line")
			continue
		}
		if _, ok := names[name]; !ok {
			order = append(order, name)
		}
		names[name] = settingValue(o.Value)
	}
	for _, n := range order {
		b.WriteString(" " + n + " = " + names[n])
	}
	return b.String()
}

// settingValue leaves words and numbers as they are, and quotes the rest.
func settingValue(v string) string {
	if strings.Trim(strings.ToLower(v), "abcdefghijklmnopqrstuvwxyz0123456789_$#") == "" {
		return v
	}
	return "'" + strings.ReplaceAll(v, "'", "''") + "'"
}

// plain takes the URL, or what is left of it, out of an error of net/url: it
// holds the password.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var escape url.EscapeError // two characters of the password, perhaps
	if errors.As(err, &escape) {
		return errors.New("a percent sign that begins no escape such as %25")
	}
	return err
}
