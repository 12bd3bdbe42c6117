package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

// open returns an Engine on a fake database. At the end everything must have
// been given back and closed.
func open(t *testing.T, opts ...engine.Option) (*engine.Engine, *fakedb.DB) {
	t.Helper()
	db := fakedb.New()
	return on(t, db, opts...), db
}

func on(t *testing.T, db *fakedb.DB, opts ...engine.Option) *engine.Engine {
	t.Helper()
	e, err := engine.Open("", append([]engine.Option{engine.WithConnector(db.Connector()), engine.WithPoolSize(4),
		engine.WithPoolTimeout(time.Minute)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := e.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if c := db.Counts(); c.Open != 0 || c.RowsOpen != 0 {
			t.Errorf("left open: %+v", c)
		}
		if db.Closed() != 1 {
			t.Errorf("the connector was closed %d times", db.Closed())
		}
	})
	return e
}

func connect(t *testing.T, e *engine.Engine) *engine.Conn {
	t.Helper()
	c, err := e.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("Conn.Close: %v", err)
		}
	})
	return c
}

// wantError checks an error's kind and what its text holds.
func wantError(t *testing.T, err error, kind error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want %v", kind)
	}
	if kind != nil && !errors.Is(err, kind) {
		t.Errorf("error %v is not %q", err, kind)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q does not say %q", err, p)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantLog(t *testing.T, db *fakedb.DB, want ...string) {
	t.Helper()
	if got, want := strings.Join(db.Log(), "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("sent:\n%s\nwant:\n%s", got, want)
	}
}

// during ends a context, with errBoom as the cause, once the server has got
// another statement.
func during(t *testing.T, db *fakedb.DB) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	before := db.Counts().Sent
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		fakedb.Poll(func() bool { return db.Counts().Sent > before })
		cancel(errBoom)
	}()
	t.Cleanup(func() { <-ended })
	return ctx
}

func numbers(n int) fakedb.Reply {
	r := fakedb.Rows([]string{"n"})
	r.Result = dialect.NewResult(int64(n))
	for i := range n {
		r.Rows = append(r.Rows, []any{int64(i + 1)})
	}
	return r
}

var errBoom = errors.New("boom")

var _ dialect.Runner = (*otherRunner)(nil)

// otherRunner is a Runner that this package does not know, as an ORM session is.
type otherRunner struct{ e *engine.Engine }

func (o *otherRunner) Run(ctx context.Context, s dialect.Statement, rows func(dialect.Rows) error) (dialect.Result, error) {
	return o.e.Run(ctx, s, rows)
}
