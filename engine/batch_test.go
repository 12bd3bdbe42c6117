package engine_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

// Where the connection has no batches, one is a transaction of single statements.
func TestBatchOneByOne(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", numbers(3))
	db.On("UPDATE", fakedb.Affected(2))
	var b engine.Batch
	var all []int
	var one struct{ N int }
	b.Exec("UPDATE a SET x = :x", engine.Named{"x": 1})
	engine.BatchAll(&b, engine.Text("SELECT n"), &all)
	db.On("SELECT one", numbers(1))
	engine.BatchOne(&b, engine.Text("SELECT one"), &one)
	b.Add(engine.Text("SELECT dropped"), nil)
	for range 2 {
		db.ClearLog()
		res, err := b.Run(t.Context(), e)
		check(t, err)
		if len(res) != 4 || res[0].RowsAffected() != 2 || res[1].RowsAffected() != 3 || len(all) != 3 || one.N != 1 {
			t.Errorf("%v, %v, %v", res, all, one)
		}
		wantLog(t, db, "BEGIN", "UPDATE a SET x = ?", "SELECT n", "SELECT one", "SELECT dropped", "COMMIT")
	}
	db.ClearLog()
	check(t, e.Transact(t.Context(), func(tx *engine.Tx) error { _, err := b.Run(t.Context(), tx); return err }))
	wantLog(t, db, "BEGIN", "UPDATE a SET x = ?", "SELECT n", "SELECT one", "SELECT dropped", "COMMIT")
	c := connect(t, e)
	_, err := b.Run(t.Context(), c)
	check(t, err)
	check(t, e.WithLease(t.Context(), func(l dialect.Lease) error { _, err := b.Run(t.Context(), l); return err }))
	var none engine.Batch
	if res, err := none.Run(t.Context(), e); err != nil || len(res) != 0 || none.Len() != 0 || b.Len() != 4 {
		t.Error(res, err)
	}
}

func TestBatchFails(t *testing.T) {
	e, db := open(t)
	db.On("UPDATE b", fakedb.Fail(engine.ErrCheckViolation, "no"))
	var b engine.Batch
	b.Exec("UPDATE a")
	b.Exec("UPDATE b")
	b.Exec("UPDATE c")
	_, err := b.Run(t.Context(), e)
	wantError(t, err, engine.ErrCheckViolation, "statement 2 of 3 of the batch", "[UPDATE b]")
	if be, ok := errors.AsType[*engine.BatchError](err); !ok || be.Index != 1 || be.Len != 3 {
		t.Errorf("%#v", err)
	}
	wantLog(t, db, "BEGIN", "UPDATE a", "UPDATE b", "ROLLBACK")

	db.ClearLog()
	b = engine.Batch{}
	b.Exec("UPDATE a SET x = :x", engine.Named{"y": 1})
	b.Exec("UPDATE a")
	b.Exec("UPDATE a SET x = :z", engine.Named{})
	_, err = b.Run(t.Context(), e)
	wantError(t, err, engine.ErrArguments, "statement 1 of 3", ":x", "statement 3 of 3", ":z")
	if slices.Contains(db.Log(), "UPDATE a") {
		t.Errorf("sent: %v", db.Log())
	}

	b = engine.Batch{}
	b.Add(engine.Options(engine.Text("UPDATE a"), engine.Timeout(time.Second)), nil)
	_, err = b.Run(t.Context(), e)
	wantError(t, err, engine.ErrArguments, "no Timeout of its own")
	_, err = b.Run(t.Context(), nil)
	wantError(t, err, engine.ErrArguments, "the Runner is nil")
	_, err = b.Run(t.Context(), &otherRunner{e})
	wantError(t, err, engine.ErrUnsupported, "otherRunner", "Leaser")
	if s := e.Stats(); s.Leased != 0 {
		t.Errorf("%v", s)
	}
}

