package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var ctx0 = context.Background()

func TestResults(t *testing.T) {
	c := memory(t)
	exec(t, c, `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE);
		CREATE TABLE other (id INTEGER PRIMARY KEY, a TEXT);
		CREATE TABLE log (n INTEGER PRIMARY KEY, what TEXT);
		CREATE TABLE w (a TEXT PRIMARY KEY) WITHOUT ROWID;
		CREATE VIEW v AS SELECT a FROM t;
		CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (new.a); END;
		CREATE TRIGGER tu AFTER UPDATE ON t BEGIN INSERT INTO log (what) VALUES (new.a); END;
		CREATE TRIGGER ti AFTER INSERT ON t BEGIN INSERT INTO log (what) VALUES (new.a); END;`)
	for _, x := range []struct {
		text string
		n    int64
		id   int64 // 0: none
	}{
		{"INSERT INTO t (a) VALUES ('x'), ('y')", 2, 2},
		{"SELECT 1", 0, 0},
		{"INSERT INTO t (a) VALUES ('x') ON CONFLICT DO NOTHING", 0, 0},
		{"INSERT OR IGNORE INTO t (a) VALUES ('x')", 0, 0},
		{"INSERT INTO t (a) VALUES ('x') ON CONFLICT (a) DO UPDATE SET a = a || '!'", 1, 0},
		{"UPDATE t SET a = a", 2, 0},
		{"CREATE TABLE more AS SELECT * FROM t", 0, 0},
		{"DELETE FROM t WHERE id > 100", 0, 0},
		{"INSERT INTO other (id, a) VALUES (2, 'same number as the last')", 1, 2},
		{"INSERT INTO main.[other] (a) VALUES ('x')", 1, 3},
		{`WITH x (a) AS (SELECT 'w') INSERT INTO "other" (a) SELECT a FROM x`, 1, 4},
		{"/* INSERT */ REPLACE INTO other (id, a) VALUES (4, 'r')", 1, 4},
		{"INSERT INTO w VALUES ('no row number')", 1, 0},
		{"INSERT INTO v VALUES ('through a view')", 0, 0},
		{"INSERT INTO other (a) SELECT 'q' WHERE 0", 0, 0},
		{"DROP TABLE more", 0, 0},
		{"DELETE FROM other", 3, 0},
		{"PRAGMA user_version = 3", 0, 0},
		{"INSERT INTO other (a) VALUES (last_insert_rowid())", 1, 1},
	} {
		r := exec(t, c, x.text)
		id, err := r.LastInsertID()
		if r.RowsAffected() != x.n || (err == nil) != (x.id != 0) || id != x.id {
			t.Errorf("%s: %d rows, id %d (%v); want %d, %d", x.text, r.RowsAffected(), id, err, x.n, x.id)
		}
	}
}

func TestReturning(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
	rows := query(t, c, "INSERT INTO t (a) VALUES ('x'), ('y') RETURNING id, a")
	var got []string
	for rows.Next() {
		var id int
		var a string
		if err := rows.ScanRow([]any{&id, &a}); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(id, a))
	}
	if strings.Join(got, " ") != "1x 2y" && strings.Join(got, " ") != "1 x 2 y" {
		t.Error(got)
	}
	if n := rows.Result().RowsAffected(); n != 2 {
		t.Errorf("%d rows affected", n)
	}
	if id, err := rows.Result().LastInsertID(); err != nil || id != 2 {
		t.Errorf("last id %d, %v", id, err)
	}
	if err := errors.Join(rows.Err(), rows.Close(), rows.Close()); err != nil {
		t.Error(err)
	}
	rows = query(t, c, "INSERT INTO t (a) VALUES ('z') RETURNING id") // closed before it is read
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	if n := read[int](t, c, "SELECT count(*) FROM t"); n != 3 {
		t.Errorf("%d rows", n)
	}
	rows = query(t, c, "UPDATE t SET a = 'u'") // a query without columns
	if rows.Next() || rows.Err() != nil || rows.Result().RowsAffected() != 3 || len(rows.Columns()) != 0 {
		t.Error("UPDATE as a query", rows.Err(), rows.Result())
	}
}

