package dialect

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/sqltext"
	"github.com/sqlayer-go/sqlayer/internal/suggest"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

// Text returns raw SQL as a Statement.
//
// If the only argument is a [Named], a map[string]any, or a struct or a pointer
// to one (whose fields are named as they scan), the text's :name parameters get
// their values from it; a name may stand more than once. Names that have no
// value, and names of a map that the text does not have, are an error. A slice
// that is the whole of IN (:name) opens up to one parameter an element, and an
// empty one matches nothing (NOT IN: everything). Where the elements are
// slices, arrays or structs of several values, they are tuples: (a, b) IN
// (:pairs). Literals, comments, quoted names and casts are left alone; \:
// stands for a colon.
//
// With other arguments, or none, the text goes to the database untouched, with the
// database's own placeholders. A sql.NamedArg gives an argument its name, which
// SQLite, SQL Server and Oracle know in a text of their own (:name, @name); where the
// database has no such names, arguments that are all sql.NamedArg are those of
// a Named.
func Text(text string, args ...any) Statement { return &textStatement{text, args} }

type textStatement struct {
	text string
	args []any
}

// CompileSQL implements Statement.
func (t *textStatement) CompileSQL(c *Compiled) error {
	class := sqltext.Classify(&c.Features().Lexical, t.text)
	c.Writes, c.Session, c.Ends = class.Writes, class.Session, class.Ends
	if class.Verb == "" {
		return Errorf(ErrStatement, "dialect: the text has no statement")
	}
	src, err := t.source(c.Features())
	if err != nil {
		return err
	}
	if src != nil {
		return c.namedText(t.text, src)
	}
	c.SetText(t.text)
	c.GrowArgs(len(t.args))
	for _, v := range t.args {
		a := Arg{Value: v}
		if n, ok := v.(sql.NamedArg); ok {
			a = Arg{Value: n.Value, Name: n.Name}
		}
		if err := c.fits(&a); err != nil {
			c.found(err)
			a.Value = nil
		}
		c.AddArg(a)
	}
	return nil
}

// source returns what holds the values of the text's names; nil where the
// arguments stand for the database's own placeholders.
func (t *textStatement) source(f *Features) (source, error) {
	if len(t.args) == 0 {
		return nil, nil
	}
	if first, named := t.args[0].(sql.NamedArg); named && first.Name != "" && !f.Lexical.NamedParams {
		m := make(mapSource, len(t.args))
		for _, v := range t.args {
			n, ok := v.(sql.NamedArg)
			if !ok || n.Name == "" {
				return nil, nil
			}
			if _, twice := m[n.Name]; twice {
				return nil, Errorf(ErrArguments, "dialect: two arguments for the parameter :%s", n.Name)
			}
			m[n.Name] = n.Value
		}
		return m, nil
	}
	if len(t.args) > 1 {
		return nil, nil
	}
	src := namedSource(t.args[0])
	if s, ok := src.(structSource); ok && s.err != nil {
		return nil, Errorf(ErrArguments, "dialect: %w", s.err)
	}
	return src, nil
}

// source gives the values of named parameters.
type source interface {
	lookup(name string) (any, bool)
	names() []string
	strict() bool // names that are not used are a mistake
	what() string
}

type mapSource map[string]any

func (m mapSource) lookup(name string) (any, bool) { v, ok := m[name]; return v, ok }
func (m mapSource) strict() bool                   { return true }
func (m mapSource) what() string                   { return "Named" }
func (m mapSource) names() []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	return names
}

type structSource struct {
	v      reflect.Value
	fields []tag.Field
	err    error
}

func (s structSource) strict() bool { return false }
func (s structSource) what() string { return s.v.Type().String() }
func (s structSource) names() []string {
	var names []string
	for _, f := range s.fields {
		if f.Shape == tag.Value || f.Shape == tag.Other {
			names = append(names, f.Column)
		}
	}
	return names
}

func (s structSource) lookup(name string) (any, bool) {
	for i := range s.fields {
		f := &s.fields[i]
		if f.Column != name || f.Shape == tag.Struct || f.Shape == tag.StructList {
			continue
		}
		v, err := s.v.FieldByIndexErr(f.Index)
		if err != nil { // a nil embedded pointer
			return nil, true
		}
		return v.Interface(), true
	}
	return nil, false
}

// namedSource returns the values in a if it is a Named, a map or a struct,
// and nil if it is an ordinary argument.
func namedSource(a any) source {
	switch a := a.(type) {
	case nil, time.Time, *time.Time, driver.Valuer, sql.Scanner, sql.NamedArg:
		return nil
	case Named:
		return mapSource(a)
	case map[string]any:
		return mapSource(a)
	}
	v := reflect.ValueOf(a)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			if e := v.Type().Elem(); e.Kind() == reflect.Struct && !tag.IsValue(e) {
				return structSource{err: fmt.Errorf("a nil %s has no values for parameters", v.Type())}
			}
			return nil
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct || tag.IsValue(v.Type()) {
		return nil
	}
	fields, err := tag.Fields(v.Type())
	return structSource{v, fields, err}
}

