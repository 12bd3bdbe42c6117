package dialecttest

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Lists are written into the statement, or have a name by which they are given
// to it later; both mean the same.
var listCases = []testCase{
	{name: "a list in the statement", run: func(t *T) { listOf(t, written) }},
	{name: "a list given by name", run: func(t *T) { listOf(t, byName) }},
	{name: "several empty lists in the statement", run: func(t *T) { listsEmpty(t, written) }},
	{name: "several empty lists given by name", run: func(t *T) { listsEmpty(t, byName) }},
	{name: "an empty list of numbers matches nothing", run: func(t *T) { listNoNumber(t, written, false) }},
	{name: "an empty list of numbers given by name matches nothing", run: func(t *T) { listNoNumber(t, byName, false) }},
	{name: "NOT IN an empty list of numbers matches every row", run: func(t *T) { listNoNumber(t, written, true) }},
	{name: "NOT IN an empty list of numbers given by name matches every row", run: func(t *T) { listNoNumber(t, byName, true) }},
	{name: "an empty list of texts matches nothing", run: func(t *T) { listNoText(t, written, false) }},
	{name: "an empty list of texts given by name matches nothing", run: func(t *T) { listNoText(t, byName, false) }},
	{name: "NOT IN an empty list of texts matches every row", run: func(t *T) { listNoText(t, written, true) }},
	{name: "NOT IN an empty list of texts given by name matches every row", run: func(t *T) { listNoText(t, byName, true) }},
	{name: "NULL is not in an empty list", run: func(t *T) { listNull(t, written) }},
	{name: "NULL is not in an empty list given by name", run: func(t *T) { listNull(t, byName) }},
	{name: "IN a list and NOT IN an empty one", run: func(t *T) { listsBoth(t, false) }},
	{name: "IN an empty list and NOT IN one", run: func(t *T) { listsBoth(t, true) }},
	{name: "a list in raw text", run: listText},
	{name: "a list of a type in raw text", run: listTyped},
	{name: "pairs of numbers in the statement", run: func(t *T) { listPairs(t, written) }},
	{name: "pairs of numbers given by name", run: func(t *T) { listPairs(t, byName) }},
	{name: "pairs of unlike types in the statement", run: func(t *T) { listUnlike(t, written) }},
	{name: "pairs of unlike types given by name", run: func(t *T) { listUnlike(t, byName) }},
	{name: "an empty list of pairs of numbers in the statement", run: func(t *T) { listNoPairs(t, written) }},
	{name: "an empty list of pairs of numbers given by name", run: func(t *T) { listNoPairs(t, byName) }},
	{name: "an empty list of pairs of unlike types in the statement", run: func(t *T) { listNoUnlike(t, written) }},
	{name: "an empty list of pairs of unlike types given by name", run: func(t *T) { listNoUnlike(t, byName) }},
	{name: "pairs in raw text", needs: tupleLists, run: listTextPairs},
	{name: "structs are pairs in raw text", needs: tupleLists, run: listTextStructs},
	{name: "rows of a statement are pairs in raw text", needs: tupleLists, run: listTextTuples},
	{name: "pairs in raw text are refused where lists have none", needs: without("RowIn", func(f *dialect.Features) bool { return f.RowIn == dialect.NoRowIn }), run: listTextRefused},
}

var tupleLists = feature("RowIn", func(f *dialect.Features) bool { return f.RowIn != dialect.NoRowIn })

// way says how a list comes into a statement.
type way bool

const (
	written way = false
	byName  way = true
)

// quads is a table of numbers and texts.
type quads struct {
	expr.Table
	id, x, y expr.Col[int64]
	z        expr.Col[string]
	c        dialect.Conn
	name     ident
}

// quads makes the table with four rows, from (1, 1, 2, "z1") to (4, 4, 5, "z4").
func (t *T) quads() *quads {
	t.Helper()
	columns := []col{key, {"x", integer, ""}, {"y", integer, ""}, {"z", varchar, ""}}
	name := t.table(columns[0], columns[1], columns[2], columns[3])
	q := &quads{Table: tableOf(name, columns...), c: t.conn(), name: name}
	q.id, q.x, q.y, q.z = expr.C[int64](q, "id"), expr.C[int64](q, "x"), expr.C[int64](q, "y"), expr.C[string](q, "z")
	var rows [][]any
	for i := int64(1); i <= 4; i++ {
		rows = append(rows, []any{i, i, i + 1, "z" + string('0'+rune(i))})
	}
	t.insertMany(q, []expr.AnyColumn{q.id, q.x, q.y, q.z}, rows...)
	return q
}

