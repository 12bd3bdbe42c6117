package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// column writes a column as CREATE TABLE and ADD COLUMN have it.
func (p *ddl) column(d *Definition, c *ColumnDef) {
	p.places("a column", c.Options, "column.", "type.", "early.", "identity.")
	p.in(d, "a column")
	p.Ident(c.Name)
	p.in(d, "column "+strconv.Quote(c.Name))
	if c.Computed != nil {
		p.computed(d, c)
		return
	}
	p.WriteByte(' ')
	p.typeName(d, c)
	p.options(d, c.Options, "type.", " ", " ") // part of the type: before COLLATE and NOT NULL
	if c.Type.Collation != "" {
		p.WriteString(" COLLATE ")
		p.collationOf(d, c.Type.Collation)
	}
	p.options(d, c.Options, "early.", " ", " ") // before NULL and what else follows
	if p.f.DDL.NotNullFirst {
		p.nullness(c)
	}
	if c.Identity != nil {
		p.identity(c)
	}
	if c.Default != nil {
		p.WriteString(" DEFAULT ")
		p.defaultOf(d, c)
	}
	if !p.f.DDL.NotNullFirst && !(c.Identity != nil && p.f.DDL.IdentityNotNull) {
		p.nullness(c)
	}
	if p.ownsKey(c) {
		p.WriteByte(' ')
		p.constraint(p.primaryName(d))
	}
	p.options(d, c.Options, "identity.", "", " ")
	p.options(d, c.Options, "column.", " ", " ")
	p.comment(c)
}

// ownsKey reports whether the column itself says that it is the primary key.
func (p *ddl) ownsKey(c *ColumnDef) bool {
	for _, o := range c.Options {
		if _, ok := p.f.DDL.Options[o.name]; ok && strings.HasPrefix(o.name, "identity.") {
			return true
		}
	}
	return false
}

// nullness writes NOT NULL, and NULL where the database takes another thing
// for granted.
func (p *ddl) nullness(c *ColumnDef) {
	if !c.Null {
		p.WriteString(" NOT NULL")
		return
	}
	words := p.f.DDL.NullWord
	if len(words) == 0 {
		return
	}
	_, all := words["*"]
	if !all {
		name, err := p.d.TypeName(&c.Type)
		if i := strings.IndexAny(name, "( "); err == nil && i >= 0 {
			name = name[:i]
		}
		_, all = words[strings.ToLower(name)]
	}
	if all {
		p.WriteString(" NULL")
	}
}

// computed writes what follows the name of a column that the database
// computes.
func (p *ddl) computed(d *Definition, c *ColumnDef) {
	template := p.f.Computed
	if c.Computed.Stored {
		template = p.f.ComputedStored
	}
	switch {
	case template != "":
	case c.Computed.Stored:
		p.Unsupported("a stored computed column", "compute "+c.Name+" when it is read: leave out stored")
		return
	default:
		p.Unsupported("a computed column that is not stored", "say stored for "+c.Name)
		return
	}
	typed := !strings.HasPrefix(template, "AS")
	switch {
	case typed:
		p.WriteByte(' ')
		p.typeName(d, c)
		p.options(d, c.Options, "type.", " ", " ")
		if c.Type.Collation != "" {
			p.WriteString(" COLLATE ")
			p.collationOf(d, c.Type.Collation)
		}
	case c.Type.Collation != "":
		p.Unsupported("the collation of a computed column", "say it in the expression of "+c.Name)
	}
	p.WriteByte(' ')
	p.Template(template, func(int) { p.formula(d, c) })
	if !c.Null && typed && !p.f.ComputedNull {
		p.WriteString(" NOT NULL")
	}
	p.options(d, c.Options, "column.", " ", " ")
	p.comment(c)
}

// formula writes the expression of a computed column.
func (p *ddl) formula(d *Definition, c *ColumnDef) {
	if c.Computed.Expr != nil {
		p.expr(d, "computed column "+c.Name, c.Computed.Expr, false)
		return
	}
	p.words(d, "a computed column", c.Computed.SQL)
}

// identity writes how a column's values are generated.
func (p *ddl) identity(c *ColumnDef) {
	words := p.f.Identity
	if c.Identity.Always && p.f.DDL.IdentityAlways != "" {
		words = p.f.DDL.IdentityAlways
	}
	if words == "" {
		return
	}
	p.WriteByte(' ')
	p.WriteString(words)
	n := &c.Identity.Counting
	switch p.f.DDL.Counting {
	case dialect.CountingWords:
		if said := p.counting(n); len(said) > 0 {
			p.WriteString(" (" + strings.Join(said, " ") + ")")
		}
	case dialect.CountingPair:
		if n.Min != "" && start(n) != number(n.Min) || n.Max != "" || n.Cycle || n.Cache != 0 {
			p.Unsupported("the least and the greatest value, a cycle and a cache of an identity", "give "+c.Name+" the Next of a sequence as its default")
		}
		if *n != (dialect.Counting{}) {
			first, step := start(n), n.Increment
			if first == 0 && n.Min == "" {
				first = 1
			}
			if step == 0 {
				step = 1
			}
			p.WriteString("(" + strconv.FormatInt(first, 10) + "," + strconv.FormatInt(step, 10) + ")")
		}
	}
}

// collation writes a collation's name, which only some databases take in
// quotes.
func (p *ddl) collation(name string) {
	plain := name != ""
	for i := 0; i < len(name); i++ {
		c := name[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' && i > 0 || c == '_') {
			plain = false
		}
	}
	if plain && p.f.Comments != dialect.CommentOn {
		p.WriteString(name)
		return
	}
	p.Ident(name)
}

