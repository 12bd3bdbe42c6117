package oracle

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"

	go_ora "github.com/sijms/go-ora/v2"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// outArg makes the driver's argument for an Out parameter, and says how what
// the database wrote is read. A block that affected no row wrote nothing.
func outArg(a *dialect.Arg) (any, func(affected int64) []driver.Value) {
	kind, size := dialect.NoType, 0
	if a.Type != nil {
		kind, size = a.Type.Kind, a.Type.Length
	}
	switch kind {
	case dialect.Boolean, dialect.SmallInt, dialect.Integer, dialect.BigInt, dialect.Decimal:
		p := new(outNumber)
		return go_ora.Out{Dest: p}, rows(func() driver.Value {
			if !p.valid {
				return nil
			}
			return p.text
		})
	case dialect.Real, dialect.Double:
		p := new(sql.NullFloat64)
		return go_ora.Out{Dest: p}, rows(func() driver.Value { return orNull(p.Float64, p.Valid) })
	case dialect.Date, dialect.Timestamp:
		p := new(outTime)
		return go_ora.Out{Dest: p}, rows(func() driver.Value { return orNull(p.time, p.valid) })
	case dialect.TimestampTZ:
		p := new(sql.NullTime)
		return go_ora.Out{Dest: p}, rows(func() driver.Value { return orNull(p.Time, p.Valid) })
	case dialect.Clob, dialect.JSON:
		p := new(go_ora.Clob)
		return go_ora.Out{Dest: p}, rows(func() driver.Value { return orNull(p.String, p.Valid) })
	case dialect.Blob:
		p := new(go_ora.Blob)
		return go_ora.Out{Dest: p}, rows(func() driver.Value { return orNull(p.Data, p.Data != nil) })
	case dialect.Binary, dialect.Varbinary, dialect.UUID:
		p := new([]byte)
		return go_ora.Out{Dest: p, Size: max(size, 2000)}, rows(func() driver.Value { return orNull(*p, *p != nil) })
	}
	p := new(sql.NullString)
	return go_ora.Out{Dest: p, Size: max(size, 4000)}, rows(func() driver.Value { return orNull(p.String, p.Valid) })
}

func orNull[T any](v T, valid bool) driver.Value {
	if !valid {
		return nil
	}
	return v
}

// rows makes the values of one column of what the parameter gives: one, or none.
func rows(value func() driver.Value) func(int64) []driver.Value {
	return func(affected int64) []driver.Value {
		if affected == 0 {
			return nil
		}
		return []driver.Value{value()}
	}
}

// outNumber takes a NUMBER as the text that it has, without a float between.
// The driver finds the type of a parameter by the value that it gives.
type outNumber struct {
	text  string
	valid bool
}

// Value says that the parameter is a NUMBER.
func (outNumber) Value() (driver.Value, error) { return int64(0), nil }

// Scan takes the driver's text.
func (n *outNumber) Scan(v any) error {
	switch x := v.(type) {
	case nil:
		*n = outNumber{}
	case string:
		*n = outNumber{x, true}
	default:
		return fmt.Errorf("oracle: the driver gives a NUMBER as a %T", v)
	}
	return nil
}

// outTime takes a time without a time zone.
type outTime struct {
	time  time.Time
	valid bool
}

// Value says that the parameter is a TIMESTAMP.
func (outTime) Value() (driver.Value, error) {
	return go_ora.TimeStamp(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)), nil
}

// Scan takes the driver's time.
func (o *outTime) Scan(v any) error {
	switch x := v.(type) {
	case nil:
		*o = outTime{}
	case time.Time:
		*o = outTime{x, true}
	default:
		return fmt.Errorf("oracle: the driver gives a TIMESTAMP as a %T", v)
	}
	return nil
}
