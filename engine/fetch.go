package engine

import (
	"context"
	"iter"
	"reflect"
	"slices"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// begin runs s on r, if r is one of this package's: without a closure, and
// without an allocation. ok is false for another Runner.
func begin(ctx context.Context, r Runner, s Statement, cu *cursor) (ok bool, err error) {
	switch r := r.(type) {
	case *Engine:
		if r == nil {
			return true, errNilRunner
		}
		return true, r.start(ctx, s, cu)
	case *Conn:
		if r == nil {
			return true, errNilRunner
		}
		return true, r.start(ctx, nil, s, cu)
	case *Tx:
		if r == nil {
			return true, errNilRunner
		}
		return true, r.c.start(ctx, r, s, cu)
	case nil:
		return true, errNilRunner
	}
	return false, nil
}

var errNilRunner = dialect.Errorf(ErrArguments, "engine: the Runner is nil; give an Engine, Conn, Tx or Session")

// foreign is a cursor for the rows of another Runner, which gives back what has
// to be given back. The readers below take a cursor by its address alone: what
// goes into a struct beside an interface would be allocated.
func foreign(rows dialect.Rows) cursor { return cursor{rows: rows, state: reading} }

// All runs s and returns all its rows, an empty slice where there are none. T
// is a struct or a pointer to one (filled by the names of the columns), a
// map[string]any, or a type for a result of one column. See the package's
// documentation.
//
// A mistake in the statement, in how it fits T, or in running it is an error,
// and no rows are returned then.
func All[T any](ctx context.Context, r Runner, s Statement) ([]T, error) {
	var cu cursor
	ok, err := begin(ctx, r, s, &cu)
	if err != nil {
		return nil, err
	}
	if !ok {
		return allOn[T](ctx, r, s)
	}
	defer cu.abandon()
	var out []T
	if err = cu.hold(); err == nil {
		out, err = collect[T](&cu)
	}
	if err = cu.end(err); err != nil {
		return nil, err
	}
	return out, nil
}

// allOn is All on a Runner that is not of this package.
func allOn[T any](ctx context.Context, r Runner, s Statement) ([]T, error) {
	var out []T
	_, err := r.Run(ctx, s, func(rows dialect.Rows) (err error) {
		cu := foreign(rows)
		if out, err = collect[T](&cu); err == nil {
			err = rows.Err()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// collect reads all rows.
func collect[T any](cu *cursor) ([]T, error) {
	p, err := planFor(reflect.TypeFor[T](), cu.rows.Columns())
	if err != nil {
		return nil, err
	}
	st := p.get() // not given back after a panic, which leaves part of a row in it
	out := []T{}
	var zero T
	for cu.next() {
		if len(out) == cap(out) {
			out = slices.Grow(out, p.room(len(out)))
		}
		out = append(out, zero)
		if err := readInto(st, cu.rows, &out[len(out)-1]); err != nil {
			p.put(st)
			return nil, err
		}
	}
	p.put(st)
	p.read(len(out))
	return out, nil
}

// readInto reads the row into *v, which is zero.
func readInto[T any](st *scanState, rows dialect.Rows, v *T) error {
	if !st.p.ptr {
		return st.scan(rows, unsafe.Pointer(v))
	}
	row := reflect.New(st.p.typ).UnsafePointer()
	*(*unsafe.Pointer)(unsafe.Pointer(v)) = row
	return st.scan(rows, row)
}

// One runs s and returns its only row. No row is [ErrNoRows], more than one
// [ErrMultipleRows]. See [All] for T.
func One[T any](ctx context.Context, r Runner, s Statement) (T, error) {
	v, ok, err := OneOrNone[T](ctx, r, s)
	if err == nil && !ok {
		err = ErrNoRows
	}
	return v, err
}

// Scalar is [One] for a result of one column, as in
//
//	n, err := engine.Scalar[int64](ctx, eng, engine.Text("SELECT count(*) FROM todos"))
func Scalar[T any](ctx context.Context, r Runner, s Statement) (T, error) {
	t := reflect.TypeFor[T]()
	if isRow(t) || t == mapType || t.Kind() == reflect.Pointer && isRow(t.Elem()) {
		var zero T
		return zero, dialect.Errorf(ErrScan, "engine: Scalar[%s]: a scalar is one column; use One", t)
	}
	return One[T](ctx, r, s)
}

// OneOrNone is [One] for a row that may not be there: ok is false then, and the
// error nil.
func OneOrNone[T any](ctx context.Context, r Runner, s Statement) (v T, ok bool, err error) {
	var cu cursor
	known, err := begin(ctx, r, s, &cu)
	if err != nil {
		return v, false, err
	}
	if !known {
		return oneOn[T](ctx, r, s)
	}
	defer cu.abandon()
	if err = cu.hold(); err == nil {
		v, ok, err = single[T](&cu)
	}
	if err = cu.end(err); err != nil {
		var zero T
		return zero, false, err
	}
	return v, ok, nil
}

// oneOn is OneOrNone on a Runner that is not of this package.
func oneOn[T any](ctx context.Context, r Runner, s Statement) (T, bool, error) {
	var v, zero T
	var ok bool
	_, err := r.Run(ctx, s, func(rows dialect.Rows) (err error) {
		cu := foreign(rows)
		if v, ok, err = single[T](&cu); err == nil {
			err = rows.Err()
		}
		return err
	})
	if err != nil {
		return zero, false, err
	}
	return v, ok, nil
}

// single reads the only row.
func single[T any](cu *cursor) (v T, ok bool, err error) {
	p, err := planFor(reflect.TypeFor[T](), cu.rows.Columns())
	if err != nil {
		return v, false, err
	}
	if !cu.next() {
		return v, false, nil
	}
	st := p.get()
	var zero T
	if p.ptr {
		// the row is the caller's: a place of its own
		row := reflect.New(p.typ).UnsafePointer()
		err = st.scan(cu.rows, row)
		*(*unsafe.Pointer)(unsafe.Pointer(&v)) = row
	} else {
		place := (*T)(st.scratch())
		err = st.scan(cu.rows, unsafe.Pointer(place))
		v = *place
		*place = zero
	}
	p.put(st)
	if err != nil {
		return zero, false, err
	}
	if cu.next() {
		return zero, false, ErrMultipleRows
	}
	return v, true, nil
}

// Each runs s and yields its rows one by one, in constant memory. It holds the
// connection until the loop ends; break gives it back. A query that has much
// left is stopped then; only in a transaction on PostgreSQL, which that would
// abort, it is read to its end or until ctx ends: say LIMIT there. After an error, which
// is yielded with the zero T, the loop ends. The statement runs when the loop
// begins, and again for a second loop. See [All] for T.
func Each[T any](ctx context.Context, r Runner, s Statement) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		var cu cursor
		ok, err := begin(ctx, r, s, &cu)
		if err != nil {
			yield(zero, err)
			return
		}
		if !ok {
			stopped := false
			_, err := r.Run(ctx, s, func(rows dialect.Rows) (err error) {
				cu := foreign(rows)
				if stopped, err = pass(&cu, yield); err == nil && !stopped {
					err = rows.Err()
				}
				return err
			})
			if err != nil && !stopped {
				yield(zero, err)
			}
			return
		}
		defer cu.abandon()
		stopped := false
		if err = cu.hold(); err == nil {
			stopped, err = pass(&cu, yield)
		}
		err = cu.end(err)
		switch {
		case err == nil:
		case stopped: // nobody asks any more
			cu.eng.warn("closing rows", err)
		default:
			yield(zero, err)
		}
	}
}

// pass yields rows until there are no more or stopped is true.
func pass[T any](cu *cursor, yield func(T, error) bool) (stopped bool, err error) {
	p, err := planFor(reflect.TypeFor[T](), cu.rows.Columns())
	if err != nil {
		return false, err
	}
	st := p.get()
	var zero T
	v := new(T)
	for cu.next() {
		*v = zero
		if err := readInto(st, cu.rows, v); err != nil {
			p.put(st)
			return false, err
		}
		cu.unhold() // the loop may close what the rows are on
		if !yield(*v, nil) {
			p.put(st)
			return true, nil
		}
		if err := cu.hold(); err != nil {
			p.put(st)
			return false, err
		}
	}
	p.put(st)
	return false, nil
}
