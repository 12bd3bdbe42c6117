package dialecttest

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRecord: a record is read as it was written, and what a run came to is
// told from it case by case.
func TestRecord(t *testing.T) {
	old := &record{product: "db", version: "1.2"}
	old.add("a/one", recordPassed, "")
	old.add("a/two", recordSkipped, "Features.CTE")
	old.add("b/three", recordPassed, "")
	file := filepath.Join(t.TempDir(), "results", "db.tsv")
	for range 2 {
		if err := writeFile(file, old.String()); err != nil {
			t.Fatal(err)
		}
	}
	back, err := readRecord(file)
	if err != nil || back.String() != old.String() || !slices.Equal(back.entries, old.entries) {
		t.Fatalf("read back %v, %v", back, err)
	}
	same := &record{product: "db", version: "1.3", entries: old.entries}
	if lines := same.differs(back, true); len(lines) > 0 {
		t.Errorf("the same cases differ: %q", lines)
	}
	now := &record{}
	now.add("a/one", recordSkipped, "Features.CTE")
	now.add("a/two", recordSkipped, "Features.Upsert")
	now.add("c/four", recordPassed, "")
	for _, x := range []struct {
		whole bool
		want  []string
	}{
		{false, []string{"a/one: skipped Features.CTE; the record says passed", "a/two: skipped Features.Upsert; the record says skipped Features.CTE",
			"c/four: passed; the record does not have it"}},
		{true, []string{"a/one: skipped Features.CTE; the record says passed", "a/two: skipped Features.Upsert; the record says skipped Features.CTE",
			"c/four: passed; the record does not have it", "b/three: there is no such case; the record says passed"}},
	} {
		if got := now.differs(back, x.whole); !slices.Equal(got, x.want) {
			t.Errorf("whole %v:\n%s\ninstead of\n%s", x.whole, strings.Join(got, "\n"), strings.Join(x.want, "\n"))
		}
	}
	for _, bad := range []string{"", "a/one\tpassed\n", "# db 1\na/one\n", "# db 1\na\tb\tc\td\n"} {
		if err := writeFile(file, bad); err != nil {
			t.Fatal(err)
		}
		if _, err := readRecord(file); err == nil {
			t.Errorf("%q is read as a record", bad)
		}
	}
}
