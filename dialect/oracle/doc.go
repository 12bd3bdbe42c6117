// Package oracle is SQLayer's dialect of Oracle Database, over the driver
// github.com/sijms/go-ora/v2. Importing it makes the URL scheme oracle known:
//
//	import (
//		"github.com/sqlayer-go/sqlayer/engine"
//		_ "github.com/sqlayer-go/sqlayer/dialect/oracle"
//	)
//
//	eng, err := engine.Open("oracle://ada:s3cret@db.example.com:1521/orclpdb1")
//
// What follows the host is the service; several hosts, separated by commas, are
// tried in their order. It runs statements and says what the database can say;
// it has no pool, no retry and no SQL of its own. Oracle 12.1 is the oldest
// version that is supported; what a server can do is found out on the first
// connection to it.
//
// # Options of the URL
//
//	sid, instance_name   in place of, or beside, the service
//	connect_descriptor   a whole (DESCRIPTION=…), in place of host and service
//	ssl, ssl_verify      true or false
//	wallet, wallet_password
//	auth                 normal (default), os, kerberos, tcps
//	os_user, os_password, domain, proxy_client_name
//	dba_privilege        sysdba, sysoper, …
//	encryption, data_integrity   accepted, rejected, requested, required
//	connect_timeout      for dialling and logging in (default 30s)
//	statement_cache      texts whose results' columns a connection knows (256; 0: none)
//	read_timeout         for each read and write of the network, whole seconds
//	prefetch_rows        rows a fetch (the driver's default is 25)
//	lob_fetch            pre (default, with the row) or post
//	program              what the server shows of the client
//	language, territory, client_charset, oob, trace_file
//	set.NAME             ALTER SESSION SET NAME = value, on each new session
//
// # Names
//
// A name in lower case stands for one that ignores case, and is written
// without quotes; so names that come back in upper case are given in lower case, where
// that is the same identifier. Other names are quoted and stay as they are.
//
// # Types
//
// Oracle has no empty string: it is NULL. A Boolean is NUMBER(1) before 23ai.
// A UUID is RAW(16), in the order of its text; JSON is CLOB. There is no type
// for a time of day. A VARCHAR without a length is VARCHAR2(255 CHAR), one of more
// than 4000 characters a CLOB. NUMBER is read as the text that it has, and
// loses nothing; what is longer than its 38 digits is refused.
//
// Sessions are in UTC. A Timestamp holds UTC; DATE, which has hours in Oracle,
// holds a day as the clock of the time.Time says when the column's type is
// Date; a TimestampTZ keeps the offset. A time.Time for a column whose type is
// not known goes as UTC.
//
// # Statements
//
// Arguments are bound by position, :1, :2, one for each placeholder. In a
// text with names of its own (:name), arguments that are all sql.Named are
// bound by these.
//
// RETURNING … INTO gives a row back through Out arguments. Such a statement
// runs in a block of PL/SQL, so that no row is no error, and so that more than one
// row is an error of the database (ORA-01422) with nothing done. That is why an
// INSERT has one row. MERGE gives nothing back.
//
// # Transactions
//
// Levels are READ COMMITTED and SERIALIZABLE; a read-only transaction sees
// one moment. DDL commits. Savepoints have no release.
//
// A context that ends sends a break to the server, and the connection is given up: the
// answer to the break may come later. While rows are fetched, the driver does not look at
// the context, and the network connection is closed instead. A session that ran
// ALTER SESSION cannot be set back, and is closed on its return.
//
// # What the database does not report
//
// There is no key of an insert but through RETURNING (Result.LastInsertID is
// an error). Of private temporary tables the catalogue has the names
// (USER_PRIVATE_TEMP_TABLES, from 18c on) and not the columns, so reflection
// leaves them out; global temporary tables are read as any other.
package oracle
