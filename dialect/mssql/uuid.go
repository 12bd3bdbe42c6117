package mssql

import (
	"database/sql/driver"

	mssqldb "github.com/microsoft/go-mssqldb"

	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// SQL Server stores the first three groups of a UUID with their bytes
// reversed. In Go, a UUID's bytes are in the order of its text.

// swapUUID changes between the two orders.
func swapUUID(u [16]byte) [16]byte {
	u[0], u[1], u[2], u[3] = u[3], u[2], u[1], u[0]
	u[4], u[5] = u[5], u[4]
	u[6], u[7] = u[7], u[6]
	return u
}

// uuidArg is the argument for a column of type UNIQUEIDENTIFIER.
func uuidArg(v any) (any, error) {
	u, ok, err := sqldriver.UUIDArg(v)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return untyped(v)
	}
	return param{mssqldb.UniqueIdentifier(u), "uniqueidentifier"}, nil
}

// decodeUUID puts the bytes of a UNIQUEIDENTIFIER in order.
func decodeUUID(dst any, v driver.Value) (driver.Value, bool, error) {
	b, ok := v.([]byte)
	if !ok || len(b) != 16 {
		return v, false, nil
	}
	u := swapUUID([16]byte(b))
	return sqldriver.DecodeUUID(dst, u[:])
}

// decodeDecimal gives exact numbers as text, which loses nothing.
func decodeDecimal(_ any, v driver.Value) (driver.Value, bool, error) {
	if b, ok := v.([]byte); ok {
		return string(b), false, nil
	}
	return v, false, nil
}
