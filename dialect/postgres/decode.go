package postgres

import (
	"database/sql"
	"encoding/binary"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// ScanRow implements [dialect.Rows]. It reads the server's binary form without
// a detour; the types of pgtype, slices for arrays and whatever else pgx knows are
// destinations too.
func (r *rows) ScanRow(dst []any) error {
	vals, codecs := r.vals, r.st.codecs
	if vals == nil {
		return dialect.Errorf(dialect.ErrScan, "postgres: ScanRow without a row: call Next first")
	}
	if len(dst) != len(vals) || len(dst) != len(codecs) {
		return dialect.Errorf(dialect.ErrScan, "postgres: the row has %s, not %d", plural(len(vals), "column"), len(dst))
	}
	for i, v := range vals {
		d := dst[i]
		if d == nil {
			continue
		}
		if n, ok := d.(*dialect.Nullable); ok {
			if n.Null = v == nil; n.Null {
				continue
			}
			if d = n.Dst; d == nil {
				continue
			}
		}
		var err error
		if v == nil {
			err = r.null(&codecs[i], d)
		} else {
			err = r.value(&codecs[i], v, d)
		}
		if err != nil {
			return dialect.NewScanError(r.st.cols, i, err)
		}
	}
	return nil
}

// null stores NULL; the types of pgtype, slices and maps have one too.
func (r *rows) null(c *codec, d any) error {
	if known(d) || dialect.IsDecorated(d) {
		return dialect.AssignNull(d)
	}
	if err := r.c.types.Scan(c.oid, c.format, nil, d); err != nil {
		return dialect.Errorf(dialect.ErrNullValue, "the value is NULL, which a %s does not have; read it into a pointer", reflect.TypeOf(d).Elem())
	}
	return nil
}

// value stores v, which is not NULL.
func (r *rows) value(c *codec, v []byte, d any) error {
	switch c.kind {
	case kindText:
		switch d := d.(type) {
		case *string:
			*d = string(v)
			return nil
		case *[]byte, *dialect.Borrowed:
			return dialect.AssignBytes(d, v)
		}
		if known(d) {
			return dialect.AssignString(d, string(v))
		}

	case kindTextArray:
		if _, ok := d.(*any); known(d) && !ok {
			return dialect.AssignString(d, string(v))
		}

	case kindInt8:
		if len(v) == 8 {
			n := int64(binary.BigEndian.Uint64(v))
			if d, ok := d.(*int64); ok {
				*d = n
				return nil
			}
			if known(d) {
				return dialect.AssignInt64(d, n)
			}
		}

	case kindInt4:
		if len(v) == 4 {
			n := int32(binary.BigEndian.Uint32(v))
			switch d := d.(type) {
			case *int64:
				*d = int64(n)
				return nil
			case *int32:
				*d = n
				return nil
			case *int:
				*d = int(n)
				return nil
			}
			if known(d) {
				return dialect.AssignInt64(d, int64(n))
			}
		}

	case kindInt2:
		if len(v) == 2 && known(d) {
			return dialect.AssignInt64(d, int64(int16(binary.BigEndian.Uint16(v))))
		}

	case kindUint4:
		if len(v) == 4 && known(d) {
			return dialect.AssignInt64(d, int64(binary.BigEndian.Uint32(v)))
		}

	case kindFloat8:
		if len(v) == 8 {
			f := math.Float64frombits(binary.BigEndian.Uint64(v))
			if d, ok := d.(*float64); ok {
				*d = f
				return nil
			}
			if known(d) {
				return dialect.AssignFloat64(d, f)
			}
		}

	case kindFloat4:
		if len(v) == 4 && known(d) {
			return assignFloat32(d, math.Float32frombits(binary.BigEndian.Uint32(v)))
		}

	case kindBool:
		if len(v) == 1 {
			if d, ok := d.(*bool); ok {
				*d = v[0] != 0
				return nil
			}
			if known(d) {
				return dialect.AssignBool(d, v[0] != 0)
			}
		}

	case kindTimestamp:
		if len(v) == 8 {
			us := int64(binary.BigEndian.Uint64(v))
			if d, ok := d.(*time.Time); ok && us != math.MaxInt64 && us != math.MinInt64 {
				*d = timestamp(us)
				return nil
			}
			if known(d) {
				return assignTimestamp(d, us)
			}
		}

	case kindDate:
		if len(v) == 4 && known(d) {
			return assignDate(d, int32(binary.BigEndian.Uint32(v)))
		}

	case kindTime:
		if len(v) == 8 && (known(d) || isDuration(d)) {
			return assignTimeOfDay(d, int64(binary.BigEndian.Uint64(v)))
		}

	case kindBytea:
		if known(d) || isByteArray(d) {
			return dialect.AssignBytes(d, v)
		}

	case kindUUID:
		if len(v) == 16 {
			return r.uuid(c, v, d)
		}

	case kindNumeric:
		return r.numeric(c, v, d)

	case kindJSON:
		switch d := d.(type) {
		case *string:
			*d = string(v)
			return nil
		case *any:
			*d = string(v)
			return nil
		}
		if known(d) {
			return dialect.AssignBytes(d, v)
		}

	case kindInterval:
		if len(v) == 16 {
			return r.interval(c, v, d)
		}

	case kindParsed:
		return r.parsed(c, v, d)
	}
	return r.other(c, v, d)
}

// isDuration reports whether d points to a time.Duration, or to a pointer to one.
func isDuration(d any) bool {
	switch d.(type) {
	case *time.Duration, **time.Duration:
		return true
	}
	return false
}

// isByteArray reports whether d points to an array of bytes, or to a pointer to one.
func isByteArray(d any) bool {
	t := reflect.TypeOf(d)
	if t == nil || t.Kind() != reflect.Pointer {
		return false
	}
	if t = t.Elem(); t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Array && t.Elem().Kind() == reflect.Uint8
}

// known reports whether d is a destination that the Assign functions have:
// one of those that [dialect.Rows] lists.
func known(d any) bool {
	switch d.(type) {
	case *string, *int64, *int, *bool, *float64, *time.Time, *[]byte, *any, *int32,
		*int16, *int8, *uint, *uint8, *uint16, *uint32, *uint64, *float32,
		*dialect.Nullable, *dialect.Borrowed,
		**string, **int64, **int, **bool, **float64, **time.Time, **[]byte, **int32,
		**int16, **int8, **uint, **uint8, **uint16, **uint32, **uint64, **float32,
		sql.Scanner:
		return true
	}
	return false
}

// timestamp is the time at us microseconds after 2000-01-01, in UTC.
func timestamp(us int64) time.Time {
	const epoch = 946684800 // 2000-01-01 in Unix time
	sec, rest := us/1e6, us%1e6
	if rest < 0 {
		sec, rest = sec-1, rest+1e6
	}
	return time.Unix(epoch+sec, rest*1000).UTC()
}

// infinite stores an infinite date or timestamp, which only text and the types
// of pgtype have.
func infinite(d any, negative bool) error {
	s := "infinity"
	if negative {
		s = "-infinity"
	}
	switch d := d.(type) {
	case *string, **string, *any, *[]byte, *dialect.Borrowed:
		return dialect.AssignString(d, s)
	case sql.Scanner:
		return d.Scan(s)
	}
	return dialect.Errorf(dialect.ErrScan,
		"the value is %s, which a time.Time does not have; read it into a string, a pgtype.Timestamptz or a pgtype.Date", s)
}

func assignTimestamp(d any, us int64) error {
	switch us {
	case math.MaxInt64:
		return infinite(d, false)
	case math.MinInt64:
		return infinite(d, true)
	}
	return dialect.AssignTime(d, timestamp(us))
}

func assignDate(d any, days int32) error {
	switch days {
	case math.MaxInt32:
		return infinite(d, false)
	case math.MinInt32:
		return infinite(d, true)
	}
	t := time.Date(2000, 1, 1+int(days), 0, 0, 0, 0, time.UTC)
	switch d := d.(type) {
	case *time.Time:
		*d = t
		return nil
	case *string, **string, *[]byte, *dialect.Borrowed:
		if t.Year() > 0 && t.Year() <= 9999 {
			return dialect.AssignString(d, t.Format("2006-01-02"))
		}
	}
	return dialect.AssignTime(d, t)
}

// assignTimeOfDay stores a time of day: as text, and into a time.Time as that
// time on 1 January of the year 0, in UTC, as time.Parse has it.
func assignTimeOfDay(d any, us int64) error {
	switch d := d.(type) {
	case *time.Time:
		*d = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(us) * time.Microsecond)
		return nil
	case **time.Time:
		*d = new(time.Time)
		return assignTimeOfDay(*d, us)
	case *time.Duration:
		*d = time.Duration(us) * time.Microsecond
		return nil
	case **time.Duration:
		*d = new(time.Duration(us) * time.Microsecond)
		return nil
	case *sql.Null[time.Duration]:
		d.Valid, d.V = true, time.Duration(us)*time.Microsecond
		return nil
	case *sql.NullTime:
		d.Valid = true
		return assignTimeOfDay(&d.Time, us)
	case *sql.Null[time.Time]:
		d.Valid = true
		return assignTimeOfDay(&d.V, us)
	}
	var b [24]byte
	return dialect.AssignString(d, string(appendTimeOfDay(b[:0], us)))
}

