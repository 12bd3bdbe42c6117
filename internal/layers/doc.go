// Package layers holds the tests that keep the module in its shape: which
// package may import which, what must not be linked into a program, what lies
// at the top of the repository, how long a file may be, and that every package
// has a guide.
//
// The table of imports is in rules.go. A package that no row of it covers
// fails the test: a new one is given its place there first. The package is not
// meant to be imported; run it with
//
//	go test ./internal/layers
package layers
