package expr

import "slices"

// Greatest is the largest of its operands, and NULL where one of them is, on
// every database (SQL:2023, T054).
func Greatest[T any](es ...Of[T]) Expr[T] { return extreme("greatest", es) }

// Least is the smallest of its operands, and NULL where one of them is, on every
// database.
func Least[T any](es ...Of[T]) Expr[T] { return extreme("least", es) }

func extreme[T any](name string, es []Of[T]) Expr[T] {
	if len(es) == 0 {
		return Expr[T]{mistake("%s of nothing", name)}
	}
	args := make([]*node, len(es))
	for i, e := range es {
		args[i] = operand(e)
	}
	if len(args) == 1 {
		return Expr[T]{args[0]}
	}
	return Expr[T]{&node{op: opExtreme, name: name, typ: typeOfAny(args...), ext: args}}
}

// If is yes where the condition holds, and no otherwise: a CASE.
func If[T any](cond Cond, yes, no Of[T]) Expr[T] {
	return Case[T]().WhenExpr(cond, yes).ElseExpr(no).End()
}

// CaseOf begins a CASE that compares one expression with values:
//
//	expr.CaseOf[string, int](Orders.Status).When("new", 1).When("paid", 2).Else(0).End()
func CaseOf[K, T any](e Of[K]) CaseOfExpr[K, T] {
	return CaseOfExpr[K, T]{caseData{of: operand(e)}}
}

// CaseOfExpr is a CASE of one expression under construction; each method
// returns a new one. End makes it an expression.
type CaseOfExpr[K, T any] struct{ d caseData }

// When adds a branch for one value of the expression. Both become parameters.
func (c CaseOfExpr[K, T]) When(k K, v T) CaseOfExpr[K, T] {
	return c.WhenExpr(Value(k), Value(v))
}

// WhenExpr is When with expressions.
func (c CaseOfExpr[K, T]) WhenExpr(k Of[K], v Of[T]) CaseOfExpr[K, T] {
	w := c.d.whens
	key := operand(k)
	if key.op == opBind && key.typ == nil && c.d.of != nil {
		n := *key
		n.typ = c.d.of.typ
		key = &n
	}
	c.d.whens = append(w[:len(w):len(w)], branch{key, operand(v)})
	return c
}

// Else says what the CASE gives when no branch does; otherwise it is NULL.
func (c CaseOfExpr[K, T]) Else(v T) CaseOfExpr[K, T] { return c.ElseExpr(Value(v)) }

// ElseExpr is Else with an expression.
func (c CaseOfExpr[K, T]) ElseExpr(e Of[T]) CaseOfExpr[K, T] {
	c.d.or = operand(e)
	return c
}

// End is the CASE as an expression.
func (c CaseOfExpr[K, T]) End() Expr[T] {
	d := c.d
	return Expr[T]{&node{op: opCase, typ: d.typ(typeFor[T]()), ext: &d}}
}

// extreme writes GREATEST or LEAST so that a NULL among the operands makes it
// NULL.
func (p *printer) extreme(n *node, around int) {
	args := n.ext.([]*node)
	fn := &node{op: opCall, name: n.name, typ: n.typ, ext: args}
	if p.f.Functions[n.name] == "" || p.textDecimals(args) {
		p.extremeCase(n, args, around)
		return
	}
	if !p.f.GreatestSkipsNulls {
		p.call(fn, nil)
		return
	}
	var mayBeNull []*node
	for _, a := range args {
		if p.nullable(a) {
			mayBeNull = append(mayBeNull, a)
		}
	}
	if len(mayBeNull) == 0 {
		p.call(fn, nil)
		return
	}
	p.str("CASE WHEN ")
	for i, a := range mayBeNull {
		if i > 0 {
			p.str(" AND ")
		}
		p.typedText(a, precCmp+1)
		p.str(" IS NOT NULL")
	}
	p.str(" THEN ")
	p.call(fn, nil)
	p.str(" END")
}

// textDecimals reports whether one of the operands is a decimal that the
// database has as text, or takes for one.
func (p *printer) textDecimals(args []*node) bool {
	return p.f.DecimalNumber != "" && slices.ContainsFunc(args, func(a *node) bool {
		a = p.settle(a)
		return p.textDecimal(a) || p.decimalValue(a) || p.unsaid(a) && isDecimal(p.kindOfAny(args))
	})
}

// extremeCase writes GREATEST or LEAST by a CASE: the first operand that is not
// less (or greater) than each after it, if that is so of all before.
func (p *printer) extremeCase(n *node, args []*node, around int) {
	if len(args) == 1 {
		p.expr(args[0], around)
		return
	}
	sign := " >= "
	if n.name == "least" {
		sign = " <= "
	}
	p.str("CASE")
	for i, a := range args {
		p.str(" WHEN ")
		first := true
		for j, b := range args {
			if j == i {
				continue
			}
			if !first {
				p.str(" AND ")
			}
			first = false
			p.extremeOperand(n, a)
			p.str(sign)
			p.extremeOperand(n, b)
		}
		p.str(" THEN ")
		p.expr(a, precLow)
	}
	p.str(" END")
}

// extremeOperand writes an operand that is compared with the others: as a number
// where one of them is a decimal that is stored as text.
func (p *printer) extremeOperand(n, a *node) {
	if p.f.DecimalNumber == "" || !p.decimalOf(n) {
		p.ordered(a, precCmp+1)
		return
	}
	p.w.Template(p.f.DecimalNumber, func(int) { p.expr(a, precLow) })
}

// decimalOf reports whether n is an exact decimal.
func (p *printer) decimalOf(n *node) bool {
	t := p.kindOf(n)
	return isDecimal(t) && !t.Inexact
}

// nullable reports whether an operand may be NULL, as far as that is known.
func (p *printer) nullable(n *node) bool {
	n = p.settle(n)
	if n == nil {
		return true
	}
	switch n.op {
	case opBind:
		return exprIn(n.ext) != nil || isNil(n.ext)
	case opLiteral:
		return isNil(n.ext)
	case opColumn:
		c := n.ext.(*column)
		i := p.find(c.src)
		return c.def.Null || i < 0 || p.scope[i].outer
	case opCall:
		return n.name != "count"
	}
	return true
}
