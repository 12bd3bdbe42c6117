package dialecttest

import (
	"fmt"
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
)

var keyCases = []testCase{
	{name: "the database makes keys by itself", run: keysGenerated},
	{name: "LastInsertID is the key of one row", needs: insertID, run: keysLastID},
	{name: "LastInsertID of many rows is the first or last one, as Features says", needs: both(insertID, manyRows), run: keysLastIDMany},
	{name: "LastInsertID is an error where no key was generated", run: keysNone},
	{name: "LastInsertID is refused where the database does not say", needs: without("InsertID", func(f *dialect.Features) bool { return f.InsertID == dialect.NoInsertID }), run: keysRefused},
	{name: "INSERT gives the key of one row", needs: returningInsert, run: keysReturningOne},
	{name: "INSERT gives keys of many rows in their order", needs: both(returningMany, manyRows), run: keysReturningMany},
	{name: "INSERT gives every column, defaults too", needs: returningInsert, run: keysReturningColumns},
	{name: "UPDATE gives the rows as they are afterwards", needs: feature("ReturningUpdate with rows", func(f *dialect.Features) bool { return f.ReturningUpdate && f.Returning != dialect.ReturningInto }), run: keysReturningUpdate},
	{name: "DELETE gives the rows that were", needs: feature("ReturningDelete with rows", func(f *dialect.Features) bool { return f.ReturningDelete && f.Returning != dialect.ReturningInto }), run: keysReturningDelete},
	{name: "a write that gives rows and is not read to the end is done", needs: both(returningMany, manyRows), run: keysReturningUnread},
	{name: "a row of defaults", run: keysDefaults},
	{name: "RETURNING is refused before sending where there is none", needs: without("RETURNING", func(f *dialect.Features) bool {
		return f.Returning == dialect.NoReturning || !f.ReturningUpdate
	}), run: keysReturningRefused},
	{name: "many rows in one INSERT", needs: manyRows, run: keysManyRows},
}

var (
	insertID        = feature("InsertID", func(f *dialect.Features) bool { return f.InsertID != dialect.NoInsertID })
	returningInsert = feature("ReturningInsert", func(f *dialect.Features) bool { return f.Returning != dialect.NoReturning && f.ReturningInsert })
	returningMany   = feature("ReturningInsert with rows", func(f *dialect.Features) bool {
		return f.Returning != dialect.NoReturning && f.ReturningInsert && f.Returning != dialect.ReturningInto
	})
	manyRows = feature("INSERT of several rows (MaxInsertRows)", func(f *dialect.Features) bool { return f.MaxInsertRows != 1 })
)

// people is a table with a generated key, as expr sees it.
type people struct {
	expr.Table
	id   expr.Col[int64]
	name expr.Col[string]
	age  expr.Col[int64]
}

// people makes a table (id generated, name, age DEFAULT 30).
func (t *T) people() *people {
	t.Helper()
	name := t.table(t.generated(), col{"name", varchar, ""}, col{"age", bigint, "DEFAULT 30 NOT NULL"})
	p := &people{Table: expr.NewTable(expr.TableDef{Name: string(name), Columns: []expr.ColumnDef{
		{Name: "id", Type: &bigint, PrimaryKey: true, Generated: true}, {Name: "name", Type: &varchar, Null: true}, {Name: "age", Type: &bigint},
	}})}
	p.id, p.name, p.age = expr.C[int64](p, "id"), expr.C[string](p, "name"), expr.C[int64](p, "age")
	return p
}

// lines reads rows as text.
func (t *T) lines(c dialect.Conn, s dialect.Statement) string {
	t.Helper()
	rows := t.query(c, s)
	n := len(rows.Columns())
	text := make([]*string, n)
	dst := make([]any, n)
	for i := range dst {
		dst[i] = &text[i]
	}
	out := ""
	for rows.Next() {
		if err := rows.ScanRow(dst); err != nil {
			t.Errorf("%v", err)
		}
		if out != "" {
			out += "; "
		}
		for i, v := range text {
			if i > 0 {
				out += " "
			}
			if v == nil {
				out += "NULL"
			} else {
				out += *v
			}
		}
	}
	if err := joined(t.described(rows.Err()), t.described(rows.Close())); err != nil {
		t.Fatalf("%s: %v", t.text(s), err)
	}
	return out
}

func (t *T) wantLines(c dialect.Conn, s dialect.Statement, want string) {
	t.Helper()
	if got := t.lines(c, s); got != want {
		t.Errorf("%s\ngives %q\ninstead of %q", t.text(s), got, want)
	}
}

