package mssql_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	mssqldb "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
)

func connector(t *testing.T, url string, cfg dialect.ConnectConfig) dialect.Connector {
	t.Helper()
	u, err := dialect.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c, err := mssql.Dialect().OpenConnector(u, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func connect(t *testing.T, srv *tdsfake.Server, options string) dialect.Conn {
	t.Helper()
	c, err := connector(t, "sqlserver://sa:"+tdsfake.Password+"@"+srv.Addr+"/shop?encrypt=disable"+options, dialect.ConnectConfig{}).Connect(t.Context())
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
	q, err := dialect.Compile(mssql.Dialect(), dialect.Text(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range args {
		q.AddArg(a)
	}
	return q
}

func texts(rs []tdsfake.Request) []string {
	var out []string
	for _, r := range rs {
		s := r.Text
		if r.Reset {
			s += " (reset)"
		}
		out = append(out, s)
	}
	return out
}

func TestLoginNamesUserDatabaseAndProgram(t *testing.T) {
	srv := tdsfake.Start(t, nil)
	connect(t, srv, "&app_name=orders")
	calls := 0
	c, err := connector(t, "mssql://ada:wrong@"+srv.Addr+"/db?encrypt=disable", dialect.ConnectConfig{
		Password: func(context.Context) (string, error) { calls++; return tdsfake.Password, nil },
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
	want := []tdsfake.Login{{User: "sa", Password: tdsfake.Password, Database: "shop", App: "orders"},
		{User: "ada", Password: tdsfake.Password, Database: "db", App: "sqlayer"}}
	if got := srv.Logins(); !reflect.DeepEqual(got, want) || calls != 1 {
		t.Errorf("got %+v, and %d calls of the password function", got, calls)
	}
}

func TestFailedConnectSaysWhereAndHidesThePassword(t *testing.T) {
	srv := tdsfake.Start(t, nil)
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
		{"wrong password", srv.Addr, "encrypt=disable", dialect.ErrAuthentication},
		{"nobody there", nobody, "encrypt=disable", dialect.ErrConnect},
		{"no encryption", srv.Addr, "encrypt=true", dialect.ErrConnect},
		{"silence", silent.Addr().String(), "encrypt=disable&connect_timeout=50ms", dialect.ErrConnect},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn := connector(t, "sqlserver://sa:geheim@"+c.address+"/shop?"+c.options, dialect.ConnectConfig{})
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
	t.Run("context", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		conn := connector(t, "sqlserver://sa:geheim@"+silent.Addr().String()+"/shop?encrypt=disable", dialect.ConnectConfig{
			Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				c, err := (&net.Dialer{}).DialContext(ctx, network, address)
				go cancel(errors.New("no patience"))
				return c, err
			}})
		_, err := conn.Connect(ctx)
		if e := conn.Dialect().Classify(err); e == nil || e.Kind != dialect.ErrCancelled || e.Cause == nil || e.Cause.Error() != "no patience" {
			t.Errorf("got %v", e)
		}
	})
}

func TestForServerReadsTheVersion(t *testing.T) {
	for _, c := range []struct {
		version string
		edition int64
		level   any
		fish    any
		want    dialect.Dialect
	}{
		{"15.0.2000.5", 3, int64(150), nil, mssql.Dialect(mssql.Version(15))},
		{"17.0.1000.7", 3, int64(150), nil, mssql.Dialect(mssql.Version(17), mssql.CompatibilityLevel(150))},
		{"17.0.1000.7", 3, nil, nil, mssql.Dialect(mssql.Version(17))},
		{"12.0.2000.8", 5, int64(170), nil, mssql.Dialect(mssql.Azure())},
		{"12.0.2000.8", 5, int64(160), nil, mssql.Dialect(mssql.Azure(), mssql.CompatibilityLevel(160))},
		{"12.0.2000.8", 8, int64(160), nil, mssql.Dialect(mssql.Version(16))},
		{"12.0.2000.8", 8, int64(170), nil, mssql.Dialect(mssql.Azure())},
		{"12.0.2000.8", -1, int64(120), "4.4.0", mssql.Dialect(mssql.Babelfish(4, 4))},
		{"10.50.1600.1", 3, int64(100), nil, nil},
	} {
		srv := tdsfake.Start(t, func(tdsfake.Request) tdsfake.Reply {
			return tdsfake.Reply{Columns: []string{"", "", "", "", ""}, Rows: [][]any{{c.version, c.edition, c.level, c.fish, "Latin1_General_CI_AS"}}}
		})
		d, err := mssql.Dialect().ForServer(t.Context(), connect(t, srv, ""))
		switch {
		case c.want == nil:
			if !errors.Is(err, dialect.ErrUnsupported) {
				t.Errorf("%s: %v, %v", c.version, d, err)
			}
		case err != nil || d.Features().Version.Major != c.want.Features().Version.Major:
			t.Errorf("%s: %v, %v", c.version, d, err)
		default:
			got, want := *d.Features(), *c.want.Features()
			got.Version = want.Version
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s, edition %d, level %v: other features than of %v", c.version, c.edition, c.level, c.want.Features().Version)
			}
		}
	}
}

func TestParametersAreDeclaredByTheColumnAndValuesComeBack(t *testing.T) {
	when := time.Date(2024, 1, 31, 12, 30, 0, 1234567*100, time.UTC)
	var got tdsfake.Request
	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
		got = r
		return tdsfake.Reply{
			Columns: []string{"id", "name", "price", "ok", "raw", "at", "ref", "ratio", "none"},
			Rows: [][]any{{int64(7), "Grüße 😀", tdsfake.Decimal{Digits: -1234567890123456789, Scale: 4}, true, []byte{0, 1}, when,
				tdsfake.GUID{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}, 1.5, nil}},
		}
	})
	c := connect(t, srv, "")
	q := compile(t, "SELECT … WHERE a = @p1 AND b = @p2 AND c = @p3 AND d = @p4 AND e = @p5",
		dialect.Arg{Value: "x", Type: &dialect.Type{Kind: dialect.Varchar, Length: 50}},
		dialect.Arg{Value: 7},
		dialect.Arg{Value: "12.5", Type: &dialect.Type{Kind: dialect.Decimal, Precision: 10, Scale: 2}},
		dialect.Arg{Value: when, Type: &dialect.Type{Kind: dialect.Timestamp}},
		dialect.Arg{Value: nil, Type: &dialect.Type{Kind: dialect.Blob}, Name: "blob"},
	)
	rows, err := c.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	var (
		id          int
		name, price string
		ok          bool
		raw         []byte
		at          time.Time
		ref         [16]byte
		ratio       float64
		none        *string
	)
	if err := rows.ScanRow([]any{&id, &name, &price, &ok, &raw, &at, &ref, &ratio, &none}); err != nil {
		t.Fatal(err)
	}
	if id != 7 || name != "Grüße 😀" || price != "-123456789012345.6789" || !ok || string(raw) != "\x00\x01" || !at.Equal(when) ||
		ref != [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} || ratio != 1.5 || none != nil {
		t.Errorf("got %v %q %s %v %v %v %v %v %v", id, name, price, ok, raw, at, ref, ratio, none)
	}
	kinds := []dialect.TypeKind{dialect.BigInt, dialect.Varchar, dialect.Decimal, dialect.Boolean, dialect.Varbinary, dialect.Timestamp,
		dialect.UUID, dialect.Double, dialect.Varchar}
	for i, col := range rows.Columns() {
		if col.Type == nil || col.Type.Kind != kinds[i] {
			t.Errorf("column %s is a %s, want %s", col.Name, col.Type, kinds[i])
		}
	}
	if rows.Next() || rows.Err() != nil {
		t.Errorf("a second row, or %v", rows.Err())
	}
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	if want := "@p1 nvarchar(50),@p2 bigint,@p3 decimal(38, 2),@p4 datetime2(7),@p5 varbinary(max)"; got.Declared != want {
		t.Errorf("declared %s\n    want %s", got.Declared, want)
	}
	if !strings.HasPrefix(got.Text, "SELECT … WHERE a = @p1") {
		t.Errorf("text %s", got.Text)
	}
	want := []any{"x", int64(7), "12.5", when, nil}
	for i, p := range got.Params {
		if p.Name != fmt.Sprintf("@p%d", i+1) || !reflect.DeepEqual(p.Value, want[i]) {
			t.Errorf("parameter %d: %+v, want %v", i+1, p, want[i])
		}
	}
}

func TestNamedArgumentsAndProcedures(t *testing.T) {
	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply { return tdsfake.Reply{Affected: 3} })
	c := connect(t, srv, "")
	srv.Requests()
	for _, q := range []*dialect.Compiled{
		compile(t, "UPDATE t SET a = @a WHERE b = @b", dialect.Arg{Value: 1, Name: "b"}, dialect.Arg{Value: 2, Name: "a"}),
		compile(t, "UPDATE t SET a = @p1 WHERE b = @p2", dialect.Arg{Value: 1, Name: "a"}, dialect.Arg{Value: 2, Name: "b"}),
		compile(t, "dbo.tidy_up", dialect.Arg{Value: 1, Name: "days"}),
	} {
		res, err := c.Exec(t.Context(), q)
		if err != nil || res.RowsAffected() != 3 {
			t.Fatal(res.RowsAffected(), err)
		}
		if _, err := res.LastInsertID(); !errors.Is(err, dialect.ErrUnsupported) {
			t.Errorf("LastInsertID: %v", err)
		}
	}
	var got []string
	for _, r := range srv.Requests() {
		s := r.Text
		for _, p := range r.Params {
			s += fmt.Sprintf(" %s=%v", p.Name, p.Value)
		}
		got = append(got, s)
	}
	want := []string{"UPDATE t SET a = @a WHERE b = @b @b=1 @a=2", "UPDATE t SET a = @p1 WHERE b = @p2 @p1=1 @p2=2", "dbo.tidy_up @days=1"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestErrorsOfTheServer(t *testing.T) {
	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
		switch {
		case strings.HasPrefix(r.Text, "INSERT"):
			return tdsfake.Reply{Err: &tdsfake.Error{Number: 2627, Class: 14,
				Message: "Violation of PRIMARY KEY constraint 'pk'. Cannot insert duplicate key in object 'dbo.t'. The duplicate key value is (1)."}}
		case strings.HasPrefix(r.Text, "DROP"):
			return tdsfake.Reply{Drop: true}
		}
		return tdsfake.Reply{}
	})
	c := connect(t, srv, "")
	_, err := c.Exec(t.Context(), compile(t, "INSERT INTO t VALUES (1)"))
	e := mssql.Dialect().Classify(err)
	if e == nil || e.Kind != dialect.ErrUniqueViolation || e.Constraint != "pk" || e.Table != "t" || e.Lost || !errors.As(err, new(mssqldb.Error)) {
		t.Errorf("got %+v", e)
	}
	if !c.Usable() {
		t.Error("an error of a statement ends the connection")
	}
	_, err = c.Exec(t.Context(), compile(t, "DROP TABLE t"))
	if e := mssql.Dialect().Classify(err); e == nil || e.Kind != dialect.ErrConnectionLost || !e.MayHaveRun || !e.Lost {
		t.Errorf("a connection that breaks: %+v", e)
	}
	if c.Usable() {
		t.Error("a broken connection is usable")
	}
}

