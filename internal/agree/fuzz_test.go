package agree

import (
	"errors"
	"flag"
	"os"
	"testing"

	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// fuzz runs a check with every backend that is there, and the plain dialect.
func fuzz(f *testing.F, check func(t *testing.T, l *lease, seed uint64) error) {
	if flag.Lookup("test.fuzz").Value.String() == "" {
		f.Skip("not run: the tests have seeds of their own; -fuzz runs it")
	}
	f.Add(uint64(1 << 32))
	list := []*lease{connectPlain(f)}
	for _, k := range testenv.All() {
		if k.Var == "" || os.Getenv(k.Var) != "" {
			list = append(list, connect(f, testenv.Backend{Name: k.Name, URL: testenv.URL(f, k.Name)}))
		}
	}
	for _, l := range list {
		fillBox(f, l)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		for _, l := range list {
			if err := check(t, l, seed); err != nil && !errors.Is(err, errRefused) {
				t.Errorf("%s, seed %d: %v", l.name, seed, err)
			}
		}
	})
}

func FuzzExpressions(f *testing.F) {
	fuzz(f, func(t *testing.T, l *lease, seed uint64) error {
		_, err := l.one(t, seed)
		return err
	})
}

func FuzzWrites(f *testing.F) {
	fuzz(f, func(t *testing.T, l *lease, seed uint64) error {
		made, ok := makeWrites(seed)
		if !ok {
			return nil
		}
		return l.writes(t, made)
	})
}

func FuzzQueries(f *testing.F) {
	fuzz(f, func(t *testing.T, l *lease, seed uint64) error {
		q, ok := makeQuery(seed)
		if !ok {
			return nil
		}
		return l.query(t, q)
	})
}

func FuzzSchemas(f *testing.F) {
	if flag.Lookup("test.fuzz").Value.String() == "" {
		f.Skip("not run: the tests have seeds of their own; -fuzz runs it")
	}
	f.Add(uint64(1 << 32))
	var list []*lease
	for _, k := range testenv.All() {
		if k.Var == "" || os.Getenv(k.Var) != "" {
			list = append(list, connect(f, testenv.Backend{Name: k.Name, URL: testenv.URL(f, k.Name)}))
		}
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		for _, l := range list {
			if err := roundTrip(t, l, seed); err != nil && !errors.Is(err, errRefused) {
				t.Errorf("%s, seed %d: %v", l.name, seed, err)
			}
		}
	})
}
