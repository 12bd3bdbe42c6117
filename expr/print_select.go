package expr

import (
	"github.com/sqlayer-go/sqlayer/dialect"
)

// place says where a query stands.
type place uint8

const (
	asStatement place = iota
	asValue           // a subquery in an expression: it sees the sources around it
	asTable           // a derived table or a CTE: it sees nothing, and names its columns
	asOperand         // of UNION and its like
	asSource          // of INSERT … SELECT
)

// CompileSQL implements dialect.Statement.
func (s SelectStmt) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	s.print(p)
	return p.done()
}

func (s SelectStmt) print(p *printer) {
	p.sub(s.c, false, asStatement)
}

// CompileSQL implements dialect.Statement.
func (s SetStmt) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	s.print(p)
	return p.done()
}

func (s SetStmt) print(p *printer) {
	p.sub(s.c, true, asStatement)
}

// maxDepth bounds queries within queries.
const maxDepth = 200

// query writes a query.
func (p *printer) query(q Query, at place) {
	if q == nil {
		p.fail("nil query")
		return
	}
	_, set := q.(SetStmt)
	p.sub(q.clauses(), set, at)
}

// sub writes a query, and leaves the printer's state as it was.
func (p *printer) sub(c clauses, set bool, at place) {
	if p.depth++; p.depth > maxDepth {
		p.fail("queries are nested more than %d deep", maxDepth)
		p.depth--
		return
	}
	scope, floor, ctes, resolvers := len(p.scope), p.floor, len(p.ctes), len(p.resolvers)
	clause, prefix, bare := p.clause, p.prefix, p.bare
	p.bare = false
	if at == asTable {
		p.floor = scope
	}
	if set {
		p.setStmt(c, at)
	} else {
		p.selectStmt(c, at)
	}
	p.scope, p.floor, p.ctes, p.resolvers = p.scope[:scope], floor, p.ctes[:ctes], p.resolvers[:resolvers]
	p.clause, p.prefix, p.bare = clause, prefix, bare
	p.depth--
}

// parts is what a statement consists of, found in one walk over its items.
type parts struct {
	has           uint64 // a bit a clause
	limit, offset int64
	lock          *item
	spans         [numClauses]span
}

// span is where the items of a clause lie, others perhaps among them.
type span struct{ from, to int32 }

func (s *parts) is(c clause) bool { return s.has&(1<<c) != 0 }

// of is the part of items that holds those of a clause.
func (s *parts) of(items []item, c clause) []item {
	return items[s.spans[c].from:s.spans[c].to]
}

// collect finds the parts, and brings the tables and resolvers in.
func (p *printer) collect(items []item, s *parts) {
	s.limit, s.offset = -1, -1
	from := len(p.scope)
	p.in("FROM")
	for i := range items {
		it := &items[i]
		if s.has&(1<<it.clause) == 0 {
			s.has |= 1 << it.clause
			s.spans[it.clause].from = int32(i)
		}
		s.spans[it.clause].to = int32(i + 1)
		switch it.clause {
		case clauseFrom, clauseTarget:
			p.enter(it.n, false)
		case clauseJoin:
			if it.flag == rightJoin || it.flag == fullJoin {
				for j := from; j < len(p.scope); j++ {
					p.scope[j].outer = true
				}
			}
			p.enter(it.n, it.flag == leftJoin || it.flag == fullJoin)
		case clauseLimit:
			s.limit = it.num
			if it.num < 0 {
				p.w.Failf("expr: LIMIT: negative limit %d", it.num)
			}
		case clauseOffset:
			s.offset = it.num
			if it.num < 0 {
				p.w.Failf("expr: OFFSET: negative offset %d", it.num)
			}
		case clauseLock:
			s.lock = it
		case clauseResolver:
			if r, ok := it.n.ext.(Resolver); ok {
				p.resolvers = append(p.resolvers, r)
			}
		case clauseHint:
			p.w.Fail(it.n.ext.(error))
		}
	}
	if len(p.scope)-from > 1 {
		p.unique(from)
	}
}

