package tdsfake

import (
	"fmt"
	"net"
	"testing"

	"github.com/sqlayer-go/sqlayer/internal/fakenet"
)

// Password is the one that logs in.
const Password = "Passw0rd!"

// Request is what the client asks.
type Request struct {
	// Text is the batch, the statement of sp_executesql, the name of another
	// procedure, or BEGIN, COMMIT or ROLLBACK for the requests of these kinds,
	// BEGIN with the number of the isolation level where one was named.
	Text string
	// Declared are the declarations of sp_executesql's parameters.
	Declared string
	Params   []Param
	// Bulk are the column descriptions and rows of a bulk load, whose Text is BULK.
	Bulk []byte
	// Reset says that the session is to be reset first.
	Reset bool
}

// Param is a parameter as it was sent.
type Param struct {
	Name, Type string
	Value      any
}

// Reply is the answer: rows, or a number of rows, or an error.
type Reply struct {
	Columns  []string
	Rows     [][]any // nil, int64, bool, float64, string, []byte, time.Time, Decimal, GUID
	Affected int
	Err      *Error
	Hang     bool // no answer before an attention
	Late     bool // the answer comes when an attention is under way already
	Drop     bool // the connection breaks instead
	Ends     bool // Err rolls the transaction back
}

// Error is an error of the server.
type Error struct {
	Number  int
	Class   byte // 16 where it is 0
	Message string
}

// Login is what a client said of itself.
type Login struct{ User, Password, Database, App string }

// Server is a fake server.
type Server struct {
	Addr string

	handle   func(Request) Reply
	logins   fakenet.Log[Login]
	requests fakenet.Log[Request]
}

// Start starts a server that is stopped at the end of the test. A nil handle
// answers everything with nothing.
func Start(t testing.TB, handle func(Request) Reply) *Server {
	t.Helper()
	s := &Server{handle: handle}
	s.Addr = fakenet.Listen(t, func(c net.Conn) { (&session{s: s, c: c}).serve() })
	return s
}

// Logins are those so far.
func (s *Server) Logins() []Login { return s.logins.All() }

// Requests are those so far, and are forgotten.
func (s *Server) Requests() []Request { return s.requests.Take() }

// session is one connection.
type session struct {
	s *Server
	c net.Conn
}

func (x *session) serve() {
	defer func() {
		_ = recover() // a message that makes no sense ends the connection
	}()
	for {
		kind, status, body, err := readMessage(x.c)
		if err != nil {
			return
		}
		w := &writer{}
		switch kind {
		case msgPrelogin: // version 11; no encryption
			w.u8(0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 4, 0, 0, 0, 2)
		case msgLogin:
			x.login(w, body)
		case msgAttention:
			w.done(tokenDone, 0x20, 0)
		case msgBulk:
			x.bulk(w, body)
		case msgBatch, msgRPC, msgTransaction:
			if !x.request(w, kind, status&0x18 != 0, body) {
				return
			}
		default:
			return
		}
		if err := writeMessage(x.c, w.Bytes()); err != nil {
			return
		}
	}
}

func (x *session) login(w *writer, b []byte) {
	field := func(at int) []byte {
		from, n := int(le.Uint16(b[at:])), int(le.Uint16(b[at+2:]))
		return append([]byte(nil), b[from:from+2*n]...)
	}
	password := field(44)
	for i, c := range password {
		c ^= 0xa5
		password[i] = c<<4 | c>>4
	}
	l := Login{User: utf16Text(field(40)), Password: utf16Text(password), App: utf16Text(field(48)), Database: utf16Text(field(68))}
	x.s.logins.Add(l)
	if l.Password != Password {
		w.fail(&Error{Number: 18456, Class: 14, Message: "Login failed for user '" + l.User + "'."})
		w.done(tokenDone, 2, 0)
		return
	}
	w.changeText(1, l.Database, "master")
	w.changeText(4, "4096", "4096")
	product := "Microsoft SQL Server"
	w.u8(tokenLoginAck)
	w.u16(1 + 4 + 1 + 2*len(product) + 4)
	w.u8(1, 0x74, 0, 0, 4)
	w.name(product)
	w.u8(16, 0, 4, 0)
	w.done(tokenDone, 0, 0)
}

