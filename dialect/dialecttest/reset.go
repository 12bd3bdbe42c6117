package dialecttest

import (
	"github.com/sqlayer-go/sqlayer/dialect"
)

var resetCases = []testCase{
	{name: "a clean connection stays clean", run: resetClean},
	{name: "an open transaction is undone", run: resetTx},
	{name: "a failed transaction is undone", run: resetFailed},
	{name: "statements run after it as before", run: resetStatements},
	{name: "Reset with a context that has ended leaves no dirt behind", run: resetCancelled},
	{name: "isolation and read only are the default again", run: resetOptions},
}

func (t *T) reset(c dialect.Conn) {
	t.Helper()
	if err := c.Reset(t.ctx); err != nil {
		t.Fatalf("reset: %v", t.described(err))
	}
	if !c.Usable() {
		t.Fatalf("the connection is not usable after Reset")
	}
	if d, ok := c.(dialect.Dirtier); ok && d.Dirty() {
		t.Errorf("the connection is dirty after Reset")
	}
}

func resetClean(t *T) {
	c := t.conn()
	for range 3 {
		t.reset(c)
		t.works(c)
	}
}

func resetTx(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{1})
	t.reset(c)
	t.wantRows(table, 0)
	t.insert(c, table, []string{"id"}, []any{2}) // committed by itself
	t.wantRows(table, 1)
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{3})
	t.commit(c)
	t.wantRows(table, 2)
}

func resetFailed(t *T) {
	table, c := t.table(key), t.conn()
	t.failIn(table, c)
	t.reset(c)
	t.wantRows(table, 0)
	t.works(c)
}

func resetStatements(t *T) {
	s := t.shelfOf(varchar, "kept")
	for range 3 {
		var v string
		t.row(s.c, say{"SELECT ", ident("v"), " FROM ", s.table, " WHERE ", ident("id"), " = ", bind(1, integer)}, &v)
		if v != "kept" {
			t.Errorf("the value reads %q", v)
		}
		t.reset(s.c)
	}
}

func resetCancelled(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{1})
	ctx, cancel := canceled(t.ctx)
	defer cancel()
	if err := c.Reset(ctx); err == nil && c.Usable() {
		t.works(c)
		t.wantRows(table, 0)
	}
}

func resetOptions(t *T) {
	table, c := t.table(key), t.conn()
	o := dialect.TxOptions{ReadOnly: t.f.ReadOnlyTx}
	for _, l := range levels {
		if t.f.Isolation.Has(l) {
			o.Isolation = l
		}
	}
	t.begin(c, o)
	t.count(c, table)
	t.reset(c)
	t.insert(c, table, []string{"id"}, []any{1})
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{2})
	t.commit(c)
	t.wantRows(table, 2)
}

// sessionCases are those of the dialect's author.
func sessionCases(tg *target) []testCase {
	var list []testCase
	for _, s := range tg.cfg.Session {
		list = append(list, testCase{name: "undoes: " + s.Name, run: func(t *T) {
			show := func(c dialect.Conn) string {
				t.Helper()
				return t.lines(c, dialect.Text(s.Show))
			}
			c := t.conn()
			before := show(c)
			t.exec(c, dialect.Text(s.Change))
			if after := show(c); after == before {
				t.Fatalf("%s changes nothing: %s still gives %q", s.Change, s.Show, before)
			}
			t.reset(c)
			if got := show(c); got != before {
				t.Errorf("after Reset, %s gives %q instead of %q", s.Show, got, before)
			}
			if s.Unseen {
				return
			}
			t.exec(c, dialect.Text(s.Change))
			q, err := dialect.Compile(t.d, dialect.Text(s.Change))
			if err != nil {
				t.Fatalf("%v", err)
			}
			defer q.Release()
			if d, ok := c.(dialect.Dirtier); !q.Session && !(ok && d.Dirty()) {
				t.Errorf("%s counts neither as a change of the session nor as dirt: no Reset would follow it", s.Change)
			}
		}})
	}
	return list
}
