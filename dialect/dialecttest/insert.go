package dialecttest

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
)

var insertCases = []testCase{
	{name: "the key of one row, in the way of the database", needs: keysAtAll, run: insertKey},
	{name: "the key of one row as a row of the result", needs: returningInsert, run: insertKeyAsRow},
	{name: "a key in a transaction of its own", needs: returningInsert, run: insertKeyAlone},
	{name: "a key within a transaction", needs: returningInsert, run: insertKeyWithin},
	{name: "an INSERT leaves nothing open", run: insertCloses},
	{name: "an INSERT whose key nobody reads leaves nothing open", needs: returningInsert, run: insertClosesKey},
	{name: "many rows of defaults", run: insertDefaults},
	{name: "rows of a query get their keys", run: insertSelectKeys},
	{name: "a query without rows inserts none and gives no key", run: insertSelectNone},
	{name: "rows of a query of the table itself", run: insertSelectSelf},
	{name: "rows of a query get the defaults of the other columns", run: insertSelectDefaults},
	{name: "numbers with a fraction come back from one row and from many", needs: returningInsert, run: insertFloats},
	{name: "values of other types come back from one row and from many", needs: returningInsert, run: insertTypes},
}

var keysAtAll = need{"Features.ReturningInsert or Features.InsertID", func(tg *target) bool {
	return returningInsert.met(tg) || insertID.met(tg)
}}

// key runs an INSERT that asks for its key.
func (t *T) key(c dialect.Conn, s expr.InsertStmt) int64 {
	t.Helper()
	q, err := dialect.Compile(t.d, s.ReturningKey())
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer q.Release()
	if q.Keys == dialect.KeysFromResult {
		res, err := c.Exec(t.ctx, q)
		if err != nil {
			t.Fatalf("%s: %v", q.Text(), t.described(err))
		}
		return t.lastID(res)
	}
	if q.Keys != dialect.KeysFromRows {
		t.Errorf("%s says nothing of its key", q.Text())
	}
	var id int64
	t.row(c, s.ReturningKey(), &id)
	return id
}

func insertKey(t *T) {
	p, c := t.people(), t.conn()
	for _, name := range []string{"ada", "bob"} {
		id := t.key(c, expr.Insert(p).Values(p.name.Set(name)))
		t.wantLines(c, expr.Select(p.name).From(p).Where(p.id.Eq(id)), name)
	}
}

// wantKey checks that an INSERT has given the key of the only row.
func (t *T) wantKey(c dialect.Conn, p *people, id int64) {
	t.Helper()
	if got := column[int64](t, c, expr.Select(p.id).From(p)); !slices.Equal(got, []int64{id}) {
		t.Errorf("the key that came back is %d, and the keys of all rows are %d", id, got)
	}
}

func insertKeyAsRow(t *T) {
	p, c := t.people(), t.conn()
	s := expr.Insert(p).Values(p.name.Set("ada")).Returning(p.id)
	rows := t.query(c, s)
	if cols := rows.Columns(); len(cols) != 1 {
		t.Errorf("the result has the columns %v", cols)
	}
	var id int64
	if !rows.Next() {
		t.Errorf("there is no row")
	} else if err := rows.ScanRow([]any{&id}); err != nil {
		t.Errorf("%v", err)
	}
	if rows.Next() {
		t.Errorf("there is a second row")
	}
	if err := joined(rows.Err(), rows.Close()); err != nil {
		t.Errorf("%v", err)
	}
	t.wantKey(c, p, id)
}

func insertKeyAlone(t *T) {
	p, e := t.people(), t.engine()
	id, err := engine.Scalar[int64](t.ctx, e, expr.Insert(p).Values(p.name.Set("ada")).Returning(p.id))
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.wantKey(t.conn(), p, id) // another connection: the row is there for all
}

