package engine_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"
	"weak"

	"github.com/sqlayer-go/sqlayer/dialect"
	_ "github.com/sqlayer-go/sqlayer/dialect/all"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testspace"
)

// live runs f on every database that is there, with an empty table.
func live(t *testing.T, f func(t *testing.T, e *engine.Engine, table string), opts ...engine.Option) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		testenv.CheckLeaks(t)
		url := b.URL
		if b.Name == "postgres" { // on a busy machine too, a cancelled statement keeps its connection
			u, err := dialect.ParseURL(url)
			check(t, err)
			u.Options = append(u.Options, dialect.Option{Name: "cancel_timeout", Value: "1m"})
			url = u.Reveal()
		}
		e, err := engine.Open(url, append([]engine.Option{engine.WithStatementTimeout(testspace.Limit)}, opts...)...)
		check(t, err)
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if err := e.Shutdown(ctx); err != nil {
				t.Error(err)
			}
		})
		table := fmt.Sprintf("engine_live_%d", time.Now().UnixNano())
		name, err := e.Dialect().TypeName(&dialect.Type{Kind: dialect.Varchar, Length: 50})
		check(t, err)
		_, err = e.Exec(t.Context(), "CREATE TABLE "+table+" (id INTEGER NOT NULL PRIMARY KEY, name "+name+" NOT NULL, nick "+name+")")
		check(t, err)
		t.Cleanup(func() {
			if _, err := e.Exec(context.Background(), "DROP TABLE "+table); err != nil {
				t.Error(err)
			}
		})
		f(t, e, table)
	})
}

type liveRow struct {
	ID   int
	Name string
	Nick *string
}

func put(ctx context.Context, r dialect.Runner, table string, id int, name string, nick any) error {
	_, err := r.Run(ctx, engine.Text("INSERT INTO "+table+" (id, name, nick) VALUES (:id, :name, :nick)",
		engine.Named{"id": id, "name": name, "nick": nick}), nil)
	return err
}

func count(t *testing.T, r dialect.Runner, table string) int {
	t.Helper()
	n, err := engine.Scalar[int](t.Context(), r, engine.Text("SELECT count(*) FROM "+table))
	check(t, err)
	return n
}

func TestLiveReading(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		nick := "lace"
		check(t, put(ctx, e, table, 1, "Ada", "lace"))
		check(t, put(ctx, e, table, 2, "Bob", nil))
		all, err := engine.All[liveRow](ctx, e, engine.Text("SELECT * FROM "+table+" ORDER BY id"))
		check(t, err)
		if want := []liveRow{{1, "Ada", &nick}, {2, "Bob", nil}}; !reflect.DeepEqual(all, want) {
			t.Errorf("%+v", all)
		}
		one, err := engine.One[liveRow](ctx, e, engine.Text("SELECT * FROM "+table+" WHERE id IN (:ids)", engine.Named{"ids": []int{2, 3}}))
		if err != nil || one.Name != "Bob" {
			t.Errorf("%+v, %v", one, err)
		}
		_, err = engine.One[liveRow](ctx, e, engine.Text("SELECT * FROM "+table+" WHERE id IN (:ids)", engine.Named{"ids": []int{}}))
		wantError(t, err, sql.ErrNoRows)
		type strict struct {
			ID         int
			Name, Nick string
		}
		_, err = engine.All[strict](ctx, e, engine.Text("SELECT * FROM "+table))
		wantError(t, err, engine.ErrNullValue, `column "nick" (3) into strict.Nick (string)`)
		type pair struct {
			ID    int
			Other *struct{ ID int }
		}
		pairs, err := engine.All[pair](ctx, e, engine.Text(`SELECT a.id AS id, b.id AS `+quoted(e, "other.id")+` FROM `+table+` a LEFT JOIN `+table+` b ON b.id = a.id + 1 ORDER BY a.id`))
		check(t, err)
		if len(pairs) != 2 || pairs[0].Other == nil || pairs[0].Other.ID != 2 || pairs[1].Other != nil {
			t.Errorf("%+v", pairs)
		}
		res, err := e.Exec(ctx, "UPDATE "+table+" SET name = :n", engine.Named{"n": "x"})
		if err != nil || res.RowsAffected() != 2 {
			t.Errorf("%d, %v", res.RowsAffected(), err)
		}
		// the same again touches as many, although nothing changes
		res, err = e.Exec(ctx, "UPDATE "+table+" SET name = :n", engine.Named{"n": "x"})
		if err != nil || res.RowsAffected() != 2 {
			t.Errorf("%d, %v", res.RowsAffected(), err)
		}
	})
}

func quoted(e *engine.Engine, name string) string {
	w := dialect.NewWriter(e.Dialect())
	w.Ident(name)
	return w.Text()
}

