package mysql_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

func TestRoundTrips(t *testing.T) {
	p, url := wireproxy.Between(t, testenv.MySQL(t))
	c := open(t, url)
	c.table("sqlayer_my_trips", "id INT AUTO_INCREMENT PRIMARY KEY, v INT")
	begin := func(o dialect.TxOptions) func() error {
		return func() error { return c.Begin(t.Context(), o) }
	}
	query := func() error {
		var v int
		return c.row([]any{&v}, "SELECT ?", 1)
	}
	for _, tc := range []struct {
		name string
		want int
		do   func() error
	}{
		{"first run of a query with a parameter", 2, query},
		{"second run", 1, query},
		{"third run", 1, query},
		{"query without parameters", 1, func() error { var v int; return c.row([]any{&v}, "SELECT 1") }},
		{"ping", 1, func() error { return c.Ping(t.Context()) }},
		{"begin", 1, begin(dialect.TxOptions{})},
		{"commit", 1, func() error { return c.Commit(t.Context()) }},
		{"begin read only", 1, begin(dialect.TxOptions{ReadOnly: true})},
		{"rollback", 1, func() error { return c.Rollback(t.Context()) }},
		{"begin with a level", 2, begin(dialect.TxOptions{Isolation: dialect.Serializable})},
		{"rollback", 1, func() error { return c.Rollback(t.Context()) }},
		{"reset", 3, func() error { return c.Reset(t.Context()) }},
		{"the first run after a reset", 2, query},
	} {
		p.Reset()
		if err := tc.do(); err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if n := p.Count(); n != tc.want {
			t.Errorf("%s: %d round trips, not %d: %v", tc.name, n, tc.want, p.Messages())
		}
	}
}

func TestStatementCacheHoldsWhatTheOptionSays(t *testing.T) {
	p, url := wireproxy.Between(t, testenv.MySQL(t))
	for _, tc := range []struct {
		size     int
		prepares int
	}{{0, 8}, {2, 8}, {4, 4}} {
		c := open(t, with(url, fmt.Sprintf("statement_cache=%d", tc.size)))
		p.Reset()
		for range 2 {
			for i := range 4 {
				if got := one[int](c, fmt.Sprintf("SELECT ? + %d", i), 1); got != i+1 {
					t.Errorf("1 + %d = %d", i, got)
				}
			}
		}
		if n := p.Seen(wireproxy.Client, "COM_STMT_PREPARE"); n != tc.prepares {
			t.Errorf("cache of %d: %d statements are prepared, not %d", tc.size, n, tc.prepares)
		}
		if one[int](c, "SELECT ?", 1); c.Ping(t.Context()) != nil {
			t.Error("ping")
		}
		if open := p.Seen(wireproxy.Client, "COM_STMT_PREPARE") - p.Seen(wireproxy.Client, "COM_STMT_CLOSE"); open > tc.size {
			t.Errorf("cache of %d: %d statements are open", tc.size, open)
		}
	}
}

