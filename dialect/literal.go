package dialect

import (
	"database/sql/driver"
	"encoding/hex"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Literal appends v as a constant of the text, quoted so that it cannot be
// anything else. It is for texts that cannot have parameters (DDL). The
// dialect is asked first ([LiteralWriter]). A value without a safe form is a mistake
// that names its type; it is never written unquoted.
func (w *Writer) Literal(v any, t *Type) {
	v, base, err := undecorate(v)
	if err != nil {
		w.found(err)
		return
	}
	if t == nil {
		t = base
	}
	if b, ok := v.([]byte); ok && b == nil { // NULL, as it is for a parameter
		v = nil
	}
	if t != nil && t.Kind == Decimal && w.f.DecimalNumber == "" && w.number(v) {
		return
	}
	if lw, ok := As[LiteralWriter](w.d); ok {
		done, err := lw.WriteLiteral(w, v, t)
		if err != nil {
			w.found(err)
		}
		if done || err != nil {
			return
		}
	}
	switch x := v.(type) {
	case nil:
		w.WriteString("NULL")
	case bool:
		w.Bool(x)
	case int:
		w.WriteInt(int64(x))
	case int8:
		w.WriteInt(int64(x))
	case int16:
		w.WriteInt(int64(x))
	case int32:
		w.WriteInt(int64(x))
	case int64:
		w.WriteInt(x)
	case uint:
		w.WriteString(strconv.FormatUint(uint64(x), 10))
	case uint8:
		w.WriteInt(int64(x))
	case uint16:
		w.WriteInt(int64(x))
	case uint32:
		w.WriteInt(int64(x))
	case uint64:
		w.WriteString(strconv.FormatUint(x, 10))
	case float32:
		w.float(float64(x), 32)
	case float64:
		w.float(x, 64)
	case string:
		w.StringLiteral(x)
	case []byte:
		w.WriteString("X'" + hex.EncodeToString(x) + "'")
	case [16]byte:
		w.StringLiteral(string(appendUUID(nil, x)))
	case time.Time:
		w.WriteByte('\'')
		switch {
		case t != nil && t.Kind == Date:
			w.WriteString(x.Format("2006-01-02"))
		case t != nil && t.Kind == Time:
			w.WriteString(x.Format("15:04:05.999999999"))
		default:
			w.WriteString(x.UTC().Format("2006-01-02 15:04:05.999999999"))
		}
		w.WriteByte('\'')
	case driver.Valuer:
		val, err := x.Value()
		if err != nil {
			w.found(err)
			return
		}
		if _, again := val.(driver.Valuer); again {
			w.found(Errorf(ErrStatement, "%s: %T.Value returns a driver.Valuer", w.d.Name(), v))
			return
		}
		w.Literal(val, t)
	default:
		if base, ok := Base(v); ok {
			w.Literal(base, t)
			return
		}
		w.found(Errorf(ErrStatement, "%s: a %T has no literal form; use a parameter", w.d.Name(), v))
	}
}

func (w *Writer) float(f float64, bits int) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		w.found(Errorf(ErrStatement, "%s: %v has no literal form; use a parameter", w.d.Name(), f))
		return
	}
	s := strconv.FormatFloat(f, 'g', -1, bits)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	w.WriteString(s)
}

// Bool appends a truth value: true, false, or 1, 0 where there is no boolean.
func (w *Writer) Bool(b bool) {
	switch {
	case w.f.NativeBool && b:
		w.WriteString("true")
	case w.f.NativeBool:
		w.WriteString("false")
	case b:
		w.WriteByte('1')
	default:
		w.WriteByte('0')
	}
}

// StringLiteral appends s in quotes, as the dialect's Lexical rules read it
// back. Where there is E'…', it is the form of a text with a backslash: it reads the same
// whether or not a session has backslashes escape (standard_conforming_strings). Text
// with a NUL byte or invalid UTF-8 is a mistake.
func (w *Writer) StringLiteral(s string) {
	if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
		w.found(Errorf(ErrStatement, "%s: a string with a NUL byte or invalid UTF-8 has no literal form; use a parameter", w.d.Name()))
		return
	}
	w.grow()
	doubled := w.f.Lexical.BackslashEscapes
	if w.f.Lexical.EscapeStrings && strings.IndexByte(s, '\\') >= 0 {
		w.buf = append(w.buf, 'E')
		doubled = true
	}
	w.buf = append(w.buf, '\'')
	for i := 0; i < len(s); i++ {
		if s[i] == '\'' || s[i] == '\\' && doubled {
			w.buf = append(w.buf, s[i])
		}
		w.buf = append(w.buf, s[i])
	}
	w.buf = append(w.buf, '\'')
}

// number writes the text of a decimal as a number, and reports whether v is
// one.
func (w *Writer) number(v any) bool {
	s, ok := v.(string)
	if !ok {
		r := reflect.ValueOf(v)
		if r.Kind() != reflect.String {
			return false
		}
		if _, is := v.(driver.Valuer); is {
			return false
		}
		s = r.String()
	}
	digits, points := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits++
		case c == '.' && digits > 0:
			points++
		case c == '-' && i == 0:
		default:
			return false
		}
	}
	if digits == 0 || points > 1 || s[len(s)-1] == '.' {
		return false
	}
	w.WriteString(s)
	return true
}
