// Package suggest finds the name that was probably meant by one that is not
// known, for error messages.
package suggest

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest returns the candidate with the fewest edits (insertion, deletion,
// substitution, transposition; case does not count) from name, if that is
// close enough to be a slip: at most a third of the longer name's length, and
// at least one edit is always allowed. Of several, the first in sorted order
// is taken. It returns "" where none is close.
func Nearest(name string, candidates []string) string {
	sorted := slices.Clone(candidates)
	slices.Sort(sorted)
	best, bestDistance := "", -1
	for _, c := range sorted {
		d := distance(strings.ToLower(name), strings.ToLower(c))
		if d <= max(1, max(len(name), len(c))/3) && (bestDistance < 0 || d < bestDistance) {
			best, bestDistance = c, d
		}
	}
	return best
}

// Hint returns " (did you mean "x"?)" for the nearest candidate, or "".
func Hint(name string, candidates []string) string {
	if n := Nearest(name, candidates); n != "" {
		return fmt.Sprintf(" (did you mean %q?)", n)
	}
	return ""
}

// distance is the optimal string alignment distance in bytes.
func distance(a, b string) int {
	older, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], older[j-2]+1)
			}
		}
		older, prev, cur = prev, cur, older
	}
	return prev[len(b)]
}