func TestColumns(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20) NOT NULL, d DECIMAL_TEXT(10,2), at TIMESTAMP(3))")
	cols := query(t, c, "SELECT id, a AS name, d, at, 1 + 1 AS two FROM t").Columns()
	want := []struct {
		name, db, typ, table string
		null                 dialect.Ternary
	}{
		{"id", "INTEGER", "integer", "t", dialect.NotKnown},
		{"name", "VARCHAR", "varchar(20)", "t", dialect.NotKnown},
		{"d", "DECIMAL_TEXT", "decimal(10,2)", "t", dialect.Yes},
		{"at", "TIMESTAMP", "timestamp(3)", "t", dialect.Yes},
		{"two", "", "unknown", "", dialect.NotKnown},
	}
	for i, w := range want {
		if got := cols[i]; got.Name != w.name || got.DatabaseType != w.db || got.Type.String() != w.typ || got.Table != w.table || got.Nullable != w.null {
			t.Errorf("%+v, want %+v", got, w)
		}
	}
}

func TestStatementCache(t *testing.T) {
	c := memory(t, "statement_cache=2")
	address := func(text string) *dialect.Column {
		rows := query(t, c, text)
		cols := rows.Columns()
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		return &cols[0]
	}
	a, b := "SELECT 1 AS a;", "SELECT 2 AS b -- kept too"
	first, second := address(a), address(b)
	if address(a) != first || address(b) != second {
		t.Error("a second run has other columns")
	}
	address(a)
	address("SELECT 3") // b goes, not a
	if address(a) != first {
		t.Error("the statement used last is gone")
	}
	if address(b) == second {
		t.Error("more statements are kept than asked for")
	}
	if n := len(c.cache.byText); n != 2 {
		t.Errorf("%d statements kept", n)
	}
	exec(t, c, "PRAGMA user_version")
	exec(t, c, "CREATE TABLE t (a)")
	if n := len(c.cache.byText); n != 2 || c.cache.byText["PRAGMA user_version"] != nil {
		t.Error("a PRAGMA or DDL is kept")
	}
	none := memory(t, "statement_cache=0")
	read[int](t, none, "SELECT 1")
	if len(none.cache.byText) != 0 {
		t.Error("statements kept with statement_cache=0")
	}
}

