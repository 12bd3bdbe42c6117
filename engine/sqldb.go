package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"reflect"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// DB returns a *sql.DB that lends the Engine's connections to whatever speaks
// database/sql: a migration tool, another library. The Engine's pool stays the
// only one: the DB keeps no connection of its own between two calls, and
// SetMaxOpenConns and the like are best left alone. Statements are logged, and
// their errors described, as those of the Engine; text and placeholders are the
// database's own. Prepare makes no round trip: a mistake in the text shows when
// the statement runs.
//
// A transaction is one of the Engine's: at sql.LevelDefault with the options of
// [WithDefaultTx], and a level that the database does not have is refused. The
// function given to (*sql.Conn).Raw gets a value with a method Conn()
// *engine.Conn.
//
// All calls return the same DB. The Engine's Close closes it; closing it does not
// close the Engine, and the next call of DB makes another.
func (e *Engine) DB() *sql.DB {
	e.dbMu.Lock()
	defer e.dbMu.Unlock()
	if e.db != nil {
		return e.db
	}
	l := &lender{e: e}
	l.db = sql.OpenDB(l)
	l.db.SetMaxIdleConns(-1)
	if e.dbClosed {
		go l.db.Close() // which waits for dbMu
		return l.db
	}
	if e.dbs == nil {
		e.dbs = map[*sql.DB]*Engine{}
	}
	e.db, e.dbs[l.db] = l.db, e
	return e.db
}

// closeDBs closes what DB has made.
func (c *core) closeDBs() error {
	c.dbMu.Lock()
	dbs := c.dbs
	c.dbs, c.dbClosed = nil, true
	for _, e := range dbs {
		e.db = nil
	}
	c.dbMu.Unlock()
	var err error
	for db := range dbs {
		err = join(err, db.Close())
	}
	return err
}

// lender is an Engine as a driver.Connector.
type lender struct {
	e  *Engine
	db *sql.DB
}

var (
	_ driver.Connector = (*lender)(nil)
	_ io.Closer        = (*lender)(nil)
	_ driver.Driver    = lenderDriver{}
)

func (l *lender) Driver() driver.Driver { return lenderDriver{} }

func (l *lender) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := l.e.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &lentConn{c: c}, nil
}

// Close is called by the DB's Close.
func (l *lender) Close() error {
	l.e.dbMu.Lock()
	defer l.e.dbMu.Unlock()
	delete(l.e.dbs, l.db)
	if l.e.db == l.db {
		l.e.db = nil
	}
	return nil
}

type lenderDriver struct{}

func (lenderDriver) Open(string) (driver.Conn, error) {
	return nil, dialect.Errorf(ErrUnsupported, "engine: this driver belongs to an Engine: use its DB method")
}

// lentConn is a Conn as a driver.Conn. database/sql sees to it that one
// goroutine uses it at a time.
type lentConn struct {
	c  *Conn
	tx *Tx // open
}

var (
	_ driver.Conn               = (*lentConn)(nil)
	_ driver.ConnPrepareContext = (*lentConn)(nil)
	_ driver.ConnBeginTx        = (*lentConn)(nil)
	_ driver.ExecerContext      = (*lentConn)(nil)
	_ driver.QueryerContext     = (*lentConn)(nil)
	_ driver.Pinger             = (*lentConn)(nil)
	_ driver.Validator          = (*lentConn)(nil)
	_ driver.SessionResetter    = (*lentConn)(nil)
	_ driver.NamedValueChecker  = (*lentConn)(nil)
	_ driver.Tx                 = (*lentTx)(nil)
	_ driver.StmtExecContext    = (*lentStmt)(nil)
	_ driver.StmtQueryContext   = (*lentStmt)(nil)
)

// Conn is for the function given to (*sql.Conn).Raw.
func (l *lentConn) Conn() *Conn { return l.c }

func (l *lentConn) Prepare(text string) (driver.Stmt, error) { return &lentStmt{l, text}, nil }

func (l *lentConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	return &lentStmt{l, text}, alive(ctx)
}

func (l *lentConn) Close() error { return l.c.Close() }

func (l *lentConn) Begin() (driver.Tx, error) {
	return l.BeginTx(context.Background(), driver.TxOptions{})
}

