package dialect

import (
	"context"
	"fmt"
)

// Batcher is a Conn that sends several statements in one round trip.
type Batcher interface {
	// Batch runs the statements in order. each is called once for every
	// statement, in order, with its Rows, which are valid until it returns and
	// which Batch closes; their Result says what a statement did that
	// gives none. The first statement that fails ends the batch: Batch
	// returns a [*BatchError] that says which it was, and those after it
	// have not run. An error of each ends it too, and is returned as it is.
	// A nil each drops all rows.
	//
	// Outside a transaction the batch is a transaction of its own: all of
	// it takes effect, or none. When only each fails, what the statements did
	// stands; put the batch into a transaction where it must not.
	Batch(ctx context.Context, stmts []*Compiled, each func(i int, rows Rows) error) error
}

// BatchError is the failure of one statement of a batch.
type BatchError struct {
	Index int // of the statement, from 0
	Err   error
}

// Error returns the statement's error; it does not say which statement it was.
func (e *BatchError) Error() string { return e.Err.Error() }

// Unwrap returns the statement's error.
func (e *BatchError) Unwrap() error { return e.Err }

// Copier is a Conn with a faster way to load many rows than INSERT: COPY on
// PostgreSQL, the bulk protocol of SQL Server, array binding on Oracle, LOAD
// DATA on MySQL.
type Copier interface {
	// CopyFrom appends rows to the table. The columns have the names given;
	// next returns one value for each, and nil, nil after the last row. The
	// slice may be reused between calls, what its values point to not. next may
	// be called on another goroutine, but not after CopyFrom has returned. An
	// error of next ends the copy and is returned, joined with others.
	//
	// Outside a transaction all rows take effect or none. Within one, what a
	// copy that failed has left is for the caller to roll back. Values are
	// checked as those of an INSERT are ([Writer.Check], with the columns'
	// types), each before its row is sent.
	//
	// An error that is known to be of certain rows is a [*RowsError]. An
	// [ErrUnsupported] before next was called says that these columns are
	// better inserted; it is an [*IdentityError] where a generated one is among
	// them.
	CopyFrom(ctx context.Context, schema, table string, columns []string, next func() ([]any, error)) (Result, error)
}

// ColumnDescriber is a Dialect whose catalogue says more of the columns that
// rows are copied into than the description of a result does: how long a text
// may be, say. Without it, a query of no rows is asked.
type ColumnDescriber interface {
	// WriteDescribe appends the statement whose rows ReadColumns reads.
	WriteDescribe(w *Writer, schema, table string)
	// ReadColumns returns the columns of these names in their order, with the
	// types that values are checked by; nil where one of them is not among the
	// rows.
	ReadColumns(rows Rows, names []string) ([]Column, error)
}

// ColumnVersioner is a ColumnDescriber that tells more cheaply than by
// describing them whether a table's columns are still what they were.
type ColumnVersioner interface {
	ColumnDescriber
	// WriteVersion appends the statement whose rows ReadVersion reads. That
	// the program may not see what it asks for is an [ErrPermission].
	WriteVersion(w *Writer, schema, table string)
	// ReadVersion returns a text that changes with everything that ReadColumns
	// would read; empty where there is none.
	ReadVersion(rows Rows) (string, error)
}

// RowsError is an error of rows First to Last of a [Copier], counted from 1.
type RowsError struct {
	First, Last int64
	Err         error
}

// Error says which rows it was.
func (e *RowsError) Error() string {
	if e.First == e.Last {
		return fmt.Sprintf("row %d: %v", e.First, e.Err)
	}
	return fmt.Sprintf("rows %d to %d: %v", e.First, e.Last, e.Err)
}

// Unwrap returns the error.
func (e *RowsError) Unwrap() error { return e.Err }

// IdentityError is what a [Copier] returns where it would drop the values given
// for a column that the database generates. It is an [ErrUnsupported].
type IdentityError struct{ Column string }

// Error names the column.
func (e *IdentityError) Error() string {
	return "values of the generated column " + e.Column + " would be dropped"
}

func (e *IdentityError) kindOf() Kind { return ErrUnsupported }

// Is reports whether target is ErrUnsupported.
func (e *IdentityError) Is(target error) bool { return target == error(ErrUnsupported) }