func TestTransactions(t *testing.T) {
	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply { return tdsfake.Reply{} })
	c := connect(t, srv, "")
	ctx := t.Context()
	exec := func(text string) {
		t.Helper()
		if _, err := c.Exec(ctx, compile(t, text)); err != nil {
			t.Fatal(err)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.Ping(ctx)) // the first request carries the driver's own reset
	srv.Requests()
	must(c.Begin(ctx, dialect.TxOptions{}))
	exec("SAVE TRANSACTION s1")
	exec("ROLLBACK TRANSACTION s1")
	must(c.Commit(ctx))
	must(c.Begin(ctx, dialect.TxOptions{Isolation: dialect.Serializable}))
	exec("UPDATE t SET a = 1")
	must(c.Rollback(ctx))
	if !c.(dialect.Dirtier).Dirty() {
		t.Error("a session with another isolation level is clean")
	}
	exec("UPDATE t SET a = 2")
	must(c.Begin(ctx, dialect.TxOptions{Isolation: dialect.Snapshot}))
	must(c.Commit(ctx))
	must(c.Begin(ctx, dialect.TxOptions{}))
	must(c.Reset(ctx))
	if c.(dialect.Dirtier).Dirty() {
		t.Error("a session that was reset is dirty")
	}
	must(c.Ping(ctx))
	want := []string{"BEGIN", "SAVE TRANSACTION s1", "ROLLBACK TRANSACTION s1", "COMMIT",
		"BEGIN 4", "UPDATE t SET a = 1", "ROLLBACK", "SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "UPDATE t SET a = 2",
		"BEGIN 5", "COMMIT", "BEGIN 2", "ROLLBACK", "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION", "select 1; (reset)"}
	if got := texts(srv.Requests()); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if err := c.Begin(ctx, dialect.TxOptions{ReadOnly: true}); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("a read-only transaction: %v", err)
	}
	if got := srv.Requests(); len(got) > 0 {
		t.Errorf("a refused transaction sent %q", texts(got))
	}
}

