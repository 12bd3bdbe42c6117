package orm

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

// column is a field that stands for a column of the entity's table.
type column struct {
	index int
	name  string // in the database
	field string // in Go
	typ   reflect.Type
	off   uintptr
	hops  []tag.Hop // embedded pointers on the way
	form  form
	kind  kind
	elem  reflect.Type // of the value itself: what a pointer or sql.Null holds
	valid uintptr      // formNull: where Valid is
	extra int          // formOther, formJSON: its place among a snapshot's extras; else -1
	nulls int          // formNull: its place among a scanner's Nullables; else -1
	raw   int          // formJSON: its place among a scanner's texts; else -1

	dtype      *dialect.Type
	null       bool // may be NULL
	pk         bool
	auto       bool // the database generates it
	hasDefault bool
	readonly   bool // never written
	computed   bool // never written, and made by the database
	version    bool
	ref        *reference
	tag        tag.Tag

	nothing unsafe.Pointer // a zero value of typ, for fields behind a nil embedded pointer
}

// written reports whether INSERT and UPDATE may set the column.
func (c *column) written() bool { return !c.readonly && !c.computed }

// at returns where the column's field lies in the object at base. Behind a nil
// embedded pointer it is a zero value that must not be written to.
func (c *column) at(base unsafe.Pointer) unsafe.Pointer {
	if c.hops == nil {
		return unsafe.Add(base, c.off)
	}
	for i := range c.hops {
		base = *(*unsafe.Pointer)(unsafe.Add(base, c.hops[i].Offset))
		if base == nil {
			return c.nothing
		}
	}
	return unsafe.Add(base, c.off)
}

// make is at for writing: it allocates embedded pointers that are nil.
func (c *column) make(base unsafe.Pointer) unsafe.Pointer {
	return unsafe.Add(walk(base, c.hops), c.off)
}

func walk(base unsafe.Pointer, hops []tag.Hop) unsafe.Pointer {
	for i := range hops {
		p := (*unsafe.Pointer)(unsafe.Add(base, hops[i].Offset))
		if *p == nil {
			*p = reflect.New(hops[i].Elem).UnsafePointer()
		}
		base = *p
	}
	return base
}

// isNull reports whether the field at p stands for NULL.
func (c *column) isNull(p unsafe.Pointer) bool {
	switch c.form {
	case formPointer:
		return *(*unsafe.Pointer)(p) == nil
	case formNull:
		return !*(*bool)(unsafe.Add(p, c.valid))
	case formPlain:
		return c.kind == kindBytes && c.null && *(*[]byte)(p) == nil
	}
	v, err := c.value(p)
	return err == nil && v == nil
}

// isZero reports whether the field at p is the zero value of its type.
func (c *column) isZero(p unsafe.Pointer) bool {
	switch c.form {
	case formPlain:
		return c.kind.zero(p)
	case formPointer, formNull:
		return c.isNull(p)
	}
	return reflect.NewAt(c.typ, p).Elem().IsZero()
}

// inner returns where the plain value of the field at p is; nil for NULL.
func (c *column) inner(p unsafe.Pointer) unsafe.Pointer {
	switch c.form {
	case formPointer:
		return *(*unsafe.Pointer)(p)
	case formNull:
		if !*(*bool)(unsafe.Add(p, c.valid)) {
			return nil
		}
	}
	return p
}

// value returns what the statement's parameter is for the field at p.
func (c *column) value(p unsafe.Pointer) (any, error) {
	switch c.form {
	case formPlain:
		if c.kind == kindBytes && *(*[]byte)(p) == nil {
			if c.null {
				return nil, nil
			}
			return []byte{}, nil
		}
		return c.kind.box(p), nil
	case formPointer, formNull:
		if p = c.inner(p); p == nil {
			return nil, nil
		}
		if c.kind == kindBytes && *(*[]byte)(p) == nil {
			return []byte{}, nil // the pointer says that it is not NULL
		}
		return c.kind.box(p), nil
	case formJSON:
		v := reflect.NewAt(c.typ, p)
		switch c.typ.Kind() {
		case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
			if v.Elem().IsNil() && c.null {
				return nil, nil
			}
		}
		b, err := json.Marshal(v.Interface())
		if err != nil {
			return nil, fmt.Errorf("%s as JSON: %w", c.field, err)
		}
		return string(b), nil
	}
	v := reflect.NewAt(c.typ, p)
	if c.typ.Kind() == reflect.Pointer && v.Elem().IsNil() {
		return nil, nil
	}
	val, ok := v.Elem().Interface().(driver.Valuer)
	if !ok {
		if val, ok = v.Interface().(driver.Valuer); !ok {
			out := v.Elem().Interface()
			if c.typ.Kind() == reflect.Pointer {
				out = v.Elem().Elem().Interface()
			}
			out, err := dialect.Undecorate(out)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.field, err)
			}
			if b, ok := out.([]byte); ok { // in an any; a snapshot shares nothing with the program
				out = bytes.Clone(b)
			}
			return out, nil
		}
	}
	out, err := val.Value()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.field, err)
	}
	if b, ok := out.([]byte); ok {
		out = bytes.Clone(b)
	}
	return out, nil
}

// key returns the value at p as a key; ok is false for NULL.
func (c *column) key(p unsafe.Pointer) (k key, ok bool) {
	switch c.form {
	case formPlain:
		return c.kind.key(p), true
	case formPointer, formNull:
		if p = c.inner(p); p == nil {
			return key{}, false
		}
		return c.kind.key(p), true
	}
	v, err := c.value(p)
	if err != nil {
		return key{}, false
	}
	return keyOfValue(v)
}

