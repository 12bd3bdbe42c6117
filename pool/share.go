package pool

// A Shared pool lends one connection to many at once. The record of the
// connection is the host; each lease has a record of its own, a view, which
// refers to it. The books count the host as one leased connection for as long
// as there is a view.

// view returns a record for one more lease of h. mu is held.
func (h *Record[C]) view() *Record[C] {
	h.sharers++
	return &Record[C]{pool: h.pool, conn: h.conn, id: h.id, epoch: h.epoch, host: h}
}

// settle makes r, which is leased, the host, and returns a first view of it.
// Whoever waits gets another. mu is held.
func (p *Pool[C]) settle(r *Record[C]) *Record[C] {
	p.host = r
	r.Info() // made here, so that views do not make them at the same time
	r.SlotInfo()
	first := r.view()
	for p.hosting() {
		w := p.waiters.popFront()
		if w == nil {
			break
		}
		p.stats.Acquired++
		w.serve(r.view(), nil)
	}
	return first
}

// hosting says whether the connection that is out can have one more user. mu
// is held.
func (p *Pool[C]) hosting() bool {
	h := p.host
	return h != nil && h.epoch == p.epoch && !h.retired && !h.lost
}

// unshare ends the view v. The last one gives the connection back.
func (p *Pool[C]) unshare(v *Record[C]) error {
	h := v.host
	p.mu.Lock()
	p.forget(v)
	h.dirty = h.dirty || v.dirty
	h.sharers--
	last := h.sharers == 0
	if last {
		p.host = nil
	}
	p.mu.Unlock()
	switch {
	case !last:
		return nil
	case h.lost:
		p.discard(h, CauseInvalidated)
		return nil
	}
	return p.handle(h)
}

// alone ends l and returns the host, if l is the only lease of a shared
// connection.
func (l Lease[C]) alone() (*Record[C], error) {
	v := l.rec
	p, h := v.pool, v.host
	p.mu.Lock()
	defer p.mu.Unlock()
	if v.gen.Load() != l.gen {
		return nil, ErrReleased
	}
	if h.sharers > 1 {
		return nil, ErrShared
	}
	if !l.claim() {
		return nil, ErrReleased
	}
	p.forget(v)
	h.sharers, p.host = 0, nil
	return h, nil
}
