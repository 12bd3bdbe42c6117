package oracle

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/sijms/go-ora/v2/network"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// Classify describes an error by Oracle's number.
func (d *oracle) Classify(err error) *dialect.Error {
	return sqldriver.Classify(err, describe)
}

var innerCode = regexp.MustCompile(`ORA-(\d{5}): `)

func describe(err error) dialect.Error {
	var e *network.OracleError
	if !errors.As(err, &e) {
		return dialect.Error{Lost: errors.Is(err, errLost) || errors.Is(err, errAltered)}
	}
	code, message := e.ErrCode, strings.TrimSpace(e.ErrMsg)
	if message == "" {
		message = e.Error()
	}
	switch code {
	// A block of PL/SQL that does not compile, a COMMIT that a deferred
	// constraint has turned into a rollback, an error in a statement of the
	// server's own: what it goes on to say is the cause.
	case 6550, 2091, 604:
		outer := code
		for _, m := range innerCode.FindAllStringSubmatch(message, -1) {
			if n, err := strconv.Atoi(m[1]); err == nil && n != outer {
				code = n
				break
			}
		}
	}
	out := dialect.Error{Kind: kindOf(code), Code: strconv.Itoa(code), Message: message, Lost: e.Bad()}
	if p := e.ErrPos(); p > 0 && e.ErrCode == code {
		out.Position = p + 1
	}
	if out.Kind == dialect.ErrConnectionLost {
		out.Lost = true
	}
	readNames(&out, code)
	return out
}

func kindOf(code int) dialect.Kind {
	if k, ok := kinds[code]; ok {
		return k
	}
	if code >= 900 && code <= 939 {
		return dialect.ErrSyntax
	}
	return dialect.ErrOther
}

// kinds maps Oracle's error numbers.
var kinds = map[int]dialect.Kind{
	1:    dialect.ErrUniqueViolation,
	2290: dialect.ErrCheckViolation, 2291: dialect.ErrForeignKeyViolation, 2292: dialect.ErrForeignKeyViolation,
	2266: dialect.ErrForeignKeyViolation, 1400: dialect.ErrNotNullViolation, 1407: dialect.ErrNotNullViolation,
	2299: dialect.ErrUniqueViolation, 2437: dialect.ErrUniqueViolation, 1452: dialect.ErrUniqueViolation,
	2298: dialect.ErrForeignKeyViolation, 2293: dialect.ErrCheckViolation, 2296: dialect.ErrNotNullViolation,

	12899: dialect.ErrTooLong, 1401: dialect.ErrTooLong, 1461: dialect.ErrTooLong, 1704: dialect.ErrTooLong, 22835: dialect.ErrTooLong,
	1438: dialect.ErrOutOfRange, 1426: dialect.ErrOutOfRange, 1455: dialect.ErrOutOfRange, 1841: dialect.ErrOutOfRange,
	1873: dialect.ErrOutOfRange, 6502: dialect.ErrData,
	1476: dialect.ErrDivisionByZero,
	1722: dialect.ErrInvalidText, 1858: dialect.ErrInvalidText, 1861: dialect.ErrInvalidText, 1843: dialect.ErrInvalidText,
	1847: dialect.ErrInvalidText, 1830: dialect.ErrInvalidText, 1840: dialect.ErrInvalidText, 1465: dialect.ErrInvalidText,
	1839: dialect.ErrInvalidText, 40441: dialect.ErrInvalidText,

	942: dialect.ErrUndefinedTable, 4043: dialect.ErrUndefinedTable, 1418: dialect.ErrUndefinedTable, 2289: dialect.ErrUndefinedTable,
	2443: dialect.ErrUndefined, 1435: dialect.ErrUndefined, 1918: dialect.ErrUndefined,
	904:  dialect.ErrUndefinedColumn,
	4067: dialect.ErrUndefinedFunction, 6576: dialect.ErrUndefinedFunction,
	12514: dialect.ErrUndefinedDatabase, 12505: dialect.ErrUndefinedDatabase,
	955: dialect.ErrDuplicateObject, 1430: dialect.ErrDuplicateObject, 1408: dialect.ErrDuplicateObject, 2264: dialect.ErrDuplicateObject,
	2275: dialect.ErrDuplicateObject, 2260: dialect.ErrDuplicateObject, 2261: dialect.ErrDuplicateObject, 1920: dialect.ErrDuplicateObject,
	957: dialect.ErrDuplicateObject,

	933: dialect.ErrSyntax, 936: dialect.ErrSyntax, 947: dialect.ErrSyntax, 913: dialect.ErrSyntax, 1756: dialect.ErrSyntax,
	969: dialect.ErrSyntax, 972: dialect.ErrSyntax, 979: dialect.ErrSyntax, 984: dialect.ErrSyntax, 3049: dialect.ErrSyntax,
	3048: dialect.ErrSyntax, 6550: dialect.ErrSyntax, 1747: dialect.ErrSyntax, 911: dialect.ErrSyntax, 918: dialect.ErrSyntax,
	1006: dialect.ErrArguments, 1008: dialect.ErrArguments, 1036: dialect.ErrArguments,

	1031: dialect.ErrPermission, 1950: dialect.ErrPermission, 1536: dialect.ErrPermission, 41900: dialect.ErrPermission,
	1017: dialect.ErrAuthentication, 1004: dialect.ErrAuthentication, 1005: dialect.ErrAuthentication, 1045: dialect.ErrAuthentication,
	28000: dialect.ErrAuthentication, 28001: dialect.ErrAuthentication, 28009: dialect.ErrAuthentication, 12631: dialect.ErrAuthentication,
	1456: dialect.ErrReadOnly, 16000: dialect.ErrReadOnly, 12081: dialect.ErrReadOnly,
	18: dialect.ErrTooManyConnections, 20: dialect.ErrTooManyConnections, 2391: dialect.ErrTooManyConnections,
	12516: dialect.ErrTooManyConnections, 12519: dialect.ErrTooManyConnections, 12520: dialect.ErrTooManyConnections,
	1652: dialect.ErrDiskFull, 1653: dialect.ErrDiskFull, 1654: dialect.ErrDiskFull, 1658: dialect.ErrDiskFull, 257: dialect.ErrDiskFull,
	1688: dialect.ErrDiskFull, 30036: dialect.ErrDiskFull,

	8177: dialect.ErrSerialization, 60: dialect.ErrDeadlock, 104: dialect.ErrDeadlock, 4020: dialect.ErrDeadlock,
	54: dialect.ErrLockTimeout, 30006: dialect.ErrLockTimeout, 4021: dialect.ErrLockTimeout, 2049: dialect.ErrLockTimeout,
	40: dialect.ErrStatementTimeout, 1013: dialect.ErrCancelled, 1089: dialect.ErrConnectionLost,
	1422: dialect.ErrUnsupported, 22816: dialect.ErrUnsupported, 1002: dialect.ErrStatement, 1453: dialect.ErrStatement,

	28: dialect.ErrConnectionLost, 1001: dialect.ErrConnectionLost, 1012: dialect.ErrConnectionLost, 2396: dialect.ErrConnectionLost,
	3113: dialect.ErrConnectionLost, 3114: dialect.ErrConnectionLost, 3135: dialect.ErrConnectionLost, 12537: dialect.ErrConnectionLost,
	25408: dialect.ErrConnectionLost, 12570: dialect.ErrConnectionLost, 12571: dialect.ErrConnectionLost,
	1033: dialect.ErrConnect, 1034: dialect.ErrConnect, 12528: dialect.ErrConnect, 12541: dialect.ErrConnect, 12545: dialect.ErrConnect,
	12564: dialect.ErrConnect, 12506: dialect.ErrConnect, 12170: dialect.ErrConnect, 12526: dialect.ErrConnect, 12543: dialect.ErrConnect,
	27101: dialect.ErrConnect,
}

