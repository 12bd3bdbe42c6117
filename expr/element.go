package expr

// SetElement assigns a value to one element of an array, counted from 1, in
// UPDATE. PostgreSQL has it, and its package is the usual way to it.
func SetElement[T any](array Col[[]T], i int, v Of[T]) Assignment {
	if array.n == nil {
		return Assignment{nil, operand(v)}
	}
	return Assignment{&node{op: opElement, l: array.n, r: &node{op: opBind, typ: typeInteger, ext: i}}, operand(v)}
}

// elementOf is the column whose element n is, or n.
func elementOf(n *node) *node {
	if n != nil && n.op == opElement {
		return n.l
	}
	return n
}

// subscript writes the index of an element that is assigned.
func (p *printer) subscript(i *node) {
	if !p.f.Arrays {
		p.unsupported("the element of an array", "keep the elements in a table of their own, or as JSON")
		return
	}
	p.str("[")
	p.expr(i, precLow)
	p.str("]")
}
