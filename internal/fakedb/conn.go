package fakedb

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/sqlayer-go/sqlayer/dialect"
)

type conn struct {
	db     *DB
	number int
	gone   atomic.Bool
	closed atomic.Bool
	dirty  bool
	inTx   bool
	two    string // the id of its two-phase transaction
	rows   *rows
	using  atomic.Bool // finds use by two goroutines at once
}

var (
	_ dialect.Conn       = (*conn)(nil)
	_ dialect.Dirtier    = (*conn)(nil)
	_ dialect.RawConn    = (*conn)(nil)
	_ dialect.Rows       = (*rows)(nil)
	_ dialect.ResultSets = (*rows)(nil)
)

// use marks the connection as in use; a second user at the same time is a
// fault of the layer above.
func (c *conn) use() {
	if !c.using.CompareAndSwap(false, true) {
		panic("fakedb: one connection used by two goroutines at once")
	}
}

func (c *conn) unuse() { c.using.Store(false) }

func (c *conn) alive() error {
	if c.closed.Load() {
		panic("fakedb: use of a closed connection")
	}
	if c.gone.Load() {
		return ErrDropped
	}
	return nil
}

// run sends a statement and returns its reply, if that is not an error.
func (c *conn) run(ctx context.Context, s *dialect.Compiled) (Reply, error) {
	if c.rows != nil {
		panic("fakedb: a statement while rows are open")
	}
	if err := c.alive(); err != nil {
		return Reply{}, err
	}
	if err := ctx.Err(); err != nil {
		return Reply{}, err
	}
	if c.db.dropsBefore(s.Sent()) {
		c.gone.Store(true)
		return Reply{}, ErrDropped
	}
	call := &Call{Text: s.Sent(), Conn: c.number}
	for _, a := range s.Args() {
		call.Args = append(call.Args, a.Value)
	}
	r := c.db.reply(call)
	c.dirty = c.dirty || r.Dirty
	if r.Wait != nil {
		select {
		case <-r.Wait:
		case <-ctx.Done():
			return Reply{}, ctx.Err()
		}
	}
	if r.Hang {
		<-ctx.Done()
		if r.Sever {
			c.gone.Store(true)
			return Reply{}, ErrDroppedLate
		}
		return Reply{}, ctx.Err()
	}
	switch r.Drop {
	case During:
		c.gone.Store(true)
		return Reply{}, ErrDroppedLate
	case After:
		c.gone.Store(true)
	}
	if r.Err != nil && len(r.Rows) == 0 {
		return Reply{}, r.Err
	}
	return r, nil
}

func (c *conn) Query(ctx context.Context, s *dialect.Compiled) (dialect.Rows, error) {
	c.use()
	defer c.unuse()
	r, err := c.run(ctx, s)
	if err != nil {
		return nil, err
	}
	c.rows = &rows{c: c, r: r, at: -1, ctx: ctx}
	c.db.mu.Lock()
	c.db.counts.RowsOpen++
	c.db.mu.Unlock()
	return c.rows, nil
}

func (c *conn) Exec(ctx context.Context, s *dialect.Compiled) (dialect.Result, error) {
	c.use()
	defer c.unuse()
	r, err := c.run(ctx, s)
	if err != nil {
		return dialect.Result{}, err
	}
	return r.Result, r.Err
}

func (c *conn) step(ctx context.Context, list *[]error, count *int, log string) error {
	c.use()
	defer c.unuse()
	if c.rows != nil {
		panic("fakedb: " + log + " while rows are open")
	}
	if err := c.alive(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err := c.db.next(list, count, log)
	if e, ok := err.(*Error); ok && e.Lost {
		c.gone.Store(true)
	}
	return err
}

func (c *conn) Begin(ctx context.Context, o dialect.TxOptions) error {
	if err := dialect.CheckTx(c.db.dialect, o); err != nil {
		return err
	}
	if c.inTx {
		panic("fakedb: BEGIN within a transaction")
	}
	err := c.step(ctx, &c.db.begins, &c.db.counts.Begins, "BEGIN")
	if err == nil {
		c.inTx = true
		c.db.mu.Lock()
		c.db.opts = append(c.db.opts, o)
		c.db.mu.Unlock()
	}
	return err
}

func (c *conn) Commit(ctx context.Context) error {
	err := c.step(ctx, &c.db.commits, &c.db.counts.Commits, c.ending("COMMIT"))
	if err == nil {
		c.inTx = false
		c.settled()
	}
	return err
}

func (c *conn) Rollback(ctx context.Context) error {
	err := c.step(ctx, &c.db.rollback, &c.db.counts.Rollbacks, c.ending("ROLLBACK"))
	if err == nil {
		c.inTx = false
		c.settled()
	}
	return err
}

func (c *conn) Ping(ctx context.Context) error {
	c.db.mu.Lock()
	hang := c.db.pingHang
	c.db.mu.Unlock()
	if hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return c.step(ctx, &c.db.pings, &c.db.counts.Pings, "PING")
}

func (c *conn) Reset(ctx context.Context) error {
	err := c.step(ctx, &c.db.resets, &c.db.counts.Resets, "RESET")
	if err == nil {
		c.dirty, c.inTx = false, false
	}
	return err
}

func (c *conn) Usable() bool { return !c.gone.Load() && !c.closed.Load() }
func (c *conn) Dirty() bool  { return c.dirty || c.inTx }
func (c *conn) Raw() any     { return fmt.Sprintf("fake connection %d", c.number) }

func (c *conn) Close() error {
	c.use()
	defer c.unuse()
	if !c.closed.CompareAndSwap(false, true) {
		return nil
	}
	c.db.mu.Lock()
	defer c.db.mu.Unlock()
	c.db.counts.Closes++
	c.db.counts.Open--
	delete(c.db.conns, c)
	return nil
}

type rows struct {
	c      *conn
	r      Reply
	at     int
	ctx    context.Context
	err    error
	closed bool
}

func (r *rows) Columns() []dialect.Column { return r.r.Columns }

func (r *rows) Next() bool {
	if r.closed || r.err != nil {
		return false
	}
	if err := r.ctx.Err(); err != nil {
		r.err = err
		return false
	}
	if r.at+1 < len(r.r.Rows) {
		r.at++
		return true
	}
	r.err = r.r.Err
	if r.r.Drop == AtEnd {
		r.c.gone.Store(true)
		r.err = ErrDroppedLate
	}
	return false
}

func (r *rows) ScanRow(dst []any) error {
	r.c.use()
	defer r.c.unuse()
	row := r.r.Rows[r.at]
	if len(dst) != len(row) {
		return fmt.Errorf("fakedb: %d destinations for %d values", len(dst), len(row))
	}
	for i, d := range dst {
		if d == nil {
			continue
		}
		if err := dialect.Assign(d, row[i]); err != nil {
			return dialect.NewScanError(r.r.Columns, i, err)
		}
	}
	return nil
}

func (r *rows) NextResultSet() bool {
	if r.closed || r.err != nil || r.r.More == nil {
		return false
	}
	r.r, r.at = *r.r.More, -1
	return true
}

func (r *rows) Err() error             { return r.err }
func (r *rows) Result() dialect.Result { return r.r.Result }

func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.c.rows = nil
	r.c.db.mu.Lock()
	r.c.db.counts.RowsOpen--
	r.c.db.mu.Unlock()
	return r.r.CloseErr
}
