package all_test

import (
	"context"
	"encoding/json"
	"fmt"
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

// typeWay is a column type with what goes into it and what comes out.
type typeWay struct {
	typ dialect.Type
	// binds are Go values that mean the same, each of another type. Every
	// database that has the type takes them all, and gives back scans.
	binds []any
	scans []target
	// loose is what a *any gets, and looseBut what it gets on some databases.
	loose    string
	looseBut map[string]string
	// back is what reflection gives back where that is another type.
	back map[string]string
	// equal compares what an exact comparison would not.
	equal func(got, want any) bool
}

// target is a Go variable that a value is read into.
type target struct {
	name string
	want any
	read func(ctx context.Context, r dialect.Runner, q dialect.Statement) (any, error)
}

func into[T any](want T) target {
	return target{reflect.TypeFor[T]().String(), want, func(ctx context.Context, r dialect.Runner, q dialect.Statement) (any, error) {
		v, err := engine.Scalar[T](ctx, r, q)
		return v, err
	}}
}

var (
	wayTime  = time.Date(2024, 5, 6, 7, 8, 9, 123456000, time.UTC)
	wayClock = 7*time.Hour + 8*time.Minute + 9*time.Second + 123456*time.Microsecond
	wayUUID  = [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	wayText  = "00010203-0405-0607-0809-0a0b0c0d0e0f"
	wayDoc   = `{"a": [1]}`
)

type wayName string

type wayStruct struct {
	A []int `json:"a"`
}

func wholeBinds() []any {
	return []any{int(7), int8(7), int16(7), int32(7), int64(7), uint(7), uint8(7), uint16(7), uint32(7), uint64(7), 7.0, "7"}
}

func wholeScans() []target {
	return []target{into(int(7)), into(int8(7)), into(int16(7)), into(int32(7)), into(int64(7)), into(uint(7)), into(uint8(7)), into(uint16(7)),
		into(uint32(7)), into(uint64(7)), into(float32(7)), into(7.0), into("7"), into([]byte("7"))}
}

func whole(t dialect.Type, more ...func(*typeWay)) typeWay {
	w := typeWay{typ: t, binds: wholeBinds(), scans: wholeScans(), loose: "int64"}
	for _, f := range more {
		f(&w)
	}
	return w
}

func text(t dialect.Type, back map[string]string, s string) typeWay {
	return typeWay{typ: t, binds: []any{s, []byte(s), wayName(s)}, scans: []target{into(s), into([]byte(s)), into(wayName(s))}, loose: "string", back: back}
}

func raw(t dialect.Type, back map[string]string) typeWay {
	return typeWay{typ: t, binds: []any{[]byte("ab\x00\xff"), [4]byte{'a', 'b', 0, 255}}, scans: []target{into([]byte("ab\x00\xff")), into([4]byte{'a', 'b', 0, 255})},
		loose: "[]uint8", back: back}
}

func moment(t dialect.Type, texts []any, back map[string]string) typeWay {
	return typeWay{typ: t, binds: append([]any{wayTime}, texts...), scans: []target{into(wayTime)}, loose: "time.Time", back: back}
}

// exactNumber compares numbers by their value: the zeros at the end differ.
func exactNumber(got, want any) bool {
	a, b := fmt.Sprint(got), fmt.Sprint(want)
	if x, ok := got.([]byte); ok {
		a = string(x)
	}
	if x, ok := want.([]byte); ok {
		b = string(x)
	}
	return sameNumber(a, b)
}

func sameDocument(got, want any) bool {
	doc := func(v any) (d any) {
		var b []byte
		switch x := v.(type) {
		case string:
			b = []byte(x)
		case []byte:
			b = x
		case json.RawMessage:
			b = x
		}
		if json.Unmarshal(b, &d) != nil {
			return nil
		}
		return d
	}
	return doc(got) != nil && reflect.DeepEqual(doc(got), doc(want))
}

func sameWay(got, want any) bool {
	if t, ok := want.(time.Time); ok {
		g, ok := got.(time.Time)
		return ok && g.Equal(t)
	}
	return reflect.DeepEqual(got, want)
}

// sameClockWay compares the time of the day alone.
func sameClockWay(got, want any) bool {
	if t, ok := want.(time.Time); ok {
		g, ok := got.(time.Time)
		return ok && sameClock(g, t)
	}
	return reflect.DeepEqual(got, want)
}

var typeWays = []typeWay{
	{typ: dialect.Type{Kind: dialect.Boolean}, binds: []any{true, 1, int64(1), "true"}, scans: []target{into(true), into(1), into(int64(1))}, loose: "bool"},
	whole(dialect.Type{Kind: dialect.SmallInt}, func(w *typeWay) { w.back = map[string]string{"oracle": "integer"} }),
	whole(dialect.Type{Kind: dialect.Integer}),
	whole(dialect.Type{Kind: dialect.BigInt}),
	whole(dialect.Type{Kind: dialect.SmallInt, Unsigned: true}, func(w *typeWay) {
		w.back = map[string]string{"postgres": "integer", "mssql": "integer", "oracle": "integer"}
	}),
	whole(dialect.Type{Kind: dialect.Integer, Unsigned: true}, func(w *typeWay) {
		w.back = map[string]string{"postgres": "bigint", "mssql": "bigint", "oracle": "integer"}
	}),
	whole(dialect.Type{Kind: dialect.BigInt, Unsigned: true}, func(w *typeWay) {
		w.looseBut = map[string]string{"postgres": "string", "mssql": "string"}
		w.back = map[string]string{"postgres": "decimal(20,0)", "mssql": "decimal(20,0)", "oracle": "decimal(20,0)"}
	}),
	{typ: dialect.Type{Kind: dialect.Real}, binds: []any{float32(0.1), 0.1}, scans: []target{into(float32(0.1)), into(0.1), into("0.1")}, loose: "float64"},
	{typ: dialect.Type{Kind: dialect.Double}, binds: []any{1.5, float32(1.5)}, scans: []target{into(1.5), into(float32(1.5)), into("1.5")}, loose: "float64"},
	{typ: dialect.Type{Kind: dialect.Decimal, Precision: 10, Scale: 2}, binds: []any{"12.50", []byte("12.50"), 12.5, float32(12.5), json.Number("12.5")},
		scans: []target{into("12.5"), into([]byte("12.5")), into(12.5), into(float32(12.5))}, loose: "string", equal: exactNumber},
	{typ: dialect.Type{Kind: dialect.Decimal, Precision: 20}, binds: []any{int(7), int64(7), uint64(7), "7"},
		scans: []target{into(int(7)), into(int64(7)), into(uint64(7)), into(7.0), into("7")}, loose: "string", looseBut: map[string]string{"oracle": "int64"}},
	text(dialect.Type{Kind: dialect.Char, Length: 5}, nil, "abcde"),
	text(dialect.Type{Kind: dialect.Varchar, Length: 50}, nil, "a𝄞"),
	text(dialect.Type{Kind: dialect.Varchar, Length: 50, National: true}, map[string]string{"postgres": "varchar(50)", "mysql": "varchar(50)", "mssql": "varchar(50)"}, "a𝄞"),
	text(dialect.Type{Kind: dialect.Clob}, nil, "a𝄞"),
	text(dialect.Type{Kind: dialect.Clob, National: true}, map[string]string{"postgres": "text", "mysql": "text", "sqlite": "text", "mssql": "text"}, "a𝄞"),
	raw(dialect.Type{Kind: dialect.Binary, Length: 4}, map[string]string{"postgres": "blob", "oracle": "varbinary(4)"}),
	raw(dialect.Type{Kind: dialect.Varbinary, Length: 50}, map[string]string{"postgres": "blob"}),
	raw(dialect.Type{Kind: dialect.Blob}, nil),
	{typ: dialect.Type{Kind: dialect.Date}, binds: []any{wayTime, "2024-05-06"}, scans: []target{into(time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC))}, loose: "time.Time",
		back: map[string]string{"oracle": "DATE"}},
	{typ: dialect.Type{Kind: dialect.Time}, binds: []any{wayTime, wayClock, "07:08:09.123456"}, scans: []target{into(wayTime), into(wayClock)}, loose: "string",
		looseBut: map[string]string{"sqlite": "time.Time", "mssql": "time.Time"}, back: map[string]string{"mysql": "time(6)", "mssql": "time(7)"}, equal: sameClockWay},
	moment(dialect.Type{Kind: dialect.Timestamp}, []any{"2024-05-06 07:08:09.123456"}, map[string]string{"mysql": "timestamp(6)", "mssql": "timestamp(7)", "oracle": "timestamp(6)"}),
	moment(dialect.Type{Kind: dialect.Timestamp, Precision: 6}, []any{"2024-05-06 07:08:09.123456"}, nil),
	moment(dialect.Type{Kind: dialect.TimestampTZ}, []any{"2024-05-06 09:08:09.123456+02:00"},
		map[string]string{"mysql": "timestamp(6)", "mssql": "timestamp(7) with time zone", "oracle": "timestamp(6) with time zone"}),
	{typ: dialect.Type{Kind: dialect.Interval}, binds: []any{wayClock}, scans: []target{into(wayClock)}, loose: "int64",
		looseBut: map[string]string{"postgres": "string", "oracle": "string"}, back: map[string]string{"mysql": "bigint", "mssql": "bigint"}},
	{typ: dialect.Type{Kind: dialect.UUID}, binds: []any{wayUUID, wayUUID[:], wayText, strings.ToUpper(wayText), "{" + wayText + "}"}, scans: []target{into(wayUUID), into(wayText)},
		loose: "string", back: map[string]string{"oracle": "varbinary(16)"}},
	{typ: dialect.Type{Kind: dialect.JSON}, binds: []any{wayDoc, []byte(wayDoc), json.RawMessage(wayDoc), map[string][]int{"a": {1}}, wayStruct{[]int{1}}, &wayStruct{[]int{1}}},
		scans: []target{into(wayDoc), into([]byte(wayDoc)), into(json.RawMessage(wayDoc))}, loose: "string", equal: sameDocument,
		back: map[string]string{"mssql": "text", "oracle": "text"}},
	{typ: dialect.Type{Kind: dialect.Enum, Values: &dialect.EnumValues{List: []string{"a", "b"}}}, binds: []any{"a", []byte("a"), wayName("a")},
		scans: []target{into("a"), into([]byte("a")), into(wayName("a"))}, loose: "string",
		back: map[string]string{"postgres": "varchar(1)", "sqlite": "text", "mssql": "varchar(1)", "oracle": "varchar(1)"}},
	{typ: dialect.Type{Kind: dialect.Array, Elem: &dialect.Type{Kind: dialect.Integer}}, binds: []any{[]int{1, 2}, []int32{1, 2}, []int64{1, 2}, "{1,2}"},
		scans: []target{into([]int{1, 2}), into([]int32{1, 2}), into([]int64{1, 2}), into("{1,2}")}, loose: "[]interface {}"},
	{typ: dialect.Type{Kind: dialect.Array, Elem: &dialect.Type{Kind: dialect.Clob}}, binds: []any{[]string{"a", "b c"}, `{a,"b c"}`},
		scans: []target{into([]string{"a", "b c"}), into(`{a,"b c"}`)}, loose: "[]interface {}"},
	own("postgres", "int4range", "[1,5)"), own("postgres", "tstzrange", `["2024-01-02 03:04:05+00",)`), own("postgres", "inet", "10.0.0.1"),
	own("mysql", "set('x','y')", "x,y"), own("mysql", "mediumtext", "a𝄞"),
	own("sqlite", "CITEXT_OWN", "a𝄞"),
}

// own is a type that one database has, by its name.
func own(db, name, s string) typeWay {
	w := typeWay{typ: dialect.Type{Kind: dialect.Native, Name: name}, binds: []any{s}, scans: []target{into(s)}, loose: "string", back: map[string]string{}}
	for _, d := range five() {
		if d.Name() != db {
			w.back[d.Name()] = absent
		}
	}
	return w
}

// absent stands for a type that a database has not.
const absent = "absent"

// reflected is what reflection gives back of a type; absent where there is no such type.
func (w *typeWay) reflected(d dialect.Dialect) string {
	if back, ok := w.back[d.Name()]; ok {
		return back
	}
	if _, err := d.TypeName(&w.typ); err != nil {
		return absent
	}
	return w.typ.String()
}

func (w *typeWay) any(d dialect.Dialect) string {
	if loose, ok := w.looseBut[d.Name()]; ok {
		return loose
	}
	return w.loose
}

func (w *typeWay) same(got, want any) bool {
	if w.equal != nil {
		return w.equal(got, want)
	}
	return sameWay(got, want)
}

// Each Go value of the table goes into a column of the type, comes back into
// each variable of the table, and the column is reflected as the table says.
func TestTypesBothWays(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		e, err := openLive(b.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		d := dialectNamed(t, b.Name)
		for i := range typeWays {
			if w := &typeWays[i]; w.reflected(d) != absent {
				t.Run(w.typ.String(), func(t *testing.T) { w.run(t, e, d, i) })
			}
		}
	})
}

