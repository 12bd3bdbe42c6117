// Package testserver starts throwaway PostgreSQL and MariaDB (or MySQL) servers
// for tests.
//
//	s, err := testserver.Postgres.Make(ctx, dir, testserver.Options{Durable: true})
//	defer s.Stop()
//	eng, err := engine.Open(s.URL)
//	s.Crash()
//	s.Start(ctx) // the same port, the same data
//
// A server has its data in the folder that it is given, listens on a free port of
// the loopback interface, and dies with the process that started it where the
// system can see to that (Linux). As root it runs under another account, which
// must be able to reach the folder: [TempBase] says where that holds.
//
// Most tests share the servers that internal/testbed starts for a whole run, and
// find them through internal/testenv. This package is for the test bed, and for
// tests that stop and start servers.
package testserver
