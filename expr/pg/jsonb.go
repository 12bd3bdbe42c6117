package pg

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

func hasJSONB(f *dialect.Features) bool { return f.JSON.Arrows }

const noJSONB = "use a path: expr.JSON"

func jsonOp(text string, prec expr.Precedence) *expr.Template {
	return &expr.Template{Name: "the operator " + text + " of jsonb", Text: "{0} " + text + " {1}", Precedence: prec, Has: hasJSONB, Instead: noJSONB}
}

var (
	jsonContains    = jsonOp("@>", expr.BindsAsOperator)
	jsonContainedBy = jsonOp("<@", expr.BindsAsOperator)
	hasKey          = jsonOp("?", expr.BindsAsOperator)
	hasAny          = jsonOp("?|", expr.BindsAsOperator)
	hasAll          = jsonOp("?&", expr.BindsAsOperator)
	pathExists      = jsonOp("@?", expr.BindsAsOperator)
	pathMatch       = jsonOp("@@", expr.BindsAsOperator)
	jsonConcat      = jsonOp("||", expr.BindsAsOperator)
	deleteKey       = &expr.Template{Name: "the operator - of jsonb", Text: "{0} - CAST({1} AS TEXT)", Precedence: expr.BindsAsSum, Has: hasJSONB, Instead: noJSONB}
	deletePath      = jsonOp("#-", expr.BindsAsOperator)
)

// The operands of these functions are of type jsonb, which is what a column of
// type JSON is here.

// JSONContains holds where doc has all that v has, which is marshalled to JSON.
func JSONContains(doc expr.Any, v any) expr.Cond {
	return expr.FillCond(jsonContains, doc, expr.JSONValue(v))
}

// JSONContainedBy holds where v has all that doc has.
func JSONContainedBy(doc expr.Any, v any) expr.Cond {
	return expr.FillCond(jsonContainedBy, doc, expr.JSONValue(v))
}

// HasKey holds where doc is an object with the key, or an array with that text.
func HasKey(doc expr.Any, key string) expr.Cond { return expr.FillCond(hasKey, doc, expr.Value(key)) }

// HasAnyKey holds where doc has one of the keys.
func HasAnyKey(doc expr.Any, keys ...string) expr.Cond {
	return expr.FillCond(hasAny, doc, Values(keys...))
}

// HasAllKeys holds where doc has every key.
func HasAllKeys(doc expr.Any, keys ...string) expr.Cond {
	return expr.FillCond(hasAll, doc, Values(keys...))
}

// PathExists holds where a path of SQL/JSON finds something in doc:
// '$.a[*] ? (@ > 2)'. vars has the values that the path names as $name, a map or a
// struct that is marshalled to JSON; nil for none, which an index may serve.
//
//	pg.PathExists(Orders.Doc, "$.items[*] ? (@.price > $least)", map[string]any{"least": 10})
func PathExists(doc expr.Any, path string, vars any) expr.Cond {
	if vars == nil {
		return expr.FillCond(pathExists, doc, expr.Value(path))
	}
	return expr.FillCond(pathExistsWith, doc, expr.Value(path), expr.JSONValue(vars))
}

// PathMatch is what a predicate of SQL/JSON gives for doc, '$.a > 2'; NULL where it
// gives neither true nor false. vars is as for [PathExists].
func PathMatch(doc expr.Any, path string, vars any) expr.Cond {
	if vars == nil {
		return expr.FillCond(pathMatch, doc, expr.Value(path))
	}
	return expr.FillCond(pathMatchWith, doc, expr.Value(path), expr.JSONValue(vars))
}

// JSONConcat is a with the members of b, which take the place of those of the same key.
func JSONConcat(a expr.Any, b any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonConcat, a, expr.JSONValue(b)))
}

// DeleteKey is doc without the member of that key.
func DeleteKey(doc expr.Any, key string) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](deleteKey, doc, expr.Value(key)))
}

// DeletePath is doc without the value at a path of keys.
func DeletePath(doc expr.Any, path ...string) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](deletePath, doc, Values(path...)))
}

