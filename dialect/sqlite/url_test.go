package sqlite

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func TestURLForms(t *testing.T) {
	cwd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		"sqlite:///rel.db":              filepath.Join(cwd, "rel.db"),
		"sqlite:///dir/rel.db":          filepath.Join(cwd, "dir", "rel.db"),
		"sqlite:////var/abs.db":         filepath.FromSlash("/var/abs.db"),
		"sqlite:////var/a%20b%3F%23.db": filepath.FromSlash("/var/a b?#.db"),
		"sqlite://":                     ":memory:",
		"sqlite:///":                    ":memory:",
		"sqlite:///:memory:":            ":memory:",
	} {
		if got := open1(t, url).Address(); got != want {
			t.Errorf("%s opens %s, want %s", url, got, want)
		}
	}
}

func TestBadURLs(t *testing.T) {
	for url, words := range map[string]string{
		"sqlite://rel.db":                           `"rel.db" is in the place of a host; write sqlite:///rel.db`,
		"sqlite://ada:pw@/x.db":                     "SQLite has neither",
		"sqlite:///x.db?busy_timout=5s":             `did you mean "busy_timeout"`,
		"sqlite:///x.db?busy_timeout=soon":          "busy_timeout",
		"sqlite:///x.db?journal_mode=wall":          `did you mean "wal"`,
		"sqlite:///x.db?foreign_keys=maybe":         "true or false",
		"sqlite:///x.db?synchronous=never":          "one of off, normal, full, extra",
		"sqlite:///x.db?mode=rx":                    "mode",
		"sqlite:///x.db?txlock=later":               "txlock",
		"sqlite:///x.db?statement_cache=-1":         "statement_cache",
		"sqlite:///x.db?cache_size=big":             "cache_size",
		"sqlite:///x.db?pragma.recursiv_triggers=1": `did you mean "recursive_triggers"`,
		"sqlite:///x.db?pragma.foreign_keys=1":      "an option of its own",
		"sqlite:///x.db?pragma.integrity_check=1":   "run it as a statement",
		"sqlite:///x.db?pragma.temp_store=":         "no value",
		"sqlite://?journal_mode=wal":                "in memory",
		"sqlite://?mode=ro":                         "in memory",
		"sqlite:///a%00b":                           "NUL",
	} {
		u, err := dialect.ParseURL(url)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Dialect().OpenConnector(u, dialect.ConnectConfig{})
		if !errors.Is(err, dialect.ErrURL) || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want %s", url, err, words)
		}
	}
	if _, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{}); err == nil {
		t.Error("a nil URL")
	}
}

func TestNoNetwork(t *testing.T) {
	for _, cfg := range []dialect.ConnectConfig{
		{TLS: &tls.Config{}},
		{Dial: func(context.Context, string, string) (net.Conn, error) { return nil, nil }},
		{Password: func(context.Context) (string, error) { return "", nil }},
		{Driver: 5},
	} {
		_, err := Dialect().OpenConnector(dialect.NewURL("sqlite"), cfg)
		if !errors.Is(err, dialect.ErrUnsupported) || !strings.Contains(err.Error(), "SQLite has no network") {
			t.Errorf("%v", err)
		}
	}
}

func TestDefaultsOfFiles(t *testing.T) {
	c := dial(t, open1(t, fileURL(t)))
	for name, want := range map[string]string{"journal_mode": "wal", "foreign_keys": "1", "synchronous": "1"} {
		if got := read[string](t, c, "PRAGMA "+name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if got := c.connector.cfg.busy; got != 5*time.Second {
		t.Errorf("busy_timeout is %v", got)
	}
	if c.connector.cfg.txBegin != "BEGIN IMMEDIATE" {
		t.Errorf("transactions begin with %s", c.connector.cfg.txBegin)
	}
}

func TestOptionsReachSQLite(t *testing.T) {
	c := dial(t, open1(t, fileURL(t)+"?journal_mode=delete&foreign_keys=off&synchronous=extra&cache_size=-4000&pragma.recursive_triggers=1&pragma.temp_store=memory&pragma.page_size=8192"))
	for name, want := range map[string]string{"journal_mode": "delete", "foreign_keys": "0", "synchronous": "3", "cache_size": "-4000",
		"recursive_triggers": "1", "temp_store": "2", "page_size": "8192"} {
		if got := read[string](t, c, "PRAGMA "+name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestModes(t *testing.T) {
	url := fileURL(t)
	ctx := context.Background()
	for _, mode := range []string{"ro", "rw"} {
		_, err := open1(t, url+"?mode="+mode).Connect(ctx)
		if e := kind(t, err, dialect.ErrUndefinedDatabase); !strings.Contains(e.Error(), "does not create it") || !strings.Contains(e.Error(), "test.db") {
			t.Errorf("%s: %v", mode, err)
		}
	}
	exec(t, dial(t, open1(t, url)), "CREATE TABLE t (a)")
	ro := dial(t, open1(t, url+"?mode=ro"))
	if n := read[int](t, ro, "SELECT count(*) FROM t"); n != 0 {
		t.Error(n)
	}
	_, err := tryExec(t, ro, "INSERT INTO t VALUES (1)")
	kind(t, err, dialect.ErrReadOnly)
	if err := ro.Begin(ctx, dialect.TxOptions{}); err != nil {
		t.Errorf("a transaction that only reads: %v", err)
	}
	exec(t, dial(t, open1(t, url+"?mode=rw")), "INSERT INTO t VALUES (1)")
}

func TestConnectErrors(t *testing.T) {
	dir := t.TempDir()
	connect := func(path string) error {
		_, err := open1(t, "sqlite:///"+filepath.ToSlash(path)).Connect(context.Background())
		return err
	}
	if e := kind(t, connect(filepath.Join(dir, "no", "such.db")), dialect.ErrUndefinedDatabase); !strings.Contains(e.Error(), "the directory") {
		t.Error(e)
	}
	if e := kind(t, connect(dir), dialect.ErrConnect); !strings.Contains(e.Error(), "it is a directory") {
		t.Error(e)
	}
	junk := filepath.Join(dir, "junk.db")
	if err := os.WriteFile(junk, []byte(strings.Repeat("this is no database. ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if e := kind(t, connect(junk), dialect.ErrConnect); e.Code != "26" || !strings.Contains(e.Error(), junk) {
		t.Error(e)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := open1(t, "sqlite://").Connect(ctx)
	kind(t, err, dialect.ErrCancelled)
	cn := open1(t, "sqlite://")
	if err := errors.Join(cn.(*connector).Close(), cn.(*connector).Close()); err != nil {
		t.Error(err)
	}
	_, err = cn.Connect(context.Background())
	kind(t, err, dialect.ErrClosed)
}
