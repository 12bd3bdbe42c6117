package postgres

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

func throughProxy(t *testing.T, options ...dialect.Option) (*wireproxy.Proxy, *Conn) {
	t.Helper()
	p, dsn := wireproxy.Between(t, testenv.Postgres(t))
	u := mustURL(t, dsn)
	u.Options = append(u.Options, options...)
	return p, openURL(t, u)
}

func TestRoundTrips(t *testing.T) {
	p, c := throughProxy(t, dialect.Option{Name: "statement_cache", Value: "2"})
	query := func(text string) func() error {
		return func() error { return tryRow(c, []any{nil}, text, 1) }
	}
	batch := func() error {
		return c.Batch(t.Context(), []*dialect.Compiled{compiled("SELECT $1::int", 1), compiled("SELECT $1::int + 1", 1), compiled("SELECT $1::int", 3)}, nil)
	}
	for _, tc := range []struct {
		what string
		want int
		do   func() error
	}{
		{"asking what the server is", 0, func() error { _, err := Dialect().ForServer(t.Context(), c); return err }},
		{"the first run of a query", 2, query("SELECT $1::int")},
		{"the second run of a query", 1, query("SELECT $1::int")},
		{"a command without arguments", 1, func() error { _, err := c.Exec(t.Context(), compiled("SET work_mem = '4MB'")); return err }},
		{"BEGIN", 1, func() error {
			return c.Begin(t.Context(), dialect.TxOptions{Isolation: dialect.Serializable, ReadOnly: true})
		}},
		{"COMMIT", 1, func() error { return c.Commit(t.Context()) }},
		{"ROLLBACK without a transaction", 0, func() error { return c.Rollback(t.Context()) }},
		{"a second text", 2, query("SELECT $1::int + 1")},
		{"a third text, for which one must go", 2, query("SELECT $1::int + 2")},
		{"a batch of which one statement is new", 2, batch},
		{"a batch of known statements", 1, batch},
		{"Reset", 1, func() error { return c.Reset(t.Context()) }},
		{"Reset of an open transaction", 2, func() error {
			return errors.Join(c.Begin(t.Context(), dialect.TxOptions{}), c.Reset(t.Context()))
		}},
		{"a query after Reset", 1, query("SELECT $1::int")},
		{"missing arguments of a known statement", 0, func() error {
			if err := tryRow(c, nil, "SELECT $1::int"); !errors.Is(err, dialect.ErrArguments) {
				return err
			}
			return nil
		}},
	} {
		p.Reset()
		if err := tc.do(); err != nil {
			t.Errorf("%s: %v", tc.what, err)
		}
		if n := p.Count(); n != tc.want {
			t.Errorf("%s: %d round trips, want %d: %v", tc.what, n, tc.want, p.Messages())
		}
	}
}

func TestBrokenConnections(t *testing.T) {
	for _, tc := range []struct {
		what       string
		fault      wireproxy.Fault
		mayHaveRun bool
	}{
		{"while it is prepared", wireproxy.Fault{From: wireproxy.Server, Message: "ParseComplete", Nth: 1, Do: wireproxy.CutBefore}, false},
		{"before the first row", wireproxy.Fault{From: wireproxy.Server, Message: "BindComplete", Nth: 1, Do: wireproxy.CutBefore}, true},
		{"between rows", wireproxy.Fault{From: wireproxy.Server, Message: "DataRow", Nth: 3, Do: wireproxy.CutBefore}, true},
		{"before the end", wireproxy.Fault{From: wireproxy.Server, Message: "CommandComplete", Nth: 1, Do: wireproxy.CutBefore}, true},
	} {
		t.Run(tc.what, func(t *testing.T) {
			p, c := throughProxy(t)
			p.Inject(tc.fault)
			rows, err := c.Query(t.Context(), compiled("SELECT generate_series(1, $1::int)", 5))
			if err == nil {
				for rows.Next() {
				}
				err = rows.Close()
			}
			e := c.d.Classify(err)
			if !errors.Is(err, dialect.ErrConnectionLost) || !e.Lost || e.MayHaveRun != tc.mayHaveRun || c.Usable() {
				t.Errorf("%v: Lost %v, MayHaveRun %v, Usable %v", err, e.Lost, e.MayHaveRun, c.Usable())
			}
		})
	}
}

func TestSilentServer(t *testing.T) {
	p, c := throughProxy(t, dialect.Option{Name: "cancel_timeout", Value: "50ms"})
	sent := p.Inject(wireproxy.Fault{From: wireproxy.Client, Message: "Query", Do: wireproxy.Stall})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		<-sent.Reached()
		p.Silence() // for the request to cancel, too
		cancel()
	}()
	start := time.Now()
	_, err := c.Exec(ctx, compiled("SELECT 1"))
	e := c.d.Classify(err)
	if !errors.Is(err, dialect.ErrCancelled) || !errors.Is(err, context.Canceled) || !e.Lost || !e.MayHaveRun || c.Usable() {
		t.Errorf("%v: Lost %v, MayHaveRun %v, Usable %v", err, e.Lost, e.MayHaveRun, c.Usable())
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("it took %v", d)
	}
	sent.Release()
	p.Resume()
}

// The simple protocol, which carries COMMIT: pgconn reports a connection that
// breaks before its answer as one on which nothing could be sent.
func TestLostCommandMayHaveRun(t *testing.T) {
	for _, do := range []wireproxy.Action{wireproxy.CutBefore, wireproxy.ResetMiddle} {
		p, c := throughProxy(t)
		if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
			t.Fatal(err)
		}
		p.Inject(wireproxy.Fault{From: wireproxy.Server, Message: "CommandComplete", Do: do})
		err := c.Commit(t.Context())
		e := c.d.Classify(err)
		if e.Kind != dialect.ErrConnectionLost || !e.Lost || !e.MayHaveRun {
			t.Errorf("%v: Lost %v, MayHaveRun %v", err, e.Lost, e.MayHaveRun)
		}
		// now it is known, and nothing is sent
		err = c.Commit(t.Context())
		if e := c.d.Classify(err); e.Kind != dialect.ErrConnectionLost || e.MayHaveRun {
			t.Errorf("after that: %v: MayHaveRun %v", err, e.MayHaveRun)
		}
	}
}

// A copy sends a little first, so that the server begins, and then more at once.
func TestCopyIsSentInGrowingParts(t *testing.T) {
	p, c := throughProxy(t)
	for _, text := range []string{"CREATE TEMPORARY TABLE parts (id int, name text)", "SELECT id, name FROM parts WHERE FALSE"} {
		if _, err := c.Exec(t.Context(), compiled(text)); err != nil {
			t.Fatal(err)
		}
	}
	name := strings.Repeat("x", 982) // 1,000 bytes a row
	for rows, want := range map[int]int{3: 1, 4: 1, 5: 2, 12: 2, 250: 7} {
		left := rows
		p.Reset()
		res, err := c.CopyFrom(t.Context(), "", "parts", []string{"id", "name"}, func() ([]any, error) {
			if left == 0 {
				return nil, nil
			}
			left--
			return []any{int64(left), name}, nil
		})
		if err != nil || res.RowsAffected() != int64(rows) {
			t.Fatalf("%d rows: %d, %v", rows, res.RowsAffected(), err)
		}
		if n := p.Seen(wireproxy.Client, "CopyData"); n != want {
			t.Errorf("%d rows of 1,000 bytes in %d parts, not %d", rows, n, want)
		}
	}
}