// appendTimeOfDay appends 15:04:05.999999 for us microseconds, which may be
// more than a day.
func appendTimeOfDay(b []byte, us int64) []byte {
	b = appendTwo(b, us/3_600_000_000)
	b = append(b, ':')
	b = appendTwo(b, us/60_000_000%60)
	b = append(b, ':')
	b = appendTwo(b, us/1_000_000%60)
	if f := us % 1_000_000; f != 0 {
		b = append(b, '.')
		for unit := int64(100_000); f > 0; unit /= 10 {
			b = append(b, byte('0'+f/unit))
			f %= unit
		}
	}
	return b
}

func appendTwo(b []byte, n int64) []byte {
	if n < 10 {
		b = append(b, '0')
	}
	return strconv.AppendInt(b, n, 10)
}

// assignFloat32 stores a real. As a float64 it is the number that its shortest
// text says: 0.1 and not 0.10000000149.
func assignFloat32(d any, f float32) error {
	if d, ok := d.(*float32); ok {
		*d = f
		return nil
	}
	return dialect.AssignFloat64(d, widen(f))
}

// widen is the float64 whose shortest text is that of f.
func widen(f float32) float64 {
	var b [32]byte
	wide, err := strconv.ParseFloat(string(strconv.AppendFloat(b[:0], float64(f), 'g', -1, 32)), 64)
	if err != nil {
		return float64(f)
	}
	return wide
}

