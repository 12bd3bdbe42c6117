package engine

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Copy appends rows to a table in the fastest way that the database has: COPY
// on PostgreSQL, the bulk protocol on SQL Server, array binding on Oracle, kept
// INSERT statements of many rows on SQLite, MySQL and all others ([CopyLoad]
// has MySQL load them instead). All rows are there afterwards, or none: Copy is
// a transaction of its own, and a savepoint within a [Tx]. rows are taken one
// by one, so any number of them needs little memory.
//
//	res, err := engine.Copy(ctx, eng, "todos", slices.Values(todos), engine.CopyOmit("id"))
//
// T is a struct or a pointer to one, whose fields name their columns as they do
// for [All]; those with the option readonly or computed are left out. Or T is
// []any, with a value for each column of [CopyColumns]. What a row points to
// must not be changed before Copy returns; the row itself may be used again.
//
// Values are checked against their columns as in an INSERT by package expr: one
// that is too long or out of range, text that is not UTF-8, or not a number
// where one is due, a time with a zone for a column without one, and anything
// else that the database would cut, round or refuse, is an error before its row
// is sent. The error names the column, the limit and the row.
//
// r is an Engine, Conn or Tx, or another dialect.Leaser on these. The Result's
// RowsAffected is the number of rows. An error of the database is in a
// [*CopyError], which says which rows it was as far as that is known. Generated
// keys are not returned: to have them, insert with package expr, by Returning
// and InOrder.
func Copy[T any](ctx context.Context, r Runner, table string, rows iter.Seq[T], opts ...CopyOption) (Result, error) {
	if rows == nil {
		return Result{}, errNoCopyRows
	}
	return CopyFrom(ctx, r, table, func(yield func(T, error) bool) {
		for v := range rows {
			if !yield(v, nil) {
				return
			}
		}
	}, opts...)
}

