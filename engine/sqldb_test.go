package engine_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

func TestDBUsesThePool(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", numbers(3))
	db.On("UPDATE", fakedb.Affected(2))
	d := e.DB()
	if e.DB() != d {
		t.Error("two DBs for one Engine")
	}
	rows, err := d.QueryContext(t.Context(), "SELECT n WHERE x = ?", 7)
	check(t, err)
	sum := 0
	for rows.Next() {
		var n int
		check(t, rows.Scan(&n))
		sum += n
	}
	if err := rows.Err(); err != nil || sum != 6 {
		t.Errorf("%d, %v", sum, err)
	}
	if a := db.Args("SELECT n WHERE x = ?"); len(a) != 1 || a[0] != int64(7) && a[0] != 7 {
		t.Errorf("arguments %v", a)
	}
	res, err := d.ExecContext(t.Context(), "UPDATE")
	check(t, err)
	if n, err := res.RowsAffected(); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := res.LastInsertId(); !errors.Is(err, engine.ErrUnsupported) {
		t.Errorf("a key that nobody generated: %v", err)
	}
	st, err := d.PrepareContext(t.Context(), "SELECT n WHERE y = ?")
	check(t, err)
	var n int
	check(t, st.QueryRowContext(t.Context(), "a").Scan(&n))
	check(t, st.Close())
	check(t, d.PingContext(t.Context()))
	if c := db.Counts(); c.Dials != 1 || e.Stats().Leased != 0 || e.Stats().Idle != 1 {
		t.Errorf("%+v, %v", c, e.Stats())
	}
	// a map is an argument, not a source of names
	_, err = d.ExecContext(t.Context(), "UPDATE :x", map[string]any{"x": 1})
	check(t, err)
}

func TestDBTransactions(t *testing.T) {
	e, db := open(t, engine.WithDefaultTx(engine.ReadOnly()))
	ctx := t.Context()
	tx, err := e.DB().BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	check(t, err)
	_, err = tx.ExecContext(ctx, "UPDATE a")
	check(t, err)
	check(t, tx.Commit())
	tx, err = e.DB().BeginTx(ctx, nil)
	check(t, err)
	check(t, tx.Rollback())
	wantLog(t, db, "BEGIN", "UPDATE a", "COMMIT", "BEGIN", "ROLLBACK")
	if o := db.TxOptions(); o[0].Isolation != dialect.Serializable || !o[0].ReadOnly || o[1].Isolation != dialect.DefaultIsolation {
		t.Errorf("%+v", o)
	}
	_, err = e.DB().BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelLinearizable})
	wantError(t, err, engine.ErrUnsupported, "Linearizable", "SERIALIZABLE")
	_, err = e.DB().BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSnapshot})
	wantError(t, err, engine.ErrUnsupported, "SNAPSHOT")

	// a context that ends rolls back
	short, cancel := context.WithCancel(ctx)
	_, err = e.DB().BeginTx(short, nil)
	check(t, err)
	cancel()
	if !fakedb.Poll(func() bool { return e.Stats().Leased == 0 }) {
		t.Errorf("%v", e.Stats())
	}
	// a commit that fails leaves nothing behind
	db.FailCommits(&fakedb.Error{Kind: engine.ErrSerialization, Message: "conflict"})
	tx, err = e.DB().BeginTx(ctx, nil)
	check(t, err)
	wantError(t, tx.Commit(), engine.ErrSerialization)
	if c := db.Counts(); c.Dials != 1 || e.Stats().Leased != 0 || c.Rollbacks != 3 {
		t.Errorf("%+v", c)
	}
}

func TestDBTriesAgainWhereNothingWasSent(t *testing.T) {
	e, db := open(t)
	db.On("UPDATE a", fakedb.Reply{Drop: fakedb.Before}, fakedb.Affected(1))
	db.On("UPDATE b", fakedb.Reply{Drop: fakedb.During}, fakedb.Affected(1))
	_, err := e.DB().ExecContext(t.Context(), "UPDATE a")
	check(t, err)
	_, err = e.DB().ExecContext(t.Context(), "UPDATE b")
	wantError(t, err, engine.ErrConnectionLost, "may have been executed")
	if errors.Is(err, driver.ErrBadConn) {
		t.Error("database/sql would send it again")
	}
	wantLog(t, db, "UPDATE a", "UPDATE b")
	if s := e.Stats(); s.Leased != 0 {
		t.Errorf("%v", s)
	}
}

