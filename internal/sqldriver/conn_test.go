package sqldriver_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

func TestPoliciesOfPreparing(t *testing.T) {
	skip := func(event string) error {
		if strings.HasPrefix(event, "text") {
			return driver.ErrSkip
		}
		return nil
	}
	for _, tc := range []struct {
		name   string
		conn   func(d *db) driver.Conn
		policy sqldriver.Prepare
		answer func(string) error
		want   []string
	}{
		{"direct", func(d *db) driver.Conn { return newConn{oldConn{d}} }, sqldriver.Direct, nil,
			[]string{"text query q 1", "text exec e 1", "text query q"}},
		{"direct, skipped", func(d *db) driver.Conn { return newConn{oldConn{d}} }, sqldriver.Direct, skip,
			[]string{"text query q 1", "prepare q", "query q 1", "close q", "text exec e 1", "prepare e", "exec e 1", "close e", "text query q", "prepare q", "query q", "close q"}},
		{"with arguments", func(d *db) driver.Conn { return newConn{oldConn{d}} }, sqldriver.WithArgs, nil,
			[]string{"prepare q", "query q 1", "close q", "prepare e", "exec e 1", "close e", "text query q"}},
		{"always", func(d *db) driver.Conn { return newConn{oldConn{d}} }, sqldriver.Always, nil,
			[]string{"prepare q", "query q 1", "close q", "prepare e", "exec e 1", "close e", "prepare q", "query q", "close q"}},
		{"old driver", func(d *db) driver.Conn { return oldConn{d} }, sqldriver.Direct, nil,
			[]string{"prepare q", "query q 1", "close q", "prepare e", "exec e 1", "close e", "prepare q", "query q", "close q"}},
		{"old driver with texts", func(d *db) driver.Conn { return textConn{oldConn{d}} }, sqldriver.Direct, nil,
			[]string{"text query q 1", "text exec e 1", "text query q"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := &db{inputs: -1, answer: tc.answer}
			c := sqldriver.New(tc.conn(d), &sqldriver.Config{Prepare: tc.policy})
			got, err := numbers(t, c, "q", 1)
			if err != nil || !slices.Equal(got, []int{1, 2}) {
				t.Errorf("%v, %v", got, err)
			}
			if r, err := exec(t, c, "e", 1); err != nil || r.RowsAffected() < 1 {
				t.Errorf("%v, %v", r, err)
			}
			if _, err := numbers(t, c, "q"); err != nil {
				t.Error(err)
			}
			wantLog(t, d, tc.want...)
		})
	}
}

func TestKeptStatements(t *testing.T) {
	d := &db{inputs: 1}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{Prepare: sqldriver.WithArgs, StatementCache: 2})
	for _, s := range []string{"a", "b", "a", "c", "a", "b"} {
		if _, err := exec(t, c, s, 1); err != nil {
			t.Fatal(err)
		}
	}
	wantLog(t, d, "prepare a", "exec a 1", "prepare b", "exec b 1", "exec a 1",
		"prepare c", "close b", "exec c 1", "exec a 1", "prepare b", "close c", "exec b 1")
	if err := c.Forget(); err != nil {
		t.Error(err)
	}
	wantLog(t, d, "close a", "close b")
}

func TestLongTextsArePreparedForOneUse(t *testing.T) {
	d := &db{inputs: 1}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{Prepare: sqldriver.WithArgs, StatementCache: 100})
	long := strings.Repeat("x", 1<<18+1)
	for range 2 {
		if _, err := exec(t, c, long, 1); err != nil {
			t.Fatal(err)
		}
	}
	if d.count("prepare") != 2 || d.count("close") != 2 {
		t.Errorf("a long text: %d times prepared, %d times closed", d.count("prepare"), d.count("close"))
	}
	d.log = nil
	for i := range 8 { // together more than a connection keeps
		if _, err := exec(t, c, fmt.Sprint(i, strings.Repeat("y", 1<<18-2)), 1); err != nil {
			t.Fatal(err)
		}
	}
	if open := d.count("prepare") - d.count("close"); open > 4 {
		t.Errorf("%d texts of 256 KiB are kept", open)
	}
}

