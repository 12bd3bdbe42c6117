package mssql

import (
	"database/sql"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	mssqldb "github.com/microsoft/go-mssqldb"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// param is an argument with the type that it is declared with. Declaring
// parameters by the column's type, and not by the length of each value, gives
// one plan for a statement, and lets the server use the column's index.
type param struct {
	value any
	decl  string
}

// bind converts an argument by the type of its column. Values of the driver's
// own types, which have a meaning to it beyond a value (table-valued parameters,
// return status, output), go to it as they are.
func bind(a *dialect.Arg) (any, error) {
	switch v := a.Value.(type) {
	case sql.Out, mssqldb.TVP, *mssqldb.ReturnStatus,
		mssqldb.VarChar, mssqldb.VarCharMax, mssqldb.NVarCharMax, mssqldb.NChar, mssqldb.DateTime1, mssqldb.DateTimeOffset:
		return v, nil
	case mssqldb.UniqueIdentifier:
		return param{v, "uniqueidentifier"}, nil
	}
	if id, ok := sqldriver.UUIDArray(a.Value); ok {
		return param{mssqldb.UniqueIdentifier(id), "uniqueidentifier"}, nil
	}
	if f, ok := a.Value.(float32); ok && (a.Type == nil || a.Type.Kind == dialect.NoType || a.Type.Kind == dialect.Real) {
		return param{f, "real"}, nil // and no float64
	}
	if a.Type != nil && a.Type.Kind == dialect.JSON {
		if s, ok, err := sqldriver.JSONText(a.Value); err != nil || ok {
			return text(s, a.Type), err
		}
	}
	v, err := sqldriver.Resolve(a.Value)
	if err != nil {
		return nil, err
	}
	if a.Type == nil || a.Type.Kind == dialect.NoType {
		return untyped(v)
	}
	return typed(v, a.Type)
}

// untyped declares a parameter by its value.
func untyped(v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return param{nil, "nvarchar(1)"}, nil
	case bool:
		return param{x, "bit"}, nil
	case int:
		return param{int64(x), "bigint"}, nil
	case int64:
		return param{x, "bigint"}, nil
	case uint64:
		if x > math.MaxInt64 {
			return param{strconv.FormatUint(x, 10), "decimal(20, 0)"}, nil
		}
		return param{int64(x), "bigint"}, nil
	case float64:
		return float(x, "float(53)")
	case string:
		return text(x, nil), nil
	case []byte:
		return binary(x, nil), nil
	case time.Time:
		// In UTC, so that a column without a time zone keeps the instant too.
		if err := checkYear(x); err != nil {
			return nil, err
		}
		return param{mssqldb.DateTimeOffset(x.UTC()), "datetimeoffset(7)"}, nil
	}
	return v, nil // the driver says what it thinks of it
}

// typed declares a parameter by the column that it meets.
func typed(v any, t *dialect.Type) (any, error) {
	if v == nil {
		return null(t), nil
	}
	switch t.Kind {
	case dialect.Boolean:
		switch x := v.(type) {
		case bool:
			return param{x, "bit"}, nil
		case int64:
			if x == 0 || x == 1 {
				return param{x == 1, "bit"}, nil
			}
		}
	case dialect.SmallInt, dialect.Integer, dialect.BigInt:
		return integer(v, t)
	case dialect.Real:
		if x, ok := v.(float64); ok {
			return float(x, "real")
		}
	case dialect.Double:
		if x, ok := v.(float64); ok {
			return float(x, "float(53)")
		}
	case dialect.Decimal:
		return decimal(v, t)
	case dialect.Char, dialect.Varchar, dialect.Clob, dialect.Enum, dialect.JSON:
		return textArg(v, t)
	case dialect.Binary, dialect.Varbinary, dialect.Blob:
		switch x := v.(type) {
		case []byte:
			return binary(x, t), nil
		case string:
			return binary([]byte(x), t), nil
		}
	case dialect.Date, dialect.Time, dialect.Timestamp, dialect.TimestampTZ:
		if x, ok := v.(time.Time); ok {
			return timeArg(x, t.Kind)
		}
	case dialect.UUID:
		return uuidArg(v)
	case dialect.Native:
		return native(v, t)
	}
	return untyped(v)
}

