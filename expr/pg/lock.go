package pg

import "github.com/sqlayer-go/sqlayer/expr"

const lockRow = "lock a row of a table"

var (
	lock       = own.Function("pg_advisory_lock({0})", lockRow)
	tryLock    = own.Function("pg_try_advisory_lock({0})", lockRow)
	unlock     = own.Function("pg_advisory_unlock({0})", lockRow)
	lockInTx   = own.Function("pg_advisory_xact_lock({0})", lockRow)
	tryLockXct = own.Function("pg_try_advisory_xact_lock({0})", lockRow)
)

// AdvisoryLock waits for a lock by its number, which the session keeps until it
// lets go of it with [AdvisoryUnlock], as often as it took it. Use both on one
// connection: engine.Conn. Its value says nothing. (PostgreSQL 15 manual, 9.27.10
// Advisory Lock Functions.)
func AdvisoryLock(key int64) expr.Expr[any] { return expr.Fill[any](lock, expr.Value(key)) }

// TryAdvisoryLock is [AdvisoryLock] without waiting: false where another session
// has the lock.
func TryAdvisoryLock(key int64) expr.Expr[bool] { return expr.Fill[bool](tryLock, expr.Value(key)) }

// AdvisoryUnlock lets go of a lock: false where the session has none of that
// number.
func AdvisoryUnlock(key int64) expr.Expr[bool] { return expr.Fill[bool](unlock, expr.Value(key)) }

// AdvisoryTxLock waits for a lock that the transaction keeps until it ends. Its
// value says nothing.
func AdvisoryTxLock(key int64) expr.Expr[any] { return expr.Fill[any](lockInTx, expr.Value(key)) }

// TryAdvisoryTxLock is [AdvisoryTxLock] without waiting.
func TryAdvisoryTxLock(key int64) expr.Expr[bool] {
	return expr.Fill[bool](tryLockXct, expr.Value(key))
}
