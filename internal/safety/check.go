package safety

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Texts are the texts of a place with a harmless string and with s. ok is false
// where the dialect does not have what the place asks for, or refuses s for a reason that
// it has; a refusal without one is an error.
func (p *Place) Texts(d dialect.Dialect, s string) (harmless, hostile string, ok bool, err error) {
	if s == "" && (p.Role == Identifier || strings.HasPrefix(p.Name, "comment")) {
		_, _, err := expr.SQL(p.Stmt(s), d)
		return "", "", false, wrongKind(err) // there is none, where that may be
	}
	if s == "C" && p.Name == "collation" {
		return "", "", false, nil // the collation by codes, which each database calls otherwise
	}
	harmless, before, err := expr.SQL(p.Stmt(Harmless), d)
	switch {
	case errors.Is(err, dialect.ErrUnsupported):
		return "", "", false, nil
	case err != nil && p.Role != Keyword && p.Name != "collation":
		return "", "", false, fmt.Errorf("with %q: %w", Harmless, err)
	}
	refused := err != nil
	hostile, after, err := expr.SQL(p.Stmt(s), d)
	escaped := false
	if p.Role == Parameter { // a pattern says ESCAPE where the value holds what is special in one
		unescaped := strings.ReplaceAll(hostile, " ESCAPE '/'", "")
		escaped, hostile = unescaped != hostile, unescaped
	}
	switch {
	case err != nil && p.broken(s): // what the driver cannot send
		return "", "", false, nil
	case wrongKind(err) != nil:
		return "", "", false, wrongKind(err)
	case err != nil && !p.mayRefuse(d, s):
		return "", "", false, fmt.Errorf("refused without a reason: %w", err)
	case err != nil || refused && word(s):
		return "", "", false, nil
	case refused && p.Name == "function" && word(strings.NewReplacer(".", "", "$", "").Replace(s)):
		return "", "", false, nil
	case refused:
		return "", "", false, fmt.Errorf("%q is accepted where a word is due: %s", s, hostile)
	case p.Role == Parameter && harmless != hostile:
		return "", "", false, fmt.Errorf("the text is another one: %s", hostile)
	case p.Role == Parameter && len(before) != len(after):
		return "", "", false, fmt.Errorf("%d arguments, not %d", len(after), len(before))
	}
	for i := range before {
		if text, ok := after[i].(string); ok && escaped {
			after[i] = unescape(text)
		}
		if before[i] == any(Harmless) && !reflect.DeepEqual(after[i], any(s)) {
			return "", "", false, fmt.Errorf("argument %d is %q", i, after[i])
		}
	}
	return harmless, hostile, true, nil
}

// unescape takes the escapes out of a pattern.
func unescape(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == '/' && i+1 < len(pattern) {
			i++
		}
		b.WriteByte(pattern[i])
	}
	return b.String()
}

// wrongKind is for a refusal that is not one of a statement.
func wrongKind(err error) error {
	if err == nil || errors.Is(err, dialect.ErrStatement) || errors.Is(err, dialect.ErrUnsupported) {
		return nil
	}
	return fmt.Errorf("an error of no kind: %w", err)
}

// Check compares the texts of a place with a harmless string and with s, as a
// language reads them.
func (p *Place) Check(d dialect.Dialect, l Language, s string) error {
	harmless, hostile, ok, err := p.Texts(d, s)
	if err != nil || !ok {
		return err
	}
	from, to := Harmless, s
	if p.Inside != nil {
		from, to = p.Inside(Harmless), p.Inside(s)
	}
	if p.Role == Keyword {
		return nil
	}
	if err := l.Compare(harmless, hostile, from, to); err != nil {
		return fmt.Errorf("%w\n%s\n%s", err, harmless, hostile)
	}
	return nil
}

// broken reports whether s is a parameter that no text of a database holds.
func (p *Place) broken(s string) bool {
	return (p.Role == Parameter || strings.Contains(p.Name, "JSON")) && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s))
}

// mayRefuse reports whether there is a reason to refuse s.
func (p *Place) mayRefuse(d dialect.Dialect, s string) bool {
	f := d.Features()
	broken := strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s)
	switch p.Role {
	case Identifier:
		return s == "" || broken || p.Name == "collation" && (!word(s) || digit(s[0]) || reserved(f, s)) || f.MaxIdent > 0 && len(s) > f.MaxIdent ||
			f.NoQuoteInIdent && strings.IndexByte(s, f.QuoteClose) >= 0 || taken(s) || f.IdentTrimmed && (strings.TrimFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) != s || strings.ContainsFunc(s, func(r rune) bool { return r > 0xFFFF }))
	case Constant:
		return broken || strings.HasPrefix(p.Name, "comment") || strings.Contains(p.Name, "enumeration") || strings.Contains(p.Name, "JSON")
	case Parameter:
		return p.Name == "name of a parameter" && s == ""
	}
	return true
}

// taken reports whether a name is one of the statement's own.
func taken(s string) bool { return s == "id" || s == "t" || s == "name" || s == "doc" }

func reserved(f *dialect.Features, s string) bool {
	_, ok := f.Reserved[strings.ToLower(s)]
	return ok
}

// word reports whether s is a plain word.
func word(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || !letter(c) && !digit(c) {
			return false
		}
	}
	return s != ""
}
