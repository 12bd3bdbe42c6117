package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func open1(t testing.TB, url string) dialect.Connector {
	t.Helper()
	u, err := dialect.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	cn, err := Dialect().OpenConnector(u, dialect.ConnectConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := cn.(*connector); ok {
		t.Cleanup(func() {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return cn
}

func dial(t testing.TB, cn dialect.Connector) *conn {
	t.Helper()
	c, err := cn.Connect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c.(*conn)
}

// memory is a connection to a new database in memory.
func memory(t testing.TB, options ...string) *conn {
	t.Helper()
	url := "sqlite://"
	for _, o := range options {
		url += "?" + o
	}
	return dial(t, open1(t, url))
}

func fileURL(t testing.TB) string {
	return "sqlite:///" + filepath.ToSlash(filepath.Join(t.TempDir(), "test.db"))
}

func compile(t testing.TB, text string, args ...any) *dialect.Compiled {
	t.Helper()
	c, err := dialect.Compile(Dialect(), dialect.Text(text, args...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func tryExec(t testing.TB, c *conn, text string, args ...any) (dialect.Result, error) {
	t.Helper()
	comp := compile(t, text, args...)
	defer comp.Release()
	return c.Exec(context.Background(), comp)
}

func exec(t testing.TB, c *conn, text string, args ...any) dialect.Result {
	t.Helper()
	r, err := tryExec(t, c, text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return r
}

func query(t testing.TB, c *conn, text string, args ...any) dialect.Rows {
	t.Helper()
	comp := compile(t, text, args...)
	t.Cleanup(comp.Release)
	rows, err := c.Query(context.Background(), comp)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return rows
}

// one reads the only row of a query into dst.
func one(t testing.TB, c *conn, text string, args []any, dst ...any) error {
	t.Helper()
	comp := compile(t, text, args...)
	defer comp.Release()
	rows, err := c.Query(context.Background(), comp)
	if err != nil {
		return err
	}
	if !rows.Next() {
		return errors.Join(errors.New("no row"), rows.Err(), rows.Close())
	}
	err = rows.ScanRow(dst)
	if rows.Next() {
		err = errors.Join(err, errors.New("two rows"))
	}
	return errors.Join(err, rows.Err(), rows.Close())
}

func read[T any](t testing.TB, c *conn, text string, args ...any) T {
	t.Helper()
	var v T
	if err := one(t, c, text, args, &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func kind(t *testing.T, err error, want dialect.Kind) *dialect.Error {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %v", want)
	}
	e := Dialect().Classify(err)
	if e == nil || !errors.Is(e, want) || e.Kind != want {
		t.Fatalf("kind of %v is %v, want %v", err, e.Kind, want)
	}
	return e
}
