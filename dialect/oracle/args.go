package oracle

import (
	"database/sql"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	go_ora "github.com/sijms/go-ora/v2"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// What is longer goes as a temporary LOB: as a plain bind it may only stand
// last in a statement, and not in a block of PL/SQL.
const (
	longText  = 4000
	longBytes = 2000
)

// bind converts an argument by the type of its column. Values of the driver's
// own types, and slices (array binding), go to it as they are.
func bind(a *dialect.Arg) (any, error) {
	switch v := a.Value.(type) {
	case sql.Out, *sql.Out, go_ora.Out, *go_ora.Out, go_ora.Clob, go_ora.NClob, go_ora.Blob, go_ora.BFile, *go_ora.BFile,
		go_ora.NVarChar, go_ora.PLBool, go_ora.TimeStamp, go_ora.TimeStampTZ, *go_ora.RefCursor, go_ora.Number, *go_ora.Number:
		return v, nil
	case float32: // Resolve would make it a float64 with other digits
		f, err := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
		if err != nil {
			return nil, err
		}
		return bindValue(f, a.Type)
	}
	if id, ok := sqldriver.UUIDArray(a.Value); ok {
		return id[:], nil
	}
	if a.Type != nil && a.Type.Kind == dialect.JSON {
		if s, ok, err := sqldriver.JSONText(a.Value); err != nil || ok {
			return text(s, false), err
		}
	}
	v, err := sqldriver.Resolve(a.Value)
	if err != nil {
		return nil, err
	}
	return bindValue(v, a.Type)
}

func bindValue(v any, t *dialect.Type) (any, error) {
	if t == nil || t.Kind == dialect.NoType {
		return untyped(v)
	}
	return typed(v, t)
}

// untyped converts a value whose column is not known.
func untyped(v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case int:
		return int64(x), nil
	case float64:
		if !fitsNumber(x) {
			return nil, dialect.Errorf(dialect.ErrOutOfRange, "oracle: NUMBER has no %v; it fits into a column of type BINARY_DOUBLE only", x)
		}
	case time.Time:
		// In UTC, so that a column without a time zone keeps the instant too.
		if err := checkYear(x); err != nil {
			return nil, err
		}
		return go_ora.TimeStampTZ(x.UTC()), nil
	}
	return v, nil
}

// typed converts a value by the column that it meets.
func typed(v any, t *dialect.Type) (any, error) {
	if v == nil {
		return null(t), nil
	}
	switch t.Kind {
	case dialect.SmallInt, dialect.Integer, dialect.BigInt:
		if x, ok := v.(uint64); ok && x > math.MaxInt64 && !t.Unsigned {
			return nil, dialect.Errorf(dialect.ErrOutOfRange, "oracle: %d is out of the range of %s", x, t)
		}
	case dialect.Real, dialect.Double:
		if x, ok := v.(float64); ok && !fitsNumber(x) {
			return floatText(x), nil
		}
	case dialect.Decimal:
		return decimal(v)
	case dialect.Char, dialect.Varchar, dialect.Clob, dialect.Enum, dialect.JSON:
		return textArg(v, t.National)
	case dialect.Binary, dialect.Varbinary, dialect.Blob:
		switch x := v.(type) {
		case []byte:
			return bytes(x), nil
		case string:
			return bytes([]byte(x)), nil
		}
	case dialect.Date, dialect.Time, dialect.Timestamp, dialect.TimestampTZ:
		if x, ok := v.(time.Time); ok {
			return timeArg(x, t.Kind)
		}
	case dialect.Interval:
		if x, ok := v.(int64); ok { // a time.Duration
			return interval(time.Duration(x)), nil
		}
	case dialect.UUID:
		return uuidArg(v)
	case dialect.Native:
		return native(v, t)
	}
	return untyped(v)
}

// interval is the text that Oracle reads as an INTERVAL DAY TO SECOND.
func interval(d time.Duration) string {
	sign, n := '+', uint64(d)
	if d < 0 {
		sign, n = '-', -n
	}
	s := n / uint64(time.Second)
	return fmt.Sprintf("%c%d %02d:%02d:%02d.%09d", sign, s/86400, s/3600%24, s/60%60, s%60, n%uint64(time.Second))
}

// null is NULL of the column's type, where the driver has a value for that.
func null(t *dialect.Type) any {
	switch t.Kind {
	case dialect.Boolean, dialect.SmallInt, dialect.Integer, dialect.BigInt, dialect.Real, dialect.Double, dialect.Decimal:
		return sql.NullInt64{}
	case dialect.Date, dialect.Timestamp, dialect.TimestampTZ:
		return sql.NullTime{}
	case dialect.Binary, dialect.Varbinary, dialect.UUID:
		return []byte(nil)
	}
	return nil
}

