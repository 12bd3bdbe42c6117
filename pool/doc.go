// Package pool keeps connections and lends them out: who has which one, and for
// how long. It knows nothing of SQL, and is generic in the connection it keeps.
//
//	p, err := pool.New(pool.Config[*Conn]{
//		Dial:  func(ctx context.Context) (*Conn, error) { return connect(ctx, addr) },
//		Close: func(c *Conn) error { return c.Close() },
//		Size:  8,
//	})                              // checks the Config; dials nothing
//	defer p.Close()
//
//	lease, err := p.Acquire(ctx)    // an idle connection, a new one, or a wait in line
//	defer lease.Release()
//	err = lease.Conn().Do(ctx, work)
//
// # The books
//
// At any moment
//
//	idle + leased + opening + closing <= Size + Overflow
//
// whatever fails, times out, panics or is cancelled in between. A connection
// that is being dialled counts, and one that is being closed counts until that
// is done, so the server never sees more than the limit. No lock is held while
// a function of the Config runs: one server that does not answer holds up
// nobody but those who wait for it.
//
// # Waiting
//
// Callers that find nothing free are served in the order in which they asked.
// The wait ends with the caller's context ([WaitError]) or after
// [Config.Timeout] ([TimeoutError]), which says how the pool is used. Dials are
// made in the background for the callers in line, and what comes of them, a
// connection or an error, goes to the first. A caller that leaves does not
// waste a dial: the next one gets the connection, or it becomes idle.
//
// [Config.MaxDials] bounds the dials under way, and [Config.Backoff] sets a
// growing delay after dials that fail; meanwhile callers who could only wait
// for that delay get the error of the dial at once ([BackoffError]).
// [Config.MinIdle] has connections opened before they are asked for.
//
// # Giving back
//
// A [Lease] ends in one of three ways. [Lease.Release] is the usual one: a
// connection marked by [Lease.MarkDirty] is reset, then the next caller gets
// it; up to Size are kept idle, more are closed. [Lease.Invalidate] is for a
// connection found broken: it is closed, never used again. [Lease.Detach] takes
// it out of the pool, with its notes ([Detached]). After that the lease is
// over: a second Release, in whatever copy of the Lease, is [ErrReleased] and
// does nothing.
//
// # Connections that are no good
//
// Connections end by age ([Config.Recycle]) and by lack of use
// ([Config.IdleLimit]), and are looked at on the way out and in: without I/O
// ([Config.Usable]) and with ([Config.PrePing], [Config.PingIdle]). A new
// connection is not pinged. When a ping fails, the connections opened before
// are not trusted either, and the caller gets a new one; the error it may see
// is that of the dial. Whoever finds in use that the server is gone says so
// with [Lease.InvalidateAll]: each connection opened before is replaced at its
// next checkout. [Lease.Retire] is the soft way: the user works on, and the
// connection is closed when it comes back. The pool counts invalidations for
// that and compares no clocks, so what was opened afterwards is kept, and of
// many users who find out at once the first one does it.
//
// # Kinds
//
// A [Queue] keeps up to Size connections, a [Null] pool none, an [Assertion]
// pool has one and refuses a second user, and a [Static] pool has one that it
// keeps. Users of a static pool take turns. [Config.Shared] lets them have the
// connection all at once, which is safe only for a C that is safe for
// concurrent use: in Go two goroutines on one connection are a data race
// unless the connection itself sees to it that they are not.
//
// # Watching
//
// [Events] are functions called as connections come, go and change hands; some
// may refuse a connection. [Pool.Stats] returns counts and totals as of one
// moment, as a struct, in one line, and as JSON; the pool is an expvar.Var.
// [Lease.Info] holds notes that end with the connection, [Lease.SlotInfo] those
// that stay with its place in the pool.
//
// A lease that is not given back is found by [Config.TrackLeases]: the errors of
// those who wait in vain, and of [Pool.Close], then say who holds a connection,
// for how long, and where it was taken. [Pool.Holders] tells it at any time.
//
// # Ending
//
// [Pool.Close] closes idle connections at once, and leased ones when they are
// released. [Pool.Shutdown] also waits for those.
//
// # What it is not for
//
// The pool does not retry what users do with a connection, does not take leases
// back from users who keep them, and decides by no error whether a connection
// is broken: the layer above knows its connections and says so.
package pool
