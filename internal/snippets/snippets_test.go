package snippets

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// packages are those whose comments have snippets.
var packages = []string{
	"dialect", "dialect/all", "dialect/mssql", "dialect/mysql", "dialect/oracle", "dialect/postgres", "dialect/sqlite",
	"engine", "expr", "expr/lite", "expr/ms", "expr/my", "expr/ora", "expr/pg", "expr/schema", "orm", "pool",
}

// TestSnippetsCompile compiles all snippets as one package, which exists in an
// overlay alone. The compiler's messages name the comment or the block.
func TestSnippetsCompile(t *testing.T) {
	all := ofMarkdown(t, "README.md")
	for _, p := range packages {
		all = append(all, ofComments(t, p)...)
	}
	if len(all) < 80 {
		t.Errorf("found %d snippets", len(all))
	}
	given := given(t)
	src := given["all"]
	for i, s := range all {
		text, err := function(i, s, given[s.file])
		if err != nil {
			t.Error(err)
			continue
		}
		src += text
	}
	folder := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(folder, name)
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	where, err := filepath.Abs("compiled/snippets.go")
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{where: write("snippets.go", src)}})
	if err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-gcflags=-e", "-overlay", write("overlay.json", string(overlay)), "./compiled")
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// A snippet is a piece of Go that a reader sees.
type snippet struct {
	file string // as in given.txt
	at   string // for messages
	text string
}

// ofMarkdown returns the Go blocks of a page.
func ofMarkdown(t *testing.T, page string) (all []snippet) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range strings.Split(string(text), "```go\n")[1:] {
		block, _, ok := strings.Cut(part, "```\n")
		if !ok {
			t.Fatalf("%s: a block without an end", page)
		}
		all = append(all, snippet{page, fmt.Sprintf("%s block %d", page, i+1), block})
	}
	return all
}

// ofComments returns the code in the comments of a package.
func ofComments(t *testing.T, folder string) (all []snippet) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		file := folder + "/" + filepath.Base(name)
		for _, group := range f.Comments {
			for _, block := range new(comment.Parser).Parse(group.Text()).Content {
				if code, ok := block.(*comment.Code); ok && goLine.MatchString(code.Text) {
					all = append(all, snippet{file, fmt.Sprintf("%s comment at %d", file, fset.Position(group.Pos()).Line), code.Text})
				}
			}
		}
	}
	return all
}

// goLine tells Go from tables, lists and SQL.
var goLine = regexp.MustCompile(`(?m)^(\w+(, \w+)* :?= |(var|type|func|import) |\w+\.[A-Z]\w*\()`)

// given reads testdata/given.txt: declarations by the file that they are for.
func given(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/given.txt")
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, part := range strings.Split(string(text), "\n== ")[1:] {
		file, decls, _ := strings.Cut(part, "\n")
		parts[file] = decls
	}
	return parts
}

var (
	imports = regexp.MustCompile(`(?ms)^import (\(.*?^\)|[^(\n]*)$`)
	toFill  = strings.NewReplacer("{ … }", "{}", "(…)", "()", "\n… //", "\n//")
)

