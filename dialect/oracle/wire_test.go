package oracle_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sijms/go-ora/v2/network"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/internal/tnsfake"
)

const session = "ALTER SESSION SET TIME_ZONE = '+00:00' NLS_NUMERIC_CHARACTERS = '.,'"

func connector(t *testing.T, url string, cfg dialect.ConnectConfig) dialect.Connector {
	t.Helper()
	u, err := dialect.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c, err := oracle.Dialect().OpenConnector(u, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func connect(t *testing.T, srv *tnsfake.Server) dialect.Conn {
	t.Helper()
	c, err := connector(t, "oracle://ada:"+tnsfake.Password+"@"+srv.Addr+"/shop", dialect.ConnectConfig{}).Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func compile(t *testing.T, text string, args ...dialect.Arg) *dialect.Compiled {
	t.Helper()
	q, err := dialect.Compile(oracle.Dialect(), dialect.Text(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range args {
		q.AddArg(a)
	}
	return q
}

func texts(rs []tnsfake.Request) []string {
	var out []string
	for _, r := range rs {
		out = append(out, r.Text)
	}
	return out
}

func TestLoginNamesUserServiceAndProgram(t *testing.T) {
	srv := tnsfake.Start(t, nil)
	calls := 0
	c, err := connector(t, "oracle://ada:wrong@"+srv.Addr+"/shop.example.com?program=orders", dialect.ConnectConfig{
		Password: func(context.Context) (string, error) { calls++; return tnsfake.Password, nil },
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if network != "tcp" || address != srv.Addr {
				return nil, fmt.Errorf("dials %s %s", network, address)
			}
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}).Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	got := srv.Logins()
	if len(got) != 1 || calls != 1 || got[0].User != "ada" || got[0].Program != "orders" ||
		!strings.Contains(got[0].Connect, "(SERVICE_NAME=shop.example.com)") {
		t.Errorf("got %+v, and %d calls of the password function", got, calls)
	}
	if got := texts(srv.Requests()); !reflect.DeepEqual(got, []string{session}) {
		t.Errorf("a new session ran %q", got)
	}
}

func TestFailedConnectSaysWhereAndHidesThePassword(t *testing.T) {
	srv := tnsfake.Start(t, nil)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	closed.Close()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for _, c := range []struct {
		name, address, options string
		kind                   dialect.Kind
	}{
		{"wrong password", srv.Addr, "", dialect.ErrAuthentication},
		{"nobody there", nobody, "", dialect.ErrConnect},
		{"silence", silent.Addr().String(), "?connect_timeout=50ms", dialect.ErrConnect},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn := connector(t, "oracle://ada:geheim@"+c.address+"/shop"+c.options, dialect.ConnectConfig{})
			got, err := conn.Connect(t.Context())
			if err == nil {
				t.Fatal(got.Close())
			}
			e := conn.Dialect().Classify(err)
			if e.Kind != c.kind || !strings.Contains(e.Error(), c.address) || strings.Contains(fmt.Sprintf("%v %+v", e, err), "geheim") {
				t.Errorf("got %v: %v", e.Kind, e)
			}
		})
	}
}

func TestForServerReadsTheVersion(t *testing.T) {
	for version, want := range map[string]dialect.Dialect{
		"19.0.0.0.0": oracle.Dialect(oracle.Version(19)),
		"12.2.0.1.0": oracle.Dialect(oracle.Version(12, 2)),
		"11.2.0.4.0": nil,
	} {
		srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
			if strings.HasPrefix(r.Text, "SELECT") {
				return tnsfake.Reply{Columns: []string{"VERSION"}, Rows: [][]any{{version}}}
			}
			return tnsfake.Reply{}
		})
		d, err := oracle.Dialect().ForServer(t.Context(), connect(t, srv))
		if want == nil {
			if !errors.Is(err, dialect.ErrUnsupported) {
				t.Errorf("%s: %v, %v", version, d, err)
			}
			continue
		}
		if err != nil || d != want {
			t.Errorf("%s: %v, %v", version, d, err)
		}
	}
}

func TestValuesBothWays(t *testing.T) {
	when := time.Date(2024, 1, 31, 12, 30, 0, 123456789, time.UTC)
	var got tnsfake.Request
	srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
		if !strings.HasPrefix(r.Text, "SELECT") {
			return tnsfake.Reply{}
		}
		got = r
		return tnsfake.Reply{
			Columns: []string{"ID", "DISPLAY_NAME", "Mixed", "SIZE", "AT", "RAW16", "NOTHING"},
			Rows: [][]any{{tnsfake.Number("7"), "Grüße", tnsfake.Number("-1234567890123456789.0123456789"), tnsfake.Number("0"), when,
				[]byte{0, 1}, nil}},
		}
	})
	c := connect(t, srv)
	uuid := [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	rows, err := c.Query(t.Context(), compile(t, "SELECT … WHERE a = :1 AND b = :2 AND c = :3 AND d = :4 AND e = :5 AND f = :6",
		dialect.Arg{Value: "x", Name: "name"},
		dialect.Arg{Value: 7},
		dialect.Arg{Value: "-12.50", Type: &dialect.Type{Kind: dialect.Decimal, Precision: 10, Scale: 2}},
		dialect.Arg{Value: when.In(time.FixedZone("", 3600)), Type: &dialect.Type{Kind: dialect.Timestamp}},
		dialect.Arg{Value: uuid},
		dialect.Arg{Value: nil, Type: &dialect.Type{Kind: dialect.Integer}},
	))
	if err != nil {
		t.Fatal(err)
	}
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	var (
		id            int
		name, decimal string
		zero          bool
		at            time.Time
		raw           []byte
		nothing       *string
	)
	if err := rows.ScanRow([]any{&id, &name, &decimal, &zero, &at, &raw, &nothing}); err != nil {
		t.Fatal(err)
	}
	if id != 7 || name != "Grüße" || decimal != "-1234567890123456789.0123456789" || zero || !at.Equal(when) || string(raw) != "\x00\x01" || nothing != nil {
		t.Errorf("got %v %q %s %v %v %v %v", id, name, decimal, zero, at, raw, nothing)
	}
	var names []string
	for _, col := range rows.Columns() {
		names = append(names, col.Name+" "+col.DatabaseType)
	}
	if want := []string{"id NUMBER", "display_name VARCHAR2", "Mixed NUMBER", "SIZE NUMBER", "at TIMESTAMP", "raw16 RAW", "nothing VARCHAR2"}; !reflect.DeepEqual(names, want) {
		t.Errorf("columns %q", names)
	}
	if rows.Next() || rows.Err() != nil {
		t.Errorf("a second row, or %v", rows.Err())
	}
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	want := []any{"x", tnsfake.Number("7"), tnsfake.Number("-12.5"), when, uuid[:], nil}
	if !reflect.DeepEqual(got.Params, want) {
		t.Errorf("arguments %v, want %v", got.Params, want)
	}
}

