package expr

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// call writes a function call; where is the condition of a FILTER, or nil.
func (p *printer) call(n, where *node) {
	before := p.within
	p.calls(n)
	p.called(n, where)
	before.grouped = p.within.grouped
	p.within = before
}

func (p *printer) called(n, where *node) {
	if _, ok := n.ext.(*aggregate); ok {
		p.aggregate(n, where, false)
		return
	}
	if n.aux != 0 {
		p.fail("IgnoreNulls and RespectNulls stand before Over, which %s lacks", n.name)
		return
	}
	var buf [2]*node
	args := n.args(buf[:0])
	if !p.fitting(n.name, args) {
		return
	}
	if n.flag&flagStar != 0 && where == nil {
		p.str("count(*)")
		return
	}
	name := n.name
	if name == "min" || name == "max" {
		if t := p.kindOf(n.l); t != nil && t.Kind == dialect.Boolean && n.ext == nil && n.r == nil {
			name = map[string]string{"min": "bool_and", "max": "bool_or"}[name]
		}
	}
	if _, typed := p.f.Operators["wholediv"]; typed && name == "sign" && n.typ == typeBigInt && len(args) == 1 {
		of := *n // which is as the number is, and may be a float
		of.typ = nil
		p.cast(&node{op: opCast, typ: typeBigInt, l: &of})
		return
	}
	if name == "nullif" && len(args) == 2 && p.nullIfNumber(args) {
		return
	}
	t, ok := p.f.Functions[name]
	if !ok {
		if lower := strings.ToLower(name); lower != name {
			t, ok = p.f.Functions[lower]
		}
	}
	if ok {
		if t == "" && name == "concat_ws" && where == nil && len(args) > 1 {
			p.concatWs(args)
			return
		}
		if t == "" {
			p.unsupported("the function "+name, "")
			return
		}
		if n := holes(t); n < len(args) {
			p.fail("the function %s takes %d arguments here, not %d", name, n, len(args))
			return
		}
		if where != nil && !p.filterable(name, args) || !p.distinctAggregate(n) {
			return
		}
		p.w.Template(t, func(hole int) {
			if hole == 0 || hole == dialect.AllParts {
				p.distinctWord(n)
			}
			switch {
			case hole == dialect.AllParts:
				if where == nil {
					p.arguments(name, args)
					return
				}
				p.filtered(n, args, where)
				if len(args) > 1 {
					p.str(", ")
					p.list(args[1:])
				}
			case hole == 0 && where != nil:
				p.filtered(n, args, where)
			case hole < len(args):
				p.argument(name, args, hole, p.holeContext(t))
			default:
				p.fail("the function %s takes more than %d arguments", name, len(args))
			}
		})
		return
	}
	switch name { // what every database can say has the standard's way
	case "now":
		p.str("CURRENT_TIMESTAMP")
		return
	}
	if strings.IndexByte(name, '.') >= 0 && !p.f.Schemas {
		p.unsupported("the function "+name+" in a schema", "call it without the schema")
		return
	}
	if !functionName(name) {
		p.fail("%q is not the name of a function", name)
		return
	}
	if rules := &p.f.Lexical; len(rules.SessionCalls) > 0 && rules.SessionCall(name[strings.LastIndexByte(name, '.')+1:]) {
		p.c.Session = true
	}
	if (name == "min" || name == "max") && p.f.DecimalNumber != "" && len(args) == 1 && where == nil {
		p.str(name)
		p.str("(")
		p.ordered(args[0], precLow)
		p.str(")")
		return
	}
	p.functionName(name)
	p.str("(")
	if n.flag&flagDistinct != 0 {
		p.str("DISTINCT ")
	}
	if where == nil {
		p.arguments(name, args)
	} else if n.flag&flagStar != 0 || p.filterable(name, args) {
		p.filtered(n, args, where)
		if len(args) > 1 {
			p.str(", ")
			p.list(args[1:])
		}
	}
	p.str(")")
}

// nullIfNumber writes NULLIF of decimals that are texts by a comparison of
// numbers: texts of one number may differ.
func (p *printer) nullIfNumber(args []*node) bool {
	if p.f.DecimalNumber == "" || !isDecimal(p.kindOfAny(args)) {
		return false
	}
	p.str("CASE WHEN ")
	p.test(&node{op: opEq, l: args[0], r: args[1]}, precLow)
	p.str(" THEN NULL ELSE ")
	p.beside(args[0], p.kindOf(args[1]), precLow)
	p.str(" END")
	return true
}

