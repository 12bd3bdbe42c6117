package expr

import "github.com/sqlayer-go/sqlayer/dialect"

func (p *printer) setStmt(c clauses, at place) {
	items := c.items()
	result := p.shown
	p.shown = shown{}
	var s parts
	p.collect(items, &s)
	if s.is(clauseWith) {
		p.with(items, at != asStatement)
	}
	numbers := p.orderedNumbers(items)
	if numbers != nil { // by an expression, which no set operation is ordered by
		p.str("SELECT * FROM (")
	}
	p.in("UNION")
	count, columns := 0, 0
	var first []*node
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
			columns, first = have, q.outputs()
		} else {
			p.setWord(it.flag)
			if have != columns {
				p.fail("query %d has %d columns, and the first has %d", count, have, columns)
			} else {
				p.alikeQuery(first, q)
			}
		}
		switch {
		case result.how != showFirst && (ownClauses(q) || q.clauses().has(clauseDistinct)):
			// its columns have their types before the others are looked at
		case count > 1:
			p.shown.how = showNone
		case p.f.UntypedParams && result.how != showFirst:
			p.shown = shown{showBeside, p.nextTyped(items[i+1:])}
		}
		p.setOperand(q, at)
		p.shown = shown{}
		if count == 1 && at == asStatement {
			p.firstResult(q)
		}
	}
	if count < 2 {
		p.fail("a set operation of fewer than two queries")
	}
	if numbers != nil {
		p.str(")")
	}
	if s.is(clauseOrder) {
		p.in("ORDER BY")
		p.str(" ORDER BY ")
		p.bare = true
		terms := s.of(items, clauseOrder)
		p.ofResult(items, terms)
		if numbers != nil {
			terms = numbers
		}
		p.order(terms, nil)
		p.bare = false
		if p.f.Paging == dialect.TopOffsetFetch && !s.limit.is() && !s.offset.is() && at != asStatement && at != asSource {
			s.offset.n = 0 // an order without a cut is refused within a query
		}
	}
	if s.is(clauseTies) {
		p.checkPaging(&s)
	}
	p.paging(&s)
}

// nextTyped says of which columns the next query of a set operation shows the
// types.
func (p *printer) nextTyped(items []item) []bool {
	for i := range items {
		if it := &items[i]; it.clause == clauseSetOp && it.n != nil {
			outs := it.n.ext.(Query).outputs()
			typed := make([]bool, len(outs))
			for i, n := range outs {
				if n = p.settle(n); n != nil && n.op == opLabel {
					n = n.l
				}
				typed[i] = p.anyTyped([]*node{n})
			}
			return typed
		}
	}
	return nil
}

// orderedNumbers are the terms of an order in which a column of the result is a
// decimal that the database has as text; nil where there is none.
func (p *printer) orderedNumbers(items []item) []item {
	if p.f.DecimalNumber == "" {
		return nil
	}
	types := map[string]*dialect.Type{} // of the decimals
	var names []string
	for i := range items {
		if items[i].clause != clauseSetOp || items[i].n == nil {
			continue
		}
		for k, o := range items[i].n.ext.(Query).outputs() {
			o = p.settle(o)
			if names == nil || k == len(names) {
				names = append(names, nameOf(o))
			}
			if k < len(names) && o != nil && p.decimalOf(o) {
				types[names[k]] = p.kindOf(o)
			}
		}
	}
	var terms []item
	found := false
	for _, it := range items {
		if it.clause != clauseOrder {
			continue
		}
		if n := it.n; n != nil {
			of := n
			if n.op == opOrder {
				of = n.l
			}
			of = p.settle(of)
			if t := types[nameOf(of)]; t != nil {
				found = true
				of = &node{op: opName, name: nameOf(of), typ: t}
				if it.n = of; n.op == opOrder {
					with := *n
					with.l = of
					it.n = &with
				}
			}
		}
		terms = append(terms, it)
	}
	if !found {
		return nil
	}
	return terms
}

// ofResult checks that the whole is ordered by columns of its result.
func (p *printer) ofResult(items, terms []item) {
	var outs []*node
	for i := range items {
		if it := &items[i]; it.clause == clauseSetOp && it.n != nil {
			outs = it.n.ext.(Query).outputs()
			break
		}
	}
	for i := range terms {
		n := terms[i].n
		if terms[i].clause != clauseOrder || n == nil {
			continue
		}
		if n.op == opOrder {
			n = n.l
		}
		n = p.settle(n)
		name := nameOf(n)
		if n == nil || name == "" {
			continue
		}
		count := 0
		for _, o := range outs {
			if nameOf(p.settle(o)) == name {
				count++
			}
		}
		switch {
		case count == 0:
			p.fail("the result has no column %s; it is named by the first query", name)
		case count > 1:
			p.fail("%s is ambiguous: the result has several columns of that name; give one of them another label", name)
		}
	}
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
	own := ownClauses(q)
	inner := asOperand
	if at == asTable || at == asBody || at == asLateral {
		inner = at
	}
	switch {
	case !own && !isSet(q):
		p.query(q, inner)
	case own && p.f.CutOperands && cutAlone(q.clauses()):
		p.str("(")
		p.query(q, inner)
		p.str(")")
	case own && (p.f.PlainOperands || p.f.NoOperandWith && q.clauses().has(clauseWith)):
		p.str("SELECT *")
		if into := p.into; into != nil {
			p.into = nil
			into()
		}
		p.str(" FROM (")
		p.query(q, asTable)
		p.str(")")
		p.str(aliasWord(p.f))
		p.str("operand")
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

// ownClauses reports whether a query has clauses that would belong to the
// whole if it stood in a set operation as it is.
func ownClauses(q Query) bool {
	c := q.clauses()
	return c.has(clauseOrder) || c.has(clauseLimit) || c.has(clauseOffset) || c.has(clauseWith) || c.has(clauseLock)
}

// cutAlone reports whether a query has a limit, an order perhaps, and none of
// the other clauses that would belong to the whole.
func cutAlone(c clauses) bool {
	return c.has(clauseLimit) && !c.has(clauseOffset) && !c.has(clauseWith) && !c.has(clauseLock)
}

func isSet(q Query) bool {
	_, set := q.(SetStmt)
	return set
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
