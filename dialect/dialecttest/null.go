package dialecttest

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var nullCases = []testCase{
	{name: "nil is NULL for every type", run: nullEveryType},
	{name: "nil pointers, nil bytes and sql.Null are NULL", run: nullForms},
	{name: "NULL goes into pointers to every basic type", run: nullPointers},
	{name: "NULL goes into Nullable, sql.Null, any, bytes", run: nullDestinations},
	{name: "NULL into a plain variable is an error that names the column", run: nullPlain},
	{name: "a Nullable leaves its variable alone at NULL", run: nullNullableKeeps},
	{name: "NULL after a value clears the destination", run: nullClears},
	{name: "NULL equals nothing", run: nullComparison},
	{name: "the empty string is told from NULL", needs: emptyApart, run: nullEmpty},
	{name: "NULLs sort where Features says", run: nullOrder},
	{name: "NULLS FIRST and NULLS LAST", needs: feature("NullsOrdering", func(f *dialect.Features) bool { return f.NullsOrdering }), run: nullsFirst},
	{name: "distinct from, with NULL on either side", needs: feature("IsDistinctFrom", func(f *dialect.Features) bool { return f.IsDistinctFrom != "" }), run: nullDistinct},
}

var emptyApart = need{"an empty string that is not NULL (Features.EmptyIsNull)", func(tg *target) bool { return !tg.f.EmptyIsNull }}

func nullEveryType(t *T) {
	for i := range kinds {
		if _, err := t.d.TypeName(&kinds[i]); err != nil {
			continue
		}
		s := t.shelf(kinds[i])
		for _, withType := range []bool{true, false} {
			id, err := s.put(nil, withType)
			if err != nil {
				t.Errorf("NULL into %v (bound with its type: %v): %v", &kinds[i], withType, err)
				continue
			}
			var got any = "old"
			if err := s.get(id, &got); err != nil {
				t.Errorf("NULL from %v: %v", &kinds[i], err)
			} else if got != nil {
				t.Errorf("NULL came back from %v as %#v", &kinds[i], got)
			}
		}
		// The column can be left out and compared as well.
		s.last++
		t.exec(s.c, insertText(s.table, []string{"id"}, s.last))
		if n := column[int64](t, s.c, say{"SELECT COUNT(*) FROM ", s.table, " WHERE ", ident("v"), " IS NULL"}); n[0] != 3 {
			t.Errorf("%v: %d of three NULLs are found", &kinds[i], n[0])
		}
	}
}

func nullForms(t *T) {
	s := t.shelf(varchar)
	for _, v := range []any{(*string)(nil), []byte(nil), sql.NullString{}, sql.Null[string]{}, (*time.Time)(nil), (*int)(nil), (*point)(nil)} {
		for _, withType := range []bool{true, false} {
			id, err := s.put(v, withType)
			if err != nil {
				t.Errorf("%T: %v", v, err)
				continue
			}
			got := new(string)
			if err := s.get(id, &got); err != nil || got != nil {
				t.Errorf("%T came back as %v (%v)", v, got, err)
			}
		}
	}
	id, err := s.put(sql.Null[string]{V: "there", Valid: true}, true)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var got string
	if err := s.get(id, &got); err != nil || got != "there" {
		t.Errorf("a sql.Null with a value came back as %q (%v)", got, err)
	}
}

// nullShelf is a shelf whose row 1 is NULL.
func (t *T) nullShelf(typ dialect.Type) *shelf {
	t.Helper()
	s := t.shelf(typ)
	if _, err := s.put(nil, true); err != nil {
		t.Fatalf("NULL: %v", err)
	}
	return s
}

// aPointer makes destinations that are pointers to pointers, and tells
// whether they were set to nil.
func aPointer[G any]() (dst any, isNil func() bool) {
	p := new(G)
	return &p, func() bool { return p == nil }
}

func nullPointers(t *T) {
	numbers, text, times, truth := t.nullShelf(bigint), t.nullShelf(varchar), t.nullShelf(dialect.Type{Kind: dialect.Timestamp}), t.nullShelf(dialect.Type{Kind: dialect.Boolean})
	check := func(s *shelf, dst any, isNil func() bool) {
		t.Helper()
		if err := s.get(1, dst); err != nil {
			t.Errorf("NULL into %T: %v", dst, err)
		} else if !isNil() {
			t.Errorf("NULL leaves %T as it was", dst)
		}
	}
	for _, make := range []func() (any, func() bool){aPointer[int], aPointer[int8], aPointer[int16], aPointer[int32], aPointer[int64],
		aPointer[uint], aPointer[uint8], aPointer[uint16], aPointer[uint32], aPointer[uint64], aPointer[float32], aPointer[float64]} {
		dst, isNil := make()
		check(numbers, dst, isNil)
	}
	dst, isNil := aPointer[string]()
	check(text, dst, isNil)
	dst, isNil = aPointer[[]byte]()
	check(text, dst, isNil)
	dst, isNil = aPointer[time.Time]()
	check(times, dst, isNil)
	dst, isNil = aPointer[bool]()
	check(truth, dst, isNil)
}

