package postgres

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// other stores a value of a type that has no way of its own here, or into a destination
// that only pgtype knows.
func (r *rows) other(c *codec, v []byte, d any) error {
	m := r.c.types
	if d, ok := d.(*any); ok {
		if elem, delimiter, ok := elementOf(m, c.oid); ok {
			list, err := r.array(elem, delimiter, c.format, v)
			if err != nil {
				return err
			}
			*d = list
			return nil
		}
	}
	if !known(d) {
		if ok, err := dialect.Decorated(d, func(base any) error { return r.value(c, v, base) }); ok {
			return err
		}
		if err := m.Scan(c.oid, c.format, v, d); err != nil {
			return dialect.Errorf(dialect.ErrScan, "%w", err)
		}
		return nil
	}
	if c.format == pgtype.TextFormatCode {
		return dialect.AssignString(d, string(v))
	}
	t, ok := m.TypeForOID(c.oid)
	if !ok {
		return dialect.Errorf(dialect.ErrScan, "the value of type %d has a binary form that is not known", c.oid)
	}
	// Arrays for text and bytes are what the server writes.
	value, err := t.Codec.DecodeValue(m, c.oid, c.format, v)
	if err != nil {
		return dialect.Errorf(dialect.ErrScan, "%w", err)
	}
	text, err := m.Encode(c.oid, pgtype.TextFormatCode, value, nil)
	if err != nil {
		return dialect.Errorf(dialect.ErrScan, "%w", err)
	}
	if b, ok := d.(*dialect.Borrowed); ok {
		*b = text
		return nil
	}
	return dialect.AssignString(d, string(text))
}

// parsed stores a value from the text of a type that is otherwise read from its
// binary form: the simple protocol gives everything as text.
func (r *rows) parsed(c *codec, v []byte, d any) error {
	if !known(d) && c.oid != pgtype.UUIDOID && !(c.oid == pgtype.ByteaOID && isByteArray(d)) && !(c.oid == pgtype.TimeOID && isDuration(d)) {
		return r.other(c, v, d)
	}
	bad := func(err error) error {
		return dialect.Errorf(dialect.ErrScan, "the server's text %q is not of type %s: %w", v, typeName(r.c.types, c.oid), err)
	}
	switch binaryKinds[c.oid] {
	case kindBool:
		return dialect.AssignBool(d, len(v) > 0 && v[0] == 't')
	case kindInt2, kindInt4, kindInt8, kindUint4:
		n, err := strconv.ParseInt(string(v), 10, 64)
		if err != nil {
			return bad(err)
		}
		return dialect.AssignInt64(d, n)
	case kindFloat4:
		f, err := strconv.ParseFloat(string(v), 32)
		if err != nil {
			return bad(err)
		}
		return assignFloat32(d, float32(f))
	case kindFloat8:
		f, err := strconv.ParseFloat(string(v), 64)
		if err != nil {
			return bad(err)
		}
		return dialect.AssignFloat64(d, f)
	case kindBytea:
		var b []byte
		if err := r.c.types.Scan(c.oid, c.format, v, &b); err != nil {
			return bad(err)
		}
		return dialect.AssignBytes(d, b)
	case kindUUID:
		var u pgtype.UUID
		if err := r.c.types.Scan(c.oid, c.format, v, &u); err != nil {
			return bad(err)
		}
		return r.uuid(c, u.Bytes[:], d)
	case kindDate:
		var t pgtype.Date
		if err := r.c.types.Scan(c.oid, c.format, v, &t); err != nil {
			return bad(err)
		}
		if t.InfinityModifier != pgtype.Finite {
			return infinite(d, t.InfinityModifier == pgtype.NegativeInfinity)
		}
		days := (t.Time.Unix() - timestamp(0).Unix()) / 86400
		return assignDate(d, int32(days))
	case kindTime:
		var t pgtype.Time
		if err := r.c.types.Scan(c.oid, c.format, v, &t); err != nil {
			return bad(err)
		}
		return assignTimeOfDay(d, t.Microseconds)
	default: // timestamps
		return r.parsedTimestamp(c, v, d, bad)
	}
}

func (r *rows) parsedTimestamp(c *codec, v []byte, d any, bad func(error) error) error {
	var at time.Time
	var inf pgtype.InfinityModifier
	if c.oid == pgtype.TimestamptzOID {
		var t pgtype.Timestamptz
		if err := r.c.types.Scan(c.oid, c.format, v, &t); err != nil {
			return bad(err)
		}
		at, inf = t.Time, t.InfinityModifier
	} else {
		var t pgtype.Timestamp
		if err := r.c.types.Scan(c.oid, c.format, v, &t); err != nil {
			return bad(err)
		}
		at, inf = t.Time, t.InfinityModifier
	}
	if inf != pgtype.Finite {
		return infinite(d, inf == pgtype.NegativeInfinity)
	}
	return dialect.AssignTime(d, at.UTC())
}

// interval stores an interval: as text in the server's own (postgres) style,
// and into a time.Duration where it has no months, a day being 24 hours.
func (r *rows) interval(c *codec, v []byte, d any) error {
	us := int64(binary.BigEndian.Uint64(v))
	days := int32(binary.BigEndian.Uint32(v[8:]))
	months := int32(binary.BigEndian.Uint32(v[12:]))
	if !known(d) {
		if d, ok := d.(*time.Duration); ok && months != 0 {
			return dialect.Errorf(dialect.ErrScan, "the interval %s has months, which have no fixed length; read it into a string or a pgtype.Interval",
				intervalText(months, days, us))
		} else if ok {
			const most = int64(1<<63-1) / 1000
			total := us + int64(days)*86_400_000_000
			if total > most || total < -most {
				return dialect.Errorf(dialect.ErrScan, "the interval %s does not fit into time.Duration", intervalText(months, days, us))
			}
			*d = time.Duration(total) * time.Microsecond
			return nil
		}
		return r.other(c, v, d)
	}
	return dialect.AssignString(d, intervalText(months, days, us))
}

// intervalText writes an interval as the server does with IntervalStyle postgres.
func intervalText(months, days int32, us int64) string {
	var b []byte
	negative := false // the part before was
	part := func(n int32, unit string) {
		if n == 0 {
			return
		}
		if len(b) > 0 {
			b = append(b, ' ')
		}
		if negative && n > 0 {
			b = append(b, '+')
		}
		b = fmt.Appendf(b, "%d %s", n, unit)
		if n != 1 {
			b = append(b, 's')
		}
		negative = n < 0
	}
	part(months/12, "year")
	part(months%12, "mon")
	part(days, "day")
	if us != 0 || len(b) == 0 {
		if len(b) > 0 {
			b = append(b, ' ')
		}
		if us < 0 {
			b = append(b, '-')
			us = -us
		} else if negative {
			b = append(b, '+')
		}
		b = appendTimeOfDay(b, us)
	}
	return string(b)
}

// hexBytea is the text form of bytes.
func hexBytea(b []byte) string { return `\x` + hex.EncodeToString(b) }
