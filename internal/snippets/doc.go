// Package snippets has tests of the documentation: what README.md and the
// packages' comments show as Go compiles, and what the pages link to is there.
// What a snippet takes for granted, such as the table Users, is declared in
// testdata/given.txt.
package snippets
