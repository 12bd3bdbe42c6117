package mysql

import (
	"database/sql/driver"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// Classify describes an error by the server's number, or the driver's.
func (s *server) Classify(err error) *dialect.Error { return sqldriver.Classify(err, describe) }

// number is the server's number for err, 0 where err is not the server's.
func number(err error) uint16 {
	var e *mysql.MySQLError
	if errors.As(err, &e) {
		return e.Number
	}
	return 0
}

// kinds maps the server's numbers. Those above 3000 are MySQL's alone, those
// from 4000 to 4030 MariaDB's, those above 8000 TiDB's.
var kinds = map[uint16]dialect.Kind{
	1062: dialect.ErrUniqueViolation, 1022: dialect.ErrUniqueViolation, 1169: dialect.ErrUniqueViolation, 1586: dialect.ErrUniqueViolation,
	1216: dialect.ErrForeignKeyViolation, 1217: dialect.ErrForeignKeyViolation,
	1451: dialect.ErrForeignKeyViolation, 1452: dialect.ErrForeignKeyViolation, 1557: dialect.ErrForeignKeyViolation, 1761: dialect.ErrForeignKeyViolation, 1762: dialect.ErrForeignKeyViolation,
	1048: dialect.ErrNotNullViolation, 1263: dialect.ErrNotNullViolation, 1364: dialect.ErrNotNullViolation,
	3819: dialect.ErrCheckViolation, 4025: dialect.ErrCheckViolation,

	1406: dialect.ErrTooLong, 1153: dialect.ErrTooLong, 1301: dialect.ErrTooLong,
	1264: dialect.ErrOutOfRange, 1690: dialect.ErrOutOfRange, 1416: dialect.ErrOutOfRange, 1441: dialect.ErrOutOfRange, 1467: dialect.ErrOutOfRange,
	1365: dialect.ErrDivisionByZero,
	1265: dialect.ErrInvalidText, 1292: dialect.ErrInvalidText, 1366: dialect.ErrInvalidText, 1300: dialect.ErrInvalidText, 1411: dialect.ErrInvalidText,
	1525: dialect.ErrInvalidText, 3140: dialect.ErrInvalidText, 3141: dialect.ErrInvalidText, 3854: dialect.ErrInvalidText, 4038: dialect.ErrInvalidText,

	1146: dialect.ErrUndefinedTable, 1051: dialect.ErrUndefinedTable, 1109: dialect.ErrUndefinedTable, 1932: dialect.ErrUndefinedTable,
	1054: dialect.ErrUndefinedColumn, 1072: dialect.ErrUndefinedColumn, 1166: dialect.ErrUndefinedColumn,
	1305: dialect.ErrUndefinedFunction, 1128: dialect.ErrUndefinedFunction, 1630: dialect.ErrUndefinedFunction,
	1049: dialect.ErrUndefinedDatabase, 1008: dialect.ErrUndefinedDatabase,
	1091: dialect.ErrUndefined, 1176: dialect.ErrUndefined, 1193: dialect.ErrUndefined, 1273: dialect.ErrUndefined, 1115: dialect.ErrUndefined,
	1298: dialect.ErrUndefined, 1247: dialect.ErrUndefined, 4031: dialect.ErrConnectionLost,
	1007: dialect.ErrDuplicateObject, 1050: dialect.ErrDuplicateObject, 1060: dialect.ErrDuplicateObject, 1061: dialect.ErrDuplicateObject,
	1304: dialect.ErrDuplicateObject, 1359: dialect.ErrDuplicateObject, 1826: dialect.ErrDuplicateObject, 3822: dialect.ErrDuplicateObject,

	1064: dialect.ErrSyntax, 1065: dialect.ErrSyntax, 1149: dialect.ErrSyntax,
	1142: dialect.ErrPermission, 1143: dialect.ErrPermission, 1227: dialect.ErrPermission, 1370: dialect.ErrPermission, 1410: dialect.ErrPermission,
	1044: dialect.ErrAuthentication, 1045: dialect.ErrAuthentication, 1130: dialect.ErrAuthentication, 1698: dialect.ErrAuthentication,
	1820: dialect.ErrAuthentication, 1862: dialect.ErrAuthentication, 3118: dialect.ErrAuthentication, 4151: dialect.ErrAuthentication,
	1792: dialect.ErrReadOnly, 1836: dialect.ErrReadOnly, 3572: dialect.ErrLockTimeout,
	1040: dialect.ErrTooManyConnections, 1203: dialect.ErrTooManyConnections, 1226: dialect.ErrTooManyConnections,
	1021: dialect.ErrDiskFull, 1114: dialect.ErrDiskFull,

	1213: dialect.ErrDeadlock, 1614: dialect.ErrDeadlock, // XA_RBDEADLOCK
	1397: dialect.ErrUndefined, 1440: dialect.ErrDuplicateObject, 1402: dialect.ErrTransactionAborted, 1613: dialect.ErrTransactionAborted, // of XA
	1020: dialect.ErrSerialization, 8002: dialect.ErrSerialization, 8022: dialect.ErrSerialization, 8028: dialect.ErrSerialization, 9007: dialect.ErrSerialization,
	8005: dialect.ErrSerialization,
	1205: dialect.ErrLockTimeout, 9004: dialect.ErrLockTimeout,
	1969: dialect.ErrStatementTimeout, 3024: dialect.ErrStatementTimeout,
	1317: dialect.ErrCancelled, 1243: dialect.ErrStalePlan, 8111: dialect.ErrStalePlan, 8113: dialect.ErrStalePlan, 1615: dialect.ErrStalePlan,
	1053: dialect.ErrConnectionLost, 1152: dialect.ErrConnectionLost, 1158: dialect.ErrConnectionLost, 1159: dialect.ErrConnectionLost,
	1160: dialect.ErrConnectionLost, 1161: dialect.ErrConnectionLost, 1184: dialect.ErrConnectionLost, 1927: dialect.ErrConnectionLost,
	1129: dialect.ErrConnect, 3159: dialect.ErrConnect,
	1235: dialect.ErrUnsupported, 1295: dialect.ErrUnsupported,
	1148: dialect.ErrUnsupported, 3948: dialect.ErrUnsupported, 3950: dialect.ErrUnsupported, 4166: dialect.ErrUnsupported, // local_infile is off
}

// describe reads what the driver's error says.
func describe(err error) dialect.Error {
	var me *mysql.MySQLError
	if errors.As(err, &me) {
		e := dialect.Error{Kind: kinds[me.Number], Code: strconv.Itoa(int(me.Number)), Message: me.Message, Lost: lost(err)}
		if me.Number == 1290 { // the server runs with an option that forbids this
			e.Kind = dialect.ErrPermission
			if strings.Contains(me.Message, "read-only") || strings.Contains(me.Message, "read_only") {
				e.Kind = dialect.ErrReadOnly
			}
		}
		names(&e, me.Number)
		return e
	}
	switch {
	case errors.Is(err, mysql.ErrPktTooLarge):
		return dialect.Error{Kind: dialect.ErrTooLong, Message: "the statement is longer than max_allowed_packet"}
	case errors.Is(err, mysql.ErrCleartextPassword), errors.Is(err, mysql.ErrNativePassword),
		errors.Is(err, mysql.ErrOldPassword), errors.Is(err, mysql.ErrUnknownPlugin):
		return dialect.Error{Kind: dialect.ErrAuthentication}
	}
	return dialect.Error{Lost: lost(err)}
}

// lost reports whether the connection cannot be used after err.
func lost(err error) bool {
	switch number(err) {
	case 0:
	case 1053, 1152, 1153, 1158, 1159, 1160, 1161, 1184, 1927, 4031:
		return true
	default:
		return false
	}
	return errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, mysql.ErrPktSync) || errors.Is(err, mysql.ErrPktSyncMul) ||
		errors.Is(err, mysql.ErrMalformPkt) || errors.Is(err, mysql.ErrBusyBuffer) ||
		err.Error() == "bad connection" // the driver's, not exported: COM_QUIT could not be written
}

