package sqldriver

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Failure is an error of a driver with what the connection knows about it.
type Failure struct {
	Err error
	// Address is where the connection could not be made; empty for all
	// errors but those of Connect.
	Address string
	// Lost says that the connection cannot be used any more. MayHaveRun
	// says that it was lost after the statement was sent, or that the driver gave the
	// statement up when its context ended, whatever the server had done by then.
	Lost, MayHaveRun bool
	// Cause is the context's cause where the context ended the statement.
	Cause error
}

// Error returns the driver's message, with the address of a failed connect.
func (f *Failure) Error() string {
	if f.Address != "" {
		return f.Address + ": " + f.Err.Error()
	}
	return f.Err.Error()
}

// Unwrap returns the driver's error and the context's cause.
func (f *Failure) Unwrap() []error {
	if f.Cause != nil {
		return []error{f.Err, f.Cause}
	}
	return []error{f.Err}
}

// Classify describes err, as [dialect.Dialect] asks of its Classify method.
// describe fills in what the driver's error says: Kind, Code, Message, names, and Lost;
// it may leave all of them zero.
func Classify(err error, describe func(err error) dialect.Error) *dialect.Error {
	if err == nil {
		return nil
	}
	var done *dialect.Error
	if errors.As(err, &done) {
		return done
	}
	e := describe(err)
	e.Err = err
	var f *Failure
	if errors.As(err, &f) {
		e.Lost = e.Lost || f.Lost
		e.MayHaveRun = f.MayHaveRun
		e.Cause = f.Cause
		if f.Address != "" && e.Message != "" {
			e.Message = f.Address + ": " + e.Message
		}
	}
	if e.Kind == dialect.ErrOther && e.Code == "" {
		e.Kind = dialect.KindOf(err)
	}
	switch {
	case e.Cause != nil:
		e.Kind = dialect.ErrCancelled
	case e.Kind != dialect.ErrOther:
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		if f != nil && f.Address != "" { // the driver's own limit for a connect
			e.Kind = dialect.ErrConnect
			break
		}
		e.Kind = dialect.ErrCancelled
	case f != nil && f.Address != "" && e.Code == "":
		e.Kind = dialect.ErrConnect
	case e.Lost || errors.Is(err, driver.ErrBadConn) || Broken(err):
		e.Kind, e.Lost = dialect.ErrConnectionLost, true
	}
	return &e
}

// Broken reports whether err is that of a network connection that has ended.
func Broken(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// ended returns the failure of something that was not begun because ctx has
// ended, or nil.
func ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return &Failure{Err: err, Cause: context.Cause(ctx)}
	}
	return nil
}

// phase says how far a statement has come when it fails.
type phase uint8

const (
	before  phase = iota // nothing was asked of the server that changes anything
	running              // the statement was given to the driver
	reading              // the server has begun to answer
)

// fail describes an error of the driver and books the loss of the connection.
func (c *Conn) fail(ctx context.Context, err error, p phase) error {
	if err == nil {
		return nil
	}
	f := &Failure{Err: err}
	c.judge(err)
	byServer := c.cfg.Cancelled != nil && c.cfg.Cancelled(err)
	cancelled := byServer || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	f.Lost = errors.Is(err, driver.ErrBadConn) || Broken(err) || c.cfg.Lost != nil && c.cfg.Lost(err) || c.invalid()
	if ctx.Err() != nil && (cancelled || f.Lost) {
		f.Cause = context.Cause(ctx)
		f.MayHaveRun = p != before && !byServer
		if c.cfg.CancelLoses {
			f.Lost = true
		}
	}
	if f.Lost {
		c.broken = true
		switch p {
		case running:
			if c.cfg.NotSent != nil {
				f.MayHaveRun = !c.cfg.NotSent(err)
			} else {
				f.MayHaveRun = !errors.Is(err, driver.ErrBadConn)
			}
		case reading:
			f.MayHaveRun = true
		}
		if f.Cause != nil && f.MayHaveRun && c.cfg.Kill != nil {
			f.Err = c.kill(ctx, f.Err)
		}
	}
	return f
}

// killTimeout bounds the attempt to stop a statement on the server.
const killTimeout = 2 * time.Second

// kill stops what runs on the server, and returns err with what went wrong in
// that.
func (c *Conn) kill(ctx context.Context, err error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), killTimeout)
	defer cancel()
	if e := c.cfg.Kill(ctx, c); e != nil {
		return errors.Join(err, fmt.Errorf("the statement may still be running, stopping it failed: %w", e))
	}
	return err
}
