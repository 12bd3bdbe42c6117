package engine

import (
	"fmt"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// TransactOption is an option of Transact: a [TxOption], or [Retry].
type TransactOption interface {
	transact(*transactConfig)
}

// TxOption is an option of a transaction, for Begin and for Transact.
type TxOption interface {
	TransactOption
	tx(*dialect.TxOptions)
}

type transactConfig struct {
	tx    dialect.TxOptions
	retry retrying
	errs  []error
}

type txOption func(*dialect.TxOptions)

func (o txOption) tx(t *dialect.TxOptions)    { o(t) }
func (o txOption) transact(c *transactConfig) { o(&c.tx) }

// Isolation sets the isolation level. One that the database does not have is an
// [ErrUnsupported] before anything is sent.
func Isolation(level IsolationLevel) TxOption {
	return txOption(func(t *dialect.TxOptions) { t.Isolation = level })
}

// ReadOnly makes the transaction one that cannot write.
func ReadOnly() TxOption { return txOption(func(t *dialect.TxOptions) { t.ReadOnly = true }) }

// ReadWrite undoes a [ReadOnly] of [WithDefaultTx].
func ReadWrite() TxOption { return txOption(func(t *dialect.TxOptions) { t.ReadOnly = false }) }

// Deferrable lets a serializable read-only transaction wait, when it begins,
// until it can run without failing (PostgreSQL).
func Deferrable() TxOption { return txOption(func(t *dialect.TxOptions) { t.Deferrable = true }) }

// RetryError is the last error of a transaction that was retried.
type RetryError struct {
	Attempts int // how often it was run
	Err      error
}

// Error says how often the transaction was run, and why it failed last.
func (e *RetryError) Error() string {
	return fmt.Sprintf("engine: the transaction failed after %d attempts: %v", e.Attempts, e.Err)
}

// Unwrap returns the last error.
func (e *RetryError) Unwrap() error { return e.Err }

// defaultTx are the options that transactions begin with.
type defaultTx dialect.TxOptions

// with applies opts to the defaults.
func (d defaultTx) with(opts []TxOption) (dialect.TxOptions, error) {
	o := dialect.TxOptions(d)
	for _, opt := range opts {
		if opt == nil {
			return o, errNilOption
		}
		opt.tx(&o)
	}
	return o, nil
}

var errNilOption = dialect.Errorf(ErrArguments, "engine: nil transaction option")

func (d defaultTx) transact(opts []TransactOption) (*transactConfig, error) {
	c := &transactConfig{tx: dialect.TxOptions(d)}
	for _, opt := range opts {
		if opt == nil {
			return nil, errNilOption
		}
		opt.transact(c)
	}
	if len(c.errs) > 0 {
		return nil, c.errs[0]
	}
	if c.retry.n > 0 && c.tx.Isolation == Autocommit {
		return nil, errAutoRetry
	}
	return c, nil
}
