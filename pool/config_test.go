package pool

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestConfigMistakes(t *testing.T) {
	dial := func(context.Context) (int, error) { return 0, nil }
	for _, test := range []struct {
		name string
		cfg  Config[int]
		want string
	}{
		{"no dial", Config[int]{}, "Config.Dial is nil"},
		{"size", Config[int]{Dial: dial, Size: -1}, "Config.Size is -1"},
		{"overflow", Config[int]{Dial: dial, Overflow: -2}, "Config.Overflow is -2"},
		{"dials", Config[int]{Dial: dial, MaxDials: -1}, "Config.MaxDials is -1"},
		{"recycle", Config[int]{Dial: dial, Recycle: -time.Second}, "Config.Recycle is -1s"},
		{"idle", Config[int]{Dial: dial, IdleLimit: -time.Second}, "Config.IdleLimit is -1s"},
		{"ping idle", Config[int]{Dial: dial, PingIdle: -time.Second}, "Config.PingIdle is -1s"},
		{"pre-ping without ping", Config[int]{Dial: dial, PrePing: true}, "Config.PrePing is set, but Config.Ping is nil"},
		{"ping idle without ping", Config[int]{Dial: dial, PingIdle: 1}, "Config.PingIdle is set, but Config.Ping is nil"},
		{"assertion with size", Config[int]{Dial: dial, Kind: Assertion, Size: 2}, "Config.Kind is Assertion"},
		{"kind", Config[int]{Dial: dial, Kind: 9}, "Config.Kind is 9"},
		{"static with size", Config[int]{Dial: dial, Kind: Static, Size: 2}, "Config.Kind is Static"},
		{"static with age", Config[int]{Dial: dial, Kind: Static, Recycle: 1}, "keeps its connection"},
		{"shared queue", Config[int]{Dial: dial, Shared: true}, "Config.Shared is set, but Config.Kind is not Static"},
		{"minimum", Config[int]{Dial: dial, MinIdle: -1}, "Config.MinIdle is -1"},
		{"minimum above the default size", Config[int]{Dial: dial, MinIdle: 11}, "Config.MinIdle is 11, but only Size connections are kept idle, which is 10"},
		{"minimum of none", Config[int]{Dial: dial, Kind: Null, MinIdle: 1}, "Config.MinIdle is set, but Config.Kind is not Queue"},
		{"backoff", Config[int]{Dial: dial, Backoff: -1}, "Config.Backoff is -1ns"},
		{"backoff limit", Config[int]{Dial: dial, Backoff: 2, BackoffLimit: 1}, "Config.BackoffLimit is 1ns, less than Backoff"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := New(test.cfg)
			if p != nil || err == nil || !strings.HasPrefix(err.Error(), "pool: ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, %v", p, err)
			}
		})
	}
	_, err := New(Config[int]{Size: -1, Overflow: -5})
	for _, want := range []string{"Dial", "Size", "Overflow"} {
		if err == nil || !strings.Contains(err.Error(), "Config."+want) {
			t.Errorf("%v does not name %s: all mistakes are to be told at once", err, want)
		}
	}
}

func TestConfigDefaults(t *testing.T) {
	p, err := New(Config[int]{Dial: func(context.Context) (int, error) { return 0, nil }})
	if err != nil {
		t.Fatal(err)
	}
	c := p.cfg
	if c.Size != 10 || p.limit != 10 || c.Timeout != 30*time.Second || c.DialTimeout != 30*time.Second ||
		c.PingTimeout != 5*time.Second || c.ResetTimeout != 5*time.Second {
		t.Errorf("%+v", c)
	}
	// Without Close and Reset.
	l, err := p.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l.MarkDirty()
	if err := l.Release(); err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

func TestTexts(t *testing.T) {
	on(t, Config[*conn]{Size: 1, Timeout: time.Second}, func(b *bed) {
		l := b.acquire()
		_, err := b.p.Acquire(b.Context())
		if got, want := err.Error(), "pool: no connection became free within 1s (size 1, overflow 0, 1 in use, 0 opening, 0 closing, 0 others waiting)"; got != want {
			b.Errorf("got  %s\nwant %s", got, want)
		}
		ctx, cancel := context.WithTimeout(b.Context(), 500*time.Millisecond)
		defer cancel()
		_, err = b.p.Acquire(ctx)
		if got, want := err.Error(), "pool: gave up waiting for a connection after 500ms (size 1, overflow 0, 1 in use, 0 opening, 0 closing, 0 others waiting): context deadline exceeded"; got != want {
			b.Errorf("got  %s\nwant %s", got, want)
		}
		l.Retire(nil)
		b.release(l)
		got := b.p.Stats().String()
		want := "pool: size 1, 0 idle, 0 leased, 0 opening, 0 closing, 0 waiting; 1 acquired, 3 waited 1.5s, 1 timed out, 1 canceled; 1 dialed, 0 dials failed, 1 closed (1 retired)"
		if got != want {
			b.Errorf("got  %s\nwant %s", got, want)
		}
	})
	if got := Cause(200).String(); got != "Cause(200)" {
		t.Error(got)
	}
	if got := (Usage{Size: 2, Overflow: Unlimited}).String(); !strings.Contains(got, "unlimited overflow") {
		t.Error(got)
	}
}
