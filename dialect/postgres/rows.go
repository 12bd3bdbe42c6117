package postgres

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// How much of an answer Close reads, and for how long, before it asks the
// server to stop.
const (
	drainLimit = 1 << 20
	drainGrace = 100 * time.Millisecond
)

// rows implements [dialect.Rows] over the reader of one result, or over those
// of several in the simple protocol.
type rows struct {
	c      *Conn
	ctx    context.Context
	rr     *pgconn.ResultReader
	mrr    *pgconn.MultiResultReader // the simple protocol's; else nil
	st     *stmt
	vals   [][]byte
	result dialect.Result
	err    error // the first
	given  bool  // Err has given err
	writes bool  // it must not be stopped
	done   bool  // the reader of this result is closed
	ended  bool  // the connection is free again
	piped  bool  // part of a batch, which ends the statement itself
	// serverErr is err as pgconn gave it, in a batch.
	serverErr error
}

var (
	_ dialect.Rows       = (*rows)(nil)
	_ dialect.ResultSets = (*rows)(nil)
	_ dialect.UndoneRows = (*rows)(nil)
)

// Columns implements [dialect.Rows].
func (r *rows) Columns() []dialect.Column { return r.st.cols }

// Next implements [dialect.Rows].
func (r *rows) Next() bool {
	if r.done {
		return false
	}
	if r.rr.NextRow() {
		r.vals = r.rr.Values()
		return true
	}
	r.conclude()
	return false
}

// conclude closes the reader of the current result.
func (r *rows) conclude() {
	r.vals = nil
	r.done = true
	tag, err := r.rr.Close()
	if r.mrr == nil {
		err = r.end(err)
	}
	if err != nil {
		if r.mrr != nil {
			err = r.endAll()
		}
		r.setErr(err)
		r.result = dialect.NewResult(-1)
		return
	}
	r.result = resultOf(tag)
}

// endAll ends the simple protocol's answer and describes its error.
func (r *rows) endAll() error {
	if r.ended {
		return nil
	}
	r.ended = true
	return r.c.finish(r.ctx, r.mrr.Close())
}

func (r *rows) setErr(err error) {
	if r.err == nil {
		r.err = err
	}
}

// NextResultSet implements [dialect.ResultSets]. Results without columns, as of
// an UPDATE, count too.
func (r *rows) NextResultSet() bool {
	if r.mrr == nil || r.ended {
		return false
	}
	if !r.done {
		if _, err := r.rr.Close(); err != nil {
			r.done, r.vals = true, nil
			r.setErr(r.endAll())
			return false
		}
	}
	return r.nextResult()
}

// nextResult goes to the next result of the simple protocol.
func (r *rows) nextResult() bool {
	r.vals, r.done = nil, true
	if !r.mrr.NextResult() {
		r.setErr(r.endAll())
		return false
	}
	r.rr, r.done = r.mrr.ResultReader(), false
	fields := r.rr.FieldDescriptions()
	r.st = describe(r.c.types, &pgconn.StatementDescription{Fields: append([]pgconn.FieldDescription(nil), fields...)}, false)
	return true
}

// Err implements [dialect.Rows].
func (r *rows) Err() error {
	if r.err != nil {
		r.given = true
	}
	return r.err
}

// Result implements [dialect.Rows].
func (r *rows) Result() dialect.Result { return r.result }

// Close implements [dialect.Rows]. What is left of the answer is read and
// dropped. Where that is more than a megabyte or takes longer than a moment,
// the server is asked to stop instead; but not in a transaction, which that
// would abort, not a statement that writes, which it would undo, and not a text
// of several statements, of which all have to run.
func (r *rows) Close() error { return r.close(false) }

// CloseUndone implements [dialect.UndoneRows]: a transaction is no reason not to stop.
func (r *rows) CloseUndone() error { return r.close(true) }

func (r *rows) close(undone bool) error {
	if !r.done || !r.ended {
		if !r.done {
			r.drain(undone)
		}
		if r.mrr != nil {
			r.setErr(r.endAll())
		}
	}
	if r.err != nil && !r.given {
		r.given = true
		return r.err
	}
	return nil
}

// drain ends the current result before its last row, and with it those that
// follow.
func (r *rows) drain(undone bool) {
	r.result = dialect.NewResult(-1)
	r.done = true
	stopped := false
	if !r.piped && r.mayStop(undone) {
		stop := sync.OnceFunc(func() { stopped = r.c.requestCancel(r.ctx) })
		timer := time.AfterFunc(drainGrace, stop)
		size := 0
		for size <= drainLimit && r.rr.NextRow() {
			for _, v := range r.rr.Values() {
				size += len(v) + 4
			}
		}
		if size > drainLimit {
			stop()
		}
		for r.rr.NextRow() {
		}
		if !timer.Stop() {
			stop() // waits for the one that is under way
		}
	}
	r.vals = nil
	_, err := r.rr.Close()
	if r.mrr != nil {
		err = r.mrr.Close()
	}
	if stopped {
		if pe := failPg(err); pe != nil && pe.Code == "57014" && r.ctx.Err() == nil {
			err = nil
		}
		r.c.absorb()
	}
	r.setErr(r.end(err))
}

// mayStop reports whether the server can be asked to stop the statement. The
// status is that from before it.
func (r *rows) mayStop(undone bool) bool {
	if r.c.pg.TxStatus() == 'I' {
		return !r.writes
	}
	return undone
}

// end describes the error with which a statement has ended.
func (r *rows) end(err error) error {
	r.ended = true
	if r.piped {
		r.serverErr = err
		return r.c.fail(r.ctx, err, true)
	}
	return r.c.finish(r.ctx, err)
}

// requestCancel asks the server to stop the statement under way.
func (c *Conn) requestCancel(ctx context.Context) bool {
	if c.watch.wait <= 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, c.watch.wait)
	defer cancel()
	return c.pg.CancelRequest(ctx) == nil
}
