package dialect

import (
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ValueLimits says which values a database does not have, or would change, so
// that they are refused before anything is sent. The zero value is a database
// that keeps every column to its declared type.
type ValueLimits struct {
	// Loose says that columns keep what they are given, whatever the length,
	// precision and scale of their type (SQLite).
	Loose bool
	// WideIntegers says that columns of whole numbers hold 64 bits, whatever
	// their type (SQLite, Oracle).
	WideIntegers bool
	UTF16        bool // the length of text counts units of UTF-16 (SQL Server)
	AnyText      bool // text need not be UTF-8 (SQLite)
	NoNUL        bool // text cannot hold the character NUL (PostgreSQL)
	NoNaN        bool // no floating-point number is NaN
	NoInfinity   bool // or infinite
	PadsBinary   bool // BINARY(n) is filled up with zeros
	// WideTimes says that a time of the day may be negative, or more than a day (MySQL).
	WideTimes bool
	// LocalTimes says that an instant for a column without a zone becomes the
	// time in the session's zone (MySQL): text for such a column is that time
	// already, and goes as text.
	LocalTimes bool
	// IntervalDays is the most days of an interval; 0: any that a [time.Duration] has.
	IntervalDays int
	// TimeWords says that text for a time may be a word of the database's own
	// (PostgreSQL: infinity).
	TimeWords bool
	// MaxValue is the most bytes of a value beside a placeholder; 0: not known.
	// A server of MySQL drops the connection of one that is longer (max_allowed_packet).
	MaxValue int
	// MinYear and MaxYear are the first and last year of dates; both 0: not known.
	MinYear, MaxYear int
}

// TextChecker is a Dialect with columns of its own types that would turn some
// text into another, or cut it.
type TextChecker interface {
	// CheckText says why a column of type t, a [Native], would not keep s as it
	// is: why is empty where it does, or nobody knows.
	CheckText(t *Type, s string) (kind Kind, why string)
}

// check refuses a's value where the database does not have it, and where it is
// stored in a column that would not hold it or would change it. It returns the
// value to send, which is another one where text stands for a time or a UUID.
func (w *Writer) check(a *Arg) (any, error) {
	l := &w.f.Limits
	switch x := a.Value.(type) {
	case nil:
		return a.Value, nil
	case bool:
		if a.Type == nil || !a.Type.Kind.ofTime() {
			return a.Value, nil
		}
	case int64:
		if a.Type == nil || a.Type.Kind == BigInt && !a.Type.Unsigned {
			return a.Value, nil
		}
	case string:
		if a.Type == nil {
			return a.Value, w.checkText(a, x, false)
		}
	case float64:
		if err := w.checkFloat(a, x); err != nil {
			return nil, err
		}
	case float32:
		if err := w.checkFloat(a, float64(x)); err != nil {
			return nil, err
		}
	case time.Time:
		if year := x.Year(); (l.MinYear != 0 || l.MaxYear != 0) && (year < l.MinYear || year > l.MaxYear) &&
			(a.Type == nil || a.Type.Kind != Time) {
			return nil, w.refuse(a, ErrOutOfRange, "the year "+strconv.Itoa(year)+" is out of the range "+
				strconv.Itoa(l.MinYear)+" to "+strconv.Itoa(l.MaxYear))
		}
		if a.Column != "" && a.Type != nil && a.Type.Kind != JSON {
			return w.checkFraction(a, a.Value, x), nil
		}
	}
	if a.Type == nil {
		return a.Value, nil
	}
	return w.checkTyped(a, a.Value)
}

// Takes reports whether a parameter of type t, which is compared or computed
// with, is given v as it is, as far as a glance tells: where it says no,
// [Writer.BindArg] looks closer. Of a value that is no string, its Go type alone
// decides. A nil t says that the type is not known.
func (f *Features) Takes(v any, t *Type) bool {
	switch v := v.(type) {
	case bool:
		return true
	case int64, int:
		return t == nil || t.Kind == BigInt || t.Kind == Integer || t.Kind == SmallInt
	case string:
		if t != nil && t.Kind != Varchar && t.Kind != Clob && t.Kind != Char {
			return false
		}
		if f.Limits.MaxValue > 0 && len(v) >= f.Limits.MaxValue {
			return false
		}
		for i := range len(v) {
			if c := v[i]; c == 0 || c >= utf8.RuneSelf {
				return false
			}
		}
		return true
	}
	return false
}

// kept reports whether the database keeps a's value as it is, as far as a
// glance tells: where it says no, check looks closer.
func (w *Writer) kept(a *Arg) bool {
	t := a.Type
	switch v := a.Value.(type) {
	case nil:
		return true
	case bool:
		return t == nil || !t.Kind.ofTime()
	case int64:
		if t == nil {
			return true
		}
		switch t.Kind {
		case BigInt:
			return !t.Unsigned
		case Integer:
			return !t.Unsigned && int64(int32(v)) == v
		case SmallInt:
			return !t.Unsigned && int64(int16(v)) == v
		}
	case float64:
		return (t == nil || t.Kind == Double) && v-v == 0 // a number, and finite
	case string:
		if t != nil && (t.Kind != Varchar && t.Kind != Clob && t.Kind != Char || t.Length > 0 && len(v) > t.Length) {
			return false
		}
		l := &w.f.Limits
		return (l.AnyText || utf8.ValidString(v)) && !(l.NoNUL && strings.IndexByte(v, 0) >= 0)
	}
	return false
}

// fits refuses a value that is longer than a statement may be.
func (w *Writer) fits(a *Arg) error {
	most := w.f.Limits.MaxValue
	if most == 0 {
		return nil
	}
	n := 0
	switch v := a.Value.(type) {
	case string:
		n = len(v)
	case []byte:
		n = len(v)
	case json.RawMessage:
		n = len(v)
	}
	if n < most {
		return nil
	}
	return w.refuse(a, ErrTooLong, "a value of "+strconv.Itoa(n)+" bytes is longer than the server takes, "+strconv.Itoa(most)+
		" bytes with the statement (max_allowed_packet); set that higher, or write the value in parts")
}

// refuse makes the error of a value, which begins with what it is for.
func (w *Writer) refuse(a *Arg, kind Kind, text string) error {
	at := ""
	switch {
	case a.Column != "":
		at = "column " + strconv.Quote(a.Column) + ": "
	case a.Name != "":
		at = "parameter " + a.Name + ": "
	default:
		at = "argument " + strconv.Itoa(len(w.args)+1) + ": "
	}
	return Errorf(kind, "%s: %s%s", w.d.Name(), at, text)
}

func (w *Writer) checkFloat(a *Arg, f float64) error {
	l := &w.f.Limits
	if math.IsNaN(f) && l.NoNaN || math.IsInf(f, 0) && l.NoInfinity {
		return w.refuse(a, ErrOutOfRange, "the database has no "+strconv.FormatFloat(f, 'g', -1, 64)+"; use NULL")
	}
	if a.Column != "" && a.Type != nil && a.Type.Kind == Real && !l.Loose && math.Abs(f) > math.MaxFloat32 && !math.IsInf(f, 0) { // Oracle makes an infinity of it
		return w.refuse(a, ErrOutOfRange, strconv.FormatFloat(f, 'g', -1, 64)+" is out of the range of "+a.Type.String()+
			", which is up to "+strconv.FormatFloat(math.MaxFloat32, 'g', -1, 32))
	}
	return nil
}

// checkText checks what text can be made of.
func (w *Writer) checkText(a *Arg, s string, stored bool) error {
	l := &w.f.Limits
	if !l.AnyText && !utf8.ValidString(s) {
		at := 0
		for at < len(s) {
			r, n := utf8.DecodeRuneInString(s[at:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			at += n
		}
		return w.refuse(a, ErrInvalidText, "text that is not UTF-8 (byte "+strconv.Itoa(at)+"); bytes go into a binary column as []byte")
	}
	if l.NoNUL {
		if at := strings.IndexByte(s, 0); at >= 0 {
			return w.refuse(a, ErrInvalidText, "text with the character NUL (byte "+strconv.Itoa(at)+"), which the database cannot keep; use bytes and a binary column")
		}
	}
	if !stored || l.Loose {
		return nil
	}
	if most := a.Type.Length; most > 0 && len(s) > most && (a.Type.Kind == Char || a.Type.Kind == Varchar) {
		n, unit := utf8.RuneCountInString(s), "characters"
		if l.UTF16 {
			unit = "units of UTF-16"
			for _, r := range s {
				if r > 0xFFFF {
					n++
				}
			}
		}
		if n > most {
			return w.refuse(a, ErrTooLong, "text of "+strconv.Itoa(n)+" "+unit+" is longer than "+a.Type.String())
		}
	}
	return nil
}

// checkTyped checks a value whose type is known.
func (w *Writer) checkTyped(a *Arg, v any) (any, error) {
	v, err := w.adapt(a, v)
	if err != nil {
		return nil, err
	}
	if at, ok := v.(time.Time); ok && a.Type.Kind == Time {
		return w.checkFraction(a, v, at), nil
	}
	stored := a.Column != ""
	switch a.Type.Kind {
	case Boolean, SmallInt, Integer, BigInt:
		if stored {
			return v, w.checkInteger(a, v)
		}
	case Char, Varchar, Clob, JSON, Enum:
		switch x := plainValue(v, stored).(type) {
		case string:
			if err = w.checkText(a, x, stored); err == nil && stored {
				err = w.checkWords(a, x)
			}
		case []byte:
			if stored && x != nil {
				if err = w.checkText(a, string(x), true); err == nil && a.Type.Kind == JSON && !json.Valid(x) {
					err = w.refuse(a, ErrInvalidText, strconv.Itoa(len(x))+" bytes are not JSON")
				} else if err == nil && a.Type.Kind == Enum {
					err = w.checkWords(a, string(x))
				}
			}
		case nil:
		default: // MySQL would take a number for the place of a member
			if stored && a.Type.Kind == Enum && a.Type.Values != nil {
				err = w.checkWords(a, fmt.Sprint(x))
			}
		}
		return v, err
	case Binary, Varbinary:
		if stored && a.Type.Length > 0 && !w.f.Limits.Loose {
			return v, w.checkBytes(a, v)
		}
	case Decimal:
		if stored {
			return v, w.checkDecimal(a, v)
		}
	case Native:
		if stored {
			return v, w.checkNative(a, v)
		}
	case UUID:
		if s, ok := v.(string); ok {
			u, ok := parseUUID(s)
			if !ok {
				return nil, w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+" is not a UUID")
			}
			return u, nil
		}
	case Date, Time, Timestamp, TimestampTZ:
		if s, ok := v.(string); ok {
			return w.timeText(a, s)
		}
		if stored {
			return v, w.checkNoNumber(a, v)
		}
	}
	return v, nil
}

// ofTime reports whether values of the kind are dates or times.
func (k TypeKind) ofTime() bool {
	return k == Date || k == Time || k == Timestamp || k == TimestampTZ
}

// checkNoNumber refuses numbers and booleans for a column of times, which
// SQLite keeps as they are, and MySQL reads as digits: 7 is 00:00:07.
func (w *Writer) checkNoNumber(a *Arg, v any) error {
	if _, ok := v.(time.Duration); ok && a.Type.Kind == Time {
		return nil
	}
	switch reflect.ValueOf(plainValue(v, true)).Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return w.refuse(a, ErrInvalidText, fmt.Sprintf("a %T is not a %s; pass a time.Time", v, a.Type.Kind))
	}
	return nil
}

// checkNative asks the dialect about text for a type of its own.
func (w *Writer) checkNative(a *Arg, v any) error {
	by, ok := As[TextChecker](w.d)
	if !ok {
		return nil
	}
	var s string
	switch x := plainValue(v, true).(type) {
	case string:
		s = x
	case []byte:
		s = string(x)
	}
	if kind, why := by.CheckText(a.Type, s); why != "" {
		return w.refuse(a, kind, strconv.Quote(shorten(s, 60))+": "+why)
	}
	return nil
}

// plainValue is the plain value that v stands for. A driver.Valuer is asked
// only where the value is stored; its error comes when it is sent.
func plainValue(v any, ask bool) any {
	switch x := v.(type) {
	case nil, string, []byte, int64, int, bool, float64:
		return v
	case json.RawMessage:
		return []byte(x)
	case driver.Valuer:
		if r := reflect.ValueOf(v); !ask || r.Kind() == reflect.Pointer && r.IsNil() {
			return nil
		}
		val, err := x.Value()
		if err != nil {
			return nil
		}
		return val
	}
	for range 8 {
		base, ok := Base(v)
		if !ok {
			break
		}
		v = base
	}
	return v
}

func (w *Writer) checkInteger(a *Arg, v any) error {
	var n int64
	switch x := plainValue(v, true).(type) {
	case int64:
		n = x
	case int:
		n = int64(x)
	case int32:
		n = int64(x)
	case int16:
		n = int64(x)
	case int8:
		n = int64(x)
	case uint8:
		n = int64(x)
	case uint16:
		n = int64(x)
	case uint32:
		n = int64(x)
	case uint:
		return w.checkUnsigned(a, uint64(x))
	case uint64:
		return w.checkUnsigned(a, x)
	case float64:
		if a.Type.Kind != Boolean && x != math.Trunc(x) {
			return w.refuse(a, ErrOutOfRange, strconv.FormatFloat(x, 'g', -1, 64)+" is not a whole number, and the column is of type "+a.Type.String())
		}
		return nil
	default:
		return nil
	}
	low, high := integerRange(a.Type, w.f.Limits.WideIntegers)
	if n < low || n >= 0 && uint64(n) > high {
		return w.outside(a, strconv.FormatInt(n, 10), low, high)
	}
	return nil
}

func (w *Writer) checkUnsigned(a *Arg, n uint64) error {
	low, high := integerRange(a.Type, w.f.Limits.WideIntegers)
	if w.f.Limits.Loose {
		high = min(high, math.MaxInt64)
	}
	if n > high {
		return w.outside(a, strconv.FormatUint(n, 10), low, high)
	}
	return nil
}

func (w *Writer) outside(a *Arg, n string, low int64, high uint64) error {
	return w.refuse(a, ErrOutOfRange, n+" is out of the range of "+a.Type.String()+", "+
		strconv.FormatInt(low, 10)+" to "+strconv.FormatUint(high, 10))
}

// integerRange is the range of a type.
func integerRange(t *Type, wide bool) (low int64, high uint64) {
	bits := 63
	switch t.Kind {
	case Boolean:
		return 0, 1
	case SmallInt:
		bits = 15
	case Integer:
		bits = 31
	}
	if wide {
		bits = 63
	}
	if t.Unsigned {
		return 0, 1<<(bits+1) - 1
	}
	return -1 << bits, 1<<bits - 1
}

// checkWords checks an enumeration's value and the text of a document.
func (w *Writer) checkWords(a *Arg, s string) error {
	switch {
	case a.Type.Kind == JSON && !json.Valid([]byte(s)):
		return w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+" is not JSON")
	case a.Type.Kind == Enum && a.Type.Values != nil && !slices.Contains(a.Type.Values.List, s):
		return w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+" is none of the enumeration's values, "+
			shorten(strings.Join(a.Type.Values.List, ", "), 200))
	}
	return nil
}

