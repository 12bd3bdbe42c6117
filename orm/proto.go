package orm

import (
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
	"weak"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// proto is a prototype: an object whose fields' addresses stand for columns
// and relations.
type proto struct {
	ent    *entity
	err    error
	typ    reflect.Type
	obj    unsafe.Pointer
	blocks []unsafe.Pointer // as in entity.blocks
	alias  string
}

var refs sync.Map // reflect.Type → *proto; grows once a type

// Ref returns the prototype of T: a *T whose fields' addresses name the columns
// and relations of T's table in conditions and queries. There is one for each
// type, so Ref may be called again and again. Its values mean nothing and must not
// be changed; pointers to embedded structs are set, relations are not.
//
// If T cannot be mapped, every query that uses the prototype says why.
func Ref[T any]() *T {
	t := reflect.TypeFor[T]()
	v, ok := refs.Load(t)
	if !ok {
		v, _ = refs.LoadOrStore(t, newProto(t, unsafe.Pointer(new(T)), ""))
	}
	return (*T)(v.(*proto).obj)
}

// newProto makes a prototype of the zero object at obj.
func newProto(t reflect.Type, obj unsafe.Pointer, alias string) *proto {
	p := &proto{typ: t, obj: obj, alias: alias}
	if p.ent, p.err = entityFor(t); p.err != nil {
		return p
	}
	p.blocks = make([]unsafe.Pointer, len(p.ent.blocks))
	for i, b := range p.ent.blocks {
		p.blocks[i] = walk(obj, b.hops)
	}
	return p
}

// aliases says which live objects are prototypes made by Alias, and under what
// name. It does not keep them alive.
var aliases sync.Map // uintptr → *aliasEntry

type aliasEntry struct {
	at   weak.Pointer[byte]
	name string
}

// Alias returns a prototype for another role of T's table, under a name of its
// own: the boss of a user, who is a user too. A statement knows it once it
// was given to Join, Select or [HasAs].
func Alias[T any](name string) *T {
	obj := new(T)
	p := (*byte)(unsafe.Pointer(obj))
	e := &aliasEntry{weak.Make(p), name}
	addr := uintptr(unsafe.Pointer(obj))
	aliases.Store(addr, e)
	runtime.AddCleanup(obj, func(e *aliasEntry) { aliases.CompareAndDelete(addr, e) }, e)
	if ent, err := entityFor(reflect.TypeFor[T]()); err == nil {
		for _, b := range ent.blocks {
			walk(unsafe.Pointer(obj), b.hops)
		}
	}
	return obj
}

// protoOf returns the prototype that v, a pointer from Ref or Alias, points to.
func protoOf(v any) (*proto, error) {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return nil, mistake("%T is not a prototype: make one with orm.Ref or orm.Alias", v)
	}
	obj := reflect.ValueOf(v).UnsafePointer()
	if obj == nil {
		return nil, mistake("a nil %T is not a prototype: make one with orm.Ref or orm.Alias", v)
	}
	if r, ok := refs.Load(t.Elem()); ok && r.(*proto).obj == obj {
		return r.(*proto), r.(*proto).err
	}
	if e, ok := aliases.Load(uintptr(obj)); ok && e.(*aliasEntry).at == weak.Make((*byte)(obj)) {
		name := e.(*aliasEntry).name
		if name == "" {
			return nil, mistake("Alias[%s] has an empty name", t.Elem())
		}
		p := newProto(t.Elem(), obj, name)
		return p, p.err
	}
	return nil, mistake("the %T is not a prototype, but an object: make one with orm.Ref or orm.Alias", v)
}

// refProto is Ref for a type that is known as such.
func refProto(t reflect.Type) *proto {
	v, ok := refs.Load(t)
	if !ok {
		v, _ = refs.LoadOrStore(t, newProto(t, reflect.New(t).UnsafePointer(), ""))
	}
	return v.(*proto)
}

// find returns where addr lies in the prototype.
func (p *proto) find(addr unsafe.Pointer) (place, bool) {
	for i, b := range p.blocks {
		if off := uintptr(addr) - uintptr(b); uintptr(addr) >= uintptr(b) && off < p.ent.blocks[i].size {
			return place{i, off}, true
		}
	}
	return place{}, false
}

// field returns the field of type t at a place.
func (p *proto) field(at place, t reflect.Type) (fieldAt, bool) {
	for _, f := range p.ent.fields[at] {
		if f.typ == t {
			return f, true
		}
	}
	return fieldAt{}, false
}

// roles are tables under an alias.
var (
	roles     sync.Map // roleKey → expr.Table
	roleCount atomic.Int64
)

const maxRoles = 1024

type roleKey struct {
	e     *entity
	alias string
}

// tableAs returns the entity's table under an alias; the table itself for "".
func (e *entity) tableAs(alias string) expr.Table {
	if alias == "" {
		return e.table
	}
	k := roleKey{e, alias}
	if t, ok := roles.Load(k); ok {
		return t.(expr.Table)
	}
	t := expr.As(e.table, alias)
	if roleCount.Load() >= maxRoles { // names made at run time are not kept without end
		return t
	}
	roleCount.Add(1)
	got, _ := roles.LoadOrStore(k, t)
	return got.(expr.Table)
}

