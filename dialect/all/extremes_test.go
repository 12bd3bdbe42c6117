package all_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// extreme is a column type with the values at its ends.
type extreme interface {
	name() string
	run(t *testing.T, e *engine.Engine)
}

// extremes are the values of a type. Each comes back as it went in, or is
// refused with an error about the value.
type extremes[G any] struct {
	typ    dialect.Type
	equal  func(a, b G) bool
	values []G
	// blob is true for what conditions do not compare.
	blob bool
}

func (x extremes[G]) name() string { return x.typ.String() }

var extremeTables int

func (x extremes[G]) run(t *testing.T, e *engine.Engine) {
	ctx := t.Context()
	extremeTables++
	table := schema.New(fmt.Sprintf("extreme_%d_%d", time.Now().UnixNano(), extremeTables),
		schema.Integer("id").PrimaryKey(), schema.NewColumn("v", x.typ).Null())
	if _, err := e.Run(ctx, schema.CreateTable(table), nil); err != nil {
		if errors.Is(err, dialect.ErrUnsupported) {
			t.Logf("refused: %v", err)
			return
		}
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := e.Run(context.Background(), schema.DropTable(table), nil); err != nil {
			t.Error(err)
		}
	})
	id, v := expr.C[int](table, "id"), expr.C[G](table, "v")
	for i, want := range x.values {
		what := fmt.Sprintf("%s (%T)", short(want), want)
		_, err := e.Run(ctx, expr.Insert(table).Values(id.Set(i), v.Set(want)), nil)
		if err != nil {
			if !errors.Is(err, dialect.ErrOutOfRange) && !errors.Is(err, dialect.ErrInvalidText) && !errors.Is(err, dialect.ErrTooLong) {
				t.Errorf("%s: %v", what, err)
			} else if !strings.Contains(err.Error(), `column "v"`) {
				t.Errorf("%s is refused, and the error does not name the column: %v", what, err)
			} else {
				t.Logf("%s: refused: %v", what, err)
			}
			continue
		}
		q := expr.Select(v).From(table).Where(id.Eq(i))
		got, err := engine.Scalar[G](ctx, e, q)
		if err != nil || !x.equal(got, want) {
			t.Errorf("%s came back as %s (%v)", what, short(got), err)
		}
		null, err := engine.Scalar[sql.Null[G]](ctx, e, q)
		if err != nil || !null.Valid || !x.equal(null.V, want) {
			t.Errorf("%s came back as %s through a sql.Null (%v)", what, short(null.V), err)
		}
		pointer, err := engine.Scalar[*G](ctx, e, q)
		if err != nil || pointer == nil || !x.equal(*pointer, want) {
			t.Errorf("%s came back as something else through a pointer (%v)", what, err)
		}
		loose, err := engine.Scalar[any](ctx, e, q)
		if err != nil || loose == nil {
			t.Errorf("%s came back as %s into an any (%v)", what, short(loose), err)
		}
		for j, way := range ways {
			at := 1000*(j+1) + i
			if err := way.write(ctx, e, table, at, want); err != nil {
				t.Errorf("%s is taken by an INSERT, and not by %s: %v", what, way.name, err)
				continue
			}
			type row struct{ V G }
			got, err := engine.One[row](ctx, e, expr.Select(v).From(table).Where(id.Eq(at)))
			if err != nil || !x.equal(got.V, want) {
				t.Errorf("%s that went in by %s came back as %s (%v)", what, way.name, short(got.V), err)
			}
		}
		if x.blob || !x.equal(want, want) {
			continue
		}
		n, err := engine.Scalar[int](ctx, e, expr.Select(expr.Count(id)).From(table).Where(v.Eq(want), id.Eq(i)))
		if f, isFloat := any(want).(float32); err != nil || n != 1 && !isFloat {
			t.Errorf("%s is found %d times where it is (%v)", what, n, err)
		} else if n != 1 {
			t.Logf("a REAL of %v does not equal the parameter", f)
		}
	}
	// NULL is none of them.
	if _, err := e.Run(ctx, expr.Insert(table).Values(id.Set(-1), v.SetNull()), nil); err != nil {
		t.Fatal(err)
	}
	q := expr.Select(v).From(table).Where(id.Eq(-1))
	pointer, err := engine.Scalar[*G](ctx, e, q)
	if err != nil || pointer != nil {
		t.Errorf("NULL came back as %v (%v)", pointer, err)
	}
	if k := reflect.TypeFor[G]().Kind(); k != reflect.Slice {
		if got, err := engine.Scalar[G](ctx, e, q); !errors.Is(err, dialect.ErrNullValue) {
			t.Errorf("NULL came back as %v (%v) into a variable that has none", got, err)
		}
	}
}

