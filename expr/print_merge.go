package expr

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// when is a WHEN clause of a MERGE: where its items lie.
type whenClause struct {
	kind   uint8
	action int32
	items  []item
	remove *node // which of the rows that were updated are deleted; see deleteAfter
}

func (w *whenClause) has(cl clause) bool {
	for i := range w.items {
		if it := &w.items[i]; it.clause == cl && (it.n == nil || it.n.op != opNothing) {
			return true
		}
	}
	return false
}

// whens finds the WHEN clauses.
func whens(items []item) []whenClause {
	var list []whenClause
	for i := range items {
		if items[i].clause != clauseWhen {
			continue
		}
		end := i + 1
		for end < len(items) && (items[end].clause == clauseWhenCond || items[end].clause == clauseWhenSet) {
			end++
		}
		list = append(list, whenClause{items[i].flag, items[i].num, items[i+1 : end], nil})
	}
	return list
}

var whenWords = [...]string{
	whenMatched:            "WHEN MATCHED",
	whenNotMatched:         "WHEN NOT MATCHED",
	whenNotMatchedBySource: "WHEN NOT MATCHED BY SOURCE",
}

// merge writes a MERGE.
func (p *printer) merge(c clauses) {
	items := c.items()
	var s parts
	p.collect(items, &s)
	m := &p.f.Merging
	if !m.Statement {
		p.unsupported("MERGE", "use OnConflict of an INSERT, or an UPDATE, a DELETE and an INSERT in one transaction")
	}
	t := p.targetOf(items, "MERGE")
	src := p.mergeSource(items)
	list := whens(items)
	p.checkWhens(list, items, t)
	if m.DeleteAfter && t != nil {
		if one, deletes := p.deleteAfter(list, items, t); deletes {
			if list = one; list == nil {
				t = nil // what else is wrong is found all the same
			}
		}
	}
	p.checkClauses(items, true)
	var after []item // what goes with the update
	if s.is(clauseOwn) {
		after = s.of(items, clauseOwn)
		p.checkAfter(after, list)
	}
	form := dialect.NoReturning
	if s.is(clauseReturning) {
		if !m.Returning {
			p.unsupported("RETURNING of a MERGE", "read the rows with a SELECT in the same transaction")
		} else {
			form = p.f.Returning
		}
	}
	if t == nil || src == nil || !m.Statement {
		p.examineItems(items, "")
		return
	}
	p.outputTable(c, t, form)
	p.mergeIdentity(list, t)
	if s.is(clauseWith) {
		if !p.f.CTEUpdate {
			p.unsupported("WITH before a MERGE", "use the query where its name stands, as a derived table")
		}
		p.with(items, false)
	}
	p.str("MERGE INTO ")
	p.targetName(items, &s, t)
	p.str(" USING ")
	p.in("USING")
	p.sourceName(items, &s, src)
	p.str(" ON ")
	if m.OnParens {
		p.str("(")
	}
	if !p.where(items, clauseOn, "", "ON") {
		p.in("ON")
		p.fail("MERGE without a condition")
	}
	if m.OnParens {
		p.str(")")
	}
	for i := range list {
		p.when(&list[i], t, src)
		if list[i].kind == whenMatched && list[i].action == mergeUpdate {
			p.ownClauses(after, AfterUpdate)
		}
	}
	if form == dialect.OutputClause {
		p.output(c, t, "inserted")
	} else {
		p.returning(c, t, form, !m.SourceRows)
	}
	p.comments(c)
	p.str(m.End)
	p.ended = m.End != ""
	p.outputRows()
	if form != dialect.NoReturning {
		p.c.Keys = dialect.KeysFromRows
	}
}

// mergeSource is the relation of Using; nil, once reported, where there is
// none.
func (p *printer) mergeSource(items []item) *source {
	p.in("USING")
	var src *source
	n := 0
	for i := range items {
		if it := &items[i]; it.clause == clauseFrom {
			if n++; it.n != nil {
				src = it.n.ext.(*source)
			}
		}
	}
	switch {
	case n == 0:
		p.fail("MERGE without a source")
	case n > 1:
		p.fail("MERGE has one source; join the tables in a derived table")
		return nil
	}
	return src
}

