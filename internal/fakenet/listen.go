package fakenet

import (
	"net"
	"sync"
	"testing"
)

// Listen calls serve for each connection to the address that it returns, until the
// end of the test, which closes the connections and waits for serve.
func Listen(t testing.TB, serve func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var (
		mu     sync.Mutex
		conns  = map[net.Conn]struct{}{}
		closed bool
		wg     sync.WaitGroup
	)
	add := func(c net.Conn) bool {
		mu.Lock()
		defer mu.Unlock()
		conns[c] = struct{}{}
		return !closed
	}
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if !add(c) {
				c.Close()
				return
			}
			wg.Go(func() {
				defer func() {
					mu.Lock()
					defer mu.Unlock()
					delete(conns, c)
					c.Close()
				}()
				serve(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		closed = true
		for c := range conns {
			c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return l.Addr().String()
}

// Log keeps what a server was asked. It is safe for concurrent use.
type Log[T any] struct {
	mu  sync.Mutex
	all []T
}

// Add keeps one more.
func (l *Log[T]) Add(v T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, v)
}

// All returns what was kept.
func (l *Log[T]) All() []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]T(nil), l.all...)
}

// Take returns what was kept, and forgets it.
func (l *Log[T]) Take() []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.all
	l.all = nil
	return all
}
