package dialecttest

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// shapeCases are what a SELECT can be made of: labels, values, tables of the
// same name, and values that stand in the text.
var shapeCases = []testCase{
	{name: "order by a label of a column", run: labelPlain},
	{name: "order by a label of a column, descending", run: labelDesc},
	{name: "order by a label of a sum", run: labelSum},
	{name: "order by a label of a sum, descending", run: labelSumDesc},
	{name: "order by several labels", run: labelSeveral},
	{name: "group by a label", run: labelGroup},
	{name: "rows of values as a table", run: valuesTable},
	{name: "a join of tables of the same name in two schemas", needs: twoSchemas, run: sameNameBoth},
	{name: "columns of one of two tables of the same name", needs: twoSchemas, run: sameNameOne},
	{name: "a derived table of two tables of the same name", needs: twoSchemas, run: sameNameDerived},
	{name: "a literal stands in the text, a value does not", run: literalText},
	{name: "a parameter with a name takes a literal's place", run: literalNamed},
	{name: "a literal finds its row", run: literalFinds},
	{name: "a list of literals", run: literalList},
	{name: "a list of pairs of literals", run: literalPairs},
	{name: "a list of pairs of literals of unlike types", run: literalUnlike},
	{name: "DISTINCT ON, or its refusal", run: distinctOn},
}

var twoSchemas = feature("DDL.CreateSchema", func(f *dialect.Features) bool { return f.DDL.CreateSchema })

func labelPlain(t *T) {
	q := t.quads()
	lx := q.x.As("lx")
	t.wantLines(q.c, expr.Select(lx).From(q).OrderBy(lx.Asc()), "1; 2; 3; 4")
	t.wantLines(q.c, expr.Select(lx).From(q).OrderBy(lx), "1; 2; 3; 4")
}

func labelDesc(t *T) {
	q := t.quads()
	lx := q.x.As("lx")
	t.wantLines(q.c, expr.Select(lx).From(q).OrderBy(lx.Desc()), "4; 3; 2; 1")
}

func labelSum(t *T) {
	q := t.quads()
	lx := expr.Add(q.x, q.y).As("lx")
	t.wantLines(q.c, expr.Select(lx).From(q).OrderBy(lx.Asc()), "3; 5; 7; 9")
}

func labelSumDesc(t *T) {
	q := t.quads()
	lx := expr.Add(q.x, q.y).As("lx")
	t.wantLines(q.c, expr.Select(lx).From(q).OrderBy(lx.Desc()), "9; 7; 5; 3")
}

func labelSeveral(t *T) {
	q := t.quads()
	t.exec(q.c, expr.Insert(q).Values(q.id.Set(5), q.x.Set(2), q.y.Set(3), q.z.Set("Z9")))
	lx := expr.Add(q.x, q.y).As("lx")
	ly := expr.Concat(expr.Lower(q.z), expr.Value("!")).As("ly")
	t.wantLines(q.c, expr.Select(lx, ly).From(q).OrderBy(lx.Asc(), ly.Desc()), "3 z1!; 5 z9!; 5 z2!; 7 z3!; 9 z4!")
}

func labelGroup(t *T) {
	q := t.quads()
	t.exec(q.c, expr.Insert(q).Values(q.id.Set(5), q.x.Set(3), q.y.Set(2)))
	lx := expr.Add(q.x, q.y).As("lx")
	t.wantLines(q.c, expr.Select(expr.Count(q.id).As("n"), lx).From(q).GroupBy(lx).OrderBy(lx.Asc()), "1 3; 2 5; 1 7; 1 9")
}

func valuesTable(t *T) {
	v := expr.Values([]expr.ColumnDef{expr.Def[int64]("id"), expr.Def[string]("name")}, []any{1, "name1"}, []any{2, "name2"}, []any{3, nil}).As("v")
	id, name := expr.C[int64](v, "id"), expr.C[string](v, "name")
	c := t.conn()
	t.wantLines(c, expr.Select(id, name).From(v).OrderBy(id.Asc()), "1 name1; 2 name2; 3 NULL")
	t.wantLines(c, expr.Select(name).From(v).Where(id.Gt(1), name.IsNotNull()), "name2")
	q := t.quads()
	t.wantLines(c, expr.Select(q.z, name).From(q).Join(v, expr.Eq(q.id, id)).OrderBy(q.id.Asc()), "z1 name1; z2 name2; z3 NULL")
}

