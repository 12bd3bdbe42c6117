// Package postgres is the dialect for PostgreSQL, on the native connection of
// pgx v5: the binary protocol, kept statements, pipelined batches and COPY,
// with neither database/sql nor another pool in between. CockroachDB and
// YugabyteDB speak the same protocol and are recognised.
//
// Importing it registers the schemes postgres and postgresql, cockroachdb and
// yugabytedb (whose ports are 26257 and 5433); what the server is, it says
// itself. Programs use package engine and need nothing from here:
//
//	import _ "github.com/sqlayer-go/sqlayer/dialect/postgres"
//
//	eng, err := engine.Open("postgres://ada@db.example.com/shop?sslmode=verify-full")
//
// [Dialect] is for compiling statements without a server, for any version:
//
//	text, args, err := expr.SQL(stmt, postgres.Dialect(postgres.Version(14)))
//
// # URL
//
//	postgres://user:password@host:port/database?option=value
//	postgres://h1:5432,h2:5433/shop                    several hosts, tried in order
//	postgres://[::1]/shop                              IPv6
//	postgres://%2Frun%2Fpostgresql/shop                a unix socket's directory
//	postgres:///shop?host=/run/postgresql              likewise
//	postgres:///shop?socket=/run/postgresql/.s.PGSQL.5432
//
// What the URL leaves out is libpq's default: the operating system's user, the
// database of the user's name, port 5432, the server's socket or localhost. The
// environment (PGHOST, PGUSER, PGPASSWORD …) and the files in the home
// directory do not count: a URL means the same everywhere. The options are
//
//	sslmode               disable, allow, prefer (the default), require, verify-ca, verify-full
//	sslrootcert, sslcert, sslkey, sslcertmode, sslsni, sslnegotiation
//	channel_binding, require_auth, passfile
//	target_session_attrs  any, read-write, read-only, primary, standby, prefer-standby
//	connect_timeout       for each host, 10s by default; 0 waits forever
//	cancel_timeout        how long a cancelled statement may take to end, 2s by default; 0 closes the connection at once
//	statement_cache       statements kept on a connection, 256 by default; 0 keeps none
//	query_mode            cache, describe, exec or simple; see below
//	application_name, search_path, timezone, client_encoding, options
//	statement_timeout, lock_timeout, idle_in_transaction_session_timeout
//	set.NAME              any other parameter of the session
//
// # Statements
//
// A text that has arguments, or gives rows, is prepared on its first run and
// kept (two round trips, later one). When the schema has changed under it, it
// is made again without the caller noticing, except in a transaction, where the
// error is [dialect.ErrStalePlan]. A text without arguments whose rows are not
// wanted goes as it is, and may hold several statements. Behind a PgBouncer in
// transaction mode that does not track prepared statements, use
// query_mode=describe (the descriptions are kept here, the text is sent each
// time), exec (no description: arguments go as text, []byte as BYTEA and times
// in UTC), or simple (the arguments are written into the text).
//
// A context that ends makes the server stop the statement, and the connection
// stays usable; only where the server does not answer within cancel_timeout it
// is closed. Rows that are closed early are read to their end, and after a
// megabyte or a tenth of a second stopped on the server instead, unless the
// statement writes, is one of several in a text, or stands in a transaction,
// which stopping would abort. So do not leave a long result in a transaction:
// say LIMIT, or let its context end. Where the transaction is rolled back
// anyway, it is stopped.
//
// # Values
//
// A time goes to a TIMESTAMP WITH TIME ZONE as the instant, to a TIMESTAMP as
// its wall clock in UTC, to a DATE or TIME as what the time itself shows; all
// come back in UTC. The database keeps microseconds; what is below is cut off.
// An infinite date is an error for a time.Time, and the text infinity for a
// string. NUMERIC is its exact text, or the nearest float64 where the variable
// is one. UUID, enumerations, intervals and network addresses are text; a
// [16]byte takes a UUID, a time.Duration an interval without months. JSON and
// JSONB take a string or bytes as JSON text and marshal structs and maps.
// Slices are arrays; an any gets an array as a []any, with a []any for each
// further dimension, and a range as its text. Other destinations, such as the
// types of pgtype, go through pgx; [Conn.Raw] is the *pgx.Conn, to whose type
// map more can be added.
package postgres
