package pool

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestEventsInOrder(t *testing.T) {
	var s *server
	note := func(what string) func(*Record[*conn]) {
		return func(r *Record[*conn]) { s.note("%s %d", what, r.Conn().id) }
	}
	may := func(what string) func(context.Context, *Record[*conn]) error {
		return func(_ context.Context, r *Record[*conn]) error { note(what)(r); return nil }
	}
	why := func(what string) func(*Record[*conn], error) {
		return func(r *Record[*conn], err error) { s.note("%s %d %v", what, r.Conn().id, err) }
	}
	cfg := Config[*conn]{Size: 1, Events: Events[*conn]{
		Connect: may("connect"), FirstConnect: may("first"), Checkout: may("checkout"),
		Checkin: func(r *Record[*conn]) error { note("checkin")(r); return nil },
		Reset:   why("reset"), Invalidate: why("invalidate"), Retire: why("retire"), Detach: note("detach"),
		CloseDetached: why("detached closed"),
		Close:         func(r *Record[*conn], c Cause, err error) { s.note("close %d %v %v", r.Conn().id, c, err) },
	}}
	on(t, cfg, func(b *bed) {
		s = b.s
		step := func(want string, f func(l Lease[*conn])) {
			b.Helper()
			s.sequence = nil
			l := b.acquire()
			f(l)
			b.sequence(want)
		}
		step("connect 1 first 1 checkout 1 checkin 1", func(l Lease[*conn]) { b.release(l) })
		step("checkout 1 reset 1 <nil> checkin 1", func(l Lease[*conn]) { l.MarkDirty(); b.release(l) })
		step("checkout 1 retire 1 server is down checkin 1 close 1 retired <nil>", func(l Lease[*conn]) {
			l.Retire(errDown)
			l.Retire(errDown)
			b.release(l)
		})
		step("connect 2 checkout 2 invalidate 2 server is down close 2 invalidated <nil>", func(l Lease[*conn]) {
			_ = l.Invalidate(errDown)
		})
		step("connect 3 checkout 3 detach 3 detached closed 3 <nil>", func(l Lease[*conn]) {
			d, _ := l.Detach()
			if err := d.Close(); err != nil {
				b.Error(err)
			}
			if err := d.Close(); err != ErrReleased {
				b.Error(err)
			}
		})
		step("connect 4 checkout 4 checkin 4", func(l Lease[*conn]) { b.release(l) })
		s.sequence = nil
		_ = b.p.Close()
		b.sequence("close 4 pool closed <nil>")
	})
}

func TestConnectEventRefuses(t *testing.T) {
	var fail int
	var events []string
	refuse := errors.New("wrong server")
	cfg := Config[*conn]{Size: 1, Events: Events[*conn]{
		Connect: func(_ context.Context, r *Record[*conn]) error {
			events = append(events, "connect")
			if fail == 1 {
				return refuse
			}
			return nil
		},
		FirstConnect: func(context.Context, *Record[*conn]) error {
			events = append(events, "first")
			if fail == 2 {
				return refuse
			}
			if fail == 3 {
				panic("first")
			}
			return nil
		},
	}}
	on(t, cfg, func(b *bed) {
		for fail = 1; fail < 4; fail++ {
			_, err := b.p.Acquire(b.Context())
			if err == nil || fail < 3 && !errors.Is(err, refuse) {
				b.Errorf("%v", err)
			}
			b.counts(0, 0, 0, 0, 0)
		}
		l := b.acquire()
		b.release(b.acquireAfter(l))
		if got, want := fmt.Sprint(events), "[connect connect first connect first connect first connect]"; got != want {
			b.Errorf("events %v, want %v", got, want)
		}
		b.closedBy(CauseEvent, 3)
	})
}

// acquireAfter replaces the connection of l by another.
func (b *bed) acquireAfter(l Lease[*conn]) Lease[*conn] {
	b.Helper()
	if err := l.Invalidate(nil); err != nil {
		b.Fatal(err)
	}
	return b.acquire()
}

func TestNobodyOvertakesFirstConnect(t *testing.T) {
	runs, finished := 0, false
	cfg := Config[*conn]{Size: 5, Events: Events[*conn]{
		FirstConnect: func(context.Context, *Record[*conn]) error {
			runs++
			time.Sleep(time.Second)
			finished = true
			return nil
		},
		Checkout: func(context.Context, *Record[*conn]) error {
			if !finished {
				return errors.New("a connection was taken before FirstConnect had finished")
			}
			return nil
		},
	}}
	on(t, cfg, func(b *bed) {
		var calls []*call
		for i := range 5 {
			calls = append(calls, b.begin(i))
		}
		b.served(calls)
		time.Sleep(time.Second)
		b.served(calls, 0, 1, 2, 3, 4)
		if runs != 1 {
			b.Errorf("ran %d times", runs)
		}
		for _, c := range calls {
			b.release(c.lease)
		}
	})
}