func dialectNamed(t *testing.T, name string) dialect.Dialect {
	t.Helper()
	switch name { // which speak the language of another
	case "cockroachdb":
		name = "postgres"
	case "tidb":
		name = "mysql"
	}
	i := slices.IndexFunc(five(), func(d dialect.Dialect) bool { return d.Name() == name })
	if i < 0 {
		t.Fatalf("no dialect of the name %s", name)
	}
	return five()[i]
}

func (w *typeWay) run(t *testing.T, e *engine.Engine, d dialect.Dialect, i int) {
	ctx := t.Context()
	name := fmt.Sprintf("ways_%d_%d", time.Now().UnixNano(), i)
	table := schema.New(name, schema.Integer("id").PrimaryKey(), schema.NewColumn("v", w.typ).Null())
	if _, err := e.Run(ctx, schema.CreateTable(table), nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := e.Run(context.Background(), schema.DropTable(table), nil); err != nil {
			t.Error(err)
		}
	})
	meta, err := schema.Reflect(ctx, e, name)
	if err != nil {
		t.Fatal(err)
	}
	if back := schema.Info(meta.Table(name)).Columns[1].Type; back.String() != w.reflected(d) {
		t.Errorf("it is reflected as %s, not %s", back.String(), w.reflected(d))
	}
	id, v := expr.C[int](table, "id"), expr.C[any](table, "v")
	for k, value := range w.binds {
		if _, err := e.Run(ctx, expr.Insert(table).Values(id.Set(k), v.Set(value)), nil); err != nil {
			t.Errorf("%T: %v", value, err)
			continue
		}
		q := expr.Select(v).From(table).Where(id.Eq(k))
		for _, to := range w.scans {
			if got, err := to.read(ctx, e, q); err != nil || !w.same(got, to.want) {
				t.Errorf("%T came back as %v into %s (%v)", value, got, to.name, err)
			}
		}
		if got, err := engine.Scalar[any](ctx, e, q); err != nil || fmt.Sprintf("%T", got) != w.any(d) {
			t.Errorf("%T came back as %T(%v) into an any (%v), not %s", value, got, got, err, w.any(d))
		}
	}
	// NULL goes in and comes out, whatever the type.
	if _, err := e.Run(ctx, expr.Insert(table).Values(id.Set(-1), v.Set(nil)), nil); err != nil {
		t.Errorf("NULL: %v", err)
	} else if got, err := engine.Scalar[any](ctx, e, expr.Select(v).From(table).Where(id.Eq(-1))); err != nil || got != nil {
		t.Errorf("NULL came back as %v (%v)", got, err)
	}
}

