package schema

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Option is what one database alone says of a table, a column, a key or an
// index: an engine, a tablespace, a method. Packages pg, my, lite, ms and ora
// make them. A database that does not have it refuses it, unless it is [Maybe].
// As a [Part], it belongs to the table. An Option is immutable.
type Option struct {
	name  string
	args  []any
	maybe bool
}

// NewOption makes an option by its name in [dialect.DDL].Options. Its
// arguments fill the holes of its template: a [Word], a [Name], a [List] or a
// [Sequel] of them, an expression over the table's columns, and a string or a number as
// a literal; an [Object] is a table, and a [RawSQL] stands as it is.
func NewOption(name string, args ...any) Option {
	return Option{name: name, args: slices.Clone(args)}
}

// Word is an argument of an [Option] that stands as it is: a name of a method,
// an operator. It must not hold anything but letters, digits, _ and dots, or the signs
// of operators.
type Word string

// Name is an argument of an [Option] that is an identifier.
type Name string

// List is an argument of an [Option]: arguments separated by commas.
type List []any

// Sequel is an argument of an [Option]: arguments one after the other.
type Sequel []any

// Object is an argument of an [Option] that is a table by its name; the zero
// Object is the table that has the option.
type Object struct{ Schema, Name string }

// of is the table that one with the option is a part of.
func (o Option) of() (Object, bool) {
	if !strings.HasPrefix(o.name, "attach.") || len(o.args) == 0 {
		return Object{}, false
	}
	of, ok := o.args[0].(Object)
	return of, ok
}

// Maybe is the option where the database has it, and nothing elsewhere: for
// tables that are made on several databases.
func Maybe(o Option) Option { o.maybe = true; return o }

func (o Option) add(d *Definition) {
	if strings.HasPrefix(o.name, "constraint.") {
		d.Constraints = append(d.Constraints, Constraint{Option: o})
		return
	}
	d.Options = append(d.Options, o)
}

// add implements [Part].
func (c Constraint) add(d *Definition) { d.Constraints = append(d.Constraints, c) }

// options writes those that stand at a place, which their names begin with,
// each after before; between separates them.
func (p *ddl) options(d *Definition, list []Option, place, before, between string) {
	first := true
	if order := p.f.DDL.OptionOrder; len(order) > 0 && len(list) > 1 {
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b Option) int { return slices.Index(order, a.name) - slices.Index(order, b.name) })
	}
	for _, o := range list {
		if !strings.HasPrefix(o.name, place) {
			continue
		}
		template, ok := p.option(o)
		if !ok || template == "" {
			continue
		}
		if first {
			p.WriteString(before)
		} else {
			p.WriteString(between)
		}
		first = false
		p.Template(template, func(hole int) {
			if hole >= len(o.args) {
				p.Failf("schema: the option %s takes more than %d arguments", o.name, len(o.args))
				return
			}
			p.argument(d, o.name, o.args[hole])
		})
	}
}

// option returns the template of an option, and false where it is left out or
// refused.
func (p *ddl) option(o Option) (string, bool) {
	template, ok := p.f.DDL.Options[o.name]
	if !ok && !o.maybe {
		_, what, _ := strings.Cut(o.name, ".")
		p.Unsupported("the option "+strings.ReplaceAll(what, "_", " "), "wrap it in schema.Maybe to leave it out where it does not exist")
	}
	return template, ok
}

// places checks that options stand where they can.
func (p *ddl) places(what string, list []Option, places ...string) {
	for _, o := range list {
		fits := false
		for _, place := range places {
			fits = fits || strings.HasPrefix(o.name, place)
		}
		if !fits {
			p.Failf("schema: the option %s is not for %s", o.name, what)
		}
	}
}

func (p *ddl) argument(d *Definition, name string, arg any) {
	switch a := arg.(type) {
	case Word:
		if !isWord(string(a)) {
			p.Failf("schema: the option %s: %q is not a word", name, string(a))
		}
		p.WriteString(string(a))
	case Name:
		p.Ident(string(a))
	case Object:
		if a == (Object{}) {
			a = Object{d.Schema, d.Name}
		}
		p.InSchema(a.Schema, a.Name)
	case RawSQL:
		p.raw(string(a))
	case List:
		for i, x := range a {
			if i > 0 {
				p.WriteString(", ")
			}
			p.argument(d, name, x)
		}
	case Sequel:
		for i, x := range a {
			if i > 0 {
				p.WriteByte(' ')
			}
			p.argument(d, name, x)
		}
	case expr.Any:
		p.expr(d, name, a, true)
	default:
		p.Literal(a, nil)
	}
}

// isWord reports whether s is words, or an operator, and nothing else.
func isWord(s string) bool {
	if s == "" {
		return false
	}
	letters, signs := true, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.' || c == ' '
		letters = letters && letter
		signs = signs && strings.IndexByte("+-*/<>=~!@#%^&|?", c) >= 0
	}
	if strings.Contains(s, "--") || strings.Contains(s, "/*") {
		return false
	}
	return letters || signs
}

// Types of one database alone are natives that others refuse. They are made
// by packages pg, my, lite, ms and ora.

// OwnType is a type of some databases' own, by the name that they give it:
// those that do not have it refuse it before anything is sent.
func OwnType(name string) dialect.Type {
	return dialect.Type{Kind: dialect.Native, Name: name, Own: true}
}

// ownType reports whether the database has the type.
func ownType(f *dialect.Features, name string) bool {
	base := strings.ToLower(name)
	if i := strings.IndexAny(base, "([ "); i >= 0 {
		base = base[:i]
	}
	_, ok := f.DDL.OwnTypes[base]
	return ok
}
