package engine

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/pool"
)

// cursor is one statement on its way: what it runs on, and what has to be given
// back afterwards. It is used as a local variable where possible, so that it
// costs no allocation. Where owner is nil the cursor has a lease of its own.
type cursor struct {
	eng   *Engine
	ctx   context.Context
	conn  dialect.Conn
	d     dialect.Dialect
	lease pool.Lease[dialect.Conn]

	owner *Conn
	scope *Tx
	seq   uint64 // the owner's use that this is

	c     *dialect.Compiled
	rows  dialect.Rows
	start time.Time // set if the statement is logged
	n     int64     // rows read
	state cursorState
	held  bool         // owner.busy, or using, is set for these rows
	using *atomic.Bool // of Rows that have a lease of their own; nil: nobody else has the cursor

	timeout time.Duration
	cancel  context.CancelFunc
	after   func(Outcome)
	lost    error
	all     bool // lost together with others
}

type cursorState uint8

const (
	idle    cursorState = iota
	reading             // rows may come
	drained             // Next has returned false
	ended               // everything was given back
)

// compile makes the text, for the server at the other end.
func (cu *cursor) compile(s Statement) error {
	c, o, err := cu.eng.compile(cu.ctx, cu.d, s, within(cu.scope))
	if err != nil {
		return err
	}
	cu.c = c
	cu.bound(o)
	return nil
}

// begin is what comes before sending.
func (cu *cursor) begin() {
	if cu.c.Session {
		if cu.owner != nil {
			cu.owner.lease.MarkDirty()
		} else {
			cu.lease.MarkDirty()
		}
	}
	if len(cu.eng.hooks) > 0 {
		cu.beforeStatement()
	}
	if cu.timeout > 0 {
		cu.ctx, cu.cancel = context.WithTimeoutCause(cu.ctx, cu.timeout, errTimeout(cu.timeout))
	}
	if cu.after != nil || cu.eng.logs(cu.ctx) {
		cu.start = time.Now()
	}
}

// query sends the statement. After an error everything has been given back.
func (cu *cursor) query() error {
	cu.begin()
	rows, err := cu.conn.Query(cu.ctx, cu.c)
	if err != nil {
		return cu.failed(err)
	}
	cu.rows, cu.state = rows, reading
	if cu.owner != nil {
		cu.owner.reading(cu.seq, rows)
	}
	return nil
}

// exec sends the statement and gives everything back.
func (cu *cursor) exec() (Result, error) {
	cu.begin()
	res, err := cu.conn.Exec(cu.ctx, cu.c)
	if err != nil {
		return Result{}, cu.failed(err)
	}
	cu.n = res.RowsAffected()
	cu.give(nil)
	return res, nil
}

// failed describes err and gives everything back.
func (cu *cursor) failed(err error) error {
	err = cu.note(err)
	cu.n = -1
	cu.give(err)
	return err
}

// note describes an error of the connection, and remembers if that is lost.
func (cu *cursor) note(err error) error {
	err = cu.eng.describe(cu.ctx, cu.d, err, cu.c)
	if lost, all := isLost(err); lost && cu.lost == nil {
		cu.lost, cu.all = err, all
	}
	return err
}

// hold begins a use of the rows, so that nobody closes them meanwhile. Where
// they were closed already, or another goroutine is at them, it is an error.
func (cu *cursor) hold() error {
	c := cu.owner
	if c == nil {
		if cu.using == nil {
			return nil
		}
		if !cu.using.CompareAndSwap(false, true) {
			return errBusyRows
		}
		cu.held = true
		return nil
	}
	ok := c.busy.CompareAndSwap(false, true)
	if cu.stale() {
		if ok {
			c.busy.Store(false)
		}
		return errStaleRows
	}
	if !ok {
		return errBusyRows
	}
	cu.held = true
	return nil
}

// unhold ends what hold began, if ending the statement has not done it.
func (cu *cursor) unhold() {
	if cu.held {
		cu.held = false
		if cu.owner != nil {
			cu.owner.busy.Store(false)
		} else {
			cu.using.Store(false)
		}
	}
}

// next goes to the next row. The rows are held.
func (cu *cursor) next() bool {
	if cu.state != reading {
		return false
	}
	if cu.rows.Next() {
		cu.n++
		return true
	}
	cu.state = drained
	return false
}

// stale reports whether the owner has closed the rows: its transaction or
// itself has ended.
func (cu *cursor) stale() bool { return cu.owner != nil && cu.owner.seq.Load() != cu.seq }

// end closes the rows, gives everything back, and returns the first error: err,
// which reading the rows met with, or that of the iteration or of closing. The
// rows need not be held; when another goroutine is at them they stay open.
func (cu *cursor) end(err error) error {
	if cu.state == ended {
		return err
	}
	if !cu.held {
		if herr := cu.hold(); herr != nil {
			if herr == errStaleRows {
				cu.state = ended
			}
			if err == herr {
				return err
			}
			return join(err, herr)
		}
	}
	if err != nil && err != ErrMultipleRows && !ours(err) {
		err = cu.note(err)
	}
	if rerr := cu.rows.Err(); rerr != nil {
		err = first(err, cu.note(rerr))
	}
	if cerr := cu.rows.Close(); cerr != nil {
		err = first(err, cu.note(cerr))
	}
	cu.give(err)
	return err
}

