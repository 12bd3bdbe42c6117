package my

import (
	"slices"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/internal/ownsql"
)

const inProgram = "work it out in the program"

var (
	findInSet      = own.Function("FIND_IN_SET({0}, {1})", "keep the elements in a table of their own")
	substringIndex = own.Function("SUBSTRING_INDEX({0}, {1}, {2})", inProgram)
	hexText        = own.Function("HEX({0})", inProgram)
	unhex          = own.Function("UNHEX({0})", inProgram)
	md5            = own.Function("MD5({0})", inProgram)
	sha2           = own.Function("SHA2({0}, {1})", inProgram)
	crc32          = own.Function("CRC32({0})", inProgram)
	soundex        = own.Function("SOUNDEX({0})", inProgram)
	soundsLike     = own.Comparison("SOUNDS LIKE", "{0} SOUNDS LIKE {1}", inProgram)
	format         = own.Function("FORMAT({0}, {1})", inProgram)
	dateFormat     = own.Function("DATE_FORMAT({0}, {1})", "use expr.Extract, or format it in the program")
	strToDate      = own.Function("STR_TO_DATE({0}, {1})", "use expr.Cast")
	unixTimestamp  = own.Function("UNIX_TIMESTAMP({0})", "use expr.DateDiff")
	fromUnixtime   = own.Function("FROM_UNIXTIME({0})", "use expr.DateAdd")
	lastDay        = own.Function("LAST_DAY({0})", "use expr.DateTrunc and expr.DateAdd")
	convertTZ      = own.Function("CONVERT_TZ({0}, {1}, {2})", inProgram)
	utcTimestamp   = own.Function("UTC_TIMESTAMP(6)", "use expr.CurrentTimestamp")
	inetAton       = own.Function("INET_ATON({0})", inProgram)
	inetNtoa       = own.Function("INET_NTOA({0})", inProgram)
	inet6Aton      = own.Function("INET6_ATON({0})", inProgram)
	inet6Ntoa      = own.Function("INET6_NTOA({0})", inProgram)
	uuid           = own.Function("UUID()", "make it in the program")
	uuidToBin      = own.Function("UUID_TO_BIN({0}, {1})", inProgram)
	binToUUID      = own.Function("BIN_TO_UUID({0}, {1})", inProgram)
	lastInsertID   = own.Function("LAST_INSERT_ID()", "use the key that the INSERT gives back")
	connectionID   = own.Function("CONNECTION_ID()", "")
	database       = own.Function("DATABASE()", "")
	getLock        = own.Function("GET_LOCK({0}, {1})", "lock a row of a table")
	releaseLock    = own.Function("RELEASE_LOCK({0})", "lock a row of a table")
	isFreeLock     = own.Function("IS_FREE_LOCK({0})", "lock a row of a table")
)

// Field is the place of e among the values, from 1, and 0 where it is none of
// them: an order given by the program, in ORDER BY. (MySQL 8.0 Reference
// Manual, 14.8 String Functions and Operators.)
func Field[T any](e expr.Of[T], values ...T) expr.Expr[int64] {
	t := own.Named("FIELD", "FIELD({*})", "order by a Case")
	if len(values) == 0 {
		t = nil
	}
	return expr.Fill[int64](t, append([]expr.Any{e}, ownsql.Values(values)...)...)
}

// FindInSet is the place of a text in a list with commas between, from 1, and 0
// where it is not in it.
func FindInSet(text, list expr.Of[string]) expr.Expr[int64] {
	return expr.Fill[int64](findInSet, text, list)
}

// SubstringIndex is what stands before the n-th delimiter, or, where n is
// negative, after the n-th from the end.
func SubstringIndex(s expr.Of[string], delimiter string, n int) expr.Expr[string] {
	return expr.Fill[string](substringIndex, s, expr.Value(delimiter), expr.Literal(n))
}

// Hex is the bytes of a text, or a whole number, in hexadecimal digits.
func Hex(e expr.Any) expr.Expr[string] { return expr.Fill[string](hexText, e) }

// Unhex is the opposite of [Hex]; NULL for what has other digits.
func Unhex(e expr.Of[string]) expr.Expr[[]byte] { return expr.Fill[[]byte](unhex, e) }

// MD5 is a checksum in hexadecimal digits. It is no protection.
func MD5(e expr.Any) expr.Expr[string] { return expr.Fill[string](md5, e) }

// SHA2 is a checksum of 224, 256, 384 or 512 bits in hexadecimal digits.
func SHA2(e expr.Any, bits int) expr.Expr[string] {
	return expr.Fill[string](sha2, e, expr.Literal(bits))
}

// CRC32 is the cyclic redundancy check of a value, 32 bits without a sign.
func CRC32(e expr.Any) expr.Expr[int64] { return expr.Fill[int64](crc32, e) }

// Soundex is how an English word sounds, as a letter and digits.
func Soundex(e expr.Of[string]) expr.Expr[string] { return expr.Fill[string](soundex, e) }

// SoundsLike holds where two words sound alike; see [Soundex].
func SoundsLike(a, b expr.Of[string]) expr.Cond { return expr.FillCond(soundsLike, a, b) }

// Format is a number as a text, with commas between thousands and so many
// decimals.
func Format(e expr.Any, decimals int) expr.Expr[string] {
	return expr.Fill[string](format, e, expr.Literal(decimals))
}

// ConvertUsing is CONVERT(e USING charset): a text in another character set.
func ConvertUsing(e expr.Of[string], charset string) expr.Expr[string] {
	if !ownsql.Words(charset) {
		return expr.Func[string]("CONVERT USING "+charset+"?", e)
	}
	return expr.Fill[string](own.Named("CONVERT USING", "CONVERT({0} USING "+charset+")", inProgram), e)
}

