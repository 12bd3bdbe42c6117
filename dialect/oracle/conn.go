package oracle

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	go_ora "github.com/sijms/go-ora/v2"
	"github.com/sijms/go-ora/v2/network"

	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
	"github.com/sqlayer-go/sqlayer/internal/sqltext"
)

// grace is how long the server has to answer a break before the connection is closed.
const grace = 5 * time.Second

// errLost is a connection that broke after something was sent, where the
// driver says driver.ErrBadConn, as if nothing had been.
var errLost = errors.New("the connection broke while the statement ran")

// conn is the driver's connection, with what the driver leaves open: it looks
// at the context while a statement runs, but not while rows are fetched; it
// gives each text a cursor of its own; and it says that a connection is bad
// where that matters for nothing but the next use.
type conn struct {
	*go_ora.Connection
	net     net.Conn // nil where the program made the connector
	initSQL string
	inTx    bool
	dirty   bool // rows may be locked
	clean   bool // nothing ran since the end of a transaction
	altered bool // a setting was changed that cannot be set back
	tainted bool // a context ended: a break may still be on its way
}

var (
	_ driver.Conn               = (*conn)(nil)
	_ driver.ConnPrepareContext = (*conn)(nil)
	_ driver.ExecerContext      = (*conn)(nil)
	_ driver.QueryerContext     = (*conn)(nil)
	_ driver.SessionResetter    = (*conn)(nil)
	_ driver.ConnBeginTx        = (*conn)(nil)
	_ driver.NamedValueChecker  = (*conn)(nil)
	_ driver.Validator          = (*conn)(nil)
	_ driver.Pinger             = (*conn)(nil)
)

// Unwrap returns the driver's own connection.
func (c *conn) Unwrap() driver.Conn { return c.Connection }

// Dirty reports whether the session needs a reset.
func (c *conn) Dirty() bool { return c.dirty || c.altered }

// IsValid is false once a context has ended a statement.
func (c *conn) IsValid() bool { return !c.tainted && c.Connection.State == go_ora.Opened }

// CheckNamedValue lets everything through: the values are those of Bind.
func (*conn) CheckNamedValue(*driver.NamedValue) error { return nil }

// Close says goodbye to the server, unless it would not hear it.
func (c *conn) Close() error {
	if c.net == nil {
		return c.Connection.Close()
	}
	after := grace
	if c.tainted {
		after = 0
	}
	timer := time.AfterFunc(after, func() { c.net.Close() })
	defer timer.Stop()
	err := c.Connection.Close()
	if c.tainted {
		return nil
	}
	return err
}

// Prepare keeps the text.
func (c *conn) Prepare(text string) (driver.Stmt, error) {
	return newStmt(c, text), nil
}

// PrepareContext keeps the text; nothing is sent before the statement runs. A
// statement that the driver prepared keeps the types of its first arguments, which later
// ones may not have, so each run is a new one, whose cursor the driver closes
// by a round trip of its own.
func (c *conn) PrepareContext(_ context.Context, text string) (driver.Stmt, error) {
	return c.Prepare(text)
}

// ExecContext runs a text at once.
func (c *conn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	return newStmt(c, text).ExecContext(ctx, args)
}

// QueryContext runs a text at once.
func (c *conn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	return newStmt(c, text).QueryContext(ctx, args)
}

// ResetSession rolls back whatever is open. What ALTER SESSION has set cannot be
// set back, so such a connection is given up.
func (c *conn) ResetSession(ctx context.Context) error {
	if c.altered {
		return errAltered
	}
	if !c.clean {
		if _, err := c.ExecContext(ctx, "ROLLBACK", nil); err != nil {
			return err
		}
	}
	c.dirty, c.clean = false, true
	return nil
}

// Ping makes a round trip.
func (c *conn) Ping(ctx context.Context) error {
	defer c.watch(ctx, grace)()
	return c.after(ctx, c.Connection.Ping(ctx))
}

// BeginTx begins a transaction, which the driver does without a round trip,
// and says the level by a statement, which must be the first one.
func (c *conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if c.Connection.State != go_ora.Opened {
		return nil, driver.ErrBadConn
	}
	t, err := c.Connection.BeginTx(ctx, driver.TxOptions{})
	if err != nil {
		return nil, err
	}
	set := ""
	switch {
	case o.ReadOnly: // sees one moment, as SERIALIZABLE does
		set = "SET TRANSACTION READ ONLY"
	case sql.IsolationLevel(o.Isolation) == sql.LevelSerializable:
		set = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"
	case sql.IsolationLevel(o.Isolation) == sql.LevelReadCommitted:
		set = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"
	}
	c.inTx = true
	if set != "" {
		if _, err := c.ExecContext(ctx, set, nil); err != nil {
			c.inTx = false
			return nil, errors.Join(err, t.Rollback())
		}
	}
	return &tx{t, c, ctx}, nil
}

