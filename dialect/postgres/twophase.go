package postgres

import (
	"context"
	"errors"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// twoPhase is the connection's own two-phase transaction.
type twoPhase struct {
	id       string
	prepared bool // Commit and Rollback settle it
}

var _ dialect.TwoPhaser = (*Conn)(nil)

// BeginTwoPhase implements [dialect.TwoPhaser]. PostgreSQL is told the id by Prepare.
func (c *Conn) BeginTwoPhase(ctx context.Context, id string, o dialect.TxOptions) error {
	if err := dialect.CheckPreparedID(c.d, id); err != nil {
		return err
	}
	if err := c.Begin(ctx, o); err != nil {
		return err
	}
	c.twoPhase = twoPhase{id: id}
	return nil
}

// Prepare implements [dialect.TwoPhaser]. The server rolls back what cannot be
// prepared: what has used temporary tables, LISTEN or NOTIFY, or anything where
// max_prepared_transactions is 0.
func (c *Conn) Prepare(ctx context.Context) error {
	if c.twoPhase.id == "" || c.pg.TxStatus() == 'I' && !c.pg.IsClosed() {
		return dialect.Errorf(dialect.ErrStatement, "postgres: no transaction is open that could be prepared")
	}
	tag, err := c.command(ctx, "PREPARE TRANSACTION "+c.quoted(c.twoPhase.id))
	if err != nil {
		if e, ok := errors.AsType[*dialect.Error](err); ok && e.Code == "55000" { // max_prepared_transactions is 0
			off := *e
			off.Kind = dialect.ErrUnsupported
			off.Message += "; set max_prepared_transactions on the server"
			return &off
		}
		return err
	}
	if tag.String() == "ROLLBACK" {
		return &dialect.Error{Kind: dialect.ErrTransactionAborted, Code: "25P02",
			Message: "the transaction had failed, and the server rolled it back instead of preparing it"}
	}
	c.twoPhase.prepared, c.inTx = true, false
	return nil
}

// settleOwn settles the connection's own transaction.
func (c *Conn) settleOwn(ctx context.Context, commit bool) error {
	err := c.Settle(ctx, c.twoPhase.id, commit)
	if err == nil {
		c.twoPhase = twoPhase{}
	}
	return err
}

// Settle implements [dialect.TwoPhaser].
func (c *Conn) Settle(ctx context.Context, id string, commit bool) error {
	text := "ROLLBACK PREPARED "
	if commit {
		text = "COMMIT PREPARED "
	}
	_, err := c.command(ctx, text+c.quoted(id))
	return err
}

// Prepared implements [dialect.TwoPhaser], with the oldest first.
func (c *Conn) Prepared(ctx context.Context) (ids []string, err error) {
	mrr := c.pg.Exec(ctx, "SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database() ORDER BY prepared, gid")
	for mrr.NextResult() {
		for rr := mrr.ResultReader(); rr.NextRow(); {
			ids = append(ids, string(rr.Values()[0]))
		}
	}
	if err := c.finish(ctx, mrr.Close()); err != nil {
		return nil, err
	}
	return ids, nil
}

// quoted is a text as a literal.
func (c *Conn) quoted(text string) string {
	w := dialect.NewWriter(c.d)
	w.StringLiteral(text)
	return w.Text()
}
