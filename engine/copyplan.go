package engine

import (
	"database/sql/driver"
	"encoding/json"
	"reflect"
	"slices"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/gokind"
	"github.com/sqlayer-go/sqlayer/internal/suggest"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

// copyValues returns a function that takes *row apart, and says which columns
// there are. The slice that it returns is the same each time.
func copyValues[T any](row *T, cp *copying) (func() ([]any, error), error) {
	if list, ok := any(row).(*[]any); ok {
		switch {
		case len(cp.columns) == 0:
			return nil, dialect.Errorf(ErrArguments, "engine: Copy of []any needs CopyColumns")
		case len(cp.omit) > 0:
			return nil, dialect.Errorf(ErrArguments, "engine: CopyOmit is for structs: leave the column out of CopyColumns")
		}
		none := []any{}
		return func() ([]any, error) {
			if *list == nil { // which would end the copy
				return none, nil
			}
			return *list, nil
		}, nil
	}
	t := reflect.TypeFor[T]()
	pointer := t.Kind() == reflect.Pointer
	if pointer {
		t = t.Elem()
	}
	if !isRow(t) {
		return nil, dialect.Errorf(ErrArguments, "engine: Copy takes structs, pointers to structs, or []any; not %s", reflect.TypeFor[T]())
	}
	fields, err := cp.fields(t)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(fields))
	var boxes gokind.Boxes
	return func() ([]any, error) {
		base := unsafe.Pointer(row)
		if pointer {
			if base = *(*unsafe.Pointer)(base); base == nil {
				return nil, dialect.Errorf(ErrArguments, "engine: copy into %s: row %d is a nil %s", cp.table, cp.rows+1, reflect.TypeFor[T]())
			}
		}
		for i := range fields {
			v, err := fields[i].value(base, &boxes)
			if err != nil {
				return nil, dialect.Errorf(ErrArguments, "engine: copy into %s: row %d: column %s: %w", cp.table, cp.rows+1, cp.columns[i], err)
			}
			out[i] = v
		}
		return out, nil
	}, nil
}

// copyField is where a column's value is in a struct.
type copyField struct {
	hops  []tag.Hop
	off   uintptr
	kind  kind
	typ   reflect.Type
	form  form
	valid uintptr // of a wrapped one
}

var valuerType = reflect.TypeFor[driver.Valuer]()

// fields finds the fields of the columns that are written, and sets cp.columns.
func (cp *copying) fields(t reflect.Type) ([]copyField, error) {
	all, err := tag.Fields(t)
	if err != nil {
		return nil, dialect.Errorf(ErrArguments, "engine: copy into %s: %w", cp.table, err)
	}
	var names []string
	var found []*tag.Field
	for i := range all {
		f := &all[i]
		if isColumn(f) && !f.Tag.Has("readonly") && !f.Tag.Has("computed") {
			names, found = append(names, f.Column), append(found, f)
		}
	}
	if cp.columns, err = cp.chosen(names); err != nil {
		return nil, err
	}
	fields := make([]copyField, len(cp.columns))
	for i, name := range cp.columns {
		at := slices.Index(names, name)
		if at < 0 {
			return nil, cp.noField(name, names)
		}
		f := found[at]
		c := copyField{hops: f.Pointers, off: f.Offset, typ: f.Type, kind: kindOf(f.Type)}
		if off, inner, k, valid, ok := nullWrapper(f.Type); ok {
			c.form, c.valid, c.off, c.kind, c.typ = wrapped, c.off+valid, c.off+off, k, inner
		}
		if f.Tag.Has("json") {
			c = copyField{hops: f.Pointers, off: f.Offset, typ: f.Type, form: encoded}
		} else if c.typ.Implements(valuerType) {
			c.kind = kindOther
		}
		fields[i] = c
	}
	return fields, nil
}

func (cp *copying) noField(name string, names []string) error {
	return dialect.Errorf(ErrArguments, "engine: copy into %s: no field of the struct is column %q%s", cp.table, name, suggest.Hint(name, names))
}

// value returns what the struct at base has for the column, as a plain type
// where it is one.
func (c *copyField) value(base unsafe.Pointer, boxes *gokind.Boxes) (any, error) {
	for _, h := range c.hops {
		if base = *(*unsafe.Pointer)(unsafe.Add(base, h.Offset)); base == nil {
			return nil, nil
		}
	}
	p := unsafe.Add(base, c.off)
	switch c.form {
	case wrapped:
		if !*(*bool)(unsafe.Add(base, c.valid)) {
			return nil, nil
		}
	case encoded:
		v := reflect.NewAt(c.typ, p).Elem()
		switch c.typ.Kind() {
		case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
			if v.IsNil() {
				return nil, nil
			}
		}
		text, err := json.Marshal(v.Interface())
		return string(text), err
	}
	switch {
	case c.kind == kindOther:
		return reflect.NewAt(c.typ, p).Elem().Interface(), nil
	case c.kind == kindAny:
		return *(*any)(p), nil
	case c.kind > kindAny:
		if p = *(*unsafe.Pointer)(p); p == nil {
			return nil, nil
		}
		return boxes.Of(gokind.Kind(c.kind-kindPtr), p), nil
	}
	return boxes.Of(gokind.Kind(c.kind), p), nil
}
