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
// '$.a[*] ? (@ > 2)'.
func PathExists(doc expr.Any, path string) expr.Cond {
	return expr.FillCond(pathExists, doc, expr.Value(path))
}

// PathMatch is what a predicate of SQL/JSON gives for doc: '$.a > 2'.
func PathMatch(doc expr.Any, path string) expr.Cond {
	return expr.FillCond(pathMatch, doc, expr.Value(path))
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
