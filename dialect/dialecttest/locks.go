package dialecttest

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
)

var lockCases = []testCase{
	{name: "waiting for a lock ends with the context", run: locksWait},
	{name: "a lock is waited for", run: locksWaited},
	{name: "a deadlock is broken and told", run: locksDeadlock},
	{name: "increments side by side lose nothing", run: locksIncrements},
	{name: "a stale write is not lost", needs: feature("Isolation with REPEATABLE READ, SNAPSHOT or SERIALIZABLE", hasSnapshot), run: locksLostUpdate},
	{name: "write skew does not pass as serializable", needs: feature("Isolation with SERIALIZABLE", func(f *dialect.Features) bool { return f.Isolation.Has(dialect.Serializable) }), run: locksWriteSkew},
}

// contention are the kinds of errors with which a database ends a
// transaction that is in the way of another one.
var contention = []dialect.Kind{dialect.ErrDeadlock, dialect.ErrSerialization, dialect.ErrBusy, dialect.ErrLockTimeout}

func timeout(ctx context.Context, ms int) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, time.Duration(ms)*time.Millisecond)
}

// pair makes a table of two rows: 1 and 2, with v = 0.
func (t *T) pair() ident {
	t.Helper()
	table := t.table(key, col{"v", integer, ""})
	t.insert(t.conn(), table, []string{"id", "v"}, []any{1, 0}, []any{2, 0})
	return table
}

func update(table ident, id int, v int) say {
	return say{"UPDATE ", table, " SET ", ident("v"), " = ", bind(v, integer), " WHERE ", ident("id"), " = ", bind(id, integer)}
}

func locksWait(t *T) {
	table, a, b := t.pair(), t.conn(), t.conn()
	t.begin(a, dialect.TxOptions{})
	t.exec(a, update(table, 1, 1))
	ctx, cancel := timeout(t.ctx, 300)
	defer cancel()
	var err error
	t.within(prompt, "waiting for a lock with a context of 300ms", func() { _, err = t.tryExec(ctx, b, update(table, 1, 2)) })
	if err == nil {
		t.Fatalf("a row is changed while another transaction has changed it")
	}
	if errors.Is(err, dialect.ErrBusy) || errors.Is(err, dialect.ErrLockTimeout) {
		t.Logf("the database did not wait: %v", err)
	} else {
		t.wantKind(err, dialect.ErrCancelled)
	}
	t.fit(b)
	t.commit(a)
	var v int
	t.row(t.conn(), say{"SELECT ", ident("v"), " FROM ", table, " WHERE ", ident("id"), " = 1"}, &v)
	if e, ok := errors.AsType[*dialect.Error](err); v != 1 && !(ok && e.MayHaveRun) {
		t.Errorf("the row reads %d: the statement that was given up has run, and its error does not say so: %v", v, err)
	}
}

func locksWaited(t *T) {
	table, a, b := t.pair(), t.conn(), t.conn()
	t.begin(a, dialect.TxOptions{})
	t.exec(a, update(table, 1, 1))
	_, wait := t.background(func(ctx context.Context) error {
		_, err := t.tryExec(ctx, b, say{"UPDATE ", table, " SET ", ident("v"), " = ", ident("v"), " + 10 WHERE ", ident("id"), " = 1"})
		return err
	})
	t.commit(a)
	if err := wait(); err != nil {
		t.Fatalf("the statement that waited: %v", err)
	}
	var v int
	t.row(t.conn(), say{"SELECT ", ident("v"), " FROM ", table, " WHERE ", ident("id"), " = 1"}, &v)
	if v != 11 {
		t.Errorf("the row reads %d instead of 11", v)
	}
}

// locksDeadlock: two transactions change two rows in opposite order. Where a
// database lets only one of them write, the other cannot even begin, and is
// told so.
func locksDeadlock(t *T) {
	table := t.pair()
	conns := []dialect.Conn{t.conn(), t.conn()}
	var have sync.WaitGroup // each has its first row, or failed
	have.Add(2)
	failed := make(chan struct{}) // one of them has failed and rolled back
	var once sync.Once
	errs := make(chan error, 2)
	for i, c := range conns {
		go func() {
			errs <- func() (err error) {
				first := sync.OnceFunc(have.Done)
				defer first()
				defer func() {
					if err != nil {
						err = joined(err, c.Rollback(t.ctx))
						once.Do(func() { close(failed) })
					}
				}()
				if err := c.Begin(t.ctx, dialect.TxOptions{}); err != nil {
					once.Do(func() { close(failed) })
					return t.described(err)
				}
				if _, err := t.tryExec(t.ctx, c, update(table, i+1, i+1)); err != nil {
					return err
				}
				first()
				both := make(chan struct{})
				go func() { have.Wait(); close(both) }()
				select {
				case <-both:
				case <-failed:
				}
				if _, err := t.tryExec(t.ctx, c, update(table, 2-i, i+1)); err != nil {
					return err
				}
				return t.described(c.Commit(t.ctx))
			}()
		}()
	}
	succeeded := 0
	for range conns {
		if err := <-errs; err == nil {
			succeeded++
		} else {
			t.wantKind(err, contention...)
			t.Logf("%v", err)
		}
	}
	if succeeded == 0 {
		t.Errorf("neither of two transactions got through")
	}
	if succeeded == 2 {
		t.Logf("both got through, one after the other")
	}
	for _, c := range conns {
		t.fit(c)
	}
	var a, b int
	c := t.conn()
	t.row(c, say{"SELECT ", ident("v"), " FROM ", table, " WHERE ", ident("id"), " = 1"}, &a)
	t.row(c, say{"SELECT ", ident("v"), " FROM ", table, " WHERE ", ident("id"), " = 2"}, &b)
	if a != b || a == 0 {
		t.Errorf("the rows read %d and %d: a transaction was committed in part", a, b)
	}
}

