package ora

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/internal/hinttext"
)

// Hint is SELECT /*+ text */, as in Hint("INDEX(o ix_orders_user)"). The text
// is the program's own; one with anything but letters, digits, spaces and
// _ $ # @ . , ( ) " = is a mistake. (Oracle Database SQL Language Reference, Hints.)
func Hint(text string) expr.Hint {
	return expr.NewHint(dialect.OracleHints, func(w *dialect.Writer) { hinttext.Write(w, text) })
}
