package expr

// LockOption says more about a lock: [NoWait], [SkipLocked], [LockOf].
type LockOption struct {
	bits int32
	of   Relation
}

const (
	lockNoWait int32 = 1 << iota
	lockSkip
)

const (
	lockUpdate uint8 = iota
	lockShare
	lockNoKeyUpdate
	lockKeyShare
)

// NoWait fails at once where a row is locked, instead of waiting.
func NoWait() LockOption { return LockOption{bits: lockNoWait} }

// SkipLocked leaves out rows that are locked.
func SkipLocked() LockOption { return LockOption{bits: lockSkip} }

// LockOf locks the rows of this table only. A database that cannot tell the
// tables apart (MariaDB) locks the rows of all.
func LockOf(r Relation) LockOption { return LockOption{of: r} }

// ForUpdate locks the rows until the transaction ends, as if they were about
// to be written. SQLite, which lets one transaction write at a time, has
// nothing to lock and runs the plain SELECT.
func (s SelectStmt) ForUpdate(opts ...LockOption) SelectStmt { return s.lock(lockUpdate, opts) }

// ForShare locks the rows against writers until the transaction ends. Oracle
// has no such lock and takes that of ForUpdate.
func (s SelectStmt) ForShare(opts ...LockOption) SelectStmt { return s.lock(lockShare, opts) }

// ForNoKeyUpdate is ForUpdate for rows whose keys will stay as they are, so that
// others may still refer to them. PostgreSQL alone has it; elsewhere say
// ForUpdate, whose lock may keep out those who refer to the rows.
func (s SelectStmt) ForNoKeyUpdate(opts ...LockOption) SelectStmt {
	return s.lock(lockNoKeyUpdate, opts)
}

// ForKeyShare is ForShare that only keeps the keys of the rows as they are.
// PostgreSQL alone has it; elsewhere say ForShare, which keeps out all writers.
func (s SelectStmt) ForKeyShare(opts ...LockOption) SelectStmt { return s.lock(lockKeyShare, opts) }

func (s SelectStmt) lock(kind uint8, opts []LockOption) SelectStmt {
	it := item{clause: clauseLock, flag: kind}
	for _, o := range opts {
		it.num |= o.bits
	}
	c := s.c.with(it)
	for _, o := range opts {
		if o.bits == 0 {
			c = c.with(item{clause: clauseLockOf, n: sourceNode(o.of)})
		}
	}
	return SelectStmt{c}
}
