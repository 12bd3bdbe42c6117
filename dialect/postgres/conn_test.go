package postgres

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

func TestQueryReadsRowsInEveryMode(t *testing.T) {
	for _, mode := range []string{"cache", "describe", "exec", "simple"} {
		t.Run(mode, func(t *testing.T) {
			c := open(t, inSchema(t), dialect.Option{Name: "query_mode", Value: mode})
			exec(t, c, "CREATE TABLE t (id bigint, name text, at timestamptz, ok bool, n numeric(10,2), b bytea)")
			at := time.Date(2024, 2, 29, 12, 30, 15, 123456000, time.FixedZone("", 7200))
			for i := range 3 {
				res := exec(t, c, "INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6)", i, `O'Ne\il`, at, i == 1, "10.50", []byte{0, 255, '\''})
				if n := res.RowsAffected(); n != 1 {
					t.Fatalf("RowsAffected = %d", n)
				}
			}
			for run := range 2 {
				rows, err := c.Query(t.Context(), compiled("SELECT id, name, at, ok, n, b FROM t WHERE id >= $1 ORDER BY id", 1))
				if err != nil {
					t.Fatal(err)
				}
				if cols := rows.Columns(); len(cols) != 6 || cols[2].Name != "at" || cols[2].DatabaseType != "TIMESTAMPTZ" || cols[4].Type.String() != "decimal(10,2)" {
					t.Errorf("run %d: columns %+v", run, cols)
				}
				n := 0
				for rows.Next() {
					n++
					var id int64
					var name, num string
					var when time.Time
					var ok bool
					var b []byte
					if err := rows.ScanRow([]any{&id, &name, &when, &ok, &num, &b}); err != nil {
						t.Fatal(err)
					}
					if id != int64(n) || name != `O'Ne\il` || !when.Equal(at) || when.Location() != time.UTC || ok != (n == 1) || num != "10.50" || string(b) != "\x00\xff'" {
						t.Errorf("run %d: row %d: %v %q %v %v %v %q", run, n, id, name, when, ok, num, b)
					}
				}
				if err := rows.Close(); err != nil || n != 2 {
					t.Errorf("run %d: %d rows, %v", run, n, err)
				}
			}
		})
	}
}

func TestColumnsSliceIsKept(t *testing.T) {
	c := open(t)
	at := func() *dialect.Column {
		rows, err := c.Query(t.Context(), compiled("SELECT $1::int8 AS a, 'x' AS b", 1))
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		return &rows.Columns()[0]
	}
	if first, second := at(), at(); first != second {
		t.Error("a kept statement gives another slice of columns on its second run")
	}
}

func TestArgumentsAreCounted(t *testing.T) {
	c := open(t)
	for _, mode := range []queryMode{modeCache, modeSimple} {
		c.mode = mode
		for _, tc := range []struct {
			text string
			args []any
			want string
		}{
			{"SELECT $1::int, $2::int, $3::int", []any{1, 2}, "the statement has 3 parameters and 2 arguments: $3 has no value"},
			{"SELECT $1::int", []any{1, 2}, "the statement has 1 parameter and 2 arguments: argument 2 has no $2 in the text"},
		} {
			err := tryRow(c, nil, tc.text, tc.args...)
			if !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s with %d arguments: %v", tc.text, len(tc.args), err)
			}
		}
	}
	c.mode = modeCache
	if err := tryRow(c, nil, "SELECT $1::int"); !errors.Is(err, dialect.ErrArguments) {
		t.Errorf("no argument: %v", err)
	}
	if _, err := c.Exec(t.Context(), compiled("SELECT 1; SELECT $1", 1)); !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), "several statements") {
		t.Errorf("several statements with arguments: %v", err)
	}
	if _, err := c.Exec(t.Context(), compiled("SELECT $1")); !errors.Is(c.d.Classify(err), dialect.ErrArguments) {
		t.Errorf("a simple statement without its argument: %v", err)
	}
	if one[int64](t, c, "SELECT 1::int8") != 1 {
		t.Error("the connection is not usable afterwards")
	}
}

