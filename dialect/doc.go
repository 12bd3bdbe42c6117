// Package dialect is the ground of SQLayer: the contract between one database
// and everything above it. It says what a database is to the other layers (a
// [Dialect]), how a physical connection looks ([Conn], [Rows]), what can be
// said ([Statement]) and what can run it ([Runner]). The databases themselves
// are the packages below this one, one folder each: postgres, mysql, sqlite,
// mssql, oracle.
//
// It is not a way to run SQL: package engine is. It keeps no pool and knows
// no expressions. A program imports it to compile statements without a
// database, to match errors by [Kind], or to write a dialect of its own:
//
//	u, err := dialect.ParseURL("sqlite:///todos.db?busy_timeout=10s")
//	d, err := dialect.Lookup(u.Scheme)     // registered by importing dialect/sqlite
//	cn, err := d.OpenConnector(u, dialect.ConnectConfig{}) // checks the options, dials nothing
//	conn, err := cn.Connect(ctx)           // one physical connection, no pool
//	c, err := dialect.Compile(d, dialect.Text("SELECT title FROM todos WHERE id = :id", dialect.Named{"id": 7}))
//	rows, err := conn.Query(ctx, c)
//	for rows.Next() {
//		var title string
//		err = rows.ScanRow([]any{&title})
//	}
//	err = rows.Close()
//
// # The two seams
//
// What can be said is a [Statement]: one method, CompileSQL, which appends
// text and arguments to a [Compiled]. A Compiled comes from a pool and knows
// the dialect it is for: its [Writer] quotes identifiers, numbers placeholders
// and fills the templates of [Features]. One Statement is one text; what
// takes several is a [Script].
//
// What can run it is a [Runner]: an engine, a connection, a transaction, an
// ORM session. The connection is taken first and the statement compiled for the
// dialect of its server, because that is when the server's version is known.
//
// # Writing a dialect
//
// A dialect is data first. Begin with a [Features] value: how the database
// pages, upserts, returns, locks, quotes and numbers its parameters, its
// reserved words, its functions and operators as templates. [Placeholder] to
// [CommentForm] list what the printer knows; what it does not know is a method,
// on one of the optional interfaces ([LiteralWriter], [UpsertWriter]), which
// gets the Writer and functions that write the parts that are compiled already.
//
// Then the five methods of [Dialect] beside Name and Features:
//
//   - OpenConnector reads the URL's options with [ReadOptions], so that an
//     option that nobody asked for is an error that suggests the nearest, and
//     builds the driver's configuration from [ConnectConfig].
//   - ForServer asks the server for its product and version and returns the
//     dialect for it. Dialects are compared with ==, so make each variant once.
//   - TypeName names a [Type] in DDL; [RenderType] does it from a table.
//   - Classify gives a driver's error its [Kind], by the database's codes.
//
// and [Connector], [Conn] and [Rows]. The rules that the layers above rely on
// are in their comments; the ones that are easily missed:
//
//   - Rows.Columns gives the same slice when a kept statement runs again:
//     plans are found by its address.
//   - Rows.ScanRow makes no conversion that loses something, copies bytes,
//     and boxes nothing. The Assign functions ([AssignInt64], [AssignString]
//     …) have the rules; call them for everything that has no faster way.
//   - A context that ends leaves a connection that is clean, or not Usable:
//     never one with half an answer on it.
//   - MayHaveRun in an [Error] is true unless it is certain that the server
//     did not execute the statement. Nothing that may have run is sent again.
//   - CheckTx refuses the transaction options that Features do not have.
//
// A server that speaks another database's protocol needs none of this: its
// dialect is a [Wrapper], which embeds the other database's and says what is
// different. The module in examples/dialect is one, a guide, and proven by
// the whole suite. [Register] makes a dialect known under URL schemes; package
// dialecttest tells whether it keeps the contract.
//
// # Concurrency
//
// Dialects, Connectors, Statements and Scripts are immutable and safe for
// concurrent use. A Conn, its Rows and a Compiled belong to one goroutine at a
// time.
package dialect