func locksIncrements(t *T) {
	table := t.pair()
	e := t.engine()
	const workers, each = 4, 10
	o := engine.Isolation(engine.DefaultIsolation)
	if t.f.Isolation.Has(dialect.Serializable) {
		o = engine.Isolation(engine.Serializable)
	}
	errs := make(chan error, workers)
	for range workers {
		go func() {
			errs <- func() error {
				for range each {
					err := e.Transact(t.ctx, func(tx *engine.Tx) error {
						v, err := engine.Scalar[int](t.ctx, tx, say{"SELECT ", ident("v"), " FROM ", table, " WHERE ", ident("id"), " = 1"})
						if err != nil {
							return err
						}
						if !t.f.Isolation.Has(dialect.Serializable) {
							_, err = tx.Run(t.ctx, say{"UPDATE ", table, " SET ", ident("v"), " = ", ident("v"), " + 1 WHERE ", ident("id"), " = 1"}, nil)
							return err
						}
						_, err = tx.Run(t.ctx, update(table, 1, v+1), nil)
						return err
					}, o, engine.Retry(200))
					if err != nil {
						return err
					}
				}
				return nil
			}()
		}()
	}
	for range workers {
		if err := <-errs; err != nil {
			t.Errorf("%v", err)
		}
	}
	v, err := engine.Scalar[int](t.ctx, e, say{"SELECT ", ident("v"), " FROM ", table, " WHERE ", ident("id"), " = 1"})
	if err != nil {
		t.Fatalf("%v", err)
	}
	if v != workers*each {
		t.Errorf("the counter reads %d instead of %d", v, workers*each)
	}
}

// race runs two transactions that both read before either writes, as far as
// the database lets them, and returns their errors.
func (t *T) race(level dialect.Isolation, read, write func(c dialect.Conn, i int) error) [2]error {
	t.Helper()
	conns := [2]dialect.Conn{t.conn(), t.conn()}
	ended := make(chan struct{})
	var once sync.Once
	var mu sync.Mutex
	readers := 0
	all := make(chan struct{})
	var errs [2]error
	var wg sync.WaitGroup
	for i, c := range conns {
		wg.Go(func() {
			defer once.Do(func() { close(ended) })
			err := t.described(c.Begin(t.ctx, dialect.TxOptions{Isolation: level}))
			if err != nil {
				errs[i] = err
				return
			}
			if err = read(c, i); err == nil {
				mu.Lock()
				if readers++; readers == 2 {
					close(all)
				}
				mu.Unlock()
				// A database that lets only one transaction in makes the
				// other wait in Begin.
				timer := time.NewTimer(300 * time.Millisecond)
				select {
				case <-all:
				case <-ended:
				case <-timer.C:
				}
				timer.Stop()
				err = write(c, i)
			}
			if err == nil {
				err = t.described(c.Commit(t.ctx))
			}
			if err != nil {
				if rerr := c.Rollback(t.ctx); rerr != nil {
					t.Logf("rolling back: %v", rerr)
				}
			}
			errs[i] = err
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.wantKind(err, contention...)
			t.Logf("%v", err)
		}
	}
	return errs
}

func locksLostUpdate(t *T) {
	level := dialect.Serializable
	for _, l := range []dialect.Isolation{dialect.Serializable, dialect.Snapshot, dialect.RepeatableRead} {
		if t.f.Isolation.Has(l) {
			level = l
			break
		}
	}
	table := t.pair()
	var seen [2]int
	errs := t.race(level, func(c dialect.Conn, i int) error {
		return t.tryRow(t.ctx, c, say{"SELECT ", ident("v"), " FROM ", table, " WHERE ", ident("id"), " = 1"}, &seen[i])
	}, func(c dialect.Conn, i int) error {
		_, err := t.tryExec(t.ctx, c, update(table, 1, seen[i]+1))
		return err
	})
	want := 0
	for _, err := range errs {
		if err == nil {
			want++
		}
	}
	var v int
	t.row(t.conn(), say{"SELECT ", ident("v"), " FROM ", table, " WHERE ", ident("id"), " = 1"}, &v)
	if v != want || want == 0 {
		t.Errorf("%d transactions were committed, and the counter reads %d", want, v)
	}
}

// locksWriteSkew: each of two transactions sees that both rows are 0 and sets
// its own to 1. Serially, the second would see the first.
func locksWriteSkew(t *T) {
	table := t.pair()
	var sums [2]int
	errs := t.race(dialect.Serializable, func(c dialect.Conn, i int) error {
		return t.tryRow(t.ctx, c, say{"SELECT SUM(", ident("v"), ") FROM ", table}, &sums[i])
	}, func(c dialect.Conn, i int) error {
		if sums[i] > 0 {
			return nil
		}
		_, err := t.tryExec(t.ctx, c, update(table, i+1, 1))
		return err
	})
	if errs[0] != nil && errs[1] != nil {
		t.Errorf("neither of two transactions got through")
	}
	var sum int
	t.row(t.conn(), say{"SELECT SUM(", ident("v"), ") FROM ", table}, &sum)
	if sum != 1 {
		t.Errorf("the sum reads %d: both transactions saw what was before the other", sum)
	}
}
