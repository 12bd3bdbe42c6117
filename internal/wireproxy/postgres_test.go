package wireproxy_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func connectPostgres(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(testContext(t), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func postgres(t *testing.T) (*wireproxy.Proxy, *pgx.Conn) {
	t.Helper()
	dsn := testenv.Postgres(t)
	testenv.CheckLeaks(t)
	p, dsn := wireproxy.Between(t, dsn)
	conn := connectPostgres(t, dsn)
	p.Reset()
	return p, conn
}

func trips(t *testing.T, p *wireproxy.Proxy, what string, want int) {
	t.Helper()
	if got := p.Count(); got != want {
		t.Errorf("%s: %d round trips, want %d:\n%s", what, got, want, strings.Join(p.Messages(), "\n"))
	}
	p.Reset()
}

func TestPostgresRoundTrips(t *testing.T) {
	p, conn := postgres(t)
	ctx := testContext(t)
	trips(t, p, "nothing", 0)

	var n int
	query := func() {
		t.Helper()
		if err := conn.QueryRow(ctx, "SELECT $1::int + 1", 41).Scan(&n); err != nil || n != 42 {
			t.Fatal(n, err)
		}
	}
	query()
	trips(t, p, "first run: prepare, then execute", 2)
	query()
	if got, want := p.Executed(), []string{"SELECT $1::int + 1"}; !slices.Equal(got, want) {
		t.Errorf("Executed = %q, want %q", got, want)
	}
	trips(t, p, "second run", 1)

	if _, err := conn.Exec(ctx, "SELECT 1", pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	want := []string{"> Query SELECT 1", "< RowDescription", "< DataRow", "< CommandComplete", "< ReadyForQuery"}
	if got := p.Messages(); !slices.Equal(got, want) {
		t.Errorf("Messages = %q, want %q", got, want)
	}
	trips(t, p, "simple protocol", 1)

	b := &pgx.Batch{}
	for range 5 {
		b.Queue("SELECT $1::int + 1", 1)
	}
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		t.Fatal(err)
	}
	if got := len(p.Executed()); got != 5 {
		t.Errorf("a batch of 5 executes %d", got)
	}
	trips(t, p, "a pipelined batch", 1)

	if _, err := conn.Exec(ctx, "CREATE TEMPORARY TABLE wp_copy (n int)"); err != nil {
		t.Fatal(err)
	}
	p.Reset()
	rows := [][]any{{1}, {2}, {3}}
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"wp_copy"}, []string{"n"}, pgx.CopyFromRows(rows)); err != nil {
		t.Fatal(err)
	}
	if p.Seen(wireproxy.Client, "CopyDone") != 1 || p.Seen(wireproxy.Server, "CopyInResponse") != 1 {
		t.Errorf("COPY: %q", p.Messages())
	}
}

