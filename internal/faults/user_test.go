package faults

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/pool"
)

var layers = []string{"pool", "engine", "Transact"}

// settings are those of a pool, the same for every layer.
type settings struct {
	size     int           // 0: 2
	wait     time.Duration // 0: patience
	dial     time.Duration // 0: patience
	prePing  bool
	dialer   func(ctx context.Context, network, address string) (net.Conn, error)
	password func(context.Context) (string, error)
}

// A user writes rows in the way of its layer.
type user interface {
	// put writes a row, in a transaction of its own if tx, or where the
	// layer is all about transactions. In the end, before the commit, it calls f
	// if that is not nil, whose error undoes the row.
	put(ctx context.Context, id int64, tx bool, f func() error) error
	// run is put with another text.
	run(ctx context.Context, text string, id int64, tx bool, f func() error) error
	// hold takes a connection and returns what gives it back.
	hold(ctx context.Context) (func() error, error)
	stats() pool.Stats
	shutdown(ctx context.Context) error
}

const insert = "INSERT INTO faults_rows (id) VALUES (:id)"

// openUser opens a pool of its own for a layer.
func openUser(t testing.TB, layer, url string, s settings) user {
	t.Helper()
	if s.size == 0 {
		s.size = 2
	}
	if s.wait == 0 {
		s.wait = patience
	}
	if s.dial == 0 {
		s.dial = patience
	}
	if layer == "pool" {
		u, err := dialect.ParseURL(url)
		check(t, err)
		d, err := dialect.Lookup(u.Scheme)
		check(t, err)
		con, err := d.OpenConnector(u, dialect.ConnectConfig{Dial: s.dialer, Password: s.password})
		check(t, err)
		p, err := pool.New(pool.Config[dialect.Conn]{
			Dial: con.Connect, Close: dialect.Conn.Close, Usable: dialect.Conn.Usable,
			Ping:  func(ctx context.Context, c dialect.Conn) error { return c.Ping(ctx) },
			Reset: func(ctx context.Context, c dialect.Conn) error { return c.Reset(ctx) },
			Size:  s.size, Timeout: s.wait, DialTimeout: s.dial, PrePing: s.prePing,
			PingTimeout: shortTime, ResetTimeout: shortTime,
		})
		check(t, err)
		return &poolUser{p, con}
	}
	opts := []engine.Option{engine.WithPoolSize(s.size), engine.WithPoolTimeout(s.wait), engine.WithDialTimeout(s.dial),
		engine.WithCloseTimeout(shortTime), engine.WithOverflow(0)}
	if s.prePing {
		opts = append(opts, engine.WithPrePing())
	}
	if s.dialer != nil {
		opts = append(opts, engine.WithDialer(s.dialer))
	}
	if s.password != nil {
		opts = append(opts, engine.WithPassword(s.password))
	}
	e, err := engine.Open(url, opts...)
	check(t, err)
	return &engineUser{e, layer == "Transact"}
}

// shortTime is a time-out that a test waits for.
const shortTime = 250 * time.Millisecond

// poolUser does by hand what package engine does.
type poolUser struct {
	p   *pool.Pool[dialect.Conn]
	con dialect.Connector
}

func (u *poolUser) put(ctx context.Context, id int64, tx bool, f func() error) error {
	return u.run(ctx, insert, id, tx, f)
}

func (u *poolUser) run(ctx context.Context, text string, id int64, tx bool, f func() error) error {
	l, err := u.acquire(ctx)
	if err != nil {
		return err
	}
	c := l.Conn()
	if tx || f != nil {
		if err := c.Begin(ctx, dialect.TxOptions{}); err != nil {
			return u.giveBack(l, err)
		}
	}
	stmt, err := dialect.Compile(u.con.Dialect(), dialect.Text(text, arguments(text, id)...))
	if err != nil {
		return errors.Join(err, l.Release())
	}
	_, err = c.Exec(ctx, stmt)
	stmt.Release()
	if tx || f != nil {
		if err == nil && f != nil {
			err = f()
		}
		if err == nil {
			err = c.Commit(ctx)
		}
		if err != nil && c.Usable() {
			l.MarkDirty() // Reset undoes it
		}
	}
	return u.giveBack(l, err)
}

// arguments are those of a text, with a parameter or without.
func arguments(text string, id int64) []any {
	if !strings.Contains(text, ":id") {
		return nil
	}
	return []any{dialect.Named{"id": id}}
}

func (u *poolUser) acquire(ctx context.Context) (pool.Lease[dialect.Conn], error) {
	l, err := u.p.Acquire(ctx)
	var wait *pool.WaitError
	switch {
	case err == nil:
	case errors.Is(err, pool.ErrTimeout):
		err = dialect.Errorf(dialect.ErrPoolTimeout, "%w", err)
	case errors.As(err, &wait):
		err = dialect.Errorf(dialect.ErrCancelled, "%w", err)
	default:
		err = u.con.Dialect().Classify(err)
	}
	return l, err
}

func (u *poolUser) giveBack(l pool.Lease[dialect.Conn], err error) error {
	if err == nil {
		return l.Release()
	}
	e := u.con.Dialect().Classify(err)
	switch {
	case e.Kind == dialect.ErrConnectionLost:
		return errors.Join(e, l.InvalidateAll(e))
	case e.Lost:
		return errors.Join(e, l.Invalidate(e))
	}
	l.Release() // its errors are those of a connection that is closed for them
	return e
}

func (u *poolUser) hold(ctx context.Context) (func() error, error) {
	l, err := u.acquire(ctx)
	return l.Release, err
}

func (u *poolUser) stats() pool.Stats                  { return u.p.Stats() }
func (u *poolUser) shutdown(ctx context.Context) error { return u.p.Shutdown(ctx) }

type engineUser struct {
	e        *engine.Engine
	transact bool
}

func (u *engineUser) put(ctx context.Context, id int64, tx bool, f func() error) error {
	return u.run(ctx, insert, id, tx, f)
}

func (u *engineUser) run(ctx context.Context, text string, id int64, tx bool, f func() error) error {
	args := arguments(text, id)
	if u.transact {
		return u.e.Transact(ctx, func(tx *engine.Tx) error {
			if _, err := tx.Exec(ctx, text, args...); err != nil || f == nil {
				return err
			}
			return f()
		})
	}
	if !tx && f == nil {
		_, err := u.e.Exec(ctx, text, args...)
		return err
	}
	t, err := u.e.Begin(ctx)
	if err != nil {
		return err
	}
	_, err = t.Exec(ctx, text, args...)
	if err == nil && f != nil {
		err = f()
	}
	if err == nil {
		err = t.Commit(ctx)
	}
	if err != nil {
		t.Rollback(ctx) // the first error tells more
	}
	return err
}

func (u *engineUser) hold(ctx context.Context) (func() error, error) {
	if u.transact {
		t, err := u.e.Begin(ctx)
		if err != nil {
			return nil, err
		}
		return func() error { return t.Rollback(context.Background()) }, nil
	}
	c, err := u.e.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return c.Close, nil
}

func (u *engineUser) stats() pool.Stats                  { return u.e.Stats() }
func (u *engineUser) shutdown(ctx context.Context) error { return u.e.Shutdown(ctx) }