// notSent reports that the statement certainly did not run: the driver
// could not write it, or the server had said before that it was gone.
func notSent(err error) bool {
	return errors.Is(err, driver.ErrBadConn) || number(err) == 4031 || number(err) == 1153
}

// stale reports that the kept statement is of no use any more: the server has
// lost it, or it has taken parts of a value that were too long, after which the
// server says so of whatever it is run with (1105).
func stale(err error) bool {
	switch number(err) {
	case 1105, 1243, 1615:
		return true
	}
	return false
}

// The server's messages, from which names are read. A backtick within a name is doubled.
var (
	duplicateKey = regexp.MustCompile(`(?s) for key '(.*)'$`)
	foreignKey   = regexp.MustCompile("\\(`((?:[^`]|``)*)`\\.`((?:[^`]|``)*)`, CONSTRAINT `((?:[^`]|``)*)` FOREIGN KEY \\(`((?:[^`]|``)*)`(, )?")
	checkMySQL   = regexp.MustCompile(`^Check constraint '(.*)' is violated`)
	checkMaria   = regexp.MustCompile("^CONSTRAINT `(.*)` failed for `(.*)`\\.`(.*)`$")
	columnQuoted = regexp.MustCompile(`(?:[Cc]olumn|Field) '([^']*)'`)
	columnPath   = regexp.MustCompile("for column `((?:[^`]|``)*)`\\.`((?:[^`]|``)*)`\\.`((?:[^`]|``)*)`")
	deniedTable  = regexp.MustCompile("(?:for|in) table (?:`((?:[^`]|``)*)`\\.`((?:[^`]|``)*)`|'([^']*)')$")
	tablePath    = regexp.MustCompile(`(?:^Table|^The table|^Unknown table| in table) '(?:(.*?)\.)?([^']*)'`)
)