func (p *printer) selectStmt(c clauses, at place) {
	items := c.items()
	scope := len(p.scope)
	var s parts
	p.collect(items, &s)
	if at == asStatement {
		p.result(c, clauseColumn)
	}
	if s.is(clauseWith) {
		p.with(items)
	}
	p.str("SELECT ")
	if s.is(clauseDistinctOn) {
		p.in("DISTINCT ON")
		if !p.f.DistinctOn {
			p.unsupported("DISTINCT ON", "use row_number() over a partition, in a derived table")
		}
		p.str("DISTINCT ON (")
		p.commas(s.of(items, clauseDistinctOn), clauseDistinctOn)
		p.str(") ")
	} else if s.is(clauseDistinct) {
		p.str("DISTINCT ")
	}
	top := p.f.Paging == dialect.TopOffsetFetch && s.limit >= 0 && s.offset <= 0
	if top {
		p.str("TOP ")
		p.w.WriteInt(s.limit)
		p.str(" ")
	}
	p.columns(s.of(items, clauseColumn), at == asTable)
	p.from(items, &s, len(p.scope) > scope)
	p.where(s.of(items, clauseWhere), clauseWhere, " WHERE ", "WHERE")
	if s.is(clauseGroup) {
		p.in("GROUP BY")
		p.str(" GROUP BY ")
		p.commas(s.of(items, clauseGroup), clauseGroup)
	}
	p.where(s.of(items, clauseHaving), clauseHaving, " HAVING ", "HAVING")
	if s.is(clauseOrder) {
		p.in("ORDER BY")
		p.str(" ORDER BY ")
		p.order(s.of(items, clauseOrder), s.of(items, clauseColumn))
		if p.f.Paging == dialect.TopOffsetFetch && !top && s.offset < 0 && at != asStatement && at != asSource {
			s.offset = 0 // an order without a cut is refused within a query
		}
	}
	if !top {
		p.paging(&s)
	}
	if s.lock != nil && !p.f.Locking.TableHint {
		p.lock(items, &s)
	}
}

// columns writes the result's columns, each under a name where the query is a
// table.
func (p *printer) columns(items []item, named bool) {
	p.in("SELECT")
	first := true
	for i := range items {
		if items[i].clause != clauseColumn {
			continue
		}
		if !first {
			p.str(", ")
		}
		first = false
		n := p.settle(items[i].n)
		if n == nil {
			p.fail("nil column")
			continue
		}
		label := ""
		if n.op == opLabel {
			label = n.name
			if label == "" {
				p.fail("%s: empty label", describe(n.l))
			}
			p.expr(n.l, precLow)
		} else {
			p.expr(n, precLow)
			if named {
				label = nameOf(n)
			}
		}
		if label != "" {
			p.str(" AS ")
			p.w.Ident(label)
		}
	}
	if first {
		p.fail("no columns")
	}
}

// commas writes the expressions of a clause.
func (p *printer) commas(items []item, cl clause) {
	first := true
	for i := range items {
		if items[i].clause != cl {
			continue
		}
		if !first {
			p.str(", ")
		}
		first = false
		p.expr(items[i].n, precLow)
	}
}

// joinWords by kind of join.
var joinWords = [...]string{innerJoin: " JOIN ", leftJoin: " LEFT JOIN ", rightJoin: " RIGHT JOIN ",
	fullJoin: " FULL JOIN ", crossJoin: " CROSS JOIN "}

func (p *printer) from(items []item, s *parts, any bool) {
	if !any {
		if s.is(clauseJoin) || s.is(clauseFrom) {
			return // reported already
		}
		if p.f.Dual != "" {
			p.str(" FROM ")
			p.str(p.f.Dual)
		}
		return
	}
	p.in("FROM")
	if !s.is(clauseFrom) {
		p.fail("a join without From")
	}
	p.str(" FROM ")
	hint := s.lock != nil && p.f.Locking.TableHint
	first := true
	products := s.of(items, clauseFrom)
	for i := range products { // before the joins: a join binds to what stands right before it
		it := &products[i]
		if it.clause != clauseFrom || it.n == nil {
			continue
		}
		if !first {
			p.str(", ")
		}
		first = false
		p.table(it.n, items, s, hint)
	}
	if !s.is(clauseJoin) {
		return
	}
	joins := s.of(items, clauseJoin)
	for i := range joins {
		it := &joins[i]
		if it.clause != clauseJoin || it.n == nil {
			continue
		}
		if it.flag == fullJoin && !p.f.FullJoin {
			p.unsupported("FULL JOIN", "use the union of a left join and of those rows of a right join that have no match")
		}
		p.str(joinWords[it.flag])
		p.table(it.n, items, s, hint)
		if it.flag == crossJoin {
			continue
		}
		p.str(" ON ")
		p.in("ON")
		if it.on == nil {
			p.fail("join of %s: zero Cond", it.n.ext.(*source))
			continue
		}
		p.cond(it.on, precLow)
		p.in("FROM")
	}
}

