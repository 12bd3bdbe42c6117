// Package fakedb is a scripted database without a server, for the tests of the
// layers above the dialects: dials and pings fail when told to, a statement
// hangs until its context ends, a connection drops before, during or after a
// statement, and everything that is sent is counted and kept.
//
//	db := fakedb.New()
//	db.On("SELECT 1", fakedb.Rows([]string{"n"}, []any{int64(1)}))
//	db.On("UPDATE t", fakedb.Reply{Drop: fakedb.During})
//	eng, err := engine.Open("", engine.WithConnector(db.Connector()))
//	…
//	if n := db.Counts().Dials; n != 1 { … }
package fakedb
