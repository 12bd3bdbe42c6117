package pool

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// attempts records when dials begin, by the time since it was made.
func (b *bed) attempts(fail func(n int) error) *[]time.Duration {
	var at []time.Duration
	start := time.Now()
	b.s.dial = func(_ context.Context, n int) error {
		b.s.mu.Lock()
		defer b.s.mu.Unlock()
		at = append(at, time.Since(start))
		return fail(n)
	}
	return &at
}

func TestBackoffGrowsToItsLimit(t *testing.T) {
	different := false
	for range 4 {
		on(t, Config[*conn]{Size: 3, MaxDials: 1, Backoff: time.Second, BackoffLimit: 10 * time.Second}, func(b *bed) {
			at := b.attempts(func(int) error { return errDown })
			bounds := []time.Duration{1, 2, 4, 8, 10, 10}
			for n, want := range bounds {
				want *= time.Second
				if _, err := b.p.Acquire(b.Context()); err != errDown {
					b.Fatalf("%v, want the dial's own error", err)
				}
				b.dials(n + 1)
				if got := b.p.Stats().Failing; got != n+1 {
					b.Errorf("%d failing, want %d", got, n+1)
				}
				// During the delay the same error comes at once, without a dial.
				start := time.Now()
				_, err := b.p.Acquire(b.Context())
				e, ok := errors.AsType[*BackoffError](err)
				if !ok || !errors.Is(err, errDown) || e.Failures != n+1 || time.Since(start) != 0 {
					b.Fatalf("%v after %v", err, time.Since(start))
				}
				if e.Next < want/2 || e.Next > want {
					b.Errorf("delay %d is %v, want from %v to %v", n, e.Next, want/2, want)
				}
				different = different || e.Next != want
				b.dials(n + 1)
				time.Sleep(e.Next - 1)
				if _, err := b.p.Acquire(b.Context()); !errors.As(err, &e) {
					b.Fatal(err)
				}
				b.dials(n + 1)
				time.Sleep(time.Nanosecond)
				b.rest()
			}
			if len(*at) != len(bounds) {
				b.Errorf("dials at %v", *at)
			}
			// One that succeeds ends it.
			b.s.dial = nil
			b.release(b.acquire())
			if got := b.p.Stats().Failing; got != 0 {
				b.Errorf("%d failing after a success", got)
			}
			_ = b.acquire().Invalidate(nil)
			b.rest()
			b.release(b.acquire())
			b.dials(len(bounds) + 2)
		})
	}
	if !different {
		t.Error("the delays are not jittered")
	}
}

func TestBackoffTellsAllWhoWait(t *testing.T) {
	on(t, Config[*conn]{Size: 5, MaxDials: 1, Backoff: time.Minute}, func(b *bed) {
		b.s.dial = func(context.Context, int) error { time.Sleep(time.Second); return errDown }
		var calls []*call
		for i := range 4 {
			calls = append(calls, b.begin(i))
		}
		warm := make(chan error, 1)
		go func() { warm <- b.p.Warm(b.Context(), 5) }()
		time.Sleep(time.Second)
		b.rest()
		for i, c := range calls {
			if !c.done || !errors.Is(c.err, errDown) || errors.As(c.err, new(*BackoffError)) != (i > 0) {
				b.Errorf("call %d: %v, %v", i, c.done, c.err)
			}
		}
		if err := <-warm; !errors.Is(err, errDown) {
			b.Errorf("Warm: %v", err)
		}
		b.dials(1)
		b.counts(0, 0, 0, 0, 0)
	})
}

func TestBackoffWaitsForWhatIsLeased(t *testing.T) {
	on(t, Config[*conn]{Size: 2, Backoff: 10 * time.Second, Timeout: time.Minute}, func(b *bed) {
		l := b.acquire()
		b.s.dial = func(context.Context, int) error { return errDown }
		first := b.begin(0)
		if first.err != errDown {
			b.Fatalf("%v", first.err)
		}
		calls := []*call{b.begin(1), b.begin(2), b.begin(3)}
		b.counts(0, 1, 0, 0, 3)
		b.release(l)
		b.served(calls, 1)
		calls[1].cancel() // its context counts
		b.rest()
		if !errors.Is(calls[1].err, context.Canceled) {
			b.Errorf("%v", calls[1].err)
		}
		// The last connection is lost: there is nothing to wait for any more.
		_ = calls[0].lease.Invalidate(nil)
		b.rest()
		if !errors.As(calls[2].err, new(*BackoffError)) {
			b.Errorf("%v", calls[2].err)
		}
		b.dials(2)
	})
}