func TestDBConn(t *testing.T) {
	e, db := open(t)
	db.On("SET", fakedb.Reply{Dirty: true})
	c, err := e.DB().Conn(t.Context())
	check(t, err)
	_, err = c.ExecContext(t.Context(), "SET x")
	check(t, err)
	check(t, c.Raw(func(dc any) error {
		own, ok := dc.(interface{ Conn() *engine.Conn })
		if !ok {
			t.Fatalf("%T", dc)
		}
		_, err := own.Conn().Exec(t.Context(), "OWN")
		return err
	}))
	check(t, c.Close())
	wantLog(t, db, "SET x", "OWN", "RESET")
}

func TestDBThatKeepsConnections(t *testing.T) {
	e, db := open(t)
	db.On("SET", fakedb.Reply{Dirty: true})
	d := e.DB()
	d.SetMaxIdleConns(1)
	for range 2 {
		_, err := d.ExecContext(t.Context(), "SET x")
		check(t, err)
	}
	wantLog(t, db, "SET x", "RESET", "SET x")
	if e.Stats().Leased != 1 {
		t.Errorf("%v", e.Stats())
	}
	check(t, d.Close())
	if e.Stats().Leased != 0 {
		t.Errorf("%v", e.Stats())
	}
}

func TestDBCloses(t *testing.T) {
	e, _ := open(t)
	d := e.DB()
	check(t, d.Close())
	check(t, e.Ping(t.Context())) // the Engine goes on
	again := e.DB()
	if again == d {
		t.Error("the closed DB again")
	}
	check(t, again.PingContext(t.Context()))
	check(t, e.Close())
	if err := again.PingContext(t.Context()); err == nil {
		t.Error("the DB outlives its Engine")
	}
	if err := e.DB().PingContext(t.Context()); err == nil {
		t.Error("a DB of a closed Engine")
	}
}

func TestDBReadsSeveralResults(t *testing.T) {
	e, db := open(t)
	second := numbers(2)
	first := numbers(1)
	first.More = &second
	db.On("SELECT", first)
	rows, err := e.DB().QueryContext(t.Context(), "SELECT")
	check(t, err)
	var got []int
	for {
		n := 0
		for rows.Next() {
			n++
		}
		got = append(got, n)
		if !rows.NextResultSet() {
			break
		}
	}
	if err := rows.Err(); err != nil || len(got) != 2 || got[0] != 1 || got[1] != 2 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestDBIterationError(t *testing.T) {
	e, db := open(t)
	r := numbers(1)
	r.Err = &fakedb.Error{Kind: engine.ErrDivisionByZero, Message: "by zero"}
	db.On("SELECT", r)
	rows, err := e.DB().QueryContext(t.Context(), "SELECT")
	check(t, err)
	for rows.Next() {
	}
	wantError(t, rows.Err(), engine.ErrDivisionByZero)
	if s := e.Stats(); s.Leased != 0 {
		t.Errorf("%v", s)
	}
}

// The same live table by way of database/sql: on an Engine's pool, and on an
// Engine that has adopted such a DB.
func TestLiveDB(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		d := e.DB()
		check(t, put(ctx, e, table, 1, "Ada", nil))
		var name string
		var nick sql.NullString
		var id int
		check(t, d.QueryRowContext(ctx, "SELECT id, name, nick FROM "+table).Scan(&id, &name, &nick))
		if id != 1 || name != "Ada" || nick.Valid {
			t.Errorf("%d, %q, %v", id, name, nick)
		}
		if err := d.QueryRowContext(ctx, "SELECT id FROM "+table+" WHERE id = 9").Scan(&id); !errors.Is(err, sql.ErrNoRows) {
			t.Error(err)
		}
		tx, err := d.BeginTx(ctx, nil)
		check(t, err)
		_, err = tx.ExecContext(ctx, "DELETE FROM "+table)
		check(t, err)
		check(t, tx.Rollback())
		if _, err := d.ExecContext(ctx, "INSERT INTO "+table+" (id, name) VALUES (1, 'x')"); !errors.Is(err, engine.ErrUniqueViolation) {
			t.Error(err)
		}

		a, err := engine.FromDB(d, e.Dialect())
		check(t, err)
		check(t, put(ctx, a, table, 2, "Bob", "b"))
		all, err := engine.All[liveRow](ctx, a, engine.Text("SELECT * FROM "+table+" ORDER BY id"))
		check(t, err)
		if len(all) != 2 || all[0].Nick != nil || all[1].Name != "Bob" || *all[1].Nick != "b" {
			t.Errorf("%+v", all)
		}
		wantError(t, put(ctx, a, table, 2, "Bob", nil), engine.ErrUniqueViolation)
		wantError(t, a.Transact(ctx, func(tx *engine.Tx) error {
			check(t, put(ctx, tx, table, 3, "x", nil))
			check(t, tx.Transact(ctx, func(sp *engine.Tx) error { return put(ctx, sp, table, 4, "x", nil) }))
			return errBoom
		}), errBoom)
		check(t, a.Transact(ctx, func(tx *engine.Tx) error { return put(ctx, tx, table, 5, "x", nil) }))
		if n := count(t, a, table); n != 3 {
			t.Errorf("%d rows", n)
		}
		for _, err := range engine.Each[liveRow](ctx, a, engine.Text("SELECT * FROM "+table)) {
			check(t, err)
			break
		}
		if s := d.Stats(); s.InUse != 0 || e.Stats().Leased != 0 {
			t.Errorf("%+v, %v", s, e.Stats())
		}
		check(t, a.Shutdown(ctx))
		check(t, d.PingContext(ctx)) // the DB goes on
	})
}

