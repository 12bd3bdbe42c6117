// Package sqlite is the dialect of SQLite, on the engine of modernc.org/sqlite:
// SQLite itself in Go, without cgo and without database/sql. Importing it
// registers the schemes sqlite and sqlite3.
//
// It opens single connections and knows SQLite's SQL, types and errors. It is
// not a pool, and not the way to run SQL in a program: that is package engine.
//
//	import _ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
//
//	eng, err := engine.Open("sqlite:///todos.db?busy_timeout=10s")
//
// or, one connection by hand:
//
//	u, err := dialect.ParseURL("sqlite:///todos.db")
//	cn, err := sqlite.Dialect().OpenConnector(u, dialect.ConnectConfig{})
//	conn, err := cn.Connect(ctx)
//
// # URLs
//
//	sqlite:///rel.db        a file, relative to the working directory when the URL is read
//	sqlite:////abs/file.db  a file by its absolute path
//	sqlite:///C:/abs.db     likewise, on Windows
//	sqlite://               a new database in memory; sqlite:///:memory: is the same
//
// The options, each of which is checked before anything is opened:
//
//	busy_timeout=5s       how long to wait for a lock; the context ends the wait too
//	journal_mode=wal      delete, truncate, persist, memory, off; wal is the default for files
//	synchronous=normal    off, full, extra; normal is the default with wal, full otherwise
//	foreign_keys=on       whether foreign keys are enforced
//	cache_size=-2000      pages, or KiB where it is negative
//	mode=rwc              ro: read only; rw: the file must exist; rwc: it is created
//	txlock=immediate      how a write transaction begins: deferred, immediate, exclusive
//	statement_cache=256   prepared statements kept a connection; 0 keeps none
//	pragma.NAME=value     any other setting of SQLite, on each connection
//
// Settings belong here and not in a PRAGMA that a program runs: that one would reach one
// connection of a pool, and is undone when the connection is handed back.
// Databases that are attached stay attached to their connection.
//
// # Transactions and locks
//
// SQLite has one writer at a time. A transaction takes the writer's place when
// it begins (BEGIN IMMEDIATE), so that it waits there and does not fail in the
// middle; one that is read-only begins deferred, and its writes are refused.
// Isolation is SERIALIZABLE. With the write-ahead log, the default for files,
// readers and the writer do not wait for each other. A wait that is too long is
// dialect.ErrBusy, after which the transaction can be run again.
//
// After some errors (a full disk, a cancelled write, ON CONFLICT ROLLBACK)
// SQLite rolls the whole transaction back by itself. What follows is then
// refused as dialect.ErrTransactionAborted until Rollback, and does not run
// outside of the transaction.
//
// A database in memory is one for all connections of its connector, and goes
// when the connector is closed. It has no write-ahead log: readers wait for
// the end of a write transaction and a commit waits for the readers that are
// open. A goroutine that reads on one connection while it holds a write
// transaction open on another waits for itself, until busy_timeout.
//
// # Values
//
// SQLite keeps integers, floats, text and blobs. What it lacks is stored so
// that nothing is lost and its own functions understand it:
//
//	bool         1 and 0, in a column declared BOOLEAN
//	time.Time    text in UTC, 2006-01-02 15:04:05.999999999 without trailing zeros: it
//	             sorts as time does, and date(), strftime() and CURRENT_TIMESTAMP speak the same
//	date, time   2006-01-02 and 15:04:05, as the value shows them in its own location,
//	             where the argument's type is dialect.Date or dialect.Time
//	decimal      text, in a column declared DECIMAL_TEXT(12,2), with the digits after the point
//	             that the column has: 1.5 is kept as 1.50
//	JSON, UUID   text, in columns declared JSON_TEXT and UUID_TEXT
//	interval     a number of nanoseconds, as time.Duration has it
//
// A column declared DECIMAL or NUMERIC would turn decimals into floats, and
// one declared JSON 1.0 into 1; a name that holds TEXT keeps what was written. Decimals
// that are text compare and sort as text; for arithmetic and order,
// CAST(price AS NUMERIC) makes numbers of them, with the precision of a float: of about
// 15 digits. UNIQUE, GROUP BY, DISTINCT and UNION go by the text, which is one for
// equal numbers that go in as text; a value that the database has calculated, and 1.5 in a text
// of one's own SQL, are kept as they come. A
// dialect.Type that is Inexact asks for such a NUMERIC column (lite.Numeric).
//
// Text in any usual form of ISO 8601 reads into a time.Time; a number does only
// from a column that is declared as a time (seconds since 1970, or a Julian day
// where it has a fraction). Into *any, a BOOLEAN column reads as bool, and text
// of a column declared DATE, TIME, DATETIME or TIMESTAMP as time.Time if it is
// one.
//
// Refused, before anything runs, since SQLite would store something else: NaN
// (it would be NULL), a uint64 beyond MaxInt64 (a float), years beyond 0000 to 9999, a
// time.Time for a column of numbers.
//
// # Statements
//
// Parameters are ?, ?1, :name, @name and $name. A text of several statements is
// for Exec, without arguments. RowsAffected is 0 for whatever changes no row;
// LastInsertID is there only if the statement itself has inserted a row into a
// table with row numbers.
//
// A context that ends stops the statement, wherever it is, and leaves the
// connection usable. Watching a context costs neither a goroutine nor an allocation.
//
// A name in double quotes that is no column is an error here, and not a
// string as in SQLite's shell.
package sqlite
