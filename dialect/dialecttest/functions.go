package dialecttest

import (
	"math"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// functionCases prove that the portable functions of Features mean the same
// on every database.
var functionCases = []testCase{
	{name: "portable functions of text", run: functionText},
	{name: "portable functions of numbers", run: functionNumbers},
	{name: "portable functions of times", run: functionTimes},
	{name: "portable functions of the current time", run: functionNow},
	{name: "portable aggregates", run: functionAggregates},
}

// has reports whether the database has the function.
func (t *T) has(name string) bool {
	text, ok := t.f.Functions[name]
	if !ok {
		t.Errorf("Features.Functions does not say what %s is", name)
	}
	return text != ""
}

func functionText(t *T) {
	v := ident("v")
	for _, x := range []struct {
		value, name string
		args        []any
		want        string
	}{
		{"  a b  ", "trim", nil, "a b"},
		{"abcd", "substring", []any{"2", "2"}, "bc"}, {"äöü", "substring", []any{"2", "5"}, "öü"},
		{"abcd", "left", []any{"3"}, "abc"}, {"ab", "left", []any{"3"}, "ab"},
		{"abcd", "right", []any{"3"}, "bcd"}, {"ab", "right", []any{"3"}, "ab"},
		{"ab", "lpad", []any{"4", "'-'"}, "--ab"}, {"ab", "rpad", []any{"4", "'-'"}, "ab--"},
		{"ab", "repeat", []any{"3"}, "ababab"}, {"abc", "reverse", nil, "cba"},
	} {
		if !t.has(x.name) {
			continue
		}
		s := t.shelfOf(varchar, x.value)
		var got string
		t.row(s.c, say{"SELECT ", t.function(x.name, append([]any{v}, x.args...)...), " FROM ", s.table}, &got)
		if got != x.want {
			t.Errorf("%s%v of %q is %q instead of %q", x.name, x.args, x.value, got, x.want)
		}
	}
	s := t.shelfOf(varchar, "äbcb")
	for name, want := range map[string]int64{"length": 4, "char_length": 4} {
		if got := single[int64](t, s.c, say{"SELECT ", t.function(name, v), " FROM ", s.table}); got != want {
			t.Errorf("%s is %d instead of %d", name, got, want)
		}
	}
	for part, want := range map[string]int64{"'b'": 2, "'x'": 0} {
		if got := single[int64](t, s.c, say{"SELECT ", t.function("strpos", v, part), " FROM ", s.table}); got != want {
			t.Errorf("strpos of %s is %d instead of %d", part, got, want)
		}
	}
	for code, want := range map[string]string{"65": "A", "8364": "€"} {
		if got := single[string](t, s.c, say{"SELECT ", t.function("chr", code), " FROM ", s.table}); got != want {
			t.Errorf("chr of %s is %q instead of %q", code, got, want)
		}
	}
}

func functionNumbers(t *T) {
	s := t.shelfOf(dialect.Type{Kind: dialect.Double}, 2.5, -2.5)
	for _, x := range []struct {
		name string
		args []any
		want [2]float64
	}{
		{"ceil", []any{ident("v")}, [2]float64{3, -2}},
		{"trunc", []any{ident("v")}, [2]float64{2, -2}},
		{"ln", []any{say{"ABS(", ident("v"), ")"}}, [2]float64{math.Log(2.5), math.Log(2.5)}},
		{"log10", []any{say{"ABS(", ident("v"), ") * 40"}}, [2]float64{2, 2}},
		{"power", []any{ident("v"), "2"}, [2]float64{6.25, 6.25}},
		{"power", []any{"2", "-1"}, [2]float64{0.5, 0.5}},
		{"greatest", []any{ident("v"), "1", "-7"}, [2]float64{2.5, 1}},
		{"least", []any{ident("v"), "1", "7"}, [2]float64{1, -2.5}},
	} {
		if !t.has(x.name) {
			continue
		}
		got := column[float64](t, s.c, say{"SELECT ", t.function(x.name, x.args...), " FROM ", s.table, " ORDER BY ", ident("id")})
		for i := range x.want {
			if math.Abs(got[i]-x.want[i]) > 1e-9 {
				t.Errorf("%s is %v instead of %v", x.name, got[i], x.want[i])
			}
		}
	}
	random := column[float64](t, s.c, say{"SELECT ", t.function("random"), " FROM ", s.table})
	if random[0] < 0 || random[0] >= 1 || random[0] == random[1] {
		t.Errorf("random is %v in two rows", random)
	}
}

func functionTimes(t *T) {
	sunday := time.Date(2027, 1, 3, 23, 45, 59, 678901000, time.UTC) // of the last week of 2026
	old := time.Date(1969, 7, 20, 20, 17, 40, 500000000, time.UTC)
	s := t.shelfOf(dialect.Type{Kind: dialect.Timestamp}, sunday, old)
	for name, want := range map[string][2]int64{
		"year": {2027, 1969}, "quarter": {1, 3}, "month": {1, 7}, "week": {53, 29}, "day": {3, 20}, "hour": {23, 20}, "minute": {45, 17},
		"second": {59, 40}, "doy": {3, 201}, "dow": {0, 0}, "isodow": {7, 7}, "isoyear": {2026, 1969}, "epoch": {sunday.Unix(), old.Unix()},
	} {
		if !t.has("extract_" + name) {
			continue
		}
		got := column[int64](t, s.c, say{"SELECT ", t.function("extract_"+name, ident("v")), " FROM ", s.table, " ORDER BY ", ident("id")})
		if got[0] != want[0] || got[1] != want[1] {
			t.Errorf("extract_%s is %d instead of %d", name, got, want)
		}
	}
	for name, want := range map[string]time.Time{
		"year": time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), "quarter": time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
		"month": time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), "week": time.Date(2026, 12, 28, 0, 0, 0, 0, time.UTC),
		"day": time.Date(2027, 1, 3, 0, 0, 0, 0, time.UTC), "hour": time.Date(2027, 1, 3, 23, 0, 0, 0, time.UTC),
		"minute": time.Date(2027, 1, 3, 23, 45, 0, 0, time.UTC), "second": time.Date(2027, 1, 3, 23, 45, 59, 0, time.UTC),
	} {
		if !t.has("date_trunc_" + name) {
			continue
		}
		var got time.Time
		t.row(s.c, say{"SELECT ", t.function("date_trunc_"+name, ident("v")), " FROM ", s.table, " WHERE ", ident("id"), " = 1"}, &got)
		if !got.Equal(want) {
			t.Errorf("date_trunc_%s is %v instead of %v", name, got, want)
		}
	}
}

