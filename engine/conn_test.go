package engine_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

func TestConnRuns(t *testing.T) {
	e, db := open(t)
	db.On("UPDATE", fakedb.Affected(3))
	db.On("SELECT", numbers(2))
	c := connect(t, e)
	_, err := c.Exec(t.Context(), "UPDATE t SET a = ? WHERE b = :b", engine.Named{"b": 1})
	wantError(t, err, engine.ErrArguments, "?")
	res, err := c.Exec(t.Context(), "UPDATE t SET a = 1 WHERE b IN (:b)", engine.Named{"b": []int{1, 2}})
	check(t, err)
	if res.RowsAffected() != 3 {
		t.Errorf("%d rows", res.RowsAffected())
	}
	wantLog(t, db, "UPDATE t SET a = 1 WHERE b IN (?, ?)")
	rows, err := c.Query(t.Context(), "SELECT n FROM t WHERE a = ?", 7)
	check(t, err)
	if got := rows.Columns(); len(got) != 1 || got[0] != "n" {
		t.Errorf("columns %v", got)
	}
	sum := 0
	for rows.Next() {
		var n int
		check(t, rows.Scan(&n))
		sum += n
	}
	check(t, rows.Close())
	check(t, rows.Close())
	if sum != 3 {
		t.Errorf("sum %d", sum)
	}
	if a := db.Args("SELECT n FROM t WHERE a = ?"); len(a) != 1 || a[0] != 7 {
		t.Errorf("args %v", a)
	}
	check(t, c.Ping(t.Context()))
}

func TestMissingAndSurplusParameters(t *testing.T) {
	e, db := open(t)
	_, err := e.Exec(t.Context(), "UPDATE t SET a = :title WHERE id = :id", engine.Named{"titel": 1, "id": 1})
	wantError(t, err, engine.ErrArguments, ":title", "titel")
	_, err = e.Exec(t.Context(), "UPDATE t SET a = 1", engine.Named{"id": 1})
	wantError(t, err, engine.ErrArguments, ":id")
	wantLog(t, db)
	if s := e.Stats(); s.Leased != 0 {
		t.Error("a statement that does not compile kept its connection")
	}
}

// inTheWay tries everything that runs something, and wants the same error.
func inTheWay(t *testing.T, r interface {
	dialect.Runner
	Exec(context.Context, string, ...any) (engine.Result, error)
	Query(context.Context, string, ...any) (*engine.Rows, error)
	Begin(context.Context, ...engine.TxOption) (*engine.Tx, error)
	Transact(context.Context, func(*engine.Tx) error, ...engine.TransactOption) error
}, kind error, say ...string) {
	t.Helper()
	ctx := t.Context()
	_, err := r.Exec(ctx, "UPDATE x")
	wantError(t, err, kind, say...)
	_, err = r.Query(ctx, "SELECT x")
	wantError(t, err, kind, say...)
	_, err = r.Run(ctx, engine.Text("SELECT x"), nil)
	wantError(t, err, kind, say...)
	_, err = r.Run(ctx, engine.Text("SELECT x"), func(dialect.Rows) error { return nil })
	wantError(t, err, kind, say...)
	_, err = r.Begin(ctx)
	wantError(t, err, kind, say...)
	wantError(t, r.Transact(ctx, func(*engine.Tx) error { t.Error("called"); return nil }), kind, say...)
	_, err = engine.All[int](ctx, r, engine.Text("SELECT x"))
	wantError(t, err, kind, say...)
	for _, err := range engine.Each[int](ctx, r, engine.Text("SELECT x")) {
		wantError(t, err, kind, say...)
	}
}