func TestSessionSettingsComeBackAfterAReset(t *testing.T) {
	srv := tdsfake.Start(t, nil)
	c := connect(t, srv, "&set.xact_abort=ON")
	if err := c.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"SET XACT_ABORT ON; (reset)", "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION", "SET XACT_ABORT ON; (reset)"}
	if got := texts(srv.Requests()); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	failing := tdsfake.Start(t, func(tdsfake.Request) tdsfake.Reply {
		return tdsfake.Reply{Err: &tdsfake.Error{Number: 195, Message: "'NOPE' is not a recognized SET option."}}
	})
	conn := connector(t, "mssql://sa:"+tdsfake.Password+"@"+failing.Addr+"/?encrypt=disable&set.nope=1", dialect.ConnectConfig{})
	if _, err := conn.Connect(t.Context()); err == nil || !strings.Contains(err.Error(), "NOPE") {
		t.Errorf("a setting that the server does not know: %v", err)
	}
}

func TestContextStopsTheStatementAndKeepsTheConnection(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
		if strings.HasPrefix(r.Text, "WAITFOR") {
			cancel(errors.New("enough"))
			return tdsfake.Reply{Hang: true}
		}
		return tdsfake.Reply{}
	})
	c := connect(t, srv, "")
	_, err := c.Exec(ctx, compile(t, "WAITFOR DELAY '1:00'"))
	e := mssql.Dialect().Classify(err)
	if e == nil || e.Kind != dialect.ErrCancelled || e.Cause == nil || e.Cause.Error() != "enough" || e.Lost {
		t.Fatalf("got %+v", e)
	}
	if err := c.Ping(t.Context()); err != nil || !c.Usable() {
		t.Errorf("the connection afterwards: %v", err)
	}
}

