// Package lite is what SQLite alone says, for statements of package expr. Each
// construct asks the dialect for a capability, and a database that lacks it
// refuses the statement.
//
//	expr.Insert(Hits).Values(Hits.Path.Set("/")).Prefix(lite.OrReplace())
//	expr.Select(lite.Rowid(Hits), Hits.Path).From(Hits).Where(lite.Glob(Hits.Path, "/blog/*"))
//
// The search of an FTS5 table, which is declared like any other, and made by
// CREATE VIRTUAL TABLE:
//
//	expr.Select(Notes.Title, lite.Snippet(Notes, -1, "<b>", "</b>", "…", 12)).From(Notes).
//		Where(lite.Match(Notes, "title: sql AND lite*")).
//		OrderBy(lite.BM25(Notes, 10, 1))
//
// JSON, beyond the paths of expr.JSON: [JSONSet] and its like change a document
// where it is, [JSONEach] and [JSONTree] make rows of it:
//
//	tags := lite.JSONEach("tags", Notes.Doc, "$.tags")
//	expr.Select(Notes.ID, expr.C[string](tags, "value")).From(Notes, tags)
//
// Times are texts in SQLite; [Strftime] and its like work on them with modifiers
// such as "start of month".
package lite
