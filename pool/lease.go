package pool

import (
	"context"
	"errors"
	"fmt"
)

// Lease is the right to use one connection until it is given back by Release,
// Invalidate or Detach. It is a small value; copies are the same lease. A lease
// is for one goroutine at a time.
//
// Once it was given back, by whichever copy, its methods return ErrReleased, or
// a zero value where they return no error, and never touch the connection,
// which may be with another user. The zero Lease behaves like one that was
// given back.
type Lease[C any] struct {
	rec *Record[C]
	gen uint64
}

// Held says whether the lease has not been given back.
func (l Lease[C]) Held() bool { return l.rec != nil && l.rec.gen.Load() == l.gen }

// claim ends the lease. Only one of any number of attempts succeeds.
func (l Lease[C]) claim() bool { return l.rec != nil && l.rec.gen.CompareAndSwap(l.gen, l.gen+1) }

// Conn returns the connection, and the zero C once the lease was given back.
func (l Lease[C]) Conn() C {
	if !l.Held() {
		var none C
		return none
	}
	return l.rec.conn
}

// ID returns the number of the connection in the pool, from 1 on, or 0.
func (l Lease[C]) ID() uint64 {
	if !l.Held() {
		return 0
	}
	return l.rec.id
}

// Info returns a map for the user's own notes about the connection, such as
// what was set on it. It ends with the connection. It is nil once the lease was
// given back; a map that was got before must not be used after.
func (l Lease[C]) Info() map[any]any {
	if !l.Held() {
		return nil
	}
	return l.rec.Info()
}

// SlotInfo is like Info, for notes about the connection's place in the pool. It
// stays when the connection is replaced.
func (l Lease[C]) SlotInfo() map[any]any {
	if !l.Held() {
		return nil
	}
	return l.rec.SlotInfo()
}

// MarkDirty has Config.Reset called when the connection is released. It does
// nothing once the lease was given back.
func (l Lease[C]) MarkDirty() {
	if l.Held() {
		l.rec.dirty = true
	}
}

// Retire has the connection closed when it is released. Until then it can be
// used. It does nothing once the lease was given back. reason goes to the
// Retire event.
func (l Lease[C]) Retire(reason error) {
	if !l.Held() || l.rec.retired {
		return
	}
	l.rec.retired = true
	if h := l.rec.host; h != nil {
		l.rec.pool.mu.Lock()
		h.retired = true
		l.rec.pool.mu.Unlock()
	}
	if hook := l.rec.pool.cfg.Events.Retire; hook != nil {
		hook(l.rec, reason)
	}
}

// Release gives the connection back, for the next caller. A dirty one is reset
// first, under Config.ResetTimeout. A connection that cannot be kept (retired,
// invalidated, too old, refused by Reset, Usable or the Checkin event, one too
// many, or of a closed pool) is closed, and Release returns when that is done.
//
// It returns ErrReleased if the lease was given back before, and what Reset,
// the Checkin event and Close return. Whatever it returns, the lease is over.
func (l Lease[C]) Release() error {
	if !l.claim() {
		return ErrReleased
	}
	r := l.rec
	p := r.pool
	if p.handled || r.dirty || r.retired {
		return p.handle(r)
	}
	if cause, bad := p.put(r); bad {
		return p.closeRecord(r, cause)
	}
	return nil
}

// Invalidate gives back a connection that is known to be of no use. It is
// closed in the background, without a reset; the next caller gets another.
// reason goes to the Invalidate event.
func (l Lease[C]) Invalidate(reason error) error {
	if !l.claim() {
		return ErrReleased
	}
	l.rec.pool.throw(l.rec, reason)
	return nil
}

// InvalidateAll is Invalidate for a connection that was lost in a way that
// others will have been too, as when the server went away. All connections of
// the pool are treated as by [Pool.InvalidateAll], unless that was already done
// since this one was opened: the first of many users to find out does it.
func (l Lease[C]) InvalidateAll(reason error) error {
	if !l.claim() {
		return ErrReleased
	}
	p := l.rec.pool
	p.mu.Lock()
	if l.rec.epoch == p.epoch && !p.closed {
		p.epoch++
	}
	p.mu.Unlock()
	p.throw(l.rec, reason)
	return nil
}

// put enters a connection that comes back in the books: for the first waiter,
// or as idle. Where bad, it is to be closed, and counted as closing.
func (p *Pool[C]) put(r *Record[C]) (cause Cause, bad bool) {
	if p.timed {
		r.idleAt = p.now()
	}
	p.mu.Lock()
	p.leave(r)
	if r.epoch != p.epoch || p.timed {
		cause, bad = p.spoiled(r, r.idleAt)
	}
	if !bad {
		var w *waiter[C]
		w, bad = p.hand(r)
		if !bad {
			p.mu.Unlock()
			if w != nil {
				w.serve(r, nil)
			}
			return 0, false
		}
		cause = CauseSurplus
	}
	p.closing++
	p.mu.Unlock()
	return cause, true
}

// handle gives back a connection that has to be looked at first.
func (p *Pool[C]) handle(r *Record[C]) error {
	if r.host != nil {
		return p.unshare(r)
	}
	cause := CauseReset
	held := true
	defer func() {
		if held { // a panic or Goexit in a function of the user
			p.discard(r, cause)
		}
	}()
	err := p.clean(r, &cause)
	held = false
	if err == nil && cause == causes {
		var bad bool
		if cause, bad = p.put(r); !bad {
			return nil
		}
	} else {
		p.mu.Lock()
		p.leave(r)
		p.closing++
		p.mu.Unlock()
	}
	return errors.Join(err, p.closeRecord(r, cause))
}

// clean checks and resets a connection that comes back. It leaves causes in
// *cause where it can be kept.
func (p *Pool[C]) clean(r *Record[C], cause *Cause) error {
	if r.retired {
		*cause = CauseRetired
		return p.checkin(r)
	}
	*cause = CauseUnusable
	if !p.usable(r) {
		return p.checkin(r)
	}
	if r.dirty && p.cfg.Reset != nil && p.current(r) {
		*cause = CauseReset
		if err := p.reset(r); err != nil {
			return fmt.Errorf("pool: resetting a connection: %w", err)
		}
		if *cause = CauseUnusable; !p.usable(r) {
			return p.checkin(r)
		}
	}
	r.dirty = false
	*cause = CauseEvent
	if err := p.checkin(r); err != nil {
		return err
	}
	*cause = causes
	if p.cfg.Kind == Null {
		*cause = CauseSurplus
	}
	return nil
}

func (p *Pool[C]) usable(r *Record[C]) bool { return p.cfg.Usable == nil || p.cfg.Usable(r.conn) }

// current says whether r was opened after the last invalidation: one that was
// not is about to be closed and is not worth a reset.
func (p *Pool[C]) current(r *Record[C]) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return r.epoch == p.epoch
}

func (p *Pool[C]) reset(r *Record[C]) error {
	ctx, cancel := bound(context.Background(), p.cfg.ResetTimeout)
	defer cancel()
	err := p.cfg.Reset(ctx, r.conn)
	if hook := p.cfg.Events.Reset; hook != nil {
		hook(r, err)
	}
	return err
}

func (p *Pool[C]) checkin(r *Record[C]) error {
	if hook := p.cfg.Events.Checkin; hook != nil {
		return hook(r)
	}
	return nil
}
