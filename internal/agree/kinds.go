package agree

import (
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

func (m *maker) exact(depth int) *tree {
	a, b := m.tree(exact, depth), m.tree(exact, depth)
	x, y := of[string](a), of[string](b)
	two := func(f func(z, x, y *big.Rat) *big.Rat) func(*env, []any) any {
		return func(v *env, vals []any) any {
			return v.decimal(f(new(big.Rat), vals[0].(*big.Rat), vals[1].(*big.Rat)))
		}
	}
	one := func(f func(x *big.Rat) *big.Rat) func(*env, []any) any {
		return func(v *env, vals []any) any { return v.decimal(f(vals[0].(*big.Rat))) }
	}
	switch m.IntN(10) {
	case 0:
		return strict(exact, expr.Add(x, y), two((*big.Rat).Add), a, b)
	case 1:
		return strict(exact, expr.Sub(x, y), two((*big.Rat).Sub), a, b)
	case 2:
		return strict(exact, expr.Mul(x, y), two((*big.Rat).Mul), a, b)
	case 3:
		return strict(exact, expr.Neg(x), one(func(x *big.Rat) *big.Rat { return new(big.Rat).Neg(x) }), a)
	case 4:
		return strict(exact, expr.Abs(x), one(func(x *big.Rat) *big.Rat { return new(big.Rat).Abs(x) }), a)
	case 5:
		n := pick(m, 0, 1, 2, -1)
		return strict(exact, expr.Round(x, n), func(v *env, vals []any) any {
			r := roundRat(vals[0].(*big.Rat), n)
			if f, is := r.Float64(); !is {
				_ = f
				return v.lose("a number that floats lack")
			}
			return r
		}, a)
	case 6:
		switch m.IntN(3) {
		case 0:
			return strict(exact, expr.Floor(x), one(func(x *big.Rat) *big.Rat { return wholeRat(x, math.Floor) }), a)
		case 1:
			return strict(exact, expr.Ceil(x), one(func(x *big.Rat) *big.Rat { return wholeRat(x, math.Ceil) }), a)
		}
		return strict(exact, expr.Trunc(x), one(func(x *big.Rat) *big.Rat { return wholeRat(x, math.Trunc) }), a)
	case 7:
		n := m.tree(whole, depth)
		return strict(exact, expr.Cast[string](n.e, dialect.Type{Kind: dialect.Decimal, Precision: 20, Scale: 4}),
			func(v *env, vals []any) any { return v.decimal(new(big.Rat).SetInt64(vals[0].(int64))) }, n)
	case 8:
		if m.inner > 0 || m.flat {
			return a
		}
		m.inner++
		defer func() { m.inner-- }()
		where := m.tree(boolean, min(depth, 2))
		return &tree{kind: exact, e: expr.Scalar[string](expr.Select(expr.SumOf(expr.C[string](kid, "c"))).From(kid).Where(cond(where))),
			eval: over(where, func(_ *env, rows []*env) any {
				var sum any
				for _, r := range rows {
					if c := r.kid[3]; c != nil {
						if sum == nil {
							sum = new(big.Rat)
						}
						sum = new(big.Rat).Add(sum.(*big.Rat), c.(*big.Rat))
					}
				}
				return sum
			})}
	}
	if e, ok := a.e.(interface {
		Add(string) expr.Expr[string]
		Mul(string) expr.Expr[string]
	}); ok && m.inner == 0 {
		s := pick(m, constants[exact]...).(string)
		c := &tree{kind: exact, e: m.constant(exact, s, false), eval: func(*env) any { return rat(s) }}
		if m.IntN(2) == 0 {
			return strict(exact, e.Add(s), two((*big.Rat).Add), a, c)
		}
		return strict(exact, e.Mul(s), two((*big.Rat).Mul), a, c)
	}
	return a
}

func wholeRat(x *big.Rat, f func(float64) float64) *big.Rat {
	n, _ := x.Float64()
	return new(big.Rat).SetFloat64(f(n))
}

func (m *maker) float(depth int) *tree {
	a, b := m.tree(float, depth), m.tree(float, depth)
	x, y := of[float64](a), of[float64](b)
	two := func(f func(x, y float64) float64) func(*env, []any) any {
		return func(v *env, vals []any) any { return v.number(f(vals[0].(float64), vals[len(vals)-1].(float64))) }
	}
	switch m.IntN(9) {
	case 0:
		return strict(float, expr.Add(x, y), two(func(x, y float64) float64 { return x + y }), a, b)
	case 1:
		return strict(float, expr.Sub(x, y), two(func(x, y float64) float64 { return x - y }), a, b)
	case 2:
		return strict(float, expr.Mul(x, y), two(func(x, y float64) float64 { return x * y }), a, b)
	case 3:
		return strict(float, expr.Neg(x), two(func(x, _ float64) float64 { return -x }), a)
	case 4:
		return strict(float, expr.Abs(x), two(func(x, _ float64) float64 { return math.Abs(x) }), a)
	case 5:
		switch m.IntN(3) {
		case 0:
			return strict(float, expr.Floor(x), two(func(x, _ float64) float64 { return math.Floor(x) }), a)
		case 1:
			return strict(float, expr.Ceil(x), two(func(x, _ float64) float64 { return math.Ceil(x) }), a)
		}
		return strict(float, expr.Trunc(x), two(func(x, _ float64) float64 { return math.Trunc(x) }), a)
	case 6: // of whole numbers, a power of two behind the line
		n, by := m.tree(whole, depth), pick(m, int64(1), 2, -4, 8)
		c := &tree{kind: whole, e: m.constant(whole, by, m.IntN(2) == 0), eval: func(*env) any { return by }}
		return strict(float, expr.TrueDiv(n.e, c.e), func(v *env, vals []any) any {
			return v.number(float64(vals[0].(int64)) / float64(by))
		}, n, c)
	case 7:
		k := pick(m, whole, exact)
		n := m.tree(k, depth)
		return strict(float, expr.Cast[float64](n.e, dialect.Type{Kind: dialect.Double}), func(v *env, vals []any) any {
			if r, ok := vals[0].(*big.Rat); ok {
				f, _ := r.Float64()
				return v.number(f)
			}
			return v.number(float64(vals[0].(int64)))
		}, n)
	}
	by := pick(m, 0.5, 2.0, -4.0)
	c := &tree{kind: float, e: expr.Value(by), eval: func(*env) any { return by }}
	return strict(float, expr.Div(x, expr.Value(by)), two(func(x, y float64) float64 { return x / y }), a, c)
}

func (m *maker) text(depth int) *tree {
	a := m.tree(text, depth)
	s := of[string](a)
	one := func(f func(r []rune) string) func(*env, []any) any {
		return func(v *env, vals []any) any {
			t := f([]rune(vals[0].(string)))
			if len(t) > 200 {
				return v.lose("a long text")
			}
			return t
		}
	}
	ascii := func(f func(string) string) func(*env, []any) any {
		return func(v *env, vals []any) any {
			if strings.ContainsFunc(vals[0].(string), func(r rune) bool { return r > 127 }) {
				return v.lose("case beyond ASCII")
			}
			return f(vals[0].(string))
		}
	}
	n := m.IntN(6)
	switch m.IntN(17) {
	case 0, 1, 2:
		b := m.tree(text, depth)
		join := func(v *env, vals []any) any {
			t := ""
			for _, x := range vals {
				if n, ok := x.(int64); ok {
					t += big.NewInt(n).String()
					continue
				}
				t += x.(string)
			}
			if len(t) > 200 {
				return v.lose("a long text")
			}
			return t
		}
		switch m.IntN(3) {
		case 0:
			c := m.tree(whole, depth)
			return strict(text, expr.Concat(s, c.e, b.e), join, a, c, b)
		case 1:
			c := m.tree(text, depth)
			return strict(text, expr.Concat(s, b.e, c.e), join, a, b, c)
		}
		return strict(text, expr.Concat(s, b.e), join, a, b)
	case 3:
		return strict(text, expr.Upper(s), ascii(strings.ToUpper), a)
	case 4:
		return strict(text, expr.Lower(s), ascii(strings.ToLower), a)
	case 5:
		from := n + 1
		n = m.IntN(5)
		return strict(text, expr.Substring(s, from, n), one(func(r []rune) string {
			r = r[min(from-1, len(r)):]
			return string(r[:min(n, len(r))])
		}), a)
	case 6:
		return strict(text, expr.Left(s, n), one(func(r []rune) string { return string(r[:min(n, len(r))]) }), a)
	case 7:
		return strict(text, expr.Right(s, n), one(func(r []rune) string { return string(r[len(r)-min(n, len(r)):]) }), a)
	case 8:
		old, by := pick(m, "a", "'", `\`, "10", "_", ""), pick(m, "", "b", "''", "%", `\`)
		return strict(text, expr.Replace(s, old, by), one(func(r []rune) string {
			if old == "" {
				return string(r)
			}
			return strings.ReplaceAll(string(r), old, by)
		}), a)
	case 9:
		return strict(text, expr.Trim(s), one(func(r []rune) string { return strings.Trim(string(r), " ") }), a)
	case 10:
		if n > 2 {
			return strict(text, expr.Ltrim(s), one(func(r []rune) string { return strings.TrimLeft(string(r), " ") }), a)
		}
		return strict(text, expr.Rtrim(s), one(func(r []rune) string { return strings.TrimRight(string(r), " ") }), a)
	case 11, 12:
		with := pick(m, "*", "ab", "'", "日")
		left := m.IntN(2) == 0
		pad := one(func(r []rune) string {
			if len(r) >= n {
				return string(r[:n])
			}
			f := []rune(strings.Repeat(with, n))[:n-len(r)]
			if left {
				return string(f) + string(r)
			}
			return string(r) + string(f)
		})
		if left {
			return strict(text, expr.Lpad(s, n, with), pad, a)
		}
		return strict(text, expr.Rpad(s, n, with), pad, a)
	case 13:
		return strict(text, expr.Repeat(s, n), one(func(r []rune) string { return strings.Repeat(string(r), n) }), a)
	case 14:
		return strict(text, expr.Reverse(s), one(func(r []rune) string {
			for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
				r[i], r[j] = r[j], r[i]
			}
			return string(r)
		}), a)
	case 15:
		k := m.tree(whole, depth)
		return strict(text, expr.Cast[string](k.e, dialect.Type{Kind: dialect.Varchar, Length: 40}),
			func(_ *env, vals []any) any { return big.NewInt(vals[0].(int64)).String() }, k)
	}
	b := m.tree(text, depth)
	return node(text, expr.ConcatWs("-", s, b.e), func(v *env, vals []any) any {
		var list []string
		for _, x := range vals {
			if x != nil {
				list = append(list, x.(string))
			}
		}
		return strings.Join(list, "-")
	}, a, b)
}

func (m *maker) moment(depth int) *tree {
	t := m.tree(moment, depth)
	bounded := func(v *env, t time.Time) any {
		if t.Year() < 1600 || t.Year() > 2400 {
			return v.lose("a time far away")
		}
		return t
	}
	if m.IntN(2) == 0 {
		n, u := m.IntN(41)-20, pick(m, expr.Year, expr.Quarter, expr.Month, expr.Week, expr.Day, expr.Hour, expr.Minute, expr.Second)
		return strict(moment, expr.DateAdd(t.e, n, u), func(v *env, vals []any) any { return bounded(v, add(vals[0].(time.Time), n, u)) }, t)
	}
	u := pick(m, expr.Year, expr.Quarter, expr.Month, expr.Week, expr.Day, expr.Hour, expr.Minute, expr.Second)
	return strict(moment, expr.DateTrunc(u, t.e), func(v *env, vals []any) any { return bounded(v, trunc(vals[0].(time.Time), u)) }, t)
}

// between is how many boundaries of a unit lie between two times.
func (m *maker) between(depth int) *tree {
	a, b := m.tree(moment, depth), m.tree(moment, depth)
	u := pick(m, expr.Year, expr.Quarter, expr.Month, expr.Week, expr.Day, expr.Hour, expr.Minute, expr.Second)
	return strict(whole, expr.DateDiff(u, a.e, b.e), func(_ *env, vals []any) any {
		x, y := trunc(vals[0].(time.Time), u), trunc(vals[1].(time.Time), u)
		months := int64(y.Year()-x.Year())*12 + int64(y.Month()-x.Month())
		switch u {
		case expr.Year:
			return months / 12
		case expr.Quarter:
			return months / 3
		case expr.Month:
			return months
		}
		seconds := map[expr.Unit]int64{expr.Week: 7 * 86400, expr.Day: 86400, expr.Hour: 3600, expr.Minute: 60, expr.Second: 1}
		return (y.Unix() - x.Unix()) / seconds[u]
	}, a, b)
}

func add(t time.Time, n int, u expr.Unit) time.Time {
	months := 0
	switch u {
	case expr.Year:
		months = 12 * n
	case expr.Quarter:
		months = 3 * n
	case expr.Month:
		months = n
	case expr.Week:
		return t.AddDate(0, 0, 7*n)
	case expr.Day:
		return t.AddDate(0, 0, n)
	case expr.Hour:
		return t.Add(time.Duration(n) * time.Hour)
	case expr.Minute:
		return t.Add(time.Duration(n) * time.Minute)
	default:
		return t.Add(time.Duration(n) * time.Second)
	}
	first := t.AddDate(0, 0, 1-t.Day()).AddDate(0, months, 0)
	return first.AddDate(0, 0, min(t.Day(), first.AddDate(0, 1, -1).Day())-1)
}

func trunc(t time.Time, u expr.Unit) time.Time {
	y, mo, d := t.Date()
	h, mi, s := t.Clock()
	switch u {
	case expr.Year:
		return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
	case expr.Quarter:
		return time.Date(y, (mo-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	case expr.Month:
		return time.Date(y, mo, 1, 0, 0, 0, 0, time.UTC)
	case expr.Week:
		return time.Date(y, mo, d-(int(t.Weekday())+6)%7, 0, 0, 0, 0, time.UTC)
	case expr.Day:
		return time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
	case expr.Hour:
		return time.Date(y, mo, d, h, 0, 0, 0, time.UTC)
	case expr.Minute:
		return time.Date(y, mo, d, h, mi, 0, 0, time.UTC)
	}
	return time.Date(y, mo, d, h, mi, s, 0, time.UTC)
}
