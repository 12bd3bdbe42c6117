package expr

import (
	"reflect"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// escapedText writes the value of an expression as a pattern in which it
// stands for itself.
func (p *printer) escapedText(n *node) {
	constant := func(s string) *node { return &node{op: opLiteral, typ: typeVarchar, ext: s} }
	escaped := n
	for _, c := range string(escapeWith) + p.wildcards() {
		escaped = &node{op: opCall, name: "replace", typ: typeVarchar, ext: []*node{escaped, constant(string(c)), constant(string(escapeWith) + string(c))}}
	}
	p.expr(escaped, precAtom)
}

// likeParts writes a pattern: a text and % before it, after it, or both.
func (p *printer) likeParts(form uint16, text func(around int)) {
	rest := func(int) { p.str("'%'") }
	parts := []func(int){rest, text, rest}
	switch form {
	case likeStarts:
		parts = parts[1:]
	case likeEnds:
		parts = parts[:2]
	}
	t, ok := p.f.Operators["||"]
	name, _, call := strings.Cut(t, "(")
	switch {
	case !ok || t == "{0} || {1}":
		p.joined(" || ", parts)
	case strings.HasPrefix(t, "{0} ") && strings.HasSuffix(t, " {1}"):
		p.joined(t[len("{0}"):len(t)-len("{1}")], parts)
	case call:
		p.str(name + "(")
		p.joined(", ", parts)
		p.str(")")
	default:
		p.unsupported("a pattern that is put together", "use Like with the whole pattern")
	}
}

func (p *printer) joined(between string, parts []func(int)) {
	for i, part := range parts {
		if i > 0 {
			p.str(between)
		}
		part(precAtom)
	}
}

func (p *printer) regexp(n *node, around int) {
	t, what, instead := p.f.Regexp, "a regular expression", "use LIKE"
	if n.aux == regexpFolds {
		t, what, instead = p.f.IRegexp, "a regular expression without regard to case", "use ILike"
	}
	if t == "" {
		p.unsupported(what, instead)
		return
	}
	left := p.settle(n.l)
	negative := n.op == opNotRegexp
	outer := around
	if negative {
		outer = precCmp
	}
	open := negative && p.open(precNot, around)
	if negative {
		p.str("NOT ")
	}
	p.template(t, precCmp, outer, func(hole, around int) {
		if n.aux == regexpFolds { // the template may have operators of its own
			around = precAtom
		}
		switch {
		case hole == 0:
			p.expr(left, around)
		case n.flag&flagImm != 0:
			p.bind(n, n.ext, typeVarchar)
		default:
			p.expr(n.r, around)
		}
	})
	p.close(open)
}

func (p *printer) regexpReplace(n *node) {
	t := p.f.RegexpReplace
	if n.aux == regexpFolds {
		t = p.f.IRegexpReplace
	}
	if t == "" {
		p.unsupported("the replacement of a regular expression", "use replace, or replace in the program")
		return
	}
	parts := n.ext.([]*node)
	p.w.Template(t, func(hole int) { p.expr(parts[hole], precLow) })
}

func (p *printer) collate(n *node) {
	name := n.name
	if name == "C" && p.f.ByteCollation != "" {
		name = p.f.ByteCollation
	}
	p.expr(n.l, precAtom)
	p.str(" COLLATE ")
	_, reserved := p.f.Reserved[strings.ToLower(name)]
	switch bare := bareName(name) && !reserved && (name[0] != '_' || !p.f.NoLeadingUnderscore); {
	case bare && (p.f.CollationBare || p.f.ByteCollation != ""):
		p.str(name) // names of collations ignore case there
	case p.f.CollationBare:
		p.fail("COLLATE: %q is not the name of a collation", name)
	default:
		p.w.Ident(name)
	}
}

// bareName reports whether a name is an identifier that needs no quotes, if it is
// no reserved word.
func bareName(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || '0' <= c && c <= '9' && i > 0) {
			return false
		}
	}
	return name != ""
}

// anyOf writes x = ANY ($1), or an IN list.
func (p *printer) anyOf(n *node, around int) {
	a := n.ext.(*anyOf)
	if a.wrong != nil {
		p.mistake(&node{op: opMistake, ext: a.wrong})
		return
	}
	if !p.f.AnyArray {
		in := opIn
		if n.op == opNone {
			in = opNotIn
		}
		v := &values{node: node{op: in, l: n.l}, list: a.list()}
		v.ext = v
		p.inList(&v.node, around)
		return
	}
	for i, v := range a.nils() {
		if v {
			p.fail("%s: item %d is nil, which NULL never equals; use IsNull beside it", describe(n), i+1)
			return
		}
	}
	open := p.open(precCmp, around)
	left := p.settle(n.l)
	p.sought(left, p.kindOf(left))
	if n.op == opAny {
		p.str(" = ANY (")
	} else {
		p.str(" != ALL (")
	}
	var t *dialect.Type
	if left != nil {
		t = arrayOf(left.typ)
	}
	p.bind(n, a.slice, t)
	p.w.WriteByte(')')
	p.close(open)
}

// nils says which items are nil, where any may be.
func (a *anyOf) nils() []bool {
	if !mayBeNil(reflect.TypeOf(a.slice).Elem()) {
		return nil
	}
	nils := make([]bool, a.n)
	for i, v := range a.list() {
		nils[i] = isNil(v)
	}
	return nils
}