func functionNow(t *T) {
	s := t.shelfOf(integer, 1)
	for _, name := range []string{"now", "current_timestamp", "localtimestamp", "current_date"} {
		before := time.Now()
		var got time.Time
		t.row(s.c, say{"SELECT ", t.function(name), " FROM ", s.table}, &got)
		if d := got.Sub(before); d.Abs() > 25*time.Hour {
			t.Errorf("%s is %v at %v", name, got, before)
		}
	}
	for _, name := range []string{"current_time", "gen_random_uuid", "current_user"} {
		if !t.has(name) {
			continue
		}
		var got any
		t.row(s.c, say{"SELECT ", t.function(name), " FROM ", s.table}, &got)
		if got == nil || got == "" {
			t.Errorf("%s is %v", name, got)
		}
	}
}

func functionAggregates(t *T) {
	v := ident("v")
	s := t.shelfOf(dialect.Type{Kind: dialect.Double}, 1, 2, 6, nil)
	for name, want := range map[string]float64{
		"stddev": math.Sqrt(7), "stddev_samp": math.Sqrt(7), "stddev_pop": math.Sqrt(14. / 3), "variance": 7, "var_samp": 7, "var_pop": 14. / 3,
	} {
		if !t.has(name) {
			continue
		}
		if got := single[float64](t, s.c, say{"SELECT ", t.function(name, v), " FROM ", s.table}); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v instead of %v", name, got, want)
		}
	}
	flags := t.shelfOf(dialect.Type{Kind: dialect.Boolean}, true, false, nil)
	for name, want := range map[string]bool{"bool_and": false, "bool_or": true} {
		if got := single[bool](t, flags.c, say{"SELECT ", t.function(name, v), " FROM ", flags.table}); got != want {
			t.Errorf("%s is %v", name, got)
		}
	}
	words := t.shelfOf(varchar, "a", "a", nil)
	for name, want := range map[string]string{"string_agg": "a, a", "any_value": "a", "json_agg": "", "array_agg": ""} {
		if !t.has(name) {
			continue
		}
		args := []any{v}
		if name == "string_agg" {
			args = append(args, "', '")
		}
		cond := say{" WHERE ", v, " IS NOT NULL"}
		var got any
		t.row(words.c, say{"SELECT ", t.function(name, args...), " FROM ", words.table, cond}, &got)
		if got == nil || want != "" && got != want {
			t.Errorf("%s is %v instead of %q", name, got, want)
		}
	}
	if t.has("json_object_agg") {
		var got any
		t.row(words.c, say{"SELECT ", t.function("json_object_agg", v, v), " FROM ", words.table, " WHERE ", ident("id"), " = 1"}, &got)
		if got == nil {
			t.Errorf("json_object_agg is NULL")
		}
	}
}
