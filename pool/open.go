package pool

import (
	"context"
	"errors"
	"fmt"
)

// errExit is the outcome of a dial whose function called runtime.Goexit.
var errExit = errors.New("pool: a function of the Config ended the goroutine it was called on")

// pump starts the dials that are wanted and allowed: one for each waiter that
// none is under way for, then those of Warm, then those for MinIdle. mu is held.
//
// A dial belongs to no waiter in particular: whatever becomes of it goes to the
// one in front. There are never more dials than there were waiters when they
// began, so the one in front is one that a dial was meant for.
func (p *Pool[C]) pump() {
	if p.closed {
		return
	}
	p.giveUp()
	for p.opening < p.waiters.len && p.mayDial() {
		p.startDial(p.waiters.at(p.opening).ctx, errand{})
	}
	for len(p.warming) > 0 && p.mayDial() {
		report := p.warming[0]
		p.warming = p.warming[1:]
		p.startDial(p.ctx, errand{report: report})
	}
	if len(p.warming) > 0 && p.total() >= p.limit {
		// As many connections are open as can be.
		for _, report := range p.warming {
			report <- nil
		}
		p.warming = nil
	}
	for p.wanting() && !p.resting && p.mayDial() {
		p.startDial(p.ctx, errand{spare: true})
	}
}

func (p *Pool[C]) mayDial() bool {
	return p.total() < p.limit && (p.cfg.MaxDials == 0 || p.opening < p.cfg.MaxDials) &&
		!(p.resting && p.cfg.Backoff > 0)
}

// errand is what a dial is made for; the zero value is for a waiter.
type errand struct {
	report   chan<- error // of Warm: gets the outcome
	spare    bool         // for MinIdle
	failures int          // of the pool, when it began
}

func (p *Pool[C]) startDial(ctx context.Context, e errand) {
	p.opening++
	e.failures = p.failures
	go p.open(ctx, p.place(), e)
}

// open dials a connection into r and hands it over. An error of a dial that was
// not made for a waiter goes to Warm, or for MinIdle to a waiter that relied on
// it, if there is one.
func (p *Pool[C]) open(ctx context.Context, r *Record[C], e errand) {
	dialed, err := false, errExit
	defer func() {
		if err != nil && dialed {
			err = errors.Join(err, p.finish(r, CauseEvent))
		}
		p.opened(r, dialed, err, e)
	}()

	ctx, cancel := bound(context.WithoutCancel(ctx), p.cfg.DialTimeout)
	defer cancel()
	stop := context.AfterFunc(p.ctx, cancel)
	defer stop()

	dialErr := guarded("Config.Dial", func() (err error) {
		r.conn, err = p.cfg.Dial(ctx)
		return err
	})
	if dialErr != nil {
		err = dialErr
		return
	}
	dialed = true
	p.mu.Lock()
	p.lastID++
	r.id = p.lastID
	p.mu.Unlock()
	err = p.greet(ctx, r)
}

// greet calls the events of a new connection.
func (p *Pool[C]) greet(ctx context.Context, r *Record[C]) error {
	if hook := p.cfg.Events.Connect; hook != nil {
		if err := guarded("the Connect event", func() error { return hook(ctx, r) }); err != nil {
			return err
		}
	}
	hook := p.cfg.Events.FirstConnect
	if hook == nil || p.firstDone.Load() {
		return nil
	}
	select {
	case p.first <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("pool: waiting for the FirstConnect event of another connection: %w", context.Cause(ctx))
	}
	defer func() { <-p.first }()
	if p.firstDone.Load() {
		return nil
	}
	if err := guarded("the FirstConnect event", func() error { return hook(ctx, r) }); err != nil {
		return err
	}
	p.firstDone.Store(true)
	return nil
}

// opened enters the outcome of a dial in the books.
func (p *Pool[C]) opened(r *Record[C], dialed bool, err error, e errand) {
	now := p.now()
	p.mu.Lock()
	p.opening--
	if dialed {
		p.stats.Dialed++
	}
	if err != nil {
		p.stats.DialErrors++
		if dialed {
			p.stats.Closed[CauseEvent]++
		}
		var w *waiter[C]
		if e.report == nil && (!e.spare || p.opening < p.waiters.len) {
			w = p.waiters.popFront()
		}
		p.failed(err, e.failures)
		p.vacate(r)
		if p.closed {
			err = errors.Join(ErrClosed, err)
		}
		p.mu.Unlock()
		if w != nil {
			w.serve(nil, err)
		}
		if e.report != nil {
			e.report <- err
		}
		return
	}
	p.succeeded()
	r.epoch, r.created, r.idleAt, r.fresh = p.epoch, now, now, true
	cause, w, spare := CauseClosed, (*waiter[C])(nil), true
	if p.closed {
		err = ErrClosed
	} else {
		cause = CauseSurplus
		w, spare = p.hand(r)
	}
	if spare {
		p.closing++
	}
	p.pump() // MaxDials may have held others back
	p.mu.Unlock()
	if w != nil {
		w.serve(r, nil)
	}
	if e.report != nil {
		e.report <- err
	}
	if spare {
		_ = p.closeRecord(r, cause) // told by the Close event and Stats.CloseErrors
	}
}

// hand gives r, which is in no count, to the first waiter or to the idle
// connections. It returns the waiter to be served once mu is released, and
// whether r is one too many. mu is held.
func (p *Pool[C]) hand(r *Record[C]) (w *waiter[C], surplus bool) {
	if w := p.waiters.popFront(); w != nil {
		p.leased++
		p.stats.Acquired++
		return w, false
	}
	if p.idle.len >= p.cfg.Size || p.cfg.Kind == Null {
		return nil, true
	}
	r.fresh = false
	p.idle.pushBack(r)
	if p.timed {
		p.armReap(r)
	}
	return nil, false
}
