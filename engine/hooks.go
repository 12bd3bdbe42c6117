package engine

import (
	"context"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Hooks are functions called around what an Engine does: for tracing, metrics,
// tests. Each may be nil. They are given by [WithHooks]; of several Hooks the
// first given is the outermost. They run on the goroutine of the caller,
// Connect apart, must be safe for concurrent use, and must not use the
// connection that they are called for.
//
// A hook that is called before something returns the function to call after it;
// nil for none. A context that it returns takes the place of the caller's; nil
// leaves that.
type Hooks struct {
	// Connect is called around the opening of a connection, on a goroutine of
	// its own.
	Connect func(ctx context.Context, c ConnectInfo) (context.Context, func(error))

	// Statement is called around each statement, from before it is sent
	// until its rows were read or closed. BEGIN, COMMIT and their like are not
	// statements here, savepoints are.
	Statement func(ctx context.Context, s StatementInfo) (context.Context, func(Outcome))

	// Rewrite is called with each statement before it is sent, those of a
	// [Batch] among them, and may change what is sent; an error refuses it, and
	// is what the caller gets. What one hook has changed the next one sees, and
	// then Statement, the log and errors. The rows must keep their columns.
	// What the Engine sends by itself (BEGIN, a ping) is not shown.
	Rewrite func(ctx context.Context, r *Request) error

	// Batch is called around a [Batch] that is sent in one go; where it is not,
	// its statements are Statements.
	Batch func(ctx context.Context, b BatchInfo) (context.Context, func(Outcome))

	// Transaction is called before BEGIN, and what it returns when the
	// transaction has ended, or could not begin. Savepoints are not transactions here.
	Transaction func(ctx context.Context, t TransactionInfo) func(TransactionOutcome)

	// Error gets every error of a connection as the dialect has described it,
	// and may change its Kind, Lost and MayHaveRun, where a proxy or a server says
	// something in its own way. With Lost the connection is given up;
	// with the kind [ErrConnectionLost] all those that were opened before it, too.
	Error func(ctx context.Context, err *Error)
}

// ConnectInfo is what [Hooks].Connect is told.
type ConnectInfo struct {
	Address string // holds no secret
}

// StatementInfo is what [Hooks].Statement is told.
type StatementInfo struct {
	Text          string
	Args          []dialect.Arg // valid until the hook returns
	InTransaction bool
}

// BatchInfo is what [Hooks].Batch is told.
type BatchInfo struct {
	Texts         []string
	InTransaction bool
}

// Outcome is how a statement or a batch has ended.
type Outcome struct {
	Err      error
	Rows     int64 // read or affected; -1 where that is not known
	Duration time.Duration
}

// TransactionInfo is what [Hooks].Transaction is told.
type TransactionInfo struct {
	Options dialect.TxOptions
}

// TransactionOutcome is how a transaction has ended. Err is what failed: BEGIN,
// COMMIT or ROLLBACK. A commit that failed comes with Committed false; its
// error says whether it may have taken effect ([Error].MayHaveRun).
type TransactionOutcome struct {
	Committed bool
	Err       error
	Duration  time.Duration
}

// WithHooks adds hooks to those that are there. For [Engine.With] a Connect
// hook is an error: the pool is shared.
func WithHooks(h Hooks) DefaultOption {
	return defaultOption(func(c *config) {
		c.hooks = append(c.hooks[:len(c.hooks):len(c.hooks)], &h)
	})
}

// connecting calls the Connect hooks around dial.
func connecting(hooks []*Hooks, address string, dial func(context.Context) (dialect.Conn, error)) func(context.Context) (dialect.Conn, error) {
	for i := len(hooks) - 1; i >= 0; i-- {
		if hooks[i].Connect == nil {
			continue
		}
		hook, inner := hooks[i].Connect, dial
		dial = func(ctx context.Context) (dialect.Conn, error) {
			with, after := hook(ctx, ConnectInfo{Address: address})
			if with == nil {
				with = ctx
			}
			conn, err := inner(with)
			if after != nil {
				after(err)
			}
			return conn, err
		}
	}
	return dial
}

// around calls the hooks that come before a statement or a batch. call calls one hook.
func (s *settings) around(ctx context.Context, call func(context.Context, *Hooks) (context.Context, func(Outcome))) (context.Context, func(Outcome)) {
	var after []func(Outcome)
	for _, h := range s.hooks {
		with, f := call(ctx, h)
		if with != nil {
			ctx = with
		}
		if f != nil {
			after = append(after, f)
		}
	}
	if after == nil {
		return ctx, nil
	}
	return ctx, func(o Outcome) {
		for i := len(after) - 1; i >= 0; i-- {
			after[i](o)
		}
	}
}

// beforeStatement calls the Statement hooks.
func (cu *cursor) beforeStatement() {
	info := StatementInfo{Text: cu.c.Text(), Args: cu.c.Args(), InTransaction: cu.scope != nil}
	cu.ctx, cu.after = cu.eng.around(cu.ctx, func(ctx context.Context, h *Hooks) (context.Context, func(Outcome)) {
		if h.Statement == nil {
			return nil, nil
		}
		return h.Statement(ctx, info)
	})
}

// beforeTransaction calls the Transaction hooks.
func (s *settings) beforeTransaction(ctx context.Context, o dialect.TxOptions) func(committed bool, err error) {
	var after []func(TransactionOutcome)
	for _, h := range s.hooks {
		if h.Transaction != nil {
			if f := h.Transaction(ctx, TransactionInfo{o}); f != nil {
				after = append(after, f)
			}
		}
	}
	if after == nil {
		return nil
	}
	start := time.Now()
	return func(committed bool, err error) {
		for i := len(after) - 1; i >= 0; i-- {
			after[i](TransactionOutcome{committed, err, time.Since(start)})
		}
	}
}

// judge lets the Error hooks look at an error that is described.
func (s *settings) judge(ctx context.Context, err *Error) {
	for _, h := range s.hooks {
		if h.Error != nil {
			h.Error(ctx, err)
		}
	}
}