// NamedText appends text whose :name parameters have their values in args, by
// the rules of [Text].
func (w *Writer) NamedText(text string, args Named) {
	if err := w.namedText(text, mapSource(args)); err != nil {
		w.found(err)
	}
}

func (w *Writer) namedText(text string, src source) error {
	f := w.Features()
	pieces, marks := sqltext.Params(&f.Lexical, text)
	if i := slices.IndexFunc(marks, func(m string) bool { return isPlaceholder(f.Placeholder, m) }); i >= 0 {
		mark := marks[i]
		return Errorf(ErrArguments, "dialect: the text has the placeholder %s, but its arguments are named; write :name", mark)
	}
	type use struct {
		name  string
		index int // of the argument
	}
	var used []use
	var missing []string
	for _, p := range pieces {
		if p.Name == "" {
			w.WriteString(p.Text)
			continue
		}
		v, ok := src.lookup(p.Name)
		if !ok {
			if !slices.Contains(missing, p.Name) {
				missing = append(missing, p.Name)
			}
			continue
		}
		if p.List {
			used = append(used, use{p.Name, -1})
			if err := writeIn(w, p, v); err != nil {
				return err
			}
			continue
		}
		at := slices.IndexFunc(used, func(u use) bool { return u.name == p.Name && u.index >= 0 })
		if at >= 0 {
			w.BindAgain(used[at].index)
			continue
		}
		used = append(used, use{p.Name, w.BindArg(Arg{Value: v, Name: p.Name})})
	}
	if len(missing) > 0 {
		return Errorf(ErrArguments, "dialect: no value for %s in %s%s", nameList(missing), src.what(),
			suggest.Hint(missing[0], src.names()))
	}
	if src.strict() {
		var surplus []string
		for _, n := range src.names() {
			if !slices.ContainsFunc(used, func(u use) bool { return u.name == n }) {
				surplus = append(surplus, n)
			}
		}
		if surplus != nil {
			slices.Sort(surplus)
			return Errorf(ErrArguments, "dialect: the text has no parameter %s", nameList(surplus))
		}
	}
	return nil
}

func nameList(names []string) string { return ":" + strings.Join(names, ", :") }

// isPlaceholder reports whether a mark found in a text is one of the
// dialect's: ? is an operator on PostgreSQL, for example.
func isPlaceholder(p Placeholder, mark string) bool {
	switch p {
	case Dollar:
		return len(mark) > 1 && mark[0] == '$' && '0' <= mark[1] && mark[1] <= '9'
	case AtP: // the others are variables
		return len(mark) > 2 && mark[0] == '@' && mark[1]|0x20 == 'p' && '0' <= mark[2] && mark[2] <= '9'
	case Colon:
		return mark[0] == ':'
	}
	return mark[0] == '?'
}

// writeIn writes the operator and list for v.
func writeIn(w *Writer, p sqltext.Piece, v any) error {
	f := w.Features()
	word := "IN ("
	if p.Not {
		word = "NOT IN ("
	}
	items := reflect.ValueOf(v)
	if !isList(items) {
		w.WriteString(word)
		w.BindArg(Arg{Value: v, Name: p.Name})
		w.WriteByte(')')
		return nil
	}
	n := items.Len()
	if p.Group != 0 && (isTuple(items.Type().Elem()) || n > 0 && elem(items, 0).IsValid() && isTuple(elem(items, 0).Type())) {
		return writeTuples(w, p, items)
	}
	if n == 0 {
		if p.Not {
			w.WriteString(f.EmptyNotIn)
		} else {
			w.WriteString(f.EmptyIn)
		}
		return nil
	}
	if f.MaxInList > 0 && n > f.MaxInList {
		return Errorf(ErrArguments, "dialect: :%s has %d items, and a list of %s takes at most %d", p.Name, n, w.Dialect().Name(), f.MaxInList)
	}
	w.WriteString(word)
	for i := range n {
		if i > 0 {
			w.WriteString(", ")
		}
		w.BindArg(Arg{Value: items.Index(i).Interface(), Name: p.Name})
	}
	w.WriteByte(')')
	return nil
}

// isList reports whether v opens up in IN: a slice or an array other than of
// bytes, and not one that is a value of the database by itself.
func isList(v reflect.Value) bool {
	if !v.IsValid() || v.Kind() != reflect.Slice && v.Kind() != reflect.Array || v.Type().Elem().Kind() == reflect.Uint8 {
		return false
	}
	_, ok := v.Interface().(driver.Valuer)
	return !ok
}
