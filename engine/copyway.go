package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/recycle"
)

// by copies in the connection's own way.
func (cp *copying) by(ctx context.Context, c *Conn, scope *Tx, by dialect.Copier) (Result, error) {
	if err := cp.check(c); err != nil {
		return Result{}, err
	}
	e := c.eng
	text := "COPY " + cp.table + " (" + strings.Join(cp.columns, ", ") + ")"
	seq, err := c.enter(scope, text)
	if err != nil {
		return Result{}, err
	}
	var lost error = errInterrupted // by a panic
	all := false
	defer func() { c.leave(seq, lost, all) }()
	var after func(Outcome)
	if len(e.hooks) > 0 {
		info := StatementInfo{Text: text, InTransaction: scope != nil}
		ctx, after = e.around(ctx, func(ctx context.Context, h *Hooks) (context.Context, func(Outcome)) {
			if h.Statement == nil {
				return nil, nil
			}
			return h.Statement(ctx, info)
		})
	}
	if e.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, e.timeout, errTimeout(e.timeout))
		defer cancel()
	}
	start := time.Now()
	take, stop := cp.taker(ctx)
	defer stop()
	res, err := by.CopyFrom(ctx, cp.target(&e.settings), cp.table, cp.columns, take)
	n := cp.rows
	if err != nil {
		err = cp.described(ctx, c, err)
		n = -1
	}
	var was bool
	if was, all = isLost(err); was {
		lost = err
	} else {
		lost, all = nil, false
	}
	if e.logs(ctx) {
		e.log(ctx, start, text, nil, n, err)
	}
	if after != nil {
		after(Outcome{Err: err, Rows: n, Duration: time.Since(start)})
	}
	if err != nil {
		return Result{}, err
	}
	if got := res.RowsAffected(); got >= 0 {
		n = got // what a trigger has left out is not there
	}
	return dialect.NewResult(n), nil
}

// described describes the error of a Copier.
func (cp *copying) described(ctx context.Context, c *Conn, err error) error {
	if cp.theirs != nil && errors.Is(err, cp.theirs) && c.conn.Usable() {
		return cp.theirs
	}
	inner := err
	var re *dialect.RowsError
	if errors.As(err, &re) {
		inner = re.Err
	}
	refused := inner
	inner = c.eng.describe(ctx, c.d, inner, nil)
	if e, ok := inner.(*Error); ok && e.Code == "" && e.Kind.In(ErrData) { // of a value that was not sent
		inner = refused
	}
	if re != nil {
		inner = &dialect.RowsError{First: re.First, Last: re.Last, Err: inner}
	}
	return cp.failed(inner)
}

const (
	// defaultInsertRows is for databases that do not say how many rows an
	// INSERT takes best.
	defaultInsertRows = 100
	// insertBytes ends an INSERT before it has all its rows.
	insertBytes = 1 << 20
	// insertValues is the most values of an INSERT of several rows, of each of
	// which a server keeps some 500 bytes with the statement.
	insertValues = 1 << 13
)

// insert copies by INSERT statements of many rows, which a connection keeps.
func (cp *copying) insert(ctx context.Context, t *Tx) (Result, error) {
	c := t.c
	if err := cp.check(c); err != nil {
		return Result{}, err
	}
	types, err := cp.types(ctx, t)
	if err != nil {
		return Result{}, err
	}
	f := c.d.Features()
	size := f.InsertRows
	if size == 0 {
		size = defaultInsertRows
	}
	if f.MaxInsertRows > 0 {
		size = min(size, f.MaxInsertRows)
	}
	if f.MaxParams > 0 {
		if len(cp.columns) > f.MaxParams {
			return Result{}, dialect.Errorf(ErrArguments, "engine: copy into %s: %d columns, and %s takes %d parameters",
				cp.table, len(cp.columns), c.d.Name(), f.MaxParams)
		}
		size = min(size, f.MaxParams/len(cp.columns))
	}
	size = min(size, max(insertValues/len(cp.columns), 1))
	in := &inserting{cp: cp, t: t, size: size, types: types, args: copyArgs.Get(size * len(types)), check: dialect.NewWriter(c.d)}
	defer func() { copyArgs.Put(in.args) }()
	if err = givenUp(ctx); err == nil {
		err = cp.each(func(row []any) error { return in.row(ctx, row) })
	}
	if err == nil {
		err = in.flush(ctx)
	}
	if err != nil {
		return Result{}, err
	}
	return dialect.NewResult(in.affected), nil
}

// copyArgs are the arguments of copies that have ended.
var copyArgs recycle.Slices[dialect.Arg]

