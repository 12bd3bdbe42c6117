package dialect

import "errors"

// Kind says what went wrong, in the same words for every database. A Kind is
// an error itself, so that it can be the target of errors.Is:
//
//	if errors.Is(err, dialect.ErrUniqueViolation) { … }
//
// It matches every error of that kind in err's tree, and a group (such as
// [ErrIntegrityViolation]) matches all of its members. Package engine gives
// each Kind again under the same name.
type Kind uint8

// The kinds of errors. Each dialect maps its database's codes to them (by
// code, never by message where the driver gives a code).
const (
	// ErrOther is an error that the database reported and for which there
	// is no kind of its own. The zero Kind.
	ErrOther Kind = iota

	// ErrIntegrityViolation is the group of the constraint violations.
	ErrIntegrityViolation
	ErrUniqueViolation
	ErrForeignKeyViolation
	ErrNotNullViolation
	ErrCheckViolation
	ErrExclusionViolation

	// ErrData is the group of errors about values.
	ErrData
	ErrTooLong
	ErrOutOfRange
	ErrDivisionByZero
	ErrInvalidText

	// ErrUndefined is the group of names that the database does not know.
	ErrUndefined
	ErrUndefinedTable
	ErrUndefinedColumn
	ErrUndefinedFunction
	ErrUndefinedDatabase
	ErrDuplicateObject

	ErrSyntax
	ErrPermission
	ErrAuthentication
	ErrReadOnly
	ErrTooManyConnections
	ErrDiskFull

	// ErrSerialization, ErrDeadlock and ErrBusy mean that the transaction
	// may succeed when it is run again as a whole; see [Error.Retryable].
	ErrSerialization
	ErrDeadlock
	// ErrBusy is a database that another connection has locked as a whole
	// (SQLITE_BUSY).
	ErrBusy
	ErrLockTimeout
	ErrStatementTimeout

	// ErrCancelled is a statement stopped because its context ended. The
	// error also wraps the context's cause.
	ErrCancelled
	// ErrConnectionLost is a connection that broke; see [Error.MayHaveRun].
	ErrConnectionLost
	// ErrConnect is a server that could not be reached or did not answer
	// as a server of this kind does.
	ErrConnect
	// ErrTransactionAborted is a statement refused because an earlier one
	// of its transaction failed: the way out is to roll back.
	ErrTransactionAborted
	// ErrStalePlan is a prepared statement that a change of the schema has
	// invalidated. The server refused it before execution.
	ErrStalePlan

	// The following come from SQLayer and not from a database.

	// ErrUnsupported is what a database, or its driver, cannot do; see
	// [UnsupportedError].
	ErrUnsupported
	// ErrPoolTimeout is a connection that did not come free in time.
	ErrPoolTimeout
	// ErrClosed is the use of what has been closed.
	ErrClosed
	// ErrInUse is the use of a connection that something else is using:
	// another goroutine, open rows, an open transaction.
	ErrInUse
	// ErrArguments is a statement with arguments missing or left over.
	ErrArguments
	// ErrScan is a value that does not fit the Go variable it is read into.
	ErrScan
	// ErrNullValue is a NULL read into a variable that has no NULL; it is
	// an ErrScan too.
	ErrNullValue
	// ErrURL is a URL that cannot be understood.
	ErrURL
	// ErrStatement is a statement that was composed wrongly.
	ErrStatement

	kinds // the number of kinds
)

// kindTable has the words for each kind, and the group that it belongs to.
var kindTable = [kinds]struct {
	text  string
	group Kind
}{
	ErrOther:              {"database error", ErrOther},
	ErrIntegrityViolation: {"integrity constraint violation", ErrOther},
	ErrUniqueViolation:    {"unique constraint violation", ErrIntegrityViolation},
	ErrForeignKeyViolation: {"foreign key violation",
		ErrIntegrityViolation},
	ErrNotNullViolation:   {"not-null violation", ErrIntegrityViolation},
	ErrCheckViolation:     {"check constraint violation", ErrIntegrityViolation},
	ErrExclusionViolation: {"exclusion constraint violation", ErrIntegrityViolation},
	ErrData:               {"data error", ErrOther},
	ErrTooLong:            {"value too long", ErrData},
	ErrOutOfRange:         {"value out of range", ErrData},
	ErrDivisionByZero:     {"division by zero", ErrData},
	ErrInvalidText:        {"invalid text for the type", ErrData},
	ErrUndefined:          {"undefined name", ErrOther},
	ErrUndefinedTable:     {"undefined table", ErrUndefined},
	ErrUndefinedColumn:    {"undefined column", ErrUndefined},
	ErrUndefinedFunction:  {"undefined function", ErrUndefined},
	ErrUndefinedDatabase:  {"undefined database", ErrUndefined},
	ErrDuplicateObject:    {"object exists already", ErrOther},
	ErrSyntax:             {"syntax error", ErrOther},
	ErrPermission:         {"permission denied", ErrOther},
	ErrAuthentication:     {"authentication failed", ErrOther},
	ErrReadOnly:           {"read-only", ErrOther},
	ErrTooManyConnections: {"too many connections", ErrOther},
	ErrDiskFull:           {"disk full", ErrOther},
	ErrSerialization:      {"serialization failure", ErrOther},
	ErrDeadlock:           {"deadlock", ErrOther},
	ErrBusy:               {"database is locked", ErrOther},
	ErrLockTimeout:        {"lock timeout", ErrOther},
	ErrStatementTimeout:   {"statement timeout", ErrOther},
	ErrCancelled:          {"cancelled", ErrOther},
	ErrConnectionLost:     {"connection lost", ErrOther},
	ErrConnect:            {"cannot connect", ErrOther},
	ErrTransactionAborted: {"transaction aborted, roll back first", ErrOther},
	ErrStalePlan:          {"stale statement plan", ErrOther},
	ErrUnsupported:        {"unsupported", ErrOther},
	ErrPoolTimeout:        {"timeout waiting for a connection", ErrOther},
	ErrClosed:             {"closed", ErrOther},
	ErrInUse:              {"in use", ErrOther},
	ErrArguments:          {"wrong arguments", ErrOther},
	ErrScan:               {"cannot read value", ErrOther},
	ErrNullValue:          {"unexpected NULL", ErrScan},
	ErrURL:                {"invalid URL", ErrOther},
	ErrStatement:          {"invalid statement", ErrOther},
}

// Error returns the kind in words, for example "unique constraint violation".
func (k Kind) Error() string {
	if k < kinds {
		return kindTable[k].text
	}
	return "unknown kind of error"
}

func (k Kind) kindOf() Kind { return k }

// KindOf returns the kind of err: that of the outermost error in it that has
// one. It is [ErrOther] for nil, and for errors of others.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[interface {
		error
		kindOf() Kind
	}](err); ok {
		return e.kindOf()
	}
	return ErrOther
}

// In reports whether k is group, or a member of it.
func (k Kind) In(group Kind) bool {
	return k == group || k < kinds && group != ErrOther && kindTable[k].group == group
}
