package engine_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

// journal is what hooks were told.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) add(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

func (j *journal) want(t *testing.T, lines ...string) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if !slices.Equal(j.lines, lines) {
		t.Errorf("told:\n%s\nwant:\n%s", strings.Join(j.lines, "\n"), strings.Join(lines, "\n"))
	}
	j.lines = nil
}

type hookKey struct{}

func (j *journal) hooks(name string) engine.Hooks {
	return engine.Hooks{
		Connect: func(ctx context.Context, c engine.ConnectInfo) (context.Context, func(error)) {
			j.add("%s connect %s", name, c.Address)
			return ctx, func(err error) { j.add("%s connected %v", name, err) }
		},
		Statement: func(ctx context.Context, s engine.StatementInfo) (context.Context, func(engine.Outcome)) {
			j.add("%s %s %d args, tx %v, within %v", name, s.Text, len(s.Args), s.InTransaction, ctx.Value(hookKey{}))
			return context.WithValue(ctx, hookKey{}, name), func(o engine.Outcome) { j.add("%s done %d %v", name, o.Rows, o.Err != nil) }
		},
		Transaction: func(_ context.Context, tx engine.TransactionInfo) func(engine.TransactionOutcome) {
			j.add("%s begin %v", name, tx.Options.Isolation)
			return func(o engine.TransactionOutcome) { j.add("%s committed %v, %v", name, o.Committed, o.Err != nil) }
		},
	}
}

func TestHooks(t *testing.T) {
	var j journal
	e, db := open(t, engine.WithHooks(j.hooks("a")), engine.WithHooks(engine.Hooks{}), engine.WithHooks(j.hooks("b")))
	db.On("SELECT", numbers(2))
	db.On("UPDATE", fakedb.Affected(3))
	db.On("UPDATE bad", fakedb.Fail(engine.ErrSyntax, "no"))
	ctx := t.Context()
	_, err := engine.All[int](ctx, e, engine.Text("SELECT :x", engine.Named{"x": 1}))
	check(t, err)
	j.want(t, "a connect fake:0", "b connect fake:0", "b connected <nil>", "a connected <nil>",
		"a SELECT ? 1 args, tx false, within <nil>", "b SELECT ? 1 args, tx false, within a", "b done 2 false", "a done 2 false")
	only := j.hooks("v")
	only.Connect = nil
	v, err := e.With(engine.WithHooks(only))
	check(t, err)
	_, err = v.Exec(ctx, "UPDATE bad")
	wantError(t, err, engine.ErrSyntax)
	j.want(t, "a UPDATE bad 0 args, tx false, within <nil>", "b UPDATE bad 0 args, tx false, within a", "v UPDATE bad 0 args, tx false, within b",
		"v done -1 true", "b done -1 true", "a done -1 true")
	_, err = e.With(engine.WithHooks(j.hooks("c")))
	wantError(t, err, engine.ErrArguments, "Connect hook")
	_, err = e.Exec(ctx, "UPDATE :x", engine.Named{}) // nothing is sent
	wantError(t, err, engine.ErrArguments)
	j.want(t)
}

func TestTransactionHooks(t *testing.T) {
	var j journal
	h := j.hooks("h")
	h.Connect, h.Statement = nil, nil
	e, db := open(t, engine.WithHooks(h))
	ctx := t.Context()
	check(t, e.Transact(ctx, func(tx *engine.Tx) error { return tx.Transact(ctx, func(*engine.Tx) error { return nil }) },
		engine.Isolation(engine.Serializable)))
	j.want(t, "h begin SERIALIZABLE", "h committed true, false")
	wantError(t, e.Transact(ctx, func(*engine.Tx) error { return errBoom }), errBoom)
	j.want(t, "h begin default", "h committed false, true")
	tx, err := e.Begin(ctx)
	check(t, err)
	check(t, tx.Rollback(ctx))
	j.want(t, "h begin default", "h committed false, false")
	c := connect(t, e)
	_, err = c.Begin(ctx)
	check(t, err)
	check(t, c.Close())
	j.want(t, "h begin default", "h committed false, false")
	db.FailBegins(errBoom)
	_, err = e.Begin(ctx)
	wantError(t, err, errBoom)
	j.want(t, "h begin default", "h committed false, true")
	db.FailCommits(&fakedb.Error{Kind: engine.ErrSerialization})
	check(t, e.Transact(ctx, func(*engine.Tx) error { return nil }, engine.Retry(1)))
	j.want(t, "h begin default", "h committed false, true", "h begin default", "h committed true, false")
}

