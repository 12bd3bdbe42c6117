package refusing

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// childVar tells the child from its parent.
const childVar = "SQLAYER_REFUSING_CHILD"

// limit is for a child that hangs; none takes so long otherwise.
const limit = 5 * time.Minute

// Check runs the live tests of the package that it is called from on servers
// that refuse. Where a server refuses everything each of them must fail, but
// for those named in passes; tests named in apart are left out: they start servers of
// their own, or are of one database alone.
func Check(t *testing.T, apart ...string) {
	t.Helper()
	if os.Getenv(childVar) != "" {
		t.Skip("a child has no children")
	}
	not := func(name string) bool { return name == t.Name() || slices.Contains(apart, name) }
	tests := slices.DeleteFunc(liveTests(t, ".", "testenv.Each", "testenv.Suite", "testenv.All", "testenv.URL"), not)
	whole := slices.DeleteFunc(liveTests(t, ".", "testenv.Backends"), not) // whose subtests go by something else
	if len(tests) == 0 {
		t.Fatal("the package has no live tests")
	}
	for _, m := range tempers {
		t.Run(m.name, func(t *testing.T) {
			out, code := m.run(t, "^("+strings.Join(tests, "|")+")$/^(live )?(mssql|oracle)$")
			if len(whole) > 0 && code <= 1 {
				more, worse := m.run(t, "^("+strings.Join(whole, "|")+")$")
				out, code = out+more, max(code, worse)
			}
			for _, word := range []string{"\npanic: ", "\nfatal error: "} { // a time-out is a panic
				if i := strings.Index(out, word); i >= 0 {
					t.Errorf("%s", out[max(i-2000, 0):min(i+4000, len(out))])
				}
			}
			if code != 0 && code != 1 {
				t.Errorf("exit code %d\n%s", code, out[max(len(out)-4000, 0):])
			}
			if m.spaces {
				return
			}
			for _, name := range whole {
				if !strings.Contains(out, "--- FAIL: "+name+" ") {
					t.Errorf("%s does not fail on servers that refuse everything", name)
				}
			}
			for _, name := range tests {
				for _, backend := range []string{"mssql", "oracle"} {
					if !strings.Contains(out, "--- FAIL: "+name+"/"+backend) && !strings.Contains(out, "--- FAIL: "+name+"/live_"+backend) {
						t.Errorf("%s does not fail on a server of %s that refuses everything", name, backend)
					}
				}
			}
		})
	}
}

// run runs the tests of a pattern in a child, and returns what it prints and
// its exit code.
func (m temper) run(t *testing.T, pattern string) (string, int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit+time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run="+pattern, "-test.v", "-test.count=1",
		"-test.timeout="+limit.String(), "-test.parallel=4")
	cmd.Env = slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "SQLAYER_") || strings.HasPrefix(s, "GOCOVERDIR=")
	})
	cmd.Env = append(cmd.Env, childVar+"=1", varOf("mssql")+"="+m.mssql(t), varOf("oracle")+"="+m.oracle(t))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

func varOf(name string) string {
	for _, k := range testenv.All() {
		if k.Name == name {
			return k.Var
		}
	}
	return ""
}

// liveTests are the tests of the package in dir that come to call one of the functions.
func liveTests(t *testing.T, dir string, functions ...string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string][]string{} // by function
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				switch x := n.(type) {
				case *ast.SelectorExpr:
					if p, ok := x.X.(*ast.Ident); ok && p.Name == "testenv" {
						calls[fn.Name.Name] = append(calls[fn.Name.Name], "testenv."+x.Sel.Name)
					}
				case *ast.Ident:
					calls[fn.Name.Name] = append(calls[fn.Name.Name], x.Name)
				}
				return true
			})
		}
	}
	listed, err := exec.Command(os.Args[0], "-test.list", "^Test").Output() // without those that a build constraint leaves out
	if err != nil {
		t.Fatal(err)
	}
	asks := map[string]bool{}
	for _, f := range functions {
		asks[f] = true
	}
	for grown := true; grown; {
		grown = false
		for name, list := range calls {
			if !asks[name] && slices.ContainsFunc(list, func(s string) bool { return asks[s] }) {
				asks[name], grown = true, true
			}
		}
	}
	names := strings.Fields(string(listed))
	return slices.DeleteFunc(slices.Sorted(maps.Keys(asks)), func(name string) bool { return !slices.Contains(names, name) })
}
