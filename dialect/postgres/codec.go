package postgres

import (
	"github.com/jackc/pgx/v5/pgtype"
)

// kind says how a column's values are read.
type kind uint8

const (
	kindOther kind = iota // through pgtype
	kindText              // bytes that are text already
	kindJSON
	kindNumeric // as text
	kindBool
	kindInt2
	kindInt4
	kindInt8
	kindUint4 // oid, xid, cid
	kindFloat4
	kindFloat8
	kindBytea
	kindDate
	kindTime
	kindTimestamp // with and without time zone
	kindInterval
	kindUUID
	kindTextArray // an array, as text
	kindParsed    // text of one of the types above: bool, an integer, bytea …
)

// codec is what reading a column needs.
type codec struct {
	oid    uint32
	format int16
	kind   kind
}

// binaryKinds are the types that are read from their binary form here.
var binaryKinds = map[uint32]kind{
	pgtype.BoolOID:        kindBool,
	pgtype.Int2OID:        kindInt2,
	pgtype.Int4OID:        kindInt4,
	pgtype.Int8OID:        kindInt8,
	pgtype.OIDOID:         kindUint4,
	pgtype.XIDOID:         kindUint4,
	pgtype.CIDOID:         kindUint4,
	pgtype.Float4OID:      kindFloat4,
	pgtype.Float8OID:      kindFloat8,
	pgtype.ByteaOID:       kindBytea,
	pgtype.DateOID:        kindDate,
	pgtype.TimeOID:        kindTime,
	pgtype.TimestampOID:   kindTimestamp,
	pgtype.TimestamptzOID: kindTimestamp,
	pgtype.IntervalOID:    kindInterval,
	pgtype.UUIDOID:        kindUUID,
}

// formatFor is the format in which a column of a type is asked for: binary
// where that is read here, and for the arrays of these; the text of all others
// is what people know them by.
func formatFor(m *pgtype.Map, oid uint32) int16 {
	if _, ok := binaryKinds[oid]; ok {
		return pgtype.BinaryFormatCode
	}
	t, ok := m.TypeForOID(oid)
	if !ok {
		return pgtype.TextFormatCode
	}
	if a, ok := t.Codec.(*pgtype.ArrayCodec); ok {
		return formatFor(m, a.ElementType.OID)
	}
	return pgtype.TextFormatCode
}

// columnKind is codecKind for a column, which may be an array.
func columnKind(m *pgtype.Map, oid uint32, format int16) kind {
	k := codecKind(oid, format)
	if k == kindText {
		if _, _, ok := elementOf(m, oid); ok {
			return kindTextArray
		}
	}
	return k
}

// codecKind says how values of a type are read in a format.
func codecKind(oid uint32, format int16) kind {
	k, binary := binaryKinds[oid]
	switch {
	case binary && format == pgtype.BinaryFormatCode:
		return k
	case binary && k == kindInterval:
		return kindText
	case binary:
		return kindParsed
	case format == pgtype.BinaryFormatCode:
		return kindOther
	}
	switch oid {
	case pgtype.NumericOID:
		return kindNumeric
	case pgtype.JSONOID, pgtype.JSONBOID:
		return kindJSON
	}
	return kindText // text, enumerations, and all that is known by its text
}
