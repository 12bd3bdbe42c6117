package pool

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// Defaults of the fields of [Config] that are zero.
const (
	DefaultSize         = 10
	DefaultTimeout      = 30 * time.Second
	DefaultDialTimeout  = 30 * time.Second
	DefaultPingTimeout  = 5 * time.Second
	DefaultResetTimeout = 5 * time.Second
	DefaultBackoff      = 100 * time.Millisecond // of the dials for MinIdle
	DefaultBackoffLimit = 2 * time.Second
)

// Unlimited, as [Config.Overflow], lets the pool open as many connections as
// are asked for.
const Unlimited = -1

// Kind says what a pool does with connections between two users.
type Kind uint8

const (
	// Queue keeps up to Size idle connections. It is the default.
	Queue Kind = iota
	// Null keeps none: each connection is closed when it is returned. Size
	// and Overflow still bound how many are open at once.
	Null
	// Assertion has one connection and refuses a second lease with [ErrBusy]
	// instead of waiting for the first. It finds code that takes two
	// connections where one is enough. Size and Overflow must be zero.
	Assertion
	// Static has one connection, which is kept until it is invalidated or the
	// pool is closed, for what exists in it alone, such as a database in
	// memory. Callers take turns, unless Config.Shared is set. Size, Overflow,
	// Recycle and IdleLimit must be zero.
	Static
)

// Config says how a pool opens, checks and keeps its connections. Only Dial is
// required: the zero value of every other field is its default. New copies the
// Config; a change made to it later has no effect.
//
// No function of a Config is ever called with a lock held, so all of them may
// use the pool (a Dial that acquires from the pool it serves may wait for
// itself, though). They are called from many goroutines, for one connection
// from one goroutine at a time.
//
// A panic in a function that runs on the caller's goroutine (Usable, Ping,
// Reset, Checkout, Checkin, Invalidate, Retire, Detach) reaches the caller,
// after the connection has been thrown away. A panic in one that may run in the
// background (Dial, Connect, FirstConnect, Close) becomes an error.
type Config[C any] struct {
	// Dial opens a connection. It runs on a goroutine of its own, with the
	// values of the context of the caller it is made for, but not with its
	// cancellation: a caller that leaves does not waste the dial. The context
	// ends after DialTimeout and when the pool is closed.
	Dial func(ctx context.Context) (C, error)

	// Close closes a connection. It is called exactly once for each connection
	// that was not detached, and should bound its own time: the connection
	// counts against the limit until Close returns. Nil does nothing.
	Close func(C) error

	// Ping checks a connection with a round trip; see PrePing and PingIdle.
	Ping func(ctx context.Context, conn C) error

	// Reset makes a connection clean for its next user. It is called when a
	// lease marked by [Lease.MarkDirty] is released. A connection whose Reset
	// fails is closed. Nil does nothing.
	Reset func(ctx context.Context, conn C) error

	// Usable says, without I/O, whether a connection can be used further. It
	// is asked when an idle connection is taken and when one is returned.
	// Nil means always.
	Usable func(C) bool

	// Kind is what the pool does with connections between two users.
	Kind Kind

	// Size is the number of idle connections kept at most, and without
	// Overflow the number of connections. 0 means DefaultSize.
	Size int

	// Overflow is how many more connections than Size may be open at once.
	// They are closed on return when Size are idle already. Unlimited (-1)
	// sets no bound.
	Overflow int

	// Timeout bounds the wait for a connection, beside the caller's context.
	// 0 means DefaultTimeout; negative means no bound.
	Timeout time.Duration

	// DialTimeout, PingTimeout and ResetTimeout bound the contexts given to
	// Dial, Ping and Reset. 0 means the default; negative means no bound.
	DialTimeout  time.Duration
	PingTimeout  time.Duration
	ResetTimeout time.Duration

	// Recycle is the age from which a connection is replaced instead of being
	// used again, counted from the end of its dial. 0 means never.
	Recycle time.Duration

	// IdleLimit is the time without use after which a connection is closed.
	// 0 means never.
	IdleLimit time.Duration

	// PrePing pings every connection that was used before, at each checkout.
	// It needs Ping.
	PrePing bool

	// PingIdle pings a connection at checkout when it has been idle for at
	// least this long. 0 means never. It needs Ping.
	PingIdle time.Duration

	// FIFO takes the connection that has been idle longest first. The default
	// takes the one returned last, so that those not needed can age out.
	FIFO bool

	// MaxDials bounds how many dials are under way at once. 0 means no bound
	// other than the limit of the pool.
	MaxDials int

	// Backoff is a delay after a dial that failed: until it is over the pool
	// does not dial. It doubles with each failure that follows, up to
	// BackoffLimit (0 means DefaultBackoffLimit), is shortened by up to half at
	// random, so that many programs do not come back at the same time, and ends
	// with the first dial that succeeds. Meanwhile callers wait for the
	// connections that there are; where none is leased or being opened they get
	// a *BackoffError, with the error of the last dial, at once. 0 means no
	// delay: each caller has a dial of its own.
	Backoff      time.Duration
	BackoffLimit time.Duration

	// MinIdle is a number of connections to keep idle, as far as the limit
	// allows: from the first Acquire or Warm on they are opened in the
	// background, and again when some were taken or have reached their age.
	// Callers that wait come first, and failed dials are repeated with a
	// delay: Backoff, or DefaultBackoff. The Kind must be Queue.
	MinIdle int

	// Shared lends the connection of a Static pool to any number of callers at
	// once. It is for connections that are safe for concurrent use, and whose
	// users do not disturb each other: what one sets or begins is there for
	// all. Usable, Ping and the Checkout event are called for the first of the
	// users who have it at one time; Usable, Reset (if any of them marked it
	// dirty) and the Checkin event when the last one gives it back. A
	// connection that one of them invalidates or retires is not lent again, and
	// is closed when the last one has given it back; callers wait until then.
	// The maps Info and SlotInfo are the same for all users, who have to guard
	// them.
	Shared bool

	// TrackLeases has each lease remember when and where it was taken, to find
	// those that are not given back: see [Pool.Holders]. The errors of Acquire
	// and of closing the pool then name them. It costs an allocation and a
	// walk of the stack, about a microsecond, for each lease.
	TrackLeases bool

	// Events are called as connections come, go and change hands.
	Events Events[C]
}

