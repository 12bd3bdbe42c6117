package engine

import (
	"database/sql"
	"reflect"
	"time"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/internal/tag"
)

// kind is the plain Go type that a destination is reduced to: one that every
// dialect's Rows take without reflection.
type kind uint8

const (
	kindOther kind = iota // the type itself: a sql.Scanner, or the dialect's own
	kindBool
	kindInt
	kindInt8
	kindInt16
	kindInt32
	kindInt64
	kindUint
	kindUint8
	kindUint16
	kindUint32
	kindUint64
	kindFloat32
	kindFloat64
	kindString
	kindBytes
	kindTime
	kindAny
	kindPtr // kindPtr + k is a pointer to k
)

var timeType = reflect.TypeFor[time.Time]()

var scannerType = reflect.TypeFor[sql.Scanner]()

// isScanner reports whether a pointer to t scans itself.
func isScanner(t reflect.Type) bool { return reflect.PointerTo(t).Implements(scannerType) }

// kindOf returns the kind of a variable of type t.
func kindOf(t reflect.Type) kind {
	if t.Kind() == reflect.Pointer {
		if isScanner(t) || t.Implements(scannerType) {
			return kindOther
		}
		if k := plainKind(t.Elem()); k != kindOther && k != kindAny {
			return kindPtr + k
		}
		return kindOther
	}
	return plainKind(t)
}

func plainKind(t reflect.Type) kind {
	if t == timeType {
		return kindTime
	}
	if isScanner(t) {
		return kindOther
	}
	switch t.Kind() {
	case reflect.Bool:
		return kindBool
	case reflect.Int:
		return kindInt
	case reflect.Int8:
		return kindInt8
	case reflect.Int16:
		return kindInt16
	case reflect.Int32:
		return kindInt32
	case reflect.Int64:
		return kindInt64
	case reflect.Uint:
		return kindUint
	case reflect.Uint8:
		return kindUint8
	case reflect.Uint16:
		return kindUint16
	case reflect.Uint32:
		return kindUint32
	case reflect.Uint64:
		return kindUint64
	case reflect.Float32:
		return kindFloat32
	case reflect.Float64:
		return kindFloat64
	case reflect.String:
		return kindString
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return kindBytes
		}
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return kindAny
		}
	}
	return kindOther
}

// pointer returns a pointer to the variable at p, as a pointer to the kind's
// plain type. Types of one kind have one layout in memory. No case allocates.
func pointer(k kind, p unsafe.Pointer, t reflect.Type) any {
	switch k {
	case kindBool:
		return (*bool)(p)
	case kindInt:
		return (*int)(p)
	case kindInt8:
		return (*int8)(p)
	case kindInt16:
		return (*int16)(p)
	case kindInt32:
		return (*int32)(p)
	case kindInt64:
		return (*int64)(p)
	case kindUint:
		return (*uint)(p)
	case kindUint8:
		return (*uint8)(p)
	case kindUint16:
		return (*uint16)(p)
	case kindUint32:
		return (*uint32)(p)
	case kindUint64:
		return (*uint64)(p)
	case kindFloat32:
		return (*float32)(p)
	case kindFloat64:
		return (*float64)(p)
	case kindString:
		return (*string)(p)
	case kindBytes:
		return (*[]byte)(p)
	case kindTime:
		return (*time.Time)(p)
	case kindAny:
		return (*any)(p)
	case kindPtr + kindBool:
		return (**bool)(p)
	case kindPtr + kindInt:
		return (**int)(p)
	case kindPtr + kindInt8:
		return (**int8)(p)
	case kindPtr + kindInt16:
		return (**int16)(p)
	case kindPtr + kindInt32:
		return (**int32)(p)
	case kindPtr + kindInt64:
		return (**int64)(p)
	case kindPtr + kindUint:
		return (**uint)(p)
	case kindPtr + kindUint8:
		return (**uint8)(p)
	case kindPtr + kindUint16:
		return (**uint16)(p)
	case kindPtr + kindUint32:
		return (**uint32)(p)
	case kindPtr + kindUint64:
		return (**uint64)(p)
	case kindPtr + kindFloat32:
		return (**float32)(p)
	case kindPtr + kindFloat64:
		return (**float64)(p)
	case kindPtr + kindString:
		return (**string)(p)
	case kindPtr + kindBytes:
		return (**[]byte)(p)
	case kindPtr + kindTime:
		return (**time.Time)(p)
	}
	return reflect.NewAt(t, p).Interface()
}

// nullWrapper recognises sql.Null[T], sql.NullString and their like, which are
// filled without boxing the value. It returns the value's offset, type and
// kind, and the offset of Valid.
func nullWrapper(t reflect.Type) (value uintptr, inner reflect.Type, k kind, valid uintptr, ok bool) {
	if t.Kind() != reflect.Struct || t.PkgPath() != "database/sql" || t.NumField() != 2 {
		return
	}
	v, f := t.Field(0), t.Field(1)
	if f.Name != "Valid" || f.Type.Kind() != reflect.Bool {
		return
	}
	if k = kindOf(v.Type); k == kindOther && !isScanner(v.Type) || k == kindAny {
		return
	}
	return v.Offset, v.Type, k, f.Offset, true
}

// isRow reports whether a T is filled from several columns.
func isRow(t reflect.Type) bool { return t.Kind() == reflect.Struct && !tag.IsValue(t) }
