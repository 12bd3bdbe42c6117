//go:build !race

package pool

import (
	"context"
	"testing"
	"time"
)

// The race detector allocates by itself, so these figures count without it.
func TestCheckoutAndReturnAllocateNothing(t *testing.T) {
	ping := func(context.Context, *conn) error { return nil }
	for _, test := range []struct {
		name string
		cfg  Config[*conn]
	}{
		{"default", Config[*conn]{}},
		{"backoff and a minimum", Config[*conn]{Backoff: time.Second, MaxDials: 1, Size: 2, MinIdle: 1}},
		{"usable", Config[*conn]{Usable: func(*conn) bool { return true }}},
		{"recycle and idle limit", Config[*conn]{Recycle: time.Hour, IdleLimit: time.Hour}},
		{"ping when idle", Config[*conn]{Ping: ping, PingIdle: time.Hour}},
		{"events", Config[*conn]{Events: Events[*conn]{
			Checkout: func(context.Context, *Record[*conn]) error { return nil },
			Checkin:  func(*Record[*conn]) error { return nil },
		}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.cfg.Dial = func(context.Context) (*conn, error) { return &conn{}, nil }
			p, err := New(test.cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if n := testing.AllocsPerRun(1000, func() {
				l, err := p.Acquire(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if err := l.Release(); err != nil {
					t.Fatal(err)
				}
			}); n != 0 {
				t.Errorf("%v allocations, want 0", n)
			}
		})
	}
}