// checkWhens reports mistakes in the clauses, and what the database cannot
// say.
func (p *printer) checkWhens(list []whenClause, items []item, t *source) {
	p.in("MERGE")
	if len(list) == 0 {
		p.fail("no WHEN clause")
	}
	m := &p.f.Merging
	var count, last [3]int
	var actions [3]int32 // as bits
	closed := [3]bool{}
	for i := range list {
		w := &list[i]
		p.in(whenWords[w.kind])
		if closed[w.kind] {
			p.fail("clause %d is never reached: one before it has no condition", i+1)
		}
		closed[w.kind] = closed[w.kind] || !w.has(clauseWhenCond)
		if (w.action == mergeUpdate || w.action == mergeInsert) && !w.has(clauseWhenSet) {
			p.fail("nothing is assigned")
		}
		if w.kind == whenNotMatchedBySource && !m.BySource {
			p.unsupported(whenWords[w.kind], "write those rows with a statement of its own, in the same transaction")
		}
		switch {
		case w.action == mergeDelete && !m.Delete && !(m.DeleteAfter && w.kind == whenMatched):
			p.unsupported("DELETE in a MERGE", "delete those rows with a DELETE of its own, in the same transaction")
		case w.action == mergeNothing && !m.DoNothing:
			last[w.kind] = i + 1
			continue
		case last[w.kind] > 0:
			p.unsupported("DO NOTHING before another clause of a MERGE", "put its opposite into the conditions of those that follow")
		}
		if !(m.DeleteAfter && w.action == mergeDelete) { // one goes with the update
			count[w.kind]++
		}
		if w.kind != whenNotMatched && m.MaxMatched > 0 && actions[w.kind]&(1<<w.action) != 0 {
			p.unsupported("two clauses of a MERGE that do the same", "make the values depend on the condition with a CASE")
		}
		actions[w.kind] |= 1 << w.action
	}
	for kind, n := range count {
		most := m.MaxMatched
		if kind == int(whenNotMatched) {
			most = m.MaxNotMatched
		}
		if most > 0 && n > most {
			p.unsupported("a MERGE with so many clauses "+whenWords[kind], "send more than one statement, in the same transaction")
		}
	}
	if m.FixedOn && t != nil {
		p.in("ON")
		for i := range list {
			for j := range list[i].items {
				it := &list[i].items[j]
				if it.clause != clauseWhenSet || list[i].action != mergeUpdate || it.n == nil {
					continue
				}
				for k := range items {
					if items[k].clause == clauseOn && items[k].n.mentions(it.n) {
						p.unsupported("a MERGE that sets the column "+describe(it.n)+", which ON names", "update such rows with a statement of its own")
					}
				}
			}
		}
	}
}

// checkAfter reports clauses after an update of which there is none, or none
// alone.
func (p *printer) checkAfter(after []item, list []whenClause) {
	updates, deletes := 0, false
	for i := range list {
		if w := &list[i]; w.kind == whenMatched {
			if w.action == mergeUpdate {
				updates++
			}
			deletes = deletes || w.action == mergeDelete || w.remove != nil
		}
	}
	for i := range after {
		it := &after[i]
		if it.clause != clauseOwn || it.n == nil || it.n.op == opMistake || ClausePlace(it.flag) != AfterUpdate {
			continue
		}
		p.in(it.n.name)
		switch {
		case deletes:
			p.fail("it stands beside WhenMatched().Delete(); give one of the two")
		case updates == 0:
			p.fail("it goes with WhenMatched().Update(…), and there is none")
		case updates > 1:
			p.fail("it goes with one WhenMatched().Update(…), and there are %d", updates)
		}
	}
}

// mergeIdentity lets a MERGE insert values into a generated column.
func (p *printer) mergeIdentity(list []whenClause, t *source) {
	var r rowSet
	for i := range list {
		if list[i].action != mergeInsert {
			continue
		}
		for _, it := range list[i].items {
			if it.clause == clauseWhenSet && it.n != nil && it.n.op == opColumn {
				r.cols = append(r.cols, it.n.ext.(*column))
			}
		}
	}
	p.identityInsert(t, &r)
}

// when writes a WHEN clause. The tables that it cannot see are out of scope.
func (p *printer) when(w *whenClause, t, src *source) {
	m := &p.f.Merging
	if w.action == mergeNothing && !m.DoNothing {
		return
	}
	var hidden *source
	switch w.kind {
	case whenNotMatched:
		hidden = t
	case whenNotMatchedBySource:
		hidden = src
	}
	if at := p.find(hidden); hidden != nil && at >= 0 {
		in := p.scope[at]
		p.scope[at].src = &source{name: "hidden"}
		defer func() { p.scope[at] = in }()
	}
	name := whenWords[w.kind]
	p.str(" ")
	p.str(name)
	if !m.CondAfter {
		p.where(w.items, clauseWhenCond, " AND ", name)
	}
	p.in(name)
	switch w.action {
	case mergeUpdate:
		p.str(" THEN UPDATE SET ")
		p.assignments(w.items, t, clauseWhenSet, " = ")
	case mergeDelete:
		p.str(" THEN DELETE")
	case mergeNothing:
		p.str(" THEN DO NOTHING")
	case mergeInsert:
		p.mergeInsert(w, t)
	}
	if m.CondAfter {
		p.where(w.items, clauseWhenCond, " WHERE ", name)
	}
	if w.remove != nil {
		p.str(" DELETE WHERE ")
		p.cond(w.remove, precLow)
	}
}

