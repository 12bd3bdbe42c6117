package dialecttest

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
)

var fetchCases = []testCase{
	{name: "columns by the fields of a struct", run: fetchFields},
	{name: "columns by their names", run: fetchNames},
	{name: "columns by their positions", run: fetchPositions},
	{name: "columns as the statement asked for them", run: fetchColumns},
	{name: "two columns of one name keep their values", run: fetchTwins},
	{name: "a scalar subquery keeps its type", run: fetchScalar},
	{name: "names come back in the case that they were declared in", run: fetchCase},
	{name: "names with percent signs and spaces: row by row", run: func(t *T) { percentNames(t, rowByRow) }},
	{name: "names with percent signs and spaces: many rows at once", run: func(t *T) { percentNames(t, atOnce) }},
	{name: "names with percent signs and spaces: many rows that come back", needs: both(returningMany, manyRows), run: func(t *T) { percentNames(t, atOnceBack) }},
	{name: "rows stream, however they are asked for", run: streamKinds},
	{name: "rows stream on an Engine, a Conn and a Tx", run: streamRunners},
	{name: "rows that are read at once leave the connection free", run: streamOff},
	{name: "rows of a subquery stream", run: streamAlias},
	{name: "rows are read all at once", run: streamAll},
	{name: "rows are read some at a time", run: streamSome},
}

type plainRow struct {
	ID   int64
	Data string
}

// plain makes a table (id, data) with three rows.
func (t *T) plain() (table expr.Table, id expr.Col[int64], data expr.Col[string]) {
	t.Helper()
	columns := []col{key, {"data", wide, ""}}
	table = tableOf(t.table(columns[0], columns[1]), columns...)
	id, data = expr.C[int64](table, "id"), expr.C[string](table, "data")
	t.insertMany(table, []expr.AnyColumn{id, data}, []any{1, "d1"}, []any{2, "d2"}, []any{3, "d3"})
	return table, id, data
}

