package mssql_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
)

// bulkTable answers the questions of a bulk copy about a table with the columns id, Name and at.
func bulkTable(identity int64, bulk tdsfake.Reply) func(tdsfake.Request) tdsfake.Reply {
	row := []any{int64(0), "x", time.Unix(0, 0)}
	return func(r tdsfake.Request) tdsfake.Reply {
		switch {
		case r.Text == "BULK":
			return bulk
		case strings.Contains(r.Text, "sys.columns"):
			return tdsfake.Reply{Columns: []string{"name", "identity"}, Rows: [][]any{{"id", identity}, {"Name", int64(0)}, {"at", int64(0)}}}
		case strings.Contains(r.Text, "odd"):
			return tdsfake.Reply{Columns: []string{"id", "name", "at"}, Rows: [][]any{row}}
		case strings.HasPrefix(r.Text, "SELECT id"):
			return tdsfake.Reply{Columns: []string{"id", "name"}, Rows: [][]any{row[:2]}}
		case strings.HasPrefix(r.Text, "select *"):
			return tdsfake.Reply{Columns: []string{"id", "Name"}, Rows: [][]any{row[:2]}}
		}
		return tdsfake.Reply{}
	}
}

func give(rows ...[]any) func() ([]any, error) {
	return func() ([]any, error) {
		if len(rows) == 0 {
			return nil, nil
		}
		row := rows[0]
		rows = rows[1:]
		if err, ok := row[0].(error); ok {
			return nil, err
		}
		return row, nil
	}
}

func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

func TestBulkCopy(t *testing.T) {
	srv := tdsfake.Start(t, bulkTable(0, tdsfake.Reply{Affected: 2}))
	c := connect(t, srv, "")
	srv.Requests()
	res, err := c.(dialect.Copier).CopyFrom(t.Context(), "dbo", "t", []string{"id", "name"}, give([]any{7, "sieben ä"}, []any{int16(8), nil}))
	if err != nil || res.RowsAffected() != 2 {
		t.Fatalf("%d rows, %v", res.RowsAffected(), err)
	}
	requests := srv.Requests()
	got := texts(requests)
	want := []string{"BEGIN", "BULK", "COMMIT"}
	if kept := slices.DeleteFunc(slices.Clone(got), func(s string) bool { return !slices.Contains(want, s) }); !slices.Equal(kept, want) {
		t.Errorf("it sent %q", got)
	}
	if i := slices.IndexFunc(got, func(s string) bool {
		return strings.HasPrefix(s, "INSERT BULK [dbo].[t] ([id] bigint, [Name] nvarchar(4000))")
	}); i < 0 ||
		!strings.Contains(got[i], "CHECK_CONSTRAINTS,FIRE_TRIGGERS,KEEP_NULLS") {
		t.Errorf("it sent %q", got)
	}
	for _, r := range requests {
		if r.Text == "BULK" && (!bytes.Contains(r.Bulk, wide("sieben ä")) || bytes.Count(r.Bulk, []byte{8, 7, 0, 0, 0, 0, 0, 0, 0}) != 1) {
			t.Errorf("the rows are %x", r.Bulk)
		}
	}
}

