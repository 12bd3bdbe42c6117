package tnsfake

import (
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/fakenet"
)

// Password is the one that logs in, but for users that [Server.AddUser] has added.
const Password = "Passw0rd!"

// Request is a statement that the client sent, or COMMIT, ROLLBACK or PING
// for the calls of these kinds.
type Request struct {
	Text   string
	Params []any    // nil, Number, string, []byte, time.Time (as it is in UTC), Repeated
	Types  []string // of Params: VARCHAR2, NUMBER, RAW, DATE, TIMESTAMP, TIMESTAMP WITH TIME ZONE, CLOB, BLOB, BOOLEAN
	More   [][]any  // further rows of an array bind
	// Commits says that the statement commits by itself.
	Commits bool
}

// Repeated is a parameter whose name stands before it already, with its value.
type Repeated struct{}

// Reply is the answer: rows, or a number of rows, or an error.
type Reply struct {
	Columns  []string
	Rows     [][]any // nil, Number, string, []byte, time.Time
	Affected int
	// Outs are the values of the last parameters, which are out parameters.
	Outs    []any
	Code    int    // ORA-…
	Message string // of Code
	Hang    bool   // no answer before a break
	Drop    bool   // the connection breaks instead
	// Then answers the fetch that follows these rows, with more rows or
	// otherwise; nil: there are no more.
	Then *Reply
}

// Login is what a client said of itself.
type Login struct{ User, Program, Connect string }

// Server is a fake server.
type Server struct {
	Addr string

	handle   func(Request) Reply
	logins   fakenet.Log[Login]
	requests fakenet.Log[Request]
	closed   atomic.Int64

	mu        sync.Mutex
	passwords map[string]string
}

// AddUser has a user log in with a password of its own. The name is in any case.
func (s *Server) AddUser(name, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.passwords == nil {
		s.passwords = map[string]string{}
	}
	s.passwords[strings.ToUpper(name)] = password
}

