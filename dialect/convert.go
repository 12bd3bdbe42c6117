package dialect

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// The Assign functions store a database's value into a destination of
// [Rows.ScanRow] without boxing it. They make only conversions that lose nothing:
// between numbers that hold the value, from and to the text of a number, 0
// and 1 as bool. Their errors are to be wrapped by [NewScanError].
//
// What a *Borrowed holds from before is never written to: it may be the
// driver's own memory.

var errNull = errors.New("the value is NULL; read it into a pointer, a sql.Null[T] or another type that has NULL, as expr.Nullable gives")

// AssignNull stores NULL.
func AssignNull(dst any) error {
	switch d := dst.(type) {
	case nil:
	case *Nullable:
		d.Null = true
	case *any:
		*d = nil
	case *[]byte:
		*d = nil
	case *Borrowed:
		*d = nil
	case **string:
		*d = nil
	case **int64:
		*d = nil
	case **int:
		*d = nil
	case **int32:
		*d = nil
	case **bool:
		*d = nil
	case **float64:
		*d = nil
	case **time.Time:
		*d = nil
	case sql.Scanner:
		return d.Scan(nil)
	default:
		if p := reflect.ValueOf(dst); p.Kind() == reflect.Pointer && !p.IsNil() && p.Elem().Kind() == reflect.Pointer {
			p.Elem().SetZero()
			return nil
		}
		return &kindError{ErrNullValue, errNull.Error(), nil}
	}
	return nil
}

func overflow(v any, dst any) error {
	return &kindError{ErrScan, fmt.Sprintf("%v does not fit into %s", v, destName(dst)), nil}
}

func mismatch(what string, dst any) error {
	return &kindError{ErrScan, fmt.Sprintf("%s cannot be read into %s", what, destName(dst)), nil}
}

// destName is dst's element type, as the program says it.
func destName(dst any) string {
	t := reflect.TypeOf(dst)
	if t != nil && t.Kind() == reflect.Pointer {
		return t.Elem().String()
	}
	return fmt.Sprint(t)
}

// through stores a value into a pointer to a pointer: it makes a new element and
// assigns to that. ok is false where dst is no such destination.
func through(dst any, assign func(elem any) error) (ok bool, err error) {
	if ok, err := Decorated(dst, assign); ok {
		return true, err
	}
	p := reflect.ValueOf(dst)
	if p.Kind() != reflect.Pointer || p.IsNil() || p.Elem().Kind() != reflect.Pointer {
		return false, nil
	}
	e := reflect.New(p.Elem().Type().Elem())
	if err := assign(e.Interface()); err != nil {
		return true, err
	}
	p.Elem().Set(e)
	return true, nil
}

// AssignInt64 stores a whole number.
func AssignInt64(dst any, v int64) error {
	switch d := dst.(type) {
	case nil:
	case *int64:
		*d = v
	case *int:
		if int64(int(v)) != v {
			return overflow(v, dst)
		}
		*d = int(v)
	case *int32:
		if int64(int32(v)) != v {
			return overflow(v, dst)
		}
		*d = int32(v)
	case *bool:
		if v != 0 && v != 1 {
			return overflow(v, dst)
		}
		*d = v == 1
	case *string:
		*d = strconv.FormatInt(v, 10)
	case *float64:
		if v > 1<<53 || v < -1<<53 {
			if f := float64(v); f >= math.MaxInt64 || int64(f) != v {
				return overflow(v, dst)
			}
		}
		*d = float64(v)
	case *int16:
		if int64(int16(v)) != v {
			return overflow(v, dst)
		}
		*d = int16(v)
	case *int8:
		if int64(int8(v)) != v {
			return overflow(v, dst)
		}
		*d = int8(v)
	case *uint64:
		if v < 0 {
			return overflow(v, dst)
		}
		*d = uint64(v)
	case *uint:
		if v < 0 || uint64(uint(v)) != uint64(v) {
			return overflow(v, dst)
		}
		*d = uint(v)
	case *uint32:
		if int64(uint32(v)) != v {
			return overflow(v, dst)
		}
		*d = uint32(v)
	case *uint16:
		if int64(uint16(v)) != v {
			return overflow(v, dst)
		}
		*d = uint16(v)
	case *uint8:
		if int64(uint8(v)) != v {
			return overflow(v, dst)
		}
		*d = uint8(v)
	case *time.Duration:
		*d = time.Duration(v)
	case *float32:
		if v > 1<<24 || v < -1<<24 {
			if f := float32(v); f >= math.MaxInt64 || int64(f) != v {
				return overflow(v, dst)
			}
		}
		*d = float32(v)
	case *Nullable:
		d.Null = false
		return AssignInt64(d.Dst, v)
	case *any:
		*d = v
	case *[]byte:
		*d = strconv.AppendInt(nil, v, 10)
	case *Borrowed:
		*d = strconv.AppendInt(nil, v, 10)
	case **int64:
		e := v // &v would make every call allocate
		*d = &e
	case sql.Scanner:
		return d.Scan(v)
	default:
		if ok, err := through(dst, func(e any) error { return AssignInt64(e, v) }); ok {
			return err
		}
		return mismatch("a whole number", dst)
	}
	return nil
}

