package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

type (
	named      string
	namedBytes []byte
	level      int8
)

// upper is a Valuer.
type upper struct{ s string }

func (u upper) Value() (driver.Value, error) { return strings.ToUpper(u.s), nil }

// loop is a Valuer without end.
type loop struct{}

func (loop) Value() (driver.Value, error) { return loop{}, nil }

func ptr[T any](v T) *T { return &v }

func TestRoundTrip(t *testing.T) {
	c := memory(t)
	at := time.Date(2026, 2, 28, 23, 59, 59, 123456789, time.FixedZone("", 5*3600+1800))
	for _, x := range []struct {
		in   any
		dst  any // a pointer
		want any
	}{
		{true, new(bool), true},
		{false, new(bool), false},
		{int64(math.MaxInt64), new(int64), int64(math.MaxInt64)},
		{int64(math.MinInt64), new(int64), int64(math.MinInt64)},
		{math.MaxInt, new(int), math.MaxInt},
		{int8(-128), new(int8), int8(-128)},
		{int16(-32768), new(int16), int16(-32768)},
		{int32(math.MinInt32), new(int32), int32(math.MinInt32)},
		{uint8(255), new(uint8), uint8(255)},
		{uint16(65535), new(uint16), uint16(65535)},
		{uint32(math.MaxUint32), new(uint32), uint32(math.MaxUint32)},
		{uint64(math.MaxInt64), new(uint64), uint64(math.MaxInt64)},
		{uint(7), new(uint), uint(7)},
		{math.MaxFloat64, new(float64), math.MaxFloat64},
		{math.SmallestNonzeroFloat64, new(float64), math.SmallestNonzeroFloat64},
		{0.1 + 0.2, new(float64), 0.1 + 0.2},
		{math.Inf(1), new(float64), math.Inf(1)},
		{math.Inf(-1), new(float64), math.Inf(-1)},
		{float32(0.1), new(float32), float32(0.1)},
		{float32(0.1), new(float64), 0.1},
		{float32(math.MaxFloat32), new(float32), float32(math.MaxFloat32)},
		{"", new(string), ""},
		{"käse \x00 'quoted' \U0001F9C0", new(string), "käse \x00 'quoted' \U0001F9C0"},
		{"\xff\xfe is no UTF-8", new(string), "\xff\xfe is no UTF-8"},
		{[]byte{}, new([]byte), []byte{}},
		{[]byte{0, 1, 255}, new([]byte), []byte{0, 1, 255}},
		{[]byte{0, 1, 255}, new(string), "\x00\x01\xff"},
		{strings.Repeat("x", 1<<20), new(string), strings.Repeat("x", 1<<20)},
		{bytes.Repeat([]byte{7}, 3<<20), new([]byte), bytes.Repeat([]byte{7}, 3<<20)},
		{at, new(time.Time), at.UTC()},
		{named("n"), new(string), "n"},
		{namedBytes("b"), new([]byte), []byte("b")},
		{level(3), new(int), 3},
		{upper{"up"}, new(string), "UP"},
		{&upper{"up"}, new(string), "UP"},
		{(*upper)(nil), new(*string), (*string)(nil)},
		{sql.NullString{String: "s", Valid: true}, new(string), "s"},
		{sql.NullString{}, new(*string), (*string)(nil)},
		{sql.Null[int64]{V: 5, Valid: true}, new(sql.Null[int64]), sql.Null[int64]{V: 5, Valid: true}},
		{sql.Null[int64]{}, new(sql.Null[int64]), sql.Null[int64]{}},
		{sql.NullTime{Time: at, Valid: true}, new(sql.NullTime), sql.NullTime{Time: at.UTC(), Valid: true}},
		{at, new(sql.Null[time.Time]), sql.Null[time.Time]{V: at.UTC(), Valid: true}},
		{json.RawMessage(`{"a":1}`), new(string), `{"a":1}`},
		{[3]byte{1, 2, 3}, new([]byte), []byte{1, 2, 3}},
		{nil, new(*int64), (*int64)(nil)},
		{nil, new([]byte), []byte(nil)},
		{[]byte(nil), new([]byte), []byte(nil)},
		{json.RawMessage(nil), new([]byte), []byte(nil)},
		{ptr("p"), new(*string), ptr("p")},
		{(*string)(nil), new(*string), (*string)(nil)},
		{ptr(int64(9)), new(*int64), ptr(int64(9))},
		{ptr(ptr(9)), new(*int), ptr(9)},
		{ptr(2.5), new(*float64), ptr(2.5)},
		{ptr(true), new(*bool), ptr(true)},
		{ptr(at), new(*time.Time), ptr(at.UTC())},
		{int64(1), new(any), int64(1)},
		{1.5, new(any), 1.5},
		{"s", new(any), "s"},
		{[]byte("b"), new(any), []byte("b")},
		{nil, new(any), nil},
		{int64(42), new(string), "42"},
		{"42", new(int64), int64(42)},
		{3.0, new(int), 3},
		{7, new(float64), 7.0},
		{"x", new(dialect.Borrowed), dialect.Borrowed("x")},
		{"", new(dialect.Borrowed), dialect.Borrowed{}},
	} {
		if err := one(t, c, "SELECT ?", []any{x.in}, x.dst); err != nil {
			t.Errorf("%T %.40v into %T: %v", x.in, x.in, x.dst, err)
			continue
		}
		if _, borrowed := x.dst.(*dialect.Borrowed); borrowed {
			continue // it is valid until the row is left; see TestBorrowed
		}
		if got := reflect.ValueOf(x.dst).Elem().Interface(); !reflect.DeepEqual(got, x.want) {
			t.Errorf("%T %.40v into %T: got %.60v (%T), want %.60v", x.in, x.in, x.dst, got, got, x.want)
		}
	}
}