func TestDialsGoOnAfterTheDelay(t *testing.T) {
	on(t, Config[*conn]{Size: 2, Backoff: 8 * time.Second, Timeout: time.Minute}, func(b *bed) {
		l := b.acquire()
		b.s.dial = func(context.Context, int) error { return errDown }
		_ = b.begin(0)
		b.s.dial = nil
		c := b.begin(1)
		b.dials(2)
		time.Sleep(8 * time.Second)
		b.served([]*call{c}, 1)
		if c.took < 4*time.Second || c.took > 8*time.Second {
			b.Errorf("after %v", c.took)
		}
		b.dials(3)
		b.release(l, c.lease)
	})
}

func TestDialsAtOneTimeFailOnce(t *testing.T) {
	on(t, Config[*conn]{Size: 9, Backoff: time.Second, BackoffLimit: time.Hour}, func(b *bed) {
		b.s.dial = func(_ context.Context, n int) error { time.Sleep(time.Duration(n) * time.Millisecond); return errDown }
		for i := range 9 {
			b.begin(i)
		}
		time.Sleep(10 * time.Millisecond)
		if got := b.p.Stats(); got.Failing != 1 || got.DialErrors != 9 {
			b.Errorf("%+v", got)
		}
	})
}

func TestTimeoutNamesTheDialError(t *testing.T) {
	on(t, Config[*conn]{Size: 2, Backoff: time.Hour, BackoffLimit: time.Hour, Timeout: time.Second}, func(b *bed) {
		l := b.acquire()
		b.s.dial = func(context.Context, int) error { return errDown }
		b.begin(0)
		_, err := b.p.Acquire(b.Context())
		if !errors.Is(err, ErrTimeout) || !strings.Contains(err.Error(), "; the last dial failed: server is down") {
			b.Errorf("%v", err)
		}
		b.release(l)
	})
}

func TestMinIdle(t *testing.T) {
	on(t, Config[*conn]{Size: 4, MinIdle: 2, Recycle: time.Minute}, func(b *bed) {
		b.dials(0) // not before it was used
		ls := []Lease[*conn]{b.acquire()}
		b.counts(2, 1, 0, 0, 0)
		ls = append(ls, b.acquire())
		b.counts(2, 2, 0, 0, 0)
		ls = append(ls, b.acquire(), b.acquire())
		b.counts(0, 4, 0, 0, 0) // the limit
		_ = ls[0].Invalidate(nil)
		b.counts(1, 3, 0, 0, 0)
		b.release(ls[1:]...)
		b.counts(4, 0, 0, 0, 0)
		time.Sleep(time.Minute)
		b.counts(2, 0, 0, 0, 0) // replaced
		b.closedBy(CauseAge, 4)
	})
}

func TestMinIdleOfAServerThatIsDown(t *testing.T) {
	on(t, Config[*conn]{Size: 3, MinIdle: 2}, func(b *bed) {
		var up atomic.Bool
		b.s.dial = func(_ context.Context, n int) error {
			if n > 1 && !up.Load() {
				return errDown
			}
			return nil
		}
		l := b.acquire()
		time.Sleep(time.Minute)
		b.rest()
		if b.s.dials < 20 || b.s.dials > 150 { // two at a time, a second or two apart
			b.Errorf("%d dials in a minute", b.s.dials)
		}
		// Without Backoff, a caller has a dial of its own all the same.
		if _, err := b.p.Acquire(b.Context()); err != errDown {
			b.Error(err)
		}
		up.Store(true)
		time.Sleep(DefaultBackoffLimit)
		b.counts(2, 1, 0, 0, 0)
		b.release(l)
	})
}
