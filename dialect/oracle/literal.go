package oracle

import (
	"encoding/hex"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// WriteLiteral writes bytes as HEXTORAW('…') and times as the literals of the
// standard, which do not depend on the session's formats.
func (d *oracle) WriteLiteral(w *dialect.Writer, v any, t *dialect.Type) (bool, error) {
	kind := dialect.NoType
	if t != nil {
		kind = t.Kind
	}
	switch x := v.(type) {
	case string:
		if kind == dialect.UUID {
			u, ok := sqldriver.ParseUUID(x)
			if !ok {
				return false, dialect.Errorf(dialect.ErrInvalidText, "oracle: %q is not a UUID", x)
			}
			return true, writeBytes(w, u[:])
		}
		if len(x) > 4000 {
			return false, dialect.Errorf(dialect.ErrTooLong, "oracle: a constant of text has at most 4000 bytes, not %d; use a parameter", len(x))
		}
		return false, nil
	case [16]byte:
		return true, writeBytes(w, x[:])
	case []byte:
		switch kind {
		case dialect.Char, dialect.Varchar, dialect.Clob, dialect.Enum, dialect.JSON:
			w.StringLiteral(string(x))
			return true, nil
		}
		return true, writeBytes(w, x)
	case time.Time:
		if err := checkYear(x); err != nil {
			return false, err
		}
		switch kind {
		case dialect.Date:
			w.WriteString("DATE '" + x.Format("2006-01-02") + "'")
		case dialect.TimestampTZ:
			w.WriteString("TIMESTAMP '" + x.Format("2006-01-02 15:04:05.999999999 -07:00") + "'")
		default:
			w.WriteString("TIMESTAMP '" + x.UTC().Format("2006-01-02 15:04:05.999999999") + "'")
		}
		return true, nil
	}
	return false, nil
}

func writeBytes(w *dialect.Writer, b []byte) error {
	if len(b) > 2000 {
		return dialect.Errorf(dialect.ErrTooLong, "oracle: a constant of bytes has at most 2000 bytes, not %d; use a parameter", len(b))
	}
	w.WriteString("HEXTORAW('" + hex.EncodeToString(b) + "')")
	return nil
}
