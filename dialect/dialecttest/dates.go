package dialecttest

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// dated is a type of dates and times with a value for it.
type dated struct {
	what   string
	typ    dialect.Type
	value  time.Time
	same   func(got, want time.Time) bool
	needs  need
	direct bool // a SELECT of the value alone is a case too
}

var clocked = typeNeed(dialect.Type{Kind: dialect.Time})

var datedTypes = []dated{
	{"a timestamp", dialect.Type{Kind: dialect.Timestamp}, time.Date(2012, 10, 15, 12, 57, 18, 0, time.UTC), sameWall, need{}, true},
	{"an instant", dialect.Type{Kind: dialect.TimestampTZ}, time.Date(2012, 10, 15, 12, 57, 18, 0, time.FixedZone("", 2*3600)), time.Time.Equal, need{}, true},
	{"a timestamp with microseconds", dialect.Type{Kind: dialect.Timestamp, Precision: 6}, time.Date(2012, 10, 15, 12, 57, 18, 39642000, time.UTC), sameWall, need{}, false},
	{"a timestamp with few microseconds", dialect.Type{Kind: dialect.Timestamp, Precision: 6}, time.Date(2012, 10, 15, 12, 57, 18, 396000, time.UTC), sameWall, need{}, true},
	{"a time of day", dialect.Type{Kind: dialect.Time}, clock(12, 57, 18, 0), sameClock, clocked, true},
	{"a time of day with its zone", dialect.Type{Kind: dialect.Native, Name: "TIME WITH TIME ZONE"}, time.Date(1, 1, 1, 12, 57, 18, 0, time.FixedZone("", 3600)),
		sameZonedClock, feature("TimeTZ", func(f *dialect.Features) bool { return f.TimeTZ }), true},
	{"a time of day with microseconds", dialect.Type{Kind: dialect.Time, Precision: 6}, clock(12, 57, 18, 396), sameClock, clocked, true},
	{"a date", dialect.Type{Kind: dialect.Date}, day(2012, 10, 15), sameDay, need{}, true},
	{"a date from a time", dialect.Type{Kind: dialect.Date}, time.Date(2012, 10, 15, 12, 57, 18, 0, time.UTC), sameDay, need{}, true},
	{"a timestamp of 1850", dialect.Type{Kind: dialect.Timestamp}, time.Date(1850, 11, 10, 11, 52, 35, 0, time.UTC), sameWall, need{}, true},
	{"a date of 1727", dialect.Type{Kind: dialect.Date}, day(1727, 4, 1), sameDay, need{}, true},
}

var dateCases = func() []testCase {
	var list []testCase
	for _, d := range datedTypes {
		cases := []testCase{
			{name: d.what + " comes back", needs: d.needs, run: roundTrips(d.typ, d.same, d.value)},
			{name: d.what + " comes back through a type of one's own", needs: d.needs, run: d.decorated},
			{name: d.what + " may be NULL", needs: d.needs, run: func(t *T) { wantNull[time.Time](t, d.typ) }},
			{name: d.what + " is written as a literal", needs: d.needs, run: literals(d.typ, true, d.same, d.value)},
			{name: d.what + " bound as NULL keeps its type within CASE", needs: d.needs, run: d.nullBound},
		}
		if d.direct {
			cases = append(cases, testCase{name: d.what + " is selected without a table", needs: d.needs, run: d.selected})
		}
		list = slices.Concat(list, cases)
	}
	return list
}()

// sameZonedClock compares times of day with their zones.
func sameZonedClock(got, want time.Time) bool {
	return got.Format("15:04:05.999999999Z07:00") == want.Format("15:04:05.999999999Z07:00")
}

// diary is a program's own type over a time: it binds and scans by itself, and
// counts.
type diary struct {
	at            time.Time
	bound, read   *int
	nothing, sets bool
}

func (d diary) Value() (driver.Value, error) {
	*d.bound++
	if d.nothing {
		return nil, nil
	}
	return d.at, nil
}

func (d *diary) Scan(v any) error {
	*d.read++
	switch v := v.(type) {
	case nil:
		d.nothing = true
	case time.Time:
		d.at, d.sets = v, true
	case string: // what a driver has no type for comes as its text
		return d.parse(v)
	case []byte:
		return d.parse(string(v))
	default:
		return fmt.Errorf("a %T is no time", v)
	}
	return nil
}

func (d *diary) parse(text string) (err error) {
	d.at, err = dialect.ParseTime(text, time.UTC)
	d.sets = err == nil
	return err
}

func (d dated) decorated(t *T) {
	s := t.shelf(d.typ)
	var bound, read int
	s.fill(diary{at: d.value, bound: &bound, read: &read})
	got := diary{bound: &bound, read: &read}
	if err := s.get(1, &got); err != nil {
		t.Fatalf("%v", err)
	}
	if !got.sets || !d.same(got.at, d.value) {
		t.Errorf("%s came back as %s", shown(d.value), shown(got.at))
	}
	if bound == 0 || read != 1 {
		t.Errorf("the type was asked for its value %d times, and given one %d times", bound, read)
	}
	s.fill(diary{nothing: true, bound: &bound, read: &read})
	none := diary{bound: &bound, read: &read}
	if err := s.get(2, &none); err != nil || !none.nothing {
		t.Errorf("NULL came back as %+v (%v)", none, err)
	}
}

// nullBound: a NULL that is bound where a value of the type is due does not
// change what the expression is.
func (d dated) nullBound(t *T) {
	s := t.shelf(d.typ)
	s.fill(d.value)
	v := ident("v")
	for _, x := range []struct {
		v    any
		want string
	}{{nil, "[1]"}, {d.value, "[1]"}} {
		q := say{"SELECT ", ident("id"), " FROM ", s.table, " WHERE CASE WHEN ", v, " <> ", bind(x.v, d.typ), " THEN ", bind(x.v, d.typ), " ELSE ", v, " END = ", v}
		if got := fmt.Sprint(column[int64](t, s.c, q)); got != x.want {
			t.Errorf("with %v bound, the rows %s are found instead of %s", x.v, got, x.want)
		}
	}
}

func (d dated) selected(t *T) {
	c := t.conn()
	name := d.typ.Name
	if d.typ.Kind != dialect.Native {
		name = t.castName(d.typ)
	}
	for what, v := range map[string]any{"bound": bind(d.value, d.typ), "written": literal(d.value, &d.typ)} {
		var got time.Time
		if err := t.tryRow(t.ctx, c, t.sel("CAST(", v, " AS "+name+")"), &got); err != nil {
			t.Errorf("%s: %v", what, err)
		} else if !d.same(got, d.value) {
			t.Errorf("%s as %s came back as %s", what, shown(d.value), shown(got))
		}
	}
}
