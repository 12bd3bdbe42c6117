package agree

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/expr"
)

// known is a common table expression that is in sight, and its rows.
type known struct {
	t expr.Table
	q query
}

// recursive is a common table expression of steps: numbers with a text that grows, or
// the rows of kid that one comes to from others.
func (m *queries) recursive() (expr.Table, query) {
	name := m.alias()
	make := expr.Recursive
	again := m.IntN(2) == 0
	if again {
		make = expr.RecursiveDistinct
	}
	start, step, end := int64(m.IntN(5)-2), int64(1+m.IntN(3)), int64(3+m.IntN(6))
	suffix := pick(m.maker, "x", "'", "%", " ")
	first := expr.Select(expr.Value(start).As("c0"), expr.Cast[string](expr.Value("a"), types[text]).As("c1"))
	q := query{kinds: []kind{whole, text}, rows: [][]any{{start, "a"}}}
	if m.IntN(2) == 0 {
		for n, s := start, "a"; n < end; {
			n, s = n+step, s+suffix
			q.rows = append(q.rows, []any{n, s})
		}
		return make(name, []string{"c0", "c1"}, first, func(self expr.Table) expr.Query {
			n, s := expr.C[int64](self, "c0"), expr.C[string](self, "c1")
			return expr.Select(n.Add(step), expr.Cast[string](expr.Concat(s, expr.Value(suffix)), types[text])).From(self).Where(n.Lt(end))
		}), q
	}
	for i := 0; i < len(q.rows); i++ {
		from := q.rows[i]
		for _, k := range kidWorth {
			if k[1] == nil || k[1].(int64) > from[0].(int64) || k[0].(int64) <= from[0].(int64) || strings.Count(from[1].(string), "+") > 2 {
				continue
			}
			row := []any{k[0], from[1].(string) + "+"}
			if again && indexRow(q.rows, row) >= 0 {
				continue
			}
			q.rows = append(q.rows, row)
		}
		if len(q.rows) > 200 {
			panic(lost("many rows"))
		}
	}
	return make(name, []string{"c0", "c1"}, first, func(self expr.Table) expr.Query {
		n, s := expr.C[int64](self, "c0"), expr.C[string](self, "c1")
		id, ref := expr.C[int64](kid, "id"), expr.C[int64](kid, "ref")
		return expr.Select(id, expr.Cast[string](expr.Concat(s, expr.Value("+")), types[text])).From(self).
			Join(kid, expr.And(expr.Le(ref, n), expr.Gt(id, n))).Where(expr.Not(s.Like("%+%+%+%")))
	}), q
}

// lateral joins to each row what a query of kid makes of it.
func (m *queries) lateral(stmt expr.SelectStmt, rows [][]any) (expr.SelectStmt, [][]any) {
	k := expr.As(kid, m.alias())
	left := len(m.cols)
	outer := m.maker
	both := &maker{Rand: m.Rand, cols: append(slices.Clip(m.cols), stored(scopeOf(k, kidColumns))...)}
	where := both.tree(boolean, 1+m.IntN(2))
	outer.risky = outer.risky || both.risky
	id := expr.C[int64](k, "id")
	q := expr.Select(expr.Columns(k)...).From(k).Where(cond(where))
	n, desc := 1+m.IntN(3), m.IntN(2) == 0
	if m.IntN(3) > 0 {
		o := id.Asc()
		if desc {
			o = id.Desc()
		}
		q = q.OrderBy(o).Limit(int64(n))
	} else {
		n, desc = 100, false
	}
	t := q.Lateral(m.alias())
	keep := m.IntN(2) == 0
	var joined [][]any
	for _, l := range rows {
		var met [][]any
		for _, r := range kidWorth {
			if row := append(slices.Clip(l), r...); eval(where, row) == true {
				met = append(met, row)
			}
		}
		if desc {
			slices.Reverse(met)
		}
		met = met[:min(n, len(met))]
		if len(met) == 0 && keep {
			met = append(met, append(slices.Clip(l), make([]any, len(kidColumns))...))
		}
		if joined = append(joined, met...); len(joined) > 1000 {
			panic(lost("many rows"))
		}
	}
	m.cols = append(slices.Clip(m.cols[:left]), scopeOf(t, kidColumns)...)
	if keep {
		return stmt.LeftLateralJoin(t), joined
	}
	return stmt.LateralJoin(t), joined
}
