package schema

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// What was read from one database may be made in another. Types go by their
// kind. Texts of SQL (checks, defaults, conditions) are carried over as far as
// they hold nothing but columns, constants and what every database writes and
// means in one way; anything else is refused.

// foreign reports whether the definition was read from a database that writes
// SQL in another way.
func (p *ddl) foreign(d *Definition) bool {
	return d.from != nil && (d.from.QuoteOpen != p.f.QuoteOpen || d.from.Placeholder != p.f.Placeholder)
}

// words writes a text of SQL that a definition has.
func (p *ddl) words(d *Definition, what, sql string) {
	if !p.foreign(d) {
		p.raw(sql)
		return
	}
	p.visited(RawSQL(sql))
	c := carrier{p: p, d: d, list: pieces(sql, d.from)}
	begin := p.Len()
	if !c.all() {
		p.Cut(begin)
		p.Unsupported(what+" of table "+d.Name+" in the words of the database that it was read from: "+sql, "say it as an expression, or build the table without it (schema.Build)")
	}
}

// defaultWords writes a default that another database has.
func (p *ddl) defaultWords(d *Definition, c *ColumnDef) {
	sql := c.Default.SQL
	list := pieces(sql, d.from)
	for len(list) > 2 && list[0].is("(") && list[len(list)-1].is(")") {
		list = list[1 : len(list)-1]
	}
	if n := len(list); n > 2 && list[1].is("::") { // '…'::character varying(9)
		list = list[:1]
	}
	minus := len(list) == 2 && list[0].is("-")
	if minus || len(list) == 2 && list[0].is("+") {
		list = list[1:]
	}
	kind := c.Type.Kind
	switch lower := strings.ToLower(sql); {
	case isNow[strings.Trim(lower, "()")] || strings.HasPrefix(lower, "current_timestamp("):
		switch kind {
		case dialect.Date, dialect.Time, dialect.Timestamp, dialect.TimestampTZ:
			p.visited(RawSQL(sql))
			p.defaultNow(c)
			return
		}
	case len(list) != 1:
	case kind == dialect.Boolean:
		switch strings.ToLower(list[0].text) {
		case "true", "1":
			p.Literal(true, &c.Type)
			return
		case "false", "0":
			p.Literal(false, &c.Type)
			return
		}
	case list[0].kind == 'n' || list[0].kind == 's' && isDecimal(list[0].text):
		text := list[0].text
		if minus {
			text = "-" + text
		}
		switch kind {
		case dialect.SmallInt, dialect.Integer, dialect.BigInt, dialect.Decimal, dialect.Real, dialect.Double:
			p.WriteString(text)
			return
		case dialect.Char, dialect.Varchar, dialect.Clob:
			p.literalDefault(text, c)
			return
		}
	case list[0].kind == 's' && !minus:
		switch kind {
		case dialect.Char, dialect.Varchar, dialect.Clob, dialect.Enum, dialect.Date, dialect.Time, dialect.Timestamp, dialect.UUID, dialect.JSON:
			p.literalDefault(list[0].text, c)
			return
		}
	}
	begin := p.Len()
	p.words(d, "the default of "+c.Name, sql)
	p.parenthesized(p.Cut(begin))
}

// isNow are the ways to write the current time, without parentheses.
var isNow = map[string]bool{"now": true, "current_timestamp": true, "localtimestamp": true, "sysdate": true, "systimestamp": true, "getdate": true,
	"sysdatetime": true, "sysutcdatetime": true, "sysdatetimeoffset": true, "datetime('now'": true, "current_date": true, "curdate": true, "date('now'": true}

// carried are the words that mean the same everywhere; those with true are
// functions.
var carried = map[string]bool{"AND": false, "OR": false, "NOT": false, "IS": false, "NULL": false, "IN": false, "BETWEEN": false, "CASE": false, "WHEN": false,
	"THEN": false, "ELSE": false, "END": false, "LOWER": true, "UPPER": true, "ABS": true, "COALESCE": true, "NULLIF": true}

// carrier writes the pieces of a text for another database.
type carrier struct {
	p    *ddl
	d    *Definition
	list []piece
	last string // what was written last
}

