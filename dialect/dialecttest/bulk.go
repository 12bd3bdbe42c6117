package dialecttest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var bulkCases = []testCase{
	{name: "a batch gives the results in order", needs: batcher, run: batchOrder},
	{name: "a batch takes effect as a whole", needs: batcher, run: batchWhole},
	{name: "a batch that fails says where, and leaves nothing", needs: batcher, run: batchFails},
	{name: "a batch within a transaction ends with it", needs: batcher, run: batchInTx},
	{name: "an error of the caller ends a batch", needs: batcher, run: batchCaller},
	{name: "an empty batch, and one whose rows nobody wants", needs: batcher, run: batchEmpty},
	{name: "a batch with a context that has ended", needs: batcher, run: batchCancelled},
	{name: "a copy of many rows", needs: copier, run: copyMany},
	{name: "a copy keeps values and NULL", needs: copier, run: copyValues},
	{name: "a copy that breaks a constraint leaves nothing", needs: copier, run: copyConstraint},
	{name: "an error of the caller ends a copy, which leaves nothing", needs: copier, run: copyCaller},
	{name: "a copy within a transaction ends with it", needs: copier, run: copyInTx},
	{name: "a copy of no rows, and into odd names", needs: copier, run: copyNames},
	{name: "one result is not two", run: resultSetsOne},
	{name: "advice for the pool is sound", needs: need{"dialect.PoolAdviser", func(tg *target) bool { _, ok := tg.connector.(dialect.PoolAdviser); return ok }}, run: poolAdvice},
}

var (
	batcher = need{"dialect.Batcher", func(tg *target) bool { _, ok := tg.admin.(dialect.Batcher); return ok }}
	copier  = need{"dialect.Copier", func(tg *target) bool { _, ok := tg.admin.(dialect.Copier); return ok && !tg.d.Features().CopyOnRequest }}
)

// batch runs statements as a batch.
func (t *T) batch(c dialect.Conn, each func(i int, rows dialect.Rows) error, stmts ...dialect.Statement) error {
	t.Helper()
	list := make([]*dialect.Compiled, len(stmts))
	for i, s := range stmts {
		q, err := dialect.Compile(t.d, s)
		if err != nil {
			t.Fatalf("%v", err)
		}
		defer q.Release()
		list[i] = q
	}
	b, ok := c.(dialect.Batcher)
	if !ok {
		t.Fatalf("one connection is a Batcher and another is not")
		return nil
	}
	return b.Batch(t.ctx, list, each)
}

func batchOrder(t *T) {
	table, c := t.table(key), t.conn()
	var seen []string
	err := t.batch(c, func(i int, rows dialect.Rows) error {
		text := fmt.Sprint(i)
		for rows.Next() {
			var n int64
			if err := rows.ScanRow([]any{&n}); err != nil {
				return err
			}
			text += fmt.Sprint(":", n)
		}
		if n := rows.Result().RowsAffected(); len(rows.Columns()) == 0 && n != 1 {
			t.Errorf("statement %d affects %d rows", i, n)
		}
		seen = append(seen, text)
		return rows.Err()
	}, insertText(table, []string{"id"}, 7), insertText(table, []string{"id"}, 8),
		say{"SELECT ", ident("id"), " FROM ", table, " ORDER BY ", ident("id")}, t.sel("40 + ", bind(2, integer)))
	if err != nil {
		t.Fatalf("%v", err)
	}
	if got := fmt.Sprint(seen); got != "[0 1 2:7:8 3:42]" {
		t.Errorf("the results are %s", got)
	}
	t.works(c)
}

func batchWhole(t *T) {
	table, c := t.table(key), t.conn()
	var list []dialect.Statement
	for i := range 300 {
		list = append(list, insertText(table, []string{"id"}, i))
	}
	if err := t.batch(c, nil, list...); err != nil {
		t.Fatalf("%v", err)
	}
	t.wantRows(table, 300)
}

func batchFails(t *T) {
	table, c := t.table(key), t.conn()
	calls := 0
	err := t.batch(c, func(int, dialect.Rows) error { calls++; return nil },
		insertText(table, []string{"id"}, 1), insertText(table, []string{"id"}, 2), insertText(table, []string{"id"}, 1), insertText(table, []string{"id"}, 3))
	if err == nil {
		t.Fatalf("no error")
	}
	t.wantKind(t.described(err), dialect.ErrUniqueViolation)
	if be, ok := errors.AsType[*dialect.BatchError](err); !ok || be.Index != 2 {
		t.Errorf("the error does not say that it was statement 2: %v", err)
	}
	if calls != 2 {
		t.Errorf("%d results before the failure", calls)
	}
	t.wantRows(table, 0)
	t.works(c)
}

