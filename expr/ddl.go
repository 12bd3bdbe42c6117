package expr

import "github.com/sqlayer-go/sqlayer/dialect"

// DDL writes an expression as the definition of a table has it: its values are
// literals, and its columns, which are to be those of the table t, stand
// without the table's name. A reference ([Ref]) is resolved by r. enclosed
// puts it in parentheses unless it is one name, literal or call. Clause is for
// messages. It is for package schema.
func DDL(c *dialect.Compiled, clause string, t Relation, r Resolver, e Any, enclosed bool) {
	p := newPrinter(c)
	defer p.done()
	before := c.Literals(true)
	defer c.Literals(before)
	p.textOnly, p.bare, p.own = true, true, sourceOf(t)
	if r != nil {
		p.resolvers = append(p.resolvers, r)
	}
	p.in(clause)
	n := p.settle(operand(e))
	around := precLow
	if enclosed {
		around = precAtom
	}
	if n != nil && n.isCond() {
		p.cond(n, around)
		return
	}
	p.expr(n, around)
}

// DDLQuery writes a query as the definition of a view has it: its values are
// literals. into is written after the columns of its first SELECT; nil for
// none. It is for package schema.
func DDLQuery(c *dialect.Compiled, q Query, into func()) {
	p := newPrinter(c)
	defer p.done()
	before := c.Literals(true)
	defer c.Literals(before)
	p.textOnly, p.into, p.start = true, into, c.Len()
	n := queryNode(q)
	if n == nil {
		p.fail("a view of no query")
		return
	}
	p.query(n.ext.(Query), asStatement)
	if p.into != nil {
		p.into = nil
		p.fail("INTO: the query has no SELECT")
	}
}

// OrderOf takes a term apart: what it orders by, and how. nulls says whether
// NULLs come first, if the term does.
func OrderOf(t Term) (e Any, desc bool, nulls dialect.Ternary) {
	n := termOf(t)
	if n == nil {
		return Expr[any]{}, false, dialect.NotKnown
	}
	if n.op != opOrder {
		return Expr[any]{n}, false, dialect.NotKnown
	}
	switch {
	case n.flag&flagNullsFirst != 0:
		nulls = dialect.Yes
	case n.flag&flagNullsLast != 0:
		nulls = dialect.No
	}
	return Expr[any]{n.l}, n.flag&flagDesc != 0, nulls
}

// NameOf is the name of the column that e is, and the key of the reference;
// both are zero for any other expression.
func NameOf(e Any) (column string, ref any) {
	n := nodeOf(e)
	switch {
	case n == nil:
	case n.op == opColumn:
		return n.name, nil
	case n.op == opRef:
		return "", n.ext
	}
	return "", nil
}

// Fail adds a mistake to the declaration of a table, before anything uses it.
// It is for packages that make tables.
func Fail(t Relation, err error) {
	if s := sourceOf(t); s != nil && s.err == nil {
		s.err = err
	}
}