func keysGenerated(t *T) {
	p, c := t.people(), t.conn()
	for _, n := range []string{"ada", "bob", "eve"} {
		t.exec(c, expr.Insert(p).Values(p.name.Set(n)))
	}
	ids := column[int64](t, c, expr.Select(p.id).From(p).OrderBy(p.id.Asc()))
	if len(ids) != 3 || ids[0] <= 0 || ids[0] == ids[1] || ids[1] == ids[2] {
		t.Errorf("the keys are %v", ids)
	}
	names := fmt.Sprint(column[string](t, c, expr.Select(p.name).From(p).OrderBy(p.id.Asc())))
	if names != "[ada bob eve]" {
		t.Errorf("keys do not rise: the names are %s in their order", names)
	}
}

func (t *T) lastID(res dialect.Result) int64 {
	t.Helper()
	id, err := res.LastInsertID()
	if err != nil {
		t.Fatalf("LastInsertID: %v", err)
	}
	return id
}

func keysLastID(t *T) {
	p, c, other := t.people(), t.conn(), t.conn()
	for i := range 3 {
		name := fmt.Sprint("mine ", i)
		res := t.exec(c, expr.Insert(p).Values(p.name.Set(name)))
		t.exec(other, expr.Insert(p).Values(p.name.Set("other")))
		id := t.lastID(res)
		if got := column[string](t, c, expr.Select(p.name).From(p).Where(p.id.Eq(id))); len(got) != 1 || got[0] != name {
			t.Errorf("the row of key %d is %v", id, got)
		}
	}
}

func keysLastIDMany(t *T) {
	p, c := t.people(), t.conn()
	id := t.lastID(t.exec(c, expr.Insert(p).Columns(p.name).Rows([]any{"first"}, []any{"second"}, []any{"last"})))
	want := "first"
	if t.f.InsertID == dialect.LastInsertID {
		want = "last"
	}
	if got := column[string](t, c, expr.Select(p.name).From(p).Where(p.id.Eq(id))); len(got) != 1 || got[0] != want {
		t.Errorf("the row of key %d is %v instead of the %s", id, got, want)
	}
}

func keysNone(t *T) {
	p, c := t.people(), t.conn()
	t.exec(c, expr.Insert(p).Values(p.name.Set("ada"))) // a key that might be reported again
	for _, s := range []dialect.Statement{
		expr.Update(p).Set(p.name.Set("bob")).EveryRow(),
		expr.Insert(p).Columns(p.name).FromSelect(expr.Select(p.name).From(p).Where(p.name.Eq("nobody"))),
		expr.Delete(p).Where(p.name.Eq("nobody")),
	} {
		id, err := t.exec(c, s).LastInsertID()
		if err == nil {
			t.Errorf("%s has the generated key %d", t.text(s), id)
			continue
		}
		t.wantKind(err, dialect.ErrUnsupported)
	}
}

func keysRefused(t *T) {
	p, c := t.people(), t.conn()
	id, err := t.exec(c, expr.Insert(p).Values(p.name.Set("ada"))).LastInsertID()
	if err == nil {
		t.Fatalf("the key is %d, and Features has no InsertID", id)
	}
	t.wantKind(err, dialect.ErrUnsupported)
}

func keysReturningOne(t *T) {
	p, c := t.people(), t.conn()
	for range 3 {
		var id int64
		t.row(c, expr.Insert(p).Values(p.name.Set("ada")).Returning(p.id), &id)
		if got := column[int64](t, c, expr.Select(p.id).From(p).OrderBy(p.id.Desc())); got[0] != id {
			t.Errorf("the key that came back is %d, and the newest is %d", id, got[0])
		}
	}
}

func keysReturningMany(t *T) {
	p, c := t.people(), t.conn()
	const n = 100
	rows := make([][]any, n)
	for i := range rows {
		rows[i] = []any{fmt.Sprintf("n%03d", n-i), i}
	}
	ids := column[int64](t, c, expr.Insert(p).Columns(p.name, p.age).Rows(rows...).Returning(p.id))
	if len(ids) != n {
		t.Fatalf("%d keys for %d rows", len(ids), n)
	}
	ages := map[int64]int64{}
	for _, id := range ids {
		var age int64
		t.row(c, expr.Select(p.age).From(p).Where(p.id.Eq(id)), &age)
		ages[id] = age
	}
	for i, id := range ids {
		if ages[id] != int64(i) {
			t.Fatalf("key %d is that of row %d", i, ages[id])
		}
	}
}

