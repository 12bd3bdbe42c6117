package faults

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// A fault is a row of the matrix.
type fault struct {
	name    string
	servers []string // nil: postgres and mysql
	layers  []string // nil: all
	run     func(t testing.TB, s *server, layer string)
}

// faultsOf lists the faults that a server has cells for.
func faultsOf(s *server) []fault {
	var list []fault
	for _, f := range wireFaults {
		list = append(list, fault{f.name, nil, f.only, f.run})
	}
	list = append(list, otherFaults...)
	return slices.DeleteFunc(list, func(f fault) bool {
		if f.servers == nil {
			return s.name == "sqlite"
		}
		return !slices.Contains(f.servers, s.name)
	})
}

// TestFaults runs each cell of the matrix once, and the bank for a moment.
func TestFaults(t *testing.T) {
	testenv.CheckLeaks(t)
	m := &matrix{}
	defer m.report(t)
	t.Run("server", func(t *testing.T) {
		for _, name := range servers {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := startServer(t, name)
				for _, f := range faultsOf(s) {
					t.Run(strings.ReplaceAll(f.name, " ", "_"), func(t *testing.T) {
						for _, layer := range layers {
							if f.layers != nil && !slices.Contains(f.layers, layer) {
								continue
							}
							t.Run(layer, func(t *testing.T) {
								defer func() { m.note(f.name, name, layer, t.Failed()) }()
								f.run(t, s, layer)
							})
						}
					})
				}
				t.Run("bank", func(t *testing.T) { runBank(t, s, 1, time.Time{}) })
			})
		}
	})
}
