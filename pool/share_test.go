package pool

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

func TestStaticPool(t *testing.T) {
	on(t, Config[*conn]{Kind: Static}, func(b *bed) {
		l := b.acquire()
		c := b.begin(0)
		b.counts(0, 1, 0, 0, 1) // in turn
		b.release(l)
		b.served([]*call{c}, 0)
		b.release(c.lease)
		time.Sleep(1000 * time.Hour)
		l = b.acquire()
		if l.ID() != 1 {
			b.Error("not the same connection")
		}
		_ = l.Invalidate(nil)
		b.rest()
		l = b.acquire()
		if l.ID() != 2 {
			b.Error("an invalidated connection was not replaced")
		}
		b.release(l)
	})
}

func shared(t *testing.T, body func(b *bed)) {
	t.Helper()
	on(t, Config[*conn]{Kind: Static, Shared: true, TrackLeases: true, PrePing: true}, body)
}

func TestSharedConnection(t *testing.T) {
	shared(t, func(b *bed) {
		b.s.dial = func(context.Context, int) error { time.Sleep(time.Second); return nil }
		var calls []*call
		for i := range 3 {
			calls = append(calls, b.begin(i))
		}
		b.counts(0, 0, 1, 0, 3)
		time.Sleep(time.Second)
		b.served(calls, 0, 1, 2)
		l := b.acquire()
		if s := b.p.Stats(); s.Sharing != 4 || s.Leased != 1 || s.Acquired != 4 || len(b.p.Holders()) != 4 {
			b.Errorf("%+v, %v", s, b.p.Holders())
		}
		l.Info()["a"] = 1
		l.SlotInfo()["s"] = 2
		for _, c := range calls {
			if c.lease.Conn() != l.Conn() || c.lease.ID() != 1 || c.lease.Info()["a"] != 1 {
				b.Error("not the same connection")
			}
		}
		b.release(calls[0].lease)
		if err := calls[0].lease.Release(); err != ErrReleased || !calls[1].lease.Held() {
			b.Errorf("%v", err)
		}
		b.release(calls[1].lease, calls[2].lease, l)
		b.counts(1, 0, 0, 0, 0)
		b.release(b.acquire())
		b.dials(1)
	})
}

func TestSharedConnectionIsResetByTheLastUser(t *testing.T) {
	shared(t, func(b *bed) {
		outer, inner := b.acquire(), b.acquire()
		c := outer.Conn()
		inner.MarkDirty()
		b.release(inner)
		if c.resets != 0 {
			b.Error("reset under another user")
		}
		b.release(outer)
		if c.resets != 1 {
			b.Errorf("%d resets", c.resets)
		}
		b.release(b.acquire())
		if c.resets != 1 || c.pings != 1 {
			b.Errorf("%+v", c)
		}
	})
}

func TestSharedConnectionEndsWithItsLastUser(t *testing.T) {
	for name, end := range map[string]func(l Lease[*conn]) error{
		"invalidate":     func(l Lease[*conn]) error { return l.Invalidate(errDown) },
		"invalidate all": func(l Lease[*conn]) error { return l.InvalidateAll(errDown) },
		"retire":         func(l Lease[*conn]) error { l.Retire(errDown); return l.Release() },
		"the pool":       func(l Lease[*conn]) error { l.rec.pool.InvalidateAll(); return l.Release() },
	} {
		t.Run(name, func(t *testing.T) {
			shared(t, func(b *bed) {
				l, other := b.acquire(), b.acquire()
				c := l.Conn()
				if err := end(l); err != nil {
					b.Error(err)
				}
				calls := []*call{b.begin(0), b.begin(1)}
				b.counts(0, 1, 0, 0, 2) // they wait for another
				if c.closed {
					b.Error("closed under its user")
				}
				b.release(other)
				b.served(calls, 0, 1)
				if !c.closed || calls[0].lease.ID() != 2 || calls[1].lease.ID() != 2 {
					b.Errorf("%+v, %d, %d", c, calls[0].lease.ID(), calls[1].lease.ID())
				}
				b.release(calls[0].lease, calls[1].lease)
			})
		})
	}
}

func TestSharedConnectionIsDetachedOnlyAlone(t *testing.T) {
	shared(t, func(b *bed) {
		l, other := b.acquire(), b.acquire()
		if _, err := l.Detach(); !errors.Is(err, ErrShared) || !l.Held() {
			b.Fatalf("%v", err)
		}
		b.release(other)
		l.Info()["a"] = 1
		d, err := l.Detach()
		if err != nil || d.Info()["a"] != 1 || l.Held() {
			b.Fatalf("%v", err)
		}
		if _, err := l.Detach(); !errors.Is(err, ErrReleased) {
			b.Error(err)
		}
		b.counts(0, 0, 0, 0, 0)
		if err := d.Close(); err != nil || !d.Conn().closed {
			b.Errorf("%v, %+v", err, d.Conn())
		}
	})
}

func TestSharedServedAndCancelledInOneMoment(t *testing.T) {
	shared(t, func(b *bed) {
		hang := make(chan struct{})
		b.s.dial = func(context.Context, int) error { <-hang; return nil }
		calls := []*call{b.begin(0), b.begin(1), b.begin(2)}
		// Those whose wait has ended on its own side while they are served.
		calls[1].cancel()
		close(hang)
		b.rest()
		for _, c := range calls {
			if c.err == nil {
				b.release(c.lease)
			}
		}
		b.counts(1, 0, 0, 0, 0)
		if s := b.p.Stats(); s.Sharing != 0 {
			b.Errorf("%+v", s)
		}
	})
}

func TestSharedConnectionHasManyUsers(t *testing.T) {
	shared(t, func(b *bed) {
		b.s.dial = func(_ context.Context, n int) error {
			if n%3 == 0 {
				return errDown
			}
			return nil
		}
		var wg sync.WaitGroup
		for g := range 16 {
			wg.Go(func() {
				rnd := rand.New(rand.NewPCG(uint64(g), 3))
				for range 300 {
					ctx, cancel := context.WithCancel(b.Context())
					if rnd.IntN(8) == 0 {
						time.AfterFunc(time.Duration(rnd.IntN(3))*time.Millisecond, cancel)
					}
					l, err := b.p.Acquire(ctx)
					switch {
					case err != nil && !errors.Is(err, errDown) && !errors.Is(err, context.Canceled):
						b.Errorf("Acquire: %v", err)
					case err == nil && l.Conn().closed:
						b.Error("a connection that was closed")
					}
					if err != nil {
						cancel()
						continue
					}
					if rnd.IntN(2) == 0 {
						time.Sleep(time.Millisecond)
					}
					switch rnd.IntN(12) {
					case 0:
						err = l.Invalidate(nil)
					case 1:
						l.Retire(nil)
						err = l.Release()
					case 2:
						err = l.InvalidateAll(nil)
					case 3:
						l.MarkDirty()
						err = l.Release()
					default:
						err = l.Release()
					}
					cancel()
					if err != nil {
						b.Errorf("giving back: %v", err)
					}
					if err := audit(b.p); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wg.Wait()
		b.rest()
		if s := b.p.Stats(); s.Sharing != 0 || s.Leased != 0 || len(b.p.Holders()) != 0 {
			b.Errorf("%+v, %v", s, b.p.Holders())
		}
	})
}
