package dialect

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// URL names a database: scheme://user:password@host:port/database?option=value.
// It is read by [ParseURL] and by nothing else, so that every dialect has the
// same forms:
//
//	sqlite:///rel.db  sqlite:////abs.db  sqlite://            (a file, in memory)
//	postgres://ada:s3cret@db.example.com:5432/shop?sslmode=require
//	postgres://h1:5432,h2:5433/shop                           (several hosts)
//	mysql://root@[::1]:3306/shop
//	mysql://root@/shop?socket=/run/mysqld/mysqld.sock         (a unix socket)
//	postgres://%2Frun%2Fpostgresql/shop                       (likewise)
//
// User, password, host, database and options are percent-decoded. Printing a
// URL in any way (String, %v, %+v, %#v, as JSON, in a log) hides the password; only
// [URL.Reveal] shows it.
type URL struct {
	Scheme   string // in lower case
	Username string
	// Hosts are in the order of the URL; none means the database's default.
	Hosts []Host
	// Database is what follows the slash after the host, decoded.
	Database string
	// Options are in the order of the URL. No name stands twice.
	Options []Option

	password secret
	hasPass  bool
}

// secret prints as stars.
type secret string

func (secret) String() string               { return "***" }
func (secret) GoString() string             { return "***" }
func (secret) MarshalText() ([]byte, error) { return []byte("***"), nil }

// Host is one server of a URL. Name is a host name, an IP address, or, when
// it begins with a slash, the path of a unix socket. Port 0 is the default one.
type Host struct {
	Name string
	Port int
}

// Option is one name=value of a URL's query.
type Option struct{ Name, Value string }

// NewURL returns a URL without a password; Password sets one.
func NewURL(scheme string) *URL { return &URL{Scheme: scheme} }

// Password returns the URL's password and whether it has one.
func (u *URL) Password() (password string, ok bool) { return string(u.password), u.hasPass }

// WithPassword returns a copy of u with a password.
func (u *URL) WithPassword(password string) *URL {
	c := *u
	c.password, c.hasPass = secret(password), true
	return &c
}

// ParseURL reads a URL. Its errors are of kind [ErrURL], name what is wrong,
// and do not repeat the text, which may hold a password.
func ParseURL(s string) (*URL, error) {
	scheme, rest, ok := strings.Cut(s, "://")
	if s == ":memory:" || strings.HasPrefix(s, "sqlite") && (strings.HasPrefix(rest, ":memory:") || strings.HasSuffix(s, "::memory:")) {
		return nil, Errorf(ErrURL, `dialect: a database in memory is "sqlite://" or "sqlite:///:memory:"`)
	}
	if !ok {
		return nil, Errorf(ErrURL, `dialect: a URL begins with a scheme, as in "sqlite:///file.db" or "postgres://user@host/database"`)
	}
	u := &URL{Scheme: strings.ToLower(scheme)}
	for i := 0; i < len(u.Scheme); i++ {
		if c := u.Scheme[i]; !('a' <= c && c <= 'z' || i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.')) {
			return nil, Errorf(ErrURL, "dialect: the URL's scheme holds the character %q", c)
		}
	}
	if u.Scheme == "" {
		return nil, Errorf(ErrURL, "dialect: the URL has no scheme before ://")
	}
	rest, query, _ := strings.Cut(rest, "?")
	if strings.Contains(rest, "#") || strings.Contains(query, "#") {
		return nil, Errorf(ErrURL, "dialect: %s URL: write # as %%23", u.Scheme)
	}
	authority, database, _ := strings.Cut(rest, "/")
	// A password may hold an unescaped @ only where no other reading exists.
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		name, pass, has := strings.Cut(authority[:at], ":")
		var err error
		if u.Username, err = url.PathUnescape(name); err != nil {
			return nil, Errorf(ErrURL, "dialect: %s URL: the user name has a bad percent escape", u.Scheme)
		}
		if has {
			p, err := url.PathUnescape(pass)
			if err != nil {
				return nil, Errorf(ErrURL, "dialect: %s URL: the password has a bad percent escape (write %% as %%25)", u.Scheme)
			}
			u.password, u.hasPass = secret(p), true
		}
		authority = authority[at+1:]
	}
	// A / or ? in a password ends the part that it is in: what looks like a
	// host is then a user with the beginning of a password, and is not shown.
	cut := u.Username == "" && !u.hasPass && strings.Contains(authority, ":") && strings.Contains(s[len(scheme)+3+len(authority):], "@")
	name, _, _ := strings.Cut(query, "=")
	if cut && (strings.Contains(database, "@") || strings.Contains(name, "@")) {
		return nil, cutPassword(u.Scheme)
	}
	if authority != "" && authority != ":" {
		for part := range strings.SplitSeq(authority, ",") {
			h, err := parseHost(part)
			if err != nil && cut {
				return nil, cutPassword(u.Scheme)
			}
			if err != nil {
				return nil, Errorf(ErrURL, "dialect: %s URL: %w", u.Scheme, err)
			}
			u.Hosts = append(u.Hosts, h)
		}
	}
	var err error
	if u.Database, err = url.PathUnescape(database); err != nil {
		return nil, Errorf(ErrURL, "dialect: %s URL: the database name has a bad percent escape", u.Scheme)
	}
	if u.Options, err = parseOptions(query); err != nil {
		return nil, Errorf(ErrURL, "dialect: %s URL: %w", u.Scheme, err)
	}
	return u, nil
}

