package expr

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Debug is a statement as text for people, with its values in their places and
// its mistakes after it. The text says that it is for debugging: it must not be
// run, since values stand in it, and it may hold what belongs in no log.
func Debug(stmt dialect.Statement, d dialect.Dialect) string {
	const head = "/* for debugging, not to be run */ "
	if b, is := stmt.(*bound); is && b != nil && b.p != nil && len(b.values) == len(b.p.names) {
		stmt = b.written()
	}
	s, ok := stmt.(printable)
	if v := reflect.ValueOf(stmt); !ok || d == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		text, err := withArgs(stmt, d)
		if err != nil {
			return head + mistakes(err)
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
		if text, other := withArgs(stmt, d); other == nil { // a value has no form in a text
			return head + text
		}
		return head + c.Sent() + " " + mistakes(err)
	}
	return head + c.Sent()
}

// withArgs is a statement with its values behind it.
func withArgs(stmt dialect.Statement, d dialect.Dialect) (text string, err error) {
	text, args, err := SQL(stmt, d)
	if len(args) > 0 {
		text += fmt.Sprintf(" /* values: %s */", comment(fmt.Sprintf("%#v", args)))
	}
	return text, err
}

func mistakes(err error) string { return "/* mistakes: " + comment(err.Error()) + " */" }

// comment is a text that does not end a comment.
func comment(s string) string { return strings.ReplaceAll(s, "*/", "* /") }
