package agree

import (
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/expr"
)

func (m *maker) boolean(depth int) *tree {
	sub := func() *tree { return m.tree(boolean, depth) }
	switch m.IntN(18) {
	case 0, 1:
		a, b := sub(), sub()
		return node(boolean, expr.And(cond(a), cond(b)), func(_ *env, vals []any) any { return and3(vals[0], vals[1]) }, a, b)
	case 2, 3:
		a, b, c := sub(), sub(), sub()
		return node(boolean, expr.Or(cond(a), cond(b), cond(c)), func(_ *env, vals []any) any { return or3(or3(vals[0], vals[1]), vals[2]) }, a, b, c)
	case 4, 5:
		a := sub()
		return node(boolean, expr.Not(cond(a)), func(_ *env, vals []any) any { return not3(vals[0]) }, a)
	case 6:
		a := sub()
		b := of[bool](a)
		switch m.IntN(4) {
		case 0:
			return node(boolean, expr.IsTrue(b), func(_ *env, vals []any) any { return vals[0] == true }, a)
		case 1:
			return node(boolean, expr.IsNotTrue(b), func(_ *env, vals []any) any { return vals[0] != true }, a)
		case 2:
			return node(boolean, expr.IsFalse(b), func(_ *env, vals []any) any { return vals[0] == false }, a)
		}
		return node(boolean, expr.IsNotFalse(b), func(_ *env, vals []any) any { return vals[0] != false }, a)
	case 7:
		return m.like(depth)
	case 8:
		return m.queried(depth)
	case 9:
		return m.rows(depth)
	case 10:
		if m.IntN(4) == 0 {
			if m.IntN(2) == 0 {
				return node(boolean, expr.Always(), func(*env, []any) any { return true })
			}
			return node(boolean, expr.Never(), func(*env, []any) any { return false })
		}
		a, b := sub(), sub()
		return node(boolean, expr.Eq(of[bool](a), of[bool](b)), func(_ *env, vals []any) any {
			if vals[0] == nil || vals[1] == nil {
				return nil
			}
			return vals[0] == vals[1]
		}, a, b)
	}
	switch k := pick(m, whole, whole, exact, float, text, boolean, moment); k {
	case whole:
		return compared[int64](m, k, depth)
	case exact, text:
		return compared[string](m, k, depth)
	case float:
		return compared[float64](m, k, depth)
	case boolean:
		return compared[bool](m, k, depth)
	default:
		return compared[time.Time](m, k, depth)
	}
}

// methods are those of a column or an expression that take a value of Go.
type methods[T any] interface {
	Eq(T) expr.Cond
	Ne(T) expr.Cond
	Lt(T) expr.Cond
	Ge(T) expr.Cond
	In(...T) expr.Cond
	NotIn(...T) expr.Cond
	Between(lo, hi T) expr.Cond
	NotBetween(lo, hi T) expr.Cond
	IsDistinctFrom(T) expr.Cond
	IsNotDistinctFrom(T) expr.Cond
	IsNull() expr.Cond
	IsNotNull() expr.Cond
}