// function makes declarations of a snippet: a function of its statements, whose
// variables are all used, and beside it its types and functions, whose names get
// the snippet's number, since several snippets declare the same.
func function(n int, s snippet, given string) (string, error) {
	text := imports.ReplaceAllString(toFill.Replace(s.text), "")
	wrong := func(err error) (string, error) { return "", fmt.Errorf("%s: %v\n%s", s.at, err, s.text) }
	fset := token.NewFileSet()
	if f, err := parser.ParseFile(fset, "", "package p\n"+text, 0); err == nil && !strings.Contains(text, "…") {
		return line(s, 1) + renamed(text, f.Decls, n), nil
	}
	head := "package p\nfunc _() {\n"
	src := head + text + "\n}\n"
	f, err := parser.ParseFile(fset, "", src, 0)
	if err != nil {
		return wrong(err)
	}
	// What is put in, by where; the end comes first.
	type edit struct {
		from, to int
		text     string
	}
	var edits []edit
	offset := func(p token.Pos) int { return fset.Position(p).Offset }
	var types []ast.Decl
	hoisted := ""
	use := func(names []string) string {
		var b strings.Builder
		for _, name := range names {
			if name != "_" {
				b.WriteString("; _ = " + name)
			}
		}
		return b.String()
	}
	ast.Inspect(f, func(node ast.Node) bool {
		switch x := node.(type) {
		case *ast.BlockStmt:
			at := offset(x.Rbrace)
			if n := len(x.List); n > 0 {
				if last, ok := x.List[n-1].(*ast.ReturnStmt); ok {
					at = offset(last.Pos())
				}
			}
			edits = append(edits, edit{at, at, use(defined(x)) + "\n"})
		case *ast.RangeStmt:
			if x.Tok == token.DEFINE {
				var names []string
				for _, e := range []ast.Expr{x.Key, x.Value} {
					if id, ok := e.(*ast.Ident); ok {
						names = append(names, id.Name)
					}
				}
				edits = append(edits, edit{offset(x.Body.Lbrace) + 1, offset(x.Body.Lbrace) + 1, strings.TrimPrefix(use(names), "; ")})
			}
		case *ast.DeclStmt:
			if d := x.Decl.(*ast.GenDecl); d.Tok == token.TYPE {
				types = append(types, d)
				hoisted += src[offset(d.Pos()):offset(d.End())] + "\n"
				edits = append(edits, edit{offset(d.Pos()), offset(d.End()), ""})
			}
		}
		return true
	})
	slices.SortFunc(edits, func(a, b edit) int { return b.from - a.from })
	for _, e := range edits {
		src = src[:e.from] + e.text + src[e.to:]
	}
	body := strings.TrimPrefix(src, head)
	return line(s, 1) + renamed(hoisted, types, n) +
		fmt.Sprintf("func snippet%d() {\nvar err error\n_ = err\n%s\n{\n", n, unused(given)) + line(s, 1) + renamed(body, types, n) + "}\n", nil
}

// line has the compiler's messages name the snippet.
func line(s snippet, n int) string { return fmt.Sprintf("\n//line %s:%d\n", s.at, n) }

// unused uses the variables that a part of given.txt declares.
func unused(decls string) string {
	for _, m := range regexp.MustCompile(`(?m)^var (\w+(?:, \w+)*) `).FindAllStringSubmatch(decls, -1) {
		for _, name := range strings.Split(m[1], ", ") {
			decls += "\n_ = " + name
		}
	}
	return decls
}

// defined are the variables that the statements of a block declare.
func defined(b *ast.BlockStmt) (names []string) {
	for _, stmt := range b.List {
		switch x := stmt.(type) {
		case *ast.AssignStmt:
			if x.Tok == token.DEFINE {
				for _, e := range x.Lhs {
					names = append(names, e.(*ast.Ident).Name)
				}
			}
		case *ast.DeclStmt:
			for _, spec := range x.Decl.(*ast.GenDecl).Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for _, id := range v.Names {
						names = append(names, id.Name)
					}
				}
			}
		}
	}
	return names
}

// renamed puts the snippet's number behind the names that decls declare.
func renamed(text string, decls []ast.Decl, n int) string {
	var names []string
	for _, d := range decls {
		switch x := d.(type) {
		case *ast.FuncDecl:
			if x.Recv == nil {
				names = append(names, x.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range x.Specs {
				switch y := spec.(type) {
				case *ast.TypeSpec:
					names = append(names, y.Name.Name)
				case *ast.ValueSpec:
					for _, id := range y.Names {
						names = append(names, id.Name)
					}
				}
			}
		}
	}
	for _, name := range names {
		text = regexp.MustCompile(`(^|[^.\w"])`+name+`\b`).ReplaceAllString(text, fmt.Sprintf("${1}%s%d", name, n))
	}
	return text
}
