package mssql

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"regexp"
	"strconv"
	"strings"

	mssqldb "github.com/microsoft/go-mssqldb"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// joined puts a second error beside the first.
func joined(first, second error) error {
	if second == nil {
		return first
	}
	return errors.Join(first, second)
}

// Classify describes an error by SQL Server's number.
func (d *sqlServer) Classify(err error) *dialect.Error {
	return sqldriver.Classify(err, describe)
}

func describe(err error) dialect.Error {
	var e mssqldb.Error
	if !errors.As(err, &e) {
		return describeOther(err)
	}
	// Of several messages, the first of a known kind is the cause; the last one
	// often only says that the statement was terminated.
	if _, known := kinds[e.Number]; !known {
		for _, one := range e.All {
			if _, known := kinds[one.Number]; known {
				e = one
				break
			}
		}
	} else {
		for _, one := range e.All {
			if one.Number == 4060 { // comes with 18456
				e = one
			}
		}
	}
	out := dialect.Error{Kind: kinds[e.Number], Code: strconv.Itoa(int(e.Number)), Message: e.Message, Lost: e.Class >= 20}
	if e.Number == 0 { // the driver's own: the server has ended the transaction
		out.Kind, out.Code = dialect.ErrTransactionAborted, ""
	}
	if out.Kind == dialect.ErrConnectionLost {
		out.Lost = true
	}
	readNames(&out, e.Number)
	return out
}

func describeOther(err error) dialect.Error {
	var stream mssqldb.StreamError
	var server mssqldb.ServerError
	var unknown x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &stream), errors.As(err, &server):
		return dialect.Error{Lost: true}
	case errors.As(err, &unknown), errors.As(err, &hostname), errors.As(err, &certificate),
		strings.Contains(err.Error(), "TLS Handshake failed") && strings.Contains(err.Error(), "certificate"):
		return dialect.Error{Kind: dialect.ErrConnect, Message: err.Error() +
			" (give the server's certificate with certificate=file.pem, or accept any with trust_server_certificate=true)"}
	case strings.Contains(err.Error(), "server does not support encryption"):
		return dialect.Error{Kind: dialect.ErrConnect, Message: err.Error() + " (encrypt=false or encrypt=disable in the URL does without)"}
	}
	return dialect.Error{}
}

// kinds maps SQL Server's error numbers.
var kinds = map[int32]dialect.Kind{
	2627: dialect.ErrUniqueViolation, 2601: dialect.ErrUniqueViolation,
	547: dialect.ErrIntegrityViolation, // which one is in the message
	515: dialect.ErrNotNullViolation,

	8152: dialect.ErrTooLong, 2628: dialect.ErrTooLong, 1934: dialect.ErrOther,
	8115: dialect.ErrOutOfRange, 220: dialect.ErrOutOfRange, 242: dialect.ErrOutOfRange, 248: dialect.ErrOutOfRange,
	244: dialect.ErrOutOfRange, 517: dialect.ErrOutOfRange, 1007: dialect.ErrOutOfRange, 3606: dialect.ErrOutOfRange,
	8134: dialect.ErrDivisionByZero,
	245:  dialect.ErrInvalidText, 241: dialect.ErrInvalidText, 235: dialect.ErrInvalidText, 293: dialect.ErrInvalidText,
	295: dialect.ErrInvalidText, 8114: dialect.ErrInvalidText, 8169: dialect.ErrInvalidText, 9420: dialect.ErrInvalidText,
	13609: dialect.ErrInvalidText,

	208: dialect.ErrUndefinedTable, 3701: dialect.ErrUndefinedTable, 4902: dialect.ErrUndefinedTable, 1088: dialect.ErrUndefinedTable,
	3705: dialect.ErrUndefinedTable, 4701: dialect.ErrUndefinedTable, 1767: dialect.ErrUndefinedTable,
	207: dialect.ErrUndefinedColumn, 1911: dialect.ErrUndefinedColumn, 4924: dialect.ErrUndefinedColumn, 1778: dialect.ErrUndefinedColumn,
	4104: dialect.ErrUndefinedColumn, 4922: dialect.ErrOther,
	195: dialect.ErrUndefinedFunction, 2812: dialect.ErrUndefinedFunction, 4121: dialect.ErrUndefinedFunction,
	911: dialect.ErrUndefinedDatabase, 4060: dialect.ErrUndefinedDatabase, 40532: dialect.ErrUndefinedDatabase,
	2714: dialect.ErrDuplicateObject, 1913: dialect.ErrDuplicateObject, 1801: dialect.ErrDuplicateObject, 2705: dialect.ErrDuplicateObject,
	2759: dialect.ErrOther, 15025: dialect.ErrDuplicateObject, 15023: dialect.ErrDuplicateObject, 1779: dialect.ErrDuplicateObject,

	102: dialect.ErrSyntax, 103: dialect.ErrSyntax, 105: dialect.ErrSyntax, 113: dialect.ErrSyntax, 137: dialect.ErrSyntax,
	156: dialect.ErrSyntax, 170: dialect.ErrSyntax, 173: dialect.ErrSyntax, 319: dialect.ErrSyntax, 1018: dialect.ErrSyntax,
	4145: dialect.ErrSyntax, 10713: dialect.ErrSyntax, 153: dialect.ErrSyntax,
	8178: dialect.ErrArguments, 8144: dialect.ErrArguments, 201: dialect.ErrArguments,

	229: dialect.ErrPermission, 230: dialect.ErrPermission, 262: dialect.ErrPermission, 297: dialect.ErrPermission,
	300: dialect.ErrPermission, 916: dialect.ErrPermission, 15247: dialect.ErrPermission, 6004: dialect.ErrPermission,
	18456: dialect.ErrAuthentication, 18450: dialect.ErrAuthentication, 18452: dialect.ErrAuthentication, 18461: dialect.ErrTooManyConnections,
	18470: dialect.ErrAuthentication, 18486: dialect.ErrAuthentication, 18487: dialect.ErrAuthentication, 18488: dialect.ErrAuthentication,
	40615: dialect.ErrAuthentication,
	3906:  dialect.ErrReadOnly, 3908: dialect.ErrReadOnly, 976: dialect.ErrConnect, 978: dialect.ErrReadOnly,
	17809: dialect.ErrTooManyConnections, 17300: dialect.ErrTooManyConnections, 10928: dialect.ErrTooManyConnections,
	10936: dialect.ErrTooManyConnections,
	1105:  dialect.ErrDiskFull, 1101: dialect.ErrDiskFull, 9002: dialect.ErrDiskFull, 40544: dialect.ErrDiskFull,

	3960: dialect.ErrSerialization, 3961: dialect.ErrSerialization, 41302: dialect.ErrSerialization, 41305: dialect.ErrSerialization,
	41325: dialect.ErrSerialization, 41301: dialect.ErrSerialization,
	1205: dialect.ErrDeadlock, 1222: dialect.ErrLockTimeout, 3617: dialect.ErrCancelled,
	3609: dialect.ErrTransactionAborted, 3930: dialect.ErrTransactionAborted, 3931: dialect.ErrTransactionAborted, 3998: dialect.ErrTransactionAborted, 3902: dialect.ErrStatement, 3903: dialect.ErrStatement,
	334: dialect.ErrUnsupported,

	233: dialect.ErrConnectionLost, 596: dialect.ErrConnectionLost, 6005: dialect.ErrConnectionLost, 10053: dialect.ErrConnectionLost,
	10054: dialect.ErrConnectionLost, 40197: dialect.ErrConnectionLost, 40143: dialect.ErrConnectionLost, 40540: dialect.ErrConnectionLost,
	40501: dialect.ErrConnect, 40613: dialect.ErrConnect, 49918: dialect.ErrConnect, 49919: dialect.ErrConnect, 49920: dialect.ErrConnect,
	4221: dialect.ErrConnect,
}

