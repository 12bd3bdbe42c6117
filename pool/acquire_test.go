package pool

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

func TestNewDialsNothing(t *testing.T) {
	on(t, Config[*conn]{}, func(b *bed) {
		b.dials(0)
		b.release(b.acquire())
		b.dials(1)
		b.counts(1, 0, 0, 0, 0)
	})
}

func TestSizeAndOverflow(t *testing.T) {
	for _, overflow := range []int{2, Unlimited} {
		on(t, Config[*conn]{Size: 2, Overflow: overflow}, func(b *bed) {
			for round := range 5 {
				ls := b.acquireN(4)
				b.counts(0, 4, 0, 0, 0)
				b.release(ls[2], ls[3], ls[0], ls[1])
				b.counts(2, 0, 0, 0, 0)
				if want := uint64(2 * (round + 1)); b.p.Stats().Closed[CauseSurplus] != want {
					b.Errorf("round %d: %v, want %d surplus ones closed", round, b.p.Stats(), want)
				}
			}
		})
	}
}

func TestTimeoutIsExact(t *testing.T) {
	for _, d := range []time.Duration{500 * time.Millisecond, 2 * time.Second, 0} {
		on(t, Config[*conn]{Size: 1, Timeout: d}, func(b *bed) {
			want := d
			if want == 0 {
				want = DefaultTimeout
			}
			l := b.acquire()
			var calls []*call
			for i := range 5 {
				calls = append(calls, b.begin(i))
				time.Sleep(100 * time.Millisecond)
			}
			time.Sleep(want)
			b.rest()
			for _, c := range calls {
				var te *TimeoutError
				if !c.done || !errors.Is(c.err, ErrTimeout) || !errors.As(c.err, &te) {
					b.Fatalf("call %d: done %v, %v", c.n, c.done, c.err)
				}
				if c.took != want || te.Waited != want {
					b.Errorf("call %d took %v and says %v, want %v", c.n, c.took, te.Waited, want)
				}
				if te.Size != 1 || te.InUse != 1 || te.Waiters != 4-c.n && d != 500*time.Millisecond {
					b.Errorf("call %d: %+v", c.n, te)
				}
			}
			b.counts(0, 1, 0, 0, 0)
			b.release(l)
		})
	}
}

func TestNoTimeout(t *testing.T) {
	on(t, Config[*conn]{Size: 1, Timeout: -1}, func(b *bed) {
		l := b.acquire()
		c := b.begin(0)
		time.Sleep(1000 * time.Hour)
		b.release(l)
		b.served([]*call{c}, 0)
		b.release(c.lease)
	})
}

func TestContextEndsTheWait(t *testing.T) {
	on(t, Config[*conn]{Size: 1}, func(b *bed) {
		l := b.acquire()
		why := errors.New("the user went home")
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(3*time.Second, func() { cancel(why) })
		_, err := b.p.Acquire(ctx)
		var we *WaitError
		if !errors.Is(err, context.Canceled) || !errors.Is(err, why) || !errors.As(err, &we) || errors.Is(err, ErrTimeout) {
			b.Fatalf("%v", err)
		}
		if we.Waited != 3*time.Second || we.InUse != 1 {
			b.Errorf("%+v", we)
		}
		b.counts(0, 1, 0, 0, 0)
		b.release(l)

		// With a connection there for the taking, too.
		if _, err := b.p.Acquire(ctx); !errors.Is(err, context.Canceled) || !errors.Is(err, why) {
			b.Fatalf("%v", err)
		}
		b.counts(1, 0, 0, 0, 0)
	})
}

