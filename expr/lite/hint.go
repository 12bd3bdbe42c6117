package lite

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// IndexedBy is t INDEXED BY name: the table is read by that index, and if it
// cannot be the statement is an error. Other databases leave it out. (SQLite,
// The INDEXED BY Clause.)
func IndexedBy(t expr.Relation, name string) expr.Hint {
	return expr.NewTableHint(dialect.IndexedBy, t, func(w *dialect.Writer) {
		w.WriteString("INDEXED BY ")
		w.Ident(name)
	})
}

// NotIndexed is t NOT INDEXED: the table is read by no index, but for its row
// numbers.
func NotIndexed(t expr.Relation) expr.Hint {
	return expr.NewTableHint(dialect.IndexedBy, t, func(w *dialect.Writer) { w.WriteString("NOT INDEXED") })
}
