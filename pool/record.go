package pool

import "sync/atomic"

// Record is a place in the pool and the connection in it. Events get a
// *Record; it must not be kept after they return.
type Record[C any] struct {
	pool *Pool[C]
	conn C

	// gen is the number of the current lease, or of the next one while nobody
	// has the connection. Giving back a lease moves it on, by compare-and-swap,
	// so that of two releases only one can succeed, and a stale lease never
	// matches again.
	gen atomic.Uint64

	// Guarded by Pool.mu while idle; else they belong to whoever holds the
	// connection: the lease, or the goroutine that opens or closes it.
	epoch      uint64 // of the pool when the dial ended
	id         uint64
	created    int64 // end of the dial, see Pool.now
	idleAt     int64 // return of the last lease
	fresh      bool  // never leased
	dirty      bool
	retired    bool
	lost       bool // invalidated, while others have it too
	info       map[any]any
	slotInfo   map[any]any
	prev, next *Record[C] // in the list of idle, vacant or held records

	origin  *origin    // of the lease, with Config.TrackLeases; guarded by Pool.mu
	host    *Record[C] // of a view, see share.go
	sharers int        // views of a host; guarded by Pool.mu
}

// Conn returns the connection.
func (r *Record[C]) Conn() C { return r.conn }

// ID returns the number of the connection: the first one the pool opened is 1.
func (r *Record[C]) ID() uint64 { return r.id }

// Info returns a map for the user's own notes about this connection. It ends
// with the connection.
func (r *Record[C]) Info() map[any]any {
	if r.host != nil {
		r = r.host
	}
	if r.info == nil {
		r.info = make(map[any]any)
	}
	return r.info
}

// SlotInfo returns a map for the user's own notes about this place in the pool.
// It stays when the connection is replaced by another.
func (r *Record[C]) SlotInfo() map[any]any {
	if r.host != nil {
		r = r.host
	}
	if r.slotInfo == nil {
		r.slotInfo = make(map[any]any)
	}
	return r.slotInfo
}

// clear forgets the connection and what was known of it. The lease number stays.
func (r *Record[C]) clear() {
	var none C
	r.conn, r.info = none, nil
	r.id, r.epoch, r.created, r.idleAt = 0, 0, 0, 0
	r.fresh, r.dirty, r.retired, r.lost = false, false, false, false
}

// records is a doubly linked list of records. The newest is at the back.
type records[C any] struct {
	front, back *Record[C]
	len         int
}

func (l *records[C]) pushBack(r *Record[C]) {
	r.prev, r.next = l.back, nil
	if l.back != nil {
		l.back.next = r
	} else {
		l.front = r
	}
	l.back = r
	l.len++
}

func (l *records[C]) remove(r *Record[C]) {
	if r.prev != nil {
		r.prev.next = r.next
	} else {
		l.front = r.next
	}
	if r.next != nil {
		r.next.prev = r.prev
	} else {
		l.back = r.prev
	}
	r.prev, r.next = nil, nil
	l.len--
}

// take removes and returns the oldest or the newest record, or nil.
func (l *records[C]) take(oldest bool) *Record[C] {
	r := l.back
	if oldest {
		r = l.front
	}
	if r != nil {
		l.remove(r)
	}
	return r
}
