package expr

import "github.com/sqlayer-go/sqlayer/dialect"

var match = &Template{Name: "Match", Precedence: BindsAsComparison, Instead: "use Contains",
	of: func(f *dialect.Features) string { return f.Match }}

// Match holds where a text has words, by the database's full-text search: the
// words are read as the database reads plain words. It needs the database's
// index on the column: FULLTEXT on MySQL and SQL Server, CONTEXT on Oracle; the
// column of an FTS5 table on SQLite; PostgreSQL needs none. Whether all words
// must be there, and which forms of a word count, depends on the database. What
// it has beyond that is in the packages below this one.
func Match(text Of[string], words string) Cond { return FillCond(match, text, Value(words)) }
