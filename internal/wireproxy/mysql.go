package wireproxy

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"sync"
)

const (
	mysqlHeader     = 4
	mysqlMaxPayload = 1<<24 - 1
)

// Command bytes that the proxy acts on.
const (
	comQuit             = 0x01
	comQuery            = 0x03
	comStatistics       = 0x09
	comFieldList        = 0x04
	comChangeUser       = 0x11
	comStmtPrepare      = 0x16
	comStmtExecute      = 0x17
	comStmtSendLongData = 0x18
	comStmtClose        = 0x19
	comStmtFetch        = 0x1c
	comStmtBulkExecute  = 0xfa // MariaDB
)

var mysqlCommands = map[byte]string{
	0x00: "COM_SLEEP", comQuit: "COM_QUIT", 0x02: "COM_INIT_DB", comQuery: "COM_QUERY",
	comFieldList: "COM_FIELD_LIST", 0x05: "COM_CREATE_DB", 0x06: "COM_DROP_DB", 0x07: "COM_REFRESH",
	0x08: "COM_SHUTDOWN", comStatistics: "COM_STATISTICS", 0x0a: "COM_PROCESS_INFO",
	0x0c: "COM_PROCESS_KILL", 0x0d: "COM_DEBUG", 0x0e: "COM_PING", comChangeUser: "COM_CHANGE_USER",
	0x12: "COM_BINLOG_DUMP", comStmtPrepare: "COM_STMT_PREPARE", comStmtExecute: "COM_STMT_EXECUTE",
	comStmtSendLongData: "COM_STMT_SEND_LONG_DATA", comStmtClose: "COM_STMT_CLOSE",
	0x1a: "COM_STMT_RESET", 0x1b: "COM_SET_OPTION", comStmtFetch: "COM_STMT_FETCH",
	0x1f: "COM_RESET_CONNECTION", comStmtBulkExecute: "COM_STMT_BULK_EXECUTE",
}

// mysqlAnswers holds the names that the proxy gives to the server's packets.
var mysqlAnswers = map[string]struct{}{
	"Greeting": {}, "AuthRequest": {}, "OK": {}, "ERR": {}, "EOF": {}, "PrepareOK": {}, "Statistics": {},
	"ResultSetHeader": {}, "ColumnDefinition": {}, "Row": {}, "LocalInfileRequest": {},
}

// Capabilities that decide how answers are framed, and those that the proxy
// takes out of the server's greeting.
const (
	capMySQL         = 1 << 0 // not set: MariaDB, with capabilities of its own
	capCompress      = 1 << 5
	capSSL           = 1 << 11
	capDeprecateEOF  = 1 << 24
	capZstd          = 1 << 26
	capCacheMetadata = 1 << 4 // MariaDB's own

	moreResults  = 1 << 3 // status flags
	cursorExists = 1 << 6
)

// phase is where in the answer to a command the server is.
type phase int

const (
	phaseGreeting phase = iota
	phaseAuth
	phaseIdle
	phaseFirst   // the first packet of an answer, or of a further result
	phaseColumns // column definitions, then perhaps an EOF
	phaseColumnsEOF
	phaseRows
)

type mysqlCommand struct {
	code byte
	text string
}

type mysqlProto struct {
	mu           sync.Mutex // both goroutines use all of it
	phase        phase
	loggedIn     bool
	deprecateEOF bool
	cacheMeta    bool
	pending      []mysqlCommand // commands whose answers are not complete
	blocks       []int          // sizes of the blocks of column definitions to come
	afterBlocks  phase
	prepared     map[uint32]string
}

// mysqlPacketSize returns the length of the packet that lies ahead, header
// included.
func mysqlPacketSize(r *bufio.Reader) (int, error) {
	head, err := r.Peek(mysqlHeader)
	if err != nil {
		return 0, err
	}
	return mysqlHeader + int(head[0]) + int(head[1])<<8 + int(head[2])<<16, nil
}

func (p *mysqlProto) next(from Side, r *bufio.Reader) (message, error) {
	size, err := mysqlPacketSize(r)
	if err != nil {
		return message{}, err
	}
	data, err := r.Peek(min(size, prefix))
	if err != nil {
		return message{}, err
	}
	m := message{from: from, size: size, more: size == mysqlHeader+mysqlMaxPayload}
	p.mu.Lock()
	defer p.mu.Unlock()
	if from == Client {
		err = p.request(&m, data[3], data[mysqlHeader:])
	} else {
		err = p.answer(&m, data)
	}
	return m, err
}

