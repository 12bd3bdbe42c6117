package dialect

import (
	"encoding/hex"
	"reflect"
)

// byteArray returns the array that dst points to as a slice; ok is false if dst
// is no pointer to an array of bytes.
func byteArray(dst any) (b []byte, ok bool) {
	p := reflect.ValueOf(dst)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return nil, false
	}
	a := p.Elem()
	if a.Kind() != reflect.Array || a.Type().Elem().Kind() != reflect.Uint8 {
		return nil, false
	}
	return a.Slice(0, a.Len()).Bytes(), true
}

// assignArray stores bytes in an array of as many. ok is false if dst is none.
func assignArray(dst any, v []byte) (ok bool) {
	b, ok := byteArray(dst)
	if !ok || len(b) != len(v) {
		return false
	}
	copy(b, v)
	return true
}

// assignUUID stores the text of a UUID, 32 digits with hyphens or without, in
// an array of 16 bytes. ok is false if dst is none.
func assignUUID(dst any, v string) (ok bool, err error) {
	b, ok := byteArray(dst)
	if !ok || len(b) != 16 {
		return false, nil
	}
	digits := v
	if len(v) == 36 && v[8] == '-' && v[13] == '-' && v[18] == '-' && v[23] == '-' {
		digits = v[:8] + v[9:13] + v[14:18] + v[19:23] + v[24:]
	}
	u, err := hex.DecodeString(digits)
	if err != nil || len(u) != 16 {
		return true, textError(v, dst, err)
	}
	copy(b, u)
	return true, nil
}

// appendUUID appends the text of a UUID, with hyphens.
func appendUUID(b []byte, u [16]byte) []byte {
	for i, part := range [][]byte{u[:4], u[4:6], u[6:8], u[8:10], u[10:]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, part)
	}
	return b
}
