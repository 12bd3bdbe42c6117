package pool

import (
	"context"
	"errors"
	"fmt"
)

// Warm opens connections until n are open, idle or leased, and returns when
// they are. Config.MaxDials applies, and callers who wait for a connection come
// first. It returns the errors of the dials that failed, an error that is ctx's
// when ctx ends before (the dials go on), and ErrClosed for a closed pool. n
// must be at most Config.Size: more would not be kept. [Config.MinIdle] does the
// same in the background, again and again.
func (p *Pool[C]) Warm(ctx context.Context, n int) error {
	if n < 0 || n > p.cfg.Size || p.cfg.Kind == Null && n > 0 {
		kept := p.cfg.Size
		if p.cfg.Kind == Null {
			kept = 0
		}
		return fmt.Errorf("pool: cannot warm to %d connections: the pool keeps from 0 to %d", n, kept)
	}
	if ctx.Err() != nil {
		return ended(ctx, 0, Usage{})
	}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return ErrClosed
	}
	p.used = true
	missing := n - (p.idle.len + p.leased + p.opening + len(p.warming))
	reports := make(chan error, max(0, missing))
	for range missing {
		p.warming = append(p.warming, reports)
	}
	p.pump()
	p.mu.Unlock()

	var err error
	for range missing {
		select {
		case e := <-reports:
			err = errors.Join(err, e)
		case <-ctx.Done():
			return errors.Join(err, fmt.Errorf("pool: warming: %w", context.Cause(ctx)))
		}
	}
	return err
}

// wanting says whether a connection is to be opened for MinIdle. Dials under
// way that are more than the waiters will become idle. mu is held.
func (p *Pool[C]) wanting() bool {
	return p.used && p.idle.len+max(0, p.opening-p.waiters.len)+len(p.warming) < p.cfg.MinIdle
}
