package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"runtime"

	"github.com/jackc/puddle/v2"

	"github.com/sqlayer-go/sqlayer/pool"
)

// nopConn is a connection that does nothing, for the pools under comparison.
type nopConn struct{ _ int }

func (*nopConn) Prepare(string) (driver.Stmt, error) { return nil, errors.New("no statements") }
func (*nopConn) Close() error                        { return nil }
func (*nopConn) Begin() (driver.Tx, error)           { return nil, errors.New("no transactions") }

type nopConnector struct{}

func (nopConnector) Connect(context.Context) (driver.Conn, error) { return &nopConn{}, nil }
func (nopConnector) Driver() driver.Driver                        { return nil }

// borrower takes a connection from a pool, calls use, and hands it back.
type borrower struct {
	name   string
	borrow func(ctx context.Context, use func()) error
	close  func() error
}

func borrowers() ([]borrower, error) {
	ours, err := pool.New(pool.Config[*nopConn]{
		Dial:  func(context.Context) (*nopConn, error) { return &nopConn{}, nil },
		Close: (*nopConn).Close,
		Size:  poolSize,
	})
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(nopConnector{})
	db.SetMaxOpenConns(poolSize)
	db.SetMaxIdleConns(poolSize)
	pud, err := puddle.NewPool(&puddle.Config[*nopConn]{
		Constructor: func(context.Context) (*nopConn, error) { return &nopConn{}, nil },
		Destructor:  func(*nopConn) {},
		MaxSize:     poolSize,
	})
	if err != nil {
		return nil, errors.Join(err, ours.Close(), db.Close())
	}
	return []borrower{
		{"pool", func(ctx context.Context, use func()) error {
			l, err := ours.Acquire(ctx)
			if err != nil {
				return err
			}
			use()
			return l.Release()
		}, ours.Close},
		{"database/sql", func(ctx context.Context, use func()) error {
			c, err := db.Conn(ctx)
			if err != nil {
				return err
			}
			use()
			return c.Close()
		}, db.Close},
		{"puddle", func(ctx context.Context, use func()) error {
			r, err := pud.Acquire(ctx)
			if err != nil {
				return err
			}
			use()
			r.Release()
			return nil
		}, func() error { pud.Close(); return nil }},
	}, nil
}

// pools compares checkout and return: by one goroutine, and by 64 over 8
// connections whose users let others run, which few processors would hardly
// ever do otherwise. The context can be cancelled, as in a server.
func (j *judgement) pools(ctx context.Context) (err error) {
	bs, err := borrowers()
	if err != nil {
		return err
	}
	defer func() {
		for _, b := range bs {
			err = errors.Join(err, b.close())
		}
	}()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	race := func(workload string, parallel int, use func()) error {
		var es []*entrant
		for _, b := range bs {
			es = append(es, &entrant{name: b.name, op: func(int) error { return b.borrow(ctx, use) }})
		}
		return j.r.race("-", workload, parallel, es, nothing)
	}
	const alone, many = "alone", "64 on 8"
	if err := race(alone, 0, func() {}); err != nil {
		return err
	}
	if err := race(many, 64, runtime.Gosched); err != nil {
		return err
	}
	// Half of the faster is the goal to come; which one that is depends on the machine.
	j.compare("-", alone, "pool", "database/sql", "pool: checkout and return, to database/sql", "ns", nanoseconds, 1, 1, 0.5)
	j.compare("-", alone, "pool", "puddle", "pool: checkout and return, to puddle", "ns", nanoseconds, 1, none, 0.5)
	j.add(figure{name: "pool: checkout and return", unit: "allocs", ours: whole(j.r.find("-", alone, "pool").Allocs),
		theirs: whole(j.r.find("-", alone, "database/sql").Allocs), goal: 0, later: none, hard: true})
	j.compare("-", many, "pool", "database/sql", "pool: 64 goroutines on 8, to database/sql", "ns", nanoseconds, 1, 1, none)
	j.compare("-", many, "pool", "puddle", "pool: 64 goroutines on 8, to puddle", "ns", nanoseconds, 1, none, 1)
	return nil
}

// whole rounds a median of allocations to what one operation makes: what the
// runtime allocates meanwhile is spread over all of a slice.
func whole(v float64) float64 { return float64(int64(v + 0.05)) }