// ways are the others by which a value comes into a table.
var ways = []struct {
	name  string
	write func(ctx context.Context, e *engine.Engine, t *schema.Dynamic, id int, v any) error
}{
	{"Copy", func(ctx context.Context, e *engine.Engine, t *schema.Dynamic, id int, v any) error {
		_, err := engine.Copy(ctx, e, t.Info().Name, slices.Values([][]any{{id, v}}), engine.CopyColumns("id", "v"))
		return err
	}},
	{"Rows", func(ctx context.Context, e *engine.Engine, t *schema.Dynamic, id int, v any) error {
		_, err := e.Run(ctx, expr.Insert(t).Columns(t.Col("id"), t.Col("v")).Rows([]any{id, v}, []any{id + 500, nil}), nil)
		return err
	}},
	{"an UPDATE", func(ctx context.Context, e *engine.Engine, t *schema.Dynamic, id int, v any) error {
		if _, err := e.Run(ctx, expr.Insert(t).Values(t.Col("id").Set(id)), nil); err != nil {
			return err
		}
		_, err := e.Run(ctx, expr.Update(t).Set(t.Col("v").Set(v)).Where(t.Col("id").Eq(id)), nil)
		return err
	}},
}

// short is a value in a message, which 16 MB of bytes are too long for.
func short(v any) string {
	switch v := v.(type) {
	case []byte:
		return fmt.Sprintf("%d bytes %.20x", len(v), v)
	case string:
		return fmt.Sprintf("%.60q of %d bytes", v, len(v))
	}
	return fmt.Sprint(v)
}

func same[G comparable](a, b G) bool { return a == b }

func sameFloat(a, b float64) bool {
	return a == b && math.Signbit(a) == math.Signbit(b) || math.IsNaN(a) && math.IsNaN(b)
}

func sameNumber(a, b string) bool {
	x, ok1 := new(big.Rat).SetString(a)
	y, ok2 := new(big.Rat).SetString(b)
	return ok1 && ok2 && x.Cmp(y) == 0
}

func sameInstant(a, b time.Time) bool { return a.Equal(b) }
func sameDay(a, b time.Time) bool     { return a.Format("2006-01-02") == b.Format("2006-01-02") }
func sameClock(a, b time.Time) bool {
	return a.Format("15:04:05.000000000") == b.Format("15:04:05.000000000")
}

func in(year int, micro int, offset time.Duration) time.Time {
	return time.Date(year, 2, 28, 23, 59, 59, micro*1000, time.FixedZone("", int(offset/time.Second)))
}

var manyBytes = bytes.Repeat([]byte("0123456789abcde\x00\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8'\\\"%_\n\r\t"), 1<<18) // 8 MB

