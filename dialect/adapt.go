package dialect

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// adapt returns what a value stands for where its Go type alone does not say
// it and the column's type does, so that every database gets the same:
//
//   - a [4]byte in a column of bytes is these bytes
//   - a map, a struct or a list in a column of JSON is its document
//   - a [time.Duration] in a column of times of the day is the time since midnight
//   - "true" and 1 in a column of booleans are true
//   - "7" and 7.0 in a column of whole numbers are 7
func (w *Writer) adapt(a *Arg, v any) (any, error) {
	switch a.Type.Kind {
	case Boolean:
		if s, ok := plainText(v); ok {
			b, err := strconv.ParseBool(strings.TrimSpace(s))
			if err != nil {
				return nil, w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+" is not a boolean; give true or false")
			}
			return b, nil
		}
		if n, ok := smallInt(v); ok && (n == 0 || n == 1) {
			return n == 1, nil
		}
	case SmallInt, Integer, BigInt:
		return w.wholeNumber(a, v)
	case Binary, Varbinary, Blob:
		return arrayBytes(v), nil
	case JSON:
		return w.document(a, v)
	case Time:
		if d, ok := v.(time.Duration); ok && !w.f.Limits.WideTimes {
			if d < 0 || d >= 24*time.Hour {
				return nil, w.refuse(a, ErrOutOfRange, d.String()+" is not a time of the day, which is from 0s to less than 24h; keep it in a column of type interval")
			}
			return time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Add(d), nil
		}
	case Interval:
		if s, ok := plainText(v); ok && !w.f.Limits.TimeWords {
			d, ok := parseClock(s)
			if !ok {
				return nil, w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+" is not an interval of hours, minutes and seconds (90:00:00); pass a time.Duration")
			}
			v = d
		}
		if d, ok := v.(time.Duration); ok && w.f.Limits.IntervalDays > 0 && a.Column != "" && d.Abs()/(24*time.Hour) > time.Duration(w.f.Limits.IntervalDays) {
			return nil, w.refuse(a, ErrOutOfRange, d.String()+" has more than "+strconv.Itoa(w.f.Limits.IntervalDays)+" days, the most of the column's type")
		}
	}
	return v, nil
}

// resolved returns what a pointer points to and, where the column's type is known, what
// a [driver.Valuer] gives, so that it is checked and adapted as the plain value
// is. What only a driver knows is left to it: a Value that fails, the bytes of a
// UUID, which may be in another order, and a pointer to a struct.
func resolved(v any, t *Type) any {
	for range 8 {
		switch v.(type) {
		case nil, string, []byte, bool, int, int64, int32, float64, time.Time, time.Duration:
			return v
		}
		r := reflect.ValueOf(v)
		if decorators.any.Load() && decoratorOf(r.Type()) != nil {
			return v
		}
		pointer := r.Kind() == reflect.Pointer
		if x, ok := v.(driver.Valuer); ok {
			if t == nil || pointer && r.IsNil() {
				return v
			}
			if null := reflect.Indirect(r); null.Type().PkgPath() == "database/sql" && strings.HasPrefix(null.Type().Name(), "Null[") {
				// Its Value makes a number of a time.Duration, and refuses arrays.
				if v = nil; null.Field(1).Bool() {
					v = null.Field(0).Interface()
				}
				continue
			}
			val, err := x.Value()
			if err != nil {
				return v
			}
			switch val.(type) {
			case []byte:
				if t.Kind == UUID {
					return v
				}
			case driver.Valuer:
				if reflect.TypeOf(val) == r.Type() {
					return v
				}
			}
			v = val
			continue
		}
		switch {
		case pointer:
		case r.Kind() == reflect.Float64:
			return r.Float()
		case r.Kind() == reflect.String && t != nil && (t.Kind == UUID || t.Kind == Date || t.Kind == Time || t.Kind == Timestamp || t.Kind == TimestampTZ):
			return r.String()
		default:
			return v
		}
		if k := r.Type().Elem().Kind(); r.IsNil() || k == reflect.Struct && r.Type().Elem() != timeType {
			return v
		}
		v = r.Elem().Interface()
	}
	return v
}

var timeType = reflect.TypeFor[time.Time]()

// smallInt is the value of one of the integers that programs count with.
func smallInt(v any) (int64, bool) {
	switch x := v.(type) {
	case int:
		return int64(x), true
	case int64:
		return x, true
	case int32:
		return int64(x), true
	case uint8:
		return int64(x), true
	}
	return 0, false
}