// lentDB is a *sql.DB that is no Engine's, on a scripted driver.
type lentDB struct {
	opened, closed int
	log            []string
	fail           map[string]error
}

func (d *lentDB) Connect(context.Context) (driver.Conn, error) { d.opened++; return &plainConn{d}, nil }
func (d *lentDB) Driver() driver.Driver                        { return nil }

type plainConn struct{ d *lentDB }

func (c *plainConn) do(what string) error {
	c.d.log = append(c.d.log, what)
	return c.d.fail[what]
}

func (c *plainConn) Prepare(string) (driver.Stmt, error) { return nil, errBoom }
func (c *plainConn) Close() error                        { c.d.closed++; return nil }
func (c *plainConn) Begin() (driver.Tx, error)           { return c, c.do("BEGIN") }
func (c *plainConn) Commit() error                       { return c.do("COMMIT") }
func (c *plainConn) Rollback() error                     { return c.do("ROLLBACK") }
func (c *plainConn) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) {
	return c, c.do("BEGIN")
}
func (c *plainConn) ExecContext(_ context.Context, text string, _ []driver.NamedValue) (driver.Result, error) {
	return driver.RowsAffected(1), c.do(text)
}
func (c *plainConn) QueryContext(_ context.Context, text string, _ []driver.NamedValue) (driver.Rows, error) {
	return &plainRows{}, c.do(text)
}

type plainRows struct{ n int64 }

func (r *plainRows) Columns() []string { return []string{"n"} }
func (r *plainRows) Close() error      { return nil }
func (r *plainRows) Next(dest []driver.Value) error {
	if r.n == 3 {
		return io.EOF
	}
	r.n++
	dest[0] = r.n
	return nil
}

func adopt(t *testing.T, opts ...engine.Option) (*lentDB, *sql.DB, *engine.Engine) {
	t.Helper()
	own := &lentDB{fail: map[string]error{}}
	d := sql.OpenDB(own)
	e, err := engine.FromDB(d, fakedb.New().Dialect(), opts...)
	check(t, err)
	t.Cleanup(func() {
		if s := d.Stats(); s.InUse != 0 {
			t.Errorf("%d connections are out", s.InUse)
		}
		check(t, e.Shutdown(context.Background()))
		check(t, d.Close())
		if own.opened != own.closed {
			t.Errorf("%d opened, %d closed", own.opened, own.closed)
		}
	})
	return own, d, e
}

func TestFromDB(t *testing.T) {
	own, d, e := adopt(t)
	ctx := t.Context()
	got, err := engine.All[int](ctx, e, engine.Text("SELECT n"))
	if err != nil || len(got) != 3 {
		t.Errorf("%v, %v", got, err)
	}
	check(t, e.Transact(ctx, func(tx *engine.Tx) error { _, err := tx.Exec(ctx, "UPDATE a"); return err }))
	wantError(t, e.Transact(ctx, func(tx *engine.Tx) error { return errBoom }), errBoom)
	rows, err := e.Query(ctx, "SELECT n")
	check(t, err)
	if s := d.Stats(); s.InUse != 1 {
		t.Errorf("%+v", s)
	}
	check(t, rows.Close())
	if own.opened != 1 || d.Stats().Idle != 1 {
		t.Errorf("%d connections, %+v", own.opened, d.Stats())
	}
	_, err = e.Begin(ctx, engine.Deferrable())
	wantError(t, err, engine.ErrUnsupported, "deferrable", "by its URL")
}

