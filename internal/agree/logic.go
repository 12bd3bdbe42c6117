package agree

import (
	"math/big"
	"strings"
	"time"
	"unicode"
)

// kind is what an expression's values are.
type kind uint8

const (
	whole   kind = iota // int64
	exact               // *big.Rat
	float               // float64
	text                // string
	boolean             // bool
	moment              // time.Time
	kindsCount
)

func (k kind) String() string {
	return [...]string{"whole", "exact", "float", "text", "boolean", "moment"}[k]
}

// env is the row that an expression is evaluated in, and that of a subquery within it.
type env struct {
	row, kid []any
	// lost says why the databases need not agree; empty: they have to.
	lost string
}

// lose gives up.
func (e *env) lose(why string) any {
	e.lost = why
	return nil
}

func rat(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	return r
}

func and3(a, b any) any {
	switch {
	case a == false || b == false:
		return false
	case a == nil || b == nil:
		return nil
	}
	return true
}

func or3(a, b any) any { return not3(and3(not3(a), not3(b))) }

func not3(a any) any {
	if a == nil {
		return nil
	}
	return !a.(bool)
}

// compare is how two values are ordered. It gives up on texts that some collation
// orders otherwise than by their codes.
func (e *env) compare(a, b any) int {
	switch a := a.(type) {
	case int64:
		switch b := b.(int64); {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return 0
	case *big.Rat:
		return a.Cmp(b.(*big.Rat))
	case float64:
		switch b := b.(float64); {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return 0
	case bool:
		switch {
		case a == b.(bool):
			return 0
		case a:
			return 1
		}
		return -1
	case time.Time:
		return a.Compare(b.(time.Time))
	}
	x, y := a.(string), b.(string)
	c := strings.Compare(x, y)
	if folded := strings.Compare(fold(x), fold(y)); c != folded {
		e.lose("texts whose order goes by collation")
	} else if c != 0 && (marks(x) || marks(y)) {
		// Equal or not they agree, but about the order nobody asks: see less.
		return 2 * c
	}
	return c
}

// fold makes equal what some collation has for equal.
func fold(s string) string {
	return strings.TrimRight(strings.Map(func(r rune) rune {
		switch r {
		case 'é', 'É':
			return 'e'
		}
		return unicode.ToLower(r)
	}, s), " ")
}

// marks reports whether a text has characters that collations order differently.
func marks(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r != ' ' && !unicode.IsLower(r) && !unicode.IsDigit(r) || r > 127 })
}

// order is compare where the order counts, and not only whether they are equal.
func (e *env) order(a, b any) int {
	c := e.compare(a, b)
	if c == 2 || c == -2 {
		e.lose("texts whose order goes by collation")
	}
	return c
}

// like matches a pattern, and gives up where case counts.
func (e *env) like(s, pattern string) bool {
	m := match([]rune(s), []rune(pattern))
	if m != match([]rune(fold(s)), []rune(fold(pattern))) || strings.HasSuffix(pattern, " ") {
		e.lose("LIKE by collation")
	}
	return m
}

// The wildcards of a pattern that stand for themselves.
const onlyPercent, onlyLine = '\ue000', '\ue001'

// unescape is a pattern whose escape character is "!", as match takes it.
func unescape(p string) string {
	return strings.NewReplacer("!!", "!", "!%", string(onlyPercent), "!_", string(onlyLine)).Replace(p)
}

func match(s, p []rune) bool {
	if len(p) == 0 {
		return len(s) == 0
	}
	switch p[0] {
	case '%':
		for i := 0; i <= len(s); i++ {
			if match(s[i:], p[1:]) {
				return true
			}
		}
		return false
	case '_':
		return len(s) > 0 && match(s[1:], p[1:])
	case onlyPercent:
		return len(s) > 0 && s[0] == '%' && match(s[1:], p[1:])
	case onlyLine:
		return len(s) > 0 && s[0] == '_' && match(s[1:], p[1:])
	}
	return len(s) > 0 && s[0] == p[0] && match(s[1:], p[1:])
}

const bound = 1 << 53

// integer is a number that every database has exactly, also on the way.
func (e *env) integer(r *big.Int) any {
	if !r.IsInt64() || r.Int64() >= bound || r.Int64() <= -bound {
		return e.lose("a large number")
	}
	return r.Int64()
}

// decimal is a number that is exact as a float too, which SQLite calculates with.
func (e *env) decimal(r *big.Rat) any {
	f, is := r.Float64()
	if !is || f >= 1<<40 || f <= -(1<<40) || new(big.Int).Mod(big.NewInt(1<<20), r.Denom()).Sign() != 0 {
		return e.lose("a number that floats lack")
	}
	return r
}

func (e *env) number(f float64) any {
	if r := new(big.Rat); r.SetFloat64(f) == nil || e.decimal(r) == nil {
		return e.lose("a number that floats lack")
	}
	if f == 0 {
		return 0.0 // of zero, no sign
	}
	return f
}
