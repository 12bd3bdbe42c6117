package grammar

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// otherPackages are those whose tests make statements. What is missing has texts
// that are judged by themselves: the conformance suite and the corpus those of their files,
// package safety those that it makes of hostile strings. The tests of internal/agree, of
// internal/faults and of a dialect's own run on live databases.
var otherPackages = []string{"./engine", "./orm", "./expr", "./expr/...", "./dialect", "./dialect/all", "./dialect/mssql", "./dialect/mysql", "./dialect/oracle"}

// The other tests, run once.
var otherTexts = sync.OnceValues(func() (map[string][]sourced, error) {
	dir, err := os.MkdirTemp("", "texts")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command("go", append([]string{"test", "-vet=off", "-count=1", "-tags=sqlayer_texts", "-ldflags=-w", "-skip=Alloc"}, otherPackages...)...)
	cmd.Dir = root
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "SQLAYER_") { // no database but SQLite: those that refuse everything are enough to be asked
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "TEXTS_OF_SQLAYER="+dir)
	// Whether they pass is seen where they are run for themselves.
	out, err := cmd.CombinedOutput()
	if err != nil && (cmd.ProcessState == nil || strings.Contains(string(out), "[build failed]") || strings.Contains(string(out), "\npanic: ")) {
		return nil, fmt.Errorf("%w\n%s", err, out[max(len(out)-8000, 0):])
	}
	return readOthers(dir)
})

func readOthers(dir string) (map[string][]sourced, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	texts := map[string][]sourced{}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 256<<20)
		for lines.Scan() {
			var line struct {
				Dialect string
				Major   int
				Text    string
				From    string
			}
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				return nil, err
			}
			name := line.Dialect
			switch {
			case name == "oracle" && line.Major < 23:
				name = "oracle19"
			case name == "mysql" && line.Major < 8:
				continue
			}
			texts[name] = append(texts[name], sourced{line.From, line.Text})
		}
		if err := lines.Err(); err != nil {
			return nil, err
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// What differs from one run to the next.
var chance = []struct {
	find    *regexp.Regexp
	replace string
}{
	{regexp.MustCompile(`\b(t)\d+(_)[0-9a-f]{16}(_)`), "$1$2$3"}, // of internal/testspace
	{regexp.MustCompile(`\bPw\d+_[0-9a-f]{16}`), "password"},
	{regexp.MustCompile(`_\d{12,}`), "_0"},
}

// Rows and lists of parameters beyond the first.
var (
	number = regexp.MustCompile(`(@p|:)\d+`)
	rows   = regexp.MustCompile(`(\((?:@p1|:1|\?)(?:, ?(?:@p1|:1|\?))*\))(?:, ?\((?:@p1|:1|\?)(?:, ?(?:@p1|:1|\?))*\))+`)
	params = regexp.MustCompile(`((?:@p1|:1|\?), ){8,}`)
)

// steady is a text without what is due to chance, and shorter where it is long
// for its parameters alone.
func steady(text string) string {
	for _, c := range chance {
		text = c.find.ReplaceAllString(text, c.replace)
	}
	if len(text) > 1000 {
		text = rows.ReplaceAllString(number.ReplaceAllString(text, "${1}1"), "$1")
		text = params.ReplaceAllStringFunc(text, func(s string) string { return s[:strings.Index(s, " ")+1] })
	}
	return text
}

// notSound are what tests make although no database accepts it, or not that
// database: the end of a file's name, and a part of the text.
var notSound = []struct{ file, text string }{
	{"/kinds_live_test.go", "SELEC 1"},
	{"/wire_test.go", "…"},
	{"/wire_test.go", "dbo.tidy_up"},                           // a procedure's name is sent as it is
	{"/engine/live_test.go", " DEFERRABLE INITIALLY DEFERRED"}, // tried on each
	{"/engine/hooks_test.go", ";"},                             // what a hook writes behind a text
}

// others are the texts of the other tests.
func others(t *testing.T, dialect string, add func(from, text string)) {
	if dialect == "postgres" {
		return // they run on a server
	}
	texts, err := otherTexts()
	if err != nil {
		t.Fatalf("the other tests of the module: %v", err)
	}
	if len(texts[dialect]) == 0 {
		t.Errorf("the other tests make no statement for %s", dialect)
	}
	for _, s := range texts[dialect] {
		left := false
		for _, n := range notSound {
			left = left || strings.HasSuffix(filepath.ToSlash(s.from), n.file) && strings.Contains(s.text, n.text)
		}
		if !left {
			add(s.from, steady(s.text))
		}
	}
}