// compared is a comparison of values of a kind.
func compared[T any](m *maker, k kind, depth int) *tree {
	a, b := m.tree(k, depth), m.tree(k, depth)
	if m.IntN(20) == 0 {
		b = null[T](k)
	}
	x, y := of[T](a), of[T](b)
	eq := func(v *env, vals []any) any { return v.compare(vals[0], vals[1]) == 0 }
	ordered := func(f func(c int) bool) func(v *env, vals []any) any {
		return func(v *env, vals []any) any { return f(v.order(vals[0], vals[1])) }
	}
	ne := func(v *env, vals []any) any { return v.compare(vals[0], vals[1]) != 0 }
	distinct := func(want bool) func(v *env, vals []any) any {
		return func(v *env, vals []any) any {
			if vals[0] == nil || vals[1] == nil {
				return (vals[0] != vals[1]) == want
			}
			return (v.compare(vals[0], vals[1]) != 0) == want
		}
	}
	isNull := func(want bool) func(v *env, vals []any) any {
		return func(_ *env, vals []any) any { return (vals[0] == nil) == want }
	}
	between := func(want bool) func(v *env, vals []any) any {
		return func(v *env, vals []any) any {
			var low, high any
			if vals[0] != nil && vals[1] != nil {
				low = v.order(vals[0], vals[1]) >= 0
			}
			if vals[0] != nil && vals[2] != nil {
				high = v.order(vals[0], vals[2]) <= 0
			}
			if want {
				return and3(low, high)
			}
			return not3(and3(low, high))
		}
	}
	in := func(want bool) func(v *env, vals []any) any {
		return func(v *env, vals []any) any {
			var met any = false
			for _, x := range vals[1:] {
				var one any
				if x != nil && vals[0] != nil {
					one = v.compare(vals[0], x) == 0
				}
				met = or3(met, one)
			}
			if want {
				return met
			}
			return not3(met)
		}
	}
	if e, ok := a.e.(methods[T]); ok && m.IntN(2) == 0 {
		value := func() (T, *tree) {
			v := pick(m, constants[k]...)
			return v.(T), &tree{kind: k, e: m.constant(k, v, false), eval: func(*env) any { return worth(v, k) }}
		}
		v, c := value()
		u, d := value()
		w, f := value()
		switch m.IntN(12) {
		case 0:
			return strict(boolean, e.Eq(v), eq, a, c)
		case 1:
			return strict(boolean, e.Ne(v), ne, a, c)
		case 2:
			if k == boolean {
				break
			}
			return strict(boolean, e.Lt(v), ordered(func(c int) bool { return c < 0 }), a, c)
		case 3:
			if k == boolean {
				break
			}
			return strict(boolean, e.Ge(v), ordered(func(c int) bool { return c >= 0 }), a, c)
		case 4:
			return node(boolean, e.In(v, u, w), in(true), a, c, d, f)
		case 5:
			return node(boolean, e.NotIn(v, u), in(false), a, c, d)
		case 6:
			if k == boolean {
				break
			}
			return node(boolean, e.Between(v, u), between(true), a, c, d)
		case 7:
			if k == boolean {
				break
			}
			return node(boolean, e.NotBetween(v, u), between(false), a, c, d)
		case 8:
			return node(boolean, e.IsDistinctFrom(v), distinct(true), a, c)
		case 9:
			return node(boolean, e.IsNotDistinctFrom(v), distinct(false), a, c)
		case 10:
			return node(boolean, e.In(), func(*env, []any) any { return false }, a)
		}
		return node(boolean, e.NotIn(), func(*env, []any) any { return true }, a)
	}
	e, _ := a.e.(methods[T])
	n := m.IntN(13)
	if k == boolean && n >= 2 && n <= 7 {
		n = 0
	}
	switch n {
	case 0:
		return strict(boolean, expr.Eq(x, y), eq, a, b)
	case 1:
		return strict(boolean, expr.Ne(x, y), ne, a, b)
	case 2:
		return strict(boolean, expr.Lt(x, y), ordered(func(c int) bool { return c < 0 }), a, b)
	case 3:
		return strict(boolean, expr.Le(x, y), ordered(func(c int) bool { return c <= 0 }), a, b)
	case 4:
		return strict(boolean, expr.Gt(x, y), ordered(func(c int) bool { return c > 0 }), a, b)
	case 5:
		return strict(boolean, expr.Ge(x, y), ordered(func(c int) bool { return c >= 0 }), a, b)
	case 6, 7:
		c := m.tree(k, depth)
		return node(boolean, expr.Between(x, y, of[T](c)), between(true), a, b, c)
	case 8:
		return node(boolean, expr.IsDistinctFrom(x, y), distinct(true), a, b)
	case 9:
		return node(boolean, expr.IsNotDistinctFrom(x, y), distinct(false), a, b)
	case 10:
		c := m.tree(k, depth)
		return node(boolean, expr.InList(x, y, of[T](c)), in(true), a, b, c)
	case 11:
		c, d, f := m.tree(k, depth), m.tree(k, depth), m.tree(k, depth)
		return node(boolean, expr.NotInList(x, y, of[T](c), of[T](d), of[T](f)), in(false), a, b, c, d, f)
	}
	if e == nil { // a condition has no methods
		e = expr.Coalesce(x, y)
		a = node(k, expr.Coalesce(x, y), first, a, b)
	}
	if m.IntN(2) == 0 {
		return node(boolean, e.IsNull(), isNull(true), a)
	}
	return node(boolean, e.IsNotNull(), isNull(false), a)
}

