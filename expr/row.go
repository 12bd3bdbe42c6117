package expr

import (
	"reflect"
	"slices"
)

// RowExpr is several expressions that are compared as one, in their order:
// (a, b) > (1, 2) is a > 1, or a = 1 and b > 2. Where a database has no row
// values, such comparisons are written out. It is immutable; the zero RowExpr
// is a mistake. Rows whose types are known to Go are [Row2] and [Row3].
type RowExpr struct{ ns []*node }

// Row makes a row of expressions.
func Row(es ...Any) RowExpr {
	r := RowExpr{ns: make([]*node, len(es))}
	for i, e := range es {
		r.ns[i] = operand(e)
	}
	return r
}

// rowPair are the two rows of a comparison.
type rowPair struct{ left, right []*node }

// rowList is what a row is looked for in: rows of values, a query, or a list
// with a name, whose rows of gives.
type rowList struct {
	left  []*node
	rows  [][]*node
	query *node
	param *param
	of    func(list any) [][]any
}

// rowOf makes nodes of Go values and expressions.
func rowOf(vs []any) []*node {
	ns := make([]*node, len(vs))
	for i, v := range vs {
		ns[i] = valueNode(v)
	}
	return ns
}

// valueNode is an expression as it stands, or a Go value as a parameter.
func valueNode(v any) *node {
	if e := exprIn(v); e != nil {
		return e
	}
	return &node{op: opBind, ext: v}
}

func (r RowExpr) compare(o op, vs []any) Cond {
	return Cond{&node{op: opRowCompare, aux: uint16(o), ext: &rowPair{r.ns, rowOf(vs)}}}
}

// Eq is r = (vs…). A value may be an expression; any other becomes a
// parameter. That there are as many values as expressions is checked when the
// statement is compiled.
func (r RowExpr) Eq(vs ...any) Cond { return r.compare(opEq, vs) }

// Ne is r != (vs…); see [RowExpr.Eq].
func (r RowExpr) Ne(vs ...any) Cond { return r.compare(opNe, vs) }

// Lt is r < (vs…); see [RowExpr.Eq].
func (r RowExpr) Lt(vs ...any) Cond { return r.compare(opLt, vs) }

// Le is r <= (vs…); see [RowExpr.Eq].
func (r RowExpr) Le(vs ...any) Cond { return r.compare(opLe, vs) }

// Gt is r > (vs…): what comes after a row in the order of its columns, as the
// next page of a list does. See [RowExpr.Eq].
func (r RowExpr) Gt(vs ...any) Cond { return r.compare(opGt, vs) }

// Ge is r >= (vs…); see [RowExpr.Eq].
func (r RowExpr) Ge(vs ...any) Cond { return r.compare(opGe, vs) }

// In is r IN (rows…). No rows match nothing. Rows with more values than a
// statement may have parameters are one array a column on PostgreSQL, and JSON
// where a long list of [Expr.In] is.
func (r RowExpr) In(rows ...[]any) Cond { return r.in(opIn, rows) }

// NotIn is r NOT IN (rows…). No rows match every row.
func (r RowExpr) NotIn(rows ...[]any) Cond { return r.in(opNotIn, rows) }

// InParam is r IN (rows…) over a list with a name, a [][]any that is given with
// [WithValues]; rows are the list if that gives none. See [InParam].
func (r RowExpr) InParam(name string, rows ...[]any) Cond {
	own := slices.Clone(rows)
	for i, row := range own {
		own[i] = slices.Clone(row)
	}
	return rowInParam(r, name, own, func(rows [][]any) [][]any { return rows })
}

func rowInParam[R any](r RowExpr, name string, rows []R, of func([]R) [][]any) Cond {
	if name == "" {
		return Cond{mistake("a parameter without a name")}
	}
	q := &param{name: name, list: true, fits: fitsGo[[]R], goTyp: reflect.TypeFor[[]R]()}
	if rows != nil {
		q.value, q.given = slices.Clone(rows), true
	}
	return Cond{&node{op: opRowIn, aux: uint16(opIn), ext: &rowList{left: r.ns, param: q, of: func(list any) [][]any { return of(list.([]R)) }}}}
}

func rowsOf(rows [][]any) [][]*node {
	ns := make([][]*node, len(rows))
	for i, row := range rows {
		ns[i] = rowOf(row)
	}
	return ns
}

func (r RowExpr) in(o op, rows [][]any) Cond {
	l := &rowList{left: r.ns, rows: rowsOf(rows)}
	return Cond{&node{op: opRowIn, aux: uint16(o), ext: l}}
}

// InQuery is r IN (q), where q has as many columns as the row.
func (r RowExpr) InQuery(q Query) Cond { return r.inQuery(opIn, q) }

// NotInQuery is r NOT IN (q). It matches no row if the query gives a row that
// may be equal but for its NULLs.
func (r RowExpr) NotInQuery(q Query) Cond { return r.inQuery(opNotIn, q) }

func (r RowExpr) inQuery(o op, q Query) Cond {
	n := queryNode(q)
	if n == nil {
		return Cond{mistake("%s: nil query", opNames[o])}
	}
	return Cond{&node{op: opRowIn, aux: uint16(o), ext: &rowList{left: r.ns, query: n}}}
}

// Row2 is a [RowExpr] of two expressions whose types Go checks.
type Row2[A, B any] struct{ r RowExpr }

// RowOf2 makes a row of two expressions:
//
//	expr.RowOf2(Orders.PlacedAt, Orders.ID).Gt(last.PlacedAt, last.ID)
func RowOf2[A, B any](a Of[A], b Of[B]) Row2[A, B] { return Row2[A, B]{Row(a, b)} }

