package pg

import (
	"time"

	"github.com/sqlayer-go/sqlayer/expr"
)

var (
	toChar      = shown(own.Function("to_char({0}, {1})", "use expr.Extract, or format it in the program"))
	toDate      = own.Function("to_date({0}, {1})", "use expr.Cast")
	toTimestamp = own.Function("to_timestamp({0}, {1})", "use expr.Cast")
	toNumber    = own.Function("to_number({0}, {1})", "use expr.Cast")
	widthBucket = own.Function("width_bucket({0}, {1}, {2}, {3})", "use expr.Case, or FloorDiv")
	splitPart   = own.Function("split_part({0}, {1}, {2})", inProgram)
)

// ToChar is a time or a number as a text: "YYYY-MM-DD HH24:MI", "FM999G990D00".
// (PostgreSQL 15 manual, 9.8 Data Type Formatting Functions.)
func ToChar(e expr.Any, format string) expr.Expr[string] {
	return expr.Fill[string](toChar, e, expr.Value(format))
}

// ToDate is the opposite of [ToChar] for dates.
func ToDate(s expr.Of[string], format string) expr.Expr[time.Time] {
	return expr.Fill[time.Time](toDate, s, expr.Value(format))
}

// ToTimestamp is the opposite of [ToChar] for times, in the session's zone unless
// the text has one.
func ToTimestamp(s expr.Of[string], format string) expr.Expr[time.Time] {
	return expr.Fill[time.Time](toTimestamp, s, expr.Value(format))
}

// ToNumber is the opposite of [ToChar] for numbers.
func ToNumber(s expr.Of[string], format string) expr.Expr[float64] {
	return expr.Fill[float64](toNumber, s, expr.Value(format))
}

// WidthBucket is the number, from 1, of the part that e is in where the values
// from low up to high are parted into n of the same width; 0 below them, and n+1
// from high on. (PostgreSQL 15 manual, 9.3 Mathematical Functions and Operators.)
func WidthBucket(e expr.Of[float64], low, high float64, n int) expr.Expr[int64] {
	return expr.Fill[int64](widthBucket, e, expr.Value(low), expr.Value(high), expr.Literal(n))
}

// SplitPart is the n-th part of a text between delimiters, from 1; empty where
// there is none.
func SplitPart(s expr.Of[string], delimiter string, n int) expr.Expr[string] {
	return expr.Fill[string](splitPart, s, expr.Value(delimiter), expr.Literal(n))
}
