package expr

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Debug has every value of a statement in its text, in the place of its
// parameter, and says what it is for.
func TestDebugHasEveryValue(t *testing.T) {
	for _, e := range newShop("").catalogue() {
		for _, d := range fiveDialects {
			stmt := WithValues(e.stmt, given(e.stmt))
			_, args, err := SQL(stmt, d)
			if err != nil {
				continue
			}
			got := Debug(stmt, d)
			if !strings.HasPrefix(got, "/* for debugging, not to be run */ ") || strings.Contains(got, "/* mistakes") {
				t.Errorf("%s: %s: %s", e.name, d.Name(), got)
			}
			for _, a := range args {
				if n, ok := a.(int64); ok && !strings.Contains(got, fmt.Sprint(n)) {
					t.Errorf("%s: %s: no %d in %s", e.name, d.Name(), n, got)
				}
			}
			for _, p := range []string{"$1", "@p1", ":1", "?"} {
				if strings.Contains(got, p) && len(args) > 0 && !strings.Contains(e.name, "JSON") {
					t.Errorf("%s: %s: a parameter without its value: %s", e.name, d.Name(), got)
				}
			}
		}
	}
}

type unprintable struct{ a, b int }

// Values of all types have a form that people read, whatever is in them.
func TestDebugOfValues(t *testing.T) {
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	text := "it's"
	for _, test := range []struct {
		value any
		want  string
	}{
		{"it's */ -- \\ \n?", "it''s"}, {[]byte{0xde, 0xad}, "dead"}, {at, "2024-05-06"}, {&text, "it''s"}, {(*string)(nil), "NULL"}, {nil, "NULL"},
		{sql.Null[string]{V: "yes", Valid: true}, "yes"}, {sql.Null[string]{}, "NULL"}, {[]byte(nil), "NULL"}, {7.25, "7.25"}, {true, ""},
		{uint64(1 << 40), "1099511627776"}, {[16]byte{1, 2}, "0102"}, {time.Minute, ""}, {[]string{"a'b"}, "b\""}, {[]int64{41, 42}, "42"}, {unprintable{1, 2}, "b:2"},
	} {
		for _, d := range fiveDialects {
			got := Debug(Select(Value(test.value)), d)
			if low := strings.ToLower(got); !strings.HasPrefix(got, "/* for debugging") || !strings.Contains(low, strings.ToLower(test.want)) {
				t.Errorf("%s: %T: %s", d.Name(), test.value, got)
			}
		}
	}
	p, err := Prepare(Select(Param[string]("name"), Param[int64]("n")), fiveDialects[0], "name", "n")
	if err != nil {
		t.Fatal(err)
	}
	if got := Debug(p.With("it's", int64(4)), fiveDialects[0]); !strings.HasSuffix(got, "SELECT 'it''s', 4") {
		t.Error(got)
	}
	if got := Debug(dialect.Text("SELECT :a", dialect.Named{"a": "x"}), fiveDialects[1]); !strings.Contains(got, `"x"`) {
		t.Error(got)
	}
}
