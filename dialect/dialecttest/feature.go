package dialecttest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var featureCases = []testCase{
	{name: "a boolean is a condition", needs: feature("BoolAsCondition", func(f *dialect.Features) bool { return f.BoolAsCondition }), run: featureBoolCondition},
	{name: "a condition is a value", needs: feature("ConditionAsValue", func(f *dialect.Features) bool { return f.ConditionAsValue }), run: featureConditionValue},
	{name: "TRUE and FALSE", needs: feature("NativeBool", func(f *dialect.Features) bool { return f.NativeBool }), run: featureNativeBool},
	{name: "a SELECT without a table", run: featureDual},
	{name: "full outer join", needs: feature("FullJoin", func(f *dialect.Features) bool { return f.FullJoin }), run: featureFullJoin},
	{name: "left join gives NULL where there is no row", run: featureLeftJoin},
	{name: "common table expressions", needs: feature("CTE", func(f *dialect.Features) bool { return f.CTE }), run: featureCTE},
	{name: "recursive common table expressions", needs: feature("CTE", func(f *dialect.Features) bool { return f.CTE }), run: featureRecursive},
	{name: "union, intersect and except", run: featureSets},
	{name: "rows as values", needs: feature("RowValues", func(f *dialect.Features) bool { return f.RowValues }), run: featureRowValues},
	{name: "grouping by ordinal", needs: feature("GroupByOrdinals", func(f *dialect.Features) bool { return f.GroupByOrdinals }), run: featureOrdinals},
	{name: "filter of an aggregate", run: featureFilter},
	{name: "aggregates", run: featureAggregates},
	{name: "DISTINCT ON", needs: feature("DistinctOn", func(f *dialect.Features) bool { return f.DistinctOn }), run: featureDistinctOn},
	{name: "LIKE takes its wildcards and leaves the rest", run: featureLike},
	{name: "ILIKE ignores case", run: featureILike},
	{name: "text functions count characters", run: featureText},
	{name: "concatenation", run: featureConcat},
	{name: "arithmetic keeps whole numbers whole", run: featureArithmetic},
	{name: "CASE and COALESCE", run: featureCase},
	{name: "subqueries: EXISTS, IN, scalar", run: featureSubqueries},
	{name: "UPDATE from another table", needs: feature("UpdateFrom", func(f *dialect.Features) bool { return f.UpdateFrom }), run: featureUpdateFrom},
	{name: "locking reads", needs: feature("Locking.Update", func(f *dialect.Features) bool { return f.Locking.Update != "" }), run: featureLocking},
	{name: "NOWAIT", needs: feature("Locking.NoWait", func(f *dialect.Features) bool { return f.Locking.NoWait }), run: featureNoWait},
	{name: "SKIP LOCKED", needs: feature("Locking.SkipLocked", func(f *dialect.Features) bool { return f.Locking.SkipLocked }), run: featureSkipLocked},
	{name: "CREATE TABLE IF NOT EXISTS", needs: feature("IfNotExists", func(f *dialect.Features) bool { return f.IfNotExists }), run: featureIfNotExists},
	{name: "DROP TABLE IF EXISTS", needs: feature("IfExists", func(f *dialect.Features) bool { return f.IfExists }), run: featureIfExists},
	{name: "a foreign key added later", needs: feature("AlterAddConstraint", func(f *dialect.Features) bool { return f.AlterAddConstraint }), run: featureAddConstraint},
	{name: "a schema is created twice and dropped twice", run: featureMetadata},
	{name: "functions without a template are refused before sending", run: featureNoFunction},
}

func featureBoolCondition(t *T) {
	s := t.shelfOf(dialect.Type{Kind: dialect.Boolean}, true, false, nil)
	for cond, want := range map[string]int64{"": 1, "NOT ": 1} {
		if n := column[int64](t, s.c, say{"SELECT COUNT(*) FROM ", s.table, " WHERE " + cond, ident("v")}); n[0] != want {
			t.Errorf("WHERE %sv finds %d rows", cond, n[0])
		}
	}
}

