package examples_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

var update = flag.Bool("update", false, "write what the programs print as their expected output")

// build compiles all examples into a folder of the test's.
func build(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", folder+string(filepath.Separator), "./...").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return folder
}

// output runs a program in a temporary folder.
func output(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = t.TempDir()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, stderr.Bytes())
	}
	return string(out)
}

// TestExamples runs each program, and compares what it prints with its file
// testdata/NAME.golden; the quickstart also runs on every other database.
func TestExamples(t *testing.T) {
	folders, err := filepath.Glob("*/main.go")
	if err != nil || len(folders) < 8 {
		t.Fatalf("found the programs %v, %v", folders, err)
	}
	programs := build(t)
	t.Run("quickstart twice", func(t *testing.T) { quickstartEverywhere(t, filepath.Join(programs, "quickstart")) })
	for _, f := range folders {
		name := filepath.Dir(f)
		t.Run(name, func(t *testing.T) {
			golden := filepath.Join("testdata", name+".golden")
			got := output(t, filepath.Join(programs, name))
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("printed\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// withoutSQL blanks the lines that show a statement's text.
func withoutSQL(transcript string) string {
	lines := strings.Split(transcript, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "  sql> ") {
			lines[i] = "  sql>"
		}
	}
	return strings.Join(lines, "\n")
}

// quickstartEverywhere runs the quickstart twice on every database: what it
// prints differs in the text of the SQL and in nothing else. One run before
// clears what an interrupted one may have left there.
func quickstartEverywhere(t *testing.T, program string) {
	output(t, program)
	want := withoutSQL(output(t, program))
	if !strings.Contains(want, "  sql>\n") {
		t.Fatalf("no statement is shown:\n%s", want)
	}
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		output(t, program, b.URL)
		first := output(t, program, b.URL)
		if got := withoutSQL(first); got != want {
			t.Errorf("printed\n%s\nwant, but for the SQL,\n%s", first, want)
		}
		if again := output(t, program, b.URL); again != first {
			t.Errorf("the second time it printed\n%s\nthe first time\n%s", again, first)
		}
	})
}
