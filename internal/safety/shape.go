package safety

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Language is how a database reads text, as its manual has it.
type Language struct {
	Backslash     bool // escapes in '…'
	EscapeStrings bool // E'…'
	DoubleString  bool // "…" is a string
	Backtick      bool
	Bracket       bool
	Nested        bool // comments within comments
	Hash          bool // begins a comment
	DashSpace     bool // -- begins a comment only before white space
	Dollar        bool // $tag$…$tag$
	QQuote        bool // q'[…]'
	Continued     bool // a backslash at the end of a line within '…' joins it with the next
}

// Languages are those of the dialects' names; mysql+ansi and mysql+plain are
// MySQL with ANSI_QUOTES and with NO_BACKSLASH_ESCAPES, postgres+escapes is
// PostgreSQL with standard_conforming_strings off.
var Languages = map[string]Language{
	"postgres":         {EscapeStrings: true, Nested: true, Dollar: true},
	"postgres+escapes": {Backslash: true, EscapeStrings: true, Nested: true, Dollar: true},
	"mysql":            {Backslash: true, DoubleString: true, Backtick: true, Hash: true, DashSpace: true},
	"mysql+ansi":       {Backslash: true, Backtick: true, Hash: true, DashSpace: true},
	"mysql+plain":      {DoubleString: true, Backtick: true, Hash: true, DashSpace: true},
	"sqlite":           {Backtick: true, Bracket: true},
	"mssql":            {Bracket: true, Nested: true, Continued: true},
	"oracle":           {QQuote: true},
}

// Kind is the kind of a token.
type Kind byte

// The kinds of tokens. Every other one is a character by itself.
const (
	Word    Kind = 'w'
	Name    Kind = 'n' // in quotes
	String  Kind = 's'
	Number  Kind = '0'
	Param   Kind = 'p'
	Comment Kind = 'c'
	Open    Kind = 'X' // what has no end, and a comment that runs
)

// Token is a piece of a text, and what the database takes it for.
type Token struct {
	Kind  Kind
	Value string
}

func letter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// Tokens takes a text apart.
func (l Language) Tokens(text string) []Token {
	var list []Token
	for text != "" {
		t, n := l.next(text)
		if n == 0 {
			n = 1
		}
		if t.Kind != 0 {
			list = append(list, t)
		}
		text = text[n:]
	}
	if l.Continued {
		list = joined(list)
	}
	return list
}

// next is the first token of text and its length; a zero one is white space.
func (l Language) next(text string) (Token, int) {
	c, rest := text[0], text[1:]
	switch {
	case c <= ' ':
		return Token{}, 1
	case strings.HasPrefix(text, "--") && (!l.DashSpace || len(text) == 2 || text[2] <= ' '), c == '#' && l.Hash:
		end := strings.IndexAny(text, "\r\n")
		if end < 0 {
			end = len(text)
		}
		return Token{Comment, text[:end]}, end
	case strings.HasPrefix(text, "/*"):
		return l.comment(text)
	case c == '\'':
		return l.quoted(text, '\'', String, l.Backslash)
	case c == '"' && l.DoubleString:
		return l.quoted(text, '"', String, l.Backslash)
	case c == '"':
		return l.quoted(text, '"', Name, false)
	case c == '`' && l.Backtick:
		return l.quoted(text, '`', Name, false)
	case c == '[' && l.Bracket:
		return l.quoted(text, ']', Name, false)
	case strings.IndexByte("nN", c) >= 0 && strings.HasPrefix(rest, "'"):
		t, n := l.quoted(rest, '\'', String, l.Backslash)
		return t, n + 1
	case strings.IndexByte("eE", c) >= 0 && strings.HasPrefix(rest, "'") && l.EscapeStrings:
		t, n := l.quoted(rest, '\'', String, true)
		return t, n + 1
	case strings.IndexByte("qQ", c) >= 0 && strings.HasPrefix(rest, "'") && l.QQuote, c == '$' && l.Dollar && !(rest != "" && digit(rest[0])):
		return Token{Open, text}, len(text) // no dialect writes these
	case letter(c):
		n := 1
		for n < len(text) && (letter(text[n]) || digit(text[n]) || text[n] == '$') {
			n++
		}
		return Token{Word, text[:n]}, n
	case digit(c):
		n := 1
		for n < len(text) && (digit(text[n]) || text[n] == '.' || letter(text[n])) {
			n++
		}
		return Token{Number, text[:n]}, n
	case c == '?':
		return Token{Param, "?"}, 1
	case c == '$' || c == ':' && rest != "" && digit(rest[0]) || c == '@' && len(rest) > 1 && rest[0] == 'p' && digit(rest[1]):
		n := 2
		for n < len(text) && digit(text[n]) {
			n++
		}
		return Token{Param, text[:n]}, n
	}
	return Token{Kind(c), text[:1]}, 1
}

