package ownsql

import (
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Package is the name of the package that the functions are of.
type Package string

// Function is a function by its text; what stands before the first parenthesis
// is its name, which Features.Own must have.
func (p Package) Function(text, instead string) *expr.Template {
	name, _, _ := strings.Cut(text, "(")
	return p.Named(name, text, instead)
}

// Named is a function, or another closed text, of that name.
func (p Package) Named(name, text, instead string) *expr.Template {
	return &expr.Template{Name: name, Text: text, Own: p.Key(name), Instead: instead, Precedence: expr.BindsClosed}
}

// Comparison is a condition that binds as a comparison does.
func (p Package) Comparison(name, text, instead string) *expr.Template {
	return &expr.Template{Name: name, Text: text, Own: p.Key(name), Instead: instead, Precedence: expr.BindsAsComparison}
}

// Key is a name as Features.Own has it: after the package's, in lower case, with _ for a
// space.
func (p Package) Key(name string) string {
	return string(p) + "." + strings.ReplaceAll(strings.ToLower(name), " ", "_")
}

// Refused reports a construct that the database does not have; a caller then
// writes nothing.
func (p Package) Refused(w *dialect.Writer, name, instead string) bool {
	if w.Features().HasOwn(p.Key(name)) {
		return false
	}
	w.Unsupported(name, instead)
	return true
}

// Words reports whether s consists of letters, digits, _ and spaces, as names of
// types and character sets do.
func Words(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == ' ') {
			return false
		}
	}
	return strings.TrimSpace(s) != ""
}

// Any is a list of expressions with some of one type at its end.
func Any[T any](first []expr.Any, es []expr.Of[T]) []expr.Any {
	list := append([]expr.Any(nil), first...)
	for _, e := range es {
		list = append(list, e)
	}
	return list
}

// Values makes parameters of values.
func Values[T any](vs []T) []expr.Any {
	list := make([]expr.Any, len(vs))
	for i, v := range vs {
		list[i] = expr.Value(v)
	}
	return list
}

// Holes are n holes of a template from one on, with commas between.
func Holes(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("{")
		b.WriteString(strconv.Itoa(first + i))
		b.WriteString("}")
	}
	return b.String()
}