func TestRowsInTheWay(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(3))
	c := connect(t, e)
	rows, err := c.Query(t.Context(), "SELECT n\n  FROM numbers")
	check(t, err)
	rows.Next()
	inTheWay(t, c, engine.ErrInUse, "rows of [SELECT n FROM numbers] are open", "close them first")
	wantError(t, c.Ping(t.Context()), engine.ErrInUse)
	wantError(t, c.Raw(func(any) error { return nil }), engine.ErrInUse)
	wantLog(t, db, "SELECT n\n  FROM numbers")
	check(t, rows.Close())
	_, err = c.Exec(t.Context(), "UPDATE x")
	check(t, err)
	_, err = c.Run(t.Context(), engine.Text("SELECT n"), func(rows dialect.Rows) error {
		_, err := c.Exec(t.Context(), "UPDATE x")
		return err
	})
	wantError(t, err, engine.ErrInUse, "rows of [SELECT n] are open")
	for _, err := range engine.Each[int](t.Context(), c, engine.Text("SELECT n")) {
		check(t, err)
		_, err = c.Exec(t.Context(), "UPDATE x")
		wantError(t, err, engine.ErrInUse, "rows of [SELECT n] are open")
		break
	}
	_, err = c.Exec(t.Context(), "UPDATE x")
	check(t, err)
}

func TestRowsReadToTheEndAreClosed(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(2))
	c := connect(t, e)
	rows, err := c.Query(t.Context(), "SELECT n")
	check(t, err)
	for rows.Next() {
	}
	if db.Counts().RowsOpen != 0 {
		t.Error("still open")
	}
	_, err = c.Exec(t.Context(), "UPDATE x")
	check(t, err)
	check(t, rows.Err())
	wantError(t, rows.Scan(new(int)), engine.ErrClosed)
}

func TestOneConnTwoGoroutines(t *testing.T) {
	e, db := open(t)
	release := make(chan struct{})
	db.On("UPDATE slow", fakedb.Reply{Wait: release})
	c := connect(t, e)
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := c.Exec(t.Context(), "UPDATE slow"); err != nil {
			t.Error(err)
		}
	})
	fakedb.Poll(func() bool { return db.Counts().Sent == 1 })
	inTheWay(t, c, engine.ErrInUse, "another goroutine is running [UPDATE slow]")
	wantError(t, c.Ping(t.Context()), engine.ErrInUse)
	close(release)
	wg.Wait()
	_, err := c.Exec(t.Context(), "UPDATE x")
	check(t, err)
}

func TestHammeredConnNeverRaces(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(5))
	c := connect(t, e)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				got, err := engine.All[int](t.Context(), c, engine.Text("SELECT n"))
				if err == nil && len(got) != 5 || err != nil && !errors.Is(err, engine.ErrInUse) {
					t.Errorf("%v, %v", got, err)
				}
				err = c.Transact(t.Context(), func(tx *engine.Tx) error {
					_, err := tx.Exec(t.Context(), "UPDATE x")
					return err
				})
				if err != nil && !errors.Is(err, engine.ErrInUse) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestCloseWhileAnotherGoroutineRuns(t *testing.T) {
	e, db := open(t)
	release := make(chan struct{})
	db.On("UPDATE slow", fakedb.Reply{Wait: release})
	c, err := e.Connect(t.Context())
	check(t, err)
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := c.Exec(t.Context(), "UPDATE slow"); err != nil {
			t.Error(err)
		}
	})
	fakedb.Poll(func() bool { return db.Counts().Sent == 1 })
	wantError(t, c.Close(), engine.ErrInUse, "UPDATE slow")
	close(release)
	wg.Wait()
	if s := e.Stats(); s.Leased != 0 {
		t.Error("not given back when the statement ended")
	}
}

