package sqlite

import (
	"fmt"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// typeNames are the names of types in DDL. SQLite derives a column's affinity
// from them: a name with TEXT or CHAR keeps text as it is, one with INT makes integers
// of what looks like one, and so on. DECIMAL alone would make floats of
// decimals, and JSON alone would change 1.0 to 1; hence the _TEXT.
var typeNames = map[dialect.TypeKind]string{
	dialect.Boolean:     "BOOLEAN",
	dialect.SmallInt:    "SMALLINT",
	dialect.Integer:     "INTEGER",
	dialect.BigInt:      "BIGINT",
	dialect.Real:        "REAL",
	dialect.Double:      "DOUBLE PRECISION",
	dialect.Decimal:     "DECIMAL_TEXT({precision},{scale})|DECIMAL_TEXT",
	dialect.Char:        "CHAR({length})|CHAR",
	dialect.Varchar:     "VARCHAR({length})|VARCHAR",
	dialect.Clob:        "TEXT",
	dialect.Binary:      "BINARY({length})|BINARY",
	dialect.Varbinary:   "VARBINARY({length})|VARBINARY",
	dialect.Blob:        "BLOB",
	dialect.Date:        "DATE",
	dialect.Time:        "TIME({precision})|TIME",
	dialect.Timestamp:   "TIMESTAMP({precision})|TIMESTAMP",
	dialect.TimestampTZ: "TIMESTAMPTZ({precision})|TIMESTAMPTZ",
	dialect.Interval:    "INTERVAL",
	dialect.UUID:        "UUID_TEXT",
	dialect.JSON:        "JSON_TEXT",
	dialect.Enum:        "TEXT",
}

// TypeName implements [dialect.Dialect]. [ParseType] reads every name back,
// but for an Enum, which is TEXT.
func (d *sqlite) TypeName(t *dialect.Type) (string, error) {
	if t == nil {
		return "", dialect.Errorf(dialect.ErrStatement, "sqlite: no type")
	}
	if t.Kind == dialect.Array {
		return "", dialect.Unsupported(d, "the type "+t.String(), "use json, or a table of its own")
	}
	plain := *t
	if plain.Precision < 0 {
		plain.Precision = 0
	}
	if t.Kind == dialect.Decimal && t.Inexact {
		if t.Precision == 0 {
			return "NUMERIC", nil
		}
		return fmt.Sprintf("NUMERIC(%d, %d)", t.Precision, t.Scale), nil
	}
	name, ok := dialect.RenderType(typeNames, &plain)
	if !ok {
		return "", dialect.Unsupported(d, "the type "+t.String(), "use dialect.Native with the name that the column should have")
	}
	if t.National && (t.Kind == dialect.Char || t.Kind == dialect.Varchar) {
		name = "N" + name
	}
	if t.Unsigned {
		name += " UNSIGNED"
	}
	return name, nil
}

// CastName implements [dialect.CastNamer]: within CAST a type is no more than
// its affinity, so that a decimal is cast to NUMERIC for arithmetic.
func (d *sqlite) CastName(t *dialect.Type) (string, error) {
	if t != nil && t.Kind == dialect.Decimal && t.Precision > 0 {
		return fmt.Sprintf("NUMERIC(%d, %d)", t.Precision, t.Scale), nil
	}
	if t != nil && t.Kind == dialect.Decimal {
		return "NUMERIC", nil
	}
	if t != nil && (t.Kind == dialect.Date || t.Kind == dialect.Time || t.Kind == dialect.Timestamp || t.Kind == dialect.TimestampTZ) {
		return "TEXT", nil // NUMERIC would keep the leading digits only
	}
	if t != nil && (t.Kind == dialect.Binary || t.Kind == dialect.Varbinary) {
		return "BLOB", nil
	}
	return d.TypeName(t)
}

var _ dialect.CastNamer = (*sqlite)(nil)

// ParseType reads a column's declared type, as PRAGMA table_info or
// [dialect.Column] give it: the names of TypeName, those that other programs
// use, and, for what is not known, the kind that SQLite's rules of affinity
// give it, under its own name as a [dialect.Native].
func ParseType(declared string) dialect.Type {
	declared = strings.TrimSpace(declared)
	if declared == "" {
		return dialect.Type{}
	}
	upper := strings.ToUpper(declared)
	name, rest := upper, ""
	if at := strings.IndexByte(upper, '('); at >= 0 {
		name, rest = strings.TrimSpace(upper[:at]), upper[at:]
	}
	text := declared
	switch name {
	case "DECIMAL_TEXT":
		text = "decimal" + rest
	case "DECIMAL", "NUMERIC":
		text = "decimal" + rest + " inexact"
	case "UUID_TEXT":
		text = "uuid"
	case "JSON_TEXT":
		text = "json"
	case "TIMESTAMPTZ":
		text = "timestamp" + rest + " with time zone"
	case "TINYINT", "MEDIUMINT", "INT2", "INT":
		text = map[string]string{"TINYINT": "smallint", "MEDIUMINT": "integer", "INT2": "smallint", "INT": "integer"}[name]
	case "NATIVE CHARACTER":
		text = "nchar" + rest
	case "VARYING CHARACTER":
		text = "varchar" + rest
	case "UNSIGNED BIG INT":
		text = "bigint unsigned"
	}
	t, err := dialect.ParseType(text)
	if err != nil || t.Kind == dialect.Enum { // whose values nothing checks here
		return dialect.Type{Kind: dialect.Native, Name: declared}
	}
	return t
}

// ParseType is [ParseType] as a method, for code that has a dialect only.
func (d *sqlite) ParseType(declared string) (dialect.Type, error) { return ParseType(declared), nil }

func kindOf(t *dialect.Type) dialect.TypeKind {
	if t == nil {
		return dialect.NoType
	}
	return t.Kind
}

// isText reports whether a column of that kind holds text only, so that
// bytes go into it as text.
func isText(k dialect.TypeKind) bool {
	switch k {
	case dialect.Char, dialect.Varchar, dialect.Clob, dialect.JSON, dialect.Enum, dialect.Decimal:
		return true
	}
	return false
}

// isBinary reports whether a column of that kind holds bytes, so that text
// goes into it as bytes.
func isBinary(k dialect.TypeKind) bool {
	return k == dialect.Binary || k == dialect.Varbinary || k == dialect.Blob
}
