package agree

import (
	"math"
	"slices"

	"github.com/sqlayer-go/sqlayer/expr"
)

// frameEnd is an end of a frame; n counts from the current row, and is past every row
// where there is no bound.
type frameEnd struct {
	b expr.Bound
	n int
}

func (m *queries) frameEnd(start bool) frameEnd {
	n := m.IntN(3)
	switch m.IntN(5) {
	case 0:
		if start {
			return frameEnd{expr.UnboundedPreceding(), -math.MaxInt32}
		}
		return frameEnd{expr.UnboundedFollowing(), math.MaxInt32}
	case 1:
		return frameEnd{expr.CurrentRow(), 0}
	case 2, 3:
		if start {
			return frameEnd{expr.Preceding(int64(n)), -n}
		}
		return frameEnd{expr.Following(int64(n)), n}
	}
	if start {
		return frameEnd{expr.Following(int64(n)), n}
	}
	return frameEnd{expr.Preceding(int64(n)), -n}
}

// distance is the same end in values.
func (e frameEnd) distance() frameEnd {
	switch {
	case e.n == math.MaxInt32 || e.n == -math.MaxInt32 || e.b == expr.CurrentRow():
		return e
	case e.n > 0:
		return frameEnd{expr.FollowingBy(e.n), e.n}
	}
	return frameEnd{expr.PrecedingBy(-e.n), e.n}
}

// place is where a row stands in its partition.
type place struct {
	row  []any
	i    int // of rows, in their order before
	peer int // the group of those that are equal in the order
}

