package postgres

import (
	"database/sql/driver"
	"encoding"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// argBuf holds encoded arguments. It is used again for the next statement.
type argBuf struct {
	buf     []byte
	ends    []int
	values  [][]byte
	formats []int16
}

// encode writes the arguments into a.values and a.formats, for parameters of
// the types that the server gave (oids; nil where they are not known). The
// slices are valid until the next call.
func (a *argBuf) encode(c *Conn, oids []uint32, args []dialect.Arg) error {
	n := len(args)
	if cap(a.values) < n {
		a.values, a.formats, a.ends = make([][]byte, n), make([]int16, n), make([]int, n)
	}
	a.values, a.formats, a.ends = a.values[:n], a.formats[:n], a.ends[:n]
	if a.buf == nil || cap(a.buf) > 1<<16 { // what an unusually large statement left
		a.buf = make([]byte, 0, 256) // never nil: an empty value is not NULL
	}
	buf := a.buf[:0]
	for i := range args {
		if args[i].Out {
			return dialect.Unsupported(c.d, "an output parameter", "use RETURNING")
		}
		oid := uint32(0)
		if oids != nil {
			oid = oids[i]
		}
		start := len(buf)
		out, format, null, err := encodeArg(c.types, buf, oid, args[i].Value)
		if err != nil {
			return argError(c.types, i, oid, &args[i], err)
		}
		buf = out
		a.formats[i] = format
		if a.ends[i] = len(buf); null {
			a.ends[i] = ^start // marks NULL
		}
	}
	start := 0
	for i, end := range a.ends {
		if end < 0 {
			a.values[i] = nil
			continue
		}
		a.values[i] = buf[start:end:end]
		start = end
	}
	a.buf = buf
	return nil
}

func argError(m *pgtype.Map, i int, oid uint32, a *dialect.Arg, err error) error {
	name := ""
	if a.Name != "" {
		name = " (" + a.Name + ")"
	}
	as := ""
	if t := typeName(m, oid); t != "" {
		as = " of type " + t
	}
	return dialect.Errorf(dialect.ErrArguments, "postgres: a %T for the parameter $%d%s%s: %w", a.Value, i+1, name, as, err)
}

// encodeArg appends v for a parameter of a type. What has an obvious form is
// written here, everything else by pgtype.
func encodeArg(m *pgtype.Map, buf []byte, oid uint32, v any) (out []byte, format int16, null bool, err error) {
	switch x := v.(type) {
	case nil:
		return buf, 0, true, nil
	case int64:
		return encodeInt(buf, oid, x)
	case string:
		return encodeString(buf, oid, x)
	case int:
		return encodeInt(buf, oid, int64(x))
	case bool:
		return encodeBool(buf, oid, x)
	case time.Time:
		return encodeTime(buf, oid, x)
	case float64:
		return encodeFloat(buf, oid, x, 64)
	case []byte:
		if x == nil {
			return buf, 0, true, nil
		}
		return encodeBytes(buf, oid, x)
	case int32:
		return encodeInt(buf, oid, int64(x))
	case int16:
		return encodeInt(buf, oid, int64(x))
	case int8:
		return encodeInt(buf, oid, int64(x))
	case uint8:
		return encodeInt(buf, oid, int64(x))
	case uint16:
		return encodeInt(buf, oid, int64(x))
	case uint32:
		return encodeInt(buf, oid, int64(x))
	case uint:
		return encodeUint(buf, oid, uint64(x))
	case uint64:
		return encodeUint(buf, oid, x)
	case float32:
		return encodeFloat(buf, oid, float64(x), 32)
	case [16]byte:
		return encodeUUID(buf, oid, x)
	case json.RawMessage:
		if x == nil {
			return buf, 0, true, nil
		}
		return encodeString(buf, oid, string(x))
	}
	return encodeOther(m, buf, oid, v)
}

// isJSON reports whether values for oid are marshalled.
func isJSON(oid uint32) bool { return oid == pgtype.JSONOID || oid == pgtype.JSONBOID }

// outOfRange is of the kind that the server's own refusal would have.
func outOfRange(v any, what string) error {
	return dialect.Errorf(dialect.ErrOutOfRange, "%v is out of the range of %s", v, what)
}

func encodeInt(buf []byte, oid uint32, n int64) ([]byte, int16, bool, error) {
	switch oid {
	case pgtype.Int8OID:
		return binary.BigEndian.AppendUint64(buf, uint64(n)), 1, false, nil
	case pgtype.Int4OID:
		if int64(int32(n)) != n {
			return buf, 0, false, outOfRange(n, "INTEGER (INT4)")
		}
		return binary.BigEndian.AppendUint32(buf, uint32(n)), 1, false, nil
	case pgtype.Int2OID:
		if int64(int16(n)) != n {
			return buf, 0, false, outOfRange(n, "SMALLINT (INT2)")
		}
		return binary.BigEndian.AppendUint16(buf, uint16(n)), 1, false, nil
	case pgtype.BoolOID:
		if n != 0 && n != 1 {
			return buf, 0, false, outOfRange(n, "BOOLEAN")
		}
		return append(buf, byte(n)), 1, false, nil
	case pgtype.Float8OID:
		if f := float64(n); f >= math.MaxInt64 || int64(f) != n {
			return buf, 0, false, fmt.Errorf("%d has no exact DOUBLE PRECISION", n)
		}
		return binary.BigEndian.AppendUint64(buf, math.Float64bits(float64(n))), 1, false, nil
	case pgtype.ByteaOID, pgtype.DateOID, pgtype.TimestampOID, pgtype.TimestamptzOID, pgtype.TimeOID, pgtype.UUIDOID, pgtype.IntervalOID:
		return buf, 0, false, fmt.Errorf("a whole number is no such value")
	}
	return strconv.AppendInt(buf, n, 10), 0, false, nil // numeric, text, json, oid, real …
}

func encodeUint(buf []byte, oid uint32, n uint64) ([]byte, int16, bool, error) {
	if n <= math.MaxInt64 {
		return encodeInt(buf, oid, int64(n))
	}
	switch oid {
	case pgtype.Int8OID, pgtype.Int4OID, pgtype.Int2OID, pgtype.BoolOID, pgtype.Float8OID:
		return buf, 0, false, outOfRange(n, "the type; NUMERIC holds it")
	}
	return strconv.AppendUint(buf, n, 10), 0, false, nil
}

func encodeString(buf []byte, oid uint32, s string) ([]byte, int16, bool, error) {
	format := int16(pgtype.TextFormatCode)
	if oid == pgtype.ByteaOID {
		format = pgtype.BinaryFormatCode // the bytes as they are, not the text form of bytes
	}
	return append(buf, s...), format, false, nil
}

func encodeBytes(buf []byte, oid uint32, b []byte) ([]byte, int16, bool, error) {
	switch oid {
	case pgtype.ByteaOID:
		return append(buf, b...), 1, false, nil
	case pgtype.UUIDOID:
		if len(b) == 16 {
			return append(buf, b...), 1, false, nil
		}
	case 0: // a type that is not known: bytes are for a BYTEA
		return append(buf, hexBytea(b)...), 0, false, nil
	}
	return append(buf, b...), 0, false, nil
}

func encodeBool(buf []byte, oid uint32, b bool) ([]byte, int16, bool, error) {
	switch oid {
	case pgtype.BoolOID:
		if b {
			return append(buf, 1), 1, false, nil
		}
		return append(buf, 0), 1, false, nil
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.NumericOID:
		if b {
			return encodeInt(buf, oid, 1)
		}
		return encodeInt(buf, oid, 0)
	}
	return strconv.AppendBool(buf, b), 0, false, nil
}

func encodeFloat(buf []byte, oid uint32, f float64, bits int) ([]byte, int16, bool, error) {
	switch oid {
	case pgtype.Float8OID:
		if bits == 32 { // 0.1 and not 0.10000000149, as it is read back
			f = widen(float32(f))
		}
		return binary.BigEndian.AppendUint64(buf, math.Float64bits(f)), 1, false, nil
	case pgtype.Float4OID:
		if n := float32(f); !math.IsInf(f, 0) && math.IsInf(float64(n), 0) {
			return buf, 0, false, outOfRange(f, "REAL")
		}
		return binary.BigEndian.AppendUint32(buf, math.Float32bits(float32(f))), 1, false, nil
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID:
		if f != math.Trunc(f) || f >= math.MaxInt64 || f < math.MinInt64 {
			return buf, 0, false, fmt.Errorf("%v is not a whole number in range", f)
		}
		return encodeInt(buf, oid, int64(f))
	}
	return strconv.AppendFloat(buf, f, 'g', -1, bits), 0, false, nil
}

func encodeUUID(buf []byte, oid uint32, u [16]byte) ([]byte, int16, bool, error) {
	switch oid {
	case pgtype.UUIDOID, pgtype.ByteaOID:
		return append(buf, u[:]...), 1, false, nil
	}
	return appendUUID(buf, u[:]), 0, false, nil
}

// The range of dates in microseconds and days from 2000-01-01.
var (
	minTime = time.Date(-4712, 1, 1, 0, 0, 0, 0, time.UTC)
	maxTime = time.Date(294276, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
)

// encodeTime: a TIMESTAMP WITH TIME ZONE is the instant; a TIMESTAMP is the
// instant's wall clock in UTC, as it is read back; a DATE and a TIME are what the
// time's own clock and calendar show. Below a microsecond the database has nothing.
func encodeTime(buf []byte, oid uint32, t time.Time) ([]byte, int16, bool, error) {
	if t.Before(minTime) || t.After(maxTime) {
		return buf, 0, false, outOfRange(t.Format(time.RFC3339), "PostgreSQL's dates")
	}
	const epoch = 946684800
	switch oid {
	case pgtype.TimestamptzOID, pgtype.TimestampOID:
		us := (t.Unix()-epoch)*1e6 + int64(t.Nanosecond())/1000
		return binary.BigEndian.AppendUint64(buf, uint64(us)), 1, false, nil
	case pgtype.DateOID:
		y, m, d := t.Date()
		days := (time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() - epoch) / 86400
		return binary.BigEndian.AppendUint32(buf, uint32(int32(days))), 1, false, nil
	case pgtype.TimeOID:
		h, m, s := t.Clock()
		us := int64(h*3600+m*60+s)*1e6 + int64(t.Nanosecond())/1000
		return binary.BigEndian.AppendUint64(buf, uint64(us)), 1, false, nil
	case pgtype.TimetzOID:
		return t.AppendFormat(buf, "15:04:05.999999Z07:00"), 0, false, nil
	case pgtype.JSONOID, pgtype.JSONBOID:
		buf = append(buf, '"')
		buf = t.AppendFormat(buf, time.RFC3339Nano)
		return append(buf, '"'), 0, false, nil
	}
	if oid == 0 { // a type that is not known: as a TIMESTAMP would need it
		t = t.UTC()
	}
	return t.AppendFormat(buf, time.RFC3339Nano), 0, false, nil
}

// inUTC makes the times of a slice say their wall clock in UTC, as encodeTime
// does for one.
func inUTC(v any) any {
	switch x := v.(type) {
	case []time.Time:
		utc := make([]time.Time, len(x))
		for i, t := range x {
			utc[i] = t.UTC()
		}
		return utc
	case []*time.Time:
		utc := make([]*time.Time, len(x))
		for i, t := range x {
			if t != nil {
				u := t.UTC()
				utc[i] = &u
			}
		}
		return utc
	}
	return v
}

// encodeOther is for all that is not a plain Go value.
func encodeOther(m *pgtype.Map, buf []byte, oid uint32, v any) ([]byte, int16, bool, error) {
	switch x := v.(type) {
	case time.Duration:
		switch oid {
		case pgtype.IntervalOID:
			return encodeWith(m, buf, oid, v)
		case pgtype.TimeOID: // the time since midnight, as it is read
			if x < 0 || x >= 24*time.Hour {
				return buf, 0, false, outOfRange(x, "TIME, which is from 0s to less than 24h")
			}
			return binary.BigEndian.AppendUint64(buf, uint64(x/time.Microsecond)), 1, false, nil
		}
		return encodeInt(buf, oid, int64(x))
	case driver.Valuer:
		if isNilPointer(v) {
			return buf, 0, true, nil
		}
		val, err := x.Value()
		if err != nil {
			return buf, 0, false, err
		}
		if _, again := val.(driver.Valuer); again && reflect.TypeOf(val) == reflect.TypeOf(v) {
			return buf, 0, false, fmt.Errorf("its Value method gives a %T again", val)
		}
		return encodeArg(m, buf, oid, val)
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		if r.IsNil() {
			return buf, 0, true, nil
		}
	}
	if isJSON(oid) {
		e := reflect.Indirect(r)
		switch e.Kind() {
		case reflect.Slice, reflect.Array:
			if e.Type().Elem().Kind() == reflect.Uint8 {
				break
			}
			fallthrough
		case reflect.Struct, reflect.Map:
			b, err := json.Marshal(v)
			return append(buf, b...), 0, false, err
		}
	}
	if r.Kind() == reflect.Pointer && (!r.Type().Implements(textMarshaler) || r.Type().Elem().Implements(textMarshaler)) {
		return encodeArg(m, buf, oid, r.Elem().Interface())
	}
	if base, ok := dialect.Base(v); ok && r.Kind() != reflect.Pointer {
		return encodeArg(m, buf, oid, base)
	}
	if oid == pgtype.TimestampArrayOID {
		v = inUTC(v)
	}
	if r.Kind() == reflect.Array && r.Type().Elem().Kind() == reflect.Uint8 {
		if r.Len() == 16 {
			return encodeUUID(buf, oid, r.Convert(bytes16).Interface().([16]byte))
		}
		b := make([]byte, r.Len())
		reflect.Copy(reflect.ValueOf(b), r)
		return encodeBytes(buf, oid, b)
	}
	if _, ok := m.TypeForOID(oid); ok && oid != pgtype.TextOID && oid != pgtype.VarcharOID {
		out, format, null, err := encodeWith(m, buf, oid, v)
		if err == nil {
			return out, format, null, nil
		}
		if r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
			if _, ok := v.(encoding.TextMarshaler); !ok {
				return buf, 0, false, err
			}
		}
	}
	if tm, ok := v.(encoding.TextMarshaler); ok {
		b, err := tm.MarshalText()
		return append(buf, b...), 0, false, err
	}
	switch r.Kind() {
	case reflect.Slice, reflect.Array:
		if r.Kind() == reflect.Slice || r.Len() > 0 {
			out, err := appendArray(m, buf, r)
			return out, 0, false, err
		}
	case reflect.Struct, reflect.Map:
		return buf, 0, false, fmt.Errorf("this type has no form in a parameter that is not JSON; implement driver.Valuer")
	}
	return buf, 0, false, fmt.Errorf("this type has no form in a parameter")
}

var (
	bytes16       = reflect.TypeFor[[16]byte]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func isNilPointer(v any) bool {
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}

// encodeWith lets pgtype write v, in the format that it prefers or the other one.
func encodeWith(m *pgtype.Map, buf []byte, oid uint32, v any) ([]byte, int16, bool, error) {
	format := m.FormatCodeForOID(oid)
	start := len(buf)
	out, err := m.Encode(oid, format, v, buf)
	if err != nil {
		other := int16(1) - format
		if again, aerr := m.Encode(oid, other, v, buf[:start]); aerr == nil {
			out, format, err = again, other, nil
		}
	}
	if err != nil {
		return buf[:start], 0, false, err
	}
	if out == nil {
		return buf[:start], format, true, nil
	}
	return out, format, false, nil
}

// appendArray writes the text form of an array, {a,"b c",NULL}, which the server
// reads for any element type, those that it alone knows (enumerations) included.
func appendArray(m *pgtype.Map, buf []byte, r reflect.Value) ([]byte, error) {
	buf = append(buf, '{')
	for i := range r.Len() {
		if i > 0 {
			buf = append(buf, ',')
		}
		e := r.Index(i)
		if k := e.Kind(); (k == reflect.Slice || k == reflect.Array) && e.Type().Elem().Kind() != reflect.Uint8 {
			if _, ok := e.Interface().(driver.Valuer); !ok {
				var err error
				if buf, err = appendArray(m, buf, e); err != nil {
					return buf, err
				}
				continue
			}
		}
		v := e.Interface()
		if b, ok := v.([]byte); ok && b != nil {
			v = hexBytea(b)
		}
		text, _, null, err := encodeArg(m, nil, 0, v)
		if err != nil {
			return buf, fmt.Errorf("element %d: %w", i, err)
		}
		if null {
			buf = append(buf, "NULL"...)
			continue
		}
		buf = append(buf, '"')
		for _, c := range text {
			if c == '"' || c == '\\' {
				buf = append(buf, '\\')
			}
			buf = append(buf, c)
		}
		buf = append(buf, '"')
	}
	return append(buf, '}'), nil
}
