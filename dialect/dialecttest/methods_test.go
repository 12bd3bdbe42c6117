package dialecttest

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestMethods keeps the table whole: each method once, each with a case that
// exists, and as many as the suite of SQLAlchemy 2.1.0b4 has without those that
// mean nothing to Go (signatures of Python functions, duplicates).
func TestMethods(t *testing.T) {
	list, err := methods()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{
		"test_cte": 7, "test_ddl": 13, "test_dialect": 28, "test_insert": 19, "test_reflection": 103, "test_results": 16, "test_rowcount": 10,
		"test_select": 118, "test_sequence": 20, "test_table_via_select": 10, "test_types": 178, "test_unicode_ddl": 4, "test_update_delete": 4,
	}
	// What the expression language has to say before it can be a case.
	mayWait := []string{"test_select"}
	cases := map[string]bool{}
	for _, g := range groups(&target{}) {
		for _, c := range g.cases {
			cases[g.name+"/"+c.name] = true
		}
	}
	seen := map[string]bool{}
	got := map[string]int{}
	waiting := 0
	for _, m := range list {
		id := m.file + " " + m.class + "." + m.name
		if seen[id] {
			t.Errorf("%s stands twice", id)
		}
		seen[id] = true
		got[m.file]++
		switch {
		case m.path == pending:
			waiting++
			if !slices.Contains(mayWait, m.file) {
				t.Errorf("%s is pending", id)
			}
		case !cases[m.path]:
			t.Errorf("%s: there is no case %q", id, m.path)
		}
		if !strings.HasPrefix(m.name, "test_") || m.class == "" {
			t.Errorf("%s is no method", id)
		}
	}
	if len(list) != 530 || !maps.Equal(got, want) {
		t.Errorf("%d methods instead of 530: %v instead of %v", len(list), got, want)
	}
	t.Logf("%d methods, %d pending, %d cases", len(list), waiting, len(cases))
}