func TestChangedTableIsSeenByAKeptStatement(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	c.table("sqlayer_my_change", "a INT")
	c.exec("INSERT INTO sqlayer_my_change VALUES (1)")
	columns := func() []dialect.Column {
		q := c.compile("SELECT * FROM sqlayer_my_change WHERE 1 = ?", 1)
		defer q.Release()
		rows, err := c.Query(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		if !rows.Next() {
			t.Fatal(rows.Err())
		}
		return rows.Columns()
	}
	first, second := columns(), columns()
	if &first[0] != &second[0] {
		t.Error("the second run describes its columns anew")
	}
	c.exec("ALTER TABLE sqlayer_my_change MODIFY a VARCHAR(10), ADD b INT")
	if third := columns(); len(third) != 2 || third[0].DatabaseType != "VARCHAR" || first[0].DatabaseType != "INT" {
		t.Errorf("after the change: %+v; before: %+v", third, first)
	}
}

func TestCancelledStatementLosesTheConnection(t *testing.T) {
	c, watcher := open(t, testenv.MySQL(t)), open(t, testenv.MySQL(t))
	cause := errors.New("the user left")
	for _, during := range []string{"query", "exec"} {
		if during == "exec" {
			c = open(t, testenv.MySQL(t))
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		id := one[int64](c, "SELECT CONNECTION_ID()")
		q := c.compile("SELECT SLEEP(?)", 300)
		begin := time.Now()
		watched := make(chan struct{})
		go func() {
			defer close(watched)
			defer cancel(cause)
			watcher.sleeps(id)
		}()
		var err error
		if during == "exec" {
			_, err = c.Exec(ctx, q)
		} else {
			var rows dialect.Rows
			if rows, err = c.Query(ctx, q); err == nil {
				rows.Next()
				err = rows.Err()
				rows.Close()
			}
		}
		<-watched
		e := c.d.Classify(err)
		if e == nil || e.Kind != dialect.ErrCancelled || !errors.Is(e, cause) || !e.Lost || !e.MayHaveRun {
			t.Errorf("%s: %v (%+v)", during, e, e)
		}
		if c.Usable() || time.Since(begin) > time.Minute {
			t.Errorf("%s: usable %v after %v", during, c.Usable(), time.Since(begin))
		}
		if _, err := c.try(t.Context(), "SELECT 1"); c.d.Classify(err).Kind != dialect.ErrConnectionLost || c.d.Classify(err).MayHaveRun {
			t.Errorf("a statement on a lost connection: %v", err)
		}
	}
}

// sleeps waits until the statement of another connection runs SLEEP.
func (c *client) sleeps(id int64) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		q, err := dialect.Compile(c.d, statement{text: "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep' AND ID = ?", args: args([]any{id})})
		if err != nil {
			c.t.Error(err)
			return
		}
		var n int
		rows, err := c.Query(context.Background(), q)
		if err == nil {
			for rows.Next() {
				err = errors.Join(err, rows.ScanRow([]any{&n}))
			}
			err = errors.Join(err, rows.Close())
		}
		q.Release()
		if err != nil {
			c.t.Error(err)
			return
		}
		if n == 1 {
			return
		}
	}
	c.t.Error("the statement does not begin")
}

func TestEndedContextSendsNothing(t *testing.T) {
	p, url := wireproxy.Between(t, testenv.MySQL(t))
	c := open(t, url)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p.Reset()
	_, err := c.try(ctx, "SELECT ?", 1)
	e := c.d.Classify(err)
	if e.Kind != dialect.ErrCancelled || e.Lost || e.MayHaveRun || !c.Usable() || p.Count() != 0 {
		t.Errorf("%+v, usable %v, %d round trips", e, c.Usable(), p.Count())
	}
}

func TestBrokenConnectionSaysWhetherTheStatementMayHaveRun(t *testing.T) {
	p, url := wireproxy.Between(t, testenv.MySQL(t))
	for _, tc := range []struct {
		name  string
		fault wireproxy.Fault
		ran   bool
	}{
		{"prepare lost", wireproxy.Fault{From: wireproxy.Client, Message: "COM_STMT_PREPARE", Do: wireproxy.CutBefore}, false},
		{"execute lost", wireproxy.Fault{From: wireproxy.Client, Message: "COM_STMT_EXECUTE", Do: wireproxy.CutBefore}, true},
		{"executed, answer lost", wireproxy.Fault{From: wireproxy.Server, Message: "Row", Do: wireproxy.CutBefore}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := open(t, url)
			p.Inject(tc.fault)
			_, err := c.try(t.Context(), "SELECT ?", 1)
			e := c.d.Classify(err)
			if e == nil || e.Kind != dialect.ErrConnectionLost || !e.Lost || e.MayHaveRun != tc.ran || c.Usable() {
				t.Errorf("%v: %+v, usable %v", e, e, c.Usable())
			}
		})
	}
	t.Run("cut while idle", func(t *testing.T) {
		c := open(t, url)
		if p.CutAll() == 0 {
			t.Fatal("no connection")
		}
		deadline := time.Now().Add(20 * time.Second)
		for c.Ping(t.Context()) == nil {
			if time.Now().After(deadline) {
				t.Fatal("a cut connection still answers")
			}
		}
		if c.Usable() {
			t.Error("usable")
		}
	})
}

