package dialecttest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var withPaths = both(withJSON, feature("JSON.Text", func(f *dialect.Features) bool { return f.JSON.Text != "" }))

var pathCases = []testCase{
	{name: "a value has the type that it is asked for", needs: withPaths, run: pathsRead},
	{name: "a value below a key compares", needs: withPaths, run: func(t *T) { pathsCompare(t, "key1") }},
	{name: "a value below two keys compares", needs: withPaths, run: func(t *T) { pathsCompare(t, "key1", "key2") }},
	{name: "a value of one type is asked for as another", needs: withPaths, run: pathsCross},
	{name: "a text below a key with spaces and quotes", needs: withPaths, run: func(t *T) {
		wantText(t, "2", "value2", "key two")
		wantText(t, "2", "value1", "Key 'One'")
		wantText(t, "2", "value ' three '", "key three")
		wantText(t, "2", "value4", `say "four" \ %s :x ? $1`)
	}},
	{name: "a text in an array", needs: withPaths, run: func(t *T) { wantText(t, "4", "two", 1) }},
	{name: "a text below keys and indexes", needs: withPaths, run: func(t *T) { wantText(t, "3", "seven", "key3", 1, "six") }},
	{name: "a text below many keys", needs: withPaths, run: func(t *T) { wantText(t, "5", "elem5", "nested", "elem2", "elem3", "elem4") }},
	{name: "a text below a key", needs: withPaths, run: func(t *T) { wantText(t, "6", "some value", "b") }},
	{name: "what is not there is NULL", needs: withPaths, run: pathsNothing},
}

// path goes from a document to a place in it.
func path(doc expr.Any, steps ...any) expr.JSONExpr {
	j := expr.JSON(doc)
	for _, s := range steps {
		if i, ok := s.(int); ok {
			j = j.Index(i)
		} else {
			j = j.Key(s.(string))
		}
	}
	return j
}

// within puts a value below keys.
func within(v any, keys ...string) any {
	for i := len(keys) - 1; i >= 0; i-- {
		v = map[string]any{keys[i]: v}
	}
	return v
}

// leaf is a value that stands in a document.
type leaf struct {
	v    any
	kind string // bool, text, int, float, number
}

