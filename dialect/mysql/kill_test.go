package mysql

import (
	"bytes"
	"context"
	godriver "database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// readsFrom is a network connection that gives prepared bytes, a few at a time.
type readsFrom struct {
	net.Conn
	r    io.Reader
	most int
}

func (c *readsFrom) Read(p []byte) (int, error) { return c.r.Read(p[:min(len(p), c.most)]) }

func TestGreetingHasTheConnectionsNumber(t *testing.T) {
	packet := func(body string) string { return string([]byte{byte(len(body)), 0, 0, 0}) + body }
	hello := packet("\x0a8.4.0\x00\x04\x03\x02\x01salt and so on\x00") + packet("\x00\x00\x00\x02")
	for _, c := range []struct {
		name, sent string
		want       uint32
	}{
		{"MySQL", hello, 0x01020304},
		{"MariaDB", packet("\x0a5.5.5-10.11.6-MariaDB-log\x00\xff\x00\x00\x00rest"), 255},
		{"an error", packet("\xff\x10\x04Too many connections"), 0},
		{"cut short", hello[:13], 0},
		{"no greeting at all", "HTTP/1.1 400 Bad Request\r\n" + strings.Repeat("x", 2000), 0},
		{"a version without an end", packet("\x0a"+strings.Repeat("8", 200)) + strings.Repeat("8", 2000), 0},
	} {
		for _, most := range []int{1, 3, 4, 4096} {
			g := &greeting{Conn: &readsFrom{r: strings.NewReader(c.sent), most: most}}
			got, err := io.ReadAll(g)
			if err != nil || !bytes.Equal(got, []byte(c.sent)) {
				t.Fatalf("%s: %q came through (%v)", c.name, got, err)
			}
			if g.thread != c.want {
				t.Errorf("%s, %d bytes a read: the number is %#x instead of %#x", c.name, most, g.thread, c.want)
			}
			if len(g.head) > 2*mostHead {
				t.Errorf("%s: %d bytes are kept", c.name, len(g.head))
			}
		}
	}
}

// A name may stand for another server the next time; a kill goes to the one
// that ran the statement.
func TestKillGoesToTheSameServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var first wire
	dial := greetings(dialer(nil, &driver.Config{Net: "tcp"}))
	conn, err := dial(context.WithValue(t.Context(), wireKey{}, &first), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	var second string
	c, err := driver.NewConnector(&driver.Config{Net: "tcp", Addr: "moved.invalid:3306", DialFunc: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err == nil {
			second = conn.RemoteAddr().String()
			err = errors.Join(errors.New("enough"), conn.Close())
		}
		return nil, err
	}})
	if err != nil {
		t.Fatal(err)
	}
	first.greeting.thread = 7
	lost := sqldriver.New(nil, &sqldriver.Config{})
	lost.Aux = &first
	if err := (&dialers{each: []godriver.Connector{c}}).kill(t.Context(), lost); err == nil || second != l.Addr().String() {
		t.Errorf("%v, dialled %q instead of %s", err, second, l.Addr())
	}
}

// TestCancelEndsTheStatementOnTheServer: what a context has ended does not
// work on where nobody sees it.
func TestCancelEndsTheStatementOnTheServer(t *testing.T) {
	testenv.CheckLeaks(t)
	u, err := dialect.ParseURL(testenv.MySQL(t))
	if err != nil {
		t.Fatal(err)
	}
	d, err := dialect.Lookup(u.Scheme)
	if err != nil {
		t.Fatal(err)
	}
	connector, err := d.OpenConnector(u, dialect.ConnectConfig{})
	if err != nil {
		t.Fatal(err)
	}
	connect := func() dialect.Conn {
		c, err := connector.Connect(t.Context())
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
	compile := func(text string) *dialect.Compiled {
		q, err := dialect.Compile(d, dialect.Text(text))
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	// SLEEP would not do: it looks at the connection every few seconds.
	const mark = "sqlayer_killed_by_its_context"
	watcher := connect()
	running := func() (n int) {
		rows, err := watcher.Query(t.Context(), compile("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE '%"+mark+"%' AND ID <> CONNECTION_ID()"))
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			if err := rows.ScanRow([]any{&n}); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		return n
	}
	c := connect()
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := c.Exec(ctx, compile("SELECT BENCHMARK(1000000000, MD5('"+mark+"'))"))
		failed <- err
	}()
	testenv.Eventually(t, "the statement runs", func() bool { return running() == 1 })
	start := time.Now()
	cancel()
	e := d.Classify(<-failed)
	if e.Kind != dialect.ErrCancelled || !errors.Is(e, context.Canceled) || !e.MayHaveRun || c.Usable() {
		t.Errorf("the error is %#v, and the connection usable: %v", e, c.Usable())
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it came after %v", took)
	}
	testenv.Eventually(t, "the server has ended the statement", func() bool { return running() == 0 })
}
