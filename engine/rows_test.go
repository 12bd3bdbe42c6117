package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

type status string

type level int16

func TestScanIntoNamedTypes(t *testing.T) {
	e, db := open(t)
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	db.On("SELECT", fakedb.Rows([]string{"a", "b", "c", "d", "e", "f", "g"},
		[]any{"open", int64(3), "closed", nil, `{"a":1}`, at, []byte("x")}))
	rows, err := e.Query(t.Context(), "SELECT")
	check(t, err)
	var (
		s    status
		l    level
		ps   *status
		pl   = new(level)
		raw  json.RawMessage
		when *time.Time
		any_ any
	)
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	check(t, rows.Scan(&s, &l, &ps, &pl, &raw, &when, &any_))
	if s != "open" || l != 3 || ps == nil || *ps != "closed" || pl != nil || string(raw) != `{"a":1}` || !when.Equal(at) || string(any_.([]byte)) != "x" {
		t.Error(s, l, ps, pl, raw, when, any_)
	}
	check(t, rows.Scan(nil, nil, nil, nil, nil, nil, nil)) // skipped, and the row is still there
	check(t, rows.Close())
}

func TestScanRefuses(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", fakedb.Rows([]string{"id", "name"}, []any{int64(300), nil}, []any{int64(1), "x"}))
	var id int8
	var name string
	for what, tc := range map[string]struct {
		dest []any
		kind error
		say  []string
	}{
		"count":       {[]any{&name}, engine.ErrScan, []string{"1 destinations for 2 columns (id, name)"}},
		"overflow":    {[]any{&id, nil}, engine.ErrScan, []string{`"id"`, "300", "int8"}},
		"null":        {[]any{nil, &name}, engine.ErrNullValue, []string{`column "name" (2) into string`, "NULL", "sql.Null"}},
		"no pointer":  {[]any{id, nil}, engine.ErrScan, []string{`"id"`, "int8 and not a pointer"}},
		"nil pointer": {[]any{(*int)(nil), nil}, engine.ErrScan, []string{"nil *int"}},
		"nil named":   {[]any{nil, (*status)(nil)}, engine.ErrScan, []string{`"name"`, "nil *engine_test.status"}},
		"a struct":    {[]any{&struct{ A int }{}, nil}, engine.ErrScan, []string{`"id"`}},
	} {
		t.Run(what, func(t *testing.T) {
			rows, err := e.Query(t.Context(), "SELECT")
			check(t, err)
			if !rows.Next() {
				t.Fatal(rows.Err())
			}
			first := rows.Scan(tc.dest...)
			wantError(t, first, tc.kind, tc.say...)
			if rows.Next() {
				t.Error("Next after a failed Scan")
			}
			for range 2 {
				if rows.Err() != first || rows.Close() != first {
					t.Errorf("Err %v, Close %v", rows.Err(), rows.Close())
				}
			}
			if e.Stats().Leased != 0 {
				t.Error("the connection was not given back")
			}
		})
	}
	rows, err := e.Query(t.Context(), "SELECT")
	check(t, err)
	wantError(t, rows.Scan(nil, nil), engine.ErrScan, "call Next first")
	wantError(t, rows.Close(), engine.ErrScan, "call Next first")
}

func TestIterationError(t *testing.T) {
	e, db := open(t)
	r := numbers(2)
	r.Err = &fakedb.Error{Kind: dialect.ErrDivisionByZero, Message: "in row 3"}
	db.On("SELECT n", r)
	rows, err := e.Query(t.Context(), "SELECT n")
	check(t, err)
	n := 0
	for rows.Next() {
		n++
	}
	if n != 2 {
		t.Errorf("%d rows", n)
	}
	wantError(t, rows.Err(), engine.ErrDivisionByZero, "in row 3", "[SELECT n]")
	wantError(t, rows.Close(), engine.ErrDivisionByZero)
	if e.Stats().Leased != 0 {
		t.Error("the connection was not given back")
	}
	// for those who read all at once
	_, err = engine.All[int](t.Context(), e, engine.Text("SELECT n"))
	wantError(t, err, engine.ErrDivisionByZero)
	var last error
	for _, err := range engine.Each[int](t.Context(), e, engine.Text("SELECT n")) {
		last = err
	}
	wantError(t, last, engine.ErrDivisionByZero)
	_, err = engine.All[int](t.Context(), &otherRunner{e}, engine.Text("SELECT n"))
	wantError(t, err, engine.ErrDivisionByZero)
}

func TestCloseError(t *testing.T) {
	e, db := open(t)
	r := numbers(1)
	r.CloseErr = &fakedb.Error{Kind: dialect.ErrDiskFull, Message: "full"}
	db.On("INSERT", r)
	rows, err := e.Query(t.Context(), "INSERT … RETURNING n")
	check(t, err)
	rows.Next()
	wantError(t, rows.Close(), engine.ErrDiskFull)
	_, err = engine.All[int](t.Context(), e, engine.Text("INSERT … RETURNING n"))
	wantError(t, err, engine.ErrDiskFull)
}

func TestErrorOfAScannerComesBack(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(1))
	_, err := engine.All[refusing](t.Context(), e, engine.Text("SELECT n"))
	wantError(t, err, errBoom, `"n"`)
	if errors.Is(err, engine.ErrConnectionLost) || db.Counts().Closes != 0 {
		t.Error("the connection was thought lost")
	}
}

