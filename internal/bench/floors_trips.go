package main

import (
	"context"
	"errors"

	"github.com/sqlayer-go/sqlayer/engine"
)

// roundTrips counts what the engine says to a server, message by message.
func (j *judgement) roundTrips(ctx context.Context, be *Backend) (err error) {
	var b proxyTB
	defer b.end()
	via, p, err := be.through(&b)
	if err != nil {
		return err
	}
	s, err := via.openEngine()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()

	count := func(what string, goal float64, f func() error) error {
		p.Reset()
		if err := f(); err != nil {
			return err
		}
		j.add(figure{name: be.Name + ": " + what, unit: "trips", ours: float64(p.Count()), goal: goal, later: none, hard: true})
		return nil
	}
	if _, err := s.GetByPK(ctx, 1); err != nil { // connects
		return err
	}
	var c *engine.Conn
	if err := count("checkout of an idle connection", 0, func() (err error) { c, err = s.e.Connect(ctx); return err }); err != nil {
		return err
	}
	query := func() error {
		_, err := engine.One[User](ctx, c, engine.Text(s.q.get, int64(7)))
		return err
	}
	if err := errors.Join(query(), count("a query, from its second run on", 1, query)); err != nil {
		return errors.Join(err, c.Close())
	}
	if err := count("return of a clean connection", 0, c.Close); err != nil {
		return err
	}
	return count("a transaction with one statement", 3, func() error {
		return s.e.Transact(ctx, func(tx *engine.Tx) error {
			_, err := engine.One[User](ctx, tx, engine.Text(s.q.get, int64(7)))
			return err
		})
	})
}
