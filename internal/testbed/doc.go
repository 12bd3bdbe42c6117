// Command testbed runs the tests of this module on live databases.
//
//	go run ./internal/testbed                          the whole module, under the race detector
//	go run ./internal/testbed ./engine/... -run Tx     arguments of go test
//	go run ./internal/testbed -modules                 every nested module
//	go run ./internal/testbed -bench                   every benchmark, once
//	go run ./internal/testbed -- psql ...              any command, with the servers up
//
// It starts a throwaway PostgreSQL and a throwaway MariaDB (or MySQL) on free
// ports of the loopback interface, with their data in a temporary folder, and
// names them to the tests in the environment variables that package
// internal/testenv describes. Where the server programs are missing and it
// runs as root on a Debian system, it installs them with apt-get, without
// starting the system's own services. A variable that is set already takes
// that server's place. When the command ends, fails, panics or is interrupted,
// the servers are stopped and the folder is removed.
//
// The tests run under the race detector, with the SQLite engine left out of
// it, if there is a C compiler. Tests whose names hold Alloc then run once more
// without the detector, where the number of allocations counts.
//
// The last line names the backends that ran, and those that did not with how
// to turn each on. The exit code is that of the tests. A backend that
// SQLAYER_REQUIRE names and that cannot be had is an error.
//
// The program stops when the one that started it goes away: go run passes an
// interrupt on to it, but no other signal.
package main
