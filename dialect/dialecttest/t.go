package dialecttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
)

// tb is what a case needs of a *testing.T.
type tb interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// T is one case on one database. What it opens is closed, and what it creates
// dropped, when the case ends.
type T struct {
	tb
	*target
	ctx    context.Context
	conns  []dialect.Conn
	closes []func() error
	drops  []dialect.Statement
}

func joined(a, b error) error {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	return errors.Join(a, b)
}

// cleaning bounds what a case does when it is over.
func (t *T) cleaning() time.Duration { return min(t.limit, 20*time.Second) }

// cleanUp closes the connections first: an open transaction on one of them
// would keep the tables from being dropped.
func (t *T) cleanUp() {
	t.Helper()
	for _, c := range slices.Backward(t.closes) {
		if err := c(); err != nil {
			t.Errorf("closing: %v", err)
		}
	}
	for _, c := range slices.Backward(t.conns) {
		if err := c.Close(); err != nil {
			t.Errorf("closing a connection: %v", err)
		}
		if c.Usable() {
			t.Errorf("a closed connection says that it is usable")
		}
	}
	if len(t.drops) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), t.cleaning())
	defer cancel()
	for _, s := range slices.Backward(t.drops) {
		if _, err := t.tryExec(ctx, t.adminConn(), s); err != nil {
			t.Errorf("cleaning up: %v", err)
		}
	}
}

// conn opens a connection.
func (t *T) conn() dialect.Conn {
	t.Helper()
	c, err := t.connector.Connect(t.ctx)
	if err != nil {
		t.Fatalf("connecting: %v", err)
	}
	if t.wrap != nil {
		c = t.wrap(c)
	}
	t.conns = append(t.conns, c)
	return c
}

// adminConn is the connection for DDL, which cases share.
func (t *T) adminConn() dialect.Conn {
	t.Helper()
	if !t.admin.Usable() {
		if err := t.admin.Close(); err != nil {
			t.Logf("closing a broken connection: %v", err)
		}
		c, err := t.connector.Connect(t.ctx)
		if err != nil {
			t.Fatalf("connecting: %v", err)
		}
		t.admin = c
	}
	return t.admin
}

// engine opens an Engine on the same connector.
func (t *T) engine(opts ...engine.Option) *engine.Engine {
	t.Helper()
	connector, err := t.base.OpenConnector(t.url, t.cfg.Connect)
	if err != nil {
		t.Fatalf("opening a connector: %v", err)
	}
	if t.wrap != nil {
		connector = &wrapped{connector, t.base, t.wrap}
	}
	e, err := engine.Open("", append([]engine.Option{engine.WithConnector(connector)}, opts...)...)
	if err != nil {
		t.Fatalf("opening an Engine: %v", err)
	}
	t.closes = append(t.closes, func() error {
		if n := e.Stats().Leased; n != 0 {
			t.Errorf("%d connection(s) of the Engine were not given back", n)
		}
		ctx, cancel := context.WithTimeout(context.Background(), t.cleaning())
		defer cancel()
		return e.Shutdown(ctx)
	})
	return e
}

// wrapped is a connector that puts something around each connection.
type wrapped struct {
	dialect.Connector
	d    dialect.Dialect
	wrap func(dialect.Conn) dialect.Conn
}

func (w *wrapped) Dialect() dialect.Dialect { return w.d }

func (w *wrapped) Connect(ctx context.Context) (dialect.Conn, error) {
	c, err := w.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return w.wrap(c), nil
}

func (w *wrapped) Close() error {
	if c, ok := w.Connector.(interface{ Close() error }); ok {
		return c.Close()
	}
	return nil
}

// own are the kinds of errors that come from SQLayer itself, before or after
// the database had a part in it.
var own = []dialect.Kind{dialect.ErrUnsupported, dialect.ErrArguments, dialect.ErrStatement, dialect.ErrScan,
	dialect.ErrURL, dialect.ErrInUse, dialect.ErrClosed}

// described is err in the form in which a user would see it.
func (t *T) described(err error) error {
	if err == nil {
		return nil
	}
	for _, k := range own {
		if errors.Is(err, k) {
			return err
		}
	}
	e := t.d.Classify(err)
	if e == nil {
		return fmt.Errorf("dialecttest: Classify returned nil for %w", err)
	}
	return e
}

// tryExec runs s and returns what came of it.
func (t *T) tryExec(ctx context.Context, c dialect.Conn, s dialect.Statement) (dialect.Result, error) {
	q, err := dialect.Compile(t.d, s)
	if err != nil {
		return dialect.Result{}, err
	}
	defer q.Release()
	res, err := c.Exec(ctx, q)
	return res, t.described(err)
}

// exec runs s, which must succeed.
func (t *T) exec(c dialect.Conn, s dialect.Statement) dialect.Result {
	t.Helper()
	res, err := t.tryExec(t.ctx, c, s)
	if err != nil {
		t.Fatalf("%s: %v", t.text(s), err)
	}
	return res
}

// text is s as it is sent.
func (t *T) text(s dialect.Statement) string {
	q, err := dialect.Compile(t.d, s)
	if err != nil {
		return "(statement that does not compile)"
	}
	defer q.Release()
	return q.Text()
}

// reading is the rows of a statement, which end with their Compiled.
type reading struct {
	dialect.Rows
	q *dialect.Compiled
}

// Close closes the rows. The statement may be used again only then.
func (r *reading) Close() error {
	err := r.Rows.Close()
	if r.q != nil {
		r.q.Release()
		r.q = nil
	}
	return err
}

