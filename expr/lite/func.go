package lite

import (
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/internal/ownsql"
)

const inProgram = "work it out in the program"

var (
	glob            = own.Comparison("GLOB", "{0} GLOB {1}", "use expr.Like or expr.RegexpMatch")
	typeof          = own.Function("typeof({0})", inProgram)
	hex             = own.Function("hex({0})", inProgram)
	quote           = own.Function("quote({0})", inProgram)
	unicode         = own.Function("unicode({0})", inProgram)
	printf          = own.Function("printf({*})", inProgram)
	total           = own.Function("total({0})", "use expr.SumOf within expr.Coalesce")
	strftime        = own.Function("strftime({*})", "use expr.Extract, or format it in the program")
	datetime        = own.Function("datetime({*})", "use expr.DateAdd")
	date            = own.Function("date({*})", "use expr.DateTrunc")
	julianday       = own.Function("julianday({*})", "use expr.DateDiff")
	unixepoch       = own.Function("unixepoch({*})", "use expr.DateDiff")
	lastInsertRowid = own.Function("last_insert_rowid()", "use the key that the INSERT gives back")
	changes         = own.Function("changes()", "use the Result of the statement")
	randomBlob      = own.Function("randomblob({0})", inProgram)
	zeroBlob        = own.Function("zeroblob({0})", inProgram)
	likely          = own.Function("likely({0})", "leave it out")
	unlikely        = own.Function("unlikely({0})", "leave it out")
	version         = own.Function("sqlite_version()", "")
)

// Rowid is the number by which SQLite keeps a row of a table; a table WITHOUT ROWID
// has none. (https://sqlite.org/rowidtable.html)
func Rowid(t expr.Relation) expr.Expr[int64] {
	return expr.PseudoColumn[int64](t, "lite.rowid", "rowid")
}

// Glob is e GLOB pattern: * stands for any text, ? for one character, [a-c] for
// one character of a class, and case matters.
// (https://sqlite.org/lang_expr.html#glob)
func Glob(e expr.Of[string], pattern string) expr.Cond {
	return expr.FillCond(glob, e, expr.Value(pattern))
}

// Typeof is how a value is kept: integer, real, text, blob or null.
func Typeof(e expr.Any) expr.Expr[string] { return expr.Fill[string](typeof, e) }

// Hex is the bytes of a value in hexadecimal digits.
func Hex(e expr.Any) expr.Expr[string] { return expr.Fill[string](hex, e) }

// Quote is a value as a literal of SQL.
func Quote(e expr.Any) expr.Expr[string] { return expr.Fill[string](quote, e) }

// Unicode is the number of a text's first character.
func Unicode(e expr.Of[string]) expr.Expr[int64] { return expr.Fill[int64](unicode, e) }

// Printf is a text by a format as in C: %05d, %.2f, %s.
func Printf(format string, args ...expr.Any) expr.Expr[string] {
	return expr.Fill[string](printf, append([]expr.Any{expr.Value(format)}, args...)...)
}

// Total is the sum of a group, 0.0 where there is none.
func Total(e expr.Any) expr.Expr[float64] { return expr.Fill[float64](total, e) }

func moment(first []expr.Any, t expr.Any, modifiers []string) []expr.Any {
	return append(append(first, t), ownsql.Values(modifiers)...)
}

// Strftime is a time as a text: "%Y-%m". Modifiers change the time before, in
// order: "start of month", "-1 day". (https://sqlite.org/lang_datefunc.html)
func Strftime(format string, t expr.Any, modifiers ...string) expr.Expr[string] {
	return expr.Fill[string](strftime, moment([]expr.Any{expr.Value(format)}, t, modifiers)...)
}

// DateTime is a time, changed by modifiers, to the second, as a text; see [Strftime].
func DateTime(t expr.Any, modifiers ...string) expr.Expr[string] {
	return expr.Fill[string](datetime, moment(nil, t, modifiers)...)
}

// Date is the day of a time, changed by modifiers, as a text; see [Strftime].
func Date(t expr.Any, modifiers ...string) expr.Expr[string] {
	return expr.Fill[string](date, moment(nil, t, modifiers)...)
}

// JulianDay is a time in days; see [Strftime].
func JulianDay(t expr.Any, modifiers ...string) expr.Expr[float64] {
	return expr.Fill[float64](julianday, moment(nil, t, modifiers)...)
}

// UnixEpoch is a time in seconds since 1970; see [Strftime]. (From SQLite 3.38.)
func UnixEpoch(t expr.Any, modifiers ...string) expr.Expr[int64] {
	return expr.Fill[int64](unixepoch, moment(nil, t, modifiers)...)
}

// LastInsertRowid is the number of the row that the connection inserted last.
func LastInsertRowid() expr.Expr[int64] { return expr.Fill[int64](lastInsertRowid) }

// Changes is how many rows the connection's last INSERT, UPDATE or DELETE
// changed.
func Changes() expr.Expr[int64] { return expr.Fill[int64](changes) }

// RandomBlob is n random bytes.
func RandomBlob(n int) expr.Expr[[]byte] { return expr.Fill[[]byte](randomBlob, expr.Literal(n)) }

// ZeroBlob is n bytes of 0, the room for a blob that is written later.
func ZeroBlob(n int) expr.Expr[[]byte] { return expr.Fill[[]byte](zeroBlob, expr.Literal(n)) }

// Likely is a condition with the advice that it mostly holds.
func Likely(c expr.Cond) expr.Cond { return expr.FillCond(likely, c) }

// Unlikely is a condition with the advice that it mostly does not hold.
func Unlikely(c expr.Cond) expr.Cond { return expr.FillCond(unlikely, c) }

// Version is the version of SQLite.
func Version() expr.Expr[string] { return expr.Fill[string](version) }
