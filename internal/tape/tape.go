package tape

import (
	"context"
	"database/sql"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Tape keeps the statements that are sent. Its methods are safe for concurrent
// use.
type Tape struct {
	// Rows is how many rows a query gives; 1 unless it is set before the tape
	// is used.
	Rows int

	d     dialect.Dialect
	mu    sync.Mutex
	texts map[string]bool
}

// New returns an empty tape for a dialect, which is not changed by a server.
func New(d dialect.Dialect) *Tape {
	return &Tape{Rows: 1, d: d, texts: map[string]bool{}}
}

// Texts returns the texts that were sent, in alphabetical order, each once.
func (t *Tape) Texts() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(maps.Keys(t.texts))
}

// Clear forgets what was sent so far.
func (t *Tape) Clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.texts)
}

// Dialect is the dialect of the tape, whose connectors open connections to it.
func (t *Tape) Dialect() dialect.Dialect { return &taped{t.d, t} }

// Connector returns a connector to the tape.
func (t *Tape) Connector() dialect.Connector { return &connector{t} }

// taped is a dialect without a server. Only ForServer gives the dialect itself,
// with the interfaces beside Dialect that it may have.
type taped struct {
	dialect.Dialect
	tape *Tape
}

func (d *taped) OpenConnector(*dialect.URL, dialect.ConnectConfig) (dialect.Connector, error) {
	return d.tape.Connector(), nil
}

func (d *taped) ForServer(context.Context, dialect.Conn) (dialect.Dialect, error) {
	return d.tape.d, nil
}

type connector struct{ tape *Tape }

func (c *connector) Dialect() dialect.Dialect { return c.tape.Dialect() }
func (c *connector) Address() string          { return "tape" }

func (c *connector) Connect(ctx context.Context) (dialect.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return &conn{tape: c.tape}, nil
}

type conn struct {
	tape   *Tape
	closed atomic.Bool
}

var _ dialect.Conn = (*conn)(nil)

func (c *conn) send(ctx context.Context, q *dialect.Compiled) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.tape.mu.Lock()
	defer c.tape.mu.Unlock()
	c.tape.texts[q.Sent()] = true
	return nil
}

func (c *conn) Query(ctx context.Context, q *dialect.Compiled) (dialect.Rows, error) {
	if err := c.send(ctx, q); err != nil {
		return nil, err
	}
	columns := q.Columns
	if columns == nil {
		columns = make([]dialect.Column, width(q.Text()))
		for i := range columns {
			columns[i].Name = "c" + strconv.Itoa(i)
		}
	}
	return &rows{columns: columns, left: c.tape.Rows}, nil
}

// width guesses how many columns a query gives, from the commas before FROM.
func width(text string) int {
	if strings.HasPrefix(text, "SELECT *") {
		return 16
	}
	n, depth := 1, 0
	var quote byte
	for i := 0; i < len(text); i++ {
		b := text[i]
		switch {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '\'' || b == '"' || b == '`':
			quote = b
		case b == '[':
			quote = ']'
		case b == '(':
			depth++
		case b == ')':
			depth--
		case b == ',' && depth == 0:
			n++
		case b == ' ' && depth == 0 && strings.HasPrefix(text[i:], " FROM "):
			return n
		}
	}
	return n
}

func (c *conn) Exec(ctx context.Context, q *dialect.Compiled) (dialect.Result, error) {
	if err := c.send(ctx, q); err != nil {
		return dialect.Result{}, err
	}
	res := dialect.NewResult(1)
	if c.tape.d.Features().InsertID != dialect.NoInsertID {
		res = res.WithInsertID(1)
	}
	return res, nil
}

func (c *conn) Begin(ctx context.Context, o dialect.TxOptions) error {
	if err := dialect.CheckTx(c.tape.d, o); err != nil {
		return err
	}
	return ctx.Err()
}

func (c *conn) Commit(ctx context.Context) error   { return ctx.Err() }
func (c *conn) Rollback(ctx context.Context) error { return ctx.Err() }
func (c *conn) Ping(ctx context.Context) error     { return ctx.Err() }
func (c *conn) Reset(ctx context.Context) error    { return ctx.Err() }
func (c *conn) Usable() bool                       { return !c.closed.Load() }
func (c *conn) Close() error                       { c.closed.Store(true); return nil }

// rows are rows of whatever is asked for.
type rows struct {
	columns []dialect.Column
	left    int
}

func (r *rows) Columns() []dialect.Column { return r.columns }

func (r *rows) Next() bool {
	r.left--
	return r.left >= 0
}

func (r *rows) Err() error             { return nil }
func (r *rows) Close() error           { r.left = 0; return nil }
func (r *rows) Result() dialect.Result { return dialect.NewResult(1) }

func (r *rows) ScanRow(dst []any) error {
	for _, d := range dst {
		if d != nil {
			fill(d)
		}
	}
	return nil
}

// fill writes something into a destination.
func fill(dst any) {
	switch d := dst.(type) {
	case *dialect.Nullable:
		d.Null = false
		fill(d.Dst)
		return
	case sql.Scanner:
		for _, v := range []any{int64(1), "1", []byte("1"), time.Unix(0, 0).UTC(), nil} {
			if d.Scan(v) == nil {
				return
			}
		}
		return
	}
	v := reflect.ValueOf(dst)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return
	}
	set(v.Elem())
}

func set(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1)
	case reflect.String:
		v.SetString("1")
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte("1"))
		}
	case reflect.Interface:
		if v.NumMethod() == 0 {
			v.Set(reflect.ValueOf(int64(1)))
		}
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		set(p.Elem())
		v.Set(p)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(0, 0).UTC()))
		}
	}
}
