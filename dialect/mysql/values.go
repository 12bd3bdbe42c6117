package mysql

import (
	"bytes"
	"database/sql/driver"
	"math"
	"strconv"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// values converts between Go and the driver in one time zone.
type values struct{ loc *time.Location }

// bind converts an argument to what the driver takes.
func (c values) bind(a *dialect.Arg) (any, error) {
	switch x := a.Value.(type) {
	case nil, bool, int64, string:
		return a.Value, nil
	case float64:
		if x-x == 0 { // a number, and finite
			return a.Value, nil
		}
	}
	kind := dialect.NoType
	if a.Type != nil {
		kind = a.Type.Kind
		if v, ok := typed(a.Value, kind); ok {
			return v, nil
		}
	}
	v, err := sqldriver.Resolve(a.Value)
	if err != nil {
		return nil, err
	}
	switch x := v.(type) {
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, dialect.Errorf(dialect.ErrOutOfRange, "the database has no %v; use NULL", x)
		}
	case time.Time:
		switch kind {
		case dialect.Date: // the day that x shows
			if err := checkYear(x); err != nil {
				return nil, err
			}
			return x.Format("2006-01-02"), nil
		case dialect.Time:
			return x.Format("15:04:05.000000"), nil
		}
		local := x.In(c.loc)
		if err := checkYear(local); err != nil {
			return nil, err
		}
		if x.IsZero() { // which the driver would send as 0000-00-00
			return local.Format("2006-01-02 15:04:05"), nil
		}
		if x.Nanosecond()%1000 != 0 { // which the server would round
			return x.Truncate(time.Microsecond), nil
		}
		return v, nil
	}
	return v, nil
}

// typed converts values that mean something else for columns of one type: the
// 16 bytes of a UUID, and a time.Duration as a time of day.
func typed(v any, kind dialect.TypeKind) (any, bool) {
	switch kind {
	case dialect.Time:
		if d, ok := v.(time.Duration); ok {
			return formatTime(d), true
		}
	case dialect.Binary, dialect.Varbinary, dialect.Blob, dialect.UUID:
		id, ok := sqldriver.UUIDArray(v)
		if b, is := v.([]byte); is && len(b) == 16 && kind == dialect.UUID {
			id, ok = [16]byte(b), true
		}
		switch {
		case !ok:
			return nil, false
		case kind == dialect.UUID:
			return sqldriver.FormatUUID(id), true
		}
		return id[:], true
	}
	return nil, false
}

// formatTime writes a duration as the database's TIME.
func formatTime(d time.Duration) string {
	var b []byte
	n := uint64(d)
	if d < 0 {
		b = append(b, '-')
		n = -n
	}
	two := func(v uint64) {
		b = append(b, ':', byte('0'+v/10), byte('0'+v%10))
	}
	h := n / uint64(time.Hour)
	if h < 10 {
		b = append(b, '0')
	}
	b = strconv.AppendUint(b, h, 10)
	two(n / uint64(time.Minute) % 60)
	two(n / uint64(time.Second) % 60)
	micro := strconv.FormatUint(1_000_000+n/1000%1_000_000, 10)
	return string(b) + "." + micro[1:]
}

// decoder returns how the values of a column are read. Text arrives as bytes
// and times parsed, which dialect.Assign reads into the usual variables; a
// decoder is for what it cannot know.
func (c values) decoder(col *dialect.Column) sqldriver.Decoder {
	switch col.DatabaseType {
	case "BIT":
		return decodeBit
	case "UNSIGNED BIGINT":
		return decodeUnsigned
	case "DATE":
		return c.decodeDate
	case "DATETIME", "TIMESTAMP":
		return c.decodeTimestamp
	case "CHAR", "VARCHAR", "TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT", "DECIMAL", "JSON", "ENUM", "SET", "TIME":
		return decodeText
	case "TINYINT":
		if col.Type != nil && col.Type.Kind == dialect.Boolean {
			return decodeBool
		}
	}
	return nil
}

// decodeText gives a *any text, not bytes.
func decodeText(dst any, v driver.Value) (driver.Value, bool, error) {
	if d, ok := dst.(*any); ok {
		if b, ok := v.([]byte); ok {
			*d = string(b)
			return nil, true, nil
		}
	}
	return v, false, nil
}

// decodeBool gives a *any a bool where the column is declared as one.
func decodeBool(dst any, v driver.Value) (driver.Value, bool, error) {
	if d, ok := dst.(*any); ok {
		if n, ok := v.(int64); ok && (n == 0 || n == 1) {
			*d = n == 1
			return nil, true, nil
		}
	}
	return v, false, nil
}

// decodeBit reads BIT(n) as the number that it is; bytes stay bytes.
func decodeBit(dst any, v driver.Value) (driver.Value, bool, error) {
	b, ok := v.([]byte)
	if !ok || len(b) > 8 {
		return v, false, nil
	}
	switch dst.(type) {
	case *[]byte, *dialect.Borrowed:
		return v, false, nil
	}
	var n uint64
	for _, x := range b {
		n = n<<8 | uint64(x)
	}
	return nil, true, dialect.AssignUint64(dst, n)
}

// decodeUnsigned reads what the driver gives as an int64, as a uint64, or,
// beyond an int64, as text.
func decodeUnsigned(dst any, v driver.Value) (driver.Value, bool, error) {
	switch x := v.(type) {
	case uint64:
		return nil, true, dialect.AssignUint64(dst, x)
	case []byte:
		n, err := strconv.ParseUint(string(x), 10, 64)
		if err != nil {
			return nil, false, err
		}
		return nil, true, dialect.AssignUint64(dst, n)
	}
	return v, false, nil
}

var zeroDate = []byte("0000-00-00")

// parse reads a time that the driver has left as text (ParseTime off).
func (c values) parse(dst any, b []byte) (driver.Value, bool, error) {
	switch dst.(type) {
	case *string, **string, *[]byte, *dialect.Borrowed:
		return b, false, nil
	}
	if bytes.HasPrefix(b, zeroDate) {
		return time.Time{}, false, nil
	}
	t, err := dialect.ParseTime(string(b), c.loc)
	return t, false, err
}

func (c values) decodeDate(dst any, v driver.Value) (driver.Value, bool, error) {
	switch x := v.(type) {
	case []byte:
		return c.parse(dst, x)
	case time.Time: // a day has no hour and no zone
		switch d := dst.(type) {
		case *string:
			*d = x.Format("2006-01-02")
			return nil, true, nil
		case *[]byte:
			*d = x.AppendFormat(nil, "2006-01-02")
			return nil, true, nil
		case **string:
			s := x.Format("2006-01-02")
			*d = &s
			return nil, true, nil
		}
	}
	return v, false, nil
}

func (c values) decodeTimestamp(dst any, v driver.Value) (driver.Value, bool, error) {
	if b, ok := v.([]byte); ok {
		return c.parse(dst, b)
	}
	return v, false, nil
}
