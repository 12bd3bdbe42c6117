package expr

import (
	"reflect"
	"slices"
	"time"
)

var timeType = reflect.TypeFor[time.Time]()

// Cond is a condition: what WHERE, HAVING, ON and CASE take. It is immutable
// and may be shared. The zero Cond is a mistake that is reported when the
// statement is compiled, and never "no condition": an optional filter is
// [When].
type Cond struct{ n *node }

func (c Cond) expr() *node { return c.n }
func (c Cond) term() *node { return c.n }
func (c Cond) value(bool)  {}

// As makes the condition a column of the result. Where a database has no
// conditions as values, it is a CASE that gives 1, 0 or NULL.
func (c Cond) As(label string) Expr[bool] {
	return Expr[bool](c).As(label)
}

// And is the conjunction of conditions. Those that are [When] with false are
// left out; with none at all it is a mistake.
func And(conds ...Cond) Cond { return join(opAnd, conds) }

// Or is the disjunction of conditions. Those that are [When] with false are
// left out; with none at all it is a mistake.
func Or(conds ...Cond) Cond { return join(opOr, conds) }

func join(o op, conds []Cond) Cond {
	word := "AND"
	if o == opOr {
		word = "OR"
	}
	if len(conds) == 0 {
		return Cond{mistake("%s of no conditions; an optional filter is expr.When(ok, cond)", word)}
	}
	parts := make([]*node, 0, len(conds))
	var constant, decided *node // what is always or never met
	for _, c := range conds {
		switch {
		case c.n == nil:
			parts = append(parts, mistake("%s: zero Cond; an optional filter is expr.When(ok, cond)", word))
		case c.n.op == opNothing:
		case c.n.op == opAlways || c.n.op == opNever:
			constant = c.n
			if (o == opAnd) == (c.n.op == opNever) {
				decided = c.n
			}
		case c.n.op == o:
			parts = append(parts, c.n.ext.([]*node)...)
		default:
			parts = append(parts, c.n)
		}
	}
	if decided != nil && !slices.ContainsFunc(parts, isMistake) {
		return Cond{decided}
	}
	switch len(parts) {
	case 0:
		if constant != nil {
			return Cond{constant}
		}
		return Cond{nothing}
	case 1:
		return Cond{parts[0]}
	}
	return Cond{&node{op: o, ext: parts}}
}

// And is c AND others.
func (c Cond) And(others ...Cond) Cond { return And(append([]Cond{c}, others...)...) }

// Or is c OR others.
func (c Cond) Or(others ...Cond) Cond { return Or(append([]Cond{c}, others...)...) }

// Not is the negation of c: the opposite comparison where there is one.
func Not(c Cond) Cond { return Cond{not(c.n)} }

var nothing = &node{op: opNothing}

// When is cond if ok is true, and no condition at all otherwise: an optional
// filter.
//
//	q = q.Where(expr.When(name != "", Users.Name.Eq(name)))
//
// An UPDATE or DELETE with nothing but absent conditions has no WHERE, and is
// refused without EveryRow.
func When(ok bool, cond Cond) Cond {
	if !ok {
		return Cond{nothing}
	}
	return cond
}

// True is a boolean value as a condition: the column itself, or a comparison
// with 1 where the database has no booleans.
func True(e Of[bool]) Cond { return Cond{truth(nodeOf(e))} }

func truth(n *node) *node {
	if n == nil || n.isCond() {
		return n
	}
	return &node{op: opTrue, l: n}
}

func binary(o op, a, b Any) *node { return &node{op: o, l: nodeOf(a), r: nodeOf(b)} }

// equated is l = r. Two columns are nearly always joined in the same way, so that
// of a column and the first one that it is compared with.
func equated(l, r *node) *node {
	if l == nil || r == nil || l.op != opColumn || r.op != opColumn {
		return &node{op: opEq, l: l, r: r}
	}
	c := l.ext.(*column)
	if n := c.equated.Load(); n != nil && n.l == l && n.r == r {
		return n
	}
	n := &node{op: opEq, l: l, r: r}
	if c.equated.Load() == nil {
		c.equated.CompareAndSwap(nil, n)
	}
	return n
}

