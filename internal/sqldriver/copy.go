package sqldriver

import (
	"context"
	"database/sql/driver"
	"errors"
	"reflect"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Copying is a copy that [Config].Copy makes. A transaction is open meanwhile.
type Copying struct {
	Schema, Table string
	Columns       []dialect.Column // as the table has them, in the order of the values
	Target, Names string           // the table and the columns as they stand in SQL

	c      *Conn
	check  *dialect.Writer
	next   func() ([]any, error)
	values []any
	rows   int64
	theirs error
}

// Row returns the number of the row that Next gave last, from 1.
func (t *Copying) Row() int64 { return t.rows }

// Next returns the next row, checked, and as [Config].Bind gives it to the
// driver, nil after the last. The slice is used again. Its errors end the copy.
func (t *Copying) Next() ([]any, error) {
	row, err := t.next()
	if row == nil || err != nil {
		t.theirs = err
		return nil, err
	}
	t.rows++
	if len(row) != len(t.Columns) {
		return nil, t.Failed(dialect.Errorf(dialect.ErrArguments, "%d values for %d columns", len(row), len(t.Columns)))
	}
	t.values = t.values[:0]
	for i, v := range row {
		a := dialect.Arg{Value: v, Type: t.Columns[i].Type, Name: t.Columns[i].Name, Column: t.Columns[i].Name}
		if err := t.check.Check(&a); err != nil {
			return nil, t.Failed(err)
		}
		if t.c.cfg.Bind != nil {
			v, err = t.c.cfg.Bind(&a)
		} else {
			v, err = Resolve(a.Value)
		}
		if err != nil {
			return nil, t.Failed(argError(i, &a, err))
		}
		if !sendable(v) {
			return nil, t.Failed(dialect.Errorf(dialect.ErrArguments, "column %q: a %T is not a value of a database", a.Column, a.Value))
		}
		t.values = append(t.values, v)
	}
	return t.values, nil
}

// sendable is false for what no driver sends, which some find out in the middle of a row.
func sendable(v any) bool {
	switch v.(type) {
	case nil, bool, int64, float64, string, []byte, time.Time, driver.Valuer:
		return true
	}
	switch reflect.TypeOf(v).Kind() {
	case reflect.Chan, reflect.Func, reflect.Map, reflect.UnsafePointer, reflect.Complex64, reflect.Complex128:
		return false
	}
	return true
}

// Failed says that an error is of the row that Next gave last.
func (t *Copying) Failed(err error) error {
	return &dialect.RowsError{First: t.rows, Last: t.rows, Err: err}
}

// copyConn is a Conn of a driver that can copy.
type copyConn struct{ *Conn }

var _ dialect.Copier = copyConn{}

// CopyFrom implements [dialect.Copier]: in the transaction that is open, or
// else in one of its own.
func (c copyConn) CopyFrom(ctx context.Context, schema, table string, names []string, next func() ([]any, error)) (dialect.Result, error) {
	if err := c.ready(ctx); err != nil {
		return dialect.Result{}, err
	}
	if len(names) == 0 || next == nil {
		return dialect.Result{}, dialect.Errorf(dialect.ErrStatement, "CopyFrom needs columns and a function that gives rows")
	}
	t, err := c.target(ctx, schema, table, names)
	if err != nil {
		return dialect.Result{}, err
	}
	t.next = next
	own := !c.inTx
	if own {
		if err := c.Begin(ctx, dialect.TxOptions{}); err != nil {
			return dialect.Result{}, err
		}
	}
	n, err := c.cfg.Copy(ctx, c.Conn, t)
	if err != nil {
		err = c.copyError(ctx, t, err)
		if own && c.Usable() {
			err = errors.Join(err, c.undo(ctx))
		}
		return dialect.Result{}, err
	}
	if own {
		if err := c.Commit(ctx); err != nil {
			if c.Usable() {
				err = errors.Join(err, c.undo(ctx))
			}
			return dialect.Result{}, err
		}
	}
	return dialect.NewResult(n), nil
}

// undo rolls back, also when ctx has ended.
func (c copyConn) undo(ctx context.Context) error {
	if !c.inTx {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	err := c.Rollback(ctx)
	c.broken = c.broken || err != nil
	return err
}

// copyError describes an error of a copy: the rows that it is of stay outside.
func (c copyConn) copyError(ctx context.Context, t *Copying, err error) error {
	if t.theirs != nil && errors.Is(err, t.theirs) && !c.broken {
		return t.theirs
	}
	var re *dialect.RowsError
	if errors.As(err, &re) {
		return &dialect.RowsError{First: re.First, Last: re.Last, Err: c.copyFailure(ctx, re.Err)}
	}
	return c.copyFailure(ctx, err)
}

func (c copyConn) copyFailure(ctx context.Context, err error) error {
	if dialect.KindOf(err) != dialect.ErrOther {
		return err
	}
	var f *Failure
	if errors.As(err, &f) {
		return err
	}
	return c.fail(ctx, err, running)
}

// target finds out about the columns.
func (c copyConn) target(ctx context.Context, schema, table string, names []string) (*Copying, error) {
	d := c.cfg.Dialect
	cols, target := dialect.NewWriter(d), dialect.NewWriter(d)
	for i, n := range names {
		if i > 0 {
			cols.WriteString(", ")
		}
		cols.Ident(n)
	}
	target.Qualified(schema, table)
	if err := errors.Join(cols.Err(), target.Err()); err != nil {
		return nil, err
	}
	t := &Copying{Schema: schema, Table: table, Target: target.Text(), Names: cols.Text(), c: c.Conn, check: dialect.NewWriter(d)}
	if by, ok := d.(dialect.ColumnDescriber); ok {
		w := dialect.NewWriter(d)
		by.WriteDescribe(w, schema, table)
		err := c.Ask(ctx, w.Text(), func(rows dialect.Rows) (err error) {
			t.Columns, err = by.ReadColumns(rows, names)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if t.Columns == nil {
		err := c.Ask(ctx, "SELECT "+t.Names+" FROM "+t.Target+" WHERE 1 = 0", func(rows dialect.Rows) error {
			t.Columns = append(t.Columns, rows.Columns()...)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(t.Columns) != len(names) {
		return nil, dialect.Errorf(dialect.ErrOther, "%d columns are %d in the database", len(names), len(t.Columns))
	}
	for i := range t.Columns {
		t.Columns[i].Name = names[i]
	}
	return t, nil
}

// Ask runs a query of the dialect's own.
func (c *Conn) Ask(ctx context.Context, text string, read func(dialect.Rows) error, args ...dialect.Arg) (err error) {
	q, err := dialect.Compile(c.cfg.Dialect, plainText{text, args})
	if err != nil {
		return err
	}
	defer q.Release()
	rows, err := c.Query(ctx, q)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if err := read(rows); err != nil {
		return err
	}
	for rows.Next() {
		continue // what was not read
	}
	return rows.Err()
}

// Do runs a text with arguments as the driver takes them. It is for
// [Config].Copy, which describes the error.
func (c *Conn) Do(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if c.execer == nil {
		return nil, dialect.Errorf(dialect.ErrUnsupported, "the driver runs no text at once")
	}
	res, err := c.execer.ExecContext(ctx, text, args)
	c.used()
	return res, err
}

// plainText is a statement as it stands.
type plainText struct {
	text string
	args []dialect.Arg
}

func (p plainText) CompileSQL(c *dialect.Compiled) error {
	c.SetText(p.text)
	for _, a := range p.args {
		c.AddArg(a)
	}
	return nil
}