func TestWaitersAreServedInOrder(t *testing.T) {
	on(t, Config[*conn]{Size: 2}, func(b *bed) {
		ls := b.acquireN(2)
		var calls []*call
		for i := range 10 {
			calls = append(calls, b.begin(i))
		}
		b.counts(0, 2, 0, 0, 10)
		b.release(ls[0])
		b.served(calls, 0)
		calls[1].cancel()
		calls[3].cancel()
		b.counts(0, 2, 0, 0, 7)
		b.release(ls[1])
		b.served(calls, 0, 2)
		b.release(calls[0].lease)
		b.served(calls, 0, 2, 4)
		// One who comes just as a connection is returned does not overtake.
		b.release(calls[2].lease)
		late := b.begin(10)
		b.served(append(calls, late), 0, 2, 4, 5)
		if err := calls[4].lease.Invalidate(nil); err != nil {
			b.Fatal(err)
		}
		b.served(calls, 0, 2, 4, 5, 6)
		b.s.forget()
		if _, err := calls[5].lease.Detach(); err != nil {
			b.Fatal(err)
		}
		b.served(calls, 0, 2, 4, 5, 6, 7)
		for _, i := range []int{6, 7, 8, 9} {
			b.release(calls[i].lease)
			b.rest()
		}
		b.served([]*call{late}, 10)
		b.release(late.lease)
	})
}

func TestManyCallersAreServedInOrder(t *testing.T) {
	on(t, Config[*conn]{Size: 3, Timeout: -1}, func(b *bed) {
		held := b.acquireN(3)
		var order []int
		for i := range 500 {
			go func() {
				l, err := b.p.Acquire(context.Background())
				if err != nil {
					b.Error(err)
					return
				}
				order = append(order, i) // one at a time: there is one connection in use
				if err := l.Release(); err != nil {
					b.Error(err)
				}
			}()
			b.rest()
		}
		b.release(held[0])
		b.rest()
		b.release(held[1:]...)
		if len(order) != 500 {
			b.Fatalf("%d served", len(order))
		}
		for i, n := range order {
			if i != n {
				b.Fatalf("caller %d was served as number %d", n, i)
			}
		}
	})
}

func TestDialFailureGivesThePlaceBack(t *testing.T) {
	on(t, Config[*conn]{Size: 1, Overflow: 1, Recycle: time.Minute}, func(b *bed) {
		l := b.acquire()
		b.s.dial = func(context.Context, int) error { return errDown }
		for range 5 { // overflow
			if _, err := b.p.Acquire(b.Context()); err != errDown {
				b.Fatalf("%v, want the dial's own error", err)
			}
			b.counts(0, 1, 0, 0, 0)
		}
		if err := l.Invalidate(nil); err != nil { // a place that had a connection
			b.Fatal(err)
		}
		if _, err := b.p.Acquire(b.Context()); err != errDown {
			b.Fatal(err)
		}
		b.s.dial = nil
		b.release(b.acquire())
		time.Sleep(time.Minute)
		b.s.dial = func(context.Context, int) error { return errDown }
		if _, err := b.p.Acquire(b.Context()); err != errDown { // one past its age
			b.Fatal(err)
		}
		b.counts(0, 0, 0, 0, 0)
		b.s.dial = nil
		b.release(b.acquireN(2)...)
	})
}

func TestEachWaiterGetsOneDialError(t *testing.T) {
	on(t, Config[*conn]{Size: 2}, func(b *bed) {
		b.s.dial = func(ctx context.Context, n int) error { time.Sleep(time.Second); return errDown }
		var calls []*call
		for i := range 6 {
			calls = append(calls, b.begin(i))
		}
		b.counts(0, 0, 2, 0, 6)
		time.Sleep(time.Hour)
		b.rest()
		for i, c := range calls {
			if c.err != errDown || c.took > time.Duration(i/2+1)*time.Second {
				b.Errorf("call %d: %v after %v", i, c.err, c.took)
			}
		}
		b.dials(6)
	})
}

func TestHangingDialHoldsUpNobody(t *testing.T) {
	on(t, Config[*conn]{Size: 2}, func(b *bed) {
		b.release(b.acquire())
		held := b.acquire()
		hang := make(chan struct{})
		b.s.dial = func(context.Context, int) error { <-hang; return nil }
		c := b.begin(0)
		b.counts(0, 1, 1, 0, 1)
		b.release(held)
		b.served([]*call{c}, 0) // by the connection that came back
		b.counts(0, 1, 1, 0, 0)
		b.release(c.lease)
		b.release(b.acquire())
		close(hang)
		b.counts(2, 0, 0, 0, 0) // the dial was not in vain
	})
}

