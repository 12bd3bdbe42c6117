package sqltext

import "strings"

// Piece is a part of a text with named parameters.
type Piece struct {
	Text string // as it stands
	Name string // a parameter, without its colon; then Text is empty
	// List says that the parameter is the whole of IN ( … ): then In is the text
	// of that operator, from IN or NOT IN to the closing parenthesis, and Lead the part
	// before the parameter. The pieces around leave it out.
	List bool
	Not  bool
	// Group says, of a List, that its left operand is a list in parentheses:
	// the last Group bytes of the piece before. It is 0 where that operand is
	// another one, and -1 where it holds parameters or has a word before it, as
	// a call has.
	Group int
}

// Params splits text at its named parameters. In every other piece the text stays
// as it is; a colon within a literal, a comment, a quoted name or a
// cast is no parameter. `x IN (:ids)` gives the pieces `x `, {Name: ids, List: true}.
// A backslash before the colon (\:name) stands for a colon.
//
// marks are what may be the database's own placeholders; a text has the one or
// the other. Not all of them are: ? is an operator on PostgreSQL, and @name a
// variable elsewhere.
func Params(rules *Rules, text string) (pieces []Piece, marks []string) {
	s := NewScanner(rules, text)
	// back holds the last significant tokens: NOT IN (
	var back [3]Token
	var open []int                 // where parentheses begin
	groupStart, groupEnd := -1, -1 // the last pair of them
	group := func(from int) int {
		switch {
		case groupEnd < 0 || significant(rules, text[groupEnd:from]):
			return 0
		case groupStart < 0 || groupStart > 0 && isWordPart(text[groupStart-1]): // ROW(a, b), f(a)
			return -1
		}
		return from - groupStart
	}
	start := 0
	for {
		t := s.Next()
		switch t.Kind {
		case End:
			if start < len(text) || len(pieces) == 0 {
				pieces = append(pieces, Piece{Text: text[start:]})
			}
			return pieces, marks
		case Space, Comment:
			continue
		}
		if text[t.Start] == ':' && t.Start > start && text[t.Start-1] == '\\' {
			pieces = append(pieces, Piece{Text: text[start : t.Start-1]})
			start = t.Start
			back = [3]Token{back[1], back[2], t}
			continue
		}
		switch t.Kind {
		case Punct:
			switch text[t.Start:t.End] {
			case "(":
				open = append(open, t.Start)
			case ")":
				groupEnd = -1
				if n := len(open); n > 0 {
					groupStart, groupEnd, open = open[n-1], t.End, open[:n-1]
				}
			}
		case Mark:
			marks = append(marks, text[t.Start:t.End])
		case Param:
			name := text[t.Start+1 : t.End]
			list, not, from := inList(text, back)
			if list {
				look := s
				next := look.Next()
				for next.Kind == Space || next.Kind == Comment {
					next = look.Next()
				}
				if next.Kind == Punct && text[next.Start:next.End] == ")" {
					if groupStart >= 0 && groupStart < start {
						groupStart = -1 // a parameter stands in it
					}
					pieces = append(pieces, Piece{Text: text[start:from]}, Piece{Name: name, List: true, Not: not, Group: group(from)})
					if len(open) > 0 {
						open = open[:len(open)-1]
					}
					groupEnd = -1
					s = look
					start = next.End
					back = [3]Token{back[1], back[2], next}
					continue
				}
			}
			pieces = append(pieces, Piece{Text: text[start:t.Start]}, Piece{Name: name})
			start = t.End
		}
		back = [3]Token{back[1], back[2], t}
	}
}

// significant reports whether text holds anything but white space and comments.
func significant(rules *Rules, text string) bool {
	s := NewScanner(rules, text)
	for {
		switch s.Next().Kind {
		case End:
			return false
		case Space, Comment:
		default:
			return true
		}
	}
}

// inList reports whether the last tokens are IN ( or NOT IN (, and where they begin.
func inList(text string, back [3]Token) (list, not bool, from int) {
	word := func(t Token, w string) bool { return t.Kind == Word && strings.EqualFold(text[t.Start:t.End], w) }
	if back[2].Kind != Punct || text[back[2].Start:back[2].End] != "(" || !word(back[1], "IN") {
		return false, false, 0
	}
	if word(back[0], "NOT") {
		return true, true, back[0].Start
	}
	return true, false, back[1].Start
}