// deaf is a network connection that refuses to write once it is told to.
type deaf struct {
	net.Conn
	now *atomic.Bool
}

func (d deaf) Write(p []byte) (int, error) {
	if d.now.Load() {
		return 0, errors.New("nobody listens")
	}
	return d.Conn.Write(p)
}

// A connection that is gone cannot be told goodbye, which is no error; a
// statement that could not be written was not executed.
func TestConnectionThatCannotBeWrittenTo(t *testing.T) {
	for _, close := range []bool{true, false} {
		var now atomic.Bool
		c := connect(t, connector(t, testenv.MySQL(t), dialect.ConnectConfig{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			return deaf{conn, &now}, err
		}}))
		now.Store(true)
		if close {
			if err := c.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
			continue
		}
		_, err := c.try(t.Context(), "SELECT 1")
		if e := c.d.Classify(err); e == nil || e.Kind != dialect.ErrConnectionLost || !e.Lost || e.MayHaveRun || c.Usable() {
			t.Errorf("%+v, usable %v", e, c.Usable())
		}
	}
}

func TestRowsCutShort(t *testing.T) {
	p, url := wireproxy.Between(t, testenv.MySQL(t))
	c := open(t, url)
	p.Inject(wireproxy.Fault{From: wireproxy.Server, Message: "Row", Nth: 3, Do: wireproxy.CutMiddle})
	q := c.compile("SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 WHERE 1 = ?", 1)
	defer q.Release()
	rows, err := c.Query(t.Context(), q)
	n := 0
	if err == nil {
		for rows.Next() {
			n++
		}
		err = rows.Err()
		if e := rows.Close(); e != nil {
			t.Errorf("close repeats: %v", e)
		}
	}
	if e := c.d.Classify(err); e == nil || e.Kind != dialect.ErrConnectionLost || n > 2 || c.Usable() {
		t.Errorf("%d rows, %v, usable %v", n, err, c.Usable())
	}
}

func TestStatementWhileRowsAreOpen(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	q := c.compile("SELECT 1 UNION ALL SELECT 2")
	defer q.Release()
	rows, err := c.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.try(t.Context(), "SELECT 1"); !errors.Is(err, dialect.ErrInUse) {
		t.Errorf("%v", err)
	}
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	if got := one[int](c, "SELECT 3"); got != 3 {
		t.Errorf("after rows closed early: %d", got)
	}
}

func TestResetCleansTheSession(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	db := one[string](c, "SELECT DATABASE()")
	state := func() string {
		return one[string](c, "SELECT CONCAT_WS(' ', @@autocommit, @@time_zone, @@character_set_client, @@character_set_results, @@collation_connection, DATABASE(), IFNULL(@u, '-'))")
	}
	clean := state()
	c.table("sqlayer_my_reset", "a INT")
	c.exec("USE information_schema")
	c.exec("SET autocommit = 0, time_zone = '+09:00', @u = 'x'")
	c.exec("SET NAMES latin1")
	c.exec("CREATE TEMPORARY TABLE " + db + ".sqlayer_my_temporary (a INT)")
	c.exec("INSERT INTO "+db+".sqlayer_my_reset VALUES (?)", 1)
	if state() == clean {
		t.Fatal("nothing was changed")
	}
	if err := c.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != clean {
		t.Errorf("after the reset: %s; before: %s", got, clean)
	}
	if n := one[int](c, "SELECT COUNT(*) FROM sqlayer_my_reset WHERE ? = 1", 1); n != 0 {
		t.Error("the open transaction was not rolled back")
	}
	if _, err := c.try(t.Context(), "SELECT * FROM sqlayer_my_temporary"); c.d.Classify(err).Kind != dialect.ErrUndefinedTable {
		t.Errorf("the temporary table is still there: %v", err)
	}
	if got := one[string](c, "SELECT ?", "grüße"); got != "grüße" {
		t.Errorf("text after the reset: %q", got)
	}
}

func TestResetThatCannotBeIsAnError(t *testing.T) {
	c := open(t, with(testenv.MySQL(t), "compress=true"))
	if got := one[string](c, "SELECT ?", strings.Repeat("x", 5000)); len(got) != 5000 {
		t.Errorf("compressed: %d bytes", len(got))
	}
	if err := c.Reset(t.Context()); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("%v", err)
	}
}