func TestBorrowed(t *testing.T) {
	c := memory(t)
	rows := query(t, c, "VALUES ('a'), (x'00ff'), (''), (NULL), (17)")
	var got []string
	for rows.Next() {
		var b dialect.Borrowed
		if err := rows.ScanRow([]any{&b}); err != nil {
			t.Fatal(err)
		}
		if b == nil {
			got = append(got, "NULL")
			continue
		}
		got = append(got, string(b))
	}
	if want := []string{"a", "\x00\xff", "", "NULL", "17"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNullable(t *testing.T) {
	c := memory(t)
	var s string
	n := dialect.Nullable{Dst: &s}
	if err := one(t, c, "SELECT 'x'", nil, &n); err != nil || n.Null || s != "x" {
		t.Errorf("%+v %q %v", n, s, err)
	}
	if err := one(t, c, "SELECT NULL", nil, &n); err != nil || !n.Null || s != "x" {
		t.Errorf("%+v %q %v", n, s, err)
	}
	var at time.Time
	n = dialect.Nullable{Dst: &at}
	if err := one(t, c, "SELECT '2026-01-02'", nil, &n); err != nil || n.Null || !at.Equal(time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v %v %v", n, at, err)
	}
}

// Results are copies: they outlive the row.
func TestValuesAreCopies(t *testing.T) {
	c := memory(t)
	rows := query(t, c, "VALUES ('first', x'01', 'a'), ('other', x'02', 'b')")
	var s [2]string
	var b [2][]byte
	var a [2]any
	for i := 0; rows.Next(); i++ {
		if err := rows.ScanRow([]any{&s[i], &b[i], &a[i]}); err != nil {
			t.Fatal(err)
		}
	}
	if s[0] != "first" || b[0][0] != 1 || a[0] != "a" || s[1] != "other" {
		t.Errorf("%q %v %v", s, b, a)
	}
}

func TestRefusedArguments(t *testing.T) {
	c := memory(t)
	for _, x := range []struct {
		v     any
		kind  dialect.Kind
		words string
	}{
		{uint64(math.MaxInt64) + 1, dialect.ErrOutOfRange, "9223372036854775808"},
		{math.NaN(), dialect.ErrOutOfRange, "NaN"},
		{float32(math.NaN()), dialect.ErrOutOfRange, "NaN"},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), dialect.ErrOutOfRange, "10000"},
		{time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), dialect.ErrOutOfRange, "-1"},
		{make(chan int), dialect.ErrArguments, "chan int"},
		{map[string]int{}, dialect.ErrArguments, "map[string]int"},
		{[]string{"a"}, dialect.ErrArguments, "[]string"},
		{loop{}, dialect.ErrArguments, "loop"},
	} {
		_, err := tryExec(t, c, "SELECT ?, ?", 1, x.v)
		if e := Dialect().Classify(err); e == nil || e.Kind != x.kind || !strings.Contains(err.Error(), x.words) || !strings.Contains(err.Error(), "argument 2") {
			t.Errorf("%T: %v", x.v, err)
		}
	}
}

