package schema

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/internal/catalog"
)

// CreateIndexes are the CREATE INDEX of a table's indexes, one statement each.
func CreateIndexes(t expr.Relation) []dialect.Statement {
	d := Info(t)
	if d == nil {
		return []dialect.Statement{statement(func(p *ddl) { p.definition(t) })}
	}
	stmts := make([]dialect.Statement, len(d.Indexes))
	for i := range d.Indexes {
		stmts[i] = statement(func(p *ddl) { p.createIndex(d, &d.Indexes[i], 0) })
	}
	return stmts
}

// CreateIndex is the CREATE INDEX of an index that the table's declaration
// need not have. It takes IfNotExists.
func CreateIndex(t expr.Relation, x IndexPart, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		if d := p.definition(t); d != nil {
			p.createIndex(d, &x.x, have)
		}
	})
}

// DropIndex is the DROP INDEX of a table's index. It takes IfExists.
func DropIndex(t expr.Relation, x IndexPart, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		if d := Info(t); d != nil {
			p.dropIndex(d, &x.x, have)
			return
		}
		p.definition(t)
	})
}

func (p *ddl) createIndex(d *Definition, x *Index, have Flag) {
	p.only(have, IfNotExists, "CREATE INDEX")
	p.places("an index", x.Options, "index", "key.")
	p.WriteString("CREATE ")
	if x.Unique {
		p.WriteString("UNIQUE ")
	}
	p.options(d, x.Options, "indexkind.", "", " ")
	p.spaced()
	p.WriteString("INDEX ")
	p.options(d, x.Options, "indexname.", "", " ")
	p.spaced()
	p.ifNotExists(have, "an index", p.can(p.f.DDL.IfNotExists, dialect.IndexObject))
	name := p.indexName(d, x)
	p.in(d, "an index")
	if p.f.Schemas {
		p.Ident(name)
		p.WriteString(" ON ")
		p.InSchema(d.Schema, d.Name)
	} else { // an attached database: its name goes with the index
		p.InSchema(d.Schema, name)
		p.WriteString(" ON ")
		p.Ident(d.Name)
	}
	p.in(d, "index "+shown(name))
	p.options(d, x.Options, "indexon.", " ", " ")
	p.WriteString(" (")
	if len(x.Columns) == 0 {
		p.fail("no columns")
	}
	for i := range x.Columns {
		if i > 0 {
			p.WriteString(", ")
		}
		p.indexColumn(d, &x.Columns[i])
	}
	p.WriteByte(')')
	if len(x.Include) > 0 {
		if !p.f.DDL.IndexInclude {
			p.Unsupported("INCLUDE of an index", "make the columns part of its key")
		}
		p.WriteString(" INCLUDE ")
		p.names(x.Include)
	}
	if p.f.DDL.IndexWhereLast {
		p.options(d, x.Options, "index.", " ", " ")
	}
	p.indexWhere(d, x)
	if !p.f.DDL.IndexWhereLast {
		p.options(d, x.Options, "index.", " ", " ")
	}
	p.inlineComment("index "+name, x.Comment)
}

// inlineIndex writes an index as a part of CREATE TABLE.
func (p *ddl) inlineIndex(d *Definition, x *Index) {
	if x.Unique {
		p.WriteString("UNIQUE ")
	}
	name := p.indexName(d, x)
	p.in(d, "index "+shown(name))
	p.WriteString("KEY ")
	p.Ident(name)
	p.WriteString(" (")
	for i := range x.Columns {
		if i > 0 {
			p.WriteString(", ")
		}
		p.indexColumn(d, &x.Columns[i])
	}
	p.WriteByte(')')
	p.options(d, x.Options, "index.", " ", " ")
	p.inlineComment("index "+name, x.Comment)
}

// identityIndex is the place of the index that CREATE TABLE has to have, where
// the database wants an identity to lead a key and this alone does; -1: none.
func (d *Definition) identityIndex(f *dialect.Features) int {
	c := d.identity()
	if c == nil || !f.IdentityKey || d.leadsKey(c.Name) {
		return -1
	}
	return slices.IndexFunc(d.Indexes, func(x Index) bool {
		return len(x.Columns) > 0 && x.Columns[0].Name == c.Name && x.kind == "" && x.Where == nil && x.WhereSQL == "" && len(x.Include) == 0
	})
}

