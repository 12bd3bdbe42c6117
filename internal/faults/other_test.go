package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

var networked = []string{"postgres", "mysql"}

// otherFaults are those that are not at one message.
var otherFaults = []fault{
	{"idle: cut, found by the ping", networked, nil, func(t testing.TB, s *server, layer string) { idle(t, s, layer, false) }},
	{"idle: reset, found by the ping", networked, nil, func(t testing.TB, s *server, layer string) { idle(t, s, layer, true) }},
	{"idle: cut, found in use", networked, nil, foundInUse},
	{"ping: no answer", networked, []string{"pool"}, silentPing},
	{"cut or reset after n bytes, 32 values of n", networked, nil, afterBytes},
	{"server: accepts and never answers", networked, nil, silent},
	{"server: refuses connections", networked, nil, refused},
	{"server: shut down and restarted, idle", networked, nil, func(t testing.TB, s *server, layer string) { restartIdle(t, s, layer, false) }},
	{"server: crashes, idle", networked, nil, func(t testing.TB, s *server, layer string) { restartIdle(t, s, layer, true) }},
	{"server: shut down inside a query", networked, nil, func(t testing.TB, s *server, layer string) { restartInQuery(t, s, layer, false) }},
	{"server: crashes inside a query", networked, nil, func(t testing.TB, s *server, layer string) { restartInQuery(t, s, layer, true) }},
	{"server: crashes before a commit arrives", networked, nil, func(t testing.TB, s *server, layer string) { restartInCommit(t, s, layer, false) }},
	{"server: crashes before a commit is answered", networked, nil, func(t testing.TB, s *server, layer string) { restartInCommit(t, s, layer, true) }},
	{"pool: exhausted by slow users", servers, nil, exhausted},
	{"1,000 goroutines, random cancellations", servers, nil, crowd},
	{"password changed", networked, nil, passwordChanged},
	{"too many connections", networked, nil, tooMany},
	{"file: locked by another", []string{"sqlite"}, nil, locked},
	{"file: locked as the transaction commits", []string{"sqlite"}, nil, lockedAtCommit},
	{"file: disk full", []string{"sqlite"}, nil, diskFull},
	{"file: read-only", []string{"sqlite"}, nil, readOnly},
}

func idle(t testing.TB, s *server, layer string, reset bool) {
	c := newCell(t, s, layer, settings{prePing: true})
	c.warm(2)
	if reset {
		c.p.ResetAll()
	} else {
		c.p.CutAll()
	}
	id := keys.Add(1)
	c.judge(id, c.u.put(t.Context(), id, false, nil), want{nil, no, yes})
	c.finish()
}

func foundInUse(t testing.TB, s *server, layer string) {
	c := newCell(t, s, layer, settings{})
	c.warm(2)
	c.p.CutAll()
	id := keys.Add(1)
	err := c.u.put(t.Context(), id, false, nil)
	if err != nil { // found without a round trip, it is replaced
		c.judge(id, err, want{lost, either, no})
	}
	c.finish()
}

func silentPing(t testing.TB, s *server, layer string) {
	c := newCell(t, s, layer, settings{prePing: true})
	c.warm(1)
	message := fromServer("ReadyForQuery", stalled)
	if s.name == "mysql" {
		message = fromServer("OK", stalled)
	}
	f := c.p.Inject(message)
	c.works() // on another connection, after the time-out of the ping
	select {
	case <-f.Reached():
	default:
		t.Error("there was no ping")
	}
	f.Release()
	c.finish()
}

// A cutter dials connections that break after a number of bytes.
type cutter struct {
	left  atomic.Int64 // bytes of the next connection; negative for no end
	reset bool
}

func (k *cutter) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &cutConn{TCPConn: c.(*net.TCPConn), k: k}, nil
}

type cutConn struct {
	*net.TCPConn
	k *cutter
}

// spend cuts p to the bytes that are left.
func (c *cutConn) spend(p []byte) ([]byte, bool) {
	for {
		left := c.k.left.Load()
		if left < 0 {
			return p, false
		}
		n := min(left, int64(len(p)))
		if c.k.left.CompareAndSwap(left, left-n) {
			return p[:n], n < int64(len(p)) || left == 0
		}
	}
}

func (c *cutConn) end() {
	if c.k.reset {
		c.SetLinger(0)
	}
	c.TCPConn.Close()
}

func (c *cutConn) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	kept, over := c.spend(p[:n])
	if over && len(kept) < n {
		c.end()
		if len(kept) == 0 {
			return 0, &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by test")}
		}
		return len(kept), nil
	}
	return n, err
}

func (c *cutConn) Write(p []byte) (int, error) {
	kept, over := c.spend(p)
	if !over {
		return c.TCPConn.Write(p)
	}
	n, err := c.TCPConn.Write(kept)
	c.end()
	if err == nil {
		err = &net.OpError{Op: "write", Net: "tcp", Err: errors.New("connection reset by test")}
	}
	return n, err
}

