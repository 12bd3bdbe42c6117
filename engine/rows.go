package engine

import (
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Rows are the rows of a query, read forward:
//
//	for rows.Next() {
//		if err := rows.Scan(&id, &title); err != nil { … } // may be left out: Close tells it too
//	}
//	err = rows.Close()
//
// A failed Scan ends Next, and Err and Close give the first error of the
// iteration, both of them and each time. Rows hold their connection until they
// are closed; reading them to the end closes them. They are for one goroutine.
type Rows struct {
	cu      cursor
	columns []dialect.Column
	dst     []any
	err     error
	on      bool // a row is there
	pending bool // the next result set is there already
	using   atomic.Bool
}

// hold begins a use of the rows. When it fails nothing is read any more, and
// err says why; while another goroutine is at the rows they stay open.
func (r *Rows) hold() bool {
	switch err := r.cu.hold(); err {
	case nil:
		return true
	case errBusyRows:
		r.on, r.err = false, err
	default:
		r.on, r.err = false, r.cu.end(nil)
	}
	return false
}

var errRowsClosed = dialect.Errorf(ErrClosed, "engine: the rows are closed")

// Columns returns the names of the result's columns.
func (r *Rows) Columns() []string {
	names := make([]string, len(r.columns))
	for i, c := range r.columns {
		names[i] = c.Name
	}
	return names
}

// ColumnTypes describes the result's columns. The slice is not to be changed.
func (r *Rows) ColumnTypes() []dialect.Column { return r.columns }

// Next goes to the next row and reports whether there is one. After false, Err
// and Close say why.
func (r *Rows) Next() bool {
	r.on = false
	if r.err != nil || r.pending || r.cu.state != reading {
		return false
	}
	if !r.hold() {
		return false
	}
	defer r.cu.unhold()
	if r.cu.next() {
		r.on = true
		return true
	}
	if r.cu.rows.Err() == nil {
		if rs, ok := r.cu.rows.(dialect.ResultSets); ok && rs.NextResultSet() {
			r.pending = true
			return false
		}
	}
	r.err = r.cu.end(nil)
	return false
}

// NextResultSet goes to the next result of a text that has several, and reports
// whether there is one. What is left of the current one is skipped.
func (r *Rows) NextResultSet() bool {
	for r.err == nil && !r.pending && r.cu.state == reading {
		r.Next()
	}
	if r.err != nil || !r.pending {
		return false
	}
	r.pending, r.on = false, false
	if !r.hold() {
		return false
	}
	defer r.cu.unhold()
	r.cu.state, r.columns = reading, r.cu.rows.Columns()
	return true
}

// Scan reads the row into dest, one pointer a column; nil skips a column. It
// takes pointers to the basic types and to types made from them, time.Time,
// []byte, any, pointers to pointers (nil for NULL), sql.Scanner, and what the
// dialect knows beyond that. After an error, Next returns false.
func (r *Rows) Scan(dest ...any) error {
	switch {
	case r.err != nil:
		return r.err
	case r.cu.state == ended:
		return errRowsClosed
	case !r.on:
		return r.fail(dialect.Errorf(ErrScan, "engine: Scan without a row: call Next first"))
	case len(dest) != len(r.columns):
		return r.fail(dialect.Errorf(ErrScan, "engine: Scan has %d destinations for %d columns (%s)",
			len(dest), len(r.columns), strings.Join(r.Columns(), ", ")))
	}
	if !r.hold() {
		return r.err
	}
	defer r.cu.unhold()
	r.dst = append(r.dst[:0], dest...)
	for i, d := range dest {
		p, err := destination(d)
		if err != nil {
			return r.fail(&ScanError{Index: i, Column: r.columns[i].Name, Err: err})
		}
		r.dst[i] = p
	}
	err := r.cu.rows.ScanRow(r.dst)
	clear(r.dst)
	if err != nil {
		return r.fail(named(err, func(i int) string {
			if i < len(dest) && dest[i] != nil {
				return strings.TrimPrefix(fmt.Sprintf("%T", dest[i]), "*")
			}
			return ""
		}))
	}
	return nil
}

// fail ends the iteration.
func (r *Rows) fail(err error) error {
	r.on = false
	r.err = r.cu.end(err)
	return r.err
}

// Err returns the first error of the iteration.
func (r *Rows) Err() error { return r.err }

// Close ends the statement, gives the connection back, and returns the first
// error of the iteration. It may be called again.
// While another goroutine reads the rows it is an [ErrInUse], and they stay open.
func (r *Rows) Close() error {
	r.on, r.pending = false, false
	if r.cu.state == ended {
		return r.err
	}
	if err := r.cu.hold(); err == errBusyRows {
		return err
	}
	r.err = r.cu.end(r.err)
	return r.err
}

// named says, in a ScanError, what the destination is.
func named(err error, dest func(i int) string) error {
	se, ok := err.(*ScanError)
	if !ok || se.Dest != "" {
		return err
	}
	out := *se
	out.Dest = dest(se.Index)
	return &out
}

// destination reduces a pointer to a named type to one that every dialect
// takes.
func destination(d any) (any, error) {
	switch d := d.(type) {
	case nil, *bool, *int, *int8, *int16, *int32, *int64, *uint, *uint8, *uint16, *uint32, *uint64, *float32, *float64,
		*string, *[]byte, *time.Time, *any, *dialect.Nullable, *dialect.Borrowed,
		**bool, **int, **int64, **int32, **float64, **string, **time.Time:
		if d != nil && reflect.ValueOf(d).IsNil() {
			return nil, dialect.Errorf(ErrScan, "the destination is a nil %T", d)
		}
		return d, nil
	case sql.Scanner:
		return d, nil
	}
	v := reflect.ValueOf(d)
	if v.Kind() != reflect.Pointer {
		return nil, dialect.Errorf(ErrScan, "the destination is a %T and not a pointer", d)
	}
	if v.IsNil() {
		return nil, dialect.Errorf(ErrScan, "the destination is a nil %T", d)
	}
	k := kindOf(v.Type().Elem())
	if k == kindOther {
		return d, nil
	}
	return pointer(k, v.UnsafePointer(), v.Type().Elem()), nil
}
