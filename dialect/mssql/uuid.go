package mssql

import (
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"reflect"

	mssqldb "github.com/microsoft/go-mssqldb"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// SQL Server stores the first three groups of a UUID with their bytes
// reversed. In Go, a UUID's bytes are in the order of its text.

// swapUUID changes between the two orders.
func swapUUID(u [16]byte) [16]byte {
	u[0], u[1], u[2], u[3] = u[3], u[2], u[1], u[0]
	u[4], u[5] = u[5], u[4]
	u[6], u[7] = u[7], u[6]
	return u
}

func formatUUID(u [16]byte) string {
	var b [36]byte
	hex.Encode(b[:8], u[:4])
	b[8] = '-'
	hex.Encode(b[9:13], u[4:6])
	b[13] = '-'
	hex.Encode(b[14:18], u[6:8])
	b[18] = '-'
	hex.Encode(b[19:23], u[8:10])
	b[23] = '-'
	hex.Encode(b[24:], u[10:])
	return string(b[:])
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

// uuidArg is the argument for a column of type UNIQUEIDENTIFIER.
func uuidArg(v any) (any, error) {
	switch x := v.(type) {
	case string:
		if u, ok := parseUUID(x); ok {
			return param{mssqldb.UniqueIdentifier(u), "uniqueidentifier"}, nil
		}
		return nil, dialect.Errorf(dialect.ErrInvalidText, "mssql: %q is not a UUID", x)
	case []byte:
		if len(x) == 16 {
			return param{mssqldb.UniqueIdentifier(x), "uniqueidentifier"}, nil
		}
		if u, ok := parseUUID(string(x)); ok {
			return param{mssqldb.UniqueIdentifier(u), "uniqueidentifier"}, nil
		}
		return nil, dialect.Errorf(dialect.ErrInvalidText, "mssql: %d bytes are not a UUID", len(x))
	}
	return untyped(v)
}

// decodeUUID gives a UNIQUEIDENTIFIER to what it is read into: 16 bytes in
// the order of the text, or the text.
func decodeUUID(dst any, v driver.Value) (driver.Value, bool, error) {
	b, ok := v.([]byte)
	if !ok || len(b) != 16 {
		return v, false, nil
	}
	u := swapUUID([16]byte(b))
	switch d := dst.(type) {
	case *[16]byte:
		*d = u
		return nil, true, nil
	case *[]byte, *dialect.Borrowed, **[]byte:
		return u[:], false, nil
	case *string, **string, *any, sql.Scanner:
		return formatUUID(u), false, nil
	}
	if p := reflect.ValueOf(dst); p.Kind() == reflect.Pointer && !p.IsNil() {
		e := p.Elem()
		if e.Kind() == reflect.Array && e.Len() == 16 && e.Type().Elem().Kind() == reflect.Uint8 {
			reflect.Copy(e, reflect.ValueOf(u))
			return nil, true, nil
		}
	}
	return formatUUID(u), false, nil
}

// decodeDecimal gives exact numbers as text, which loses nothing.
func decodeDecimal(_ any, v driver.Value) (driver.Value, bool, error) {
	if b, ok := v.([]byte); ok {
		return string(b), false, nil
	}
	return v, false, nil
}