func (s *Server) passwordOf(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.passwords[strings.ToUpper(user)]; ok {
		return p
	}
	return Password
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

// Requests are those so far, and are forgotten. The calls that close a
// cursor are not among them.
func (s *Server) Requests() []Request { return s.requests.Take() }

// ClosedCursors is how many cursors were closed so far.
func (s *Server) ClosedCursors() int { return int(s.closed.Load()) }

// session is one connection.
type session struct {
	s     *Server
	c     net.Conn
	login Login
	auth  auth
	then  *Reply // of the rows given last
}

func (x *session) serve() {
	defer func() {
		_ = recover() // a message that makes no sense ends the connection
	}()
	kind, body, err := readPacket(x.c)
	if err != nil || kind != packetConnect {
		return
	}
	if len(body) == 62 { // the descriptor comes in a packet of its own
		if _, body, err = readPacket(x.c); err != nil {
			return
		}
	}
	if i := strings.IndexByte(string(body), '('); i >= 0 {
		x.login.Connect = string(body[i:])
	}
	accept := make([]byte, 32)
	binary.BigEndian.PutUint16(accept, 32)
	accept[4] = packetAccept
	for i, v := range []uint16{312, 0, 8192, 32767, 1, 0, 32} { // version 312: lengths of two bytes
		binary.BigEndian.PutUint16(accept[8+2*i:], v)
	}
	if _, err := x.c.Write(accept); err != nil {
		return
	}
	for {
		kind, body, err := readPacket(x.c)
		if err != nil || kind == packetData && len(body) < 3 {
			return
		}
		if kind != packetData {
			continue
		}
		w := &writer{}
		if !x.message(w, &reader{body[2:]}) {
			return
		}
		if err := writeData(x.c, w.Bytes()); err != nil {
			return
		}
	}
}

// message answers one; it returns false where the connection is to end.
func (x *session) message(w *writer, r *reader) bool {
	closing := false
	for r.b[0] == 0x11 { // close a cursor, before the call itself
		closing = true
		x.s.closed.Add(1)
		r.take(6)
		r.num()
	}
	switch r.b[0] {
	case 1: // the protocol: character sets and what the server can do
		w.u8(1, 6, 0)
		w.WriteString("x86_64/Linux 2.4.xx\x00")
		w.u8(873&0xff, 873>>8, 1, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0xd0, 8, 6, 1, 0, 0, 2, 1, 1, 6, 2, 2, 1)
		return true
	case 2: // types
		w.u8(2, 128, 0, 0, 0, 60, 60, 60, 128, 0, 0, 0, 0)
		return true
	case 3:
	default:
		return false
	}
	r.u8()
	call := r.u8()
	r.u8()
	switch call {
	case 0x76:
		x.begin(w, r)
	case 0x73:
		x.finish(w, r)
	case 0x3b: // version
		v := "Oracle Database 19c"
		w.u8(8)
		w.num(len(v))
		w.value([]byte(v))
		w.num(19 << 24)
	case 0x5e:
		return x.execute(w, r)
	case 5:
		return x.fetch(w)
	case 0x0e:
		return x.ask(w, Request{Text: "COMMIT"})
	case 0x0f:
		return x.ask(w, Request{Text: "ROLLBACK"})
	case 0x93:
		if closing {
			w.u8(9)
			return true
		}
		return x.ask(w, Request{Text: "PING"})
	default: // goodbye
		w.u8(9)
	}
	return true
}

// ask answers a call without a statement.
func (x *session) ask(w *writer, req Request) bool {
	reply := x.answer(req)
	if reply.Drop {
		return false
	}
	if reply.Code != 0 {
		w.summary(0, reply.Code, 0, reply.Message)
		return true
	}
	w.u8(9)
	return true
}

func (x *session) answer(req Request) Reply {
	x.s.requests.Add(req)
	if x.s.handle == nil {
		return Reply{}
	}
	return x.s.handle(req)
}

// execute reads a statement with its parameters, and answers it.
func (x *session) execute(w *writer, r *reader) bool {
	options := r.num()
	r.num()
	r.u8()
	r.num()
	r.u8()
	r.num()
	r.take(2)
	r.u8()
	r.num()
	r.num()
	r.u8()
	count := r.num()
	r.take(5)
	r.u8()
	r.num()
	r.take(3)
	r.take(5)
	req := Request{Commits: options&0x100 != 0}
	if options&1 != 0 {
		req.Text = string(r.bytes())
	}
	for range 13 {
		r.num()
	}
	types, repeated := make([]byte, count), make([]bool, count)
	for i := range types {
		types[i] = r.u8()
		req.Types = append(req.Types, typeName(types[i]))
		repeated[i] = r.u8() == 0x80
		r.take(2)
		r.num()
		r.num()
		r.num()
		if r.num() > 0 {
			r.bytes()
		}
		r.num()
		r.num()
		r.u8()
		r.num()
	}
	for row := 0; count > 0 && len(r.b) > 0 && r.u8() == 7; row++ {
		var params []any
		for i, t := range types {
			if repeated[i] {
				params = append(params, Repeated{})
				continue
			}
			params = append(params, param(t, r.bytes()))
		}
		if row == 0 {
			req.Params = params
		} else {
			req.More = append(req.More, params)
		}
	}
	reply := x.answer(req)
	switch {
	case reply.Drop:
		return false
	case reply.Hang:
		return x.breaks(w)
	case reply.Code != 0:
		w.summary(0, reply.Code, 0, reply.Message)
	case reply.Columns != nil:
		w.describe(reply.Columns, reply.Rows)
		x.rows(w, &reply)
	case reply.Outs != nil:
		w.u8(11, 0)
		w.num(count, 0, 1, 0, 0, 0)
		for i := range count {
			if i < count-len(reply.Outs) {
				w.u8(32)
			} else {
				w.u8(16)
			}
		}
		w.u8(7)
		for _, v := range reply.Outs {
			w.any(v)
			w.num(0)
		}
		w.summary(1, 0, 1, "")
	default:
		w.summary(reply.Affected, 0, 1, "")
	}
	return true
}

// fetch answers the call for more rows.
func (x *session) fetch(w *writer) bool {
	x.s.requests.Add(Request{Text: "FETCH"})
	reply := x.then
	if reply == nil {
		reply = &Reply{}
	}
	switch {
	case reply.Drop:
		return false
	case reply.Hang:
		return x.breaks(w)
	case reply.Code != 0:
		w.summary(0, reply.Code, 0, reply.Message)
	default:
		x.rows(w, reply)
	}
	return true
}

// rows writes rows, and whether there are more.
func (x *session) rows(w *writer, reply *Reply) {
	w.rows(reply.Rows)
	if x.then = reply.Then; x.then != nil {
		w.summary(len(reply.Rows), 0, 2, "")
		return
	}
	w.summary(len(reply.Rows), 1403, 2, "ORA-01403: no data found\n")
}

// breaks waits for the client to break the call, and ends it as the server does.
func (x *session) breaks(w *writer) bool {
	marker := func(kind byte) bool {
		_, err := x.c.Write([]byte{0, 11, 0, 0, packetMarker, 0, 0, 0, 1, 0, kind})
		return err == nil
	}
	if kind, _, err := readPacket(x.c); err != nil || kind != packetMarker || !marker(1) {
		return false
	}
	if kind, _, err := readPacket(x.c); err != nil || kind != packetMarker || !marker(2) {
		return false
	}
	w.summary(0, 1013, 0, "ORA-01013: user requested cancel of current operation\n")
	return true
}

func typeName(t byte) string {
	switch t {
	case typeText, 8, 9, 96:
		return "VARCHAR2"
	case typeNumber:
		return "NUMBER"
	case typeDate:
		return "DATE"
	case typeRaw, 24:
		return "RAW"
	case typeTimestamp, 187:
		return "TIMESTAMP"
	case typeTimestampTZ, 188:
		return "TIMESTAMP WITH TIME ZONE"
	case 112:
		return "CLOB"
	case 113:
		return "BLOB"
	case 252:
		return "BOOLEAN"
	}
	return fmt.Sprint("type ", t)
}

func param(t byte, b []byte) any {
	switch {
	case b == nil:
		return nil
	case t == typeNumber:
		return decodeNumber(b)
	case t == typeDate || t >= typeTimestamp && t <= 188:
		return decodeTime(b)
	case t == typeRaw:
		return b
	}
	return string(b)
}

// describe writes the description of columns.
func (w *writer) describe(columns []string, rows [][]any) {
	w.u8(16, 0)
	w.num(4000, len(columns))
	w.u8(0)
	for i, name := range columns {
		t := byte(typeText)
		for _, row := range rows {
			switch row[i].(type) {
			case Number:
				t = typeNumber
			case time.Time:
				t = typeTimestamp
			case []byte:
				t = typeRaw
			}
		}
		w.u8(t, 0, 0) // flag, precision
		if t == typeNumber || t == typeTimestamp {
			w.num(0) // scale
		} else {
			w.u8(0)
		}
		w.num(4000, 0, 0, 0, 0, 873)
		w.u8(1)
		w.num(4000)
		w.u8(1, 0) // nullable
		w.text(name)
		w.num(0, 0, 0, 0)
	}
	w.num(0, 0, 0, 0, 0, 0)
}

// rows writes rows behind their header.
func (w *writer) rows(rows [][]any) {
	columns := 0
	if len(rows) > 0 {
		columns = len(rows[0])
	}
	w.u8(6, 0)
	w.num(columns, 0, len(rows), 0, 0, 0)
	for _, row := range rows {
		w.u8(7)
		for _, v := range row {
			w.any(v)
		}
	}
}

func (w *writer) any(v any) {
	switch x := v.(type) {
	case nil:
		w.u8(0)
	case Number:
		w.value(encodeNumber(x))
	case time.Time:
		w.value(encodeTime(x))
	case []byte:
		w.value(x)
	case string:
		w.value([]byte(x))
	default:
		panic("tnsfake: a value of another type")
	}
}
