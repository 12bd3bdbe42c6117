package dialecttest

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var jsonType = dialect.Type{Kind: dialect.JSON}

var withJSON = typeNeed(jsonType)

var jsonCases = []testCase{
	{name: "an object comes back", needs: withJSON, run: documents(map[string]any{"key1": "value1", "key2": "value2"})},
	{name: "large documents come back", needs: withJSON, run: jsonLarge},
	{name: "single values come back", needs: withJSON, run: jsonSingle},
	{name: "a type of one's own is asked once each way", needs: withJSON, run: jsonOwn},
	{name: "nothing is NULL and not null", needs: withJSON, run: jsonNothing},
	{name: "a null of JSON is not NULL", needs: withJSON, run: jsonNull},
	{name: "a type decides that its nothing is a null of JSON", needs: withJSON, run: jsonNothingAsNull},
	{name: "characters beyond ASCII in keys and values come back", needs: withJSON, run: documents(map[string]any{
		"réve🐍 illé": "réve🐍 illé", "data": map[string]any{"k1": "drôl🐍e"}})},
	{name: "NULL and null stand side by side in rows from one type", needs: withJSON, run: jsonBoth},
}

// document is a program's own type over JSON. It counts how often it is asked.
type document struct {
	v           any
	sqlNull     bool // the zero document is NULL, otherwise the null of JSON
	wrote, read *int
}

func (d document) Value() (driver.Value, error) {
	*d.wrote++
	if d.v == nil && d.sqlNull {
		return nil, nil
	}
	b, err := json.Marshal(d.v)
	return string(b), err
}

func (d *document) Scan(v any) error {
	*d.read++
	switch v := v.(type) {
	case nil:
		d.v, d.sqlNull = nil, true
		return nil
	case string:
		return json.Unmarshal([]byte(v), &d.v)
	case []byte:
		return json.Unmarshal(v, &d.v)
	default:
		d.v = v // decoded by the driver already
		return nil
	}
}

func doc(v any, sqlNull bool) document { return document{v, sqlNull, new(int), new(int)} }

// documents checks that documents come back, through a type of the program's
// own and as text.
func documents(values ...any) func(t *T) {
	return func(t *T) {
		s := t.shelf(jsonType)
		for i, v := range values {
			s.fill(doc(v, false))
			got := doc(nil, false)
			if err := s.get(i+1, &got); err != nil {
				t.Errorf("%s: %v", shown(v), err)
				continue
			}
			if !sameDocument(got.v, v) {
				t.Errorf("%s came back as %s", shown(v), shown(got.v))
			}
			var text string
			want, err := json.Marshal(v)
			if err = joined(err, s.get(i+1, &text)); err != nil || !sameJSON(text, string(want)) {
				t.Errorf("%s came back as the text %s (%v)", want, shown(text), err)
			}
		}
	}
}

func sameDocument(a, b any) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && sameJSON(string(x), string(y))
}

func jsonLarge(t *T) {
	var values []any
	for _, n := range []int{100, 1999, 3000, 4000, 5000, 9000, 70000} {
		plain := strings.Repeat("abcdefg", n/7+1)[:n]
		fancy := string([]rune(strings.Repeat("réve🐍illé", n/9+1))[:n/2])
		values = append(values, map[string]any{"key1": plain, "key2": plain}, map[string]any{"key1": fancy, "key2": fancy})
	}
	documents(values...)(t)
}

func jsonSingle(t *T) {
	documents(true, false, 15, 0, -1, -1.0, 15.052, "a string", "réve illé", "réve🐍 illé", "", []any{}, map[string]any{})(t)
}

func jsonOwn(t *T) {
	s := t.shelf(jsonType)
	in := doc(map[string]any{"key1": "data1"}, false)
	s.fill(in)
	got := doc(nil, false)
	if err := s.get(1, &got); err != nil {
		t.Fatalf("%v", err)
	}
	if *in.wrote != 1 || *got.read != 1 {
		t.Errorf("the type was asked for its value %d times, and given one %d times", *in.wrote, *got.read)
	}
	if !sameDocument(got.v, in.v) {
		t.Errorf("%v came back as %v", in.v, got.v)
	}
}

