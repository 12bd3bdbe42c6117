package grammar

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the root module's folder.
const root = "../.."

// sourced is a text and where it comes from.
type sourced struct{ from, text string }

// family is the dialect whose files hold the texts of a judge.
func family(dialect string) string { return strings.TrimSuffix(dialect, "19") }

// collect returns every text that is judged for a dialect, each once.
func collect(t *testing.T, dialect string) []sourced {
	t.Helper()
	var all []sourced
	seen := map[string]bool{}
	n := 0
	add := func(from, text string) {
		n++
		if text = strings.TrimSpace(text); text != "" && !seen[text] {
			seen[text] = true
			all = append(all, sourced{from, text})
		}
	}
	for _, source := range []func(t *testing.T, dialect string, add func(from, text string)){
		goldens, examples, suite, corpus, catalogue, constants, others,
	} {
		source(t, dialect, add)
	}
	t.Logf("%d texts, %d of them unlike", n, len(all))
	return all
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// goldens are the files testdata/<dialect>.golden of any package: a line "-- name",
// then texts, one a line; "-> arguments", "! error".
func goldens(t *testing.T, dialect string, add func(from, text string)) {
	found := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." && path != root {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Base(filepath.Dir(path)) != "testdata" || d.Name() != dialect+".golden" {
			return nil
		}
		found++
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		for line := range strings.Lines(read(t, name)) {
			line = strings.TrimSuffix(line, "\n")
			switch {
			case strings.HasPrefix(line, "-- "):
				name, _, _ = strings.Cut(name, ": ")
				name += ": " + line[3:]
			case strings.HasPrefix(line, "-> "), strings.HasPrefix(line, "! "):
			default:
				add(name, line)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 && dialect == family(dialect) {
		t.Fatalf("no golden file of %s is found", dialect)
	}
}

var exampleLine = regexp.MustCompile(`^\s+(\w+)\s+(.*) \[.*\]$`)

// examples are what the programs in examples/ print: databases a line for each
// dialect, schema a list under its name.
func examples(t *testing.T, dialect string, add func(from, text string)) {
	const databases, schema = "examples/testdata/databases.golden", "examples/testdata/schema.golden"
	n := 0
	for line := range strings.Lines(read(t, databases)) {
		if m := exampleLine.FindStringSubmatch(line); m != nil && m[1] == dialect {
			add(databases, m[2])
			n++
		}
	}
	in := ""
	for line := range strings.Lines(read(t, schema)) {
		if !strings.HasPrefix(line, " ") {
			in = strings.TrimSpace(line)
		} else if in == dialect {
			add(schema, line)
			n++
		}
	}
	if n == 0 && dialect == family(dialect) {
		t.Fatalf("%s and %s hold no text of %s", databases, schema, dialect)
	}
}

// wrong are cases of the suite that send what no database accepts.
var wrong = map[string]string{
	"errors/a syntax error":          "",
	"errors/an unfinished statement": "",
}

// suite are the texts of the conformance suite.
func suite(t *testing.T, dialect string, add func(from, text string)) {
	file := "dialect/dialecttest/testdata/texts_" + dialect + ".json"
	if _, err := os.Stat(filepath.Join(root, file)); errors.Is(err, fs.ErrNotExist) && dialect == "postgres" {
		return // it runs on a server
	}
	var cases []struct {
		Case  string
		Texts []string
	}
	if err := json.Unmarshal([]byte(read(t, file)), &cases); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	left := len(wrong)
	for _, c := range cases {
		if _, ok := wrong[c.Case]; ok {
			left--
			if !slices.ContainsFunc(c.Texts, func(text string) bool { return Judge(dialect, text) != nil }) {
				t.Errorf("%s: %s: no text is rejected: %q", dialect, c.Case, c.Texts)
			}
			continue
		}
		for _, text := range c.Texts {
			add("suite: "+c.Case, text)
		}
	}
	if left != 0 {
		t.Errorf("%s: not every case is there that sends what is wrong: %v", file, wrong)
	}
}
