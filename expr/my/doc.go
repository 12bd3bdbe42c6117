// Package my is what MySQL and MariaDB alone say, for statements of package
// expr. Each construct asks the dialect for a capability, and a database that
// lacks it refuses the statement; what one of the two products lacks is said
// with the function.
//
//	expr.Insert(Hits).Values(Hits.Path.Set("/")).Prefix(my.Ignore())
//	expr.Insert(Hits).Values(Hits.Path.Set("/")).Prefix(my.Replace())
//	expr.Select(Posts.ID).From(Posts).OrderBy(my.Field(Posts.State, "new", "open", "done"))
//
// The search of words in columns with a FULLTEXT index:
//
//	q := "+sql -oracle"
//	expr.Select(Posts.ID).From(Posts).
//		Where(my.Match(my.BooleanMode, q, Posts.Title, Posts.Body)).
//		OrderBy(my.Relevance(my.BooleanMode, q, Posts.Title, Posts.Body).Desc())
//
// JSON, beyond the paths of expr.JSON: [JSONSet] and its like change a document
// where it is, [JSONTable] makes rows of it:
//
//	expr.Update(Posts).Set(expr.Set(Posts.Doc, my.JSONSet(Posts.Doc, "$.seen", true).AsJSON())).Where(Posts.ID.Eq(7))
//
// A table's partitions and, on MariaDB, its history stand in FROM:
//
//	expr.Select(Prices.Amount).From(my.AsOf(Prices, yesterday))
//
// There are functions of text and time, advice for the optimizer, words after
// the verb, and the types of columns and options of tables for package schema.
package my
