package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/recycle"
)

// CopyFrom implements [dialect.Copier] by COPY … FROM STDIN in its binary form.
// Values are converted as arguments are. next is called on another goroutine
// while CopyFrom runs; after CopyFrom has returned it is not called again.
func (c *Conn) CopyFrom(ctx context.Context, schema, table string, names []string, next func() ([]any, error)) (dialect.Result, error) {
	if len(names) == 0 || next == nil {
		return dialect.Result{}, dialect.Errorf(dialect.ErrStatement, "postgres: CopyFrom needs columns and a function that gives rows")
	}
	if err := c.over(); err != nil {
		return dialect.Result{}, err
	}
	w := dialect.NewWriter(c.d)
	w.Qualified(schema, table)
	target := w.Text()
	cols := dialect.NewWriter(c.d)
	for i, n := range names {
		if i > 0 {
			cols.WriteString(", ")
		}
		cols.Ident(n)
	}
	if err := errors.Join(w.Err(), cols.Err()); err != nil {
		return dialect.Result{}, err
	}
	st, err := c.prepare(ctx, "SELECT "+cols.Text()+" FROM "+target+" WHERE FALSE")
	if err != nil {
		return dialect.Result{}, err
	}
	r := &copyReader{c: c, st: st, next: next, check: dialect.NewWriter(c.d), chunk: firstChunk}
	r.args = make([]dialect.Arg, len(st.sd.Fields))
	for i := range r.args {
		r.args[i].Name, r.args[i].Column = st.sd.Fields[i].Name, st.sd.Fields[i].Name
	}
	r.buf = copyBuffers.Get(2 * lastChunk)
	r.buf = append(r.buf, "PGCOPY\n\xff\r\n\x00"...)
	r.buf = append(r.buf, 0, 0, 0, 0, 0, 0, 0, 0) // no flags, no extension
	tag, err := c.pg.CopyFrom(ctx, r, "COPY "+target+" ("+cols.Text()+") FROM STDIN BINARY")
	r.end()
	if r.err != nil && r.err != io.EOF {
		c.settle()
		if c.pg.IsClosed() {
			return dialect.Result{}, errors.Join(r.err, c.fail(ctx, err, true))
		}
		return dialect.Result{}, r.err // the server's error only repeats it
	}
	if ferr := c.finish(ctx, err); ferr != nil {
		if n := copyLine(err); n > 0 {
			ferr = &dialect.RowsError{First: n, Last: n, Err: ferr}
		}
		return dialect.Result{}, ferr
	}
	return resultOf(tag), nil
}

// copyLine is the row that the server's error names in its context ("COPY t,
// line 3, column id"), 0 for none.
func copyLine(err error) int64 {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) {
		return 0
	}
	for where := range strings.Lines(pe.Where) {
		if !strings.HasPrefix(where, "COPY ") {
			continue
		}
		if i := strings.LastIndex(where, ", line "); i >= 0 {
			digits := where[i+len(", line "):]
			end := 0
			for end < len(digits) && '0' <= digits[end] && digits[end] <= '9' {
				end++
			}
			if n, err := strconv.ParseInt(digits[:end], 10, 64); err == nil {
				return n
			}
		}
	}
	return 0
}

// failed says which row it was.
func (r *copyReader) failed(err error) error {
	return &dialect.RowsError{First: r.rows, Last: r.rows, Err: err}
}

// copyReader is the data of a COPY.
type copyReader struct {
	c     *Conn
	st    *stmt
	next  func() ([]any, error)
	check *dialect.Writer
	args  []dialect.Arg // of a row
	chunk int           // what is sent at once
	buf   []byte        // what Read has not given yet
	pos   int
	rows  int64
	err   error // io.EOF at the end

	mu    sync.Mutex // for Read, which the driver may leave running after an error
	ended bool
}

// end waits for the last Read and gives its memory back.
func (r *copyReader) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	copyBuffers.Put(r.buf)
	r.buf = nil
}

