// Package behaviours checks docs/behaviours.md, the table of observable
// behaviours and of the tests that pin them: each number that a heading
// announces has a row, each test that a row names is in the tree, and few rows
// are waived. It is not meant to be imported; run it with
//
//	go test ./internal/behaviours
//
// A heading announces its numbers in parentheses, as in "(1–20, 23)". A row
// names its tests as `pool.TestName` or `engine.TestName/subtest`: the path of
// the package in the module, the function, and for a subtest a text that stands
// in that function. A row is waived by "waived:" and the reason in place of the
// tests.
package behaviours
