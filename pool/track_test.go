package pool

import (
	"context"
	"encoding/json"
	"errors"
	"expvar"
	"fmt"
	"strings"
	"testing"
	"time"
)

// forgetful takes a connection and does not give it back.
func (b *bed) forgetful() Lease[*conn] { return b.acquire() }

func TestTimeoutNamesTheHolders(t *testing.T) {
	on(t, Config[*conn]{Size: 2, Timeout: time.Second, TrackLeases: true}, func(b *bed) {
		first := b.forgetful()
		time.Sleep(time.Minute)
		second := b.acquire()
		waiting := b.begin(0)
		_, err := b.p.Acquire(b.Context())
		e, ok := errors.AsType[*TimeoutError](err)
		if !ok || e.Size != 2 || len(e.Holders) != 2 {
			b.Fatalf("%v", err)
		}
		h := e.Holders[0]
		if h.ID != first.ID() || h.Held != time.Minute+time.Second || h.Returning {
			b.Errorf("the first holder is %v, want the one of connection %d", h, first.ID())
		}
		var calls []string
		for _, f := range h.Frames() {
			calls = append(calls, f.Function)
		}
		if len(calls) < 2 || !strings.HasSuffix(calls[0], ".acquire") || !strings.HasSuffix(calls[1], ".forgetful") {
			b.Errorf("the calls are %v", calls)
		}
		for _, want := range []string{"; held: connection 1 for 1m1s by pool.(*bed).acquire (bed_test.go:", ", connection 2 for 1s by"} {
			if !strings.Contains(err.Error(), want) {
				b.Errorf("%v: no %q", err, want)
			}
		}
		b.rest()
		if waiting.err == nil {
			b.Error("the first waiter was served")
		}
		ctx, cancel := context.WithTimeout(b.Context(), time.Millisecond)
		defer cancel()
		if _, err := b.p.Acquire(ctx); !strings.Contains(err.Error(), "; held: connection 1") {
			b.Errorf("%v", err)
		}
		b.release(first, second)
		if h := b.p.Holders(); h != nil {
			b.Errorf("held after all was given back: %v", h)
		}
	})
}

func TestEveryEndOfALeaseEndsItsTrack(t *testing.T) {
	on(t, Config[*conn]{Size: 1, TrackLeases: true, Usable: func(*conn) bool { return true }}, func(b *bed) {
		for name, end := range map[string]func(l Lease[*conn]) error{
			"release":    func(l Lease[*conn]) error { return l.Release() },
			"retire":     func(l Lease[*conn]) error { l.Retire(nil); return l.Release() },
			"invalidate": func(l Lease[*conn]) error { return l.Invalidate(nil) },
			"detach": func(l Lease[*conn]) error {
				d, err := l.Detach()
				return errors.Join(err, d.Close())
			},
		} {
			l := b.acquire()
			if len(b.p.Holders()) != 1 {
				b.Errorf("before %s: %v", name, b.p.Holders())
			}
			if err := end(l); err != nil {
				b.Error(err)
			}
			b.rest()
			if len(b.p.Holders()) != 0 {
				b.Errorf("after %s: %v", name, b.p.Holders())
			}
		}
		// One whose reset hangs is still named, as what it is.
		b.s.reset = func(context.Context, *conn) error { time.Sleep(time.Second); return nil }
		l := b.acquire()
		l.MarkDirty()
		go func() { _ = l.Release() }()
		b.rest()
		if h := b.p.Holders(); len(h) != 1 || !h[0].Returning || !strings.HasSuffix(h[0].String(), ", being returned") {
			b.Errorf("%v", h)
		}
		time.Sleep(time.Second)
	})
}

func TestCloseNamesTheLeasesNotReturned(t *testing.T) {
	for _, track := range []bool{false, true} {
		on(t, Config[*conn]{Size: 2, TrackLeases: track}, func(b *bed) {
			l := b.forgetful()
			err := b.p.Close()
			leak, ok := errors.AsType[*LeakError](err)
			if ok != track {
				b.Errorf("Close: %v", err)
			}
			if track && (len(leak.Holders) != 1 || leak.InUse != 1 || !strings.Contains(err.Error(), "connection 1 for 0s by pool.(*bed).acquire")) {
				b.Errorf("Close: %v", err)
			}
			ctx, cancel := context.WithTimeout(b.Context(), time.Second)
			defer cancel()
			err = b.p.Shutdown(ctx)
			if leak, ok = errors.AsType[*LeakError](err); !ok || leak.InUse != 1 || !errors.Is(err, context.DeadlineExceeded) {
				b.Errorf("Shutdown: %v", err)
			}
			if named := strings.Contains(err.Error(), "_test.go:"); named != track {
				b.Errorf("Shutdown: %v", err)
			}
			b.release(l)
		})
	}
	on(t, Config[*conn]{TrackLeases: true}, func(b *bed) {
		b.release(b.acquire())
		if err := b.p.Close(); err != nil {
			b.Errorf("nothing is out: %v", err)
		}
	})
}

func TestManyHoldersAreCounted(t *testing.T) {
	u := Usage{Holders: make([]Holder, named+3)}
	if got := u.holders(); strings.Count(got, "unknown place") != named || !strings.HasSuffix(got, " and 3 more") {
		t.Error(got)
	}
}

func TestPoolIsAnExpvar(t *testing.T) {
	on(t, Config[*conn]{Size: 2}, func(b *bed) {
		l, other := b.acquire(), b.acquire()
		var v expvar.Var = b.p
		var got struct {
			Size, Leased int
			WaitTime     *float64
			Closed       map[string]uint64
		}
		_ = l.Invalidate(nil)
		b.rest()
		if err := json.Unmarshal([]byte(v.String()), &got); err != nil {
			b.Fatal(err)
		}
		if got.Size != 2 || got.Leased != 1 || got.WaitTime == nil || fmt.Sprint(got.Closed) != "map[invalidated:1]" {
			b.Errorf("%+v from %s", got, v)
		}
		again := expvar.Func(func() any { return b.p.Stats() }).String()
		if again != v.String() {
			b.Errorf("%s, want %s", again, v)
		}
		b.release(other)
	})
}
