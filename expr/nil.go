package expr

import (
	"database/sql/driver"
	"reflect"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// isNil reports whether a parameter's value is NULL: nil, a nil pointer, a nil
// slice of bytes or of anything else, and what says so of itself (a sql.Null).
// A nil of a type that was given to dialect.Decorate is what its functions make
// of it.
func isNil(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string, int64, int, bool, float64, int32:
		return false
	case []byte:
		return v == nil
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Pointer:
		return r.IsNil()
	case reflect.Slice, reflect.Map:
		_, decorated := dialect.DecoratedType(r.Type())
		return r.IsNil() && !decorated
	case reflect.Struct:
		if valuer, ok := v.(driver.Valuer); ok {
			x, err := valuer.Value()
			return x == nil && err == nil
		}
	}
	return false
}

// mayBeNil reports whether isNil can be true of values of a type.
func mayBeNil(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return true
	case reflect.Struct:
		return t.Implements(valuerType)
	}
	return false
}

var valuerType = reflect.TypeFor[driver.Valuer]()