// The first rows are sent soon, so that the server is at them while the next
// ones are written, and then twice as much at once each time.
const (
	firstChunk = 1 << 12
	lastChunk  = 1 << 16
)

var copyBuffers recycle.Slices[byte]

// Read implements io.Reader.
func (r *copyReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return 0, io.ErrClosedPipe
	}
	p = p[:min(len(p), r.chunk)]
	r.chunk = min(2*r.chunk, lastChunk)
	for len(r.buf)-r.pos < len(p) && r.err == nil {
		if r.pos > 0 {
			r.buf = r.buf[:copy(r.buf, r.buf[r.pos:])]
			r.pos = 0
		}
		r.err = r.row()
	}
	if r.err != nil && r.err != io.EOF {
		return 0, r.err
	}
	n := copy(p, r.buf[r.pos:])
	r.pos += n
	if n == 0 && r.err == io.EOF {
		return 0, io.EOF
	}
	return n, nil
}

// row appends the next row, or the end.
func (r *copyReader) row() error {
	row, err := r.next()
	if err != nil {
		return err
	}
	if row == nil {
		r.buf = append(r.buf, 0xff, 0xff)
		return io.EOF
	}
	r.rows++
	fields := r.st.sd.Fields
	if len(row) != len(fields) {
		return r.failed(dialect.Errorf(dialect.ErrArguments, "postgres: %s for %s", plural(len(row), "value"), plural(len(fields), "column")))
	}
	r.buf = binary.BigEndian.AppendUint16(r.buf, uint16(len(row)))
	for i, v := range row {
		a := &r.args[i]
		a.Value, a.Type = v, r.st.cols[i].Type
		if err := r.check.Check(a); err != nil {
			return r.failed(err)
		}
		at := len(r.buf)
		r.buf = append(r.buf, 0, 0, 0, 0)
		null, err := r.value(fields[i].DataTypeOID, a.Value)
		if err != nil {
			return r.failed(dialect.Errorf(dialect.ErrArguments, "postgres: a %T for the column %s of type %s: %w",
				v, fields[i].Name, r.st.cols[i].DatabaseType, err))
		}
		size := uint32(len(r.buf) - at - 4)
		if null {
			size = 0xffffffff
		}
		binary.BigEndian.PutUint32(r.buf[at:], size)
	}
	return nil
}

// value appends the binary form of v.
func (r *copyReader) value(oid uint32, v any) (null bool, err error) {
	m := r.c.types
	at := len(r.buf)
	out, format, null, err := encodeArg(m, r.buf, oid, v)
	if err != nil || null {
		return null, err
	}
	r.buf = out
	if format == pgtype.BinaryFormatCode {
		return false, nil
	}
	switch oid {
	case pgtype.TextOID, pgtype.VarcharOID, pgtype.BPCharOID, pgtype.NameOID, pgtype.JSONOID, pgtype.XMLOID:
		return false, nil // the same in both forms
	}
	t, ok := m.TypeForOID(oid)
	if !ok {
		return false, nil // an enumeration: its label
	}
	text := append([]byte{}, r.buf[at:]...) // not nil, which would be NULL
	r.buf = r.buf[:at]
	if oid == pgtype.JSONBOID {
		r.buf = append(append(r.buf, 1), text...)
		return false, nil
	}
	value, err := t.Codec.DecodeValue(m, oid, pgtype.TextFormatCode, text)
	if err != nil {
		return false, dialect.Errorf(dialect.ErrInvalidText, "%q: %w", text, err)
	}
	out, err = m.Encode(oid, pgtype.BinaryFormatCode, value, r.buf)
	if err != nil {
		return false, err
	}
	if out == nil { // pgx's way to say NULL
		return false, dialect.Errorf(dialect.ErrInvalidText, "%q has no binary form", text)
	}
	r.buf = out
	return false, nil
}
