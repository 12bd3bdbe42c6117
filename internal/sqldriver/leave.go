package sqldriver

import (
	"context"
	"database/sql/driver"
	"time"
)

// How long rows that were left early are read on before their query is
// stopped, and how long stopping it may take.
const (
	leaveGrace = 100 * time.Millisecond
	leaveLimit = 10 * time.Second
)

// finish closes the driver's rows. Some drivers read them to their end for
// that; a query that has much left is stopped instead. A write is not: it would
// be undone.
func (r *rows) finish() error {
	c := r.c
	if r.ended || r.writes || c.cfg.Stop == nil || c.broken {
		return r.raw.Close()
	}
	inTx := c.inTx
	closed, stopped := make(chan struct{}), make(chan struct{})
	timer := time.AfterFunc(leaveGrace, func() {
		defer close(stopped)
		ctx, cancel := context.WithTimeout(context.Background(), leaveLimit)
		defer cancel()
		if c.cfg.Stop(ctx, c) != nil && !inTx {
			c.cfg.HangUp(c)
			return
		}
		select {
		case <-closed:
		case <-ctx.Done(): // a transaction is worth waiting so long for what is left
			c.cfg.HangUp(c)
		}
	})
	err := r.raw.Close()
	close(closed)
	if timer.Stop() {
		return err
	}
	<-stopped
	if c.cfg.Stopped != nil && c.cfg.Stopped(err) {
		err = nil
	}
	// The server may have got the request after the query had ended: a round
	// trip makes sure that the request is not about the next one.
	if p, ok := c.raw.(driver.Pinger); ok && !c.invalid() {
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		if perr := p.Ping(ctx); perr != nil {
			c.broken = true
			if err == nil {
				err = perr
			}
		}
	}
	c.broken = c.broken || c.invalid()
	if c.broken && !inTx {
		return nil // nobody misses the connection
	}
	return err
}