// An Error hook can say that what looks like an ordinary error is a lost
// connection, and the other way round.
func TestErrorHookClassifies(t *testing.T) {
	seen := 0
	e, db := open(t, engine.WithHooks(engine.Hooks{Error: func(_ context.Context, err *engine.Error) {
		seen++
		if err.Statement == "" {
			t.Error("the error does not say the statement")
		}
		if err.Message == "proxy: backend gone" {
			err.Kind, err.Lost = engine.ErrConnectionLost, true
		}
	}}))
	db.On("UPDATE", fakedb.Fail(engine.ErrOther, "proxy: backend gone"), fakedb.Affected(1))
	c := connect(t, e)
	other := connect(t, e)
	check(t, other.Close())
	_, err := c.Exec(t.Context(), "UPDATE")
	wantError(t, err, engine.ErrConnectionLost)
	if seen != 1 {
		t.Errorf("asked %d times", seen)
	}
	_, err = c.Exec(t.Context(), "UPDATE")
	wantError(t, err, engine.ErrConnectionLost, "close it and connect again")
	check(t, c.Close())
	check(t, e.Ping(t.Context()))
	if n := db.Counts().Dials; n != 3 { // the idle one was given up too
		t.Errorf("%d dials", n)
	}
}

func TestTags(t *testing.T) {
	type key struct{}
	e, db := open(t, engine.WithTag("application", "shop"), engine.WithTagger(func(ctx context.Context) map[string]string {
		route, _ := ctx.Value(key{}).(string)
		if route == "" {
			return nil
		}
		return map[string]string{"route": route}
	}))
	ctx := context.WithValue(t.Context(), key{}, "/users/'; DROP */ --")
	for _, tc := range []struct {
		ctx  context.Context
		s    engine.Statement
		want string
	}{
		{t.Context(), engine.Text("UPDATE a"), `UPDATE a /*application='shop'*/`},
		{ctx, engine.Text("UPDATE b"), `UPDATE b /*application='shop',route='%2Fusers%2F%27%3B%20DROP%20%2A%2F%20--'*/`},
		{t.Context(), engine.Options(engine.Text("UPDATE c"), engine.Tag("z", "1"), engine.Tag("application", "job"), engine.Tag("a b", "ü?:x$1")),
			`UPDATE c /*a%20b='%C3%BC%3F%3Ax%241',application='job',z='1'*/`},
		{t.Context(), engine.Text("UPDATE d -- why\n"), "UPDATE d -- why\n/*application='shop'*/"},
		{t.Context(), engine.Text("UPDATE e -- why\nSET x = ?", 1), "UPDATE e -- why\nSET x = ? /*application='shop'*/"},
	} {
		db.ClearLog()
		_, err := e.Run(tc.ctx, tc.s, nil)
		check(t, err)
		wantLog(t, db, tc.want)
	}
	_, err := e.Run(t.Context(), engine.Options(engine.Text("UPDATE a"), engine.Tag("", "x")), nil)
	wantError(t, err, engine.ErrArguments, `Tag("", "x")`)
	_, err = e.With(engine.WithTag("", "x"), engine.WithTagger(nil))
	wantError(t, err, engine.ErrArguments, "WithTag(", "WithTagger(nil)")
	// another Runner's statements keep their options
	db.ClearLog()
	_, err = engine.All[int](t.Context(), &otherRunner{e}, engine.Options(engine.Text("SELECT"), engine.Tag("k", "v")))
	if err != nil && !errors.Is(err, engine.ErrStatement) {
		t.Error(err)
	}
	wantLog(t, db, "SELECT /*application='shop',k='v'*/")
}

func TestTimeout(t *testing.T) { synctest.Test(t, testTimeout) }