func nullDestinations(t *T) {
	s := t.nullShelf(varchar)
	var str string
	nullable := dialect.Nullable{Dst: &str}
	std := sql.Null[string]{V: "old", Valid: true}
	older := sql.NullString{String: "old", Valid: true}
	var box any = "old"
	raw := []byte("old")
	borrowed := dialect.Borrowed("old")
	for _, dst := range []any{&nullable, &std, &older, &box, &raw, &borrowed} {
		if err := s.get(1, dst); err != nil {
			t.Errorf("NULL into %T: %v", dst, err)
		}
	}
	if !nullable.Null || std.Valid || older.Valid || box != nil || raw != nil || borrowed != nil {
		t.Errorf("NULL is read as %v, %v, %v, %v, %q, %q", nullable.Null, std, older, box, raw, borrowed)
	}
}

func nullPlain(t *T) {
	for _, c := range []struct {
		typ dialect.Type
		dst []any
	}{
		{bigint, []any{new(int), new(int8), new(int16), new(int32), new(int64), new(uint), new(uint8), new(uint16), new(uint32), new(uint64), new(float32), new(float64)}},
		{varchar, []any{new(string)}},
		{dialect.Type{Kind: dialect.Boolean}, []any{new(bool)}},
		{dialect.Type{Kind: dialect.Timestamp}, []any{new(time.Time)}},
		{dialect.Type{Kind: dialect.Double}, []any{new(float64)}},
	} {
		s := t.nullShelf(c.typ)
		for _, dst := range c.dst {
			err := s.get(1, dst)
			if err == nil {
				t.Errorf("NULL into %T is no error", dst)
				continue
			}
			t.wantKind(err, dialect.ErrNullValue)
			t.wantKind(err, dialect.ErrScan)
			se, ok := errors.AsType[*dialect.ScanError](err)
			if !ok {
				t.Errorf("%T: the error is no ScanError: %v", dst, err)
			} else if !strings.EqualFold(se.Column, "v") || se.Index != 0 {
				t.Errorf("%T: the error is about column %q (%d)", dst, se.Column, se.Index)
			}
			t.works(s.c)
		}
	}
}

func nullNullableKeeps(t *T) {
	s := t.nullShelf(bigint)
	n := int64(17)
	dst := dialect.Nullable{Dst: &n}
	if err := s.get(1, &dst); err != nil || !dst.Null || n != 17 {
		t.Errorf("Null is %v and the variable %d (%v)", dst.Null, n, err)
	}
}

func nullClears(t *T) {
	s := t.shelf(varchar)
	for _, v := range []any{"first", nil, "third"} {
		if _, err := s.put(v, true); err != nil {
			t.Fatalf("%v", err)
		}
	}
	rows := t.query(s.c, say{"SELECT ", ident("v"), " FROM ", s.table, " ORDER BY ", ident("id")})
	var p *string
	var null dialect.Nullable
	var str string
	null.Dst = &str
	var seen []string
	dst := []any{&p}
	for rows.Next() {
		if err := rows.ScanRow(dst); err != nil {
			t.Errorf("%v", err)
		}
		if err := rows.ScanRow([]any{&null}); err != nil {
			t.Errorf("a second ScanRow of one row: %v", err)
		}
		if p == nil {
			seen = append(seen, "NULL")
		} else {
			seen = append(seen, *p)
		}
		if null.Null != (p == nil) {
			t.Errorf("the two reads of one row differ")
		}
	}
	if err := joined(rows.Err(), rows.Close()); err != nil {
		t.Fatalf("%v", err)
	}
	if fmt.Sprint(seen) != "[first NULL third]" {
		t.Errorf("one destination for all rows reads %v", seen)
	}
}

