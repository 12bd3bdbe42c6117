package dialecttest

import (
	"fmt"
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var (
	sequences         = feature("DDL.NextValue", func(f *dialect.Features) bool { return f.DDL.NextValue != "" })
	sequencesInSchema = both(sequences, makesSchemas)
	readsSequences    = both(reflects, sequences)
)

var sequenceCases = []testCase{
	{name: "an INSERT takes its key from one", needs: sequences, run: sequenceInsert},
	{name: "the key that it gave comes back", needs: both(sequences, returningInsert), run: sequenceReturning},
	{name: "its next value alone", needs: sequences, run: sequenceNext},
	{name: "a column that counts by itself needs none", run: sequenceOptional},
	{name: "an INSERT takes its key from one without asking for it back", needs: sequences, run: sequenceSilent},
	{name: "an INSERT takes its key from one of a schema that stands for another", needs: sequencesInSchema, run: sequenceReplaced},
	{name: "its next value in a schema that stands for another", needs: sequencesInSchema, run: sequenceNextReplaced},
	{name: "its next value within a text of literals", needs: sequences, run: sequenceLiteral},
	{name: "one is there", needs: readsSequences, run: sequenceHas},
	{name: "a cached list stays until it is cleared", needs: readsSequences, run: sequenceCached},
	{name: "a table is none", needs: readsSequences, run: sequenceTable},
	{name: "one of a schema is there", needs: both(readsSequences, makesSchemas), run: sequenceInSchema},
	{name: "one that was not made is not there", needs: readsSequences, run: sequenceNone},
	{name: "one that was not made is not in a schema", needs: both(readsSequences, makesSchemas), run: sequenceNoneInSchema},
	{name: "one of the usual schema is in no other", needs: both(readsSequences, makesSchemas), run: sequenceNotThere},
	{name: "one of a schema is not in the usual one", needs: both(readsSequences, makesSchemas), run: sequenceNotHere},
	{name: "all are listed, with how they count", needs: readsSequences, run: sequenceList},
	{name: "a schema without any has an empty list", needs: both(readsSequences, makesSchemas), run: sequenceEmptySchema},
	{name: "those of a schema are listed", needs: both(readsSequences, makesSchemas), run: sequenceListSchema},
	{name: "where none was made, none is listed", needs: readsSequences, run: sequenceEmpty},
}

// sequence makes one; a name may have a schema before it.
func (t *T) sequence(name string, how ...dialect.Counting) *schema.Sequence {
	t.Helper()
	s := schema.NewSequence(name, how...)
	t.exec(t.adminConn(), schema.CreateSequence(s))
	t.drops = append(t.drops, schema.DropSequence(s))
	return s
}

// sequenced makes a table for rows whose key comes from a sequence.
func (t *T) sequenced(home string) (table *schema.Dynamic, s *schema.Sequence, row func(s *schema.Sequence) expr.InsertStmt) {
	t.Helper()
	s = t.sequence(home+t.newName(), dialect.Counting{Start: 10, Increment: 5})
	table = t.simple(home + t.newName())
	return table, s, func(s *schema.Sequence) expr.InsertStmt {
		return expr.Insert(table).Values(expr.Set(schema.C[int64](table, "id"), schema.Next(s)), schema.C[string](table, "data").Set("some data"))
	}
}

func (t *T) idsOf(table *schema.Dynamic) string {
	t.Helper()
	id := schema.C[int64](table, "id")
	return fmt.Sprint(column[int64](t, t.conn(), expr.Select(id).From(table).OrderBy(id.Asc())))
}

func sequenceInsert(t *T) {
	table, s, row := t.sequenced("")
	for range 3 {
		t.exec(t.adminConn(), row(s))
	}
	if got := t.idsOf(table); got != "[10 15 20]" {
		t.Errorf("the keys are %s", got)
	}
}

func sequenceReturning(t *T) {
	table, s, row := t.sequenced("")
	for _, want := range []int64{10, 15} {
		var got int64
		t.row(t.adminConn(), row(s).Returning(schema.C[int64](table, "id")), &got)
		if got != want {
			t.Errorf("the key that came back is %d instead of %d", got, want)
		}
	}
}

func sequenceNext(t *T) {
	s := t.sequence(t.newName(), dialect.Counting{Start: 3})
	c := t.conn()
	for _, want := range []string{"3", "4", "5"} {
		t.wantLines(c, expr.Select(schema.Next(s).As("n")), want)
	}
}

func sequenceOptional(t *T) {
	table := t.defined(t.newName(), schema.Integer("id").PrimaryKey().Identity(), schema.Varchar("data", 50).Null())
	for range 2 {
		t.exec(t.adminConn(), expr.Insert(table).Values(schema.C[string](table, "data").Set("some data")))
	}
	if got := t.idsOf(table); got != "[1 2]" {
		t.Errorf("the keys are %s", got)
	}
}

func sequenceSilent(t *T) {
	table, s, row := t.sequenced("")
	res := t.exec(t.adminConn(), row(s))
	if n := res.RowsAffected(); n != 1 {
		t.Errorf("%d rows affected", n)
	}
	if got := t.idsOf(table); got != "[10]" {
		t.Errorf("the keys are %s", got)
	}
}

func sequenceReplaced(t *T) {
	home, alias := string(t.schema()), t.newName()
	table, s, _ := t.sequenced(home + ".")
	e := t.replacing(alias, home)
	there := schema.New(alias+"."+table.Info().Name, schema.Integer("id").PrimaryKey(), schema.Varchar("data", 50).Null())
	seq := schema.NewSequence(alias + "." + s.Name)
	t.run2(e, expr.Insert(there).Values(expr.Set(schema.C[int64](there, "id"), schema.Next(seq)), schema.C[string](there, "data").Set("some data")))
	if got := t.idsOf(table); got != "[10]" {
		t.Errorf("the keys are %s", got)
	}
}

func sequenceNextReplaced(t *T) {
	home, alias := string(t.schema()), t.newName()
	s := t.sequence(home+"."+t.newName(), dialect.Counting{Start: 7})
	n, err := engine.Scalar[int64](t.ctx, t.replacing(alias, home), expr.Select(schema.Next(schema.NewSequence(alias+"."+s.Name)).As("n")))
	if err != nil || n != 7 {
		t.Errorf("the next value is %d (%v)", n, err)
	}
}

// sequenceLiteral: where values are written into the text, as in DDL, the next
// value stays what it is.
func sequenceLiteral(t *T) {
	table, s, _ := t.sequenced("")
	q := expr.Insert(table).Values(expr.Set(schema.C[int64](table, "id"), schema.Next(s)), expr.Set(schema.C[string](table, "data"), expr.Literal("it's 5")))
	text := t.text(q)
	if _, err := t.shared().Exec(t.ctx, text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	t.wantLines(t.conn(), expr.Select(expr.Columns(table)...).From(table), "10 it's 5")
}

// sequenceNames are those that an Inspector finds, of this run.
func (t *T) sequenceNames(i *schema.Inspector) []string {
	t.Helper()
	list, err := i.Sequences(t.ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
	}
	return t.mine(names)
}

func (t *T) wantSequence(i *schema.Inspector, name string, there bool) {
	t.Helper()
	if got := slices.Contains(t.sequenceNames(i), name); got != there {
		t.Errorf("the sequence %q is there: %v", name, got)
	}
}

func sequenceHas(t *T) { t.wantSequence(t.inspect(), t.sequence(t.newName()).Name, true) }

func sequenceCached(t *T) {
	first := t.sequence(t.newName()).Name
	i := t.inspect().Cached()
	t.wantSequence(i, first, true)
	later := t.sequence(t.newName()).Name
	t.wantSequence(i, later, false)
	i.Clear()
	t.wantSequence(i, later, true)
}

func sequenceTable(t *T) {
	name := t.newName()
	t.defined(name, schema.Integer("id").PrimaryKey().Identity())
	if names := t.sequenceNames(t.inspect()); len(names) != 0 {
		t.Errorf("a table and what counts its keys are the sequences %v", names)
	}
}

func sequenceInSchema(t *T) {
	home := string(t.schema())
	t.wantSequence(t.inspect().In(home), t.sequence(home+"."+t.newName()).Name, true)
}

func sequenceNone(t *T) { t.wantSequence(t.inspect(), t.newName(), false) }

func sequenceNoneInSchema(t *T) {
	t.wantSequence(t.inspect().In(string(t.schema())), t.newName(), false)
}

func sequenceNotThere(t *T) {
	t.wantSequence(t.inspect().In(string(t.schema())), t.sequence(t.newName()).Name, false)
}

func sequenceNotHere(t *T) {
	t.wantSequence(t.inspect(), t.sequence(string(t.schema())+"."+t.newName()).Name, false)
}

func sequenceList(t *T) {
	a := t.sequence(t.newName(), dialect.Counting{Start: 4, Increment: 3, Min: "2", Max: "1000"})
	b := t.sequence(t.newName())
	want := []string{a.Name, b.Name}
	slices.Sort(want)
	if got := t.sequenceNames(t.inspect()); !slices.Equal(got, want) {
		t.Errorf("the sequences are %v instead of %v", got, want)
	}
	list, err := t.inspect().Sequences(t.ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, s := range list {
		// What the database does not say is zero.
		if s.Name == a.Name && s.Counting != (dialect.Counting{}) && (s.Start != 4 && s.Start != 0 || s.Increment != 3 || s.Min != "2" || s.Max != "1000" || s.Cycle) {
			t.Errorf("the sequence is %+v", s)
		}
	}
}

func sequenceEmptySchema(t *T) {
	home := string(t.schema())
	t.sequence(t.newName())
	if got, err := t.inspect().In(home).Sequences(t.ctx); err != nil || len(got) != 0 {
		t.Errorf("the sequences are %v (%v)", got, err)
	}
}

func sequenceListSchema(t *T) {
	home := string(t.schema())
	t.sequence(t.newName())
	s := t.sequence(home + "." + t.newName())
	if got := t.sequenceNames(t.inspect().In(home)); !slices.Equal(got, []string{s.Name}) {
		t.Errorf("the sequences are %v", got)
	}
}

func sequenceEmpty(t *T) {
	if got := t.sequenceNames(t.inspect()); len(got) != 0 {
		t.Errorf("the sequences are %v", got)
	}
}