func TestCheckoutEventRefuses(t *testing.T) {
	var refuse error
	asked, until := 0, 0
	cfg := Config[*conn]{Size: 1, Events: Events[*conn]{
		Checkout: func(context.Context, *Record[*conn]) error {
			asked++
			if asked <= until {
				return refuse
			}
			return nil
		},
	}}
	for _, test := range []struct {
		name   string
		refuse error
		times  int
		dials  int
		fails  bool
		idle   int
	}{
		{"once, as lost", fmt.Errorf("stale replica: %w", ErrDisconnect), 1, 2, false, 1},
		{"always, as lost", ErrDisconnect, 100, 3, true, 0},
		{"with an error of its own", errDown, 1, 1, true, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			refuse, asked, until = test.refuse, 0, test.times
			on(t, cfg, func(b *bed) {
				l, err := b.p.Acquire(b.Context())
				if (err != nil) != test.fails || err != nil && !errors.Is(err, test.refuse) {
					b.Errorf("Acquire: %v", err)
				}
				if err == nil {
					b.release(l)
				}
				b.counts(test.idle, 0, 0, 0, 0)
				b.dials(test.dials)
			})
		})
	}
}

func TestCheckinEventRefuses(t *testing.T) {
	cfg := Config[*conn]{Size: 1, Events: Events[*conn]{Checkin: func(*Record[*conn]) error { return errDown }}}
	on(t, cfg, func(b *bed) {
		l := b.acquire()
		if err := l.Release(); !errors.Is(err, errDown) {
			b.Errorf("%v", err)
		}
		b.counts(0, 0, 0, 0, 0)
		b.closedBy(CauseEvent, 1)
	})
}

func TestFunctionsMayUseThePool(t *testing.T) {
	var b0 *bed
	look := func() { _ = b0.p.Stats().String(); b0.audit() }
	cfg := Config[*conn]{Size: 1, PrePing: true, Usable: func(*conn) bool { look(); return true }, Events: Events[*conn]{
		Connect: func(context.Context, *Record[*conn]) error { look(); return nil },
		Close:   func(*Record[*conn], Cause, error) { look(); b0.p.InvalidateAll() },
	}}
	on(t, cfg, func(b *bed) {
		b0 = b
		b.s.dial = func(context.Context, int) error { look(); return nil }
		b.s.ping = func(context.Context, *conn) error { look(); return nil }
		b.s.reset = func(context.Context, *conn) error { look(); return nil }
		b.s.closing = func(*conn) error { look(); return nil }
		for range 3 {
			l := b.acquire()
			l.MarkDirty()
			b.release(l)
		}
		_ = b.acquire().Invalidate(nil)
		b.rest()
	})
}

func TestEventsThen(t *testing.T) {
	var s *server
	refuse := ""
	events := func(who string) Events[*conn] {
		note := func(what string) error {
			s.note("%s %s", who, what)
			if refuse == who+" "+what {
				return errDown
			}
			return nil
		}
		may := func(what string) func(context.Context, *Record[*conn]) error {
			return func(context.Context, *Record[*conn]) error { return note(what) }
		}
		told := func(what string) func(*Record[*conn], error) {
			return func(*Record[*conn], error) { _ = note(what) }
		}
		return Events[*conn]{
			Connect: may("connect"), FirstConnect: may("first"), Checkout: may("checkout"),
			Checkin: func(*Record[*conn]) error { return note("checkin") },
			Reset:   told("reset"), Invalidate: told("invalidate"), Retire: told("retire"),
			Detach:        func(*Record[*conn]) { _ = note("detach") },
			Close:         func(*Record[*conn], Cause, error) { _ = note("close") },
			CloseDetached: told("detached"),
		}
	}
	none := Events[*conn]{}
	on(t, Config[*conn]{Size: 1, Events: none.Then(events("a")).Then(none).Then(events("b"))}, func(b *bed) {
		s = b.s
		l := b.acquire()
		b.sequence("a connect b connect a first b first a checkout b checkout")
		s.sequence = nil
		l.MarkDirty()
		l.Retire(nil)
		b.release(l)
		b.sequence("a retire b retire a checkin b checkin a close b close")
		l = b.acquire()
		l.MarkDirty()
		s.sequence = nil
		b.release(l)
		b.sequence("a reset b reset a checkin b checkin")
		l = b.acquire()
		s.sequence = nil
		_ = l.Invalidate(nil)
		b.sequence("a invalidate b invalidate a close b close")
		l = b.acquire()
		s.sequence = nil
		d, _ := l.Detach()
		_ = d.Close()
		b.sequence("a detach b detach a detached b detached")
		// The first that refuses has the last word.
		s.sequence = nil
		refuse = "a connect"
		if _, err := b.p.Acquire(b.Context()); !errors.Is(err, errDown) {
			b.Error(err)
		}
		b.sequence("a connect a close b close")
		refuse = "b checkin"
		if err := b.acquire().Release(); !errors.Is(err, errDown) {
			b.Error(err)
		}
	})
}
