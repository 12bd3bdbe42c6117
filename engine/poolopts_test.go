package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"expvar"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
	"github.com/sqlayer-go/sqlayer/pool"
)

func TestTrackLeases(t *testing.T) { synctest.Test(t, testTrackLeases) }

func testTrackLeases(t *testing.T) {
	db := fakedb.New()
	e, err := engine.Open("", engine.WithConnector(db.Connector()), engine.WithPoolSize(1),
		engine.WithPoolTimeout(20*time.Millisecond), engine.WithTrackLeases())
	check(t, err)
	check(t, e.Ping(t.Context()))
	if h := e.Holders(); len(h) != 0 {
		t.Errorf("held: %v", h)
	}
	c, err := e.Connect(t.Context())
	check(t, err)
	if h := e.Holders(); len(h) != 1 {
		t.Errorf("held: %v", h)
	}
	const where = "(poolopts_test.go:"
	_, err = e.Exec(t.Context(), "SELECT 1")
	wantError(t, err, engine.ErrPoolTimeout, where)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	_, err = e.Exec(ctx, "SELECT 1")
	wantError(t, err, engine.ErrCancelled, where)

	err = e.Close()
	wantError(t, err, nil, "1 connections leased", where)
	if leak, ok := errors.AsType[*pool.LeakError](err); !ok || len(leak.Holders) != 1 {
		t.Errorf("%#v", err)
	}
	check(t, c.Close())
	if !fakedb.Poll(func() bool { return db.Closed() == 1 && db.Counts().Open == 0 }) {
		t.Error("the Engine was not closed")
	}
	check(t, e.Close())
}

func TestTrackedEngineWithoutLeaksClosesWithoutError(t *testing.T) {
	e, _ := open(t, engine.WithTrackLeases())
	db := e.DB()
	db.SetMaxIdleConns(2)
	check(t, db.PingContext(t.Context())) // and keeps the connection, until the Engine is closed
	check(t, e.Ping(t.Context()))
	check(t, e.Close())
	c, err := engine.Connect(t.Context(), "fake://h/db", engine.WithTrackLeases())
	check(t, err)
	check(t, c.Close())
}

func TestMinIdle(t *testing.T) {
	e, db := open(t, engine.WithMinIdle(3))
	if n := db.Counts().Dials; n != 0 {
		t.Errorf("%d dials before the first use", n)
	}
	check(t, e.Ping(t.Context()))
	if !fakedb.Poll(func() bool { return e.Stats().Idle >= 3 }) {
		t.Errorf("%v", e.Stats())
	}
}

func TestMaxDials(t *testing.T) {
	var now, most atomic.Int32
	release := make(chan struct{})
	e, db := open(t, engine.WithMaxDials(1), engine.WithHooks(engine.Hooks{
		Connect: func(context.Context, engine.ConnectInfo) (context.Context, func(error)) {
			most.Store(max(most.Load(), now.Add(1)))
			<-release
			return nil, func(error) { now.Add(-1) }
		},
	}))
	var wg, have sync.WaitGroup
	have.Add(3)
	for range 3 {
		wg.Go(func() {
			c, err := e.Connect(t.Context())
			have.Done()
			if err != nil {
				t.Error(err)
				return
			}
			have.Wait() // each of them needs a connection of its own
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	if !fakedb.Poll(func() bool { return e.Stats().Waiters == 3 }) {
		t.Errorf("%v", e.Stats())
	}
	if s := e.Stats(); s.Opening != 1 {
		t.Errorf("%v", s)
	}
	close(release)
	wg.Wait()
	if n := db.Counts().Dials; n != 3 || most.Load() != 1 {
		t.Errorf("%d dials, %d at once", n, most.Load())
	}
}

// Who comes too early for another attempt gets the error of the last one.
func TestBackoff(t *testing.T) {
	e, db := open(t, engine.WithBackoff(time.Hour, time.Hour))
	db.FailDials(&fakedb.Error{Kind: dialect.ErrConnect, Code: "08001", Message: "nobody there"})
	_, err := e.Exec(t.Context(), "SELECT 1")
	wantError(t, err, engine.ErrConnect, "nobody there")
	_, err = e.Exec(t.Context(), "SELECT 1")
	wantError(t, err, engine.ErrConnect, "not tried again for", "after a failure: nobody there (08001)")
	if x, ok := errors.AsType[*engine.Error](err); !ok || x.Kind != engine.ErrConnect || x.Code != "08001" || x.MayHaveRun {
		t.Errorf("%#v", err)
	}
	if b, ok := errors.AsType[*pool.BackoffError](err); !ok || b.Failures != 1 || b.Next <= 0 {
		t.Errorf("%#v", err)
	}
	if _, ok := errors.AsType[*fakedb.Error](err); !ok {
		t.Errorf("the driver's error is not in %v", err)
	}
	if c := db.Counts(); c.DialErrors != 1 || c.Dials != 0 || c.Sent != 0 {
		t.Errorf("%+v", c)
	}
}

func TestBackoffEnds(t *testing.T) {
	e, db := open(t, engine.WithBackoff(time.Millisecond, 2*time.Millisecond))
	down := &fakedb.Error{Kind: dialect.ErrConnect, Message: "nobody there"}
	db.FailDials(down, down, down)
	if !fakedb.Poll(func() bool { return e.Ping(t.Context()) == nil }) {
		t.Error("not tried again")
	}
	if c := db.Counts(); c.DialErrors != 3 || c.Dials != 1 {
		t.Errorf("%+v", c)
	}
}

func TestEngineIsAnExpvar(t *testing.T) {
	e, _ := open(t)
	check(t, e.Ping(t.Context()))
	var v expvar.Var = e
	var got map[string]any
	check(t, json.Unmarshal([]byte(v.String()), &got))
	if len(got) == 0 {
		t.Errorf("it shows %s", v)
	}
}
