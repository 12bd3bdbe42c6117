package schema_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// lease runs statements on one connection and counts them.
type lease struct {
	t    testing.TB
	d    dialect.Dialect
	c    dialect.Conn
	name string // of the namespace that the test has for itself
	sent int
}

func (l *lease) Dialect() dialect.Dialect { return l.d }
func (l *lease) Conn() dialect.Conn       { return l.c }

func (l *lease) Run(ctx context.Context, s dialect.Statement, rows func(dialect.Rows) error) (dialect.Result, error) {
	c, err := dialect.Compile(l.d, s)
	if err != nil {
		return dialect.Result{}, err
	}
	defer c.Release()
	l.sent++
	if rows == nil {
		res, err := l.c.Exec(ctx, c)
		if err != nil {
			err = fmt.Errorf("%w\n%s", err, c.Text())
		}
		return res, err
	}
	r, err := l.c.Query(ctx, c)
	if err != nil {
		return dialect.Result{}, fmt.Errorf("%w\n%s", err, c.Text())
	}
	if err = errors.Join(rows(r), r.Err(), r.Close()); err != nil {
		return dialect.Result{}, fmt.Errorf("%w\n%s", err, c.Text())
	}
	return r.Result(), nil
}

// exec runs statements, one a text.
func (l *lease) exec(texts ...string) {
	l.t.Helper()
	for _, text := range texts {
		if _, err := l.Run(context.Background(), dialect.Text(text), nil); err != nil {
			l.t.Fatalf("%s: %v", l.d.Name(), err)
		}
	}
}

// live connects to a backend, in a namespace of its own.
func live(t testing.TB, b testenv.Backend) *lease {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	u, err := dialect.ParseURL(b.URL)
	must(err)
	d, err := dialect.Lookup(u.Scheme)
	must(err)
	cn, err := d.OpenConnector(u, dialect.ConnectConfig{})
	must(err)
	c, err := cn.Connect(t.Context())
	must(err)
	l := &lease{t: t, c: c}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	l.d, err = cn.Dialect().ForServer(t.Context(), c)
	must(err)
	l.name = fmt.Sprintf("schema_%d_%s", os.Getpid(), strings.ToLower(strings.NewReplacer("/", "_", "#", "_").Replace(t.Name())))
	l.name = l.name[:min(len(l.name), 60)]
	switch b.Name {
	case "postgres", "cockroachdb":
		l.exec("CREATE SCHEMA "+l.name, "SET search_path TO "+l.name)
		t.Cleanup(func() { l.exec("DROP SCHEMA " + l.name + " CASCADE") })
	case "mysql", "tidb":
		l.exec("CREATE DATABASE "+l.name, "USE "+l.name)
		t.Cleanup(func() { l.exec("DROP DATABASE " + l.name) })
	case "sqlite":
		l.name = "main"
	default:
		t.Skipf("%s gives a test no namespace of its own, which reading all tables needs", b.Name)
	}
	return l
}
