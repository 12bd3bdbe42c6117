package expr_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// What must not compile, and what the compiler says of it.
func TestDoesNotCompile(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks the package from its source")
	}
	tests := []struct{ code, want string }{
		{`_ = Users.ID.Eq(7)`, ""},
		{`_ = expr.Eq(Orders.UserID, Users.ID)`, ""},
		{`_ = Users.ID.Eq("7")`, `cannot use "7"`},
		{`_ = expr.Eq(Users.ID, Users.Name)`, `type schema.Col[string] of Users.Name does not match inferred type`},
		{`_ = Users.ID.In("a")`, `cannot use "a"`},
		{`_ = Users.ID.Between(1, "2")`, `cannot use "2"`},
		{`_ = Users.Name.Set(1)`, `cannot use 1`},
		{`_ = expr.Set(Users.Name, Users.ID)`, `does not match`},
		{`_ = expr.Lower(Users.ID)`, `does not implement`},
		{`_ = expr.Sum(Users.Name)`, `string does not satisfy`},
		{`_ = expr.Select(Users.ID).Where(Users.ID)`, `as expr.Cond value`},
		{`_ = expr.Select(Users.ID).From("users")`, `does not implement`},
		{`_ = expr.Select("id")`, `does not implement`},
		{`_ = expr.Select(Users)`, `does not implement`},
		{`_ = expr.Select(Users.ID).Limit("1")`, `cannot use "1"`},
		{`_ = expr.Insert(Users).Values(Users.ID.Eq(1))`, `as expr.Assignment value`},
		{`_ = expr.Update(Users).Limit(Users.ID)`, `as int64 value`},
		{`_ = expr.Insert(Users).OnConflict(Users.ID).Returning(Users.ID)`, `Returning undefined`},
		{`_ = expr.Delete(Users).Set(Users.ID.Set(1))`, `Set undefined`},
		{`_ = expr.And(true)`, `as expr.Cond value`},
		{`_ = expr.Select2(Users.ID, Users.Name).Where(Users.Name.Eq("a")).Limit(1)`, ""},
		{`_ = expr.Select2(Users.ID)`, `not enough arguments`},
		{`_ = expr.Select2(Users.ID, "name")`, `cannot infer B`},
		{`var r expr.Tuple2[int64, int64]; expr.Select2(Users.ID, Users.Name).RowType(r)`, `cannot use r`},
		{`_ = expr.RowOf2(Users.ID, Users.Name).Gt("a", 1)`, `cannot use "a"`},
		{`_ = expr.RowOf2(Users.ID, Users.Name).In(expr.Tuple2[string, string]{})`, `cannot use expr.Tuple2`},
		{`_ = expr.Coalesce(Users.ID, Users.Name)`, `does not match`},
		{`_ = expr.Case[string]().When(Users.ID.Eq(1), 2)`, `cannot use 2`},
		{`_ = expr.When(true, Users.ID)`, `as expr.Cond value`},
		{`_ = expr.True(Users.Name)`, `does not implement`},
		{`_ = expr.Not(Users.ID)`, `as expr.Cond value`},
		{`_ = expr.In(Users.ID, []int64{1})`, `does not implement`},
		{`_ = expr.Rewrite(expr.WithValues(expr.Select(Users.ID), nil), nil)`, `does not satisfy`},
		{`_ = expr.Inserted(expr.Lower(Users.Name))`, `does not match`},
		{`_ = expr.LeadBy(Users.ID, 1, expr.Value("x"))`, `does not match`},
		{`_ = expr.Greatest(Users.ID, Users.Name)`, `does not match`},
		{`_ = expr.If(Users.ID, Users.Name, Users.Name)`, `as expr.Cond value`},
		{`_ = expr.InParam(Users.ID, "ids", "7")`, `cannot use "7"`},
		{`_ = expr.BitAnd(Users.Name, Users.Name)`, `string does not satisfy`},
		{`_ = Users.ID.AnyOf([]string{"7"})`, `cannot use []string`},
		{`_ = expr.IsTrue(Users.ID)`, `does not implement`},
		{`_ = expr.Substring(Users.ID, 1, 2)`, `does not implement`},
		{`_ = expr.Match(Users.ID, "x")`, `does not implement`},
		{`_ = expr.RowOf2(Users.ID, Users.Name).Eq(1, 2)`, `cannot use 2`},
		{`_ = expr.Select(Users.ID).Clause(expr.NoWait())`, `as expr.Clause value`},
		{`_ = expr.Merge(Users).WhenMatched().Insert(Users.ID.Set(1))`, `Insert undefined`},
		{`_ = expr.SetElement(Users.Name, 1, Users.Name)`, `does not match`},
	}
	var src strings.Builder
	src.WriteString(`package p
import ("github.com/sqlayer-go/sqlayer/expr"; "github.com/sqlayer-go/sqlayer/expr/schema")
type users struct { schema.Table; ID schema.Col[int64]; Name schema.Col[string] }
type orders struct { schema.Table; UserID schema.Col[int64] }
var Users, Orders = schema.Define[users](), schema.Define[orders]()
var _ = expr.SQL
`)
	const first = 7 // the line of the first snippet
	for _, test := range tests {
		src.WriteString("func _() { " + test.code + " }\n")
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src.String(), 0)
	if err != nil {
		t.Fatal(err)
	}
	said := map[int][]string{} // by line
	config := types.Config{Importer: importer.ForCompiler(fset, "source", nil), Error: func(err error) {
		e := err.(types.Error)
		line := fset.Position(e.Pos).Line
		said[line] = append(said[line], e.Msg)
	}}
	config.Check("p", fset, []*ast.File{f}, nil)
	refused := 0
	for i, test := range tests {
		got := strings.Join(said[first+i], "; ")
		switch {
		case test.want == "" && got != "":
			t.Errorf("%s does not compile: %s", test.code, got)
		case test.want != "" && got == "":
			t.Errorf("%s compiles", test.code)
		case !strings.Contains(got, test.want):
			t.Errorf("%s: the compiler says %q, not %q", test.code, got, test.want)
		}
		if test.want != "" {
			refused++
		}
	}
	if refused < 25 {
		t.Errorf("only %d snippets", refused)
	}
	for line, msgs := range said {
		if line < first {
			t.Errorf("line %d: %q", line, msgs)
		}
	}
}
