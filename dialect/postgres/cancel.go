package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

// canceller ends a statement whose context has ended: it asks the server to
// cancel it, and leaves the connection usable. Where the server does not answer
// within wait, a deadline on the socket closes the connection.
//
// A request that reaches the server before the statement does is lost: the
// server ignores it in a session that has nothing to do. So it is repeated, at
// growing intervals, until the statement has ended.
//
// The server acknowledges a cancel request after it has signalled the backend,
// and the signal may meet a later statement. So whoever ran the statement calls
// Conn.settle, which makes one empty round trip for it to meet instead.
type canceller struct {
	pg   *pgconn.PgConn
	wait time.Duration
	stop chan struct{} // closed when the statement has ended
	done chan struct{} // closed when no request is under way any more
	// fired is set when a request was made; it is read by the goroutine
	// that ran the statement, after the watch has ended.
	fired bool
}

var _ ctxwatch.Handler = (*canceller)(nil)

// HandleCancel implements ctxwatch.Handler.
func (h *canceller) HandleCancel(context.Context) {
	h.done, h.stop = make(chan struct{}), make(chan struct{})
	if h.wait <= 0 {
		h.pg.Conn().SetDeadline(time.Now())
		close(h.done)
		return
	}
	deadline := time.Now().Add(h.wait)
	h.pg.Conn().SetDeadline(deadline)
	go h.request(deadline)
}

// request asks the server to cancel, again and again, until the statement has
// ended or the deadline has come.
func (h *canceller) request(deadline time.Time) {
	defer close(h.done)
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	for pause := 10 * time.Millisecond; ; pause *= 2 {
		if err := h.pg.CancelRequest(ctx); err != nil {
			h.pg.Conn().SetDeadline(time.Now()) // nothing more to wait for
			return
		}
		again := time.NewTimer(pause)
		select {
		case <-again.C:
		case <-h.stop:
			again.Stop()
			return
		case <-ctx.Done():
			again.Stop()
			return
		}
	}
}

// HandleUnwatchAfterCancel implements ctxwatch.Handler.
func (h *canceller) HandleUnwatchAfterCancel() {
	close(h.stop)
	<-h.done
	h.fired = true
	h.pg.Conn().SetDeadline(time.Time{})
}

// settle lets a cancel request that is still on its way take effect on nothing.
// It reports whether the request aborted the open transaction.
func (c *Conn) settle() (aborted bool) {
	if c.watch == nil || !c.watch.fired {
		return false
	}
	c.watch.fired = false
	return c.absorb()
}

// absorb makes one empty round trip, bounded by the cancel timeout. A
// connection that fails at it is closed.
func (c *Conn) absorb() (aborted bool) {
	if c.pg.IsClosed() {
		return false
	}
	before := c.pg.TxStatus()
	c.pg.Conn().SetDeadline(time.Now().Add(max(c.watch.wait, time.Second)))
	err := c.pg.Ping(context.Background())
	c.pg.Conn().SetDeadline(time.Time{})
	if err != nil && failPg(err) == nil {
		c.kill()
	}
	return before == 'T' && c.pg.TxStatus() == 'E'
}