// snap copies the column of the object at base into a snapshot.
func (c *column) snap(base unsafe.Pointer, s *snapshot) error {
	p := c.at(base)
	switch c.form {
	case formPlain:
		if c.hops != nil && p == c.nothing {
			return nil
		}
		c.kind.copy(c.make(s.shadow), p)
	case formPointer:
		d := (*unsafe.Pointer)(c.make(s.shadow))
		if p = *(*unsafe.Pointer)(p); p == nil {
			*d = nil
			return nil
		}
		*d = reflect.New(c.elem).UnsafePointer()
		c.kind.copy(*d, p)
	case formNull:
		d := c.make(s.shadow)
		valid := *(*bool)(unsafe.Add(p, c.valid))
		*(*bool)(unsafe.Add(d, c.valid)) = valid
		if valid {
			c.kind.copy(d, p)
		}
	default:
		v, err := c.value(p)
		if err != nil {
			return err
		}
		s.extra[c.extra] = v
	}
	return nil
}

// changed compares the column of the object at base with a snapshot.
func (c *column) changed(base unsafe.Pointer, s *snapshot) (bool, error) {
	p := c.at(base)
	switch c.form {
	case formPlain:
		q := c.at(s.shadow)
		if c.kind == kindBytes && c.null && (*(*[]byte)(p) == nil) != (*(*[]byte)(q) == nil) {
			return true, nil // NULL and empty are two things
		}
		return !c.kind.equal(p, q), nil
	case formPointer, formNull:
		a, b := c.inner(p), c.inner(c.at(s.shadow))
		if a == nil || b == nil {
			return a != b, nil
		}
		return !c.kind.equal(a, b), nil
	}
	v, err := c.value(p)
	if err != nil {
		return false, err
	}
	return !equalValues(v, s.extra[c.extra]), nil
}

// restore puts a snapshot's value back into the object at base.
func (c *column) restore(base unsafe.Pointer, s *snapshot) error {
	p := c.make(base)
	switch c.form {
	case formPlain:
		c.kind.copy(p, c.at(s.shadow))
		return nil
	case formPointer:
		from := *(*unsafe.Pointer)(c.at(s.shadow))
		if from == nil {
			*(*unsafe.Pointer)(p) = nil
			return nil
		}
		to := reflect.New(c.elem).UnsafePointer()
		c.kind.copy(to, from)
		*(*unsafe.Pointer)(p) = to
		return nil
	case formNull:
		from := c.at(s.shadow)
		reflect.NewAt(c.typ, p).Elem().SetZero()
		if *(*bool)(unsafe.Add(from, c.valid)) {
			c.kind.copy(p, from)
			*(*bool)(unsafe.Add(p, c.valid)) = true
		}
		return nil
	}
	return c.assign(p, s.extra[c.extra])
}

// assign stores a driver's value, as it comes from value, in the field at p.
func (c *column) assign(p unsafe.Pointer, v any) error {
	f := reflect.NewAt(c.typ, p)
	if c.form == formJSON {
		f.Elem().SetZero()
		if v == nil {
			return nil
		}
		return json.Unmarshal([]byte(v.(string)), f.Interface())
	}
	if v == nil {
		f.Elem().SetZero()
		return nil
	}
	if rv := reflect.ValueOf(v); rv.Type() == c.typ {
		f.Elem().Set(rv)
		return nil
	}
	return dialect.Assign(f.Interface(), v)
}

// setKeyFrom makes the column of the object at base the value that column from
// has in the object at src; both hold keys of one kind.
func (c *column) setKeyFrom(base unsafe.Pointer, from *column, src unsafe.Pointer) error {
	p := c.make(base)
	if c.form == formOther || from.form == formOther {
		v, err := from.value(from.at(src))
		if err != nil {
			return err
		}
		return c.assign(p, v)
	}
	q := from.inner(from.at(src))
	if q == nil {
		return dialect.Errorf(dialect.ErrStatement, "%s is NULL", from.field)
	}
	switch c.form {
	case formPointer:
		n := reflect.New(c.elem).UnsafePointer()
		if err := copyKey(c, n, from, q); err != nil {
			return err
		}
		*(*unsafe.Pointer)(p) = n
		return nil
	case formNull:
		*(*bool)(unsafe.Add(p, c.valid)) = true
	}
	return copyKey(c, p, from, q)
}

func copyKey(c *column, dst unsafe.Pointer, from *column, src unsafe.Pointer) error {
	if c.kind == from.kind {
		c.kind.copy(dst, src)
		return nil
	}
	if c.kind.integer() && from.kind.integer() {
		if c.kind.setInt(dst, from.kind.int(src)) {
			return nil
		}
		return dialect.Errorf(dialect.ErrOutOfRange, "%s is %d, which does not fit into %s (%s)", from.field, from.kind.int(src), c.field, c.typ)
	}
	return dialect.Assign(c.kind.pointerTo(dst), from.kind.box(src))
}

// setNull makes the column of the object at base NULL.
func (c *column) setNull(base unsafe.Pointer) {
	reflect.NewAt(c.typ, c.make(base)).Elem().SetZero()
}

// snapshot is what the database has for an object: its column fields in a
// shadow of the object's own type, and what has no plain kind as the values of
// the driver.
type snapshot struct {
	shadow unsafe.Pointer
	extra  []any
}