func TestBulkCopyFails(t *testing.T) {
	own := errors.New("no more")
	for _, tc := range []struct {
		name     string
		identity int64
		bulk     tdsfake.Reply
		table    string
		rows     [][]any
		want     error
		text     string
	}{
		{"the caller's", 0, tdsfake.Reply{}, "t", [][]any{{1, "a"}, {own}}, own, "no more"},
		{"a key twice", 0, tdsfake.Reply{Err: &tdsfake.Error{Number: 2627, Message: "Violation of UNIQUE KEY constraint 'uq'."}}, "t", [][]any{{1, "a"}}, dialect.ErrUniqueViolation, "uq"},
		{"a value", 0, tdsfake.Reply{}, "t", [][]any{{1, "a"}, {1.5, "b"}}, dialect.ErrOutOfRange, "row 2"},
		{"too long", 0, tdsfake.Reply{}, "t", [][]any{{1, strings.Repeat("x", 4001)}}, dialect.ErrTooLong, "row 1"},
		{"an identity", 1, tdsfake.Reply{}, "t", [][]any{{1, "a"}}, dialect.ErrUnsupported, "column id"},
	} {
		srv := tdsfake.Start(t, bulkTable(tc.identity, tc.bulk))
		c := connect(t, srv, "")
		_, err := c.(dialect.Copier).CopyFrom(t.Context(), "", tc.table, []string{"id", "name"}, give(tc.rows...))
		if described := c.(interface{ Usable() bool }); !described.Usable() {
			t.Errorf("%s: the connection is lost", tc.name)
		}
		if err == nil || !errors.Is(err, tc.want) && !errors.Is(dialectOf(err), tc.want) || !strings.Contains(err.Error(), tc.text) {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got := texts(srv.Requests()); got[len(got)-1] != "ROLLBACK" {
			t.Errorf("%s: it sent %q", tc.name, got)
		}
	}
}

// dialectOf is the error as the dialect describes it.
func dialectOf(err error) error { return mssql.Dialect().Classify(err) }

// What the driver would write as something else, without an error, is given to it in another form.
func TestBulkCopyKeepsWhatTheDriverWouldChange(t *testing.T) {
	for _, tc := range []struct {
		name   string
		column any // a value of the column's type
		v      any
		want   []byte // what follows the token of the row
	}{
		{"a number as text", "x", 12, append([]byte{4, 0}, wide("12")...)},
		{"an empty text", "x", "", []byte{0, 0}},
		{"no text", "x", nil, []byte{0xff, 0xff}},
		{"empty bytes", []byte{1}, []byte{}, []byte{0, 0}},
		{"no bytes", []byte{1}, []byte(nil), []byte{0xff, 0xff}},
		{"a whole number in a DECIMAL", tdsfake.Decimal{Digits: 1, Scale: 2}, 5, []byte{9, 1, 0xf4, 1, 0, 0, 0, 0, 0, 0}},
		{"a float in a DECIMAL, which is rounded", tdsfake.Decimal{Digits: 1, Scale: 2}, 1.005, []byte{9, 1, 101, 0, 0, 0, 0, 0, 0, 0}},
		{"a sum of floats in a DECIMAL", tdsfake.Decimal{Digits: 1, Scale: 2}, 0.1 + 0.2, []byte{9, 1, 30, 0, 0, 0, 0, 0, 0, 0}},
		{"a truth as a number", int64(1), true, []byte{8, 1, 0, 0, 0, 0, 0, 0, 0}},
		{"a number as a truth", true, 1, []byte{1, 1}},
	} {
		srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
			switch {
			case r.Text == "BULK":
				return tdsfake.Reply{Affected: 1}
			case strings.Contains(r.Text, "sys.columns"):
				return tdsfake.Reply{Columns: []string{"name", "identity"}, Rows: [][]any{{"v", int64(0)}}}
			case strings.HasPrefix(strings.ToUpper(r.Text), "SELECT"):
				return tdsfake.Reply{Columns: []string{"v"}, Rows: [][]any{{tc.column}}}
			}
			return tdsfake.Reply{}
		})
		c := connect(t, srv, "")
		if _, err := c.(dialect.Copier).CopyFrom(t.Context(), "", "t", []string{"v"}, give([]any{tc.v})); err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		for _, r := range srv.Requests() {
			if r.Text != "BULK" {
				continue
			}
			// the row is followed by the token DONE with its 12 bytes
			row := append([]byte{0xd1}, tc.want...)
			if at := len(r.Bulk) - 13 - len(row); at < 0 || !bytes.Equal(r.Bulk[at:at+len(row)], row) {
				t.Errorf("%s: the bulk is %x, which does not end with the row %x", tc.name, r.Bulk, row)
			}
		}
	}
}
