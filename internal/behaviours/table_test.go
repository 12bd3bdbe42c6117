package behaviours

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// least is how many behaviours there are at least: a table cannot become
// shorter.
const least = 118

type entry struct {
	number int
	pins   string
	tests  []string // package.TestName/subtest
	waived string   // why
}

var (
	heading = regexp.MustCompile(`^## .*\(([0-9][0-9–, ]*)\)$`)
	quoted  = regexp.MustCompile("`([^`]*)`")
)

// numbers expands "1–3, 5".
func numbers(text string) (all []int, err error) {
	for _, part := range strings.Split(text, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "–")
		a, err := strconv.Atoi(from)
		if err != nil {
			return nil, err
		}
		b := a
		if isRange {
			if b, err = strconv.Atoi(to); err != nil {
				return nil, err
			}
		}
		if b < a {
			return nil, fmt.Errorf("%s runs backwards", part)
		}
		for n := a; n <= b; n++ {
			all = append(all, n)
		}
	}
	return all, nil
}

// table reads the rows of a document, and what is wrong with its form.
func table(text string) (all []entry, wrong []string) {
	var announced []int
	section := ""
	have := map[int]bool{}
	bad := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	closeSection := func() {
		for _, n := range announced {
			if !have[n] {
				bad("%d is announced by %q and has no row", n, section)
			}
		}
		announced = nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "## ") {
			closeSection()
			section = line
			m := heading.FindStringSubmatch(line)
			if m == nil {
				bad("%q does not announce its numbers", line)
				continue
			}
			var err error
			if announced, err = numbers(m[1]); err != nil {
				bad("%q: %v", line, err)
			}
			continue
		}
		if !strings.HasPrefix(line, "|") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		n, err := strconv.Atoi(cells[0])
		if err != nil {
			if cells[0] != "number" && strings.Trim(cells[0], "-") != "" {
				bad("a row with the number %q", cells[0])
			}
			continue
		}
		e := entry{number: n}
		switch {
		case len(cells) != 4:
			bad("%d has %d cells instead of 4", n, len(cells))
			continue
		case have[n]:
			bad("%d has two rows", n)
		case !slices.Contains(announced, n):
			bad("%d is not announced by %q", n, section)
		}
		have[n] = true
		if e.pins = cells[1]; e.pins == "" {
			bad("%d does not say what it pins", n)
		}
		for _, m := range quoted.FindAllStringSubmatch(cells[2], -1) {
			e.tests = append(e.tests, m[1])
		}
		if why, ok := strings.CutPrefix(cells[2], "waived:"); ok {
			if e.waived = strings.TrimSpace(why); e.waived == "" {
				bad("%d is waived without a reason", n)
			}
		} else if len(e.tests) == 0 {
			bad("%d names no test", n)
		}
		all = append(all, e)
	}
	closeSection()
	return all, wrong
}

// tests holds, for each package by its path in the module, the text literals
// within each test function.
type tests map[string]map[string][]string

// read parses the tests of the package at path.
func (t tests) read(dir, path string) (map[string][]string, error) {
	if found, ok := t[path]; ok {
		return found, nil
	}
	files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(path), "*_test.go"))
	if err != nil {
		return nil, err
	}
	found := map[string][]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Test") {
				continue
			}
			texts := []string{}
			ast.Inspect(f, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if s, err := strconv.Unquote(lit.Value); err == nil {
						texts = append(texts, s)
					}
				}
				return true
			})
			found[f.Name.Name] = texts
		}
	}
	t[path] = found
	return found, nil
}

// missing says what is wrong with a test's name, or "".
func (t tests) missing(dir, name string) string {
	path, rest, ok := strings.Cut(name, ".Test")
	if !ok {
		return fmt.Sprintf("%q is no package.TestName", name)
	}
	function, sub, isSub := strings.Cut("Test"+rest, "/")
	found, err := t.read(dir, path)
	if err != nil {
		return err.Error()
	}
	texts, ok := found[function]
	switch {
	case !ok:
		return fmt.Sprintf("there is no %s in %s", function, path)
	case isSub && !slices.Contains(texts, sub):
		return fmt.Sprintf("%s in %s has no subtest %q", function, path, sub)
	}
	return ""
}

func TestEveryBehaviourHasItsTest(t *testing.T) {
	text, err := os.ReadFile(root + "/docs/behaviours.md")
	if err != nil {
		t.Fatal(err)
	}
	all, wrong := table(string(text))
	for _, w := range wrong {
		t.Error(w)
	}
	if len(all) < least {
		t.Errorf("%d rows, there were at least %d", len(all), least)
	}
	tree := tests{}
	waived := 0
	for _, e := range all {
		if e.waived != "" {
			waived++
		}
		for _, name := range e.tests {
			if w := tree.missing(root, name); w != "" {
				t.Errorf("%d: %s", e.number, w)
			}
		}
	}
	if waived*6 > len(all) {
		t.Errorf("%d of %d are waived: at most one in six may be", waived, len(all))
	}
}

// The checks find what they are for.
func TestMistakesInTheTable(t *testing.T) {
	const head = "## Part (1–2)\n\n| number | what it pins | tests | ours |\n|---|---|---|---|\n"
	for want, text := range map[string]string{
		"":                          head + "| 1 | a | `pool.TestX` | |\n| 2 | b | waived: Go has none | |\n",
		"2 is announced":            head + "| 1 | a | `pool.TestX` | |\n",
		"1 has two rows":            head + "| 1 | a | `pool.TestX` | |\n| 1 | a | `pool.TestX` | |\n| 2 | a | `pool.TestX` | |\n",
		"3 is not announced":        head + "| 1 | a | `p.TestX` | |\n| 2 | a | `p.TestX` | |\n| 3 | a | `p.TestX` | |\n",
		"1 names no test":           head + "| 1 | a | none | |\n| 2 | a | `p.TestX` | |\n",
		"1 is waived without":       head + "| 1 | a | waived: | |\n| 2 | a | `p.TestX` | |\n",
		"1 does not say":            head + "| 1 | | `p.TestX` | |\n| 2 | a | `p.TestX` | |\n",
		"1 has 3 cells":             head + "| 1 | a | `p.TestX` |\n| 2 | a | `p.TestX` | |\n",
		"does not announce":         "## Part\n",
		"2–1 runs backwards":        "## Part (2–1)\n",
		`a row with the number "x"`: "| x | a | b | c |\n",
	} {
		_, wrong := table(text)
		if want == "" {
			if len(wrong) != 0 {
				t.Errorf("nothing is wrong, but: %v", wrong)
			}
		} else if !strings.Contains(strings.Join(wrong, "\n"), want) {
			t.Errorf("no %q in %v", want, wrong)
		}
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "p"), 0o700); err != nil {
		t.Fatal(err)
	}
	source := "package p\nfunc TestX(t *T) { for _, n := range []string{\"a b\"} { t.Run(n, nil) } }\nfunc (T) TestY() {}\n"
	if err := os.WriteFile(filepath.Join(dir, "p", "x_test.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	tree := tests{}
	for name, want := range map[string]bool{
		"p.TestX": true, "p.TestX/a b": true, "p.TestX/c": false, "p.TestY": false, "p.TestZ": false,
		"q.TestX": false, "TestX": false, "p": false, "": false,
	} {
		if w := tree.missing(dir, name); (w == "") != want {
			t.Errorf("%q: %q", name, w)
		}
	}
}
