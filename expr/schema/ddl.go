package schema

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// statement is one DDL statement.
type statement func(p *ddl)

// CompileSQL implements dialect.Statement.
func (s statement) CompileSQL(c *dialect.Compiled) error {
	c.Writes = true
	before := c.Literals(true)
	s(&ddl{Writer: &c.Writer, f: c.Features(), d: c.Dialect()})
	c.Literals(before)
	return c.Err()
}

// ddl writes one statement.
type ddl struct {
	*dialect.Writer
	f *dialect.Features
	d dialect.Dialect
}

// definition returns t's definition, or reports that there is none.
func (p *ddl) definition(t expr.Relation) *Definition {
	d := Info(t)
	if d == nil {
		p.Failf("schema: %T is no table of this package", t)
		return nil
	}
	if err := expr.TableErr(t); err != nil {
		p.Fail(err)
		return nil
	}
	return d
}

// CreateTable is the CREATE TABLE of one table, with its keys and its foreign
// keys, without its indexes and, on databases that say them apart, its
// comments: a [Metadata] has these too.
func CreateTable(t expr.Relation) dialect.Statement {
	return statement(func(p *ddl) {
		if d := p.definition(t); d != nil {
			p.createTable(d, d.ForeignKeys, false)
		}
	})
}

// DropTable is the DROP TABLE of one table.
func DropTable(t expr.Relation) dialect.Statement {
	return statement(func(p *ddl) {
		if d := p.definition(t); d != nil {
			p.dropTable(d, false)
		}
	})
}

// CreateIndexes are the CREATE INDEX of a table's indexes, one statement each.
func CreateIndexes(t expr.Relation) []dialect.Statement {
	d := Info(t)
	if d == nil {
		return []dialect.Statement{statement(func(p *ddl) { p.definition(t) })}
	}
	stmts := make([]dialect.Statement, len(d.Indexes))
	for i := range d.Indexes {
		stmts[i] = createIndex(d, &d.Indexes[i])
	}
	return stmts
}

func createIndex(d *Definition, x *Index) dialect.Statement {
	return statement(func(p *ddl) {
		p.WriteString("CREATE ")
		if x.Unique {
			p.WriteString("UNIQUE ")
		}
		p.WriteString("INDEX ")
		name := p.name(x.Name, "ix", d.Name, x.Columns)
		if p.f.Schemas {
			p.Ident(name)
			p.WriteString(" ON ")
			p.Qualified(d.Schema, d.Name)
		} else { // an attached database: its name goes with the index
			p.Qualified(d.Schema, name)
			p.WriteString(" ON ")
			p.Ident(d.Name)
		}
		p.WriteByte(' ')
		p.names(x.Columns)
	})
}

// name is the given name, or one made of its parts that keeps within the
// database's limit.
func (p *ddl) name(given, prefix, table string, columns []string) string {
	if given != "" {
		return given
	}
	name := prefix + "_" + table + "_" + strings.Join(columns, "_")
	if most := p.f.MaxIdent; most > 0 && len(name) > most {
		sum := hash(name)
		cut := most - len(sum) - 1
		for cut > 0 && cut < len(name) && name[cut]&0xC0 == 0x80 {
			cut--
		}
		name = name[:cut] + "_" + sum
	}
	return name
}

// hash is a short text that stands for a longer one (FNV-1a).
func hash(s string) string {
	const digits = "0123456789abcdefghijklmnopqrstuv"
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	var b [6]byte
	for i := range b {
		b[i] = digits[h&31]
		h >>= 5
	}
	return string(b[:])
}

func (p *ddl) names(columns []string) {
	p.WriteByte('(')
	for i, c := range columns {
		if i > 0 {
			p.WriteString(", ")
		}
		p.Ident(c)
	}
	p.WriteByte(')')
}

