package pg

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// family is what templates over one kind of values have in common.
type family struct {
	of      string // for messages
	has     func(*dialect.Features) bool
	instead string
}

// op is an operator, which binds as those do that are none of arithmetic.
func (k family) op(text string) *expr.Template {
	return k.template("the operator "+text+k.of, "{0} "+text+" {1}", expr.BindsAsOperator)
}

// alike is an operator between two values of one type.
func (k family) alike(text string) *expr.Template {
	t := k.op(text)
	t.Alike = true
	return t
}

// typed is a function of which the first argument shows its type.
func (k family) typed(text string) *expr.Template { return shown(k.function(text)) }

// shown makes the first argument of a template show its type.
func shown(t *expr.Template) *expr.Template {
	t.Typed = 1
	return t
}

// function is a function, whose name stands before the first parenthesis.
func (k family) function(text string) *expr.Template {
	name, _, _ := strings.Cut(text, "(")
	return k.template(name+k.of, text, expr.BindsClosed)
}

func (k family) template(name, text string, binds expr.Precedence) *expr.Template {
	return &expr.Template{Name: name, Text: text, Precedence: binds, Has: k.has, Instead: k.instead}
}