// wholeNumber gives the text of a whole number, and a float that is one, as
// that number: as text or as a float, the server would convert the column to compare it.
func (w *Writer) wholeNumber(a *Arg, v any) (any, error) {
	if f, ok := v.(float64); ok {
		if n := int64(f); f >= -1<<63 && f < 1<<63 && float64(n) == f {
			return n, nil
		}
		return v, nil
	}
	s, ok := plainText(v)
	if !ok {
		return v, nil
	}
	if n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err == nil {
		return n, nil
	}
	if n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 64); err == nil {
		return n, nil
	}
	if a.Column != "" {
		return nil, w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+" is not a whole number of 64 bits")
	}
	return v, nil
}

// plainText is the text of a string, of a named one, and of bytes.
func plainText(v any) (string, bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case nil, bool, int, int64, float64, time.Duration, driver.Valuer:
		return "", false
	case []byte:
		return string(x), x != nil
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.String {
		return r.String(), true
	}
	return "", false
}

// arrayBytes gives an array of bytes, or a pointer to one, as a slice.
func arrayBytes(v any) any {
	switch v.(type) {
	case nil, []byte, string, driver.Valuer:
		return v
	}
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	if r.Kind() != reflect.Array || r.Type().Elem().Kind() != reflect.Uint8 {
		return v
	}
	b := make([]byte, r.Len())
	reflect.Copy(reflect.ValueOf(b), r)
	return b
}

// document gives a map, a struct, or a list that is not of bytes, as the text
// of its document. What has methods of its own for databases is left alone.
func (w *Writer) document(a *Arg, v any) (any, error) {
	switch v.(type) {
	case nil, string, []byte, json.RawMessage, bool, int, int64, float64, driver.Valuer:
		return v, nil
	}
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		if t = t.Elem(); reflect.ValueOf(v).IsNil() {
			return v, nil
		}
	}
	switch t.Kind() {
	case reflect.Map, reflect.Struct:
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return v, nil
		}
	default:
		return v, nil
	}
	if reflect.PointerTo(t).Implements(scannerType) {
		return v, nil
	}
	if t.Kind() == reflect.Map || t.Kind() == reflect.Slice {
		if r := reflect.Indirect(reflect.ValueOf(v)); r.IsNil() {
			return nil, nil
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, w.refuse(a, ErrArguments, err.Error())
	}
	return string(b), nil
}

// parseClock reads what databases write for a length of time, or a time of the day:
// hours, minutes and seconds, with a number of days before them or none.
func parseClock(s string) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "-"), "+")
	var days uint64
	if d, rest, ok := strings.Cut(s, " "); ok {
		n, err := strconv.ParseUint(d, 10, 32)
		if err != nil {
			return 0, false
		}
		days, s = n, rest
	}
	parts := strings.Split(s, ":")
	if len(parts) != 3 {
		return 0, false
	}
	hours, err := strconv.ParseUint(parts[0], 10, 32)
	minutes, err2 := strconv.ParseUint(parts[1], 10, 8)
	whole, fraction, _ := strings.Cut(parts[2], ".")
	seconds, err3 := strconv.ParseUint(whole, 10, 8)
	if err != nil || err2 != nil || err3 != nil || minutes > 59 || seconds > 59 || len(fraction) > 9 {
		return 0, false
	}
	nanos, err := strconv.ParseUint((fraction + "000000000")[:9], 10, 32)
	if hours += 24 * days; err != nil || hours > 2_562_000 { // what time.Duration holds
		return 0, false
	}
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second + time.Duration(nanos)
	if neg {
		d = -d
	}
	return d, true
}

// assignClock stores the text of a length of time, or of a time of the day.
func assignClock(dst *time.Duration, s string) error {
	d, ok := parseClock(s)
	if !ok {
		return &kindError{ErrScan, fmt.Sprintf("the text %q is not a length of time that a time.Duration holds", shorten(s, 60)), nil}
	}
	*dst = d
	return nil
}

// wholeText is the text of a number without the zeros after its point, if
// there is nothing else: an exact number of a scale is a whole one then.
func wholeText(s string) string {
	if whole, fraction, ok := strings.Cut(s, "."); ok && strings.Trim(fraction, "0") == "" {
		return whole
	}
	return s
}