func TestClosedConn(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", numbers(2))
	c := connect(t, e)
	rows, err := c.Query(t.Context(), "SELECT n")
	check(t, err)
	check(t, c.Close())
	check(t, c.Close())
	if db.Counts().RowsOpen != 0 {
		t.Error("the rows stay open")
	}
	inTheWay(t, c, engine.ErrClosed, "connection is closed")
	wantError(t, c.Ping(t.Context()), engine.ErrClosed)
	if rows.Next() {
		t.Error("a row from a connection that was given back")
	}
	wantError(t, rows.Close(), engine.ErrClosed, "rows were closed")
	// the next user of the connection is not disturbed by the old rows
	other := connect(t, e)
	rows2, err := other.Query(t.Context(), "SELECT n")
	check(t, err)
	check(t, errors.Join(func() error {
		if rows.Next() {
			return errors.New("a row")
		}
		return nil
	}()))
	if !rows2.Next() {
		t.Error(rows2.Err())
	}
	check(t, rows2.Close())
}

func TestCloseRollsBack(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	tx, err := c.Begin(t.Context())
	check(t, err)
	sp, err := tx.Begin(t.Context())
	check(t, err)
	check(t, c.Close())
	wantLog(t, db, "BEGIN", "SAVEPOINT sp_1", "ROLLBACK")
	_, err = sp.Exec(t.Context(), "UPDATE x")
	wantError(t, err, engine.ErrClosed, "savepoint sp_1")
	wantError(t, tx.Commit(t.Context()), engine.ErrClosed, "connection was closed")
	check(t, tx.Rollback(t.Context()))
	if s := e.Stats(); s.Idle != 1 {
		t.Errorf("%v", s)
	}
}

func TestReturnOfCleanConnectionCostsNothing(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", numbers(1))
	for range 3 {
		_, err := engine.One[int](t.Context(), e, engine.Text("SELECT n"))
		check(t, err)
		check(t, e.Transact(t.Context(), func(tx *engine.Tx) error {
			_, err := tx.Exec(t.Context(), "INSERT INTO t VALUES (1)")
			return err
		}))
	}
	if c := db.Counts(); c.Resets != 0 || c.Dials != 1 || c.Sent != 6 {
		t.Errorf("%+v", c)
	}
}

func TestDirtySessionIsReset(t *testing.T) {
	for name, use := range map[string]func(e *engine.Engine, db *fakedb.DB) error{
		"SET": func(e *engine.Engine, db *fakedb.DB) error {
			_, err := e.Exec(context.Background(), "SET search_path = x")
			return err
		},
		"SET in a transaction": func(e *engine.Engine, db *fakedb.DB) error {
			return e.Transact(context.Background(), func(tx *engine.Tx) error {
				_, err := tx.Exec(context.Background(), "SET x = 1")
				return err
			})
		},
		"what the driver says": func(e *engine.Engine, db *fakedb.DB) error {
			db.On("SELECT pg", fakedb.Reply{Dirty: true})
			_, err := e.Exec(context.Background(), "SELECT pg_advisory_lock(1)")
			return err
		},
		"raw": func(e *engine.Engine, db *fakedb.DB) error {
			c, err := e.Connect(context.Background())
			if err != nil {
				return err
			}
			return errors.Join(c.Raw(func(d any) error {
				if d != "fake connection 1" {
					return errors.New("not the driver's connection")
				}
				return nil
			}), c.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			e, db := open(t)
			check(t, use(e, db))
			if db.Counts().Resets != 1 {
				t.Errorf("%d resets", db.Counts().Resets)
			}
			_, err := e.Exec(t.Context(), "SELECT 1")
			check(t, err)
			if c := db.Counts(); c.Resets != 1 || c.Dials != 1 {
				t.Errorf("clean again: %+v", c)
			}
		})
	}
}

func TestFailedResetDiscards(t *testing.T) {
	e, db := open(t)
	db.FailResets(errBoom)
	c, err := e.Connect(t.Context())
	check(t, err)
	_, err = c.Exec(t.Context(), "SET x = 1")
	check(t, err)
	wantError(t, c.Close(), errBoom)
	if s := e.Stats(); s.Idle != 0 || s.AllClosed() != 1 {
		t.Errorf("%v", s)
	}
	// a statement that succeeded has succeeded
	db.FailResets(errBoom)
	_, err = e.Exec(t.Context(), "SET x = 1")
	check(t, err)
}

