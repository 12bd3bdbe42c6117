package expr

import "github.com/sqlayer-go/sqlayer/dialect"

// Hint is advice to one database on how to run a SELECT; it does not change
// which rows are meant. Packages for one database make hints
// ([github.com/sqlayer-go/sqlayer/expr/my], [github.com/sqlayer-go/sqlayer/expr/ms]
// and so on). Databases that take no hints of the kind leave it out. The zero
// Hint is a mistake.
type Hint struct{ n *node }

type hint struct {
	kind  dialect.HintSet
	table *node // the source that it is for, or nil
	print func(w *dialect.Writer)
}

// NewHint makes a hint for a whole SELECT: print writes it, without what stands
// around all hints of the kind. It is written where the database's Features
// have the kind, with commas between hints. The kind is one of OracleHints,
// OptimizerHints and QueryOptions.
func NewHint(kind dialect.HintSet, print func(w *dialect.Writer)) Hint {
	switch kind {
	case dialect.OracleHints, dialect.OptimizerHints, dialect.QueryOptions:
		return newHint(kind, print)
	}
	return Hint{mistake("hint: not a kind of hint for a whole SELECT; those for a table are made by NewTableHint")}
}

func newHint(kind dialect.HintSet, print func(w *dialect.Writer)) Hint {
	if print == nil {
		return Hint{mistake("hint: no function")}
	}
	return Hint{&node{op: opHint, ext: &hint{kind: kind, print: print}}}
}

// NewTableHint makes a hint for one table of a SELECT; see [NewHint]. The kind is
// one of IndexHints, IndexedBy and TableHints.
func NewTableHint(kind dialect.HintSet, t Relation, print func(w *dialect.Writer)) Hint {
	switch kind {
	case dialect.IndexHints, dialect.IndexedBy, dialect.TableHints:
	default:
		return Hint{mistake("hint: not a kind of hint for a table; those for a whole SELECT are made by NewHint")}
	}
	h := newHint(kind, print)
	n := sourceNode(t)
	if n == nil {
		return Hint{mistake("hint: nil table")}
	}
	if x, ok := h.n.ext.(*hint); ok {
		x.table = n
	}
	return h
}

// Hint adds advice for one database.
func (s SelectStmt) Hint(hs ...Hint) SelectStmt {
	c, slots := s.c.grow(len(hs))
	for i, h := range hs {
		slots[i] = item{clause: clauseAdvice, n: h.n}
	}
	return SelectStmt{c}
}

// Prefix adds words after SELECT.
func (s SelectStmt) Prefix(ps ...Prefix) SelectStmt { return SelectStmt{s.c.prefixes(ps)} }

// Comment puts a comment at the end of the statement, by which it is found
// again in the database's logs. It is the program's own; what would end a
// comment, or begin one, is a mistake.
func (s SelectStmt) Comment(text string) SelectStmt { return SelectStmt{s.c.comment(text)} }

// Comment puts a comment at the end of the statement; see [SelectStmt.Comment].
func (s SetStmt) Comment(text string) SetStmt { return SetStmt{s.c.comment(text)} }

// Comment puts a comment at the end of the statement; see [SelectStmt.Comment].
func (s InsertStmt) Comment(text string) InsertStmt { return InsertStmt{s.c.comment(text)} }

// Comment puts a comment at the end of the statement; see [SelectStmt.Comment].
func (s UpdateStmt) Comment(text string) UpdateStmt { return UpdateStmt{s.c.comment(text)} }

// Comment puts a comment at the end of the statement; see [SelectStmt.Comment].
func (s DeleteStmt) Comment(text string) DeleteStmt { return DeleteStmt{s.c.comment(text)} }

// Comment puts a comment at the end of the statement; see [SelectStmt.Comment].
func (s MergeStmt) Comment(text string) MergeStmt { return MergeStmt{s.c.comment(text)} }

func (c clauses) comment(text string) clauses {
	return c.with(item{clause: clauseComment, n: &node{name: text}})
}

// modifier is a Relation whose name in FROM has something around it.
type modifier interface {
	Relation
	modified() (Relation, *modification)
}

// modification is what stands around a table's name.
type modification struct {
	print func(p *printer, s *source, table func())
	what  any // two of the same are equal; nil: it is equal to itself alone
}

// modify returns c with what stands around the name of a table, and with what
// stands around those of a joined table.
func (c clauses) modify(r Relation) clauses {
	for {
		m, ok := r.(modifier)
		if !ok {
			break
		}
		inner, around := m.modified()
		c = c.with(item{clause: clauseModify, n: sourceNode(inner), on: &node{ext: around}})
		r = inner
	}
	if j, ok := r.(JoinedTable); ok && j.s != nil {
		for _, it := range j.s.joins.items() {
			if it.clause == clauseModify {
				c = c.with(it)
			}
		}
	}
	return c
}

// plain returns c with a mistake if something stands around the name of a
// table for which there is no place.
func (c clauses) plain(r Relation, what string) clauses {
	if (clauses{}).modify(r).n > 0 {
		return c.with(item{clause: clauseHint, n: mistake("table %s: %s", sourceOf(r), what)})
	}
	return c
}

// CustomTable is a relation whose name in FROM has something around it: print
// writes that, and calls table where the name belongs. Its columns are those of
// the relation. What the dialect cannot say print reports with w.Unsupported.
func CustomTable(r Relation, print func(w *dialect.Writer, table func())) Relation {
	if print == nil || sourceOf(r) == nil {
		return Table{s: noSource("CustomTable of no table or with no function")}
	}
	return customTable{r: r, print: print}
}

// CustomTarget is [CustomTable] for what may also stand around the name of a
// table that an UPDATE, a DELETE or a MERGE changes.
func CustomTarget(r Relation, print func(w *dialect.Writer, table func())) Relation {
	t, ok := CustomTable(r, print).(customTable)
	if !ok {
		return CustomTable(r, print)
	}
	t.written = true
	return t
}

type customTable struct {
	r       Relation
	print   func(w *dialect.Writer, table func())
	written bool
}

func (t customTable) source() *source { return sourceOf(t.r) }

func (t customTable) modified() (Relation, *modification) {
	return t.r, &modification{print: func(p *printer, _ *source, table func()) { t.print(p.w, table) }}
}

// SampleTable is a part of a table's rows, see [Sample].
type SampleTable struct {
	r       Relation
	percent float64
	pages   bool
	seed    int64
	seeded  bool
}

// Sample is a random part of a table's rows, each with a chance of so many per
// cent. Its columns are those of the table. PostgreSQL and Oracle have it; SQL
// Server has samples of pages only.
func Sample(r Relation, percent float64) SampleTable { return SampleTable{r: r, percent: percent} }

// Pages draws whole pages of the table, not rows: faster, and more uneven.
func (t SampleTable) Pages() SampleTable {
	t.pages = true
	return t
}

// Seed makes the sample the same each time, as long as the table is.
func (t SampleTable) Seed(seed int64) SampleTable {
	t.seed, t.seeded = seed, true
	return t
}

func (t SampleTable) source() *source { return sourceOf(t.r) }

func (t SampleTable) modified() (Relation, *modification) {
	how := t
	how.r = nil
	return t.r, &modification{func(p *printer, s *source, table func()) { p.sample(t, s, table) }, how}
}