// request reads a packet of the client.
func (p *mysqlProto) request(m *message, seq byte, body []byte) error {
	if !p.loggedIn {
		if p.phase != phaseAuth {
			return fmt.Errorf("%w: the client speaks before the server", errMalformed)
		}
		if seq == 1 && len(body) >= 32 {
			caps := binary.LittleEndian.Uint32(body)
			p.deprecateEOF = caps&capDeprecateEOF != 0
			p.cacheMeta = caps&capMySQL == 0 && binary.LittleEndian.Uint32(body[28:])&capCacheMetadata != 0
		}
		m.name = "Auth"
		return nil
	}
	if seq != 0 { // a command always starts at zero
		m.name = "LocalInfileData"
		if p.phase == phaseAuth {
			m.name = "Auth"
		}
		return nil
	}
	if len(body) == 0 {
		return fmt.Errorf("%w: an empty command", errMalformed)
	}
	cmd := mysqlCommand{code: body[0]}
	name, ok := mysqlCommands[cmd.code]
	if !ok {
		return fmt.Errorf("%w: command %#x", errMalformed, cmd.code)
	}
	m.name = name
	switch cmd.code {
	case comQuery, comStmtPrepare:
		cmd.text = string(body[1:])
		if m.size > prefix {
			cmd.text += "…"
		}
		m.exec = cmd.code == comQuery
	case comStmtExecute, comStmtBulkExecute, comStmtSendLongData, comStmtClose, comStmtFetch:
		if len(body) < 5 {
			return fmt.Errorf("%w: %s without a statement", errMalformed, name)
		}
		id := binary.LittleEndian.Uint32(body[1:])
		cmd.text = p.prepared[id]
		m.exec = cmd.code == comStmtExecute || cmd.code == comStmtBulkExecute
		if cmd.code == comStmtClose {
			delete(p.prepared, id)
		}
	}
	m.text = cmd.text
	switch cmd.code {
	case comQuit, comStmtClose, comStmtSendLongData:
		m.oneWay = true
		return nil
	}
	m.trip = true
	p.pending = append(p.pending, cmd)
	if len(p.pending) == 1 {
		p.begin()
	}
	return nil
}

// begin sets the phase for the answer to the first pending command.
func (p *mysqlProto) begin() {
	if len(p.pending) == 0 {
		p.phase = phaseIdle
		return
	}
	switch p.pending[0].code {
	case comChangeUser:
		p.phase = phaseAuth
	case comFieldList, comStmtFetch:
		p.phase = phaseRows
	default:
		p.phase = phaseFirst
	}
}

// done ends the answer to the first pending command.
func (p *mysqlProto) done() {
	if len(p.pending) > 0 {
		p.pending = p.pending[1:]
	}
	p.begin()
}

// answer reads a packet of the server.
func (p *mysqlProto) answer(m *message, data []byte) error {
	body := data[mysqlHeader:]
	if len(body) == 0 {
		if p.phase != phaseRows && p.phase != phaseAuth {
			return fmt.Errorf("%w: an empty answer", errMalformed)
		}
		body = []byte{0}
	}
	if body[0] == 0xff && p.phase != phaseColumns {
		m.name = "ERR" // ends any answer; in the greeting, the server is full
		p.done()
		return nil
	}
	switch p.phase {
	case phaseGreeting:
		m.name = "Greeting"
		p.phase = phaseAuth
		m.replace = withoutTLS(data)
		if m.replace == nil {
			return fmt.Errorf("%w: the greeting", errMalformed)
		}
	case phaseAuth:
		m.name = "AuthRequest"
		if body[0] == 0 {
			m.name = "OK"
			p.loggedIn = true
			p.done()
		}
	case phaseIdle:
		m.name = "OK" // said unasked, before the server closes the connection
	case phaseFirst:
		return p.first(m, body)
	case phaseColumns:
		m.name = "ColumnDefinition"
		if p.blocks[0]--; p.blocks[0] == 0 {
			p.endBlock()
		}
	case phaseColumnsEOF:
		m.name = "EOF"
		cursor := len(body) >= 5 && binary.LittleEndian.Uint16(body[3:])&cursorExists != 0
		p.blocks = p.blocks[1:]
		p.nextBlock()
		if cursor && p.phase == phaseRows {
			p.done()
		}
	case phaseRows:
		last := body[0] == 0xfe && (m.size < mysqlHeader+9 || p.deprecateEOF && !m.more)
		if !last {
			m.name = "Row"
			break
		}
		m.name = "EOF"
		status := uint16(0)
		if p.deprecateEOF {
			status = okStatus(body)
		} else if len(body) >= 5 {
			status = binary.LittleEndian.Uint16(body[3:])
		}
		p.endResult(status)
	}
	return nil
}

