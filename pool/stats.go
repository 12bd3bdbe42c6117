package pool

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Stats is a pool's state and its counters. At any moment
//
//	Idle + Leased + Opening + Closing <= Limit
//	Dialed == Idle + Leased + Closing + Detached + AllClosed()
type Stats struct {
	Size  int // Config.Size
	Limit int // Size + Overflow; math.MaxInt where that is unlimited

	Idle    int // open, with nobody
	Leased  int // with a user, or looked at for one
	Sharing int // leases of the one connection of a Shared pool
	Opening int // being dialled
	Closing int // being closed
	Waiters int // callers waiting
	Failing int // dials that failed since the last that did not; those at one time count as one

	Acquired    uint64        // leases given
	Waited      uint64        // times a caller could not be served at once
	WaitTime    time.Duration // of all of them together
	Timeouts    uint64        // calls ended by Config.Timeout
	Canceled    uint64        // calls ended by their context while waiting
	Dialed      uint64        // connections opened
	DialErrors  uint64        // dials, or the events of a new connection, that failed
	Pings       uint64
	PingErrors  uint64
	Detached    uint64
	CloseErrors uint64
	Closed      [causes]uint64 // connections closed, by Cause
}

// AllClosed returns the number of connections closed, for whatever cause.
func (s Stats) AllClosed() uint64 {
	var n uint64
	for _, c := range s.Closed {
		n += c
	}
	return n
}

// MarshalJSON writes the fields by their names, WaitTime in seconds, and under
// Closed, for each Cause that occurred, a number by its name.
func (s Stats) MarshalJSON() ([]byte, error) {
	type plain Stats
	closed := make(map[string]uint64)
	for c, n := range s.Closed {
		if n > 0 {
			closed[Cause(c).String()] = n
		}
	}
	return json.Marshal(struct {
		plain
		WaitTime float64
		Closed   map[string]uint64
	}{plain(s), s.WaitTime.Seconds(), closed})
}

// String returns the pool's Stats as a JSON object, which makes it an
// expvar.Var: expvar.Publish("database", p) shows them under /debug/vars.
func (p *Pool[C]) String() string {
	text, err := json.Marshal(p.Stats())
	if err != nil { // not for what Stats consists of
		return strconv.Quote(err.Error())
	}
	return string(text)
}

// String describes the pool in one line.
func (s Stats) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "pool: size %d, %d idle, %d leased, %d opening, %d closing, %d waiting",
		s.Size, s.Idle, s.Leased, s.Opening, s.Closing, s.Waiters)
	fmt.Fprintf(&b, "; %d acquired, %d waited %v, %d timed out, %d canceled; %d dialed, %d dials failed, %d closed",
		s.Acquired, s.Waited, s.WaitTime, s.Timeouts, s.Canceled, s.Dialed, s.DialErrors, s.AllClosed())
	sep := " ("
	for c, n := range s.Closed {
		if n > 0 {
			fmt.Fprintf(&b, "%s%d %v", sep, n, Cause(c))
			sep = ", "
		}
	}
	if sep == ", " {
		b.WriteByte(')')
	}
	return b.String()
}

// Stats returns the pool's state and its counters, all as of one moment.
func (p *Pool[C]) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.Size, s.Limit = p.cfg.Size, p.limit
	s.Idle, s.Leased, s.Opening, s.Closing, s.Waiters = p.idle.len, p.leased, p.opening, p.closing, p.waiters.len
	s.Failing = p.failures
	if p.host != nil {
		s.Sharing = p.host.sharers
	}
	s.WaitTime = time.Duration(p.waitNanos.Load())
	return s
}

// since returns the time since t, see now.
func (p *Pool[C]) since(t int64) time.Duration { return time.Duration(p.now() - t) }
