package pool

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

// gate holds up a dial or a close until the script says how it ends.
type gate chan error

// play is a script of steps on a pool, and what is known of it without asking it.
type play struct {
	*bed
	mu         sync.Mutex // for what dials and closes write while the script is at rest
	dialGates  []gate
	closeGates []gate
	free       bool // gates are open

	held    map[*conn]*call
	epoch   int               // invalidations of the pool so far
	born    map[int]time.Time // end of the dial, by its number
	since   map[int]int       // epoch at the end of the dial
	used    map[*conn]bool    // leased before
	spoiled map[*conn]bool
	asked   map[*call]time.Time
	last    int // number of the last call that was served
	closed  bool
}

var errRefused = errors.New("refused")

// script reads a Config and steps from data and checks the pool after each step.
func script(t *testing.T, data []byte) {
	next := func() int {
		if len(data) == 0 {
			return 0
		}
		n := data[0]
		data = data[1:]
		return int(n)
	}
	a, c := next(), next()
	cfg := Config[*conn]{
		Size: 1 + a%3, Overflow: a / 3 % 3, MaxDials: a / 9 % 3, FIFO: a/27%2 == 1, Kind: Kind(a / 54 % 2),
		PrePing: c%2 == 1, Timeout: 40 * time.Second, DialTimeout: 30 * time.Second,
	}
	if c/2%2 == 1 {
		cfg.Recycle = 20 * time.Second
	}
	if c/4%2 == 1 {
		cfg.IdleLimit = 7 * time.Second
	}
	if c/8%2 == 1 {
		cfg.Usable = func(c *conn) bool { return !c.bad }
	}
	if c/16%2 == 1 {
		cfg.Backoff, cfg.BackoffLimit = 2*time.Second, 9*time.Second
	}
	if c/32%2 == 1 && cfg.Kind == Queue {
		cfg.MinIdle = 1 + c/64%2*(cfg.Size-1)
	}
	cfg.TrackLeases = c/128%2 == 1
	on(t, cfg, func(b *bed) {
		m := &play{
			bed: b, held: map[*conn]*call{}, born: map[int]time.Time{}, since: map[int]int{}, used: map[*conn]bool{},
			spoiled: map[*conn]bool{}, asked: map[*call]time.Time{}, last: -1,
		}
		b.s.dial = func(ctx context.Context, n int) (err error) {
			defer func() {
				m.mu.Lock()
				defer m.mu.Unlock()
				m.born[n], m.since[n] = time.Now(), m.epoch
			}()
			g := make(gate)
			m.mu.Lock()
			if m.free {
				m.mu.Unlock()
				return nil
			}
			m.dialGates = append(m.dialGates, g)
			m.mu.Unlock()
			select {
			case err := <-g:
				return err
			case <-ctx.Done():
				m.mu.Lock()
				defer m.mu.Unlock()
				m.dialGates = slices.DeleteFunc(m.dialGates, func(x gate) bool { return x == g })
				return ctx.Err()
			}
		}
		b.s.closing = func(*conn) error {
			g := make(gate)
			m.mu.Lock()
			if m.free {
				m.mu.Unlock()
				return nil
			}
			m.closeGates = append(m.closeGates, g)
			m.mu.Unlock()
			return <-g
		}
		b.s.ping = func(_ context.Context, c *conn) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			if m.spoiled[c] {
				if m.since[c.id] == m.epoch {
					m.epoch++
				}
				return errRefused
			}
			return nil
		}
		for len(data) > 0 {
			n := next()
			m.step(n%16, n/16)
			m.check()
		}
		m.finish()
	})
}

func pick[T any](from []T, n int) (T, bool) {
	if len(from) == 0 {
		var none T
		return none, false
	}
	return from[n%len(from)], true
}

// leased returns the calls that hold a lease, waiting those that are not done.
func (m *play) leased() (all []*call) {
	for _, c := range m.calls {
		if c.done && c.lease.Held() {
			all = append(all, c)
		}
	}
	return all
}

func (m *play) waiting() (all []*call) {
	for _, c := range m.calls {
		if !c.done {
			all = append(all, c)
		}
	}
	return all
}

func (m *play) step(op, arg int) {
	switch op {
	case 0, 1, 2:
		asked := time.Now()
		c := m.begin(len(m.calls))
		m.asked[c] = asked
	case 3, 4:
		if c, ok := pick(m.leased(), arg); ok {
			m.end(c, func(l Lease[*conn]) error { return l.Release() })
		}
	case 5:
		if c, ok := pick(m.waiting(), arg); ok {
			c.cancel()
			m.rest()
			if !c.done || !errors.Is(c.err, context.Canceled) {
				m.Errorf("call %d did not leave at once: %v, %v", c.n, c.done, c.err)
			}
		}
	case 6, 7, 8:
		if g, ok := pick(m.dialGates, arg); ok {
			m.dialGates = slices.DeleteFunc(m.dialGates, func(x gate) bool { return x == g })
			if op == 8 {
				g <- errDown
			} else {
				g <- nil
			}
		}
	case 9, 10:
		if g, ok := pick(m.closeGates, arg); ok {
			m.closeGates = slices.DeleteFunc(m.closeGates, func(x gate) bool { return x == g })
			g <- nil
		}
	case 11:
		if c, ok := pick(m.leased(), arg); ok {
			m.end(c, func(l Lease[*conn]) error { return l.Invalidate(errDown) })
		}
	case 12:
		if c, ok := pick(m.leased(), arg); ok && arg%2 == 0 {
			if m.since[c.lease.Conn().id] == m.epoch {
				m.epoch++
			}
			m.end(c, func(l Lease[*conn]) error { return l.InvalidateAll(errDown) })
		} else if arg%4 == 1 {
			m.epoch++
			m.p.InvalidateAll()
		}
	case 13:
		time.Sleep(time.Duration(arg) * time.Second)
	case 14:
		c, ok := pick(m.leased(), arg/4)
		if !ok {
			return
		}
		conn := c.lease.Conn()
		switch arg % 4 {
		case 0:
			c.lease.MarkDirty()
		case 1:
			c.lease.Retire(nil)
			m.spoiled[conn] = true
		case 2:
			conn.bad = true
			m.spoiled[conn] = m.spoiled[conn] || m.p.cfg.Usable != nil || m.p.cfg.PrePing
		case 3:
			delete(m.held, conn)
			m.s.forget()
			if _, err := c.lease.Detach(); err != nil {
				m.Errorf("Detach: %v", err)
			}
		}
	case 15:
		if arg == 15 && !m.closed {
			m.closed = true
			go func() { _ = m.p.Close() }()
		}
	}
	m.rest()
}