// tryQuery runs s and returns its rows, to be closed.
func (t *T) tryQuery(ctx context.Context, c dialect.Conn, s dialect.Statement) (*reading, error) {
	q, err := dialect.Compile(t.d, s)
	if err != nil {
		return nil, err
	}
	rows, err := c.Query(ctx, q)
	if err != nil {
		q.Release()
		return nil, t.described(err)
	}
	return &reading{rows, q}, nil
}

// query runs s, which must succeed.
func (t *T) query(c dialect.Conn, s dialect.Statement) *reading {
	t.Helper()
	rows, err := t.tryQuery(t.ctx, c, s)
	if err != nil {
		t.Fatalf("%s: %v", t.text(s), err)
	}
	return rows
}

// tryRow reads the only row of s.
func (t *T) tryRow(ctx context.Context, c dialect.Conn, s dialect.Statement, dst ...any) error {
	rows, err := t.tryQuery(ctx, c, s)
	if err != nil {
		return err
	}
	n := 0
	for rows.Next() {
		if n++; n > 1 {
			continue
		}
		if err := rows.ScanRow(dst); err != nil {
			return joined(err, rows.Close())
		}
	}
	if err := joined(t.described(rows.Err()), t.described(rows.Close())); err != nil {
		return err
	}
	if n != 1 {
		return fmt.Errorf("%d rows instead of one", n)
	}
	return nil
}

// row reads the only row of s, which must succeed.
func (t *T) row(c dialect.Conn, s dialect.Statement, dst ...any) {
	t.Helper()
	if err := t.tryRow(t.ctx, c, s, dst...); err != nil {
		t.Fatalf("%s: %v", t.text(s), err)
	}
}

// drain runs s and reads all its rows; it returns the first error.
func (t *T) drain(ctx context.Context, c dialect.Conn, s dialect.Statement) error {
	rows, err := t.tryQuery(ctx, c, s)
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	return joined(t.described(rows.Err()), t.described(rows.Close()))
}

// single reads a query of one row and one column; any other number of rows
// ends the case.
func single[V any](t *T, c dialect.Conn, stmt dialect.Statement) V {
	t.Helper()
	list := column[V](t, c, stmt)
	if len(list) != 1 {
		t.Fatalf("%d rows instead of one", len(list))
	}
	return list[0]
}

// column reads the first column of all rows of s.
func column[G any](t *T, c dialect.Conn, s dialect.Statement) []G {
	t.Helper()
	rows := t.query(c, s)
	dst := make([]any, len(rows.Columns()))
	var list []G
	for rows.Next() {
		var v G
		dst[0] = &v
		if err := rows.ScanRow(dst); err != nil {
			t.Fatalf("%s: %v", t.text(s), joined(err, rows.Close()))
		}
		list = append(list, v)
	}
	if err := joined(t.described(rows.Err()), t.described(rows.Close())); err != nil {
		t.Fatalf("%s: %v", t.text(s), err)
	}
	return list
}

// count returns how many rows a table has.
func (t *T) count(c dialect.Conn, table ident) int64 {
	t.Helper()
	var n int64
	t.row(c, say{"SELECT COUNT(*) FROM ", table}, &n)
	return n
}

// works checks that a connection is clean: it gives the right answer to a
// question.
func (t *T) works(c dialect.Conn) {
	t.Helper()
	var n int64
	if err := t.tryRow(t.ctx, c, t.sel("40 + 2"), &n); err != nil {
		t.Fatalf("the connection is not clean: %v", err)
	}
	if n != 42 {
		t.Fatalf("the connection gives another statement's answer: %d", n)
	}
}

// fit checks that a connection works, or says itself that it does not.
func (t *T) fit(c dialect.Conn) {
	t.Helper()
	if c.Usable() {
		t.works(c)
	}
}

// wantKind checks that err is of one of the kinds.
func (t *T) wantKind(err error, kinds ...dialect.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, where one of kind %s is due", words(kinds))
	}
	for _, k := range kinds {
		if errors.Is(err, k) {
			return
		}
	}
	t.Errorf("the error is of another kind than %s: %v", words(kinds), err)
}

// words lists kinds.
func words(kinds []dialect.Kind) string {
	list := make([]string, len(kinds))
	for i, k := range kinds {
		list[i] = strconv.Quote(k.Error())
	}
	return strings.Join(list, ", ")
}

// within checks that f ends in time.
func (t *T) within(limit time.Duration, what string, f func()) {
	t.Helper()
	start := time.Now()
	f()
	if d := time.Since(start); d > limit {
		t.Errorf("%s took %v, which is more than %v", what, d.Round(time.Millisecond), limit)
	}
}

// background runs f at the same time; wait gives its error. A case that ends
// before that cancels f's context and waits, so that nothing uses a connection
// that is being closed.
func (t *T) background(f func(ctx context.Context) error) (cancel func(), wait func() error) {
	ctx, stop := context.WithCancel(t.ctx)
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = f(ctx)
	}()
	t.closes = append(t.closes, func() error { stop(); <-done; return nil })
	return stop, func() error { <-done; return err }
}

// begin begins a transaction.
func (t *T) begin(c dialect.Conn, o dialect.TxOptions) {
	t.Helper()
	if err := c.Begin(t.ctx, o); err != nil {
		t.Fatalf("begin: %v", t.described(err))
	}
}

func (t *T) commit(c dialect.Conn) {
	t.Helper()
	if err := c.Commit(t.ctx); err != nil {
		t.Fatalf("commit: %v", t.described(err))
	}
}

func (t *T) rollback(c dialect.Conn) {
	t.Helper()
	if err := c.Rollback(t.ctx); err != nil {
		t.Fatalf("rollback: %v", t.described(err))
	}
}
