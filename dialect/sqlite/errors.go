package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	lib "modernc.org/sqlite/lib"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Error is SQLite's own error. [dialect.Error] wraps it.
type Error struct {
	Code     int    // the extended result code, 2067 for example
	Message  string // SQLite's text
	Position int    // in the statement's text, in characters from 1; 0 where it is not known
	cause    error  // why the statement was stopped
}

// Error returns the message and the code.
func (e *Error) Error() string {
	s := fmt.Sprintf("sqlite: %s (%d)", e.Message, e.Code)
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns the cause of the context that stopped the statement, or nil.
func (e *Error) Unwrap() error { return e.cause }

// interrupted is the error of a statement that its context stopped.
func interrupted(ctx context.Context) *Error {
	return &Error{Code: lib.SQLITE_INTERRUPT, Message: "interrupted", cause: context.Cause(ctx)}
}

// foreign is an error of another driver of SQLite, below an adopted *sql.DB.
type foreign interface {
	error
	Code() int
}

// Classify implements [dialect.Dialect] by SQLite's extended result codes. What has no
// code of its own (an unknown table, a syntax error) is told by the message.
func (d *sqlite) Classify(err error) *dialect.Error {
	if err == nil {
		return nil
	}
	if de, ok := errors.AsType[*dialect.Error](err); ok {
		return de
	}
	out := &dialect.Error{Err: err}
	if e, ok := errors.AsType[*Error](err); ok {
		out.Message, out.Position, out.Cause = e.Message, e.Position, e.cause
		classify(out, e.Code)
		if ce, ok := errors.AsType[*connectError](err); ok {
			out.Message, out.Lost, out.MayHaveRun = ce.Error(), false, false
			if ce.missing {
				out.Kind = dialect.ErrUndefinedDatabase
			} else if out.Kind == dialect.ErrOther {
				out.Kind = dialect.ErrConnect
			}
		}
		return out
	}
	if e, ok := errors.AsType[foreign](err); ok && e.Code() > 0 {
		out.Message = strings.TrimSuffix(e.Error(), " ("+strconv.Itoa(e.Code())+")")
		classify(out, e.Code())
		return out
	}
	if _, ok := errors.AsType[*connectError](err); ok {
		out.Kind = dialect.ErrConnect
		return out
	}
	if out.Kind = dialect.KindOf(err); out.Kind != dialect.ErrOther {
		return out
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		out.Kind, out.Cause = dialect.ErrCancelled, err
	}
	return out
}

// classify sets e's kind, and what its message names, for a result code.
func classify(e *dialect.Error, code int) {
	e.Code = strconv.Itoa(code)
	switch code {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY, lib.SQLITE_CONSTRAINT_ROWID:
		e.Kind = dialect.ErrUniqueViolation
		nameColumns(e)
		return
	case lib.SQLITE_CONSTRAINT_NOTNULL:
		e.Kind = dialect.ErrNotNullViolation
		nameColumns(e)
		return
	case lib.SQLITE_CONSTRAINT_CHECK:
		e.Kind = dialect.ErrCheckViolation
		e.Constraint = after(e.Message, "CHECK constraint failed: ")
		return
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		e.Kind = dialect.ErrForeignKeyViolation
		return
	case lib.SQLITE_CONSTRAINT_DATATYPE: // a STRICT table
		e.Kind = dialect.ErrData
		return
	case lib.SQLITE_BUSY_SNAPSHOT: // another has written since the transaction's first read: it waits in vain
		e.Kind = dialect.ErrSerialization
		return
	case lib.SQLITE_READONLY_DBMOVED:
		e.Lost = true
	}
	switch code & 0xff {
	case lib.SQLITE_ERROR:
		classifyMessage(e)
	case lib.SQLITE_CONSTRAINT:
		e.Kind = dialect.ErrIntegrityViolation
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		e.Kind = dialect.ErrBusy
	case lib.SQLITE_INTERRUPT:
		e.Kind = dialect.ErrCancelled
	case lib.SQLITE_READONLY:
		e.Kind = dialect.ErrReadOnly
	case lib.SQLITE_PERM, lib.SQLITE_AUTH:
		e.Kind = dialect.ErrPermission
	case lib.SQLITE_FULL:
		e.Kind = dialect.ErrDiskFull
	case lib.SQLITE_CANTOPEN:
		e.Kind = dialect.ErrConnect
	case lib.SQLITE_TOOBIG:
		e.Kind = dialect.ErrTooLong
	case lib.SQLITE_RANGE:
		e.Kind = dialect.ErrArguments
	case lib.SQLITE_MISMATCH:
		e.Kind = dialect.ErrData
	case lib.SQLITE_SCHEMA:
		e.Kind = dialect.ErrStalePlan
	case lib.SQLITE_IOERR:
		e.Lost, e.MayHaveRun = true, true
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_MISUSE, lib.SQLITE_NOMEM:
		e.Lost = breaks(code)
	}
}

// breaks reports whether a connection should not be used after a result code.
func breaks(code int) bool {
	switch code & 0xff {
	case lib.SQLITE_IOERR, lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_MISUSE:
		return true
	}
	return code == lib.SQLITE_READONLY_DBMOVED
}

// nameColumns reads "UNIQUE constraint failed: t.a, t.b" and "… failed:
// index 'name'".
func nameColumns(e *dialect.Error) {
	list := after(e.Message, " constraint failed: ")
	if name, ok := strings.CutPrefix(list, "index '"); ok {
		e.Constraint = strings.TrimSuffix(name, "'")
		return
	}
	var columns []string
	for part := range strings.SplitSeq(list, ", ") {
		table, column, ok := strings.Cut(part, ".")
		if !ok {
			return
		}
		e.Table = table
		columns = append(columns, column)
	}
	e.Column = strings.Join(columns, ", ")
}

// after is what follows mark in s, or "".
func after(s, mark string) string {
	_, rest, _ := strings.Cut(s, mark)
	return rest
}

// messages tell what result code 1 means.
var messages = []struct {
	text string
	kind dialect.Kind
}{
	{"no such table", dialect.ErrUndefinedTable},
	{"no such view", dialect.ErrUndefinedTable},
	{"no such column", dialect.ErrUndefinedColumn},
	{"has no column named", dialect.ErrUndefinedColumn},
	{"unknown column", dialect.ErrUndefinedColumn},
	{"no such function", dialect.ErrUndefinedFunction},
	{"wrong number of arguments to function", dialect.ErrUndefinedFunction},
	{"unknown database", dialect.ErrUndefinedDatabase},
	{"no such database", dialect.ErrUndefinedDatabase},
	{"no such", dialect.ErrUndefined},
	{"already exists", dialect.ErrDuplicateObject},
	{"duplicate column name", dialect.ErrDuplicateObject},
	{"syntax error", dialect.ErrSyntax},
	{"incomplete input", dialect.ErrSyntax},
	{"unrecognized token", dialect.ErrSyntax},
	{"integer overflow", dialect.ErrOutOfRange},
	{"too many SQL variables", dialect.ErrArguments},
	{"malformed JSON", dialect.ErrInvalidText},
	{"cannot commit - no transaction is active", dialect.ErrTransactionAborted},
	{"cannot rollback - no transaction is active", dialect.ErrTransactionAborted},
	{"not authorized", dialect.ErrPermission},
}

func classifyMessage(e *dialect.Error) {
	for _, m := range messages {
		if !strings.Contains(e.Message, m.text) {
			continue
		}
		e.Kind = m.kind
		switch name := after(e.Message, m.text+": "); {
		case m.kind == dialect.ErrUndefinedTable:
			if schema, table, ok := strings.Cut(name, "."); ok {
				e.Schema, name = schema, table
			}
			e.Table = name
		case m.text == "no such column":
			name, _, _ = strings.Cut(name, " - should this be a string literal") // a name in double quotes
			if at := strings.LastIndexByte(name, '.'); at >= 0 {
				e.Table, name = name[:at], name[at+1:]
			}
			e.Column = strings.Trim(name, `"`)
		case m.text == "has no column named": // table t has no column named x
			e.Table = after(strings.TrimSuffix(e.Message, " "+m.text+" "+after(e.Message, m.text+" ")), "table ")
			e.Column = after(e.Message, m.text+" ")
		}
		return
	}
}
