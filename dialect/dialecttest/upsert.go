package dialecttest

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var upsertCases = []testCase{
	{name: "a new row is inserted", needs: upserts, run: upsertNew},
	{name: "a row that exists is changed", needs: upserts, run: upsertChange},
	{name: "a row that exists is left alone", needs: upserts, run: upsertNothing},
	{name: "the inserted values are at hand", needs: upserts, run: upsertInserted},
	{name: "old and new values in one expression", needs: upserts, run: upsertExpression},
	{name: "many rows, new and old", needs: both(upserts, manyRows), run: upsertMany},
	{name: "a unique key other than the primary key", needs: upserts, run: upsertUnique},
	{name: "a conflict on two columns", needs: upserts, run: upsertPair},
	{name: "another constraint still counts", needs: upserts, run: upsertOtherConstraint},
	{name: "NULL and text of any kind", needs: upserts, run: upsertValues},
	{name: "an upsert in a transaction that is rolled back", needs: upserts, run: upsertRollback},
	{name: "upsert is refused before sending where there is none", needs: without("Upsert", func(f *dialect.Features) bool { return f.Upsert == dialect.NoUpsert }), run: upsertRefused},
}

var upserts = feature("Upsert", func(f *dialect.Features) bool { return f.Upsert != dialect.NoUpsert })

// stock is a table (id, name, n) without a generated key.
type stock struct {
	expr.Table
	id   expr.Col[int64]
	name expr.Col[string]
	n    expr.Col[int64]
}

// stock makes the table with the rows (1, "one", 10) and (2, "two", 20).
func (t *T) stock(constraints ...any) (*stock, dialect.Conn) {
	t.Helper()
	parts := append([]any{key, col{"name", varchar, ""}, col{"n", bigint, ""}}, constraints...)
	s := &stock{Table: expr.NewTable(expr.TableDef{Name: string(t.table(parts...)), Columns: []expr.ColumnDef{
		{Name: "id", Type: &integer, PrimaryKey: true}, {Name: "name", Type: &varchar, Null: true}, {Name: "n", Type: &bigint, Null: true},
	}})}
	s.id, s.name, s.n = expr.C[int64](s, "id"), expr.C[string](s, "name"), expr.C[int64](s, "n")
	c := t.conn()
	t.exec(c, s.row(1, "one", 10))
	t.exec(c, s.row(2, "two", 20))
	return s, c
}

func (s *stock) row(id int64, name string, n int64) expr.InsertStmt {
	return expr.Insert(s).Values(s.id.Set(id), s.name.Set(name), s.n.Set(n))
}

func (s *stock) all() expr.SelectStmt {
	return expr.Select(s.id, s.name, s.n).From(s).OrderBy(s.id.Asc())
}

// upserted checks what an upsert counts: the rows that it has inserted or
// changed, or nothing at all where the database does not tell those from
// others.
func (t *T) upserted(r dialect.Result, want int64) {
	t.Helper()
	if n := r.RowsAffected(); n != want && n != -1 {
		t.Errorf("%d rows affected instead of %d", n, want)
	}
}

func upsertNew(t *T) {
	s, c := t.stock()
	t.upserted(t.exec(c, s.row(3, "three", 30).OnConflict(s.id).DoUpdate(s.n.Set(99))), 1)
	t.upserted(t.exec(c, s.row(4, "four", 40).OnConflict(s.id).DoNothing()), 1)
	t.wantLines(c, s.all(), "1 one 10; 2 two 20; 3 three 30; 4 four 40")
}

func upsertChange(t *T) {
	s, c := t.stock()
	t.upserted(t.exec(c, s.row(2, "TWO", 99).OnConflict(s.id).DoUpdate(s.n.Set(77))), 1)
	t.upserted(t.exec(c, s.row(2, "TWO", 99).OnConflict(s.id).DoUpdate(s.n.Set(77))), 1)
	t.wantLines(c, s.all(), "1 one 10; 2 two 77")
}

