package postgres

import (
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sqlayer-go/sqlayer/dialect"
)

type (
	status string
	level  int16
	id16   [16]byte
)

func ptr[T any](v T) *T { return &v }

// TestArgumentsOfAllTypes sends a Go value to a parameter of a type and reads
// what the server understood, as text.
func TestArgumentsOfAllTypes(t *testing.T) {
	c := open(t, dialect.Option{Name: "timezone", Value: "Asia/Tokyo"})
	exec(t, c, "CREATE TEMP TABLE keep (a int); CREATE TYPE pg_temp.mood AS ENUM ('sad', 'ok \"x\"')")
	at := time.Date(2024, 1, 2, 0, 30, 0, 123456789, time.FixedZone("", 2*3600))
	u := [16]byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}
	const uText = "01234567-89ab-cdef-0123-456789abcdef"
	for _, tc := range []struct {
		typ  string
		v    any
		want string // "NULL" for NULL
	}{
		{"int8", int64(-5), "-5"}, {"int8", 5, "5"}, {"int8", uint8(5), "5"}, {"int8", uint64(math.MaxInt64), "9223372036854775807"},
		{"int4", int32(-7), "-7"}, {"int2", int8(3), "3"}, {"int4", true, "1"}, {"int4", "42", "42"}, {"int4", 42.0, "42"},
		{"numeric", uint64(math.MaxUint64), "18446744073709551615"}, {"numeric", "1.10", "1.10"}, {"numeric", 0.1, "0.1"}, {"numeric", 3, "3"},
		{"numeric", big.NewInt(77), "77"}, {"numeric", pgtype.Numeric{Int: big.NewInt(123), Exp: -1, Valid: true}, "12.3"},
		{"float8", 0.1, "0.1"}, {"float8", math.Inf(1), "Infinity"}, {"float8", 3, "3"}, {"float4", float32(0.1), "0.1"}, {"float8", float32(0.1), "0.1"}, {"float8", math.NaN(), "NaN"},
		{"text", "", ""}, {"text", "é'\\", "é'\\"}, {"text", 5, "5"}, {"text", true, "true"}, {"text", 1.5, "1.5"}, {"text", []byte("b"), "b"}, {"text", u, uText},
		{"text", at, "2024-01-02T00:30:00.123456789+02:00"}, {"varchar", status("on"), "on"}, {"int2", level(2), "2"},
		{"bool", true, "true"}, {"bool", 0, "false"}, {"bool", "yes", "true"},
		{"bytea", []byte{0, 1}, `\x0001`}, {"bytea", "\\x41", `\x5c783431`}, {"bytea", []byte{}, `\x`}, {"bytea", []byte(nil), "NULL"}, {"bytea", u, `\x0123456789abcdef0123456789abcdef`},
		{"uuid", u, uText}, {"uuid", id16(u), uText}, {"uuid", uText, uText}, {"uuid", u[:], uText}, {"uuid", pgtype.UUID{Bytes: u, Valid: true}, uText},
		{"timestamptz", at, "2024-01-02 07:30:00.123456+09"}, {"timestamp", at, "2024-01-01 22:30:00.123456"},
		{"date", at, "2024-01-02"}, {"time", at, "00:30:00.123456"}, {"timetz", at, "00:30:00.123456+02"},
		{"timestamptz", &at, "2024-01-02 07:30:00.123456+09"}, {"timestamp", &at, "2024-01-01 22:30:00.123456"}, {"date", "2024-01-02", "2024-01-02"}, {"timestamp", "infinity", "infinity"},
		{"timestamptz", time.Date(-43, 3, 15, 0, 0, 0, 0, time.UTC), "0044-03-15 09:18:59+09:18:59 BC"},
		{"interval", 90 * time.Minute, "01:30:00"}, {"interval", "1 mon", "1 mon"}, {"int8", time.Second, "1000000000"},
		{"json", `{"a": 1}`, `{"a": 1}`}, {"jsonb", []byte(`{"a":1}`), `{"a": 1}`}, {"jsonb", json.RawMessage(`[1]`), `[1]`},
		{"jsonb", map[string]int{"a": 1}, `{"a": 1}`}, {"jsonb", &struct{ A int }{1}, `{"A": 1}`}, {"jsonb", []int{1, 2}, `[1, 2]`}, {"json", 5, "5"}, {"json", true, "true"},
		{"int4", nil, "NULL"}, {"int4", (*int)(nil), "NULL"}, {"int4", ptr(5), "5"}, {"text", (*string)(nil), "NULL"}, {"text", ptr(status("x")), "x"},
		{"int4", sql.NullInt64{}, "NULL"}, {"int4", sql.Null[int32]{V: 4, Valid: true}, "4"}, {"text", sql.Null[status]{V: "s", Valid: true}, "s"},
		{"int4[]", []int{1, 2}, "{1,2}"}, {"int8[]", []int64{}, "{}"}, {"text[]", []string{"a b", `"\`, ""}, `{"a b","\"\\",""}`}, {"text[]", []status{"x"}, "{x}"},
		{"int4[]", []int(nil), "NULL"}, {"text[]", []*string{ptr("a"), nil}, "{a,NULL}"}, {"timestamp[]", []time.Time{at}, `{"2024-01-01 22:30:00.123456"}`},
		{"pg_temp.mood", status("sad"), "sad"}, {"pg_temp.mood[]", []status{"sad", `ok "x"`}, `{sad,"ok \"x\""}`}, {"uuid[]", [][16]byte{u}, "{" + uText + "}"},
		{"int4[]", [][]int{{1, 2}, {3, 4}}, "{{1,2},{3,4}}"}, {"bytea[]", [][]byte{{1}}, `{"\\x01"}`},
		{"inet", netip.MustParseAddr("10.0.0.1"), "10.0.0.1/32"}, {"cidr", netip.MustParsePrefix("10.0.0.0/8"), "10.0.0.0/8"},
		{"int4range", pgtype.Range[int32]{Lower: 1, Upper: 3, LowerType: pgtype.Inclusive, UpperType: pgtype.Exclusive, Valid: true}, "[1,3)"},
	} {
		var got *string
		if err := tryRow(c, []any{&got}, "SELECT $1::"+tc.typ+"::text", tc.v); err != nil {
			t.Errorf("%T %v as %s: %v", tc.v, tc.v, tc.typ, err)
			continue
		}
		if got == nil {
			got = ptr("NULL")
		}
		if *got != tc.want {
			t.Errorf("%T %v as %s: the server has %q, want %q", tc.v, tc.v, tc.typ, *got, tc.want)
		}
	}
}

func TestArgumentsThatDoNotFit(t *testing.T) {
	c := open(t)
	for _, tc := range []struct {
		typ  string
		v    any
		want string
	}{
		{"int8", uint64(math.MaxUint64), "out of the range"},
		{"int4", int64(1 << 40), "out of the range"},
		{"int2", 40000, "out of the range"},
		{"int4", 1.5, "whole number"},
		{"float8", int64(1<<53 + 1), "no exact"},
		{"float4", 1e300, "out of the range"},
		{"bool", 2, "out of the range"},
		{"timestamptz", time.Date(400000, 1, 1, 0, 0, 0, 0, time.UTC), "out of the range"},
		{"text", struct{ A int }{}, "driver.Valuer"},
		{"int4", make(chan int), "chan int"},
		{"timestamptz", 5, "no such value"},
	} {
		err := tryRow(c, []any{nil}, "SELECT $1::"+tc.typ, dialect.Arg{Value: tc.v, Name: "weight"})
		if !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "$1 (weight)") {
			t.Errorf("%T as %s: %v", tc.v, tc.typ, err)
		}
	}
	if err := tryRow(c, nil, "SELECT $1::int", dialect.Arg{Out: true}); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("an output parameter: %v", err)
	}
}

// read scans an expression into a T and returns the value.
func readAs[T any](c *Conn, expression string) (any, error) {
	var v T
	err := tryRow(c, []any{&v}, "SELECT "+expression)
	return v, err
}

func TestScanRow(t *testing.T) {
	modes := map[string]*Conn{}
	for _, m := range []string{"cache", "simple"} {
		modes[m] = open(t, dialect.Option{Name: "query_mode", Value: m}, dialect.Option{Name: "timezone", Value: "Asia/Tokyo"})
	}
	u := [16]byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}
	const uText = "01234567-89ab-cdef-0123-456789abcdef"
	at := time.Date(2024, 1, 2, 3, 4, 5, 678901000, time.UTC)
	type reader = func(*Conn, string) (any, error)
	for _, tc := range []struct {
		expr string
		read reader
		want any
	}{
		{"5::int8", readAs[int64], int64(5)}, {"5::int8", readAs[int8], int8(5)}, {"5::int8", readAs[uint64], uint64(5)}, {"5::int4", readAs[string], "5"}, {"5::int2", readAs[float64], 5.0},
		{"(-5)::int4", readAs[int], -5}, {"5::int4", readAs[any], int64(5)}, {"5::int2", readAs[*int16], ptr(int16(5))}, {"1::int4", readAs[bool], true}, {"5::oid", readAs[uint32], uint32(5)},
		{"true", readAs[bool], true}, {"false", readAs[any], false}, {"true", readAs[string], "true"}, {"true", readAs[int], 1},
		{"0.1::float8", readAs[float64], 0.1}, {"0.1::float4", readAs[float64], 0.1}, {"0.1::float4", readAs[float32], float32(0.1)}, {"0.1::float4", readAs[any], 0.1}, {"'Infinity'::float8", readAs[float64], math.Inf(1)},
		{"12.50::numeric", readAs[string], "12.50"}, {"12.50::numeric", readAs[any], "12.50"}, {"12.00::numeric", readAs[int], 12}, {"0.1::numeric", readAs[float64], 0.1}, {"1e30::numeric", readAs[string], "1" + strings.Repeat("0", 30)},
		{"12.5::numeric", readAs[pgtype.Numeric], pgtype.Numeric{Int: big.NewInt(125), Exp: -1, Valid: true}}, {"7::numeric", readAs[*int64], ptr(int64(7))},
		{"'é'::text", readAs[string], "é"}, {"'x'::varchar", readAs[*string], ptr("x")}, {"'x'::char(3)", readAs[string], "x  "}, {"'x'::name", readAs[any], "x"}, {"'41'::text", readAs[int], 41}, {"'x'::text", readAs[[]byte], []byte("x")},
		{`'\x0041'::bytea`, readAs[[]byte], []byte{0, 'A'}}, {`'\x41'::bytea`, readAs[string], "A"}, {`'\x41'::bytea`, readAs[any], []byte("A")}, {`''::bytea`, readAs[[]byte], []byte{}},
		{"timestamptz '2024-01-02 03:04:05.678901+00'", readAs[time.Time], at}, {"timestamptz '2024-01-02 03:04:05.678901+00'", readAs[any], at}, {"timestamp '2024-01-02 03:04:05.678901'", readAs[time.Time], at}, {"timestamp '2024-01-02 03:04:05.678901'", readAs[*time.Time], &at},
		{"timestamptz '1969-12-31 23:59:59.5+00'", readAs[time.Time], time.Date(1969, 12, 31, 23, 59, 59, 5e8, time.UTC)}, {"timestamptz '2024-01-02 03:04:05.678901+00'", readAs[string], "2024-01-02T03:04:05.678901Z"}, {"timestamptz '2024-01-02 03:04:05.678901+00'", readAs[sql.NullTime], sql.NullTime{Time: at, Valid: true}},
		{"timestamptz 'infinity'", readAs[string], "infinity"}, {"date '-infinity'", readAs[any], "-infinity"}, {"timestamptz 'infinity'", readAs[pgtype.Timestamptz], pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}},
		{"date '2024-01-02'", readAs[time.Time], time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)}, {"date '1727-04-01'", readAs[string], "1727-04-01"}, {"date '2024-01-02'", readAs[any], time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)},
		{"time '03:04:05.67'", readAs[string], "03:04:05.67"}, {"time '03:04:05.67'", readAs[any], "03:04:05.67"}, {"time '03:04:05'", readAs[time.Time], time.Date(0, 1, 1, 3, 4, 5, 0, time.UTC)}, {"time '03:04:05'", readAs[sql.Null[time.Time]], sql.Null[time.Time]{V: time.Date(0, 1, 1, 3, 4, 5, 0, time.UTC), Valid: true}},
		{"time '03:04:05'", readAs[sql.NullTime], sql.NullTime{Time: time.Date(0, 1, 1, 3, 4, 5, 0, time.UTC), Valid: true}}, {"timetz '03:04:05+02'", readAs[string], "03:04:05+02"},
		{"interval '1 year 2 mons -3 days 04:05:06.7'", readAs[string], "1 year 2 mons -3 days +04:05:06.7"}, {"interval '90 minutes'", readAs[time.Duration], 90 * time.Minute}, {"interval '-1 day -2 hours'", readAs[any], "-1 days -02:00:00"}, {"interval '0'", readAs[string], "00:00:00"},
		{"'" + uText + "'::uuid", readAs[string], uText}, {"'" + uText + "'::uuid", readAs[[16]byte], u}, {"'" + uText + "'::uuid", readAs[id16], id16(u)}, {"'" + uText + "'::uuid", readAs[any], uText}, {"'" + uText + "'::uuid", readAs[[]byte], u[:]}, {"'" + uText + "'::uuid", readAs[pgtype.UUID], pgtype.UUID{Bytes: u, Valid: true}},
		{`'{"a": 1}'::jsonb`, readAs[string], `{"a": 1}`}, {`'{"a":1}'::json`, readAs[[]byte], []byte(`{"a":1}`)}, {`'{"a":1}'::jsonb`, readAs[map[string]int], map[string]int{"a": 1}}, {`'[1]'::jsonb`, readAs[any], "[1]"},
		{"'{1,2}'::int4[]", readAs[[]int64], []int64{1, 2}}, {"'{1,2}'::int4[]", readAs[string], "{1,2}"}, {"'{a,NULL}'::text[]", readAs[[]*string], []*string{ptr("a"), nil}}, {"NULL::int4[]", readAs[[]int], []int(nil)},
		{"'10.0.0.1'::inet", readAs[string], "10.0.0.1"}, {"'10.0.0.1'::inet", readAs[netip.Addr], netip.MustParseAddr("10.0.0.1")}, {"'[1,3)'::int4range", readAs[string], "[1,3)"},
		{"'[1,3)'::int4range", readAs[pgtype.Range[int32]], pgtype.Range[int32]{Lower: 1, Upper: 3, LowerType: pgtype.Inclusive, UpperType: pgtype.Exclusive, Valid: true}},
		{"NULL::int4", readAs[*int], (*int)(nil)}, {"NULL::text", readAs[*string], (*string)(nil)}, {"NULL::text", readAs[any], nil}, {"NULL::bytea", readAs[[]byte], []byte(nil)}, {"NULL::text", readAs[sql.NullString], sql.NullString{}}, {"NULL::uuid", readAs[pgtype.UUID], pgtype.UUID{}},
		{"ROW(1,'a')", readAs[string], "(1,a)"}, {"'a b'::tsvector", readAs[string], "'a' 'b'"}, {"'(1,2)'::point", readAs[string], "(1,2)"}, {"B'101'", readAs[string], "101"}, {"12.5::money", readAs[string], "$12.50"},
	} {
		for name, c := range modes {
			got, err := tc.read(c, tc.expr)
			if err != nil {
				t.Errorf("%s: %s into %T: %v", name, tc.expr, tc.want, err)
			} else if !reflect.DeepEqual(got, tc.want) {
				t.Errorf("%s: %s = %#v, want %#v", name, tc.expr, got, tc.want)
			}
		}
	}
	// An array whose Go type nobody has said has the elements that a *any gets one by one.
	for expr, want := range map[string][]any{
		"'{1,NULL,3}'::int4[]":    {int64(1), nil, int64(3)},
		"'{1.5}'::float8[]":       {1.5},
		"'{t,f}'::bool[]":         {true, false},
		"'{}'::int8[]":            {},
		"'{}'::text[]":            {},
		"'{{1,2},{3,4}}'::int2[]": {[]any{int64(1), int64(2)}, []any{int64(3), int64(4)}},
		"'[2:3]={7,8}'::int4[]":   {int64(7), int64(8)},
		"ARRAY['a', 'b \"c\" \\', '', NULL, 'NULL', '{x}']":  {"a", `b "c" \`, "", nil, "NULL", "{x}"},
		"'[0:1]={a,b}'::text[]":                              {"a", "b"},
		"'{{a,NULL},{\"b,\",c}}'::varchar[]":                 {[]any{"a", nil}, []any{"b,", "c"}},
		"'{1.50,NaN}'::numeric[]":                            {"1.50", "NaN"},
		"ARRAY[date '2024-01-02']":                           {time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)},
		"ARRAY[timestamptz '2024-01-02 03:04:05.678901+00']": {at},
		"ARRAY['" + uText + "'::uuid]":                       {uText},
		"ARRAY['\\x00ff'::bytea]":                            {[]byte{0, 255}},
		"ARRAY['[1,3)'::int4range, NULL]":                    {"[1,3)", nil},
		"ARRAY[box '(1,2),(0,1)', box '(1,1),(0,0)']":        {"(1,2),(0,1)", "(1,1),(0,0)"},
		"ARRAY['{\"a\": 1}'::jsonb]":                         {`{"a": 1}`},
	} {
		for name, c := range modes {
			if got, err := readAs[any](c, expr); err != nil || !reflect.DeepEqual(got, any(want)) {
				t.Errorf("%s: %s as any: %#v (%v), want %#v", name, expr, got, err, want)
			}
		}
	}
	for name, c := range modes {
		if got, err := readAs[any](c, "'[1,3)'::int4range"); err != nil || got != "[1,3)" {
			t.Errorf("%s: a range as any: %#v, %v", name, got, err)
		}
		if got, err := readAs[[3]byte](c, "'\\x00ff01'::bytea"); err != nil || got != [3]byte{0, 255, 1} {
			t.Errorf("%s: bytes into an array: %#v, %v", name, got, err)
		}
		if got, err := readAs[time.Duration](c, "time '03:04:05.67'"); err != nil || got != 3*time.Hour+4*time.Minute+5*time.Second+670*time.Millisecond {
			t.Errorf("%s: a time of the day as a length of time: %v, %v", name, got, err)
		}
	}
}

func TestScanRowRefuses(t *testing.T) {
	c := open(t)
	type reader = func(*Conn, string) (any, error)
	for _, tc := range []struct {
		expr string
		read reader
		kind dialect.Kind
		want string
	}{
		{"NULL::int4 AS a", readAs[int], dialect.ErrNullValue, `column "a"`},
		{"NULL::text AS a", readAs[string], dialect.ErrNullValue, "NULL"},
		{"NULL::interval AS a", readAs[time.Duration], dialect.ErrNullValue, "NULL"},
		{"5000000000::int8 AS big", readAs[int32], dialect.ErrScan, `column "big" (1): 5000000000 does not fit into int32`},
		{"(-1)::int4", readAs[uint], dialect.ErrScan, "does not fit"},
		{"1.5::float8", readAs[int], dialect.ErrScan, "does not fit"},
		{"1.5::numeric", readAs[int], dialect.ErrScan, "1.5"},
		{"'x'::text", readAs[int], dialect.ErrScan, `"x"`},
		{"timestamptz 'infinity'", readAs[time.Time], dialect.ErrScan, "infinity"},
		{"date '-infinity'", readAs[time.Time], dialect.ErrScan, "-infinity"},
		{"interval '1 month'", readAs[time.Duration], dialect.ErrScan, "months"},
		{"'{1}'::int4[]", readAs[map[string]int], dialect.ErrScan, "map"},
	} {
		_, err := tc.read(c, tc.expr)
		var se *dialect.ScanError
		if !errors.Is(err, tc.kind) || !errors.As(err, &se) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.expr, err)
		}
	}
	if err := tryRow(c, []any{nil, nil}, "SELECT 1"); !errors.Is(err, dialect.ErrScan) {
		t.Errorf("two variables for one column: %v", err)
	}
}

func TestNullableAndBorrowed(t *testing.T) {
	c := open(t)
	var s string
	var n int32
	a, b := dialect.Nullable{Dst: &s}, dialect.Nullable{Dst: &n, Null: false}
	var bytes dialect.Borrowed
	rows, err := c.Query(t.Context(), compiled("SELECT 'x'::text, NULL::int4, 'raw'::text"))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	rows.Next()
	n = 9
	if err := rows.ScanRow([]any{&a, &b, &bytes}); err != nil {
		t.Fatal(err)
	}
	if s != "x" || a.Null || !b.Null || n != 9 || string(bytes) != "raw" {
		t.Errorf("%q %v %v %d %q", s, a.Null, b.Null, n, bytes)
	}
}

func TestLiteralsAreReadBack(t *testing.T) {
	c := open(t, dialect.Option{Name: "timezone", Value: "Asia/Tokyo"})
	at := time.Date(2024, 1, 2, 0, 30, 0, 123456000, time.FixedZone("", 2*3600))
	for _, tc := range []struct {
		v    any
		t    *dialect.Type
		cast string
		want string
	}{
		{`O'Ne\il -- $1 /*`, nil, "text", `O'Ne\il -- $1 /*`},
		{[]byte{0, 255}, nil, "bytea", `\x00ff`},
		{at, nil, "timestamptz", "2024-01-02 07:30:00.123456+09"},
		{at, nil, "timestamp", "2024-01-01 22:30:00.123456"},
		{at, &dialect.Type{Kind: dialect.Date}, "date", "2024-01-02"},
		{at, &dialect.Type{Kind: dialect.Time}, "time", "00:30:00.123456"},
		{time.Date(-43, 2, 29, 0, 0, 0, 0, time.UTC), &dialect.Type{Kind: dialect.Timestamp}, "timestamp", "0044-03-01 00:00:00 BC"},
		{math.Inf(-1), nil, "float8", "-Infinity"},
		{-1.5, nil, "float8", "-1.5"},
		{[]string{"a", `"`}, nil, "text[]", `{a,"\""}`},
		{map[string]int{"a": 1}, &dialect.Type{Kind: dialect.JSON}, "jsonb", `{"a": 1}`},
		{90 * time.Second, &dialect.Type{Kind: dialect.Interval}, "interval", "00:01:30"},
		{true, nil, "bool", "true"}, {nil, nil, "text", "NULL"},
	} {
		w := dialect.NewWriter(Dialect())
		w.Literal(tc.v, tc.t)
		if err := w.Err(); err != nil {
			t.Errorf("%v: %v", tc.v, err)
			continue
		}
		got := one[*string](t, c, "SELECT ("+w.Text()+")::"+tc.cast+"::text")
		if got == nil {
			got = ptr("NULL")
		}
		if *got != tc.want {
			t.Errorf("%v is written %s, which the server reads as %q, want %q", tc.v, w.Text(), *got, tc.want)
		}
	}
}

// A length of time is a time of the day where the server says that the
// parameter is one, and a number or an interval elsewhere.
func TestDurationsAsParameters(t *testing.T) {
	m := pgtype.NewMap()
	for _, tt := range []struct {
		d    time.Duration
		oid  uint32
		want string // of the bytes; or what the error says
	}{
		{90 * time.Minute, pgtype.TimeOID, "\x00\x00\x00\x01\x41\xdd\x76\x00"},
		{0, pgtype.TimeOID, "\x00\x00\x00\x00\x00\x00\x00\x00"},
		{24 * time.Hour, pgtype.TimeOID, "24h0m0s is out of the range of TIME"},
		{-time.Second, pgtype.TimeOID, "-1s is out of the range of TIME"},
		{7, pgtype.Int8OID, "\x00\x00\x00\x00\x00\x00\x00\x07"},
		{7, pgtype.DateOID, "a whole number is no such value"},
	} {
		got, _, _, err := encodeOther(m, nil, tt.oid, tt.d)
		if err != nil {
			got = []byte(err.Error())
		}
		if !strings.HasPrefix(string(got), tt.want) {
			t.Errorf("%v as type %d: %q, not %q", tt.d, tt.oid, got, tt.want)
		}
	}
}