// AssignUint64 stores a whole number that is not negative.
func AssignUint64(dst any, v uint64) error {
	if v <= math.MaxInt64 {
		return AssignInt64(dst, int64(v))
	}
	switch d := dst.(type) {
	case nil:
	case *uint64:
		*d = v
	case *uint:
		if uint64(uint(v)) != v {
			return overflow(v, dst)
		}
		*d = uint(v)
	case *string:
		*d = strconv.FormatUint(v, 10)
	case *[]byte:
		*d = strconv.AppendUint(nil, v, 10)
	case *Borrowed:
		*d = strconv.AppendUint(nil, v, 10)
	case *Nullable:
		d.Null = false
		return AssignUint64(d.Dst, v)
	case *any:
		*d = v
	case sql.Scanner:
		return d.Scan(strconv.FormatUint(v, 10)) // no driver.Value holds it as a number
	default:
		if ok, err := through(dst, func(e any) error { return AssignUint64(e, v) }); ok {
			return err
		}
		return overflow(v, dst)
	}
	return nil
}

// AssignFloat64 stores a binary floating-point number.
func AssignFloat64(dst any, v float64) error {
	switch d := dst.(type) {
	case nil:
	case *float64:
		*d = v
	case *float32:
		if f := float64(float32(v)); f != v && !math.IsNaN(v) {
			// the nearest float32, as long as it is in range: a REAL column's
			// value came from one
			if math.IsInf(f, 0) {
				return overflow(v, dst)
			}
		}
		*d = float32(v)
	case *string:
		*d = strconv.FormatFloat(v, 'g', -1, 64)
	case *Nullable:
		d.Null = false
		return AssignFloat64(d.Dst, v)
	case *any:
		*d = v
	case *[]byte:
		*d = strconv.AppendFloat(nil, v, 'g', -1, 64)
	case *Borrowed:
		*d = strconv.AppendFloat(nil, v, 'g', -1, 64)
	case *int64, *int, *int32, *int16, *int8, *uint64, *uint, *uint32, *uint16, *uint8, *bool:
		// -2^63 may be what a whole number below it came to (SQLite)
		if v != math.Trunc(v) || v >= math.MaxInt64 || v <= math.MinInt64 {
			return overflow(v, dst)
		}
		return AssignInt64(dst, int64(v))
	case **float64:
		e := v // &v would make every call allocate
		*d = &e
	case sql.Scanner:
		return d.Scan(v)
	default:
		if ok, err := through(dst, func(e any) error { return AssignFloat64(e, v) }); ok {
			return err
		}
		return mismatch("a floating-point number", dst)
	}
	return nil
}

// AssignBool stores a truth value; numbers get 0 or 1.
func AssignBool(dst any, v bool) error {
	switch d := dst.(type) {
	case nil:
	case *bool:
		*d = v
	case *Nullable:
		d.Null = false
		return AssignBool(d.Dst, v)
	case *any:
		*d = v
	case *string:
		*d = strconv.FormatBool(v)
	case *[]byte:
		*d = strconv.AppendBool(nil, v)
	case *Borrowed:
		*d = strconv.AppendBool(nil, v)
	case *int64, *int, *int32, *int16, *int8, *uint64, *uint, *uint32, *uint16, *uint8:
		n := int64(0)
		if v {
			n = 1
		}
		return AssignInt64(dst, n)
	case **bool:
		e := v // &v would make every call allocate
		*d = &e
	case sql.Scanner:
		return d.Scan(v)
	default:
		if ok, err := through(dst, func(e any) error { return AssignBool(e, v) }); ok {
			return err
		}
		return mismatch("a boolean", dst)
	}
	return nil
}