// numeric stores an exact number, whose text v is: as text where that is
// wanted, into a float as the nearest one, into an integer where it is whole.
func (r *rows) numeric(c *codec, v []byte, d any) error {
	switch d := d.(type) {
	case *string:
		*d = string(v)
		return nil
	case *float64:
		f, err := strconv.ParseFloat(string(v), 64)
		if err != nil {
			return err
		}
		*d = f
		return nil
	case *[]byte, *dialect.Borrowed:
		return dialect.AssignBytes(d, v)
	}
	if !known(d) {
		return r.other(c, v, d)
	}
	s := string(v)
	switch d.(type) {
	case *int64, *int, *int32, *int16, *int8, *uint64, *uint, *uint32, *uint16, *uint8, *bool,
		**int64, **int, **int32, **int16, **int8, **uint64, **uint, **uint32, **uint16, **uint8, **bool:
		if whole, fraction, ok := strings.Cut(s, "."); ok && strings.Trim(fraction, "0") == "" {
			s = whole
		}
	}
	return dialect.AssignString(d, s)
}

// uuid stores 16 bytes, into text in the usual form.
func (r *rows) uuid(c *codec, v []byte, d any) error {
	switch d := d.(type) {
	case *[16]byte:
		copy(d[:], v)
		return nil
	case *[]byte, *dialect.Borrowed:
		return dialect.AssignBytes(d, v)
	}
	if known(d) {
		var b [36]byte
		return dialect.AssignString(d, string(appendUUID(b[:0], v)))
	}
	if p := reflect.ValueOf(d); p.Kind() == reflect.Pointer && !p.IsNil() {
		if a := p.Elem(); a.Kind() == reflect.Array && a.Len() == 16 && a.Type().Elem().Kind() == reflect.Uint8 {
			reflect.Copy(a, reflect.ValueOf(v))
			return nil
		}
	}
	return r.other(c, v, d)
}

func appendUUID(b, v []byte) []byte {
	const hex = "0123456789abcdef"
	for i, x := range v {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, hex[x>>4], hex[x&15])
	}
	return b
}
