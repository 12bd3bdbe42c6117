package wireproxy

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Kind is the protocol that a Proxy reads.
type Kind int

// The protocols.
const (
	Postgres Kind = iota // the PostgreSQL frontend/backend protocol, version 3
	MySQL                // the MySQL and MariaDB client/server protocol, 4.1 and later
)

// A Proxy listens on a free port of the loopback interface and passes what it
// gets on to one server. It is safe for concurrent use.
type Proxy struct {
	t      testing.TB
	kind   Kind
	target string
	ln     net.Listener
	wg     sync.WaitGroup
	closed chan struct{}

	mu       sync.Mutex
	links    map[*link]struct{}
	accepted int
	refuse   bool
	gate     chan struct{} // closed while messages may pass
	book     book
	faults   []*Injected
}

// New starts a proxy to the server at target, a host and port or the path of a
// unix socket. The proxy and all its connections are closed when the test
// ends. A server that cannot be reached shows in the client, whose connection
// is reset.
func New(t testing.TB, kind Kind, target string) *Proxy {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("wireproxy: %v", err)
	}
	p := &Proxy{
		t: t, kind: kind, target: target, ln: ln,
		closed: make(chan struct{}), gate: make(chan struct{}), links: map[*link]struct{}{},
	}
	close(p.gate)
	p.book.reset()
	p.wg.Go(p.accept)
	t.Cleanup(p.Close)
	return p
}

// Between starts a proxy to the server that an engine URL names, and returns
// the URL that leads through the proxy.
func Between(t testing.TB, dsn string) (*Proxy, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatalf("wireproxy: the URL cannot be parsed") // err would show the password
	}
	var kind Kind
	var port string
	switch u.Scheme {
	case "postgres", "postgresql":
		kind, port = Postgres, "5432"
	case "mysql", "mariadb":
		kind, port = MySQL, "3306"
	default:
		t.Fatalf("wireproxy: no proxy for the scheme %q", u.Scheme)
	}
	if u.Hostname() == "" {
		t.Fatalf("wireproxy: the URL names no host")
	}
	if u.Port() != "" {
		port = u.Port()
	}
	p := New(t, kind, net.JoinHostPort(u.Hostname(), port))
	u.Host = p.Addr()
	return p, u.String()
}

// Addr returns the host and port at which the proxy listens.
func (p *Proxy) Addr() string { return p.ln.Addr().String() }

// Close stops listening, closes every connection and waits until nothing of
// the proxy runs any more. It may be called more than once.
func (p *Proxy) Close() {
	p.mu.Lock()
	select {
	case <-p.closed:
	default:
		close(p.closed)
	}
	p.mu.Unlock()
	p.ln.Close()
	p.each((*link).cut)
	p.wg.Wait()
}

// CutAll closes all connections of the moment in the orderly way (FIN), and
// returns how many there were.
func (p *Proxy) CutAll() int { return p.each((*link).cut) }

// ResetAll breaks all connections of the moment (RST), and returns how many
// there were.
func (p *Proxy) ResetAll() int { return p.each((*link).reset) }

// Silence stops everything: connections stay open, new ones are accepted, and
// nothing passes in either direction until Resume.
func (p *Proxy) Silence() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.gate:
		p.gate = make(chan struct{})
	default:
	}
}

// Refuse has new connections reset as soon as they are made, until Resume.
// Those that are open stay as they are.
func (p *Proxy) Refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = true
}

// Resume ends Silence and Refuse. What a silenced connection had sent is
// passed on.
func (p *Proxy) Resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = false
	select {
	case <-p.gate:
	default:
		close(p.gate)
	}
}

// Connections returns how many connections clients hold at the moment.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.links)
}

// Accepted returns how many connections clients have made, those apart that
// were refused. Reset does not touch it.
func (p *Proxy) Accepted() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accepted
}

func (p *Proxy) forget(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.links, l)
}

func (p *Proxy) each(do func(*link)) int {
	p.mu.Lock()
	links := make([]*link, 0, len(p.links))
	for l := range p.links {
		links = append(links, l)
	}
	p.mu.Unlock()
	for _, l := range links {
		do(l)
	}
	return len(links)
}

func (p *Proxy) accept() {
	for {
		c, err := p.ln.Accept()
		if err != nil {
			return // closed
		}
		l := &link{p: p, client: c.(*net.TCPConn), done: make(chan struct{})}
		p.mu.Lock()
		refuse := p.refuse
		select {
		case <-p.closed:
			refuse = true
		default:
		}
		if !refuse {
			p.accepted++
			p.links[l] = struct{}{}
			p.wg.Go(l.serve)
		}
		p.mu.Unlock()
		if refuse {
			l.reset()
		}
	}
}

