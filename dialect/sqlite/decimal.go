package sqlite

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// appendDecimal appends the text of a decimal as a column of the type keeps it: with
// the digits after the point that the type has, and no others before it than the number
// needs. So equal numbers are equal texts, for UNIQUE, GROUP BY and DISTINCT. ok is
// false for what stays as it is: no plain number, or one with more digits than the type.
func appendDecimal(dst []byte, s string, t *dialect.Type) (text []byte, ok bool) {
	if t == nil || t.Kind != dialect.Decimal || t.Inexact || t.Precision <= 0 || t.Scale < 0 {
		return dst, false
	}
	s = strings.TrimSpace(s)
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if whole+fraction == "" || strings.Trim(whole, "0123456789") != "" || strings.Trim(fraction, "0123456789") != "" {
		return dst, false
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if len(fraction) > t.Scale || len(whole) > t.Precision-t.Scale {
		return dst, false
	}
	if negative && whole+fraction != "" {
		dst = append(dst, '-')
	}
	if whole == "" {
		whole = "0"
	}
	dst = append(dst, whole...)
	if t.Scale > 0 {
		dst = append(dst, '.')
		dst = append(dst, fraction...)
		for range t.Scale - len(fraction) {
			dst = append(dst, '0')
		}
	}
	return dst, true
}
