package expr

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Prepared is a statement whose text is made once, and which runs with new
// values of its parameters each time. It is immutable and safe for concurrent
// use.
type Prepared struct {
	stmt  printable
	names []string
	plans atomic.Pointer[[]*prepared] // one for each dialect that has asked
}

// prepared is a statement compiled for one dialect.
type prepared struct {
	f      *dialect.Features
	text   string
	args   []dialect.Arg
	slots  []int // by argument: the place of its value, -1: its own
	params []*param

	columns         []dialect.Column
	keys            dialect.KeySource
	counted         int64
	writes, session bool
	before, after   string
}

// Prepare compiles a statement for a dialect, and checks it. names are those of
// its parameters ([Param]) whose values [Prepared.With] gives, in that order;
// every other parameter has a value of its own. A list ([InParam]) has no place
// in it, since its text is another for each length.
//
//	byAge, err := expr.Prepare(expr.Select(Users.ID).From(Users).Where(expr.Ge(Users.Age, expr.Param[int]("age"))), d, "age")
//	ids, err := engine.All[int64](ctx, eng, byAge.With(33))
//
// The text is made for d; a server that is another product or version gets a
// text of its own, made at its first run.
func Prepare(stmt dialect.Statement, d dialect.Dialect, names ...string) (*Prepared, error) {
	s, ok := stmt.(printable)
	if v := reflect.ValueOf(stmt); !ok || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, dialect.Errorf(dialect.ErrStatement, "expr: Prepare: a %T is not a statement of this package", stmt)
	}
	if d == nil {
		return nil, dialect.Errorf(dialect.ErrStatement, "expr: Prepare: nil dialect")
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, dialect.Errorf(dialect.ErrStatement, "expr: Prepare: parameter %s is named twice", name)
		}
	}
	p := &Prepared{stmt: s, names: slices.Clone(names)}
	if _, err := p.plan(d); err != nil {
		return nil, err
	}
	return p, nil
}

// Names are those of the parameters, in the order of [Prepared.With].
func (p *Prepared) Names() []string {
	if p == nil {
		return nil
	}
	return slices.Clone(p.names)
}

// With is the statement with values for its parameters. nil is NULL. Too few or
// too many values, and values of other types, are mistakes that are reported
// when it is run. It allocates what holds the values, and nothing else.
func (p *Prepared) With(values ...any) dialect.Statement {
	b := &bound{p: p}
	b.values = append(b.room[:0], values...)
	return b
}

// bound is a Prepared with its values.
type bound struct {
	p      *Prepared
	values []any
	room   [6]any
}

// CompileSQL implements dialect.Statement.
func (b *bound) CompileSQL(c *dialect.Compiled) error {
	if b.p == nil || b.p.stmt == nil {
		return dialect.Errorf(dialect.ErrStatement, "expr: a Prepared that Prepare did not make")
	}
	if len(b.values) != len(b.p.names) {
		return dialect.Errorf(dialect.ErrStatement, "expr: %d values for the parameters (%s)", len(b.values), strings.Join(b.p.names, ", "))
	}
	if c.HasSchemas() { // the text is one for these schemas
		return b.written().CompileSQL(c)
	}
	s, err := b.p.plan(c.Dialect())
	if err != nil {
		return err
	}
	for i, v := range b.values {
		if q := s.params[i]; !q.fits(v) {
			c.Failf("expr: parameter %s is a %s, and its value a %s", q.name, q.goTyp, fmt.Sprintf("%T", v))
		}
	}
	c.SetText(s.text)
	for i, a := range s.args {
		if at := s.slots[i]; at >= 0 {
			a.Value = b.values[at]
		}
		c.AddArg(a)
	}
	c.Columns, c.Keys, c.Counted, c.Writes, c.Session = s.columns, s.keys, s.counted, s.writes, s.session
	c.Before, c.After = s.before, s.after
	return nil
}

// written is the statement that is compiled anew, with its values.
func (b *bound) written() dialect.Statement {
	values := dialect.Named{}
	for i, name := range b.p.names {
		values[name] = b.values[i]
	}
	return withValues{b.p.stmt.(dialect.Statement), values}
}

// plan returns the statement as it is in a dialect.
func (p *Prepared) plan(d dialect.Dialect) (*prepared, error) {
	f := d.Features()
	old := p.plans.Load()
	if old != nil {
		for _, s := range *old {
			if s.f == f {
				return s, nil
			}
		}
	}
	s, err := p.compile(d)
	if err != nil {
		return nil, err
	}
	plans := []*prepared{s}
	if old != nil {
		plans = append(plans, *old...)
	}
	p.plans.CompareAndSwap(old, &plans) // whoever loses makes it again
	return s, nil
}

func (p *Prepared) compile(d dialect.Dialect) (*prepared, error) {
	c := &dialect.Compiled{}
	c.Reset(d)
	w := newPrinter(c)
	w.values = dialect.Named{}
	for _, name := range p.names {
		w.values[name] = nil
	}
	p.stmt.print(w)
	w.unusedValues()
	s := &prepared{f: d.Features(), params: make([]*param, len(p.names))}
	for _, q := range w.named {
		at := slices.Index(p.names, q.name)
		if at >= 0 {
			s.params[at] = q.param
		}
		if q.list && at >= 0 {
			c.Failf("expr: Prepare: parameter %s is a list, whose text depends on its length; use WithValues, or AnyOf", q.name)
		}
	}
	if err := w.done(); err != nil {
		return nil, err
	}
	s.text, s.args = c.Text(), slices.Clone(c.Args())
	for _, a := range s.args {
		at := -1
		if a.Name != "" {
			at = slices.Index(p.names, a.Name)
		}
		s.slots = append(s.slots, at)
	}
	s.columns, s.keys, s.counted, s.writes, s.session, s.before, s.after = c.Columns, c.Keys, c.Counted, c.Writes, c.Session, c.Before, c.After
	return s, nil
}
