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
type rewriting struct{ inTransaction bool }

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
		c.SetText(r.Text)
	}
	c.SetArgs(r.Args)
	return nil
}
