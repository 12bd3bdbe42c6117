package dialecttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var scanCases = []testCase{
	{name: "nil skips a column", run: scanSkips},
	{name: "a whole number goes into every type that holds it", run: scanWidths},
	{name: "a number that does not fit is an error that names the column", run: scanOverflow},
	{name: "text that is no number is an error", run: scanNotNumber},
	{name: "the text of a number is read as the number", run: scanNumberText},
	{name: "numbers are read as text", run: scanNumberAsText},
	{name: "a fraction does not become a whole number", run: scanFraction},
	{name: "0 and 1 are read as bool, 2 is not", run: scanBool},
	{name: "bytes are copies", run: scanCopies},
	{name: "borrowed bytes hold until the next row", run: scanBorrowed},
	{name: "any gets Go's own types", run: scanAny},
	{name: "a sql.Scanner gets each value, and its error comes back", run: scanScanner},
	{name: "a failed ScanRow leaves the connection usable", run: scanFails},
	{name: "wrong destinations are errors, not panics", run: scanWrongDestination},
	{name: "a row may be read twice and partly", run: scanTwice},
	{name: "times go into text and back", run: scanTimeText},
	{name: "ScanRow allocates nothing for plain columns", run: scanAllocates},
}

// shelfOf is a shelf with values in rows 1, 2 ….
func (t *T) shelfOf(typ dialect.Type, values ...any) *shelf {
	t.Helper()
	s := t.shelf(typ)
	for _, v := range values {
		if _, err := s.put(v, true); err != nil {
			t.Fatalf("%v: %v", v, err)
		}
	}
	return s
}

func scanSkips(t *T) {
	table := t.table(key, col{"a", varchar, ""}, col{"b", bigint, ""})
	c := t.conn()
	t.insert(c, table, []string{"id", "a", "b"}, []any{1, "text", 7})
	var b int64
	t.row(c, say{"SELECT ", ident("id"), ", ", ident("a"), ", ", ident("b"), " FROM ", table}, nil, nil, &b)
	if b != 7 {
		t.Errorf("the third column is %d", b)
	}
	t.row(c, say{"SELECT ", ident("id"), ", ", ident("a"), " FROM ", table}, nil, nil)
}

func scanWidths(t *T) {
	s := t.shelfOf(bigint, 100)
	var i int
	var i8 int8
	var i16 int16
	var i32 int32
	var i64 int64
	var u uint
	var u8 uint8
	var u16 uint16
	var u32 uint32
	var u64 uint64
	var f32 float32
	var f64 float64
	for _, dst := range []any{&i, &i8, &i16, &i32, &i64, &u, &u8, &u16, &u32, &u64, &f32, &f64} {
		if err := s.get(1, dst); err != nil {
			t.Errorf("into %T: %v", dst, err)
		}
	}
	if got := fmt.Sprint(i, i8, i16, i32, i64, u, u8, u16, u32, u64, f32, f64); got != strings.TrimSpace(strings.Repeat("100 ", 12)) {
		t.Errorf("100 is read as %s", got)
	}
}

func scanOverflow(t *T) {
	for _, c := range []struct {
		v   int64
		dst []any
	}{
		{300, []any{new(int8), new(uint8)}}, {40000, []any{new(int16)}}, {70000, []any{new(uint16), new(int16)}},
		{math.MaxInt32 + 1, []any{new(int32)}}, {math.MaxUint32 + 1, []any{new(uint32)}}, {-1, []any{new(uint), new(uint64), new(uint32), new(uint16), new(uint8)}},
		{1<<53 + 1, []any{new(float64)}}, {1<<24 + 1, []any{new(float32)}},
	} {
		s := t.shelfOf(bigint, c.v)
		for _, dst := range c.dst {
			err := s.get(1, dst)
			if err == nil {
				t.Errorf("%d is read into %T without an error", c.v, dst)
				continue
			}
			t.wantKind(err, dialect.ErrScan)
			if se, ok := errors.AsType[*dialect.ScanError](err); !ok || !strings.EqualFold(se.Column, "v") {
				t.Errorf("%d into %T: the error does not name the column: %v", c.v, dst, err)
			}
			if errors.Is(err, dialect.ErrNullValue) {
				t.Errorf("%d into %T: the error is about NULL: %v", c.v, dst, err)
			}
		}
		t.works(s.c)
	}
}

func scanNotNumber(t *T) {
	s := t.shelfOf(varchar, "twelve")
	for _, dst := range []any{new(int64), new(int), new(uint16), new(float64), new(bool), new(time.Time)} {
		err := s.get(1, dst)
		if err == nil {
			t.Errorf("a word is read into %T", dst)
			continue
		}
		t.wantKind(err, dialect.ErrScan)
	}
	t.works(s.c)
}

