package pool

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"
)

// TestStress has many goroutines do everything at once, in real time, for the
// race detector.
func TestStress(t *testing.T) {
	before := runtime.NumGoroutine()
	s := &server{}
	s.dial = func(_ context.Context, n int) error {
		runtime.Gosched()
		if n%7 == 0 {
			return errDown
		}
		return nil
	}
	s.ping = func(_ context.Context, c *conn) error {
		if c.pings%50 == 49 {
			return errDown
		}
		return nil
	}
	p, err := New(Config[*conn]{
		Dial: s.Dial, Close: s.Close, Ping: s.Ping, Reset: s.Reset,
		Size: 4, Overflow: 3, MaxDials: 3, PingIdle: time.Microsecond, Recycle: 5 * time.Millisecond,
		IdleLimit: time.Millisecond, Usable: func(c *conn) bool { return !c.bad },
	})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for g := range 40 {
		rnd := rand.New(rand.NewPCG(uint64(g), 3))
		wg.Go(func() {
			for range 500 {
				ctx, cancel := context.WithCancel(context.Background())
				if rnd.IntN(4) == 0 {
					ctx, cancel = context.WithTimeout(ctx, time.Duration(rnd.IntN(100))*time.Microsecond)
				}
				l, err := p.Acquire(ctx)
				cancel()
				if err != nil {
					if err != errDown && !errors.Is(err, context.DeadlineExceeded) {
						t.Error(err)
					}
					continue
				}
				c := l.Conn()
				c.id = g // a race if anyone else has it
				runtime.Gosched()
				if c.id != g || c.closed {
					t.Error("a connection with two users")
				}
				switch rnd.IntN(40) {
				case 0:
					err = l.Invalidate(errDown)
				case 1:
					err = l.InvalidateAll(errDown)
				case 2:
					l.Retire(nil)
					err = l.Release()
				case 3:
					c.bad = true
					err = l.Release()
				case 4:
					l.MarkDirty()
					err = l.Release()
				case 5:
					var d *Detached[*conn]
					if d, err = l.Detach(); err == nil {
						c = d.Conn()
						err = s.Close(c)
					}
				default:
					err = l.Release()
				}
				if err != nil {
					t.Error(err)
				}
				if err := audit(p); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := p.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if err := audit(p); err != nil {
		t.Error(err)
	}
	if s.open != 0 || s.dialing != 0 || s.twice != 0 {
		t.Errorf("%d open, %d dialing, %d closed twice", s.open, s.dialing, s.twice)
	}
	for limit := time.Now().Add(time.Minute); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(limit) {
			t.Fatalf("%d goroutines, %d at the start", runtime.NumGoroutine(), before)
		}
	}
}