// quoted is a name in a message, in the quotes of any language that the server
// speaks: 'a', "a", « a », „a“, “a”, 「a」. An apostrophe within a word opens
// nothing (l'objet).
var quoted = regexp.MustCompile(`(?:^|[^\pL\pN])'([^']*)'|"([^"]*)"|«[\s\x{a0}\x{202f}]*([^»]*?)[\s\x{a0}\x{202f}]*»|[„“]([^“”]*)[“”]|「([^」]*)」`)

// names returns what stands in quotes in a message.
func names(message string) []string {
	var list []string
	for _, m := range quoted.FindAllStringSubmatch(message, 6) {
		list = append(list, strings.Join(m[1:], ""))
	}
	return list
}

// readNames reads from the message what the error is about; SQL Server has it
// nowhere else. Messages are in the login's language: their quotes differ, and
// the order of a table and what is of it, of which the table is the one with
// its schema.
func readNames(e *dialect.Error, number int32) {
	q := names(e.Message)
	at := func(i int) string {
		if i < len(q) {
			return q[i]
		}
		return ""
	}
	// of sets the table and returns the other one of two names.
	of := func(table, other int) string {
		t, o := at(table), at(other)
		if strings.Contains(o, ".") && !strings.Contains(t, ".") {
			t, o = o, t
		}
		e.Schema, e.Table = splitName(t)
		return o
	}
	switch number {
	case 2627: // … KEY constraint 'name'. … in object 'schema.table'
		e.Constraint = of(1, 0)
	case 2601: // … in object 'schema.table' with unique index 'name'
		e.Constraint = of(0, 1)
	case 547: // … the FOREIGN KEY constraint "name". … in database "db", table "schema.table", column 'name'
		switch {
		case strings.Contains(e.Message, "FOREIGN KEY"), strings.Contains(e.Message, "REFERENCE"):
			e.Kind = dialect.ErrForeignKeyViolation
		case strings.Contains(e.Message, "CHECK"):
			e.Kind = dialect.ErrCheckViolation
		}
		e.Constraint, e.Column = at(0), at(3)
		e.Schema, e.Table = splitName(at(2))
	case 515: // … into column 'name', table 'db.schema.table'
		e.Column = of(1, 0)
	case 2628: // … in table 'db.schema.table', column 'name'
		e.Column = of(0, 1)
	case 208, 3701, 4902, 1088: // Invalid object name 'schema.table'
		e.Schema, e.Table = splitName(at(0))
	case 207, 1911:
		e.Column = at(0)
	case 4104: // The multi-part identifier "table.column"
		e.Table, e.Column = splitName(at(0))
	case 2705: // Column name 'name' in table 'table'
		e.Column, e.Table = at(0), at(1)
	case 229: // The SELECT permission was denied on the object 'table', database 'db', schema 'schema'
		if !strings.Contains(e.Message, "EXECUTE") {
			e.Table, e.Schema = at(0), at(2)
		}
	case 230: // … on the column 'name' of the object 'table', database 'db', schema 'schema'
		e.Column, e.Table, e.Schema = at(0), at(1), at(3)
	}
}

// splitName takes the last two parts of db.schema.table.
func splitName(s string) (schema, table string) {
	parts := strings.Split(s, ".")
	table = parts[len(parts)-1]
	if len(parts) > 1 {
		schema = parts[len(parts)-2]
	}
	return schema, table
}
