package grammar

import (
	"regexp"
	"strings"

	"github.com/antlr4-go/antlr/v4"
)

var (
	nameText   = regexp.MustCompile("^(?:\\[[^]]*\\]|\"[^\"]*\"|`[^`]*`|[\\pL_#][\\pL\\pN_$#]*)(?:\\.(?:\\[[^]]*\\]|\"[^\"]*\"|`[^`]*`|[\\pL_#][\\pL\\pN_$#]*))*$")
	numberText = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
	stringText = regexp.MustCompile(`^N?'(?:[^']|'')*'$`)
)

// isName, isNumber and isString tell what a text is, of which white space is
// taken out.
func isName(text string) bool   { return nameText.MatchString(text) }
func isNumber(text string) bool { return numberText.MatchString(text) }
func isString(text string) bool { return stringText.MatchString(text) }

// lastPart is the column of a qualified name.
func lastPart(name string) string {
	if strings.HasSuffix(name, "]") || strings.HasSuffix(name, `"`) || strings.HasSuffix(name, "`") {
		open := map[byte]string{']': "[", '"': `"`, '`': "`"}[name[len(name)-1]]
		return name[strings.LastIndex(name[:len(name)-1], open):]
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}

// holds reports whether a node of type N stands in a tree.
func holds[N any](tree antlr.Tree) bool {
	return each(tree, func(N) *Error { return &Error{} }) != nil
}

// firstOf runs checks until one finds something.
func firstOf(checks ...func() *Error) *Error {
	for _, c := range checks {
		if err := c(); err != nil {
			return err
		}
	}
	return nil
}