// fitsNumber reports whether Oracle's NUMBER holds f.
func fitsNumber(f float64) bool {
	a := math.Abs(f)
	return f == 0 || a >= 1e-130 && a < 1e126
}

// floatText is what Oracle reads as a BINARY_DOUBLE.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Inf"
	case math.IsInf(f, -1):
		return "-Inf"
	}
	return strings.ToUpper(strconv.FormatFloat(f, 'e', -1, 64))
}

// decimal makes a NUMBER of text, exactly.
func decimal(v any) (any, error) {
	var s string
	switch x := v.(type) {
	case string:
		s = x
	case []byte:
		s = string(x)
	default:
		return untyped(v)
	}
	digits, exponent, ok := scientific(s)
	if !ok {
		return nil, dialect.Errorf(dialect.ErrInvalidText, "oracle: %q is not a decimal number", s)
	}
	n := len(strings.TrimPrefix(digits, "-"))
	if n > 38 || n+exponent > 126 || n+exponent < -129 {
		return nil, dialect.Errorf(dialect.ErrOutOfRange, "oracle: %q does not fit into a NUMBER, which has 38 digits", s)
	}
	num, err := go_ora.NewNumberFromString(digits + "e" + strconv.Itoa(exponent))
	if err != nil {
		return nil, dialect.Errorf(dialect.ErrInvalidText, "oracle: %q: %w", s, err)
	}
	return *num, nil
}

// scientific takes the text of a number apart: its digits without a point and
// without zeros at either end, and the power of ten that they are multiplied by.
func scientific(s string) (digits string, exponent int, ok bool) {
	neg, whole, fraction, exponent, ok := sqldriver.CutNumber(s)
	if !ok {
		return "", 0, false
	}
	digits = whole + fraction
	exponent -= len(fraction)
	digits = strings.TrimLeft(digits, "0")
	trimmed := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(trimmed)
	if trimmed == "" {
		return "0", 0, true
	}
	if neg {
		trimmed = "-" + trimmed
	}
	return trimmed, exponent, true
}

func textArg(v any, national bool) (any, error) {
	switch x := v.(type) {
	case string:
		return text(x, national), nil
	case []byte:
		if !utf8.Valid(x) {
			return nil, dialect.Errorf(dialect.ErrInvalidText, "oracle: bytes that are not UTF-8 do not go into a column of text")
		}
		return text(string(x), national), nil
	}
	return untyped(v)
}

func text(s string, national bool) any {
	switch {
	case national && len(s) > longText/2:
		return go_ora.NClob{String: s, Valid: true}
	case national:
		return go_ora.NVarChar(s)
	case len(s) > longText:
		return go_ora.Clob{String: s, Valid: true}
	}
	return s
}

func bytes(b []byte) any {
	if len(b) > longBytes {
		return go_ora.Blob{Data: b}
	}
	return b
}

func timeArg(x time.Time, kind dialect.TypeKind) (any, error) {
	if err := checkYear(x); err != nil {
		return nil, err
	}
	switch kind {
	case dialect.Date:
		y, m, d := x.Date()
		return go_ora.TimeStamp(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)), nil
	case dialect.TimestampTZ:
		// By its offset: the driver's zones by name are those of its own list.
		_, offset := x.Zone()
		if offset == 0 {
			return go_ora.TimeStampTZ(x.UTC()), nil
		}
		return go_ora.TimeStampTZ(x.In(time.FixedZone("", offset))), nil
	}
	return go_ora.TimeStamp(x.UTC()), nil
}

// checkYear refuses what is no year to the driver or to Oracle.
func checkYear(t time.Time) error { return sqldriver.CheckYear("oracle", t) }

// native converts by the name of one of Oracle's own types.
func native(v any, t *dialect.Type) (any, error) {
	name := strings.ToUpper(strings.TrimSpace(t.Name))
	base := name
	if i := strings.IndexAny(name, " ("); i >= 0 {
		base = name[:i]
	}
	var kind dialect.Type
	switch base {
	case "NUMBER", "NUMERIC", "DECIMAL", "FLOAT":
		kind.Kind = dialect.Decimal
	case "BINARY_DOUBLE", "BINARY_FLOAT":
		kind.Kind = dialect.Double
	case "DATE":
		kind.Kind = dialect.Timestamp
	case "TIMESTAMP":
		kind.Kind = dialect.Timestamp
		if strings.Contains(name, "TIME ZONE") {
			kind.Kind = dialect.TimestampTZ
		}
	case "VARCHAR2", "VARCHAR", "CHAR", "CLOB":
		kind.Kind = dialect.Varchar
	case "NVARCHAR2", "NCHAR", "NCLOB":
		kind = dialect.Type{Kind: dialect.Varchar, National: true}
	case "RAW", "BLOB":
		kind.Kind = dialect.Varbinary
	default:
		return untyped(v)
	}
	return typed(v, &kind)
}
