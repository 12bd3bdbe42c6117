package engine_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

// Whatever fails at whatever moment, a connection comes back and no rows stay
// open. The fake panics when a connection is used in a way that no server takes: by two
// at once, for a statement while rows are open, for BEGIN in a transaction, once it is closed.
func TestNothingLeaksWhateverFails(t *testing.T) {
	for seed := range uint64(150) {
		chaos(t, rand.New(rand.NewPCG(seed, 1)))
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
}

// brittle fails to scan now and then.
type brittle struct{ r *rand.Rand }

func (b *brittle) Scan(any) error {
	switch b.r.IntN(8) {
	case 0:
		return errBoom
	case 1:
		panic(errBoom)
	}
	return nil
}

func chaos(t *testing.T, r *rand.Rand) {
	e, db := open(t, engine.WithPoolSize(2))
	db.Handle(func(c *fakedb.Call) (fakedb.Reply, bool) {
		reply := numbers(r.IntN(4))
		switch r.IntN(12) {
		case 0:
			reply = fakedb.Fail(engine.ErrUniqueViolation, "twice")
		case 1:
			reply = fakedb.Fail(engine.ErrSerialization, "conflict")
		case 2:
			reply.Drop = fakedb.During
		case 3:
			reply.Drop = fakedb.After
		case 4:
			reply.Drop = fakedb.AtEnd
		case 5:
			reply.Err = &fakedb.Error{Kind: engine.ErrData, Message: "in the middle"}
		case 6:
			reply.CloseErr = &fakedb.Error{Kind: engine.ErrOther, Message: "at the end"}
		case 7:
			reply.Dirty = true
		case 8:
			panic(errBoom)
		}
		return reply, true
	})
	now := func(list func(...error), one int) {
		if r.IntN(one) == 0 {
			list([]error{errBoom, fakedb.ErrDropped, fakedb.ErrDroppedLate, &fakedb.Error{Kind: engine.ErrSerialization}}[r.IntN(4)])
		}
	}
	var use func(ctx context.Context, on dialect.Runner, depth int) error
	use = func(ctx context.Context, on dialect.Runner, depth int) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		if r.IntN(10) == 0 {
			cancel()
		}
		now(db.FailDials, 20)
		now(db.FailBegins, 20)
		now(db.FailCommits, 10)
		now(db.FailRollbacks, 20)
		now(db.FailResets, 10)
		s := engine.Text([]string{"SELECT", "SET x", "UPDATE a"}[r.IntN(3)])
		if r.IntN(10) == 0 {
			s = engine.Text("SELECT :missing", engine.Named{})
		}
		inner := func(tx *engine.Tx) error {
			for range r.IntN(3) {
				if err := use(ctx, tx, depth+1); err != nil && r.IntN(2) == 0 {
					return err
				}
			}
			if r.IntN(8) == 0 {
				panic(errBoom)
			}
			return nil
		}
		switch n := r.IntN(9); {
		case n == 0:
			_, err := on.Run(ctx, s, nil)
			return err
		case n == 1:
			_, err := on.Run(ctx, s, func(rows dialect.Rows) error {
				for rows.Next() {
					if r.IntN(6) == 0 {
						return errBoom
					}
					if err := rows.ScanRow([]any{&brittle{r}}); err != nil {
						return err
					}
				}
				return rows.Close()
			})
			return err
		case n == 2:
			_, err := engine.All[int](ctx, on, s)
			return err
		case n == 3:
			_, err := engine.One[struct{ N *int }](ctx, on, s)
			return err
		case n == 4:
			for _, err := range engine.Each[int](ctx, on, s) {
				switch {
				case err != nil:
					return err
				case r.IntN(3) == 0:
					return nil
				case r.IntN(8) == 0:
					panic(errBoom)
				case r.IntN(8) == 0:
					cancel()
				}
			}
			return nil
		case n == 5:
			var b engine.Batch
			var all []int
			b.Add(s, nil)
			engine.BatchAll(&b, engine.Text("SELECT"), &all)
			_, err := b.Run(ctx, on)
			return err
		case depth > 2:
			return nil
		}
		switch on := on.(type) {
		case *engine.Engine:
			if r.IntN(2) == 0 {
				return on.Transact(ctx, inner, engine.Retry(r.IntN(2)))
			}
			c, err := on.Connect(ctx)
			if err != nil {
				return err
			}
			defer c.Close() // after a panic
			err = use(ctx, c, depth+1)
			if r.IntN(3) == 0 { // left to Close
				if _, qerr := c.Query(ctx, "SELECT"); qerr != nil {
					err = errors.Join(err, qerr)
				}
			}
			return errors.Join(err, c.Close())
		case *engine.Conn:
			if r.IntN(2) == 0 {
				return on.Transact(ctx, inner)
			}
			tx, err := on.Begin(ctx)
			if err != nil {
				return err
			}
			err = use(ctx, tx, depth+1)
			if r.IntN(4) == 0 {
				return err // left to Close
			}
			if err == nil {
				err = tx.Commit(ctx)
			}
			return errors.Join(err, tx.Rollback(ctx))
		case *engine.Tx:
			return on.Transact(ctx, inner)
		}
		return nil
	}
	for range 30 {
		func() {
			defer func() {
				if p := recover(); p != nil && p != errBoom {
					panic(p)
				}
			}()
			_ = use(t.Context(), e, 0)
		}()
		if s := e.Stats(); s.Leased != 0 {
			t.Errorf("not given back: %v", s)
			return
		}
		if !fakedb.Poll(func() bool { return e.Stats().Closing == 0 }) || db.Counts().Open != e.Stats().Idle {
			t.Errorf("%+v, %v", db.Counts(), e.Stats())
		}
		if n := db.Counts().RowsOpen; n != 0 {
			t.Errorf("%d rows open", n)
		}
	}
}