// Events are functions called as connections come, go and change hands; each
// may be nil. The Record they get is valid until they return. Those that return
// an error refuse the connection by it. [Events.Then] joins several.
type Events[C any] struct {
	// Connect is called for each new connection, before anyone gets it. When
	// it fails the connection is closed, and the error is that of the dial.
	Connect func(ctx context.Context, r *Record[C]) error

	// FirstConnect is called after Connect for the first connection of the
	// pool. No connection is handed out before it has succeeded; when it
	// fails, its connection is closed and it is called again for the next.
	FirstConnect func(ctx context.Context, r *Record[C]) error

	// Checkout is called when a connection is about to be leased. When it
	// returns an error that is ErrDisconnect the connection is replaced, and
	// Checkout is asked again, three times in all. Any other error is
	// returned by Acquire, and the connection goes back.
	Checkout func(ctx context.Context, r *Record[C]) error

	// Checkin is called when a connection comes back, after Reset. When it
	// fails the connection is closed and Release returns the error. It is not
	// called for invalidated and detached connections.
	Checkin func(r *Record[C]) error

	// Reset is called after Config.Reset, with its result.
	Reset func(r *Record[C], err error)

	// Invalidate is called when a lease is invalidated, with the reason given.
	Invalidate func(r *Record[C], reason error)

	// Retire is called when a lease is retired, with the reason given.
	Retire func(r *Record[C], reason error)

	// Detach is called when a connection leaves the pool for good.
	Detach func(r *Record[C])

	// Close is called after a connection was closed, with the cause and the
	// result of Config.Close.
	Close func(r *Record[C], cause Cause, err error)

	// CloseDetached is called after a connection was closed by
	// [Detached.Close], with the result of Config.Close.
	CloseDetached func(r *Record[C], err error)
}

