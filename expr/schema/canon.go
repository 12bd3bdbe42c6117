package schema

import (
	"slices"
	"strings"
)

// canonical brings an expression of SQL to a form that two ways to write it
// have in common: what a program says, and what a database says that it has
// kept. Casts, collations, parentheses, quotes and qualifiers go; BETWEEN, IN
// and = ANY (ARRAY […]) become comparisons. What it cannot read becomes a list of
// its tokens.
func canonical(sql string) string {
	p := canon{tokens: lexed(sql)}
	text := p.binary(0)
	if p.bad || p.at < len(p.tokens) {
		var list []string
		for _, t := range lexed(sql) {
			if t != "(" && t != ")" {
				list = append(list, t)
			}
		}
		return "tokens " + strings.Join(list, " ")
	}
	return text
}

// lexed cuts SQL into tokens. Words and names are in lower case, since some
// databases fold them; names in quotes lose these, and texts keep theirs.
func lexed(s string) []string {
	var list []string
	for i := 0; i < len(s); {
		c := s[i]
		start := i
		quoted := func(end byte) string {
			var b strings.Builder
			for i++; i < len(s); i++ {
				if s[i] == end {
					if i+1 < len(s) && s[i+1] == end {
						i++
					} else {
						i++
						break
					}
				}
				b.WriteByte(s[i])
			}
			return b.String()
		}
		switch {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			i++
		case c == '\'':
			text := quoted('\'')
			if n := len(list); n > 0 && (list[n-1] == "n" || list[n-1] == "e" || strings.HasPrefix(list[n-1], "_")) && s[start-1] != ' ' {
				if list[n-1] == "e" {
					text = strings.ReplaceAll(text, `\\`, `\`)
				}
				list = list[:n-1] // N'…', _utf8mb4'…'
			}
			if isDecimal(text) {
				list = append(list, decimalText(text))
			} else {
				list = append(list, "'"+text+"'")
			}
		case c == '"' || c == '`':
			list = append(list, strings.ToLower(quoted(c)))
		case c == '[' && !(len(list) > 0 && (list[len(list)-1] == "array" || list[len(list)-1] == "]")):
			if i+1 < len(s) && s[i+1] == ']' {
				list = append(list, "[", "]")
				i += 2
				break
			}
			list = append(list, strings.ToLower(quoted(']')))
		case wordByte(c) && !('0' <= c && c <= '9'):
			for i < len(s) && wordByte(s[i]) {
				i++
			}
			list = append(list, strings.ToLower(s[start:i]))
		case '0' <= c && c <= '9' || c == '.' && i+1 < len(s) && '0' <= s[i+1] && s[i+1] <= '9':
			for i < len(s) && (wordByte(s[i]) || s[i] == '.') {
				i++
			}
			list = append(list, decimalText(s[start:i]))
		default:
			i++
			for _, op := range []string{"!~~*", "!~~", "~~*", "~~", "::", "||", "<=", ">=", "<>", "!=", "->>", "->", "@>", "<@", "&&"} {
				if strings.HasPrefix(s[start:], op) {
					i = start + len(op)
					break
				}
			}
			list = append(list, s[start:i])
		}
	}
	return list
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '$' || c == '#' || c >= 0x80
}

// decimalText drops zeros that say nothing.
func decimalText(s string) string {
	if strings.Contains(s, ".") && isDecimal(s) {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// canon reads the tokens of an expression.
type canon struct {
	tokens []string
	at     int
	bad    bool
}

func (p *canon) peek() string {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return ""
}

func (p *canon) take(want ...string) bool {
	if p.at+len(want) > len(p.tokens) || !slices.Equal(p.tokens[p.at:p.at+len(want)], want) {
		return false
	}
	p.at += len(want)
	return true
}

func (p *canon) need(want string) {
	if !p.take(want) {
		p.bad = true
	}
}

// levels are how tightly the operators bind.
var levels = map[string]int{
	"or": 1, "and": 2,
	"=": 4, "<>": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "is": 4, "in": 4, "between": 4, "like": 4, "ilike": 4, "not": 4,
	"~~": 4, "!~~": 4, "~~*": 4, "!~~*": 4, "~": 4,
	"||": 5, "->": 5, "->>": 5, "@>": 5, "<@": 5, "&&": 5, "&": 5, "|": 5, "#": 5,
	"+": 6, "-": 6, "*": 7, "/": 7, "%": 7, "div": 7,
}

func (p *canon) binary(least int) string {
	var left string
	if least <= 3 && p.take("not") {
		left = negated(p.binary(4))
	} else {
		left = p.unary()
	}
	for !p.bad {
		op := p.peek()
		level, ok := levels[op]
		if !ok || level < least || level == 0 {
			return left
		}
		p.at++
		if level == 4 {
			left = p.comparison(left, op)
			continue
		}
		right := p.binary(level + 1)
		switch op {
		case "and", "or":
			left = joined(op, left, right)
		default:
			left = op + "(" + left + "," + right + ")"
		}
	}
	return left
}

// joined is AND or OR of its operands, in the order of their texts.
func joined(op string, operands ...string) string {
	var list []string
	for _, o := range operands {
		if inner, ok := strings.CutPrefix(o, op+"{"); ok {
			list = append(list, strings.Split(strings.TrimSuffix(inner, "}"+op), "\x00")...)
		} else {
			list = append(list, o)
		}
	}
	slices.Sort(list)
	return op + "{" + strings.Join(slices.Compact(list), "\x00") + "}" + op
}

func negated(s string) string {
	if inner, ok := strings.CutPrefix(s, "not("); ok {
		return strings.TrimSuffix(inner, ")")
	}
	return "not(" + s + ")"
}

func (p *canon) comparison(left, op string) string {
	if op == "not" {
		op = p.peek()
		p.at++
		switch op {
		case "in", "like", "ilike", "between":
			return p.opposite(left, op)
		}
		p.bad = true
		return ""
	}
	call := func(op string) string { return op + "(" + left + "," + p.binary(5) + ")" }
	switch op {
	case "is":
		no := p.take("not")
		text := "is(" + left + "," + p.binary(5) + ")"
		if no {
			return negated(text)
		}
		return text
	case "in":
		return p.in(left, "=", "or")
	case "between":
		low := p.binary(5)
		p.need("and")
		return joined("and", ">=("+left+","+low+")", "<=("+left+","+p.binary(5)+")")
	case "like", "~~":
		text := p.binary(5)
		if p.take("escape") {
			text = "like_escape(" + text + "," + p.binary(5) + ")"
		}
		return "like(" + left + "," + text + ")"
	case "!~~":
		return negated(call("like"))
	case "ilike", "~~*":
		return call("ilike")
	case "!~~*":
		return negated(call("ilike"))
	case "!=":
		op = "<>"
	}
	if p.take("any", "(") || p.take("all", "(") {
		join := map[bool]string{true: "or", false: "and"}[op == "="]
		list := p.binary(0)
		p.need(")")
		inner, ok := strings.CutPrefix(list, "array\x01")
		if !ok {
			p.bad = true
			return ""
		}
		return spread(left, op, join, strings.Split(inner, "\x01"))
	}
	return op + "(" + left + "," + p.binary(5) + ")"
}

// opposite is NOT IN and the like.
func (p *canon) opposite(left, op string) string {
	switch op {
	case "in":
		return p.in(left, "<>", "and")
	case "between":
		low := p.binary(5)
		p.need("and")
		return joined("or", "<("+left+","+low+")", ">("+left+","+p.binary(5)+")")
	}
	return negated(p.comparison(left, op))
}

func (p *canon) in(left, op, join string) string {
	p.need("(")
	var list []string
	for !p.bad {
		list = append(list, p.binary(0))
		if !p.take(",") {
			break
		}
	}
	p.need(")")
	return spread(left, op, join, list)
}

func spread(left, op, join string, list []string) string {
	for i, x := range list {
		list[i] = op + "(" + left + "," + x + ")"
	}
	if len(list) == 1 {
		return list[0]
	}
	return joined(join, list...)
}

func (p *canon) unary() string {
	if p.take("-") {
		x := p.unary()
		if isDecimal(x) {
			return "-" + x
		}
		return "neg(" + x + ")"
	}
	x := p.primary()
	for !p.bad {
		switch {
		case p.take("::"):
			p.typeName()
		case p.take("collate"):
			p.at++
			p.take(".")
		default:
			return x
		}
	}
	return x
}

// typeName skips the name of a type.
func (p *canon) typeName() {
	p.at++
	for {
		switch {
		case p.take("."), p.take("varying"), p.take("precision"), p.take("without", "time", "zone"), p.take("with", "time", "zone"), p.take("[", "]"),
			p.take("unsigned"), p.take("signed"):
			if p.at > 0 && p.tokens[p.at-1] == "." {
				p.at++
			}
		case p.peek() == "(":
			for p.at < len(p.tokens) && !p.take(")") {
				p.at++
			}
		default:
			return
		}
	}
}

var clocks = []string{"now", "current_timestamp", "localtimestamp"}

// sameFunctions are names of functions that MySQL and MariaDB give back in place of
// others.
var sameFunctions = map[string]string{"lcase": "lower", "ucase": "upper", "substr": "substring", "mid": "substring", "pow": "power",
	"ceil": "ceiling", "character_length": "char_length"}

func (p *canon) primary() string {
	t := p.peek()
	p.at++
	switch {
	case t == "" || p.at > len(p.tokens)+1:
		p.bad = true
		return ""
	case t == "(":
		x := p.binary(0)
		p.need(")")
		return x
	case t == "case":
		return p.caseOf()
	case t == "cast" && p.take("("):
		x := p.binary(0)
		p.need("as")
		p.typeName()
		p.need(")")
		return x
	case t == "array" && p.take("["):
		text := "array"
		for !p.bad && !p.take("]") {
			text += "\x01" + p.binary(0)
			p.take(",")
		}
		return text
	case t == "true":
		return "1"
	case t == "false":
		return "0"
	case t[0] == '\'' || t[0] == '-' && len(t) > 1 && isDecimal(t) || '0' <= t[0] && t[0] <= '9':
		return t
	case !wordByte(t[0]):
		p.bad = true
		return ""
	}
	for p.take(".") { // the last of a qualified name counts
		t = p.peek()
		p.at++
	}
	if !p.take("(") {
		if slices.Contains(clocks, t) {
			return "now"
		}
		return t
	}
	var args []string
	for !p.bad && !p.take(")") {
		args = append(args, p.binary(0))
		p.take(",")
	}
	if slices.Contains(clocks, t) {
		return "now"
	}
	if name, ok := sameFunctions[t]; ok {
		t = name
	}
	return t + "(" + strings.Join(args, ",") + ")"
}

func (p *canon) caseOf() string {
	text := "case("
	if p.peek() != "when" {
		text += p.binary(0)
	}
	for !p.bad && p.take("when") {
		text += ";" + p.binary(0)
		p.need("then")
		text += ":" + p.binary(0)
	}
	if p.take("else") {
		text += ";" + p.binary(0)
	}
	p.need("end")
	return text + ")"
}
