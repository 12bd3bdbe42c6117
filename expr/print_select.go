package expr

import (
	"slices"
	"strconv"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// place says where a query stands.
type place uint8

const (
	asStatement place = iota
	asValue           // a subquery in an expression: it sees the sources around it
	asTable           // a derived table or a CTE: it sees nothing, and names its columns
	asBody            // of a CTE that names its columns itself
	asLateral         // a derived table that sees the sources before it
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
	scope, floor, base, ctes, resolvers := len(p.scope), p.floor, p.base, len(p.ctes), len(p.resolvers)
	clause, prefix, bare := p.clause, p.prefix, p.bare
	p.bare, p.base = false, scope
	if at == asTable || at == asBody {
		p.floor = scope
	}
	if set {
		p.setStmt(c, at)
	} else {
		p.selectStmt(c, at)
	}
	p.scope, p.floor, p.base, p.ctes, p.resolvers = p.scope[:scope], floor, base, p.ctes[:ctes], p.resolvers[:resolvers]
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
	if s.is(clauseJoin) { // after every FROM, as they are written
		joins := s.of(items, clauseJoin)
		for i := range joins {
			it := &joins[i]
			if it.clause != clauseJoin {
				continue
			}
			if it.flag == rightJoin || it.flag == fullJoin {
				for j := from; j < len(p.scope); j++ {
					p.scope[j].outer = true
				}
			}
			p.enter(it.n, it.flag == leftJoin || it.flag == fullJoin || it.flag == leftLateralJoin)
		}
	}
	if len(p.scope)-from > 1 {
		p.unique(from)
	}
}

// outerIn reports whether a join of the SELECT may leave out the rows of a
// source, so that its columns are NULL.
func outerIn(items []item, s *source) bool {
	outer, seen := false, false
	for i := range items {
		if items[i].clause == clauseFrom && items[i].n == &s.node {
			seen = true
		}
	}
	for i := range items {
		it := &items[i]
		if it.clause != clauseJoin {
			continue
		}
		if seen && (it.flag == rightJoin || it.flag == fullJoin) {
			outer = true
		}
		if it.n == &s.node {
			seen, outer = true, it.flag == leftJoin || it.flag == fullJoin || it.flag == leftLateralJoin
		}
	}
	return outer || !seen // of a query around it: not known
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
		p.with(items, at != asStatement)
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
	top := p.f.Paging == dialect.TopOffsetFetch && s.limit >= 0 && (s.offset <= 0 || s.limit == 0)
	if top {
		p.str("TOP ")
		p.w.WriteInt(s.limit)
		p.str(" ")
	}
	p.columns(s.of(items, clauseColumn), at == asTable || at == asLateral)
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
		p.strict = s.is(clauseDistinct) && p.f.Paging == dialect.TopOffsetFetch // there, only columns of the result
		p.order(s.of(items, clauseOrder), s.of(items, clauseColumn))
		p.strict = false
		if p.f.Paging == dialect.TopOffsetFetch && !top && s.offset < 0 && at != asStatement && at != asSource {
			s.offset = 0 // an order without a cut is refused within a query
		}
	}
	if !top {
		p.paging(&s)
	}
	if s.lock != nil {
		p.checkLock(items, &s)
		if !p.f.Locking.TableHint {
			p.lock(items, &s)
		}
	}
}

// columns writes the result's columns, each under a name of its own where the
// query is a table.
func (p *printer) columns(items []item, named bool) {
	p.in("SELECT")
	first := true
	var names namer
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
		}
		if named && (n.op != opLabel || label != "") {
			label = names.next(nameOf(n))
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

// namer gives the columns of a table that is a query names of their own: one
// that was taken before gets a number, and one without a name its place.
type namer struct {
	names []string
}

func (m *namer) next(name string) string {
	if name == "" {
		name = "column_" + strconv.Itoa(len(m.names)+1)
	}
	own := name
	for k := 1; slices.Contains(m.names, own); k++ {
		own = name + "_" + strconv.Itoa(k)
	}
	m.names = append(m.names, own)
	return own
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
	comma := ", "
	if s.is(clauseJoin) { // a join after a comma sees nothing of what stands before it
		comma = joinWords[crossJoin]
	}
	for i := range products {
		it := &products[i]
		if it.clause != clauseFrom || it.n == nil {
			continue
		}
		if !first {
			p.str(comma)
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
		if it.flag >= lateralJoin {
			p.lateral(it.n.ext.(*source), it.flag == leftLateralJoin)
			continue
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

// lateral writes a derived table that sees the sources before it.
func (p *printer) lateral(s *source, left bool) {
	if s.kind != derivedSource || s.base != nil || s.query == nil {
		p.fail("lateral join of %s: it is no query under a name", s)
		return
	}
	words := [...]string{" CROSS JOIN LATERAL (", " LEFT JOIN LATERAL ("}
	switch p.f.Lateral {
	case dialect.Apply:
		words = [...]string{" CROSS APPLY (", " OUTER APPLY ("}
	case dialect.NoLateral:
		p.unsupported("a lateral join", "number the rows with row_number() in a derived table, or use a scalar query for each column")
		return
	}
	if left {
		p.str(words[1])
	} else {
		p.str(words[0])
	}
	at := p.find(s)
	rest := slices.Clone(p.scope[at:])
	p.scope = p.scope[:at]
	p.query(s.query, asLateral)
	p.scope = append(p.scope, rest...)
	p.str(")")
	p.str(aliasWord(p.f))
	p.w.Ident(s.name)
	if left && p.f.Lateral != dialect.Apply {
		p.str(" ON 1 = 1")
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
			if p.strict {
				p.unsupported("NULLS FIRST and NULLS LAST in the ORDER BY of a SELECT DISTINCT", "order a query of it as a derived table")
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
		if limit == 0 {
			p.unsupported("a limit of 0 of a set operation", "leave the statement out")
		}
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

// checkLock reports mistakes in a lock, whether or not the database has it.
func (p *printer) checkLock(items []item, s *parts) {
	p.in("FOR UPDATE")
	if s.lock.num&(lockNoWait|lockSkip) == lockNoWait|lockSkip {
		p.fail("NoWait and SkipLocked exclude each other")
	}
	tables := 0
	for i := range items {
		it := &items[i]
		switch {
		case it.clause == clauseLockOf && it.n == nil:
			p.fail("LockOf: nil table")
		case it.clause == clauseLockOf && p.find(it.n.ext.(*source)) < p.base:
			p.fail("LockOf: table %s is not in FROM or a join", it.n.ext.(*source))
		case (it.clause == clauseFrom || it.clause == clauseJoin) && it.n != nil:
			if src := it.n.ext.(*source); src.kind == tableSource && p.locked(items, src) {
				tables++
			}
		}
	}
	if tables == 0 && p.f.Locking.TableHint {
		p.unsupported("a lock of a derived table", "lock within its query")
	}
}

// lock writes FOR UPDATE. A database without row locks, where one transaction
// writes at a time, needs none.
func (p *printer) lock(items []item, s *parts) {
	word := p.lockWord(s.lock)
	if word == "" {
		return
	}
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
			continue
		}
		src := it.n.ext.(*source)
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
