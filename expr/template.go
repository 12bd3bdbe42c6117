package expr

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Precedence is how tightly an operator binds its operands, from the loosest.
type Precedence uint8

// The levels on which databases agree. What stands beside an operator of the
// same level or a looser one gets parentheses.
const (
	// BindsLoosely gets parentheses within every other expression.
	BindsLoosely Precedence = iota
	// BindsAsComparison is the level of =, < and LIKE.
	BindsAsComparison
	// BindsAsOperator is between comparisons and +: || and all operators of
	// a database's own. Its operands get parentheses unless they are closed, since
	// databases do not agree which of + and such an operator binds more tightly.
	BindsAsOperator
	// BindsAsSum is the level of + and -.
	BindsAsSum
	// BindsAsProduct is the level of *, / and %.
	BindsAsProduct
	// BindsClosed is for what is closed by itself, as a call is.
	BindsClosed
)

func (b Precedence) prec() int {
	switch b {
	case BindsAsComparison:
		return precCmp
	case BindsAsOperator:
		return precConcat
	case BindsAsSum:
		return precAdd
	case BindsAsProduct:
		return precMul
	case BindsClosed:
		return precAtom
	}
	return precLow
}

// Template is an expression that the program defines, as text with holes: {0},
// {1} … stand for its arguments, {*} for all of them with commas between. It
// says what every database writes, or each its own:
//
//	var soundex = &expr.Template{Name: "soundex", Text: "SOUNDEX({0})", Precedence: expr.BindsClosed,
//		For: map[string]string{"sqlite": ""}, Instead: "compare with lower"}
//
//	func Soundex(e expr.Of[string]) expr.Expr[string] { return expr.Fill[string](soundex, e) }
//
// Whatever has no text on a database is refused there when the statement is
// compiled. A Template is the program's own: what comes from outside goes
// through its holes, as a [Value]. It must not change once it is in use, and
// is then safe for concurrent use. For what a text cannot say there is
// [Custom].
type Template struct {
	// Name is for messages.
	Name string
	// Text is for all databases that For does not name.
	Text string
	// For has other texts, by the dialect's name (Dialect.Name). MariaDB and
	// TiDB fall back on "mysql", CockroachDB on "postgres". An empty one means
	// that the database has no such thing.
	For map[string]string
	// Has reports whether a database has it, by what its Features say; nil:
	// wherever there is a text.
	Has func(*dialect.Features) bool
	// Own is the name of what a database must have for it
	// (dialect.Features.Own); empty: there is no such name.
	Own string
	// Instead is what to do where the database has nothing of the kind.
	Instead string
	// Precedence is how tightly the text binds. Its holes bind more tightly, unless
	// it is closed.
	Precedence Precedence
	// Typed is the number of first arguments that show their type: where a
	// parameter has none of its own (PostgreSQL), it gets a CAST.
	Typed int
	// Alike says that the arguments are of one type: the first shows it, where
	// it is a parameter that has none of its own, if no other argument does.
	Alike bool

	// of gives the text by what the dialect's Features say.
	of func(*dialect.Features) string
	// sign says that the text is an operator's.
	sign bool
	// tight says that its holes take only what is closed: a prefix binds more
	// tightly than any other operator on some databases, and less on others.
	tight bool
	// bits says that it is an operator of bits, see wider.
	bits bool
}

// filled is the ext of opTemplate.
type filled struct {
	t    *Template
	args []*node
}

// Fill is an expression made of a [Template] and its arguments. A nil Template,
// a nil argument, and a hole without an argument are mistakes.
func Fill[T any](t *Template, args ...Any) Expr[T] {
	return Expr[T]{fill(opTemplate, t, typeFor[T](), args)}
}

// FillCond is [Fill] for a condition.
func FillCond(t *Template, args ...Any) Cond {
	return Cond{fill(opTemplateCond, t, typeBoolean, args)}
}

func fill(o op, t *Template, typ *dialect.Type, args []Any) *node {
	if t == nil {
		return mistake("nil Template")
	}
	f := &filled{t: t, args: make([]*node, len(args))}
	for i, a := range args {
		f.args[i] = operand(a)
	}
	return &node{op: o, name: t.Name, typ: typ, ext: f}
}

