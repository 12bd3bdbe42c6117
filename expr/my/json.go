package my

import (
	"encoding/json"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/internal/ownsql"
)

const noJSON = "use a path, expr.JSON, or change the document in the program"

var (
	jsonOverlaps     = own.Function("JSON_OVERLAPS({0}, {1})", noJSON)
	memberOf         = own.Comparison("MEMBER OF", "{0} MEMBER OF ({1})", noJSON)
	jsonContainsPath = own.Function("JSON_CONTAINS_PATH({0}, 'one', {1})", noJSON)
	jsonSet          = own.Function("JSON_SET({0}, {1}, {2})", noJSON)
	jsonInsert       = own.Function("JSON_INSERT({0}, {1}, {2})", noJSON)
	jsonReplace      = own.Function("JSON_REPLACE({0}, {1}, {2})", noJSON)
	jsonRemove       = own.Function("JSON_REMOVE({0}, {1})", noJSON)
	jsonArrayAppend  = own.Function("JSON_ARRAY_APPEND({0}, {1}, {2})", noJSON)
	jsonMergePatch   = own.Function("JSON_MERGE_PATCH({0}, {1})", noJSON)
	jsonKeys         = own.Function("JSON_KEYS({0})", noJSON)
	jsonSearch       = own.Function("JSON_SEARCH({0}, 'all', {1})", noJSON)
	jsonType         = own.Function("JSON_TYPE({0})", noJSON)
	jsonDepth        = own.Function("JSON_DEPTH({0})", noJSON)
	jsonValid        = own.Function("JSON_VALID({0})", noJSON)
)

// document is a Go value as a document, also where JSON is a text (MariaDB).
func document(v any) expr.Any {
	return expr.Cast[json.RawMessage](expr.JSONValue(v), dialect.Type{Kind: dialect.JSON})
}

// JSONOverlaps holds where two documents have a member or an element in common.
// v is marshalled to JSON. (MySQL from 8.0.17, MariaDB from 10.9; MySQL 8.0
// Reference Manual, 14.17.3 Functions That Search JSON Values.)
func JSONOverlaps(doc expr.Any, v any) expr.Cond {
	return expr.FillCond(jsonOverlaps, doc, expr.JSONValue(v))
}

// MemberOf is v MEMBER OF (array): it holds where the array has v as an
// element. (MySQL from 8.0.17.)
func MemberOf[T any](v expr.Of[T], array expr.Any) expr.Cond {
	return expr.FillCond(memberOf, v, array)
}

// JSONContainsPath holds where the document has something at a path: $.a[0].
func JSONContainsPath(doc expr.Any, path string) expr.Cond {
	return expr.FillCond(jsonContainsPath, doc, expr.Value(path))
}

// JSONSet is the document with v, marshalled to JSON, at a path, whether or not
// there was something. (MySQL 8.0 Reference Manual, 14.17.4 Functions That Modify
// JSON Values.)
func JSONSet(doc expr.Any, path string, v any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonSet, doc, expr.Value(path), document(v)))
}

// JSONInsert is [JSONSet] where there is nothing at the path.
func JSONInsert(doc expr.Any, path string, v any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonInsert, doc, expr.Value(path), document(v)))
}

// JSONReplace is [JSONSet] where there is something at the path.
func JSONReplace(doc expr.Any, path string, v any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonReplace, doc, expr.Value(path), document(v)))
}

// JSONRemove is the document without what is at a path.
func JSONRemove(doc expr.Any, path string) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonRemove, doc, expr.Value(path)))
}

// JSONArrayAppend is the document with v at the end of the array at a path.
func JSONArrayAppend(doc expr.Any, path string, v any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonArrayAppend, doc, expr.Value(path), document(v)))
}

// JSONMergePatch is the document with the members of v in the place of those of
// the same key, and without those that are null in v (RFC 7396).
func JSONMergePatch(doc expr.Any, v any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonMergePatch, doc, expr.JSONValue(v)))
}

// JSONKeys is the keys of an object as an array.
func JSONKeys(doc expr.Any) expr.JSONExpr { return expr.JSON(expr.Fill[any](jsonKeys, doc)) }

// JSONSearch is the paths to all texts that are like a pattern: one path as a text,
// several as an array; NULL where there is none.
func JSONSearch(doc expr.Any, pattern string) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonSearch, doc, expr.Value(pattern)))
}

// JSONType is what a document is: OBJECT, ARRAY, INTEGER …
func JSONType(doc expr.Any) expr.Expr[string] { return expr.Fill[string](jsonType, doc) }

// JSONDepth is how deep a document is; 1 for an empty or a simple one.
func JSONDepth(doc expr.Any) expr.Expr[int64] { return expr.Fill[int64](jsonDepth, doc) }

// JSONValid holds for a text that is JSON.
func JSONValid(text expr.Any) expr.Cond { return expr.FillCond(jsonValid, text) }

// JSONColumn is a column of [JSONTable].
type JSONColumn struct {
	Name string
	Type dialect.Type
	Path string // from the row: $.name; empty for the row's number, from 1
}

// JSONTable is JSON_TABLE(doc, path COLUMNS (…)) AS alias: what the path finds
// in a document, as rows. The document may be a column of a table before it in
// FROM. (MySQL from 8.0.4, MariaDB from 10.6; MySQL 8.0 Reference Manual,
// 14.17.6 JSON Table Functions.)
//
//	items := my.JSONTable("items", Orders.Doc, "$.items[*]",
//		my.JSONColumn{Name: "sku", Type: dialect.Type{Kind: dialect.Varchar, Length: 20}, Path: "$.sku"})
//	expr.Select(Orders.ID, expr.C[string](items, "sku")).From(Orders, items)
func JSONTable(alias string, doc expr.Any, path string, columns ...JSONColumn) expr.Table {
	list := make([]ownsql.JSONColumn, len(columns))
	for i, c := range columns {
		list[i] = ownsql.JSONColumn(c)
	}
	return own.JSONTable(alias, doc, path, noJSON, list)
}
