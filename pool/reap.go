package pool

import "time"

// due returns when an idle connection is to be closed, or 0 for never.
func (p *Pool[C]) due(r *Record[C]) int64 {
	var at int64
	if p.cfg.IdleLimit > 0 {
		at = r.idleAt + int64(p.cfg.IdleLimit)
	}
	if p.cfg.Recycle > 0 {
		if age := r.created + int64(p.cfg.Recycle); at == 0 || age < at {
			at = age
		}
	}
	return at
}

// armReap sees to it that r, which became idle, is closed in time. mu is held.
func (p *Pool[C]) armReap(r *Record[C]) {
	at := p.due(r)
	if at == 0 || p.reapAt != 0 && p.reapAt <= at {
		return
	}
	p.reapAt = at
	d := max(0, time.Duration(at-p.now()))
	if p.reapTimer == nil {
		p.reapTimer = time.AfterFunc(d, p.reap)
	} else {
		p.reapTimer.Reset(d)
	}
}

// reap closes the idle connections whose time is up.
func (p *Pool[C]) reap() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reapAt = 0
	if p.closed {
		return
	}
	now := p.now()
	var next *Record[C]
	for r := p.idle.front; r != nil; {
		after := r.next
		if cause, bad := p.spoiled(r, now); bad {
			p.idle.remove(r)
			p.closing++
			p.closeLater(r, cause)
		} else if next == nil || p.due(r) < p.due(next) {
			next = r
		}
		r = after
	}
	if next != nil {
		p.armReap(next)
	}
	p.pump() // for MinIdle, where there is room beside those being closed
}