func TestServerWithoutRoomForStatements(t *testing.T) {
	full := errors.New("no room")
	d := &db{inputs: 1}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{Prepare: sqldriver.WithArgs, StatementCache: 9,
		Full: func(err error) bool { return err == full }})
	exec(t, c, "a", 1)
	d.answer = func(event string) error {
		if event == "prepare b" && d.count("close a") == 0 {
			return full
		}
		return nil
	}
	if _, err := exec(t, c, "b", 1); err != nil {
		t.Error(err)
	}
	wantLog(t, d, "prepare a", "exec a 1", "prepare b", "close a", "prepare b", "exec b 1")
}

func TestStaleStatementIsForgotten(t *testing.T) {
	stale := errors.New("stale")
	d := &db{inputs: 1}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{Prepare: sqldriver.WithArgs, StatementCache: 9,
		Stale: func(err error) bool { return err == stale }})
	d.answer = func(event string) error {
		if strings.HasPrefix(event, "exec") && d.count("exec") == 2 {
			return stale
		}
		return nil
	}
	exec(t, c, "a", 1)
	if _, err := exec(t, c, "a", 1); !errors.Is(err, stale) {
		t.Errorf("%v", err)
	}
	if _, err := exec(t, c, "a", 1); err != nil {
		t.Error(err)
	}
	wantLog(t, d, "prepare a", "exec a 1", "exec a 1", "close a", "prepare a", "exec a 1")
}

// checkingConn and checkingStmt look at arguments.
type checkingConn struct{ newConn }

func (c checkingConn) CheckNamedValue(nv *driver.NamedValue) error {
	nv.Value = fmt.Sprint("conn:", nv.Value)
	return nil
}

type stmtConn struct {
	checkingConn
	stmt func(driver.Stmt) driver.Stmt
}

func (c stmtConn) PrepareContext(ctx context.Context, s string) (driver.Stmt, error) {
	st, err := c.newConn.PrepareContext(ctx, s)
	if err != nil {
		return nil, err
	}
	return c.stmt(st), nil
}

type checkingStmt struct{ newStmt }

func (checkingStmt) CheckNamedValue(nv *driver.NamedValue) error {
	switch nv.Value {
	case "drop":
		return driver.ErrRemoveArgument
	case "skip":
		return driver.ErrSkip
	case "bad":
		return errors.New("a bad value")
	}
	nv.Value = fmt.Sprint("stmt:", nv.Value)
	return nil
}

type convertingStmt struct{ checkingStmt }

func (convertingStmt) ColumnConverter(i int) driver.ValueConverter { return converter(i) }

type converter int

func (c converter) ConvertValue(v any) (driver.Value, error) {
	return fmt.Sprintf("column %d:%v", c, v), nil
}

func TestArgumentsAreLookedAtInOrder(t *testing.T) {
	d := &db{inputs: -1}
	plain := func(s driver.Stmt) driver.Stmt { return s }
	checks := func(s driver.Stmt) driver.Stmt { return checkingStmt{s.(newStmt)} }
	converts := func(s driver.Stmt) driver.Stmt { return convertingStmt{checkingStmt{s.(newStmt)}} }
	for _, tc := range []struct {
		name   string
		stmt   func(driver.Stmt) driver.Stmt
		inputs int
		args   []any
		want   string
	}{
		{"the connection's checker", plain, 1, []any{7}, "exec s conn:7"},
		{"the statement's before it", checks, 1, []any{7}, "exec s stmt:7"},
		{"skipped, then the rules for all", checks, 1, []any{"skip"}, "exec s skip"},
		{"skipped, then the column's converter", converts, 2, []any{"skip", 7}, "exec s column 0:skip stmt:7"},
		{"removed", checks, 2, []any{"drop", 7}, "exec s stmt:7"},
		{"unknown number of parameters", checks, -1, []any{1, 2}, "exec s stmt:1 stmt:2"},
	} {
		d.inputs, d.log = tc.inputs, nil
		c := sqldriver.New(stmtConn{checkingConn{newConn{oldConn{d}}}, tc.stmt}, &sqldriver.Config{Prepare: sqldriver.Always})
		if _, err := exec(t, c, "s", tc.args...); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if !slices.Contains(d.log, tc.want) {
			t.Errorf("%s: %q, not %q", tc.name, d.log, tc.want)
		}
	}
	d.inputs, d.log = 2, nil
	c := sqldriver.New(stmtConn{checkingConn{newConn{oldConn{d}}}, checks}, &sqldriver.Config{Prepare: sqldriver.Always})
	if _, err := exec(t, c, "s", dialect.Arg{Value: "bad", Name: "who"}, 1); !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), "argument 1 (who): a bad value") {
		t.Errorf("%v", err)
	}
	if _, err := exec(t, c, "s", 1); !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), "2 parameters, and 1 arguments") {
		t.Errorf("%v", err)
	}
	if d.count("exec") != 0 || !c.Usable() {
		t.Error("a statement with wrong arguments was sent")
	}
}