var extremeValues = []extreme{
	extremes[bool]{dialect.Type{Kind: dialect.Boolean}, same[bool], []bool{true, false}, false},
	extremes[int16]{dialect.Type{Kind: dialect.SmallInt}, same[int16], []int16{0, -1, math.MaxInt16, math.MinInt16}, false},
	extremes[int32]{dialect.Type{Kind: dialect.Integer}, same[int32], []int32{0, -1, math.MaxInt32, math.MinInt32}, false},
	extremes[int64]{dialect.Type{Kind: dialect.BigInt}, same[int64], []int64{0, -1, 1<<53 + 1, math.MaxInt64, math.MinInt64}, false},
	extremes[uint64]{dialect.Type{Kind: dialect.BigInt, Unsigned: true}, same[uint64], []uint64{0, math.MaxInt64, math.MaxUint64}, false},
	extremes[uint64]{dialect.Type{Kind: dialect.BigInt}, same[uint64], []uint64{0, math.MaxInt64, math.MaxInt64 + 1}, false},
	extremes[float32]{dialect.Type{Kind: dialect.Real}, same[float32], []float32{0, 0.1, -math.Pi, 3.4e38, 1.2e-38}, false},
	extremes[float64]{dialect.Type{Kind: dialect.Double}, sameFloat, []float64{0, 0.1, 1.0 / 3, -math.MaxFloat64, math.MaxFloat64,
		2.2250738585072014e-308, math.NaN(), math.Inf(1), math.Inf(-1)}, false},
	extremes[string]{dialect.Type{Kind: dialect.Decimal, Precision: 38, Scale: 10}, sameNumber, []string{"0", "0.0000000001",
		"9999999999999999999999999999.9999999999", "-9999999999999999999999999999.9999999999", "1234567890123456789012345678.0123456789",
		"10000000000000000000000000000", "0.00000000001"}, false},
	extremes[string]{dialect.Type{Kind: dialect.Decimal, Precision: 38}, sameNumber, []string{"99999999999999999999999999999999999999", "-99999999999999999999999999999999999999"}, false},
	extremes[int64]{dialect.Type{Kind: dialect.Decimal, Precision: 20}, same[int64], []int64{math.MaxInt64, math.MinInt64, 1<<53 + 1}, false},
	extremes[string]{dialect.Type{Kind: dialect.Varchar, Length: 20}, same[string], []string{"", " ", "a", "𝄞😀𝄞😀𝄞😀𝄞😀𝄞😀", "日本語日本語日本語日本語日本語日本語日本", "e\u0301", "\u00e9",
		"trailing ", "a\x00b", "\xff", "NULL", "'; --", "\\'\"`", strings.Repeat("x", 20), strings.Repeat("x", 20) + " ", strings.Repeat("x", 21)}, false},
	extremes[string]{dialect.Type{Kind: dialect.Char, Length: 4}, same[string], []string{"abcd", "日本語𝄞", "abcde"}, false},
	extremes[string]{dialect.Type{Kind: dialect.Clob}, same[string], []string{"", " ", "\u202e", "𐍈", strings.Repeat("日𝄞", 100_000)}, true},
	extremes[[]byte]{dialect.Type{Kind: dialect.Varbinary, Length: 8}, bytes.Equal, [][]byte{{}, {0}, {0xff, 0, 0}, []byte("12345678"), []byte("123456789")}, false},
	extremes[[]byte]{dialect.Type{Kind: dialect.Binary, Length: 4}, bytes.Equal, [][]byte{{1, 2, 3, 4}, {0, 0, 0, 0}, {1, 2}, {1, 2, 3, 4, 5}}, false},
	extremes[[]byte]{dialect.Type{Kind: dialect.Blob}, bytes.Equal, [][]byte{{}, {0}, manyBytes}, true},
	extremes[time.Time]{dialect.Type{Kind: dialect.Date}, sameDay, []time.Time{in(1, 0, 0), in(1000, 0, 0), in(1582, 0, 0), in(1899, 0, 0), in(2101, 0, 0), in(9999, 0, 0),
		in(10000, 0, 0), in(2024, 0, 14*time.Hour), in(2024, 0, -12*time.Hour)}, false},
	extremes[time.Time]{dialect.Type{Kind: dialect.Time, Precision: 6}, sameClock, []time.Time{time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC),
		time.Date(1, 1, 1, 23, 59, 59, 999999000, time.UTC)}, false},
	extremes[time.Time]{dialect.Type{Kind: dialect.Timestamp, Precision: 6}, sameInstant, []time.Time{in(1, 1, 0), in(1000, 999999, 0), in(1899, 1, 0), in(1970, 0, 0), in(1969, 999999, 0),
		in(2101, 123456, 0), in(9999, 999999, 0), in(10000, 0, 0), in(-1, 0, 0)}, false},
	extremes[time.Time]{dialect.Type{Kind: dialect.TimestampTZ, Precision: 6}, sameInstant, []time.Time{in(1000, 1, 3*time.Hour+25*time.Minute), in(1850, 999999, -(4*time.Hour + 56*time.Minute + 2*time.Second)),
		in(1899, 1, 14*time.Hour), in(2101, 123456, -12*time.Hour), in(9998, 999999, 5*time.Hour+45*time.Minute), in(10001, 0, 0)}, false},
	extremes[time.Duration]{dialect.Type{Kind: dialect.Interval}, same[time.Duration], []time.Duration{0, time.Microsecond, -time.Microsecond, 26 * time.Hour, -100 * 365 * 24 * time.Hour,
		100*365*24*time.Hour + 999999*time.Microsecond}, false},
	extremes[[16]byte]{dialect.Type{Kind: dialect.UUID}, same[[16]byte], [][16]byte{{}, {15: 1}, {0: 1}, [16]byte(bytes.Repeat([]byte{0xff}, 16)), {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}}, false},
	extremes[string]{dialect.Type{Kind: dialect.UUID}, same[string], []string{"00010203-0405-0607-0809-0a0b0c0d0e0f", "ffffffff-ffff-ffff-ffff-ffffffffffff"}, false},
	extremes[string]{dialect.Type{Kind: dialect.Enum, Values: &dialect.EnumValues{List: []string{"", "a b", "it's", "𝄞"}}}, same[string], []string{"", "a b", "it's", "𝄞", "b"}, false},
	extremes[string]{dialect.Type{Kind: dialect.JSON}, func(a, b string) bool { return strings.ReplaceAll(a, " ", "") == strings.ReplaceAll(b, " ", "") },
		[]string{`{"a": [1, "𝄞"]}`, `null`, `""`, `12345678901234567`, `{"a":`}, true},
}

