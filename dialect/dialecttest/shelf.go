package dialecttest

import (
	"context"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
)

// tableOf is a table of those columns as package expr sees it.
func tableOf(name ident, columns ...col) expr.Table {
	defs := make([]expr.ColumnDef, len(columns))
	for i, c := range columns {
		defs[i] = expr.ColumnDef{Name: c.name, Type: &columns[i].typ, Null: !strings.Contains(c.more, "NOT NULL"), PrimaryKey: strings.Contains(c.more, "PRIMARY KEY")}
	}
	return expr.NewTable(expr.TableDef{Name: string(name), Columns: defs})
}

// exprTable is the shelf as package expr sees it.
func (s *shelf) exprTable() expr.Table { return tableOf(s.table, key, col{"v", s.typ, ""}) }

// shared is an Engine that cases share, for what needs a Runner and leaves
// nothing behind.
func (t *T) shared() *engine.Engine {
	t.Helper()
	if t.target.engineOfAll == nil {
		connector, err := t.base.OpenConnector(t.url, t.cfg.Connect)
		if err != nil {
			t.Fatalf("opening a connector: %v", err)
		}
		if t.wrap != nil {
			connector = &wrapped{connector, t.base, t.wrap}
		}
		e, err := engine.Open("", engine.WithConnector(connector), engine.WithPoolSize(2))
		if err != nil {
			t.Fatalf("opening an Engine: %v", err)
		}
		t.target.engineOfAll = e
	}
	return t.target.engineOfAll
}

// closeShared ends the Engine that cases share.
func (tg *target) closeShared() error {
	if tg.engineOfAll == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return tg.engineOfAll.Shutdown(ctx)
}

// script runs a script, which must succeed.
func (t *T) script(s dialect.Script) {
	t.Helper()
	if _, err := dialect.RunScript(t.ctx, t.shared(), s); err != nil {
		t.Fatalf("%v", err)
	}
}

// insertMany inserts rows in as few statements as the database allows.
func (t *T) insertMany(table expr.Relation, columns []expr.AnyColumn, rows ...[]any) {
	t.Helper()
	t.script(expr.Insert(table).Columns(columns...).Rows(rows...).Batches(nil))
}

// fill puts values on the shelf and fails where one is refused.
func (s *shelf) fill(values ...any) {
	s.t.Helper()
	for _, v := range values {
		if _, err := s.put(v, true); err != nil {
			s.t.Fatalf("%s: %v", shown(v), err)
		}
	}
}

// everything reads the shelf in the order in which it was filled.
func everything[G any](s *shelf) []G {
	s.t.Helper()
	return column[G](s.t, s.c, say{"SELECT ", ident("v"), " FROM ", s.table, " ORDER BY ", ident("id")})
}

// compared checks lists of values one by one.
func compared[G any](t *T, got, want []G, equal func(got, want G) bool) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d values came back instead of %d: %v", len(got), len(want), got)
		return
	}
	for i := range got {
		if !equal(got[i], want[i]) {
			t.Errorf("%s came back as %s", shown(want[i]), shown(got[i]))
		}
	}
}

// literals checks that values come back from the text of an INSERT, and, where
// the type compares, that they are found by a literal in a WHERE.
func literals[G any](typ dialect.Type, compares bool, equal func(got, want G) bool, values ...G) func(t *T) {
	return func(t *T) {
		literalTrip(t, typ, equal, values...)
		if !compares {
			return
		}
		s := t.shelf(typ)
		for _, v := range values {
			s.fill(v)
		}
		for i, v := range values {
			found := column[int64](t, s.c, say{"SELECT ", ident("id"), " FROM ", s.table, " WHERE ", ident("v"), " = ", literal(v, &typ)})
			ok := false
			for _, id := range found {
				ok = ok || id == int64(i+1)
			}
			if !ok {
				t.Errorf("WHERE v = %s finds the rows %v, not row %d", shown(v), found, i+1)
			}
		}
	}
}
