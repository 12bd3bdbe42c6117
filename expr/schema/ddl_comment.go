package schema

import (
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// comments are the statements that describe a table and its columns, where
// the database says that apart.
func comments(d *Definition, f *dialect.Features) []dialect.Statement {
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
	return stmts
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
	if strings.Contains(text, "\\\n") || strings.Contains(text, "\\\r\n") {
		p.Failf("schema: the comment of %s holds a backslash before the end of a line, which the database would leave out with it; put a space between them", d.Name)
		return
	}
	p.placeComment(d, column)
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
	if column != "" {
		p.WriteString(", N'COLUMN', N")
		p.StringLiteral(column)
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
