package gokind

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"
)

type (
	name  string
	level int8
	blob  []byte
)

// Every kind is that of its plain type, and pointers come back as pointers to
// that type, to the same variable, without an allocation.
func TestPointers(t *testing.T) {
	plain := [Kinds]reflect.Type{
		Bool: reflect.TypeFor[bool](),
		Int:  reflect.TypeFor[int](), Int8: reflect.TypeFor[int8](), Int16: reflect.TypeFor[int16](), Int32: reflect.TypeFor[int32](), Int64: reflect.TypeFor[int64](),
		Uint: reflect.TypeFor[uint](), Uint8: reflect.TypeFor[uint8](), Uint16: reflect.TypeFor[uint16](), Uint32: reflect.TypeFor[uint32](), Uint64: reflect.TypeFor[uint64](),
		Float32: reflect.TypeFor[float32](), Float64: reflect.TypeFor[float64](),
		String: reflect.TypeFor[string](), Bytes: reflect.TypeFor[[]byte](), Time: reflect.TypeFor[time.Time](),
	}
	for k := Bool; k < Kinds; k++ {
		if Of(plain[k]) != k {
			t.Errorf("%v is of kind %d, not %d", plain[k], Of(plain[k]), k)
			continue
		}
		v, pv := reflect.New(plain[k]), reflect.New(reflect.PointerTo(plain[k]))
		p, pp := v.UnsafePointer(), pv.UnsafePointer()
		if got := reflect.ValueOf(k.Pointer(p)); got.Type() != v.Type() || got.UnsafePointer() != p {
			t.Errorf("Pointer of %v gives %v", plain[k], got.Type())
		}
		if got := reflect.ValueOf(k.PointerToPointer(pp)); got.Type() != pv.Type() || got.UnsafePointer() != pp {
			t.Errorf("PointerToPointer of %v gives %v", plain[k], got.Type())
		}
		if n := testing.AllocsPerRun(10, func() { sink = k.Pointer(p); sink = k.PointerToPointer(pp) }); n != 0 {
			t.Errorf("%v: %v allocations", plain[k], n)
		}
	}
	if Other.Pointer(nil) != nil || Other.PointerToPointer(nil) != nil {
		t.Error("a pointer to nothing")
	}
}

var sink any

func TestOfOtherTypes(t *testing.T) {
	for v, want := range map[any]Kind{
		name(""): String, level(0): Int8, time.Duration(0): Other, struct{}{}: Other, [4]byte{}: Other, complex(1, 1): Other,
	} {
		if got := Of(reflect.TypeOf(v)); got != want {
			t.Errorf("%T is of kind %d, want %d", v, got, want)
		}
	}
	for _, v := range []any{blob(nil), json.RawMessage(nil)} {
		if Of(reflect.TypeOf(v)) != Bytes {
			t.Errorf("%T is not of kind Bytes", v)
		}
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[any](), reflect.TypeFor[fmt.Stringer](), reflect.TypeFor[*int](), reflect.TypeFor[[]int](),
		reflect.TypeFor[map[string]int](), reflect.TypeFor[uintptr](), reflect.TypeFor[func()](), reflect.TypeFor[chan int]()} {
		if got := Of(typ); got != Other {
			t.Errorf("%v is of kind %d", typ, got)
		}
	}
}
