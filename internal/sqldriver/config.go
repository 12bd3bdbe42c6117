package sqldriver

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Prepare says which statements are prepared before they run.
type Prepare uint8

// The policies of preparing.
const (
	// Direct gives text and arguments to the driver's QueryContext or
	// ExecContext. What the driver refuses there (driver.ErrSkip), or has no
	// method for, is prepared.
	Direct Prepare = iota
	// WithArgs prepares what has arguments, and gives the rest to the
	// driver as text.
	WithArgs
	// Always prepares everything but the texts of the Config itself.
	Always
)

// Config says how one dialect uses its driver. The zero value works with a
// driver that follows database/sql/driver's documentation. A Config is not
// changed once a connection uses it.
type Config struct {
	// Dialect is asked what its transactions can do; nil: nothing is refused.
	Dialect dialect.Dialect

	// Prepare and StatementCache say what is prepared, and how many prepared
	// statements a connection keeps; 0 keeps none.
	Prepare        Prepare
	StatementCache int
	// Inexact is for texts under [WithArgs] whose protocol loses digits; nil:
	// it loses none.
	Inexact *Inexact

	// Bind converts an argument to what the driver takes, by the column's
	// type where it is known. Its result still goes through the driver's
	// NamedValueChecker or ColumnConverter. Nil is [Resolve] of the value.
	Bind func(a *dialect.Arg) (any, error)
	// AsIs says that the driver takes every [driver.Value] as it is, so that it
	// is not asked about those.
	AsIs bool
	// ArgName names an argument for the driver (sql.Named); i counts from
	// 0. Nil, or an empty name, binds by position.
	ArgName func(i int, a *dialect.Arg) string
	// Out makes the driver's argument for an Out parameter (a sql.Out, for
	// example) and says how what was written is read afterwards: one value a
	// row. affected is the number of rows of the statement, -1 where it is not
	// known. Nil: there are no Out parameters.
	Out func(a *dialect.Arg) (arg any, values func(affected int64) []driver.Value)

	// Column completes the description of a result's column: its Type, above all. It
	// is called once a kept statement.
	Column func(rows driver.Rows, i int, col *dialect.Column)
	// Decoder returns how the values of a column are read; a nil Decoder
	// reads them by dialect.Assign.
	Decoder func(col *dialect.Column) Decoder

	// Result makes the Result of an Exec. Nil takes the number of rows and no
	// generated key.
	Result func(r driver.Result, c *dialect.Compiled) (dialect.Result, error)

	// Begin returns the texts that begin a transaction, which then ends
	// by the texts COMMIT and ROLLBACK. Nil uses the driver's BeginTx.
	Begin func(o dialect.TxOptions) ([]string, error)
	// StartTx begins a transaction by the driver where both Begin
	// and BeginTx do not do. A driver.Tx with CommitContext and
	// RollbackContext methods gets the context.
	StartTx func(ctx context.Context, conn driver.Conn, o dialect.TxOptions) (driver.Tx, error)

	// Ends says what the failure of a statement has done to the transaction
	// around it, which the connection's own books do not tell: the server may
	// have rolled it back, and would run what follows by itself. Nil: nothing.
	Ends func(err error) Ending
	// Open asks the server whether the transaction is still open after an error
	// that was a [MayEnd].
	Open func(ctx context.Context, c *Conn, err error) (bool, error)

	// TwoPhase says how transactions are committed in two phases; nil: they are not.
	TwoPhase *TwoPhase

	// Copy loads rows by the driver's own way, within a transaction, and
	// returns their number. A connection with it is a [dialect.Copier].
	Copy func(ctx context.Context, c *Conn, t *Copying) (int64, error)

	// Ping is a text that makes a round trip; empty uses the driver's Pinger.
	Ping string
	// Pooling is what the connector advises the pool ([dialect.PoolAdviser]);
	// the zero value is no advice.
	Pooling dialect.Pooling
	// Reset cleans a session. Nil rolls an open transaction back and calls
	// the driver's ResetSession.
	Reset func(ctx context.Context, c *Conn) error
	// Connecting may add to the context of a connect, which OnConnect, which runs
	// on each new connection, then gets.
	Connecting func(ctx context.Context) context.Context
	OnConnect  func(ctx context.Context, c *Conn) error
	// IdleCheck makes a connection that was idle for so long ask the
	// driver's ResetSession before its next statement, for drivers that look there,
	// without a round trip, whether the connection is still alive. 0 never does.
	IdleCheck time.Duration

	// Lost reports whether the connection cannot be used after err. Beside it,
	// driver.ErrBadConn, broken network connections and the driver's IsValid count.
	Lost func(err error) bool
	// NotSent reports that err, by which the connection was lost, came
	// before anything was sent. Nil says so of driver.ErrBadConn.
	NotSent func(err error) bool
	// Cancelled reports that err is the server's or driver's answer to a
	// cancelled context, beside context.Canceled and context.DeadlineExceeded.
	Cancelled func(err error) bool
	// CancelLoses says that the connection is not to be used any more
	// after a context has ended a statement.
	CancelLoses bool
	// Kill stops on the server what c was running when its context ended
	// and the connection was lost by that. ctx is one of its own, of two seconds.
	Kill func(ctx context.Context, c *Conn) error
	// Stop ends on the server the query that c is reading, and leaves the
	// connection in use: the driver's Close of rows reads what is left of them,
	// which may never end. It is called after a moment of that, and ctx has ten
	// seconds; when it fails, or that does not help, HangUp cuts the
	// connection. Nil: Close may take as long as it takes.
	Stop    func(ctx context.Context, c *Conn) error
	HangUp  func(c *Conn)
	Stopped func(err error) bool
	// Stale reports that the server has no use for a prepared statement any
	// more, or not as it was. The statement is forgotten.
	Stale func(err error) bool
	// Full reports that the server has no room for a prepared statement.
	// The connection then closes those that it keeps and prepares once more.
	Full func(err error) bool
}

// Adopter is a dialect that knows what to heed on connections of its driver
// that somebody else has opened.
type Adopter interface {
	// Adopt completes a Config that is for such connections.
	Adopt(cfg *Config)
}

// Ending is what an error has done to the transaction that it happened in.
type Ending uint8

// The kinds of endings.
const (
	Stays  Ending = iota // it is open
	MayEnd               // it depends on a setting of the server
	Ended                // the server has rolled it back
)

// Decoder reads values of one column. It may store v into dst itself (done),
// or return another value, which is then stored by dialect.Assign. v is
// never nil. dst is never a *dialect.Nullable.
type Decoder func(dst any, v driver.Value) (value driver.Value, done bool, err error)
