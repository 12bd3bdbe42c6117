package dialecttest

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/internal/tape"
)

var updateTexts = flag.Bool("update", false, "write the texts that the suite sends")

// hearer takes what a case says and lets it go on: with the answers of a
// tape every expectation fails, and what the case would send next counts.
type hearer struct{ recorder }

func (h *hearer) Fatalf(string, ...any) {}

// sent is what one case sends that no case before it has sent.
type sent struct {
	Case  string   `json:"case"`
	Texts []string `json:"texts"`
	// Long counts texts that are too long to be kept, all of them lists of
	// placeholders or rows as shorter texts have them too.
	Long int `json:"long,omitempty"`
}

// longest is the length of the longest text that is kept.
const longest = 20_000

// send runs a case on a tape.
func send(tg *target, rec *tape.Tape, c testCase) (texts []string, cut string) {
	rec.Clear()
	tg.tables, tg.prefix = 0, "dt"
	func() {
		defer func() {
			if p := recover(); p != nil {
				cut = fmt.Sprint(p)
			}
		}()
		tg.run(&hearer{}, c)
	}()
	return rec.Texts(), cut
}

// TestTexts keeps the texts that the suite sends to databases of which there
// is no server at hand, for the grammars in internal/grammar to judge.
func TestTexts(t *testing.T) {
	for _, s := range []struct {
		name    string
		d       dialect.Dialect
		session []SessionChange
	}{
		{"mssql", mssql.Dialect(), nil},
		{"oracle", oracle.Dialect(oracle.Version(23)), nil},
		{"oracle19", oracle.Dialect(oracle.Version(19)), nil},
		{"mysql", mysql.Dialect(mysql.Version(8, 4)), nil},
	} {
		t.Run(s.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rec := tape.New(s.d)
				rec.Rows = 5 // as many as the cases look at
				u, err := dialect.ParseURL("tape://127.0.0.1:1/test")
				if err != nil {
					t.Fatal(err)
				}
				tg, err := openDialect(t.Context(), Config{Limit: 10 * time.Second}, u, rec.Dialect())
				if err != nil {
					t.Fatal(err)
				}
				var all []sent
				n, met := 0, 0
				seen := map[string]bool{}
				outcomes := &record{product: s.name, version: versionOf(s.d)}
				for _, g := range groups(tg) {
					for _, c := range g.cases {
						path := g.name + "/" + c.name
						if !c.needs.met(tg) {
							outcomes.add(path, recordSkipped, c.needs.flag)
							continue
						}
						if g.name == "refused" { // what the database does not take is no text for a grammar
							outcomes.add(path, recordUnsent, "")
							continue
						}
						met++
						start := time.Now()
						texts, cut := send(tg, rec, c)
						if cut != "" {
							t.Logf("%s/%s ends early: %s", g.name, c.name, cut)
						}
						if d := time.Since(start); d > time.Second {
							t.Logf("%s: %v", path, d)
						}
						switch {
						case len(texts) == 0:
							outcomes.add(path, recordSilent, "")
						case cut != "":
							outcomes.add(path, recordCut, "")
						default:
							outcomes.add(path, recordSent, "")
						}
						entry := sent{Case: path}
						for _, text := range texts {
							switch {
							case seen[text]:
							case len(text) > longest:
								entry.Long++
							default:
								entry.Texts = append(entry.Texts, text)
							}
							seen[text] = true
						}
						if len(entry.Texts) > 0 || entry.Long > 0 {
							all = append(all, entry)
							n += len(entry.Texts)
						}
					}
				}
				if err := tg.close(); err != nil {
					t.Error(err)
				}
				t.Logf("%d of %d cases send %d texts of their own", len(all), met, n)
				keepTexts(t, filepath.Join("testdata", "texts_"+s.name+".json"), all)
				keepSent(t, filepath.Join(resultsDir, s.name+".sent.tsv"), outcomes)
			})
		})
	}
}

// resultsDir is where the records are.
const resultsDir = "testdata/results"

// keepSent compares what was sent with the record.
func keepSent(t *testing.T, file string, r *record) {
	t.Helper()
	if *updateTexts {
		if err := writeFile(file, r.String()); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := readRecord(file)
	if err != nil {
		t.Fatalf("%v; make it with -update", err)
	}
	if lines := r.differs(old, true); len(lines) > 0 || r.String() != old.String() {
		t.Errorf("%s is not what is sent; write it with -update:\n\t%s", file, strings.Join(lines, "\n\t"))
	}
}

func keepTexts(t *testing.T, file string, all []sent) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(all); err != nil {
		t.Fatal(err)
	}
	if *updateTexts {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; make it with -update", err)
	}
	if string(kept) == b.String() {
		return
	}
	var old []sent
	if err := json.Unmarshal(kept, &old); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, s := range all {
		i := slices.IndexFunc(old, func(o sent) bool { return o.Case == s.Case })
		for _, text := range s.Texts {
			if i < 0 || !slices.Contains(old[i].Texts, text) {
				t.Fatalf("%s: the case %q sends a text that is not there; write it with -update:\n%s", file, s.Case, text)
			}
		}
	}
	t.Fatalf("%s holds what is not sent any more; write it with -update", file)
}
