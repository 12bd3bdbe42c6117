package ms

import (
	"time"

	"github.com/sqlayer-go/sqlayer/expr"
)

func clock(text string) *expr.Template {
	return &expr.Template{Name: text, For: map[string]string{"mssql": text}, Precedence: expr.BindsClosed,
		Instead: "use expr.Now or expr.CurrentDate, which every database has"}
}

var (
	currentTimestamp = clock("CURRENT_TIMESTAMP")
	getDate          = clock("GETDATE()")
	sysDateTime      = clock("SYSDATETIME()")
	sysOffset        = clock("SYSDATETIMEOFFSET()")
)

// CurrentTimestamp is CURRENT_TIMESTAMP as SQL Server has it: the time of the
// server's own zone, in steps of 1/300 of a second. [expr.Now] is in UTC on SQL
// Server, with all digits. (Transact-SQL reference, CURRENT_TIMESTAMP.)
func CurrentTimestamp() expr.Expr[time.Time] { return expr.Fill[time.Time](currentTimestamp) }

// GetDate is GETDATE(), the same as [CurrentTimestamp].
func GetDate() expr.Expr[time.Time] { return expr.Fill[time.Time](getDate) }

// SysDateTime is SYSDATETIME(): the time of the server's own zone, with all
// digits.
func SysDateTime() expr.Expr[time.Time] { return expr.Fill[time.Time](sysDateTime) }

// SysDateTimeOffset is SYSDATETIMEOFFSET(): the time with the server's zone.
func SysDateTimeOffset() expr.Expr[time.Time] { return expr.Fill[time.Time](sysOffset) }
