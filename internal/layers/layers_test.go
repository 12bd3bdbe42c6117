package layers

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const root = "../.."

type listed struct {
	ImportPath, Dir, Name              string
	GoFiles                            []string
	Imports, TestImports, XTestImports []string
	Deps                               []string
	Error                              *struct{ Err string }
}

func goCommand(args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS="+os.Getenv("GOFLAGS")+" -buildvcs=false")
	out, err := cmd.Output()
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		err = errors.New("go " + strings.Join(args, " ") + ": " + string(e.Stderr))
	}
	return out, err
}

var list = sync.OnceValues(func() ([]listed, error) {
	out, err := goCommand("list", "-e",
		"-json=ImportPath,Dir,Name,GoFiles,Imports,TestImports,XTestImports,Deps,Error", "./...")
	if err != nil {
		return nil, err
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
})

func packages(t *testing.T) []listed {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command in PATH")
	}
	all, err := list()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 5 {
		t.Fatalf("go list finds %d packages only", len(all))
	}
	return all
}

func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		if p.Error != nil {
			t.Errorf("%s: %s", p.ImportPath, p.Error.Err)
			continue
		}
		pkg, ok := relative(p.ImportPath)
		if !ok {
			t.Errorf("%s: there is no root package", p.ImportPath)
			continue
		}
		for _, bad := range slices.Concat(badImports(pkg, p.Imports),
			badTestImports(pkg, p.TestImports), badTestImports(pkg, p.XTestImports), badLinks(pkg, p.Deps)) {
			t.Error(bad)
		}
	}
}

// TestSmallProgramLinksLittle is the promise to an application that imports
// engine and one dialect.
func TestSmallProgramLinksLittle(t *testing.T) {
	small := []string{"engine", "dialect/sqlite"}
	found := 0
	for _, p := range packages(t) {
		pkg, _ := relative(p.ImportPath)
		if !slices.Contains(small, pkg) {
			continue
		}
		found++
		for _, dep := range p.Deps {
			rel, ours := relative(dep)
			for _, never := range []string{"expr/...", "orm/...", "dialect/postgres/...", "dialect/mysql/...", "dialect/mssql/...", "dialect/oracle/..."} {
				if ours && matches(never, rel) {
					t.Errorf("%s links %s", pkg, rel)
				}
			}
			for _, never := range []string{"postgres", "mysql", "mssql", "oracle"} {
				if hasPrefix(dep, drivers[never]) {
					t.Errorf("%s links %s", pkg, dep)
				}
			}
		}
	}
	if found != len(small) {
		t.Errorf("found %d of the packages %v", found, small)
	}
}

// TestRulesForbid shows that the table can say no.
func TestRulesForbid(t *testing.T) {
	const pgx, sqlite = "github.com/jackc/pgx/v5", "zombiezen.com/go/sqlite"
	for _, c := range []struct {
		pkg, imp string
		ok       bool
	}{
		{"dialect", "context", true},
		{"dialect", "internal/suggest", true},
		{"dialect", "pool", false},
		{"dialect", "dialect/postgres", false},
		{"dialect", pgx, false},
		{"dialect", "golang.org/x/text/collate", false},
		{"dialect/postgres", "dialect", true},
		{"dialect/postgres", pgx + "/pgconn", true},
		{"dialect/postgres", sqlite, false},
		{"dialect/postgres", "dialect/mysql", false},
		{"dialect/postgres", "engine", false},
		{"dialect/sqlite", sqlite + "/sqlitex", true},
		{"dialect/sqlite", "modernc.org/sqlite/lib", true},
		{"dialect/sqlite", "zombiezen.com/go/sqliteother", false},
		{"dialect/all", "dialect/oracle", true},
		{"dialect/all", "engine", false},
		{"dialect/all", pgx, false},
		{"dialect/dialecttest", "engine", true},
		{"dialect/dialecttest", pgx, false},
		{"pool", "sync", true},
		{"pool", "dialect", false},
		{"pool", "internal/suggest", false},
		{"pool", "golang.org/x/sync/semaphore", false},
		{"engine", "pool", true},
		{"engine", "expr", false},
		{"engine", "orm", false},
		{"engine", "dialect/sqlite", false},
		{"engine", "github.com/google/uuid", false},
		{"expr", "dialect", true},
		{"expr", "expr/schema", false},
		{"expr", "engine", false},
		{"expr/schema", "expr", true},
		{"expr/schema", "pool", false},
		{"orm", "expr/schema", true},
		{"orm", "engine", true},
		{"orm", "pool", false},
		{"orm", sqlite, false},
		{"internal/tag", "dialect", true},
		{"internal/tag", "engine", false},
		{"internal/tag", pgx, false},
		{"examples/raw", "dialect/all", true},
		{"examples/raw", pgx, false},
		{"util", "context", false},
	} {
		imp := c.imp
		if standard(imp) && imp != "context" && imp != "sync" {
			imp = Module + "/" + imp // a short form of ours
		}
		if bad := badImports(c.pkg, []string{"fmt", imp}); (len(bad) == 0) != c.ok {
			t.Errorf("%s importing %s: %q, want ok = %v", c.pkg, c.imp, bad, c.ok)
		}
	}
}

