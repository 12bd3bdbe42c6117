package orm

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"encoding/json"
	"math"
	"reflect"
	"time"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/gokind"
)

// kind is the plain Go type that a column's value is reduced to: one that
// every dialect reads and binds without reflection.
type kind gokind.Kind

const (
	kindOther   = kind(gokind.Other)
	kindBool    = kind(gokind.Bool)
	kindInt     = kind(gokind.Int)
	kindInt8    = kind(gokind.Int8)
	kindInt16   = kind(gokind.Int16)
	kindInt32   = kind(gokind.Int32)
	kindInt64   = kind(gokind.Int64)
	kindUint    = kind(gokind.Uint)
	kindUint8   = kind(gokind.Uint8)
	kindUint16  = kind(gokind.Uint16)
	kindUint32  = kind(gokind.Uint32)
	kindUint64  = kind(gokind.Uint64)
	kindFloat32 = kind(gokind.Float32)
	kindFloat64 = kind(gokind.Float64)
	kindString  = kind(gokind.String)
	kindBytes   = kind(gokind.Bytes)
	kindTime    = kind(gokind.Time)
)

// integer reports whether values of the kind are whole numbers.
func (k kind) integer() bool { return k >= kindInt && k <= kindUint64 }

// form is how a field holds its value.
type form uint8

const (
	formPlain   form = iota // the value itself
	formPointer             // a pointer, nil for NULL
	formNull                // sql.Null[T], sql.NullString and their like
	formOther               // a sql.Scanner, a driver.Valuer, any: by reflection
	formJSON
)

var (
	timeType    = reflect.TypeFor[time.Time]()
	scannerType = reflect.TypeFor[sql.Scanner]()
	valuerType  = reflect.TypeFor[driver.Valuer]()
)

func isScanner(t reflect.Type) bool {
	return t.Implements(scannerType) || reflect.PointerTo(t).Implements(scannerType)
}

func isValuer(t reflect.Type) bool {
	return t.Implements(valuerType) || reflect.PointerTo(t).Implements(valuerType)
}

// plainKind returns the kind of a type that has no codec of its own.
func plainKind(t reflect.Type) kind {
	if t != timeType && (isScanner(t) || isValuer(t)) {
		return kindOther
	}
	return kind(gokind.Of(t))
}

// classify says how a field of type t holds its value. For formNull, valid is
// the offset of Valid.
func classify(t reflect.Type) (f form, k kind, elem reflect.Type, valid uintptr) {
	if t.Kind() == reflect.Struct && t.PkgPath() == "database/sql" && t.NumField() == 2 && t.Field(1).Name == "Valid" {
		v := t.Field(0)
		if k := plainKind(v.Type); k != kindOther {
			return formNull, k, v.Type, t.Field(1).Offset
		}
		return formOther, kindOther, v.Type, 0
	}
	if t.Kind() == reflect.Pointer {
		if k := plainKind(t.Elem()); k != kindOther {
			return formPointer, k, t.Elem(), 0
		}
		return formOther, kindOther, t.Elem(), 0
	}
	if k := plainKind(t); k != kindOther {
		return formPlain, k, t, 0
	}
	return formOther, kindOther, t, 0
}

// pointerTo returns p as a pointer to the kind's plain type. It does not
// allocate.
func (k kind) pointerTo(p unsafe.Pointer) any { return gokind.Kind(k).Pointer(p) }

// pointerToPointer returns p as a pointer to a pointer to the plain type.
func (k kind) pointerToPointer(p unsafe.Pointer) any { return gokind.Kind(k).PointerToPointer(p) }

// box returns the value at p as one of the plain types.
func (k kind) box(p unsafe.Pointer) any {
	switch k {
	case kindBool:
		return *(*bool)(p)
	case kindInt:
		return *(*int)(p)
	case kindInt8:
		return *(*int8)(p)
	case kindInt16:
		return *(*int16)(p)
	case kindInt32:
		return *(*int32)(p)
	case kindInt64:
		return *(*int64)(p)
	case kindUint:
		return *(*uint)(p)
	case kindUint8:
		return *(*uint8)(p)
	case kindUint16:
		return *(*uint16)(p)
	case kindUint32:
		return *(*uint32)(p)
	case kindUint64:
		return *(*uint64)(p)
	case kindFloat32:
		return *(*float32)(p)
	case kindFloat64:
		return *(*float64)(p)
	case kindString:
		return *(*string)(p)
	case kindBytes:
		return *(*[]byte)(p)
	case kindTime:
		return *(*time.Time)(p)
	}
	return nil
}

// equal compares two values of the kind. Instants are equal whatever their
// zone; NaN equals NaN, since writing it again changes nothing.
func (k kind) equal(a, b unsafe.Pointer) bool {
	switch k {
	case kindBool, kindInt8, kindUint8:
		return *(*uint8)(a) == *(*uint8)(b)
	case kindInt16, kindUint16:
		return *(*uint16)(a) == *(*uint16)(b)
	case kindInt32, kindUint32:
		return *(*uint32)(a) == *(*uint32)(b)
	case kindInt64, kindUint64:
		return *(*uint64)(a) == *(*uint64)(b)
	case kindInt, kindUint:
		return *(*uint)(a) == *(*uint)(b)
	case kindFloat32:
		x, y := *(*float32)(a), *(*float32)(b)
		return x == y || x != x && y != y
	case kindFloat64:
		x, y := *(*float64)(a), *(*float64)(b)
		return x == y || x != x && y != y
	case kindString:
		return *(*string)(a) == *(*string)(b)
	case kindBytes:
		return bytes.Equal(*(*[]byte)(a), *(*[]byte)(b))
	case kindTime:
		return (*time.Time)(a).Equal(*(*time.Time)(b))
	}
	return false
}

