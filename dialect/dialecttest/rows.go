package dialecttest

import (
	"context"
	"fmt"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var rowsCases = []testCase{
	{name: "columns are named as they were asked for", run: rowsNames},
	{name: "columns of one name keep their values", run: rowsSameName},
	{name: "a statement that runs again gives the same columns", run: rowsSameColumns},
	{name: "an empty result has columns", run: rowsEmpty},
	{name: "types of columns are known for a table", run: rowsTypes},
	{name: "rows come in order, all of them", run: rowsMany},
	{name: "Close before the end leaves the connection clean", run: rowsCloseEarly},
	{name: "Close works twice, and Next is false afterwards", run: rowsCloseTwice},
	{name: "Next after the end stays false", run: rowsAfterEnd},
	{name: "Err is nil after the end and after Close", run: rowsErr},
	{name: "Result says how many rows were written", run: rowsAffected},
	{name: "an UPDATE counts rows that it matched and did not change", run: rowsMatched},
	{name: "Exec drops the rows of a query", run: rowsExecQuery},
	{name: "Query of a statement without rows", run: rowsQueryExec},
	{name: "statements follow one another on one connection", run: rowsSequence},
	{name: "results read on two connections do not mix", run: rowsInterleaved},
	{name: "wide rows", run: rowsWide},
	{name: "long values among many rows", run: rowsLong},
	{name: "an error in a later row ends the rows", run: rowsLateError},
}

func rowsNames(t *T) {
	table := t.table(key, col{"first_name", varchar, ""})
	c := t.conn()
	rows := t.query(c, say{"SELECT ", ident("id"), ", ", ident("first_name"), ", ", ident("id"), " + 1 AS ", ident("next"), ", ",
		ident("id"), " AS ", ident("Mixed Case"), " FROM ", table})
	var names []string
	for _, c := range rows.Columns() {
		names = append(names, c.Name)
	}
	if err := rows.Close(); err != nil {
		t.Fatalf("%v", err)
	}
	if got, want := strings.Join(names, "|"), "id|first_name|next|Mixed Case"; got != want {
		t.Errorf("the columns are named %q instead of %q", got, want)
	}
}

func rowsSameName(t *T) {
	c := t.conn()
	rows := t.query(c, t.sel("1 AS ", ident("x"), ", 2 AS ", ident("x"), ", 3 AS ", ident("x")))
	if n := len(rows.Columns()); n != 3 {
		t.Fatalf("%d columns instead of 3 (%v)", n, rows.Close())
	}
	var a, b, d int
	if !rows.Next() {
		t.Fatalf("no row: %v", joined(rows.Err(), rows.Close()))
	}
	if err := joined(rows.ScanRow([]any{&a, &b, &d}), rows.Close()); err != nil || a != 1 || b != 2 || d != 3 {
		t.Errorf("three columns of one name read %d, %d, %d (%v)", a, b, d, err)
	}
}

func rowsSameColumns(t *T) {
	s := t.shelfOf(varchar, "a", "b")
	var first []dialect.Column
	for i := range 5 {
		q := say{"SELECT ", ident("id"), ", ", ident("v"), " FROM ", s.table, " WHERE ", ident("id"), " <> ", bind(i%2+1, integer)}
		rows := t.query(s.c, q)
		cols := rows.Columns()
		for rows.Next() {
		}
		if err := joined(rows.Err(), rows.Close()); err != nil {
			t.Fatalf("%v", err)
		}
		if len(cols) != 2 {
			t.Fatalf("%d columns", len(cols))
		}
		switch {
		case first == nil:
			first = cols
		case &first[0] != &cols[0]:
			t.Fatalf("run %d of a statement gives another slice of columns than the first", i+1)
		}
	}
}

func rowsEmpty(t *T) {
	s := t.shelf(varchar)
	rows := t.query(s.c, say{"SELECT ", ident("id"), ", ", ident("v"), " FROM ", s.table})
	if n := len(rows.Columns()); n != 2 {
		t.Errorf("an empty result has %d columns", n)
	}
	if rows.Next() {
		t.Errorf("an empty table has a row")
	}
	if err := joined(rows.Err(), rows.Close()); err != nil {
		t.Errorf("%v", err)
	}
}

func rowsTypes(t *T) {
	table := t.table(key, col{"name", varchar, ""}, col{"data", blobType, ""}, col{"at", dialect.Type{Kind: dialect.Timestamp}, ""})
	c := t.conn()
	t.insert(c, table, []string{"id", "name"}, []any{1, "a"})
	rows := t.query(c, say{"SELECT * FROM ", table})
	cols := rows.Columns()
	if err := rows.Close(); err != nil {
		t.Fatalf("%v", err)
	}
	if len(cols) != 4 {
		t.Fatalf("%d columns", len(cols))
	}
	for i, c := range cols {
		if c.DatabaseType != strings.ToUpper(c.DatabaseType) {
			t.Errorf("column %q: the type's name %q is not in upper case", c.Name, c.DatabaseType)
		}
		if c.Outer {
			t.Errorf("column %q: of the outer side of a join that is not there", c.Name)
		}
		if i == 0 && c.Nullable == dialect.Yes {
			t.Errorf("the primary key is said to be nullable")
		}
		if i > 0 && c.Nullable == dialect.No {
			t.Errorf("column %q is said not to be nullable", c.Name)
		}
		if c.Table != "" && !strings.EqualFold(c.Table, string(table)) {
			t.Errorf("column %q is said to be of table %q", c.Name, c.Table)
		}
	}
	wrong := map[int][]dialect.TypeKind{ // what a column certainly is not
		0: {dialect.Varchar, dialect.Clob, dialect.Blob, dialect.Timestamp, dialect.Double},
		1: {dialect.Integer, dialect.BigInt, dialect.Blob, dialect.Timestamp, dialect.Double},
		2: {dialect.Integer, dialect.BigInt, dialect.Varchar, dialect.Timestamp, dialect.Double},
		3: {dialect.Integer, dialect.BigInt, dialect.Varchar, dialect.Blob, dialect.Double},
	}
	for i, list := range wrong {
		for _, k := range list {
			if cols[i].Type != nil && cols[i].Type.Kind == k {
				t.Errorf("column %q is said to be %v", cols[i].Name, cols[i].Type)
			}
		}
	}
}

func rowsMany(t *T) {
	c := t.conn()
	table := t.numbers(c, 200)
	// 200 × 50 rows, numbered by their two parts.
	q := say{"SELECT a.", ident("id"), " * 1000 + b.", ident("id"), " FROM ", table, " a, ", table, " b WHERE b.", ident("id"), " <= 50 ORDER BY a.",
		ident("id"), ", b.", ident("id")}
	got := column[int64](t, c, q)
	if len(got) != 10000 {
		t.Fatalf("%d rows instead of 10000", len(got))
	}
	for i, v := range got {
		if want := int64((i/50+1)*1000 + i%50 + 1); v != want {
			t.Fatalf("row %d is %d instead of %d", i, v, want)
		}
	}
}

func rowsCloseEarly(t *T) {
	c := t.conn()
	table := t.numbers(c, 100)
	q := say{"SELECT a.", ident("id"), " FROM ", table, " a, ", table, " b"}
	for read := range 4 {
		rows := t.query(c, q)
		for range read {
			if !rows.Next() {
				t.Fatalf("no row: %v", joined(rows.Err(), rows.Close()))
			}
		}
		if err := rows.Close(); err != nil {
			t.Errorf("closing after %d rows: %v", read, err)
		}
		t.works(c)
	}
}

func rowsCloseTwice(t *T) {
	c := t.conn()
	rows := t.query(c, t.sel("1"))
	for range 2 {
		if err := rows.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	}
	if rows.Next() {
		t.Errorf("Next is true after Close")
	}
	t.works(c)
}

func rowsAfterEnd(t *T) {
	c := t.conn()
	rows := t.query(c, t.sel("1"))
	n := 0
	for range 5 {
		if rows.Next() {
			n++
		}
	}
	if err := joined(rows.Err(), rows.Close()); err != nil || n != 1 {
		t.Errorf("Next was true %d times (%v)", n, err)
	}
}

func rowsErr(t *T) {
	c := t.conn()
	rows := t.query(c, t.sel("1"))
	if err := rows.Err(); err != nil {
		t.Errorf("before the first row: %v", err)
	}
	n := 0
	for rows.Next() {
		n++
	}
	if err := joined(rows.Err(), rows.Close()); err != nil || n != 1 {
		t.Errorf("after the end, and %d rows: %v", n, err)
	}
	if err := rows.Err(); err != nil {
		t.Errorf("after Close: %v", err)
	}
}

func rowsAffected(t *T) {
	c := t.conn()
	table := t.table(key, col{"v", integer, ""})
	for i := range 5 {
		if n := t.exec(c, insertText(table, []string{"id", "v"}, i, 0)).RowsAffected(); n != 1 {
			t.Errorf("an INSERT of one row affects %d", n)
		}
	}
	for _, x := range []struct {
		s    say
		want int64
	}{
		{say{"UPDATE ", table, " SET ", ident("v"), " = 1 WHERE ", ident("id"), " < ", val(3)}, 3},
		{say{"UPDATE ", table, " SET ", ident("v"), " = 1 WHERE ", ident("id"), " > ", val(99)}, 0},
		{say{"DELETE FROM ", table, " WHERE ", ident("id"), " >= ", val(3)}, 2},
		{say{"DELETE FROM ", table}, 3},
	} {
		if n := t.exec(c, x.s).RowsAffected(); n != x.want {
			t.Errorf("%s: %d rows affected instead of %d", t.text(x.s), n, x.want)
		}
	}
}

func rowsMatched(t *T) {
	c := t.conn()
	table := t.table(key, col{"v", integer, ""})
	t.insert(c, table, []string{"id", "v"}, []any{1, 7}, []any{2, 8})
	if n := t.exec(c, say{"UPDATE ", table, " SET ", ident("v"), " = 7"}).RowsAffected(); n != 2 {
		t.Errorf("an UPDATE that matches two rows and changes one affects %d", n)
	}
}

func rowsExecQuery(t *T) {
	c := t.conn()
	table := t.numbers(c, 100)
	t.exec(c, say{"SELECT ", ident("id"), " FROM ", table})
	t.works(c)
}

func rowsQueryExec(t *T) {
	c := t.conn()
	table := t.table(key)
	rows := t.query(c, insertText(table, []string{"id"}, 1))
	if rows.Next() {
		t.Errorf("an INSERT gives a row")
	}
	if err := rows.Err(); err != nil {
		t.Errorf("%v", err)
	}
	if n := rows.Result().RowsAffected(); n != 1 && n != -1 {
		t.Errorf("an INSERT of one row affects %d", n)
	}
	if err := rows.Close(); err != nil {
		t.Errorf("%v", err)
	}
	if n := t.count(c, table); n != 1 {
		t.Errorf("%d rows were inserted", n)
	}
}

func rowsSequence(t *T) {
	c := t.conn()
	s := t.shelfOf(varchar, "a")
	for i := range 20 {
		var n int64
		t.row(c, t.sel(fmt.Sprint(i)), &n)
		var v string
		t.row(c, say{"SELECT ", ident("v"), " FROM ", s.table}, &v)
		if n != int64(i) || v != "a" {
			t.Fatalf("results are mixed up: %d, %q", n, v)
		}
	}
}

func rowsInterleaved(t *T) {
	a, b := t.conn(), t.conn()
	table := t.numbers(a, 50)
	up := t.query(a, say{"SELECT ", ident("id"), " FROM ", table, " ORDER BY ", ident("id")})
	down := t.query(b, say{"SELECT ", ident("id"), " FROM ", table, " ORDER BY ", ident("id"), " DESC"})
	for i := 1; i <= 50; i++ {
		var x, y int
		if !up.Next() || !down.Next() {
			t.Fatalf("row %d is missing: %v", i, joined(joined(up.Err(), down.Err()), joined(up.Close(), down.Close())))
		}
		if err := joined(up.ScanRow([]any{&x}), down.ScanRow([]any{&y})); err != nil || x != i || y != 51-i {
			t.Errorf("row %d reads %d and %d (%v)", i, x, y, err)
		}
	}
	if err := joined(up.Close(), down.Close()); err != nil {
		t.Errorf("%v", err)
	}
}

func rowsWide(t *T) {
	const n = 200
	pieces := make([]string, n)
	got := make([]int64, n)
	dst := make([]any, n)
	for i := range pieces {
		pieces[i] = fmt.Sprintf("%d AS c%d", i, i)
		dst[i] = &got[i]
	}
	t.row(t.conn(), t.sel(list(pieces)), dst...)
	for i, v := range got {
		if v != int64(i) {
			t.Errorf("column %d is %d", i, v)
		}
	}
}

func rowsLong(t *T) {
	s := t.shelf(dialect.Type{Kind: dialect.Clob})
	lengths := []int{0, 1, 254, 255, 256, 4000, 4001, 65535, 65536, 200000}
	if t.f.EmptyIsNull {
		lengths = lengths[1:]
	}
	for _, n := range lengths {
		if _, err := s.put(strings.Repeat("x", n), true); err != nil {
			t.Fatalf("%d characters: %v", n, err)
		}
	}
	got := column[string](t, s.c, say{"SELECT ", ident("v"), " FROM ", s.table, " ORDER BY ", ident("id")})
	if len(got) != len(lengths) {
		t.Fatalf("%d rows instead of %d", len(got), len(lengths))
	}
	for i, v := range got {
		if len(v) != lengths[i] {
			t.Errorf("%d characters came back as %d", lengths[i], len(v))
		}
	}
}

// rowsLateError reads a result whose last row divides by zero. Databases that
// find NULL or a number there pass as well; what counts is that an error does
// not end the rows as if they were complete.
func rowsLateError(t *T) {
	c := t.conn()
	table := t.numbers(c, 300)
	rows, err := t.tryQuery(t.ctx, c, say{"SELECT ", ident("id"), ", 100 / (300 - ", ident("id"), ") FROM ", table, " ORDER BY ", ident("id")})
	if err == nil {
		n := 0
		for rows.Next() {
			n++
		}
		err = joined(t.described(rows.Err()), t.described(rows.Close()))
		if err == nil && n != 300 {
			t.Errorf("%d rows of 300 and no error", n)
		}
	}
	if err != nil {
		t.wantKind(err, dialect.ErrDivisionByZero)
	}
	t.works(c)
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	if err := t.drain(ctx, c, say{"SELECT ", ident("id"), " FROM ", table}); err != nil {
		t.Errorf("%v", err)
	}
}