// null is NULL declared as a value of the column would be, so that the two share a
// plan, and because there is no conversion from text to binary data.
func null(t *dialect.Type) param {
	switch t.Kind {
	case dialect.Binary, dialect.Varbinary, dialect.Blob:
		return param{[]byte(nil), binary([]byte{}, t).decl}
	case dialect.Char, dialect.Varchar, dialect.Clob, dialect.Enum, dialect.JSON:
		return param{nil, text("", t).decl}
	case dialect.Decimal:
		return param{nil, "decimal(38, " + strconv.Itoa(decimalScale(t)) + ")"}
	case dialect.Native:
		return nativeNull(t)
	}
	decl, ok := nulls[t.Kind]
	switch {
	case !ok:
		decl = "nvarchar(1)"
	case t.Unsigned:
		decl = "bigint"
	}
	return param{nil, decl}
}

var nulls = map[dialect.TypeKind]string{dialect.UUID: "uniqueidentifier", dialect.Date: "date", dialect.Time: "time(7)", dialect.Timestamp: "datetime2(7)",
	dialect.TimestampTZ: "datetimeoffset(7)", dialect.Boolean: "bit", dialect.SmallInt: "smallint", dialect.Integer: "int", dialect.BigInt: "bigint",
	dialect.Interval: "bigint", dialect.Real: "real", dialect.Double: "float(53)"}

// nativeNull is NULL for one of SQL Server's own types.
func nativeNull(t *dialect.Type) param {
	name, length := nativeName(t.Name)
	switch name {
	case "BINARY", "VARBINARY":
		return param{[]byte(nil), binary([]byte{}, &dialect.Type{Kind: dialect.Varbinary, Length: length}).decl}
	case "IMAGE", "TIMESTAMP", "ROWVERSION":
		return param{[]byte(nil), "varbinary(max)"}
	case "VARCHAR", "CHAR", "TEXT":
		return param{nil, narrow("", name, length).decl}
	case "NVARCHAR", "NCHAR", "SYSNAME", "NTEXT", "XML":
		return param{nil, text("", &dialect.Type{Kind: dialect.Varchar, Length: length}).decl}
	case "DATETIME", "SMALLDATETIME":
		return param{nil, strings.ToLower(name)}
	case "DECIMAL", "NUMERIC", "MONEY", "SMALLMONEY":
		return param{nil, "decimal(38, 4)"}
	}
	return param{nil, "nvarchar(1)"}
}

func integer(v any, t *dialect.Type) (any, error) {
	switch x := v.(type) {
	case int:
		v = int64(x)
	case uint64:
		if x > math.MaxInt64 {
			if t.Kind == dialect.BigInt && t.Unsigned {
				return param{strconv.FormatUint(x, 10), "decimal(20, 0)"}, nil
			}
			return nil, dialect.Errorf(dialect.ErrOutOfRange, "mssql: %d is out of the range of %s", x, t)
		}
		v = int64(x)
	}
	n, ok := v.(int64)
	if !ok {
		return untyped(v)
	}
	// A value that the column cannot hold is compared as what it is.
	switch {
	case t.Kind == dialect.SmallInt && !t.Unsigned && int64(int16(n)) == n:
		return param{n, "smallint"}, nil
	case t.Kind == dialect.Integer && !t.Unsigned && int64(int32(n)) == n:
		return param{n, "int"}, nil
	}
	return param{n, "bigint"}, nil
}

func float(f float64, decl string) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, dialect.Errorf(dialect.ErrOutOfRange, "mssql: SQL Server has no %v", f)
	}
	return param{f, decl}, nil
}

