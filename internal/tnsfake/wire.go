package tnsfake

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"time"
)

// Kinds of packets.
const (
	packetConnect = 1
	packetAccept  = 2
	packetData    = 6
	packetMarker  = 12
)

// Types of values.
const (
	typeText        = 1
	typeNumber      = 2
	typeDate        = 12
	typeRaw         = 23
	typeTimestamp   = 180
	typeTimestampTZ = 181
)

func readPacket(c net.Conn) (kind byte, body []byte, err error) {
	var h [8]byte
	if _, err := io.ReadFull(c, h[:]); err != nil {
		return 0, nil, err
	}
	n := int(binary.BigEndian.Uint16(h[:]))
	if n < 8 {
		return 0, nil, fmt.Errorf("a packet of %d bytes", n)
	}
	body = make([]byte, n-8)
	_, err = io.ReadFull(c, body)
	return h[4], body, err
}

func writeData(c net.Conn, b []byte) error {
	for first := true; first || len(b) > 0; first = false {
		n := min(len(b), 8000)
		p := make([]byte, 10, 10+n)
		binary.BigEndian.PutUint16(p, uint16(10+n))
		p[4] = packetData
		if _, err := c.Write(append(p, b[:n]...)); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// reader takes a message apart. A message that ends too early panics, which
// ends the connection.
type reader struct{ b []byte }

func (r *reader) take(n int) []byte {
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

func (r *reader) u8() byte { return r.take(1)[0] }

// num reads a number with its length before it.
func (r *reader) num() int {
	v := 0
	for _, c := range r.take(int(r.u8() & 0x7f)) {
		v = v<<8 | int(c)
	}
	return v
}

// bytes reads a value, whole or in chunks; nil is NULL.
func (r *reader) bytes() []byte {
	n := r.u8()
	switch n {
	case 0, 0xfd, 0xff:
		return nil
	case 0xfe:
		var out []byte
		for {
			if n = r.u8(); n == 0 {
				return out
			}
			out = append(out, r.take(int(n))...)
		}
	}
	return append([]byte(nil), r.take(int(n))...)
}

func (r *reader) text() string {
	if r.num() == 0 {
		return ""
	}
	return string(r.bytes())
}

// writer puts a message together.
type writer struct{ bytes.Buffer }

func (w *writer) u8(b ...byte) { w.Write(b) }

func (w *writer) num(values ...int) {
	for _, v := range values {
		b := bytes.TrimLeft(binary.BigEndian.AppendUint64(nil, uint64(v)), "\x00")
		w.WriteByte(byte(len(b)))
		w.Write(b)
	}
}

func (w *writer) value(b []byte) {
	if len(b) <= 0xfc {
		w.WriteByte(byte(len(b)))
		w.Write(b)
		return
	}
	w.WriteByte(0xfe)
	for len(b) > 0 {
		n := min(len(b), 64)
		w.WriteByte(byte(n))
		w.Write(b[:n])
		b = b[n:]
	}
	w.WriteByte(0)
}

func (w *writer) text(s string) {
	w.num(len(s))
	if s != "" {
		w.value([]byte(s))
	}
}

func (w *writer) property(key, value string, flag int) {
	w.text(key)
	w.text(value)
	w.num(flag)
}

// summary ends an answer.
func (w *writer) summary(rows, code, cursor int, message string) {
	w.u8(4)
	w.num(rows, code, 0, 0, cursor, 0)
	w.u8(0, 0)
	w.num(0, 0)
	w.u8(0, 0)
	w.num(0, 0)
	w.u8(0)
	w.num(0, 0, 0)
	w.u8(0, 0)
	w.num(0, 0, 0, 0, 0, 0)
	if code != 0 {
		w.value([]byte(message))
	}
}

// Number is a NUMBER, as the text of it.
type Number string

func encodeNumber(n Number) []byte {
	r, ok := new(big.Rat).SetString(string(n))
	if !ok {
		panic("tnsfake: the number " + n)
	}
	if r.Sign() == 0 {
		return []byte{0x80}
	}
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(r.FloatString(40), "-"), ".")
	if len(whole)%2 == 1 {
		whole = "0" + whole
	}
	digits, exponent := whole+fraction, len(whole)/2-1
	for strings.HasPrefix(digits, "00") {
		digits = digits[2:]
		exponent--
	}
	var m []byte
	for i := 0; i+1 < len(digits) && len(m) < 20; i += 2 {
		m = append(m, (digits[i]-'0')*10+digits[i+1]-'0')
	}
	m = bytes.TrimRight(m, "\x00")
	if r.Sign() > 0 {
		out := []byte{byte(193 + exponent)}
		for _, d := range m {
			out = append(out, d+1)
		}
		return out
	}
	out := []byte{byte(62 - exponent)}
	for _, d := range m {
		out = append(out, 101-d)
	}
	if len(m) < 20 {
		out = append(out, 102)
	}
	return out
}

func decodeNumber(b []byte) Number {
	if len(b) == 1 {
		return "0"
	}
	negative, mantissa := b[0] < 0x80, b[1:]
	exponent := int(b[0]) - 193
	if negative {
		exponent = 62 - int(b[0])
		if mantissa[len(mantissa)-1] == 102 {
			mantissa = mantissa[:len(mantissa)-1]
		}
	}
	sum := new(big.Rat)
	for i, c := range mantissa {
		d := int64(c) - 1
		if negative {
			d = 101 - int64(c)
		}
		e := exponent - i
		power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(100), big.NewInt(int64(max(e, -e))), nil))
		if e < 0 {
			power.Inv(power)
		}
		sum.Add(sum, power.Mul(power, new(big.Rat).SetInt64(d)))
	}
	if negative {
		sum.Neg(sum)
	}
	if sum.IsInt() {
		return Number(sum.Num().String())
	}
	return Number(strings.TrimRight(sum.FloatString(40), "0"))
}

func encodeTime(t time.Time) []byte {
	b := []byte{byte(t.Year()/100 + 100), byte(t.Year()%100 + 100), byte(t.Month()), byte(t.Day()),
		byte(t.Hour() + 1), byte(t.Minute() + 1), byte(t.Second() + 1)}
	return binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond()))
}

// decodeTime reads the clock's figures; a zone that follows is left to its reader.
func decodeTime(b []byte) time.Time {
	ns := 0
	if len(b) >= 11 {
		ns = int(binary.BigEndian.Uint32(b[7:]))
	}
	return time.Date((int(b[0])-100)*100+int(b[1])-100, time.Month(b[2]), int(b[3]), int(b[4])-1, int(b[5])-1, int(b[6])-1, ns, time.UTC)
}