// filterable reports whether a FILTER of the function can be a CASE around its
// first argument.
func (p *printer) filterable(name string, args []*node) bool {
	switch name {
	case "json_agg", "json_object_agg", "array_agg": // which take NULL for a value
		p.unsupported("FILTER of "+name, "aggregate the rows of a derived table that are to be in it")
		return false
	}
	if len(args) == 1 || len(args) == 2 && (strings.EqualFold(name, "string_agg") || strings.EqualFold(name, "group_concat")) {
		return true
	}
	p.unsupported("FILTER of "+name+" with its arguments", "write the CASE yourself")
	return false
}

// filtered writes the first argument as a CASE in place of a FILTER: what the
// condition leaves out is NULL, which aggregates leave out too.
func (p *printer) filtered(n *node, args []*node, where *node) {
	p.str("CASE WHEN ")
	p.test(where, precLow)
	p.str(" THEN ")
	switch {
	case n.flag&flagStar != 0 || len(args) == 0:
		p.str("1")
	case n.name == "min" || n.name == "max":
		p.ordered(args[0], precLow)
	default:
		p.expr(args[0], precLow)
	}
	p.str(" END")
}

// holes is how many arguments a template has room for.
func holes(t string) int {
	n := 0
	for t != "" {
		var hole int
		if _, hole, t = dialect.NextPart(t); hole < 0 {
			break
		}
		n = max(n, hole+1)
	}
	return n
}

// holeContext is how tightly a function's template binds its holes: templates
// that are calls separate them by commas, others are taken for operators.
func (p *printer) holeContext(t string) int {
	if strings.ContainsAny(t, "+-*/|%=<>") {
		return precAtom
	}
	return precLow
}

// functionName reports whether s may be written as a function's name.
func functionName(s string) bool {
	first := true // a part begins
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_':
			first = false
		case ('0' <= c && c <= '9' || c == '$') && !first:
		case c == '.' && !first:
			first = true
		default:
			return false
		}
	}
	return !first
}

// functionName writes the name of a function. Within a schema, a reserved word
// gets quotes, as in the names of tables; by itself it is a function that the grammar knows.
func (p *printer) functionName(name string) {
	if strings.IndexByte(name, '.') < 0 {
		p.str(name)
		return
	}
	for {
		part, rest, more := strings.Cut(name, ".")
		if _, reserved := p.f.Reserved[strings.ToLower(part)]; reserved || part[0] == '_' && p.f.NoLeadingUnderscore {
			p.w.Quoted(part)
		} else {
			p.str(part)
		}
		if !more {
			return
		}
		p.str(".")
		name = rest
	}
}

func (p *printer) cast(n *node) {
	if t, ok := p.f.Casts[n.typ.Kind]; ok {
		p.w.Template(t, func(int) { p.expr(n.l, p.holeContext(t)) })
		return
	}
	if n.typ.Collation != "" {
		p.fail("CAST to %s takes no collation; write it with Text around the CAST", n.typ)
	}
	name, err := p.castName(n.typ)
	if err != nil {
		p.w.Fail(err)
		return
	}
	if p.f.DecimalNumber != "" && n.typ.Kind == dialect.Decimal && n.typ.Precision > 0 { // where CAST rounds nothing
		plain := *n
		plain.typ = &dialect.Type{Kind: dialect.Decimal}
		p.call(&node{op: opCall, name: "round", l: &plain, r: &node{op: opLiteral, ext: n.typ.Scale}}, nil)
		return
	}
	if of := p.kindOf(n.l); n.typ.Kind == dialect.Boolean && p.f.UntypedParams && of != nil && of.Kind != dialect.Integer && (wholeKind(of) || fractional(of)) {
		p.str("(") // PostgreSQL makes a boolean of INTEGER alone
		p.typed(n.l, precCmp+1)
		p.str(" <> 0)")
		return
	}
	if l := p.settle(n.l); p.f.UntypedParams && wholeKind(n.typ) && bareParam(l) && fractional(l.typ) {
		p.str("CAST(") // which would take the parameter for a whole number
		p.typed(l, precLow)
		p.str(" AS " + name + ")")
		return
	}
	p.str("CAST(")
	if l := p.settle(n.l); p.f.CastCuts && wholeKind(n.typ) && l != nil && fractional(l.typ) {
		p.call(&node{op: opCall, name: "round", l: l, r: &node{op: opLiteral, ext: 0}}, nil)
	} else {
		p.beside(n.l, nil, precLow)
	}
	p.str(" AS ")
	p.str(name)
	p.str(")")
}

