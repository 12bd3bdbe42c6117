package expr

import (
	"reflect"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// On some databases a parameter takes its type from what stands around it
// (Features.UntypedParams). Where that says none, or the wrong one, the text
// has a CAST.

// bareParam reports whether n is a parameter.
func bareParam(n *node) bool {
	return n != nil && (n.op == opBind && exprIn(n.ext) == nil || n.op == opParam)
}

// paramType is the type of a parameter's own: that of the node, or that which
// goes with its Go type.
func paramType(n *node) *dialect.Type {
	if n.typ != nil {
		return n.typ
	}
	if q, ok := n.ext.(*param); ok {
		return typeOfGo(q.goTyp)
	}
	return typeOfValue(n.ext)
}

// typed writes an operand of which the database is to know the type: a
// parameter gets a CAST where parameters have none of their own, unless it is a
// text, which is what the database takes it for.
func (p *printer) typed(n *node, around int) {
	n = p.settle(n)
	if !bareParam(n) {
		p.expr(n, around)
		return
	}
	t := paramType(n)
	switch {
	case !p.f.UntypedParams:
		p.beside(n, nil, around)
		return
	case t == nil, t.Kind == dialect.Varchar, p.literals() && (wholeKind(t) || t.Kind == dialect.Boolean):
		p.expr(n, around)
		return
	case t.Kind == dialect.Decimal || t.Precision != 0 || t.Length != 0:
		t = &dialect.Type{Kind: t.Kind} // a CAST would cut the value
	}
	p.cast(&node{op: opCast, typ: t, l: n})
}

// literals reports whether values are written as literals, which have a type.
func (p *printer) literals() bool {
	on := p.w.Literals(false)
	p.w.Literals(on)
	return on
}

// typedText is typed for a place that takes any type, where a text has to show
// that it is one.
func (p *printer) typedText(n *node, around int) {
	n = p.settle(n)
	if p.f.UntypedParams && bareParam(n) && (n.typ == nil || n.typ.Kind == dialect.Varchar) {
		if t := paramType(n); t == nil || t.Kind == dialect.Varchar {
			p.cast(&node{op: opCast, typ: typeText, l: n})
			return
		}
	}
	p.typed(n, around)
}

// anyTyped reports whether one of the operands shows its type: a parameter and
// NULL do not.
func (p *printer) anyTyped(ns []*node) bool {
	for _, n := range ns {
		if n = p.settle(n); n != nil && n.op != opNull && !bareParam(n) {
			return true
		}
	}
	return false
}

// anyParam reports whether one of the operands is a parameter.
func (p *printer) anyParam(ns []*node) bool {
	for _, n := range ns {
		if bareParam(p.settle(n)) {
			return true
		}
	}
	return false
}

// untyped reports whether neither operand of a binary node shows its type, so
// that the left one has to.
func (p *printer) untyped(n, left *node) bool {
	if !p.f.UntypedParams || !bareParam(left) {
		return false
	}
	if n.flag&flagImm != 0 {
		return exprIn(n.ext) == nil
	}
	return n.r != nil && !p.anyTyped([]*node{n.r})
}

// typeOfValue is the type that goes with a Go value; nil where none does.
func typeOfValue(v any) *dialect.Type { return typeOfGo(reflect.TypeOf(v)) }

// typeOfGo is the type that goes with a Go type; nil where none does, as where
// the type says by a method what its values are.
func typeOfGo(t reflect.Type) *dialect.Type {
	switch {
	case t == nil:
		return nil
	case t == bytesType:
		return typeBlob
	case t == timeType:
		return typeTimestampTZ
	case isUUID(t):
		return typeUUID
	case t.Implements(valuerType):
		return nil
	}
	switch k := t.Kind(); {
	case k == reflect.Bool:
		return typeBoolean
	case k >= reflect.Int && k <= reflect.Uint64:
		return typeBigInt
	case k == reflect.Float32 || k == reflect.Float64:
		return typeDouble
	case k == reflect.Pointer:
		return typeOfGo(t.Elem())
	case k == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		return arrayOf(elementType(t.Elem()))
	}
	return nil
}

// elementType is the type of the elements of a list of Go values; nil where
// none goes with them.
func elementType(t reflect.Type) *dialect.Type {
	switch k := t.Kind(); {
	case t.Implements(valuerType) || isUUID(t):
	case k == reflect.String:
		return typeText
	case k == reflect.Int8 || k == reflect.Int16:
		return typeSmallInt
	case k == reflect.Int32 || k == reflect.Uint16:
		return typeInteger
	case k == reflect.Float32:
		return typeReal
	}
	return typeOfGo(t)
}

// isUUID reports whether values of a Go type are UUIDs: arrays of 16 bytes.
func isUUID(t reflect.Type) bool {
	return t == uuidType || t.Kind() == reflect.Array && t.ConvertibleTo(uuidType)
}

var (
	uuidType        = reflect.TypeFor[[16]byte]()
	bytesType       = reflect.TypeFor[[]byte]()
	typeBlob        = &dialect.Type{Kind: dialect.Blob}
	typeTimestampTZ = &dialect.Type{Kind: dialect.TimestampTZ}
	typeUUID        = &dialect.Type{Kind: dialect.UUID}
	typeDate        = &dialect.Type{Kind: dialect.Date}
	typeTimestamp   = &dialect.Type{Kind: dialect.Timestamp}
	typeText        = &dialect.Type{Kind: dialect.Clob}
	typeJSON        = &dialect.Type{Kind: dialect.JSON}
)