func TestNamedArguments(t *testing.T) {
	d := &db{inputs: -1}
	cfg := &sqldriver.Config{ArgName: func(i int, a *dialect.Arg) string {
		if a.Name != "" {
			return a.Name
		}
		return fmt.Sprint("p", i+1)
	}}
	c := sqldriver.New(newConn{oldConn{d}}, cfg)
	if _, err := exec(t, c, "e", 1, dialect.Arg{Value: 2, Name: "x"}); err != nil {
		t.Fatal(err)
	}
	wantLog(t, d, "text exec e p1=1 x=2")
	c = sqldriver.New(oldConn{d}, cfg)
	if _, err := exec(t, c, "e", 1); !errors.Is(err, dialect.ErrArguments) {
		t.Errorf("names for a driver that has none: %v", err)
	}
}

type valuer struct{ v any }

func (v valuer) Value() (driver.Value, error) { return v.v, nil }

func TestResolve(t *testing.T) {
	type name string
	type ratio float32
	s, deep := "x", (*string)(nil)
	now := time.Now()
	for _, tc := range []struct{ in, want any }{
		{nil, nil}, {name("n"), "n"}, {&s, "x"}, {deep, nil}, {valuer{int64(5)}, int64(5)}, {valuer{name("v")}, "v"}, {(*valuer)(nil), nil},
		{float32(0.1), 0.1}, {ratio(0.1), 0.1}, {uint8(7), uint64(7)}, {now, now}, {&now, now},
	} {
		if got, err := sqldriver.Resolve(tc.in); err != nil || !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%#v becomes %#v, not %#v: %v", tc.in, got, tc.want, err)
		}
	}
	if _, err := sqldriver.Resolve(valuer{valuer{1}}); !errors.Is(err, dialect.ErrArguments) {
		t.Errorf("a Valuer that gives a Valuer: %v", err)
	}
}

func TestLostConnections(t *testing.T) {
	broken := errors.New("the wire broke")
	for _, tc := range []struct {
		name  string
		event string // at which the connection breaks
		err   error
		cfg   sqldriver.Config
		ran   bool
	}{
		{"bad before it was sent", "exec", driver.ErrBadConn, sqldriver.Config{}, false},
		{"bad, but the driver lies", "exec", driver.ErrBadConn, sqldriver.Config{NotSent: func(error) bool { return false }}, true},
		{"broken while it ran", "exec", broken, sqldriver.Config{Lost: func(err error) bool { return err == broken }}, true},
		{"broken while it was prepared", "prepare", broken, sqldriver.Config{Lost: func(err error) bool { return err == broken }}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := &db{inputs: -1}
			d.answer = func(event string) error {
				if strings.HasPrefix(event, tc.event) {
					return tc.err
				}
				return nil
			}
			tc.cfg.Prepare = sqldriver.Always
			c := sqldriver.New(newConn{oldConn{d}}, &tc.cfg)
			_, err := exec(t, c, "e")
			e := sqldriver.Classify(err, describe)
			if e.Kind != dialect.ErrConnectionLost || !e.Lost || e.MayHaveRun != tc.ran || !errors.Is(e, tc.err) {
				t.Errorf("%+v", e)
			}
			if d.count(tc.event) != 1 || c.Usable() {
				t.Errorf("%d times tried, usable %v", d.count(tc.event), c.Usable())
			}
			_, err = exec(t, c, "e")
			if e := sqldriver.Classify(err, describe); e.Kind != dialect.ErrConnectionLost || e.MayHaveRun || d.count(tc.event) != 1 {
				t.Errorf("a statement on it: %+v", e)
			}
			if err := c.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
	}
}

func TestErrorsOfTheServerKeepTheConnection(t *testing.T) {
	duplicate := errors.New("duplicate key")
	d := &db{inputs: -1, answer: func(event string) error {
		if event == "exec e" {
			return duplicate
		}
		return nil
	}}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{Prepare: sqldriver.Always, StatementCache: 3})
	_, err := exec(t, c, "e")
	e := sqldriver.Classify(err, func(error) dialect.Error { return dialect.Error{Kind: dialect.ErrUniqueViolation, Code: "1"} })
	if e.Kind != dialect.ErrUniqueViolation || e.Lost || e.MayHaveRun || !c.Usable() || d.count("close") != 0 {
		t.Errorf("%+v, usable %v, %q", e, c.Usable(), d.log)
	}
}