func TestStatementError(t *testing.T) {
	for _, show := range []bool{false, true} {
		var opts []engine.Option
		if show {
			opts = append(opts, engine.WithShowArgs())
		}
		e, db := open(t, opts...)
		db.On("INSERT", fakedb.Reply{Err: &fakedb.Error{Kind: dialect.ErrUniqueViolation, Code: "23505", Message: "twice", Constraint: "users_email"}})
		for name, r := range map[string]interface {
			Exec(context.Context, string, ...any) (engine.Result, error)
			Query(context.Context, string, ...any) (*engine.Rows, error)
		}{"engine": e, "conn": connect(t, e)} {
			_, err := r.Exec(t.Context(), "INSERT INTO users VALUES (?)", "s3cret")
			wantError(t, err, engine.ErrUniqueViolation, "unique constraint violation", "twice", "23505", "[INSERT INTO users VALUES (?)]")
			wantError(t, err, engine.ErrIntegrityViolation)
			x, ok := errors.AsType[*engine.Error](err)
			if !ok || x.Code != "23505" || x.Constraint != "users_email" || x.Statement != "INSERT INTO users VALUES (?)" {
				t.Errorf("%s: %#v", name, x)
			}
			if _, ok := errors.AsType[*fakedb.Error](err); !ok {
				t.Errorf("%s: the driver's error is not in %v", name, err)
			}
			if show != strings.Contains(err.Error(), "s3cret") || show != (len(x.Args) == 1) {
				t.Errorf("%s: show %v, but: %v", name, show, err)
			}
			_, err = r.Query(t.Context(), "INSERT INTO users VALUES (?)", "s3cret")
			wantError(t, err, engine.ErrUniqueViolation)
		}
		if db.Counts().Dials > 2 {
			t.Error("a failed statement cost a connection")
		}
	}
}

func TestEndedContextSendsNothing(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errBoom)
	_, err := c.Exec(ctx, "UPDATE x")
	wantError(t, err, engine.ErrCancelled)
	wantError(t, err, context.Canceled)
	wantError(t, err, errBoom)
	_, err = e.Exec(ctx, "UPDATE x")
	wantError(t, err, engine.ErrCancelled)
	wantError(t, err, context.Canceled)
	wantError(t, err, errBoom)
	_, err = c.Begin(ctx)
	wantError(t, err, engine.ErrCancelled)
	wantLog(t, db)
}

func TestContextEndsDuringStatement(t *testing.T) {
	for _, sever := range []bool{false, true} {
		e, db := open(t)
		db.On("UPDATE slow", fakedb.Reply{Hang: true, Sever: sever})
		c := connect(t, e)
		_, err := c.Exec(during(t, db), "UPDATE slow")
		wantError(t, err, engine.ErrCancelled, "[UPDATE slow]")
		wantError(t, err, context.Canceled)
		wantError(t, err, errBoom)
		_, err = c.Exec(t.Context(), "UPDATE x")
		if !sever {
			check(t, err)
			continue
		}
		wantError(t, err, engine.ErrConnectionLost, "close it and connect again")
		check(t, c.Close())
		check(t, e.Ping(t.Context()))
		if db.Counts().Dials != 2 {
			t.Error("a severed connection was used again")
		}
	}
}