// first adds an error of the connection to one that came before. Where that is
// the connection's too, it has said what there is to say.
func first(before, err error) error {
	if before != nil && !ours(before) {
		return before
	}
	return join(before, err)
}

var (
	errStaleRows = dialect.Errorf(ErrClosed, "engine: the rows were closed when their transaction or connection ended")
	errBusyRows  = dialect.Errorf(ErrInUse, "engine: another goroutine is reading or closing these rows: they are for one goroutine")
)

// abandon gives everything back if that has not been done: after a panic, or
// when the statement could not be compiled.
func (cu *cursor) abandon() {
	if cu.state == ended {
		return
	}
	if cu.rows != nil && !cu.held && cu.hold() != nil {
		cu.state = ended
		return
	}
	switch {
	case cu.rows != nil:
		if err := cu.rows.Close(); err != nil {
			cu.eng.warn("closing rows", cu.note(err))
		}
	case cu.c != nil: // a panic within the driver
		cu.lost = errInterrupted
	}
	cu.give(nil)
}

var errInterrupted = dialect.Errorf(ErrConnectionLost, "engine: the statement was interrupted by a panic")

// give gives back what the cursor holds.
func (cu *cursor) give(err error) {
	cu.state = ended
	if cu.c != nil {
		if !cu.start.IsZero() {
			if cu.eng.logs(cu.ctx) {
				cu.eng.log(cu.ctx, cu.start, cu.c.Text(), cu.c.Args(), cu.n, err)
			}
			if cu.after != nil {
				failure := err
				if failure == nil {
					failure = cu.lost
				}
				outcome := Outcome{Err: failure, Rows: cu.n, Duration: time.Since(cu.start)}
				defer cu.after(outcome)
			}
		}
		cu.c.Release()
		cu.c = nil
	}
	if cu.cancel != nil {
		cu.cancel()
	}
	if cu.owner != nil {
		held := cu.held
		cu.held = false
		cu.owner.leaveRows(cu.seq, cu.lost, cu.all, held)
		return
	}
	cu.unhold()
	var rerr error
	if cu.lost == nil {
		rerr = cu.eng.release(cu.lease, cu.conn)
	} else {
		rerr = cu.eng.invalidate(cu.lease, cu.conn, cu.lost, cu.all)
	}
	if rerr != nil {
		cu.eng.warn("giving back a connection", rerr)
	}
}

// each hands the rows to f, as [dialect.Runner] wants it.
func (cu *cursor) each(f func(dialect.Rows) error) (Result, error) {
	defer cu.abandon()
	v := rowsView{cu: cu, columns: cu.rows.Columns()}
	err := f(&v)
	var res Result
	if err == nil && !v.closed {
		res = v.Result()
	}
	if err = cu.endAfter(&v, err); err != nil {
		return Result{}, err
	}
	return res, nil
}

// endAfter is end for an error of a function of the caller, which may hold one
// that was described already and is not the driver's.
func (cu *cursor) endAfter(v *rowsView, err error) error {
	if err == nil {
		return cu.end(v.err)
	}
	if eerr := cu.end(nil); eerr != nil && v.err == nil {
		return join(err, eerr)
	}
	return err
}

// rowsView is what the function given to Run sees: the connection's Rows, with
// errors that are described. It is of no use once Run has returned.
type rowsView struct {
	cu      *cursor
	columns []dialect.Column
	err     error // what Err returned
	closed  bool  // before the last row
}

var (
	_ dialect.Rows       = (*rowsView)(nil)
	_ dialect.ResultSets = (*rowsView)(nil)
)

func (v *rowsView) Columns() []dialect.Column { return v.columns }

func (v *rowsView) Next() bool {
	cu := v.cu
	if cu.state != reading || cu.hold() != nil {
		return false
	}
	defer cu.unhold()
	return cu.next()
}

func (v *rowsView) ScanRow(dst []any) error {
	cu := v.cu
	if cu.state != reading {
		return errRowsClosed
	}
	if err := cu.hold(); err != nil {
		return err
	}
	defer cu.unhold()
	err := cu.rows.ScanRow(dst)
	if err != nil && !ours(err) {
		err = cu.note(err)
	}
	return err
}

func (v *rowsView) Err() error {
	cu := v.cu
	if v.err != nil || cu.state == ended {
		return v.err
	}
	if err := cu.hold(); err != nil {
		v.err = err
		return err
	}
	defer cu.unhold()
	if err := cu.rows.Err(); err != nil {
		v.err = cu.note(err)
	}
	return v.err
}

// Close ends the iteration; Run gives the connection back afterwards.
func (v *rowsView) Close() error {
	if v.cu.state == reading {
		v.cu.state, v.closed = drained, true
	}
	return v.Err()
}

func (v *rowsView) Result() Result {
	if v.cu.state != drained || v.closed || v.cu.hold() != nil {
		return Result{}
	}
	defer v.cu.unhold()
	return v.cu.rows.Result()
}

func (v *rowsView) NextResultSet() bool {
	cu := v.cu
	if cu.state == ended || v.closed || cu.hold() != nil {
		return false
	}
	defer cu.unhold()
	rs, ok := cu.rows.(dialect.ResultSets)
	if !ok || !rs.NextResultSet() {
		return false
	}
	cu.state, v.columns = reading, cu.rows.Columns()
	return true
}
