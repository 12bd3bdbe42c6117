package dialecttest

import (
	"bytes"
	"math"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var literalCases = []testCase{
	{name: "strings come back from the text", run: literalStrings},
	{name: "numbers come back from the text", run: literalNumbers},
	{name: "truth values come back from the text", run: literalBools},
	{name: "bytes come back from the text", run: literalBytes},
	{name: "times come back from the text", run: literalTimes},
	{name: "NULL comes back from the text", run: literalNull},
	{name: "a default in DDL is a literal", run: literalDefault},
	{name: "what has no literal form is a mistake", run: literalRefused},
}

// literalShelf puts literals into a table and reads them back.
func literalTrip[G any](t *T, typ dialect.Type, equal func(a, b G) bool, values ...G) {
	t.Helper()
	s := t.shelf(typ)
	for i, want := range values {
		q := insertText(s.table, []string{"id", "v"}, i+1, literal(want, &typ))
		if _, err := t.tryExec(t.ctx, s.c, q); err != nil {
			t.Errorf("%s: %s: %v", shown(want), t.text(q), err)
			continue
		}
		var got G
		if err := s.get(i+1, &got); err != nil {
			t.Errorf("%s: %v", shown(want), err)
		} else if !equal(got, want) {
			t.Errorf("%s came back as %s from %s", shown(want), shown(got), t.text(q))
		}
		if n := t.count(s.c, s.table); n != int64(i+1) {
			t.Fatalf("%d rows after %d literals", n, i+1)
		}
	}
}

func literalStrings(t *T) {
	literalTrip(t, dialect.Type{Kind: dialect.Varchar, Length: 200}, same[string], texts...)
}

func literalNumbers(t *T) {
	literalTrip(t, bigint, same[int64], 0, -1, math.MaxInt64, math.MinInt64+1)
	literalTrip(t, dialect.Type{Kind: dialect.Double}, same[float64], 0, 0.1, -2.5, 1e15, 1e-10, 123456.789)
}

func literalBools(t *T) {
	literalTrip(t, dialect.Type{Kind: dialect.Boolean}, same[bool], true, false)
}

func literalBytes(t *T) {
	literalTrip(t, dialect.Type{Kind: dialect.Varbinary, Length: 300}, bytes.Equal, allBytes(), []byte("it's"), []byte{0})
}

func literalTimes(t *T) {
	literalTrip(t, dialect.Type{Kind: dialect.Timestamp, Precision: 6}, sameWall, moments(time.UTC)...)
	literalTrip(t, dialect.Type{Kind: dialect.TimestampTZ, Precision: 6}, time.Time.Equal, moments(time.FixedZone("", 5*3600+45*60))...)
	literalTrip(t, dialect.Type{Kind: dialect.Date}, sameDay, day(2024, 2, 29), day(1899, 12, 31), day(9999, 12, 31))
	if _, err := t.d.TypeName(&dialect.Type{Kind: dialect.Time}); err == nil {
		literalTrip(t, dialect.Type{Kind: dialect.Time, Precision: 6}, sameClock, clock(0, 0, 0, 0), clock(23, 59, 59, 999999))
	}
}

func literalNull(t *T) {
	var v any = "old"
	t.row(t.conn(), t.sel(literal(nil, nil)), &v)
	if v != nil {
		t.Errorf("NULL came back as %v", v)
	}
}

func literalDefault(t *T) {
	w := dialect.NewWriter(t.d)
	w.Literal("it's a \\ default", &varchar)
	if err := w.Err(); err != nil {
		t.Fatalf("%v", err)
	}
	table := t.table(key, col{"a", varchar, "DEFAULT " + w.Text()}, col{"b", integer, "DEFAULT 7 NOT NULL"})
	c := t.conn()
	t.insert(c, table, []string{"id"}, []any{1})
	var a string
	var b int
	t.row(c, say{"SELECT ", ident("a"), ", ", ident("b"), " FROM ", table}, &a, &b)
	if a != "it's a \\ default" || b != 7 {
		t.Errorf("the defaults are %q and %d", a, b)
	}
}

func literalRefused(t *T) {
	for _, v := range []any{"a\x00b", "a\xffb", make(chan int), struct{ A int }{1}, badValuer{}} {
		w := dialect.NewWriter(t.d)
		w.Literal(v, nil)
		if w.Err() == nil {
			t.Errorf("%#v has the literal form %q", v, w.Text())
		}
	}
}
