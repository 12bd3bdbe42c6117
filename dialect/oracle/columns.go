package oracle

import (
	"database/sql"
	"database/sql/driver"
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// column fills in a result column's type.
func column(rows driver.Rows, i int, col *dialect.Column) {
	if col.Type != nil {
		return
	}
	if col.DatabaseType == "NUMBER" {
		t := dialect.Type{Kind: dialect.Decimal}
		if r, ok := rows.(driver.RowsColumnTypePrecisionScale); ok {
			p, s, has := r.ColumnTypePrecisionScale(i)
			switch {
			case !has || p == 0 || s > 127: // NUMBER or FLOAT: the scale is -127
			case s == 0 && p <= 5:
				t.Kind = dialect.SmallInt
			case s == 0 && p <= 10:
				t.Kind = dialect.Integer
			case s == 0 && p <= 19:
				t.Kind = dialect.BigInt
			default:
				t.Precision, t.Scale = int(p), int(s)
			}
		}
		col.Type = &t
		return
	}
	t, ok := columnTypes[col.DatabaseType]
	if !ok {
		if col.DatabaseType != "" {
			col.Type = &dialect.Type{Kind: dialect.Native, Name: col.DatabaseType}
		}
		return
	}
	if t.Kind == dialect.Char || t.Kind == dialect.Varchar {
		if r, ok := rows.(driver.RowsColumnTypeLength); ok {
			if n, has := r.ColumnTypeLength(i); has && n > 0 && n <= 32767 {
				t.Length = int(n)
			}
		}
	}
	col.Type = &t
}

// decoder says how the values of a column are read.
func decoder(col *dialect.Column) sqldriver.Decoder {
	kind := dialect.NoType
	if col.Type != nil {
		kind = col.Type.Kind
	}
	switch {
	case kind == dialect.UUID:
		return sqldriver.DecodeUUID
	case kind == dialect.SmallInt, kind == dialect.Integer, kind == dialect.BigInt:
		return decodeInteger
	case kind == dialect.Boolean:
		return decodeBool
	case kind == dialect.Decimal && col.Type.Scale == 0 && col.Type.Precision > 0:
		return decodeInteger
	}
	return nil
}

// decodeInteger gives whole numbers, which the driver has as text, as int64 to what
// takes any value. What int64 cannot hold stays text.
func decodeInteger(dst any, v driver.Value) (driver.Value, bool, error) {
	switch dst.(type) {
	case *any, sql.Scanner:
		if s, ok := v.(string); ok {
			if n, err := strconv.ParseInt(s, 10, 64); err == nil {
				return n, false, nil
			}
		}
	}
	return v, false, nil
}

// decodeBool gives 0 and 1, which stand for a boolean before 23ai, as one.
func decodeBool(dst any, v driver.Value) (driver.Value, bool, error) {
	if s, ok := v.(string); ok {
		switch strings.TrimSpace(s) {
		case "0":
			return int01(dst, false), false, nil
		case "1":
			return int01(dst, true), false, nil
		}
	}
	return v, false, nil
}

func int01(dst any, b bool) driver.Value {
	switch dst.(type) {
	case *string, *[]byte, *float32, *float64:
		if b {
			return int64(1)
		}
		return int64(0)
	}
	return b
}
