package dialecttest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// UpdateVar is the environment variable that makes a run write its record,
// instead of comparing with it; see [Config].Records.
const UpdateVar = "DIALECTTEST_UPDATE"

// What a record says of a case.
const (
	recordPassed  = "passed"
	recordSkipped = "skipped" // note: what the database lacks
	recordSent    = "sent"    // to a tape, where there is no server
	recordCut     = "cut"     // to a tape, up to where an answer was needed
	recordSilent  = "silent"  // on a tape, and nothing was to be sent
	recordUnsent  = "unsent"  // a probe that the database is to refuse, which is not for a tape
)

// entry is what became of one case.
type entry struct{ path, outcome, note string }

// record is what became of the cases on one database, in their order.
type record struct {
	product string
	version string
	entries []entry
}

func (r *record) add(path, outcome, note string) {
	r.entries = append(r.entries, entry{path, outcome, note})
}

// String is the record as a file: a line about the database, then a case a
// line, its parts separated by tabs.
func (r *record) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s %s\n", r.product, r.version)
	for _, e := range r.entries {
		b.WriteString(e.path + "\t" + e.outcome)
		if e.note != "" {
			b.WriteString("\t" + e.note)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func readRecord(file string) (*record, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := &record{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if head, ok := strings.CutPrefix(line, "# "); ok {
			r.product, r.version, _ = strings.Cut(head, " ")
			continue
		}
		parts := strings.Split(line, "\t")
		if len(parts) < 2 || len(parts) > 3 {
			return nil, fmt.Errorf("%s: %q has %d parts", file, line, len(parts))
		}
		r.add(parts[0], parts[1], strings.Join(parts[2:], ""))
	}
	if r.product == "" {
		return nil, fmt.Errorf("%s does not say which database it is of", file)
	}
	return r, nil
}

// major is the number that a version begins with.
func major(version string) string {
	n, _, _ := strings.Cut(version, ".")
	return n
}

// differs lists, a line each, where r is not as old says. The cases that r lacks
// count only if r is of a whole run.
func (r *record) differs(old *record, whole bool) (lines []string) {
	was := map[string]entry{}
	for _, e := range old.entries {
		was[e.path] = e
	}
	say := func(e entry) string { return strings.TrimSpace(e.outcome + " " + e.note) }
	for _, e := range r.entries {
		o, ok := was[e.path]
		delete(was, e.path)
		switch {
		case !ok:
			lines = append(lines, fmt.Sprintf("%s: %s; the record does not have it", e.path, say(e)))
		case o != e:
			lines = append(lines, fmt.Sprintf("%s: %s; the record says %s", e.path, say(e), say(o)))
		}
	}
	for _, o := range old.entries {
		if _, left := was[o.path]; left && whole {
			lines = append(lines, o.path+": there is no such case; the record says "+say(o))
		}
	}
	return lines
}

// keep compares what a run came to with the record in its folder, or writes it.
// all is how many cases there are.
func (r *record) keep(t *testing.T, folder string, failures, all int) {
	t.Helper()
	file := filepath.Join(folder, r.product+".tsv")
	whole := len(r.entries)+failures == all
	if update, _ := strconv.ParseBool(os.Getenv(UpdateVar)); update {
		switch {
		case !whole || failures > 0:
			t.Errorf("%s: not written: %s asks for a whole run in which no case fails", file, UpdateVar)
		default:
			if err := writeFile(file, r.String()); err != nil {
				t.Errorf("dialecttest: %v", err)
			}
		}
		return
	}
	old, err := readRecord(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		testenv.Report(t, "record %s: not compared: there is no %s; write it with %s=1", r.product, filepath.Base(file), UpdateVar)
	case err != nil:
		t.Errorf("dialecttest: %v", err)
	case major(old.version) != major(r.version):
		testenv.Report(t, "record %s: not compared: it is of version %s, and this is %s", r.product, old.version, r.version)
	default:
		lines := r.differs(old, whole && failures == 0)
		if len(lines) == 0 {
			return
		}
		n := len(lines)
		if n > 20 {
			lines = append(lines[:20], "…")
		}
		t.Errorf("%s, of version %s, is not what this run on %s came to, in %d cases; write it with %s=1:\n\t%s",
			file, old.version, r.version, n, UpdateVar, strings.Join(lines, "\n\t"))
	}
}

// writeFile writes a file if that changes it.
func writeFile(file, text string) error {
	if old, err := os.ReadFile(file); err == nil && string(old) == text {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

// versionOf is a server's version for a record.
func versionOf(d dialect.Dialect) string {
	if v := d.Features().Version.String(); v != "" {
		return v
	}
	return "unknown"
}

// recorded are the outcomes of a run as a record has them; cases that failed or
// did not run are not in it.
func recorded(tg *target, all []group, outcomes map[string]outcome) (r *record, failures, cases int) {
	r = &record{product: tg.d.Name(), version: versionOf(tg.d)}
	for _, g := range all {
		cases += len(g.cases)
		for _, c := range g.cases {
			path := g.name + "/" + c.name
			switch outcomes[path] {
			case passed:
				r.add(path, recordPassed, "")
			case skipped:
				r.add(path, recordSkipped, c.needs.flag)
			case failed:
				failures++
			}
		}
	}
	return r, failures, cases
}
