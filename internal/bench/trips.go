package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"testing"

	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

// proxyTB is the testing.TB that the proxy wants, for a program that is no test.
type proxyTB struct {
	testing.TB
	cleanups []func()
}

func (*proxyTB) Helper()                   {}
func (b *proxyTB) Cleanup(f func())        { b.cleanups = append(b.cleanups, f) }
func (*proxyTB) Logf(f string, a ...any)   { fmt.Fprintf(os.Stderr, f+"\n", a...) }
func (*proxyTB) Errorf(f string, a ...any) { panic(fmt.Errorf(f, a...)) }
func (*proxyTB) Fatalf(f string, a ...any) { panic(fmt.Errorf(f, a...)) }

// end runs the clean-ups.
func (b *proxyTB) end() {
	for _, f := range slices.Backward(b.cleanups) {
		f()
	}
}

// through returns the backend as seen through a proxy that counts round trips.
func (be *Backend) through(b *proxyTB) (*Backend, *wireproxy.Proxy, error) {
	p, via := wireproxy.Between(b, be.URL)
	u, err := url.Parse(via)
	if err != nil {
		return nil, nil, err
	}
	seen := *be
	seen.URL = via
	seen.DSN, err = driverDSN(be.Name, u)
	return &seen, p, err
}

// countTrips prints the round trips of one operation, once warm, of every
// contender: a number that no load on the machine changes.
func countTrips(ctx context.Context, be *Backend, only, works string) error {
	if be.Name == SQLite {
		return nil
	}
	var b proxyTB
	defer b.end()
	via, p, err := be.through(&b)
	if err != nil {
		return err
	}
	var names []string
	ws := slices.DeleteFunc(workloads(), func(w *workload) bool { return w.parallel > 0 || !wanted(works, w.name) })
	fmt.Printf("\n%s, round trips an operation:\n\n| contender |", be.Name)
	for _, w := range ws {
		fmt.Printf(" %s |", w.name)
		names = append(names, w.name)
	}
	fmt.Printf("\n|---|")
	for range names {
		fmt.Printf("---:|")
	}
	fmt.Println()
	for _, c := range contenders {
		if !slices.Contains(c.Backends(), be.Name) || !wanted(only, c.Name()) {
			continue
		}
		s, err := c.Open(ctx, via)
		if err != nil {
			return err
		}
		fmt.Printf("| %s |", c.Name())
		for _, w := range ws {
			const warm, n = 10, 10
			var err error
			if w.fill >= 0 {
				err = be.emptyIns(ctx, w.fill)
			}
			for i := 0; i < warm+n && err == nil; i++ {
				if i == warm {
					p.Reset()
				}
				err = w.op(ctx, s, i)
			}
			trips := p.Count()
			switch {
			case errors.Is(err, ErrUnsupported):
				fmt.Printf(" - |")
			case err != nil:
				fmt.Fprintf(os.Stderr, "%s %s: %v\n", c.Name(), w.name, err)
				fmt.Printf(" failed |")
			default:
				fmt.Printf(" %.1f |", float64(trips)/n)
			}
		}
		fmt.Println()
		s.Close()
	}
	return err
}