// text is what the template says in a dialect; ok is false where it says
// nothing.
func (t *Template) text(d dialect.Dialect) (text string, ok bool) {
	f := d.Features()
	if t.Has != nil && !t.Has(f) || t.Own != "" && !f.HasOwn(t.Own) {
		return "", false
	}
	if t.of != nil {
		text = t.of(f)
		return text, text != ""
	}
	if len(t.For) > 0 {
		name := d.Name()
		text, ok = t.For[name]
		if family := families[name]; !ok && family != "" {
			text, ok = t.For[family]
		}
		if ok {
			return text, text != ""
		}
	}
	return t.Text, t.Text != ""
}

// families are the products that speak another one's SQL.
var families = map[string]string{"mariadb": "mysql", "tidb": "mysql", "cockroachdb": "postgres"}

// filled writes a template.
func (p *printer) filled(n *node, around int) {
	f := n.ext.(*filled)
	text, ok := f.t.text(p.w.Dialect())
	if f.t == trueDiv {
		if own, has := p.realDiv(f.args); has {
			text = own
		}
	}
	if !ok {
		p.unsupported(f.t.Name, f.t.Instead)
		return
	}
	if p.f.Lexical.HashComments && f.t.sign && strings.IndexByte(text, '#') >= 0 {
		p.unsupported(f.t.Name, "# begins a comment there")
		return
	}
	p.fillText(f.t, text, f.args, around)
}

func (p *printer) fillText(t *Template, text string, args []*node, around int) {
	prec := t.Precedence.prec()
	inner := prec + 1
	if prec == precAtom {
		inner = p.holeContext(text)
	}
	switch {
	case t.tight:
		inner = precAtom
	case prec == precConcat: // which binds more tightly than a sum, or even than a product, on some databases
		inner = precAtom
	}
	if t.of != nil && !strings.HasPrefix(text, "{") && strings.HasSuffix(text, ")") {
		prec = precAtom // a call
	}
	p.leaves(text)
	open := p.open(prec, around)
	p.w.Template(text, func(hole int) {
		switch {
		case hole == dialect.AllParts:
			p.list(args)
		case hole >= len(args):
			p.fail("%s: hole {%d} has no argument", t.Name, hole)
		case t.bits && p.wider(t, args[hole]):
			p.cast(&node{op: opCast, typ: typeBigInt, l: args[hole]})
		case hole == 0 && t.Alike && p.f.UntypedParams && !p.anyTyped(args):
			p.typedText(args[hole], inner)
		case hole < t.Typed:
			p.typed(args[hole], inner)
		default:
			p.expr(args[hole], inner)
		}
	})
	p.close(open)
}

// Op is an operator of the database's own between two expressions, written as
// it stands: expr.Op[float64](Docs.Embedding, "<->", expr.Value(query)). It
// binds as || does, and its operands get parentheses where they are no more
// than that. A text that is no operator is a mistake. For an operator that
// databases say in different ways, and for another precedence, see [Template].
func Op[T any](a Any, operator string, b Any) Expr[T] {
	return Expr[T]{infix(opTemplate, typeFor[T](), a, operator, b, BindsAsOperator)}
}

// OpCond is [Op] for an operator whose result is a condition. It binds as a
// comparison does.
func OpCond(a Any, operator string, b Any) Cond {
	return Cond{infix(opTemplateCond, typeBoolean, a, operator, b, BindsAsComparison)}
}

func infix(o op, typ *dialect.Type, a Any, operator string, b Any, prec Precedence) *node {
	if !operatorText(operator) {
		return mistake("%q is not an operator; a text of another kind is expr.Text or a Template", operator)
	}
	return fill(o, &Template{Name: "the operator " + operator, Text: "{0} " + operator + " {1}", Precedence: prec, sign: true}, typ, []Any{a, b})
}

// operatorText reports whether s may be written as an operator: words, or the
// characters of operators without those that begin a comment.
func operatorText(s string) bool {
	const chars = "+-*/<>=~!@#%^&|?:"
	words, signs := s != "" && strings.TrimSpace(s) == s, s != ""
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || i > 0 && ('0' <= c && c <= '9' || c == ' ')
		words = words && letter
		signs = signs && strings.IndexByte(chars, c) >= 0
	}
	return words || signs && !strings.Contains(s, "--") && !strings.Contains(s, "/*") && !strings.Contains(s, "*/")
}
