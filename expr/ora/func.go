package ora

import (
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/internal/ownsql"
)

const inProgram = "work it out in the program"

var (
	nvl2          = own.Function("NVL2({0}, {1}, {2})", "use expr.If")
	decode        = own.Function("DECODE({*})", "use expr.CaseOf")
	toChar        = own.Function("TO_CHAR({0}, {1})", "use expr.Extract, or format it in the program")
	toDate        = own.Function("TO_DATE({0}, {1})", "use expr.Cast")
	toNumber      = own.Function("TO_NUMBER({0}, {1})", "use expr.Cast")
	addMonths     = own.Function("ADD_MONTHS({0}, {1})", "use expr.DateAdd")
	monthsBetween = own.Function("MONTHS_BETWEEN({0}, {1})", "use expr.DateDiff")
	lastDay       = own.Function("LAST_DAY({0})", "use expr.DateTrunc and expr.DateAdd")
	nextDay       = own.Function("NEXT_DAY({0}, {1})", inProgram)
	median        = own.Function("MEDIAN({0})", "use expr.PercentileCont")
	ratio         = own.Function("RATIO_TO_REPORT({0})", "divide by the sum over the window")
	regexpSubstr  = own.Function("REGEXP_SUBSTR({0}, {1})", inProgram)
	regexpCount   = own.Function("REGEXP_COUNT({0}, {1})", inProgram)
	regexpInstr   = own.Function("REGEXP_INSTR({0}, {1})", inProgram)
	sysGUID       = own.Function("SYS_GUID()", "make it in the program")
	sysContext    = own.Function("SYS_CONTEXT({0}, {1})", "")
	contains      = own.Named("CONTAINS", "CONTAINS({0}, {1}, {2})", "use expr.Match")
	score         = own.Named("CONTAINS", "SCORE({0})", "use expr.Match")
)

// Nvl2 is yes where e is not NULL, and no otherwise.
func Nvl2[T any](e expr.Any, yes, no expr.Of[T]) expr.Expr[T] { return expr.Fill[T](nvl2, e, yes, no) }

// Decode is DECODE(e, a, x, b, y, …, otherwise): the value beside the first that
// equals e, where NULL equals NULL. expr.CaseOf is portable.
func Decode[T any](e expr.Any, pairs ...expr.Any) expr.Expr[T] {
	return expr.Fill[T](decode, append([]expr.Any{e}, pairs...)...)
}

// ToChar is a time or a number as a text: "YYYY-MM-DD", "FM999G990D00". (Oracle
// SQL Language Reference, Format Models.)
func ToChar(e expr.Any, format string) expr.Expr[string] {
	return expr.Fill[string](toChar, e, expr.Value(format))
}

// ToDate is the opposite of [ToChar] for times.
func ToDate(s expr.Of[string], format string) expr.Expr[time.Time] {
	return expr.Fill[time.Time](toDate, s, expr.Value(format))
}

// ToNumber is the opposite of [ToChar] for numbers.
func ToNumber(s expr.Of[string], format string) expr.Expr[float64] {
	return expr.Fill[float64](toNumber, s, expr.Value(format))
}

// AddMonths is the same day n months later, or the month's last.
func AddMonths(t expr.Any, n int) expr.Expr[time.Time] {
	return expr.Fill[time.Time](addMonths, t, expr.Value(n))
}

// MonthsBetween is the months from one time to another, with a fraction.
func MonthsBetween(later, earlier expr.Any) expr.Expr[float64] {
	return expr.Fill[float64](monthsBetween, later, earlier)
}

// LastDay is the last day of a time's month.
func LastDay(t expr.Any) expr.Expr[time.Time] { return expr.Fill[time.Time](lastDay, t) }

// NextDay is the next day of that name after a time: "MONDAY", in the session's
// language.
func NextDay(t expr.Any, day string) expr.Expr[time.Time] {
	return expr.Fill[time.Time](nextDay, t, expr.Value(day))
}

