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
	done, r := s.fill(c)
	if done {
		return nil
	}
	p := newPrinter(c)
	p.recording = r
	s.print(p)
	err := p.done()
	if r != nil && err == nil {
		r.keep(c)
	}
	return err
}

func (s SelectStmt) print(p *printer) {
	p.sub(s.c, false, asStatement)
	p.comments(s.c)
}

// CompileSQL implements dialect.Statement.
func (s SetStmt) CompileSQL(c *dialect.Compiled) error {
	p := newPrinter(c)
	s.print(p)
	return p.done()
}

func (s SetStmt) print(p *printer) {
	p.sub(s.c, true, asStatement)
	p.comments(s.c)
}

// maxDepth bounds queries within queries.
const maxDepth = 200

// query writes a query.
func (p *printer) query(q Query, at place) {
	if q == nil {
		p.fail("nil query")
		return
	}
	if v, ok := q.(ValuesStmt); ok {
		p.valuesQuery(v, at)
		return
	}
	if t, ok := q.(TextSelect); ok {
		p.textSelect(t)
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
	clause, prefix, bare, target, alone := p.clause, p.prefix, p.bare, p.target, p.alone
	p.bare, p.alone, p.base = false, nil, scope
	if prefix == "" {
		p.target = nil
	}
	windows, denied, around := p.windows, p.denied, p.within
	p.denied, p.within = 0, within{}
	if at == asTable || at == asBody || at == asValue && c.has(clauseUncorrelated) {
		p.floor = scope
	}
	switch {
	case p.carried != nil && p.depth == 1:
		p.carry(c, set, at)
	case set:
		p.setStmt(c, at)
	default:
		p.selectStmt(c, at)
	}
	p.scope, p.floor, p.base, p.ctes, p.resolvers = p.scope[:scope], floor, base, p.ctes[:ctes], p.resolvers[:resolvers]
	p.clause, p.prefix, p.bare, p.target, p.alone = clause, prefix, bare, target, alone
	p.windows, p.denied, p.within = windows, denied, around
	p.depth--
}

// parts is what a statement consists of, found in one walk over its items.
type parts struct {
	has           uint64 // a bit a clause
	limit, offset count
	percent       bool
	fetch         bool
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
	s.limit, s.offset = count{n: -1}, count{n: -1}
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
			s.limit, s.percent, s.fetch = p.counted(it, "LIMIT", "limit"), it.flag == limitPercent, it.flag == limitFetch
		case clauseOffset:
			s.offset = p.counted(it, "OFFSET", "offset")
		case clauseReorder:
			s.has &^= 1 << clauseOrder
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
			if keepsRight(it.flag) {
				for j := from; j < len(p.scope); j++ {
					p.scope[j].outer = true
				}
			}
			p.enter(it.n, keepsLeft(it.flag))
		}
	}
	if len(p.scope)-from > 1 {
		p.unique(from)
	}
}

