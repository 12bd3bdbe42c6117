package grammar

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// suiteDir is where the conformance suite keeps its records.
const suiteDir = "dialect/dialecttest/testdata"

// TestSuiteVerdicts keeps what the grammars say of the statements of the
// conformance suite, a line for each database: the hash of the file of its texts, how many
// they are, how many the grammar accepts, and how many it refuses wrongly, by the list.
// docs/dialects.md is made of that, and a test of the root module fails when the texts have
// changed since.
func TestSuiteVerdicts(t *testing.T) {
	listed := list(t)
	var b strings.Builder
	b.WriteString("# database, hash of the texts, texts, accepted, refused wrongly\n")
	for _, dialect := range []string{"mssql", "mysql", "oracle", "oracle19"} {
		n := map[string]int{}
		seen := map[string]bool{}
		suite(t, dialect, func(_, text string) {
			if text = strings.TrimSpace(text); text != "" && !seen[text] {
				seen[text] = true
				n[judged(listed, dialect, text).Verdict]++
			}
		})
		if n[Rejected] > 0 {
			t.Errorf("%s: %d texts are rejected: see TestTexts", dialect, n[Rejected])
		}
		sum := sha256.Sum256([]byte(read(t, suiteDir+"/texts_"+dialect+".json")))
		fmt.Fprintf(&b, "%s\t%x\t%d\t%d\t%d\n", dialect, sum, len(seen), n[OK], n[FalseRejection])
	}
	file := filepath.Join(root, suiteDir, "results", "grammar.tsv")
	if *update && !t.Failed() {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; make it with -update", err)
	}
	if string(kept) != b.String() {
		t.Errorf("%s is not what the grammars say; write it with -update:\n%s", file, b.String())
	}
}