// The table of extreme values: through expr and engine, on every database that
// is there, each comes back as it went in or is refused by an error that names the column.
func TestExtremeValues(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		e, err := openLive(b.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		for _, x := range extremeValues {
			t.Run(x.name(), func(t *testing.T) { x.run(t, e) })
		}
	})
}

// A value beyond what the server takes in one message is an error that says so,
// and the engine goes on.
func TestBeyondThePacket(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		e, err := openLive(b.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		big := make([]byte, 17<<20)
		big[0], big[len(big)-1] = 1, 2
		table := schema.New(fmt.Sprintf("packet_%d", time.Now().UnixNano()), schema.Integer("id").PrimaryKey(), schema.Blob("v").Null())
		if _, err := e.Run(t.Context(), schema.CreateTable(table), nil); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := e.Run(context.Background(), schema.DropTable(table), nil); err != nil {
				t.Error(err)
			}
		})
		id, v := expr.C[int](table, "id"), expr.C[[]byte](table, "v")
		_, err = e.Run(t.Context(), expr.Insert(table).Values(id.Set(1), v.Set(big)), nil)
		switch {
		case err == nil:
			got, err := engine.Scalar[[]byte](t.Context(), e, expr.Select(v).From(table))
			if err != nil || !bytes.Equal(got, big) {
				t.Errorf("%d bytes came back as %d (%v)", len(big), len(got), err)
			}
		case err != nil:
			t.Logf("refused: %v", err)
			if !errors.Is(err, dialect.ErrTooLong) {
				t.Errorf("17 MB: %v", err)
			}
			if !strings.Contains(err.Error(), "max_allowed_packet") {
				t.Errorf("the error does not say what the limit is: %v", err)
			}
		}
		if _, err := engine.Scalar[int](t.Context(), e, expr.Select(expr.Value(1).As("n"))); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// Decimals compare as numbers, also where the database keeps them as text: by
// their first 15 digits then. What is given back has all of them.
func TestExtremeDecimalsCompared(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		ctx := t.Context()
		e, err := openLive(b.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		typ := dialect.Type{Kind: dialect.Decimal, Precision: 20, Scale: 2}
		table := schema.New(fmt.Sprintf("decimals_%d", time.Now().UnixNano()), schema.Integer("id").PrimaryKey(), schema.NewColumn("a", typ).Null(), schema.NewColumn("b", typ).Null())
		if _, err := e.Run(ctx, schema.CreateTable(table), nil); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := e.Run(context.Background(), schema.DropTable(table), nil); err != nil {
				t.Error(err)
			}
		})
		id, x, y := expr.C[int](table, "id"), expr.C[string](table, "a"), expr.C[string](table, "b")
		for i, v := range [][2]any{{"9.50", "10.20"}, {"-9.50", "-10.20"}, {"10000000000.25", "9999999999.75"}, {"1.00", nil}} {
			if _, err := e.Run(ctx, expr.Insert(table).Values(id.Set(i), expr.C[any](table, "a").Set(v[0]), expr.C[any](table, "b").Set(v[1])), nil); err != nil {
				t.Fatal(err)
			}
		}
		for i, want := range [][3]string{{"10.20", "9.50", "10.20"}, {"-9.50", "-10.20", "9.75"}, {"10000000000.25", "9999999999.75", "10000000000.25"}, {}} {
			got, err := engine.One[struct{ Most, Least, Over *string }](ctx, e, expr.Select(expr.Greatest[string](x, y).As("most"), expr.Least[string](x, y).As("least"),
				expr.Greatest[string](x, y, expr.Value("9.75"), expr.Value("-100")).As("over")).From(table).Where(id.Eq(i)))
			if err != nil {
				t.Fatal(err)
			}
			for k, s := range []*string{got.Most, got.Least, got.Over} {
				if want[k] == "" && s == nil {
					continue
				}
				if s == nil || !sameNumber(*s, want[k]) {
					t.Errorf("row %d: the value %d is %v, not %s", i, k, s, want[k])
				}
			}
		}
		n, err := engine.Scalar[int](ctx, e, expr.Select(expr.Count(id)).From(table).Where(expr.Greatest[string](x, y).Gt("9")))
		if err != nil || n != 2 {
			t.Errorf("%d rows are above 9 (%v)", n, err)
		}
	})
}
