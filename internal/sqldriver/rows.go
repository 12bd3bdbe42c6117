package sqldriver

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// rows are a driver's rows as [dialect.Rows].
type rows struct {
	c    *Conn
	raw  driver.Rows
	st   *stmt // nil where the text was not prepared
	ctx  context.Context
	done <-chan struct{}
	shape
	n       int64 // rows read
	writes  bool
	sets    bool // on a result after the first
	keep    bool // st is kept after the rows
	current bool // dest holds a row
	ended   bool // no more rows
	closed  bool
	given   bool // Err has given err
	err     error
}

var (
	_ dialect.Rows       = (*rows)(nil)
	_ dialect.ResultSets = (*rows)(nil)
)

// open makes rows of what the driver returned.
func (c *Conn) open(ctx context.Context, dr driver.Rows, st *stmt, q *dialect.Compiled) (dialect.Rows, error) {
	r := &rows{c: c, raw: dr, st: st, ctx: ctx, done: ctx.Done(), writes: q.Writes}
	if st != nil {
		c.cfg.describe(dr, q.Columns, &st.shape)
		r.shape = st.shape
	} else {
		c.cfg.describe(dr, q.Columns, &r.shape)
		c.cfg.Inexact.guard(q.Sent(), &r.shape)
	}
	c.rows = r
	return r, nil
}

// describe brings s up to date with the driver's description of the result. An
// unchanged description leaves s as it is.
func (cfg *Config) describe(dr driver.Rows, declared []dialect.Column, s *shape) {
	names := dr.Columns()
	typed, _ := dr.(driver.RowsColumnTypeDatabaseTypeName)
	if s.cols != nil && slices.Equal(names, s.names) && slices.Equal(declared, s.declared) && sameTypes(typed, s.cols) {
		return
	}
	nullable, _ := dr.(driver.RowsColumnTypeNullable)
	cols := make([]dialect.Column, len(names))
	var decoders []Decoder
	for i, name := range names {
		col := &cols[i]
		if len(declared) == len(names) {
			*col = declared[i]
		}
		col.Name = name
		if typed != nil {
			if t := typed.ColumnTypeDatabaseTypeName(i); t != "" {
				col.DatabaseType = strings.ToUpper(t)
			}
		}
		if nullable != nil && col.Nullable == dialect.NotKnown {
			if yes, ok := nullable.ColumnTypeNullable(i); ok {
				col.Nullable = dialect.No
				if yes {
					col.Nullable = dialect.Yes
				}
			}
		}
		if cfg.Column != nil {
			cfg.Column(dr, i, col)
		}
		if cfg.Decoder != nil {
			if d := cfg.Decoder(col); d != nil {
				if decoders == nil {
					decoders = make([]Decoder, len(names))
				}
				decoders[i] = d
			}
		}
	}
	s.cols, s.decoders, s.names, s.declared = cols, decoders, slices.Clone(names), slices.Clone(declared)
	s.dest = make([]driver.Value, len(names))
}

func sameTypes(typed driver.RowsColumnTypeDatabaseTypeName, cols []dialect.Column) bool {
	if typed == nil {
		return true
	}
	for i := range cols {
		if t := typed.ColumnTypeDatabaseTypeName(i); t != "" && t != cols[i].DatabaseType && strings.ToUpper(t) != cols[i].DatabaseType {
			return false
		}
	}
	return true
}

func (r *rows) Columns() []dialect.Column { return r.cols }

func (r *rows) Next() bool {
	r.current = false
	if r.ended || r.closed {
		return false
	}
	if r.done != nil {
		select {
		case <-r.done:
			r.stop(r.ctx.Err())
			return false
		default:
		}
	}
	if err := r.raw.Next(r.dest); err != nil {
		if err == io.EOF {
			r.ended = true
			return false
		}
		r.stop(err)
		return false
	}
	r.n++
	r.current = true
	return true
}

// stop ends the iteration with an error.
func (r *rows) stop(err error) {
	r.ended = true
	r.err = r.c.fail(r.ctx, err, reading)
}

// ScanRow reads the current row.
func (r *rows) ScanRow(dst []any) error {
	if !r.current {
		return noRow(r.closed)
	}
	return scan(dst, r.dest, &r.shape)
}

func noRow(closed bool) error {
	if closed {
		return dialect.Errorf(dialect.ErrClosed, "ScanRow: the rows are closed")
	}
	return dialect.Errorf(dialect.ErrScan, "ScanRow: there is no current row; call Next first")
}

