package dialect

import (
	"context"
	"strings"
	"unicode/utf8"
)

// TwoPhaser is a Conn whose transactions can be committed in two phases: once
// prepared, a transaction outlives its connection and the server, until
// somebody commits it or rolls it back. [Features].PreparedID says how long an
// id may be, and that the database has this at all.
type TwoPhaser interface {
	// BeginTwoPhase is Begin for a transaction that can be prepared. Until it
	// ends, Commit and Rollback are about it: without Prepare it is committed
	// in one phase.
	BeginTwoPhase(ctx context.Context, id string, opts TxOptions) error

	// Prepare makes the transaction durable; no statement belongs to it any
	// more. Commit and Rollback then settle it.
	Prepare(ctx context.Context) error

	// Settle commits a transaction that was prepared, on whatever connection, or rolls it
	// back. An id that is not known is an [ErrUndefined].
	Settle(ctx context.Context, id string, commit bool) error

	// Prepared lists the transactions of this database that are prepared.
	Prepared(ctx context.Context) ([]string, error)
}

// CheckPreparedID returns why id cannot name a prepared transaction on d, and
// nil if it can.
func CheckPreparedID(d Dialect, id string) error {
	most := d.Features().PreparedID
	switch {
	case most == 0:
		return Unsupported(d, "a two-phase transaction",
			"commit in one phase, and write what another system has to do into a table of the same transaction (an outbox)")
	case id == "":
		return Errorf(ErrArguments, "%s: a two-phase transaction needs an id", d.Name())
	case len(id) > most:
		return Errorf(ErrArguments, "%s: the id %q of a two-phase transaction is longer than %d bytes", d.Name(), shorten(id, 80), most)
	case strings.IndexByte(id, 0) >= 0 || !utf8.ValidString(id):
		return Errorf(ErrArguments, "%s: the id %q of a two-phase transaction is not text", d.Name(), id)
	}
	return nil
}
