package mssql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strconv"
	"strings"

	mssqldb "github.com/microsoft/go-mssqldb"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// conn is the driver's connection with declared parameters, and with the
// isolation level of one transaction kept from what follows it.
type conn struct {
	*mssqldb.Conn
	// leveled says that the session's isolation level is not the default:
	// the server keeps a transaction's level after its end.
	leveled bool
	inTx    bool
	half    bool   // an answer was not read
	initSQL string // what a session begins with
}

var (
	_ driver.Conn               = (*conn)(nil)
	_ driver.ConnPrepareContext = (*conn)(nil)
	_ driver.ExecerContext      = (*conn)(nil)
	_ driver.ConnBeginTx        = (*conn)(nil)
	_ driver.NamedValueChecker  = (*conn)(nil)
	_ driver.SessionResetter    = (*conn)(nil)
	_ driver.Validator          = (*conn)(nil)
	_ driver.Pinger             = (*conn)(nil)
)

// Unwrap returns the driver's own connection.
func (c *conn) Unwrap() driver.Conn { return c.Conn }

// IsValid is false where the driver says so, and where an answer is under way
// that nobody will read.
func (c *conn) IsValid() bool { return !c.half && c.Conn.IsValid() }

// Dirty reports whether the session has another isolation level than a new one.
func (c *conn) Dirty() bool { return c.leveled }

// PrepareContext keeps the text; nothing is sent before the statement runs.
func (c *conn) PrepareContext(_ context.Context, text string) (driver.Stmt, error) {
	return &stmt{c: c, text: text}, nil
}

// Prepare is PrepareContext.
func (c *conn) Prepare(text string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), text)
}

// ExecContext runs a text at once.
func (c *conn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	return (&stmt{c: c, text: text}).ExecContext(ctx, args)
}

// CheckNamedValue lets declared parameters through, and has the driver look at the rest.
func (c *conn) CheckNamedValue(nv *driver.NamedValue) error {
	if _, ok := nv.Value.(param); ok {
		return nil
	}
	return c.Conn.CheckNamedValue(nv)
}

// BeginTx names the level where a transaction before had another one than the default.
func (c *conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if sql.IsolationLevel(o.Isolation) == sql.LevelDefault {
		if c.leveled {
			o.Isolation = driver.IsolationLevel(sql.LevelReadCommitted)
		}
		t, err := c.Conn.BeginTx(ctx, o)
		if err == nil {
			c.leveled, c.inTx = false, true
			t = &tx{t, c}
		}
		return t, err
	}
	t, err := c.Conn.BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	c.leveled = sql.IsolationLevel(o.Isolation) != sql.LevelReadCommitted
	c.inTx = true
	return &tx{t, c}, nil
}

// tx books the end of a transaction.
type tx struct {
	driver.Tx
	c *conn
}

func (t *tx) Commit() error {
	t.c.inTx = false
	return t.Tx.Commit()
}

// Rollback waits for the answer unless its context ends: then the driver goes
// away without one, which the next request would take for its own.
func (t *tx) Rollback() error {
	t.c.inTx = false
	err := t.Tx.Rollback()
	t.c.half = errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	return err
}

// ResetSession has the next request reset the session, its isolation level included.
func (c *conn) ResetSession(ctx context.Context) error {
	c.leveled, c.inTx = false, false
	if err := c.Conn.ResetSession(ctx); err != nil || c.initSQL == "" {
		return err
	}
	_, err := c.ExecContext(ctx, c.initSQL, nil)
	return err
}

// settle gives the session its isolation level back, before the first
// statement after a transaction that had another one.
func (c *conn) settle(ctx context.Context) error {
	if !c.leveled || c.inTx {
		return nil
	}
	st, err := c.Conn.PrepareContext(ctx, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
	if err != nil {
		return err
	}
	if _, err := st.(driver.StmtExecContext).ExecContext(ctx, nil); err != nil {
		return err
	}
	c.leveled = false
	return nil
}

// stmt is a text. It has nothing on the server.
type stmt struct {
	c    *conn
	text string
}

var (
	_ driver.StmtQueryContext = (*stmt)(nil)
	_ driver.StmtExecContext  = (*stmt)(nil)
)

func (*stmt) Close() error  { return nil }
func (*stmt) NumInput() int { return -1 }

// QueryContext runs the text for its rows.
func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	st, args, err := s.ready(ctx, args)
	if err != nil {
		return nil, err
	}
	return st.(driver.StmtQueryContext).QueryContext(ctx, args)
}