func batchInTx(t *T) {
	table, c := t.table(key), t.conn()
	for _, commit := range []bool{false, true} {
		t.begin(c, dialect.TxOptions{})
		if err := t.batch(c, nil, insertText(table, []string{"id"}, 1), insertText(table, []string{"id"}, 2)); err != nil {
			t.Fatalf("%v", err)
		}
		if commit {
			t.commit(c)
			t.wantRows(table, 2)
		} else {
			t.rollback(c)
			t.wantRows(table, 0)
		}
	}
}

func batchCaller(t *T) {
	c := t.conn()
	own := errors.New("enough")
	calls := 0
	err := t.batch(c, func(int, dialect.Rows) error { calls++; return own }, t.sel("1"), t.sel("2"))
	if !errors.Is(err, own) || calls != 1 {
		t.Errorf("the caller's error comes back as %v, after %d calls", err, calls)
	}
	t.works(c)
}

func batchEmpty(t *T) {
	c := t.conn()
	if err := t.batch(c, nil); err != nil {
		t.Errorf("an empty batch: %v", err)
	}
	table := t.numbers(c, 200)
	if err := t.batch(c, nil, say{"SELECT * FROM ", table}, say{"SELECT * FROM ", table}); err != nil {
		t.Errorf("%v", err)
	}
	// Rows that are not read to their end do not get in the way of others.
	last := 0
	err := t.batch(c, func(i int, rows dialect.Rows) error {
		rows.Next()
		last = i
		return nil
	}, say{"SELECT * FROM ", table}, say{"SELECT * FROM ", table})
	if err != nil || last != 1 {
		t.Errorf("the last result is that of statement %d (%v)", last, err)
	}
	t.works(c)
}

func batchCancelled(t *T) {
	table, c := t.table(key), t.conn()
	ctx, cancel := canceled(t.ctx)
	defer cancel()
	q, err := dialect.Compile(t.d, insertText(table, []string{"id"}, 1))
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer q.Release()
	err = c.(dialect.Batcher).Batch(ctx, []*dialect.Compiled{q}, nil)
	t.wantKind(t.described(err), dialect.ErrCancelled)
	t.fit(c)
	t.wantRows(table, 0)
}

// copyRows copies n rows that row makes; it fails with err after them.
func (t *T) copyRows(c dialect.Conn, table ident, columns []string, n int, row func(i int) []any, err error) (dialect.Result, error) {
	t.Helper()
	cp, ok := c.(dialect.Copier)
	if !ok {
		t.Fatalf("one connection is a Copier and another is not")
	}
	i := 0
	buf := make([]any, len(columns))
	res, cerr := cp.CopyFrom(t.ctx, "", string(table), columns, func() ([]any, error) {
		if i == n {
			return nil, err
		}
		copy(buf, row(i))
		i++
		return buf, nil
	})
	return res, t.described(cerr)
}

func copyMany(t *T) {
	table, c := t.table(key, col{"v", varchar, ""}), t.conn()
	const n = 5000
	res, err := t.copyRows(c, table, []string{"id", "v"}, n, func(i int) []any { return []any{i, fmt.Sprint("value ", i)} }, nil)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if got := res.RowsAffected(); got != n && got != -1 {
		t.Errorf("%d rows are said to be copied", got)
	}
	t.wantRows(table, n)
	t.wantLines(c, say{"SELECT ", ident("v"), " FROM ", table, " WHERE ", ident("id"), " = ", bind(4999, integer)}, "value 4999")
}

