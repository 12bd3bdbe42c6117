package all_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/orm"
)

// taking is a connector to a server of a dialect that takes all it is given and counts it.
type taking struct {
	dialect.Connector // none
	d                 dialect.Dialect
	columns           int // of the table
	most              int // the most arguments of a statement
	args, statements  int
	begun, ended      int // transactions, and those that were committed
}

func (c *taking) Dialect() dialect.Dialect { return takingDialect{c.d} }
func (c *taking) Address() string          { return "taking:0" }
func (c *taking) Connect(context.Context) (dialect.Conn, error) {
	return &takingConn{c: c}, nil
}

// takingDialect is the dialect without what it asks of a server.
type takingDialect struct{ dialect.Dialect }

func (d takingDialect) ForServer(context.Context, dialect.Conn) (dialect.Dialect, error) {
	return d.Dialect, nil
}

type takingConn struct {
	dialect.Conn // none
	c            *taking
}

func (c *takingConn) Ping(context.Context) error  { return nil }
func (c *takingConn) Reset(context.Context) error { return nil }
func (c *takingConn) Usable() bool                { return true }
func (c *takingConn) Close() error                { return nil }

func (c *takingConn) Query(_ context.Context, q *dialect.Compiled) (dialect.Rows, error) {
	if strings.Contains(q.Text(), "INSERT") {
		c.take(q)
	}
	return &noRows{make([]dialect.Column, c.c.columns)}, nil
}

func (c *takingConn) Exec(_ context.Context, q *dialect.Compiled) (dialect.Result, error) {
	c.take(q)
	return dialect.NewResult(-1), nil
}

func (c *takingConn) take(q *dialect.Compiled) {
	n := len(q.Args())
	c.c.most = max(c.c.most, n)
	c.c.args += n
	c.c.statements++
}

func (c *takingConn) Begin(context.Context, dialect.TxOptions) error { c.c.begun++; return nil }
func (c *takingConn) Commit(context.Context) error                   { c.c.ended++; return nil }
func (c *takingConn) Rollback(context.Context) error                 { return nil }

var errNoRow = errors.New("there is no row")

// noRows is a result without rows.
type noRows struct{ columns []dialect.Column }

func (r *noRows) Columns() []dialect.Column { return r.columns }
func (r *noRows) Next() bool                { return false }
func (r *noRows) ScanRow([]any) error       { return errNoRow }
func (r *noRows) Err() error                { return nil }
func (r *noRows) Close() error              { return nil }
func (r *noRows) Result() dialect.Result    { return dialect.NewResult(0) }

func takes(t *testing.T, d dialect.Dialect, columns int) (*engine.Engine, *taking) {
	t.Helper()
	c := &taking{d: d, columns: columns}
	e, err := engine.Open("", engine.WithConnector(c))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e, c
}

// copiedValues is the most values of a statement of several rows.
const copiedValues = 8192

// Rows go in by as few statements as the limits allow, exactly up to them, on
// every database: a copy by INSERT, and an insert of the ORM.
func TestBulkUpToTheLimits(t *testing.T) {
	for _, d := range five() {
		f := d.Features()
		rows := f.InsertRows
		if rows == 0 {
			rows = 100 // as Features says
		}
		if f.MaxInsertRows > 0 {
			rows = min(rows, f.MaxInsertRows)
		}
		// The most columns of which that many rows fit, one more, and the most that one row has.
		for _, columns := range []int{1, copiedValues / rows, copiedValues/rows + 1, f.MaxParams / rows, f.MaxParams/rows + 1, f.MaxParams/2 + 1, f.MaxParams} {
			columns = min(columns, 3000) // more than any table has, but for SQL Server's wide ones
			e, c := takes(t, d, columns)
			names, row := make([]string, columns), make([]any, columns)
			for i := range names {
				names[i], row[i] = fmt.Sprint("c", i), i
			}
			at := min(rows, f.MaxParams/columns, max(copiedValues/columns, 1)) // of a statement
			n := 2*at + 1
			res, err := engine.Copy(t.Context(), e, "t", func(yield func([]any) bool) {
				for range n {
					if !yield(row) {
						return
					}
				}
			}, engine.CopyColumns(names...))
			if err != nil || res.RowsAffected() != int64(n) {
				t.Fatalf("%s: %d columns: %d rows, %v", d.Name(), columns, res.RowsAffected(), err)
			}
			if c.args != n*columns || c.most != at*columns || c.statements != 3 || c.begun != 1 || c.ended != 1 {
				t.Errorf("%s: %d rows of %d columns: %d statements of at most %d parameters, %d in all, in %d transactions; want 3 of %d",
					d.Name(), n, columns, c.statements, c.most, c.args, c.begun, at*columns)
			}
		}
		if f.MaxParams > 3000 {
			continue
		}
		e, c := takes(t, d, f.MaxParams+1)
		names := make([]string, f.MaxParams+1)
		for i := range names {
			names[i] = fmt.Sprint("c", i)
		}
		_, err := engine.Copy(t.Context(), e, "t", func(yield func([]any) bool) { yield(make([]any, len(names))) }, engine.CopyColumns(names...))
		if !errors.Is(err, engine.ErrArguments) || !strings.Contains(err.Error(), fmt.Sprint(f.MaxParams)) || c.statements > 0 {
			t.Errorf("%s: more columns than parameters: %v, and %d statements", d.Name(), err, c.statements)
		}
	}
}

