package dialecttest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
)

var engineCases = []testCase{
	{name: "rows into structs", run: engineStructs},
	{name: "one row, none, and more than one", run: engineOne},
	{name: "rows one by one, and break", run: engineEach},
	{name: "named types and NULL in structs", run: engineNamedTypes},
	{name: "a NULL into a plain field names the field", run: engineNullField},
	{name: "a driver's error names its statement, without arguments", run: engineError},
	{name: "Transact commits, and rolls back on error and panic", run: engineTransact},
	{name: "nested Transact is a savepoint", needs: savepoints, run: engineNested},
	{name: "a failed savepoint leaves the transaction", needs: savepoints, run: engineNestedFails},
	{name: "isolation and read only reach the database", run: engineTxOptions},
	{name: "many goroutines share an Engine", run: engineConcurrent},
	{name: "a lease is handed back clean", run: engineLease},
	{name: "rows left open are told", run: engineOpenRows},
	{name: "a cancelled statement does not spoil the Engine", run: engineCancel},
	{name: "DDL between runs of one statement", run: engineDDL},
	{name: "a connection that is closed by its user is replaced", run: engineReplaced},
	{name: "the dialect is the server's after the first connection", run: engineDialect},
	{name: "an address that does not answer is named", needs: overNetwork, run: engineNowhere},
	{name: "closing twice, and use afterwards", run: engineClose},
}

type person struct {
	ID   int64
	Name string
	Age  *int64
	Born *time.Time
}

// persons makes a table for person, with two rows.
func (t *T) persons(e *engine.Engine) ident {
	t.Helper()
	table := t.table(key, col{"name", varchar, ""}, col{"age", bigint, ""}, col{"born", dialect.Type{Kind: dialect.TimestampTZ, Precision: 6}, ""})
	t.run2(e, insertText(table, []string{"id", "name", "age", "born"}, 1, "ada", 36, bind(time.Date(1815, 12, 10, 0, 0, 0, 0, time.UTC), dialect.Type{Kind: dialect.TimestampTZ})))
	t.run2(e, insertText(table, []string{"id", "name"}, 2, "bob"))
	return table
}

// run2 runs s on r, which must succeed.
func (t *T) run2(r dialect.Runner, s dialect.Statement) dialect.Result {
	t.Helper()
	res, err := r.Run(t.ctx, s, nil)
	if err != nil {
		t.Fatalf("%s: %v", t.text(s), err)
	}
	return res
}

func (t *T) star(table ident) say { return say{"SELECT * FROM ", table, " ORDER BY ", ident("id")} }

func engineStructs(t *T) {
	e := t.engine()
	table := t.persons(e)
	list, err := engine.All[person](t.ctx, e, t.star(table))
	if err != nil {
		t.Fatalf("%v", err)
	}
	if len(list) != 2 || list[0].Name != "ada" || list[0].Age == nil || *list[0].Age != 36 || list[0].Born == nil || list[0].Born.UTC().Year() != 1815 ||
		list[1].ID != 2 || list[1].Age != nil || list[1].Born != nil {
		t.Errorf("the rows read %+v", list)
	}
	pointers, err := engine.All[*person](t.ctx, e, t.star(table))
	if err != nil || len(pointers) != 2 || pointers[1].Name != "bob" {
		t.Errorf("pointers to structs read %v (%v)", pointers, err)
	}
	maps, err := engine.All[map[string]any](t.ctx, e, t.star(table))
	if err != nil || len(maps) != 2 {
		t.Errorf("maps read %v (%v)", maps, err)
	}
}

func engineOne(t *T) {
	e := t.engine()
	table := t.persons(e)
	one := func(cond string) (person, error) {
		return engine.One[person](t.ctx, e, say{"SELECT * FROM ", table, " WHERE ", ident("id"), cond})
	}
	if p, err := one(" = 2"); err != nil || p.Name != "bob" {
		t.Errorf("the row reads %+v (%v)", p, err)
	}
	if _, err := one(" = 3"); !errors.Is(err, engine.ErrNoRows) || !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no row is told as %v", err)
	}
	if _, err := one(" < 3"); !errors.Is(err, engine.ErrMultipleRows) {
		t.Errorf("two rows are told as %v", err)
	}
	if n, err := engine.Scalar[int](t.ctx, e, say{"SELECT COUNT(*) FROM ", table}); err != nil || n != 2 {
		t.Errorf("the count is %d (%v)", n, err)
	}
}

