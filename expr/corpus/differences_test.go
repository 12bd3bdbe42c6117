package corpus

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	update = flag.Bool("update", false, "write the golden files, and our text anew into docs/differences.md")
	differ = flag.String("differ", "", "cases, separated by commas, whose differences are added to docs/differences.md; case@database for one of its databases")
	why    = flag.String("why", "", "the reason for -differ")
)

// differencesFile has the texts that differ from the corpus's on purpose.
var differencesFile = filepath.Join("..", "..", "docs", "differences.md")

// mostDifferences is how many a database has: a ratchet, of which none is over 40.
var mostDifferences = map[string]int{"postgresql": 22, "mysql": 29, "mariadb": 37, "sqlite": 32, "mssql": 38, "oracle": 40}

// reason is what a reason looks like: the section is in brackets.
var reason = regexp.MustCompile(`^(fewer parentheses$|(rejected|better): .*\([^()]*[A-Z][^()]*, .+\))`)

// difference is our statement where it is another one on purpose.
type difference struct {
	text   string // statements, white space as one space, joined by " ; "
	params string // "=": those of the corpus
	why    string
}

// key is a case on a database.
type key struct{ id, database string }

// differences are the rows of the file.
type differences map[key]difference

// differenceOf is what a row has to say of our statements.
func (s *statement) differenceOf(on target, got []compiled) difference {
	var texts, params []string
	for _, c := range got {
		texts = append(texts, oneLine(c.text))
		for _, a := range c.args {
			params = append(params, ours(on, a).String())
		}
	}
	d := difference{text: strings.Join(texts, " ; "), params: strings.Join(params, ", ")}
	if len(got) == 1 && s.want(on).SQL != "" && sameParams(on, got[0].args, s.want(on).Params) == "" {
		d.params = "="
	}
	return d
}

// oneLine is a text with its white space outside quotes made one space each.
func oneLine(s string) string {
	var b strings.Builder
	last := ""
	for _, x := range tokensWithSpaces(s) {
		if x != " " || last != " " {
			b.WriteString(x)
		}
		last = x
	}
	return b.String()
}

// readDifferences reads the tables of the file.
func readDifferences(t *testing.T) (intro string, all differences) {
	t.Helper()
	text, err := os.ReadFile(differencesFile)
	if err != nil {
		t.Fatal(err)
	}
	intro, rest, _ := strings.Cut(string(text), "\n## ")
	all = differences{}
	for section := range strings.SplitSeq(rest, "\n## ") {
		category, body, _ := strings.Cut(section, "\n")
		for line := range strings.Lines(body) {
			line = strings.TrimSpace(line)
			if !strings.HasPrefix(line, "| "+category+"/") {
				if strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "| case |") && !strings.HasPrefix(line, "|---") {
					t.Errorf("docs/differences.md: a row in the section %s that is of no case of it: %s", category, line)
				}
				continue
			}
			cells := cells(line)
			if len(cells) != 5 {
				t.Errorf("docs/differences.md: %d cells and not 5: %s", len(cells), line)
				continue
			}
			d := difference{text: code(cells[2]), params: code(cells[3]), why: cells[4]}
			if !reason.MatchString(d.why) {
				t.Errorf("docs/differences.md: a reason is a rejected text, fewer parentheses, or what is better, with the section of the manual: %s", line)
			}
			for database := range strings.SplitSeq(cells[1], ", ") {
				k := key{cells[0], database}
				if _, twice := all[k]; twice {
					t.Errorf("docs/differences.md: %s stands twice for %s", k.id, database)
				}
				all[k] = d
			}
		}
	}
	return intro, all
}

// cells cuts a row of a table at its bars; \| is a bar within a cell.
func cells(line string) []string {
	line = strings.ReplaceAll(strings.Trim(line, " "), `\|`, "\x00")
	parts := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(strings.ReplaceAll(parts[i], "\x00", "|"))
	}
	return parts
}

// code is what stands between the backquotes of a cell.
func code(cell string) string {
	if in, ok := strings.CutPrefix(cell, "`` "); ok {
		return strings.TrimSuffix(in, " ``")
	}
	return strings.Trim(cell, "`")
}

// codeCell is the opposite of code.
func codeCell(s string) string {
	switch {
	case s == "" || s == "=":
		return s
	case strings.Contains(s, "`"):
		return "`` " + s + " ``"
	}
	return "`" + s + "`"
}

// writeDifferences writes the file, in the order of the corpus.
func writeDifferences(t *testing.T, intro string, all differences, order []*statement) {
	t.Helper()
	var b strings.Builder
	b.WriteString(intro)
	byID := map[string]*statement{}
	var sections []string
	for _, s := range order {
		byID[s.ID] = s
		if !slices.Contains(sections, s.Category) {
			sections = append(sections, s.Category)
		}
	}
	slices.Sort(sections)
	ids := slices.Sorted(maps.Keys(byID))
	for _, section := range sections {
		head := "\n## " + section + "\n\n| case | databases | our text | parameters | why |\n|---|---|---|---|---|\n"
		for _, id := range ids {
			if byID[id].Category != section {
				continue
			}
			done := map[string]bool{}
			for i, on := range targets {
				d, ok := all[key{id, on.name}]
				if !ok || done[on.name] {
					continue
				}
				var names []string
				for _, other := range targets[i:] {
					if o, ok := all[key{id, other.name}]; ok && o == d {
						names = append(names, other.name)
						done[other.name] = true
					}
				}
				bar := strings.NewReplacer("|", `\|`).Replace
				fmt.Fprintf(&b, "%s| %s | %s | %s | %s | %s |\n", head, id, strings.Join(names, ", "),
					bar(codeCell(d.text)), bar(codeCell(d.params)), bar(d.why))
				head = ""
			}
		}
		if head != "" {
			b.WriteString("\n## " + section + "\n")
		}
	}
	if err := os.WriteFile(differencesFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// added reports whether -differ names the case on the database.
func added(id, database string) bool {
	for name := range strings.SplitSeq(*differ, ",") {
		if only, at, ok := strings.Cut(name, "@"); name == id || ok && only == id && at == database {
			return true
		}
	}
	return false
}

func TestDifferencesRow(t *testing.T) {
	for _, s := range []string{"SELECT `a` || 'b'", "SELECT a", "", "="} {
		row := "| x/a-1 | mysql | " + strings.ReplaceAll(codeCell(s), "|", `\|`) + " | = | why |"
		if c := cells(row); len(c) != 5 || code(c[2]) != s {
			t.Errorf("%q comes back as %q", s, c)
		}
	}
}
