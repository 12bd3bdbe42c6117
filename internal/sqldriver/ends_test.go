package sqldriver_test

import (
	"context"
	"errors"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// What the server rolled back by itself stays rolled back: nothing runs in its
// place before the program has said so too.
func TestTransactionThatTheServerEnded(t *testing.T) {
	deadlock, timeout := errors.New("deadlock"), errors.New("lock timeout")
	for _, tc := range []struct {
		name string
		err  error
		open bool // what the server says
		over bool
	}{
		{"rolled back for sure", deadlock, true, true},
		{"rolled back as the server says", timeout, false, true},
		{"not rolled back as the server says", timeout, true, false},
		{"any other error", errors.New("duplicate"), false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			asked := 0
			d := &db{answer: func(event string) error {
				if event == "text exec fails" {
					return tc.err
				}
				return nil
			}}
			c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{
				Begin: func(dialect.TxOptions) ([]string, error) { return []string{"BEGIN"}, nil },
				Ends: func(err error) sqldriver.Ending {
					return map[error]sqldriver.Ending{deadlock: sqldriver.Ended, timeout: sqldriver.MayEnd}[err]
				},
				Open: func(_ context.Context, _ *sqldriver.Conn, err error) (bool, error) {
					if asked++; asked == 1 {
						return false, errors.New("no answer") // which leaves it open
					}
					return tc.open, nil
				},
			})
			if _, err := exec(t, c, "fails"); !errors.Is(err, tc.err) {
				t.Fatal(err)
			}
			if _, err := exec(t, c, "outside of a transaction"); err != nil {
				t.Error(err)
			}
			if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
				t.Fatal(err)
			}
			if _, err := exec(t, c, "fails"); !errors.Is(err, tc.err) {
				t.Fatal(err)
			}
			d.log = nil
			if _, err := exec(t, c, "next"); tc.err == timeout && (err == nil || len(d.log) > 0) {
				t.Errorf("the server gave no answer: %v, %q", err, d.log)
			}
			d.log = nil
			_, err := exec(t, c, "next")
			commit := c.Commit(t.Context())
			if !tc.over {
				if err != nil || commit != nil {
					t.Errorf("%v, %v", err, commit)
				}
				wantLog(t, d, "text exec next", "text exec COMMIT")
				return
			}
			for _, err := range []error{err, commit} {
				if e := sqldriver.Classify(err, describe); e == nil || e.Kind != dialect.ErrTransactionAborted || !errors.Is(e, tc.err) {
					t.Errorf("%v", err)
				}
			}
			if err := c.Rollback(t.Context()); err != nil {
				t.Error(err)
			}
			if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
				t.Error(err)
			}
			if err := c.Commit(t.Context()); err != nil {
				t.Error(err)
			}
			wantLog(t, d, "text exec ROLLBACK", "text exec BEGIN", "text exec COMMIT")
		})
	}
}
