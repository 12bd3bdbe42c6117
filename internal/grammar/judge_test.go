package grammar

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write the verdicts, and the list of false rejections")

const listFile = "testdata/false_rejections.json"

func list(t *testing.T) Listed {
	t.Helper()
	l := Listed{}
	b, err := os.ReadFile(listFile)
	if os.IsNotExist(err) && *update {
		return l
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &l); err != nil {
		t.Fatalf("%s: %v", listFile, err)
	}
	return l
}

// writeJSON writes a file that tests read, and only if it changes.
func writeJSON(t *testing.T, file string, v any) {
	t.Helper()
	b := encode(t, v)
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, b) {
		return
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// verdicts are those that were given already.
var verdicts = map[string]Verdict{}

// judged gives a verdict, once a text.
func judged(l Listed, dialect, text string) Verdict {
	key := dialect + "\x00" + text
	v, ok := verdicts[key]
	if !ok {
		v = l.Judge(dialect, text)
		if v.Verdict == Rejected && *update { // it is about to be listed
			if why, ok := excuse(dialect, text); ok {
				v = Verdict{FalseRejection, why}
			}
		}
		verdicts[key] = v
	}
	return v
}

// TestTexts judges every text. It ends with a line for each dialect:
//
//	grammar mssql: 1409 texts, 1405 ok, 4 false rejections listed, 0 rejected
func TestTexts(t *testing.T) {
	listed := list(t)
	var lines []string
	for _, dialect := range Dialects() {
		t.Run(dialect, func(t *testing.T) {
			var excused []string
			n := map[string]int{}
			all := collect(t, dialect)
			for _, s := range all {
				v := judged(listed, dialect, s.text)
				n[v.Verdict]++
				switch v.Verdict {
				case Rejected:
					t.Errorf("%s:\n%s\n%s", s.from, shortened(s.text), v.Reason)
				case FalseRejection:
					excused = append(excused, s.text)
				}
			}
			if *update {
				slices.Sort(excused)
				listed[dialect] = excused
			}
			for _, text := range listed[dialect] {
				switch {
				case slices.Contains(excused, text):
				case Judge(dialect, text) == nil:
					t.Errorf("%s lists what the grammar accepts by now:\n%s", listFile, text)
				default: // how far a test comes on a server that refuses may differ
					t.Logf("%s lists what no test has made:\n%s", listFile, text)
				}
			}
			lines = append(lines, fmt.Sprintf("grammar %s: %d texts, %d ok, %d false rejections listed, %d rejected",
				dialect, len(all), n[OK], n[FalseRejection], n[Rejected]))
		})
	}
	if *update && len(lines) == len(Dialects()) {
		writeJSON(t, listFile, listed)
	}
	for _, line := range lines { // at the end, where they are looked for
		t.Log(line)
	}
}

func shortened(text string) string {
	if len(text) > 800 {
		return text[:800] + "…"
	}
	return text
}
