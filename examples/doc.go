// Package examples is a folder of programs, one an idea:
//
//	quickstart    raw SQL, composed SQL, mapped structs and the schema, on any database
//	raw           SQL as text, and every way to read its rows
//	transactions  commit, rollback, savepoints, retries
//	errors        what mistakes say
//	compose       several queries from one base query
//	schema        tables declared, built and created; their DDL for five databases
//	orm           structs, relations, and a session
//	databases     one statement as each database gets it
//
// Each runs with go run ./examples/NAME and needs no server. The folder dialect
// is a module of its own: a dialect written outside SQLayer, and its tests.
package examples
