package expr

import (
	"github.com/sqlayer-go/sqlayer/dialect"
)

// Clause is a clause of a SELECT or a MERGE that one database alone has: CONNECT
// BY, FOR JSON, DELETE WHERE. Packages for one database make them
// ([github.com/sqlayer-go/sqlayer/expr/ora],
// [github.com/sqlayer-go/sqlayer/expr/ms]). It changes what the statement means,
// so that other databases refuse it. The zero Clause is a mistake, and so is one
// of the other statement.
type Clause struct{ item item }

// ClausePlace is where in a statement a [Clause] stands.
type ClausePlace uint8

// The places of clauses.
const (
	AfterWhere  ClausePlace = iota // of a SELECT, before GROUP BY
	AtEnd                          // of a SELECT, after ORDER BY, paging and a lock, and before the options of the statement
	AfterUpdate                    // of a MERGE, after what WHEN MATCHED updates and its condition
)

// ClauseDef says what a [Clause] is.
type ClauseDef struct {
	// Name is for messages; a statement has one clause of a name.
	Name string
	// Own is the name that dialect.Features.Own has it by.
	Own string
	// Instead is what to do where the database has nothing of the kind.
	Instead string
	Place   ClausePlace
	// Print writes the clause, and calls part to write the i-th child in place.
	// It must not keep w.
	Print func(w *dialect.Writer, part func(i int))
}

// NewClause makes a clause of its parts: conditions and expressions over the
// tables of the statement, which are checked like any other.
func NewClause(def ClauseDef, children ...Any) Clause {
	if def.Print == nil || def.Name == "" || def.Own == "" {
		return Clause{item{clause: clauseOwn, n: mistake("clause %q needs a name, a name of its own in Features and a function", def.Name)}}
	}
	c := &custom{print: def.Print, own: def.Own, instead: def.Instead}
	for _, e := range children {
		c.children = append(c.children, operand(e))
	}
	return Clause{item{clause: clauseOwn, flag: uint8(def.Place), n: &node{op: opCustom, name: def.Name, ext: c}}}
}

// Clause adds clauses that one database alone has.
func (s SelectStmt) Clause(cs ...Clause) SelectStmt { return SelectStmt{s.c.own(cs)} }

// Clause adds clauses that one database alone has.
func (s MergeStmt) Clause(cs ...Clause) MergeStmt { return MergeStmt{s.c.own(cs)} }

func (c clauses) own(cs []Clause) clauses {
	c, slots := c.grow(len(cs))
	for i := range cs {
		slots[i] = cs[i].item
		slots[i].clause = clauseOwn
	}
	return c
}

// checkClauses reports mistakes in clauses of a database's own, and those that
// this one has not.
func (p *printer) checkClauses(items []item, merge bool) {
	for i := range items {
		it := &items[i]
		switch {
		case it.clause != clauseOwn:
		case it.n == nil:
			p.in("Clause")
			p.fail("zero Clause")
		case it.n.op == opMistake:
			p.in("Clause")
			p.mistake(it.n)
		default:
			c := it.n.ext.(*custom)
			p.in(it.n.name)
			switch own := ClausePlace(it.flag) == AfterUpdate; {
			case own && !merge:
				p.fail("a clause of a MERGE stands in a SELECT")
			case merge && !own:
				p.fail("a clause of a SELECT stands in a MERGE")
			}
			if !p.f.HasOwn(c.own) {
				p.unsupported(it.n.name, c.instead)
			}
			for j := range items[:i] {
				if o := &items[j]; o.clause == clauseOwn && o.n != nil && o.n.op == opCustom && o.n.name == it.n.name {
					p.fail("%s twice", it.n.name)
				}
			}
		}
	}
}

// ownClauses writes the clauses of a place.
func (p *printer) ownClauses(items []item, at ClausePlace) {
	for i := range items {
		it := &items[i]
		if it.clause != clauseOwn || ClausePlace(it.flag) != at || it.n == nil || it.n.op == opMistake {
			continue
		}
		c := it.n.ext.(*custom)
		p.in(it.n.name)
		p.str(" ")
		c.print(p.w, func(i int) {
			switch {
			case i < 0 || i >= len(c.children):
				p.fail("%s has no child %d", it.n.name, i)
			case c.children[i].isCond():
				p.cond(c.children[i], precLow)
			default:
				p.expr(c.children[i], precLow)
			}
		})
	}
}

// PseudoColumn is a column that the database gives every table without its
// being declared: rowid, ctid. It is written as it stands, so the name is the
// program's own, a word; own is the name that dialect.Features.Own has it by. It
// is for packages for one database.
func PseudoColumn[T any](r Relation, own, name string) Expr[T] {
	if !bareName(name) {
		return Expr[T]{mistake("PseudoColumn: %q is not a word", name)}
	}
	s := sourceOf(r)
	if s == nil {
		return Expr[T]{mistake("column %s of no table", name)}
	}
	return Expr[T]{pseudo(s, own, name, typeFor[T]())}
}

// NamesakeColumn is the hidden column of a table that has the table's name, by
// which the full-text index of SQLite is asked; own is the name that
// dialect.Features.Own has it by. It is for packages for one database.
func NamesakeColumn[T any](r Relation, own string) Expr[T] {
	s := sourceOf(r)
	if s == nil {
		return Expr[T]{mistake("column of no table")}
	}
	return Expr[T]{pseudo(s, own, "", typeFor[T]())}
}

func pseudo(s *source, own, name string, t *dialect.Type) *node {
	c := &column{src: s, pos: -1, own: own}
	c.def.Name = name
	if name == "" {
		name = s.name
	}
	c.node = node{op: opColumn, name: name, typ: t, ext: c}
	return &c.node
}

// TableSuffix is a table with a clause between its name and its alias, such as
// FOR SYSTEM_TIME: print writes it, and calls name where the name belongs. Its
// columns are those of the table. What the dialect cannot say print reports with
// w.Unsupported.
func TableSuffix(r Relation, print func(w *dialect.Writer, name func())) Relation {
	if print == nil || sourceOf(r) == nil {
		return Table{s: noSource("TableSuffix of no table or with no function")}
	}
	return suffixTable{r, print}
}

type suffixTable struct {
	r     Relation
	print func(w *dialect.Writer, name func())
}

func (t suffixTable) source() *source { return sourceOf(t.r) }

var _ modifier = suffixTable{}

func (t suffixTable) modified() (Relation, *modification) {
	return t.r, &modification{print: func(p *printer, s *source, _ func()) {
		if s.kind != tableSource {
			p.fail("%s is not a table, and takes no clause behind its name", s)
			return
		}
		t.print(p.w, func() { p.tableName(s) })
		if s.alias != "" {
			p.str(aliasWord(p.f))
			p.w.Ident(s.alias)
		}
	}}
}

// WriteTable writes the name of a table, quoted as needed, for a [Custom]
// expression that has one among its arguments. What is no table is a mistake.
func WriteTable(w *dialect.Writer, r Relation) {
	s := sourceOf(r)
	switch {
	case s == nil:
		w.Failf("expr: no table")
	case s.err != nil:
		w.Fail(s.err)
	case s.kind != tableSource:
		w.Failf("expr: %s is not a table", s)
	case s.quote:
		s.ownName(w)
	default:
		w.InSchema(s.schema, s.name)
	}
}
