package sqldriver_test

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// db is the server behind the fake drivers: it logs what it is asked, and a
// script says what it answers.
type db struct {
	log []string
	// answer may be nil; it is asked for each event, as it stands in the log.
	answer func(event string) error
	rows   func() *fakeRows
	// inputs is the number of placeholders that statements report; -1 not known.
	inputs  int
	invalid bool
}

func (d *db) do(event string) error {
	d.log = append(d.log, event)
	if d.answer != nil {
		return d.answer(event)
	}
	return nil
}

func (d *db) result() driver.Rows {
	if d.rows != nil {
		return d.rows()
	}
	return table([]string{"a"}, []driver.Value{int64(1)}, []driver.Value{int64(2)})
}

// count returns how many events begin in this way.
func (d *db) count(prefix string) (n int) {
	for _, e := range d.log {
		if strings.HasPrefix(e, prefix) {
			n++
		}
	}
	return n
}

func show(args []driver.NamedValue) string {
	var b strings.Builder
	for _, a := range args {
		b.WriteByte(' ')
		if a.Name != "" {
			b.WriteString(a.Name + "=")
		}
		fmt.Fprint(&b, a.Value)
	}
	return b.String()
}

func positional(args []driver.Value) string {
	var named []driver.NamedValue
	for _, v := range args {
		named = append(named, driver.NamedValue{Value: v})
	}
	return show(named)
}

// oldConn has what every driver has, and nothing else.
type oldConn struct{ *db }

func (c oldConn) Prepare(text string) (driver.Stmt, error) {
	if err := c.do("prepare " + text); err != nil {
		return nil, err
	}
	return oldStmt{c.db, text}, nil
}
func (c oldConn) Close() error              { return c.do("close") }
func (c oldConn) Begin() (driver.Tx, error) { return oldTx(c), c.do("begin") }

type oldTx struct{ *db }

func (t oldTx) Commit() error   { return t.do("commit") }
func (t oldTx) Rollback() error { return t.do("rollback") }

type oldStmt struct {
	*db
	text string
}

func (s oldStmt) Close() error  { return s.do("close " + s.text) }
func (s oldStmt) NumInput() int { return s.inputs }
func (s oldStmt) Exec(args []driver.Value) (driver.Result, error) {
	return driver.RowsAffected(1), s.do("exec " + s.text + positional(args))
}
func (s oldStmt) Query(args []driver.Value) (driver.Rows, error) {
	if err := s.do("query " + s.text + positional(args)); err != nil {
		return nil, err
	}
	return s.result(), nil
}

// textConn is an old driver that also runs texts.
type textConn struct{ oldConn }

func (c textConn) Exec(text string, args []driver.Value) (driver.Result, error) {
	return driver.RowsAffected(3), c.do("text exec " + text + positional(args))
}

func (c textConn) Query(text string, args []driver.Value) (driver.Rows, error) {
	if err := c.do("text query " + text + positional(args)); err != nil {
		return nil, err
	}
	return c.result(), nil
}

// newConn is a driver with contexts and all that goes with them.
type newConn struct{ oldConn }

func (c newConn) PrepareContext(_ context.Context, text string) (driver.Stmt, error) {
	if err := c.do("prepare " + text); err != nil {
		return nil, err
	}
	return newStmt{oldStmt{c.db, text}}, nil
}

func (c newConn) ExecContext(_ context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	return driver.RowsAffected(3), c.do("text exec " + text + show(args))
}

func (c newConn) QueryContext(_ context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.do("text query " + text + show(args)); err != nil {
		return nil, err
	}
	return c.result(), nil
}

func (c newConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return keepingTx{c.db, ctx}, c.do(fmt.Sprintf("begin %d %v", o.Isolation, o.ReadOnly))
}

func (c newConn) Ping(context.Context) error         { return c.do("ping") }
func (c newConn) ResetSession(context.Context) error { return c.do("reset session") }
func (c newConn) IsValid() bool                      { return !c.invalid }

// keepingTx is the transaction of a driver that uses BeginTx's context for
// the commit.
type keepingTx struct {
	*db
	ctx context.Context
}

