package dialecttest

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/tnsfake"
)

// TestHangs runs some of the suite on servers that fall silent, or break the
// connection, at every fourth statement: each case comes to an end by its limit,
// what it does when it is over included, and the next one begins afresh.
func TestHangs(t *testing.T) {
	fourth := func() func() bool {
		var n atomic.Int64
		return func() bool { return n.Add(1)%4 == 0 }
	}
	servers := map[string]func(t *testing.T, hang bool) string{
		"mssql": func(t *testing.T, hang bool) string {
			stop := fourth()
			srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
				switch {
				case strings.Contains(r.Text, "SERVERPROPERTY"):
					return tdsfake.Reply{Columns: []string{"", "", "", "", ""}, Rows: [][]any{{"16.0.1000.6", int64(3), int64(160), nil, "Latin1_General_CI_AS"}}}
				case stop():
					return tdsfake.Reply{Hang: hang, Drop: !hang}
				}
				return tdsfake.Reply{}
			})
			return "sqlserver://sa:" + tdsfake.Password + "@" + srv.Addr + "/shop?encrypt=disable"
		},
		"oracle": func(t *testing.T, hang bool) string {
			stop := fourth()
			srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
				switch {
				case strings.Contains(r.Text, "product_component_version"):
					return tnsfake.Reply{Columns: []string{"VERSION"}, Rows: [][]any{{"19.3.0.0.0"}}}
				case strings.HasPrefix(r.Text, "ALTER SESSION"), !stop():
					return tnsfake.Reply{}
				}
				return tnsfake.Reply{Hang: hang, Drop: !hang}
			})
			return "oracle://ada:" + tnsfake.Password + "@" + srv.Addr + "/shop"
		},
	}
	for name, start := range servers {
		for what, hang := range map[string]bool{"falls silent": true, "breaks the connection": false} {
			t.Run(name+" "+what, func(t *testing.T) {
				testenv.CheckLeaks(t)
				tg, err := open(t.Context(), Config{Limit: 200 * time.Millisecond, URL: start(t, hang)})
				if err != nil {
					t.Fatal(err)
				}
				i, ran, failed := 0, 0, 0
				for _, g := range groups(tg) {
					for _, c := range g.cases {
						if i++; !c.needs.met(tg) || hang && i%40 != 0 {
							continue
						}
						ran++
						said := tg.try(c)
						if len(said) > 0 {
							failed++
						}
						for _, s := range said {
							if strings.HasPrefix(s, "panic: ") {
								t.Errorf("%s/%s: %s", g.name, c.name, s)
							}
						}
					}
				}
				if failed < ran/3 {
					t.Errorf("%d of %d cases fail", failed, ran)
				}
				if err := tg.close(); err != nil {
					t.Logf("closing: %v", err)
				}
			})
		}
	}
}
