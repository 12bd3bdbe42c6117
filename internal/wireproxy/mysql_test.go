package wireproxy_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

// connectMySQL connects with the bare driver: database/sql would add round
// trips of its own.
func connectMySQL(t *testing.T, dsn string, set func(*mysql.Config)) *mysqlConn {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	cfg := mysql.NewConfig()
	cfg.Net, cfg.Addr = "tcp", u.Host
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	cfg.DBName = strings.TrimPrefix(u.Path, "/")
	cfg.Logger = &mysql.NopLogger{}
	if set != nil {
		set(cfg)
	}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c, err := connector.Connect(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &mysqlConn{t, c}
}

type mysqlConn struct {
	t *testing.T
	driver.Conn
}

func named(args []any) []driver.NamedValue {
	var list []driver.NamedValue
	for i, a := range args {
		list = append(list, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return list
}

// query runs a text, or where the driver asks for it a statement that it
// prepares and closes, and returns the number of rows.
func (c *mysqlConn) query(text string, args ...any) (int, error) {
	ctx := testContext(c.t)
	rows, err := c.Conn.(driver.QueryerContext).QueryContext(ctx, text, named(args))
	if errors.Is(err, driver.ErrSkip) {
		s, perr := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, text)
		if perr != nil {
			return 0, perr
		}
		defer s.Close()
		return c.run(s, args...)
	}
	if err != nil {
		return 0, err
	}
	return read(rows)
}

func (c *mysqlConn) run(s driver.Stmt, args ...any) (int, error) {
	rows, err := s.(driver.StmtQueryContext).QueryContext(testContext(c.t), named(args))
	if err != nil {
		return 0, err
	}
	return read(rows)
}

func read(rows driver.Rows) (n int, err error) {
	dst := make([]driver.Value, len(rows.Columns()))
	for {
		switch err := rows.Next(dst); err {
		case nil:
			n++
		case io.EOF:
			more, ok := rows.(driver.RowsNextResultSet)
			if !ok || !more.HasNextResultSet() {
				return n, rows.Close()
			}
			if err := more.NextResultSet(); err != nil {
				return n, err
			}
			dst = make([]driver.Value, len(rows.Columns()))
		default:
			rows.Close()
			return n, err
		}
	}
}

func (c *mysqlConn) exec(text string) error {
	_, err := c.Conn.(driver.ExecerContext).ExecContext(testContext(c.t), text, nil)
	return err
}

func mysqlProxy(t *testing.T, set func(*mysql.Config)) (*wireproxy.Proxy, *mysqlConn) {
	t.Helper()
	dsn := testenv.MySQL(t)
	testenv.CheckLeaks(t)
	p, dsn := wireproxy.Between(t, dsn)
	conn := connectMySQL(t, dsn, set)
	p.Reset()
	return p, conn
}

func TestMySQLRoundTrips(t *testing.T) {
	p, conn := mysqlProxy(t, nil)
	must := func(want int) func(int, error) {
		return func(n int, err error) {
			t.Helper()
			if err != nil || n != want {
				t.Fatalf("%d rows, %v; want %d", n, err, want)
			}
		}
	}
	trips(t, p, "nothing", 0)

	must(1)(conn.query("SELECT 1"))
	want := []string{"> COM_QUERY SELECT 1", "< ResultSetHeader", "< ColumnDefinition", "< Row", "< EOF"}
	if got := p.Messages(); !slices.Equal(got, want) && !slices.Equal(got, slices.Insert(slices.Clone(want), 3, "< EOF")) {
		t.Errorf("Messages = %q, want %q", got, want)
	}
	trips(t, p, "text", 1)

	must(1)(conn.query("SELECT ? + 1", int64(1)))
	testenv.Eventually(t, "the statement is closed", func() bool { return p.OneWay() == 1 })
	trips(t, p, "prepare, execute, close", 2)

	s, err := conn.Prepare("SELECT seq, ? FROM seq_1_to_3 UNION ALL SELECT 4, ?")
	if err != nil {
		t.Skip("the rest needs MariaDB's sequence engine: ", err)
	}
	trips(t, p, "prepare", 1)
	for range 3 { // from the second run on, the server leaves the columns out
		must(4)(conn.run(s, int64(5), "x"))
		if got, want := p.Executed(), []string{"SELECT seq, ? FROM seq_1_to_3 UNION ALL SELECT 4, ?"}; !slices.Equal(got, want) {
			t.Errorf("Executed = %q, want %q", got, want)
		}
		if got := p.Seen(wireproxy.Server, "Row"); got != 4 {
			t.Errorf("%d rows seen in %q", got, p.Messages())
		}
		trips(t, p, "a run of a prepared statement", 1)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	if err := conn.exec("SELECT nonsense FROM nowhere"); err == nil {
		t.Error("no error")
	}
	if got := p.Seen(wireproxy.Server, "ERR"); got != 1 {
		t.Errorf("%d errors seen", got)
	}
	trips(t, p, "an error", 1)

	if err := conn.Conn.(driver.Pinger).Ping(testContext(t)); err != nil {
		t.Fatal(err)
	}
	if got := p.Seen(wireproxy.Client, "COM_PING"); got != 1 {
		t.Errorf("ping: %q", p.Messages())
	}
	trips(t, p, "ping", 1)
}

func TestMySQLSeveralResultsAreOneTrip(t *testing.T) {
	p, conn := mysqlProxy(t, func(c *mysql.Config) { c.MultiStatements = true })
	n, err := conn.query("SELECT 1 UNION SELECT 2; SELECT 'a', 'b'; SELECT 3")
	if err != nil || n != 4 {
		t.Fatal(n, err)
	}
	if got := p.Seen(wireproxy.Server, "ResultSetHeader"); got != 3 {
		t.Errorf("%d results seen in %q", got, p.Messages())
	}
	trips(t, p, "three results", 1)
}

func TestMySQLPacketsOf16MB(t *testing.T) {
	p, conn := mysqlProxy(t, func(c *mysql.Config) { c.MaxAllowedPacket = 64 << 20 })
	if n, err := conn.query("SELECT @@max_allowed_packet + 0 FROM (SELECT 1) x WHERE @@max_allowed_packet < 40*1024*1024"); err != nil || n > 0 {
		t.Skip("the server takes no packets of 40 MB: ", err)
	}
	p.Reset()
	// 16 MB less one is the largest packet; a message of exactly that length
	// is followed by an empty one.
	for _, size := range []int{1<<24 - 2, 1<<24 - 1, 1 << 24, 35 << 20} {
		text := "SELECT '"
		text += strings.Repeat("x", size-len(text)-2) + "'" // with the command byte, size bytes
		if n, err := conn.query(text); err != nil || n != 1 {
			t.Fatalf("%d bytes: %d rows, %v", size, n, err)
		}
		if got := p.Seen(wireproxy.Server, "Row"); got != 1 {
			t.Errorf("%d bytes: %d rows seen: %q", size, got, p.Messages())
		}
		trips(t, p, "a long text", 1)
	}
	if n, err := conn.query("SELECT REPEAT('y', 16777207) UNION ALL SELECT 'z'"); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	trips(t, p, "a long row", 1)
	s, err := conn.Prepare("SELECT LENGTH(?)")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n, err := conn.run(s, []byte(strings.Repeat("b", 35<<20))); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	trips(t, p, "a long parameter, sent ahead", 2) // prepare and execute
}

func TestMySQLPassword(t *testing.T) {
	dsn := testenv.MySQLPassword(t)
	testenv.CheckLeaks(t)
	p, dsn := wireproxy.Between(t, dsn)
	conn := connectMySQL(t, dsn, func(c *mysql.Config) { c.TLSConfig = "preferred" })
	if n, err := conn.query("SELECT CURRENT_USER()"); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	trips(t, p, "a login is no round trip", 1)
}

func TestMySQLCutByMessage(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault wireproxy.Fault
		kept  bool
	}{
		{"before the server has it", wireproxy.Fault{From: wireproxy.Client, Message: "COM_QUERY", Do: wireproxy.CutBefore}, false},
		{"half of it", wireproxy.Fault{From: wireproxy.Client, Message: "COM_QUERY", Do: wireproxy.ResetMiddle}, false},
		{"the server has it", wireproxy.Fault{From: wireproxy.Client, Message: "COM_QUERY", Do: wireproxy.CutAfter}, true},
		{"the answer is lost", wireproxy.Fault{From: wireproxy.Server, Message: "OK", Do: wireproxy.ResetBefore}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			direct := connectMySQL(t, testenv.MySQL(t), nil)
			p, conn := mysqlProxy(t, nil)
			for _, text := range []string{"DROP TABLE IF EXISTS wp_cut", "CREATE TABLE wp_cut (n int)"} {
				if err := direct.exec(text); err != nil {
					t.Fatal(err)
				}
			}
			defer direct.exec("DROP TABLE wp_cut")
			f := p.Inject(c.fault)
			if err := conn.exec("INSERT INTO wp_cut VALUES (1)"); err == nil {
				t.Error("no error from a connection that was cut")
			}
			<-f.Reached()
			count := func() int {
				n, err := direct.query("SELECT n FROM wp_cut")
				if err != nil {
					t.Error(err)
				}
				return n
			}
			if c.kept {
				testenv.Eventually(t, "the row is there", func() bool { return count() == 1 })
				return
			}
			p.Close()
			if n := count(); n != 0 {
				t.Errorf("%d rows, want none", n)
			}
		})
	}
}

func TestMySQLStallTheGreeting(t *testing.T) {
	dsn := testenv.MySQL(t)
	testenv.CheckLeaks(t)
	p, dsn := wireproxy.Between(t, dsn)
	f := p.Inject(wireproxy.Fault{From: wireproxy.Server, Message: "Greeting", Do: wireproxy.Stall})
	u, _ := url.Parse(dsn)
	cfg := mysql.NewConfig()
	cfg.Net, cfg.Addr, cfg.User, cfg.Logger = "tcp", u.Host, "root", &mysql.NopLogger{}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-f.Reached(); cancel() }()
	if c, err := connector.Connect(ctx); err == nil {
		c.Close()
		t.Error("connected without a greeting")
	}
}