// bulk takes the rows of INSERT BULK, whose bytes are kept as they are.
func (x *session) bulk(w *writer, body []byte) {
	req := Request{Text: "BULK", Bulk: body}
	x.s.requests.Add(req)
	var reply Reply
	if x.s.handle != nil {
		reply = x.s.handle(req)
	}
	if reply.Err != nil {
		w.fail(reply.Err)
		w.done(tokenDone, 2, 0)
		return
	}
	w.done(tokenDone, 0x10, reply.Affected)
}

// request answers one; it returns false where the connection is to break.
func (x *session) request(w *writer, kind byte, reset bool, body []byte) (ok bool) {
	r := &reader{body}
	r.take(int(le.Uint32(r.b))) // headers
	req := Request{Reset: reset}
	end := byte(tokenDone)
	descriptor := []byte{1, 0, 0, 0, 0, 0, 0, 0}
	transaction := func() {}
	switch kind {
	case msgBatch:
		req.Text = utf16Text(r.b)
	case msgRPC:
		end = tokenDoneProc
		readCall(r, &req)
	case msgTransaction:
		switch k := r.u16(); k {
		case 5:
			req.Text = "BEGIN"
			if level := r.u8(); level > 0 {
				req.Text = fmt.Sprintf("BEGIN %d", level)
			}
			transaction = func() { w.change(8, descriptor, nil) }
		case 7:
			req.Text = "COMMIT"
			transaction = func() { w.change(9, nil, descriptor) }
		case 8:
			req.Text = "ROLLBACK"
			transaction = func() { w.change(10, nil, descriptor) }
		default:
			return false
		}
	}
	x.s.requests.Add(req)
	var reply Reply
	if x.s.handle != nil {
		reply = x.s.handle(req)
	}
	if reply.Late {
		if kind, _, _, err := readMessage(x.c); err != nil || kind != msgAttention {
			return false
		}
		defer func() { // a message of its own
			ok = ok && writeMessage(x.c, w.Bytes()) == nil
			*w = writer{}
			w.done(tokenDone, 0x20, 0)
		}()
	}
	switch {
	case reply.Drop:
		return false
	case reply.Hang:
		if kind, _, _, err := readMessage(x.c); err != nil || kind != msgAttention {
			return false
		}
		w.done(tokenDone, 0x20, 0)
	case reply.Err != nil:
		w.fail(reply.Err)
		if reply.Ends {
			w.change(10, nil, descriptor)
		}
		w.done(end, 2, 0)
	default:
		transaction()
		n := reply.Affected
		if reply.Columns != nil {
			w.result(reply.Columns, reply.Rows)
			n = len(reply.Rows)
		}
		w.done(end, 0x10, n)
	}
	return true
}

// readCall reads the call of a procedure. sp_executesql's first two
// parameters are the statement and the declarations.
func readCall(r *reader, req *Request) {
	n := r.u16()
	name := ""
	if n == 0xffff {
		if r.u16() == 10 {
			name = "sp_executesql"
		}
	} else {
		name = utf16Text(r.take(2 * n))
	}
	r.u16() // options
	for len(r.b) > 0 {
		p := Param{Name: utf16Text(r.take(2 * r.u8()))}
		r.u8() // flags
		p.Value, p.Type = r.value()
		req.Params = append(req.Params, p)
	}
	req.Text = name
	if name == "sp_executesql" && len(req.Params) >= 2 {
		req.Text, _ = req.Params[0].Value.(string)
		req.Declared, _ = req.Params[1].Value.(string)
		req.Params = req.Params[2:]
	}
}