func (p *printer) mergeInsert(w *whenClause, t *source) {
	var cols []*column
	var sets []*item
	for i := range w.items {
		it := &w.items[i]
		if it.clause != clauseWhenSet {
			continue
		}
		c := p.targetColumn(it.n, t)
		if c == nil {
			continue
		}
		for _, o := range cols {
			if o == c {
				p.fail("column %s is assigned twice", describe(&c.node))
			}
		}
		cols, sets = append(cols, c), append(sets, it)
	}
	p.str(" THEN INSERT")
	p.names(cols)
	p.str(" VALUES (")
	for i, it := range sets {
		if i > 0 {
			p.str(", ")
		}
		p.assigned(it.on, cols[i])
	}
	p.str(")")
}

// updateByMerge writes an UPDATE with another table as a MERGE, for a database
// that has no other way. Conditions on columns that are set cannot stand in ON
// there: they filter the rows that match.
func (p *printer) updateByMerge(c clauses, s *parts, t *source) {
	const instead = "set the columns to scalar queries, and find the rows with EXISTS or IN"
	items := c.items()
	from := s.of(items, clauseFrom)
	for i := range from {
		if from[i].clause == clauseFrom && from[i].n == nil { // reported by enter
			p.examineItems(items, "SET")
			return
		}
	}
	if many(from) {
		before := p.w.Mistakes()
		one, ok := p.oneSource(c, s, t)
		if !ok || p.w.Mistakes() != before {
			p.examineItems(items, "SET")
			return
		}
		p.scope = p.scope[:p.base]
		var of parts
		p.collect(one.items(), &of)
		p.updateByMerge(one, &of, t)
		return
	}
	if s.is(clauseReturning) && !p.f.Merging.Returning {
		p.unsupported("RETURNING of an UPDATE with another table", instead)
	}
	if s.is(clauseLimit) || s.is(clauseOrder) {
		p.unsupported("ORDER BY and LIMIT of an UPDATE with other tables", "find the rows by their keys, in a derived table")
	}
	p.examineReturning(items)
	on, rest := newClauses(0), newClauses(0)
	for i := range items {
		it := items[i]
		if it.clause != clauseWhere || it.n != nil && it.n.op == opNothing {
			continue
		}
		late := false
		for j := range items {
			if items[j].clause == clauseSet && p.f.Merging.FixedOn && it.n.mentions(items[j].n) {
				late = true
			}
		}
		if late {
			rest = rest.with(it)
		} else {
			on = on.with(it)
		}
	}
	p.str("MERGE INTO ")
	p.targetName(items, s, t)
	p.others(items, s, " USING ")
	p.str(" ON (")
	if !p.where(on.items(), clauseWhere, "", "WHERE") {
		p.str("1 = 1")
	}
	p.str(") WHEN MATCHED")
	if !p.f.Merging.CondAfter {
		p.where(rest.items(), clauseWhere, " AND ", "WHERE")
	}
	p.in("SET")
	p.str(" THEN UPDATE SET ")
	if !p.assignments(items, t, clauseSet, " = ") && !s.is(clauseHint) {
		p.fail("empty SET")
	}
	if p.f.Merging.CondAfter {
		p.where(rest.items(), clauseWhere, " WHERE ", "WHERE")
	}
	p.str(p.f.Merging.End)
}

// many reports whether a FROM has more than one table.
func many(from []item) bool {
	n := 0
	for i := range from {
		if it := &from[i]; it.clause == clauseFrom {
			n++
			if it.n.ext.(*source).kind == joinedSource {
				n++
			}
		}
	}
	return n > 1
}

// mentions reports whether an expression names a column, or holds a raw text
// or a reference that might.
func (n *node) mentions(col *node) bool {
	if n == nil || col == nil {
		return false
	}
	if n == col || n.op == opRef || n.op == opDefer {
		return true
	}
	if n.l.mentions(col) || n.r.mentions(col) {
		return true
	}
	among := func(list []*node) bool {
		for _, c := range list {
			if c.mentions(col) {
				return true
			}
		}
		return false
	}
	switch x := n.ext.(type) {
	case []*node:
		if among(x) {
			return true
		}
	case *custom:
		return among(x.children)
	case *caseData:
		for _, b := range x.whens {
			if b.cond.mentions(col) || b.then.mentions(col) {
				return true
			}
		}
		return x.or.mentions(col)
	case *values:
		for _, v := range x.list {
			if exprIn(v).mentions(col) {
				return true
			}
		}
	case *[2]any:
		return exprIn(x[0]).mentions(col) || exprIn(x[1]).mentions(col)
	case Query:
		for _, it := range x.clauses().items() {
			if it.clause != clauseFrom && (it.n.mentions(col) || it.on.mentions(col)) {
				return true
			}
		}
	default:
		if e := exprIn(n.ext); e != nil && n.op != opColumn && n.op != opLabel {
			return e.mentions(col)
		}
	}
	return (n.op == opText || n.op == opTextCond) && strings.Contains(n.name, col.name)
}