// CopyFrom is [Copy] for rows that may fail, such as those of [Each] on another database:
//
//	res, err := engine.CopyFrom(ctx, archive, "orders", engine.Each[Order](ctx, live, stmt))
//
// The first error ends the copy, which then leaves nothing, and is returned as it is.
func CopyFrom[T any](ctx context.Context, r Runner, table string, rows iter.Seq2[T, error], opts ...CopyOption) (Result, error) {
	if rows == nil {
		return Result{}, errNoCopyRows
	}
	if err := alive(ctx); err != nil {
		return Result{}, err
	}
	cp := &copying{table: table}
	for _, o := range opts {
		if o == nil {
			return Result{}, dialect.Errorf(ErrArguments, "engine: nil option of Copy")
		}
		o.copy(&cp.copyOptions)
	}
	var row T // one place for all rows
	values, err := copyValues(&row, cp)
	if err != nil {
		return Result{}, err
	}
	cp.each = func(do func([]any) error) error {
		for v, err := range rows {
			if err != nil {
				return err
			}
			row = v
			taken, err := values()
			if err == nil {
				err = do(taken)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	cp.pull = func() (func() ([]any, error), func()) {
		pull, stop := iter.Pull2(rows)
		return func() ([]any, error) {
			v, err, ok := pull()
			if !ok || err != nil {
				return nil, err
			}
			row = v
			return values()
		}, stop
	}
	return cp.run(ctx, r)
}

var errNoCopyRows = dialect.Errorf(ErrArguments, "engine: Copy needs rows, and got nil")

// CopyError is an error of the database or of a value in a [Copy]. First and
// Last are the rows that it may come from, counted from 1; they are 0 where the
// database does not say.
type CopyError struct {
	Table       string
	First, Last int64
	Err         error
}

// Error says which table and which rows it was, and the error.
func (e *CopyError) Error() string {
	switch {
	case e.First == 0:
		return fmt.Sprintf("engine: copy into %s: %v", e.Table, e.Err)
	case e.First == e.Last:
		return fmt.Sprintf("engine: copy into %s: row %d: %v", e.Table, e.First, e.Err)
	}
	return fmt.Sprintf("engine: copy into %s: rows %d to %d: %v", e.Table, e.First, e.Last, e.Err)
}

// Unwrap returns the error.
func (e *CopyError) Unwrap() error { return e.Err }

// CopyOption is a setting of a [Copy].
type CopyOption interface{ copy(*copyOptions) }

type copyOption func(*copyOptions)

func (o copyOption) copy(c *copyOptions) { o(c) }

type copyOptions struct {
	schema        string
	columns, omit []string
	load          bool
}

// CopyColumns names the columns that get a value, in the order of a []any; the
// table's others get their default. For structs it is a choice of their
// columns.
func CopyColumns(names ...string) CopyOption {
	return copyOption(func(c *copyOptions) { c.columns = append(c.columns, names...) })
}

// CopyOmit leaves out columns of a struct: a key that the database generates,
// for example.
func CopyOmit(names ...string) CopyOption {
	return copyOption(func(c *copyOptions) { c.omit = append(c.omit, names...) })
}

// CopySchema says which schema the table is in; [Schemas] may replace it.
func CopySchema(name string) CopyOption {
	return copyOption(func(c *copyOptions) { c.schema = name })
}

// CopyLoad loads the rows without INSERT where [Copy] by itself would use
// INSERT: by LOAD DATA LOCAL INFILE on MySQL and MariaDB, which the server must
// allow (local_infile). A database that has no such way gives an
// [ErrUnsupported].
func CopyLoad() CopyOption {
	return copyOption(func(c *copyOptions) { c.load = true })
}

// copying is one Copy.
type copying struct {
	copyOptions
	table    string
	each     func(do func([]any) error) error                 // gives all rows to do
	pull     func() (next func() ([]any, error), stop func()) // gives them one by one
	taken    bool                                             // next was called
	identity bool                                             // a generated column gets values
	rows     int64                                            // taken
	theirs   error                                            // of next
	panics   any                                              // of next
}

// run runs the copy on r.
func (cp *copying) run(ctx context.Context, r Runner) (res Result, err error) {
	defer func() {
		if cp.panics != nil {
			panic(cp.panics)
		}
	}()
	switch r := r.(type) {
	case *Engine:
		if r == nil {
			return Result{}, errNilRunner
		}
		c, err := r.Connect(ctx)
		if err != nil {
			return Result{}, err
		}
		defer c.free()
		return cp.onConn(ctx, c)
	case *Conn:
		if r == nil {
			return Result{}, errNilRunner
		}
		return cp.onConn(ctx, r)
	case *Tx:
		if r == nil {
			return Result{}, errNilRunner
		}
		err = r.Transact(ctx, func(sp *Tx) error {
			by, err := cp.copier(r.c)
			if by != nil {
				res, err = cp.by(ctx, r.c, sp, by)
				if cp.declined(err) {
					by, err = nil, nil
				}
			}
			if by == nil && err == nil {
				res, err = cp.insert(ctx, sp)
			}
			return err
		})
	case nil:
		return Result{}, errNilRunner
	case dialect.Leaser:
		err = r.WithLease(ctx, func(l dialect.Lease) error {
			res, err = cp.run(ctx, l)
			return err
		})
	default:
		err = dialect.Errorf(ErrUnsupported, "engine: Copy needs a Runner that can keep a connection (dialect.Leaser); %T cannot", r)
	}
	if err != nil {
		return Result{}, err
	}
	return res, nil
}

// onConn runs the copy as a transaction.
func (cp *copying) onConn(ctx context.Context, c *Conn) (res Result, err error) {
	by, err := cp.copier(c)
	if by != nil {
		res, err = cp.by(ctx, c, nil, by)
		if cp.declined(err) {
			by, err = nil, nil
		}
	}
	if by != nil || err != nil {
		return res, err
	}
	t, err := c.begin(ctx, dialect.TxOptions{}, true)
	if err != nil {
		return Result{}, err
	}
	end, err := t.call(ctx, func(t *Tx) error {
		res, err = cp.insert(ctx, t)
		return err
	})
	end()
	if err != nil {
		return Result{}, err
	}
	return res, nil
}

// copier returns the connection's own way, nil where rows go in by INSERT.
func (cp *copying) copier(c *Conn) (dialect.Copier, error) {
	by, ok := c.conn.(dialect.Copier)
	switch {
	case !ok && cp.load:
		return nil, dialect.Unsupported(c.d, "loading rows without INSERT on this connection", "leave CopyLoad out")
	case !ok, c.d.Features().CopyOnRequest && !cp.load:
		return nil, nil
	}
	return by, nil
}

// declined reports that a Copier, which was not asked for, cannot do this one
// and has taken no row: INSERT can.
func (cp *copying) declined(err error) bool {
	if err == nil || cp.load || cp.taken || !errors.Is(err, ErrUnsupported) {
		return false
	}
	var ie *dialect.IdentityError
	cp.identity = errors.As(err, &ie)
	return true
}

// taker gives the rows one by one to whoever writes them, until stop is called.
// A panic of the program's iterator is kept for run, as the caller may be on
// another goroutine.
func (cp *copying) taker(ctx context.Context) (take func() ([]any, error), stop func()) {
	next, stop := cp.pull()
	return func() (row []any, err error) {
		returned := false
		cp.taken = true
		defer func() {
			if !returned {
				cp.panics = recover()
				err = errPanicked
			}
			if err != nil {
				row = nil
				cp.theirs = err
			}
		}()
		if err = givenUp(ctx); err == nil {
			row, err = next()
		}
		returned = true
		if row != nil && err == nil {
			err = cp.took(row)
		}
		return row, err
	}, stop
}

// givenUp is the error of a context that has ended.
func givenUp(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return &Error{Kind: ErrCancelled, Message: "the copy was given up", Err: err, Cause: context.Cause(ctx)}
	}
	return nil
}

// took counts a row.
func (cp *copying) took(row []any) error {
	cp.rows++
	if n := len(cp.columns); len(row) != n {
		return dialect.Errorf(ErrArguments, "engine: copy into %s: row %d has %d values for %d columns", cp.table, cp.rows, len(row), n)
	}
	return nil
}

// failed says which rows an error comes from.
func (cp *copying) failed(err error) error {
	if cp.theirs != nil {
		if err == nil || errors.Is(err, cp.theirs) {
			return cp.theirs
		}
		return errors.Join(cp.theirs, err)
	}
	ce := &CopyError{Table: cp.table, Err: err}
	var re *dialect.RowsError
	if errors.As(err, &re) {
		ce.First, ce.Last = re.First, re.Last
		if err == error(re) {
			ce.Err = re.Err
		}
	}
	return ce
}

// target is the schema that the table is in, after [Schemas].
func (cp *copying) target(s *settings) string {
	if to, ok := s.schemas[cp.schema]; ok {
		return to
	}
	return cp.schema
}

// check refuses names that cannot be.
func (cp *copying) check(c *Conn) error {
	if cp.table == "" || len(cp.columns) == 0 {
		return dialect.Errorf(ErrArguments, "engine: Copy needs a table and columns")
	}
	w := dialect.NewWriter(c.d)
	w.Qualified(cp.target(&c.eng.settings), cp.table)
	seen := make(map[string]bool, len(cp.columns))
	for _, name := range cp.columns {
		if seen[name] {
			return dialect.Errorf(ErrArguments, "engine: copy into %s: column %q is named twice", cp.table, name)
		}
		seen[name] = true
		w.Ident(name)
	}
	return w.Err()
}
