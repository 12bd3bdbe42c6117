package grammar

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A constant of a dialect's sources that begins like a statement.
var statementLike = regexp.MustCompile(`^(SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|SET|BEGIN|START|COMMIT|ROLLBACK|SAVE|SAVEPOINT|RELEASE|KILL|IF|DECLARE|EXEC|EXECUTE|LOCK|SHOW|LOAD|CALL|XA)\s`)

// hole is a part of a text that is put in when the program runs.
const hole = "\x00"

// fillers are what may stand in a hole; one of them must do.
var fillers = []string{"1", "x", "'x'", "READ COMMITTED", "x = 1", "@p1", ""}

// A single word is a statement only where it is one of these.
var words = regexp.MustCompile(`^(COMMIT|ROLLBACK)$|\s`)

// sent are the fields of Features that hold whole statements. The others are
// clauses, of statements that stand in the golden files.
var sent = map[string]bool{"Savepoint": true, "Release": true, "RollbackTo": true, "EmptySet": true}

// unsound are texts of the dialects' own tests that are no statements, or none
// that should pass: what a fake server's log shows, what the driver rewrites.
var unsound = map[string]bool{
	"UPDATE t SET a = @a WHERE b = @b @b=1 @a=2":     true,
	"UPDATE t SET a = @p1 WHERE b = @p2 @p1=1 @p2=2": true,
	"BEGIN 2":                             true,
	"BEGIN 4":                             true,
	"BEGIN 5":                             true,
	"SET XACT_ABORT ON; (reset)":          true,
	"DROP TABLE IF EXISTS came with 2016": true,
	"SELECT 1; SELECT 2":                  true,
	"INSERT INTO ? VALUES ?":              true,
	"SELECT at":                           true,
	"SELECT broken":                       true,
	"BEGIN /* why */":                     true,
}

var verb = regexp.MustCompile(`%[-+#0-9.]*[dsqvx]|\{[a-z0-9*]+\}`)

// constants are the SQL texts in the sources of a dialect and of its tests: what
// connections say of themselves, as on logging in, on Reset, for savepoints and
// cancelling. The catalogue's queries are asked for one by one elsewhere.
func constants(t *testing.T, dialect string, add func(from, text string)) {
	if dialect != family(dialect) {
		return // the sources are one for all versions
	}
	dir := filepath.Join(root, "dialect", dialect)
	fset := token.NewFileSet()
	pkgs, err := parser.ParseDir(fset, dir, func(f fs.FileInfo) bool {
		switch {
		case strings.HasPrefix(f.Name(), "inspect"), f.Name() == "live_test.go": // what is live, a server judges
			return false
		case strings.HasSuffix(f.Name(), "_test.go"):
			return dialect != "postgres"
		}
		return true
	}, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, pkg := range pkgs {
		for file, f := range pkg.Files {
			known := names(f)
			inspect(f, func(e ast.Expr) {
				text := fold(e, known)
				if strings.HasSuffix(text, " ") {
					text += hole // it goes on
				}
				if text = strings.TrimSpace(text); !statementLike.MatchString(text+" ") || !words.MatchString(text) ||
					strings.Contains(text, "…") || unsound[strings.ReplaceAll(text, hole, "?")] {
					return
				}
				from := filepath.ToSlash(filepath.Join("dialect", dialect, filepath.Base(file))) + ":" + strconv.Itoa(fset.Position(e.Pos()).Line)
				text = verb.ReplaceAllString(text, hole)
				n++
				for _, filler := range fillers {
					if filled := strings.TrimSpace(strings.ReplaceAll(text, hole, filler)); Judge(dialect, filled) == nil || filler == "" {
						add(from, filled)
						return
					}
				}
			})
		}
	}
	if n == 0 {
		t.Errorf("%s holds no SQL text", dir)
	}
}

// names are the strings that a file gives names to.
func names(f *ast.File) map[string]string {
	known := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
			for i, name := range v.Names {
				if text := fold(v.Values[i], known); text != hole {
					known[name.Name] = text
				}
			}
		}
		return true
	})
	return known
}

// inspect calls f for every string expression, as a whole, but for those that
// are clauses in Features or are written piece by piece.
func inspect(f *ast.File, fn func(ast.Expr)) {
	text := func(e ast.Expr) bool {
		switch e := e.(type) {
		case *ast.BasicLit:
			return e.Kind == token.STRING
		case *ast.BinaryExpr:
			return e.Op == token.ADD
		}
		return false
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); text(n.Value) && !(ok && sent[key.Name]) {
				return false
			}
		case *ast.AssignStmt:
			switch n.Lhs[0].(type) {
			case *ast.IndexExpr, *ast.SelectorExpr:
				return !text(n.Rhs[0])
			}
		case *ast.CallExpr:
			if m, ok := n.Fun.(*ast.SelectorExpr); ok && m.Sel.Name == "WriteString" {
				return false
			}
		case ast.Expr:
			if text(n) {
				fn(n)
				return false
			}
		}
		return true
	})
}

// fold is the text of an expression, with holes.
func fold(e ast.Expr, known map[string]string) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			if s, err := strconv.Unquote(e.Value); err == nil {
				return s
			}
		}
	case *ast.Ident:
		if s, ok := known[e.Name]; ok {
			return s
		}
	case *ast.ParenExpr:
		return fold(e.X, known)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return fold(e.X, known) + fold(e.Y, known)
		}
	}
	return hole
}
