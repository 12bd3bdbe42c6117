package gokind

import (
	"reflect"
	"time"
	"unsafe"
)

// Kind is a plain Go type.
type Kind uint8

// The plain types. Other is none of them.
const (
	Other Kind = iota
	Bool
	Int
	Int8
	Int16
	Int32
	Int64
	Uint
	Uint8
	Uint16
	Uint32
	Uint64
	Float32
	Float64
	String
	Bytes
	Time
	Kinds // the number of kinds
)

var timeType = reflect.TypeFor[time.Time]()

// basic are the kinds of Go's basic types.
var basic = [...]Kind{
	reflect.Bool: Bool,
	reflect.Int:  Int, reflect.Int8: Int8, reflect.Int16: Int16, reflect.Int32: Int32, reflect.Int64: Int64,
	reflect.Uint: Uint, reflect.Uint8: Uint8, reflect.Uint16: Uint16, reflect.Uint32: Uint32, reflect.Uint64: Uint64,
	reflect.Float32: Float32, reflect.Float64: Float64,
	reflect.String: String,
}

// Of returns the kind with the layout of t in memory; Other where t is read and
// bound by itself ([ByItself]). Whether t has methods of
// its own to read or bind it is for the caller to look at first.
func Of(t reflect.Type) Kind {
	switch k := t.Kind(); {
	case ByItself(t):
		return Other
	case t == timeType:
		return Time
	case k == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return Bytes
	case int(k) < len(basic):
		return basic[k]
	}
	return Other
}

// Pointer returns p, which points to a variable of a type of kind k, as a
// pointer to the plain type; nil for Other. It does not allocate.
func (k Kind) Pointer(p unsafe.Pointer) any {
	switch k {
	case Bool:
		return (*bool)(p)
	case Int:
		return (*int)(p)
	case Int8:
		return (*int8)(p)
	case Int16:
		return (*int16)(p)
	case Int32:
		return (*int32)(p)
	case Int64:
		return (*int64)(p)
	case Uint:
		return (*uint)(p)
	case Uint8:
		return (*uint8)(p)
	case Uint16:
		return (*uint16)(p)
	case Uint32:
		return (*uint32)(p)
	case Uint64:
		return (*uint64)(p)
	case Float32:
		return (*float32)(p)
	case Float64:
		return (*float64)(p)
	case String:
		return (*string)(p)
	case Bytes:
		return (*[]byte)(p)
	case Time:
		return (*time.Time)(p)
	}
	return nil
}

// PointerToPointer is Pointer for a variable that is a pointer itself.
func (k Kind) PointerToPointer(p unsafe.Pointer) any {
	switch k {
	case Bool:
		return (**bool)(p)
	case Int:
		return (**int)(p)
	case Int8:
		return (**int8)(p)
	case Int16:
		return (**int16)(p)
	case Int32:
		return (**int32)(p)
	case Int64:
		return (**int64)(p)
	case Uint:
		return (**uint)(p)
	case Uint8:
		return (**uint8)(p)
	case Uint16:
		return (**uint16)(p)
	case Uint32:
		return (**uint32)(p)
	case Uint64:
		return (**uint64)(p)
	case Float32:
		return (**float32)(p)
	case Float64:
		return (**float64)(p)
	case String:
		return (**string)(p)
	case Bytes:
		return (**[]byte)(p)
	case Time:
		return (**time.Time)(p)
	}
	return nil
}
