package dialect

import (
	"database/sql"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/sqlayer-go/sqlayer/internal/gokind"
)

// decorator turns values of one Go type into those of another, and back.
type decorator struct {
	base Type
	to   func(v any) (any, error)
	from func(dst any, assign func(base any) error) error
}

var decorators struct {
	any   atomic.Bool
	types sync.Map // reflect.Type → *decorator
}

// Decorate makes T a type of values that the database keeps as a B in columns
// of type t: to gives what is sent, and from what is read. Both are called for
// each value that is not NULL, and a *T takes NULL. It is for types that cannot
// have the methods of driver.Valuer and sql.Scanner, since they belong to
// another package, and for those that want a column type of their own:
//
//	err := dialect.Decorate(dialect.Type{Kind: dialect.Varchar, Length: 45},
//		func(a netip.Addr) (string, error) { return a.String(), nil },
//		netip.ParseAddr)
//
// T then goes wherever a Go value goes: as an argument, in columns of package
// schema (t is the column's type where the tag says none), in structs that rows
// are read into, in the ORM. Decorate is called before T is first used, usually
// from an init function or for a package variable; it is safe for concurrent
// use. A T that is decorated already, that every dialect reads by itself, or
// whose pointer is a sql.Scanner is an error, as is a nil function.
func Decorate[T, B any](t Type, to func(T) (B, error), from func(B) (T, error)) error {
	rt, rb := reflect.TypeFor[T](), reflect.TypeFor[B]()
	switch {
	case to == nil || from == nil:
		return Errorf(ErrArguments, "dialect: Decorate of %s: it takes two functions", rt)
	case t.Kind == NoType:
		return Errorf(ErrArguments, "dialect: Decorate of %s: it takes a column type", rt)
	case rt == rb:
		return Errorf(ErrArguments, "dialect: Decorate of %s by itself", rt)
	case rt.Kind() == reflect.Pointer || rt.Kind() == reflect.Interface:
		return Errorf(ErrArguments, "dialect: Decorate of %s: give the type itself; a pointer to it may be NULL", rt)
	case rt.PkgPath() == "" && rt.Name() != "", rt == reflect.TypeFor[[]byte](), rt.PkgPath() == "time" && (rt.Name() == "Time" || rt.Name() == "Duration"):
		return Errorf(ErrArguments, "dialect: Decorate of %s, which is read by itself: define a type of your own", rt)
	case reflect.PointerTo(rt).Implements(scannerType):
		return Errorf(ErrArguments, "dialect: Decorate of %s, which is a sql.Scanner", rt)
	}
	d := &decorator{base: t}
	d.to = func(v any) (any, error) {
		b, err := to(v.(T))
		if err != nil {
			return nil, err
		}
		return b, nil
	}
	d.from = func(dst any, assign func(any) error) error {
		var b B
		if err := assign(&b); err != nil {
			return err
		}
		v, err := from(b)
		if err != nil {
			return &kindError{ErrScan, rt.String() + ": " + err.Error(), err}
		}
		*dst.(*T) = v
		return nil
	}
	if _, before := decorators.types.LoadOrStore(rt, d); before {
		return Errorf(ErrArguments, "dialect: %s is decorated already", rt)
	}
	decorators.any.Store(true)
	gokind.Claim(rt)
	return nil
}

var scannerType = reflect.TypeFor[sql.Scanner]()

func decoratorOf(t reflect.Type) *decorator {
	if t == nil || !decorators.any.Load() {
		return nil
	}
	if d, ok := decorators.types.Load(t); ok {
		return d.(*decorator)
	}
	return nil
}

// DecoratedType is the column type that [Decorate] was given for a Go type; ok
// is false for one that is not decorated.
func DecoratedType(t reflect.Type) (base Type, ok bool) {
	if d := decoratorOf(t); d != nil {
		return d.base, true
	}
	return Type{}, false
}

// IsDecorated reports whether dst points to a variable of a type that was given
// to [Decorate], or to a pointer to one.
func IsDecorated(dst any) bool {
	if dst == nil || !decorators.any.Load() {
		return false
	}
	t := reflect.TypeOf(dst)
	if t.Kind() != reflect.Pointer {
		return false
	}
	if t = t.Elem(); t.Kind() == reflect.Pointer && decoratorOf(t) == nil {
		t = t.Elem()
	}
	return decoratorOf(t) != nil
}

// Undecorate returns what the database gets for a value: the base value of a
// type that has been given to [Decorate], or of a pointer to one, and v itself
// otherwise.
func Undecorate(v any) (any, error) {
	base, _, err := undecorate(v)
	return base, err
}

func undecorate(v any) (any, *Type, error) {
	if !decorators.any.Load() {
		return v, nil, nil
	}
	switch v.(type) {
	case nil, string, int64, int, bool, float64, []byte:
		return v, nil, nil
	}
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		if d := decoratorOf(t.Elem()); d != nil {
			p := reflect.ValueOf(v)
			if p.IsNil() {
				return nil, &d.base, nil
			}
			b, err := d.to(p.Elem().Interface())
			return b, &d.base, err
		}
	}
	if d := decoratorOf(t); d != nil {
		b, err := d.to(v)
		return b, &d.base, err
	}
	return v, nil, nil
}

// Decorated stores a value through the functions given to [Decorate]: assign
// gets a pointer to the base value to fill. ok is false where dst is no pointer
// to such a type. Rows call it for destinations that they do not know.
func Decorated(dst any, assign func(base any) error) (ok bool, err error) {
	if !decorators.any.Load() || dst == nil {
		return false, nil
	}
	t := reflect.TypeOf(dst)
	if t.Kind() != reflect.Pointer {
		return false, nil
	}
	if d := decoratorOf(t.Elem()); d != nil {
		return true, d.from(dst, assign)
	}
	if t.Elem().Kind() == reflect.Pointer {
		if d := decoratorOf(t.Elem().Elem()); d != nil {
			e := reflect.New(t.Elem().Elem())
			if err := d.from(e.Interface(), assign); err != nil {
				return true, err
			}
			reflect.ValueOf(dst).Elem().Set(e)
			return true, nil
		}
	}
	return false, nil
}