func (w *Writer) checkBytes(a *Arg, v any) error {
	n := -1
	switch x := plainValue(v, true).(type) {
	case []byte:
		if x != nil {
			n = len(x)
		}
	case string:
		n = len(x)
	default:
		if r := reflect.ValueOf(x); r.Kind() == reflect.Array && r.Type().Elem().Kind() == reflect.Uint8 {
			n = r.Len()
		}
	}
	switch {
	case n > a.Type.Length:
		return w.refuse(a, ErrTooLong, strconv.Itoa(n)+" bytes are longer than "+a.Type.String())
	case n >= 0 && n < a.Type.Length && a.Type.Kind == Binary && w.f.Limits.PadsBinary:
		return w.refuse(a, ErrInvalidText, strconv.Itoa(n)+" bytes would be filled up with zeros to "+a.Type.String()+"; give all of them, or use varbinary")
	}
	return nil
}

// checkDecimal checks that an exact number fits. A binary floating-point number
// is rounded to the column's scale.
func (w *Writer) checkDecimal(a *Arg, v any) error {
	var s string
	t := a.Type
	switch x := plainValue(v, true).(type) {
	case string:
		s = x
	case []byte:
		if x == nil {
			return nil
		}
		s = string(x)
	case float64:
		if math.Abs(x) >= math.Pow10(t.Precision-t.Scale) && t.Precision > 0 && !w.f.Limits.Loose {
			return w.refuse(a, ErrOutOfRange, strconv.FormatFloat(x, 'g', -1, 64)+" is out of the range of "+t.String())
		}
		return nil
	case int64:
		s = strconv.FormatInt(x, 10)
	case int:
		s = strconv.Itoa(x)
	case uint64:
		s = strconv.FormatUint(x, 10)
	default:
		return nil
	}
	whole, fraction, ok := decimalDigits(s)
	switch {
	case !ok && w.f.Limits.TimeWords && isSpecialNumber(s): // NaN, Infinity
		return nil
	case !ok:
		return w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+" is not a decimal number")
	case t.Precision <= 0 || w.f.Limits.Loose:
		return nil
	case whole > t.Precision-t.Scale:
		return w.refuse(a, ErrOutOfRange, shorten(s, 60)+" has "+strconv.Itoa(whole)+" digits before the point, and "+t.String()+
			" has "+strconv.Itoa(t.Precision-t.Scale))
	case fraction > t.Scale:
		return w.refuse(a, ErrOutOfRange, shorten(s, 60)+" has "+strconv.Itoa(fraction)+" digits after the point, and "+t.String()+
			" has "+strconv.Itoa(t.Scale)+"; round it first")
	}
	return nil
}

