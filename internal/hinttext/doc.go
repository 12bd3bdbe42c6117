// Package hinttext writes the text of hints that stand in a comment.
package hinttext

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Write appends text to a hint's comment, or reports that it might leave it.
func Write(w *dialect.Writer, text string) {
	for _, c := range text {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.ContainsRune(" _$#@.,()\"=`", c):
		default:
			w.Failf("expr: hint %q: %q cannot stand in a hint", text, c)
			return
		}
	}
	if strings.TrimSpace(text) == "" {
		w.Failf("expr: empty hint")
	}
	w.WriteString(text)
}