func (c *carrier) write(s string) {
	switch {
	case c.last == "" || c.last == "(" || s == ")" || s == ",":
	case s == "(" && carried[c.last]: // a call
	default:
		c.p.WriteByte(' ')
	}
	c.last = s
}

func (c *carrier) sign(s string) { c.write(s); c.p.WriteString(s) }

// next reports whether the pieces from i are these.
func (c *carrier) next(i int, texts ...string) bool {
	for j, t := range texts {
		if i+j >= len(c.list) || !c.list[i+j].is(t) {
			return false
		}
	}
	return true
}

func (c *carrier) all() bool {
	for i := 0; i < len(c.list); {
		n := c.one(i)
		if n == 0 {
			return false
		}
		i += n
	}
	return len(c.list) > 0
}

// one writes what begins at i, and returns how many pieces it is; 0: it means
// another thing elsewhere.
func (c *carrier) one(i int) int {
	x := c.list[i]
	switch x.kind {
	case 's':
		c.write("'")
		c.p.StringLiteral(x.text)
		return 1 + c.cast(i+1, textTypes)
	case 'n':
		c.sign(x.text)
		return 1 + c.cast(i+1, numberTypes)
	case 'q', 'w':
		if col := c.column(x); col != nil {
			if col.Type.Kind == dialect.Boolean { // a number there, and none here
				return 0
			}
			c.write(x.text)
			c.p.Ident(col.Name)
			return 1 + c.cast(i+1, textTypes)
		}
		upper := strings.ToUpper(x.text)
		call, known := carried[upper]
		if x.kind == 'q' || !known || call != c.next(i+1, "(") && call {
			return 0
		}
		c.sign(upper)
		return 1
	}
	switch x.text {
	case "=":
		if n := c.anyOf(i); n > 0 {
			return n
		}
		c.sign("=")
	case "!=":
		c.sign("<>")
	case "<>", "<", ">", "<=", ">=", "+", "-", "*", "(", ",":
		c.sign(x.text)
	case ")":
		c.sign(")")
		types := textTypes
		if i > 1 && c.list[i-1].kind == 'n' {
			types = numberTypes
		}
		return 1 + c.cast(i+1, types)
	default:
		return 0
	}
	return 1
}

// anyOf writes PostgreSQL's = ANY (ARRAY['a'::text, …]) as the IN that it was.
func (c *carrier) anyOf(i int) int {
	if !c.next(i, "=", "ANY", "(") {
		return 0
	}
	at := i + 3
	inner := c.next(at, "(")
	if inner {
		at++
	}
	if !c.next(at, "ARRAY", "[") {
		return 0
	}
	c.sign("IN")
	c.sign("(")
	for at += 2; at < len(c.list) && !c.list[at].is("]"); {
		switch x := c.list[at]; {
		case x.is(","):
			c.sign(",")
			at++
			continue
		case x.kind != 's' && x.kind != 'n' && !x.is("-") && !x.is("(") && !x.is(")"):
			return 0
		}
		n := c.one(at)
		if n == 0 {
			return 0
		}
		at += n
	}
	at++
	if inner {
		if !c.next(at, ")") {
			return 0
		}
		at++
		at += c.cast(at, textTypes)
	}
	if !c.next(at, ")") {
		return 0
	}
	c.sign(")")
	return at + 1 - i
}

var textTypes = map[string]bool{"text": true, "character varying": true, "character": true, "bpchar": true}

var numberTypes = map[string]bool{"numeric": true, "integer": true, "bigint": true, "smallint": true, "double precision": true, "real": true}

// cast is how many pieces a cast at i is that says nothing elsewhere: 0 where
// there is none, or another.
func (c *carrier) cast(i int, types map[string]bool) int {
	if !c.next(i, "::") {
		return 0
	}
	for _, n := range []int{2, 1} {
		var words []string
		for j := i + 1; j <= i+n && j < len(c.list) && c.list[j].kind == 'w'; j++ {
			words = append(words, strings.ToLower(c.list[j].text))
		}
		if len(words) != n || !types[strings.Join(words, " ")] {
			continue
		}
		n++
		if c.next(i+n, "(") && i+n+2 < len(c.list) && c.list[i+n+2].is(")") {
			n += 3
		}
		if c.next(i+n, "[", "]") {
			n += 2
		}
		return n
	}
	return 0
}

