package agree

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// tree is an expression, and what it comes to.
type tree struct {
	kind kind
	e    expr.Any
	eval func(*env) any
	kids []*tree
	kid  bool // it has a column of kid

	stored bool // it is a column of a table
}

// maker makes trees.
type maker struct {
	*rand.Rand
	cols  []scoped // what the rows have
	inner int      // how many subqueries are around
	flat  bool     // make none
	// risky says that there is an IN of a query, or a row with one: MariaDB 10.11 loses
	// NULLs of them in some plans (NULLIF or NOT around it, a parameter in the list).
	risky bool
}

// makeTree is the tree of a seed, about base; risky as the maker's.
func makeTree(seed uint64) (t *tree, risky bool) {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 1)), cols: scopeOf(base, baseColumns)}
	t = m.tree(kind(m.IntN(int(kindsCount))), 1+m.IntN(4))
	return t, m.risky
}

func of[T any](t *tree) expr.Of[T] { return t.e.(expr.Of[T]) }

func cond(t *tree) expr.Cond {
	if c, ok := t.e.(expr.Cond); ok {
		return c
	}
	return expr.True(of[bool](t))
}

func pick[T any](m *maker, list ...T) T { return list[m.IntN(len(list))] }

// node makes a tree of others, and evaluates it with their values.
func node(k kind, e expr.Any, eval func(*env, []any) any, kids ...*tree) *tree {
	t := &tree{kind: k, e: e, kids: kids}
	t.eval = func(v *env) any {
		vals := make([]any, len(kids))
		for i, kid := range kids {
			vals[i] = kid.eval(v)
		}
		return eval(v, vals)
	}
	for _, kid := range kids {
		t.kid = t.kid || kid.kid
	}
	return t
}

// strict is node for what is NULL where a part is.
func strict(k kind, e expr.Any, eval func(*env, []any) any, kids ...*tree) *tree {
	return node(k, e, func(v *env, vals []any) any {
		for _, x := range vals {
			if x == nil {
				return nil
			}
		}
		return eval(v, vals)
	}, kids...)
}

// tree makes an expression of a kind, depth levels deep.
func (m *maker) tree(k kind, depth int) *tree {
	if depth <= 0 || m.IntN(8) == 0 {
		return m.leaf(k)
	}
	if m.IntN(3) == 0 {
		switch k {
		case whole:
			return general[int64](m, k, depth-1)
		case exact, text:
			return general[string](m, k, depth-1)
		case float:
			return general[float64](m, k, depth-1)
		case boolean:
			return general[bool](m, k, depth-1)
		case moment:
			return general[time.Time](m, k, depth-1)
		}
	}
	switch k {
	case whole:
		return m.whole(depth - 1)
	case exact:
		return m.exact(depth - 1)
	case float:
		return m.float(depth - 1)
	case text:
		return m.text(depth - 1)
	case boolean:
		return m.boolean(depth - 1)
	}
	return m.moment(depth - 1)
}

func (m *maker) leaf(k kind) *tree {
	switch k {
	case whole:
		return leafOf[int64](m, k)
	case exact, text:
		return leafOf[string](m, k)
	case float:
		return leafOf[float64](m, k)
	case boolean:
		return leafOf[bool](m, k)
	}
	return leafOf[time.Time](m, k)
}

var constants = [kindsCount][]any{
	whole:   {int64(0), int64(1), int64(-1), int64(2), int64(-3), int64(7), int64(10), int64(100), int64(-64), int64(1 << 33)},
	exact:   {"0", "1.5", "-0.25", "10", "-3", "2.0625", "100.00"},
	float:   {0.0, 0.5, -0.5, 1.0, -2.0, 3.25, 1024.0},
	text:    {"", "a", "b", "it's", " x ", "%", "a_b", "10", "7", `q\r`, "zz", "x/y", `"w"`},
	boolean: {true, false},
	moment: {at("2024-02-29 00:00:00"), at("2000-01-01 12:30:00"), at("1969-12-31 23:59:59.25"), at("2024-12-31 23:00:00"),
		at("1899-12-31 23:59:59"), at("1700-02-28 06:00:00.5"), at("2023-01-31 01:00:00")},
}

