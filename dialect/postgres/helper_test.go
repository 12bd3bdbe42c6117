package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

var schemas atomic.Int64

func mustURL(t testing.TB, s string) *dialect.URL {
	t.Helper()
	u, err := dialect.ParseURL(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// open connects to the live server, with options added to its URL.
func open(t testing.TB, options ...dialect.Option) *Conn {
	t.Helper()
	u := mustURL(t, testenv.Postgres(t))
	u.Options = append(u.Options, options...)
	return openURL(t, u)
}

func openURL(t testing.TB, u *dialect.URL) *Conn {
	t.Helper()
	cn, err := Dialect().OpenConnector(u, dialect.ConnectConfig{})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := cn.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	return conn.(*Conn)
}

// inSchema makes a schema of the test's own on another connection, and returns
// the option that makes it the search path.
func inSchema(t testing.TB) dialect.Option {
	t.Helper()
	name := fmt.Sprintf("sqlayer_pg_%d_%d", time.Now().UnixNano(), schemas.Add(1))
	admin := open(t)
	exec(t, admin, "CREATE SCHEMA "+name)
	t.Cleanup(func() {
		exec(t, admin, "SET client_min_messages = warning; DROP SCHEMA "+name+" CASCADE")
	})
	return dialect.Option{Name: "search_path", Value: name}
}

func compiled(text string, args ...any) *dialect.Compiled {
	c := &dialect.Compiled{}
	c.Reset(Dialect())
	c.SetText(text)
	for _, a := range args {
		if arg, ok := a.(dialect.Arg); ok {
			c.AddArg(arg)
			continue
		}
		c.AddArg(dialect.Arg{Value: a})
	}
	c.Writes = !strings.HasPrefix(text, "SELECT")
	return c
}

func exec(t testing.TB, c *Conn, text string, args ...any) dialect.Result {
	t.Helper()
	res, err := c.Exec(context.Background(), compiled(text, args...))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return res
}

// row reads the first row of a query into dst.
func row(t testing.TB, c *Conn, dst []any, text string, args ...any) {
	t.Helper()
	if err := tryRow(c, dst, text, args...); err != nil {
		t.Fatalf("%s %v: %v", text, args, err)
	}
}

func tryRow(c *Conn, dst []any, text string, args ...any) error {
	rows, err := c.Query(context.Background(), compiled(text, args...))
	if err != nil {
		return err
	}
	if !rows.Next() {
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		return fmt.Errorf("no row")
	}
	if err := rows.ScanRow(dst); err != nil {
		return errors.Join(err, rows.Close())
	}
	return rows.Close()
}

func one[T any](t testing.TB, c *Conn, text string, args ...any) T {
	t.Helper()
	var v T
	row(t, c, []any{&v}, text, args...)
	return v
}
