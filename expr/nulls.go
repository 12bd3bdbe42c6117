package expr

import "strings"

// What a window function makes of NULLs, in the aux of its call.
const (
	nullsRespected uint16 = 1 + iota
	nullsIgnored
)

// IgnoreNulls makes [Lag], [LagBy], [Lead], [LeadBy], [FirstValue], [LastValue]
// and [NthValue] pass over the rows where the value is NULL: the last known price is
//
//	expr.LastValue(Prices.Price).IgnoreNulls().Over(expr.PartitionBy(Prices.Item).OrderBy(Prices.Day))
//
// It stands before [Expr.Over]; after anything else it is a mistake. Oracle has
// it, and SQL Server from 2022 and PostgreSQL from 19 on. Elsewhere the first,
// last and n-th value are found by an order that has NULLs at the far end, where the
// frame is the whole partition; what depends on the current row is refused.
// (Oracle SQL Language Reference, Analytic Functions; T-SQL reference, LAG.)
func (e Expr[T]) IgnoreNulls() Expr[T] { return e.nulls(nullsIgnored, "IGNORE NULLS") }

// RespectNulls takes NULLs for values like any other, as window functions do
// without more; see [Expr.IgnoreNulls].
func (e Expr[T]) RespectNulls() Expr[T] { return e.nulls(nullsRespected, "RESPECT NULLS") }

func (e Expr[T]) nulls(treatment uint16, word string) Expr[T] {
	switch {
	case e.n == nil:
		return Expr[T]{mistake("%s: nil operand", word)}
	case isMistake(e.n):
		return e
	case e.n.op != opCall || !treatsNulls(e.n.name):
		return Expr[T]{mistake("%s stands between Lag, Lead, FirstValue, LastValue or NthValue and its Over, not after %s", word, describe(e.n))}
	}
	n := *e.n
	n.aux = treatment
	return Expr[T]{&n}
}

// treatsNulls reports whether a function takes IGNORE NULLS.
func treatsNulls(name string) bool {
	switch strings.ToLower(name) {
	case "lag", "lead", "first_value", "last_value", "nth_value":
		return true
	}
	return false
}

// overNulls writes a window function that says what it makes of NULLs, and its
// window.
func (p *printer) overNulls(n, inner *node) {
	call, w := *inner, n.ext.(*Window)
	call.aux = 0
	p.called(&call, nil)
	switch {
	case p.f.IgnoreNulls && inner.aux == nullsIgnored:
		p.str(" IGNORE NULLS")
	case p.f.IgnoreNulls:
		p.str(" RESPECT NULLS")
	case inner.aux == nullsIgnored:
		p.str(" OVER ")
		p.window(p.nullsAside(w, inner))
		return
	}
	p.overWindow(w)
}

// nullsAside is a window whose order has the rows where the value is NULL at
// the end that the function takes none from.
func (p *printer) nullsAside(w *Window, fn *node) *Window {
	name := strings.ToLower(fn.name)
	const runs = "number the runs with Count of the value over the window in a derived table, and take Max over each run"
	if name == "lag" || name == "lead" {
		p.unsupported("IGNORE NULLS of "+name, runs)
		return w
	}
	own := *w
	if w.name != "" {
		base := p.windowNamed(w.name)
		switch {
		case base == nil || len(w.partition) > 0 || len(w.order) > 0 && len(base.order) > 0:
			return w // reported
		case base.frame.kind != noFrame && (len(w.order) > 0 || w.frame != frame{}):
			return w
		case base.frame.kind != noFrame:
			own.frame = base.frame
		}
		own.name, own.partition = "", base.partition
		if len(w.order) == 0 {
			own.order = base.order
		}
	}
	f := own.frame
	if f.kind == noFrame || f.from != UnboundedPreceding() || f.to != UnboundedFollowing() || f.exclude != ExcludeNoOthers {
		p.unsupported("IGNORE NULLS of "+name+" in a frame that is not the whole partition",
			"say Rows(UnboundedPreceding(), UnboundedFollowing()), or "+runs)
		return w
	}
	if len(own.order) == 0 {
		return &own // reported
	}
	number := func(v int) *node { return &node{op: opLiteral, ext: v} }
	null, other := number(1), number(0)
	if name == "last_value" {
		null, other = other, null
	}
	var buf [2]*node
	args := fn.args(buf[:0])
	if len(args) == 0 {
		p.fail("%s of nothing", name)
		return w
	}
	aside := &node{op: opCase, ext: &caseData{whens: []branch{{&node{op: opIsNull, l: args[0]}, null}}, or: other}}
	own.order = append([]*node{aside}, own.order...)
	return &own
}
