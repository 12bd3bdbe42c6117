// Package grammar judges SQL text with the grammars of the databases
// themselves: PostgreSQL's own parser, and ANTLR grammars of MySQL 8, T-SQL
// and PL/SQL. It needs no server, and it is a module of its own, so that users
// of SQLayer do not inherit half a million lines of generated parsers.
//
//	err := grammar.Judge("mssql", "SELECT TOP (5) id FROM users")
//
// A grammar knows syntax only: no names and no types. Where one of these
// grammars accepts what the database refuses, a check of our own
// stands beside it (traps.go); where it refuses what the database accepts, the
// text stands in a list (false_rejections.json) with the section of the manual
// that allows it, and is compared letter by letter.
//
// The tests judge every text that the tests of the root module make for these
// databases: the golden files, the corpus, what the conformance suite sends,
// the catalogue's queries, each SQL text in the dialects' own sources, and what the
// tests of the other packages compile (TestTexts runs them once more, built with the
// constraint sqlayer_texts). They write down their verdicts about the corpus, with -update, in
// expr/corpus/testdata, where a test of the root module reads them. Statements and tables
// made by chance, those of package agree, are judged too: a few hundred texts, or as many as
// SQLAYER_SEEDS makes.
package grammar