type refusing struct{}

func (*refusing) Scan(any) error { return errBoom }

func TestSeveralResults(t *testing.T) {
	e, db := open(t)
	second := fakedb.Rows([]string{"a", "b"}, []any{"x", "y"}, []any{"z", nil})
	r := numbers(2)
	r.More = &second
	db.On("CALL", r)
	c := connect(t, e)
	read := func(skip bool) {
		rows, err := c.Query(t.Context(), "CALL two_results()")
		check(t, err)
		n := 0
		for !skip && rows.Next() {
			n++
		}
		if !skip && n != 2 {
			t.Errorf("%d rows in the first result", n)
		}
		if rows.Next() && !skip {
			t.Error("the second result came by itself")
		}
		_, err = c.Exec(t.Context(), "UPDATE x")
		wantError(t, err, engine.ErrInUse, "rows of [CALL two_results()]")
		if !rows.NextResultSet() {
			t.Fatal(rows.Err())
		}
		if got := rows.Columns(); len(got) != 2 || got[1] != "b" {
			t.Errorf("columns %v", got)
		}
		var a string
		if !rows.Next() {
			t.Fatal(rows.Err())
		}
		check(t, rows.Scan(&a, nil))
		if a != "x" {
			t.Error(a)
		}
		if rows.NextResultSet() {
			t.Error("a third result")
		}
		check(t, rows.Close())
		_, err = c.Exec(t.Context(), "UPDATE x")
		check(t, err)
	}
	read(false)
	read(true)
	rows, err := c.Query(t.Context(), "CALL two_results()")
	check(t, err)
	for rows.Next() {
	}
	check(t, rows.Close()) // with the second result unread
	sets := 0
	_, err = c.Run(t.Context(), engine.Text("CALL two_results()"), func(rows dialect.Rows) error {
		for ok := true; ok; ok = rows.(dialect.ResultSets).NextResultSet() {
			sets++
			for rows.Next() {
			}
		}
		return rows.Err()
	})
	check(t, err)
	if sets != 2 {
		t.Errorf("%d results", sets)
	}
}

func TestContextEndsWhileReading(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(10))
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	n := 0
	var last error
	for _, err := range engine.Each[int](ctx, e, engine.Text("SELECT n")) {
		if last = err; err == nil {
			if n++; n == 3 {
				cancel(errBoom)
			}
		}
	}
	wantError(t, last, engine.ErrCancelled, "[SELECT n]")
	wantError(t, last, context.Canceled)
	wantError(t, last, errBoom)
	if n != 3 || db.Counts().Closes != 0 {
		t.Errorf("%d rows, %+v", n, db.Counts())
	}
}

func TestRowsAfterTheirEnd(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(2))
	rows, err := e.Query(t.Context(), "SELECT n")
	check(t, err)
	for rows.Next() {
	}
	if e.Stats().Leased != 0 {
		t.Error("the connection was not given back at the end")
	}
	if rows.Next() || rows.Err() != nil {
		t.Errorf("after the end: %v", rows.Err())
	}
	if got := rows.Columns(); len(got) != 1 || got[0] != "n" {
		t.Errorf("columns %v", got)
	}
	check(t, rows.Close())
	if rows.Next() {
		t.Error("a row after Close")
	}
	wantError(t, rows.Scan(new(int)), engine.ErrClosed, "the rows are closed")
}

func TestRowsAreLeftAndTakenUpAgain(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(4))
	rows, err := e.Query(t.Context(), "SELECT n")
	check(t, err)
	defer rows.Close()
	var got []int
	for range 2 {
		for rows.Next() {
			var n int
			check(t, rows.Scan(&n))
			if got = append(got, n); n == 2 {
				break
			}
		}
	}
	if !slices.Equal(got, []int{1, 2, 3, 4}) {
		t.Errorf("%v", got)
	}
	check(t, rows.Close())
}

// Columns of one name are told apart by their place.
func TestTwoColumnsOfOneName(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", fakedb.Rows([]string{"id", "id"}, []any{int64(1), int64(2)}))
	rows, err := e.Query(t.Context(), "SELECT a.id, b.id")
	check(t, err)
	var a, b int
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	check(t, rows.Scan(&a, &b))
	check(t, rows.Close())
	if a != 1 || b != 2 {
		t.Error(a, b)
	}
	_, err = engine.One[struct{ ID int }](t.Context(), e, engine.Text("SELECT a.id, b.id"))
	wantError(t, err, engine.ErrScan, "columns 1 and 2", `"id"`)
}

// One row, none and several are told apart, and nothing stays open after any.
func TestOneLeavesNothingOpen(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	for i, want := range []error{engine.ErrNoRows, nil, engine.ErrMultipleRows, engine.ErrMultipleRows} {
		text := fmt.Sprintf("SELECT %d", i)
		db.On(text, numbers(i))
		_, err := engine.One[int](t.Context(), c, engine.Text(text))
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%d rows: %v", i, err)
		}
		if n := db.Counts().RowsOpen; n != 0 {
			t.Errorf("%d rows: open", i)
		}
	}
	db.On("SELECT null", fakedb.Rows([]string{"n"}, []any{nil}))
	v, ok, err := engine.OneOrNone[*int](t.Context(), c, engine.Text("SELECT null"))
	if v != nil || !ok || err != nil {
		t.Errorf("NULL: %v, %v, %v", v, ok, err)
	}
}
