// Package sqldriver is the ground under the dialects whose driver speaks the
// interfaces of database/sql/driver: it turns a [driver.Connector] into a
// [dialect.Connector] and a [driver.Conn] into a [dialect.Conn].
//
// It takes the place of database/sql, not of the driver: there is no pool
// here, no retry, and no conversion through reflection. What a driver offers
// is used: ConnPrepareContext, QueryerContext, ExecerContext (and ErrSkip),
// StmtQueryContext, StmtExecContext, ConnBeginTx, Pinger, SessionResetter,
// Validator, NamedValueChecker (a statement's before its connection's),
// ColumnConverter, RowsNextResultSet, RowsColumnTypeDatabaseTypeName,
// RowsColumnTypeNullable, and the older interfaces without a context. It knows
// no database: what differs is in a [Config].
//
//	cfg := &sqldriver.Config{
//		Dialect:        d,                    // for what its transactions can do
//		Prepare:        sqldriver.WithArgs,   // prepare what has arguments …
//		StatementCache: 256,                  // … and keep that many for each connection
//		Bind:           bind,                 // dialect.Arg → what the driver takes
//		Decoder:        decoder,              // how a column's values are read; nil: as they are
//		Begin:          begin,                // transactions by SQL text
//	}
//	connector := sqldriver.NewConnector(driverConnector, "db:3306", cfg)
//
//	func (d *Dialect) Classify(err error) *dialect.Error {
//		return sqldriver.Classify(err, d.describe) // describe reads the driver's codes
//	}
//
// # Statements
//
// [Config.Prepare] says which texts are prepared. Prepared statements are kept
// for each connection, by text, and the one that was not used for longest is
// closed first; [Config.StatementCache] is how many. A text that is very long
// is prepared for one use. A kept statement also keeps the description of its
// columns: as long as the server describes the result in the same way, Rows
// gives the same slice again.
//
// # Errors
//
// A Conn returns the driver's error in a [*Failure], which says what the
// driver's error cannot: whether the connection is lost, whether the
// statement may have been executed, and the context's cause. [Classify] makes
// a [dialect.Error] from both. driver.ErrBadConn is never answered by trying again.
//
// # Out parameters
//
// A statement whose arguments have Out set is executed, and what the
// database wrote into them becomes the rows of a [dialect.Rows], in the order
// of the arguments and described by Compiled.Columns; see [Config.Out].
//
// # Transactions
//
// [Config.Begin] begins by SQL texts; without it the driver's ConnBeginTx does. A
// driver that keeps the context of BeginTx and uses it for the commit gets
// there the commit's own context.
//
// Go 1.27 gives drivers a RowsColumnScanner, by which a row goes into its
// destinations without a driver.Value in between. None of the drivers here has it
// yet; its place is rows.ScanRow, column by column.
package sqldriver
