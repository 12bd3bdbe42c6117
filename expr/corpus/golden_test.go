package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// verdict is what the grammar of a database that is not here says of a text.
type verdict struct {
	Hash    string `json:"hash"`    // of the texts, see hashOf
	Verdict string `json:"verdict"` // ok, rejected, false rejection
	Reason  string `json:"reason"`
}

// hashOf is the SHA-256 of a case's texts, in order, each followed by a line
// feed but the last.
func hashOf(texts []string) string {
	h := sha256.Sum256([]byte(strings.Join(texts, "\n")))
	return hex.EncodeToString(h[:])
}

// judged compares our texts for a database that tests do not have with the
// golden file, which a grammar of that database has judged; the verdicts are a
// file beside it.
func (r *run) judged(t *testing.T, database string, all []*statement, n *tally) {
	report := t.Errorf
	if n.missing > 0 { // the files follow once all cases are there
		stale := 0
		report = func(string, ...any) { stale++ }
		defer func() {
			if stale > 0 {
				n.ran = false
				t.Logf("%s: %d texts or verdicts are stale", database, stale)
			}
		}()
	}
	texts := map[string][]string{}
	for _, s := range all {
		for _, c := range r.texts[key{s.ID, database}] {
			texts[s.ID] = append(texts[s.ID], c.sent)
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	if err := e.Encode(texts); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", database+".golden.json")
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%v; make it with -update", err)
	} else if !bytes.Equal(golden, b.Bytes()) {
		report("%s is not what is rendered; make it anew with -update, and judge it with the grammar", file)
	}

	file = filepath.Join("testdata", database+".verdicts.json")
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return // the line says that it was not run
	}
	var verdicts map[string]verdict
	if err == nil {
		err = json.Unmarshal(text, &verdicts)
	}
	if err != nil {
		t.Errorf("%s: %v", file, err)
		return
	}
	n.ran = true
	for id := range verdicts {
		if texts[id] == nil {
			report("%s: %s is rendered no more", file, id)
		}
	}
	for id, list := range texts {
		v, ok := verdicts[id]
		switch {
		case !ok:
			report("%s: no verdict of %s", file, id)
		case v.Hash != hashOf(list):
			report("%s: the verdict of %s is of another text", file, id)
		case v.Verdict == "ok":
		case v.Verdict == "false rejection" && v.Reason != "":
		case v.Verdict == "rejected":
			n.rejected++
			t.Errorf("%s: %s is rejected: %s\n%s", database, id, v.Reason, strings.Join(list, ";\n"))
		default:
			t.Errorf("%s: verdict %q of %s, reason %q", file, v.Verdict, id, v.Reason)
		}
	}
}