// pass waits until messages may pass, and reports false when the link ends
// first.
func (p *Proxy) pass(l *link) bool {
	p.mu.Lock()
	gate := p.gate
	p.mu.Unlock()
	select {
	case <-gate:
		return true
	default:
	}
	select {
	case <-gate:
		return true
	case <-l.done:
		return false
	}
}

// A link is one connection of a client and the connection to the server that
// belongs to it.
type link struct {
	p      *Proxy
	client *net.TCPConn
	proto  protocol

	mu     sync.Mutex // guards server and ended
	server net.Conn
	ended  bool
	done   chan struct{} // closed when ended

	toClient sync.Mutex // a refusal of TLS and the server's messages go the same way
}

// A protocol reads the messages of one link. next looks at what lies ahead in
// the reader, waiting for as much as it must see, and consumes nothing.
type protocol interface {
	next(from Side, r *bufio.Reader) (message, error)
}

// A message is one protocol message that has arrived and is not yet passed on.
type message struct {
	from    Side
	name    string
	text    string // the SQL that it sends, prepares or executes
	size    int    // its length, or that of its first packet
	more    bool   // further packets of the same message follow (MySQL, 16 MB and more)
	answer  []byte // sent back instead of passing the message on
	replace []byte // passed on in its place
	trip    bool   // counts as a round trip
	oneWay  bool   // a command that asks for no answer
	exec    bool   // text is executed
}

func (l *link) serve() {
	defer l.cut()
	if !l.p.pass(l) {
		return
	}
	network := "tcp"
	if strings.HasPrefix(l.p.target, "/") {
		network = "unix"
	}
	server, err := net.Dial(network, l.p.target)
	if err != nil {
		l.reset()
		return
	}
	l.mu.Lock()
	l.server = server
	ended := l.ended
	l.mu.Unlock()
	if ended {
		server.Close()
		return
	}
	switch l.p.kind {
	case MySQL:
		l.proto = &mysqlProto{prepared: map[uint32]string{}}
	default:
		l.proto = &postgresProto{statements: map[string]string{}, portals: map[string]string{}}
	}
	var both sync.WaitGroup
	both.Go(func() { l.relay(Client, l.client, server) })
	both.Go(func() { l.relay(Server, server, l.client) })
	both.Wait()
}

// relay passes messages of one side on to the other until that side has no
// more to say.
func (l *link) relay(from Side, src, dst net.Conn) {
	r, w := bufio.NewReaderSize(src, bufferSize), bufio.NewWriterSize(dst, bufferSize)
	flush := func() error {
		if from == Server {
			l.toClient.Lock()
			defer l.toClient.Unlock()
		}
		return w.Flush()
	}
	for {
		if r.Buffered() == 0 {
			if err := flush(); err != nil {
				l.reset()
				return
			}
		}
		m, err := l.proto.next(from, r)
		if err != nil {
			l.finish(err, flush, dst)
			return
		}
		if !l.p.pass(l) {
			return
		}
		fault := l.p.observe(m)
		switch {
		case m.answer != nil:
			l.toClient.Lock()
			_, err = l.client.Write(m.answer)
			l.toClient.Unlock()
			if err == nil {
				_, err = r.Discard(m.size)
			}
			if err != nil {
				l.reset()
				return
			}
			continue
		case fault != nil:
			if flush() != nil || !l.suffer(fault, m, r, w, flush) {
				return
			}
			continue
		}
		if err := forward(m, r, w); err != nil {
			l.reset()
			return
		}
	}
}

// finish handles the end of one side's data: what is buffered goes out, and
// then the other side learns of the end in the same way, orderly or not.
func (l *link) finish(err error, flush func() error, dst net.Conn) {
	if !errors.Is(err, io.EOF) || flush() != nil {
		l.reset()
		return
	}
	if half, ok := dst.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		return
	}
	l.cut()
}

// forward writes a message with all its packets.
func forward(m message, r *bufio.Reader, w *bufio.Writer) error {
	if m.replace != nil {
		if _, err := w.Write(m.replace); err != nil {
			return err
		}
		_, err := r.Discard(m.size)
		return err
	}
	if _, err := io.CopyN(w, r, int64(m.size)); err != nil {
		return err
	}
	for m.more {
		size, err := mysqlPacketSize(r)
		if err != nil {
			return err
		}
		if _, err := io.CopyN(w, r, int64(size)); err != nil {
			return err
		}
		m.more = size == mysqlHeader+mysqlMaxPayload
	}
	return nil
}

func (l *link) cut()   { l.end(false) }
func (l *link) reset() { l.end(true) }

// end closes both sides; the first call decides how.
func (l *link) end(hard bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.ended = true
	close(l.done)
	l.p.forget(l)
	if hard {
		l.client.SetLinger(0)
		if s, ok := l.server.(*net.TCPConn); ok {
			s.SetLinger(0)
		}
	}
	l.client.Close()
	if l.server != nil {
		l.server.Close()
	}
}
