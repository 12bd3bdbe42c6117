package orm

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/gokind"
	"github.com/sqlayer-go/sqlayer/internal/suggest"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

// TableNamer is a mapped type that names its table. Without it the table is
// called after the type: OrderItem is order_items.
type TableNamer interface {
	// TableName returns the name, perhaps with a schema: "app.people". It is
	// asked once, on a zero value.
	TableName() string
}

// entity is the mapping of one Go type: all that reflection had to find out.
// It is made once a type and not changed afterwards.
type entity struct {
	typ       reflect.Type
	name      string // in Go, without the package
	schema    string
	tableName string
	def       *schema.Definition
	dynamic   *schema.Dynamic
	table     expr.Table // its columns are cols, in order
	columns   []expr.Any
	cols      []column
	pk        []int
	auto      int // the column that the database generates; -1: none
	version   int // -1: none
	computed  []int
	extras    int // columns that need reflection
	nulls     int
	raws      int
	rels      []*relation
	fields    map[place][]fieldAt
	blocks    []block // memory that fields lie in: the object, embedded structs behind pointers
}

// place is where a field lies: in which block, and where in that.
type place struct {
	block int
	off   uintptr
}

// fieldAt is what F finds at a place, by type.
type fieldAt struct {
	typ reflect.Type
	col int       // -1: a relation
	rel *relation // nil: a column
	how form      // of a column: formPlain where a pointer of type *typ is the column's value
}

// block is a struct that fields lie in; the first is the object itself.
type block struct {
	hops []tag.Hop
	size uintptr
	typ  reflect.Type
}

type entityEntry struct {
	once sync.Once
	ent  *entity
	err  error
}

var entities sync.Map // reflect.Type → *entityEntry; grows once a type

// entityFor returns the mapping of a struct type.
func entityFor(t reflect.Type) (*entity, error) {
	v, ok := entities.Load(t)
	if !ok {
		v, _ = entities.LoadOrStore(t, &entityEntry{})
	}
	e := v.(*entityEntry)
	e.once.Do(func() { e.ent, e.err = mapType(t) })
	return e.ent, e.err
}

func mistake(format string, args ...any) error {
	return dialect.Errorf(dialect.ErrStatement, "orm: "+format, args...)
}

