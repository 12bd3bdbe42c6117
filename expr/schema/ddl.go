package schema

import (
	"errors"
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
	p := &ddl{Writer: &c.Writer, c: c, f: c.Features(), d: c.Dialect()}
	around := c.PlaceBy(p)
	s(p)
	c.PlaceBy(around)
	c.Literals(before)
	return c.Err()
}

// ddl writes one statement.
type ddl struct {
	*dialect.Writer
	c      *dialect.Compiled
	f      *dialect.Features
	d      dialect.Dialect
	naming *Naming
	visit  func(part any) // see [Walk]
	at     string         // what is being written, for messages
}

// Place names the part of a mistake that the Writer finds; it implements
// dialect.Placer.
func (p *ddl) Place(err error) error {
	text := strings.TrimPrefix(err.Error(), "dialect: ")
	if p.at != "" {
		text = p.at + ": " + text
	}
	return placed{err, "schema: " + text}
}

// placed is an error with its place before it.
type placed struct {
	error
	text string
}

func (e placed) Error() string { return e.text }
func (e placed) Unwrap() error { return e.error }

// fail reports a mistake in what is being written.
func (p *ddl) fail(format string, args ...any) {
	p.Fail(p.Place(dialect.Errorf(dialect.ErrStatement, format, args...)))
}

// in says that a part of a table is being written.
func (p *ddl) in(d *Definition, part string) { p.at = "table " + shown(d.FullName()) + ": " + part }

// shown is a name for messages: one that cannot be one is cut and quoted.
func shown(name string) string {
	const most = 64
	if len(name) <= most && strconv.CanBackquote(name) {
		return name
	}
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "") + "…"
	}
	return strconv.Quote(name)
}

// named is a statement whose constraints are named by a convention.
func named(n *Naming, write func(p *ddl)) dialect.Statement {
	return statement(func(p *ddl) {
		p.naming = n
		write(p)
	})
}

// Flag is what a statement of DDL may say beside what it does. Flags are
// joined by |.
type Flag uint8

// The flags.
const (
	// IfNotExists lets a CREATE do nothing where the object exists.
	IfNotExists Flag = 1 << iota
	// IfExists lets a DROP do nothing where there is no such object.
	IfExists
	// Cascading drops what depends on the object too.
	Cascading
	// OrReplace replaces a view of that name.
	OrReplace
	// CheckOption refuses rows written through the view that it would not show.
	CheckOption
)

func flags(list []Flag) Flag {
	var all Flag
	for _, f := range list {
		all |= f
	}
	return all
}

// only refuses flags that a statement does not take.
func (p *ddl) only(have, may Flag, what string) {
	p.at = what
	names := [...]string{"IfNotExists", "IfExists", "Cascading", "OrReplace", "CheckOption"}
	for i, name := range names {
		if f := Flag(1 << i); have&f != 0 && may&f == 0 {
			p.Failf("schema: %s does not take %s", what, name)
		}
	}
}

// ifNotExists writes IF NOT EXISTS if it is asked for.
func (p *ddl) ifNotExists(have Flag, what string, can bool) {
	switch {
	case have&IfNotExists == 0:
	case can:
		p.WriteString("IF NOT EXISTS ")
	default:
		p.Unsupported("IF NOT EXISTS of "+what, "ask for it with an Inspector; Metadata.CreateAll skips tables that exist")
	}
}

// ifExists writes IF EXISTS if it is asked for.
func (p *ddl) ifExists(have Flag, what string, can bool) {
	switch {
	case have&IfExists == 0:
	case can:
		p.WriteString("IF EXISTS ")
	default:
		p.Unsupported("IF EXISTS of "+what, "ask for it with an Inspector; Metadata.DropAll skips tables that do not exist")
	}
}

func (p *ddl) can(set, object dialect.Objects) bool { return set&object != 0 }

// expr writes an expression over the columns of a table.
func (p *ddl) expr(d *Definition, clause string, e expr.Any, enclosed bool) {
	p.visited(e)
	t := expr.Relation(d.table)
	expr.DDL(p.c, "table "+d.FullName()+": "+clause, t, resolver{t}, e, enclosed)
}

// definition returns t's definition, or reports that there is none.
func (p *ddl) definition(t expr.Relation) *Definition {
	d := Info(t)
	if d == nil {
		p.Failf("schema: %T is not a table of this package", t)
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
// comments: a [Metadata] has these too. It takes IfNotExists.
func CreateTable(t expr.Relation, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfNotExists, "CREATE TABLE")
		if have&IfNotExists != 0 && !p.f.IfNotExists {
			p.ifNotExists(have, "a table", false)
			return
		}
		if d := p.definition(t); d != nil {
			p.Fail(errors.Join(cascades([]planned{{d: d, keys: d.ForeignKeys}}, p.Dialect())...))
			p.createTable(d, d.ForeignKeys, have&IfNotExists != 0, -1)
		}
	})
}

