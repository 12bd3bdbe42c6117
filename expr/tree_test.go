package expr

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// A struct that holds nodes is part of a tree, and the walk has to know where
// its nodes are: it is named in rewrite.go, or stands here with the reason why
// not.
func TestEveryNodeHasItsChildrenWalked(t *testing.T) {
	apart := map[string]string{
		"item": "clauses", "rewriter": "the walk", "walker": "the walk", "equality": "the walk", "Node": "the walk",
		"printer": "state of the printer", "inScope": "state of the printer", "boundNode": "state of the printer",
		"whenClause": "state of the printer", "rowSet": "state of the printer", "parts": "state of the printer", "fromClause": "state of the printer", "hoisted": "state of the printer", "grouping": "state of the printer",
		"count": "state of the printer", "outline": "state of the printer", "recording": "state of the printer", "recorded": "state of the printer", "insertParts": "runs an INSERT",
		"Expr": "a handle", "Cond": "a handle", "Order": "a handle", "Assignment": "a handle", "RowExpr": "a handle", "JSONExpr": "a handle", "Hint": "a handle",
		"JSONMember": "a handle", "LockOption": "a handle", "MergeChange": "a handle", "MergeNew": "a handle",
		"Conflict": "a handle", "JoinedTable": "a handle", "Table": "a handle", "FuncTable": "what TableFunc takes",
		"SampleTable": "a function of the program", "customTable": "a function of the program", "suffixTable": "a function of the program", "Prefix": "a handle", "Clause": "a handle",
		"Bound": "Window", "jsonStep": "jsonPath", "branch": "caseData", "valuesData": "ValuesStmt",
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{} // what rewrite.go names
	holds := map[string]string{}
	fset := token.NewFileSet()
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name() == "rewrite.go" {
			ast.Inspect(file, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					known[id.Name] = true
				}
				return true
			})
		}
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			for _, spec := range g.Specs {
				ts := spec.(*ast.TypeSpec)
				st, ok := ts.Type.(*ast.StructType)
				if !ok {
					continue
				}
				for _, field := range st.Fields.List {
					ast.Inspect(field.Type, func(n ast.Node) bool {
						if _, fn := n.(*ast.FuncType); fn {
							return false
						}
						id, ok := n.(*ast.Ident)
						if ok && slices.Contains([]string{"node", "source", "clauses", "item", "Query", "Writing", "Relation", "Table", "Any", "Cond"}, id.Name) {
							holds[ts.Name.Name] = f.Name()
						}
						return true
					})
				}
			}
		}
	}
	if len(holds) < 30 {
		t.Fatalf("only %d types hold nodes", len(holds))
	}
	for name, file := range holds {
		if !known[name] && apart[name] == "" {
			t.Errorf("%s: the nodes of a %s are not walked: rewrite.go does not know it", file, name)
		}
	}
	for name := range apart {
		if holds[name] == "" {
			t.Errorf("%s holds no nodes any more", name)
		}
	}
}
