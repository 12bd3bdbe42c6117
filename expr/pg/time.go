package pg

import (
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

func hasIntervals(f *dialect.Features) bool { return f.Intervals }

var (
	addInterval = &expr.Template{Name: "an interval", Text: "{0} + {1}", Precedence: expr.BindsAsSum, Has: hasIntervals, Instead: "use expr.DateAdd", Typed: 1}
	subInterval = &expr.Template{Name: "an interval", Text: "{0} - CAST({1} AS INTERVAL)", Precedence: expr.BindsAsSum, Has: hasIntervals, Instead: "use expr.DateAdd", Typed: 1}
	age         = &expr.Template{Name: "age", Text: "age({0}, {1})", Precedence: expr.BindsClosed, Has: hasIntervals, Instead: "use expr.DateDiff", Typed: 2}
)

var interval = dialect.Type{Kind: dialect.Interval}

// AddInterval is t plus d; d is a parameter of type interval.
func AddInterval(t expr.Of[time.Time], d time.Duration) expr.Expr[time.Time] {
	return expr.Fill[time.Time](addInterval, t, expr.ValueOf(d, interval))
}

// SubInterval is t minus d.
func SubInterval(t expr.Of[time.Time], d time.Duration) expr.Expr[time.Time] {
	return expr.Fill[time.Time](subInterval, t, expr.ValueOf(d, interval))
}

// Age is the interval between two times, in years, months and days.
func Age(later, earlier expr.Of[time.Time]) expr.Expr[any] {
	return expr.Fill[any](age, later, earlier)
}
