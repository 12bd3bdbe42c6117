package dialecttest

import (
	"bytes"
	"database/sql/driver"
	"encoding/gob"
	"fmt"
	"reflect"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var (
	arrayOf  = func(elem dialect.Type) dialect.Type { return dialect.Type{Kind: dialect.Array, Elem: &elem} }
	interval = dialect.Type{Kind: dialect.Interval}
	uuidType = dialect.Type{Kind: dialect.UUID}
	nuances  = dialect.Type{Kind: dialect.Enum, Values: &dialect.EnumValues{List: []string{"a", "b", "a%", "b%percent", "réveillé"}}}
)

var arrayCases = []testCase{
	{name: "arrays of one and two dimensions come back", needs: typeNeed(arrayOf(bigint)), run: arraysBack},
	{name: "an array of numbers as a literal", needs: typeNeed(arrayOf(bigint)), run: literals(arrayOf(bigint), false, deeply[[]int64], []int64{1, 2, 3})},
	{name: "an array of arrays of text as a literal", needs: typeNeed(arrayOf(bigint)), run: literals(arrayOf(arrayOf(wide)), false, deeply[[][]string], twoDimensions)},
}

var binaryCases = []testCase{
	{name: "bytes that are no text come back", run: roundTrips(blobType, bytes.Equal, []byte{0xc3, 0x28, 0, 0xff}, []byte("this is binary"), allBytes())},
	{name: "a value that a program encodes comes back", run: binaryGob},
}

var enumCases = []testCase{
	{name: "each value of an enumeration comes back", needs: typeNeed(nuances), run: roundTrips(nuances, same[string], nuances.Values.List...)},
	{name: "many rows of an enumeration come back", needs: typeNeed(nuances), run: func(t *T) { enumMany(t, false) }},
	{name: "many rows of an enumeration come back from their INSERT", needs: both(typeNeed(nuances), both(returningMany, manyRows)), run: func(t *T) { enumMany(t, true) }},
}

var nativeUUID = feature("NativeUUID", func(f *dialect.Features) bool { return f.NativeUUID })

var uuidCases = func() []testCase {
	list := []testCase{
		{name: "a UUID comes back", run: uuidBack},
		{name: "a UUID as text comes back", run: uuidText},
		{name: "a UUID as a literal", needs: typeNeed(uuidType), run: literals(uuidType, true, same[uid], oneUUID)},
		{name: "the text of a UUID as a literal", needs: typeNeed(uuidType), run: literals(uuidType, true, same[string], oneUUID.String())},
		{name: "a UUID in a column of text as a literal", run: literals(dialect.Type{Kind: dialect.Char, Length: 36}, true, same[uid], oneUUID)},
		{name: "the text of a UUID in a column of text as a literal", run: literals(dialect.Type{Kind: dialect.Char, Length: 36}, true, same[string], oneUUID.String())},
		{name: "a UUID comes back from its INSERT", needs: both(typeNeed(uuidType), returningInsert), run: uuidReturning},
	}
	native := []testCase{
		{name: "the database's own UUID comes back", run: func(t *T) { uuidBack(t); t.ownUUID() }},
		{name: "the database's own UUID comes back as text", run: func(t *T) { uuidText(t); t.ownUUID() }},
		{name: "the database's own UUID as a literal", run: literals(uuidType, true, same[[16]byte], [16]byte(oneUUID))},
		{name: "the database's own UUID as a literal of its text", run: literals(uuidType, true, same[string], oneUUID.String())},
		{name: "the database's own UUID and a column of text hold the same", run: uuidBeside},
		{name: "the database's own UUID is found by any way to write it", run: uuidWritten},
		{name: "the database's own UUID comes back from its INSERT", needs: returningInsert, run: uuidReturning},
	}
	for _, c := range native {
		needs := nativeUUID
		if c.needs.has != nil {
			needs = both(nativeUUID, c.needs)
		}
		c.needs = needs
		list = append(list, c)
	}
	return list
}()

var intervals = feature("Intervals", func(f *dialect.Features) bool { return f.Intervals })

var intervalCases = func() []testCase {
	var list []testCase
	for _, x := range []struct {
		what string
		typ  dialect.Type
		v    time.Duration
	}{
		{"an interval", interval, 24*time.Hour + 4*time.Second},
		{"an interval of many days and microseconds", dialect.Type{Kind: dialect.Interval, Precision: 6}, 103*24*time.Hour + 4*time.Second + 7*time.Microsecond},
	} {
		list = append(list,
			testCase{name: x.what + " as a literal", needs: intervals, run: literals(x.typ, true, same[time.Duration], x.v)},
			testCase{name: x.what + " is selected without a table", needs: intervals, run: func(t *T) { intervalAlone(t, x.typ, x.v) }},
			testCase{name: x.what + " is added to a time", needs: intervals, run: func(t *T) { intervalTime(t, x.typ, x.v, false) }},
			testCase{name: x.what + " is added to a column of its type, and taken from it", needs: intervals, run: func(t *T) { intervalColumn(t, x.typ, x.v) }},
			testCase{name: x.what + " is added to a column of times, and taken from it", needs: intervals, run: func(t *T) { intervalTime(t, x.typ, x.v, true) }})
	}
	return list
}()

var customCases = []testCase{
	{name: "a type that is cast on its way in and out", run: customCast},
}

func deeply[G any](a, b G) bool { return reflect.DeepEqual(a, b) }

var twoDimensions = [][]string{{"one", "two"}, {"thr'ee", "réve🐍 illé"}}

func arraysBack(t *T) {
	roundTrips(arrayOf(bigint), deeply[[]int64], []int64{1, 2, 3}, []int64{})(t)
	s := t.shelf(arrayOf(arrayOf(wide)))
	s.fill(twoDimensions)
	compared(t, everything[[][]string](s), [][][]string{twoDimensions}, deeply[[][]string])
}

// parcel is a value that its program encodes.
type parcel struct {
	Foo []int
	Bar map[string]string
}

func (p parcel) Value() (driver.Value, error) {
	var b bytes.Buffer
	type plain parcel
	err := gob.NewEncoder(&b).Encode(plain(p))
	return b.Bytes(), err
}

func (p *parcel) Scan(v any) error {
	b, ok := v.([]byte)
	if !ok {
		return fmt.Errorf("a %T is no parcel", v)
	}
	type plain parcel
	return gob.NewDecoder(bytes.NewReader(b)).Decode((*plain)(p))
}

func binaryGob(t *T) {
	s := t.shelf(blobType)
	want := parcel{Foo: []int{1, 2, 3, -70000}, Bar: map[string]string{"bat": "é🐍\x00"}}
	s.fill(want)
	var got parcel
	if err := s.get(1, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v came back as %+v (%v)", want, got, err)
	}
}

func enumMany(t *T, returning bool) {
	s := t.shelf(nuances)
	table := s.exprTable()
	id, v := expr.C[int64](table, "id"), expr.C[string](table, "v")
	want := []string{"b%percent", "réveillé", "b", "a%"}
	rows := [][]any{{1, want[0]}, {2, want[1]}, {3, want[2]}, {4, want[3]}}
	if !returning {
		t.insertMany(table, []expr.AnyColumn{id, v}, rows...)
	} else {
		compared(t, column[string](t, s.c, expr.Insert(table).Columns(id, v).Rows(rows...).Returning(v)), want, same[string])
	}
	compared(t, everything[string](s), want, same[string])
}

var oneUUID = uid{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}

func uuidBack(t *T) {
	roundTrips(uuidType, same[uid], oneUUID, uid{}, uid{0: 0xff, 15: 0x01})(t)
	s := t.shelf(uuidType)
	s.fill(oneUUID)
	if n := single[int64](t, s.c, say{"SELECT COUNT(*) FROM ", s.table, " WHERE ", ident("v"), " = ", bind(oneUUID, uuidType)}); n != 1 {
		t.Errorf("a UUID finds %d rows", n)
	}
}

func uuidText(t *T) {
	roundTrips(uuidType, same[string], oneUUID.String(), uid{}.String())(t)
}

func uuidReturning(t *T) {
	s := t.shelf(uuidType)
	table := s.exprTable()
	id, v := expr.C[int64](table, "id"), expr.C[uid](table, "v")
	var got uid
	t.row(s.c, expr.Insert(table).Values(id.Set(1), v.Set(oneUUID)).Returning(v), &got)
	if got != oneUUID {
		t.Errorf("%v came back as %v", oneUUID, got)
	}
}

// ownUUID checks that the column is not of text: the database refuses what is no UUID.
func (t *T) ownUUID() {
	t.Helper()
	s := t.shelf(uuidType)
	if _, err := s.put("no uuid at all", false); err == nil {
		t.Errorf("a column of the database's own UUIDs takes any text")
	}
}

// uuidBeside: what is written as a UUID and as its text is one value to the program.
func uuidBeside(t *T) {
	table := t.table(key, col{"own", uuidType, ""}, col{"txt", dialect.Type{Kind: dialect.Char, Length: 36}, ""})
	c := t.conn()
	t.exec(c, insertText(table, []string{"id", "own", "txt"}, 1, literal(oneUUID, &uuidType), literal(oneUUID.String(), nil)))
	var a, b uid
	t.row(c, say{"SELECT ", ident("own"), ", ", ident("txt"), " FROM ", table}, &a, &b)
	if a != oneUUID || b != oneUUID {
		t.Errorf("%v came back as %v and %v", oneUUID, a, b)
	}
}

func uuidWritten(t *T) {
	s := t.shelf(uuidType)
	s.fill(oneUUID.String(), uid{})
	for what, v := range map[string]any{
		"a literal": literal(oneUUID, &uuidType), "a literal of its text": literal(oneUUID.String(), &uuidType),
		"a value": bind(oneUUID, uuidType), "sixteen bytes": bind([16]byte(oneUUID), uuidType), "text": bind(oneUUID.String(), uuidType),
	} {
		if got := fmt.Sprint(column[int64](t, s.c, say{"SELECT ", ident("id"), " FROM ", s.table, " WHERE ", ident("v"), " = ", v})); got != "[1]" {
			t.Errorf("%s finds the rows %s", what, got)
		}
	}
}

func intervalAlone(t *T, typ dialect.Type, v time.Duration) {
	c := t.conn()
	for what, p := range map[string]any{"written": literal(v, &typ), "bound": say{"CAST(", bind(v, typ), " AS " + t.castName(typ) + ")"}} {
		var got time.Duration
		if err := t.tryRow(t.ctx, c, t.sel(p), &got); err != nil || got != v {
			t.Errorf("%s as %v, it came back as %v (%v)", what, v, got, err)
		}
	}
}

// intervalTime adds an interval to a time, and takes it away.
func intervalTime(t *T, typ dialect.Type, v time.Duration, inColumn bool) {
	stamp := dialect.Type{Kind: dialect.Timestamp, Precision: 6}
	now := time.Date(2024, 2, 28, 23, 59, 58, 0, time.UTC)
	s := t.shelf(stamp)
	s.fill(now)
	base := any(say{"CAST(", literal(now, &stamp), " AS " + t.castName(stamp) + ")"})
	if inColumn {
		base = ident("v")
	}
	for op, want := range map[string]time.Time{" + ": now.Add(v), " - ": now.Add(-v)} {
		var got time.Time
		t.row(s.c, say{"SELECT ", base, op, literal(v, &typ), " FROM ", s.table}, &got)
		if !sameWall(got, want) {
			t.Errorf("%v%s%v is %v instead of %v", now, op, v, got, want)
		}
	}
}

func intervalColumn(t *T, typ dialect.Type, v time.Duration) {
	s := t.shelf(typ)
	data := 48*time.Hour + 5*time.Second
	s.fill(data)
	for op, want := range map[string]time.Duration{" + ": data + v, " - ": data - v} {
		var got time.Duration
		t.row(s.c, say{"SELECT ", ident("v"), op, literal(v, &typ), " FROM ", s.table}, &got)
		if got != want {
			t.Errorf("%v%s%v is %v instead of %v", data, op, v, got, want)
		}
	}
}

// customCast keeps whole numbers as text: a cast in what is written, read and
// compared makes them numbers to the program.
func customCast(t *T) {
	s := t.shelf(dialect.Type{Kind: dialect.Varchar, Length: 50})
	table := s.exprTable()
	id, v := expr.C[int64](table, "id"), expr.C[string](table, "v")
	in := func(n int64) expr.Expr[string] { return expr.Cast[string](expr.Value(n), s.typ) }
	out := expr.Cast[int64](v, bigint)
	for i, n := range []int64{1, 2, 30} {
		t.exec(s.c, expr.Insert(table).Values(id.Set(int64(i+1)), expr.Set(v, in(n))))
	}
	t.wantLines(s.c, expr.Select(v).From(table).OrderBy(id.Asc()), "1; 2; 30")
	compared(t, column[int64](t, s.c, expr.Select(out.As("x")).From(table).OrderBy(id.Asc())), []int64{1, 2, 30}, same[int64])
	t.wantLines(s.c, expr.Select(id).From(table).Where(expr.Eq(v, in(2))), "2")
	t.wantLines(s.c, expr.Select(id).From(table).Where(out.Gt(4)), "3")
}
