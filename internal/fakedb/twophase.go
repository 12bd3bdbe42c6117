package fakedb

import (
	"context"
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var _ dialect.TwoPhaser = (*conn)(nil)

// BeginTwoPhase is Begin, and so in the log.
func (c *conn) BeginTwoPhase(ctx context.Context, id string, o dialect.TxOptions) error {
	if err := c.Begin(ctx, o); err != nil {
		return err
	}
	c.two = id
	return nil
}

// Prepare is PREPARE id in the log.
func (c *conn) Prepare(ctx context.Context) error {
	var n int
	err := c.step(ctx, &c.db.prepares, &n, "PREPARE "+c.two)
	if err != nil {
		return err
	}
	c.db.mu.Lock()
	defer c.db.mu.Unlock()
	c.db.prepared = append(c.db.prepared, c.two)
	c.inTx = false
	return nil
}

// ending is what the log says of COMMIT and ROLLBACK.
func (c *conn) ending(word string) string {
	c.db.mu.Lock()
	defer c.db.mu.Unlock()
	if c.two != "" && slices.Contains(c.db.prepared, c.two) {
		return word + " PREPARED " + c.two
	}
	return word
}

// settled forgets the connection's transaction.
func (c *conn) settled() {
	c.db.settle(c.two)
	c.two = ""
}

func (db *DB) settle(id string) bool {
	db.mu.Lock()
	defer db.mu.Unlock()
	i := slices.Index(db.prepared, id)
	if i < 0 {
		return false
	}
	db.prepared = slices.Delete(db.prepared, i, i+1)
	return true
}

// Settle is COMMIT PREPARED id or ROLLBACK PREPARED id in the log.
func (c *conn) Settle(ctx context.Context, id string, commit bool) error {
	list, count, word := &c.db.rollback, &c.db.counts.Rollbacks, "ROLLBACK"
	if commit {
		list, count, word = &c.db.commits, &c.db.counts.Commits, "COMMIT"
	}
	if err := c.step(ctx, list, count, word+" PREPARED "+id); err != nil {
		return err
	}
	if !c.db.settle(id) {
		return &Error{Kind: dialect.ErrUndefined, Message: "no transaction " + id}
	}
	return nil
}

// Prepared lists what is prepared.
func (c *conn) Prepared(ctx context.Context) ([]string, error) {
	var n int
	var none []error
	if err := c.step(ctx, &none, &n, "LIST"); err != nil {
		return nil, err
	}
	c.db.mu.Lock()
	defer c.db.mu.Unlock()
	return slices.Clone(c.db.prepared), nil
}
