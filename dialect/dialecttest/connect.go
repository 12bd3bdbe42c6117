package dialecttest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var connectCases = []testCase{
	{name: "OpenConnector dials nothing", needs: overNetwork, run: connectLazily},
	{name: "an unknown option suggests the nearest", run: connectUnknownOption},
	{name: "errors and messages hold no password", run: connectHidesPassword},
	{name: "an address that does not answer is named", needs: overNetwork, run: connectNowhere},
	{name: "an unknown user is refused as such", needs: overNetwork, run: connectUnknownUser},
	{name: "an unknown database is refused as such", needs: overNetwork, run: connectUnknownDatabase},
	{name: "a server that says nothing is given up with the context", needs: overNetwork, run: connectSilence},
	{name: "a context that has ended connects to nothing", run: connectCancelled},
	{name: "Address has no secret and is not empty", run: connectAddress},
	{name: "a connector is of the dialect that opened it", run: connectDialect},
	{name: "Close works twice and ends Usable", run: connectCloseTwice},
	{name: "a closed connection refuses statements", run: connectUseClosed},
	{name: "connections are opened side by side", run: connectConcurrently},
	{name: "connections do not share a session", run: connectSeparate},
	{name: "Ping makes a round trip and respects its context", run: connectPing},
	{name: "the driver's own connection is lent", run: connectRaw},
	{name: "the default URL options can be printed and read again", run: connectURL},
}

// otherURL is the target's URL with something changed.
func (t *T) otherURL(change func(u *dialect.URL)) *dialect.URL {
	t.Helper()
	u, err := dialect.ParseURL(t.url.Reveal())
	if err != nil {
		t.Fatalf("the URL does not survive printing: %v", err)
	}
	change(u)
	return u
}

// dialURL tries to connect; what it gets it closes.
func (t *T) dialURL(ctx context.Context, u *dialect.URL) error {
	t.Helper()
	cn, err := t.base.OpenConnector(u, t.cfg.Connect)
	if err != nil {
		t.Fatalf("OpenConnector: %v", err)
	}
	c, err := cn.Connect(ctx)
	if err == nil {
		return c.Close()
	}
	return err
}

// freePort is a port of this machine where nobody listens.
func (t *T) freePort() int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listening: %v", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatalf("closing a listener: %v", err)
	}
	return port
}

func connectLazily(t *T) {
	u := t.otherURL(func(u *dialect.URL) { u.Hosts = []dialect.Host{{Name: "127.0.0.1", Port: t.freePort()}} })
	cfg := t.cfg.Connect
	cfg.Dial = func(context.Context, string, string) (net.Conn, error) {
		t.Errorf("OpenConnector has dialled")
		return nil, errors.New("no network in this case")
	}
	if _, err := t.base.OpenConnector(u, cfg); err != nil {
		t.Errorf("OpenConnector: %v", err)
	}
}

func connectUnknownOption(t *T) {
	const option = "surely_no_option_of_this_database"
	u := t.otherURL(func(u *dialect.URL) { u.Options = append(u.Options, dialect.Option{Name: option, Value: "1"}) })
	_, err := t.base.OpenConnector(u, t.cfg.Connect)
	t.wantKind(err, dialect.ErrURL)
	if !strings.Contains(err.Error(), option) {
		t.Errorf("the error does not name the option: %v", err)
	}
}

func connectHidesPassword(t *T) {
	const secret = "Pa55/w0rd:x@y"
	u := t.otherURL(func(u *dialect.URL) { u.Username = "somebody" }).WithPassword(secret)
	u.Options = append(u.Options, dialect.Option{Name: "surely_no_option", Value: "1"})
	_, err := t.base.OpenConnector(u, t.cfg.Connect)
	if err == nil {
		t.Fatalf("an unknown option is accepted")
	}
	for _, text := range []string{err.Error(), fmt.Sprintf("%v %+v %#v", err, u, u)} {
		if strings.Contains(text, secret) {
			t.Errorf("the password is shown: %s", text)
		}
	}
}

func connectNowhere(t *T) {
	port := t.freePort()
	u := t.otherURL(func(u *dialect.URL) { u.Hosts = []dialect.Host{{Name: "127.0.0.1", Port: port}} })
	err := t.dialURL(t.ctx, u)
	if err == nil {
		t.Fatalf("connected to a port where nobody listens")
	}
	err = t.described(err)
	t.wantKind(err, dialect.ErrConnect)
	if addr := fmt.Sprintf("127.0.0.1:%d", port); !strings.Contains(err.Error(), addr) {
		t.Errorf("the error does not name the address %s: %v", addr, err)
	}
}

func connectUnknownUser(t *T) {
	const secret = "sqlayer-no-such-password"
	u := t.otherURL(func(u *dialect.URL) { u.Username = "sqlayer_nobody" }).WithPassword(secret)
	err := t.dialURL(t.ctx, u)
	if err == nil {
		t.Fatalf("a user whom nobody has created is let in")
	}
	err = t.described(err)
	t.wantKind(err, dialect.ErrAuthentication)
	if strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
		t.Errorf("the error shows the password: %v", err)
	}
}

func connectUnknownDatabase(t *T) {
	u := t.otherURL(func(u *dialect.URL) { u.Database = "sqlayer_no_such_database" })
	err := t.dialURL(t.ctx, u)
	if err == nil {
		t.Fatalf("connected to a database that does not exist")
	}
	// A user who may not know which databases exist is told something else.
	t.wantKind(t.described(err), dialect.ErrUndefinedDatabase, dialect.ErrAuthentication, dialect.ErrPermission)
}

