package expr_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// What an operation gives that has no value, as docs/texts.md has it.
func TestLiveOutside(t *testing.T) {
	whole := func(n int64) expr.Expr[int64] { return expr.Value(n) }
	float := func(x float64) expr.Expr[float64] { return expr.Value(x) }
	last := expr.Value(time.Date(9999, 12, 31, 12, 0, 0, 0, time.UTC))
	zero, outside := dialect.ErrDivisionByZero, dialect.ErrOutOfRange
	argument := errors.New("an error of any kind") // that of an argument
	facts := []struct {
		name string
		e    expr.Any
		want map[string]any // by the dialect's name: a text, or a kind of error
	}{
		{"a whole number by 0", expr.Div(whole(1), whole(0)), map[string]any{"postgres": zero, "mariadb": "NULL", "sqlite": "NULL"}},
		{"a float by 0", expr.Div(float(1), float(0)), map[string]any{"postgres": zero, "mariadb": "NULL", "sqlite": "NULL"}},
		{"the rest by 0", expr.Mod(whole(1), whole(0)), map[string]any{"postgres": zero, "mariadb": "NULL", "sqlite": "NULL"}},
		{"Ln of 0", expr.Ln(float(0)), map[string]any{"postgres": argument, "mariadb": "NULL", "sqlite": "NULL"}},
		{"Log10 of 0", expr.Log10(float(0)), map[string]any{"postgres": argument, "mariadb": "NULL", "sqlite": "NULL"}},
		{"Ln of a negative number", expr.Ln(float(-1)), map[string]any{"postgres": argument, "mariadb": "NULL", "sqlite": "NULL"}},
		{"Log of base 1", expr.Log(float(1), float(5)), map[string]any{"postgres": zero, "mariadb": "NULL", "sqlite": "NULL"}},
		{"Sqrt of a negative number", expr.Sqrt(float(-1)), map[string]any{"postgres": argument, "mariadb": "NULL", "sqlite": "NULL"}},
		{"0 to a negative power", expr.Power(float(0), float(-1)), map[string]any{"postgres": argument, "mariadb": outside, "sqlite": "+Inf"}},
		{"a negative number to a broken power", expr.Power(float(-1), float(0.5)), map[string]any{"postgres": argument, "mariadb": outside, "sqlite": "NULL"}},
		{"Asin of 2", expr.Func[float64]("asin", float(2)), map[string]any{"postgres": outside, "mariadb": "NULL", "sqlite": "NULL"}},
		{"Exp of 1000", expr.Exp(float(1000)), map[string]any{"postgres": outside, "mariadb": outside, "sqlite": "+Inf"}},
		{"a float beyond the greatest", float(math.MaxFloat64).Mul(10), map[string]any{"postgres": outside, "mariadb": outside, "sqlite": "+Inf"}},
		{"a whole number beyond the greatest", whole(math.MaxInt64).Add(1), map[string]any{"postgres": outside, "mariadb": outside, "sqlite": "9.223372036854776e+18"}},
		{"a whole number below the least", whole(math.MinInt64).Sub(1), map[string]any{"postgres": outside, "mariadb": outside, "sqlite": "-9.223372036854776e+18"}},
		{"a product beyond the greatest", whole(math.MaxInt64).Mul(2), map[string]any{"postgres": outside, "mariadb": outside, "sqlite": "1.8446744073709552e+19"}},
		{"-MIN", expr.Neg(whole(math.MinInt64)), map[string]any{"postgres": outside, "mariadb": outside, "sqlite": "9.223372036854776e+18"}},
		{"Abs of MIN", expr.Abs(whole(math.MinInt64)), map[string]any{"postgres": outside, "mariadb": outside, "sqlite": argument}},
		{"a day after the year 9999", expr.DateAdd(last, 1, expr.Day), map[string]any{"postgres": "10000-01-01T12:00:00Z", "mariadb": "NULL", "sqlite": "NULL"}},
	}
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		for _, f := range facts {
			want, known := f.want[l.d.Name()]
			got, err := l.rowsOf(expr.Select(f.e))
			text := strings.Join(got, " ")
			if !known {
				continue
			}
			if kind, ok := want.(error); ok {
				if err == nil || kind != argument && !errors.Is(l.d.Classify(err), kind) {
					t.Errorf("%s: got %q, %v, not %v", f.name, text, err, kind)
				}
			} else if err != nil || text != want {
				t.Errorf("%s: got %q, %v, not %q", f.name, text, err, want)
			}
		}
		// What is no whole number of Go is never taken for one.
		for _, e := range []expr.Expr[int64]{whole(math.MaxInt64).Add(1), whole(math.MinInt64).Sub(1), whole(math.MinInt64).Mul(2)} {
			var n int64
			_, err := l.Run(t.Context(), expr.Select(e), func(r dialect.Rows) error {
				for r.Next() {
					if err := r.ScanRow([]any{&n}); err != nil {
						return err
					}
				}
				return r.Err()
			})
			if err == nil {
				t.Errorf("%s: a whole number beyond 64 bits is read as %d", l.d.Name(), n)
			}
		}
	})
}
