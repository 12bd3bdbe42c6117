package expr

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// JoinedTable is a table and others that are joined to it, for use where one
// table stands: FROM a LEFT JOIN (b JOIN c ON …) ON …. Its columns are those of
// the tables. It is immutable and safe for concurrent use; the zero
// JoinedTable is a mistake.
type JoinedTable struct{ s *source }

func (j JoinedTable) source() *source { return j.s }

// Joined begins a joined table. To a SELECT itself tables are joined with its
// own methods; a joined table is for what goes before others do:
//
//	expr.Select(Users.ID, Items.ID).From(Users).
//		LeftJoin(expr.Joined(Orders).Join(Items, onOrder), onUser)
func Joined(r Relation) JoinedTable {
	return joined(clauses{}.with(item{clause: clauseFrom, n: sourceNode(r)}).modify(r))
}

func joined(c clauses) JoinedTable {
	s := &source{kind: joinedSource, joins: c, name: "a joined table"}
	s.setColumns(nil)
	return JoinedTable{s}
}

func (j JoinedTable) join(kind uint8, r Relation, on *node) JoinedTable {
	if j.s == nil {
		return j
	}
	return joined(j.s.joins.with(item{clause: clauseJoin, flag: kind, n: sourceNode(r), on: on}).modify(r))
}

// Join adds the rows of r that meet the condition.
func (j JoinedTable) Join(r Relation, on Cond) JoinedTable { return j.join(innerJoin, r, on.n) }

// LeftJoin is Join, and keeps rows for which r has none.
func (j JoinedTable) LeftJoin(r Relation, on Cond) JoinedTable { return j.join(leftJoin, r, on.n) }

// RightJoin is Join, and keeps the rows of r for which there are none before
// it.
func (j JoinedTable) RightJoin(r Relation, on Cond) JoinedTable { return j.join(rightJoin, r, on.n) }

// FullJoin is Join, and keeps the rows of both sides.
func (j JoinedTable) FullJoin(r Relation, on Cond) JoinedTable { return j.join(fullJoin, r, on.n) }

// CrossJoin adds every row of r to every row before it.
func (j JoinedTable) CrossJoin(r Relation) JoinedTable { return j.join(crossJoin, r, nil) }

// keepsLeft reports whether a join keeps rows of its left side that have none
// on the right, whose columns are then NULL; keepsRight the opposite.
func keepsLeft(kind uint8) bool {
	return kind == leftJoin || kind == fullJoin || kind == leftLateralJoin
}

func keepsRight(kind uint8) bool { return kind == rightJoin || kind == fullJoin }

// enterJoined brings the tables of a joined table into scope.
func (p *printer) enterJoined(s *source, outer bool) {
	from := len(p.scope)
	for _, it := range s.joins.items() {
		if it.clause == clauseModify {
			continue
		}
		if it.clause == clauseJoin && keepsRight(it.flag) {
			for i := from; i < len(p.scope); i++ {
				p.scope[i].outer = true
			}
		}
		p.enter(it.n, outer || it.clause == clauseJoin && keepsLeft(it.flag))
	}
}

// outerIn reports whether a join may leave out the rows of a source, so that
// its columns are NULL.
func outerIn(items []item, s *source) bool {
	outer, found := outerAmong(items, s)
	return outer || !found // of a query around it: not known
}

func outerAmong(items []item, s *source) (outer, found bool) {
	look := func(it *item, left bool) {
		switch {
		case it.n == nil:
		case it.n == &s.node:
			outer, found = left, true
		default:
			if o, _ := it.n.ext.(*source); o != nil && o.kind == joinedSource {
				if inner, in := outerAmong(o.joins.items(), s); in {
					outer, found = inner || left, true
				}
			}
		}
	}
	for i := range items {
		if items[i].clause == clauseFrom {
			look(&items[i], false)
		}
	}
	for i := range items {
		it := &items[i]
		if it.clause != clauseJoin {
			continue
		}
		if found && keepsRight(it.flag) {
			outer = true
		}
		look(it, keepsLeft(it.flag))
	}
	return outer, found
}

// joinWords by kind of join.
var joinWords = [...]string{innerJoin: " JOIN ", leftJoin: " LEFT OUTER JOIN ", rightJoin: " RIGHT OUTER JOIN ",
	fullJoin: " FULL OUTER JOIN ", crossJoin: " CROSS JOIN "}