func connectSilence(t *T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listening: %v", err)
	}
	held := make(chan net.Conn, 16)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			held <- c
		}
	}()
	t.closes = append(t.closes, func() error {
		err := l.Close()
		<-ended
		close(held)
		for c := range held {
			err = joined(err, c.Close())
		}
		return err
	})
	u := t.otherURL(func(u *dialect.URL) {
		u.Hosts = []dialect.Host{{Name: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port}}
	})
	ctx, cancel := context.WithTimeout(t.ctx, 200*time.Millisecond)
	defer cancel()
	t.within(prompt, "connecting with a context of 200ms", func() { err = t.dialURL(ctx, u) })
	if err == nil {
		t.Fatalf("connected to a server that says nothing")
	}
	t.wantKind(t.described(err), dialect.ErrCancelled)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error does not wrap the context's: %v", err)
	}
}

func connectCancelled(t *T) {
	ctx, cancel := context.WithCancel(t.ctx)
	cancel()
	c, err := t.connector.Connect(ctx)
	if err == nil {
		t.conns = append(t.conns, c)
		t.Fatalf("connected with a context that has ended")
	}
	t.wantKind(t.described(err), dialect.ErrCancelled)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error does not wrap the context's: %v", err)
	}
}

func connectAddress(t *T) {
	addr := t.connector.Address()
	if addr == "" {
		t.Errorf("the connector has no address")
	}
	if p, ok := t.url.Password(); ok && len(p) > 3 && strings.Contains(addr, p) {
		t.Errorf("the address holds the password")
	}
	if len(t.url.Hosts) > 0 && !strings.Contains(addr, t.url.Hosts[0].Name) {
		t.Errorf("the address %q does not hold the host %q", addr, t.url.Hosts[0].Name)
	}
}

func connectDialect(t *T) {
	if d := t.connector.Dialect(); d != t.base {
		t.Errorf("the connector's dialect is %s %v and not the one that opened it", d.Name(), d.Features().Version)
	}
}

func connectCloseTwice(t *T) {
	c := t.conn()
	if !c.Usable() {
		t.Fatalf("a new connection is not usable")
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
		if c.Usable() {
			t.Errorf("usable after Close")
		}
	}
}

func connectUseClosed(t *T) {
	c := t.conn()
	if err := c.Close(); err != nil {
		t.Fatalf("closing: %v", err)
	}
	q, err := dialect.Compile(t.d, t.sel("1"))
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer q.Release()
	if rows, err := c.Query(t.ctx, q); err == nil {
		t.Errorf("Query works after Close (%v)", rows.Close())
	}
	if _, err := c.Exec(t.ctx, q); err == nil {
		t.Errorf("Exec works after Close")
	}
	if err := c.Begin(t.ctx, dialect.TxOptions{}); err == nil {
		t.Errorf("Begin works after Close")
	}
	if err := c.Ping(t.ctx); err == nil {
		t.Errorf("Ping works after Close")
	}
}

func connectConcurrently(t *T) {
	const n = 4
	type opened struct {
		c   dialect.Conn
		err error
	}
	results := make(chan opened, n)
	for range n {
		go func() {
			c, err := t.connector.Connect(t.ctx)
			results <- opened{c, err}
		}()
	}
	var conns []dialect.Conn
	for range n {
		r := <-results
		if r.err != nil {
			t.Errorf("connecting: %v", r.err)
			continue
		}
		conns = append(conns, r.c)
	}
	t.conns = append(t.conns, conns...)
	for _, c := range conns {
		t.works(c)
	}
}

func connectSeparate(t *T) {
	table := t.table(key)
	a, b := t.conn(), t.conn()
	t.begin(a, dialect.TxOptions{})
	t.insert(a, table, []string{"id"}, []any{1})
	t.rollback(a)
	t.begin(b, dialect.TxOptions{})
	t.insert(b, table, []string{"id"}, []any{2})
	t.commit(b)
	if n := t.count(a, table); n != 1 {
		t.Errorf("%d rows instead of the one that was committed", n)
	}
}

func connectPing(t *T) {
	c := t.conn()
	if err := c.Ping(t.ctx); err != nil {
		t.Fatalf("ping: %v", err)
	}
	ctx, cancel := context.WithCancel(t.ctx)
	cancel()
	err := c.Ping(ctx)
	if err == nil {
		t.Fatalf("a ping with a context that has ended succeeds")
	}
	t.wantKind(t.described(err), dialect.ErrCancelled)
	t.fit(c)
}

func connectRaw(t *T) {
	c := t.conn()
	if r, ok := c.(dialect.RawConn); ok && r.Raw() == nil {
		t.Errorf("Raw gives nil")
	}
}

func connectURL(t *T) {
	u, err := dialect.ParseURL(t.url.Reveal())
	if err != nil {
		t.Fatalf("%v", err)
	}
	if u.Reveal() != t.url.Reveal() {
		t.Errorf("%v is %v after printing and reading", t.url, u)
	}
	cn, err := t.base.OpenConnector(u, t.cfg.Connect)
	if err != nil {
		t.Fatalf("OpenConnector: %v", err)
	}
	if c, ok := cn.(interface{ Close() error }); ok {
		t.closes = append(t.closes, c.Close)
	}
	if a, b := cn.Address(), t.connector.Address(); a != b {
		t.Errorf("the same URL has the addresses %q and %q", a, b)
	}
}
