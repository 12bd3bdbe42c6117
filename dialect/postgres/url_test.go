package postgres

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func connectorFor(t testing.TB, url string, cfg dialect.ConnectConfig) *connector {
	t.Helper()
	cn, err := Dialect().OpenConnector(mustURL(t, url), cfg)
	if err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	return cn.(*connector)
}

// clearEnvironment sets what libpq would take from the environment to
// something that must not be seen.
func loudEnvironment(t *testing.T) {
	for _, name := range []string{"PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGAPPNAME", "PGOPTIONS", "PGTZ", "PGSSLROOTCERT"} {
		t.Setenv(name, "4711")
	}
	t.Setenv("PGSSLMODE", "verify-full")
	t.Setenv("PGTARGETSESSIONATTRS", "standby")
	t.Setenv("PGCONNECT_TIMEOUT", "99")
}

func TestURLForms(t *testing.T) {
	loudEnvironment(t)
	for url, want := range map[string]string{
		"postgres://u@h/d":                             "h:5432",
		"postgresql://u@h:6000/d":                      "h:6000",
		"postgres://u@h1:1,h2:2,h3/d":                  "h1:1,h2:2,h3:5432",
		"postgres://u@[::1]:6000/d":                    "[::1]:6000",
		"postgres://u@%2Frun%2Fpg/d":                   "/run/pg/.s.PGSQL.5432",
		"postgres://u@/d?host=/run/pg&port=6000":       "/run/pg/.s.PGSQL.6000",
		"postgres://u@/d?socket=/run/pg/.s.PGSQL.7000": "/run/pg/.s.PGSQL.7000",
		"postgres://u@/d?host=h1,h2":                   "h1:5432,h2:5432",
		"postgres://u@h/d?sslmode=disable&port=9":      "h:9",
	} {
		if got := connectorFor(t, url, dialect.ConnectConfig{}).Address(); got != want {
			t.Errorf("%s is at %s, want %s", url, got, want)
		}
	}
}

func TestURLSettings(t *testing.T) {
	loudEnvironment(t)
	c := connectorFor(t, "postgres://ada:p%40ss@h/shop?sslmode=require&application_name=app&search_path=a,b&timezone=UTC&statement_timeout=1500ms"+
		"&lock_timeout=2&connect_timeout=3&statement_cache=7&query_mode=exec&set.work_mem=8MB&cancel_timeout=0", dialect.ConnectConfig{})
	if c.cfg.User != "ada" || c.cfg.Password != "p@ss" || c.cfg.Database != "shop" || c.cfg.TLSConfig == nil || len(c.cfg.Fallbacks) != 0 {
		t.Errorf("user %q, database %q, TLS %v, %d fallbacks", c.cfg.User, c.cfg.Database, c.cfg.TLSConfig != nil, len(c.cfg.Fallbacks))
	}
	want := map[string]string{"application_name": "app", "search_path": "a,b", "timezone": "UTC", "statement_timeout": "1500", "lock_timeout": "2000", "work_mem": "8MB"}
	if got := c.cfg.RuntimeParams; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("parameters %v, want %v", got, want)
	}
	if c.s.statements != 7 || c.s.mode != modeExec || c.s.cancel != 0 || c.cfg.ConnectTimeout.Seconds() != 3 {
		t.Errorf("settings %+v", c.s)
	}
	plain := connectorFor(t, "postgres://h", dialect.ConnectConfig{})
	if plain.cfg.User == "" || plain.cfg.User == "4711" || plain.cfg.Password != "" || len(plain.cfg.RuntimeParams) != 0 || plain.cfg.ValidateConnect != nil {
		t.Errorf("the environment counts: user %q, parameters %v", plain.cfg.User, plain.cfg.RuntimeParams)
	}
	if plain.cfg.TLSConfig == nil || len(plain.cfg.Fallbacks) != 1 || plain.cfg.Fallbacks[0].TLSConfig != nil {
		t.Error("sslmode is not prefer by default")
	}
}

func TestURLMistakes(t *testing.T) {
	for url, want := range map[string]string{
		"postgres://u:secret@h/d?ssl_mode=require":             `unknown option "ssl_mode" (did you mean "sslmode"?)`,
		"postgres://u:secret@h/d?sslmode=requir":               `sslmode="requir" is not one of disable, allow, prefer, require, verify-ca, verify-full (did you mean "require"?)`,
		"postgres://u:secret@h/d?statement_cache=-1":           "a number from 0 to",
		"postgres://u:secret@h/d?connect_timeout=soon":         "a duration",
		"postgres://u:secret@h/d?statement_timeout=1us":        "millisecond",
		"postgres://u:secret@h/d?query_mode=fast":              "one of cache, describe, exec, simple",
		"postgres://u:secret@h/d?host=x":                       "named twice",
		"postgres://u:secret@/d?socket=run":                    "not an absolute path",
		"postgres://u:secret@/d?socket=/run/.s.PGSQL.1&port=2": "do not agree",
		"postgres://u:secret@h/d?sslrootcert=/no/such/file":    "/no/such/file",
		"postgres://u:secret@h/d?target_session_attrs=master":  "one of any, read-write",
		"postgres://u:secret@h/d?a=1&b=2":                      `unknown option "b"`,
		"postgres://u:secret@h/d?password=secret":              `unknown option "password"`,
		"postgres://u:secret@h/d?sslnegotiation=x":             "direct",
		"postgres://u:secret@h/d?require_auth=no-such-method":  "no-such-method",
	} {
		_, err := Dialect().OpenConnector(mustURL(t, url), dialect.ConnectConfig{})
		if err == nil || !errors.Is(err, dialect.ErrURL) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\n\twant %s", url, err, want)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the password is in %v", err)
		}
	}
}