// DateFormat is a time as a text: %Y-%m-%d %H:%i. (MySQL 8.0 Reference Manual, 14.7
// Date and Time Functions, which has the words of the format.)
func DateFormat(t expr.Any, format string) expr.Expr[string] {
	return expr.Fill[string](dateFormat, t, expr.Value(format))
}

// StrToDate is the opposite of [DateFormat]; NULL for a text that does not fit.
func StrToDate(s expr.Of[string], format string) expr.Expr[time.Time] {
	return expr.Fill[time.Time](strToDate, s, expr.Value(format))
}

// UnixTimestamp is the seconds since 1970 of a time in the session's zone.
func UnixTimestamp(t expr.Any) expr.Expr[float64] { return expr.Fill[float64](unixTimestamp, t) }

// FromUnixtime is the opposite of [UnixTimestamp].
func FromUnixtime(seconds expr.Any) expr.Expr[time.Time] {
	return expr.Fill[time.Time](fromUnixtime, seconds)
}

// LastDay is the last day of a month.
func LastDay(t expr.Any) expr.Expr[time.Time] { return expr.Fill[time.Time](lastDay, t) }

// ConvertTZ is a time of one zone in another: "+00:00", "+02:00", and names
// where the server has their tables.
func ConvertTZ(t expr.Any, from, to string) expr.Expr[time.Time] {
	return expr.Fill[time.Time](convertTZ, t, expr.Value(from), expr.Value(to))
}

// UTCTimestamp is the time of the statement in UTC, with microseconds.
func UTCTimestamp() expr.Expr[time.Time] { return expr.Fill[time.Time](utcTimestamp) }

// InetAton is the number of an address: 10.0.0.1.
func InetAton(address expr.Of[string]) expr.Expr[int64] { return expr.Fill[int64](inetAton, address) }

// InetNtoa is the opposite of [InetAton].
func InetNtoa(n expr.Of[int64]) expr.Expr[string] { return expr.Fill[string](inetNtoa, n) }

// Inet6Aton is the bytes of an address of either kind.
func Inet6Aton(address expr.Of[string]) expr.Expr[[]byte] {
	return expr.Fill[[]byte](inet6Aton, address)
}

// Inet6Ntoa is the opposite of [Inet6Aton].
func Inet6Ntoa(b expr.Of[[]byte]) expr.Expr[string] { return expr.Fill[string](inet6Ntoa, b) }

// UUID is a new UUID of version 1.
func UUID() expr.Expr[string] { return expr.Fill[string](uuid) }

// UUIDToBin is the 16 bytes of a UUID; swapped brings the part of the time that
// moves slowest to the front, for an index. (MySQL.)
func UUIDToBin(u expr.Of[string], swapped bool) expr.Expr[[]byte] {
	return expr.Fill[[]byte](uuidToBin, u, expr.Literal(bit(swapped)))
}

// BinToUUID is the opposite of [UUIDToBin]. (MySQL.)
func BinToUUID(b expr.Of[[]byte], swapped bool) expr.Expr[string] {
	return expr.Fill[string](binToUUID, b, expr.Literal(bit(swapped)))
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// LastInsertID is the first key that the connection's last INSERT generated.
func LastInsertID() expr.Expr[int64] { return expr.Fill[int64](lastInsertID) }

// ConnectionID is the connection's number, by which KILL knows it.
func ConnectionID() expr.Expr[int64] { return expr.Fill[int64](connectionID) }

// Database is the name of the connection's database.
func Database() expr.Expr[string] { return expr.Fill[string](database) }

// GetLock takes a lock by its name, which the connection keeps until it lets go
// of it, and waits up to a number of seconds: 1, or 0 where the time was up.
// Use it and [ReleaseLock] on one connection: engine.Conn. (MySQL 8.0 Reference
// Manual, 14.14 Locking Functions.)
func GetLock(name string, seconds int) expr.Expr[int64] {
	return expr.Fill[int64](getLock, expr.Value(name), expr.Literal(seconds))
}

// ReleaseLock lets go of a lock: 1, 0 where another connection has it, NULL
// where there is none of the name.
func ReleaseLock(name string) expr.Expr[int64] {
	return expr.Fill[int64](releaseLock, expr.Value(name))
}

// IsFreeLock is 1 where nobody has the lock, and 0 where somebody does.
func IsFreeLock(name string) expr.Expr[int64] {
	return expr.Fill[int64](isFreeLock, expr.Value(name))
}

// Partition is t PARTITION (names): some partitions of a table. (MySQL 8.0
// Reference Manual, 26.5 Partition Selection.)
func Partition(t expr.Relation, names ...string) expr.Relation {
	names = slices.Clone(names)
	return expr.TableSuffix(t, func(w *dialect.Writer, name func()) {
		if own.Refused(w, "PARTITION", "say it in a condition") {
			return
		}
		name()
		if len(names) == 0 {
			w.Failf("expr: PARTITION without a name")
		}
		w.WriteString(" PARTITION (")
		ownsql.Names(w, names)
		w.WriteString(")")
	})
}

// AsOf is a table that keeps its history as it was at a time. (MariaDB,
// System-Versioned Tables.)
func AsOf(t expr.Relation, at time.Time) expr.Relation { return own.SystemTime(t, "AS OF {0}", at) }

// Versions is all rows of a table that keeps its history, whenever they were.
// (MariaDB.)
func Versions(t expr.Relation) expr.Relation { return own.SystemTime(t, "ALL") }

// VersionsBetween is the rows that there were at some time between two.
// (MariaDB.)
func VersionsBetween(t expr.Relation, from, to time.Time) expr.Relation {
	return own.SystemTime(t, "BETWEEN {0} AND {1}", from, to)
}