func TestLiveBatch(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		insert := func(b *engine.Batch, id int) {
			b.Exec("INSERT INTO "+table+" (id, name) VALUES (:id, 'x')", engine.Named{"id": id})
		}
		var b engine.Batch
		var all []liveRow
		var n int
		insert(&b, 1)
		insert(&b, 2)
		engine.BatchAll(&b, engine.Text("SELECT * FROM "+table+" ORDER BY id"), &all)
		b.Add(engine.Text("SELECT * FROM "+table), nil)
		engine.BatchOne(&b, engine.Text("SELECT count(*) FROM "+table), &n)
		res, err := b.Run(ctx, e)
		check(t, err)
		if len(all) != 2 || n != 2 || res[0].RowsAffected() != 1 {
			t.Errorf("%v, %d, %v", all, n, res)
		}
		// all or nothing
		b = engine.Batch{}
		insert(&b, 3)
		insert(&b, 1)
		insert(&b, 4)
		_, err = b.Run(ctx, e)
		wantError(t, err, engine.ErrUniqueViolation, "statement 2 of 3", "INSERT INTO "+table)
		if n := count(t, e, table); n != 2 {
			t.Errorf("%d rows", n)
		}
		// within a savepoint the transaction goes on
		check(t, e.Transact(ctx, func(tx *engine.Tx) error {
			err := tx.Transact(ctx, func(sp *engine.Tx) error { _, err := b.Run(ctx, sp); return err })
			wantError(t, err, engine.ErrUniqueViolation)
			return put(ctx, tx, table, 5, "x", nil)
		}))
		// errors of reading, and of the program, leave the connection usable
		c := connect(t, e)
		for want, read := range map[error]func(dialect.Rows) error{
			errBoom:             func(rows dialect.Rows) error { rows.Next(); return errBoom },
			engine.ErrNullValue: func(rows dialect.Rows) error { rows.Next(); return rows.ScanRow([]any{nil, nil, new(string)}) },
		} {
			b = engine.Batch{}
			b.Add(engine.Text("SELECT id, name, nick FROM "+table), read)
			b.Add(engine.Text("SELECT 1"), nil)
			_, err = b.Run(ctx, c)
			wantError(t, err, want, "statement 1 of 2")
			if n := count(t, c, table); n != 3 {
				t.Errorf("%d rows", n)
			}
		}
		// and what was written before and after them is undone
		for _, tt := range []struct {
			kind error
			read func()
		}{
			{engine.ErrNoRows, func() { engine.BatchOne(&b, engine.Text("SELECT id FROM "+table+" WHERE id = 99"), &n) }},
			{engine.ErrScan, func() { engine.BatchAll(&b, engine.Text("SELECT 300"), new([]int8)) }},
		} {
			b = engine.Batch{}
			insert(&b, 70)
			tt.read()
			insert(&b, 71)
			_, err = b.Run(ctx, c)
			wantError(t, err, tt.kind, "statement 2 of 3")
			if said := strings.Count(err.Error(), "statement 2 of 3"); said != 1 {
				t.Errorf("said %d times: %v", said, err)
			}
			if n := count(t, c, table); n != 3 {
				t.Errorf("%v: %d rows", tt.kind, n)
			}
		}
		b = engine.Batch{}
		engine.BatchOne(&b, engine.Text("SELECT id FROM "+table+" WHERE id = 99"), &n)
		_, err = b.Run(ctx, c)
		wantError(t, err, engine.ErrNoRows)
		short, cancel := context.WithCancel(ctx)
		cancel()
		_, err = b.Run(short, c)
		wantError(t, err, engine.ErrCancelled)
	})
}

// The trips of a batch: one on PostgreSQL, one for each statement and two for the
// transaction around elsewhere.
func TestWireBatch(t *testing.T) {
	proxied(t, func(t *testing.T, e *engine.Engine, p *wireproxy.Proxy) {
		var b engine.Batch
		var got []int64
		for n := range int64(3) {
			var rows []int64
			engine.BatchAll(&b, numbered(n+1), &rows)
			b.Add(numbered(n+1), func(rows dialect.Rows) error {
				for rows.Next() {
					got = append(got, n)
				}
				return rows.Err()
			})
		}
		_, err := b.Run(t.Context(), e)
		check(t, err)
		want := b.Len() + 2
		if _, ok := connOf(t, e).(dialect.Batcher); ok {
			want = 1
		}
		trips(t, p, "a batch of known statements", want, func() error { _, err := b.Run(t.Context(), e); return err })
	})
}