func TestLiveErrors(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		check(t, put(ctx, e, table, 1, "Ada", nil))
		wantError(t, put(ctx, e, table, 1, "Ada", nil), engine.ErrUniqueViolation, "INSERT INTO "+table)
		_, err := e.Exec(ctx, "INSERT INTO "+table+" (id, name) VALUES (2, NULL)")
		wantError(t, err, engine.ErrNotNullViolation)
		_, err = e.Exec(ctx, "SELECT 1 FROM WHERE 1")
		wantError(t, err, engine.ErrSyntax, "[SELECT 1 FROM WHERE 1]")
		_, err = e.Exec(ctx, "SELECT 1 FROM "+table+"_x")
		wantError(t, err, engine.ErrUndefinedTable)
		_, err = e.Exec(ctx, "SELECT nope FROM "+table)
		wantError(t, err, engine.ErrUndefinedColumn)
		if n := count(t, e, table); n != 1 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestLiveTransactions(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		check(t, e.Transact(ctx, func(tx *engine.Tx) error {
			check(t, put(ctx, tx, table, 1, "kept", nil))
			wantError(t, tx.Transact(ctx, func(sp *engine.Tx) error {
				check(t, put(ctx, sp, table, 2, "undone", nil))
				return put(ctx, sp, table, 1, "twice", nil)
			}), engine.ErrUniqueViolation)
			return tx.Transact(ctx, func(sp *engine.Tx) error { return put(ctx, sp, table, 3, "kept", nil) })
		}))
		if n := count(t, e, table); n != 2 {
			t.Errorf("%d rows", n)
		}
		wantError(t, e.Transact(ctx, func(tx *engine.Tx) error {
			check(t, put(ctx, tx, table, 4, "undone", nil))
			return errBoom
		}, engine.Isolation(engine.Serializable)), errBoom)
		tx, err := e.Begin(ctx)
		check(t, err)
		check(t, put(ctx, tx, table, 5, "undone", nil))
		rows, err := tx.Query(ctx, "SELECT id FROM "+table)
		check(t, err)
		if !rows.Next() {
			t.Error(rows.Err())
		}
		check(t, tx.Rollback(ctx)) // rows and all
		if n := count(t, e, table); n != 2 {
			t.Errorf("%d rows", n)
		}
		c := connect(t, e)
		tx, err = c.Begin(ctx)
		check(t, err)
		check(t, put(ctx, tx, table, 6, "undone", nil))
		check(t, c.Close())
		if n := count(t, e, table); n != 2 {
			t.Errorf("%d rows", n)
		}
		// text that begins a transaction leaves nothing behind
		c = connect(t, e)
		if _, err := c.Exec(ctx, "BEGIN"); err == nil { // Oracle has no such statement
			check(t, put(ctx, c, table, 7, "undone", nil))
		}
		check(t, c.Close())
		if n := count(t, e, table); n != 2 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestLiveCancel(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		// ten rows joined to themselves six times take seconds
		for i := range 10 {
			check(t, put(ctx, e, table, i, "x", nil))
		}
		long := "SELECT count(*) FROM " + table + " a"
		for i := range 6 {
			long += fmt.Sprintf(" CROSS JOIN %s b%d", table, i)
		}
		short, cancel := context.WithTimeoutCause(ctx, 30*time.Millisecond, errBoom)
		defer cancel()
		begin := time.Now()
		_, err := engine.Scalar[int](short, e, engine.Text(long+" WHERE a.id + b1.id + b2.id + b3.id <> -1"))
		wantError(t, err, engine.ErrCancelled)
		wantError(t, err, context.DeadlineExceeded)
		wantError(t, err, errBoom)
		if took := time.Since(begin); took > time.Minute {
			t.Errorf("it took %v", took)
		}
		if n := count(t, e, table); n != 10 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestLiveManyGoroutines(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				for i := range 20 {
					id := g*100 + i
					err := e.Transact(t.Context(), func(tx *engine.Tx) error { return put(t.Context(), tx, table, id, "x", nil) }, engine.Retry(10))
					if err != nil {
						t.Error(err)
					}
					row, err := engine.One[liveRow](t.Context(), e, engine.Text("SELECT * FROM "+table+" WHERE id = :id", engine.Named{"id": id}))
					if err != nil || row.ID != id {
						t.Error(row, err)
					}
				}
			})
		}
		wg.Wait()
		if n := count(t, e, table); n != 160 {
			t.Errorf("%d rows", n)
		}
		n := 0
		for _, err := range engine.Each[liveRow](t.Context(), e, engine.Text("SELECT * FROM "+table)) {
			check(t, err)
			if n++; n == 5 {
				break
			}
		}
		if s := e.Stats(); s.Leased != 0 {
			t.Errorf("%v", s)
		}
	}, engine.WithPoolSize(4))
}

