package dialecttest

import (
	"context"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var isolationCases = []testCase{
	{name: "a transaction that asks for no level has the one of Features", run: isolationDefault},
	{name: "another level is a connection's own, and ends with it", needs: otherLevel, run: isolationOther},
	{name: "every level lasts beyond a rollback and not beyond its connection", run: isolationAll},
	{name: "a level that there is not is refused, and the others named", run: isolationInvalid},
	{name: "an Engine with a level that there is not says the same", run: isolationInvalidEngine},
	{name: "an Engine's level is back after a connection had another", needs: otherLevel, run: isolationRestored},
}

// otherLevel is the need of a level that shows, beside the one that is taken
// without asking.
var otherLevel = need{"Features.Isolation with levels that differ", func(tg *target) bool { return tg.otherLevel() != dialect.DefaultIsolation }}

// otherLevel is a level that repeats its reads if the usual one does not, and
// the other way round; DefaultIsolation if there is none.
func (tg *target) otherLevel() dialect.Isolation {
	usual := repeats(tg.f.DefaultIsolation)
	for _, l := range levels {
		if tg.f.Isolation.Has(l) && l != dialect.ReadUncommitted && repeats(l) != usual {
			return l
		}
	}
	return dialect.DefaultIsolation
}

// repeats reports whether a transaction of the level reads the same twice.
func repeats(l dialect.Isolation) bool { return l >= dialect.RepeatableRead }

// reads checks whether a transaction reads twice what another one
// changes meanwhile, as its level says, and ends it.
func (t *T) reads(what string, tx *engine.Tx, table ident, level dialect.Isolation) {
	t.Helper()
	q := say{"SELECT SUM(", ident("v"), ") FROM ", table}
	sum := func() (n int64) {
		n, err := engine.Scalar[int64](t.ctx, tx, q)
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return n
	}
	before := sum()
	// Where reads lock what they have read the change has to wait, which is
	// another way to read the same twice.
	ctx, cancel := t.ctx, func() {}
	if repeats(level) {
		ctx, cancel = context.WithTimeout(t.ctx, 700*time.Millisecond)
	}
	_, err := t.shared().Run(ctx, say{"UPDATE ", table, " SET ", ident("v"), " = ", ident("v"), " + 1 WHERE ", ident("id"), " = 1"}, nil)
	cancel()
	if err != nil {
		t.wantKind(err, dialect.ErrCancelled, dialect.ErrLockTimeout)
	}
	if same := sum() == before; same != repeats(level) {
		t.Errorf("%s: a transaction reads the same twice: %v; it should be of level %s", what, same, level)
	}
	if err := tx.Rollback(t.ctx); err != nil {
		t.Errorf("%s: rollback: %v", what, err)
	}
}

// readsOn begins a transaction on c and checks its level.
func (t *T) readsOn(what string, c *engine.Conn, table ident, level dialect.Isolation) {
	t.Helper()
	tx, err := c.Begin(t.ctx)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	t.reads(what, tx, table, level)
}

// counterTable has one row with a number.
func (t *T) counterTable() ident {
	t.Helper()
	table := t.table(key, col{"v", integer, ""})
	t.insert(t.adminConn(), table, []string{"id", "v"}, []any{1, 10})
	return table
}

// on leases a connection for f.
func (t *T) on(e *engine.Engine, f func(c *engine.Conn), opts ...engine.TxOption) {
	t.Helper()
	c, err := e.Connect(t.ctx, opts...)
	if err != nil {
		t.Fatalf("connecting: %v", err)
	}
	defer func() {
		if err := c.Close(); err != nil {
			t.Errorf("giving a connection back: %v", err)
		}
	}()
	f(c)
}

func isolationDefault(t *T) {
	if !t.f.Isolation.Has(t.f.DefaultIsolation) {
		t.Fatalf("the default level %s is not among those of Features: %s", t.f.DefaultIsolation, t.f.Isolation)
	}
	table := t.counterTable()
	e := t.engine(engine.WithPoolSize(1))
	t.on(e, func(c *engine.Conn) { t.readsOn("without a level", c, table, t.f.DefaultIsolation) })
	t.on(e, func(c *engine.Conn) { t.readsOn("with the default by name", c, table, t.f.DefaultIsolation) }, engine.Isolation(t.f.DefaultIsolation))
}

func isolationOther(t *T) {
	table, other := t.counterTable(), t.otherLevel()
	e := t.engine(engine.WithPoolSize(1))
	t.on(e, func(c *engine.Conn) { t.readsOn("before", c, table, t.f.DefaultIsolation) })
	t.on(e, func(c *engine.Conn) { t.readsOn("on the connection", c, table, other) }, engine.Isolation(other))
	t.on(e, func(c *engine.Conn) { t.readsOn("afterwards", c, table, t.f.DefaultIsolation) })
}

func isolationAll(t *T) {
	table := t.counterTable()
	e := t.engine(engine.WithPoolSize(1))
	for _, l := range levels {
		if !t.f.Isolation.Has(l) || l == dialect.ReadUncommitted {
			continue
		}
		t.on(e, func(c *engine.Conn) {
			tx, err := c.Begin(t.ctx)
			if err != nil {
				t.Errorf("%s: %v", l, err)
				return
			}
			if err := tx.Rollback(t.ctx); err != nil {
				t.Errorf("%s: rollback: %v", l, err)
			}
			t.readsOn("after a rollback in "+l.String(), c, table, l)
		}, engine.Isolation(l))
		t.on(e, func(c *engine.Conn) { t.readsOn("after "+l.String(), c, table, t.f.DefaultIsolation) })
	}
}

// refusesLevel checks an error about a level that does not exist.
func (t *T) refusesLevel(what string, err error) {
	t.Helper()
	t.wantKind(err, dialect.ErrUnsupported, dialect.ErrArguments)
	if err != nil && !strings.Contains(err.Error(), t.f.Isolation.String()) {
		t.Errorf("%s: the error does not list the levels %s: %v", what, t.f.Isolation, err)
	}
}

func isolationInvalid(t *T) {
	e := t.engine(engine.WithPoolSize(1))
	bad := engine.Isolation(dialect.Isolation(200))
	t.on(e, func(c *engine.Conn) {
		_, err := c.Begin(t.ctx, bad)
		t.refusesLevel("a transaction", err)
		if n, err := engine.Scalar[int](t.ctx, c, t.sel("40 + 2")); err != nil || n != 42 {
			t.Errorf("afterwards, the connection gives %d (%v)", n, err)
		}
	})
	_, err := e.Begin(t.ctx, bad)
	t.refusesLevel("an Engine's transaction", err)
}

func isolationInvalidEngine(t *T) {
	e, err := t.engine(engine.WithPoolSize(1)).With(engine.WithDefaultTx(engine.Isolation(dialect.Isolation(200))))
	if err == nil {
		_, err = e.Begin(t.ctx)
	}
	t.refusesLevel("an Engine", err)
}

func isolationRestored(t *T) {
	table, other := t.counterTable(), t.otherLevel()
	e := t.engine(engine.WithPoolSize(1), engine.WithDefaultTx(engine.Isolation(other)))
	t.on(e, func(c *engine.Conn) { t.readsOn("by the Engine", c, table, other) })
	t.on(e, func(c *engine.Conn) { t.readsOn("by the connection", c, table, t.f.DefaultIsolation) }, engine.Isolation(t.f.DefaultIsolation))
	t.on(e, func(c *engine.Conn) { t.readsOn("by the Engine again", c, table, other) })
}

var defaultSchemaCases = []testCase{
	{name: "a new session is in the schema that the server gives it", needs: schemas, run: schemaControl},
	{name: "of several hooks the last one counts, and the dialect stays what it is", needs: switchesSchema, run: schemaLast},
	{name: "a hook decides the schema of every connection", needs: switchesSchema, run: schemaHook},
	{name: "the schema of a hook lasts beyond a transaction", needs: switchesSchema, run: schemaTransaction},
}

var (
	schemas        = feature("Schemas", func(f *dialect.Features) bool { return f.Schemas })
	switchesSchema = feature("SetSchema, DDL.CreateSchema", func(f *dialect.Features) bool { return f.SetSchema != "" && f.DDL.CreateSchema })
)

// schema makes a schema of the case's own.
func (t *T) schema() ident {
	t.Helper()
	name := ident(t.newName())
	t.exec(t.adminConn(), say{"CREATE SCHEMA ", name})
	t.drops = append(t.drops, say{"DROP SCHEMA ", name})
	return name
}

// switching is an Engine whose connections begin in a schema, the last of those given.
func (t *T) switching(names ...ident) *engine.Engine {
	t.Helper()
	opts := []engine.Option{engine.WithPoolSize(1), engine.WithOverflow(0)}
	for _, name := range names {
		opts = append(opts, engine.WithOnConnect(func(ctx context.Context, c dialect.Conn) error {
			_, err := t.tryExec(ctx, c, template(t.f.SetSchema, name))
			return err
		}))
	}
	return t.engine(opts...)
}

// sessionSchema is where names without a schema are looked up.
func (t *T) sessionSchema(r dialect.Runner) string {
	t.Helper()
	name, err := schema.NewInspector(r).DefaultSchema(t.ctx)
	if err != nil {
		t.Errorf("%v", err)
	}
	return name
}

func schemaControl(t *T) {
	e := t.engine(engine.WithPoolSize(1))
	name := t.sessionSchema(e)
	if name == "" || name != t.sessionSchema(t.shared()) {
		t.Errorf("two Engines are in the schemas %q and %q", name, t.sessionSchema(t.shared()))
	}
	if t.f.DefaultSchema != "" && name != t.f.DefaultSchema {
		t.Errorf("a session is in %q, and Features says %q", name, t.f.DefaultSchema)
	}
}

func schemaLast(t *T) {
	first, last := t.schema(), t.schema()
	e := t.switching(first, last)
	if got := t.sessionSchema(e); got != string(last) {
		t.Errorf("the session is in %q instead of %q", got, last)
	}
	if e.Dialect() != t.d {
		t.Errorf("the dialect is another one: %v", e.Dialect().Features().DefaultSchema)
	}
}

func schemaHook(t *T) {
	home := t.schema()
	e := t.switching(home)
	table := ident(t.newName())
	t.run2(e, t.createText(table, key))
	t.drops = append(t.drops, say{"DROP TABLE ", home, ".", table})
	for range 2 {
		if got := t.sessionSchema(e); got != string(home) {
			t.Errorf("the session is in %q instead of %q", got, home)
		}
		there, err := schema.NewInspector(t.shared()).In(string(home)).HasTable(t.ctx, string(table))
		if err != nil || !there {
			t.Errorf("the table is not in the schema (%v)", err)
		}
		if here, err := schema.NewInspector(t.shared()).HasTable(t.ctx, string(table)); err != nil || here {
			t.Errorf("the table is in the usual schema (%v)", err)
		}
		t.run2(e, insertText(table, []string{"id"}, 1))
		t.run2(e, say{"DELETE FROM ", table})
		// A lease that leaves something behind is cleaned, which does not undo
		// what the hook did.
		for _, s := range t.cfg.Session[:min(1, len(t.cfg.Session))] {
			if _, err := e.Exec(t.ctx, s.Change); err != nil {
				t.Errorf("%s: %v", s.Change, err)
			}
		}
	}
}

func schemaTransaction(t *T) {
	home := t.schema()
	e := t.switching(home)
	for _, commit := range []bool{true, false} {
		t.on(e, func(c *engine.Conn) {
			tx, err := c.Begin(t.ctx)
			if err != nil {
				t.Fatalf("%v", err)
			}
			if got := t.sessionSchema(tx); got != string(home) {
				t.Errorf("the transaction is in %q instead of %q", got, home)
			}
			end := tx.Rollback
			if commit {
				end = tx.Commit
			}
			if err := end(t.ctx); err != nil {
				t.Errorf("%v", err)
			}
			if got := t.sessionSchema(c); got != string(home) {
				t.Errorf("after the transaction (commit: %v), the session is in %q instead of %q", commit, got, home)
			}
		})
	}
}