func leafOf[T any](m *maker, k kind) *tree {
	n := m.IntN(20)
	if n == 0 { // with a type, for what is calculated with it
		return &tree{kind: k, e: expr.Cast[T](expr.Null[T](), types[k]), eval: func(*env) any { return nil }}
	}
	if n < 7 {
		c := pick(m, constants[k]...)
		v, ok := c.(T)
		if !ok {
			panic(c)
		}
		return &tree{kind: k, e: m.constant(k, v, m.IntN(4) == 0), eval: func(*env) any { return worth(c, k) }}
	}
	return m.column(k)
}

// null is NULL, for a place where what is beside it has the type.
func null[T any](k kind) *tree {
	return &tree{kind: k, e: expr.Null[T](), eval: func(*env) any { return nil }}
}

var types = [kindsCount]dialect.Type{
	whole: {Kind: dialect.BigInt}, exact: {Kind: dialect.Decimal, Precision: 12, Scale: 4}, float: {Kind: dialect.Double},
	text: {Kind: dialect.Varchar, Length: 60}, boolean: {Kind: dialect.Boolean}, moment: {Kind: dialect.Timestamp},
}

// constant is a value as a parameter or in the text.
func (m *maker) constant(k kind, v any, literal bool) expr.Any {
	switch v := v.(type) {
	case int64:
		if literal {
			return expr.Literal(v)
		}
		return expr.Value(v)
	case float64:
		if literal {
			return expr.Literal(v)
		}
		return expr.Value(v)
	case bool:
		if literal {
			return expr.Literal(v)
		}
		return expr.Value(v)
	case time.Time:
		return expr.ValueOf(v, types[moment])
	}
	s := v.(string)
	if k == exact {
		return expr.ValueOf(s, types[exact])
	}
	if literal {
		return expr.Literal(s)
	}
	return expr.Value(s)
}

// scoped is a column of the rows that an expression is about.
type scoped struct {
	kind   kind
	e      expr.Any
	stored bool // in a table: SQLite has decimals as texts there, and else perhaps as numbers
}

func scopeOf(t expr.Relation, columns []column) []scoped {
	var list []scoped
	for _, c := range columns {
		list = append(list, scoped{c.kind, columnOf(t, c), false})
	}
	return list
}

// column is a column of a kind, or a constant where there is none.
func (m *maker) column(k kind) *tree {
	var list []*tree
	for i, c := range m.cols {
		if c.kind == k {
			list = append(list, &tree{kind: k, e: c.e, stored: c.stored, eval: func(v *env) any { return v.row[i] }})
		}
	}
	if m.inner > 0 {
		for i, c := range kidColumns {
			if c.kind == k {
				t := &tree{kind: k, e: columnOf(kid, c), kid: true, eval: func(v *env) any { return v.kid[i] }}
				list = append(list, t, t)
			}
		}
	}
	if len(list) == 0 {
		c := pick(m, constants[k]...)
		return &tree{kind: k, e: m.constant(k, c, true), eval: func(*env) any { return worth(c, k) }}
	}
	return pick(m, list...)
}

func columnOf(t expr.Relation, c column) expr.Any {
	switch c.kind {
	case whole:
		return expr.C[int64](t, c.name)
	case float:
		return expr.C[float64](t, c.name)
	case boolean:
		return expr.C[bool](t, c.name)
	case moment:
		return expr.C[time.Time](t, c.name)
	}
	return expr.C[string](t, c.name)
}

