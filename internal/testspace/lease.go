package testspace

import (
	"context"
	"errors"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Connect is [Dial], and returns the dialect for the server.
func Connect(t testing.TB, url string) (dialect.Conn, dialect.Dialect) {
	t.Helper()
	c, d := Dial(t, url)
	ctx, cancel := context.WithTimeout(t.Context(), Limit)
	defer cancel()
	d, err := d.ForServer(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	return c, d
}

// Dial opens a connection, which is closed with the test, for tests below
// package engine. The dialect is that of the URL.
func Dial(t testing.TB, url string) (dialect.Conn, dialect.Dialect) {
	t.Helper()
	d, u, err := dialectOf(url)
	if err != nil {
		t.Fatal(err)
	}
	connector, err := d.OpenConnector(u, dialect.ConnectConfig{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), Limit)
	defer cancel()
	c, err := connector.Connect(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c, connector.Dialect()
}

// Run runs a statement for a dialect on one connection, in the way of a
// [dialect.Runner] and within [Limit]. It also returns the text that was sent,
// which is empty where the statement could not be compiled.
func Run(ctx context.Context, d dialect.Dialect, c dialect.Conn, s dialect.Statement, rows func(dialect.Rows) error) (dialect.Result, string, error) {
	q, err := dialect.Compile(d, s)
	if err != nil {
		return dialect.Result{}, "", err
	}
	defer q.Release()
	text := q.Text()
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	if rows == nil {
		res, err := c.Exec(ctx, q)
		return res, text, err
	}
	r, err := c.Query(ctx, q)
	if err != nil {
		return dialect.Result{}, text, err
	}
	err = rows(r)
	for err == nil && r.Next() {
	}
	if err = errors.Join(err, r.Err(), r.Close()); err != nil {
		return dialect.Result{}, text, err
	}
	return r.Result(), text, nil
}
