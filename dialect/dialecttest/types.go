package dialecttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var typeCases = []testCase{
	{name: "boolean", run: roundTrips(dialect.Type{Kind: dialect.Boolean}, same[bool], true, false)},
	{name: "smallint keeps its extremes", run: roundTrips(dialect.Type{Kind: dialect.SmallInt}, same[int16], 0, 1, -1, math.MaxInt16, math.MinInt16)},
	{name: "integer keeps its extremes", run: roundTrips(integer, same[int32], 0, 7, math.MaxInt32, math.MinInt32)},
	{name: "bigint keeps its extremes", run: roundTrips(bigint, same[int64], 0, 1<<53+1, math.MaxInt64, math.MinInt64)},
	{name: "int and uint of every width bind and scan", run: typesIntWidths},
	{name: "unsigned bigint keeps its extremes or refuses", run: orRefused(dialect.Type{Kind: dialect.BigInt, Unsigned: true},
		same[uint64], 0, math.MaxInt64, math.MaxInt64+1, math.MaxUint64)},
	{name: "real keeps its extremes", run: roundTrips(dialect.Type{Kind: dialect.Real}, same[float32],
		0, 0.5, -1.25, 3.4e38, -3.4e38, 1.2e-38)},
	{name: "double keeps every digit", run: roundTrips(dialect.Type{Kind: dialect.Double}, same[float64],
		0, 0.1, -math.Pi, 1.0/3, 123456789.123456789, 1e15, 1e22, 1e-10)},
	{name: "double keeps its extremes", run: roundTrips(dialect.Type{Kind: dialect.Double}, same[float64],
		1.7976931348623e308, -1.7976931348623e308, 2.2250738585073e-308)},
	{name: "NaN and infinities are kept or refused", run: orRefused(dialect.Type{Kind: dialect.Double}, sameFloat,
		math.NaN(), math.Inf(1), math.Inf(-1))},
	{name: "decimals of 38 digits are exact", run: roundTrips(dialect.Type{Kind: dialect.Decimal, Precision: 38, Scale: 10}, sameNumber,
		"1234567890123456789012345678.0123456789", "-9999999999999999999999999999.9999999999", "0.0000000001", "0", "1.10")},
	{name: "decimals without a fraction are exact", run: roundTrips(dialect.Type{Kind: dialect.Decimal, Precision: 38}, sameNumber,
		"99999999999999999999999999999999999999", "-99999999999999999999999999999999999999", "9007199254740993")},
	{name: "decimals take Go's numbers", run: typesDecimalNumbers},
	{name: "varchar keeps every character", run: roundTrips(dialect.Type{Kind: dialect.Varchar, Length: 200}, same[string], texts...)},
	{name: "text keeps every character", run: roundTrips(dialect.Type{Kind: dialect.Clob}, same[string], texts...)},
	{name: "the empty string is not NULL", needs: emptyApart, run: roundTrips(varchar, same[string], "")},
	{name: "char keeps what fills it", run: roundTrips(dialect.Type{Kind: dialect.Char, Length: 5}, same[string], "abcde", "äöüßé")},
	{name: "text of a megabyte", run: roundTrips(dialect.Type{Kind: dialect.Clob}, same[string], strings.Repeat("0123456789abcdeé", 1<<16))},
	{name: "text with NUL is kept or refused", run: orRefused(dialect.Type{Kind: dialect.Clob}, same[string], "a\x00b", "\x00")},
	{name: "text that is not UTF-8 is kept or refused", run: orRefused(dialect.Type{Kind: dialect.Clob}, same[string], "a\xff\xfeb", "\xed\xa0\x80")},
	{name: "every byte value is kept", run: roundTrips(dialect.Type{Kind: dialect.Varbinary, Length: 300}, bytes.Equal, allBytes(), []byte{0}, []byte("'; --"))},
	{name: "blob keeps every byte value", run: roundTrips(blobType, bytes.Equal, allBytes(), []byte{0, 0, 0}, []byte("text"))},
	{name: "empty bytes are not NULL", run: typesEmptyBytes},
	{name: "blob of a megabyte", run: roundTrips(blobType, bytes.Equal, bytes.Repeat(allBytes(), 1<<12))},
	{name: "date from 1000 to 9999", run: roundTrips(dialect.Type{Kind: dialect.Date}, sameDay,
		day(2024, 2, 29), day(1000, 1, 1), day(1582, 10, 10), day(1727, 4, 1), day(1899, 12, 31), day(1970, 1, 1), day(2101, 3, 4), day(9999, 12, 31))},
	{name: "date is the day that a time shows", run: typesDateOfZone},
	{name: "time of day keeps microseconds", needs: typeNeed(dialect.Type{Kind: dialect.Time}), run: roundTrips(dialect.Type{Kind: dialect.Time, Precision: 6}, sameClock,
		clock(0, 0, 0, 0), clock(12, 34, 56, 123456), clock(23, 59, 59, 999999), clock(9, 5, 7, 1))},
	{name: "timestamp keeps microseconds", run: roundTrips(dialect.Type{Kind: dialect.Timestamp, Precision: 6}, sameWall, moments(time.UTC)...)},
	{name: "timestamp with time zone keeps the instant", run: typesInstants},
	{name: "instants sort and compare as they pass", run: typesInstantOrder},
	{name: "a zero time is kept or refused", run: orRefused(dialect.Type{Kind: dialect.TimestampTZ, Precision: 6}, time.Time.Equal, time.Time{})},
	{name: "uuid as text", needs: typeNeed(dialect.Type{Kind: dialect.UUID}), run: roundTrips(dialect.Type{Kind: dialect.UUID}, strings.EqualFold,
		"6ba7b810-9dad-11d1-80b4-00c04fd430c8", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff")},
	{name: "uuid from sixteen bytes", needs: typeNeed(dialect.Type{Kind: dialect.UUID}), run: typesUUIDBytes},
	{name: "json as text", needs: typeNeed(dialect.Type{Kind: dialect.JSON}), run: roundTrips(dialect.Type{Kind: dialect.JSON}, sameJSON,
		`{"a": [1, 2.5, "é𝄞", null, true], "b": {"c": "it's \"quoted\" \\ back"}}`, `[]`, `"text"`, `12345678901234567`, `true`)},
	{name: "json from bytes", needs: typeNeed(dialect.Type{Kind: dialect.JSON}), run: typesJSONBytes},
	{name: "enum keeps its values", needs: typeNeed(colours), run: roundTrips(colours, same[string], "red", "it's 100%", "grün")},
	{name: "arrays keep their elements", needs: typeNeed(dialect.Type{Kind: dialect.Array, Elem: &bigint}), run: typesArrays},
	{name: "named Go types bind as what they are made of", run: typesNamed},
	{name: "a driver.Valuer is asked", run: typesValuer},
	{name: "a Go value that no database has is refused before sending", run: typesForeign},
}

var colours = dialect.Type{Kind: dialect.Enum, Values: &dialect.EnumValues{List: []string{"red", "it's 100%", "grün"}}}

// texts are what goes wrong when text is pasted, recoded or trimmed.
var texts = []string{
	"plain", "it's", `"double"`, "`back`", `back\slash`, `\' OR 1=1 --`, "100%_[a]^", "a\nb\r\nc\td", " leading", "trailing ",
	"ä ö ü ß é", "日本語", "𝄞 😀 👩‍👩‍👧", "e\u0301 is not \u00e9", "\u202eright to left", "? $1 :name @p1 {0} %s", "NULL", "0",
}

func allBytes() []byte {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

func clock(h, m, s, micro int) time.Time { return time.Date(1, 1, 1, h, m, s, micro*1000, time.UTC) }

// moments are times before 1900, after 2100 and around what matters, in loc.
func moments(loc *time.Location) []time.Time {
	at := func(y, mo, d, h, mi, s, micro int) time.Time {
		return time.Date(y, time.Month(mo), d, h, mi, s, micro*1000, loc)
	}
	return []time.Time{
		at(2024, 2, 29, 12, 34, 56, 123456), at(1970, 1, 1, 0, 0, 0, 0), at(1969, 12, 31, 23, 59, 59, 999999), at(1850, 11, 10, 11, 52, 35, 1),
		at(1753, 1, 1, 6, 0, 0, 500000), at(2101, 7, 8, 9, 10, 11, 120000), at(2038, 1, 19, 3, 14, 8, 0), at(9998, 12, 30, 23, 59, 59, 999999),
	}
}

func same[G comparable](a, b G) bool { return a == b }
func sameFloat(a, b float64) bool    { return a == b || math.IsNaN(a) && math.IsNaN(b) }
func sameDay(a, b time.Time) bool    { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }
func sameWall(a, b time.Time) bool {
	return a.Equal(b) && a.Format("15:04:05.000000") == b.Format("15:04:05.000000")
}
func sameClock(got, want time.Time) bool {
	return got.Format("15:04:05.999999999") == want.Format("15:04:05.999999999")
}

// sameNumber compares the texts of two numbers by value.
func sameNumber(a, b string) bool {
	x, ok1 := new(big.Rat).SetString(a)
	y, ok2 := new(big.Rat).SetString(b)
	return ok1 && ok2 && x.Cmp(y) == 0
}

func sameJSON(a, b string) bool {
	read := func(s string) (v any, err error) {
		d := json.NewDecoder(strings.NewReader(s))
		d.UseNumber()
		err = d.Decode(&v)
		return v, err
	}
	x, err1 := read(a)
	y, err2 := read(b)
	return err1 == nil && err2 == nil && reflect.DeepEqual(x, y)
}

// shelf is a table with a key and one column of the type under test.
type shelf struct {
	t     *T
	c     dialect.Conn
	table ident
	typ   dialect.Type
	last  int
}

func (t *T) shelf(typ dialect.Type) *shelf {
	t.Helper()
	return &shelf{t: t, table: t.table(key, col{"v", typ, ""}), c: t.conn(), typ: typ}
}

// put binds v, with or without the column's type, and returns the row's key.
func (s *shelf) put(v any, withType bool) (int, error) {
	s.last++
	a := val(v)
	if withType {
		a = bind(v, s.typ)
	}
	_, err := s.t.tryExec(s.t.ctx, s.c, say{"INSERT INTO ", s.table, " (", ident("id"), ", ", ident("v"), ") VALUES (", s.last, ", ", a, ")"})
	return s.last, err
}

// get reads the value of a row.
func (s *shelf) get(id int, dst any) error {
	return s.t.tryRow(s.t.ctx, s.c, say{"SELECT ", ident("v"), " FROM ", s.table, " WHERE ", ident("id"), " = ", id}, dst)
}

// roundTrips checks that values come back as they went in: bound with and
// without the column's type, read into a variable, a pointer and a Nullable.
func roundTrips[G any](typ dialect.Type, equal func(got, want G) bool, values ...G) func(t *T) {
	return func(t *T) { trip(t, typ, equal, false, values) }
}

// orRefused is roundTrips for values that not every database has: such a one
// is refused with an error about the value, never changed.
func orRefused[G any](typ dialect.Type, equal func(got, want G) bool, values ...G) func(t *T) {
	return func(t *T) { trip(t, typ, equal, true, values) }
}

func trip[G any](t *T, typ dialect.Type, equal func(got, want G) bool, mayRefuse bool, values []G) {
	t.Helper()
	s := t.shelf(typ)
	for _, want := range values {
		for _, withType := range []bool{true, false} {
			what := fmt.Sprintf("%s (bound with its type: %v)", shown(want), withType)
			id, err := s.put(want, withType)
			if err != nil {
				if mayRefuse {
					t.wantKind(err, dialect.ErrData, dialect.ErrOutOfRange, dialect.ErrInvalidText, dialect.ErrUnsupported, dialect.ErrArguments)
				} else {
					t.Errorf("%s: %v", what, err)
				}
				t.fit(s.c)
				continue
			}
			var got G
			if err := s.get(id, &got); err != nil {
				t.Errorf("%s: %v", what, err)
				continue
			}
			if !equal(got, want) {
				t.Errorf("%s came back as %s", what, shown(got))
			}
			var p *G
			if err := s.get(id, &p); err != nil {
				t.Errorf("%s into a pointer: %v", what, err)
			} else if p == nil || !equal(*p, want) {
				t.Errorf("%s came back as another value through a pointer", what)
			}
			var n G
			nullable := dialect.Nullable{Dst: &n, Null: true}
			if err := s.get(id, &nullable); err != nil {
				t.Errorf("%s into a Nullable: %v", what, err)
			} else if nullable.Null || !equal(n, want) {
				t.Errorf("%s came back as another value through a Nullable", what)
			}
		}
	}
}

// shown is a value for a message.
func shown(v any) string {
	s := fmt.Sprintf("%#v", v)
	if tm, ok := v.(time.Time); ok {
		s = tm.Format(time.RFC3339Nano)
	}
	if len(s) > 120 {
		s = fmt.Sprintf("%s… (%d characters)", s[:100], len(s))
	}
	return s
}

func typesIntWidths(t *T) {
	s := t.shelf(bigint)
	for _, v := range []any{int(-5), int8(math.MinInt8), int16(math.MinInt16), int32(math.MinInt32), int64(math.MinInt64),
		uint(5), uint8(math.MaxUint8), uint16(math.MaxUint16), uint32(math.MaxUint32), uint64(math.MaxInt64)} {
		id, err := s.put(v, true)
		if err != nil {
			t.Errorf("%T: %v", v, err)
			continue
		}
		got := reflect.New(reflect.TypeOf(v))
		if err := s.get(id, got.Interface()); err != nil {
			t.Errorf("%T: %v", v, err)
		} else if got.Elem().Interface() != v {
			t.Errorf("%T(%v) came back as %v", v, v, got.Elem())
		}
	}
}

func typesDecimalNumbers(t *T) {
	s := t.shelf(dialect.Type{Kind: dialect.Decimal, Precision: 20, Scale: 4})
	for want, v := range map[string]any{"7": 7, "-9007199254740993": int64(-9007199254740993), "2.5": 2.5, "0.125": float32(0.125), "12.3400": "12.34"} {
		id, err := s.put(v, true)
		if err != nil {
			t.Errorf("%T(%v): %v", v, v, err)
			continue
		}
		var got string
		if err := s.get(id, &got); err != nil {
			t.Errorf("%T(%v): %v", v, v, err)
		} else if !sameNumber(got, want) {
			t.Errorf("%T(%v) came back as %s", v, v, got)
		}
	}
	id, err := s.put("2.5", true)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var f float64
	if err := s.get(id, &f); err != nil || f != 2.5 {
		t.Errorf("a decimal of 2.5 reads as %v into a float64 (%v)", f, err)
	}
}

func typesEmptyBytes(t *T) {
	s := t.shelf(blobType)
	for _, withType := range []bool{true, false} {
		id, err := s.put([]byte{}, withType)
		if err != nil {
			t.Fatalf("empty bytes: %v", err)
		}
		got := []byte("old")
		if err := s.get(id, &got); err != nil {
			t.Fatalf("empty bytes: %v", err)
		}
		if got == nil && t.f.EmptyIsNull {
			continue
		}
		if got == nil || len(got) != 0 {
			t.Errorf("empty bytes came back as %#v", got)
		}
	}
}

func typesDateOfZone(t *T) {
	s := t.shelf(dialect.Type{Kind: dialect.Date})
	for _, offset := range []int{-11, 0, 5, 13} {
		for _, hour := range []int{0, 23} {
			want := time.Date(2024, 3, 1, hour, 30, 0, 0, time.FixedZone("there", offset*3600))
			id, err := s.put(want, true)
			if err != nil {
				t.Fatalf("%v: %v", want, err)
			}
			var got time.Time
			if err := s.get(id, &got); err != nil {
				t.Fatalf("%v: %v", want, err)
			}
			if !sameDay(got, want) {
				t.Errorf("the day of %v came back as %v", want, got)
			}
		}
	}
}

func typesInstants(t *T) {
	var all []time.Time
	for _, loc := range []*time.Location{time.UTC, time.FixedZone("", 5*3600+45*60), time.FixedZone("", -(3*3600 + 30*60)), time.FixedZone("", 14*3600)} {
		all = append(all, moments(loc)...)
	}
	trip(t, dialect.Type{Kind: dialect.TimestampTZ, Precision: 6}, func(got, want time.Time) bool { return got.Equal(want) }, false, all)
}

// typesInstantOrder: whatever form instants are kept in, they sort by time.
func typesInstantOrder(t *T) {
	s := t.shelf(dialect.Type{Kind: dialect.TimestampTZ, Precision: 6})
	base := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	steps := []time.Duration{0, time.Microsecond, time.Millisecond, time.Second, time.Hour, 26 * time.Hour}
	zones := []*time.Location{time.UTC, time.FixedZone("", 9*3600), time.FixedZone("", -7*3600)}
	for i := len(steps) - 1; i >= 0; i-- {
		if _, err := s.put(base.Add(steps[i]).In(zones[i%len(zones)]), true); err != nil {
			t.Fatalf("%v", err)
		}
	}
	got := column[time.Time](t, s.c, say{"SELECT ", ident("v"), " FROM ", s.table, " ORDER BY ", ident("v")})
	for i, g := range got {
		if want := base.Add(steps[i]); !g.Equal(want) {
			t.Errorf("the %d. instant in order is %v instead of %v", i+1, g, want)
		}
	}
	at := base.Add(time.Second).In(zones[2])
	found := column[int64](t, s.c, say{"SELECT COUNT(*) FROM ", s.table, " WHERE ", ident("v"), " >= ", bind(at, s.typ)})
	if len(found) != 1 || found[0] != 3 {
		t.Errorf("%v instants are found from %v on, instead of 3", found, at)
	}
}

func typesUUIDBytes(t *T) {
	s := t.shelf(dialect.Type{Kind: dialect.UUID})
	id, err := s.put([16]byte{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}, true)
	if err != nil {
		t.Fatalf("a [16]byte: %v", err)
	}
	var got string
	if err := s.get(id, &got); err != nil {
		t.Fatalf("%v", err)
	}
	if !strings.EqualFold(got, "6ba7b810-9dad-11d1-80b4-00c04fd430c8") {
		t.Errorf("sixteen bytes came back as %q", got)
	}
}

func typesJSONBytes(t *T) {
	s := t.shelf(dialect.Type{Kind: dialect.JSON})
	const want = `{"n": 1, "s": "ü"}`
	for _, v := range []any{[]byte(want), json.RawMessage(want)} {
		id, err := s.put(v, true)
		if err != nil {
			t.Errorf("%T: %v", v, err)
			continue
		}
		var got []byte
		if err := s.get(id, &got); err != nil {
			t.Errorf("%T: %v", v, err)
		} else if !sameJSON(string(got), want) {
			t.Errorf("%T came back as %s", v, got)
		}
	}
}

func typesArrays(t *T) {
	s := t.shelf(dialect.Type{Kind: dialect.Array, Elem: &bigint})
	for _, want := range [][]int64{{1, math.MaxInt64, math.MinInt64}, {}, {0}} {
		id, err := s.put(want, true)
		if err != nil {
			t.Fatalf("%v: %v", want, err)
		}
		var got []int64
		if err := s.get(id, &got); err != nil {
			t.Fatalf("%v: %v", want, err)
		}
		if len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%v came back as %v", want, got)
		}
	}
	text := t.shelf(dialect.Type{Kind: dialect.Array, Elem: &varchar})
	want := []string{"a", "", `quo"te`, "com,ma", "{brace}", `back\slash`, "NULL", "日本 𝄞"}
	id, err := text.put(want, true)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var got []string
	if err := text.get(id, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q came back as %q (%v)", want, got, err)
	}
}

type (
	namedInt    int32
	namedString string
	namedBool   bool
	namedFloat  float64
	namedBytes  []byte
)

func typesNamed(t *T) {
	text := "pointed"
	number := int64(77)
	for _, c := range []struct {
		typ  dialect.Type
		v    any
		want string
	}{
		{bigint, namedInt(-7), "-7"}, {varchar, namedString("it's"), "it's"}, {blobType, namedBytes("raw"), "raw"},
		{varchar, &text, "pointed"}, {bigint, &number, "77"},
	} {
		s := t.shelf(c.typ)
		for _, withType := range []bool{true, false} {
			id, err := s.put(c.v, withType)
			if err != nil {
				t.Errorf("%T: %v", c.v, err)
				continue
			}
			var got string
			if err := s.get(id, &got); err != nil || got != c.want {
				t.Errorf("%T(%v) came back as %q (%v)", c.v, c.v, got, err)
			}
		}
	}
	flags := t.shelf(dialect.Type{Kind: dialect.Boolean})
	id, err := flags.put(namedBool(true), true)
	var b bool
	if err := joined(err, flags.get(id, &b)); err != nil || !b {
		t.Errorf("a named bool came back as %v (%v)", b, err)
	}
	floats := t.shelf(dialect.Type{Kind: dialect.Double})
	id, err = floats.put(namedFloat(0.1), true)
	var f float64
	if err := joined(err, floats.get(id, &f)); err != nil || f != 0.1 {
		t.Errorf("a named float came back as %v (%v)", f, err)
	}
}

func typesValuer(t *T) {
	s := t.shelf(varchar)
	id, err := s.put(point{3, -4}, true)
	if err != nil {
		t.Fatalf("a driver.Valuer: %v", err)
	}
	var got point
	if err := s.get(id, &got); err != nil || got != (point{3, -4}) {
		t.Errorf("a driver.Valuer and sql.Scanner came back as %v (%v)", got, err)
	}
	if _, err := s.put(badValuer{}, true); !errors.Is(err, errBadValue) {
		t.Errorf("the error of a driver.Valuer is not in %v", err)
	}
	t.works(s.c)
}

func typesForeign(t *T) {
	s := t.shelf(varchar)
	for _, v := range []any{make(chan int), func() {}, complex(1, 2), struct{ A int }{1}, map[int]int{1: 2}} {
		if _, err := s.put(v, false); err == nil {
			t.Errorf("a %T is accepted", v)
		}
		t.works(s.c)
	}
	if n := t.count(s.c, s.table); n != 0 {
		t.Errorf("%d rows were inserted", n)
	}
}
