package oracle_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/internal/tnsfake"
)

func TestArrayCopy(t *testing.T) {
	own := errors.New("no more")
	number := tnsfake.Number("7")
	for _, tc := range []struct {
		name string
		rows [][]any
		fail int // ORA-… for an INSERT
		sent string
		want error
	}{
		{"arrays", [][]any{{1, "a"}, {2, nil}, {3, "c"}}, 0, "[[1 a] [2 <nil>] [3 c]] COMMIT", nil},
		{"one row", [][]any{{1, "a"}}, 0, "[[1 a]] COMMIT", nil},
		{"none", nil, 0, "COMMIT", nil},
		{"the caller's", [][]any{{1, "a"}, {own}}, 0, "ROLLBACK", own},
		{"a key twice", [][]any{{1, "a"}, {1, "b"}}, 1, "[[1 a] [1 b]] ROLLBACK", dialect.ErrUniqueViolation},
	} {
		srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
			switch {
			case strings.HasPrefix(r.Text, "SELECT"):
				return tnsfake.Reply{Columns: []string{"ID", "NAME"}, Rows: [][]any{{number, "x"}}}
			case strings.HasPrefix(r.Text, "INSERT"):
				if tc.fail != 0 {
					return tnsfake.Reply{Code: tc.fail, Message: "ORA-00001: unique constraint (ADA.PK) violated\n"}
				}
				return tnsfake.Reply{Affected: 1 + len(r.More)}
			}
			return tnsfake.Reply{}
		})
		c := connect(t, srv)
		srv.Requests()
		rows := tc.rows
		res, err := c.(dialect.Copier).CopyFrom(t.Context(), "", "t", []string{"id", "name"}, func() ([]any, error) {
			if len(rows) == 0 {
				return nil, nil
			}
			row := rows[0]
			rows = rows[1:]
			if err, ok := row[0].(error); ok {
				return nil, err
			}
			return row, nil
		})
		switch {
		case tc.want == nil && (err != nil || res.RowsAffected() != int64(len(tc.rows))):
			t.Errorf("%s: %d rows, %v", tc.name, res.RowsAffected(), err)
		case tc.want != nil && (err == nil || !errors.Is(err, tc.want) && !errors.Is(oracle.Dialect().Classify(err), tc.want)):
			t.Errorf("%s: %v", tc.name, err)
		}
		var sent []string
		for _, r := range srv.Requests() {
			switch {
			case strings.HasPrefix(r.Text, "SELECT"):
			case r.Params != nil:
				if r.Text != "INSERT INTO t (id, name) VALUES (:1, :2)" || r.Commits {
					t.Errorf("%s: %q commits %v", tc.name, r.Text, r.Commits)
				}
				sent = append(sent, fmt.Sprint(append([][]any{r.Params}, r.More...)))
			default:
				sent = append(sent, r.Text)
			}
		}
		if got := strings.Join(sent, " "); !reflect.DeepEqual(got, tc.sent) {
			t.Errorf("%s: it sent %s, not %s", tc.name, got, tc.sent)
		}
	}
}

// The driver sends an array as what its last value is, so NULL is of the type of the others, wherever it stands; values of
// another type, which the server would misread, begin a new array.
func TestArrayCopyOfNullsAndMixedTypes(t *testing.T) {
	at := time.Date(2024, 1, 31, 12, 30, 0, 123456789, time.UTC)
	for _, tc := range []struct {
		name string
		rows [][]any
		want string // the types of each statement, and how many rows it has
	}{
		{"NULL last", [][]any{{1, at, "a", []byte{1}}, {nil, nil, nil, nil}}, "NUMBER TIMESTAMP VARCHAR2 RAW 2"},
		{"NULL first", [][]any{{nil, nil, nil, nil}, {1, at, "a", []byte{1}}}, "NUMBER TIMESTAMP VARCHAR2 RAW 2"},
		{"NULL around", [][]any{{nil, nil, nil, nil}, {1, at, "a", []byte{1}}, {nil, nil, nil, nil}}, "NUMBER TIMESTAMP VARCHAR2 RAW 3"},
		{"numbers of all kinds", [][]any{{1, at, "a", nil}, {1.5, nil, "b", nil}, {"2.5", at, "c", nil}, {uint64(1 << 63), at, "", nil}, {true, at, "", nil}},
			"NUMBER TIMESTAMP VARCHAR2 RAW 5"},
		{"an empty text last", [][]any{{1, at, "a", []byte{1}}, {2, at, "", []byte{}}}, "NUMBER TIMESTAMP VARCHAR2 RAW 2"},
	} {
		srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
			switch {
			case strings.HasPrefix(r.Text, "SELECT"):
				return tnsfake.Reply{Columns: []string{"N", "MOMENT", "S", "B"}, Rows: [][]any{{tnsfake.Number("7"), at, "x", []byte{1}}}}
			case strings.HasPrefix(r.Text, "INSERT"):
				return tnsfake.Reply{Affected: 1 + len(r.More)}
			}
			return tnsfake.Reply{}
		})
		c := connect(t, srv)
		srv.Requests()
		n := 0
		res, err := c.(dialect.Copier).CopyFrom(t.Context(), "", "t", []string{"n", "moment", "s", "b"}, func() ([]any, error) {
			if n == len(tc.rows) {
				return nil, nil
			}
			n++
			return tc.rows[n-1], nil
		})
		if err != nil || res.RowsAffected() != int64(len(tc.rows)) {
			t.Errorf("%s: %d rows, %v", tc.name, res.RowsAffected(), err)
		}
		var sent []string
		for _, r := range srv.Requests() {
			if r.Params == nil || r.Types == nil {
				continue
			}
			sent = append(sent, strings.Join(r.Types, " ")+fmt.Sprint(" ", 1+len(r.More)))
			for i, row := range append([][]any{r.Params}, r.More...) {
				if when := tc.rows[i][1]; when != nil && !row[1].(time.Time).Equal(at) || when == nil && row[1] != nil {
					t.Errorf("%s: row %d has %v", tc.name, i+1, row)
				}
			}
		}
		if got := strings.Join(sent, "; "); got != tc.want {
			t.Errorf("%s: it sent %s, not %s", tc.name, got, tc.want)
		}
	}
}