// lentLevels are database/sql's isolation levels.
var lentLevels = map[sql.IsolationLevel]IsolationLevel{
	sql.LevelDefault:         DefaultIsolation,
	sql.LevelReadUncommitted: ReadUncommitted,
	sql.LevelReadCommitted:   ReadCommitted,
	sql.LevelRepeatableRead:  RepeatableRead,
	sql.LevelSnapshot:        Snapshot,
	sql.LevelSerializable:    Serializable,
}

func (l *lentConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	level, ok := lentLevels[sql.IsolationLevel(o.Isolation)]
	if !ok {
		return nil, dialect.Unsupported(l.c.d, "isolation level "+sql.IsolationLevel(o.Isolation).String(),
			"use one of "+l.c.d.Features().Isolation.String())
	}
	var opts []TxOption
	if level != DefaultIsolation {
		opts = append(opts, Isolation(level))
	}
	if o.ReadOnly {
		opts = append(opts, ReadOnly())
	}
	tx, err := l.c.Begin(ctx, opts...)
	if err != nil {
		return nil, l.bad(err)
	}
	l.tx = tx
	return &lentTx{l, tx}, nil
}

type lentTx struct {
	l  *lentConn
	tx *Tx
}

// Commit gets no context from database/sql. After a failed one, database/sql takes
// the transaction for ended, so it is rolled back here.
func (t *lentTx) Commit() error {
	t.l.tx = nil
	err := t.tx.Commit(context.Background())
	if err != nil {
		err = join(err, t.tx.Rollback(context.Background()))
	}
	return err
}

func (t *lentTx) Rollback() error {
	t.l.tx = nil
	ctx, cancel := context.WithTimeout(context.Background(), t.l.c.eng.closeTimeout)
	defer cancel()
	return t.tx.Rollback(ctx)
}

func (l *lentConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	res, err := l.c.exec(ctx, l.tx, lentText(text, args))
	if err != nil {
		return nil, l.bad(err)
	}
	return lentResult{res}, nil
}

func (l *lentConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := l.c.query(ctx, l.tx, lentText(text, args))
	if err != nil {
		return nil, l.bad(err)
	}
	return &lentRows{rows: rows}, nil
}

func (l *lentConn) Ping(ctx context.Context) error {
	if l.tx != nil {
		_, err := l.ExecContext(ctx, "SELECT 1", nil)
		return err
	}
	return l.bad(l.c.Ping(ctx))
}

// IsValid keeps a lost connection from going back to database/sql.
func (l *lentConn) IsValid() bool { return l.c.usable() }

// ResetSession is called where the program has made the DB keep connections.
func (l *lentConn) ResetSession(ctx context.Context) error {
	if !l.IsValid() {
		return driver.ErrBadConn
	}
	return l.c.clean(ctx)
}

// CheckNamedValue leaves all values to the dialect, which knows more types than
// database/sql does.
func (l *lentConn) CheckNamedValue(*driver.NamedValue) error { return nil }

// bad lets database/sql try again on another connection where this one is gone
// and nothing was sent.
func (l *lentConn) bad(err error) error {
	var e *Error
	if l.tx == nil && errors.As(err, &e) && e.Kind == ErrConnectionLost && !e.MayHaveRun {
		return errors.Join(err, driver.ErrBadConn)
	}
	return err
}

// lentText is a text with the database's own placeholders: no argument is taken
// for a source of names.
func lentText(text string, args []driver.NamedValue) Statement {
	if len(args) == 0 {
		return dialect.Text(text)
	}
	named := make([]any, len(args))
	for i, a := range args {
		named[i] = sql.NamedArg{Name: a.Name, Value: a.Value}
	}
	return dialect.Text(text, named...)
}

type lentResult struct{ r Result }

func (r lentResult) LastInsertId() (int64, error) { return r.r.LastInsertID() }

func (r lentResult) RowsAffected() (int64, error) {
	n := r.r.RowsAffected()
	if n < 0 {
		return 0, dialect.Errorf(ErrUnsupported, "engine: the database does not say how many rows the statement affected")
	}
	return n, nil
}

// lentStmt is a text: the connection below keeps prepared statements by itself.
type lentStmt struct {
	l    *lentConn
	text string
}