func TestReturningIntoGivesRows(t *testing.T) {
	var got tnsfake.Request
	affected := "1"
	srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
		switch {
		case !strings.HasPrefix(r.Text, "BEGIN"):
			return tnsfake.Reply{}
		case affected == "2":
			return tnsfake.Reply{Code: 1422, Message: "ORA-01422: exact fetch returns more than requested number of rows\nORA-06512: at line 1\n"}
		case affected == "0":
			return tnsfake.Reply{Outs: []any{nil, nil, tnsfake.Number("0")}}
		}
		got = r
		return tnsfake.Reply{Outs: []any{tnsfake.Number("42"), "ada", tnsfake.Number("1")}}
	})
	c := connect(t, srv)
	comment := ""
	q := func() *dialect.Compiled {
		q := compile(t, comment+"INSERT INTO users (name) VALUES (:1) RETURNING id, name INTO :2, :3",
			dialect.Arg{Value: "ada"},
			dialect.Arg{Out: true, Type: &dialect.Type{Kind: dialect.BigInt}},
			dialect.Arg{Out: true, Type: &dialect.Type{Kind: dialect.Varchar, Length: 50}})
		q.Columns = []dialect.Column{{Name: "id"}, {Name: "name"}}
		return q
	}
	rows, err := c.Query(t.Context(), q())
	if err != nil {
		t.Fatal(err)
	}
	var id int64
	var name string
	if !rows.Next() {
		t.Fatal("no row")
	}
	if err := rows.ScanRow([]any{&id, &name}); err != nil || id != 42 || name != "ada" {
		t.Errorf("got %d %s, %v", id, name, err)
	}
	if rows.Next() || rows.Result().RowsAffected() != 1 {
		t.Errorf("a second row, or %d rows affected", rows.Result().RowsAffected())
	}
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	want := "BEGIN INSERT INTO users (name) VALUES (:1) RETURNING id, name INTO :2, :3\n; :rows_affected := SQL%ROWCOUNT; END;"
	if got.Text != want || !got.Commits {
		t.Errorf("sent %s", got.Text)
	}
	comment = "/* why */ -- and how\n"
	if rows, err := c.Query(t.Context(), q()); err != nil || !rows.Next() || rows.Close() != nil || !strings.HasPrefix(got.Text, "BEGIN /* why */") {
		t.Errorf("behind a comment: %v, %s", err, got.Text)
	}
	affected = "0"
	rows, err = c.Query(t.Context(), q())
	if err != nil || rows.Next() || rows.Close() != nil {
		t.Errorf("no row affected: %v", err)
	}
	affected = "2"
	_, err = c.Query(t.Context(), q())
	if e := oracle.Dialect().Classify(err); e == nil || e.Kind != dialect.ErrUnsupported || e.Lost {
		t.Errorf("two rows affected: %+v", e)
	}
}