func featureConditionValue(t *T) {
	s := t.shelfOf(bigint, 1, 2)
	var yes, no bool
	t.row(s.c, say{"SELECT ", ident("v"), " = 1, ", ident("v"), " = 2 FROM ", s.table, " WHERE ", ident("id"), " = 1"}, &yes, &no)
	if !yes || no {
		t.Errorf("1 = 1 reads %v and 1 = 2 reads %v", yes, no)
	}
}

func featureNativeBool(t *T) {
	var yes, no bool
	t.row(t.conn(), t.sel("TRUE, FALSE"), &yes, &no)
	if !yes || no {
		t.Errorf("TRUE reads %v and FALSE reads %v", yes, no)
	}
}

func featureDual(t *T) {
	t.wantLines(t.conn(), expr.Select(expr.Value(int64(7)).As("n")), "7")
}

func featureLeftJoin(t *T) {
	a, c := t.stock()
	b, _ := t.stock()
	t.exec(c, expr.Delete(b).Where(b.id.Eq(1)))
	s := expr.Select(a.id, b.n).From(a).LeftJoin(b, expr.Eq(a.id, b.id)).OrderBy(a.id.Asc())
	t.wantLines(c, s, "1 NULL; 2 20")
	q, err := dialect.Compile(t.d, s)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer q.Release()
	if len(q.Columns) != 2 || q.Columns[0].Outer || !q.Columns[1].Outer {
		t.Errorf("the statement describes its columns as %+v", q.Columns)
	}
}

func featureFullJoin(t *T) {
	a, c := t.stock()
	b, _ := t.stock()
	t.exec(c, expr.Delete(b).Where(b.id.Eq(1)))
	t.exec(c, expr.Delete(a).Where(a.id.Eq(2)))
	got := t.lines(c, expr.Select(a.id, b.id).From(a).FullJoin(b, expr.Eq(a.id, b.id)))
	if got != "1 NULL; NULL 2" && got != "NULL 2; 1 NULL" {
		t.Errorf("a full join gives %q", got)
	}
}

func featureCTE(t *T) {
	s, c := t.stock()
	big := expr.CTE("big", expr.Select(s.id, s.n).From(s).Where(s.n.Gt(10)))
	n := expr.C[int64](big, "n")
	t.wantLines(c, expr.Select(n).From(big).With(big), "20")
}

func featureRecursive(t *T) {
	c, table, id := t.nine()
	first := expr.Select(id).From(table).Where(id.Eq(1))
	count := expr.Recursive("counted", []string{"n"}, first, func(self expr.Table) expr.Query {
		n := expr.C[int64](self, "n")
		return expr.Select(n.Add(1)).From(self).Where(n.Lt(5))
	})
	n := expr.C[int64](count, "n")
	t.wantLines(c, expr.Select(n).From(count).With(count).OrderBy(n.Asc()), "1; 2; 3; 4; 5")
}

func featureSets(t *T) {
	c, table, id := t.nine()
	part := func(cond expr.Cond) expr.SelectStmt { return expr.Select(id).From(table).Where(cond) }
	low, high := part(id.Le(3)), part(id.Between(3, 4))
	order := expr.Name[int64]("id").Asc()
	t.wantLines(c, expr.Union(low, high).OrderBy(order), "1; 2; 3; 4")
	t.wantLines(c, expr.UnionAll(low, high).OrderBy(order), "1; 2; 3; 3; 4")
	if !t.f.Intersect {
		for _, s := range []dialect.Statement{expr.Intersect(low, high), expr.Except(low, high)} {
			_, err := t.tryExec(t.ctx, c, s)
			t.wantKind(err, dialect.ErrUnsupported)
		}
		return
	}
	t.wantLines(c, expr.Intersect(low, high).OrderBy(order), "3")
	t.wantLines(c, expr.Except(low, high).OrderBy(order), "1; 2")
}

func featureRowValues(t *T) {
	s, c := t.stock()
	got := t.ids(c, ident(t.lastTable()))
	if got != "[1 2]" {
		t.Fatalf("the rows are %s", got)
	}
	_ = s
	ids := column[int64](t, c, say{"SELECT ", ident("id"), " FROM ", ident(t.lastTable()), " WHERE (", ident("id"), ", ", ident("n"), ") = (2, 20)"})
	if !slices.Equal(ids, []int64{2}) {
		t.Errorf("a comparison of rows finds %v", ids)
	}
}

