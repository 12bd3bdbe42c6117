package ms

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// ForJSONPath is FOR JSON PATH: the result is one text, an array of an object
// for each row; a dot in a column's label makes objects within it. The name of
// a root puts the array into an object; empty: it stays bare. NULLs are left
// out unless nulls says so. As an expression it is expr.Scalar[string](query).
// (Transact-SQL reference, SELECT - FOR Clause.)
func ForJSONPath(root string, nulls bool) expr.Clause { return forJSON("FOR JSON PATH", root, nulls) }

// ForJSONAuto is FOR JSON AUTO: as [ForJSONPath], with an array within each object
// for each table after the first.
func ForJSONAuto(root string, nulls bool) expr.Clause { return forJSON("FOR JSON AUTO", root, nulls) }

func forJSON(words, root string, nulls bool) expr.Clause {
	return expr.NewClause(expr.ClauseDef{Name: "FOR JSON", Own: own.Key("FOR JSON"), Instead: "make the document in the program, or by expr.JSONObject and expr.JSONArrayAgg",
		Place: expr.AtEnd, Print: func(w *dialect.Writer, _ func(int)) {
			w.WriteString(words)
			if root != "" {
				w.WriteString(", ROOT(")
				w.StringLiteral(root)
				w.WriteString(")")
			}
			if nulls {
				w.WriteString(", INCLUDE_NULL_VALUES")
			}
		}})
}

// ForXMLPath is FOR XML PATH(element): the result is one text, with an element
// of that name for each row; empty: none around them.
func ForXMLPath(element string) expr.Clause {
	return expr.NewClause(expr.ClauseDef{Name: "FOR XML", Own: own.Key("FOR XML"), Instead: "make the document in the program",
		Place: expr.AtEnd, Print: func(w *dialect.Writer, _ func(int)) {
			w.WriteString("FOR XML PATH(")
			w.StringLiteral(element)
			w.WriteString(")")
		}})
}

// HashJoin is OPTION (HASH JOIN): every join is done by hashing.
func HashJoin() expr.Hint { return option("HASH JOIN") }

// LoopJoin is OPTION (LOOP JOIN): every join is done row by row.
func LoopJoin() expr.Hint { return option("LOOP JOIN") }

// MergeJoin is OPTION (MERGE JOIN): every join is done over sorted rows.
func MergeJoin() expr.Hint { return option("MERGE JOIN") }

// UpdLock is WITH (UPDLOCK): what is read is locked as if it were to be
// written. SelectStmt.ForUpdate is portable.
func UpdLock(t expr.Relation) expr.Hint { return tableWord(t, "UPDLOCK") }

// RowLock is WITH (ROWLOCK): rows are locked, and no pages.
func RowLock(t expr.Relation) expr.Hint { return tableWord(t, "ROWLOCK") }

// ReadPast is WITH (READPAST): rows that others have locked are left out.
// SkipLocked is portable.
func ReadPast(t expr.Relation) expr.Hint { return tableWord(t, "READPAST") }
