package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// kinds are the SQLSTATEs that have a kind of their own. Those that are not
// here go by their class.
var kinds = map[string]dialect.Kind{
	"23505": dialect.ErrUniqueViolation,
	"23503": dialect.ErrForeignKeyViolation,
	"23001": dialect.ErrForeignKeyViolation, // restrict_violation
	"23502": dialect.ErrNotNullViolation,
	"23514": dialect.ErrCheckViolation,
	"44000": dialect.ErrCheckViolation, // with_check_option_violation
	"23P01": dialect.ErrExclusionViolation,

	"22001": dialect.ErrTooLong,
	"22003": dialect.ErrOutOfRange,
	"22008": dialect.ErrOutOfRange, // datetime_field_overflow
	"22015": dialect.ErrOutOfRange, // interval_field_overflow
	"22012": dialect.ErrDivisionByZero,
	"22P02": dialect.ErrInvalidText,
	"22P03": dialect.ErrInvalidText, // invalid_binary_representation
	"22007": dialect.ErrInvalidText, // invalid_datetime_format
	"22018": dialect.ErrInvalidText, // invalid_character_value_for_cast
	"22021": dialect.ErrInvalidText, // character_not_in_repertoire
	"22P05": dialect.ErrInvalidText, // untranslatable_character
	"22032": dialect.ErrInvalidText, // invalid_json_text

	"42P01": dialect.ErrUndefinedTable,
	"42703": dialect.ErrUndefinedColumn,
	"42883": dialect.ErrUndefinedFunction,
	"3D000": dialect.ErrUndefinedDatabase,
	"42704": dialect.ErrUndefined, // undefined_object: a type, an index, a role
	"3F000": dialect.ErrUndefined, // invalid_schema_name
	"42P02": dialect.ErrArguments, // undefined_parameter

	"42P04": dialect.ErrDuplicateObject, // database
	"42P06": dialect.ErrDuplicateObject, // schema
	"42P07": dialect.ErrDuplicateObject, // table, index, view
	"42710": dialect.ErrDuplicateObject,
	"42701": dialect.ErrDuplicateObject, // column
	"42723": dialect.ErrDuplicateObject, // function

	"42601": dialect.ErrSyntax,
	"42501": dialect.ErrPermission,
	"28P01": dialect.ErrAuthentication,
	"28000": dialect.ErrAuthentication,
	"25006": dialect.ErrReadOnly,
	"53300": dialect.ErrTooManyConnections,
	"53100": dialect.ErrDiskFull,

	"40001": dialect.ErrSerialization,
	"CR000": dialect.ErrSerialization, // CockroachDB, before it had 40001
	"40002": dialect.ErrIntegrityViolation,
	"40003": dialect.ErrOther, // statement_completion_unknown: CockroachDB's ambiguous result
	"40P01": dialect.ErrDeadlock,
	"55P03": dialect.ErrLockTimeout,
	"57014": dialect.ErrStatementTimeout,
	"25P02": dialect.ErrTransactionAborted,
	"25P03": dialect.ErrConnectionLost, // idle_in_transaction_session_timeout
	"25P04": dialect.ErrConnectionLost, // transaction_timeout
	"57P05": dialect.ErrConnectionLost, // idle_session_timeout
	"57P01": dialect.ErrConnectionLost, // admin_shutdown
	"57P02": dialect.ErrConnectionLost, // crash_shutdown
	"57P03": dialect.ErrConnect,        // cannot_connect_now
	"57P04": dialect.ErrConnectionLost, // database_dropped
	"0A000": dialect.ErrUnsupported,
}

// kindOf is the kind for an SQLSTATE.
func kindOf(e *pgconn.PgError) dialect.Kind {
	switch e.Code {
	case "0A000":
		if isStalePlan(e, "") {
			return dialect.ErrStalePlan
		}
	case "57014":
		// Without its context the connection cannot know why; what the
		// server says tells a request (pg_cancel_backend) from a timeout.
		if strings.Contains(e.Message, "user request") {
			return dialect.ErrCancelled
		}
	}
	if k, ok := kinds[e.Code]; ok {
		return k
	}
	if len(e.Code) == 5 {
		switch e.Code[:2] {
		case "08":
			return dialect.ErrConnectionLost
		case "22":
			return dialect.ErrData
		case "23":
			return dialect.ErrIntegrityViolation
		case "28":
			return dialect.ErrAuthentication
		case "40":
			return dialect.ErrSerialization
		}
	}
	return dialect.ErrOther
}

// isStalePlan reports whether the server refused a prepared statement (name)
// because the schema has changed or the statement is gone, before it executed it.
func isStalePlan(e *pgconn.PgError, name string) bool {
	switch e.Code {
	case "0A000":
		return e.Routine == "RevalidateCachedQuery" || strings.Contains(e.Message, "cached plan must not change result type")
	case "26000":
		return name != "" && strings.Contains(e.Message, name)
	}
	return false
}

// ownKinds are the kinds of errors that this package makes without a server.
var ownKinds = [...]dialect.Kind{
	dialect.ErrNullValue, dialect.ErrScan, dialect.ErrArguments, dialect.ErrUnsupported, dialect.ErrURL,
	dialect.ErrStatement, dialect.ErrClosed, dialect.ErrInUse, dialect.ErrTransactionAborted, dialect.ErrConnect,
	dialect.ErrConnectionLost, dialect.ErrStalePlan,
}

