package postgres

import (
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// typeNames are the names of types in DDL, as dialect.RenderType reads them.
var typeNames = map[dialect.TypeKind]string{
	dialect.Boolean:     "BOOLEAN",
	dialect.SmallInt:    "SMALLINT",
	dialect.Integer:     "INTEGER",
	dialect.BigInt:      "BIGINT",
	dialect.Real:        "REAL",
	dialect.Double:      "DOUBLE PRECISION",
	dialect.Decimal:     "NUMERIC({precision},{scale})|NUMERIC",
	dialect.Char:        "CHAR({length})|CHAR(1)",
	dialect.Varchar:     "VARCHAR({length})|VARCHAR",
	dialect.Clob:        "TEXT",
	dialect.Binary:      "BYTEA",
	dialect.Varbinary:   "BYTEA",
	dialect.Blob:        "BYTEA",
	dialect.Date:        "DATE",
	dialect.Time:        "TIME({precision})|TIME",
	dialect.Timestamp:   "TIMESTAMP({precision})|TIMESTAMP",
	dialect.TimestampTZ: "TIMESTAMP({precision}) WITH TIME ZONE|TIMESTAMP WITH TIME ZONE",
	dialect.Interval:    "INTERVAL({precision})|INTERVAL",
	dialect.UUID:        "UUID",
	dialect.JSON:        "JSONB",
}

// TypeName implements [dialect.Dialect]. An unsigned integer becomes the next
// larger type, which holds all its values. An Enum that has a name is that type
// (CREATE TYPE makes it); one without is a VARCHAR as long as its longest value.
func (s *server) TypeName(t *dialect.Type) (string, error) {
	if t == nil {
		return "", dialect.Errorf(dialect.ErrStatement, "%s: a nil type has no name", s.product)
	}
	if t.Domain != nil && s.Features().DDL.Options["domain.create"] != "" {
		w := dialect.NewWriter(s)
		if t.Domain.Schema != "" {
			w.Qualified(t.Domain.Schema, t.Domain.Name)
		} else {
			w.Ident(t.Domain.Name)
		}
		return w.Text(), w.Err()
	}
	if t.Unsigned {
		switch t.Kind {
		case dialect.SmallInt:
			return "INTEGER", nil
		case dialect.Integer:
			return "BIGINT", nil
		case dialect.BigInt:
			return "NUMERIC(20,0)", nil
		}
	}
	switch t.Kind {
	case dialect.Array:
		if t.Elem == nil {
			return "", dialect.Errorf(dialect.ErrStatement, "%s: an array type needs an element type", s.product)
		}
		name, err := s.TypeName(t.Elem)
		if err != nil {
			return "", err
		}
		return name + "[]", nil
	case dialect.Enum:
		if t.Name != "" {
			w := dialect.NewWriter(s)
			w.Qualified(strings.Split(t.Name, ".")...)
			return w.Text(), w.Err()
		}
		longest := 1
		if t.Values != nil {
			for _, v := range t.Values.List {
				longest = max(longest, len([]rune(v)))
			}
		}
		name, _ := dialect.RenderType(typeNames, &dialect.Type{Kind: dialect.Varchar, Length: longest})
		return name, nil
	}
	if name, ok := dialect.RenderType(typeNames, t); ok {
		return name, nil
	}
	return "", dialect.Unsupported(s, "the type "+t.String(), "name the database's own type (dialect.Native)")
}

// baseTypes are the types by the number that the server gives them.
var baseTypes = map[uint32]*dialect.Type{
	pgtype.BoolOID:        {Kind: dialect.Boolean},
	pgtype.Int2OID:        {Kind: dialect.SmallInt},
	pgtype.Int4OID:        {Kind: dialect.Integer},
	pgtype.Int8OID:        {Kind: dialect.BigInt},
	pgtype.Float4OID:      {Kind: dialect.Real},
	pgtype.Float8OID:      {Kind: dialect.Double},
	pgtype.NumericOID:     {Kind: dialect.Decimal},
	pgtype.BPCharOID:      {Kind: dialect.Char},
	pgtype.VarcharOID:     {Kind: dialect.Varchar},
	pgtype.TextOID:        {Kind: dialect.Clob},
	pgtype.NameOID:        {Kind: dialect.Native, Name: "name"},
	pgtype.ByteaOID:       {Kind: dialect.Blob},
	pgtype.DateOID:        {Kind: dialect.Date},
	pgtype.TimeOID:        {Kind: dialect.Time},
	pgtype.TimestampOID:   {Kind: dialect.Timestamp},
	pgtype.TimestamptzOID: {Kind: dialect.TimestampTZ},
	pgtype.IntervalOID:    {Kind: dialect.Interval},
	pgtype.UUIDOID:        {Kind: dialect.UUID},
	pgtype.JSONOID:        {Kind: dialect.JSON},
	pgtype.JSONBOID:       {Kind: dialect.JSON},
}

// typeOf is the type of a result's column; nil where it is none that is known.
// oid and modifier are as in a row description.
func typeOf(m *pgtype.Map, oid uint32, modifier int32) *dialect.Type {
	t := baseTypes[oid]
	if t == nil {
		pt, ok := m.TypeForOID(oid)
		if !ok {
			return nil
		}
		if a, ok := pt.Codec.(*pgtype.ArrayCodec); ok {
			if elem := typeOf(m, a.ElementType.OID, modifier); elem != nil {
				return &dialect.Type{Kind: dialect.Array, Elem: elem}
			}
			return nil
		}
		return &dialect.Type{Kind: dialect.Native, Name: pt.Name}
	}
	if modifier < 0 {
		return t
	}
	switch c := *t; oid {
	case pgtype.BPCharOID, pgtype.VarcharOID:
		c.Length = int(modifier) - 4
		return &c
	case pgtype.NumericOID:
		n := modifier - 4
		c.Precision = int(n >> 16 & 0xffff)
		c.Scale = int(n & 0x7ff)
		if c.Scale&0x400 != 0 { // negative since PostgreSQL 15
			c.Scale -= 0x800
		}
		return &c
	case pgtype.TimeOID, pgtype.TimestampOID, pgtype.TimestamptzOID:
		if c.Precision = int(modifier); modifier == 0 {
			c.Precision = -1
		}
		return &c
	}
	return t
}

// typeName is the type's own name, in upper case: INT8, TIMESTAMPTZ, INT4[];
// empty for a type that was made in the database (an enumeration, say), whose name the
// server does not send.
func typeName(m *pgtype.Map, oid uint32) string {
	t, ok := m.TypeForOID(oid)
	if !ok {
		return ""
	}
	if elem, ok := strings.CutPrefix(t.Name, "_"); ok {
		return strings.ToUpper(elem) + "[]"
	}
	return strings.ToUpper(t.Name)
}

// columns describes a result.
func columns(m *pgtype.Map, fields []pgconn.FieldDescription) []dialect.Column {
	if len(fields) == 0 {
		return nil
	}
	cols := make([]dialect.Column, len(fields))
	for i, f := range fields {
		cols[i] = dialect.Column{
			Name:         f.Name,
			DatabaseType: typeName(m, f.DataTypeOID),
			Type:         typeOf(m, f.DataTypeOID, f.TypeModifier),
		}
	}
	return cols
}
