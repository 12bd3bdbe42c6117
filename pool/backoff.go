package pool

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// BackoffError is returned by Acquire and Warm while the pool does not dial,
// because of Config.Backoff, and nothing is leased or being opened that could
// become free.
type BackoffError struct {
	Failures int           // dials that failed, one after the other
	Next     time.Duration // until the pool dials again
	Err      error         // of the last dial
}

// Error says when the pool dials again, and why the last dial failed.
func (e *BackoffError) Error() string {
	times := "a failure"
	if e.Failures > 1 {
		times = fmt.Sprintf("%d failures in a row", e.Failures)
	}
	return fmt.Sprintf("pool: no dial for another %v, after %s: %v", e.Next, times, e.Err)
}

// Unwrap returns the error of the last dial.
func (e *BackoffError) Unwrap() error { return e.Err }

// failed notes that a dial failed, which began when so many had failed in a
// row. Dials that were under way together count as one. mu is held.
func (p *Pool[C]) failed(err error, before int) {
	if p.closed {
		return
	}
	p.dialErr = err
	if before != p.failures {
		return
	}
	p.failures++
	first := p.cfg.Backoff
	if first == 0 {
		if p.cfg.MinIdle == 0 {
			return
		}
		first = DefaultBackoff // for the dials nobody waits for
	}
	d := p.cfg.BackoffLimit
	if n := p.failures - 1; n < 32 && first < d>>n {
		d = first << n
	}
	d -= rand.N(d/2 + 1)
	p.resting, p.restUntil = true, p.now()+int64(d)
	p.armRest(d)
}

// succeeded notes that a dial came to a good end. mu is held.
func (p *Pool[C]) succeeded() {
	if p.failures == 0 {
		return
	}
	p.failures, p.dialErr, p.resting = 0, nil, false
	if p.restTimer != nil {
		p.restTimer.Stop()
	}
}

// armRest sees to it that the pool dials again after d. mu is held.
func (p *Pool[C]) armRest(d time.Duration) {
	if p.restTimer == nil {
		p.restTimer = time.AfterFunc(d, p.rested)
	} else {
		p.restTimer.Reset(d)
	}
}

// rested ends the delay after a failed dial.
func (p *Pool[C]) rested() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || !p.resting {
		return
	}
	if left := time.Duration(p.restUntil - p.now()); left > 0 {
		p.armRest(left)
		return
	}
	p.resting = false
	p.pump()
}

// giveUp tells those who wait for a connection why there is none, when a delay
// is all that they could wait for. mu is held.
func (p *Pool[C]) giveUp() {
	if !p.resting || p.cfg.Backoff == 0 || p.idle.len+p.leased+p.opening > 0 {
		return
	}
	err := &BackoffError{Failures: p.failures, Next: max(0, time.Duration(p.restUntil-p.now())), Err: p.dialErr}
	for w := p.waiters.popFront(); w != nil; w = p.waiters.popFront() {
		w.serve(nil, err)
	}
	for _, report := range p.warming {
		report <- err
	}
	p.warming = nil
}