func TestScriptsAndResultSets(t *testing.T) {
	c := open(t, inSchema(t))
	res := exec(t, c, "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); UPDATE t SET a = a + 1; SELECT 1")
	if res.RowsAffected() != 4 {
		t.Errorf("RowsAffected of a script = %d, want 4", res.RowsAffected())
	}
	rows, err := c.Query(t.Context(), compiled("SELECT a FROM t ORDER BY a; SELECT 'x', true; DELETE FROM t"))
	if err != nil {
		t.Fatal(err)
	}
	var got []any
	for {
		for rows.Next() {
			vals := make([]any, len(rows.Columns()))
			dst := make([]any, len(vals))
			for i := range vals {
				dst[i] = &vals[i]
			}
			if err := rows.ScanRow(dst); err != nil {
				t.Fatal(err)
			}
			got = append(got, vals...)
		}
		if !rows.(dialect.ResultSets).NextResultSet() {
			break
		}
	}
	if rows.Result().RowsAffected() != 2 || rows.Close() != nil {
		t.Errorf("the DELETE at the end: %d, %v", rows.Result().RowsAffected(), rows.Err())
	}
	if len(got) != 4 || got[0] != int64(2) || got[1] != int64(3) || got[2] != "x" || got[3] != true {
		t.Errorf("got %#v", got)
	}
	rows, err = c.Query(t.Context(), compiled("SELECT 1; SELECT 1/0"))
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
	}
	if rows.(dialect.ResultSets).NextResultSet() && rows.Next() {
		t.Error("a row of 1/0")
	}
	if err := rows.Close(); !errors.Is(err, dialect.ErrDivisionByZero) {
		t.Errorf("the error of the second statement: %v", err)
	}
	if one[int64](t, c, "SELECT 1::int8") != 1 {
		t.Error("not usable")
	}
}

