package engine_test

import (
	"context"
	"crypto/tls"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

var registered = fakedb.New()

func init() { dialect.Register(registered.Dialect(), "fake") }

func TestOpenRefuses(t *testing.T) {
	before := registered.Counts().Dials
	for name, tc := range map[string]struct {
		url  string
		opts []engine.Option
		kind error
		say  []string
	}{
		"no scheme":       {"todos.db", nil, engine.ErrURL, []string{"scheme"}},
		"unknown scheme":  {"fakee://h/db", nil, engine.ErrURL, []string{`"fakee"`, `did you mean "fake"`}},
		"unknown option":  {"fake://h/db?siz=3", nil, engine.ErrURL, []string{`"siz"`, `"size"`}},
		"bad option":      {"fake://u:s3cret@h/db?size=many", nil, engine.ErrURL, []string{`size="many"`, "number"}},
		"bad choice":      {"fake://h/db?mode=fats", nil, engine.ErrURL, []string{"fast, safe"}},
		"two mistakes":    {"fake://h/db?siz=3&mode=x", nil, engine.ErrURL, []string{"siz", "mode"}},
		"pool size":       {"fake://h/db", []engine.Option{engine.WithPoolSize(0)}, engine.ErrArguments, []string{"WithPoolSize(0)"}},
		"overflow":        {"fake://h/db", []engine.Option{engine.WithOverflow(-2)}, engine.ErrArguments, []string{"WithOverflow(-2)"}},
		"timeout":         {"fake://h/db", []engine.Option{engine.WithPoolTimeout(0)}, engine.ErrArguments, []string{"WithPoolTimeout"}},
		"recycle":         {"fake://h/db", []engine.Option{engine.WithRecycle(-time.Second)}, engine.ErrArguments, []string{"WithRecycle(-1s)"}},
		"minimum":         {"fake://h/db", []engine.Option{engine.WithMinIdle(0)}, engine.ErrArguments, []string{"WithMinIdle(0)"}},
		"large minimum":   {"fake://h/db", []engine.Option{engine.WithMinIdle(4), engine.WithPoolSize(3)}, engine.ErrArguments, []string{"WithMinIdle(4)", "3 connections", "WithPoolSize"}},
		"dials":           {"fake://h/db", []engine.Option{engine.WithMaxDials(0)}, engine.ErrArguments, []string{"WithMaxDials(0)"}},
		"backoff":         {"fake://h/db", []engine.Option{engine.WithBackoff(0, time.Second)}, engine.ErrArguments, []string{"WithBackoff(0s, 1s)", "positive"}},
		"backoff limit":   {"fake://h/db", []engine.Option{engine.WithBackoff(2*time.Second, time.Second)}, engine.ErrArguments, []string{"WithBackoff(2s, 1s)", "limit"}},
		"nil option":      {"fake://h/db", []engine.Option{nil}, engine.ErrArguments, []string{"nil option"}},
		"nil password":    {"fake://h/db", []engine.Option{engine.WithPassword(nil)}, engine.ErrArguments, []string{"WithPassword(nil)"}},
		"all of them":     {"fake://h/db?siz=1", []engine.Option{engine.WithPoolSize(0), engine.WithOnConnect(nil)}, nil, []string{"WithPoolSize", "WithOnConnect", "siz"}},
		"TLS":             {"fake://h/db", []engine.Option{engine.WithTLS(&tls.Config{})}, engine.ErrUnsupported, []string{"TLS"}},
		"both":            {"fake://h/db", []engine.Option{engine.WithConnector(registered.Connector())}, engine.ErrArguments, []string{"WithConnector"}},
		"default tx":      {"fake://h/db", []engine.Option{engine.WithDefaultTx(engine.Isolation(engine.Snapshot))}, engine.ErrUnsupported, []string{"SNAPSHOT", "SERIALIZABLE"}},
		"no logger":       {"fake://h/db", []engine.Option{engine.WithSlowThreshold(time.Second)}, engine.ErrArguments, []string{"need WithLogger"}},
		"nil tx option":   {"fake://h/db", []engine.Option{engine.WithDefaultTx(nil)}, engine.ErrArguments, nil},
		"connector setup": {"", []engine.Option{engine.WithConnector(registered.Connector()), engine.WithTLS(&tls.Config{})}, engine.ErrArguments, []string{"WithTLS"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := engine.Open(tc.url, tc.opts...)
			wantError(t, err, tc.kind, tc.say...)
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the password is in %q", err)
			}
		})
	}
	if n := registered.Counts().Dials - before; n != 0 {
		t.Errorf("Open dialled %d times", n)
	}
}

