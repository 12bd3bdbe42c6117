package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Batch is several statements that run one after the other, in one round trip
// where the connection can do that (PostgreSQL, dialect.Batcher; one more for
// statements that it does not know yet), and one by one elsewhere, where it is
// no more than a convenience. All of it takes effect or nothing: outside of a
// transaction a Batch is a transaction of its own. Where it writes and rows are
// read, which may fail, that transaction takes two more round trips, since it is
// committed when they have been read.
//
//	var b engine.Batch
//	b.Exec("UPDATE accounts SET balance = balance - 10 WHERE id = :id", engine.Named{"id": 1})
//	engine.BatchAll(&b, engine.Text("SELECT * FROM accounts"), &accounts)
//	results, err := b.Run(ctx, eng)
//
// The zero Batch is empty and ready. A Batch may be run again, also after an
// error; it is for one goroutine at a time.
type Batch struct {
	items []batchItem
}

type batchItem struct {
	s    Statement
	rows func(dialect.Rows) error
}

// BatchError is the failure of one statement of a [Batch].
type BatchError struct {
	Index int // of the statement, from 0
	Len   int // of the batch
	Err   error
}

// Error says which statement it was, and its error.
func (e *BatchError) Error() string {
	return fmt.Sprintf("engine: statement %d of %d of the batch: %v", e.Index+1, e.Len, e.Err)
}

// Unwrap returns the statement's error.
func (e *BatchError) Unwrap() error { return e.Err }

// Len returns the number of statements.
func (b *Batch) Len() int { return len(b.items) }

// Add adds a statement. rows gets its rows; nil drops them. An error of rows
// ends the batch, like one of a statement. In a [Tx] the statements before it
// have then run, and those after it may have.
func (b *Batch) Add(s Statement, rows func(dialect.Rows) error) {
	b.items = append(b.items, batchItem{s, rows})
}

// Exec adds SQL text whose rows are dropped. See [dialect.Text] for args.
func (b *Batch) Exec(sql string, args ...any) { b.Add(dialect.Text(sql, args...), nil) }

// BatchAll adds a statement whose rows are read into *dst, which is replaced when
// the Batch runs. See [All] for T.
func BatchAll[T any](b *Batch, s Statement, dst *[]T) {
	b.Add(s, func(rows dialect.Rows) error {
		cu := foreign(rows)
		out, err := collect[T](&cu)
		if err == nil {
			err = rows.Err()
		}
		if err == nil {
			*dst = out
		}
		return err
	})
}

// BatchOne adds a statement whose only row is read into *dst. See [One].
func BatchOne[T any](b *Batch, s Statement, dst *T) {
	b.Add(s, func(rows dialect.Rows) error {
		cu := foreign(rows)
		v, ok, err := single[T](&cu)
		if err == nil {
			err = rows.Err()
		}
		switch {
		case err != nil:
			return err
		case !ok:
			return ErrNoRows
		}
		*dst = v
		return nil
	})
}

// Run runs the statements on r, an Engine, Conn or Tx, or another
// dialect.Leaser on these. It returns what each of them did. The first that
// fails ends the batch, with a [*BatchError] that says which it was; statements
// that cannot be compiled are reported before anything is sent, all of them. In
// a transaction, a statement that fails leaves the transaction open, in the
// state that such a failure leaves on the database at hand. A [Timeout] of a
// statement is an error here: bound ctx.
func (b *Batch) Run(ctx context.Context, r Runner) ([]Result, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	results := make([]Result, len(b.items))
	if len(b.items) == 0 {
		return results, nil
	}
	var err error
	switch r := r.(type) {
	case *Engine:
		if r == nil {
			return nil, errNilRunner
		}
		var c *Conn
		if c, err = r.Connect(ctx); err != nil {
			return nil, err
		}
		defer c.free()
		err = c.batch(ctx, nil, b.items, results)
	case *Conn:
		if r == nil {
			return nil, errNilRunner
		}
		err = r.batch(ctx, nil, b.items, results)
	case *Tx:
		if r == nil {
			return nil, errNilRunner
		}
		err = r.c.batch(ctx, r, b.items, results)
	case nil:
		err = errNilRunner
	case dialect.Leaser:
		err = r.WithLease(ctx, func(l dialect.Lease) error {
			results, err = b.Run(ctx, l)
			return err
		})
	default:
		err = dialect.Errorf(ErrUnsupported, "engine: a batch needs a Runner that can keep a connection (dialect.Leaser); %T cannot", r)
	}
	if err != nil {
		return nil, err
	}
	return results, nil
}

