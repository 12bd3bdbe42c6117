package recycle

import (
	"math/bits"
	"sync"
)

// most is the elements of the longest slice that is kept.
const most = 1 << 17

// Slices keeps slices of T until the next collections of garbage. The zero value
// is ready and safe for concurrent use.
type Slices[T any] struct{ pool sync.Pool }

// Get returns an empty slice with room for n elements.
func (p *Slices[T]) Get(n int) []T {
	if s, ok := p.pool.Get().(*[]T); ok && cap(*s) >= n {
		return *s
	}
	if n <= 1 {
		return make([]T, 0, n)
	}
	return make([]T, 0, 1<<bits.Len(uint(n-1)))
}

// Put keeps the room of s, which is cleared and not used any more by the caller.
func (p *Slices[T]) Put(s []T) {
	if cap(s) == 0 || cap(s) > most {
		return
	}
	clear(s)
	s = s[:0]
	p.pool.Put(&s)
}
