package postgres

import (
	"encoding/binary"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// elementOf is the type of an array's elements, and what the server writes between them.
func elementOf(m *pgtype.Map, oid uint32) (elem uint32, delimiter byte, ok bool) {
	t, ok := m.TypeForOID(oid)
	if !ok {
		return 0, 0, false
	}
	a, ok := t.Codec.(*pgtype.ArrayCodec)
	if !ok {
		return 0, 0, false
	}
	if a.ElementType.OID == pgtype.BoxOID {
		return a.ElementType.OID, ';', true
	}
	return a.ElementType.OID, ',', true
}

// array reads an array whose Go type nobody has said: a []any of what a *any
// gets for a value of the elements' type, nil for NULL, and a []any within for
// each further dimension. Where its indexes begin is not kept.
func (r *rows) array(elem uint32, delimiter byte, format int16, v []byte) ([]any, error) {
	c := codec{oid: elem, format: format, kind: codecKind(elem, format)}
	read := func(v []byte) (any, error) {
		var x any
		return x, r.value(&c, v, &x)
	}
	if format == pgtype.BinaryFormatCode {
		return binaryArray(v, read)
	}
	p := arrayText{text: string(v), delimiter: delimiter, read: read}
	if at := strings.IndexByte(p.text, '{'); strings.HasPrefix(p.text, "[") && at > 0 { // [2:3]={…}
		p.at = at
	}
	list, err := p.list()
	if err == nil && p.at != len(p.text) {
		err = p.bad()
	}
	return list, err
}

// binaryArray reads the number of dimensions, a flag, the elements' type, each
// dimension's length and first index, and then the elements with their lengths.
func binaryArray(v []byte, read func([]byte) (any, error)) ([]any, error) {
	bad := dialect.Errorf(dialect.ErrScan, "the server's array is not one")
	take := func() (n int32, ok bool) {
		if len(v) < 4 {
			return 0, false
		}
		n = int32(binary.BigEndian.Uint32(v))
		v = v[4:]
		return n, true
	}
	dims, ok := take()
	if !ok || dims < 0 || dims > 6 || len(v) < 8+8*int(dims) {
		return nil, bad
	}
	v = v[8:]
	if dims == 0 {
		return []any{}, nil
	}
	lengths := make([]int, dims)
	for i := range lengths {
		n, _ := take()
		take() // the first index
		if n < 0 {
			return nil, bad
		}
		lengths[i] = int(n)
	}
	var level func(lengths []int) ([]any, error)
	level = func(lengths []int) ([]any, error) {
		list := make([]any, 0, min(lengths[0], len(v)/4))
		for range lengths[0] {
			if len(lengths) > 1 {
				inner, err := level(lengths[1:])
				if err != nil {
					return nil, err
				}
				list = append(list, inner)
				continue
			}
			n, ok := take()
			switch {
			case !ok || int(n) > len(v):
				return nil, bad
			case n < 0:
				list = append(list, nil)
				continue
			}
			x, err := read(v[:n])
			if err != nil {
				return nil, err
			}
			v = v[n:]
			list = append(list, x)
		}
		return list, nil
	}
	return level(lengths)
}

// arrayText reads the text of an array: {a,"b \"c\"",NULL,{…}}.
type arrayText struct {
	text      string
	at        int
	delimiter byte
	read      func([]byte) (any, error)
}

func (p *arrayText) bad() error {
	return dialect.Errorf(dialect.ErrScan, "the server's text %q is not an array", p.text)
}

// next is the byte here, 0 at the end.
func (p *arrayText) next() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *arrayText) list() ([]any, error) {
	if p.next() != '{' {
		return nil, p.bad()
	}
	p.at++
	list := []any{}
	if p.next() == '}' {
		p.at++
		return list, nil
	}
	for {
		x, err := p.element()
		if err != nil {
			return nil, err
		}
		list = append(list, x)
		switch p.next() {
		case p.delimiter:
			p.at++
		case '}':
			p.at++
			return list, nil
		default:
			return nil, p.bad()
		}
	}
}

func (p *arrayText) element() (any, error) {
	switch p.next() {
	case '{':
		return p.list()
	case '"':
		var b []byte
		for p.at++; p.at < len(p.text); p.at++ {
			switch c := p.text[p.at]; c {
			case '"':
				p.at++
				return p.read(b)
			case '\\':
				if p.at++; p.at < len(p.text) {
					b = append(b, p.text[p.at])
				}
			default:
				b = append(b, c)
			}
		}
		return nil, p.bad()
	}
	start := p.at
	for p.next() != 0 && p.next() != p.delimiter && p.next() != '}' {
		p.at++
	}
	switch s := p.text[start:p.at]; {
	case s == "":
		return nil, p.bad()
	case strings.EqualFold(s, "NULL"):
		return nil, nil
	default:
		return p.read([]byte(s))
	}
}