func TestTransactionsAndSavepoints(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	c.table("sqlayer_my_tx", "a INT")
	count := func() int { return one[int](c, "SELECT COUNT(*) FROM sqlayer_my_tx") }
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	step(c.Begin(t.Context(), dialect.TxOptions{}))
	if err := c.Begin(t.Context(), dialect.TxOptions{}); !errors.Is(err, dialect.ErrInUse) {
		t.Errorf("a second Begin: %v", err)
	}
	c.exec("INSERT INTO sqlayer_my_tx VALUES (1)")
	c.exec("SAVEPOINT a")
	c.exec("INSERT INTO sqlayer_my_tx VALUES (2)")
	c.exec("ROLLBACK TO SAVEPOINT a")
	c.exec("RELEASE SAVEPOINT a")
	if !c.Conn.(dialect.Dirtier).Dirty() {
		t.Error("a connection with an open transaction is not dirty")
	}
	step(c.Commit(t.Context()))
	if n := count(); n != 1 {
		t.Errorf("%d rows after the commit", n)
	}
	step(c.Begin(t.Context(), dialect.TxOptions{}))
	c.exec("DELETE FROM sqlayer_my_tx")
	step(c.Rollback(t.Context()))
	if n := count(); n != 1 {
		t.Errorf("%d rows after the rollback", n)
	}
	if err := c.Commit(t.Context()); !errors.Is(err, dialect.ErrStatement) {
		t.Errorf("a commit without a transaction: %v", err)
	}

	step(c.Begin(t.Context(), dialect.TxOptions{ReadOnly: true}))
	_, err := c.try(t.Context(), "INSERT INTO sqlayer_my_tx VALUES (3)")
	if k := c.d.Classify(err).Kind; k != dialect.ErrReadOnly {
		t.Errorf("a write in a read-only transaction is %v", k)
	}
	step(c.Rollback(t.Context()))
	for _, o := range []dialect.TxOptions{{Isolation: dialect.Snapshot}, {Deferrable: true}} {
		if err := c.Begin(t.Context(), o); !errors.Is(err, dialect.ErrUnsupported) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestIsolationLevelIsThatOfOneTransaction(t *testing.T) {
	a, b := open(t, testenv.MySQL(t)), open(t, testenv.MySQL(t))
	a.table("sqlayer_my_level", "v INT")
	sees := func(o dialect.TxOptions) int {
		a.exec("DELETE FROM sqlayer_my_level")
		if err := b.Begin(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		one[int](b, "SELECT COUNT(*) FROM sqlayer_my_level")
		a.exec("INSERT INTO sqlayer_my_level VALUES (1)")
		n := one[int](b, "SELECT COUNT(*) FROM sqlayer_my_level")
		if err := b.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		return n
	}
	got := []int{sees(dialect.TxOptions{Isolation: dialect.ReadCommitted}), sees(dialect.TxOptions{}), sees(dialect.TxOptions{Isolation: dialect.RepeatableRead})}
	if !slices.Equal(got, []int{1, 0, 0}) {
		t.Errorf("read committed, default, repeatable read see %v", got)
	}
}

func TestConnectErrors(t *testing.T) {
	base := testenv.MySQL(t)
	u, err := dialect.ParseURL(base)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	host := u.Hosts[0].Address(3306)
	for _, tc := range []struct {
		name, url string
		kind      dialect.Kind
		says      string
	}{
		{"no server", "mysql://root@" + closed + "/test", dialect.ErrConnect, closed},
		{"no answer", "mysql://root@" + mute.Addr().String() + "/test?connect_timeout=50ms", dialect.ErrConnect, mute.Addr().String()},
		{"no database", "mysql://root@" + host + "/sqlayer_nowhere", dialect.ErrUndefinedDatabase, "sqlayer_nowhere"},
		{"unknown time zone setting", with(base, "set.sqlayer_nothing=1"), dialect.ErrUndefined, "sqlayer_nothing"},
		{"wrong password", "mysql://sqlayer_nobody:hush-hush@" + host + "/test", dialect.ErrAuthentication, host},
		{"every host", "mysql://root@" + closed + "," + mute.Addr().String() + "/test?connect_timeout=50ms", dialect.ErrConnect, closed},
	} {
		c := connector(t, tc.url, dialect.ConnectConfig{})
		conn, err := c.Connect(t.Context())
		if err == nil {
			conn.Close()
			t.Errorf("%s: connected", tc.name)
			continue
		}
		e := c.Dialect().Classify(err)
		if e.Kind != tc.kind || !strings.Contains(e.Error(), tc.says) || strings.Contains(e.Error(), "hush") {
			t.Errorf("%s: %v: %v", tc.name, e.Kind, e)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	c := connector(t, base, dialect.ConnectConfig{})
	_, err = c.Connect(ctx)
	if e := c.Dialect().Classify(err); e.Kind != dialect.ErrCancelled || !errors.Is(e, cause) {
		t.Errorf("ended context: %v", e)
	}
}

func TestSecondHostIsTaken(t *testing.T) {
	p, url := wireproxy.Between(t, testenv.MySQL(t))
	u, err := dialect.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	p.Refuse()
	target, err := dialect.ParseURL(testenv.MySQL(t))
	if err != nil {
		t.Fatal(err)
	}
	u.Hosts = append(u.Hosts, target.Hosts...)
	if got := one[int](open(t, u.Reveal()), "SELECT 1"); got != 1 {
		t.Errorf("%d", got)
	}
}

func TestDialFunctionDials(t *testing.T) {
	var dialled []string
	c := connector(t, testenv.MySQL(t), dialect.ConnectConfig{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		dialled = append(dialled, network+" "+address)
		return new(net.Dialer).DialContext(ctx, network, address)
	}})
	connect(t, c)
	if !slices.Equal(dialled, []string{"tcp " + c.Address()}) {
		t.Errorf("dialled %v", dialled)
	}
}

func TestServerErrorsHaveKinds(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	c.table("sqlayer_my_parent", "id INT PRIMARY KEY, name VARCHAR(3) NOT NULL, n TINYINT, CONSTRAINT sqlayer_my_uq UNIQUE (name), CONSTRAINT sqlayer_my_ck CHECK (n < 100)")
	c.table("sqlayer_my_child", "id INT PRIMARY KEY, pid INT, CONSTRAINT sqlayer_my_fk FOREIGN KEY (pid) REFERENCES sqlayer_my_parent (id)")
	t.Cleanup(func() { c.try(context.Background(), "DROP TABLE IF EXISTS sqlayer_my_child") })
	c.exec("INSERT INTO sqlayer_my_parent VALUES (1, 'a', 1)")
	c.exec("INSERT INTO sqlayer_my_child VALUES (1, 1)")
	type detail struct{ table, column, constraint string }
	for _, tc := range []struct {
		text   string
		kind   dialect.Kind
		detail detail
	}{
		{"INSERT INTO sqlayer_my_parent VALUES (2, 'a', 1)", dialect.ErrUniqueViolation, detail{"", "", "sqlayer_my_uq"}},
		{"INSERT INTO sqlayer_my_parent VALUES (1, 'b', 1)", dialect.ErrUniqueViolation, detail{"", "", "PRIMARY"}},
		{"INSERT INTO sqlayer_my_child VALUES (2, 9)", dialect.ErrForeignKeyViolation, detail{"sqlayer_my_child", "pid", "sqlayer_my_fk"}},
		{"DELETE FROM sqlayer_my_parent", dialect.ErrForeignKeyViolation, detail{"sqlayer_my_child", "pid", "sqlayer_my_fk"}},
		{"INSERT INTO sqlayer_my_parent VALUES (3, NULL, 1)", dialect.ErrNotNullViolation, detail{"", "name", ""}},
		{"INSERT INTO sqlayer_my_parent (id) VALUES (3)", dialect.ErrNotNullViolation, detail{"", "name", ""}},
		{"INSERT INTO sqlayer_my_parent VALUES (3, 'c', 101)", dialect.ErrCheckViolation, detail{"", "", "sqlayer_my_ck"}},
		{"INSERT INTO sqlayer_my_parent VALUES (3, 'cccc', 1)", dialect.ErrTooLong, detail{"", "name", ""}},
		{"INSERT INTO sqlayer_my_parent VALUES (3, 'c', 300)", dialect.ErrOutOfRange, detail{"", "n", ""}},
		{"INSERT INTO sqlayer_my_parent VALUES (3, 'c', 'x')", dialect.ErrInvalidText, detail{"sqlayer_my_parent", "n", ""}},
		{"SELECT 9223372036854775807 + 1", dialect.ErrOutOfRange, detail{}},
		{"INSERT INTO sqlayer_my_parent VALUES (3, 'c', 1 / 0)", dialect.ErrDivisionByZero, detail{}},
		{"SELEC 1", dialect.ErrSyntax, detail{}},
		{"SELECT 1; SELECT 2", dialect.ErrSyntax, detail{}},
		{"SELECT * FROM sqlayer_my_none", dialect.ErrUndefinedTable, detail{"sqlayer_my_none", "", ""}},
		{"SELECT t.none FROM sqlayer_my_child t", dialect.ErrUndefinedColumn, detail{"t", "none", ""}},
		{"SELECT sqlayer_none(1)", dialect.ErrUndefinedFunction, detail{}},
		{"CREATE TABLE sqlayer_my_child (a INT)", dialect.ErrDuplicateObject, detail{}},
		{"SET @@sqlayer_none = 1", dialect.ErrUndefined, detail{}},
	} {
		_, err := c.try(t.Context(), tc.text)
		if err == nil {
			t.Errorf("%s: no error", tc.text)
			continue
		}
		e := c.d.Classify(err)
		if e.Kind != tc.kind || e.Lost || e.MayHaveRun || e.Code == "" {
			t.Errorf("%s: %v (%v)", tc.text, e.Kind, e)
		}
		got := detail{e.Table, e.Column, e.Constraint}
		if c.d.Name() == "mariadb" && got != tc.detail && (tc.detail.table != "" || got.table == "" || got.column != tc.detail.column || got.constraint != tc.detail.constraint) {
			t.Errorf("%s: names %+v, not %+v, in: %v", tc.text, got, tc.detail, e.Message)
		}
	}
	if !c.Usable() {
		t.Error("the connection is gone")
	}
}

func TestLocksHaveKinds(t *testing.T) {
	a, b := open(t, testenv.MySQL(t)), open(t, with(testenv.MySQL(t), "set.innodb_lock_wait_timeout=1"))
	a.table("sqlayer_my_locks", "id INT PRIMARY KEY, v INT")
	a.exec("INSERT INTO sqlayer_my_locks VALUES (1, 0), (2, 0)")
	for _, c := range []*client{a, b} {
		if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { // before the table is dropped, which waits for open transactions
			if err := c.Rollback(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	a.exec("UPDATE sqlayer_my_locks SET v = 1 WHERE id = 1")
	_, err := b.try(t.Context(), "SELECT * FROM sqlayer_my_locks WHERE id = 1 FOR UPDATE")
	if k := b.d.Classify(err).Kind; k != dialect.ErrLockTimeout {
		t.Errorf("waiting for a lock ends as %v", k)
	}
	b.exec("UPDATE sqlayer_my_locks SET v = 2 WHERE id = 2")
	done := make(chan error, 1)
	go func() {
		q, err := dialect.Compile(b.d, statement{text: "UPDATE sqlayer_my_locks SET v = 2 WHERE id = 1"})
		if err == nil {
			_, err = b.Exec(context.Background(), q)
		}
		done <- err
	}()
	_, errA := a.try(t.Context(), "UPDATE sqlayer_my_locks SET v = 1 WHERE id = 2")
	errB := <-done
	// The server chooses the victim; b may also give up waiting.
	if e := a.d.Classify(errors.Join(errA, errB)); e == nil || e.Kind != dialect.ErrDeadlock && e.Kind != dialect.ErrLockTimeout {
		t.Errorf("a deadlock ends as %v and %v", errA, errB)
	}
}
