// Package testspace gives a live test a namespace of its own on whatever
// database it runs, so that it may make tables called users and read all tables
// there are, beside other tests that do the same:
//
//	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
//		s := testspace.New(t, b)
//		eng, err := engine.Open(s.URL) // and whatever it makes is gone with the test
//
// A namespace is what a connection to it finds its tables in without naming it: a
// schema on PostgreSQL and CockroachDB, a database on MySQL, MariaDB, TiDB and SQL
// Server, a user on Oracle, the file itself on SQLite. To make one, the user of the
// URL in the environment needs the right to; where the database refuses, the test
// fails and says what was refused.
//
// Every statement that is sent here ends in a bounded time, on a context of its own.
package testspace
