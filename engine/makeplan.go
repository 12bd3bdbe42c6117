package engine

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/suggest"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

var mapType = reflect.TypeFor[map[string]any]()

// makePlan finds the place of each column in a t.
func makePlan(t reflect.Type, cols []dialect.Column) (*plan, error) {
	p := &plan{typ: t, names: make([]string, len(cols)), nodes: []node{{}}}
	for i, c := range cols {
		p.names[i] = c.Name
	}
	b := &planner{p: p}
	switch {
	case t == mapType:
		p.asMap = true
		b.distinct()
	case isTuple(t):
		b.tuple(t)
	case isRow(t):
		b.row(t)
	case t.Kind() == reflect.Pointer && isRow(t.Elem()):
		p.typ, p.ptr = t.Elem(), true
		if isTuple(p.typ) {
			b.tuple(p.typ)
		} else {
			b.row(p.typ)
		}
	case len(cols) != 1:
		b.bad("a %s takes a result of one column, and this one has %d (%s): use a struct", t, len(cols), strings.Join(p.names, ", "))
	default:
		p.steps = []step{b.step(t, false, t.String())}
	}
	if len(b.errs) > 0 {
		return nil, errors.Join(b.errs...)
	}
	p.nulls, p.raws, p.plain = b.nulls, b.raws, len(p.nodes) == 1 && b.nulls == 0 && b.raws == 0 && !p.asMap
	return p, nil
}

// planner makes one plan.
type planner struct {
	p     *plan
	nulls int
	raws  int
	errs  []error
}

func (b *planner) bad(format string, args ...any) {
	b.errs = append(b.errs, dialect.Errorf(ErrScan, "engine: "+format, args...))
}

// distinct refuses two columns of one name.
func (b *planner) distinct() {
	for i, n := range b.p.names {
		for j := range i {
			if b.p.names[j] == n {
				b.bad("columns %d and %d are both named %q: give one of them another name with AS", j+1, i+1, n)
			}
		}
	}
}

// step returns the step for a variable of type t. optional says that it lies in
// a struct that may not be there.
func (b *planner) step(t reflect.Type, optional bool, dest string) step {
	s := step{kind: kindOf(t), typ: t, null: -1, dest: dest}
	if off, inner, k, valid, ok := nullWrapper(t); ok {
		s.form, s.kind, s.typ, s.off, s.valid = wrapped, k, inner, off, valid
		optional = true
	}
	if optional {
		s.null = b.nulls
		b.nulls++
	}
	return s
}

// level is a struct in which columns look for their fields.
type level struct {
	typ      reflect.Type
	path     string // in Go, before the names of the fields: "Todo.Owner."
	prefix   string // in the result: "owner."
	node     int
	off      uintptr // in the node
	optional bool
	fields   []tag.Field
	filled   []int             // by which column, from 1; 0: none
	inner    map[string]*level // by field
	hops     map[string]int    // embedded pointers: path → node
}

func (b *planner) level(t reflect.Type, path, prefix string, node int, off uintptr, optional bool) *level {
	fields, err := tag.Fields(t)
	if err != nil {
		b.bad("%w", err)
		return nil
	}
	return &level{typ: t, path: path, prefix: prefix, node: node, off: off, optional: optional, fields: fields,
		filled: make([]int, len(fields)), inner: map[string]*level{}, hops: map[string]int{}}
}

// row plans a struct.
func (b *planner) row(t reflect.Type) {
	name := t.Name()
	if name == "" {
		name = "struct"
	}
	root := b.level(t, name+".", "", 0, 0, false)
	if root == nil {
		return
	}
	b.p.steps = make([]step, len(b.p.names))
	for i, n := range b.p.names {
		b.place(root, i, n)
	}
	if len(b.errs) == 0 { // else they would only repeat what was said
		b.missing(root)
	}
}

// isColumn reports whether a field takes a column, and not those of a struct.
func isColumn(f *tag.Field) bool {
	return f.Tag.Has("json") || f.Shape == tag.Value || f.Shape == tag.Other
}

// find looks for a field by the name of its column: exactly, or else without
// regard to case if there is only one.
// Where there are two, other is the second.
func (l *level) find(name string, want func(*tag.Field) bool) (at, other int) {
	at, other = -1, -1
	for i := range l.fields {
		f := &l.fields[i]
		switch {
		case !want(f):
		case f.Column == name:
			return i, -1
		case !strings.EqualFold(f.Column, name):
		case at < 0:
			at = i
		case other < 0:
			other = i
		}
	}
	return at, other
}