func TestLostConnection(t *testing.T) {
	e, db := open(t)
	db.On("UPDATE during", fakedb.Reply{Drop: fakedb.During})
	db.On("UPDATE before", fakedb.Reply{Drop: fakedb.Before})
	db.On("SELECT n", func() fakedb.Reply { r := numbers(2); r.Drop = fakedb.AtEnd; return r }())
	db.On("UPDATE after", fakedb.Reply{Drop: fakedb.After})
	for _, tc := range []struct {
		text  string
		mayBe bool
		sent  int
	}{{"UPDATE during", true, 1}, {"UPDATE before", false, 0}, {"SELECT n", true, 1}} {
		t.Run(tc.text, func(t *testing.T) {
			idle := connect(t, e) // another connection, lost as well
			check(t, idle.Close())
			before := db.Counts()
			_, err := engine.All[int](t.Context(), e, engine.Text(tc.text))
			wantError(t, err, engine.ErrConnectionLost, tc.text)
			if x, _ := errors.AsType[*engine.Error](err); x.MayHaveRun != tc.mayBe {
				t.Errorf("MayHaveRun %v", x.MayHaveRun)
			}
			if got := db.Counts().Sent - before.Sent; got != tc.sent {
				t.Errorf("sent %d times", got)
			}
			check(t, e.Ping(t.Context()))
			if db.Counts().Dials != before.Dials+1 {
				t.Error("the connection was used again")
			}
		})
	}
	// the server answers, and then goes away
	_, err := e.Exec(t.Context(), "UPDATE after")
	check(t, err)
	check(t, e.Ping(t.Context()))
}

func TestLostConnectionReplacesAllOlder(t *testing.T) {
	e, db := open(t)
	db.On("UPDATE lost", fakedb.Reply{Drop: fakedb.During}, fakedb.Reply{})
	a, b := connect(t, e), connect(t, e)
	_, err := a.Exec(t.Context(), "UPDATE lost")
	wantError(t, err, engine.ErrConnectionLost)
	check(t, a.Close())
	check(t, b.Close())
	if s := e.Stats(); s.Idle != 0 {
		t.Errorf("a connection as old as the lost one is kept: %v", s)
	}
	check(t, e.Ping(t.Context()))
	if db.Counts().Dials != 3 {
		t.Errorf("%d dials", db.Counts().Dials)
	}
}

func TestEngineQueryHoldsItsConnection(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(3))
	rows, err := e.Query(t.Context(), "SELECT n")
	check(t, err)
	if e.Stats().Leased != 1 {
		t.Error("not leased")
	}
	rows.Next()
	check(t, rows.Close())
	if e.Stats().Leased != 0 {
		t.Error("not given back by Close")
	}
	rows, err = e.Query(t.Context(), "SELECT n")
	check(t, err)
	for rows.Next() {
	}
	if e.Stats().Leased != 0 {
		t.Error("not given back at the end of the rows")
	}
	check(t, rows.Close())
}

func TestPanicGivesBack(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(3))
	c := connect(t, e)
	for _, r := range []dialect.Runner{e, c} {
		func() {
			defer func() {
				if recover() != errBoom {
					t.Error("the panic did not come through")
				}
			}()
			_, _ = r.Run(t.Context(), engine.Text("SELECT n"), func(rows dialect.Rows) error { rows.Next(); panic(errBoom) })
		}()
		func() {
			defer func() { _ = recover() }()
			for range engine.Each[int](t.Context(), r, engine.Text("SELECT n")) {
				panic(errBoom)
			}
		}()
		got, err := engine.All[int](t.Context(), r, engine.Text("SELECT n"))
		if err != nil || len(got) != 3 {
			t.Errorf("afterwards: %v, %v", got, err)
		}
	}
	if db.Counts().RowsOpen != 0 || e.Stats().Leased != 1 {
		t.Errorf("%+v, %v", db.Counts(), e.Stats())
	}
}

type panics struct{}

func (panics) CompileSQL(*dialect.Compiled) error { panic(errBoom) }

func TestPanicWhileCompiling(t *testing.T) {
	e, _ := open(t)
	func() {
		defer func() { _ = recover() }()
		_, _ = e.Run(t.Context(), panics{}, nil)
	}()
	if e.Stats().Leased != 0 {
		t.Error("the connection is lost")
	}
	_, err := e.Run(t.Context(), nil, nil)
	wantError(t, err, engine.ErrStatement, "nil")
}