func scanNumberText(t *T) {
	s := t.shelfOf(varchar, "-17", "2.5", "2024-02-29 12:34:56")
	var i int64
	var f float64
	var at time.Time
	if err := joined(joined(s.get(1, &i), s.get(2, &f)), s.get(3, &at)); err != nil {
		t.Fatalf("%v", err)
	}
	if i != -17 || f != 2.5 || !at.Equal(time.Date(2024, 2, 29, 12, 34, 56, 0, time.UTC)) {
		t.Errorf("texts are read as %d, %v and %v", i, f, at)
	}
}

func scanNumberAsText(t *T) {
	s := t.shelfOf(bigint, int64(math.MinInt64))
	var str string
	var raw []byte
	if err := joined(s.get(1, &str), s.get(1, &raw)); err != nil {
		t.Fatalf("%v", err)
	}
	if str != "-9223372036854775808" || string(raw) != str {
		t.Errorf("a number is read as the texts %q and %q", str, raw)
	}
	floats := t.shelfOf(dialect.Type{Kind: dialect.Double}, 0.1)
	if err := floats.get(1, &str); err != nil || str != "0.1" {
		t.Errorf("0.1 is read as the text %q (%v)", str, err)
	}
}

func scanFraction(t *T) {
	s := t.shelfOf(dialect.Type{Kind: dialect.Double}, 2.5, 3.0)
	var i int64
	err := s.get(1, &i)
	if err == nil {
		t.Fatalf("2.5 is read as %d", i)
	}
	t.wantKind(err, dialect.ErrScan)
	if err := s.get(2, &i); err != nil || i != 3 {
		t.Errorf("3.0 is read as %d (%v)", i, err)
	}
}

func scanBool(t *T) {
	s := t.shelfOf(bigint, 0, 1, 2)
	var b bool
	if err := s.get(2, &b); err != nil || !b {
		t.Errorf("1 is read as %v (%v)", b, err)
	}
	if err := s.get(1, &b); err != nil || b {
		t.Errorf("0 is read as %v (%v)", b, err)
	}
	err := s.get(3, &b)
	if err == nil {
		t.Fatalf("2 is read as %v", b)
	}
	t.wantKind(err, dialect.ErrScan)
}

func scanCopies(t *T) {
	s := t.shelfOf(blobType, []byte("first"), []byte("other"), []byte("third"))
	rows := t.query(s.c, say{"SELECT ", ident("v"), " FROM ", s.table, " ORDER BY ", ident("id")})
	var all [][]byte
	for rows.Next() {
		var b []byte
		if err := rows.ScanRow([]any{&b}); err != nil {
			t.Errorf("%v", err)
		}
		all = append(all, b)
	}
	if err := joined(rows.Err(), rows.Close()); err != nil {
		t.Fatalf("%v", err)
	}
	t.works(s.c)
	if got := string(bytes.Join(all, []byte(" "))); got != "first other third" {
		t.Errorf("bytes that were kept read %q after the rows were closed", got)
	}
}

func scanBorrowed(t *T) {
	for _, typ := range []dialect.Type{blobType, varchar} {
		s := t.shelfOf(typ, []byte("one"), []byte("three"), []byte("seven"))
		rows := t.query(s.c, say{"SELECT ", ident("v"), " FROM ", s.table, " ORDER BY ", ident("id")})
		var b dialect.Borrowed
		dst := []any{&b}
		var seen []string
		for rows.Next() {
			if err := rows.ScanRow(dst); err != nil {
				t.Errorf("%v", err)
			}
			seen = append(seen, string(b))
		}
		if err := joined(rows.Err(), rows.Close()); err != nil {
			t.Fatalf("%v", err)
		}
		if fmt.Sprint(seen) != "[one three seven]" {
			t.Errorf("%v: borrowed bytes read %q", &typ, seen)
		}
	}
}

func scanAny(t *T) {
	check := func(typ dialect.Type, v any, ok func(v any) bool) {
		t.Helper()
		if _, err := t.d.TypeName(&typ); err != nil {
			return
		}
		s := t.shelfOf(typ, v)
		var got any
		if err := s.get(1, &got); err != nil {
			t.Errorf("%v: %v", &typ, err)
		} else if !ok(got) {
			t.Errorf("%v: %v is read into any as %T(%v)", &typ, v, got, got)
		}
	}
	check(bigint, 7, func(v any) bool { return v == int64(7) || v == "7" })
	check(varchar, "text", func(v any) bool { return v == "text" })
	check(dialect.Type{Kind: dialect.Clob}, "text", func(v any) bool { return v == "text" })
	check(dialect.Type{Kind: dialect.Double}, 2.5, func(v any) bool { return v == 2.5 })
	check(blobType, []byte{1, 2}, func(v any) bool { b, ok := v.([]byte); return ok && bytes.Equal(b, []byte{1, 2}) })
	at := time.Date(2024, 2, 29, 12, 34, 56, 123456000, time.UTC)
	check(dialect.Type{Kind: dialect.Timestamp, Precision: 6}, at, func(v any) bool { x, ok := v.(time.Time); return ok && x.Equal(at) })
	check(dialect.Type{Kind: dialect.Boolean}, true, func(v any) bool { return v == true || v == int64(1) })
	check(dialect.Type{Kind: dialect.Decimal, Precision: 20, Scale: 2}, "12345678901234567.25",
		func(v any) bool { s, ok := v.(string); return ok && sameNumber(s, "12345678901234567.25") })
}

