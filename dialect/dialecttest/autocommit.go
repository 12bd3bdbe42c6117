package dialecttest

import (
	"context"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
)

var autocommitCases = []testCase{
	{name: "with it, a rollback undoes nothing", run: autocommitOn},
	{name: "without it, a rollback undoes what was done", run: autocommitOff},
	{name: "a level of one's own takes it back", run: autocommitBack},
	{name: "with it, nothing is rolled back on the way to the pool", run: autocommitSilent},
	{name: "an Engine that has it has it again after a connection had not", run: autocommitRestored},
}

// keeps checks whether a row is there after its transaction was rolled back.
func (t *T) keeps(what string, c *engine.Conn, table ident, want int64, opts ...engine.TxOption) {
	t.Helper()
	tx, err := c.Begin(t.ctx, opts...)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	t.run2(tx, insertText(table, []string{"id"}, 1))
	if err := tx.Rollback(t.ctx); err != nil {
		t.Errorf("%s: %v", what, err)
	}
	n, err := engine.Scalar[int64](t.ctx, c, say{"SELECT COUNT(*) FROM ", table})
	if err != nil || n != want {
		t.Errorf("%s: %d rows after a rollback instead of %d (%v)", what, n, want, err)
	}
	t.run2(c, say{"DELETE FROM ", table})
}

func autocommitOn(t *T) {
	table := t.table(key)
	e := t.engine(engine.WithPoolSize(1))
	t.on(e, func(c *engine.Conn) { t.keeps("with autocommit", c, table, 1) }, engine.Isolation(engine.Autocommit))
	t.on(e, func(c *engine.Conn) { t.keeps("afterwards", c, table, 0) })
	t.on(e, func(c *engine.Conn) {
		t.keeps("in one transaction", c, table, 1, engine.Isolation(engine.Autocommit))
		t.keeps("in the next", c, table, 0)
	})
}

func autocommitOff(t *T) {
	table := t.table(key)
	t.on(t.engine(engine.WithPoolSize(1)), func(c *engine.Conn) {
		t.keeps("as it comes", c, table, 0)
		t.keeps("again", c, table, 0)
	})
}

func autocommitBack(t *T) {
	table := t.table(key)
	t.on(t.engine(engine.WithPoolSize(1)), func(c *engine.Conn) {
		t.keeps("with autocommit", c, table, 1)
		t.keeps("with the default level", c, table, 0, engine.Isolation(t.f.DefaultIsolation))
		t.keeps("with autocommit again", c, table, 1)
	}, engine.Isolation(engine.Autocommit))
}

// watched counts how often a connection ends a transaction or is reset.
type watched struct {
	dialect.Conn
	ends *int
}

func (w watched) Rollback(ctx context.Context) error { *w.ends++; return w.Conn.Rollback(ctx) }
func (w watched) Commit(ctx context.Context) error   { *w.ends++; return w.Conn.Commit(ctx) }
func (w watched) Reset(ctx context.Context) error    { *w.ends++; return w.Conn.Reset(ctx) }

// Dirty says what the connection says.
func (w watched) Dirty() bool {
	d, ok := w.Conn.(dialect.Dirtier)
	return ok && d.Dirty()
}

func autocommitSilent(t *T) {
	table := t.table(key)
	for _, auto := range []bool{false, true} {
		ends := 0
		connector, err := t.base.OpenConnector(t.url, t.cfg.Connect)
		if err != nil {
			t.Fatalf("%v", err)
		}
		wrap := func(c dialect.Conn) dialect.Conn {
			if t.wrap != nil {
				c = t.wrap(c)
			}
			return watched{c, &ends}
		}
		e, err := engine.Open("", engine.WithConnector(&wrapped{connector, t.base, wrap}), engine.WithPoolSize(1))
		if err != nil {
			t.Fatalf("%v", err)
		}
		t.closes = append(t.closes, e.Close)
		var opts []engine.TxOption
		if auto {
			opts = append(opts, engine.Isolation(engine.Autocommit))
		}
		c, err := e.Connect(t.ctx, opts...)
		if err != nil {
			t.Fatalf("%v", err)
		}
		t.closes = append(t.closes, c.Close)
		tx, err := c.Begin(t.ctx)
		if err != nil {
			t.Fatalf("%v", err)
		}
		t.run2(tx, say{"DELETE FROM ", table})
		if err := joined(c.Close(), e.Close()); err != nil {
			t.Errorf("%v", err)
		}
		if auto && ends != 0 || !auto && ends == 0 {
			t.Errorf("with autocommit %v, the way to the pool took %d calls that end a transaction", auto, ends)
		}
	}
}

func autocommitRestored(t *T) {
	table := t.table(key)
	auto := engine.WithDefaultTx(engine.Isolation(engine.Autocommit))
	plain := t.engine(engine.WithPoolSize(1))
	part, err := plain.With(auto)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for what, e := range map[string]*engine.Engine{"an Engine": t.engine(engine.WithPoolSize(1), auto), "a part of an Engine": part} {
		t.on(e, func(c *engine.Conn) { t.keeps(what, c, table, 1) })
		t.on(e, func(c *engine.Conn) { t.keeps(what+"'s other connection", c, table, 0) }, engine.Isolation(t.f.DefaultIsolation))
		t.on(e, func(c *engine.Conn) { t.keeps(what+" again", c, table, 1) })
	}
	t.on(plain, func(c *engine.Conn) { t.keeps("the rest of the Engine", c, table, 0) })
}