// settings checks c and fills in its defaults.
func settings[C any](c Config[C]) (Config[C], error) {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("pool: "+format, args...)) }

	if c.Dial == nil {
		bad("Config.Dial is nil: a pool needs a function that opens a connection")
	}
	if c.Size < 0 {
		bad("Config.Size is %d: it must be positive, or 0 for the default of %d", c.Size, DefaultSize)
	}
	if c.Overflow < Unlimited {
		bad("Config.Overflow is %d: it must be at least 0, or Unlimited (-1)", c.Overflow)
	}
	if c.MaxDials < 0 {
		bad("Config.MaxDials is %d: it must be at least 0, which means no bound", c.MaxDials)
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"Recycle", c.Recycle}, {"IdleLimit", c.IdleLimit}, {"PingIdle", c.PingIdle},
		{"Backoff", c.Backoff}, {"BackoffLimit", c.BackoffLimit}} {
		if d.value < 0 {
			bad("Config.%s is %v: it must be positive, or 0 for never", d.name, d.value)
		}
	}
	if c.Ping == nil && c.PrePing {
		bad("Config.PrePing is set, but Config.Ping is nil")
	}
	if c.Ping == nil && c.PingIdle > 0 {
		bad("Config.PingIdle is set, but Config.Ping is nil")
	}
	if c.BackoffLimit == 0 {
		c.BackoffLimit = max(c.Backoff, DefaultBackoffLimit)
	} else if c.BackoffLimit < c.Backoff {
		bad("Config.BackoffLimit is %v, less than Backoff, the first delay (%v)", c.BackoffLimit, c.Backoff)
	}
	if c.Shared && c.Kind != Static {
		bad("Config.Shared is set, but Config.Kind is not Static: only its one connection can be lent to several at once")
	}
	if c.MinIdle < 0 {
		bad("Config.MinIdle is %d: it must be at least 0", c.MinIdle)
	}
	if c.MinIdle > 0 && c.Kind != Queue {
		bad("Config.MinIdle is set, but Config.Kind is not Queue: only that keeps several connections")
	}
	switch c.Kind {
	case Queue, Null:
		if c.Size == 0 {
			c.Size = DefaultSize
		}
	case Assertion:
		if c.Size != 0 || c.Overflow != 0 {
			bad("Config.Kind is Assertion, which has one connection: leave Size and Overflow at 0")
		}
		c.Size = 1
	case Static:
		if c.Size != 0 || c.Overflow != 0 {
			bad("Config.Kind is Static, which has one connection: leave Size and Overflow at 0")
		}
		if c.Recycle > 0 || c.IdleLimit > 0 {
			bad("Config.Kind is Static, which keeps its connection: leave Recycle and IdleLimit at 0")
		}
		c.Size = 1
	default:
		bad("Config.Kind is %d: it must be Queue, Null, Assertion or Static", c.Kind)
	}
	if c.MinIdle > c.Size && c.Size > 0 {
		bad("Config.MinIdle is %d, but only Size connections are kept idle, which is %d", c.MinIdle, c.Size)
	}
	for _, d := range []struct {
		value *time.Duration
		def   time.Duration
	}{
		{&c.Timeout, DefaultTimeout}, {&c.DialTimeout, DefaultDialTimeout},
		{&c.PingTimeout, DefaultPingTimeout}, {&c.ResetTimeout, DefaultResetTimeout},
	} {
		switch {
		case *d.value == 0:
			*d.value = d.def
		case *d.value < 0:
			*d.value = 0
		}
	}
	return c, errors.Join(errs...)
}

// limit is the number of connections that may exist at once.
func (c *Config[C]) limit() int {
	if c.Overflow == Unlimited || c.Size > math.MaxInt-c.Overflow {
		return math.MaxInt
	}
	return c.Size + c.Overflow
}

// bound derives a context that ends after d, if d is positive.
func bound(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d > 0 {
		return context.WithTimeout(ctx, d)
	}
	return context.WithCancel(ctx)
}