// inserting is a copy by INSERT.
type inserting struct {
	cp       *copying
	t        *Tx
	size     int             // the most rows of a statement
	types    []*dialect.Type // of the columns
	check    *dialect.Writer
	texts    map[int]string // by rows
	args     []dialect.Arg  // of the statement before, of which the first n are of the next one
	n        int
	bytes    int
	done     int64 // rows inserted
	affected int64
}

// row takes a row, and inserts those that are there if they are enough.
func (in *inserting) row(ctx context.Context, row []any) error {
	if err := in.cp.took(row); err != nil {
		return err
	}
	for i, v := range row {
		a := in.next()
		a.Value, a.Type = v, in.types[i]
		err := in.check.Fits(a)
		if err == nil {
			err = in.check.Check(a)
		}
		if err != nil {
			return in.cp.failed(&dialect.RowsError{First: in.cp.rows, Last: in.cp.rows, Err: err})
		}
		switch v := v.(type) {
		case string:
			in.bytes += len(v)
		case []byte:
			in.bytes += len(v)
		}
	}
	if in.n == in.size*len(in.types) || in.bytes > insertBytes {
		if err := in.flush(ctx); err != nil {
			return err
		}
	}
	return givenUp(ctx)
}

// next is the next argument, which has its column's name: rows go into the same
// ones again and again.
func (in *inserting) next() *dialect.Arg {
	if in.n == len(in.args) {
		name := in.cp.columns[in.n%len(in.types)]
		in.args = append(in.args, dialect.Arg{Name: name, Column: name})
	}
	in.n++
	return &in.args[in.n-1]
}

// flush inserts what is there: size rows at once, or powers of two, so that a
// connection keeps few texts.
func (in *inserting) flush(ctx context.Context) error {
	args := in.args[:in.n]
	for len(args) > 0 {
		n := in.size
		if rows := len(args) / len(in.types); rows < n {
			for n = 1; n*2 <= rows; {
				n *= 2
			}
		}
		text, ok := in.texts[n]
		if !ok {
			var err error
			if text, err = in.cp.text(in.t.c, n); err != nil {
				return err
			}
			if in.texts == nil {
				in.texts = map[int]string{}
			}
			in.texts[n] = text
		}
		res, err := in.t.Run(ctx, insertText{text, args[:n*len(in.types)]}, nil)
		if err != nil {
			return in.cp.failed(&dialect.RowsError{First: in.done + 1, Last: in.done + int64(n), Err: err})
		}
		in.done += int64(n)
		if got := res.RowsAffected(); got >= 0 {
			in.affected += got
		} else {
			in.affected += int64(n)
		}
		args = args[n*len(in.types):]
	}
	in.n, in.bytes = 0, 0
	return nil
}

// text is the INSERT of n rows.
func (cp *copying) text(c *Conn, n int) (string, error) {
	w := dialect.NewWriter(c.d)
	target := func(int) { w.Qualified(cp.target(&c.eng.settings), cp.table) }
	if cp.identity {
		w.Template(w.Features().IdentityInsertOn, target)
		w.WriteString("; ")
	}
	w.WriteString("INSERT INTO ")
	target(0)
	w.WriteString(" (")
	cp.names(w)
	w.WriteString(") VALUES ")
	for row := range n {
		if row > 0 {
			w.WriteString(", ")
		}
		w.WriteByte('(')
		for i := range cp.columns {
			if i > 0 {
				w.WriteString(", ")
			}
			w.Placeholder(row*len(cp.columns) + i)
		}
		w.WriteByte(')')
	}
	if cp.identity {
		w.WriteString("; ")
		w.Template(w.Features().IdentityInsertOff, target)
	}
	return w.Text(), w.Err()
}

func (cp *copying) names(w *dialect.Writer) {
	for i, name := range cp.columns {
		if i > 0 {
			w.WriteString(", ")
		}
		w.Ident(name)
	}
}

// insertText is an INSERT whose text is known.
type insertText struct {
	text string
	args []dialect.Arg
}

func (s insertText) CompileSQL(c *dialect.Compiled) error {
	c.SetText(s.text)
	c.UseArgs(s.args)
	c.Writes = true
	return nil
}

// chosen are the columns of a struct that are written.
func (cp *copying) chosen(all []string) ([]string, error) {
	columns := cp.columns
	if columns == nil {
		columns = all
	}
	for _, name := range cp.omit {
		if !slices.Contains(all, name) {
			return nil, cp.noField(name, all)
		}
	}
	return slices.DeleteFunc(slices.Clone(columns), func(name string) bool { return slices.Contains(cp.omit, name) }), nil
}