func TestErrorsOfTheServer(t *testing.T) {
	srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
		switch {
		case strings.HasPrefix(r.Text, "INSERT"):
			return tnsfake.Reply{Code: 1, Message: "ORA-00001: unique constraint (SHOP.UQ_EMAIL) violated\n"}
		case strings.HasPrefix(r.Text, "DROP"), strings.HasPrefix(r.Text, "SELECT broken"):
			return tnsfake.Reply{Drop: true}
		}
		return tnsfake.Reply{Affected: 3}
	})
	c := connect(t, srv)
	_, err := c.Exec(t.Context(), compile(t, "INSERT INTO t VALUES (1)"))
	e := oracle.Dialect().Classify(err)
	var driverErr *network.OracleError
	if e == nil || e.Kind != dialect.ErrUniqueViolation || e.Constraint != "uq_email" || e.Lost || !errors.As(err, &driverErr) {
		t.Errorf("got %+v", e)
	}
	res, err := c.Exec(t.Context(), compile(t, "UPDATE t SET a = 1"))
	if err != nil || res.RowsAffected() != 3 {
		t.Errorf("afterwards: %d, %v", res.RowsAffected(), err)
	}
	if _, err := res.LastInsertID(); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("LastInsertID: %v", err)
	}
	_, err = c.Exec(t.Context(), compile(t, "DROP TABLE t"))
	if e := oracle.Dialect().Classify(err); e == nil || e.Kind != dialect.ErrConnectionLost || !e.MayHaveRun || c.Usable() {
		t.Errorf("a connection that breaks: %+v", e)
	}
	// The driver says driver.ErrBadConn here, as if nothing had been sent.
	c = connect(t, srv)
	_, err = c.Query(t.Context(), compile(t, "SELECT broken FROM t"))
	if e := oracle.Dialect().Classify(err); e == nil || e.Kind != dialect.ErrConnectionLost || !e.MayHaveRun || c.Usable() {
		t.Errorf("a connection that breaks in a query: %+v", e)
	}
}

