package gokind

import (
	"time"
	"unsafe"
)

// Boxes makes interfaces of values, with one allocation for many. What it has
// made stays as it is. The zero value is ready; it is used by one goroutine at a
// time.
type Boxes struct {
	ints    shelf[int64]
	uints   shelf[uint64]
	singles shelf[float32]
	floats  shelf[float64]
	strings shelf[string]
	bytes   shelf[[]byte]
	times   shelf[time.Time]
}

// Of is the variable of kind k at p as a value of the plain type: integers are
// an int64, or an uint64 where they may be beyond one. It is nil for a []byte
// that is nil, and for Other.
func (b *Boxes) Of(k Kind, p unsafe.Pointer) any {
	switch k {
	case Bool:
		return *(*bool)(p)
	case Int:
		return b.ints.box(intWord, int64(*(*int)(p)))
	case Int8:
		return b.ints.box(intWord, int64(*(*int8)(p)))
	case Int16:
		return b.ints.box(intWord, int64(*(*int16)(p)))
	case Int32:
		return b.ints.box(intWord, int64(*(*int32)(p)))
	case Int64:
		return b.ints.box(intWord, *(*int64)(p))
	case Uint:
		return b.uints.box(uintWord, uint64(*(*uint)(p)))
	case Uint8:
		return b.ints.box(intWord, int64(*(*uint8)(p)))
	case Uint16:
		return b.ints.box(intWord, int64(*(*uint16)(p)))
	case Uint32:
		return b.ints.box(intWord, int64(*(*uint32)(p)))
	case Uint64:
		return b.uints.box(uintWord, *(*uint64)(p))
	case Float32:
		return b.singles.box(singleWord, *(*float32)(p))
	case Float64:
		return b.floats.box(floatWord, *(*float64)(p))
	case String:
		return b.strings.box(stringWord, *(*string)(p))
	case Bytes:
		if v := *(*[]byte)(p); v != nil {
			return b.bytes.box(bytesWord, v)
		}
	case Time:
		return b.times.box(timeWord, *(*time.Time)(p))
	}
	return nil
}

// eface is an interface in memory: its type, and where the value is.
type eface struct{ word, data unsafe.Pointer }

func word(v any) unsafe.Pointer { return (*eface)(unsafe.Pointer(&v)).word }

var (
	intWord    = word(int64(0))
	uintWord   = word(uint64(0))
	singleWord = word(float32(0))
	floatWord  = word(float64(0))
	stringWord = word("")
	bytesWord  = word([]byte(nil))
	timeWord   = word(time.Time{})
)

// shelf is where values stand that interfaces point to.
type shelf[T any] struct {
	free []T // the rest of the last allocation
	size int // of that
}

const (
	firstShelf = 4
	lastShelf  = 256
)

// box returns v as an interface, whose type is that of word.
func (s *shelf[T]) box(word unsafe.Pointer, v T) (boxed any) {
	if len(s.free) == 0 {
		s.size = min(max(2*s.size, firstShelf), lastShelf)
		s.free = make([]T, s.size)
	}
	at := &s.free[0]
	s.free = s.free[1:]
	*at = v
	*(*eface)(unsafe.Pointer(&boxed)) = eface{word, unsafe.Pointer(at)}
	return boxed
}