// bulkRow is a row of three columns whose key is given.
type bulkRow struct {
	Key  string `db:",pk,size:20"`
	A, B int64
}

func TestBulkOfTheORM(t *testing.T) {
	const n = 30_000 // 90,000 parameters, more than any database takes
	for _, d := range five() {
		e, c := takes(t, d, 0)
		sess := orm.NewSession(e)
		for i := range n {
			sess.Add(&bulkRow{Key: fmt.Sprint(i)})
		}
		if err := sess.Commit(t.Context()); err != nil {
			t.Errorf("%s: %v", d.Name(), err)
		}
		if err := sess.Close(); err != nil {
			t.Error(err)
		}
		if f := d.Features(); c.most > f.MaxParams || c.args != 3*n || c.begun != 1 || c.ended != 1 {
			t.Errorf("%s: %d parameters, of at most %d in one of %d statements; %d transactions", d.Name(), c.args, c.most, c.statements, c.ended)
		}
	}
}

// An insert of package expr is one statement: what is too much for one is an
// error that says so, before anything is sent.
func TestBulkInOneStatement(t *testing.T) {
	table := schema.New("t", schema.Integer("a"), schema.Integer("b"))
	a, b := expr.C[int](table, "a"), expr.C[int](table, "b")
	for _, d := range five() {
		f := d.Features()
		insert := func(n int) dialect.Statement {
			rows := make([][]any, n)
			for i := range rows {
				rows[i] = []any{i, i}
			}
			return expr.Insert(table).Columns(a, b).Rows(rows...)
		}
		most := f.MaxParams / 2
		if f.MaxInsertRows > 0 {
			most = min(most, f.MaxInsertRows)
		}
		e, c := takes(t, d, 0)
		if _, err := e.Run(t.Context(), insert(most), nil); err != nil || c.args != 2*most {
			t.Errorf("%s: %d rows: %v, and %d parameters", d.Name(), most, err, c.args)
		}
		before := c.args
		_, err := e.Run(t.Context(), insert(most+1), nil)
		if err != nil && c.args != before || err == nil && (c.most > f.MaxParams || c.args != before+2*(most+1)) {
			t.Errorf("%s: %d rows: %v, and %d parameters, %d of them in one statement", d.Name(), most+1, err, c.args-before, c.most)
		}
		t.Logf("%s: %d rows: %v", d.Name(), most+1, err)
	}
}

// A copy of any number of rows needs the memory of one statement's: what lives
// after two million rows is what lived after fifty thousand.
func TestBulkInConstantMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: two million rows")
	}
	live := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	type row struct {
		ID   int64
		Name string
	}
	const rows = 2_000_000
	text := strings.Repeat("x", 100)
	for _, d := range five()[2:3] { // the way in is the same for all
		e, c := takes(t, d, 2)
		var first, most int64
		res, err := engine.Copy(t.Context(), e, "t", func(yield func(row) bool) {
			for i := range rows {
				if i > 0 && i%50_000 == 0 {
					if n := live(); first == 0 {
						first = n
					} else {
						most = max(most, n-first)
					}
				}
				if !yield(row{int64(i), text[:i%100] + "."}) { // a text of its own
					return
				}
			}
		})
		if err != nil || res.RowsAffected() != rows || c.args != 2*rows {
			t.Fatalf("%d rows, %d parameters, %v", res.RowsAffected(), c.args, err)
		}
		if most > 1<<20 {
			t.Errorf("%d bytes more live than after the first 50,000 rows", most)
		}
	}
}