// column is the column that a name is, or nil.
func (c *carrier) column(x piece) *ColumnDef {
	name := c.d.from.FoldName(x.text)
	if col := c.d.Column(name); col != nil || x.kind == 'q' {
		return col
	}
	if _, word := carried[strings.ToUpper(x.text)]; word {
		return nil
	}
	for _, col := range c.d.Columns {
		if strings.EqualFold(col.Name, x.text) {
			return col
		}
	}
	return nil
}

// piece is a part of a text of SQL: a number, a string, a quoted name, a word
// or an operator, by the first letter of that. A string and a name are without their
// quotes.
type piece struct {
	kind byte
	text string
}

// is reports whether the piece is that word or operator.
func (x piece) is(text string) bool {
	return (x.kind == 'w' || x.kind == 'o') && strings.EqualFold(x.text, text)
}

// pieces takes a text of SQL apart, as the database writes it that it is from.
// What it cannot tell becomes an operator that nobody has.
func pieces(sql string, f *dialect.Features) []piece {
	var list []piece
	for i := 0; i < len(sql); {
		c := sql[i]
		switch {
		case c <= ' ':
			i++
		case c == '\'':
			text, n := quotedText(sql[i:], '\'', f.Lexical.BackslashEscapes)
			if last := len(list) - 1; last >= 0 && list[last].kind == 'w' && i > 0 && sql[i-1] > ' ' { // N'…', _utf8mb4'…', E'…'
				if word := strings.ToLower(list[last].text); word == "n" || strings.HasPrefix(word, "_utf8") {
					list = list[:last]
				} else {
					n = 0
				}
			}
			if n == 0 {
				return append(list, piece{'o', "\x00"})
			}
			list, i = append(list, piece{'s', text}), i+n
		case c == '"' || c == '`' || c == '[' && f.Lexical.Brackets:
			end := c
			if c == '[' {
				end = ']'
			}
			text, n := quotedText(sql[i:], end, false)
			if n == 0 {
				return append(list, piece{'o', "\x00"})
			}
			list, i = append(list, piece{'q', text}), i+n
		case '0' <= c && c <= '9' || c == '.' && i+1 < len(sql) && '0' <= sql[i+1] && sql[i+1] <= '9':
			from := i
			for i < len(sql) && ('0' <= sql[i] && sql[i] <= '9' || sql[i] == '.' || letter(sql[i])) {
				i++
			}
			if !isDecimal(sql[from:i]) { // 1e9, 0x0F
				return append(list, piece{'o', "\x00"})
			}
			list = append(list, piece{'n', sql[from:i]})
		case letter(c) || c >= 0x80:
			from := i
			for i < len(sql) && (letter(sql[i]) || sql[i] >= 0x80 || '0' <= sql[i] && sql[i] <= '9') {
				i++
			}
			list = append(list, piece{'w', sql[from:i]})
		default:
			n := 1
			if i+1 < len(sql) {
				switch sql[i : i+2] {
				case "::", "<>", "!=", "<=", ">=", "||", "~~", "--", "/*":
					n = 2
				}
			}
			list, i = append(list, piece{'o', sql[i : i+n]}), i+n
		}
	}
	return list
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }

// quotedText reads a text in quotes, of which the first is passed over, and how
// long it is with them; 0 where it does not end, or says what is not told here.
func quotedText(sql string, end byte, escapes bool) (string, int) {
	var b strings.Builder
	for i := 1; i < len(sql); i++ {
		switch c := sql[i]; {
		case c == '\\' && escapes && i+1 < len(sql):
			i++
			switch sql[i] {
			case '\\', '\'', '"':
				b.WriteByte(sql[i])
			case 'n':
				b.WriteByte('\n')
			case 'r':
				b.WriteByte('\r')
			case 't':
				b.WriteByte('\t')
			default:
				return "", 0
			}
		case c != end:
			b.WriteByte(c)
		case i+1 < len(sql) && sql[i+1] == end:
			b.WriteByte(end)
			i++
		default:
			return b.String(), i + 1
		}
	}
	return "", 0
}
