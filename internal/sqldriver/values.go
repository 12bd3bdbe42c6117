package sqldriver

import (
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Conversions that more than one dialect needs.

// NamedValues gives arguments their positions.
func NamedValues(args []driver.Value) []driver.NamedValue {
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return named
}

// FormatUUID writes a UUID as text, with dashes.
func FormatUUID(u [16]byte) string {
	s := hex.EncodeToString(u[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// ParseUUID reads the text of a UUID, with its dashes or without any, perhaps in braces.
func ParseUUID(s string) (u [16]byte, ok bool) {
	if len(s) == 38 && s[0] == '{' && s[37] == '}' {
		s = s[1:37]
	}
	if len(s) == 36 {
		if s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
			return u, false
		}
		s = s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	}
	if len(s) != 32 {
		return u, false
	}
	_, err := hex.Decode(u[:], []byte(s))
	return u, err == nil
}

// UUIDArray takes any array of 16 bytes, such as a uuid.UUID or a pointer to one.
func UUIDArray(v any) (u [16]byte, ok bool) {
	switch x := v.(type) {
	case [16]byte:
		return x, true
	case nil, string, []byte, int64, int, bool, float64:
		return u, false
	}
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	if r.Kind() != reflect.Array || r.Len() != 16 || r.Type().Elem().Kind() != reflect.Uint8 {
		return u, false
	}
	reflect.Copy(reflect.ValueOf(&u).Elem(), r)
	return u, true
}

// UUIDArg reads an argument for a column of UUIDs: text, or 16 bytes. ok is
// false for a value of another type; what is no UUID is an error.
func UUIDArg(v any) (u [16]byte, ok bool, err error) {
	switch x := v.(type) {
	case string:
		if u, ok = ParseUUID(x); !ok {
			return u, true, dialect.Errorf(dialect.ErrInvalidText, "%q is not a UUID", x)
		}
		return u, true, nil
	case []byte:
		if len(x) == 16 {
			return [16]byte(x), true, nil
		}
		if u, ok = ParseUUID(string(x)); !ok {
			return u, true, dialect.Errorf(dialect.ErrInvalidText, "%d bytes are not a UUID", len(x))
		}
		return u, true, nil
	}
	return u, false, nil
}

// DecodeUUID is a [Decoder] for the bytes of a UUID in the order of its text:
// as 16 bytes, or as the text.
func DecodeUUID(dst any, v driver.Value) (driver.Value, bool, error) {
	b, ok := v.([]byte)
	if !ok || len(b) != 16 {
		return v, false, nil
	}
	switch d := dst.(type) {
	case *[16]byte:
		*d = [16]byte(b)
		return nil, true, nil
	case *[]byte, *dialect.Borrowed, **[]byte:
		return b, false, nil
	case *string, **string, *any, sql.Scanner:
		return FormatUUID([16]byte(b)), false, nil
	}
	if p := reflect.ValueOf(dst); p.Kind() == reflect.Pointer && !p.IsNil() {
		e := p.Elem()
		if e.Kind() == reflect.Array && e.Len() == 16 && e.Type().Elem().Kind() == reflect.Uint8 {
			reflect.Copy(e, reflect.ValueOf(b))
			return nil, true, nil
		}
	}
	return FormatUUID([16]byte(b)), false, nil
}

// JSONText is what a column of JSON holds. Strings and bytes are JSON text
// already; ok is false for what is left to [Resolve].
func JSONText(v any) (s string, ok bool, err error) {
	if v == nil {
		return "", false, nil
	}
	if _, is := v.(driver.Valuer); is {
		return "", false, nil
	}
	switch r := reflect.TypeOf(v); r.Kind() {
	case reflect.Map, reflect.Struct:
	case reflect.Slice, reflect.Array:
		if r.Elem().Kind() == reflect.Uint8 {
			return "", false, nil
		}
	default:
		return "", false, nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", false, dialect.Errorf(dialect.ErrArguments, "%w", err)
	}
	return string(b), true, nil
}

// CutNumber takes the text of a decimal number apart. One with an exponent
// beyond 1000 is none.
func CutNumber(s string) (neg bool, whole, fraction string, exponent int, ok bool) {
	s = strings.TrimSpace(s)
	neg = strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "-"), "+")
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		n, err := strconv.Atoi(s[i+1:])
		if err != nil || n > 1000 || n < -1000 {
			return neg, "", "", 0, false
		}
		s, exponent = s[:i], n
	}
	whole, fraction, _ = strings.Cut(s, ".")
	digits := whole + fraction
	return neg, whole, fraction, exponent, digits != "" && strings.Trim(digits, "0123456789") == ""
}

// CheckYear refuses a time whose year is not one of 1 to 9999, where it stands
// or in UTC.
func CheckYear(dialectName string, t time.Time) error {
	if y := t.UTC().Year(); y < 1 || y > 9999 || t.Year() < 1 || t.Year() > 9999 {
		return dialect.Errorf(dialect.ErrOutOfRange, "%s: the year %d is out of the range 1 to 9999", dialectName, t.Year())
	}
	return nil
}

// HasParameter reports whether text has a parameter: mark, the name in any case,
// and then nothing that belongs to a word. It is only asked for names of
// arguments, so text within quotes does no harm.
func HasParameter(text string, mark byte, name string) bool {
	for rest := text; ; {
		i := strings.IndexByte(rest, mark)
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
		if len(rest) >= len(name) && strings.EqualFold(rest[:len(name)], name) &&
			(len(rest) == len(name) || !WordByte(rest[len(name)])) {
			return true
		}
	}
}

// WordByte reports whether c may stand in a name without quotes.
func WordByte(c byte) bool {
	return c == '_' || c == '@' || c == '#' || c == '$' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
}
