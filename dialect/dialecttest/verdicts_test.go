package dialecttest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const dialectsPage = "../../docs/dialects.md"

const dialectsIntro = `# What each dialect can do, and how that is proven

This page is written by a command from what tests have recorded; nothing in it is written by hand:

` + "```sh" + `
make records
` + "```" + `

runs the conformance suite on the throwaway servers, puts its statements for the other databases to their grammars, keeps both in
` + "[dialect/dialecttest/testdata/results](../dialect/dialecttest/testdata/results)" + ` and makes this page of it. A test run whose outcome is not the
recorded one fails, and so does one that finds this page or a grammar's verdict out of date.

- **live**: the case passes on a server of that database (SQLite: in the process).
- **grammar**: there was no server. Every statement of the case is accepted by a grammar of that database, which proves that it
  is read, and not what it does; what a grammar refuses wrongly is listed, with the section of the manual that allows it, in
  [internal/grammar/testdata](../internal/grammar/testdata/false_rejections.json).
- **in part**: the same, of the statements up to one whose answer the case cannot do without.
- **refused**: the database has not what stands in the last column. A statement that needs it is refused before anything is sent, or
  written in another way where there is one. The last chapter says which of these the database itself was asked about.
- **manual**: there was no server to refuse what a flag that is off would allow; the manual's section stands in the last column.
- **not run**: there was no server, and the case has no statement that a grammar could judge.
- **–**: the question does not arise: no network, a refusal of what the database has, or an interface for speed that it does without.

`

// docColumn is a database on the page.
type docColumn struct {
	title string
	files []string // records, the first that is there counts
	judge string   // the grammar's name, where the record is of a tape
	major string   // of the record's version; empty: any
}

var columns = []docColumn{
	{title: "SQLite", files: []string{"sqlite.tsv"}},
	{title: "PostgreSQL", files: []string{"postgres.tsv"}},
	{title: "MariaDB", files: []string{"mariadb.tsv"}},
	{title: "MySQL 8", files: []string{"mysql.tsv", "mysql.sent.tsv"}, judge: "mysql"},
	{title: "SQL Server", files: []string{"mssql.tsv", "mssql.sent.tsv"}, judge: "mssql"},
	{title: "Oracle 19c", files: []string{"oracle.tsv", "oracle19.sent.tsv"}, judge: "oracle19", major: "19"},
	{title: "Oracle 23ai", files: []string{"oracle.tsv", "oracle.sent.tsv"}, judge: "oracle", major: "23"},
}

// chapters are the groups of the suite in the order of the page.
var chapters = []struct {
	title  string
	groups []string
}{
	{"Types", []string{"types", "unicode", "texts", "dates", "whole numbers", "division", "decimals", "booleans", "json", "json paths", "arrays",
		"binary", "enumerations", "uuids", "intervals", "own types", "null", "literal"}},
	{"Rows and parameters", []string{"rows", "scan", "results", "row counts", "params"}},
	{"Names", []string{"identifiers", "difficult names", "names beyond ASCII"}},
	{"Keys and RETURNING", []string{"keys", "generated", "returning"}},
	{"INSERT and upsert", []string{"inserts", "upsert"}},
	{"Queries", []string{"basics", "features", "selects", "shapes", "common tables", "operands", "windows", "lists", "likes"}},
	{"Paging", []string{"paging", "limits"}},
	{"Functions", []string{"functions"}},
	{"Locking", []string{"locks"}},
	{"Transactions", []string{"tx", "savepoint", "isolation", "autocommit", "two-phase"}},
	{"Errors", []string{"errors"}},
	{"DDL", []string{"ddl", "sequences", "views", "default schema"}},
	{"Reflection", []string{"catalogue names", "catalogue columns", "catalogue keys", "catalogue indexes", "catalogue comments", "catalogue kinds"}},
	{"Bulk", []string{"bulk", "copies"}},
	{"Connections", []string{"connect", "server", "cancel", "reset", "engine"}},
	{"What is off, put to the database", []string{"refused"}},
}

