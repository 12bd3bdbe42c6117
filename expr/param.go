package expr

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/suggest"
)

// param is a parameter with a name.
type param struct {
	name  string
	value any // nil: none by itself
	given bool
	list  bool
	fits  func(any) bool
	goTyp reflect.Type
}

// Param is a parameter with a name, whose value is given with [WithValues], or
// is the one given here if that gives none. It may stand several times, and is
// then sent once where the database numbers its parameters.
//
//	minAge := expr.Param[int]("min_age")
//	q := expr.Select(Users.ID).From(Users).Where(expr.Gt(Users.Age, minAge))
//	found, err := engine.All[User](ctx, eng, expr.WithValues(q, dialect.Named{"min_age": 33}))
func Param[T any](name string, value ...T) Expr[T] {
	q := &param{name: name, fits: fitsGo[T], goTyp: reflect.TypeFor[T]()}
	switch {
	case name == "":
		return Expr[T]{mistake("a parameter without a name")}
	case len(value) > 1:
		return Expr[T]{mistake("parameter %s: %d values", name, len(value))}
	case len(value) == 1:
		q.value, q.given = value[0], true
	}
	return Expr[T]{&node{op: opParam, typ: typeFor[T](), ext: q}}
}

// InParam is x IN (…) over a list with a name, a slice that is given with
// [WithValues]; values are the list if that gives none. An empty list matches
// nothing.
func InParam[T any](x Of[T], name string, values ...T) Cond {
	q := &param{name: name, list: true, fits: fitsGo[[]T], goTyp: reflect.TypeFor[[]T]()}
	if name == "" {
		return Cond{mistake("a parameter without a name")}
	}
	if values != nil {
		q.value, q.given = slices.Clone(values), true
	}
	return Cond{&node{op: opInParam, l: nodeOf(x), ext: q}}
}

// fitsGo reports whether v may be the value of a parameter of type T: a T, a
// pointer to one, nil, or any whole number where T is one.
func fitsGo[T any](v any) bool {
	switch v.(type) {
	case nil, T, *T:
		return true
	}
	return isWhole[T]() && isWholeKind(reflect.TypeOf(v).Kind())
}

func isWholeKind(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uint64 }

// WithValues gives a statement the values of its parameters with a name. Values
// for names that the statement doesn't have, and values of other types, are
// mistakes; a nil is NULL. The map must not be changed afterwards.
func WithValues(stmt dialect.Statement, values dialect.Named) dialect.Statement {
	return withValues{stmt, values}
}

type withValues struct {
	stmt   dialect.Statement
	values dialect.Named
}

// CompileSQL implements dialect.Statement.
func (s withValues) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	s.print(p)
	return p.done()
}

func (s withValues) print(p *printer) {
	inner, ok := s.stmt.(printable)
	if v := reflect.ValueOf(s.stmt); s.stmt == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		p.w.Failf("expr: WithValues: nil statement")
		return
	} else if !ok {
		p.w.Failf("expr: WithValues: a %T is not a statement of this package", s.stmt)
		return
	}
	outer := p.values
	if p.values = s.values; outer != nil { // those around it count first
		p.values = maps.Clone(s.values)
		if p.values == nil {
			p.values = dialect.Named{}
		}
		maps.Copy(p.values, outer)
	}
	inner.print(p)
	if outer == nil {
		p.unusedValues()
	}
}

// namedParam is a parameter with a name that has been written.
type namedParam struct {
	*param
	value any
	index int // of its argument; -1: a list
}

// unusedValues reports values that no parameter took.
func (p *printer) unusedValues() {
	names := make([]string, 0, len(p.named))
	for _, q := range p.named {
		names = append(names, q.name)
	}
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		if !slices.Contains(names, name) {
			p.w.Failf("expr: a value for %s, and the statement has no such parameter%s", name, suggest.Hint(name, names))
		}
	}
}

// value returns the value of a parameter with a name, and its entry.
func (p *printer) paramValue(q *param) (*namedParam, bool) {
	for i := range p.named {
		o := &p.named[i]
		if o.name != q.name {
			continue
		}
		_, given := p.values[q.name]
		switch {
		case o.list != q.list:
			p.fail("parameter %s is a list in one place and a value in another; give them different names", q.name)
		case o.goTyp != q.goTyp:
			p.fail("parameter %s is of type %s in one place and %s in another; give them different names", q.name, o.goTyp, q.goTyp)
		case !given && o.param != q && (o.given != q.given || !sameValue(o.param.value, q.value)):
			p.fail("parameter %s has different values in two places; give them different names", q.name)
		}
		return o, true
	}
	v, given := p.values[q.name]
	switch {
	case given && !q.fits(v):
		p.fail("parameter %s is a %s, and its value a %s", q.name, q.goTyp, fmt.Sprintf("%T", v))
		return nil, false
	case !given && !q.given:
		p.fail("no value for parameter %s; give it with expr.WithValues", q.name)
		return nil, false
	case !given:
		v = q.value
	}
	p.named = append(p.named, namedParam{q, v, -1})
	return &p.named[len(p.named)-1], false
}

// sameValue compares values of parameters; those that do not compare are
// different.
func sameValue(a, b any) bool { return reflect.DeepEqual(a, b) }

func (p *printer) param(n *node) {
	q, again := p.paramValue(n.ext.(*param))
	switch {
	case q == nil:
	case again && q.index >= 0 && p.f.ReusePlaceholders:
		p.w.BindAgain(q.index)
	default:
		a := dialect.Arg{Value: q.value, Type: n.typ, Name: q.name}
		if c := p.storing; c != nil {
			a.Column = c.name
			if c.typ != nil {
				a.Type = c.typ
			}
		}
		i := p.w.BindArg(a)
		if !again {
			q.index = i
		}
	}
}

// paramList is the value of a parameter that is a list.
func (p *printer) paramList(q *namedParam) (reflect.Value, bool) {
	list := reflect.ValueOf(q.value)
	if list.Kind() == reflect.Pointer && !list.IsNil() {
		list = list.Elem()
	}
	if list.Kind() != reflect.Slice {
		p.fail("parameter %s: nil is not a list", q.name)
		return list, false
	}
	return list, true
}

func (p *printer) inParam(n *node, around int) {
	q, _ := p.paramValue(n.ext.(*param))
	if q == nil {
		return
	}
	o := opIn
	if n.op == opNotInParam {
		o = opNotIn
	}
	v := &values{node: node{op: o, l: n.l}}
	v.ext = v
	list, ok := p.paramList(q)
	if !ok {
		return
	}
	for i := range list.Len() {
		v.list = append(v.list, list.Index(i).Interface())
	}
	p.inList(&v.node, around)
}
