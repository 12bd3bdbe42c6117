package dialecttest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
)

var basicCases = []testCase{
	{name: "Ping answers on a live connection, and not on a closed one", run: basicPing},
	{name: "a duplicate key is an error of its own kind, within a transaction too", run: basicDuplicate},
	{name: "a message beyond ASCII comes through as it is", run: basicMessage},
	{name: "percent signs in values and literals are one thing", run: basicPercent},
}

// toughNames are names that look like something else: placeholders, formats,
// quotes, paths, numbers.
var toughNames = []string{"boring", "per cent", "per % cent", "%percent", "par(ens)", "percent%(ens)yah", "col:ons", "_starts_with_underscore", "dot.s",
	"more :: %colons%", "_name", "___name", "[BracketsAndCase]", "42numbers", "percent%signs", "has spaces", "/slashes/", "more/slashes", "q?marks", "1param", "1col:on"}

var toughCases = []testCase{
	{name: "a column of a difficult name is written, read and found", run: toughColumn},
	{name: "a value compared under a difficult name", run: toughLabel},
	{name: "a list of values compared under a difficult name", run: toughLabelIn},
}

func basicPing(t *T) {
	c := t.conn()
	if err := c.Ping(t.ctx); err != nil {
		t.Errorf("%v", err)
	}
	t.works(c)
	e := t.engine()
	if err := e.Ping(t.ctx); err != nil {
		t.Errorf("%v", err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("%v", err)
	}
	if err := c.Ping(t.ctx); err == nil {
		t.Errorf("a closed connection answers")
	}
}

func basicDuplicate(t *T) {
	table := t.table(key, col{"data", varchar, ""})
	t.on(t.shared(), func(c *engine.Conn) {
		tx, err := c.Begin(t.ctx)
		if err != nil {
			t.Fatalf("%v", err)
		}
		t.run2(tx, insertText(table, []string{"id", "data"}, 1, "d1"))
		_, err = tx.Run(t.ctx, insertText(table, []string{"id", "data"}, 1, "d1"), nil)
		t.wantKind(err, dialect.ErrUniqueViolation)
		if !errors.Is(err, engine.ErrUniqueViolation) {
			t.Errorf("the error is none of package engine's: %v", err)
		}
		if err := tx.Rollback(t.ctx); err != nil {
			t.Errorf("%v", err)
		}
	})
	t.wantRows(table, 0)
}

func basicMessage(t *T) {
	_, err := t.shared().Run(t.ctx, t.sel(ident("méil")), nil)
	e, ok := errors.AsType[*engine.Error](err)
	if !ok {
		t.Fatalf("the error is no *engine.Error: %v", err)
	}
	if cause := e.Err; cause == nil || !strings.Contains(err.Error(), e.Message) || !strings.Contains(cause.Error(), e.Message) {
		t.Errorf("the error %q does not hold the driver's %q", err, cause)
	}
	if !strings.Contains(err.Error(), "méil") {
		t.Errorf("the name is lost in %q", err)
	}
}

func basicPercent(t *T) {
	s := t.shelf(varchar)
	values := []string{"some % value", "some %% other value", "%s", "100%"}
	for _, v := range values {
		s.fill(v)
	}
	table := s.exprTable()
	v := expr.C[string](table, "v")
	for _, want := range values {
		for _, cond := range []expr.Cond{v.Eq(want), expr.Eq(v, expr.Literal(want))} {
			t.wantLines(s.c, expr.Select(v).From(table).Where(cond), want)
		}
	}
}

func toughColumn(t *T) {
	var columns []col
	parts := []any{key}
	for _, n := range toughNames {
		columns = append(columns, col{n, varchar, ""})
		parts = append(parts, columns[len(columns)-1])
	}
	table := tableOf(t.table(parts...), append([]col{key}, columns...)...)
	c := t.conn()
	set := []expr.Assignment{expr.C[int64](table, "id").Set(1)}
	for _, n := range toughNames {
		set = append(set, expr.C[string](table, n).Set("some name"))
	}
	t.exec(c, expr.Insert(table).Values(set...))
	for _, n := range toughNames {
		cn := expr.C[string](table, n)
		t.wantLines(c, expr.Select(cn).From(table).Where(cn.Eq("some name")), "some name")
		t.wantLines(c, expr.Select(cn).From(table).Where(cn.In("some name", "some other_name")), "some name")
		row, err := engine.One[map[string]any](t.ctx, t.shared(), expr.Select(cn).From(table))
		if _, ok := row[n]; err != nil || !ok {
			t.Errorf("%q: the row reads %v (%v)", n, row, err)
		}
		if n := t.exec(c, expr.Update(table).Set(cn.Set("changed")).Where(cn.Eq("some name"))).RowsAffected(); n != 1 {
			t.Errorf("%d rows affected", n)
		}
	}
}

// labelled is a query that gives a column a difficult name, as a table.
func (t *T) labelled(name string) (from expr.Table, id expr.Col[int64], label expr.Col[string]) {
	t.Helper()
	columns := []col{key, {"name", varchar, ""}}
	table := tableOf(t.table(columns[0], columns[1]), columns...)
	tid, tname := expr.C[int64](table, "id"), expr.C[string](table, "name")
	t.insertMany(table, []expr.AnyColumn{tid, tname}, []any{1, "a"}, []any{2, "b"}, []any{3, "c"}, []any{4, "d"})
	from = expr.Select(tid, tname.As(name)).From(table).As("d")
	return from, expr.C[int64](from, "id"), expr.C[string](from, name)
}

func toughLabel(t *T) {
	c := t.conn()
	for _, n := range toughNames {
		from, id, label := t.labelled(n)
		t.wantLines(c, expr.Select(id).From(from).Where(label.Eq("c")), "3")
		row, err := engine.One[map[string]string](t.ctx, t.shared(), expr.Select(expr.Value("x").As(n)))
		if err == nil && row[n] != "x" {
			t.Errorf("%q: the row reads %v", n, row)
		}
	}
}

func toughLabelIn(t *T) {
	c := t.conn()
	for _, n := range toughNames {
		from, id, label := t.labelled(n)
		for _, list := range [][]string{{"a", "b"}, {"d", "a"}, {"x"}, {}} {
			want := map[string]string{"[a b]": "1; 2", "[d a]": "1; 4", "[x]": "", "[]": ""}[fmt.Sprint(list)]
			t.wantLines(c, expr.Select(id).From(from).Where(label.In(list...)).OrderBy(id.Asc()), want)
		}
	}
}