// createTable writes CREATE TABLE with the given foreign keys.
func (p *ddl) createTable(d *Definition, keys []ForeignKey, skip bool) {
	p.WriteString("CREATE TABLE ")
	if skip && p.f.IfNotExists {
		p.WriteString("IF NOT EXISTS ")
	}
	p.Qualified(d.Schema, d.Name)
	p.WriteString(" (")
	primary := d.PrimaryKey()
	for i, c := range d.Columns {
		if i > 0 {
			p.WriteString(", ")
		}
		if c.Identity && p.f.IdentityPrimaryKey {
			if len(primary) > 1 || !c.PrimaryKey {
				p.Unsupported("an identity that is not the whole primary key", "make "+c.Name+" the key alone, and the rest a unique key")
			}
			primary = nil
		}
		p.column(d, c)
	}
	if primary != nil {
		p.WriteString(", PRIMARY KEY ")
		p.names(primary)
	}
	if c := d.identity(); c != nil && p.f.IdentityKey && !d.leadsKey(c.Name) {
		p.WriteString(", UNIQUE ")
		p.names([]string{c.Name})
	}
	for _, k := range d.Unique {
		p.constraint(k.Name)
		p.WriteString("UNIQUE ")
		p.names(k.Columns)
	}
	for i := range keys {
		p.constraint(keys[i].Name)
		p.foreignKey(d, &keys[i])
	}
	for _, c := range d.Checks {
		p.constraint(c.Name)
		p.WriteString("CHECK (")
		p.WriteString(c.SQL)
		p.WriteByte(')')
	}
	p.WriteByte(')')
	if p.f.TableOptions != "" {
		p.WriteByte(' ')
		p.WriteString(p.f.TableOptions)
	}
	if d.Comment != "" && p.f.Comments == dialect.InlineComment {
		p.WriteString(" COMMENT=")
		p.StringLiteral(d.Comment)
	}
}

func (p *ddl) constraint(name string) {
	p.WriteString(", ")
	if name != "" {
		p.WriteString("CONSTRAINT ")
		p.Ident(name)
		p.WriteByte(' ')
	}
}

