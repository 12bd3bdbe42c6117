package mssql

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	mssqldb "github.com/microsoft/go-mssqldb"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// bulkTypes are the types of columns whose values the bulk protocol carries as
// INSERT would. VARCHAR is not among them: the driver sends UTF-8 where the
// server takes the column's code page. Nor are DATETIME and MONEY, which the
// driver rounds in its own way.
var bulkTypes = []string{"BIT", "TINYINT", "SMALLINT", "INT", "BIGINT", "REAL", "FLOAT", "DECIMAL", "NUMERIC", "NCHAR", "NVARCHAR",
	"BINARY", "VARBINARY", "DATE", "TIME", "DATETIME2", "DATETIMEOFFSET", "UNIQUEIDENTIFIER"}

// bulkCopy copies by the bulk protocol, with constraints checked, triggers
// fired and NULLs kept as INSERT does. What it cannot carry is an
// ErrUnsupported before the first row.
func bulkCopy(ctx context.Context, c *sqldriver.Conn, t *sqldriver.Copying) (int64, error) {
	raw, ok := c.Raw().(*mssqldb.Conn)
	if !ok {
		return 0, dialect.Errorf(dialect.ErrUnsupported, "mssql: no bulk protocol on a %T", c.Raw())
	}
	for _, col := range t.Columns {
		if !slices.Contains(bulkTypes, col.DatabaseType) {
			return 0, dialect.Errorf(dialect.ErrUnsupported, "mssql: the bulk protocol has no exact form for the column %s of type %s", col.Name, col.DatabaseType)
		}
	}
	names, err := bulkNames(ctx, c, t)
	if err != nil {
		return 0, err
	}
	bulk := raw.CreateBulkContext(ctx, t.Target, names)
	bulk.Options = mssqldb.BulkOptions{CheckConstraints: true, FireTriggers: true, KeepNulls: true}
	var failed error
	for {
		row, err := t.Next()
		if err == nil && row != nil {
			if err = bulkRow(t, row); err == nil {
				var server mssqldb.Error
				if err = bulk.AddRow(row); err != nil && ctx.Err() == nil && !lostBulk(err) && !errors.As(err, &server) {
					err = t.Failed(dialect.Errorf(dialect.ErrData, "mssql: %w", err))
				}
			}
		}
		if err != nil {
			failed = err
			break
		}
		if row == nil {
			break
		}
	}
	if failed != nil && lostBulk(failed) {
		return 0, failed
	}
	// What was begun has to be ended, so that the connection can be used; the
	// transaction undoes it.
	n, err := bulk.Done()
	if failed != nil {
		if err != nil && lostBulk(err) {
			return 0, errors.Join(failed, err)
		}
		return 0, failed
	}
	return n, err
}

func lostBulk(err error) bool { return describe(err).Lost || sqldriver.Broken(err) }

// bulkNames returns the columns' names as they are stored, which the driver
// compares exactly. A column whose values the server generates is not for the
// bulk protocol, where the values given would be dropped.
func bulkNames(ctx context.Context, c *sqldriver.Conn, t *sqldriver.Copying) ([]string, error) {
	names := make([]string, len(t.Columns))
	err := c.Ask(ctx, "SELECT name, CAST(is_identity AS BIGINT) FROM sys.columns WHERE object_id = OBJECT_ID(@p1)", func(rows dialect.Rows) error {
		for rows.Next() {
			var name string
			var identity int64
			if err := rows.ScanRow([]any{&name, &identity}); err != nil {
				return err
			}
			for i, col := range t.Columns {
				if col.Name != name && (names[i] != "" || !strings.EqualFold(col.Name, name)) {
					continue
				}
				if identity != 0 {
					return &dialect.IdentityError{Column: name}
				}
				names[i] = name
			}
		}
		return rows.Err()
	}, dialect.Arg{Value: t.Target})
	if err != nil {
		return nil, err
	}
	if i := slices.Index(names, ""); i >= 0 { // a temporary table, or a synonym
		return nil, dialect.Errorf(dialect.ErrUnsupported, "mssql: the column %s of %s is not in the catalogue", t.Columns[i].Name, t.Target)
	}
	return names, nil
}

// bulkRow makes what the driver's bulk copy takes of what its parameters take,
// and refuses what it would cut.
func bulkRow(t *sqldriver.Copying, row []any) error {
	for i, v := range row {
		col := &t.Columns[i]
		out, err := bulkValue(v, col)
		if err != nil {
			return t.Failed(dialect.Errorf(dialect.ErrData, "mssql: column %s: %w", col.Name, err))
		}
		row[i] = out
	}
	return nil
}

