package pool

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// conn is a connection that remembers what was done to it.
type conn struct {
	id     int
	closed bool
	resets int
	pings  int
	bad    bool // not usable
}

// server is the other end of all connections of a test. Its counts are taken
// without help of the pool.
type server struct {
	mu       sync.Mutex
	dials    int // begun
	dialing  int
	open     int
	most     int // of dialing + open, at any time
	closes   int
	twice    int // closed twice
	dial     func(ctx context.Context, n int) error
	ping     func(ctx context.Context, c *conn) error
	reset    func(ctx context.Context, c *conn) error
	closing  func(c *conn) error
	sequence []string
}

func (s *server) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sequence = append(s.sequence, fmt.Sprintf(format, args...))
}

func (s *server) Dial(ctx context.Context) (*conn, error) {
	s.mu.Lock()
	s.dials++
	s.dialing++
	s.most = max(s.most, s.dialing+s.open)
	n, dial := s.dials, s.dial
	s.mu.Unlock()
	err := errors.New("did not return")
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.dialing--
		if err == nil {
			s.open++
		}
	}()
	if dial != nil {
		if e := dial(ctx, n); e != nil {
			return nil, e
		}
	}
	err = nil
	return &conn{id: n}, nil
}

func (s *server) Close(c *conn) error {
	var err error
	if s.closing != nil {
		err = s.closing(c)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.closed {
		s.twice++
	}
	c.closed = true
	s.closes++
	s.open--
	return err
}

// forget stops counting one connection: it is about to be detached.
func (s *server) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
}

func (s *server) Ping(ctx context.Context, c *conn) error {
	c.pings++
	if s.ping != nil {
		return s.ping(ctx, c)
	}
	return nil
}

func (s *server) Reset(ctx context.Context, c *conn) error {
	c.resets++
	if s.reset != nil {
		return s.reset(ctx, c)
	}
	return nil
}

// bed is a pool on a server, in a bubble of its own time.
type bed struct {
	*testing.T
	p     *Pool[*conn]
	s     *server
	calls []*call
}

// rest waits until nothing moves any more, and then looks which calls are done.
func (b *bed) rest() {
	synctest.Wait()
	for _, c := range b.calls {
		select {
		case r := <-c.result:
			r.result, r.cancel, r.n, r.done = c.result, c.cancel, c.n, true
			*c = r
		default:
		}
	}
}

// on runs body with a pool made from cfg, to which it adds the server's
// functions. At the end it shuts the pool down, and checks that nothing is
// open, that nothing was closed twice, that there never were more connections
// than allowed, and (this is the bubble's doing) that no goroutine is left.
func on(t *testing.T, cfg Config[*conn], body func(b *bed)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		cfg.Dial, cfg.Close, cfg.Reset = s.Dial, s.Close, s.Reset
		if cfg.PrePing || cfg.PingIdle > 0 {
			cfg.Ping = s.Ping
		}
		p, err := New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		b := &bed{T: t, p: p, s: s}
		body(b)
		b.rest()
		b.audit()
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		if err := p.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		b.rest()
		b.audit()
		if s.open != 0 || s.dialing != 0 {
			t.Errorf("at the end: %d connections open, %d dials under way", s.open, s.dialing)
		}
		if s.twice != 0 {
			t.Errorf("%d connections closed twice", s.twice)
		}
		if s.most > p.limit {
			t.Errorf("the server saw %d connections at once, the limit is %d", s.most, p.limit)
		}
	})
}

// audit checks what must hold whenever mu is free.
func (b *bed) audit() {
	b.Helper()
	if err := audit(b.p); err != nil {
		b.Error(err)
	}
	// In the bubble timers are never late.
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	for r, now := b.p.idle.front, b.p.now(); r != nil; r = r.next {
		if at := b.p.due(r); at != 0 && at < now {
			b.Errorf("connection %d is still idle, %v after its time", r.id, time.Duration(now-at))
		}
	}
}

