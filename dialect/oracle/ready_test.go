package oracle_test

import (
	"strings"
	"testing"
	"time"

	go_ora "github.com/sijms/go-ora/v2"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/internal/tnsfake"
)

// A driver's URL or connector takes the place of the URL, and times mean the same.
func TestReadyDriverConfigurations(t *testing.T) {
	when := time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC)
	srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
		if strings.HasPrefix(r.Text, "SELECT at") {
			return tnsfake.Reply{Columns: []string{"AT"}, Rows: [][]any{{when}}}
		}
		return tnsfake.Reply{}
	})
	url := "oracle://ada:" + tnsfake.Password + "@" + srv.Addr + "/shop"
	for name, driver := range map[string]any{
		"url":       url,
		"options":   url + "?PREFETCH_ROWS=10",
		"connector": go_ora.NewConnector(url + "?SERVER%20LOCATION=UTC"),
	} {
		open, err := oracle.Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: driver})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c, err := open.Connect(t.Context())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		rows, err := c.Query(t.Context(), compile(t, "SELECT at FROM t"))
		if err != nil {
			t.Fatal(err)
		}
		var at time.Time
		if !rows.Next() || rows.ScanRow([]any{&at}) != nil || !at.Equal(when) {
			t.Errorf("%s: got %v", name, at)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}
