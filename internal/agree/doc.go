// Package agree makes expressions, queries, writes and tables by chance and
// checks that they mean the same wherever they run.
//
// An expression is made together with a function in Go that says what it comes to in
// each row, by the three-valued logic of SQL; where the databases differ by their
// nature (texts that differ in case alone, sums beyond 64 bits), the function gives up, and
// the expression is not sent. Queries and writes are compared with what they come to in Go
// in the same way, and tables with what is read of them. Values of each type are written and read
// in every way that there is. One more dialect, which runs on SQLite, is without
// booleans, FILTER, NULLS FIRST, comparisons of rows and what else SQL Server and
// Oracle lack, so that what is written in their place is run as well.
//
// SQL Server, Oracle and MySQL 8, for which no server is at hand, are not asked what a
// statement comes to, but the grammars of package grammar judge how it is said: see
// [Statements] and [Tables].
//
// A test takes a few hundred by fixed seeds; the fuzz targets, for a minute each in make
// soak, take whatever comes. What fails is reported with its seed and, of an
// expression, the smallest part of it that is wrong.
package agree