func TestRefusedReads(t *testing.T) {
	c := memory(t)
	for _, x := range []struct {
		text  string
		dst   any
		null  bool
		words string
	}{
		{"SELECT NULL AS price", new(int64), true, "price"},
		{"SELECT NULL", new(string), true, "NULL"},
		{"SELECT NULL", new(time.Time), true, "NULL"},
		{"SELECT 300", new(int8), false, "300"},
		{"SELECT -1", new(uint), false, "-1"},
		{"SELECT 2", new(bool), false, "2"},
		{"SELECT 1.5", new(int), false, "1.5"},
		{"SELECT 'abc'", new(int), false, "abc"},
		{"SELECT 'abc'", new(time.Time), false, "abc"},
		{"SELECT 'abc'", new(*time.Time), false, "abc"},
		{"SELECT 17", new(time.Time), false, "time.Time"},
		{"SELECT 1.5", new(time.Time), false, "time.Time"},
		{"SELECT 9007199254740993", new(float64), false, "9007199254740993"},
	} {
		err := one(t, c, x.text, nil, x.dst)
		if !errors.Is(err, dialect.ErrScan) || errors.Is(err, dialect.ErrNullValue) != x.null || !strings.Contains(err.Error(), x.words) {
			t.Errorf("%s into %T: %v", x.text, x.dst, err)
		}
	}
}

func TestScanRowShape(t *testing.T) {
	c := memory(t)
	rows := query(t, c, "SELECT 1, 2")
	var a int
	if err := rows.ScanRow([]any{&a, nil}); !errors.Is(err, dialect.ErrScan) {
		t.Errorf("before Next: %v", err)
	}
	rows.Next()
	if err := rows.ScanRow([]any{&a}); !errors.Is(err, dialect.ErrScan) || !strings.Contains(err.Error(), "2 columns") {
		t.Errorf("too few: %v", err)
	}
	if err := rows.ScanRow([]any{nil, &a}); err != nil || a != 2 {
		t.Errorf("skipping: %d, %v", a, err)
	}
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	if err := rows.ScanRow([]any{&a, nil}); err == nil {
		t.Error("a row after Close")
	}
}

