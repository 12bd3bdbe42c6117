package pool

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestClose(t *testing.T) {
	on(t, Config[*conn]{Size: 3}, func(b *bed) {
		ls := b.acquireN(3)
		b.release(ls[0], ls[1])
		b.s.closing = func(*conn) error { time.Sleep(time.Second); return errDown }
		start := time.Now()
		if err := b.p.Close(); !errors.Is(err, errDown) || time.Since(start) != time.Second {
			b.Errorf("%v after %v", err, time.Since(start))
		}
		b.counts(0, 1, 0, 0, 0)
		if ls[2].Conn().closed {
			b.Error("a leased connection was closed under its user")
		}
		if _, err := b.p.Acquire(b.Context()); err != ErrClosed {
			b.Error(err)
		}
		if err := b.p.Warm(b.Context(), 1); err != ErrClosed {
			b.Error(err)
		}
		if err := b.p.Close(); err != nil {
			b.Errorf("second Close: %v", err)
		}
		b.s.closing = nil
		c := ls[2].Conn()
		b.release(ls[2])
		if !c.closed {
			b.Error("not closed on return")
		}
		b.closedBy(CauseClosed, 3)
	})
}

func TestCloseWakesTheWaitersAndCancelsDials(t *testing.T) {
	on(t, Config[*conn]{Size: 2}, func(b *bed) {
		l := b.acquire()
		b.s.dial = func(ctx context.Context, _ int) error { <-ctx.Done(); return ctx.Err() }
		calls := []*call{b.begin(0), b.begin(1), b.begin(2)}
		warm := make(chan error, 1)
		go func() { warm <- b.p.Warm(context.Background(), 2) }()
		b.rest()
		if err := b.p.Close(); err != nil {
			b.Error(err)
		}
		b.rest()
		for _, c := range calls {
			if !c.done || !errors.Is(c.err, ErrClosed) {
				b.Errorf("call %d: %v, %v", c.n, c.done, c.err)
			}
		}
		if err := <-warm; err != nil {
			b.Error(err) // two were there or on their way when it asked
		}
		b.counts(0, 1, 0, 0, 0)
		b.release(l)
	})
}

func TestConnectionThatComesAfterCloseIsClosed(t *testing.T) {
	on(t, Config[*conn]{Size: 1}, func(b *bed) {
		hang := make(chan struct{})
		b.s.dial = func(context.Context, int) error { <-hang; return nil }
		c := b.begin(0)
		_ = b.p.Close()
		b.served([]*call{c})
		b.counts(0, 0, 1, 0, 0)
		close(hang)
		b.counts(0, 0, 0, 0, 0)
		if b.s.open != 0 || b.s.closes != 1 {
			b.Errorf("%d open, %d closed", b.s.open, b.s.closes)
		}
	})
}

func TestShutdownWaitsForTheLeases(t *testing.T) {
	on(t, Config[*conn]{Size: 2}, func(b *bed) {
		l := b.acquire()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		err := b.p.Shutdown(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1 connections leased") {
			b.Errorf("%v", err)
		}
		time.AfterFunc(time.Hour, func() { _ = l.Release() })
		start := time.Now()
		if err := b.p.Shutdown(context.Background()); err != nil || time.Since(start) != time.Hour {
			b.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestShutdownOfAnUnusedPool(t *testing.T) {
	on(t, Config[*conn]{}, func(b *bed) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // nothing to wait for
		if err := b.p.Shutdown(ctx); err != nil {
			b.Error(err)
		}
	})
}
