package mssql

import (
	"strconv"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// typeNames are the names of types. Text is always NVARCHAR: a VARCHAR column
// silently turns what its code page lacks into question marks.
var typeNames = map[dialect.TypeKind]string{
	dialect.Boolean:     "BIT",
	dialect.SmallInt:    "SMALLINT",
	dialect.Integer:     "INTEGER",
	dialect.BigInt:      "BIGINT",
	dialect.Real:        "REAL",
	dialect.Double:      "FLOAT(53)",
	dialect.Decimal:     "NUMERIC({precision}, {scale})|NUMERIC(38, 10)",
	dialect.Char:        "NCHAR({length})|NCHAR(1)",
	dialect.Varchar:     "NVARCHAR({length})|NVARCHAR(255)",
	dialect.Clob:        "NVARCHAR(max)",
	dialect.Binary:      "BINARY({length})|BINARY(1)",
	dialect.Varbinary:   "VARBINARY({length})|VARBINARY(max)",
	dialect.Blob:        "VARBINARY(max)",
	dialect.Date:        "DATE",
	dialect.Time:        "TIME({precision})|TIME",
	dialect.Timestamp:   "DATETIME2({precision})|DATETIME2",
	dialect.TimestampTZ: "DATETIMEOFFSET({precision})|DATETIMEOFFSET",
	dialect.Interval:    "BIGINT", // of nanoseconds
	dialect.UUID:        "UNIQUEIDENTIFIER",
	dialect.JSON:        "NVARCHAR(max)",
}

// TypeName returns t's name for DDL and CAST.
func (d *sqlServer) TypeName(t *dialect.Type) (string, error) {
	x := *t
	switch t.Kind {
	case dialect.SmallInt, dialect.Integer, dialect.BigInt:
		if t.Unsigned {
			switch t.Kind {
			case dialect.SmallInt:
				x.Kind = dialect.Integer
			case dialect.Integer:
				x.Kind = dialect.BigInt
			default:
				x = dialect.Type{Kind: dialect.Decimal, Precision: 20}
			}
		}
	case dialect.Decimal:
		if t.Precision > 38 || t.Scale > max(t.Precision, 0) && t.Precision != 0 {
			return "", dialect.Unsupported(d, t.String(), "the precision is at most 38, and the scale at most the precision")
		}
		if t.Precision == 0 && t.Scale > 0 {
			x.Precision = 38
		}
	case dialect.Varchar:
		if t.Length > 4000 {
			x.Kind = dialect.Clob
		}
	case dialect.Varbinary:
		if t.Length > 8000 {
			x.Kind = dialect.Blob
		}
	case dialect.Char:
		if t.Length > 4000 {
			return "", dialect.Unsupported(d, t.String(), "CHAR holds at most 4000 characters; use VARCHAR or TEXT")
		}
	case dialect.Binary:
		if t.Length > 8000 {
			return "", dialect.Unsupported(d, t.String(), "BINARY holds at most 8000 bytes; use VARBINARY or BLOB")
		}
	case dialect.Time, dialect.Timestamp, dialect.TimestampTZ:
		if t.Precision > 7 {
			return "", dialect.Unsupported(d, t.String(), "times have at most 7 fractional digits")
		}
	case dialect.Enum:
		return "NVARCHAR(" + strconv.Itoa(longest(t)) + ")", nil
	case dialect.Array:
		return "", dialect.Unsupported(d, "type "+t.String(), "keep the elements in a table of their own, or as JSON")
	}
	name, ok := dialect.RenderType(typeNames, &x)
	if !ok {
		return "", dialect.Unsupported(d, "type "+t.String(), "give a type of SQL Server's own by name (dialect.Native)")
	}
	return name, nil
}

// longest is the length of an enumeration's column.
func longest(t *dialect.Type) int {
	n := 1
	if t.Values != nil {
		for _, v := range t.Values.List {
			n = max(n, utf16Len(v))
		}
	}
	return n
}

// columnTypes maps the names that the driver gives to types.
var columnTypes = map[string]dialect.Type{
	"BIT": {Kind: dialect.Boolean}, "TINYINT": {Kind: dialect.SmallInt}, "SMALLINT": {Kind: dialect.SmallInt},
	"INT": {Kind: dialect.Integer}, "BIGINT": {Kind: dialect.BigInt},
	"REAL": {Kind: dialect.Real}, "FLOAT": {Kind: dialect.Double},
	"DECIMAL": {Kind: dialect.Decimal}, "MONEY": {Kind: dialect.Decimal, Precision: 19, Scale: 4},
	"SMALLMONEY": {Kind: dialect.Decimal, Precision: 10, Scale: 4},
	"CHAR":       {Kind: dialect.Char}, "NCHAR": {Kind: dialect.Char, National: true},
	"VARCHAR": {Kind: dialect.Varchar}, "NVARCHAR": {Kind: dialect.Varchar, National: true},
	"TEXT": {Kind: dialect.Clob}, "NTEXT": {Kind: dialect.Clob, National: true}, "XML": {Kind: dialect.Clob, National: true},
	"BINARY": {Kind: dialect.Binary}, "VARBINARY": {Kind: dialect.Varbinary}, "IMAGE": {Kind: dialect.Blob},
	"DATE": {Kind: dialect.Date}, "TIME": {Kind: dialect.Time},
	"DATETIME": {Kind: dialect.Timestamp, Precision: 3}, "SMALLDATETIME": {Kind: dialect.Timestamp, Precision: -1},
	"DATETIME2": {Kind: dialect.Timestamp}, "DATETIMEOFFSET": {Kind: dialect.TimestampTZ},
	"UNIQUEIDENTIFIER": {Kind: dialect.UUID},
}
