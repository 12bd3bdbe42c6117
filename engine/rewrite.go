package engine

import (
	"context"
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqltext"
)

// Request is a statement that is about to be sent, for [Hooks].Rewrite. Text
// has the database's own placeholders; Args are in their order, and keep the
// types of the columns that they meet where those are known.
type Request struct {
	Text          string
	Args          []dialect.Arg
	InTransaction bool
}

// rewriting says where a statement is that may be rewritten.
type rewriting struct {
	inTransaction bool // a Tx's
	open          bool // and that of a transaction, not of AUTOCOMMIT
}

// within says where the statements of t are, which may be nil.
func within(t *Tx) *rewriting { return &rewriting{t != nil, t != nil && !t.auto} }

// mayRun refuses a text that would end the transaction around it: what follows
// would be committed by itself, and the Tx know nothing of it.
func (w *rewriting) mayRun(c *dialect.Compiled) error {
	if !w.open || c.Ends == "" {
		return nil
	}
	return dialect.Errorf(ErrStatement, "engine: %s in the text of a statement ends the transaction behind its Tx: "+
		"call its Commit or Rollback, its Transact for a savepoint, or run the text on a Conn: [%s]", c.Ends, brief(c.Text()))
}

// rewrite calls the Rewrite hooks.
func (s *settings) rewrite(ctx context.Context, c *dialect.Compiled, where *rewriting) error {
	if !slices.ContainsFunc(s.hooks, func(h *Hooks) bool { return h.Rewrite != nil }) {
		return nil
	}
	r := Request{Text: c.Text(), Args: slices.Clone(c.Args()), InTransaction: where.inTransaction}
	for _, h := range s.hooks {
		if h.Rewrite == nil {
			continue
		}
		if err := h.Rewrite(ctx, &r); err != nil {
			return err
		}
	}
	if r.Text != c.Text() {
		class := sqltext.Classify(&c.Features().Lexical, r.Text)
		if class.Verb == "" {
			return dialect.Errorf(ErrStatement, "engine: a Rewrite hook has left no statement of [%s]", brief(c.Text()))
		}
		c.Writes, c.Session = c.Writes || class.Writes, c.Session || class.Session
		c.Ends = class.Ends
		c.SetText(r.Text)
	}
	c.SetArgs(r.Args)
	return nil
}