// end gives back a lease, and once more to no effect.
func (m *play) end(c *call, give func(Lease[*conn]) error) {
	delete(m.held, c.lease.Conn())
	go func() {
		if err := give(c.lease); err != nil {
			m.Errorf("giving back: %v", err)
		}
	}()
	m.rest()
	if err := give(c.lease); err != ErrReleased {
		m.Errorf("giving back a second time: %v", err)
	}
}

// check compares the pool with what is known.
func (m *play) check() {
	m.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.audit()
	s := m.p.Stats()
	m.s.mu.Lock()
	// The server's own count agrees with the books.
	if open := s.Idle + s.Leased + s.Closing; m.s.open != open || m.s.dialing != s.Opening {
		m.Errorf("the server has %d open and %d dialing, the books say %v", m.s.open, m.s.dialing, s)
	}
	m.s.mu.Unlock()
	if s.Leased != len(m.leased()) || s.Waiters != len(m.waiting()) {
		m.Errorf("%d callers have a lease and %d wait, the books say %v", len(m.leased()), len(m.waiting()), s)
	}
	if s.Opening != len(m.dialGates) || s.Closing != len(m.closeGates) {
		m.Errorf("%d dials and %d closes are under way, the books say %v", len(m.dialGates), len(m.closeGates), s)
	}
	for _, c := range m.leased() {
		conn := c.lease.Conn()
		switch other := m.held[conn]; {
		case other == c:
			continue
		case other != nil:
			m.Errorf("calls %d and %d have the same connection", other.n, c.n)
		}
		m.held[conn] = c
		// Newly served: in turn, and with a connection that is fit.
		if c.n < m.last {
			m.Errorf("call %d was served after call %d", c.n, m.last)
		}
		m.last = c.n
		used := m.used[conn]
		m.used[conn] = true
		if conn.closed || m.spoiled[conn] {
			m.Errorf("call %d got a connection that is not to be used: %+v", c.n, conn)
		}
		if m.since[conn.id] != m.epoch {
			m.Errorf("call %d got a connection from before an invalidation", c.n)
		}
		if age := time.Since(m.born[conn.id]); m.p.cfg.Recycle > 0 && age >= m.p.cfg.Recycle {
			m.Errorf("call %d got a connection of age %v", c.n, age)
		}
		if used && m.p.cfg.Kind == Null {
			m.Errorf("call %d got a used connection from a Null pool", c.n)
		}
	}
	for _, c := range m.waiting() {
		if m.closed {
			m.Errorf("call %d waits for a closed pool", c.n)
		}
		if w := time.Since(m.asked[c]); w > m.p.cfg.Timeout {
			m.Errorf("call %d has been waiting for %v", c.n, w)
		}
	}
	for _, c := range m.calls {
		switch err := c.err; {
		case err == nil, errors.Is(err, context.Canceled), errors.Is(err, ErrTimeout),
			err == errDown, err == context.DeadlineExceeded, m.p.cfg.Backoff > 0 && errors.As(err, new(*BackoffError)), m.closed && errors.Is(err, ErrClosed):
		default:
			m.Errorf("call %d: %v", c.n, err)
		}
	}
}

// finish opens all gates and gives back all leases: everything has to come to an
// end by itself.
func (m *play) finish() {
	m.mu.Lock()
	m.free = true
	m.mu.Unlock()
	m.s.most = 0
	for len(m.waiting())+len(m.leased())+len(m.dialGates)+len(m.closeGates) > 0 {
		for _, g := range slices.Concat(m.dialGates, m.closeGates) {
			g <- nil
		}
		m.dialGates, m.closeGates = nil, nil
		m.rest()
		if len(m.waiting()) > 0 {
			time.Sleep(time.Second) // the delay after a failed dial
		}
		for _, c := range m.leased() {
			m.release(c.lease)
		}
		m.rest()
	}
}

func TestRandomInterleavings(t *testing.T) {
	runs := 1500
	if testing.Short() {
		runs = 150
	}
	for seed := range uint64(runs) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		data := make([]byte, 20+rnd.IntN(200))
		for i := range data {
			data[i] = byte(rnd.Uint32())
		}
		script(t, data)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzInterleavings(f *testing.F) {
	for seed := range uint64(8) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		data := make([]byte, 100)
		for i := range data {
			data[i] = byte(rnd.Uint32())
		}
		f.Add(data)
	}
	f.Fuzz(script)
}