func fetchFields(t *T) {
	table, id, data := t.plain()
	got, err := engine.All[plainRow](t.ctx, t.shared(), expr.Select(data, id).From(table).OrderBy(id.Asc()))
	if want := []plainRow{{1, "d1"}, {2, "d2"}, {3, "d3"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("the rows read %v instead of %v (%v)", got, want, err)
	}
}

func fetchNames(t *T) {
	table, id, data := t.plain()
	got, err := engine.All[map[string]any](t.ctx, t.shared(), expr.Select(id, data).From(table).OrderBy(id.Asc()).Limit(1))
	if err != nil || len(got) != 1 || len(got[0]) != 2 || fmt.Sprint(got[0]["id"]) != "1" || fmt.Sprint(got[0]["data"]) != "d1" {
		t.Errorf("the rows read %v (%v)", got, err)
	}
}

func fetchPositions(t *T) {
	table, id, data := t.plain()
	rows := t.query(t.conn(), expr.Select(id, data).From(table).OrderBy(id.Asc()))
	var n int64
	var d string
	if !rows.Next() {
		t.Fatalf("no row: %v", joined(rows.Err(), rows.Close()))
	}
	if err := joined(rows.ScanRow([]any{&n, &d}), rows.Close()); err != nil || n != 1 || d != "d1" {
		t.Errorf("the first row reads %d, %q (%v)", n, d, err)
	}
}

func fetchColumns(t *T) {
	table, id, data := t.plain()
	q, err := dialect.Compile(t.d, expr.Select(data, id.Add(10).As("more"), id).From(table).OrderBy(id.Asc()))
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer q.Release()
	var names []string
	for _, c := range q.Columns {
		names = append(names, c.Name)
	}
	if got := strings.Join(names, " "); got != "data more id" {
		t.Errorf("the statement says that its columns are %s", got)
	}
	rows, err := t.conn().Query(t.ctx, q)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var n, more int64
	var d string
	if !rows.Next() {
		t.Fatalf("no row: %v", joined(rows.Err(), rows.Close()))
	}
	if err := joined(rows.ScanRow([]any{&d, &more, &n}), rows.Close()); err != nil || d != "d1" || more != 11 || n != 1 {
		t.Errorf("the first row reads %q, %d, %d (%v)", d, more, n, err)
	}
}

func fetchTwins(t *T) {
	table, id, data := t.plain()
	q := expr.Select(data, data.As("data")).From(table).OrderBy(id.Asc())
	rows := t.query(t.conn(), q)
	var names []string
	for _, c := range rows.Columns() {
		names = append(names, c.Name)
	}
	if err := rows.Close(); err != nil || strings.Join(names, " ") != "data data" {
		t.Errorf("the columns are %v (%v)", names, err)
	}
	t.wantLines(t.conn(), q, "d1 d1; d2 d2; d3 d3")
	type one struct{ Data string }
	_, err := engine.All[one](t.ctx, t.shared(), q)
	t.wantKind(err, dialect.ErrScan)
}

func fetchScalar(t *T) {
	stamp := dialect.Type{Kind: dialect.Timestamp}
	at := time.Date(2006, 5, 12, 12, 0, 0, 0, time.UTC)
	s := t.shelfOf(stamp, at)
	table := s.exprTable()
	other := expr.As(table, "x")
	q := expr.Select(expr.C[int64](table, "id"), expr.Scalar[time.Time](expr.Select(expr.C[time.Time](other, "v")).From(other)).As("somelabel")).From(table)
	type row struct {
		ID        int64
		Somelabel time.Time
	}
	got, err := engine.One[row](t.ctx, t.shared(), q)
	if err != nil || !sameWall(got.Somelabel, at) {
		t.Errorf("the scalar subquery reads %v (%v)", got.Somelabel, err)
	}
	var v any
	t.row(s.c, expr.Select(expr.Scalar[time.Time](expr.Select(expr.C[time.Time](other, "v")).From(other)).As("x")).From(table), &v)
	if v == nil {
		t.Errorf("the scalar subquery reads nil into an any")
	}
}

// fetchCase: whatever the database folds, a column comes back under the name
// that the program knows it by.
func fetchCase(t *T) {
	columns := []col{key, {"all_lowercase", integer, ""}, {"ALL_UPPERCASE", integer, ""}, {"MixedCase", integer, ""}, {"select", integer, ""}}
	name := t.table(columns[0], columns[1], columns[2], columns[3], columns[4])
	table := tableOf(name, columns...)
	want := map[string]int64{}
	var cols []expr.AnyColumn
	var all []expr.Any
	var values []any
	for i, c := range columns {
		want[c.name] = int64(i + 1)
		cols, all, values = append(cols, expr.C[int64](table, c.name)), append(all, expr.C[int64](table, c.name)), append(values, i+1)
	}
	t.insertMany(table, cols, values)
	for what, q := range map[string]dialect.Statement{
		"expr": expr.Select(all...).From(table), "a star": say{"SELECT * FROM ", name}, "text": engine.Text(t.text(say{"SELECT * FROM ", name})),
	} {
		rows, err := engine.All[map[string]any](t.ctx, t.shared(), q)
		if err != nil || len(rows) != 1 {
			t.Errorf("%s: %v (%v)", what, rows, err)
			continue
		}
		got := map[string]int64{}
		for k, v := range rows[0] {
			var n int64
			if _, err := fmt.Sscan(fmt.Sprint(v), &n); err != nil {
				t.Errorf("%s: %s is %v", what, k, v)
			}
			got[k] = n
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: the row reads %v instead of %v", what, got, want)
		}
	}
}

type howMany uint8

const (
	rowByRow howMany = iota
	atOnce
	atOnceBack
)

func percentNames(t *T, how howMany) {
	columns := []col{{"percent%", integer, "NOT NULL"}, {"spaces % more spaces", integer, ""}}
	name := ident(t.newName() + " percent%table")
	t.create(name, columns[0], columns[1])
	table := tableOf(name, columns...)
	p, sp := expr.C[int64](table, "percent%"), expr.C[int64](table, "spaces % more spaces")
	c := t.conn()
	data := [][]any{{5, 12}, {7, 11}, {9, 10}, {11, 9}}
	switch how {
	case rowByRow:
		for _, row := range data {
			t.exec(c, expr.Insert(table).Columns(p, sp).Rows(row))
		}
	case atOnce:
		t.insertMany(table, []expr.AnyColumn{p, sp}, data...)
	case atOnceBack:
		t.wantLines(c, expr.Insert(table).Columns(p, sp).Rows(data...).Returning(p, sp), "5 12; 7 11; 9 10; 11 9")
	}
	for _, from := range []expr.Table{table, expr.As(table, "an alias")} {
		p, sp := expr.C[int64](from, "percent%"), expr.C[int64](from, "spaces % more spaces")
		t.wantLines(c, expr.Select(p, sp).From(from).OrderBy(p.Asc()), "5 12; 7 11; 9 10; 11 9")
		t.wantLines(c, expr.Select(p, sp).From(from).Where(sp.In(9, 10)).OrderBy(p.Asc()), "9 10; 11 9")
		row, err := engine.One[map[string]any](t.ctx, t.shared(), expr.Select(p, sp).From(from).Where(p.Eq(5)))
		if err != nil || fmt.Sprint(row["percent%"]) != "5" || fmt.Sprint(row["spaces % more spaces"]) != "12" {
			t.Errorf("the row reads %v (%v)", row, err)
		}
	}
	t.exec(c, expr.Update(table).Set(sp.Set(15)).EveryRow())
	t.wantLines(c, expr.Select(p, sp).From(table).OrderBy(p.Asc()), "5 15; 7 15; 9 15; 11 15")
}

// million is a query of a million rows: the product of a table of 100 rows with
// itself, twice.
func (t *T) million() (q say, table ident) {
	t.Helper()
	table = t.numbers(t.conn(), 100)
	return say{"SELECT a.", ident("id"), " FROM ", table, " a, ", table, " b, ", table, " c"}, table
}

// streams checks that the first rows of a large result are there before the
// others have been read, which would take more memory, and that it may be ended early.
func (t *T) streams(what string, r dialect.Runner, q dialect.Statement) {
	t.Helper()
	t.within(prompt, what, func() {
		n := 0
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for _, err := range engine.Each[int64](t.ctx, r, q) {
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if n++; n == 1000 {
				runtime.ReadMemStats(&after)
				break
			}
		}
		if n != 1000 {
			t.Errorf("%s: %d rows", what, n)
		}
		if used := after.TotalAlloc - before.TotalAlloc; n == 1000 && used > 6<<20 {
			t.Errorf("%s: the first thousand of a million rows took %d bytes", what, used)
		}
	})
}

func streamKinds(t *T) {
	q, name := t.million()
	table := tableOf(name, key)
	b, c := expr.As(table, "b"), expr.As(table, "c")
	t.streams("pieces", t.shared(), q)
	t.streams("text", t.shared(), engine.Text(t.text(q)))
	t.streams("expr", t.shared(), expr.Select(expr.C[int64](table, "id")).From(table).CrossJoin(b).CrossJoin(c))
}

func streamRunners(t *T) {
	q, _ := t.million()
	e := t.engine(engine.WithPoolSize(1), engine.WithOverflow(0))
	t.streams("an Engine", e, q)
	conn, err := e.Connect(t.ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.closes = append(t.closes, conn.Close)
	t.streams("a Conn", conn, q)
	tx, err := conn.Begin(t.ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.streams("a Tx", tx, q)
	if n, err := engine.Scalar[int](t.ctx, tx, t.sel("40 + 2")); err != nil || n != 42 {
		t.Errorf("afterwards, the Tx gives %d (%v)", n, err)
	}
	if err := joined(tx.Rollback(t.ctx), conn.Close()); err != nil {
		t.Errorf("%v", err)
	}
}

func streamOff(t *T) {
	e := t.engine(engine.WithPoolSize(1), engine.WithOverflow(0))
	table, id, _ := t.plain()
	q := expr.Select(id).From(table).OrderBy(id.Asc())
	for n, err := range engine.Each[int64](t.ctx, e, q) {
		if err != nil {
			t.Fatalf("%v", err)
		}
		if held := e.Stats().Leased; held != 1 {
			t.Errorf("within row %d, %d connections are held", n, held)
		}
	}
	list, err := engine.All[int64](t.ctx, e, q)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for range list {
		if held := e.Stats().Leased; held != 0 {
			t.Errorf("rows that were read at once hold %d connections", held)
		}
		if _, err := engine.Scalar[int](t.ctx, e, t.sel("40 + 2")); err != nil {
			t.Errorf("%v", err)
		}
	}
}

func streamAlias(t *T) {
	_, name := t.million()
	table := tableOf(name, key)
	id := expr.C[int64](table, "id")
	first := expr.Select(id).From(table).Where(id.Le(50)).As("first")
	b, c := expr.As(table, "b"), expr.As(table, "c")
	t.streams("a subquery", t.shared(), expr.Select(expr.C[int64](first, "id")).From(first).CrossJoin(b).CrossJoin(c))
}

func streamAll(t *T) {
	c := t.conn()
	name := t.numbers(c, 300)
	table := tableOf(name, key)
	id := expr.C[int64](table, "id")
	got, err := engine.All[int64](t.ctx, t.shared(), expr.Select(id).From(table).OrderBy(id.Asc()))
	if err != nil || len(got) != 300 || got[0] != 1 || got[299] != 300 {
		t.Errorf("%d rows came back (%v)", len(got), err)
	}
	t.exec(c, expr.Update(table).Set(expr.Set(id, expr.Add(id, expr.Value(int64(1000))))).Where(id.Gt(299)))
	got, err = engine.All[int64](t.ctx, t.shared(), expr.Select(id).From(table).Where(id.Gt(298)).OrderBy(id.Asc()))
	if err != nil || fmt.Sprint(got) != "[299 1300]" {
		t.Errorf("after an UPDATE, %v came back (%v)", got, err)
	}
}

func streamSome(t *T) {
	name := t.numbers(t.conn(), 20)
	table := tableOf(name, key)
	id := expr.C[int64](table, "id")
	rows := t.query(t.conn(), expr.Select(id).From(table).OrderBy(id.Asc()))
	var parts []string
	for _, n := range []int{5, 10, 100} {
		var part []int64
		for len(part) < n && rows.Next() {
			var v int64
			if err := rows.ScanRow([]any{&v}); err != nil {
				t.Errorf("%v", err)
			}
			part = append(part, v)
		}
		parts = append(parts, fmt.Sprint(len(part), " from ", part[0]))
	}
	if err := joined(rows.Err(), rows.Close()); err != nil {
		t.Errorf("%v", err)
	}
	if got := strings.Join(parts, ", "); got != "5 from 1, 10 from 6, 5 from 16" {
		t.Errorf("the parts are %s", got)
	}
}
