package tag

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/gokind"
)

// Shape says what a struct field holds.
type Shape uint8

// The shapes of fields.
const (
	Value      Shape = iota // one column: a basic kind, time.Time, []byte, a Scanner or Valuer, a pointer to one
	Struct                  // another struct, or a pointer to one
	StructList              // a slice of structs or of pointers to structs
	Other                   // anything else: a map, a channel, a slice of numbers
)

// Field is an exported field of a struct, those of embedded structs included,
// in the order of declaration.
type Field struct {
	Name   string // in Go, with the embedding structs' names before it: "Base.ID"
	Column string // the tag's name, or Snake of the field's
	Tag    Tag
	Type   reflect.Type
	Shape  Shape
	// Index is the path for reflect.Value.FieldByIndex.
	Index []int
	// Offset is the field's offset from the start of the struct, if no
	// pointer lies on the way: Pointers is then empty.
	Offset uintptr
	// Pointers are the embedded pointers on the way, outermost first.
	Pointers []Hop
}

// Hop is an embedded pointer: it lies at Offset (from the start of the struct
// or of the one that the hop before it leads to) and points to Elem. The
// field's own Offset counts from the last one.
type Hop struct {
	Offset uintptr
	Elem   reflect.Type
}

type entry struct {
	fields []Field
	err    error
}

var cache sync.Map // reflect.Type → entry; grows once a type

// Fields lists the fields of struct type t that the database may have: the
// exported ones whose tag is not "-". An embedded struct that is not a value
// (time.Time is one) gives its fields in its place, as does a field with the
// option embed, whose columns take the option prefix. Two fields of one column
// at the same depth are an error that names both; a field of an embedded struct
// is hidden by one of the same Go name further out, as in Go. The result is
// cached and must not be changed.
func Fields(t reflect.Type) ([]Field, error) {
	if e, ok := cache.Load(t); ok {
		return e.(entry).fields, e.(entry).err
	}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s is not a struct", t)
	}
	w := walker{root: t}
	fields, err := w.walk(t, frame{}, map[reflect.Type]bool{})
	if err == nil {
		fields, err = w.resolve(fields)
	}
	e, _ := cache.LoadOrStore(t, entry{fields, err})
	return e.(entry).fields, e.(entry).err
}

type frame struct {
	name, prefix string
	index        []int
	offset       uintptr
	pointers     []Hop
	depth        int
}

type walker struct {
	root reflect.Type
}

type found struct {
	Field
	goName string
	depth  int
}

func (w *walker) walk(t reflect.Type, f frame, open map[reflect.Type]bool) ([]Field, error) {
	found, err := w.collect(t, f, open)
	if err != nil {
		return nil, err
	}
	// Go's rule: the shallowest field of a name hides the others.
	depth := map[string]int{}
	for _, x := range found {
		if d, ok := depth[x.goName]; !ok || x.depth < d {
			depth[x.goName] = x.depth
		}
	}
	fields := make([]Field, 0, len(found))
	for _, x := range found {
		if x.depth == depth[x.goName] {
			fields = append(fields, x.Field)
		}
	}
	return fields, nil
}

func (w *walker) collect(t reflect.Type, f frame, open map[reflect.Type]bool) ([]found, error) {
	if open[t] {
		return nil, fmt.Errorf("%s embeds %s within itself", w.root, t)
	}
	open[t] = true
	defer delete(open, t)
	var out []found
	for i := range t.NumField() {
		sf := t.Field(i)
		text, tagged := sf.Tag.Lookup(Key)
		tag, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t, sf.Name, err)
		}
		if tag.Skip {
			continue
		}
		shape := ShapeOf(sf.Type)
		embed := tag.Has("embed") || sf.Anonymous && shape == Struct && tag.Name == ""
		if embed && shape != Struct {
			return nil, fmt.Errorf("%s.%s: option embed is for structs, not for %s", t, sf.Name, sf.Type)
		}
		if !sf.IsExported() && !(sf.Anonymous && embed && sf.Type.Kind() == reflect.Struct) {
			if tagged && text != "" {
				return nil, fmt.Errorf("%s.%s has a db tag and is not exported", t, sf.Name)
			}
			continue
		}
		index := append(append([]int(nil), f.index...), i)
		if embed {
			g := frame{name: f.name + sf.Name + ".", prefix: f.prefix, index: index, offset: f.offset + sf.Offset,
				pointers: f.pointers, depth: f.depth}
			if sf.Anonymous {
				g.depth++
			}
			if p, ok := tag.Get("prefix"); ok {
				g.prefix += p
			}
			inner := sf.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
				g.pointers = append(append([]Hop(nil), f.pointers...), Hop{g.offset, inner})
				g.offset = 0
			}
			more, err := w.collect(inner, g, open)
			if err != nil {
				return nil, err
			}
			if !sf.Anonymous { // a named field's fields hide nothing and are not hidden
				for j := range more {
					more[j].goName = sf.Name + "." + more[j].goName
				}
			}
			out = append(out, more...)
			continue
		}
		column := tag.Name
		if column == "" {
			column = Snake(sf.Name)
		}
		out = append(out, found{Field{Name: f.name + sf.Name, Column: f.prefix + column, Tag: tag, Type: sf.Type, Shape: shape,
			Index: index, Offset: f.offset + sf.Offset, Pointers: f.pointers}, sf.Name, f.depth})
	}
	return out, nil
}

// resolve refuses two value fields of one column.
func (w *walker) resolve(fields []Field) ([]Field, error) {
	seen := map[string]string{}
	for _, f := range fields {
		if f.Shape != Value {
			continue
		}
		if other, ok := seen[f.Column]; ok {
			return nil, fmt.Errorf("%s: fields %s and %s both stand for column %q; name one of them in its tag, or exclude it with db:\"-\"",
				w.root, other, f.Name, f.Column)
		}
		seen[f.Column] = f.Name
	}
	return fields, nil
}

var (
	timeType    = reflect.TypeFor[time.Time]()
	scannerType = reflect.TypeFor[sql.Scanner]()
	valuerType  = reflect.TypeFor[driver.Valuer]()
)

// IsValue reports whether a Go type is one database value: a basic kind,
// time.Time, a slice or array of bytes, a type that is a sql.Scanner or a
// driver.Valuer, or a pointer to one of these; and any.
func IsValue(t reflect.Type) bool {
	if t == timeType || gokind.Claimed(t) || t.Implements(scannerType) || reflect.PointerTo(t).Implements(scannerType) || t.Implements(valuerType) {
		return true
	}
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	case reflect.Slice, reflect.Array:
		return t.Elem().Kind() == reflect.Uint8
	case reflect.Pointer:
		return t.Elem().Kind() != reflect.Pointer && IsValue(t.Elem())
	case reflect.Interface:
		return t.NumMethod() == 0
	}
	return false
}

// ShapeOf says what a field of type t holds.
func ShapeOf(t reflect.Type) Shape {
	if IsValue(t) {
		return Value
	}
	isStruct := func(t reflect.Type) bool {
		return t.Kind() == reflect.Struct || t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct
	}
	switch {
	case isStruct(t):
		return Struct
	case t.Kind() == reflect.Slice && isStruct(t.Elem()) && !IsValue(t.Elem()):
		return StructList
	}
	return Other
}