func (p *printer) table(n *node, items []item, s *parts, hint bool) {
	src := n.ext.(*source)
	p.relation(src)
	if hint && src.kind == tableSource && p.locked(items, src) {
		p.tableHint(s.lock)
	}
}

// where writes the conditions of a clause, joined by AND, and reports whether
// there were any.
func (p *printer) where(items []item, cl clause, word, name string) bool {
	if len(items) == 0 {
		return false
	}
	count := 0
	for i := range items {
		if it := &items[i]; it.clause == cl && (it.n == nil || it.n.op != opNothing) {
			count++
		}
	}
	if count == 0 {
		return false
	}
	p.in(name)
	p.str(word)
	around := precLow
	if count > 1 {
		around = precAnd
	}
	first := true
	for i := range items {
		it := &items[i]
		if it.clause != cl || it.n != nil && it.n.op == opNothing {
			continue
		}
		if !first {
			p.str(" AND ")
		}
		first = false
		p.cond(it.n, around)
	}
	return true
}

// order writes the terms of ORDER BY; columns are the query's.
func (p *printer) order(items, columns []item) {
	first := true
	for i := range items {
		if items[i].clause != clauseOrder {
			continue
		}
		if !first {
			p.str(", ")
		}
		first = false
		p.orderTerm(items[i].n, columns)
	}
}

// orderTerm writes one term of an ORDER BY; items are the query's, among which
// labels are looked for.
func (p *printer) orderTerm(n *node, items []item) {
	n = p.settle(n)
	if n == nil {
		p.fail("nil operand")
		return
	}
	flag := uint8(0)
	if n.op == opOrder {
		flag = n.flag
		n = p.settle(n.l)
		if n == nil {
			p.fail("nil operand")
			return
		}
	}
	if flag&(flagNullsFirst|flagNullsLast) != 0 && !p.f.NullsOrdering {
		first := flag&flagNullsFirst != 0
		if natural := p.f.NullsSortLow != (flag&flagDesc != 0); first != natural {
			if p.bare {
				p.unsupported("NULLS FIRST and NULLS LAST in the ORDER BY of a set operation", "order a query of it as a derived table")
			}
			inner := n
			if inner.op == opLabel {
				inner = inner.l
			}
			p.str("CASE WHEN ")
			p.expr(inner, precCmp+1)
			if first {
				p.str(" IS NULL THEN 0 ELSE 1 END, ")
			} else {
				p.str(" IS NULL THEN 1 ELSE 0 END, ")
			}
		}
		flag &^= flagNullsFirst | flagNullsLast
	}
	if n.op == opLabel && (p.bare || labelled(items, n) && !p.textDecimal(p.settle(n.l))) {
		p.w.Ident(n.name)
	} else {
		if n.op == opLabel {
			n = n.l
		}
		p.ordered(n, precLow)
	}
	switch {
	case flag&flagAsc != 0:
		p.str(" ASC")
	case flag&flagDesc != 0:
		p.str(" DESC")
	}
	switch {
	case flag&flagNullsFirst != 0:
		p.str(" NULLS FIRST")
	case flag&flagNullsLast != 0:
		p.str(" NULLS LAST")
	}
}

// labelled reports whether the labelled expression is a column of the result.
func labelled(items []item, n *node) bool {
	for i := range items {
		if it := &items[i]; it.clause == clauseColumn && it.n != nil &&
			(it.n == n || it.n.op == opLabel && it.n.name == n.name && it.n.l == n.l) {
			return true
		}
	}
	return false
}

