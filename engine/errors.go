package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/pool"
)

var errNilContext = dialect.Errorf(ErrArguments, "engine: the context is nil; use context.Background()")

// alive returns the error for a context that has ended before anything was
// sent.
func alive(ctx context.Context) error {
	if ctx == nil {
		return errNilContext
	}
	if err := ctx.Err(); err != nil {
		return &Error{Kind: ErrCancelled, Message: "nothing was sent", Err: err, Cause: context.Cause(ctx)}
	}
	return nil
}

// noConnection describes why the pool gave no connection.
func (e *Engine) noConnection(err error) error {
	var wait *pool.WaitError
	switch {
	case errors.Is(err, pool.ErrTimeout):
		return dialect.Errorf(ErrPoolTimeout, "engine: %s: %w", e.connector.Address(), err)
	case errors.As(err, &wait):
		return &Error{Kind: ErrCancelled, Message: "no connection to " + e.connector.Address() + ": " + err.Error(), Err: err}
	case errors.Is(err, pool.ErrClosed):
		return dialect.Errorf(ErrClosed, "engine: the Engine is closed: %w", err)
	case ours(err):
		return err
	}
	known := e.classify(e.Dialect(), err)
	if known.Kind == ErrCancelled && errors.Is(known, context.DeadlineExceeded) {
		// That of a caller is a WaitError; this is WithDialTimeout.
		late := *known
		late.Kind = ErrConnect
		known = &late
	}
	if rest, ok := errors.AsType[*pool.BackoffError](err); ok {
		return notTried(known, rest)
	}
	return known
}

// notTried makes of the error of a dial the one of a caller for whom there was
// none, because of it.
func notTried(dial *Error, rest *pool.BackoffError) *Error {
	out := *dial
	if out.Message == "" {
		out.Message = rest.Err.Error()
	}
	times := "a failure"
	if rest.Failures > 1 {
		times = fmt.Sprintf("%d failures in a row", rest.Failures)
	}
	out.Message = fmt.Sprintf("not tried again for %v, after %s: %s", rest.Next.Round(time.Millisecond), times, out.Message)
	out.Err = rest
	return &out
}

// ourKinds are the kinds of errors that come from SQLayer itself; they are not
// described a second time.
var ourKinds = [...]Kind{ErrUnsupported, ErrArguments, ErrStatement, ErrScan, ErrURL, ErrInUse, ErrClosed, ErrPoolTimeout}

// ours reports whether err needs no description by the dialect.
func ours(err error) bool {
	for _, k := range ourKinds {
		if errors.Is(err, k) {
			return true
		}
	}
	return false
}

// describe makes an [Error] of what a connection returned, with the
// statement it belongs to.
func (e *Engine) describe(ctx context.Context, d dialect.Dialect, err error, c *dialect.Compiled) error {
	var text string
	if c != nil {
		text = c.Text()
	}
	var known *Error
	if !errors.As(err, &known) {
		if ours(err) {
			return err
		}
		known = e.classify(d, err)
	}
	if known.Statement != "" {
		return err // described before
	}
	out := *known
	if out.Statement == "" {
		out.Statement = text
		if e.showArgs && c != nil {
			out.Args = values(c.Args())
		}
	}
	if ctx.Err() != nil {
		switch out.Kind {
		case ErrConnectionLost:
			// the connection was given up because the context ended
			out.Kind, out.Lost = ErrCancelled, true
			fallthrough
		case ErrCancelled:
			if out.Cause == nil {
				out.Cause = context.Cause(ctx)
			}
			if !errors.Is(out.Cause, ctx.Err()) && !errors.Is(out.Err, ctx.Err()) {
				out.Cause = errors.Join(ctx.Err(), out.Cause)
			}
		}
	}
	e.judge(ctx, &out)
	return &out
}

// isLost reports whether err means that its connection is of no use any more,
// and whether others may have been lost with it.
func isLost(err error) (lost, all bool) {
	var e *Error
	if !errors.As(err, &e) {
		return false, false
	}
	return e.Lost || e.Kind == ErrConnectionLost, e.Kind == ErrConnectionLost
}

// join is errors.Join that leaves a single error as it is.
func join(a, b error) error {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return errors.Join(a, b)
}

func values(args []dialect.Arg) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a.Value
	}
	return out
}

// brief is a statement on one line, for messages.
func brief(text string) string {
	const most = 60
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= most {
		return text
	}
	n := most
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}