// Eq is a = b, for two expressions of one type.
func Eq[T any](a, b Of[T]) Cond { return Cond{equated(nodeOf(a), nodeOf(b))} }

// Ne is a != b.
func Ne[T any](a, b Of[T]) Cond { return Cond{binary(opNe, a, b)} }

// Lt is a < b.
func Lt[T any](a, b Of[T]) Cond { return Cond{binary(opLt, a, b)} }

// Le is a <= b.
func Le[T any](a, b Of[T]) Cond { return Cond{binary(opLe, a, b)} }

// Gt is a > b.
func Gt[T any](a, b Of[T]) Cond { return Cond{binary(opGt, a, b)} }

// Ge is a >= b.
func Ge[T any](a, b Of[T]) Cond { return Cond{binary(opGe, a, b)} }

// IsDistinctFrom is a != b where NULL is a value like any other.
func IsDistinctFrom[T any](a, b Of[T]) Cond { return Cond{binary(opDistinct, a, b)} }

// IsNotDistinctFrom is a = b where NULL is a value like any other.
func IsNotDistinctFrom[T any](a, b Of[T]) Cond { return Cond{binary(opNotDistinct, a, b)} }

// Like is a LIKE b, where b is an expression that gives the pattern.
func Like[T any](a, b Of[T]) Cond { return textCond[T](binary(opLike, a, b)) }

// ILike is Like without regard to case.
func ILike[T any](a, b Of[T]) Cond { return textCond[T](binary(opILike, a, b)) }

// Between is x BETWEEN lo AND hi, for expressions.
func Between[T any](x, lo, hi Of[T]) Cond {
	return Cond{&node{op: opBetween, l: nodeOf(x), ext: &[2]any{nodeOf(lo), nodeOf(hi)}}}
}

// In is x IN (query). That the query has one column is checked when the
// statement is compiled. For a list of values see [Expr.In].
func In[T any](x Of[T], q Query) Cond {
	return Cond{&node{op: opIn, l: nodeOf(x), r: queryNode(q)}}
}

// NotIn is x NOT IN (query). It matches no row if the query gives a NULL.
func NotIn[T any](x Of[T], q Query) Cond {
	return Cond{&node{op: opNotIn, l: nodeOf(x), r: queryNode(q)}}
}

// Exists is EXISTS (query). The query may name columns of the statement
// around it.
func Exists(q Query) Cond { return Cond{&node{op: opExists, r: queryNode(q)}} }

// Scalar is a query of one column as a value: NULL if it gives no row, an
// error of the database if it gives several.
func Scalar[T any](q Query) Expr[T] {
	n := &node{op: opScalar, typ: typeFor[T](), r: queryNode(q)}
	if n.r != nil && (n.typ == nil || n.typ == typeVarchar) { // the query's column may say more
		if outs := n.r.ext.(Query).outputs(); len(outs) == 1 && outs[0] != nil && outs[0].typ != nil {
			n.typ = outs[0].typ
		}
	}
	return Expr[T]{n}
}

// queryNode wraps a query; nil for a nil one.
func queryNode(q Query) *node {
	switch q := q.(type) {
	case nil:
		return nil
	case *SelectStmt: // a pointer has the methods too
		if q == nil {
			return nil
		}
		return &node{op: opQuery, ext: *q}
	case *TextSelect:
		if q == nil {
			return nil
		}
		return &node{op: opQuery, ext: *q}
	case *SetStmt:
		if q == nil {
			return nil
		}
		return &node{op: opQuery, ext: *q}
	case *ValuesStmt:
		if q == nil {
			return nil
		}
		return &node{op: opQuery, ext: *q}
	case interface{ untyped() SelectStmt }:
		if v := reflect.ValueOf(q); v.Kind() == reflect.Pointer && v.IsNil() {
			return nil
		}
		return &node{op: opQuery, ext: q.untyped()}
	}
	return &node{op: opQuery, ext: q}
}
