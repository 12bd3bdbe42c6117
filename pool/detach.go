package pool

import (
	"fmt"
	"sync/atomic"
)

// Detached is a connection that was taken out of a pool by [Lease.Detach]. It
// counts against no limit any more and belongs to its user, who ends it by
// Close, or closes the connection in another way.
type Detached[C any] struct {
	rec    Record[C]
	closed atomic.Bool
}

// Conn returns the connection.
func (d *Detached[C]) Conn() C { return d.rec.conn }

// ID returns the number that the connection had in the pool.
func (d *Detached[C]) ID() uint64 { return d.rec.id }

// Info returns the notes about the connection, which went along with it; those
// about its place, SlotInfo, have stayed in the pool.
func (d *Detached[C]) Info() map[any]any { return d.rec.Info() }

// Close closes the connection, by Config.Close and without a reset, and calls
// the CloseDetached event. It does so once; then it returns ErrReleased.
func (d *Detached[C]) Close() error {
	if d.closed.Swap(true) {
		return ErrReleased
	}
	p := d.rec.pool
	return p.end(&d.rec, "the CloseDetached event", func(err error) {
		if hook := p.cfg.Events.CloseDetached; hook != nil {
			hook(&d.rec, err)
		}
	})
}

// Detach takes the connection out of the pool for good, and frees its place.
// The caller has to close it. While others have it too, as in a Shared pool,
// the error is ErrShared and the lease goes on.
func (l Lease[C]) Detach() (*Detached[C], error) {
	r := l.rec
	if r != nil && r.host != nil {
		var err error
		if r, err = l.alone(); err != nil {
			return nil, fmt.Errorf("pool: detaching a connection: %w", err)
		}
	} else if !l.claim() {
		return nil, ErrReleased
	}
	p := r.pool
	d := &Detached[C]{rec: Record[C]{pool: p, conn: r.conn, id: r.id, info: r.info}}
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.leave(r)
		p.stats.Detached++
		p.vacate(r)
	}()
	if hook := p.cfg.Events.Detach; hook != nil {
		hook(r)
		d.rec.info = r.info
	}
	return d, nil
}
