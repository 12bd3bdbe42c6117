package engine

import (
	"context"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Isolation level AUTOCOMMIT: a Tx that is none. Code that wants a Tx runs
// statements that no transaction may hold (VACUUM, CREATE DATABASE), or that need none:
//
//	admin, err := eng.With(engine.WithDefaultTx(engine.Isolation(engine.Autocommit)))
//
// Each statement stands by itself as soon as it has run. Begin, Commit and
// Rollback send nothing, and Rollback undoes nothing; what they do for the
// program (the connection is kept, hooks are called) stays.

// errAutoSavepoint is for a savepoint where there is no transaction.
var errAutoSavepoint = dialect.Errorf(ErrUnsupported, "engine: with isolation level AUTOCOMMIT there is no transaction, so it has no savepoints")

// errAutoRetry is for Retry where nothing would be undone before.
var errAutoRetry = dialect.Errorf(ErrArguments, "engine: with isolation level AUTOCOMMIT a failed attempt cannot be undone, so it takes no Retry")

// checkTx returns what the transactions of d, or Autocommit, do not have.
func checkTx(d dialect.Dialect, o dialect.TxOptions) error {
	if o.Isolation != Autocommit {
		return dialect.CheckTx(d, o)
	}
	if o.ReadOnly || o.Deferrable {
		return dialect.Errorf(ErrArguments, "engine: with isolation level AUTOCOMMIT there is no transaction that could be read-only or deferrable")
	}
	return nil
}

// beginNone is begin for isolation level AUTOCOMMIT.
func (c *Conn) beginNone(ctx context.Context, o dialect.TxOptions, managed bool) (*Tx, error) {
	if err := checkTx(c.d, o); err != nil {
		return nil, err
	}
	t, err := c.beginBy(ctx, o, managed, twoPhase{}, nil)
	if err == nil {
		t.auto = true
	}
	return t, err
}