// batch runs items in scope.
func (c *Conn) batch(ctx context.Context, scope *Tx, items []batchItem, results []Result) error {
	batcher, ok := c.conn.(dialect.Batcher)
	if !ok {
		if scope != nil {
			return scope.oneByOne(ctx, items, results)
		}
		// the options that a single statement has, not those of WithDefaultTx
		t, err := c.begin(ctx, dialect.TxOptions{}, true)
		if err != nil {
			return err
		}
		end, err := t.call(ctx, func(t *Tx) error { return t.oneByOne(ctx, items, results) })
		end()
		return err
	}
	stmts, err := c.compileAll(ctx, items, within(scope))
	if err != nil {
		return err
	}
	defer func() {
		for _, s := range stmts {
			s.Release()
		}
	}()
	if scope != nil || !mayBeUndone(stmts, items) {
		return c.inOneGo(ctx, scope, batcher, stmts, items, results)
	}
	t, err := c.begin(ctx, dialect.TxOptions{}, true)
	if err != nil {
		return err
	}
	end, err := t.call(ctx, func(t *Tx) error { return c.inOneGo(ctx, t, batcher, stmts, items, results) })
	end()
	return err
}

// mayBeUndone reports whether a batch writes, and may fail once the server has
// done all of it: by a function of the program that reads rows.
func mayBeUndone(stmts []*dialect.Compiled, items []batchItem) bool {
	return slices.ContainsFunc(stmts, func(s *dialect.Compiled) bool { return s.Writes }) &&
		slices.ContainsFunc(items, func(it batchItem) bool { return it.rows != nil })
}

// inOneGo sends the statements and reads what comes back.
func (c *Conn) inOneGo(ctx context.Context, scope *Tx, batcher dialect.Batcher, stmts []*dialect.Compiled, items []batchItem, results []Result) error {
	seq, err := c.enter(scope, "a batch")
	if err != nil {
		return err
	}
	var lost error = errInterrupted // by a panic
	all := false
	defer func() { c.leave(seq, lost, all) }()
	if slices.ContainsFunc(stmts, func(s *dialect.Compiled) bool { return s.Session }) {
		c.lease.MarkDirty()
	}
	err = c.send(ctx, scope, batcher, stmts, items, results)
	var was bool
	if was, all = isLost(err); was {
		lost = err
	} else {
		lost, all = nil, false
	}
	return err
}

// compileAll compiles the statements, or reports all that cannot be.
func (c *Conn) compileAll(ctx context.Context, items []batchItem, rewrite *rewriting) ([]*dialect.Compiled, error) {
	stmts := make([]*dialect.Compiled, 0, len(items))
	var errs []error
	for i, it := range items {
		s, o, err := c.eng.compile(ctx, c.d, it.s, rewrite)
		if err == nil {
			stmts = append(stmts, s)
			err = noTimeout(o)
		}
		if err != nil {
			errs = append(errs, &BatchError{i, len(items), err})
		}
	}
	if errs == nil {
		return stmts, nil
	}
	for _, s := range stmts {
		s.Release()
	}
	return nil, errors.Join(errs...)
}

func noTimeout(o *callOptions) error {
	if o == nil || o.timeout == 0 {
		return nil
	}
	return dialect.Errorf(ErrArguments, "engine: a statement of a batch has no Timeout of its own: bound the context of Run")
}