// decimal declares exact numbers with the column's scale, or a larger one
// where the value has more digits.
func decimal(v any, t *dialect.Type) (any, error) {
	var s string
	switch x := v.(type) {
	case string:
		s = x
	case []byte:
		s = string(x)
	case int64:
		s = strconv.FormatInt(x, 10)
	case uint64:
		s = strconv.FormatUint(x, 10)
	case int:
		s = strconv.Itoa(x)
	case float64: // as a float it would have the column converted
		if math.IsNaN(x) || math.IsInf(x, 0) || math.Abs(x) >= 1e27 || x != 0 && math.Abs(x) < 1e-10 {
			return float(x, "float(53)")
		}
		s = strconv.FormatFloat(x, 'f', -1, 64)
	default:
		return untyped(v)
	}
	digits, scale, ok := plainDecimal(s)
	if !ok {
		return nil, dialect.Errorf(dialect.ErrInvalidText, "mssql: %q is not a decimal number", s)
	}
	whole := len(strings.TrimLeft(digits, "-"))
	if scale > 0 {
		whole -= scale + 1
	}
	scale = max(scale, decimalScale(t))
	if whole+scale > 38 {
		scale = 38 - whole
	}
	if scale < 0 {
		return nil, dialect.Errorf(dialect.ErrOutOfRange, "mssql: %q has more than 38 digits", s)
	}
	return param{digits, "decimal(38, " + strconv.Itoa(scale) + ")"}, nil
}

// decimalScale is the scale of a type: one without precision is NUMERIC(38, 10).
func decimalScale(t *dialect.Type) int {
	if t.Precision == 0 && t.Scale == 0 {
		return 10
	}
	return t.Scale
}

