package expr

import "github.com/sqlayer-go/sqlayer/dialect"

// What could not be written is looked into all the same, so that a statement
// reports all its mistakes at once. The text does not count any more then, and
// a mistake that comes up a second time is reported once (dialect.Writer.Err).

// examine looks for mistakes in the parts of a node that failed.
func (p *printer) examine(n *node) {
	if n == nil || p.examined[[2]any{n, p.clause}] {
		return
	}
	if p.examined == nil {
		p.examined = map[[2]any]bool{}
	}
	p.examined[[2]any{n, p.clause}] = true
	m := mapper{node: func(c *node) *node {
		p.part(c)
		return c
	}}
	m.each(n)
}

// part looks for mistakes in an expression or a query.
func (p *printer) part(n *node) {
	if n = p.settle(n); n == nil {
		p.fail("nil operand")
		return
	}
	if p.examined[[2]any{n, p.clause}] {
		return // it has been written, and so have its parts
	}
	switch n.op {
	case opBind, opDefault, opSource, opHint, opQuant, opStar, opNothing:
	case opElement:
		p.part(n.r)
	case opOrder:
		p.part(n.l)
	case opQuery:
		p.query(n.ext.(Query), asValue)
	case opGroups:
		p.examine(n)
	default:
		if n.op == opCall && (ranks(n.name) || unordered(n)) { // whose window and order are looked at by what has them
			p.examine(n)
			return
		}
		if n.isCond() {
			p.cond(n, precLow)
		} else {
			p.expr(n, precLow)
		}
	}
}

// examineItems looks for mistakes in the clauses of a statement that writes.
func (p *printer) examineItems(items []item, set string) {
	for i := range items {
		it := &items[i]
		switch it.clause {
		case clauseWhere:
			p.examineCond(it.n, "WHERE")
		case clauseOn:
			p.examineCond(it.n, "ON")
		case clauseWhen:
			set = whenWords[it.flag]
		case clauseWhenCond:
			p.examineCond(it.n, set)
		case clauseSet:
			p.examineValue(it.on, set)
		case clauseWhenSet:
			p.examineValue(it.on, set)
		case clauseOwn:
			if it.n != nil && it.n.op != opMistake {
				p.in(it.n.name)
				p.examine(it.n)
			}
		}
	}
	p.examineUpsert(items)
	p.examineReturning(items)
}

// examineInsert looks for mistakes in an INSERT whose rows are not right.
func (p *printer) examineInsert(items []item, s *parts, t *source) {
	keys := p.conflictColumns(items, t)
	if s.is(clauseConflict) {
		p.conflictMistakes(items, s, len(keys))
	}
	for i := range items {
		if items[i].clause == clauseUpdateSet {
			p.in("DO UPDATE")
			p.targetColumn(elementOf(items[i].n), t)
		}
	}
	floor := p.floor
	p.floor = len(p.scope) // see rows
	for i := range items {
		switch it := &items[i]; it.clause {
		case clauseSet:
			p.examineValue(it.on, "VALUES")
		case clauseFlat:
			p.in("VALUES")
			p.examine(it.n)
		case clauseSelect:
			if it.n != nil {
				p.in("SELECT")
				p.query(it.n.ext.(Query), asSource)
			}
		}
	}
	p.floor = floor
	p.examineUpsert(items)
	p.examineReturning(items)
}

// examineReturning looks for mistakes in what a statement gives back.
func (p *printer) examineReturning(items []item) {
	clause := "RETURNING"
	if p.f.Returning == dialect.OutputClause {
		clause = "OUTPUT"
	}
	for i := range items {
		if items[i].clause == clauseReturning {
			p.examineValue(items[i].n, clause)
		}
	}
}

// examineUpsert looks for mistakes in what an upsert changes.
func (p *printer) examineUpsert(items []item) {
	for i := range items {
		switch it := &items[i]; it.clause {
		case clauseUpdateSet:
			p.examineValue(it.on, "DO UPDATE")
		case clauseDoWhere:
			p.examineCond(it.n, "DO UPDATE")
		}
	}
}

func (p *printer) examineCond(n *node, clause string) {
	if n != nil && n.op == opNothing {
		return
	}
	p.in(clause)
	p.cond(n, precLow)
}

func (p *printer) examineValue(n *node, clause string) {
	p.in(clause)
	p.part(n)
}