func nullComparison(t *T) {
	s := t.nullShelf(bigint)
	for _, cond := range []say{
		{ident("v"), " = ", bind(nil, bigint)}, {ident("v"), " <> ", bind(1, bigint)}, {ident("v"), " = ", ident("v")},
		{"NOT (", ident("v"), " = ", bind(1, bigint), ")"},
	} {
		if n := column[int64](t, s.c, say{"SELECT COUNT(*) FROM ", s.table, " WHERE ", cond}); n[0] != 0 {
			t.Errorf("%s holds for NULL", t.text(cond))
		}
	}
}

func nullEmpty(t *T) {
	s := t.shelf(varchar)
	for _, v := range []any{"", nil} {
		if _, err := s.put(v, true); err != nil {
			t.Fatalf("%v", err)
		}
	}
	for cond, want := range map[string]int64{" IS NULL": 1, " IS NOT NULL": 1, " = ''": 1} {
		if n := column[int64](t, s.c, say{"SELECT COUNT(*) FROM ", s.table, " WHERE ", ident("v"), cond}); n[0] != want {
			t.Errorf("%d row(s) have v%s, instead of %d", n[0], cond, want)
		}
	}
}

func nullOrder(t *T) {
	s := t.shelf(bigint)
	for _, v := range []any{2, nil, 1} {
		if _, err := s.put(v, true); err != nil {
			t.Fatalf("%v", err)
		}
	}
	got := fmt.Sprint(column[int64](t, s.c, say{"SELECT ", ident("id"), " FROM ", s.table, " ORDER BY ", ident("v")}))
	want := "[3 1 2]"
	if t.f.NullsSortLow {
		want = "[2 3 1]"
	}
	if got != want {
		t.Errorf("rows with NULL in the second of three sort as %s, instead of %s", got, want)
	}
}

func nullsFirst(t *T) {
	s := t.shelf(bigint)
	for _, v := range []any{2, nil, 1} {
		if _, err := s.put(v, true); err != nil {
			t.Fatalf("%v", err)
		}
	}
	for order, want := range map[string]string{" NULLS FIRST": "[2 3 1]", " NULLS LAST": "[3 1 2]", " DESC NULLS FIRST": "[2 1 3]", " DESC NULLS LAST": "[1 3 2]"} {
		got := fmt.Sprint(column[int64](t, s.c, say{"SELECT ", ident("id"), " FROM ", s.table, " ORDER BY ", ident("v"), order}))
		if got != want {
			t.Errorf("ORDER BY v%s gives %s, instead of %s", order, got, want)
		}
	}
}

func nullDistinct(t *T) {
	table := t.table(key, col{"a", bigint, ""}, col{"b", bigint, ""})
	c := t.conn()
	columns := []string{"id", "a", "b"}
	for i, row := range [][]any{{1, 1}, {1, 2}, {nil, 1}, {1, nil}, {nil, nil}} {
		t.exec(c, insertText(table, columns, i+1, bind(row[0], bigint), bind(row[1], bigint)))
	}
	not := say{"NOT (", template(t.f.IsDistinctFrom, ident("a"), ident("b")), ")"}
	if t.f.IsNotDistinctFrom != "" {
		not = template(t.f.IsNotDistinctFrom, ident("a"), ident("b"))
	}
	for _, x := range []struct {
		cond say
		want string
	}{{template(t.f.IsDistinctFrom, ident("a"), ident("b")), "[2 3 4]"}, {not, "[1 5]"}} {
		got := fmt.Sprint(column[int64](t, c, say{"SELECT ", ident("id"), " FROM ", table, " WHERE ", x.cond, " ORDER BY ", ident("id")}))
		if got != x.want {
			t.Errorf("%s holds for %s, instead of %s", t.text(x.cond), got, x.want)
		}
	}
}

// point is a type of a program's own, kept as text.
type point struct{ x, y int }

// Value implements driver.Valuer.
func (p *point) value() string { return fmt.Sprintf("(%d,%d)", p.x, p.y) }

// Value implements driver.Valuer.
func (p point) Value() (driver.Value, error) { return p.value(), nil }

// Scan implements sql.Scanner.
func (p *point) Scan(v any) error {
	var s string
	switch v := v.(type) {
	case nil:
		*p = point{}
		return nil
	case string:
		s = v
	case []byte:
		s = string(v)
	default:
		return fmt.Errorf("dialecttest: a point cannot be read from a %T", v)
	}
	_, err := fmt.Sscanf(s, "(%d,%d)", &p.x, &p.y)
	return err
}

var errBadValue = errors.New("dialecttest: a value that cannot be had")

// badValuer is a driver.Valuer that fails.
type badValuer struct{}

// Value implements driver.Valuer.
func (badValuer) Value() (driver.Value, error) { return nil, errBadValue }