// tx ends a transaction under a watch of the context, which is that of the
// call that ends it.
type tx struct {
	driver.Tx
	c   *conn
	ctx context.Context
}

func (t *tx) Commit() error   { return t.end(t.Tx.Commit) }
func (t *tx) Rollback() error { return t.end(t.Tx.Rollback) }

func (t *tx) end(f func() error) error {
	t.c.inTx, t.c.dirty, t.c.clean = false, false, true
	if t.c.Connection.State != go_ora.Opened {
		return driver.ErrBadConn
	}
	defer t.c.watch(t.ctx, grace)()
	return t.c.after(t.ctx, f())
}

// watch closes the network connection if ctx ends and the server does not
// answer for so long. The function that it returns ends the watch.
func (c *conn) watch(ctx context.Context, after time.Duration) (stop func()) {
	if c.net == nil || ctx.Done() == nil {
		return func() {}
	}
	var mu sync.Mutex
	var timer *time.Timer
	done := false
	unhook := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		if done {
			return
		}
		timer = time.AfterFunc(after, func() { c.net.Close() })
	})
	return func() {
		unhook()
		mu.Lock()
		defer mu.Unlock()
		done = true
		if timer != nil {
			timer.Stop()
		}
	}
}

// after looks at the end of something that was sent.
func (c *conn) after(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		c.tainted = true
	}
	if errors.Is(err, driver.ErrBadConn) {
		c.tainted = true
		return errLost
	}
	return err
}

// stmt is a text, and what it may leave on the session. It has nothing on the
// server.
type stmt struct {
	c      *conn
	text   string
	alters bool // changes a setting that cannot be set back
	locks  bool // opens a transaction that does not end with it
	writes bool // INSERT, UPDATE, DELETE or MERGE
}

// newStmt looks at the first words of a text.
func newStmt(c *conn, text string) *stmt {
	s := &stmt{c: c, text: text}
	var words [2]string
	scanner := sqltext.NewScanner(&lexical, text)
	for n := 0; n < len(words); {
		t := scanner.Next()
		if t.Kind == sqltext.End {
			break
		}
		if t.Kind == sqltext.Word {
			words[n] = strings.ToUpper(text[t.Start:t.End])
			n++
		}
	}
	switch words[0] {
	case "ALTER":
		s.alters = words[1] == "SESSION" && text != c.initSQL
	case "SET":
		s.alters = words[1] == "ROLE"
		s.locks = !s.alters
	case "SELECT", "WITH":
		s.locks = strings.Contains(strings.ToUpper(text), "FOR UPDATE")
	case "BEGIN", "DECLARE", "CALL", "LOCK", "SAVEPOINT":
		s.locks = true
	case "INSERT", "UPDATE", "DELETE", "MERGE":
		s.writes = true
	}
	return s
}

var (
	_ driver.StmtQueryContext = (*stmt)(nil)
	_ driver.StmtExecContext  = (*stmt)(nil)
)

func (*stmt) Close() error  { return nil }
func (*stmt) NumInput() int { return -1 }

// QueryContext runs the text for its rows.
func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if s.c.Connection.State != go_ora.Opened {
		return nil, driver.ErrBadConn
	}
	s.book()
	stop := s.c.watch(ctx, grace)
	r, err := s.c.Connection.QueryContext(ctx, s.text, positional(s.text, args))
	stop()
	if err = s.c.after(ctx, err); err != nil {
		return nil, err
	}
	set, ok := r.(*go_ora.DataSet)
	if !ok {
		return r, nil // a REF CURSOR's
	}
	// The driver does not look at the context while it fetches.
	return &dataSet{DataSet: set, c: s.c, ctx: ctx, stop: s.c.watch(ctx, 0)}, nil
}

// ExecContext runs the text to its end. A statement with RETURNING … INTO runs
// in a block of PL/SQL, which says how many rows there were, and undoes the
// statement if there was more than one: the driver alone fails after the fact
// in both cases.
func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if s.c.Connection.State != go_ora.Opened {
		return nil, driver.ErrBadConn
	}
	s.book()
	text, named := s.text, positional(s.text, args)
	var count outNumber
	block := s.returns(named)
	if block {
		text = "BEGIN " + strings.TrimRight(text, "; \t\r\n") + "\n; :rows_affected := SQL%ROWCOUNT; END;"
		for i := range named {
			named[i].Value = unlong(named[i].Value)
		}
		named = append(named[:len(named):len(named)], driver.NamedValue{Ordinal: len(named) + 1, Value: go_ora.Out{Dest: &count}})
	}
	stop := s.c.watch(ctx, grace)
	res, err := s.c.Connection.ExecContext(ctx, text, named)
	stop()
	if err = s.c.after(ctx, err); err != nil {
		return nil, err
	}
	if block {
		n, err := strconv.ParseInt(count.text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("oracle: the number of rows is %q", count.text)
		}
		return driver.RowsAffected(n), nil
	}
	n, err := res.RowsAffected()
	if err != nil {
		return nil, err
	}
	return driver.RowsAffected(n), nil // which has no key, where the driver's says 0
}

