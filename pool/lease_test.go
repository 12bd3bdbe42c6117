package pool

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestSecondReleaseIsAnErrorAndNothingElse(t *testing.T) {
	on(t, Config[*conn]{Size: 2}, func(b *bed) {
		l := b.acquire()
		same := l
		b.release(l)
		again := b.acquire() // the same connection, with its next user
		if again.Conn().id != 1 {
			b.Fatal("another connection")
		}
		for range 2 {
			if err := same.Release(); err != ErrReleased {
				b.Errorf("%v", err)
			}
		}
		if err := same.Invalidate(nil); err != ErrReleased {
			b.Errorf("%v", err)
		}
		if err := same.InvalidateAll(nil); err != ErrReleased {
			b.Errorf("%v", err)
		}
		if c, err := same.Detach(); c != nil || err != ErrReleased {
			b.Errorf("%v, %v", c, err)
		}
		same.MarkDirty()
		same.Retire(nil)
		if same.Held() || same.Conn() != nil || same.Info() != nil || same.SlotInfo() != nil || same.ID() != 0 {
			b.Error("a lease given back is not empty")
		}
		if !again.Held() || again.Conn().id != 1 || again.ID() != 1 {
			b.Error("the next user's lease was touched")
		}
		b.release(again)
		if c := b.acquire(); c.Conn().resets != 0 || c.Conn().closed {
			b.Errorf("%+v", c.Conn())
		} else {
			b.release(c)
		}
		b.counts(1, 0, 0, 0, 0)
		if err := (Lease[*conn]{}).Release(); err != ErrReleased {
			b.Errorf("%v", err)
		}
	})
}

func TestOneOfManyReleasesSucceeds(t *testing.T) {
	on(t, Config[*conn]{Size: 2, Usable: func(*conn) bool { return true }}, func(b *bed) {
		for range 100 {
			l := b.acquire()
			var ok atomic.Int32
			var wg sync.WaitGroup
			for i := range 4 {
				wg.Go(func() {
					var err error
					if i == 0 {
						err = l.Invalidate(nil)
					} else {
						err = l.Release()
					}
					if err == nil {
						ok.Add(1)
					}
				})
			}
			wg.Wait()
			if ok.Load() != 1 {
				b.Fatalf("%d succeeded", ok.Load())
			}
		}
		b.rest()
		b.audit()
	})
}

func TestResetOnlyWhenDirty(t *testing.T) {
	on(t, Config[*conn]{Size: 1, ResetTimeout: 3 * time.Second}, func(b *bed) {
		l := b.acquire()
		c := l.Conn()
		b.release(l)
		l = b.acquire()
		l.MarkDirty()
		b.release(l)
		b.release(b.acquire())
		if c.resets != 1 {
			b.Errorf("%d resets, want 1", c.resets)
		}
		// Not for what is thrown away.
		for _, end := range []func(l Lease[*conn]){
			func(l Lease[*conn]) { _ = l.Invalidate(nil) },
			func(l Lease[*conn]) { l.Retire(nil); b.release(l) },
			func(l Lease[*conn]) { b.p.InvalidateAll(); b.release(l) },
		} {
			l := b.acquire()
			c := l.Conn()
			l.MarkDirty()
			end(l)
			b.rest()
			if c.resets > 1 || !c.closed || c.id != 1 && c.resets != 0 {
				b.Errorf("%+v", c)
			}
		}
		// A reset that fails, and one that never ends.
		b.s.reset = func(ctx context.Context, _ *conn) error { <-ctx.Done(); return errDown }
		l = b.acquire()
		c = l.Conn()
		l.MarkDirty()
		start := time.Now()
		if err := l.Release(); !errors.Is(err, errDown) || time.Since(start) != 3*time.Second || !c.closed {
			b.Errorf("%v after %v, %+v", err, time.Since(start), c)
		}
		b.closedBy(CauseReset, 1)
		b.counts(0, 0, 0, 0, 0)
	})
}