func (p *ddl) column(d *Definition, c *ColumnDef) {
	p.Ident(c.Name)
	template := p.f.Computed
	if c.Stored {
		template = p.f.ComputedStored
	}
	switch {
	case c.Computed == "":
		template = ""
	case template == "" && c.Stored:
		p.Unsupported("a stored computed column", "compute "+c.Name+" when it is read: leave out stored")
		return
	case template == "":
		p.Unsupported("a computed column that is not stored", "say stored for "+c.Name)
		return
	}
	if !strings.HasPrefix(template, "AS") {
		p.WriteByte(' ')
		p.typeName(d, c)
		if template != "" && c.Type.Collation != "" {
			p.WriteString(" COLLATE ")
			p.collation(c.Type.Collation)
		}
	} else if c.Type.Collation != "" {
		p.Unsupported("the collation of a computed column", "say it in the expression of "+c.Name)
	}
	if template != "" {
		p.WriteByte(' ')
		p.Template(template, func(int) { p.WriteString(c.Computed) })
		if !c.Null && !strings.HasPrefix(template, "AS") && !p.f.ComputedNull {
			p.WriteString(" NOT NULL")
		}
		p.comment(c)
		return
	}
	if c.Identity && p.f.Identity != "" {
		p.WriteByte(' ')
		p.WriteString(p.f.Identity)
	}
	if c.Type.Collation != "" {
		p.WriteString(" COLLATE ")
		p.collation(c.Type.Collation)
	}
	if c.Default != nil {
		p.WriteString(" DEFAULT ")
		p.defaultOf(c)
	}
	if !c.Null {
		p.WriteString(" NOT NULL")
	}
	p.comment(c)
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

func (p *ddl) typeName(d *Definition, c *ColumnDef) {
	if c.Identity && p.f.IdentityType != "" {
		if p.f.Identity == "" && (!c.PrimaryKey || len(d.PrimaryKey()) > 1) {
			p.Unsupported("an identity that is not the whole primary key", "make "+c.Name+" the key alone, and the rest a unique key")
		}
		p.WriteString(p.f.IdentityType)
		return
	}
	name, err := p.d.TypeName(&c.Type)
	if err != nil {
		p.Fail(fmt.Errorf("schema: column %s.%s: %w", d.Name, c.Name, err))
		return
	}
	p.WriteString(name)
}

func (p *ddl) defaultOf(c *ColumnDef) {
	switch {
	case c.Default.Now:
		p.defaultNow(c)
	case c.Default.SQL != "" && enclosed(c.Default.SQL):
		p.WriteString(c.Default.SQL)
	case c.Default.SQL != "": // most databases take an expression in parentheses alone
		p.WriteByte('(')
		p.WriteString(c.Default.SQL)
		p.WriteByte(')')
	case c.Type.Kind == dialect.Clob || c.Type.Kind == dialect.Blob || c.Type.Kind == dialect.JSON:
		p.WriteByte('(') // MySQL has no literal default for these, but an expression
		p.Literal(c.Default.Value, &c.Type)
		p.WriteByte(')')
	default:
		p.Literal(c.Default.Value, &c.Type)
	}
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
	if c.Comment != "" && p.f.Comments == dialect.InlineComment {
		p.WriteString(" COMMENT ")
		p.StringLiteral(c.Comment)
	}
}

func (p *ddl) foreignKey(d *Definition, k *ForeignKey) {
	p.WriteString("FOREIGN KEY ")
	p.names(k.Columns)
	p.WriteString(" REFERENCES ")
	switch {
	case p.f.Schemas:
		p.Qualified(k.RefSchema, k.RefTable)
	case k.RefSchema != "" && k.RefSchema != d.Schema:
		p.Unsupported("a foreign key from "+d.FullName()+" to "+k.RefSchema+"."+k.RefTable, "keep both tables in one database")
	default:
		p.Ident(k.RefTable)
	}
	p.WriteByte(' ')
	p.names(k.RefColumns)
	p.action(" ON DELETE ", k.OnDelete)
	if k.OnUpdate != NoAction && p.f.NoOnUpdate {
		p.Unsupported("ON UPDATE of a foreign key", "leave the key's columns unchanged")
		return
	}
	p.action(" ON UPDATE ", k.OnUpdate)
}

// action writes what becomes of a reference. NO ACTION is what all databases
// do without a word.
func (p *ddl) action(word string, a Action) {
	if a == NoAction || a == Restrict && p.f.NoRestrict {
		return
	}
	p.WriteString(word)
	p.WriteString(a.String())
}

func (p *ddl) dropTable(d *Definition, skip bool) {
	p.WriteString("DROP TABLE ")
	if skip && p.f.IfExists {
		p.WriteString("IF EXISTS ")
	}
	p.Qualified(d.Schema, d.Name)
}

// foreignKeyName is the name under which a key is added and dropped by ALTER.
func (p *ddl) foreignKeyName(d *Definition, k *ForeignKey) string {
	return p.name(k.Name, "fk", d.Name, k.Columns)
}

func addForeignKey(d *Definition, k *ForeignKey) dialect.Statement {
	return statement(func(p *ddl) {
		p.WriteString("ALTER TABLE ")
		p.Qualified(d.Schema, d.Name)
		p.WriteString(" ADD CONSTRAINT ")
		p.Ident(p.foreignKeyName(d, k))
		p.WriteByte(' ')
		p.foreignKey(d, k)
	})
}

func dropForeignKey(d *Definition, k *ForeignKey) dialect.Statement {
	return statement(func(p *ddl) {
		p.WriteString("ALTER TABLE ")
		p.Qualified(d.Schema, d.Name)
		p.WriteString(" DROP CONSTRAINT ")
		p.Ident(p.foreignKeyName(d, k))
	})
}

// comments are the statements that describe a table and its columns, where
// the database says that apart.
func comments(d *Definition, f *dialect.Features) []dialect.Statement {
	var stmts []dialect.Statement
	each := func(column, text string) {
		if text == "" {
			return
		}
		switch f.Comments {
		case dialect.CommentOn:
			stmts = append(stmts, statement(func(p *ddl) { p.commentOn(d, column, text) }))
		case dialect.ExtendedProperty:
			stmts = append(stmts, statement(func(p *ddl) { p.extendedProperty(d, column, text) }))
		}
	}
	each("", d.Comment)
	for _, c := range d.Columns {
		each(c.Name, c.Comment)
	}
	return stmts
}

func (p *ddl) commentOn(d *Definition, column, text string) {
	if column == "" {
		p.WriteString("COMMENT ON TABLE ")
	} else {
		p.WriteString("COMMENT ON COLUMN ")
	}
	p.Qualified(d.Schema, d.Name, column)
	p.WriteString(" IS ")
	p.StringLiteral(text)
}

func (p *ddl) extendedProperty(d *Definition, column, text string) {
	schema := d.Schema
	if schema == "" {
		schema = p.f.DefaultSchema
	}
	if schema == "" {
		schema = "dbo"
	}
	p.WriteString("EXECUTE sp_addextendedproperty N'MS_Description', N")
	p.StringLiteral(text)
	p.WriteString(", N'SCHEMA', N")
	p.StringLiteral(schema)
	p.WriteString(", N'TABLE', N")
	p.StringLiteral(d.Name)
	if column != "" {
		p.WriteString(", N'COLUMN', N")
		p.StringLiteral(column)
	}
}
