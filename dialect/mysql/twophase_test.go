package mysql_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

// What is sent for transactions in two phases: the XA statements of MySQL 8's
// manual (section 15.3.8), which MariaDB has too. An id is a hexadecimal
// literal, so that nothing in it means anything; a branch is not named.
func TestTwoPhaseTexts(t *testing.T) {
	p, url := wireproxy.Between(t, testenv.MySQL(t))
	c := open(t, url)
	two := c.Conn.(dialect.TwoPhaser)
	id := fmt.Sprintf("it's %d", time.Now().UnixNano())
	x := fmt.Sprintf("X'%x'", id)
	for _, tt := range []struct {
		name    string
		o       dialect.TxOptions
		prepare bool
		end     func(context.Context) error
		want    []string
	}{
		{"prepared, committed", dialect.TxOptions{}, true, c.Commit,
			[]string{"XA START " + x, "XA END " + x, "XA PREPARE " + x, "XA COMMIT " + x}},
		{"prepared, rolled back", dialect.TxOptions{}, true, c.Rollback,
			[]string{"XA START " + x, "XA END " + x, "XA PREPARE " + x, "XA ROLLBACK " + x}},
		{"committed in one phase", dialect.TxOptions{}, false, c.Commit,
			[]string{"XA START " + x, "XA END " + x, "XA COMMIT " + x + " ONE PHASE"}},
		{"rolled back", dialect.TxOptions{}, false, c.Rollback,
			[]string{"XA START " + x, "XA END " + x, "XA ROLLBACK " + x}},
		{"of a level", dialect.TxOptions{Isolation: dialect.Serializable}, false, c.Rollback,
			[]string{"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "XA START " + x, "XA END " + x, "XA ROLLBACK " + x}},
		{"read-only, of a level", dialect.TxOptions{Isolation: dialect.RepeatableRead, ReadOnly: true}, false, c.Rollback,
			[]string{"SET TRANSACTION READ ONLY", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "XA START " + x, "XA END " + x, "XA ROLLBACK " + x}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p.Reset()
			if err := two.BeginTwoPhase(t.Context(), id, tt.o); err != nil {
				t.Fatal(err)
			}
			if tt.prepare {
				if err := two.Prepare(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if err := tt.end(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := p.Executed(); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
	// of a program that has crashed, by any connection
	p.Reset()
	for _, commit := range []bool{true, false} {
		if err := two.Settle(t.Context(), id, commit); c.d.Classify(err).Kind != dialect.ErrUndefined {
			t.Errorf("settling what is not there: %v", err)
		}
	}
	if _, err := two.Prepared(t.Context()); err != nil {
		t.Error(err)
	}
	if got, want := p.Executed(), []string{"XA COMMIT " + x, "XA ROLLBACK " + x, "XA RECOVER"}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