// plainDecimal writes the text of a number without an exponent, and counts its digits
// after the point.
func plainDecimal(s string) (text string, scale int, ok bool) {
	neg, whole, fraction, exponent, ok := sqldriver.CutNumber(s)
	if !ok {
		return "", 0, false
	}
	switch {
	case exponent > 0:
		fraction += strings.Repeat("0", max(0, exponent-len(fraction)))
		whole, fraction = whole+fraction[:exponent], fraction[exponent:]
	case exponent < 0:
		whole = strings.Repeat("0", max(0, -exponent-len(whole))) + whole
		cut := len(whole) + exponent
		whole, fraction = whole[:cut], whole[cut:]+fraction
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if neg {
		whole = "-" + whole
	}
	return whole, len(fraction), true
}

func textArg(v any, t *dialect.Type) (any, error) {
	switch x := v.(type) {
	case string:
		return text(x, t), nil
	case []byte:
		if !utf8.Valid(x) {
			return nil, dialect.Errorf(dialect.ErrInvalidText, "mssql: bytes that are not UTF-8 do not go into a column of text")
		}
		return text(string(x), t), nil
	}
	return untyped(v)
}

// text declares NVARCHAR of the column's length, or else of one of two lengths.
func text(s string, t *dialect.Type) param {
	n := utf16Len(s)
	switch {
	case t != nil && t.Kind == dialect.Clob, t != nil && t.Kind == dialect.JSON, n > 4000:
		return param{s, "nvarchar(max)"}
	case t != nil && t.Kind == dialect.Enum && n <= longest(t):
		return param{s, "nvarchar(" + strconv.Itoa(longest(t)) + ")"}
	case t != nil && t.Length > 0 && t.Length <= 4000 && n <= t.Length:
		return param{s, "nvarchar(" + strconv.Itoa(t.Length) + ")"}
	}
	return param{s, "nvarchar(4000)"}
}

func binary(b []byte, t *dialect.Type) param {
	if b == nil {
		return param{b, "varbinary(max)"}
	}
	switch {
	case t != nil && t.Kind == dialect.Blob, len(b) > 8000:
		return param{b, "varbinary(max)"}
	case t != nil && t.Length > 0 && t.Length <= 8000 && len(b) <= t.Length:
		return param{b, "varbinary(" + strconv.Itoa(t.Length) + ")"}
	}
	return param{b, "varbinary(8000)"}
}

func timeArg(x time.Time, kind dialect.TypeKind) (any, error) {
	if err := checkYear(x); err != nil && kind != dialect.Time {
		return nil, err
	}
	switch kind {
	case dialect.Date:
		return param{civilDate(x), "date"}, nil
	case dialect.Time:
		return param{civilTime(x), "time(7)"}, nil
	case dialect.Timestamp:
		return param{civilDateTime(x.UTC()), "datetime2(7)"}, nil
	}
	return param{mssqldb.DateTimeOffset(x), "datetimeoffset(7)"}, nil
}

// The driver takes a date, a time of day, and a time without a zone as types
// of a package that it depends on; they are reached through the driver's own.

func civilDate(t time.Time) any {
	var n mssqldb.NullDate
	n.Date.Year, n.Date.Month, n.Date.Day = t.Date()
	return n.Date
}

func civilTime(t time.Time) any {
	var n mssqldb.NullTime
	n.Time.Hour, n.Time.Minute, n.Time.Second = t.Clock()
	n.Time.Nanosecond = t.Nanosecond()
	return n.Time
}

func civilDateTime(t time.Time) any {
	var n mssqldb.NullDateTime
	n.DateTime.Date.Year, n.DateTime.Date.Month, n.DateTime.Date.Day = t.Date()
	n.DateTime.Time.Hour, n.DateTime.Time.Minute, n.DateTime.Time.Second = t.Clock()
	n.DateTime.Time.Nanosecond = t.Nanosecond()
	return n.DateTime
}

// checkYear refuses what SQL Server's times cannot hold.
func checkYear(t time.Time) error { return sqldriver.CheckYear("mssql", t) }

// native declares by the name of one of SQL Server's own types.
func native(v any, t *dialect.Type) (any, error) {
	name, length := nativeName(t.Name)
	switch x := v.(type) {
	case string:
		switch name {
		case "VARCHAR", "CHAR", "TEXT":
			return narrow(x, name, length), nil
		case "NVARCHAR", "NCHAR", "SYSNAME", "NTEXT", "XML":
			return text(x, &dialect.Type{Kind: dialect.Varchar, Length: length}), nil
		case "UNIQUEIDENTIFIER":
			return uuidArg(x)
		case "DECIMAL", "NUMERIC", "MONEY", "SMALLMONEY":
			return decimal(x, &dialect.Type{Kind: dialect.Decimal, Scale: 4})
		}
	case []byte:
		switch name {
		case "VARCHAR", "CHAR", "TEXT", "NVARCHAR", "NCHAR", "SYSNAME", "NTEXT", "XML":
			if utf8.Valid(x) {
				return native(string(x), t)
			}
			return textArg(x, t)
		case "BINARY", "VARBINARY":
			return binary(x, &dialect.Type{Kind: dialect.Varbinary, Length: length}), nil
		}
	case time.Time:
		switch name {
		case "DATETIME", "SMALLDATETIME":
			if err := checkYear(x); err != nil {
				return nil, err
			}
			return param{civilDateTime(x.UTC()), strings.ToLower(name)}, nil
		case "DATETIME2":
			return timeArg(x, dialect.Timestamp)
		case "DATE":
			return timeArg(x, dialect.Date)
		case "TIME":
			return timeArg(x, dialect.Time)
		}
		return timeArg(x, dialect.TimestampTZ)
	}
	return untyped(v)
}

// narrow declares VARCHAR, so that the column's index is used. What is not
// ASCII goes as NVARCHAR, and the server converts it to the column's code page.
func narrow(s, name string, length int) param {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return text(s, nil)
		}
	}
	decl := "varchar(8000)"
	switch {
	case name == "TEXT", len(s) > 8000:
		return param{mssqldb.VarCharMax(s), "varchar(max)"}
	case length > 0 && len(s) <= length:
		decl = "varchar(" + strconv.Itoa(length) + ")"
	}
	return param{mssqldb.VarChar(s), decl}
}

// nativeName takes "varchar(50) collate …" apart.
func nativeName(s string) (name string, length int) {
	s = strings.ToUpper(strings.TrimSpace(s))
	end := strings.IndexAny(s, " (")
	if end < 0 {
		return s, 0
	}
	name = s[:end]
	if rest, ok := strings.CutPrefix(strings.TrimSpace(s[end:]), "("); ok {
		if i := strings.IndexAny(rest, ",)"); i > 0 {
			if n, err := strconv.Atoi(strings.TrimSpace(rest[:i])); err == nil && n > 0 {
				length = n
			}
		}
	}
	return name, length
}

// utf16Len is the length of s as SQL Server counts it.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