func afterBytes(t testing.TB, s *server, layer string) {
	for i := range 32 {
		k := &cutter{reset: i%2 == 0}
		k.left.Store(-1)
		c := newCell(t, s, layer, settings{dialer: k.dial})
		n := int64(1 + 53*i) // through the login, for most
		if i >= 16 {         // and in a statement and a commit on a connection that is there
			c.warm(1)
			n = int64(13 * (i - 16))
		}
		k.left.Store(n)
		id := keys.Add(1)
		err := c.u.put(t.Context(), id, true, nil)
		k.left.Store(-1)
		w := want{nil, no, yes}
		if err != nil {
			w = want{append(connect, lost...), either, either}
		}
		c.judge(id, err, w)
		if t.Failed() {
			t.Fatalf("after %d bytes", n)
		}
		c.finish()
	}
}

func silent(t testing.TB, s *server, layer string) {
	c := newCell(t, s, layer, settings{dial: shortTime})
	c.p.Silence()
	id := keys.Add(1)
	kinds := connect
	if layer == "pool" { // the context of the dial has ended
		kinds = append(kinds, cancelled...)
	}
	soon(c, "the time-out of connecting", time.Minute, func() {
		c.judge(id, c.u.put(t.Context(), id, false, nil), want{kinds, no, no})
	})
	ctx, cancel := context.WithTimeout(t.Context(), shortTime/5)
	defer cancel()
	soon(c, "the caller's time-out", time.Minute, func() {
		c.judge(id, c.u.put(ctx, id, false, nil), want{append(cancelled, connect...), no, no})
	})
	c.p.Resume()
	testenv.Eventually(c, "the dial without a caller ends", func() bool { return c.u.stats().Opening == 0 })
	testenv.Eventually(c, "a dial takes less than its time-out", func() bool {
		err := c.u.put(t.Context(), keys.Add(1), false, nil)
		if err != nil && !isOne(err, kinds) {
			t.Fatal(err)
		}
		return err == nil
	})
	c.finish()
}

func refused(t testing.TB, s *server, layer string) {
	c := newCell(t, s, layer, settings{})
	c.p.Refuse()
	id := keys.Add(1)
	c.judge(id, c.u.put(t.Context(), id, false, nil), want{connect, no, no})
	c.p.Resume()
	c.finish()
}

func restartIdle(t testing.TB, s *server, layer string, crash bool) {
	c := newCell(t, s, layer, settings{})
	c.warm(2)
	s.restart(t, crash)
	id := keys.Add(1)
	if err := c.u.put(t.Context(), id, false, nil); err != nil {
		c.judge(id, err, want{lost, either, no})
	}
	c.finish()
}

func restartInQuery(t testing.TB, s *server, layer string, crash bool) {
	c := newCell(t, s, layer, settings{})
	c.warm(1)
	sleep := "pg_sleep(120)"
	if s.name == "mysql" {
		sleep = "SLEEP(120)"
	}
	id := keys.Add(1)
	text := fmt.Sprintf("INSERT INTO faults_rows (id) SELECT %d FROM (SELECT %s) s", id, sleep)
	done := make(chan error, 1)
	go func() { done <- c.u.run(context.Background(), text, id, false, nil) }()
	running := "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
	if s.name == "mysql" {
		running = "SELECT count(*) FROM information_schema.processlist WHERE state = 'User sleep'"
	}
	testenv.Eventually(t, "the server runs the statement", func() bool {
		n, err := engine.Scalar[int](t.Context(), s.admin, engine.Text(running))
		return err == nil && n == 1
	})
	s.restart(t, crash)
	kinds := lost
	if s.name == "mysql" && !crash {
		kinds = append(kinds, engine.ErrCancelled) // the server stops the statement before it goes
	}
	c.judge(id, <-done, want{kinds, either, no})
	c.finish()
}

// restartInCommit crashes the server as a commit is on its way to it, or as its
// answer is on the way back.
func restartInCommit(t testing.TB, s *server, layer string, after bool) {
	c := newCell(t, s, layer, settings{})
	c.warm(1)
	at := of("COMMIT", client("Query", stalled))
	w := want{lost, yes, no}
	if s.name == "mysql" {
		at = of("COMMIT", client("COM_QUERY", stalled))
	}
	if after {
		w.row = yes
		at = nth(3, fromServer("CommandComplete", stalled))
		if s.name == "mysql" {
			at = nth(3, fromServer("OK", stalled))
		}
	}
	f := c.p.Inject(at)
	id := keys.Add(1)
	done := make(chan error, 1)
	go func() { done <- c.u.put(context.Background(), id, true, nil) }()
	<-f.Reached()
	s.restart(t, true)
	c.p.CutAll() // the answer is lost with the server
	c.judge(id, <-done, w)
	f.Release()
	c.finish()
}