var (
	inParentheses = regexp.MustCompile(`\(([^().\s]+)\.([^()\s]+)\)`)                 // (SCHEMA.NAME)
	onTable       = regexp.MustCompile(` on table (\S+)\.(\S+) columns \(([^()]*)\)`) // of 23ai
	quotedPath    = regexp.MustCompile(`"[^"]*"(\."[^"]*")*`)                         // "SCHEMA"."TABLE"."COLUMN"
)

// readNames reads from the message what the error is about; Oracle has it nowhere else.
func readNames(e *dialect.Error, code int) {
	switch code {
	case 1, 2290, 2291, 2292:
		if m := inParentheses.FindStringSubmatch(e.Message); m != nil {
			e.Schema, e.Constraint = fold(m[1]), fold(m[2])
		}
		if m := onTable.FindStringSubmatch(e.Message); m != nil {
			e.Schema, e.Table = fold(m[1]), fold(m[2])
			columns := strings.Split(m[3], ", ")
			for i := range columns {
				columns[i] = fold(columns[i])
			}
			e.Column = strings.Join(columns, ", ")
		}
	case 1400, 1407, 12899, 904, 942:
		parts := strings.Split(strings.Trim(quotedPath.FindString(e.Message), `"`), `"."`)
		for i := range parts {
			parts[i] = fold(parts[i])
		}
		if parts[0] == "" {
			return
		}
		if code == 942 { // 23ai names it
			e.Table = parts[len(parts)-1]
			if len(parts) > 1 {
				e.Schema = parts[len(parts)-2]
			}
			return
		}
		e.Column = parts[len(parts)-1]
		if len(parts) > 1 {
			e.Table = parts[len(parts)-2]
		}
		if len(parts) > 2 {
			e.Schema = parts[len(parts)-3]
		}
	}
}