// send runs the statements in one go.
func (c *Conn) send(ctx context.Context, scope *Tx, batcher dialect.Batcher, stmts []*dialect.Compiled, items []batchItem, results []Result) error {
	e := c.eng
	texts := func() []string {
		texts := make([]string, len(stmts))
		for i, s := range stmts {
			texts[i] = s.Text()
		}
		return texts
	}
	var after func(Outcome)
	if len(e.hooks) > 0 {
		info := BatchInfo{texts(), scope != nil}
		ctx, after = e.around(ctx, func(ctx context.Context, h *Hooks) (context.Context, func(Outcome)) {
			if h.Batch == nil {
				return nil, nil
			}
			return h.Batch(ctx, info)
		})
	}
	if e.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, e.timeout, errTimeout(e.timeout))
		defer cancel()
	}
	start := time.Now()
	var total int64
	var theirs error // of a function of the program
	err := batcher.Batch(ctx, stmts, func(i int, rows dialect.Rows) error {
		v := &batchRows{Rows: rows, c: c, ctx: ctx, s: stmts[i]}
		if f := items[i].rows; f != nil {
			if err := f(v); err != nil {
				theirs = &BatchError{i, len(items), err}
				return theirs
			}
		}
		for !v.done && rows.Next() {
			continue // what was not read
		}
		if rows.Err() == nil {
			results[i] = rows.Result()
			if n := results[i].RowsAffected(); n > 0 {
				total += n
			}
		}
		return nil
	})
	if err != nil {
		err = c.batchError(ctx, err, theirs, stmts)
		total = -1
	}
	if e.logs(ctx) {
		e.log(ctx, start, strings.Join(texts(), "; "), nil, total, err)
	}
	if after != nil {
		after(Outcome{Err: err, Rows: total, Duration: time.Since(start)})
	}
	return err
}

// batchError says which statement it was.
func (c *Conn) batchError(ctx context.Context, err, theirs error, stmts []*dialect.Compiled) error {
	var be *dialect.BatchError
	switch {
	case theirs != nil && err == theirs:
		return err
	case errors.As(err, &be) && be.Index < len(stmts):
		return &BatchError{be.Index, len(stmts), c.eng.describe(ctx, c.d, be.Err, stmts[be.Index])}
	case theirs != nil: // with what ending the batch met
		if both, ok := err.(interface{ Unwrap() []error }); ok {
			err = errors.Join(slices.DeleteFunc(slices.Clone(both.Unwrap()), func(e error) bool { return e == theirs })...)
		}
		if err == nil {
			return theirs
		}
		if known, ok := errors.AsType[*Error](err); ok && errors.Is(theirs, known) {
			return theirs
		}
		return errors.Join(theirs, c.eng.describe(ctx, c.d, err, nil))
	}
	return c.eng.describe(ctx, c.d, err, nil)
}

// oneByOne runs a batch where the connection has no other way.
func (t *Tx) oneByOne(ctx context.Context, items []batchItem, results []Result) error {
	stmts, err := t.c.compileAll(ctx, items, nil)
	if err != nil {
		return err
	}
	for _, s := range stmts {
		s.Release()
	}
	for i, it := range items {
		rows := it.rows
		if rows != nil {
			inner := rows
			rows = func(r dialect.Rows) error {
				if err := inner(r); err != nil {
					return err
				}
				for r.Next() {
					continue // what was not read
				}
				return r.Err()
			}
		}
		if results[i], err = t.Run(ctx, it.s, rows); err != nil {
			return &BatchError{i, len(items), err}
		}
	}
	return nil
}

// batchRows describes the errors of a batch's rows.
type batchRows struct {
	dialect.Rows
	c    *Conn
	ctx  context.Context
	s    *dialect.Compiled
	done bool
}

func (r *batchRows) describe(err error) error {
	if err == nil || ours(err) {
		return err
	}
	return r.c.eng.describe(r.ctx, r.c.d, err, r.s)
}

func (r *batchRows) ScanRow(dst []any) error { return r.describe(r.Rows.ScanRow(dst)) }
func (r *batchRows) Err() error              { return r.describe(r.Rows.Err()) }

func (r *batchRows) Close() error {
	r.done = true
	return r.describe(r.Rows.Close())
}
