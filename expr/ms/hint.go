package ms

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/internal/ownsql"
)

func tableWord(t expr.Relation, word string) expr.Hint {
	return expr.NewTableHint(dialect.TableHints, t, func(w *dialect.Writer) { w.WriteString(word) })
}

// NoLock is WITH (NOLOCK): the table is read without locks, and with changes
// that may yet be rolled back. (Transact-SQL reference, Table Hints.)
func NoLock(t expr.Relation) expr.Hint { return tableWord(t, "NOLOCK") }

// HoldLock is WITH (HOLDLOCK): what is read stays locked until the transaction
// ends.
func HoldLock(t expr.Relation) expr.Hint { return tableWord(t, "HOLDLOCK") }

// TabLock is WITH (TABLOCK): the table is locked as a whole.
func TabLock(t expr.Relation) expr.Hint { return tableWord(t, "TABLOCK") }

// ForceSeek is WITH (FORCESEEK): the table is read by an index seek.
func ForceSeek(t expr.Relation) expr.Hint { return tableWord(t, "FORCESEEK") }

// ForceScan is WITH (FORCESCAN): the table is read by a scan.
func ForceScan(t expr.Relation) expr.Hint { return tableWord(t, "FORCESCAN") }

// Index is WITH (INDEX(…)): the table is read by these indexes.
func Index(t expr.Relation, names ...string) expr.Hint {
	names = slices.Clone(names)
	return expr.NewTableHint(dialect.TableHints, t, func(w *dialect.Writer) {
		if len(names) == 0 {
			w.Failf("expr: hint INDEX without a name")
		}
		w.WriteString("INDEX(")
		ownsql.Names(w, names)
		w.WriteString(")")
	})
}

func option(word string) expr.Hint {
	return expr.NewHint(dialect.QueryOptions, func(w *dialect.Writer) { w.WriteString(word) })
}

func numbered(word string, n, most int) expr.Hint {
	return expr.NewHint(dialect.QueryOptions, func(w *dialect.Writer) {
		if n < 0 || n > most {
			w.Failf("expr: hint %s of %d, which is not from 0 to %d", word, n, most)
		}
		w.WriteString(word + " ")
		w.WriteInt(int64(n))
	})
}

// MaxDOP is OPTION (MAXDOP n): at most n processors work on the query; 0 leaves
// it to the server. (Transact-SQL reference, Query Hints.)
func MaxDOP(n int) expr.Hint { return numbered("MAXDOP", n, 64) }

// MaxRecursion is OPTION (MAXRECURSION n): a recursive common table expression
// goes n levels deep before it is an error; 0 is no limit. Without it, n is 100.
func MaxRecursion(n int) expr.Hint { return numbered("MAXRECURSION", n, 32767) }

// Fast is OPTION (FAST n): the first n rows are wanted soon.
func Fast(n int) expr.Hint { return numbered("FAST", n, 1<<31-1) }

// Recompile is OPTION (RECOMPILE): the plan is made anew, for these values.
func Recompile() expr.Hint { return option("RECOMPILE") }

// OptimizeForUnknown is OPTION (OPTIMIZE FOR UNKNOWN): the plan is made for no
// values in particular.
func OptimizeForUnknown() expr.Hint { return option("OPTIMIZE FOR UNKNOWN") }

// ForceOrder is OPTION (FORCE ORDER): tables are joined in the order of the
// text.
func ForceOrder() expr.Hint { return option("FORCE ORDER") }
