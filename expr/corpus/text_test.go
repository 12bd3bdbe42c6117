package corpus

import (
	"regexp"
	"strings"
	"testing"
)

// sameText compares our text with the corpus's token by token: white space
// outside quotes says nothing but where words end. Names that SQLAlchemy
// makes up (anon_1, count_1, users_1) may be others of ours, each one by one;
// a label of that kind may be absent. Those that the description names are
// compared.
func sameText(got, want, description string) bool {
	g, w := tokens(got), tokens(want)
	names, taken := map[string]string{}, map[string]string{}
	made := func(s string) bool {
		return madeUp.MatchString(s) && !strings.Contains(description, s)
	}
	for len(g) > 0 || len(w) > 0 {
		switch {
		case len(g) > 0 && len(w) > 0 && g[0] == w[0] && !made(w[0]):
			g, w = g[1:], w[1:]
		case len(g) > 0 && len(w) > 0 && made(w[0]) && isName(g[0]):
			if n, ok := names[w[0]]; ok && n != g[0] {
				return false
			}
			if n, ok := taken[g[0]]; ok && n != w[0] {
				return false
			}
			names[w[0]], taken[g[0]] = g[0], w[0]
			g, w = g[1:], w[1:]
		case len(w) > 1 && w[0] == "AS" && made(w[1]) && (len(g) == 0 || g[0] != "AS"):
			w = w[2:]
		default:
			return false
		}
	}
	return true
}

var (
	madeUp   = regexp.MustCompile(`^[a-z][a-z_]*_\d+$`)
	nameText = regexp.MustCompile(`^[A-Za-z_]\w*$`)
)

func isName(s string) bool { return nameText.MatchString(s) && strings.ToUpper(s) != s }

// tokens cuts a text into names and numbers, quoted parts, and single signs.
// White space parts them and says nothing else.
func tokens(s string) []string {
	var out []string
	for _, x := range tokensWithSpaces(s) {
		if x != " " {
			out = append(out, x)
		}
	}
	return out
}

// tokensWithSpaces is tokens with white space as one space each, but for that
// after ( and before ).
func tokensWithSpaces(s string) []string {
	var list []string
	for i := 0; i < len(s); {
		start := i
		switch c := s[i]; {
		case space(c):
			for i < len(s) && space(s[i]) {
				i++
			}
			if len(list) > 0 && list[len(list)-1] != "(" && i < len(s) && s[i] != ')' {
				list = append(list, " ")
			}
			continue
		case c == '\'' || c == '"' || c == '`' || c == '[' && i+1 < len(s) && letter(s[i+1]):
			end := c
			if c == '[' {
				end = ']'
			}
			for i++; i < len(s); i++ {
				if s[i] != end {
					continue
				}
				if i+1 < len(s) && s[i+1] == end {
					i++
					continue
				}
				i++
				break
			}
		case letter(c):
			for i < len(s) && letter(s[i]) {
				i++
			}
		default:
			i++
		}
		list = append(list, s[start:i])
	}
	return list
}

func space(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func letter(c byte) bool {
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

func TestSameText(t *testing.T) {
	for _, c := range []struct {
		got, want, description string
		same                   bool
	}{
		{"SELECT a", "SELECT a", "", true},
		{"SELECT  a\n, b", "SELECT a , b", "", true},
		{"SELECT ( a )", "SELECT (a)", "", true},
		{"SELECT 'a  b'", "SELECT 'a b'", "", false},
		{"SELECT a", "SELECT b", "", false},
		{"SELECT a AS", "SELECT a", "", false},
		{"SELECT count(*) FROM t", "SELECT count(*) AS count_1 FROM t", "", true},
		{"SELECT count(*)", "SELECT count(*) AS count_1", "", true},
		{"SELECT count(*) FROM t", "SELECT count(*) AS count_1 FROM t", "labelled count_1", false},
		{"SELECT count(*) AS n FROM t", "SELECT count(*) AS count_1 FROM t", "", true},
		{"SELECT count(*) AS n FROM t", "SELECT count(*) AS m FROM t", "", false},
		{"SELECT u.a, u.b FROM t AS u", "SELECT t_1.a, t_1.b FROM t AS t_1", "", true},
		{"SELECT u.a, v.b FROM t AS u", "SELECT t_1.a, t_1.b FROM t AS t_1", "", false},
		{"SELECT u.a, u.b FROM t AS u", "SELECT t_1.a, t_2.b FROM t AS t_1", "", false},
		{"SELECT $1", "SELECT $2", "", false},
		{"SELECT `a``b`", "SELECT `a``b`", "", true},
		{"SELECT a <> b", "SELECT a != b", "", false},
	} {
		if sameText(c.got, c.want, c.description) != c.same {
			t.Errorf("%s | %s | %q: not %v", c.got, c.want, c.description, c.same)
		}
	}
}
