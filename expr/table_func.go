package expr

import (
	"github.com/sqlayer-go/sqlayer/dialect"
)

// FuncTable is a function that gives rows, as FROM takes it. It must not change
// once it is in use.
type FuncTable struct {
	// Call is the function: a [Func], a [Fill]. It may name columns of the tables
	// before it in FROM.
	Call Any
	// Columns are what it gives. A function that gives one value in each row and
	// has no names for its columns takes one column of the alias's name.
	Columns []ColumnDef
	// Whole says that Call is all that FROM has before the alias:
	// JSON_TABLE(…), which takes nothing around it. Whether the database has it
	// is then the call's to say.
	Whole bool
	// ColumnList writes the names of the columns behind the alias, where the
	// function has none or others.
	ColumnList bool
	// Ordinality adds a column of that name with the number of the row, from 1
	// (PostgreSQL).
	Ordinality string
}

// TableFunc is a function that gives rows, under an alias:
//
//	kv := expr.TableFunc("kv", expr.FuncTable{Call: expr.Func[any]("json_each", Events.Payload),
//		Columns: []expr.ColumnDef{{Name: "key"}, {Name: "value", Null: true}}})
//	expr.Select(Events.ID, expr.C[string](kv, "key")).From(Events, kv)
func TableFunc(alias string, f FuncTable) Table {
	s := &source{kind: funcSource, name: alias, call: operand(f.Call), list: f.ColumnList, ordinality: f.Ordinality, whole: f.Whole}
	defs := f.Columns
	if f.Ordinality != "" {
		defs = append(defs[:len(defs):len(defs)], ColumnDef{Name: f.Ordinality, Type: typeBigInt})
	}
	s.setColumns(defs)
	switch {
	case alias == "":
		s.err = dialect.Errorf(dialect.ErrStatement, "expr: a function in FROM needs an alias")
	case len(defs) == 0:
		s.err = dialect.Errorf(dialect.ErrStatement, "expr: %s: a function in FROM needs columns", alias)
	case s.call.op == opMistake:
		s.err = s.call.ext.(error)
	}
	return Table{s: s}
}

// ValueFunc is a function that gives one value a row, under an alias by which
// the value is known, and the value:
//
//	tags, tag := expr.ValueFunc[string]("tag", expr.Func[string]("unnest", Documents.Tags))
//	expr.Select(Documents.ID, tag).From(Documents, tags).Where(tag.Ne("b"))
func ValueFunc[T any](alias string, call Any) (Table, Col[T]) {
	def := ColumnDef{Name: alias, Null: true, Type: typeFor[T]()}
	t := TableFunc(alias, FuncTable{Call: call, Columns: []ColumnDef{def}})
	t.s.scalar = true
	return t, C[T](t, alias)
}

// JSONEach gives the members of an object as rows, in the columns key, a text,
// and value, under an alias. The value is JSON on PostgreSQL, and what SQL has
// for it on SQLite and SQL Server, which are those that have it.
func JSONEach(alias string, doc Any) Table {
	return TableFunc(alias, FuncTable{Call: Fill[any](jsonEach, doc), Columns: []ColumnDef{{Name: "key", Type: typeVarchar}, {Name: "value", Null: true}}})
}

var jsonEach = &Template{Name: "JSONEach", Precedence: BindsClosed, Instead: "ask for the members by their keys, or read them in the program",
	of: func(f *dialect.Features) string { return f.JSON.Each }}

// function writes a function as FROM has it.
func (p *printer) function(s *source) {
	if s.base != nil {
		p.fail("%s: a function in FROM has one role; call it again under another alias", s)
		return
	}
	t := p.f.TableFunction
	if s.whole {
		t = "{0}"
	}
	if t == "" {
		p.unsupported("a function in FROM", "read the rows in a statement of their own")
		return
	}
	if s.scalar && !p.f.Arrays {
		p.unsupported("a function as one value in FROM", "use TableFunc, with the columns that the function gives")
		return
	}
	if s.ordinality != "" && !p.f.Arrays {
		p.unsupported("WITH ORDINALITY", "number the rows with row_number()")
		return
	}
	p.w.Template(t, func(int) { p.expr(s.call, precLow) })
	if s.ordinality != "" {
		p.str(" WITH ORDINALITY")
	}
	p.str(aliasWord(p.f))
	p.w.Ident(s.name)
	if !s.list {
		return
	}
	p.str("(")
	for i := range s.cols {
		if i > 0 {
			p.str(", ")
		}
		p.w.Ident(s.cols[i].name)
	}
	p.str(")")
}

// lateralFunc writes a join with a function of the row.
func (p *printer) lateralFunc(s *source, left bool) {
	word := " CROSS JOIN "
	switch {
	case p.f.Lateral == dialect.Apply && left:
		word = " OUTER APPLY "
	case p.f.Lateral == dialect.Apply:
		word = " CROSS APPLY "
	case left:
		word = joinWords[leftJoin]
	}
	p.str(word)
	p.function(s)
	if left && p.f.Lateral != dialect.Apply {
		p.str(" ON 1 = 1")
	}
}

// comma stands before a relation that is not the first of FROM: a function may
// name columns of those before it in an APPLY only, where there is one.
func (p *printer) comma(n *node, comma string) string {
	if p.f.Lateral == dialect.Apply && n.ext.(*source).kind == funcSource {
		return " CROSS APPLY "
	}
	return comma
}

// bareValue reports whether a column is the value of a function, which goes by
// its alias alone where no other table has a column of that name.
func (p *printer) bareValue(c *column) bool {
	for i := p.floor; i < len(p.scope); i++ {
		if o := p.scope[i].src; o != c.src && o.find(c.name) != nil {
			return false
		}
	}
	return true
}