// DropTable is the DROP TABLE of one table. It takes IfExists and Cascading.
func DropTable(t expr.Relation, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfExists|Cascading, "DROP TABLE")
		if have&IfExists != 0 && !p.f.IfExists {
			p.ifExists(have, "a table", false)
			return
		}
		d := Info(t)
		if d == nil {
			p.definition(t)
			return
		}
		p.dropTable(d, have&IfExists != 0)
		if have&Cascading != 0 {
			if p.f.DropCascade == "" {
				p.Unsupported("DROP TABLE … CASCADE", "drop what depends on the table first")
			}
			p.WriteString(" " + p.f.DropCascade)
		}
	})
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

// createTable writes CREATE TABLE with the given foreign keys, and with one of
// the table's indexes, if inline is not -1.
func (p *ddl) createTable(d *Definition, keys []ForeignKey, skip bool, inline int) {
	p.places("a table", d.Options, "create.", "table.", "attach.")
	p.checkNames(d)
	p.at = "CREATE TABLE"
	p.WriteString("CREATE ")
	p.options(d, d.Options, "create.", "", " ")
	if p.Text()[p.Len()-1] != ' ' {
		p.WriteByte(' ')
	}
	if d.Temporary {
		switch prefix := p.f.DDL.TemporaryPrefix; {
		case p.f.DDL.Temporary != "":
			p.WriteString(p.f.DDL.Temporary + " ")
		case prefix == "":
			p.Unsupported("a temporary table", "make a table and drop it")
		case !strings.HasPrefix(d.Name, prefix):
			p.Unsupported("a temporary table called "+d.Name, "its name begins with "+prefix)
		}
	}
	p.WriteString("TABLE ")
	if skip && p.f.IfNotExists {
		p.WriteString("IF NOT EXISTS ")
	}
	p.InSchema(d.Schema, d.Name)
	p.WriteString(" (")
	primary := d.PrimaryKey()
	for i, c := range d.Columns {
		if i > 0 {
			p.WriteString(", ")
		}
		if c.Identity != nil && p.f.IdentityPrimaryKey {
			if len(primary) > 1 || !c.PrimaryKey {
				p.Unsupported("an identity that is not the whole primary key", "make "+c.Name+" the key alone, and the rest a unique key")
			}
			primary = nil
		}
		if p.ownsKey(c) {
			if len(primary) > 1 || !c.PrimaryKey || c.Identity == nil {
				p.fail("the option autoincrement is for an identity that is the whole primary key, not for column %q", c.Name)
			}
			primary = nil
		}
		p.column(d, c)
	}
	if primary != nil {
		p.WriteString(", ")
		p.primaryKey(d, primary)
	}
	if inline >= 0 {
		p.WriteString(", ")
		p.inlineIndex(d, &d.Indexes[inline])
	} else if c := d.identity(); c != nil && p.f.IdentityKey && !d.leadsKey(c.Name) {
		p.WriteString(", UNIQUE ")
		p.in(d, "a unique key")
		p.names([]string{c.Name})
	}
	for i := range d.Checks {
		p.WriteString(", ")
		p.check(d, &d.Checks[i])
	}
	for _, c := range d.Columns {
		p.values(d, c)
	}
	for i := range keys {
		p.WriteString(", ")
		p.foreignKey(d, &keys[i], "")
	}
	for i := range d.Unique {
		p.WriteString(", ")
		p.uniqueKey(d, &d.Unique[i])
	}
	for i := range d.Constraints {
		if p.has(d.Constraints[i].Option) {
			p.WriteString(", ")
			p.ownConstraint(d, &d.Constraints[i])
		}
	}
	p.WriteByte(')')
	if p.f.TableOptions != "" && !setsCharset(d.Options) {
		p.WriteByte(' ')
		p.WriteString(p.f.TableOptions)
	}
	if c := d.identity(); c != nil && p.f.DDL.Counting == dialect.CountingTable && c.Identity.start() > 1 {
		p.WriteString(" AUTO_INCREMENT=")
		p.WriteInt(c.Identity.start())
	}
	separator := p.f.DDL.OptionSeparator
	if separator == "" {
		separator = " "
	}
	p.options(d, d.Options, "table.", " ", separator)
	if d.Comment != "" && p.f.Comments == dialect.InlineComment {
		p.in(d, "the comment")
		p.WriteString(" COMMENT=")
		p.commentText("table "+d.Name, d.Comment)
	}
}

// setsCharset reports whether a table says its character set itself.
func setsCharset(options []Option) bool {
	for _, o := range options {
		if o.name == "table.charset" || o.name == "table.collate" {
			return true
		}
	}
	return false
}

func (p *ddl) dropTable(d *Definition, skip bool) {
	p.at = "DROP TABLE"
	p.WriteString("DROP TABLE ")
	if skip && p.f.IfExists {
		p.WriteString("IF EXISTS ")
	}
	p.InSchema(d.Schema, d.Name)
}
