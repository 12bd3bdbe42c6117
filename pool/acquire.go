package pool

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// checkouts is how often the Checkout event is asked before Acquire gives up.
const checkouts = 3

// Acquire leases a connection: an idle one, a new one where the limit allows,
// else the next that becomes free. Callers that have to wait are served in the
// order in which they asked.
//
// It returns a *TimeoutError (ErrTimeout) after Config.Timeout, a *WaitError
// when ctx ends first, ErrClosed when the pool is or becomes closed, ErrBusy
// from an Assertion pool in use, and what Config.Dial and the events return, as
// it is. After an error nothing is leased.
//
// A caller whose context ends leaves at once. A dial that was under way for it
// goes on, for the next caller or as an idle connection.
func (p *Pool[C]) Acquire(ctx context.Context) (Lease[C], error) {
	if ctx.Err() != nil {
		return Lease[C]{}, ended(ctx, 0, Usage{})
	}
	var now int64
	if p.timed {
		now = p.now()
	}
	p.mu.Lock()
	r := p.idle.take(p.cfg.FIFO)
	if r == nil || r.epoch != p.epoch || p.timed {
		r = p.sound(r, now)
		if r == nil {
			return p.queue(ctx)
		}
	}
	p.leased++
	p.stats.Acquired++
	if p.idle.len < p.cfg.MinIdle {
		p.used = true
		p.pump()
	}
	if p.vetted {
		p.turns++
		turn := p.turns
		p.mu.Unlock()
		return p.vet(ctx, r, asking{turn, now})
	}
	p.mu.Unlock()
	return Lease[C]{r, r.gen.Load()}, nil
}

// asking is the place of a caller in the order of all.
type asking struct {
	turn uint64
	at   int64 // see Pool.now; 0 while it does not matter
}

// sound returns r, or the next idle connection that may be used, or nil. Those
// that may not are closed in the background. mu is held.
func (p *Pool[C]) sound(r *Record[C], now int64) *Record[C] {
	for r != nil {
		cause, bad := p.spoiled(r, now)
		if !bad {
			return r
		}
		p.closing++
		p.closeLater(r, cause)
		r = p.idle.take(p.cfg.FIFO)
	}
	return nil
}

// queue lets a new caller wait. It is entered with mu held, and releases it.
func (p *Pool[C]) queue(ctx context.Context) (Lease[C], error) {
	if p.closed {
		p.mu.Unlock()
		return Lease[C]{}, ErrClosed
	}
	if p.cfg.Kind == Assertion && (p.leased > 0 || p.waiters.len > 0) {
		p.mu.Unlock()
		return Lease[C]{}, ErrBusy
	}
	if p.cfg.Shared && p.hosting() {
		p.stats.Acquired++
		v := p.host.view()
		p.mu.Unlock()
		return p.lend(v), nil
	}
	p.used = true
	p.turns++
	turn := p.turns
	w := p.newWaiter(ctx, turn)
	p.waiters.pushBack(w)
	p.stats.Waited++
	if p.opening < p.waiters.len || p.cfg.MinIdle > 0 {
		p.pump()
	}
	if !p.waitArmed && p.cfg.Timeout > 0 {
		p.armWait(p.cfg.Timeout)
	}
	p.mu.Unlock()
	asked := p.now()
	w.start.Store(asked)
	r, err := p.wait(ctx, w, asked)
	if err != nil {
		return Lease[C]{}, err
	}
	if p.vetted {
		return p.vet(ctx, r, asking{turn, asked})
	}
	return Lease[C]{r, r.gen.Load()}, nil
}

// wait waits for w to be served. The record it returns is counted as leased.
func (p *Pool[C]) wait(ctx context.Context, w *waiter[C], asked int64) (*Record[C], error) {
	if done := ctx.Done(); done == nil {
		<-w.ready
	} else {
		select {
		case <-w.ready:
		case <-done:
			p.waitNanos.Add(p.now() - asked)
			p.mu.Lock()
			p.stats.Canceled++
			if w.queued {
				p.waiters.remove(w)
				err := ended(ctx, p.since(asked), p.usage())
				p.mu.Unlock()
				p.dropWaiter(w)
				return nil, err
			}
			usage := p.usage()
			p.mu.Unlock()
			// Served in this moment: what came goes on to the next.
			<-w.ready
			r, err := w.rec, w.err
			p.dropWaiter(w)
			gone := ended(ctx, p.since(asked), usage)
			if r != nil {
				p.takeBack(r)
				return nil, gone
			}
			return nil, errors.Join(gone, err)
		}
	}
	r, err := w.rec, w.err
	p.waitNanos.Add(p.now() - asked)
	p.dropWaiter(w)
	return r, err
}

