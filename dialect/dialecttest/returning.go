package dialecttest

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// guardCases check that RETURNING works where Features says so, and is refused
// before anything is sent where it does not; they are never skipped.
var guardCases = []testCase{
	{name: "INSERT of one row", run: func(t *T) { t.guarded(t.f.ReturningInsert, (*stock).insertOne, "4") }},
	{name: "INSERT of many rows", run: func(t *T) {
		t.guarded(t.f.ReturningInsert && t.givesRows() && t.f.MaxInsertRows != 1, (*stock).insertThree, "4; 5; 6")
	}},
	{name: "UPDATE of one row", run: func(t *T) { t.guarded(t.f.ReturningUpdate && t.givesRows(), (*stock).updateOne, "1") }},
	{name: "UPDATE of many rows", run: func(t *T) { t.guarded(t.f.ReturningUpdate && t.givesRows(), (*stock).updateAll, "1; 2; 3") }},
	{name: "DELETE of one row", run: func(t *T) { t.guarded(t.f.ReturningDelete && t.givesRows(), (*stock).deleteOne, "1") }},
	{name: "DELETE of many rows", run: func(t *T) { t.guarded(t.f.ReturningDelete && t.givesRows(), (*stock).deleteAll, "1; 2; 3") }},
}

// givesRows reports whether a write may give back any number of rows.
func (t *T) givesRows() bool { return t.f.Returning != dialect.ReturningInto }

func (s *stock) insertOne() dialect.Statement {
	return expr.Insert(s).Values(s.id.Set(4)).Returning(s.id)
}
func (s *stock) insertThree() dialect.Statement {
	return expr.Insert(s).Columns(s.id, s.name).Rows([]any{4, "d4"}, []any{5, "d5"}, []any{6, "d6"}).Returning(s.id)
}
func (s *stock) updateOne() dialect.Statement {
	return expr.Update(s).Set(s.name.Set("d1")).Where(s.id.Eq(1)).Returning(s.id)
}
func (s *stock) updateAll() dialect.Statement {
	return expr.Update(s).Set(s.name.Set("d1")).Where(s.id.In(1, 2, 3)).Returning(s.id)
}
func (s *stock) deleteOne() dialect.Statement {
	return expr.Delete(s).Where(s.id.Eq(1)).Returning(s.id)
}
func (s *stock) deleteAll() dialect.Statement {
	return expr.Delete(s).Where(s.id.In(1, 2, 3)).Returning(s.id)
}

// guarded runs a write that gives keys, which works if it may and is refused
// otherwise, the table being as it was.
func (t *T) guarded(works bool, write func(*stock) dialect.Statement, want string) {
	t.Helper()
	s, c := t.stock()
	t.exec(c, s.row(3, "three", 30))
	q := write(s)
	if works && t.f.Returning != dialect.NoReturning {
		got := t.lines(c, q)
		if got != want {
			t.Errorf("%s\ngives %q\ninstead of %q", t.text(q), got, want)
		}
		return
	}
	_, err := t.tryExec(t.ctx, c, q)
	t.wantKind(err, dialect.ErrUnsupported)
	t.wantLines(c, s.all(), "1 one 10; 2 two 20; 3 three 30")
}
