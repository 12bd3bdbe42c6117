package schema

import (
	"database/sql"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

// TypeOf returns the column type for values of a Go type, and false where
// there is none by itself:
//
//	bool                  BOOLEAN
//	int, int64, uint…     BIGINT (int32, uint16: INTEGER; smaller ones: SMALLINT)
//	float64, float32      DOUBLE PRECISION, REAL
//	string                VARCHAR without a length, which each dialect makes its longest that can be a key
//	[]byte                BLOB
//	time.Time             TIMESTAMP WITH TIME ZONE: a time.Time is an instant
//	[16]byte, uuid.UUID   UUID
//	json.RawMessage       JSON
//
// A type given to [dialect.Decorate] has the type that was said there. Other
// named types are taken by their kind; a pointer and a sql.Null[T] by what
// they hold.
func TypeOf(t reflect.Type) (dialect.Type, bool) {
	if t == nil {
		return dialect.Type{}, false
	}
	if base, ok := dialect.DecoratedType(t); ok {
		return base, true
	}
	switch t {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[sql.NullTime]():
		return dialect.Type{Kind: dialect.TimestampTZ}, true
	case reflect.TypeFor[json.RawMessage]():
		return dialect.Type{Kind: dialect.JSON}, true
	case reflect.TypeFor[sql.NullString]():
		return dialect.Type{Kind: dialect.Varchar}, true
	case reflect.TypeFor[sql.NullInt64]():
		return dialect.Type{Kind: dialect.BigInt}, true
	case reflect.TypeFor[sql.NullInt32]():
		return dialect.Type{Kind: dialect.Integer}, true
	case reflect.TypeFor[sql.NullInt16](), reflect.TypeFor[sql.NullByte]():
		return dialect.Type{Kind: dialect.SmallInt}, true
	case reflect.TypeFor[sql.NullFloat64]():
		return dialect.Type{Kind: dialect.Double}, true
	case reflect.TypeFor[sql.NullBool]():
		return dialect.Type{Kind: dialect.Boolean}, true
	}
	switch t.Kind() {
	case reflect.Pointer:
		return TypeOf(t.Elem())
	case reflect.Bool:
		return dialect.Type{Kind: dialect.Boolean}, true
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64, reflect.Uint32:
		return dialect.Type{Kind: dialect.BigInt}, true
	case reflect.Int32, reflect.Uint16:
		return dialect.Type{Kind: dialect.Integer}, true
	case reflect.Int16, reflect.Int8, reflect.Uint8:
		return dialect.Type{Kind: dialect.SmallInt}, true
	case reflect.Float64:
		return dialect.Type{Kind: dialect.Double}, true
	case reflect.Float32:
		return dialect.Type{Kind: dialect.Real}, true
	case reflect.String:
		return dialect.Type{Kind: dialect.Varchar}, true
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return dialect.Type{Kind: dialect.Blob}, true
		}
	case reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 && t.Len() == 16 {
			return dialect.Type{Kind: dialect.UUID}, true
		}
		if t.Elem().Kind() == reflect.Uint8 {
			return dialect.Type{Kind: dialect.Binary, Length: t.Len()}, true
		}
	case reflect.Struct:
		if t.PkgPath() == "database/sql" && strings.HasPrefix(t.Name(), "Null[") {
			return TypeOf(t.Field(0).Type)
		}
		// A decimal says what it is by its name, as far as one can tell.
		if t.Name() == "Decimal" {
			return dialect.Type{Kind: dialect.Decimal}, true
		}
	}
	return dialect.Type{}, false
}

// columnType reads a column's type from its tag and its Go type.
func columnType(f *tag.Field, goType reflect.Type) (dialect.Type, error) {
	fail := func(format string, args ...any) (dialect.Type, error) {
		return dialect.Type{}, dialect.Errorf(dialect.ErrStatement, "field %s: "+format, append([]any{f.Name}, args...)...)
	}
	t, known := TypeOf(goType)
	if f.Tag.Has("json") {
		t, known = dialect.Type{Kind: dialect.JSON}, true
	}
	if text, ok := f.Tag.Get("type"); ok {
		parsed, err := dialect.ParseType(text)
		if err != nil {
			return fail("%w", err)
		}
		t, known = parsed, true
	}
	if !known {
		return fail("no column type goes with %s; say one, as in db:\",type:varchar(50)\"", goType)
	}
	number := func(option string) (int, bool, error) {
		text, ok := f.Tag.Get(option)
		if !ok {
			return 0, false, nil
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return 0, false, dialect.Errorf(dialect.ErrStatement, "field %s: %s:%s is not a number", f.Name, option, text)
		}
		return n, true, nil
	}
	size, ok, err := number("size")
	if err != nil {
		return dialect.Type{}, err
	}
	if ok {
		switch t.Kind {
		case dialect.Clob:
			t.Kind = dialect.Varchar
		case dialect.Blob:
			t.Kind = dialect.Varbinary
		case dialect.Varchar, dialect.Char, dialect.Varbinary, dialect.Binary:
		default:
			return fail("size is for texts and bytes, not for %s", t.String())
		}
		t.Length = size
	}
	precision, ok, err := number("precision")
	if err != nil {
		return dialect.Type{}, err
	}
	if ok {
		switch t.Kind {
		case dialect.Decimal, dialect.Time, dialect.Timestamp, dialect.TimestampTZ, dialect.Interval:
			t.Precision = precision
		default:
			return fail("precision is for decimals and times, not for %s", t.String())
		}
	}
	scale, ok, err := number("scale")
	if err != nil {
		return dialect.Type{}, err
	}
	if ok {
		if t.Kind != dialect.Decimal {
			return fail("scale is for decimals, not for %s", t.String())
		}
		t.Scale = scale
	}
	if c, ok := f.Tag.Get("collate"); ok {
		t.Collation = c
	}
	return t, nil
}

// parseDefault reads a tag's default for a column of type t: now() for the
// time of the insert, (…) for an expression in SQL, and otherwise a value of
// the column's type.
func parseDefault(t *dialect.Type, text string) (*Default, error) {
	bad := func() (*Default, error) {
		return nil, dialect.Errorf(dialect.ErrStatement, "default %q is not of type %s; write an expression in parentheses", text, t)
	}
	if strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
		return &Default{SQL: text}, nil
	}
	lower := strings.ToLower(text)
	switch t.Kind {
	case dialect.Date, dialect.Time, dialect.Timestamp, dialect.TimestampTZ:
		if lower == "now()" || lower == "current_timestamp" {
			return &Default{Now: true}, nil
		}
		return &Default{Value: text}, nil
	case dialect.Boolean:
		switch lower {
		case "true", "1":
			return &Default{Value: true}, nil
		case "false", "0":
			return &Default{Value: false}, nil
		}
		return bad()
	case dialect.SmallInt, dialect.Integer, dialect.BigInt:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return bad()
		}
		return &Default{Value: n}, nil
	case dialect.Real, dialect.Double:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return bad()
		}
		return &Default{Value: n}, nil
	case dialect.Decimal:
		if !isDecimal(text) {
			return bad()
		}
		return &Default{SQL: text}, nil
	case dialect.Native:
		return &Default{SQL: text}, nil
	}
	return &Default{Value: text}, nil
}

// isDecimal reports whether s is a plain decimal number.
func isDecimal(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, fraction, point := strings.Cut(s, ".")
	digits := func(s string) bool {
		for i := 0; i < len(s); i++ {
			if s[i] < '0' || s[i] > '9' {
				return false
			}
		}
		return s != ""
	}
	return digits(whole) && (!point || digits(fraction))
}