func isSpecialNumber(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "nan", "infinity", "-infinity", "+infinity", "inf", "-inf", "+inf":
		return true
	}
	return false
}

// decimalDigits counts the digits of the text of a number before and after its
// point, without zeros at the ends.
func decimalDigits(s string) (whole, fraction int, ok bool) {
	s = strings.TrimSpace(s)
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	exponent := 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		n, err := strconv.Atoi(s[i+1:])
		if err != nil || n > 100000 || n < -100000 {
			return 0, 0, false
		}
		s, exponent = s[:i], n
	}
	first, last, point, digits := -1, -1, -1, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '.' && point < 0:
			point = digits
		case c < '0' || c > '9':
			return 0, 0, false
		default:
			if c != '0' {
				if first < 0 {
					first = digits
				}
				last = digits
			}
			digits++
		}
	}
	if digits == 0 {
		return 0, 0, false
	}
	if point < 0 {
		point = digits
	}
	if first < 0 {
		return 0, 0, true
	}
	return max(0, point+exponent-first), max(0, last+1-point-exponent), true
}

// checkFraction cuts x, which v holds, to the digits of the column's type, so
// that every database keeps the same; some would round.
func (w *Writer) checkFraction(a *Arg, v any, x time.Time) any {
	digits := a.Type.Precision
	switch a.Type.Kind {
	case Time, Timestamp, TimestampTZ:
	default:
		return v
	}
	if digits == 0 || digits > 8 {
		return v
	}
	unit := 1
	for range 9 - max(digits, 0) {
		unit *= 10
	}
	if over := x.Nanosecond() % unit; over != 0 {
		return x.Add(-time.Duration(over))
	}
	return v
}