// first reads the packet that decides what kind of answer it is.
func (p *mysqlProto) first(m *message, body []byte) error {
	cmd := p.pending[0]
	switch {
	case cmd.code == comStatistics:
		m.name = "Statistics"
		p.done()
	case cmd.code == comStmtPrepare && body[0] == 0:
		if len(body) < 9 {
			return fmt.Errorf("%w: PrepareOK", errMalformed)
		}
		m.name, m.text = "PrepareOK", cmd.text
		p.prepared[binary.LittleEndian.Uint32(body[1:])] = cmd.text
		columns, params := int(binary.LittleEndian.Uint16(body[5:])), int(binary.LittleEndian.Uint16(body[7:]))
		p.blocks, p.afterBlocks = nil, phaseIdle
		for _, n := range []int{params, columns} {
			if n > 0 {
				p.blocks = append(p.blocks, n)
			}
		}
		p.nextBlock()
	case body[0] == 0:
		m.name = "OK"
		p.endResult(okStatus(body))
	case body[0] == 0xfe && m.size < mysqlHeader+9:
		m.name = "EOF" // COM_SET_OPTION, COM_DEBUG
		p.done()
	case body[0] == 0xfb:
		m.name = "LocalInfileRequest" // the data goes out, and then a first packet comes again
	default:
		m.name = "ResultSetHeader"
		count, rest := lenenc(body)
		p.blocks, p.afterBlocks = []int{int(count)}, phaseRows
		if p.cacheMeta && len(rest) > 0 && rest[0] == 0 {
			p.endBlock() // the client knows the columns already
			break
		}
		p.nextBlock()
	}
	return nil
}

// nextBlock begins the first of the blocks of column definitions, or what
// comes after them.
func (p *mysqlProto) nextBlock() {
	switch {
	case len(p.blocks) > 0:
		p.phase = phaseColumns
	case p.afterBlocks == phaseRows:
		p.phase = phaseRows
	default:
		p.done()
	}
}

// endBlock is called behind the last definition of the first block.
func (p *mysqlProto) endBlock() {
	if !p.deprecateEOF {
		p.phase = phaseColumnsEOF
		return
	}
	p.blocks = p.blocks[1:]
	p.nextBlock()
}

func (p *mysqlProto) endResult(status uint16) {
	if status&moreResults != 0 {
		p.phase = phaseFirst
		return
	}
	p.done()
}

// okStatus returns the status flags of an OK packet.
func okStatus(body []byte) uint16 {
	_, rest := lenenc(body[1:]) // affected rows
	_, rest = lenenc(rest)      // last insert id
	if len(rest) < 2 {
		return 0
	}
	return binary.LittleEndian.Uint16(rest)
}

// lenenc reads a length-encoded integer; what is too short reads as zero.
func lenenc(b []byte) (uint64, []byte) {
	if len(b) == 0 {
		return 0, nil
	}
	n := 0
	switch b[0] {
	case 0xfc:
		n = 2
	case 0xfd:
		n = 3
	case 0xfe:
		n = 8
	default:
		return uint64(b[0]), b[1:]
	}
	if len(b) < 1+n {
		return 0, nil
	}
	var v [8]byte
	copy(v[:], b[1:1+n])
	return binary.LittleEndian.Uint64(v[:]), b[1+n:]
}

// withoutTLS returns a copy of the greeting that offers neither TLS nor
// compression, or nil when it is no greeting.
func withoutTLS(packet []byte) []byte {
	data := bytes.Clone(packet)
	body := data[mysqlHeader:]
	if len(body) == 0 || body[0] != 10 {
		return nil
	}
	end := bytes.IndexByte(body, 0) // of the server's version
	caps := end + 1 + 4 + 8 + 1     // thread, scramble, filler
	if end < 0 || len(body) < caps+7 {
		return nil
	}
	low := binary.LittleEndian.Uint16(body[caps:])
	binary.LittleEndian.PutUint16(body[caps:], low&^(capSSL|capCompress))
	high := binary.LittleEndian.Uint16(body[caps+5:])
	binary.LittleEndian.PutUint16(body[caps+5:], high&^(capZstd>>16))
	return data
}
