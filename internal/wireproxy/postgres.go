package wireproxy

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
)

const (
	bufferSize = 64 << 10
	// prefix is how much of a message is looked at; it leaves room for the
	// header in the buffer.
	prefix = 48 << 10
)

var errMalformed = errors.New("wireproxy: not the protocol of the proxy")

var postgresClient = map[byte]string{
	'Q': "Query", 'P': "Parse", 'B': "Bind", 'E': "Execute", 'D': "Describe", 'C': "Close",
	'S': "Sync", 'H': "Flush", 'X': "Terminate", 'p': "Password", 'F': "FunctionCall",
	'd': "CopyData", 'c': "CopyDone", 'f': "CopyFail",
}

var postgresServer = map[byte]string{
	'R': "Authentication", 'S': "ParameterStatus", 'K': "BackendKeyData", 'Z': "ReadyForQuery",
	'1': "ParseComplete", '2': "BindComplete", '3': "CloseComplete", 't': "ParameterDescription",
	'T': "RowDescription", 'n': "NoData", 'D': "DataRow", 'C': "CommandComplete",
	'I': "EmptyQueryResponse", 's': "PortalSuspended", 'E': "ErrorResponse", 'N': "NoticeResponse",
	'A': "NotificationResponse", 'G': "CopyInResponse", 'H': "CopyOutResponse", 'W': "CopyBothResponse",
	'd': "CopyData", 'c': "CopyDone", 'V': "FunctionCallResponse", 'v': "NegotiateProtocolVersion",
}

// Codes in the place of a protocol version in the first message.
const (
	pgCancelRequest = 80877102
	pgSSLRequest    = 80877103
	pgGSSENCRequest = 80877104
)

type postgresProto struct {
	started bool // the client has sent its startup message; its goroutine only
	ready   bool // the login has ended; the server's goroutine only

	mu         sync.Mutex
	statements map[string]string // prepared statement to its text
	portals    map[string]string
}

func (p *postgresProto) next(from Side, r *bufio.Reader) (message, error) {
	if from == Client && !p.started {
		return p.startup(r)
	}
	head, err := r.Peek(5)
	if err != nil {
		return message{}, err
	}
	size := int(binary.BigEndian.Uint32(head[1:])) + 1
	names := postgresClient
	if from == Server {
		names = postgresServer
	}
	kind := head[0]
	name, ok := names[kind]
	if !ok || size < 5 {
		return message{}, fmt.Errorf("%w: message %q of the %v", errMalformed, kind, from)
	}
	m := message{from: from, name: name, size: size}
	if from == Server {
		if kind == 'Z' {
			m.trip = p.ready
			p.ready = true
		}
		return m, nil
	}
	switch kind {
	case 'Q', 'P', 'B', 'E', 'C':
		data, err := r.Peek(min(size, prefix))
		if err != nil {
			return message{}, err
		}
		p.statement(&m, kind, data[5:])
	}
	return m, nil
}

func (p *postgresProto) startup(r *bufio.Reader) (message, error) {
	head, err := r.Peek(8)
	if err != nil {
		return message{}, err
	}
	size := int(binary.BigEndian.Uint32(head))
	if size < 8 || size > 1<<20 {
		return message{}, fmt.Errorf("%w: startup message", errMalformed)
	}
	m := message{from: Client, size: size}
	switch binary.BigEndian.Uint32(head[4:]) {
	case pgSSLRequest:
		m.name, m.answer = "SSLRequest", []byte{'N'}
	case pgGSSENCRequest:
		m.name, m.answer = "GSSENCRequest", []byte{'N'}
	case pgCancelRequest:
		m.name = "CancelRequest"
	default:
		m.name = "StartupMessage"
		p.started = true
	}
	return m, nil
}

// statement follows which text a portal stands for.
func (p *postgresProto) statement(m *message, kind byte, body []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch kind {
	case 'Q':
		m.text, _ = cstring(body)
		m.exec = true
	case 'P':
		name, rest := cstring(body)
		m.text, _ = cstring(rest)
		p.statements[name] = m.text
	case 'B':
		portal, rest := cstring(body)
		name, _ := cstring(rest)
		m.text = p.statements[name]
		p.portals[portal] = m.text
	case 'E':
		portal, _ := cstring(body)
		m.text = p.portals[portal]
		m.exec = true
	case 'C':
		if len(body) > 0 && body[0] == 'S' {
			name, _ := cstring(body[1:])
			m.text = p.statements[name]
			delete(p.statements, name)
		}
	}
}

// cstring splits off a text that ends in a zero byte; one that does not end
// within what was looked at gets an ellipsis.
func cstring(b []byte) (string, []byte) {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return string(b[:i]), b[i+1:]
	}
	return string(b) + "…", nil
}

// checkName fails the test when no message of a side has the name.
func (p *Proxy) checkName(from Side, name string) {
	p.t.Helper()
	if !knownName(p.kind, from, name) {
		p.t.Fatalf("wireproxy: no message of the %v is called %q", from, name)
	}
}

func knownName(kind Kind, from Side, name string) bool {
	has := func(names map[byte]string) bool {
		for _, n := range names {
			if n == name {
				return true
			}
		}
		return false
	}
	switch {
	case kind == Postgres && from == Client:
		switch name {
		case "StartupMessage", "SSLRequest", "GSSENCRequest", "CancelRequest":
			return true
		}
		return has(postgresClient)
	case kind == Postgres:
		return has(postgresServer)
	case from == Client:
		return name == "Auth" || name == "LocalInfileData" || has(mysqlCommands)
	}
	_, ok := mysqlAnswers[name]
	return ok
}