var (
	jsonSet     = own.Function("jsonb_set({0}, {1}, {2})", noJSONB)
	jsonReplace = own.Named("jsonb_set", "jsonb_set({0}, {1}, {2}, FALSE)", noJSONB)
	jsonInsert  = own.Function("jsonb_insert({0}, {1}, {2})", noJSONB)
	jsonAfter   = own.Named("jsonb_insert", "jsonb_insert({0}, {1}, {2}, TRUE)", noJSONB)
	pathQuery   = own.Function("jsonb_path_query({0}, CAST({1} AS JSONPATH), {2})", noJSONB)
	pathArray   = own.Function("jsonb_path_query_array({0}, CAST({1} AS JSONPATH), {2})", noJSONB)
	pathFirst   = own.Function("jsonb_path_query_first({0}, CAST({1} AS JSONPATH), {2})", noJSONB)
	// Silent, as the operators are.
	pathExistsWith = own.Function("jsonb_path_exists({0}, CAST({1} AS JSONPATH), {2}, TRUE)", noJSONB)
	pathMatchWith  = own.Function("jsonb_path_match({0}, CAST({1} AS JSONPATH), {2}, TRUE)", noJSONB)

	stripNulls = own.Function("jsonb_strip_nulls({0})", noJSONB)
	typeOfJSON = own.Function("jsonb_typeof({0})", noJSONB)
)

// JSONSet is doc with v, marshalled to JSON, at the end of a path of keys, whether or
// not there was something; what comes before the last key has to be there.
// (PostgreSQL 15 manual, 9.16.1 Processing and Creating JSON Data.)
func JSONSet(doc expr.Any, path []string, v any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonSet, doc, Values(path...), expr.JSONValue(v)))
}

// JSONReplace is [JSONSet] where there is something at the path.
func JSONReplace(doc expr.Any, path []string, v any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonReplace, doc, Values(path...), expr.JSONValue(v)))
}

// JSONInsert is doc with v before the element of an array that the path leads to,
// or at a key that is not there.
func JSONInsert(doc expr.Any, path []string, v any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonInsert, doc, Values(path...), expr.JSONValue(v)))
}

// JSONInsertAfter is [JSONInsert] after the element.
func JSONInsertAfter(doc expr.Any, path []string, v any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](jsonAfter, doc, Values(path...), expr.JSONValue(v)))
}

// PathQuery gives what a path of SQL/JSON finds in doc as rows for FROM, under an
// alias, and the value as a column. The path names values as $name: vars has them,
// a map or a struct that is marshalled to JSON; nil for none.
//
//	items, item := pg.PathQuery("item", Orders.Doc, "$.items[*] ? (@.price > $least)", map[string]any{"least": 10})
func PathQuery(alias string, doc expr.Any, path string, vars any) (expr.Table, expr.Col[any]) {
	return expr.ValueFunc[any](alias, expr.Fill[any](pathQuery, doc, expr.Value(path), variables(vars)))
}

// PathQueryArray is what a path finds as an array; see [PathQuery].
func PathQueryArray(doc expr.Any, path string, vars any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](pathArray, doc, expr.Value(path), variables(vars)))
}

// PathQueryFirst is the first that a path finds, and NULL where it finds nothing;
// see [PathQuery].
func PathQueryFirst(doc expr.Any, path string, vars any) expr.JSONExpr {
	return expr.JSON(expr.Fill[any](pathFirst, doc, expr.Value(path), variables(vars)))
}

func variables(vars any) expr.Any {
	if vars == nil {
		vars = struct{}{}
	}
	return expr.JSONValue(vars)
}

// StripNulls is doc without the members that are null, at every depth.
func StripNulls(doc expr.Any) expr.JSONExpr { return expr.JSON(expr.Fill[any](stripNulls, doc)) }

// JSONTypeOf is what a document is: object, array, string, number, boolean, null.
func JSONTypeOf(doc expr.Any) expr.Expr[string] { return expr.Fill[string](typeOfJSON, doc) }
