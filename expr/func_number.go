package expr

import (
	"math"
	"reflect"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Round is e rounded to a number of digits after the point (before it where
// negative), halves away from zero. Numbers of float64 are taken as the decimal
// that they are written as; on SQLite as the binary number that they are, so
// that 2.675, which is a little less, becomes 2.67 there.
func Round[T any](e Of[T], digits int) Expr[T] {
	if t := typeOf(e); digits >= 0 && t != nil && dialect.SmallInt <= t.Kind && t.Kind <= dialect.BigInt {
		return Expr[T]{operand(e)} // some databases would make a float of it on the way
	}
	name := "round"
	if k := reflect.TypeFor[T]().Kind(); k == reflect.Float64 || k == reflect.Float32 {
		name = "round_float"
	} else if t := typeOf(e); t != nil && (t.Kind == dialect.Double || t.Kind == dialect.Real) {
		name = "round_float"
	}
	if digits < 0 {
		if digits < -18 {
			return Expr[T]{mistake("Round: %d digits; give -18 or more", digits)}
		}
		return Expr[T]{fill(opTemplate, roundTens[name], typeOf(e), []Any{e, Value(int32(digits)), Literal(math.Pow10(-digits))})}
	}
	return Expr[T]{call(name, typeOf(e), []Any{e, Value(int32(digits))})}
}

// roundTens are the ways to round before the point, of a decimal and of a float: by
// ROUND with negative digits, or by a division where that does not take them.
var roundTens = map[string]*Template{"round": roundTo("round"), "round_float": roundTo("round_float")}

func roundTo(name string) *Template {
	return &Template{Name: "the function round", Precedence: BindsClosed, Typed: 1, of: func(f *dialect.Features) string {
		if f.RoundTens != "" {
			return f.RoundTens
		}
		return f.Functions[name]
	}}
}

// Ceil is the smallest whole number that is not below e.
func Ceil[T any](e Of[T]) Expr[T] { return Expr[T]{call("ceil", typeOf(e), []Any{e})} }

// Floor is the largest whole number that is not above e.
func Floor[T any](e Of[T]) Expr[T] { return Expr[T]{call("floor", typeOf(e), []Any{e})} }

// Trunc is e without its fraction.
func Trunc[T any](e Of[T]) Expr[T] { return Expr[T]{call("trunc", typeOf(e), []Any{e})} }

// Sign is -1, 0 or 1, as e is.
func Sign[T any](e Of[T]) Expr[int64] { return Func[int64]("sign", e) }

// Power is x to the power of y. Where that is no number it is an error on some
// databases, and NULL or an infinity on others (docs/texts.md).
func Power(x, y Any) Expr[float64] { return Func[float64]("power", x, y) }

// Sqrt is the square root of e; of a negative number it is NULL on SQLite, MySQL
// and MariaDB and an error elsewhere.
func Sqrt(e Any) Expr[float64] { return Func[float64]("sqrt", e) }

// Exp is Euler's number to the power of e; beyond the greatest float it is an
// infinity on SQLite and an error elsewhere.
func Exp(e Any) Expr[float64] { return Func[float64]("exp", e) }

// Ln is the natural logarithm of e. Of zero and of a negative number it, and
// the other logarithms, are NULL on SQLite, MySQL and MariaDB and an error elsewhere.
func Ln(e Any) Expr[float64] { return Func[float64]("ln", e) }

// Log10 is the logarithm of e to base 10.
func Log10(e Any) Expr[float64] { return Func[float64]("log10", e) }

// Log is the logarithm of e to a base.
func Log(base, e Any) Expr[float64] { return Func[float64]("log", base, e) }

// Sin is the sine of an angle in radians.
func Sin(e Any) Expr[float64] { return Func[float64]("sin", e) }

// Cos is the cosine of an angle in radians.
func Cos(e Any) Expr[float64] { return Func[float64]("cos", e) }

// Tan is the tangent of an angle in radians.
func Tan(e Any) Expr[float64] { return Func[float64]("tan", e) }

// Asin is the angle in radians whose sine is e.
func Asin(e Any) Expr[float64] { return Func[float64]("asin", e) }

// Acos is the angle in radians whose cosine is e.
func Acos(e Any) Expr[float64] { return Func[float64]("acos", e) }

// Atan is the angle in radians whose tangent is e.
func Atan(e Any) Expr[float64] { return Func[float64]("atan", e) }

// Atan2 is the angle in radians of the point (x, y).
func Atan2(y, x Any) Expr[float64] { return Func[float64]("atan2", y, x) }

// Degrees is an angle in radians as one in degrees.
func Degrees(e Any) Expr[float64] { return Func[float64]("degrees", e) }

// Radians is an angle in degrees as one in radians.
func Radians(e Any) Expr[float64] { return Func[float64]("radians", e) }

// Pi is the ratio of a circle's circumference to its diameter.
func Pi() Expr[float64] { return Func[float64]("pi") }

// Random is a number that is at least 0 and less than 1, a new one for each
// row.
func Random() Expr[float64] { return Func[float64]("random") }