// AssignTime stores a point in time.
func AssignTime(dst any, v time.Time) error {
	switch d := dst.(type) {
	case nil:
	case *time.Time:
		*d = v
	case *Nullable:
		d.Null = false
		return AssignTime(d.Dst, v)
	case *any:
		*d = v
	case *string:
		*d = v.Format(time.RFC3339Nano)
	case *[]byte:
		*d = v.AppendFormat(nil, time.RFC3339Nano)
	case *Borrowed:
		*d = v.AppendFormat(nil, time.RFC3339Nano)
	case **time.Time:
		e := v // &v would make every call allocate
		*d = &e
	case sql.Scanner:
		return d.Scan(v)
	default:
		if ok, err := through(dst, func(e any) error { return AssignTime(e, v) }); ok {
			return err
		}
		return mismatch("a time", dst)
	}
	return nil
}

// AssignString stores text. Numbers, truth values, times and lengths of time
// are read from it if it is the text of one.
func AssignString(dst any, v string) error {
	switch d := dst.(type) {
	case nil:
	case *string:
		*d = v
	case *[]byte:
		*d = []byte(v)
	case *Borrowed:
		*d = []byte(v)
	case *Nullable:
		d.Null = false
		return AssignString(d.Dst, v)
	case *any:
		*d = v
	case **string:
		e := v // &v would make every call allocate
		*d = &e
	case *int64, *int, *int32, *int16, *int8:
		n, err := strconv.ParseInt(wholeText(v), 10, 64)
		if err != nil {
			return textError(v, dst, err)
		}
		return AssignInt64(dst, n)
	case *uint64, *uint, *uint32, *uint16, *uint8:
		n, err := strconv.ParseUint(wholeText(v), 10, 64)
		if err != nil {
			return textError(v, dst, err)
		}
		return AssignUint64(dst, n)
	case *float64:
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return textError(v, dst, err)
		}
		*d = f
	case *float32:
		f, err := strconv.ParseFloat(v, 32)
		if err != nil {
			return textError(v, dst, err)
		}
		*d = float32(f)
	case *bool:
		b, err := strconv.ParseBool(v)
		if err != nil {
			return textError(v, dst, err)
		}
		*d = b
	case *time.Time:
		t, err := ParseTime(v, time.UTC)
		if err != nil {
			return err
		}
		*d = t
	case *time.Duration:
		return assignClock(d, v)
	case sql.Scanner:
		return d.Scan(v)
	default:
		if ok, err := through(dst, func(e any) error { return AssignString(e, v) }); ok {
			return err
		}
		if ok, err := assignUUID(dst, v); ok {
			return err
		}
		return mismatch("text", dst)
	}
	return nil
}

// AssignBytes stores bytes, which may be reused by the caller afterwards:
// what is kept is a copy, except that a *Borrowed gets v itself. Other than
// into []byte, any and sql.Scanner, they are read as text.
func AssignBytes(dst any, v []byte) error {
	switch d := dst.(type) {
	case nil:
	case *[]byte:
		*d = append(make([]byte, 0, len(v)), v...)
	case *Borrowed:
		*d = v
	case *string:
		*d = string(v)
	case *Nullable:
		d.Null = false
		return AssignBytes(d.Dst, v)
	case *any:
		*d = append(make([]byte, 0, len(v)), v...)
	case **string:
		e := string(v)
		*d = &e
	case sql.Scanner:
		return d.Scan(append(make([]byte, 0, len(v)), v...))
	default:
		if ok, err := through(dst, func(e any) error { return AssignBytes(e, v) }); ok {
			return err
		}
		if assignArray(dst, v) {
			return nil
		}
		return AssignString(dst, string(v))
	}
	return nil
}

func textError(v string, dst any, err error) error {
	if errors.Is(err, strconv.ErrRange) {
		return overflow(strconv.Quote(shorten(v, 60)), dst)
	}
	return &kindError{ErrScan, fmt.Sprintf("the text %q cannot be read into %s", shorten(v, 60), destName(dst)), nil}
}