func TestFromDBKeepsTheDBClean(t *testing.T) {
	own, d, e := adopt(t)
	ctx := t.Context()
	for what, do := range map[string]func() error{
		"a changed session": func() error { _, err := e.Exec(ctx, "SET x = 1"); return err },
		"a panic": func() error {
			defer func() { _ = recover() }()
			return e.Transact(ctx, func(tx *engine.Tx) error { panic(1) })
		},
		"a lost connection": func() error {
			own.fail["UPDATE lost"] = io.ErrUnexpectedEOF
			_, err := e.Exec(ctx, "UPDATE lost")
			if !errors.Is(err, engine.ErrConnectionLost) {
				return errors.Join(errBoom, err)
			}
			return nil
		},
		"a rollback that fails": func() error {
			own.fail["ROLLBACK"] = errors.New("no")
			defer delete(own.fail, "ROLLBACK")
			if err := e.Transact(ctx, func(tx *engine.Tx) error { return errBoom }); !errors.Is(err, errBoom) {
				return err
			}
			return nil
		},
		"a connection closed in its transaction": func() error {
			c, err := e.Connect(ctx)
			if err != nil {
				return err
			}
			if _, err := c.Begin(ctx); err != nil {
				return err
			}
			return c.Close()
		},
	} {
		check(t, d.PingContext(ctx))
		before, closed := own.opened, own.closed
		if err := do(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		keep := what == "a panic" || what == "a connection closed in its transaction"
		if !fakedb.Poll(func() bool { return d.Stats().InUse == 0 }) {
			t.Errorf("%s: %+v", what, d.Stats())
		}
		if (own.closed == closed) != keep || own.opened != before {
			t.Errorf("%s: closed %d", what, own.closed-closed)
		}
	}
}

func TestFromDBRefuses(t *testing.T) {
	d := sql.OpenDB(&lentDB{})
	defer d.Close()
	fake := fakedb.New().Dialect()
	for what, err := range map[string]error{
		"*sql.DB":          errorOf(engine.FromDB(nil, fake)),
		"its dialect":      errorOf(engine.FromDB(d, nil)),
		"WithOnConnect":    errorOf(engine.FromDB(d, fake, engine.WithOnConnect(func(context.Context, dialect.Conn) error { return nil }))),
		"SetConnMaxLife":   errorOf(engine.FromDB(d, fake, engine.WithPrePing())),
		"WithMinIdle":      errorOf(engine.FromDB(d, fake, engine.WithMinIdle(1))),
		"WithMaxDials":     errorOf(engine.FromDB(d, fake, engine.WithMaxDials(1))),
		"WithBackoff":      errorOf(engine.FromDB(d, fake, engine.WithBackoff(time.Second, time.Second))),
		"WithConnector":    errorOf(engine.FromDB(d, fake, engine.WithConnector(registered.Connector()))),
		"nil option":       errorOf(engine.FromDB(d, fake, nil)),
		"WithPoolSize(-1)": errorOf(engine.FromDB(d, fake, engine.WithPoolSize(-1))),
	} {
		wantError(t, err, engine.ErrArguments, what)
	}
}

func errorOf(_ *engine.Engine, err error) error { return err }

func TestFromDBBoundsWhatItTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, e := adopt(t, engine.WithPoolSize(1), engine.WithPoolTimeout(200*time.Millisecond))
		c := connect(t, e)
		_, err := e.Connect(t.Context())
		wantError(t, err, engine.ErrPoolTimeout, "adopted *sql.DB")
		check(t, c.Close())
	})
}

func TestWith(t *testing.T) {
	e, db := open(t)
	v, err := e.With(engine.WithDefaultTx(engine.ReadOnly(), engine.Isolation(engine.Serializable)), engine.WithShowArgs())
	check(t, err)
	nothing := func(*engine.Tx) error { return nil }
	check(t, v.Transact(t.Context(), nothing))
	check(t, e.Transact(t.Context(), nothing))
	if o := db.TxOptions(); !o[0].ReadOnly || o[0].Isolation != dialect.Serializable || o[1] != (dialect.TxOptions{}) {
		t.Errorf("%+v", o)
	}
	if db.Counts().Dials != 1 || v.Stats().Idle != 1 {
		t.Errorf("%+v", db.Counts())
	}
	_, err = e.With(engine.WithDefaultTx(engine.Isolation(engine.Snapshot)))
	wantError(t, err, engine.ErrUnsupported, "SNAPSHOT")
	_, err = e.With(nil, engine.WithLogArgs())
	wantError(t, err, engine.ErrArguments, "nil option", "need WithLogger")
	if v.DB() == e.DB() {
		t.Error("one DB for both")
	}
	check(t, v.Close())
	wantError(t, e.Ping(t.Context()), engine.ErrClosed)
}