// joinWord is what a kind of join is called.
func (p *printer) joinWord(kind uint8) string {
	if kind == innerJoin && p.f.InnerWord {
		return " INNER JOIN "
	}
	return joinWords[kind]
}

// joins writes the joins among items, after the tables that they begin with.
func (p *printer) joins(items []item, f fromClause) {
	for i := range items {
		it := &items[i]
		if it.clause != clauseJoin || it.n == nil {
			continue
		}
		if it.flag == fullJoin && !p.f.FullJoin {
			p.unsupported("FULL JOIN", "use the union of a left join and of those rows of a right join that have no match")
		}
		src := it.n.ext.(*source)
		if it.flag >= lateralJoin || src.lateral {
			p.lateral(src, it)
			continue
		}
		p.str(p.joinWord(it.flag))
		p.table(it.n, f, true)
		p.on(it)
	}
}

// on writes the condition of a join.
func (p *printer) on(it *item) {
	if it.flag == crossJoin {
		return
	}
	p.str(" ON ")
	clause := p.clause
	p.in("ON")
	if it.on == nil {
		p.fail("join of %s: zero Cond", it.n.ext.(*source))
	} else {
		p.cond(it.on, precLow)
	}
	p.clause = clause
}

// tree writes a joined table, in parentheses where others stand beside it. To a
// single table nothing is joined, and PostgreSQL takes it in no parentheses.
func (p *printer) tree(s *source, f fromClause, parens bool) {
	items := s.joins.items()
	parens = parens && s.joins.has(clauseJoin)
	if parens {
		p.str("(")
	}
	for i := range items {
		if items[i].clause == clauseFrom && items[i].n != nil {
			p.table(items[i].n, f, true)
		}
	}
	p.joins(items, f)
	if parens {
		p.str(")")
	}
}

// lateral writes the join of a derived table that sees the sources before it.
func (p *printer) lateral(s *source, it *item) {
	if s.kind == funcSource && it.flag >= lateralJoin {
		p.lateralFunc(s, it.flag == leftLateralJoin)
		return
	}
	if s.kind != derivedSource || s.base != nil || s.query == nil {
		p.fail("lateral join of %s: it is not a query under a name", s)
		return
	}
	left := it.flag == leftJoin || it.flag == leftLateralJoin
	switch {
	case it.flag == rightJoin || it.flag == fullJoin:
		p.fail("lateral join of %s: it names the tables before it, and so has no rows without them", s)
	case p.f.Lateral == dialect.NoLateral:
		p.unsupported("a lateral join", "number the rows with row_number() in a derived table, or use a scalar query for each column")
		return
	case p.f.Lateral == dialect.Apply:
		if it.flag < crossJoin && (it.on == nil || it.on.op != opAlways) {
			p.unsupported("a lateral join with a condition", "put the condition into the query")
		}
		if left {
			p.str(" OUTER APPLY (")
		} else {
			p.str(" CROSS APPLY (")
		}
	case it.flag == lateralJoin:
		p.str(" CROSS JOIN LATERAL (")
	case it.flag == leftLateralJoin:
		p.str(joinWords[leftJoin])
		p.str("LATERAL (")
	default:
		p.str(p.joinWord(it.flag))
		p.str("LATERAL (")
	}
	p.lateralQuery(s)
	switch {
	case p.f.Lateral == dialect.Apply:
	case it.flag == leftLateralJoin:
		p.str(" ON 1 = 1")
	case it.flag < crossJoin:
		p.on(it)
	}
}

// lateralProduct writes a lateral table that stands in From, after others.
func (p *printer) lateralProduct(s *source, comma string, n *node) {
	if p.f.Lateral != dialect.LateralJoin {
		p.lateral(s, &item{clause: clauseJoin, flag: lateralJoin, n: n})
		return
	}
	p.str(comma)
	p.str("LATERAL (")
	p.lateralQuery(s)
}

// lateralQuery writes what follows the parenthesis of a lateral table.
func (p *printer) lateralQuery(s *source) {
	at := p.find(s)
	rest := slices.Clone(p.scope[at:])
	p.scope = p.scope[:at]
	p.query(s.query, asLateral)
	p.scope = append(p.scope, rest...)
	p.str(")")
	p.str(aliasWord(p.f))
	p.w.Ident(s.name)
}
