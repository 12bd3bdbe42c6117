package agree

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/expr"
)

// query is a query, and the rows that it gives.
type query struct {
	q       expr.Query
	kinds   []kind
	rows    [][]any
	ordered bool // the rows come in that order
	risky   bool // see maker
}

// makeQuery is the query of a seed; ok is false where the databases need not agree.
func makeQuery(seed uint64) (q query, ok bool) {
	defer func() {
		if why := recover(); why != nil {
			if _, is := why.(lost); !is {
				panic(why)
			}
			ok = false
		}
	}()
	m := &queries{maker: &maker{Rand: rand.New(rand.NewPCG(seed, 2))}}
	q = m.query(m.IntN(3))
	q.risky = m.risky
	return q, true
}

// relation is what a query takes rows from.
type relation struct {
	r    expr.Relation
	cols []scoped
	rows [][]any
}

// lost ends the making of a query about whose rows the databases need not agree.
type lost string

// eval is what a tree comes to in a row.
func eval(t *tree, row []any) any {
	v := &env{row: row}
	x := t.eval(v)
	if v.lost != "" {
		panic(lost(v.lost))
	}
	return x
}

func equal(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	v := &env{}
	c := v.compare(a, b)
	if v.lost != "" {
		panic(lost(v.lost))
	}
	return c == 0
}