func scan(dst []any, vals []driver.Value, s *shape) error {
	if len(dst) != len(vals) {
		return dialect.Errorf(dialect.ErrScan, "ScanRow: %d destinations for %d columns", len(dst), len(vals))
	}
	for i, d := range dst {
		if d == nil {
			continue
		}
		v := vals[i]
		if s.decoders != nil && v != nil && s.decoders[i] != nil {
			if n, ok := d.(*dialect.Nullable); ok {
				n.Null = false
				d = n.Dst
			}
			var done bool
			var err error
			if v, done, err = s.decoders[i](d, v); err != nil {
				return dialect.NewScanError(s.cols, i, err)
			}
			if done {
				continue
			}
		}
		if err := dialect.Assign(d, v); err != nil {
			return dialect.NewScanError(s.cols, i, err)
		}
	}
	return nil
}

func (r *rows) Err() error {
	r.given = true
	return r.err
}

// NextResultSet goes to the next result, for drivers that have several.
func (r *rows) NextResultSet() bool {
	more, ok := r.raw.(driver.RowsNextResultSet)
	if !ok || r.closed || r.err != nil || !more.HasNextResultSet() {
		return false
	}
	if err := more.NextResultSet(); err != nil {
		if err != io.EOF {
			r.stop(err)
		}
		r.ended, r.current = true, false
		return false
	}
	r.shape = shape{}
	r.c.cfg.describe(r.raw, nil, &r.shape)
	if r.st == nil {
		r.c.cfg.Inexact.guard("", &r.shape)
	}
	r.sets, r.ended, r.current, r.n = true, false, false, 0
	return true
}

func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed, r.current = true, false
	clear(r.dest)
	if r.c.rows == r {
		r.c.rows = nil
	}
	err := r.finish()
	r.c.used()
	if r.st != nil && !r.c.broken {
		give := r.c.release
		if r.keep {
			give = r.c.cache.put
		}
		if e := give(r.st); err == nil {
			err = e
		}
	}
	if r.err != nil {
		if err != nil {
			err = r.c.fail(r.ctx, err, reading)
		}
		if !r.given {
			r.given = true
			return r.err
		}
		if r.c.broken {
			return nil // more of what Err gave
		}
		return err
	}
	if err == io.EOF {
		return nil
	}
	return r.c.fail(r.ctx, err, reading)
}

// orphan ends the rows of a connection that is being closed.
func (r *rows) orphan() {
	r.closed, r.ended, r.current = true, true, false
	if r.err == nil {
		r.err = dialect.Errorf(dialect.ErrClosed, "the connection was closed while its rows were open")
	}
	r.c.rows = nil
}

// Result counts the rows that a write gave back; database/sql/driver has no
// other number of a statement with rows.
func (r *rows) Result() dialect.Result {
	if r.writes && r.ended && r.err == nil && !r.sets && len(r.cols) > 0 {
		return dialect.NewResult(r.n)
	}
	return dialect.NewResult(-1)
}

// outRows are the rows that Out parameters make up.
type outRows struct {
	shape
	vals     [][]driver.Value // by column
	row, n   int
	affected int64
	current  bool
	closed   bool
}

var _ dialect.Rows = (*outRows)(nil)

func newOutRows(cfg *Config, q *dialect.Compiled, o outcome) (dialect.Rows, error) {
	r := &outRows{affected: o.affected}
	r.cols = make([]dialect.Column, len(o.outs))
	r.dest = make([]driver.Value, len(o.outs))
	i := 0
	for _, a := range q.Args() {
		if !a.Out {
			continue
		}
		r.cols[i] = dialect.Column{Name: a.Name, Type: a.Type}
		i++
	}
	if len(q.Columns) == len(r.cols) {
		copy(r.cols, q.Columns)
	}
	if cfg.Decoder != nil {
		r.decoders = make([]Decoder, len(r.cols))
	}
	var errs []error
	for i, values := range o.outs {
		if cfg.Decoder != nil {
			r.decoders[i] = cfg.Decoder(&r.cols[i])
		}
		vals := values(o.affected)
		if i > 0 && len(vals) != r.n {
			errs = append(errs, dialect.Errorf(dialect.ErrScan, "the out parameter for column %q has %d values, that for %q has %d",
				r.cols[i].Name, len(vals), r.cols[0].Name, r.n))
		}
		r.n = len(vals)
		r.vals = append(r.vals, vals)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return r, nil
}

func (r *outRows) Columns() []dialect.Column { return r.cols }

func (r *outRows) Next() bool {
	r.current = !r.closed && r.row < r.n
	if !r.current {
		return false
	}
	for i := range r.vals {
		r.dest[i] = r.vals[i][r.row]
	}
	r.row++
	return true
}

func (r *outRows) ScanRow(dst []any) error {
	if !r.current {
		return noRow(r.closed)
	}
	return scan(dst, r.dest, &r.shape)
}

func (r *outRows) Err() error { return nil }

func (r *outRows) Close() error {
	r.closed, r.current, r.vals = true, false, nil
	return nil
}

func (r *outRows) Result() dialect.Result { return dialect.NewResult(r.affected) }
