package engine_test

import (
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

// proxied runs f on PostgreSQL and on MySQL or MariaDB, through a proxy that
// counts messages, with an Engine of one connection.
func proxied(t *testing.T, f func(t *testing.T, e *engine.Engine, p *wireproxy.Proxy), opts ...engine.Option) {
	for name, dsn := range map[string]func(testing.TB) string{"postgres": testenv.Postgres, "mysql": testenv.MySQL} {
		t.Run(name, func(t *testing.T) {
			p, url := wireproxy.Between(t, dsn(t))
			e, err := engine.Open(url, append([]engine.Option{engine.WithPoolSize(1)}, opts...)...)
			check(t, err)
			t.Cleanup(func() { check(t, e.Close()) })
			f(t, e, p)
		})
	}
}

// trips checks how many round trips f makes.
func trips(t *testing.T, p *wireproxy.Proxy, what string, want int, f func() error) {
	t.Helper()
	p.Reset()
	if err := f(); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if n := p.Count(); n != want {
		t.Errorf("%s: %d round trips, want %d:\n%s", what, n, want, strings.Join(p.Messages(), "\n"))
	}
}

func numbered(n int64) engine.Statement {
	return engine.Text("SELECT a.n FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) a WHERE a.n = :n", engine.Named{"n": n})
}

// The first four rows of the table of round trips.
func TestWireRoundTrips(t *testing.T) {
	proxied(t, func(t *testing.T, e *engine.Engine, p *wireproxy.Proxy) {
		ctx := t.Context()
		type row struct{ N int64 }
		query := func(r dialect.Runner, n int64) func() error {
			return func() error {
				got, err := engine.One[row](ctx, r, numbered(n))
				if err == nil && got.N != n {
					t.Errorf("%d, want %d", got.N, n)
				}
				return err
			}
		}
		check(t, e.Ping(ctx)) // dials
		accepted := p.Accepted()
		var c *engine.Conn
		trips(t, p, "checkout of an idle connection", 0, func() (err error) { c, err = e.Connect(ctx); return })
		trips(t, p, "the first run of a query with parameters", 2, query(c, 1))
		trips(t, p, "its second run", 1, query(c, 2))
		trips(t, p, "its third run", 1, query(c, 3))
		trips(t, p, "return of a clean connection", 0, func() error { return c.Close() })
		trips(t, p, "the query from the Engine: checkout, run, return", 1, query(e, 1))
		trips(t, p, "a transaction with one statement", 3, func() error {
			return e.Transact(ctx, func(tx *engine.Tx) error { return query(tx, 2)() })
		})
		trips(t, p, "a transaction that is rolled back", 3, func() error {
			tx, err := e.Begin(ctx)
			if err != nil {
				return err
			}
			if err := query(tx, 2)(); err != nil {
				return err
			}
			return tx.Rollback(ctx)
		})
		trips(t, p, "a loop that is left early", 1, func() error {
			for _, err := range engine.Each[row](ctx, e, numbered(1)) {
				return err
			}
			return nil
		})
		trips(t, p, "what is refused before it is sent", 0, func() error {
			wantError(t, query(nil, 1)(), engine.ErrArguments)
			_, err := e.Exec(ctx, "SELECT :a", engine.Named{"b": 1})
			wantError(t, err, engine.ErrArguments, ":a")
			return nil
		})
		if n := p.Accepted() - accepted; n != 0 {
			t.Errorf("%d more connections", n)
		}
	})
}

// A ping before each checkout costs one, and only that.
func TestWirePrePing(t *testing.T) {
	proxied(t, func(t *testing.T, e *engine.Engine, p *wireproxy.Proxy) {
		check(t, e.Ping(t.Context()))
		var c *engine.Conn
		trips(t, p, "checkout with a ping", 1, func() (err error) { c, err = e.Connect(t.Context()); return })
		trips(t, p, "return", 0, func() error { return c.Close() })
	}, engine.WithPrePing())
}
