package pool_test

import (
	"context"
	"encoding/json"
	"errors"
	"expvar"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/pool"
)

// Phone stands for any connection.
type Phone struct{ number int }

func (p *Phone) Say(text string) { fmt.Printf("phone %d: %s\n", p.number, text) }

func phones() func(context.Context) (*Phone, error) {
	n := 0
	return func(context.Context) (*Phone, error) {
		n++
		fmt.Println("dialling", n)
		return &Phone{n}, nil
	}
}

func Example() {
	ctx := context.Background()
	p, err := pool.New(pool.Config[*Phone]{Dial: phones(), Size: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()

	for _, text := range []string{"hello", "again"} {
		lease, err := p.Acquire(ctx)
		if err != nil {
			log.Fatal(err)
		}
		lease.Conn().Say(text)
		if err := lease.Release(); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// dialling 1
	// phone 1: hello
	// phone 1: again
}

// A user who finds that the server is gone says so; everybody gets new
// connections from then on.
func ExampleLease_InvalidateAll() {
	ctx := context.Background()
	p, err := pool.New(pool.Config[*Phone]{Dial: phones(), Size: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()

	lease, err := p.Acquire(ctx)
	if err != nil {
		log.Fatal(err)
	}
	lease.Conn().Say("hello?")
	if err := lease.InvalidateAll(errors.New("the line is dead")); err != nil {
		log.Fatal(err)
	}
	lease, err = p.Acquire(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer lease.Release()
	lease.Conn().Say("there you are")
	// Output:
	// dialling 1
	// phone 1: hello?
	// dialling 2
	// phone 2: there you are
}

// When every connection stays in use, the error says how the pool is used.
func ExampleTimeoutError() {
	ctx := context.Background()
	p, err := pool.New(pool.Config[*Phone]{Dial: phones(), Size: 1, Timeout: time.Millisecond})
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	if err := p.Warm(ctx, 1); err != nil { // so that no dial is waited for below
		log.Fatal(err)
	}

	lease, err := p.Acquire(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer lease.Release()
	_, err = p.Acquire(ctx)
	if e, ok := errors.AsType[*pool.TimeoutError](err); ok {
		fmt.Println(errors.Is(err, pool.ErrTimeout), e.Usage)
	}
	// Output:
	// dialling 1
	// true size 1, overflow 0, 1 in use, 0 opening, 0 closing, 0 others waiting
}

// Events see connections come and go; what they note about a connection stays
// with it.
func ExampleEvents() {
	type greeted struct{}
	p, err := pool.New(pool.Config[*Phone]{
		Dial: phones(),
		Events: pool.Events[*Phone]{
			Connect: func(_ context.Context, r *pool.Record[*Phone]) error {
				r.Info()[greeted{}] = true
				r.Conn().Say("this is the pool speaking")
				return nil
			},
			Close: func(r *pool.Record[*Phone], cause pool.Cause, err error) {
				fmt.Println("closed", r.ID(), "because:", cause)
			},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	lease, err := p.Acquire(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("greeted:", lease.Info()[greeted{}])
	lease.Retire(errors.New("crackling"))
	if err := lease.Release(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("still idle:", p.Stats().Idle)
	if err := p.Close(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// dialling 1
	// phone 1: this is the pool speaking
	// greeted: true
	// closed 1 because: retired
	// still idle: 0
}

// The pool shows its statistics under /debug/vars, where the program serves it.
func ExamplePool_String() {
	p, err := pool.New(pool.Config[*Phone]{Dial: phones(), Size: 4})
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	expvar.Publish("phones", p)

	var stats struct{ Size, Idle, Leased int }
	if err := json.Unmarshal([]byte(expvar.Get("phones").String()), &stats); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%+v\n", stats)
	// Output: {Size:4 Idle:0 Leased:0}
}

// A pool that remembers where leases were taken says who keeps one.
func ExampleConfig_trackLeases() {
	ctx := context.Background()
	p, err := pool.New(pool.Config[*Phone]{Dial: phones(), Size: 1, Timeout: time.Millisecond, TrackLeases: true})
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Warm(ctx, 1); err != nil { // so that no dial is waited for below
		log.Fatal(err)
	}
	lease, err := p.Acquire(ctx)
	if err != nil {
		log.Fatal(err)
	}
	_, err = p.Acquire(ctx)
	if e, ok := errors.AsType[*pool.TimeoutError](err); ok {
		place, _, _ := strings.Cut(e.Holders[0].Where(), ":")
		fmt.Println("connection", e.Holders[0].ID, "is with", place)
	}
	leaked := p.Close()
	fmt.Println(errors.As(leaked, new(*pool.LeakError)))
	if err := lease.Release(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// dialling 1
	// connection 1 is with pool_test.ExampleConfig_trackLeases (example_test.go
	// true
}
