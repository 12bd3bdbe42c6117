package expr

// Always is a condition that is always met, and Never one that never is. And
// and Or take them for what they are: And drops Always, and is Never with
// Never.
func Always() Cond { return Cond{always} }

// Never is a condition that is never met; see [Always].
func Never() Cond { return Cond{never} }

var (
	always = &node{op: opAlways}
	never  = &node{op: opNever}
)

// IsTrue says that a boolean value is true, and not false or NULL. Unlike
// [True] it is never NULL itself, so that Not(IsTrue(e)) finds NULLs.
func IsTrue(e Of[bool]) Cond { return Cond{isBool(opIsTrue, e)} }

// IsNotTrue says that a boolean value is false or NULL.
func IsNotTrue(e Of[bool]) Cond { return Cond{isBool(opIsNotTrue, e)} }

// IsFalse says that a boolean value is false, and not true or NULL.
func IsFalse(e Of[bool]) Cond { return Cond{isBool(opIsFalse, e)} }

// IsNotFalse says that a boolean value is true or NULL.
func IsNotFalse(e Of[bool]) Cond { return Cond{isBool(opIsNotFalse, e)} }

func isBool(o op, e Of[bool]) *node { return &node{op: o, l: operand(e)} }

// constant writes a condition that is always, or never, met.
func (p *printer) constant(met bool) {
	switch {
	case p.f.NativeBool && p.f.BoolAsCondition:
		p.w.Bool(met)
	case met:
		p.str("1 = 1")
	default:
		p.str("0 = 1")
	}
}

// isBool writes x IS TRUE and its like.
func (p *printer) isBool(n *node, around int) {
	want := n.op == opIsTrue || n.op == opIsNotTrue
	negative := n.op == opIsNotTrue || n.op == opIsNotFalse
	if !p.f.IsBool {
		prec := precCmp
		strict := !negative && (p.denied > 0 || p.bare) // NULL is not the same as false there
		switch {
		case negative:
			prec = precOr
		case strict:
			prec = precAnd
		}
		open := p.open(prec, around)
		p.expr(n.l, precCmp+1)
		p.str(" = ")
		p.w.Bool(want != negative)
		if negative {
			p.str(" OR ")
			p.expr(n.l, precCmp+1)
			p.str(" IS NULL")
		}
		if strict {
			p.str(" AND ")
			p.expr(n.l, precCmp+1)
			p.str(" IS NOT NULL")
		}
		p.close(open)
		return
	}
	open := p.open(precCmp, around)
	p.expr(n.l, precCmp+1)
	if negative {
		p.str(" IS NOT ")
	} else {
		p.str(" IS ")
	}
	p.w.Bool(want)
	p.close(open)
}