func TestTransactions(t *testing.T) {
	srv := tnsfake.Start(t, nil)
	c := connect(t, srv)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	exec := func(text string) {
		t.Helper()
		_, err := c.Exec(ctx, compile(t, text))
		must(err)
	}
	srv.Requests()
	must(c.Begin(ctx, dialect.TxOptions{}))
	exec("SAVEPOINT s1")
	exec("ROLLBACK TO SAVEPOINT s1")
	must(c.Commit(ctx))
	must(c.Begin(ctx, dialect.TxOptions{Isolation: dialect.Serializable}))
	must(c.Rollback(ctx))
	must(c.Begin(ctx, dialect.TxOptions{ReadOnly: true}))
	must(c.Rollback(ctx))
	must(c.Begin(ctx, dialect.TxOptions{Isolation: dialect.ReadCommitted}))
	must(c.Reset(ctx))
	exec("LOCK TABLE t IN EXCLUSIVE MODE")
	if !c.(dialect.Dirtier).Dirty() {
		t.Error("a session with a lock is clean")
	}
	must(c.Reset(ctx))
	if c.(dialect.Dirtier).Dirty() {
		t.Error("a session that was rolled back is dirty")
	}
	must(c.Ping(ctx))
	want := []string{"SAVEPOINT s1", "ROLLBACK TO SAVEPOINT s1", "COMMIT",
		"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "ROLLBACK", "SET TRANSACTION READ ONLY", "ROLLBACK",
		"SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "ROLLBACK", "LOCK TABLE t IN EXCLUSIVE MODE", "ROLLBACK", "PING"}
	if got := texts(srv.Requests()); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if err := c.Begin(ctx, dialect.TxOptions{Isolation: dialect.RepeatableRead}); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("a level that does not exist: %v", err)
	}
	exec("/* of the user */ ALTER -- all\n SESSION SET NLS_LANGUAGE = GERMAN")
	if err := c.Reset(ctx); err == nil || c.Usable() {
		t.Errorf("an altered session is given back: %v", err)
	}
}

// underRace is true where the race detector looks on.
var underRace bool

func TestContextStopsTheStatementAndGivesTheConnectionUp(t *testing.T) {
	if underRace {
		t.Skip("the driver (go-ora v2.9.0, Session.IsBreak) reads the flag of a broken call without its lock")
	}
	for _, text := range []string{"DELETE FROM t", "SELECT slow FROM t"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
			if r.Text == text {
				cancel(errors.New("enough"))
				return tnsfake.Reply{Hang: true}
			}
			return tnsfake.Reply{}
		})
		c := connect(t, srv)
		var err error
		if strings.HasPrefix(text, "SELECT") {
			_, err = c.Query(ctx, compile(t, text))
		} else {
			_, err = c.Exec(ctx, compile(t, text))
		}
		e := oracle.Dialect().Classify(err)
		if e == nil || e.Kind != dialect.ErrCancelled || e.Cause == nil || e.Cause.Error() != "enough" || !e.Lost || c.Usable() {
			t.Errorf("%s: got %+v", text, e)
		}
	}
}

