package tag

import (
	"fmt"
	"strings"

	"github.com/sqlayer-go/sqlayer/internal/suggest"
)

// Key is the struct tag's key.
const Key = "db"

// Tag is a tag that has been read.
type Tag struct {
	Name    string // empty: after the naming rule
	Skip    bool   // the tag is "-"
	Options []Option
}

// Option is one option of a tag; Value is empty where it has none.
type Option struct{ Name, Value string }

// want says whether an option takes a value.
type want uint8

const (
	noValue want = iota
	needsValue
	mayHaveValue
)

// options are all options of all layers.
var options = map[string]want{
	// columns
	"pk": noValue, "identity": noValue, "null": noValue, "notnull": noValue, "unique": mayHaveValue, "index": mayHaveValue,
	"type": needsValue, "size": needsValue, "precision": needsValue, "scale": needsValue, "collate": needsValue,
	"default": needsValue, "check": needsValue, "comment": needsValue, "computed": needsValue, "stored": noValue, "triggers": noValue,
	"fk": needsValue, "ondelete": needsValue, "onupdate": needsValue,
	// tables
	"schema": needsValue, "alias": needsValue,
	// struct fields
	"embed": noValue, "prefix": needsValue, "json": noValue, "readonly": noValue, "version": noValue, "optional": noValue,
	// relations
	"belongs-to": noValue, "has-many": noValue, "has-one": noValue, "many-to-many": needsValue, "cascade": needsValue,
	"order": needsValue, "ref": needsValue,
}

// Known returns the names of all options.
func Known() []string {
	names := make([]string, 0, len(options))
	for n := range options {
		names = append(names, n)
	}
	return names
}

// Get returns the value of an option and whether the tag has it.
func (t *Tag) Get(name string) (value string, ok bool) {
	for i := range t.Options {
		if t.Options[i].Name == name {
			return t.Options[i].Value, true
		}
	}
	return "", false
}

// Has reports whether the tag has an option.
func (t *Tag) Has(name string) bool {
	_, ok := t.Get(name)
	return ok
}

// Parse reads the value of a tag. An unknown option is an error that suggests
// the nearest; so are an option given twice, one whose value is missing or
// too many, and an unfinished quote or parenthesis.
func Parse(s string) (Tag, error) {
	if s == "-" {
		return Tag{Skip: true}, nil
	}
	parts, err := split(s)
	if err != nil {
		return Tag{}, err
	}
	t := Tag{Name: strings.TrimSpace(parts[0])}
	for _, part := range parts[1:] {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		name, value, has := strings.Cut(part, ":")
		name = strings.TrimSpace(name)
		w, ok := options[name]
		switch {
		case !ok:
			return Tag{}, fmt.Errorf("tag %q: unknown option %q%s", s, name, suggest.Hint(name, Known()))
		case t.Has(name):
			return Tag{}, fmt.Errorf("tag %q: option %q is given twice", s, name)
		case w == noValue && has:
			return Tag{}, fmt.Errorf("tag %q: option %q takes no value", s, name)
		case w == needsValue && !has:
			return Tag{}, fmt.Errorf("tag %q: option %q needs a value, as in %s:value", s, name, name)
		}
		if value, err = unquote(strings.TrimSpace(value)); err != nil {
			return Tag{}, fmt.Errorf("tag %q: option %q: %w", s, name, err)
		}
		t.Options = append(t.Options, Option{name, value})
	}
	return t, nil
}

// split cuts s at the commas outside quotes and parentheses.
func split(s string) ([]string, error) {
	var parts []string
	depth, quoted, start := 0, false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'':
			quoted = !quoted // a doubled quote closes and opens again
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return nil, fmt.Errorf("tag %q: closing parenthesis without an opening one", s)
			}
		case c == ',' && depth == 0:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	if quoted {
		return nil, fmt.Errorf("tag %q: a quote is not closed", s)
	}
	if depth > 0 {
		return nil, fmt.Errorf("tag %q: a parenthesis is not closed", s)
	}
	return append(parts, s[start:]), nil
}

// unquote takes the quotes off a value that is quoted as a whole.
func unquote(s string) (string, error) {
	if !strings.HasPrefix(s, "'") {
		return s, nil
	}
	if len(s) < 2 || !strings.HasSuffix(s, "'") {
		return "", fmt.Errorf("text after the closing quote in %s", s)
	}
	in := s[1 : len(s)-1]
	if strings.Contains(strings.ReplaceAll(in, "''", ""), "'") {
		return "", fmt.Errorf("text after the closing quote in %s", s)
	}
	return strings.ReplaceAll(in, "''", "'"), nil
}