// Query is QueryContext without a context.
func (s *stmt) Query(args []driver.Value) (driver.Rows, error) {
	return s.QueryContext(context.Background(), sqldriver.NamedValues(args))
}

// Exec is ExecContext without a context.
func (s *stmt) Exec(args []driver.Value) (driver.Result, error) {
	return s.ExecContext(context.Background(), sqldriver.NamedValues(args))
}

// book notes what the statement may leave on the session.
func (s *stmt) book() {
	s.c.clean = false
	s.c.altered = s.c.altered || s.alters
	s.c.dirty = s.c.dirty || s.locks && !s.c.inTx
}

var errAltered = errors.New("oracle: the session was altered, which cannot be undone; the connection is closed")

// returns reports whether the statement is a write whose rows come back through
// its arguments.
func (s *stmt) returns(args []driver.NamedValue) bool {
	if !s.writes {
		return false
	}
	for _, a := range args {
		switch a.Value.(type) {
		case sql.Out, *sql.Out, go_ora.Out, *go_ora.Out:
			return true
		}
	}
	return false
}

// unlong makes a temporary LOB of what a block of PL/SQL does not take.
func unlong(v any) any {
	switch x := v.(type) {
	case string:
		if len(x) > 32767 {
			return go_ora.Clob{String: x, Valid: true}
		}
	case []byte:
		if len(x) > 32767 {
			return go_ora.Blob{Data: x}
		}
	}
	return v
}

// positional takes the names off arguments, unless the text uses all of them
// as its own parameters.
func positional(text string, args []driver.NamedValue) []driver.NamedValue {
	named := len(args) > 0
	for _, a := range args {
		if a.Name == "" || !sqldriver.HasParameter(text, ':', a.Name) {
			named = false
			break
		}
	}
	if named {
		return args
	}
	for i := range args {
		args[i].Name = ""
	}
	return args
}

// dataSet is the driver's rows, with names as SQLayer has them, and under a
// watch of the context.
type dataSet struct {
	*go_ora.DataSet
	c      *conn
	ctx    context.Context
	stop   func()
	closed bool
}

var (
	_ driver.Rows                           = (*dataSet)(nil)
	_ driver.RowsNextResultSet              = (*dataSet)(nil)
	_ driver.RowsColumnTypeDatabaseTypeName = (*dataSet)(nil)
)

// Columns folds names that an unquoted identifier has folded to upper case back.
func (d *dataSet) Columns() []string {
	names := d.DataSet.Columns()
	for i, n := range names {
		names[i] = fold(n)
	}
	return names
}

// ColumnTypeDatabaseTypeName names the type as Oracle does.
func (d *dataSet) ColumnTypeDatabaseTypeName(i int) string {
	n := d.DataSet.ColumnTypeDatabaseTypeName(i)
	if t, ok := databaseTypes[n]; ok {
		return t
	}
	return n
}

// Next reads a row.
func (d *dataSet) Next(dest []driver.Value) error {
	err := d.DataSet.Next(dest)
	if err == nil || err == io.EOF {
		return err
	}
	if ended := d.ctx.Err(); ended != nil {
		d.c.tainted = true
		return errors.Join(ended, err)
	}
	return d.c.after(d.ctx, err)
}

// Close ends the cursor.
func (d *dataSet) Close() error {
	if d.closed {
		return nil
	}
	d.closed = true
	d.stop()
	if d.ctx.Err() != nil {
		d.c.tainted = true // the watch may have closed it just now
	}
	if d.c.tainted {
		return nil
	}
	return d.DataSet.Close()
}

// fold gives a name in upper case in lower case, if it would be the same
// identifier without quotes.
func fold(name string) string {
	for i := 0; i < len(name); i++ {
		c := name[i]
		if !('A' <= c && c <= 'Z' || i > 0 && (c == '_' || '0' <= c && c <= '9')) {
			return name
		}
	}
	lower := strings.ToLower(name)
	if _, ok := reserved[lower]; ok {
		return name
	}
	return lower
}

// cancelled reports that the server stopped a statement because it was asked to.
func cancelled(err error) bool {
	var e *network.OracleError
	return errors.As(err, &e) && e.ErrCode == 1013 || errors.Is(err, network.ErrConnReset)
}