func upsertNothing(t *T) {
	s, c := t.stock()
	t.upserted(t.exec(c, s.row(2, "TWO", 99).OnConflict(s.id).DoNothing()), 0)
	t.wantLines(c, s.all(), "1 one 10; 2 two 20")
	t.works(c)
}

func upsertInserted(t *T) {
	s, c := t.stock()
	t.exec(c, s.row(2, "TWO", 99).OnConflict(s.id).DoUpdate(expr.Set(s.name, expr.Inserted(s.name)), expr.Set(s.n, expr.Inserted(s.n))))
	t.wantLines(c, s.all(), "1 one 10; 2 TWO 99")
}

func upsertExpression(t *T) {
	s, c := t.stock()
	t.exec(c, s.row(2, "TWO", 5).OnConflict(s.id).DoUpdate(expr.Set(s.n, expr.Add(s.n, expr.Inserted(s.n)))))
	t.wantLines(c, s.all(), "1 one 10; 2 two 25")
}

func upsertMany(t *T) {
	s, c := t.stock()
	t.upserted(t.exec(c, expr.Insert(s).Columns(s.id, s.name, s.n).Rows([]any{3, "three", 30}, []any{1, "ONE", 11}, []any{4, "four", 40}, []any{2, "TWO", 22}).
		OnConflict(s.id).DoUpdate(expr.Set(s.n, expr.Inserted(s.n)))), 4)
	t.wantLines(c, s.all(), "1 one 11; 2 two 22; 3 three 30; 4 four 40")
}

func upsertUnique(t *T) {
	s, c := t.stock(say{"CONSTRAINT ", ident(t.newName()), " UNIQUE (", ident("name"), ")"})
	t.exec(c, s.row(3, "two", 99).OnConflict(s.name).DoUpdate(expr.Set(s.n, expr.Inserted(s.n))))
	t.wantLines(c, s.all(), "1 one 10; 2 two 99")
}

func upsertPair(t *T) {
	s, c := t.stock(say{"CONSTRAINT ", ident(t.newName()), " UNIQUE (", ident("name"), ", ", ident("n"), ")"})
	t.exec(c, s.row(3, "two", 20).OnConflict(s.name, s.n).DoNothing())
	t.exec(c, s.row(4, "two", 21).OnConflict(s.name, s.n).DoNothing())
	t.wantLines(c, s.all(), "1 one 10; 2 two 20; 4 two 21")
}

func upsertOtherConstraint(t *T) {
	name := ident(t.newName())
	s, c := t.stock(say{"CONSTRAINT ", name, " CHECK (", ident("n"), " > 0)"})
	_, err := t.tryExec(t.ctx, c, s.row(2, "TWO", 5).OnConflict(s.id).DoUpdate(s.n.Set(-1)))
	t.wantKind(err, dialect.ErrCheckViolation)
	t.wantLines(c, s.all(), "1 one 10; 2 two 20")
}

func upsertValues(t *T) {
	s, c := t.stock()
	t.exec(c, expr.Insert(s).Values(s.id.Set(1), s.name.SetNull(), s.n.Set(1)).OnConflict(s.id).DoUpdate(expr.Set(s.name, expr.Inserted(s.name)), s.n.SetNull()))
	t.exec(c, s.row(2, "it's 日本 \\ ?", 1).OnConflict(s.id).DoUpdate(expr.Set(s.name, expr.Inserted(s.name))))
	t.wantLines(c, s.all(), "1 NULL NULL; 2 it's 日本 \\ ? 20")
}

func upsertRollback(t *T) {
	s, c := t.stock()
	t.begin(c, dialect.TxOptions{})
	t.exec(c, s.row(2, "TWO", 5).OnConflict(s.id).DoUpdate(s.n.Set(1)))
	t.exec(c, s.row(3, "three", 5).OnConflict(s.id).DoUpdate(s.n.Set(1)))
	t.rollback(c)
	t.wantLines(c, s.all(), "1 one 10; 2 two 20")
}

func upsertRefused(t *T) {
	s, c := t.stock()
	_, err := t.tryExec(t.ctx, c, s.row(2, "TWO", 5).OnConflict(s.id).DoNothing())
	t.wantKind(err, dialect.ErrUnsupported)
}
