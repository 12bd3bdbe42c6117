package tdsfake

import (
	"bytes"
	"fmt"
	"math"
	"time"
)

// writer puts a reply together.
type writer struct{ bytes.Buffer }

func (w *writer) u8(v ...byte)  { w.Write(v) }
func (w *writer) u16(v int)     { w.Write(le.AppendUint16(nil, uint16(v))) }
func (w *writer) u32(v int)     { w.Write(le.AppendUint32(nil, uint32(v))) }
func (w *writer) u64(v uint64)  { w.Write(le.AppendUint64(nil, v)) }
func (w *writer) name(s string) { u := utf16Bytes(s); w.u8(byte(len(u) / 2)); w.Write(u) }

// done ends a reply. flags: 1 more follows, 2 error, 0x10 the count holds, 0x20
// answers an attention.
func (w *writer) done(token byte, flags, count int) {
	w.u8(token)
	w.u16(flags)
	w.u16(0)
	w.u64(uint64(count))
}

func (w *writer) change(kind byte, now, before []byte) {
	w.u8(tokenChange)
	w.u16(3 + len(now) + len(before))
	w.u8(kind, byte(len(now)))
	w.Write(now)
	w.u8(byte(len(before)))
	w.Write(before)
}

func (w *writer) changeText(kind byte, now, before string) {
	n, b := utf16Bytes(now), utf16Bytes(before)
	w.u8(tokenChange)
	w.u16(3 + len(n) + len(b))
	w.u8(kind)
	w.name(now)
	w.name(before)
}

func (w *writer) fail(e *Error) {
	m := utf16Bytes(e.Message)
	class := e.Class
	if class == 0 {
		class = 16
	}
	w.u8(tokenError)
	w.u16(4 + 2 + 2 + len(m) + 1 + 1 + 4)
	w.u32(e.Number)
	w.u8(1, class)
	w.u16(len(m) / 2)
	w.Write(m)
	w.u8(0, 0) // server, procedure
	w.u32(1)
}

// Decimal is an exact number of a reply: the digits of its text, without the
// point, and how many of them follow it.
type Decimal struct {
	Digits int64
	Scale  byte
}

// GUID is a UNIQUEIDENTIFIER of a reply, as it is stored.
type GUID [16]byte

// columnType is the type of column i: that of its first value.
func columnType(rows [][]any, i int) any {
	for _, r := range rows {
		if r[i] != nil {
			return r[i]
		}
	}
	return ""
}

// result writes the description of columns, and rows.
func (w *writer) result(columns []string, rows [][]any) {
	types := make([]any, len(columns))
	w.u8(tokenColumns)
	w.u16(len(columns))
	for i, name := range columns {
		types[i] = columnType(rows, i)
		w.u32(0)
		w.u16(9) // nullable
		switch t := types[i].(type) {
		case int64:
			w.u8(0x26, 8)
		case bool:
			w.u8(0x68, 1)
		case float64:
			w.u8(0x6d, 8)
		case string:
			w.u8(0xe7)
			w.u16(8000)
			w.u8(9, 4, 0xd0, 0, 0x34)
		case []byte:
			w.u8(0xa5)
			w.u16(8000)
		case time.Time:
			w.u8(0x2a, 7)
		case Decimal:
			w.u8(0x6a, 9, 19, t.Scale)
		case GUID:
			w.u8(0x24, 16)
		default:
			panic(fmt.Sprintf("tdsfake: a reply with a %T", t))
		}
		w.name(name)
	}
	for _, r := range rows {
		w.u8(tokenRow)
		for i, v := range r {
			w.value(v, types[i])
		}
	}
}

func (w *writer) value(v, typ any) {
	switch x := v.(type) {
	case nil:
		switch typ.(type) {
		case string, []byte:
			w.u16(0xffff)
		default:
			w.u8(0)
		}
	case int64:
		w.u8(8)
		w.u64(uint64(x))
	case bool:
		b := byte(0)
		if x {
			b = 1
		}
		w.u8(1, b)
	case float64:
		w.u8(8)
		w.u64(math.Float64bits(x))
	case string:
		b := utf16Bytes(x)
		w.u16(len(b))
		w.Write(b)
	case []byte:
		w.u16(len(x))
		w.Write(x)
	case time.Time:
		day := time.Date(x.Year(), x.Month(), x.Day(), 0, 0, 0, 0, time.UTC)
		n := uint64(x.Sub(day) / 100)
		d := uint32((day.Unix() - epoch.Unix()) / 86400)
		w.u8(8, byte(n), byte(n>>8), byte(n>>16), byte(n>>24), byte(n>>32), byte(d), byte(d>>8), byte(d>>16))
	case Decimal:
		sign, digits := byte(1), x.Digits
		if digits < 0 {
			sign, digits = 0, -digits
		}
		w.u8(9, sign)
		w.u64(uint64(digits))
	case GUID:
		w.u8(16)
		w.Write(x[:])
	}
}