// Median is the middle value of a group.
func Median[T any](e expr.Of[T]) expr.Expr[T] { return expr.Fill[T](median, e) }

// RatioToReport is e divided by the sum of e over the partition.
func RatioToReport(e expr.Any, partition ...expr.Any) expr.Expr[float64] {
	t := *ratio
	if len(partition) == 0 {
		t.Text = "RATIO_TO_REPORT({0}) OVER ()"
	} else {
		t.Text = "RATIO_TO_REPORT({0}) OVER (PARTITION BY " + ownsql.Holes(1, len(partition)) + ")"
	}
	return expr.Fill[float64](&t, append([]expr.Any{e}, partition...)...)
}

// RegexpSubstr is the first part of a text that matches; NULL where none does.
func RegexpSubstr(s expr.Of[string], pattern string) expr.Expr[string] {
	return expr.Fill[string](regexpSubstr, s, expr.Value(pattern))
}

// RegexpCount is how many parts of a text match.
func RegexpCount(s expr.Of[string], pattern string) expr.Expr[int64] {
	return expr.Fill[int64](regexpCount, s, expr.Value(pattern))
}

// RegexpInstr is where the first part that matches begins, from 1; 0 where none
// does.
func RegexpInstr(s expr.Of[string], pattern string) expr.Expr[int64] {
	return expr.Fill[int64](regexpInstr, s, expr.Value(pattern))
}

// SysGUID is a new globally unique identifier of 16 bytes.
func SysGUID() expr.Expr[[]byte] { return expr.Fill[[]byte](sysGUID) }

// SysContext is a fact of the session: SysContext("USERENV", "SESSION_USER").
func SysContext(namespace, name string) expr.Expr[string] {
	return expr.Fill[string](sysContext, expr.Value(namespace), expr.Value(name))
}

// Contains holds where a column with an index of type CONTEXT has what a query
// of Oracle Text looks for: "cat AND NOT dog", "near((a, b))". The label is a
// number by which [Score] finds it again. (Oracle Text Reference, CONTAINS.)
func Contains(column expr.Of[string], query string, label int) expr.Cond {
	return expr.Fill[int64](contains, column, expr.Value(query), expr.Literal(label)).Gt(0)
}

// Score is how well a row meets the query of [Contains] with that label.
func Score(label int) expr.Expr[int64] { return expr.Fill[int64](score, expr.Literal(label)) }

// KeepFirst is aggregate KEEP (DENSE_RANK FIRST ORDER BY terms): the aggregate of the
// rows of a group that come first, such as what the newest order cost:
// KeepFirst(expr.Max(Orders.Total), Orders.PlacedAt.Desc()). (Oracle SQL Language
// Reference, FIRST.)
func KeepFirst[T any](aggregate expr.Of[T], terms ...expr.Term) expr.Expr[T] {
	return keep("FIRST", aggregate, terms)
}

// KeepLast is [KeepFirst] of the rows that come last.
func KeepLast[T any](aggregate expr.Of[T], terms ...expr.Term) expr.Expr[T] {
	return keep("LAST", aggregate, terms)
}

func keep[T any](word string, aggregate expr.Of[T], terms []expr.Term) expr.Expr[T] {
	if len(terms) == 0 {
		return expr.Fill[T](nil)
	}
	var order []string
	args := []expr.Any{aggregate}
	for i, t := range terms {
		e, desc, nulls := expr.OrderOf(t)
		s := ownsql.Holes(i+1, 1)
		if desc {
			s += " DESC"
		}
		switch nulls {
		case dialect.Yes:
			s += " NULLS FIRST"
		case dialect.No:
			s += " NULLS LAST"
		}
		order, args = append(order, s), append(args, e)
	}
	return expr.Fill[T](own.Named("KEEP", "{0} KEEP (DENSE_RANK "+word+" ORDER BY "+strings.Join(order, ", ")+")",
		"take the first row of each group by expr.RowNumber, in a derived table"), args...)
}