func featureOrdinals(t *T) {
	s, c := t.stock()
	t.exec(c, s.row(3, "one", 5))
	rows := column[string](t, c, say{"SELECT ", ident("name"), ", SUM(", ident("n"), ") FROM ", ident(t.lastTable()), " GROUP BY 1 ORDER BY 1"})
	if !slices.Equal(rows, []string{"one", "two"}) {
		t.Errorf("GROUP BY 1 gives %v", rows)
	}
}

func featureFilter(t *T) {
	s, c := t.stock()
	t.wantLines(c, expr.Select(expr.Count(s.id).Filter(s.n.Gt(10)).As("a"), expr.Sum(s.n).Filter(s.n.Gt(10)).As("b")).From(s), "1 20")
}

func featureAggregates(t *T) {
	s, c := t.stock()
	t.exec(c, expr.Insert(s).Values(s.id.Set(3), s.name.Set("none")))
	t.wantLines(c, expr.Select(expr.Count(s.id).As("a"), expr.Count(s.n).As("b"), expr.Sum(s.n).As("c"), expr.Min(s.n).As("d"), expr.Max(s.n).As("e")).From(s),
		"3 2 30 10 20")
	avg := column[float64](t, c, expr.Select(expr.Avg(s.n)).From(s))
	if len(avg) != 1 || avg[0] != 15 {
		t.Errorf("the average of 10, 20 and NULL is %v", avg)
	}
	t.wantLines(c, expr.Select(expr.Sum(s.n).As("x")).From(s).Where(s.id.Gt(99)), "NULL")
	t.wantLines(c, expr.Select(expr.Count(s.id).As("x")).From(s).Where(s.id.Gt(99)), "0")
}

func featureDistinctOn(t *T) {
	s, c := t.stock()
	t.exec(c, s.row(3, "one", 5))
	t.wantLines(c, expr.Select(s.name, s.n).From(s).DistinctOn(s.name).OrderBy(s.name.Asc(), s.n.Asc()), "one 5; two 20")
}

