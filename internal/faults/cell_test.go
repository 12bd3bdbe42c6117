package faults

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

// answer is what is expected of a yes-or-no.
type answer int

const (
	either answer = iota
	yes
	no
)

func (a answer) check(t testing.TB, what string, got bool) {
	t.Helper()
	if a == yes && !got || a == no && got {
		t.Errorf("%s: %v", what, got)
	}
}

// want is what is expected of a write that a fault has met.
type want struct {
	kinds []engine.Kind // one of them; none means no error
	may   answer        // MayHaveRun
	row   answer        // the row is there
}

// A cell is one fault on one server in one layer.
type cell struct {
	testing.TB
	s     *server
	layer string
	p     *wireproxy.Proxy // nil for SQLite
	url   string           // through the proxy
	u     user
	limit int
}

// newCell makes a cell whose pool has no connection yet.
func newCell(t testing.TB, s *server, layer string, o settings) *cell {
	return newCellAt(t, s, layer, s.url, o)
}

func newCellAt(t testing.TB, s *server, layer, url string, o settings) *cell {
	t.Helper()
	c := &cell{TB: t, s: s, layer: layer, limit: max(o.size, 2)}
	if o.size > 0 {
		c.limit = o.size
	}
	c.p, c.url = s.proxied(t, url)
	c.u = openUser(t, layer, c.url, o)
	return c
}

// always is whether a write is in a transaction where the fault does not ask for it.
func (c *cell) always() bool { return c.layer == "Transact" }

// warm makes n connections, which know the statement.
func (c *cell) warm(n int) {
	c.Helper()
	var held []func() error
	for range n {
		free, err := c.u.hold(context.Background())
		check(c, err)
		held = append(held, free)
	}
	for _, free := range held {
		check(c, free())
	}
	c.works()
}

// works writes a row, which must succeed.
func (c *cell) works() {
	c.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	id := keys.Add(1)
	if err := c.u.put(ctx, id, false, nil); err != nil {
		c.Fatalf("the next use fails: %v", err)
	}
	if !c.s.there(c, id) {
		c.Errorf("the row of the next use is not there")
	}
}

// judge checks what a write has come to.
func (c *cell) judge(id int64, err error, w want) {
	c.Helper()
	may := mayHaveRun(err)
	switch {
	case len(w.kinds) == 0:
		if err != nil {
			c.Errorf("an error: %v", err)
		}
	case err == nil:
		c.Errorf("no error; want %v", w.kinds)
	case !isOne(err, w.kinds):
		c.Errorf("the error is not one of %v: %v", w.kinds, err)
	}
	w.may.check(c, fmt.Sprintf("MayHaveRun of %v", err), may)
	if w.row == yes {
		// the server may be at work still
		testenv.Eventually(c, fmt.Sprintf("the row is there, which had the error %v", err), func() bool { return c.s.there(c, id) })
	}
	there := c.s.there(c, id)
	w.row.check(c, "the row is there", there)
	if err == nil && !there {
		c.Error("no error, and no row")
	}
	if err != nil && there && !may {
		c.Errorf("the row is there, and the error does not say MayHaveRun: %v", err)
	}
}

func isOne(err error, kinds []engine.Kind) bool {
	for _, k := range kinds {
		if errors.Is(err, k) {
			return true
		}
	}
	return false
}

// finish checks that the next use works, the books balance and nothing is left.
func (c *cell) finish() {
	c.Helper()
	c.works()
	c.books()
	c.end()
}

// books checks the pool's books once nobody uses it.
func (c *cell) books() {
	c.Helper()
	if c.Failed() {
		return // the first failure tells more
	}
	testenv.Eventually(c, "the pool is at rest", func() bool {
		s := c.u.stats()
		return s.Leased == 0 && s.Opening == 0 && s.Closing == 0 && s.Waiters == 0
	})
	s := c.u.stats()
	if s.Limit != c.limit {
		c.Errorf("the limit is %d, not %d", s.Limit, c.limit)
	}
	if s.Idle+s.Leased+s.Opening+s.Closing > s.Limit {
		c.Errorf("more connections than the limit: %v", s)
	}
	if s.Dialed != uint64(s.Idle+s.Leased+s.Closing)+s.Detached+s.AllClosed() {
		c.Errorf("the books do not balance: %v", s)
	}
	if c.p != nil {
		testenv.Eventually(c, fmt.Sprintf("the connections are those of the books (%v)", s), func() bool { return c.p.Connections() == s.Idle })
	}
}

// end closes the pool; nothing may be left of it.
func (c *cell) end() {
	c.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c.u.shutdown(ctx) // idle connections that were broken may say so
	if s := c.u.stats(); s.Idle+s.Leased+s.Opening+s.Closing != 0 || s.Dialed != s.AllClosed()+s.Detached {
		c.Errorf("left after the shutdown: %v", s)
	}
	if c.p != nil {
		testenv.Eventually(c, "no connection is left", func() bool { return c.p.Connections() == 0 })
	}
}

// soon bounds what may not hang.
func soon(c *cell, what string, limit time.Duration, f func()) {
	c.Helper()
	begin := time.Now()
	f()
	if took := time.Since(begin); took > limit {
		c.Errorf("%s took %v", what, took)
	}
}
