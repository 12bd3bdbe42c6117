package sqlite

import (
	"database/sql"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var _ dialect.Rows = (*rows)(nil)

// rows reads a statement's rows, typed column by column, straight from
// SQLite's memory.
type rows struct {
	c       *conn
	st      *stmt // nil once the statement has ended
	columns []dialect.Column
	classes []class
	ahead   bool // the row that the statement is on has not been given yet
	here    bool // Next has given a row
	before  begun
	res     dialect.Result
	err     error
	given   bool // Err has given err
}

// Columns implements [dialect.Rows].
func (r *rows) Columns() []dialect.Column { return r.columns }

// Next implements [dialect.Rows].
func (r *rows) Next() bool {
	if r.st == nil {
		return false
	}
	if r.ahead {
		r.ahead, r.here = false, true
		return true
	}
	if !r.here { // no row at all
		r.finish()
		return false
	}
	c := r.c
	if c.done != nil {
		select {
		case <-c.done:
			c.cancelled = true
			if !r.st.readOnly { // SQLite undoes what it has written
				lib.Xsqlite3_interrupt(c.h.TLS, c.h.DB)
				_, _ = c.step(r.st)
			}
			r.fail(interrupted(c.ctx))
			return false
		default:
		}
	}
	row, err := c.step(r.st)
	switch {
	case err != nil:
		r.fail(err)
		return false
	case !row:
		r.finish()
		return false
	}
	return true
}

// finish is the end of the rows without an error.
func (r *rows) finish() {
	r.res = r.c.result(r.st, r.before)
	r.end()
}

func (r *rows) fail(err error) {
	r.err = err
	r.end()
}

// end gives the connection back. The error of a statement that was not run to its
// end is the rows' where they have none yet.
func (r *rows) end() {
	if r.st == nil {
		return
	}
	r.c.inserting = nil
	if err := r.c.reset(r.st); r.err == nil {
		r.err = err
	}
	r.c.leave()
	r.c.active = nil
	r.st, r.here, r.ahead = nil, false, false
}

// Err implements [dialect.Rows].
func (r *rows) Err() error {
	if r.err != nil {
		r.given = true
	}
	return r.err
}

// Close implements [dialect.Rows].
func (r *rows) Close() error {
	r.end()
	if r.given {
		return nil
	}
	r.given = true
	return r.err
}

// Result implements [dialect.Rows].
func (r *rows) Result() dialect.Result { return r.res }

// ScanRow implements [dialect.Rows].
func (r *rows) ScanRow(dst []any) error {
	if !r.here {
		return dialect.Errorf(dialect.ErrScan, "sqlite: no row to read; call Next first, and while it returns true")
	}
	if len(dst) != len(r.columns) {
		return dialect.Errorf(dialect.ErrScan, "sqlite: %d destinations for a row of %s", len(dst), plural(len(r.columns), "column"))
	}
	tls, p := r.c.h.TLS, r.st.p
	for i := range dst {
		if dst[i] == nil {
			continue
		}
		v := lib.Xsqlite3_column_value(tls, p, int32(i))
		t := lib.Xsqlite3_value_type(tls, v)
		var err error
		switch d := dst[i].(type) {
		case *int64:
			if t == lib.SQLITE_INTEGER {
				*d = lib.Xsqlite3_value_int64(tls, v)
				continue
			}
			err = r.assign(d, v, t, i)
		case *string:
			if t == lib.SQLITE_TEXT {
				*d = string(r.bytes(v))
				continue
			}
			err = r.assign(d, v, t, i)
		case *int:
			if t == lib.SQLITE_INTEGER {
				if n := lib.Xsqlite3_value_int64(tls, v); int64(int(n)) == n {
					*d = int(n)
					continue
				}
			}
			err = r.assign(d, v, t, i)
		case *float64:
			if t == lib.SQLITE_FLOAT {
				*d = lib.Xsqlite3_value_double(tls, v)
				continue
			}
			err = r.assign(d, v, t, i)
		case *bool:
			if t == lib.SQLITE_INTEGER {
				if n := lib.Xsqlite3_value_int64(tls, v); n == 0 || n == 1 {
					*d = n == 1
					continue
				}
			}
			err = r.assign(d, v, t, i)
		case **string:
			switch t {
			case lib.SQLITE_NULL:
				*d = nil
				continue
			case lib.SQLITE_TEXT:
				s := string(r.bytes(v))
				*d = &s
				continue
			}
			err = r.assign(d, v, t, i)
		case *time.Time:
			if t == lib.SQLITE_TEXT {
				var at time.Time
				if at, err = parseTime(r.bytes(v)); err == nil {
					*d = at
					continue
				}
				break
			}
			err = r.assign(d, v, t, i)
		default:
			err = r.assign(d, v, t, i)
		}
		if err != nil {
			return dialect.NewScanError(r.columns, i, err)
		}
	}
	return nil
}

// bytes views the text or blob of a value, which is valid until the next step.
func (r *rows) bytes(v uintptr) []byte {
	tls := r.c.h.TLS
	p := lib.Xsqlite3_value_text(tls, v)
	if p == 0 {
		return nil
	}
	return bytesAt(p, int(lib.Xsqlite3_value_bytes(tls, v)))
}

func (r *rows) blob(v uintptr) []byte {
	tls := r.c.h.TLS
	p := lib.Xsqlite3_value_blob(tls, v)
	return bytesAt(p, int(lib.Xsqlite3_value_bytes(tls, v)))
}

// assign stores a value into any of ScanRow's destinations.
func (r *rows) assign(dst any, v uintptr, t int32, i int) error {
	tls := r.c.h.TLS
	if d, ok := dst.(*dialect.Nullable); ok {
		if d.Null = t == lib.SQLITE_NULL; d.Null {
			return nil
		}
		return r.assign(d.Dst, v, t, i)
	}
	switch t {
	case lib.SQLITE_NULL:
		return dialect.AssignNull(dst)
	case lib.SQLITE_INTEGER:
		n := lib.Xsqlite3_value_int64(tls, v)
		if class := r.classes[i]; class != anything {
			if done, err := assignClass(dst, class, n); done {
				return err
			}
		}
		return dialect.AssignInt64(dst, n)
	case lib.SQLITE_FLOAT:
		f := lib.Xsqlite3_value_double(tls, v)
		if r.classes[i] == moment && takesTime(dst) {
			if at, ok := floatTime(f); ok {
				return dialect.AssignTime(dst, at)
			}
			return dialect.Errorf(dialect.ErrScan, "the number %v is out of range for a time", f)
		}
		return dialect.AssignFloat64(dst, f)
	case lib.SQLITE_BLOB:
		b := r.blob(v)
		if b == nil {
			b = []byte{}
		}
		return dialect.AssignBytes(dst, b)
	}
	return r.assignText(dst, v, i)
}

// assignText stores text, without making a string of it where the
// destination keeps none.
func (r *rows) assignText(dst any, v uintptr, i int) error {
	b := r.bytes(v)
	switch d := dst.(type) {
	case *string:
		*d = string(b)
		return nil
	case *[]byte:
		*d = append(make([]byte, 0, len(b)), b...)
		return nil
	case *dialect.Borrowed:
		if b == nil {
			b = []byte{}
		}
		*d = b
		return nil
	case *time.Time:
		at, err := parseTime(b)
		if err == nil {
			*d = at
		}
		return err
	case **time.Time:
		at, err := parseTime(b)
		if err == nil {
			*d = &at
		}
		return err
	case *sql.NullTime:
		at, err := parseTime(b)
		if err == nil {
			*d = sql.NullTime{Time: at, Valid: true}
		}
		return err
	case *sql.Null[time.Time]:
		at, err := parseTime(b)
		if err == nil {
			*d = sql.Null[time.Time]{V: at, Valid: true}
		}
		return err
	case *any:
		if r.classes[i] == moment {
			if at, err := parseTime(b); err == nil {
				*d = at
				return nil
			}
		}
		*d = string(b)
		return nil
	case *sql.NullString:
		*d = sql.NullString{String: string(b), Valid: true}
		return nil
	case *sql.Null[string]:
		*d = sql.Null[string]{V: string(b), Valid: true}
		return nil
	case sql.Scanner:
		if r.classes[i] == moment {
			if at, err := parseTime(b); err == nil {
				return d.Scan(at)
			}
		}
		return d.Scan(string(b))
	}
	return dialect.AssignString(dst, string(b))
}

// parseTime reads a time without making a string of it.
func parseTime(b []byte) (time.Time, error) { return dialect.ParseTime(viewString(b), time.UTC) }

// takesTime reports whether a number of a column declared as a time is to
// be read as a time for dst.
func takesTime(dst any) bool {
	switch dst.(type) {
	case *time.Time, **time.Time, *any, sql.Scanner:
		return true
	}
	return false
}

// assignClass stores an integer of a column that is declared as boolean or as
// a time, where dst wants one. done is false where the integer is meant.
func assignClass(dst any, k class, n int64) (done bool, err error) {
	if k == boolean {
		if n != 0 && n != 1 {
			return false, nil
		}
		if d, ok := dst.(*any); ok { // a sql.Scanner gets the number: all take it
			*d = n == 1
			return true, nil
		}
		return false, nil
	}
	if !takesTime(dst) {
		return false, nil
	}
	at, ok := unixTime(n)
	if !ok {
		if _, isAny := dst.(*any); isAny {
			return false, nil
		}
		return true, dialect.Errorf(dialect.ErrScan, "the number %d is out of range for a time in seconds since 1970", n)
	}
	return true, dialect.AssignTime(dst, at)
}
