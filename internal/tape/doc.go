// Package tape runs a program on a database that is not there and keeps the
// text of every statement that the program sends:
//
//	rec := tape.New(mssql.Dialect())
//	eng, err := engine.Open("", engine.WithConnector(rec.Connector()))
//	…
//	for _, text := range rec.Texts() { … }
//
// The texts are those that a server of that dialect would get, so they can be
// judged by a grammar of that database. What the answers hold is of no use: a
// query gives one row (or Rows), in which a number is 1, a text "1", a truth
// value true.
package tape
