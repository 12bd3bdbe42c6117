package pool

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Pool keeps connections of type C and lends them out. It is safe for
// concurrent use. It must be made by [New]; the zero Pool cannot be used.
type Pool[C any] struct {
	cfg   Config[C]
	limit int
	base  time.Time // what Pool.now counts from

	timed   bool // leases and returns need to know the time
	vetted  bool // a connection is looked at before it is leased
	handled bool // a connection is looked at before it goes back

	// The context of dials; it ends when the pool is closed.
	ctx    context.Context
	cancel context.CancelFunc

	first     chan struct{} // held while FirstConnect runs
	firstDone atomic.Bool

	spare     sync.Pool    // of *waiter[C]
	waitNanos atomic.Int64 // Stats.WaitTime

	// mu guards all below. It is never held while a function of the user is
	// called or a channel is waited for.
	mu      sync.Mutex
	idle    records[C]
	waiters waiters[C]
	leased  int
	opening int
	closing int
	epoch   uint64 // moved on by InvalidateAll and Close
	lastID  uint64
	turns   uint64     // given to callers who may wait
	vacant  records[C] // places without a connection
	warming []chan<- error
	stats   Stats      // only its counters
	held    records[C] // leased ones, with Config.TrackLeases
	host    *Record[C] // the connection that is out, of a Shared pool
	used    bool       // Acquire or Warm was called

	failures  int   // dials that failed in a row
	dialErr   error // of the last of them
	resting   bool  // until restUntil, after a failed dial
	restUntil int64
	restTimer *time.Timer

	waitTimer *time.Timer
	waitArmed bool
	reapTimer *time.Timer
	reapAt    int64 // when reapTimer fires; 0 while it is not set

	closed  bool
	drained chan struct{} // closed when the pool is closed and nothing is open
}

// New returns a pool that opens connections by cfg.Dial. It opens none itself:
// the first Acquire does. All mistakes in cfg are reported at once.
func New[C any](cfg Config[C]) (*Pool[C], error) {
	cfg, err := settings(cfg)
	if err != nil {
		return nil, err
	}
	p := &Pool[C]{
		cfg:     cfg,
		limit:   cfg.limit(),
		base:    time.Now(),
		timed:   cfg.Recycle > 0 || cfg.IdleLimit > 0 || cfg.PingIdle > 0,
		vetted:  cfg.Usable != nil || cfg.PrePing || cfg.PingIdle > 0 || cfg.Events.Checkout != nil || cfg.TrackLeases || cfg.Shared,
		handled: cfg.Usable != nil || cfg.Events.Checkin != nil || cfg.Kind == Null || cfg.Shared,
		first:   make(chan struct{}, 1),
		drained: make(chan struct{}),
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p, nil
}

// now returns the time since the pool was made, in nanoseconds, plus one: it is
// never 0. It reads the monotonic clock only.
func (p *Pool[C]) now() int64 { return int64(time.Since(p.base)) + 1 }

// total is the number of connections that count against the limit. mu is held.
func (p *Pool[C]) total() int { return p.idle.len + p.leased + p.opening + p.closing }

// usage describes the books for an error. mu is held.
func (p *Pool[C]) usage() Usage {
	return Usage{
		Size: p.cfg.Size, Overflow: p.cfg.Overflow,
		InUse: p.leased, Opening: p.opening, Closing: p.closing, Waiters: p.waiters.len,
		Holders: p.holders(),
	}
}

// spoiled says whether r may not be used again, and why. mu is held.
func (p *Pool[C]) spoiled(r *Record[C], now int64) (Cause, bool) {
	switch {
	case r.epoch != p.epoch:
		if p.closed {
			return CauseClosed, true
		}
		return CauseStale, true
	case p.cfg.Recycle > 0 && now-r.created >= int64(p.cfg.Recycle):
		return CauseAge, true
	case p.cfg.IdleLimit > 0 && now-r.idleAt >= int64(p.cfg.IdleLimit):
		return CauseIdle, true
	}
	return 0, false
}

// InvalidateAll makes every connection that is open now one not to be used
// again: idle ones are replaced when they would next be taken, leased ones are
// closed when they are returned. Those opened later are kept. It does no I/O.
//
// When one connection was found to be lost, [Lease.InvalidateAll] is the better
// choice: many users who find out at the same time do not invalidate the
// connections that were opened in between.
func (p *Pool[C]) InvalidateAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.epoch++
}

// place returns a record to open a connection in. mu is held.
func (p *Pool[C]) place() *Record[C] {
	if r := p.vacant.take(false); r != nil {
		return r
	}
	return &Record[C]{pool: p}
}

// vacate takes a record whose connection is gone, and does what follows from
// there being room. The caller has taken it out of its count. mu is held.
func (p *Pool[C]) vacate(r *Record[C]) {
	r.clear()
	if p.vacant.len < p.cfg.Size {
		p.vacant.pushBack(r)
	}
	p.pump()
	p.checkDrained()
}

func (p *Pool[C]) checkDrained() {
	if p.closed && p.total() == 0 {
		select {
		case <-p.drained:
		default:
			close(p.drained)
		}
	}
}