// paging cuts the result, after its ORDER BY.
func (p *printer) paging(s *parts) {
	if s.limit < 0 && s.offset < 0 {
		return
	}
	limit, offset := s.limit, s.offset
	switch p.f.Paging {
	case dialect.LimitOffset:
		switch {
		case limit >= 0:
			p.str(" LIMIT ")
			p.w.Bind(limit, typeBigInt)
		case p.f.LimitAll != "":
			p.str(" LIMIT ")
			p.str(p.f.LimitAll)
		}
		if offset >= 0 {
			p.str(" OFFSET ")
			p.w.Bind(offset, typeBigInt)
		}
	case dialect.LimitComma:
		p.str(" LIMIT ")
		if offset >= 0 {
			p.w.Bind(offset, typeBigInt)
			p.str(", ")
		}
		if limit >= 0 {
			p.w.Bind(limit, typeBigInt)
		} else {
			p.str(p.f.LimitAll)
		}
	case dialect.OffsetFetch:
		if offset >= 0 {
			p.str(" OFFSET ")
			p.w.WriteInt(offset)
			p.str(" ROWS")
		}
		if limit >= 0 {
			p.str(" FETCH FIRST ")
			p.w.WriteInt(limit)
			p.str(" ROWS ONLY")
		}
	case dialect.TopOffsetFetch:
		if !s.is(clauseOrder) {
			if s.is(clauseDistinct) || s.is(clauseSetOp) {
				p.unsupported("a limit or offset of DISTINCT or of a set operation without ORDER BY", "add an OrderBy")
			}
			p.str(" ORDER BY (SELECT NULL)")
		}
		p.str(" OFFSET ")
		p.w.Bind(max(offset, 0), typeBigInt)
		p.str(" ROWS")
		if limit >= 0 {
			p.str(" FETCH FIRST ")
			p.w.Bind(limit, typeBigInt)
			p.str(" ROWS ONLY")
		}
	}
}

// locked reports whether the lock takes a source's rows.
func (p *printer) locked(items []item, s *source) bool {
	of := false
	for i := range items {
		if items[i].clause == clauseLockOf {
			if of = true; items[i].n == &s.node {
				return true
			}
		}
	}
	return !of
}

func (p *printer) lockWord(it *item) string {
	if it.flag == lockShare && p.f.Locking.Share != "" {
		return p.f.Locking.Share
	}
	return p.f.Locking.Update
}

// lockOptions reports options that the database does not have.
func (p *printer) lockOptions(it *item) {
	if it.num&lockNoWait != 0 && !p.f.Locking.NoWait {
		p.unsupported("NOWAIT", "set a lock timeout on the session")
	}
	if it.num&lockSkip != 0 && !p.f.Locking.SkipLocked {
		p.unsupported("SKIP LOCKED", "")
	}
}

func (p *printer) tableHint(it *item) {
	p.lockOptions(it)
	p.str(" WITH (")
	p.str(p.lockWord(it))
	if it.num&lockNoWait != 0 {
		p.str(", NOWAIT")
	}
	if it.num&lockSkip != 0 {
		p.str(", READPAST")
	}
	p.str(")")
}

// lock writes FOR UPDATE. A database without row locks, where one transaction
// writes at a time, needs none.
func (p *printer) lock(items []item, s *parts) {
	word := p.lockWord(s.lock)
	if word == "" {
		return
	}
	p.in("FOR UPDATE")
	if p.f.Locking.NotWithPaging && (s.limit >= 0 || s.offset >= 0) {
		p.unsupported("a lock together with a limit", "lock the rows by a condition on their keys, found by a query of its own")
	}
	p.str(" ")
	p.str(word)
	first := true
	for i := range items {
		it := &items[i]
		if it.clause != clauseLockOf {
			continue
		}
		if it.n == nil {
			p.fail("LockOf: nil table")
			continue
		}
		src := it.n.ext.(*source)
		if p.find(src) < 0 {
			p.fail("LockOf: table %s is not in FROM or a join", src)
		}
		if !p.f.Locking.Of {
			p.unsupported("FOR UPDATE OF", "lock all tables of the query")
			break
		}
		if first {
			p.str(" OF ")
		} else {
			p.str(", ")
		}
		first = false
		p.lockOf(src)
	}
	p.lockOptions(s.lock)
	if s.lock.num&lockNoWait != 0 {
		p.str(" NOWAIT")
	}
	if s.lock.num&lockSkip != 0 {
		p.str(" SKIP LOCKED")
	}
}

func (p *printer) lockOf(s *source) {
	if p.f.Locking.OfColumns {
		if len(s.cols) > 0 {
			p.column(&s.cols[0])
		}
		return
	}
	p.w.Ident(s.label())
}