func TestInvalidateServesTheWaiters(t *testing.T) {
	on(t, Config[*conn]{Size: 1}, func(b *bed) {
		l := b.acquire()
		lost := l.Conn()
		var calls []*call
		for i := range 5 {
			calls = append(calls, b.begin(i))
		}
		if err := l.Invalidate(errDown); err != nil {
			b.Fatal(err)
		}
		for i, c := range calls {
			b.served(calls[i:], i)
			if c.lease.Conn().id != 2 {
				b.Errorf("call %d has connection %d, want 2", i, c.lease.Conn().id)
			}
			b.release(c.lease)
			c.done = false
		}
		b.dials(2)
		if !lost.closed || lost.resets != 0 {
			b.Errorf("%+v", lost)
		}
		b.closedBy(CauseInvalidated, 1)
	})
}

func TestAConnectionBeingClosedCounts(t *testing.T) {
	on(t, Config[*conn]{Size: 1}, func(b *bed) {
		b.s.closing = func(*conn) error { time.Sleep(5 * time.Second); return errDown }
		l := b.acquire()
		if err := l.Invalidate(nil); err != nil {
			b.Fatal(err)
		}
		c := b.begin(0)
		b.counts(0, 0, 0, 1, 1)
		time.Sleep(5 * time.Second)
		b.served([]*call{c}, 0)
		if c.took != 5*time.Second {
			b.Errorf("served after %v", c.took)
		}
		if b.p.Stats().CloseErrors != 1 {
			b.Errorf("%+v", b.p.Stats())
		}
		c.lease.Retire(nil)
		if err := c.lease.Release(); !errors.Is(err, errDown) {
			b.Errorf("Release returned %v, want the error of Close", err)
		}
	})
}

func TestRetireKeepsTheCurrentUser(t *testing.T) {
	on(t, Config[*conn]{Size: 1}, func(b *bed) {
		l := b.acquire()
		c := l.Conn()
		l.Retire(nil)
		b.rest()
		if c.closed || l.Conn() != c {
			b.Error("closed under its user")
		}
		b.release(l)
		if !c.closed {
			b.Error("not closed on return")
		}
		l = b.acquire()
		if l.Conn() == c {
			b.Error("used again")
		}
		b.release(l)
		b.closedBy(CauseRetired, 1)
	})
}

func TestInvalidateAllGoesByGeneration(t *testing.T) {
	on(t, Config[*conn]{Size: 4}, func(b *bed) {
		ls := b.acquireN(4)
		b.release(ls[0], ls[1])
		b.p.InvalidateAll()
		b.counts(2, 2, 0, 0, 0) // nothing is closed eagerly
		l := b.acquire()
		if l.Conn().id != 5 {
			b.Errorf("connection %d, want a new one", l.Conn().id)
		}
		b.counts(0, 3, 0, 0, 0)
		b.release(ls[2:]...)
		b.counts(0, 1, 0, 0, 0)
		b.closedBy(CauseStale, 4)
		b.release(l)
		l = b.acquire()
		if l.Conn().id != 5 {
			b.Error("one opened afterwards was not kept")
		}
		b.release(l)
	})
}

func TestManyWhoFindOutInvalidateOnce(t *testing.T) {
	on(t, Config[*conn]{Size: 15}, func(b *bed) {
		ls := b.acquireN(15)
		for i, l := range ls {
			if err := l.InvalidateAll(errDown); err != nil {
				b.Error(err)
			}
			if i == 7 { // a new one, in between
				b.rest()
				b.release(b.acquire())
			}
		}
		b.counts(1, 0, 0, 0, 0)
		l := b.acquire()
		if l.Conn().id != 16 {
			b.Errorf("connection %d, want the one opened in between", l.Conn().id)
		}
		b.release(l)
		b.closedBy(CauseInvalidated, 15)
	})
}

func TestDetachFreesThePlace(t *testing.T) {
	on(t, Config[*conn]{Size: 1}, func(b *bed) {
		l := b.acquire()
		wait := b.begin(0)
		info := l.Info()
		info["a"] = 1
		b.s.forget()
		l.SlotInfo()["s"] = 2
		d, err := l.Detach()
		if err != nil || d.Conn().id != 1 || d.ID() != 1 || d.Conn().closed {
			b.Fatalf("%+v, %v", d, err)
		}
		if info["a"] != 1 || d.Info()["a"] != 1 {
			b.Error("the notes are lost")
		}
		b.served([]*call{wait}, 0)
		if len(wait.lease.Info()) != 0 || wait.lease.SlotInfo()["s"] != 2 {
			b.Error("the place did not keep its own notes")
		}
		b.release(wait.lease)
		if s := b.p.Stats(); s.Detached != 1 || s.Idle != 1 {
			b.Errorf("%+v", s)
		}
	})
}