func TestTimes(t *testing.T) {
	c := memory(t)
	zone := time.FixedZone("", -7*3600)
	at := time.Date(2026, 3, 1, 22, 4, 5, 120000000, zone)
	for _, x := range []struct {
		kind dialect.TypeKind
		in   time.Time
		want string
	}{
		{dialect.NoType, at, "2026-03-02 05:04:05.12"},
		{dialect.Timestamp, at, "2026-03-02 05:04:05.12"},
		{dialect.TimestampTZ, at, "2026-03-02 05:04:05.12"},
		{dialect.Varchar, at, "2026-03-02 05:04:05.12"},
		{dialect.Date, at, "2026-03-01"},
		{dialect.Time, at, "22:04:05.12"},
		{dialect.NoType, time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), "0000-01-01 00:00:00"},
		{dialect.NoType, time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC), "9999-12-31 23:59:59.999999999"},
		{dialect.NoType, time.Date(2026, 1, 1, 0, 0, 0, 1, time.UTC), "2026-01-01 00:00:00.000000001"},
		{dialect.NoType, time.Time{}, "0001-01-01 00:00:00"},
	} {
		comp := dialect.NewWriter(Dialect())
		comp.WriteString("SELECT ")
		comp.Bind(x.in, &dialect.Type{Kind: x.kind})
		compiled := compile(t, comp.Text())
		compiled.AddArg(comp.Args()[0])
		rows, err := c.Query(context.Background(), compiled)
		if err != nil {
			t.Fatal(err)
		}
		rows.Next()
		var got string
		if err := rows.ScanRow([]any{&got}); err != nil || got != x.want {
			t.Errorf("%v as %v: %q, want %q (%v)", x.in, x.kind, got, x.want, err)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Text sorts as time does, and SQLite's functions read it.
func TestTimesSortAndCompute(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (at TIMESTAMP, d DATE)")
	base := time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)
	times := []time.Time{base.Add(-time.Hour), base, base.Add(1), base.Add(10), base.Add(99), base.Add(100 * time.Millisecond), base.Add(999999999), base.Add(time.Second)}
	for _, i := range []int{5, 2, 7, 0, 3, 6, 1, 4} {
		exec(t, c, "INSERT INTO t (at) VALUES (?)", times[i].In(time.FixedZone("", 3600*(i-4))))
	}
	rows := query(t, c, "SELECT at FROM t ORDER BY at")
	for i := 0; rows.Next(); i++ {
		var got time.Time
		if err := rows.ScanRow([]any{&got}); err != nil {
			t.Fatal(err)
		}
		if !got.Equal(times[i]) || got.Location() != time.UTC {
			t.Errorf("%d: got %v, want %v", i, got, times[i])
		}
	}
	if n := read[int](t, c, "SELECT count(*) FROM t WHERE at > ?", base); n != 6 {
		t.Errorf("%d times after the base, want 6", n)
	}
	if s := read[string](t, c, "SELECT datetime(max(at), '+1 day') FROM t"); s != "2027-01-02 00:00:00" {
		t.Errorf("SQLite's arithmetic gives %s", s)
	}
	if got := read[time.Time](t, c, "SELECT max(at) FROM t"); !got.Equal(times[7]) {
		t.Errorf("an expression's time: %v", got)
	}
	if got := read[time.Time](t, c, "SELECT CURRENT_TIMESTAMP"); time.Since(got) > time.Minute || time.Since(got) < -time.Minute {
		t.Errorf("CURRENT_TIMESTAMP is %v", got)
	}
}

// What other programs have put into columns of times.
func TestForeignTimes(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (at DATETIME, n INTEGER)")
	want := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, v := range []any{want.Unix(), "2026-01-02T03:04:05Z", "2026-01-02 04:04:05+01:00", "2026-01-02 03:04:05", 2461042.6278356483, "2026-01-02T03:04:05.000"} {
		exec(t, c, "DELETE FROM t")
		exec(t, c, "INSERT INTO t VALUES (?, 5)", v)
		if got := read[time.Time](t, c, "SELECT at FROM t"); got.Sub(want).Abs() > time.Millisecond {
			t.Errorf("%v reads as %v", v, got)
		}
		if got, ok := read[any](t, c, "SELECT at FROM t").(time.Time); !ok && v != any(2461042.6278356483) || ok && got.Sub(want).Abs() > time.Millisecond {
			t.Errorf("%v reads into any as %v", v, got)
		}
	}
	if err := one(t, c, "SELECT n FROM t", nil, new(time.Time)); !errors.Is(err, dialect.ErrScan) {
		t.Errorf("an INTEGER column as a time: %v", err)
	}
	exec(t, c, "UPDATE t SET at = 'soon'")
	if got := read[any](t, c, "SELECT at FROM t"); got != "soon" {
		t.Errorf("text that is not a time: %v", got)
	}
	if got := read[sql.NullString](t, c, "SELECT at FROM t"); got.String != "soon" {
		t.Errorf("text that is not a time: %v", got)
	}
}

func TestAnyByDeclaredType(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (b BOOLEAN, d DATE, ts TIMESTAMP, n BIGINT, x DOUBLE PRECISION, s TEXT, z BLOB)")
	exec(t, c, "INSERT INTO t VALUES (1, '2026-01-02', '2026-01-02 03:04:05.5', 7, 2, 't', x'01')")
	got := make([]any, 7)
	dst := make([]any, 7)
	for i := range got {
		dst[i] = &got[i]
	}
	if err := one(t, c, "SELECT * FROM t", nil, dst...); err != nil {
		t.Fatal(err)
	}
	want := []any{true, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 2, 3, 4, 5, 500000000, time.UTC), int64(7), 2.0, "t", []byte{1}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
	exec(t, c, "UPDATE t SET b = 5")
	if got := read[any](t, c, "SELECT b FROM t"); got != int64(5) {
		t.Errorf("a BOOLEAN of 5 is %v", got)
	}
}

func TestDecimalsLoseNothing(t *testing.T) {
	c := memory(t)
	name, err := Dialect().TypeName(&dialect.Type{Kind: dialect.Decimal, Precision: 30, Scale: 10})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, c, "CREATE TABLE t (d "+name+", j JSON_TEXT, u UUID_TEXT)")
	for _, s := range []string{"12345678901234567890.0123456789", "0.10", "1.0", "-0.0000000001", "1e400"} {
		exec(t, c, "DELETE FROM t")
		exec(t, c, "INSERT INTO t (d, j) VALUES (?, ?)", s, s)
		var d, j string
		if err := one(t, c, "SELECT d, j FROM t", nil, &d, &j); err != nil || d != s || j != s {
			t.Errorf("%s came back as %s and %s (%v)", s, d, j, err)
		}
	}
	exec(t, c, "UPDATE t SET d = '2.50'")
	if got := read[float64](t, c, "SELECT CAST(d AS NUMERIC) * 2 FROM t"); got != 5 {
		t.Errorf("arithmetic gives %v", got)
	}
}