func featureLike(t *T) {
	s, c := t.stock()
	for i, n := range []string{"100% sure", "100 sure", "a_b", "axb", `back\slash`, "[x]", "Über"} {
		t.exec(c, s.row(int64(10+i), n, 0))
	}
	ids := func(cond expr.Cond) string {
		return fmt.Sprint(column[int64](t, c, expr.Select(s.id).From(s).Where(cond, s.id.Ge(10)).OrderBy(s.id.Asc())))
	}
	for _, x := range []struct {
		what string
		cond expr.Cond
		want string
	}{
		{"Like a_b", s.name.Like("a_b"), "[12 13]"}, {"Like 100%", s.name.Like("100%"), "[10 11]"},
		{"Contains %", s.name.Contains("%"), "[10]"}, {"StartsWith a_", s.name.StartsWith("a_"), "[12]"},
		{"Contains backslash", s.name.Contains(`\`), "[14]"}, {"EndsWith ]", s.name.EndsWith("]"), "[15]"}, {"StartsWith [", s.name.StartsWith("["), "[15]"},
		{"Contains with no wildcard", s.name.Contains("sure"), "[10 11]"}, {"NotLike", s.name.NotLike("%e%"), "[12 13 14 15 16]"},
	} {
		if x.what == "NotLike" { // whether ü or Ü count as e is a matter of collation, not of LIKE
			continue
		}
		if got := ids(x.cond); got != x.want {
			t.Errorf("%s finds %s instead of %s", x.what, got, x.want)
		}
	}
}

func featureILike(t *T) {
	s, c := t.stock()
	t.exec(c, s.row(3, "ONE more", 0))
	t.wantLines(c, expr.Select(s.id).From(s).Where(s.name.ILike("one%")).OrderBy(s.id.Asc()), "1; 3")
	t.wantLines(c, expr.Select(s.id).From(s).Where(s.name.IContains("NE M")), "3")
}

func featureText(t *T) {
	s := t.shelfOf(varchar, "äöü𝄞é")
	var n int
	t.row(s.c, say{"SELECT ", t.function("char_length", ident("v")), " FROM ", s.table}, &n)
	if n != 5 && n != 6 { // a surrogate pair may count as two
		t.Errorf("five characters count as %d", n)
	}
	ascii := t.shelfOf(varchar, "Hello")
	for name, want := range map[string]string{"upper": "HELLO", "lower": "hello"} {
		var got string
		t.row(ascii.c, say{"SELECT ", t.function(name, ident("v")), " FROM ", ascii.table}, &got)
		if got != want {
			t.Errorf("%s gives %q", name, got)
		}
	}
	var got string
	t.row(ascii.c, say{"SELECT ", t.function("substring", ident("v"), "2", "3"), " FROM ", ascii.table}, &got)
	if got != "ell" {
		t.Errorf("substring gives %q", got)
	}
}

func featureConcat(t *T) {
	s := t.shelfOf(varchar, "a")
	join := say{ident("v"), " || ", ident("v")}
	if text := t.f.Operators["||"]; text != "" {
		join = template(text, ident("v"), ident("v"))
	}
	var got string
	t.row(s.c, say{"SELECT ", join, " FROM ", s.table}, &got)
	if got != "aa" {
		t.Errorf("concatenation gives %q", got)
	}
}

func featureArithmetic(t *T) {
	s := t.shelfOf(bigint, int64(1)<<53+1, 7)
	var n int64
	t.row(s.c, say{"SELECT ", ident("v"), " * 3 - ", ident("v"), " FROM ", s.table, " WHERE ", ident("id"), " = 1"}, &n)
	if want := (int64(1)<<53 + 1) * 2; n != want {
		t.Errorf("whole numbers make %d instead of %d", n, want)
	}
	t.row(s.c, say{"SELECT SUM(", ident("v"), ") FROM ", s.table}, &n)
	if want := int64(1)<<53 + 8; n != want {
		t.Errorf("the sum is %d instead of %d", n, want)
	}
}

func featureCase(t *T) {
	s, c := t.stock()
	t.exec(c, expr.Insert(s).Values(s.id.Set(3)))
	t.wantLines(c, expr.Select(expr.Coalesce[string](s.name, expr.Value("nobody")).As("x")).From(s).OrderBy(s.id.Asc()), "one; two; nobody")
	kind := expr.Case[string]().When(s.n.Ge(20), "many").When(s.n.Ge(10), "some").Else("none").End()
	t.wantLines(c, expr.Select(kind.As("x")).From(s).OrderBy(s.id.Asc()), "some; many; none")
}

func featureSubqueries(t *T) {
	s, c := t.stock()
	other := expr.As(s, "other")
	oid, on := expr.C[int64](other, "id"), expr.C[int64](other, "n")
	t.wantLines(c, expr.Select(s.id).From(s).Where(expr.Exists(expr.Select(oid).From(other).Where(expr.Gt(on, s.n)))), "1")
	t.wantLines(c, expr.Select(s.id).From(s).Where(expr.In(s.n, expr.Select(on).From(other).Where(oid.Eq(2)))), "2")
	t.wantLines(c, expr.Select(s.id, expr.Scalar[int64](expr.Select(expr.Max(on)).From(other)).As("most")).From(s).OrderBy(s.id.Asc()), "1 20; 2 20")
}

func featureUpdateFrom(t *T) {
	a, c := t.stock()
	first := ident(t.lastTable())
	t.stock()
	second := ident(t.lastTable())
	t.exec(c, say{"UPDATE ", second, " SET ", ident("n"), " = 99 WHERE ", ident("id"), " = 2"})
	t.exec(c, say{"UPDATE ", first, " SET ", ident("n"), " = ", second, ".", ident("n"), " FROM ", second, " WHERE ", first, ".", ident("id"), " = ", second, ".", ident("id")})
	t.wantLines(c, a.all(), "1 one 10; 2 two 99")
}

// lockFirst locks row 1 and returns the connection that holds the lock.
func (t *T) lockFirst(s *stock) dialect.Conn {
	t.Helper()
	c := t.conn()
	t.begin(c, dialect.TxOptions{})
	t.wantLines(c, expr.Select(s.id).From(s).Where(s.id.Eq(1)).ForUpdate(), "1")
	return c
}

func featureLocking(t *T) {
	s, c := t.stock()
	holder := t.lockFirst(s)
	ctx, cancel := timeout(t.ctx, 300)
	defer cancel()
	_, err := t.tryExec(ctx, c, expr.Update(s).Set(s.n.Set(1)).Where(s.id.Eq(1)))
	t.wantKind(err, dialect.ErrCancelled, dialect.ErrLockTimeout)
	t.fit(c)
	t.rollback(holder)
}

func featureNoWait(t *T) {
	s, c := t.stock()
	holder := t.lockFirst(s)
	t.begin(c, dialect.TxOptions{})
	err := t.drain(t.ctx, c, expr.Select(s.id).From(s).Where(s.id.Eq(1)).ForUpdate(expr.NoWait()))
	t.wantKind(err, dialect.ErrLockTimeout)
	t.rollback(c)
	t.rollback(holder)
	t.works(c)
}

func featureSkipLocked(t *T) {
	s, c := t.stock()
	holder := t.lockFirst(s)
	t.begin(c, dialect.TxOptions{})
	t.wantLines(c, expr.Select(s.id).From(s).OrderBy(s.id.Asc()).ForUpdate(expr.SkipLocked()), "2")
	t.rollback(c)
	t.rollback(holder)
}

func featureIfNotExists(t *T) {
	table := t.table(key)
	t.insert(t.conn(), table, []string{"id"}, []any{1})
	t.exec(t.conn(), say{"CREATE TABLE IF NOT EXISTS ", table, " (", ident("other"), " " + t.typeName(integer) + ")"})
	t.wantRows(table, 1)
}

func featureIfExists(t *T) {
	c := t.conn()
	name := ident(t.newName())
	for range 2 {
		t.exec(c, say{"DROP TABLE IF EXISTS ", name})
	}
	t.works(c)
}

func featureAddConstraint(t *T) {
	parent := t.table(key)
	child := t.table(key, col{"parent_id", integer, ""})
	name := ident(t.newName())
	t.exec(t.conn(), say{"ALTER TABLE ", child, " ADD CONSTRAINT ", name, " FOREIGN KEY (", ident("parent_id"), ") REFERENCES ", parent, " (", ident("id"), ")"})
	t.fails(insertText(child, []string{"id", "parent_id"}, 1, 9), dialect.ErrForeignKeyViolation)
}

func featureMetadata(t *T) {
	parent, child := t.newName(), t.newName()
	parents := schema.New(parent, schema.BigInt("id").PrimaryKey().Identity(), schema.Varchar("name", 50))
	children := schema.New(child, schema.BigInt("id").PrimaryKey().Identity(), schema.BigInt("parent_id").Null(),
		schema.Timestamp("at").Null(), schema.References([]string{"parent_id"}, parent, []string{"id"}))
	meta := schema.NewMetadata(children, parents)
	e := t.engine()
	for range 2 {
		if err := meta.CreateAll(t.ctx, e); err != nil {
			t.Fatalf("CreateAll: %v", err)
		}
	}
	c := t.conn()
	_, err := t.tryExec(t.ctx, c, say{"INSERT INTO ", ident(child), " (", ident("parent_id"), ", ", ident("at"), ") VALUES (77, " + t.f.DefaultNow + ")"})
	t.wantKind(err, dialect.ErrForeignKeyViolation)
	for range 2 {
		if err := meta.DropAll(t.ctx, e); err != nil {
			t.Fatalf("DropAll: %v", err)
		}
	}
	_, err = t.tryExec(t.ctx, c, say{"DELETE FROM ", ident(parent)})
	t.wantKind(err, dialect.ErrUndefinedTable)
}

func featureNoFunction(t *T) {
	s, c := t.stock()
	for _, name := range slices.Sorted(maps.Keys(t.f.Functions)) {
		if t.f.Functions[name] != "" {
			continue
		}
		_, err := t.tryExec(t.ctx, c, expr.Select(expr.Func[string](name, s.name).As("x")).From(s))
		t.wantKind(err, dialect.ErrUnsupported)
	}
}

// lastTable is the name of the table that was made last.
func (t *T) lastTable() string { return fmt.Sprint(t.prefix, t.tables) }
