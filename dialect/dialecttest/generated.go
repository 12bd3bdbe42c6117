package dialecttest

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// generatedCases are columns whose values come from the database.
var generatedCases = []testCase{
	{name: "computed columns are among all columns", needs: computes, run: computedAll},
	{name: "computed columns are selected alone", needs: computes, run: computedSome},
	{name: "an identity counts upwards from a number", needs: counts, run: identityUp},
	{name: "an identity counts downwards, and takes a value that is given", needs: counts, run: identityDown},
	{name: "an identity that always counts takes no value", needs: feature("DDL.IdentityAlways", func(f *dialect.Features) bool { return f.DDL.IdentityAlways != "" }), run: identityAlways},
	{name: "a plain identity counts from 1", run: identityPlain},
}

// square makes a table with computed columns, stored where the database has
// no others.
func (t *T) square() (c dialect.Conn, table *schema.Dynamic) {
	t.Helper()
	var how []schema.Storage
	if t.f.Computed == "" {
		how = append(how, schema.Stored)
	}
	side := schema.Self[int64]("side")
	table = t.defined(t.newName(), schema.Integer("id").PrimaryKey(), schema.Integer("side").Null(),
		schema.Integer("area").Null().Computed(expr.Mul(side, side), how...), schema.Integer("perimeter").Null().Computed(side.Mul(4), how...))
	id, s := schema.C[int64](table, "id"), schema.C[int64](table, "side")
	t.insertMany(table, []expr.AnyColumn{id, s}, []any{1, 10}, []any{10, 42}, []any{11, nil})
	return t.conn(), table
}

func computedAll(t *T) {
	c, table := t.square()
	id := schema.C[int64](table, "id")
	const want = "1 10 100 40; 10 42 1764 168; 11 NULL NULL NULL"
	t.wantLines(c, expr.Select(expr.Star()).From(table).OrderBy(id.Asc()), want)
	t.wantLines(c, expr.Select(expr.Columns(table)...).From(table).OrderBy(id.Asc()), want)
}

func computedSome(t *T) {
	c, table := t.square()
	id, side, area := schema.C[int64](table, "id"), schema.C[int64](table, "side"), schema.C[int64](table, "area")
	s := expr.Select(area, schema.C[int64](table, "perimeter")).From(table).Where(area.Gt(0)).OrderBy(id.Asc())
	t.wantLines(c, s, "100 40; 1764 168")
	t.exec(c, expr.Update(table).Set(side.Set(5)).Where(id.Eq(1)))
	t.wantLines(c, s, "25 20; 1764 168")
}

// counting makes a table with an identity.
func (t *T) counting(how schema.Identity) (c dialect.Conn, table *schema.Dynamic, id expr.Col[int64], note expr.Col[string]) {
	t.Helper()
	table = t.defined(t.newName(), schema.Integer("id").PrimaryKey().Identity(how), schema.Varchar("note", 100).Null())
	return t.conn(), table, schema.C[int64](table, "id"), schema.C[string](table, "note")
}

func identityUp(t *T) {
	c, table, id, note := t.counting(schema.Identity{Always: t.f.DDL.IdentityAlways != "", Counting: dialect.Counting{Start: 42}})
	for _, n := range []string{"a", "b"} {
		t.exec(c, expr.Insert(table).Values(note.Set(n)))
	}
	t.wantLines(c, expr.Select(expr.Star()).From(table).OrderBy(id.Asc()), "42 a; 43 b")
	t.wantLines(c, expr.Select(id).From(table).OrderBy(id.Asc()), "42; 43")
}

func identityDown(t *T) {
	how := dialect.Counting{Increment: -5}
	if t.f.DDL.Counting == dialect.CountingWords {
		how.Min, how.Max = "-1000", "0"
	}
	c, table, id, note := t.counting(schema.Identity{Counting: how})
	for _, n := range []string{"a", "b"} {
		t.exec(c, expr.Insert(table).Values(note.Set(n)))
	}
	t.exec(c, expr.Insert(table).Values(id.Set(42), note.Set("c")))
	got := column[int64](t, c, expr.Select(id).From(table).OrderBy(id.Asc()))
	if len(got) != 3 || got[1]-got[0] != 5 || got[2] != 42 {
		t.Errorf("the keys are %v", got)
	}
	t.wantLines(c, expr.Select(note).From(table).OrderBy(id.Asc()), "b; a; c")
}

func identityAlways(t *T) {
	c, table, id, note := t.counting(schema.Identity{Always: true})
	if _, err := t.tryExec(t.ctx, c, expr.Insert(table).Values(id.Set(200), note.Set("a"))); err == nil {
		t.Errorf("a value for an identity that always counts is taken")
	}
	t.exec(c, expr.Insert(table).Values(note.Set("b")))
	t.wantLines(c, expr.Select(note).From(table), "b")
}

func identityPlain(t *T) {
	c, table, id, note := t.counting(schema.Identity{})
	t.exec(c, expr.Insert(table).Values(note.Set("row")))
	t.wantLines(c, expr.Select(id, note).From(table), "1 row")
}