func connOf(t *testing.T, e *engine.Engine) dialect.Conn {
	t.Helper()
	c := connect(t, e)
	defer c.Close()
	return c.Conn()
}

// batching is a connection that sends batches, to see what the engine makes of
// what comes back.
type batching struct {
	dialect.Conn
	err error
}

func (b *batching) Batch(ctx context.Context, stmts []*dialect.Compiled, each func(int, dialect.Rows) error) error {
	for i, s := range stmts {
		rows, err := b.Query(ctx, s)
		if err != nil {
			return &dialect.BatchError{Index: i, Err: err}
		}
		defer rows.Close() // after a panic
		if err := errors.Join(each(i, rows), rows.Close()); err != nil {
			return err
		}
	}
	return b.err
}

type batchingConnector struct {
	dialect.Connector
	err error
}

func (c *batchingConnector) Close() error { return c.Connector.(io.Closer).Close() }

func (c *batchingConnector) Connect(ctx context.Context) (dialect.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	return &batching{conn, c.err}, err
}

func TestBatchInOneGo(t *testing.T) {
	db := fakedb.New()
	var told []string
	e := on(t, db, engine.WithConnector(&batchingConnector{db.Connector(), nil}), engine.WithHooks(engine.Hooks{
		Batch: func(_ context.Context, b engine.BatchInfo) (context.Context, func(engine.Outcome)) {
			told = append(told, b.Texts...)
			return nil, func(o engine.Outcome) {
				if o.Err != nil {
					told = append(told, "failed")
				}
			}
		},
	}))
	db.On("SELECT", numbers(3))
	db.On("UPDATE b", fakedb.Fail(engine.ErrCheckViolation, "no"))
	db.On("UPDATE lost", fakedb.Reply{Drop: fakedb.During})
	var b engine.Batch
	var all []int
	engine.BatchAll(&b, engine.Text("SELECT"), &all)
	b.Exec("SELECT 2")
	res, err := b.Run(t.Context(), e)
	check(t, err)
	if len(all) != 3 || res[1].RowsAffected() != 3 {
		t.Error(all, res)
	}
	b.Exec("UPDATE b")
	_, err = b.Run(t.Context(), e)
	wantError(t, err, engine.ErrCheckViolation, "statement 3 of 3", "[UPDATE b]")
	if want := []string{"SELECT", "SELECT 2", "SELECT", "SELECT 2", "UPDATE b", "failed"}; !slices.Equal(told, want) {
		t.Errorf("%q", told)
	}
	if c := db.Counts(); c.Dials != 1 || c.Resets != 0 {
		t.Errorf("%+v", c)
	}
	c := connect(t, e)
	b = engine.Batch{}
	b.Exec("UPDATE lost")
	_, err = b.Run(t.Context(), c)
	wantError(t, err, engine.ErrConnectionLost, "may have been executed")
	_, err = c.Exec(t.Context(), "UPDATE a")
	wantError(t, err, engine.ErrConnectionLost, "close it and connect again")

	// a panic of the program
	func() {
		defer func() { _ = recover() }()
		b = engine.Batch{}
		b.Add(engine.Text("SELECT"), func(dialect.Rows) error { panic(1) })
		_, _ = b.Run(t.Context(), e)
	}()
	if s := e.Stats(); s.Leased != 1 { // c
		t.Errorf("%v", s)
	}
	// while it runs, the connection is in use
	d := connect(t, e)
	b = engine.Batch{}
	b.Add(engine.Text("SELECT"), func(dialect.Rows) error {
		_, err := d.Exec(t.Context(), "UPDATE a")
		wantError(t, err, engine.ErrInUse, "running [a batch]")
		return nil
	})
	_, err = b.Run(t.Context(), d)
	check(t, err)
}
