package gokind

import (
	"reflect"
	"runtime"
	"testing"
	"time"
)

// A boxed value is what Go's own conversion makes of it, whatever is boxed
// afterwards and whatever becomes of the variable.
func TestBoxes(t *testing.T) {
	at := time.Date(2024, 2, 29, 1, 2, 3, 4, time.FixedZone("x", 3600))
	plain := map[Kind][2]any{ // the variable, and what is made of it
		Bool: {true, true},
		Int:  {-7, int64(-7)}, Int8: {int8(-8), int64(-8)}, Int16: {int16(-300), int64(-300)}, Int32: {int32(-70000), int64(-70000)}, Int64: {int64(-1 << 62), int64(-1 << 62)},
		Uint: {uint(7), uint64(7)}, Uint8: {uint8(255), int64(255)}, Uint16: {uint16(65535), int64(65535)}, Uint32: {uint32(1<<32 - 1), int64(1<<32 - 1)}, Uint64: {uint64(1<<64 - 1), uint64(1<<64 - 1)},
		Float32: {float32(0.1), float32(0.1)}, Float64: {0.1, 0.1},
		String: {"näme", "näme"}, Bytes: {[]byte{0, 1}, []byte{0, 1}}, Time: {at, at},
	}
	var b Boxes
	got := map[Kind][]any{}
	for round := range 3 * lastShelf {
		for k := Bool; k < Kinds; k++ {
			v := reflect.New(reflect.TypeOf(plain[k][0])).Elem()
			v.Set(reflect.ValueOf(plain[k][0]))
			got[k] = append(got[k], b.Of(k, v.Addr().UnsafePointer()))
			v.SetZero()
		}
		if round%100 == 0 {
			runtime.GC()
		}
	}
	for k := Bool; k < Kinds; k++ {
		for i, v := range got[k] {
			if !reflect.DeepEqual(v, plain[k][1]) {
				t.Fatalf("kind %d, the %d-th: %T %v, not %T %v", k, i, v, v, plain[k][1], plain[k][1])
			}
		}
	}
	var none []byte
	if v := b.Of(Bytes, reflect.ValueOf(&none).UnsafePointer()); v != nil {
		t.Errorf("a nil []byte is %v", v)
	}
	if v := b.Of(Other, nil); v != nil {
		t.Errorf("nothing is %v", v)
	}
}

func TestBoxesAllocateSeldom(t *testing.T) {
	var b Boxes
	texts := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	for range lastShelf {
		b.Of(String, reflect.ValueOf(&texts[0]).UnsafePointer())
	}
	n := testing.AllocsPerRun(100, func() {
		for i := range texts {
			sink = b.Of(String, reflect.ValueOf(&texts[i]).UnsafePointer())
		}
	})
	if n > 0 { // AllocsPerRun rounds down
		t.Errorf("%v allocations for %d values", n, len(texts))
	}
}
