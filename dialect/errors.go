package dialect

import (
	"errors"
	"fmt"
	"strings"
)

// Error is an error of a database or its driver, in the same form for every
// dialect. It wraps the driver's own error, and errors.Is matches it with its
// [Kind]:
//
//	errors.Is(err, dialect.ErrUniqueViolation)
//
// Package engine gives it as engine.Error. An Error is not changed once it
// has been returned.
type Error struct {
	Kind Kind
	// Code is the database's own: an SQLSTATE on PostgreSQL, a number on
	// the others (SQLite's extended result code).
	Code string
	// Message is the database's own text.
	Message string
	// Schema, Table, Column and Constraint name what the error is about,
	// where the database says so; otherwise they are empty. MySQL, SQLite,
	// SQL Server and Oracle name them only in the message, from which they
	// are read.
	Schema, Table, Column, Constraint string
	// Position counts characters (from 1) into the statement's text; 0
	// where it is not known.
	Position int

	// Statement is the text that was sent. Args holds its arguments only
	// when the engine was asked to show them.
	Statement string
	Args      []any

	// MayHaveRun is true when it is not known whether the server executed the
	// statement: the connection broke, or the statement was given up with its
	// context, after something was sent and before the answer was complete.
	MayHaveRun bool
	// Lost is true when the connection cannot be used any more.
	Lost bool

	// Err is the driver's error.
	Err error
	// Cause is the context's cause when the statement ended with its
	// context; otherwise nil.
	Cause error
}

// Error returns the kind, the database's message and code, and the statement
// (shortened), without arguments unless they were asked for.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.Error())
	msg := e.Message
	if msg == "" && e.Err != nil {
		msg = e.Err.Error()
	}
	if msg != "" {
		b.WriteString(": ")
		b.WriteString(msg)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, " (%s)", e.Code)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	if e.MayHaveRun {
		b.WriteString(": the statement may have been executed")
	}
	if e.Statement != "" {
		fmt.Fprintf(&b, " [%s]", shorten(e.Statement, 500))
	}
	if e.Args != nil {
		fmt.Fprintf(&b, " %v", e.Args)
	}
	return b.String()
}

// Unwrap returns the driver's error and the context's cause.
func (e *Error) Unwrap() []error {
	errs := make([]error, 0, 2)
	if e.Err != nil {
		errs = append(errs, e.Err)
	}
	if e.Cause != nil {
		errs = append(errs, e.Cause)
	}
	return errs
}

func (e *Error) kindOf() Kind { return e.Kind }

// Is reports whether target is the error's kind or a group that holds it.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && e.Kind.In(k)
}

// Retryable reports whether the whole transaction may succeed when it is run
// again: serialization failures, deadlocks and a locked SQLite database.
func (e *Error) Retryable() bool {
	return e.Kind == ErrSerialization || e.Kind == ErrDeadlock || e.Kind == ErrBusy
}

// shorten cuts s to about n bytes at a character boundary, marking the cut.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}

// UnsupportedError is the refusal of something that a database, or its
// driver, does not have. It comes before anything is sent.
type UnsupportedError struct {
	Construct string // what was asked for, for example "FULL JOIN"
	Dialect   string // the dialect's name
	Version   string // the server's version, empty where it does not matter
	Instead   string // the way out, empty where there is none
}

// Error names the construct, the dialect and what to do instead.
func (e *UnsupportedError) Error() string {
	s := e.Construct + " is not supported by " + e.Dialect
	if e.Version != "" {
		s += " " + e.Version
	}
	if e.Instead != "" {
		s += "; " + e.Instead
	}
	return s
}

func (e *UnsupportedError) kindOf() Kind { return ErrUnsupported }

// Is reports whether target is [ErrUnsupported].
func (e *UnsupportedError) Is(target error) bool { return target == error(ErrUnsupported) }

// Unsupported returns an [UnsupportedError] for d. Instead names the way out
// and may be empty.
func Unsupported(d Dialect, construct, instead string) error {
	return &UnsupportedError{Construct: construct, Dialect: d.Name(),
		Version: d.Features().Version.String(), Instead: instead}
}

// ScanError is a value that could not be read into a Go variable. It is an
// [ErrScan], and an [ErrNullValue] when the value was NULL.
type ScanError struct {
	Index  int    // the column's position in the row, from 0
	Column string // the column's name in the result
	Dest   string // where to, for example "User.Name (string)"
	Err    error
}

// Error names the column and the variable.
func (e *ScanError) Error() string {
	s := fmt.Sprintf("column %q (%d)", e.Column, e.Index+1)
	if e.Dest != "" {
		s += " into " + e.Dest
	}
	return s + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *ScanError) Unwrap() error { return e.Err }

func (e *ScanError) kindOf() Kind { return ErrScan }

// Is reports whether target is [ErrScan].
func (e *ScanError) Is(target error) bool { return target == error(ErrScan) }

// scanError returns err as a [ScanError] of column i. Every [Rows] reports
// its failed conversions through [NewScanError].
func scanError(i int, column string, err error) error {
	var se *ScanError
	if errors.As(err, &se) {
		return err
	}
	return &ScanError{Index: i, Column: column, Err: err}
}

// NewScanError returns err as a [*ScanError] for column i of cols, or err
// itself when it is one already.
func NewScanError(cols []Column, i int, err error) error {
	name := ""
	if i < len(cols) {
		name = cols[i].Name
	}
	return scanError(i, name, err)
}

// kindError is a message of SQLayer's own with a Kind.
type kindError struct {
	kind Kind
	msg  string
	err  error
}

func (e *kindError) Error() string { return e.msg }
func (e *kindError) Unwrap() error { return e.err }
func (e *kindError) kindOf() Kind  { return e.kind }
func (e *kindError) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && e.kind.In(k)
}

// Errorf returns an error of kind k with a message made as by fmt.Errorf; %w
// wraps. It is for errors that SQLayer finds itself; what a database reports
// is an [*Error].
func Errorf(k Kind, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	inner := errors.Unwrap(err)
	if _, several := err.(interface{ Unwrap() []error }); several {
		inner = err
	}
	return &kindError{k, err.Error(), inner}
}
