package sqldriver_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// Rows that are left early are read on for a moment, then stopped; a transaction is
// not given up for that while there is hope, and what ended it is told.
func TestRowsLeftEarly(t *testing.T) {
	var (
		errStopped = errors.New("interrupted")
		errDead    = errors.New("deadlock")
		errNoDial  = errors.New("too many connections")
		errCut     = errors.New("use of closed connection")
	)
	for name, tt := range map[string]struct {
		inTx  bool
		takes time.Duration // until the rows end by themselves
		with  error         // how they end so
		stop  error         // of Stop
		deaf  bool          // Stop does not help
		ping  error

		want   error
		after  time.Duration
		usable bool
		events string
	}{
		"short":                               {takes: time.Millisecond, after: time.Millisecond, usable: true},
		"short, with an error":                {takes: time.Millisecond, with: errDead, want: errDead, after: time.Millisecond, usable: true},
		"stopped":                             {takes: time.Hour, after: 100 * time.Millisecond, usable: true, events: "stop ping "},
		"stopped in a transaction":            {inTx: true, takes: time.Hour, after: 100 * time.Millisecond, usable: true, events: "stop ping "},
		"not stopped":                         {takes: time.Hour, stop: errNoDial, after: 100 * time.Millisecond, events: "stop hang up "},
		"not stopped in a transaction":        {inTx: true, takes: time.Second, stop: errNoDial, after: time.Second, usable: true, events: "stop ping "},
		"never stopped in a transaction":      {inTx: true, takes: time.Hour, stop: errNoDial, want: errCut, after: 10100 * time.Millisecond, events: "stop hang up "},
		"deaf":                                {takes: time.Hour, deaf: true, after: 10100 * time.Millisecond, events: "stop hang up "},
		"failed before it stopped":            {inTx: true, takes: time.Second, with: errDead, deaf: true, want: errDead, after: time.Second, usable: true, events: "stop ping "},
		"does not answer":                     {takes: time.Hour, ping: errCut, after: 100 * time.Millisecond, events: "stop ping "},
		"does not answer, and in transaction": {inTx: true, takes: time.Hour, ping: errCut, want: errCut, after: 100 * time.Millisecond, events: "stop ping "},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				events := ""
				stopped, cut := make(chan struct{}), make(chan struct{})
				d := &db{answer: func(event string) error {
					if event == "ping" {
						events += "ping "
						return tt.ping
					}
					return nil
				}}
				d.rows = func() *fakeRows {
					r := table([]string{"a"}, nil, nil)
					r.vals[0], r.vals[1] = append(r.vals[0], int64(1)), append(r.vals[1], int64(2))
					r.last = func() error {
						select {
						case <-time.After(tt.takes):
							return tt.with
						case <-stopped:
							return errStopped
						case <-cut:
							d.invalid = true
							return errCut
						}
					}
					return r
				}
				c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{
					Stop: func(context.Context, *sqldriver.Conn) error {
						events += "stop "
						if tt.stop == nil && !tt.deaf {
							close(stopped)
						}
						return tt.stop
					},
					Stopped: func(err error) bool { return err == errStopped },
					HangUp:  func(*sqldriver.Conn) { events += "hang up "; close(cut) },
				})
				if tt.inTx {
					if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
						t.Fatal(err)
					}
				}
				rows := query(t, c, text("q"))
				if !rows.Next() {
					t.Fatal(rows.Err())
				}
				start := time.Now()
				if err := rows.Close(); !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
					t.Errorf("%v, want %v", err, tt.want)
				}
				if took := time.Since(start); took != tt.after {
					t.Errorf("after %v, want %v", took, tt.after)
				}
				if c.Usable() != tt.usable || events != tt.events {
					t.Errorf("usable: %v, %s", c.Usable(), events)
				}
			})
		})
	}
}