func exhausted(t testing.TB, s *server, layer string) {
	for _, end := range []struct {
		wait time.Duration
		kind engine.Kind
	}{{shortTime, engine.ErrPoolTimeout}, {patience, engine.ErrCancelled}} {
		o := settings{wait: end.wait}
		if s.name == "sqlite" && layer == "Transact" {
			o.size = 1 // two write transactions wait for each other there
		}
		c := newCell(t, s, layer, o)
		var held []func() error
		for len(held) < c.limit {
			free, err := c.u.hold(t.Context())
			if errors.Is(err, engine.ErrPoolTimeout) {
				continue // a dial took that long; it goes on
			}
			check(t, err)
			held = append(held, free)
		}
		before := c.u.stats()
		ctx, cancel := context.WithCancel(t.Context())
		id, done := keys.Add(1), make(chan error, 1)
		go func() { done <- c.u.put(ctx, id, false, nil) }()
		if end.kind == engine.ErrCancelled {
			testenv.Eventually(t, "somebody waits", func() bool { return c.u.stats().Waiters == 1 })
			cancel()
		}
		err := <-done
		cancel()
		if !errors.Is(err, end.kind) || errors.Is(err, context.Canceled) != (end.kind == engine.ErrCancelled) || mayHaveRun(err) {
			t.Errorf("all connections are out: %v", err)
		}
		st := c.u.stats()
		timeouts, cancelled := st.Timeouts-before.Timeouts, st.Canceled-before.Canceled
		if st.Leased != c.limit || timeouts+cancelled != 1 || (cancelled == 1) != (end.kind == engine.ErrCancelled) || st.Waiters != 0 {
			t.Errorf("the books: %v", st)
		}
		for _, free := range held {
			check(t, free())
		}
		if s.there(t, id) {
			t.Error("a row that no connection wrote")
		}
		c.finish()
	}
}

func crowd(t testing.TB, s *server, layer string) {
	c := newCell(t, s, layer, settings{size: 4})
	var wg sync.WaitGroup
	var mu sync.Mutex
	results := map[int64]error{}
	for range 1000 {
		ctx, cancel := context.WithCancel(context.Background())
		id, bound := keys.Add(1), rand.N(200*time.Millisecond)
		timer := time.AfterFunc(bound, cancel)
		wg.Go(func() {
			defer cancel()
			defer timer.Stop()
			err := c.u.put(ctx, id, false, nil)
			mu.Lock()
			results[id] = err
			mu.Unlock()
		})
	}
	wg.Wait()
	c.books()
	ids, err := engine.All[int64](t.Context(), s.admin, engine.Text("SELECT id FROM faults_rows"))
	check(t, err)
	rows := make(map[int64]bool, len(ids))
	for _, id := range ids {
		rows[id] = true
	}
	done := 0
	for id, err := range results {
		switch {
		case err == nil:
			done++
			if !rows[id] {
				t.Errorf("row %d was acknowledged, and is not there", id)
			}
		case rows[id] && !mayHaveRun(err):
			t.Errorf("row %d is there, and the error does not say MayHaveRun: %v", id, err)
		case !errors.Is(err, engine.ErrCancelled):
			t.Errorf("not the error of a cancellation: %v", err)
		}
		if t.Failed() {
			break
		}
	}
	if done == 0 || done == 1000 {
		t.Logf("%d of 1,000 were not cancelled", done)
	}
	c.finish()
}

func passwordChanged(t testing.TB, s *server, layer string) {
	u, err := dialect.ParseURL(s.login)
	check(t, err)
	first, _ := u.Password()
	set := func(password string) {
		if s.name == "postgres" {
			s.exec(t, "GRANT ALL ON faults_rows TO scram")
			s.exec(t, "ALTER ROLE scram PASSWORD '"+password+"'")
			return
		}
		s.exec(t, "ALTER USER secret@'127.0.0.1' IDENTIFIED BY '"+password+"'")
	}
	set(first)
	var known atomic.Pointer[string]
	known.Store(&first)
	c := newCellAt(t, s, layer, s.login, settings{password: func(context.Context) (string, error) { return *known.Load(), nil }})
	c.warm(2)
	second := "an0ther:/@"
	set(second)
	defer set(first)
	c.works() // what is open stays open
	c.p.CutAll()
	id := keys.Add(1)
	if err := c.u.put(t.Context(), id, false, nil); !errors.Is(err, engine.ErrAuthentication) {
		c.judge(id, err, want{lost, either, no})
		id = keys.Add(1)
		c.judge(id, c.u.put(t.Context(), id, false, nil), want{[]engine.Kind{engine.ErrAuthentication}, no, no})
	}
	known.Store(&second)
	c.finish()
}

