package my

import (
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/internal/ownsql"
)

// SearchMode is how [Match] reads the words that it looks for.
type SearchMode uint8

// The modes of a search.
const (
	NaturalLanguage    SearchMode = iota // any of the words
	BooleanMode                          // the operators + - > < ( ) ~ * "
	WithQueryExpansion                   // and again, with words of what was found
)

var searchWords = [...]string{
	NaturalLanguage: " IN NATURAL LANGUAGE MODE", BooleanMode: " IN BOOLEAN MODE", WithQueryExpansion: " WITH QUERY EXPANSION",
}

func against(mode SearchMode, words string, columns []expr.Of[string]) (*expr.Template, []expr.Any) {
	if int(mode) >= len(searchWords) || len(columns) == 0 {
		return nil, nil
	}
	text := "MATCH (" + ownsql.Holes(1, len(columns)) + ") AGAINST ({0}" + searchWords[mode] + ")"
	return own.Named("MATCH AGAINST", text, "use expr.Match"), ownsql.Any([]expr.Any{expr.Value(words)}, columns)
}

// Match is MATCH (columns) AGAINST (words): it holds where the columns, which
// share a FULLTEXT index, have what is looked for. What is portable of it is
// expr.Match. (MySQL 8.0 Reference Manual, 14.9 Full-Text Search Functions.)
func Match(mode SearchMode, words string, columns ...expr.Of[string]) expr.Cond {
	t, args := against(mode, words, columns)
	return expr.FillCond(t, args...)
}

// Relevance is the number behind [Match]: how well a row meets what is looked
// for, and 0 where it does not.
func Relevance(mode SearchMode, words string, columns ...expr.Of[string]) expr.Expr[float64] {
	t, args := against(mode, words, columns)
	return expr.Fill[float64](t, args...)
}