// general are the expressions that there are of every kind.
func general[T any](m *maker, k kind, depth int) *tree {
	sub := func() *tree { return m.tree(k, depth) }
	n := m.IntN(8)
	if n == 7 && k == boolean { // there is no greatest of them
		n = 0
	}
	switch n {
	case 0:
		a, b := sub(), sub()
		if m.IntN(10) == 0 {
			b = null[T](k)
		}
		if m.IntN(3) == 0 {
			c := sub()
			return node(k, expr.Coalesce(of[T](a), of[T](b), of[T](c)), first, a, b, c)
		}
		return node(k, expr.Coalesce(of[T](a), of[T](b)), first, a, b)
	case 1:
		a, b := sub(), sub()
		return node(k, expr.NullIf(of[T](a), of[T](b)), func(v *env, vals []any) any {
			if vals[0] == nil || vals[1] != nil && v.compare(vals[0], vals[1]) == 0 {
				return nil
			}
			return vals[0]
		}, a, b)
	case 2:
		c, a, b := m.tree(boolean, depth), sub(), sub()
		if m.IntN(10) == 0 {
			b = null[T](k)
		}
		return node(k, expr.If(cond(c), of[T](a), of[T](b)), func(_ *env, vals []any) any {
			if vals[0] == true {
				return vals[1]
			}
			return vals[2]
		}, c, a, b)
	case 3:
		c, a, d, b := m.tree(boolean, depth), sub(), m.tree(boolean, depth), sub()
		return node(k, expr.Case[T]().WhenExpr(cond(c), of[T](a)).WhenExpr(cond(d), of[T](b)).End(), func(_ *env, vals []any) any {
			switch {
			case vals[0] == true:
				return vals[1]
			case vals[2] == true:
				return vals[3]
			}
			return nil
		}, c, a, d, b)
	case 4:
		return caseOf[T](m, k, depth)
	case 5, 6:
		if k == boolean {
			return m.boolean(depth)
		}
		list := []*tree{sub(), sub()}
		if m.IntN(2) == 0 {
			list = append(list, sub())
		}
		var es []expr.Of[T]
		for _, t := range list {
			es = append(es, of[T](t))
		}
		e, sign := expr.Greatest(es...), 1
		if m.IntN(2) == 0 {
			e, sign = expr.Least(es...), -1
		}
		return strict(k, e, func(v *env, vals []any) any {
			best := vals[0]
			for _, x := range vals[1:] {
				if v.order(x, best)*sign > 0 {
					best = x
				}
			}
			return best
		}, list...)
	}
	return scalar[T](m, k, depth)
}

func first(_ *env, vals []any) any {
	for _, x := range vals {
		if x != nil {
			return x
		}
	}
	return nil
}

func caseOf[T any](m *maker, k kind, depth int) *tree {
	key, a, b := m.tree(whole, depth), m.tree(k, depth), m.tree(k, depth)
	one, two := pick(m, constants[whole]...).(int64), m.tree(whole, depth)
	return node(k, expr.CaseOf[int64, T](of[int64](key)).WhenExpr(expr.Value(one), of[T](a)).WhenExpr(of[int64](two), of[T](b)).ElseExpr(of[T](a)).End(),
		func(_ *env, vals []any) any {
			if vals[0] == one || vals[0] == nil || vals[0] != vals[3] {
				return vals[1]
			}
			return vals[2]
		}, key, a, b, two)
}

// scalar is a subquery of one value.
func scalar[T any](m *maker, k kind, depth int) *tree {
	if m.inner > 0 || m.flat || !slices.ContainsFunc(kidColumns, func(c column) bool { return c.kind == k }) {
		return m.leaf(k)
	}
	m.inner++
	defer func() { m.inner-- }()
	arg, where := m.tree(k, depth), m.tree(boolean, min(depth, 2))
	for !arg.kid { // it would be an aggregate of the query around
		arg = m.column(k)
	}
	e, sign := expr.Max(of[T](arg)), 1
	if m.IntN(2) == 0 {
		e, sign = expr.Min(of[T](arg)), -1
	}
	q := expr.Select(e).From(kid).Where(cond(where))
	t := &tree{kind: k, e: expr.Scalar[T](q)}
	t.eval = over(where, func(v *env, rows []*env) any {
		var best any
		for _, r := range rows {
			x := arg.eval(r)
			if r.lost != "" {
				return v.lose(r.lost)
			}
			if x != nil && (best == nil || v.order(x, best)*sign > 0) {
				best = x
			}
		}
		return best
	})
	return t
}