func TestCallerWhoLeavesDoesNotWasteTheDial(t *testing.T) {
	on(t, Config[*conn]{Size: 1}, func(b *bed) {
		type key struct{}
		hang := make(chan struct{})
		b.s.dial = func(ctx context.Context, _ int) error {
			if ctx.Value(key{}) != "value" {
				b.Error("the dial does not see the values of its caller")
			}
			select {
			case <-hang:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		for range 2 {
			ctx, cancel := context.WithTimeout(context.WithValue(context.Background(), key{}, "value"), time.Second)
			start := time.Now()
			_, err := b.p.Acquire(ctx)
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
				b.Fatalf("%v after %v", err, time.Since(start))
			}
			b.counts(0, 0, 1, 0, 0)
		}
		c := b.begin(1)
		close(hang)
		b.served([]*call{c}, 1)
		b.release(c.lease)
		b.dials(1)
	})
}

func TestDialTimeout(t *testing.T) {
	on(t, Config[*conn]{Size: 1, DialTimeout: 7 * time.Second}, func(b *bed) {
		b.s.dial = func(ctx context.Context, _ int) error { <-ctx.Done(); return ctx.Err() }
		start := time.Now()
		if _, err := b.p.Acquire(b.Context()); err != context.DeadlineExceeded || time.Since(start) != 7*time.Second {
			b.Fatalf("%v after %v", err, time.Since(start))
		}
	})
}

func TestMaxDials(t *testing.T) {
	on(t, Config[*conn]{Size: 10, MaxDials: 3}, func(b *bed) {
		most, now := 0, 0
		var mu sync.Mutex
		b.s.dial = func(_ context.Context, n int) error {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			now--
			mu.Unlock()
			if n%4 == 0 {
				return errDown
			}
			return nil
		}
		var calls []*call
		for i := range 9 {
			calls = append(calls, b.begin(i))
		}
		b.counts(0, 0, 3, 0, 9)
		time.Sleep(3 * time.Second)
		b.rest()
		for _, c := range calls {
			if !c.done {
				b.Fatalf("call %d still waits: %v", c.n, b.p.Stats())
			}
			if c.err == nil {
				b.release(c.lease)
			}
		}
		if most != 3 {
			b.Errorf("%d dials at once, want 3", most)
		}
	})
}

func TestLIFOAndFIFO(t *testing.T) {
	for _, fifo := range []bool{false, true} {
		on(t, Config[*conn]{Size: 3, FIFO: fifo}, func(b *bed) {
			ls := b.acquireN(3)
			b.release(ls[1], ls[0], ls[2])
			want := []int{3, 1, 2}
			if fifo {
				want = []int{2, 1, 3}
			}
			for i, l := range b.acquireN(3) {
				if l.Conn().id != want[i] {
					b.Errorf("fifo %v: %d-th is connection %d, want %d", fifo, i, l.Conn().id, want[i])
				}
				defer b.release(l)
			}
		})
	}
}

func TestPrePing(t *testing.T) {
	on(t, Config[*conn]{Size: 2, PrePing: true}, func(b *bed) {
		l := b.acquire()
		c := l.Conn()
		if c.pings != 0 {
			b.Error("a new connection was pinged")
		}
		for i := range 3 {
			b.release(l)
			if l = b.acquire(); l.Conn() != c || c.pings != i+1 {
				b.Errorf("connection %d, %d pings at checkout %d", l.Conn().id, c.pings, i+1)
			}
		}
		// The server was restarted: a new connection, silently, and not pinged.
		b.release(l)
		b.s.ping = func(_ context.Context, x *conn) error {
			if x == c {
				return errDown
			}
			return nil
		}
		l = b.acquire()
		if l.Conn() == c || l.Conn().pings != 0 || c.resets != 0 {
			b.Errorf("connection %+v after %+v", l.Conn(), c)
		}
		b.closedBy(CausePing, 1)
		if !c.closed {
			b.Error("the lost connection was not closed")
		}
		// The server stays down: the error of the dial.
		b.s.ping = func(context.Context, *conn) error { return errors.New("lost") }
		b.s.dial = func(context.Context, int) error { return errDown }
		b.release(l)
		if _, err := b.p.Acquire(b.Context()); err != errDown {
			b.Errorf("%v, want the dial's error", err)
		}
		b.counts(0, 0, 0, 0, 0)
	})
}

func TestFailedPingIsTrustedForAllOlderConnections(t *testing.T) {
	on(t, Config[*conn]{Size: 5, PrePing: true}, func(b *bed) {
		b.release(b.acquireN(5)...)
		pings := 0
		b.s.ping = func(context.Context, *conn) error { pings++; return errDown }
		b.release(b.acquire())
		if pings != 1 {
			b.Errorf("%d pings, want 1", pings)
		}
		b.closedBy(CausePing, 1)
		b.closedBy(CauseStale, 4)
		b.dials(6)
	})
}

func TestPingIdle(t *testing.T) {
	on(t, Config[*conn]{Size: 1, PingIdle: time.Minute}, func(b *bed) {
		l := b.acquire()
		c := l.Conn()
		time.Sleep(time.Hour) // in use, not idle
		for _, step := range []struct {
			idle  time.Duration
			pings int
		}{{0, 0}, {59 * time.Second, 0}, {time.Minute, 1}, {time.Second, 1}, {time.Hour, 2}} {
			b.release(l)
			time.Sleep(step.idle)
			if l = b.acquire(); c.pings != step.pings {
				b.Errorf("%d pings after %v idle, want %d", c.pings, step.idle, step.pings)
			}
		}
		b.release(l)
	})
}

func TestPingIsBounded(t *testing.T) {
	on(t, Config[*conn]{Size: 1, PrePing: true, PingTimeout: 2 * time.Second}, func(b *bed) {
		b.release(b.acquire())
		b.s.ping = func(ctx context.Context, _ *conn) error { <-ctx.Done(); return ctx.Err() }
		start := time.Now()
		l := b.acquire()
		if time.Since(start) != 2*time.Second || l.Conn().id != 2 {
			b.Errorf("connection %d after %v", l.Conn().id, time.Since(start))
		}
		b.release(l)
		// The caller's own context ends the ping: its error, and one
		// connection less, but no distrust of the others.
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, err := b.p.Acquire(ctx); !errors.Is(err, context.DeadlineExceeded) {
			b.Error(err)
		}
		b.counts(0, 0, 0, 0, 0)
		if s := b.p.Stats(); s.Pings != 2 || s.PingErrors != 1 || s.Acquired != 2 {
			b.Errorf("%+v", s)
		}
	})
}

func TestConnectionThatWasIdleIsPingedEvenIfNeverUsed(t *testing.T) {
	on(t, Config[*conn]{Size: 1, PrePing: true}, func(b *bed) {
		if err := b.p.Warm(b.Context(), 1); err != nil {
			b.Fatal(err)
		}
		time.Sleep(time.Hour)
		l := b.acquire()
		if l.Conn().pings != 1 {
			b.Errorf("%d pings, want 1", l.Conn().pings)
		}
		b.release(l)
	})
}

func TestServedAndCancelledInOneMoment(t *testing.T) {
	on(t, Config[*conn]{Size: 1}, func(b *bed) {
		left := 0
		for range 300 {
			l := b.acquire()
			c, next := b.begin(0), b.begin(1)
			b.release(l)
			c.cancel()
			b.rest()
			if c.err == nil { // it took the connection
				b.release(c.lease)
			} else if left++; !errors.Is(c.err, context.Canceled) {
				b.Fatal(c.err)
			}
			b.served([]*call{next}, 1)
			b.release(next.lease)
		}
		b.counts(1, 0, 0, 0, 0)
		b.dials(1)
		if s := b.p.Stats(); s.Acquired != uint64(900-left) || s.Canceled != uint64(left) {
			b.Errorf("%d left, %v", left, s)
		}
	})
}

func TestCallerWithABrokenConnectionKeepsItsTurn(t *testing.T) {
	on(t, Config[*conn]{Size: 1, PrePing: true}, func(b *bed) {
		b.release(b.acquire())
		b.s.ping = func(context.Context, *conn) error { time.Sleep(time.Second); return errDown }
		first := b.begin(0) // gets the idle connection, pings it
		calls := []*call{first, b.begin(1), b.begin(2)}
		b.counts(0, 1, 0, 0, 2)
		time.Sleep(time.Second)
		b.served(calls, 0)
		b.s.ping = nil
		b.release(first.lease)
		b.served(calls, 0, 1)
		b.release(calls[1].lease)
		b.served(calls, 0, 1, 2)
		b.release(calls[2].lease)
	})
}

func TestUsable(t *testing.T) {
	on(t, Config[*conn]{Size: 3, Usable: func(c *conn) bool { return !c.bad }}, func(b *bed) {
		ls := b.acquireN(3)
		ls[0].Conn().bad = true
		one := ls[1].Conn()
		b.release(ls...)
		b.counts(2, 0, 0, 0, 0)
		b.closedBy(CauseUnusable, 1)
		one.bad = true // while idle
		l, m := b.acquire(), b.acquire()
		if l.Conn().id != 3 || m.Conn().id != 4 {
			b.Errorf("connections %d, %d", l.Conn().id, m.Conn().id)
		}
		b.closedBy(CauseUnusable, 2)
		b.release(l, m)
	})
}

func TestRecycleCountsFromTheDial(t *testing.T) {
	on(t, Config[*conn]{Size: 1, Recycle: 30 * time.Second}, func(b *bed) {
		b.release(b.acquire())
		time.Sleep(time.Second)
		l := b.acquire()
		time.Sleep(28 * time.Second)
		if l.Conn().id != 1 {
			b.Error("replaced too early")
		}
		c := b.begin(0)
		time.Sleep(2 * time.Second) // in use past its age
		b.release(l)
		b.served([]*call{c}, 0)
		if c.lease.Conn().id != 2 {
			b.Error("not replaced at its age")
		}
		b.release(c.lease)
		time.Sleep(29 * time.Second)
		b.counts(1, 0, 0, 0, 0)
		time.Sleep(time.Second)
		b.counts(0, 0, 0, 0, 0) // nobody had to ask
		b.closedBy(CauseAge, 2)
	})
}

func TestIdleLimit(t *testing.T) {
	on(t, Config[*conn]{Size: 3, IdleLimit: 10 * time.Second}, func(b *bed) {
		ls := b.acquireN(3)
		time.Sleep(time.Hour)
		b.release(ls...)
		for range 5 { // one is used all the time
			time.Sleep(3 * time.Second)
			b.release(b.acquire())
		}
		b.counts(1, 0, 0, 0, 0)
		b.closedBy(CauseIdle, 2)
		time.Sleep(10 * time.Second)
		b.counts(0, 0, 0, 0, 0)
		b.closedBy(CauseIdle, 3)
	})
}

func TestIdleConnectionsAreClosedInTime(t *testing.T) {
	on(t, Config[*conn]{Size: 3, Recycle: 30 * time.Second}, func(b *bed) {
		old := b.acquire()
		time.Sleep(10 * time.Second)
		middle := b.acquire()
		time.Sleep(10 * time.Second)
		young := b.acquire()
		// The order of return is not that of age.
		b.release(young)
		b.release(middle)
		b.release(old)
		for idle := range 3 {
			b.counts(3-idle, 0, 0, 0, 0)
			time.Sleep(10 * time.Second)
			b.counts(2-idle, 0, 0, 0, 0)
		}
	})
}

func TestPanicsDoNotLosePlaces(t *testing.T) {
	boom := false
	cfg := Config[*conn]{Size: 1, Usable: func(*conn) bool {
		if boom {
			panic("boom")
		}
		return true
	}}
	on(t, cfg, func(b *bed) {
		caught := func(f func()) (v any) {
			defer func() { v = recover() }()
			f()
			return nil
		}
		b.s.dial = func(context.Context, int) error { panic("no route") }
		if _, err := b.p.Acquire(b.Context()); err == nil {
			b.Error("no error from a Dial that panics")
		}
		b.counts(0, 0, 0, 0, 0)
		b.s.dial = nil
		l := b.acquire()
		boom = true
		if v := caught(func() { _ = l.Release() }); v != "boom" {
			b.Errorf("recovered %v", v)
		}
		b.counts(0, 0, 0, 0, 0)
		boom = false
		b.release(b.acquire())
		boom = true
		if v := caught(func() { _, _ = b.p.Acquire(b.Context()) }); v != "boom" {
			b.Errorf("recovered %v", v)
		}
		b.counts(0, 0, 0, 0, 0)
	})
}

func TestWarm(t *testing.T) {
	on(t, Config[*conn]{Size: 5, MaxDials: 2}, func(b *bed) {
		b.s.dial = func(context.Context, int) error { time.Sleep(time.Second); return nil }
		start := time.Now()
		if err := b.p.Warm(b.Context(), 5); err != nil || time.Since(start) != 3*time.Second {
			b.Fatalf("%v after %v", err, time.Since(start))
		}
		b.counts(5, 0, 0, 0, 0)
		if err := b.p.Warm(b.Context(), 5); err != nil {
			b.Error(err)
		}
		b.dials(5)
		if err := b.p.Warm(b.Context(), 6); err == nil {
			b.Error("more than Size was not refused")
		}
		b.p.InvalidateAll()
		b.release(b.acquire())
		b.s.dial = func(context.Context, int) error { return errDown }
		if err := b.p.Warm(b.Context(), 3); !errors.Is(err, errDown) {
			b.Error(err)
		}
		b.counts(1, 0, 0, 0, 0)
	})
}

func TestEveryLoserOfARaceWaitsTheWholeTimeout(t *testing.T) {
	on(t, Config[*conn]{Size: 2, Overflow: 1, Timeout: 1500 * time.Millisecond}, func(b *bed) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		var won []Lease[*conn]
		var lost []time.Duration
		for range 10 {
			wg.Go(func() {
				start := time.Now()
				l, err := b.p.Acquire(b.Context())
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won = append(won, l)
				case errors.Is(err, ErrTimeout):
					lost = append(lost, time.Since(start))
				default:
					b.Error(err)
				}
			})
		}
		wg.Wait()
		if len(won) != 3 || len(lost) != 7 {
			b.Fatalf("%d won and %d lost", len(won), len(lost))
		}
		for _, took := range lost {
			if took != 1500*time.Millisecond {
				b.Errorf("a loser waited for %v", took)
			}
		}
		b.release(won...)
	})
}