// spy is a sql.Scanner that keeps what it got.
type spy struct {
	got []any
	err error
}

// Scan implements sql.Scanner.
func (s *spy) Scan(v any) error { s.got = append(s.got, v); return s.err }

func scanScanner(t *T) {
	s := t.shelfOf(bigint, 5, nil)
	keeper := &spy{}
	if err := joined(s.get(1, keeper), s.get(2, keeper)); err != nil {
		t.Fatalf("%v", err)
	}
	if len(keeper.got) != 2 || fmt.Sprint(keeper.got[0]) != "5" || keeper.got[1] != nil {
		t.Errorf("a sql.Scanner got %#v", keeper.got)
	}
	own := errors.New("not today")
	err := s.get(1, &spy{err: own})
	if !errors.Is(err, own) {
		t.Errorf("the error of a sql.Scanner is not in %v", err)
	}
	if se, ok := errors.AsType[*dialect.ScanError](err); !ok || !strings.EqualFold(se.Column, "v") {
		t.Errorf("the error of a sql.Scanner does not name the column: %v", err)
	}
	t.works(s.c)
}

func scanFails(t *T) {
	s := t.shelfOf(varchar, "a", "b", "c")
	rows := t.query(s.c, say{"SELECT ", ident("v"), " FROM ", s.table, " ORDER BY ", ident("id")})
	if !rows.Next() {
		t.Fatalf("no rows: %v", joined(rows.Err(), rows.Close()))
	}
	var n int
	if err := rows.ScanRow([]any{&n}); err == nil {
		t.Errorf("a letter is read as a number")
	}
	var str string
	if err := rows.ScanRow([]any{&str}); err != nil || str != "a" {
		t.Errorf("after a failed ScanRow, the row reads %q (%v)", str, err)
	}
	if err := rows.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	t.works(s.c)
}

func scanWrongDestination(t *T) {
	s := t.shelfOf(varchar, "a")
	for _, dst := range []any{42, "text", new(chan int), new(complex128), new(struct{ A int })} {
		if err := s.get(1, dst); err == nil {
			t.Errorf("a %T is taken for a destination", dst)
		} else {
			t.wantKind(err, dialect.ErrScan)
		}
	}
	t.works(s.c)
}

func scanTwice(t *T) {
	table := t.table(key, col{"a", varchar, ""})
	c := t.conn()
	t.insert(c, table, []string{"id", "a"}, []any{1, "text"})
	rows := t.query(c, say{"SELECT ", ident("id"), ", ", ident("a"), " FROM ", table})
	if !rows.Next() {
		t.Fatalf("no rows: %v", joined(rows.Err(), rows.Close()))
	}
	var id int
	var a string
	err := rows.ScanRow([]any{nil, &a})
	err = joined(err, rows.ScanRow([]any{&id, nil}))
	var again string
	err = joined(err, rows.ScanRow([]any{nil, &again}))
	if err = joined(err, rows.Close()); err != nil || id != 1 || a != "text" || again != a {
		t.Errorf("the row reads %d, %q, %q (%v)", id, a, again, err)
	}
}

func scanTimeText(t *T) {
	at := time.Date(2024, 2, 29, 12, 34, 56, 123456000, time.UTC)
	for _, typ := range []dialect.Type{{Kind: dialect.Timestamp, Precision: 6}, {Kind: dialect.TimestampTZ, Precision: 6}} {
		s := t.shelfOf(typ, at)
		var str string
		if err := s.get(1, &str); err != nil {
			t.Errorf("%v into text: %v", &typ, err)
			continue
		}
		if got, err := dialect.ParseTime(str, time.UTC); err != nil || !got.Equal(at) {
			t.Errorf("%v: %v is read as the text %q, which is %v (%v)", &typ, at, str, got, err)
		}
	}
}

func scanAllocates(t *T) {
	c := t.conn()
	table := t.numbers(c, 300)
	rows := t.query(c, say{"SELECT ", ident("id"), ", ", ident("id"), " + 1 FROM ", table, " ORDER BY ", ident("id")})
	var a, b int64
	dst := []any{&a, &b}
	n := 0
	allocs := allocations(200, func() {
		if !rows.Next() {
			return
		}
		n++
		if err := rows.ScanRow(dst); err != nil || b != a+1 {
			t.Errorf("%d, %d: %v", a, b, err)
		}
	})
	if err := rows.Close(); err != nil {
		t.Fatalf("%v", err)
	}
	if n < 200 {
		t.Errorf("%d rows instead of 200", n)
	}
	// A driver of database/sql boxes each value that does not fit a small
	// integer; nothing should do more than that.
	if allocs > 6 {
		t.Errorf("%.1f allocations a row of two integers", allocs)
	}
	t.Logf("%.1f allocations a row of two integers", allocs)
}

func canceled(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx, cancel
}