// names reads the names in the message of error n.
func names(e *dialect.Error, n uint16) {
	plain := func(s string) string { return strings.ReplaceAll(s, "``", "`") }
	switch n {
	case 1062, 1586:
		if m := duplicateKey.FindStringSubmatch(e.Message); m != nil {
			e.Constraint = m[1]
			if table, key, ok := strings.Cut(m[1], "."); ok { // MySQL from 8.0.19 on
				e.Table, e.Constraint = table, key
			}
		}
	case 1451, 1452:
		if m := foreignKey.FindStringSubmatch(e.Message); m != nil {
			e.Schema, e.Table, e.Constraint = plain(m[1]), plain(m[2]), plain(m[3])
			if m[5] == "" { // of one column
				e.Column = plain(m[4])
			}
		}
	case 3819:
		if m := checkMySQL.FindStringSubmatch(e.Message); m != nil {
			e.Constraint = m[1]
		}
	case 4025:
		if m := checkMaria.FindStringSubmatch(e.Message); m != nil {
			e.Constraint, e.Schema, e.Table = plain(m[1]), plain(m[2]), plain(m[3])
		}
	case 1142, 1143: // MariaDB gives the schema
		if m := deniedTable.FindStringSubmatch(e.Message); m != nil {
			e.Schema, e.Table = plain(m[1]), plain(m[2])+m[3]
		}
		if m := columnQuoted.FindStringSubmatch(e.Message); m != nil {
			e.Column = m[1]
		}
	case 1146, 1051, 1050, 1114, 1020:
		if m := tablePath.FindStringSubmatch(e.Message); m != nil {
			e.Schema, e.Table = m[1], m[2]
		}
	case 1048, 1364, 1406, 1264, 1265, 1054, 1366, 1292, 1060, 1263:
		if m := columnPath.FindStringSubmatch(e.Message); m != nil {
			e.Schema, e.Table, e.Column = plain(m[1]), plain(m[2]), plain(m[3])
		} else if m := columnQuoted.FindStringSubmatch(e.Message); m != nil {
			e.Column = m[1]
			if n == 1054 { // as it was written, with its table
				if table, column, ok := strings.Cut(m[1], "."); ok {
					e.Table, e.Column = table, column
				}
			}
		}
	}
}