// like is a search in a text.
func (m *maker) like(depth int) *tree {
	a := m.tree(text, depth)
	e, ok := a.e.(interface {
		Like(string) expr.Cond
		NotLike(string) expr.Cond
		LikeEscape(string, rune) expr.Cond
		StartsWith(string) expr.Cond
		EndsWith(string) expr.Cond
		Contains(string) expr.Cond
		IContains(string) expr.Cond
	})
	if !ok {
		return a
	}
	part := pick(m, constants[text]...).(string)
	by := func(f func(v *env, s string) bool) func(*env, []any) any {
		return func(v *env, vals []any) any { return f(v, vals[0].(string)) }
	}
	// found gives up where case counts.
	found := func(f func(s, part string) bool) func(*env, []any) any {
		return by(func(v *env, s string) bool {
			met := f(s, part)
			if met != f(strings.ToLower(s), strings.ToLower(part)) || strings.Contains(s, "é") && part != "" {
				v.lose("a search by collation")
			}
			return met
		})
	}
	switch m.IntN(10) {
	case 9:
		p := pick(m, "a!_b", "%!%", "!!%", "%!_%", "50!%", "_!%", `%\%`)
		return strict(boolean, e.LikeEscape(p, '!'), by(func(v *env, s string) bool { return v.like(s, unescape(p)) }), a)
	case 0:
		p := pick(m, "a%", "%_b", "_", "%", "", "%'%", "1_", "x/y")
		return strict(boolean, e.Like(p), by(func(v *env, s string) bool { return v.like(s, p) }), a)
	case 1:
		p := pick(m, "a%", "%z", "_%", "x%y")
		return strict(boolean, e.NotLike(p), by(func(v *env, s string) bool { return !v.like(s, p) }), a)
	case 2:
		return strict(boolean, e.StartsWith(part), found(strings.HasPrefix), a)
	case 3:
		return strict(boolean, e.EndsWith(part), found(strings.HasSuffix), a)
	case 4:
		return strict(boolean, e.Contains(part), found(strings.Contains), a)
	case 5:
		return strict(boolean, e.IContains(part), by(func(v *env, s string) bool {
			if strings.ContainsFunc(s, func(r rune) bool { return r > 127 }) {
				v.lose("case beyond ASCII")
			}
			return strings.Contains(strings.ToLower(s), strings.ToLower(part))
		}), a)
	}
	b := m.tree(text, depth)
	other := func(f func(s, part string) bool) func(*env, []any) any {
		return func(v *env, vals []any) any {
			s, p := vals[0].(string), vals[1].(string)
			met := f(s, p)
			if met != f(strings.ToLower(s), strings.ToLower(p)) || strings.Contains(s+p, "é") {
				v.lose("a search by collation")
			}
			return met
		}
	}
	switch m.IntN(3) {
	case 0:
		return strict(boolean, expr.StartsWith(of[string](a), of[string](b)), other(strings.HasPrefix), a, b)
	case 1:
		return strict(boolean, expr.EndsWith(of[string](a), of[string](b)), other(strings.HasSuffix), a, b)
	}
	return strict(boolean, expr.Contains(of[string](a), of[string](b)), other(strings.Contains), a, b)
}

// queried is a condition about a subquery.
func (m *maker) queried(depth int) *tree {
	if m.inner > 0 || m.flat {
		return m.leaf(boolean)
	}
	outer := m.tree(whole, depth)
	m.inner++
	where, item := m.tree(boolean, depth), m.tree(whole, min(1, depth))
	m.inner--
	if m.IntN(2) == 0 {
		met := m.IntN(2) == 0
		e := expr.Exists(expr.Select(expr.C[int64](kid, "id")).From(kid).Where(cond(where)))
		if !met {
			e = expr.Not(e)
		}
		return &tree{kind: boolean, e: e, eval: over(where, func(_ *env, rows []*env) any { return (len(rows) > 0) == met })}
	}
	m.risky = true
	if m.IntN(3) == 0 {
		return m.quantified(outer, item, where)
	}
	want := m.IntN(2) == 0
	q := expr.Select(item.e).From(kid).Where(cond(where))
	e := expr.In(of[int64](outer), q)
	if !want {
		e = expr.NotIn(of[int64](outer), q)
	}
	return &tree{kind: boolean, e: e, kids: []*tree{outer}, eval: func(v *env) any {
		x := outer.eval(v)
		if n, ok := x.(int64); ok && (n > 1<<62 || n < -1<<62) { // MariaDB forgets the NULLs of the list
			return v.lose("a large number")
		}
		return over(where, func(v *env, rows []*env) any {
			var met any = false
			for _, r := range rows {
				y := item.eval(r)
				if r.lost != "" {
					return v.lose(r.lost)
				}
				var one any
				if x != nil && y != nil {
					one = x == y
				}
				met = or3(met, one)
			}
			if want {
				return met
			}
			return not3(met)
		})(v)
	}}
}