// ExecContext runs the text to its end.
func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	st, args, err := s.ready(ctx, args)
	if err != nil {
		return nil, err
	}
	return st.(driver.StmtExecContext).ExecContext(ctx, args)
}

// Query is QueryContext without a context.
func (s *stmt) Query(args []driver.Value) (driver.Rows, error) {
	return s.QueryContext(context.Background(), sqldriver.NamedValues(args))
}

// Exec is ExecContext without a context.
func (s *stmt) Exec(args []driver.Value) (driver.Result, error) {
	return s.ExecContext(context.Background(), sqldriver.NamedValues(args))
}

// ready makes the driver's statement and arguments.
func (s *stmt) ready(ctx context.Context, args []driver.NamedValue) (driver.Stmt, []driver.NamedValue, error) {
	if err := s.c.settle(ctx); err != nil {
		return nil, nil, err
	}
	text, args := request(s.text, args)
	st, err := s.c.Conn.PrepareContext(ctx, text)
	return st, args, err
}

// request makes a call of sp_executesql with the declarations of all
// arguments. Where one is not declared, or the text is the name of a
// procedure, it is left to the driver to declare them by their values.
func request(text string, args []driver.NamedValue) (string, []driver.NamedValue) {
	if len(args) == 0 {
		return text, args
	}
	declared := !isProcedure(text)
	for i := range args {
		if _, ok := args[i].Value.(param); !ok {
			declared = false
		}
	}
	out := make([]driver.NamedValue, 0, len(args)+2)
	var decls strings.Builder
	if declared {
		out = append(out, driver.NamedValue{Ordinal: 1}, driver.NamedValue{Ordinal: 2})
	}
	for i := range args {
		a := args[i]
		number := "p" + strconv.Itoa(i+1)
		name := number
		if a.Name != "" && (isProcedure(text) || sqldriver.HasParameter(text, '@', a.Name) && !sqldriver.HasParameter(text, '@', number)) {
			name = a.Name
		}
		p, ok := a.Value.(param)
		if ok {
			a.Value = p.value
		}
		if declared {
			if i > 0 {
				decls.WriteByte(',')
			}
			decls.WriteByte('@')
			decls.WriteString(name)
			decls.WriteByte(' ')
			decls.WriteString(p.decl)
			a.Name = name
		} else if name != number {
			a.Name = name
		} else {
			a.Name = ""
		}
		a.Ordinal = len(out) + 1
		out = append(out, a)
	}
	if !declared {
		return text, out
	}
	out[0].Value = text
	out[1].Value = decls.String()
	return "sp_executesql", out
}

// isProcedure reports whether the text is nothing but a name, which the
// driver calls as a stored procedure.
func isProcedure(text string) bool {
	if text == "" || strings.ContainsAny(text, "\r\n';") {
		return false
	}
	inBrackets := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case inBrackets:
			inBrackets = c != ']'
		case c == '[':
			inBrackets = true
		case c == '.' || c == ']' || sqldriver.WordByte(c):
		default:
			return false
		}
	}
	return len(text) < 10 || !strings.EqualFold(text[:10], "INSERTBULK")
}

// column fills in a result column's type.
func column(rows driver.Rows, i int, col *dialect.Column) {
	if col.Type != nil {
		return
	}
	t, ok := columnTypes[col.DatabaseType]
	if !ok {
		if col.DatabaseType != "" {
			col.Type = &dialect.Type{Kind: dialect.Native, Name: col.DatabaseType}
		}
		return
	}
	switch t.Kind {
	case dialect.Char, dialect.Varchar, dialect.Binary, dialect.Varbinary:
		if r, ok := rows.(driver.RowsColumnTypeLength); ok {
			n, has := r.ColumnTypeLength(i)
			switch {
			case has && n > 0 && n <= 8000:
				t.Length = int(n)
			case has && t.Kind == dialect.Varchar:
				t.Kind = dialect.Clob
			case has && t.Kind == dialect.Varbinary:
				t.Kind = dialect.Blob
			}
		}
	case dialect.Decimal:
		if r, ok := rows.(driver.RowsColumnTypePrecisionScale); ok && t.Precision == 0 {
			if p, s, has := r.ColumnTypePrecisionScale(i); has {
				t.Precision, t.Scale = int(p), int(s)
			}
		}
	}
	col.Type = &t
}
