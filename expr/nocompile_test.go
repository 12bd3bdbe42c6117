package expr_test

import (
	"fmt"
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
		{`_ = expr.Update(Users).Limit(3)`, `Limit undefined`},
		{`_ = expr.Insert(Users).OnConflict(Users.ID).Returning(Users.ID)`, `Returning undefined`},
		{`_ = expr.Delete(Users).Set(Users.ID.Set(1))`, `Set undefined`},
		{`_ = expr.And(true)`, `as expr.Cond value`},
	}
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "source", nil)
	for _, test := range tests {
		src := fmt.Sprintf(`package p
import ("github.com/sqlayer-go/sqlayer/expr"; "github.com/sqlayer-go/sqlayer/expr/schema")
type users struct { schema.Table; ID schema.Col[int64]; Name schema.Col[string] }
type orders struct { schema.Table; UserID schema.Col[int64] }
var Users, Orders = schema.Define[users](), schema.Define[orders]()
func _() { %s }
var _ = expr.SQL
`, test.code)
		f, err := parser.ParseFile(fset, "p.go", src, 0)
		if err != nil {
			t.Fatalf("%s: %v", test.code, err)
		}
		_, err = (&types.Config{Importer: imp}).Check("p", fset, []*ast.File{f}, nil)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s does not compile: %v", test.code, err)
		case test.want != "" && err == nil:
			t.Errorf("%s compiles", test.code)
		case test.want != "" && !strings.Contains(err.Error(), test.want):
			t.Errorf("%s: the compiler says %q, not %q", test.code, err, test.want)
		}
	}
}
