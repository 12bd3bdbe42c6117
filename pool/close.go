package pool

import (
	"context"
	"errors"
	"fmt"
)

// throw closes an invalidated connection in the background.
func (p *Pool[C]) throw(r *Record[C], reason error) {
	if h := r.host; h != nil {
		p.mu.Lock()
		h.lost = true
		p.mu.Unlock()
		defer p.unshare(r)
	} else {
		defer p.discard(r, CauseInvalidated)
	}
	if hook := p.cfg.Events.Invalidate; hook != nil {
		hook(r, reason)
	}
}

// discard closes a leased connection in the background.
func (p *Pool[C]) discard(r *Record[C], cause Cause) {
	p.mu.Lock()
	p.leave(r)
	p.closing++
	p.mu.Unlock()
	p.closeLater(r, cause)
}

// closeLater is closeRecord in the background. What becomes of it is told by the
// Close event and Stats.CloseErrors.
func (p *Pool[C]) closeLater(r *Record[C], cause Cause) {
	go func() { _ = p.closeRecord(r, cause) }()
}

// closeRecord closes a connection that is counted as closing, and then gives
// its place to whoever waits.
func (p *Pool[C]) closeRecord(r *Record[C], cause Cause) error {
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.closing--
		p.stats.Closed[cause]++
		p.vacate(r)
	}()
	return p.finish(r, cause)
}

// finish calls Close and its event.
func (p *Pool[C]) finish(r *Record[C], cause Cause) error {
	return p.end(r, "the Close event", func(err error) {
		if hook := p.cfg.Events.Close; hook != nil {
			hook(r, cause, err)
		}
	})
}

// end calls Close, and tells its result.
func (p *Pool[C]) end(r *Record[C], event string, tell func(error)) error {
	var err error
	if p.cfg.Close != nil {
		err = guarded("Config.Close", func() error { return p.cfg.Close(r.conn) })
		if err != nil {
			err = fmt.Errorf("pool: closing a connection: %w", err)
		}
	}
	if err != nil {
		p.mu.Lock()
		p.stats.CloseErrors++
		p.mu.Unlock()
	}
	if bad := guarded(event, func() error { tell(err); return nil }); bad != nil {
		err = errors.Join(err, bad)
	}
	return err
}

// Close closes the pool: from now on Acquire returns ErrClosed, and so do the
// calls that are waiting. Idle connections are closed before Close returns;
// leased ones are closed when they are released, and dials under way are
// cancelled. It returns the errors of closing, and with Config.TrackLeases a
// *LeakError that names the leases which are still out. Further calls do nothing.
//
// [Pool.Shutdown] also waits for the leased ones.
func (p *Pool[C]) Close() error {
	p.mu.Lock()
	first := !p.closed
	p.mu.Unlock()
	err := p.close()
	if !first || !p.cfg.TrackLeases {
		return err
	}
	p.mu.Lock()
	u := p.usage()
	p.mu.Unlock()
	if len(u.Holders) == 0 {
		return err
	}
	return errors.Join(err, &LeakError{Usage: u})
}

func (p *Pool[C]) close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	p.epoch++
	p.cancel()
	for w := p.waiters.popFront(); w != nil; w = p.waiters.popFront() {
		w.serve(nil, ErrClosed)
	}
	for _, report := range p.warming {
		report <- ErrClosed
	}
	p.warming = nil
	if p.waitTimer != nil {
		p.waitTimer.Stop()
	}
	if p.reapTimer != nil {
		p.reapTimer.Stop()
	}
	if p.restTimer != nil {
		p.restTimer.Stop()
	}
	var idle []*Record[C]
	for r := p.idle.take(true); r != nil; r = p.idle.take(true) {
		idle = append(idle, r)
		p.closing++
	}
	p.checkDrained()
	p.mu.Unlock()

	errs := make(chan error, len(idle))
	for _, r := range idle {
		go func() {
			err := errExit
			defer func() { errs <- err }()
			err = p.closeRecord(r, CauseClosed)
		}()
	}
	var err error
	for range idle {
		err = errors.Join(err, <-errs)
	}
	return err
}

// Shutdown closes the pool as Close does and waits until every connection is
// closed: the leased ones by their users' Release, and those being opened or
// closed. It returns the errors of closing the idle ones, and a *LeakError that
// is ctx's error when ctx ends before; the pool is closed even so, and
// connections still out are closed when they are released. It can be called
// again to go on waiting.
func (p *Pool[C]) Shutdown(ctx context.Context) error {
	err := p.close()
	select {
	case <-p.drained:
		return err
	default:
	}
	select {
	case <-p.drained:
		return err
	case <-ctx.Done():
		p.mu.Lock()
		u := p.usage()
		p.mu.Unlock()
		return errors.Join(err, &LeakError{Usage: u, Err: context.Cause(ctx)})
	}
}
