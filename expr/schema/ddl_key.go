package schema

import (
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// constraint writes CONSTRAINT and a name, if there is one.
func (p *ddl) constraint(name string) {
	if name != "" {
		p.WriteString("CONSTRAINT ")
		p.Ident(name)
		p.WriteByte(' ')
	}
}

func (p *ddl) primaryKey(d *Definition, columns []string) {
	p.in(d, "the primary key")
	p.places("a key", d.PK.Options, "key.", "keyend.")
	if p.f.DDL.IndexLength {
		for _, name := range columns {
			if c := d.Column(name); c != nil && unlimited(c.Type.Kind) {
				p.Unsupported("a primary key over "+name+", which has no limit", "give it a length: schema.Varchar")
			}
		}
	}
	p.constraint(p.primaryName(d))
	p.WriteString("PRIMARY KEY ")
	p.options(d, d.PK.Options, "key.", "", " ")
	p.spaced()
	p.names(columns)
	p.keyEnd(d, &d.PK)
	p.deferral("a primary key", d.PK.Deferral, p.f.DDL.DeferKeys)
}

// unlimited reports whether values of a type may be too long for an index.
func unlimited(k dialect.TypeKind) bool {
	return k == dialect.Clob || k == dialect.Blob || k == dialect.JSON
}

func (p *ddl) uniqueKey(d *Definition, k *Key) {
	p.in(d, "a unique key")
	p.places("a key", k.Options, "key.", "keyend.")
	p.constraint(p.uniqueName(d, k))
	p.WriteString("UNIQUE ")
	p.options(d, k.Options, "key.", "", " ")
	p.spaced()
	p.names(k.Columns)
	p.keyEnd(d, k)
	p.deferral("a unique key", k.Deferral, p.f.DDL.DeferKeys)
}

// keyEnd writes what follows the columns of a key.
func (p *ddl) keyEnd(d *Definition, k *Key) {
	p.options(d, k.Options, "keyend.", " ", " ")
	p.inlineComment("key "+k.Name, k.Comment)
}

// inlineComment writes the comment of a part of a table that says it itself.
func (p *ddl) inlineComment(of, text string) {
	if text != "" && p.f.Comments == dialect.InlineComment {
		p.WriteString(" COMMENT ")
		p.commentText(of, text)
	}
}

// spaced writes a space unless one stands there.
func (p *ddl) spaced() {
	if text := p.Text(); text != "" && text[len(text)-1] != ' ' {
		p.WriteByte(' ')
	}
}

func (p *ddl) check(d *Definition, k *CheckDef) {
	p.in(d, "a check")
	p.constraint(p.checkName(d, k))
	p.WriteString("CHECK (")
	p.condition(d, k)
	p.WriteByte(')')
}

func (p *ddl) condition(d *Definition, k *CheckDef) {
	if k.Cond == nil {
		p.words(d, "a check", k.SQL)
		return
	}
	p.expr(d, "check "+k.Name, k.Cond, false)
}

// values writes the check that keeps a column to its values, where its type
// does not.
func (p *ddl) values(d *Definition, c *ColumnDef) {
	if !p.loose(c) {
		return
	}
	p.WriteString(", ")
	p.in(d, "the check of column "+strconv.Quote(c.Name))
	p.constraint(p.checkName(d, &CheckDef{Name: c.CheckName}))
	p.WriteString("CHECK (")
	p.valuesOf(c)
	p.WriteByte(')')
}

// loose reports whether the database needs a check to keep a column to its
// values.
func (p *ddl) loose(c *ColumnDef) bool {
	return c.Checked && (c.Type.Kind == dialect.Boolean && p.f.DDL.LooseBool ||
		c.Type.Kind == dialect.Enum && (p.f.DDL.LooseEnum || p.f.DDL.NamedEnums && c.Type.Name == ""))
}

func (p *ddl) valuesOf(c *ColumnDef) {
	p.Ident(c.Name)
	p.WriteString(" IN (")
	if c.Type.Kind == dialect.Boolean {
		p.WriteString("0, 1)")
		return
	}
	for i, v := range c.Type.Values.List {
		if i > 0 {
			p.WriteString(", ")
		}
		p.Literal(v, &c.Type)
	}
	p.WriteByte(')')
}

// has reports whether the database has the option, or refuses it.
func (p *ddl) has(o Option) bool {
	_, ok := p.option(o)
	return ok
}

func (p *ddl) ownConstraint(d *Definition, c *Constraint) {
	p.in(d, "a constraint")
	p.constraint(c.Name)
	p.options(d, []Option{c.Option}, "constraint.", "", "")
}

// foreignKey writes a foreign key. given is its name, where it needs one.
func (p *ddl) foreignKey(d *Definition, k *ForeignKey, given string) {
	p.in(d, "a foreign key")
	if given == "" {
		given = p.foreignName(d, k)
	}
	p.constraint(given)
	p.WriteString("FOREIGN KEY")
	p.names(k.Columns)
	p.WriteString(" REFERENCES ")
	switch {
	case p.f.Schemas:
		p.InSchema(k.RefSchema, k.RefTable)
	case k.RefSchema != "" && p.Schema(k.RefSchema) != p.Schema(d.Schema):
		p.Unsupported("a foreign key from "+d.FullName()+" to "+k.RefSchema+"."+k.RefTable, "keep both tables in one database")
	default:
		p.Ident(k.RefTable)
	}
	p.WriteByte(' ')
	p.names(k.RefColumns)
	if k.MatchFull {
		if !p.f.DDL.MatchFull {
			p.Unsupported("MATCH FULL of a foreign key", "check that all of its columns are NULL, or none")
		}
		p.WriteString(" MATCH FULL")
	}
	p.action(" ON DELETE ", k.OnDelete)
	if !p.f.NoOnUpdate {
		p.action(" ON UPDATE ", k.OnUpdate)
	}
	p.deferral("a foreign key", k.Deferral, p.f.DDL.DeferForeignKeys)
}

// action writes what becomes of a reference. NO ACTION is what all databases
// do without a word.
func (p *ddl) action(word string, a Action) {
	if a == NoAction || a == Restrict && p.f.NoRestrict {
		return
	}
	if int(a) >= len(actionWords) {
		p.fail("%s Action(%d): there is no such action", strings.TrimSpace(word), a)
		return
	}
	if a == SetDefault && !p.f.DDL.SetDefault {
		p.Unsupported(word[1:]+"SET DEFAULT of a foreign key", "SET NULL, or change the rows that refer to it in the program")
		return
	}
	p.WriteString(word)
	p.WriteString(a.String())
}

// deferral writes when a constraint is checked.
func (p *ddl) deferral(what string, d dialect.Deferral, can bool) {
	if !d.Deferrable && !d.InitiallyDeferred {
		return
	}
	if !can {
		p.Unsupported(what+" that is DEFERRABLE", "write the rows in an order in which it holds")
		return
	}
	p.WriteString(" DEFERRABLE")
	if d.InitiallyDeferred {
		p.WriteString(" INITIALLY DEFERRED")
	}
}