// The server may have done everything when the driver gives up, and then the
// error says so: of a statement, and of a COMMIT.
func TestContextThatEndsTooLate(t *testing.T) {
	for _, late := range []string{"INSERT INTO t VALUES (1)", "COMMIT"} {
		ctx, cancel := context.WithCancel(t.Context())
		srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
			if r.Text == late {
				cancel()
				return tdsfake.Reply{Late: true, Affected: 1}
			}
			return tdsfake.Reply{}
		})
		c := connect(t, srv, "")
		var err error
		if late == "COMMIT" {
			if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
				t.Fatal(err)
			}
			err = c.Commit(ctx)
		} else {
			_, err = c.Exec(ctx, compile(t, late))
		}
		e := mssql.Dialect().Classify(err)
		if e == nil || e.Kind != dialect.ErrCancelled || !e.MayHaveRun || e.Lost {
			t.Errorf("%s: got %+v", late, e)
		}
		if err := c.Ping(t.Context()); err != nil {
			t.Errorf("%s: the connection afterwards: %v", late, err)
		}
	}
}

// The driver does not wait for the answer to a ROLLBACK when the context ends,
// so the connection is of no use any more: the next answer would be that one.
func TestContextThatEndsDuringRollback(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
		if r.Text == "ROLLBACK" {
			cancel()
			return tdsfake.Reply{Hang: true}
		}
		return tdsfake.Reply{}
	})
	c := connect(t, srv, "")
	if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	e := mssql.Dialect().Classify(c.Rollback(ctx))
	if e == nil || e.Kind != dialect.ErrCancelled || !e.Lost || c.Usable() {
		t.Errorf("got %+v, usable %v", e, c.Usable())
	}
}

// A driver's configuration or connector takes the place of the URL.
func TestReadyDriverConfigurations(t *testing.T) {
	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
		return tdsfake.Reply{Columns: []string{"n"}, Rows: [][]any{{int64(1)}}}
	})
	url := "sqlserver://sa:" + tdsfake.Password + "@" + srv.Addr + "?database=shop&encrypt=disable"
	config, err := msdsn.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	ready, err := mssqldb.NewConnector(url)
	if err != nil {
		t.Fatal(err)
	}
	for _, driver := range []any{config, &config, ready} {
		open, err := mssql.Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: driver})
		if err != nil {
			t.Fatal(err)
		}
		c, err := open.Connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		rows, err := c.Query(t.Context(), compile(t, "SELECT n FROM t WHERE a = @p1", dialect.Arg{Value: 1}))
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if !rows.Next() || rows.ScanRow([]any{&n}) != nil || n != 1 {
			t.Errorf("%T: got %d", driver, n)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
		if _, ok := c.(dialect.RawConn).Raw().(*mssqldb.Conn); !ok {
			t.Errorf("%T: Raw gives a %T", driver, c.(dialect.RawConn).Raw())
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}