func (q *quads) where(conds ...expr.Cond) expr.SelectStmt {
	return expr.Select(q.id).From(q).Where(conds...).OrderBy(q.id.Asc())
}

// in is x IN a list, and what must be given to the statement for it.
func in[G any](w way, x expr.Of[G], name string, list []G, given dialect.Named) expr.Cond {
	if w == written {
		return expr.Typed[G](x).In(list...)
	}
	given[name] = list
	return expr.InParam(x, name)
}

// wantGiven is wantLines of a statement with lists given by name, twice: what
// it was given first stays with that run.
func (t *T) wantGiven(c dialect.Conn, s dialect.Statement, given dialect.Named, want string) {
	t.Helper()
	if len(given) == 0 {
		t.wantLines(c, s, want)
		return
	}
	_, err := t.tryExec(t.ctx, c, s)
	t.wantKind(err, dialect.ErrStatement) // the lists are not given
	for range 2 {
		t.wantLines(c, expr.WithValues(s, given), want)
	}
}

func listOf(t *T, w way) {
	q, given := t.quads(), dialect.Named{}
	s := q.where(in(w, q.x, "q", []int64{2, 3, 4}, given))
	t.wantGiven(q.c, s, given, "2; 3; 4")
	if w == byName {
		t.wantLines(q.c, expr.WithValues(s, dialect.Named{"q": []int64{1}}), "1")
	}
}

func listsEmpty(t *T, w way) {
	q, given := t.quads(), dialect.Named{}
	t.wantLines(q.c, q.where(), "1; 2; 3; 4")
	t.wantGiven(q.c, q.where(in(w, q.x, "q", []int64{}, given), in(w, q.y, "p", []int64{}, given)), given, "")
	t.wantGiven(q.c, q.where(expr.Or(in(w, q.x, "q", []int64{}, given), in(w, q.y, "p", []int64{3}, given))), given, "2")
}

func listNone[G any](t *T, w way, not bool, q *quads, x expr.Of[G]) {
	given := dialect.Named{}
	cond, want := in(w, x, "q", []G{}, given), ""
	if not {
		cond, want = expr.Not(cond), "1; 2; 3; 4; 5"
	}
	t.exec(q.c, expr.Insert(q).Values(q.id.Set(5))) // NULL is in no empty list either
	t.wantLines(q.c, q.where(), "1; 2; 3; 4; 5")
	t.wantGiven(q.c, q.where(cond), given, want)
}

func listNoNumber(t *T, w way, not bool) {
	q := t.quads()
	listNone(t, w, not, q, q.x)
}

func listNoText(t *T, w way, not bool) {
	q := t.quads()
	listNone(t, w, not, q, q.z)
}

func listNull(t *T, w way) {
	given := dialect.Named{}
	cond := in(w, expr.Null[int64](), "q", []int64{}, given)
	value := expr.Case[int64]().When(cond, 1).When(expr.Not(cond), 2).Else(3).End()
	t.wantGiven(t.conn(), expr.Select(value.As("x")), given, "2")
}

func listsBoth(t *T, empty bool) {
	q := t.quads()
	if empty {
		t.wantLines(q.c, q.where(q.id.NotIn(2, 3)), "1; 4")
		t.wantLines(q.c, q.where(q.x.In(), q.id.NotIn(2, 3)), "")
		return
	}
	t.wantLines(q.c, q.where(q.x.In(2, 3), q.id.NotIn()), "2; 3")
}

// raw is a statement in raw text.
func (q *quads) raw(t *T, cond string, values dialect.Named) dialect.Statement {
	w, err := dialect.Compile(t.d, say{"SELECT ", ident("id"), " FROM ", q.name, " WHERE "})
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer w.Release()
	return dialect.Text(w.Text()+cond, values)
}

func listText(t *T) {
	q := t.quads()
	t.wantLines(q.c, q.raw(t, "z IN (:q) ORDER BY id", dialect.Named{"q": []string{"z2", "z3", "z4"}}), "2; 3; 4")
	t.wantLines(q.c, q.raw(t, "z IN (:q) ORDER BY id", dialect.Named{"q": []any{"z2", "z3"}}), "2; 3")
	t.wantLines(q.c, q.where(expr.TextCond("z IN (:q)", dialect.Named{"q": []string{"z4"}})), "4")
	t.wantLines(q.c, q.raw(t, "z IN (:q)", dialect.Named{"q": []string{}}), "")
}

