package sqltext

import (
	"strings"
	"unicode/utf8"
)

// Kind is the kind of a token.
type Kind uint8

// The kinds of tokens. The texts of all tokens, joined, are the text that was
// scanned, whatever it is: an unfinished literal or comment reaches to the end.
const (
	End     Kind = iota
	Space        // white space
	Comment      // a comment
	Word         // a keyword or a plain identifier
	Quoted       // a quoted identifier
	String       // a string literal, prefix included (N'…', E'…', $$…$$, q'[…]')
	Number       // a number
	Param        // :name
	Mark         // the database's own placeholder: ?, ?1, $1, @p1
	Punct        // one character or operator
)

// Token is a piece of the text: text[Start:End].
type Token struct {
	Kind       Kind
	Start, End int
	Open       bool // an unfinished literal, quoted name or comment
}

// Scanner splits text into tokens. It allocates nothing.
type Scanner struct {
	rules *Rules
	text  string
	pos   int
	// prev is the last significant byte before pos, for telling a label or
	// a cast from a parameter.
	prev byte
}

// NewScanner returns a scanner of text.
func NewScanner(rules *Rules, text string) Scanner { return Scanner{rules: rules, text: text} }

// Next returns the next token; Kind End, at the end of the text, forever.
func (s *Scanner) Next() Token {
	start := s.pos
	if start >= len(s.text) {
		return Token{Kind: End, Start: len(s.text), End: len(s.text)}
	}
	kind, open := s.scan()
	if kind != Space && kind != Comment {
		s.prev = s.text[s.pos-1]
	}
	return Token{kind, start, s.pos, open}
}

func (s *Scanner) peek(n int) byte {
	if s.pos+n < len(s.text) {
		return s.text[s.pos+n]
	}
	return 0
}

func (s *Scanner) scan() (Kind, bool) {
	r := s.rules
	c := s.text[s.pos]
	switch {
	case isSpace(c):
		for s.pos < len(s.text) && isSpace(s.text[s.pos]) {
			s.pos++
		}
		return Space, false
	case c == '-' && s.peek(1) == '-' && (!r.DashSpace || s.pos+2 >= len(s.text) || s.peek(2) <= ' '):
		return s.lineComment()
	case c == '#' && r.HashComments:
		return s.lineComment()
	case c == '/' && s.peek(1) == '*':
		return s.blockComment()
	case c == '\'':
		return s.quoted('\'', r.BackslashEscapes, String)
	case c == '"':
		if r.DoubleQuoteText {
			return s.quoted('"', r.BackslashEscapes, String)
		}
		return s.quoted('"', false, Quoted)
	case c == '`' && r.Backticks:
		return s.quoted('`', false, Quoted)
	case c == '[' && r.Brackets:
		return s.quoted(']', false, Quoted)
	case isWordStart(c), c == '#' && r.HashNames:
		return s.word()
	case isDigit(c) || c == '.' && isDigit(s.peek(1)):
		return s.number()
	case c == '$':
		if r.DollarQuotes {
			if tag := s.dollarTag(); tag != "" {
				return s.until(tag, len(tag), String)
			}
		}
		if isDigit(s.peek(1)) || isWordStart(s.peek(1)) {
			s.pos++
			s.identifier()
			return Mark, false
		}
	case c == '?':
		s.pos++
		for s.pos < len(s.text) && isDigit(s.text[s.pos]) {
			s.pos++
		}
		return Mark, false
	case c == '@' && isWordStart(s.peek(1)):
		s.pos++
		s.identifier()
		return Mark, false
	case c == '@' && s.peek(1) == '@': // @@version
		s.pos += 2
		s.identifier()
		return Word, false
	case c == ':':
		return s.colon()
	}
	_, n := utf8.DecodeRuneInString(s.text[s.pos:])
	s.pos += n
	return Punct, false
}

// colon tells a parameter from a cast (::), an assignment (:=), and a slice
// or a label (a[1:n], a:b): a name must follow at once and no operand may stand
// before without a space.
func (s *Scanner) colon() (Kind, bool) {
	switch next := s.peek(1); {
	case next == ':' || next == '=':
		s.pos += 2
		// a::text: the type's name is not a parameter, even written a:: text
		return Punct, false
	case isDigit(next) && !s.joined():
		s.pos++
		for s.pos < len(s.text) && isDigit(s.text[s.pos]) {
			s.pos++
		}
		return Mark, false
	case isWordStart(next) && !s.joined():
		s.pos++
		s.identifier()
		return Param, false
	}
	s.pos++
	return Punct, false
}

// joined reports whether an operand ends directly before the position.
func (s *Scanner) joined() bool {
	if s.pos == 0 {
		return false
	}
	c := s.text[s.pos-1]
	return s.part(c) || c == ':' || c == ']' && !s.rules.Brackets
}

func (s *Scanner) identifier() {
	for s.pos < len(s.text) && s.part(s.text[s.pos]) {
		s.pos++
	}
}

// part reports whether c may stand within a name.
func (s *Scanner) part(c byte) bool { return isWordPart(c) || c == '#' && s.rules.HashNames }