func (t keepingTx) Commit() error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	return t.do(fmt.Sprint("commit ", t.ctx.Value(key{})))
}

func (t keepingTx) Rollback() error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	return t.do(fmt.Sprint("rollback ", t.ctx.Value(key{})))
}

type key struct{}

type newStmt struct{ oldStmt }

func (s newStmt) ExecContext(_ context.Context, args []driver.NamedValue) (driver.Result, error) {
	return driver.RowsAffected(1), s.do("exec " + s.text + show(args))
}

func (s newStmt) QueryContext(_ context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.do("query " + s.text + show(args)); err != nil {
		return nil, err
	}
	return s.result(), nil
}

// fakeRows are rows of any shape, with more results behind them.
type fakeRows struct {
	cols   []string
	types  []string
	vals   [][]driver.Value
	err    error        // after the rows
	closed error        // what Close says
	last   func() error // what Close does instead
	more   []*fakeRows
}

func table(cols []string, vals ...[]driver.Value) *fakeRows { return &fakeRows{cols: cols, vals: vals} }

func (r *fakeRows) Columns() []string { return r.cols }
func (r *fakeRows) Close() error {
	if r.last != nil {
		return r.last()
	}
	return r.closed
}
func (r *fakeRows) Next(dest []driver.Value) error {
	if len(r.vals) == 0 {
		if r.err != nil {
			return r.err
		}
		return io.EOF
	}
	copy(dest, r.vals[0])
	r.vals = r.vals[1:]
	return nil
}
func (r *fakeRows) HasNextResultSet() bool { return len(r.more) > 0 }
func (r *fakeRows) NextResultSet() error {
	if len(r.more) == 0 {
		return io.EOF
	}
	next, rest := r.more[0], r.more[1:]
	*r = *next
	r.more = rest
	return nil
}
func (r *fakeRows) ColumnTypeDatabaseTypeName(i int) string {
	if i < len(r.types) {
		return r.types[i]
	}
	return ""
}
func (r *fakeRows) ColumnTypeNullable(i int) (nullable, ok bool) { return i == 0, i < 2 }

// statement is a text with arguments.
type statement struct {
	text string
	args []dialect.Arg
	cols []dialect.Column
}

func (s statement) CompileSQL(c *dialect.Compiled) error {
	c.SetText(s.text)
	for _, a := range s.args {
		c.AddArg(a)
	}
	c.Columns = s.cols
	c.Writes = strings.HasPrefix(s.text, "write")
	return nil
}

// plainDialect is the dialect of the fake: it has no transaction options.
type plainDialect struct{ dialect.Dialect }

func (plainDialect) Name() string                { return "fake" }
func (plainDialect) Features() *dialect.Features { return &dialect.Features{} }

func compile(t *testing.T, s statement) *dialect.Compiled {
	t.Helper()
	c, err := dialect.Compile(plainDialect{}, s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func text(s string, vals ...any) statement {
	var args []dialect.Arg
	for _, v := range vals {
		if a, ok := v.(dialect.Arg); ok {
			args = append(args, a)
			continue
		}
		args = append(args, dialect.Arg{Value: v})
	}
	return statement{text: s, args: args}
}

func exec(t *testing.T, c *sqldriver.Conn, s string, vals ...any) (dialect.Result, error) {
	t.Helper()
	return c.Exec(t.Context(), compile(t, text(s, vals...)))
}

// numbers runs a query and reads its only column.
func numbers(t *testing.T, c *sqldriver.Conn, s string, vals ...any) ([]int, error) {
	t.Helper()
	rows, err := c.Query(t.Context(), compile(t, text(s, vals...)))
	if err != nil {
		return nil, err
	}
	var list []int
	for rows.Next() {
		var n int
		if err := rows.ScanRow([]any{&n}); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	if err := rows.Err(); err != nil {
		rows.Close()
		return list, err
	}
	return list, rows.Close()
}

func wantLog(t *testing.T, d *db, want ...string) {
	t.Helper()
	if !slices.Equal(d.log, want) {
		t.Errorf("the driver was asked\n%q, not\n%q", d.log, want)
	}
	d.log = nil
}

func describe(error) dialect.Error { return dialect.Error{} }
