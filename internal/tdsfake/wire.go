package tdsfake

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"net"
	"time"
	"unicode/utf16"
)

// Kinds of messages.
const (
	msgBatch       = 0x01
	msgRPC         = 0x03
	msgReply       = 0x04
	msgAttention   = 0x06
	msgTransaction = 0x0e
	msgBulk        = 0x07
	msgLogin       = 0x10
	msgPrelogin    = 0x12
)

// Tokens of a reply.
const (
	tokenColumns  = 0x81
	tokenError    = 0xaa
	tokenLoginAck = 0xad
	tokenRow      = 0xd1
	tokenChange   = 0xe3
	tokenDone     = 0xfd
	tokenDoneProc = 0xfe
)

var le = binary.LittleEndian

func readMessage(c net.Conn) (kind byte, status byte, body []byte, err error) {
	for {
		var h [8]byte
		if _, err := io.ReadFull(c, h[:]); err != nil {
			return 0, 0, nil, err
		}
		n := int(binary.BigEndian.Uint16(h[2:]))
		if n < 8 {
			return 0, 0, nil, fmt.Errorf("a packet of %d bytes", n)
		}
		part := make([]byte, n-8)
		if _, err := io.ReadFull(c, part); err != nil {
			return 0, 0, nil, err
		}
		body = append(body, part...)
		status |= h[1]
		if h[1]&1 != 0 {
			return h[0], status, body, nil
		}
	}
}

func writeMessage(c net.Conn, body []byte) error {
	for number := byte(1); ; number++ {
		n := min(len(body), 4088)
		h := []byte{msgReply, 0, 0, 0, 0, 1, number, 0}
		binary.BigEndian.PutUint16(h[2:], uint16(n+8))
		if n == len(body) {
			h[1] = 1
		}
		if _, err := c.Write(append(h, body[:n]...)); err != nil {
			return err
		}
		if body = body[n:]; len(body) == 0 {
			return nil
		}
	}
}

func utf16Text(b []byte) string {
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = le.Uint16(b[2*i:])
	}
	return string(utf16.Decode(u))
}

func utf16Bytes(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = le.AppendUint16(b, u)
	}
	return b
}

// reader takes a message apart. A message that ends too early panics, which
// ends the connection.
type reader struct{ b []byte }

func (r *reader) take(n int) []byte {
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}
func (r *reader) u8() int  { return int(r.take(1)[0]) }
func (r *reader) u16() int { return int(le.Uint16(r.take(2))) }
func (r *reader) u32() int { return int(le.Uint32(r.take(4))) }

// chunks reads a value of a type without a limit.
func (r *reader) chunks() []byte {
	if le.Uint64(r.take(8)) == math.MaxUint64 {
		return nil
	}
	out := []byte{}
	for {
		n := r.u32()
		if n == 0 {
			return out
		}
		out = append(out, r.take(n)...)
	}
}

var epoch = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)

func date(b []byte) time.Time {
	return epoch.AddDate(0, 0, int(b[0])|int(b[1])<<8|int(b[2])<<16)
}

func ticks(b []byte, scale int) time.Duration {
	var v int64
	for i := len(b) - 1; i >= 0; i-- {
		v = v<<8 | int64(b[i])
	}
	for ; scale < 9; scale++ {
		v *= 10
	}
	return time.Duration(v)
}

// value reads a parameter's type and value, and names the type.
func (r *reader) value() (v any, typ string) {
	switch t := r.u8(); t {
	case 0x1f:
		return nil, "null"
	case 0x26:
		size := r.u8()
		b := r.take(r.u8())
		typ = map[int]string{1: "tinyint", 2: "smallint", 4: "int", 8: "bigint"}[size]
		if len(b) == 0 {
			return nil, typ
		}
		var x [8]byte
		copy(x[:], b)
		shift := uint(64 - 8*len(b))
		if len(b) == 1 {
			return int64(b[0]), typ
		}
		return int64(le.Uint64(x[:])<<shift) >> shift, typ
	case 0x68:
		r.u8()
		if b := r.take(r.u8()); len(b) > 0 {
			return b[0] != 0, "bit"
		}
		return nil, "bit"
	case 0x6d:
		r.u8()
		switch b := r.take(r.u8()); len(b) {
		case 4:
			return float64(math.Float32frombits(le.Uint32(b))), "real"
		case 8:
			return math.Float64frombits(le.Uint64(b)), "float"
		}
		return nil, "float"
	case 0xe7, 0xa7, 0xa5:
		limit := r.u16()
		typ = map[int]string{0xe7: "nvarchar", 0xa7: "varchar", 0xa5: "varbinary"}[t]
		if t != 0xa5 {
			r.take(5) // collation
		}
		var b []byte
		if limit == 0xffff {
			b = r.chunks()
		} else if n := r.u16(); n != 0xffff {
			b = append([]byte{}, r.take(n)...)
		}
		switch {
		case b == nil:
			return nil, typ
		case t == 0xe7:
			return utf16Text(b), typ
		case t == 0xa7:
			return string(b), typ
		}
		return b, typ
	case 0x24:
		r.u8()
		if n := r.u8(); n > 0 {
			return [16]byte(r.take(n)), "uniqueidentifier"
		}
		return nil, "uniqueidentifier"
	case 0x28:
		if b := r.take(r.u8()); len(b) > 0 {
			return date(b), "date"
		}
		return nil, "date"
	case 0x29, 0x2a, 0x2b:
		scale := r.u8()
		typ = map[int]string{0x29: "time", 0x2a: "datetime2", 0x2b: "datetimeoffset"}[t]
		b := r.take(r.u8())
		if len(b) == 0 {
			return nil, typ
		}
		switch t {
		case 0x29:
			return epoch.Add(ticks(b, scale)), typ
		case 0x2a:
			return date(b[len(b)-3:]).Add(ticks(b[:len(b)-3], scale)), typ
		}
		minutes := int(int16(le.Uint16(b[len(b)-2:])))
		b = b[:len(b)-2]
		utc := date(b[len(b)-3:]).Add(ticks(b[:len(b)-3], scale))
		return utc.In(time.FixedZone("", minutes*60)), typ
	default:
		panic(fmt.Sprintf("tdsfake: a parameter of type %#x", t))
	}
}
