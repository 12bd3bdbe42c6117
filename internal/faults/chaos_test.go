package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

// A trouble is a fault that happens to the bank. do reports whether it happened.
type trouble struct {
	name string
	do   func(b *bank) bool
}

// at breaks or stalls a connection of the bank at a message.
func at(pg, my wireproxy.Fault) func(*bank) bool {
	return func(b *bank) bool {
		f := pg
		if b.s.name == "mysql" {
			f = my
		}
		i := b.p.Inject(f)
		defer i.Release()
		select {
		case <-i.Reached():
		case <-time.After(20 * deadline):
			return false
		}
		if f.Do == stalled {
			b.pause(deadline + deadline/4) // until the time-out of its caller
		}
		return true
	}
}

var networkTroubles = []trouble{
	{"cut", func(b *bank) bool { return eventually(b, func() bool { return b.p.CutAll() > 0 }) }},
	{"reset", func(b *bank) bool { return eventually(b, func() bool { return b.p.ResetAll() > 0 }) }},
	{"statement: reset in the middle", at(of("UPDATE", client("Bind", resetMiddle)), of("UPDATE", client("COM_STMT_EXECUTE", resetMiddle)))},
	{"statement: cut after", at(of("UPDATE", client("Execute", cutAfter)), of("UPDATE", client("COM_STMT_EXECUTE", cutAfter)))},
	{"statement: stalled", at(of("UPDATE", client("Bind", stalled)), of("UPDATE", client("COM_STMT_EXECUTE", stalled)))},
	{"commit: cut before", at(of("COMMIT", client("Query", cutBefore)), of("COMMIT", client("COM_QUERY", cutBefore)))},
	{"commit: cut after", at(of("COMMIT", client("Query", cutAfter)), of("COMMIT", client("COM_QUERY", cutAfter)))},
	{"commit: reset after", at(of("COMMIT", client("Query", resetAfter)), of("COMMIT", client("COM_QUERY", resetAfter)))},
	{"commit: stalled", at(of("COMMIT", client("Query", stalled)), of("COMMIT", client("COM_QUERY", stalled)))},
	{"any answer: reset in the middle", func(b *bank) bool {
		f := nth(1+rand.N(200), wireproxy.Fault{From: wireproxy.Server, Do: resetMiddle})
		return at(f, f)(b)
	}},
	{"after n bytes", func(b *bank) bool {
		b.p.CutAll() // the next ones may not get far
		b.k.left.Store(rand.N[int64](20000))
		defer b.k.left.Store(-1)
		return eventually(b, func() bool { return b.k.left.Load() == 0 })
	}},
	{"silence", func(b *bank) bool {
		b.p.Silence()
		b.pause(deadline + deadline/4)
		b.p.Resume()
		return true
	}},
	{"refused connections", func(b *bank) bool {
		before := b.seen[engine.ErrConnect].Load()
		b.p.Refuse()
		defer b.p.Resume()
		b.p.CutAll()
		return eventually(b, func() bool { return b.seen[engine.ErrConnect].Load() > before })
	}},
	{"server: restarted", func(b *bank) bool { b.s.restart(b, false); return true }},
	{"server: crashed", func(b *bank) bool { b.s.restart(b, true); return true }},
	{"server: crashed inside a commit", func(b *bank) bool {
		f := of("COMMIT", client("Query", stalled))
		if b.s.name == "mysql" {
			f = of("COMMIT", client("COM_QUERY", stalled))
		}
		i := b.p.Inject(f)
		defer i.Release()
		select {
		case <-i.Reached():
		case <-time.After(20 * deadline):
			return false
		}
		b.s.restart(b, true)
		return true
	}},
	{"password changed", func(b *bank) bool {
		old := *b.known.Load()
		next := fmt.Sprintf("p%d/@", keys.Add(1))
		before := b.seen[engine.ErrAuthentication].Load()
		b.setPassword(next)
		b.p.CutAll()
		met := eventually(b, func() bool { return b.seen[engine.ErrAuthentication].Load() > before })
		if rand.N(2) == 0 {
			b.setPassword(old)
		} else {
			b.known.Store(&next)
		}
		return met
	}},
	{"too many connections", func(b *bank) bool {
		before := b.seen[engine.ErrTooManyConnections].Load()
		b.setLimit(1)
		b.p.CutAll()
		met := eventually(b, func() bool { return b.seen[engine.ErrTooManyConnections].Load() > before })
		b.setLimit(0)
		return met
	}},
}

