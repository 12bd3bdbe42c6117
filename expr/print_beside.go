package expr

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// A value that Go knows as a text, or of which Go says nothing, may be a
// decimal, a date or a UUID: what it stands beside says which.

// kindOf is the type that n has where the statement is compiled: its own, or
// that of what it is made of where its own says no more than that it is a text.
func (p *printer) kindOf(n *node) *dialect.Type {
	n = p.settle(n)
	if n == nil {
		return nil
	}
	if n.typ != nil && n.typ != typeVarchar {
		return n.typ
	}
	var parts []*node
	switch n.op {
	case opCall:
		switch n.name {
		case "coalesce", "nullif", "min", "max", "lag", "lead", "first_value", "last_value", "nth_value":
			parts = n.args(nil)
			if n.name != "coalesce" && len(parts) > 1 {
				parts = parts[:1]
			}
		}
	case opExtreme:
		parts = n.ext.([]*node)
	case opCase:
		d := n.ext.(*caseData)
		for _, b := range d.whens {
			parts = append(parts, b.then)
		}
		parts = append(parts, d.or)
	case opOver, opFilter, opLabel:
		parts = []*node{n.l}
	}
	if t := p.kindOfAny(parts); t != nil {
		return t
	}
	return n.typ
}

// kindOfAny is the first type of operands that says more than that a value is a
// text; nil for none.
func (p *printer) kindOfAny(ns []*node) *dialect.Type {
	for _, n := range ns {
		if t := p.kindOf(n); t != nil && t != typeVarchar {
			return t
		}
	}
	return nil
}

// unsaid reports whether n is a value whose type only what is beside it says.
func (p *printer) unsaid(n *node) bool {
	if n == nil || n.typ != nil && n.typ != typeVarchar && n.typ != typeUUID { // which may be 16 bytes
		return false
	}
	switch n.op {
	case opBind:
		return exprIn(n.ext) == nil && !isNil(n.ext)
	case opParam:
		return true
	}
	return false
}

// orderedBeside is ordered for an operand that is compared with other, which is
// of type t.
func (p *printer) orderedBeside(n, other *node, t *dialect.Type, around int) {
	n = p.settle(n)
	switch {
	case t == nil || n == nil:
	case p.unsaid(n):
		p.compared(other, t, n.ext, func() { p.lend(n, t) })
		return
	case (n.op == opBind || n.op == opParam) && isDecimal(t) && isDecimal(n.typ):
		p.compared(other, t, n.ext, func() { p.ordered(n, around) })
		return
	case n.op == opLiteral && isDecimal(t) && (n.typ == nil || n.typ == typeVarchar):
		p.compared(other, t, nil, func() { p.literal(&node{op: opLiteral, typ: t, ext: n.ext}, around) })
		return
	case p.f.TimeOfDate != "" && (t.Kind == dialect.Timestamp || t.Kind == dialect.TimestampTZ) && p.isDate(n):
		p.w.Template(p.f.TimeOfDate, func(int) { p.expr(n, precAtom) })
		return
	}
	p.ordered(n, around)
}

// compared writes a value v that is compared with other, which is of type t: where
// decimals are texts, a value is one too, and what is calculated is none; where a
// parameter is one, beside anything but a column it has to say that it is a number.
func (p *printer) compared(other *node, t *dialect.Type, v any, write func()) {
	switch other = p.settle(other); {
	case !isDecimal(t) || other != nil && other.op == opColumn:
		write()
	case p.f.DecimalNumber == "" && v != nil:
		p.exact(v, t, write)
	case p.f.DecimalNumber == "" || other == nil || p.textDecimal(other):
		write()
	default:
		p.w.Template(p.f.DecimalNumber, func(int) { write() })
	}
}

// decimalValue reports whether n is a value that is known to be a decimal.
func (p *printer) decimalValue(n *node) bool {
	return n != nil && n.op == opBind && isDecimal(n.typ) && !isNil(n.ext) && exprIn(n.ext) == nil
}

func (p *printer) isDate(n *node) bool {
	t := p.kindOf(n)
	return t != nil && t.Kind == dialect.Date
}

// beside is expr for an operand that is calculated or brought together with
// what is of type t.
func (p *printer) beside(n *node, t *dialect.Type, around int) {
	switch n = p.settle(n); {
	case p.decimalValue(n):
		t = n.typ
	case t == nil || !p.unsaid(n):
		p.expr(n, around)
		return
	}
	p.exact(n.ext, t, func() { p.lend(n, t) })
}

// lend writes a value as one of type t.
func (p *printer) lend(n *node, t *dialect.Type) {
	if n.op == opParam {
		with := *n
		with.typ = t
		p.param(&with)
		return
	}
	p.bind(n, n.ext, t)
}

// exact writes the parameter of a decimal where it is calculated with: where the
// database would take it for a text, it says that it is a number.
func (p *printer) exact(v any, t *dialect.Type, write func()) {
	if p.f.DecimalParam == "" || !isDecimal(t) || t.Inexact {
		write()
		return
	}
	if p.literals() { // which are numbers
		write()
		return
	}
	if plainNumber(v) {
		write()
		return
	}
	p.looked()
	scale := 30
	switch v := v.(type) {
	case string:
		scale = max(t.Scale, digitsAfter(v))
	case json.Number:
		scale = max(t.Scale, digitsAfter(string(v)))
	default:
		if r := reflect.ValueOf(v); r.Kind() == reflect.String {
			scale = max(t.Scale, digitsAfter(r.String()))
		}
	}
	p.w.Template(p.f.DecimalParam, func(hole int) {
		if hole == 0 {
			write()
			return
		}
		p.w.WriteInt(int64(min(scale, 30)))
	})
}

// digitsAfter is the number of digits after the point of a number as text; 30
// where it is not a plain one.
func digitsAfter(s string) int {
	if strings.ContainsAny(s, "eE") {
		return 30
	}
	_, after, _ := strings.Cut(s, ".")
	return len(after)
}
