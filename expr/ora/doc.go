// Package ora is what Oracle alone says, for statements of package expr and tables
// of package schema. Each construct asks the dialect for a capability, and a
// database that lacks it refuses the statement. Hints are advice, and left out
// there.
//
// Trees, by CONNECT BY:
//
//	expr.Select(Staff.Name, ora.Level(), ora.SysConnectByPath(Staff.Name, "/")).From(Staff).
//		Clause(ora.ConnectBy(Staff.BossID.IsNull(), expr.Eq(ora.Prior(Staff.ID), Staff.BossID)))
//
// What a MERGE deletes of the rows that it has updated:
//
//	merge.WhenMatched().Update(less).Clause(ora.DeleteWhere(Stock.Quantity.Eq(0)))
//
// A table as it was, one of its partitions, and one of another database stand in
// FROM, and so do the rows that are made of a document:
//
//	expr.Select(Prices.Amount).From(ora.AsOf(Prices, yesterday))
//	expr.Select(Orders.ID, expr.C[string](items, "sku")).From(Orders, items) // items := ora.JSONTable(…)
//
// What the first or last rows of a group have, and the search of words by Oracle
// Text:
//
//	ora.KeepFirst(expr.Max(Orders.Total), Orders.PlacedAt.Desc())
//	expr.Select(Notes.Title).From(Notes).Where(ora.Contains(Notes.Body, "cat AND NOT dog", 1)).OrderBy(ora.Score(1).Desc())
//
// There are ROWNUM, functions of text and time, and the types of columns and
// options of tables for package schema.
package ora