func testTimeout(t *testing.T) {
	e, db := open(t, engine.WithStatementTimeout(time.Hour))
	db.On("SELECT", fakedb.Reply{Hang: true})
	_, err := engine.All[int](t.Context(), e, engine.Options(engine.Text("SELECT"), engine.Timeout(20*time.Millisecond)))
	wantError(t, err, engine.ErrCancelled, "time-out of 20ms", "[SELECT]")
	wantError(t, err, context.DeadlineExceeded)
	v, err := e.With(engine.WithStatementTimeout(20 * time.Millisecond))
	check(t, err)
	_, err = v.Exec(t.Context(), "SELECT")
	wantError(t, err, engine.ErrCancelled, "time-out of 20ms")
	for _, s := range []engine.Statement{
		engine.Options(engine.Text("SELECT"), engine.Timeout(0)), engine.Options(engine.Text("SELECT"), nil), engine.Options(nil),
	} {
		if _, err := e.Run(t.Context(), s, nil); err == nil {
			t.Error("no error")
		}
	}
	// options on options
	s := engine.Options(engine.Options(engine.Text("SELECT"), engine.Timeout(time.Hour), engine.Tag("a", "1")), engine.Timeout(20*time.Millisecond))
	_, err = e.Run(t.Context(), s, nil)
	wantError(t, err, engine.ErrCancelled, "time-out of 20ms", "a='1'")
	if s := e.Stats(); s.Leased != 0 {
		t.Errorf("%v", s)
	}
}

// Rows that outlive the call are bounded too, and their end frees the timer.
func TestTimeoutOfRows(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", numbers(1))
	n := 0
	for _, err := range engine.Each[int](t.Context(), e, engine.Options(engine.Text("SELECT"), engine.Timeout(time.Hour))) {
		check(t, err)
		n++
	}
	if n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestCommitAndRollbackHooks(t *testing.T) {
	e, db := open(t, engine.WithPoolSize(1), engine.WithPoolTimeout(5*time.Second))
	ctx := t.Context()
	var j journal
	give := func(tx *engine.Tx, name string) {
		check(t, tx.OnCommit(func(ctx context.Context) {
			if err := e.Ping(ctx); err != nil { // the connection was given back
				t.Error(err)
			}
			j.add("%s committed", name)
		}))
		check(t, tx.OnRollback(func(_ context.Context, cause error) { j.add("%s rolled back: %v", name, cause) }))
	}
	check(t, e.Transact(ctx, func(tx *engine.Tx) error {
		give(tx, "1")
		give(tx, "2")
		check(t, tx.Transact(ctx, func(sp *engine.Tx) error { give(sp, "kept"); return nil }))
		wantError(t, tx.Transact(ctx, func(sp *engine.Tx) error { give(sp, "undone"); return errBoom }), errBoom)
		j.want(t, "undone rolled back: boom")
		return nil
	}))
	j.want(t, "1 committed", "2 committed", "kept committed")
	wantError(t, e.Transact(ctx, func(tx *engine.Tx) error {
		give(tx, "1")
		check(t, tx.Transact(ctx, func(sp *engine.Tx) error { give(sp, "2"); return nil }))
		return errBoom
	}), errBoom)
	j.want(t, "2 rolled back: boom", "1 rolled back: boom")

	tx, err := e.Begin(ctx)
	check(t, err)
	give(tx, "1")
	sp, err := tx.Begin(ctx)
	check(t, err)
	give(sp, "2")
	check(t, tx.Rollback(ctx))
	j.want(t, "2 rolled back: <nil>", "1 rolled back: <nil>")
	wantError(t, tx.OnCommit(func(context.Context) {}), engine.ErrClosed, "rolled back already")
	wantError(t, sp.OnRollback(func(context.Context, error) {}), engine.ErrClosed)
	check(t, tx.Rollback(ctx))
	j.want(t)

	tx, err = e.Begin(ctx)
	check(t, err)
	give(tx, "1")
	check(t, tx.Commit(ctx))
	j.want(t, "1 committed")

	// a commit of which nobody knows whether it took effect
	db.FailCommits(fakedb.ErrDroppedLate)
	err = e.Transact(ctx, func(tx *engine.Tx) error {
		return tx.OnRollback(func(_ context.Context, cause error) {
			if e, ok := errors.AsType[*engine.Error](cause); !ok || !e.MayHaveRun {
				t.Errorf("cause %v", cause)
			}
			j.add("not known")
		})
	})
	wantError(t, err, engine.ErrConnectionLost)
	j.want(t, "not known")

	// a connection that is closed in its transaction, and a panic
	c, err := e.Connect(ctx)
	check(t, err)
	tx, err = c.Begin(ctx)
	check(t, err)
	give(tx, "closed")
	check(t, c.Close())
	j.want(t, "closed rolled back: <nil>")
	func() {
		defer func() { _ = recover() }()
		_ = e.Transact(ctx, func(tx *engine.Tx) error { give(tx, "panic"); panic(1) })
	}()
	j.want(t, "panic rolled back: engine: the function given to Transact did not return")
	err = e.Transact(ctx, func(tx *engine.Tx) error { return tx.OnCommit(nil) })
	wantError(t, err, engine.ErrArguments)
}

func TestConnDefaults(t *testing.T) {
	e, db := open(t, engine.WithDefaultTx(engine.Isolation(engine.RepeatableRead)))
	c, err := e.Connect(t.Context(), engine.ReadOnly())
	check(t, err)
	nothing := func(*engine.Tx) error { return nil }
	check(t, c.Transact(t.Context(), nothing))
	check(t, c.Transact(t.Context(), nothing, engine.ReadWrite(), engine.Isolation(engine.Serializable)))
	tx, err := c.Begin(t.Context())
	check(t, err)
	check(t, tx.Commit(t.Context()))
	check(t, c.Close())
	check(t, e.Transact(t.Context(), nothing))
	want := []dialect.TxOptions{{Isolation: dialect.RepeatableRead, ReadOnly: true}, {Isolation: dialect.Serializable},
		{Isolation: dialect.RepeatableRead, ReadOnly: true}, {Isolation: dialect.RepeatableRead}}
	if got := db.TxOptions(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	_, err = e.Connect(t.Context(), engine.Isolation(engine.Snapshot))
	wantError(t, err, engine.ErrUnsupported, "SNAPSHOT")
	_, err = e.Connect(t.Context(), nil)
	wantError(t, err, engine.ErrArguments)
	if s := e.Stats(); s.Leased != 0 {
		t.Errorf("%v", s)
	}
}

// Every database takes the comment, after whatever the text ends in.
func TestLiveTags(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		for _, text := range []string{"SELECT count(*) FROM " + table, "SELECT count(*) FROM " + table + ";", "SELECT count(*) FROM " + table + " -- all\n"} {
			n, err := engine.Scalar[int](ctx, e, engine.Options(engine.Text(text), engine.Tag("action", "a'b*/c?:x;--")))
			if err != nil || n != 0 {
				t.Errorf("%q: %d, %v", text, n, err)
			}
		}
		_, err := e.Run(ctx, engine.Options(engine.Text("INSERT INTO "+table+" (id, name) VALUES (:id, :n);", engine.Named{"id": 1, "n": "x"}),
			engine.Tag("k", "v")), nil)
		check(t, err)
	}, engine.WithTag("application", "test"))
}