// timeText reads text for a column of times, so that each database gets the
// same time. Text with a zone is an instant; for a column without one, and
// text without one for a column with one, there is no answer that all agree on.
func (w *Writer) timeText(a *Arg, s string) (any, error) {
	kind := a.Type.Kind
	if _, clock := parseClock(s); clock && kind != Time {
		return nil, w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+" is not a "+kind.String()+": it has no day")
	}
	if kind != Timestamp && kind != TimestampTZ {
		t, err := ParseTime(s, time.UTC)
		switch {
		case w.f.Limits.TimeWords:
		case err == nil && kind == Date:
			b := *a
			b.Value = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
			return w.check(&b)
		case err == nil && !w.f.Limits.WideTimes:
			b := *a
			b.Value = t
			return w.check(&b)
		case err != nil && a.Column != "" && (kind == Date || !w.f.Limits.WideTimes):
			return nil, w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+" is not a "+kind.String())
		}
		return s, nil
	}
	t, err := ParseTime(s, nowhere)
	switch zoned := err == nil && t.Location() != nowhere; {
	case err != nil && w.f.Limits.TimeWords:
		return s, nil
	case err != nil:
		return nil, w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+" is not a "+kind.String())
	case kind == TimestampTZ && !zoned:
		return nil, w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+
			" has no time zone, and the column has one; add it, as in 2006-01-02 15:04:05Z, or pass a time.Time")
	case kind == Timestamp && zoned:
		return nil, w.refuse(a, ErrInvalidText, strconv.Quote(shorten(s, 60))+
			" has a time zone, and the column has none; leave it out, or pass a time.Time, of which the column keeps the time in UTC")
	case kind == TimestampTZ:
		b := *a
		b.Value = t
		return w.check(&b)
	}
	b := *a
	b.Value = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	v, err := w.check(&b)
	if x, ok := v.(time.Time); ok && w.f.Limits.LocalTimes {
		return x.Truncate(time.Microsecond).Format("2006-01-02 15:04:05.999999"), err // what is beyond would be rounded
	}
	return v, err
}

// nowhere tells text without a zone from text in UTC.
var nowhere = time.FixedZone("nowhere", 0)

// parseUUID reads the text of a UUID: with hyphens, without, in braces.
func parseUUID(s string) (u [16]byte, ok bool) {
	if len(s) == 38 && s[0] == '{' && s[37] == '}' {
		s = s[1:37]
	}
	if len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' {
		s = s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	}
	if len(s) != 32 {
		return u, false
	}
	_, err := hex.Decode(u[:], []byte(s))
	return u, err == nil
}
