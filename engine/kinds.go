package engine

import (
	"database/sql"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// The types of package dialect that a user of an Engine meets.
type (
	// Error is an error of the database or its driver; see [dialect.Error].
	Error = dialect.Error
	// ScanError is a value that does not fit; see [dialect.ScanError].
	ScanError = dialect.ScanError
	// Kind is what went wrong; the Err constants are Kinds.
	Kind = dialect.Kind
	// Named holds arguments by name.
	Named = dialect.Named
	// Result is what a statement did; see [dialect.Result].
	Result = dialect.Result
	// Statement is anything that can be run; see [dialect.Statement].
	Statement = dialect.Statement
	// Runner is what runs statements; see [dialect.Runner].
	Runner = dialect.Runner
	// IsolationLevel is a transaction's isolation level.
	IsolationLevel = dialect.Isolation
)

// The kinds of errors, for errors.Is. They are those of package dialect.
const (
	ErrOther               = dialect.ErrOther
	ErrIntegrityViolation  = dialect.ErrIntegrityViolation
	ErrUniqueViolation     = dialect.ErrUniqueViolation
	ErrForeignKeyViolation = dialect.ErrForeignKeyViolation
	ErrNotNullViolation    = dialect.ErrNotNullViolation
	ErrCheckViolation      = dialect.ErrCheckViolation
	ErrExclusionViolation  = dialect.ErrExclusionViolation
	ErrData                = dialect.ErrData
	ErrTooLong             = dialect.ErrTooLong
	ErrOutOfRange          = dialect.ErrOutOfRange
	ErrDivisionByZero      = dialect.ErrDivisionByZero
	ErrInvalidText         = dialect.ErrInvalidText
	ErrUndefined           = dialect.ErrUndefined
	ErrUndefinedTable      = dialect.ErrUndefinedTable
	ErrUndefinedColumn     = dialect.ErrUndefinedColumn
	ErrUndefinedFunction   = dialect.ErrUndefinedFunction
	ErrUndefinedDatabase   = dialect.ErrUndefinedDatabase
	ErrDuplicateObject     = dialect.ErrDuplicateObject
	ErrSyntax              = dialect.ErrSyntax
	ErrPermission          = dialect.ErrPermission
	ErrAuthentication      = dialect.ErrAuthentication
	ErrReadOnly            = dialect.ErrReadOnly
	ErrTooManyConnections  = dialect.ErrTooManyConnections
	ErrDiskFull            = dialect.ErrDiskFull
	ErrSerialization       = dialect.ErrSerialization
	ErrDeadlock            = dialect.ErrDeadlock
	ErrBusy                = dialect.ErrBusy
	ErrLockTimeout         = dialect.ErrLockTimeout
	ErrStatementTimeout    = dialect.ErrStatementTimeout
	ErrCancelled           = dialect.ErrCancelled
	ErrConnectionLost      = dialect.ErrConnectionLost
	ErrConnect             = dialect.ErrConnect
	ErrTransactionAborted  = dialect.ErrTransactionAborted
	ErrStalePlan           = dialect.ErrStalePlan
	ErrUnsupported         = dialect.ErrUnsupported
	ErrPoolTimeout         = dialect.ErrPoolTimeout
	ErrClosed              = dialect.ErrClosed
	ErrInUse               = dialect.ErrInUse
	ErrArguments           = dialect.ErrArguments
	ErrScan                = dialect.ErrScan
	ErrNullValue           = dialect.ErrNullValue
	ErrURL                 = dialect.ErrURL
	ErrStatement           = dialect.ErrStatement
)

// The isolation levels of the SQL standard, and Snapshot.
const (
	DefaultIsolation = dialect.DefaultIsolation
	ReadUncommitted  = dialect.ReadUncommitted
	ReadCommitted    = dialect.ReadCommitted
	RepeatableRead   = dialect.RepeatableRead
	Snapshot         = dialect.Snapshot
	Serializable     = dialect.Serializable
	Autocommit       = dialect.Autocommit // no transaction: each statement stands by itself
)

// ErrNoRows is what [One] and [Scalar] return when the result is empty. It is
// sql.ErrNoRows too, for errors.Is.
var ErrNoRows error = noRows{}

type noRows struct{}

func (noRows) Error() string        { return "engine: no rows in the result" }
func (noRows) Is(target error) bool { return target == sql.ErrNoRows }

// ErrMultipleRows is what [One], [OneOrNone] and [Scalar] return when the
// result has more than one row.
var ErrMultipleRows error = multipleRows{}

type multipleRows struct{}

func (multipleRows) Error() string { return "engine: more than one row in the result" }

// Text returns raw SQL as a [Statement], for [All], [One] and everything else
// that takes one. See [dialect.Text] for its arguments.
func Text(sql string, args ...any) Statement { return dialect.Text(sql, args...) }
