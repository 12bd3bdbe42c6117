package lite

import (
	"encoding/json"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

const noJSON = "use a path, expr.JSON, or change the document in the program"

var (
	jsonSet     = own.Function("json_set({0}, {1}, json({2}))", noJSON)
	jsonInsert  = own.Function("json_insert({0}, {1}, json({2}))", noJSON)
	jsonReplace = own.Function("json_replace({0}, {1}, json({2}))", noJSON)
	jsonRemove  = own.Function("json_remove({0}, {1})", noJSON)
	jsonPatch   = own.Function("json_patch({0}, {1})", noJSON)
	jsonType    = own.Function("json_type({0}, {1})", noJSON)
	jsonValid   = own.Function("json_valid({0})", noJSON)
	jsonEach    = own.Function("json_each({0}, {1})", "use expr.JSONEach")
	jsonTree    = own.Function("json_tree({0}, {1})", "use expr.JSONEach")
)

// document is a value marshalled to JSON, as a text.
func document(v any) expr.Any {
	if raw, ok := v.(json.RawMessage); ok {
		return expr.Value(string(raw))
	}
	b, err := json.Marshal(v)
	if err != nil {
		return expr.JSONValue(v) // a mistake, which the statement reports
	}
	return expr.Value(string(b))
}

// JSONSet is the document with v, marshalled to JSON, at a path ($.a[0]), whether or
// not there was something. (https://sqlite.org/json1.html)
func JSONSet(doc expr.Any, path string, v any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonSet, doc, expr.Value(path), document(v)))
}

// JSONInsert is [JSONSet] where there is nothing at the path; $.a[#] is the end
// of an array.
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

// JSONPatch is the document with the members of v in the place of those of the
// same key, and without those that are null in v (RFC 7396).
func JSONPatch(doc expr.Any, v any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonPatch, doc, document(v)))
}

// JSONType is what is at a path: object, array, integer, text …; NULL where there
// is nothing.
func JSONType(doc expr.Any, path string) expr.Expr[string] {
	return expr.Fill[string](jsonType, doc, expr.Value(path))
}

// JSONValid holds for a text that is JSON.
func JSONValid(text expr.Any) expr.Cond { return expr.FillCond(jsonValid, text) }

var (
	jsonText    = &dialect.Type{Kind: dialect.Clob}
	jsonNumber  = &dialect.Type{Kind: dialect.BigInt}
	jsonColumns = []expr.ColumnDef{{Name: "key", Null: true}, {Name: "value", Null: true}, {Name: "type", Type: jsonText},
		{Name: "atom", Null: true}, {Name: "id", Type: jsonNumber}, {Name: "parent", Type: jsonNumber, Null: true},
		{Name: "fullkey", Type: jsonText}, {Name: "path", Type: jsonText}}
)

// JSONEach is json_each: the elements of the array, or the members of the
// object, at a path of a document, as rows. They have the columns key, value,
// type, atom, id, parent, fullkey and path. What other databases have of it is
// expr.JSONEach. (https://sqlite.org/json1.html#jeach)
func JSONEach(alias string, doc expr.Any, path string) expr.Table {
	return expr.TableFunc(alias, expr.FuncTable{Call: expr.Fill[any](jsonEach, doc, expr.Value(path)), Columns: jsonColumns})
}

// JSONTree is [JSONEach] with what is within each element, and so on.
func JSONTree(alias string, doc expr.Any, path string) expr.Table {
	return expr.TableFunc(alias, expr.FuncTable{Call: expr.Fill[any](jsonTree, doc, expr.Value(path)), Columns: jsonColumns})
}
