package all_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
)

// SQL Server rolls a transaction back when it chooses it as the victim of a
// deadlock, under XACT_ABORT, and in triggers. What follows must not be done by
// itself, and the transaction must not say that it was committed.
func TestTransactionThatSQLServerEnded(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  tdsfake.Error
		ends bool
		kind error
	}{
		{"the victim of a deadlock", tdsfake.Error{Number: 1205, Class: 13, Message: "Transaction (Process ID 52) was deadlocked."}, true, engine.ErrDeadlock},
		{"ended in a trigger", tdsfake.Error{Number: 3609, Message: "The transaction ended in the trigger. The batch has been aborted."}, true,
			engine.ErrTransactionAborted},
		{"under XACT_ABORT", tdsfake.Error{Number: 2627, Class: 14, Message: "Violation of PRIMARY KEY constraint 'pk'."}, true, engine.ErrUniqueViolation},
		{"an error that ends nothing", tdsfake.Error{Number: 2627, Class: 14, Message: "Violation of PRIMARY KEY constraint 'pk'."}, false, engine.ErrUniqueViolation},
	} {
		t.Run(tc.name, func(t *testing.T) {
			eng, srv := onSQLServer(t, func(r tdsfake.Request) tdsfake.Reply {
				if strings.HasPrefix(r.Text, "INSERT INTO fails") {
					return tdsfake.Reply{Err: &tc.err, Ends: tc.ends}
				}
				return tdsfake.Reply{Affected: 1}
			})
			conn, err := eng.Connect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			tx, err := conn.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), "INSERT INTO t VALUES (1)"); err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), "INSERT INTO fails VALUES (1)"); !errors.Is(err, tc.kind) {
				t.Errorf("the error is %v", err)
			}
			srv.Requests()
			_, next := tx.Exec(t.Context(), "INSERT INTO t VALUES (2)")
			commit := tx.Commit(t.Context())
			if !tc.ends {
				if next != nil || commit != nil {
					t.Errorf("a transaction that goes on: %v, %v", next, commit)
				}
				return
			}
			for _, err := range []error{next, commit} {
				if !errors.Is(err, engine.ErrTransactionAborted) {
					t.Errorf("used after its end: %v", err)
				}
			}
			if err := tx.Rollback(t.Context()); err != nil {
				t.Error(err)
			}
			if got := texts(srv); len(got) > 0 {
				t.Errorf("sent %q after the server had ended the transaction", got)
			}
			if err := conn.Transact(t.Context(), func(tx *engine.Tx) error {
				_, err := tx.Exec(t.Context(), "INSERT INTO t VALUES (3)")
				return err
			}); err != nil {
				t.Error(err)
			}
			if got := texts(srv); !slices.Equal(got, []string{"BEGIN", "INSERT INTO t VALUES (3)", "COMMIT"}) {
				t.Errorf("the next transaction sent %q", got)
			}
		})
	}
}

func texts(srv *tdsfake.Server) (list []string) {
	for _, r := range srv.Requests() {
		list = append(list, r.Text)
	}
	return list
}