func listTyped(t *T) {
	type code string
	q := t.quads()
	t.wantLines(q.c, q.raw(t, "z IN (:q) ORDER BY id", dialect.Named{"q": []code{"z2", "z3", "z4"}}), "2; 3; 4")
	t.wantLines(q.c, q.raw(t, "z IN (:q) ORDER BY id", dialect.Named{"q": [2]string{"z2", "z4"}}), "2; 4")
}

// inPairs is (a, b) IN a list of pairs.
func inPairs[A, B any](w way, a expr.Of[A], b expr.Of[B], list []expr.Tuple2[A, B], given dialect.Named) expr.Cond {
	row := expr.RowOf2(a, b)
	if w == written {
		return row.In(list...)
	}
	given["q"] = list
	return row.InParam("q")
}

var (
	numberPairs = []expr.Tuple2[int64, int64]{{A: 2, B: 3}, {A: 3, B: 4}, {A: 4, B: 5}, {A: 1, B: 5}}
	unlikePairs = []expr.Tuple2[int64, string]{{A: 2, B: "z2"}, {A: 3, B: "z3"}, {A: 4, B: "z4"}, {A: 1, B: "z4"}}
)

func listPairs(t *T, w way) {
	q, given := t.quads(), dialect.Named{}
	cond := inPairs(w, q.x, q.y, numberPairs, given)
	t.wantGiven(q.c, q.where(cond), given, "2; 3; 4")
	t.wantGiven(q.c, q.where(expr.Not(cond)), given, "1")
}

func listUnlike(t *T, w way) {
	q, given := t.quads(), dialect.Named{}
	cond := inPairs(w, q.x, q.z, unlikePairs, given)
	t.wantGiven(q.c, q.where(cond), given, "2; 3; 4")
	t.wantGiven(q.c, q.where(expr.Not(cond)), given, "1")
}

// listNonePairs checks lists of pairs that are empty now and then.
func listNonePairs[A, B any](t *T, w way, q *quads, a expr.Of[A], b expr.Of[B], list []expr.Tuple2[A, B]) {
	for _, x := range []struct {
		list  []expr.Tuple2[A, B]
		match string
		rest  string
	}{{list[:0], "", "1; 2; 3; 4"}, {list, "2; 3; 4", "1"}, {list[:0], "", "1; 2; 3; 4"}} {
		given := dialect.Named{}
		cond := inPairs(w, a, b, x.list, given)
		t.wantGiven(q.c, q.where(cond), given, x.match)
		t.wantGiven(q.c, q.where(expr.Not(cond)), given, x.rest)
	}
}

func listNoPairs(t *T, w way) {
	q := t.quads()
	listNonePairs(t, w, q, q.x, q.y, numberPairs)
}

func listNoUnlike(t *T, w way) {
	q := t.quads()
	listNonePairs(t, w, q, q.x, q.z, unlikePairs)
}

const pairText = "(x, z) IN (:q) ORDER BY id"

func listTextPairs(t *T) {
	q := t.quads()
	t.wantLines(q.c, q.raw(t, pairText, dialect.Named{"q": [][]any{{2, "z2"}, {3, "z3"}, {4, "z4"}, {1, "z4"}}}), "2; 3; 4")
	t.wantLines(q.c, q.raw(t, pairText, dialect.Named{"q": [][]any{}}), "")
	t.wantLines(q.c, q.raw(t, "(x, z) NOT IN (:q) ORDER BY id", dialect.Named{"q": [][]any{{2, "z2"}, {4, "z4"}}}), "1; 3")
}

func listTextStructs(t *T) {
	type pair struct {
		X int64
		Z string
	}
	q := t.quads()
	t.wantLines(q.c, q.raw(t, pairText, dialect.Named{"q": []pair{{2, "z2"}, {3, "z3"}, {4, "z4"}, {1, "z4"}}}), "2; 3; 4")
	t.wantLines(q.c, q.raw(t, pairText, dialect.Named{"q": []*pair{{3, "z3"}}}), "3")
}

func listTextTuples(t *T) {
	q := t.quads()
	t.wantLines(q.c, q.raw(t, pairText, dialect.Named{"q": unlikePairs}), "2; 3; 4")
	t.wantLines(q.c, q.where(expr.TextCond("(x, z) IN (:q)", dialect.Named{"q": unlikePairs[1:]})), "3; 4")
}

func listTextRefused(t *T) {
	q := t.quads()
	_, err := t.tryExec(t.ctx, q.c, q.raw(t, pairText, dialect.Named{"q": [][]any{{2, "z2"}}}))
	t.wantKind(err, dialect.ErrUnsupported)
}