// TestGrammarVerdicts fails where the texts have changed since a grammar judged
// them: TestSuiteVerdicts in internal/grammar writes the file of their hashes, once
// it accepts them all.
func TestGrammarVerdicts(t *testing.T) {
	file := filepath.Join(resultsDir, "grammar.tsv")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	judged := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			name, rest, _ := strings.Cut(line, "\t")
			judged[name], _, _ = strings.Cut(rest, "\t")
		}
	}
	for _, c := range columns {
		if c.judge == "" {
			continue
		}
		texts, err := os.ReadFile(filepath.Join("testdata", "texts_"+c.judge+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(texts); judged[c.judge] != hex.EncodeToString(sum[:]) {
			t.Errorf("the texts for %s have changed since the grammar judged them: go test -C internal/grammar . -update", c.judge)
		}
	}
}

// shownColumn is a column with its record.
type shownColumn struct {
	docColumn
	*record
	live     bool
	by       map[string]entry
	sections map[[2]string]string
}

func (c docColumn) read(t *testing.T) *shownColumn {
	t.Helper()
	for _, name := range c.files {
		r, err := readRecord(filepath.Join(resultsDir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if c.major != "" && major(r.version) != c.major {
			continue
		}
		s := &shownColumn{docColumn: c, record: r, live: !strings.Contains(name, ".sent."), by: map[string]entry{}, sections: offSections(t)}
		for _, e := range r.entries {
			s.by[e.path] = e
		}
		return s
	}
	t.Fatalf("there is no record of %s", c.title)
	return nil
}

const (
	cellLive    = "live"
	cellGrammar = "grammar"
	cellPart    = "in part"
	cellRefused = "refused"
	cellManual  = "manual"
	cellNotRun  = "not run"
	cellNone    = "–"
)

// cell is what the page says of a case on a database, and what that lacks.
func (c *shownColumn) cell(path string) (cell, lacks string) {
	e, ok := c.by[path]
	switch {
	case !ok:
		return cellNone, "" // a case about the sessions of another database
	case e.outcome == recordSkipped:
		if strings.HasPrefix(e.note, "nothing: ") {
			return cellNone, ""
		}
		for _, beside := range []string{"a server on a network", "dialect.PoolAdviser", "dialect.Batcher", "dialect.Copier"} {
			if strings.HasPrefix(e.note, beside) {
				return cellNone, ""
			}
		}
		return cellRefused, strings.ReplaceAll(e.note, "dialect.Inspector and ", "")
	case e.outcome == recordPassed && strings.HasPrefix(path, "refused/"):
		return cellRefused, ""
	case e.outcome == recordPassed:
		return cellLive, ""
	case e.outcome == recordSent:
		return cellGrammar, ""
	case e.outcome == recordCut:
		return cellPart, ""
	}
	flag, _ := strings.CutPrefix(path, "refused/")
	for _, of := range []string{c.judge, strings.TrimSuffix(c.judge, "19")} {
		if section := c.sections[[2]string{of, flag}]; section != "" {
			return cellManual, section
		}
	}
	return cellNotRun, ""
}

// caseNames lists the cases of a group: those of the suite, and then those that only
// records have.
func caseNames(g group, all []*shownColumn) (names []string) {
	for _, c := range g.cases {
		names = append(names, c.name)
	}
	for _, c := range all {
		for _, e := range c.entries {
			if name, ok := strings.CutPrefix(e.path, g.name+"/"); ok && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// counted is a cell of the first table: how many cases of a chapter are what.
func counted(n map[string]int) string {
	var parts []string
	for _, what := range []string{cellLive, cellGrammar, cellPart, cellRefused, cellManual, cellNotRun} {
		if n[what] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[what], what))
		}
	}
	if len(parts) == 0 {
		return cellNone
	}
	return strings.Join(parts, ", ")
}

var inCell = strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;")

// TestDialectsPage: docs/dialects.md is what the records say.
func TestDialectsPage(t *testing.T) {
	var all []*shownColumn
	var intro, glance, body strings.Builder
	head, line := "| |", "|---|"
	for _, c := range columns {
		s := c.read(t)
		all = append(all, s)
		head += " " + c.title + " |"
		line += "---|"
		if s.live {
			fmt.Fprintf(&intro, "- %s: %s, live.\n", c.title, s.version)
			continue
		}
		fmt.Fprintf(&intro, "- %s: no server; the statements are those for version %s.\n", c.title, s.version)
	}
	byName := map[string]group{}
	for _, g := range groups(&target{}) {
		byName[g.name] = g
	}
	placed := map[string]bool{}
	fmt.Fprintf(&glance, "%s\n%s\n", head, line)
	for _, ch := range chapters {
		fmt.Fprintf(&body, "\n## %s\n", ch.title)
		counts := make([]map[string]int, len(all))
		for i := range counts {
			counts[i] = map[string]int{}
		}
		for _, name := range ch.groups {
			g, ok := byName[name]
			if !ok || placed[name] {
				t.Errorf("the chapter %q has the group %q, which is not there or has a place", ch.title, name)
			}
			placed[name] = true
			fmt.Fprintf(&body, "\n%s needs |\n%s---|\n", strings.Replace(head, "| |", "| "+name+" |", 1), line)
			for _, c := range caseNames(g, all) {
				fmt.Fprintf(&body, "| %s |", inCell.Replace(c))
				var needs []string
				for i, col := range all {
					cell, lacks := col.cell(name + "/" + c)
					counts[i][cell]++
					if lacks != "" && !slices.Contains(needs, lacks) {
						needs = append(needs, lacks)
					}
					fmt.Fprintf(&body, " %s |", cell)
				}
				fmt.Fprintf(&body, " %s |\n", inCell.Replace(strings.Join(needs, "; ")))
			}
		}
		fmt.Fprintf(&glance, "| [%s](#%s) |", ch.title, anchor(ch.title))
		for _, n := range counts {
			fmt.Fprintf(&glance, " %s |", counted(n))
		}
		glance.WriteByte('\n')
	}
	for name := range byName {
		if !placed[name] {
			t.Errorf("the group %q has no chapter", name)
		}
	}
	page := dialectsIntro + "The databases:\n\n" + intro.String() + "\n## At a glance\n\n" + glance.String() + body.String()
	if *updateTexts {
		if err := writeFile(dialectsPage, page); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(dialectsPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(old) != page {
		t.Errorf("%s is not what the records say; write it with: go test ./dialect/dialecttest -run TestDialectsPage -update", dialectsPage)
	}
}

// anchor is the name by which a page links to a heading.
func anchor(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case 'a' <= r && r <= 'z':
			return r
		}
		return -1
	}, strings.ToLower(title))
}
