package recycle

import "testing"

func TestSlices(t *testing.T) {
	var p Slices[*int]
	for _, n := range []int{0, 1, 2, 7, 4096, 7000, most + 1} {
		s := p.Get(n)
		if len(s) != 0 || cap(s) < n || cap(s) > max(2*n, 8192) {
			t.Errorf("Get(%d) has %d elements and room for %d", n, len(s), cap(s))
		}
		for range n {
			s = append(s, new(int))
		}
		p.Put(s)
		if n > 0 && n <= most && s[n-1] != nil {
			t.Errorf("Put holds what was in a slice of %d", n)
		}
	}
}
