// Package snippets has a test that compiles what README.md and the packages'
// documentation show as Go: no snippet is wrong unseen. What a snippet takes for
// granted, such as the table Users, is declared in testdata/given.txt.
package snippets