// vet looks at a connection that was taken for a caller, and finds another
// where it is of no use.
func (p *Pool[C]) vet(ctx context.Context, r *Record[C], asked asking) (Lease[C], error) {
	if r.host != nil { // its host was looked at
		return p.lend(r), nil
	}
	// Whatever ends this function early (a panic, Goexit), r is not lost.
	held := true
	defer func() {
		if held {
			p.reject(r, CauseEvent)
		}
	}()
	refused := 0
	for {
		cause, err := p.check(ctx, r, &asked)
		if err == nil {
			hook := p.cfg.Events.Checkout
			if hook == nil {
				break
			}
			if err = hook(ctx, r); err == nil {
				break
			}
			refused++
			if !errors.Is(err, ErrDisconnect) {
				held = false
				p.takeBack(r)
				return Lease[C]{}, err
			}
			if cause = CauseEvent; refused == checkouts {
				held = false
				p.reject(r, cause)
				return Lease[C]{}, fmt.Errorf("pool: the Checkout event refused %d connections: %w", refused, err)
			}
		}
		held = false
		if ctx.Err() != nil {
			p.reject(r, cause)
			p.mu.Lock()
			p.stats.Canceled++
			usage := p.usage()
			p.mu.Unlock()
			var waited time.Duration
			if asked.at != 0 {
				waited = p.since(asked.at)
			}
			return Lease[C]{}, ended(ctx, waited, usage)
		}
		if r, err = p.again(ctx, r, cause, &asked); err != nil {
			return Lease[C]{}, err
		}
		held = true
	}
	held = false
	r.fresh = false
	return p.lend(r), nil
}

// reject closes, in the background, a connection whose lease never began.
func (p *Pool[C]) reject(r *Record[C], cause Cause) {
	p.mu.Lock()
	p.stats.Acquired--
	p.mu.Unlock()
	p.discard(r, cause)
}

// takeBack returns a connection whose lease never began.
func (p *Pool[C]) takeBack(r *Record[C]) {
	p.mu.Lock()
	p.stats.Acquired--
	p.mu.Unlock()
	if r.host != nil {
		_ = p.unshare(r) // as below, told by the events and Stats
		return
	}
	if cause, bad := p.put(r); bad {
		p.closeLater(r, cause)
	}
}

// check finds out whether r can be leased, by Usable and Ping. New connections
// are not checked.
func (p *Pool[C]) check(ctx context.Context, r *Record[C], asked *asking) (Cause, error) {
	if r.fresh {
		return 0, nil
	}
	if !p.usable(r) {
		return CauseUnusable, errors.New("pool: the connection is not usable")
	}
	if !p.cfg.PrePing && p.cfg.PingIdle == 0 {
		return 0, nil
	}
	if asked.at == 0 {
		asked.at = p.now()
	}
	if !p.cfg.PrePing && p.now()-r.idleAt < int64(p.cfg.PingIdle) {
		return 0, nil
	}
	pctx, cancel := bound(ctx, p.cfg.PingTimeout)
	defer cancel()
	err := p.cfg.Ping(pctx, r.conn)
	p.mu.Lock()
	p.stats.Pings++
	if err != nil && ctx.Err() == nil {
		p.stats.PingErrors++
		if r.epoch == p.epoch {
			p.epoch++
		}
	}
	p.mu.Unlock()
	if err != nil {
		return CausePing, err
	}
	return 0, nil
}

// again gives up r, which turned out to be of no use, and finds another
// connection for the caller: it had its turn, so it waits in front of those who
// asked later. It is in line before the place of r is free.
func (p *Pool[C]) again(ctx context.Context, r *Record[C], cause Cause, asked *asking) (*Record[C], error) {
	now := p.now()
	if asked.at == 0 {
		asked.at = now
	}
	p.mu.Lock()
	p.leave(r)
	p.closing++
	p.stats.Acquired--
	p.closeLater(r, cause)
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	if r := p.sound(p.idle.take(p.cfg.FIFO), now); r != nil {
		p.leased++
		p.stats.Acquired++
		p.mu.Unlock()
		return r, nil
	}
	w := p.newWaiter(ctx, asked.turn)
	w.start.Store(asked.at)
	p.waiters.insert(w)
	p.stats.Waited++
	p.pump()
	if p.cfg.Timeout > 0 && p.waiters.front == w {
		p.armWait(max(0, p.cfg.Timeout-p.since(asked.at)))
	}
	p.mu.Unlock()
	return p.wait(ctx, w, asked.at)
}
