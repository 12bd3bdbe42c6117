package dialecttest

import (
	"fmt"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var windowCases = []testCase{
	{name: "an aggregate over an order", run: windowOrder},
	{name: "a frame of rows, with other numbers each time", run: windowRows},
	{name: "a frame of equal values", run: windowRange},
	{name: "a frame of a distance in values", needs: frameValues, run: windowDistance},
	{name: "a frame of a distance in time", needs: both(frameValues, frameTimes), run: windowTime},
	{name: "a distance in values is refused where there is none", needs: without("FrameValues", func(f *dialect.Features) bool { return !f.FrameValues }), run: windowDistanceRefused},
	{name: "a distance in time is refused where there is none", needs: without("FrameInterval", func(f *dialect.Features) bool { return !f.FrameValues || f.FrameInterval == "" }), run: windowTimeRefused},
	{name: "bits", run: bitwise},
}

var (
	frameValues = feature("FrameValues", func(f *dialect.Features) bool { return f.FrameValues })
	frameTimes  = feature("FrameInterval", func(f *dialect.Features) bool { return f.FrameInterval != "" })
)

// series is a table of the numbers 1 to 20, n five times the key, g a third of it, and a
// day for each.
type series struct {
	expr.Table
	id, n, g expr.Col[int64]
	at       expr.Col[time.Time]
	c        dialect.Conn
}

func (t *T) series() *series {
	t.Helper()
	columns := []col{key, {"n", integer, ""}, {"g", integer, ""}, {"at", dialect.Type{Kind: dialect.Timestamp}, ""}}
	name := t.table(columns[0], columns[1], columns[2], columns[3])
	s := &series{Table: tableOf(name, columns...), c: t.conn()}
	s.id, s.n, s.g, s.at = expr.C[int64](s, "id"), expr.C[int64](s, "n"), expr.C[int64](s, "g"), expr.C[time.Time](s, "at")
	var rows [][]any
	for i := range int64(20) {
		rows = append(rows, []any{i + 1, (i + 1) * 5, (i + 1) / 3, time.Date(2024, 2, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(i))})
	}
	t.insertMany(s, []expr.AnyColumn{s.id, s.n, s.g, s.at}, rows...)
	return s
}

// over is what the rows show of a function.
func (s *series) over(e expr.Expr[int64]) expr.SelectStmt {
	return expr.Select(e.As("x")).From(s).OrderBy(s.id.Asc())
}

// series20 writes what f gives for 1 to 20, where nothing is NULL.
func series20(f func(id int) (n int, ok bool)) string {
	var list []string
	for id := 1; id <= 20; id++ {
		if n, ok := f(id); ok {
			list = append(list, fmt.Sprint(n))
		} else {
			list = append(list, "NULL")
		}
	}
	return strings.Join(list, "; ")
}

func windowOrder(t *T) {
	s := t.series()
	t.wantLines(s.c, s.over(expr.Max(s.n).Over(expr.Window{}.OrderBy(s.id.Desc()))), series20(func(int) (int, bool) { return 100, true }))
	t.wantLines(s.c, s.over(expr.Max(s.n).Over(expr.Window{}.OrderBy(s.id.Asc()))), series20(func(id int) (int, bool) { return id * 5, true }))
	t.wantLines(s.c, s.over(expr.Min(s.n).Over(expr.PartitionBy(s.g).OrderBy(s.id.Asc()))), series20(func(id int) (int, bool) { return max(id/3*3, 1) * 5, true }))
}

func windowRows(t *T) {
	s := t.series()
	for range 2 {
		for _, w := range [][2]int{{5, 7}, {2, 12}, {0, 1}} {
			e := expr.Max(s.n).Over(expr.Window{}.OrderBy(s.id.Asc()).Rows(expr.Following(int64(w[0])), expr.Following(int64(w[1]))))
			t.wantLines(s.c, s.over(e), series20(func(id int) (int, bool) { return min(id+w[1], 20) * 5, id+w[0] <= 20 }))
		}
	}
	e := expr.Sum(s.n).Over(expr.Window{}.OrderBy(s.id.Asc()).Rows(expr.Preceding(1), expr.CurrentRow()))
	t.wantLines(s.c, s.over(e), series20(func(id int) (int, bool) { return id*5 + (id-1)*5, true }))
}

func windowRange(t *T) {
	s := t.series()
	e := expr.Sum(s.n).Over(expr.Window{}.OrderBy(s.g.Asc()).Range(expr.UnboundedPreceding(), expr.CurrentRow()))
	t.wantLines(s.c, s.over(e), series20(func(id int) (int, bool) {
		sum := 0
		for i := 1; i <= 20 && i/3 <= id/3; i++ {
			sum += i * 5
		}
		return sum, true
	}))
}

// near is the sum of n of the rows whose f is from one distance before to
// another after a row's.
func near(f func(id int) int, before, after int) string {
	return series20(func(id int) (int, bool) {
		sum := 0
		for i := 1; i <= 20; i++ {
			if d := f(i) - f(id); d >= -before && d <= after {
				sum += i * 5
			}
		}
		return sum, true
	})
}

func windowDistance(t *T) {
	s := t.series()
	fives := func(id int) int { return id * 5 }
	for _, d := range [][2]int{{10, 5}, {7, 0}, {0, 12}} {
		e := expr.Sum(s.n).Over(expr.Window{}.OrderBy(s.n.Asc()).Range(expr.PrecedingBy(d[0]), expr.FollowingBy(d[1])))
		t.wantLines(s.c, s.over(e), near(fives, d[0], d[1]))
	}
	thirds := func(id int) int { return id / 3 }
	e := expr.Sum(s.n).Over(expr.Window{}.OrderBy(s.g.Asc()).Range(expr.PrecedingBy(1), expr.CurrentRow()))
	t.wantLines(s.c, s.over(e), near(thirds, 1, 0))
}

// daysAround is a sum over the days from some before to some after.
func (s *series) daysAround(before, after int) expr.SelectStmt {
	const day = 24 * time.Hour
	frame := expr.Window{}.OrderBy(s.at.Asc()).Range(expr.PrecedingBy(time.Duration(before)*day), expr.FollowingBy(time.Duration(after)*day))
	return s.over(expr.Sum(s.n).Over(frame))
}

func windowTime(t *T) {
	s := t.series()
	for _, d := range [][2]int{{3, 2}, {0, 1}, {30, 0}} {
		t.wantLines(s.c, s.daysAround(d[0], d[1]), near(func(id int) int { return id }, d[0], d[1]))
	}
}

func windowDistanceRefused(t *T) {
	s := t.series()
	t.refuses(s.c, s.over(expr.Sum(s.n).Over(expr.Window{}.OrderBy(s.n.Asc()).Range(expr.PrecedingBy(10), expr.CurrentRow()))))
}

func windowTimeRefused(t *T) {
	s := t.series()
	t.refuses(s.c, s.daysAround(3, 2))
}

func bitwise(t *T) {
	s := t.series()
	five := expr.Value(int64(5))
	for _, x := range []struct {
		name string
		e    expr.Expr[int64]
		f    func(id int) int
	}{
		{"xor", expr.BitXor(s.id, five), func(id int) int { return id ^ 5 }},
		{"or", expr.BitOr(s.id, expr.Value(int64(1))), func(id int) int { return id | 1 }},
		{"and", expr.BitAnd(s.id, expr.Value(int64(4))), func(id int) int { return id & 4 }},
		{"not", expr.BitNot(s.id.Sub(2)), func(id int) int { return ^(id - 2) }},
		{"shift left", expr.ShiftLeft(s.id, 1), func(id int) int { return id << 1 }},
		{"shift right", expr.ShiftRight(s.id, 2), func(id int) int { return id >> 2 }},
		{"several", expr.BitOr(expr.BitAnd(s.id, five), expr.ShiftLeft(s.id, 2)), func(id int) int { return id&5 | id<<2 }},
	} {
		t.wantLines(s.c, s.over(x.e), series20(func(id int) (int, bool) { return x.f(id), true }))
		found := 0
		for id := 1; id <= 20; id++ {
			if x.f(id) > 0 {
				found++
			}
		}
		if got := column[int64](t, s.c, expr.Select(s.id).From(s).Where(x.e.Gt(0))); len(got) != found {
			t.Errorf("%s is above zero for %v", x.name, got)
		}
	}
}
