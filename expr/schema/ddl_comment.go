package schema

import (
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// comments are the statements that describe a table and its columns, where
// the database says that apart.
func comments(d *Definition, f *dialect.Features, n *Naming) []dialect.Statement {
	var stmts []dialect.Statement
	each := func(column, text string) {
		if text == "" {
			return
		}
		switch {
		case f.Comments == dialect.CommentOn:
			stmts = append(stmts, statement(func(p *ddl) { p.commentOn(d, column, text) }))
		case f.Comments == dialect.ExtendedProperty && d.Temporary: // an object of tempdb, where there are none
			stmts = append(stmts, statement(func(p *ddl) { p.Unsupported("a comment of the temporary table "+d.Name, "leave it out") }))
		case f.Comments == dialect.ExtendedProperty:
			stmts = append(stmts, statement(func(p *ddl) { p.extendedProperty(d, column, text) }))
		}
	}
	each("", d.Comment)
	for _, c := range d.Columns {
		each(c.Name, c.Comment)
	}
	part := func(kind, text string, name func(p *ddl) string) {
		_, template := f.DDL.Options["comment."+kind]
		if text == "" || !template || f.Comments == dialect.ExtendedProperty && d.Temporary {
			return
		}
		stmts = append(stmts, named(n, func(p *ddl) { p.commentOnPart(d, kind, name(p), text) }))
	}
	part("constraint", d.PK.Comment, func(p *ddl) string { return p.primaryName(d) })
	for i := range d.Unique {
		part("constraint", d.Unique[i].Comment, func(p *ddl) string { return p.uniqueName(d, &d.Unique[i]) })
	}
	for i := range d.ForeignKeys {
		part("constraint", d.ForeignKeys[i].Comment, func(p *ddl) string { return p.foreignName(d, &d.ForeignKeys[i]) })
	}
	for i := range d.Checks {
		part("constraint", d.Checks[i].Comment, func(p *ddl) string { return p.checkName(d, &d.Checks[i]) })
	}
	for i := range d.Constraints {
		part("constraint", d.Constraints[i].Comment, func(*ddl) string { return d.Constraints[i].Name })
	}
	for i := range d.Indexes {
		if !d.Indexes[i].leftOut(f) {
			part("index", d.Indexes[i].Comment, func(p *ddl) string { return p.indexName(d, &d.Indexes[i]) })
		}
	}
	return stmts
}

// commentOnPart describes a constraint or an index of a table.
func (p *ddl) commentOnPart(d *Definition, kind, name, text string) {
	p.in(d, "the comment of "+kind+" "+strconv.Quote(name))
	if name == "" {
		p.fail("a %s without a name takes no comment", kind)
		return
	}
	if p.f.Comments == dialect.ExtendedProperty {
		p.property(d, strings.ToUpper(kind), name, text)
		return
	}
	p.Template(p.f.DDL.Options["comment."+kind], func(hole int) {
		switch {
		case hole == 0 && kind == "index":
			p.InSchema(d.Schema, name)
		case hole == 0:
			p.Ident(name)
		case hole == 1:
			p.InSchema(d.Schema, d.Name)
		default:
			p.StringLiteral(text)
		}
	})
}

// commentOn describes an object that is no part of a table; none where there
// is nothing to say, or no way to.
func commentOn(d dialect.Dialect, kind, schema, name, text string) []dialect.Statement {
	template, ok := d.Features().DDL.Options["comment."+kind]
	if text == "" || !ok {
		return nil
	}
	return []dialect.Statement{statement(func(p *ddl) {
		p.Template(template, func(hole int) {
			if hole == 0 {
				p.InSchema(schema, name)
				return
			}
			p.StringLiteral(text)
		})
	})}
}

func (p *ddl) commentOn(d *Definition, column, text string) {
	if column == "" {
		p.WriteString("COMMENT ON TABLE ")
	} else {
		p.WriteString("COMMENT ON COLUMN ")
	}
	p.placeComment(d, column)
	p.InSchema(d.Schema, d.Name, column)
	p.WriteString(" IS ")
	p.StringLiteral(text)
}

// extendedProperty writes a comment as SQL Server has it. An argument of a
// procedure is one constant, in which a backslash before the end of a line
// joins the two lines (Transact-SQL, Backslash (Line Continuation)): such a
// text is refused.
func (p *ddl) extendedProperty(d *Definition, column, text string) {
	p.placeComment(d, column)
	p.property(d, "COLUMN", column, text)
}

// property describes a table, or a part of it of that kind, if it has a name.
func (p *ddl) property(d *Definition, kind, part, text string) {
	if strings.Contains(text, "\\\n") || strings.Contains(text, "\\\r\n") {
		p.Failf("schema: the comment of %s holds a backslash before the end of a line, which the database would leave out with it; put a space between them", d.Name)
		return
	}
	schema := p.Schema(d.Schema)
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
	if part != "" {
		p.WriteString(", N'" + kind + "', N")
		p.StringLiteral(part)
	}
}

func (p *ddl) placeComment(d *Definition, column string) {
	if column == "" {
		p.in(d, "the comment")
		return
	}
	p.in(d, "the comment of column "+strconv.Quote(column))
}

// commentText writes a comment, or refuses one that the database would spoil.
func (p *ddl) commentText(of, text string) {
	if p.f.DDL.ShortComments {
		for _, r := range text {
			if r > 0xFFFF {
				p.Failf("schema: the comment of %s holds %q: this database's comments take no characters beyond 16 bits", of, r)
				return
			}
		}
	}
	p.StringLiteral(text)
}
