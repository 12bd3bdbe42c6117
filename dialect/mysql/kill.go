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
	w, ok := c.Aux.(*wire)
	if !ok || w.greeting == nil || w.greeting.thread == 0 || w.host >= len(d.each) {
		return nil // a network of the driver's own: there is no way to tell
	}
	if a := w.conn.RemoteAddr(); a != nil {
		ctx = context.WithValue(ctx, sameServer{}, a.String())
	}
	conn, err := d.connect(ctx, d.each[w.host])
	if err != nil {
		return err
	}
	x, ok := conn.(driver.ExecerContext)
	if !ok {
		return conn.Close()
	}
	_, err = x.ExecContext(ctx, "KILL "+strconv.FormatUint(uint64(w.greeting.thread), 10), nil)
	if number(err) == 1094 { // gone already
		err = nil
	}
	return errors.Join(err, conn.Close())
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