// Eq is r = (a, b).
func (r Row2[A, B]) Eq(a A, b B) Cond { return r.r.Eq(a, b) }

// Ne is r != (a, b).
func (r Row2[A, B]) Ne(a A, b B) Cond { return r.r.Ne(a, b) }

// Lt is r < (a, b).
func (r Row2[A, B]) Lt(a A, b B) Cond { return r.r.Lt(a, b) }

// Le is r <= (a, b).
func (r Row2[A, B]) Le(a A, b B) Cond { return r.r.Le(a, b) }

// Gt is r > (a, b).
func (r Row2[A, B]) Gt(a A, b B) Cond { return r.r.Gt(a, b) }

// Ge is r >= (a, b).
func (r Row2[A, B]) Ge(a A, b B) Cond { return r.r.Ge(a, b) }

// EqRow is r = other.
func (r Row2[A, B]) EqRow(other Row2[A, B]) Cond { return r.r.with(opEq, other.r) }

// In is r IN (rows…). No rows match nothing.
func (r Row2[A, B]) In(rows ...Tuple2[A, B]) Cond { return r.r.in(opIn, pairs(rows)) }

// NotIn is r NOT IN (rows…). No rows match every row.
func (r Row2[A, B]) NotIn(rows ...Tuple2[A, B]) Cond { return r.r.in(opNotIn, pairs(rows)) }

// InParam is r IN (rows…) over a list with a name, a []Tuple2 that is given
// with [WithValues]; rows are the list if that gives none. See [InParam].
func (r Row2[A, B]) InParam(name string, rows ...Tuple2[A, B]) Cond {
	return rowInParam(r.r, name, rows, pairs[A, B])
}

// InQuery is r IN (q), where q has two columns.
func (r Row2[A, B]) InQuery(q Query) Cond { return r.r.InQuery(q) }

// NotInQuery is r NOT IN (q); see [RowExpr.NotInQuery].
func (r Row2[A, B]) NotInQuery(q Query) Cond { return r.r.NotInQuery(q) }

// Row is the row without its types.
func (r Row2[A, B]) Row() RowExpr { return r.r }

func pairs[A, B any](rows []Tuple2[A, B]) [][]any {
	list := make([][]any, len(rows))
	for i, p := range rows {
		list[i] = []any{p.A, p.B}
	}
	return list
}

// with compares two rows of expressions.
func (r RowExpr) with(o op, other RowExpr) Cond {
	return Cond{&node{op: opRowCompare, aux: uint16(o), ext: &rowPair{r.ns, slices.Clone(other.ns)}}}
}

// Row3 is a [RowExpr] of three expressions whose types Go checks.
type Row3[A, B, C any] struct{ r RowExpr }

// RowOf3 makes a row of three expressions.
func RowOf3[A, B, C any](a Of[A], b Of[B], c Of[C]) Row3[A, B, C] {
	return Row3[A, B, C]{Row(a, b, c)}
}

// Eq is r = (a, b, c).
func (r Row3[A, B, C]) Eq(a A, b B, c C) Cond { return r.r.Eq(a, b, c) }

// Ne is r != (a, b, c).
func (r Row3[A, B, C]) Ne(a A, b B, c C) Cond { return r.r.Ne(a, b, c) }

// Lt is r < (a, b, c).
func (r Row3[A, B, C]) Lt(a A, b B, c C) Cond { return r.r.Lt(a, b, c) }

// Le is r <= (a, b, c).
func (r Row3[A, B, C]) Le(a A, b B, c C) Cond { return r.r.Le(a, b, c) }

// Gt is r > (a, b, c).
func (r Row3[A, B, C]) Gt(a A, b B, c C) Cond { return r.r.Gt(a, b, c) }

// Ge is r >= (a, b, c).
func (r Row3[A, B, C]) Ge(a A, b B, c C) Cond { return r.r.Ge(a, b, c) }

// EqRow is r = other.
func (r Row3[A, B, C]) EqRow(other Row3[A, B, C]) Cond { return r.r.with(opEq, other.r) }

// In is r IN (rows…). No rows match nothing.
func (r Row3[A, B, C]) In(rows ...Tuple3[A, B, C]) Cond { return r.r.in(opIn, triples(rows)) }

// NotIn is r NOT IN (rows…). No rows match every row.
func (r Row3[A, B, C]) NotIn(rows ...Tuple3[A, B, C]) Cond { return r.r.in(opNotIn, triples(rows)) }

// InParam is r IN (rows…) over a list with a name, a []Tuple3 that is given
// with [WithValues]; rows are the list if that gives none. See [InParam].
func (r Row3[A, B, C]) InParam(name string, rows ...Tuple3[A, B, C]) Cond {
	return rowInParam(r.r, name, rows, triples[A, B, C])
}

// InQuery is r IN (q), where q has three columns.
func (r Row3[A, B, C]) InQuery(q Query) Cond { return r.r.InQuery(q) }

// NotInQuery is r NOT IN (q); see [RowExpr.NotInQuery].
func (r Row3[A, B, C]) NotInQuery(q Query) Cond { return r.r.NotInQuery(q) }

// Row is the row without its types.
func (r Row3[A, B, C]) Row() RowExpr { return r.r }

func triples[A, B, C any](rows []Tuple3[A, B, C]) [][]any {
	list := make([][]any, len(rows))
	for i, t := range rows {
		list[i] = []any{t.A, t.B, t.C}
	}
	return list
}