// The driver looks at no context while it fetches: a fetch that takes too long
// ends with the connection.
func TestContextThatEndsDuringAFetch(t *testing.T) {
	if underRace {
		t.Skip("the driver (go-ora v2.9.0, Session.IsBreak) reads the flag of a broken call without its lock")
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	rows := func(n ...string) [][]any {
		var list [][]any
		for _, v := range n {
			list = append(list, []any{tnsfake.Number(v)})
		}
		return list
	}
	srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
		if !strings.HasPrefix(r.Text, "SELECT") {
			return tnsfake.Reply{}
		}
		last := &tnsfake.Reply{Rows: rows("4")}
		if strings.Contains(r.Text, "slow") {
			last = &tnsfake.Reply{Hang: true}
		}
		return tnsfake.Reply{Columns: []string{"N"}, Rows: rows("1", "2"), Then: &tnsfake.Reply{Rows: rows("3"), Then: last}}
	})
	c := connect(t, srv)
	read := func(text string, each func(n int)) error {
		t.Helper()
		r, err := c.Query(ctx, compile(t, text))
		if err != nil {
			t.Fatal(err)
		}
		for r.Next() {
			var n int
			if err := r.ScanRow([]any{&n}); err != nil {
				t.Fatal(err)
			}
			each(n)
		}
		return errors.Join(r.Err(), r.Close())
	}
	sum := 0
	if err := read("SELECT n FROM t", func(n int) { sum += n }); err != nil || sum != 10 {
		t.Fatalf("rows of three fetches are %d together: %v", sum, err)
	}
	sum = 0
	err := read("SELECT n FROM slow", func(n int) {
		if sum += n; n == 3 {
			cancel(errors.New("enough"))
		}
	})
	e := oracle.Dialect().Classify(err)
	if e == nil || e.Kind != dialect.ErrCancelled || e.Cause == nil || e.Cause.Error() != "enough" || !e.Lost || c.Usable() || sum != 6 {
		t.Errorf("%d: got %+v, usable %v", sum, e, c.Usable())
	}
}

// A parameter that stands in a text twice needs one argument by its name;
// arguments whose names the text has not go by position.
func TestNamedArguments(t *testing.T) {
	srv := tnsfake.Start(t, nil)
	c := connect(t, srv)
	for _, tc := range []struct {
		text string
		args []dialect.Arg
		want []any
	}{
		{"UPDATE t SET a = :a WHERE b = :b AND c = :a", []dialect.Arg{{Value: 2, Name: "b"}, {Value: 1, Name: "a"}},
			[]any{tnsfake.Number("1"), tnsfake.Number("2"), tnsfake.Repeated{}}},
		{"UPDATE t SET a = :1 WHERE b = :2", []dialect.Arg{{Value: 1, Name: "a"}, {Value: 2, Name: "b"}}, []any{tnsfake.Number("1"), tnsfake.Number("2")}},
		{"UPDATE t SET a = :1 WHERE b = :2", []dialect.Arg{{Value: 1}, {Value: 2}}, []any{tnsfake.Number("1"), tnsfake.Number("2")}},
	} {
		srv.Requests()
		if _, err := c.Exec(t.Context(), compile(t, tc.text, tc.args...)); err != nil {
			t.Errorf("%s: %v", tc.text, err)
			continue
		}
		if got := srv.Requests(); len(got) != 1 || !reflect.DeepEqual(got[0].Params, tc.want) {
			t.Errorf("%s: sent %+v, want %v", tc.text, got, tc.want)
		}
	}
}

// Each query has a cursor on the server, which must not stay open: the session
// has no more than open_cursors of them (ORA-01000).
func TestCursorsAreClosed(t *testing.T) {
	srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
		if strings.HasPrefix(r.Text, "SELECT") {
			return tnsfake.Reply{Columns: []string{"A"}, Rows: [][]any{{"x"}, {"y"}}}
		}
		return tnsfake.Reply{}
	})
	c := connect(t, srv)
	for name, read := range map[string]func(dialect.Rows){
		"to its end": func(rows dialect.Rows) {
			for rows.Next() {
			}
		},
		"not at all":     func(dialect.Rows) {},
		"its first row":  func(rows dialect.Rows) { rows.Next() },
		"a failing scan": func(rows dialect.Rows) { rows.Next(); _ = rows.ScanRow([]any{new(int)}) },
	} {
		before := srv.ClosedCursors()
		rows, err := c.Query(t.Context(), compile(t, "SELECT a FROM t"))
		if err != nil {
			t.Fatal(err)
		}
		read(rows)
		if err := errors.Join(rows.Close(), c.Ping(t.Context())); err != nil {
			t.Errorf("read %s: %v", name, err)
		}
		if n := srv.ClosedCursors() - before; n != 1 {
			t.Errorf("read %s: %d cursors were closed", name, n)
		}
	}
}