var allTroubles = []trouble{
	{"slow users", func(b *bank) bool {
		before := b.seen[engine.ErrPoolTimeout].Load() + b.seen[engine.ErrCancelled].Load()
		ctx, cancel := context.WithTimeout(context.Background(), 20*deadline)
		defer cancel()
		for range 4 {
			c, err := b.e.Connect(ctx)
			if err != nil {
				return false
			}
			defer c.Close()
		}
		return eventually(b, func() bool { return b.seen[engine.ErrPoolTimeout].Load()+b.seen[engine.ErrCancelled].Load() > before })
	}},
	{"cancellations", func(b *bank) bool {
		before := b.seen[engine.ErrCancelled].Load()
		b.hurry.Store(true)
		defer b.hurry.Store(false)
		return eventually(b, func() bool { return b.seen[engine.ErrCancelled].Load() > before+10 })
	}},
}

var fileTroubles = []trouble{
	{"file: locked by another", func(b *bank) bool {
		before := b.seen[engine.ErrBusy].Load()
		c := beside(b, b.s.url)
		err := c.Begin(context.Background(), dialect.TxOptions{})
		met := err == nil && eventually(b, func() bool { return b.seen[engine.ErrBusy].Load() > before })
		return errors.Join(err, c.Rollback(context.Background()), c.Close()) == nil && met
	}},
}

// eventually is for a trouble that may fail to happen.
func eventually(b *bank, cond func() bool) bool {
	for end := time.Now().Add(20 * deadline); time.Now().Before(end) && !b.stopped(); {
		if cond() {
			return true
		}
		b.pause(5 * time.Millisecond)
	}
	return false
}

func (b *bank) setPassword(p string) {
	if b.s.name == "postgres" {
		b.sql("ALTER ROLE scram PASSWORD '" + p + "'")
	} else {
		b.sql("ALTER USER secret@'127.0.0.1' IDENTIFIED BY '" + p + "'")
	}
}

// setLimit bounds the connections of the bank; 0 is no bound.
func (b *bank) setLimit(n int) {
	if b.s.name == "mysql" {
		b.sql(fmt.Sprintf("ALTER USER secret@'127.0.0.1' WITH MAX_USER_CONNECTIONS %d", n))
		return
	}
	if n == 0 {
		n = -1
	}
	b.sql(fmt.Sprintf("ALTER ROLE scram CONNECTION LIMIT %d", n))
}

// sql runs a command of the administrator, whose connections may have gone with
// a server.
func (b *bank) sql(text string) {
	testenv.Eventually(b, text, func() bool {
		_, err := b.s.admin.Exec(context.Background(), text)
		return err == nil
	})
}

func troublesOf(s *server) []trouble {
	if s.name == "sqlite" {
		return append(append([]trouble(nil), allTroubles...), fileTroubles...)
	}
	return append(append([]trouble(nil), allTroubles...), networkTroubles...)
}

// runBank has every kind of trouble happen at least n times, and until the end.
func runBank(t testing.TB, s *server, n int, end time.Time) {
	b := openBank(t, s)
	list := troublesOf(s)
	for round := 0; round < n || time.Now().Before(end); round++ {
		for _, tr := range list {
			done := false
			for range 5 {
				if done = tr.do(b); done {
					break
				}
			}
			if !done {
				t.Errorf("%s: it did not come to it in 5 attempts", tr.name)
			} else {
				b.injected[tr.name]++
			}
			if t.Failed() {
				round = n + 1<<30
				end = time.Time{}
				break
			}
			before := b.acknowledged()
			testenv.Eventually(b, "the bank works after: "+tr.name, func() bool { return b.acknowledged() > before })
		}
	}
	testenv.Report(t, "%s", b.close())
}

func (b *bank) acknowledged() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.acked)
}

// SoakVar is the time that TestSoak takes, as in 10m.
const SoakVar = "SQLAYER_SOAK"

// TestSoak is the bank for a long time.
func TestSoak(t *testing.T) {
	if os.Getenv(SoakVar) == "" {
		t.Skipf("takes minutes; run it with: make soak SOAK=10m")
	}
	d, err := time.ParseDuration(os.Getenv(SoakVar))
	check(t, err)
	end := time.Now().Add(d)
	before := runtime.NumGoroutine()
	t.Run("server", func(t *testing.T) {
		for _, name := range servers {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				runBank(t, startServer(t, name), 20, end)
			})
		}
	})
	testenv.Eventually(t, "the goroutines have ended", func() bool { return runtime.NumGoroutine() <= before })
	testenv.Report(t, "soak of %v: goroutines before %d and after %d", d, before, runtime.NumGoroutine())
}
