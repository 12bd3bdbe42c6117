package pg

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

func hasSearch(f *dialect.Features) bool { return f.Arrays && f.Match != "" }

func searchFunc(name, text string, prec expr.Precedence) *expr.Template {
	return &expr.Template{Name: name, Text: text, Precedence: prec, Has: hasSearch, Instead: "use expr.Match"}
}

var (
	toVector   = searchFunc("to_tsvector", "to_tsvector(CAST({0} AS regconfig), {1})", expr.BindsClosed)
	toQuery    = searchFunc("to_tsquery", "to_tsquery(CAST({0} AS regconfig), {1})", expr.BindsClosed)
	plainQuery = searchFunc("plainto_tsquery", "plainto_tsquery(CAST({0} AS regconfig), {1})", expr.BindsClosed)
	webQuery   = searchFunc("websearch_to_tsquery", "websearch_to_tsquery(CAST({0} AS regconfig), {1})", expr.BindsClosed)
	phrase     = searchFunc("phraseto_tsquery", "phraseto_tsquery(CAST({0} AS regconfig), {1})", expr.BindsClosed)
	matches    = searchFunc("the operator @@", "{0} @@ {1}", expr.BindsAsOperator)
	rank       = searchFunc("ts_rank", "ts_rank({0}, {1})", expr.BindsClosed)
	headline   = searchFunc("ts_headline", "ts_headline({0}, {1})", expr.BindsClosed)
)

// Vector is the Go type of expressions of type tsvector: the words of a text.
type Vector struct{}

// Query is the Go type of expressions of type tsquery: what is looked for in a
// [Vector].
type Query struct{}

// ToVector is the words of a text, by a configuration such as "english".
func ToVector(config string, text expr.Of[string]) expr.Expr[Vector] {
	return expr.Fill[Vector](toVector, expr.Value(config), text)
}

// ToQuery reads a query with the operators &, |, ! and <->.
func ToQuery(config, query string) expr.Expr[Query] {
	return expr.Fill[Query](toQuery, expr.Value(config), expr.Value(query))
}

// PlainQuery looks for all words of a text.
func PlainQuery(config, words string) expr.Expr[Query] {
	return expr.Fill[Query](plainQuery, expr.Value(config), expr.Value(words))
}

// PhraseQuery looks for the words of a text, one after the other.
func PhraseQuery(config, words string) expr.Expr[Query] {
	return expr.Fill[Query](phrase, expr.Value(config), expr.Value(words))
}

// WebQuery reads what people type into a search box: quotes, or, and a minus.
func WebQuery(config, words string) expr.Expr[Query] {
	return expr.Fill[Query](webQuery, expr.Value(config), expr.Value(words))
}

// Matches holds where the words match the query.
func Matches(v expr.Of[Vector], q expr.Of[Query]) expr.Cond { return expr.FillCond(matches, v, q) }

// Rank is how well the words match the query.
func Rank(v expr.Of[Vector], q expr.Of[Query]) expr.Expr[float64] {
	return expr.Fill[float64](rank, v, q)
}

// Headline is a part of the text with the words of the query marked.
func Headline(text expr.Of[string], q expr.Of[Query]) expr.Expr[string] {
	return expr.Fill[string](headline, text, q)
}