func TestInfoAndSlotInfo(t *testing.T) {
	on(t, Config[*conn]{Size: 1}, func(b *bed) {
		l := b.acquire()
		l.Info()["i"] = 1
		l.SlotInfo()["s"] = 2
		b.release(l)
		l = b.acquire()
		if l.Info()["i"] != 1 || l.SlotInfo()["s"] != 2 {
			b.Error("notes lost between two leases")
		}
		if err := l.Invalidate(nil); err != nil {
			b.Fatal(err)
		}
		l = b.acquire()
		if len(l.Info()) != 0 || l.SlotInfo()["s"] != 2 {
			b.Errorf("after a new connection: %v, %v", l.Info(), l.SlotInfo())
		}
		b.release(l)
	})
}

func TestNullPool(t *testing.T) {
	on(t, Config[*conn]{Size: 1, Overflow: 1, Kind: Null}, func(b *bed) {
		for i := range 3 {
			l := b.acquire()
			c := l.Conn()
			l.MarkDirty()
			b.release(l)
			if c.resets != 1 || !c.closed || c.id != i+1 {
				b.Errorf("%+v", c)
			}
		}
		l, m := b.acquire(), b.acquire()
		c := b.begin(0)
		b.release(l)
		b.served([]*call{c}, 0)
		if c.lease.ID() != 6 {
			b.Errorf("connection %d was handed on", c.lease.ID())
		}
		b.release(m, c.lease)
		b.counts(0, 0, 0, 0, 0)
	})
}

func TestAssertionPool(t *testing.T) {
	on(t, Config[*conn]{Kind: Assertion}, func(b *bed) {
		l := b.acquire()
		if _, err := b.p.Acquire(b.Context()); err != ErrBusy {
			b.Error(err)
		}
		b.release(l)
		l = b.acquire()
		if l.Conn().id != 1 {
			b.Error("not kept")
		}
		b.release(l)
	})
}

func TestInvalidationBetweenCheckoutAndUse(t *testing.T) {
	on(t, Config[*conn]{Size: 2}, func(b *bed) {
		l, other := b.acquire(), b.acquire()
		_ = other.InvalidateAll(errDown)
		b.p.InvalidateAll()
		b.rest()
		if !l.Held() || l.Conn() == nil || l.Conn().closed {
			b.Error("the connection was taken from its user")
		}
		c := l.Conn()
		b.release(l) // no error: the user did nothing wrong
		if !c.closed {
			b.Error("kept")
		}
	})
}

func TestInvalidateIsForOneConnection(t *testing.T) {
	on(t, Config[*conn]{Size: 3}, func(b *bed) {
		ls := b.acquireN(3)
		_ = ls[0].Invalidate(context.Canceled)
		b.release(ls[1:]...)
		b.counts(2, 0, 0, 0, 0)
		b.release(b.acquireN(2)...)
		b.dials(3)
		b.closedBy(CauseStale, 0)
		b.closedBy(CauseInvalidated, 1)
	})
}

func TestDetachedIsNotReset(t *testing.T) {
	closed := 0
	events := Events[*conn]{CloseDetached: func(r *Record[*conn], err error) {
		if r.Info()["a"] != 1 || !errors.Is(err, errDown) {
			t.Errorf("%v, %v", r.Info(), err)
		}
		closed++
	}}
	on(t, Config[*conn]{Size: 1, Events: events}, func(b *bed) {
		l := b.acquire()
		l.Info()["a"] = 1
		l.MarkDirty()
		d, err := l.Detach()
		if err != nil {
			b.Fatal(err)
		}
		b.s.closing = func(*conn) error { return errDown }
		if err := d.Close(); !errors.Is(err, errDown) {
			b.Errorf("%v", err)
		}
		if c := d.Conn(); !c.closed || c.resets != 0 || closed != 1 {
			b.Errorf("%+v, %d events", c, closed)
		}
		if s := b.p.Stats(); s.CloseErrors != 1 || s.AllClosed() != 0 {
			b.Errorf("%+v", s)
		}
	})
}
