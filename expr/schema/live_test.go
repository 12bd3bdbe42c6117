package schema_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testspace"
)

// lease runs statements on one connection and counts them.
type lease struct {
	t    testing.TB
	d    dialect.Dialect
	c    dialect.Conn
	name string // of the namespace's schema
	sent int

	space *testspace.Space
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
	ctx, cancel := context.WithTimeout(ctx, testspace.Limit)
	defer cancel()
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
	space := testspace.New(t, b)
	u, err := dialect.ParseURL(space.URL)
	must(err)
	d, err := dialect.Lookup(u.Scheme)
	must(err)
	cn, err := d.OpenConnector(u, dialect.ConnectConfig{})
	must(err)
	ctx, cancel := context.WithTimeout(t.Context(), testspace.Limit)
	defer cancel()
	c, err := cn.Connect(ctx)
	must(err)
	l := &lease{t: t, c: c, name: space.Schema, space: space}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	l.d, err = cn.Dialect().ForServer(ctx, c)
	must(err)
	return l
}