// quantified is a comparison with any or with all rows of a query.
func (m *maker) quantified(outer, item, where *tree) *tree {
	q := expr.Select(item.e).From(kid).Where(cond(where))
	all := m.IntN(2) == 0
	right := expr.AnyRow[int64](q)
	if all {
		right = expr.AllRows[int64](q)
	}
	n := m.IntN(6)
	compare := []func(a, b expr.Of[int64]) expr.Cond{expr.Eq[int64], expr.Ne[int64], expr.Lt[int64], expr.Le[int64], expr.Gt[int64], expr.Ge[int64]}[n]
	met := func(c int) bool { return []bool{c == 0, c != 0, c < 0, c <= 0, c > 0, c >= 0}[n] }
	return &tree{kind: boolean, e: compare(of[int64](outer), right), kids: []*tree{outer}, eval: func(v *env) any {
		x := outer.eval(v)
		return over(where, func(v *env, rows []*env) any {
			var is any = all
			for _, r := range rows {
				y := item.eval(r)
				if r.lost != "" {
					return v.lose(r.lost)
				}
				var one any
				if x != nil && y != nil {
					one = met(v.compare(x, y))
				}
				if all {
					is = and3(is, one)
				} else {
					is = or3(is, one)
				}
			}
			return is
		})(v)
	}}
}

// rows compares rows of two values.
func (m *maker) rows(depth int) *tree {
	if m.flat { // MariaDB compares rows with aggregates wrongly
		return m.leaf(boolean)
	}
	a, b, c, d := m.tree(whole, depth), m.tree(text, depth), m.tree(whole, depth), m.tree(text, depth)
	m.risky = true
	left := expr.Row(a.e, b.e)
	equal := func(v *env, x, y any) any {
		if x == nil || y == nil {
			return nil
		}
		return v.compare(x, y) == 0
	}
	less := func(v *env, x, y any) any {
		if x == nil || y == nil {
			return nil
		}
		return v.order(x, y) < 0
	}
	switch m.IntN(5) {
	case 0:
		e, f := m.tree(whole, depth), m.tree(text, depth)
		want := m.IntN(2) == 0
		in := left.In([]any{c.e, d.e}, []any{e.e, f.e})
		if !want {
			in = left.NotIn([]any{c.e, d.e}, []any{e.e, f.e})
		}
		return node(boolean, in, func(v *env, vals []any) any {
			met := or3(and3(equal(v, vals[0], vals[2]), equal(v, vals[1], vals[3])), and3(equal(v, vals[0], vals[4]), equal(v, vals[1], vals[5])))
			if want {
				return met
			}
			return not3(met)
		}, a, b, c, d, e, f)
	case 1:
		return node(boolean, left.Eq(c.e, d.e), func(v *env, vals []any) any {
			return and3(equal(v, vals[0], vals[2]), equal(v, vals[1], vals[3]))
		}, a, b, c, d)
	case 2:
		return node(boolean, left.Ne(c.e, d.e), func(v *env, vals []any) any {
			return not3(and3(equal(v, vals[0], vals[2]), equal(v, vals[1], vals[3])))
		}, a, b, c, d)
	}
	before := func(v *env, x, y []any, last any) any {
		met := last
		for i := len(x) - 1; i >= 0; i-- {
			met = or3(less(v, x[i], y[i]), and3(equal(v, x[i], y[i]), met))
		}
		return met
	}
	if m.IntN(3) == 0 {
		e, f := m.tree(whole, depth), m.tree(whole, depth)
		return node(boolean, expr.Row(a.e, b.e, e.e).Le(c.e, d.e, f.e), func(v *env, vals []any) any {
			return before(v, []any{vals[0], vals[1], vals[4]}, []any{vals[2], vals[3], vals[5]}, true)
		}, a, b, c, d, e, f)
	}
	compare, last := left.Lt, any(false)
	n := m.IntN(4)
	switch n {
	case 1:
		compare, last = left.Le, true
	case 2:
		compare = left.Gt
	case 3:
		compare, last = left.Ge, true
	}
	return node(boolean, compare(c.e, d.e), func(v *env, vals []any) any {
		if n > 1 {
			return before(v, vals[2:], vals[:2], last)
		}
		return before(v, vals[:2], vals[2:], last)
	}, a, b, c, d)
}
