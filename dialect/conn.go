package dialect

import (
	"context"
	"errors"
	"fmt"
)

// Conn is one physical connection. It is used by one goroutine at a time; the
// layers above see to that. Its errors are the driver's, to be described by
// [Dialect.Classify].
//
// A context that ends while a method runs stops the statement on the server
// where the database can do that, and leaves the connection either clean or
// not Usable.
//
// What only some connections can do is one of the interfaces beside this one,
// found by type assertion: [Dirtier], [RawConn], [ResultSets] (on Rows) ….
type Conn interface {
	// Query runs a statement that gives rows. The Rows must be closed
	// before anything else runs on the connection. c must not be changed
	// or reused before then.
	Query(ctx context.Context, c *Compiled) (Rows, error)

	// Exec runs a statement to its end and drops the rows that it may give.
	Exec(ctx context.Context, c *Compiled) (Result, error)

	// Begin starts a transaction. What the database cannot do (an isolation
	// level, read only) is an [UnsupportedError] before anything is sent.
	Begin(ctx context.Context, opts TxOptions) error

	// Commit makes permanent what the transaction did. After an error whose
	// MayHaveRun is true it may have.
	Commit(ctx context.Context) error

	// Rollback undoes the transaction.
	Rollback(ctx context.Context) error

	// Ping makes a round trip.
	Ping(ctx context.Context) error

	// Reset undoes what a user may have left on the session: an open
	// transaction, settings, temporary tables, locks. It is called on the
	// return of a dirty lease only, and costs as few round trips as the
	// database allows. After an error the connection is closed.
	Reset(ctx context.Context) error

	// Usable is false once the connection has broken or was closed. It
	// does no I/O.
	Usable() bool

	// Close ends the connection, within 5 seconds. A second Close does nothing.
	Close() error
}

// Dirtier is a Conn that knows whether its session needs a Reset: an open
// transaction that the engine did not begin, for example.
type Dirtier interface {
	// Dirty reports whether the session needs a Reset. It does no I/O.
	Dirty() bool
}

// RawConn is a Conn that lends the driver's own connection.
type RawConn interface {
	// Raw returns the driver's connection, which belongs to the Conn: it is not
	// closed by the caller, and not used once the Conn is closed.
	Raw() any
}

// Rows is the hot path: the rows of one result, read forward. It is used by
// one goroutine.
type Rows interface {
	// Columns describes the result. The slice is not changed by anybody. A
	// connection that runs a kept statement again gives the same slice, so
	// that a plan made for it is found by its address.
	Columns() []Column

	// Next goes to the next row and reports whether there is one. After
	// false, Err says why.
	Next() bool

	// ScanRow reads the row into dst, one element a column; nil skips a
	// column. Each dst is one of
	//
	//   *bool, *int, *int8 … *int64, *uint … *uint64, *float32, *float64,
	//   *string, *[]byte, *time.Time,
	//   a pointer to a pointer to one of these (**string), nil for NULL,
	//   *Nullable, *Borrowed, *any, sql.Scanner,
	//   or one of the dialect's own types.
	//
	// Only conversions that lose nothing are made; the others, and a NULL
	// for a variable that has none, are a [*ScanError]. A []byte is a copy.
	// Nothing is boxed on the way unless dst is a *any or a sql.Scanner.
	ScanRow(dst []any) error

	// Err is the first error of the iteration.
	Err() error

	// Close ends the statement and gives the first error that has not been
	// given by Err. A second Close does nothing.
	Close() error

	// Result says how many rows the statement touched. It is valid once
	// Next has returned false without an error.
	Result() Result
}

// ResultSets is a Rows that may have more than one result.
type ResultSets interface {
	// NextResultSet goes to the next result and reports whether there is one;
	// Columns then describes that one.
	NextResultSet() bool
}

// UndoneRows is a Rows that can end faster where its transaction is about to be
// rolled back.
type UndoneRows interface {
	// CloseUndone is Close for rows after which the transaction that they are of,
	// if there is one, or the savepoint, is rolled back at once.
	CloseUndone() error
}

// Nullable is a destination of [Rows.ScanRow] that takes NULL apart: Null
// says whether the value was NULL, and only if it was not, Dst has been
// written. Dst is one of ScanRow's destinations and not a Nullable.
type Nullable struct {
	Dst  any
	Null bool
}