// collationOf is collation, and refuses those of another database.
func (p *ddl) collationOf(d *Definition, name string) {
	if p.foreign(d) {
		p.Unsupported("the collation "+name+" of the database that table "+d.Name+" was read from", "build the table with one that this database has (schema.Build), or without it")
	}
	p.collation(name)
}

func (p *ddl) typeName(d *Definition, c *ColumnDef) {
	if c.Identity != nil && p.f.IdentityType != "" {
		if p.f.Identity == "" && (!c.PrimaryKey || len(d.PrimaryKey()) > 1) {
			p.Unsupported("an identity that is not the whole primary key", "make "+c.Name+" the key alone, and the rest a unique key")
		}
		p.WriteString(p.f.IdentityType)
		return
	}
	if slices.ContainsFunc(c.Options, func(o Option) bool { return o.name == "type.none" }) {
		if _, ok := p.f.DDL.Options["type.none"]; !ok {
			p.Unsupported("a column without a type", "give "+c.Name+" one")
		}
		if text := p.Text(); p.Len() > 0 && text[p.Len()-1] == ' ' {
			p.Cut(p.Len() - 1)
		}
		return
	}
	if t := &c.Type; t.Domain != nil && !t.Domain.Plain() {
		if _, ok := p.f.DDL.Options["domain.create"]; !ok {
			p.Unsupported("the domain "+t.Domain.Name+" of column "+d.Name+"."+c.Name, "give the column the type "+t.String()+", and checks")
			return
		}
	}
	if t := &c.Type; t.Kind == dialect.Native && (t.Own || p.foreign(d)) && !ownType(p.f, t.Name) {
		p.Unsupported("the type "+t.Name+" of column "+d.Name+"."+c.Name, "it is one of another database's own; choose a portable type")
		return
	}
	name, err := p.d.TypeName(&c.Type)
	if err != nil {
		p.Fail(p.Place(err))
		return
	}
	if c.Identity != nil && strings.HasPrefix(name, "NUMERIC") && p.f.DDL.Counting == dialect.CountingWords {
		p.Unsupported("an identity of the type "+name, "make "+c.Name+" a BIGINT")
	}
	p.WriteString(name)
}

func (p *ddl) defaultOf(d *Definition, c *ColumnDef) {
	v := c.Default
	switch {
	case v.Now:
		p.defaultNow(c)
	case v.Expr != nil:
		begin := p.Len()
		p.expr(d, "default of "+c.Name, v.Expr, false)
		p.parenthesized(p.Cut(begin))
	case v.SQL != "" && p.foreign(d):
		p.defaultWords(d, c)
	case v.SQL != "": // most databases take an expression in parentheses alone
		p.visited(RawSQL(v.SQL))
		p.parenthesized(v.SQL)
	default:
		p.literalDefault(v.Value, c)
	}
}

func (p *ddl) literalDefault(v any, c *ColumnDef) {
	switch c.Type.Kind {
	case dialect.Clob, dialect.Blob, dialect.JSON:
		p.WriteByte('(') // MySQL has no literal default for these, but an expression
		p.Literal(v, &c.Type)
		p.WriteByte(')')
	default:
		p.Literal(v, &c.Type)
	}
}

// parenthesized writes an expression in parentheses unless it needs none.
func (p *ddl) parenthesized(sql string) {
	if enclosed(sql) {
		p.WriteString(sql)
		return
	}
	p.WriteByte('(')
	p.WriteString(sql)
	p.WriteByte(')')
}

// defaultNow writes the time of the insert, as the column keeps it: its day or
// its time of day alone, with no more digits than the column has.
func (p *ddl) defaultNow(c *ColumnDef) {
	part := ""
	switch c.Type.Kind {
	case dialect.Date:
		part = p.f.Functions["current_date"]
	case dialect.Time:
		part = p.f.Functions["current_time"]
	}
	switch {
	case part != "":
		p.WriteString("(" + part + ")")
	case p.f.DefaultNow == "":
		p.Unsupported("the current time as a default", "give "+c.Name+" a value")
	case p.f.DefaultNowDigits != "" && c.Type.Kind == dialect.Native: // as many as its name says: DATETIME has none
		_, digits, _ := strings.Cut(c.Type.Name, "(")
		text := p.f.DefaultNowDigits
		if digits, _, _ = strings.Cut(digits, ")"); digits == "" {
			text = strings.Replace(text, "({precision})", "", 1)
		}
		p.WriteString(strings.ReplaceAll(text, "{precision}", digits))
	case p.f.DefaultNowDigits != "" && c.Type.Precision != 0:
		p.WriteString(strings.ReplaceAll(p.f.DefaultNowDigits, "{precision}", strconv.Itoa(max(c.Type.Precision, 0))))
	default:
		p.WriteString(p.f.DefaultNow)
	}
}

// enclosed reports whether an expression needs no parentheses: it is a number
// or a word, or has them.
func enclosed(sql string) bool {
	depth := 0
	plain := sql != ""
	for i := 0; i < len(sql); i++ {
		c := sql[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.' || c == '-' && i == 0) {
			plain = false
		}
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 && i < len(sql)-1 && sql[0] == '(' || depth > 0 && (c == '\'' || c == '"') {
			return false // it ends before the text does, or a quote may hide where it ends
		}
	}
	return plain || sql != "" && sql[0] == '(' && depth == 0
}

func (p *ddl) comment(c *ColumnDef) {
	p.inlineComment("column "+c.Name, c.Comment)
}