// Bytes for a column of text are text: SQLite compares a blob and a text as
// unequal.
func TestBytesFollowTheColumn(t *testing.T) {
	c := memory(t)
	for _, x := range []struct {
		kind dialect.TypeKind
		v    any
		want string
	}{
		{dialect.Varchar, []byte("abc"), "text abc"},
		{dialect.JSON, []byte(`{}`), "text {}"},
		{dialect.Blob, []byte("abc"), "blob abc"},
		{dialect.NoType, []byte("abc"), "blob abc"},
		{dialect.UUID, [16]byte{0x12, 0x34, 15: 0xff}, "text 12340000-0000-0000-0000-0000000000ff"},
		{dialect.UUID, "12340000-0000-0000-0000-0000000000ff", "text 12340000-0000-0000-0000-0000000000ff"},
	} {
		comp := compile(t, "SELECT typeof(a) || ' ' || CAST(a AS TEXT) FROM (SELECT ? AS a)")
		comp.AddArg(dialect.Arg{Value: x.v, Type: &dialect.Type{Kind: x.kind}})
		rows, err := c.Query(context.Background(), comp)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		rows.Next()
		if err := rows.ScanRow([]any{&got}); err != nil || got != x.want {
			t.Errorf("%v for %v: %q, want %q (%v)", x.v, x.kind, got, x.want, err)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
	comp := compile(t, "SELECT ?")
	comp.AddArg(dialect.Arg{Value: time.Now(), Type: &dialect.Type{Kind: dialect.BigInt}, Name: "at"})
	if _, err := c.Exec(context.Background(), comp); !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), ":at") {
		t.Errorf("a time for a number: %v", err)
	}
}

