package expr

import (
	"reflect"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// TrueDiv is a / b with its fraction, also between whole numbers, on every
// database.
func TrueDiv(a, b Any) Expr[float64] {
	return Expr[float64]{fill(opTemplate, trueDiv, typeDouble, []Any{a, b})}
}

// FloorDiv is a / b rounded down: -7 by 2 gives -4, where [Div] drops the
// fraction and gives -3.
func FloorDiv[T any](a, b Of[T]) Expr[T] {
	if n := arith(opDiv, a, b); n.n.op == opMistake {
		return n
	}
	t := floorDivExact
	if k := typeOf(a); isWhole[T]() && !fractional(k) {
		t = floorDiv
	}
	return Expr[T]{fill(opTemplate, t, typeOf(a), []Any{a, b})}
}

var trueDiv = &Template{Name: "the true division", Precedence: BindsAsProduct, Typed: 1,
	of: func(f *dialect.Features) string { return operatorOr(f, "truediv", "{0} / {1}") }}

var floorDiv = &Template{Name: "the division that rounds down", Precedence: BindsClosed, Typed: 1,
	of: func(f *dialect.Features) string {
		return operatorOr(f, "floordiv", "FLOOR("+operatorOr(f, "truediv", "{0} / {1}")+")")
	}}

// realDiv is the text of a true division by what may have a fraction, where the
// dialect's own is for whole numbers and would cut that off.
func (p *printer) realDiv(args []*node) (string, bool) {
	text := p.f.Operators["realdiv"]
	if text == "" {
		return "", false
	}
	if len(args) == 2 && !wholeKind(p.kindOf(args[1])) {
		return text, true
	}
	return "", false
}

// floorDivExact is for what is no whole number, and so not divided as one.
var floorDivExact = &Template{Name: floorDiv.Name, Precedence: BindsClosed, Typed: 1,
	of: func(f *dialect.Features) string {
		if f.DecimalNumber != "" { // decimals are texts, of which some look whole
			return "FLOOR(" + operatorOr(f, "truediv", "{0} / {1}") + ")"
		}
		return "FLOOR({0} / {1})"
	}}

// operatorOr is how a dialect says an operator.
func operatorOr(f *dialect.Features, op, plain string) string {
	if t, ok := f.Operators[op]; ok {
		return t
	}
	return plain
}

func bitTemplate(op, plain string) *Template {
	return &Template{Name: "the operator " + op, Precedence: BindsAsOperator, Typed: 1, bits: true,
		Instead: "calculate in the program", of: func(f *dialect.Features) string { return operatorOr(f, op, plain) }}
}

var (
	bitAnd     = bitTemplate("&", "{0} & {1}")
	bitOr      = bitTemplate("|", "{0} | {1}")
	bitXor     = bitTemplate("^", "{0} ^ {1}")
	shiftLeft  = bitTemplate("<<", "{0} << {1}")
	shiftRight = bitTemplate(">>", "{0} >> {1}")
	bitNot     = prefixTemplate("bitnot", "~{0}")
)

// wider reports whether an operand of an operator of bits needs a CAST, where
// the database tells whole numbers from others and by their width: of a sum it
// makes a decimal, which has no bits, and what is shifted stays in the bits
// that it has.
func (p *printer) wider(t *Template, n *node) bool {
	if _, typed := p.f.Operators["wholediv"]; !typed {
		return false
	}
	if n = p.settle(n); n == nil || n.op == opNull || n.op == opBind && exprIn(n.ext) == nil {
		return false // which is typed anyway
	}
	if t == shiftLeft || t == shiftRight { // a literal has 32 bits, and so has a value beside one
		k := declared(n)
		return k == nil || k.Kind != dialect.BigInt
	}
	return !p.isWhole(n)
}

func prefixTemplate(op, plain string) *Template {
	t := bitTemplate(op, plain)
	t.tight = true
	return t
}

// BitAnd has the bits that are in a and in b. Numbers are signed, of 64 bits,
// on every database.
func BitAnd[T Integer](a, b Of[T]) Expr[T] { return bits(bitAnd, a, b) }

// BitOr has the bits that are in a or in b.
func BitOr[T Integer](a, b Of[T]) Expr[T] { return bits(bitOr, a, b) }

// BitXor has the bits that are in one of a and b and not in the other.
func BitXor[T Integer](a, b Of[T]) Expr[T] { return bits(bitXor, a, b) }

// BitNot has every bit of a inverted.
func BitNot[T Integer](a Of[T]) Expr[T] {
	return Expr[T]{fill(opTemplate, bitNot, typeOf(a), []Any{a})}
}

// ShiftLeft has the bits of a, n places higher. n is from 0 to 63.
func ShiftLeft[T Integer](a Of[T], n int) Expr[T] {
	if n < 0 || n > 63 {
		return Expr[T]{mistake("ShiftLeft: %d places; give 0 to 63", n)}
	}
	return Expr[T]{fill(opTemplate, shiftLeft, typeOf(a), []Any{a, Value(int32(n))})}
}

// ShiftRight has the bits of a, n places lower; at the top, copies of the sign
// bit come in. n is from 0 to 63.
func ShiftRight[T Integer](a Of[T], n int) Expr[T] {
	if n < 0 || n > 63 {
		return Expr[T]{mistake("ShiftRight: %d places; give 0 to 63", n)}
	}
	return Expr[T]{fill(opTemplate, shiftRight, typeOf(a), []Any{a, Value(int32(n))})}
}

func bits[T Integer](t *Template, a, b Of[T]) Expr[T] {
	return Expr[T]{fill(opTemplate, t, typeOf(a), []Any{a, b})}
}

// remainder is the operator that a remainder needs: one for numbers with a
// fraction, where % takes whole ones alone.
func (p *printer) remainder(n *node) string {
	if p.f.Operators["fmod"] == "" {
		return "%"
	}
	left, right := p.kindOf(n.l), p.kindOf(rightNode(n))
	if right == nil && n.flag&flagImm != 0 {
		right = typeOfValue(n.ext)
	}
	for _, t := range [...]*dialect.Type{left, right} {
		if t != nil && (t.Kind == dialect.Double || t.Kind == dialect.Real || t.Kind == dialect.Decimal && p.f.DecimalNumber != "") {
			return "fmod"
		}
	}
	return "%"
}

// isWhole reports whether the database has n for a whole number of its own
// types beyond doubt, and not for a decimal, as a sum is on PostgreSQL.
func (p *printer) isWhole(n *node) bool {
	if n = p.settle(n); n == nil {
		return false
	}
	switch n.op {
	case opColumn, opCast:
		t := declared(n)
		return wholeKind(t) && !t.Unsigned
	case opBind:
		return exprIn(n.ext) == nil && wholeKind(n.typ)
	case opLiteral, opParam:
		return wholeKind(n.typ)
	case opNeg:
		return p.isWhole(n.l)
	case opAdd, opSub, opMul, opMod, opDiv:
		return p.isWhole(n.l) && (n.flag&flagImm != 0 && wholeKind(typeOfValue(n.ext)) || n.flag&flagImm == 0 && p.isWhole(n.r)) &&
			(n.op != opDiv || p.division(n) == "wholediv")
	case opCall:
		switch n.name {
		case "count", "length", "char_length":
			return true
		case "sign":
			return n.typ == typeBigInt // cast where it is not
		case "abs":
			return p.isWhole(n.l)
		case "coalesce", "nullif":
			return p.areWhole(n.args(nil))
		}
	case opExtreme:
		return p.areWhole(n.ext.([]*node))
	case opCase:
		d := n.ext.(*caseData)
		for _, b := range d.whens {
			if !p.isWhole(b.then) {
				return false
			}
		}
		return d.or == nil || p.isWhole(d.or)
	case opTemplate:
		f := n.ext.(*filled)
		switch f.t {
		case bitAnd, bitOr, bitXor, shiftLeft, shiftRight, bitNot:
			return p.isWhole(f.args[0])
		}
	}
	return false
}

func (p *printer) areWhole(ns []*node) bool {
	for _, n := range ns {
		if !p.isWhole(n) {
			return false
		}
	}
	return true
}

// division is the operator that a division needs: one that drops the fraction,
// where both sides are known to be whole, or one that keeps it, where decimals are
// texts of which some look whole.
func (p *printer) division(n *node) string {
	left := p.settle(n.l)
	switch {
	case n.aux == wholeDiv:
		if _, ok := p.f.Operators["wholediv"]; ok && p.isWhole(left) && (n.flag&flagImm != 0 || p.isWhole(n.r)) {
			return "wholediv"
		}
		return "div"
	case left == nil || left.typ == nil:
		return "/"
	case left.typ.Kind == dialect.Decimal && p.f.DecimalNumber != "":
		return "truediv"
	case left.typ.Kind < dialect.SmallInt || left.typ.Kind > dialect.BigInt:
		return "/"
	}
	right := n.r
	if n.flag&flagImm != 0 {
		if right = exprIn(n.ext); right == nil {
			if k := reflect.TypeOf(n.ext); k != nil && k.Kind() >= reflect.Int && k.Kind() <= reflect.Uint64 {
				return "div"
			}
			return "/"
		}
	}
	if right = p.settle(right); right != nil && right.typ != nil && right.typ.Kind >= dialect.SmallInt && right.typ.Kind <= dialect.BigInt {
		return "div"
	}
	return "/"
}
