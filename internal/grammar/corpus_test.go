package grammar

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const corpusDir = "expr/corpus/testdata"

// corpora are the files of the corpus that are judged, <database>.golden.json: the
// corpus is for Oracle 19c.
var corpora = []struct{ dialect, database string }{{"mssql", "mssql"}, {"oracle19", "oracle"}, {"mysql", "mysql"}}

// corpusTexts are the texts of the corpus's cases for a database; nil where it
// keeps none.
func corpusTexts(t *testing.T, database string) map[string][]string {
	t.Helper()
	file := filepath.Join(root, corpusDir, database+".golden.json")
	b, err := os.ReadFile(file)
	if os.IsNotExist(err) && database == "mysql" {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string][]string
	if err := json.Unmarshal(b, &texts); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return texts
}

func corpus(t *testing.T, dialect string, add func(from, text string)) {
	for _, c := range corpora {
		if c.dialect == dialect {
			for id, texts := range corpusTexts(t, c.database) {
				for _, text := range texts {
					add("corpus: "+id, text)
				}
			}
		}
	}
}

// caseVerdict is what expr/corpus reads: the verdict on all texts of a case,
// with their hash.
type caseVerdict struct {
	Hash string `json:"hash"`
	Verdict
}

// TestCorpusVerdicts keeps the verdicts on the corpus, which a test of the root
// module counts without the grammars.
func TestCorpusVerdicts(t *testing.T) {
	listed := list(t)
	for _, c := range corpora {
		texts := corpusTexts(t, c.database)
		if texts == nil {
			continue
		}
		verdicts := map[string]caseVerdict{}
		n := map[string]int{}
		for id, all := range texts {
			sum := sha256.Sum256([]byte(strings.Join(all, "\n")))
			v := caseVerdict{hex.EncodeToString(sum[:]), Verdict{Verdict: OK}}
			for _, text := range all {
				switch one := judged(listed, c.dialect, text); {
				case one.Verdict == Rejected && v.Verdict.Verdict != Rejected:
					v.Verdict = one
				case one.Verdict == FalseRejection && v.Verdict.Verdict == OK:
					v.Verdict = one
				}
			}
			n[v.Verdict.Verdict]++
			verdicts[id] = v
		}
		file := filepath.Join(root, corpusDir, c.database+".verdicts.json")
		if *update {
			writeJSON(t, file, verdicts)
		}
		if old, err := os.ReadFile(file); err != nil || !bytes.Equal(old, encode(t, verdicts)) {
			t.Errorf("%s is stale (%v); write it with: go test -C internal/grammar . -update", file, err)
		}
		t.Log(fmt.Sprintf("grammar %s: %d cases of the corpus, %d ok, %d false rejections listed, %d rejected",
			c.dialect, len(texts), n[OK], n[FalseRejection], n[Rejected]))
	}
}