func (p *ddl) indexWhere(d *Definition, x *Index) {
	if x.Where == nil && x.WhereSQL == "" {
		return
	}
	if !p.f.DDL.IndexWhere {
		p.Unsupported("an index with a condition", "index an expression that is NULL for the other rows, or all rows")
		return
	}
	p.WriteString(" WHERE ")
	p.indexCondition(d, x)
}

func (p *ddl) indexCondition(d *Definition, x *Index) {
	if x.Where != nil {
		p.expr(d, "condition of an index", x.Where, false)
		return
	}
	p.words(d, "the condition of an index", x.WhereSQL)
}

func (p *ddl) indexColumn(d *Definition, c *IndexColumn) {
	p.places("a part of an index", c.Options, "part.")
	if c.Name != "" {
		switch col := d.Column(c.Name); {
		case col == nil:
			p.fail("there is no column %q", c.Name)
		case p.foreign(d) && p.f.DDL.IndexLength && c.Length == 0 && unlimited(col.Type.Kind):
			p.Unsupported("an index of "+d.Name+" over "+c.Name+", which has no limit", "index a prefix of it (IndexColumn.Length)")
		}
		p.Ident(c.Name)
	} else {
		p.indexExpression(d, c)
	}
	if c.Length > 0 {
		if !p.f.DDL.IndexLength {
			p.Unsupported("an index of a prefix", "index an expression, such as substring")
		}
		p.WriteByte('(')
		p.WriteInt(int64(c.Length))
		p.WriteByte(')')
	}
	if c.Collation != "" {
		if !p.f.DDL.IndexCollation {
			p.Unsupported("the collation of a part of an index", "give it to the column")
		}
		p.WriteString(" COLLATE ")
		p.collationOf(d, c.Collation)
	}
	p.options(d, c.Options, "part.", " ", " ")
	if c.Desc {
		p.WriteString(" DESC")
	}
	if c.Nulls != dialect.NotKnown {
		if !p.f.DDL.IndexNulls {
			p.Unsupported("NULLS FIRST and NULLS LAST of an index", "leave it to the database")
		}
		p.WriteString(map[bool]string{true: " NULLS FIRST", false: " NULLS LAST"}[c.Nulls == dialect.Yes])
	}
}

// indexExpression writes a part of an index that is no column.
func (p *ddl) indexExpression(d *Definition, c *IndexColumn) {
	template := p.f.DDL.IndexExpression
	if template == "" {
		p.Unsupported("an index of an expression", "add a computed column and index that")
		return
	}
	begin := p.Len()
	if c.Expr != nil {
		p.expr(d, "an index", c.Expr, false)
	} else {
		p.words(d, "a part of an index", c.SQL)
	}
	text := p.Cut(begin)
	if template == "{0}" && !isCall(text) {
		template = "({0})"
	}
	p.Template(template, func(int) { p.WriteString(text) })
}

// isCall reports whether an expression is one call of a function, and nothing
// else.
func isCall(sql string) bool {
	open := strings.IndexByte(sql, '(')
	if open <= 0 || sql[len(sql)-1] != ')' || !isWord(sql[:open]) || strings.ContainsAny(sql[:open], " +-*/<>=") {
		return false
	}
	return catalog.Closing(sql[open:]) == len(sql)-open-1
}

func (p *ddl) dropIndex(d *Definition, x *Index, have Flag) {
	p.only(have, IfExists, "DROP INDEX")
	p.WriteString("DROP INDEX ")
	p.ifExists(have, "an index", p.can(p.f.DDL.IfExists, dialect.IndexObject))
	name := p.indexName(d, x)
	if p.f.DDL.DropIndexOn {
		p.Ident(name)
		p.WriteString(" ON ")
		p.InSchema(d.Schema, d.Name)
		return
	}
	p.InSchema(d.Schema, name)
}

// columnNames are the names of an index's columns; an expression has none.
func (x *Index) columnNames() []string {
	names := make([]string, 0, len(x.Columns))
	for _, c := range x.Columns {
		names = append(names, c.Name)
	}
	return slices.Clip(names)
}
