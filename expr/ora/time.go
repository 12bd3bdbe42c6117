package ora

import (
	"time"

	"github.com/sqlayer-go/sqlayer/expr"
)

func clock(text string) *expr.Template {
	return &expr.Template{Name: text, For: map[string]string{"oracle": text}, Precedence: expr.BindsClosed,
		Instead: "use expr.Now or expr.CurrentDate, which every database has"}
}

var (
	sysdate      = clock("SYSDATE")
	systimestamp = clock("SYSTIMESTAMP")
	currentDate  = clock("CURRENT_DATE")
)

// Sysdate is SYSDATE: the date and the time of day, to the second, where the
// server is. (Oracle SQL Language Reference, SYSDATE.)
func Sysdate() expr.Expr[time.Time] { return expr.Fill[time.Time](sysdate) }

// Systimestamp is SYSTIMESTAMP: the time with its fraction and the server's
// zone.
func Systimestamp() expr.Expr[time.Time] { return expr.Fill[time.Time](systimestamp) }

// CurrentDate is CURRENT_DATE as Oracle has it: with the time of day, in the
// session's zone. [expr.CurrentDate] is without one on every database.
func CurrentDate() expr.Expr[time.Time] { return expr.Fill[time.Time](currentDate) }
