package all_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// How each database is given a name, in the order of five: . stands for the
// name without quotes, q for quotes with the closing mark doubled, - for a
// refusal. A name in lower case that needs no quotes stands for what the database
// folds it to; any other is kept as it is.
var writtenNames = []struct{ name, how string }{
	{"users", "....."},
	{"user_1", "....."},
	{"Users", "qqqqq"},
	{"USERS", "qqqqq"}, // users to Oracle, and another table to PostgreSQL
	{"order", "qqqqq"},
	{"select", "qqqqq"},
	{"level", "....q"},
	{"rowid", "....q"},
	{"_x", ".q..q"}, // a character set to MySQL, no beginning to Oracle
	{"1st", "qqqqq"},
	{"a b", "qqqqq"},
	{"a.b", "qqqqq"},
	{"ünï", "qqqqq"},
	{"日本", "qqqqq"},
	{"x$y", "qqqqq"},
	{"x#y", "qqqqq"},
	{"it's", "qqqqq"},
	{"a;--b", "qqqqq"},
	{`a"b`, "qqqq-"}, // which Oracle has no way to write
	{"a`b", "qqqqq"},
	{"a]b", "qqqqq"},
	{"", "-----"},
	{"a\x00b", "-----"},
	{"a\xffb", "-----"},
}

func TestNamesAreWritten(t *testing.T) {
	for _, n := range writtenNames {
		for i, d := range five() {
			f := d.Features()
			w := dialect.NewWriter(d)
			w.Ident(n.name)
			text, err := w.Text(), w.Err()
			want := n.name
			switch n.how[i] {
			case '-':
				if err == nil {
					t.Errorf("%s: %q is written as %s", d.Name(), n.name, text)
				}
				continue
			case 'q':
				want = string(f.QuoteOpen) + strings.ReplaceAll(n.name, string(f.QuoteClose), strings.Repeat(string(f.QuoteClose), 2)) + string(f.QuoteClose)
			}
			if err != nil || text != want {
				t.Errorf("%s: %q is written as %s (%v), not %s", d.Name(), n.name, text, err, want)
			}
			// What comes back from the catalogue stands for the same thing.
			kept := f.KeptName(n.name)
			if back := f.FoldName(kept); f.KeptName(back) != kept {
				t.Errorf("%s: %q is kept as %q, which is read as %q and would be kept as %q", d.Name(), n.name, kept, back, f.KeptName(back))
			}
			if upper := d.Name() == "oracle" && n.how[i] == '.'; kept != map[bool]string{true: strings.ToUpper(n.name), false: n.name}[upper] {
				t.Errorf("%s: %q is kept as %q", d.Name(), n.name, kept)
			}
		}
	}
}

// Every reserved word is quoted, in its lower case.
func TestReservedNamesAreQuoted(t *testing.T) {
	for _, d := range five() {
		f := d.Features()
		if len(f.Reserved) < 70 {
			t.Errorf("%s has %d reserved words", d.Name(), len(f.Reserved))
		}
		for word := range f.Reserved {
			w := dialect.NewWriter(d)
			w.Ident(word)
			if want := string(f.QuoteOpen) + word + string(f.QuoteClose); w.Text() != want || w.Err() != nil {
				t.Errorf("%s: %s is written as %s (%v)", d.Name(), word, w.Text(), w.Err())
			}
		}
	}
}

// A name may be exactly as long as the database takes it, in bytes, characters
// or units of UTF-16, and one more is refused.
func TestNamesUpToTheLimit(t *testing.T) {
	for _, d := range five() {
		f := d.Features()
		if f.MaxIdent == 0 {
			continue // SQLite
		}
		for _, r := range []string{"x", "ü", "𝄞"} {
			n := f.MaxIdent / f.IdentLen(r)
			if f.IdentTrimmed && r == "𝄞" {
				continue // MySQL has no such character in a name
			}
			for _, c := range []struct {
				name string
				ok   bool
			}{{strings.Repeat(r, n), true}, {strings.Repeat(r, n+1), false}} {
				w := dialect.NewWriter(d)
				w.Ident(c.name)
				if err := w.Err(); (err == nil) != c.ok || err != nil && !errors.Is(err, dialect.ErrStatement) {
					t.Errorf("%s: a name of %d characters and %d bytes: %v; the limit is %d", d.Name(), utf8.RuneCountInString(c.name), len(c.name), err, f.MaxIdent)
				}
			}
		}
	}
}