var leaves = []leaf{
	{true, "bool"}, {false, "bool"}, {nil, "bool"},
	{"some string", "text"}, {"", "text"}, {nil, "text"}, {"réve illé", "text"}, {"réve🐍 illé", "text"}, {`it's "quoted" \`, "text"}, {"true", "text"}, {"null", "text"},
	{15, "int"}, {1, "int"}, {0, "int"}, {-1, "int"}, {int64(1) << 52, "int"}, {nil, "int"},
	{28.5, "float"}, {1234567.89, "float"}, {-0.25, "float"}, {nil, "float"},
	{json.Number("1234567.89"), "number"}, {json.Number("99939.983485848"), "number"},
}

// documentsOf makes a table with a document for each leaf.
func (t *T) documentsOf(list []leaf, keys ...string) (table expr.Table, id expr.Col[int64], doc expr.Col[any], c dialect.Conn) {
	t.Helper()
	s := t.shelf(jsonType)
	for _, l := range list {
		b, err := json.Marshal(within(l.v, keys...))
		if err != nil {
			t.Fatalf("%v", err)
		}
		s.fill(string(b))
	}
	table = s.exprTable()
	return table, expr.C[int64](table, "id"), expr.C[any](table, "v"), s.c
}

// taken is a leaf as expressions see it: what reads it, what finds it, and the
// value as Go reads it.
func taken(t *T, j expr.JSONExpr, l leaf) (read expr.Any, found expr.Cond, dst any, want string) {
	switch l.kind {
	case "bool":
		e := j.AsBool()
		read, dst, found = e, new(*bool), e.IsNull()
		if v, ok := l.v.(bool); ok {
			found = e.Eq(v)
		}
	case "text":
		e := j.AsString()
		read, dst, found = e, new(*string), e.IsNull()
		if v, ok := l.v.(string); ok {
			found = e.Eq(v)
			if v == "" && t.f.EmptyIsNull {
				return e, e.IsNull(), dst, "<nil>"
			}
		}
	case "int":
		e := j.AsInt()
		read, dst, found = e, new(*int64), e.IsNull()
		if l.v != nil {
			var n int64
			if _, err := fmt.Sscan(fmt.Sprint(l.v), &n); err != nil {
				t.Fatalf("%v", err)
			}
			found = e.Eq(n)
		}
	case "float":
		e := j.AsFloat()
		read, dst, found = e, new(*float64), e.IsNull()
		if v, ok := l.v.(float64); ok {
			found = e.Eq(v)
		}
	case "number":
		text := fmt.Sprint(l.v)
		digits, fraction, _ := strings.Cut(text, ".")
		typ := dialect.Type{Kind: dialect.Decimal, Precision: len(digits) + len(fraction), Scale: len(fraction)}
		e := expr.Cast[string](j.AsString(), typ)
		read, dst, found = e, new(*string), expr.Eq[string](e, expr.ValueOf(text, typ))
	}
	return read, found, dst, fmt.Sprint(l.v)
}

// plain is what a pointer to a pointer points at.
func plain(dst any) string {
	var text string
	switch p := dst.(type) {
	case **bool:
		text = "<nil>"
		if *p != nil {
			text = fmt.Sprint(**p)
		}
	case **string:
		text = "<nil>"
		if *p != nil {
			text = **p
		}
	case **int64:
		text = "<nil>"
		if *p != nil {
			text = fmt.Sprint(**p)
		}
	case **float64:
		text = "<nil>"
		if *p != nil {
			text = fmt.Sprint(**p)
		}
	}
	return text
}

func pathsRead(t *T) {
	table, id, doc, c := t.documentsOf(leaves, "key1")
	for i, l := range leaves {
		read, _, dst, want := taken(t, path(doc, "key1"), l)
		t.row(c, expr.Select(read).From(table).Where(id.Eq(int64(i+1))), dst)
		if got := plain(dst); got != want && (l.kind != "number" || !sameNumber(got, want)) {
			t.Errorf("%v as %s is %s", l.v, l.kind, got)
		}
	}
	parts := []leaf{{v: map[string]any{"foo": "bar"}}, {v: []any{"one", "two", "three"}}}
	table, id, doc, c = t.documentsOf(parts, "key1")
	for i, l := range parts {
		for _, e := range []expr.Any{path(doc, "key1"), path(doc, "key1").AsJSON()} {
			var got string
			t.row(c, expr.Select(e).From(table).Where(id.Eq(int64(i+1))), &got)
			if b, err := json.Marshal(l.v); err != nil || !sameJSON(got, string(b)) {
				t.Errorf("%s as JSON is %s (%v)", b, got, err)
			}
		}
	}
}

func pathsCompare(t *T, keys ...string) {
	table, id, doc, c := t.documentsOf(leaves, keys...)
	steps := make([]any, len(keys))
	for i, k := range keys {
		steps[i] = k
	}
	for i, l := range leaves {
		read, found, dst, want := taken(t, path(doc, steps...), l)
		t.row(c, expr.Select(read).From(table).Where(id.Eq(int64(i+1)), found), dst)
		if got := plain(dst); got != want && (l.kind != "number" || !sameNumber(got, want)) {
			t.Errorf("%v as %s is %s", l.v, l.kind, got)
		}
	}
}

func pathsCross(t *T) {
	for _, keys := range [][]string{{"key1"}, {"attr1", "key1"}} {
		list := []leaf{{v: "15"}, {v: 15}, {v: 1}, {v: 0}, {v: 28.5}, {v: nil}}
		table, id, doc, c := t.documentsOf(list, keys...)
		j := expr.JSON(doc)
		for _, k := range keys {
			j = j.Key(k)
		}
		for i, want := range []struct{ text, float, number string }{
			{"15", "15", "15"}, {"15", "15", "15"}, {"1", "1", "1"}, {"0", "0", "0"}, {"28.5", "28.5", "28.5"}, {"NULL", "NULL", "NULL"},
		} {
			number := expr.Cast[string](j.AsString(), dialect.Type{Kind: dialect.Decimal, Precision: 10, Scale: 2})
			for _, ask := range []struct {
				e    expr.Any
				want string
			}{{j.AsString(), want.text}, {j.AsFloat(), want.float}, {number, want.number}} {
				got := t.lines(c, expr.Select(ask.e).From(table).Where(id.Eq(int64(i+1))))
				if got != ask.want && !sameNumber(got, ask.want) {
					t.Errorf("%v as another type is %q instead of %q", list[i].v, got, ask.want)
				}
			}
		}
		whole := []string{"15", "15", "1", "0"}
		for i, want := range whole {
			t.wantLines(c, expr.Select(j.AsInt()).From(table).Where(id.Eq(int64(i+1))), want)
		}
	}
}

// sixDocuments are documents of different shapes.
var sixDocuments = []leaf{
	{v: map[string]any{"key1": "value1", "key2": "value2"}},
	{v: map[string]any{"Key 'One'": "value1", "key two": "value2", "key three": "value ' three '", `say "four" \ %s :x ? $1`: "value4"}},
	{v: map[string]any{"key1": []any{1, 2, 3}, "key2": []any{"one", "two", "three"}, "key3": []any{map[string]any{"four": "five"}, map[string]any{"six": "seven"}}}},
	{v: []any{"one", "two", "three"}},
	{v: map[string]any{"nested": map[string]any{"elem1": []any{map[string]any{"a": "b", "c": "d"}, map[string]any{"e": "f", "g": "h"}},
		"elem2": map[string]any{"elem3": map[string]any{"elem4": "elem5"}}}}},
	{v: map[string]any{"a": 5, "b": "some value", "c": map[string]any{"foo": "bar"}}},
}

// wantText checks that one of the documents alone has a text at the end of a
// path, found by a parameter and by a literal.
func wantText(t *T, want, text string, steps ...any) {
	table, id, doc, c := t.documentsOf(sixDocuments)
	e := path(doc, steps...).AsString()
	q := expr.Select(id).From(table).OrderBy(id.Asc())
	t.wantLines(c, q.Where(e.Eq(text)), want)
	t.wantLines(c, q.Where(expr.Eq[string](e, expr.Literal(text))), want)
	t.wantLines(c, q.Where(e.Eq("no such text")), "")
}

func pathsNothing(t *T) {
	table, id, doc, c := t.documentsOf([]leaf{{v: map[string]any{"key1": nil, "key2": []any{1}}}})
	for _, steps := range [][]any{{"key1"}, {"key3"}, {"key2", 7}, {"key1", "deeper"}} {
		j := path(doc, steps...)
		t.wantLines(c, expr.Select(id).From(table).Where(j.AsString().IsNull(), j.AsInt().IsNull(), j.AsFloat().IsNull(), j.AsBool().IsNull()), "1")
	}
}