func TestRun(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(3))
	db.On("SELECT fail", fakedb.Reply{Columns: []dialect.Column{{Name: "n"}}, Rows: [][]any{{int64(1)}}, Err: &fakedb.Error{Kind: dialect.ErrDivisionByZero, Message: "zero"}})
	db.On("SELECT close", fakedb.Reply{Columns: []dialect.Column{{Name: "n"}}, CloseErr: &fakedb.Error{Kind: dialect.ErrDiskFull, Message: "full"}})
	var kept dialect.Rows
	for name, r := range map[string]dialect.Runner{"engine": e, "conn": connect(t, e)} {
		t.Run(name, func(t *testing.T) {
			n := 0
			res, err := r.Run(t.Context(), engine.Text("SELECT n"), func(rows dialect.Rows) error {
				kept = rows
				for rows.Next() {
					n++
				}
				return rows.Err()
			})
			check(t, err)
			if n != 3 || res.RowsAffected() != 3 {
				t.Errorf("%d rows, result %d", n, res.RowsAffected())
			}
			if kept.Next() {
				t.Error("a row after Run has returned")
			}
			wantError(t, kept.ScanRow([]any{nil}), engine.ErrClosed)
			_, err = r.Run(t.Context(), engine.Text("SELECT n"), func(rows dialect.Rows) error { return errBoom })
			if err != errBoom {
				t.Errorf("the function's error came as %v", err)
			}
			// whether or not the function looks at it
			for _, look := range []bool{true, false} {
				_, err = r.Run(t.Context(), engine.Text("SELECT fail"), func(rows dialect.Rows) error {
					for rows.Next() {
					}
					if look {
						return rows.Err()
					}
					return nil
				})
				wantError(t, err, engine.ErrDivisionByZero, "SELECT fail")
				if strings.Count(err.Error(), "zero (") > 1 {
					t.Errorf("said twice: %v", err)
				}
			}
			_, err = r.Run(t.Context(), engine.Text("SELECT close"), func(rows dialect.Rows) error { return nil })
			wantError(t, err, engine.ErrDiskFull)
		})
	}
}

func TestWithLease(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(1))
	c := connect(t, e)
	check(t, e.Transact(t.Context(), func(tx *engine.Tx) error {
		for _, l := range []dialect.Leaser{e, c, tx} {
			err := l.WithLease(t.Context(), func(l dialect.Lease) error {
				if l.Dialect().Name() != "fakeserver" || l.Conn() == nil {
					t.Error("no connection")
				}
				_, err := l.Run(t.Context(), engine.Text("SELECT n"), nil)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestLostConnThatIsClosed(t *testing.T) {
	e, db := open(t)
	db.On("UPDATE lost", fakedb.Reply{Drop: fakedb.During})
	c := connect(t, e)
	_, err := c.Exec(t.Context(), "UPDATE lost")
	wantError(t, err, engine.ErrConnectionLost)
	inTheWay(t, c, engine.ErrConnectionLost, "close it and connect again")
	check(t, c.Close())
	inTheWay(t, c, engine.ErrClosed, "connection is closed")
	_, err = c.Exec(t.Context(), "UPDATE x")
	if errors.Is(err, engine.ErrConnectionLost) {
		t.Errorf("still lost: %v", err)
	}
	check(t, c.Close())
	if !fakedb.Poll(func() bool { return db.Counts().Closes == 1 }) || e.Stats().Leased != 0 {
		t.Errorf("%+v, %v", db.Counts(), e.Stats())
	}
}

// What the server is asked on its first connection leaves no transaction open.
func TestServerIsAskedWithoutATransaction(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		e, err := engine.Open(b.URL)
		check(t, err)
		defer e.Close()
		c := connect(t, e)
		if d, ok := c.Conn().(dialect.Dirtier); ok && d.Dirty() {
			t.Error("the connection is dirty before its first use")
		}
		tx, err := c.Begin(t.Context(), engine.Isolation(engine.Serializable)) // which must be the first of a transaction
		check(t, err)
		check(t, tx.Rollback(t.Context()))
		check(t, c.Close())
	})
}