// cutPassword is the error of a URL whose @ stands behind a / or a ?.
func cutPassword(scheme string) error {
	return Errorf(ErrURL, "dialect: %s URL: an @ behind the host; in a user name or password write / as %%2F and ? as %%3F, elsewhere @ as %%40", scheme)
}

func parseHost(s string) (Host, error) {
	name, port := s, ""
	if strings.HasPrefix(s, "[") { // IPv6
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return Host{}, fmt.Errorf("host %q has no closing bracket", s)
		}
		name, port = s[1:end], s[end+1:]
		addr, zone, _ := strings.Cut(name, "%")
		if ip := net.ParseIP(addr); ip == nil || !strings.Contains(addr, ":") {
			return Host{}, fmt.Errorf("%q is not an IPv6 address", name)
		}
		if zone != "" { // %25eth0
			z, err := url.PathUnescape("%" + zone)
			if err != nil {
				return Host{}, fmt.Errorf("host %q has a bad percent escape", s)
			}
			name = addr + z
		}
		if port != "" && !strings.HasPrefix(port, ":") {
			return Host{}, fmt.Errorf("host %q: only a port may follow the bracket", s)
		}
		port = strings.TrimPrefix(port, ":")
	} else {
		if strings.Count(s, ":") > 1 {
			return Host{}, fmt.Errorf("host %q: write an IPv6 address in brackets", s)
		}
		var err error
		name, port, _ = strings.Cut(s, ":")
		if name, err = url.PathUnescape(name); err != nil {
			return Host{}, fmt.Errorf("host %q has a bad percent escape", s)
		}
		if strings.Contains(name, ":") && !strings.HasPrefix(name, "/") {
			return Host{}, fmt.Errorf("host %q: write an IPv6 address in brackets", s)
		}
	}
	h := Host{Name: name}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return Host{}, fmt.Errorf("port %q of host %q is not a number from 1 to 65535", port, name)
		}
		h.Port = int(n)
	}
	if h == (Host{}) {
		return Host{}, fmt.Errorf("the list of hosts has an empty one")
	}
	return h, nil
}

func parseOptions(query string) ([]Option, error) {
	var opts []Option
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		n, err := url.QueryUnescape(name)
		if err != nil || n == "" {
			return nil, fmt.Errorf("option %q cannot be read", name)
		}
		v, err := url.QueryUnescape(value)
		if err != nil {
			return nil, fmt.Errorf("option %q has a bad percent escape", n)
		}
		if slices.ContainsFunc(opts, func(o Option) bool { return o.Name == n }) {
			return nil, fmt.Errorf("option %q stands twice; leave one of them out", n)
		}
		opts = append(opts, Option{n, v})
	}
	return opts, nil
}

// String returns the URL with *** in place of the password.
func (u *URL) String() string { return u.format(false) }

// GoString is String, for %#v.
func (u *URL) GoString() string { return u.format(false) }

// Format makes every fmt verb hide the password.
func (u URL) Format(s fmt.State, verb rune) { fmt.Fprint(s, u.format(false)) }

// MarshalText is String, for JSON and logs.
func (u *URL) MarshalText() ([]byte, error) { return []byte(u.format(false)), nil }

// Reveal returns the URL with its password; ParseURL of it gives an equal URL.
func (u *URL) Reveal() string { return u.format(true) }

// Address returns the hosts with their ports, def standing for port 0, for
// messages; "" where the URL names no host.
func (u *URL) Address(def int) string {
	var b strings.Builder
	for i, h := range u.Hosts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(h.Address(def))
	}
	return b.String()
}

// Address returns "host:port" for net.Dial, def standing for port 0, or the
// path of a unix socket.
func (h Host) Address(def int) string {
	if strings.HasPrefix(h.Name, "/") {
		return h.Name
	}
	port := h.Port
	if port == 0 {
		port = def
	}
	return net.JoinHostPort(h.Name, strconv.Itoa(port))
}

func (u *URL) format(reveal bool) string {
	var b strings.Builder
	b.WriteString(u.Scheme)
	b.WriteString("://")
	if u.Username != "" || u.hasPass {
		b.WriteString(escape(u.Username, false))
		if u.hasPass {
			b.WriteByte(':')
			if reveal {
				b.WriteString(escape(string(u.password), false))
			} else {
				b.WriteString("***")
			}
		}
		b.WriteByte('@')
	}
	for i, h := range u.Hosts {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.Contains(h.Name, ":") && !strings.HasPrefix(h.Name, "/") {
			b.WriteString("[" + strings.ReplaceAll(h.Name, "%", "%25") + "]")
		} else {
			b.WriteString(escape(h.Name, false))
		}
		if h.Port != 0 {
			fmt.Fprintf(&b, ":%d", h.Port)
		}
	}
	if u.Database != "" || len(u.Hosts) > 0 {
		b.WriteByte('/')
		b.WriteString(escape(u.Database, true))
	}
	for i, o := range u.Options {
		if i == 0 {
			b.WriteByte('?')
		} else {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(o.Name) + "=" + url.QueryEscape(o.Value))
	}
	return b.String()
}

// escape percent-encodes what is not unreserved (RFC 3986, section 2.3), and
// keeps slashes where they are plain.
func escape(s string, slashes bool) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			strings.IndexByte("-._~", c) >= 0 || slashes && (c == '/' || c == ':') {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}