// Classify implements [dialect.Dialect]. It goes by the SQLSTATE; the server's
// message is not looked at but for telling a cancel request from a timeout.
func (s *server) Classify(err error) *dialect.Error {
	var done *dialect.Error
	if errors.As(err, &done) {
		return done
	}
	e := &dialect.Error{Err: err}
	if err == nil {
		e.Message = "no error"
		return e
	}
	var pe *pgconn.PgError
	var ce *pgconn.ConnectError
	isConnect := errors.As(err, &ce)
	switch {
	case errors.As(err, &pe):
		e.Kind = kindOf(pe)
		e.Code, e.Message = pe.Code, pe.Message
		if pe.Detail != "" && (pe.Code == "" || pe.Code[:2] == "23") {
			e.Message += " (" + strings.TrimSuffix(pe.Detail, ".") + ")"
		}
		e.Schema, e.Table, e.Column, e.Constraint = pe.SchemaName, pe.TableName, pe.ColumnName, pe.ConstraintName
		e.Position = int(pe.Position)
		e.Lost = strings.EqualFold(pe.SeverityUnlocalized, "FATAL") || strings.EqualFold(pe.SeverityUnlocalized, "PANIC") ||
			pe.SeverityUnlocalized == "" && strings.EqualFold(pe.Severity, "FATAL") || e.Kind == dialect.ErrConnectionLost
		e.MayHaveRun = e.Lost && e.Kind == dialect.ErrConnectionLost && !isConnect || pe.Code == "40003"
		if isConnect {
			e.Message = connectMessage(ce)
			switch e.Kind {
			case dialect.ErrOther, dialect.ErrConnectionLost, dialect.ErrUnsupported:
				e.Kind = dialect.ErrConnect
			}
		}
	case isConnect:
		e.Kind, e.Message, e.Lost = dialect.ErrConnect, connectMessage(ce), true
		if errors.Is(err, context.Canceled) {
			e.Kind, e.Cause = dialect.ErrCancelled, context.Canceled
		}
	case errors.Is(err, pgconn.ErrConnClosed):
		e.Kind, e.Lost = dialect.ErrConnectionLost, true
	case err.Error() == "conn busy":
		e.Kind, e.Message = dialect.ErrInUse, "the connection is busy: rows are open, or another goroutine uses it"
	case errors.Is(err, context.Canceled):
		e.Kind, e.Cause = dialect.ErrCancelled, context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		e.Kind, e.Cause = dialect.ErrCancelled, context.DeadlineExceeded
	default:
		for _, k := range ownKinds {
			if errors.Is(err, k) {
				e.Kind = k
				return e
			}
		}
		var ne net.Error
		if errors.As(err, &ne) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
			e.Kind, e.Lost, e.MayHaveRun = dialect.ErrConnectionLost, true, !pgconn.SafeToRetry(err)
		}
	}
	return e
}

// connectMessage says once what every attempt to connect met, with the address.
func connectMessage(ce *pgconn.ConnectError) string {
	var parts []string
	add := func(s string) {
		for _, p := range parts {
			if p == s {
				return
			}
		}
		parts = append(parts, s)
	}
	var walk func(error)
	walk = func(err error) {
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range many.Unwrap() {
				walk(e)
			}
			return
		}
		add(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	if inner := ce.Unwrap(); inner != nil {
		walk(inner)
	}
	s := strings.Join(parts, "; ")
	if ce.Config != nil {
		s = "user " + ce.Config.User + ", database " + ce.Config.Database + ": " + s
	}
	return s
}

// fail describes an error of a statement: sent says that the statement itself, and
// not only its preparation, has gone to the server. It is called when pgconn
// has finished with the answer.
func (c *Conn) fail(ctx context.Context, err error, sent bool) error {
	if err == nil {
		return nil
	}
	var done *dialect.Error
	if errors.As(err, &done) {
		return err
	}
	if errors.Is(err, pgconn.ErrConnClosed) && c.closed {
		return dialect.Errorf(dialect.ErrClosed, "postgres: the connection is closed")
	}
	e := c.d.Classify(err)
	e.Lost = c.pg.IsClosed()
	unsent := pgconn.SafeToRetry(err)
	if errors.Is(err, pgconn.ErrConnClosed) && !c.gone {
		// pgconn found the connection broken as it read the answer: it reports
		// that like a refusal to send anything.
		unsent = false
		e.Message = "the connection was broken before the answer was complete"
	}
	c.gone = e.Lost
	if e.Lost && e.Kind == dialect.ErrOther {
		e.Kind = dialect.ErrConnectionLost
	}
	if ctx.Err() != nil && (e.Code == "57014" || e.Code == "" && (unsent || e.Lost) && e.Kind != dialect.ErrClosed) {
		e.Kind, e.Cause = dialect.ErrCancelled, context.Cause(ctx)
	}
	e.MayHaveRun = sent && (e.Lost && !unsent || e.Code == "40003")
	return e
}

// failPg is the PgError in err, or nil.
func failPg(err error) *pgconn.PgError {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe
	}
	return nil
}