// tryCast writes a CAST that gives NULL where the value does not fit.
func (p *printer) tryCast(n *node) {
	t, own := p.f.TryCasts[n.typ.Kind]
	if !own {
		t = p.f.TryCast
	}
	switch {
	case t == "" || own && n.typ.Unsigned:
		p.unsupported("TRY_CAST to "+n.typ.String(), "check the text with a CASE before the CAST")
		return
	case strings.Contains(t, "{4}") && (n.typ.Precision == 0 || n.typ.Precision-n.typ.Scale > 30):
		p.unsupported("TRY_CAST to "+n.typ.String(), "give the decimal a precision, of at most 30 digits before the point")
		return
	}
	if !own && p.f.TryCastRounds && wholeKind(n.typ) {
		p.unsupported("TRY_CAST to a whole number", "it would round a fraction; take a decimal, and round that or compare it with itself rounded")
		return
	}
	name, err := p.castName(n.typ)
	if err != nil {
		p.w.Fail(err)
		return
	}
	p.w.Template(t, func(hole int) {
		switch hole {
		case 0:
			p.expr(n.l, precLow)
		case 1:
			p.str(name)
		case 2:
			p.w.StringLiteral(name)
		case 3:
			p.w.WriteInt(int64(n.typ.Scale))
		default:
			p.str(largest(n.typ))
		}
	})
}

