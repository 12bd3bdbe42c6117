package sqlite

import (
	"math"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Times are text, in the form that SQLite's own functions write and read:
// 2006-01-02 15:04:05, with as many digits of a fraction as are not zero, and
// always in UTC, with nothing behind it that says so. In this form text sorts
// as time does: a time without a fraction is a prefix of the later ones.

// appendTime appends t in the form for a column of kind k. A date and a time
// of day are those that t shows in its own location; everything else is in UTC.
func appendTime(b []byte, t time.Time, k dialect.TypeKind) ([]byte, error) {
	switch k {
	case dialect.Time:
		hour, minute, second := t.Clock()
		return appendClock(b, hour, minute, second, t.Nanosecond()), nil
	case dialect.Date:
		year, month, day := t.Date()
		if err := checkYear(year); err != nil {
			return b, err
		}
		return appendDate(b, year, int(month), day), nil
	}
	t = t.UTC()
	year, month, day := t.Date()
	if err := checkYear(year); err != nil {
		return b, err
	}
	b = append(appendDate(b, year, int(month), day), ' ')
	hour, minute, second := t.Clock()
	return appendClock(b, hour, minute, second, t.Nanosecond()), nil
}

func checkYear(year int) error {
	if year < 0 || year > 9999 {
		return dialect.Errorf(dialect.ErrOutOfRange, "the year %d is out of range; SQLite's dates go from 0000 to 9999", year)
	}
	return nil
}

func appendDate(b []byte, year, month, day int) []byte {
	b = append2(append2(b, year/100), year%100)
	b = append2(append(b, '-'), month)
	return append2(append(b, '-'), day)
}

func appendClock(b []byte, hour, minute, second, nano int) []byte {
	b = append2(b, hour)
	b = append2(append(b, ':'), minute)
	b = append2(append(b, ':'), second)
	if nano == 0 {
		return b
	}
	b = append(b, ".000000000"...)
	for i := len(b) - 1; nano > 0; i-- {
		b[i] = byte('0' + nano%10)
		nano /= 10
	}
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}

func append2(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// unixTime is the time of a number in a column declared as a time: seconds
// since 1970, as SQLite's functions take it.
func unixTime(n int64) (time.Time, bool) {
	if n < -62167219200 || n > 253402300799 { // years 0000 to 9999
		return time.Time{}, false
	}
	return time.Unix(n, 0).UTC(), true
}

// floatTime is the time of a fractional number in a column declared as a
// time: a Julian day in the range that SQLite takes for one, seconds since
// 1970 outside of it.
func floatTime(f float64) (time.Time, bool) {
	if f >= 0 && f < 5373484.5 {
		ms := math.Round((f - 2440587.5) * 86400000) // a Julian day in a float64 holds milliseconds
		return time.UnixMilli(int64(ms)).UTC(), true
	}
	if !(f >= -62167219200 && f <= 253402300799) {
		return time.Time{}, false
	}
	sec := math.Floor(f)
	return time.Unix(int64(sec), int64(math.Round((f-sec)*1e6))*1000).UTC(), true
}
