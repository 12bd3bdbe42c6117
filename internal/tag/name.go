package tag

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Snake turns a Go name into a database name: UserID is user_id, HTTPServer
// is http_server, Line2 is line2.
func Snake(name string) string {
	var b strings.Builder
	rs := []rune(name)
	for i, r := range rs {
		if unicode.IsUpper(r) && i > 0 && rs[i-1] != '_' {
			before := unicode.IsLower(rs[i-1]) || unicode.IsDigit(rs[i-1])
			// the last capital of a run begins a word when a small letter
			// follows, other than a plural s at the end (IDs)
			after := unicode.IsUpper(rs[i-1]) && i+1 < len(rs) && unicode.IsLower(rs[i+1]) &&
				!(rs[i+1] == 's' && i+2 == len(rs))
			if before || after {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Plural gives an English plural by rule and without a dictionary: a consonant
// and y become ies; s, x, z, ch and sh take es; the others take s. Where that
// is not the word (Person), a table is named explicitly.
func Plural(name string) string {
	last, n := utf8.DecodeLastRuneInString(name)
	switch {
	case n == 0:
		return name
	case last == 'y' && len(name) > 1 && !strings.ContainsRune("aeiou", rune(name[len(name)-2])):
		return name[:len(name)-1] + "ies"
	case last == 's' || last == 'x' || last == 'z' || strings.HasSuffix(name, "ch") || strings.HasSuffix(name, "sh"):
		return name + "es"
	}
	return name + "s"
}

// Table is the table's name for a Go type of that name: OrderItem is
// order_items.
func Table(typeName string) string { return Plural(Snake(typeName)) }