// copy makes *dst the value *src, and shares no memory with it that a program
// could write to.
func (k kind) copy(dst, src unsafe.Pointer) {
	switch k {
	case kindBool, kindInt8, kindUint8:
		*(*uint8)(dst) = *(*uint8)(src)
	case kindInt16, kindUint16:
		*(*uint16)(dst) = *(*uint16)(src)
	case kindInt32, kindUint32, kindFloat32:
		*(*uint32)(dst) = *(*uint32)(src)
	case kindInt64, kindUint64, kindFloat64:
		*(*uint64)(dst) = *(*uint64)(src)
	case kindInt, kindUint:
		*(*uint)(dst) = *(*uint)(src)
	case kindString:
		*(*string)(dst) = *(*string)(src)
	case kindBytes:
		*(*[]byte)(dst) = bytes.Clone(*(*[]byte)(src))
	case kindTime:
		*(*time.Time)(dst) = *(*time.Time)(src)
	}
}

// zero reports whether the value at p is the kind's zero value.
func (k kind) zero(p unsafe.Pointer) bool {
	switch k {
	case kindBool, kindInt8, kindUint8:
		return *(*uint8)(p) == 0
	case kindInt16, kindUint16:
		return *(*uint16)(p) == 0
	case kindInt32, kindUint32:
		return *(*uint32)(p) == 0
	case kindInt64, kindUint64:
		return *(*uint64)(p) == 0
	case kindInt, kindUint:
		return *(*uint)(p) == 0
	case kindFloat32:
		return *(*float32)(p) == 0
	case kindFloat64:
		return *(*float64)(p) == 0
	case kindString:
		return *(*string)(p) == ""
	case kindBytes:
		return len(*(*[]byte)(p)) == 0
	case kindTime:
		return (*time.Time)(p).IsZero()
	}
	return false
}

// int returns a whole number as an int64; one above the range of int64 keeps
// its bits.
func (k kind) int(p unsafe.Pointer) int64 {
	switch k {
	case kindInt:
		return int64(*(*int)(p))
	case kindInt8:
		return int64(*(*int8)(p))
	case kindInt16:
		return int64(*(*int16)(p))
	case kindInt32:
		return int64(*(*int32)(p))
	case kindInt64:
		return *(*int64)(p)
	case kindUint:
		return int64(*(*uint)(p))
	case kindUint8:
		return int64(*(*uint8)(p))
	case kindUint16:
		return int64(*(*uint16)(p))
	case kindUint32:
		return int64(*(*uint32)(p))
	case kindUint64:
		return int64(*(*uint64)(p))
	}
	return 0
}

// setInt stores a whole number; ok is false if it does not fit.
func (k kind) setInt(p unsafe.Pointer, v int64) (ok bool) {
	return dialect.AssignInt64(k.pointerTo(p), v) == nil
}

// key is a value that rows are found by: a whole number in n, anything else in
// s.
type key struct {
	n int64
	s string
}

// key returns the value at p as a key.
func (k kind) key(p unsafe.Pointer) key {
	switch k {
	case kindString:
		return key{s: *(*string)(p)}
	case kindBytes:
		return key{s: string(*(*[]byte)(p))}
	case kindTime:
		return key{n: (*time.Time)(p).UnixNano()}
	case kindBool:
		return key{n: int64(*(*uint8)(p))}
	case kindFloat32:
		return key{n: int64(math.Float64bits(float64(*(*float32)(p))))}
	case kindFloat64:
		return key{n: int64(math.Float64bits(*(*float64)(p)))}
	}
	return key{n: k.int(p)}
}

// keyOfValue returns a value of a driver as a key.
func keyOfValue(v any) (key, bool) {
	switch v := v.(type) {
	case nil:
		return key{}, false
	case int64:
		return key{n: v}, true
	case string:
		return key{s: v}, true
	case []byte:
		return key{s: string(v)}, true
	case time.Time:
		return key{n: v.UnixNano()}, true
	case bool:
		if v {
			return key{n: 1}, true
		}
		return key{}, true
	case float64:
		return key{n: int64(math.Float64bits(v))}, true
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.Array && r.Type().Elem().Kind() == reflect.Uint8 {
		b := make([]byte, r.Len())
		reflect.Copy(reflect.ValueOf(b), r)
		return key{s: string(b)}, true
	}
	b, err := json.Marshal(v)
	return key{s: string(b)}, err == nil
}

// appendKey makes k part of a key of several columns.
func appendKey(b []byte, k key) []byte {
	b = binary.AppendVarint(b, k.n)
	b = binary.AppendUvarint(b, uint64(len(k.s)))
	return append(b, k.s...)
}

// equalValues compares two values of a driver.
func equalValues(a, b any) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case []byte:
		y, ok := b.([]byte)
		return ok && bytes.Equal(x, y)
	case time.Time:
		y, ok := b.(time.Time)
		return ok && x.Equal(y)
	}
	return reflect.DeepEqual(a, b)
}