func TestTransactions(t *testing.T) {
	c := open(t, inSchema(t))
	ctx := t.Context()
	exec(t, c, "CREATE TABLE t (a int PRIMARY KEY)")
	if err := c.Begin(ctx, dialect.TxOptions{Isolation: dialect.Serializable, ReadOnly: true, Deferrable: true}); err != nil {
		t.Fatal(err)
	}
	if !c.Dirty() {
		t.Error("not dirty in a transaction")
	}
	if got := one[string](t, c, "SELECT current_setting('transaction_isolation') || current_setting('transaction_read_only') || current_setting('transaction_deferrable')"); got != "serializableonon" {
		t.Errorf("transaction is %s", got)
	}
	if err := c.Begin(ctx, dialect.TxOptions{}); !errors.Is(err, dialect.ErrStatement) {
		t.Errorf("a second Begin: %v", err)
	}
	if _, err := c.Exec(ctx, compiled("INSERT INTO t VALUES ($1)", 1)); !errors.Is(err, dialect.ErrReadOnly) {
		t.Errorf("a write in a read-only transaction: %v", err)
	}
	if _, err := c.Exec(ctx, compiled("INSERT INTO t VALUES ($1)", 1)); !errors.Is(err, dialect.ErrTransactionAborted) {
		t.Errorf("a statement after a failure: %v", err)
	}
	if err := c.Commit(ctx); !errors.Is(err, dialect.ErrTransactionAborted) {
		t.Errorf("Commit of a failed transaction: %v", err)
	}
	if c.Dirty() {
		t.Error("dirty after the commit")
	}
	if err := c.Commit(ctx); !errors.Is(err, dialect.ErrStatement) {
		t.Errorf("Commit without a transaction: %v", err)
	}
	if err := c.Rollback(ctx); err != nil {
		t.Errorf("Rollback without a transaction: %v", err)
	}
	if err := c.Begin(ctx, dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	exec(t, c, "INSERT INTO t VALUES ($1)", 7)
	if err := c.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	if n := one[int64](t, c, "SELECT count(*) FROM t"); n != 0 {
		t.Errorf("%d rows after a rollback", n)
	}
}

func TestErrorsNameTheirObjects(t *testing.T) {
	c := open(t, inSchema(t))
	exec(t, c, "CREATE TABLE u (id int PRIMARY KEY, name varchar(3) NOT NULL CONSTRAINT short CHECK (name <> 'bad'))")
	exec(t, c, "CREATE TABLE o (u int CONSTRAINT o_u REFERENCES u)")
	exec(t, c, "INSERT INTO u VALUES (1, 'a')")
	for _, tc := range []struct {
		text                      string
		kind                      dialect.Kind
		table, column, constraint string
	}{
		{"INSERT INTO u VALUES ($1, 'b')", dialect.ErrUniqueViolation, "u", "", "u_pkey"},
		{"INSERT INTO u VALUES ($1 + 1, NULL)", dialect.ErrNotNullViolation, "u", "name", ""},
		{"INSERT INTO u VALUES ($1 + 1, 'bad')", dialect.ErrCheckViolation, "u", "", "short"},
		{"INSERT INTO u VALUES ($1 + 1, 'long')", dialect.ErrTooLong, "", "", ""},
		{"INSERT INTO o VALUES ($1 + 8)", dialect.ErrForeignKeyViolation, "o", "", "o_u"},
		{"SELECT 1 / ($1 - 1)", dialect.ErrDivisionByZero, "", "", ""},
		{"SELECT CAST('x' AS int) + $1", dialect.ErrInvalidText, "", "", ""},
		{"SELECT CAST($1 + 40000 AS smallint)", dialect.ErrOutOfRange, "", "", ""},
		{"SELECT $1 FROM nowhere", dialect.ErrUndefinedTable, "", "", ""},
		{"SELECT nothing + $1 FROM u", dialect.ErrUndefinedColumn, "", "", ""},
		{"SELECT no_such($1)", dialect.ErrUndefinedFunction, "", "", ""},
		{"SELEKT $1", dialect.ErrSyntax, "", "", ""},
	} {
		_, err := c.Exec(t.Context(), compiled(tc.text, 1))
		e := c.d.Classify(err)
		if err == nil || !errors.Is(e, tc.kind) || e.Table != tc.table || e.Column != tc.column || e.Constraint != tc.constraint {
			t.Errorf("%s: kind %v, table %q, column %q, constraint %q: %v", tc.text, e.Kind, e.Table, e.Column, e.Constraint, err)
		}
		if e.Lost || e.MayHaveRun || !c.Usable() {
			t.Errorf("%s: Lost %v, MayHaveRun %v, Usable %v", tc.text, e.Lost, e.MayHaveRun, c.Usable())
		}
	}
	e := c.d.Classify(tryRow(c, nil, "SELECT é FROM u WHERE id = $1", 1))
	if e.Position != 8 {
		t.Errorf("Position = %d, want 8", e.Position)
	}
	if _, err := c.Exec(t.Context(), compiled("CREATE TABLE u ()")); !errors.Is(err, dialect.ErrDuplicateObject) {
		t.Errorf("a second table: %v", err)
	}
}

func TestCancelKeepsTheConnection(t *testing.T) {
	c := open(t, inSchema(t), dialect.Option{Name: "cancel_timeout", Value: "1m"})
	cause := errors.New("enough")
	for _, text := range []string{"SELECT pg_sleep(60)", "SELECT pg_sleep(60), $1::int"} {
		// from before the statement is sent to when it runs for certain
		for _, after := range []time.Duration{0, time.Microsecond, 100 * time.Microsecond, time.Millisecond, 30 * time.Millisecond} {
			ctx, cancel := context.WithTimeoutCause(t.Context(), after, cause)
			defer cancel()
			var args []any
			if strings.Contains(text, "$1") {
				args = []any{1}
			}
			start := time.Now()
			rows, err := c.Query(ctx, compiled(text, args...))
			if err == nil {
				for rows.Next() {
				}
				err = rows.Close()
			}
			if !errors.Is(err, dialect.ErrCancelled) || !errors.Is(err, cause) {
				t.Fatalf("%s: %v", text, err)
			}
			if d := time.Since(start); d > 50*time.Second {
				t.Fatalf("cancelling took %v", d)
			}
			if !c.Usable() {
				t.Fatal("the connection is not usable after a cancel")
			}
			if n := one[int64](t, c, "SELECT 1::int8"); n != 1 {
				t.Fatal(n)
			}
			cancel()
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if _, err := c.Exec(ctx, compiled("SELECT 1")); !errors.Is(err, dialect.ErrCancelled) || !errors.Is(err, cause) || !c.Usable() {
		t.Errorf("a context that has ended before: %v", err)
	}
	// while rows are read
	reading, stop := context.WithCancelCause(t.Context())
	defer stop(nil)
	rows, err := c.Query(reading, compiled("SELECT generate_series(1, 100000000)"))
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; rows.Next(); n++ {
		if n == 10 {
			stop(cause)
		}
	}
	if err := rows.Err(); !errors.Is(err, dialect.ErrCancelled) || !errors.Is(err, cause) {
		t.Errorf("rows of an ended context: %v", err)
	}
	if err := rows.Close(); err != nil {
		t.Errorf("Close after Err: %v", err)
	}
	if one[int64](t, c, "SELECT 1::int8") != 1 {
		t.Error("not usable")
	}
}

// asleep returns a context that ends once c's statement runs pg_sleep.
func asleep(t *testing.T, c *Conn) context.Context {
	t.Helper()
	watcher := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	t.Cleanup(func() { <-ended })
	pid := int64(c.pg.PID())
	go func() {
		defer close(ended)
		defer cancel()
		for end := time.Now().Add(time.Minute); time.Now().Before(end); {
			var sleeps bool
			if err := tryRow(watcher, []any{&sleeps}, "SELECT coalesce(bool_or(wait_event = 'PgSleep'), false) FROM pg_stat_activity WHERE pid = $1", pid); err != nil {
				t.Error(err)
				return
			}
			if sleeps {
				return
			}
		}
		t.Error("the statement does not begin")
	}()
	return ctx
}

func TestCancelAbortsTheTransaction(t *testing.T) {
	c := open(t, dialect.Option{Name: "cancel_timeout", Value: "1m"})
	if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(asleep(t, c), compiled("SELECT pg_sleep(300)")); !errors.Is(err, dialect.ErrCancelled) || !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	if _, err := c.Exec(t.Context(), compiled("SELECT 1")); !errors.Is(err, dialect.ErrTransactionAborted) {
		t.Errorf("after the cancel: %v", err)
	}
	if err := c.Rollback(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestStatementTimeoutIsNoCancel(t *testing.T) {
	// The setting holds for what opens the connection too, which may be slow.
	c := open(t, dialect.Option{Name: "statement_timeout", Value: "1s"})
	if _, err := c.Exec(t.Context(), compiled("SELECT pg_sleep($1)", 60.0)); !errors.Is(err, dialect.ErrStatementTimeout) || errors.Is(err, dialect.ErrCancelled) {
		t.Errorf("statement_timeout: %v", err)
	}
}

func TestEarlyCloseLeavesACleanConnection(t *testing.T) {
	for _, mode := range []string{"cache", "simple"} {
		t.Run(mode, func(t *testing.T) {
			c := open(t, inSchema(t), dialect.Option{Name: "cancel_timeout", Value: "1m"}, dialect.Option{Name: "query_mode", Value: mode})
			leave := func(text string, args ...any) error {
				t.Helper()
				start := time.Now()
				rows, err := c.Query(t.Context(), compiled(text, args...))
				if err != nil {
					t.Fatal(err)
				}
				if !rows.Next() {
					t.Fatal(rows.Err())
				}
				err = rows.Close()
				if err := rows.Close(); err != nil {
					t.Errorf("a second Close: %v", err)
				}
				if d := time.Since(start); d > time.Minute {
					t.Errorf("%s %v: left after %v", text, args, d)
				}
				if one[int64](t, c, "SELECT 1::int8") != 1 || !c.Usable() {
					t.Error("not usable")
				}
				return err
			}
			for _, n := range []int{100, 2_000_000_000} { // more than is read to its end
				if err := leave("SELECT * FROM (SELECT generate_series(1, $1)) s", n); err != nil {
					t.Error(err)
				}
			}
			if err := leave("SELECT 1/(3-n) FROM generate_series(1,$1) n", 5); !errors.Is(err, dialect.ErrDivisionByZero) {
				t.Errorf("an error further on: %v", err)
			}
			// what stands behind rows that were left runs
			exec(t, c, "CREATE TABLE t (a int)")
			if err := leave("SELECT repeat('x', 1000) FROM generate_series(1, 5000); INSERT INTO t VALUES (1)"); err != nil {
				t.Error(err)
			}
			if n := one[int64](t, c, "SELECT count(*) FROM t"); n != 1 {
				t.Errorf("%d rows", n)
			}
		})
	}
}

func TestStalePlans(t *testing.T) {
	opt := inSchema(t)
	c, other := open(t, opt), open(t, opt)
	exec(t, c, "CREATE TABLE t (a int)")
	exec(t, c, "INSERT INTO t VALUES (1)")
	query := func() (int, error) {
		rows, err := c.Query(t.Context(), compiled("SELECT * FROM t WHERE a = $1", 1))
		if err != nil {
			return 0, err
		}
		n := len(rows.Columns())
		return n, rows.Close()
	}
	if n, err := query(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	exec(t, other, "ALTER TABLE t ADD b text")
	if n, err := query(); n != 2 || err != nil {
		t.Errorf("after ALTER TABLE: %d columns, %v", n, err)
	}
	exec(t, c, "DEALLOCATE ALL")
	if n, err := query(); n != 2 || err != nil {
		t.Errorf("after DEALLOCATE ALL: %d columns, %v", n, err)
	}
	if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	exec(t, other, "ALTER TABLE t ADD d text")
	if _, err := query(); !errors.Is(err, dialect.ErrStalePlan) {
		t.Errorf("in a transaction: %v", err)
	}
	if err := c.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := query(); n != 3 || err != nil {
		t.Errorf("after the rollback: %d columns, %v", n, err)
	}
}

func TestStaleDescriptions(t *testing.T) {
	opt := inSchema(t)
	c := open(t, opt, dialect.Option{Name: "query_mode", Value: "describe"})
	exec(t, c, "CREATE TABLE t (a int)")
	exec(t, c, "INSERT INTO t VALUES (1)")
	for _, ddl := range []string{"", "ALTER TABLE t ADD b text DEFAULT 'x'", "ALTER TABLE t ALTER b DROP DEFAULT, ALTER b TYPE int USING 5"} {
		if ddl != "" {
			exec(t, c, ddl)
		}
		rows, err := c.Query(t.Context(), compiled("SELECT * FROM t WHERE a = $1", 1))
		if err != nil {
			t.Fatal(ddl, err)
		}
		rows.Next()
		dst := make([]any, len(rows.Columns()))
		vals := make([]string, len(dst))
		for i := range dst {
			dst[i] = &vals[i]
		}
		if err := rows.ScanRow(dst); err != nil {
			t.Errorf("%s: %v", ddl, err)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestCacheEvictsTheOldest(t *testing.T) {
	c := open(t, dialect.Option{Name: "statement_cache", Value: "2"})
	for _, text := range []string{"SELECT 1, $1::int", "SELECT 2, $1::int", "SELECT 1, $1::int", "SELECT 3, $1::int", "SELECT 1, $1::int"} {
		row(t, c, []any{nil, nil}, text, 1)
	}
	c.mode = modeSimple
	if n := one[int64](t, c, "SELECT count(*) FROM pg_prepared_statements"); n != 2 {
		t.Errorf("the server keeps %d statements, want 2", n)
	}
	c.mode = modeCache
	if c.cache.get("SELECT 2, $1::int") != nil || c.cache.get("SELECT 1, $1::int") == nil {
		t.Error("the least recently used statement is not the one that went")
	}
	none := open(t, dialect.Option{Name: "statement_cache", Value: "0"})
	row(t, none, []any{nil}, "SELECT $1::int", 1)
	row(t, none, []any{nil}, "SELECT $1::int", 1)
}

func TestResetKeepsStatementsAndSettings(t *testing.T) {
	c := open(t, dialect.Option{Name: "application_name", Value: "kept"}, dialect.Option{Name: "set.work_mem", Value: "7MB"})
	row(t, c, []any{nil}, "SELECT $1::int", 1)
	exec(t, c, "SET application_name = 'changed'; SET work_mem = '9MB'; CREATE TEMP TABLE tmp (a int); SELECT pg_advisory_lock(4711); LISTEN news")
	if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if c.Dirty() {
		t.Error("dirty after Reset")
	}
	got := one[string](t, c, "SELECT current_setting('application_name') || current_setting('work_mem')")
	if got != "kept7MB" {
		t.Errorf("settings after Reset: %s", got)
	}
	if n := one[int64](t, c, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"); n != 0 {
		t.Error("an advisory lock is left")
	}
	if one[*string](t, c, "SELECT to_regclass('pg_temp.tmp')::text") != nil {
		t.Error("a temporary table is left")
	}
	row(t, c, []any{nil}, "SELECT $1::int", 1)
	if c.cache.names != 4 {
		t.Errorf("%d statements prepared, want 4: the first one was not kept", c.cache.names)
	}
}

func TestLostConnection(t *testing.T) {
	c, admin := open(t), open(t)
	pid := one[int64](t, c, "SELECT pg_backend_pid()")
	row(t, admin, []any{nil}, "SELECT pg_terminate_backend($1)", pid)
	_, err := c.Exec(t.Context(), compiled("SELECT 1"))
	e := c.d.Classify(err)
	if !errors.Is(err, dialect.ErrConnectionLost) || !e.Lost || c.Usable() {
		t.Errorf("after the backend has ended: %v, Lost %v, Usable %v", err, e.Lost, c.Usable())
	}
	_, err = c.Exec(t.Context(), compiled("SELECT 1"))
	if e := c.d.Classify(err); !errors.Is(err, dialect.ErrConnectionLost) || e.MayHaveRun {
		t.Errorf("the next statement: %v, MayHaveRun %v", err, e.MayHaveRun)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if _, err := c.Exec(t.Context(), compiled("SELECT 1")); !errors.Is(err, dialect.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestRowsHoldTheConnection(t *testing.T) {
	c := open(t)
	rows, err := c.Query(t.Context(), compiled("SELECT generate_series(1, 3)"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(t.Context(), compiled("SELECT 1")); !errors.Is(err, dialect.ErrInUse) {
		t.Errorf("a statement while rows are open: %v", err)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Raw().(*pgx.Conn); !ok {
		t.Errorf("Raw is a %T", c.Raw())
	}
}

// The server would wait for the data for ever.
func TestCopyFromStdinIsRefused(t *testing.T) {
	c := open(t, inSchema(t))
	exec(t, c, "CREATE TABLE t (stdin text)")
	for _, text := range []string{"COPY t FROM STDIN", "copy t from stdin", "/* why */ COPY t FROM STDIN", "SELECT 1; COPY t FROM STDIN"} {
		if _, err := c.Exec(t.Context(), compiled(text)); !errors.Is(err, dialect.ErrUnsupported) {
			t.Errorf("Exec(%s): %v", text, err)
		}
		if _, err := c.Query(t.Context(), compiled(text)); !errors.Is(err, dialect.ErrUnsupported) {
			t.Errorf("Query(%s): %v", text, err)
		}
	}
	for _, text := range []string{"COPY (SELECT 'from stdin') TO STDOUT", "SELECT stdin FROM t", "COPY t TO STDOUT; SELECT stdin FROM t"} {
		exec(t, c, text)
	}
}

// A cache does not stay larger than its size, in any mode, and after a batch
// only until the next new text.
func TestStatementCacheIsBounded(t *testing.T) {
	for _, mode := range []string{"cache", "describe"} {
		c := open(t, dialect.Option{Name: "statement_cache", Value: "3"}, dialect.Option{Name: "query_mode", Value: mode})
		var n int
		for i := range 10 {
			row(t, c, []any{&n}, "SELECT $1::int + "+strconv.Itoa(i), 1)
		}
		if kept := len(c.cache.byTxt); kept > 3 {
			t.Errorf("%s: %d statements are kept, of at most 3", mode, kept)
		}
		var batch []*dialect.Compiled
		for i := range 10 {
			batch = append(batch, compiled("SELECT $1::int - "+strconv.Itoa(i), 1))
		}
		if err := c.Batch(t.Context(), batch, nil); err != nil {
			t.Fatal(err)
		}
		row(t, c, []any{&n}, "SELECT $1::int", 1)
		if kept := len(c.cache.byTxt); kept > 3 {
			t.Errorf("%s: %d statements are kept after a batch, of at most 3", mode, kept)
		}
		row(t, c, []any{&n}, "SELECT count(*)::int FROM pg_prepared_statements")
		if n > 4 {
			t.Errorf("%s: the server keeps %d statements", mode, n)
		}
	}
}

func TestForServer(t *testing.T) {
	c := open(t)
	d, err := Dialect().ForServer(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Dialect().ForServer(t.Context(), open(t))
	if err != nil || d != again {
		t.Errorf("two connections give unequal dialects: %v", err)
	}
	if d.Name() != "postgres" || d.Features().Version.Major < 10 {
		t.Errorf("%s %s", d.Name(), d.Features().Version)
	}
	// through a connection that does not know its version
	asked, err := Dialect().ForServer(t.Context(), struct{ dialect.Conn }{c})
	if err != nil || asked != d {
		t.Errorf("asked: %v, %v", asked, err)
	}
}

// A COMMIT or ROLLBACK among the statements ends the transaction: what follows
// must not be done by itself, nor Commit say that it is kept.
func TestTransactionThatAStatementEnded(t *testing.T) {
	c := open(t)
	ctx := t.Context()
	exec(t, c, "CREATE TEMP TABLE ended (id int)")
	for _, text := range []string{"COMMIT", "ROLLBACK", "INSERT INTO ended VALUES (1); COMMIT"} {
		if err := c.Begin(ctx, dialect.TxOptions{}); err != nil {
			t.Fatal(err)
		}
		exec(t, c, text)
		next := compiled("INSERT INTO ended VALUES (2)")
		_, execErr := c.Exec(ctx, next)
		_, queryErr := c.Query(ctx, next)
		_, copyErr := c.CopyFrom(ctx, "", "ended", []string{"id"}, func() ([]any, error) { return nil, io.EOF })
		batchErr := c.Batch(ctx, []*dialect.Compiled{next}, func(int, dialect.Rows) error { return nil })
		for i, err := range []error{execErr, queryErr, copyErr, batchErr, c.Commit(ctx)} {
			if !errors.Is(err, dialect.ErrTransactionAborted) {
				t.Errorf("%s: use %d ends as %v", text, i, err)
			}
		}
		if err := c.Rollback(ctx); err != nil {
			t.Error(err)
		}
	}
	exec(t, c, "INSERT INTO ended VALUES (3)")
	if got := one[string](t, c, "SELECT string_agg(id::text, ',' ORDER BY id) FROM ended"); got != "1,3" {
		t.Errorf("rows %s", got)
	}
}