func engineEach(t *T) {
	e := t.engine(engine.WithPoolSize(1), engine.WithOverflow(0))
	c := t.conn()
	table := t.numbers(c, 100)
	for _, stop := range []int64{100, 3, 1} {
		n := int64(0)
		for v, err := range engine.Each[int64](t.ctx, e, say{"SELECT ", ident("id"), " FROM ", table, " ORDER BY ", ident("id")}) {
			if n++; err != nil || v != n {
				t.Fatalf("row %d reads %d (%v)", n, v, err)
			}
			if n == stop {
				break
			}
		}
	}
	if n, err := engine.Scalar[int](t.ctx, e, say{"SELECT COUNT(*) FROM ", table}); err != nil || n != 100 {
		t.Errorf("afterwards, the count is %d (%v)", n, err)
	}
}

func engineNamedTypes(t *T) {
	type row struct {
		ID   namedInt
		Name namedString
		Age  sql.Null[int32]
		Born any
	}
	e := t.engine()
	list, err := engine.All[row](t.ctx, e, t.star(t.persons(e)))
	if err != nil {
		t.Fatalf("%v", err)
	}
	if list[0].ID != 1 || list[0].Name != "ada" || list[0].Age.V != 36 || list[1].Age.Valid || list[1].Born != nil {
		t.Errorf("the rows read %+v", list)
	}
	if _, ok := list[0].Born.(time.Time); !ok {
		t.Errorf("an instant is read into any as %T", list[0].Born)
	}
}

func engineNullField(t *T) {
	type row struct {
		ID  int64
		Age int64
	}
	e := t.engine()
	table := t.persons(e)
	_, err := engine.All[row](t.ctx, e, say{"SELECT ", ident("id"), ", ", ident("age"), " FROM ", table, " ORDER BY ", ident("id")})
	t.wantKind(err, dialect.ErrNullValue)
	if err != nil && (!strings.Contains(err.Error(), "age") || !strings.Contains(err.Error(), "Age")) {
		t.Errorf("the error does not name column and field: %v", err)
	}
}

func engineError(t *T) {
	e := t.engine()
	table := t.persons(e)
	s := insertText(table, []string{"id", "name"}, 1, "secret value")
	_, err := e.Run(t.ctx, s, nil)
	t.wantKind(err, dialect.ErrUniqueViolation)
	x, ok := errors.AsType[*engine.Error](err)
	if !ok {
		t.Fatalf("the error is no *engine.Error: %v", err)
	}
	if x.Statement != t.text(s) || x.Args != nil || strings.Contains(err.Error(), "secret value") {
		t.Errorf("the error is %#v", x)
	}
}

func engineTransact(t *T) {
	e := t.engine()
	table := t.table(key)
	add := func(tx *engine.Tx, id int) error {
		_, err := tx.Run(t.ctx, insertText(table, []string{"id"}, id), nil)
		return err
	}
	if err := e.Transact(t.ctx, func(tx *engine.Tx) error { return add(tx, 1) }); err != nil {
		t.Fatalf("%v", err)
	}
	own := errors.New("changed my mind")
	if err := e.Transact(t.ctx, func(tx *engine.Tx) error { return joined(add(tx, 2), own) }); !errors.Is(err, own) {
		t.Errorf("the function's error comes back as %v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Errorf("the panic is gone")
			}
		}()
		_ = e.Transact(t.ctx, func(tx *engine.Tx) error {
			if err := add(tx, 3); err != nil {
				t.Errorf("%v", err)
			}
			panic("in the middle")
		})
	}()
	if got := t.ids(t.conn(), table); got != "[1]" {
		t.Errorf("the rows are %s", got)
	}
}

