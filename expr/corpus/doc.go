// Package corpus is a test of package expr against a corpus of 308 statements
// in five dialects, with the text that SQLAlchemy renders for each and what a
// live database said of it. It has no code outside its tests.
//
//	go test ./expr/... -run Corpus -v
//
// testdata/corpus.json and corpus_more.json are the corpus. Each statement is
// built again in a file cases_<category>_test.go and compiled for each dialect:
//
//   - The text is compared but for white space and the names that SQLAlchemy
//     makes up, the parameters in number, order, type and value (params_test.go
//     has the mapping of each dialect).
//   - A statement may be refused, with an Unsupported error, where the corpus
//     has no text that the database accepts.
//   - A text that differs on purpose stands in docs/differences.md with its
//     reason, counted, so that they do not grow.
//   - Raw text and nodes of one's own stand only where the Python has them.
//   - Databases that are there run each statement on the rows of seed_test.go,
//     in a transaction that is rolled back, and give the same rows. What MySQL 8, SQL
//     Server and Oracle would say is in testdata/<dialect>.verdicts.json: a grammar's
//     verdicts of testdata/<dialect>.golden.json, which -update writes.
//
// The last six lines are the count for each database.
//
// # How to add a case
//
// The id of a case is category/name-number. The map of its category takes a
// builder under name-number: same for a statement that is built alike for all
// dialects, by where it differs by dialect, scripts for DDL. What a case needs
// in the database beside the tables goes into the map before, the id of a case
// whose rows are a time or a random number into noRows. For a text that differs
// on purpose, run the test once with
//
//	-differ expr/cast-1,expr/cast-2@oracle -why 'what is better about it'
//
// which adds rows to docs/differences.md; -update refreshes those that are there.
package corpus