// F is the column that a prototype's field stands for: orm.F(&u.Name). It is
// an expression like those of package expr, with all their methods. Which
// column it is is settled when the statement is compiled; a pointer that lies
// in no prototype of the statement is a mistake that is reported then.
//
// For a field of type sql.Null[T] it is orm.F(&u.Nick.V), for a pointer see
// [P].
func F[T any](field *T) expr.Expr[T] {
	if reflect.TypeFor[T]().Kind() == reflect.Pointer {
		return expr.Ref[T](pointerField{field})
	}
	return expr.Ref[T](field)
}

// pointerField is what F was given in place of P.
type pointerField struct{ field any }

// P is [F] for a field that is a pointer: orm.P(&u.Email).IsNotNull(). It
// compares with plain values.
func P[T any](field **T) expr.Expr[T] { return expr.Ref[T](field) }

// scope resolves the pointers of one statement. It is an [expr.Resolver].
type scope struct {
	roles  []role
	parent *scope // of the query around this one
}

// role is a prototype and the table that it stands for in a statement.
type role struct {
	proto *proto
	table expr.Table
	name  string
}

var _ expr.Resolver = (*scope)(nil)

// owner returns the role that addr lies in.
func (s *scope) owner(addr unsafe.Pointer) (*role, place, bool) {
	for ; s != nil; s = s.parent {
		for i := range s.roles {
			if at, ok := s.roles[i].proto.find(addr); ok {
				return &s.roles[i], at, true
			}
		}
	}
	return nil, place{}, false
}

// named reports whether a role of the statement, or of those around it, has a
// name.
func (s *scope) named(name string) bool {
	for ; s != nil; s = s.parent {
		for i := range s.roles {
			if s.roles[i].name == name {
				return true
			}
		}
	}
	return false
}

// Resolve implements [expr.Resolver]: key is what F or P was given.
func (s *scope) Resolve(key any) (expr.Any, error) {
	if k, ok := key.(*relationKey); ok {
		return s.resolveRelation(k)
	}
	misused := false
	if p, ok := key.(pointerField); ok {
		key, misused = p.field, true
	}
	v := reflect.ValueOf(key)
	if v.Kind() != reflect.Pointer {
		return nil, mistake("%T is not a pointer to a field", key)
	}
	if v.IsNil() {
		return nil, mistake("F of a nil %s: give the address of a prototype's field, as in orm.F(&u.Name)", v.Type())
	}
	r, at, ok := s.owner(v.UnsafePointer())
	if !ok {
		return nil, s.unknown(v)
	}
	e, t := r.proto.ent, v.Type().Elem()
	f, ok := r.proto.field(at, t)
	if !ok {
		return nil, mistake("the %s in the prototype of %s is not a column", t, e.name)
	}
	if f.rel != nil {
		return nil, mistake("%s is a relation, not a column: use Join, Has or With", f.rel)
	}
	c := &e.cols[f.col]
	if misused {
		return nil, mistake("%s.%s is a pointer: use orm.P(&….%s), which compares with plain values", e.name, c.field, c.field)
	}
	if f.how == formNull {
		return nil, mistake("%s.%s is a %s: use orm.F(&….%s.%s) for its value", e.name, c.field, c.typ, c.field, c.typ.Field(0).Name)
	}
	return expr.ColumnAt(r.table, f.col), nil
}

// unknown says where a pointer points that lies in no role of the statement.
func (s *scope) unknown(v reflect.Value) (err error) {
	refs.Range(func(_, p any) bool {
		if p := p.(*proto); p.err == nil {
			if at, ok := p.find(v.UnsafePointer()); ok {
				name := v.Type().Elem().String()
				if f, ok := p.field(at, v.Type().Elem()); ok && f.rel == nil {
					name = p.ent.cols[f.col].field
				}
				err = mistake("%s.%s: the query does not bring %s in; add a Join, or ask with Has", p.ent.name, name, p.ent.name)
				return false
			}
		}
		return true
	})
	if err == nil {
		err = mistake("the address of a %s lies in no prototype of the query: use those that orm.Ref or orm.Alias returned, and Join an alias", v.Type().Elem())
	}
	return err
}

// relationAt returns the relation that ptr, such as &u.Addresses, stands for.
func (s *scope) relationAt(ptr any) (*role, *relation, error) {
	v := reflect.ValueOf(ptr)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil, nil, mistake("%T is not a relation: give the address of a prototype's field, as in &u.Addresses", ptr)
	}
	r, at, ok := s.owner(v.UnsafePointer())
	if !ok {
		return nil, nil, s.unknown(v)
	}
	f, ok := r.proto.field(at, v.Type().Elem())
	if !ok || f.rel == nil {
		name := v.Type().Elem().String()
		if ok {
			name = r.proto.ent.cols[f.col].field
		}
		return nil, nil, mistake("%s of %s is not a relation", name, r.proto.ent.name)
	}
	return r, f.rel, nil
}

// relationOf finds a relation by the address of its field in any prototype.
func relationOf(ptr any) (*relation, error) {
	v := reflect.ValueOf(ptr)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil, mistake("%T is not a relation: give the address of a prototype's field, as in &u.Addresses", ptr)
	}
	t := v.Type().Elem()
	var rel *relation
	refs.Range(func(_, p any) bool {
		if p := p.(*proto); p.err == nil {
			if at, ok := p.find(v.UnsafePointer()); ok {
				if f, ok := p.field(at, t); ok {
					rel = f.rel
				}
				return false
			}
		}
		return true
	})
	if rel == nil {
		return nil, dialect.Errorf(dialect.ErrStatement, "orm: the %s lies in no prototype, or is not a relation: give the address of a field of orm.Ref, as in &u.Addresses", t)
	}
	return rel, nil
}
