package pool_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/sqlayer-go/sqlayer/pool"
)

// nopConn is a connection that does nothing, for the pools under comparison.
type nopConn struct{ _ int }

func (*nopConn) Prepare(string) (driver.Stmt, error) {
	return nil, errors.New("nopConn: no statements")
}
func (*nopConn) Close() error              { return nil }
func (*nopConn) Begin() (driver.Tx, error) { return nil, errors.New("nopConn: no transactions") }

type nopConnector struct{}

func (nopConnector) Connect(context.Context) (driver.Conn, error) { return &nopConn{}, nil }
func (nopConnector) Driver() driver.Driver                        { return nil }

const benchConns = 8

func benchPool(b *testing.B) *pool.Pool[*nopConn] {
	p, err := pool.New(pool.Config[*nopConn]{
		Dial:  func(context.Context) (*nopConn, error) { return &nopConn{}, nil },
		Close: (*nopConn).Close,
		Size:  benchConns,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = p.Close() })
	return p
}

func benchDB(b *testing.B) *sql.DB {
	db := sql.OpenDB(nopConnector{})
	db.SetMaxOpenConns(benchConns)
	db.SetMaxIdleConns(benchConns)
	b.Cleanup(func() { _ = db.Close() })
	return db
}

func useLease(b *testing.B, ctx context.Context, p *pool.Pool[*nopConn], yield bool) {
	l, err := p.Acquire(ctx)
	if err != nil {
		b.Error(err)
		return
	}
	if yield {
		runtime.Gosched()
	}
	if err := l.Release(); err != nil {
		b.Error(err)
	}
}

func useConn(b *testing.B, ctx context.Context, db *sql.DB, yield bool) {
	c, err := db.Conn(ctx)
	if err != nil {
		b.Error(err)
		return
	}
	if yield {
		runtime.Gosched()
	}
	if err := c.Close(); err != nil {
		b.Error(err)
	}
}

// BenchmarkAcquire takes and returns an idle connection, with nobody else there.
func BenchmarkAcquire(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.Run("sqlayer", func(b *testing.B) {
		p := benchPool(b)
		b.ReportAllocs()
		for b.Loop() {
			useLease(b, ctx, p, false)
		}
	})
	b.Run("database-sql", func(b *testing.B) {
		db := benchDB(b)
		b.ReportAllocs()
		for b.Loop() {
			useConn(b, ctx, db, false)
		}
	})
}

// BenchmarkContention takes and returns a connection from 64 goroutines over 8
// connections, each with a cancellable context. The user of a connection lets
// others run: without that, few processors would hardly ever see two users.
func BenchmarkContention(b *testing.B) {
	const goroutines = 64
	run := func(b *testing.B, use func(ctx context.Context)) {
		b.ReportAllocs()
		var wg sync.WaitGroup
		b.ResetTimer()
		for g := range goroutines {
			n := b.N / goroutines
			if g < b.N%goroutines {
				n++
			}
			wg.Go(func() {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				for range n {
					use(ctx)
				}
			})
		}
		wg.Wait()
	}
	b.Run("sqlayer", func(b *testing.B) {
		p := benchPool(b)
		run(b, func(ctx context.Context) { useLease(b, ctx, p, true) })
	})
	b.Run("database-sql", func(b *testing.B) {
		db := benchDB(b)
		run(b, func(ctx context.Context) { useConn(b, ctx, db, true) })
	})
}
