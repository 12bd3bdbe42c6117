package dialect

import "time"

// Pooling is a Connector's advice to the pool that keeps its connections, for
// what the program does not say itself. A zero field is no advice.
type Pooling struct {
	Size      int           // connections kept
	Overflow  int           // connections beyond that
	Recycle   time.Duration // age from which a connection is replaced
	IdleLimit time.Duration // time without use after which one is closed
	// PingIdle is the time without use after which one is pinged before it is
	// used again: what ends idle connections on the way, a firewall for
	// example, tells neither side, and most drivers look at nothing.
	PingIdle time.Duration
}

// PoolAdviser is a Connector that knows how its connections are best kept:
// few for an embedded database, one where there can only be one, replaced
// before the server's own idle limit.
type PoolAdviser interface {
	// Pooling returns the advice. It does no I/O.
	Pooling() Pooling
}