// mapType reads the mapping of t. All mistakes are reported together.
func mapType(t reflect.Type) (*entity, error) {
	if t.Kind() != reflect.Struct || tag.IsValue(t) {
		return nil, mistake("%s is not mapped: only structs are", t)
	}
	fields, err := tag.Fields(t)
	if err != nil {
		return nil, mistake("%w", err)
	}
	e := &entity{typ: t, name: t.Name(), auto: -1, version: -1, fields: map[place][]fieldAt{}}
	if err := e.nameTable(); err != nil {
		return nil, err
	}
	var errs []error
	for i := range fields {
		if err := e.addField(&fields[i]); err != nil {
			errs = append(errs, mistake("%s.%s: %w", t, fields[i].Name, err))
		}
	}
	if len(errs) == 0 {
		errs = append(errs, e.finish())
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return e, nil
}

func (e *entity) nameTable() error {
	var name string
	if n, ok := reflect.New(e.typ).Interface().(TableNamer); ok {
		name = n.TableName()
		if name == "" {
			return mistake("%s: TableName returns an empty name", e.typ)
		}
		if s, table, ok := strings.Cut(name, "."); ok {
			if s == "" || table == "" {
				return mistake("%s: TableName returns %q, which is neither a table nor schema.table", e.typ, name)
			}
			e.schema, name = s, table
		}
	} else {
		if e.name == "" || strings.ContainsAny(e.name, "[]") {
			return mistake("%s has no name that a table could be called after: give it a method TableName() string", e.typ)
		}
		name = tag.Table(e.name)
	}
	e.tableName = name
	e.def = &schema.Definition{Schema: e.schema, Name: name, GoName: e.name}
	return nil
}

// The options of columns and of relations; "embed" is tag.Fields's.
var (
	columnOptions = []string{"pk", "identity", "null", "notnull", "unique", "index", "type", "size", "precision", "scale", "collate",
		"default", "check", "comment", "computed", "stored", "fk", "ondelete", "onupdate", "json", "readonly", "version", "optional"}
	relationOptions = []string{"belongs-to", "has-many", "has-one", "many-to-many", "fk", "cascade", "order", "optional"}
)

// plain is an error without a prefix: it becomes part of one with a prefix.
func plain(format string, args ...any) error {
	return dialect.Errorf(dialect.ErrStatement, format, args...)
}

func (e *entity) addField(f *tag.Field) error {
	for _, o := range f.Tag.Options {
		if o.Name == "many-to-many" {
			return plain("many-to-many is not mapped directly: map the table between as a type of its own, with two belongs-to, " +
				"and has-many to it from both sides")
		}
	}
	relation := f.Tag.Has("belongs-to") || f.Tag.Has("has-many") || f.Tag.Has("has-one")
	allowed, what := columnOptions, "a column"
	if relation {
		allowed, what = relationOptions, "a relation"
	}
	for _, o := range f.Tag.Options {
		if !slices.Contains(allowed, o.Name) {
			return plain("option %q is not for %s%s", o.Name, what, suggest.Hint(o.Name, allowed))
		}
	}
	if relation {
		return e.addRelation(f)
	}
	if f.Shape != tag.Value && !f.Tag.Has("json") {
		switch f.Shape {
		case tag.Struct:
			return plain("%s is neither a column nor a relation: add belongs-to or has-one, embed, json, or exclude it with db:\"-\"", f.Type)
		case tag.StructList:
			return plain("%s is neither a column nor a relation: add has-many, json, or exclude it with db:\"-\"", f.Type)
		}
		return plain("%s cannot be a column: add json, make it a sql.Scanner and driver.Valuer, or exclude it with db:\"-\"", f.Type)
	}
	return e.addColumn(f)
}

// blockOf returns the number of the block that a field behind hops lies in.
func (e *entity) blockOf(hops []tag.Hop) int {
	if e.blocks == nil {
		e.blocks = append(e.blocks, block{size: e.typ.Size(), typ: e.typ})
	}
	if len(hops) == 0 {
		return 0
	}
	for i, b := range e.blocks {
		if slices.Equal(b.hops, hops) {
			return i
		}
	}
	elem := hops[len(hops)-1].Elem
	e.blocks = append(e.blocks, block{hops: hops, size: elem.Size(), typ: elem})
	return len(e.blocks) - 1
}

func (e *entity) addColumn(f *tag.Field) error {
	c := column{index: len(e.cols), name: f.Column, field: f.Name, typ: f.Type, off: f.Offset, hops: f.Pointers,
		extra: -1, nulls: -1, raw: -1, tag: f.Tag}
	c.form, c.kind, c.elem, c.valid = classify(f.Type)
	if f.Tag.Has("json") {
		c.form, c.kind, c.elem = formJSON, kindOther, f.Type
	}
	c.pk, c.readonly, c.computed, c.version = f.Tag.Has("pk"), f.Tag.Has("readonly"), f.Tag.Has("computed"), f.Tag.Has("version")
	c.hasDefault = f.Tag.Has("default")
	switch {
	case c.form == formPointer || c.form == formNull:
		c.null = true
	case c.form == formOther:
		c.null = f.Type.Kind() == reflect.Pointer || f.Type.Kind() == reflect.Interface || f.Type.PkgPath() == "database/sql"
	}
	if c.form == formOther && c.elem != f.Type && f.Type.Kind() != reflect.Pointer && gokind.Claimed(c.elem) {
		return plain("%s has functions of its own, which sql.Null does not call: use *%s", c.elem, c.elem)
	}
	if f.Tag.Has("null") {
		if f.Tag.Has("notnull") {
			return plain("both null and notnull")
		}
		if c.form == formPlain && c.kind != kindBytes {
			return plain("option null: %s has no NULL; use *%s or sql.Null[%s]", f.Type, f.Type, f.Type)
		}
		c.null = true
	}
	if f.Tag.Has("notnull") {
		c.null = false
	}
	if c.pk {
		switch {
		case c.form == formPointer || c.form == formNull:
			return plain("a primary key is never NULL: use %s in place of %s", c.elem, f.Type)
		case c.form == formJSON || c.kind == kindFloat32 || c.kind == kindFloat64:
			return plain("%s cannot be a primary key", f.Type)
		}
		c.null = false
		e.pk = append(e.pk, c.index)
	}
	if f.Tag.Has("identity") {
		if !c.kind.integer() || c.form != formPlain {
			return plain("option identity is for whole numbers, not for %s", f.Type)
		}
		if !c.pk {
			return plain("option identity is for a primary key: add pk")
		}
		c.auto = true
	}
	if c.version {
		if !c.kind.integer() || c.form != formPlain {
			return plain("option version is for whole numbers, not for %s", f.Type)
		}
		if e.version >= 0 {
			return plain("%s is the version already", e.cols[e.version].field)
		}
		e.version = c.index
	}
	if c.form == formOther && !c.readonly && f.Type.Kind() != reflect.Interface && !isValuer(f.Type) && !isValuer(c.elem) {
		if c.elem.Kind() != reflect.Array && !gokind.ByItself(c.elem) {
			return plain("%s is not a driver.Valuer, so it cannot be written: give it a method Value, or add readonly", f.Type)
		}
	}
	err := e.def.AddField(*f, c.elem, c.null)
	if err != nil {
		return err
	}
	d := e.def.Columns[c.index]
	d.Null, c.dtype = c.null || c.computed, &d.Type // not every database takes NOT NULL there
	if text, ok := f.Tag.Get("fk"); ok {
		if c.ref, err = parseReference(text, e.typ.PkgPath()); err != nil {
			return err
		}
	}
	if c.computed {
		e.computed = append(e.computed, c.index)
	}
	b := e.blockOf(f.Pointers)
	at := place{b, c.off}
	e.fields[at] = append(e.fields[at], fieldAt{typ: c.typ, col: c.index, how: c.form})
	if c.form == formNull { // the value within is a field of its own
		e.fields[at] = append(e.fields[at], fieldAt{typ: c.elem, col: c.index, how: formPlain})
	}
	switch c.form {
	case formOther:
		c.extra = e.extras
		e.extras++
	case formJSON:
		c.extra, c.raw = e.extras, e.raws
		e.extras++
		e.raws++
	case formNull:
		c.nulls = e.nulls
		e.nulls++
	}
	c.nothing = reflect.New(f.Type).UnsafePointer()
	e.cols = append(e.cols, c)
	return nil
}

// finish settles what depends on all fields.
func (e *entity) finish() error {
	if len(e.cols) == 0 {
		return mistake("%s has no column", e.typ)
	}
	if len(e.pk) == 0 {
		return mistake("%s has no primary key: add the option pk to a field", e.typ)
	}
	for _, i := range e.pk {
		c := &e.cols[i]
		if len(e.pk) == 1 && c.form == formPlain && c.kind.integer() && c.ref == nil && !c.hasDefault && !c.readonly && !c.computed {
			c.auto = true
		}
		if c.auto {
			if e.auto >= 0 {
				return mistake("%s: both %s and %s are identities", e.typ, e.cols[e.auto].field, c.field)
			}
			e.auto = i
		}
	}
	if e.auto >= 0 {
		e.def.Columns[e.auto].Identity = &schema.Identity{}
	}
	for _, r := range e.rels {
		if r.kind != belongsTo {
			continue
		}
		name := r.fk
		if name == "" {
			name = r.field + "ID"
		}
		if c := e.fieldNamed(name); c != nil && c.ref == nil {
			c.ref = &reference{pkg: r.other.PkgPath(), goType: r.other.Name(), implied: true}
		}
	}
	e.dynamic = schema.Build(e.def)
	e.table = e.dynamic.Table
	e.columns = expr.Columns(e.table)
	return expr.TableErr(e.table)
}

// fieldNamed returns the column of a Go field, or else of a column's name.
func (e *entity) fieldNamed(name string) *column {
	for i := range e.cols {
		if e.cols[i].field == name {
			return &e.cols[i]
		}
	}
	for i := range e.cols {
		c := &e.cols[i]
		if c.name == name || c.field[strings.LastIndexByte(c.field, '.')+1:] == name {
			return c
		}
	}
	return nil
}

func (e *entity) fieldNames() []string {
	names := make([]string, len(e.cols))
	for i := range e.cols {
		names[i] = e.cols[i].field
	}
	return names
}

// key returns the primary key of the object at base. ok is false if a part of
// it is NULL.
func (e *entity) key(base unsafe.Pointer) (k key, ok bool) {
	if len(e.pk) == 1 {
		c := &e.cols[e.pk[0]]
		return c.key(c.at(base))
	}
	var buf [64]byte
	b := buf[:0]
	for _, i := range e.pk {
		c := &e.cols[i]
		k, ok := c.key(c.at(base))
		if !ok {
			return key{}, false
		}
		b = appendKey(b, k)
	}
	return key{s: string(b)}, true
}

// unset reports whether the database has yet to make a part of the key.
func (e *entity) unset(base unsafe.Pointer) bool {
	if e.auto < 0 {
		return false
	}
	c := &e.cols[e.auto]
	return c.kind.zero(c.at(base))
}

// keyValues returns the primary key's values of the object at base, for
// messages.
func (e *entity) keyValues(base unsafe.Pointer) []any {
	vs := make([]any, len(e.pk))
	for i, pk := range e.pk {
		c := &e.cols[pk]
		v, err := c.value(c.at(base))
		if err != nil {
			v = err
		}
		vs[i] = v
	}
	return vs
}

// new returns a zero object.
func (e *entity) new() unsafe.Pointer { return reflect.New(e.typ).UnsafePointer() }

// objectOf returns the mapping and the address of an object: a pointer to a
// mapped struct.
func objectOf(obj any) (*entity, unsafe.Pointer, error) {
	v := reflect.ValueOf(obj)
	switch {
	case !v.IsValid():
		return nil, nil, mistake("nil is not an object")
	case v.Kind() != reflect.Pointer || v.Type().Elem().Kind() != reflect.Struct:
		if v.Kind() == reflect.Struct {
			return nil, nil, mistake("%s is a copy: give a pointer, &x", v.Type())
		}
		return nil, nil, mistake("%s is not an object: give a pointer to a mapped struct", v.Type())
	}
	e, err := entityFor(v.Type().Elem())
	if err != nil {
		return nil, nil, err
	}
	if v.IsNil() {
		return nil, nil, mistake("a nil *%s is not an object", e.name)
	}
	return e, v.UnsafePointer(), nil
}
