package ownsql

import (
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Names writes identifiers with commas between.
func Names(w *dialect.Writer, names []string) {
	for i, n := range names {
		if i > 0 {
			w.WriteString(", ")
		}
		w.Ident(n)
	}
}

// SystemTime is t FOR SYSTEM_TIME words, where the holes of words stand for the
// times.
func (p Package) SystemTime(t expr.Relation, words string, times ...time.Time) expr.Relation {
	return expr.TableSuffix(t, func(w *dialect.Writer, name func()) {
		if p.Refused(w, "FOR SYSTEM_TIME", "keep the history in a table of its own") {
			return
		}
		name()
		w.Template(" FOR SYSTEM_TIME "+words, func(i int) { w.Bind(times[i], &dialect.Type{Kind: dialect.Timestamp}) })
	})
}
