package pg

import "github.com/sqlayer-go/sqlayer/expr"

const lockRow = "lock a row of a table"

var (
	lock       = own.Function("pg_advisory_lock({0})", lockRow)
	tryLock    = own.Function("pg_try_advisory_lock({0})", lockRow)
	unlock     = own.Function("pg_advisory_unlock({0})", lockRow)
	lockInTx   = own.Function("pg_advisory_xact_lock({0})", lockRow)
	tryLockXct = own.Function("pg_try_advisory_xact_lock({0})", lockRow)

	share        = own.Function("pg_advisory_lock_shared({0})", lockRow)
	tryShare     = own.Function("pg_try_advisory_lock_shared({0})", lockRow)
	unshare      = own.Function("pg_advisory_unlock_shared({0})", lockRow)
	shareInTx    = own.Function("pg_advisory_xact_lock_shared({0})", lockRow)
	tryShareInTx = own.Function("pg_try_advisory_xact_lock_shared({0})", lockRow)
	unlockAll    = own.Function("pg_advisory_unlock_all()", lockRow)
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

// AdvisoryLockShared is [AdvisoryLock] beside others that share the lock: it waits
// for, and keeps out, those alone that want it for themselves. Let go of it with
// [AdvisoryUnlockShared].
func AdvisoryLockShared(key int64) expr.Expr[any] { return expr.Fill[any](share, expr.Value(key)) }

// TryAdvisoryLockShared is [AdvisoryLockShared] without waiting: false where
// another session has the lock for itself.
func TryAdvisoryLockShared(key int64) expr.Expr[bool] {
	return expr.Fill[bool](tryShare, expr.Value(key))
}

// AdvisoryUnlockShared lets go of a shared lock: false where the session has none of
// that number.
func AdvisoryUnlockShared(key int64) expr.Expr[bool] {
	return expr.Fill[bool](unshare, expr.Value(key))
}

// AdvisoryUnlockAll lets go of all locks of the session, shared or not, but for
// those of a transaction. Its value says nothing.
func AdvisoryUnlockAll() expr.Expr[any] { return expr.Fill[any](unlockAll) }

// AdvisoryTxLockShared is [AdvisoryTxLock] beside others that share the lock; see
// [AdvisoryLockShared].
func AdvisoryTxLockShared(key int64) expr.Expr[any] {
	return expr.Fill[any](shareInTx, expr.Value(key))
}

// TryAdvisoryTxLockShared is [AdvisoryTxLockShared] without waiting.
func TryAdvisoryTxLockShared(key int64) expr.Expr[bool] {
	return expr.Fill[bool](tryShareInTx, expr.Value(key))
}
