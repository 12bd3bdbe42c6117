package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
)

// With a driver for database/sql, each connection to :memory: is a database of
// its own, which ends with it. An Engine on an adopted *sql.DB can change
// nothing about that; what FromDB says of it holds.
func TestAdoptedMemoryDatabase(t *testing.T) {
	ctx := t.Context()
	adopt := func(dsn string, conns int) *engine.Engine {
		db, err := sql.Open("sqlite", dsn)
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(conns)
		e, err := engine.FromDB(db, sqlite.Dialect(), engine.WithPoolTimeout(100*time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := errors.Join(e.Shutdown(context.Background()), db.Close()); err != nil {
				t.Error(err)
			}
		})
		return e
	}
	connect := func(e *engine.Engine) *engine.Conn {
		c, err := e.Connect(ctx)
		for errors.Is(err, engine.ErrPoolTimeout) {
			c, err = e.Connect(ctx) // opening it took that long
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
		return c
	}
	exec := func(c *engine.Conn, text string) {
		if _, err := c.Exec(ctx, text); err != nil {
			t.Fatal(err)
		}
	}
	count := func(c *engine.Conn) error {
		_, err := engine.Scalar[int](ctx, c, engine.Text("SELECT count(*) FROM t"))
		return err
	}

	t.Run("several connections are several databases", func(t *testing.T) {
		e := adopt(":memory:", 0)
		one, two := connect(e), connect(e)
		exec(one, "CREATE TABLE t (a)")
		if err := count(two); !errors.Is(err, engine.ErrUndefinedTable) {
			t.Errorf("the other connection: %v", err)
		}
		if err := count(one); err != nil {
			t.Error(err)
		}
	})
	t.Run("one connection is one database", func(t *testing.T) {
		e := adopt(":memory:", 1)
		for range 3 {
			c := connect(e)
			exec(c, "CREATE TABLE IF NOT EXISTS t (a)")
			exec(c, "INSERT INTO t VALUES (1)")
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		}
		c := connect(e)
		if n, err := engine.Scalar[int](ctx, c, engine.Text("SELECT count(*) FROM t")); err != nil || n != 3 {
			t.Errorf("%d rows, %v", n, err)
		}
		// while it is out, there is none
		if _, err := e.Connect(ctx); !errors.Is(err, engine.ErrPoolTimeout) {
			t.Errorf("a second one: %v", err)
		}
	})
	t.Run("a session that was changed ends its database", func(t *testing.T) {
		e := adopt(":memory:", 1)
		c := connect(e)
		exec(c, "CREATE TABLE t (a)")
		exec(c, "PRAGMA foreign_keys = on")
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if err := count(connect(e)); !errors.Is(err, engine.ErrUndefinedTable) {
			t.Errorf("the next connection: %v", err)
		}
	})
	t.Run("a shared cache", func(t *testing.T) {
		e := adopt("file:adopted?mode=memory&cache=shared", 0)
		one, two := connect(e), connect(e)
		exec(one, "CREATE TABLE t (a)")
		if err := count(two); err != nil {
			t.Error(err)
		}
	})
}
