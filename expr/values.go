package expr

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// ValuesStmt is rows of values as a query: a relation by its As, a common table
// expression by [CTE], an operand of [Union], what an INSERT takes its rows
// from. It is immutable; the zero ValuesStmt is a mistake.
//
//	v := expr.Values([]expr.ColumnDef{expr.Def[int64]("id"), expr.Def[string]("label")},
//		[]any{1, "one"}, []any{2, "two"}).As("v")
//	expr.Select(expr.Columns(v)...).From(v).Where(expr.C[int64](v, "id").Gt(1))
type ValuesStmt struct{ v *valuesData }

type valuesData struct {
	cols []ColumnDef
	outs []*node
	rows [][]*node
	errs []error
}

// Def describes a column of [Values]: its name, and the type of its values.
func Def[T any](name string) ColumnDef { return ColumnDef{Name: name, Type: typeFor[T](), Null: true} }

// Values makes rows with the columns of cols. Each row has a value for every
// column: a Go value, which becomes a parameter of the column's type, or an
// expression; nil is NULL.
func Values(cols []ColumnDef, rows ...[]any) ValuesStmt {
	cols = slices.Clone(cols)
	d := &valuesData{cols: cols}
	for _, c := range cols {
		d.outs = append(d.outs, &node{op: opName, name: c.Name, typ: c.Type})
	}
	wrong := func(format string, args ...any) {
		d.errs = append(d.errs, dialect.Errorf(dialect.ErrStatement, "expr: "+format, args...))
	}
	if len(cols) == 0 {
		wrong("VALUES without columns")
	}
	if len(rows) == 0 {
		wrong("VALUES of no rows")
	}
	for i, c := range cols {
		for _, o := range cols[:i] {
			if o.Name == c.Name {
				wrong("two columns of VALUES are called %s", c.Name)
				break
			}
		}
	}
	for i, row := range rows {
		if len(row) != len(cols) && len(cols) > 0 {
			wrong("row %d of VALUES has %d values for %d columns", i+1, len(row), len(cols))
		}
		ns := make([]*node, len(row))
		for k, v := range row {
			if isNil(v) {
				ns[k] = nullNode
				continue
			}
			ns[k] = valueNode(v)
			if ns[k].op == opBind && ns[k].typ == nil && k < len(cols) {
				ns[k] = &node{op: opBind, typ: cols[k].Type, ext: ns[k].ext}
			}
		}
		d.rows = append(d.rows, ns)
	}
	return ValuesStmt{d}
}

// As makes the rows a relation, whose columns [C] returns.
func (s ValuesStmt) As(name string) Table { return Table{s: derived(derivedSource, s, name, nil)} }

func (s ValuesStmt) outputs() []*node {
	if s.v == nil {
		return nil
	}
	return s.v.outs
}

func (s ValuesStmt) clauses() clauses { return clauses{} }

func (s ValuesStmt) names() []string {
	if s.v == nil {
		return nil
	}
	names := make([]string, len(s.v.cols))
	for i, c := range s.v.cols {
		names[i] = c.Name
	}
	return names
}

// CompileSQL implements dialect.Statement.
func (s ValuesStmt) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	s.print(p)
	return p.done()
}

func (s ValuesStmt) print(p *printer) {
	p.valuesQuery(s, asStatement)
	if !p.textOnly && s.v != nil {
		for _, c := range s.v.cols {
			p.c.Columns = append(p.c.Columns, dialect.Column{Name: c.Name, Type: c.Type})
		}
	}
}

// valuesQuery writes rows of values where a query stands.
func (p *printer) valuesQuery(s ValuesStmt, at place) {
	if s.v == nil {
		p.fail("VALUES without columns")
		return
	}
	clause := p.clause
	p.failAll(s.v.errs)
	p.in("VALUES")
	switch {
	case p.f.Values == dialect.ValuesUnion && (!p.f.ValuesQuery || !s.v.constant() || at != asBody):
		p.valuesUnion(s.v)
	case at != asBody && at != asOperand && at != asSource && at != asValue, !p.f.ValuesQuery: // its columns are named
		const name = "v"
		if p.f.Values == dialect.ValuesCTE {
			p.valuesWith(s.v, name)
			break
		}
		p.str("SELECT * FROM ")
		p.valuesTable(s.v, name)
	default:
		p.valuesRows(s.v)
	}
	p.clause = clause
}

// failAll reports mistakes that were found while the statement was composed.
func (p *printer) failAll(errs []error) {
	for _, err := range errs {
		p.w.Fail(p.Place(stripped{err, strings.TrimPrefix(err.Error(), "expr: ")}))
	}
}

// constant reports whether no value is a parameter.
func (v *valuesData) constant() bool {
	for _, row := range v.rows {
		for _, n := range row {
			if n.op != opLiteral && n.op != opNull {
				return false
			}
		}
	}
	return true
}

// valuesTable writes rows of values in FROM.
func (p *printer) valuesTable(v *valuesData, name string) {
	clause := p.clause
	p.in("VALUES")
	p.str("(")
	switch p.f.Values {
	case dialect.ValuesNamed:
		p.valuesRows(v)
	case dialect.ValuesCTE:
		p.valuesWith(v, name)
	default:
		p.valuesUnion(v)
	}
	p.str(")")
	p.str(aliasWord(p.f))
	p.w.Ident(name)
	if p.f.Values == dialect.ValuesNamed {
		p.str(" ")
		p.valuesNames(v)
	}
	p.clause = clause
}

func (p *printer) valuesNames(v *valuesData) {
	p.str("(")
	for i, c := range v.cols {
		if i > 0 {
			p.str(", ")
		}
		p.w.Ident(c.Name)
	}
	p.str(")")
}

// valuesWith writes rows of values as a CTE, which can name its columns.
func (p *printer) valuesWith(v *valuesData, name string) {
	p.str("WITH ")
	p.w.Ident(name)
	p.str(" ")
	p.valuesNames(v)
	p.str(" AS (")
	p.valuesRows(v)
	p.str(") SELECT * FROM ")
	p.w.Ident(name)
}

func (p *printer) valuesRows(v *valuesData) {
	p.str("VALUES ")
	for i, row := range v.rows {
		if i > 0 {
			p.str(", ")
		}
		p.str(p.f.ValuesRow)
		p.str("(")
		for k := range row {
			if k > 0 {
				p.str(", ")
			}
			p.valueOf(v, i, k)
		}
		p.str(")")
	}
}

// valuesUnion writes rows of values as queries without tables.
func (p *printer) valuesUnion(v *valuesData) {
	for i, row := range v.rows {
		if i > 0 {
			p.str(" UNION ALL ")
		}
		p.str("SELECT ")
		for k := range row {
			if k > 0 {
				p.str(", ")
			}
			p.valueOf(v, i, k)
			if i == 0 && k < len(v.cols) {
				p.str(" AS ")
				p.w.Ident(v.cols[k].Name)
			}
		}
		if p.f.Dual != "" {
			p.str(" FROM " + p.f.Dual)
		}
	}
}

// valueOf writes a value. Those of the first row show their types, which are
// the columns'.
func (p *printer) valueOf(v *valuesData, row, col int) {
	n := p.settle(v.rows[row][col])
	switch {
	case n == nil || col >= len(v.cols) || row > 0 && p.f.UntypedParams:
		p.expr(n, precLow)
	case !p.f.UntypedParams:
		if !p.shows(n, asTable) {
			p.expr(n, precLow)
		}
	case n.op == opNull && v.cols[col].Type != nil:
		p.cast(&node{op: opCast, typ: v.cols[col].Type, l: n})
	default:
		p.typed(n, precLow)
	}
}
