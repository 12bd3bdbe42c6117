// Package testenv tells tests which databases they may use.
//
// A test asks for a database and gets its URL, or is skipped with a reason
// that says how to turn the database on:
//
//	func TestUpsert(t *testing.T) {
//		testenv.CheckLeaks(t)
//		testenv.Each(t, func(t *testing.T, b testenv.Backend) {
//			eng, err := engine.Open(b.URL)
//			...
//		})
//	}
//
// SQLite is always there: every call gives a fresh file in the test's own
// temporary folder. The servers are named by environment variables:
//
//	SQLAYER_TEST_POSTGRES        postgres://postgres@127.0.0.1:5432/test
//	SQLAYER_TEST_POSTGRES_SCRAM  the same server, a user who logs in with scram-sha-256
//	SQLAYER_TEST_POSTGRES_SOCKET the path of its unix socket
//	SQLAYER_TEST_MYSQL           mysql://root@127.0.0.1:3306/test (MySQL or MariaDB)
//	SQLAYER_TEST_MYSQL_PASSWORD  the same server, a user who has a password
//	SQLAYER_TEST_MYSQL_SOCKET    the path of its unix socket
//	SQLAYER_TEST_MSSQL           sqlserver://...
//	SQLAYER_TEST_ORACLE          oracle://...
//	SQLAYER_TEST_COCKROACHDB     postgres://... of a CockroachDB server
//	SQLAYER_TEST_TIDB            mysql://... of a TiDB server
//
// SQLAYER_REQUIRE lists the databases whose absence is a failure and not a
// skip: SQLAYER_REQUIRE=sqlite,postgres,mysql. The program in
// internal/testbed starts throwaway servers and sets all of this.
//
// Servers are shared by every test of a run, and packages run side by side:
// a test makes tables (or a schema, or a database) under names of its own and
// drops them. The package uses the standard library only, opens no connection
// itself, and is not meant for anything but tests.
package testenv