// framed is a function over a frame of the rows around each, or about where a row stands.
func (m *queries) framed(rows [][]any) (*tree, []any) {
	var keys []scoped
	var at []int
	for i, c := range m.cols {
		if c.kind == whole {
			keys, at = append(keys, c), append(at, i)
		}
	}
	if len(keys) == 0 || len(rows) == 0 {
		return m.window(rows)
	}
	w, part := expr.Window{}, -1
	if m.IntN(2) == 0 {
		k := m.IntN(len(keys))
		w, part = expr.PartitionBy(keys[k].e), at[k]
	}
	type term struct {
		col         int
		desc, first bool
	}
	var terms []term
	var order []expr.Term
	for _, k := range m.Perm(len(keys))[:1+m.IntN(min(3, len(keys)))] {
		t := term{at[k], m.IntN(2) == 0, m.IntN(2) == 0}
		e := keys[k].e.(interface {
			Asc() expr.Order
			Desc() expr.Order
		})
		o := e.Asc()
		if t.desc {
			o = e.Desc()
		}
		if t.first {
			o = o.NullsFirst()
		} else {
			o = o.NullsLast()
		}
		terms, order = append(terms, t), append(order, o)
	}
	w = w.OrderBy(order...)
	before := func(a, b []any) int {
		for _, t := range terms {
			x, y := a[t.col], b[t.col]
			c := 0
			switch {
			case x == nil && y == nil:
			case x == nil || y == nil:
				c = 1
				if (x == nil) == t.first {
					c = -1
				}
			default:
				c = (&env{}).compare(x, y)
				if t.desc {
					c = -c
				}
			}
			if c != 0 {
				return c
			}
		}
		return 0
	}
	var parts [][]place
	total := true
	for i, row := range rows {
		k := slices.IndexFunc(parts, func(p []place) bool { return part < 0 || equal(p[0].row[part], row[part]) })
		if k < 0 {
			k, parts = len(parts), append(parts, nil)
		}
		parts[k] = append(parts[k], place{row, i, 0})
	}
	for _, p := range parts {
		slices.SortStableFunc(p, func(a, b place) int { return before(a.row, b.row) })
		for i := 1; i < len(p); i++ {
			p[i].peer = p[i-1].peer
			if before(p[i-1].row, p[i].row) != 0 {
				p[i].peer++
			} else {
				total = false
			}
		}
	}
	vals := make([]any, len(rows))
	value := len(rows[0])
	result := func(e expr.Any) (*tree, []any) {
		return &tree{kind: whole, e: e, eval: func(v *env) any { return v.row[value] }}, vals
	}
	over := func(e expr.Expr[int64]) expr.Expr[int64] {
		if m.IntN(3) > 0 {
			return e.Over(w)
		}
		name := m.alias()
		m.windows = append(m.windows, namedWindow{name, w})
		return e.Over(expr.WindowNamed(name))
	}
	arg := m.column(whole)
	x := of[int64](arg)
	if total && m.IntN(3) == 0 { // where the row stands counts, and no frame
		n := 1 + m.IntN(3)
		kind := m.IntN(4)
		for _, p := range parts {
			for i, r := range p {
				switch kind {
				case 0:
					vals[r.i] = int64(i + 1)
				case 1:
					if i-n >= 0 {
						vals[r.i] = eval(arg, p[i-n].row)
					} else {
						vals[r.i] = int64(-5)
					}
				case 2:
					if i+1 < len(p) {
						vals[r.i] = eval(arg, p[i+1].row)
					}
				default: // the first parts are one larger
					size, more := len(p)/n, len(p)%n
					if i < (size+1)*more {
						vals[r.i] = int64(i/(size+1) + 1)
					} else {
						vals[r.i] = int64((i-more)/size + 1)
					}
				}
			}
		}
		switch kind {
		case 0:
			return result(over(expr.RowNumber()))
		case 1:
			return result(over(expr.LagBy(x, int64(n), expr.Value(int64(-5)))))
		case 2:
			return result(over(expr.Lead(x)))
		}
		return result(over(expr.Ntile(int64(n))))
	}

	from, to := m.frameEnd(true), m.frameEnd(false)
	if from.n > to.n {
		from, to = frameEnd{expr.Preceding(2), -2}, frameEnd{expr.Following(1), 1}
	}
	unit := m.IntN(3)
	if unit == 0 && !total {
		unit = 2
	}
	if unit == 1 {
		from, to = from.distance(), to.distance()
	}
	far := func(n int) bool { return n == math.MaxInt32 || n == -math.MaxInt32 }
	if unit == 1 && len(terms) > 1 && (!far(from.n) || !far(to.n)) {
		from, to = frameEnd{expr.UnboundedPreceding(), -math.MaxInt32}, frameEnd{expr.CurrentRow(), 0}
	}
	switch unit {
	case 0:
		w = w.Rows(from.b, to.b)
	case 1:
		w = w.Range(from.b, to.b)
	default:
		w = w.Groups(from.b, to.b)
	}
	exclude := pick(m.maker, expr.ExcludeNoOthers, expr.ExcludeNoOthers, expr.ExcludeCurrentRow, expr.ExcludeGroup, expr.ExcludeTies)
	w = w.Exclude(exclude)
	t := terms[0]
	in := func(p []place, i, j int) bool {
		d := j - i
		switch unit {
		case 1:
			d = p[j].peer - p[i].peer
			if len(terms) > 1 || far(from.n) && far(to.n) {
				break
			}
			a, b := p[i].row[t.col], p[j].row[t.col]
			if a == nil || b == nil { // peers of NULL are all that is a distance from it
				ok := true
				if !far(from.n) {
					ok = d >= 0
				}
				if !far(to.n) {
					ok = ok && d <= 0
				}
				return ok
			}
			u, v := a.(int64), b.(int64)
			if max(u, v) >= bound || min(u, v) <= -bound {
				panic(lost("a large number"))
			}
			n := v - u
			if t.desc {
				n = -n
			}
			return (far(from.n) || n >= int64(from.n)) && (far(to.n) || n <= int64(to.n))
		case 2:
			d = p[j].peer - p[i].peer
		}
		return d >= from.n && d <= to.n
	}
	framed := func(p []place, i int) [][]any {
		var list [][]any
		for j, r := range p {
			peer := r.peer == p[i].peer
			if !in(p, i, j) || exclude == expr.ExcludeCurrentRow && i == j || exclude == expr.ExcludeGroup && peer || exclude == expr.ExcludeTies && peer && i != j {
				continue
			}
			list = append(list, r.row)
		}
		return list
	}
	n := 3
	if total {
		n = m.IntN(5)
	}
	a := m.aggregate(true)
	for _, p := range parts {
		for i, r := range p {
			list := framed(p, i)
			switch {
			case n >= 3:
				vals[r.i] = a.of(list)
			case len(list) == 0 || n == 2 && len(list) < 2:
			case n == 0:
				vals[r.i] = eval(arg, list[0])
			case n == 1:
				vals[r.i] = eval(arg, list[len(list)-1])
			default:
				vals[r.i] = eval(arg, list[1])
			}
		}
	}
	switch n {
	case 0:
		return result(over(expr.FirstValue(x)))
	case 1:
		return result(over(expr.LastValue(x)))
	case 2:
		return result(over(expr.NthValue(x, 2)))
	}
	return result(over(a.e))
}

type namedWindow struct {
	name string
	w    expr.Window
}
