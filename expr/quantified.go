package expr

const (
	quantAny uint16 = iota
	quantAll
)

var quantWords = [...]string{quantAny: "ANY", quantAll: "ALL"}

// AnyRow stands at the right of a comparison with a query of one column, which
// is true if it is true for any of its rows: expr.Gt(x, expr.AnyRow[int64](q))
// is x > ANY (q). It is false if there are none. SQLite does not have it.
func AnyRow[T any](q Query) Expr[T] { return quantifiedBy[T](quantAny, q) }

// AllRows is [AnyRow] for a comparison that is to be true for all rows. It is
// true if there are none.
func AllRows[T any](q Query) Expr[T] { return quantifiedBy[T](quantAll, q) }

func quantifiedBy[T any](aux uint16, q Query) Expr[T] {
	return Expr[T]{&node{op: opQuant, aux: aux, typ: typeFor[T](), r: queryNode(q)}}
}

// quantified writes the right side of a comparison with the rows of a query.
func (p *printer) quantified(n *node) {
	word := quantWords[n.aux]
	if !p.f.Quantified {
		instead := "compare with the least or the greatest value of the query (expr.Min, expr.Max), or use In or Exists"
		p.unsupported(word+" (query)", instead)
	}
	p.str(word)
	p.str(" ")
	p.soughtRows(n.r, 1, word)
}