func insertKeyWithin(t *T) {
	p, e := t.people(), t.engine()
	id, err := int64(0), error(nil)
	err = e.Transact(t.ctx, func(tx *engine.Tx) error {
		if id, err = engine.Scalar[int64](t.ctx, tx, expr.Insert(p).Values(p.name.Set("ada")).Returning(p.id)); err != nil {
			return err
		}
		keys, err := engine.All[int64](t.ctx, tx, expr.Select(p.id).From(p))
		if err == nil && !slices.Equal(keys, []int64{id}) {
			t.Errorf("the key that came back is %d, and the keys of all rows are %d", id, keys)
		}
		return err
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.wantKey(t.conn(), p, id)
}

func insertCloses(t *T) {
	p, c := t.people(), t.conn()
	s := expr.Insert(p).Values(p.name.Set("ada"))
	rows := t.query(c, s)
	if cols := rows.Columns(); len(cols) != 0 {
		t.Errorf("an INSERT gives the columns %v", cols)
	}
	if rows.Next() {
		t.Errorf("an INSERT gives a row")
	}
	if err := joined(rows.Err(), rows.Close()); err != nil {
		t.Errorf("%v", err)
	}
	if n := rows.Result().RowsAffected(); n != 1 && n != -1 { // -1: it does not say
		t.Errorf("%d rows are affected", n)
	}
	t.exec(c, s)
	t.wantLines(c, expr.Select(p.name).From(p), "ada; ada")
}

func insertClosesKey(t *T) {
	p, c := t.people(), t.conn()
	s := expr.Insert(p).Values(p.name.Set("ada")).Returning(p.id)
	if err := t.query(c, s).Close(); err != nil { // not one row is read
		t.Errorf("%v", err)
	}
	t.exec(c, s)
	t.works(c)
	t.wantLines(c, expr.Select(p.name).From(p), "ada; ada")
}

func insertDefaults(t *T) {
	p, c := t.people(), t.conn()
	for range 3 {
		t.exec(c, expr.Insert(p).DefaultValues())
	}
	t.wantLines(c, expr.Select(p.name, p.age).From(p).Where(p.id.IsNotNull()), "NULL 30; NULL 30; NULL 30")
	if keys := column[int64](t, c, expr.Select(expr.CountDistinct(p.id)).From(p)); keys[0] != 3 {
		t.Errorf("three rows have %d keys", keys[0])
	}
}

func insertSelectKeys(t *T) {
	s, c := t.stock()
	t.exec(c, s.row(3, "three", 30))
	p := t.people()
	res := t.exec(c, expr.Insert(p).Columns(p.name).FromSelect(expr.Select(s.name).From(s).Where(s.name.In("two", "three"))))
	if n := res.RowsAffected(); n != 2 {
		t.Errorf("%d rows are affected", n)
	}
	t.wantLines(c, expr.Select(p.name, p.age).From(p).OrderBy(p.name.Asc()), "three 30; two 30")
	if keys := column[int64](t, c, expr.Select(expr.CountDistinct(p.id)).From(p)); keys[0] != 2 {
		t.Errorf("two rows have %d keys", keys[0])
	}
}

func insertSelectNone(t *T) {
	s, c := t.stock()
	p := t.people()
	t.exec(c, expr.Insert(p).Values(p.name.Set("ada"))) // a key that might be reported again
	res := t.exec(c, expr.Insert(p).Columns(p.name).FromSelect(expr.Select(s.name).From(s).Where(s.name.In("three", "four"))))
	if n := res.RowsAffected(); n != 0 {
		t.Errorf("%d rows are affected", n)
	}
	if id, err := res.LastInsertID(); err == nil {
		t.Errorf("the key of no row is %d", id)
	}
	t.wantLines(c, expr.Select(p.name).From(p), "ada")
}

func insertSelectSelf(t *T) {
	s, c := t.stock()
	t.exec(c, s.row(3, "three", 30))
	t.exec(c, expr.Insert(s).Columns(s.id, s.name).FromSelect(expr.Select(s.id.Add(5), s.name).From(s).Where(s.name.In("two", "three"))))
	t.wantLines(c, s.all(), "1 one 10; 2 two 20; 3 three 30; 7 two NULL; 8 three NULL")
}

func insertSelectDefaults(t *T) {
	x, y := col{"x", integer, "DEFAULT 5"}, col{"y", integer, "DEFAULT (2 + 2)"}
	name := t.table(key, col{"name", varchar, ""}, x, y)
	table := tableOf(name, key, col{"name", varchar, ""}, x, y)
	c := t.conn()
	t.insert(c, name, []string{"id", "name"}, []any{1, "one"}, []any{2, "two"}, []any{3, "three"})
	id, text := expr.C[int64](table, "id"), expr.C[string](table, "name")
	t.exec(c, expr.Insert(table).Columns(id, text).FromSelect(expr.Select(id.Add(5), text).From(table).Where(text.In("two", "three"))))
	t.wantLines(c, expr.Select(expr.Columns(table)...).From(table).OrderBy(id.Asc()),
		"1 one 5 4; 2 two 5 4; 3 three 5 4; 7 two 5 4; 8 three 5 4")
}

// back inserts a value in one row and in ten, and checks what RETURNING gives
// of them, both as the rows come and in the order in which they were given.
func back[G any](t *T, typ dialect.Type, in any, want G, equal func(got, want G) bool) {
	t.Helper()
	if _, err := t.d.TypeName(&typ); err != nil {
		return
	}
	name := t.table(t.generated(), col{"v", typ, ""})
	table := expr.NewTable(expr.TableDef{Name: string(name), Columns: []expr.ColumnDef{
		{Name: "id", Type: &bigint, PrimaryKey: true, Generated: true}, {Name: "v", Type: &typ, Null: true},
	}})
	id, v := expr.C[int64](table, "id"), expr.C[any](table, "v")
	var keys []int64
	check := func(scan func(dst []any) error) error {
		var key int64
		var got G
		if err := scan([]any{&key, &got}); err != nil {
			return err
		}
		if !equal(got, want) {
			t.Errorf("%s: %v comes back as %v", &typ, in, got)
		}
		keys = append(keys, key)
		return nil
	}
	values := make([][]any, 10)
	for i := range values {
		values[i] = []any{in}
	}
	one := expr.Insert(table).Columns(v).Rows(values[0]).Returning(id, v)
	many := expr.Insert(table).Columns(v).Rows(values...).Returning(id, v)
	ordered := func(_ int, scan func([]any) error) error { return check(scan) }
	t.script(one.InOrder(ordered))
	t.script(many.InOrder(ordered))
	if !slices.IsSorted(keys) {
		t.Errorf("%s: the keys come in the order %d", &typ, keys)
	}
	each := func(rows dialect.Rows) error {
		for rows.Next() {
			if err := check(rows.ScanRow); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	t.script(one.Batches(each))
	if t.givesRows() {
		t.script(many.Batches(each))
	} else {
		t.insertMany(table, []expr.AnyColumn{v}, values...)
	}
	slices.Sort(keys)
	if n := len(slices.Compact(keys)); n != 22 && t.givesRows() || n < 12 {
		t.Errorf("%s: %d keys came back", &typ, n)
	}
	stored := column[G](t, t.conn(), expr.Select(v).From(table))
	if len(stored) != 22 {
		t.Errorf("%s: %d rows are there", &typ, len(stored))
	}
	for _, got := range stored {
		if !equal(got, want) {
			t.Errorf("%s: %v is stored as %v", &typ, in, got)
		}
	}
}

func insertFloats(t *T) {
	near := func(got, want float64) bool { return got-want < 1e-5 && want-got < 1e-5 }
	const v = 8.5514716
	back(t, dialect.Type{Kind: dialect.Double}, v, v, near)
	back(t, dialect.Type{Kind: dialect.Real}, v, v, near)
	exact := dialect.Type{Kind: dialect.Decimal, Precision: 15, Scale: 12}
	back(t, exact, v, v, near)
	back(t, exact, "8.5514716", "8.5514716", sameNumber)
}

func insertTypes(t *T) {
	const id = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
	u, err := uidOf(id)
	if err != nil {
		t.Fatalf("%v", err)
	}
	back(t, dialect.Type{Kind: dialect.UUID}, id, id, same[string])
	back(t, dialect.Type{Kind: dialect.UUID}, u, u, same[uid])
	for _, b := range [][]byte{[]byte("this is binary"), {0x37, 0xe7, 0x9f}, {0}} {
		back(t, blobType, b, b, slices.Equal[[]byte])
	}
	back(t, varchar, "it's 日本", "it's 日本", same[string])
	back(t, bigint, int64(1)<<60, int64(1)<<60, same[int64])
}