func tooMany(t testing.TB, s *server, layer string) {
	name := fmt.Sprintf("few%d", keys.Add(1))
	if s.name == "postgres" {
		s.exec(t, "CREATE ROLE "+name+" LOGIN CONNECTION LIMIT 1")
		s.exec(t, "GRANT ALL ON faults_rows TO "+name)
	} else {
		s.exec(t, "CREATE USER "+name+"@'127.0.0.1' IDENTIFIED BY '' WITH MAX_USER_CONNECTIONS 1")
		s.exec(t, "GRANT ALL ON test.* TO "+name+"@'127.0.0.1'")
	}
	u, err := dialect.ParseURL(s.url)
	check(t, err)
	u.Username = name
	c := newCellAt(t, s, layer, u.Reveal(), settings{})
	free, err := c.u.hold(t.Context())
	check(t, err)
	id := keys.Add(1)
	c.judge(id, c.u.put(t.Context(), id, false, nil), want{[]engine.Kind{engine.ErrTooManyConnections}, no, no})
	check(t, free())
	c.finish()
}

// beside opens a connection to the file of a test that no pool knows.
func beside(t testing.TB, url string) dialect.Conn {
	t.Helper()
	u, err := dialect.ParseURL(url)
	check(t, err)
	d, err := dialect.Lookup(u.Scheme)
	check(t, err)
	con, err := d.OpenConnector(u, dialect.ConnectConfig{})
	check(t, err)
	c, err := con.Connect(t.Context())
	check(t, err)
	return c
}

func locked(t testing.TB, s *server, layer string) {
	other := beside(t, s.url)
	c := newCellAt(t, s, layer, with(s.url, "busy_timeout=50ms"), settings{})
	c.warm(1)
	check(t, other.Begin(t.Context(), dialect.TxOptions{}))
	id := keys.Add(1)
	c.judge(id, c.u.put(t.Context(), id, false, nil), want{[]engine.Kind{engine.ErrBusy}, no, no})
	check(t, errors.Join(other.Rollback(t.Context()), other.Close()))
	c.finish()
}

// lockedAtCommit has a reader where there is no write-ahead log: it keeps the
// commit from taking effect.
func lockedAtCommit(t testing.TB, s *server, layer string) {
	file := *s
	file.url = "sqlite:///" + filepath.ToSlash(filepath.Join(t.TempDir(), "journal.db")) + "?journal_mode=delete"
	var err error
	file.admin, err = engine.Open(file.url)
	check(t, err)
	defer file.admin.Close()
	file.exec(t, "CREATE TABLE faults_rows (id BIGINT NOT NULL PRIMARY KEY)")
	file.exec(t, "INSERT INTO faults_rows (id) VALUES (-1), (-2)")
	c := newCellAt(t, &file, layer, with(file.url, "busy_timeout=50ms"), settings{})
	c.warm(1)
	rows, err := file.admin.Query(t.Context(), "SELECT id FROM faults_rows")
	check(t, err)
	if !rows.Next() {
		t.Fatal(rows.Close())
	}
	id := keys.Add(1)
	err = c.u.put(t.Context(), id, true, nil)
	check(t, rows.Close())
	c.judge(id, err, want{[]engine.Kind{engine.ErrBusy}, no, no})
	c.finish()
}

func diskFull(t testing.TB, s *server, layer string) {
	file := *s
	file.url = "sqlite:///" + filepath.ToSlash(filepath.Join(t.TempDir(), "full.db"))
	var err error
	file.admin, err = engine.Open(file.url)
	check(t, err)
	defer file.admin.Close()
	file.exec(t, "CREATE TABLE faults_rows (id BIGINT NOT NULL PRIMARY KEY)")
	pages, err := engine.Scalar[int](t.Context(), file.admin, engine.Text("PRAGMA page_count"))
	check(t, err)
	c := newCellAt(t, &file, layer, with(file.url, fmt.Sprintf("pragma.max_page_count=%d", pages+1)), settings{})
	c.warm(1)
	id := keys.Add(1)
	fill := "INSERT INTO faults_rows (id) WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) SELECT -1000 - x FROM n UNION ALL SELECT :id"
	c.judge(id, c.u.run(t.Context(), fill, id, false, nil), want{[]engine.Kind{engine.ErrDiskFull}, no, no})
	c.finish() // a single row has room
}

func readOnly(t testing.TB, s *server, layer string) {
	c := newCellAt(t, s, layer, with(s.url, "mode=ro"), settings{})
	id := keys.Add(1)
	c.judge(id, c.u.put(t.Context(), id, false, nil), want{[]engine.Kind{engine.ErrReadOnly}, no, no})
	c.books()
	c.end()
}