// between refuses a column that could be for two fields.
func (b *planner) between(l *level, i, at, other int) {
	f, g := &l.fields[at], &l.fields[other]
	b.bad("column %q (%d) could be for field %s%s (%q) or for %s%s (%q): give it the name of one of them with AS",
		b.p.names[i], i+1, l.path, f.Name, l.prefix+f.Column, l.path, g.Name, l.prefix+g.Column)
}

// place finds the field of column i, which is called name within l.
func (b *planner) place(l *level, i int, name string) {
	if at, other := l.find(name, isColumn); other >= 0 {
		b.between(l, i, at, other)
		return
	} else if at >= 0 {
		b.fill(l, i, at)
		return
	}
	if outer, rest, ok := strings.Cut(name, "."); ok {
		at, other := l.find(outer, func(f *tag.Field) bool { return f.Shape == tag.Struct && !f.Tag.Has("json") })
		if other >= 0 {
			b.between(l, i, at, other)
			return
		}
		if at >= 0 {
			if in := b.enter(l, &l.fields[at]); in != nil {
				b.place(in, i, rest)
			}
			return
		}
	}
	var names []string
	for j := range l.fields {
		if f := &l.fields[j]; isColumn(f) && l.filled[j] == 0 {
			names = append(names, f.Column)
		}
	}
	b.bad("column %q (%d) has no field in %s%s", b.p.names[i], i+1, l.typ, suggest.Hint(name, names))
}

// at returns the node and offset of a field, making nodes for the embedded
// pointers on the way.
func (b *planner) at(l *level, f *tag.Field) (nodeIndex int, off uintptr) {
	nodeIndex, off = l.node, l.off
	path := ""
	for _, h := range f.Pointers {
		path += fmt.Sprintf("%d ", h.Offset)
		n, ok := l.hops[path]
		if !ok {
			b.p.nodes = append(b.p.nodes, node{parent: nodeIndex, off: off + h.Offset, typ: h.Elem})
			n = len(b.p.nodes) - 1
			l.hops[path] = n
		}
		nodeIndex, off = n, 0
	}
	return nodeIndex, off + f.Offset
}

// fill makes field at of l the place of column i.
func (b *planner) fill(l *level, i, at int) {
	f := &l.fields[at]
	if j := l.filled[at]; j > 0 {
		b.bad("columns %d and %d (%q and %q) are both for field %s%s: give one of them another name with AS",
			j, i+1, b.p.names[j-1], b.p.names[i], l.path, f.Name)
		return
	}
	l.filled[at] = i + 1
	dest := fmt.Sprintf("%s%s (%s)", l.path, f.Name, f.Type)
	var s step
	if f.Tag.Has("json") {
		s = step{form: encoded, typ: f.Type, null: b.nulls, raw: b.raws, dest: dest}
		b.nulls++
		b.raws++
	} else {
		s = b.step(f.Type, l.optional, dest)
	}
	n, off := b.at(l, f)
	s.node = n
	s.valid += off
	s.off += off
	b.p.steps[i] = s
}

// enter returns the level of a nested struct.
func (b *planner) enter(l *level, f *tag.Field) *level {
	if in, ok := l.inner[f.Name]; ok {
		return in
	}
	t, optional := f.Type, l.optional
	n, off := b.at(l, f)
	if t.Kind() == reflect.Pointer {
		t, optional = t.Elem(), true
		b.p.nodes = append(b.p.nodes, node{parent: n, off: off, typ: t, optional: true})
		n, off = len(b.p.nodes)-1, 0
	}
	in := b.level(t, l.path+f.Name+".", l.prefix+f.Column+".", n, off, optional)
	l.inner[f.Name] = in
	return in
}

// missing refuses fields that no column fills.
func (b *planner) missing(l *level) {
	for i := range l.fields {
		f := &l.fields[i]
		if !isColumn(f) || l.filled[i] > 0 || f.Tag.Has("optional") {
			continue
		}
		var free []string
		if len(b.p.names) <= 32 {
			free = b.p.names
		}
		b.bad("field %s%s has no column %q in the result (%s): select it, or tag the field `db:\",optional\"` or `db:\"-\"`",
			l.path, f.Name, l.prefix+f.Column, strings.Join(free, ", "))
	}
	for _, f := range l.fields {
		if in := l.inner[f.Name]; in != nil {
			b.missing(in)
		}
	}
}