func bulkValue(v any, col *dialect.Column) (any, error) {
	if p, ok := v.(param); ok {
		v = p.value
	}
	switch x := v.(type) {
	case nil:
		return nil, nil
	case []byte:
		if x == nil {
			return nil, nil
		}
		if col.Type != nil && col.Type.Length > 0 && len(x) > col.Type.Length {
			return nil, dialect.Errorf(dialect.ErrTooLong, "%d bytes are more than the %d of %s", len(x), col.Type.Length, col.DatabaseType)
		}
		return x, nil
	case mssqldb.UniqueIdentifier:
		return x.Value()
	case mssqldb.DateTimeOffset:
		return bulkTime(time.Time(x), col), nil
	case mssqldb.DateTime1:
		return bulkTime(time.Time(x), col), nil
	case mssqldb.VarChar:
		return bulkText(string(x), col)
	case mssqldb.VarCharMax:
		return bulkText(string(x), col)
	case mssqldb.NVarCharMax:
		return bulkText(string(x), col)
	case mssqldb.NChar:
		return bulkText(string(x), col)
	case string:
		switch col.DatabaseType {
		case "NVARCHAR", "NCHAR":
			return bulkText(x, col)
		case "DECIMAL", "NUMERIC":
			return bulkDecimal(x, col), nil
		}
		return x, nil
	case bool:
		switch col.DatabaseType {
		case "TINYINT", "SMALLINT", "INT", "BIGINT":
			if x {
				return int64(1), nil
			}
			return int64(0), nil
		}
		return x, nil
	case int64:
		switch col.DatabaseType {
		case "NVARCHAR", "NCHAR": // the driver would send digits of one byte each, which are other characters in UTF-16
			return bulkText(strconv.FormatInt(x, 10), col)
		}
		limits := map[string][2]int64{"TINYINT": {0, 255}, "SMALLINT": {-1 << 15, 1<<15 - 1}, "INT": {-1 << 31, 1<<31 - 1}}
		if l, ok := limits[col.DatabaseType]; ok && (x < l[0] || x > l[1]) {
			return nil, dialect.Errorf(dialect.ErrOutOfRange, "%d is out of the range of %s", x, col.DatabaseType)
		}
		return x, nil
	case float64:
		switch col.DatabaseType {
		case "TINYINT", "SMALLINT", "INT", "BIGINT":
			return nil, dialect.Errorf(dialect.ErrOutOfRange, "%v is not of type %s", x, col.DatabaseType)
		}
		return x, nil
	}
	if t, ok := civil(v); ok {
		return t, nil
	}
	return v, nil // the driver says what it thinks of it
}

// bulkTime is a time as the driver writes it: by its clock in the column's terms.
func bulkTime(t time.Time, col *dialect.Column) time.Time {
	if col.DatabaseType == "DATETIMEOFFSET" {
		return t
	}
	return t.UTC()
}

// bulkDecimal rounds to the column's scale, as the server does of a parameter.
// Text with more digits has been refused, so these are of a float.
func bulkDecimal(s string, col *dialect.Column) string {
	_, fraction, _ := strings.Cut(s, ".")
	if col.Type == nil || len(fraction) <= col.Type.Scale {
		return s
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return s
	}
	return r.FloatString(col.Type.Scale)
}

func bulkText(s string, col *dialect.Column) (any, error) {
	if col.Type != nil && col.Type.Length > 0 && utf16Len(s) > col.Type.Length {
		return nil, dialect.Errorf(dialect.ErrTooLong, "a text of %d characters is longer than the %d of %s", utf16Len(s), col.Type.Length, col.DatabaseType)
	}
	return s, nil
}

// civil reads the times without a zone that civilDate and its like make.
func civil(v any) (time.Time, bool) {
	var d mssqldb.NullDate
	var c mssqldb.NullTime
	var dt mssqldb.NullDateTime
	if date, ok := asType(v, d.Date); ok {
		return time.Date(date.Year, date.Month, date.Day, 0, 0, 0, 0, time.UTC), true
	}
	if clock, ok := asType(v, c.Time); ok {
		return time.Date(1, 1, 1, clock.Hour, clock.Minute, clock.Second, clock.Nanosecond, time.UTC), true
	}
	if both, ok := asType(v, dt.DateTime); ok {
		return time.Date(both.Date.Year, both.Date.Month, both.Date.Day, both.Time.Hour, both.Time.Minute, both.Time.Second, both.Time.Nanosecond, time.UTC), true
	}
	return time.Time{}, false
}

// asType returns v as a value of the type of like, a type that cannot be named here.
func asType[T any](v any, like T) (T, bool) {
	x, ok := v.(T)
	return x, ok
}
