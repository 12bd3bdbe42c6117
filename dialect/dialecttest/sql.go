package dialecttest

import (
	"fmt"
	"strconv"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqltext"
)

// say is a statement put together from pieces: strings as they stand, idents,
// args and literals as the dialect writes them, and functions that write.
type say []any

// ident is a name.
type ident string

// arg is a value that is bound.
type arg struct {
	v any
	t *dialect.Type
}

// val binds a value whose column's type is not known, bind one of a known type.
func val(v any) arg                           { return arg{v, nil} }
func bind(v any, t dialect.Type) arg          { return arg{v, &t} }
func literal(v any, t *dialect.Type) constant { return constant{v, t} }

// constant is a value that stands in the text.
type constant arg

// CompileSQL implements [dialect.Statement].
func (s say) CompileSQL(c *dialect.Compiled) error {
	s.write(&c.Writer)
	class := sqltext.Classify(&c.Features().Lexical, c.Text())
	c.Writes, c.Session = class.Writes, class.Session
	return nil
}

func (s say) write(w *dialect.Writer) {
	for _, p := range s {
		switch p := p.(type) {
		case string:
			w.WriteString(p)
		case int:
			w.WriteInt(int64(p))
		case ident:
			w.Ident(string(p))
		case arg:
			w.Bind(p.v, p.t)
		case constant:
			w.Literal(p.v, p.t)
		case say:
			p.write(w)
		case func(*dialect.Writer):
			p(w)
		default:
			w.Failf("dialecttest: a %T is no piece of a statement", p)
		}
	}
}

// list puts commas between pieces.
func list[P any](pieces []P) say {
	var s say
	for i, p := range pieces {
		if i > 0 {
			s = append(s, ", ")
		}
		s = append(s, p)
	}
	return s
}

// sel is a SELECT of expressions without a table.
func (t *T) sel(pieces ...any) say {
	s := append(say{"SELECT "}, pieces...)
	if t.f.Dual != "" {
		s = append(s, " FROM "+t.f.Dual)
	}
	return s
}

// template fills a template of Features.
func template(text string, parts ...any) say {
	return say{func(w *dialect.Writer) {
		w.Template(text, func(hole int) {
			if hole == dialect.AllParts {
				list(parts).write(w)
				return
			}
			if hole >= len(parts) {
				w.Failf("dialecttest: the template %q has a hole %d", text, hole)
				return
			}
			say{parts[hole]}.write(w)
		})
	}}
}

// function calls a function by its portable name.
func (t *T) function(name string, args ...any) say {
	if text, ok := t.f.Functions[name]; ok {
		return template(text, args...)
	}
	return say{name + "(", list(args), ")"}
}

// Types that most tables are made of.
var (
	integer  = dialect.Type{Kind: dialect.Integer}
	bigint   = dialect.Type{Kind: dialect.BigInt}
	varchar  = dialect.Type{Kind: dialect.Varchar, Length: 100}
	blobType = dialect.Type{Kind: dialect.Blob}
)

// col is a column of a table.
type col struct {
	name string
	typ  dialect.Type
	more string // NOT NULL and the like
}

// key is the usual primary key.
var key = col{"id", integer, "NOT NULL PRIMARY KEY"}

// generated is a key that the database makes.
func (t *T) generated() say {
	typ := t.f.IdentityType
	if typ == "" {
		typ = t.typeName(bigint)
	}
	s := say{ident("id"), " " + typ}
	if t.f.Identity != "" {
		s = append(s, " "+t.f.Identity)
	}
	if !t.f.IdentityPrimaryKey {
		s = append(s, " PRIMARY KEY")
	}
	return s
}

func (t *T) typeName(typ dialect.Type) string {
	t.Helper()
	name, err := t.d.TypeName(&typ)
	if err != nil {
		t.Fatalf("TypeName(%v): %v", &typ, err)
	}
	return name
}

// name is a name of the case's own for a table or a constraint.
func (t *T) newName() string {
	t.target.tables++
	return t.prefix + strconv.Itoa(t.target.tables)
}

// table makes a table of columns ([col]) and constraints ([say]).
func (t *T) table(parts ...any) ident {
	t.Helper()
	name := ident(t.newName())
	t.create(name, parts...)
	return name
}

// create makes a table of a given name.
func (t *T) create(name ident, parts ...any) {
	t.Helper()
	t.exec(t.adminConn(), t.createText(name, parts...))
	drop := say{"DROP TABLE ", name}
	if t.f.DropCascade != "" {
		drop = append(drop, " "+t.f.DropCascade)
	}
	t.drops = append(t.drops, drop)
}

// createText is the statement that makes a table.
func (t *T) createText(name ident, parts ...any) say {
	t.Helper()
	var pieces []any
	for _, p := range parts {
		switch p := p.(type) {
		case col:
			def := say{ident(p.name), " " + t.typeName(p.typ)}
			if p.more != "" {
				def = append(def, " "+p.more)
			}
			pieces = append(pieces, def)
		case say:
			pieces = append(pieces, p)
		default:
			t.Fatalf("dialecttest: a %T is no part of a table", p)
		}
	}
	s := say{"CREATE TABLE ", name, " (", list(pieces), ")"}
	if t.f.TableOptions != "" {
		s = append(s, " "+t.f.TableOptions)
	}
	return s
}

// insert inserts rows of a table's first columns, one statement a row.
func (t *T) insert(c dialect.Conn, table ident, columns []string, rows ...[]any) {
	t.Helper()
	for _, row := range rows {
		t.exec(c, insertText(table, columns, row...))
	}
}

func insertText(table ident, columns []string, row ...any) say {
	names := make([]ident, len(columns))
	for i, n := range columns {
		names[i] = ident(n)
	}
	values := make([]any, len(row))
	for i, v := range row {
		switch v.(type) {
		case arg, constant, say:
			values[i] = v
		default:
			values[i] = val(v)
		}
	}
	return say{"INSERT INTO ", table, " (", list(names), ") VALUES (", list(values), ")"}
}

// numbers makes a table t(id) of the numbers from 1 to n.
func (t *T) numbers(c dialect.Conn, n int) ident {
	t.Helper()
	table := t.table(key)
	t.begin(c, dialect.TxOptions{})
	const chunk = 50
	for from := 1; from <= n; from += chunk {
		var s say
		if t.f.MaxInsertRows == 1 {
			for i := from; i < from+chunk && i <= n; i++ {
				t.exec(c, insertText(table, []string{"id"}, i))
			}
			continue
		}
		var rows []string
		for i := from; i < from+chunk && i <= n; i++ {
			rows = append(rows, fmt.Sprintf("(%d)", i))
		}
		s = say{"INSERT INTO ", table, " (", ident("id"), ") VALUES ", list(rows)}
		t.exec(c, s)
	}
	t.commit(c)
	return table
}
