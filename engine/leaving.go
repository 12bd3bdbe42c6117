package engine

import (
	"errors"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// errInvalidated is the reason of an invalidation without one.
var errInvalidated = errors.New("engine: the program has invalidated the connection")

// Invalidate says that the connection is of no more use, for a reason that the
// driver cannot see: its next use, and that of a transaction open on it, is an
// [ErrConnectionLost] with the reason, nothing more is sent on it, and Close
// discards it. The pool opens another when one is needed. The reason may be
// nil. On a Conn that is closed it is an [ErrClosed].
func (c *Conn) Invalidate(reason error) error {
	if reason == nil {
		reason = errInvalidated
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errConnClosed()
	}
	if c.lost != nil {
		return nil
	}
	c.lost = dialect.Errorf(ErrConnectionLost, "engine: the connection was invalidated: %w", reason)
	for t := c.top; t != nil; t = t.parent {
		t.fail(c.lost)
	}
	return nil
}

// Retire has the connection closed, and not given back, by Close; until then it
// can be used as before. It is for a session that was set up in a way that no
// other user should find. The reason goes to the pool's events and may be nil.
// On a Conn that is closed it is an [ErrClosed].
func (c *Conn) Retire(reason error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errConnClosed()
	}
	if d, ok := c.conn.(discarder); ok {
		d.discard()
	}
	c.lease.Retire(reason)
	return nil
}

// Detach takes the connection out of the pool for good: it counts against no
// limit any more, so its place is free for another one, and Close closes it. It
// is for long work, such as waiting for notifications. Close and Shutdown of
// the Engine know nothing of it, so close it first. A second Detach does
// nothing.
//
// Rows or a transaction that are open are an [ErrInUse]. With [FromDB] it is an
// [ErrUnsupported], as a *sql.DB lets no connection go.
func (c *Conn) Detach() error {
	seq, err := c.enter(nil, "Detach")
	if err != nil {
		return err
	}
	defer c.leave(seq, nil, false)
	switch {
	case c.detached != nil:
		return nil
	case c.eng.adopted:
		return &dialect.UnsupportedError{Construct: "detaching a connection", Dialect: "an adopted *sql.DB",
			Instead: "open the database by its URL; Retire keeps the connection from going back"}
	}
	c.detached, err = c.lease.Detach()
	return err
}

// InvalidateAll has every connection that is open now replaced: an idle one when
// it would next be taken, one that is in use when it is given back. It is for
// what the program knows and no error has said yet: a failover, new credentials.
// It sends nothing. A lost connection that a statement finds has the same effect
// by itself. With [FromDB] it is an [ErrUnsupported].
func (e *Engine) InvalidateAll() error {
	if e.adopted {
		return &dialect.UnsupportedError{Construct: "invalidating all connections", Dialect: "an adopted *sql.DB",
			Instead: "close the *sql.DB and adopt another one, or let its SetConnMaxLifetime replace them"}
	}
	e.pool.InvalidateAll()
	return nil
}

func errConnClosed() error {
	return dialect.Errorf(ErrClosed, "engine: the connection is closed")
}

// giveBack ends the Conn's hold on its connection.
func (c *Conn) giveBack() error {
	switch {
	case c.detached != nil:
		return c.detached.Close()
	case c.lost != nil:
		return c.eng.invalidate(c.lease, c.conn, c.lost, c.all)
	}
	return c.eng.release(c.lease, c.conn)
}