func equalRows(a, b []any) bool {
	for i := range a {
		if !equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func indexRow(rows [][]any, row []any) int {
	return slices.IndexFunc(rows, func(r []any) bool { return equalRows(r, row) })
}

func names(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("c%d", i)
	}
	return list
}

// labelled gives an expression a label.
func labelled(t *tree, name string) expr.Any {
	switch e := t.e.(type) {
	case interface{ As(string) expr.Expr[int64] }:
		return e.As(name)
	case interface {
		As(string) expr.Expr[float64]
	}:
		return e.As(name)
	case interface{ As(string) expr.Expr[bool] }:
		return e.As(name)
	case interface {
		As(string) expr.Expr[time.Time]
	}:
		return e.As(name)
	case interface {
		As(string) expr.Expr[string]
	}:
		return e.As(name)
	}
	panic(fmt.Sprintf("%T", t.e))
}

// queries makes queries; the names of its relations are its own.
type queries struct {
	*maker
	named   int
	known   []known       // the common table expressions in sight
	windows []namedWindow // of the query that is made
	sorted  []int         // the columns that order sorted by
}

func (m *queries) alias() string {
	m.named++
	return fmt.Sprintf("t%d", m.named)
}

// source is a relation for FROM; ctes are what it needs before.
func (m *queries) source(depth int, ctes *[]expr.Table) relation {
	n := m.IntN(9)
	if depth <= 0 {
		n = m.IntN(4)
	}
	if len(m.known) > 0 && m.IntN(3) == 0 { // one more time
		k := pick(m.maker, m.known...)
		return m.derived(expr.As(k.t, m.alias()), k.q)
	}
	switch n {
	case 8:
		t, q := m.recursive()
		*ctes = append(*ctes, t)
		m.known = append(m.known, known{t, q})
		return m.derived(t, q)
	case 0, 1:
		t := expr.As(base, m.alias())
		return relation{t, stored(scopeOf(t, baseColumns)), baseWorth}
	case 2, 3:
		t := expr.As(kid, m.alias())
		return relation{t, stored(scopeOf(t, kidColumns)), kidWorth}
	case 4:
		var rows [][]any
		var vals [][]any
		for range 1 + m.IntN(3) {
			a, b := pick(m.maker, constants[whole]...), pick(m.maker, constants[text]...)
			if m.IntN(4) == 0 {
				a = nil
			}
			rows, vals = append(rows, []any{a, b}), append(vals, []any{a, b})
		}
		if vals[0][0] == nil { // it gives the column its type
			vals[0][0], rows[0][0] = int64(1), int64(1)
		}
		t := expr.Values([]expr.ColumnDef{expr.Def[int64]("c0"), expr.Def[string]("c1")}, vals...).As(m.alias())
		return m.derived(t, query{kinds: []kind{whole, text}, rows: rows})
	}
	q := m.query(depth - 1)
	if m.IntN(2) == 0 {
		t := expr.CTE(m.alias(), q.q)
		*ctes = append(*ctes, t)
		m.known = append(m.known, known{t, q})
		r := m.derived(t, q)
		if m.IntN(2) == 0 { // in a role of its own
			return m.derived(expr.As(t, m.alias()), q)
		}
		return r
	}
	if s, ok := q.q.(expr.SetStmt); ok {
		return m.derived(s.As(m.alias()), q)
	}
	return m.derived(q.q.(expr.SelectStmt).As(m.alias()), q)
}

func stored(cols []scoped) []scoped {
	for i := range cols {
		cols[i].stored = true
	}
	return cols
}

func (m *queries) derived(t expr.Table, q query) relation {
	var cols []column
	for i, name := range names(len(q.kinds)) {
		cols = append(cols, column{name, q.kinds[i]})
	}
	return relation{t, scopeOf(t, cols), q.rows}
}

// query makes a SELECT, or several put together.
func (m *queries) query(depth int) query {
	if depth > 0 && m.IntN(4) == 0 {
		return m.set(depth - 1)
	}
	return m.selected(depth, nil)
}

// selected makes a SELECT whose columns are of the given kinds, or of any.
func (m *queries) selected(depth int, kinds []kind) query {
	within, inSight, windows := m.maker, len(m.known), m.windows
	m.maker, m.windows = &maker{Rand: within.Rand}, nil
	defer func() {
		m.known, m.windows = m.known[:inSight], windows
		within.risky = within.risky || m.risky
		m.maker = within
	}()

	var ctes []expr.Table
	s := m.source(depth, &ctes)
	stmt := expr.Select().From(s.r)
	rows := slices.Clone(s.rows)
	m.cols = slices.Clone(s.cols)
	for range m.IntN(3) {
		if m.IntN(8) == 0 {
			stmt, rows = m.lateral(stmt, rows)
			continue
		}
		stmt, rows = m.join(stmt, rows, depth, &ctes)
	}
	if m.IntN(2) == 0 {
		where := m.tree(boolean, 1+m.IntN(3))
		stmt = stmt.Where(cond(where))
		var met [][]any
		for _, row := range rows {
			if eval(where, row) == true {
				met = append(met, row)
			}
		}
		rows = met
	}
	if len(rows) > 200 {
		panic(lost("many rows"))
	}
	var out []*tree // of a row of rows
	grouped := m.IntN(3) == 0
	if kinds == nil {
		for range 1 + m.IntN(4) {
			kinds = append(kinds, kind(m.IntN(int(kindsCount))))
		}
	}
	if grouped {
		stmt, rows, out = m.grouped(stmt, rows, kinds)
	} else {
		for _, k := range kinds {
			if m.IntN(4) == 0 && k == whole {
				make := m.window
				if m.IntN(2) == 0 {
					make = m.framed
				}
				t, vals := make(rows)
				for i := range rows {
					rows[i] = append(slices.Clip(rows[i]), vals[i])
				}
				out = append(out, t)
				continue
			}
			out = append(out, m.tree(k, m.IntN(3)))
		}
	}
	q := query{kinds: kinds}
	for _, row := range rows {
		vals := make([]any, len(out))
		for i, t := range out {
			vals[i] = eval(t, row)
		}
		q.rows = append(q.rows, vals)
	}
	cols := make([]expr.Any, len(out))
	for i, name := range names(len(out)) {
		cols[i] = labelled(out[i], name)
	}
	stmt = stmt.Columns(cols...)
	for _, w := range m.windows {
		stmt = stmt.Window(w.name, w.w)
	}
	different := false
	if m.IntN(4) == 0 && slices.ContainsFunc(out, func(t *tree) bool { return t.stored }) &&
		!slices.ContainsFunc(out, func(t *tree) bool { return t.kind == exact && !t.stored }) { // of constants alone, MariaDB takes no offset
		stmt, different = stmt.Distinct(), true
		q.rows = distinct(q.rows)
	}
	if m.IntN(2) == 0 {
		terms := m.order(&q, func(i int) expr.Any { return cols[i] })
		stmt = stmt.OrderBy(terms...)
		if by := m.sorted[0]; !different && m.IntN(4) == 0 && out[by].stored && !grouped &&
			!slices.ContainsFunc(out, func(t *tree) bool { return t != out[by] && t.e == out[by].e }) { // PostgreSQL takes the first one for it
			stmt = stmt.DistinctOn(out[by].e)
			var firsts [][]any
			for _, row := range q.rows {
				if !slices.ContainsFunc(firsts, func(r []any) bool { return equal(r[by], row[by]) }) {
					firsts = append(firsts, row)
				}
			}
			q.rows = firsts
		}
		if limit, offset, ok := m.page(&q); ok {
			if limit >= 0 {
				stmt = stmt.Limit(limit)
			}
			if offset > 0 {
				stmt = stmt.Offset(offset)
			}
		}
	}
	if len(ctes) > 0 {
		stmt = stmt.With(ctes...)
	}
	q.q = stmt
	return q
}

// join adds a table to what a query reads.
func (m *queries) join(stmt expr.SelectStmt, rows [][]any, depth int, ctes *[]expr.Table) (expr.SelectStmt, [][]any) {
	left := m.cols
	right := m.source(depth, ctes)
	m.cols = append(slices.Clip(left), right.cols...)
	n := m.IntN(5)
	on := m.tree(boolean, 1+m.IntN(2))
	if n == 3 { // PostgreSQL takes equalities alone there
		k := pick(m.maker, left...).kind
		a, b := (&maker{Rand: m.Rand, cols: left}).column(k), (&maker{Rand: m.Rand, cols: right.cols}).column(k)
		b = shifted(b, len(left))
		on = equality(k, a, b)
	}
	var joined [][]any
	met := make([]bool, len(right.rows))
	for _, l := range rows {
		found := false
		for i, r := range right.rows {
			row := append(slices.Clip(l), r...)
			if n == 4 || eval(on, row) == true {
				joined = append(joined, row)
				found, met[i] = true, true
			}
		}
		if !found && (n == 1 || n == 3) {
			joined = append(joined, append(slices.Clip(l), make([]any, len(right.cols))...))
		}
		if len(joined) > 1000 {
			panic(lost("many rows"))
		}
	}
	if n == 2 || n == 3 {
		for i, r := range right.rows {
			if !met[i] {
				joined = append(joined, append(make([]any, len(left)), r...))
			}
		}
	}
	switch n {
	case 0:
		return stmt.Join(right.r, cond(on)), joined
	case 1:
		return stmt.LeftJoin(right.r, cond(on)), joined
	case 2:
		return stmt.RightJoin(right.r, cond(on)), joined
	case 3:
		return stmt.FullJoin(right.r, cond(on)), joined
	}
	return stmt.CrossJoin(right.r), joined
}

// shifted is a column of a row that stands behind n others.
func shifted(t *tree, n int) *tree {
	with := *t
	with.eval = func(v *env) any {
		of := *v
		of.row = v.row[n:]
		return t.eval(&of)
	}
	return &with
}

func equality(k kind, a, b *tree) *tree {
	var e expr.Cond
	switch k {
	case whole:
		e = expr.Eq(of[int64](a), of[int64](b))
	case float:
		e = expr.Eq(of[float64](a), of[float64](b))
	case boolean:
		e = expr.Eq(of[bool](a), of[bool](b))
	case moment:
		e = expr.Eq(of[time.Time](a), of[time.Time](b))
	default:
		e = expr.Eq(of[string](a), of[string](b))
	}
	return strict(boolean, e, func(v *env, vals []any) any { return v.compare(vals[0], vals[1]) == 0 }, a, b)
}

func distinct(rows [][]any) [][]any {
	var list [][]any
	for _, row := range rows {
		if indexRow(list, row) < 0 {
			list = append(list, row)
		}
	}
	return list
}

// order sorts by all columns, in some order.
func (m *queries) order(q *query, col func(i int) expr.Any) []expr.Term {
	type term struct {
		i           int
		desc, first bool
	}
	var terms []term
	var list []expr.Term
	m.sorted = m.Perm(len(q.kinds))
	for _, i := range m.sorted {
		t := term{i, m.IntN(2) == 0, m.IntN(2) == 0}
		terms = append(terms, t)
		e := col(i).(interface {
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
		list = append(list, o)
	}
	v := &env{}
	slices.SortStableFunc(q.rows, func(a, b []any) int {
		for _, t := range terms {
			x, y := a[t.i], b[t.i]
			switch {
			case x == nil && y == nil:
			case x == nil || y == nil:
				if (x == nil) == t.first {
					return -1
				}
				return 1
			default:
				if c := v.order(x, y); c != 0 {
					if t.desc {
						return -c
					}
					return c
				}
			}
		}
		return 0
	})
	if v.lost != "" {
		panic(lost(v.lost))
	}
	q.ordered = true
	return list
}

// page cuts the rows that are in order.
func (m *queries) page(q *query) (limit, offset int64, ok bool) {
	if m.IntN(2) == 0 {
		return -1, 0, false
	}
	limit, offset = int64(m.IntN(6)), int64(m.IntN(3))
	if m.IntN(4) == 0 {
		limit = -1
	}
	q.rows = q.rows[min(int(offset), len(q.rows)):]
	if limit >= 0 {
		q.rows = q.rows[:min(int(limit), len(q.rows))]
	}
	return limit, offset, true
}

// set puts queries of the same columns together.
func (m *queries) set(depth int) query {
	var kinds []kind
	for range 1 + m.IntN(2) {
		kinds = append(kinds, pick(m.maker, whole, whole, text, exact, boolean, moment))
	}
	return m.setOf(depth, kinds)
}

func (m *queries) setOf(depth int, kinds []kind) query {
	operand := func() query {
		if depth > 0 && m.IntN(3) == 0 {
			return m.setOf(depth-1, kinds)
		}
		return m.selected(depth-1, kinds)
	}
	a, b := operand(), operand()
	q := query{kinds: kinds}
	var stmt expr.SetStmt
	n := m.IntN(8)
	if slices.Contains(kinds, exact) {
		n = 0
	}
	switch n {
	case 0, 1:
		stmt, q.rows = expr.UnionAll(a.q, b.q), slices.Concat(a.rows, b.rows)
		if m.IntN(3) == 0 {
			c := operand()
			stmt, q.rows = expr.UnionAll(a.q, b.q, c.q), append(q.rows, c.rows...)
		}
	case 2, 3:
		stmt, q.rows = expr.Union(a.q, b.q), distinct(slices.Concat(a.rows, b.rows))
	case 4:
		stmt = expr.Intersect(a.q, b.q)
		for _, row := range distinct(a.rows) {
			if indexRow(b.rows, row) >= 0 {
				q.rows = append(q.rows, row)
			}
		}
	case 5:
		stmt = expr.Except(a.q, b.q)
		for _, row := range distinct(a.rows) {
			if indexRow(b.rows, row) < 0 {
				q.rows = append(q.rows, row)
			}
		}
	case 6:
		left := slices.Clone(b.rows)
		stmt = expr.IntersectAll(a.q, b.q)
		for _, row := range a.rows {
			if i := indexRow(left, row); i >= 0 {
				left = slices.Delete(left, i, i+1)
				q.rows = append(q.rows, row)
			}
		}
	default:
		left := slices.Clone(b.rows)
		stmt = expr.ExceptAll(a.q, b.q)
		for _, row := range a.rows {
			if i := indexRow(left, row); i >= 0 {
				left = slices.Delete(left, i, i+1)
				continue
			}
			q.rows = append(q.rows, row)
		}
	}
	if m.IntN(2) == 0 {
		list := names(len(kinds))
		stmt = stmt.OrderBy(m.order(&q, func(i int) expr.Any { return nameOf(kinds[i], list[i]) })...)
		if limit, offset, ok := m.page(&q); ok {
			if limit >= 0 {
				stmt = stmt.Limit(limit)
			}
			if offset > 0 {
				stmt = stmt.Offset(offset)
			}
		}
	}
	q.q = stmt
	return q
}

func nameOf(k kind, name string) expr.Any {
	switch k {
	case whole:
		return expr.Name[int64](name)
	case float:
		return expr.Name[float64](name)
	case boolean:
		return expr.Name[bool](name)
	case moment:
		return expr.Name[time.Time](name)
	}
	return expr.Name[string](name)
}

// key is a row for a report.
func key(row []any) string {
	var b strings.Builder
	for _, x := range row {
		switch x := x.(type) {
		case nil:
			b.WriteString("NULL")
		case string:
			fmt.Fprintf(&b, "%q", x)
		case interface{ RatString() string }:
			b.WriteString(x.RatString())
		case time.Time:
			b.WriteString(x.UTC().Format("2006-01-02T15:04:05.999999"))
		default:
			fmt.Fprint(&b, x)
		}
		b.WriteString(" ")
	}
	return b.String()
}