func copyValues(t *T) {
	columns := []col{key, {"s", varchar, ""}, {"b", blobType, ""}, {"n", bigint, ""}, {"f", dialect.Type{Kind: dialect.Double}, ""},
		{"at", dialect.Type{Kind: dialect.TimestampTZ, Precision: 6}, ""}, {"yes", dialect.Type{Kind: dialect.Boolean}, ""}, {"d", dialect.Type{Kind: dialect.Decimal, Precision: 20, Scale: 4}, ""}}
	var parts []any
	var names []string
	for _, c := range columns {
		parts, names = append(parts, c), append(names, c.name)
	}
	table, c := t.table(parts...), t.conn()
	at := time.Date(2024, 2, 29, 1, 2, 3, 456789000, time.FixedZone("", 19800))
	rows := [][]any{
		{1, "it's\ta \\ tab\nand 𝄞", allBytes(), int64(-9007199254740993), 0.1, at, true, "12345678901234.5678"},
		{2, nil, nil, nil, nil, nil, nil, nil},
	}
	if _, err := t.copyRows(c, table, names, len(rows), func(i int) []any { return rows[i] }, nil); err != nil {
		t.Fatalf("%v", err)
	}
	var s, d string
	var b []byte
	var n int64
	var f float64
	var when time.Time
	var yes bool
	t.row(c, say{"SELECT * FROM ", table, " WHERE ", ident("id"), " = 1"}, nil, &s, &b, &n, &f, &when, &yes, &d)
	if s != rows[0][1] || !slices.Equal(b, allBytes()) || n != rows[0][3] || f != 0.1 || !when.Equal(at) || !yes || !sameNumber(d, "12345678901234.5678") {
		t.Errorf("the values came back as %q, %x, %d, %v, %v, %v, %s", s, b, n, f, when, yes, d)
	}
	all := make([]any, 7)
	dst := []any{nil}
	for i := range all {
		all[i] = "old"
		dst = append(dst, &all[i])
	}
	t.row(c, say{"SELECT * FROM ", table, " WHERE ", ident("id"), " = 2"}, dst...)
	if slices.ContainsFunc(all, func(v any) bool { return v != nil }) {
		t.Errorf("NULLs came back as %v", all)
	}
}

func copyConstraint(t *T) {
	table, c := t.table(key), t.conn()
	_, err := t.copyRows(c, table, []string{"id"}, 2000, func(i int) []any { return []any{i % 1999} }, nil)
	t.wantKind(err, dialect.ErrUniqueViolation)
	t.wantRows(table, 0)
	t.works(c)
}

func copyCaller(t *T) {
	table, c := t.table(key), t.conn()
	own := errors.New("the file ends here")
	_, err := t.copyRows(c, table, []string{"id"}, 1000, func(i int) []any { return []any{i} }, own)
	if !errors.Is(err, own) {
		t.Errorf("the caller's error comes back as %v", err)
	}
	t.fit(c)
	t.wantRows(table, 0)
}

func copyInTx(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	if _, err := t.copyRows(c, table, []string{"id"}, 10, func(i int) []any { return []any{i} }, nil); err != nil {
		t.Fatalf("%v", err)
	}
	t.rollback(c)
	t.wantRows(table, 0)
}

func copyNames(t *T) {
	name := ident(t.prefix + `copy "into" it's`)
	t.create(name, col{"key no", integer, "NOT NULL PRIMARY KEY"}, col{"order", integer, ""})
	c := t.conn()
	for _, n := range []int{0, 2} {
		if _, err := t.copyRows(c, name, []string{"order", "key no"}, n, func(i int) []any { return []any{10 * i, i} }, nil); err != nil {
			t.Fatalf("%d rows: %v", n, err)
		}
	}
	t.wantLines(c, say{"SELECT ", ident("key no"), ", ", ident("order"), " FROM ", name, " ORDER BY 1"}, "0 0; 1 10")
	_, err := t.copyRows(c, name, []string{"nope"}, 1, func(i int) []any { return []any{i} }, nil)
	t.wantKind(err, dialect.ErrUndefinedColumn)
	if !strings.Contains(err.Error(), "nope") {
		t.Errorf("the error does not name the column: %v", err)
	}
	t.works(c)
}

func resultSetsOne(t *T) {
	c := t.conn()
	rows := t.query(c, t.sel("1"))
	n := 0
	for rows.Next() {
		n++
	}
	if rs, ok := rows.Rows.(dialect.ResultSets); ok && rs.NextResultSet() {
		t.Errorf("a SELECT has a second result")
	}
	if err := joined(rows.Err(), rows.Close()); err != nil || n != 1 {
		t.Errorf("%d rows (%v)", n, err)
	}
	t.works(c)
}

func poolAdvice(t *T) {
	p := t.connector.(dialect.PoolAdviser).Pooling()
	if p.Size < 0 || p.Overflow < 0 || p.Recycle < 0 || p.IdleLimit < 0 {
		t.Errorf("the advice is %+v", p)
	}
}