func TestParameters(t *testing.T) {
	c := memory(t)
	n := func(name string, v any) sql.NamedArg { return sql.Named(name, v) }
	for _, x := range []struct {
		text string
		args []any
		want string // or the words of an error, after !
	}{
		{"SELECT ? || ?", []any{"a", "b"}, "ab"},
		{"SELECT ?2 || ?1", []any{"a", "b"}, "ba"},
		{"SELECT ?1 || ?1", []any{"a"}, "aa"},
		{"SELECT :a || @b || $c || :a", []any{n("c", "3"), n("a", "1"), n("b", "2")}, "1231"},
		{"SELECT :a || :b", []any{"x", "y"}, "xy"},
		{"SELECT :a || ? || :b || ?", []any{"first", n("b", "B"), n("a", "A"), "second"}, "AfirstBsecond"},
		{"SELECT ? || ?", []any{n("a", "1"), n("b", "2")}, "12"},
		{"SELECT 'it''s :a' || ?", []any{1}, "it's :a1"},
		{"SELECT ?", nil, "!no argument for the parameter number 1: the statement has 1 parameter, not 0"},
		{"SELECT ?, ?, ?", []any{1}, "!number 2, number 3"},
		{"SELECT 1", []any{1, n("b", 1)}, "!no parameter for the argument number 1, :b"},
		{"SELECT :title", nil, "!no argument for the parameter :title"},
		{"SELECT :a, :b", []any{n("a", 1), n("c", 2)}, "!no argument for the parameter :b"},
		{"SELECT :a", []any{n("a", 1), n("c", 2), 3}, "!no parameter for the argument :c, number 3"},
		{"SELECT :a", []any{n("a", 1), n("a", 2)}, "!two arguments for the parameter :a"},
	} {
		var got string
		err := one(t, c, x.text, x.args, &got)
		if words, bad := strings.CutPrefix(x.want, "!"); bad {
			if !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %v, want %s", x.text, err, words)
			}
			continue
		}
		if err != nil || got != x.want {
			t.Errorf("%s: %q, want %q (%v)", x.text, got, x.want, err)
		}
	}
}

// Nothing runs when the arguments are wrong.
func TestWrongArgumentsRunNothing(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (a)")
	if _, err := tryExec(t, c, "INSERT INTO t VALUES (?)", 1, 2); err == nil {
		t.Error("no error")
	}
	if n := read[int](t, c, "SELECT count(*) FROM t"); n != 0 {
		t.Errorf("%d rows", n)
	}
	comp := compile(t, "SELECT ?")
	comp.AddArg(dialect.Arg{Out: true})
	if _, err := c.Exec(context.Background(), comp); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("an output argument: %v", err)
	}
}

func TestDecimalTexts(t *testing.T) {
	typ := &dialect.Type{Kind: dialect.Decimal, Precision: 12, Scale: 2}
	for _, tt := range []struct{ in, want string }{
		{"1.5", "1.50"}, {"1.50", "1.50"}, {"1.5000", "1.50"}, {"10", "10.00"}, {"-3.1", "-3.10"}, {"+7", "7.00"}, {"007", "7.00"}, {" 7 ", "7.00"},
		{".5", "0.50"}, {"5.", "5.00"}, {"-0", "0.00"}, {"-0.00", "0.00"}, {"1234567890.1", "1234567890.10"}, {"12345678901.1", ""},
		{"1.234", ""}, {"1e1", ""}, {"", ""}, {"-", ""}, {".", ""}, {"NaN", ""}, {"1,5", ""}, {"0x1", ""}, {"1.-5", ""},
	} {
		text, ok := appendDecimal(nil, tt.in, typ)
		if ok != (tt.want != "") || string(text) != tt.want {
			t.Errorf("%q becomes %q (%v), want %q", tt.in, text, ok, tt.want)
		}
	}
	for _, other := range []*dialect.Type{nil, {Kind: dialect.Varchar}, {Kind: dialect.Decimal}, {Kind: dialect.Decimal, Precision: 12, Scale: 2, Inexact: true}} {
		if text, ok := appendDecimal(nil, "1.5", other); ok {
			t.Errorf("%v: %q", other, text)
		}
	}
	if text, _ := appendDecimal(nil, "7.0", &dialect.Type{Kind: dialect.Decimal, Precision: 20}); string(text) != "7" {
		t.Errorf("a whole number becomes %q", text)
	}
}
