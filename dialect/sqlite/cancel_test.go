package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var atCommit, atRow func()

func onRow(*libc.TLS, uintptr, int32, uintptr, uintptr, int64) { atRow() }

func onCommit(*libc.TLS, uintptr) int32 {
	atCommit()
	return 0
}

// SQLite looks at the context once more when a statement has ended; a write
// that is committed is not one that was cancelled.
func TestContextEndsAtCommit(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (a)")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c.watching = true
	lib.Xsqlite3_progress_handler(c.h.TLS, c.h.DB, 1, callback(onProgress), c.h.DB)
	atCommit = cancel
	lib.Xsqlite3_commit_hook(c.h.TLS, c.h.DB, callback(onCommit), 0)
	comp := compile(t, "INSERT INTO t VALUES (1)")
	defer comp.Release()
	res, err := c.Exec(ctx, comp)
	if ctx.Err() == nil {
		t.Fatal("the commit hook was not called")
	}
	if err != nil || res.RowsAffected() != 1 {
		t.Errorf("%d rows, %v", res.RowsAffected(), err)
	}
	atCommit = func() {}
	if n := read[int](t, c, "SELECT count(*) FROM t"); n != 1 {
		t.Errorf("%d rows", n)
	}
}

// countdowns end the context of a connection's statement after a number of
// steps of SQLite's virtual machine.
var countdowns sync.Map // by the connection's address

type countdown struct {
	steps  int
	cancel context.CancelFunc
}

func onStep(tls *libc.TLS, db uintptr) int32 {
	if v, ok := countdowns.Load(db); ok {
		down := v.(*countdown)
		if down.steps--; down.steps <= 0 {
			down.cancel()
		}
	}
	return onProgress(tls, db)
}

// Whatever a context interrupts, on several connections at once: what was
// reported as done is in the table, what was reported as cancelled is not.
func TestCancelledWritesAreNotDone(t *testing.T) {
	for _, url := range []string{"sqlite://", fileURL(t)} {
		cn := open1(t, url)
		c := dial(t, cn)
		exec(t, c, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)")
		var done, cancelled atomic.Int64
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() { writeUnderDeadlines(t, cn, uint64(w), &done, &cancelled) })
		}
		wg.Wait()
		if n := read[int64](t, c, "SELECT count(*) FROM t"); n != done.Load() {
			t.Errorf("%s: %d rows, and %d were reported", url, n, done.Load())
		}
		if done.Load() == 0 || cancelled.Load() == 0 {
			t.Errorf("%s: %d rows, %d cancelled: nothing was tested", url, done.Load(), cancelled.Load())
		}
	}
}

func writeUnderDeadlines(t *testing.T, cn dialect.Connector, seed uint64, done, cancelled *atomic.Int64) {
	random := rand.New(rand.NewPCG(seed, 1))
	dc, err := cn.Connect(context.Background())
	if err != nil {
		t.Error(err)
		return
	}
	c := dc.(*conn)
	defer c.Close()
	c.watching = true
	lib.Xsqlite3_progress_handler(c.h.TLS, c.h.DB, 1, callback(onStep), c.h.DB)
	defer countdowns.Delete(c.h.DB)
	for i := range 120 {
		ctx, cancel := context.WithCancel(context.Background())
		if i%5 == 4 { // while it waits for a lock, too
			ctx, cancel = context.WithTimeout(ctx, time.Duration(random.IntN(3000))*time.Microsecond)
		}
		countdowns.Store(c.h.DB, &countdown{random.IntN(600), cancel})
		var n int64
		switch i % 3 {
		case 0:
			n, err = 1, write(t, c, ctx, "INSERT INTO t (v) VALUES (?)", i)
		case 1:
			n, err = 20, write(t, c, ctx, "INSERT INTO t (v) WITH RECURSIVE g (x) AS (SELECT 1 UNION ALL SELECT x+1 FROM g WHERE x < 20) "+
				"SELECT ? || x FROM g RETURNING v", i)
		case 2:
			n = 2
			if err = c.Begin(ctx, dialect.TxOptions{}); err != nil {
				break
			}
			for range 2 {
				if err == nil {
					err = write(t, c, ctx, "INSERT INTO t (v) VALUES (?)", i)
				}
			}
			if err == nil {
				err = c.Commit(ctx)
			}
			if err != nil {
				if back := c.Rollback(context.Background()); back != nil {
					t.Error(back)
				}
			}
		}
		cancel()
		if err == nil {
			done.Add(n)
			continue
		}
		cancelled.Add(1)
		if e := Dialect().Classify(err); e.Kind != dialect.ErrCancelled {
			t.Error(fmt.Errorf("write %d: %w", i, err))
		}
		if c.Dirty() {
			t.Errorf("write %d has left a transaction open", i)
		}
	}
}

func write(t *testing.T, c *conn, ctx context.Context, text string, args ...any) error {
	comp := compile(t, text, args...)
	defer comp.Release()
	rows, err := c.Query(ctx, comp)
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	err = rows.Err()
	if cerr := rows.Close(); err == nil {
		err = cerr
	}
	return err
}