func keysReturningColumns(t *T) {
	p, c := t.people(), t.conn()
	var id, age int64
	var name *string
	t.row(c, expr.Insert(p).Values(p.name.SetNull()).Returning(p.id, p.name, p.age), &id, &name, &age)
	if id == 0 || name != nil || age != 30 {
		t.Errorf("the row that came back is %d, %v, %d", id, name, age)
	}
	var double int64
	var str string
	t.row(c, expr.Insert(p).Values(p.name.Set("it's")).Returning(p.name, p.age), &str, &double)
	if str != "it's" || double != 30 {
		t.Errorf("the row that came back is %q, %d", str, double)
	}
}

func keysReturningUpdate(t *T) {
	p, c := t.people(), t.conn()
	for i, n := range []string{"ada", "bob", "eve"} {
		t.exec(c, expr.Insert(p).Values(p.name.Set(n), p.age.Set(int64(i))))
	}
	got := column[string](t, c, expr.Update(p).Set(p.name.Set("changed")).Where(p.age.Ge(1)).Returning(p.name))
	if !slices.Equal(got, []string{"changed", "changed"}) {
		t.Errorf("the changed rows read %v", got)
	}
	if got := column[int64](t, c, expr.Update(p).Set(p.name.Set("x")).Where(p.age.Gt(99)).Returning(p.id)); len(got) != 0 {
		t.Errorf("an UPDATE of nothing gives %v", got)
	}
}

func keysReturningDelete(t *T) {
	p, c := t.people(), t.conn()
	for i, n := range []string{"ada", "bob", "eve"} {
		t.exec(c, expr.Insert(p).Values(p.name.Set(n), p.age.Set(int64(i))))
	}
	got := column[string](t, c, expr.Delete(p).Where(p.age.Ge(1)).Returning(p.name))
	slices.Sort(got)
	if !slices.Equal(got, []string{"bob", "eve"}) {
		t.Errorf("the deleted rows read %v", got)
	}
	if got := column[string](t, c, expr.Select(p.name).From(p)); !slices.Equal(got, []string{"ada"}) {
		t.Errorf("%v is left", got)
	}
}

func keysReturningUnread(t *T) {
	p, c := t.people(), t.conn()
	rows := t.query(c, expr.Insert(p).Columns(p.name).Rows([]any{"a"}, []any{"b"}, []any{"c"}).Returning(p.id))
	if !rows.Next() {
		t.Errorf("no row: %v", rows.Err())
	}
	if err := rows.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	t.wantLines(t.conn(), expr.Select(p.name).From(p).OrderBy(p.id.Asc()), "a; b; c")
	// And Exec, which reads no row at all.
	t.exec(c, expr.Insert(p).Values(p.name.Set("d")).Returning(p.id))
	t.wantLines(t.conn(), expr.Select(p.name).From(p).OrderBy(p.id.Asc()), "a; b; c; d")
}

func keysDefaults(t *T) {
	p, c := t.people(), t.conn()
	t.exec(c, expr.Insert(p).DefaultValues())
	t.wantLines(c, expr.Select(p.name, p.age).From(p), "NULL 30")
}

func keysReturningRefused(t *T) {
	p := t.people()
	s := expr.Update(p).Set(p.name.Set("x")).EveryRow().Returning(p.id)
	_, err := t.tryExec(t.ctx, t.conn(), s)
	t.wantKind(err, dialect.ErrUnsupported)
}

func keysManyRows(t *T) {
	p := t.people()
	e := t.engine()
	n := 500
	if t.f.MaxInsertRows > 0 {
		n = min(n, t.f.MaxInsertRows)
	}
	if t.f.MaxParams > 0 {
		n = min(n, t.f.MaxParams/2)
	}
	values := make([]any, 0, 2*n)
	for i := range n {
		values = append(values, fmt.Sprint("n", i), i)
	}
	res, err := e.Run(t.ctx, expr.Insert(p).Columns(p.name, p.age).Flat(values), nil)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if res.RowsAffected() != int64(n) {
		t.Errorf("%d rows affected instead of %d", res.RowsAffected(), n)
	}
	sum, err := engine.Scalar[int64](t.ctx, e, expr.Select(expr.Sum(p.age)).From(p))
	if err != nil || sum != int64(n*(n-1)/2) {
		t.Errorf("the sum is %d (%v)", sum, err)
	}
}