// Borrowed is a destination of [Rows.ScanRow] for bytes that are valid until
// the next Next, ScanRow or Close, and are not copied where the driver allows
// that. NULL is nil.
type Borrowed []byte

// Column describes one column of a result.
type Column struct {
	Name string
	// DatabaseType is the type's name as the database says it, in upper
	// case; empty where it does not say.
	DatabaseType string
	// Type is the type as SQLayer knows it; nil where it is not known.
	Type *Type
	// Nullable says whether the column may be NULL, as far as it is known.
	Nullable Ternary
	// Outer is true for a column from the nullable side of an outer join.
	Outer bool
	// Table names where the column comes from, where that is known.
	Table string
}

// Ternary is yes, no, or not known.
type Ternary uint8

// The values of Ternary.
const (
	NotKnown Ternary = iota
	No
	Yes
)

// Result is what a statement did. The zero Result knows nothing.
type Result struct {
	affected   int64
	id         int64
	known, has bool
}

// NewResult returns a Result for a number of affected rows; a negative number
// means that it is not known.
func NewResult(affected int64) Result {
	return Result{affected: affected, known: affected >= 0}
}

// WithInsertID returns r with a generated key. Only a dialect whose database
// gives the key of exactly this statement calls it.
func (r Result) WithInsertID(id int64) Result {
	r.id, r.has = id, true
	return r
}

// RowsAffected returns how many rows were inserted, deleted, or matched by an
// UPDATE (not only those that the UPDATE changed), and -1 where the database
// does not say.
func (r Result) RowsAffected() int64 {
	if !r.known {
		return -1
	}
	return r.affected
}

// errNoInsertID says what to do instead.
var errNoInsertID = &kindError{ErrUnsupported, "no generated key: the statement inserted none, or this database does not report it; " +
	"use RETURNING (expr's Returning says it for each database)", nil}

// LastInsertID returns the key that the database generated for the statement.
// It is an error, and not 0, where the statement generated none or the
// database or its driver does not say. For an insert of many rows it is the
// first key on MySQL and the last on SQLite (Features.InsertID says which).
func (r Result) LastInsertID() (int64, error) {
	if !r.has {
		return 0, errNoInsertID
	}
	return r.id, nil
}

// Isolation is a transaction's isolation level, as in the SQL standard.
type Isolation uint8

// The isolation levels. DefaultIsolation leaves it to the database.
const (
	DefaultIsolation Isolation = iota
	ReadUncommitted
	ReadCommitted
	RepeatableRead
	Snapshot
	Serializable
	// Autocommit is no transaction at all: each statement stands by itself. It
	// is the engine's, which begins nothing then; a Conn is never asked for it.
	Autocommit
)

var isolationNames = [...]string{"default", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SNAPSHOT", "SERIALIZABLE", "AUTOCOMMIT"}

// String returns the level in SQL's words, "default" for DefaultIsolation.
func (i Isolation) String() string {
	if int(i) < len(isolationNames) {
		return isolationNames[i]
	}
	return fmt.Sprintf("unknown isolation level %d", uint8(i))
}

// TxOptions are a transaction's. The zero value is the database's default.
type TxOptions struct {
	Isolation  Isolation
	ReadOnly   bool
	Deferrable bool // PostgreSQL: SERIALIZABLE READ ONLY DEFERRABLE
}

// CheckTx returns an [UnsupportedError] for each option that, as its Features
// say, d's transactions do not have, and nil if there is none. Connections call
// it before they begin one.
func CheckTx(d Dialect, o TxOptions) error {
	f := d.Features()
	var errs []error
	if o.Isolation != DefaultIsolation && !f.Isolation.Has(o.Isolation) {
		errs = append(errs, Unsupported(d, "isolation level "+o.Isolation.String(), "use one of "+f.Isolation.String()+", or AUTOCOMMIT for no transaction"))
	}
	if o.ReadOnly && !f.ReadOnlyTx {
		errs = append(errs, Unsupported(d, "a read-only transaction", ""))
	}
	if o.Deferrable && !f.DeferrableTx {
		errs = append(errs, Unsupported(d, "a deferrable transaction", ""))
	}
	return errors.Join(errs...)
}