func (s *lentStmt) Close() error  { return nil }
func (s *lentStmt) NumInput() int { return -1 }

func (s *lentStmt) Exec(args []driver.Value) (driver.Result, error) {
	return s.ExecContext(context.Background(), numbered(args))
}

func (s *lentStmt) Query(args []driver.Value) (driver.Rows, error) {
	return s.QueryContext(context.Background(), numbered(args))
}

func (s *lentStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.l.ExecContext(ctx, s.text, args)
}

func (s *lentStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.l.QueryContext(ctx, s.text, args)
}

func numbered(args []driver.Value) []driver.NamedValue {
	named := make([]driver.NamedValue, len(args))
	for i, v := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return named
}

// lentRows are Rows as driver.Rows.
type lentRows struct {
	rows   *Rows
	values []any
	texts  []*string // of columns whose values database/sql does not know
	dst    []any
}

var (
	_ driver.RowsNextResultSet              = (*lentRows)(nil)
	_ driver.RowsColumnTypeDatabaseTypeName = (*lentRows)(nil)
	_ driver.RowsColumnTypeNullable         = (*lentRows)(nil)
	_ driver.RowsColumnTypeLength           = (*lentRows)(nil)
	_ driver.RowsColumnTypePrecisionScale   = (*lentRows)(nil)
)

func (r *lentRows) Columns() []string { return r.rows.Columns() }
func (r *lentRows) Close() error      { return r.rows.Close() }

func (r *lentRows) Next(dest []driver.Value) error {
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	if len(r.dst) != len(dest) {
		r.values, r.texts, r.dst = make([]any, len(dest)), make([]*string, len(dest)), make([]any, len(dest))
		for i := range r.values {
			r.dst[i] = &r.values[i]
		}
	}
	if err := r.rows.Scan(r.dst...); err != nil {
		return err
	}
	again := false
	for i, v := range r.values {
		if r.dst[i] == &r.texts[i] {
			continue
		}
		d, ok, err := driverValue(v)
		if err != nil {
			return dialect.NewScanError(r.rows.columns, i, err)
		}
		if !ok { // an array, a range: its text from now on
			r.dst[i], again = &r.texts[i], true
		}
		dest[i] = d
	}
	if again {
		if err := r.rows.Scan(r.dst...); err != nil {
			return err
		}
	}
	for i, text := range r.texts {
		if r.dst[i] != &r.texts[i] {
			continue
		}
		if dest[i] = nil; text != nil {
			dest[i] = *text
		}
	}
	return nil
}

// driverValue reduces what a dialect gives for any to what database/sql and the
// Scanners written for it know.
//
// ok is false for one that has to be read as text.
func driverValue(v any) (d driver.Value, ok bool, err error) {
	if driver.IsValue(v) {
		return v, true, nil
	}
	if valuer, ok := v.(driver.Valuer); ok {
		d, err := valuer.Value()
		return d, true, err
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int(), true, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return r.Uint(), true, nil
	case reflect.Float32, reflect.Float64:
		return r.Float(), true, nil
	case reflect.Bool:
		return r.Bool(), true, nil
	case reflect.String:
		return r.String(), true, nil
	}
	return nil, false, nil
}

func (r *lentRows) HasNextResultSet() bool { return r.rows.pending }

func (r *lentRows) NextResultSet() error {
	if !r.rows.NextResultSet() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	return nil
}

func (r *lentRows) ColumnTypeDatabaseTypeName(i int) string { return r.rows.columns[i].DatabaseType }

func (r *lentRows) ColumnTypeNullable(i int) (nullable, ok bool) {
	n := r.rows.columns[i].Nullable
	return n == dialect.Yes, n != dialect.NotKnown
}

func (r *lentRows) ColumnTypeLength(i int) (int64, bool) {
	t := r.rows.columns[i].Type
	if t == nil || t.Length == 0 {
		return 0, false
	}
	return int64(t.Length), true
}

func (r *lentRows) ColumnTypePrecisionScale(i int) (precision, scale int64, ok bool) {
	t := r.rows.columns[i].Type
	if t == nil || t.Kind != dialect.Decimal || t.Precision == 0 {
		return 0, 0, false
	}
	return int64(t.Precision), int64(t.Scale), true
}
