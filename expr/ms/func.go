package ms

import (
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/internal/ownsql"
)

const (
	inProgram = "work it out in the program"
	noSearch  = "use expr.Match"
)

var (
	jsonModify    = own.Function("JSON_MODIFY({0}, {1}, {2})", "change the document in the program")
	isJSON        = own.Comparison("ISJSON", "ISJSON({0}) = 1", inProgram)
	format        = own.Function("FORMAT({0}, {1}, {2})", "format it in the program")
	dateName      = own.Function("DATENAME({0}, {1})", "use expr.Extract")
	eoMonth       = own.Function("EOMONTH({0}, {1})", "use expr.DateTrunc and expr.DateAdd")
	atTimeZone    = &expr.Template{Name: "AT TIME ZONE", Text: "{0} AT TIME ZONE {1}", Own: own.Key("AT TIME ZONE"), Instead: inProgram, Precedence: expr.BindsAsProduct}
	switchOffset  = own.Function("SWITCHOFFSET({0}, {1})", inProgram)
	patIndex      = own.Function("PATINDEX({0}, {1})", "use expr.Position")
	stuff         = own.Function("STUFF({0}, {1}, {2}, {3})", inProgram)
	quoteName     = own.Function("QUOTENAME({0})", inProgram)
	newID         = own.Function("NEWID()", "make it in the program")
	scopeIdentity = own.Function("SCOPE_IDENTITY()", "use the key that the INSERT gives back")
	checksum      = own.Function("CHECKSUM({*})", inProgram)
	hashBytes     = own.Function("HASHBYTES({0}, {1})", inProgram)
)

func search(word, query string, columns []expr.Of[string]) expr.Cond {
	if len(columns) == 0 {
		return expr.FillCond(nil)
	}
	t := own.Comparison(word, word+"(("+ownsql.Holes(1, len(columns))+"), {0})", noSearch)
	t.Precedence = expr.BindsClosed
	return expr.FillCond(t, ownsql.Any([]expr.Any{expr.Value(query)}, columns)...)
}

// Contains is CONTAINS((columns), query): it holds where columns of one
// full-text index have what a query looks for: "cat AND NOT dog", NEAR((a, b),
// 5). Words that people type are for [FreeText] and expr.Match. (Transact-SQL
// reference, CONTAINS.)
func Contains(query string, columns ...expr.Of[string]) expr.Cond {
	return search("CONTAINS", query, columns)
}

// FreeText is FREETEXT((columns), words): it holds where columns have any of
// the words, in any of their forms.
func FreeText(words string, columns ...expr.Of[string]) expr.Cond {
	return search("FREETEXT", words, columns)
}

// JSONModify is a document with v at a path, $.a, or at the end of the array
// there, "append $.a". A nil v removes what is there. (Transact-SQL reference,
// JSON_MODIFY.)
func JSONModify(doc expr.Any, path string, v expr.Any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonModify, doc, expr.Value(path), v))
}

// IsJSON holds for a text that is JSON.
func IsJSON(text expr.Any) expr.Cond { return expr.FillCond(isJSON, text) }

// Format is a time or a number as a text, by a format of .NET and a culture:
// "yyyy-MM-dd", "en-US".
func Format(e expr.Any, layout, culture string) expr.Expr[string] {
	return expr.Fill[string](format, e, expr.Value(layout), expr.Value(culture))
}

// ConvertStyle is CONVERT(t, e, style): as CAST, where a number says how a time is
// written, such as 126 for ISO 8601. (Transact-SQL reference, CAST and CONVERT.)
func ConvertStyle[T any](t dialect.Type, e expr.Any, style int) expr.Expr[T] {
	return expr.Custom[T]("CONVERT", func(w *dialect.Writer, part func(int)) {
		if own.Refused(w, "CONVERT", "use expr.Cast") {
			return
		}
		name, err := w.Dialect().TypeName(&t)
		w.Fail(err)
		w.WriteString("CONVERT(" + name + ", ")
		part(0)
		w.WriteString(", ")
		w.WriteInt(int64(style))
		w.WriteString(")")
	}, e)
}

// DateName is a part of a time as a text in the session's language: "month",
// "weekday".
func DateName(part string, t expr.Any) expr.Expr[string] {
	if !ownsql.Words(part) {
		return expr.Fill[string](nil)
	}
	x := *dateName
	x.Text = "DATENAME(" + part + ", {0})"
	return expr.Fill[string](&x, t)
}

// EOMonth is the last day of the month n months after a time.
func EOMonth(t expr.Any, n int) expr.Expr[time.Time] {
	return expr.Fill[time.Time](eoMonth, t, expr.Value(n))
}

// AtTimeZone is t AT TIME ZONE zone: a time without a zone gets it, and one with a
// zone is turned into it: "UTC", "Central European Standard Time".
func AtTimeZone(t expr.Any, zone string) expr.Expr[time.Time] {
	return expr.Fill[time.Time](atTimeZone, t, expr.Value(zone))
}

// SwitchOffset is a DATETIMEOFFSET at another distance from UTC: "+02:00".
func SwitchOffset(t expr.Any, offset string) expr.Expr[time.Time] {
	return expr.Fill[time.Time](switchOffset, t, expr.Value(offset))
}

// PatIndex is where a pattern as LIKE has it begins in a text, from 1, and 0
// where it is not.
func PatIndex(pattern string, s expr.Of[string]) expr.Expr[int64] {
	return expr.Fill[int64](patIndex, expr.Value(pattern), s)
}

// Stuff is a text with another in the place of n characters from one on, counted
// from 1.
func Stuff(s expr.Of[string], from, n int, other expr.Of[string]) expr.Expr[string] {
	return expr.Fill[string](stuff, s, expr.Literal(from), expr.Literal(n), other)
}

// QuoteName is a name in brackets.
func QuoteName(s expr.Of[string]) expr.Expr[string] { return expr.Fill[string](quoteName, s) }

// NewID is a new random UNIQUEIDENTIFIER.
func NewID() expr.Expr[string] { return expr.Fill[string](newID) }

// ScopeIdentity is the key that the batch's last INSERT generated. InsertStmt.Returning
// is the safer way.
func ScopeIdentity() expr.Expr[int64] { return expr.Fill[int64](scopeIdentity) }

// Checksum is a number made of the values, for an index of hashes.
func Checksum(es ...expr.Any) expr.Expr[int64] { return expr.Fill[int64](checksum, es...) }

// HashBytes is the hash of a value by MD5, SHA1, SHA2_256 or SHA2_512.
func HashBytes(algorithm string, e expr.Any) expr.Expr[[]byte] {
	return expr.Fill[[]byte](hashBytes, expr.Value(algorithm), e)
}
