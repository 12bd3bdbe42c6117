package oracle

import (
	"strconv"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// typeNames are the names of types.
var typeNames = map[dialect.TypeKind]string{
	dialect.Boolean:     "NUMBER(1)",
	dialect.SmallInt:    "SMALLINT",
	dialect.Integer:     "INTEGER",
	dialect.BigInt:      "NUMBER(19)",
	dialect.Real:        "BINARY_FLOAT",
	dialect.Double:      "BINARY_DOUBLE",
	dialect.Decimal:     "NUMERIC({precision}, {scale})|NUMBER",
	dialect.Char:        "CHAR({length} CHAR)|CHAR(1 CHAR)",
	dialect.Varchar:     "VARCHAR2({length} CHAR)|VARCHAR2(255 CHAR)",
	dialect.Clob:        "CLOB",
	dialect.Binary:      "RAW({length})|RAW(1)",
	dialect.Varbinary:   "RAW({length})|BLOB",
	dialect.Blob:        "BLOB",
	dialect.Date:        "DATE",
	dialect.Timestamp:   "TIMESTAMP({precision})|TIMESTAMP",
	dialect.TimestampTZ: "TIMESTAMP({precision}) WITH TIME ZONE|TIMESTAMP WITH TIME ZONE",
	dialect.Interval:    "INTERVAL DAY TO SECOND",
	dialect.UUID:        "RAW(16)",
	dialect.JSON:        "CLOB",
}

// nationalNames are those of National text.
var nationalNames = map[dialect.TypeKind]string{
	dialect.Char:    "NCHAR({length})|NCHAR(1)",
	dialect.Varchar: "NVARCHAR2({length})|NVARCHAR2(255)",
	dialect.Clob:    "NCLOB",
}

// TypeName returns t's name for DDL and CAST.
func (d *oracle) TypeName(t *dialect.Type) (string, error) {
	x, table := *t, typeNames
	switch t.Kind {
	case dialect.Boolean:
		if d.features.NativeBool {
			return "BOOLEAN", nil
		}
	case dialect.BigInt:
		if t.Unsigned {
			return "NUMBER(20)", nil
		}
	case dialect.Decimal:
		if t.Precision > 38 {
			return "", dialect.Unsupported(d, t.String(), "the precision is at most 38; NUMBER without one holds 38 digits anywhere around the point")
		}
		if t.Precision == 0 && t.Scale > 0 {
			return "NUMBER(*, " + strconv.Itoa(t.Scale) + ")", nil
		}
	case dialect.Char, dialect.Varchar, dialect.Clob:
		limit := 4000
		if t.Kind == dialect.Char {
			limit = 2000
		}
		if t.National {
			limit /= 2
			table = nationalNames
		}
		if t.Length > limit {
			if t.Kind == dialect.Char {
				return "", dialect.Unsupported(d, t.String(), "CHAR holds at most "+strconv.Itoa(limit)+" characters; use VARCHAR or TEXT")
			}
			x.Kind = dialect.Clob
		}
	case dialect.Binary, dialect.Varbinary:
		if t.Length > 2000 {
			x.Kind = dialect.Blob
		}
	case dialect.Time:
		return "", dialect.Unsupported(d, "type "+t.String(), "keep a TIMESTAMP, or a number of seconds")
	case dialect.Timestamp, dialect.TimestampTZ:
		if t.Precision > 9 {
			return "", dialect.Unsupported(d, t.String(), "times have at most 9 fractional digits")
		}
	case dialect.Enum:
		longest := 1
		if t.Values != nil {
			for _, v := range t.Values.List {
				longest = max(longest, utf8.RuneCountInString(v))
			}
		}
		return "VARCHAR2(" + strconv.Itoa(longest) + " CHAR)", nil
	case dialect.Array:
		return "", dialect.Unsupported(d, "type "+t.String(), "keep the elements in a table of their own, or as JSON")
	}
	name, ok := dialect.RenderType(table, &x)
	if !ok {
		return "", dialect.Unsupported(d, "type "+t.String(), "give a type of Oracle's own by name (dialect.Native)")
	}
	return name, nil
}

// databaseTypes gives the driver's names of types as Oracle says them.
var databaseTypes = map[string]string{
	"NCHAR": "VARCHAR2", "VARCHAR": "VARCHAR2", "CHAR": "CHAR", "CHARZ": "CHAR", "LONG": "LONG", "LongVarChar": "LONG",
	"NUMBER": "NUMBER", "FLOAT": "FLOAT", "IBFloat": "BINARY_FLOAT", "BFloat": "BINARY_FLOAT", "IBDouble": "BINARY_DOUBLE",
	"BDouble": "BINARY_DOUBLE", "RAW": "RAW", "VarRaw": "RAW", "LongRaw": "LONG RAW", "LongVarRaw": "LONG RAW",
	"DATE": "DATE", "OCIDate": "DATE", "TIMESTAMP": "TIMESTAMP", "TimeStampDTY": "TIMESTAMP",
	"TimeStampTZ": "TIMESTAMP WITH TIME ZONE", "TimeStampTZ_DTY": "TIMESTAMP WITH TIME ZONE",
	"TimeStampLTZ_DTY": "TIMESTAMP WITH LOCAL TIME ZONE", "TimeStampeLTZ": "TIMESTAMP WITH LOCAL TIME ZONE",
	"IntervalYM": "INTERVAL YEAR TO MONTH", "IntervalYM_DTY": "INTERVAL YEAR TO MONTH",
	"IntervalDS": "INTERVAL DAY TO SECOND", "IntervalDS_DTY": "INTERVAL DAY TO SECOND",
	"OCIClobLocator": "CLOB", "OCIBlobLocator": "BLOB", "OCIFileLocator": "BFILE", "ROWID": "ROWID", "UROWID": "UROWID",
	"XMLType": "XMLTYPE", "OCIXMLType": "XMLTYPE", "REFCURSOR": "REF CURSOR", "RESULTSET": "REF CURSOR",
	"TNSType(252)": "BOOLEAN", "TNSType(119)": "JSON", "TNSType(127)": "VECTOR",
}

// columnTypes maps Oracle's names to types.
var columnTypes = map[string]dialect.Type{
	"VARCHAR2": {Kind: dialect.Varchar}, "CHAR": {Kind: dialect.Char}, "LONG": {Kind: dialect.Clob}, "CLOB": {Kind: dialect.Clob},
	"FLOAT": {Kind: dialect.Decimal}, "BINARY_FLOAT": {Kind: dialect.Real}, "BINARY_DOUBLE": {Kind: dialect.Double},
	"RAW": {Kind: dialect.Varbinary}, "LONG RAW": {Kind: dialect.Blob}, "BLOB": {Kind: dialect.Blob},
	"DATE": {Kind: dialect.Timestamp, Precision: -1}, "TIMESTAMP": {Kind: dialect.Timestamp},
	"TIMESTAMP WITH TIME ZONE": {Kind: dialect.TimestampTZ}, "TIMESTAMP WITH LOCAL TIME ZONE": {Kind: dialect.TimestampTZ},
	"INTERVAL DAY TO SECOND": {Kind: dialect.Interval}, "BOOLEAN": {Kind: dialect.Boolean}, "JSON": {Kind: dialect.JSON},
}