// catalogNames are the names that the catalogues of SQL Server and Oracle have for types
// that DDL calls otherwise.
var catalogNames = map[string]string{
	"INTEGER": "NUMBER(*,0)", "SMALLINT": "NUMBER(*,0)", "NUMERIC(10, 2)": "NUMBER(10,2)", "NUMERIC(20, 0)": "numeric(20,0)",
	"TIMESTAMP": "TIMESTAMP(6)", "TIMESTAMP WITH TIME ZONE": "TIMESTAMP(6) WITH TIME ZONE", "INTERVAL DAY TO SECOND": "INTERVAL DAY(2) TO SECOND(6)",
	"FLOAT(53)": "float", "TIME": "time(7)", "DATETIME2": "datetime2(7)", "DATETIMEOFFSET": "datetimeoffset(7)",
}

// What the two databases without a server would reflect is what their reader
// of types makes of the names that they give to types.
func TestTypesReadBack(t *testing.T) {
	for _, name := range []string{"mssql", "oracle"} {
		d := dialectNamed(t, name)
		for i := range typeWays {
			w := &typeWays[i]
			want := w.reflected(d)
			if want == absent {
				continue
			}
			text, err := d.TypeName(&w.typ)
			if err != nil {
				t.Fatal(err)
			}
			if kept, ok := catalogNames[text]; ok && (name == "oracle") == (kept == strings.ToUpper(kept)) {
				text = kept
			}
			back, err := d.(dialect.TypeParser).ParseType(text)
			if err != nil || back.String() != want {
				t.Errorf("%s: %s is %s, which is read as %s (%v), not %s", name, w.typ.String(), text, back.String(), err, want)
			}
		}
	}
}
