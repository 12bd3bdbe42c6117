// Package quarry is a dialect of SQLayer that was written outside it: a module
// of its own, with nothing but SQLayer's exported API. It is a guide to a
// dialect of your own, and the tests run it against the whole conformance suite.
//
// Quarry is a made-up server. It speaks PostgreSQL's protocol and most of its
// SQL, as a good number of real ones do, and differs in what such servers differ in:
//
//   - It calls itself by a name and a version of its own.
//   - It has no materialized views.
//   - It has a type of unsigned whole numbers, quarry.ubigint, and a shorter
//     list of isolation levels.
//   - It has error codes of its own: QY001 for what it does not have, QY053
//     where the space of a tenant is used up.
//
// A program uses it like any other dialect:
//
//	import _ "example.com/quarry" // registers the scheme
//
//	eng, err := engine.Open("quarry://app@db.example.com:5432/ledger")
//
// # Step 1: stand on a dialect that is there
//
// A dialect from nothing has a protocol to speak, and package dialect says what
// that takes. A server that speaks another database's protocol needs a few
// dozen lines: a struct that embeds the [dialect.Dialect] it stands on, and
// Unwrap, so that [dialect.As] finds what else that one can do (reflection,
// literals, the search for a table). See [Dialect] and dialect.go.
//
// # Step 2: say what is different, as data
//
// Features is a copy of the other dialect's, changed once, before anybody sees
// it. The maps in it are shared with the original: clone one before you change
// it. What is off is refused by package expr and expr/schema before anything is
// sent, with an error that names the dialect; nothing else is to be done for it.
//
// # Step 3: take the connections
//
// OpenConnector sets [dialect.ConnectConfig].Dialect to the new dialect and
// lets the old one dial. The connections are then the new one's: they refuse
// its isolation levels, and describe errors as it does.
//
// ForServer is asked on the first connection, and has the last word on what
// there is. It lets the old dialect find its version, then asks for what is its
// own, and gives an error where the server is something else: that is better
// found at the first connection than by the first statement that fails. Two
// servers of one version are to get the same pointer, because dialects are keys
// of caches: [dialect.Dialect] says more.
//
// # Step 4: types and errors
//
// TypeName names the types that are different and leaves the others to the
// dialect below; ParseType reads the same names back, for reflection
// and for schema.Diff. See types.go.
//
// Classify lets the dialect below read the driver's error and then looks for
// its own codes. It changes a copy: one error may be seen by several
// goroutines. See errors.go.
//
// # Step 5: register, and prove it
//
// An init function gives [dialect.Register] the URL schemes. Then
// dialecttest.Run has some 700 cases for a live server: see quarry_test.go. What is off
// in Features is put to the server, which has to refuse it; a flag that is
// off by mistake fails there, as does one that is on and does not work.
//
// There is no Quarry to run this on. The tests make one: a database of a
// PostgreSQL server with the type, the codes, and an event trigger that refuses
// what Quarry does not have.
package quarry