func audit[C any](p *Pool[C]) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	check := func(ok bool, rule string) {
		if !ok {
			errs = append(errs, fmt.Errorf("the books are wrong: not %s (%d idle, %d leased, %d opening, %d closing, %d waiting, limit %d, %+v)",
				rule, p.idle.len, p.leased, p.opening, p.closing, p.waiters.len, p.limit, p.stats))
		}
	}
	check(p.total() <= p.limit, "total <= limit")
	check(p.leased >= 0 && p.opening >= 0 && p.closing >= 0, "counts >= 0")
	check(p.idle.len <= p.cfg.Size, "idle <= size")
	check(p.idle.len == 0 || p.waiters.len == 0, "idle only when nobody waits")
	check(!p.closed || p.idle.len+p.waiters.len == 0, "nothing idle or waiting in a closed pool")
	check(p.opening >= p.waiters.len || !p.mayDial(), "a dial for each waiter where allowed")
	check(p.closed || p.resting || !p.wanting() || !p.mayDial(), "MinIdle where allowed")
	held := 0
	for r := p.held.front; r != nil; r = r.next {
		held++
		check(r.origin != nil, "a held lease has an origin")
	}
	check(held == p.held.len && (p.cfg.Shared || held <= p.leased), "held leases are leased")
	check(p.stats.Dialed == uint64(p.idle.len+p.leased+p.closing)+p.stats.Detached+p.stats.AllClosed(), "dialed == open + detached + closed")
	n := 0
	for r := p.idle.front; r != nil; r = r.next {
		n++
	}
	check(n == p.idle.len, "the idle list has its length")
	n = 0
	for w := p.waiters.front; w != nil; w = w.next {
		n++
	}
	check(n == p.waiters.len, "the queue has its length")
	return errors.Join(errs...)
}

func (b *bed) acquire() Lease[*conn] {
	b.Helper()
	l, err := b.p.Acquire(b.Context())
	if err != nil {
		b.Fatalf("Acquire: %v", err)
	}
	return l
}

func (b *bed) acquireN(n int) []Lease[*conn] {
	b.Helper()
	var all []Lease[*conn]
	for range n {
		all = append(all, b.acquire())
	}
	return all
}

func (b *bed) release(ls ...Lease[*conn]) {
	b.Helper()
	for _, l := range ls {
		if err := l.Release(); err != nil {
			b.Errorf("Release: %v", err)
		}
	}
}

// call is an Acquire on a goroutine of its own.
type call struct {
	n      int
	cancel context.CancelFunc
	done   bool
	lease  Lease[*conn]
	err    error
	took   time.Duration
	result chan call
}

// begin starts an Acquire and returns when it is done or waits.
func (b *bed) begin(n int) *call {
	ctx, cancel := context.WithCancel(context.Background())
	c := &call{n: n, cancel: cancel, result: make(chan call, 1)}
	b.calls = append(b.calls, c)
	go func() {
		start := time.Now()
		l, err := b.p.Acquire(ctx)
		c.result <- call{lease: l, err: err, took: time.Since(start)}
	}()
	b.rest()
	return c
}

// served waits for everything to come to rest and checks which of the calls
// have a lease.
func (b *bed) served(calls []*call, want ...int) {
	b.Helper()
	b.rest()
	var got []int
	for _, c := range calls {
		if c.done && c.err == nil {
			got = append(got, c.n)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.Fatalf("served are %v, want %v", got, want)
	}
}

// counts checks idle, leased, opening, closing and waiting.
func (b *bed) counts(want ...int) {
	b.Helper()
	b.rest()
	s := b.p.Stats()
	if got := []int{s.Idle, s.Leased, s.Opening, s.Closing, s.Waiters}; fmt.Sprint(got) != fmt.Sprint(want) {
		b.Fatalf("idle, leased, opening, closing, waiting are %v, want %v", got, want)
	}
	b.audit()
}

func (b *bed) closedBy(c Cause, want uint64) {
	b.Helper()
	b.rest()
	if got := b.p.Stats().Closed[c]; got != want {
		b.Errorf("closed by %q: %d, want %d", c, got, want)
	}
}

func (b *bed) dials(want int) {
	b.Helper()
	b.rest()
	if b.s.dials != want {
		b.Errorf("%d dials, want %d", b.s.dials, want)
	}
}

func (b *bed) sequence(want string) {
	b.Helper()
	b.rest()
	if got := fmt.Sprint(b.s.sequence); got != "["+want+"]" {
		b.Errorf("the sequence is %v, want [%s]", got, want)
	}
}

var errDown = errors.New("server is down")
