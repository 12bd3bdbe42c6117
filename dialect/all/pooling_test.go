package all_test

import (
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// A pool pings what was idle for long where the driver does not look by itself whether the server is still there: pgx,
// go-mssqldb and go-ora. The MySQL driver looks at the socket (internal/sqldriver, Config.IdleCheck), and SQLite is no server.
func TestPingOfIdleConnections(t *testing.T) {
	for url, want := range map[string]time.Duration{
		"postgres://ada@localhost/shop": 30 * time.Second, "sqlserver://ada@localhost/shop": 30 * time.Second, "oracle://ada@localhost/shop": 30 * time.Second,
		"mysql://ada@localhost/shop": 0, "sqlite:///shop.db": 0,
	} {
		u, err := dialect.ParseURL(url)
		if err != nil {
			t.Fatal(err)
		}
		d, err := dialect.Lookup(u.Scheme)
		if err != nil {
			t.Fatal(err)
		}
		c, err := d.OpenConnector(u, dialect.ConnectConfig{})
		if err != nil {
			t.Fatal(err)
		}
		var got dialect.Pooling
		if a, ok := c.(dialect.PoolAdviser); ok {
			got = a.Pooling()
		}
		if got.PingIdle != want {
			t.Errorf("%s: pinged after %v, not %v", url, got.PingIdle, want)
		}
	}
}