func engineNested(t *T) {
	e := t.engine()
	table := t.table(key)
	own := errors.New("inner")
	err := e.Transact(t.ctx, func(tx *engine.Tx) error {
		t.run2(tx, insertText(table, []string{"id"}, 1))
		if err := tx.Transact(t.ctx, func(sp *engine.Tx) error {
			t.run2(sp, insertText(table, []string{"id"}, 2))
			return own
		}); !errors.Is(err, own) {
			t.Errorf("the inner error comes back as %v", err)
		}
		return tx.Transact(t.ctx, func(sp *engine.Tx) error {
			t.run2(sp, insertText(table, []string{"id"}, 3))
			return nil
		})
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	if got := t.ids(t.conn(), table); got != "[1 3]" {
		t.Errorf("the rows are %s", got)
	}
}

func engineNestedFails(t *T) {
	e := t.engine()
	table := t.table(key)
	err := e.Transact(t.ctx, func(tx *engine.Tx) error {
		t.run2(tx, insertText(table, []string{"id"}, 1))
		err := tx.Transact(t.ctx, func(sp *engine.Tx) error {
			_, err := sp.Run(t.ctx, insertText(table, []string{"id"}, 1), nil)
			return err
		})
		t.wantKind(err, dialect.ErrUniqueViolation)
		t.run2(tx, insertText(table, []string{"id"}, 2))
		return nil
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	if got := t.ids(t.conn(), table); got != "[1 2]" {
		t.Errorf("the rows are %s", got)
	}
}

func engineTxOptions(t *T) {
	e := t.engine()
	table := t.table(key)
	for _, l := range levels {
		err := e.Transact(t.ctx, func(tx *engine.Tx) error {
			_, err := tx.Run(t.ctx, insertText(table, []string{"id"}, int(l)), nil)
			return err
		}, engine.Isolation(l))
		if t.f.Isolation.Has(l) && err != nil {
			t.Errorf("%v: %v", l, err)
		} else if !t.f.Isolation.Has(l) {
			t.wantKind(err, dialect.ErrUnsupported)
		}
	}
	err := e.Transact(t.ctx, func(tx *engine.Tx) error {
		_, err := tx.Run(t.ctx, insertText(table, []string{"id"}, 99), nil)
		return err
	}, engine.ReadOnly())
	t.wantKind(err, dialect.ErrReadOnly, dialect.ErrUnsupported)
}

func engineConcurrent(t *T) {
	e := t.engine(engine.WithPoolSize(4), engine.WithOverflow(0))
	c := t.conn()
	table := t.numbers(c, 100)
	errs := make(chan error, 8)
	for g := range 8 {
		go func() {
			errs <- func() error {
				for i := range 30 {
					id := (g*30+i)%100 + 1
					got, err := engine.All[int](t.ctx, e, say{"SELECT ", ident("id"), " FROM ", table, " WHERE ", ident("id"), " = ", bind(id, integer)})
					if err != nil {
						return err
					}
					if !slices.Equal(got, []int{id}) {
						return fmt.Errorf("row %d reads %v", id, got)
					}
				}
				return nil
			}()
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Errorf("%v", err)
		}
	}
}

func engineLease(t *T) {
	e := t.engine(engine.WithPoolSize(1), engine.WithOverflow(0))
	table := t.table(key)
	c, err := e.Connect(t.ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if _, err := c.Begin(t.ctx); err != nil {
		t.Fatalf("%v", err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("closing a Conn with a transaction open: %v", err)
	}
	t.run2(e, insertText(table, []string{"id"}, 1))
	for _, s := range t.cfg.Session {
		if s.Unseen {
			continue
		}
		before := t.showOn(e, s.Show)
		if _, err := e.Exec(t.ctx, s.Change); err != nil {
			t.Fatalf("%s: %v", s.Change, err)
		}
		if after := t.showOn(e, s.Show); after != before {
			t.Errorf("%s: the next user of the connection sees %q instead of %q", s.Name, after, before)
		}
	}
	t.wantRows(table, 1)
}

func (t *T) showOn(e *engine.Engine, query string) string {
	t.Helper()
	rows, err := engine.All[map[string]any](t.ctx, e, dialect.Text(query))
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return fmt.Sprint(rows)
}

func engineOpenRows(t *T) {
	e := t.engine()
	table := t.numbers(t.conn(), 20)
	c, err := e.Connect(t.ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.closes = append(t.closes, c.Close)
	rows, err := c.Query(t.ctx, t.text(say{"SELECT ", ident("id"), " FROM ", table}))
	if err != nil {
		t.Fatalf("%v", err)
	}
	if !rows.Next() {
		t.Errorf("no row: %v", rows.Err())
	}
	_, err = c.Run(t.ctx, t.sel("1"), nil)
	t.wantKind(err, dialect.ErrInUse)
	if err := rows.Close(); err != nil {
		t.Errorf("%v", err)
	}
	if n, err := engine.Scalar[int](t.ctx, c, t.sel("40 + 2")); err != nil || n != 42 {
		t.Errorf("afterwards, the connection gives %d (%v)", n, err)
	}
}

func engineCancel(t *T) {
	q, _ := t.slow()
	e := t.engine(engine.WithPoolSize(1), engine.WithOverflow(0))
	for range 2 {
		ctx, cancel := timeout(t.ctx, 150)
		var err error
		t.within(prompt, "a slow query", func() { _, err = engine.Scalar[int64](ctx, e, q) })
		cancel()
		t.wantKind(err, dialect.ErrCancelled)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the error does not wrap the context's: %v", err)
		}
		if n, err := engine.Scalar[int](t.ctx, e, t.sel("40 + 2")); err != nil || n != 42 {
			t.Errorf("afterwards, the Engine gives %d (%v)", n, err)
		}
	}
}

func engineDDL(t *T) {
	e := t.engine(engine.WithPoolSize(2))
	table := t.table(key)
	t.run2(e, insertText(table, []string{"id"}, 1))
	for n := 1; n <= 3; n++ {
		for range 3 {
			rows, err := engine.All[map[string]any](t.ctx, e, say{"SELECT * FROM ", table})
			if err != nil {
				t.Fatalf("with %d columns: %v", n, err)
			}
			if len(rows) != 1 || len(rows[0]) != n {
				t.Fatalf("with %d columns, the row reads %v", n, rows)
			}
		}
		t.addColumn(t.adminConn(), table, fmt.Sprint("added", n))
	}
}

func engineReplaced(t *T) {
	e := t.engine(engine.WithPoolSize(1), engine.WithOverflow(0))
	c, err := e.Connect(t.ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if err := c.Conn().Close(); err != nil {
		t.Fatalf("%v", err)
	}
	if err := c.Close(); err != nil {
		t.Logf("giving back a connection that was closed: %v", err)
	}
	if n, err := engine.Scalar[int](t.ctx, e, t.sel("40 + 2")); err != nil || n != 42 {
		t.Errorf("afterwards, the Engine gives %d (%v)", n, err)
	}
}

func engineDialect(t *T) {
	e := t.engine()
	if err := e.Ping(t.ctx); err != nil {
		t.Fatalf("%v", err)
	}
	if e.Dialect() != t.d {
		t.Errorf("the Engine's dialect is %s %v, the server's %s %v", e.Dialect().Name(), e.Dialect().Features().Version, t.d.Name(), t.f.Version)
	}
}

func engineNowhere(t *T) {
	port := t.freePort()
	u := t.otherURL(func(u *dialect.URL) { u.Hosts = []dialect.Host{{Name: "127.0.0.1", Port: port}} })
	e, err := engine.Open(u.Reveal())
	if err != nil {
		t.Fatalf("Open dials, or refuses the URL: %v", err)
	}
	t.closes = append(t.closes, e.Close)
	err = e.Ping(t.ctx)
	t.wantKind(err, dialect.ErrConnect)
	if err != nil && !strings.Contains(err.Error(), fmt.Sprint(port)) {
		t.Errorf("the error does not name the address: %v", err)
	}
}

func engineClose(t *T) {
	e := t.engine()
	if err := e.Ping(t.ctx); err != nil {
		t.Fatalf("%v", err)
	}
	for range 2 {
		if err := e.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	}
	_, err := e.Run(t.ctx, t.sel("1"), nil)
	t.wantKind(err, dialect.ErrClosed)
}