func TestCancelledStatements(t *testing.T) {
	cause := errors.New("no more")
	for _, tc := range []struct {
		name  string
		kills bool // the driver closes the connection
	}{{"the driver keeps the connection", false}, {"the driver closes it", true}} {
		ctx, cancel := context.WithCancelCause(t.Context())
		d := &db{inputs: -1}
		d.answer = func(event string) error {
			if strings.HasPrefix(event, "text exec") {
				cancel(cause)
				d.invalid = tc.kills
				return context.Canceled
			}
			return nil
		}
		c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{})
		_, err := c.Exec(ctx, compile(t, text("e")))
		e := sqldriver.Classify(err, describe)
		if e.Kind != dialect.ErrCancelled || !errors.Is(e, cause) || e.Lost != tc.kills || !e.MayHaveRun || c.Usable() == tc.kills {
			t.Errorf("%s: %+v, usable %v", tc.name, e, c.Usable())
		}
		_, err = c.Exec(ctx, compile(t, text("again")))
		if d.count("text exec again") != 0 || err == nil {
			t.Errorf("%s: sent after the context ended", tc.name)
		}
	}
}

func TestServerAnswerAtTheEndOfTheContextIsKept(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	duplicate := errors.New("duplicate key")
	d := &db{answer: func(string) error { cancel(); return duplicate }}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{})
	_, err := c.Exec(ctx, compile(t, text("e")))
	e := sqldriver.Classify(err, func(error) dialect.Error { return dialect.Error{Kind: dialect.ErrUniqueViolation, Code: "1"} })
	if e.Kind != dialect.ErrUniqueViolation || e.Cause != nil {
		t.Errorf("%+v", e)
	}
}

func TestTransactionsByTheDriver(t *testing.T) {
	d := &db{}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{})
	begun, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "begin"))
	if err := c.Begin(begun, dialect.TxOptions{Isolation: dialect.Serializable, ReadOnly: true}); err != nil {
		t.Fatal(err)
	}
	cancel() // the commit has a context of its own
	if !c.Dirty() || !c.InTx() {
		t.Error("no transaction is seen")
	}
	if err := c.Commit(context.WithValue(t.Context(), key{}, "commit")); err != nil {
		t.Error(err)
	}
	if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := c.Reset(t.Context()); err != nil {
		t.Error(err)
	}
	wantLog(t, d, "begin 6 true", "commit commit", "begin 0 false", "rollback <nil>", "reset session")
	if c.Dirty() {
		t.Error("dirty after the reset")
	}

	c = sqldriver.New(oldConn{d}, &sqldriver.Config{})
	if err := c.Begin(t.Context(), dialect.TxOptions{ReadOnly: true}); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("options for an old driver: %v", err)
	}
	if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
		t.Error(err)
	}
	if err := c.Rollback(t.Context()); err != nil {
		t.Error(err)
	}
	wantLog(t, d, "begin", "rollback")

	c = sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{Dialect: plainDialect{}})
	if err := c.Begin(t.Context(), dialect.TxOptions{Isolation: dialect.Snapshot}); !errors.Is(err, dialect.ErrUnsupported) || len(d.log) != 0 {
		t.Errorf("a level that the dialect does not have: %v, %q", err, d.log)
	}
}