func TestConnectConfig(t *testing.T) {
	if _, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: 5}); !errors.Is(err, dialect.ErrURL) || !strings.Contains(err.Error(), "*pgx.ConnConfig") {
		t.Errorf("a wrong driver configuration: %v", err)
	}
	if _, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: &pgx.ConnConfig{}}); !errors.Is(err, dialect.ErrURL) {
		t.Errorf("an empty driver configuration: %v", err)
	}
	if _, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{}); !errors.Is(err, dialect.ErrURL) {
		t.Errorf("nothing at all: %v", err)
	}
	ready, err := pgx.ParseConfig("host=elsewhere port=99 user=u")
	if err != nil {
		t.Fatal(err)
	}
	cn, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: ready})
	if err != nil || cn.Address() != "elsewhere:99" {
		t.Errorf("a ready configuration: %v, %v", cn, err)
	}

	own := &tls.Config{MinVersion: tls.VersionTLS13}
	c := connectorFor(t, "postgres://u@h1,h2/d?sslmode=disable", dialect.ConnectConfig{TLS: own})
	if c.cfg.TLSConfig == nil || c.cfg.TLSConfig.ServerName != "h1" || len(c.cfg.Fallbacks) != 1 || c.cfg.Fallbacks[0].TLSConfig.ServerName != "h2" || own.ServerName != "" {
		t.Errorf("TLS of the program's own: %+v", c.cfg.Fallbacks)
	}

	// the dialer gets the name, and the password function is called at each dial
	var dialed []string
	passwords := 0
	refused := errors.New("no way through")
	c = connectorFor(t, "postgres://u@db.internal/d?sslmode=disable", dialect.ConnectConfig{
		Dial: func(_ context.Context, network, address string) (net.Conn, error) {
			dialed = append(dialed, network+" "+address)
			return nil, refused
		},
		Password: func(context.Context) (string, error) { passwords++; return "token-secret", nil },
	})
	for range 2 {
		_, err = c.Connect(t.Context())
		if !errors.Is(err, dialect.ErrConnect) || !errors.Is(err, refused) || !strings.Contains(err.Error(), "db.internal:5432") || strings.Contains(err.Error(), "secret") {
			t.Errorf("Connect: %v", err)
		}
	}
	if len(dialed) != 2 || dialed[0] != "tcp db.internal:5432" || passwords != 2 {
		t.Errorf("dialed %v, %d passwords", dialed, passwords)
	}
	c.password = func(context.Context) (string, error) { return "", refused }
	if _, err = c.Connect(t.Context()); !errors.Is(err, dialect.ErrConnect) || !errors.Is(err, refused) {
		t.Errorf("a password function that fails: %v", err)
	}
}

func TestUnreachableServerIsNamed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c := connectorFor(t, "postgres://u:secret@"+address+"/d", dialect.ConnectConfig{})
	_, err = c.Connect(t.Context())
	e := c.d.Classify(err)
	if !errors.Is(err, dialect.ErrConnect) || strings.Count(err.Error(), address) == 0 || strings.Contains(err.Error(), "secret") || e.MayHaveRun {
		t.Errorf("an unreachable server: %v", err)
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if s := fmt.Sprintf(format, err); strings.Contains(s, "secret") {
			t.Errorf("%s shows the password: %s", format, s)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("changed my mind")
	cancel(cause)
	if _, err := c.Connect(ctx); !errors.Is(err, dialect.ErrCancelled) || !errors.Is(err, cause) {
		t.Errorf("an ended context: %v", err)
	}
	// a server that accepts and says nothing
	l, err = net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c = connectorFor(t, "postgres://u@"+l.Addr().String()+"/d?sslmode=disable&connect_timeout=50ms", dialect.ConnectConfig{})
	if _, err := c.Connect(t.Context()); !errors.Is(err, dialect.ErrConnect) || errors.Is(err, dialect.ErrCancelled) || !strings.Contains(err.Error(), l.Addr().String()) {
		t.Errorf("a server that says nothing: %v", err)
	}
}

func TestUndefinedDatabase(t *testing.T) {
	c := open(t)
	cfg := c.px.Config()
	cfg.Database = "no_such_database_here"
	cn, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: cfg})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cn.Connect(t.Context()); !errors.Is(err, dialect.ErrUndefinedDatabase) || !strings.Contains(err.Error(), "no_such_database_here") {
		t.Errorf("%v", err)
	}
}
