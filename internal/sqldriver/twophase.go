package sqldriver

import (
	"context"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// TwoPhase says how transactions are committed in two phases, by SQL texts.
type TwoPhase struct {
	// Begin are the texts that begin a transaction.
	Begin func(id string, o dialect.TxOptions) ([]string, error)
	// End ends its statements. It stands before Prepare, and before OnePhase and
	// Rollback of what was not prepared.
	End func(id string) string
	// Prepare, Commit and Rollback are what they say; OnePhase is a commit
	// without Prepare.
	Prepare, OnePhase, Commit, Rollback func(id string) string
	// List is a query for what is prepared, and Read its rows' ids, "" for one
	// that is not to be listed.
	List string
	Read func(rows dialect.Rows) (id string, err error)
	// Gone reports that the server does not know the transaction (any more).
	Gone func(err error) bool
}

// twoPhase is the state of the connection's own two-phase transaction.
type twoPhase struct {
	id       string // empty: there is none
	ended    bool   // its statements
	prepared bool
}

var _ dialect.TwoPhaser = (*Conn)(nil)

func (c *Conn) noTwoPhase() error {
	return dialect.Errorf(dialect.ErrUnsupported, "two-phase transactions are not supported on a connection of this driver")
}

// BeginTwoPhase begins a transaction that can be prepared.
func (c *Conn) BeginTwoPhase(ctx context.Context, id string, o dialect.TxOptions) error {
	if c.cfg.TwoPhase == nil {
		return c.noTwoPhase()
	}
	if err := dialect.CheckPreparedID(c.cfg.Dialect, id); err != nil {
		return err
	}
	texts, err := c.cfg.TwoPhase.Begin(id, o)
	if err != nil {
		return err
	}
	if err := c.mayBegin(ctx, o); err != nil {
		return err
	}
	if err := c.beginBy(ctx, texts); err != nil {
		return err
	}
	c.two = twoPhase{id: id}
	return nil
}

// Prepare makes the transaction durable.
func (c *Conn) Prepare(ctx context.Context) error {
	if c.cfg.TwoPhase == nil {
		return c.noTwoPhase()
	}
	if err := c.ready(ctx); err != nil {
		return err
	}
	if c.two.id == "" || c.two.prepared {
		return dialect.Errorf(dialect.ErrStatement, "no transaction is open that could be prepared")
	}
	if err := c.endStatements(ctx); err != nil {
		return err
	}
	if err := c.text(ctx, c.cfg.TwoPhase.Prepare(c.two.id)); err != nil {
		return err
	}
	c.two.prepared = true
	return nil
}

// endStatements ends the statements of the two-phase transaction, once.
func (c *Conn) endStatements(ctx context.Context) error {
	if c.two.ended {
		return nil
	}
	if err := c.text(ctx, c.cfg.TwoPhase.End(c.two.id)); err != nil {
		return err
	}
	c.two.ended = true
	return nil
}

// endTwoPhase commits the two-phase transaction or rolls it back.
func (c *Conn) endTwoPhase(ctx context.Context, commit bool) error {
	t := c.cfg.TwoPhase
	if err := c.endStatements(ctx); err != nil && (commit || c.broken) {
		return err
	}
	text := t.Rollback
	switch {
	case commit && c.two.prepared:
		text = t.Commit
	case commit:
		text = t.OnePhase
	}
	err := c.text(ctx, text(c.two.id))
	if err != nil && !commit && t.Gone(err) {
		err = nil // the server has rolled it back
	}
	if err == nil {
		c.inTx, c.two = false, twoPhase{}
	}
	return err
}

// Settle commits a prepared transaction, or rolls it back.
func (c *Conn) Settle(ctx context.Context, id string, commit bool) error {
	t := c.cfg.TwoPhase
	if t == nil {
		return c.noTwoPhase()
	}
	if err := c.ready(ctx); err != nil {
		return err
	}
	if commit {
		return c.text(ctx, t.Commit(id))
	}
	return c.text(ctx, t.Rollback(id))
}

// Prepared lists the prepared transactions.
func (c *Conn) Prepared(ctx context.Context) (ids []string, err error) {
	t := c.cfg.TwoPhase
	if t == nil {
		return nil, c.noTwoPhase()
	}
	s, err := dialect.Compile(c.cfg.Dialect, dialect.Text(t.List))
	if err != nil {
		return nil, err
	}
	defer s.Release()
	rows, err := c.Query(ctx, s)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		id, rerr := t.Read(rows)
		if rerr != nil {
			err = rerr
			break
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	if rerr := rows.Err(); err == nil {
		err = rerr
	}
	if cerr := rows.Close(); err == nil {
		err = cerr
	}
	return ids, err
}