func TestPoolsOfOneConfigAreAlikeAndApart(t *testing.T) {
	on(t, Config[*conn]{Size: 1, Overflow: 2, Timeout: time.Second, Recycle: time.Minute, FIFO: true}, func(b *bed) {
		old := b.acquire()
		cfg := b.p.cfg
		if err := b.p.Close(); err != nil {
			b.Fatal(err)
		}
		next, err := New(cfg)
		if err != nil {
			b.Fatal(err)
		}
		b.dials(1) // not by New
		l, err := next.Acquire(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		c := old.Conn()
		b.release(old)
		if s := next.Stats(); !c.closed || s.Idle != 0 || s.Leased != 1 || s.Size != 1 || s.Limit != 3 {
			b.Errorf("%+v, %v", c, s)
		}
		if next.cfg.Timeout != time.Second || next.cfg.Recycle != time.Minute || !next.cfg.FIFO {
			b.Errorf("%+v", next.cfg)
		}
		b.release(l)
		if err := next.Close(); err != nil {
			b.Error(err)
		}
	})
}

func TestWithoutPrePingALostConnectionIsHandedOut(t *testing.T) {
	on(t, Config[*conn]{Size: 1}, func(b *bed) {
		b.s.ping = func(context.Context, *conn) error { return errDown }
		b.release(b.acquire())
		l := b.acquire() // its user finds out
		if l.ID() != 1 || l.Conn().pings != 0 {
			b.Errorf("%+v", l.Conn())
		}
		_ = l.InvalidateAll(errDown)
		b.rest()
		l = b.acquire()
		if l.ID() != 2 {
			b.Error("the lost connection was not replaced")
		}
		b.release(l)
	})
}

func TestPingAfterAReplacement(t *testing.T) {
	on(t, Config[*conn]{Size: 1, PrePing: true, Recycle: time.Minute}, func(b *bed) {
		b.release(b.acquire())
		time.Sleep(time.Minute)
		l := b.acquire()
		if l.ID() != 2 || l.Conn().pings != 0 {
			b.Errorf("a connection that was just opened was pinged: %+v", l.Conn())
		}
		b.release(l)
		l = b.acquire()
		if l.ID() != 2 || l.Conn().pings != 1 {
			b.Errorf("%+v", l.Conn())
		}
		b.release(l)
	})
}