// An Error hook can put an error of its own in front, and leave that where the
// caller asks it to.
func TestErrorHookReplaces(t *testing.T) {
	type off struct{}
	e, db := open(t, engine.WithHooks(engine.Hooks{Error: func(ctx context.Context, err *engine.Error) {
		if ctx.Value(off{}) == nil {
			err.Message, err.Err = "replaced", fmt.Errorf("%w: %w", errBoom, err.Err)
		}
	}}))
	db.On("UPDATE", fakedb.Fail(engine.ErrCheckViolation, "original"))
	_, err := e.Exec(t.Context(), "UPDATE")
	wantError(t, err, errBoom, "replaced", "[UPDATE]")
	if _, ok := errors.AsType[*fakedb.Error](err); !ok {
		t.Errorf("the driver's error is not in %v", err)
	}
	_, err = e.Exec(context.WithValue(t.Context(), off{}, true), "UPDATE")
	wantError(t, err, engine.ErrCheckViolation, "original")
	if errors.Is(err, errBoom) {
		t.Error(err)
	}
}

// What goes wrong while rows are read goes by the hooks too.
func TestErrorHookSeesErrorsOfRows(t *testing.T) {
	var seen []string
	var ended error
	e, db := open(t, engine.WithHooks(engine.Hooks{
		Error: func(_ context.Context, err *engine.Error) { seen = append(seen, err.Message+" "+err.Statement) },
		Statement: func(ctx context.Context, _ engine.StatementInfo) (context.Context, func(engine.Outcome)) {
			return ctx, func(o engine.Outcome) { ended = o.Err }
		},
	}))
	r := numbers(2)
	r.Err = &fakedb.Error{Kind: dialect.ErrDivisionByZero, Message: "in row 3"}
	db.On("SELECT n", r)
	_, err := engine.All[int](t.Context(), e, engine.Text("SELECT n"))
	wantError(t, err, engine.ErrDivisionByZero)
	wantError(t, ended, engine.ErrDivisionByZero)
	if !slices.Equal(seen, []string{"in row 3 SELECT n"}) {
		t.Errorf("seen %q", seen)
	}
}

