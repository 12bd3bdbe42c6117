package expr

import (
	"fmt"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Debug is a statement as text for people, with its values in their places and
// its mistakes behind it. It says of itself that it is for debugging: nothing
// in it may be run, since values stand in the text, and it may hold what
// belongs in no log.
func Debug(stmt dialect.Statement, d dialect.Dialect) string {
	const head = "/* for debugging, not to be run */ "
	s, ok := stmt.(printable)
	if !ok || d == nil {
		text, args, err := SQL(stmt, d)
		if err != nil {
			return head + mistakes(err)
		}
		if len(args) > 0 {
			text += fmt.Sprintf(" /* values: %s */", comment(fmt.Sprintf("%#v", args)))
		}
		return head + text
	}
	c := &dialect.Compiled{}
	c.Reset(d)
	c.Literals(true)
	p := newPrinter(c)
	p.textOnly = true
	s.print(p)
	err := p.done()
	if err != nil {
		return head + c.Sent() + " " + mistakes(err)
	}
	return head + c.Sent()
}

func mistakes(err error) string { return "/* mistakes: " + comment(err.Error()) + " */" }

// comment is a text that does not end a comment.
func comment(s string) string { return strings.ReplaceAll(s, "*/", "* /") }
