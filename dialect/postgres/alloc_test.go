//go:build !race

package postgres

import "testing"

// A row of eight columns allocates for its texts alone: two, and a pointer and a
// text for every third row's note.
func TestAllocationsOfRows(t *testing.T) {
	c := open(t)
	into := readAll(t, c, nil)
	n := testing.AllocsPerRun(5, func() { into = readAll(t, c, into) })
	if per := n / benchRows; per > 3 {
		t.Errorf("%.2f allocations a row, want at most 3", per)
	} else {
		t.Logf("%.2f allocations a row", per)
	}
}
