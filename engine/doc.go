// Package engine runs SQL: connections from a pool, results read into Go
// values, transactions, and errors that are the same on every database. It
// knows nothing of how SQL is composed (package expr) or of mapped objects
// (package orm), and both run on it.
//
//	import (
//		"github.com/sqlayer-go/sqlayer/engine"
//		_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
//	)
//
//	eng, err := engine.Open("sqlite:///todos.db") // checks everything, dials nothing
//	defer eng.Close()
//
//	todos, err := engine.All[Todo](ctx, eng, engine.Text("SELECT * FROM todos WHERE done = :done", engine.Named{"done": false}))
//	err = eng.Transact(ctx, func(tx *engine.Tx) error {
//		_, err := tx.Exec(ctx, "UPDATE todos SET done = ? WHERE id = ?", true, 7)
//		return err
//	})
//
// # Who runs a statement
//
// An [Engine] takes a connection from its pool for each statement and is safe
// for concurrent use. A [Conn] is one connection until it is closed, a [Tx] one
// transaction. Both are for one goroutine at a time. Use by two at once, a
// statement while rows are open, a Conn while its Tx is open, and a Tx while its
// savepoint is, are errors of kind [ErrInUse] that name what is open, on every
// database alike; nothing is sent then. What was closed gives [ErrClosed].
//
// All three are dialect.Runners, which is what [All], [One], [Scalar] and
// [Each] take. An Engine leases a connection first and compiles the statement
// for that server afterwards.
//
// # Text
//
// The text of a statement goes to the database as it is, with the database's
// own placeholders. If the only argument is a [Named] or a struct, :name
// parameters are looked up in it, and a slice that is the whole of IN (:name)
// opens up. Values are never written into the text.
//
// # Rows into structs
//
// A struct is filled by the names of the result's columns: each column has
// exactly one field, each field its column. The name of a field is that of its
// db tag, or else its own in snake case. A column without a field, a field
// without a column (unless its tag says optional), two fields or two columns of
// one name are errors that name both, before a row is read. Names are compared
// exactly first, then without regard to case.
//
//	type Todo struct {
//		ID    int64
//		Title string
//		Due   *time.Time           // NULL is nil
//		Note  sql.Null[string]     // or this
//		Owner *Person              // columns "owner.id", "owner.name": nil if all of them are NULL
//		Extra map[string]int `db:",json"`
//		Cache string         `db:"-"`
//	}
//
// A nested struct that the result has no column of is left alone, so that a
// type which is mapped by package orm, with its relations, can be read by text
// too. Embedded structs count as part of the outer one. Other types than
// structs take a result of one column; a map[string]any takes any result.
//
// NULL goes into pointers, sql.Null, sql.Scanner, []byte and any. Into anything
// else it is an [ErrNullValue] that names the column and the field. No
// conversion loses anything: a number that does not fit is an error.
//
// # Transactions
//
// [Engine.Transact] commits if the function returns nil and rolls back if it
// returns an error or panics; in a Tx the same is a savepoint. After a lost
// connection or a failed commit every use of the Tx says that it has to be
// rolled back first. A failed statement is never sent again by itself; what may
// be is a whole transaction, with [Retry]. A text that would end the
// transaction (COMMIT, ROLLBACK, BEGIN) is refused in a Tx: what followed would
// be committed by itself.
//
// What is to be done once a transaction has ended (a message to send, a file to
// remove) is given to [Tx.OnCommit] or [Tx.OnRollback].
//
// [Conn.BeginTwoPhase] begins a transaction that is prepared first and committed
// once others are prepared too. Isolation level [Autocommit] is a Tx without a
// transaction, for what must not run in one.
//
// # Several statements at once
//
// A [Batch] sends its statements in one round trip where the connection can do
// that, and runs them one by one elsewhere; all of it takes effect, or nothing.
//
// # Many rows
//
// [Copy] appends any number of rows to a table, from an iterator and in the
// fastest way that the database has: COPY, the bulk protocol, array binding, or
// kept statements of many rows; all of it takes effect, or nothing. [CopyFrom]
// is for rows that may fail, such as those of [Each] on another database. To
// have the keys that the database generates, insert with package expr, by
// Returning and InOrder.
//
// # Settings of a call, of a part of the program, of everything
//
// [Options] gives one statement a [Timeout] or a [Tag], which the server sees
// in a comment. [Schemas], for a statement or an Engine, puts its tables into other
// schemas: those of a tenant. [Engine.Connect] takes the defaults of that connection's
// transactions. [Engine.With] gives an Engine on the same pool with other
// defaults, for one part of a program. [Hooks] see what an Engine does, and may
// say of an error that it means a lost connection.
//
// # The pool
//
// How many connections there are, how long they live and what is done when one
// cannot be opened are options of [Open]: [WithPoolSize], [WithMinIdle],
// [WithRecycle], [WithPrePing], [WithBackoff] and others. [Engine.Stats] counts,
// and with [WithTrackLeases] the Engine tells who has not given a connection back.
// [Conn.Invalidate] and [Conn.Retire] keep a connection from going back,
// [Conn.Detach] takes it out of the pool, and [Engine.InvalidateAll] replaces them all.
//
// # Beside database/sql
//
// [Engine.DB] is a *sql.DB on this pool, for a migration tool or another
// library. [FromDB] runs an Engine on a *sql.DB that a program has already.
//
// # Ending
//
// A context that ends stops the statement on the server, where the database can
// do that, and the error is an [ErrCancelled] that also is the context's. Close
// methods take no context: they have a time limit of their own
// ([WithCloseTimeout]).
package engine
