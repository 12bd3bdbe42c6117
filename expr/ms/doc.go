// Package ms is what SQL Server alone says, for statements of package expr and
// tables of package schema. Each construct asks the dialect for a capability,
// and a database that lacks it refuses the statement. Hints for a table and
// options of a query are advice, and left out there.
//
// A result as one text, and rows that are made of a document:
//
//	expr.Select(Users.ID, Users.Name).From(Users).Clause(ms.ForJSONPath("users", false))
//	items := ms.OpenJSON("items", Orders.Doc, "$.items", ms.JSONColumn{Name: "sku", Type: ms.Varchar(20), Path: "$.sku"})
//	expr.Select(Orders.ID, expr.C[string](items, "sku")).From(Orders, items) // CROSS APPLY OPENJSON(…) WITH (…)
//
// The search of words, with how well each row meets it:
//
//	found := ms.ContainsTable("found", Notes, "cat AND NOT dog", 20)
//	expr.Select(Notes.Title).From(Notes).Join(found, expr.Eq(expr.C[int64](found, "KEY"), Notes.ID)).
//		OrderBy(expr.C[int64](found, "RANK").Desc())
//
// A table that keeps its history, as it was:
//
//	expr.Select(Prices.Amount).From(ms.AsOf(Prices, yesterday))
//
// There are functions of text and time, hints, and the types of columns and
// options of tables for package schema.
package ms
