package my

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/internal/ownsql"
	"github.com/sqlayer-go/sqlayer/internal/hinttext"
)

// StraightJoin is STRAIGHT_JOIN after SELECT: tables are joined in the order
// of the text. Say IfKnown where other databases run the statement too.
// (MySQL 8.0 Reference Manual, 15.2.13 SELECT Statement.)
func StraightJoin() expr.Prefix { return expr.NewPrefix("STRAIGHT_JOIN") }

// NoCache is SQL_NO_CACHE after SELECT: the result goes into no query cache,
// of which MySQL 8.0 has none.
func NoCache() expr.Prefix { return expr.NewPrefix("SQL_NO_CACHE") }

// SmallResult is SQL_SMALL_RESULT after SELECT, for GROUP BY and DISTINCT.
func SmallResult() expr.Prefix { return expr.NewPrefix("SQL_SMALL_RESULT") }

// BigResult is SQL_BIG_RESULT after SELECT, for GROUP BY and DISTINCT.
func BigResult() expr.Prefix { return expr.NewPrefix("SQL_BIG_RESULT") }

// BufferResult is SQL_BUFFER_RESULT after SELECT: the result is kept in a
// temporary table, and locks are let go early.
func BufferResult() expr.Prefix { return expr.NewPrefix("SQL_BUFFER_RESULT") }

func index(word string, t expr.Relation, names []string) expr.Hint {
	names = slices.Clone(names)
	return expr.NewTableHint(dialect.IndexHints, t, func(w *dialect.Writer) {
		if len(names) == 0 {
			w.Failf("expr: hint %s without a name", word)
		}
		w.WriteString(word + " (")
		ownsql.Names(w, names)
		w.WriteString(")")
	})
}

// UseIndex is t USE INDEX (…): the table is read by one of these indexes, or as
// a whole. The server refuses a name that the table does not have. (MySQL 8.0
// Reference Manual, 10.9.4 Index Hints.)
func UseIndex(t expr.Relation, names ...string) expr.Hint { return index("USE INDEX", t, names) }

// ForceIndex is t FORCE INDEX (…): as [UseIndex], and as a whole only if there
// is no other way.
func ForceIndex(t expr.Relation, names ...string) expr.Hint { return index("FORCE INDEX", t, names) }

// IgnoreIndex is t IGNORE INDEX (…): the table is not read by these indexes.
func IgnoreIndex(t expr.Relation, names ...string) expr.Hint { return index("IGNORE INDEX", t, names) }

// Hint is SELECT /*+ text */, as in Hint("MAX_EXECUTION_TIME(1000)"). MariaDB
// has none and leaves it out. The text is the program's own; one with anything
// but letters, digits, spaces and _ $ # @ . , ( ) " = ` is a mistake. (MySQL
// 8.0 Reference Manual, 10.9.3 Optimizer Hints.)
func Hint(text string) expr.Hint {
	return expr.NewHint(dialect.OptimizerHints, func(w *dialect.Writer) { hinttext.Write(w, text) })
}
