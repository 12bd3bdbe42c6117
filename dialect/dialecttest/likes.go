package dialecttest

import (
	"fmt"
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var likeCases = []testCase{
	{name: "a pattern for the beginning", run: likes("ab%c%", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)},
	{name: "StartsWith takes the wildcards for themselves", run: matches(func(v expr.Col[string]) expr.Cond { return v.StartsWith("ab%c") }, 3)},
	{name: "a pattern for the beginning from an expression", run: matches(func(v expr.Col[string]) expr.Cond {
		return expr.Like(v, expr.Concat(expr.Literal("ab%c"), expr.Literal("%")))
	}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)},
	{name: "a pattern for the beginning with an escape", run: escaped("ab##c%", 7)},
	{name: "StartsWith takes what others escape with for itself", run: matchesAll(
		matched{func(v expr.Col[string]) expr.Cond { return v.StartsWith("ab%c") }, []int64{3}},
		matched{func(v expr.Col[string]) expr.Cond { return v.StartsWith("ab#c") }, []int64{7}},
		matched{func(v expr.Col[string]) expr.Cond { return v.StartsWith("ab/c") }, []int64{2}},
		matched{func(v expr.Col[string]) expr.Cond { return expr.StartsWith(v, expr.Value("ab_c")) }, []int64{4}},
	)},
	{name: "a pattern for the end", run: likes("%e%fg", 1, 2, 3, 4, 5, 6, 7, 8, 9)},
	{name: "EndsWith takes the wildcards for themselves", run: matches(func(v expr.Col[string]) expr.Cond { return v.EndsWith("e%fg") }, 6)},
	{name: "a pattern for the end from an expression", run: matches(func(v expr.Col[string]) expr.Cond {
		return expr.Like(v, expr.Concat(expr.Literal("%"), expr.Literal("e%fg")))
	}, 1, 2, 3, 4, 5, 6, 7, 8, 9)},
	{name: "a pattern for the end with an escape", run: escaped("%e##fg", 9)},
	{name: "EndsWith takes what others escape with for itself", run: matchesAll(
		matched{func(v expr.Col[string]) expr.Cond { return v.EndsWith("e%fg") }, []int64{6}},
		matched{func(v expr.Col[string]) expr.Cond { return v.EndsWith("e#fg") }, []int64{9}},
		matched{func(v expr.Col[string]) expr.Cond { return v.EndsWith("e/fg") }, []int64{5}},
		matched{func(v expr.Col[string]) expr.Cond { return expr.EndsWith(v, expr.Value("e%fg")) }, []int64{6}},
	)},
	{name: "a pattern for a part", run: likes("%b%cde%", 1, 2, 3, 4, 5, 6, 7, 8, 9)},
	{name: "Contains takes the wildcards for themselves", run: matches(func(v expr.Col[string]) expr.Cond { return v.Contains("b%cde") }, 3)},
	{name: "a pattern for a part with an escape", run: escaped("%b##cde%", 7)},
	{name: "Contains takes what others escape with for itself", run: matchesAll(
		matched{func(v expr.Col[string]) expr.Cond { return v.Contains("b%cd") }, []int64{3}},
		matched{func(v expr.Col[string]) expr.Cond { return v.Contains("b#cd") }, []int64{7}},
		matched{func(v expr.Col[string]) expr.Cond { return v.Contains("b/cd") }, []int64{2}},
		matched{func(v expr.Col[string]) expr.Cond { return expr.Contains(v, expr.Value("b_cd")) }, []int64{4}},
	)},
	{name: "regular expressions", needs: regexps, run: matchesAll(
		regexpMatched("a.cde", 1, 5, 6, 9),
		regexpMatched("abc", 1, 5, 6, 9, 10),
		regexpMatched("^abc", 1, 5, 6, 9, 10),
		regexpMatched("9cde", 8),
		regexpMatched("^a", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
		regexpMatched("(b|c)", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
		regexpMatched("^(b|c)"),
	)},
	{name: "what a regular expression does not match", needs: regexps, run: matchesAll(
		matched{func(v expr.Col[string]) expr.Cond { return expr.Not(v.RegexpMatch("a.cde")) }, []int64{2, 3, 4, 7, 8, 10}},
	)},
	{name: "regular expressions without regard to case", needs: feature("IRegexp", func(f *dialect.Features) bool { return f.IRegexp != "" }), run: matchesAll(
		matched{func(v expr.Col[string]) expr.Cond { return v.IRegexpMatch("^A.CDE") }, []int64{1, 5, 6, 9}},
		matched{func(v expr.Col[string]) expr.Cond { return v.IRegexpMatch("X|ABC") }, []int64{1, 5, 6, 9, 10}},
		matched{func(v expr.Col[string]) expr.Cond { return expr.Not(v.IRegexpMatch("A.CDE")) }, []int64{2, 3, 4, 7, 8, 10}},
		matched{func(v expr.Col[string]) expr.Cond { return expr.IRegexpMatch(v, expr.Value("^A.CDE")) }, []int64{1, 5, 6, 9}},
	)},
	{name: "they replace without regard to case", needs: feature("IRegexpReplace", func(f *dialect.Features) bool { return f.IRegexpReplace != "" }), run: matches(func(v expr.Col[string]) expr.Cond {
		return expr.IRegexpReplace(v, "A.CDE", "FOO").Contains("FOO")
	}, 1, 5, 6, 9)},
	{name: "regular expressions replace", needs: feature("RegexpReplace", func(f *dialect.Features) bool { return f.RegexpReplace != "" }), run: matches(func(v expr.Col[string]) expr.Cond {
		return expr.RegexpReplace(v, "a.cde", "FOO").Contains("FOO")
	}, 1, 5, 6, 9)},
	{name: "regular expressions are refused where there are none", needs: without("Regexp", func(f *dialect.Features) bool { return f.Regexp == "" && f.RegexpReplace == "" }), run: likeNoRegexp},
}

var regexps = feature("Regexp", func(f *dialect.Features) bool { return f.Regexp != "" })

// matched is a condition on a text, and the rows that meet it.
type matched struct {
	cond func(v expr.Col[string]) expr.Cond
	want []int64
}

// likeable makes a table of texts that differ in what LIKE takes for something
// else, and a NULL.
func (t *T) likeable() (c dialect.Conn, table expr.Table, id expr.Col[int64], v expr.Col[string]) {
	t.Helper()
	s := t.shelfOf(varchar, "abcdefg", "ab/cdefg", "ab%cdefg", "ab_cdefg", "abcde/fg", "abcde%fg", "ab#cdefg", "ab9cdefg", "abcde#fg", "abcd9fg", nil)
	table = s.exprTable()
	return s.c, table, expr.C[int64](table, "id"), expr.C[string](table, "v")
}

func matchesAll(all ...matched) func(t *T) {
	return func(t *T) {
		c, table, id, v := t.likeable()
		for _, m := range all {
			s := expr.Select(id).From(table).Where(m.cond(v)).OrderBy(id.Asc())
			if got := column[int64](t, c, s); !slices.Equal(got, m.want) {
				t.Errorf("%s\nfinds %s instead of %s", t.text(s), fmt.Sprint(got), fmt.Sprint(m.want))
			}
		}
	}
}

func matches(cond func(v expr.Col[string]) expr.Cond, want ...int64) func(t *T) {
	return matchesAll(matched{cond, want})
}

func likes(pattern string, want ...int64) func(t *T) {
	return matches(func(v expr.Col[string]) expr.Cond { return v.Like(pattern) }, want...)
}

func escaped(pattern string, want ...int64) func(t *T) {
	return matches(func(v expr.Col[string]) expr.Cond { return v.LikeEscape(pattern, '#') }, want...)
}

func regexpMatched(pattern string, want ...int64) matched {
	return matched{func(v expr.Col[string]) expr.Cond { return v.RegexpMatch(pattern) }, want}
}

func likeNoRegexp(t *T) {
	c, table, id, v := t.likeable()
	_, err := t.tryExec(t.ctx, c, expr.Select(id).From(table).Where(v.RegexpMatch("a")))
	t.wantKind(err, dialect.ErrUnsupported)
	_, err = t.tryExec(t.ctx, c, expr.Select(expr.RegexpReplace(v, "a", "b").As("x")).From(table))
	t.wantKind(err, dialect.ErrUnsupported)
}