func TestOpenDialsNothing(t *testing.T) {
	e, db := open(t)
	if c := db.Counts(); c.Dials != 0 || c.Servers != 0 {
		t.Fatalf("Open dialled: %+v", c)
	}
	if e.Dialect().Name() != "fake" {
		t.Errorf("dialect %s before the first connection", e.Dialect().Name())
	}
	check(t, e.Ping(t.Context()))
	if c := db.Counts(); c.Dials != 1 || c.Servers != 1 || c.Pings != 1 {
		t.Errorf("%+v", c)
	}
	if d := e.Dialect(); d.Name() != "fakeserver" || d.Features().Version.Major != 1 {
		t.Errorf("dialect %s after the first connection", d.Name())
	}
}

func TestServerIsAskedOnce(t *testing.T) {
	e, db := open(t)
	var wg sync.WaitGroup
	block := make(chan struct{})
	db.On("SELECT", fakedb.Reply{Wait: block})
	for range 4 {
		wg.Go(func() {
			if _, err := e.Exec(t.Context(), "SELECT 1"); err != nil {
				t.Error(err)
			}
		})
	}
	if !fakedb.Poll(func() bool { return db.Counts().Sent == 4 }) {
		t.Fatal("four statements did not run at once")
	}
	close(block)
	wg.Wait()
	if c := db.Counts(); c.Dials != 4 || c.Servers != 1 {
		t.Errorf("%d dials, server asked %d times", c.Dials, c.Servers)
	}
}

func TestServerIsAskedAgainAfterFailure(t *testing.T) {
	e, db := open(t)
	db.FailForServer(&fakedb.Error{Kind: dialect.ErrPermission, Message: "no version for you"})
	wantError(t, e.Ping(t.Context()), engine.ErrPermission, "no version for you")
	check(t, e.Ping(t.Context()))
	if c := db.Counts(); c.Servers != 2 || c.Dials != 2 || c.Closes != 1 {
		t.Errorf("%+v", c)
	}
}

func TestOnConnect(t *testing.T) {
	calls := 0
	fail := true
	e, db := open(t, engine.WithOnConnect(func(ctx context.Context, c dialect.Conn) error {
		calls++
		if fail {
			return errBoom
		}
		return c.Ping(ctx)
	}))
	wantError(t, e.Ping(t.Context()), errBoom)
	if db.Counts().Closes != 1 {
		t.Error("the connection refused by WithOnConnect was kept")
	}
	fail = false
	check(t, e.Ping(t.Context()))
	check(t, e.Ping(t.Context()))
	if calls != 2 {
		t.Errorf("called %d times", calls)
	}
	// A reset undoes what it did, so that it is called again.
	_, err := e.Exec(t.Context(), "SET search_path TO elsewhere")
	check(t, err)
	check(t, e.Ping(t.Context()))
	if calls != 3 || db.Counts().Resets != 1 {
		t.Errorf("after a reset it was called %d times: %+v", calls, db.Counts())
	}
}

func TestDialErrors(t *testing.T) {
	e, db := open(t)
	db.FailDials(&fakedb.Error{Kind: dialect.ErrAuthentication, Message: "wrong password for ada"})
	_, err := e.Exec(t.Context(), "SELECT 1")
	wantError(t, err, engine.ErrAuthentication, "wrong password")
	if e, ok := errors.AsType[*engine.Error](err); !ok || e.MayHaveRun {
		t.Errorf("%#v", err)
	}
	if db.Counts().Sent != 0 {
		t.Error("sent without a connection")
	}
	check(t, e.Ping(t.Context()))
}

func TestContextEndsWhileDialling(t *testing.T) {
	e, db := open(t)
	db.HangDials(true)
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		fakedb.Poll(func() bool { return e.Stats().Opening == 1 })
		cancel(errBoom)
	}()
	_, err := e.Connect(ctx)
	wantError(t, err, engine.ErrCancelled, "fake:0")
	wantError(t, err, context.Canceled)
	wantError(t, err, errBoom)
}

func TestPoolTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _ := open(t, engine.WithPoolSize(1), engine.WithPoolTimeout(20*time.Millisecond))
		connect(t, e)
		_, err := e.Exec(t.Context(), "SELECT 1")
		wantError(t, err, engine.ErrPoolTimeout, "1 in use", "fake:0")
	})
}

func TestPoolingAdvice(t *testing.T) {
	db := fakedb.New()
	db.SetPooling(dialect.Pooling{Size: 1, Overflow: 2})
	e, err := engine.Open("", engine.WithConnector(db.Connector()))
	check(t, err)
	defer e.Close()
	if s := e.Stats(); s.Size != 1 || s.Limit != 3 {
		t.Errorf("size %d, limit %d; the connector advises 1 and 3", s.Size, s.Limit)
	}
	e, err = engine.Open("", engine.WithConnector(db.Connector()), engine.WithPoolSize(7))
	check(t, err)
	defer e.Close()
	if s := e.Stats(); s.Size != 7 || s.Limit != 7 {
		t.Errorf("size %d, limit %d; 7 were asked for", s.Size, s.Limit)
	}
}

// A connection that was idle as long as its connector advises is pinged before its next use, and replaced where it
// is dead; the program's own limit counts more.
func TestPingIdleAdvice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tc := range []struct {
			opts []engine.Option
			idle time.Duration
			want int64
		}{
			{nil, 29 * time.Second, 0},
			{nil, 30 * time.Second, 1},
			{[]engine.Option{engine.WithPingIdle(time.Minute)}, 59 * time.Second, 0},
			{[]engine.Option{engine.WithPingIdle(time.Minute)}, time.Minute, 1},
		} {
			db := fakedb.New()
			db.SetPooling(dialect.Pooling{PingIdle: 30 * time.Second})
			e, err := engine.Open("", append(tc.opts, engine.WithConnector(db.Connector()))...)
			check(t, err)
			check(t, e.Ping(t.Context()))
			before := e.Stats().Pings
			time.Sleep(tc.idle)
			_, err = e.Exec(t.Context(), "SELECT 1")
			check(t, err)
			if n := int64(e.Stats().Pings - before); n != tc.want {
				t.Errorf("%d pings after %v, not %d", n, tc.idle, tc.want)
			}
			check(t, e.Close())
		}
	})
}

func TestClosedEngine(t *testing.T) {
	e, db := open(t)
	c, err := e.Connect(t.Context())
	check(t, err)
	check(t, e.Close())
	check(t, e.Close())
	if db.Closed() != 0 {
		t.Error("the connector was closed before its last connection")
	}
	_, err = e.Exec(t.Context(), "SELECT 1")
	wantError(t, err, engine.ErrClosed, "Engine is closed")
	_, err = c.Exec(t.Context(), "SELECT 1")
	check(t, err) // a lease lives until it is given back
	check(t, c.Close())
	if !fakedb.Poll(func() bool { return db.Closed() == 1 }) {
		t.Error("the connector was not closed after its last connection")
	}
}

func TestShutdownWaits(t *testing.T) {
	e, _ := open(t)
	c, err := e.Connect(t.Context())
	check(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantError(t, e.Shutdown(ctx), context.Canceled, "1 connections leased")
	check(t, c.Close())
	check(t, e.Shutdown(t.Context()))
}

func TestConnectAlone(t *testing.T) {
	before := registered.Closed()
	c, err := engine.Connect(t.Context(), "fake://h/db?size=2")
	check(t, err)
	_, err = c.Exec(t.Context(), "SELECT 1")
	check(t, err)
	check(t, c.Close())
	if !fakedb.Poll(func() bool { return registered.Closed() == before+1 && registered.Counts().Open == 0 }) {
		t.Error("closing the Conn did not close its Engine")
	}
	registered.FailDials(&fakedb.Error{Kind: dialect.ErrConnect, Message: "nobody there"})
	_, err = engine.Connect(t.Context(), "fake://h/db")
	wantError(t, err, engine.ErrConnect)
	if registered.Closed() != before+2 {
		t.Error("the Engine of a failed Connect stays open")
	}
}

func TestNilContext(t *testing.T) {
	e, _ := open(t)
	var none context.Context
	_, err := e.Exec(none, "SELECT 1")
	wantError(t, err, engine.ErrArguments, "context is nil")
	c := connect(t, e)
	_, err = c.Exec(none, "SELECT 1")
	wantError(t, err, engine.ErrArguments, "context is nil")
}
