package dialect

import "context"

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

// Copier is a Conn with a faster way to load many rows than INSERT (COPY on
// PostgreSQL).
type Copier interface {
	// CopyFrom appends rows to the table, all or none of them. The columns have the
	// names given; next returns one value for each, and nil, nil after the
	// last row. The slice may be reused between calls. An error of next
	// ends the copy and is returned joined.
	CopyFrom(ctx context.Context, schema, table string, columns []string, next func() ([]any, error)) (Result, error)
}
