package expr

import (
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Unit is a part of a time.
type Unit string

// The units that [DateAdd], [DateDiff], [DateTrunc] and [Extract] take.
const (
	Year    Unit = "year"
	Quarter Unit = "quarter"
	Month   Unit = "month"
	Week    Unit = "week" // of ISO 8601: weeks begin on Monday
	Day     Unit = "day"
	Hour    Unit = "hour"
	Minute  Unit = "minute"
	Second  Unit = "second"
)

// The fields that [Extract] takes beside the units.
const (
	DayOfYear  Unit = "doy"     // from 1 to 366
	DayOfWeek  Unit = "dow"     // from Sunday, 0, to Saturday, 6
	ISOWeekday Unit = "isodow"  // from Monday, 1, to Sunday, 7
	ISOYear    Unit = "isoyear" // the year that the week belongs to
	Epoch      Unit = "epoch"   // whole seconds since 1970
)

// Extract is a part of a time as a whole number; of the second, without its
// fraction.
func Extract(field Unit, t Any) Expr[int64] {
	if !field.unit() && !field.field() {
		return Expr[int64]{mistake("Extract: %q is not a field of a time", string(field))}
	}
	return Func[int64]("extract_"+string(field), t)
}

// DateTrunc is the beginning of the year, the day and so on that t lies in.
func DateTrunc(unit Unit, t Any) Expr[time.Time] {
	if !unit.unit() {
		return Expr[time.Time]{mistake("DateTrunc: %q is not a unit of time", string(unit))}
	}
	return Expr[time.Time]{call("date_trunc_"+string(unit), timeTypeOf(t), []Any{t})}
}

// DateAdd is t and n units later, or earlier where n is negative. A day that
// the month does not have is the month's last: a month after January 31 is the
// end of February. For an expression as the number there is
// Func[time.Time]("date_add_day", t, n). Beyond the years of the database it is
// NULL on SQLite, MySQL and MariaDB and an error elsewhere.
func DateAdd(t Any, n int, unit Unit) Expr[time.Time] {
	if !unit.unit() {
		return Expr[time.Time]{mistake("DateAdd: %q is not a unit of time", string(unit))}
	}
	return Expr[time.Time]{call("date_add_"+string(unit), timeTypeOf(t), []Any{t, Value(int32(n))})}
}

// DateDiff is how many boundaries of the unit lie between two times: of the day,
// how many midnights. It is negative where to is before from.
func DateDiff(unit Unit, from, to Any) Expr[int64] {
	if !unit.unit() {
		return Expr[int64]{mistake("DateDiff: %q is not a unit of time", string(unit))}
	}
	return Func[int64]("date_diff_"+string(unit), from, to)
}

// MakeDate is the date of a year, a month and a day. Where there is no such
// date it is NULL on SQLite, MySQL and MariaDB, and an error of the others.
func MakeDate(year, month, day Of[int64]) Expr[time.Time] {
	return Expr[time.Time]{call("make_date", typeDate, []Any{year, month, day})}
}

// CurrentDate is today, as the database has it.
func CurrentDate() Expr[time.Time] { return Expr[time.Time]{call("current_date", typeDate, nil)} }

// CurrentTimestamp is the time of the transaction or of the statement, as a time
// with a zone where the database has that.
func CurrentTimestamp() Expr[time.Time] {
	return Expr[time.Time]{call("current_timestamp", typeTimestampTZ, nil)}
}

// LocalTimestamp is CurrentTimestamp without a zone.
func LocalTimestamp() Expr[time.Time] {
	return Expr[time.Time]{call("localtimestamp", typeTimestamp, nil)}
}

func (u Unit) unit() bool {
	switch u {
	case Year, Quarter, Month, Week, Day, Hour, Minute, Second:
		return true
	}
	return false
}

func (u Unit) field() bool {
	switch u {
	case DayOfYear, DayOfWeek, ISOWeekday, ISOYear, Epoch:
		return true
	}
	return false
}

// timeTypeOf is the type of a time that is calculated from e: its own where
// that is a time, and one without a zone otherwise.
func timeTypeOf(e Any) *dialect.Type {
	if t := typeOf(e); t != nil && (t.Kind == dialect.TimestampTZ || t.Kind == dialect.Timestamp) {
		return t
	}
	return typeTimestamp
}
