package pool

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

var (
	// ErrTimeout is what a *TimeoutError is, for errors.Is.
	ErrTimeout = errors.New("pool: no connection became free in time")

	// ErrClosed is returned by Acquire and Warm once the pool is closed.
	ErrClosed = errors.New("pool: the pool is closed")

	// ErrReleased is returned by the methods of a Lease that was given back
	// before: by Release, Invalidate or Detach. It is also what the zero
	// Lease returns. Nothing was done to the connection, which may be with
	// another user by now.
	ErrReleased = errors.New("pool: the lease was already given back")

	// ErrBusy is returned by Acquire on an Assertion pool whose one connection
	// is leased.
	ErrBusy = errors.New("pool: the one connection of an assertion pool is leased already: release it first")

	// ErrShared is returned by Lease.Detach while others have the connection
	// too.
	ErrShared = errors.New("pool: others have the connection too: wait until they have released it")

	// ErrDisconnect, returned or wrapped by the Checkout event, asks for
	// another connection in place of the one that it was shown.
	ErrDisconnect = errors.New("pool: the connection is lost")
)

// Usage is how many connections a pool had when an error came up.
type Usage struct {
	Size     int // Config.Size
	Overflow int // Config.Overflow; -1 is unlimited
	InUse    int // leased
	Opening  int // being dialled
	Closing  int // being closed
	Waiters  int // callers still waiting, without the one that got the error

	Holders []Holder // the leases that are out, with Config.TrackLeases
}

// String says it in one line, without the holders.
func (u Usage) String() string {
	over := fmt.Sprintf("overflow %d", u.Overflow)
	if u.Overflow == Unlimited {
		over = "unlimited overflow"
	}
	return fmt.Sprintf("size %d, %s, %d in use, %d opening, %d closing, %d others waiting",
		u.Size, over, u.InUse, u.Opening, u.Closing, u.Waiters)
}

// TimeoutError is returned by Acquire when Config.Timeout has passed without a
// connection. It is ErrTimeout for errors.Is.
type TimeoutError struct {
	Usage
	Waited  time.Duration
	DialErr error // of the last dial, where it failed
}

// Error says how long the caller waited, how the pool was used, and who held
// connections, as far as that is known.
func (e *TimeoutError) Error() string {
	text := fmt.Sprintf("pool: no connection became free within %v (%v)", e.Waited, e.Usage)
	if e.DialErr != nil {
		text += fmt.Sprintf("; the last dial failed: %v", e.DialErr)
	}
	return text + e.holders()
}

// Is says whether target is ErrTimeout.
func (e *TimeoutError) Is(target error) bool { return target == ErrTimeout }

// Timeout is true, as in net.Error.
func (e *TimeoutError) Timeout() bool { return true }

// WaitError is returned by Acquire when the caller's context ended before it
// had a connection.
type WaitError struct {
	Usage
	Waited time.Duration // 0 when the context had ended beforehand
	Err    error         // the error of the context
	Cause  error         // the cause of the context; Err where it has none
}

// Error says how long the caller waited, how the pool was used, and why the
// context ended.
func (e *WaitError) Error() string {
	if e.Waited == 0 {
		return fmt.Sprintf("pool: no connection taken: %v", e.Cause)
	}
	return fmt.Sprintf("pool: gave up waiting for a connection after %v (%v): %v%s", e.Waited, e.Usage, e.Cause, e.holders())
}

// Unwrap returns the error of the context and its cause.
func (e *WaitError) Unwrap() []error {
	if e.Cause == e.Err {
		return []error{e.Err}
	}
	return []error{e.Err, e.Cause}
}

// ended is the error for a caller whose context has ended.
func ended(ctx context.Context, waited time.Duration, u Usage) error {
	return &WaitError{Usage: u, Waited: waited, Err: ctx.Err(), Cause: context.Cause(ctx)}
}

// LeakError reports connections that were still out when a pool was closed.
// Close returns it with Config.TrackLeases, Shutdown when its context ends.
type LeakError struct {
	Usage
	Err error // why Shutdown did not wait on; nil from Close
}

// Error says how many connections are out, and who holds them, as far as that
// is known.
func (e *LeakError) Error() string {
	text := fmt.Sprintf("pool: closed with %d connections leased, %d being opened, %d being closed", e.InUse, e.Opening, e.Closing)
	if e.Err != nil {
		text += fmt.Sprintf(": %v", e.Err)
	}
	return text + e.holders()
}

// Unwrap returns Err.
func (e *LeakError) Unwrap() error { return e.Err }

// guarded calls f and makes an error of a panic.
func guarded(what string, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("pool: panic in %s: %v\n%s", what, v, debug.Stack())
		}
	}()
	return f()
}
