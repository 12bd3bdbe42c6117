package pool

import "context"

// Then returns the events of e followed by those of next: for each event the
// function of e is called first. Where a function of e refuses, by an error,
// the one of next is not called.
func (e Events[C]) Then(next Events[C]) Events[C] {
	all := Events[C]{
		Connect:       bothMay(e.Connect, next.Connect),
		FirstConnect:  bothMay(e.FirstConnect, next.FirstConnect),
		Checkout:      bothMay(e.Checkout, next.Checkout),
		Checkin:       e.Checkin,
		Reset:         bothTold(e.Reset, next.Reset),
		Invalidate:    bothTold(e.Invalidate, next.Invalidate),
		Retire:        bothTold(e.Retire, next.Retire),
		Detach:        e.Detach,
		Close:         e.Close,
		CloseDetached: bothTold(e.CloseDetached, next.CloseDetached),
	}
	switch {
	case all.Checkin == nil:
		all.Checkin = next.Checkin
	case next.Checkin != nil:
		all.Checkin = func(r *Record[C]) error {
			if err := e.Checkin(r); err != nil {
				return err
			}
			return next.Checkin(r)
		}
	}
	switch {
	case all.Detach == nil:
		all.Detach = next.Detach
	case next.Detach != nil:
		all.Detach = func(r *Record[C]) { e.Detach(r); next.Detach(r) }
	}
	switch {
	case all.Close == nil:
		all.Close = next.Close
	case next.Close != nil:
		all.Close = func(r *Record[C], c Cause, err error) { e.Close(r, c, err); next.Close(r, c, err) }
	}
	return all
}

func bothMay[C any](a, b func(context.Context, *Record[C]) error) func(context.Context, *Record[C]) error {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return func(ctx context.Context, r *Record[C]) error {
		if err := a(ctx, r); err != nil {
			return err
		}
		return b(ctx, r)
	}
}

func bothTold[C any](a, b func(*Record[C], error)) func(*Record[C], error) {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return func(r *Record[C], err error) { a(r, err); b(r, err) }
}