func TestPostgresLargeMessagesPass(t *testing.T) {
	p, conn := postgres(t)
	ctx := testContext(t)
	long := strings.Repeat("x", 20<<20)
	var back string
	if err := conn.QueryRow(ctx, "SELECT $1::text", long).Scan(&back); err != nil || back != long {
		t.Fatal(len(back), err)
	}
	if _, err := conn.Exec(ctx, "SELECT '"+long+"'", pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	if got := p.Executed()[1]; !strings.HasSuffix(got, "x…") || len(got) > 64<<10 {
		t.Errorf("a long text is kept with %d bytes", len(got))
	}
}

func TestPostgresPasswordAndTLSPreference(t *testing.T) {
	dsn := testenv.PostgresSCRAM(t)
	testenv.CheckLeaks(t)
	p, dsn := wireproxy.Between(t, dsn)
	conn := connectPostgres(t, dsn+"?sslmode=prefer")
	if err := conn.Ping(testContext(t)); err != nil {
		t.Fatal(err)
	}
	if p.Seen(wireproxy.Client, "SSLRequest") != 1 || p.Seen(wireproxy.Client, "Password") == 0 {
		t.Errorf("login: %q", p.Messages())
	}
}

func TestPostgresCancelRequest(t *testing.T) {
	p, conn := postgres(t)
	stall := p.Inject(wireproxy.Fault{From: wireproxy.Client, Message: "CancelRequest", Do: wireproxy.Stall})
	done := make(chan error, 1)
	go func() {
		_, err := conn.Exec(testContext(t), "SELECT pg_sleep(600)")
		done <- err
	}()
	// A request that arrives before the query runs cancels nothing.
	direct := connectPostgres(t, testenv.Postgres(t))
	testenv.Eventually(t, "the query sleeps", func() bool {
		var sleeps bool
		err := direct.QueryRow(testContext(t), `SELECT coalesce(wait_event = 'PgSleep', false)
			FROM pg_stat_activity WHERE pid = $1`, conn.PgConn().PID()).Scan(&sleeps)
		if err != nil {
			t.Error(err)
		}
		return sleeps || err != nil
	})
	cancelled := make(chan error, 1)
	go func() { cancelled <- conn.PgConn().CancelRequest(testContext(t)) }()
	<-stall.Reached()
	stall.Release()
	if err := <-cancelled; err != nil {
		t.Error(err)
	}
	if err := <-done; code(err) != "57014" {
		t.Errorf("cancelled query: %v", err)
	}
}

func code(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

func TestPostgresCutByMessage(t *testing.T) {
	const text = "INSERT INTO wp_cut VALUES ($1)"
	for _, c := range []struct {
		name  string
		fault wireproxy.Fault
		kept  bool // the row is there although the client saw an error
	}{
		{"before the server has it", wireproxy.Fault{From: wireproxy.Client, Message: "Execute", Do: wireproxy.CutBefore}, false},
		{"half of the Bind", wireproxy.Fault{From: wireproxy.Client, Message: "Bind", Do: wireproxy.CutMiddle}, false},
		{"the server has it all", wireproxy.Fault{From: wireproxy.Client, Message: "Sync", Do: wireproxy.CutAfter}, true},
		{"the server has it all, reset", wireproxy.Fault{From: wireproxy.Client, Message: "Sync", Do: wireproxy.ResetAfter}, true},
		{"the answer is lost", wireproxy.Fault{From: wireproxy.Server, Message: "CommandComplete", Do: wireproxy.CutBefore}, true},
		{"half of the answer", wireproxy.Fault{From: wireproxy.Server, Message: "CommandComplete", Do: wireproxy.ResetMiddle}, true},
		{"by its text", wireproxy.Fault{From: wireproxy.Client, Contains: "INTO wp_cut", Do: wireproxy.ResetBefore}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			direct := connectPostgres(t, testenv.Postgres(t))
			p, conn := postgres(t)
			ctx := testContext(t)
			if _, err := direct.Exec(ctx, "DROP TABLE IF EXISTS wp_cut; CREATE TABLE wp_cut (n int)", pgx.QueryExecModeSimpleProtocol); err != nil {
				t.Fatal(err)
			}
			defer direct.Exec(ctx, "DROP TABLE wp_cut")
			if _, err := conn.Prepare(ctx, "ins", text); err != nil {
				t.Fatal(err)
			}
			// The driver asks to cancel what was on a connection that breaks, and
			// could be faster than the server.
			p.Inject(wireproxy.Fault{From: wireproxy.Client, Message: "CancelRequest", Every: true, Do: wireproxy.CutBefore})
			f := p.Inject(c.fault)
			if _, err := conn.Exec(ctx, "ins", 1); err == nil || code(err) != "" {
				t.Errorf("Exec: %v, want a lost connection", err)
			}
			<-f.Reached()
			count := func() (n int) {
				if err := direct.QueryRow(ctx, "SELECT count(*) FROM wp_cut").Scan(&n); err != nil {
					t.Error(err)
				}
				return n
			}
			if c.kept {
				testenv.Eventually(t, "the row is there", func() bool { return count() == 1 })
			} else {
				p.Close() // the server has seen the end
				if n := count(); n != 0 {
					t.Errorf("%d rows, want none", n)
				}
			}
			testenv.Eventually(t, "the connection is gone", func() bool { return p.Connections() == 0 })
		})
	}
}

func TestPostgresNthRow(t *testing.T) {
	p, conn := postgres(t)
	p.Inject(wireproxy.Fault{From: wireproxy.Server, Message: "DataRow", Nth: 4, Do: wireproxy.CutBefore})
	rows, err := conn.Query(testContext(t), "SELECT g, repeat('x', 1000) FROM generate_series(1, 1000) g")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for rows.Next() {
		n++
	}
	if rows.Err() == nil || n != 3 {
		t.Errorf("%d rows, then %v; want 3 rows, then an error", n, rows.Err())
	}
}

func TestPostgresStallUntilReleased(t *testing.T) {
	p, conn := postgres(t)
	f := p.Inject(wireproxy.Fault{From: wireproxy.Server, Message: "DataRow", Do: wireproxy.Stall})
	done := make(chan error, 1)
	go func() {
		_, err := conn.Exec(testContext(t), "SELECT 1")
		done <- err
	}()
	<-f.Reached()
	select {
	case err := <-done:
		t.Fatalf("an answer came past the stalled message: %v", err)
	default:
	}
	f.Release()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestWholeConnections(t *testing.T) {
	dsn := testenv.Postgres(t)
	testenv.CheckLeaks(t)
	p, dsn := wireproxy.Between(t, dsn)
	dsn += "?sslmode=disable" // pgx dials again after a refusal of TLS
	a, b := connectPostgres(t, dsn), connectPostgres(t, dsn)
	if p.Connections() != 2 || p.Accepted() != 2 {
		t.Errorf("%d connections of %d", p.Connections(), p.Accepted())
	}
	if n := p.ResetAll(); n != 2 {
		t.Errorf("ResetAll broke %d", n)
	}
	for _, conn := range []*pgx.Conn{a, b} {
		if err := conn.Ping(testContext(t)); err == nil {
			t.Error("a connection that was reset still works")
		}
	}
	p.Refuse()
	if conn, err := pgx.Connect(testContext(t), dsn); err == nil {
		conn.Close(context.Background())
		t.Error("connected while the proxy refuses")
	}
	p.Resume()
	conn := connectPostgres(t, dsn)

	p.Silence()
	short, cancel := context.WithCancel(testContext(t))
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		_, err := pgx.Connect(short, dsn)
		failed <- err
	}()
	testenv.Eventually(t, "the silent proxy has accepted", func() bool { return p.Connections() == 2 })
	cancel()
	if err := <-failed; err == nil {
		t.Error("connected while the proxy is silent")
	}
	answer := make(chan error, 1)
	go func() { answer <- conn.Ping(testContext(t)) }()
	p.Resume()
	if err := <-answer; err != nil {
		t.Errorf("after Resume: %v", err)
	}
}

func TestUnreachableServerResetsTheClient(t *testing.T) {
	testenv.CheckLeaks(t)
	p := wireproxy.New(t, wireproxy.Postgres, "127.0.0.1:1")
	conn, err := pgx.Connect(testContext(t), "postgres://u@"+p.Addr()+"/d")
	if err == nil {
		conn.Close(context.Background())
		t.Fatal("connected to nothing")
	}
	p.Close()
	p.Close()
}