// A hook has no error to return; a panic of one reaches the caller, and the
// connection is not lost to the pool.
func TestPanicInAHook(t *testing.T) {
	boom := true
	e, db := open(t, engine.WithPoolSize(1), engine.WithHooks(engine.Hooks{
		Statement: func(ctx context.Context, _ engine.StatementInfo) (context.Context, func(engine.Outcome)) {
			if boom {
				panic(errBoom)
			}
			return ctx, nil
		},
	}))
	c := connect(t, e)
	_ = c.Close()
	for name, run := range map[string]func() error{
		"exec":  func() error { _, err := e.Exec(t.Context(), "UPDATE x"); return err },
		"query": func() error { _, err := e.Query(t.Context(), "SELECT x"); return err },
		"tx": func() error {
			return e.Transact(t.Context(), func(tx *engine.Tx) error { return insert(tx) })
		},
	} {
		func() {
			defer func() {
				if recover() != errBoom {
					t.Errorf("%s: the panic did not come through", name)
				}
			}()
			_ = run()
		}()
		if s := e.Stats(); s.Leased != 0 {
			t.Errorf("%s: %v", name, s)
		}
	}
	if n := db.Counts().Sent; n != 0 {
		t.Errorf("%d statements sent", n)
	}
	boom = false
	_, err := e.Exec(t.Context(), "UPDATE x")
	check(t, err)
}

func TestHooksOfAnEngineMadeByWithStayThere(t *testing.T) {
	var j journal
	hook := func(name string) engine.DefaultOption {
		h := j.hooks(name)
		h.Connect, h.Transaction = nil, nil
		return engine.WithHooks(h)
	}
	e, db := open(t, hook("parent"))
	db.On("UPDATE", fakedb.Affected(3))
	child, err := e.With(hook("child"))
	check(t, err)
	_, err = child.Exec(t.Context(), "UPDATE a")
	check(t, err)
	j.want(t, "parent UPDATE a 0 args, tx false, within <nil>", "child UPDATE a 0 args, tx false, within parent", "child done 3 false", "parent done 3 false")
	_, err = e.Exec(t.Context(), "UPDATE b")
	check(t, err)
	j.want(t, "parent UPDATE b 0 args, tx false, within <nil>", "parent done 3 false")
}

// script is two statements with arguments.
type script struct{}

func (script) Steps(dialect.Dialect) iter.Seq2[dialect.Step, error] {
	return func(yield func(dialect.Step, error) bool) {
		for i := range 2 {
			if !yield(dialect.Step{Statement: dialect.Text(fmt.Sprintf("INSERT %d :a, :b", i), dialect.Named{"a": i, "b": "x"})}, nil) {
				return
			}
		}
	}
}

// What takes several statements is told one by one, each with its own values.
func TestHooksOfAScript(t *testing.T) {
	var told []string
	e, _ := open(t, engine.WithHooks(engine.Hooks{
		Statement: func(ctx context.Context, s engine.StatementInfo) (context.Context, func(engine.Outcome)) {
			line := s.Text
			for _, a := range s.Args {
				line += fmt.Sprintf(" %v", a.Value)
			}
			told = append(told, line)
			return nil, func(engine.Outcome) { told = append(told, "done") }
		},
	}))
	_, err := dialect.RunScript(t.Context(), e, script{})
	check(t, err)
	if want := []string{"INSERT 0 ?, ? 0 x", "done", "INSERT 1 ?, ? 1 x", "done"}; !slices.Equal(told, want) {
		t.Errorf("%q", told)
	}
}

// One text whatever the order of the arguments, so that one prepared statement
// serves.
func TestOrderOfNamedArguments(t *testing.T) {
	e, db := open(t)
	for _, arg := range []any{
		engine.Named{"a": 1, "b": 2},
		engine.Named{"b": 2, "a": 1},
		struct{ A, B int }{1, 2},
		struct{ B, A int }{2, 1},
	} {
		db.ClearLog()
		_, err := e.Exec(t.Context(), "INSERT INTO t VALUES (:a, :b)", arg)
		check(t, err)
		const text = "INSERT INTO t VALUES (?, ?)"
		wantLog(t, db, text)
		if got := db.Args(text); !slices.Equal(got, []any{1, 2}) {
			t.Errorf("%v of %+v", got, arg)
		}
	}
}