// over evaluates what a subquery makes of the rows of kid for which where holds.
func over(where *tree, eval func(*env, []*env) any) func(*env) any {
	return func(v *env) any {
		var rows []*env
		for _, row := range kidWorth {
			r := &env{row: v.row, kid: row}
			met := where.eval(r)
			if r.lost != "" {
				return v.lose(r.lost)
			}
			if met == true {
				rows = append(rows, r)
			}
		}
		return eval(v, rows)
	}
}

func (m *maker) whole(depth int) *tree {
	two := func() (*tree, *tree) { return m.tree(whole, depth), m.tree(whole, depth) }
	big2 := func(f func(z, x, y *big.Int) *big.Int) func(*env, []any) any {
		return func(v *env, vals []any) any {
			return v.integer(f(new(big.Int), big.NewInt(vals[0].(int64)), big.NewInt(vals[1].(int64))))
		}
	}
	switch m.IntN(22) {
	case 0:
		a, b := two()
		return strict(whole, expr.Add(of[int64](a), of[int64](b)), big2((*big.Int).Add), a, b)
	case 1:
		a, b := two()
		return strict(whole, expr.Sub(of[int64](a), of[int64](b)), big2((*big.Int).Sub), a, b)
	case 2:
		a, b := two()
		return strict(whole, expr.Mul(of[int64](a), of[int64](b)), big2((*big.Int).Mul), a, b)
	case 3: // the methods, which take values
		a, n := m.tree(whole, depth), pick(m, constants[whole]...).(int64)
		if e, ok := a.e.(interface {
			Add(int64) expr.Expr[int64]
			Sub(int64) expr.Expr[int64]
			Mul(int64) expr.Expr[int64]
		}); ok {
			c := &tree{kind: whole, e: expr.Value(n), eval: func(*env) any { return n }}
			switch m.IntN(3) {
			case 0:
				return strict(whole, e.Add(n), big2((*big.Int).Add), a, c)
			case 1:
				return strict(whole, e.Sub(n), big2((*big.Int).Sub), a, c)
			}
			return strict(whole, e.Mul(n), big2((*big.Int).Mul), a, c)
		}
		return a
	case 4:
		a := m.tree(whole, depth)
		return strict(whole, expr.Neg(of[int64](a)), func(v *env, vals []any) any { return v.integer(new(big.Int).Neg(big.NewInt(vals[0].(int64)))) }, a)
	case 5, 6, 7:
		return m.divided(depth)
	case 8:
		a := m.tree(whole, depth)
		return strict(whole, expr.Abs(of[int64](a)), func(v *env, vals []any) any { return v.integer(new(big.Int).Abs(big.NewInt(vals[0].(int64)))) }, a)
	case 9:
		k := pick(m, whole, exact, float)
		a := m.tree(k, depth)
		var e expr.Any
		switch k {
		case whole:
			e = expr.Sign(of[int64](a))
		case exact:
			e = expr.Sign(of[string](a))
		default:
			e = expr.Sign(of[float64](a))
		}
		return strict(whole, e, func(_ *env, vals []any) any {
			switch x := vals[0].(type) {
			case int64:
				return int64(big.NewInt(x).Sign())
			case *big.Rat:
				return int64(x.Sign())
			case float64:
				return int64(big.NewFloat(x).Sign())
			}
			return nil
		}, a)
	case 10:
		a := m.tree(text, depth)
		return strict(whole, expr.Length(of[string](a)), func(_ *env, vals []any) any { return int64(len([]rune(vals[0].(string)))) }, a)
	case 11:
		a, part := m.tree(text, depth), pick(m, "a", " ", "'", "%", `\`, "10")
		return strict(whole, expr.Position(of[string](a), part), func(v *env, vals []any) any {
			s := vals[0].(string)
			i := strings.Index(s, part)
			if i != strings.Index(fold(s)+strings.Repeat(" ", len(s)-len(strings.TrimRight(s, " "))), part) && !strings.Contains(s, "é") {
				return v.lose("a search by collation")
			}
			if i < 0 {
				return int64(0)
			}
			return int64(len([]rune(s[:i])) + 1)
		}, a)
	case 12, 13, 14, 15:
		return m.bits(depth)
	case 16:
		if m.IntN(2) == 0 {
			return m.between(depth)
		}
		t, f := m.tree(moment, depth), pick(m, expr.Year, expr.Quarter, expr.Month, expr.Day, expr.Hour, expr.Minute, expr.Second, expr.DayOfYear, expr.DayOfWeek,
			expr.ISOWeekday, expr.Week, expr.ISOYear)
		return strict(whole, expr.Extract(f, t.e), func(_ *env, vals []any) any { return extract(f, vals[0].(time.Time)) }, t)
	case 17:
		a := m.tree(exact, depth)
		return strict(whole, expr.Cast[int64](a.e, dialect.Type{Kind: dialect.BigInt}), func(_ *env, vals []any) any {
			return roundRat(vals[0].(*big.Rat), 0).Num().Int64()
		}, a)
	case 18:
		a := m.tree(float, depth)
		return strict(whole, expr.Cast[int64](a.e, dialect.Type{Kind: dialect.BigInt}), func(v *env, vals []any) any {
			r := new(big.Rat).SetFloat64(vals[0].(float64))
			if r.Denom().Cmp(big.NewInt(2)) == 0 {
				return v.lose("half a float")
			}
			return roundRat(r, 0).Num().Int64()
		}, a)
	case 19:
		a := m.tree(whole, depth)
		return strict(whole, expr.Cast[int64](expr.Cast[string](a.e, dialect.Type{Kind: dialect.Varchar, Length: 40}), dialect.Type{Kind: dialect.BigInt}),
			func(_ *env, vals []any) any { return vals[0] }, a)
	}
	return m.counted(depth)
}

// divided is a division with a divisor that is not 0.
func (m *maker) divided(depth int) *tree {
	a, b := m.tree(whole, depth), m.tree(whole, depth)
	q := func(f func(z, x, y *big.Int) *big.Int) func(*env, []any) any {
		return func(v *env, vals []any) any {
			x, y := big.NewInt(vals[0].(int64)), big.NewInt(vals[1].(int64))
			if y.Sign() == 0 {
				return v.lose("a division by zero")
			}
			if v.integer(x) == nil || v.integer(y) == nil {
				return nil
			}
			return v.integer(f(new(big.Int), x, y))
		}
	}
	if m.IntN(2) == 0 {
		n := pick(m, int64(1), 2, -2, 3, 7, -10)
		b = &tree{kind: whole, e: m.constant(whole, n, m.IntN(2) == 0), eval: func(*env) any { return n }}
	}
	switch m.IntN(3) {
	case 0:
		return strict(whole, expr.Div(of[int64](a), of[int64](b)), q((*big.Int).Quo), a, b)
	case 1:
		return strict(whole, expr.Mod(of[int64](a), of[int64](b)), q((*big.Int).Rem), a, b)
	}
	return strict(whole, expr.FloorDiv(of[int64](a), of[int64](b)), q(func(z, x, y *big.Int) *big.Int {
		r := new(big.Int)
		z.QuoRem(x, y, r)
		if r.Sign()*y.Sign() < 0 {
			z.Sub(z, big.NewInt(1))
		}
		return z
	}), a, b)
}

func (m *maker) bits(depth int) *tree {
	a, b := m.tree(whole, depth), m.tree(whole, depth)
	bit := func(f func(x, y int64) int64) func(*env, []any) any {
		return func(_ *env, vals []any) any { return f(vals[0].(int64), vals[len(vals)-1].(int64)) }
	}
	n := m.IntN(64)
	switch m.IntN(6) {
	case 0:
		return strict(whole, expr.BitAnd(of[int64](a), of[int64](b)), bit(func(x, y int64) int64 { return x & y }), a, b)
	case 1:
		return strict(whole, expr.BitOr(of[int64](a), of[int64](b)), bit(func(x, y int64) int64 { return x | y }), a, b)
	case 2:
		return strict(whole, expr.BitXor(of[int64](a), of[int64](b)), bit(func(x, y int64) int64 { return x ^ y }), a, b)
	case 3:
		return strict(whole, expr.BitNot(of[int64](a)), bit(func(x, _ int64) int64 { return ^x }), a)
	case 4:
		return strict(whole, expr.ShiftLeft(of[int64](a), n), bit(func(x, _ int64) int64 { return x << n }), a)
	}
	return strict(whole, expr.ShiftRight(of[int64](a), n), bit(func(x, _ int64) int64 { return x >> n }), a)
}

// counted is how many rows a subquery has.
func (m *maker) counted(depth int) *tree {
	if m.inner > 0 || m.flat {
		return m.leaf(whole)
	}
	m.inner++
	defer func() { m.inner-- }()
	where := m.tree(boolean, depth)
	if m.IntN(2) == 0 {
		return &tree{kind: whole, e: expr.Scalar[int64](expr.Select(expr.CountAll()).From(kid).Where(cond(where))),
			eval: over(where, func(_ *env, rows []*env) any { return int64(len(rows)) })}
	}
	n := m.column(whole)
	for !n.kid {
		n = m.column(whole)
	}
	return &tree{kind: whole, e: expr.Scalar[int64](expr.Select(expr.Sum(of[int64](n))).From(kid).Where(cond(where))),
		eval: over(where, func(_ *env, rows []*env) any {
			var sum any
			for _, r := range rows {
				if x := n.eval(r); x != nil {
					if sum == nil {
						sum = int64(0)
					}
					sum = sum.(int64) + x.(int64)
				}
			}
			return sum
		})}
}

func extract(f expr.Unit, t time.Time) int64 {
	switch f {
	case expr.Year:
		return int64(t.Year())
	case expr.Quarter:
		return int64(t.Month()+2) / 3
	case expr.Month:
		return int64(t.Month())
	case expr.Day:
		return int64(t.Day())
	case expr.Hour:
		return int64(t.Hour())
	case expr.Minute:
		return int64(t.Minute())
	case expr.Second:
		return int64(t.Second())
	case expr.DayOfYear:
		return int64(t.YearDay())
	case expr.DayOfWeek:
		return int64(t.Weekday())
	case expr.ISOWeekday:
		return int64(t.Weekday()+6)%7 + 1
	}
	year, week := t.ISOWeek()
	if f == expr.ISOYear {
		return int64(year)
	}
	return int64(week)
}

// roundRat rounds halves away from zero.
func roundRat(r *big.Rat, digits int) *big.Rat {
	tens := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(digits, -digits))), nil))
	if digits < 0 {
		tens.Inv(tens)
	}
	x := new(big.Rat).Mul(r, tens)
	half := big.NewRat(1, 2)
	if x.Sign() < 0 {
		half.Neg(half)
	}
	x.Add(x, half)
	n := new(big.Int).Quo(x.Num(), x.Denom())
	return new(big.Rat).Quo(new(big.Rat).SetInt(n), tens)
}
