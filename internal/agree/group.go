package agree

import (
	"math/big"
	"slices"

	"github.com/sqlayer-go/sqlayer/expr"
)

// aggregate is a function of the rows of a group.
type aggregate struct {
	e  expr.Expr[int64]
	of func(rows [][]any) any
}

// aggregate makes an aggregate that gives whole numbers.
func (m *queries) aggregate(window bool) aggregate {
	m.flat = true
	defer func() { m.flat = false }()
	arg := m.tree(whole, m.IntN(2))
	x := of[int64](arg)
	met := func(rows [][]any) [][]any { return rows }
	var a aggregate
	n := m.IntN(6)
	if n == 2 && window { // no database counts different values there
		n = 1
	}
	switch n {
	case 0:
		a.e = expr.CountAll()
	case 1:
		a.e = expr.Count(x)
	case 2:
		a.e = expr.CountDistinct(x)
	case 3:
		a.e = expr.Sum(x)
	case 4:
		a.e = expr.Min(x)
	default:
		a.e = expr.Max(x)
	}
	if m.IntN(3) == 0 {
		where := m.tree(boolean, 1+m.IntN(2))
		a.e = a.e.Filter(cond(where))
		met = func(rows [][]any) [][]any {
			var list [][]any
			for _, row := range rows {
				if eval(where, row) == true {
					list = append(list, row)
				}
			}
			return list
		}
	}
	a.of = func(rows [][]any) any {
		rows = met(rows)
		if n == 0 {
			return int64(len(rows))
		}
		var vals []any
		for _, row := range rows {
			if v := eval(arg, row); v != nil {
				vals = append(vals, v)
			}
		}
		switch n {
		case 1:
			return int64(len(vals))
		case 2:
			return int64(len(slices.CompactFunc(slices.SortedFunc(slices.Values(vals), func(a, b any) int { return (&env{}).compare(a, b) }), equal)))
		}
		if len(vals) == 0 {
			return nil
		}
		switch n {
		case 3:
			sum := new(big.Int)
			for _, v := range vals {
				sum.Add(sum, big.NewInt(v.(int64)))
			}
			v := &env{}
			s := v.integer(sum)
			if v.lost != "" {
				panic(lost(v.lost))
			}
			return s
		case 4:
			return slices.MinFunc(vals, func(a, b any) int { return (&env{}).compare(a, b) })
		}
		return slices.MaxFunc(vals, func(a, b any) int { return (&env{}).compare(a, b) })
	}
	return a
}

// grouped makes groups of the rows; the trees are about a row for each group.
func (m *queries) grouped(stmt expr.SelectStmt, rows [][]any, kinds []kind) (expr.SelectStmt, [][]any, []*tree) {
	var keys []*tree
	var by []expr.Any
	whole1, least := slices.Index(kinds, whole), 0
	if whole1 < 0 {
		least = 1
	}
	if !slices.ContainsFunc(m.cols, func(c scoped) bool { return c.kind != exact || c.stored }) {
		panic(lost("nothing to group by"))
	}
	for range max(least, m.IntN(3)) {
		c := m.IntN(len(m.cols))
		for m.cols[c].kind == exact && !m.cols[c].stored {
			c = m.IntN(len(m.cols))
		}
		keys = append(keys, &tree{kind: m.cols[c].kind, e: m.cols[c].e, eval: func(v *env) any { return v.row[c] }})
		by = append(by, m.cols[c].e)
	}
	var groups [][][]any
	var of [][]any
	for _, row := range rows {
		var k []any
		for _, t := range keys {
			k = append(k, eval(t, row))
		}
		i := indexRow(of, k)
		if i < 0 {
			i = len(of)
			of, groups = append(of, k), append(groups, nil)
		}
		groups[i] = append(groups[i], row)
	}
	if len(keys) == 0 && len(groups) == 0 {
		of, groups = [][]any{{}}, [][][]any{nil}
	}
	if len(keys) > 0 {
		stmt = stmt.GroupBy(by...)
	}
	// A row of a group has the values of its keys, and of one aggregate after the other.
	var cols []scoped
	for _, t := range keys {
		cols = append(cols, scoped{t.kind, t.e, true})
	}
	for range 1 + m.IntN(3) {
		a := m.aggregate(false)
		cols = append(cols, scoped{whole, a.e, false})
		for i := range groups {
			of[i] = append(of[i], a.of(groups[i]))
		}
	}
	m.cols, m.flat = cols, true
	if len(keys) > 0 && m.IntN(2) == 0 {
		having := m.tree(boolean, 1+m.IntN(2))
		stmt = stmt.Having(cond(having))
		var met [][]any
		for _, row := range of {
			if eval(having, row) == true {
				met = append(met, row)
			}
		}
		of = met
	}
	var out []*tree
	for i, k := range kinds {
		if i == whole1 { // what makes it one row
			c := cols[len(keys)]
			out = append(out, &tree{kind: whole, e: c.e, eval: func(v *env) any { return v.row[len(keys)] }})
			continue
		}
		out = append(out, m.tree(k, m.IntN(2)))
	}
	return stmt, of, out
}

// window is a function over the rows, and what it comes to in each.
func (m *queries) window(rows [][]any) (*tree, []any) {
	var w expr.Window
	group := func(row []any) [][]any { return rows }
	if m.IntN(2) == 0 {
		c := m.IntN(len(m.cols))
		if m.cols[c].kind == exact && !m.cols[c].stored {
			panic(lost("decimals by their texts"))
		}
		w = expr.PartitionBy(m.cols[c].e)
		group = func(row []any) [][]any {
			var list [][]any
			for _, r := range rows {
				if equal(r[c], row[c]) {
					list = append(list, r)
				}
			}
			return list
		}
	}
	vals := make([]any, len(rows))
	i := 0
	if len(rows) > 0 {
		i = len(rows[0])
	}
	value := func(v *env) any { return v.row[i] }
	if m.IntN(2) == 0 {
		a := m.aggregate(true)
		for n, row := range rows {
			vals[n] = a.of(group(row))
		}
		return &tree{kind: whole, e: a.e.Over(w), eval: value}, vals
	}
	// A rank by a number, NULLs first or last; or a sum up to here, peers and all.
	by := m.column(whole)
	desc, first := m.IntN(2) == 0, m.IntN(2) == 0
	before := func(a, b any) bool {
		switch {
		case a == nil || b == nil:
			return a == nil && b != nil && first || a != nil && b == nil && !first
		case desc:
			return a.(int64) > b.(int64)
		}
		return a.(int64) < b.(int64)
	}
	o := by.e.(interface {
		Asc() expr.Order
		Desc() expr.Order
	})
	term := o.Asc()
	if desc {
		term = o.Desc()
	}
	if first {
		term = term.NullsFirst()
	} else {
		term = term.NullsLast()
	}
	w = w.OrderBy(term)
	e := expr.Rank()
	a := m.aggregate(true)
	n := m.IntN(3)
	switch n {
	case 1:
		e = expr.DenseRank()
	case 2:
		e = a.e
	}
	for r, row := range rows {
		var ahead, upTo [][]any
		x := eval(by, row)
		for _, other := range group(row) {
			y := eval(by, other)
			if before(y, x) {
				ahead = append(ahead, []any{y})
			}
			if !before(x, y) {
				upTo = append(upTo, other)
			}
		}
		switch n {
		case 0:
			vals[r] = int64(len(ahead) + 1)
		case 1:
			vals[r] = int64(len(distinct(ahead)) + 1)
		default:
			vals[r] = a.of(upTo)
		}
	}
	return &tree{kind: whole, e: e.Over(w), eval: value}, vals
}
