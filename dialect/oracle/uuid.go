package oracle

import (
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"reflect"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// A UUID is kept as RAW(16), in the order of its text.

func formatUUID(u []byte) string {
	s := hex.EncodeToString(u)
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// parseUUID reads the text of a UUID, with its dashes or without any, perhaps in braces.
func parseUUID(s string) (u [16]byte, ok bool) {
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

// uuidArray takes any array of 16 bytes, such as a uuid.UUID or a pointer to one.
func uuidArray(v any) (u [16]byte, ok bool) {
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

func uuidArg(v any) (any, error) {
	switch x := v.(type) {
	case string:
		if u, ok := parseUUID(x); ok {
			return u[:], nil
		}
		return nil, dialect.Errorf(dialect.ErrInvalidText, "oracle: %q is not a UUID", x)
	case []byte:
		if len(x) == 16 {
			return x, nil
		}
		if u, ok := parseUUID(string(x)); ok {
			return u[:], nil
		}
		return nil, dialect.Errorf(dialect.ErrInvalidText, "oracle: %d bytes are not a UUID", len(x))
	}
	return untyped(v)
}

// decodeUUID gives a column that is known to hold UUIDs to what it is read
// into: 16 bytes, or the text.
func decodeUUID(dst any, v driver.Value) (driver.Value, bool, error) {
	b, ok := v.([]byte)
	if !ok || len(b) != 16 {
		return v, false, nil
	}
	switch dst.(type) {
	case *[]byte, *dialect.Borrowed, **[]byte:
		return b, false, nil
	case *string, **string, *any, sql.Scanner:
		return formatUUID(b), false, nil
	}
	if p := reflect.ValueOf(dst); p.Kind() == reflect.Pointer && !p.IsNil() {
		e := p.Elem()
		if e.Kind() == reflect.Array && e.Len() == 16 && e.Type().Elem().Kind() == reflect.Uint8 {
			reflect.Copy(e, reflect.ValueOf(b))
			return nil, true, nil
		}
	}
	return formatUUID(b), false, nil
}