// sameName makes two tables of one name: a child in the default schema and its
// parent in another, which gets a role of its own in statements: without one, which of
// them a name is for would be a guess, and is refused.
func (t *T) sameName() (c dialect.Conn, child *schema.Dynamic, parent expr.Table, on expr.Cond, id, ref, pid expr.Col[int64]) {
	t.Helper()
	home, name := string(t.schema()), t.newName()
	other := t.defined(home+"."+name, schema.Integer("id").PrimaryKey())
	child = t.defined(name, schema.Integer("id").PrimaryKey(), schema.Integer("parent_id"))
	id, ref, pid = schema.C[int64](child, "id"), schema.C[int64](child, "parent_id"), schema.C[int64](other, "id")
	t.insertMany(other, []expr.AnyColumn{pid}, []any{1}, []any{2})
	t.insertMany(child, []expr.AnyColumn{id, ref}, []any{1, 2}, []any{3, 2}, []any{4, 9})
	c = t.conn()
	_, err := t.tryExec(t.ctx, c, expr.Select(id, pid.As("pid")).From(child).Join(other, expr.Eq(ref, pid)))
	t.wantKind(err, dialect.ErrStatement)
	parent = expr.As(other, "parents")
	pid = expr.C[int64](parent, "id")
	return c, child, parent, expr.Eq(ref, pid), id, ref, pid
}

func sameNameBoth(t *T) {
	c, child, parent, on, id, ref, pid := t.sameName()
	t.wantLines(c, expr.Select(id, ref, pid.As("pid")).From(child).Join(parent, on).OrderBy(id.Asc()), "1 2 2; 3 2 2")
}

func sameNameOne(t *T) {
	c, child, parent, on, id, ref, pid := t.sameName()
	t.wantLines(c, expr.Select(id, ref).From(child).Join(parent, on).Where(id.Eq(3)), "3 2")
	t.wantLines(c, expr.Select(pid).From(parent).OrderBy(pid.Asc()), "1; 2")
}

func sameNameDerived(t *T) {
	c, child, parent, on, id, ref, _ := t.sameName()
	sub := expr.Select(id, ref).From(child).Join(parent, on).Where(id.Eq(3)).As("sub")
	sid, sref := expr.C[int64](sub, "id"), expr.C[int64](sub, "parent_id")
	t.wantLines(c, expr.Select(id, ref, sid.As("sid")).From(child).Join(sub, expr.Eq(ref, sref)).Where(id.Eq(1)), "1 2 3")
}

// textArgs are the text and the arguments of a statement.
func (t *T) textArgs(s dialect.Statement) (text string, args int) {
	t.Helper()
	q, err := dialect.Compile(t.d, s)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer q.Release()
	return q.Text(), len(q.Args())
}

func literalText(t *T) {
	q := t.quads()
	same, _ := t.textArgs(q.where(q.x.Eq(1)))
	if text, n := t.textArgs(q.where(q.x.Eq(2))); text != same || n != 1 {
		t.Errorf("another value makes another text, with %d parameters:\n%s\n%s", n, same, text)
	}
	one, _ := t.textArgs(q.where(expr.Eq(q.x, number(1))))
	if two, n := t.textArgs(q.where(expr.Eq(q.x, number(2)))); two == one || n != 0 {
		t.Errorf("a literal has %d parameters:\n%s", n, two)
	}
	t.wantLines(q.c, q.where(expr.Eq(q.x, number(2))), "2")
}

func literalNamed(t *T) {
	q := t.quads()
	s := q.where(expr.Eq(q.x, expr.Param[int64]("n")))
	_, err := t.tryExec(t.ctx, q.c, s)
	t.wantKind(err, dialect.ErrStatement) // it has no value
	for n, want := range map[int]string{1: "1", 4: "4", 10: ""} {
		t.wantLines(q.c, expr.WithValues(s, dialect.Named{"n": n}), want)
	}
}

func literalFinds(t *T) {
	q := t.quads()
	for n, want := range map[int64]string{1: "1", 4: "4", 10: ""} {
		s := q.where(expr.Eq(q.x, number(n)))
		t.unbound(s)
		t.wantLines(q.c, s, want)
	}
}

func literalList(t *T) {
	q := t.quads()
	s := q.where(expr.InList(q.x, number(5), number(3), number(7)))
	t.unbound(s)
	t.wantLines(q.c, s, "3")
}

func literalPairs(t *T) {
	q := t.quads()
	s := q.where(expr.Row(q.x, q.y).In([]any{number(3), number(4)}, []any{number(4), number(18)}))
	t.unbound(s)
	t.wantLines(q.c, s, "3")
}

func literalUnlike(t *T) {
	q := t.quads()
	s := q.where(expr.Row(q.x, q.z).In([]any{number(3), expr.Literal("z3")}, []any{number(4), expr.Literal("it's \\ ?")}))
	t.unbound(s)
	t.wantLines(q.c, s, "3")
}

func distinctOn(t *T) {
	q := t.quads()
	t.exec(q.c, expr.Insert(q).Values(q.id.Set(5), q.x.Set(1), q.y.Set(1)))
	s := expr.Select(q.x, q.y).From(q).DistinctOn(q.x).OrderBy(q.x.Asc(), q.y.Asc())
	if !t.f.DistinctOn {
		t.refuses(q.c, s)
		return
	}
	t.wantLines(q.c, s, "1 1; 2 3; 3 4; 4 5")
}