func TestTransactionsByText(t *testing.T) {
	d := &db{}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{Begin: func(dialect.TxOptions) ([]string, error) { return []string{"SET x", "BEGIN"}, nil }})
	if err := errors.Join(c.Begin(t.Context(), dialect.TxOptions{}), c.Commit(t.Context())); err != nil {
		t.Error(err)
	}
	wantLog(t, d, "text exec SET x", "text exec BEGIN", "text exec COMMIT")
	d.answer = func(event string) error {
		if event == "text exec BEGIN" {
			return errors.New("no")
		}
		return nil
	}
	if err := c.Begin(t.Context(), dialect.TxOptions{}); err == nil || c.Usable() {
		t.Errorf("a setting for the next transaction is left over: %v, usable %v", err, c.Usable())
	}
}

// A COMMIT that the server refuses may leave the transaction open.
func TestRollbackAfterAFailedCommit(t *testing.T) {
	errServer := errors.New("read-only server")
	d := &db{answer: func(event string) error {
		if event == "text exec COMMIT" {
			return errServer
		}
		return nil
	}}
	c := sqldriver.New(textConn{oldConn{d}}, &sqldriver.Config{Begin: func(dialect.TxOptions) ([]string, error) { return []string{"BEGIN"}, nil }})
	if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := c.Commit(t.Context()); !errors.Is(err, errServer) || !c.Dirty() {
		t.Errorf("%v, dirty %v", err, c.Dirty())
	}
	if err := c.Rollback(t.Context()); err != nil || c.Dirty() || !c.Usable() {
		t.Errorf("%v, dirty %v, usable %v", err, c.Dirty(), c.Usable())
	}
	wantLog(t, d, "text exec BEGIN", "text exec COMMIT", "text exec ROLLBACK")
}

// A driver's Tx is over after its Commit, as database/sql sees it, whatever
// that returned.
func TestRollbackAfterADriversFailedCommit(t *testing.T) {
	d := &db{answer: func(event string) error {
		if event == "commit" {
			return errors.New("conflict")
		}
		return nil
	}}
	c := sqldriver.New(oldConn{d}, &sqldriver.Config{})
	if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := c.Commit(t.Context()); err == nil || !c.Dirty() {
		t.Errorf("%v, dirty %v", err, c.Dirty())
	}
	if err := c.Rollback(t.Context()); err != nil || !c.Dirty() || !c.Usable() {
		t.Errorf("%v, dirty %v, usable %v", err, c.Dirty(), c.Usable())
	}
	if err := c.Reset(t.Context()); err != nil || c.Dirty() {
		t.Errorf("%v, dirty %v", err, c.Dirty())
	}
	wantLog(t, d, "begin", "commit")
}

func TestPing(t *testing.T) {
	d := &db{inputs: 0}
	for _, tc := range []struct {
		conn driver.Conn
		text string
		want []string
	}{
		{newConn{oldConn{d}}, "", []string{"ping"}},
		{newConn{oldConn{d}}, "SELECT 1", []string{"text exec SELECT 1"}},
		{oldConn{d}, "SELECT 1", []string{"prepare SELECT 1", "exec SELECT 1", "close SELECT 1"}},
	} {
		if err := sqldriver.New(tc.conn, &sqldriver.Config{Ping: tc.text}).Ping(t.Context()); err != nil {
			t.Error(err)
		}
		wantLog(t, d, tc.want...)
	}
	if err := sqldriver.New(oldConn{d}, &sqldriver.Config{}).Ping(t.Context()); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("%v", err)
	}
}

func TestIdleConnectionIsLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &db{}
		c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{IdleCheck: time.Second})
		exec(t, c, "a")
		time.Sleep(999 * time.Millisecond)
		exec(t, c, "b")
		time.Sleep(time.Second)
		exec(t, c, "c")
		wantLog(t, d, "text exec a", "text exec b", "reset session", "text exec c")
		d.answer = func(event string) error {
			if event == "reset session" {
				return driver.ErrBadConn
			}
			return nil
		}
		time.Sleep(time.Second)
		_, err := exec(t, c, "d")
		if e := sqldriver.Classify(err, describe); e.Kind != dialect.ErrConnectionLost || e.MayHaveRun || c.Usable() {
			t.Errorf("%+v", e)
		}
		wantLog(t, d, "reset session")
	})
}

func TestCloseIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		d := &db{answer: func(string) error { <-release; return nil }}
		c := sqldriver.New(oldConn{d}, &sqldriver.Config{})
		begin := time.Now()
		if err := c.Close(); err == nil || time.Since(begin) != 5*time.Second {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		if err := c.Close(); err != nil {
			t.Errorf("a second Close: %v", err)
		}
		close(release)
		if _, err := exec(t, c, "e"); !errors.Is(err, dialect.ErrClosed) {
			t.Errorf("%v", err)
		}
	})
}

// fakeConnector connects to a db.
type fakeConnector struct {
	conn driver.Conn
	err  error
}

func (f fakeConnector) Connect(context.Context) (driver.Conn, error) { return f.conn, f.err }
func (f fakeConnector) Driver() driver.Driver                        { return nil }
func (f fakeConnector) Close() error                                 { return errors.New("closed once") }

func TestConnector(t *testing.T) {
	d := &db{}
	refused := errors.New("connection refused")
	c := sqldriver.NewConnector(fakeConnector{err: refused}, "db:1", &sqldriver.Config{Dialect: plainDialect{}})
	_, err := c.Connect(t.Context())
	if e := sqldriver.Classify(err, describe); e.Kind != dialect.ErrConnect || !errors.Is(e, refused) || !strings.Contains(e.Error(), "db:1") {
		t.Errorf("%v", e)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("too late"))
	_, err = c.Connect(ctx)
	if e := sqldriver.Classify(err, describe); e.Kind != dialect.ErrCancelled || e.Cause == nil {
		t.Errorf("%v", e)
	}
	if c.Address() != "db:1" || c.Dialect() != dialect.Dialect(plainDialect{}) {
		t.Errorf("%v, %v", c.Address(), c.Dialect())
	}
	if closer, ok := c.(interface{ Close() error }); !ok || closer.Close() == nil {
		t.Error("the driver's connector is not closed")
	}

	c = sqldriver.NewConnector(fakeConnector{conn: newConn{oldConn{d}}}, "db:1", &sqldriver.Config{
		Connecting: func(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, "noted") },
		OnConnect: func(ctx context.Context, c *sqldriver.Conn) error {
			return c.Text(ctx, fmt.Sprint(ctx.Value(key{})))
		}})
	conn, err := c.Connect(t.Context())
	if err != nil || conn.(dialect.RawConn).Raw() != driver.Conn(newConn{oldConn{d}}) {
		t.Errorf("%v", err)
	}
	wantLog(t, d, "text exec noted")
	d.answer = func(event string) error {
		if event == "text exec noted" {
			return errors.New("refused")
		}
		return nil
	}
	if _, err := c.Connect(t.Context()); err == nil {
		t.Error("OnConnect failed, and there is a connection")
	}
	wantLog(t, d, "text exec noted", "close")
}

// refusing refuses every value in words of its own.
type refusing struct{ newConn }

func (refusing) CheckNamedValue(nv *driver.NamedValue) error {
	return fmt.Errorf("unsupported type %T", nv.Value)
}

// What is no value is named with what to do, whoever refuses it.
func TestListsAndArraysAreNoValues(t *testing.T) {
	d := &db{inputs: -1}
	for name, conn := range map[string]driver.Conn{"the rules for all": newConn{oldConn{d}}, "the driver": refusing{newConn{oldConn{d}}}} {
		c := sqldriver.New(conn, &sqldriver.Config{})
		for _, tt := range []struct {
			v    any
			says string
		}{
			{[]int{1}, "a []int is not one value; it opens up in IN (:name)"},
			{[3]byte{1}, "the bytes of a [3]uint8 go as a slice, v[:]"},
			{&[16]byte{1}, "the bytes of a [16]uint8 go as a slice, v[:], and as a UUID where the column's type is known"},
			{map[string]int{}, "unsupported type map[string]int"},
		} {
			if _, err := exec(t, c, "e", tt.v); !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%s: %T: %v", name, tt.v, err)
			}
		}
	}
	if len(d.log) != 0 {
		t.Errorf("something was sent: %q", d.log)
	}
}