// kindsOfNothing returns which rows are NULL to the database.
func (t *T) kindsOfNothing(s *shelf) string {
	t.Helper()
	return fmt.Sprint(column[int64](t, s.c, say{"SELECT ", ident("id"), " FROM ", s.table, " WHERE ", ident("v"), " IS NULL ORDER BY ", ident("id")}))
}

func jsonNothing(t *T) {
	s := t.shelf(jsonType)
	table := s.exprTable()
	id, v := expr.C[int64](table, "id"), expr.C[any](table, "v")
	s.fill(nil)
	s.fill(doc(nil, true))
	t.exec(s.c, expr.Insert(table).Values(id.Set(3), v.SetNull()))
	t.insertMany(table, []expr.AnyColumn{id, v}, []any{4, nil}, []any{5, nil})
	t.exec(s.c, expr.Insert(table).Values(id.Set(6)))
	if got := t.kindsOfNothing(s); got != "[1 2 3 4 5 6]" {
		t.Errorf("the rows %s are NULL", got)
	}
	for _, got := range everything[*string](s) {
		if got != nil {
			t.Errorf("NULL came back as %q", *got)
		}
	}
}

// nulls checks that the rows hold a null of JSON.
func (t *T) nulls(s *shelf, n int) {
	t.Helper()
	if got := t.kindsOfNothing(s); got != "[]" {
		t.Errorf("the rows %s are NULL", got)
	}
	got := everything[*string](s)
	if len(got) != n {
		t.Errorf("%d rows instead of %d", len(got), n)
	}
	for _, text := range got {
		if text == nil || *text != "null" {
			t.Errorf("a null of JSON came back as %v", pointed(got))
			return
		}
	}
	read := doc("old", false)
	if err := s.get(1, &read); err != nil || read.v != nil {
		t.Errorf("a null of JSON reads %v (%v)", read.v, err)
	}
}

func jsonNull(t *T) {
	s := t.shelf(jsonType)
	s.fill("null", []byte("null"), json.RawMessage("null"))
	t.nulls(s, 3)
}

func jsonNothingAsNull(t *T) {
	s := t.shelf(jsonType)
	table := s.exprTable()
	id, v := expr.C[int64](table, "id"), expr.C[any](table, "v")
	s.fill(doc(nil, false))
	t.exec(s.c, expr.Insert(table).Values(id.Set(2), v.Set(doc(nil, false))))
	t.insertMany(table, []expr.AnyColumn{id, v}, []any{3, doc(nil, false)}, []any{4, doc(nil, false)})
	t.nulls(s, 4)
}

func jsonBoth(t *T) {
	table := t.table(key, col{"data", jsonType, ""}, col{"nulldata", jsonType, ""})
	c := t.conn()
	t.insert(c, table, []string{"id", "data", "nulldata"}, []any{1, bind(doc(nil, false), jsonType), bind(doc(nil, true), jsonType)})
	t.insert(c, table, []string{"id", "data"}, []any{2, bind(doc([]any{1.0}, false), jsonType)})
	a, b := doc("old", false), doc("old", false)
	t.row(c, say{"SELECT ", ident("data"), ", ", ident("nulldata"), " FROM ", table, " WHERE ", ident("id"), " = 1"}, &a, &b)
	if a.v != nil || a.sqlNull || b.v != nil || !b.sqlNull {
		t.Errorf("null and NULL came back as %+v and %+v", a, b)
	}
	a, b = doc(nil, false), doc(nil, false)
	t.row(c, say{"SELECT ", ident("data"), ", ", ident("nulldata"), " FROM ", table, " WHERE ", ident("id"), " = 2"}, &a, &b)
	if !reflect.DeepEqual(a.v, []any{1.0}) || !b.sqlNull {
		t.Errorf("[1] and NULL came back as %+v and %+v", a, b)
	}
}
