package lite

import (
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/internal/ownsql"
)

const noFTS = "use expr.Match"

var (
	match     = &expr.Template{Name: "MATCH", Text: "{0} MATCH {1}", Own: "lite.fts5", Instead: noFTS, Precedence: expr.BindsAsComparison}
	highlight = own.Function("highlight({*})", noFTS)
	snippet   = own.Function("snippet({*})", noFTS)
	bm25      = own.Function("bm25({*})", noFTS)
)

func row(t expr.Relation) expr.Any { return expr.NamesakeColumn[string](t, "lite.fts5") }

// Match is t MATCH query: it holds for the rows of an FTS5 table that the query
// finds in any column: "one AND (two OR three*)", "title: four". For words from
// a search box, which are no such query, see expr.Match.
// (https://sqlite.org/fts5.html#full_text_query_syntax)
func Match(t expr.Relation, query string) expr.Cond {
	return expr.FillCond(match, row(t), expr.Value(query))
}

// BM25 is how well a row meets the query of [Match]: the less, the better, so
// that ORDER BY it has the best first. The weights are those of the columns,
// in order; those that are not given are 1.
func BM25(t expr.Relation, weights ...float64) expr.Expr[float64] {
	return expr.Fill[float64](bm25, append([]expr.Any{row(t)}, ownsql.Values(weights)...)...)
}

// Highlight is the text of a column, counted from 0, with each match between
// two marks.
func Highlight(t expr.Relation, column int, begin, end string) expr.Expr[string] {
	return expr.Fill[string](highlight, row(t), expr.Literal(column), expr.Value(begin), expr.Value(end))
}

// Snippet is the part of a text of so many words, at most 64, where most was
// found, with that between two marks, and with dots where the text goes on. The
// column is counted from 0; -1 is the one where it is found.
func Snippet(t expr.Relation, column int, begin, end, dots string, words int) expr.Expr[string] {
	return expr.Fill[string](snippet, row(t), expr.Literal(column), expr.Value(begin), expr.Value(end), expr.Value(dots), expr.Literal(words))
}