// A constraint that COMMIT checks: the transaction fails there, has to be
// rolled back, and its connection is as good as before.
func TestLiveCommitFails(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		if _, err := e.Exec(ctx, "CREATE TABLE "+table+"_c (id INTEGER PRIMARY KEY, parent INTEGER, "+
			"FOREIGN KEY (parent) REFERENCES "+table+" (id) DEFERRABLE INITIALLY DEFERRED)"); err != nil {
			wantError(t, err, engine.ErrSyntax)
			t.Skip("the database has no deferred constraints")
		}
		t.Cleanup(func() {
			_, err := e.Exec(context.Background(), "DROP TABLE "+table+"_c")
			check(t, err)
		})
		c := connect(t, e)
		tx, err := c.Begin(ctx)
		check(t, err)
		_, err = tx.Exec(ctx, "INSERT INTO "+table+"_c (id, parent) VALUES (1, 7)")
		check(t, err)
		wantError(t, tx.Commit(ctx), engine.ErrForeignKeyViolation)
		_, err = tx.Exec(ctx, "SELECT 1")
		wantError(t, err, engine.ErrTransactionAborted, "roll back first")
		wantError(t, err, engine.ErrForeignKeyViolation)
		wantError(t, tx.Commit(ctx), engine.ErrTransactionAborted, "roll back first")
		check(t, tx.Rollback(ctx))
		if n := count(t, c, table+"_c"); n != 0 {
			t.Errorf("%d rows", n)
		}
		check(t, c.Transact(ctx, func(tx *engine.Tx) error { return put(ctx, tx, table, 1, "x", nil) }))
	})
}

// A failed statement that the program ignores: where the database has given the
// transaction up, its commit is an error.
func TestLiveCommitOfAFailedTransaction(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		err := e.Transact(ctx, func(tx *engine.Tx) error {
			check(t, put(ctx, tx, table, 1, "x", nil))
			wantError(t, put(ctx, tx, table, 1, "x", nil), engine.ErrUniqueViolation)
			return nil
		})
		want := 1
		if err != nil {
			wantError(t, err, engine.ErrTransactionAborted)
			want = 0
		}
		if n := count(t, e, table); n != want {
			t.Errorf("%d rows, although Transact said %v", n, err)
		}
	})
}

// A server that cannot be reached is named, and a password is not.
func TestLiveUnreachable(t *testing.T) {
	for _, url := range []string{
		"postgres://ada:s3cret@127.0.0.1:1/x", "mysql://ada:s3cret@127.0.0.1:1/x", "sqlserver://ada:s3cret@127.0.0.1:1/x",
		"oracle://ada:s3cret@127.0.0.1:1/x",
	} {
		t.Run(url[:5], func(t *testing.T) {
			e, err := engine.Open(url)
			check(t, err)
			defer e.Close()
			err = e.Ping(t.Context())
			wantError(t, err, engine.ErrConnect, "127.0.0.1:1")
			if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, "s3cret") {
				t.Errorf("the password is in %s", text)
			}
			if e, ok := errors.AsType[*engine.Error](err); !ok || e.MayHaveRun {
				t.Errorf("%#v", err)
			}
		})
	}
}

// A login that is refused is an error of its own, without the password.
func TestLiveWrongPassword(t *testing.T) {
	for name, dsn := range map[string]func(testing.TB) string{"postgres": testenv.Postgres, "mysql": testenv.MySQL} {
		t.Run(name, func(t *testing.T) {
			u, err := dialect.ParseURL(dsn(t))
			check(t, err)
			u.Username = "sqlayer_nobody"
			e, err := engine.Open(u.WithPassword("hush-hush").Reveal())
			check(t, err)
			defer e.Close()
			err = e.Ping(t.Context())
			wantError(t, err, engine.ErrAuthentication, "sqlayer_nobody", u.Hosts[0].Name)
			if text := fmt.Sprintf("%v %+v %#v", err, err, e); strings.Contains(text, "hush") {
				t.Errorf("the password is in %s", text)
			}
		})
	}
}

// The statements that a connection keeps prepared keep no values alive.
func TestLiveKeptStatementsHoldNoValues(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		c := connect(t, e)
		var values []weak.Pointer[byte]
		for range 3 {
			big := strings.Repeat("x", 1<<18)
			values = append(values, weak.Make(unsafe.StringData(big)))
			n, err := engine.Scalar[int](t.Context(), c, engine.Text("SELECT count(*) FROM "+table+" WHERE name = :big", engine.Named{"big": big}))
			if err != nil || n != 0 {
				t.Fatal(n, err)
			}
		}
		for i, v := range values {
			if !fakedb.Poll(func() bool { runtime.GC(); return v.Value() == nil }) {
				t.Errorf("the value of run %d is kept", i+1)
			}
		}
		check(t, c.Ping(t.Context())) // with the connection still there
	})
}

// Whatever a text does to the transaction around it, nothing is committed that
// the Tx does not commit.
func TestLiveTextThatEndsTheTransaction(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		for _, text := range []string{"COMMIT", "ROLLBACK", "BEGIN", "END", "START TRANSACTION", "COMMIT AND CHAIN", "/* done */ commit;"} {
			if text == "END" && e.Dialect().Features().Lexical.NoEnd {
				continue // it ends no transaction there
			}
			err := e.Transact(ctx, func(tx *engine.Tx) error {
				check(t, put(ctx, tx, table, 1, "undone", nil))
				_, err := tx.Exec(ctx, text)
				wantError(t, err, engine.ErrStatement)
				check(t, put(ctx, tx, table, 2, "undone", nil))
				return errBoom
			})
			wantError(t, err, errBoom)
			if n := count(t, e, table); n != 0 {
				t.Fatalf("%s has kept %d rows", text, n)
			}
		}
	})
}
