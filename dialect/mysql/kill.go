package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"strconv"
	"syscall"

	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// When a context ends, the driver closes the connection, and the server would
// work on with nobody to read the answer: it does not look at the connection
// while it runs a statement. So a second connection tells it to stop. Which one
// is meant, the server has said in the first packet of the first connection.

// sameServer is the key of the address that a connection was made to. A name may
// stand for several servers, on each of which the number is another connection's.
type sameServer struct{}

// kill stops what a connection was running. The connection is lost already.
func (d *dialers) kill(ctx context.Context, c *sqldriver.Conn) error {
	_, err := d.tell(ctx, c, "KILL ")
	return err
}

// stop stops the query that a connection is reading, and not the connection.
func (d *dialers) stop(ctx context.Context, c *sqldriver.Conn) error {
	told, err := d.tell(ctx, c, "KILL QUERY ")
	if err == nil && !told {
		err = errors.New("mysql: the number of the connection is not known")
	}
	return err
}

// hangUp cuts the network connection under the driver.
func hangUp(c *sqldriver.Conn) {
	if w, ok := c.Aux.(*wire); ok && w.greeting != nil {
		w.greeting.Conn.Close()
	}
}

// tell gives a command about c to its server, on a connection of its own. told
// is false where it is not known which one that would be.
func (d *dialers) tell(ctx context.Context, c *sqldriver.Conn, command string) (told bool, err error) {
	w, ok := c.Aux.(*wire)
	if !ok || w.greeting == nil || w.greeting.thread == 0 || w.host >= len(d.each) {
		return false, nil // a network of the driver's own
	}
	if a := w.conn.RemoteAddr(); a != nil {
		ctx = context.WithValue(ctx, sameServer{}, a.String())
	}
	conn, err := d.connect(ctx, d.each[w.host])
	if err != nil {
		return false, err
	}
	x, ok := conn.(driver.ExecerContext)
	if !ok {
		return false, conn.Close()
	}
	_, err = x.ExecContext(ctx, command+strconv.FormatUint(uint64(w.greeting.thread), 10), nil)
	if number(err) == 1094 { // gone already
		err = nil
	}
	return err == nil, errors.Join(err, conn.Close())
}

// greetings wraps a dial function so that what it returns is a greeting,
// noted in the context's wire.
func greetings(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(ctx context.Context, network, address string) (net.Conn, error) {
	if dial == nil {
		return nil
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		w, ok := ctx.Value(wireKey{}).(*wire)
		if !ok {
			return conn, nil
		}
		w.greeting = &greeting{Conn: conn}
		if sys, ok := conn.(syscall.Conn); ok {
			return checked{w.greeting, sys}, nil
		}
		return w.greeting, nil
	}
}

// greeting is a network connection that reads along in the server's first
// packet, to learn the number that the server gave the connection:
//
//	3 bytes length, 1 byte sequence, 1 byte protocol version, the server's
//	version up to a zero byte, 4 bytes number, …
type greeting struct {
	net.Conn
	head   []byte
	known  bool // the number, or that there is none
	thread uint32
}

// mostHead is more than what comes before the number.
const mostHead = 512

// Read implements net.Conn.
func (g *greeting) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	if !g.known {
		g.learn(p[:n])
	}
	return n, err
}

func (g *greeting) learn(p []byte) {
	g.head = append(g.head, p[:min(len(p), mostHead)]...)
	const version = 5
	if len(g.head) <= version {
		return
	}
	if g.head[version-1] != 10 { // not a greeting but an error
		g.known, g.head = true, nil
		return
	}
	for i := version; i < len(g.head); i++ {
		if g.head[i] != 0 {
			continue
		}
		if id := g.head[i+1:]; len(id) >= 4 {
			g.thread = uint32(id[0]) | uint32(id[1])<<8 | uint32(id[2])<<16 | uint32(id[3])<<24
			g.known, g.head = true, nil
		}
		return
	}
	if len(g.head) > mostHead {
		g.known, g.head = true, nil
	}
}

// checked is a greeting that the driver can ask whether the server has closed
// an idle connection.
type checked struct {
	*greeting
	syscall.Conn
}
