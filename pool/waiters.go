package pool

import (
	"context"
	"sync/atomic"
	"time"
)

// waiter is a caller that waits for a connection. Its place in the queue is
// guarded by Pool.mu; whoever takes it out sets rec or err and then sends on
// ready, exactly once.
type waiter[C any] struct {
	ready      chan struct{}
	rec        *Record[C]
	err        error
	ctx        context.Context // for the values that a dial made for it sees
	turn       uint64          // its number among all who asked
	start      atomic.Int64    // when it asked, see Pool.now; 0 while not yet noted
	queued     bool
	prev, next *waiter[C]
}

// waiters is the queue: the front is served first.
type waiters[C any] struct {
	front, back *waiter[C]
	len         int
}

func (q *waiters[C]) pushBack(w *waiter[C]) {
	w.prev, w.next, w.queued = q.back, nil, true
	if q.back != nil {
		q.back.next = w
	} else {
		q.front = w
	}
	q.back = w
	q.len++
}

// insert puts w where its turn is: it was served before, with a connection that
// was of no use.
func (q *waiters[C]) insert(w *waiter[C]) {
	at := q.front
	for at != nil && at.turn < w.turn {
		at = at.next
	}
	if at == nil {
		q.pushBack(w)
		return
	}
	w.prev, w.next, w.queued = at.prev, at, true
	if at.prev != nil {
		at.prev.next = w
	} else {
		q.front = w
	}
	at.prev = w
	q.len++
}

func (q *waiters[C]) remove(w *waiter[C]) {
	if w.prev != nil {
		w.prev.next = w.next
	} else {
		q.front = w.next
	}
	if w.next != nil {
		w.next.prev = w.prev
	} else {
		q.back = w.prev
	}
	w.prev, w.next, w.queued = nil, nil, false
	q.len--
}

func (q *waiters[C]) popFront() *waiter[C] {
	w := q.front
	if w != nil {
		q.remove(w)
	}
	return w
}

// at returns the i-th waiter from the front, or nil.
func (q *waiters[C]) at(i int) *waiter[C] {
	w := q.front
	for ; w != nil && i > 0; i-- {
		w = w.next
	}
	return w
}

func (p *Pool[C]) newWaiter(ctx context.Context, turn uint64) *waiter[C] {
	w, ok := p.spare.Get().(*waiter[C])
	if !ok {
		w = &waiter[C]{ready: make(chan struct{}, 1)}
	}
	w.ctx, w.turn = ctx, turn
	return w
}

// dropWaiter keeps w for the next caller. Nobody else refers to it, and its
// channel is empty.
func (p *Pool[C]) dropWaiter(w *waiter[C]) {
	w.rec, w.err, w.ctx = nil, nil, nil
	w.start.Store(0)
	p.spare.Put(w)
}

// serve hands r, or err, to a waiter that was taken out of the queue.
func (w *waiter[C]) serve(r *Record[C], err error) {
	w.rec, w.err = r, err
	w.ready <- struct{}{}
}

// One timer serves all waiters: they stand in the order in which they asked and
// have the same time to wait, so the front one is due first.

// armWait sees to it that the timer fires for the waiters. mu is held.
func (p *Pool[C]) armWait(d time.Duration) {
	if p.waitTimer == nil {
		p.waitTimer = time.AfterFunc(d, p.expireWaiters)
	} else {
		p.waitTimer.Reset(d)
	}
	p.waitArmed = true
}

// expireWaiters ends the wait of those whose time is up.
func (p *Pool[C]) expireWaiters() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waitArmed = false
	now := p.now()
	var usage *Usage // the same for all whose time is up together, but for Waiters
	for w := p.waiters.front; w != nil; w = p.waiters.front {
		start := w.start.Load()
		if start == 0 {
			start = now
		}
		if left := p.cfg.Timeout - time.Duration(now-start); left > 0 {
			p.armWait(left)
			return
		}
		p.waiters.remove(w)
		p.stats.Timeouts++
		if usage == nil {
			u := p.usage()
			usage = &u
		}
		usage.Waiters = p.waiters.len
		w.serve(nil, &TimeoutError{Usage: *usage, Waited: time.Duration(now - start), DialErr: p.dialErr})
	}
}