func TestRulesForbidLinksAndTestImports(t *testing.T) {
	for _, c := range []struct {
		pkg, dep string
		ok       bool
	}{
		{"engine", Module + "/internal/tag", true},
		{"engine", Module + "/expr", false},
		{"engine", "github.com/sijms/go-ora/v2/network", false},
		{"engine", "testing", false},
		{"expr/schema", Module + "/pool", false},
		{"expr/schema", Module + "/expr", true},
		{"orm", Module + "/pool", true}, // through engine
		{"orm", Module + "/dialect/sqlite", false},
		{"pool", Module + "/internal/tag", false},
		{"dialect/sqlite", "modernc.org/libc", true},
		{"dialect/sqlite", "github.com/jackc/pgx/v5", false},
		{"dialect/sqlite", Module + "/dialect/mysql", false},
		{"dialect/all", Module + "/dialect/mysql", true},
		{"dialect", "github.com/go-sql-driver/mysql", false},
	} {
		if bad := badLinks(c.pkg, []string{"fmt", c.dep}); (len(bad) == 0) != c.ok {
			t.Errorf("%s linking %s: %q, want ok = %v", c.pkg, c.dep, bad, c.ok)
		}
	}
	for _, c := range []struct {
		pkg, imp string
		ok       bool
	}{
		{"engine", Module + "/dialect/sqlite", true},
		{"engine", "modernc.org/sqlite", false},
		{"dialect/sqlite", "modernc.org/sqlite", true},
		{"dialect/sqlite", "github.com/jackc/pgx/v5", false},
		{"internal/wireproxy", "github.com/jackc/pgx/v5", true},
		{"dialect/all", "github.com/microsoft/go-mssqldb", true},
		{"dialect/all", "github.com/stretchr/testify/assert", false},
		{"pool", "github.com/stretchr/testify/assert", false},
	} {
		if bad := badTestImports(c.pkg, []string{"fmt", c.imp}); (len(bad) == 0) != c.ok {
			t.Errorf("tests of %s importing %s: %q, want ok = %v", c.pkg, c.imp, bad, c.ok)
		}
	}
}

// TestEveryPackageHasAGuide asks for a doc.go that begins with the package's
// comment; a program may have the comment in any file.
func TestEveryPackageHasAGuide(t *testing.T) {
	for _, p := range packages(t) {
		if p.Error != nil {
			continue // TestImports tells
		}
		pkg, _ := relative(p.ImportPath)
		files := []string{"doc.go"}
		if p.Name == "main" {
			files = p.GoFiles
		}
		documented := false
		for _, name := range files {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
			if errors.Is(err, fs.ErrNotExist) {
				break
			}
			if err != nil {
				t.Error(err)
				break
			}
			documented = documented || isGuide(f, p.Name)
		}
		if !documented {
			t.Errorf("%s: no %s with a comment on the package", pkg, strings.Join(files, ", "))
		}
	}
}

func isGuide(f *ast.File, name string) bool {
	text := f.Doc.Text()
	return text != "" && (name == "main" || strings.HasPrefix(text, "Package "+name+" "))
}

const maxLines = 900

// TestFilesAreSmall counts the lines of every Go file that is written by hand,
// those of nested modules included.
func TestFilesAreSmall(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "vendor") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		seen++
		if n := bytes.Count(text, []byte("\n")); n > maxLines && !generated(text) {
			t.Errorf("%s has %d lines, more than %d", path, n, maxLines)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 10 {
		t.Errorf("only %d Go files found", seen)
	}
}

func generated(text []byte) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimRight(line, "\r\n")
		if bytes.HasPrefix(line, []byte("// Code generated ")) && bytes.HasSuffix(line, []byte(" DO NOT EDIT.")) {
			return true
		}
		if bytes.HasPrefix(line, []byte("package ")) {
			return false
		}
	}
	return false
}

func TestTopLevel(t *testing.T) {
	allowed := []string{
		"go.mod", "go.sum", "LICENSE", "Makefile", "README.md",
		"dialect", "pool", "engine", "expr", "orm", "internal", "examples", "docs",
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		ignored := strings.HasPrefix(name, ".") || slices.Contains([]string{".test", ".out", ".prof"}, filepath.Ext(name))
		if !ignored && !slices.Contains(allowed, name) {
			t.Errorf("%s does not belong at the top of the repository", name)
		}
	}
}

// TestRequirements keeps what a user of the module inherits.
func TestRequirements(t *testing.T) {
	packages(t) // skips where there is no go command
	out, err := goCommand("mod", "edit", "-json")
	if err != nil {
		t.Fatal(err)
	}
	var mod struct {
		Module  struct{ Path string }
		Require []struct {
			Path     string
			Indirect bool
		}
		Replace, Exclude []any
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	if mod.Module.Path != Module {
		t.Errorf("the module is called %s", mod.Module.Path)
	}
	for _, r := range mod.Require {
		if !r.Indirect && !allowedRequirement(r.Path) {
			t.Errorf("go.mod requires %s, which is neither a driver nor golang.org/x nor google/uuid", r.Path)
		}
	}
	if len(mod.Replace)+len(mod.Exclude) > 0 {
		t.Error("go.mod replaces or excludes modules: a user's build would not")
	}
	if allowedRequirement("github.com/stretchr/testify") || allowedRequirement("golang.org/xyz") {
		t.Error("allowedRequirement allows what it should not")
	}
}

func allowedRequirement(path string) bool {
	return slices.Contains([]string{
		"github.com/jackc/pgx/v5", "github.com/go-sql-driver/mysql", "modernc.org/sqlite",
		"github.com/microsoft/go-mssqldb", "github.com/sijms/go-ora/v2",
		"zombiezen.com/go/sqlite", "github.com/google/uuid",
		"modernc.org/libc", // half of the SQLite engine: its functions take a libc.TLS, which nothing else makes
	}, path) || strings.HasPrefix(path, "golang.org/x/")
}