// with writes the common table expressions of a statement and brings them in.
func (p *printer) with(items []item) {
	p.in("WITH")
	if !p.f.CTE {
		p.unsupported("WITH", "use derived tables")
	}
	recursive := false
	for i := range items {
		if it := &items[i]; it.clause == clauseWith && it.n != nil && it.n.ext.(*source).kind == recursiveSource {
			recursive = true
		}
	}
	p.str("WITH ")
	if recursive && p.f.RecursiveWord {
		p.str("RECURSIVE ")
	}
	first := true
	for i := range items {
		it := &items[i]
		if it.clause != clauseWith {
			continue
		}
		if it.n == nil {
			p.fail("nil table")
			continue
		}
		s := it.n.ext.(*source)
		if s.kind != cteSource && s.kind != recursiveSource {
			p.fail("%s is no common table expression; make one with expr.CTE", s)
			continue
		}
		if s.err != nil {
			p.w.Fail(s.err)
			continue
		}
		for _, other := range p.ctes {
			if other.name == s.name {
				p.fail("two common table expressions are called %s", s.name)
			}
		}
		if !first {
			p.str(", ")
		}
		first = false
		p.w.Ident(s.name)
		if s.names != nil {
			p.str("(")
			for j := range s.cols {
				if j > 0 {
					p.str(", ")
				}
				p.ident(&s.cols[j].bare, s.cols[j].name)
			}
			p.str(")")
		}
		p.str(" AS (")
		root := s.root()
		if s.kind == recursiveSource {
			p.ctes = append(p.ctes, root)
		}
		p.query(s.query, asTable)
		if s.kind != recursiveSource {
			p.ctes = append(p.ctes, root)
		}
		p.str(")")
	}
	p.str(" ")
}

func (p *printer) setStmt(c clauses, at place) {
	items := c.items()
	var s parts
	p.collect(items, &s)
	if s.is(clauseWith) {
		p.with(items)
	}
	p.in("UNION")
	count, columns := 0, 0
	for i := range items {
		it := &items[i]
		if it.clause != clauseSetOp {
			continue
		}
		count++
		if it.n == nil {
			p.fail("nil query")
			continue
		}
		q := it.n.ext.(Query)
		have := len(q.outputs())
		if count == 1 {
			columns = have
		} else {
			p.setWord(it.flag)
			if have != columns {
				p.fail("query %d has %d columns, and the first has %d", count, have, columns)
			}
		}
		p.setOperand(q, at)
		if count == 1 && at == asStatement {
			p.firstResult(q)
		}
	}
	if count < 2 {
		p.fail("a set operation of fewer than two queries")
	}
	if s.is(clauseOrder) {
		p.in("ORDER BY")
		p.str(" ORDER BY ")
		p.bare = true
		p.order(items, nil)
		p.bare = false
	}
	p.paging(&s)
}

// setWord writes the operator, or refuses it.
func (p *printer) setWord(kind uint8) {
	word := setWords[kind]
	p.in(word)
	switch kind {
	case setIntersect, setIntersectAll, setExcept, setExceptAll:
		if !p.f.Intersect {
			p.unsupported(word, "use EXISTS or NOT EXISTS")
		}
		if (kind == setIntersectAll || kind == setExceptAll) && !p.f.SetAll {
			p.unsupported(word, "number equal rows with row_number() and leave out ALL")
		}
	}
	p.str(" ")
	if p.f.ExceptWord != "" && kind == setExcept {
		word = p.f.ExceptWord
	} else if p.f.ExceptWord != "" && kind == setExceptAll {
		word = p.f.ExceptWord + " ALL"
	}
	p.str(word)
	p.str(" ")
}

// setOperand writes an operand, apart from the others where it has clauses that
// would otherwise belong to the whole.
func (p *printer) setOperand(q Query, at place) {
	_, nested := q.(SetStmt)
	c := q.clauses()
	apart := nested || c.has(clauseOrder) || c.has(clauseLimit) || c.has(clauseOffset) || c.has(clauseWith) || c.has(clauseLock)
	inner := asOperand
	if at == asTable {
		inner = asTable
	}
	switch {
	case !apart:
		p.query(q, inner)
	case p.f.NoSetParens:
		p.str("SELECT * FROM (")
		p.query(q, asTable)
		p.str(")")
	default:
		p.str("(")
		p.query(q, inner)
		p.str(")")
	}
}

// firstResult describes the result by the first query's.
func (p *printer) firstResult(q Query) {
	outs := q.outputs()
	cols := make([]dialect.Column, len(outs))
	for i, n := range outs {
		cols[i] = p.resultColumn(n)
		cols[i].Nullable, cols[i].Outer = dialect.NotKnown, false
	}
	p.c.Columns = cols
}