func (p *printer) selectStmt(c clauses, at place) {
	items := c.items()
	scope, mistakes := len(p.scope), p.w.Mistakes()
	result := p.shown
	p.shown = shown{}
	if at == asSource {
		result.how = showNone
	}
	var s parts
	p.collect(items, &s)
	p.windows = nil
	if s.is(clauseWindow) {
		p.windows = s.of(items, clauseWindow)
	}
	if at == asStatement {
		p.result(c, clauseColumn)
	}
	if s.is(clauseWith) {
		p.with(items, at != asStatement)
	}
	p.within.groups, p.within.by = s.is(clauseGroup), s.of(items, clauseGroup)
	p.within.alone = s.is(clauseGroup) || s.is(clauseDistinct) || s.is(clauseDistinctOn)
	into := p.into
	p.into = nil
	p.str("SELECT")
	if s.is(clauseAdvice) {
		p.checkHints(items, at)
		p.hintsBefore(items)
	}
	p.prefixed(items, &s, dialect.SelectVerb)
	p.str(" ")
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
	if s.percent || s.is(clauseTies) {
		p.checkPaging(&s)
	}
	top := p.top(&s)
	if top {
		p.writeTop(&s)
	}
	p.columns(s.of(items, clauseColumn), at, result)
	if into != nil {
		into()
	}
	p.from(items, &s, len(p.scope) > scope)
	p.where(s.of(items, clauseWhere), clauseWhere, " WHERE ", "WHERE")
	if s.is(clauseOwn) {
		p.checkClauses(s.of(items, clauseOwn), false)
		p.ownClauses(s.of(items, clauseOwn), AfterWhere)
	}
	if s.is(clauseGroup) {
		p.in("GROUP BY")
		p.str(" GROUP BY ")
		p.groupBy(s.of(items, clauseGroup), s.of(items, clauseColumn), s.is(clauseOrder))
	}
	grouped := s.is(clauseGroup) || p.within.grouped
	having := p.where(s.of(items, clauseHaving), clauseHaving, " HAVING ", "HAVING")
	if s.is(clauseWindow) {
		p.namedWindows(p.windows)
	}
	if s.is(clauseOrder) {
		p.in("ORDER BY")
		p.str(" ORDER BY ")
		p.strict = s.is(clauseDistinct) && p.f.Paging == dialect.TopOffsetFetch // there, only columns of the result
		if s.is(clauseDistinct) && p.f.DistinctOrder != dialect.DistinctOrderAny {
			p.checkDistinctOrder(s.of(items, clauseOrder), s.of(items, clauseColumn))
		}
		p.order(s.of(items, clauseOrder), s.of(items, clauseColumn))
		p.strict = false
		if p.cutsOrder(at, s.limit.is()) && !top && !s.offset.is() {
			s.offset.n = 0 // an order without a cut is refused within a query
		}
	}
	switch {
	case !having && !grouped && !p.within.grouped || p.w.Mistakes() != mistakes:
	case !grouped && !p.f.HavingAlone:
		p.unsupported("HAVING or an aggregate in ORDER BY, of a query with no aggregate in its result,", "select an aggregate, or group by columns")
	case p.f.Ungrouped != dialect.UngroupedAny && (having || p.f.Ungrouped != dialect.UngroupedSaid):
		p.checkUngrouped(items, &s)
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
	if s.is(clauseOwn) {
		p.ownClauses(s.of(items, clauseOwn), AtEnd)
	}
	if s.is(clauseAdvice) {
		p.hints(items, dialect.QueryOptions, nil, " OPTION (", ", ", ")")
	}
}

// cutsOrder reports whether a query in that place is ordered only if it is cut too: on
// SQL Server any within another (error 1033), on Oracle one that is a value or a list
// of them (ORA-00907).
func (p *printer) cutsOrder(at place, limited bool) bool {
	switch p.f.Paging {
	case dialect.TopOffsetFetch:
		return at != asStatement && at != asSource
	case dialect.OffsetFetch:
		return at == asValue && !limited
	}
	return false
}

// columns writes the result's columns, each under a name of its own where the
// query is a table.
func (p *printer) columns(items []item, in place, result shown) {
	p.in("SELECT")
	named := in == asTable || in == asLateral
	first := true
	at := -1
	var names namer
	for i := range items {
		if items[i].clause != clauseColumn {
			continue
		}
		if !first {
			p.str(", ")
		}
		first = false
		at++
		n := p.settle(items[i].n)
		if n == nil {
			p.fail("nil column")
			continue
		}
		label, e := "", n
		if n.op == opStar {
			if named {
				p.fail("* in a query that is a table: name the columns")
			}
			p.str("*")
			continue
		}
		if n.op == opLabel {
			label = n.name
			if label == "" {
				p.fail("%s: empty label", describe(n.l))
			}
			e = n.l
		}
		switch {
		case p.shows(e, in):
		case p.groupedValues(e):
			p.inLiterals(func() { p.resultValue(e, at, result) })
		default:
			p.resultValue(e, at, result)
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

// shown says which values of a query's result show their types, where parameters
// have none of their own: a value alone would be a text in the result.
type shown struct {
	how    showing
	beside []bool // see showBeside
}

type showing uint8

const (
	showAll    showing = iota
	showNone           // the columns that the rows go into, or the query before, have types
	showBeside         // those of columns for which the query after this one has no type either
	showFirst          // of a set operation, those of its first query, whose types are those of a recursion
)

// resultValue writes column i of the result.
func (p *printer) resultValue(n *node, i int, result shown) {
	switch {
	case result.how == showNone,
		result.how == showBeside && i < len(result.beside) && result.beside[i]:
		p.expr(n, precLow)
	default:
		p.typed(n, precLow)
	}
}

// shows writes a value that is a column of a query within another, where the
// database does not see from a parameter that it is a decimal, or a text of any length.
func (p *printer) shows(n *node, in place) bool {
	switch n = p.settle(n); {
	case in == asStatement || in == asSource:
		return false
	case p.f.DecimalParam != "" && p.decimalValue(n):
		p.beside(n, n.typ, precLow)
	case p.f.TextParam != "" && textValue(n):
		p.w.Template(p.f.TextParam, func(int) { p.expr(n, precLow) })
	default:
		return false
	}
	return true
}

// textValue reports whether n is a text as a parameter.
func textValue(n *node) bool {
	if n == nil || n.op != opBind || n.typ != nil && typeFamilies[n.typ.Kind] != ofText {
		return false
	}
	_, is := n.ext.(string)
	return is
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
	f := fromClause{items, s, hint}
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
		if src := it.n.ext.(*source); src.lateral && !first {
			p.lateralProduct(src, comma, it.n)
			continue
		}
		if !first {
			p.str(p.comma(it.n, comma))
		}
		p.table(it.n, f, !first && s.is(clauseJoin))
		first = false
	}
	if s.is(clauseJoin) {
		p.joins(s.of(items, clauseJoin), f)
	}
}

// fromClause is what a table of FROM needs to know of its statement: whether it
// is locked by a hint. The zero fromClause is that of a statement without.
type fromClause struct {
	items []item
	s     *parts
	hint  bool
}

// table writes a table of FROM; a joined one in parentheses where others stand
// beside it.
func (p *printer) table(n *node, f fromClause, parens bool) {
	src := n.ext.(*source)
	if src.kind == joinedSource {
		p.tree(src, f, parens)
		return
	}
	if f.s == nil {
		p.relation(src)
		return
	}
	p.sourceName(f.items, f.s, src)
	if f.hint || f.s.is(clauseAdvice) {
		p.tableHints(f.items, f.s, src, f.hint)
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
		if p.sameForAll(items[i].n) {
			continue
		}
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
		if p.nullsByCase(flag) {
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
	if n.op == opName && outputsCalled(items, n.name) > 1 {
		p.fail("%s is ambiguous: the result has several columns of that name; give one of them another label", n.name)
	}
	if n.op == opName && p.f.DecimalNumber != "" {
		if out := outputOf(items, n.name); out != nil && p.textDecimal(p.settle(out)) {
			n = out
		}
	}
	if n.op == opLabel && (p.bare || labelled(items, n) && outputsCalled(items, n.name) == 1 && !p.textDecimal(p.settle(n.l))) {
		p.w.Ident(n.name)
	} else {
		if n.op == opLabel {
			n = n.l
		}
		p.orderValue(n, items)
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

// nullsByCase reports whether a term with the flag has a CASE before it, which puts
// NULLs where they do not come by themselves.
func (p *printer) nullsByCase(flag uint8) bool {
	if flag&(flagNullsFirst|flagNullsLast) == 0 || p.f.NullsOrdering {
		return false
	}
	natural := p.f.NullsSortLow != (flag&flagDesc != 0)
	return flag&flagNullsFirst != 0 != natural || p.nullsSaid
}

// outputsCalled is how many different columns of the result have a name.
func outputsCalled(items []item, name string) int {
	count := 0
	for i := range items {
		it := &items[i]
		if it.clause != clauseColumn || nameOf(it.n) != name {
			continue
		}
		again := false
		for j := range i {
			again = again || items[j].clause == clauseColumn && items[j].n == it.n
		}
		if !again {
			count++
		}
	}
	return count
}

// outputOf is what the column of the result with a name is; nil where there is none.
func outputOf(items []item, name string) *node {
	for i := range items {
		if it := &items[i]; it.clause == clauseColumn && nameOf(it.n) == name {
			if it.n.op == opLabel {
				return it.n.l
			}
			return it.n
		}
	}
	return nil
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
