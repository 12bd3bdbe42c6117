// Package faults holds tests of what happens when the network, the server or
// the users of a pool fail. It has no code of its own.
//
// TestFaults starts a PostgreSQL and a MariaDB server for itself, which it may
// stop and change, and puts package internal/wireproxy before them. Its matrix
// has a row for each fault and a column for each way to use a database: package
// pool alone, [engine.Engine] and its Transact. A cell writes a row with a key
// of its own while the fault happens, and then asks another connection whether
// the row is there. So each cell knows the truth, and checks
//
//   - the kind of the error;
//   - that an error which does not say MayHaveRun left no row, that no error
//     left the row, and what MayHaveRun must be at this very message;
//   - that the next use works;
//   - that the books of the pool balance, and that nothing stays open.
//
// Faults happen at a protocol message, or after a number of bytes, never after a
// time. Its bank makes transfers while all of that goes on: the sum of the
// accounts never changes, what was acknowledged is there, and nothing is there
// twice. Where the outcome of a commit is not known, it is looked up by the
// key of the transfer, never sent again.
//
//	make test                  each cell once, and the bank for a moment
//	make soak SOAK=10m         the bank, until each fault has happened often
//	make soak-stream           ten million rows in constant memory
package faults
