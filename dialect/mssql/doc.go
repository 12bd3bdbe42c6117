// Package mssql is SQLayer's dialect of Microsoft SQL Server and Azure SQL, over
// the driver github.com/microsoft/go-mssqldb. Importing it makes the URL
// schemes sqlserver and mssql known:
//
//	import (
//		"github.com/sqlayer-go/sqlayer/engine"
//		_ "github.com/sqlayer-go/sqlayer/dialect/mssql"
//	)
//
//	eng, err := engine.Open("sqlserver://ada:s3cret@db.example.com/shop?app_name=orders")
//
// It runs statements and says what the database can say; it has no pool, no
// retry and no SQL of its own. SQL Server 2012 is the oldest version that is
// supported; what a server can do is found out on the first connection to it.
//
// # Options of the URL
//
//	encrypt                   true (default), strict, false (the login only), disable
//	trust_server_certificate  true: take any certificate (default false)
//	certificate               file (.pem, .der) of an authority to trust
//	server_certificate        file of the one certificate to accept
//	host_name_in_certificate  the name to look for, if it is not the host's
//	tls_min                   1.0, 1.1, 1.2 (default), 1.3
//	instance                  a named instance, asked of the SQL Server Browser
//	auth                      password (default); access_token: the password is a token
//	connect_timeout           for dialling and logging in (default 30s)
//	statement_cache           texts whose results' columns a connection knows (256; 0: none)
//	dial_timeout              for dialling alone (default 15s)
//	keep_alive                of TCP (default 30s)
//	packet_size               512 to 32767
//	lock_timeout              SET LOCK_TIMEOUT
//	app_name, workstation_id  what the server shows of the client
//	application_intent        ReadOnly: a readable secondary will do
//	multi_subnet_failover     true: dial all addresses of the host at once
//	failover_partner, failover_port, server_spn
//	set.NAME                  SET NAME value, on each new and each reset session
//
// Connections are encrypted and the server's certificate is checked unless
// the URL says otherwise. A URL has one host.
//
// # Types
//
// Text is NVARCHAR, always: a VARCHAR column turns what its code page lacks
// into other characters or question marks, without an error. A VARCHAR without
// a length is NVARCHAR(255), which can be indexed. For a real VARCHAR column,
// give its type by name (dialect.Type{Kind: dialect.Native, Name:
// "VARCHAR(50)"}); arguments for it are then declared as VARCHAR too, if they
// are ASCII, so that its index is used.
//
// A value that such a column would change is refused where its collation is
// known: by the type (its Collation, or a COLLATE in its name), from
// reflection, in a copy, and otherwise as the database's, which each connection
// asks for ([Collation] without one). It is not known for text of one's own,
// for columns that are declared as a portable type and are VARCHAR in the
// database, for types of the user's own, and for collations that SQL Server
// does not list: there the server does what it does. Collations that end in
// _UTF8 keep all text.
//
// A Decimal without a precision is NUMERIC(38, 10), since SQL Server's own
// default has no fraction. Exact numbers are read as text, and lose nothing.
// UNIQUEIDENTIFIER keeps a UUID's bytes in another order than its text has;
// they are put in order both ways. A Timestamp (DATETIME2) holds UTC; a Date or
// Time what the clock of the time.Time says; a TimestampTZ (DATETIMEOFFSET)
// keeps the offset. A time.Time for a column whose type is not known goes as
// UTC. Fractions of a second have seven digits. There is no NaN and no
// infinity.
//
// Length functions count as SQL Server does: LEN does not count spaces at the end.
//
// # Arguments
//
// Statements with arguments run through sp_executesql, with each parameter declared by
// the type of the column that it meets, or else by the kind of its value: the
// same text has one plan, whatever the length of its strings. A statement
// takes 2098 parameters. A text that is nothing but a name is a stored
// procedure's, and its arguments are the driver's business, as are those of the driver's
// own types (mssql.TVP, sql.Out, *mssql.ReturnStatus).
//
// # Transactions
//
// There are the four levels of the standard and SNAPSHOT, which must be
// allowed in the database. The server keeps a transaction's level on the
// session; the dialect sets it back. Read-only transactions do not exist and are refused.
// Savepoints have no release.
//
// A context that ends stops the statement on the server, and the connection stays good.
//
// # What the database does not report
//
// There is no key of an insert but through OUTPUT (Result.LastInsertID is an
// error). OUTPUT is refused by the server (334) for a table with triggers.
package mssql
