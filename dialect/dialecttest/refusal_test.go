package dialecttest

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/tnsfake"
)

// TestRefusals runs the suite on servers that say who they are, let anybody
// in, and refuse every statement, or every second or third one: each case fails
// or passes in its time, and none hangs, panics or keeps the others from running.
func TestRefusals(t *testing.T) {
	servers := map[string]func(t *testing.T, refuse func() bool) string{
		"mssql": func(t *testing.T, refuse func() bool) string {
			srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
				switch {
				case strings.Contains(r.Text, "SERVERPROPERTY"):
					return tdsfake.Reply{Columns: []string{"", "", "", "", ""}, Rows: [][]any{{"16.0.1000.6", int64(3), int64(160), nil, "Latin1_General_CI_AS"}}}
				case r.Text == "COMMIT", r.Text == "ROLLBACK", strings.HasPrefix(r.Text, "BEGIN"), !refuse():
					return tdsfake.Reply{}
				}
				return tdsfake.Reply{Err: &tdsfake.Error{Number: 102, Class: 15, Message: "Incorrect syntax near 'SELECT'."}}
			})
			return "sqlserver://sa:" + tdsfake.Password + "@" + srv.Addr + "/shop?encrypt=disable"
		},
		"oracle": func(t *testing.T, refuse func() bool) string {
			srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
				switch {
				case strings.Contains(r.Text, "product_component_version"):
					return tnsfake.Reply{Columns: []string{"VERSION"}, Rows: [][]any{{"19.3.0.0.0"}}}
				case strings.HasPrefix(r.Text, "ALTER SESSION"), r.Text == "COMMIT", r.Text == "ROLLBACK", r.Text == "PING", !refuse():
					return tnsfake.Reply{}
				}
				return tnsfake.Reply{Code: 900, Message: "ORA-00900: invalid SQL statement"}
			})
			return "oracle://ada:" + tnsfake.Password + "@" + srv.Addr + "/shop"
		},
	}
	for name, start := range servers {
		for each := range 3 {
			t.Run(fmt.Sprint(name, ", one of ", each+1), func(t *testing.T) {
				testenv.CheckLeaks(t)
				var n atomic.Int64
				tg, err := open(t.Context(), Config{Limit: 5 * time.Second,
					URL: start(t, func() bool { return n.Add(1)%int64(each+1) == 0 })})
				if err != nil {
					t.Fatal(err)
				}
				if want := map[string]int{"mssql": 16, "oracle": 19}[name]; tg.f.Version.Major != want {
					t.Errorf("Features are those of version %v", tg.f.Version)
				}
				refused(t, tg, each == 0)
				if err := tg.close(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func refused(t *testing.T, tg *target, all bool) {
	begin := time.Now()
	failed, passed := 0, 0
	for _, g := range groups(tg) {
		for _, c := range g.cases {
			if !c.needs.met(tg) {
				continue
			}
			start := time.Now()
			said := tg.try(c)
			if len(said) > 0 {
				failed++
			} else {
				passed++
			}
			for _, s := range said {
				if strings.HasPrefix(s, "panic: ") {
					t.Errorf("%s/%s: %s", g.name, c.name, s)
				}
			}
			if d := time.Since(start); d > time.Second {
				t.Logf("%s/%s took %v: %.200q", g.name, c.name, d.Round(time.Millisecond), said)
			}
		}
	}
	d := time.Since(begin).Round(time.Millisecond)
	t.Logf("%d cases fail and %d pass, in %v", failed, passed, d)
	if all && failed < 200 {
		t.Errorf("only %d cases fail where nothing is accepted", failed)
	}
	if d > 2*time.Minute {
		t.Errorf("it took %v", d)
	}
}