// largest is the largest decimal of a type: 999.99.
func largest(t *dialect.Type) string {
	nines := strings.Repeat("9", t.Precision)
	whole, fraction := nines[:t.Precision-t.Scale], nines[t.Precision-t.Scale:]
	if whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// castName is the name of a type within CAST.
func (p *printer) castName(t *dialect.Type) (string, error) {
	d := p.w.Dialect()
	if cn, ok := dialect.As[dialect.CastNamer](d); ok {
		return cn.CastName(t)
	}
	return d.TypeName(t)
}

// argument writes one argument of a function.
func (p *printer) argument(name string, args []*node, i, around int) {
	switch t := p.besideType(name, args, i); {
	case i == 0 && p.f.TimeOfDate != "" && strings.HasPrefix(name, "date_add_") && p.isDate(args[0]): // a time comes of it
		p.w.Template(p.f.TimeOfDate, func(int) { p.expr(args[0], precAtom) })
		return
	case p.f.TimeOfDate == "" && (name == "extract_hour" || name == "extract_minute" || name == "extract_second") && p.isDate(args[i]): // of which a date has none
		p.cast(&node{op: opCast, typ: typeTimestamp, l: args[i]})
		return
	case name == "json_agg" && i == 0, name == "json_object_agg" && i == 1:
		p.jsonPart(args[i])
		return
	case t != nil || p.f.DecimalParam != "":
		p.beside(args[i], t, around)
		return
	case !p.f.UntypedParams:
	case i == 1 && strings.HasPrefix(name, "date_add_") && name != "date_add_second" && !p.unboundNumber(args[i]):
		p.cast(&node{op: opCast, typ: typeInteger, l: args[i]})
		return
	case takesAny(name, i):
		p.typedText(args[i], around)
		return
	case p.showsType(name, args, i):
		p.typed(args[i], around)
		return
	}
	p.expr(args[i], around)
}

// takesAny reports whether a function takes values of any type for an argument.
func takesAny(name string, i int) bool {
	switch name {
	case "concat_ws", "count", "array_agg", "json_agg", "json_object_agg":
		return true
	case "lag", "lead", "first_value", "last_value", "nth_value":
		return i == 0
	}
	return false
}

// unboundNumber reports whether n is a parameter, which takes the type that is
// wanted of it.
func (p *printer) unboundNumber(n *node) bool { return bareParam(p.settle(n)) }

// besideType is the type that an argument which does not show one takes from
// the others; nil where it takes none.
func (p *printer) besideType(name string, args []*node, i int) *dialect.Type {
	switch name {
	case "coalesce", "nullif", "greatest", "least":
	case "lag", "lead":
		if i != 2 {
			return nil
		}
		args, i = []*node{args[0], args[2]}, 1 // the one between them is a number of rows
	default:
		return nil
	}
	if !p.unsaid(p.settle(args[i])) {
		return nil
	}
	return p.kindOfAny(args)
}

// arguments writes all arguments of a function, separated by commas.
func (p *printer) arguments(name string, args []*node) {
	for i := range args {
		if i > 0 {
			p.str(", ")
		}
		p.argument(name, args, i, precLow)
	}
}

// showsType reports whether a parameter that is an argument of the function has
// to show its type: the function is there for several types, and nothing else
// says which one is meant.
func (p *printer) showsType(name string, args []*node, i int) bool {
	switch name {
	case "coalesce", "nullif", "greatest", "least":
		return !p.anyTyped(args) && !p.anyParam(args[:i]) // the first one does
	case "abs", "ceil", "floor", "round", "round_float", "trunc", "sign", "sum", "avg", "min", "max", "any_value", "stddev", "variance",
		"log", "power":
		return i == 0
	}
	switch kind, _, _ := strings.Cut(name, "_"); kind {
	case "extract":
		return true
	case "date":
		return i == 0 || strings.HasPrefix(name, "date_diff_")
	}
	return false
}

// concatWs writes CONCAT_WS where there is none: each text with the separator
// before it, and the first separator cut off.
func (p *printer) concatWs(args []*node) {
	sep := args[0]
	parts := make([]*node, 0, len(args)-1)
	for _, a := range args[1:] {
		joined := &node{op: opConcat, typ: typeVarchar, ext: []*node{sep, a}}
		if p.nullable(a) {
			joined = &node{op: opCase, typ: typeVarchar, ext: &caseData{
				whens: []branch{{&node{op: opIsNotNull, l: a}, joined}}, or: &node{op: opLiteral, typ: typeVarchar, ext: ""}}}
		}
		parts = append(parts, joined)
	}
	all := parts[0]
	if len(parts) > 1 {
		all = &node{op: opConcat, typ: typeVarchar, ext: parts}
	}
	one := &node{op: opLiteral, ext: 1}
	p.call(&node{op: opCall, name: "substring", ext: []*node{all,
		{op: opAdd, l: &node{op: opCall, name: "char_length", l: sep}, r: one},
		{op: opAdd, l: &node{op: opCall, name: "char_length", l: all}, r: one}}}, nil)
}

func (p *printer) caseOf(d *caseData) {
	if len(d.whens) == 0 {
		p.fail("CASE without WHEN")
		return
	}
	p.str("CASE")
	var of, then *dialect.Type
	if d.of != nil {
		of = p.kindOf(d.of)
		p.str(" ")
		if p.textDecimal(p.settle(d.of)) {
			p.ordered(d.of, precLow)
		} else {
			p.typed(d.of, precLow)
		}
	}
	for _, b := range d.whens {
		if then = p.kindOfAny([]*node{b.then}); then != nil {
			break
		}
	}
	if then == nil && d.or != nil {
		then = p.kindOfAny([]*node{d.or})
	}
	show := p.f.UntypedParams && p.untypedCase(d) // by the first result that can
	for _, b := range d.whens {
		p.str(" WHEN ")
		if d.of != nil {
			p.orderedBeside(b.cond, d.of, of, precCmp+1)
		} else {
			p.test(b.cond, precAtom)
		}
		p.str(" THEN ")
		show = p.caseResult(b.then, then, show)
	}
	if d.or != nil {
		p.str(" ELSE ")
		p.caseResult(d.or, then, show)
	}
	p.str(" END")
}

// caseResult writes a result of a CASE whose results are of type t, and reports
// whether the type has yet to be shown.
func (p *printer) caseResult(n *node, t *dialect.Type, show bool) bool {
	if show {
		p.typed(n, precLow)
		return !bareParam(p.settle(n))
	}
	p.beside(n, t, precLow)
	return false
}

// untypedCase reports whether no result of a CASE shows its type.
func (p *printer) untypedCase(d *caseData) bool {
	for _, b := range d.whens {
		if p.anyTyped([]*node{b.then}) {
			return false
		}
	}
	return d.or == nil || !p.anyTyped([]*node{d.or})
}

// wholeKind reports whether t is a type of whole numbers.
func wholeKind(t *dialect.Type) bool {
	return t != nil && t.Kind >= dialect.SmallInt && t.Kind <= dialect.BigInt
}

// fractional reports whether t is a type of numbers with a fraction.
func fractional(t *dialect.Type) bool {
	return t != nil && (t.Kind == dialect.Decimal || t.Kind == dialect.Real || t.Kind == dialect.Double)
}
