package mssql

import (
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// WriteLiteral writes text as '…', or N'…' where it is more than ASCII, bytes
// as 0x…, and times in the one form that no language setting of a session reads
// in another way.
func (d *sqlServer) WriteLiteral(w *dialect.Writer, v any, t *dialect.Type) (bool, error) {
	switch x := v.(type) {
	case string:
		d.writeString(w, x)
	case []byte:
		if t != nil && textual(t) {
			d.writeString(w, string(x))
			break
		}
		w.WriteString("0x" + hex.EncodeToString(x))
	case time.Time:
		if err := checkYear(x); err != nil {
			return false, err
		}
		layout, kind := "2006-01-02T15:04:05.9999999", dialect.Timestamp
		if t != nil {
			kind = t.Kind
		}
		switch kind {
		case dialect.Date:
			layout = "2006-01-02"
		case dialect.Time:
			layout = "15:04:05.9999999"
		case dialect.TimestampTZ:
			layout += "-07:00"
		default:
			x = x.UTC()
		}
		w.WriteString("'" + x.Format(layout) + "'")
	case [16]byte:
		w.WriteString("'" + sqldriver.FormatUUID(x) + "'")
	default:
		return false, nil
	}
	return true, nil
}

// writeString writes a constant of text. Without N it is a varchar of the
// database's code page, of which every one begins with ASCII; it compares with a varchar
// column without converting that, and becomes nvarchar beside one. A backslash
// before the end of a line would join the two lines, so the constant is cut there.
func (*sqlServer) writeString(w *dialect.Writer, s string) {
	parts := splitContinuations(s)
	national := strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0
	if len(parts) > 1 {
		w.WriteByte('(')
		defer w.WriteByte(')')
	}
	for i, p := range parts {
		if i > 0 {
			w.WriteString(" + ")
		}
		if national {
			w.WriteByte('N')
		}
		w.StringLiteral(p)
	}
}

func splitContinuations(s string) []string {
	var parts []string
	for {
		i := strings.IndexByte(s, '\\')
		for i >= 0 && !(strings.HasPrefix(s[i+1:], "\n") || strings.HasPrefix(s[i+1:], "\r\n")) {
			j := strings.IndexByte(s[i+1:], '\\')
			if j < 0 {
				i = -1
				break
			}
			i += 1 + j
		}
		if i < 0 {
			return append(parts, s)
		}
		parts = append(parts, s[:i+1])
		s = s[i+1:]
	}
}

// textual reports whether a column of type t holds text.
func textual(t *dialect.Type) bool {
	switch t.Kind {
	case dialect.Char, dialect.Varchar, dialect.Clob, dialect.Enum, dialect.JSON:
		return true
	case dialect.Native:
		n, _ := nativeName(t.Name)
		return n == "VARCHAR" || n == "CHAR" || n == "TEXT" || n == "NVARCHAR" || n == "NCHAR" || n == "NTEXT" || n == "XML" || n == "SYSNAME"
	}
	return false
}