// Assign stores a value as database/sql's drivers give it (driver.Value, and
// the other numbers that some of them give).
func Assign(dst, v any) error {
	switch x := v.(type) {
	case nil:
		return AssignNull(dst)
	case int64:
		return AssignInt64(dst, x)
	case string:
		return AssignString(dst, x)
	case []byte:
		return AssignBytes(dst, x)
	case time.Time:
		return AssignTime(dst, x)
	case float64:
		return AssignFloat64(dst, x)
	case bool:
		return AssignBool(dst, x)
	case float32:
		if d, ok := dst.(*float32); ok {
			*d = x
			return nil
		}
		// the shortest text of a float32 is what was meant: 0.1 and not 0.10000000149
		f, err := strconv.ParseFloat(strconv.FormatFloat(float64(x), 'g', -1, 32), 64)
		if err != nil {
			return err
		}
		return AssignFloat64(dst, f)
	case int32:
		return AssignInt64(dst, int64(x))
	case int:
		return AssignInt64(dst, int64(x))
	case int16:
		return AssignInt64(dst, int64(x))
	case int8:
		return AssignInt64(dst, int64(x))
	case uint64:
		return AssignUint64(dst, x)
	case uint32:
		return AssignInt64(dst, int64(x))
	case uint16:
		return AssignInt64(dst, int64(x))
	case uint8:
		return AssignInt64(dst, int64(x))
	}
	switch d := dst.(type) {
	case *any:
		*d = v
		return nil
	case *Nullable:
		d.Null = false
		return Assign(d.Dst, v)
	case sql.Scanner:
		return d.Scan(v)
	}
	if p := reflect.ValueOf(dst); p.Kind() == reflect.Pointer && !p.IsNil() && p.Elem().Type() == reflect.TypeOf(v) {
		p.Elem().Set(reflect.ValueOf(v))
		return nil
	}
	if ok, err := through(dst, func(e any) error { return Assign(e, v) }); ok {
		return err
	}
	return mismatch(fmt.Sprintf("a %T", v), dst)
}

// Base returns the plain Go value under a named type or a pointer (a type
// Status string gives a string; a nil pointer gives nil): bool, int64,
// uint64, float32, float64, string or []byte. ok is false where v is something else, or
// is such a plain value already.
func Base(v any) (base any, ok bool) {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Pointer {
		if r.IsNil() {
			return nil, true
		}
		return r.Elem().Interface(), true
	}
	switch r.Kind() {
	case reflect.Bool:
		base = r.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		base = r.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		base = r.Uint()
	case reflect.Float32: // as a float64 it would have other digits
		base = float32(r.Float())
	case reflect.Float64:
		base = r.Float()
	case reflect.String:
		base = r.String()
	case reflect.Slice:
		if r.Type().Elem().Kind() != reflect.Uint8 {
			return nil, false
		}
		base = r.Bytes()
	default:
		return nil, false
	}
	if reflect.TypeOf(base) == r.Type() {
		return nil, false
	}
	return base, true
}

// timeLayouts are the forms in which databases and ISO 8601 write times.
var timeLayouts = [...]string{
	"2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999Z07",
	"2006-01-02 15:04:05.999999999",
	"2006-01-02T15:04:05.999999999Z07:00",
	"2006-01-02T15:04:05.999999999",
	"2006-01-02 15:04:05.999999999 Z07:00",
	"2006-01-02 15:04Z07:00",
	"2006-01-02 15:04",
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04",
	"2006-01-02",
	"15:04:05.999999999",
	"15:04:05.999999999Z07:00",
	"15:04:05.999999999Z07",
}

// ParseTime reads a time as databases write it (ISO 8601, with a space or a
// T, with or without a zone, a date alone, a time alone). Without a zone it is in loc.
func ParseTime(s string, loc *time.Location) (time.Time, error) {
	if t, ok := parseISO(s, loc); ok {
		return t, nil
	}
	for _, layout := range timeLayouts {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &kindError{ErrScan, fmt.Sprintf("the text %q is not a time", shorten(s, 60)), nil}
}

// parseISO reads the two commonest forms without time.Parse:
// 2006-01-02 15:04:05[.999999999][Z|+00:00] and 2006-01-02.
func parseISO(s string, loc *time.Location) (time.Time, bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return time.Time{}, false
	}
	bad := false
	num := func(from, to int) int {
		n := 0
		for i := from; i < to; i++ {
			c := s[i] - '0'
			if c > 9 {
				bad = true
				return 0
			}
			n = n*10 + int(c)
		}
		return n
	}
	year, month, day := num(0, 4), num(5, 7), num(8, 10)
	var hour, minute, second, nano int
	if len(s) > 10 {
		if len(s) < 19 || s[10] != ' ' && s[10] != 'T' || s[13] != ':' || s[16] != ':' {
			return time.Time{}, false
		}
		hour, minute, second = num(11, 13), num(14, 16), num(17, 19)
		i := 19
		if i < len(s) && s[i] == '.' {
			start := i + 1
			for i++; i < len(s) && s[i]-'0' <= 9; i++ {
			}
			if i == start || i-start > 9 {
				return time.Time{}, false
			}
			nano = num(start, i)
			for n := i - start; n < 9; n++ {
				nano *= 10
			}
		}
		switch rest := s[i:]; rest {
		case "":
		case "Z", "+00", "+00:00":
			loc = time.UTC
		default:
			return time.Time{}, false
		}
	}
	if bad || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nano, loc)
	if t.Day() != day { // 31 February
		return time.Time{}, false
	}
	return t, true
}