// word scans a word, or a literal with a prefix: N'…', E'…', X'…', U&'…', q'[…]'.
func (s *Scanner) word() (Kind, bool) {
	r := s.rules
	start := s.pos
	s.identifier()
	if s.pos >= len(s.text) || s.text[s.pos] != '\'' {
		if s.pos+1 < len(s.text) && s.text[s.pos] == '&' && s.pos-start == 1 && s.text[start]|0x20 == 'u' {
			switch s.text[s.pos+1] {
			case '\'':
				s.pos++
				return s.quoted('\'', false, String)
			case '"':
				if !r.DoubleQuoteText {
					s.pos++
					return s.quoted('"', false, Quoted)
				}
			}
		}
		return Word, false
	}
	switch prefix := strings.ToLower(s.text[start:s.pos]); {
	case r.QQuotes && (prefix == "q" || prefix == "nq"):
		return s.qQuote()
	case r.EscapeStrings && prefix == "e":
		return s.escapeString()
	case prefix == "n" || prefix == "x" || prefix == "b":
		return s.quoted('\'', r.BackslashEscapes, String)
	}
	return Word, false // a word next to a string, as in DATE'2024-01-31': the string comes next
}

// escapeString scans PostgreSQL's E'…', which goes on in a quoted part that
// stands on another line, with nothing but white space and comments between
// (section 4.1.2.1 of the manual).
func (s *Scanner) escapeString() (Kind, bool) {
	for {
		if _, open := s.quoted('\'', true, String); open {
			return String, true
		}
		look, newline := *s, false
		for look.pos < len(s.text) {
			c := s.text[look.pos]
			if newline && c == '-' && look.peek(1) == '-' {
				look.lineComment()
				continue
			}
			if !isSpace(c) {
				break
			}
			newline = newline || c == '\n' || c == '\r'
			look.pos++
		}
		if !newline || look.pos >= len(s.text) || s.text[look.pos] != '\'' {
			return String, false
		}
		s.pos = look.pos
	}
}

// qQuote scans Oracle's q'[ … ]'.
func (s *Scanner) qQuote() (Kind, bool) {
	if s.pos+1 >= len(s.text) {
		s.pos = len(s.text)
		return String, true
	}
	delim, n := utf8.DecodeRuneInString(s.text[s.pos+1:])
	open := 1 + n
	end := s.text[s.pos+1 : s.pos+1+n]
	switch delim {
	case '[':
		end = "]"
	case '(':
		end = ")"
	case '{':
		end = "}"
	case '<':
		end = ">"
	}
	return s.until(end+"'", open, String)
}

// until scans to the end of the closing text, skip bytes being the opening.
func (s *Scanner) until(closing string, skip int, k Kind) (Kind, bool) {
	at := min(s.pos+skip, len(s.text))
	if i := strings.Index(s.text[at:], closing); i >= 0 {
		s.pos = at + i + len(closing)
		return k, false
	}
	s.pos = len(s.text)
	return k, true
}

// dollarTag returns $tag$ at the position, or "".
func (s *Scanner) dollarTag() string {
	if s.pos > 0 && isWordPart(s.text[s.pos-1]) {
		return ""
	}
	for i := s.pos + 1; i < len(s.text); i++ {
		c := s.text[i]
		if c == '$' {
			return s.text[s.pos : i+1]
		}
		if !isWordPart(c) || isDigit(c) && i == s.pos+1 {
			return ""
		}
	}
	return ""
}

// quoted scans to the closing quote; a doubled one stands for itself.
func (s *Scanner) quoted(closing byte, backslash bool, k Kind) (Kind, bool) {
	for i := s.pos + 1; i < len(s.text); i++ {
		switch s.text[i] {
		case '\\':
			if backslash {
				i++
			}
		case closing:
			if i+1 < len(s.text) && s.text[i+1] == closing {
				i++
				continue
			}
			s.pos = i + 1
			return k, false
		}
	}
	s.pos = len(s.text)
	return k, true
}

func (s *Scanner) lineComment() (Kind, bool) {
	ends := "\n"
	if s.rules.ReturnEndsLine {
		ends = "\r\n"
	}
	if i := strings.IndexAny(s.text[s.pos:], ends); i >= 0 {
		s.pos += i + 1
	} else {
		s.pos = len(s.text)
	}
	return Comment, false
}

func (s *Scanner) blockComment() (Kind, bool) {
	if s.rules.VersionComments && (s.peek(2) == '!' || s.peek(2) == 'M' && s.peek(3) == '!') {
		// its text runs: only the mark itself is skipped
		for s.pos += 3; s.pos < len(s.text) && (isDigit(s.text[s.pos]) || s.text[s.pos] == '!'); s.pos++ {
		}
		return Punct, false
	}
	depth := 1
	for i := s.pos + 2; i+1 < len(s.text); i++ {
		switch {
		case s.text[i] == '*' && s.text[i+1] == '/':
			i++
			if depth--; depth == 0 {
				s.pos = i + 1
				return Comment, false
			}
		case s.rules.NestedComments && s.text[i] == '/' && s.text[i+1] == '*':
			i++
			depth++
		}
	}
	s.pos = len(s.text)
	return Comment, true
}

func (s *Scanner) number() (Kind, bool) {
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		exp := s.pos > 0 && s.text[s.pos-1]|0x20 == 'e' && (c == '+' || c == '-')
		if !isWordPart(c) && c != '.' && !exp || c == '.' && s.peek(1) == '.' || c == '$' {
			break
		}
		s.pos++
	}
	return Number, false
}

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isWordStart(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c >= 0x80
}
func isWordPart(c byte) bool { return isWordStart(c) || isDigit(c) || c == '$' }