func TestSchemaChangeBelowKeptStatement(t *testing.T) {
	cn := open1(t, fileURL(t))
	c, other := dial(t, cn), dial(t, cn)
	exec(t, c, "CREATE TABLE t (a); INSERT INTO t VALUES (1)")
	const text = "SELECT * FROM t"
	rows := query(t, c, text)
	before := rows.Columns()
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	for i, change := range []string{"ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'new'", "ALTER TABLE t RENAME COLUMN b TO z"} {
		exec(t, other, change)
		rows = query(t, c, text)
		cols := rows.Columns()
		if len(cols) != 2 || len(before) != 1 || cols[1].Name != []string{"b", "z"}[i] || cols[1].Type.String() != "text" {
			t.Errorf("columns %+v after %s", cols, change)
		}
		var a int
		var b string
		if !rows.Next() {
			t.Fatal(rows.Err())
		}
		if err := rows.ScanRow([]any{&a, &b}); err != nil || b != "new" {
			t.Error(a, b, err)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	kept := query(t, c, text)
	cols := kept.Columns()
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	exec(t, other, "CREATE INDEX i ON t (a)") // compiled anew, with the same columns
	kept = query(t, c, text)
	if &kept.Columns()[0] != &cols[0] {
		t.Error("another slice for the same columns")
	}
}

func TestSeveralStatements(t *testing.T) {
	c := memory(t)
	r := exec(t, c, ";; /* one */ CREATE TABLE t (a, b TEXT DEFAULT ';'); INSERT INTO t (a) VALUES (1), (2); -- two;\n INSERT INTO t VALUES (3, 'x;y');;")
	if id, err := r.LastInsertID(); r.RowsAffected() != 3 || err != nil || id != 3 {
		t.Errorf("%d rows, id %d, %v", r.RowsAffected(), id, err)
	}
	exec(t, c, "CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 1; UPDATE t SET b = 'tr'; END; INSERT INTO t (a) VALUES (9)")
	if n := read[int](t, c, "SELECT count(*) FROM t WHERE b = 'tr'"); n != 3 {
		t.Errorf("%d rows", n)
	}
	comp := compile(t, "SELECT 1; SELECT 2")
	_, err := c.Query(ctx0, comp)
	if kind(t, err, dialect.ErrUnsupported); !strings.Contains(err.Error(), "SELECT 2") {
		t.Error(err)
	}
	_, err = tryExec(t, c, "DELETE FROM t WHERE a = ?; DELETE FROM t", 1)
	kind(t, err, dialect.ErrUnsupported)
	_, err = tryExec(t, c, "DELETE FROM t; SELEC 1")
	if e := kind(t, err, dialect.ErrSyntax); e.Position != 16 {
		t.Errorf("position %d", e.Position)
	}
	if got := read[int](t, c, "; SELECT 5 ; -- the end"); got != 5 {
		t.Error(got)
	}
	empty := &dialect.Compiled{}
	empty.Reset(Dialect())
	empty.SetText(" -- nothing\n ; ")
	if _, err := c.Exec(ctx0, empty); err != nil {
		t.Errorf("an empty Exec: %v", err)
	}
	_, err = c.Query(ctx0, empty)
	kind(t, err, dialect.ErrStatement)
	empty.SetText("SELECT 1\x00; DROP TABLE t")
	_, err = c.Query(ctx0, empty)
	kind(t, err, dialect.ErrSyntax)
}

func TestRowsOpen(t *testing.T) {
	c := memory(t)
	rows := query(t, c, "VALUES (1), (2), (3)")
	rows.Next()
	_, err := tryExec(t, c, "SELECT 1")
	if kind(t, err, dialect.ErrInUse); !strings.Contains(err.Error(), "VALUES (1)") {
		t.Error(err)
	}
	kind(t, c.Begin(ctx0, dialect.TxOptions{}), dialect.ErrInUse)
	kind(t, c.Ping(ctx0), dialect.ErrInUse)
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	if rows.Next() {
		t.Error("a row after Close")
	}
	exec(t, c, "SELECT 1")
	if err := c.Ping(ctx0); err != nil {
		t.Error(err)
	}
}

// An error in the middle of the rows is that of Err, and of Close where
// nobody asked Err.
func TestErrorWhileReading(t *testing.T) {
	c := memory(t)
	for _, ask := range []bool{true, false} {
		rows := query(t, c, "SELECT abs(x) FROM (SELECT 1 AS x UNION ALL SELECT -9223372036854775807 - 1)")
		n := 0
		for rows.Next() {
			n++
		}
		if n != 1 {
			t.Errorf("%d rows", n)
		}
		if ask {
			kind(t, rows.Err(), dialect.ErrOutOfRange)
			if err := rows.Close(); err != nil {
				t.Error(err)
			}
			continue
		}
		kind(t, rows.Close(), dialect.ErrOutOfRange)
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
}

const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

func TestCancel(t *testing.T) {
	c := memory(t)
	why := errors.New("the user went away")
	ctx, cancel := context.WithCancelCause(ctx0)
	start := time.Now()
	comp := compile(t, endless)
	time.AfterFunc(20*time.Millisecond, func() { cancel(why) }) // before it begins or while it runs
	_, err := c.Query(ctx, comp)
	if e := kind(t, err, dialect.ErrCancelled); !errors.Is(err, why) || !errors.Is(e, why) || e.Cause != why || e.Code != "9" {
		t.Errorf("%v", err)
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("it took %v", d)
	}
	_, err = c.Exec(ctx, comp) // it has ended before
	if kind(t, err, dialect.ErrCancelled); !errors.Is(err, why) {
		t.Error(err)
	}
	if !c.Usable() || read[int](t, c, "SELECT 1") != 1 {
		t.Error("the connection is not usable")
	}
	deadline, stop := context.WithTimeout(ctx0, 10*time.Millisecond)
	defer stop()
	_, err = c.Exec(deadline, comp)
	if kind(t, err, dialect.ErrCancelled); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestCancelBetweenRows(t *testing.T) {
	c := memory(t)
	ctx, cancel := context.WithCancel(ctx0)
	defer cancel()
	comp := compile(t, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n")
	rows, err := c.Query(ctx, comp)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; rows.Next(); n++ {
		if n == 10 {
			cancel()
		}
		if n > 1000 {
			t.Fatal("it goes on")
		}
	}
	kind(t, rows.Err(), dialect.ErrCancelled)
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	exec(t, c, "SELECT 1")
}

func TestTransactions(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (a)")
	count := func(want int) {
		t.Helper()
		if n := read[int](t, c, "SELECT count(*) FROM t"); n != want {
			t.Errorf("%d rows, want %d", n, want)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.Begin(ctx0, dialect.TxOptions{Isolation: dialect.Serializable}))
	if !c.Dirty() {
		t.Error("an open transaction is not dirty")
	}
	kind(t, c.Begin(ctx0, dialect.TxOptions{}), dialect.ErrInUse)
	exec(t, c, "INSERT INTO t VALUES (1)")
	exec(t, c, "SAVEPOINT a")
	exec(t, c, "INSERT INTO t VALUES (2)")
	exec(t, c, "ROLLBACK TO SAVEPOINT a")
	exec(t, c, "RELEASE SAVEPOINT a")
	exec(t, c, "CREATE TABLE u (a)")
	must(c.Commit(ctx0))
	count(1)
	if c.Dirty() {
		t.Error("dirty after Commit")
	}
	must(c.Begin(ctx0, dialect.TxOptions{}))
	exec(t, c, "DROP TABLE u")
	exec(t, c, "DELETE FROM t")
	must(c.Rollback(ctx0))
	exec(t, c, "SELECT * FROM u")
	count(1)
	kind(t, c.Commit(ctx0), dialect.ErrTransactionAborted)
	must(c.Rollback(ctx0)) // nothing to do

	for _, o := range []dialect.TxOptions{{Isolation: dialect.ReadCommitted}, {Isolation: dialect.ReadUncommitted}, {Deferrable: true}} {
		kind(t, c.Begin(ctx0, o), dialect.ErrUnsupported)
	}

	must(c.Begin(ctx0, dialect.TxOptions{ReadOnly: true}))
	count(1)
	for _, text := range []string{"INSERT INTO t VALUES (1)", "CREATE TABLE x (a)", "WITH x AS (SELECT 1) DELETE FROM t", "PRAGMA user_version = 5"} {
		_, err := tryExec(t, c, text)
		kind(t, err, dialect.ErrReadOnly)
	}
	_, err := c.Query(ctx0, compile(t, "DELETE FROM t RETURNING a"))
	kind(t, err, dialect.ErrReadOnly)
	must(c.Commit(ctx0))
	exec(t, c, "INSERT INTO t VALUES (3)")
	count(2)
}

// SQLite ends a transaction by itself after some errors; what follows must not
// run outside of it.
func TestTransactionEndedByError(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (a INTEGER PRIMARY KEY)")
	for _, end := range []string{"INSERT OR ROLLBACK INTO t VALUES (1)", "ROLLBACK", "COMMIT"} {
		exec(t, c, "DELETE FROM t")
		if err := c.Begin(ctx0, dialect.TxOptions{}); err != nil {
			t.Fatal(err)
		}
		exec(t, c, "INSERT INTO t VALUES (1)")
		if _, err := tryExec(t, c, end); (err == nil) != (len(end) < 10) {
			t.Errorf("%s: %v", end, err)
		}
		_, err := tryExec(t, c, "INSERT INTO t VALUES (2)")
		kind(t, err, dialect.ErrTransactionAborted)
		kind(t, c.Commit(ctx0), dialect.ErrTransactionAborted)
		if err := c.Rollback(ctx0); err != nil {
			t.Error(err)
		}
		exec(t, c, "INSERT INTO t VALUES (5)")
	}
	// A cancelled write ends it too.
	if err := c.Begin(ctx0, dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(ctx0)
	defer cancel()
	atRow = cancel
	lib.Xsqlite3_update_hook(c.h.TLS, c.h.DB, callback(onRow), c.h.DB)
	_, err := c.Exec(ctx, compile(t, "INSERT INTO t SELECT i + 100 FROM ("+strings.Replace(endless, "count(*)", "i", 1)+")"))
	kind(t, err, dialect.ErrCancelled)
	_, err = tryExec(t, c, "INSERT INTO t VALUES (6)")
	kind(t, err, dialect.ErrTransactionAborted)
	if err := c.Rollback(ctx); err != nil { // although ctx has ended
		t.Error(err)
	}
	if n := read[int](t, c, "SELECT count(*) FROM t"); n != 1 && n != 2 {
		t.Errorf("%d rows", n)
	}
}

func TestReset(t *testing.T) {
	for _, url := range []string{"sqlite://", fileURL(t) + "?foreign_keys=off&pragma.recursive_triggers=1"} {
		c := dial(t, open1(t, url))
		exec(t, c, "CREATE TABLE t (a)")
		before := fmt.Sprint(c.settings)
		if c.Dirty() {
			t.Error("dirty from the beginning")
		}
		exec(t, c, "BEGIN; INSERT INTO t VALUES (1)")
		if !c.Dirty() {
			t.Error("not dirty in a transaction")
		}
		rows := query(t, c, "SELECT * FROM t")
		if err := c.Reset(ctx0); err != nil {
			t.Fatal(err)
		}
		if rows.Next() {
			t.Error("rows after Reset")
		}
		exec(t, c, `CREATE TEMP TABLE p (id INTEGER PRIMARY KEY); CREATE TEMP TABLE c (p REFERENCES p (id));
			INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);
			CREATE TEMP TABLE "a ""b" (x); CREATE TEMP VIEW v AS SELECT 1; CREATE TEMP TRIGGER tr AFTER INSERT ON main.t BEGIN SELECT 1; END`)
		exec(t, c, "PRAGMA case_sensitive_like = 1")
		exec(t, c, "PRAGMA busy_timeout = 1")
		exec(t, c, "PRAGMA cache_size = 77")
		exec(t, c, "PRAGMA foreign_keys = 1")
		exec(t, c, "PRAGMA recursive_triggers = 0")
		exec(t, c, "PRAGMA query_only = 1")
		if err := c.Reset(ctx0); err != nil {
			t.Fatal(err)
		}
		c.settings = nil
		if err := c.remember(); err != nil {
			t.Fatal(err)
		}
		if after := fmt.Sprint(c.settings); after != before {
			t.Errorf("settings %s, want %s", after, before)
		}
		if n := read[int](t, c, "SELECT count(*) FROM temp.sqlite_schema"); n != 0 {
			t.Errorf("%d temporary objects", n)
		}
		if n := read[int](t, c, "SELECT count(*) FROM t WHERE 'a' LIKE 'A' OR 1"); n != 0 {
			t.Errorf("%d rows of a transaction that was open", n)
		}
		if n := read[int](t, c, "SELECT 'a' LIKE 'A'"); n != 1 {
			t.Error("LIKE heeds case")
		}
	}
}

func TestClose(t *testing.T) {
	c := memory(t)
	rows := query(t, c, "VALUES (1), (2)")
	if err := errors.Join(c.Close(), c.Close()); err != nil {
		t.Error(err)
	}
	if c.Usable() || c.Dirty() || rows.Next() {
		t.Error("a closed connection is in use")
	}
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	comp := compile(t, "SELECT 1")
	_, err := c.Query(ctx0, comp)
	kind(t, err, dialect.ErrClosed)
	_, err = c.Exec(ctx0, comp)
	kind(t, err, dialect.ErrClosed)
	for _, err := range []error{c.Ping(ctx0), c.Begin(ctx0, dialect.TxOptions{}), c.Commit(ctx0), c.Rollback(ctx0), c.Reset(ctx0)} {
		kind(t, err, dialect.ErrClosed)
	}
}

func TestRaw(t *testing.T) {
	c := memory(t)
	if h, ok := c.Raw().(Handle); !ok || h.DB == 0 || h.TLS == nil {
		t.Errorf("%#v", c.Raw())
	}
}

func TestBusy(t *testing.T) {
	cn := open1(t, fileURL(t)+"?busy_timeout=50ms")
	a, b := dial(t, cn), dial(t, cn)
	exec(t, a, "CREATE TABLE t (a)")
	if err := a.Begin(ctx0, dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	_, err := tryExec(t, b, "INSERT INTO t VALUES (1)")
	if e := kind(t, err, dialect.ErrBusy); !e.Retryable() || time.Since(start) < 50*time.Millisecond {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	kind(t, b.Begin(ctx0, dialect.TxOptions{}), dialect.ErrBusy)
	if err := b.Begin(ctx0, dialect.TxOptions{ReadOnly: true}); err != nil {
		t.Errorf("readers need not wait: %v", err)
	}
	if n := read[int](t, b, "SELECT count(*) FROM t"); n != 0 {
		t.Error(n)
	}
}

// A wait for a lock ends with the context, and goes on when the lock is free.
func TestBusyWaits(t *testing.T) {
	for _, url := range []string{"sqlite://", fileURL(t)} {
		cn := open1(t, url)
		a, b := dial(t, cn), dial(t, cn)
		exec(t, a, "CREATE TABLE t (a)")
		if err := a.Begin(ctx0, dialect.TxOptions{}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(ctx0, 20*time.Millisecond)
		start := time.Now()
		err := b.Begin(ctx, dialect.TxOptions{})
		cancel()
		if kind(t, err, dialect.ErrCancelled); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > time.Minute {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		done := make(chan error)
		go func() {
			err := b.Begin(ctx0, dialect.TxOptions{})
			if err == nil {
				err = b.Commit(ctx0)
			}
			done <- err
		}()
		exec(t, a, "INSERT INTO t VALUES (1)")
		if err := a.Commit(ctx0); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Errorf("the second transaction: %v", err)
		}
	}
}

// Connections of one connector share a database in memory; others do not; and
// it lives until the connector is closed.
func TestMemoryIsShared(t *testing.T) {
	cn := open1(t, "sqlite://")
	a, b := dial(t, cn), dial(t, cn)
	exec(t, a, "CREATE TABLE t (a); INSERT INTO t VALUES (1)")
	if n := read[int](t, b, "SELECT a FROM t"); n != 1 {
		t.Error(n)
	}
	if _, err := tryExec(t, dial(t, open1(t, "sqlite://")), "SELECT * FROM t"); err == nil {
		t.Error("two connectors share a database in memory")
	}
	if err := errors.Join(a.Close(), b.Close()); err != nil {
		t.Error(err)
	}
	if n := read[int](t, dial(t, cn), "SELECT a FROM t"); n != 1 {
		t.Error("the database is gone with its last connection")
	}
}

// Writers and readers at the same time: waiting is all that happens.
func TestConcurrent(t *testing.T) {
	for name, url := range map[string]string{"memory": "sqlite://", "file": fileURL(t) + "?synchronous=off", "rollback journal": fileURL(t) + "?journal_mode=memory&synchronous=off"} {
		t.Run(name, func(t *testing.T) {
			cn := open1(t, url)
			exec(t, dial(t, cn), "CREATE TABLE t (id INTEGER PRIMARY KEY, w INTEGER)")
			const workers, rounds = 6, 40
			var wg sync.WaitGroup
			for w := range workers {
				c := dial(t, cn)
				wg.Go(func() {
					for i := range rounds {
						if err := work(c, w, i); err != nil {
							t.Errorf("%d/%d: %v", w, i, err)
							return
						}
					}
				})
			}
			wg.Wait()
			if n := read[int](t, dial(t, cn), "SELECT count(*) FROM t"); n != workers*rounds*2 {
				t.Errorf("%d rows, want %d", n, workers*rounds*2)
			}
		})
	}
}

// work writes two rows in a transaction and reads in another one, where
// half a transaction would show.
func work(c *conn, w, i int) error {
	run := func(text string, args ...any) error {
		comp, err := dialect.Compile(c.d, dialect.Text(text, args...))
		if err != nil {
			return err
		}
		defer comp.Release()
		_, err = c.Exec(ctx0, comp)
		return err
	}
	if err := c.Begin(ctx0, dialect.TxOptions{}); err != nil {
		return err
	}
	for range 2 {
		if err := run("INSERT INTO t (w) VALUES (?)", w); err != nil {
			return err
		}
	}
	if err := c.Commit(ctx0); err != nil {
		return err
	}
	comp, err := dialect.Compile(c.d, dialect.Text("SELECT w, count(*) FROM t GROUP BY w"))
	if err != nil {
		return err
	}
	defer comp.Release()
	if err := c.Begin(ctx0, dialect.TxOptions{ReadOnly: i%2 == 0}); err != nil {
		return err
	}
	rows, err := c.Query(ctx0, comp)
	if err != nil {
		return err
	}
	for rows.Next() {
		var of, n int
		if err := rows.ScanRow([]any{&of, &n}); err != nil {
			return err
		}
		if n%2 != 0 || of == w && n != 2*(i+1) {
			return fmt.Errorf("worker %d sees %d rows of %d", w, n, of)
		}
	}
	return errors.Join(rows.Close(), c.Commit(ctx0))
}

// Many first connections to one file set it up at the same time.
func TestConcurrentConnect(t *testing.T) {
	url := fileURL(t)
	var wg sync.WaitGroup
	for range 8 {
		cn := open1(t, url)
		wg.Go(func() {
			c, err := cn.Connect(ctx0)
			if err != nil {
				t.Error(err)
				return
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// A statement with RETURNING takes effect when it ends, and may fail only then.
func TestClosingEarlyReportsTheStatement(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE p (id INTEGER PRIMARY KEY)")
	exec(t, c, "CREATE TABLE k (p INT REFERENCES p DEFERRABLE INITIALLY DEFERRED)")
	for _, asked := range []bool{false, true} {
		rows := query(t, c, "INSERT INTO k VALUES (7) RETURNING p")
		if !rows.Next() {
			t.Fatal(rows.Err())
		}
		if asked {
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
		}
		kind(t, rows.Close(), dialect.ErrForeignKeyViolation)
	}
	if n := read[int](t, c, "SELECT count(*) FROM k"); n != 0 {
		t.Errorf("%d rows", n)
	}
	rows := query(t, c, "INSERT INTO p VALUES (1), (2) RETURNING id")
	rows.Next()
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	if n := read[int](t, c, "SELECT count(*) FROM p"); n != 2 {
		t.Errorf("%d rows of a statement that was closed at its first row, want 2", n)
	}
}

// A context that ends while rows of a write are read undoes the write: its
// error says that the statement was cancelled.
func TestCancelledReturningIsUndone(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (id INTEGER PRIMARY KEY)")
	ctx, cancel := context.WithCancel(context.Background())
	comp := compile(t, "INSERT INTO t VALUES (1), (2), (3) RETURNING id")
	defer comp.Release()
	rows, err := c.Query(ctx, comp)
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	cancel()
	if rows.Next() {
		t.Error("a row after the context had ended")
	}
	kind(t, rows.Err(), dialect.ErrCancelled)
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	if n := read[int](t, c, "SELECT count(*) FROM t"); n != 0 {
		t.Errorf("%d rows stand after the cancelled statement", n)
	}
	exec(t, c, "INSERT INTO t VALUES (1)")
}

// SQLite runs some PRAGMAs when it prepares them.
func TestStatementsRunInOrder(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE t (a)")
	exec(t, c, "INSERT INTO t VALUES (1); PRAGMA query_only=1")
	if n := read[int](t, c, "SELECT count(*) FROM t"); n != 1 {
		t.Errorf("%d rows", n)
	}
	_, err := tryExec(t, c, "INSERT INTO t VALUES (2)")
	kind(t, err, dialect.ErrReadOnly)
	exec(t, c, "PRAGMA query_only=0")
	for text, more := range map[string]bool{"SELECT 1": false, "SELECT 1;": false, "SELECT 1 ;; -- x\n /* y */ ;": false, "SELECT 1; /* y": false,
		"SELECT 1; SELECT 2": true, "SELECT 1;;/**/x": true} {
		comp := compile(t, text)
		rows, err := c.Query(context.Background(), comp)
		if (err != nil) != more {
			t.Errorf("%s: %v", text, err)
		}
		if err == nil {
			err = rows.Close()
		}
		if err != nil && !more {
			t.Error(err)
		}
		comp.Release()
	}
}

// The memory of a closed connection goes to the next one, which SQLite's
// callbacks have to find.
func TestClosingForgetsOnlyItself(t *testing.T) {
	closing, next := memory(t), memory(t)
	unregister(closing, next.h.DB)
	if connOf(next.h.DB) != next {
		t.Error("closing one connection made another one lose its callbacks")
	}
}
