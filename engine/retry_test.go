package engine_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

func TestRetryOfLockTimeouts(t *testing.T) {
	late := fakedb.Fail(dialect.ErrLockTimeout, "waited")
	for name, tt := range map[string]struct {
		opts  []engine.RetryOption
		reply []fakedb.Reply
		runs  int
		fails bool
	}{
		"not unless chosen":     {nil, []fakedb.Reply{late, fakedb.Affected(1)}, 1, true},
		"chosen":                {[]engine.RetryOption{engine.OnLockTimeout()}, []fakedb.Reply{late, late, fakedb.Affected(1)}, 3, false},
		"chosen, and too often": {[]engine.RetryOption{engine.OnLockTimeout()}, []fakedb.Reply{late}, 4, true},
		"not what may have run": {[]engine.RetryOption{engine.OnLockTimeout()},
			[]fakedb.Reply{{Err: &fakedb.Error{Kind: dialect.ErrLockTimeout, MayHaveRun: true}}}, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			e, db := open(t)
			db.On("UPDATE", tt.reply...)
			runs := 0
			err := e.Transact(t.Context(), func(tx *engine.Tx) error {
				runs++
				_, err := tx.Exec(t.Context(), "UPDATE")
				return err
			}, engine.Retry(3, append(tt.opts, engine.Pauses(time.Microsecond, time.Millisecond))...))
			if runs != tt.runs || (err != nil) != tt.fails {
				t.Errorf("%d runs, %v", runs, err)
			}
			if again, ok := errors.AsType[*engine.RetryError](err); runs > 1 && tt.fails && (!ok || again.Attempts != runs) {
				t.Errorf("%v", err)
			}
		})
	}
}

// The pauses grow, each half to one and a half of what is due, up to the limit.
func TestRetryPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := fakedb.New()
		db.On("UPDATE", fakedb.Fail(dialect.ErrDeadlock, "again"))
		e, err := engine.Open("", engine.WithConnector(db.Connector()))
		check(t, err)
		defer e.Close()
		var at []time.Time
		err = e.Transact(t.Context(), func(tx *engine.Tx) error {
			at = append(at, time.Now())
			_, err := tx.Exec(t.Context(), "UPDATE")
			return err
		}, engine.Retry(40, engine.Pauses(time.Second, 10*time.Second)))
		wantError(t, err, engine.ErrDeadlock, "41 attempts")
		for i := 1; i < len(at); i++ {
			due := min(10*time.Second, time.Second<<min(i-1, 20))
			if p := at[i].Sub(at[i-1]); p < due/2 || p > due*3/2 {
				t.Errorf("pause %d is %v, due is %v", i, p, due)
			}
		}
		// and end with the context
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		err = e.Transact(ctx, func(tx *engine.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE")
			return err
		}, engine.Retry(40, engine.Pauses(time.Minute, time.Hour)))
		wantError(t, err, engine.ErrDeadlock, "1 attempts")
		wantError(t, err, context.DeadlineExceeded)
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("ended after %v", took)
		}
	})
}

func TestRetryOptionsAreChecked(t *testing.T) {
	e, db := open(t)
	none := func(*engine.Tx) error { return errBoom }
	for _, o := range []engine.RetryOption{engine.Pauses(0, 1), engine.Pauses(2, 1), nil} {
		wantError(t, e.Transact(t.Context(), none, engine.Retry(1, o)), engine.ErrArguments)
	}
	wantLog(t, db)
}

// A ping that is not answered in time replaces the connection.
func TestPingTimeout(t *testing.T) {
	_, err := engine.Open("", engine.WithConnector(fakedb.New().Connector()), engine.WithPingTimeout(0))
	wantError(t, err, engine.ErrArguments, "WithPingTimeout(0s)")
	synctest.Test(t, func(t *testing.T) {
		db := fakedb.New()
		db.HangPings(true)
		e, err := engine.Open("", engine.WithConnector(db.Connector()), engine.WithPrePing(), engine.WithPingTimeout(7*time.Second))
		check(t, err)
		_, err = e.Exec(t.Context(), "SELECT 1")
		check(t, err)
		start := time.Now()
		_, err = e.Exec(t.Context(), "SELECT 1")
		check(t, err)
		if took := time.Since(start); took != 7*time.Second || db.Counts().Dials != 2 {
			t.Errorf("after %v, %+v", took, db.Counts())
		}
		check(t, e.Close())
	})
}

// blocking is a destination that waits.
type blocking struct{ in, out chan struct{} }

func (b *blocking) Scan(any) error {
	close(b.in)
	<-b.out
	return nil
}

// Rows of an Engine that two goroutines use: the second is told so, and takes
// nothing from under the first.
func TestRowsOfAnEngineUsedTwice(t *testing.T) {
	for name, use := range map[string]func(r *engine.Rows) error{
		"Next": func(r *engine.Rows) error {
			if r.Next() {
				return nil
			}
			return r.Err()
		},
		"Scan":  func(r *engine.Rows) error { return r.Scan(nil) },
		"Close": func(r *engine.Rows) error { return r.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			e, db := open(t)
			db.On("SELECT", numbers(3))
			rows, err := e.Query(t.Context(), "SELECT")
			check(t, err)
			if !rows.Next() {
				t.Fatal(rows.Err())
			}
			b := &blocking{make(chan struct{}), make(chan struct{})}
			done := make(chan error)
			go func() { done <- rows.Scan(b) }()
			<-b.in
			wantError(t, use(rows), engine.ErrInUse, "another goroutine is reading or closing these rows")
			if db.Counts().RowsOpen != 1 {
				t.Error("the rows were closed under the one who reads them")
			}
			close(b.out)
			check(t, <-done)
			_ = rows.Close()
		})
	}
}

// A SELECT that leaves a lock or a setting on the session makes the next user
// of the connection safe from it.
func TestLiveSessionCalls(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, _ string) {
		ctx := t.Context()
		var leave, look string
		switch e.Dialect().Name() {
		case "postgres":
			leave = "SELECT set_config('application_name', 'left', false), pg_catalog . pg_try_advisory_lock ( 77 )"
			look = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
		case "mariadb", "mysql":
			leave, look = "SELECT @left := 1, GET_LOCK('engine_left', 0)", "SELECT IS_USED_LOCK('engine_left') IS NOT NULL OR @left IS NOT NULL"
		default:
			t.Skip("not run: no such function")
		}
		_, err := e.Exec(ctx, leave)
		check(t, err)
		if n, err := engine.Scalar[int](ctx, e, engine.Text(look)); err != nil || n != 0 {
			t.Errorf("the next user finds %d, %v", n, err)
		}
	}, engine.WithPoolSize(1))
}
