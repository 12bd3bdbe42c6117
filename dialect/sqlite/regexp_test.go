package sqlite

import (
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Regular expressions are Go's.
func TestRegexp(t *testing.T) {
	c := memory(t)
	one := func(text string) (string, error) {
		var got *string
		var err error
		cc, cerr := dialect.Compile(Dialect(), dialect.Text(text))
		if cerr != nil {
			return "", cerr
		}
		defer cc.Release()
		r, err := c.Query(t.Context(), cc)
		if err != nil {
			return "", err
		}
		if r.Next() {
			err = r.ScanRow([]any{&got})
		}
		for _, e := range []error{r.Err(), r.Close()} {
			if err == nil {
				err = e
			}
		}
		if got == nil {
			return "NULL", err
		}
		return *got, err
	}
	for text, want := range map[string]string{
		"SELECT 'Ada' REGEXP '^[AB].*'":                  "1",
		"SELECT 'Cy' REGEXP '^[AB].*'":                   "0",
		"SELECT NULL REGEXP 'a'":                         "NULL",
		"SELECT 'a' REGEXP NULL":                         "NULL",
		"SELECT '' REGEXP ''":                            "1",
		"SELECT regexp_replace('a12b3', '[0-9]+', '#')":  "a#b#",
		"SELECT regexp_replace('ab', '(a)(b)', '$2$1')":  "ba",
		"SELECT regexp_replace('äö', '.', '')":           "",
		"SELECT regexp_replace(NULL, 'a', 'b')":          "NULL",
		"SELECT regexp_replace('a', 'a', NULL)":          "NULL",
		"SELECT regexp_replace('x' || 1, NULL, 'b')":     "NULL",
		"SELECT 'ADA' REGEXP '(?i)ada' AND 5 REGEXP '5'": "1",
	} {
		if got, err := one(text); err != nil || got != want {
			t.Errorf("%s: %q %v, want %q", text, got, err, want)
		}
	}
	if got, err := one("SELECT 'a' REGEXP '('"); err == nil || !strings.Contains(err.Error(), "missing closing )") {
		t.Errorf("a broken pattern: %q %v", got, err)
	}
}