// A hook changes what is sent; the next one, the Statement hooks and the
// database see the changed one, and the arguments keep their types.
func TestHooksRewrite(t *testing.T) {
	ctx := t.Context()
	j := &journal{}
	kind := &dialect.Type{Kind: dialect.Varchar, Length: 20}
	hint := engine.Hooks{Rewrite: func(_ context.Context, r *engine.Request) error {
		r.Text = strings.Replace(r.Text, "SELECT", "SELECT /*+ hint */", 1)
		return nil
	}}
	mask := engine.Hooks{Rewrite: func(_ context.Context, r *engine.Request) error {
		j.add("rewrite %s, tx %v", r.Text, r.InTransaction)
		for i := range r.Args {
			if r.Args[i].Type == kind {
				r.Args[i].Value = strings.ToLower(r.Args[i].Value.(string))
			}
		}
		if strings.HasPrefix(r.Text, "INSERT") {
			r.Text, r.Args = r.Text+" RETURNING ?", append(r.Args, dialect.Arg{Value: int64(7)})
		}
		return nil
	}}
	e, db := open(t, engine.WithHooks(hint), engine.WithHooks(mask), engine.WithTag("job", "x"))
	seen, err := e.With(engine.WithHooks(engine.Hooks{
		Statement: func(ctx context.Context, s engine.StatementInfo) (context.Context, func(engine.Outcome)) {
			j.add("%s %v", s.Text, s.Args[0].Value)
			return ctx, nil
		},
	}))
	check(t, err)
	db.On("SELECT", numbers(1))
	_, err = engine.All[int64](ctx, seen, typedStatement{kind})
	check(t, err)
	j.want(t, "rewrite SELECT /*+ hint */ n WHERE name = ?, tx false", "SELECT /*+ hint */ n WHERE name = ? /*job='x'*/ ada")
	if a := db.Args("SELECT /*+ hint */ n WHERE name = ? /*job='x'*/"); len(a) != 1 || a[0] != "ada" {
		t.Errorf("sent with %v", a)
	}
	check(t, seen.Transact(ctx, func(tx *engine.Tx) error {
		var b engine.Batch
		b.Exec("INSERT ?", "X")
		_, err := b.Run(ctx, tx)
		return err
	}))
	j.want(t, "rewrite INSERT ?, tx true", "INSERT ? RETURNING ? /*job='x'*/ X")
	if a := db.Args("INSERT ? RETURNING ? /*job='x'*/"); len(a) != 2 || a[0] != "X" || a[1] != int64(7) {
		t.Errorf("sent with %v", a)
	}
}

// typedStatement is a query whose argument meets a column.
type typedStatement struct{ t *dialect.Type }

func (s typedStatement) CompileSQL(c *dialect.Compiled) error {
	c.WriteString("SELECT n WHERE name = ")
	c.Bind("ADA", s.t)
	return nil
}

// A hook refuses a statement; nothing is sent, and the connection is as before.
func TestHooksRewriteRefuses(t *testing.T) {
	ctx := t.Context()
	e, db := open(t, engine.WithHooks(engine.Hooks{Rewrite: func(_ context.Context, r *engine.Request) error {
		switch {
		case strings.HasPrefix(r.Text, "DROP"):
			return errBoom
		case strings.HasPrefix(r.Text, "NOTHING"):
			r.Text = " -- "
		case strings.HasPrefix(r.Text, "PANIC"):
			panic("hook")
		case strings.HasPrefix(r.Text, "SELECT 1"):
			r.Text = "SET x = 1"
		}
		return nil
	}}))
	c := connect(t, e)
	for _, r := range []engine.Runner{e, c} {
		_, err := r.Run(ctx, engine.Text("DROP TABLE t"), nil)
		wantError(t, err, errBoom)
		_, err = r.Run(ctx, engine.Text("NOTHING"), nil)
		wantError(t, err, engine.ErrStatement, "no statement of [NOTHING]")
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic is lost")
				}
			}()
			_, _ = r.Run(ctx, engine.Text("PANIC"), nil)
		}()
	}
	var b engine.Batch
	b.Exec("INSERT")
	b.Exec("DROP TABLE t")
	_, err := b.Run(ctx, c)
	wantError(t, err, errBoom, "statement 2 of 2")
	wantLog(t, db, "BEGIN", "INSERT", "ROLLBACK")
	db.ClearLog()
	// what changes the session is seen in the changed text
	_, err = e.Exec(ctx, "SELECT 1")
	check(t, err)
	wantLog(t, db, "SET x = 1", "RESET")
}
