package dialecttest

import (
	"context"
	"errors"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
)

var cancelCases = []testCase{
	{name: "a context that has ended sends nothing", run: cancelBefore},
	{name: "a deadline ends a slow query", run: cancelDeadline},
	{name: "a cancelled context ends a slow query", run: cancelMiddle},
	{name: "a cancelled context ends a slow write, which leaves nothing", run: cancelWrite},
	{name: "a context that ends between rows ends the rows", run: cancelRows},
	{name: "the context's cause is in the error", run: cancelCause},
	{name: "a late cancel does not hit the next statement", run: cancelLate},
	{name: "a cancelled statement leaves its transaction to roll back", run: cancelInTx},
	{name: "Commit with a context that has ended commits nothing", run: cancelCommit},
	{name: "a context of the past is no harm to another connection", run: cancelOthers},
}

// slow is a query that takes minutes, and asks nothing special of a database:
// the product of a table with itself, several times.
func (t *T) slow() (query say, table ident) {
	t.Helper()
	c := t.conn()
	table = t.numbers(c, 200)
	id := ident("id")
	return say{"SELECT COUNT(*) FROM ", table, " a, ", table, " b, ", table, " c, ", table, " d WHERE a.", id, " + b.", id, " + c.", id, " + d.", id, " < 0"}, table
}

// prompt is how soon a statement must end after its context: generous, since
// a cancel takes a connection of its own on some databases.
const prompt = 30 * time.Second

func cancelBefore(t *T) {
	table, c := t.table(key), t.conn()
	ctx, cancel := canceled(t.ctx)
	defer cancel()
	_, err := t.tryExec(ctx, c, insertText(table, []string{"id"}, 1))
	t.wantKind(err, dialect.ErrCancelled)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error does not wrap the context's: %v", err)
	}
	if e, ok := errors.AsType[*dialect.Error](err); ok && e.MayHaveRun {
		t.Errorf("the error says that the statement may have run: %v", err)
	}
	if err := t.drain(ctx, c, t.sel("1")); err == nil {
		t.Errorf("a query runs with a context that has ended")
	}
	if !c.Usable() {
		t.Errorf("the connection is not usable, although nothing was sent")
	}
	t.works(c)
	t.wantRows(table, 0)
}

func (t *T) endsSlow(ctx context.Context, cancel func()) error {
	t.Helper()
	q, _ := t.slow()
	c := t.conn()
	var err error
	t.within(prompt, "a slow query", func() {
		timer := time.AfterFunc(200*time.Millisecond, cancel)
		defer timer.Stop()
		err = t.drain(ctx, c, q)
	})
	t.wantKind(err, dialect.ErrCancelled)
	t.fit(c)
	if !c.Usable() {
		t.Logf("the connection is not usable afterwards")
	}
	return err
}

func cancelDeadline(t *T) {
	ctx, cancel := timeout(t.ctx, 200)
	defer cancel()
	err := t.endsSlow(ctx, func() {})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error does not wrap the context's: %v", err)
	}
}

func cancelMiddle(t *T) {
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	err := t.endsSlow(ctx, cancel)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error does not wrap the context's: %v", err)
	}
}

func cancelWrite(t *T) {
	q, _ := t.slow()
	target := t.table(key)
	c := t.conn()
	ctx, cancel := timeout(t.ctx, 200)
	defer cancel()
	t.within(prompt, "a slow write", func() {
		_, err := t.tryExec(ctx, c, append(say{"INSERT INTO ", target, " (", ident("id"), ") "}, q...))
		t.wantKind(err, dialect.ErrCancelled)
	})
	t.fit(c)
	t.wantRows(target, 0)
}

func cancelRows(t *T) {
	_, table := t.slow()
	c := t.conn()
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	rows, err := t.tryQuery(ctx, c, say{"SELECT a.", ident("id"), " FROM ", table, " a, ", table, " b, ", table, " c"})
	if err != nil {
		t.Fatalf("%v", err)
	}
	if !rows.Next() {
		t.Fatalf("no row: %v", joined(rows.Err(), rows.Close()))
	}
	cancel()
	t.within(prompt, "reading on", func() {
		for n := 1; rows.Next(); n++ {
			if n > 8_000_000 {
				t.Errorf("more rows than there are")
				break
			}
		}
	})
	err = t.described(rows.Err())
	cerr := t.described(rows.Close())
	if err == nil {
		err = cerr
	}
	// What had arrived already may be read to its end; more than eight
	// million rows have not.
	t.wantKind(err, dialect.ErrCancelled)
	t.fit(c)
}

func cancelCause(t *T) {
	q, _ := t.slow()
	e := t.engine()
	own := errors.New("the user has gone home")
	ctx, cancel := context.WithCancelCause(t.ctx)
	timer := time.AfterFunc(200*time.Millisecond, func() { cancel(own) })
	defer timer.Stop()
	defer cancel(nil)
	_, err := engine.Scalar[int64](ctx, e, q)
	t.wantKind(err, dialect.ErrCancelled)
	if !errors.Is(err, own) || !errors.Is(err, context.Canceled) {
		t.Errorf("the error wraps not both the context's error and its cause: %v", err)
	}
	if n, err := engine.Scalar[int](t.ctx, e, t.sel("40 + 2")); err != nil || n != 42 {
		t.Errorf("afterwards, the Engine gives %d (%v)", n, err)
	}
}

func cancelLate(t *T) {
	c := t.conn()
	table := t.numbers(c, 50)
	q := say{"SELECT COUNT(*) FROM ", table, " a, ", table, " b"}
	for i := range 60 {
		ctx, cancel := context.WithCancel(t.ctx)
		timer := time.AfterFunc(time.Duration(i*20)*time.Microsecond, cancel)
		var n int64
		err := t.tryRow(ctx, c, q, &n)
		timer.Stop()
		cancel()
		if err != nil {
			t.wantKind(err, dialect.ErrCancelled)
		} else if n != 2500 {
			t.Errorf("%d rows", n)
		}
		if !c.Usable() {
			c = t.conn()
			continue
		}
		t.works(c)
	}
}

func cancelInTx(t *T) {
	q, _ := t.slow()
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{1})
	ctx, cancel := timeout(t.ctx, 200)
	defer cancel()
	t.wantKind(t.drain(ctx, c, q), dialect.ErrCancelled)
	if c.Usable() {
		t.rollback(c)
		t.works(c)
	}
	t.wantRows(table, 0)
}

func cancelCommit(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{1})
	ctx, cancel := canceled(t.ctx)
	defer cancel()
	if err := c.Commit(ctx); err == nil {
		t.Errorf("a commit with a context that has ended succeeds")
	} else {
		t.wantKind(t.described(err), dialect.ErrCancelled)
	}
	if c.Usable() {
		t.rollback(c)
		t.works(c)
	}
	t.wantRows(table, 0)
}

func cancelOthers(t *T) {
	q, _ := t.slow()
	a, b := t.conn(), t.conn()
	cancel, wait := t.background(func(ctx context.Context) error { return t.drain(ctx, a, q) })
	for range 20 {
		t.works(b)
	}
	cancel()
	for range 20 {
		t.works(b)
	}
	t.wantKind(wait(), dialect.ErrCancelled)
	t.works(b)
	t.fit(a)
}