func (l Language) comment(text string) (Token, int) {
	depth := 0
	for i := 0; i+1 < len(text); i++ {
		switch {
		case text[i:i+2] == "/*" && (depth == 0 || l.Nested):
			depth++
			i++
		case text[i:i+2] == "*/":
			i++
			if depth--; depth == 0 {
				body := text[2 : i-1]
				if strings.HasPrefix(body, "!") || strings.HasPrefix(body, "M!") || strings.HasPrefix(body, "+") {
					return Token{Open, body}, i + 1
				}
				return Token{Comment, body}, i + 1
			}
		}
	}
	return Token{Open, text}, len(text)
}

func (l Language) quoted(text string, closing byte, kind Kind, backslash bool) (Token, int) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && backslash && i+1 < len(text):
			i++
			if at := strings.IndexByte("0bnrtZ", text[i]); at >= 0 {
				b.WriteByte("\x00\b\n\r\t\x1a"[at])
			} else {
				b.WriteByte(text[i])
			}
		case c == '\\' && kind == String && l.Continued && strings.HasPrefix(text[i+1:], "\n"):
			i++
		case c == '\\' && kind == String && l.Continued && strings.HasPrefix(text[i+1:], "\r\n"):
			i += 2
		case c == closing && i+1 < len(text) && text[i+1] == closing:
			i++
			b.WriteByte(c)
		case c == closing:
			return Token{kind, b.String()}, i + 1
		default:
			b.WriteByte(c)
		}
	}
	return Token{Open, text}, len(text)
}

// joined makes one string of ('…' + '…'), which is how a string is written that
// holds a continued line.
func joined(list []Token) []Token {
	var out []Token
	for i := 0; i < len(list); i++ {
		if list[i].Kind == '(' && i+3 < len(list) && list[i+1].Kind == String && list[i+2].Kind == '+' {
			value, k := list[i+1].Value, i+2
			for k+1 < len(list) && list[k].Kind == '+' && list[k+1].Kind == String {
				value += list[k+1].Value
				k += 2
			}
			if k < len(list) && list[k].Kind == ')' {
				out = append(out, Token{String, value})
				i = k
				continue
			}
		}
		out = append(out, list[i])
	}
	return out
}

// Compare says how the tokens of a text differ from those that it has with a
// harmless string, other than that hostile stands for harmless; nil where they do not.
func (l Language) Compare(harmlessText, hostileText, harmless, hostile string) error {
	return Same(l.Tokens(harmlessText), l.Tokens(hostileText), harmless, hostile)
}

// Same says how tokens differ from those of the text with a harmless string, other
// than that hostile stands for harmless; nil where they do not.
func Same(want, got []Token, harmless, hostile string) error {
	for i := range min(len(want), len(got)) {
		w, g := want[i], got[i]
		value := strings.ReplaceAll(w.Value, harmless, hostile)
		switch {
		case w.Kind == Open || g.Kind == Open:
			return fmt.Errorf("token %d has no end: %q", i, g.Value)
		case w.Kind == Name && g.Kind == Word && g.Value == value: // one that needs no quotes
		case w.Kind != g.Kind:
			return fmt.Errorf("token %d is %c %q, and with a harmless string %c %q", i, g.Kind, g.Value, w.Kind, w.Value)
		case g.Value != value && g.Kind != Number: // a number may be the length of the string
			return fmt.Errorf("token %d is %q, not %q", i, g.Value, value)
		}
	}
	if len(want) != len(got) {
		return fmt.Errorf("%d tokens, and %d with a harmless string", len(got), len(want))
	}
	return nil
}
